"""The rows of a plan that follow from its bare decisions, and the decisions behind *before*."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curriplan.catalog.records import Programme, Resource
from curriplan.evaluation.result import Evaluation
from curriplan.plan.plan import (
    Decision,
    Intake,
    PlannedGap,
    PlannedModule,
    PlannedUse,
    Selection,
    Site,
    Start,
)
from curriplan.problem.capacity import Capacity
from curriplan.problem.curriculum import Curricula, Option
from curriplan.problem.problem import Problem


def existing_selection(problem: Problem) -> Selection:
    """Return the existing curricula of the planned programmes as they stand, forbidden modules included.

    Sites are assumed; the result may break rules.
    """
    planned = (problem.curricula.by_programme[name] for name in problem.limits.planned)
    return _with_assumed_sites(problem, [(one, one.current_term) for own in planned for one in own.current])


def existing_starts(problem: Problem) -> tuple[Start, ...]:
    """Return when the modules of the existing curricula of the planned programmes start today, sorted."""
    planned = (problem.curricula.by_programme[name] for name in problem.limits.planned)
    options = (one for own in planned for one in own.current)
    return tuple(sorted(Start(*one.key, one.current_term) for one in options if one.current_term is not None))


def earlier_selection(problem: Problem) -> Selection | None:
    """Return the plan under review, else the earlier one (§12), where there is one.

    Sites are assumed, as those of `existing_selection`.
    """
    previous = problem.limits.settings.compared_starts
    if previous is None:
        return None
    terms = {(programme, module): term for programme, module, term in previous}
    planned = (problem.curricula.by_programme[name] for name in problem.limits.planned)
    offered = [one for own in planned for one in own.open_options if one.key in terms]
    return _with_assumed_sites(problem, [(one, terms[one.key]) for one in offered])


def _with_assumed_sites(problem: Problem, taken: Sequence[tuple[Option, int | None]]) -> Selection:
    starts = (Start(*option.key, term) for option, term in taken if term is not None)
    assigned = problem.capacity.assign_sites(taken)
    sites = (
        Site(name, module, resource, _all_parts(problem, name, module, resource))
        for (name, module, _), resource in assigned.items()
    )
    return Selection(tuple(sorted(starts)), tuple(sorted(sites)))


def _all_parts(problem: Problem, programme: str, module: str, resource: str) -> int:
    """Return the parts of a site that serves all of them: 0 says so where the kind is not split."""
    site = problem.catalog.resource_by_id[resource]
    if not problem.capacity.is_split(module, site.kind):
        return 0
    return problem.capacity.parts(problem.catalog.programme_by_id[programme], module, site)


def planned_intakes(problem: Problem) -> tuple[Intake, ...]:
    """Return when each planned programme begins, in catalog order."""
    rows = (problem.catalog.programme_by_id[name] for name in problem.limits.planned)
    return tuple(Intake(row.id, row.start, row.intake_of) for row in rows)


def planned_modules(problem: Problem, selection: Selection) -> tuple[PlannedModule, ...]:
    """Name each module of the plan kept, moved or added, and each current one left out, dropped.

    By programme, module (both in catalog order) and term.
    """
    rows = [*_taken(problem.curricula, selection), *_dropped(problem, selection)]
    programmes = {name: index for index, name in enumerate(problem.catalog.programme_by_id)}
    modules = {name: index for index, name in enumerate(problem.catalog.module_by_id)}
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                programmes.get(row.programme, len(programmes)),
                modules.get(row.module, len(modules)),
                (row.programme, row.module, row.term),
            ),
        )
    )


def _taken(curricula: Curricula, selection: Selection) -> Iterator[PlannedModule]:
    for start in selection.starts:
        current_term = _current_term(curricula, start)
        if current_term is None:
            decision = Decision.ADDED
        else:
            decision = Decision.KEPT if current_term == start.term else Decision.MOVED
        yield PlannedModule(start.programme, start.module, start.term, decision)


def _current_term(curricula: Curricula, start: Start) -> int | None:
    one = curricula.by_programme.get(start.programme)
    option = one.options.get(start.module) if one else None
    return option.current_term if option else None


def _dropped(problem: Problem, selection: Selection) -> Iterator[PlannedModule]:
    taken = selection.taken
    for name in problem.limits.planned:
        for option in problem.curricula.by_programme[name].current:
            if option.key not in taken and option.current_term is not None:
                yield PlannedModule(*option.key, option.current_term, Decision.DROPPED)


def planned_uses(problem: Problem, selection: Selection) -> tuple[PlannedUse, ...]:
    """Return the hours of each site in each term that a module runs in, of one intake, sorted.

    Sites that serve nothing are left out.
    """
    catalog, capacity = problem.catalog, problem.capacity
    starts = {(row.programme, row.module, row.term) for row in selection.starts}
    terms: dict[tuple[str, str], list[int]] = {}
    for name, taken, term in sorted(starts):
        terms.setdefault((name, taken), []).append(term)
    found = []
    for site in selection.sites:
        resource = catalog.resource_by_id.get(site.resource)
        module = catalog.module_by_id.get(site.module)
        if resource is not None and module is not None and site.programme in problem.limits.planned:
            programme = catalog.programme_by_id[site.programme]
            hours = capacity.site_hours(programme, site.module, resource, site.parts)
            parts = _parts(capacity, programme, site, resource)
            found += [
                PlannedUse(site.programme, site.module, term, site.resource, hours * weight, parts)
                for start in terms.get((site.programme, site.module), ())
                for term, weight in enumerate(module.term_weights, start)
            ]
    return tuple(sorted(found, key=lambda row: (row.programme, row.module, row.resource, row.term)))


def _parts(capacity: Capacity, programme: Programme, site: Site, resource: Resource) -> int:
    """Return the parts that a site serves: those decided where its kind is split, else all."""
    if capacity.is_split(site.module, resource.kind):
        return site.parts
    return capacity.parts(programme, site.module, resource)


def planned_gaps(problem: Problem, evaluation: Evaluation) -> tuple[PlannedGap, ...]:
    """Return the levels asked, today and with the plan, by programme and competency."""
    return tuple(
        PlannedGap(
            name,
            competency,
            required,
            evaluation.levels_before[name].get(competency, 0),
            evaluation.levels_after[name].get(competency, 0),
        )
        for name, gaps in problem.gaps.items()
        for competency, required in gaps.required.items()
    )
