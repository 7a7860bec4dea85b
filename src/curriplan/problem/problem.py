"""What is planned, made once per run and handed on: a catalog, its limits, and what follows from both.

It holds nothing that the optimizer or the evaluation decides. What each of them works out from it for
itself (terms that may be chosen, weeks, weights) is derived twice on purpose: see `Problem.derived`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from curriplan.catalog.records import Catalog, Taught
from curriplan.problem.capacity import Capacity
from curriplan.problem.curriculum import Curricula
from curriplan.problem.edits import Edit, apply_edits
from curriplan.problem.gaps import Gap, ProgrammeGaps
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.money import Money
from curriplan.problem.outlooks import Outlook, outlooks_of
from curriplan.problem.settings import Settings

T = TypeVar("T")


class Problem:
    """One catalog within one set of limits; neither ever changes.

    Parameters
    ----------
    curricula : Curricula, optional
        Of this catalog, where they are known: of the limits only the objectives matter to them.
    outlook : Outlook, optional
        The outlook in which the objective closure is taken; rules and all else are those of the base.
    """

    def __init__(
        self,
        catalog: Catalog,
        limits: Limits,
        curricula: Curricula | None = None,
        outlook: Outlook | None = None,
    ) -> None:
        self.catalog = catalog
        self.limits = limits
        self.outlook = outlook
        self.curricula = curricula or Curricula(catalog, with_others=limits.settings.seeks("adaptability"))
        self._derived: dict[Callable[[Problem], Any], Any] = {}

    def __reduce__(self) -> tuple[type[Problem], tuple[Catalog, Limits, Curricula, Outlook | None]]:
        """Pickle what is given only: a copy works out anew what follows."""
        return Problem, (self.catalog, self.limits, self.curricula, self.outlook)

    @classmethod
    def of(cls, catalog: Catalog, settings: Settings | None = None) -> Problem:
        """Return the problem of a catalog and what the user chose.

        Raises
        ------
        UsageError
            As `curriplan.problem.limits.effective_limits`.
        """
        return cls(catalog, effective_limits(catalog, settings))

    def with_limits(self, limits: Limits) -> Problem:
        """Return the same catalog within other limits: all but the curricula is worked out anew.

        So each programme may take what it might: also where the objectives are others.
        """
        return Problem(self.catalog, limits, self.curricula, self.outlook)

    def within(self, outlook: Outlook) -> Problem:
        """Return the problem of one outlook: closure is that of the outlook, and nothing weighs risk."""
        limits = replace(self.limits, settings=self.limits.settings.without_risk(), outlook_best={})
        return Problem(self.catalog, limits, self.curricula, outlook)

    def best_within(self, outlook: Outlook) -> Problem:
        """Return the problem of the best closure in an outlook, with what stands before closure."""
        problem = self.within(outlook)
        return problem.with_limits(replace(problem.limits, settings=problem.limits.settings.up_to_closure()))

    def with_settings(self, settings: Settings, catalog: Catalog | None = None) -> Problem:
        """Return the problem of other settings, and of another catalog where one is given.

        What programmes reach alone (§13) is not known of it. Raises as `of`.
        """
        same = catalog is None or catalog is self.catalog
        if same and settings.seeks("adaptability") is self.curricula.with_others:
            return self.with_limits(effective_limits(self.catalog, settings))
        return Problem.of(catalog or self.catalog, settings)

    def edited(self, edits: Iterable[Edit]) -> Problem:
        """Return the problem of the settings and the catalog as the edits make them; see `with_settings`.

        Raises
        ------
        KeyError
            If a row or a table is not there.
        """
        catalog, settings = apply_edits(self.catalog, self.limits.settings, edits)
        return self.with_settings(settings, catalog)

    @cached_property
    def capacity(self) -> Capacity:
        """Hours of rooms and teachers (§9)."""
        return Capacity(self.catalog, self.limits, self.curricula)

    @cached_property
    def money(self) -> Money:
        """The amounts of §10: costs, budgets by source and year, and the largest shares."""
        return Money(self.catalog, self.limits, self.curricula, self.capacity)

    @cached_property
    def gaps(self) -> Mapping[str, ProgrammeGaps]:
        """Target occupations, missing steps and their weights, by planned programme in catalog order."""
        return {name: ProgrammeGaps(self.catalog, self.limits, name) for name in self.limits.planned}

    @cached_property
    def outlooks(self) -> tuple[Outlook, ...]:
        """The outlooks of the catalog, and what the planned programmes lack in each."""
        return outlooks_of(self.catalog, self.limits)

    @property
    def sought_outlooks(self) -> tuple[Outlook, ...]:
        """The outlooks in which closure is sought: none for the shares of today, one, or all."""
        if self.limits.settings.risk is not None:
            return self.outlooks
        return () if self.outlook is None else (self.outlook,)

    def derived(self, make: Callable[[Problem], T]) -> T:
        """Return ``make(self)``, made at the first call: what a room above works out from the problem."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found


class OfProblem:
    """What is made of a problem: the parts of the problem by their names."""

    problem: Problem

    @property
    def catalog(self) -> Catalog:
        """What was planned."""
        return self.problem.catalog

    @property
    def limits(self) -> Limits:
        """Every effective value of the run."""
        return self.problem.limits

    @property
    def curricula(self) -> Curricula:
        """What each programme may take, and teaches today."""
        return self.problem.curricula

    @property
    def capacity(self) -> Capacity:
        """Hours of rooms and teachers."""
        return self.problem.capacity


def find_gaps(problem: Problem) -> tuple[Gap, ...]:
    """List what each planned programme lacks before any planning, by programme and competency."""
    found: list[Gap] = []
    for name, gaps in problem.gaps.items():
        one = problem.curricula.by_programme[name]
        before = gaps.levels_after(_outcomes(problem.catalog, (item.module.id for item in one.current)))
        best = gaps.levels_after(_outcomes(problem.catalog, (item.module.id for item in one.open_options)))
        essential = {n.requirement.competency for n in gaps.needs if n.requirement.essential}
        for competency, required in gaps.required.items():
            steps = [step for step in gaps.steps if step.competency == competency]
            level = before.get(competency, 0)
            found.append(
                Gap(
                    programme=name,
                    competency=competency,
                    required=required,
                    baseline=gaps.baseline.get(competency, 0),
                    before=level,
                    teachable=min(required, max(best.get(competency, 0), level)),
                    weight=sum(step.weight for step in steps),
                    open_weight=sum(step.weight for step in steps if step.level > level),
                    essential=competency in essential,
                )
            )
    return tuple(found)


def _outcomes(catalog: Catalog, modules: Iterable[str]) -> Iterable[Taught]:
    return (row for module in modules for row in catalog.teaching.of(module))
