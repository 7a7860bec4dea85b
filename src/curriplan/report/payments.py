"""The Payments sheet: every payment of the plan, the rows that the sums of the budget are made of."""

from __future__ import annotations

from collections.abc import Mapping

from curriplan.catalog.records import CostPart
from curriplan.report.budget_rows import PaymentRow, payment_table
from curriplan.report.context import Context
from curriplan.xlsx.formula import Match, Range, ratio, sum_where
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

COLUMNS = (
    Column("column.source_code", "code", 14),
    Column("column.funding_source", "text", 30),
    Column("column.index", "code", 12),
    Column("column.module", "text", 44),
    Column("column.cost_part", "text", 16),
    Column("column.year", "term", 10),
    Column("column.paid_kzt", "money", 16),
    Column("column.item_kzt", "money", 16),
    Column("column.carried_share", "share", 12),
    Column("column.max_share", "share", 12),
    Column("column.status", "status", 16),
)
SOURCE, SOURCE_NAME, MODULE, NAME, PART, YEAR, KZT, ITEM, CARRIED, MOST, STATUS = range(11)


def add_payment_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.payments"), [column.width for column in COLUMNS])


def write_payments(context: Context, sheet: Sheet) -> dict[str, Range]:
    """Write the payments; return the columns that the budget is summed from."""
    rows = payment_table(context.view, context.labels)
    first = sheet.header(sheet.heading("title.payments", "how.payments"), COLUMNS)
    last = first + len(rows) - 1
    for row, line in enumerate(rows, start=first):
        _write_row(sheet, row, line)
    places = {"source": SOURCE, "module": MODULE, "part": PART, "year": YEAR, "kzt": KZT}
    columns = {name: sheet.range(place, first, last) for name, place in places.items()}
    for row, line in enumerate(rows, start=first):
        _write_share(context, sheet, row, line, columns)
    sheet.freeze(first, 2)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)
    context.colour_bad(sheet, first, STATUS, max(first, last))
    return columns


def _write_row(sheet: Sheet, row: int, line: PaymentRow) -> None:
    texts = (line.source, line.source_name, line.module, line.name, line.part_name)
    for place, text in enumerate(texts):
        sheet.text(row, place, text, COLUMNS[place].style)
    sheet.number(row, YEAR, line.year, "term")
    sheet.number(row, KZT, line.kzt, "money")
    sheet.number(row, ITEM, line.item_kzt, "money")
    sheet.number(row, MOST, line.max_share, "share")


def _write_share(
    context: Context, sheet: Sheet, row: int, line: PaymentRow, columns: Mapping[str, Range]
) -> None:
    """Write the share of the item that the source carries; set-up is one item in all its years."""
    places = {"source": SOURCE, "module": MODULE, "part": PART}
    if line.part is not CostPart.SETUP:
        places["year"] = YEAR
    matches: list[Match] = [(columns[name], "=", sheet.ref(row, place)) for name, place in places.items()]
    share = ratio(sum_where(columns["kzt"], *matches), sheet.ref(row, ITEM))
    carried = sheet.formula(row, CARRIED, share, "share")
    if line.max_share is None or isinstance(carried.value, str):
        sheet.text(row, STATUS, "–", "status")
    else:
        sheet.formula(row, STATUS, context.status("<=", carried, sheet.ref(row, MOST)), "status")
