"""What learners must get, and how many must come: §11 and §13 to §15."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, at_least, breaches, check
from curriplan.evaluation.state import PlanState
from curriplan.problem.aspects import RuleCheck


def floors(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§11: b[p,c] ≥ level, or Σ_{m teaches (c, level)} Σ_t x[p,m,t] ≥ 1: the level held at the end."""
    for competency, level in state.of.floors.items():
        held = state.levels_after.get(competency, 0)
        yield from at_least("floor", state, competency, level, held)


def equity(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§13: closure(p) ≥ R · alone(p), a share of 1, where alone(p) > 0. Only with ``--equity R``."""
    least, alone = state.of.basis.limits.settings.equity, state.closure_alone
    if least is not None and alone is not None and state.closure is not None:
        yield from at_least("equity", state, None, least * alone, state.closure)


def min_learners(plan: PlanState) -> Iterator[RuleCheck]:
    """§14: Σ learners of the programmes that start m in s ≥ min_learners, if a planned one does."""
    started = plan.learners_by_start
    others = plan.basis.unplanned_learners if started else {}
    for (module, semester), learners in sorted(started.items()):
        met = learners + others.get((module, semester), 0)
        least = plan.basis.crowds[module]
        yield check("min_learners", ">=", least, met, subject=module, semester=semester)


def labour_functions(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§15: Σ_{m serves the function} Σ_t x[p,m,t] ≥ 1 for each function that M(p) can serve."""
    if state.of.functions:
        yield breaches("labour_functions", state.name, state.uncovered_functions)


PROGRAMME_RULES: ProgrammeRules = (
    ("§11", floors),
    ("§13", equity),
    ("§15", labour_functions),
)
SHARED_RULES: SharedRules = (("§14", min_learners),)
