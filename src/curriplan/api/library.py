"""The functions of the public library: the use cases with everything optional, and pandas tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.api.analyses import catalog_gaps, frontier_of, scenarios_of, with_frontier
from curriplan.api.arguments import takes_as_said
from curriplan.api.explain import explain_plan
from curriplan.api.hand_edit import EditWords, edit_plan, edits_of
from curriplan.api.optimize import optimize_catalog
from curriplan.api.plan_file import check_same_catalog, earlier_starts, read_plan
from curriplan.api.reading import Reading, Source, read
from curriplan.api.replan import read_in_force, replan_catalog
from curriplan.api.results import PlanResult, known_language
from curriplan.api.review.replan import replan as replan_reviewed
from curriplan.api.review.replan import reviewed_settings, reviewed_source
from curriplan.api.stress import STRESS_LIMIT_S, stress_of
from curriplan.api.time_limit import TimeLimit
from curriplan.api.verify import PROOF_LIMIT_S, Verdict, read_saved, verdict_of
from curriplan.base.errors import CurriplanError, UsageError
from curriplan.catalog.records import Catalog
from curriplan.catalog.saving.save import save_catalog as _save_catalog
from curriplan.evaluation.hand_edit import try_edits
from curriplan.plan.comparison import Comparison, compare_plans
from curriplan.plan.explanation import Explanation
from curriplan.plan.frontier import Frontier
from curriplan.plan.hand_edit import EditOutcome
from curriplan.plan.plan import Plan
from curriplan.plan.scenarios import Scenarios
from curriplan.plan.stress import Stress
from curriplan.problem.checks import check_catalog
from curriplan.problem.settings import (
    SETTING_OF_NAME,
    Replan,
    Settings,
    objectives_from,
)

if TYPE_CHECKING:
    import pandas as pd

    from curriplan.api.design import DesignResult
    from curriplan.base.progress import Progress


@takes_as_said
def optimize(
    catalog: Catalog | Source | None = None,
    settings: Settings | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
    stability: int | None = None,
    frontier: int | None = None,
    workers: int | None = None,
    review: str | PathLike[str] | None = None,
    replan: str = "fewest",
    **choices: Any,
) -> PlanResult:
    """Find the best plan.

    Parameters
    ----------
    catalog : Catalog, str or path, optional
        A catalog, a folder or workbook, or the name of a bundled catalog (by default the illustrative
        ``kz-digital-college``).
    settings : Settings, optional
        What the user chose.
    progress : callable, optional
        Told now and then where the solver is.
    stability : int, optional
        Plan again under other value judgements, and with so many catalogs of perturbed estimates: the
        table of how often each module is chosen is ``plan.stability`` and a sheet of the workbook.
    frontier : int, optional
        Find the best closure for so many other budgets too (3 to 5), within ``time_limit_s`` once more:
        ``plan.frontier``, and a sheet of the workbook. The plan itself is the same without it.
    workers : int, optional
        How many of these runs go on side by side; by default as many as there are cores, where that pays.
    review : str or path, optional
        A workbook of a plan with a filled-in Review sheet: plan anew as it decides. The catalog is by
        default the one that the workbook names, the settings are those of the plan under review, but
        for `settings` or `choices`.
    replan : str
        With `review`, or with ``previous`` without ``max_changes``: ``fewest`` changed modules first, then
        the usual objectives, or the ``best`` plan anew.
    **choices
        Fields of `Settings` that replace those of `settings`, such as ``budget_kzt=50_000_000``.
        ``previous`` may be a path of a ``plan.json``, a `Plan` or a `PlanResult`; ``objectives`` a text
        such as ``"closure:0.01,cost"`` or a sequence of names.

    Returns
    -------
    PlanResult
        With ``modules``, ``gaps``, ``uses``, ``payments``, ``stages``, ``checks`` as DataFrames,
        ``to_excel`` and ``to_json``.

    Raises
    ------
    CatalogError
        If the catalog has errors.
    UsageError
        If a setting is unknown, or an argument is not what it takes.
    InfeasibleError
        If there is no plan: its text says the first clash and the first repair, ``.diagnosis`` all.
    NoPlanError, SolverError
        If no plan was found in time (with a ``.diagnosis`` where one was made), or the solver failed.
    CurriplanError
        If something in a review is not as it was written or not understood.
    """
    wish = _wish_of(replan)
    choices, previous_catalog = _in_settings(choices)
    run: dict[str, Any] = {"progress": progress, "stability": stability, "workers": workers}
    if review is not None:
        result = _replanned(Path(review), catalog, settings, choices, wish, run)
    else:
        chosen = replace(settings or Settings(), **choices).for_replanning(wish)
        result = _planned(catalog, chosen, {**run, "previous_catalog": previous_catalog})
    return result if frontier is None else with_frontier(result, frontier, progress, workers)


def _planned(catalog: Catalog | Source | None, chosen: Settings, run: dict[str, Any]) -> PlanResult:
    """Return the best plan of a catalog, which is read first where it is none yet."""
    if isinstance(catalog, Catalog):
        return optimize_catalog(catalog, chosen, **run)
    limit = TimeLimit(chosen.time_limit_s)
    reading = read(catalog, chosen)
    return optimize_catalog(
        reading.require(),
        chosen,
        source=reading.source,
        warnings=reading.issues,
        time_limit=limit,
        **run,
    )


def _in_settings(choices: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return choices as settings hold them, and the id of the catalog of an earlier plan."""
    for name in sorted(choices.keys() - SETTING_OF_NAME.keys()):
        raise UsageError.unknown("setting", name, SETTING_OF_NAME)
    choices = dict(choices)
    earlier = _earlier_plan(choices.get("previous"))
    if earlier is not None:
        choices["previous"] = earlier_starts(earlier)
    if "objectives" in choices:
        choices["objectives"] = _objectives_of(choices["objectives"])
    return choices, None if earlier is None else earlier.catalog.id


