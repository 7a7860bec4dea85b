"""Planning and verifying, each as one readable function: from a catalog to a plan, and to a verdict."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriplan.capacity import Capacity
from curriplan.catalog import read_catalog
from curriplan.catalog.folder import read_csv_table
from curriplan.catalog.parse import parse_table
from curriplan.checks import check_catalog
from curriplan.curriculum import Curricula
from curriplan.diagnosis import diagnosis_to_data
from curriplan.errors import (
    CatalogError,
    CurriplanError,
    ExitCode,
    InfeasibleError,
    Issue,
    NoPlanError,
    Place,
    SolverError,
    UsageError,
    errors_in,
    thousands,
    with_plain_spaces,
)
from curriplan.evaluation import (
    Difference,
    Evaluation,
    Verification,
    evaluate,
    existing_selection,
    measures_of,
    payments_for,
    planned_gaps,
    planned_modules,
    planned_uses,
    verify_plan,
)
from curriplan.files import replacing
from curriplan.model import Catalog, ProfileEntry
from curriplan.plan import CatalogReference, Plan, Selection, Stage
from curriplan.plan_file import (
    check_same_catalog,
    earlier_starts,
    found_source,
    limits_to_data,
    read_plan,
    settings_from_data,
)
from curriplan.problem import PlanningProblem
from curriplan.results import PlanResult
from curriplan.review import PlanChoice, ReviewChange, ReviewDecision, ReviewRecord
from curriplan.settings import Limits, Settings, effective_limits, sources_kzt
from curriplan.version import __version__

if TYPE_CHECKING:
    from curriplan.optimizer import Progress, Solution
    from curriplan.reviewing import ReadReview, Resolved

logger = logging.getLogger(__name__)

DEFAULT_CATALOG = "kz-digital-college"
ROWS_NAMED = 5
LEAST_SOLVING_S = 1.0
"""The solver has this long even where the programmes planned alone have used up the time limit."""
DIAGNOSIS_ENDINGS = (".json",)
DIAGNOSIS_LIMIT_S = 120.0
"""To say why there is no plan takes no longer than this, unless the time limit is a long one."""
DIAGNOSIS_SHARE = 0.4
"""Of a long time limit it may take this part."""
LEAST_DIAGNOSIS_S = 5.0
"""And has this long even where the time limit is used up."""
Source = str | PathLike[str]


@dataclass(frozen=True)
class Reading:
    """A catalog as it was read and checked.

    Attributes
    ----------
    found : Catalog or None
        What could be read of it.
    issues : tuple of Issue
        Everything wrong with it, errors and warnings, by place.
    source : str or None
        The name of a bundled catalog, or an absolute path; None for one made in code.
    notes : tuple of Issue
        What is neither an error nor a warning, as `curriplan.catalog.ReadResult` has it.
    """

    found: Catalog | None
    issues: tuple[Issue, ...]
    source: str | None
    notes: tuple[Issue, ...] = ()

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that stop the work."""
        return errors_in(self.issues)

    def require(self) -> Catalog:
        """Return the catalog.

        Raises
        ------
        CatalogError
            With every issue, if any is an error.
        """
        if self.found is None or self.errors:
            raise CatalogError(self.issues)
        return self.found


def read(source: Source | None = None, settings: Settings | None = None) -> Reading:
    """Read and check a catalog, the illustrative one by default.

    Raises
    ------
    UsageError
        If the settings name a programme, an objective or a solver that there is not.
    """
    source = DEFAULT_CATALOG if source is None else source
    result = read_catalog(source)
    issues = result.issues
    if result.partial is not None:
        limits = effective_limits(result.partial, settings) if result.catalog is not None else None
        issues += check_catalog(result.partial, limits, incomplete=result.incomplete)
    logger.info("catalog %s: %d issues", source, len(issues))
    ordered = tuple(sorted(issues, key=Issue.sort_key))
    return Reading(result.partial, ordered, _identified(source), result.notes)


def _identified(source: Source) -> str:
    path = Path(source)
    try:
        return str(path.resolve()) if path.exists() else str(source)
    except OSError:  # a name that the file system cannot hold
        return str(source)


def require_programmes(catalog: Catalog) -> None:
    """Refuse a catalog that has nothing to plan.

    Raises
    ------
    CatalogError
        If it is a classification without programmes.
    """
    if catalog.info.classification and not catalog.programmes:
        raise CatalogError.of("nothing-to-plan", Place(catalog.info.id))


