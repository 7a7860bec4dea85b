"""From a catalog to a plan that the evaluation accepts, as one readable function."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.api.diagnose import why_none, with_diagnosis
from curriplan.api.reading import require_programmes
from curriplan.api.results import PlanResult
from curriplan.api.time_limit import TimeLimit
from curriplan.api.today import today_issues
from curriplan.base.errors import (
    CatalogError,
    InfeasibleError,
    Issue,
    NoPlanError,
    SolverError,
    errors_in,
)
from curriplan.base.progress import step
from curriplan.catalog.records import Catalog
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures import figures_of
from curriplan.evaluation.figures.challenges import challenges_of
from curriplan.evaluation.figures.doors import adaptability_of
from curriplan.evaluation.figures.lag import lag_of
from curriplan.evaluation.figures.outlooks import outlooks_of_plan
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.payments import divide
from curriplan.evaluation.planned import (
    existing_selection,
    planned_gaps,
    planned_intakes,
    planned_modules,
    planned_uses,
)
from curriplan.evaluation.responses import with_payments
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.state import Basis
from curriplan.evaluation.verify import verify_plan
from curriplan.evaluation.vouched import best_closure_cost_kzt
from curriplan.plan.plan import CatalogReference, Plan, Stage
from curriplan.problem.checks import check_catalog
from curriplan.problem.limits import Limits, limits_to_data, sources_kzt
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.texts.words import Phrase, thousands, with_plain_spaces

if TYPE_CHECKING:
    from curriplan.base.progress import Progress
    from curriplan.optimizer.solve.stages import Solution

logger = logging.getLogger(__name__)
ROWS_NAMED = 5
GAP_DIGITS = 3
"""Of a gap in per cent, as the table of the terminal has it."""
REFUSALS = ("no-plan-possible", "impossible-unconfirmed")
"""Issues of a first solve that found no plan, and had not run out of time."""
LEAST_S = 5.0
"""What is left when a partner leaves is looked for so long at least."""
ALONE_SHARE = 0.5
"""Of the time that is left, what the programmes planned alone may take at most."""


def optimize_catalog(
    catalog: Catalog,
    settings: Settings | None = None,
    *,
    source: str | None = None,
    warnings: Iterable[Issue] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stability: int | None = None,
    previous_catalog: str | None = None,
    time_limit: TimeLimit | None = None,
    workers: int | None = None,
    least_closure: float | None = None,
) -> PlanResult:
    """Find the best plan of a catalog, and accept it only from the evaluation's hands.

    Parameters
    ----------
    catalog : Catalog
        What to plan.
    settings : Settings, optional
        What the user chose.
    source : str, optional
        Name of a bundled catalog or absolute path, recorded in ``plan.json``.
    warnings : iterable of Issue, optional
        What `read` found already; without it the catalog is checked here.
    progress : callable, optional
        Told now and then where the solver is.
    stability : int, optional
        Plan again under other value judgements, and with so many catalogs of perturbed estimates, and
        count how often each module is chosen.
    previous_catalog : str, optional
        The id of the catalog that the earlier plan was made from, to warn of another one.
    time_limit : TimeLimit, optional
        That of the settings, where it has begun to run before, and must leave time to write the plan.
    workers : int, optional
        How many runs of `stability` go on side by side; by default as many as there are cores.
    least_closure : float, optional
        No plan of less closure is looked for: of a college in a network, what was counted on.

    Raises
    ------
    CatalogError
        If the catalog has errors.
    UsageError
        If the settings name a programme, an objective or a solver that there is not.
    InfeasibleError, NoPlanError, SolverError
        If there is no plan, none was found in time, the solver failed, or its plan did not pass.
    """
    from curriplan.optimizer.solve.solver import catch_interrupt

    require_programmes(catalog)
    limit = time_limit or TimeLimit((settings or Settings()).time_limit_s)
    problem = Problem.of(catalog, settings)
    known = _warnings_of(problem) if warnings is None else tuple(warnings)
    problem, ignored = _with_known_starts(problem)
    own = (*_other_catalog(catalog, previous_catalog), *ignored, *_budget_above_sources(problem))
    limit.require()
    with catch_interrupt() as interrupt:
        problem, solution = _solved(problem, limit, own, progress, least_closure)
        solution = _with_responses(problem, solution, limit)
        result = _accept(problem, solution, source, (*known, *own))
        if not problem.limits.settings.quick:
            result = _with_filling(result, limit.spare_s)
            result = _with_replanning(result, limit.spare_s, progress)
        if interrupt.pressed:
            result = _with_warning(result, Issue("stopped-early"))
        return result if stability is None else _with_stability(result, stability, progress, workers)


def _solved(
    problem: Problem,
    limit: TimeLimit,
    warnings: tuple[Issue, ...],
    progress: Callable[[Progress], None] | None,
    least_closure: float | None,
) -> tuple[Problem, Solution]:
    """Solve stage by stage; where there is no plan, say why, with the warnings of the run."""
    from curriplan.optimizer.solve.prepared import prepared
    from curriplan.optimizer.solve.stages import solve

    try:
        problem = prepared(problem, time_limit_s=ALONE_SHARE * limit.left_s, progress=progress)
        limit_s = limit.for_solving_s
        solution = solve(problem, time_limit_s=limit_s, progress=progress, least_closure=least_closure)
        return problem, solution
    except (InfeasibleError, NoPlanError) as error:
        refused = any(issue.code in REFUSALS for issue in error.issues)
        diagnosis = why_none(problem, limit.left_s) if refused else None
        raise with_diagnosis(error, diagnosis, (*error.issues, *warnings)) from error


def _with_responses(problem: Problem, solution: Solution, limit: TimeLimit) -> Solution:
    """Add what is left of the plan when a partner leaves, where no more than so much may be lost (§16)."""
    if problem.limits.settings.keep_within is None:
        return solution
    from curriplan.optimizer.partners import find_stress

    plan = with_payments(problem, solution.selection)
    stress = find_stress(problem, plan, time_limit_s=max(LEAST_S, limit.left_s), workers=1)
    found = tuple(one.response for one in stress.partners if one.response is not None)
    if len(found) < len(stress.partners):
        raise NoPlanError([Issue("stopped-before-plan")])  # there is one, and it was not found again in time
    return replace(solution, selection=replace(solution.selection, responses=found))


def _with_filling(result: PlanResult, left_s: float) -> PlanResult:
    """Add the credits that are filled only because the norm asks for them."""
    from curriplan.optimizer.filling import find_filling

    step("filling", 0, 1)
    filling = find_filling(result.problem, result.plan.selection, left_s)
    return replace(result, plan=replace(result.plan, filling=filling))


def _with_replanning(
    result: PlanResult, left_s: float, progress: Callable[[Progress], None] | None
) -> PlanResult:
    """Add what further changes would buy and what each decision costs, where a plan was made anew."""
    settings = result.limits.settings
    if settings.risk is not None:
        return result  # regrets hang on what is best under a decision: no yardstick for two plans
    if not (settings.review or settings.minimises_changes or settings.max_changes is not None):
        return result
    from curriplan.optimizer.replanning import find_replanning

    found = find_replanning(result.problem, time_limit_s=left_s, progress=progress)
    return replace(result, plan=replace(result.plan, replanning=found))


def _with_stability(
    result: PlanResult,
    perturbed: int,
    progress: Callable[[Progress], None] | None,
    workers: int | None,
) -> PlanResult:
    """Add how often each module is chosen, and a warning where not every run was done."""
    from curriplan.optimizer.stability import find_stability

    table = find_stability(result.problem, result.plan.selection, perturbed, progress, workers)
    result = replace(result, plan=replace(result.plan, stability=table))
    if not table.left_out:
        return result
    runs = len(table.runs)
    return _with_warning(
        result, Issue("stability-incomplete", values={"done": runs - table.left_out, "runs": runs})
    )


def _with_warning(result: PlanResult, issue: Issue) -> PlanResult:
    """Add a warning of how the plan was made, to the plan as well."""
    warnings = tuple(sorted((*result.plan.warnings, _warning_data(issue)), key=str))
    plan = replace(result.plan, warnings=warnings)
    return replace(result, plan=plan, warnings=(*result.warnings, issue))


def _other_catalog(catalog: Catalog, previous_catalog: str | None) -> Iterator[Issue]:
    """Warn where the earlier plan is one of another catalog; another version of the same is usual."""
    if previous_catalog not in (None, catalog.info.id):
        values = {"previous": previous_catalog, "catalog": catalog.info.id}
        yield Issue("previous-other-catalog", values=values)


def _with_known_starts(problem: Problem) -> tuple[Problem, tuple[Issue, ...]]:
    """Leave out what this catalog or run does not know of the plans to compare with, with one warning."""
    limits = problem.limits
    settings = limits.settings
    known = [*(settings.previous or ()), *settings.reviewed]
    if settings.compared_starts is None:
        return problem, ()
    planned = (problem.curricula.by_programme[name] for name in limits.planned)
    offered = {option.key for one in planned for option in one.open_options}
    gone = sorted({start[:2] for start in known} - offered)
    ignored = [f"{programme}/{module}" for programme, module in gone]
    previous, reviewed = settings.previous, settings.reviewed
    if previous is not None:
        previous = tuple(start for start in previous if start[:2] in offered)
    reviewed = tuple(start for start in reviewed if start[:2] in offered)
    settings = replace(settings, previous=previous, reviewed=reviewed)
    if settings.minimises_changes and settings.compared_starts is None:
        settings = settings.without_fewest_changes()
    problem = problem.with_limits(replace(limits, settings=settings))
    if not ignored:
        return problem, ()
    more = ", ..." if len(ignored) > ROWS_NAMED else ""
    values = {"count": len(ignored), "names": ", ".join(ignored[:ROWS_NAMED]) + more}
    return problem, (Issue("previous-row-ignored", values=values),)


def _budget_above_sources(problem: Problem) -> Iterator[Issue]:
    """Warn where the user's cap on new money is above what the sources have together (§10)."""
    budget, sources = problem.limits.settings.budget_kzt, sources_kzt(problem.catalog)
    if budget is not None and sources is not None and budget > sources:
        values = {"budget": thousands(budget), "sources": thousands(sources)}
        yield Issue("budget-above-sources", values=values)


