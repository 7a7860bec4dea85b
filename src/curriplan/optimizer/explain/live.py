"""A model in HiGHS that is changed for a question, solved objective by objective, and changed back.

Only the objectives that are asked for are solved, in their order, each held within its tolerance as
in `curriplan.optimizer.solve.stages`. HiGHS answers whatever solver the plan was made with.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import highspy

from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.run import Held
from curriplan.optimizer.solve.solver import FEASIBLE_POINT, Outcome, run_highs
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.plan import Selection
from curriplan.problem.settings import ObjectiveChoice

INFINITE = highspy.kHighsInf
Bounds = tuple[float, float]
Columns = Mapping[int, float]
Key = tuple[str, str]
"""Programme and module."""
Suffices = Callable[[float, float], bool]
"""Says of the best value found and the bound on it, in the objective's unit, whether to stop there."""


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


@dataclass(frozen=True)
class Replanned:
    """What planning anew came to.

    Parameters
    ----------
    outcome : Outcome
        ``OPTIMAL`` where every stage is proven within the gap.
    point : Point or None
        The plan found, None where there is none or none was found in time.
    bounds : mapping
        What no plan can beat, by objective, each in its own unit; where known.
    """

    outcome: Outcome
    point: Point | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_proven(self) -> bool:
        """Whether the answer is more than the best that was found in time."""
        return self.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)


@dataclass(frozen=True)
class QuestionChange:
    """What is changed for one question.

    Parameters
    ----------
    columns, rows : mapping
        New bounds by column and by row.
    force : tuple of int
        Columns of which the sum must be at least 1.
    """

    columns: Mapping[int, Bounds] = field(default_factory=dict)
    rows: Mapping[int, Bounds] = field(default_factory=dict)
    force: tuple[int, ...] = ()


class LiveModel(ABC):
    """Rows and columns in HiGHS, asked again and again.

    Parameters
    ----------
    highs : highspy.Highs
        The model without any costs.
    bounds : tuple
        Bounds of its columns, and of its rows.
    costs : mapping
        What is minimised, by objective and column, scaled.
    gap : float
        Relative gap of every solve.
    """

    def __init__(
        self,
        highs: Any,
        bounds: tuple[Sequence[Bounds], Sequence[Bounds]],
        costs: Mapping[str, Columns],
        watch: Watch,
        gap: float,
    ) -> None:
        self.highs, self.watch, self.gap, self.costs = highs, watch, gap, costs
        self.column_bounds, self.row_bounds = bounds
        self._suffices: Suffices | None = None
        self.highs.cbMipInterrupt += self._look
        self.holding = {name: self._add_row(one) for name, one in costs.items()}

    @abstractmethod
    def point(self, values: Iterable[float]) -> Point:
        """Round values to decisions and measure them."""

    def values_of(self, start: Point) -> Sequence[float]:
        """Return the values of a plan in the columns of this model."""
        return start.values

    def solve(
        self,
        objectives: Sequence[ObjectiveChoice],
        change: QuestionChange | None = None,
        *,
        start: Point | None = None,
        known: Mapping[str, float] | None = None,
        enough: Mapping[str, float] | None = None,
        suffices: Suffices | None = None,
        limit_s: float = INFINITE,
    ) -> Replanned:
        """Plan anew.

        Parameters
        ----------
        objectives : sequence of ObjectiveChoice
            What to solve, in order.
        change : Change, optional
            What is different.
        start : Point, optional
            A plan to begin from; it need not fit the change.
        known : mapping, optional
            Objectives whose best value is known already, to be held without a solve.
        enough : mapping, optional
            Values at which an objective need not be improved: no plan is better.
        suffices : callable, optional
            Stops the solve of closure as soon as its value and bound are close enough.
        limit_s : float
            Seconds for this question.
        """
        undo = self._apply(change or QuestionChange())
        watch = Watch(time.monotonic() + min(limit_s, self.watch.left_s), self.watch.interrupt)
        run = _Stages(self, watch, start, dict(known or {}), dict(enough or {}), suffices)
        try:
            return run.all(objectives)
        finally:
            for name in run.held:
                self.highs.changeRowBounds(self.holding[name], -INFINITE, INFINITE)
            undo()

    def _add_row(self, costs: Columns) -> int:
        """Add a row that binds nothing yet, and return where it is."""
        at = self.highs.getNumRow()
        self.highs.addRow(-INFINITE, INFINITE, len(costs), list(costs), list(costs.values()))
        return int(at)

    def _apply(self, change: QuestionChange) -> Callable[[], None]:
        """Change the model and return what changes it back."""
        highs, forced = self.highs, self.highs.getNumRow() if change.force else None
        self._change(change.columns, change.rows)
        if change.force:
            count = len(change.force)
            highs.addRow(1.0, INFINITE, count, list(change.force), [1.0] * count)

        def undo() -> None:
            if forced is not None:
                highs.deleteRows(1, [forced])
            self._change(
                {column: self.column_bounds[column] for column in change.columns},
                {row: self.row_bounds[row] for row in change.rows},
            )

        return undo

    def _change(self, columns: Mapping[int, Bounds], rows: Mapping[int, Bounds]) -> None:
        for column, bounds in columns.items():
            self.highs.changeColBounds(column, *bounds)
        for row, bounds in rows.items():
            self.highs.changeRowBounds(row, *bounds)

    def run(
        self,
        costs: Columns,
        watch: Watch,
        start: Point | None,
        target: float | None = None,
        suffices: Suffices | None = None,
    ) -> tuple[Outcome, tuple[float, ...] | None, float | None]:
        """Minimise Σ cost · column; return the outcome, the values and the bound."""
        highs, columns = self.highs, len(self.column_bounds)
        vector = [costs.get(at, 0.0) for at in range(highs.getNumCol())]
        highs.changeColsCost(len(vector), list(range(len(vector))), vector)
        highs.clearSolver()
        highs.setOptionValue("mip_rel_gap", self.gap)
        highs.setOptionValue("time_limit", watch.left_s)
        highs.setOptionValue("objective_target", -INFINITE if target is None else target)
        self._suffices = suffices
        known = None if start is None else self.values_of(start)
        run_highs(highs, None if known is None else [*known, *[0.0] * (len(vector) - columns)])
        return _outcome(highs)

    def _look(self, event: Any) -> None:
        """Stop a solve whose value and bound suffice, both scaled as the costs are."""
        data = event.data_out
        enough = self._suffices is not None and self._suffices(data.mip_primal_bound, data.mip_dual_bound)
        # HiGHS keeps the wish to stop from one solve to the next: it is taken back here.
        event.data_in.user_interrupt = enough or self.watch.interrupt.pressed


