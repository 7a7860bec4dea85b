"""The Review sheet: a row for the plan and one for each module, with yellow cells to decide in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curriplan.report.sheets.context import Context
from curriplan.report.tables.review import ReviewRow, plan_key, review_table
from curriplan.report.workbook import Column, Sheet
from curriplan.review import Choice, PlanChoice

COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.index", "code", 12),
    Column("column.module", "text", 36),
    Column("column.proposal", "centre", 13),
    Column("column.term_number", "term", 10),
    Column("column.calendar", "text", 16),
    Column("column.credits", "credits", 9),
    Column("column.new_cost", "money", 14),
    Column("column.why", "text", 40),
    Column("column.review_decision", "open", 16),
    Column("column.pinned_term", "open_code", 13),
    Column("column.comment", "open", 36),
    Column("column.reviewer", "open", 18),
    Column("column.review_date", "open", 12),
    Column("column.review_key", "code", 14),
)
PROGRAMME, INDEX, NAME, PROPOSAL, TERM, CALENDAR, CREDITS, COST, WHY = range(9)
DECISION, PINNED, COMMENT, REVIEWER, DATE, KEY = range(9, 15)
ASKED_FOR = 8
"""Rows in which modules can be asked for that the plan leaves out."""
RowData = dict[str, list[Any]]


def add_review_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.review"), [column.width for column in COLUMNS])


def write_review(context: Context, sheet: Sheet) -> RowData:
    """Write the sheet; return programme, module, proposal and term by key, for the program to read back."""
    rows = review_table(context.view, context.labels)
    plan = sheet.header(sheet.heading("title.review", "how.review"), COLUMNS)
    _write_plan(context, sheet, plan)
    for place, line in enumerate(rows, start=plan + 1):
        _write_row(context, sheet, place, line)
    end = plan + len(rows)
    for place in range(end + 1, end + 1 + ASKED_FOR):
        _write_asked(context, sheet, place)
    _offer_words(context, sheet, plan, end)
    sheet.hide_column(KEY)
    sheet.freeze(plan, 3)
    sheet.repeat(plan - 1, plan - 1)
    sheet.filter(plan - 1, end, len(COLUMNS) - 1)
    sheet.protect()
    return {line.key: [line.programme, line.module, line.proposal, line.term] for line in rows}


def _write_plan(context: Context, sheet: Sheet, row: int) -> None:
    for place, column in enumerate(COLUMNS[:DECISION]):
        sheet.text(row, place, "", f"{column.style} total")
    sheet.text(row, NAME, context.texts("phrase.whole_plan"), "text total")
    for place in (DECISION, COMMENT, REVIEWER, DATE):
        sheet.open(row, place, "")
    # Nothing of the whole plan is pinned to a semester.
    sheet.text(row, PINNED, "", "text total")
    sheet.text(row, KEY, plan_key(context.view), "code")


def _write_row(context: Context, sheet: Sheet, row: int, line: ReviewRow) -> None:
    values = (
        line.programme,
        line.module,
        line.name,
        line.word,
        line.term,
        line.semester,
        line.credits,
        line.cost_kzt,
        line.why,
    )
    for place, value in enumerate(values):
        sheet.put(row, place, value, COLUMNS[place].style)
    word = "" if line.choice is None else context.texts(f"review_choice.{line.choice}")
    _write_open(sheet, row, word, line.pinned)
    sheet.text(row, KEY, line.key, "code")


def _write_open(sheet: Sheet, row: int, decision: str, pinned: int | None) -> None:
    sheet.open(row, DECISION, decision)
    sheet.open(row, PINNED, "" if pinned is None else str(pinned), "open_code")
    for place in (COMMENT, REVIEWER, DATE):
        sheet.open(row, place, "")


def _write_asked(context: Context, sheet: Sheet, row: int) -> None:
    """Write a row in which a module that the plan leaves out can be asked for."""
    for place in (PROGRAMME, INDEX):
        sheet.open(row, place, "")
    sheet.text(row, NAME, context.texts("phrase.ask_for_module"), "text dropped")
    for place in range(PROPOSAL, DECISION):
        sheet.text(row, place, "", COLUMNS[place].style)
    _write_open(sheet, row, "", None)
    sheet.text(row, KEY, "", "code")


def _offer_words(context: Context, sheet: Sheet, plan: int, end: int) -> None:
    def words(choices: Sequence[str]) -> list[str]:
        return [context.texts(f"review_choice.{name}") for name in choices]

    sheet.choose_from(DECISION, plan, plan, words(list(PlanChoice)))
    sheet.choose_from(DECISION, plan + 1, end, words(list(Choice)))
    sheet.choose_from(DECISION, end + 1, end + ASKED_FOR, words([Choice.PIN]))
    programmes = [context.view.catalog.programme_by_id[name] for name in context.view.limits.planned]
    terms = [str(term) for term in range(1, max(row.terms for row in programmes) + 1)]
    sheet.choose_from(PINNED, plan + 1, end + ASKED_FOR, terms)
    sheet.choose_from(PROGRAMME, end + 1, end + ASKED_FOR, context.view.limits.planned)
