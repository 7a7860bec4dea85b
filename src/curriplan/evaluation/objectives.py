"""The objectives of ``docs/formulation.md``, recomputed from the decisions of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from curriplan.evaluation.others import Others
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.state import PlanState
from curriplan.evaluation.waits import waits_of
from curriplan.problem.outlooks import Outlook
from curriplan.problem.response import AskedSteps


def no_harm(plan: PlanState) -> float:
    """Σ_p learners · max(0, before(p) − closure(p)) / Σ_p learners, a share of 1 (minimised)."""
    return mean(
        (state.of.programme.learners, max(0.0, before - after))
        for state in plan.states.values()
        if (before := state.of.closure_before) is not None and (after := state.closure) is not None
    )


def closure(plan: PlanState) -> float:
    """Σ_p weight · closure(p) / Σ_p weight, a share of 1 (maximised).

    That of an outlook, where one is asked about.
    """
    if plan.basis.problem.outlook is not None:
        return closure_in(plan, plan.basis.problem.outlook)
    return mean(
        (state.of.weight, after) for state in plan.states.values() if (after := state.closure) is not None
    )


def closure_in(plan: PlanState, outlook: Outlook, *, before: bool = False) -> float:
    """Return C_s, the closure in an outlook: with its shares and its weights (*Outlooks*)."""
    levels = {
        name: state.of.levels_before if before else state.levels_after for name, state in plan.states.items()
    }
    closures = ((outlook.weights[name], outlook.gaps[name].closure(levels[name])) for name in levels)
    return mean((weight, value) for weight, value in closures if value is not None)


def outlooks(plan: PlanState) -> float:
    """(1 − ρ) · Σ_s π_s · C_s + ρ · (Σ_s π_s · C*_s − max_s (C*_s − C_s)), a share of 1 (maximised)."""
    problem = plan.basis.problem
    risk, best = problem.limits.settings.risk or 0.0, problem.limits.outlook_best
    closures = {one.id: closure_in(plan, one) for one in problem.outlooks}
    expected = sum(one.probability * closures[one.id] for one in problem.outlooks)
    possible = sum(one.probability * best[one.id].value for one in problem.outlooks)
    regret = max(best[name].value - value for name, value in closures.items())
    return (1 - risk) * expected + risk * (possible - regret)


def cost(plan: PlanState) -> float:
    """Σ_m set-up + Σ_(p,m) delivery, fees and travel of what is added: new money, KZT (minimised)."""
    return float(plan.cost_kzt)


def disruption(plan: PlanState) -> float:
    """Σ total hours of what changes: current modules dropped or moved, others taken (minimised).

    Current modules that are forbidden do not count.
    """
    return sum((state.once(_changed_hours) for state in plan.states.values()), 0.0)


def _changed_hours(state: ProgrammeState) -> float:
    """Return the hours of one programme that change; a module left out stands in no term."""
    terms_of = state.terms_of
    changed = (
        hours for name, today, hours in state.of.hours_open if today not in terms_of.get(name, (None,))
    )
    return sum(changed, 0.0)


def balance(plan: PlanState) -> float:
    """Σ_p Σ_{t<t'} |load[p,t] − load[p,t']|, credits (minimised)."""
    return sum((state.once(_imbalance) for state in plan.states.values()), 0.0)


def _imbalance(state: ProgrammeState) -> float:
    return sum((abs(one - other) for one, other in combinations(state.term_credits, 2)), 0.0)


def peak(plan: PlanState) -> float:
    """max_(p,t) load[p,t], credits (minimised)."""
    return max((load for state in plan.states.values() for load in state.term_credits), default=0.0)


def distance(plan: PlanState) -> float:
    """Σ_p Σ_(m requires a), both taken, max(0, start of m − start of a), terms (minimised).

    Over the rows of every kind but order, alternatives included.
    """
    return float(sum(state.once(_distance) for state in plan.states.values()))


def _distance(state: ProgrammeState) -> int:
    terms_of = state.terms_of
    return sum(
        max(0, terms_of[row.module][0] - terms_of[row.requires][0])
        for row in state.of.basis.catalog.required_rows
        if row.module in terms_of and row.requires in terms_of
    )


def adaptability(plan: PlanState) -> float:
    """Σ_p learners · a(p) / Σ_p learners, a share of 1 (maximised).

    a(p) = Σ_o d(o) · cover(p,o) / Σ_o d(o) over the occupations with requirements that p does not train
    for; cover(p,o) = Σ_c min(level, required) / Σ_c required.
    """
    return mean(
        (float(state.of.programme.learners), index)
        for state in plan.states.values()
        if (index := state.once(_index)) is not None
    )


def _index(state: ProgrammeState) -> float | None:
    """Return a(p); None where no other occupation has openings."""
    others = state.of.basis.problem.derived(Others)
    return others.index(others.of(state.name), others.held(state.levels_after))


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


def changes(plan: PlanState) -> float:
    """Count the modules that only one of this plan and the compared one takes, or in other terms (minimised).

    The compared plan is the one under review, else the earlier one (§12); a programme of which it has no row
    has no changes, unless no programme has any.
    """
    return float(sum(state.once(_changed_modules) for state in plan.states.values()))


def _changed_modules(state: ProgrammeState) -> int:
    rows = state.of.basis.limits.settings.compared_starts or ()
    offered = {option.module.id for option in state.of.curriculum.open_options}
    compared = {m: (term,) for name, m, term in rows if name == state.name and m in offered}
    own = {module: terms for module, terms in state.terms_of.items() if module in offered}
    if rows and not compared:
        return 0
    return sum(own.get(module) != compared.get(module) for module in {*own, *compared})


def lag(plan: PlanState) -> float:
    """Σ_i w·learners · Σ_{s=since..H} (1 − held(i,s)) / Σ_i w·learners, semesters (minimised)."""
    return mean((one.worth, one.semesters) for one in waits_of(plan))


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
    "changes": changes,
    "lag": lag,
    "outlooks": outlooks,
}
MAXIMISED = ("closure", "adaptability", "fairness", "outlooks")
"""The objectives of which more is better; of the others, less is."""


def objectives_of(plan: PlanState) -> dict[str, float]:
    """Return the value of each objective that can be told.

    `fairness` only where it is known what each reaches alone, `changes` only where there is a plan to
    compare with, `lag` only where something is newly asked, `outlooks` only where the best of each is
    known.
    """
    limits = plan.basis.limits
    told = {
        "fairness": limits.needs_closure_alone or bool(limits.closure_alone),
        "changes": limits.settings.compared_starts is not None or limits.settings.minimises_changes,
        "lag": limits.settings.seeks("lag") or bool(plan.basis.problem.derived(AskedSteps).steps),
        "outlooks": bool(limits.outlook_best),
    }
    return {name: value(plan) for name, value in OBJECTIVES.items() if told.get(name, True)}


def mean(weighted: Iterable[tuple[float, float]]) -> float:
    """Return Σ weight·value / Σ weight of (weight, value) pairs; 0 where there is no weight."""
    rows = tuple(weighted)
    total = sum(weight for weight, _ in rows)
    return sum(weight * value for weight, value in rows) / total if total > 0 else 0.0
