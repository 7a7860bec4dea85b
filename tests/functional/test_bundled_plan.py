"""The bundled catalog as a planner meets it: proven, refused by nobody, and not too easy.

What takes longer than one solve (limits and rules taken away, a greedy plan, every added module
removed) is in ``benchmarks/bundled.py``.
"""

from __future__ import annotations

from typing import Any

import pytest

from curriplan.catalog.records import Standing

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
    assert result.plan.cost_at_best_closure_kzt > result.after.cost_kzt
