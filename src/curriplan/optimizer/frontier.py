"""Solve one budget after another, each from the catalog with the sources' budgets in proportion."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError
from curriplan.base.progress import Progress
from curriplan.catalog.records import Catalog
from curriplan.evaluation.figures import how_sure
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.payments import bills_of, is_payable
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.at_budget import Bought, BudgetSolver, BudgetWish, planned, solver_of_worker
from curriplan.optimizer.budgets import plenty_of, with_budget
from curriplan.optimizer.crew import Crew, crew_of, workers_of
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.solver import Interrupt, catch_interrupt
from curriplan.plan.frontier import Frontier, FrontierPoint, next_budget, round_step, rounded_up
from curriplan.plan.plan import Status
from curriplan.problem.limits import effective_limits
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

MOST_KZT = 10**13
"""No budget is looked for beyond that."""
PRECISION = 0.001
"""How finely the budget is found that pays for a plan where the sources hold back, as a share of it."""
LEAST_S = 1.0
"""A solve gets so long at least."""


def find_frontier(
    catalog: Catalog,
    settings: Settings | None = None,
    points: int = 9,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Frontier:
    """Find the best closure for each of several budgets, and the least money that reaches it.

    The budgets run from the least with which a plan was found to what the best closure of all needs,
    and hold the present one. Between them they stand closest where closure rises most, and there are
    none between two that reach the same. Each source's budget of each year is that of the catalog in
    proportion. `settings.time_limit_s` is for all points together. Ctrl-C ends the search with the
    points known.

    Parameters
    ----------
    points : int
        How many budgets at most; both ends and the present one always stand.
    workers : int, optional
        How many budgets are solved side by side; by default as many as there are cores, where that pays.

    Raises
    ------
    InfeasibleError
        If no plan satisfies the rules, however much money there is.
    NoPlanError
        If the time ran out before the plan of best closure was found, or Ctrl-C came before any point.
    """
    settings = (settings or Settings()).without_risk()  # closure by the shares of today
    current = effective_limits(catalog, settings).budget_kzt
    plenty_kzt = plenty_of(catalog, settings)
    count = workers_of(workers, Problem.of(catalog, settings))
    with (
        catch_interrupt() as interrupt,
        crew_of(count, solver_of_worker, (catalog, plenty_kzt), interrupt) as crew,
    ):
        search = _FrontierSearch(catalog, settings, max(2, points), interrupt, progress, plenty_kzt, crew)
        crew.own = BudgetSolver(catalog, plenty_kzt, search.tell)
        return search.frontier(current)


@dataclass
class _FrontierSearch:
    """The solves of one frontier: the time they share, and how far they are."""

    catalog: Catalog
    settings: Settings
    points: int
    interrupt: Interrupt
    progress: Callable[[Progress], None] | None
    plenty_kzt: int
    crew: Crew
    started: float = field(default_factory=time.monotonic)
    number: int = 0
    solves: int = 0
    _ahead: dict[int, Bought] = field(default_factory=dict)
    _starts: tuple[Bought, ...] = ()
    """Plans that a solve may begin with: those that are known whatever the number of workers."""

    def frontier(self, current_kzt: int | None) -> Frontier:
        """Find both ends, then what lies between: the present budget first."""
        self.solves = self.points + 2
        least, top = self._ends()
        assert top.evaluation is not None
        if self.interrupt.pressed and top.status != Status.OPTIMAL:
            raise NoPlanError([Issue("stopped-before-plan")])
        highest = self._paying_for(top)
        lowest = 0 if least is None else min(highest, self._paying_for(least))
        found = self._between(lowest, highest, top, current_kzt)
        if not found:
            raise NoPlanError([Issue("stopped-before-plan")])
        # Money changes no estimate: the draws are the same at every budget.
        problem = Problem.of(self.catalog, self.settings)
        measures = measures_of(top.evaluation)
        return Frontier(
            tuple(_point(one, current_kzt, problem) for one in _raised(found, self._up_to_cost())),
            top.evaluation.closure_before,
            measures["essentials"],
            self._proven_least_kzt(least),
            not self.interrupt.pressed,
            measures["occupations"],
        )

    def _ends(self) -> tuple[Bought | None, Bought]:
        """Return the cheapest plan that keeps the rules, None where none was found in time, and the best.

        What equity asks depends on the budget: with plenty of money it would ask for the best plan.
        """
        best = self._wish(self.plenty_kzt)
        without = replace(self.settings, equity=None)
        cheapest = replace(best, objectives=(ObjectiveChoice("cost"),), settings=without)
        least, top = self._solved([cheapest, best])
        for found in (least, top):
            is_fatal = found is top or self.interrupt.pressed or not isinstance(found, NoPlanError)
            if isinstance(found, CurriplanError) and is_fatal:
                raise found
        assert isinstance(top, Bought)
        if not isinstance(least, Bought):
            return None, top
        self._starts = (least,)
        return least, top

    def _wish(self, budget_kzt: int) -> BudgetWish:
        """Return what is asked of a budget: in the model of all, unless the rows depend on the budget."""
        objectives = self._up_to_cost()
        hangs_on_budget = self._asks_what_each_reaches_alone or self.settings.keep_within is not None
        is_one_model = self.settings.solver == "highs" and not hangs_on_budget
        possible = (
            one
            for one in self._starts
            if one.point is not None and one.evaluation is not None
            if one.evaluation.cost_kzt <= budget_kzt and self._pays(one.evaluation, budget_kzt)
        )
        start = max(possible, key=_worth, default=None)
        return BudgetWish(
            budget_kzt,
            objectives,
            self.settings,
            objectives if is_one_model else (),
            None if start is None else start.point,
        )

    def _proven_least_kzt(self, least: Bought | None) -> int | None:
        if least is None or least.evaluation is None:
            return None
        return least.evaluation.cost_kzt if least.status == Status.OPTIMAL else None

    @property
    def _asks_what_each_reaches_alone(self) -> bool:
        chosen = replace(self.settings, objectives=self._up_to_cost())
        return effective_limits(self.catalog, chosen).needs_closure_alone

    def _between(
        self, lowest_kzt: int, highest_kzt: int, top: Bought, current_kzt: int | None
    ) -> list[Bought]:
        """Solve the present budget, the lowest, and then one after another where it tells most."""
        step = round_step(lowest_kzt, highest_kzt, self.points)
        lowest, highest = rounded_up(lowest_kzt, step), rounded_up(highest_kzt, step)
        known: dict[int, Bought] = {}
        # What is best of all plans is best from here on, unless equity asks more where there is more.
        reused_from = self.plenty_kzt if self._asks_what_each_reaches_alone else highest
        wanted: int | None = highest if current_kzt is None else current_kzt
        while wanted is not None:
            if wanted >= reused_from:
                known[wanted] = replace(top, budget_kzt=wanted)
            elif self.interrupt.pressed:
                break
            elif (same := self._known_at(wanted, known.values())) is not None:
                known[wanted] = same
            else:
                one = self._at(wanted, self._likely(known, wanted, lowest, step))
                if one.solution is not None or not self.interrupt.pressed:
                    known[wanted] = one
            ends = [kzt for kzt in (highest, lowest) if kzt not in known]
            if wanted == lowest:
                self._starts += tuple(known.values())
            wanted = ends[0] if ends else self._next(known, lowest, step)
        return [known[kzt] for kzt in sorted(known)]

    def _next(self, known: Mapping[int, Bought], lowest_kzt: int, step_kzt: int) -> int | None:
        if len(known) >= self.points:
            return None
        points = _raised([known[kzt] for kzt in sorted(known)], self._up_to_cost())
        closures = {one.budget_kzt: max(0.0, one.closure) for one in points if one.budget_kzt >= lowest_kzt}
        return next_budget(closures, step_kzt, self.settings.gap)

    def _likely(
        self, known: Mapping[int, Bought], wanted: int, lowest_kzt: int, step_kzt: int
    ) -> Iterator[int]:
        """Yield budgets that are likely to follow: each one before reached what lies halfway, so to say."""
        if lowest_kzt not in known:
            yield lowest_kzt
            return
        closures = {kzt: max(0.0, one.closure) for kzt, one in known.items() if kzt >= lowest_kzt}
        while len(closures) + 1 < self.points:
            below = [kzt for kzt in closures if kzt < wanted]
            above = [kzt for kzt in closures if kzt > wanted]
            if not below or not above:
                return
            closures[wanted] = (closures[max(below)] + closures[min(above)]) / 2
            following = next_budget(closures, step_kzt, self.settings.gap)
            if following is None:
                return
            yield (wanted := following)

    def _known_at(self, budget_kzt: int, known: Iterable[Bought]) -> Bought | None:
        """Return the best plan of a larger budget where this one pays for it: of fewer plans it is the best.

        Not where equity or fairness asks what each programme reaches alone: that depends on the budget.
        """
        if self._asks_what_each_reaches_alone:
            return None
        best = (
            replace(one, budget_kzt=budget_kzt)
            for one in known
            if one.status == Status.OPTIMAL
            and one.evaluation is not None
            and one.evaluation.cost_kzt <= budget_kzt < one.budget_kzt
            and self._pays(one.evaluation, budget_kzt)
        )
        return next(best, None)

    def _at(self, budget_kzt: int, likely: Iterable[int]) -> Bought:
        """Return the plan of a budget; workers that are free look at those that are likely to follow.

        Which budgets follow is told by the plans alone: what was looked at in vain is not shown.
        """
        if budget_kzt not in self._ahead:
            new = [kzt for kzt in dict.fromkeys((budget_kzt, *likely)) if kzt not in self._ahead]
            wishes = [self._wish(kzt) for kzt in new[: self.crew.size]]
            for kzt, found in zip(new, self._solved(wishes), strict=False):
                if isinstance(found, Bought):
                    self._ahead[kzt] = found
                else:
                    status = "infeasible" if isinstance(found, InfeasibleError) else "no_plan"
                    self._ahead[kzt] = Bought(kzt, status)
        return self._ahead[budget_kzt]

    def _solved(self, wishes: Sequence[BudgetWish]) -> list[Bought | CurriplanError]:
        """Solve several budgets, each in its part of the time that is left."""

        def task(wish: BudgetWish) -> BudgetWish | None:
            left_s = self.settings.time_limit_s - (time.monotonic() - self.started)
            rounds = max(1, self.solves - self.number) / self.crew.size
            share_s = max(LEAST_S, left_s / max(1.0, rounds))
            self.number += 1
            return replace(wish, settings=replace(wish.settings, time_limit_s=share_s))

        def tell(_: BudgetWish) -> None:
            if self.crew.workers:
                self.tell(Progress(1, 1, "closure", 0.0))

        answers = self.crew.ask(planned, wishes, task, tell)
        return [NoPlanError([Issue("stopped-before-plan")]) if one is None else one for one in answers]

    def tell(self, inner: Progress) -> None:
        if self.progress is not None:
            seconds = time.monotonic() - self.started
            self.progress(replace(inner, stage=self.number, stages=self.solves, seconds=seconds))

    def _paying_for(self, one: Bought) -> int:
        """Return a budget, in proportion, with which the sources can pay for a plan: mostly its cost."""
        assert one.evaluation is not None
        low, high = one.evaluation.cost_kzt - 1, one.evaluation.cost_kzt
        while not self._pays(one.evaluation, high):
            low, high = high, 2 * high
        while high - low > max(1.0, PRECISION * high):
            middle = (low + high) // 2
            low, high = (low, middle) if self._pays(one.evaluation, middle) else (middle, high)
        return high

    def _pays(self, evaluation: Evaluation, budget_kzt: int) -> bool:
        catalog = with_budget(self.catalog, budget_kzt)
        money = Problem.of(catalog, replace(self.settings, budget_kzt=budget_kzt)).money
        return is_payable(money, bills_of(money, evaluation.cost_items)) or budget_kzt > MOST_KZT

    def _up_to_cost(self) -> tuple[ObjectiveChoice, ...]:
        """Return what stands above closure, closure without tolerance, then cost."""
        above = []
        for choice in self.settings.objectives:
            if choice.name in ("closure", "cost"):
                break
            above.append(choice)
        return (*above, ObjectiveChoice("closure"), ObjectiveChoice("cost"))


def _raised(found: Sequence[Bought], objectives: Sequence[ObjectiveChoice]) -> Iterator[Bought]:
    """Yield the points; a plan of a smaller budget stands for a larger one where it is better.

    It may be, within the gap, or where the time ran out. What stands above closure must allow it.
    """
    raised: list[Bought] = []
    for one in found:
        allowed = [other for other in raised if _keeps_above(other, one, objectives)]
        best = max((one, *allowed), key=_worth)
        is_behind = one.status != "infeasible" and _worth(best) > _worth(one)
        raised.append(_standing_in(best, one) if is_behind else one)
        yield raised[-1]


def _worth(one: Bought) -> tuple[float, int]:
    cost = 0 if one.evaluation is None else one.evaluation.cost_kzt
    return (round(one.closure, 9), -cost)


def _keeps_above(other: Bought, one: Bought, objectives: Sequence[ObjectiveChoice]) -> bool:
    if one.solution is None or other.evaluation is None:
        return one.solution is None
    for choice, stage in zip(objectives[:-2], one.solution.stages, strict=False):
        sense = OBJECTIVES[choice.name].sense
        if sense * (other.evaluation.objectives[choice.name] - stage.value) > choice.tolerance + 1e-9:
            return False
    return True


def _standing_in(better: Bought, one: Bought) -> Bought:
    status = one.status if one.status == Status.OPTIMAL else Status.FEASIBLE.value
    return replace(better, budget_kzt=one.budget_kzt, status=status, solution=one.solution)


def _point(one: Bought, current_kzt: int | None, problem: Problem) -> FrontierPoint:
    is_current = one.budget_kzt == current_kzt
    if one.evaluation is None or one.selection is None:
        return FrontierPoint(one.budget_kzt, one.status, is_current=is_current)
    measures, sure = measures_of(one.evaluation), how_sure(problem, one.selection)
    whole = sure.if_estimates_err
    return FrontierPoint(
        one.budget_kzt,
        one.status,
        measures["closure_after"],
        measures["cost_kzt"],
        measures["closure_after_worst"],
        measures["essentials_met_after"],
        len({*one.evaluation.added_cost_kzt}),
        one.gap,
        is_current,
        whole.plan.closure_low,
        whole.plan.closure_high,
        whole.draws,
        whole.plan.both_hold,
        sure.occupations_not_met,
    )
