"""The plan of the network, summed anew from the plans of its colleges as the evaluation found them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from curriplan.api.network.failures import issue_data
from curriplan.api.network.jobs import WORKBOOK, folder_of
from curriplan.api.network.tasks import settings_data
from curriplan.base.errors import Issue, SolverError
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.records import College, Names, Network
from curriplan.plan.network import (
    CollegePlan,
    CollegeResult,
    Failure,
    National,
    NetworkPlan,
    RegionResult,
    SharedKind,
    SharedRow,
)
from curriplan.problem.network import choices_of
from curriplan.problem.settings import Settings

if TYPE_CHECKING:
    from curriplan.optimizer.network.rounds import NationalChoice

DIGITS = 9
MILLION = 1_000_000
HOURS_SLACK = 1e-5
"""Hours are rounded where they are allotted, those of each college up."""
CLOSURE_SLACK = 1e-6


@dataclass(frozen=True)
class Planned:
    """What the jobs have come to.

    Parameters
    ----------
    facts, alone, whole : mapping
        By college; `whole` is None where there is no national plan.
    """

    facts: Mapping[str, CollegeFacts]
    alone: Mapping[str, CollegePlan]
    whole: Mapping[str, CollegePlan] | None
    choice: NationalChoice | None
    failures: Mapping[str, Failure]
    titles: Mapping[str, Names] = field(default_factory=dict)
    illustrative: frozenset[str] = frozenset()
    has_workbooks: bool = False
    warnings: Sequence[Issue] = ()


def network_plan(
    network: Network, settings: Settings, colleges: Sequence[College], planned: Planned
) -> NetworkPlan:
    """Sum up; only colleges that have not failed count anywhere.

    Raises
    ------
    SolverError
        ``network-plan-refused`` if the plans break what is shared.
    """
    results = tuple(_result(network, one, planned) for one in colleges)
    plans = {one.id: one for one in results if one.failure is None}
    shared = tuple(_shared(network, plans, planned.choice)) if planned.whole is not None else ()
    regions = tuple(_region(network, one, results, planned) for one in _regions(network, colleges))
    has_holes = planned.choice is not None and len(plans) < len(planned.choice.offers)
    if planned.whole is not None:
        refuse_unless_kept(shared, regions, has_holes=has_holes)
    national = _national(planned, plans, network)
    if national is not None and national.closure > national.bound + CLOSURE_SLACK:
        raise SolverError([Issue("network-plan-refused", values={"limits": "bound"})])
    return NetworkPlan(
        names=network.names,
        network_sha256=network.sha256,
        settings=settings_data(settings),
        colleges=results,
        regions=regions,
        shared=shared,
        national=national,
        further=() if planned.choice is None or has_holes else planned.choice.further,
        shared_names={one.id: one.names for one in network.centres},
        warnings=tuple(issue_data(one, network.path.parent) for one in planned.warnings),
    )


def _result(network: Network, college: College, planned: Planned) -> CollegeResult:
    failure = planned.failures.get(college.id)
    facts = planned.facts.get(college.id)
    national = None
    if failure is None and planned.whole is not None:
        national = planned.whole.get(college.id)
    groups: Mapping[str, int] = {} if facts is None else facts.groups
    choice = None if planned.choice is None or national is None else planned.choice.offers[college.id].choice
    given = choices_of(network, college.id)[choice - 1] if choice else None
    return CollegeResult(
        id=college.id,
        region=college.region,
        names=college.names or planned.titles.get(college.id, {}),
        weight=college.weight,
        learners=0 if facts is None else facts.learners,
        groups=groups,
        alone=None if failure is not None else planned.alone.get(college.id),
        national=national,
        planned_groups=None if given is None else {**groups, **given},
        failure=failure,
        catalog_sha256=None if facts is None else facts.catalog_sha256,
        illustrative=college.id in planned.illustrative,
        workbook=_workbook(college) if planned.has_workbooks and failure is None else None,
    )


def _workbook(college: College) -> str:
    return (folder_of(Path(), college.id) / WORKBOOK).as_posix()


def _regions(network: Network, colleges: Iterable[College]) -> Iterator[str]:
    """Yield the regions, those that have a college in this run, in the order of the network."""
    there = {one.region for one in colleges}
    return (one.id for one in network.regions if one.id in there)


def _region(network: Network, name: str, results: Sequence[CollegeResult], planned: Planned) -> RegionResult:
    region = next(one for one in network.regions if one.id == name)
    mine = [one for one in results if one.region == name]
    there = [one for one in mine if one.failure is None and one.alone is not None]
    final = [(one, one.national or one.alone) for one in there]
    closures = [plan.closure for _, plan in final if plan is not None]
    price = 0.0 if planned.choice is None else _floor_price(planned.choice, name)
    return RegionResult(
        id=name,
        names=region.names,
        floor=region.floor,
        colleges=len(mine),
        failed=len(mine) - len(there),
        learners=sum(plan.learners for _, plan in final if plan is not None),
        closure_before=_mean((one.learners, one.alone.closure_before) for one in there if one.alone),
        closure_alone=_mean((one.alone.learners, one.alone.closure) for one in there if one.alone),
        closure=_mean((plan.learners, plan.closure) for _, plan in final if plan is not None),
        lowest=min(closures, default=None),
        highest=max(closures, default=None),
        floor_price=price,
    )


def _mean(rows: Iterable[tuple[float, float]]) -> float | None:
    """Return the mean of values by their weights; None where nothing has any."""
    known = list(rows)
    weight = sum(one for one, _ in known)
    return round(sum(one * value for one, value in known) / weight, DIGITS) if weight else None


def _shared(
    network: Network, plans: Mapping[str, CollegeResult], choice: NationalChoice | None
) -> Iterator[SharedRow]:
    """Yield each shared limit with what the plans use of it: money, then hours, then groups."""
    prices = {} if choice is None else _prices(choice)
    rows = [*_money(network, plans), *_hours(network, plans), *_groups(network, plans)]
    for row in sorted(rows, key=lambda one: (one.kind, one.subject, one.region or "", one.when)):
        subject = (row.region or "") if row.kind is SharedKind.GROUPS else row.subject
        region = None if row.kind is SharedKind.HOURS else row.region
        price = prices.get((row.kind, subject, region, row.when), 0.0)
        yield replace(row, price=price / MILLION if row.kind is SharedKind.MONEY else price)


def _prices(choice: NationalChoice) -> dict[tuple[SharedKind | None, str, str | None, str], float]:
    return {
        (row.kind, row.subject, row.region, row.when): price
        for row, price in zip(choice.country.rows, choice.prices, strict=True)
    }


def _money(network: Network, plans: Mapping[str, CollegeResult]) -> Iterator[SharedRow]:
    for budget in network.budgets:
        mine = [one for one in plans.values() if budget.region in (None, one.region)]
        limits: list[tuple[str, int]] = [(str(year), kzt) for year, kzt in budget.years_kzt.items()]
        if budget.total_kzt is not None:
            limits.append(("", budget.total_kzt))

        def used(found: Iterable[CollegePlan | None], when: str, source: str = budget.source) -> int:
            rows = (row for one in found if one is not None for row in one.money)
            return sum(row.kzt for row in rows if row.source == source and when in ("", str(row.year)))

        for when, limit in limits:
            alone, now = (used(_plans(mine, name), when) for name in ("alone", "national"))
            yield SharedRow(SharedKind.MONEY, budget.source, budget.region, when, limit, alone, now, 0.0)


def _hours(network: Network, plans: Mapping[str, CollegeResult]) -> Iterator[SharedRow]:
    for centre in network.centres:

        def used(found: Iterable[CollegePlan | None], when: str, name: str = centre.id) -> float:
            rows = (row for one in found if one is not None for row in one.hours)
            return round(
                sum(row.hours for row in rows if row.centre == name and row.semester == when), DIGITS
            )

        for semester, limit in centre.hours.items():
            alone, now = (used(_plans(plans.values(), name), semester) for name in ("alone", "national"))
            yield SharedRow(SharedKind.HOURS, centre.id, centre.region, semester, limit, alone, now, 0.0)


def _groups(network: Network, plans: Mapping[str, CollegeResult]) -> Iterator[SharedRow]:
    """Yield the groups of each region in which a college may be given others: as many as today."""
    moving = {network.region_of[one.college] for one in network.places if one.college in plans}
    for region in sorted(moving):
        mine = [one for one in plans.values() if one.region == region]
        today = sum(sum(one.groups.values()) for one in mine)
        now = sum(sum((one.planned_groups or one.groups).values()) for one in mine)
        yield SharedRow(SharedKind.GROUPS, "", region, "", today, today, now, 0.0)


def _plans(results: Iterable[CollegeResult], name: str) -> list[CollegePlan | None]:
    return [getattr(one, name) for one in results]


def _floor_price(choice: NationalChoice, region: str) -> float:
    """Return what the national closure would gain if a floor fell by one."""
    country = choice.country
    mine = sum(one.learners[0] for one in country.members if one.region == region)
    return _prices(choice).get((None, region, region, ""), 0.0) * mine / country.learners_of_all


def _national(planned: Planned, plans: Mapping[str, CollegeResult], network: Network) -> National | None:
    """Return how sure the national plan is.

    Where a college has failed that the choice had counted on, the bound is that of the others: what it had at
    least, nothing, is taken away, and all is spread over fewer learners.
    """
    choice = planned.choice
    if choice is None or planned.whole is None:
        return None
    there = [one for one in choice.country.members if one.id in plans]
    weight = sum(one.weight * one.learners[0] for one in there)
    if not weight:
        return None
    gained = sum(
        one.weight * plan.learners * plan.closure
        for one in there
        if (plan := plans[one.id].national) is not None
    )
    closure = gained / weight
    most = replace(choice.country, members=tuple(there)).most
    bound = min(most, choice.bound * choice.country.weight_of_all / weight)
    return National(
        closure=round(closure, DIGITS),
        chosen=round(choice.closure, DIGITS),
        bound=round(bound, DIGITS),
        gap=round(max(0.0, bound - closure) / max(closure, 1e-9), DIGITS),
        rounds=choice.rounds,
        is_over_list=bool(network.places),
        stopped=choice.stopped,
    )


def refuse_unless_kept(
    shared: Iterable[SharedRow], regions: Iterable[RegionResult], *, has_holes: bool
) -> None:
    """Refuse plans that break what is shared.

    Where a college has failed that the choice had counted on, its groups and its part of a floor are lacking:
    the result says so, and is no fault of the plans.
    """
    broken = [
        f"{row.kind} {row.subject or row.region} {row.when}".strip()
        for row in shared
        if row.used > row.limit + (HOURS_SLACK * max(1.0, row.limit) if row.kind is SharedKind.HOURS else 0)
        or (row.kind is SharedKind.GROUPS and row.used != row.limit and not has_holes)
    ]
    broken += [
        f"floor {one.id}"
        for one in regions
        if one.floor is not None
        and one.closure is not None
        and one.closure < one.floor - CLOSURE_SLACK
        and not has_holes
    ]
    if broken:
        raise SolverError([Issue("network-plan-refused", values={"limits": ", ".join(broken)})])
