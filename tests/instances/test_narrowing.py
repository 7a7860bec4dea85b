"""Narrowing never improves the plan, in catalogs that are too large for brute force."""

from __future__ import annotations

import math
from random import Random

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import CatalogError, InfeasibleError
from curriplan.catalog.records import Catalog
from curriplan.problem.settings import ObjectiveChoice, Settings
from instances.wide_catalogs import narrowings, wide_catalog

CATALOGS = 500
GROUPS = 20
ORDER = ("no_harm", "closure", "cost", "disruption")
MORE_IS_BETTER = ("closure",)
EXACT = Settings(objectives=tuple(ObjectiveChoice(name) for name in ORDER), gap=0.0)


def stages_of(catalog: Catalog) -> tuple[float, ...] | None:
    """Return the value of each stage, less is better; None where there is no plan."""
    try:
        plan = optimize_catalog(catalog, EXACT).plan
    except InfeasibleError:
        return None
    return tuple(-s.value if s.objective in MORE_IS_BETTER else s.value for s in plan.stages)


def is_better(some: tuple[float, ...] | None, others: tuple[float, ...] | None) -> bool:
    """Say whether the first stage in which two plans differ is better in `some`."""
    if some is None or others is None:
        return some is not None
    for one, other in zip(some, others, strict=True):
        if not math.isclose(one, other, rel_tol=1e-6, abs_tol=5e-6):
            return one < other
    return False


def improved(seed: int) -> list[str]:
    """Name the narrowings of a catalog, one of each kind, that make its plan better."""
    catalog = wide_catalog(seed)
    try:
        whole = stages_of(catalog)
    except CatalogError:
        return []
    kinds = list(narrowings(catalog, Random(seed)))
    name, narrowed = kinds[seed % len(kinds)]
    try:
        found = stages_of(narrowed)
    except CatalogError:  # it cannot be met, as the checks say before any solver does
        found = None
    return [f"seed {seed}: {name} {whole} -> {found}"] if is_better(found, whole) else []


@pytest.mark.parametrize("group", range(GROUPS))
def test_narrowing_never_improves_the_plan(group: int) -> None:
    found = [text for seed in range(group, CATALOGS, GROUPS) for text in improved(seed)]
    assert not found
