"""A college of a network: its problem in the country, what a plan uses of what is shared, and its offers."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from curriplan.catalog.network.records import Network
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures.shared import shared_money
from curriplan.evaluation.payments import divide
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.network.records import MILLION, Offer
from curriplan.optimizer.rules.parts import KZT_SCALE, hours_by_semester
from curriplan.plan.network import SemesterHours
from curriplan.plan.plan import Selection
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.network import (
    Whose,
    allotted,
    budgets_for,
    lifted,
    shared_sources,
)
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

SLACK_KZT = 0.01
"""What a solver may be off by in an amount of whole tenge."""
Uses = dict[Any, Any]
"""A variable by source and year, or by centre and semester."""


def offer_of(
    catalog: Catalog, network: Network, whose: Whose, selection: Selection, settings: Settings | None = None
) -> Offer | None:
    """Return a plan with its payments as the master sees it; None where the country has not what it uses.

    Parameters
    ----------
    selection : Selection
        The decisions of a plan that was made with other budgets and hours, and who paid.
    """
    shared = shared_sources(network, whose.college)
    used = {(row.source, row.year): row.kzt for row in shared_money(selection.payments, shared)}
    given = PricedCollege(catalog, network, whose, sought(settings))
    budgets, capacity = given.problem.money.budgets or {}, given.problem.capacity.free_hours
    if any(kzt > budgets.get(key, 0) + budgets.get((key[0], None), 0) for key, kzt in used.items()):
        return None
    offer = offer_within(given, replace(selection, responses=()), used)
    if offer is not None and any(
        row.hours > capacity.get((row.centre, row.semester), 0.0) for row in offer.hours
    ):
        return None
    return offer


def sought(settings: Settings | None) -> Settings:
    """Return what is sought of a college of a network: what stands above closure, and closure."""
    return (settings or Settings()).up_to_closure()


@dataclass(frozen=True)
class PricedCollege:
    """A college of a network, and what is sought up to closure."""

    catalog: Catalog
    network: Network
    whose: Whose
    settings: Settings

    @cached_property
    def problem(self) -> Problem:
        """The problem of the college with all that the country has."""
        return Problem.of(lifted(self.catalog, self.network, self.whose, self.limits), self.settings)

    @cached_property
    def limits(self) -> Limits:
        """The limits of the college as its catalog is."""
        return effective_limits(self.catalog, self.settings)


class SharedUses:
    """What a model uses of what is shared, as variables with rows of their own.

    spend[s,y] ≥ Σ_items pay[s,item,y] in million KZT; hours[r,s] ≥ Σ hours · use.
    """

    def __init__(self, model: PlanModel, given: PricedCollege) -> None:
        self._model = model
        self.spent = _spending(model, shared_sources(given.network, given.whose.college))
        self._keep_totals(given)
        self.taken = _use(model, {one.id for one in given.network.centres})

    def _keep_totals(self, given: PricedCollege) -> None:
        """Require Σ_y spend[s,y] ≤ the total of s, of the region and of the country."""
        for source in sorted({name for name, _ in self.spent}):
            parts = [(one, 1.0) for (name, _), one in self.spent.items() if name == source]
            for budget in budgets_for(given.network, given.whose.college, source):
                if budget.total_kzt is not None:
                    self._model.require("shared", parts, "<=", budget.total_kzt / MILLION)

    def used_kzt(self, values: Mapping[str, float]) -> dict[tuple[str, int], int]:
        """Return the money of shared sources by year, from values of variables by name.

        Each amount is whole, so sums may be rounded up.
        """
        found: dict[tuple[str, int], float] = {}
        for (source, _, year), variable in self._model.pay.items():
            if (source, year) in self.spent:
                found[source, year] = found.get((source, year), 0.0) + values.get(variable.name, 0.0)
        return {key: math.ceil(kzt - SLACK_KZT) for key, kzt in found.items() if kzt > SLACK_KZT}


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


def offer_within(
    given: PricedCollege, selection: Selection, used_kzt: Mapping[tuple[str, int], int]
) -> Offer | None:
    """Return a plan as the evaluation finds it within its own use; None where it breaks a rule there."""
    used = given.problem.derived(Basis).plan(selection).hours
    centres = sorted({one.id for one in given.network.centres} & set(used))
    hours = {(name, at): number for name in centres for at, number in used[name].items() if number > 0}
    catalog = allotted(given.catalog, given.network, given.whose, given.limits, used_kzt, hours)
    problem = Problem.of(catalog, given.settings)
    payments = divide(problem.money, problem.derived(Basis).plan(selection).cost_items)
    evaluation = evaluate(problem, replace(selection, payments=payments))
    if evaluation.broken_rules:
        return None
    return Offer(
        closure=evaluation.objectives["closure"],
        learners=catalog.learners_of_one_intake,
        groups=sum(map(problem.limits.groups, catalog.programmes)),
        money=shared_money(payments, shared_sources(given.network, given.whose.college)),
        hours=tuple(SemesterHours(*key, number) for key, number in sorted(hours.items())),
        selection=selection,
        above=tuple(evaluation.objectives[one.name] for one in given.settings.objectives[:-1]),
        choice=given.whose.choice,
    )
