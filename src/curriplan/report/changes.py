"""The Changes sheet of a plan that was made anew after a review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curriplan.evaluation.swaps import Swap
from curriplan.plan.plan import Decision
from curriplan.plan.replanning import FurtherChanges
from curriplan.problem.review import PlanChoice, ReviewChange, ReviewLine, ReviewRecord
from curriplan.report.context import Context
from curriplan.report.differences import (
    FigureRow,
    challenge_rows,
    difference_words,
    figure_rows,
    figure_table,
)
from curriplan.report.labels import Labels
from curriplan.report.reasons import not_selected_table, why_chosen
from curriplan.report.review import reason_against
from curriplan.report.verbs import said_of
from curriplan.report.versions import version_table
from curriplan.report.view import PlanView
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Row, Table

Key = tuple[str, str]
KEPT_FIGURES = 20
"""So many figures of both plans are printed on one page with their heading."""


class Answers:
    """Puts the outcome of a review into words."""

    def __init__(self, view: PlanView, labels: Labels, record: ReviewRecord) -> None:
        self.view, self.labels, self.record = view, labels, record
        self.texts = labels.texts
        self._planned = {(row.programme, row.module): row for row in view.plan.modules}
        self._changes = {(row.programme, row.module): row for row in record.changes}
        self._reasons: dict[Key, str] | None = None

    @property
    def changes(self) -> tuple[ReviewChange, ...]:
        """What changed although nobody asked for it."""
        return tuple(row for row in self.record.changes if not row.asked_for)

    def figures(self) -> tuple[FigureRow, ...]:
        """Return closure, money and hours of both plans, as far as they differ."""
        reviewed = self.view.reviewed
        return () if reviewed is None else tuple(figure_rows(self.view, self.labels, reviewed))

    def challenges(self) -> tuple[FigureRow, ...]:
        """Return what both plans answer to each challenge."""
        reviewed = self.view.reviewed
        return () if reviewed is None else tuple(challenge_rows(self.view, self.labels, reviewed))

    def name(self, line: ReviewLine) -> str:
        """Return what a row of the Review sheet is about."""
        return self.texts("phrase.whole_plan") if line.module is None else self.labels.module(line.module)

    def answer(self, line: ReviewLine) -> str:
        """Return what came of a row in which somebody wrote something."""
        if line.programme is None or line.module is None:
            return self._plan_answer(line)
        return self._module_answer(line, (line.programme, line.module))

    def asked(self, line: ReviewLine) -> str:
        """Return the decision that was asked for."""
        if line.decision is None:
            return ""
        said = line.decision if line.is_outdated else said_of(line.decision, line.term)
        word = self.texts(f"review_choice.{said}")
        if line.term is None:
            return word
        return f"{word}, {self.texts('phrase.term_short', term=line.term)}"

    def price(self, line: ReviewLine) -> str:
        """Return how the plan differs from the one without the decision of a row; nothing without one."""
        found = self.view.plan.replanning
        price = found.price_of(line.programme, line.module) if found and line.decision else None
        if price is None:
            return ""
        return difference_words(self.texts, price.closure, price.cost_kzt, sign=-1)

    def _plan_answer(self, line: ReviewLine) -> str:
        if line.decision == PlanChoice.APPROVE:
            return self.texts("reply.approved")
        if line.decision is None:
            return self.texts("reply.noted" if line.comment else "reply.seen")
        return self.texts("reply.planned_anew" if self.record.planned_anew else "reply.nothing_asked")

    def _module_answer(self, line: ReviewLine, key: Key) -> str:
        if line.is_outdated:
            return self.texts("reply.outdated")
        if line.decision is None:
            return self._comment_answer(key) if line.comment else self.texts("reply.seen")
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
            row = self._changes[key]
            return self.texts("reply.changed", change=self.change(row), why=self.why_changed(row))
        return self.texts("reply.unchanged", why=self._why(key))

    def change(self, row: ReviewChange) -> str:
        """Return what became of a module."""
        word = "taken" if row.before is None else "left_out" if row.after is None else "moved"
        return self.texts(f"plan_change.{word}")

    def why_changed(self, row: ReviewChange) -> str:
        """Return why a module is not as it was."""
        return "; ".join([self._why((row.programme, row.module)), *self._as_good(row)])

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


def answer_table(answers: Answers) -> Table[ReviewLine]:
    """Return the table of the rows in which somebody wrote something; its widths are the sheet's."""
    return Table(
        Column("column.programme", "code", 11, lambda line: line.programme or ""),
        Column("column.index", "code", 11, lambda line: line.module or ""),
        Column("column.module", "text", 28, answers.name),
        Column("column.asked", "text", 16, answers.asked),
        Column("column.comment", "text", 30, lambda line: line.comment),
        Column(
            "column.reviewer",
            "text",
            16,
            lambda line: ", ".join(part for part in (line.reviewer, line.date) if part),
        ),
        Column("column.answer", "text", 37, answers.answer),
        Column("column.decision_price", "text", 22, answers.price),
        Column("column.written_in", "code", 9, lambda line: line.cell.rpartition("!")[2]),
    )


