"""The best plan of a college at prices of what it shares with others, and what no plan of it passes."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError, SolverError
from curriplan.catalog.network.records import Network
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.payments import divide
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.network.records import EVERY_YEAR, Offer, Priced, Prices, Question
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.rules.parts import KZT_SCALE
from curriplan.optimizer.rules.sites import hours_by_semester
from curriplan.optimizer.solve.lexicographic import Held, Lexicographic, Point, WholePlans
from curriplan.optimizer.solve.run import LEAST_S, StageClock
from curriplan.optimizer.solve.session import Bounds
from curriplan.optimizer.solve.solver import UNKNOWN, Outcome, SolveOptions, catch_interrupt
from curriplan.optimizer.solve.stages import build_model
from curriplan.plan.network import SemesterHours, YearMoney
from curriplan.plan.plan import Payment, Selection
from curriplan.problem.network import Whose, allotted, group_size, groups_of, lifted
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

MILLION = 1_000_000
PRICED = "priced"
CLOSURE_SCALE = OBJECTIVES["closure"].scale
SLACK_KZT = 0.01
"""What a solver may be off by in an amount of whole tenge."""
SLACK_HOURS = 1e-4
Uses = dict[Any, Any]
"""A variable by source and year, or by centre and semester."""


def answers(
    catalog: Catalog, network: Network, question: Question, settings: Settings | None = None
) -> tuple[Priced, ...]:
    """Answer each of the prices of a question: one model, handed over once.

    What stands above closure (no_harm) is sought first, and held. `settings.time_limit_s` is for all of them
    together.

    Raises
    ------
    InfeasibleError, NoPlanError, SolverError
        If no plan keeps the rules, none was found in time, the solver failed or its plan did not pass.
    UsageError
        As `curriplan.problem.limits.effective_limits`.
    """
    given = Given(catalog, network, Whose(question.college, question.choice), _sought(settings))
    return _Pricing(given).answers(question.prices)


def offer_of(
    catalog: Catalog, network: Network, whose: Whose, selection: Selection, settings: Settings | None = None
) -> Offer | None:
    """Return a plan with its payments as the master sees it; None where it breaks a rule of the country.

    Parameters
    ----------
    selection : Selection
        The decisions of a plan that was made with other budgets and hours, and who paid.
    """
    used = {(row.source, row.year): row.kzt for row in money_of(network, selection.payments)}
    given = Given(catalog, network, whose, _sought(settings))
    return _offer(given, replace(selection, responses=()), used)


def _sought(settings: Settings | None) -> Settings:
    return (settings or Settings()).up_to_closure()


@dataclass(frozen=True)
class Given:
    """A college of a network, and what is sought up to closure."""

    catalog: Catalog
    network: Network
    whose: Whose
    settings: Settings

    @cached_property
    def problem(self) -> Problem:
        """The problem of the college with all that the country has."""
        return Problem.of(lifted(self.catalog, self.network, self.whose), self.settings)


class _Pricing:
    """The model of one college, in which prices change."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.settings = given.settings
        self._model = build_model(given.problem)
        names = [choice.name for choice in self.settings.objectives]
        for name in names:
            OBJECTIVES[name].define(self._model)
        self._spent = _spending(self._model, {row.source for row in given.network.budgets})
        self._taken = _use(self._model, {one.id for one in given.network.centres})
        self._plans = WholePlans(self._model, names, self.settings.solver)
        self._session = self._plans.session
        self._clock = StageClock(self.settings.time_limit_s, time.monotonic())
        self._run = Lexicographic(self._plans, self._clock, self.settings.solver, LEAST_S)

    def answers(self, asked: tuple[Prices, ...]) -> tuple[Priced, ...]:
        """Answer prices one after the other."""
        with catch_interrupt() as interrupt:
            self._options = SolveOptions(self.settings.stage_gap, 0.0, interrupt)
            self._hold_above()
            return tuple(self._answer(prices) for prices in asked)

    def _hold_above(self) -> None:
        """Seek what stands above closure, one after the other, and hold it."""
        for choice in self.settings.objectives[:-1]:
            objective = OBJECTIVES[choice.name]
            self._improve(choice.name, replace(self._options, target=objective.least * objective.scale))
            assert self._run.best is not None
            self._run.hold(Held(objective, self._run.best.measures[choice.name], choice.tolerance))

    def _improve(self, name: str, options: SolveOptions) -> float | None:
        """Solve for one objective, from the plan at hand, and return the scaled bound, where it is known."""
        at_hand = self._run.best
        start = None if at_hand is None else at_hand.values
        options = replace(options, time_limit_s=self._clock.left_s, start=start)
        solved = self._run.improve(name, options)
        if self._run.best is None:
            raise _failure(solved.outcome)
        return solved.bound

    def _answer(self, prices: Prices) -> Priced:
        """Find the best plan at prices; none passes the solver's bound, nor the whole worth of closure."""
        scale = CLOSURE_SCALE / prices.closure if prices.closure > 0 else CLOSURE_SCALE
        self._session.costs[PRICED] = self._costs(prices, scale)
        with self._session.with_columns(self._most(prices)):
            bound = self._improve(PRICED, self._options)
        most = prices.closure if bound is None else min(prices.closure, -bound / scale)
        assert self._run.best is not None
        offer = _offer(self.given, self._run.best.selection, self._used_kzt(self._run.best))
        if offer is None:
            raise SolverError([Issue("plan-refused-by-evaluation", values={"rules": "§1–§15"})])
        return Priced(most, offer if _is_within(offer, prices) else None, self.given.whose.choice)

    def _costs(self, prices: Prices, scale: float) -> dict[int, float]:
        """Return what is minimised: money · prices + hours · prices − closure · worth, scaled."""
        closure = self._session.costs["closure"]
        found = {at: one * prices.closure * scale / CLOSURE_SCALE for at, one in closure.items()}
        for key, spent in self._spent.items():
            price = prices.money.get(key, 0.0) + prices.money.get((key[0], EVERY_YEAR), 0.0)
            found[self._plans.column[spent.name]] = price * MILLION * scale
        for place, price in prices.hours.items():
            if place in self._taken:
                found[self._plans.column[self._taken[place].name]] = price * scale
        return found

    def _most(self, prices: Prices) -> dict[int, Bounds]:
        """Return the bounds of what is used of what is shared, where less than all may be."""
        column = self._plans.column
        money = {column[one.name]: (prices.most_kzt or {}).get(key) for key, one in self._spent.items()}
        hours = {column[one.name]: (prices.most_hours or {}).get(key) for key, one in self._taken.items()}
        found = {at: (0.0, most / MILLION) for at, most in money.items() if most is not None}
        return found | {at: (0.0, most) for at, most in hours.items() if most is not None}

    def _used_kzt(self, point: Point) -> dict[tuple[str, int], int]:
        """Return the money of shared sources by year: each amount is whole, so the sums may be rounded up."""
        values = dict(zip(self._plans.column, point.values, strict=True))
        found: dict[tuple[str, int], float] = {}
        for (source, _, year), variable in self._model.pay.items():
            if (source, year) in self._spent:
                found[source, year] = found.get((source, year), 0.0) + values.get(variable.name, 0.0)
        return {key: math.ceil(kzt - SLACK_KZT) for key, kzt in found.items() if kzt > SLACK_KZT}


