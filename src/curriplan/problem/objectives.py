"""The objectives that a user may choose: their names, usual order and tolerances, and how they are typed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

from curriplan.base.arguments import shown_value
from curriplan.base.errors import Issue, UsageError
from curriplan.base.fields import Amount


@dataclass(frozen=True)
class ObjectiveChoice:
    """An objective and how far later objectives may worsen it.

    ``tolerance`` is in the objective's own unit: closure and no_harm in shares of 1 (0.005 is half
    a percentage point) like adaptability and fairness, cost in KZT, disruption in hours, balance and
    peak in credits, distance in terms, changes in modules, lag in semesters, outlooks in shares.
    """

    name: str
    tolerance: Amount = 0.0

    def __post_init__(self) -> None:
        """Refuse a tolerance that is no number, naming its objective, with a UsageError."""
        tolerance: Any = self.tolerance
        if isinstance(tolerance, bool) or not isinstance(tolerance, Real):
            option, value = f"objectives {self.name}", shown_value(tolerance)
            raise UsageError.of("bad-value", option=option, value=value, expected="0 ≤ x")


USUAL_TOLERANCES = {"closure": 0.005, "outlooks": 0.005}
"""Of the objectives that give way by themselves; the others do not."""
DEFAULT_OBJECTIVES = tuple(
    ObjectiveChoice(name, USUAL_TOLERANCES.get(name, 0.0))
    for name in ("no_harm", "closure", "cost", "disruption", "balance")
)
OBJECTIVE_NAMES = (
    *(choice.name for choice in DEFAULT_OBJECTIVES),
    *("peak", "distance", "adaptability", "fairness", "changes", "lag", "outlooks"),
)
USUAL_ORDER = ", ".join(
    f"{one.name}:{one.tolerance:g}" if one.tolerance else one.name for one in DEFAULT_OBJECTIVES
)
"""As it is typed."""
FIRST_LOOK = frozenset({"closure", "outlooks", "cost"})
"""What a first look is about."""
PLACING = frozenset({"balance", "peak", "distance"})
"""Objectives that say when and where, once it is decided what is taken."""
MOST_TOLERANCE = 10**15
"""More than any objective can be worth, and still a number."""


def content_stages(objectives: Sequence[ObjectiveChoice]) -> int:
    """Return how many objectives, from the first, decide what is taken; the rest only when and where.

    All do, unless those of `PLACING` stand behind all others.
    """
    names = [choice.name for choice in objectives]
    first = next((at for at, name in enumerate(names) if name in PLACING), len(names))
    return first if first > 0 and PLACING.issuperset(names[first:]) else len(names)


def renamed(objectives: Sequence[ObjectiveChoice], old: str, new: str) -> tuple[ObjectiveChoice, ...]:
    """Return objectives with another one in the place of `old`."""
    return tuple(replace(one, name=new) if one.name == old else one for one in objectives)


def objectives_from(text: str) -> tuple[ObjectiveChoice, ...]:
    """Read ``closure:0.01,cost``: objectives in order, each with the tolerance given, else its usual one.

    Raises
    ------
    UsageError
        If a name is unknown or given twice, or a tolerance is no number from 0.
    """
    parts = [[word.strip() for word in part.partition(":")] for part in text.split(",")]
    if issues := [*name_issues([name for name, _, _ in parts])]:
        raise UsageError(issues)
    return tuple(
        ObjectiveChoice(name, _tolerance(given) if mark else USUAL_TOLERANCES.get(name, 0.0))
        for name, mark, given in parts
    )


def _tolerance(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < MOST_TOLERANCE:
        raise UsageError.of("bad-value", option="--objective", value=text, expected="0 ≤ x")
    return number


def name_issues(names: Sequence[str]) -> Iterator[Issue]:
    """Yield which names are unknown or given twice, or that there is none."""
    for name in dict.fromkeys(names or ("",)):
        if name not in OBJECTIVE_NAMES or names.count(name) > 1:
            yield Issue("unknown-objective", values={"value": name, "known": ", ".join(OBJECTIVE_NAMES)})
