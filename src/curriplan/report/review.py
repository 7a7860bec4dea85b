"""The Review sheet: a row for the plan and one for each module, with yellow cells to decide in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from curriplan.base import semesters
from curriplan.plan.plan import Decision, PlannedModule
from curriplan.problem.review import Choice, PlanChoice, ReviewDecision, ReviewLine
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.report.reasons import NotSelectedRow, not_selected_table, why_chosen
from curriplan.report.verbs import ASKED, LEFT_OUT, Verb, offered_verbs
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table

PLAN_KEY = "plan"


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
    verbs : tuple of Verb
        The decisions that the row offers.
    starts : tuple of int
        The semesters in which the module may start by itself, whatever else is planned.
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
    said: ReviewLine | None = None
    """What stood beside the decision in the review that made the plan: comment, reviewer, date."""
    verbs: tuple[Verb, ...] = ()
    starts: tuple[int, ...] = ()


def plan_key(view: PlanView) -> str:
    """Return the key of the row of the whole plan."""
    return f"{PLAN_KEY}|{view.plan_sha256[:12]}"


def review_table(view: PlanView, labels: Labels) -> tuple[ReviewRow, ...]:
    """Return the modules of the plan by programme and term, dropped ones last."""
    decided = {one.key: one for one in view.limits.settings.review}
    lines = () if view.plan.review is None else view.plan.review.lines
    said = {(line.programme, line.module): line for line in lines if line.decision and not line.is_outdated}
    reasons = _reasons_against(view, labels, decided)
    order = {name: place for place, name in enumerate(view.limits.planned)}
    rows = [_row(view, labels, row, reasons, decided) for row in view.plan.modules]
    rows += _left_out(view, labels, reasons, decided)

    def place(row: ReviewRow) -> tuple[int, int, int]:
        last = {Decision.DROPPED.value: 1, LEFT_OUT: 2}.get(row.proposal, 0)
        return (order[row.programme], last, row.term or 0)

    kept = (replace(row, said=said.get((row.programme, row.module))) if row.choice else row for row in rows)
    return tuple(sorted(kept, key=place))


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
    option = view.curricula.by_programme[programme].options.get(module)
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
        verbs=offered_verbs(proposal, None if option is None else option.standing),
        starts=() if option is None else option.starts,
    )


def _key(key: tuple[str, str], *proposed: object) -> str:
    digest = hashlib.sha256("|".join(map(str, (*key, *proposed))).encode()).hexdigest()
    return f"{key[0]}|{key[1]}|{digest[:12]}"


def _kept(decision: ReviewDecision) -> Choice:
    """Return a decision that the plan keeps in terms of its proposal: what was rejected then is gone."""
    return Choice.PIN if decision.choice is Choice.PIN else Choice.ACCEPT


NAME, DECISION, PINNED = "column.module", "column.review_decision", "column.pinned_term"
KEY = "column.review_key"


def table_of(texts: Words) -> Table[ReviewRow]:
    """Return the table of the modules; what stands before the decision is the proposal."""

    def decision(line: ReviewRow) -> str:
        return "" if line.choice is None else texts(f"review_choice.{line.choice}")

    return Table(
        Column("column.programme", "code", 12, lambda line: line.programme),
        Column("column.index", "code", 12, lambda line: line.module),
        Column(NAME, "text", 36, lambda line: line.name),
        Column("column.proposal", "centre", 13, lambda line: line.word),
        Column("column.term_number", "term", 10, lambda line: line.term),
        Column("column.calendar", "text", 16, lambda line: line.semester),
        Column("column.credits", "credits", 9, lambda line: line.credits),
        Column("column.new_cost", "money", 14, lambda line: line.cost_kzt),
        Column("column.why", "text", 40, lambda line: line.why),
        Column(DECISION, "open", 16, decision, is_open=True),
        Column(
            PINNED,
            "open_code",
            13,
            lambda line: "" if line.pinned is None else str(line.pinned),
            is_open=True,
        ),
        Column("column.comment", "open", 36, lambda line: line.said and line.said.comment, is_open=True),
        Column("column.reviewer", "open", 18, lambda line: line.said and line.said.reviewer, is_open=True),
        Column("column.review_date", "open", 12, lambda line: line.said and line.said.date, is_open=True),
        Column(KEY, "code", 14, lambda line: line.key),
    )


ASKED_FOR = 8
"""Rows in which modules can be asked for that the plan leaves out."""
RowData = dict[str, list[Any]]


def write_review(context: Context, sheet: Sheet) -> RowData:
    """Write the sheet; return programme, module, proposal and term by key, for the program to read back."""
    rows = review_table(context.view, context.labels)
    table = table_of(context.texts)
    sheet.set_widths(table.widths)
    row = sheet.heading("title.review", "how.review")
    for key in ("phrase.review_words", "phrase.review_then"):
        sheet.across(row, context.texts(key), "how")
        row += 1
    plan = sheet.header(row, table.shown)
    _write_plan(context, sheet, table, plan)
    placed = table.fill(sheet, plan + 1, rows)
    end = placed.last
    for row in range(end + 1, end + 1 + ASKED_FOR):
        _write_asked(context, sheet, table, row)
    _offer_words(context, placed, plan)
    sheet.hide_column(table.place(KEY))
    sheet.freeze(plan, 3)
    sheet.repeat(plan - 1, plan - 1)
    sheet.filter(plan - 1, end, table.last)
    return {line.key: [line.programme, line.module, line.proposal, line.term] for line in rows}


def _write_plan(context: Context, sheet: Sheet, table: Table[ReviewRow], row: int) -> None:
    """Write the row of the whole plan, of which nothing is pinned to a semester."""
    said = {NAME: context.texts("phrase.whole_plan"), KEY: plan_key(context.view)}
    for column in table.shown:
        place, text = table.place(column.key), said.get(column.key, "")
        if column.key == PINNED:
            sheet.text(row, place, "", "text total")
        elif column.is_open:
            sheet.open(row, place, "")
        else:
            sheet.text(row, place, text, column.style if column.key == KEY else f"{column.style} total")


def _write_asked(context: Context, sheet: Sheet, table: Table[ReviewRow], row: int) -> None:
    """Write a row in which a module that the plan leaves out can be asked for."""
    for column in table.shown:
        place = table.place(column.key)
        if column.key in ("column.programme", "column.index"):
            sheet.open(row, place, "")
        elif column.is_open:
            sheet.open(row, place, "", column.style)
        elif column.key == NAME:
            sheet.text(row, place, context.texts("phrase.ask_for_module"), "text dropped")
        else:
            sheet.text(row, place, "", column.style)


def _offer_words(context: Context, placed: Placed[ReviewRow], plan: int) -> None:
    """Offer in each row what may be decided there, and the semesters in which its module may start."""
    sheet, end = placed.sheet, placed.last
    decision, pinned, programme = map(placed.place, (DECISION, PINNED, "column.programme"))

    def words(choices: Iterable[PlanChoice | Verb]) -> list[str]:
        return [context.texts(f"review_choice.{name}") for name in choices]

    sheet.choose_from(decision, plan, plan, words(PlanChoice))
    for first, last, row in _runs(placed, lambda row: row.verbs):
        sheet.choose_from(decision, first, last, words(row.verbs))
    for first, last, row in _runs(placed, lambda row: row.starts):
        if row.starts:
            sheet.choose_from(pinned, first, last, list(map(str, row.starts)))
    sheet.choose_from(decision, end + 1, end + ASKED_FOR, words(offered_verbs(ASKED)))
    sheet.choose_from(pinned, end + 1, end + ASKED_FOR, list(map(str, _starts_left(context))))
    sheet.choose_from(programme, end + 1, end + ASKED_FOR, context.view.limits.planned)


def _runs(
    placed: Placed[ReviewRow], of: Callable[[ReviewRow], Hashable]
) -> Iterator[tuple[int, int, ReviewRow]]:
    """Yield first and last row of each stretch of rows that are alike, with its first."""
    for _, group in groupby(placed.lines(), key=lambda line: of(line[1])):
        alike = list(group)
        yield alike[0][0], alike[-1][0], alike[0][1]


def _starts_left(context: Context) -> list[int]:
    """Return the semesters in which some module that the plan leaves out may start."""
    view = context.view
    taken = view.plan.selection.taken
    options = (one for name in view.limits.planned for one in view.curricula.by_programme[name].open_options)
    return sorted({term for one in options if one.key not in taken for term in one.starts})
