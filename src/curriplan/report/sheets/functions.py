"""The labour functions below a working curriculum: each with the modules that serve it."""

from __future__ import annotations

from curriplan.report.formula import Term, choose, constant, count_if, holds
from curriplan.report.sheets.context import Context, FunctionCells
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


def write_functions(
    context: Context, sheet: Sheet, programme: str, professional: Term, row: int
) -> tuple[FunctionCells | None, int]:
    """Write the labour functions of the programme's occupations (§15); return the next free row too.

    `professional` counts the professional modules of the plan.
    """
    table = function_table(context.view, context.labels, programme)
    if not table.rows:
        return None, row
    texts = context.texts
    sheet.across(row, texts("heading.labour_functions"), "heading", FIRST, LAST)
    for key, _, first, last in COLUMNS:
        sheet.across(row + 1, texts(key), "header", first, last)
    body = row + 2
    for place, line in enumerate(table.rows, start=body):
        _write_row(context, sheet, place, line)
    end = body + len(table.rows)
    context.colour_status(sheet, body, STATUS, end + 1)
    sheet.keep_together(row, end + 1)
    sheet.keep_together(row, min(end, body + 4))
    statuses = sheet.range(STATUS, body, end - 1)
    covered, uncovered = (
        count_if((statuses, "=", texts(f"status.{one}"))) for one in ("covered", "uncovered")
    )
    tied = _write_ties(context, sheet, end, professional, table.untied)
    return FunctionCells(covered + uncovered, uncovered, *tied), end + 3


def _write_ties(
    context: Context, sheet: Sheet, row: int, professional: Term, untied: tuple[str, ...]
) -> tuple[Term, Term]:
    """Write how many professional modules the plan has, and which of them serve no labour function."""
    texts = context.texts
    names = ", ".join(untied) or texts("phrase.none")
    labels = (texts("phrase.professional_modules"), texts("phrase.untied_modules", modules=names))
    for place, label in enumerate(labels, start=row):
        sheet.across(place, label, "text group", FIRST, COUNT - 1)
    counted = sheet.formula(row, COUNT, professional, "term group")
    sheet.across(row, "", "status group", STATUS, LAST)
    sheet.number(row + 1, COUNT, len(untied), "term group")
    loose = sheet.ref(row + 1, COUNT)
    sheet.formula_across(
        row + 1, context.whether(holds("=", loose, constant(0))), "status group", STATUS, LAST
    )
    return counted, loose


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