def _wish_of(replan: str) -> Replan:
    """Return what is wished for where there is a plan already; raises UsageError for another word."""
    try:
        return Replan(replan)
    except ValueError as error:
        raise UsageError.of("bad-value", option="replan", value=replan, expected=", ".join(Replan)) from error


def _objectives_of(objectives: Any) -> Any:
    """Return objectives, given by name or with their tolerances, as settings hold them."""
    given = [objectives] if isinstance(objectives, str) else objectives
    if not isinstance(given, Iterable):
        return given  # which the settings refuse
    named = (objectives_from(one) if isinstance(one, str) else (one,) for one in given)
    return tuple(choice for choices in named for choice in choices)


def _replanned(
    path: Path,
    catalog: Catalog | Source | None,
    settings: Settings | None,
    choices: dict[str, Any],
    wish: Replan,
    run: dict[str, Any],
) -> PlanResult:
    """Return the plan that a review asks for."""
    from curriplan.api.review.read import read_review

    review = read_review(path)
    given = {one.name: getattr(settings, one.name) for one in fields(Settings)} if settings else {}
    chosen = reviewed_settings(review, {**given, **choices}, wish)
    if isinstance(catalog, Catalog):
        reading = Reading(catalog, check_catalog(catalog), review.plan.catalog.source)
    else:
        reading = read(catalog or reviewed_source(review), chosen)
    return replan_reviewed(review, reading, chosen, **run)


def _earlier_plan(previous: Any) -> Plan | None:
    """Return an earlier plan, in whatever form it is given; None where it is none, or its starts alone."""
    if isinstance(previous, PlanResult):
        return previous.plan
    if isinstance(previous, str | PathLike):
        return read_plan(Path(previous))
    return previous if isinstance(previous, Plan) else None


@takes_as_said
def verify(
    plan: PlanResult | Plan | Source,
    catalog: Catalog | Source | None = None,
    *,
    optimality: bool = False,
    time_limit_s: float = PROOF_LIMIT_S,
) -> Verdict:
    """Re-evaluate a plan without a solver.

    Parameters
    ----------
    plan : PlanResult, Plan, str or path
        A plan, or a ``plan.json``.
    catalog : Catalog, str or path, optional
        The catalog it was made from; by default the one that the plan names.
    optimality : bool
        Whether to solve again as well, and prove that no plan is better: ``Verdict.optimality``.
    time_limit_s : float
        Seconds for that.

    Returns
    -------
    Verdict
        ``holds``, and ``not_checked``: what stands on the solver's word, or on that of who made the plan.

    Raises
    ------
    CurriplanError
        If the plan or the catalog cannot be read, or the plan was made from another catalog.
    """
    verdict = verdict_of(*_plan_and_catalog(plan, catalog))
    return verdict.proven_again(time_limit_s=time_limit_s) if optimality else verdict


def _plan_and_catalog(
    plan: PlanResult | Plan | Source, catalog: Catalog | Source | None
) -> tuple[Plan, Catalog]:
    if isinstance(plan, PlanResult):
        return plan.plan, plan.catalog
    if not isinstance(plan, Plan):
        if not isinstance(catalog, Catalog):
            return read_saved(Path(plan), catalog)
        plan = read_plan(Path(plan))
    if not isinstance(catalog, Catalog):
        source = catalog or plan.catalog.source
        if source is None:
            raise CurriplanError.of("plan-without-catalog", path="Plan")
        catalog = read(source).require()
    check_same_catalog(plan, catalog.sha256)
    return plan, catalog


