"""The yearly re-plan (§12): a catalog in which the intakes that run already stand beside the new one.

What is taught to them is the plan that is in force; nothing here decides or solves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from curriplan.base import semesters
from curriplan.base.errors import CatalogError, Issue, UsageError
from curriplan.base.fields import SEMESTER
from curriplan.catalog.records import Catalog, Programme, ProgrammeModule, Record, Standing
from curriplan.problem.asked import NewlyAsked, newly_asked
from curriplan.problem.curriculum import Curricula, Curriculum, Option
from curriplan.problem.intake_floors import floors_with_intakes

A_YEAR = 2
"""In semesters."""
COPIED = ("programme_terms", "programme_fixed_hours", "baseline", "targets")
"""Tables whose rows of a programme hold for its running intakes too; its modules are as they are taught,
its floors as they were asked."""


@dataclass(frozen=True)
class PlannedIntake:
    """A programme as the plan in force has it: when its first intake began, and what it starts when."""

    programme: str
    start: str
    intake_of: str | None
    starts: Mapping[str, int]
    """The term by module."""


@dataclass(frozen=True)
class YearlyReplan:
    """What is planned a year later."""

    catalog: Catalog
    """With a row for each running intake, and the programmes' new starts."""
    programmes: tuple[str, ...]
    """What is planned; of the other running intakes only the rooms that they use are known."""
    previous: tuple[tuple[str, str, int], ...]
    """The plan in force, by the ids of the catalog."""
    taught_until: str
    """The last semester that is over."""
    asked: tuple[NewlyAsked, ...]
    """What the catalog asks beyond that of the plan in force, from the first new intake on."""
    issues: tuple[Issue, ...]
    """Warnings."""


def yearly_replan(
    catalog: Catalog,
    in_force: Sequence[PlannedIntake],
    *,
    first: str | None = None,
    chosen: Sequence[str] = (),
    before: Catalog | None = None,
) -> YearlyReplan:
    """Put the running intakes beside the new one.

    Parameters
    ----------
    catalog : Catalog
        What holds for the new intake; it may have rows of running intakes already.
    in_force : sequence of PlannedIntake
        The plan in force.
    first : str, optional
        The semester from which on intakes are new; by default a year after those of the plan in force.
    chosen : sequence of str
        Programmes to plan, each with its running intakes; by default all.
    before : Catalog, optional
        The catalog of the plan in force, where it is known: what floors ask beyond it is asked of the new
        intakes only.

    Raises
    ------
    UsageError
        If no new intake can begin in `first`, or the plan in force has none of the programmes.
    CatalogError
        If the catalog no longer has a module that a running intake was taught.
    """
    if first is not None and not SEMESTER.fullmatch(first):
        raise UsageError.of("bad-value", option="intake", value=first, expected="2027-1")
    plans = {one.programme: one for one in in_force}
    return _Replan(catalog, plans, first, frozenset(chosen), before).result()


