"""One problem a run: what it shares, what other limits make anew, and what the rooms above keep with it."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

import curriplan
from curriplan.api.optimize import optimize_catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.problem.capacity import Capacity
from curriplan.problem.curriculum import Curricula
from curriplan.problem.edits import SETTINGS, Edit, edit_of
from curriplan.problem.gaps import ProgrammeGaps
from curriplan.problem.money import Money
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from unit.evaluation.builders import college, good, problem_of

MADE_ONCE = (Problem, Curricula, Capacity, Money, Basis, PlanningProblem)


def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each of the classes is made from now on."""
    made: Counter[str] = Counter()

    def count(cls: Any) -> None:
        real = cls.__init__

        def init(self: Any, *given: Any, **named: Any) -> None:
            made[cls.__name__] += 1
            real(self, *given, **named)

        monkeypatch.setattr(cls, "__init__", init)

    for cls in (*MADE_ONCE, ProgrammeGaps):
        count(cls)
    return made


def test_a_default_run_makes_each_thing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the catalog to the workbook: the solve, the evaluation, the swaps, the reasons and the sheets."""
    catalog = curriplan.read_catalog("mini").require()
    made = counted(monkeypatch)
    result = optimize_catalog(catalog)
    result._workbook(result.plan, "en")
    once = {cls.__name__: 1 for cls in MADE_ONCE}
    # The model of what the plan takes, and nothing else, has a planning problem of its own: filled credits.
    assert made == {**once, "PlanningProblem": 2, "ProgrammeGaps": len(catalog.programmes)}


def test_other_limits_share_the_curricula_and_nothing_else() -> None:
    """Where all are one group, the teacher of A's theory is needed once, not once for each group."""
    problem = problem_of(college())
    limits = problem.limits
    other = problem.with_limits(replace(limits, numbers={**limits.numbers, "group_size": 1000.0}))
    assert other.curricula is problem.curricula
    assert other.derived(Basis) is not problem.derived(Basis) is problem.derived(Basis)
    assert problem.limits is limits, "a problem never changes"
    programme = problem.catalog.programme_by_id["P"]
    teacher = problem.catalog.resource_by_id["T"]
    used = [one.capacity.hours_used(programme, "A", teacher) for one in (problem, other)]
    assert used[0] == used[1] * problem.limits.groups(programme) > used[1]


def test_other_settings_reach_the_weights() -> None:
    """θ is in the weight of every step, so the gaps of other settings are others."""
    problem = problem_of(college(), meeting_share=0.0)
    other = problem.with_settings(Settings(meeting_share=1.0))
    assert other.curricula is problem.curricula
    fresh = problem_of(college(), meeting_share=1.0)
    assert problem.gaps["P"].steps != other.gaps["P"].steps == fresh.gaps["P"].steps


def test_edits_of_settings_keep_the_curricula_and_those_of_rows_do_not() -> None:
    """Module A lasts two terms after its edit: it may start in one term less."""
    problem = problem_of(college())
    cheap = problem.edited([Edit(SETTINGS, (), "budget_kzt", 1)])
    assert (cheap.limits.budget_kzt, cheap.curricula) == (1, problem.curricula)
    longer = problem.edited([edit_of(problem.catalog.module_by_id["A"], "span_terms", 2)])
    starts = [one.curricula.by_programme["P"].options["A"].starts for one in (problem, longer)]
    assert len(starts[0]) == len(starts[1]) + 1


def test_plans_measured_one_after_another_do_not_touch_each_other() -> None:
    """What is worked out for one plan is kept for the next: it must be the same as worked out afresh."""
    problem = problem_of(college())
    for selection in (good(), good(without=["P:A@1"]), good(["Q:D1@1"], ["P:B@2"]), good()):
        assert evaluate(problem, selection) == evaluate(problem_of(college()), selection)


def test_a_problem_is_pickled_as_it_was_given() -> None:
    """What follows is worked out anew: the caches of the evaluation cannot be pickled."""
    problem = problem_of(college(), budget_kzt=5000)
    before = evaluate(problem, good())
    copy = pickle.loads(pickle.dumps(problem))
    assert (copy.catalog, copy.limits) == (problem.catalog, problem.limits)
    assert evaluate(copy, good()) == before
