"""What of a catalog answers a challenge: competencies, floors, occupations, funding sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from curriplan.catalog.records import Catalog, Challenge, Floor


@dataclass(frozen=True)
class AnsweredBy:
    """What answers a challenge, each in the order of the catalog."""

    challenge: Challenge
    competencies: tuple[str, ...]
    """Those that are linked, those of its floors, and whatever is the same ability as one of them."""
    occupations: tuple[str, ...]
    sources: tuple[str, ...]
    floors: Mapping[str, Mapping[str, int]]
    """The highest level by competency that its floors ask of a programme, by programme."""

    def floors_of(self, programme: str) -> Mapping[str, int]:
        """Return the highest level by competency that its floors ask of a programme."""
        return self.floors.get(programme, {})


def answers_of(catalog: Catalog) -> tuple[AnsweredBy, ...]:
    """Return what answers each challenge of a catalog, in its order."""
    return tuple(_answers(catalog, row) for row in catalog.challenges)


def _answers(catalog: Catalog, challenge: Challenge) -> AnsweredBy:
    links = [row for row in catalog.challenge_links if row.challenge == challenge.id]
    floors = [row for row in catalog.floors if str(row.challenge) == challenge.id]
    named = {row.competency for row in links} | {row.competency for row in floors}
    same = {other for name in named if name for other in catalog.equal_competencies.get(name, ())}
    occupations = {row.occupation for row in links}
    sources = {row.funding_source for row in links}
    return AnsweredBy(
        challenge=challenge,
        competencies=tuple(row.id for row in catalog.competencies if row.id in named | same),
        occupations=tuple(row.id for row in catalog.occupations if row.id in occupations),
        sources=tuple(row.id for row in catalog.funding_sources if row.id in sources),
        floors={row.id: highest_floors(catalog, row.id, floors) for row in catalog.programmes},
    )


def highest_floors(catalog: Catalog, programme: str, among: Collection[Floor]) -> Mapping[str, int]:
    """Return the highest level by competency that some floors ask of a programme (§11)."""
    found: dict[str, int] = {}
    for row in catalog.floors_of(programme):
        if row in among:
            found[row.competency] = max(found.get(row.competency, 0), row.level)
    return found
