"""Equally good swaps: small cases by hand, and every single exchange of random catalogs evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import ceil
from typing import Any

import pytest

from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    FundingBudget,
    FundingLimit,
    FundingSource,
    Module,
    ModuleOutcome,
    ModuleRequisite,
    ModuleResource,
    Occupation,
    OccupationRequirement,
    ProfileEntry,
    Programme,
    ProgrammeModule,
    Resource,
    ResourceCapacity,
    Standing,
    Target,
)
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.objectives import MAXIMISED
from curriplan.evaluation.swaps import Swap, divisions, equal_swaps
from curriplan.optimizer.explain.questions import explain
from curriplan.optimizer.solve.alone import with_closure_alone
from curriplan.optimizer.solve.stages import solve
from curriplan.plan.plan import Selection, Site, Start
from curriplan.problem.capacity import Capacity
from curriplan.problem.limits import Limits
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from instances.random_catalogs import random_instance, settings_choices

SEEDS = range(120)
LEAST = 20
"""So many random catalogs must have a swap and so many none; so many swaps of either kind."""


def module(name: str, **columns: Any) -> Module:
    """A module of 1 credit: 12 hours of theory, 12 in the laboratory; set up for 100 KZT."""
    values = {"credits": 1, "theory_hours": 12, "laboratory_practical_hours": 12, "setup_cost_kzt": 100}
    return Module(id=name, section="professional", **{**values, **columns})


def teaches(name: str, competency: str = "C", level: int = 1) -> ModuleOutcome:
    return ModuleOutcome(module=name, competency=competency, entry_level=0, exit_level=level)


def needs_laboratory(name: str, **columns: Any) -> ModuleResource:
    values = {"module": name, "resource_kind": "lab", "hours_kind": "laboratory_practical", "hours_share": 1}
    return ModuleResource(**{**values, **columns})


def laboratory(name: str, **columns: Any) -> Resource:
    return Resource(id=name, kind="lab", category="laboratory", **{"places": 10, **columns})


def room(resource: str, hours: float, semester: str = "*-1") -> ResourceCapacity:
    return ResourceCapacity(resource=resource, semester=semester, hours=hours)


def school(**tables: Any) -> Catalog:
    """Programme P, one term, 10 learners, needs C at 1; A and B teach it for 100 KZT each."""
    rows: dict[str, Any] = {
        "competencies": (Competency(id="C"), Competency(id="D")),
        "occupations": (Occupation(id="O"),),
        "occupation_requirements": (
            OccupationRequirement(occupation="O", competency="C", level=1, importance=1, essential=True),
        ),
        "modules": (module("A"), module("B")),
        "module_outcomes": (teaches("A"), teaches("B")),
        "programmes": (Programme(id="P", start="2026-1", terms=1, repeats=False, learners=10),),
        "targets": (Target(programme="P", occupation="O", share=1),),
        "profile": (ProfileEntry(key="hours_per_credit", value="24"),),
    }
    return Catalog(CatalogInfo(id="school"), **{**rows, **tables})


def swaps_of(catalog: Catalog, *words: str, **settings: Any) -> list[str]:
    """Read ``A@1`` as: P takes A in term 1; give each swap as ``A@1 B@1``."""
    parts = (word.split("@") for word in words)
    selection = Selection(tuple(Start("P", name, int(term)) for name, term in parts))
    problem = Problem.of(catalog, Settings(**settings))
    assert evaluate(problem, selection).broken_rules == ()
    return [
        f"{one.module}@{one.term} {one.replacement}@{one.replacement_term}"
        for one in equal_swaps(problem, selection)
    ]


def test_two_equal_modules_are_each_others_swap() -> None:
    assert swaps_of(school(), "A@1") == ["A@1 B@1"]
    assert swaps_of(school(), "B@1") == ["B@1 A@1"]


def test_a_dearer_module_is_no_swap_and_a_cheaper_one_is() -> None:
    # B costs 1 KZT more, then 1 KZT less.
    assert swaps_of(school(modules=(module("A"), module("B", setup_cost_kzt=101))), "A@1") == []
    assert swaps_of(school(modules=(module("A"), module("B", setup_cost_kzt=99))), "A@1") == ["A@1 B@1"]


def test_only_the_objectives_of_the_run_count() -> None:
    dear = school(modules=(module("A"), module("B", setup_cost_kzt=101)))
    assert swaps_of(dear, "A@1", objectives=(ObjectiveChoice("closure"),)) == ["A@1 B@1"]


def test_another_term_is_as_good_where_nothing_asks_for_this_one() -> None:
    # Two terms: one module of 1 credit leaves loads 1 and 0 either way, a balance of 1.
    longer = school(programmes=(Programme(id="P", start="2026-1", terms=2, repeats=False, learners=10),))
    assert swaps_of(longer, "A@1") == ["A@1 A@2", "A@1 B@1", "A@1 B@2"]
    # With D at 2 credits in term 1: loads 3 and 0 would be a balance of 3, loads 2 and 1 one of 1.
    requirement = OccupationRequirement(occupation="O", competency="D", level=1, importance=1, essential=True)
    heavier = longer.replace(
        modules=(module("A"), module("D", credits=2, theory_hours=36)),
        module_outcomes=(teaches("A"), teaches("D", "D")),
        occupation_requirements=(*longer.occupation_requirements, requirement),
    )
    assert swaps_of(heavier, "D@1", "A@2") == []
    assert swaps_of(heavier, "D@1", "A@1") == ["A@1 A@2", "D@1 D@2"]


def test_another_step_of_the_same_weight_is_as_good() -> None:
    # C at 1 and D at 1 weigh the same: half of the closure with either.
    rows = [
        OccupationRequirement(occupation="O", competency=name, level=1, importance=1, essential=True)
        for name in ("C", "D")
    ]
    other = school(occupation_requirements=tuple(rows), module_outcomes=(teaches("A"), teaches("B", "D")))
    assert swaps_of(other, "A@1") == ["A@1 B@1"]


def test_what_needs_the_module_holds_it() -> None:
    rows = {
        "programmes": (Programme(id="P", start="2026-1", terms=2, repeats=False, learners=10),),
        "modules": (module("A"), module("B"), module("N")),
        "module_requisites": (ModuleRequisite(module="N", requires="A"),),
        "programme_modules": tuple(
            ProgrammeModule(programme="P", module=name, status="candidate") for name in "ABN"
        ),
    }
    # N needs A before it. N itself teaches nothing: B could stand there for as much money.
    assert swaps_of(school(**rows), "A@1", "N@2") == ["N@2 B@2"]
    assert "A@1 B@1" in swaps_of(school(**(rows | {"module_requisites": ()})), "A@1", "N@2")


def test_a_site_with_free_hours_at_no_cost_is_found_wherever_it_is() -> None:
    # 10 learners at 10 places: one sub-group, 12 hours. L1 has 11, L2 has 12 and a fee in one case.
    def rows(fee: float) -> dict[str, Any]:
        return {
            "module_resources": (needs_laboratory("B"),),
            "resources": (laboratory("L1"), laboratory("L2", fee_per_hour_kzt=fee)),
            "resource_capacity": (room("L1", 11), room("L2", 12)),
        }

    assert swaps_of(school(**rows(0)), "A@1") == ["A@1 B@1"]
    assert swaps_of(school(**rows(1)), "A@1") == []
    # B at 80 KZT and 12 hours at 1 KZT cost 92 together.
    cheap = school(modules=(module("A"), module("B", setup_cost_kzt=80)), **rows(1))
    assert swaps_of(cheap, "A@1") == ["A@1 B@1"]


def test_the_place_of_the_module_that_goes_is_free_for_the_one_that_comes() -> None:
    catalog = school(
        module_resources=(needs_laboratory("A"), needs_laboratory("B")),
        resources=(laboratory("L1"),),
        resource_capacity=(room("L1", 12),),
    )
    selection = Selection((Start("P", "A", 1),), (Site("P", "A", "L1"),))
    problem = Problem.of(catalog)
    assert equal_swaps(problem, selection) == (Swap("P", "A", 1, "B", 1),)
    assert equal_swaps(problem, selection, only=[("P", "B")]) == ()


@pytest.mark.parametrize(("may_split", "expected"), [(True, ["A@1 B@1"]), (False, [])])
def test_sub_groups_are_divided_where_they_may_be(may_split: bool, expected: list[str]) -> None:
    # 20 learners at 10 places: two sub-groups of 12 hours each, and 12 hours in each laboratory.
    catalog = school(
        programmes=(Programme(id="P", start="2026-1", terms=1, repeats=False, learners=20),),
        module_resources=(needs_laboratory("B", may_split=may_split),),
        resources=(laboratory("L1"), laboratory("L2")),
        resource_capacity=(room("L1", 12), room("L2", 12)),
    )
    assert swaps_of(catalog, "A@1") == expected


def test_a_module_that_the_sources_may_not_pay_is_no_swap() -> None:
    # S has 100 KZT, and may carry half of B: 50 KZT of it nobody pays.
    catalog = school(
        funding_sources=(FundingSource(id="S"),), funding_budgets=(FundingBudget(source="S", budget_kzt=100),)
    )
    assert swaps_of(catalog, "A@1") == ["A@1 B@1"]
    half = FundingLimit(source="S", module="B", max_share=0.5)
    assert swaps_of(catalog.replace(funding_limits=(half,)), "A@1") == []


def test_a_mandatory_module_may_at_most_change_its_term() -> None:
    rows = (
        ProgrammeModule(programme="P", module="A", status="mandatory"),
        ProgrammeModule(programme="P", module="B", status="candidate"),
    )
    longer = (Programme(id="P", start="2026-1", terms=2, repeats=False, learners=10),)
    assert swaps_of(school(programme_modules=rows, programmes=longer), "A@1") == ["A@1 A@2"]


def test_an_explanation_names_the_other_modules() -> None:
    # A@1 or A@2, B@1 or B@2: another term of A itself is no other module.
    longer = school(programmes=(Programme(id="P", start="2026-1", terms=2, repeats=False, learners=10),))
    found = explain(Problem.of(longer), Selection((Start("P", "A", 1),)))
    assert found.by_module["P", "A"].swaps == ("B",)
    assert found.by_module["P", "B"].swaps == ()


def test_divisions_leave_no_part_idle() -> None:
    # 20 learners at 10 or 15: 15 + 10 takes them in and so does 10 + 10 or 15 + 15; three are too many.
    assert list(divisions([10, 15], 20)) == [(0, 2), (1, 1), (2, 0)]
    # 15 + 10 + 10 = 35 for 30 has no idle part (35 - 10 < 30); 15 + 15 + 10 = 40 has: 30 are enough.
    assert list(divisions([10, 15], 30)) == [(0, 2), (2, 1), (3, 0)]


def test_every_single_exchange_of_random_catalogs() -> None:
    """Evaluate each exchange on each choice of sites, and find exactly the swaps that are named."""
    found = {True: 0, False: 0}
    kinds = {"term": 0, "module": 0}
    for seed in SEEDS:
        catalog, options, objectives = random_instance(seed)
        if seed % 3:
            catalog = with_twin(catalog, catalog.modules[seed % len(catalog.modules)])
        # The fewer objectives, the more plans are as good.
        choices = tuple(ObjectiveChoice(*choice) for choice in objectives[: 1 + seed % 4])
        settings = Settings(**settings_choices(options), objectives=choices)
        problem = with_closure_alone(Problem.of(catalog, settings))
        limits = problem.limits
        try:
            selection = solve(problem).selection
        except InfeasibleError:
            continue
        named = equal_swaps(problem, selection)
        assert sorted(named) == sorted(set(exchanges(catalog, limits, selection))), f"seed {seed}"
        found[bool(named)] += 1
        for swap in named:
            kinds["term" if swap.replacement == swap.module else "module"] += 1
    assert min(found.values()) >= LEAST, found
    assert min(kinds.values()) >= LEAST, kinds


def with_twin(catalog: Catalog, one: Module) -> Catalog:
    """Return the catalog with another module like this one, wherever that is a candidate."""
    name = f"{one.id}T"
    own = {
        table: tuple(row.model_copy(update={"module": name}) for row in rows if row.module == one.id)
        for table in ("module_outcomes", "module_requisites", "module_resources", "module_functions")
        for rows in (getattr(catalog, table),)
    }
    standings = tuple(
        row.model_copy(
            update={"module": name, "status": Standing.CANDIDATE, "current_term": None, "position": None}
        )
        for row in catalog.programme_modules
        if row.module == one.id
    )
    return catalog.replace(
        modules=(*catalog.modules, one.model_copy(update={"id": name})),
        programme_modules=(*catalog.programme_modules, *standings),
        **{table: (*getattr(catalog, table), *rows) for table, rows in own.items()},
    )


def exchanges(catalog: Catalog, limits: Limits, selection: Selection) -> Iterator[Swap]:
    """Yield each exchange that a whole evaluation, worked out afresh, finds lawful and no worse."""
    # A problem of its own: what was worked out for the swaps is not at hand. Of a plan it keeps nothing.
    fresh = Problem(catalog, limits)
    capacity = fresh.capacity
    values = evaluate(fresh, selection).objectives
    taken = {(row.programme, row.module) for row in selection.starts}
    for start in selection.starts:
        key = (start.programme, start.module)
        starts = tuple(row for row in selection.starts if row != start)
        kept = tuple(row for row in selection.sites if (row.programme, row.module) != key)
        terms = range(1, catalog.programme_by_id[start.programme].terms + 1)
        for one, term in product(catalog.modules, terms):
            new = Start(start.programme, one.id, term)
            if new != start and (one.id == start.module or (start.programme, one.id) not in taken):
                for sites in all_sites(catalog, limits, capacity, new):
                    changed = Selection(tuple(sorted((*starts, new))), tuple(sorted((*kept, *sites))))
                    if is_as_good(fresh, changed, values):
                        yield Swap(start.programme, start.module, start.term, one.id, term)
                        break


def all_sites(catalog: Catalog, limits: Limits, capacity: Capacity, new: Start) -> Iterator[list[Site]]:
    """Yield every choice of sites at all, most of them against §9: numbers of parts, or one site."""
    choices = []
    learners = catalog.programme_by_id[new.programme].learners
    for kind in capacity.needs.get(new.module, {}):
        sites = [row for row in catalog.resources if row.kind == kind]
        if not capacity.is_split(new.module, kind):
            choices.append([[Site(new.programme, new.module, row.id)] for row in sites])
            continue
        size = limits.number("group_size"), limits.number("subgroup_size")
        least = min(filter(None, [*size, *(row.places for row in sites), learners]))
        counts = product(range(ceil(learners / least) + 1), repeat=len(sites))
        choices.append([list(divided(new, sites, some)) for some in counts])
    return ([site for some in combination for site in some] for combination in product(*choices))


def divided(new: Start, resources: list[Resource], parts: tuple[int, ...]) -> Iterator[Site]:
    for resource, count in zip(resources, parts, strict=True):
        if count:
            yield Site(new.programme, new.module, resource.id, count)


def is_as_good(problem: Problem, changed: Selection, values: Any) -> bool:
    evaluation = evaluate(problem, changed)
    return not evaluation.broken_rules and all(
        (1 if choice.name in MAXIMISED else -1) * (evaluation.objectives[choice.name] - values[choice.name])
        >= -1e-9 * max(1.0, abs(values[choice.name]))
        for choice in problem.limits.settings.objectives
    )
