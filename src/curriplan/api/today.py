"""Warnings of what the curricula of today break, as the evaluation of a plan finds it."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.base.errors import Issue
from curriplan.evaluation.today import above_today
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.problem import Problem
from curriplan.texts.words import Phrase


def today_issues(problem: Problem) -> Iterator[Issue]:
    """Yield a warning for each programme and rule of §6 of which its curriculum of today has too much."""
    found: dict[tuple[str, str], list[RuleCheck]] = {}
    for one in above_today(problem):
        found.setdefault((str(one.programme), one.aspect), []).append(one)
    for (programme, aspect), rows in found.items():
        values = {
            "programme": programme,
            "rule": Phrase(f"aspect.{aspect}", subject="rules"),
            "above": tuple(map(_above, rows)),
        }
        row = problem.catalog.programme_by_id[programme]
        yield Issue("today-breaks-rule", row.place("id"), values)


def _above(check: RuleCheck) -> Phrase:
    """Return how far a term is above its limit, or the whole programme."""
    values = {"term": check.subject, "actual": _number(check.actual), "limit": _number(check.limit)}
    return Phrase(f"today.{'whole' if check.subject is None else 'term'}", values)


def _number(value: float) -> int | float:
    """Return an amount without the noise of binary fractions, as a sentence has it."""
    rounded = round(value, 2)
    return int(rounded) if rounded.is_integer() else rounded
