"""The optimizer against the brute-force oracle, stage by stage, over hundreds of random tiny catalogs.

A failing seed shows a catalog that was shrunk to the rows that matter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import pytest

from curriplan.errors import InfeasibleError
from curriplan.model import Catalog
from curriplan.pipeline import optimize_catalog
from curriplan.plan import Decision
from curriplan.settings import ObjectiveChoice, Settings
from instances.oracle import DEFAULT, RULES, Enumeration, Objectives, Options, OracleResult, solve
from instances.random_catalogs import RandomOptions, random_instance, shrink

SEEDS = range(400)
EXACT: Objectives = tuple((name, 0.0) for name, _ in DEFAULT)
BACKWARDS: Objectives = (
    ("cost", 150_000.0),
    ("closure", 0.1),
    ("balance", 0.5),
    ("disruption", 0.0),
    ("no_harm", 0.0),
)
KNIFE_EDGE = 5e-6
"""A plan that misses a held objective by less may be let in by a solver's tolerances."""
LEAST = 10
"""Instances in which each rule and each objective must change the optimum."""

Stages = list[tuple[str, float]] | None


def expected(catalog: Catalog, options: RandomOptions, objectives: Objectives) -> OracleResult | None:
    return solve(
        catalog,
        objectives=objectives,
        programmes=options.programmes,
        budget_kzt=options.budget_kzt,
        practice_share=options.practice_share,
    )


def optimize(
    catalog: Catalog, options: RandomOptions, objectives: Objectives, solver: str = "highs"
) -> tuple[Stages, list[tuple[str, str, int]]]:
    """Return the stages and the modules that the optimizer takes; None where it finds no plan."""
    settings = Settings(
        programmes=options.programmes,
        budget_kzt=options.budget_kzt,
        practice_share=options.practice_share,
        objectives=tuple(ObjectiveChoice(name, tolerance) for name, tolerance in objectives),
        gap=0.0,
        solver=solver,
    )
    try:
        plan = optimize_catalog(catalog, settings).plan
    except InfeasibleError:
        return None, []
    taken = [(m.programme, m.module, m.term) for m in plan.modules if m.decision is not Decision.DROPPED]
    return [(stage.objective, stage.value) for stage in plan.stages], taken


def difference(
    catalog: Catalog, options: RandomOptions, objectives: Objectives, solver: str = "highs"
) -> str | None:
    """Say how optimizer and oracle differ, None where they agree."""
    oracle = expected(catalog, options, objectives)
    stages, taken = optimize(catalog, options, objectives, solver)
    if oracle is None or stages is None:
        return None if oracle is None and stages is None else f"optimizer {stages}, oracle {oracle}"
    if oracle.margin < KNIFE_EDGE:
        return None
    if not same_stages(stages, oracle.stages):
        return f"optimizer {stages}, oracle {oracle.stages}"
    if not oracle.contains(taken):
        return f"the values agree, but {taken} is none of the {oracle.count} optimal plans"
    return None


def same_stages(some: Iterable[tuple[str, float]], others: Iterable[tuple[str, float]]) -> bool:
    return all(
        name == other and math.isclose(value, wanted, rel_tol=1e-6, abs_tol=1e-6)
        for (name, value), (other, wanted) in zip(some, others, strict=True)
    )


def check(seed: int, objectives: Objectives, solver: str = "highs") -> None:
    catalog, options = random_instance(seed)
    found = difference(catalog, options, objectives, solver)
    if found is not None:
        small = shrink(catalog, lambda c: difference(c, options, objectives, solver) is not None)
        rows = "\n".join(
            f"{row.table}: {row.model_dump(mode='json', exclude_defaults=True)}" for row in small.records()
        )
        pytest.fail(f"seed {seed}, {options}: {found}\nshrunk to\n{rows}", pytrace=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_optimizer_equals_brute_force(seed: int) -> None:
    check(seed, DEFAULT)


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_equal_without_tolerances(seed: int) -> None:
    check(seed, EXACT)


@pytest.mark.parametrize("seed", SEEDS[1::4])
def test_equal_in_another_order(seed: int) -> None:
    check(seed, BACKWARDS)


@pytest.mark.parametrize("seed", SEEDS[2::16])
def test_equal_with_the_other_solver(seed: int) -> None:
    check(seed, DEFAULT, "cbc")


def count_instance(counts: Counter[str], seed: int) -> None:
    """Count what a seed shows: feasible or not, closure, and which rules and objectives matter."""
    catalog, options = random_instance(seed)
    every = Enumeration(
        catalog, Options(options.programmes, options.budget_kzt, options.practice_share), frozenset(RULES)
    )
    result = every.solve()
    if result is None:
        counts["infeasible"] += 1
        blocking = [rule for rule in RULES if every.solve(drop_rules=frozenset({rule})) is not None]
        counts.update(f"{rule} alone forbids every plan" for rule in blocking)
        return
    counts["knife edge"] += result.margin < KNIFE_EDGE
    counts["0 < closure < 1"] += 1e-6 < result.value("closure") < 1 - 1e-6
    for rule in RULES:
        without = every.solve(drop_rules=frozenset({rule}))
        assert without is not None
        counts[rule] += not same_stages(result.stages, without.stages)
    for name, _ in DEFAULT:
        without = every.solve(tuple(choice for choice in DEFAULT if choice[0] != name))
        assert without is not None
        counts[name] += result.vectors != without.vectors


def test_the_instances_bite(capsys: pytest.CaptureFixture[str]) -> None:
    """Count, print and assert in how many instances each rule and objective changes the optimum."""
    counts: Counter[str] = Counter()
    for seed in SEEDS:
        count_instance(counts, seed)
    feasible = len(SEEDS) - counts["infeasible"]
    with capsys.disabled():
        print(f"\n{len(SEEDS)} random catalogs: {feasible} feasible, {counts['infeasible']} infeasible;")
        print(f"  0 < closure < 1 in {counts['0 < closure < 1']}; knife edge in {counts['knife edge']}")
        print("  the optimum changes without", ", ".join(f"{r}: {counts[r]}" for r in RULES))
        print("  the optimum changes without", ", ".join(f"{n}: {counts[n]}" for n, _ in DEFAULT))
        blocked = [(rule, counts[f"{rule} alone forbids every plan"]) for rule in RULES]
        print("  no plan because of one rule:", ", ".join(f"{rule}: {count}" for rule, count in blocked))
    assert len(SEEDS) >= 300
    assert 0.1 <= counts["infeasible"] / len(SEEDS) <= 0.4
    assert counts["0 < closure < 1"] >= len(SEEDS) / 2
    assert counts["knife edge"] <= len(SEEDS) / 100
    assert {name: counts[name] for name in (*RULES, *(n for n, _ in DEFAULT)) if counts[name] < LEAST} == {}
