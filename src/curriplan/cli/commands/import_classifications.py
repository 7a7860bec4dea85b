"""The commands ``import esco`` and ``import onet``: a public classification into a catalog."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.cli.commands.shared import tell_written, with_terminal
from curriplan.cli.console.imports import show_imported
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.help import SaidCommand
from curriplan.cli.options import FORCE, File

if TYPE_CHECKING:
    from curriplan.importing.result import Imported

FOLDER = click.argument("folder", metavar="DIR", type=File())
DESTINATION = click.argument("destination", metavar="DEST", type=File())
RELEASE = click.option(
    "--release", metavar="VERSION", help="Version of the release [default: from the name of DIR]."
)
REPORT = click.option(
    "--report", type=File(), metavar="FILE", help="CSV of every row that was left out or is doubtful."
)


@click.command(cls=SaidCommand)
@FOLDER
@DESTINATION
@click.option(
    "--occupation",
    "occupations",
    multiple=True,
    metavar="CODE",
    help="Take this occupation and what it needs: ESCO code, ISCO-08 group, id or URI; repeatable.",
)
@click.option(
    "--collection",
    type=click.Choice(["digital", "digcomp", "transversal"]),
    help="Take only the skills of this collection, and what occupations need of them.",
)
@click.option("--essential-only", is_flag=True, help="Pass over the optional needs of occupations.")
@RELEASE
@REPORT
@FORCE
@with_terminal
def esco(
    terminal: Terminal,
    folder: Path,
    destination: Path,
    occupations: tuple[str, ...],
    collection: str | None,
    essential_only: bool,
    release: str | None,
    report: Path | None,
    force: bool,
) -> None:
    """Make a catalog out of an official CSV release of ESCO (1.1 or 1.2).

    DIR is the release in English, unpacked or its .zip, DEST the folder or the .xlsx
    of the new catalog.
    """
    from curriplan.importing.esco.catalog import import_esco

    _check(folder, destination, report, force=force)
    found = import_esco(
        folder,
        occupations=occupations,
        collection=collection,
        essential_only=essential_only,
        release=release,
    )
    _save(terminal, found, destination, report, force=force)


@click.command(cls=SaidCommand)
@FOLDER
@DESTINATION
@click.option(
    "--occupation",
    "occupations",
    multiple=True,
    metavar="CODE",
    help="Take this occupation and what it needs: 15-1252.00, or 15-1252 for all of it; repeatable.",
)
@RELEASE
@REPORT
@FORCE
@with_terminal
def onet(
    terminal: Terminal,
    folder: Path,
    destination: Path,
    occupations: tuple[str, ...],
    release: str | None,
    report: Path | None,
    force: bool,
) -> None:
    """Make a catalog out of a release of the O*NET database.

    DIR is the release: unpacked (text files, or else workbooks), or the .zip of its text files.
    DEST is the folder or the .xlsx of the new catalog.
    """
    from curriplan.importing.onet.catalog import import_onet

    _check(folder, destination, report, force=force)
    found = import_onet(folder, occupations=occupations, release=release)
    _save(terminal, found, destination, report, force=force)


def _check(folder: Path, destination: Path, report: Path | None, *, force: bool) -> None:
    """Refuse, before any work, a catalog or a report that cannot be written."""
    from curriplan.base.files import check_outputs
    from curriplan.catalog.saving.save import check_destination

    check_destination(destination, force=force, source=folder)
    check_outputs([report] if report else [], [".csv"], force=force)


def _save(
    terminal: Terminal,
    found: Imported,
    destination: Path,
    report: Path | None,
    *,
    force: bool,
) -> None:
    """Write the catalog and the report, and tell what became of every row."""
    from curriplan.base.replacing import together
    from curriplan.catalog.saving.save import save_catalog
    from curriplan.importing.result import write_issues

    with together():
        save_catalog(found.catalog, destination, force=force, language=terminal.language)
        if report is not None:
            write_issues(found.issues, report, terminal.language)
    show_imported(terminal, found)
    tell_written(terminal, destination, report)
