"""The Occupations sheet: how far learners are prepared for each target occupation."""

from __future__ import annotations

from curriplan.report.formula import difference
from curriplan.report.sheets.context import Context, OccupationCells
from curriplan.report.tables.occupations import OccupationRow, occupation_table
from curriplan.report.workbook import Column, Sheet

COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.occupation", "text", 46),
    Column("column.codes", "text", 28),
    Column("column.graduates", "share", 12),
    Column("column.cover_before", "share", 13),
    Column("column.cover_after", "share", 13),
    Column("column.change", "points", 12),
    Column("column.essentials", "count", 13),
    Column("column.essentials_before", "count", 13),
    Column("column.essentials_after", "count", 13),
    Column("column.all_essentials", "status", 20),
)


def add_occupation_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.occupations"), [column.width for column in COLUMNS])


def write_occupations(context: Context, sheet: Sheet) -> OccupationCells:
    """Write the sheet; return where its columns stand."""
    rows = occupation_table(context.view, context.labels)
    first = sheet.header(sheet.heading("title.occupations", "how.occupations"), COLUMNS)
    for row, line in enumerate(rows, start=first):
        _write_row(context, sheet, row, line)
    last = first + len(rows) - 1
    sheet.freeze(first, 2)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)
    if rows:
        context.colour_status(sheet, first, len(COLUMNS) - 1, last)
    return OccupationCells(*(sheet.range(place, first, last) for place in (0, 7, 8, 9)))


def _write_row(context: Context, sheet: Sheet, row: int, line: OccupationRow) -> None:
    sheet.text(row, 0, line.programme, "code")
    sheet.text(row, 1, line.name, "text")
    sheet.text(row, 2, line.codes, "text")
    shares = (line.share, line.cover_before, line.cover_after)
    for place, share in enumerate(shares, start=3):
        sheet.number(row, place, share, "share")
    sheet.formula(row, 6, difference(sheet.ref(row, 5), sheet.ref(row, 4)), "points")
    counts = (line.essentials, line.essentials_before, line.essentials_after)
    for place, count in enumerate(counts, start=7):
        sheet.number(row, place, count, "count")
    sheet.formula(row, 10, context.met(sheet.ref(row, 9), sheet.ref(row, 7)), "status")
