"""What a college of a network may have, and what it is allotted: catalogs with other budgets and hours."""

from __future__ import annotations

from dataclasses import replace

import pytest

import curriplan
from curriplan.catalog.network.init import EXAMPLE_NETWORK
from curriplan.catalog.network.read import read_network
from curriplan.catalog.network.records import Network, Places, SharedBudget
from curriplan.catalog.reading.bundled import bundled_root
from curriplan.catalog.records import Allotted, Catalog, ProfileEntry
from curriplan.problem.limits import effective_limits
from curriplan.problem.network import Whose, allotted, as_allotted, lifted, with_groups
from curriplan.problem.settings import Settings

WHOSE = Whose("north-1")


@pytest.fixture(scope="module")
def network() -> Network:
    """The bundled example: STATE has 3 million in 2026 and in 2027, CENTRE 600 h in three semesters."""
    return read_network(bundled_root() / EXAMPLE_NETWORK)


@pytest.fixture(scope="module")
def catalog(network: Network) -> Catalog:
    """Of the college north-1."""
    found = curriplan.read_catalog(str(network.colleges[0].catalog)).catalog
    assert found is not None
    return found


def _money(catalog: Catalog) -> dict[tuple[str, int | None], int]:
    return {(row.source, row.year): row.budget_kzt for row in catalog.funding_budgets}


def _hours(catalog: Catalog, centre: str = "CENTRE") -> dict[str, float]:
    rows = (row for row in catalog.resource_capacity if row.resource == centre)
    return {row.semester: row.hours - row.committed_hours for row in rows}


def test_a_lifted_college_may_have_all_that_the_country_has(catalog: Catalog, network: Network) -> None:
    """The money of the state and the hours of the centre are the country's, all else is the college's."""
    found = lifted(catalog, network, WHOSE, effective_limits(catalog))
    assert _money(found) == _money(catalog) | {("STATE", 2026): 3_000_000, ("STATE", 2027): 3_000_000}
    assert _hours(found) == {"2026-1": 600, "2026-2": 600, "2027-1": 600}
    changed = {"funding_budgets", "resource_capacity"}
    same = [name for name in ("modules", "programmes", "targets", "resources") if name not in changed]
    assert all(found.table(name) == catalog.table(name) for name in same)


def test_the_least_of_what_holds_for_a_region_and_the_country(catalog: Catalog, network: Network) -> None:
    """Country 3 million a year, the north 2 and 1, 2.5 in all: 2 and 1; the north 2026 alone: 2 and none."""
    country = network.budgets[0]
    north = SharedBudget("STATE", "north", {2026: 2_000_000, 2027: 1_000_000}, 2_500_000)
    found = lifted(catalog, replace(network, budgets=(country, north)), WHOSE, effective_limits(catalog))
    assert _money(found)["STATE", 2026] == 2_000_000
    assert _money(found)["STATE", 2027] == 1_000_000
    once = SharedBudget("STATE", "north", {2026: 2_000_000})
    found = lifted(catalog, replace(network, budgets=(country, once)), WHOSE, effective_limits(catalog))
    assert [row for row in _money(found) if row[0] == "STATE"] == [("STATE", 2026)]


def test_a_total_may_be_spent_in_any_year(catalog: Catalog, network: Network) -> None:
    """Where only all years together are limited, any year may have of it."""
    total = SharedBudget("STATE", None, {}, 700)
    found = lifted(catalog, replace(network, budgets=(total,)), WHOSE, effective_limits(catalog))
    given = {year: kzt for (source, year), kzt in _money(found).items() if source == "STATE"}
    assert given[None] == 700
    assert sum(given.values()) == 700


def test_what_only_another_region_shares_stays_a_colleges_own(catalog: Catalog, network: Network) -> None:
    """The south's money of the state is none of the north's business."""
    south = replace(network, budgets=(SharedBudget("STATE", "south", {2026: 5}),))
    assert _money(lifted(catalog, south, WHOSE, effective_limits(catalog))) == _money(catalog)
    assert _money(allotted(catalog, south, WHOSE, effective_limits(catalog), {}, {})) == _money(catalog)


def test_a_college_has_what_it_is_allotted_and_no_more(catalog: Catalog, network: Network) -> None:
    """Money to the tenge; hours rounded up in the sixth decimal, so that a plan that uses them fits."""
    found = allotted(
        catalog,
        network,
        WHOSE,
        effective_limits(catalog),
        {("STATE", 2027): 123},
        {("CENTRE", "2026-2"): 100 / 3},
    )
    assert [row for row in _money(found).items() if row[0][0] == "STATE"] == [(("STATE", 2027), 123)]
    assert _hours(found) == {"2026-2": 33.333334}


def test_nothing_is_nothing_and_not_no_limit(catalog: Catalog, network: Network) -> None:
    """A source without a row, or a resource without one, would be unlimited."""
    found = allotted(catalog, network, WHOSE, effective_limits(catalog), {}, {})
    assert [kzt for (source, _), kzt in _money(found).items() if source == "STATE"] == [0]
    assert set(_hours(found).values()) == {0}


def test_a_group_more_is_one_group_size_of_learners_more(catalog: Catalog, network: Network) -> None:
    """Groups of 25: 60 learners are 3 groups; one more are 85, two fewer 10."""
    programme = catalog.programmes[0]
    size = next(float(row.value) for row in catalog.profile if row.key_name == "group_size")
    groups = -(-programme.learners // int(size))
    choices = ({programme.id: groups + 1}, {programme.id: max(1, groups - 1)})
    asked = replace(network, places=(Places("north-1", choices),))
    limits = effective_limits(catalog)
    more = with_groups(catalog, asked, Whose("north-1", 1), limits)
    assert more.programmes[0].learners == programme.learners + size
    assert with_groups(catalog, asked, WHOSE, limits) is catalog


def test_the_catalog_says_what_of_it_is_allotted(catalog: Catalog, network: Network) -> None:
    """Its source and its centre are shared; groups are named where they are other ones than today's."""
    limits, names = effective_limits(catalog), {"en": "N", "ru": "С"}
    today = as_allotted(allotted(catalog, network, WHOSE, limits, {}, {}), catalog, network, WHOSE, names)
    assert today.info.allotted == Allotted(names, catalog.sha256, ("STATE",), ("CENTRE",))
    assert today.sha256 != catalog.sha256
    programme = catalog.programmes[0]
    more = (Places("north-1", ({programme.id: limits.groups(programme) + 1},)),)
    whose, asked = Whose("north-1", 1), replace(network, budgets=(), centres=(), places=more)
    found = as_allotted(allotted(catalog, asked, whose, limits, {}, {}), catalog, asked, whose, names)
    assert found.info.allotted == Allotted(names, catalog.sha256, programmes=(programme.id,))
    assert [found.info.allotted.name(code) for code in ("en", "kk")] == ["N", "С"]


def test_the_size_of_a_group_is_that_of_the_run(catalog: Catalog, network: Network) -> None:
    """A profile chosen for the run says 30, the catalog another size: a group more are 30 learners."""
    size = ProfileEntry.model_validate({"key": "group_size", "value": "30", "source": "test"})
    limits = effective_limits(catalog, Settings(profile=(size,)))
    programme = catalog.programmes[0]
    places = (Places("north-1", ({programme.id: limits.groups(programme) + 1},)),)
    found = with_groups(catalog, replace(network, places=places), Whose("north-1", 1), limits)
    assert found.programmes[0].learners == programme.learners + 30
