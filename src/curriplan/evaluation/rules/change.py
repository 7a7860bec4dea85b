"""What may change against an earlier plan, or against what is taught today: §12."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.base import semesters
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, at_most, breaches, check
from curriplan.evaluation.state import PlanState
from curriplan.problem.aspects import RuleCheck


def changes(plan: PlanState) -> Iterator[RuleCheck]:
    """§12: modules that only one of the two plans takes, or both in different terms ≤ N, a count.

    Over the planned programmes that the earlier plan names, all where it names none; a move counts once.
    Only with ``--max-changes N``.
    """
    settings = plan.basis.limits.settings
    if settings.previous is not None and settings.max_changes is not None:
        changed = [
            f"{state.name}:{name}"
            for state in plan.states.values()
            if state.of.previous or not settings.previous
            for name, (earlier, now) in sorted(state.once(_starts).items())
            if earlier != now
        ]
        most = settings.max_changes
        yield check("changes", "<=", most, len(changed), details=changed if len(changed) > most else ())


def taught_terms(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§12: in a term whose semester ≤ S the plan starts exactly what the earlier plan starts there.

    Only with ``--taught-until S``.
    """
    settings = state.of.basis.limits.settings
    if settings.previous is None or settings.taught_until is None:
        return
    start, until = state.of.programme.start, settings.taught_until
    frozen = {term for term in state.of.terms if semesters.of_term(start, term) <= until}
    yield breaches(
        "taught_terms",
        state.name,
        (
            name
            for name, (earlier, now) in sorted(state.once(_starts).items())
            if earlier & frozen != now & frozen
        ),
    )


def _starts(state: ProgrammeState) -> dict[str, tuple[set[int], set[int]]]:
    """Return the terms in which each module of M(p) starts, in the earlier plan and in this one."""
    previous = state.of.previous or {}
    options = {option.module.id for option in state.of.curriculum.open_options}
    return {
        name: ({previous[name]} if name in previous else set(), set(state.terms_of.get(name, ())))
        for name in {*previous, *(options & set(state.terms_of))}
    }


def change_share(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§12: hours of current modules that are dropped ≤ share · hours of current modules.

    Shown as a share of 1; a module that is moved is not changed. Only without an earlier plan; the
    share is ``change_share_dual`` for a dual programme, else ``change_share_ordinary``.
    """
    limits, today = state.of.basis.limits, state.of.hours_today
    total = sum(hours for _, hours in today)
    if limits.settings.previous is None and total > 0:
        key = limits.change_share_key(state.of.programme)
        dropped = sum(hours for name, hours in today if name not in state.terms_of)
        yield from at_most("change_share", state, None, limits.number(key), dropped / total)


def review_starts(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§12: a module that a review keeps starts in its term and in no other.

    Only where a review decided so.
    """
    wanted = {one.module: one.term for one in state.of.review if one.term is not None}
    if wanted:
        missed = (name for name, term in sorted(wanted.items()) if state.terms_of.get(name) != (term,))
        yield breaches("review_starts", state.name, missed)


def review_absent(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§12: a module that a review leaves out starts in no term.

    Only where a review decided so.
    """
    unwanted = sorted(one.module for one in state.of.review if one.term is None)
    if unwanted:
        taken = {row.module for row in state.starts}
        yield breaches("review_absent", state.name, (name for name in unwanted if name in taken))


PROGRAMME_RULES: ProgrammeRules = (
    ("§12", taught_terms),
    ("§12", change_share),
    ("§12", review_starts),
    ("§12", review_absent),
)
SHARED_RULES: SharedRules = (("§12", changes),)
