"""The command ``import rup``: a catalog out of a college's own working curriculum."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curriplan.base.errors import CurriplanError
from curriplan.cli.commands.import_classifications import esco, onet
from curriplan.cli.commands.shared import with_terminal
from curriplan.cli.console.terminal import Terminal
from curriplan.cli.options import FORCE, FREE_ORDER, File, Number, Semester

if TYPE_CHECKING:
    from curriplan.importing.rup.reading import RupReading

COMMENTS = ("programme", "weeks", "hours", "headings", "sections", "status", "column", "row")


@click.command()
@click.argument("file", type=File())
@click.argument("dest", type=File())
@click.option("--mapping", type=File(), metavar="FILE", help="What guessing cannot settle (TOML).")
@click.option("--sheet", metavar="NAME", help="The sheet with the table.")
@click.option("--programme", metavar="ID", help="Id of the programme [default: its qualification code].")
@click.option("--start", type=Semester(), metavar="SEMESTER", help="Its first semester, such as 2026-1.")
@click.option("--learners", type=Number(1, 10**6, whole=True), metavar="N", help="Learners of one intake.")
@click.option("--report", type=File(), metavar="FILE", help="CSV of what became of every row.")
@FREE_ORDER
@FORCE
@with_terminal
def rup(
    terminal: Terminal,
    file: Path,
    dest: Path,
    mapping: Path | None,
    sheet: str | None,
    programme: str | None,
    start: str | None,
    learners: int | None,
    report: Path | None,
    free_order: bool,
    force: bool,
) -> None:
    """Import a college's working curriculum (РУП) from a workbook.

    DEST is the new catalog: a folder, or a workbook (.xlsx). Beside it stands
    DEST.mapping.toml: how the table was understood, to correct and to pass with
    --mapping the next time; it is written even where questions are left open.
    """
    from curriplan.catalog.saving.save import save_catalog
    from curriplan.cli.console.rup import show_rup
    from curriplan.importing.rup.mapping import read_mapping
    from curriplan.importing.rup.reading import RupChoices, read_rup

    noted = dest.with_name(f"{dest.stem if dest.suffix == '.xlsx' else dest.name}.mapping.toml")
    _check(file, dest, noted, mapping, report, force)
    known = read_mapping(mapping) if mapping is not None else None
    reading = read_rup(file, RupChoices(sheet, programme, start, learners, free_order), known)
    terminal.fallback = reading.mapping.language or "ru"
    _write_notes(terminal, reading, noted, report)
    if reading.catalog is not None:
        save_catalog(reading.catalog, dest, force=force, language=terminal.language)
    show_rup(terminal, reading, dest, noted, report)
    if reading.errors:
        raise CurriplanError(reading.errors)


def _check(
    file: Path, dest: Path, noted: Path, mapping: Path | None, report: Path | None, force: bool
) -> None:
    """Refuse what cannot or must not be written, before any work.

    The mapping file may be replaced where it is the one that is read, or as an import left it; the report
    where it is the one that an import wrote with that mapping file.
    """
    from curriplan.base.files import check_outputs
    from curriplan.catalog.saving.save import check_destination
    from curriplan.importing.rup.mapping_text import is_own_report, is_untouched

    check_destination(dest, force=force, source=file)
    mine = report is not None and is_own_report(report, noted)
    check_outputs([report] if report else [], [".csv"], force=force or mine, source=file, may_be_read=mine)
    own = mapping is not None and noted.exists() and mapping.exists() and noted.samefile(mapping)
    replaceable = force or own or is_untouched(noted)
    check_outputs([noted], [".toml"], force=replaceable, source=file, may_be_read=True)


def _write_notes(terminal: Terminal, reading: RupReading, noted: Path, report: Path | None) -> None:
    """Write the mapping file and the report on every row."""
    from curriplan.base.files import write_csv
    from curriplan.base.replacing import replacing
    from curriplan.importing.rup.accounts import REPORT_COLUMNS, report_rows
    from curriplan.importing.rup.mapping_text import mapping_text

    comments = {name: terminal.text(f"rup_comment.{name}") for name in COMMENTS}
    content = None
    if report is not None:
        with replacing(report) as (new,):
            write_csv(new, REPORT_COLUMNS, report_rows(reading, terminal.language))
        content = report.read_bytes()
    text = mapping_text(reading.mapping, {"": terminal.text("rup_comment.file"), **comments}, content)
    with replacing(noted) as (new,):
        new.write_text(text, encoding="utf-8", newline="\n")


@click.group("import")
def imports() -> None:
    """Make a catalog out of other files."""


imports.add_command(esco)
imports.add_command(onet)
imports.add_command(rup)
