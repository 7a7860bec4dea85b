"""What decisions cost and further changes buy, against the brute force on random tiny catalogs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from curriplan.catalog.records import Catalog
from curriplan.optimizer.replanning import FURTHER, without_tolerance
from curriplan.problem.objectives import ObjectiveChoice
from instances.oracle import DEFAULT, OBJECTIVES, Objectives, Options, OracleResult, solve
from instances.random_catalogs import RandomOptions, random_instance
from instances.test_against_brute_force import KNIFE_EDGE, optimize, oracle_options

SEEDS = range(0, 300, 5)
FEWEST = 20
"""So many instances must have a plan at all."""
FEWEST_SEEN = 10
"""So many figures must be other than 0."""


def rejected_instance(seed: int) -> tuple[Catalog, RandomOptions, Objectives]:
    """Return an instance of which a reviewer rejects what the best plan takes, and keeps something."""
    catalog, drawn, _ = random_instance(seed)
    options = replace(drawn, max_changes=None, equity=None)
    best = solve(catalog, objectives=DEFAULT, options=oracle_options(catalog, options))
    rng = Random(f"rejected {seed}")
    if best is None:
        return catalog, options, DEFAULT
    plan = sorted(min(best.optima, key=sorted))
    review = [
        (p, m, None if at < 2 else t) for at, (p, m, t) in enumerate(rng.sample(plan, min(3, len(plan))))
    ]
    objectives = (("changes", 0.0), *DEFAULT) if plan and rng.random() < 0.7 else DEFAULT
    return catalog, replace(options, review=tuple(sorted(review)), reviewed=tuple(plan)), objectives


def figures(result: OracleResult) -> tuple[float, float]:
    """Closure and cost of every optimal plan."""
    (found,) = {
        tuple(round(dict(zip(OBJECTIVES, vector, strict=True))[name], 5) for name in ("closure", "cost"))
        for vector in result.vectors
    }
    return found[0], found[1]


def solved(catalog: Catalog, order: Objectives, options: Options) -> tuple[float, float] | None:
    """Return closure and cost, None where a solver may rightly decide otherwise."""
    found = solve(catalog, objectives=order, options=options)
    assert found is not None
    return figures(found) if found.margin >= KNIFE_EDGE else None


def test_prices_and_further_changes_are_those_of_the_brute_force() -> None:
    plans = different = 0
    for seed in SEEDS:
        catalog, drawn, objectives = rejected_instance(seed)
        options = oracle_options(catalog, drawn)
        result = optimize(catalog, options, objectives, but="_with_replanning")
        if result is None:
            continue
        plans += 1
        found = result.plan.replanning
        if found is None:
            assert not options.review and not options.max_changes
            continue
        assert found.unanswered == 0
        choices = tuple(ObjectiveChoice(*choice) for choice in objectives)
        order = tuple((one.name, 0.0) for one in without_tolerance(choices))
        whole = solved(catalog, order, options)
        for price in found.prices:
            others = tuple(one for one in options.review if one[:2] != (price.programme, price.module))
            without = solved(catalog, order, replace(options, review=others))
            if whole and without:
                assert price.closure == pytest.approx(without[0] - whole[0], abs=3e-5), (seed, price)
                assert price.cost_kzt == pytest.approx(without[1] - whole[1], abs=1), (seed, price)
                different += (price.closure, price.cost_kzt) != (0, 0)
        counted = "changes" in dict(order)
        assert [one.more for one in found.further] == ([*FURTHER] if counted or options.max_changes else [])
        for one in found.further if counted else ():
            wider = tuple((name, float(one.more) if name == "changes" else 0.0) for name, _ in order)
            further = solved(catalog, wider, options)
            if whole and further and order[0][0] == "changes":
                assert one.closure == pytest.approx(further[0] - whole[0], abs=3e-5), (seed, one)
                assert one.cost_kzt == pytest.approx(further[1] - whole[1], abs=1), (seed, one)
                different += (one.closure, one.cost_kzt) != (0, 0)
    assert plans >= FEWEST, plans
    assert different >= FEWEST_SEEN, different
