"""Credits, hours and their shares: §6 to §8."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.catalog.records import ProgrammeTerm
from curriplan.evaluation.parts import TermState
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, at_least, at_most
from curriplan.problem.aspects import RuleCheck


def total_credits(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: min_credits ≤ Σ_t load[p,t] ≤ max_credits of the programme, in credits."""
    limits, programme = state.of.basis.limits, state.of.programme
    total, least = sum(state.term_credits), limits.min_credits(programme)
    yield from at_least("total_credits_min", state, None, least, total)
    yield from at_most("total_credits_max", state, None, programme.max_credits, total)


def term_credits(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: min_credits ≤ load[p,t] ≤ max_credits of the term, in credits, fixed load included."""
    for row, term in _limited(state):
        yield from at_least("term_credits_min", state, term.number, row.min_credits, term.credits)
        yield from at_most("term_credits_max", state, term.number, row.max_credits, term.credits)


def term_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: min_modules ≤ modules that run in the term ≤ max_modules; fixed load is no module."""
    for row, term in _limited(state):
        count = len(term.running)
        yield from at_least("term_modules_min", state, term.number, row.min_modules, count)
        yield from at_most("term_modules_max", state, term.number, row.max_modules, count)


def _asked_terms(state: ProgrammeState) -> Iterator[TermState]:
    """Yield the terms of the programme that are looked at; what runs beyond them counts for none."""
    return (state.terms[number] for number in state.asked.terms if number in state.of.terms)


def _limited(state: ProgrammeState) -> Iterator[tuple[ProgrammeTerm, TermState]]:
    """Yield those of them that have a row with limits, with that row."""
    rows = state.of.term_rows
    return ((rows[term.number], term) for term in _asked_terms(state) if term.number in rows)


def weekly_hours(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: hours of term t that count by the week ≤ weekly_hours · weeks, and all hours likewise.

    Off where the profile has no such number, or the weeks are unknown. Hours of the whole term.
    """
    limits = state.of.basis.limits
    for term in _asked_terms(state):
        contact = term.contact_hours
        if limits.weekly_hours_count_guided:
            contact += term.guided_hours
        counted = term.total_hours if limits.weekly_hours_counts_all else contact
        for key, hours in (("weekly_hours", counted), ("weekly_hours_all", term.total_hours)):
            a_week, weeks = limits.number(key), state.of.weeks(term.number)
            if a_week is not None and weeks is not None:
                yield from at_most(key, state, term.number, a_week * weeks, hours)


def practice_share(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§7: practice hours ≥ share · total hours, over the sections of the denominator.

    Shown as a share of 1; where those sections have no hours, the rule asks nothing.
    """
    hours = [state.terms[number].practice for number in state.of.terms]
    total = sum(one for _, one in hours)
    if total > 0:
        least = state.of.basis.limits.number("practice_share_min")
        yield from at_least("practice_share", state, None, least, sum(one for one, _ in hours) / total)


def dual_share(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§8: hours at an enterprise ≥ dual_share_min · hours of production training and practice, if dual.

    Hours of one learner, fixed loads in the denominator; shown as a share of 1. Where there are no
    such hours, the rule asks nothing.
    """
    if state.of.programme.dual and (share := state.dual_share) is not None:
        least = state.of.basis.limits.number("dual_share_min")
        yield from at_least("dual_share", state, None, least, share)


PROGRAMME_RULES: ProgrammeRules = (
    ("§6", total_credits),
    ("§6", term_credits),
    ("§6", term_modules),
    ("§6", weekly_hours),
    ("§7", practice_share),
    ("§8", dual_share),
)
SHARED_RULES: SharedRules = ()
