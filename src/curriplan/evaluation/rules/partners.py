"""What a plan may lose when a partner leaves: §16."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.evaluation.objectives import OBJECTIVES
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, breaches, check
from curriplan.evaluation.state import PlanState
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.partners import leaving_partners


def keep_within(plan: PlanState) -> Iterator[RuleCheck]:
    """§16: of each partner, C(plan) less C of what is left when it leaves ≤ LOSS, and that keeps every rule.

    Only with ``--keep-within``, and of a plan that says what is left.
    """
    most = plan.basis.limits.settings.keep_within
    if most is None or plan.left is None:
        return
    partners = leaving_partners(plan.basis.problem)
    unanswered = [name for name in partners if name not in plan.left]
    faults = [f"{name}:{fault}" for name in partners if name in plan.left for fault in plan.left[name].faults]
    strangers = [name for name in plan.left if name not in partners]
    yield breaches("partner_responses", None, sorted((*unanswered, *faults, *strangers)))
    closure = float(OBJECTIVES["closure"](plan))
    for name in partners:
        left = plan.left[name].closure if name in plan.left else 0.0
        yield check("keep_within", "<=", most, max(0.0, closure - left), subject=name)


PROGRAMME_RULES: ProgrammeRules = ()
SHARED_RULES: SharedRules = (("§16", keep_within),)
