"""The best plan of a college at prices of what it shares with others, and what no plan of it passes."""

from __future__ import annotations

import time
from dataclasses import replace

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError, SolverError
from curriplan.catalog.network.records import Network
from curriplan.catalog.records import Catalog
from curriplan.optimizer.network.college import PricedCollege, SharedUses, offer_within, sought
from curriplan.optimizer.network.records import EVERY_YEAR, MILLION, Offer, Priced, PriceQuestion, Prices
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.lexicographic import Held, Lexicographic, WholePlans
from curriplan.optimizer.solve.run import LEAST_S, StageClock
from curriplan.optimizer.solve.session import Bounds
from curriplan.optimizer.solve.solver import UNKNOWN, Outcome, SolveOptions, catch_interrupt
from curriplan.optimizer.solve.stages import build_model
from curriplan.problem.network import Whose
from curriplan.problem.settings import Settings

PRICED = "priced"
CLOSURE_SCALE = OBJECTIVES["closure"].scale
PRICED_SCALE = 1000 * CLOSURE_SCALE
"""What the closure of the college is worth to the solver."""
LEAST_COST = 1e-6
"""What costs less a unit is free to the solver (below 1e-7): it would use up a million tenge for nothing, and
its bound be below plans that do not. So a price that comes to less is none: the bound is then the higher.
"""
SLACK_HOURS = 1e-4


def answers(
    catalog: Catalog, network: Network, question: PriceQuestion, settings: Settings | None = None
) -> tuple[Priced, ...]:
    """Answer each of the prices of a question: one model, handed over once.

    What stands above closure (no_harm) is held. `settings.time_limit_s` is for all of them
    together.

    Raises
    ------
    InfeasibleError, NoPlanError, SolverError
        If no plan keeps the rules, none was found in time, the solver failed or its plan did not pass.
    UsageError
        As `curriplan.problem.limits.effective_limits`.
    """
    given = PricedCollege(catalog, network, Whose(question.college, question.choice), sought(settings))
    return _Pricing(given).answers(question.prices, question.above)


class _Pricing:
    """The model of one college, in which prices change."""

    def __init__(self, given: PricedCollege) -> None:
        self.given = given
        self.settings = given.settings
        self._model = build_model(given.problem)
        names = [choice.name for choice in self.settings.objectives]
        for name in names:
            OBJECTIVES[name].define(self._model)
        self._uses = SharedUses(self._model, given)
        self._plans = WholePlans(self._model, names, self.settings.solver)
        self._session = self._plans.session
        self._clock = StageClock(self.settings.time_limit_s, time.monotonic())
        self._run = Lexicographic(self._plans, self._clock, self.settings.solver, LEAST_S)

    def answers(self, asked: tuple[Prices, ...], above: tuple[float, ...] | None) -> tuple[Priced, ...]:
        """Answer prices one after the other."""
        with catch_interrupt() as interrupt:
            self._options = SolveOptions(self.settings.stage_gap, 0.0, interrupt)
            self._hold_above(above)
            return tuple(self._answer(prices) for prices in asked)

    def _hold_above(self, above: tuple[float, ...] | None) -> None:
        """Hold what stands above closure: at values that are known, or at the best, one after the other."""
        choices = self.settings.objectives[:-1]
        for at, choice in enumerate(choices):
            objective = OBJECTIVES[choice.name]
            if above is None:
                self._improve(choice.name, replace(self._options, target=objective.least * objective.scale))
            known = self._run.best
            value = above[at] if above is not None else known.measures[choice.name] if known else 0.0
            self._run.hold(Held(objective, value, choice.tolerance))

    def _improve(self, name: str, options: SolveOptions) -> float | None:
        """Solve for one objective, from the plan at hand, and return the scaled bound, where it is known."""
        at_hand = self._run.best
        start = None if at_hand is None else at_hand.values
        options = replace(options, time_limit_s=self._clock.left_s, start=start)
        solved = self._run.improve(name, options)
        if self._run.best is None:
            raise why_none(solved.outcome)
        return solved.bound

    def _answer(self, prices: Prices) -> Priced:
        """Find the best plan at prices; none passes the solver's bound, nor the whole worth of closure."""
        scale = PRICED_SCALE / prices.closure if prices.closure > 0 else PRICED_SCALE
        self._session.costs[PRICED] = self._costs(prices, scale)
        with self._session.with_columns(self._most(prices)):
            bound = self._improve(PRICED, self._options)
        most = prices.closure if bound is None else min(prices.closure, -bound / scale)
        assert self._run.best is not None
        values = dict(zip(self._plans.column, self._run.best.values, strict=True))
        offer = offer_within(self.given, self._run.best.selection, self._uses.used_kzt(values))
        if offer is None:
            raise SolverError([Issue("plan-refused-by-evaluation", values={"rules": "§1–§15"})])
        return Priced(most, offer if _is_within(offer, prices) else None)

    def _costs(self, prices: Prices, scale: float) -> dict[int, float]:
        """Return what is minimised: money · prices + hours · prices − closure · worth, scaled."""
        closure = self._session.costs["closure"]
        found = {at: one * prices.closure * scale / CLOSURE_SCALE for at, one in closure.items()}
        for key, spent in self._uses.spent.items():
            price = prices.money.get(key, 0.0) + prices.money.get((key[0], EVERY_YEAR), 0.0)
            if price * scale >= LEAST_COST:
                found[self._plans.column[spent.name]] = price * MILLION * scale
        for place, price in prices.hours.items():
            if place in self._uses.taken and price * scale >= LEAST_COST:
                found[self._plans.column[self._uses.taken[place].name]] = price * scale
        return found

    def _most(self, prices: Prices) -> dict[int, Bounds]:
        """Return the bounds of what is used of what is shared, where less than all may be."""
        column = self._plans.column
        money = {column[one.name]: (prices.most_kzt or {}).get(key) for key, one in self._uses.spent.items()}
        hours = {
            column[one.name]: (prices.most_hours or {}).get(key) for key, one in self._uses.taken.items()
        }
        found = {at: (0.0, most / MILLION) for at, most in money.items() if most is not None}
        return found | {at: (0.0, most) for at, most in hours.items() if most is not None}


def _is_within(offer: Offer, prices: Prices) -> bool:
    """Say whether a plan uses no more than it may: where none was found, the one before is at hand."""
    most_kzt, most_hours = prices.most_kzt or {}, prices.most_hours or {}
    money = all(row.kzt <= most_kzt.get((row.source, row.year), row.kzt) for row in offer.money)
    hours = (most_hours.get((row.centre, row.semester), row.hours) - row.hours for row in offer.hours)
    return money and all(left > -SLACK_HOURS for left in hours)


def why_none(outcome: Outcome) -> CurriplanError:
    """Return why a college has no plan at all."""
    if outcome is Outcome.INFEASIBLE:
        return InfeasibleError([Issue("no-plan-possible", values={"rules": "§1–§15"})])
    if outcome is Outcome.FAILED:
        return SolverError([Issue("solver-failed", values={"reason": UNKNOWN})])
    return NoPlanError([Issue("stopped-before-plan")])
