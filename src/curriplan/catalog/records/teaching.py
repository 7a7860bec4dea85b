"""What modules teach and ask for in effect: their rows, and what the relations add to them.

``transfers`` widens outcomes and baselines, ``requires`` becomes entry levels, each followed one hop
(``docs/formulation.md``, *Sets and words*).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from curriplan.catalog.records.competencies import CompetencyRelation
from curriplan.catalog.records.mappings import Equals, with_equal_outcomes, with_equal_targets
from curriplan.catalog.records.modules import ModuleOutcome
from curriplan.catalog.records.programmes import Baseline
from curriplan.catalog.records.values import RelationKind


@dataclass(frozen=True)
class Taught:
    """A level of a competency that a module leaves its learners with.

    Parameters
    ----------
    row : ModuleOutcome
        The row that it comes from.
    via : CompetencyRelation or None
        The transfer that carried it over to another competency, if any.
    """

    module: str
    competency: str
    exit_level: int
    row: ModuleOutcome
    via: CompetencyRelation | None = None


@dataclass(frozen=True)
class Entry:
    """A level that learners must hold before a module starts (§3).

    Parameters
    ----------
    row : ModuleOutcome
        The row that asks for it.
    via : CompetencyRelation or None
        The ``requires`` relation that implies it, None where the row says so itself.
    """

    module: str
    competency: str
    level: int
    row: ModuleOutcome
    via: CompetencyRelation | None = None


class Teaching:
    """What the modules of a catalog teach, and what they need before."""

    def __init__(
        self,
        outcomes: Mapping[str, tuple[ModuleOutcome, ...]],
        relations: Iterable[CompetencyRelation],
        baseline: Iterable[Baseline],
        equals: Equals | None = None,
    ) -> None:
        self._equals = equals = equals or {}
        self._rows = {module: with_equal_outcomes(rows, equals) for module, rows in outcomes.items()}
        self._transfers: dict[str, list[CompetencyRelation]] = {}
        self._requires: dict[str, list[CompetencyRelation]] = {}
        families = {RelationKind.TRANSFERS: self._transfers, RelationKind.REQUIRES: self._requires}
        for relation in with_equal_targets(relations, equals):
            if relation.kind in families:
                families[relation.kind].setdefault(relation.source, []).append(relation)
        self._baseline: dict[str, dict[str, int]] = {}
        for row in baseline:
            levels = self._baseline.setdefault(row.programme, {})
            for name in equals.get(row.competency, (row.competency,)):
                levels[name] = max(levels.get(name, 0), row.level) if name in equals else row.level
        self.outcomes: Mapping[str, tuple[Taught, ...]] = {
            module: _highest(self._taught(rows)) for module, rows in self._rows.items()
        }
        """What each module teaches, transfers included: one entry a competency, the highest."""

    def _taught(self, rows: Iterable[ModuleOutcome]) -> Iterator[Taught]:
        for row in rows:
            yield Taught(row.module, row.competency, row.exit_level, row)
            for relation in self._transfers.get(row.competency, ()):
                level = transferred(relation, row.exit_level)
                if level >= 1:
                    yield Taught(row.module, relation.target, level, row, relation)

    def changed(self, module: str, rows: tuple[ModuleOutcome, ...]) -> Teaching:
        """Return the teaching of one module alone, with other rows than those of the catalog."""
        other = copy(self)
        other._rows = {module: with_equal_outcomes(rows, self._equals)}
        other.outcomes = {module: _highest(self._taught(other._rows[module]))}
        return other

    def of(self, module: str) -> tuple[Taught, ...]:
        """Return what a module teaches."""
        return self.outcomes.get(module, ())

    def baseline(self, programme: str) -> dict[str, int]:
        """Return the levels that the learners of a programme bring, transfers included."""
        own = self._baseline.get(programme, {})
        found = dict(own)
        for competency, level in own.items():
            for relation in self._transfers.get(competency, ()):
                carried = transferred(relation, level)
                if carried > found.get(relation.target, 0):
                    found[relation.target] = carried
        return found

    def entries(self, module: str, baseline: Mapping[str, int]) -> tuple[Entry, ...]:
        """Return the levels above `baseline` that a module needs, one entry a competency, the highest.

        Its own rows, and what each competency that it lifts over a ``source_level`` requires, unless
        the module teaches that itself.
        """
        rows = self._rows.get(module, ())
        asked = [Entry(module, row.competency, row.entry_level, row) for row in rows]
        asked += (entry for row in rows for entry in self._implied(row, rows, baseline))
        found: dict[str, Entry] = {}
        for entry in asked:
            known = found.get(entry.competency)
            if entry.level > baseline.get(entry.competency, 0) and (
                known is None or entry.level > known.level
            ):
                found[entry.competency] = entry
        return tuple(found.values())

    def _implied(
        self, row: ModuleOutcome, rows: tuple[ModuleOutcome, ...], baseline: Mapping[str, int]
    ) -> Iterator[Entry]:
        before = max(row.entry_level, baseline.get(row.competency, 0))
        for relation in self._requires.get(row.competency, ()):
            level, source_level = _or_one(relation.level), _or_one(relation.source_level)
            if before < source_level <= row.exit_level and not any(
                other.competency == relation.target and other.exit_level >= level for other in rows
            ):
                yield Entry(row.module, relation.target, level, row, relation)


def transferred(relation: CompetencyRelation, level: int) -> int:
    """Return ⌊factor · level⌋; a relation without a factor carries nothing over."""
    return math.floor((relation.factor or 0.0) * level + 1e-9)


def _or_one(level: int | None) -> int:
    return 1 if level is None else level


def _highest(taught: Iterable[Taught]) -> tuple[Taught, ...]:
    """Keep the highest level of each competency, a row of its own before a transfer."""
    found: dict[str, Taught] = {}
    for one in taught:
        known = found.get(one.competency)
        higher = known is None or one.exit_level > known.exit_level
        own = known is not None and one.exit_level == known.exit_level and known.via and not one.via
        if higher or own:
            found[one.competency] = one
    return tuple(found.values())
