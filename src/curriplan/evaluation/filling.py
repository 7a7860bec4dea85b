"""Credits that only fill the norm, as far as they follow from what a plan says it could do without.

That no more could be left out is the word of the solver that found it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from curriplan.evaluation.rules import touched_checks
from curriplan.evaluation.state import Basis, PlanState
from curriplan.plan.plan import Filling, Plan
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.problem import Problem

Key = tuple[str, str | None, str | None, str | None]
"""Aspect, programme, subject and semester of a check."""
LEAST_CREDITS = ("total_credits_min", "term_credits_min")
"""The aspects of §6 that a plan may be filled for."""


def recomputed_filling(problem: Problem, plan: Plan, broken: Iterable[RuleCheck]) -> Iterator[Filling]:
    """Yield each row of a plan as its modules bear it out; with none filled where they do not.

    A plan that has rows has one of every programme.

    Parameters
    ----------
    broken : iterable of RuleCheck
        What the plan breaks.
    """
    given = problem.derived(Basis).plan(plan.selection)
    keys = {_key(one) for one in broken}
    recorded = {row.programme: row for row in reversed(plan.filling)}
    for name, state in given.states.items():
        if recorded:
            row = recorded.get(name, Filling(name, 0.0, None))
            filled = None if row.filled is None else _filled(given, row, keys)
            yield replace(row, credits=sum(state.term_credits), filled=filled)


def _filled(plan: PlanState, row: Filling, broken: Set[Key]) -> float:
    taken = {start.module for start in plan.states[row.programme].starts}
    if not taken.issuperset(row.modules) or not can_do_without(plan, row, broken):
        return 0.0
    by_id = plan.basis.catalog.module_by_id
    return sum(by_id[name].credits or 0.0 for name in {*row.modules})


def can_do_without(plan: PlanState, row: Filling, broken: Set[Key] = frozenset()) -> bool:
    """Say whether without the modules a programme reaches the same steps and keeps all but least credits.

    What is `broken` with them may stay so, and what they do not touch is as it is with them. Who pays is
    not asked: what the sources can pay for, they can pay for a part of.
    """
    rest = plan.changed(row.programme, row.modules)
    less = [one for one in touched_checks(rest) if not one.holds and one.aspect not in LEAST_CREDITS]
    before, after = (one.states[row.programme].levels_after for one in (plan, rest))
    outlooks = plan.basis.problem.sought_outlooks
    gaps = (plan.states[row.programme].of.gaps, *(one.gaps[row.programme] for one in outlooks))
    steps = [step for one in gaps for step in one.steps]
    reached = [one for one in steps if before.get(one.competency, 0) >= one.level]
    is_kept = broken >= {_key(one) for one in less}
    return is_kept and all(after.get(one.competency, 0) >= one.level for one in reached)


def _key(check: RuleCheck) -> Key:
    return check.aspect, check.programme, check.subject, check.semester
