"""A programme made for a question: who comes, what they must reach, out of the modules that there are.

It is a catalog of its own with this one programme, planned by the same optimizer and judged by the same
evaluation as any other. What must be reached stands there as floors (§11), what it may take as candidates;
nothing of it runs today, so that every module costs its set-up and its teaching. See *Retraining* in
``docs/formulation.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from curriplan.base import semesters
from curriplan.catalog.records import (
    Baseline,
    Catalog,
    CompetencyRelation,
    Entry,
    Floor,
    FundingBudget,
    Module,
    ModuleRequisite,
    ModuleResource,
    OccupationRequirement,
    Programme,
    ProgrammeModule,
    Record,
    RelationKind,
    RequisiteKind,
    ResourceCapacity,
    Standing,
    Target,
    requisite_groups,
)
from curriplan.catalog.records.teaching import Teaching
from curriplan.problem.gaps import Levels
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

Row = TypeVar("Row", bound=Record)

MADE = "made"
"""The id of the programme, in a catalog where it is the only one."""
COURSE_NORMS = frozenset(
    {
        "hours_per_credit",
        "teaching_weeks_year",
        "weekly_hours",
        "weekly_hours_all",
        "weekly_hours_counts",
        "weekly_hours_guided_self_study",
        "self_study_inside_credit",
        "group_size",
        "subgroup_size",
    }
)
"""The norms that hold for a course that gives no qualification: how many learn together, and how long."""


@dataclass(frozen=True)
class AskedProgramme:
    """A programme that is asked for, and for whom.

    Parameters
    ----------
    programme : Programme
        The row of the programme: learners, start, terms, and of a qualification all the rest.
    brought : mapping
        Level that those who come hold, by competency, before transfers.
    occupations : mapping
        Share of the graduates by target occupation; the shares sum to 1.
    must_reach : mapping
        Level that has to be reached, by competency (§11).
    """

    programme: Programme
    brought: Mapping[str, int] = field(default_factory=dict)
    occupations: Mapping[str, float] = field(default_factory=dict)
    must_reach: Mapping[str, int] = field(default_factory=dict)


def course(learners: int, terms: int, start: str) -> Programme:
    """Return the row of a course that gives no qualification."""
    return Programme(id=MADE, name_en=MADE, start=start, terms=terms, learners=learners)


class Modules:
    """The modules of a catalog as material for programmes, looked up by what they teach and need.

    Parameters
    ----------
    within : Programme, optional
        Within the rooms and the money of the college: what the existing curricula of all programmes leave
        free (§9) in the semesters of this programme, and the budgets of the sources (§10). Without it no
        room is ever full, and nobody's money is asked about.
    norms : container of str, optional
        The keys of the profile that hold; all without it.
    hour_kzt : int, optional
        What an hour of a group costs of a module that has no cost of its own (`has_cost`).
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        within: Programme | None = None,
        norms: Container[str] | None = None,
        hour_kzt: int | None = None,
    ) -> None:
        self.catalog = catalog
        self.within = within
        self.norms = norms
        self.hour_kzt = hour_kzt

    def has_cost(self, module: str) -> bool:
        """Say whether the catalog has a cost of starting or of teaching a module."""
        row = self.catalog.module_by_id[module]
        return row.setup_cost_kzt > 0 or row.cost_per_group_kzt > 0

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Ids of the modules that may be taken, in catalog order: all but headers."""
        return tuple(row.id for row in self.catalog.modules if row.id not in self.catalog.header_ids)

    @cached_property
    def known(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.leaves)

    @cached_property
    def teachers(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """The modules that teach each competency, transfers included, with their exit levels."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name in self.leaves:
            for one in self.catalog.teaching.of(name):
                found.setdefault(one.competency, []).append((name, one.exit_level))
        return {competency: tuple(rows) for competency, rows in found.items()}

    def teachers_of(self, competency: str, level: int) -> Iterator[str]:
        """Yield the modules that teach a competency to a level or higher."""
        return (name for name, exit_level in self.teachers.get(competency, ()) if exit_level >= level)

    def held(self, brought: Levels) -> dict[str, int]:
        """Return the levels that those who come hold, with what transfers carry over (b[p,c])."""
        rows = (Baseline(programme=MADE, competency=name, level=level) for name, level in brought.items())
        relations = (row for found in self._relations.values() for row in found)
        return Teaching({}, relations, rows, self.catalog.equal_competencies).baseline(MADE)

    def is_held(self, module: str, held: Levels) -> bool:
        """Say whether all that a module teaches is held: whoever requires it need not take it."""
        rows = self.catalog.outcomes_by_module.get(module, ())
        return bool(rows) and all(held.get(row.competency, 0) >= row.exit_level for row in rows)

    def requisites(self, module: str, held: Levels) -> Iterator[tuple[ModuleRequisite, ...]]:
        """Yield the requisites of a module that are not met by what is held, alternatives together."""
        for rows in self._requisites.get(module, ()):
            if not any(self.is_held(row.requires, held) for row in rows):
                yield rows

    @cached_property
    def _requisites(self) -> Mapping[str, tuple[tuple[ModuleRequisite, ...], ...]]:
        return requisite_groups(self.catalog.required_rows)

    def entries(self, module: str, held: Levels) -> tuple[Entry, ...]:
        """Return the entry levels of a module beyond what is held (§3)."""
        return self.catalog.teaching.entries(module, held)

    def closure(self, first: Iterable[str], held: Levels) -> frozenset[str]:
        """Return modules with all that they may need: requisites, and what teaches their entry levels."""
        known = self.known
        found = {name for name in first if name in known}
        waiting = sorted(found)
        while waiting:
            name = waiting.pop()
            needed = {row.requires for rows in self.requisites(name, held) for row in rows} & known
            for entry in self.entries(name, held):
                needed |= set(self.teachers_of(entry.competency, entry.level))
            waiting += sorted(needed - found)
            found |= needed
        return frozenset(found)

    def takeable(self, held: Levels) -> frozenset[str]:
        """Return the modules whose entry levels and prerequisites others give that are takeable themselves.

        What is left of them stands behind an entry level, or a prerequisite, that nobody gives. The other
        rules are not looked at.
        """
        needs = {name: (self.entries(name, held), [*self._before(name, held)]) for name in self.leaves}
        levels, found, grows = dict(held), set[str](), True
        while grows:
            ready = [name for name, need in needs.items() if _is_ready(need, levels, found)]
            for name in ready:
                del needs[name]
                for one in self.catalog.teaching.of(name):
                    levels[one.competency] = max(levels.get(one.competency, 0), one.exit_level)
            found.update(ready)
            grows = bool(ready)
        return frozenset(found)

    def _before(self, module: str, held: Levels) -> Iterator[set[str]]:
        for rows in self.requisites(module, held):
            if rows[0].kind is RequisiteKind.PREREQUISITE:
                yield {row.requires for row in rows}

    def candidates(self, must_reach: Levels, held: Levels) -> frozenset[str]:
        """Return the modules that may serve to reach some levels, with all that they may need."""
        missing = ((name, level) for name, level in must_reach.items() if level > held.get(name, 0))
        return self.closure((m for name, level in missing for m in self.teachers_of(name, level)), held)

    def catalog_of(
        self, asked: AskedProgramme, modules: Container[str], levels_of: Collection[str] | None = None
    ) -> Catalog:
        """Return a catalog with the programme alone, which may take some modules.

        It holds what matters for the question and no more; labour functions are none of it. A requisite
        whose outcomes are all held is not in it.

        Parameters
        ----------
        levels_of : collection of str, optional
            The competencies whose levels are asked about: of what modules teach besides, only what entry
            levels hang on is in it.
        """
        held, name = self.held(asked.brought), asked.programme.id
        chosen = [one for one in self.leaves if one in modules]
        outcomes = [row for one in chosen for row in self.catalog.outcomes_by_module.get(one, ())]
        if levels_of is not None:
            entries = (entry.competency for one in chosen for entry in self.entries(one, held))
            telling = self._telling({*levels_of, *entries})
            outcomes = [row for row in outcomes if row.competency in telling]
        needs = [row for one in asked.occupations for row in self._requirements.get(one, ())]
        tables: dict[str, Iterable[Record]] = {
            "modules": (self._made(self.catalog.module_by_id[one]) for one in chosen),
            "module_outcomes": outcomes,
            "module_requisites": (
                row for one in chosen for rows in self.requisites(one, held) for row in rows
            ),
            "module_resources": (row for one in chosen for row in self._resources.get(one, ())),
            "occupations": (self.catalog.occupation_by_id[one] for one in asked.occupations),
            "occupation_requirements": needs,
            "programmes": [asked.programme],
            "programme_modules": (
                ProgrammeModule(programme=name, module=one, status=Standing.CANDIDATE) for one in chosen
            ),
            "baseline": (
                Baseline(programme=name, competency=one, level=level) for one, level in asked.brought.items()
            ),
            "targets": (
                Target(programme=name, occupation=one, share=share)
                for one, share in asked.occupations.items()
            ),
            "floors": (
                Floor(competency=one, level=level, programme=name) for one, level in asked.must_reach.items()
            ),
        }
        lifted = {row.competency for row in outcomes}
        competencies = {*lifted, *asked.brought, *asked.must_reach, *(row.competency for row in needs)}
        return self._common.replace(
            **{table: tuple(rows) for table, rows in tables.items()}, **self._related(competencies)
        )

    def _telling(self, names: set[str]) -> set[str]:
        """Return the competencies of which rows tell some levels, or imply entry levels."""
        same = self._same(names)
        carrying = (one for one, rows in self._relations.items() if any(row.target in same for row in rows))
        implying = (one for one, rows in self._relations.items() if any(_implies(row) for row in rows))
        return self._same({*same, *carrying, *implying})

    def _made(self, module: Module) -> Module:
        """Return a module as a programme that begins from nothing pays for it: it runs nowhere yet."""
        found: dict[str, object] = {"already_open": False} if module.already_open else {}
        if self.hour_kzt is not None and not self.has_cost(module.id):
            found["cost_per_group_kzt"] = round(self.hour_kzt * module.total_hours)
        return module.model_copy(update=found) if found else module

    def _related(self, competencies: set[str]) -> dict[str, tuple[Record, ...]]:
        """Return the rows about some competencies, the same ones and those related to them."""
        relations = [
            row for name in sorted(self._same(competencies)) for row in self._relations.get(name, ())
        ]
        names = self._same({*competencies, *(row.target for row in relations)})
        known = self.catalog.competency_by_id
        return {
            "competencies": tuple(known[name] for name in sorted(names) if name in known),
            "competency_relations": tuple(relations),
            "competency_mappings": tuple(
                row for row in self.catalog.competency_mappings if row.source in names
            ),
        }

    def _same(self, names: set[str]) -> set[str]:
        equals = self.catalog.equal_competencies
        return {other for name in names for other in equals.get(name, (name,))}

    @cached_property
    def _relations(self) -> Mapping[str, list[CompetencyRelation]]:
        found: dict[str, list[CompetencyRelation]] = {}
        for row in self.catalog.competency_relations:
            if row.kind is not RelationKind.BROADER:
                found.setdefault(row.source, []).append(row)
        return found

    @cached_property
    def _resources(self) -> Mapping[str, list[ModuleResource]]:
        return _by(self.catalog.module_resources, "module")

    @cached_property
    def _requirements(self) -> Mapping[str, list[OccupationRequirement]]:
        return _by(self.catalog.occupation_requirements, "occupation")

    @cached_property
    def _common(self) -> Catalog:
        """What all programmes that are made have in common: rooms, money, norms, and what steps are worth."""
        catalog = self.catalog
        norms = (row for row in catalog.profile if self.norms is None or row.key_name in self.norms)
        bare = Catalog(
            catalog.info.model_copy(update={"profile": None}),
            resources=catalog.resources,
            level_values=catalog.level_values,
            profile=tuple(norms),
        )
        if self.within is None:
            return bare
        return bare.replace(
            resource_capacity=tuple(self._free(self.within)),
            funding_sources=catalog.funding_sources,
            funding_budgets=tuple(self._budgets()),
            funding_limits=catalog.funding_limits,
        )

    def _free(self, programme: Programme) -> Iterator[ResourceCapacity]:
        """Yield the hours that the existing curricula of all programmes leave free (§9), as capacity."""
        name = programme.id
        while name in self.catalog.programme_by_id:
            name += "-"
        own = programme.model_copy(update={"id": name})
        beside = self.catalog.replace(programmes=(*self.catalog.programmes, own))
        free = Problem.of(beside, Settings(programmes=(name,))).capacity.free_hours
        for term in range(1, programme.terms + 1):
            semester = semesters.of_term(programme.start, term)
            for resource in self.catalog.resources:
                if (resource.id, semester) in free:
                    hours = free[resource.id, semester]
                    yield ResourceCapacity(resource=resource.id, semester=semester, hours=hours)

    def _budgets(self) -> Iterator[FundingBudget]:
        """Yield the budgets as they are for the learners of the college (§10)."""
        learners = sum(row.learners for row in self.catalog.programmes)
        for row in self.catalog.funding_budgets:
            kzt = row.budget_kzt + row.per_learner_kzt * learners
            yield row.model_copy(update={"budget_kzt": kzt, "per_learner_kzt": 0})


def _implies(row: CompetencyRelation) -> bool:
    return row.kind is RelationKind.REQUIRES


def _is_ready(need: tuple[Collection[Entry], Collection[set[str]]], levels: Levels, taken: Set[str]) -> bool:
    entries, before = need
    return all(levels.get(one.competency, 0) >= one.level for one in entries) and not any(
        taken.isdisjoint(names) for names in before
    )


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(getattr(row, column), []).append(row)
    return found
