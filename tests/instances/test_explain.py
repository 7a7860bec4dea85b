"""Explanations against fresh solves of the changed catalogs, over random tiny catalogs that draw all rules.

The gap is 0, so that the loss and the gain must be those of the fresh solve to the last digits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from curriplan.curriculum import Curricula
from curriplan.errors import InfeasibleError
from curriplan.explanation import Effect, Explanation, ModuleReason, Reach
from curriplan.model import Catalog, ProgrammeModule, Standing
from curriplan.optimizer import solve
from curriplan.optimizer.explain import explain
from curriplan.optimizer.explain.case import up_to_closure
from curriplan.optimizer.explain.levers import Lever, tight_levers
from curriplan.optimizer.explain.limits import edited_problem
from curriplan.pipeline import optimize_catalog
from curriplan.plan import Decision
from curriplan.problem import PlanningProblem
from curriplan.results import PlanResult
from curriplan.settings import Limits, ObjectiveChoice, Settings
from instances.random_catalogs import random_instance, settings_choices

SEEDS = range(90)
EARLY = {1: (("closure", 0.005), ("cost", 0.0)), 2: (("no_harm", 0.0), ("closure", 0.0))}
CLOSE = 2e-6
"""Twice the tolerance within which two solves of one model agree."""


def explained(seed: int) -> tuple[PlanResult, Explanation] | None:
    """Return a plan and its explanation, None where the catalog has no plan."""
    catalog, drawn, objectives = random_instance(seed)
    # The drawn order is kept for every third; the others have closure early, where modules matter more.
    order = objectives if seed % 3 == 0 else EARLY[seed % 3]
    choices = tuple(ObjectiveChoice(name, tolerance) for name, tolerance in order)
    settings = Settings(objectives=choices, gap=0.0, **settings_choices(drawn))
    try:
        result = optimize_catalog(catalog, settings)
    except InfeasibleError:
        return None
    problem = PlanningProblem(catalog, result.limits)
    return result, explain(problem, result.plan.selection, time_limit_s=120.0)


def fresh_closure(catalog: Catalog, limits: Limits) -> float | None:
    """Return the best closure of a catalog, by the ordinary solve; None where there is no plan."""
    settings = replace(limits.settings, objectives=up_to_closure(limits.settings.objectives))
    try:
        stages = solve(catalog, replace(limits, settings=settings)).stages
    except InfeasibleError:
        return None
    return stages[-1].value


def with_standing(catalog: Catalog, programme: str, module: str, standing: Standing) -> Catalog:
    """Return the catalog in which a module has a standing in a programme."""
    rows = catalog.programme_modules
    if not any(row.programme == programme for row in rows):
        # Without a row a programme may take every module: the rows that say so come first.
        options = Curricula(catalog).by_programme[programme].options
        rows += tuple(
            ProgrammeModule(programme=programme, module=name, status=Standing.CANDIDATE) for name in options
        )
    changed = tuple(
        row.model_copy(update={"status": standing})
        if (row.programme, row.module) == (programme, module)
        else row
        for row in rows
    )
    return catalog.replace(programme_modules=changed)


def is_comparable(catalog: Catalog, limits: Limits, one: ModuleReason) -> bool:
    """Say whether a catalog that forbids a module asks the same: a function that nobody serves and an
    earlier plan's row for a forbidden module lapse, while an explanation keeps asking for them."""
    previous = limits.settings.previous or ()
    serves = any(row.module == one.module for row in catalog.module_functions)
    return not serves and (one.programme, one.module) not in {row[:2] for row in previous}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_module_loses_equals_a_fresh_solve_of_the_changed_catalog(seed: int) -> None:
    found = explained(seed)
    if found is None:
        return
    result, explanation = found
    best = fresh_closure(result.catalog, result.limits)
    assert best is not None
    assert math.isclose(explanation.best_closure, best, abs_tol=CLOSE)
    for one in explanation.modules:
        if one.effect is Effect.CLOSED or not is_comparable(result.catalog, result.limits, one):
            continue
        standing = Standing.FORBIDDEN if one.is_chosen else Standing.MANDATORY
        changed = with_standing(result.catalog, one.programme, one.module, standing)
        closure = fresh_closure(changed, result.limits)
        if closure is None:
            assert one.effect is Effect.IMPOSSIBLE, one
        else:
            assert one.closure_lost is not None, one
            assert math.isclose(one.closure_lost, best - closure, abs_tol=CLOSE), (one, best - closure)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_limit_gains_equals_a_fresh_solve_of_the_changed_catalog(seed: int) -> None:
    found = explained(seed)
    if found is None:
        return
    result, explanation = found
    best = explanation.best_closure
    for lever, limit in asked(result, explanation):
        for step in limit.steps:
            assert gain_of(result, lever, step.value, best) == pytest.approx(step.gain, abs=CLOSE), limit
        if limit.reach is Reach.FOUND:
            assert limit.smallest is not None and limit.smallest_gain is not None
            gain = gain_of(result, lever, limit.smallest, best)
            assert gain == pytest.approx(limit.smallest_gain, abs=CLOSE) and gain > 0, limit
            # One step of the limit less brings nothing yet.
            nearer = limit.smallest - lever.step if lever.raises else limit.smallest + lever.step
            if nearer > 0:
                assert gain_of(result, lever, nearer, best) <= CLOSE, limit
        if limit.reach is Reach.NEVER:
            far = lever.rounded(lever.value + (lever.farthest if lever.raises else -lever.farthest))
            assert gain_of(result, lever, far, best) <= CLOSE, limit


def asked(result: PlanResult, explanation: Explanation) -> Iterator[tuple[Lever, object]]:
    """Yield each limit that was asked about with its lever, told by the value and the cells."""
    checks = result.after.checks
    levers = tight_levers(PlanningProblem(result.catalog, result.limits), checks)
    by_edit = {edit_key(lever.edits(lever.value)): lever for lever in levers}
    for limit in explanation.limits:
        if edit_key(limit.edits) in by_edit:
            yield by_edit[edit_key(limit.edits)], limit


def edit_key(edits: tuple[object, ...]) -> tuple[object, ...]:
    return tuple((edit.table, edit.key, edit.column) for edit in edits)


def gain_of(result: PlanResult, lever: Lever, value: float, best: float) -> float:
    problem = edited_problem(PlanningProblem(result.catalog, result.limits), lever, value)
    closure = fresh_closure(problem.catalog, problem.limits)
    assert closure is not None
    return closure - best


def test_the_instances_bite() -> None:
    """Each effect and each kind of answer comes up: else the tests above would compare nothing."""
    effects: Counter[str] = Counter()
    for seed in SEEDS:
        found = explained(seed)
        if found is not None:
            result, explanation = found
            chosen = [row for row in result.plan.modules if row.decision is not Decision.DROPPED]
            assert len(chosen) == sum(one.is_chosen for one in explanation.modules)
            effects.update(f"{one.effect} {one.is_chosen}" for one in explanation.modules)
            effects.update(limit.reach.value for limit in explanation.limits)
            effects.update("gain" for limit in explanation.limits for step in limit.steps if step.gain)
    wanted = ("loses True", "nothing True", "impossible True", "nothing False", "impossible False")
    assert all(effects[name] >= 5 for name in wanted), effects
    assert effects["found"] >= 3 and effects["never"] >= 3 and effects["gain"] >= 3, effects
    assert effects["unknown True"] == effects["unknown False"] == 0, effects
