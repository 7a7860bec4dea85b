"""Rooms, plants, enterprises and teachers: §9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from curriplan.catalog.records import Resource
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, breaches, check
from curriplan.evaluation.state import PlanState
from curriplan.plan.plan import Site
from curriplan.problem.aspects import RuleCheck

Given = Mapping[tuple[str, str], list[tuple[Resource, int]]]
"""The resources that a module uses, by module and kind, each with its parts."""


def sites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§9: for each kind that a module taken needs, exactly one site, where the kind is not split.

    That site serves all parts: a number of parts that is given beside it must say so.
    """
    if state.of.basis.capacity.needs or state.asked.sites:
        given = _given(state)
        asked = ((name, kind) for name, kind in _asked(state) if not _is_split(state, name, kind))
        wrong = (
            f"{name}:{kind}"
            for name, kind in asked
            if not _one_whole_site(state, name, given.get((name, kind), []))
        )
        yield breaches("sites", state.name, wrong)


def _one_whole_site(state: ProgrammeState, module: str, used: list[tuple[Resource, int]]) -> bool:
    return len(used) == 1 and all(
        parts in (0, state.of.basis.capacity.parts(state.of.programme, module, resource))
        for resource, parts in used
    )


def split_parts(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§9: where a kind is split, Σ_r n[r] · size(r) ≥ learners, and no part is idle.

    Idle is a part without which the rest would do: so n[r] never exceeds the parts that r alone would
    need.
    """
    asked = [(name, kind) for name, kind in _asked(state) if _is_split(state, name, kind)]
    if asked:
        given = _given(state)
        wrong = (
            f"{name}:{kind}"
            for name, kind in asked
            if not _parts_fit(state, name, given.get((name, kind), []))
        )
        yield breaches("split_parts", state.name, wrong)


def _parts_fit(state: ProgrammeState, module: str, used: list[tuple[Resource, int]]) -> bool:
    """Say whether the parts used take in all learners, and would not without any one of them."""
    programme = state.of.programme
    sizes = [state.of.basis.capacity.part_size(programme, module, resource) for resource, _ in used]
    places = sum(size * parts for size, (_, parts) in zip(sizes, used, strict=True))
    smallest = min((size for size, (_, parts) in zip(sizes, used, strict=True) if parts > 0), default=0.0)
    return places - smallest < programme.learners <= places


def needless_sites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§9: no site serves nothing.

    Needless is a site of an unknown resource, of a kind that the module does not need, of a module
    that is not taken, or of no part where the kind is split.
    """
    if state.of.basis.capacity.needs or state.asked.sites:
        idle = (f"{row.module}:{row.resource}" for row in state.asked.sites if not _serves(state, row))
        yield breaches("needless_sites", state.name, idle)


def stray_sites(plan: PlanState) -> Iterator[RuleCheck]:
    """§9: only planned programmes use sites."""
    if plan.stray_sites:
        yield breaches(
            "needless_sites", None, (f"{row.programme}:{row.resource}" for row in plan.stray_sites)
        )


def resource_hours(plan: PlanState) -> Iterator[RuleCheck]:
    """§9: Σ_p hours used of r in the calendar semester s ≤ its hours − those committed, in hours.

    A module that spans uses its part of the hours in each of its terms. Committed too are the existing
    curricula of programmes that are not planned. Intakes that repeat meet: each uses r in every
    semester of the season.
    """
    limited = plan.basis.free_hours
    asked = {name for one in plan.asked for name in one.resources}
    for resource in limited if plan.change is None else (name for name in limited if name in asked):
        used = plan.hours.get(resource, {})
        for semester, free in limited[resource]:
            yield _hours_check(resource, semester, free, used.get(semester, 0.0))


@lru_cache(maxsize=20_000)
def _hours_check(resource: str, semester: str, free: float, used: float) -> RuleCheck:
    """Make the row once: a what-if changes a few of hundreds."""
    return check("resource_hours", "<=", free, used, subject=resource, semester=semester)


def _asked(state: ProgrammeState) -> Iterator[tuple[str, str]]:
    """Yield each kind that a module taken needs."""
    needs = state.of.basis.capacity.needs
    names = dict.fromkeys(row.module for row in state.asked.taken)
    return ((name, kind) for name in names for kind in needs.get(name, {}))


def _is_split(state: ProgrammeState, module: str, kind: str) -> bool:
    return state.of.basis.capacity.is_split(module, kind)


def _serves(state: ProgrammeState, site: Site) -> bool:
    resource = state.of.basis.catalog.resource_by_id.get(site.resource)
    if resource is None or site.module not in state.terms_of:
        return False
    needed = resource.kind in state.of.basis.capacity.needs.get(site.module, {})
    return needed and (site.parts > 0 or not _is_split(state, site.module, resource.kind))


def _given(state: ProgrammeState) -> Given:
    by_id = state.of.basis.catalog.resource_by_id
    found: dict[tuple[str, str], list[tuple[Resource, int]]] = {}
    for site in state.asked.sites:
        if _serves(state, site):
            resource = by_id[site.resource]
            found.setdefault((site.module, resource.kind), []).append((resource, site.parts))
    return found


PROGRAMME_RULES: ProgrammeRules = (
    ("§9", sites),
    ("§9", split_parts),
    ("§9", needless_sites),
)
SHARED_RULES: SharedRules = (
    ("§9", stray_sites),
    ("§9", resource_hours),
)
