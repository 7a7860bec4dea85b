"""Adaptability: what a plan covers of other occupations, which doors it opens, and by which module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from curriplan.base.codec import from_data, to_data
from curriplan.evaluation.measures import plain
from curriplan.evaluation.objectives import adaptability
from curriplan.evaluation.others import HeldOf, Others
from curriplan.evaluation.planned import existing_selection
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.state import Basis
from curriplan.plan.doors import MOST_SHUT, Adaptability, Opener, OtherOccupation, ProgrammeDoors
from curriplan.plan.plan import Selection
from curriplan.problem.problem import Problem


def adaptability_of(problem: Problem, selection: Selection) -> Adaptability | None:
    """Return what a plan opens beside its targets; None where no programme has any other occupation."""
    basis = problem.derived(Basis)
    plan, today = basis.plan(selection), basis.plan(existing_selection(problem))
    others = problem.derived(Others)
    rows = [_Doors(state, others) for state in plan.states.values() if others.of(state.name)]
    if not rows:
        return None
    learners = sum(row.learners for row in rows if row.openings > 0)
    found = Adaptability(
        index_before=adaptability(today),
        index_after=adaptability(plan),
        doors_before=sum(len(row.doors_before) for row in rows),
        doors_after=sum(len(row.doors_after) for row in rows),
        occupations_before=len({name for row in rows for name in row.doors_before}),
        occupations_after=len({name for row in rows for name in row.doors_after}),
        opens_most=_first(_together(rows, learners)),
        programmes=tuple(row.figures() for row in rows),
        occupations=tuple(one for row in rows for one in row.occupations()),
    )
    return from_data(Adaptability, plain(to_data(found)))


@dataclass(frozen=True)
class _Doors:
    """A programme with the occupations that it does not train for."""

    state: ProgrammeState
    of: Others

    @cached_property
    def names(self) -> list[str]:
        return self.of.of(self.state.name)

    @property
    def learners(self) -> int:
        return self.state.of.programme.learners

    @cached_property
    def openings(self) -> float:
        return sum(self.of.openings.get(name, 0.0) for name in self.names)

    @cached_property
    def before(self) -> Mapping[str, HeldOf]:
        return self.of.held(self.state.of.levels_before)

    @cached_property
    def after(self) -> Mapping[str, HeldOf]:
        return self.of.held(self.state.levels_after)

    def doors(self, held: Mapping[str, HeldOf]) -> list[str]:
        return [name for name in self.names if self.of.is_door(name, held)]

    @cached_property
    def doors_before(self) -> list[str]:
        return self.doors(self.before)

    @cached_property
    def doors_after(self) -> list[str]:
        return self.doors(self.after)

    def part(self, name: str) -> float:
        """Return the part of the openings of all others that an occupation has."""
        return self.of.openings.get(name, 0.0) / self.openings if self.openings > 0 else 0.0

    def figures(self) -> ProgrammeDoors:
        """Return the index and the number of doors."""
        return ProgrammeDoors(
            programme=self.state.name,
            others=len(self.names),
            index_before=self.of.index(self.names, self.before),
            index_after=self.of.index(self.names, self.after),
            doors_brought=len(self.doors(self.of.held(self.state.of.gaps.baseline))),
            doors_before=len(self.doors_before),
            doors_after=len(self.doors_after),
            demand_before=sum((self.part(name) for name in self.doors_before), 0.0),
            demand_after=sum((self.part(name) for name in self.doors_after), 0.0),
            opens_most=_first(self.openers),
        )

    def occupations(self) -> Iterator[OtherOccupation]:
        """Yield the doors, today's and the plan's, and the best covered of the others, in that order."""
        open_ones = {*self.doors_before, *self.doors_after}
        ranked = sorted(self.names, key=lambda name: (-self.of.cover(name, self.after), name))
        shut = [name for name in ranked if name not in open_ones][:MOST_SHUT]
        for name in [*(name for name in ranked if name in open_ones), *shut]:
            before, after = (held.get(name, HeldOf()) for held in (self.before, self.after))
            yield OtherOccupation(
                programme=self.state.name,
                occupation=name,
                demand=self.part(name),
                cover_before=self.of.cover(name, self.before),
                cover_after=self.of.cover(name, self.after),
                essentials=self.of.essentials[name],
                essentials_met_before=before.essentials,
                essentials_met_after=after.essentials,
            )

    @cached_property
    def openers(self) -> dict[str, tuple[int, float]]:
        """By module of the plan: doors that are none without it, and what the index would be lower by."""
        return {name: self._lost(levels) for name, levels in self._without().items()}

    def _lost(self, levels: Mapping[str, int]) -> tuple[int, float]:
        lost, doors = self.of.lost(self.state.levels_after, levels), set(self.doors_after)
        index = sum(
            self.part(name) * lost[name].levels / self.of.required[name] for name in self._known(lost)
        )
        return sum(lost[name].essentials > 0 for name in self._known(lost) if name in doors), index

    def _known(self, lost: Mapping[str, HeldOf]) -> Iterator[str]:
        """Yield the other occupations of which anything is lost, always in the same order."""
        return (name for name in self.names if name in lost)

    def _without(self) -> dict[str, dict[str, int]]:
        """Return the levels that fall without a module that is taken, the other modules unchanged."""
        brought, teaching = self.state.of.gaps.baseline, self.state.of.basis.catalog.teaching
        taught: dict[str, list[tuple[int, str]]] = {}
        for module in sorted(self.state.terms_of):
            for row in teaching.of(module):
                taught.setdefault(row.competency, []).append((row.exit_level, module))
        found: dict[str, dict[str, int]] = {}
        for competency, rows in taught.items():
            rows.sort(reverse=True)
            level, module = rows[0]
            left = max(rows[1][0] if len(rows) > 1 else 0, brought.get(competency, 0))
            if left < level:
                found.setdefault(module, {})[competency] = left
        return found


def _together(rows: Iterable[_Doors], learners: int) -> dict[str, tuple[int, float]]:
    """Return what all programmes together would lose without a module; the index is weighted by learners."""
    found: dict[str, tuple[int, float]] = {}
    for row in rows:
        share = row.learners / learners if learners else 0.0
        for module, (doors, index) in row.openers.items():
            known = found.get(module, (0, 0.0))
            found[module] = known[0] + doors, known[1] + share * index
    return found


def _first(openers: Mapping[str, tuple[int, float]]) -> Opener | None:
    """Return the module with the most doors; of equal ones the one with more of the index, then by id."""
    ranked = sorted(openers.items(), key=lambda one: (-one[1][0], -round(one[1][1], 9), one[0]))
    for module, (doors, index) in ranked[:1]:
        if doors or index > 0:
            return Opener(module, doors, index)
    return None
