"""A catalog under check, and what the checks have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from curriplan.base import semesters
from curriplan.base.errors import Issue
from curriplan.catalog.records import (
    Catalog,
    Module,
    ProfileEntry,
    Programme,
    ProgrammeModule,
    Record,
    Standing,
)
from curriplan.problem.candidates import Candidates
from curriplan.problem.limits import Limits
from curriplan.problem.problem import Problem
from curriplan.texts.words import Digits

Row = TypeVar("Row", bound=Record)

TOLERANCE = 1e-6
NAMES_SHOWN = 5


@dataclass(frozen=True)
class Checked:
    """A catalog under check, with what several rules ask of it."""

    catalog: Catalog
    limits: Limits
    incomplete: frozenset[str] = frozenset()
    given: Problem | None = None

    @cached_property
    def problem(self) -> Problem:
        """What would be planned; only for rules that need all keys."""
        return self.given or Problem(self.catalog, self.limits)

    @cached_property
    def planned(self) -> tuple[Programme, ...]:
        """The programmes that are planned."""
        return tuple(row for row in self.catalog.programmes if row.id in self.limits.planned)

    @property
    def profile(self) -> tuple[ProfileEntry, ...]:
        """Rows of the profile in force: the user's, else the catalog's."""
        chosen = self.limits.settings.profile
        return self.catalog.profile if chosen is None else chosen

    @cached_property
    def standings(self) -> Mapping[str, tuple[ProgrammeModule, ...]]:
        """Rows of programme_modules by programme."""
        found: defaultdict[str, list[ProgrammeModule]] = defaultdict(list)
        for row in self.catalog.programme_modules:
            found[row.programme].append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    def modules_of(self, programme: str) -> Iterator[Module]:
        """Yield the modules that a programme may take."""
        modules = self.catalog.module_by_id
        rows = self.standings.get(programme)
        if rows is None:
            names = [name for name in modules if name in self.candidates[programme]]
        else:
            names = [row.module for row in rows if row.status is not Standing.FORBIDDEN]
        return (modules[name] for name in names if name in modules and name not in self.catalog.header_ids)

    @cached_property
    def candidates(self) -> Mapping[str, frozenset[str]]:
        """The candidates of each programme without rows in programme_modules."""
        found = Candidates(self.catalog, with_others=self.limits.settings.seeks("adaptability"))
        names = (row.id for row in self.catalog.programmes if row.id not in self.standings)
        return {name: found.of(name) for name in names}

    @cached_property
    def offered(self) -> Mapping[str, frozenset[str]]:
        """Ids of the modules that each programme may take."""
        programmes = (row.id for row in self.catalog.programmes)
        return {name: frozenset(module.id for module in self.modules_of(name)) for name in programmes}

    @cached_property
    def taught(self) -> Mapping[str, Mapping[str, int]]:
        """The highest level of each competency that a programme's modules teach or its learners bring.

        With what transfers carry over from other competencies.
        """
        teaching = self.catalog.teaching
        found: dict[str, dict[str, int]] = {}
        for programme in self.catalog.programmes:
            levels = teaching.baseline(programme.id)
            for module in self.modules_of(programme.id):
                for one in teaching.of(module.id):
                    levels[one.competency] = max(levels.get(one.competency, 0), one.exit_level)
            found[programme.id] = levels
        return found

    @cached_property
    def semesters(self) -> tuple[str, ...]:
        """Calendar semesters that a term of any programme falls in, sorted."""
        found = {
            semesters.of_term(row.start, term)
            for row in self.catalog.programmes
            for term in range(1, row.terms + 1)
        }
        return tuple(sorted(found))


Check = Callable[[Checked], Iterator[Issue]]


@dataclass(frozen=True)
class Rule:
    """A check, and what it must not lack.

    Parameters
    ----------
    check : callable
        Yields what is wrong.
    needs : tuple of str
        Tables (``targets``) without whose missing rows it would report what is not so, and columns
        (``modules.parent``) where the other cells of a row may lack: then only its row is passed over.
    """

    check: Check
    needs: tuple[str, ...] = ()

    @property
    def tables(self) -> frozenset[str]:
        """The tables of which it needs every row."""
        return frozenset(need.partition(".")[0] for need in self.needs)

    @property
    def theme(self) -> str:
        """What it is about: the name of its module."""
        return self.check.__module__.rpartition(".")[2]


def number_text(value: float) -> Digits:
    """Return a number as a user would write it, without the noise of binary fractions."""
    return Digits(f"{round(value, 6):.12g}")


def first_names(names: Iterable[str]) -> str:
    """Return the first names of a long list, so that a warning stays one that is read."""
    found = list(names)
    return ", ".join(found[:NAMES_SHOWN]) + (", ..." if len(found) > NAMES_SHOWN else "")


def differs(a: float, b: float) -> bool:
    """Say whether two amounts differ by more than rounding."""
    return abs(a - b) > TOLERANCE * max(1.0, abs(a), abs(b))


def by_row(rows: Iterable[Row]) -> list[Row]:
    """Sort rows as they stand in their file, so that the second of two is the one reported."""
    return sorted(rows, key=lambda row: row.place().sort_key())
