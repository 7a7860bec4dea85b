"""The yearly re-plan: the intakes that run and the new one together, from the plan that is in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from curriplan.api.optimize import optimize_catalog
from curriplan.api.plan_file import check_same_catalog, earlier_starts, read_plan
from curriplan.api.reading import Reading, Source, read
from curriplan.api.results import PlanResult
from curriplan.api.time_limit import TimeLimit
from curriplan.api.verify import named_source
from curriplan.base.errors import CatalogError, CurriplanError, Issue, Place, errors_in
from curriplan.base.semesters import advance, calendar_year
from curriplan.catalog.records import Catalog
from curriplan.plan.plan import Intake, Plan
from curriplan.problem.checks import check_catalog
from curriplan.problem.intakes import PlannedIntake, YearlyReplan, yearly_replan
from curriplan.problem.limits import effective_limits
from curriplan.problem.promised import Promised
from curriplan.problem.settings import Replan, Settings
from curriplan.texts.words import thousands

if TYPE_CHECKING:
    from curriplan.base.progress import Progress

BEGUN = ("semester-begun", "budget-year-outside")
"""What is only known of the catalog of a year later: when its intakes begin."""


@dataclass(frozen=True)
class PlanInForce:
    """The plan that is in force, and the catalog it was made from, where that is there as it was."""

    plan: Plan
    path: Path
    catalog: Catalog | None
    intakes: tuple[PlannedIntake, ...]

    @property
    def source(self) -> str:
        """The catalog that the plan names, as it is now; raises as `named_source`."""
        return named_source(self.plan, self.path)


def read_in_force(path: Path, source: Catalog | Source | None = None) -> PlanInForce:
    """Read the plan that is in force.

    Parameters
    ----------
    path : Path
        Its ``plan.json``.
    source : Catalog, str or path, optional
        The catalog it was made from; by default the one that it names, if that is still the same.

    Raises
    ------
    CurriplanError
        If it cannot be read, `source` is another catalog, or nothing says when its programmes begin.
    """
    plan = read_plan(path)
    catalog = _catalog_of(plan, path, source)
    rows = plan.intakes
    if catalog is not None and not rows:  # a file of an earlier version
        planned = {*plan.limits["programmes"]}
        rows = tuple(
            Intake(row.id, row.start, row.intake_of) for row in catalog.programmes if row.id in planned
        )
    if not rows:
        raise CurriplanError.of("replan-without-starts", Place(str(path)))
    starts: dict[str, dict[str, int]] = {}
    for programme, module, term in earlier_starts(plan):
        starts.setdefault(programme, {})[module] = term
    intakes = (
        PlannedIntake(row.programme, row.start, row.intake_of, starts.get(row.programme, {})) for row in rows
    )
    return PlanInForce(plan, path, catalog, tuple(intakes))


def _catalog_of(plan: Plan, path: Path, source: Catalog | Source | None) -> Catalog | None:
    """Return the catalog that a plan was made from; None where it is not there, or no longer the same."""
    if source is not None:
        catalog = source if isinstance(source, Catalog) else read(source).require()
        check_same_catalog(plan, catalog.sha256)
        return catalog
    try:
        found = read(named_source(plan, path)).found
    except CurriplanError:
        return None
    return found if found is not None and found.sha256 == plan.catalog.sha256 else None


def replan_catalog(
    reading: Reading,
    in_force: PlanInForce,
    settings: Settings,
    *,
    first: str | None = None,
    wish: Replan = Replan.FEWEST,
    saved: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    time_limit: TimeLimit | None = None,
) -> PlanResult:
    """Plan the running intakes and the new one together; `result.catalog` has a row for each of them.

    Parameters
    ----------
    reading : Reading
        The catalog that holds for the new intake.
    in_force : PlanInForce
        As `read_in_force` returns it.
    settings : Settings
        What the user chose; the earlier plan, what is taught already and what is newly asked are set here.
    first : str, optional
        The semester from which on intakes are new.
    wish : Replan
        Whether the fewest changes come first.
    saved : Path, optional
        Where the catalog with the running intakes will lie, for the plan to name it.

    Raises
    ------
    UsageError, CatalogError
        As `yearly_replan`, and if a catalog with running intakes has errors.
    InfeasibleError, NoPlanError, SolverError
        As `optimize_catalog`.
    """
    later = yearly_replan(
        reading.require(), in_force.intakes, first=first, chosen=settings.programmes, before=in_force.catalog
    )
    settings = replace(
        settings,
        programmes=later.programmes,
        previous=later.previous,
        taught_until=later.taught_until,
        asked=later.asked,
        promised=_promised(in_force.plan, _first_year(later)),
    ).for_replanning(wish)
    found = check_catalog(later.catalog, effective_limits(later.catalog, settings))
    if errors := errors_in(found):
        raise CatalogError(errors)
    known = [one for one in reading.issues if one.code not in BEGUN]
    known += [one for one in found if one.code in BEGUN]
    warnings = (*known, *later.issues, *_doubts(in_force, later, settings.promised))
    return optimize_catalog(
        later.catalog,
        settings,
        source=None if saved is None else str(saved.resolve()),
        warnings=warnings,
        progress=progress,
        previous_catalog=in_force.plan.catalog.id,
        time_limit=time_limit,
    )


def _first_year(later: YearlyReplan) -> int:
    """Return the calendar year in which the first new intake begins: budgets before it are over."""
    return calendar_year(advance(later.taught_until, 1))


def _promised(plan: Plan, first: int) -> tuple[Promised, ...]:
    """Return what a plan still has to pay from a calendar year on, by source and year, sorted."""
    found: dict[tuple[str, int], int] = {}
    for row in plan.payments:
        if row.year >= first and row.kzt:
            found[row.source, row.year] = found.get((row.source, row.year), 0) + row.kzt
    return tuple(Promised(source, year, kzt) for (source, year), kzt in sorted(found.items()))


def _doubts(in_force: PlanInForce, later: YearlyReplan, promised: tuple[Promised, ...]) -> Iterator[Issue]:
    """Warn where nothing could be compared, and of money that is promised already."""
    if in_force.catalog is None and later.catalog.floors and later.catalog.running_intakes:
        yield Issue("replan-not-compared", Place(str(in_force.path)))
    kzt = sum(row.kzt for row in promised)
    if kzt and later.catalog.funding_budgets:
        values = {"kzt": thousands(kzt), "year": str(_first_year(later))}
        yield Issue("replan-money-promised", values=values)
