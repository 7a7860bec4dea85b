"""The Changes sheet of a plan that was made anew after a review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.evaluation.swaps import Swap
from curriplan.plan.comparison import compare_plans
from curriplan.plan.plan import Decision, Plan
from curriplan.problem.review import PlanChoice, ReviewChange, ReviewLine, ReviewRecord
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.report.reasons import not_selected_table, why_chosen
from curriplan.report.review import reason_against
from curriplan.report.view import PlanView
from curriplan.xlsx.formula import difference
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

Key = tuple[str, str]
SMALLEST_DIFFERENCE = 1e-9


@dataclass(frozen=True)
class AnswerRow:
    """A row of the Review sheet in which somebody wrote something, and its answer."""

    programme: str
    module: str
    name: str
    asked: str
    comment: str
    reviewer: str
    answer: str


@dataclass(frozen=True)
class ChangeRow:
    """A module that nobody decided on and that is not as it was; a term is None where it is left out."""

    programme: str
    module: str
    name: str
    change: str
    before: int | None
    after: int | None
    why: str


@dataclass(frozen=True)
class FigureRow:
    """A figure of both plans."""

    name: str
    before: float | None
    after: float | None
    style: str


class Answers:
    """Puts the outcome of a review into words."""

    def __init__(self, view: PlanView, labels: Labels, record: ReviewRecord) -> None:
        self.view, self.labels, self.record = view, labels, record
        self.texts = labels.texts
        self._planned = {(row.programme, row.module): row for row in view.plan.modules}
        self._changes = {(row.programme, row.module): row for row in record.changes}
        self._reasons: dict[Key, str] | None = None

    def answers(self) -> tuple[AnswerRow, ...]:
        """Return every row in which somebody wrote something, the whole plan first."""
        return tuple(self._answered(line) for line in self.record.lines)

    def changes(self) -> tuple[ChangeRow, ...]:
        """Return what changed although nobody asked for it."""
        rows = (row for row in self.record.changes if not row.asked_for)
        return tuple(self._changed(row) for row in rows)

    def figures(self) -> tuple[FigureRow, ...]:
        """Return closure, money and hours of both plans, as far as they differ."""
        if self.view.reviewed is None:
            return ()
        return tuple(self._figures(self.view.reviewed))

    def _answered(self, line: ReviewLine) -> AnswerRow:
        if line.programme is None or line.module is None:
            name, answer = self.texts("phrase.whole_plan"), self._plan_answer(line)
        else:
            key = (line.programme, line.module)
            name, answer = self.labels.module(line.module), self._module_answer(line, key)
        return AnswerRow(
            line.programme or "",
            line.module or "",
            name,
            self._asked(line),
            line.comment,
            ", ".join(part for part in (line.reviewer, line.date) if part),
            answer,
        )

    def _asked(self, line: ReviewLine) -> str:
        if line.decision is None:
            return ""
        word = self.texts(f"review_choice.{line.decision}")
        if line.term is None:
            return word
        return f"{word}, {self.texts('phrase.term_short', term=line.term)}"

    def _plan_answer(self, line: ReviewLine) -> str:
        if line.decision == PlanChoice.APPROVE:
            return self.texts("reply.approved")
        if line.decision is None:
            return self.texts("reply.noted")
        return self.texts("reply.planned_anew" if self.record.planned_anew else "reply.nothing_asked")

    def _module_answer(self, line: ReviewLine, key: Key) -> str:
        if line.decision is None:
            return self._comment_answer(key)
        planned = self._planned.get(key)
        if planned is None or planned.decision is Decision.DROPPED:
            return self.texts("reply.absent" if key in self._changes else "reply.stays_out")
        before = self._changes[key].before if key in self._changes else planned.term
        if before is None:
            return self.texts("reply.taken", term=planned.term)
        if before != planned.term:
            return self.texts("reply.moved", term=planned.term, before=before)
        return self.texts("reply.stays", term=planned.term)

    def _comment_answer(self, key: Key) -> str:
        """Answer a comment without a decision: what became of the module, and why."""
        if key in self._changes:
            change = self._changed(self._changes[key])
            return self.texts("reply.changed", change=change.change, why=change.why)
        return self.texts("reply.unchanged", why=self._why(key))

    def _changed(self, row: ReviewChange) -> ChangeRow:
        key = (row.programme, row.module)
        word = "taken" if row.before is None else "left_out" if row.after is None else "moved"
        why = [self._why(key), *self._as_good(row)]
        return ChangeRow(
            row.programme,
            row.module,
            self.labels.module(row.module),
            self.texts(f"plan_change.{word}"),
            row.before,
            row.after,
            "; ".join(why),
        )

    def _as_good(self, row: ReviewChange) -> Iterator[str]:
        """Say where a move serves nothing: the plan would be as good with the module where it was."""
        back = Swap(row.programme, row.module, row.after or 0, row.module, row.before or 0)
        if back in self.view.swaps:
            yield self.texts("phrase.as_good_before", term=row.before)

    def _why(self, key: Key) -> str:
        planned = self._planned.get(key)
        if planned is not None and planned.decision is not Decision.DROPPED:
            return why_chosen(self.view, self.labels, planned)
        if self._reasons is None:
            rows = not_selected_table(self.view, self.labels)
            self._reasons = {(row.programme, row.module): reason_against(row) for row in rows}
        return self._reasons.get(key, self.texts("why.dropped"))

    def _figures(self, reviewed: Plan) -> Iterator[FigureRow]:
        comparison = compare_plans(reviewed, self.view.plan)
        for one in comparison.measures:
            if _differs(one.first, one.second) or one.name in ("closure_after", "cost_kzt"):
                style = "share" if one.name.startswith("closure_after") else "money"
                name = self.labels.measure(one.name) + (f": {one.programme}" if one.programme else "")
                yield FigureRow(name, one.first, one.second, style)
        for row in comparison.money:
            name = f"{self.labels.funding_source(row.name)}, {self.texts('unit.KZT')}"
            yield FigureRow(name, row.first, row.second, "money")
        for row in comparison.hours:
            name = f"{self.labels.resource(row.name)}, {self.texts('unit.h')}"
            yield FigureRow(name, row.first, row.second, "hours")


def _differs(one: float | None, other: float | None) -> bool:
    return one != other if one is None or other is None else abs(one - other) > SMALLEST_DIFFERENCE


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
