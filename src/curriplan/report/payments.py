"""The Payments sheet: every payment of the plan, the rows that the sums of the budget are made of."""

from __future__ import annotations

from curriplan.catalog.records import CostPart
from curriplan.report.budget_rows import PaymentRow, payment_table
from curriplan.report.context import Context
from curriplan.xlsx.formula import Match, ratio, sum_where
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Table
from curriplan.xlsx.term import Range, Term

KEYS = {
    "source": "column.source_code",
    "module": "column.index",
    "part": "column.cost_part",
    "year": "column.year",
    "kzt": "column.paid_kzt",
    "again": "column.again_kzt",
}
"""The columns that the budget is summed from."""


def table_of(context: Context) -> Table[PaymentRow]:
    """Return the table of the payments."""
    return Table(
        Column(KEYS["source"], "code", 14, lambda line: line.source),
        Column("column.funding_source", "text", 30, lambda line: line.source_name),
        Column(KEYS["module"], "code", 12, lambda line: line.module),
        Column("column.module", "text", 44, lambda line: line.name),
        Column(KEYS["part"], "text", 16, lambda line: line.part_name),
        Column(KEYS["year"], "term", 10, lambda line: line.year),
        Column(KEYS["kzt"], "money", 16, lambda line: line.kzt),
        Column(KEYS["again"], "money", 16, lambda line: line.again_kzt),
        Column("column.item_kzt", "money", 16, lambda line: line.item_kzt),
        Column("column.carried_share", "share", 12, formula=_carried, late=True),
        Column("column.max_share", "share", 12, lambda line: line.max_share),
        Column("column.status", "status", 16, formula=lambda line: _status(context, line), late=True),
    )


def _carried(line: Line[PaymentRow]) -> Term:
    """Return the share of the item that the source carries; set-up is one item in all its years."""
    names = ["source", "module", "part"] + ([] if line.row.part is CostPart.SETUP else ["year"])
    matches: list[Match] = [(line.range(KEYS[name]), "=", line[KEYS[name]]) for name in names]
    return ratio(sum_where(line.range(KEYS["kzt"]), *matches), line["column.item_kzt"])


def _status(context: Context, line: Line[PaymentRow]) -> Term | str:
    carried = line["column.carried_share"]
    if line.row.max_share is None or isinstance(carried.value, str):
        return "–"
    return context.status("<=", carried, line["column.max_share"])


def write_payments(context: Context, sheet: Sheet) -> dict[str, Range]:
    """Write the payments; return the columns that the budget is summed from."""
    table = table_of(context)
    sheet.set_widths(table.widths)
    rows = payment_table(context.view, context.labels)
    placed = table.write(sheet, sheet.heading("title.payments", "how.payments"), rows)
    placed.page(2, name="payments")
    last = max(placed.first, placed.last)
    context.colour_bad(sheet, placed.first, placed.place("column.status"), last)
    return {name: placed.range(key) for name, key in KEYS.items()}
