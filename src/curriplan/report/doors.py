"""The sheet of other occupations: what the plan covers of them, and which of them it makes accessible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.plan.doors import Adaptability, Opener, OtherOccupation, ProgrammeDoors
from curriplan.report.context import Context
from curriplan.xlsx.formula import (
    all_of,
    choose,
    difference,
    holds,
    products_where,
    sum_where,
    total,
    weighted_mean,
)
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table
from curriplan.xlsx.term import Range, Term, constant

NONE = "–"


@dataclass(frozen=True)
class DoorCells:
    """How many doors there are, today and by the plan, and how many occupations could be one."""

    before: Term
    after: Term
    others: Term
    of: Mapping[str, tuple[Term, Term, Term]]
    """The same of each programme."""


def door_table(context: Context) -> Table[OtherOccupation]:
    """Return the table of the other occupations."""
    labels, texts = context.labels, context.texts
    before, after, change = "column.cover_before", "column.cover_after", "column.change_points"
    essentials = "column.essentials"
    met_before, met_after = "column.essentials_before", "column.essentials_after"
    yes, no = constant(texts("word.yes")), constant(texts("word.no"))

    def is_open(met: Term, needed: Term) -> Term:
        return choose(all_of(holds(">=", needed, constant(1)), holds(">=", met, needed)), yes, no)

    return Table(
        Column("column.programme", "code", 12, lambda row: row.programme),
        Column("column.occupation", "text", 46, lambda row: labels.occupation(row.occupation)),
        Column("column.demand_part", "share", 13, lambda row: row.demand),
        Column(before, "share", 15.5, lambda row: row.cover_before),
        Column(after, "share", 15.5, lambda row: row.cover_after),
        Column(change, "points", 13, formula=lambda line: difference(line[after], line[before], times=100)),
        Column(essentials, "count", 13, lambda row: row.essentials),
        Column(met_before, "count", 13, lambda row: row.essentials_met_before),
        Column(met_after, "count", 13, lambda row: row.essentials_met_after),
        Column(
            "column.door_before",
            "centre",
            13,
            formula=lambda line: is_open(line[met_before], line[essentials]),
        ),
        Column(
            "column.door_after", "centre", 13, formula=lambda line: is_open(line[met_after], line[essentials])
        ),
        Column("column.occupation_code", "code", 30, lambda row: row.occupation),
    )


PROGRAMMES = (
    Column("column.programme", "code"),
    Column("column.programme_name", "text"),
    Column("column.learners", "count"),
    Column("column.adaptability_before", "share"),
    Column("column.adaptability_after", "share"),
    Column("column.change_points", "points"),
    Column("column.other_occupations", "count"),
    Column("column.doors_before", "count"),
    Column("column.doors_after", "count"),
    Column("column.doors_lost", "count"),
    Column("column.index_lost", "points"),
    Column("column.opens_most", "text"),
)
PROGRAMME, NAME, LEARNERS, BEFORE, AFTER, CHANGE, OTHERS, DOORS_BEFORE, DOORS_AFTER, LOST, INDEX, OPENER = (
    range(12)
)


def write_doors(context: Context, sheet: Sheet, found: Adaptability) -> DoorCells:
    """Write the sheet: the programmes with their index and doors, then the occupations."""
    table = door_table(context)
    sheet.set_widths(table.widths)
    top = sheet.heading("title.doors", "how.doors")
    sheet.across(top, context.texts("phrase.doors_evidence"), "note")
    sheet.across(top + 2, context.texts("heading.doors_programmes"), "heading")
    first = sheet.header(top + 3, PROGRAMMES)
    end = first + len(found.programmes)
    heading = end + 2
    sheet.across(heading, context.texts("heading.doors_occupations"), "heading")
    placed = table.write(sheet, heading + 1, found.occupations)
    sheet.sortable("doors", placed.first - 1, placed.last, table.last)
    sheet.repeat(placed.first - 1, placed.first - 1)
    for place, row in enumerate(found.programmes, start=first):
        _write_programme(context, sheet, place, row, placed)
    cells = _write_total(context, sheet, first, end, found)
    said = {
        "before": cells.before,
        "after": cells.after,
        "others": cells.others,
        "index_before": percent(context.texts, sheet.ref(end, BEFORE)),
        "index_after": percent(context.texts, sheet.ref(end, AFTER)),
    }
    sheet.formula_across(top + 1, sentence(context.texts, "sentence.doors", said), "sentence", 0, table.last)
    sheet.freeze(2, 2)
    return cells


def _write_programme(
    context: Context, sheet: Sheet, row: int, one: ProgrammeDoors, placed: Placed[OtherOccupation]
) -> None:
    mine = (placed.range("column.programme"), "=", constant(one.programme))
    listed = sum(line.programme == one.programme for line in placed.rows)
    yes = constant(context.texts("word.yes"))

    def index(known: float | None, key: str) -> Term | float | str:
        if known is None:
            return NONE
        if listed < one.others:  # the least covered have no rows
            return known
        return products_where(placed.range("column.demand_part"), placed.range(key), mine)

    sheet.text(row, PROGRAMME, one.programme, "code")
    sheet.text(row, NAME, context.labels.programme(one.programme), "text")
    sheet.number(row, LEARNERS, context.view.catalog.programme_by_id[one.programme].learners, "count")
    sheet.put(row, BEFORE, index(one.index_before, "column.cover_before"), "share")
    sheet.put(row, AFTER, index(one.index_after, "column.cover_after"), "share")
    sheet.put(row, CHANGE, _change(sheet, row), "points")
    sheet.number(row, OTHERS, one.others, "count")
    for column, key in ((DOORS_BEFORE, "column.door_before"), (DOORS_AFTER, "column.door_after")):
        sheet.formula(row, column, sum_where(None, mine, (placed.range(key), "=", yes)), "count")
    _write_opener(context, sheet, row, one.opens_most, "")


def _change(sheet: Sheet, row: int) -> Term:
    return difference(sheet.ref(row, AFTER), sheet.ref(row, BEFORE), times=100)


def _write_opener(context: Context, sheet: Sheet, row: int, opener: Opener | None, look: str) -> None:
    """Write the module that opens most, and what is lost without it."""
    values: Sequence[float | str] = (NONE, NONE, NONE)
    if opener is not None:
        values = (opener.doors, -100 * opener.adaptability, context.labels.module(opener.module))
    for column, value, style in zip((LOST, INDEX, OPENER), values, ("count", "points", "text"), strict=True):
        sheet.put(row, column, value, style + look)


def _write_total(context: Context, sheet: Sheet, first: int, row: int, found: Adaptability) -> DoorCells:
    """Write the row of the plan: sums, and means weighted by learners."""

    def column(number: int) -> Range:
        return sheet.range(number, first, row - 1)

    weighted = all(one.index_after is not None for one in found.programmes)
    sheet.across(row, context.texts("phrase.total"), "text total", PROGRAMME, NAME)
    sheet.formula(row, LEARNERS, total(column(LEARNERS)), "count total")
    for place, known in ((BEFORE, found.index_before), (AFTER, found.index_after)):
        mean = weighted_mean(column(place), column(LEARNERS)) if weighted else known
        sheet.put(row, place, mean, "share total")
    sheet.formula(row, CHANGE, _change(sheet, row), "points total")
    for place in (OTHERS, DOORS_BEFORE, DOORS_AFTER):
        sheet.formula(row, place, total(column(place)), "count total")
    _write_opener(context, sheet, row, found.opens_most, " total")

    def cells(place: int) -> tuple[Term, Term, Term]:
        return sheet.ref(place, DOORS_BEFORE), sheet.ref(place, DOORS_AFTER), sheet.ref(place, OTHERS)

    of = {one.programme: cells(place) for place, one in enumerate(found.programmes, start=first)}
    return DoorCells(*cells(row), of)