def _warnings_of(problem: Problem) -> tuple[Issue, ...]:
    issues = check_catalog(problem.catalog, problem.limits, problem=problem)
    if errors_in(issues):
        raise CatalogError(issues)
    return tuple(sorted((*issues, *today_issues(problem)), key=Issue.sort_key))


def _accept(
    problem: Problem, solution: Solution, source: str | None, warnings: tuple[Issue, ...]
) -> PlanResult:
    """Evaluate what the solver decided, refuse it where it does not stand, and assemble the plan."""
    step("evaluating", 0, 1)
    due = problem.derived(Basis).plan(solution.selection).cost_items
    payments = divide(problem.money, due)
    selection = replace(solution.selection, payments=payments)
    after = evaluate(problem, selection)
    issues = (*warnings, *unproven(problem.limits, solution.stages))
    catalog = problem.catalog
    plan = Plan(
        catalog=CatalogReference.of(catalog, source),
        limits=limits_to_data(problem.limits),
        status=solution.status,
        stages=solution.stages,
        modules=planned_modules(problem, selection),
        uses=planned_uses(problem, selection),
        payments=payments,
        partners=selection.responses,
        gaps=planned_gaps(problem, after),
        measures=measures_of(after),
        challenges=challenges_of(problem, selection),
        lag=lag_of(problem, selection),
        intakes=planned_intakes(problem),
        outlooks=outlooks_of_plan(problem, selection),
        warnings=tuple(sorted(map(_warning_data, issues), key=str)),
        cost_at_best_closure_kzt=solution.cost_at_best_closure_kzt,
        cost_at_best_closure_at_most_kzt=solution.cost_at_best_closure_at_most_kzt,
    )
    plan = _with_cost_of_best_closure(problem, plan, after)
    _refuse_unless_verified(problem, plan)
    plan = replace(
        plan,
        figures=figures_of(problem, selection, after),
        adaptability=adaptability_of(problem, selection),
    )
    before = evaluate(problem, existing_selection(problem))
    return PlanResult(plan, problem, before, after, issues)


