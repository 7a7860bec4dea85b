"""The Frontier sheet: what each budget buys at best."""

from __future__ import annotations

from curriplan.frontier import Frontier, FrontierPoint
from curriplan.report.formula import constant, ratio
from curriplan.report.tables.labels import Labels
from curriplan.report.workbook import Book, Column, Sheet

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
)
CLOSURE, COST, GAINED, PRICE = range(2, 6)


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
    sheet.freeze(first, 1)
    sheet.repeat(first - 1, first - 1)


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
