"""Objective by objective: each is solved from the plan at hand, with the earlier ones held."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import pulp

from curriplan.evaluation.objectives import OBJECTIVES as VALUES
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.variables import PlanModel
from curriplan.optimizer.rules.objectives import OBJECTIVES, Objective
from curriplan.optimizer.solve.decisions import read_selection
from curriplan.optimizer.solve.session import Session
from curriplan.optimizer.solve.solver import OPEN, SOLVE, Outcome, Solved, SolveOptions
from curriplan.plan.plan import Selection

HELD_SLACK = 1e-7
"""Relative slack on a held objective value, above the solver's feasibility tolerance."""

Key = tuple[str, str]
"""Programme and module."""


@dataclass(frozen=True)
class Held:
    """An objective that later stages must not worsen by more than a tolerance, and its value."""

    objective: Objective
    value: float
    tolerance: float = 0.0

    @property
    def limit(self) -> float:
        """What sense · objective may reach, in the solver's scale.

        No slack of it is a step: not a tenge is given away that later stages were not allowed.
        """
        scaled = abs(self.value * self.objective.scale)
        slack = HELD_SLACK * max(1.0, scaled) if scaled > HELD_SLACK else 0.0
        slack = min(slack, self.objective.step * self.objective.scale / 2)
        return (self.objective.sense * self.value + self.tolerance) * self.objective.scale + slack

    def is_kept_by(self, value: float) -> bool:
        """Say whether `value` is no worse than allowed."""
        return self.objective.sense * value * self.objective.scale <= self.limit + HELD_SLACK


@dataclass(frozen=True)
class Point:
    """A plan that the solver found, and what it is worth.

    Parameters
    ----------
    values : tuple of float
        By column of the model.
    """

    values: tuple[float, ...]
    selection: Selection
    measures: Mapping[str, float]
    """Each objective, recomputed from the rounded decisions."""

    @cached_property
    def taken(self) -> frozenset[Key]:
        """What the plan takes, by programme and module."""
        return self.selection.taken


class Plans(ABC):
    """Plans as a solver knows them: values by column."""

    session: Session

    @abstractmethod
    def point(self, values: Iterable[float]) -> Point:
        """Round values to decisions and measure them."""

    def values_of(self, plan: Point) -> Sequence[float]:
        """Return the values of a plan in the columns of this model."""
        return plan.values


class WholePlans(Plans):
    """The plans of a whole model, at a solver.

    Parameters
    ----------
    objectives : collection of str
        What may be sought or held; the rows that they need stand in the model.
    """

    def __init__(self, model: PlanModel, objectives: Collection[str], solver: str = "highs") -> None:
        self.model = model
        self.measured = tuple(objectives)
        parts = {name: OBJECTIVES[name].expression(model) for name in objectives}
        # PuLP hands on only the variables that it meets in a row or in the objective.
        model.lp.setObjective(pulp.lpSum(parts.values()))
        self.session = OPEN[solver](model.lp)
        self.column = {variable.name: at for at, variable in enumerate(model.lp.variables())}
        self.session.costs = {
            name: {
                self.column[variable.name]: OBJECTIVES[name].sense * float(value)
                for variable, value in part.items()
            }
            for name, part in parts.items()
        }

    @cached_property
    def basis(self) -> Basis:
        """What every plan is measured against."""
        return self.model.problem.given.derived(Basis)

    def point(self, values: Iterable[float]) -> Point:
        """Round values to decisions and measure them."""
        columns = tuple(values)
        selection = read_selection(self.model, dict(zip(self.column, columns, strict=True)))
        state = self.basis.plan(selection)
        measures = {name: float(VALUES[name](state)) for name in self.measured}
        return Point(columns, selection, measures)


class Clock(Protocol):
    """Says how long there is."""

    @property
    def left_s(self) -> float:
        """Seconds that are left."""


@dataclass
class Lexicographic:
    """What is held, and the plan at hand.

    Attributes
    ----------
    least_s : float
        Each solve has as long at least, also where no time is left.
    """

    plans: Plans
    clock: Clock
    solver: str = "highs"
    least_s: float = 0.0
    best: Point | None = None
    waiting: list[Held] = field(default_factory=list)
    """Objectives that are held only once a stage would break them."""
    is_held: bool = False
    """Whether an objective is held: what is sought is near the plan at hand."""

    def improve(self, name: str, options: SolveOptions) -> Solved:
        """Solve for one objective; what the solver finds, if anything, is the plan at hand from then on.

        Where it breaks an objective that is held lazily, that one is held, and it is solved again.
        """
        session, until = self.plans.session, time.monotonic() + options.time_limit_s
        session.minimise(session.costs[name])
        while True:
            left_s = max(self.least_s, min(until - time.monotonic(), self.clock.left_s))
            solved = SOLVE[self.solver](session, replace(options, time_limit_s=left_s))
            if not solved.values:
                return solved
            point = self.plans.point(solved.values)
            broken = [one for one in self.waiting if not one.is_kept_by(point.measures[one.objective.name])]
            if not broken:
                self.best = point
                return solved
            for held in broken:
                self.waiting.remove(held)
                session.hold(held.objective.name, held.limit)
            is_over = options.interrupt.pressed or min(until - time.monotonic(), self.clock.left_s) <= 0
            if solved.outcome is not Outcome.OPTIMAL and is_over:
                return replace(solved, outcome=Outcome.STOPPED, values=())

    def hold(self, held: Held) -> None:
        """Keep an objective at its value, less its tolerance."""
        if held.objective.lazy:
            self.waiting.append(held)
        else:
            self.plans.session.hold(held.objective.name, held.limit)
            self.is_held = True
