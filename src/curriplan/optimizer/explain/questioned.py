"""What all questions of one plan share: the best plan, the plans found so far, the model, the time."""

from __future__ import annotations

import math
import time
from bisect import insort
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from curriplan.base.errors import Issue, NoPlanError
from curriplan.evaluation.objectives import OBJECTIVES as VALUES
from curriplan.optimizer.crew import Crew
from curriplan.optimizer.explain.live import Key, Point, Replanned
from curriplan.optimizer.explain.nearby import Nearby
from curriplan.optimizer.explain.resolver import Resolver
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.solver import Interrupt, Outcome
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.plan import Selection
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem

T = TypeVar("T")
EXACT = 1e-9
"""Values that differ by less are the same."""
QUESTION_LIMIT_S = 30.0
"""One question takes no longer than this."""
LEAST_LIMIT_S = 2.0
"""Nor is it given less, while there is time: a bound takes a moment to be worth anything."""
MOST_LOAD = 4.0
"""A second of processor time is taken to last no longer than so many seconds."""
CLOSE_SHARE, CLOSE_GAPS = 0.2, 200.0
"""A loss is known closely enough within so much of itself: the lesser of a share, and of so many gaps."""


BATCH = 24
"""So many questions are asked before the plans found for them are looked at for those that follow."""


