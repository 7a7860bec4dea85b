"""The functions of the public library that look ahead: next year, outlooks, partners, new qualifications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.api.analyses import scenarios_of
from curriplan.api.arguments import takes_as_said
from curriplan.api.as_given import in_settings, plan_and_catalog, wish_of
from curriplan.api.reading import Reading, Source, read
from curriplan.api.replan import read_in_force, replan_catalog
from curriplan.api.results import PlanResult
from curriplan.api.stress import STRESS_LIMIT_S, stress_of
from curriplan.api.time_limit import TimeLimit
from curriplan.api.verify import verdict_of
from curriplan.catalog.records import Catalog
from curriplan.catalog.saving.save import save_catalog as _save_catalog
from curriplan.plan.plan import Plan
from curriplan.plan.scenarios import Scenarios
from curriplan.plan.stress import Stress
from curriplan.problem.checks import check_catalog
from curriplan.problem.settings import Settings

if TYPE_CHECKING:
    from curriplan.api.design import DesignResult
    from curriplan.base.progress import Progress


@takes_as_said
def design(
    catalog: Catalog | Source,
    occupations: Sequence[str],
    entry_base: str,
    terms: int,
    *,
    learners: int = 25,
    level: str | None = "4S",
    start: str | None = None,
    language: str | None = None,
    programme: str | None = None,
    names: Mapping[str, str] | None = None,
    hour_kzt: int | None = None,
    settings: Settings | None = None,
) -> DesignResult:
    """Design a new qualification out of the modules that there are.

    Parameters
    ----------
    catalog : Catalog, str or path
        A catalog, a folder or workbook, or the name of a bundled catalog.
    occupations : sequence of str
        What it trains for, with equal shares: each an id, a URI, an ISCO-08 code or a name.
    entry_base : str
        Schooling at entry: ``grade9``, ``grade11`` or ``tvet``.
    terms, learners : int
        How long it takes, and the learners of one intake.
    level : str, optional
        ``3W``, ``4S`` or ``5AB``: with the schooling it has a norm of credits.
    start, language : str, optional
        First semester, and language of teaching; by default those of the college.
    programme, names : str, mapping, optional
        Id of its programme, by default ``NEW``, with a number where there is one; its name by ``kk``,
        ``ru``, ``en``.
    hour_kzt : int, optional
        Price of an hour of a group, of modules that have no cost in the catalog.
    settings : Settings, optional
        Profile, budget, time limit and solver.

    Returns
    -------
    DesignResult
        ``design``, ``plan`` (a `PlanResult`), ``catalog`` with the new rows; ``modules``, ``needs``,
        ``commission``, ``left_out`` and ``functions`` as DataFrames; ``to_excel`` and ``to_json``.

    Raises
    ------
    UsageError
        ``unknown-occupation``, ``occupation-without-requirements``, ``design-unknown-entry-base``,
        ``design-too-few-terms``, ``wrong-id``, ``duplicate-key``.
    CatalogError, InfeasibleError, NoPlanError
        If the catalog has errors, or there is no curriculum, or none was found in time.
    """
    from curriplan.api.design import DesignWish, design_catalog

    named = catalog if isinstance(catalog, Catalog) else read(catalog, settings)
    found = named if isinstance(named, Catalog) else named.require()
    asked = DesignWish(
        tuple(occupations),
        entry_base,
        terms,
        learners,
        level,
        start,
        language,
        programme,
        names or {},
        hour_kzt,
    )
    return design_catalog(found, asked, settings, source=None if isinstance(named, Catalog) else named.source)


@takes_as_said
def replan(
    last: str | PathLike[str],
    catalog: Catalog | Source | None = None,
    *,
    intake: str | None = None,
    last_catalog: Catalog | Source | None = None,
    save_catalog: str | PathLike[str] | None = None,
    replan: str = "fewest",
    progress: Callable[[Progress], None] | None = None,
    **choices: Any,
) -> PlanResult:
    """Plan the running intakes and the new one together, a year after the plan that is in force.

    Parameters
    ----------
    last : str or path
        The ``plan.json`` that is in force.
    catalog : Catalog, str or path, optional
        What holds for the new intake; by default the catalog that `last` names.
    intake : str, optional
        The semester in which the new intake begins, such as ``2027-1``; by default a year after that of
        `last`. What lies before it is taught already.
    last_catalog : Catalog, str or path, optional
        The catalog that `last` was made from, where it no longer lies as it was.
    save_catalog : str or path, optional
        Where to save ``result.catalog``, which has a row in ``programmes`` for each running intake: without
        it a saved plan names no catalog, and `verify` needs it.
    replan : str
        ``fewest`` changed modules first (without ``max_changes``), then the usual objectives, or ``best``.
    progress : callable, optional
        Told now and then where the solver is.
    **choices
        Fields of `Settings`, as `optimize` takes them.

    Raises
    ------
    CatalogError, UsageError, InfeasibleError, NoPlanError, SolverError, CurriplanError
        As `optimize`; and if the two do not belong together, or `intake` does not follow that of `last`.
    """
    wish = wish_of(replan)
    chosen = Settings(**in_settings(choices)[0])
    limit = TimeLimit(chosen.time_limit_s)
    in_force = read_in_force(Path(last), last_catalog)
    if isinstance(catalog, Catalog):
        reading = Reading(catalog, check_catalog(catalog), None)
    else:
        reading = read(in_force.source if catalog is None else catalog, Settings(profile=chosen.profile))
    saved = None if save_catalog is None else Path(save_catalog)
    result = replan_catalog(
        reading,
        in_force,
        chosen,
        first=intake,
        wish=wish,
        saved=saved,
        progress=progress,
        time_limit=limit,
    )
    if saved is not None:
        _save_catalog(result.catalog, saved)
    return result


@takes_as_said
def stress(
    plan: PlanResult | Plan | Source,
    catalog: Catalog | Source | None = None,
    *,
    partners: Iterable[str] = (),
    leaves_year: int | None = None,
    shares: bool = False,
    time_limit_s: float = STRESS_LIMIT_S,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Stress:
    """Return what a plan loses when one partner leaves and all others stay.

    Parameters
    ----------
    plan, catalog
        As for `verify`.
    partners : iterable of str
        Funding sources that may leave; empty: all that are not the college's own.
    leaves_year : int, optional
        The calendar year in which the partner leaves; by default before anything is paid.
    shares : bool
        Work out the Shapley shares of the sources' money as well, of six at most.
    time_limit_s : float
        For everything together, seconds.
    workers : int, optional
        How many processes work side by side.

    Returns
    -------
    Stress
        With ``frame``, ``modules``, ``payers``, ``coalitions`` and ``shapley`` as DataFrames.

    Raises
    ------
    UsageError
        If a partner is none, the year is none of the plan's, or there are too many sources for shares.
    CurriplanError
        If the catalog names no partner, or the plan or the catalog cannot be read.
    """
    if isinstance(plan, PlanResult):
        problem, selection = plan.problem, plan.plan.selection
    else:
        verdict = verdict_of(*plan_and_catalog(plan, catalog))
        verdict.require_rules()
        problem, selection = verdict.problem, verdict.plan.selection
    return stress_of(
        problem,
        selection,
        tuple(partners),
        leaves_year=leaves_year,
        shares=shares,
        time_limit_s=time_limit_s,
        progress=progress,
        workers=workers,
    )


@takes_as_said
def scenarios(
    catalog: Catalog | Source | None = None,
    settings: Settings | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    **choices: Any,
) -> Scenarios:
    """Return plans by outlooks: what each closes and misses, and what a plan for all of them is worth.

    Parameters
    ----------
    catalog, settings, progress, **choices
        As for `optimize`; ``risk`` is the weight of the worst regret, 0.5 unless said, and ``time_limit_s``
        is for all plans together.

    Returns
    -------
    Scenarios
        With ``frame``, a row a plan, and ``closures``, a row a plan and outlook, as DataFrames.
    """
    chosen = replace(settings or Settings(), **in_settings(choices)[0])
    found = catalog if isinstance(catalog, Catalog) else read(catalog, chosen).require()
    return scenarios_of(found, chosen, progress)
