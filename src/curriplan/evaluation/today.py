"""What the existing curricula already have too much of: a plan must move or drop modules for it."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.evaluation.planned import existing_starts
from curriplan.evaluation.rules.load import term_credits, term_modules, total_credits, weekly_hours
from curriplan.evaluation.state import Basis
from curriplan.plan.plan import Selection
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.problem import Problem

RULES = (total_credits, term_credits, term_modules, weekly_hours)


def above_today(problem: Problem) -> Iterator[RuleCheck]:
    """Yield the greatest amounts of §6 that the existing curricula are above, by programme and rule.

    What they are below of is no matter here: a plan adds modules, where there are enough of them
    (`curriplan.problem.checks.candidates`).
    """
    plan = problem.derived(Basis).plan(Selection(existing_starts(problem)))
    for state in plan.states.values():
        for rule in RULES:
            yield from (one for one in rule(state) if one.operator == "<=" and not one.holds)
