"""Narrowing never improves the plan, in catalogs that are too large for brute force."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import CatalogError, InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    FundingBudget,
    FundingSource,
    Module,
    ModuleOutcome,
    ModuleResource,
    Occupation,
    OccupationRequirement,
    Programme,
    ProgrammeModule,
    Resource,
    Target,
)
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings
from instances.bare import bare_plans
from instances.random_catalogs import named
from instances.seeds import drawn
from instances.wide_catalogs import narrowings, wide_catalog

CATALOGS = 500
GROUPS = 20
ORDER = ("no_harm", "closure", "cost", "disruption")
MORE_IS_BETTER = ("closure",)
EXACT = Settings(objectives=tuple(ObjectiveChoice(name) for name in ORDER), gap=0.0)


def stages_of(catalog: Catalog) -> tuple[float, ...] | None:
    """Return the value of each stage, less is better; None where there is no plan."""
    with bare_plans():
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
    found = [text for seed in drawn(range(group, CATALOGS, GROUPS), one_of=4) for text in improved(seed)]
    assert not found


def two_starts_of_one_year(**more: Any) -> Catalog:
    """A module of two terms whose starts use the same semesters, and pay in 2027 alone or in two years.

    48 hours at 7 KZT are 336 KZT: too much for the 200 of one year, and 168 in each of two years fit. PB
    begins in spring 2027: started in term 1 the module runs in spring and autumn of 2027, started in term 2
    in autumn 2027 and spring 2028.
    """
    hours = {"professional_practice_hours": 48.0}
    return Catalog(
        info=CatalogInfo(id="t", language="en"),
        competencies=(Competency(**named("C1")),),
        occupations=(Occupation(**named("O0")), Occupation(**named("O1"))),
        occupation_requirements=(
            OccupationRequirement(occupation="O0", competency="C1", level=4, importance=0.5, essential=False),
        ),
        modules=(
            Module(**named("M1"), section="practice", credits=2, span_terms=2, **hours),
            Module(**named("M3"), section="general", credits=2),
        ),
        module_outcomes=(
            ModuleOutcome(module="M1", competency="C1", entry_level=2, exit_level=3),
            ModuleOutcome(module="M3", competency="C1", exit_level=2),
        ),
        module_resources=(
            ModuleResource(module="M1", resource_kind="tea", hours_kind="professional_practice"),
        ),
        resources=(Resource(**named("tea0"), kind="tea", category="teacher_post", fee_per_hour_kzt=7),),
        programmes=(
            Programme(**named("PA"), start="2027-1", terms=3, learners=10),
            Programme(**named("PB"), start="2026-2", terms=3, learners=15, repeats=True),
        ),
        targets=(
            Target(programme="PA", occupation="O1", share=1),
            Target(programme="PB", occupation="O0", share=1),
        ),
        funding_sources=(FundingSource(**named("S1")),),
        funding_budgets=tuple(FundingBudget(source="S1", year=year, budget_kzt=200) for year in (2027, 2028)),
        **more,
    )


def test_starts_of_one_year_that_pay_in_different_years_are_told_apart() -> None:
    later = ProgrammeModule(programme="PB", module="M1", status="candidate", allowed_terms=(2,))
    others = [
        ProgrammeModule(programme=p, module=m, status="candidate")
        for p, m in (("PA", "M1"), ("PA", "M3"), ("PB", "M3"))
    ]
    free, restricted = two_starts_of_one_year(), two_starts_of_one_year(programme_modules=(later, *others))
    assert stages_of(free) == stages_of(restricted)
