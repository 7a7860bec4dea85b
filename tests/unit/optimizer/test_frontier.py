"""Closure against budget: every point is what a plan of its own says, on catalogs small enough to count."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pulp
import pytest

from curriplan.api.library import find_frontier as find_frontier_of_library
from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import InfeasibleError, NoPlanError
from curriplan.base.progress import Progress
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Competency,
    Floor,
    FundingBudget,
    FundingLimit,
    FundingSource,
    Module,
    ModuleOutcome,
    Occupation,
    OccupationRequirement,
    ProfileEntry,
    Programme,
    Target,
)
from curriplan.optimizer import at_budget
from curriplan.optimizer.budgets import plenty_of, with_budget, with_plenty
from curriplan.optimizer.frontier import find_frontier
from curriplan.optimizer.rebudgeted import BudgetModel
from curriplan.optimizer.solve import stages
from curriplan.optimizer.solve.solver import SOLVE, Outcome, Solved, SolveOptions, catch_interrupt
from curriplan.plan.frontier import Frontier, next_budget, round_step, rounded_up
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from instances.bare import bare_plans
from instances.random_catalogs import random_instance

UP_TO_COST = (ObjectiveChoice("no_harm"), ObjectiveChoice("closure"), ObjectiveChoice("cost"))
SOLVE_WITH_HIGHS = SOLVE["highs"]


def module(name: str, setup_kzt: int, **columns: Any) -> Module:
    hours = {"credits": 1, "theory_hours": 24}
    return Module(id=name, section="professional", setup_cost_kzt=setup_kzt, **{**hours, **columns})


def school(*budgets: FundingBudget, **tables: Any) -> Catalog:
    """P needs C, D and E at 1, all equally worth; A teaches C for 100 KZT, B D for 200, F E for 300."""
    needed = {"A": "C", "B": "D", "F": "E"}
    rows: dict[str, Any] = {
        "competencies": tuple(Competency(id=name) for name in needed.values()),
        "occupations": (Occupation(id="O"),),
        "occupation_requirements": tuple(
            OccupationRequirement(occupation="O", competency=name, level=1, importance=1, essential=True)
            for name in needed.values()
        ),
        "modules": (module("A", 100), module("B", 200), module("F", 300)),
        "module_outcomes": tuple(
            ModuleOutcome(module=name, competency=competency, entry_level=0, exit_level=1)
            for name, competency in needed.items()
        ),
        "programmes": (Programme(id="P", start="2026-1", terms=1, repeats=False, learners=10),),
        "targets": (Target(programme="P", occupation="O", share=1),),
        "funding_sources": tuple(FundingSource(id=name) for name in dict.fromkeys(b.source for b in budgets)),
        "funding_budgets": budgets,
        "profile": (ProfileEntry(key="hours_per_credit", value="24"),),
    }
    return Catalog(CatalogInfo(id="school"), **{**rows, **tables})


def budget(source: str, kzt: int, year: int | None = None) -> FundingBudget:
    return FundingBudget(source=source, year=year, budget_kzt=kzt)


def table(frontier: Frontier) -> list[tuple[int, str, float | None, int | None]]:
    """Budget, status, closure in thirds and cost of each point."""
    return [
        (p.budget_kzt, p.status, None if p.closure is None else round(p.closure * 3, 6), p.cost_kzt)
        for p in frontier.points
    ]


def test_each_budget_buys_what_it_can() -> None:
    # 0 buys nothing, 100 A, 300 A and B, 600 all three. From 0 to 600: 300 is halfway; the rise of a
    # third from 0 to 300 is two thirds, from 300 to 600 one third: then 150, where A is bought alone.
    found = find_frontier(school(budget("S", 250)), points=5)
    assert table(found) == [
        (0, "optimal", 0, 0),
        (130, "optimal", 1, 100),
        (250, "optimal", 1, 100),
        (430, "optimal", 2, 300),
        (600, "optimal", 3, 600),
    ]
    assert [p.is_current for p in found.points] == [False, False, True, False, False]
    assert [p.essentials_met for p in found.points] == [0, 1, 1, 2, 3]
    assert [p.modules_added for p in found.points] == [0, 1, 1, 2, 3]
    assert (found.closure_before, found.essentials, found.least_kzt, found.is_complete) == (0, 3, 0, True)


def test_prices_are_of_what_is_gained_from_the_point_before() -> None:
    found = find_frontier(school(budget("S", 250)), points=5)
    # 100 KZT for the first third: 3 KZT a point; nothing from 130 to 250; then 200 and 300 for a third.
    assert [found.price_of_next(i) for i in range(5)] == [
        None,
        pytest.approx(3),
        None,
        pytest.approx(6),
        pytest.approx(9),
    ]


def test_below_the_least_that_the_rules_ask_there_is_no_plan() -> None:
    # A floor asks D: no plan below the 200 KZT of B. The present budget of 150 is shown for what it is.
    found = find_frontier(school(budget("S", 150), floors=(Floor(competency="D", level=1),)), points=4)
    assert found.least_kzt == 200
    assert table(found)[0] == (150, "infeasible", None, None)
    assert found.points[0].is_current
    assert table(found)[1] == (200, "optimal", 1, 200)
    assert table(found)[-1] == (600, "optimal", 3, 600)
    assert len(found.points) == 4


@pytest.mark.parametrize("sources", [(), (FundingSource(id="S"),)])
def test_a_catalog_without_budgets_has_no_present_one(sources: tuple[FundingSource, ...]) -> None:
    found = find_frontier(school(funding_sources=sources), points=3)
    assert [row[0] for row in table(found)] == [0, 300, 600]
    assert [row[2] for row in table(found)] == [0, 2, 3]
    assert not any(point.is_current for point in found.points)


def test_both_ends_and_the_present_budget_stand_however_few_are_asked_for() -> None:
    assert [row[0] for row in table(find_frontier(school(budget("S", 250)), points=2))] == [0, 250, 600]


def test_a_present_budget_above_what_everything_costs() -> None:
    found = find_frontier(school(budget("S", 10_000)), points=3)
    assert table(found)[-2:] == [(600, "optimal", 3, 600), (10_000, "optimal", 3, 600)]
    assert found.points[-1].is_current


def test_budgets_of_nothing_are_shared_equally() -> None:
    # S1 and S2 have nothing: 300 KZT are 150 of each, which together pay for A and B.
    found = find_frontier(school(budget("S1", 0), budget("S2", 0)), points=3)
    assert table(found) == [(0, "optimal", 0, 0), (300, "optimal", 2, 300), (600, "optimal", 3, 600)]


def test_plenty_of_money_is_no_more_than_a_solver_can_reckon_with() -> None:
    # All of A, B and F cost 600 KZT: 1201 are more than any plan costs. With 10 trillion in every budget
    # HiGHS 1.16 ended in an error on the bundled college, and `frontier` with it.
    assert plenty_of(school(budget("S", 250)), Settings()) == 1201
    college = read_catalog("kz-digital-college").require()
    rich = with_plenty(college, plenty_of(college, Settings()))
    first = Settings(objectives=(ObjectiveChoice("no_harm"),))
    assert stages.solve(Problem.of(rich, first)).status == "optimal"


def test_what_a_smaller_budget_pays_for_is_not_solved_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # Solved are the least, the best, 250, 0 and the half of 250 and 600; at the half of 0 and 250, 130, the
    # plan of 250, which costs 100, is the best there can be.
    solved: list[int] = []
    real = BudgetModel.solve

    def counted(self: BudgetModel, problem: Problem, *choices: Any) -> Any:
        solved.append(problem.limits.budget_kzt or 0)
        return real(self, problem, *choices)

    monkeypatch.setattr(BudgetModel, "solve", counted)
    found = find_frontier(school(budget("S", 250)), points=5)
    assert [row[0] for row in table(found)] == [0, 130, 250, 430, 600]
    assert solved[2:] == [250, 0, 430]


@pytest.mark.parametrize("points", [2, 5])
def test_the_points_are_the_same_whatever_the_number_of_workers(points: int) -> None:
    """A worker that is free looks ahead, also at budgets that are not asked for in the end."""
    one = school(budget("S", 250))
    assert find_frontier(one, None, points, workers=3) == find_frontier(one, None, points, workers=1)


def test_the_highest_budget_pays_for_everything_where_a_source_holds_back() -> None:
    # S1 has three quarters of the money but pays for F at most a tenth, 30 KZT; S2 must pay 270 of it
    # from its quarter: 1080 KZT in all. The search ends within 0.1 %, rounded to tens.
    limit = FundingLimit(source="S1", module="F", max_share=0.1)
    found = find_frontier(school(budget("S1", 300), budget("S2", 100), funding_limits=(limit,)), points=3)
    assert table(found)[-1] == (1080, "optimal", 3, 600)


def test_money_of_a_year_that_comes_too_late_buys_nothing() -> None:
    # All modules start in 2026. A fifth of the money is of 2026, the rest of 2027: 600 KZT need 3000.
    found = find_frontier(school(budget("S", 100, 2026), budget("S", 400, 2027)), points=3)
    assert table(found)[-1] == (3000, "optimal", 3, 600)
    assert (500, "optimal", 1, 100) in table(found)  # 100 KZT of 2026 are at hand today


@pytest.mark.parametrize("kzt", [0, 1, 7, 100, 101, 999])
def test_budgets_stand_in_proportion_and_never_fall(kzt: int) -> None:
    # 30 + 10 for each of 10 learners = 130 of S1, 65 of S2, 0 of S3: two thirds, one third, nothing.
    catalog = school(
        FundingBudget(source="S1", budget_kzt=30, per_learner_kzt=10), budget("S2", 65), budget("S3", 0)
    )
    rows = with_budget(catalog, kzt).funding_budgets
    assert [row.budget_kzt for row in rows] == [-(-2 * kzt // 3), -(-kzt // 3), 0]
    assert [row.per_learner_kzt for row in rows] == [0, 0, 0]
    more = with_budget(catalog, kzt + 1).funding_budgets
    assert all(one.budget_kzt <= other.budget_kzt for one, other in zip(rows, more, strict=True))


def test_every_point_is_a_fresh_plan_of_its_budget() -> None:
    """Random catalogs: closure never falls, and each point equals `optimize` on the catalog of its budget."""
    checked = infeasible = several = 0
    for seed in range(40):
        catalog, options, _ = random_instance(seed)
        settings = Settings(programmes=options.programmes, gap=0.0)
        try:
            found = find_frontier(catalog, settings, 4)
        except InfeasibleError:
            infeasible += 1
            continue
        closures = [point.closure for point in found.points if point.closure is not None]
        assert all(one <= other + 1e-9 for one, other in pairwise(closures)), f"seed {seed}"
        several += len(set(closures)) > 1
        for point in found.points:
            checked += 1
            within = replace(settings, budget_kzt=point.budget_kzt, objectives=UP_TO_COST)
            fresh = plan_of(with_budget(catalog, point.budget_kzt), within)
            assert fresh == (point.closure, point.cost_kzt), f"seed {seed}, {point}"
            if found.least_kzt is not None and point.budget_kzt < found.least_kzt:
                assert point.status == "infeasible"
    assert checked >= 60
    assert infeasible >= 5
    assert several >= 5


def plan_of(catalog: Catalog, settings: Settings) -> tuple[float | None, int | None]:
    try:
        with bare_plans():
            measures = optimize_catalog(catalog, settings).plan.measures
    except InfeasibleError:
        return (None, None)
    return (measures["closure_after"], measures["cost_kzt"])


def test_equity_and_fairness_are_asked_at_every_budget() -> None:
    # Alone P reaches what the plan reaches: it is the only programme, so nothing changes.
    plain = find_frontier(school(budget("S", 250)), points=4)
    fair = (ObjectiveChoice("fairness"), *UP_TO_COST[1:])
    for settings in (Settings(equity=1.0), Settings(objectives=fair)):
        assert table(find_frontier(school(budget("S", 250)), settings, 4)) == table(plain)


def test_only_the_chosen_programmes_count() -> None:
    mini = read_catalog("mini").require()
    name = mini.programmes[0].id
    found = find_frontier_of_library("mini", programmes=(name,), points=3)
    assert found.points == find_frontier(mini, Settings(programmes=(name,)), 3).points


def test_no_plan_at_any_price_names_what_clashes() -> None:
    # The floor asks a level that nothing teaches.
    catalog = school(budget("S", 250), floors=(Floor(competency="C", level=3),))
    with pytest.raises(InfeasibleError) as caught:
        find_frontier_of_library(catalog)
    assert caught.value.diagnosis is not None


Solve = Callable[[pulp.LpProblem, SolveOptions], Solved]


def stop_from(
    call: int, then: Callable[[], None] = lambda: None, outcome: Outcome = Outcome.STOPPED
) -> Solve:
    """Solve with HiGHS, but end every call from that number (from 1) on without a plan."""
    count = 0

    def fake(lp: pulp.LpProblem, options: SolveOptions) -> Solved:
        nonlocal count
        count += 1
        if count < call:
            return SOLVE_WITH_HIGHS(lp, options)
        then()
        return Solved(outcome)

    return fake


def test_a_budget_that_runs_out_of_time_takes_the_plan_of_a_smaller_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Calls: cost; no_harm, closure, cost of the best plan; closure and cost of the present budget of 250
    # and of 0: the cheapest plan, which both begin with, harms nobody. The halves between 250 and 600, 430
    # and 520, find no plan in time: what 250 reaches is possible there as well.
    monkeypatch.setitem(stages.SOLVE, "highs", stop_from(9))
    found = find_frontier(school(budget("S", 250)), points=5)
    assert table(found) == [
        (0, "optimal", 0, 0),
        (250, "optimal", 1, 100),
        (430, "feasible", 1, 100),
        (520, "feasible", 1, 100),
        (600, "optimal", 3, 600),
    ]
    assert [p.gap is None for p in found.points] == [False, False, True, True, False]
    assert found.is_complete


def test_no_plan_in_time_is_no_proof_that_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stages.SOLVE, "highs", stop_from(5))
    found = find_frontier(school(budget("S", 250)), points=3)
    assert table(found) == [
        (0, "no_plan", None, None),
        (250, "no_plan", None, None),
        (600, "optimal", 3, 600),
    ]


def test_without_the_best_plan_there_is_nothing_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stages.SOLVE, "highs", stop_from(1))
    with pytest.raises(NoPlanError):
        find_frontier(school(budget("S", 250)))


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to oneself on Windows")
def test_ctrl_c_before_any_point_is_no_frontier(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes in the last of the four calls that find the best plan, which ends well."""
    calls = iter(range(1, 100))

    def fake(lp: pulp.LpProblem, options: SolveOptions) -> Solved:
        if next(calls) == 4:
            signal.raise_signal(signal.SIGINT)
        return SOLVE_WITH_HIGHS(lp, options)

    monkeypatch.setitem(stages.SOLVE, "highs", fake)
    with pytest.raises(NoPlanError):
        find_frontier(school(budget("S", 250)), points=5)


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to oneself on Windows")
def test_ctrl_c_ends_with_the_points_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def press() -> None:
        signal.raise_signal(signal.SIGINT)

    # The sixth call is the last one of the present budget; Ctrl-C comes in the first one of 0.
    monkeypatch.setitem(stages.SOLVE, "highs", stop_from(7, press))
    found = find_frontier(school(budget("S", 250)), points=5)
    assert table(found) == [(250, "optimal", 1, 100), (600, "optimal", 3, 600)]
    assert not found.is_complete


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to oneself on Windows")
@pytest.mark.parametrize("call", [2, 3, 4])
def test_ctrl_c_before_any_point_leaves_nothing_to_show(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """The first call finds the least money, the next three the best plan, which is none yet."""

    def press() -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setitem(stages.SOLVE, "highs", stop_from(call, press))
    with pytest.raises(NoPlanError):
        find_frontier(school(budget("S", 250)), points=5)


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to oneself on Windows")
def test_ctrl_c_reaches_the_outer_series_too() -> None:
    with catch_interrupt() as outer:
        with catch_interrupt() as inner:
            signal.raise_signal(signal.SIGINT)
        assert (outer.pressed, inner.pressed) == (True, True)
    with catch_interrupt() as later:
        assert not later.pressed


def test_progress_counts_solves_and_never_passes_its_own_end() -> None:
    told: list[Progress] = []
    find_frontier(school(budget("S", 250)), points=5, progress=told.append)
    numbers = [at.stage for at in told]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    assert all(at.stage <= at.stages for at in told)
    assert all(one.seconds <= other.seconds for one, other in pairwise(told))


def test_the_same_catalog_gives_the_same_frontier() -> None:
    one, other = (find_frontier(school(budget("S", 250)), points=6) for _ in range(2))
    assert one == other


def test_a_plan_that_the_evaluation_refuses_is_no_point(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        broken_rules = ("§9",)

    monkeypatch.setattr(at_budget, "evaluate", lambda *_a, **_k: Refusing())
    with pytest.raises(Exception, match="§9"):
        find_frontier(school(budget("S", 250)))


def test_where_the_next_budget_tells_most() -> None:
    # 0.4 over 20 = 8 beats 0.1 over 40 = 4; nothing rises from 60 to 90.
    assert next_budget({0: 0.5, 40: 0.6, 60: 1.0, 90: 1.0}, 1, 0.001) == 50
    assert next_budget({0: 0.5, 90: 0.5}, 1, 0.001) is None
    assert next_budget({0: 0.0, 1: 1.0}, 1, 0.001) is None  # nothing lies between 0 and 1
    assert next_budget({0: 0.9999, 90: 1.0}, 1, 0.001) is None  # within the gap
    # Halfway of 0 and 50 is 25, rounded up to tens.
    assert next_budget({0: 0.0, 50: 1.0}, 10, 0.001) == 30


def test_budgets_are_round() -> None:
    # 15 119 092 KZT over ten steps for each of 9 points: 167 989, so hundreds of thousands.
    assert round_step(27_665_751, 42_784_843, 9) == 100_000
    assert round_step(0, 100, 9) == 1
    assert round_step(5, 5, 2) == 1
    assert [rounded_up(kzt, 10) for kzt in (0, 1, 10, 11)] == [0, 10, 10, 20]
