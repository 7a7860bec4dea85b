"""What the tables of the sheet for the ministry have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.xlsx.formula import total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Term

CODE, NAME, THIRD, FIRST = range(4)
"""The columns that all tables have alike; figures stand from `FIRST` on."""
KEPT_ROWS = 6
"""A heading is never printed without its header and a few rows."""


def block(sheet: Sheet, row: int, key: str, how: str, columns: Sequence[Column]) -> int:
    """Write a table's heading, a line on how to read it, and its header; return its first row."""
    sheet.across(row, sheet.texts(key), "heading")
    sheet.across(row + 1, sheet.texts(how), "how")
    sheet.keep_together(row, row + KEPT_ROWS)
    return sheet.header(row + 2, columns)


def write_headers(sheet: Sheet, row: int, first: int, columns: Sequence[Column]) -> None:
    """Write the header of columns that do not begin at the left."""
    for place, column in enumerate(columns, start=first):
        sheet.text(row, place, sheet.texts(column.key), "header")


def write_texts(sheet: Sheet, row: int, texts: Sequence[str], look: str = "") -> None:
    """Write the texts that a row begins with: a code, then words."""
    for column, text in enumerate(texts):
        sheet.text(row, column, text, f"{'code' if column == CODE else 'text'} {look}")


def write_totals(
    sheet: Sheet, row: int, first: int, columns: Mapping[int, str], text: str
) -> dict[int, Term]:
    """Write a total row of some columns by their style; return the sums."""
    write_texts(sheet, row, ("", text, ""), "total")
    return {
        column: sheet.formula(row, column, total(sheet.range(column, first, row - 1)), f"{style} total")
        for column, style in columns.items()
    }
