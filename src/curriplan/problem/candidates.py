"""Which modules are candidates of a programme that has no rows in ``programme_modules``: M(p) then.

A least fixed point: what closes something or serves a function, and all that it requires.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from curriplan.catalog.records import Catalog


class Candidates:
    """The candidates of programmes without rows.

    Parameters
    ----------
    with_others : bool
        Whether what teaches steps of occupations that are no target is a candidate too: where
        adaptability is an objective.
    """

    def __init__(self, catalog: Catalog, *, with_others: bool = False) -> None:
        self._catalog = catalog
        self._with_others = with_others

    def of(self, programme: str) -> frozenset[str]:
        """Return the ids of the candidates of a programme."""
        found = set(self._first(programme))
        waiting = sorted(found)
        while waiting:
            for name in self._required_by(waiting.pop(), programme):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        return frozenset(found)

    @cached_property
    def _leaves(self) -> tuple[str, ...]:
        return tuple(row.id for row in self._catalog.modules if row.id not in self._catalog.header_ids)

    @cached_property
    def _requisites(self) -> dict[str, list[str]]:
        """What each module requires, in any kind and alternative."""
        found: dict[str, list[str]] = {}
        for row in self._catalog.required_rows:
            if row.requires in self._leaves:
                found.setdefault(row.module, []).append(row.requires)
        return found

    @cached_property
    def _teachers(self) -> dict[str, list[tuple[int, str]]]:
        """The level to which modules teach each competency, and which."""
        found: dict[str, list[tuple[int, str]]] = {}
        for name in self._leaves:
            for one in self._catalog.teaching.of(name):
                found.setdefault(one.competency, []).append((one.exit_level, name))
        return found

    def _first(self, programme: str) -> Iterator[str]:
        """Yield what is a candidate by itself."""
        targets = {row.occupation for row in self._catalog.targets if row.programme == programme}
        wanted = list(self._wanted(programme, targets, others=False))
        others = list(self._wanted(programme, targets, others=True)) if self._with_others else []
        served = self._occupations_served()
        for name in self._leaves:
            occupations = served.get(name)
            by_itself = self._teaches(name, wanted) if occupations is None else bool(occupations & targets)
            if by_itself or self._teaches(name, others):
                yield name

    def _occupations_served(self) -> dict[str, set[str | None]]:
        """Return whose functions each module serves that has rows in ``module_functions``."""
        occupation_of = {row.id: row.occupation for row in self._catalog.labour_functions}
        found: dict[str, set[str | None]] = {}
        for row in self._catalog.module_functions:
            found.setdefault(row.module, set()).add(occupation_of.get(row.labour_function))
        return found

    def _wanted(self, programme: str, targets: set[str], *, others: bool) -> Iterator[tuple[str, int]]:
        """Yield each competency with the lowest level above the baseline that is asked for."""
        baseline = self._catalog.teaching.baseline(programme)
        for need in self._catalog.occupation_requirements:
            brought = baseline.get(need.competency, 0)
            if (need.occupation not in targets) is others and need.level > brought:
                yield need.competency, brought + 1
        for floor in self._catalog.floors_of(programme) if not others else ():
            if floor.level > baseline.get(floor.competency, 0):
                yield floor.competency, floor.level

    def _teaches(self, module: str, wanted: Iterable[tuple[str, int]]) -> bool:
        levels = {one.competency: one.exit_level for one in self._catalog.teaching.of(module)}
        return any(levels.get(competency, 0) >= level for competency, level in wanted)

    def _required_by(self, module: str, programme: str) -> Iterator[str]:
        """Yield the requisites of a module, all alternatives, and what teaches its entry levels."""
        yield from self._requisites.get(module, ())
        teaching = self._catalog.teaching
        for entry in teaching.entries(module, teaching.baseline(programme)):
            for level, name in self._teachers.get(entry.competency, ()):
                if level >= entry.level:
                    yield name
