"""What a network says beside what the catalogs of its colleges say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from curriplan.base.errors import Issue, Place, nearest
from curriplan.catalog.network.checks import listed
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.orders import order_issues
from curriplan.catalog.network.records import Centre, Network, SharedBudget
from curriplan.catalog.records import FundingSource, Resource
from curriplan.catalog.records.network import BudgetRow, CentreHoursRow, CentreRow, CollegeRow
from curriplan.texts.words import thousands

Facts = Mapping[str, CollegeFacts]
"""Facts of the colleges whose catalogs could be read, by the id of the college."""
OF_WHOLE = (
    "network-times-idle",
    "network-times-unnamed",
    "network-region-years-unnamed",
    "network-college-shares-nothing",
    "network-choice-unbalanced",
)
"""Codes of what a network lacks, which may stand in rows that could not be read."""
UNLIKE = 100
"""How many times more or less money than colleges have by themselves looks like thousands for tenge."""
NEAR_ENOUGH = 0.8
"""How like the id of a centre another id is that may mean it: `LAB1` and `LAB` are."""


def issues_against(
    network: Network, facts: Iterable[CollegeFacts], *, whole: bool = True
) -> tuple[Issue, ...]:
    """Return what is wrong with a network beside its catalogs, by place.

    Parameters
    ----------
    facts : iterable of CollegeFacts
        Of the colleges whose catalogs could be read; what only the others may have is no error.
    whole : bool
        Whether all of the network could be read; else nothing is missed of it.
    """
    found = {one.college: one for one in facts}
    issues: list[Issue] = []
    for budget in network.budgets:
        issues += _of_budget(network, budget, found)
    for centre in network.centres:
        issues += _of_centre(network, centre, found)
    issues += [
        *_elsewhere(network, found),
        *_sharing_nothing(network, found),
        *_same(network, found),
        *order_issues(network, found),
    ]
    said = (one for one in issues if whole or one.code not in OF_WHOLE)
    return tuple(sorted(said, key=Issue.sort_key))


def _of_budget(network: Network, budget: SharedBudget, facts: Facts) -> Iterator[Issue]:
    """Yield a source that no catalog has, years without need, and years without money."""
    region = budget.region or ""
    years = [*map(str, sorted(budget.years_kzt)), *(("",) if budget.total_kzt is not None else ())]
    place = network.place(BudgetRow.table, budget.source, region, years[0] if years else "", column="source")
    own = _within(network, budget.region)
    ids = {name for college in own if college in facts for name in facts[college].sources}
    if budget.source not in ids:
        yield _nowhere(FundingSource.table, budget.source, ids, place, unread=_unread(own, facts))
        return
    payers = [facts[name] for name in own if name in facts and budget.source in facts[name].sources]
    needed = {str(year) for one in payers for year in one.years}
    what = f"{budget.source} ({region})" if region else budget.source
    named = {*map(str, budget.years_kzt)}
    missing = sorted(needed - named) if named else []
    if missing and budget.region and any(one.region is None for one in _rows_of(network, budget.source)):
        values = {"source": budget.source, "region": region, "years": listed(missing)}
        yield Issue("network-region-years-unnamed", place, values)
        needed &= named
    yield from _of_times(what, named, needed, place)
    shared = budget.total_kzt if budget.total_kzt is not None else sum(budget.years_kzt.values())
    by_themselves = sum(one.own_kzt.get(budget.source, 0) for one in payers)
    if not by_themselves / UNLIKE <= shared <= by_themselves * UNLIKE and by_themselves and shared:
        values = {"what": what, "kzt": thousands(shared), "own": thousands(by_themselves)}
        yield Issue("network-money-unlike", place, values)


def _of_centre(network: Network, centre: Centre, facts: Facts) -> Iterator[Issue]:
    """Yield a centre that no catalog has, semesters without need or hours, and ids that may mean it."""
    place = network.place(CentreRow.table, centre.id, column="id")
    own = [one.id for one in network.colleges]
    ids = {name for college in own if college in facts for name in facts[college].resources}
    if centre.id not in ids:
        yield _nowhere(Resource.table, centre.id, ids, place, unread=_unread(own, facts))
        return
    users = [facts[name] for name in own if name in facts and centre.id in facts[name].used]
    if not users and not _unread(own, facts):
        yield Issue("network-centre-unused", place, {"centre": centre.id})
        return
    needed = {semester for one in users for semester in one.semesters}
    at = network.place(CentreHoursRow.table, centre.id, min(centre.hours, default=""), column="hours")
    yield from _of_times(centre.id, {*centre.hours}, needed, at)
    yield from _alike(network, centre, facts)


def _of_times(what: str, named: Collection[str], needed: Collection[str], place: Place) -> Iterator[Issue]:
    """Yield years or semesters that nobody needs, and those that are needed and not named."""
    if idle := sorted({*named} - {*needed}) if needed else []:
        yield Issue("network-times-idle", place, {"what": what, "times": listed(idle)})
    if missing := sorted({*needed} - {*named}) if named else []:
        yield Issue("network-times-unnamed", place, {"what": what, "times": listed(missing)})


def _nowhere(table: str, value: str, known: Collection[str], place: Place, *, unread: bool) -> Issue:
    """Return the issue of an id that no catalog has; a warning where some could not be read."""
    values = {"value": value, "table": table, "nearest": nearest(value, sorted(known))}
    return Issue("network-id-unseen" if unread else "network-id-nowhere", place, values)


def _alike(network: Network, centre: Centre, facts: Facts) -> Iterator[Issue]:
    """Find resources of the centre's kind with an id near its own, where a college lacks the centre."""
    kinds = {one.resources[centre.id] for one in facts.values() if centre.id in one.resources}
    centres = {one.id for one in network.centres}
    near: dict[str, list[str]] = {}
    for college, resources in ((name, one.resources) for name, one in sorted(facts.items())):
        own = sorted(name for name, kind in resources.items() if kind in kinds and name not in centres)
        alike = [] if centre.id in resources else get_close_matches(centre.id, own, 1, NEAR_ENOUGH)
        for name in alike:
            near.setdefault(name, []).append(college)
    for name, colleges in sorted(near.items()):
        values = {"centre": centre.id, "value": name, "colleges": listed(colleges)}
        yield Issue("network-centre-alike", network.place(CentreRow.table, centre.id, column="id"), values)


