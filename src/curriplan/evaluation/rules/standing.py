"""Which modules a programme takes, and when: §1 and §5."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.catalog.records import Standing
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, breaches
from curriplan.evaluation.state import PlanState
from curriplan.problem.aspects import RuleCheck


def known_programmes(plan: PlanState) -> Iterator[RuleCheck]:
    """§1: only planned programmes take modules."""
    yield breaches("known_programmes", None, (f"{row.programme}:{row.module}" for row in plan.stray_starts))


def known_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: x[p,m,t] exists only for m among the programme's modules; a header is none of them."""
    options = state.of.curriculum.options
    unknown = (row.module for row in state.asked.starts if row.module not in options)
    yield breaches("known_modules", state.name, unknown)


def forbidden_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: Σ_t x[p,m,t] = 0 for a forbidden module."""
    yield breaches(
        "forbidden_modules",
        state.name,
        (row.module for row in state.asked.taken if row.option.standing is Standing.FORBIDDEN),
    )


def allowed_terms(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: x[p,m,t] exists only for t ∈ Starts(p,m); forbidden modules have a check of their own."""
    yield breaches(
        "allowed_terms",
        state.name,
        (
            row.module
            for row in state.asked.taken
            if row.option.standing is not Standing.FORBIDDEN and row.term not in row.option.starts
        ),
    )


def taken_once(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: Σ_t x[p,m,t] ≤ 1."""
    names = dict.fromkeys(row.module for row in state.asked.taken)
    yield breaches("taken_once", state.name, (name for name in names if len(state.terms_of[name]) > 1))


def mandatory_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: Σ_t x[p,m,t] = 1 for a mandatory module (that it is not 2, `taken_once` says)."""
    missing = (
        option.module.id
        for option in state.asked.options
        if option.standing is Standing.MANDATORY and option.module.id not in state.terms_of
    )
    yield breaches("mandatory_modules", state.name, missing)


def exclusive_groups(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§5: Σ_{m in the group} Σ_t x[p,m,t] ≤ 1."""
    groups = dict.fromkeys(option.module.exclusive_group for option in state.asked.options)
    taken = {
        group: [name for name in state.of.exclusive[group] if name in state.terms_of]
        for group in groups
        if group is not None
    }
    crowded = (f"{group}:{'|'.join(sorted(names))}" for group, names in taken.items() if len(names) > 1)
    yield breaches("exclusive_groups", state.name, crowded)


PROGRAMME_RULES: ProgrammeRules = (
    ("§1", known_modules),
    ("§1", forbidden_modules),
    ("§1", allowed_terms),
    ("§1", taken_once),
    ("§1", mandatory_modules),
    ("§5", exclusive_groups),
)
SHARED_RULES: SharedRules = (("§1", known_programmes),)