@dataclass
class _Replan:
    catalog: Catalog
    in_force: Mapping[str, PlannedIntake]
    first: str | None
    chosen: frozenset[str]
    before: Catalog | None
    previous: list[tuple[str, str, int]] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    programmes: dict[str, Programme] = field(default_factory=dict)
    rows: dict[str, list[Record]] = field(default_factory=dict)
    """New rows of the other tables."""
    taught_anew: set[str] = field(default_factory=set)
    """Programmes whose rows of `programme_modules` are written anew."""

    @cached_property
    def curricula(self) -> Curricula:
        return Curricula(self.catalog)

    @cached_property
    def own(self) -> tuple[Programme, ...]:
        """The programmes themselves."""
        return tuple(row for row in self.catalog.programmes if row.intake_of is None)

    @cached_property
    def new_starts(self) -> dict[str, str]:
        """When the new intake of each programme begins that the plan in force has and that has one."""
        found = {}
        for row in self.own:
            last = self.in_force.get(row.id)
            later = None if last is None or row.start <= last.start else row.start
            if last is not None and row.repeats:
                found[row.id] = _from(last.start, self.first or later or "")
            elif later is not None:
                found[row.id] = later
        return found

    @cached_property
    def until(self) -> str:
        """The last semester that is over: the one before the first new intake begins."""
        begun = [semesters.advance(one.start, A_YEAR) for one in self.in_force.values()]
        return semesters.advance(self.first or min(self.new_starts.values(), default=min(begun)), -1)

    def result(self) -> YearlyReplan:
        self._check()
        for row in self.own:
            self._programme(row)
        for row in self.catalog.programmes:
            if row.id not in self.programmes and row.intake_of is not None and self._runs(row):
                self.programmes[row.id] = row  # the plan in force knows nothing of it
        for name in sorted(self.chosen - {*self.programmes}):
            raise UsageError.of("unknown-programme", value=name, known=", ".join(sorted(self.programmes)))
        planned = tuple(sorted({*self.planned, *self.chosen}))
        tables = self._tables()
        floors = floors_with_intakes(self.catalog.floors, tables["programmes"], self.before)
        catalog = self.catalog.replace(**tables, floors=floors)
        asked: tuple[NewlyAsked, ...] = ()
        if self.before is not None:
            asked = newly_asked(self.before, catalog, semesters.advance(self.until, 1))
        previous = tuple(sorted(self.previous))
        return YearlyReplan(catalog, planned, previous, self.until, asked, tuple(self.issues))

    def _check(self) -> None:
        """Refuse a plan of other programmes, and a first semester in which nothing new can begin."""
        known = [row for row in self.own if row.id in self.in_force]
        if not known:
            names = ", ".join(sorted(self.in_force)) or "-"
            raise CatalogError.of("replan-other-programmes", programmes=names, catalog=self.catalog.info.id)
        if self.first is None:
            return
        for row in known:
            start = self.in_force[row.id].start
            if self.first <= start:
                raise UsageError.of("intake-not-later", value=self.first, programme=row.id, start=start)
        if self.first not in self.new_starts.values():
            next_ones = {_from(self.in_force[row.id].start, "") for row in known if row.repeats}
            starts = ", ".join(sorted(next_ones)) or "-"
            raise UsageError.of("intake-of-nobody", value=self.first, starts=starts)

    def _runs(self, row: Programme) -> bool:
        return semesters.of_term(row.start, row.terms) > self.until

    # --- the intakes of a programme

    def _programme(self, row: Programme) -> None:
        last = self.in_force.get(row.id)
        if last is None:
            self._came_later(row)
            return
        start = self.new_starts.get(row.id)
        self.programmes[row.id] = new = row.model_copy(update={"start": start or last.start})
        if start is None:  # there is no further intake: its only one runs, or has graduated
            self._take_over(new, self.curricula.by_programme[row.id], last.starts)
        elif self._is_chosen(row.id):
            self._plan(row.id, last.starts)
        else:
            self._teach(new, self.curricula.by_programme[row.id], last.starts)
        for begun, taught in self._running(row, last, start or last.start):
            self._add(row, begun, taught)

    def _running(
        self, row: Programme, last: PlannedIntake, new: str
    ) -> Iterator[tuple[str, Mapping[str, int] | None]]:
        """Yield when each running intake began, and what the plan in force has for it, if it has anything.

        The intakes from the plan's own start on follow it; older ones follow the curriculum of today,
        unless the plan in force had them too.
        """
        own = {one.start: one.starts for one in self.in_force.values() if one.intake_of == row.id}
        begun = {*own, *(one.start for one in self.catalog.running_intakes.get(row.id, ()))}
        if last.start < new:
            begun.add(last.start)
            years = range(-row.terms - A_YEAR, 0, A_YEAR) if row.repeats else ()
            begun.update(semesters.advance(new, n - n % A_YEAR) for n in years)
        for start in sorted(begun):
            if start < new and self._runs(row.model_copy(update={"start": start})):
                yield start, own.get(start, last.starts if start >= last.start else None)

    def _add(self, row: Programme, begun: str, taught: Mapping[str, int] | None) -> None:
        """Add a running intake; one that the plan in force does not have is not planned."""
        known = next(
            (one for one in self.catalog.running_intakes.get(row.id, ()) if one.start == begun), None
        )
        has_modules = known is not None and any(
            one.programme == known.id for one in self.catalog.programme_modules
        )
        model = self.curricula.by_programme[known.id if known is not None and has_modules else row.id]
        if taught is None and not model.current:
            return
        update = {"id": self._id(row.id, begun), "start": begun, "repeats": False, "intake_of": row.id}
        intake = known or row.model_copy(update={**update, "origin": None})
        self.programmes[intake.id] = intake
        self._copy(row.id, intake.id)
        if taught is not None:
            self._take_over(intake, model, taught, row.id)
        elif not has_modules:
            today = ((one.module.id, one.current_term) for one in model.current)
            self._teach(intake, model, {name: term for name, term in today if term is not None})

    def _take_over(
        self, intake: Programme, model: Curriculum, taught: Mapping[str, int], kin: str | None = None
    ) -> None:
        """Let an intake be taught what the plan in force says, and plan what is left of it."""
        if self._runs(intake):
            is_planned = self._is_chosen(intake.id) or self._is_chosen(kin or intake.id)
            self._teach(intake, model, taught, is_planned=is_planned)
            if is_planned:
                self._plan(intake.id, taught)

    def _came_later(self, row: Programme) -> None:
        """Plan a programme that the plan in force has not, once it begins: nothing of it is a change."""
        start = row.start
        while row.repeats and start <= self.until:
            start = semesters.advance(start, A_YEAR)
        self.programmes[row.id] = row.model_copy(update={"start": start})
        values = {"programme": row.id, "start": start}
        if start <= self.until:
            self.issues.append(Issue("replan-unplanned", row.place("start"), values))
        elif self._is_chosen(row.id):
            self.planned.append(row.id)
            self.issues.append(Issue("replan-new-programme", row.place("id"), values))

    def _is_chosen(self, name: str) -> bool:
        return not self.chosen or name in self.chosen

    def _plan(self, name: str, starts: Mapping[str, int]) -> None:
        self.planned.append(name)
        self.previous += [(name, module, term) for module, term in starts.items()]

    def _id(self, programme: str, start: str) -> str:
        name = f"{programme}-{start}"
        while name in self.catalog.programme_by_id:
            name += "-"
        return name

    # --- the rows of an intake

    def _copy(self, programme: str, intake: str) -> None:
        """Copy the rows of a programme, of each table of which the intake has none of its own."""
        for table in COPIED:
            rows: Sequence[Any] = self.catalog.table(table)
            if not any(row.programme == intake for row in rows):
                mine = (row for row in rows if row.programme == programme)
                new = [row.model_copy(update={"programme": intake, "origin": None}) for row in mine]
                self.rows.setdefault(table, []).extend(new)

    def _teach(
        self, intake: Programme, model: Curriculum, taught: Mapping[str, int], *, is_planned: bool = False
    ) -> None:
        """Write what an intake is taught as its curriculum of today, and what else it may take."""
        over = sum(semesters.of_term(intake.start, term) <= self.until for term in range(1, intake.terms + 1))
        self.taught_anew.add(intake.id)
        programme = self.catalog.programme_by_id[intake.intake_of or intake.id]
        whose = {"programme": programme.id, "start": intake.start}
        rows: list[Record] = [
            _row(intake, one, taught.get(name), over) for name, one in model.options.items()
        ]
        past = [name for name, one in model.options.items() if name not in taught and _is_past(one, over)]
        if past and is_planned:
            values = {**whose, "modules": ", ".join(past)}
            self.issues.append(Issue("replan-mandatory-past", programme.place("id"), values))
        for name in sorted({*taught} - {*model.options}):
            if name in self.catalog.module_by_id and name not in self.catalog.header_ids:
                rows.append(_no_option(intake.id, name, taught[name], over))
            elif taught[name] <= over:
                values = {**whose, "module": name, "term": str(taught[name])}
                raise CatalogError([Issue("replan-module-gone", programme.place("id"), values)])
        self.rows.setdefault("programme_modules", []).extend(rows)

    def _tables(self) -> dict[str, tuple[Any, ...]]:
        """Return the tables as they are then: without intakes that graduated, with what runs marked open."""
        found: dict[str, tuple[Any, ...]] = {"programmes": tuple(self.programmes.values())}
        for table in (*COPIED, "programme_modules"):
            anew = self.taught_anew if table == "programme_modules" else ()
            rows: Sequence[Any] = self.catalog.table(table)
            left = (one for one in rows if one.programme is None or one.programme in self.programmes)
            kept = (one for one in left if one.programme not in anew)
            found[table] = (*kept, *self.rows.get(table, ()))
        begun = {*self._begun()}
        found["modules"] = tuple(
            row.model_copy(update={"already_open": True}) if row.id in begun else row
            for row in self.catalog.modules
        )
        return found

    def _begun(self) -> Iterator[str]:
        """Yield the modules that the plan in force has started by now: they are set up."""
        for one in self.in_force.values():
            for module, term in one.starts.items():
                if semesters.of_term(one.start, term) <= self.until:
                    yield module