def batches(questions: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield questions some at a time, in their order: as many whoever answers them."""
    return (questions[at : at + BATCH] for at in range(0, len(questions), BATCH))


def up_to_closure(objectives: Sequence[ObjectiveChoice]) -> tuple[ObjectiveChoice, ...]:
    """Return the objectives up to closure; all and closure where it is none of them."""
    names = [choice.name for choice in objectives]
    if "closure" not in names:
        return (*objectives, ObjectiveChoice("closure"))
    return tuple(objectives[: names.index("closure") + 1])


def up_to_cost(objectives: Sequence[ObjectiveChoice]) -> tuple[ObjectiveChoice, ...]:
    """Return the objectives up to cost, where it comes after closure; else none."""
    names = [choice.name for choice in objectives]
    if "closure" in names and "cost" in names and names.index("closure") < names.index("cost"):
        return tuple(objectives[: names.index("cost") + 1])
    return ()


@dataclass
class QuestionedPlan:
    """A plan and the model that it is questioned with.

    Attributes
    ----------
    selection : Selection
        The plan.
    best : Replanned
        The best plan up to closure, of which losses and gains are counted.
    found : list of (Point, Key or None)
        Every plan found so far that the rules allow, and the mandatory module that it does without; those
        of best closure first.
    """

    problem: Problem
    selection: Selection
    resolver: Resolver
    best: Replanned
    found: list[tuple[Point, Key | None]] = field(default_factory=list)
    tell: Callable[[int, int], None] = lambda _done, _total: None
    total: int = 0
    load: float = 1.0
    """How long a second of processor time lasts, where others use the machine too."""
    asked: set[Hashable] = field(default_factory=set)
    _nearby: dict[str, tuple[Point, Nearby]] = field(default_factory=dict)
    _shared: Replanned | None = None
    _closures: dict[int, tuple[Selection, dict[str, float]]] = field(default_factory=dict)

    def tick(self, question: Hashable) -> None:
        """Count a question once, and tell how many of how many were asked."""
        self.asked.add(question)
        self.tell(len(self.asked), self.total)

    def fair_s(self, questions: float, until: float = 0.0) -> float:
        """Return the seconds that a question may take where so many wait, and some time must be left.

        Many take no time at all: so each may take twice its share. Of those that wait for several workers
        each worker has its part.
        """
        left = self.resolver.watch.left_s - until
        fair = max(LEAST_LIMIT_S * self.load, 2.0 * left / max(1, questions))
        return max(0.0, min(QUESTION_LIMIT_S * self.load, left, fair))

    def seconds(self, processor_s: float) -> float:
        """Return how long that much processor time lasts, no longer than there is time left."""
        return min(processor_s * self.load, self.resolver.watch.left_s)

    def measure_load(self, began_s: float, began_processor_s: float) -> None:
        """Take a second of processor time to last as long as it has since then."""
        worked_s = time.process_time() - began_processor_s
        if worked_s > 0:
            self.load = min(MOST_LOAD, max(1.0, (time.monotonic() - began_s) / worked_s))

    def is_close(self, least: float, most: float) -> bool:
        """Say whether a loss (or a gain) between two figures is known closely enough, and is one.

        Within the run's gap of closure, or a part of itself that shrinks with the gap as well: with a
        gap of nothing it must be exact.
        """
        gap = self.problem.limits.settings.gap
        width = max(gap * self.closure, min(CLOSE_SHARE, CLOSE_GAPS * gap) * least)
        return least > self.tolerance and most - least <= width

    @property
    def objectives(self) -> tuple[ObjectiveChoice, ...]:
        """The objectives up to closure."""
        return up_to_closure(self.problem.limits.settings.objectives)

    @property
    def above(self) -> tuple[str, ...]:
        """Names of the objectives that stand before closure."""
        return tuple(choice.name for choice in self.objectives[:-1])

    @property
    def best_point(self) -> Point:
        """The best plan found."""
        assert self.best.point is not None
        return self.best.point

    @property
    def closure(self) -> float:
        """The best closure found."""
        return self.best_point.measures["closure"]

    @property
    def bound(self) -> float:
        """No plan has a better closure."""
        return max(self.closure, self.best.bounds.get("closure", 1.0))

    @property
    def beyond(self) -> float:
        """A closure that is better than any that this problem may have: one that a limit held back."""
        return self.bound + max(100 * EXACT, self.resolver.gap * self.closure)

    @property
    def margin(self) -> float:
        """The best closure is known within so much."""
        return self.bound - self.closure

    @property
    def tolerance(self) -> float:
        """Closures that differ by no more count as the same."""
        return max(EXACT, self.resolver.gap * self.closure)

    def nearby(self, programme: str) -> Nearby:
        """Return the model of a programme beside the others as the best plan has them."""
        if programme not in self._nearby or self._nearby[programme][0] is not self.best_point:
            made = Nearby(self.resolver, programme, self.best_point)
            self._nearby[programme] = (self.best_point, made)
        return self._nearby[programme][1]

    def as_good_above(self, point: Point) -> bool:
        """Say whether a plan is as good as the best in each objective before closure."""
        return all(
            OBJECTIVES[name].sense * (point.measures[name] - self.best_point.measures[name]) <= EXACT
            for name in self.above
        )

    def known_above(self) -> dict[str, float]:
        """Return the best values of the objectives before closure."""
        return {name: self.best_point.measures[name] for name in self.above}

    @property
    def is_monotonous(self) -> bool:
        """Whether a looser limit never lowers the best closure.

        It could where an objective before closure improves with it, and then holds closure back. One that
        is at nothing already, as no_harm mostly is, cannot.
        """
        return all(name == "no_harm" and value <= EXACT for name, value in self.known_above().items())

    @property
    def is_at_best_above(self) -> bool:
        """Whether the objectives before closure are at values that no plan betters, and are to stay there."""
        return self.is_monotonous and all(choice.tolerance == 0.0 for choice in self.objectives[:-1])

    def held_above(self) -> dict[str, float]:
        """Return the values that the objectives before closure may have at worst, tolerance included."""
        return {
            choice.name: self.best_point.measures[choice.name]
            + OBJECTIVES[choice.name].sense * choice.tolerance
            for choice in self.objectives[:-1]
        }

    def keep(self, point: Point | None, only_for: Key | None = None) -> None:
        """Remember a plan that the rules allow; the best closure rises where it is better within the gap.

        Parameters
        ----------
        only_for : tuple of str, optional
            The mandatory module that it does without: the rules allow it where that one is questioned.
        """
        if point is None:
            return
        insort(self.found, (point, only_for), key=lambda one: -one[0].measures["closure"])
        is_plan = only_for is None and bool(point.values)
        if is_plan and point.measures["closure"] > self.closure and self.as_good_above(point):
            self.best = replace(self.best, point=point)

    def best_found(self, question: Key, fits: Callable[[Point], bool]) -> Point | None:
        """Return the plan of best closure among those found that fit and lose nothing before closure."""
        allowed = (point for point, only_for in self.found if only_for in (None, question))
        return next((point for point in allowed if fits(point) and self.as_good_above(point)), None)

    def share_best(self, crew: Crew) -> None:
        """Have everybody measure against the best plan, where it is another than they know."""
        if self.best is not self._shared:
            crew.tell(QuestionedPlan.hear_of, self.best)
            self._shared = self.best

    def hear_of(self, best: Replanned) -> None:
        """Measure against this plan from now on."""
        self.best = best

    def measured(self, selection: Selection) -> Point:
        """Return a plan that no solver gave: it has no values to begin from."""
        state = self.resolver.basis.plan(selection)
        names = self.resolver.costs
        return Point((), selection, {name: float(VALUES[name](state)) for name in names})

    def programme_closures(self, selection: Selection) -> dict[str, float]:
        """Return the closure of each programme; of the best plan it is asked again and again."""
        known = self._closures.get(id(selection))
        if known is None:
            states = self.resolver.basis.plan(selection).states
            known = selection, {name: state.closure or 0.0 for name, state in states.items()}
            self._closures[id(selection)] = known
        return known[1]


def new_case(
    problem: Problem, selection: Selection, objectives: Sequence[ObjectiveChoice], interrupt: Interrupt
) -> QuestionedPlan:
    """Return what a worker answers with, before it is told of the best plan."""
    resolver = Resolver(problem, objectives, Watch(math.inf, interrupt))
    return QuestionedPlan(problem, selection, resolver, Replanned(Outcome.STOPPED))


def open_case(
    problem: Problem,
    selection: Selection,
    resolver: Resolver,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> QuestionedPlan:
    """Find the best plan up to closure and return the case of all questions.

    Raises
    ------
    NoPlanError
        If none was found in time.
    """
    objectives = up_to_closure(problem.limits.settings.objectives)
    best = resolver.solve(objectives)
    if best.point is None:
        # The plan in question keeps the rules: a solver that knows no plan errs.
        impossible = best.outcome is Outcome.INFEASIBLE
        raise NoPlanError([Issue("impossible-unconfirmed" if impossible else "stopped-before-best-closure")])
    case = QuestionedPlan(problem, selection, resolver, best, [(best.point, None)], tell)
    case.keep(case.measured(selection))
    return case
