"""A review of a plan: what reviewers decided on each module, what they said, and what came of it.

A decision always comes down to one demand (§12): the module starts in one term, or it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from curriplan.base.errors import Place


class Choice(StrEnum):
    """What a reviewer decides on a proposal."""

    ACCEPT = "accept"
    REJECT = "reject"
    PIN = "pin"


class PlanChoice(StrEnum):
    """What a reviewer decides on the whole plan."""

    APPROVE = "approve"
    RETURN = "return"


@dataclass(frozen=True)
class ReviewDecision:
    """A decision on a module of a programme, and what it asks of the plan.

    Parameters
    ----------
    term : int or None
        The term in which the module starts; None where it is left out.
    place : Place or None
        The cell of the decision, where it was read in this run.
    """

    programme: str
    module: str
    choice: Choice
    term: int | None
    place: Place | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Programme and module."""
        return (self.programme, self.module)


def decisions_to_data(decisions: Iterable[ReviewDecision]) -> list[dict[str, Any]]:
    """Return decisions as ``plan.json`` has them, without their cells."""
    return [
        {"programme": one.programme, "module": one.module, "decision": one.choice.value, "term": one.term}
        for one in decisions
    ]


def decisions_from_data(rows: Iterable[Mapping[str, Any]]) -> tuple[ReviewDecision, ...]:
    """Return the decisions of a ``plan.json``."""
    return tuple(
        ReviewDecision(row["programme"], row["module"], Choice(row["decision"]), row["term"]) for row in rows
    )


@dataclass(frozen=True)
class ReviewLine:
    """A row of the Review sheet in which a reviewer wrote something.

    Parameters
    ----------
    programme, module : str or None
        None for a row about the whole plan.
    decision : str or None
        A value of `Choice`, or of `PlanChoice` for the whole plan; None for a comment alone.
    term : int or None
        The semester that was written beside the decision.
    cell : str
        Where it stands: ``Review!K12``.
    """

    programme: str | None
    module: str | None
    decision: str | None
    term: int | None
    comment: str
    reviewer: str
    date: str
    cell: str


@dataclass(frozen=True)
class ReviewChange:
    """A module that is not as it was in the plan under review; a term is None where it is left out."""

    programme: str
    module: str
    asked_for: bool
    before: int | None
    after: int | None


@dataclass(frozen=True)
class ReviewRecord:
    """A review and what came of it, as ``plan.json`` keeps it.

    Parameters
    ----------
    file : str
        Name of the workbook.
    plan_sha256 : str
        Hash of the plan under review.
    planned_anew : bool
        False where the plan under review already kept every decision.
    """

    file: str
    plan_sha256: str
    planned_anew: bool
    lines: tuple[ReviewLine, ...]
    changes: tuple[ReviewChange, ...] = ()

    @property
    def plan_decision(self) -> str | None:
        """What was decided on the whole plan."""
        found = (line.decision for line in self.lines if line.module is None and line.decision)
        return next(found, None)

    @property
    def decided(self) -> tuple[ReviewLine, ...]:
        """The rows with a decision on a module."""
        return tuple(line for line in self.lines if line.module is not None and line.decision)

    @property
    def commented(self) -> tuple[ReviewLine, ...]:
        """The rows with a comment."""
        return tuple(line for line in self.lines if line.comment)


def record_from_data(data: Mapping[str, Any] | None) -> ReviewRecord | None:
    """Return the record of a ``plan.json``, None where it has none."""
    if data is None:
        return None
    lines = tuple(ReviewLine(**row) for row in data["lines"])
    changes = tuple(ReviewChange(**row) for row in data["changes"])
    return ReviewRecord(data["file"], data["plan_sha256"], data["planned_anew"], lines, changes)
