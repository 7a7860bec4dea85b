"""What a run says when the solver stops early, fails, or is told to want something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pulp
import pytest

from curriplan.base.errors import CurriplanError, InfeasibleError, NoPlanError, SolverError
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog
from curriplan.optimizer.solve import stages
from curriplan.optimizer.solve.run import relative_gap
from curriplan.optimizer.solve.solver import SOLVE, Outcome, Solved, SolveOptions
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.plan.plan import Status
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

Solve = Callable[[pulp.LpProblem, SolveOptions], Solved]


@pytest.fixture(scope="module")
def mini() -> Catalog:
    return read_catalog("mini").require()


def stop_at(call: int, solved: Solved) -> Solve:
    """Solve with HiGHS, but let the call of that number (from 1) end as `solved`."""
    count = 0

    def fake(lp: pulp.LpProblem, options: SolveOptions) -> Solved:
        nonlocal count
        count += 1
        return solved if count == call else SOLVE_WITH_HIGHS(lp, options)

    return fake


SOLVE_WITH_HIGHS = SOLVE["highs"]


def test_relative_gap() -> None:
    assert relative_gap(11.0, 10.0) == pytest.approx(0.1)
    assert relative_gap(0.0, 0.0) == 0.0
    assert relative_gap(1e-10, 0.0) == 0.0  # solver dust on a value of 0
    assert relative_gap(0.5, 0.0) == pytest.approx(5e8)  # |bound| / 1e-9: far from proven


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Outcome.INFEASIBLE, NoPlanError),
        (Outcome.STOPPED, NoPlanError),
        (Outcome.FAILED, SolverError),
    ],
)
def test_a_first_stage_without_a_plan(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, error: type[Exception]
) -> None:
    monkeypatch.setitem(stages.SOLVE, "highs", stop_at(1, Solved(outcome)))
    with pytest.raises(error):
        solve(Problem.of(mini))


@pytest.mark.parametrize(
    ("second", "error", "code"),
    [
        (Outcome.INFEASIBLE, InfeasibleError, "no-plan-possible"),
        (Outcome.STOPPED, NoPlanError, "impossible-unconfirmed"),
        (Outcome.FAILED, NoPlanError, "impossible-unconfirmed"),
        (Outcome.OPTIMAL, NoPlanError, "impossible-unconfirmed"),
    ],
)
def test_that_there_is_no_plan_needs_two_solvers(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch, second: Outcome, error: type[CurriplanError], code: str
) -> None:
    monkeypatch.setitem(stages.SOLVE, "highs", lambda *_: Solved(Outcome.INFEASIBLE))
    monkeypatch.setitem(stages.SOLVE, "cbc", lambda *_: Solved(second))
    with pytest.raises(error) as refused:
        solve(Problem.of(mini))
    assert [issue.code for issue in refused.value.issues] == [code]


def test_there_is_a_plan_where_todays_curriculum_keeps_the_rules(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two solvers that err together are not believed: mini without floors and credits stands as it is."""
    catalog = mini.replace(floors=(), profile=(), programme_terms=())
    programmes = tuple(row.model_copy(update={"min_credits": None}) for row in catalog.programmes)
    catalog = catalog.replace(programmes=programmes)
    for name in ("highs", "cbc"):
        monkeypatch.setitem(stages.SOLVE, name, lambda *_: Solved(Outcome.INFEASIBLE))
    with pytest.raises(NoPlanError, match="impossible-unconfirmed"):
        solve(Problem.of(catalog))


