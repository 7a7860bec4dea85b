"""The objectives of ``docs/formulation.md``, recomputed from the decisions of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from curriplan.catalog.records import Catalog
from curriplan.evaluation.state import PlanState


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
    """Σ_m set-up + Σ_(p,m) delivery, fees and travel of what is added: new money, KZT (minimised)."""
    return float(plan.cost_kzt)


def disruption(plan: PlanState) -> float:
    """Σ total hours of what changes: current modules dropped or moved, others taken (minimised).

    Current modules that are forbidden do not count.
    """
    return sum(
        (
            option.module.total_hours
            for state in plan.states.values()
            for option in state.of.curriculum.open_options
            if option.current_term not in state.terms_of.get(option.module.id, (None,))
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


def peak(plan: PlanState) -> float:
    """max_(p,t) load[p,t], credits (minimised)."""
    return max((load for state in plan.states.values() for load in state.term_credits), default=0.0)


def distance(plan: PlanState) -> float:
    """Σ_p Σ_(m requires a), both taken, max(0, start of m − start of a), terms (minimised).

    Over the rows of every kind but order, alternatives included.
    """
    rows = plan.basis.catalog.required_rows
    return float(
        sum(
            max(0, state.terms_of[row.module][0] - state.terms_of[row.requires][0])
            for state in plan.states.values()
            for row in rows
            if row.module in state.terms_of and row.requires in state.terms_of
        )
    )


def adaptability(plan: PlanState) -> float:
    """Σ_p learners · a(p) / Σ_p learners, a share of 1 (maximised).

    a(p) = Σ_o d(o) · cover(p,o) / Σ_o d(o) over the occupations with requirements that p does not train
    for; cover(p,o) = Σ_c min(level, required) / Σ_c required.
    """
    catalog = plan.basis.catalog
    openings, required = _openings(catalog), _required(catalog)
    found = []
    for state in plan.states.values():
        targets = {row.occupation for row in catalog.targets if row.programme == state.name}
        others = [name for name in required if name not in targets]
        if sum(openings.get(name, 0.0) for name in others) > 0:
            index = mean(
                (openings.get(name, 0.0), _cover(required[name], state.levels_after)) for name in others
            )
            found.append((float(state.of.programme.learners), index))
    return mean(found)


def _openings(catalog: Catalog) -> dict[str, float]:
    """Return d(o): openings of the base outlook, or 1 for every occupation where there are none."""
    rows = [row for row in catalog.demand if row.scenario is None]
    if not rows:
        return {row.id: 1.0 for row in catalog.occupations}
    found: dict[str, float] = {}
    for row in rows:
        found[row.occupation] = found.get(row.occupation, 0.0) + row.openings
    return found


def _required(catalog: Catalog) -> dict[str, dict[str, int]]:
    """Return the level of each competency that an occupation asks for, by occupation."""
    found: dict[str, dict[str, int]] = {}
    for row in catalog.occupation_requirements:
        found.setdefault(row.occupation, {})[row.competency] = row.level
    return found


def _cover(required: Mapping[str, int], levels: Mapping[str, int]) -> float:
    have = sum(min(levels.get(competency, 0), level) for competency, level in required.items())
    return have / sum(required.values())


def fairness(plan: PlanState) -> float:
    """min_p closure(p) / alone(p), a share of 1 (maximised); 1 where no programme can close anything."""
    return min(
        (
            state.closure / alone
            for state in plan.states.values()
            if state.closure is not None and (alone := state.closure_alone) is not None
        ),
        default=1.0,
    )


OBJECTIVES: Mapping[str, Callable[[PlanState], float]] = {
    "no_harm": no_harm,
    "closure": closure,
    "cost": cost,
    "disruption": disruption,
    "balance": balance,
    "peak": peak,
    "distance": distance,
    "adaptability": adaptability,
    "fairness": fairness,
}
MAXIMISED = ("closure", "adaptability", "fairness")
"""The objectives of which more is better; of the others, less is."""


def objectives_of(plan: PlanState) -> dict[str, float]:
    """Return the value of each objective; of `fairness` only where it is known what each reaches alone."""
    limits = plan.basis.limits
    known = limits.needs_closure_alone or bool(limits.closure_alone)
    return {name: value(plan) for name, value in OBJECTIVES.items() if name != "fairness" or known}


def mean(weighted: Iterable[tuple[float, float]]) -> float:
    """Return Σ weight·value / Σ weight of (weight, value) pairs; 0 where there is no weight."""
    rows = tuple(weighted)
    total = sum(weight for weight, _ in rows)
    return sum(weight * value for weight, value in rows) / total if total > 0 else 0.0
