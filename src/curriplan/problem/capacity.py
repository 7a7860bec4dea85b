"""Hours of rooms and teachers by calendar semester (§9), without any solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

from curriplan.base import semesters
from curriplan.catalog.records import Catalog, HoursKind, Programme, Resource, ResourceCategory
from curriplan.problem.curriculum import Curricula, Option
from curriplan.problem.limits import Limits


@dataclass(frozen=True)
class CapacityRow:
    """Hours of a resource in a calendar semester, in hours."""

    resource: str
    semester: str
    hours: float
    committed_hours: float


class Capacity:
    """What §9 needs to know: sites by kind, hours that a module uses, hours that are free."""

    def __init__(self, catalog: Catalog, limits: Limits, curricula: Curricula) -> None:
        self.catalog = catalog
        self.limits = limits
        self.curricula = curricula
        self._rows = {(row.resource, row.semester): row for row in catalog.resource_capacity}
        self._limited = {row.resource for row in catalog.resource_capacity}
        self._used: dict[tuple[str, int], tuple[str, ...]] = {}

    @cached_property
    def semesters(self) -> tuple[str, ...]:
        """Calendar semesters that a term of any programme falls in and that are not over, sorted."""
        found = {
            semesters.of_term(programme.start, term)
            for programme in self.catalog.programmes
            for term in range(1, programme.terms + 1)
        }
        return tuple(sorted(name for name in found if not self.limits.is_over(name)))

    @cached_property
    def sites(self) -> dict[str, tuple[Resource, ...]]:
        """Resources by kind, in catalog order."""
        found: dict[str, list[Resource]] = {}
        for row in self.catalog.resources:
            found.setdefault(row.kind, []).append(row)
        return {kind: tuple(rows) for kind, rows in found.items()}

    @cached_property
    def needs(self) -> dict[str, dict[str, dict[HoursKind, float]]]:
        """Hours by module, resource kind and hours kind, of one group or sub-group; zeros left out."""
        found: dict[str, dict[str, dict[HoursKind, float]]] = {}
        for row in self.catalog.module_resources:
            module = self.catalog.module_by_id.get(row.module)
            hours = module.hours(row.hours_kind) * row.hours_share if module else 0.0
            if hours > 0:
                kinds = found.setdefault(row.module, {}).setdefault(row.resource_kind, {})
                kinds[row.hours_kind] = kinds.get(row.hours_kind, 0.0) + hours
        return found

    @cached_property
    def _split(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (row.module, row.resource_kind) for row in self.catalog.module_resources if row.may_split
        )

    def is_split(self, module: str, kind: str) -> bool:
        """Say whether whole parts of an intake may be divided over several resources of the kind."""
        return (module, kind) in self._split

    def parts(self, programme: Programme, module: str, resource: Resource) -> int:
        """Return into how many groups (a teacher of theory) or sub-groups a resource divides an intake."""
        if self._by_group(module, resource):
            return self.limits.groups(programme)
        return self.limits.subgroups(programme, resource.places)

    def part_size(self, programme: Programme, module: str, resource: Resource) -> float:
        """Return the learners of one part; all of them where the profile gives no size."""
        key = "group_size" if self._by_group(module, resource) else "subgroup_size"
        places = None if key == "group_size" else resource.places
        return float(places or self.limits.number(key) or programme.learners)

    def _by_group(self, module: str, resource: Resource) -> bool:
        needed = self.needs.get(module, {}).get(resource.kind, {})
        return resource.category is ResourceCategory.TEACHER_POST and set(needed) == {HoursKind.THEORY}

    def hours_used(self, programme: Programme, module: str, resource: Resource) -> float:
        """Return the hours that one intake of `programme` uses `resource` as the one site of `module`."""
        needed = self.needs.get(module, {}).get(resource.kind, {})
        return sum(hours * self._multiplier(programme, resource, kind) for kind, hours in needed.items())

    def part_hours(self, module: str, resource: Resource) -> float:
        """Return the hours that one part uses `resource` for `module`, where its kind is split."""
        return sum(self.needs.get(module, {}).get(resource.kind, {}).values())

    def site_hours(self, programme: Programme, module: str, resource: Resource, parts: int = 0) -> float:
        """Return the hours of a resource in use: of so many parts where its kind is split, else of all."""
        if self.is_split(module, resource.kind):
            return parts * self.part_hours(module, resource)
        return self.hours_used(programme, module, resource)

    def _multiplier(self, programme: Programme, resource: Resource, kind: HoursKind) -> int:
        if resource.category is ResourceCategory.TEACHER_POST and kind is HoursKind.THEORY:
            return self.limits.groups(programme)
        return self.limits.subgroups(programme, resource.places)

    def semester_shares(self, option: Option, start: int) -> dict[str, float]:
        """Return the part of a module's hours that falls in each calendar semester, started in `start`.

        A programme that repeats uses its sites in every semester of a season, so the parts may sum
        to more than 1.
        """
        programme = self.catalog.programme_by_id[option.programme]
        found: dict[str, float] = {}
        for term, weight in option.runs(start):
            for semester in self.semesters_used(programme, term):
                found[semester] = found.get(semester, 0.0) + weight
        return found

    def start_semesters(self, programme: Programme, term: int) -> tuple[str, ...]:
        """Return the calendar semesters in which an intake starts a module of `term` (§14).

        A programme that repeats starts it in every year from the first on. What is over is left out.
        """
        own = semesters.of_term(programme.start, term)
        if not programme.repeats:
            return () if self.limits.is_over(own) else (own,)
        return self._same_season(own, own)

    def semesters_used(self, programme: Programme, term: int) -> tuple[str, ...]:
        """Return the calendar semesters in which a module of `term` uses its sites."""
        if (programme.id, term) not in self._used:  # asked for each start of each module
            self._used[programme.id, term] = self._semesters_used(programme, term)
        return self._used[programme.id, term]

    def _semesters_used(self, programme: Programme, term: int) -> tuple[str, ...]:
        if not programme.repeats or programme.id in self.catalog.running_intakes:
            return self.start_semesters(programme, term)  # other intakes speak for themselves
        return self._same_season(semesters.of_term(programme.start, term), programme.start)

    def _same_season(self, semester: str, first: str) -> tuple[str, ...]:
        season = semesters.season(semester)
        return tuple(s for s in self.semesters if semesters.season(s) == season and s >= first)

    def is_limited(self, resource: str) -> bool:
        """Say whether the resource has any capacity row; else its hours are unlimited."""
        return resource in self._limited

    def row(self, resource: str, semester: str) -> CapacityRow:
        """Return the hours of a limited resource: the semester's row, else the season's, else 0."""
        season_row = (resource, f"*-{semesters.season(semester)}")
        row = self._rows.get((resource, semester)) or self._rows.get(season_row)
        if row is None:
            return CapacityRow(resource, semester, 0.0, 0.0)
        return CapacityRow(resource, semester, row.hours, row.committed_hours)

    @cached_property
    def free_hours(self) -> dict[tuple[str, str], float]:
        """Free hours by (resource, semester), less those of programmes that are not planned."""
        return self._others[0]

    @cached_property
    def unplanned_hours(self) -> dict[tuple[str, str], float]:
        """Hours by (resource, semester) that programmes use which are not planned."""
        options = {option.key: option for option in self.curricula.options()}
        found: dict[tuple[str, str], float] = {}
        for (name, module, _), site in self._others[1].items():
            option, resource = options[name, module], self.catalog.resource_by_id[site]
            hours = self._all_hours(self.catalog.programme_by_id[name], module, resource)
            for semester, share in self.semester_shares(option, option.current_term or 0).items():
                found[site, semester] = found.get((site, semester), 0.0) + hours * share
        return found

    @cached_property
    def _others(self) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str, str], str]]:
        """Return what programmes that are not planned leave free, and the sites that they take."""
        free = {
            (resource.id, semester): max(0.0, row.hours - row.committed_hours)
            for resource in self.catalog.resources
            if self.is_limited(resource.id)
            for semester in self.semesters
            for row in (self.row(resource.id, semester),)
        }
        others = (
            option
            for name, one in self.curricula.by_programme.items()
            if name not in self.limits.planned
            for option in one.current
        )
        chosen = self._assign(((option, option.current_term) for option in others), free)
        return free, chosen

    @cached_property
    def least_hours_today(self) -> dict[str, dict[str, float]]:
        """The fewest hours by kind and semester that the existing curricula of all programmes need.

        Of each module those at the resource that takes the fewest: no choice of sites needs less.
        """
        found: dict[str, dict[str, float]] = {}
        for option in self.curricula.options():
            programme, module = self.catalog.programme_by_id[option.programme], option.module.id
            if option.current_term is None or option.current_term > programme.terms:
                continue
            for kind in self.needs.get(module, {}):
                sites = self.sites.get(kind, ())
                least = min((self._all_hours(programme, module, site) for site in sites), default=0.0)
                for semester, share in self.semester_shares(option, option.current_term).items():
                    if semester in self.semesters and least > 0:
                        hours = found.setdefault(kind, {})
                        hours[semester] = hours.get(semester, 0.0) + least * share
        return found

    def assign_sites(self, starts: Iterable[tuple[Option, int | None]]) -> dict[tuple[str, str, str], str]:
        """Return a site for each (programme, module, kind) of options that start in a term.

        Nobody records which room a module uses today, so each takes the first one with enough
        free hours: good enough to show the load of *before*, and said so in the workbook.
        """
        return self._assign(starts, dict(self.free_hours))

    def _assign(
        self, starts: Iterable[tuple[Option, int | None]], free: dict[tuple[str, str], float]
    ) -> dict[tuple[str, str, str], str]:
        chosen = {}
        for option, term in starts:
            programme = self.catalog.programme_by_id[option.programme]
            if term is None or term > programme.terms:
                continue
            used = self.semester_shares(option, term)
            for kind in self.needs.get(option.module.id, {}):
                site = self._first_fitting(programme, option.module.id, kind, used, free)
                if site is not None:
                    chosen[(*option.key, kind)] = site.id
                    hours = self._all_hours(programme, option.module.id, site)
                    for name, share in used.items():
                        if (site.id, name) in free:
                            free[site.id, name] = max(0.0, free[site.id, name] - hours * share)
        return chosen

    def _all_hours(self, programme: Programme, module: str, site: Resource) -> float:
        """Return the hours of a resource that serves all parts."""
        return self.site_hours(programme, module, site, self.parts(programme, module, site))

    def _first_fitting(
        self,
        programme: Programme,
        module: str,
        kind: str,
        used: Mapping[str, float],
        free: dict[tuple[str, str], float],
    ) -> Resource | None:
        sites = self.sites.get(kind, ())
        for site in sites:
            hours = self._all_hours(programme, module, site)
            if all(free.get((site.id, name), inf) >= hours * share - 1e-9 for name, share in used.items()):
                return site
        return sites[0] if sites else None
