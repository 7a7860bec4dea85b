"""The sheets Reasons and Limits: what planning anew says of each module and each limit."""

from __future__ import annotations

from curriplan.explanation import Explanation
from curriplan.report.tables.explanation import LimitRow, ReasonRow, limit_rows, reason_rows
from curriplan.report.tables.labels import Labels
from curriplan.report.workbook import Book, Column

REASON_COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.index", "code", 14),
    Column("column.module", "text", 40),
    Column("column.taken", "centre", 10),
    Column("column.term_number", "centre", 10),
    Column("column.closure_lost", "points", 13),
    Column("column.new_cost_all", "money", 14),
    Column("column.resolved_reason", "text", 70),
    Column("column.todo", "text", 50),
)
LIMIT_COLUMNS = (
    Column("column.limit_name", "text", 60),
    Column("column.state", "text", 32),
    Column("column.gain_5", "points", 13),
    Column("column.gain_10", "points", 13),
    Column("column.todo", "text", 70),
)


def write_reasons(labels: Labels, book: Book, explanation: Explanation) -> None:
    """Write the sheet of the modules."""
    sheet = book.sheet(labels.texts("sheet.reasons"), [column.width for column in REASON_COLUMNS])
    first = sheet.header(sheet.heading("title.reasons", "how.reasons"), REASON_COLUMNS)
    rows = reason_rows(explanation, labels)
    for row, line in enumerate(rows, start=first):
        for place, value in enumerate(_reason_values(labels, line)):
            sheet.put(row, place, value, REASON_COLUMNS[place].style)
    sheet.freeze(first, 3)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, first + len(rows) - 1, len(REASON_COLUMNS) - 1)


def _reason_values(labels: Labels, line: ReasonRow) -> tuple[str | float | None, ...]:
    return (
        line.programme,
        line.module,
        line.name,
        labels.yes_no(line.is_chosen),
        line.term,
        line.exactly_lost,
        None if line.is_chosen else line.money_kzt,
        line.reason,
        line.todo,
    )


def write_limits(labels: Labels, book: Book, explanation: Explanation) -> None:
    """Write the sheet of the limits."""
    sheet = book.sheet(labels.texts("sheet.limits"), [column.width for column in LIMIT_COLUMNS])
    first = sheet.header(sheet.heading("title.limits", "how.limits"), LIMIT_COLUMNS)
    for row, line in enumerate(limit_rows(explanation, labels), start=first):
        for place, value in enumerate(_limit_values(line)):
            sheet.put(row, place, value, LIMIT_COLUMNS[place].style)
    sheet.freeze(first, 1)
    sheet.repeat(first - 1, first - 1)


def _limit_values(line: LimitRow) -> tuple[str | float | None, ...]:
    return (line.limit, line.state, line.gain_5, line.gain_10, line.todo)
