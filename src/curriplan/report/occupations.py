"""The Occupations sheet: how far learners are prepared for each target occupation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import OccupationRequirement
from curriplan.evaluation.result import OccupationMeasures
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
from curriplan.xlsx.formula import difference, extreme, name_of_extreme, sum_where
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table
from curriplan.xlsx.term import Range, Term, constant


@dataclass(frozen=True)
class TargetRow:
    """A target occupation of a programme."""

    programme: str
    measures: OccupationMeasures
    needs: tuple[OccupationRequirement, ...]
    """Its essential requirements."""


def target_rows(view: PlanView) -> tuple[TargetRow, ...]:
    """Return the target occupations by programme, the largest share of graduates first."""
    needs: dict[str, list[OccupationRequirement]] = {}
    for row in view.catalog.occupation_requirements:
        if row.essential:
            needs.setdefault(row.occupation, []).append(row)
    rows = [
        TargetRow(programme.programme, one, tuple(needs.get(one.occupation, ())))
        for programme in view.after.programmes
        for one in programme.occupations
    ]
    order = {name: place for place, name in enumerate(view.limits.planned)}
    return tuple(
        sorted(rows, key=lambda row: (order[row.programme], -row.measures.share, row.measures.occupation))
    )


def target_table(context: Context) -> Table[TargetRow]:
    """Return the table of the target occupations."""
    view, labels = context.view, context.labels
    before, after, change = "column.cover_before", "column.cover_after", "column.change_points"
    essentials, met = "column.essentials", "column.essentials_after"

    def met_by(levels: Mapping[str, Mapping[str, int]], row: TargetRow) -> int:
        reached = levels[row.programme]
        return sum(reached.get(need.competency, 0) >= need.level for need in row.needs)

    return Table(
        Column("column.programme", "code", 12, lambda row: row.programme),
        Column("column.occupation", "text", 46, lambda row: labels.occupation(row.measures.occupation)),
        Column("column.codes", "text", 28, lambda row: _codes(view, labels, row.measures.occupation)),
        Column("column.graduates", "share", 12, lambda row: row.measures.share),
        Column(before, "share", 13, lambda row: row.measures.cover_before),
        Column(after, "share", 13, lambda row: row.measures.cover_after),
        Column(change, "points", 12, formula=lambda line: difference(line[after], line[before], times=100)),
        Column(essentials, "count", 13, lambda row: len(row.needs)),
        Column("column.essentials_before", "count", 13, lambda row: met_by(view.after.levels_before, row)),
        Column(met, "count", 13, lambda row: met_by(view.after.levels_after, row)),
        Column(
            "column.all_essentials",
            "status",
            20,
            formula=lambda line: context.met(line[met], line[essentials]),
        ),
        Column("column.occupation_code", "code", 30, lambda row: row.measures.occupation),
    )


def _codes(view: PlanView, labels: Labels, occupation: str) -> str:
    row = view.catalog.occupation_by_id[occupation]
    codes = (("ISCO-08", row.isco08), (labels.texts("phrase.nkz"), row.nkz_code))
    return ", ".join(f"{name} {code}" for name, code in codes if code)


def write_occupations(context: Context, sheet: Sheet) -> OccupationCells:
    """Write the sheet; return where its columns stand."""
    rows = target_rows(context.view)
    table = target_table(context)
    sheet.set_widths(table.widths)
    top = sheet.heading("title.occupations", "how.occupations")
    placed = table.write(sheet, top + 1, rows)
    placed.page(2, name="occupations")
    if rows:
        context.colour_status(sheet, placed.first, placed.place("column.all_essentials"), placed.last)
        link_to_chart(sheet, top, BARS.heading, placed.last + 2)
        _write_chart(context, placed)
    return OccupationCells(
        programme=placed.range("column.programme"),
        essentials=placed.range("column.essentials"),
        met_before=placed.range("column.essentials_before"),
        met_after=placed.range("column.essentials_after"),
        cover_before=placed.range("column.cover_before"),
        cover_after=placed.range("column.cover_after"),
    )


BARS = Bars("heading.cover", "column.occupation", ("column.cover_before", "column.cover_after"), "axis.cover")


def _of(placed: Placed[TargetRow], key: str, one: TargetRow) -> Term:
    """Return what stands in a column of an occupation, wherever its row is sorted to."""
    mine = (placed.range("column.programme"), "=", constant(one.programme))
    named = (placed.range("column.occupation_code"), "=", constant(one.measures.occupation))
    return sum_where(placed.range(key), mine, named)


def _write_chart(context: Context, placed: Placed[TargetRow]) -> None:
    """Write the occupations again with short names, the least covered first, and a chart of them."""
    sheet, row = placed.sheet, placed.last + 2
    ranked = sorted(placed.lines(), key=lambda one: (one[1].measures.cover_after, one[0]))
    shown = ranked[: bar_room(sheet, row, BARS)]
    table = [
        (
            shortened(f"{one.programme}: {context.labels.occupation(one.measures.occupation)}", MOST_LETTERS),
            [_of(placed, key, one) for key in BARS.columns],
        )
        for _, one in shown
    ]

    def message(names: Range, values: Sequence[Range]) -> Term:
        told = {
            "occupation": name_of_extreme(names, values[1], "MIN"),
            "least": percent(context.texts, extreme(values[1], "MIN")),
        }
        return sentence(context.texts, "sentence.cover", told)

    note = limited(context.texts, len(shown), len(ranked))
    place = ChartPlace(label=(0, 1), values=(2, 3), chart=(4, placed.table.last))
    write_bars(sheet, row, BARS, place, table, message, note)
