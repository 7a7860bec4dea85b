"""Where the limit of a check stands, and what sets it to another value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from curriplan.base import semesters
from curriplan.base.errors import Place
from curriplan.catalog.records import Catalog, CostPart, FundingBudget, Record
from curriplan.catalog.records.policy import OFF
from curriplan.problem.aspects import ASPECTS, InProfile, InSettings, InTable, Origin
from curriplan.problem.edits import SETTINGS, Edit, edit_of
from curriplan.problem.limits import Limits

Edits = tuple[Edit, ...]


@dataclass(frozen=True)
class About:
    """Which limit is asked for: that of an aspect, for whom, of what, when."""

    catalog: Catalog
    limits: Limits
    aspect: str
    programme: str | None = None
    subject: str | None = None
    semester: str | None = None


@dataclass(frozen=True)
class Located:
    """The number that a limit comes from.

    Parameters
    ----------
    origin : Origin
        As the aspect declares it.
    was : Any
        What stands there: a number, of the profile a text.
    value : float
        The number, in `unit`.
    row : Record or None
        The row it stands in; None for a setting.
    beside : float
        The part of it that is not in the cell: what a source gets for each learner.
    """

    origin: Origin
    was: Any
    value: float
    unit: str
    row: Record | None = None
    beside: float = 0.0

    @property
    def column(self) -> str:
        """The column, or the name of the setting."""
        if isinstance(self.origin, InTable):
            return self.origin.column
        return "value" if isinstance(self.origin, InProfile) else self.origin.name

    @property
    def key(self) -> Hashable:
        """Tells origins apart."""
        if self.row is None:
            return (SETTINGS, self.column)
        return (self.row.table, self.row.key_values(), self.column)

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it stands in the catalog; nowhere for a setting."""
        return () if self.row is None else (self.row.place(self.column),)

    def edits(self, value: float) -> Edits:
        """Return what sets it to a value; a norm of nothing is no norm, and is dropped."""
        if isinstance(self.origin, InProfile):
            assert self.row is not None
            return (edit_of(self.row, "value", OFF if value <= 0 else f"{value:.10g}"),)
        new = round(value - self.beside) if isinstance(self.was, int) else value - self.beside
        if self.row is None:
            return (Edit(SETTINGS, (), self.column, new, self.was, self.unit),)
        return (edit_of(self.row, self.column, new),)


def locate(about: About) -> Located | None:
    """Return where a limit stands, None where it is no single number."""
    aspect = ASPECTS[about.aspect]
    found = (_located(about, origin, aspect.unit) for origin in aspect.origins)
    return next((one for one in found if one is not None), None)


def _located(about: About, origin: Origin, unit: str) -> Located | None:
    if isinstance(origin, InSettings):
        value = getattr(about.limits.settings, origin.name)
        if value is None or (origin.name == "budget_kzt" and value != about.limits.budget_kzt):
            return None  # more than all sources have caps nothing
        return Located(origin, value, float(value), unit)
    if isinstance(origin, InProfile):
        key = origin.key
        if origin.is_by_programme:
            key = getattr(about.limits, key)(about.catalog.programme_by_id[str(about.programme)])
        if key not in about.limits.numbers:
            return None
        row = about.limits.profile[key]
        return Located(origin, row.value, about.limits.numbers[key], unit, row)
    found = _ROW_OF[origin.table](about)
    return None if found is None else in_row(about.catalog, origin, found)


def in_row(catalog: Catalog, origin: InTable, row: Record) -> Located | None:
    """Return the number in a row, None where its cell is empty."""
    was = getattr(row, origin.column)
    if was is None:
        return None
    beside = 0.0
    if isinstance(row, FundingBudget):
        beside = float(row.per_learner_kzt * catalog.learners_of_one_intake)
    unit = str(type(row).column_info(origin.column)["unit"])
    return Located(origin, was, was + beside, unit, row, beside)


def _programme_row(about: About) -> Record | None:
    return about.catalog.programme_by_id.get(str(about.programme))


def _term_row(about: About) -> Record | None:
    key = (about.programme, about.subject)
    rows = about.catalog.programme_terms
    return next((row for row in rows if (row.programme, str(row.term)) == key), None)


def _module_row(about: About) -> Record | None:
    return about.catalog.module_by_id.get(str(about.subject).partition(":")[0])


def _capacity_row(about: About) -> Record | None:
    """Return the row of the semester, else that of its season (§9)."""
    season = f"*-{semesters.season(str(about.semester))}"
    rows = [row for row in about.catalog.resource_capacity if row.resource == about.subject]
    fitting = (row for name in (about.semester, season) for row in rows if row.semester == name)
    return next(fitting, None)


def _budget_row(about: About) -> Record | None:
    """Return the row of a source and year; of the cap on all money there is no single one (§10)."""
    source, _, year = str(about.subject).partition(":")
    rows = about.catalog.funding_budgets
    return next((row for row in rows if (row.source, str(row.year or "")) == (source, year)), None)


def _floor_row(about: About) -> Record | None:
    """Return the highest floor that binds the programme (§11)."""
    binding = about.catalog.floors_of(str(about.programme))
    rows = (row for row in binding if row.competency == about.subject)
    return max(rows, key=lambda row: row.level, default=None)


def _share_row(about: About) -> Record | None:
    """Return the row of `funding_limits` that fits a source, a module and a cost part best (§10)."""
    source, module, part = (about.subject or "::").split(":")
    section = about.catalog.module_by_id[module].section if module else None
    rows = (
        row
        for row in about.catalog.funding_limits
        if section and row.source == source and row.fits(module, section, CostPart(part))
    )
    return max(rows, key=lambda row: row.precision, default=None)


_ROW_OF: Mapping[str, Callable[[About], Record | None]] = {
    "programmes": _programme_row,
    "programme_terms": _term_row,
    "modules": _module_row,
    "resource_capacity": _capacity_row,
    "funding_budgets": _budget_row,
    "floors": _floor_row,
    "funding_limits": _share_row,
}
"""How the row of a limit is found in each table that holds one."""
