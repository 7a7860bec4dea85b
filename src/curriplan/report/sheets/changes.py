"""The Changes sheet of a plan that was made anew after a review."""

from __future__ import annotations

from curriplan.report.formula import difference
from curriplan.report.sheets.context import Context
from curriplan.report.tables.changes import AnswerRow, Answers, ChangeRow, FigureRow
from curriplan.report.workbook import Column, Sheet
from curriplan.review import ReviewRecord

WIDTHS = (13, 13, 40, 22, 40, 22, 52)
LAST = len(WIDTHS) - 1
ANSWERS = (
    Column("column.programme", "code", 0),
    Column("column.index", "code", 0),
    Column("column.module", "text", 0),
    Column("column.asked", "text", 0),
    Column("column.comment", "text", 0),
    Column("column.reviewer", "text", 0),
    Column("column.answer", "text", 0),
)
CHANGES = (
    Column("column.programme", "code", 0),
    Column("column.index", "code", 0),
    Column("column.module", "text", 0),
    Column("column.change", "text", 0),
    Column("column.before_review", "text", 0),
    Column("column.after_review", "text", 0),
    Column("column.reason", "text", 0),
)
FIGURES = (
    Column("column.what", "text", 0),
    Column("column.before_review", "money", 0),
    Column("column.after_review", "money", 0),
    Column("column.difference", "money", 0),
)
FIGURE_PLACES = (0, 3, 4, 5)
"""Columns of the figures: the name stretches over three."""


def add_changes_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.changes"), WIDTHS)


def write_changes(context: Context, sheet: Sheet, record: ReviewRecord) -> None:
    """Write the sheet."""
    answers = Answers(context.view, context.labels, record)
    row = sheet.heading("title.changes", "how.changes")
    sheet.freeze(row)
    sheet.across(row, _account(context, record, len(answers.changes())), "label")
    row = _write_answers(context, sheet, row + 2, answers.answers())
    row = _write_changes(context, sheet, row + 1, answers.changes())
    _write_figures(context, sheet, row + 1, answers.figures())
    sheet.protect()


def _account(context: Context, record: ReviewRecord, others: int) -> str:
    key = "phrase.review_account" if record.planned_anew else "phrase.review_account_same"
    return context.texts(
        key,
        file=record.file,
        sha256=record.plan_sha256[:12],
        decisions=len(record.decided),
        comments=len(record.commented),
        others=others,
    )


def _write_answers(context: Context, sheet: Sheet, row: int, rows: tuple[AnswerRow, ...]) -> int:
    sheet.across(row, context.texts("heading.answers"), "heading")
    first = sheet.header(row + 1, ANSWERS)
    sheet.keep_together(row, first)
    for place, line in enumerate(rows, start=first):
        values = (
            line.programme,
            line.module,
            line.name,
            line.asked,
            line.comment,
            line.reviewer,
            line.answer,
        )
        for column, value in enumerate(values):
            sheet.text(place, column, value, ANSWERS[column].style)
    return first + len(rows)


def _write_changes(context: Context, sheet: Sheet, row: int, rows: tuple[ChangeRow, ...]) -> int:
    sheet.across(row, context.texts("heading.other_changes"), "heading")
    if not rows:
        sheet.across(row + 1, context.texts("phrase.no_other_changes"), "plain")
        return row + 2
    first = sheet.header(row + 1, CHANGES)
    sheet.keep_together(row, first)
    for place, line in enumerate(rows, start=first):
        values = (
            line.programme,
            line.module,
            line.name,
            line.change,
            _term(context, line.before),
            _term(context, line.after),
            line.why,
        )
        for column, value in enumerate(values):
            sheet.text(place, column, value, CHANGES[column].style)
    return first + len(rows)


def _term(context: Context, term: int | None) -> str:
    if term is None:
        return context.texts("phrase.not_in_plan")
    return context.texts("phrase.term_short", term=term)


def _write_figures(context: Context, sheet: Sheet, row: int, rows: tuple[FigureRow, ...]) -> None:
    sheet.across(row, context.texts("heading.review_figures"), "heading")
    sheet.keep_together(row, row + min(len(rows), 20) + 2)
    for column, head in zip(FIGURE_PLACES, FIGURES, strict=True):
        last = 2 if column == 0 else column
        sheet.across(row + 1, context.texts.others(head.key), "other_languages", column, last)
        sheet.across(row + 2, context.texts(head.key), "header", column, last)
    for place, line in enumerate(rows, start=row + 3):
        sheet.across(place, line.name, "text", 0, 2)
        for column, value in zip(FIGURE_PLACES[1:], (line.before, line.after), strict=False):
            sheet.number(place, column, value, line.style)
        change = difference(sheet.ref(place, FIGURE_PLACES[2]), sheet.ref(place, FIGURE_PLACES[1]))
        sheet.formula(place, FIGURE_PLACES[3], change, "points" if line.style == "share" else line.style)
