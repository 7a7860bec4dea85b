"""The rules of ``docs/formulation.md``, checked on a plan from first principles.

A new rule is one function in the module of its theme, with a line in the `PROGRAMME_RULES` (it looks at
one programme) or the `SHARED_RULES` (it looks at all of them together) at its end, and its aspects in
`curriplan.problem.aspects.ASPECTS`.
"""

from __future__ import annotations

from curriplan.evaluation.rules import change, learners, load, money, order, sites, standing
from curriplan.evaluation.state import PlanState, ProgrammeState
from curriplan.problem.aspects import RuleCheck, in_order

THEMES = (standing, order, load, sites, money, learners, change)
PROGRAMME_RULES = in_order(one for theme in THEMES for one in theme.PROGRAMME_RULES)
SHARED_RULES = in_order(one for theme in THEMES for one in theme.SHARED_RULES)


def programme_checks(state: ProgrammeState) -> tuple[RuleCheck, ...]:
    """Check one programme against every rule that looks at it alone."""
    return tuple(check for _, rule in PROGRAMME_RULES for check in rule(state))


def shared_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check the plan against every rule that programmes share."""
    return tuple(check for _, rule in SHARED_RULES for check in rule(plan))


def all_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check every rule: programme by programme in catalog order, then the shared ones."""
    single = (check for state in plan.states.values() for check in programme_checks(state))
    return (*single, *shared_checks(plan))
