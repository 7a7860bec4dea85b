"""The rules of ``docs/formulation.md``, checked on a plan from first principles.

A new rule is one function in the module of its theme, with a line in the `PROGRAMME_RULES` (it looks at
one programme) or the `SHARED_RULES` (it looks at all of them together) at its end, and its aspects in
`curriplan.problem.aspects.ASPECTS`.
"""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules import change, learners, load, money, order, partners, sites, standing
from curriplan.evaluation.state import PlanState
from curriplan.problem.aspects import RuleCheck, in_order

THEMES = (standing, order, load, sites, money, learners, change, partners)
PROGRAMME_RULES = in_order(one for theme in THEMES for one in theme.PROGRAMME_RULES)
SHARED_RULES = in_order(one for theme in THEMES for one in theme.SHARED_RULES)


def all_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check every rule: programme by programme in catalog order, then the shared ones."""
    whole = plan.whole
    single = (check for state in whole.states.values() for check in _programme_checks(state))
    return (*single, *_shared_checks(whole))


def touched_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check what a change of the plan touches: any other row is as it was before the change.

    In rows of a programme that count single breaches, only those breaches stand that the change touches.
    """
    assert plan.change is not None, "nothing is touched in a plan that was not changed"
    return (*_programme_checks(plan.change[1]), *_shared_checks(plan))


def _programme_checks(state: ProgrammeState) -> Iterator[RuleCheck]:
    """Check one programme against every rule that looks at it alone."""
    return (check for _, rule in PROGRAMME_RULES for check in rule(state))


def _shared_checks(plan: PlanState) -> Iterator[RuleCheck]:
    """Check the plan against every rule that programmes share."""
    return (check for _, rule in SHARED_RULES for check in rule(plan))
