"""The rules of ``docs/formulation.md``, checked on a plan from first principles.

A new rule is one function in the module of its theme, added to `PROGRAMME_RULES` (it looks at one
programme) or to `SHARED_RULES` (it looks at all of them together), and its aspects to
`curriplan.problem.aspects.ASPECTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from curriplan.evaluation.rules.change import (
    change_share,
    changes,
    review_absent,
    review_starts,
    taught_terms,
)
from curriplan.evaluation.rules.learners import equity, floors, labour_functions, min_learners
from curriplan.evaluation.rules.load import (
    dual_share,
    practice_share,
    term_credits,
    term_modules,
    total_credits,
    weekly_hours,
)
from curriplan.evaluation.rules.money import budget, funding_share, payment_sources, payments, source_budget
from curriplan.evaluation.rules.order import corequisites, entry_levels, prerequisites, strict_corequisites
from curriplan.evaluation.rules.sites import needless_sites, resource_hours, sites, split_parts, stray_sites
from curriplan.evaluation.rules.standing import (
    allowed_terms,
    exclusive_groups,
    forbidden_modules,
    known_modules,
    known_programmes,
    mandatory_modules,
    taken_once,
)
from curriplan.evaluation.state import PlanState, ProgrammeState
from curriplan.problem.aspects import RuleCheck

ProgrammeRule = Callable[[ProgrammeState], Iterator[RuleCheck]]
SharedRule = Callable[[PlanState], Iterator[RuleCheck]]

PROGRAMME_RULES: tuple[ProgrammeRule, ...] = (
    known_modules,
    forbidden_modules,
    allowed_terms,
    taken_once,
    mandatory_modules,
    entry_levels,
    prerequisites,
    corequisites,
    strict_corequisites,
    exclusive_groups,
    total_credits,
    term_credits,
    term_modules,
    weekly_hours,
    practice_share,
    dual_share,
    sites,
    split_parts,
    needless_sites,
    floors,
    taught_terms,
    change_share,
    review_starts,
    review_absent,
    equity,
    labour_functions,
)
SHARED_RULES: tuple[SharedRule, ...] = (
    known_programmes,
    stray_sites,
    resource_hours,
    budget,
    payments,
    payment_sources,
    source_budget,
    funding_share,
    changes,
    min_learners,
)


def programme_checks(state: ProgrammeState) -> tuple[RuleCheck, ...]:
    """Check one programme against every rule that looks at it alone."""
    return tuple(check for rule in PROGRAMME_RULES for check in rule(state))


def shared_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check the plan against every rule that programmes share."""
    return tuple(check for rule in SHARED_RULES for check in rule(plan))


def all_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check every rule: programme by programme in catalog order, then the shared ones."""
    single = (check for state in plan.states.values() for check in programme_checks(state))
    return (*single, *shared_checks(plan))
