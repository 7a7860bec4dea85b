"""The sheets of hours: which module uses which room or teacher, and what each has left in a semester."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from curriplan.base import semesters
from curriplan.report.budget_blocks import block
from curriplan.report.budget_rows import (
    HoursRow,
    UseRow,
    hours_table,
    resource_table,
    semester_number,
    use_table,
)
from curriplan.report.context import Context, HourCells, LoadRow
from curriplan.xlsx.formula import Match, ratio, sum_where
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

WIDTHS = (14, 44, 26, 16, 16, 16, 16, 18)
RESOURCE_COLUMNS = (
    Column("column.resource_code", "code", 0),
    Column("column.resource", "text", 0),
    Column("column.category", "text", 0),
    Column("column.owner", "text", 0),
    Column("column.places", "count", 0),
    Column("column.fee_per_hour", "money", 0),
    Column("column.travel_cost", "money", 0),
    Column("column.intake_hours", "hours", 0),
)
HOURS_COLUMNS = (
    Column("column.resource_code", "code", 0),
    Column("column.resource", "text", 0),
    Column("column.category", "text", 0),
    Column("column.semester", "text", 0),
    Column("column.free_hours", "hours", 0),
    Column("column.used_before", "hours", 0),
    Column("column.used_after", "hours", 0),
    Column("column.load", "share", 0),
)
USE_COLUMNS = (
    Column("column.resource_code", "code", 12),
    Column("column.resource", "text", 34),
    Column("column.programme", "code", 12),
    Column("column.index", "code", 12),
    Column("column.module", "text", 42),
    Column("column.term_number", "term", 10),
    Column("column.parts", "term", 11),
    Column("column.use_hours", "hours", 12),
    Column("column.season", "term", 12),
    Column("column.first_semester", "semester", 14),
    Column("column.last_semester", "semester", 14),
    Column("column.resource_kind", "code", 18),
    Column("column.is_added", "centre", 12),
)
LOAD = 7
USE_RESOURCE, USE_PROGRAMME = 0, 2
USE_HOURS, USE_SEASON, USE_FIRST, USE_LAST, USE_KIND, USE_ADDED = range(7, 13)


def add_uses_sheet(context: Context) -> Sheet:
    """Add the empty sheet of single uses."""
    widths = [column.width for column in USE_COLUMNS]
    return context.book.sheet(context.texts("sheet.uses"), widths, is_detail=True)


def write_uses(context: Context, sheet: Sheet) -> dict[str, Range]:
    """Write which module uses which room or teacher; return the columns that hours are summed from."""
    rows = use_table(context.view, context.labels)
    first = sheet.header(sheet.heading("title.uses", "how.uses"), USE_COLUMNS)
    for row, line in enumerate(rows, start=first):
        _write_use(sheet, row, line)
    last = first + len(rows) - 1
    sheet.freeze(first, 2)
    sheet.repeat(first - 1, first - 1)
    sheet.sortable("resource_uses", first - 1, last, len(USE_COLUMNS) - 1)
    places = {
        "resource": USE_RESOURCE,
        "programme": USE_PROGRAMME,
        "hours": USE_HOURS,
        "season": USE_SEASON,
        "first": USE_FIRST,
        "last": USE_LAST,
        "kind": USE_KIND,
        "added": USE_ADDED,
    }
    return {name: sheet.range(place, first, last) for name, place in places.items()}


def _write_use(sheet: Sheet, row: int, line: UseRow) -> None:
    texts = (line.resource, line.resource_name, line.programme, line.module, line.name)
    for place, text in enumerate(texts):
        sheet.text(row, place, text, USE_COLUMNS[place].style)
    numbers = (line.term, line.parts, line.hours, line.season, line.first, line.last)
    for place, number in enumerate(numbers, start=5):
        sheet.number(row, place, number, USE_COLUMNS[place].style)
    sheet.text(row, USE_KIND, line.kind, USE_COLUMNS[USE_KIND].style)
    sheet.text(row, USE_ADDED, sheet.texts("word.yes" if line.is_added else "word.no"), "centre")


def add_hours_sheet(context: Context) -> Sheet:
    """Add the empty sheet of hours by semester."""
    return context.book.sheet(context.texts("sheet.hours"), WIDTHS, is_detail=True)


def write_hours(context: Context, sheet: Sheet, uses: Mapping[str, Range]) -> HourCells:
    """Write the rooms and teachers, and what each one has left in each semester."""
    row = sheet.heading("title.hours", "how.hours")
    sheet.freeze(row)
    names, row = _write_resources(context, sheet, row + 1, uses)
    used, loads = _write_hours(context, sheet, row + 1, uses)
    return HourCells(used, loads, names)


def _write_resources(
    context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]
) -> tuple[dict[str, Term], int]:
    """Write the rooms, enterprises and teachers: whose they are, what they cost, how long they serve.

    Returns the cells with their names.
    """
    rows = resource_table(context.view, context.labels)
    if not rows:
        return {}, row
    first = block(sheet, row, "heading.resources", RESOURCE_COLUMNS)
    for place, line in enumerate(rows, start=first):
        texts = (line.resource, line.name, line.category, line.owner)
        for column, text in enumerate(texts):
            sheet.text(place, column, text, RESOURCE_COLUMNS[column].style)
        sheet.number(place, 4, line.places, "count")
        sheet.number(place, 5, line.fee_per_hour_kzt, "money")
        sheet.number(place, 6, line.travel_cost_kzt, "money")
        mine = (uses["resource"], "=", sheet.ref(place, 0))
        sheet.formula(place, 7, sum_where(uses["hours"], mine), "hours")
    names = {line.resource: sheet.ref(place, 1) for place, line in enumerate(rows, start=first)}
    return names, first + len(rows) + 1


def _write_hours(
    context: Context, sheet: Sheet, row: int, uses: Mapping[str, Range]
) -> tuple[dict[tuple[str, str], Term], tuple[LoadRow, ...]]:
    """Write the hours of each room and teacher by calendar semester (§9)."""
    rows = hours_table(context.view, context.labels)
    if not rows:
        return {}, ()
    first = block(sheet, row, "heading.hours", HOURS_COLUMNS)
    sheet.repeat(first - 1, first - 1)
    used: dict[tuple[str, str], Term] = {}
    loads: dict[str, LoadRow] = {}
    for place, line in enumerate(rows, start=first):
        used[line.resource, line.semester] = _write_hours_row(sheet, place, line, uses)
        found = loads.setdefault(line.resource, LoadRow(line.resource, line.name, line.category, {}))
        loads[line.resource] = replace(found, load={**found.load, line.semester: sheet.ref(place, LOAD)})
    return used, tuple(loads.values())


def _write_hours_row(sheet: Sheet, row: int, line: HoursRow, uses: Mapping[str, Range]) -> Term:
    texts = (line.resource, line.name, line.category, line.when)
    for place, text in enumerate(texts):
        sheet.text(row, place, text, HOURS_COLUMNS[place].style)
    sheet.number(row, 4, line.free_hours, "hours")
    sheet.number(row, 5, line.used_before, "hours")
    used = hours_used(uses, line.semester, (uses["resource"], "=", sheet.ref(row, 0)))
    reference = sheet.formula(row, 6, used, "hours")
    sheet.formula(row, LOAD, ratio(reference, sheet.ref(row, 4)), "share")
    return reference


def hours_used(uses: Mapping[str, Range], semester: str, *matches: Match) -> Term:
    """Return the hours of the uses that match in a calendar semester, all intakes together."""
    number = constant(semester_number(semester))
    return sum_where(
        uses["hours"],
        *matches,
        (uses["season"], "=", constant(int(semesters.season(semester)))),
        (uses["first"], "<=", number),
        (uses["last"], ">=", number),
    )
