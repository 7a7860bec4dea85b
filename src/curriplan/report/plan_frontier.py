"""The sheet of a plan's frontier: closure against cost at other budgets, the plan's own point marked."""

from __future__ import annotations

from collections.abc import Mapping

from curriplan.plan.frontier import FrontierPoint, PlanFrontier
from curriplan.report.basis import basis
from curriplan.report.context import Context, OverviewCells
from curriplan.report.frontier import CHART_ROWS, closure_axis, frontier_table, joined_points
from curriplan.xlsx.charts import Figure, Kind, Series, money_axis
from curriplan.xlsx.formula import GREATER, ratio
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sentences import decimal_text, money_words, percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.styles import SERIES
from curriplan.xlsx.table import Placed
from curriplan.xlsx.term import Term, constant

CLOSURE, COST, LABEL = "column.closure", "column.cost_kzt", "column.point_label"


def write_plan_frontier(
    context: Context, sheet: Sheet, found: PlanFrontier, overview: OverviewCells, new_money: Term
) -> None:
    """Write the sheet: what the next money would bring, the budgets, the plan below them, and a chart."""
    table = frontier_table(context.texts, found.points)
    sheet.set_widths(table.widths)
    row = sheet.heading("title.plan_frontier", "how.plan_frontier")
    has_points = any(point.closure is not None for point in found.points)
    if not has_points or isinstance(overview.total.after.value, str):
        said = "phrase.frontier_nothing_missing" if has_points else "phrase.frontier_none"
        sheet.across(row, context.texts(said), "banner")
        sheet.freeze(row)
        return
    settings, top = context.view.limits.settings, row + 1
    for said in basis(context.labels, weighs_outlooks=settings.risk is not None, promised=settings.promised):
        sheet.across(top, said, "note")
        top += 1
    if not found.is_complete:
        sheet.across(top, context.texts("phrase.frontier_incomplete"), "note")
        top += 1
    placed = table.write(sheet, top + 1, found.points)
    plan = placed.last + 1
    _write_plan(context, placed, plan, overview, new_money)
    lines = {line: point for line, point in placed.lines() if point.closure is not None}
    sheet.formula_across(row, _next_money(context, placed, lines, plan), "sentence", 0, table.last)
    sheet.freeze(placed.first, 1)
    sheet.repeat(placed.first - 1, placed.first - 1)
    _write_chart(context, placed, lines, plan)


def _write_plan(
    context: Context, placed: Placed[FrontierPoint], row: int, overview: OverviewCells, new_money: Term
) -> None:
    """Write the plan's own point below the budgets."""
    sheet = placed.sheet
    for column in placed.table.shown:
        sheet.text(row, placed.place(column.key), "", f"{column.style} total")
    sheet.text(row, 0, context.texts("phrase.this_plan"), "text total")
    sheet.formula(row, placed.place(CLOSURE), overview.total.after, "share total")
    sheet.formula(row, placed.place(COST), new_money, "money total")
    closure = percent(context.texts, placed.ref(row, CLOSURE))
    label = sentence(context.texts, "phrase.plan_point", {"closure": closure})
    sheet.formula(row, placed.place(LABEL), label, "text total")


def _next_money(
    context: Context, placed: Placed[FrontierPoint], lines: Mapping[int, FrontierPoint], plan: int
) -> Term:
    """Say what the first dearer plan of the table that closes more would bring, and at what price."""
    texts, closure, cost = context.texts, placed.ref(plan, CLOSURE), placed.ref(plan, COST)
    told = {"closure": percent(texts, closure), "cost": money_words(texts, cost)}
    better = (
        line
        for line in lines
        if placed.ref(line, CLOSURE).number > closure.number + GREATER
        and placed.ref(line, COST).number > cost.number
    )
    line = next(better, None)
    if line is None:
        return sentence(texts, "sentence.next_money_nothing", told)
    more = placed.ref(line, COST) - cost
    points = (placed.ref(line, CLOSURE) - closure) * constant(100)
    best = max(lines, key=lambda one: placed.ref(one, CLOSURE).number)
    told |= {
        "more": money_words(texts, more),
        "points": decimal_text(points, 1, texts.decimal_mark),
        "reached": percent(texts, placed.ref(line, CLOSURE)),
        "price": money_words(texts, ratio(more, points)),
        "most": percent(texts, placed.ref(best, CLOSURE)),
        "most_cost": money_words(texts, placed.ref(best, COST)),
    }
    return sentence(texts, "sentence.next_money", told)


def _write_chart(
    context: Context, placed: Placed[FrontierPoint], lines: Mapping[int, FrontierPoint], plan: int
) -> None:
    """Draw closure against cost: the budgets joined by a line, and the plan."""
    sheet, row, last, texts = placed.sheet, plan + 2, placed.table.last, context.texts
    sheet.across(row, texts("heading.plan_frontier"), "heading")
    costs = [*(placed.ref(line, COST).number for line in lines), placed.ref(plan, COST).number]
    closures = [*(point.closure or 0.0 for point in lines.values()), placed.ref(plan, CLOSURE).number]
    shown = {point.cost_kzt: line for line, point in lines.items()}
    points = (
        _series(placed, line, SERIES[0], labelled=not lines[line].is_current) for line in shown.values()
    )
    figure = Figure(
        kind=Kind.POINTS,
        message=sheet.cells(row, 0, row, 0),
        description=texts("heading.plan_frontier"),
        series=(
            joined_points(placed, min(lines), max(lines), COST),
            *points,
            _series(placed, plan, SERIES[1], labelled=True, above=True),
        ),
        places=money_axis(texts("axis.cost"), texts("axis.cost_millions"), max(costs), low=min(costs) / 2),
        values=closure_axis(context.labels, closures),
    )
    sheet.chart(figure, Box(row + 1, row + CHART_ROWS, 0, last))
    sheet.keep_together(row, row + CHART_ROWS)


def _series(
    placed: Placed[FrontierPoint], line: int, colour: str, *, labelled: bool, above: bool = False
) -> Series:
    """Return one point as a series of its own: its name is its label."""
    name, place, value = (placed.cells(key, line, line) for key in (LABEL, COST, CLOSURE))
    return Series(name, place, value, colour, labelled=labelled, above=above)