def _elsewhere(network: Network, facts: Facts) -> Iterator[Issue]:
    """Find colleges that have a source which only other regions share: they keep their own money of it."""
    shared: dict[str, list[str | None]] = {}
    for budget in network.budgets:
        shared.setdefault(budget.source, []).append(budget.region)
    for name, regions in sorted(shared.items()):
        outside = [one.id for one in network.colleges if one.region not in regions and None not in regions]
        if left := [one for one in outside if one in facts and name in facts[one].sources]:
            place = Place(str(network.path))
            values = {"value": name, "regions": listed(filter(None, regions)), "colleges": listed(left)}
            yield Issue("network-shared-elsewhere", place, {**values, "count": len(left)})


def _sharing_nothing(network: Network, facts: Facts) -> Iterator[Issue]:
    """Find colleges that have none of what is shared."""
    if not (network.budgets or network.centres):
        return
    for college in network.colleges:
        one = facts.get(college.id)
        if one is None:
            continue
        sources = {row.source for row in network.budgets if row.region in (None, college.region)}
        centres = {row.id for row in network.centres}
        if not sources & {*one.sources} and not centres & {*one.resources}:
            place = network.place(CollegeRow.table, college.id, column="id")
            yield Issue("network-college-shares-nothing", place, {"college": college.id})


def _same(network: Network, facts: Facts) -> Iterator[Issue]:
    """Find colleges whose catalogs say the same."""
    first: dict[str, str] = {}
    for college in network.colleges:
        if college.id in facts:
            other = first.setdefault(facts[college.id].catalog_sha256, college.id)
            if other != college.id:
                place = network.place(CollegeRow.table, college.id, column="catalog")
                yield Issue("network-catalogs-same", place, {"college": college.id, "other": other})


def _rows_of(network: Network, source: str) -> list[SharedBudget]:
    """Return the budgets of a source: of the country and of regions."""
    return [one for one in network.budgets if one.source == source]


def _within(network: Network, region: str | None) -> list[str]:
    """Return the colleges that a row is for."""
    return [one.id for one in network.colleges if region in (None, one.region)]


def _unread(colleges: Iterable[str], facts: Facts) -> bool:
    return any(name not in facts for name in colleges)