def test_there_is_a_plan_where_the_earlier_one_keeps_the_rules(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today's curriculum of mini breaks rules; its plan, given as the earlier one, does not."""
    starts = solve(Problem.of(mini)).selection.starts
    settings = Settings(previous=tuple((one.programme, one.module, one.term) for one in starts))
    for name in ("highs", "cbc"):
        monkeypatch.setitem(stages.SOLVE, name, lambda *_: Solved(Outcome.INFEASIBLE))
    with pytest.raises(InfeasibleError):
        solve(Problem.of(mini))
    with pytest.raises(NoPlanError, match="impossible-unconfirmed"):
        solve(Problem.of(mini, settings))


def test_a_later_stage_that_stops_keeps_the_plan(mini: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    # Calls: no_harm, closure, cost. The third stops with nothing.
    monkeypatch.setitem(stages.SOLVE, "highs", stop_at(3, Solved(Outcome.STOPPED)))
    solution = solve(Problem.of(mini))
    assert solution.status is Status.FEASIBLE
    bounds = {stage.objective: stage.bound for stage in solution.stages}
    assert bounds["closure"] is not None
    assert bounds["cost"] is bounds["disruption"] is bounds["balance"] is None
    # The decisions are those of the closure stage: 23/38 of the worth, whatever it costs.
    assert solution.stages[1].value == pytest.approx(23 / 38)
    assert solution.selection.starts


MOST_KZT = 1_500_000
"""What the plan costs that closure ends with; by 1.2 million another one closes as much."""


def prices(solution: Solution) -> tuple[int | None, int | None]:
    return solution.cost_at_best_closure_kzt, solution.cost_at_best_closure_at_most_kzt


def test_the_least_price_of_the_last_points_is_only_told_when_proven(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    proving = Settings(prove_last_points=True)
    assert prices(solve(Problem.of(mini, proving))) == (1_200_000, None)
    # Calls: no_harm, closure, cost at the best closure. The plan of closure is one, whatever it costs.
    monkeypatch.setitem(stages.SOLVE, "highs", stop_at(3, Solved(Outcome.STOPPED)))
    assert prices(solve(Problem.of(mini, proving))) == (None, MOST_KZT)


def test_unless_it_is_asked_for_the_last_points_have_a_price_at_most(mini: Catalog) -> None:
    assert prices(solve(Problem.of(mini))) == (None, MOST_KZT)
    strict = tuple(replace(choice, tolerance=0.0) for choice in Settings().objectives)
    assert prices(solve(Problem.of(mini, Settings(objectives=strict)))) == (None, None)


def test_what_the_last_points_cost_at_most_is_the_cost_of_a_plan(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that the evaluation refuses tells nothing."""
    refused = SimpleNamespace(broken_rules=("§6",))
    monkeypatch.setattr(stages, "evaluate", lambda *_: refused)
    assert prices(solve(Problem.of(mini))) == (None, None)


def test_the_order_of_objectives_matters(mini: Catalog) -> None:
    # Cheapest first: the floor needs PHISH (200 000) and nine credits need more; then closure has
    # only what that money buys.
    order = (ObjectiveChoice("cost"), ObjectiveChoice("closure"))
    cheap = {s.objective: s.value for s in solve(Problem.of(mini, Settings(objectives=order))).stages}
    best = {s.objective: s.value for s in solve(Problem.of(mini)).stages}
    assert cheap["cost"] < best["cost"]
    assert cheap["closure"] < best["closure"]


def test_cbc_reaches_the_same_values(mini: Catalog) -> None:
    highs = solve(Problem.of(mini, Settings(gap=0.0)))
    cbc = solve(Problem.of(mini, Settings(gap=0.0, solver="cbc")))
    assert [s.value for s in cbc.stages] == pytest.approx([s.value for s in highs.stages])
    assert all(stage.gap is None for stage in cbc.stages)  # CBC tells no bound


def test_an_objective_without_modules_that_count(mini: Catalog) -> None:
    # No module requires another: distance is the constant 0, and the stage is proven all the same.
    settings = Settings(objectives=(ObjectiveChoice("closure"), ObjectiveChoice("distance")))
    solution = solve(Problem.of(mini.replace(module_requisites=()), settings))
    stage = solution.stages[-1]
    assert (stage.value, stage.bound, stage.gap) == (0.0, 0.0, 0.0)
