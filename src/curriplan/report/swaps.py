"""The sheet of equally good swaps: what could stand in another module's place, or in another term."""

from __future__ import annotations

from curriplan.evaluation.swaps import Swap
from curriplan.report.context import Context
from curriplan.xlsx.table import Column

COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.index", "code", 12),
    Column("column.instead_of", "text", 46),
    Column("column.its_term", "term", 12),
    Column("column.replacement_index", "code", 12),
    Column("column.replacement", "text", 46),
    Column("column.replacement_term", "term", 12),
)


def write_swaps(context: Context) -> None:
    """Add the sheet and write it: one row a swap."""
    sheet = context.book.sheet(context.texts("sheet.swaps"), [column.width for column in COLUMNS])
    first = sheet.header(sheet.heading("title.swaps", "how.swaps"), COLUMNS)
    for row, swap in enumerate(context.view.swaps, start=first):
        for place, value in enumerate(_values(context, swap)):
            sheet.put(row, place, value, COLUMNS[place].style)
    sheet.freeze(first, 3)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, first + len(context.view.swaps) - 1, len(COLUMNS) - 1)


def _values(context: Context, swap: Swap) -> tuple[str | int, ...]:
    same = swap.replacement == swap.module
    name = context.texts("phrase.same_module") if same else context.labels.module(swap.replacement)
    return (
        swap.programme,
        swap.module,
        context.labels.module(swap.module),
        swap.term,
        swap.replacement,
        name,
        swap.replacement_term,
    )
