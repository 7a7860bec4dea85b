"""How full rooms, enterprises and teachers are: a map of colours, one row each, a column a semester."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from curriplan.report.context import Context, LoadRow
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column

COLUMNS = (
    Column("column.resource_code", "code", 14),
    Column("column.resource", "text", 38),
    Column("column.category", "text", 18),
)
MOST_SEMESTERS = 10
"""Columns beside one another; later semesters stand in a table below."""
WIDTH = 9.5


def add_loads_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    widths = [*(column.width for column in COLUMNS), *(WIDTH for _ in range(MOST_SEMESTERS))]
    return context.book.sheet(context.texts("sheet.loads"), widths)


def write_loads(context: Context, sheet: Sheet, rows: Sequence[LoadRow]) -> None:
    """Write the map, in as many tables as the semesters need; the fullest rooms first."""
    row = first = sheet.heading("title.loads", "how.loads") + 1
    if not rows:
        sheet.across(row, context.texts("phrase.no_limited_resources"), "plain")
        return
    # A centre that was given its hours is as full as it can be: no sign of want.
    catalog = context.view.catalog
    given = {row.resource for row in rows if catalog.is_allotted("resource_capacity", row.resource)}
    if given:
        sheet.across(row, context.texts("national.loads"), "note")
        row = first = row + 1
    ordered = sorted(rows, key=lambda line: (line.resource in given, -_fullest(line), line.resource))
    semesters = sorted({semester for line in rows for semester in line.load})
    for start in range(0, len(semesters), MOST_SEMESTERS):
        shown = semesters[start : start + MOST_SEMESTERS]
        row = _write_map(context, sheet, row, ordered, given, shown) + 1
    if len(semesters) <= MOST_SEMESTERS:
        sheet.freeze(first + 1, 2)
        sheet.repeat(first, first)
    else:
        sheet.freeze(2, 2)


def _fullest(line: LoadRow) -> float:
    """Return the largest load; a semester without any hours has none, and shows a dash."""
    loads = (one.value for one in line.load.values())
    return max((one for one in loads if isinstance(one, int | float)), default=0.0)


def _write_map(
    context: Context,
    sheet: Sheet,
    row: int,
    rows: Sequence[LoadRow],
    given: Collection[str],
    semesters: Sequence[str],
) -> int:
    """Write the loads of some semesters, without colour what was given; return the next free row."""
    first = sheet.header(row, COLUMNS)
    for column, semester in enumerate(semesters, start=len(COLUMNS)):
        sheet.text(first - 1, column, context.labels.semester(semester), "header")
    shown = [line for line in rows if any(semester in line.load for semester in semesters)]
    for place, line in enumerate(shown, start=first):
        for column, text in enumerate((line.resource, line.name, line.category)):
            sheet.text(place, column, text, COLUMNS[column].style)
        for column, semester in enumerate(semesters, start=len(COLUMNS)):
            sheet.put(place, column, line.load.get(semester, ""), "load")
    last = first + len(shown) - 1
    coloured = last - sum(line.resource in given for line in shown)
    if coloured >= first:
        sheet.heat(first, len(COLUMNS), coloured, len(COLUMNS) + len(semesters) - 1)
    sheet.keep_together(row, first)
    return last + 1
