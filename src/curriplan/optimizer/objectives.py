"""The objectives as linear expressions, each with the rows that define its variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pulp

from curriplan.curriculum import Option
from curriplan.model import Standing
from curriplan.optimizer.constraints import KZT_SCALE, cost_parts, credit_parts
from curriplan.optimizer.variables import PlanModel
from curriplan.problem import ProgrammeProblem

Parts = list[tuple[Any, float]]


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

    def expression(self, model: PlanModel) -> pulp.LpAffineExpression:
        """Return the scaled expression."""
        parts, constant = self.parts(model)
        summed: dict[Any, float] = {}
        for variable, coefficient in parts:
            summed[variable] = summed.get(variable, 0.0) + coefficient * self.scale
        # The constant stands on a variable that is 1: PuLP drops a bare one, and then the relative
        # gap is that of another number; and CBC cannot read the dummy of an empty objective.
        summed[model.one] = constant * self.scale
        return pulp.LpAffineExpression(summed)


def _nothing(model: PlanModel) -> None:
    """Need no rows of its own."""


def _programme_closure_parts(model: PlanModel) -> dict[str, Parts]:
    """Return the terms of closure(p) = Σ w·reach / W(p), by programme."""
    return {
        one.id: [
            (model.reach[one.id, step.competency, step.level], model.problem.step_share(one, step))
            for step in one.gaps.steps
        ]
        for one in model.problem.programmes
        if one.gaps.total_weight > 0
    }


def _define_shortfall(model: PlanModel) -> None:
    """Require shortfall(p) + closure(p) ≥ before(p)."""
    closure = _programme_closure_parts(model)
    for one in model.problem.programmes:
        if one.closure_before is not None:
            parts = [(model.shortfall[one.id], 1.0), *closure[one.id]]
            model.require("no_harm", parts, ">=", one.closure_before)


def _no_harm(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p learners(p) · shortfall(p) / Σ_p learners(p)."""
    weights = model.problem.learner_weights
    return [(model.shortfall[name], weight) for name, weight in weights.items()], 0.0


def _closure(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p weight(p) · closure(p) / Σ_p weight(p)."""
    closure = _programme_closure_parts(model)
    weights = model.problem.closure_weights
    return [(v, c * weights[name]) for name in weights for v, c in closure[name]], 0.0


def _cost(model: PlanModel) -> tuple[Parts, float]:
    """Return the new money, KZT."""
    return cost_parts(model), 0.0


def _disruption(model: PlanModel) -> tuple[Parts, float]:
    """Σ hours(m) · (1 − x[p,m,current term]) over current, not forbidden modules."""
    parts: Parts = []
    constant = 0.0
    for one in model.problem.programmes:
        for option in one.options:
            if option.current_term is not None:
                constant += option.module.total_hours
                kept = model.taken(option, [option.current_term])
                parts += [(variable, -option.module.total_hours) for variable, _ in kept]
    return parts, constant


def _define_differences(model: PlanModel) -> None:
    """Require difference ≥ load[p,t] − load[p,u] and ≥ load[p,u] − load[p,t], and their chord.

    Where every module that may be placed freely has a multiple of q credits, the two loads differ by
    a + q·k with k whole. Between the two values of k on either side of zero no difference lies, so
    the chord through them is a valid row; it is what lets the solver prove a balance other than 0.
    """
    for one in model.problem.programmes:
        loads = {term: credit_parts(model, one, term) for term in one.terms}
        forced = {term: _forced_credits(model, one, term) for term in one.terms}
        step = _credit_step(model, one)
        for (name, first, second), variable in model.difference.items():
            if name == one.id:
                rise = [*loads[first], *((v, -c) for v, c in loads[second])]
                fixed = model.problem.fixed_credits(one, first) - model.problem.fixed_credits(one, second)
                for slope, least in ((1.0, 0.0), (-1.0, 0.0), *_chord(forced[first] - forced[second], step)):
                    parts = [(variable, 1.0), *((v, -slope * c) for v, c in rise)]
                    model.require("balance", parts, ">=", slope * fixed + least)


def _forced_credits(model: PlanModel, one: ProgrammeProblem, term: int) -> float:
    """Return the credits that stand in a term whatever the plan: fixed loads, modules without choice."""
    forced = sum(model.problem.credits(option) for option in one.options if _is_forced(option, term))
    return model.problem.fixed_credits(one, term) + forced


def _is_forced(option: Option, term: int) -> bool:
    return option.standing is Standing.MANDATORY and option.starts == (term,)


def _credit_step(model: PlanModel, one: ProgrammeProblem) -> Fraction:
    """Return the greatest step that divides the credits of all modules with a choice; 0 if none has."""
    step = Fraction(0)
    for option in one.options:
        if len(option.starts) > 1 or option.standing is not Standing.MANDATORY:
            size = Fraction(model.problem.credits(option)).limit_denominator(10**6)
            while size:
                step, size = size, step % size
    return step


def _chord(apart: float, step: Fraction) -> tuple[tuple[float, float], ...]:
    """Return (slope, least) of difference ≥ slope · (load − load) + least, where it adds anything.

    The loads differ by `apart` + step · k, k whole.
    """
    if not step:
        return ()
    above = float(Fraction(apart).limit_denominator(10**6) % step)
    below = float(step) - above
    if min(above, below) < 1e-9:
        return ()
    slope = (above - below) / float(step)
    return ((slope, above - slope * above),)


def _balance(model: PlanModel) -> tuple[Parts, float]:
    """Σ_p Σ_{t<u} |load[p,t] − load[p,u]|, credits."""
    return [(variable, 1.0) for variable in model.difference.values()], 0.0


OBJECTIVES: Mapping[str, Objective] = {
    objective.name: objective
    for objective in (
        Objective("no_harm", 1, 1000.0, _define_shortfall, _no_harm, lazy=True),
        Objective("closure", -1, 1000.0, _nothing, _closure),
        Objective("cost", 1, 1 / KZT_SCALE, _nothing, _cost),
        Objective("disruption", 1, 1.0, _nothing, _disruption),
        Objective("balance", 1, 1.0, _define_differences, _balance),
    )
}
"""Every objective by name."""
