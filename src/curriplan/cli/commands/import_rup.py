"""The command ``import rup``: a catalog out of a college's own working curricula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from curriplan.base.errors import CurriplanError, Place, UsageError
from curriplan.base.shell import typed
from curriplan.catalog.records.policy import ENTRY_BASES
from curriplan.cli.commands.import_classifications import esco, onet
from curriplan.cli.commands.shared import tell_written, with_terminal
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand, SaidGroup
from curriplan.cli.options import (
    FORCE,
    FREE_ORDER,
    LAUNCHER,
    File,
    Number,
    Qualification,
    Semester,
)
from curriplan.cli.usage import UsageFault

if TYPE_CHECKING:
    from curriplan.importing.rup.mapping import RupMapping
    from curriplan.importing.rup.several import RupSource

COMMENTS = ("programme", "weeks", "hours", "headings", "sections", "status", "column", "row")
Value = TypeVar("Value")


@click.command(cls=SaidCommand)
@click.argument("file", type=File(), nargs=-1, required=False, metavar="FILE...")
@click.argument("dest", type=File())
@click.option(
    "--mapping",
    "mappings",
    type=File(),
    multiple=True,
    metavar="FILE",
    help="What guessing cannot settle: TOML of one file, or answered questions (.xlsx); repeatable.",
)
@click.option("--sheet", multiple=True, metavar="NAME", help="The sheet with the table.")
@click.option(
    "--programme",
    multiple=True,
    metavar="ID",
    help="Id of the programme [default: its qualification code].",
)
@click.option(
    "--start",
    type=Semester(),
    multiple=True,
    metavar="SEMESTER",
    help="Its first semester, such as 2026-1.",
)
@click.option(
    "--learners",
    type=Number(1, 10**6, whole=True),
    multiple=True,
    metavar="N",
    help="Learners of one intake.",
)
@click.option(
    "--entry-base",
    type=click.Choice(ENTRY_BASES),
    multiple=True,
    help="Schooling at entry: after grade 9, grade 11 or a vocational qualification (tvet).",
)
@click.option(
    "--qualification",
    type=Qualification(),
    multiple=True,
    metavar="CODE",
    help="Code of its qualification, such as 4S06130103, where the file does not say it.",
)
@click.option(
    "--questions", type=File(), metavar="FILE", help="Workbook (.xlsx) to answer the open questions in."
)
@click.option("--report", type=File(), metavar="FILE", help="CSV of what became of every row.")
@LAUNCHER
@FREE_ORDER
@FORCE
@with_terminal
def rup(
    terminal: Terminal,
    file: tuple[Path, ...],
    dest: Path,
    mappings: tuple[Path, ...],
    questions: Path | None,
    report: Path | None,
    launcher: bool,
    free_order: bool,
    force: bool,
    **each: tuple[Any, ...],
) -> None:
    """Import a college's working curricula (RUP) from workbooks.

    FILE is a workbook (.xlsx, .xls, .ods) with one programme or several; all of
    them make one catalog, in which equal modules stand once. DEST is the new catalog: a
    folder, or a workbook (.xlsx). Beside it stands DEST.mapping.toml (of several
    files DEST.NAME.mapping.toml): how the table was understood, to correct and to
    pass with --mapping the next time; it is written even where questions are
    left open. --questions writes these into a workbook with lists to choose from,
    to be passed with --mapping once it is answered. --sheet is given once, or once
    for each file in their order; --programme, --start, --learners, --entry-base and
    --qualification once, or once for each programme.
    """
    from curriplan.api.launcher import check_launchers, write_launchers
    from curriplan.base.files import check_outputs
    from curriplan.base.replacing import together
    from curriplan.catalog.saving.save import save_catalog
    from curriplan.cli.console.rup import show_readings
    from curriplan.importing.rup.outputs import RupOutputs
    from curriplan.importing.rup.question_book import read_mappings
    from curriplan.importing.rup.several import read_all_rup, with_mappings

    if not file:  # click takes the only word for DEST
        raise UsageFault("usage.missing_dest", click.get_current_context(), file=typed(dest))
    outputs = RupOutputs(dest, file, report, questions)
    if launcher:
        check_outputs([dest], [".xlsx"], force=force)
        check_launchers(dest, force=force)
    outputs.check(mappings, force=force)
    known = [one for path in mappings for one in read_mappings(path)]
    sources = _sources(file, known, each)
    if len(sources) > len(file):
        outputs = replace(outputs, files=tuple(one.path for one in sources))
        outputs.check(mappings, force=force)
    if known:
        sources = with_mappings(sources, known, Place(str(mappings[0])))
    found = read_all_rup(sources, free_order=free_order)
    languages = [one.mapping.language for one in found.readings if one is not None]
    terminal.fallback = next((one for one in languages if one), "ru")
    comments = {name: terminal.text(f"rup_comment.{name}") for name in COMMENTS}
    with together():
        outputs.write(found.readings, {"": terminal.text("rup_comment.file"), **comments}, terminal.language)
        if found.catalog is not None:
            save_catalog(found.catalog, dest, force=force, language=terminal.language, in_words=True)
        written = launcher and found.catalog is not None
        launchers = write_launchers(dest, terminal.language) if written else ()
    show_readings(terminal, found, outputs)
    if launchers:
        tell_written(terminal, *launchers)
    if found.errors:
        raise CurriplanError(found.errors)


def _sources(
    files: Sequence[Path], known: Sequence[RupMapping], given: Mapping[str, Sequence[Any]]
) -> list[RupSource]:
    """Return each programme of the files with what options say of it, named as `RupChoices` does."""
    from curriplan.importing.rup.programme import RupChoices
    from curriplan.importing.rup.several import RupSource, each_programme

    sheets = _one_each("--sheet", given["sheet"], len(files))
    alone = [RupSource(path, RupChoices(sheet)) for path, sheet in zip(files, sheets, strict=True)]
    sources = each_programme(alone, known)
    each: dict[str, list[Any]] = {
        name: _one_each(f"--{name.replace('_', '-')}", values, len(sources))
        for name, values in given.items()
        if name != "sheet"
    }
    return [
        replace(
            source, choices=replace(source.choices, **{name: values[at] for name, values in each.items()})
        )
        for at, source in enumerate(sources)
    ]


def _one_each(option: str, values: Sequence[Value], count: int) -> list[Value | None]:
    """Return a value for each file: that of all of them, or its own.

    Raises
    ------
    UsageError
        If there are neither one nor as many values as files.
    """
    if count == 1 or len(values) <= 1:
        return [values[-1] if values else None] * count
    if len(values) != count:
        raise UsageError.of("option-for-each-file", option=option, count=len(values), files=count)
    return [*values]


@click.group("import", cls=SaidGroup)
def imports() -> None:
    """Make a catalog out of other files."""


imports.add_command(esco)
imports.add_command(onet)
imports.add_command(rup)
