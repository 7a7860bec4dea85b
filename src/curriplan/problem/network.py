"""Catalogs of one college in a network: what it may have, and what it is allotted.

The budgets of a shared source and the hours of a shared centre are what a college has by itself. In the
national plan they are replaced; all else stays the college's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from curriplan.base.semesters import calendar_year, of_term
from curriplan.catalog.network.records import Names, Network, Places, SharedBudget
from curriplan.catalog.records import Allotted, Catalog, FundingBudget, Programme, ResourceCapacity
from curriplan.problem.limits import Limits

MOST_KZT = 10**13
"""More than any year has."""
HOUR_DIGITS = 6
"""Hours are allotted to so many decimals, rounded up: what a plan uses is never above it by rounding."""


class Whose(NamedTuple):
    """A college of a network, and which group vector it is given: 0 are its groups of today."""

    college: str
    choice: int = 0


def lifted(catalog: Catalog, network: Network, whose: Whose, limits: Limits) -> Catalog:
    """Return the catalog with all that the country has of what is shared: no plan may use more.

    Where years are limited and all years together too, each year may have what both allow.
    """
    years = _years(catalog)
    budgets = [
        row
        for source in _shared_sources(catalog, network, whose)
        for row in _most_rows(network, whose.college, source, years)
    ]
    hours = {centre.id: centre.hours for centre in network.centres if centre.id in catalog.resource_by_id}
    shared = shared_sources(network, whose.college)
    return _replaced(with_groups(catalog, network, whose, limits), shared, budgets, hours)


def allotted(
    catalog: Catalog,
    network: Network,
    whose: Whose,
    limits: Limits,
    money_kzt: Mapping[tuple[str, int], int],
    hours: Mapping[tuple[str, str], float],
) -> Catalog:
    """Return the catalog with what a college is given of what is shared, and no more.

    Parameters
    ----------
    money_kzt : mapping of (str, int) to int
        By source and calendar year; what is not named is nothing.
    hours : mapping of (str, str) to float
        By centre and calendar semester.
    """
    budgets = [
        row
        for source in _shared_sources(catalog, network, whose)
        for row in _rows(source, {year: kzt for (name, year), kzt in money_kzt.items() if name == source})
    ]
    given: dict[str, dict[str, float]] = {
        centre.id: {} for centre in network.centres if centre.id in catalog.resource_by_id
    }
    for (centre, semester), number in hours.items():
        given[centre][semester] = math.ceil(number * 10**HOUR_DIGITS - 1e-3) / 10**HOUR_DIGITS
    shared = shared_sources(network, whose.college)
    return _replaced(with_groups(catalog, network, whose, limits), shared, budgets, given)


def as_allotted(catalog: Catalog, given: Catalog, network: Network, whose: Whose, names: Names) -> Catalog:
    """Return what `allotted` made of the catalog that a college gave, with the word that it is allotted.

    Parameters
    ----------
    names : mapping of str to str
        Of the network, by language.
    """
    before = {row.id: row.learners for row in given.programmes}
    said = Allotted(
        network=names,
        catalog_sha256=given.sha256,
        sources=tuple(_shared_sources(given, network, whose)),
        centres=tuple(sorted(one.id for one in network.centres if one.id in given.resource_by_id)),
        programmes=tuple(row.id for row in catalog.programmes if row.learners != before[row.id]),
    )
    return catalog.replace(info=catalog.info.model_copy(update={"allotted": said}))


def with_groups(catalog: Catalog, network: Network, whose: Whose, limits: Limits) -> Catalog:
    """Return the catalog with other numbers of groups, each group more or less a whole one.

    Parameters
    ----------
    limits : Limits
        Of the catalog as it is: the size of a group may be that of a profile chosen for the run.

    Raises
    ------
    KeyError
        If there is no such choice.
    """
    if whose.choice == 0:
        return catalog
    wanted = choices_of(network, whose.college)[whose.choice - 1]
    size = round(limits.number("group_size") or 0)

    def learners(row: Programme) -> int:
        today = limits.groups(row)
        return row.learners + (wanted.get(row.id, today) - today) * size

    rows = (row.model_copy(update={"learners": learners(row)}) for row in catalog.programmes)
    return catalog.replace(programmes=tuple(rows))


def choices_of(network: Network, college: str) -> tuple[Mapping[str, int], ...]:
    """Return the group vectors that a college may be given beside that of today."""
    return next(
        (one.choices for one in network.places if one.college == college), Places(college, ()).choices
    )


def budgets_for(network: Network, college: str, source: str) -> tuple[SharedBudget, ...]:
    """Return what the network says of a source to a college: of its region, and of the whole country."""
    region = network.region_of[college]
    rows = (row for row in network.budgets if row.source == source)
    return tuple(row for row in rows if row.region in (None, region))


def _most_rows(network: Network, college: str, source: str, years: Sequence[int]) -> Iterator[FundingBudget]:
    """Yield the budgets of all that a shared source may give a college."""
    rows = budgets_for(network, college, source)
    if any(row.years_kzt for row in rows):
        yield from _rows(source, _most_by_year(rows, years))
        return
    total_kzt = min(row.total_kzt for row in rows if row.total_kzt is not None)
    yield FundingBudget(source=source, budget_kzt=total_kzt)
    # With a budget of some year, if of nothing, the model says who pays what and when.
    yield FundingBudget(source=source, year=years[0], budget_kzt=0)


def _most_by_year(rows: Sequence[SharedBudget], years: Iterable[int]) -> dict[int, int]:
    """Return what a source may give a college in each year at most, where years are limited."""
    named = sorted({*years, *(year for row in rows for year in row.years_kzt)})
    found = {}
    for year in named:
        by_year = (row.years_kzt.get(year, 0) for row in rows if row.years_kzt)
        in_all = (row.total_kzt for row in rows if row.total_kzt is not None)
        found[year] = min(*by_year, *in_all, MOST_KZT)
    return found


def shared_sources(network: Network, college: str) -> frozenset[str]:
    """Return the sources whose money a college shares: of its region, or of the whole country.

    What only other regions share of a source leaves a college its own money of it.
    """
    region = network.region_of[college]
    return frozenset(row.source for row in network.budgets if row.region in (None, region))


def _shared_sources(catalog: Catalog, network: Network, whose: Whose) -> list[str]:
    """Return the sources of a catalog that are shared, in its order."""
    shared = shared_sources(network, whose.college)
    return [row.id for row in catalog.funding_sources if row.id in shared]


def _rows(source: str, by_year: Mapping[int, int]) -> Iterator[FundingBudget]:
    """Yield the budgets of a source; one of nothing where there is none, for no row would mean no limit."""
    given = {year: kzt for year, kzt in sorted(by_year.items()) if kzt > 0}
    for year, kzt in given.items():
        yield FundingBudget(source=source, year=year, budget_kzt=kzt)
    if not given:
        yield FundingBudget(source=source, budget_kzt=0)


def _replaced(
    catalog: Catalog,
    shared: frozenset[str],
    budgets: list[FundingBudget],
    hours: Mapping[str, Mapping[str, float]],
) -> Catalog:
    own = tuple(row for row in catalog.funding_budgets if row.source not in shared)
    kept = tuple(row for row in catalog.resource_capacity if row.resource not in hours)
    given = tuple(row for centre, by_semester in hours.items() for row in _capacity(centre, by_semester))
    return catalog.replace(funding_budgets=(*own, *budgets), resource_capacity=(*kept, *given))


def _capacity(centre: str, by_semester: Mapping[str, float]) -> Iterator[ResourceCapacity]:
    """Yield the hours of a centre; a row of no hours where there are none, for no row would mean no limit."""
    given = {semester: number for semester, number in sorted(by_semester.items()) if number > 0}
    for semester, number in given.items():
        yield ResourceCapacity(resource=centre, semester=semester, hours=number)
    if not given:
        yield ResourceCapacity(resource=centre, semester="*-1", hours=0)


def _years(catalog: Catalog) -> list[int]:
    """Return the calendar years of all terms of all programmes."""
    return sorted(
        {
            calendar_year(of_term(row.start, term))
            for row in catalog.programmes
            for term in range(1, row.terms + 1)
        }
    )
