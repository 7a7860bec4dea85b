"""What is asked of a route from one occupation to another, and what it costs at least, before any solve.

See *Retraining* in ``docs/formulation.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from curriplan.catalog.records import Catalog, OccupationRequirement
from curriplan.problem.gaps import Levels
from curriplan.problem.least_costs import least_costs
from curriplan.problem.made_programme import COURSE_NORMS, MADE, AskedProgramme, Modules, course
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

LEARNERS, MOST_TERMS, FIRST_START = 25, 8, "2026-1"
COVER_SLACK = 1e-9
"""A cover that is missed by less is reached: rounding of floats, nothing else."""


@dataclass(frozen=True)
class CourseWish:
    """What holds for every route that is asked for.

    Parameters
    ----------
    learners : int
        Of one course.
    most_terms : int
        A route has no more.
    start : str or None
        Calendar semester of the first term; by default that of the first programme.
    within : bool
        Whether the rooms and the money of the college limit it.
    cover : float or None
        The least cover, a share of 1, in the place of all essential requirements.
    hour_kzt : int or None
        What an hour of a group costs, where neither starting nor teaching a module has a cost.
    """

    learners: int = LEARNERS
    most_terms: int = MOST_TERMS
    start: str | None = None
    within: bool = False
    cover: float | None = None
    hour_kzt: int | None = None


@dataclass(frozen=True)
class HeldLevels:
    """Where people come from.

    Parameters
    ----------
    source : str or None
        Their occupation; None where their levels stand in a file, or nothing is held.
    brought : mapping
        What they hold, before transfers; `held` is with them.
    takeable : frozenset of str
        The modules that they can come to: see `Modules.takeable`.
    reachable : mapping
        The highest level of each competency that is held, or that one of these modules teaches.
    """

    source: str | None
    brought: Levels
    held: Levels
    takeable: frozenset[str]
    reachable: Levels


@dataclass(frozen=True)
class Question:
    """One route that is asked for.

    Parameters
    ----------
    target : str or None
        An occupation; None for the safety floors.
    must_reach : mapping
        Level that has to be reached, by competency.
    least_cover : float or None
        Where there is one, the least cover is asked for and `must_reach` is empty.
    needs : tuple of OccupationRequirement
        All that the target asks for.
    """

    origin: HeldLevels
    target: str | None
    must_reach: Levels
    least_cover: float | None = None
    needs: tuple[OccupationRequirement, ...] = ()

    @property
    def held(self) -> Levels:
        """What people hold who come."""
        return self.origin.held

    @cached_property
    def gap(self) -> dict[str, int]:
        """The levels above what is held that a route has to reach, or for a cover may lift to."""
        asked = self.must_reach
        if self.least_cover is not None:
            asked = {row.competency: row.level for row in self.needs} if self.closure_asked > 0 else {}
        return {name: level for name, level in asked.items() if level > self.held.get(name, 0)}

    @cached_property
    def not_taught(self) -> dict[str, int]:
        """The levels of the gap that nobody can come to; of a cover that can be come to, none."""
        reachable = self.origin.reachable
        if self.least_cover is not None and (self.cover(reachable) or 0.0) >= self.least_cover - COVER_SLACK:
            return {}
        return {name: level for name, level in self.gap.items() if reachable.get(name, 0) < level}

    def cover(self, levels: Levels) -> float | None:
        """Return Σ importance·min(level, required) / Σ importance·required; None for the safety floors."""
        if not self.needs:
            return None
        have = sum(row.importance * min(levels.get(row.competency, 0), row.level) for row in self.needs)
        return have / self.weight

    def open_needs(self, levels: Levels) -> int:
        """Return how many of the competencies that are asked for some levels do not suffice for."""
        return len({row.competency for row in self.needs if levels.get(row.competency, 0) < row.level})

    @property
    def weight(self) -> float:
        """Σ importance·required over all that the target asks for."""
        return sum(row.importance * row.level for row in self.needs)

    @property
    def closure_asked(self) -> float:
        """The part of what is missing, weighed by importance, that gives the least cover."""
        missing = 1 - (self.cover(self.held) or 0.0)
        lacking = (self.least_cover or 0.0) - (1 - missing)
        return max(0.0, lacking - COVER_SLACK) / missing if missing > 0 else 0.0


@dataclass(frozen=True)
class Least:
    """What no route can be below: its cost, and its hours where it costs no more than that."""

    kzt: int
    hours: float


class Ways:
    """The routes that one may ask for in a catalog.

    Parameters
    ----------
    settings : Settings, optional
        The profile in the stead of the catalog's, the solver and its gap.
    """

    def __init__(self, catalog: Catalog, wish: CourseWish, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        if settings.profile is not None:
            catalog = catalog.replace(profile=settings.profile)
        self.catalog = catalog
        self.wish = wish
        self.settings = replace(settings, profile=None, programmes=())
        starts = [row.start for row in catalog.programmes]
        self.start = wish.start or min(starts, default=FIRST_START)
        self.programme = course(wish.learners, wish.most_terms, self.start)
        within = self.programme if wish.within else None
        self.modules = Modules(catalog, within=within, norms=COURSE_NORMS, hour_kzt=wish.hour_kzt)

    @cached_property
    def needs(self) -> Mapping[str, tuple[OccupationRequirement, ...]]:
        """What each occupation asks for, of those that ask for anything."""
        found: dict[str, list[OccupationRequirement]] = {}
        for row in self.catalog.occupation_requirements:
            found.setdefault(row.occupation, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def costs(self) -> Mapping[str, int]:
        """What each module costs at least, KZT."""
        return least_costs(self.modules, self.programme)

    @cached_property
    def hours(self) -> Mapping[str, float]:
        """All hours of each module."""
        return {name: self.catalog.module_by_id[name].total_hours for name in self.modules.leaves}

    def levels_of(self, occupation: str) -> dict[str, int]:
        """Return what a holder of an occupation holds: all that it asks for."""
        return {row.competency: row.level for row in self.needs.get(occupation, ())}

    def must_reach(self, occupation: str) -> dict[str, int]:
        """Return the essential requirements of an occupation; all, where none is essential."""
        rows = self.needs.get(occupation, ())
        essential = [row for row in rows if row.essential] if self.wish.cover is None else ()
        return {row.competency: row.level for row in essential or rows}

    def origin(self, source: str | None, brought: Levels) -> HeldLevels:
        """Return where people come from who hold some levels, with what that leads to."""
        held = self.modules.held(brought)
        takeable = self.modules.takeable(held)
        reachable = dict(held)
        for name in takeable:
            for one in self.catalog.teaching.of(name):
                reachable[one.competency] = max(reachable.get(one.competency, 0), one.exit_level)
        return HeldLevels(source, brought, held, takeable, reachable)

    def to_occupation(self, origin: HeldLevels, target: str) -> Question:
        """Ask for the route to an occupation."""
        cover = self.wish.cover if self.wish.cover is not None and self.wish.cover < 1 else None
        must = {} if cover is not None else self.must_reach(target)
        return Question(origin, target, must, cover, self.needs[target])

    def to_floors(self, origin: HeldLevels) -> Question:
        """Ask for the route to the safety floors: those that name no programme (§11)."""
        floors = {row.competency: row.level for row in self.catalog.floors if row.programme is None}
        return Question(origin, None, floors)

    def problem(self, question: Question, terms: int) -> Problem:
        """Return the problem of a question, within so many terms.

        The least cover is rule §13 of a programme that reaches everything alone: with θ = 0, κ = 1 and
        the same worth for all levels, closure is what is gained of the cover that is missing.
        """
        modules = self.modules
        by_cover = question.least_cover is not None
        wanted = {
            name: question.held.get(name, 0) + 1 if by_cover else level
            for name, level in question.gap.items()
        }
        occupations = {} if question.target is None else {question.target: 1.0}
        programme = self.programme.model_copy(update={"terms": terms})
        asked = AskedProgramme(programme, question.origin.brought, occupations, question.must_reach)
        chosen = modules.candidates(wanted, question.held) & question.origin.takeable
        levels_of = {*question.must_reach, *(row.competency for row in question.needs)}
        catalog = modules.catalog_of(asked, chosen, levels_of)
        names = ("cost", "disruption") if question.target is not None else ("disruption", "cost")
        settings = replace(self.settings, gap=0.0, objectives=tuple(map(ObjectiveChoice, names)))
        if not by_cover:
            return Problem.of(catalog, settings)
        settings = replace(
            settings, meeting_share=0.0, essential_factor=1.0, equity=min(1.0, question.closure_asked)
        )
        problem = Problem.of(catalog.replace(level_values=()), settings)
        return problem.with_limits(replace(problem.limits, closure_alone={MADE: 1.0}))

    def entries_lacking(self, question: Question) -> dict[str, int]:
        """Return the entry levels that bar the way to what is not taught: the lowest of each competency.

        Whoever holds them can come to more.
        """
        origin, found = question.origin, dict[str, int]()
        for name in self.modules.candidates(question.not_taught, origin.held) - origin.takeable:
            for entry in self.modules.entries(name, origin.held):
                if origin.reachable.get(entry.competency, 0) < entry.level:
                    found[entry.competency] = min(entry.level, found.get(entry.competency, entry.level))
        return dict(sorted(found.items()))

    def least(self, question: Question) -> Least:
        """Return what no route to a target can be below.

        The dearest step comes first, at the cost of the cheapest module that teaches it. What each further
        step adds is the least that is then left of the cost of any module that teaches it; a module that
        alone teaches a step is in every route, with all that it alone needs. Of a least cover, nothing.
        """
        if question.least_cover is not None:
            return Least(0, 0.0)
        needs = self._needed(question)
        return Least(round(_packed(needs, self.costs)), _packed(needs, self.hours))

    def _needed(self, question: Question) -> list[tuple[str, ...]]:
        """Return sets of modules of each of which every route has one."""
        takeable = question.origin.takeable
        waiting = [self._teachers(name, level, takeable) for name, level in question.gap.items()]
        found: dict[tuple[str, ...], None] = {}
        while waiting:
            one = waiting.pop()
            if not one or one in found:
                continue
            found[one] = None
            if len(one) == 1:
                waiting += self._needs_of(one[0], question.origin)
        return sorted(found)

    def _teachers(self, competency: str, level: int, takeable: frozenset[str]) -> tuple[str, ...]:
        return tuple(name for name in self.modules.teachers_of(competency, level) if name in takeable)

    def _needs_of(self, module: str, origin: HeldLevels) -> Iterator[tuple[str, ...]]:
        for rows in self.modules.requisites(module, origin.held):
            yield tuple(sorted(row.requires for row in rows if row.requires in origin.takeable))
        for entry in self.modules.entries(module, origin.held):
            givers = self._teachers(entry.competency, entry.level, origin.takeable)
            yield tuple(name for name in givers if name != module)


def _packed(needs: Collection[tuple[str, ...]], costs: Mapping[str, float]) -> float:
    """Return a bound on the cost of modules that has one of each set: a dual solution of the cover."""
    ordered = sorted(needs, key=lambda one: (-min(costs[name] for name in one), len(one), one))
    left = dict(costs)
    total = 0.0
    for names in ordered:
        step = min(left[name] for name in names)
        total += step
        for name in names:
            left[name] -= step
    return total
