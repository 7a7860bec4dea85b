"""What each programme reaches when it is planned alone, and what is made of it (§13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curriplan.base.errors import InfeasibleError
from curriplan.catalog.records import (
    Catalog,
    Module,
    ModuleOutcome,
    ModuleResource,
    Programme,
    Resource,
    ResourceCapacity,
    Target,
)
from curriplan.optimizer.solve.alone import closure_alone, with_closure_alone
from curriplan.optimizer.solve.stages import solve
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from formulation.instances import base, module


@pytest.fixture
def shared_laboratory() -> Catalog:
    """P and Q want B, which needs 24 h of a laboratory that has 24 h in its only semester; P weighs more.

    A teaches level 1 without it: 0.5 of a worth of 2.
    """
    everything: tuple[Module, ...] = (module("A"), module("B", 3, laboratory_practical_hours=24))
    return base(
        modules=everything,
        module_outcomes=(
            ModuleOutcome(module="A", competency="C", exit_level=1),
            ModuleOutcome(module="B", competency="C", exit_level=2),
        ),
        programmes=tuple(
            Programme(id=name, start="2026-1", terms=1, learners=10, weight=weight)
            for name, weight in (("P", 2), ("Q", 1))
        ),
        targets=tuple(Target(programme=name, occupation="O", share=1) for name in "PQ"),
        module_resources=(
            ModuleResource(module="B", resource_kind="lab", hours_kind="laboratory_practical"),
        ),
        resources=(Resource(id="L", kind="lab", category="laboratory", places=10),),
        resource_capacity=(ResourceCapacity(resource="L", semester="2026-1", hours=24),),
    )


CLOSURE = (ObjectiveChoice("closure"),)


def closures(catalog: Catalog, settings: Settings) -> dict[str, list[float]]:
    problem = with_closure_alone(Problem.of(catalog, settings))
    return {stage.objective: [stage.value] for stage in solve(problem).stages}


def test_alone_each_has_the_laboratory(shared_laboratory: Catalog) -> None:
    problem = Problem.of(shared_laboratory, Settings(gap=0.0))
    assert closure_alone(problem) == pytest.approx({"P": 1.0, "Q": 1.0})


def test_equity_is_a_floor_under_the_share(shared_laboratory: Catalog) -> None:
    # Only one may take B; the other has A, a quarter. P weighs 2 of 3: (2 + 0.25) / 3 = 0.75.
    free = closures(shared_laboratory, Settings(objectives=CLOSURE, gap=0.0))
    assert free == {"closure": [pytest.approx(0.75)]}
    fair = closures(shared_laboratory, Settings(objectives=CLOSURE, gap=0.0, equity=0.25))
    assert fair == {"closure": [pytest.approx(0.75)]}
    with pytest.raises(InfeasibleError):  # both would need B
        closures(shared_laboratory, Settings(objectives=CLOSURE, gap=0.0, equity=0.3))


def test_fairness_raises_the_smallest_share(shared_laboratory: Catalog) -> None:
    order = (ObjectiveChoice("fairness"), ObjectiveChoice("closure"))
    found = closures(shared_laboratory, Settings(objectives=order, gap=0.0))
    assert found == {"fairness": [pytest.approx(0.25)], "closure": [pytest.approx(0.75)]}


def test_no_plan_alone_counts_as_nothing(shared_laboratory: Catalog) -> None:
    # Q alone would have to put 10 credits into its only term.
    programmes = tuple(
        row.model_copy(update={"min_credits": 10.0 if row.id == "Q" else None})
        for row in shared_laboratory.programmes
    )
    catalog = shared_laboratory.replace(programmes=programmes)
    found = closure_alone(Problem.of(catalog, Settings(gap=0.0)))
    assert found == {"P": pytest.approx(1.0), "Q": 0.0}


def test_solving_without_what_is_reached_alone_is_a_mistake(shared_laboratory: Catalog) -> None:
    problem = Problem.of(shared_laboratory, Settings(equity=0.5))
    with pytest.raises(ValueError, match="P, Q"):
        solve(problem)
    with pytest.raises(ValueError, match="of Q"):
        solve(problem.with_limits(replace(problem.limits, closure_alone={"P": 1.0})))
