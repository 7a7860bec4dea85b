"""The sheet of equally good swaps: what could stand in another module's place, or in another term."""

from __future__ import annotations

from curriplan.evaluation.swaps import Swap
from curriplan.report.context import Context
from curriplan.xlsx.table import Column, Table


def swap_table(context: Context) -> Table[Swap]:
    """Return the table of the swaps."""
    module = context.labels.module
    same = context.texts("phrase.same_module")
    return Table(
        Column("column.programme", "code", 12, lambda swap: swap.programme),
        Column("column.index", "code", 12, lambda swap: swap.module),
        Column("column.instead_of", "text", 46, lambda swap: module(swap.module)),
        Column("column.its_term", "term", 12, lambda swap: swap.term),
        Column("column.replacement_index", "code", 12, lambda swap: swap.replacement),
        Column(
            "column.replacement",
            "text",
            46,
            lambda swap: same if swap.replacement == swap.module else module(swap.replacement),
        ),
        Column("column.replacement_term", "term", 12, lambda swap: swap.replacement_term),
    )


def write_swaps(context: Context) -> None:
    """Add the sheet and write it: one row a swap."""
    table = swap_table(context)
    sheet = context.book.sheet(context.texts("sheet.swaps"), table.widths, is_detail=True)
    table.write(sheet, sheet.heading("title.swaps", "how.swaps"), context.view.swaps).page(3, name="swaps")