def change_table(
    answers: Answers, before: str = "before_review", after: str = "after_review", reason_span: int = 1
) -> Table[ReviewChange]:
    """Return the table of what changed although nobody asked for it."""
    texts = answers.texts

    def term(number: int | None) -> str:
        return texts("phrase.not_in_plan") if number is None else texts("phrase.term_short", term=number)

    return Table(
        Column("column.programme", "code", value=lambda row: row.programme),
        Column("column.index", "code", value=lambda row: row.module),
        Column("column.module", value=lambda row: answers.labels.module(row.module)),
        Column("column.change", value=answers.change),
        Column(f"column.{before}", value=lambda row: term(row.before)),
        Column(f"column.{after}", value=lambda row: term(row.after)),
        Column("column.reason", "text", value=answers.why_changed, span=reason_span),
    )


def further_table(answers: Answers, span: int = 1) -> Table[FurtherChanges]:
    """Return the table of what further changes would buy."""
    return Table(
        Column("column.further_changes", "text", value=lambda row: f"+{row.more}", span=2),
        Column(
            "column.bought",
            "text",
            value=lambda row: difference_words(answers.texts, row.closure, row.cost_kzt, row.lag),
            span=span,
        ),
    )


def write_changes(context: Context, sheet: Sheet, record: ReviewRecord) -> None:
    """Write the sheet."""
    answers = Answers(context.view, context.labels, record)
    table = answer_table(answers)
    sheet.set_widths(table.widths)
    row = sheet.heading("title.changes", "how.changes")
    sheet.freeze(row)
    sheet.across(row, _account(context, record, len(answers.changes)), "label")
    versions = context.view.plan.versions
    row = write_part(sheet, row + 2, "heading.versions", version_table(context.view, context.texts), versions)
    row = write_part(sheet, row + 1, "heading.answers", table, record.lines) + 1
    if answers.changes:
        row = write_part(sheet, row, "heading.other_changes", change_table(answers), answers.changes)
    else:
        sheet.across(row, context.texts("heading.other_changes"), "heading")
        sheet.across(row + 1, context.texts("phrase.no_other_changes"), "plain")
        row += 2
    if context.view.plan.replanning is not None and context.view.plan.replanning.further:
        further = context.view.plan.replanning.further
        row = write_part(sheet, row + 1, "heading.further_changes", further_table(answers), further)
    if challenges := answers.challenges():
        kept = min(len(challenges), KEPT_FIGURES) + 2
        closed = figure_table(with_ranges=False)
        row = write_part(sheet, row + 1, "heading.challenges_changed", closed, challenges, kept)
    figures = answers.figures()
    kept = min(len(figures), KEPT_FIGURES) + 2
    write_part(sheet, row + 1, "heading.review_figures", figure_table(with_ranges=True), figures, kept)


def write_part(
    sheet: Sheet, row: int, heading: str, table: Table[Row], rows: Sequence[Row], kept: int = 3
) -> int:
    """Write a heading, on one page with `kept` rows below it, and the table; return the next free row."""
    sheet.across(row, sheet.texts(heading), "heading")
    sheet.keep_together(row, row + kept)
    return table.write(sheet, row + 1, rows).last + 1


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
