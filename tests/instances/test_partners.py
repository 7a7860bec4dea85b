"""Partners that leave, against enumeration from the text of docs/formulation.md alone (*Partners*, §16).

Every plan of a tiny catalog is listed, and every plan of the catalog without each partner: what is left of a
plan is the best of the latter that takes no more than it, but for what it drops and is taught again as today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.api.results import PlanResult
from curriplan.base.errors import CatalogError, InfeasibleError
from curriplan.catalog.records import Catalog, FundingBudget, FundingSource, ResourceCapacity
from curriplan.optimizer.partners import find_stress
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings
from instances.bare import bare_plans
from instances.oracle import Enumeration, Options, Selection
from instances.random_catalogs import RandomOptions, random_instance, settings_choices
from instances.seeds import drawn
from instances.telling import oracle_options

SEEDS = drawn(range(240), one_of=8)
MOST_PLANS = 300
"""Catalogs with more plans than that are left out: each is compared with each."""
CLOSE = 1e-6

Plan = frozenset[tuple[str, str, int]]


@cache
def partner_instance(seed: int) -> tuple[Catalog, RandomOptions] | None:
    """Return a catalog with partners that pay and own rooms; None where the catalog has nobody to pay."""
    catalog, options, _ = random_instance(seed)
    rng = Random(f"partners {seed}")
    if not catalog.funding_sources:
        return None
    kinds = [rng.choice(["college", "employer", "state", "research", None]) for _ in catalog.funding_sources]
    kinds[-1] = rng.choice(["employer", "research"])
    sources = tuple(
        FundingSource(**{**row.model_dump(), "kind": kind})
        for row, kind in zip(catalog.funding_sources, kinds, strict=True)
    )
    names = [row.id for row in sources]
    resources = tuple(
        row.model_copy(update={"source": rng.choice(names)}) if rng.random() < 0.35 else row
        for row in catalog.resources
    )
    catalog = catalog.replace(funding_sources=sources, resources=resources)
    if rng.random() < 0.7:  # what must be taught leaves nothing that could fall
        catalog = easier(catalog)
    return catalog, replace(options, equity=None)  # what it asks is that of the whole catalog


def easier(catalog: Catalog) -> Catalog:
    """The same without floors, labour functions, least credits and least practice."""
    least = {"min_credits": None, "min_modules": None}
    return catalog.replace(
        floors=(),
        labour_functions=(),
        module_functions=(),
        programmes=tuple(row.model_copy(update={"min_credits": None}) for row in catalog.programmes),
        programme_terms=tuple(row.model_copy(update=least) for row in catalog.programme_terms),
        profile=tuple(
            row
            for row in catalog.profile
            if not row.key_name.startswith(("total_credits", "practice_share", "dual_share"))
        ),
    )


def partners(catalog: Catalog) -> list[str]:
    """The sources that are not the college's own and have a budget, or a resource; all without budgets."""
    some = {row.source for row in (*catalog.funding_budgets, *catalog.resources)}
    others = [row.id for row in catalog.funding_sources if row.kind != "college"]
    return [name for name in others if not catalog.funding_budgets or name in some]


def without(catalog: Catalog, partner: str) -> Catalog:
    """Its budgets are 0 (the others pay what they could), its resources have no hours."""
    gone = {row.id for row in catalog.resources if row.source == partner}
    hours = [row for row in catalog.resource_capacity if row.resource not in gone]
    hours += [ResourceCapacity(resource=r, semester=f"*-{half}", hours=0) for r in gone for half in (1, 2)]
    budgets = [
        row if row.source != partner else FundingBudget(source=partner, year=row.year)
        for row in catalog.funding_budgets
    ]
    if not budgets:
        budgets = [
            FundingBudget(source=row.id, budget_kzt=0 if row.id == partner else 10**9)
            for row in catalog.funding_sources
        ]
    return catalog.replace(resource_capacity=tuple(hours), funding_budgets=tuple(budgets))


def all_plans(catalog: Catalog, options: Options) -> dict[Plan, float]:
    """Every plan that keeps all rules, with its closure."""
    every = Enumeration(catalog, options, frozenset())
    if not all(every.ways):
        return {}
    combined = Selection(every, every.ways, frozenset())
    found: dict[Plan, float] = {}
    for place in range(len(combined.values["cost"])):
        plan = frozenset(
            (one.programme.id, module, term)
            for one, ways, where in zip(every.programmes, combined.ways, combined.where, strict=True)
            for module, term in ways[where[place]].plan.items()
        )
        if plan not in found and combined.payable(place):
            found[plan] = float(combined.values["closure"][place])
    return found


