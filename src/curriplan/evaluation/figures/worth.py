"""Credits, occupations, and what a learner-point costs, programme by programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.result import Evaluation, ProgrammeMeasures
from curriplan.evaluation.state import PlanState
from curriplan.plan.figures import ProgrammeFigures


def programme_figures(
    today: PlanState, plan: PlanState, evaluation: Evaluation
) -> tuple[ProgrammeFigures, ...]:
    """Return the figures of each planned programme, in catalog order."""
    shares = setup_shares(plan)
    return tuple(
        _of_programme(today.states[one.programme], plan.states[one.programme], one, shares[one.programme])
        for one in evaluation.programmes
    )


def kzt_per_point(programmes: Sequence[ProgrammeFigures]) -> float | None:
    """Return all new money over all learner-points; None where no points are gained."""
    points = sum(row.learner_points or 0.0 for row in programmes)
    return sum(row.money_kzt for row in programmes) / points if points > 0 else None


def setup_shares(plan: PlanState) -> dict[str, int]:
    """Return the set-up of each programme: a module's is shared out by learners of those who add it.

    Whole KZT, in catalog order, the first ones rounded down, so that the sum is exact.
    """
    found = dict.fromkeys(plan.states, 0)
    for module, kzt in plan.setup_cost_kzt.items():
        adding = [state for state in plan.states.values() if module in state.added]
        learners = [state.of.programme.learners for state in adding]
        counted = 0
        for place, state in enumerate(adding):
            before = kzt * counted // sum(learners)
            counted += learners[place]
            found[state.name] += kzt * counted // sum(learners) - before
    return found


def _of_programme(
    today: ProgrammeState, state: ProgrammeState, measures: ProgrammeMeasures, setup_kzt: int
) -> ProgrammeFigures:
    added = _credits_of(state, set(state.terms_of) - set(today.terms_of))
    dropped = _credits_of(today, set(today.terms_of) - set(state.terms_of))
    points, money = _learner_points(measures), setup_kzt + state.cost_kzt
    return ProgrammeFigures(
        programme=state.name,
        credits_norm=state.of.basis.limits.min_credits(state.of.programme),
        credits_today=sum(today.term_credits, 0.0),
        credits_plan=sum(state.term_credits, 0.0),
        credits_filled=max(0.0, added - dropped),
        credits_exchanged=min(added, dropped),
        occupations=len(measures.occupations),
        occupations_not_met_today=len(not_met(state, state.of.levels_before)),
        occupations_not_met=len(not_met(state, state.levels_after)),
        setup_share_kzt=setup_kzt,
        money_kzt=money,
        learner_points=points,
        kzt_per_learner_point=money / points if points is not None and points > 0 else None,
    )


def _credits_of(state: ProgrammeState, modules: set[str]) -> float:
    by_id = state.of.basis.catalog.module_by_id
    return sum((by_id[name].credits or 0.0 for name in sorted(modules)), 0.0)


def _learner_points(one: ProgrammeMeasures) -> float | None:
    """Return 100 · (closure after − before) · learners; None where nothing is missing."""
    if one.closure_after is None or one.closure_before is None:
        return None
    return 100 * (one.closure_after - one.closure_before) * one.learners


def not_met(state: ProgrammeState, levels: Mapping[str, int]) -> set[str]:
    """Return the target occupations that ask for a level above the one held."""
    return {
        need.requirement.occupation
        for need in state.of.gaps.needs
        if levels.get(need.requirement.competency, 0) < need.requirement.level
    }
