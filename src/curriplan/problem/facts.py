"""What a network asks of a college's catalog before any plan (`curriplan.catalog.network.against`)."""

from __future__ import annotations

from curriplan.base import semesters
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.problem.problem import Problem


def facts_of(college: str, problem: Problem) -> CollegeFacts:
    """Return the facts of a college's catalog, planned as `problem` has it.

    Parameters
    ----------
    college : str
        Its id in the network.
    """
    catalog, limits = problem.catalog, problem.limits
    planned = [catalog.programme_by_id[name] for name in limits.planned]
    ahead = sorted(
        {
            semester
            for one in planned
            for term in range(1, one.terms + 1)
            if not limits.is_over(semester := semesters.of_term(one.start, term))
        }
    )
    kinds = {
        kind
        for option in problem.curricula.options()
        if option.programme in limits.planned
        for kind in problem.capacity.needs.get(option.module.id, ())
    }
    own_kzt: dict[str, int] = {}
    for (source, _), kzt in sorted((problem.money.budgets or {}).items(), key=lambda one: one[0][0]):
        own_kzt[source] = own_kzt.get(source, 0) + kzt
    return CollegeFacts(
        college=college,
        catalog_sha256=catalog.sha256,
        sources=tuple(sorted(row.id for row in catalog.funding_sources)),
        resources={row.id: row.kind for row in catalog.resources},
        used=tuple(sorted(row.id for row in catalog.resources if row.kind in kinds)),
        groups={one.id: limits.groups(one) for one in planned},
        learners=sum(one.learners for one in planned),
        years=tuple(sorted({semesters.calendar_year(semester) for semester in ahead})),
        semesters=tuple(ahead),
        own_kzt=own_kzt,
    )
