"""The labour functions below a working curriculum: each with the modules that serve it."""

from __future__ import annotations

from curriplan.report.formula import Term, choose, constant, holds
from curriplan.report.sheets.context import Context
from curriplan.report.tables.functions import FunctionRow, function_table
from curriplan.report.workbook import Sheet

COLUMNS = (
    ("column.index", "code", 1, 1),
    ("column.labour_function", "text", 2, 3),
    ("column.occupation", "text", 4, 8),
    ("column.serving_modules", "text", 9, 13),
    ("column.serving_count", "term", 14, 14),
    ("column.status", "status", 15, 16),
)
"""Header, style, and the first and last of the sheet's columns that it takes: they are narrow."""
FIRST, LAST = COLUMNS[0][2], COLUMNS[-1][3]
COUNT, STATUS = COLUMNS[-2][2], COLUMNS[-1][2]


def write_functions(context: Context, sheet: Sheet, programme: str, row: int) -> int:
    """Write the labour functions of the programme's occupations (§15); return the next free row."""
    table = function_table(context.view, context.labels, programme)
    if not table.rows:
        return row
    texts = context.texts
    sheet.across(row, texts("heading.labour_functions"), "heading", FIRST, LAST)
    for key, _, first, last in COLUMNS:
        sheet.across(row + 1, texts(key), "header", first, last)
    body = row + 2
    for place, line in enumerate(table.rows, start=body):
        _write_row(context, sheet, place, line)
    end = body + len(table.rows)
    untied = ", ".join(table.untied) or texts("phrase.none")
    sheet.across(end, texts("phrase.untied_modules", modules=untied), "note", FIRST, LAST)
    context.colour_status(sheet, body, STATUS, end - 1)
    sheet.keep_together(row, min(end, body + 4))
    return end + 2


def _write_row(context: Context, sheet: Sheet, row: int, line: FunctionRow) -> None:
    texts = (line.function, line.name, line.occupation, ", ".join(line.modules))
    for (_, style, first, last), text in zip(COLUMNS, texts, strict=False):
        sheet.across(row, text, style, first, last)
    sheet.number(row, COUNT, len(line.modules), "term")
    status = _status(context, sheet, row, line)
    if isinstance(status, str):
        sheet.across(row, status, "status", STATUS, LAST)
    else:
        sheet.formula_across(row, status, "status", STATUS, LAST)


def _status(context: Context, sheet: Sheet, row: int, line: FunctionRow) -> Term | str:
    """Return whether a function is covered; one that no module serves is not asked for."""
    if not line.can_be_served:
        return context.texts("phrase.no_module_serves")
    good, bad = constant(context.texts("status.covered")), constant(context.texts("status.uncovered"))
    return choose(holds(">=", sheet.ref(row, COUNT), constant(1)), good, bad)
