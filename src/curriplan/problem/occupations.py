"""What a holder of one occupation lacks for another, without any programme in between.

The levels that the one occupation needs are taken as held, with what transfers carry over, as the levels
that learners bring are elsewhere. Missing steps weigh what they weigh for a programme whose graduates all
go to the other occupation (``docs/formulation.md``, *Worth*).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from curriplan.base.arguments import taking
from curriplan.base.errors import UsageError, nearest
from curriplan.catalog.records import (
    CATALOG_READ,
    Catalog,
    CompetencyRelation,
    Occupation,
    OccupationRequirement,
    RelationKind,
)
from curriplan.catalog.records.record import natural_key
from curriplan.catalog.records.teaching import transferred
from curriplan.problem.settings import Settings
from curriplan.texts.languages import LANGUAGES

MOST_NAMED = 5
"""Occupations that are named where a word fits several."""


@dataclass(frozen=True)
class OccupationGap:
    """One competency that the other occupation needs.

    Attributes
    ----------
    required, held : int
        Levels, 0 for none.
    weight : float
        Worth of the missing steps; 0 where none is missing.
    via : str or None
        The competency from which a transfer carries the held level over, if one does.
    """

    competency: str
    required: int
    held: int
    importance: float
    essential: bool
    weight: float
    evidence: str | None = None
    via: str | None = None

    @property
    def missing(self) -> int:
        """Levels that are missing."""
        return max(0, self.required - self.held)


@dataclass(frozen=True)
class OccupationGaps:
    """Everything that the occupation `target` needs, beside what `source` gives.

    ``rows`` has the heaviest gap first, then what is held already, each by competency.
    """

    source: Occupation
    target: Occupation
    rows: tuple[OccupationGap, ...]

    def __repr__(self) -> str:
        lacking = sum(row.missing > 0 for row in self.rows)
        found = f"{lacking} of {len(self.rows)} competencies lack levels"
        return f"<OccupationGaps {self.source.id} → {self.target.id}: {found}>"

    @cached_property
    def total_weight(self) -> float:
        """Worth of all missing steps."""
        return sum(row.weight for row in self.rows)

    @property
    def cover(self) -> float:
        """Σ importance·min(held, required) / Σ importance·required."""
        have = sum(row.importance * min(row.held, row.required) for row in self.rows)
        return have / sum(row.importance * row.required for row in self.rows)

    @property
    def essentials_met(self) -> tuple[int, int]:
        """(met, all) essential requirements."""
        rows = [row for row in self.rows if row.essential]
        return sum(not row.missing for row in rows), len(rows)

    @property
    def estimated(self) -> int:
        """How many of the levels needed are estimates, by the source of their rows."""
        return sum((row.evidence or "").startswith("estimate") for row in self.rows)

    def share(self, row: OccupationGap) -> float:
        """Return the weight of a row as a share of all that is missing."""
        return row.weight / self.total_weight if self.total_weight > 0 else 0.0


@taking({"catalog": CATALOG_READ})
def occupation_gaps(
    catalog: Catalog, source: str, target: str, settings: Settings | None = None
) -> OccupationGaps:
    """Return what a holder of the occupation `source` lacks for `target`.

    Parameters
    ----------
    source, target : str
        Occupations: each by its id, its URI, an ISCO-08 code or a name that only one has.
    settings : Settings, optional
        κ, the factor of an essential requirement; θ cancels out between two occupations.

    Raises
    ------
    UsageError
        ``unknown-occupation``, ``ambiguous-occupation``, or ``occupation-without-requirements`` where one
        of them needs nothing, so that nothing can be said.
    """
    first, second = find_occupation(catalog, source), find_occupation(catalog, target)
    needs = {name: _needs(catalog, name) for name in (first.id, second.id)}
    for name, rows in needs.items():
        if not rows:
            raise UsageError.of("occupation-without-requirements", occupation=name)
    held = _held(needs[first.id], catalog.competency_relations)
    worth = _Worth(catalog, settings or Settings())
    found = [_gap(row, *held.get(row.competency, (0, None)), worth) for row in needs[second.id]]
    found.sort(key=lambda gap: (-gap.weight, natural_key(gap.competency)))
    return OccupationGaps(first, second, tuple(found))


def find_occupation(catalog: Catalog, word: str) -> Occupation:
    """Return the occupation that an id, a URI, an ISCO-08 code or a name stands for.

    Raises
    ------
    UsageError
        If no occupation, or several, answer to it.
    """
    wanted = word.strip()
    if wanted in catalog.occupation_by_id:
        return catalog.occupation_by_id[wanted]
    for matches in (
        [row for row in catalog.occupations if wanted and row.uri == wanted],
        [row for row in catalog.occupations if wanted and row.isco08 == wanted],
        [row for row in catalog.occupations if wanted.casefold() in _names(row)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise UsageError.of("ambiguous-occupation", value=wanted, known=_listed(matches))
    names = [name for row in catalog.occupations for name in (row.id, *_names(row))]
    raise UsageError.of("unknown-occupation", value=wanted, nearest=nearest(wanted, names))


def _names(row: Occupation) -> tuple[str, ...]:
    names = (getattr(row, f"name_{code}") for code in LANGUAGES)
    return tuple(name.casefold() for name in names if name)


def _listed(rows: list[Occupation]) -> str:
    more = [f"... ({len(rows)})"] if len(rows) > MOST_NAMED else []
    return ", ".join([f"{row.id} ({row.name('en')})" for row in rows[:MOST_NAMED]] + more)


def _needs(catalog: Catalog, occupation: str) -> tuple[OccupationRequirement, ...]:
    return tuple(row for row in catalog.occupation_requirements if row.occupation == occupation)


def _held(
    needs: Iterable[OccupationRequirement], relations: Iterable[CompetencyRelation]
) -> dict[str, tuple[int, str | None]]:
    """Return the level held of each competency, and the competency that it is carried over from."""
    own = {row.competency: row.level for row in needs}
    held: dict[str, tuple[int, str | None]] = {name: (level, None) for name, level in own.items()}
    for relation in relations:
        if relation.kind is RelationKind.TRANSFERS and relation.source in own:
            level = transferred(relation, own[relation.source])
            if level > held.get(relation.target, (0, None))[0]:
                held[relation.target] = (level, relation.source)
    return held


class _Worth:
    """What the missing steps of a requirement weigh, its share of graduates being 1."""

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self._values = {row.level: row.value for row in catalog.level_values}
        self._settings = settings

    def __call__(self, row: OccupationRequirement, held: int) -> float:
        # Σ over the missing steps of (1-θ)·v, and θ times all of it for the last one: θ cancels out.
        steps = sum(self._values.get(level, 1.0) for level in range(held + 1, row.level + 1))
        return row.importance * (self._settings.essential_factor if row.essential else 1.0) * steps


def _gap(row: OccupationRequirement, held: int, via: str | None, worth: _Worth) -> OccupationGap:
    return OccupationGap(
        row.competency, row.level, held, row.importance, row.essential, worth(row, held), row.source, via
    )