@takes_as_said
def explain(
    plan: PlanResult | Plan | Source,
    catalog: Catalog | Source | None = None,
    *,
    modules: Sequence[str] = (),
    programmes: Sequence[str] = (),
    time_limit_s: float = 900.0,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Explanation:
    """Say why a plan is as it is: each module taken out or forced in, each limit moved, the rest anew.

    Parameters
    ----------
    plan, catalog
        As for `verify`.
    modules, programmes : sequence of str
        Only these; all by default. Where modules are named, the limits are left out.
    time_limit_s : float
        What is not answered by then is said not to be.
    workers : int, optional
        How many processes answer side by side; by default as many as there are cores, where that pays.
        The answers are the same where no time limit cuts one short.

    Returns
    -------
    Explanation
        With ``modules`` and ``limits``, both also as DataFrames, and ``to_data`` for JSON.

    Raises
    ------
    UsageError
        If there is no such module or programme.
    CurriplanError
        If the plan or the catalog cannot be read, the plan was made from another one, or breaks rules.
    """
    choices: dict[str, Any] = {
        "modules": modules,
        "programmes": programmes,
        "time_limit_s": time_limit_s,
        "progress": progress,
        "workers": workers,
    }
    return explain_plan(*_plan_and_catalog(plan, catalog), **choices)


@takes_as_said
def what_if(
    plan: PlanResult | Plan | Source,
    catalog: Catalog | Source | None = None,
    *,
    add: Iterable[EditWords] = (),
    drop: Iterable[EditWords] = (),
    move: Iterable[EditWords] = (),
) -> EditOutcome:
    """Say what a hand edit of a plan breaks, gains and costs, the rest of the plan unchanged.

    Parameters
    ----------
    plan, catalog
        As for `verify`.
    add, move : iterable
        Modules to add, or to start in another term: ``"P:M:3"`` or ``("P", "M", 3)``.
    drop : iterable
        Modules to take out: ``"P:M"`` or ``("P", "M")``.

    Raises
    ------
    UsageError
        If an edit does not fit the plan, or there is none.
    CurriplanError
        If the plan or the catalog cannot be read, or the plan was made from another catalog.
    """
    edits = edits_of(add, drop, move)
    if isinstance(plan, PlanResult):  # it knows what was planned
        return try_edits(plan.problem, plan.plan.selection, edits)
    return edit_plan(*_plan_and_catalog(plan, catalog), edits)


@takes_as_said
def find_gaps(
    catalog: Catalog | Source | None = None, settings: Settings | None = None, lang: str | None = None
) -> pd.DataFrame:
    """Return what each programme's graduates still lack for their occupations.

    Parameters
    ----------
    catalog : Catalog, str or path, optional
        As for `optimize`.
    settings : Settings, optional
        Which programmes, which regulation profile.
    lang : str, optional
        Language of the names; the catalog's by default.

    Returns
    -------
    pandas.DataFrame
        One row a programme and competency: levels required, brought, taught today and teachable, and
        the weight of what is open as a share of the programme's whole weight.
    """
    from curriplan.report.gaps import gap_table
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    found = catalog if isinstance(catalog, Catalog) else read(catalog, settings).require()
    _, gaps = catalog_gaps(found, settings)
    return gap_table(Labels(found, Words(known_language(lang, found))), gaps).frame(gaps)


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
def write_workbook(
    result: PlanResult,
    path: str | PathLike[str],
    lang: str | None = None,
    *,
    force: bool = False,
    print_details: bool = False,
) -> Path:
    """Write a plan as a workbook and return its path; see `PlanResult.to_excel`."""
    return result.to_excel(path, lang, force=force, print_details=print_details)


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
    wish = _wish_of(replan)
    chosen = Settings(**_in_settings(choices)[0])
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
def compare(first: PlanResult | Plan | Source, second: PlanResult | Plan | Source) -> Comparison:
    """Return what changed from one plan to another.

    Parameters
    ----------
    first, second : PlanResult, Plan, str or path
        Plans, or files ``plan.json``.

    Returns
    -------
    Comparison
        With ``modules``, ``levels``, ``money``, ``hours``, ``measures`` and ``limits``, and
        ``frame(name)`` for each as a DataFrame.
    """
    return compare_plans(_plan_of(first), _plan_of(second))


@takes_as_said
def find_frontier(
    catalog: Catalog | Source | None = None,
    settings: Settings | None = None,
    *,
    points: int = 9,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
    **choices: Any,
) -> Frontier:
    """Return the best closure for each of several budgets.

    Parameters
    ----------
    catalog, settings, progress, **choices
        As for `optimize`; ``time_limit_s`` is for all points together.
    points : int
        How many budgets at most, from the least that allows a plan to what the best closure needs.
    workers : int, optional
        How many budgets are solved side by side; by default as many as there are cores, where that pays.
    """
    chosen = replace(settings or Settings(), **_in_settings(choices)[0])
    found = catalog if isinstance(catalog, Catalog) else read(catalog, chosen).require()
    return frontier_of(found, chosen, points, progress, workers)


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
        verdict = verdict_of(*_plan_and_catalog(plan, catalog))
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
    chosen = replace(settings or Settings(), **_in_settings(choices)[0])
    found = catalog if isinstance(catalog, Catalog) else read(catalog, chosen).require()
    return scenarios_of(found, chosen, progress)


def _plan_of(plan: PlanResult | Plan | Source) -> Plan:
    if isinstance(plan, PlanResult):
        return plan.plan
    return plan if isinstance(plan, Plan) else read_plan(Path(plan))
