"""Exact mappings against the brute-force oracle, which knows of none.

The oracle solves a random catalog. The optimizer and the evaluation get the same catalog with some
competencies split over several ids, which exact mappings tie together again: nothing may change.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from curriplan.api.results import PlanResult
from curriplan.base.errors import CatalogError, Severity
from curriplan.catalog.records import Catalog, CompetencyMapping, Record
from curriplan.problem.checks import check_catalog
from instances.oracle import Objectives, Options, solve
from instances.random_catalogs import random_instance
from instances.seeds import drawn
from instances.test_against_brute_force import (
    difference_from_oracle,
    difference_of_plans,
    optimize,
    oracle_options,
)

SEEDS = range(0, 480, 4)
TABLES = ("module_outcomes", "occupation_requirements", "baseline", "floors", "competency_relations")


def split(whole: Catalog, rng: Random) -> Catalog:
    """Give some competencies two more ids, and let each row name any of the three."""
    chosen = [row for row in whole.competencies if rng.random() < 0.7]
    ids = {row.id: (row.id, f"{row.id}-x", f"{row.id}-y") for row in chosen}
    new = [row.model_copy(update={"id": name}) for row in chosen for name in ids[row.id][1:]]
    tables = {name: [_renamed(row, ids, rng) for row in whole.table(name)] for name in TABLES}
    mappings = [row for names in ids.values() for row in _chain(names, rng)]
    return whole.replace(
        competencies=(*whole.competencies, *new), competency_mappings=tuple(mappings), **tables
    )


def _renamed(row: Record, ids: dict[str, tuple[str, ...]], rng: Random) -> Record:
    columns = [name for name in ("competency", "source", "target") if name in type(row).columns()]
    values = {name: getattr(row, name) for name in columns if getattr(row, name) in ids}
    return row.model_copy(update={name: rng.choice(ids[value]) for name, value in values.items()})


def _chain(names: tuple[str, ...], rng: Random) -> Iterator[CompetencyMapping]:
    order = rng.sample(names, len(names))
    for pair in pairwise(order):
        yield CompetencyMapping(
            **dict(zip(rng.sample(["source", "target"], 2), pair, strict=True)), match="exact"
        )
    if rng.random() < 0.3:
        yield CompetencyMapping(source=order[-1], target=order[0], match="exact")


@pytest.mark.parametrize("seed", drawn(SEEDS))
def test_a_split_competency_plans_like_the_whole(seed: int) -> None:
    whole, drawn, objectives = random_instance(seed)
    options = oracle_options(whole, drawn)
    result = optimize(split(whole, Random(seed)), options, objectives)
    found = difference_from_oracle(whole, options, objectives, result)
    assert found is None, found


def differs(catalog: Catalog, options: Options, objectives: Objectives, result: PlanResult | None) -> bool:
    """Say whether a plan is none of the best ones of a catalog with its content."""
    content = None if result is None else result.plan.selection.taken
    oracle = solve(catalog, objectives=objectives, options=options, content=content)
    if oracle is None or result is None:
        return oracle is not None or result is not None
    return difference_of_plans(result, oracle) is not None


def test_the_mappings_bite() -> None:
    """Without the mappings many of the split catalogs come to another optimum, so the test can fail."""
    changed = 0
    for seed in SEEDS[::4]:
        whole, drawn, objectives = random_instance(seed)
        options = oracle_options(whole, drawn)
        alone = split(whole, Random(seed)).replace(competency_mappings=())
        try:
            result = optimize(alone, options, objectives)
        except CatalogError:  # a floor that no module reaches any more
            changed += 1
            continue
        changed += differs(whole, options, objectives, result)
    assert changed >= 10


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_the_checks_find_the_same_faults(seed: int) -> None:
    whole, _, _ = random_instance(seed)
    twins = split(whole, Random(seed))
    found = [sorted(i.code for i in check_catalog(c) if i.severity is Severity.ERROR) for c in (whole, twins)]
    assert found[0] == found[1]