def may_be_left(catalog: Catalog, plan: Plan, left: Plan) -> bool:
    """What is left starts as the plan does, or is dropped by the plan and starts in its current term."""
    today = {(row.programme, row.module, row.current_term) for row in catalog.programme_modules}
    taken = {start[:2] for start in plan}
    return all(start in today and start[:2] not in taken for start in left - plan)


def best_left(catalog: Catalog, plan: Plan, others: Mapping[Plan, float]) -> float | None:
    closures = (closure for left, closure in others.items() if may_be_left(catalog, plan, left))
    return max(closures, default=None)


def optimized(catalog: Catalog, drawn_options: RandomOptions, **chosen: float) -> PlanResult | None:
    settings = Settings(
        objectives=(ObjectiveChoice("closure"),), gap=0.0, **chosen, **settings_choices(drawn_options)
    )
    with bare_plans():
        try:
            return optimize_catalog(catalog, settings)
        except (CatalogError, InfeasibleError):
            return None


def instances() -> Iterator[tuple[int, Catalog, RandomOptions, dict[Plan, float]]]:
    """Yield the catalogs with few enough plans, and these."""
    for seed in SEEDS:
        drawn_instance = partner_instance(seed)
        if drawn_instance is not None and partners(drawn_instance[0]):
            plans = all_plans(drawn_instance[0], oracle_options(*drawn_instance))
            if 0 < len(plans) <= MOST_PLANS:
                yield seed, *drawn_instance, plans


def starts_of(result: PlanResult) -> Plan:
    return frozenset((one.programme, one.module, one.term) for one in result.plan.selection.starts)


def test_what_is_left_is_the_best_by_enumeration() -> None:
    """Each loss is that of brute force; some partners cost nothing, some something, some everything."""
    seen: set[str] = set()
    for seed, catalog, options, plans in instances():
        result = optimized(catalog, options)
        assert result is not None, seed
        plan = starts_of(result)
        stress = find_stress(result.problem, result.plan.selection)
        assert [one.source for one in stress.partners] == partners(catalog), seed
        for one in stress.partners:
            left = all_plans(without(catalog, one.source), oracle_options(catalog, options))
            best = best_left(catalog, plan, left)
            if best is None:
                assert (one.status, one.closure) == ("no_plan", None), (seed, one)
                assert one.broken, (seed, one)
                seen.add("no plan")
                continue
            loss = max(0.0, plans[plan] - best)
            assert one.loss_most == pytest.approx(loss, abs=CLOSE), (seed, one.source, one.status)
            assert one.loss_least == one.loss_most, seed
            seen.add("a loss" if loss > CLOSE else "no loss")
            seen.update(row.change for row in one.modules)
    assert seen >= {"no plan", "a loss", "no loss", "falls"}, seen


def test_a_plan_keeps_within_a_loss_as_brute_force_does() -> None:
    """The best closure of the plans that lose no more, or that there is none; with less to lose no more."""
    told = dict.fromkeys(("none", "less", "same"), 0)
    for seed, catalog, options, plans in instances():
        others = [
            all_plans(without(catalog, name), oracle_options(catalog, options)) for name in partners(catalog)
        ]
        losses = losses_of(catalog, plans, others)
        before = 0.0
        for most in (0.0, 0.1, 0.3):
            wanted = max((plans[one] for one, lost in losses.items() if lost <= most + 1e-9), default=None)
            result = optimized(catalog, options, keep_within=most)
            assert (result is None) == (wanted is None), (seed, most, wanted)
            if result is None or wanted is None:
                told["none"] += 1
                continue
            closure = result.plan.measures["closure_after"]
            assert closure == pytest.approx(wanted, abs=CLOSE), (seed, most)
            assert closure >= before - CLOSE, (seed, most)
            before = closure
            told["same" if max(plans.values()) - wanted < CLOSE else "less"] += 1
    assert all(told.values()), told


def losses_of(
    catalog: Catalog, plans: Mapping[Plan, float], others: list[dict[Plan, float]]
) -> dict[Plan, float]:
    """The largest loss of each plan of which something is left, whichever partner leaves."""
    found: dict[Plan, float] = {}
    for plan, closure in plans.items():
        left = [best_left(catalog, plan, some) for some in others]
        if all(one is not None for one in left):
            found[plan] = max(max(0.0, closure - (one or 0.0)) for one in left)
    return found
