"""The sheet of expenses: new money by module and part of cost, and who pays for what and when."""

from __future__ import annotations

from collections.abc import Mapping

from curriplan.catalog.records import CostPart
from curriplan.report.budget_blocks import block, write_total
from curriplan.report.budget_rows import MoneyRow, money_table, source_name
from curriplan.report.context import Context, ExpenseCells
from curriplan.xlsx.formula import Match, sum_where, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, constant

WIDTHS = (14, 44, 26, 16, 16, 16, 16, 18)

PART_COLUMNS = (
    Column("column.setup", "money", 0),
    Column("column.delivery", "money", 0),
    Column("column.fees", "money", 0),
    Column("column.travel", "money", 0),
)
"""One for each `CostPart`, in its order."""
MONEY_COLUMNS = (
    Column("column.index", "code", 0),
    Column("column.module", "text", 0),
    Column("column.programmes", "text", 0),
    *PART_COLUMNS,
    Column("column.money_total", "money", 0),
)
PAID_COLUMNS = (
    Column("column.source_code", "code", 0),
    Column("column.funding_source", "text", 0),
    Column("column.year", "centre", 0),
    *PART_COLUMNS,
    Column("column.money_total", "money", 0),
)

FIRST_PART, WHOLE = 3, 3 + len(PART_COLUMNS)
"""Columns of the cost parts, and of their sum."""


def add_expenses_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.expenses"), WIDTHS, is_detail=True)


def write_expenses(context: Context, sheet: Sheet, payments: Mapping[str, Range]) -> ExpenseCells:
    """Write the sheet; return where its totals stand."""
    row = sheet.heading("title.expenses", "how.expenses")
    sheet.freeze(row)
    cells, row = _write_money(context, sheet, row + 1)
    _write_paid(context, sheet, row + 1, payments)
    return cells


def _write_money(context: Context, sheet: Sheet, row: int) -> tuple[ExpenseCells, int]:
    """Write the new money by module and cost part: set-up once, the rest for each programme."""
    first = block(sheet, row, "heading.new_money", MONEY_COLUMNS)
    rows = money_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_money_row(sheet, place, line)
    end = first + len(rows)
    sheet.sortable("new_money", first - 1, end - 1, WHOLE)
    sums = write_total(sheet, end, first, range(FIRST_PART, WHOLE + 1), context.texts("phrase.total"))
    return ExpenseCells(sums[-1], sums[0]), end + 1


def _write_money_row(sheet: Sheet, row: int, line: MoneyRow) -> None:
    sheet.text(row, 0, line.module, "code")
    sheet.text(row, 1, line.name, "text")
    sheet.text(row, 2, line.programmes, "text")
    for column, part in enumerate(CostPart, start=FIRST_PART):
        sheet.number(row, column, line.kzt[part], "money")
    _write_whole(sheet, row)


def _write_whole(sheet: Sheet, row: int, look: str = "") -> None:
    parts = [sheet.ref(row, column) for column in range(FIRST_PART, WHOLE)]
    sheet.formula(row, WHOLE, total_of(parts), "money" + look)


def _write_paid(context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range]) -> int:
    """Write what each source pays in each year by cost part, then all sources together by year."""
    rows = list(dict.fromkeys((one.source, one.year) for one in context.view.plan.payments))
    order = {name: place for place, name in enumerate(context.view.problem.money.sources)}
    rows.sort(key=lambda one: (order.get(one[0], len(order)), *one))
    first = block(sheet, row, "heading.paid", PAID_COLUMNS)
    for place, (source, year) in enumerate(rows, start=first):
        _write_paid_row(context, sheet, place, payments, year, source)
    years = first + len(rows)
    end = years
    for end, year in enumerate(sorted({year for _, year in rows}), start=years):
        _write_paid_row(context, sheet, end, payments, year)
    end += bool(rows)
    write_total(sheet, end, first, range(FIRST_PART, WHOLE + 1), context.texts("phrase.total"), years)
    sheet.keep_together(row, end)
    return end + 1


def _write_paid_row(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range], year: int, source: str = ""
) -> None:
    """Write the payments of a source in a year; without a source, of all together."""
    look = "" if source else " group"
    name = source_name(context.labels, source) if source else context.texts("phrase.all_sources")
    sheet.text(row, 0, source, "code" + look)
    sheet.text(row, 1, name, "text" + look)
    sheet.number(row, 2, year, "term" + look)
    mine = [(payments["source"], "=", sheet.ref(row, 0))] if source else []
    _write_parts(context, sheet, row, payments, look, *mine, (payments["year"], "=", sheet.ref(row, 2)))


def _write_parts(
    context: Context, sheet: Sheet, row: int, payments: Mapping[str, Range], look: str, *matches: Match
) -> None:
    """Write the payments that match by cost part, and their sum."""
    for column, part in enumerate(CostPart, start=FIRST_PART):
        of_part = (payments["part"], "=", constant(context.texts(f"cost_part.{part}")))
        sheet.formula(row, column, sum_where(payments["kzt"], *matches, of_part), "money" + look)
    _write_whole(sheet, row, look)
