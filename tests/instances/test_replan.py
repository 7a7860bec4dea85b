"""The yearly re-plan on random tiny catalogs: against the brute force, and relations that hold at any size.

Each catalog is planned; a year later the intake that runs and the new one are planned together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from random import Random
from typing import Any

from curriplan.catalog.records import Catalog
from curriplan.problem.intakes import COPIED, PlannedIntake, YearlyReplan, yearly_replan
from instances.naive import Naive
from instances.oracle import Enumeration, Options
from instances.random_catalogs import USUAL, Objectives, RandomOptions, random_instance
from instances.seeds import drawn
from instances.telling import a_best_plan, oracle_options, plans_of
from instances.test_against_brute_force import difference, difference_from_plans, optimize
from instances.test_oracle import assert_same

SEEDS = drawn(range(160), one_of=5)
MOST_PLANS = 5_000
"""The naive enumeration looks at no more."""
FEWEST = ("changes", 0.0)


@cache
def later(seed: int) -> tuple[YearlyReplan, RandomOptions] | None:
    """Return the catalog of a seed a year after its best plan, None where it has none.

    Its programmes begin together, and the first of two repeats, so that an intake of it runs.
    """
    catalog, options, _ = random_instance(seed)
    options = replace(
        options, programmes=(), previous=None, max_changes=None, taught_until=None, budget_kzt=None
    )
    options = replace(options, review=(), reviewed=(), equity=None)
    update = {"repeats": True, "start": "2026-1", "terms": 3}
    first, *others = catalog.programmes
    single = [row.model_copy(update={"repeats": False, "start": "2026-1"}) for row in others]
    catalog = catalog.replace(
        programmes=(first.model_copy(update=update), *single),
        resource_capacity=tuple(
            row.model_copy(update={"semester": f"*-{row.semester[-1]}"})
            for row in {(r.resource, r.semester[-1]): r for r in catalog.resource_capacity}.values()
        ),
        funding_budgets=tuple(row for row in catalog.funding_budgets if row.year is None),
    )
    best = plans_of((catalog, options, USUAL)).solve(USUAL)
    if best is None:
        return None
    starts: dict[str, dict[str, int]] = {row.id: {} for row in catalog.programmes}
    for programme, module, term in a_best_plan(best):
        starts[programme][module] = term
    in_force = [PlannedIntake(row.id, row.start, None, starts[row.id]) for row in catalog.programmes]
    # No intake is older than the plan: what today's curricula break says nothing of it.
    found = yearly_replan(catalog, in_force)
    old = {row.id for row in found.catalog.programmes if row.start < "2026-1"}
    tables: dict[str, Any] = {
        name: tuple(row for row in found.catalog.table(name) if row.programme not in old)
        for name in ("programme_modules", *COPIED)
    }
    programmes = tuple(row for row in found.catalog.programmes if row.id not in old)
    found = replace(found, catalog=found.catalog.replace(programmes=programmes, **tables))
    options = replace(
        options, programmes=found.programmes, previous=found.previous, taught_until=found.taught_until
    )
    return found, options


def instances() -> Iterator[tuple[int, YearlyReplan, RandomOptions]]:
    for seed in SEEDS:
        made = later(seed)
        if made is not None:
            yield seed, *made


def test_a_year_later_the_plan_is_that_of_brute_force() -> None:
    seen: Counter[str] = Counter()
    for seed, found, options in instances():
        rng = Random(f"later {seed}")
        objectives: Objectives = rng.choice([(FEWEST, *USUAL), USUAL])
        if rng.random() < 0.3:
            told = difference(found.catalog, replace(options, max_changes=rng.choice([0, 1, 2])), objectives)
        else:
            told = difference(found.catalog, options, objectives)
        assert told is None, (seed, told)
        seen["all"] += 1
        seen["running"] += any(row.intake_of for row in found.catalog.programmes)
    assert seen["running"] >= 15, seen


def test_where_nothing_is_new_nothing_changes_for_running_intakes() -> None:
    """LAST itself is a plan with no change, wherever the new intake can be paid and has its rooms."""
    seen: Counter[str] = Counter()
    for seed, found, options in instances():
        objectives = (FEWEST, *USUAL)
        plans = Enumeration(found.catalog, oracle_options(found.catalog, options), frozenset())
        best = plans.solve(objectives)
        last = frozenset(found.previous)
        if best is None or not best.contains(tuple(sorted(last))):
            seen["no room or money"] += 1
            continue
        result = optimize(found.catalog, oracle_options(found.catalog, options), objectives)
        assert result is not None, seed
        starts = {(one.programme, one.module, one.term) for one in result.plan.selection.starts}
        assert starts == last, seed
        seen["unchanged"] += 1
    assert seen["unchanged"] >= 12, seen


def _asking(catalog: Catalog, rng: Random) -> Catalog:
    """Return the catalog with most requirements newly asked: some before the running intake's last term."""
    rows = [
        row.model_copy(update={"since": rng.choice(["2026-2", "2027-1", "2027-2"])})
        if rng.random() < 0.7
        else row
        for row in catalog.occupation_requirements
    ]
    return catalog.replace(occupation_requirements=tuple(rows))


def test_with_the_lag_first_freezing_more_never_shortens_it() -> None:
    """What a term frozen later would keep, LAST had room and money for: so nothing is gained by freezing."""
    seen: Counter[str] = Counter()
    for seed, found, options in list(instances())[::2]:
        catalog = _asking(found.catalog, Random(f"asking {seed}"))
        before = 0.0
        for until in (None, "2026-1", "2026-2", "2027-1"):
            frozen = replace(options, taught_until=until)
            objectives: Objectives = (("lag", 0.0), ("closure", 0.0))
            result = optimize(catalog, oracle_options(catalog, frozen), objectives)
            oracle = Enumeration(catalog, oracle_options(catalog, frozen), frozenset())
            told = difference_from_plans(oracle, objectives, result)
            assert told is None, (seed, until, told)
            if result is None:
                break  # what is frozen has no room or money now
            lag = result.plan.stages[0].value
            assert lag >= before - 1e-9, (seed, until)
            seen["longer"] += until is not None and lag > before + 1e-9
            before = lag
    assert seen["longer"] >= 2, seen


def test_the_two_oracles_agree_on_running_intakes() -> None:
    seen = 0
    for seed in range(160):
        made = later(seed) if len(random_instance(seed)[0].modules) <= 3 else None
        if made is None:
            continue
        found, options = made
        plain = asdict(options)
        slow = Naive(found.catalog, **plain)
        if slow.count() > MOST_PLANS:
            continue
        objectives = (FEWEST, *USUAL)
        quick = Enumeration(found.catalog, Options(**plain), frozenset()).solve(objectives)
        assert_same(quick, slow.solve(objectives), f"seed {seed}")
        seen += 1
    assert seen >= 8
