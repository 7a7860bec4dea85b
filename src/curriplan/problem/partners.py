"""Partners, and a catalog without one: its money is a budget of 0 and its resources have no hours.

What a college still may do then, and what it loses, is asked by the optimizer and told by the evaluation;
here is only what is given to both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from curriplan.base import semesters
from curriplan.catalog.records import FundingBudget, ResourceCapacity
from curriplan.problem.curriculum import Option
from curriplan.problem.limits import effective_limits
from curriplan.problem.owners import owned_by, partners_of
from curriplan.problem.problem import Problem

PLENTY_KZT = 10**12
"""More than any plan costs: the budget of a source that pays without limit, once there are budgets."""
PLENTY_HOURS = 10**5
"""More than a resource has in a semester: the hours of one without limit, once there is one."""


@dataclass(frozen=True)
class Leaving:
    """A partner that leaves.

    Parameters
    ----------
    year : int or None
        What falls due before this calendar year is sunk; None: it leaves before anything is paid.
    paid : mapping
        What each source pays in each year in the plan, KZT: what was paid before `year` stays paid.
    """

    source: str
    year: int | None = None
    paid: Mapping[tuple[str, int], int] = field(default_factory=dict)


def leaving_partners(problem: Problem) -> tuple[str, ...]:
    """Return the partners any one of whom may leave (§16): those of the settings, else all."""
    chosen = problem.limits.settings.partners
    return tuple(name for name in partners_of(problem.catalog) if not chosen or name in chosen)


def left_by(problem: Problem, leaving: Leaving) -> Problem:
    """Return the problem that a partner leaves behind: the same limits, without its money and resources.

    What programmes reach alone (§13) stays as it is, and nothing is asked of further partners (§16).
    """
    catalog = problem.catalog.replace(
        funding_budgets=tuple(_budgets(problem, leaving)),
        resource_capacity=tuple(_capacity(problem, leaving)),
    )
    settings = replace(problem.limits.settings.without_risk(), keep_within=None)
    limits = effective_limits(catalog, settings)
    limits = replace(limits, closure_alone=problem.limits.closure_alone)
    return Problem(catalog, limits, problem.curricula)


def paid_by_only(problem: Problem, sources: Collection[str]) -> Problem:
    """Return the problem in which only these sources have money: the others have budgets of 0."""
    budgets = _all_budgets(problem)
    rows = (_budget(source, year, kzt if source in sources else 0) for (source, year), kzt in budgets.items())
    catalog = problem.catalog.replace(funding_budgets=tuple(rows))
    limits = effective_limits(catalog, replace(problem.limits.settings.without_risk(), keep_within=None))
    return Problem(catalog, replace(limits, closure_alone=problem.limits.closure_alone), problem.curricula)


def _all_budgets(problem: Problem) -> dict[tuple[str, int | None], int]:
    """Return the budgets; where nothing limits the sources, each has plenty."""
    budgets = problem.money.budgets
    if budgets is not None:
        return dict(budgets)
    return {(source, None): PLENTY_KZT for source in problem.money.sources}


def _budget(source: str, year: int | None, kzt: int) -> FundingBudget:
    return FundingBudget(source=source, year=year, budget_kzt=kzt)


def _budgets(problem: Problem, leaving: Leaving) -> Iterator[FundingBudget]:
    """Yield the budgets after a source has left.

    Of years before it leaves, each source has what it pays in them in the plan: that is sunk. What it takes
    for them from its budget of any year is gone from it.
    """
    budgets = _all_budgets(problem)
    until = leaving.year
    sunk = {key: kzt for key, kzt in leaving.paid.items() if until is not None and key[1] < until}
    beyond: Counter[str] = Counter()
    for (source, paid_in), kzt in sunk.items():
        beyond[source] += max(0, kzt - budgets.get((source, paid_in), 0))
        yield _budget(source, paid_in, kzt)
    for (source, year), kzt in budgets.items():
        if source == leaving.source:
            left = 0
        elif year is None:
            left = kzt - beyond[source]
        else:
            left = 0 if until is not None and year < until else kzt
        if (source, year) not in sunk:
            yield _budget(source, year, left)


def _capacity(problem: Problem, leaving: Leaving) -> Iterator[ResourceCapacity]:
    """Yield the hours of resources after a source has left: its own have some only before that."""
    gone = owned_by(problem.catalog, leaving.source)
    yield from (row for row in problem.catalog.resource_capacity if row.resource not in gone)
    for name in sorted(gone):
        yield from (ResourceCapacity(resource=name, semester=f"*-{half}", hours=0) for half in (1, 2))
        for semester in problem.capacity.semesters:
            if leaving.year is not None and semesters.calendar_year(semester) < leaving.year:
                yield _hours(problem, name, semester)


def _hours(problem: Problem, resource: str, semester: str) -> ResourceCapacity:
    if not problem.capacity.is_limited(resource):
        return ResourceCapacity(resource=resource, semester=semester, hours=PLENTY_HOURS)
    row = problem.capacity.row(resource, semester)
    return ResourceCapacity(
        resource=resource, semester=semester, hours=row.hours, committed_hours=row.committed_hours
    )


def may_return(problem: Problem, option: Option, year: int | None = None) -> bool:
    """Say whether a current module may be taught again as today: in its term, if that is not past."""
    term = option.current_term
    if term is None or term not in option.starts:
        return False
    semester = semesters.of_term(problem.catalog.programme_by_id[option.programme].start, term)
    return year is None or semesters.calendar_year(semester) >= year


def returning(
    problem: Problem, taken: Iterable[tuple[str, str]], year: int | None = None
) -> Iterator[Option]:
    """Yield the current modules that a plan drops and that a college may teach again as today."""
    known = frozenset(taken)
    for name in problem.limits.planned:
        for option in problem.curricula.by_programme[name].open_options:
            if option.key not in known and may_return(problem, option, year):
                yield option
