"""The Review sheet: a row for the plan and one for each module, with yellow cells to decide in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from curriplan.base import semesters
from curriplan.plan.plan import Decision, PlannedModule, plan_sha256
from curriplan.problem.review import Choice, PlanChoice, ReviewDecision
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.report.reasons import NotSelectedRow, not_selected_table, why_chosen
from curriplan.report.view import PlanView
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet

PLAN_KEY = "plan"
LEFT_OUT = "left_out"
"""The proposal for a module that the plan leaves out and nobody teaches today."""


@dataclass(frozen=True)
class ReviewRow:
    """A module of a programme: what is proposed, and the decision that holds already.

    Parameters
    ----------
    key : str
        Programme, module and a hash of all that is proposed.
    proposal : str
        A value of `Decision`, or ``left_out``.
    term : int or None
        The proposed term, today's for a module that is dropped.
    choice : Choice or None
        The decision of an earlier review, in terms of this proposal.
    pinned : int or None
        Its semester.
    """

    key: str
    programme: str
    module: str
    name: str
    proposal: str
    word: str
    term: int | None
    semester: str
    credits: float | None
    cost_kzt: int
    why: str
    choice: Choice | None = None
    pinned: int | None = None


def plan_key(view: PlanView) -> str:
    """Return the key of the row of the whole plan."""
    return f"{PLAN_KEY}|{plan_sha256(view.plan)[:12]}"


def review_table(view: PlanView, labels: Labels) -> tuple[ReviewRow, ...]:
    """Return the modules of the plan by programme and term, dropped ones last."""
    decided = {one.key: one for one in view.limits.settings.review}
    reasons = _reasons_against(view, labels, decided)
    order = {name: place for place, name in enumerate(view.limits.planned)}
    rows = [_row(view, labels, row, reasons, decided) for row in view.plan.modules]
    rows += _left_out(view, labels, reasons, decided)

    def place(row: ReviewRow) -> tuple[int, int, int]:
        last = {Decision.DROPPED.value: 1, LEFT_OUT: 2}.get(row.proposal, 0)
        return (order[row.programme], last, row.term or 0)

    return tuple(sorted(rows, key=place))


def _reasons_against(
    view: PlanView, labels: Labels, decided: dict[tuple[str, str], ReviewDecision]
) -> dict[tuple[str, str], str]:
    """Return why modules are not in the plan, where any of them stands on the sheet."""
    dropped = any(row.decision is Decision.DROPPED for row in view.plan.modules)
    if not dropped and not any(one.term is None for one in decided.values()):
        return {}
    return {(row.programme, row.module): reason_against(row) for row in not_selected_table(view, labels)}


def reason_against(row: NotSelectedRow) -> str:
    """Return why a module is not in the plan, with the rules that stop it."""
    return "; ".join(part for part in (row.reason, row.binding) if part)


def _row(
    view: PlanView,
    labels: Labels,
    planned: PlannedModule,
    reasons: dict[tuple[str, str], str],
    decided: dict[tuple[str, str], ReviewDecision],
) -> ReviewRow:
    key = (planned.programme, planned.module)
    is_dropped = planned.decision is Decision.DROPPED
    why = reasons.get(key) if is_dropped else None
    return _made(
        view,
        labels,
        key,
        planned.decision.value,
        planned.term,
        why or why_chosen(view, labels, planned),
        decided.get(key),
    )


def _left_out(
    view: PlanView,
    labels: Labels,
    reasons: dict[tuple[str, str], str],
    decided: dict[tuple[str, str], ReviewDecision],
) -> Iterator[ReviewRow]:
    """Yield what a review left out and nobody teaches today: its decision must stay in sight."""
    shown = {(row.programme, row.module) for row in view.plan.modules}
    for key, decision in sorted(decided.items()):
        if key not in shown and key[0] in view.limits.planned:
            yield _made(view, labels, key, LEFT_OUT, None, reasons.get(key, ""), decision)


def _made(
    view: PlanView,
    labels: Labels,
    key: tuple[str, str],
    proposal: str,
    term: int | None,
    why: str,
    decision: ReviewDecision | None,
) -> ReviewRow:
    programme, module = key
    start = view.catalog.programme_by_id[programme].start
    record = view.catalog.module_by_id[module]
    taken = proposal not in (Decision.DROPPED.value, LEFT_OUT)
    cost = sum(view.running_costs.get(key, {}).values()) if taken else 0
    return ReviewRow(
        key=_key(key, proposal, term, record.credits, cost),
        programme=programme,
        module=module,
        name=labels.module(module),
        proposal=proposal,
        word=labels.texts("phrase.not_in_plan" if proposal == LEFT_OUT else f"decision.{proposal}"),
        term=term,
        semester="" if term is None else labels.semester(semesters.of_term(start, term)),
        credits=record.credits,
        cost_kzt=cost,
        why=why,
        choice=None if decision is None else _kept(decision),
        pinned=decision.term if decision is not None and decision.choice is Choice.PIN else None,
    )


def _key(key: tuple[str, str], *proposed: object) -> str:
    digest = hashlib.sha256("|".join(map(str, (*key, *proposed))).encode()).hexdigest()
    return f"{key[0]}|{key[1]}|{digest[:12]}"


def _kept(decision: ReviewDecision) -> Choice:
    """Return a decision that the plan keeps in terms of its proposal: what was rejected then is gone."""
    return Choice.PIN if decision.choice is Choice.PIN else Choice.ACCEPT


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
