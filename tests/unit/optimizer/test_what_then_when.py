"""What a programme takes is decided before when: `balance`, `peak` and `distance` move modules only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curriplan.api.optimize import optimize_catalog
from curriplan.catalog.records import ModuleOutcome
from curriplan.optimizer.proof import prove
from curriplan.plan.proof import Finding
from curriplan.problem.objectives import ObjectiveChoice, content_stages
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from formulation.instances import base, module, of_programme

TWINS = base(
    modules=(module("K"), module("A"), module("B", span_terms=2)),
    module_outcomes=tuple(ModuleOutcome(module=one, competency="C", exit_level=1) for one in "AB"),
    programme_modules=of_programme(
        ("K", {"status": "mandatory", "pinned_term": 1}),
        ("A", {"status": "candidate"}),
        ("B", {"status": "candidate"}),
    ),
)
"""K has its 2 credits in term 1. A and B teach the same with 2 credits, but B lasts both terms: they differ
by 0 credits with A in term 2, by 2 with B."""
ONLY_B = TWINS.replace(programme_modules=[row for row in TWINS.programme_modules if row.module != "A"])


def ordered(*names: str) -> Settings:
    return Settings(objectives=tuple(ObjectiveChoice(name) for name in names), gap=0.0)


WHAT_THEN_WHEN = ordered("closure", "disruption", "balance")


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("no_harm", "closure", "cost", "disruption", "balance"), 4),
        (("closure", "peak", "distance", "balance"), 1),
        (("closure", "cost"), 2),
        (("closure", "balance", "cost"), 3),  # the terms matter more than the money
        (("closure", "balance", "cost", "peak"), 4),
        (("balance", "peak"), 2),  # nothing has decided what is taken
    ],
)
def test_where_the_content_is_decided(names: tuple[str, ...], count: int) -> None:
    assert content_stages(ordered(*names).objectives) == count


def test_of_equal_contents_one_is_taken_and_its_terms_are_the_best() -> None:
    plan = optimize_catalog(TWINS, WHAT_THEN_WHEN).plan
    assert [stage.content_held for stage in plan.stages] == [False, False, True]
    assert plan.stage_value("disruption") == 96  # K and one of the two: 48 hours each
    least = {frozenset("KA"): 0.0, frozenset("KB"): 2.0}
    assert plan.stage_value("balance") == least[frozenset(module for _, module in plan.selection.taken)]
    # Named first, the terms decide what is taken.
    plan = optimize_catalog(TWINS, ordered("closure", "balance", "disruption")).plan
    assert plan.stage_value("balance") == 0.0
    assert not any(stage.content_held for stage in plan.stages)


def test_the_proof_is_of_what_the_plan_says() -> None:
    """A balance of 2 is the best of this content, and not of all: `--optimality` tells them apart."""
    result = optimize_catalog(ONLY_B, WHAT_THEN_WHEN)
    problem, worth = Problem.of(TWINS, WHAT_THEN_WHEN), result.after.objectives
    found = prove(problem, result.plan, worth, time_limit_s=600)
    assert found.is_proven
    *content, balance = result.plan.stages
    claimed = replace(result.plan, stages=(*content, replace(balance, content_held=False)))
    found = prove(problem, claimed, worth, time_limit_s=600)
    assert (found.proofs[-1].what, found.proofs[-1].finding) == ("balance", Finding.BETTER)
    assert found.proofs[-1].possible == pytest.approx(0.0)
