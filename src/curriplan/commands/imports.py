"""The command ``import``: a catalog out of a classification, or out of a college's own workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.commands.shared import start
from curriplan.console import Terminal, show_imported
from curriplan.options import COMMON, File

if TYPE_CHECKING:
    from curriplan.importing.result import Imported


@click.group("import")
def imports() -> None:
    """Make a catalog out of other files."""


FOLDER = click.argument("folder", metavar="DIR", type=File())
DESTINATION = click.argument("destination", metavar="DEST", type=File())
RELEASE = click.option(
    "--release", metavar="VERSION", help="Version of the release [default: from the name of DIR]."
)
REPORT = click.option(
    "--report", type=File(), metavar="FILE", help="CSV of every row that was left out or is doubtful."
)


@imports.command()
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
@RELEASE
@REPORT
@COMMON
def esco(
    folder: Path,
    destination: Path,
    occupations: tuple[str, ...],
    collection: str | None,
    release: str | None,
    report: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Make a catalog out of an official CSV release of ESCO (1.1 or 1.2).

    DIR is the unpacked release in English, DEST the folder of the new catalog.
    """
    from curriplan.importing.esco import import_esco

    terminal = start(lang, quiet, verbose)
    _check(report)
    found = import_esco(folder, occupations=occupations, collection=collection, release=release)
    _save(terminal, found, destination, report, every=verbose > 0)


@imports.command()
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
@COMMON
def onet(
    folder: Path,
    destination: Path,
    occupations: tuple[str, ...],
    release: str | None,
    report: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Make a catalog out of a release of the O*NET database.

    DIR is the unpacked release (text files, or else workbooks), DEST the folder of the new catalog.
    """
    from curriplan.importing.onet import import_onet

    terminal = start(lang, quiet, verbose)
    _check(report)
    found = import_onet(folder, occupations=occupations, release=release)
    _save(terminal, found, destination, report, every=verbose > 0)


def _check(report: Path | None) -> None:
    """Refuse a report that cannot be written, before any work."""
    from curriplan.files import check_outputs

    check_outputs([report] if report else [], [".csv"], force=False)


def _save(
    terminal: Terminal, found: Imported, destination: Path, report: Path | None, *, every: bool
) -> None:
    """Write the catalog and the report, and tell what became of every row."""
    from curriplan.importing.listing import write_issues
    from curriplan.saving import save_catalog

    save_catalog(found.catalog, destination)
    if report is not None:
        write_issues(found.issues, report, terminal.language)
    show_imported(terminal, found, every=every)
    written = ", ".join(str(path) for path in (destination, report) if path is not None)
    terminal.tell(f"{terminal.text('line.written')}: {written}")
