"""Checks of funding sources and their budgets (§10)."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan import semesters
from curriplan.checks.checked import Checked
from curriplan.errors import Issue


def sources_without_budget(checked: Checked) -> Iterator[Issue]:
    """Find sources without a budget where others have one: they pay nothing."""
    paying = {row.source for row in checked.catalog.funding_budgets}
    for row in checked.catalog.funding_sources:
        if paying and row.id not in paying:
            yield Issue("source-without-budget", row.place("id"), {"source": row.id})


def budget_years(checked: Checked) -> Iterator[Issue]:
    """Find budgets of a year in which no programme runs: nothing falls due in it."""
    years = sorted({semesters.calendar_year(semester) for semester in checked.semesters})
    for row in checked.catalog.funding_budgets:
        if years and row.year is not None and row.year not in years:
            values = {"source": row.source, "year": row.year, "first": years[0], "last": years[-1]}
            yield Issue("budget-year-outside", row.place("year"), values)
