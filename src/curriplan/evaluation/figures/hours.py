"""Hours of teachers and rooms, today and with the plan, and the hours that name neither."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import inf

from curriplan.catalog.records import (
    PRACTICE_KINDS,
    SELF_STUDY_KINDS,
    HoursByKind,
    HoursKind,
    Resource,
    ResourceCategory,
)
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.state import Basis, PlanState
from curriplan.plan.figures import ADDED, DROPPED, FIXED, KEPT, KindHours, NamedHours, Posts
from curriplan.problem.limits import Limits
from curriplan.problem.problem import Problem

Uses = Mapping[tuple[str, str], float]
"""Hours by (resource, calendar semester)."""
CONTACT_KINDS = tuple(kind for kind in HoursKind if kind not in SELF_STUDY_KINDS)


def post_hours(limits: Limits) -> float | None:
    """Return weekly hours of a teacher · half a year's teaching weeks; None where one is not known."""
    weekly, weeks = limits.number("teacher_weekly_hours"), limits.number("teaching_weeks_year")
    return weekly * weeks / 2 if weekly and weeks else None


def teachers_of(today: PlanState, plan: PlanState) -> tuple[KindHours, ...]:
    """Return the hours of each kind of teacher, in the order of the catalog."""
    return _kinds(today, plan, teachers=True)


def rooms_of(today: PlanState, plan: PlanState) -> tuple[KindHours, ...]:
    """Return the hours of each kind of room, plant or enterprise, in the order of the catalog."""
    return _kinds(today, plan, teachers=False)


def posts_of(teachers: Iterable[KindHours], a_post: float | None) -> tuple[Posts, ...]:
    """Return hours over the hours of a post; to hire is max(0, needed − existing)."""
    if a_post is None:
        return ()
    found = []
    for row in teachers:
        existing = None if row.existing_hours is None else row.existing_hours / a_post
        needed = row.needed_hours / a_post
        to_hire = None if existing is None else max(0.0, needed - existing)
        found.append(Posts(row.kind, row.needed_today_hours / a_post, needed, existing, to_hire))
    return tuple(found)


def _kinds(today: PlanState, plan: PlanState, *, teachers: bool) -> tuple[KindHours, ...]:
    before, added = today.uses, _uses_of_added(plan)
    return tuple(
        _kind_hours(plan.basis, kind, sites, before, plan.uses, added)
        for kind, sites in plan.basis.capacity.sites.items()
        if (sites[0].category is ResourceCategory.TEACHER_POST) is teachers and plan.basis.capacity.semesters
    )


def _uses_of_added(plan: PlanState) -> Uses:
    """Return the hours that modules use which are not taught today."""
    found: dict[tuple[str, str], float] = {}
    for state in plan.states.values():
        sites = tuple(site for site in state.sites if site.module in state.added)
        for key, hours in ProgrammeState.of_rows(state.of, state.starts, sites).uses.items():
            found[key] = found.get(key, 0.0) + hours
    return found


def _kind_hours(
    basis: Basis, kind: str, sites: tuple[Resource, ...], before: Uses, after: Uses, added: Uses
) -> KindHours:
    """Return a kind's hours in the semester in which the plan leaves the fewest, the first of several."""
    capacity = basis.capacity
    names = [site.id for site in sites]
    limited = all(capacity.is_limited(name) for name in names)

    def hours(uses: Uses, semester: str) -> float:
        return sum((uses.get((name, semester), 0.0) for name in names), 0.0)

    there, outside = {}, {}
    for semester in capacity.semesters:
        rows = [capacity.row(name, semester) for name in names if capacity.is_limited(name)]
        there[semester] = sum(row.hours for row in rows) if limited else inf
        outside[semester] = sum(row.committed_hours for row in rows) + hours(
            capacity.unplanned_hours, semester
        )

    def needed(uses: Uses, semester: str) -> float:
        return outside[semester] + hours(uses, semester)

    def lacking(uses: Uses) -> float | None:
        return max(max(0.0, needed(uses, one) - there[one]) for one in there) if limited else None

    tightest = max(
        capacity.semesters,
        # Semesters are sorted, and of equal ones `max` takes the first.
        key=lambda one: (round(needed(after, one) - there[one], 6) if limited else 0.0, needed(after, one)),
    )
    return KindHours(
        kind=kind,
        category=sites[0].category.value,
        semester=tightest,
        existing_hours=there[tightest] if limited else None,
        committed_hours=outside[tightest],
        today_hours=hours(before, tightest),
        kept_hours=max(0.0, hours(after, tightest) - hours(added, tightest)),
        added_hours=hours(added, tightest),
        lacking_today_hours=lacking(before),
        lacking_hours=lacking(after),
    )


def named_hours(today: PlanState, plan: PlanState) -> tuple[NamedHours, ...]:
    """Return the hours of each planned programme by origin, of one group, and those that name nobody."""
    return tuple(
        row
        for name, state in plan.states.items()
        for row in _named_of_programme(plan.basis, name, today.states[name], state)
    )


def _named_of_programme(
    basis: Basis, name: str, today: ProgrammeState, state: ProgrammeState
) -> Iterator[NamedHours]:
    taken, current = set(state.terms_of), set(today.terms_of)
    modules = {KEPT: taken & current, ADDED: taken - current, DROPPED: current - taken}
    by_id = basis.catalog.module_by_id
    fixed = [row for row in basis.catalog.programme_fixed_hours if row.programme == name]
    for origin in (KEPT, ADDED, FIXED, DROPPED):
        rows: list[tuple[HoursByKind, str | None]] = [(row, None) for row in fixed]
        if origin != FIXED:
            rows = [(by_id[module], module) for module in sorted(modules[origin])]
        yield NamedHours(
            programme=name,
            origin=origin,
            contact_hours=sum((row.contact_hours for row, _ in rows), 0.0),
            without_teacher_hours=_nameless_hours(basis, rows, CONTACT_KINDS, teachers=True),
            practical_hours=sum((row.practice_hours for row, _ in rows), 0.0),
            without_room_hours=_nameless_hours(basis, rows, PRACTICE_KINDS, teachers=False),
        )


def _nameless_hours(
    basis: Basis,
    rows: Collection[tuple[HoursByKind, str | None]],
    kinds: Collection[HoursKind],
    *,
    teachers: bool,
) -> float:
    """Return the hours of some kinds, of modules or fixed loads, that name no teacher, or no room."""
    unnamed = (
        row.hours(kind) * (1 - _named_share(basis, module, kind, teachers=teachers))
        for row, module in rows
        for kind in kinds
    )
    return sum(unnamed, 0.0)


def _named_share(basis: Basis, module: str | None, kind: HoursKind, *, teachers: bool) -> float:
    """Return the part of a module's hours of a kind that names a teacher, or a room: at most all."""
    shares = basis.problem.derived(_Shares).by_module.get((module or "", kind, teachers), 0.0)
    return min(1.0, shares)


class _Shares:
    """The shares of ``module_resources``, by module, kind of hours, and whether teachers are asked for."""

    def __init__(self, problem: Problem) -> None:
        catalog = problem.catalog
        teachers = {row.kind for row in catalog.resources if row.category is ResourceCategory.TEACHER_POST}
        self.by_module: dict[tuple[str, HoursKind, bool], float] = {}
        for row in catalog.module_resources:
            key = (row.module, row.hours_kind, row.resource_kind in teachers)
            self.by_module[key] = self.by_module.get(key, 0.0) + row.hours_share
