"""Spans, sites, splits and entities: what the variables of a model stand for."""

from __future__ import annotations

from typing import Any

import pytest

from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    Floor,
    ModuleOutcome,
    ModuleResource,
    Programme,
    Resource,
    ResourceCapacity,
)
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.model.variables import Entity, PlanModel, new_model
from curriplan.optimizer.solve.decisions import read_selection
from curriplan.optimizer.solve.stages import build_model, solve
from curriplan.plan.plan import Site, Start
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from formulation.instances import INSTANCES, base, module, of_programme

CHEAPEST = Settings(objectives=(ObjectiveChoice("cost"),), gap=0.0)


def model_of(catalog: Catalog, **chosen: Any) -> PlanModel:
    return new_model(PlanningProblem(Problem.of(catalog, Settings(**chosen))))


def one_module(**tables: Any) -> Catalog:
    """A alone, which teaches C to 2, and everyone must reach that."""
    rows: dict[str, Any] = {
        "modules": (module("A"),),
        "module_outcomes": (ModuleOutcome(module="A", competency="C", exit_level=2),),
        "floors": (Floor(competency="C", level=2),),
    }
    return base(**{**rows, **tables})


def rooms(
    *places: int, fees: tuple[int, ...], hours: tuple[float, ...] = (), **columns: Any
) -> dict[str, Any]:
    """Rooms R1, R2, ... of one kind that A needs for its 24 laboratory hours."""
    names = [f"R{number}" for number in range(1, len(places) + 1)]
    return {
        "module_resources": (
            ModuleResource(module="A", resource_kind="lab", hours_kind="laboratory_practical", **columns),
        ),
        "resources": tuple(
            Resource(id=name, kind="lab", category="laboratory", places=size, fee_per_hour_kzt=fee)
            for name, size, fee in zip(names, places, fees, strict=True)
        ),
        "resource_capacity": tuple(
            ResourceCapacity(resource=name, semester=f"*-{half}", hours=free)
            for name, free in zip(names, hours, strict=False)
            for half in (1, 2)
        ),
    }


def test_a_spanning_module_loads_each_of_its_terms() -> None:
    catalog = base(
        programmes=(Programme(id="P", start="2026-1", terms=3, learners=30),),
        modules=(module("A", span_terms=2, span_weights="0.25;0.75"), module("B")),
    )
    model = model_of(catalog)
    option = model.problem.programmes[0].options[0]
    assert option.starts == (1, 2)  # from 3 it would run out of the programme
    first, second = (model.start["P", "A", term] for term in (1, 2))
    assert model.running(option, 1) == [(first, 0.25)]
    assert model.running(option, 2) == [(first, 0.75), (second, 0.25)]
    assert model.running(option, 3) == [(second, 0.75)]
    assert model.ended_by(option, 2) == [(first, 1.0)]
    assert model.ended_by(option, 1) == []


@pytest.mark.parametrize(("span", "groups"), [(1, ((1, 3), (2, 4))), (2, ((1, 2, 3),))])
def test_starts_of_a_repeating_programme_go_together_by_semesters(span: int, groups: Any) -> None:
    # All autumns together and all springs; over two terms, half in each, every start is the same.
    catalog = base(
        programmes=(Programme(id="P", start="2026-1", terms=4, learners=30, repeats="yes"),),
        modules=(module("A", span_terms=span), module("B")),
    )
    model = model_of(catalog)
    assert model.groups(model.problem.programmes[0].options[0]) == groups


def test_unequal_halves_keep_the_starts_apart() -> None:
    catalog = base(
        programmes=(Programme(id="P", start="2026-1", terms=4, learners=30, repeats="yes"),),
        modules=(module("A", span_terms=2, span_weights="0.25;0.75"), module("B")),
    )
    model = model_of(catalog)
    # From 1 and 3 a quarter falls in autumn, from 2 in spring.
    assert model.groups(model.problem.programmes[0].options[0]) == ((1, 3), (2,))


def test_whole_parts_are_divided_over_rooms() -> None:
    # 30 learners: R1 takes 15 a part, R2 10. R1 has hours for one part of 24 h; so one there and two
    # in R2, 1·15 + 2·10 = 35 ≥ 30, whatever the fee of R2.
    catalog = one_module(**rooms(15, 10, fees=(1, 100), hours=(30, 60), may_split="yes"))
    solution = solve(Problem.of(catalog, CHEAPEST))
    assert solution.selection.sites == (Site("P", "A", "R1", 1), Site("P", "A", "R2", 2))
    # Fees of a part: 24 h · 1 in R1, 24 h · 100 in R2.
    assert solution.stages[0].value == 24 + 2 * 2400


