"""Rows that the rules are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curriplan.evaluation.state import ProgrammeState
from curriplan.problem.aspects import ASPECTS, RuleCheck


def breaches(aspect: str, programme: str | None, found: Iterable[str]) -> RuleCheck:
    """Count the single breaches of a rule over modules; none is allowed."""
    details = tuple(found)
    return RuleCheck(
        ASPECTS[aspect], aspect, programme, None, "<=", 0.0, float(len(details)), "breaches", details=details
    )


def at_least(
    aspect: str,
    state: ProgrammeState,
    subject: object,
    limit: float | None,
    actual: float,
    unit: str,
    profile_key: str | None = None,
) -> Iterator[RuleCheck]:
    """Yield actual ≥ limit, or nothing where there is no limit."""
    yield from _compare(aspect, state, subject, ">=", limit, actual, unit, profile_key)


def at_most(
    aspect: str,
    state: ProgrammeState,
    subject: object,
    limit: float | None,
    actual: float,
    unit: str,
    profile_key: str | None = None,
) -> Iterator[RuleCheck]:
    """Yield actual ≤ limit, or nothing where there is no limit."""
    yield from _compare(aspect, state, subject, "<=", limit, actual, unit, profile_key)


def _compare(
    aspect: str,
    state: ProgrammeState,
    subject: object,
    operator: str,
    limit: float | None,
    actual: float,
    unit: str,
    profile_key: str | None,
) -> Iterator[RuleCheck]:
    if limit is not None:
        yield RuleCheck(
            rule=ASPECTS[aspect],
            aspect=aspect,
            programme=state.name,
            subject=None if subject is None else str(subject),
            operator=operator,
            limit=float(limit),
            actual=float(actual),
            unit=unit,
            profile_key=profile_key,
        )
