"""The objectives as linear expressions, each with the rows that define its variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import pulp

from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.adaptability import adaptability, define_adaptability
from curriplan.optimizer.rules.balance import balance, define_balance, define_peak, peak
from curriplan.optimizer.rules.change import change_parts
from curriplan.optimizer.rules.distance import define_distance, distance
from curriplan.optimizer.rules.lag import define_lag, lag
from curriplan.optimizer.rules.parts import (
    KZT_SCALE,
    cost_parts,
    minus,
    outlook_closure_parts,
    programme_closure_parts,
    times,
)
from curriplan.optimizer.rules.standing import define_wider_reach


@dataclass(frozen=True)
class Objective:
    """An objective: which way it goes, how it is scaled, and its expression.

    Parameters
    ----------
    sense : int
        1 to minimise, −1 to maximise.
    scale : float
        The solver sees value · scale, which brings every objective near 1–1000.
    define : callable
        Adds the rows that the expression needs; called once, for the objectives in use.
    parts : callable
        Returns the terms and the constant of the value in its own unit.
    lazy : bool
        Hold it only once a later stage would break it: it seldom binds, and its rows slow the search.
    """

    name: str
    sense: int
    scale: float
    define: Callable[[PlanModel], None]
    parts: Callable[[PlanModel], tuple[Parts, float]]
    lazy: bool = False
    step: float = inf
    """Values are multiples of it; any number without it."""
    least: float = -inf
    """No plan has less than that."""

    def expression(self, model: PlanModel) -> pulp.LpAffineExpression:
        """Return the scaled expression."""
        parts, constant = self.parts(model)
        summed: dict[Any, float] = {}
        for variable, coefficient in parts:
            summed[variable] = summed.get(variable, 0.0) + coefficient * self.scale
        # The constant stands on a variable that is 1: PuLP drops a bare one, and then the relative
        # gap is that of another number; and CBC cannot read the dummy of an empty objective.
        summed[model.one] = constant * self.scale
        return model.by_content(summed)


def _nothing(model: PlanModel) -> None:
    """Need no rows of its own."""


def _define_shortfall(model: PlanModel) -> None:
    """Require shortfall(p) + closure(p) ≥ before(p)."""
    closure = programme_closure_parts(model)
    for one in model.problem.programmes:
        if one.closure_before is not None:
            parts = [(model.shortfall[one.id], 1.0), *closure[one.id]]
            model.require("no_harm", parts, ">=", one.closure_before)


def _no_harm(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p learners(p) · shortfall(p) / Σ_p learners(p)."""
    weights = model.problem.learner_weights
    return [(model.shortfall[name], weight) for name, weight in weights.items()], 0.0


def define_outlook_steps(model: PlanModel) -> None:
    """Require reach[p,c,l] ≤ Σ_{m teaches c to ≥ l} Σ_t x[p,m,t] of levels that only outlooks ask for."""
    programmes = {one.id: one for one in model.problem.programmes}
    for outlook in model.problem.given.sought_outlooks:
        for name, gaps in outlook.gaps.items():
            steps = ((step.competency, step.level) for step in gaps.steps)
            define_wider_reach(model, "outlooks", programmes[name], steps)


def _closure(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p weight(p) · closure(p) / Σ_p weight(p); in an outlook where one is asked about."""
    outlook = model.problem.given.outlook
    if outlook is not None:
        return outlook_closure_parts(model, outlook), 0.0
    closure = programme_closure_parts(model)
    weights = model.problem.closure_weights
    return [(v, c * weights[name]) for name in weights for v, c in closure[name]], 0.0


def _cost(model: PlanModel) -> tuple[Parts, float]:
    """Return the new money, KZT."""
    return cost_parts(model), 0.0


def _disruption(model: PlanModel) -> tuple[Parts, float]:
    """Σ hours(m) · (1 − x[p,m,current term]) over current, Σ hours(m) · x[p,m,t] over other modules."""
    parts: Parts = []
    constant = 0.0
    for one in model.problem.programmes:
        for option in one.options:
            hours = option.module.total_hours
            if option.current_term is None:
                parts += times(hours, model.taken(option))
            else:
                constant += hours
                parts += times(-hours, model.taken(option, [option.current_term]))
    return parts, constant


def _define_fairness(model: PlanModel) -> None:
    """Require fairness ≤ closure(p) / alone(p); 1 where no programme can close anything."""
    rows = [
        times(1 / alone, parts)
        for name, parts in programme_closure_parts(model).items()
        if (alone := model.problem.limits.closure_alone.get(name, 0.0)) > 0
    ]
    fairness = model.add(model.fairness, "fairness", "fairness", integer=False, upper=None if rows else 1)
    for parts in rows:
        model.require("fairness", [(fairness, 1.0), *minus(parts)], "<=", 0)


def _fairness(model: PlanModel) -> tuple[Parts, float]:
    """min_p closure(p) / alone(p)."""
    return [(model.fairness["fairness"], 1.0)], 0.0


def _changes(model: PlanModel) -> tuple[Parts, float]:
    """Σ_{(p,m) of the compared plan} (1 − x[p,m,its term]) + Σ_{other (p,m)} Σ_t x[p,m,t]."""
    rows = model.problem.limits.settings.compared_starts or ()
    parts, known = change_parts(model, {(programme, module): term for programme, module, term in rows})
    return parts, float(known)


def _define_regret(model: PlanModel) -> None:
    """Require R ≥ C*_s − C_s for every outlook s."""
    define_outlook_steps(model)
    best = model.problem.limits.outlook_best
    regret = model.add(model.regret, "regret", "regret", integer=False, lower=-1)
    for outlook in model.problem.given.outlooks:
        parts = [(regret, 1.0), *outlook_closure_parts(model, outlook)]
        model.require("outlooks", parts, ">=", best[outlook.id].value, scale=1 / 1000)


def _outlooks(model: PlanModel) -> tuple[Parts, float]:
    """(1 − ρ) · Σ_s π_s · C_s + ρ · (Σ_s π_s · C*_s − R)."""
    risk, best = model.problem.limits.settings.risk or 0.0, model.problem.limits.outlook_best
    outlooks = model.problem.given.outlooks
    parts = [
        part
        for one in outlooks
        for part in times((1 - risk) * one.probability, outlook_closure_parts(model, one))
    ]
    possible = sum(one.probability * best[one.id].value for one in outlooks)
    return [*parts, (model.regret["regret"], -risk)], risk * possible


OBJECTIVES: Mapping[str, Objective] = {
    objective.name: objective
    for objective in (
        Objective("no_harm", 1, 1000.0, _define_shortfall, _no_harm, lazy=True, least=0.0),
        Objective("closure", -1, 1000.0, define_outlook_steps, _closure),
        Objective("cost", 1, 1 / KZT_SCALE, _nothing, _cost, step=1.0),
        Objective("disruption", 1, 1.0, _nothing, _disruption),
        Objective("balance", 1, 1.0, define_balance, balance),
        Objective("peak", 1, 1.0, define_peak, peak),
        Objective("distance", 1, 1.0, define_distance, distance),
        Objective("adaptability", -1, 1000.0, define_adaptability, adaptability),
        Objective("fairness", -1, 1000.0, _define_fairness, _fairness),
        Objective("changes", 1, 1.0, _nothing, _changes),
        Objective("lag", 1, 100.0, define_lag, lag, least=0.0),
        Objective("outlooks", -1, 1000.0, _define_regret, _outlooks),
    )
}
"""Every objective by name."""