def test_one_site_serves_all_where_nothing_is_split() -> None:
    # The same rooms: R1 needs 2 · 24 h of 30, R2 3 · 24 of 60. Neither has room for all.
    catalog = one_module(**rooms(15, 10, fees=(1, 100), hours=(30, 60)))
    with pytest.raises(InfeasibleError):
        solve(Problem.of(catalog, CHEAPEST))


def test_the_only_room_serves_all_parts() -> None:
    catalog = one_module(**rooms(10, fees=(5,), may_split="yes"))
    solution = solve(Problem.of(catalog, CHEAPEST))
    assert solution.selection.sites == (Site("P", "A", "R1", 3),)
    assert solution.stages[0].value == 3 * 24 * 5


def test_the_cheaper_room_is_used_by_what_is_added_only() -> None:
    # 2 sub-groups · 24 h · fee. A taught today costs nothing new, so its room is no matter of cost.
    tables = rooms(15, 15, fees=(7, 5))
    added = one_module(**tables)
    assert solve(Problem.of(added, CHEAPEST)).stages[0].value == 2 * 24 * 5
    current = one_module(
        **tables, programme_modules=of_programme(("A", {"status": "existing", "current_term": 1}))
    )
    assert solve(Problem.of(current, CHEAPEST)).stages[0].value == 0


def test_idle_parts_are_taken_away_the_costliest_first() -> None:
    # The solver may leave 2 · 15 + 3 · 10 = 60 places for 30 learners. R2 costs more: its three go
    # first (60 − 30 = 30 left), then R1 keeps both.
    catalog = one_module(**rooms(15, 10, fees=(1, 100), may_split="yes"))
    model = model_of(catalog)
    values = {model.start["P", "A", 1].name: 1.0}
    values |= {model.split["P", "A", 1, name].name: count for name, count in (("R1", 2.0), ("R2", 3.0))}
    selection = read_selection(model, values)
    assert selection.starts == (Start("P", "A", 1),)
    assert selection.sites == (Site("P", "A", "R1", 2),)


def test_sites_of_terms_that_are_not_started_are_dust() -> None:
    catalog = one_module(**rooms(15, 15, fees=(0, 0)))
    model = model_of(catalog)
    values = {model.start["P", "A", 1].name: 1.0, model.site["P", "A", 1, "R1"].name: 1.0}
    values[model.site["P", "A", 2, "R2"].name] = 1.0
    assert read_selection(model, values).sites == (Site("P", "A", "R1"),)


def test_rows_of_one_limit_share_an_entity_and_definitions_have_none() -> None:
    catalog = INSTANCES["§3"]
    model = build_model(Problem.of(catalog))
    rows = [name for name in model.entities if name.startswith("rule_3")]
    assert len(rows) == 2  # one a term
    assert {model.entities[name] for name in rows} == {Entity("§3", "entry_levels", "P", "B:C")}
    assert model.counts["§2"] > 0 and not [name for name in model.entities if name.startswith("rule_2")]


def test_entities_sort_with_absent_parts_first() -> None:
    some = [Entity("§9", "resource_hours", None, "L", "2026-1"), Entity("§11", "floor", "P", "C")]
    some.append(Entity("§10", "budget"))
    assert [one.rule for one in sorted(some)] == ["§10", "§11", "§9"]


def test_a_relaxed_model_states_standing_as_rows() -> None:
    catalog = base(
        modules=(module("A"), module("B", 3), module("X", 1)),
        programme_modules=of_programme(
            ("A", {"status": "mandatory", "pinned_term": 1}),
            ("B", {"status": "candidate", "allowed_terms": "2"}),
            ("X", {"status": "forbidden"}),
        ),
    )
    problem = Problem.of(catalog)
    strict, relaxed = build_model(problem), build_model(problem, relaxed=True)
    assert sorted(strict.start) == [("P", "A", 1), ("P", "B", 2)]
    assert sorted(relaxed.start) == [("P", name, term) for name in "ABX" for term in (1, 2)]
    standing = [entity for entity in relaxed.entities.values() if entity.rule == "§1"]
    assert standing == [
        Entity("§1", "mandatory_modules", "P", "A"),
        Entity("§1", "allowed_terms", "P", "A"),
        Entity("§1", "allowed_terms", "P", "B"),
        Entity("§1", "forbidden_modules", "P", "X"),
    ]