def read_profile(path: Path, warnings: list[Issue] | None = None) -> tuple[ProfileEntry, ...]:
    """Read a regulation profile from a CSV file with the columns of the table ``profile``.

    Parameters
    ----------
    warnings : list of Issue, optional
        Takes what was odd in the file and understood.

    Raises
    ------
    CatalogError
        With every problem of the file.
    """
    table = read_csv_table(path, ProfileEntry.table, str(path))
    parsed = parse_table(table)
    if errors_in(parsed.issues):
        raise CatalogError(parsed.issues)
    if warnings is not None:
        warnings.extend(parsed.issues)
    return tuple(row for row in parsed.records if isinstance(row, ProfileEntry))


def optimize_catalog(
    catalog: Catalog,
    settings: Settings | None = None,
    *,
    source: str | None = None,
    warnings: Iterable[Issue] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stability: int | None = None,
    previous_catalog: str | None = None,
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

    Raises
    ------
    CatalogError
        If the catalog has errors.
    UsageError
        If the settings name a programme, an objective or a solver that there is not.
    InfeasibleError, NoPlanError, SolverError
        If there is no plan, none was found in time, the solver failed, or its plan did not pass.
    """
    from curriplan.optimizer import solve, with_closure_alone
    from curriplan.optimizer.solver import catch_interrupt

    require_programmes(catalog)
    limits = effective_limits(catalog, settings)
    known = _warnings_of(catalog, limits) if warnings is None else tuple(warnings)
    curricula = Curricula(catalog)
    limits, ignored = _with_known_starts(limits, curricula)
    own = (
        *_other_catalog(catalog, previous_catalog),
        *ignored,
        *_budget_above_sources(catalog, limits),
    )
    started = time.monotonic()
    limits = with_closure_alone(catalog, limits, curricula=curricula, progress=progress)
    capacity = Capacity(catalog, limits, curricula)
    within = _less_time(limits, time.monotonic() - started)
    with catch_interrupt():
        try:
            solution = solve(catalog, within, curricula=curricula, capacity=capacity, progress=progress)
        except InfeasibleError as error:
            left = limits.settings.time_limit_s - (time.monotonic() - started)
            found = diagnosed(error, PlanningProblem(catalog, limits), left)
            raise InfeasibleError((*found.issues, *own), diagnosis=found.diagnosis) from error
        except NoPlanError as error:
            raise NoPlanError((*error.issues, *own)) from error
        result = _accept(_Case(catalog, limits, curricula, capacity), solution, source, (*known, *own))
        return result if stability is None else _with_stability(result, stability, progress)


def _with_stability(
    result: PlanResult, perturbed: int, progress: Callable[[Progress], None] | None
) -> PlanResult:
    """Add how often each module is chosen, and a warning where not every run was done."""
    from curriplan.optimizer.stability import find_stability

    plan = result.plan
    table = find_stability(result.catalog, result.limits, plan.selection, perturbed, progress)
    issues: tuple[Issue, ...] = ()
    if table.left_out:
        runs = len(table.runs)
        issues = (Issue("stability-incomplete", values={"done": runs - table.left_out, "runs": runs}),)
    warnings = tuple(sorted((*plan.warnings, *map(_warning_data, issues)), key=str))
    plan = replace(plan, stability=table, warnings=warnings)
    return replace(result, plan=plan, warnings=(*result.warnings, *issues))


def _other_catalog(catalog: Catalog, previous_catalog: str | None) -> Iterator[Issue]:
    """Warn where the earlier plan is one of another catalog; another version of the same is usual."""
    if previous_catalog not in (None, catalog.info.id):
        values = {"previous": previous_catalog, "catalog": catalog.info.id}
        yield Issue("previous-other-catalog", values=values)


def reviewed_settings(review: ReadReview, choices: Mapping[str, Any]) -> Settings:
    """Return the settings of the plan under review, with those that are given anew in their place.

    Where changes are limited anew and there is no earlier plan, they are counted against the plan under
    review.
    """
    settings = replace(settings_from_data(review.plan.limits), **choices)
    if settings.max_changes is not None and settings.previous is None:
        settings = replace(settings, previous=earlier_starts(review.plan))
    return settings


def reviewed_source(review: ReadReview) -> str:
    """Return the catalog that the plan under review names.

    Raises
    ------
    CurriplanError
        If it names none.
    """
    source = review.plan.catalog.source
    if source is None:
        raise CurriplanError.of("plan-without-catalog", path=str(review.path))
    return found_source(source, review.path.parent)


def replan(
    review: ReadReview,
    reading: Reading,
    settings: Settings,
    *,
    progress: Callable[[Progress], None] | None = None,
    stability: int | None = None,
) -> PlanResult:
    """Make the plan that a review asks for.

    Parameters
    ----------
    review : ReadReview
        As `curriplan.reviewing.read_review` returns it.
    reading : Reading
        The catalog that the plan under review was made from.
    settings : Settings
        As `reviewed_settings` returns them; the decisions of the review take the place of earlier ones.

    Where the plan under review keeps every decision, and no setting and no earlier decision is taken
    back, it is the plan that is asked for: it is verified and written again, not solved anew.

    Raises
    ------
    CurriplanError
        If the catalog is another one, or something in the review is not as it was written or not
        understood: everything at once, each with its cell.
    InfeasibleError, NoPlanError, SolverError
        As `optimize_catalog`.
    """
    from curriplan.reviewing import resolve_review

    catalog = reading.require()
    if review.plan.catalog.sha256 != catalog.sha256:
        values = {"expected": review.plan.catalog.sha256[:12], "found": catalog.sha256[:12]}
        raise CurriplanError([Issue("plan-other-catalog", review.plan_place, values)])
    resolved = resolve_review(review, catalog)
    changed = replace(settings, review=resolved.decisions)
    planned_anew = not _asks_for_nothing(review, changed, resolved)
    if not planned_anew:
        result = _unchanged(review, reading, changed)
    elif resolved.plan_choice is PlanChoice.APPROVE:
        raise CurriplanError.of("review-approve-with-settings", review.plan_place)
    else:
        result = optimize_catalog(
            catalog,
            changed,
            source=reading.source,
            warnings=reading.issues,
            progress=progress,
            stability=stability,
        )
    return _with_record(result, review, resolved, planned_anew)


def _asks_for_nothing(review: ReadReview, settings: Settings, resolved: Resolved) -> bool:
    """Say whether the plan under review is what its review asks for."""
    from curriplan.reviewing import is_kept

    before = settings_from_data(review.plan.limits)
    if replace(settings, review=()) != replace(before, review=()):
        return False
    lifted = {one.key for one in before.review} - {one.key for one in resolved.decisions}
    if resolved.plan_choice is PlanChoice.APPROVE:
        lifted = set()
    return not lifted and all(is_kept(review.plan, one) for one in resolved.decisions)


def _unchanged(review: ReadReview, reading: Reading, settings: Settings) -> PlanResult:
    """Return the plan under review with its decisions recorded, if the evaluation finds nothing wrong."""
    catalog = reading.require()
    limits = effective_limits(catalog, settings)
    limits = replace(limits, closure_alone=dict(review.plan.limits["closure_alone"]))
    plan = replace(review.plan, limits=limits_to_data(limits))
    plan = replace(plan, catalog=replace(plan.catalog, source=reading.source))
    verdict = verdict_of(plan, catalog)
    if not verdict.holds:
        differing = [difference.what for difference in verdict.verification.differences]
        faults = [*verdict.verification.evaluation.broken_rules, *differing]
        raise CurriplanError.of("review-plan-broken", review.plan_place, rules=", ".join(faults[:10]))
    curricula = Curricula(catalog)
    case = _Case(catalog, limits, curricula, Capacity(catalog, limits, curricula))
    before, after = case.evaluate(case.existing()), case.evaluate(plan.selection)
    issues = (*reading.issues, *_unproven(limits, plan.stages))
    return PlanResult(plan, catalog, limits, curricula, case.capacity, before, after, issues)


def _with_record(
    result: PlanResult, review: ReadReview, resolved: Resolved, planned_anew: bool
) -> PlanResult:
    """Return the plan with what was decided, and what changed against the plan under review."""
    changes = tuple(_review_changes(review.plan, result.plan, resolved.decisions))
    record = ReviewRecord(review.path.name, review.plan_sha256, planned_anew, resolved.lines, changes)
    plan = replace(result.plan, review=record)
    return replace(result, plan=plan, reviewed=review.plan, warnings=(*result.warnings, *review.warnings))


def _review_changes(earlier: Plan, plan: Plan, decisions: Iterable[ReviewDecision]) -> Iterator[ReviewChange]:
    before = {(one.programme, one.module): one.term for one in earlier.selection.starts}
    after = {(one.programme, one.module): one.term for one in plan.selection.starts}
    decided = {one.key for one in decisions}
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield ReviewChange(*key, key in decided, before.get(key), after.get(key))


def _with_known_starts(limits: Limits, curricula: Curricula) -> tuple[Limits, tuple[Issue, ...]]:
    """Leave out the rows of the earlier plan that this catalog or run does not know, with one warning."""
    previous = limits.settings.previous
    if previous is None:
        return limits, ()
    offered = {option.key for name in limits.planned for option in curricula.by_programme[name].open_options}
    kept = tuple(start for start in previous if start[:2] in offered)
    ignored = [
        f"{programme}/{module}" for programme, module, _ in previous if (programme, module) not in offered
    ]
    limits = replace(limits, settings=replace(limits.settings, previous=kept))
    if not ignored:
        return limits, ()
    more = ", ..." if len(ignored) > ROWS_NAMED else ""
    values = {"count": len(ignored), "names": ", ".join(ignored[:ROWS_NAMED]) + more}
    return limits, (Issue("previous-row-ignored", values=values),)


def _less_time(limits: Limits, spent_s: float) -> Limits:
    """Return the limits with the time that is left for the solver: `time_limit_s` is for all together."""
    if not limits.needs_closure_alone:
        return limits
    left = max(LEAST_SOLVING_S, limits.settings.time_limit_s - spent_s)
    return replace(limits, settings=replace(limits.settings, time_limit_s=left))


def _budget_above_sources(catalog: Catalog, limits: Limits) -> Iterator[Issue]:
    """Warn where the user's cap on new money is above what the sources have together (§10)."""
    budget, sources = limits.settings.budget_kzt, sources_kzt(catalog)
    if budget is not None and sources is not None and budget > sources:
        values = {"budget": thousands(budget), "sources": thousands(sources)}
        yield Issue("budget-above-sources", values=values)


def diagnosed(error: InfeasibleError, problem: PlanningProblem, time_limit_s: float) -> InfeasibleError:
    """Return the error with what clashes and what would help, as far as the time allows."""
    from curriplan.optimizer.conflict import diagnose

    most_s = max(DIAGNOSIS_LIMIT_S, DIAGNOSIS_SHARE * problem.limits.settings.time_limit_s)
    limit = max(LEAST_DIAGNOSIS_S, min(most_s, time_limit_s))
    return InfeasibleError(error.issues, diagnosis=diagnose(problem, limit))


def write_diagnosis(error: InfeasibleError, path: Path) -> None:
    """Write why there is no plan as JSON; nothing where it was not found out."""
    if error.diagnosis is not None:
        data = diagnosis_to_data(error.diagnosis, f"curriplan {__version__}")
        with replacing(path) as (new,):
            new.write_text(to_json(data), encoding="utf-8", newline="\n")


def _warnings_of(catalog: Catalog, limits: Limits) -> tuple[Issue, ...]:
    issues = check_catalog(catalog, limits)
    if errors_in(issues):
        raise CatalogError(issues)
    return issues


@dataclass(frozen=True)
class _Case:
    """A catalog, the limits, and what follows from both."""

    catalog: Catalog
    limits: Limits
    curricula: Curricula
    capacity: Capacity

    def evaluate(self, selection: Selection) -> Evaluation:
        return evaluate(
            self.catalog, self.limits, selection, curricula=self.curricula, capacity=self.capacity
        )

    def existing(self) -> Selection:
        return existing_selection(self.catalog, self.limits, self.curricula, self.capacity)


def _accept(case: _Case, solution: Solution, source: str | None, warnings: tuple[Issue, ...]) -> PlanResult:
    """Evaluate what the solver decided, refuse it where it does not stand, and assemble the plan."""
    bare = case.evaluate(solution.selection)
    payments = payments_for(case.catalog, case.limits, bare)
    selection = replace(solution.selection, payments=payments)
    after = case.evaluate(selection)
    issues = (*warnings, *_unproven(case.limits, solution.stages))
    catalog, limits = case.catalog, case.limits
    plan = Plan(
        catalog=CatalogReference(catalog.info.id, catalog.info.version, catalog.sha256, source),
        limits=limits_to_data(limits),
        status=solution.status,
        stages=solution.stages,
        modules=planned_modules(catalog, limits, case.curricula, selection),
        uses=planned_uses(catalog, limits, case.capacity, selection),
        payments=payments,
        gaps=planned_gaps(catalog, limits, after),
        measures=measures_of(after),
        warnings=tuple(sorted(map(_warning_data, issues), key=str)),
        cost_at_best_closure_kzt=solution.cost_at_best_closure_kzt,
    )
    _refuse_unless_verified(plan, case)
    before = case.evaluate(case.existing())
    return PlanResult(plan, catalog, limits, case.curricula, case.capacity, before, after, issues)


def _refuse_unless_verified(plan: Plan, case: _Case) -> None:
    """Refuse a plan that breaks a rule, or whose values are not those of its own decisions."""
    verification = verify_plan(case.catalog, case.limits, plan)
    for fault in (*verification.broken, *verification.differences):
        logger.error("refused: %s", fault)
    if not verification.holds:
        differing = [difference.what for difference in verification.differences]
        faults = [*verification.evaluation.broken_rules, *differing]
        raise SolverError.of("plan-refused-by-evaluation", rules=", ".join(faults[:10]))


def _unproven(limits: Limits, stages: Iterable[Stage]) -> Iterable[Issue]:
    for stage in stages:
        if stage.gap is None or stage.gap > limits.settings.gap:
            gap = "?" if stage.gap is None else f"{stage.gap:.2%}"
            yield Issue("not-proven", values={"objective": stage.objective, "gap": gap})


def _warning_data(issue: Issue) -> Mapping[str, Any]:
    """Return a warning without its row, so that shuffled rows give the same file."""
    data: dict[str, Any] = {"code": issue.code, "text": with_plain_spaces(issue.found("en"))}
    if issue.place is not None:
        data |= {"file": Path(issue.place.file).name, "sheet": issue.place.sheet}
    return data


def verify_saved_plan(path: Path, source: Source | None = None) -> Verdict:
    """Re-evaluate a saved plan without a solver.

    Parameters
    ----------
    path : Path
        A ``plan.json``.
    source : str or path, optional
        The catalog it was made from; by default the one that it names.

    Raises
    ------
    CurriplanError
        If the plan or the catalog cannot be read, or the plan was made from another catalog.
    """
    plan = read_plan(path)
    if source is None:
        if plan.catalog.source is None:
            raise CurriplanError.of("plan-without-catalog", path=str(path))
        source = found_source(plan.catalog.source, path.parent)
    reading = read(source)
    catalog = reading.require()
    check_same_catalog(plan, catalog.sha256)
    return verdict_of(plan, catalog)


@dataclass(frozen=True)
class Verdict:
    """A saved plan, and what its own decisions are worth."""

    plan: Plan
    catalog: Catalog
    verification: Verification

    @property
    def holds(self) -> bool:
        """Whether every rule holds and every recorded value is what the decisions give."""
        return self.verification.holds

    @property
    def choices(self) -> Mapping[str, Any]:
        """What was chosen by hand for this plan: no rule judges it, so a reader must see it.

        Of a profile, the values that are not the catalog's.
        """
        chosen, default = settings_from_data(self.plan.limits), Settings()
        found = {one.name: getattr(chosen, one.name) for one in fields(Settings)}
        found = {name: value for name, value in found.items() if value != getattr(default, name)}
        if "previous" in found:
            found["previous"] = f"{len(found['previous'])} modules"
        if "review" in found:
            found["review"] = f"{len(found['review'])} decisions"
        own = {row.key_name: row.value for row in self.catalog.profile}
        for row in found.pop("profile", ()):
            if own.pop(row.key_name, None) != row.value:
                found[f"profile {row.key_name}"] = row.value
        return found | ({f"profile {key}": "-" for key in own} if chosen.profile is not None else {})


def verdict_of(plan: Plan, catalog: Catalog) -> Verdict:
    """Recompute a plan from its own decisions, within its own limits."""
    try:
        limits = effective_limits(catalog, settings_from_data(plan.limits))
        limits = replace(limits, closure_alone=dict(plan.limits["closure_alone"]))
    except UsageError as error:  # names in a file, not on the command line
        raise CurriplanError(error.issues, ExitCode.FILE) from error
    verification = verify_plan(catalog, limits, plan)
    differences = (
        *_name_differences(plan, catalog),
        *_limit_differences(plan, limits),
        *verification.differences,
    )
    return Verdict(plan, catalog, replace(verification, differences=differences))


def _name_differences(plan: Plan, catalog: Catalog) -> Iterator[Difference]:
    """Yield what the plan calls its catalog otherwise than the catalog itself."""
    for name in ("id", "version"):
        recorded, found = getattr(plan.catalog, name), getattr(catalog.info, name)
        if recorded != found:
            yield Difference(f"catalog/{name}", recorded, found)


def _limit_differences(plan: Plan, limits: Limits) -> Iterator[Difference]:
    """Yield each recorded limit that does not follow from the catalog and the recorded choices."""
    for name, value in limits_to_data(limits).items():
        if plan.limits[name] != value:
            yield Difference(f"limits/{name}", plan.limits[name], value)


def to_json(data: Any) -> str:
    """Return data as readable JSON."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
