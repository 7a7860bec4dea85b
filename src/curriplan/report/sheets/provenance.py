"""The Provenance sheet: inputs with their hashes, norms, settings, the solver's word, assumptions."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.report.sheets.context import Context
from curriplan.report.tables.provenance import (
    StageRow,
    assumption_lines,
    attribution_lines,
    input_table,
    last_points,
    norm_table,
    setting_table,
    source_counts,
    stage_table,
    warning_lines,
)
from curriplan.report.workbook import Column, Sheet

WIDTHS = (42, 26, 16, 26, 16, 30)
LAST = len(WIDTHS) - 1
SHORT_LIST = 10
"""A list of so many lines is printed on one page."""

CATALOG_ROWS = ("catalog", "version", "source", "sha256", "tool")
INPUT_COLUMNS = (
    Column("column.table", "code", 0),
    Column("column.rows", "count", 0),
    Column("column.sha256", "hash", 0),
)
STAGE_COLUMNS = (
    Column("column.objective", "text", 0),
    Column("column.value", "number", 0),
    Column("column.bound", "number", 0),
    Column("column.gap", "share", 0),
    Column("column.final_value", "number", 0),
    Column("column.tolerance", "number", 0),
)
ROW_SOURCE_COLUMNS = (
    Column("column.table", "code", 0),
    Column("column.row_sources", "text", 0),
)
NORM_COLUMNS = (
    Column("column.norm", "text", 0),
    Column("column.key", "code", 0),
    Column("column.value", "text", 0),
    Column("column.verified", "text", 0),
    Column("column.source", "text", 0),
)


def add_provenance_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.provenance"), WIDTHS)


def write_provenance(context: Context, sheet: Sheet) -> None:
    """Write the sheet."""
    row = sheet.heading("title.provenance", "how.provenance")
    sheet.freeze(row)
    row = _write_catalog(context, sheet, row + 1)
    row = _write_stages(context, sheet, row + 1)
    row = _write_settings(context, sheet, row + 1)
    row = _write_norms(context, sheet, row + 1)
    row = _write_inputs(context, sheet, row + 1)
    row = _write_row_sources(context, sheet, row + 1)
    assumptions = assumption_lines(context.view, context.labels)
    row = _write_lines(sheet, row + 1, "heading.assumptions", assumptions)
    row = _write_lines(sheet, row + 1, "heading.warnings", warning_lines(context.view, context.labels))
    _write_lines(sheet, row + 1, "heading.attribution", attribution_lines(context.view))


def _write_pairs(sheet: Sheet, row: int, pairs: Sequence[tuple[str, str]]) -> int:
    for label, value in pairs:
        sheet.text(row, 0, label, "text group")
        sheet.across(row, value, "text", 1)
        row += 1
    return row


def _write_catalog(context: Context, sheet: Sheet, row: int) -> int:
    view, reference = context.view, context.view.plan.catalog
    sheet.across(row, context.texts("heading.inputs"), "heading")
    values = (
        f"{view.catalog.info.title(context.texts.language)} ({reference.id})",
        reference.version,
        reference.source or "—",
        reference.sha256,
        view.tool,
    )
    labels = (context.texts(f"provenance.{name}") for name in CATALOG_ROWS)
    return _write_pairs(sheet, row + 1, list(zip(labels, values, strict=True)))


def _write_stages(context: Context, sheet: Sheet, row: int) -> int:
    sheet.across(row, context.texts("heading.solver"), "heading")
    status = context.texts(f"plan_status.{context.view.plan.status}")
    row = _write_pairs(sheet, row + 1, [(context.texts("provenance.status"), status)])
    first = sheet.header(row, STAGE_COLUMNS)
    rows = stage_table(context.view, context.labels)
    for place, line in enumerate(rows, start=first):
        _write_stage(context, sheet, place, line)
    price = last_points(context.view, context.labels)
    pairs = [(context.texts("phrase.last_points_title"), price)] if price else []
    return _write_pairs(sheet, first + len(rows), pairs)


def _write_stage(context: Context, sheet: Sheet, row: int, line: StageRow) -> None:
    sheet.text(row, 0, line.objective, "text")
    sheet.number(row, 1, line.stage.value, line.style)
    unknown = context.texts("phrase.unknown")
    sheet.put(row, 2, unknown if line.stage.bound is None else line.stage.bound, f"text {line.style} right")
    sheet.put(row, 3, unknown if line.stage.gap is None else line.stage.gap, "text gap right")
    sheet.number(row, 4, line.final_value, line.style)
    sheet.number(row, 5, line.tolerance, line.style)


def _write_settings(context: Context, sheet: Sheet, row: int) -> int:
    sheet.across(row, context.texts("heading.settings"), "heading")
    pairs = setting_table(context.view, context.labels)
    sheet.keep_together(row, row + len(pairs))
    return _write_pairs(sheet, row + 1, pairs)


def _write_norms(context: Context, sheet: Sheet, row: int) -> int:
    rows = norm_table(context.view, context.labels)
    if not rows:
        return row
    sheet.across(row, context.texts("heading.norms"), "heading")
    sheet.keep_together(row, row + 2 + len(rows))
    first = sheet.header(row + 1, NORM_COLUMNS, LAST)
    for place, line in enumerate(rows, start=first):
        for column, text in enumerate((line.name, line.key, line.value, line.verified)):
            sheet.text(place, column, text, NORM_COLUMNS[column].style)
        sheet.across(place, line.source, "text", len(NORM_COLUMNS) - 1)
    return first + len(rows)


def _write_inputs(context: Context, sheet: Sheet, row: int) -> int:
    rows = input_table(context.view)
    sheet.across(row, context.texts("heading.tables"), "heading")
    sheet.keep_together(row, row + 2 + len(rows))
    first = sheet.header(row + 1, INPUT_COLUMNS, LAST)
    for place, line in enumerate(rows, start=first):
        sheet.text(place, 0, line.table, "code")
        sheet.number(place, 1, line.rows, "count")
        sheet.across(place, line.sha256, "hash", 2)
    return first + len(rows)


def _write_row_sources(context: Context, sheet: Sheet, row: int) -> int:
    """Write how many rows of each table are estimates, and what the others rest on."""
    rows = source_counts(context.view, context.labels)
    if not rows:
        return row
    sheet.across(row, context.texts("heading.sources_of_rows"), "heading")
    sheet.keep_together(row, row + 2 + len(rows))
    first = sheet.header(row + 1, ROW_SOURCE_COLUMNS, LAST)
    return _write_pairs(sheet, first, rows)


def _write_lines(sheet: Sheet, row: int, key: str, lines: Sequence[str]) -> int:
    if not lines:
        return row
    sheet.across(row, sheet.texts(key), "heading")
    # The last lines are never left alone on a page: short lists stay whole.
    sheet.keep_together(row, row + (len(lines) if len(lines) <= SHORT_LIST else 4))
    for line in lines:
        row += 1
        sheet.across(row, line, "plain")
    return row + 2
