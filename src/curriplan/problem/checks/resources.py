"""Checks of resources and their hours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from curriplan.base.errors import Issue, nearest
from curriplan.base.semesters import season
from curriplan.catalog.records import HoursKind, ModuleResource, Record, ResourceCategory
from curriplan.catalog.records.unread import is_read
from curriplan.problem.checks.checked import TOLERANCE, Checked, Rule, by_row, number_text


def resource_kinds(checked: Checked) -> Iterator[Issue]:
    """Find kinds of resource that a module needs and nobody has."""
    resources = checked.catalog.resources
    if not all(is_read(row, "category") for row in resources):
        return  # beside a category that is none the kind is likely none either: the two were swapped
    kinds = sorted({row.kind for row in resources})
    for row in checked.catalog.module_resources:
        if row.resource_kind not in kinds:
            near = nearest(row.resource_kind, kinds)
            values = {"kind": row.resource_kind, "module": row.module, "nearest": near}
            yield Issue("no-resource-of-kind", row.place("resource_kind"), values)


def room_shares(checked: Checked) -> Iterator[Issue]:
    """Find hours held in several rooms at once; several teachers are no fault."""
    teachers = {r.kind for r in checked.catalog.resources if r.category is ResourceCategory.TEACHER_POST}
    rooms: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for row in checked.catalog.module_resources:
        if row.resource_kind in teachers:
            continue
        shares = rooms[row.module, row.hours_kind]
        before = math.fsum(shares)
        shares.append(row.hours_share)
        if before <= 1 + TOLERANCE < math.fsum(shares):
            values = {
                "module": row.module,
                "hours_kind": row.hours_kind,
                "sum": number_text(math.fsum(shares)),
            }
            yield Issue("hours-share-above-one", row.place("hours_share"), values)


def split_kinds(checked: Checked) -> Iterator[Issue]:
    """Find kinds that may be split (§9) although their resources divide an intake in different ways."""
    rows: defaultdict[tuple[str, str], list[ModuleResource]] = defaultdict(list)
    for row in checked.catalog.module_resources:
        rows[row.module, row.resource_kind].append(row)
    for (module, kind), needed in rows.items():
        saying = by_row(row for row in needed if row.may_split)
        if saying:
            yield from _split_issues(checked, module, kind, needed, saying[0])


def _split_issues(
    checked: Checked, module: str, kind: str, rows: list[ModuleResource], at: Record
) -> Iterator[Issue]:
    categories = tuple(sorted({row.category for row in checked.catalog.resources if row.kind == kind}))
    values = {"module": module, "kind": kind, "categories": categories}
    if len(categories) > 1:
        yield Issue("split-mixed-categories", at.place("may_split"), values)
    elif ResourceCategory.TEACHER_POST in categories:
        known = checked.catalog.module_by_id.get(module)
        needed = {
            row.hours_kind for row in rows if known and known.hours(row.hours_kind) * row.hours_share > 0
        }
        if HoursKind.THEORY in needed and len(needed) > 1:
            yield Issue("split-mixed-hours", at.place("may_split"), values)


def committed_hours(checked: Checked) -> Iterator[Issue]:
    """Find resources of which more hours are committed than there are."""
    for row in checked.catalog.resource_capacity:
        if row.committed_hours > row.hours + TOLERANCE:
            values = {"committed": number_text(row.committed_hours), "hours": number_text(row.hours)}
            yield Issue("committed-above-hours", row.place("committed_hours"), values)


def capacity_rows(checked: Checked) -> Iterator[Issue]:
    """Find needed resources without hours in a semester in use: they have none (§9), or no limit."""
    catalog = checked.catalog
    rows: defaultdict[str, set[str]] = defaultdict(set)
    for capacity in catalog.resource_capacity:
        rows[capacity.resource].add(capacity.semester)
    needed = {row.resource_kind for row in catalog.module_resources}
    for row in catalog.resources:
        if row.kind not in needed or not rows or catalog.is_allotted("resource_capacity", row.id):
            continue
        known = rows.get(row.id, set())
        missing = [s for s in checked.semesters if not known & {s, f"*-{season(s)}"}]
        if not known:
            yield Issue("capacity-unlimited", row.place("id"), {"resource": row.id})
        elif missing:
            values = {"resource": row.id, "semesters": ", ".join(missing)}
            yield Issue("capacity-missing", row.place("id"), values)


def today_above_hours(checked: Checked) -> Iterator[Issue]:
    """Find kinds of which today's curricula need more hours than are free, however they are placed."""
    capacity = checked.problem.capacity
    for kind, needed in capacity.least_hours_today.items():
        sites = capacity.sites[kind]
        if any(checked.catalog.is_allotted("resource_capacity", row.id) for row in sites):
            continue  # what a centre does besides stands in no catalog
        if not all(capacity.is_limited(row.id) for row in sites):
            continue
        free: dict[str, float] = {}
        for semester in needed:
            rows = [capacity.row(site.id, semester) for site in sites]
            free[semester] = math.fsum(max(0.0, row.hours - row.committed_hours) for row in rows)
        worst = max(needed, key=lambda semester: (needed[semester] - free[semester], semester))
        if needed[worst] > free[worst] + TOLERANCE * max(1.0, free[worst]):
            values = {
                "kind": kind,
                "semester": worst,
                "needed": number_text(round(needed[worst], 1)),
                "free": number_text(round(free[worst], 1)),
            }
            yield Issue("today-above-hours", sites[0].place("kind"), values)


RULES = (
    Rule(resource_kinds, ("resources",)),
    Rule(room_shares, ("resources",)),
    Rule(split_kinds, ("resources", "module_resources")),
    Rule(committed_hours),
    Rule(capacity_rows, ("resource_capacity", "programmes", "module_resources")),
    Rule(today_above_hours, ("resource_capacity", "programmes", "resources")),
)
