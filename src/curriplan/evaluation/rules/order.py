"""What must come before or beside a module: §3 and §4."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from curriplan.catalog.records import RequisiteKind
from curriplan.evaluation.parts import Taken
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, breaches
from curriplan.problem.aspects import RuleCheck


def entry_levels(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§2, §3: m started in term t with entry level n > b[p,c] needs c at n from what ended before t.

    x[p,m,t] ≤ reach[p,c,n,t−1], where a module started in u reaches from the end of u + S − 1 on. Entry
    levels are those of the module's rows and those that ``requires`` implies. A module in its current
    term may also lean on the modules that stand before it in the same current term.
    """
    yield breaches("entry_levels", state.name, _unmet_entries(state))


def _unmet_entries(state: ProgrammeState) -> Iterator[str]:
    for row in state.leaning:
        held = state.levels_at_start[row.term]
        for entry in state.of.entries(row.module):
            competency, level = entry.competency, entry.level
            if held.get(competency, 0) < level and not _neighbour_teaches(state, row, competency, level):
                yield f"{row.module}:{competency}"


def _neighbour_teaches(state: ProgrammeState, row: Taken, competency: str, level: int) -> bool:
    """Say whether a module that `row` may lean on in its own term teaches `competency` to `level`."""
    return any(
        outcome.competency == competency and outcome.exit_level >= level
        for name in state.of.neighbours.get(row.module, ())
        if _leans(state, row, name)
        for outcome in state.of.basis.outcomes(name)
    )


def _leans(state: ProgrammeState, row: Taken, name: str) -> bool:
    """Say whether §3 and §4 let `row` lean on another module, which starts in the same term."""
    if row.term not in state.terms_of.get(name, ()):
        return False
    return row.option.may_lean_on(state.of.curriculum.options[name], row.term)


def prerequisites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: x[p,m,t] ≤ Σ_{u + S(a) ≤ t} x[p,a,u] over the alternatives a of a prerequisite; exception of §3."""

    def met(row: Taken, name: str) -> bool:
        option = state.of.curriculum.options.get(name)
        ended = (
            option is not None and term + option.span <= row.term for term in state.terms_of.get(name, ())
        )
        return any(ended) or _leans(state, row, name)

    yield _requisites("prerequisites", state, RequisiteKind.PREREQUISITE, met)


def corequisites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: x[p,m,t] ≤ Σ_{u ≤ t} x[p,a,u] over the alternatives a of a corequisite."""

    def met(row: Taken, name: str) -> bool:
        return any(term <= row.term for term in state.terms_of.get(name, ()))

    yield _requisites("corequisites", state, RequisiteKind.COREQUISITE, met)


def strict_corequisites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: x[p,m,t] ≤ Σ_a x[p,a,t] over the alternatives a of a strict corequisite."""

    def met(row: Taken, name: str) -> bool:
        return row.term in state.terms_of.get(name, ())

    yield _requisites("strict_corequisites", state, RequisiteKind.STRICT_COREQUISITE, met)


def orders(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: Σ_{u≤t} x[p,m,u] + Σ_{u>t} x[p,a,u] ≤ 1: where both are taken, m starts no earlier."""

    def met(row: Taken, name: str) -> bool:
        return all(term <= row.term for term in state.terms_of.get(name, ()))

    yield _requisites("orders", state, RequisiteKind.ORDER, met)


def _requisites(
    aspect: str, state: ProgrammeState, kind: RequisiteKind, met: Callable[[Taken, str], bool]
) -> RuleCheck:
    curricula = state.of.basis.curricula
    unmet = (
        f"{row.module}:{'|'.join(alternatives)}"
        for row in state.leaning
        for alternatives in curricula.requisites_of(row.module, kind)
        if not any(met(row, name) for name in alternatives)
    )
    return breaches(aspect, state.name, unmet)


PROGRAMME_RULES: ProgrammeRules = (
    ("§3", entry_levels),
    ("§4", prerequisites),
    ("§4", corequisites),
    ("§4", strict_corequisites),
    ("§4", orders),
)
SHARED_RULES: SharedRules = ()
