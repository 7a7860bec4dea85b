"""The plan that a review asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from curriplan.api.optimize import optimize_catalog, unproven
from curriplan.api.plan_file import earlier_starts, found_source
from curriplan.api.reading import Reading
from curriplan.api.results import PlanResult
from curriplan.api.review.versions import next_versions
from curriplan.api.time_limit import TimeLimit
from curriplan.api.verify import chosen_by_hand, verdict_of
from curriplan.base.errors import CurriplanError, Issue
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.planned import existing_selection
from curriplan.plan.plan import Plan
from curriplan.plan.replanning import DecisionPrice, Replanning
from curriplan.problem.limits import (
    effective_limits,
    limits_to_data,
    settings_from_data,
    with_recorded_solves,
)
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.review import PlanChoice, ReviewChange, ReviewDecision, ReviewRecord
from curriplan.problem.settings import Replan, Settings

if TYPE_CHECKING:
    from curriplan.api.review.read import ReadReview
    from curriplan.api.review.resolve import Resolved
    from curriplan.base.progress import Progress
    from curriplan.catalog.records import Catalog

COMPARED = ("previous", "review", "reviewed")
"""Settings that a review brings with it as a matter of course."""


def reviewed_settings(
    review: ReadReview, choices: Mapping[str, Any], wish: Replan = Replan.FEWEST
) -> Settings:
    """Return the settings of the plan under review, with those that are given anew in their place.

    The fewest changes against the plan under review come first among the objectives, unless the best plan
    is wished for, or changes are limited anew: then they are counted against the earlier plan, or against
    the plan under review where there is none.
    """
    before = settings_from_data(review.plan.limits)
    if "objectives" not in choices:
        before = before.without_fewest_changes()
    starts = earlier_starts(review.plan)
    settings = replace(before, reviewed=(), **choices)
    if settings.max_changes is not None and settings.previous is None:
        settings = replace(settings, previous=starts)
    if wish is Replan.BEST or choices.get("max_changes") is not None or not starts:
        return settings
    return replace(settings, reviewed=starts).with_fewest_changes()


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
    time_limit: TimeLimit | None = None,
    workers: int | None = None,
) -> PlanResult:
    """Make the plan that a review asks for.

    Parameters
    ----------
    review : ReadReview
        As `curriplan.api.review.read.read_review` returns it.
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
    from curriplan.api.review.resolve import resolve_review

    catalog = reading.require()
    is_other = review.plan.catalog.sha256 != catalog.sha256
    if is_other and (not review.marks or review.plan.catalog.id != catalog.info.id):
        _refuse_other_catalog(review, catalog)
    resolved = resolve_review(review, catalog)
    if is_other and resolved.plan_choice is PlanChoice.APPROVE:
        _refuse_other_catalog(review, catalog)
    changed = replace(settings, review=resolved.decisions)
    planned_anew = is_other or not _asks_for_nothing(review, changed, resolved)
    if not planned_anew:
        result = _unchanged(review, reading, resolved.decisions, is_near=changed.minimises_changes)
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
            workers=workers,
            time_limit=time_limit,
        )
    said = (*_edited_catalog(resolved, is_other=is_other), *_kept_settings(review, settings, catalog))
    return _with_record(result, review, resolved, planned_anew, said)


def _refuse_other_catalog(review: ReadReview, catalog: Catalog) -> NoReturn:
    values = {"expected": review.plan.catalog.sha256[:12], "found": catalog.sha256[:12]}
    raise CurriplanError([Issue("plan-other-catalog", review.plan_place, values)])


def _edited_catalog(resolved: Resolved, *, is_other: bool) -> Iterator[Issue]:
    """Warn where the catalog was edited meanwhile, with the decisions that ask for another look."""
    if is_other:
        names = ", ".join(f"{line.programme} {line.module}" for line in resolved.outdated)
        yield Issue("review-catalog-edited", values={"held": len(resolved.decisions), "names": names or "–"})