def _outcome(highs: Any) -> tuple[Outcome, tuple[float, ...] | None, float | None]:
    """Return what HiGHS came to, believed only where its figures prove it."""
    status, info, words = highs.getModelStatus(), highs.getInfo(), highspy.HighsModelStatus
    if status in (words.kInfeasible, words.kUnboundedOrInfeasible):
        return Outcome.INFEASIBLE, None, None
    bound = info.mip_dual_bound if info.mip_node_count >= 0 else info.objective_function_value
    known = None if abs(bound) == INFINITE else float(bound)
    if info.primal_solution_status != FEASIBLE_POINT:
        return Outcome.STOPPED, None, known if info.mip_node_count >= 0 else None
    values = tuple(highs.getSolution().col_value)
    done = status in (words.kOptimal, words.kObjectiveTarget)
    return (Outcome.OPTIMAL if done else Outcome.STOPPED_WITH_PLAN), values, known


@dataclass
class _Stages:
    """The lexicographic solve of one question."""

    model: LiveModel
    watch: Watch
    start: Point | None
    known: dict[str, float]
    enough: dict[str, float]
    suffices: Suffices | None
    held: list[str] = field(default_factory=list)
    """Objectives whose row is in force."""
    waiting: list[Held] = field(default_factory=list)
    """Those that are held only once a stage would break them."""
    bounds: dict[str, float] = field(default_factory=dict)
    stopped: bool = False
    best: Point | None = None

    def all(self, objectives: Sequence[ObjectiveChoice]) -> Replanned:
        """Solve each objective in turn."""
        for choice in objectives:
            outcome = self._stage(choice)
            if outcome in (Outcome.INFEASIBLE, Outcome.STOPPED):
                return Replanned(outcome, bounds=self.bounds)
            self.stopped |= outcome is not Outcome.OPTIMAL
        outcome = Outcome.STOPPED_WITH_PLAN if self.stopped else Outcome.OPTIMAL
        return Replanned(outcome, self.best, self.bounds)

    def _stage(self, choice: ObjectiveChoice) -> Outcome:
        objective, name = OBJECTIVES[choice.name], choice.name
        outcome = Outcome.OPTIMAL
        if name in self.known:
            value = self.bounds[name] = self.known[name]
        else:
            outcome = self._until_held(name)
            if self.best is None or outcome in (Outcome.INFEASIBLE, Outcome.STOPPED):
                return outcome
            value = self.best.measures[name]
        held = Held(objective, value, choice.tolerance)
        if objective.lazy:
            self.waiting.append(held)
        else:
            self._hold(held)
        return outcome

    def _until_held(self, name: str) -> Outcome:
        """Solve; where the result breaks an objective that is held lazily, hold it and solve again."""
        objective, model = OBJECTIVES[name], self.model
        enough = self.enough.get(name)
        target = None if enough is None else objective.sense * enough * objective.scale
        while True:
            outcome, values, bound = model.run(
                model.costs[name], self.watch, self.best or self.start, target, self._scaled_rule(name)
            )
            if bound is not None:
                self.bounds[name] = objective.sense * bound / objective.scale
            if values is None:
                return outcome if self.best is None else Outcome.STOPPED_WITH_PLAN
            point = model.point(values)
            broken = [
                held for held in self.waiting if not held.is_kept_by(point.measures[held.objective.name])
            ]
            for held in broken:
                self.waiting.remove(held)
                self._hold(held)
            if not broken:
                self.best = point
                return outcome

    def _scaled_rule(self, name: str) -> Suffices | None:
        """Return the rule of when closure is known closely enough, on the solver's scale."""
        suffices, unit = self.suffices, OBJECTIVES[name].sense / OBJECTIVES[name].scale
        if suffices is None or name != "closure":
            return None
        return lambda value, bound: suffices(unit * value, unit * bound)

    def _hold(self, held: Held) -> None:
        self.held.append(held.objective.name)
        self.model.highs.changeRowBounds(self.model.holding[held.objective.name], -INFINITE, held.limit)
