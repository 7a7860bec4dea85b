"""Credits that only fill the norm, against all subsets of what plans take."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations

from curriplan.api.optimize import optimize_catalog
from curriplan.api.results import PlanResult
from curriplan.catalog.records import Catalog, ProgrammeModule
from curriplan.evaluation.filling import can_do_without
from curriplan.evaluation.state import Basis
from curriplan.evaluation.verify import verify_plan
from curriplan.optimizer.filling import find_filling
from curriplan.plan.plan import Filling
from curriplan.problem.settings import Settings
from formulation.instances import base, module
from instances.bare import bare_plans
from instances.random_catalogs import settings_choices
from instances.telling import filling_instance

SEEDS = range(40)
LEAST = 20


def most_left_out(catalog: Catalog, result: PlanResult, row: Filling) -> float:
    """Return the most credits that a subset of the content may leave out, by trying all, the most first."""
    plan, problem = result.plan, result.problem
    taken = [start.module for start in plan.selection.starts if start.programme == row.programme]
    credits_of = {name: catalog.module_by_id[name].credits or 0.0 for name in taken}
    subsets = chain.from_iterable(combinations(sorted(taken), count) for count in range(1, len(taken) + 1))
    given = problem.derived(Basis).plan(plan.selection)
    by_credits = sorted(((sum(map(credits_of.__getitem__, one)), one) for one in subsets), reverse=True)
    possible = (amount for amount, one in by_credits if can_do_without(given, replace(row, modules=one)))
    return max(0.0, next(possible, 0.0))


def test_the_fewest_credits_are_those_of_all_subsets() -> None:
    filled = compared = 0
    for seed in SEEDS:
        catalog, options, _ = filling_instance(seed)
        with bare_plans(but="_with_filling"):
            result = optimize_catalog(catalog, Settings(**settings_choices(options)))
        for row in result.plan.filling:
            programme = catalog.programme_by_id[row.programme]
            terms = [one for one in catalog.programme_terms if one.programme == row.programme]
            asked = [result.limits.min_credits(programme), *(one.min_credits for one in terms)]
            if any(one is not None for one in asked):
                assert row.filled == most_left_out(catalog, result, row), seed
                compared += 1
                filled += row.filled > 0
    assert (filled >= LEAST, compared >= 2 * LEAST) == (True, True), (filled, compared)


def filled_up() -> Catalog:
    """A and B close the gap with 5 credits, P needs 7: one of E (2) and F (3) fills."""
    catalog = base(modules=(module("A"), module("B", 3), module("E", 2), module("F", 3)))
    programme = catalog.programmes[0].model_copy(update={"min_credits": 7.0})
    return catalog.replace(programmes=(programme,))


def test_what_fills_is_named_and_verified() -> None:
    result = optimize_catalog(filled_up())
    assert result.plan.filling == (Filling("P", 7.0, 2.0, ("E",)),)
    assert verify_plan(result.problem, result.plan).holds
    for wrong in (
        Filling("P", 7.0, 3.0, ("E",)),
        Filling("P", 7.0, 5.0, ("B", "E")),
        Filling("P", 8.0, None),
    ):
        forged = replace(result.plan, filling=(wrong,))
        assert not verify_plan(result.problem, forged).holds
    # Where time is short nothing is said.
    assert find_filling(result.problem, result.plan.selection, 0.0) == (Filling("P", 7.0, None),)


def test_what_is_mandatory_does_not_only_fill() -> None:
    catalog = filled_up()
    rows = [row for row in catalog.programme_modules if row.module != "E"]
    mandatory = ProgrammeModule(programme="P", module="E", status="mandatory")
    result = optimize_catalog(catalog.replace(programme_modules=(*rows, mandatory)))
    assert result.plan.filling == (Filling("P", 7.0, 0.0),)
