"""The Not selected sheet: what was left out, what stopped it, what would change that."""

from __future__ import annotations

from curriplan.report.context import Context
from curriplan.report.reasons import NotSelectedRow, not_selected_table
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.index", "code", 12),
    Column("column.module", "text", 40),
    Column("column.was_current", "centre", 12),
    Column("column.credits", "credits", 10),
    Column("column.new_cost_all", "money", 14),
    Column("column.closure_gain", "points", 13),
    Column("column.reason", "text", 42),
    Column("column.binding", "text", 44),
    Column("column.change_needed", "text", 44),
)
RESOLVED = Column("column.resolved_reason", "text", 42)


def add_not_selected_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.not_selected"), [column.width for column in COLUMNS])


def write_not_selected(context: Context, sheet: Sheet) -> None:
    """Write the sheet."""
    rows = not_selected_table(context.view, context.labels)
    how, columns = "how.not_selected", list(COLUMNS)
    if context.view.explanation is not None:
        how = "how.not_selected_resolved"
        columns = [RESOLVED if column.key == "column.reason" else column for column in COLUMNS]
    first = sheet.header(sheet.heading("title.not_selected", how), columns)
    for row, line in enumerate(rows, start=first):
        for place, value in enumerate(_values(context, line)):
            sheet.put(row, place, value, COLUMNS[place].style)
    last = first + len(rows) - 1
    sheet.freeze(first, 3)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)


def _values(context: Context, line: NotSelectedRow) -> tuple[str | float | None, ...]:
    return (
        line.programme,
        line.module,
        line.name,
        context.labels.yes_no(line.was_current),
        line.credits,
        line.cost_kzt,
        line.closure_gain,
        line.reason,
        line.binding,
        line.change,
    )
