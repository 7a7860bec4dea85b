"""What may change for a challenge: its closure in each outlook, and the partners that its modules hang on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from curriplan.evaluation.state import PlanState
from curriplan.plan.challenges import ChallengeInOutlook
from curriplan.plan.plan import Selection
from curriplan.problem.outlooks import Outlook
from curriplan.problem.owners import owned_by, partners_of
from curriplan.problem.problem import Problem

Levels = Mapping[str, int]


def in_outlooks(
    outlooks: Collection[Outlook], competencies: Collection[str], plan: PlanState
) -> Iterator[ChallengeInOutlook]:
    """Yield the closure of a challenge in each outlook: the same worth, by its shares and weights."""
    before = {name: state.of.levels_before for name, state in plan.states.items()}
    after = {name: state.levels_after for name, state in plan.states.items()}
    for outlook in outlooks:
        brought = {name: gaps.baseline for name, gaps in outlook.gaps.items()}
        worth = _open(outlook, competencies, brought)
        if worth > 0:
            left, still_left = (_open(outlook, competencies, one) for one in (before, after))
            yield ChallengeInOutlook(outlook.id, max(0.0, 1 - left / worth), max(0.0, 1 - still_left / worth))


def _open(outlook: Outlook, competencies: Collection[str], levels: Mapping[str, Levels]) -> float:
    """Return the part of the closure of an outlook that levels leave open in some competencies."""
    return sum(
        weight * step.weight / outlook.gaps[name].total_weight
        for name, weight in outlook.closing.items()
        for step in outlook.gaps[name].steps
        if step.competency in competencies and step.level > levels[name].get(step.competency, 0)
    )


def partners_behind(
    problem: Problem,
    selection: Selection,
    places: Collection[tuple[str, str]],
    linked: Collection[str],
) -> tuple[str, ...]:
    """Return the partners that pay for some modules of programmes, or at whose sites they are taught.

    A source that is `linked` to the challenge counts for whatever it pays.
    """
    modules = {module for _, module in places}
    paying = {
        row.source
        for row in selection.payments
        if row.kzt > 0 and (row.module in modules or row.source in linked)
    }
    used = {row.resource for row in selection.sites if (row.programme, row.module) in places}
    return tuple(
        name
        for name in partners_of(problem.catalog)
        if name in paying or not used.isdisjoint(owned_by(problem.catalog, name))
    )
