"""Sums that several rules and objectives are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import Any

from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Entity, Parts, PlanModel, Serving
from curriplan.problem.outlooks import Outlook
from curriplan.problem.problem import Problem

Rules = tuple[tuple[str, Callable[[PlanModel], None]], ...]
"""The number of each rule, and what writes it."""
CAP = Entity("§10", "budget")
"""The cap on all new money."""
KZT_SCALE = 1000.0
"""Money rows are written in thousand KZT, to keep coefficients near those of the other rows."""


def minus(parts: Iterable[tuple[Any, float]]) -> Parts:
    """Return the negative of a sum."""
    return [(variable, -coefficient) for variable, coefficient in parts]


def times(factor: float, parts: Iterable[tuple[Any, float]]) -> Parts:
    """Return a multiple of a sum."""
    return [(variable, factor * coefficient) for variable, coefficient in parts]


def at_least(model: PlanModel, entity: Entity, parts: Parts, least: float | None) -> None:
    """Require parts ≥ least, if there is a least."""
    if least is not None:
        model.require(entity.rule, parts, ">=", least, entity=entity)


def at_most(model: PlanModel, entity: Entity, parts: Parts, most: float | None) -> None:
    """Require parts ≤ most, if there is a most."""
    if most is not None:
        model.require(entity.rule, parts, "<=", most, entity=entity)


def less(limit: float | None, fixed: float) -> float | None:
    """Return what a limit leaves beside fixed loads."""
    return None if limit is None else limit - fixed


def credit_parts(model: PlanModel, one: ProgrammeProblem, term: int) -> Parts:
    """Return the terms of Σ_m Σ_u ω[m,term−u]·credits(m)·x[p,m,u]."""
    return [
        (variable, weight * model.problem.credits(option))
        for option in one.options
        for variable, weight in model.running(option, term)
    ]


def programme_closure_parts(model: PlanModel) -> dict[str, Parts]:
    """Return the terms of closure(p) = Σ w·reach / W(p), by programme."""
    return {
        one.id: [
            (model.reach[one.id, step.competency, step.level], model.problem.step_share(one, step))
            for step in one.gaps.steps
        ]
        for one in model.problem.programmes
        if one.gaps.total_weight > 0
    }


def outlook_closure_parts(model: PlanModel, outlook: Outlook) -> Parts:
    """Return the terms of C_s = Σ_p weight · Σ w·reach / W(p), with the shares and weights of an outlook."""
    return [
        (reach_of(model, (name, step.competency, step.level)), weight * step.weight / gaps.total_weight)
        for name, weight in outlook.closing.items()
        for gaps in (outlook.gaps[name],)
        for step in gaps.steps
    ]


def reach_of(model: PlanModel, key: tuple[str, str, int]) -> Any:
    """Return the variable of a step, also of one that no target occupation of today asks for."""
    return model.reach.get(key, model.wider_reach.get(key))


def cost_parts(model: PlanModel) -> Parts:
    """Return the terms of the new money: set-up once, the rest by programme; KZT."""
    problem = model.problem
    setup = [(variable, float(problem.money.setup_kzt(name))) for name, variable in model.opened.items()]
    delivery = [
        (variable, float(problem.delivery_cost_kzt(option)))
        for one in problem.programmes
        for option in one.options
        for variable, _ in model.taken(option)
    ]
    sites = [
        part
        for serving in model.servings
        if problem.is_added(serving.option)
        for part in times(_site_kzt(model, serving), serving.terms)
        if part[1]
    ]
    return [*setup, *delivery, *sites]


def _site_kzt(model: PlanModel, serving: Serving) -> float:
    """Return the fees and travel of one unit of a serving."""
    money = model.problem.money
    fees = money.fees_kzt(serving.option, serving.resource, serving.parts)
    return float(fees + money.travel_kzt(serving.option, serving.resource, serving.parts))


def budget_of(source: str, year: int | None) -> Entity:
    """Name the row of what a source has in a year, or without one."""
    return Entity("§10", "source_budget", None, source if year is None else f"{source}:{year}")


def left_without(source: str) -> Entity:
    """Name the rows of what is left when a partner leaves."""
    return Entity("§16", "keep_within", None, source)


def budget_limits(problem: Problem) -> dict[Entity, float]:
    """Return all that budgets say in the rows of `money`: their right sides, in the solver's scale.

    A source without a budget of a year has 0 of it; without a cap new money is not limited.
    """
    cap_kzt, budgets = problem.limits.budget_kzt, problem.money.budgets or {}
    found = {CAP: inf if cap_kzt is None else cap_kzt / KZT_SCALE}
    for source, _ in budgets:
        for year in (None, *problem.money.years):
            found[budget_of(source, year)] = budgets.get((source, year), 0) / KZT_SCALE
    return found


def hours_by_semester(model: PlanModel) -> dict[tuple[str, str], Parts]:
    """Hours that decisions use, by limited resource and calendar semester."""
    capacity, catalog = model.problem.capacity, model.problem.catalog
    found: dict[tuple[str, str], Parts] = {}
    for serving in model.servings:
        if capacity.is_limited(serving.resource.id):
            programme = catalog.programme_by_id[serving.option.programme]
            name = serving.option.module.id
            hours = capacity.site_hours(programme, name, serving.resource, serving.parts)
            shares = capacity.semester_shares(serving.option, serving.group[0])
            for semester, share in shares.items():
                found.setdefault((serving.resource.id, semester), []).extend(
                    times(hours * share, serving.terms)
                )
    return found