def _from(start: str, least: str) -> str:
    """Return the first start a year or more after `start` that is not before `least`."""
    start = semesters.advance(start, A_YEAR)
    while start < least:
        start = semesters.advance(start, A_YEAR)
    return start


def _row(intake: Programme, option: Option, taught: int | None, over: int) -> ProgrammeModule:
    """Return the row of a module that the programme may take, or teaches: `over` terms of it are past."""
    every = range(1, intake.terms - option.span + 2)
    status, starts = option.standing, option.starts
    is_past = taught is not None and taught <= over
    if is_past:  # whatever is said of it now, it was taught
        status = Standing.MANDATORY if status is Standing.MANDATORY else Standing.EXISTING
        starts = starts if taught in starts else (taught or 0,)
    elif taught is None and status is not Standing.FORBIDDEN:
        is_free = _is_past(option, over) or status is Standing.EXISTING
        status = Standing.CANDIDATE if is_free else status
    elif status is Standing.CANDIDATE:
        status = Standing.EXISTING
    restricted = status is not Standing.FORBIDDEN and set(starts) != {*every}
    return ProgrammeModule(
        programme=intake.id,
        module=option.module.id,
        status=status,
        current_term=taught,
        position=option.position if taught is not None and taught == option.current_term else None,
        allowed_terms=starts if restricted else (),
    )


def _is_past(option: Option, over: int) -> bool:
    """Say whether a mandatory module can no longer begin."""
    return option.standing is Standing.MANDATORY and not any(term > over for term in option.starts)


def _no_option(intake: str, module: str, taught: int, over: int) -> ProgrammeModule:
    """Return the row of a module that is no longer offered: what was taught stays, the rest goes."""
    past = taught <= over
    status = Standing.EXISTING if past else Standing.FORBIDDEN
    return ProgrammeModule(
        programme=intake,
        module=module,
        status=status,
        current_term=taught,
        pinned_term=taught if past else None,
    )
