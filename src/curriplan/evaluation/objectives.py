"""The objectives of ``docs/formulation.md``, recomputed from the decisions of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from curriplan.evaluation.state import PlanState
from curriplan.model import Standing


def no_harm(plan: PlanState) -> float:
    """Σ_p learners · max(0, before(p) − closure(p)) / Σ_p learners, a share of 1 (minimised)."""
    return mean(
        (state.of.programme.learners, max(0.0, before - after))
        for state in plan.states.values()
        if (before := state.of.closure_before) is not None and (after := state.closure) is not None
    )


def closure(plan: PlanState) -> float:
    """Σ_p weight · closure(p) / Σ_p weight, a share of 1 (maximised)."""
    return mean(
        (state.of.weight, after) for state in plan.states.values() if (after := state.closure) is not None
    )


def cost(plan: PlanState) -> float:
    """Σ_m set-up + Σ_(p,m) delivery of what is added: new money, KZT (minimised)."""
    return float(plan.cost_kzt)


def disruption(plan: PlanState) -> float:
    """Σ total hours of current modules, forbidden ones aside, that are dropped or moved (minimised)."""
    return sum(
        (
            option.module.total_hours
            for state in plan.states.values()
            for option in state.of.curriculum.current
            if option.standing is not Standing.FORBIDDEN
            and option.current_term not in state.terms_of.get(option.module.id, ())
        ),
        0.0,
    )


def balance(plan: PlanState) -> float:
    """Σ_p Σ_{t<t'} |load[p,t] − load[p,t']|, credits (minimised)."""
    return sum(
        (
            abs(one - other)
            for state in plan.states.values()
            for one, other in combinations(state.term_credits, 2)
        ),
        0.0,
    )


OBJECTIVES: Mapping[str, Callable[[PlanState], float]] = {
    "no_harm": no_harm,
    "closure": closure,
    "cost": cost,
    "disruption": disruption,
    "balance": balance,
}
MAXIMISED = ("closure",)
"""The objectives of which more is better; of the others, less is."""


def mean(weighted: Iterable[tuple[float, float]]) -> float:
    """Return Σ weight·value / Σ weight of (weight, value) pairs; 0 where there is no weight."""
    rows = tuple(weighted)
    total = sum(weight for weight, _ in rows)
    return sum(weight * value for weight, value in rows) / total if total > 0 else 0.0
