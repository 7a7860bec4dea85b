"""What each demand asks, where the catalog says so, and what could give way: one function an aspect.

An aspect is that of the evaluation's checks (`curriplan.problem.aspects.ASPECTS`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from curriplan.optimizer.diagnose.demands.case import Case, Meaning
from curriplan.optimizer.diagnose.demands.change import change_share, changes, review, taught_terms
from curriplan.optimizer.diagnose.demands.learners import equity, floor, labour_functions, min_learners
from curriplan.optimizer.diagnose.demands.load import (
    dual_share,
    practice_share,
    term_limit,
    total_credits_max,
    total_credits_min,
    weekly_hours,
)
from curriplan.optimizer.diagnose.demands.modules import (
    allowed_terms,
    entry_levels,
    exclusive_groups,
    forbidden,
    mandatory,
    requisites,
)
from curriplan.optimizer.diagnose.demands.money import budget, funding_share, source_budget
from curriplan.optimizer.diagnose.demands.sites import resource_hours, sites
from curriplan.optimizer.model.variables import Entity

MEANINGS: Mapping[str, Callable[[Case, Entity], Meaning]] = {
    "mandatory_modules": mandatory,
    "forbidden_modules": forbidden,
    "allowed_terms": allowed_terms,
    "entry_levels": entry_levels,
    "prerequisites": requisites,
    "corequisites": requisites,
    "strict_corequisites": requisites,
    "exclusive_groups": exclusive_groups,
    "total_credits_min": total_credits_min,
    "total_credits_max": total_credits_max,
    "term_credits_min": term_limit,
    "term_credits_max": term_limit,
    "term_modules_min": term_limit,
    "term_modules_max": term_limit,
    "weekly_hours": weekly_hours,
    "weekly_hours_all": weekly_hours,
    "practice_share": practice_share,
    "dual_share": dual_share,
    "sites": sites,
    "resource_hours": resource_hours,
    "budget": budget,
    "source_budget": source_budget,
    "funding_share": funding_share,
    "floor": floor,
    "changes": changes,
    "taught_terms": taught_terms,
    "change_share": change_share,
    "review_starts": review,
    "review_absent": review,
    "equity": equity,
    "min_learners": min_learners,
    "labour_functions": labour_functions,
}
"""What a demand of each aspect says."""


def meaning_of(case: Case, entity: Entity) -> Meaning:
    """Say what a demand asks and what could give way."""
    return MEANINGS[entity.aspect](case, entity)
