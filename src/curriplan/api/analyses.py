"""The use cases beside planning itself: gaps, the graph, closure against budget, two plans compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from curriplan.api.diagnose import why_none, with_diagnosis
from curriplan.api.plan_file import found_source, read_plan
from curriplan.api.reading import read, require_programmes
from curriplan.api.time_limit import TimeLimit
from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, NoPlanError, Place
from curriplan.base.files import kind_of, to_json, write_each
from curriplan.base.progress import step
from curriplan.base.replacing import replacing
from curriplan.catalog.records import Catalog, CatalogInfo
from curriplan.evaluation.figures import today_of
from curriplan.plan.comparison import Comparison, ModuleChange, compare_plans
from curriplan.plan.frontier import Frontier, FrontierPoint, PlanFrontier
from curriplan.plan.plan import Plan
from curriplan.plan.scenarios import CellRow, Scenarios
from curriplan.problem.gaps import Gap
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.occupations import OccupationGaps
from curriplan.problem.problem import Problem, find_gaps
from curriplan.problem.settings import Settings

if TYPE_CHECKING:
    from curriplan.api.results import PlanResult
    from curriplan.base.progress import Progress
    from curriplan.catalog.graph import Graph
    from curriplan.report.map.data import MapSource

USUAL_RISK = 0.5
"""Expected closure and the worst regret weigh alike where nobody says otherwise."""
TABLE_ENDINGS = (".xlsx", ".csv", ".json")
GRAPH_ENDINGS = (".graphml", ".gexf", ".json", ".svg", ".html")
NEIGHBOURHOOD_DEPTH = 2
"""How many edges from a node its neighbourhood reaches, unless said otherwise."""


def catalog_gaps(catalog: Catalog, settings: Settings | None = None) -> tuple[Problem, tuple[Gap, ...]]:
    """Return the problem, and what each planned programme lacks before any planning."""
    require_programmes(catalog)
    problem = Problem.of(catalog, settings)
    return problem, find_gaps(problem)


def write_gaps(problem: Problem, gaps: Sequence[Gap], paths: Sequence[Path], language: str) -> None:
    """Write the gap table to each of `paths`, in the kind that its ending says."""
    from curriplan.report.gaps import gap_table, write_gap_workbook
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    catalog = problem.catalog
    table = gap_table(Labels(catalog, Words(language)), gaps)
    records = table.records(gaps)

    def workbook(stream: IO[bytes]) -> None:
        today = today_of(problem)
        write_gap_workbook(catalog, problem.limits, gaps, stream, language, today=today)

    write_each(paths, workbook, records, table.fields, records)


def write_occupation_gaps(
    catalog: Catalog, gaps: OccupationGaps, paths: Sequence[Path], language: str
) -> None:
    """Write what one occupation lacks for another to each of `paths`, in the kind that its ending says."""
    from curriplan.report.labels import Labels
    from curriplan.report.occupation_gaps import (
        occupation_gap_data,
        occupation_gap_table,
        write_occupation_gap_workbook,
    )
    from curriplan.texts.words import Words

    labels = Labels(catalog, Words(language))
    table = occupation_gap_table(labels, gaps)

    def workbook(stream: IO[bytes]) -> None:
        write_occupation_gap_workbook(catalog, gaps, stream, language)

    write_each(paths, workbook, occupation_gap_data(labels, gaps), table.fields, table.records(gaps.rows))


def write_graph(
    graph: Graph,
    paths: Sequence[Path],
    language: str = "en",
    around: str | None = None,
    depth: int = NEIGHBOURHOOD_DEPTH,
    source: MapSource | None = None,
) -> tuple[Issue, ...]:
    """Write the graph to each of `paths`, in the kind that its ending says.

    Parameters
    ----------
    around : str, optional
        The node around which `graph` lies, for a picture.
    depth : int
        How far from it.
    source : MapSource, optional
        What a map (.html) is drawn of; not needed where there is none among the paths.

    Returns
    -------
    tuple of Issue
        A warning where a picture could not hold every node.

    Raises
    ------
    CurriplanError
        ``graph-too-large-to-draw`` for a picture of a large graph as a whole.
    """
    from curriplan.catalog.graph import graph_to_node_link, write_gexf, write_graphml
    from curriplan.report.drawing import write_drawing

    issues: list[Issue] = []
    with replacing(*paths) as new_files:
        for place, new in enumerate(new_files):
            step("writing", place, len(new_files))
            if kind_of(new) == ".graphml":
                write_graphml(graph, new)
            elif kind_of(new) == ".gexf":
                write_gexf(graph, new, language)
            elif kind_of(new) == ".svg":
                drawn = write_drawing(graph, new, language, around, depth)
                if drawn.left_out:
                    values = {"drawn": drawn.nodes, "left_out": drawn.left_out}
                    issues.append(Issue("nodes-left-out", Place(str(paths[place])), values))
            elif kind_of(new) == ".html":
                from curriplan.report.map.page import map_html

                assert source is not None
                new.write_text(map_html(source, language), encoding="utf-8", newline="\n")
            else:
                new.write_text(to_json(graph_to_node_link(graph)), encoding="utf-8", newline="\n")
    return tuple(issues)


def frontier_of(
    catalog: Catalog,
    settings: Settings | None = None,
    points: int = 9,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Frontier:
    """Find the best closure for each of several budgets; see `curriplan.optimizer.frontier.find_frontier`.

    Raises
    ------
    InfeasibleError
        If no plan satisfies the rules, however much money there is; it says what clashes.
    """
    from curriplan.optimizer.frontier import find_frontier

    require_programmes(catalog)
    limit = TimeLimit((settings or Settings()).time_limit_s)
    try:
        return find_frontier(catalog, settings, points, progress, workers)
    except InfeasibleError as error:
        # Money is not what stands in the way: it is taken out of the question.
        bare = catalog.replace(funding_budgets=())
        chosen = replace(settings or Settings(), budget_kzt=None, equity=None)
        problem = Problem.of(bare, replace(chosen, objectives=(ObjectiveChoice("cost"),)))
        diagnosis = why_none(problem, limit.left_s)
        raise with_diagnosis(error, diagnosis, error.issues) from error


def with_frontier(
    result: PlanResult,
    points: int,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> PlanResult:
    """Add to a plan what other budgets would buy, with its own settings; without points where none is found.

    It takes as long as ``time_limit_s`` once more at most, and changes nothing else of the plan.
    """
    from curriplan.optimizer.frontier import find_frontier

    try:
        found = find_frontier(result.catalog, result.limits.settings, points, progress, workers).of_plan
    except (InfeasibleError, NoPlanError):
        found = PlanFrontier()
    return replace(result, plan=replace(result.plan, frontier=found))


def write_frontier(catalog: Catalog, frontier: Frontier, paths: Sequence[Path], language: str) -> None:
    """Write a frontier to each of `paths`, in the kind that its ending says."""
    from curriplan.report.frontier import write_frontier_workbook

    data = frontier.to_data()
    reference = {"id": catalog.info.id, "version": catalog.info.version, "sha256": catalog.sha256}
    head = {"schema": data.pop("schema"), "catalog": reference}
    names = [field.name for field in fields(FrontierPoint)]

    def workbook(stream: IO[bytes]) -> None:
        write_frontier_workbook(catalog, frontier, stream, language)

    write_each(paths, workbook, head | data, names, data["points"])


def scenarios_of(
    catalog: Catalog, settings: Settings | None = None, progress: Callable[[Progress], None] | None = None
) -> Scenarios:
    """Make plans for each outlook, for today, for the average and for all, and look at each in every outlook.

    Where the settings say nothing of risk, half of what counts is expected and half the worst regret.

    Raises
    ------
    UsageError
        ``risk-without-outlooks`` if the catalog has none.
    InfeasibleError
        If no plan satisfies the rules; it says what clashes.
    """
    from curriplan.optimizer.scenarios import find_scenarios

    require_programmes(catalog)
    chosen = settings or Settings()
    chosen = replace(chosen, risk=USUAL_RISK) if chosen.risk is None else chosen
    limit = TimeLimit(chosen.time_limit_s)
    problem = Problem.of(catalog, chosen)
    try:
        return find_scenarios(problem, progress=progress)
    except InfeasibleError as error:
        diagnosis = why_none(problem, limit.left_s)
        raise with_diagnosis(error, diagnosis, error.issues) from error


def write_scenarios(catalog: Catalog, found: Scenarios, paths: Sequence[Path], language: str) -> None:
    """Write plans by outlooks to each of `paths`; a CSV holds a row a plan and outlook."""
    from curriplan.report.scenarios import write_scenarios_workbook

    data = dict(found.to_data())
    reference = {"id": catalog.info.id, "version": catalog.info.version, "sha256": catalog.sha256}
    head = {"schema": data.pop("schema"), "catalog": reference}
    names = [field.name for field in fields(CellRow)]

    def workbook(stream: IO[bytes]) -> None:
        write_scenarios_workbook(catalog, found, stream, language)

    write_each(paths, workbook, head | data, names, data["closures"])


def compare_saved(first: Path, second: Path) -> tuple[Comparison, Catalog]:
    """Compare two saved plans; the catalog of the second, or else the first, gives the names.

    Where neither catalog can be read, or has changed since, ids stand for names: the figures are those of
    the plans themselves.

    Raises
    ------
    CurriplanError
        If a plan cannot be read.
    """
    plans = [(read_plan(path), path) for path in (first, second)]
    comparison = compare_plans(plans[0][0], plans[1][0])
    found = (_catalog_of(plan, path) for plan, path in reversed(plans))
    catalog = next((one for one in found if one is not None), None)
    return comparison, catalog or Catalog(CatalogInfo(id=plans[1][0].catalog.id))


def _catalog_of(plan: Plan, path: Path) -> Catalog | None:
    if plan.catalog.source is None:
        return None
    with suppress(CurriplanError):
        found = read(found_source(plan.catalog.source, path.parent)).require()
        return found if found.sha256 == plan.catalog.sha256 else None
    return None


def write_comparison(catalog: Catalog, comparison: Comparison, paths: Sequence[Path], language: str) -> None:
    """Write a comparison to each of `paths`; a CSV holds the modules that changed."""
    from curriplan.report.comparison import write_comparison_workbook

    data = comparison.to_data()
    names = [field.name for field in fields(ModuleChange)]

    def workbook(stream: IO[bytes]) -> None:
        write_comparison_workbook(catalog, comparison, stream, language)

    write_each(paths, workbook, data, names, data["modules"])