def _with_cost_of_best_closure(problem: Problem, plan: Plan, after: Evaluation) -> Plan:
    """Let the plan itself be the cheapest of the best closure where it is one, and found to be cheaper."""
    found = best_closure_cost_kzt(problem, plan, after)
    for name in ("cost_at_best_closure_kzt", "cost_at_best_closure_at_most_kzt"):
        known = getattr(plan, name)
        if found is not None and known is not None:
            plan = replace(plan, **{name: min(known, found[1])})
    return plan


def _refuse_unless_verified(problem: Problem, plan: Plan) -> None:
    """Refuse a plan that breaks a rule, or whose values are not those of its own decisions."""
    verification = verify_plan(problem, plan)
    for fault in (*verification.broken, *verification.differences):
        logger.error("refused: %s", fault)
    if not verification.holds:
        differing = [difference.what for difference in verification.differences]
        faults = [*verification.evaluation.broken_rules, *differing]
        raise SolverError.of("plan-refused-by-evaluation", rules=", ".join(faults[:10]))


def unproven(limits: Limits, stages: Iterable[Stage]) -> Iterable[Issue]:
    """Yield a warning for a first look, and for each stage that is not proven within the gap."""
    settings = limits.settings
    if settings.quick:
        names = tuple(Phrase(f"objective.{choice.name}", subject="rules") for choice in settings.objectives)
        count = len(settings.sought)
        sought, left = names[:count], names[count:]
        percent = round(settings.stage_gap * 100, GAP_DIGITS)
        yield Issue("first-look", values={"sought": sought, "left": left or "–", "gap": percent})
    for stage in stages:
        if stage.gap is None or stage.gap > settings.stage_gap:
            known = None if stage.gap is None else {"gap": round(stage.gap * 100, GAP_DIGITS)}
            gap = Phrase("gap.unknown") if known is None else Phrase("gap.known", known)
            objective = Phrase(f"objective.{stage.objective}", subject="rules")
            yield Issue("not-proven", values={"objective": objective, "gap": gap})


def _warning_data(issue: Issue) -> Mapping[str, Any]:
    """Return a warning without its row, so that shuffled rows give the same file."""
    data: dict[str, Any] = {"code": issue.code, "text": with_plain_spaces(issue.found("en"))}
    if issue.place is not None:
        data |= {"file": Path(issue.place.file).name, "sheet": issue.place.sheet}
    return data
