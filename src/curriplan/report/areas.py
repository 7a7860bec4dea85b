"""Closure by area of competencies: a table with live sums over the rows of the Gaps sheet, and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curriplan.report.context import Context
from curriplan.report.gap_rows import PlannedGapRow
from curriplan.xlsx.figures import Bars, ChartPlace, bar_chart, bar_header, bar_room, header_cell, limited
from curriplan.xlsx.formula import (
    Match,
    Range,
    Term,
    extreme,
    name_of_extreme,
    percent,
    products_where,
    ratio,
    sentence,
)
from curriplan.xlsx.workbook import Sheet

TWO_LINES = 2.6
"""Letters of a row whose label may wrap: where it does not fit, every other label is left out."""
BARS = Bars(
    "heading.areas",
    "column.area",
    ("column.closure_before", "column.closure_after"),
    "axis.closure",
    TWO_LINES,
)
LABEL, WORTH, BEFORE, AFTER = 0, 2, 3, 4
PLACE = ChartPlace(label=(LABEL, 1), values=(BEFORE, AFTER), chart=(5, 17))


@dataclass(frozen=True)
class GapColumns:
    """Columns of the rows that are summed up."""

    area: Range
    programme_weight: Range
    weight: Range
    open_before: Range
    open_after: Range


def write_areas(
    context: Context, sheet: Sheet, row: int, rows: Sequence[PlannedGapRow], columns: GapColumns
) -> int:
    """Write the areas, the least closed first; return the next free row."""
    areas = _areas(rows)
    if not areas:
        return row
    shown = areas[: bar_room(sheet, row, BARS)]
    first = bar_header(sheet, row, BARS, PLACE)
    header_cell(sheet, row + 1, "column.gap_share", WORTH, WORTH)
    end = first + len(shown)
    for line, area in enumerate(shown, start=first):
        sheet.across(line, area, "text", LABEL, 1)
        _write_sums(sheet, line, columns, "share", (columns.area, "=", sheet.ref(line, LABEL)))
    sheet.across(end, context.texts("phrase.all_areas"), "text total", LABEL, 1)
    _write_sums(sheet, end, columns, "share total")

    def message(names: Range, values: Sequence[Range]) -> Term:
        told = {
            "area": name_of_extreme(names, values[1], "MIN"),
            "least": percent(context.texts, extreme(values[1], "MIN")),
            "all": percent(context.texts, sheet.ref(end, AFTER)),
        }
        return sentence(context.texts, "sentence.areas", told)

    note = limited(context.texts, len(shown), len(areas))
    return bar_chart(sheet, row, BARS, PLACE, (first, end - 1), message, note, below=end + 1)


def _areas(rows: Sequence[PlannedGapRow]) -> list[str]:
    """Return the areas in which anything is missing, the least closed by the plan first."""
    worth: dict[str, float] = {}
    left: dict[str, float] = {}
    for row in rows:
        area = row.gap.area
        worth[area] = worth.get(area, 0.0) + row.programme_weight * row.gap.weight
        left[area] = left.get(area, 0.0) + row.programme_weight * row.open_after
    missing = [area for area, value in worth.items() if value > 0]
    return sorted(missing, key=lambda area: (-left[area] / worth[area], area))


def _write_sums(sheet: Sheet, row: int, columns: GapColumns, style: str, *matches: Match) -> None:
    """Write the share of the whole gap and what of it is closed, today and by the plan."""
    worth = products_where(columns.programme_weight, columns.weight, *matches)
    whole = products_where(columns.programme_weight, columns.weight)
    sheet.formula(row, WORTH, ratio(worth, whole), style)
    for column, still_open in ((BEFORE, columns.open_before), (AFTER, columns.open_after)):
        closed = worth - products_where(columns.programme_weight, still_open, *matches)
        sheet.formula(row, column, ratio(closed, worth), style)
