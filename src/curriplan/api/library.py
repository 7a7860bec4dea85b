"""The functions of the public library: the use cases with everything optional, and pandas tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.api.analyses import catalog_gaps, frontier_of, with_frontier
from curriplan.api.arguments import takes_as_said
from curriplan.api.as_given import in_settings, plan_and_catalog, plan_of, wish_of
from curriplan.api.explain import explain_plan
from curriplan.api.hand_edit import EditWords, edit_plan, edits_of
from curriplan.api.optimize import optimize_catalog
from curriplan.api.reading import Reading, Source, read
from curriplan.api.results import PlanResult, known_language
from curriplan.api.review.replan import replan as replan_reviewed
from curriplan.api.review.replan import reviewed_settings, reviewed_source
from curriplan.api.time_limit import TimeLimit
from curriplan.api.verify import PROOF_LIMIT_S, Verdict, verdict_of
from curriplan.catalog.records import Catalog
from curriplan.evaluation.hand_edit import try_edits
from curriplan.plan.comparison import Comparison, compare_plans
from curriplan.plan.explanation import Explanation
from curriplan.plan.frontier import Frontier
from curriplan.plan.hand_edit import EditOutcome
from curriplan.plan.plan import Plan
from curriplan.problem.checks import check_catalog
from curriplan.problem.settings import Replan, Settings

if TYPE_CHECKING:
    import pandas as pd

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
    wish = wish_of(replan)
    choices, previous_catalog = in_settings(choices)
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
    verdict = verdict_of(*plan_and_catalog(plan, catalog))
    return verdict.proven_again(time_limit_s=time_limit_s) if optimality else verdict


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
    return explain_plan(*plan_and_catalog(plan, catalog), **choices)


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
    return edit_plan(*plan_and_catalog(plan, catalog), edits)


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
    return compare_plans(plan_of(first), plan_of(second))


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
    chosen = replace(settings or Settings(), **in_settings(choices)[0])
    found = catalog if isinstance(catalog, Catalog) else read(catalog, chosen).require()
    return frontier_of(found, chosen, points, progress, workers)
