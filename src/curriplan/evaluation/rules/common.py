"""Rows that the rules are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.state import PlanState
from curriplan.problem.aspects import ASPECTS, RuleCheck

ProgrammeRules = tuple[tuple[str, Callable[[ProgrammeState], Iterator[RuleCheck]]], ...]
"""The number of each rule that looks at one programme, and what checks it."""
SharedRules = tuple[tuple[str, Callable[[PlanState], Iterator[RuleCheck]]], ...]
"""The same of rules that look at all programmes together."""


def check(
    aspect: str,
    operator: str,
    limit: float,
    actual: float,
    *,
    programme: str | None = None,
    subject: object = None,
    semester: str | None = None,
    details: Iterable[str] = (),
) -> RuleCheck:
    """Return a row of an aspect, with the number of its rule and its unit."""
    about = ASPECTS[aspect]
    named = None if subject is None else str(subject)
    amounts = (operator, float(limit), float(actual), about.unit)
    return RuleCheck(about.rule, aspect, programme, named, *amounts, semester, tuple(details))


def breaches(aspect: str, programme: str | None, found: Iterable[str]) -> RuleCheck:
    """Count the single breaches of a rule over modules; none is allowed. Those of a programme are sorted."""
    details = tuple(found) if programme is None else tuple(sorted(found))
    return _breaches(aspect, programme, details) if details else _none(aspect, programme)


def _breaches(aspect: str, programme: str | None, details: tuple[str, ...]) -> RuleCheck:
    amounts = ("<=", 0.0, float(len(details)), "breaches")
    return RuleCheck(ASPECTS[aspect].rule, aspect, programme, None, *amounts, details=details)


@cache
def _none(aspect: str, programme: str | None) -> RuleCheck:
    """Make the row without breaches once: it is the usual one."""
    return _breaches(aspect, programme, ())


def at_least(
    aspect: str, state: ProgrammeState, subject: object, limit: float | None, actual: float
) -> Iterator[RuleCheck]:
    """Yield actual ≥ limit, or nothing where there is no limit."""
    if limit is not None:
        yield check(aspect, ">=", limit, actual, programme=state.name, subject=subject)


def at_most(
    aspect: str, state: ProgrammeState, subject: object, limit: float | None, actual: float
) -> Iterator[RuleCheck]:
    """Yield actual ≤ limit, or nothing where there is no limit."""
    if limit is not None:
        yield check(aspect, "<=", limit, actual, programme=state.name, subject=subject)
