"""The rows of a plan that follow from its bare decisions, and the decisions behind *before*."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.capacity import Capacity
from curriplan.curriculum import Curricula
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.rules import UNASSIGNED
from curriplan.evaluation.state import new_money_by_module
from curriplan.gaps import ProgrammeGaps
from curriplan.model import Catalog
from curriplan.plan import Decision, Payment, PlannedGap, PlannedModule, PlannedUse, Selection, Site, Start
from curriplan.settings import Limits


def existing_selection(
    catalog: Catalog, limits: Limits, curricula: Curricula, capacity: Capacity
) -> Selection:
    """Return the existing curricula of the planned programmes as they stand, forbidden modules included.

    Sites are assumed (`Capacity.assign_current_sites`); the result may break rules.
    """
    planned = [row.id for row in catalog.programmes if row.id in limits.planned]
    starts = (
        Start(name, option.module.id, option.current_term)
        for name in planned
        for option in curricula.by_programme[name].current
        if option.current_term is not None
    )
    assigned = capacity.assign_current_sites(planned)
    sites = (Site(name, module, resource) for (name, module, _), resource in assigned.items())
    return Selection(tuple(sorted(starts)), tuple(sorted(sites)))


def planned_modules(
    catalog: Catalog, limits: Limits, curricula: Curricula, selection: Selection
) -> tuple[PlannedModule, ...]:
    """Name each module of the plan kept, moved or added, and each current one left out, dropped.

    By programme, module (both in catalog order) and term.
    """
    rows = [*_taken(curricula, selection), *_dropped(limits, curricula, selection)]
    programmes = {name: index for index, name in enumerate(catalog.programme_by_id)}
    modules = {name: index for index, name in enumerate(catalog.module_by_id)}
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                programmes.get(row.programme, len(programmes)),
                modules.get(row.module, len(modules)),
                row,
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


def _dropped(limits: Limits, curricula: Curricula, selection: Selection) -> Iterator[PlannedModule]:
    taken = {(start.programme, start.module) for start in selection.starts}
    for name in limits.planned:
        for option in curricula.by_programme[name].current:
            if option.key not in taken and option.current_term is not None:
                yield PlannedModule(*option.key, option.current_term, Decision.DROPPED)


def planned_uses(
    catalog: Catalog, limits: Limits, capacity: Capacity, selection: Selection
) -> tuple[PlannedUse, ...]:
    """Return the hours of each site that one intake uses, sorted; sites that serve nothing left out."""
    terms = {(start.programme, start.module): start.term for start in selection.starts}
    found = []
    for site in selection.sites:
        resource = catalog.resource_by_id.get(site.resource)
        term = terms.get((site.programme, site.module))
        if resource is not None and term is not None and site.programme in limits.planned:
            programme = catalog.programme_by_id[site.programme]
            hours = capacity.hours_used(programme, site.module, resource)
            found.append(PlannedUse(site.programme, site.module, term, site.resource, hours))
    return tuple(sorted(found, key=lambda row: (row.programme, row.module, row.resource)))


def planned_gaps(catalog: Catalog, limits: Limits, evaluation: Evaluation) -> tuple[PlannedGap, ...]:
    """Return the levels asked, today and with the plan, by programme and competency."""
    return tuple(
        PlannedGap(
            name,
            competency,
            required,
            evaluation.levels_before[name].get(competency, 0),
            evaluation.levels_after[name].get(competency, 0),
        )
        for name in limits.planned
        for competency, required in ProgrammeGaps(catalog, limits, name).required.items()
    )


def payments_for(catalog: Catalog, limits: Limits, evaluation: Evaluation) -> tuple[Payment, ...]:
    """Say who pays: sources in catalog order, each up to its own budget, module by module.

    What a budget given by hand has beyond the sources together, the last source pays; so it does
    with everything where no budget limits the plan. A catalog without sources pays from
    ``unassigned``. Nobody pays what is over budget.
    """
    due = new_money_by_module(evaluation.setup_cost_kzt, evaluation.added_cost_kzt)
    purses = _purses(catalog)
    budget_kzt = sum(due.values()) if limits.budget_kzt is None else limits.budget_kzt
    purses[list(purses)[-1]] += max(0, budget_kzt - sum(purses.values()))
    found = []
    for module in (name for name in catalog.module_by_id if due.get(name, 0) > 0):
        open_kzt = due[module]
        for source, left_kzt in purses.items():
            kzt = min(left_kzt, open_kzt)
            if kzt > 0:
                found.append(Payment(source, module, kzt))
                purses[source] -= kzt
                open_kzt -= kzt
    return tuple(found)


def _purses(catalog: Catalog) -> dict[str, int]:
    """Return the new money of each source, in catalog order."""
    learners = sum(row.learners for row in catalog.programmes)
    purses = {row.id: 0 for row in catalog.funding_sources} or {UNASSIGNED: 0}
    for row in catalog.funding_budgets:
        if row.source in purses:
            purses[row.source] += row.budget_kzt + row.per_learner_kzt * learners
    return purses
