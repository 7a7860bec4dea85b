"""What the sheets of money and hours have in common: a block with its heading, a row of sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.catalog.records import CostPart
from curriplan.report.context import Context
from curriplan.xlsx.formula import sum_where, total, total_known
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

KEPT_ROWS = 6
"""A heading is never printed without its header and a few rows."""


def block(sheet: Sheet, row: int, key: str, columns: Sequence[Column]) -> int:
    """Write a block's heading and header; return its first row."""
    sheet.across(row, sheet.texts(key), "heading")
    sheet.keep_together(row, row + KEPT_ROWS)
    return sheet.header(row + 1, columns)


def write_total(
    sheet: Sheet, row: int, first: int, columns: Sequence[int], text: str, end: int | None = None
) -> list[Term]:
    """Write a total row of the rows from `first` to before `end` (else `row`); return the sums."""
    last = (row if end is None else end) - 1
    for column, shown in enumerate(("", text, "")):
        sheet.text(row, column, shown, "text total")
    return [
        sheet.formula(row, column, total_known(sheet.range(column, first, last)), "money total")
        for column in columns
    ]


def paid_amounts(context: Context, payments: Mapping[str, Range], source: str = "") -> list[Term]:
    """Return what a source pays, or all: in all, for set-up, and anew for each intake that repeats."""
    mine = [(payments["source"], "=", constant(source))] if source else []
    setup = (payments["part"], "=", constant(context.texts(f"cost_part.{CostPart.SETUP}")))
    every = [sum_where(payments[name], *mine) if mine else total(payments[name]) for name in ("kzt", "again")]
    return [every[0], sum_where(payments["kzt"], *mine, setup), every[1]]
