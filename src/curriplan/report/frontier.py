"""The Frontier sheet: what each budget buys at best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from curriplan.plan.frontier import Frontier, FrontierPoint
from curriplan.report.labels import Labels
from curriplan.xlsx.charts import Axis, Figure, Kind, Series, money_axis
from curriplan.xlsx.formula import Term, constant, extreme, money_words, percent, ratio, sentence
from curriplan.xlsx.styles import LINE, SERIES
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Book, Box, Sheet

COLUMNS = (
    Column("column.budget_kzt", "money", 18),
    Column("column.status", "centre", 22),
    Column("column.closure", "share", 14),
    Column("column.cost_kzt", "money", 18),
    Column("column.gained", "points", 14),
    Column("column.price_of_point", "money", 18),
    Column("column.worst_closure", "share", 14),
    Column("column.essentials_met", "count", 14),
    Column("column.modules_added", "count", 14),
    Column("column.remark", "text", 24),
    Column("column.point_label", "text", 24),
)
BUDGET, CLOSURE, COST, GAINED, PRICE = 0, 2, 3, 4, 5
LABEL = len(COLUMNS) - 1
CHART_ROWS = 22
MOST_LABELS = 12


def write_frontier(labels: Labels, book: Book, frontier: Frontier) -> None:
    """Write the sheet: one row a budget; gains and prices are formulas over the rows."""
    texts = labels.texts
    sheet = book.sheet(texts("sheet.frontier"), [column.width for column in COLUMNS])
    top = sheet.heading("title.frontier", "how.frontier")
    first = sheet.header(top, COLUMNS)
    for row, point in enumerate(frontier.points, start=first):
        _write_point(labels, sheet, row, point)
        if row > first:
            _write_gain(sheet, row, frontier.points[row - first - 1 : row - first + 1])
        _write_label(labels, sheet, row, point)
    sheet.freeze(first, 1)
    sheet.repeat(first - 1, first - 1)
    _write_chart(labels, sheet, first + len(frontier.points) + 1, first, frontier)


def _write_point(labels: Labels, sheet: Sheet, row: int, point: FrontierPoint) -> None:
    style = " total" if point.is_current else ""
    values = (
        point.budget_kzt,
        labels.texts(f"frontier_status.{point.status}"),
        point.closure,
        point.cost_kzt,
        None,
        None,
        point.worst_closure,
        point.essentials_met,
        point.modules_added,
        labels.texts("phrase.current_budget") if point.is_current else "",
    )
    for place, value in enumerate(values):
        sheet.put(row, place, value, COLUMNS[place].style + style)


def _write_gain(sheet: Sheet, row: int, pair: tuple[FrontierPoint, ...]) -> None:
    before, after = pair
    if before.closure is None or after.closure is None:
        return
    style = " total" if after.is_current else ""
    gained = sheet.formula(
        row, GAINED, sheet.ref(row, CLOSURE) - sheet.ref(row - 1, CLOSURE), "points" + style
    )
    if after.closure - before.closure > 1e-9:
        spent = sheet.ref(row, COST) - sheet.ref(row - 1, COST)
        sheet.formula(row, PRICE, ratio(spent, gained * constant(100)), "money" + style)


def _write_label(labels: Labels, sheet: Sheet, row: int, point: FrontierPoint) -> None:
    """Write what stands beside the point in the chart."""
    style = "text total" if point.is_current else "text"
    if point.closure is None:
        sheet.text(row, LABEL, "", style)
        return
    shown = percent(labels.texts, sheet.ref(row, CLOSURE))
    if point.is_current:
        shown = sentence(labels.texts, "phrase.current_point", {"closure": shown})
    sheet.formula(row, LABEL, shown, style)


def _write_chart(labels: Labels, sheet: Sheet, row: int, first: int, frontier: Frontier) -> None:
    """Draw the points with a label on each, joined by a line, the present budget marked."""
    lines = {
        line: point for line, point in enumerate(frontier.points, start=first) if point.closure is not None
    }
    if not lines:
        return
    sheet.across(row, labels.texts("heading.frontier_chart"), "heading")
    sheet.formula_across(row + 1, _message(labels, sheet, lines), "note", 0, LABEL)
    figure = Figure(
        kind=Kind.POINTS,
        message=sheet.cells(row + 1, 0, row + 1, 0),
        description=labels.texts("heading.frontier_chart"),
        series=(_line(sheet, first, min(lines), max(lines)), *_points(sheet, lines)),
        places=_budget_axis(labels, [point.budget_kzt for point in lines.values()]),
        values=_closure_axis(labels, [point.closure or 0.0 for point in lines.values()]),
    )
    sheet.chart(figure, Box(row + 2, row + 1 + CHART_ROWS, 0, LABEL))
    sheet.keep_together(row, row + 1 + CHART_ROWS)


def _message(labels: Labels, sheet: Sheet, lines: Mapping[int, FrontierPoint]) -> Term:
    """Say what the present budget closes and what money can buy at most."""
    texts = labels.texts
    told = {"most": percent(texts, extreme(sheet.range(CLOSURE, min(lines), max(lines)), "MAX"))}
    current = next((line for line, point in lines.items() if point.is_current), None)
    if current is None:
        return sentence(texts, "sentence.frontier_alone", told)
    told["budget"] = money_words(texts, sheet.ref(current, BUDGET))
    told["closure"] = percent(texts, sheet.ref(current, CLOSURE))
    return sentence(texts, "sentence.frontier", told)


def _line(sheet: Sheet, first: int, start: int, end: int) -> Series:
    name = sheet.cells(first - 1, CLOSURE, first - 1, CLOSURE)
    places, values = (sheet.cells(start, one, end, one) for one in (BUDGET, CLOSURE))
    return Series(name, places, values, LINE, joined=True)


def _points(sheet: Sheet, lines: Mapping[int, FrontierPoint]) -> tuple[Series, ...]:
    """Return a series of its own for each point: its name is its label, in every program alike."""
    every = math.ceil(len(lines) / MOST_LABELS)
    return tuple(
        Series(
            name=sheet.cells(line, LABEL, line, LABEL),
            places=sheet.cells(line, BUDGET, line, BUDGET),
            values=sheet.cells(line, CLOSURE, line, CLOSURE),
            colour=SERIES[1] if point.is_current else SERIES[0],
            labelled=point.is_current or place % every == 0,
            above=point.is_current,
        )
        for place, (line, point) in enumerate(lines.items())
    )


def _budget_axis(labels: Labels, budgets: Sequence[int]) -> Axis:
    low, high = min(budgets), max(budgets)
    low = 0 if low < high / 2 else low - (high - low) // 10
    return money_axis(labels.texts("axis.budget"), labels.texts("axis.budget_millions"), high, low=low)


def _closure_axis(labels: Labels, closures: Sequence[float]) -> Axis:
    """Return an axis with room for labels below the lowest point and above the highest."""
    low = max(0.0, math.floor(min(closures) * 10 - 0.5) / 10)
    high = min(1.1, math.ceil(max(closures) * 10 + 0.5) / 10)
    return Axis(labels.texts("axis.closure"), low, high, 0.1 if high - low <= 0.61 else 0.2, "0%")
