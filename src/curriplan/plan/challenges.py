"""What a plan answers to each challenge of its catalog, and what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.codec import WHERE_SET
from curriplan.base.fields import Amount, Count, EntityId, LevelReached, PartOfOne


@dataclass(frozen=True)
class CompetencyAnswer:
    """A competency that answers a challenge, over the planned programmes that must have it.

    Those are the programmes whose target occupations need it, and those that a floor of the challenge binds.
    """

    competency: EntityId
    floor: Annotated[LevelReached, "The highest floor of the challenge; 0 without one."]
    programmes: Annotated[Count, "Programmes that must have it."]
    programmes_met_before: Annotated[Count, "Those of them that reach all levels asked of them."]
    programmes_met_after: Count
    learners: Annotated[Count, "Learners of these programmes, of one intake."]
    learners_open_before: Annotated[Count, "Those in programmes that do not reach a level asked of them."]
    learners_open_after: Count
    worth: Annotated[
        PartOfOne, "Part of the missing worth of all planned programmes, weighted as closure is."
    ]
    open_before: PartOfOne
    open_after: PartOfOne
    modules: Annotated[tuple[EntityId, ...], "Modules of the plan that lift learners above what they bring."]


@dataclass(frozen=True)
class PracticalPart:
    """The practical part of all planned curricula: laboratory-practical, production training, practice."""

    hours_before: Annotated[Amount, "Of one group of each programme, fixed load included."]
    hours_after: Amount
    least_share_before: Annotated[PartOfOne | None, "The least share of a programme (§7); null without any."]
    least_share_after: PartOfOne | None


@dataclass(frozen=True)
class ChallengeInOutlook:
    """The closure of a challenge by the shares and weights of an outlook (an assumption, no forecast)."""

    outlook: EntityId
    closure_before: PartOfOne
    closure_after: PartOfOne


@dataclass(frozen=True)
class ChallengeAnswer:
    """What a plan answers to a challenge; learners are those of one intake."""

    challenge: EntityId
    modules: Annotated[tuple[EntityId, ...], "Modules of the plan that raise its competencies."]
    places: Annotated[Count, "Pairs of a programme and such a module."]
    added: Annotated[Count, "Those of them that the plan adds."]
    hours: Annotated[Amount, "Hours of these modules in all, of one group of each programme."]
    practice_hours: Annotated[Amount, "The practical ones of them."]
    programmes: Annotated[Count, "Programmes with such a module."]
    learners: Annotated[Count, "Their learners."]
    worth: Annotated[
        PartOfOne, "Part of the missing worth of all planned programmes, weighted as closure is."
    ]
    closure_before: Annotated[PartOfOne | None, "Part of that worth that is closed; null without any."]
    closure_after: PartOfOne | None
    floors: Annotated[Count, "Pairs of a programme and a competency that a floor of the challenge binds."]
    floors_met_before: Count
    floors_met_after: Count
    needs: Annotated[Count, "Pairs of a programme and a competency that its target occupations need."]
    needs_met_before: Count
    needs_met_after: Count
    learners_open_before: Annotated[Count, "Learners in programmes with a floor or a need not reached."]
    learners_open_after: Count
    occupations: Annotated[Count, "Pairs of a programme and a linked target occupation."]
    occupations_met_before: Annotated[Count, "Those of them whose every level is reached."]
    occupations_met_after: Count
    paid_kzt: Annotated[Count | None, "What the linked sources pay of the plan; null where none is linked."]
    competencies: tuple[CompetencyAnswer, ...]
    practice: Annotated[
        PracticalPart | None, WHERE_SET, "Where the practical part of all curricula answers the challenge."
    ] = None
    outlooks: Annotated[
        tuple[ChallengeInOutlook, ...],
        WHERE_SET,
        "Where the catalog has outlooks in which it weighs anything.",
    ] = ()
    partners: Annotated[
        tuple[EntityId, ...],
        WHERE_SET,
        "Sources other than the college that pay for these modules, or own a place where they are taught.",
    ] = ()
