"""A review of a plan: what reviewers decided on each module, what they said, and what came of it.

A decision always comes down to one demand (§12): the module starts in one term, or it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from curriplan.base.codec import UNWRITTEN, WHERE_SET, Key, OneOf
from curriplan.base.errors import Place
from curriplan.base.fields import EntityId, Sha256, TermNumber


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

    programme: EntityId
    module: EntityId
    choice: Annotated[Choice, Key("decision")]
    term: Annotated[TermNumber | None, "The term in which the module starts; null: it is left out."]
    place: Annotated[Place | None, UNWRITTEN] = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Programme and module."""
        return (self.programme, self.module)


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
    is_outdated : bool
        Whether the catalog says something else of the module since: the decision is not obeyed, and asks
        for another look.
    """

    programme: Annotated[str | None, "Null for the whole plan."]
    module: str | None
    decision: Annotated[str, OneOf((*Choice, *PlanChoice))] | None
    term: TermNumber | None
    comment: str
    reviewer: str
    date: str
    cell: str
    is_outdated: Annotated[
        bool, WHERE_SET, "The catalog's rows of the module changed since: not obeyed, to be looked at again."
    ] = False


@dataclass(frozen=True)
class ReviewChange:
    """A module that is not as it was in the plan under review; a term is None where it is left out."""

    programme: EntityId
    module: EntityId
    asked_for: bool
    before: TermNumber | None
    after: TermNumber | None


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
    plan_sha256: Sha256
    planned_anew: Annotated[bool, "False where the plan under review kept every decision already."]
    lines: Annotated[
        tuple[ReviewLine, ...], "Each row of the Review sheet in which somebody decided or commented."
    ]
    changes: Annotated[
        tuple[ReviewChange, ...],
        "Modules that are not as in the plan under review; a term is null where left out.",
    ] = ()

    @property
    def plan_decision(self) -> str | None:
        """What was decided on the whole plan."""
        found = (line.decision for line in self.lines if line.module is None and line.decision)
        return next(found, None)

    @property
    def decided(self) -> tuple[ReviewLine, ...]:
        """The rows with a decision on a module that holds."""
        found = (line for line in self.lines if line.module is not None and line.decision)
        return tuple(line for line in found if not line.is_outdated)

    @property
    def outdated(self) -> tuple[ReviewLine, ...]:
        """The rows whose decision is to be looked at again, since the catalog changed."""
        return tuple(line for line in self.lines if line.is_outdated)

    @property
    def commented(self) -> tuple[ReviewLine, ...]:
        """The rows with a comment."""
        return tuple(line for line in self.lines if line.comment)
