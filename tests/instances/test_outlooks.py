"""Plans for all outlooks: against brute force, and what must hold of them at any size."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from random import Random

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.api.results import PlanResult
from curriplan.base.errors import CatalogError, InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    Demand,
    Module,
    ModuleOutcome,
    Occupation,
    OccupationRequirement,
    Programme,
    ProgrammeModule,
    ProgrammeTerm,
    Scenario,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.objectives import closure_in
from curriplan.evaluation.state import Basis
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings
from instances.bare import bare_plans
from instances.oracle import Enumeration, Objectives, Options
from instances.random_catalogs import RandomOptions, random_instance, settings_choices
from instances.seeds import drawn
from instances.telling import oracle_options
from instances.test_against_brute_force import KNIFE_EDGE, difference_of_plans

RISKS = (0.0, 0.5, 1.0)
SEEDS = range(120)
GAP = 1e-7
"""What rounding leaves of a closure."""


def scarce_catalog(seed: int) -> Catalog:
    """Draw programmes with places for some modules only, each of which serves some occupation best.

    What is left out is missed in another outlook: so it matters how the outlooks are weighed.
    """
    rng = Random(f"scarce {seed}")
    occupations, competencies, modules = ["O1", "O2", "O3"], [f"C{i}" for i in range(1, 6)], range(1, 6)
    programmes = ["P1", "P2"][: rng.randint(1, 2)]
    parts = rng.choice([(0.5, 0.5), (0.8, 0.2), (0.4, 0.4, 0.2), (0.9, 0.1, 0.0)])
    names = [f"s{number}" for number in range(len(parts))]
    by_rows = {(one, name) for one in programmes for name in names if rng.random() < 0.4}
    return Catalog(
        info=CatalogInfo(id="scarce"),
        competencies=tuple(Competency(id=name) for name in competencies),
        occupations=tuple(Occupation(id=name) for name in (*occupations, "NEW")),
        occupation_requirements=tuple(
            OccupationRequirement(
                occupation=occupation,
                competency=competency,
                level=rng.randint(1, 2),
                importance=rng.choice([0.2, 0.5, 1.0]),
                essential=rng.random() < 0.3,
            )
            for occupation in (*occupations, "NEW")
            for competency in rng.sample(competencies, 2)
        ),
        modules=tuple(
            Module(id=f"M{i}", section="professional", credits=1, theory_hours=24, setup_cost_kzt=1000 * i)
            for i in modules
        ),
        module_outcomes=tuple(
            ModuleOutcome(module=f"M{i}", competency=f"C{i}", exit_level=rng.randint(1, 2)) for i in modules
        ),
        programmes=tuple(
            Programme(id=name, start="2026-1", terms=1, learners=rng.choice([10, 25])) for name in programmes
        ),
        programme_terms=tuple(
            ProgrammeTerm(programme=name, term=1, max_modules=rng.randint(1, 3)) for name in programmes
        ),
        programme_modules=tuple(
            ProgrammeModule(programme=name, module=f"M{i}", status="candidate")
            for name in programmes
            for i in modules
        ),
        targets=(
            *(
                Target(programme=one, occupation=occupation, share=share)
                for one in programmes
                for occupation, share in zip(occupations, (0.5, 0.3, 0.2), strict=True)
            ),
            *(
                Target(programme=one, occupation=occupation, share=share, scenario=name)
                for one, name in sorted(by_rows)
                for occupation, share in zip(rng.sample([*occupations, "NEW"], 2), (0.8, 0.2), strict=True)
            ),
        ),
        scenarios=tuple(Scenario(id=name, probability=part) for name, part in zip(names, parts, strict=True)),
        demand=tuple(
            Demand(occupation=occupation, year=2030, scenario=name, openings=rng.choice([0, 10, 40, 300]))
            if name
            else Demand(occupation=occupation, year=2030, openings=rng.choice([10, 50]))
            for occupation in occupations
            for name in (None, *names)
        ),
    )


@lru_cache(maxsize=4)
def instance(seed: int) -> tuple[Catalog, RandomOptions, Objectives]:
    """Draw a catalog with outlooks, most of them such that it matters what they weigh, and objectives."""
    catalog, options, objectives = random_instance(seed)
    if seed % 4 or not catalog.scenarios:
        catalog, options = scarce_catalog(seed), RandomOptions()
        objectives = tuple(one for one in objectives if one[0] != "changes")
    if "closure" not in dict(objectives):
        objectives = (*objectives[:1], ("closure", 0.0), *objectives[1:])
    return catalog, options, objectives


def planned(
    catalog: Catalog, options: Options, objectives: Objectives, risk: float | None
) -> PlanResult | None:
    choices = tuple(ObjectiveChoice(name, tolerance) for name, tolerance in objectives)
    settings = Settings(objectives=choices, gap=0.0, **{**settings_choices(options), "risk": risk})
    with bare_plans(""):
        try:
            return optimize_catalog(catalog, settings)
        except (CatalogError, InfeasibleError):
            return None


def closures(result: PlanResult) -> dict[str, float]:
    plan = result.problem.derived(Basis).plan(result.plan.selection)
    return {one.id: closure_in(plan, one) for one in result.problem.outlooks}


def worst_regret(result: PlanResult) -> float:
    best = result.limits.outlook_best
    return max(best[name].value - value for name, value in closures(result).items())


def of_outlooks(objectives: Objectives) -> Objectives:
    return tuple(("outlooks" if name == "closure" else name, tolerance) for name, tolerance in objectives)


@pytest.mark.parametrize("seed", drawn(SEEDS, one_of=5))
def test_plans_for_all_outlooks_equal_brute_force(seed: int) -> None:
    """The oracle enumerates all plans and reckons C_s, C*_s and the objective from the formulation alone."""
    catalog, drawn_options, objectives = instance(seed)
    options = replace(oracle_options(catalog, drawn_options), with_others="adaptability" in dict(objectives))
    every = Enumeration(catalog, options, frozenset())
    for risk in RISKS:
        every.world.options = replace(options, risk=risk)
        result = planned(catalog, options, objectives, risk)
        content = None if result is None else result.plan.selection.taken
        oracle = every.solve(of_outlooks(objectives), content=content)
        if oracle is None or result is None:
            assert oracle is result is None or every.solve(of_outlooks(objectives)).margin < KNIFE_EDGE
        elif oracle.margin >= KNIFE_EDGE:
            assert difference_of_plans(result, oracle) is None


def test_the_outlooks_bite() -> None:
    """In many instances no plan is the best of all outlooks, and in some risk changes what is best."""
    counts: Counter[str] = Counter()
    for seed in SEEDS[1::2]:
        options = Options()
        every = Enumeration(scarce_catalog(seed), options, frozenset())
        plans = set()
        for risk in RISKS:
            every.world.options = replace(options, risk=risk)
            found = every.solve((("outlooks", 0.0),))
            assert found is not None
            plans.add(found.optima)
        counts["risk decides"] += len(plans) > 1
        usual = every.solve((("closure", 0.0),))
        assert usual is not None
        counts["outlooks decide"] += not plans & {usual.optima}
    assert min(counts["risk decides"], counts["outlooks decide"]) >= 10, counts


@pytest.mark.parametrize("seed", drawn(SEEDS[1::4], one_of=10))
def test_more_risk_weight_never_raises_the_worst_regret(seed: int) -> None:
    """With the gap 0 and nothing else sought: R falls, and with it the expected closure."""
    catalog, drawn_options, _ = instance(seed)
    options = oracle_options(catalog, drawn_options)
    objectives = (("no_harm", 0.0), ("closure", 0.0))
    results = [planned(catalog, options, objectives, risk) for risk in RISKS]
    found = [result for result in results if result is not None]
    assert len(found) in (0, len(RISKS))
    regrets = [worst_regret(result) for result in found]
    assert all(regret >= -GAP for regret in regrets)
    assert all(later <= earlier + GAP for earlier, later in pairwise(regrets))


@pytest.mark.parametrize("seed", drawn(SEEDS[::4], one_of=10))
def test_one_outlook_equal_to_today_is_the_usual_plan(seed: int) -> None:
    catalog, drawn_options, objectives = instance(seed)
    options = oracle_options(catalog, drawn_options)
    same = (row.model_copy(update={"scenario": "same"}) for row in catalog.base_targets)
    base = catalog.replace(
        scenarios=(Scenario(id="same", name_en="same", probability=1),),
        demand=tuple(row for row in catalog.demand if row.scenario is None),
        targets=(*catalog.base_targets, *same),
    )
    usual = planned(base, options, objectives, None)
    for risk in RISKS:
        found = planned(base, options, objectives, risk)
        assert (usual is None) is (found is None)
        if usual is not None and found is not None:
            values = [stage.value for stage in found.plan.stages]
            assert values == pytest.approx([stage.value for stage in usual.plan.stages], abs=1e-6)
            assert evaluate(found.problem, found.plan.selection).objectives["closure"] == pytest.approx(
                evaluate(usual.problem, usual.plan.selection).objectives["closure"], abs=1e-6
            )


@pytest.mark.parametrize("seed", drawn(SEEDS[1::4], one_of=10))
def test_splitting_an_outlook_changes_nothing(seed: int) -> None:
    """One of probability π becomes two of π/4 and 3π/4 with the same shares and openings."""
    catalog, drawn_options, objectives = instance(seed)
    options = oracle_options(catalog, drawn_options)
    first, *others = catalog.scenarios
    twin = first.model_copy(update={"id": "twin", "probability": first.probability * 0.75})
    less = first.model_copy(update={"probability": first.probability / 4})
    split = catalog.replace(
        scenarios=(less, twin, *others),
        demand=(
            *catalog.demand,
            *(
                row.model_copy(update={"scenario": "twin"})
                for row in catalog.demand
                if row.scenario == first.id
            ),
        ),
        targets=(
            *catalog.targets,
            *(
                row.model_copy(update={"scenario": "twin"})
                for row in catalog.targets
                if row.scenario == first.id
            ),
        ),
    )
    for risk in RISKS:
        whole, parts = (planned(one, options, objectives, risk) for one in (catalog, split))
        assert (whole is None) is (parts is None)
        if whole is not None and parts is not None:
            values = [stage.value for stage in parts.plan.stages]
            assert values == pytest.approx([stage.value for stage in whole.plan.stages], abs=1e-6)


@pytest.mark.parametrize("seed", drawn(SEEDS[1::4], one_of=10))
def test_less_money_never_closes_more_in_any_outlook(seed: int) -> None:
    """Narrowing: the best of each outlook, and the worth of the plan made for one, never grow."""
    catalog, drawn_options, _ = instance(seed)
    options = oracle_options(catalog, drawn_options)
    objectives = (("closure", 0.0),)
    rich = planned(catalog, options, objectives, 0.0)
    if rich is None:
        return
    cost_kzt = round(rich.plan.measures["cost_kzt"])
    poor = planned(catalog, replace(options, budget_kzt=cost_kzt // 2), objectives, 0.0)
    if poor is not None:
        for name, best in poor.limits.outlook_best.items():
            assert best.value <= rich.limits.outlook_best[name].value + GAP
        assert poor.plan.stages[0].value <= rich.plan.stages[0].value + GAP
