"""The occupations that a programme does not train for: what they ask, and what is held of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class HeldOf:
    """What levels give of an occupation."""

    levels: int = 0
    """Σ_c min(level, required)."""
    essentials: int = 0
    """Essential requirements that are met."""


class Others:
    """What every occupation asks for, and how many of each will be wanted; ``problem.derived(Others)``."""

    def __init__(self, problem: Problem) -> None:
        catalog = problem.catalog
        rows = [row for row in catalog.demand if row.scenario is None]
        self.openings: dict[str, float] = {} if rows else {row.id: 1.0 for row in catalog.occupations}
        """d(o): openings of the base outlook, or 1 for every occupation where there are none."""
        for row in rows:
            self.openings[row.occupation] = self.openings.get(row.occupation, 0.0) + row.openings
        self.required: dict[str, int] = {}
        """Σ_c of the levels that an occupation asks for; only those that ask for any."""
        self.essentials: dict[str, int] = {}
        """How many essential requirements an occupation has."""
        self._asking: dict[str, list[tuple[str, int, bool]]] = {}
        for need in catalog.occupation_requirements:
            name = need.occupation
            self.required[name] = self.required.get(name, 0) + need.level
            self.essentials[name] = self.essentials.get(name, 0) + need.essential
            self._asking.setdefault(need.competency, []).append((name, need.level, need.essential))
        self._targets: dict[str, set[str]] = {}
        for target in catalog.base_targets:
            self._targets.setdefault(target.programme, set()).add(target.occupation)

    def of(self, programme: str) -> list[str]:
        """Return the occupations that ask for anything and are no target of a programme."""
        targets = self._targets.get(programme, set())
        return [name for name in self.required if name not in targets]

    def held(self, levels: Mapping[str, int]) -> dict[str, HeldOf]:
        """Return what levels give of each occupation; nothing of those of which they give none."""
        found: dict[str, list[int]] = {}
        for competency, level in levels.items():
            for name, asked, is_essential in self._asking.get(competency, ()) if level > 0 else ():
                counts = found.setdefault(name, [0, 0])
                counts[0] += min(level, asked)
                counts[1] += is_essential and level >= asked
        return {name: HeldOf(*counts) for name, counts in found.items()}

    def lost(self, before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, HeldOf]:
        """Return what of each occupation is lost where the levels of some competencies fall to `after`."""
        whole = self.held({name: before.get(name, 0) for name in after})
        left = self.held(after)
        rows = {name: (had, left.get(name, HeldOf())) for name, had in whole.items()}
        return {
            name: HeldOf(had.levels - now.levels, had.essentials - now.essentials)
            for name, (had, now) in rows.items()
        }

    def cover(self, occupation: str, held: Mapping[str, HeldOf]) -> float:
        """Return Σ_c min(level, required) / Σ_c required."""
        return held.get(occupation, HeldOf()).levels / self.required[occupation]

    def is_door(self, occupation: str, held: Mapping[str, HeldOf]) -> bool:
        """Say whether every essential requirement is met, where there is any."""
        return 0 < self.essentials[occupation] == held.get(occupation, HeldOf()).essentials

    def index(self, names: Iterable[str], held: Mapping[str, HeldOf]) -> float | None:
        """Return Σ_o d(o) · cover(o) / Σ_o d(o); None where nobody is wanted."""
        rows = [(self.openings.get(name, 0.0), name) for name in names]
        total = sum(openings for openings, _ in rows)
        if total <= 0:
            return None
        return sum(openings * self.cover(name, held) for openings, name in rows) / total
