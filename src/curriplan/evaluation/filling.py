"""Credits that only fill the norm, as far as they follow from what a plan says it could do without.

That no more could be left out is the word of the solver that found it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.payments import divide
from curriplan.evaluation.state import Basis
from curriplan.plan.plan import Filling, Plan, Selection
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.problem import Problem

LEAST_CREDITS = ("total_credits_min", "term_credits_min")
"""The aspects of §6 that a plan may be filled for."""


def recomputed_filling(problem: Problem, plan: Plan) -> Iterator[Filling]:
    """Yield each row of a plan as its modules bear it out; with none filled where they do not."""
    states = problem.derived(Basis).plan(plan.selection).states
    for row in plan.filling:
        if row.programme in states:
            credits_taken = sum(states[row.programme].term_credits)
            filled = None if row.filled is None else _filled(problem, plan.selection, row)
            yield replace(row, credits=credits_taken, filled=filled)


def _filled(problem: Problem, selection: Selection, row: Filling) -> float:
    taken = {start.module for start in selection.starts if start.programme == row.programme}
    if not taken.issuperset(row.modules) or not can_do_without(problem, selection, row):
        return 0.0
    return sum(problem.catalog.module_by_id[name].credits or 0.0 for name in {*row.modules})


def can_do_without(problem: Problem, selection: Selection, row: Filling) -> bool:
    """Say whether without the modules a programme reaches the same steps and keeps all but least credits."""
    basis = problem.derived(Basis)
    gone = {(row.programme, name) for name in row.modules}
    rest = Selection(
        tuple(one for one in selection.starts if (one.programme, one.module) not in gone),
        tuple(one for one in selection.sites if (one.programme, one.module) not in gone),
    )
    rest = replace(rest, payments=divide(problem.money, basis.plan(rest).cost_items))
    whole = set(map(_key, evaluate(problem, selection).broken))
    found = evaluate(problem, rest)
    broken = [one for one in found.broken if _key(one) not in whole and one.aspect not in LEAST_CREDITS]
    before, after = (basis.plan(one).states[row.programme].levels_after for one in (selection, rest))
    steps = problem.gaps[row.programme].steps
    reached = [one for one in steps if before.get(one.competency, 0) >= one.level]
    return not broken and all(after.get(one.competency, 0) >= one.level for one in reached)


def _key(check: RuleCheck) -> tuple[str, str | None, str | None, str | None]:
    return check.aspect, check.programme, check.subject, check.semester
