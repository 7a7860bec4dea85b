"""What is newly asked, and who answers: steps since a calendar semester, and the intakes of a programme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from curriplan.base import semesters
from curriplan.base.codec import Narrowed
from curriplan.base.fields import SEMESTER_PATTERN, EntityId, LevelReached

if TYPE_CHECKING:  # their library is heavy, and --help stays light
    from curriplan.catalog.records import Catalog, Programme

SemesterName = Annotated[str, Narrowed(pattern=SEMESTER_PATTERN)]


@dataclass(frozen=True, order=True)
class NewlyAsked:
    """Levels of a competency that are asked from a semester on.

    Exactly one of `occupation` (a requirement) and `programme` (a floor) says who asks, or whom.
    """

    competency: EntityId
    above: Annotated[LevelReached, "Levels up to this one were asked before."]
    since: SemesterName
    occupation: Annotated[EntityId | None, "The occupation that asks; null: a floor does."] = None
    programme: Annotated[EntityId | None, "The programme that the floor binds; null: an occupation asks."] = (
        None
    )


def newly_asked(old: Catalog, new: Catalog, since: str) -> tuple[NewlyAsked, ...]:
    """Return what one catalog asks that an earlier one did not, sorted.

    Of a level that was only raised, the levels above the old one. Rows that say their own `since` are left
    out: they need no comparison. A programme that the earlier catalog lacks was asked what floors asked of
    every programme, or of the one that it is an intake of.

    Parameters
    ----------
    old, new : Catalog
        The earlier catalog and the later one.
    since : str
        The calendar semester from which the difference is asked, such as ``2027-1``.
    """
    return tuple(sorted({*_requirements(old, new, since), *_floors(old, new, since)}))


def _requirements(old: Catalog, new: Catalog, since: str) -> Iterator[NewlyAsked]:
    before = {(row.occupation, row.competency): row.level for row in old.occupation_requirements}
    for row in new.occupation_requirements:
        above = before.get((row.occupation, row.competency), 0)
        if row.since is None and row.level > above:
            yield NewlyAsked(row.competency, above, since, occupation=row.occupation)


def _floors(old: Catalog, new: Catalog, since: str) -> Iterator[NewlyAsked]:
    for programme in new.programmes:
        whose = {None, programme.id, programme.intake_of}
        before: dict[str, int] = {}
        for row in old.floors:
            if row.programme in whose:
                before[row.competency] = max(before.get(row.competency, 0), row.level)
        for row in new.floors_of(programme.id):
            above = before.get(row.competency, 0)
            if row.since is None and row.level > above:
                yield NewlyAsked(row.competency, above, since, programme=programme.id)


def intakes_of(catalog: Catalog, programme: str) -> tuple[Programme, ...]:
    """Return a programme and the running intakes of it, in catalog order: whoever answers for it."""
    return tuple(row for row in catalog.programmes if programme in (row.id, row.intake_of))


def graduation(programme: Programme) -> str:
    """Return the semester of the last term of a programme."""
    return semesters.of_term(programme.start, programme.terms)


def last_graduation(programmes: Sequence[Programme], horizon: str | None) -> str:
    """Return the last semester in which an intake of these graduates, not after a horizon.

    Of a programme that repeats, the first intake counts, and within a horizon every later one too; "" where
    none graduates by then.
    """
    found = [graduation(row) for row in programmes]
    if horizon is None:
        return max(found)
    ends = [(semesters.ordinal(end), row.repeats) for end, row in zip(found, programmes, strict=True)]
    last = semesters.ordinal(horizon)
    within = [(last - (last - end) % 2) if repeats else end for end, repeats in ends if end <= last]
    return semesters.of_ordinal(max(within)) if within else ""
