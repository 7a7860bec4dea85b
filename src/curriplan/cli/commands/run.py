"""The one command for who does not use a terminal: a launcher calls it."""

from __future__ import annotations

from pathlib import Path

import click

from curriplan.base.errors import CurriplanError, ExitCode
from curriplan.cli.commands.shared import look_at, tell_hidden, tell_written, with_terminal
from curriplan.cli.console.catalog import show_problems
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import File


@click.command(cls=SaidCommand)
@click.argument("workbook", type=File())
@click.option("--no-open", is_flag=True, help="Open nothing.")
@with_terminal
def run(terminal: Terminal, workbook: Path, no_open: bool) -> None:
    """Check the workbook of a catalog, plan it, and open what came of it.

    Where something is wrong, a copy with the faulty cells marked is written beside it and opened, else the
    plan. No file is ever replaced: a second one is numbered.
    """
    from curriplan.api.marking import check_marking, write_marked
    from curriplan.api.reading import read
    from curriplan.base.files import first_free

    copy = first_free(workbook.with_name(f"{workbook.stem}-marked{workbook.suffix}"))
    try:
        state = check_marking(workbook, copy, force=False)
    except CurriplanError as refused:  # of another format, such as .ods
        found = read(str(workbook))
        raise refused if found.found is not None else CurriplanError(found.errors) from None
    with terminal.steps():
        reading = look_at(terminal, str(workbook))
    show_problems(terminal, reading)
    if reading.errors:
        done = write_marked(reading, workbook, copy, terminal.language, strict=False, state=state)
        if done.path is not None:
            tell_written(terminal, done.path)
            tell_hidden(terminal, done.hidden)
            _open(terminal, done.path, no_open)
        raise click.exceptions.Exit(ExitCode.FILE)

    from curriplan.api.optimize import optimize_catalog
    from curriplan.cli.console.plan import show_plan

    plan, data = (first_free(workbook.with_name(f"{workbook.stem}-plan{end}")) for end in (".xlsx", ".json"))
    with terminal.progress() as progress:
        result = optimize_catalog(
            reading.require(), source=reading.source, warnings=reading.issues, progress=progress
        )
        result.write([plan, data], terminal.language, force=False)
    show_plan(terminal, result, [str(plan), str(data)])
    _open(terminal, plan, no_open)


def _open(terminal: Terminal, path: Path, no_open: bool) -> None:
    """Open a file with the program that the system has for it, or say which file to open."""
    if no_open or click.launch(str(path)) != 0:
        terminal.say(terminal.text("run.open", path=str(path)))
