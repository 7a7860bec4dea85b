"""The Review sheet: what the plan proposes for each module, and what an earlier review decided of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from curriplan import semesters
from curriplan.plan import Decision, PlannedModule, plan_sha256
from curriplan.report.tables.labels import Labels
from curriplan.report.tables.reasons import NotSelectedRow, not_selected_table, why_chosen
from curriplan.report.view import PlanView
from curriplan.review import Choice, ReviewDecision

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
