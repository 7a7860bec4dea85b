"""The Not selected sheet: what was left out, what stopped it, what would change that."""

from __future__ import annotations

from curriplan.report.context import Context
from curriplan.report.reasons import NotSelectedRow, not_selected_table
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table


def table_of(*, is_resolved: bool) -> Table[NotSelectedRow]:
    """Return the table of what was left out; where the rest was planned anew, the header says so."""
    reason = "column.resolved_reason" if is_resolved else "column.reason"
    return Table(
        Column("column.programme", "code", 12, lambda line: line.programme),
        Column("column.index", "code", 12, lambda line: line.module),
        Column("column.module", "text", 40, lambda line: line.name),
        Column("column.was_current", "centre", 12, lambda line: line.was_current),
        Column("column.credits", "credits", 10, lambda line: line.credits),
        Column("column.new_cost_all", "money", 14, lambda line: line.cost_kzt),
        Column("column.closure_gain", "points", 13, lambda line: 100 * line.closure_gain),
        Column(reason, "text", 42, lambda line: line.reason),
        Column("column.binding", "text", 44, lambda line: line.binding),
        Column("column.change_needed", "text", 44, lambda line: line.change),
    )


def write_not_selected(context: Context, sheet: Sheet) -> None:
    """Write the sheet."""
    is_resolved = context.view.explanation is not None
    table = table_of(is_resolved=is_resolved)
    sheet.set_widths(table.widths)
    how = "how.not_selected_resolved" if is_resolved else "how.not_selected"
    rows = not_selected_table(context.view, context.labels)
    table.write(sheet, sheet.heading("title.not_selected", how), rows).page(3, name="not_selected")