def _kept_settings(review: ReadReview, settings: Settings, catalog: Catalog) -> Iterator[Issue]:
    """Warn of what holds only because the workbook says so: a norm or a budget that nobody asked for now."""
    recorded = settings_from_data(review.plan.limits).without_fewest_changes()
    now, default = settings.without_fewest_changes(), Settings()
    kept = [
        f"{name} = {_said(value)}"
        for name, value in chosen_by_hand(recorded, catalog).items()
        if name.startswith("profile ") or getattr(now, name) == getattr(recorded, name)
        if name not in COMPARED and getattr(default, name, None) != value
    ]
    if kept:
        yield Issue("review-settings-kept", values={"names": "; ".join(kept)})


def _asks_for_nothing(review: ReadReview, settings: Settings, resolved: Resolved) -> bool:
    """Say whether the plan under review is what its review asks for."""
    from curriplan.api.review.resolve import is_kept

    before = settings_from_data(review.plan.limits)
    if _wished(settings) != _wished(before) or (before.reviewed and not settings.reviewed):
        return False
    lifted = {one.key for one in before.review} - {one.key for one in resolved.decisions}
    if resolved.plan_choice is PlanChoice.APPROVE:
        lifted = set()
    return not lifted and all(is_kept(review.plan, one) for one in resolved.decisions)


def _wished(settings: Settings) -> Settings:
    """Return the settings as somebody chose them, without what a review adds to them."""
    return replace(settings.without_fewest_changes(), review=())


def _unchanged(
    review: ReadReview, reading: Reading, decisions: tuple[ReviewDecision, ...], *, is_near: bool
) -> PlanResult:
    """Return the plan under review with its decisions recorded, if the evaluation finds nothing wrong.

    Where the fewest changes come first, its decisions cost nothing: with each of them and without, the
    plan under review changes nothing, and no other plan changes as little.
    """
    from curriplan.optimizer.filling import LONGEST_S as FILLING_S
    from curriplan.optimizer.filling import find_filling

    catalog = reading.require()
    limits = effective_limits(catalog, replace(settings_from_data(review.plan.limits), review=decisions))
    limits = with_recorded_solves(limits, review.plan.limits)
    free = Replanning(prices=tuple(DecisionPrice(*one.key, 0.0, 0) for one in decisions))
    plan = replace(
        review.plan, limits=limits_to_data(limits), replanning=free if is_near and decisions else None
    )
    plan = replace(plan, catalog=replace(plan.catalog, source=reading.source))
    if plan.filling:  # what a reviewer asks for is not there for the norm alone
        plan = replace(plan, filling=find_filling(Problem(catalog, limits), plan.selection, FILLING_S))
    verdict = verdict_of(plan, catalog)
    if not verdict.holds:
        differing = [difference.what for difference in verdict.verification.differences]
        faults = [*verdict.verification.evaluation.broken_rules, *differing]
        raise CurriplanError.of("review-plan-broken", review.plan_place, rules=", ".join(faults[:10]))
    before = evaluate(verdict.problem, existing_selection(verdict.problem))
    issues = (*reading.issues, *unproven(limits, plan.stages))
    return PlanResult(plan, verdict.problem, before, verdict.verification.evaluation, issues)


def _said(value: Any) -> str:
    """Return the value of a setting as the command line takes it."""
    if isinstance(value, ObjectiveChoice):
        return value.name + (f":{value.tolerance:g}" if value.tolerance else "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(_said, value)) if isinstance(value, tuple) else str(value)


def _with_record(
    result: PlanResult,
    review: ReadReview,
    resolved: Resolved,
    planned_anew: bool,
    said: tuple[Issue, ...],
) -> PlanResult:
    """Return the plan with what was decided, and what changed against the plan under review."""
    changes = tuple(_review_changes(review.plan, result.plan, resolved.decisions))
    record = ReviewRecord(review.path.name, review.plan_sha256, planned_anew, resolved.lines, changes)
    plan = replace(result.plan, review=record)
    plan = replace(plan, versions=next_versions(review.plan, review.plan_sha256, plan))
    return replace(
        result, plan=plan, reviewed=review.plan, warnings=(*result.warnings, *review.warnings, *said)
    )


def _review_changes(earlier: Plan, plan: Plan, decisions: Iterable[ReviewDecision]) -> Iterator[ReviewChange]:
    before = {(one.programme, one.module): one.term for one in earlier.selection.starts}
    after = {(one.programme, one.module): one.term for one in plan.selection.starts}
    decided = {one.key for one in decisions}
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield ReviewChange(*key, key in decided, before.get(key), after.get(key))
