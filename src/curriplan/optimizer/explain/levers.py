"""The limits that hold a plan back, and the cell or setting that each of them stands in."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace

from curriplan.problem.aspects import ASPECTS, RuleCheck
from curriplan.problem.origins import About, Edits, Located, locate
from curriplan.problem.problem import Problem

ROOM = 0.1
"""A limit is tight where less than this part of it is left."""


@dataclass(frozen=True)
class MovableLimit:
    """A number of the catalog or the settings that limits plans.

    Parameters
    ----------
    key : hashable
        Tells levers apart.
    raises : bool
        Whether more of it is looser.
    step : float
        Values are multiples of this.
    edits : callable
        What sets it to a value.
    """

    key: Hashable
    unit: str
    value: float
    raises: bool
    step: float
    edits: Callable[[float], Edits]
    checks: tuple[RuleCheck, ...] = ()

    def moved(self, share: float) -> float:
        """Return the value that is looser by a share of itself."""
        return self.rounded(self.value * (1 + share if self.raises else 1 - share))

    def rounded(self, value: float) -> float:
        """Return the next multiple of the step on the looser side, never below nothing."""
        steps = value / self.step
        whole = math.ceil(steps - 1e-6) if self.raises else math.floor(steps + 1e-6)
        return max(0.0, round(whole * self.step, 6))

    @property
    def farthest(self) -> float:
        """How far it is moved at most: doubled, or taken away."""
        return max(abs(self.value), self.step)


def levers_of(problem: Problem, checks: Iterable[RuleCheck]) -> tuple[MovableLimit, ...]:
    """Return the levers of limits, by rule and place; some are no number that someone could move."""
    found: dict[Hashable, tuple[MovableLimit, dict[Hashable, RuleCheck]]] = {}
    for check in checks:
        at = located(problem, check) if check.limit > 0 else None
        if at is not None:
            aspect = ASPECTS[check.aspect]
            lever = MovableLimit(at.key, at.unit, at.value, aspect.raises, aspect.step, at.edits)
            found.setdefault(at.key, (lever, {}))[1].setdefault(check.key, check)
    return tuple(replace(lever, checks=tuple(rows.values())) for lever, rows in found.values())


def located(problem: Problem, check: RuleCheck) -> Located | None:
    """Return where the limit of a check stands, None where it is no number that someone could move."""
    about = About(
        problem.catalog, problem.limits, check.aspect, check.programme, check.subject, check.semester
    )
    return locate(about)


def is_tight(check: RuleCheck) -> bool:
    """Say whether less than a tenth of a limit is left."""
    return check.limit > 0 and abs(check.limit - check.actual) <= ROOM * check.limit + 1e-9
