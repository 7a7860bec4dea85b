"""What a plan prepares for beside its targets: cover of other occupations, and the doors that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.fields import Count, EntityId, PartOfOne

MOST_SHUT = 50
"""Occupations that are no door, of which a programme has rows: those it covers best."""


@dataclass(frozen=True)
class OtherOccupation:
    """An occupation that is no target of a programme, with what its graduates hold of it."""

    programme: EntityId
    occupation: EntityId
    demand: Annotated[PartOfOne, "Its part of the openings of all such occupations of the programme."]
    cover_before: PartOfOne
    cover_after: PartOfOne
    essentials: Annotated[Count, "Essential requirements; without any it is no door."]
    essentials_met_before: Count
    essentials_met_after: Count

    @property
    def is_door_before(self) -> bool:
        """Whether all that it cannot do without is held today."""
        return self.essentials_met_before == self.essentials > 0

    @property
    def is_door_after(self) -> bool:
        """Whether all that it cannot do without is held with the plan."""
        return self.essentials_met_after == self.essentials > 0


@dataclass(frozen=True)
class Opener:
    """The module without which the most doors would be shut, all the rest of the plan unchanged."""

    module: EntityId
    doors: Annotated[Count, "Doors that are none without it: pairs of a programme and an occupation."]
    adaptability: Annotated[PartOfOne, "What the index would be lower by."]


@dataclass(frozen=True)
class ProgrammeDoors:
    """The index of one programme and its doors."""

    programme: EntityId
    others: Annotated[Count, "Occupations that have requirements and are no target of the programme."]
    index_before: Annotated[PartOfOne | None, "Null where none of them has openings."]
    index_after: PartOfOne | None
    doors_brought: Annotated[Count, "Open already to who comes."]
    doors_before: Count
    doors_after: Count
    demand_before: Annotated[PartOfOne, "Part of the openings of all others that the doors have."]
    demand_after: PartOfOne
    opens_most: Annotated[Opener | None, "Null where no module of the plan opens or covers any."]


@dataclass(frozen=True)
class Adaptability:
    """The index of the plan, and the doors of its programmes."""

    index_before: Annotated[PartOfOne, "As the objective `adaptability`, of the existing curricula."]
    index_after: PartOfOne
    doors_before: Annotated[Count, "Pairs of a programme and an occupation."]
    doors_after: Count
    occupations_before: Annotated[Count, "Occupations that are a door of any programme."]
    occupations_after: Count
    opens_most: Annotated[Opener | None, "Without it in any programme."]
    programmes: tuple[ProgrammeDoors, ...]
    occupations: Annotated[
        tuple[OtherOccupation, ...],
        f"By programme: all doors, today's and the plan's, and of the others the {MOST_SHUT} best covered.",
    ]
