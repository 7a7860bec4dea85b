"""The parts of a programme's decisions: one term, one resource.

A change of the decisions makes those parts new that it touches; the others are shared, with all that was
computed of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from curriplan.evaluation.given import ProgrammeBasis, TermLoad
from curriplan.plan.plan import Site
from curriplan.problem.curriculum import Option


@dataclass(frozen=True)
class Taken:
    """A module that a programme takes, and the term in which it starts."""

    option: Option
    term: int

    @property
    def end(self) -> int:
        """The last term that it runs in."""
        return self.term + self.option.span - 1

    @property
    def terms(self) -> range:
        """The terms that it runs in."""
        return range(self.term, self.end + 1)

    @property
    def module(self) -> str:
        """The module's id."""
        return self.option.module.id


@dataclass(frozen=True)
class TermState:
    """A term of a programme, and the modules that run in it, by start and id."""

    of: ProgrammeBasis
    number: int
    running: tuple[Taken, ...]

    @classmethod
    def of_rows(cls, of: ProgrammeBasis, number: int, rows: Iterable[Taken]) -> TermState:
        """Return the term in which these modules run, in any order."""
        return cls(of, number, tuple(sorted(rows, key=lambda row: (row.term, row.module))))

    @cached_property
    def loads(self) -> tuple[TermLoad, ...]:
        """Fixed loads, and the part of each module that runs in it."""
        basis = self.of.basis
        modules = (basis.loads_of_module(row.module)[self.number - row.term] for row in self.running)
        return (*self.of.fixed_loads.get(self.number, ()), *modules)

    @cached_property
    def credits(self) -> float:
        """load[p,t]: credits, fixed load included (§6)."""
        return sum(load.credits for load in self.loads)

    @cached_property
    def contact_hours(self) -> float:
        """Hours with a teacher, guided self-study left out."""
        return sum(load.contact_hours for load in self.loads)

    @cached_property
    def guided_hours(self) -> float:
        """Hours of guided self-study."""
        return sum(load.guided_hours for load in self.loads)

    @cached_property
    def total_hours(self) -> float:
        """Hours of all kinds."""
        return sum(load.total_hours for load in self.loads)

    @cached_property
    def workplace_hours(self) -> float:
        """Hours of production training and professional practice (§8)."""
        return sum(load.workplace_hours for load in self.loads)

    @cached_property
    def practice(self) -> tuple[float, float]:
        """Practice hours and all hours in the sections of the denominator (§7)."""
        sections = self.of.basis.limits.practice_sections
        loads = [load for load in self.loads if load.section in sections]
        return sum(load.practice_hours for load in loads), sum(load.total_hours for load in loads)

    @cached_property
    def taught(self) -> dict[str, int]:
        """The highest level by competency that modules teach which end in it (§2)."""
        found: dict[str, int] = {}
        for row in self.running:
            if row.end == self.number:
                for outcome in self.of.basis.outcomes(row.module):
                    if outcome.exit_level > found.get(outcome.competency, 0):
                        found[outcome.competency] = outcome.exit_level
        return found


@dataclass(frozen=True)
class Use:
    """A resource, and the sites of a programme at it, each with the terms in which its module starts."""

    of: ProgrammeBasis
    rows: tuple[tuple[Site, tuple[int, ...]], ...]

    @classmethod
    def of_rows(cls, of: ProgrammeBasis, rows: Iterable[tuple[Site, tuple[int, ...]]]) -> Use:
        """Return the resource with these sites, in any order."""
        return cls(of, tuple(sorted(rows, key=lambda row: (row[0].module, row[0].parts))))

    @cached_property
    def hours(self) -> dict[str, float]:
        """Hours by calendar semester, repeats included (§9)."""
        basis, found = self.of.basis, dict[str, float]()
        for site, terms in self.rows:
            hours = basis.site_hours(site.programme, site.module, site.resource, site.parts)
            for term in terms:
                for semester, share in basis.semester_shares(site.programme, site.module, term):
                    found[semester] = found.get(semester, 0.0) + hours * share
        return found
