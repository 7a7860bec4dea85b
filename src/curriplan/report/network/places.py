"""The state order: groups of today and groups that the plan chose from the lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.report.network.view import CollegeSeen, NetworkView, blocks
from curriplan.xlsx.formula import total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table

REGION, COLLEGE, PROGRAMME = "nation_column.region", "nation_column.college", "nation_column.programme"
TODAY, PLANNED, CHANGE = (
    "nation_column.groups_today",
    "nation_column.groups_planned",
    "nation_column.groups_change",
)


@dataclass(frozen=True)
class PlaceLine:
    """Groups of a programme of a college to which a list was given."""

    college: CollegeSeen
    programme: str
    today: int
    planned: int


def place_lines(view: NetworkView) -> Iterator[PlaceLine]:
    """Yield the programmes of the colleges to which lists were given."""
    for college in view.colleges:
        yield from lines_of(view, college)


def lines_of(view: NetworkView, college: CollegeSeen) -> Iterator[PlaceLine]:
    """Yield the programmes of a college, none where no list was given to it."""
    planned = college.result.planned_groups
    if planned is None:
        return
    rows = (*college.alone.programmes, *college.plan.programmes)
    names = {one.id: view.name(one.names, one.id) for one in rows}
    today = college.result.groups
    for name in sorted({*today, *planned}, key=lambda one: (names.get(one, one), one)):
        yield PlaceLine(
            college, names.get(name, name), today.get(name, 0), planned.get(name, today.get(name, 0))
        )


def write_places(view: NetworkView, sheet: Sheet) -> None:
    """Write the groups of each programme, and their sums by region, which stay as they are."""
    table: Table[PlaceLine] = Table(
        Column(REGION, "text", 28, lambda one: one.college.region),
        Column(COLLEGE, "text", 52, lambda one: one.college.name),
        Column(PROGRAMME, "text", 44, lambda one: one.programme),
        Column(TODAY, "count", 13, lambda one: one.today),
        Column(PLANNED, "count", 13, lambda one: one.planned),
        Column(CHANGE, "count_change", 13, formula=lambda line: line[PLANNED] - line[TODAY]),
    )
    sheet.set_widths(table.widths)
    rows = list(place_lines(view))
    placed = table.write(sheet, sheet.heading("nation_title.places", "nation_how.places"), rows)
    placed.page(2)
    _write_sums(view, placed)


def _write_sums(view: NetworkView, placed: Placed[PlaceLine]) -> None:
    sheet, row = placed.sheet, placed.last + 2
    sheet.across(row, sheet.texts("nation.places_by_region"), "heading")
    ends = blocks((one.college.region_id for one in placed.rows), placed.first)
    for region, (first, last) in ends.items():
        row += 1
        sheet.across(row, view.region_names[region], "text", 0, 2)
        for key in (TODAY, PLANNED):
            place = placed.place(key)
            sheet.formula(row, place, total(sheet.range(place, first, last)), "count")
        change = placed.ref(row, PLANNED) - placed.ref(row, TODAY)
        sheet.formula(row, placed.place(CHANGE), change, "count_change")
    sheet.keep_together(placed.last + 2, min(row, placed.last + 20))
