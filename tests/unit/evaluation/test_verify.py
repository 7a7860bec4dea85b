"""A saved plan is believed in nothing that follows from its decisions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from curriplan.catalog.records import Catalog, CostPart
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.payments import divide
from curriplan.evaluation.planned import planned_gaps, planned_modules, planned_uses
from curriplan.evaluation.verify import Verification, verify_plan
from curriplan.plan.plan import (
    CatalogReference,
    Decision,
    Plan,
    PlannedModule,
    PlannedUse,
    Selection,
    Stage,
    Status,
)
from curriplan.problem.objectives import DEFAULT_OBJECTIVES
from unit.evaluation.builders import college, good, problem_of


def saved_plan(catalog: Catalog, selection: Selection, **settings: Any) -> Plan:
    """A plan as it is saved, its stages all proven."""
    problem = problem_of(catalog, **settings)
    evaluation = evaluate(problem, selection)
    values = {choice.name: evaluation.objectives[choice.name] for choice in DEFAULT_OBJECTIVES}
    return Plan(
        catalog=CatalogReference("college", "0", catalog.sha256, None),
        limits={},
        status=Status.OPTIMAL,
        stages=tuple(Stage(name, value, value, 0.0) for name, value in values.items()),
        modules=planned_modules(problem, selection),
        uses=planned_uses(problem, selection),
        payments=divide(problem.money, evaluation.cost_items),
        gaps=planned_gaps(problem, evaluation),
        measures=measures_of(evaluation),
    )


GOOD_PLAN = saved_plan(college(), good())
"""closure (30 · 1 + 10 · 0) / 40 = 0.75, cost 3600 KZT, balance 1 credit."""


def verified(plan: Plan, **settings: Any) -> Verification:
    return verify_plan(problem_of(college(), **settings), plan)


def test_a_plan_as_it_was_saved_holds() -> None:
    verification = verified(GOOD_PLAN)
    assert (verification.differences, verification.broken) == ((), ())
    assert verification.holds


def test_the_order_of_rows_does_not_matter() -> None:
    mixed = replace(
        GOOD_PLAN,
        modules=GOOD_PLAN.modules[::-1],
        uses=GOOD_PLAN.uses[::-1],
        payments=GOOD_PLAN.payments[::-1],
        gaps=GOOD_PLAN.gaps[::-1],
    )
    assert verified(mixed).holds


def test_a_plan_that_breaks_a_rule_does_not_hold_though_all_is_recorded_truly() -> None:
    # Without K, 3 of 4 credits in term 1 and a mandatory module less; 7 of 8 credits in all.
    verification = verified(saved_plan(college(), good(without=["P:K@1"])))
    assert verification.differences == ()
    assert {check.rule for check in verification.broken} == {"§1", "§6"}
    assert not verification.holds


def row(rows: tuple[Any, ...], index: int, **changes: Any) -> tuple[Any, ...]:
    return (*rows[:index], replace(rows[index], **changes), *rows[index + 1 :])


def stage(name: str, **changes: Any) -> Plan:
    index = [one.objective for one in GOOD_PLAN.stages].index(name)
    return replace(GOOD_PLAN, stages=row(GOOD_PLAN.stages, index, **changes))


def measure(path: str, value: Any) -> Plan:
    def changed(data: Any, keys: list[str]) -> Any:
        return {**data, keys[0]: changed(data[keys[0]], keys[1:])} if keys else value

    return replace(GOOD_PLAN, measures=changed(GOOD_PLAN.measures, path.split("/")))


# The rows of the good plan: modules A, B, E, K; uses A:L1, A:T, B:L1; payments S1:A set-up and
# delivery, S1:B set-up, S2:B set-up and delivery.
TAMPERED: dict[str, tuple[Plan, str, Any, Any]] = {
    "a decision": (
        replace(GOOD_PLAN, modules=row(GOOD_PLAN.modules, 0, decision=Decision.KEPT)),
        "modules/P/A/1: decision",
        Decision.KEPT,
        Decision.ADDED,
    ),
    "a kept module that is called moved": (
        replace(GOOD_PLAN, modules=row(GOOD_PLAN.modules, 2, decision=Decision.MOVED)),
        "modules/P/E/2: decision",
        Decision.MOVED,
        Decision.KEPT,
    ),
    "a module called dropped that is none of today's": (
        replace(GOOD_PLAN, modules=(*GOOD_PLAN.modules, PlannedModule("P", "D1", 2, Decision.DROPPED))),
        "modules/P/D1/2: decision",
        Decision.DROPPED,
        None,
    ),
    "a module in another term": (
        replace(GOOD_PLAN, modules=row(GOOD_PLAN.modules, 2, term=1)),
        "modules/P/E/1: decision",
        Decision.KEPT,
        Decision.MOVED,
    ),
    "a module left out": (
        replace(GOOD_PLAN, modules=GOOD_PLAN.modules[:2] + GOOD_PLAN.modules[3:]),
        "modules/P/E/2: decision",
        None,
        Decision.DROPPED,
    ),
    "a module added by hand": (
        replace(GOOD_PLAN, modules=(*GOOD_PLAN.modules, PlannedModule("Q", "D1", 1, Decision.ADDED))),
        "measures/cost_kzt",
        3600,
        # Set-up 100 and one group 50.
        3750,
    ),
    "the same module twice": (
        replace(GOOD_PLAN, modules=(*GOOD_PLAN.modules, GOOD_PLAN.modules[2])),
        "measures/objectives/balance",
        1,
        # 5 credits and 3 + 1 + 1.
        0,
    ),
    "the hours of a use": (
        replace(GOOD_PLAN, uses=row(GOOD_PLAN.uses, 0, hours=24.0)),
        "uses/P/A/L1/1: hours",
        24,
        48,
    ),
    # 30 learners in a room of 15 places.
    "the parts of a use": (
        replace(GOOD_PLAN, uses=row(GOOD_PLAN.uses, 0, parts=1)),
        "uses/P/A/L1/1: parts",
        1,
        2,
    ),
    "the term of a use": (
        replace(GOOD_PLAN, uses=row(GOOD_PLAN.uses, 0, term=2)),
        "uses/P/A/L1/2: hours",
        48,
        None,
    ),
    "a use of a room that there is not": (
        replace(GOOD_PLAN, uses=(*GOOD_PLAN.uses, PlannedUse("P", "A", 1, "GONE", 0.0, 0))),
        "uses/P/A/GONE/1: hours",
        0,
        None,
    ),
    "a use for a programme that there is not": (
        replace(GOOD_PLAN, uses=(*GOOD_PLAN.uses, PlannedUse("Z", "A", 1, "L1", 0.0, 0))),
        "uses/Z/A/L1/1: hours",
        0,
        None,
    ),
    "the sum of a payment": (
        replace(GOOD_PLAN, payments=row(GOOD_PLAN.payments, 0, kzt=999)),
        "payments/S1/A/setup/2026: kzt",
        999,
        1000,
    ),
    "the source of a payment": (
        replace(GOOD_PLAN, payments=row(GOOD_PLAN.payments, 0, source="S2")),
        "payments/S1/A/setup/2026: kzt",
        None,
        1000,
    ),
    "the part of a payment": (
        replace(GOOD_PLAN, payments=row(GOOD_PLAN.payments, 0, part=CostPart.FEES)),
        "payments/S1/A/fees/2026: kzt",
        1000,
        None,
    ),
    "the year of a payment": (
        replace(GOOD_PLAN, payments=row(GOOD_PLAN.payments, 0, year=2025)),
        "payments/S1/A/setup/2025: kzt",
        1000,
        None,
    ),
    "no payments at all": (
        replace(GOOD_PLAN, payments=()),
        "payments/S2/B/setup/2027: kzt",
        None,
        1200,
    ),
    "a payment twice": (
        replace(GOOD_PLAN, payments=(*GOOD_PLAN.payments, GOOD_PLAN.payments[0])),
        "payments/S1/A/setup/2026#2: kzt",
        1000,
        None,
    ),
    "a level before": (replace(GOOD_PLAN, gaps=row(GOOD_PLAN.gaps, 0, before=1)), "gaps/P/C: before", 1, 0),
    "a level after": (replace(GOOD_PLAN, gaps=row(GOOD_PLAN.gaps, 3, after=1)), "gaps/Q/D: after", 1, 0),
    "a level required": (
        replace(GOOD_PLAN, gaps=row(GOOD_PLAN.gaps, 3, required=2)),
        "gaps/Q/D: required",
        2,
        1,
    ),
    "a gap hidden": (replace(GOOD_PLAN, gaps=GOOD_PLAN.gaps[:3]), "gaps/Q/D: required", None, 1),
    "a measure": (measure("closure_after", 0.76), "measures/closure_after", 0.76, 0.75),
    "a measure of a programme": (
        measure("programmes/P/cover/O/before", 0.21),
        "measures/programmes/P/cover/O/before",
        0.21,
        0.2,
    ),
    "a measure of a term": (
        measure("programmes/P/term_credits", [5, 5]),
        "measures/programmes/P/term_credits/2",
        5,
        4,
    ),
    "a measure that is no number": (measure("closure_after", "0.75"), "measures/closure_after", "0.75", 0.75),
    "a measure that is not a number": (measure("closure_after", None), "measures/closure_after", None, 0.75),
    "a measure hidden": (
        replace(GOOD_PLAN, measures={k: v for k, v in GOOD_PLAN.measures.items() if k != "cost_kzt"}),
        "measures/cost_kzt",
        None,
        3600,
    ),
    "a measure invented": (
        replace(GOOD_PLAN, measures={**GOOD_PLAN.measures, "happiness": 1}),
        "measures/happiness",
        1,
        None,
    ),
    # Closure may fall by 0.005 after its stage, but what is said to be proven cannot have been passed.
    "the closure of its stage, too high": (
        stage("closure", value=0.7551, bound=0.7551),
        "stages/2: value",
        0.7551,
        0.75,
    ),
    "the closure of its stage, too low": (
        stage("closure", value=0.749, bound=0.749),
        "stages/2: value",
        0.749,
        0.75,
    ),
    "the cost of its stage": (stage("cost", value=3599.0, bound=3599.0), "stages/3: value", 3599, 3600),
    # Nothing comes after the last stage: a bound left open excuses no other value.
    "the last stage, within its bound": (
        stage("balance", value=1.5, bound=0.0, gap=1.0),
        "stages/5: value",
        1.5,
        1,
    ),
    "the last stage": (stage("balance", value=0.5, bound=0.0, gap=1.0), "stages/5: value", 0.5, 1),
    # |0.76 − 0.75| / 0.75.
    "the gap of a stage": (
        stage("closure", bound=0.76, gap=0.0),
        "stages/2: gap",
        0,
        pytest.approx(0.01 / 0.75),
    ),
    "a gap without a bound": (stage("closure", bound=None), "stages/2: gap", 0, None),
    "an unknown objective": (stage("cost", objective="joy"), "stages/3: value", 3600, None),
    # No bound is farther off than this one, and yet a share of infinity would allow it.
    "a bound beyond all reason": (
        stage("no_harm", bound=1e308),
        "stages/1: gap",
        0,
        math.inf,
    ),
    "proven, though a stage is missing": (
        replace(GOOD_PLAN, stages=GOOD_PLAN.stages[:3]),
        "status",
        Status.OPTIMAL,
        Status.FEASIBLE,
    ),
    "proven, though a bound is missing": (
        stage("cost", bound=None, gap=None),
        "status",
        Status.OPTIMAL,
        Status.FEASIBLE,
    ),
    "stages in another order": (
        replace(GOOD_PLAN, stages=GOOD_PLAN.stages[::-1]),
        "stages/1: objective",
        "balance",
        "no_harm",
    ),
}


@pytest.mark.parametrize(("plan", "what", "recorded", "recomputed"), TAMPERED.values(), ids=list(TAMPERED))
def test_tampering_is_found(plan: Plan, what: str, recorded: Any, recomputed: Any) -> None:
    verification = verified(plan)
    found = {one.what: (one.recorded, one.recomputed) for one in verification.differences}
    assert found[what] == (recorded, recomputed)
    assert not verification.holds


def test_a_module_started_in_two_terms_breaks_a_rule_and_no_more() -> None:
    """E stands in term 2; started in term 1 as well, it once could not be put in order (a traceback)."""
    twice = (*GOOD_PLAN.modules, PlannedModule("P", "E", 1, Decision.MOVED))
    verification = verified(replace(GOOD_PLAN, modules=twice))
    assert "§1" in {check.rule for check in verification.broken}
    assert not verification.holds


def test_nothing_but_the_tampered_value_is_named() -> None:
    (difference,) = verified(measure("closure_after", 0.76)).differences
    assert (difference.what, difference.recorded, difference.recomputed) == (
        "measures/closure_after",
        0.76,
        0.75,
    )


def test_rounding_is_no_difference() -> None:
    # 1e-6 · max(1, |value|): 0.75 ± 1e-6; 3600 KZT are money, which has no rounding.
    assert verified(measure("closure_after", 0.7500009)).holds
    assert not verified(stage("cost", value=3600.003, bound=3600.003)).holds
    assert not verified(measure("closure_after", 0.7500011)).holds


class TestStagesThatLaterStagesLeftBehind:
    """A stage records what it reached; the plan may have moved within tolerance and bound since."""

    def test_closure_within_its_tolerance(self) -> None:
        # 0.754 was reached; 0.75 is within 0.005 of it.
        assert verified(stage("closure", value=0.754, bound=0.754)).holds

    def test_a_gain_within_an_open_bound(self) -> None:
        # 3610 was reached, 3590 not excluded: gap 20 / 3610 = 0.55 %, more than the 0.1 % of an optimum.
        plan = stage("cost", value=3610.0, bound=3590.0, gap=20 / 3610)
        assert verified(replace(plan, status=Status.FEASIBLE)).holds
        assert [one.what for one in verified(plan).differences] == ["status"]

    def test_a_gain_where_no_bound_is_known(self) -> None:
        stopped = replace(stage("cost", value=3610.0, bound=None, gap=None), status=Status.FEASIBLE)
        assert verified(stopped).holds

    def test_cbc_proves_without_telling_a_bound(self) -> None:
        assert verified(stage("cost", bound=None, gap=None), solver="cbc").holds

    def test_a_bound_within_rounding_leaves_no_gap(self) -> None:
        assert verified(stage("no_harm", bound=-1e-10)).holds


def test_each_objective_has_its_stage() -> None:
    """A search that is stopped records the stages that it did not solve, too, without a bound."""
    found = verified(replace(GOOD_PLAN, stages=GOOD_PLAN.stages[:3], status=Status.FEASIBLE)).differences
    assert {(one.what, one.recorded, one.recomputed) for one in found} >= {
        (f"stages/{place}: objective", None, stage.objective)
        for place, stage in enumerate(GOOD_PLAN.stages[3:], start=4)
    }


def collect(change: Callable[[Plan], Plan]) -> set[str]:
    return {one.what.split("/")[0] for one in verified(change(GOOD_PLAN)).differences}


def test_a_decision_changed_by_hand_shows_in_all_that_follows_from_it() -> None:
    # Without B: C stays at 1, 2400 KZT are not spent, and the use of L1 serves nothing.
    assert collect(lambda plan: replace(plan, modules=plan.modules[:1] + plan.modules[2:])) == {
        "gaps",
        "measures",
        "payments",
        "stages",
        "uses",
    }


@pytest.mark.parametrize(
    ("recorded", "bound", "recomputed"),
    [
        (1, 3600.0, 3600),
        (3550, 3546.5, 3550),
        (3599, 3546.5, 3550),
        (3551, 3546.5, 3550),
        (3500, 3546.5, 3550),
    ],
)
def test_the_best_closure_costs_no_less_than_the_least_cost(
    recorded: int, bound: float, recomputed: int
) -> None:
    """Less closure, within the tolerance, may not cost more than the best; all is in steps of 50."""
    stages = tuple(
        replace(stage, bound=bound, gap=abs(bound - stage.value) / stage.value)
        if stage.objective == "cost"
        else stage
        for stage in GOOD_PLAN.stages
    )
    plan = replace(GOOD_PLAN, stages=stages, status=Status.FEASIBLE, cost_at_best_closure_kzt=recorded)
    found = {one.what: one.recomputed for one in verify_plan(problem_of(college()), plan).differences}
    assert found == ({} if recorded == recomputed else {"cost_at_best_closure_kzt": recomputed})
