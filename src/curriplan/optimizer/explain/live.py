"""A model in HiGHS that is changed for a question, solved objective by objective, and changed back.

Only the objectives that are asked for are solved, in their order, each held within its tolerance as
in `curriplan.optimizer.solve.stages`. HiGHS answers whatever solver the plan was made with.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.lexicographic import Held, Key, Lexicographic, Plans, Point
from curriplan.optimizer.solve.session import INFINITE, Bounds, Columns, HighsSession
from curriplan.optimizer.solve.solver import Outcome, SolveOptions
from curriplan.optimizer.solve.watch import Watch
from curriplan.problem.objectives import ObjectiveChoice

__all__ = [
    "INFINITE",
    "Bounds",
    "Columns",
    "Key",
    "LiveModel",
    "Point",
    "QuestionChange",
    "Replanned",
    "Suffices",
]

Suffices = Callable[[float, float], bool]
"""Says of the best value found and the bound on it, in the objective's unit, whether to stop there."""


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


class LiveModel(Plans):
    """Rows and columns in HiGHS, asked again and again.

    Parameters
    ----------
    session : HighsSession
        The model, with what is minimised by objective.
    bounds : tuple
        Bounds of its columns, and of its rows.
    gap : float
        Relative gap of every solve.
    """

    session: HighsSession

    def __init__(
        self,
        session: HighsSession,
        bounds: tuple[Sequence[Bounds], Sequence[Bounds]],
        watch: Watch,
        gap: float,
    ) -> None:
        self.session, self.watch, self.gap = session, watch, gap
        self.highs, self.costs = session.highs, session.costs
        self.column_bounds, self.row_bounds = bounds
        self._release(self.costs)  # rows that are there from now on, whatever else comes and goes

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
        change : QuestionChange, optional
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
        question = _Question(self, watch, start, known or {}, enough or {}, suffices)
        try:
            return question.answer(objectives)
        finally:
            self._release(self.costs)
            undo()

    def options(self, watch: Watch, start: Point | None = None) -> SolveOptions:
        """Return how a question is solved: without RENS, and asked once."""
        values = None if start is None else self.values_of(start)
        return SolveOptions(self.gap, watch.left_s, watch.interrupt, values, is_near=True, looks_twice=False)

    def _release(self, objectives: Iterable[str]) -> None:
        """Hold none of these objectives."""
        for name in objectives:
            self.session.hold(name, INFINITE)

    def _apply(self, change: QuestionChange) -> Callable[[], None]:
        """Change the model and return what changes it back."""
        session = self.session
        forced = session.add_row((1.0, INFINITE), dict.fromkeys(change.force, 1.0)) if change.force else None
        session.change_columns(change.columns)
        session.change_rows(change.rows)

        def undo() -> None:
            if forced is not None:
                self.highs.deleteRows(1, [forced])
            session.change_columns({column: self.column_bounds[column] for column in change.columns})
            session.change_rows({row: self.row_bounds[row] for row in change.rows})

        return undo


@dataclass
class _Question:
    """The lexicographic solve of one question."""

    model: LiveModel
    watch: Watch
    start: Point | None
    known: Mapping[str, float]
    enough: Mapping[str, float]
    suffices: Suffices | None
    bounds: dict[str, float] = field(default_factory=dict)

    def answer(self, objectives: Sequence[ObjectiveChoice]) -> Replanned:
        """Solve each objective in turn."""
        solve = Lexicographic(self.model, self.watch)
        proven = True
        for choice in objectives:
            if choice.name in self.known:
                value = self.bounds[choice.name] = self.known[choice.name]
            else:
                outcome = self._improve(solve, choice.name)
                if solve.best is None or outcome in (Outcome.INFEASIBLE, Outcome.STOPPED):
                    return Replanned(outcome, bounds=self.bounds)
                proven &= outcome is Outcome.OPTIMAL
                value = solve.best.measures[choice.name]
            solve.hold(Held(OBJECTIVES[choice.name], value, choice.tolerance))
        outcome = Outcome.OPTIMAL if proven else Outcome.STOPPED_WITH_PLAN
        return Replanned(outcome, solve.best, self.bounds)

    def _improve(self, solve: Lexicographic, name: str) -> Outcome:
        """Solve for one objective, from the plan at hand or that of the question, until it is good enough."""
        objective = OBJECTIVES[name]
        unit = objective.sense * objective.scale
        options = self.model.options(self.watch, solve.best or self.start)
        if name in self.enough:
            options = replace(options, target=unit * self.enough[name])
        if self.suffices is not None and name == "closure":
            suffices = self.suffices
            options = replace(options, watch=lambda value, bound: suffices(value / unit, bound / unit))
        solved = solve.improve(name, options)
        if solved.bound is not None:
            self.bounds[name] = solved.bound / unit
        if solved.values:
            return solved.outcome
        if solve.best is not None:
            return Outcome.STOPPED_WITH_PLAN
        return Outcome.INFEASIBLE if solved.outcome is Outcome.INFEASIBLE else Outcome.STOPPED
