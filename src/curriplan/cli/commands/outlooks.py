"""The command ``outlooks``: outlooks on the labour market out of scores and counts of vacancies."""

from __future__ import annotations

from pathlib import Path

import click

from curriplan.base.errors import CatalogError, UsageError
from curriplan.cli.commands.shared import read, tell_written, with_terminal
from curriplan.cli.console.imports import tell_issues
from curriplan.cli.console.made_outlooks import show_made
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import FORCE, STRICT, Day, File, NamedValue, Number, by_name

PART = Number(0, 1, above=True)


@click.command(cls=SaidCommand)
@click.argument("catalog")
@click.argument("dest", type=File())
@click.option(
    "--exposure",
    type=NamedValue(),
    multiple=True,
    callback=by_name,
    metavar="NAME=FILE",
    help="Scores of ISCO-08 unit groups: ilo and nesta are known, any other file has the columns isco08 and "
    "score; repeatable.  [default: the table exposure of the catalog]",
)
@click.option(
    "--beta",
    type=PART,
    metavar="B",
    help="An outlook for each source of scores: demand × (1 − B × rank), the rank of the most exposed being "
    "1.",
)
@click.option(
    "--new-professions",
    "moved",
    type=PART,
    metavar="SHARE",
    help="With --beta: one more, in which this part of the demand lost goes to occupations that the catalog "
    "calls new.",
)
@click.option(
    "--snapshots",
    type=File(),
    nargs=2,
    metavar="OLD.csv NEW.csv",
    help="An outlook in which shares of vacancies go on changing as they did from one count to the other.",
)
@click.option(
    "--shrink",
    type=Number(0, 1_000_000_000, above=True),
    metavar="K",
    help="With --snapshots: draw a ratio towards 1 as if K vacancies stood by it.  "
    "[default: estimated from both]",
)
@click.option(
    "--probability",
    "probabilities",
    type=NamedValue(),
    multiple=True,
    callback=by_name,
    metavar="ID=P",
    help="The probability of an outlook; of all or of none. Asked for where the catalog has outlooks and "
    "others come to them.  [default: equal]",
)
@click.option(
    "--as-today/--no-as-today", "today", default=True, help="Whether demand as it is today is one of them."
)
@click.option("--as-of", type=Day(), metavar="DATE", help="When the scores were read, such as 2026-05-31.")
@FORCE
@STRICT
@with_terminal
def outlooks(
    terminal: Terminal,
    catalog: str,
    dest: Path,
    exposure: dict[str, str],
    beta: float | None,
    moved: float | None,
    snapshots: tuple[Path, Path] | None,
    shrink: float | None,
    probabilities: dict[str, str],
    today: bool,
    as_of: str | None,
    force: bool,
) -> None:
    """Make outlooks on the labour market, in a copy of a catalog.

    DEST is a workbook (its name ends in .xlsx) or a folder. What is written are assumptions, no
    forecasts: scores of exposure are no probabilities, and the probabilities of outlooks are yours.
    """
    from curriplan.api.made_outlooks import make_outlooks
    from curriplan.catalog.saving.save import check_destination, save_catalog

    for option, value, other, given in (
        ("--exposure", exposure, "--beta", beta),
        ("--new-professions", moved, "--beta", beta),
        ("--shrink", shrink, "--snapshots", snapshots),
    ):
        if value and given is None:
            raise UsageError.of("option-needs-other", option=option, other=other)
    check_destination(dest, force=force, source=Path(catalog))
    with terminal.steps():
        found = read(terminal, catalog).require()
        made = make_outlooks(
            found,
            exposure=exposure,
            beta=beta,
            new_professions=moved,
            snapshots=snapshots,
            shrink=shrink,
            probabilities={
                name: Number(0, 1).convert(text, None, None) for name, text in probabilities.items()
            },
            as_today=today,
            as_of=as_of,
        )
    if terminal.strict and made.issues:
        raise CatalogError(made.issues)
    save_catalog(made.catalog, dest, force=force, language=terminal.chosen)
    tell_issues(terminal, made.issues, "outlooks.more")
    if not terminal.quiet:
        show_made(terminal, made)
    tell_written(terminal, dest)