def _is_within(offer: Offer, prices: Prices) -> bool:
    """Say whether a plan uses no more than it may: where none was found, the one before is at hand."""
    most_kzt, most_hours = prices.most_kzt or {}, prices.most_hours or {}
    money = all(row.kzt <= most_kzt.get((row.source, row.year), row.kzt) for row in offer.money)
    hours = (most_hours.get((row.centre, row.semester), row.hours) - row.hours for row in offer.hours)
    return money and all(left > -SLACK_HOURS for left in hours)


def _spending(model: PlanModel, sources: Collection[str]) -> Uses:
    """Add spend[s,y] ≥ Σ_items pay[s,item,y] for shared sources, in million KZT."""
    found: Uses = {}
    paid: dict[tuple[str, int], Parts] = {}
    for (source, _, year), variable in model.pay.items():
        if source in sources:
            paid.setdefault((source, year), []).append((variable, 1.0))
    for key, parts in sorted(paid.items()):
        spent = model.add(found, "spend", key, integer=False, upper=None)
        model.require("shared", [*parts, (spent, -MILLION)], "<=", 0, scale=KZT_SCALE)
    return found


def _use(model: PlanModel, centres: Collection[str]) -> Uses:
    """Add hours[r,s] ≥ Σ hours · use for shared centres."""
    found: Uses = {}
    for key, parts in sorted(hours_by_semester(model).items()):
        if key[0] in centres:
            taken = model.add(found, "hours", key, integer=False, upper=None)
            model.require("shared", [*parts, (taken, -1.0)], "<=", 0)
    return found


def _offer(given: Given, selection: Selection, used_kzt: Mapping[tuple[str, int], int]) -> Offer | None:
    """Return a plan as the evaluation finds it within its own use; None where it breaks a rule there."""
    used = given.problem.derived(Basis).plan(selection).hours
    centres = sorted({one.id for one in given.network.centres} & set(used))
    hours = {(name, at): number for name in centres for at, number in used[name].items() if number > 0}
    catalog = allotted(given.catalog, given.network, given.whose, used_kzt, hours)
    problem = Problem.of(catalog, given.settings)
    payments = divide(problem.money, problem.derived(Basis).plan(selection).cost_items)
    evaluation = evaluate(problem, replace(selection, payments=payments))
    if evaluation.broken_rules:
        return None
    size = group_size(catalog)
    return Offer(
        closure=evaluation.objectives["closure"],
        learners=catalog.learners_of_one_intake,
        groups=sum(groups_of(row, size) for row in catalog.programmes),
        money=money_of(given.network, payments),
        hours=tuple(SemesterHours(*key, number) for key, number in sorted(hours.items())),
        selection=selection,
        above=tuple(evaluation.objectives[one.name] for one in given.settings.objectives[:-1]),
        choice=given.whose.choice,
    )


def money_of(network: Network, payments: Iterable[Payment]) -> tuple[YearMoney, ...]:
    """Return what is paid by shared sources, by source and year."""
    shared = {row.source for row in network.budgets}
    found: dict[tuple[str, int], int] = {}
    for row in payments:
        if row.source in shared:
            found[row.source, row.year] = found.get((row.source, row.year), 0) + row.kzt
    return tuple(YearMoney(*key, kzt) for key, kzt in sorted(found.items()) if kzt > 0)


def _failure(outcome: Outcome) -> CurriplanError:
    """Return why a college has no plan at all."""
    if outcome is Outcome.INFEASIBLE:
        return InfeasibleError([Issue("no-plan-possible", values={"rules": "§1–§15"})])
    if outcome is Outcome.FAILED:
        return SolverError([Issue("solver-failed", values={"reason": UNKNOWN})])
    return NoPlanError([Issue("stopped-before-plan")])
