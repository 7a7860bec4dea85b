"""The bundled catalog as a planner meets it: proven, refused by nobody, and not too easy.

What takes longer than one solve (limits and rules taken away, a greedy plan, every added module
removed) is in ``benchmarks/bundled.py``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from curriplan.api.results import PlanResult
from curriplan.catalog.records import Standing
from curriplan.evaluation.hand_edit import try_edits
from curriplan.optimizer.solve.stages import solve
from curriplan.plan.hand_edit import EditKind, HandEdit
from curriplan.plan.plan import Decision, PlannedModule, Start
from curriplan.problem.review import Choice, ReviewDecision

pytestmark = pytest.mark.slow


@pytest.fixture
def result(bundled_result: Any) -> Any:
    return bundled_result


def test_every_stage_is_proven(result: Any) -> None:
    assert result.status == "optimal"
    names = [stage.objective for stage in result.plan.stages]
    assert names == ["no_harm", "closure", "cost", "disruption", "balance"]
    for stage in result.plan.stages:
        assert stage.gap is not None
        assert stage.gap <= 0.001, stage


def test_the_evaluation_finds_nothing(result: Any) -> None:
    assert result.after.broken == ()
    # The existing curricula do break rules: too few credits, floors not reached.
    assert {"§6", "§11"} <= set(result.before.broken_rules)


def test_the_plan_is_much_better_and_not_perfect(result: Any) -> None:
    before, after = result.after.closure_before, result.after.objectives["closure"]
    assert before >= 0.20
    assert after >= before + 0.15
    assert after < 1


def test_neither_few_nor_most_candidates_are_chosen(result: Any) -> None:
    optional = {item.key for item in result.curricula.options() if item.standing is Standing.CANDIDATE}
    chosen = {(row.programme, row.module) for row in result.plan.modules if row.decision == "added"}
    assert chosen <= optional
    assert 0.25 <= len(chosen) / len(optional) <= 0.75


def test_the_last_points_have_a_price(result: Any) -> None:
    best = next(stage.value for stage in result.plan.stages if stage.objective == "closure")
    given_up = best - result.after.objectives["closure"]
    assert 0 <= given_up <= 0.005 + 1e-6
    assert result.plan.cost_at_best_closure_kzt is None
    assert result.plan.cost_at_best_closure_at_most_kzt > result.after.cost_kzt


def test_a_review_changes_no_more_modules_than_its_decisions(bundled_result: PlanResult) -> None:
    """One rejected, one pinned to another term, two accepted: of 280 modules two change.

    Each of the two could be changed by hand without breaking a rule, so no rule forces a third.
    """
    problem, plan = bundled_result.problem, bundled_result.plan

    def holds(kind: EditKind, row: PlannedModule, term: int | None = None) -> bool:
        return try_edits(problem, plan.selection, [HandEdit(kind, *_key(row), term)]).holds

    added = [row for row in plan.modules if row.decision is Decision.ADDED]
    rejected = next(row for row in added if holds(EditKind.DROP, row))
    others = [row for row in added if row.programme != rejected.programme]
    pinned, term = next(
        (row, term)
        for row in others
        for term in problem.curricula.by_programme[row.programme].options[row.module].starts
        if term != row.term and holds(EditKind.MOVE, row, term)
    )
    accepted = [row for row in added if row.programme not in (rejected.programme, pinned.programme)][:2]
    decisions = (
        ReviewDecision(*_key(rejected), Choice.REJECT, None),
        ReviewDecision(*_key(pinned), Choice.PIN, term),
        *(ReviewDecision(*_key(row), Choice.ACCEPT, row.term) for row in accepted),
    )
    reviewed = tuple((one.programme, one.module, one.term) for one in plan.selection.starts)
    settings = replace(problem.limits.settings, review=decisions, reviewed=reviewed).with_fewest_changes()
    found = solve(problem.with_settings(settings))
    assert (found.stages[0].objective, found.stages[0].value, found.stages[0].bound) == ("changes", 2, 2)
    changed = {_key(one) for one in set(found.selection.starts) ^ set(plan.selection.starts)}
    assert changed == {_key(rejected), _key(pinned)}


def _key(row: PlannedModule | Start) -> tuple[str, str]:
    return row.programme, row.module
