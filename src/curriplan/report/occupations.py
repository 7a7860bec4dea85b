"""The Occupations sheet: how far learners are prepared for each target occupation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curriplan.report.context import Context, OccupationCells
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.xlsx.figures import (
    MOST_LETTERS,
    Bars,
    ChartPlace,
    bar_room,
    limited,
    link_to_chart,
    write_bars,
)
from curriplan.xlsx.formula import Range, Term, difference, extreme, name_of_extreme, percent, sentence
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet


@dataclass(frozen=True)
class OccupationRow:
    """A target occupation of a programme."""

    programme: str
    occupation: str
    name: str
    codes: str
    share: float
    cover_before: float
    cover_after: float
    essentials: int
    essentials_before: int
    essentials_after: int


def occupation_table(view: PlanView, labels: Labels) -> tuple[OccupationRow, ...]:
    """Return the target occupations by programme, the largest share of graduates first."""
    rows = []
    for measures in view.after.programmes:
        for one in measures.occupations:
            counts = _essentials(view, measures.programme, one.occupation)
            rows.append(
                OccupationRow(
                    programme=measures.programme,
                    occupation=one.occupation,
                    name=labels.occupation(one.occupation),
                    codes=_codes(view, labels, one.occupation),
                    share=one.share,
                    cover_before=one.cover_before,
                    cover_after=one.cover_after,
                    essentials=counts[0],
                    essentials_before=counts[1],
                    essentials_after=counts[2],
                )
            )
    order = {name: place for place, name in enumerate(view.limits.planned)}
    return tuple(sorted(rows, key=lambda row: (order[row.programme], -row.share, row.occupation)))


def _essentials(view: PlanView, programme: str, occupation: str) -> tuple[int, int, int]:
    """Return how many essential requirements there are, are met today, and are met by the plan."""
    needs = [
        row for row in view.catalog.occupation_requirements if row.occupation == occupation and row.essential
    ]
    before = view.after.levels_before[programme]
    after = view.after.levels_after[programme]
    return (
        len(needs),
        sum(before.get(row.competency, 0) >= row.level for row in needs),
        sum(after.get(row.competency, 0) >= row.level for row in needs),
    )


def _codes(view: PlanView, labels: Labels, occupation: str) -> str:
    row = view.catalog.occupation_by_id[occupation]
    codes = (("ISCO-08", row.isco08), (labels.texts("phrase.nkz"), row.nkz_code))
    return ", ".join(f"{name} {code}" for name, code in codes if code)


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
    top = sheet.heading("title.occupations", "how.occupations")
    first = sheet.header(top + 1, COLUMNS)
    for row, line in enumerate(rows, start=first):
        _write_row(context, sheet, row, line)
    last = first + len(rows) - 1
    sheet.freeze(first, 2)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)
    if rows:
        context.colour_status(sheet, first, len(COLUMNS) - 1, last)
        link_to_chart(sheet, top, BARS.heading, last + 2)
        _write_chart(context, sheet, last + 2, list(enumerate(rows, start=first)))
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


BEFORE, AFTER = 4, 5
BARS = Bars("heading.cover", "column.occupation", ("column.cover_before", "column.cover_after"), "axis.cover")
PLACE = ChartPlace(label=(0, 1), values=(2, 3), chart=(4, len(COLUMNS) - 1))


def _write_chart(context: Context, sheet: Sheet, row: int, rows: Sequence[tuple[int, OccupationRow]]) -> None:
    """Write the occupations again with short names, the least covered first, and a chart of them."""
    ranked = sorted(rows, key=lambda one: (one[1].cover_after, one[0]))
    shown = ranked[: bar_room(sheet, row, BARS)]
    table = [
        (
            shortened(f"{line.programme}: {line.name}", MOST_LETTERS),
            (sheet.ref(place, BEFORE), sheet.ref(place, AFTER)),
        )
        for place, line in shown
    ]

    def message(names: Range, values: Sequence[Range]) -> Term:
        told = {
            "occupation": name_of_extreme(names, values[1], "MIN"),
            "least": percent(context.texts, extreme(values[1], "MIN")),
        }
        return sentence(context.texts, "sentence.cover", told)

    note = limited(context.texts, len(shown), len(ranked))
    write_bars(sheet, row, BARS, PLACE, table, message, note)
