"""The Frontier sheet: what each budget buys at best."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from curriplan.catalog.records import Catalog
from curriplan.plan.frontier import Frontier, FrontierPoint, price_of_next
from curriplan.report.basis import by_allotment
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.labels import Labels
from curriplan.texts.words import Words
from curriplan.xlsx.charts import Axis, Figure, Kind, Series, money_axis
from curriplan.xlsx.formula import difference, extreme, ratio
from curriplan.xlsx.printed import Box
from curriplan.xlsx.sentences import money_words, percent, sentence
from curriplan.xlsx.styles import LINE, SERIES
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import Term

CHART_ROWS = 22
NOTHING_GAINED = 1e-9
"""So small a share of closure has no price."""
MOST_LABELS = 12


def frontier_table(texts: Words, points: Sequence[FrontierPoint]) -> Table[FrontierPoint]:
    """Return the table of the points: gains and prices are formulas over the rows."""
    places = {point.budget_kzt: place for place, point in enumerate(points)}

    def look(point: FrontierPoint) -> str:
        return "total" if point.is_current else ""

    return Table(
        Column("column.budget_kzt", "money", 15, lambda point: point.budget_kzt, console="budget"),
        Column("column.status", "centre", 18, lambda point: texts(f"frontier_status.{point.status}")),
        Column("column.closure", "share", 14, lambda point: point.closure),
        Column(style="share", value=lambda point: _ranged(texts, point), console="closure"),
        Column("column.closure_low", "share", 13, lambda point: point.closure_low),
        Column("column.closure_high", "share", 13, lambda point: point.closure_high),
        Column("column.cost_kzt", "money", 15, lambda point: point.cost_kzt, console="cost"),
        Column("column.gained", "points", 14, formula=_gained),
        Column(
            "column.price_of_point",
            "money",
            15,
            lambda point: price_of_next(points, places[point.budget_kzt]),
            _price,
            console="price",
        ),
        Column("column.worst_closure", "share", 14, lambda point: point.worst_closure),
        Column("column.essentials_met", "count", 14, lambda point: point.essentials_met),
        Column("column.occupations_unmet", "count", 14, lambda point: point.occupations_not_met),
        Column("column.modules_added", "count", 14, lambda point: point.modules_added),
        Column(
            "column.remark",
            "text",
            18,
            lambda point: texts("phrase.current_budget") if point.is_current else "",
        ),
        Column("column.point_label", "text", 20, formula=lambda line: _label(texts, line)),
        look=look,
    )


def _ranged(texts: Words, point: FrontierPoint) -> str:
    """Return closure with its range as a terminal has it."""
    return texts.ranged(point.closure, point.closure_low, point.closure_high)


def _gained(line: Line[FrontierPoint]) -> Term | None:
    """Return the percentage points that a budget gains on the one before."""
    above = line.above
    if above is None or above.row.closure is None or line.row.closure is None:
        return None
    return difference(line["column.closure"], above["column.closure"], times=100)


def _price(line: Line[FrontierPoint]) -> Term | None:
    """Return KZT for each percentage point gained, where any is."""
    above = line.above
    if above is None or above.row.closure is None or line.row.closure is None:
        return None
    if line.row.closure - above.row.closure <= NOTHING_GAINED:
        return None
    spent = line["column.cost_kzt"] - above["column.cost_kzt"]
    return ratio(spent, line["column.gained"])


def _label(texts: Words, line: Line[FrontierPoint]) -> Term | str:
    """Return what stands beside the point in the chart."""
    if line.row.closure is None:
        return ""
    shown = percent(texts, line["column.closure"])
    return sentence(texts, "phrase.current_point", {"closure": shown}) if line.row.is_current else shown


def by_today(labels: Labels) -> Iterator[str]:
    """Say whose the budgets are, and of a catalog with outlooks that they are compared without them."""
    yield from by_allotment(labels)
    if labels.catalog.scenarios:
        yield labels.texts("phrase.frontier_by_today")


def write_frontier_workbook(catalog: Catalog, frontier: Frontier, target: Target, language: str) -> None:
    """Write closure against budget to a path or a binary stream: one row a budget, and a chart."""
    labels = Labels(catalog, Words(language))
    table = frontier_table(labels.texts, frontier.points)
    with workbook(labels, target, labels.texts("title.frontier")) as book:
        sheet = book.sheet(labels.texts("sheet.frontier"), table.widths)
        top = first_heading(labels, sheet, "title.frontier", "how.frontier")
        for said in by_today(labels):
            sheet.across(top, said, "note")
            top += 2
        placed = table.write(sheet, top, frontier.points)
        placed.page(1, filtered=False)
        _write_chart(labels, placed)


def _write_chart(labels: Labels, placed: Placed[FrontierPoint]) -> None:
    """Draw the points with a label on each, joined by a line, the present budget marked."""
    sheet, row, last = placed.sheet, placed.last + 2, placed.table.last
    lines = {line: point for line, point in placed.lines() if point.closure is not None}
    if not lines:
        return
    sheet.across(row, labels.texts("heading.frontier_chart"), "heading")
    sheet.formula_across(row + 1, _message(labels, placed, lines), "note", 0, last)
    figure = Figure(
        kind=Kind.POINTS,
        message=sheet.cells(row + 1, 0, row + 1, 0),
        description=labels.texts("heading.frontier_chart"),
        series=(joined_points(placed, min(lines), max(lines), "column.budget_kzt"), *_points(placed, lines)),
        places=_budget_axis(labels, [point.budget_kzt for point in lines.values()]),
        values=closure_axis(labels, [point.closure or 0.0 for point in lines.values()]),
    )
    sheet.chart(figure, Box(row + 2, row + 1 + CHART_ROWS, 0, last))
    sheet.keep_together(row, row + 1 + CHART_ROWS)


def _message(labels: Labels, placed: Placed[FrontierPoint], lines: Mapping[int, FrontierPoint]) -> Term:
    """Say what the present budget closes and what money can buy at most."""
    texts = labels.texts
    closures = placed.sheet.range(placed.place("column.closure"), min(lines), max(lines))
    told = {"most": percent(texts, extreme(closures, "MAX"))}
    current = next((line for line, point in lines.items() if point.is_current), None)
    if current is None:
        return sentence(texts, "sentence.frontier_alone", told)
    told["budget"] = money_words(texts, placed.ref(current, "column.budget_kzt"))
    told["closure"] = percent(texts, placed.ref(current, "column.closure"))
    return sentence(texts, "sentence.frontier", told)


def joined_points(placed: Placed[FrontierPoint], start: int, end: int, across: str) -> Series:
    """Return the line that joins the points of a stretch of rows."""
    places, values = (placed.cells(key, start, end) for key in (across, "column.closure"))
    return Series(placed.header("column.closure"), places, values, LINE, joined=True)


def _points(placed: Placed[FrontierPoint], lines: Mapping[int, FrontierPoint]) -> tuple[Series, ...]:
    """Return a series of its own for each point: its name is its label, in every program alike."""
    every = math.ceil(len(lines) / MOST_LABELS)
    return tuple(
        Series(
            name=placed.cells("column.point_label", line, line),
            places=placed.cells("column.budget_kzt", line, line),
            values=placed.cells("column.closure", line, line),
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


def closure_axis(labels: Labels, closures: Sequence[float]) -> Axis:
    """Return an axis with room for labels below the lowest point and above the highest."""
    low = max(0.0, math.floor(min(closures) * 10 - 0.5) / 10)
    high = min(1.1, math.ceil(max(closures) * 10 + 0.5) / 10)
    return Axis(labels.texts("axis.closure"), low, high, 0.1 if high - low <= 0.61 else 0.2, "0%")
