"""A module taken out of a programme, or forced into it, and everything else planned anew.

Many questions need no solve of their own: a plan found before that does without the module (or has it)
and closes as much is the answer, and so is the plan itself where the module can go alone. First each
programme is planned anew by itself, beside the others as they are: that takes a moment, and no more than
it loses can be lost. What loses something then is one solve of the whole, from the best plan known, that
ends as soon as nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from curriplan.evaluation import Addition, Obstacle, Removal, what_if
from curriplan.explanation import Effect, ModuleReason
from curriplan.optimizer.explain.case import QUESTION_LIMIT_S, Case, startable, taken, up_to_cost
from curriplan.optimizer.explain.resolver import Answer, Change, Key, Point
from curriplan.optimizer.solver import Outcome
from curriplan.plan import Selection

Wanted = Callable[[Key], bool]
GLANCE_S = 0.5
"""Where a change allows no plan, that mostly shows at once."""
CLOSED = (Obstacle.FORBIDDEN, Obstacle.NO_TERM)


@dataclass(frozen=True)
class _Loss:
    """What a question came to, as shares of 1."""

    effect: Effect
    closure_lost: float | None = None
    programme_closure_lost: float | None = None
    margin: float = 0.0
    is_proven: bool = True
    point: Point | None = None


def chosen_reasons(case: Case, wanted: Wanted, until: float) -> Iterator[ModuleReason]:
    """Yield what is lost without each module of the plan, of those that are wanted."""
    changes = what_if(case.problem.catalog, case.problem.limits, case.selection)
    _keep_lone_removals(case)
    removals = [row for row in changes.removals if wanted((row.programme, row.module))]
    asked = [(row.programme, row.module) for row in removals]
    impossible = _looked_at(case, {key: case.resolver.without(key) for key in asked}, removed=True)
    for removal in removals:
        yield _chosen(case, removal, until, impossible)


def left_out_reasons(case: Case, wanted: Wanted, until: float, with_money: bool) -> Iterator[ModuleReason]:
    """Yield what each module left out would cost if it were forced in, of those that are wanted."""
    changes = what_if(case.problem.catalog, case.problem.limits, case.selection)
    additions = [row for row in changes.additions if wanted((row.programme, row.module))]
    asked = [(row.programme, row.module) for row in additions if _is_open(case, row)]
    impossible = _looked_at(case, {key: case.resolver.within(key) for key in asked}, removed=False)
    for addition in additions:
        yield _left_out(case, addition, until, with_money, impossible)


def _looked_at(case: Case, changes: Mapping[Key, Change], *, removed: bool) -> frozenset[Key]:
    """Answer what takes a moment: plans of one programme anew, and changes that allow no plan at all."""
    found = set()
    for key, change in changes.items():
        _near(case, key[0], change)
        if _best_known(case, key, removed) is None and case.resolver.watch.left_s > 0:
            glance = case.resolver.solve(case.objectives, change, limit_s=GLANCE_S)
            case.keep(glance.point)
            if glance.outcome is Outcome.INFEASIBLE:
                found.add(key)
    return frozenset(found)


def _is_open(case: Case, addition: Addition) -> bool:
    return addition.obstacle not in CLOSED and (addition.programme, addition.module) in case.resolver.starts


def _keep_lone_removals(case: Case) -> None:
    """Remember the best plan without each module that can go alone: rules kept, no closure lost."""
    selection = case.best_point.selection
    for removal in what_if(case.problem.catalog, case.problem.limits, selection).removals:
        if not removal.broken and removal.plan_closure_lost <= case.tolerance:
            case.keep(case.measured(_without(selection, (removal.programme, removal.module))))


def _without(selection: Selection, key: Key) -> Selection:
    starts = tuple(row for row in selection.starts if (row.programme, row.module) != key)
    sites = tuple(row for row in selection.sites if (row.programme, row.module) != key)
    return Selection(starts, sites)


def _chosen(case: Case, removal: Removal, until: float, impossible: frozenset[Key]) -> ModuleReason:
    key = (removal.programme, removal.module)
    case.tick(removal.module)
    loss = _Loss(Effect.IMPOSSIBLE)
    if key not in impossible:
        loss = _ask(case, key, case.resolver.without(key), removed=True, until=until)
    reason = ModuleReason(*key, True, loss.effect, removal.term, rules=removal.broken)
    if loss.effect is Effect.UNKNOWN:
        return replace(
            reason,
            closure_lost=removal.plan_closure_lost,
            programme_closure_lost=removal.closure_lost,
            is_proven=False,
        )
    return _with_loss(reason, loss)


def _left_out(
    case: Case, addition: Addition, until: float, with_money: bool, impossible: frozenset[Key]
) -> ModuleReason:
    key = (addition.programme, addition.module)
    reason = ModuleReason(*key, False, Effect.CLOSED, None, obstacle=addition.obstacle, rules=addition.broken)
    if not _is_open(case, addition):
        return reason
    case.tick(addition.module)
    reason = replace(reason, money_alone_kzt=addition.cost_kzt)
    loss = _Loss(Effect.IMPOSSIBLE)
    if key not in impossible:
        loss = _ask(case, key, case.resolver.within(key), removed=False, until=until)
    if loss.effect is Effect.UNKNOWN:
        return replace(
            reason,
            effect=Effect.UNKNOWN,
            closure_lost=-addition.plan_closure_gained,
            programme_closure_lost=-addition.closure_gained,
            is_proven=False,
        )
    money = _more_money(case, key, loss, until) if with_money else None
    return replace(_with_loss(reason, loss), money_kzt=money)


def _with_loss(reason: ModuleReason, loss: _Loss) -> ModuleReason:
    return replace(
        reason,
        effect=loss.effect,
        closure_lost=loss.closure_lost,
        programme_closure_lost=loss.programme_closure_lost,
        margin=loss.margin,
        is_proven=loss.is_proven,
    )


def _ask(case: Case, key: Key, change: Change, *, removed: bool, until: float) -> _Loss:
    """Return what is lost by a change that only narrows the choice of plans."""
    known = _best_known(case, key, removed)
    if known is not None and known.measures["closure"] >= case.closure - case.tolerance:
        return _loss(case, key[0], Answer(Outcome.OPTIMAL, known, {"closure": case.bound}))
    limit = min(QUESTION_LIMIT_S, case.resolver.watch.left_s - until)
    if limit <= 0:
        return _at_most(case, key[0], known)
    # A plan that fits and is as good as the best before closure proves their best values at once.
    answer = case.resolver.solve(
        case.objectives,
        change,
        start=_start(case, known),
        known=None if known is None else case.known_above(),
        enough=None if known is None and case.above else {"closure": case.closure - case.tolerance},
        limit_s=limit,
    )
    case.keep(answer.point)
    if answer.point is None and answer.outcome is not Outcome.INFEASIBLE:
        return _at_most(case, key[0], known)
    return _loss(case, key[0], answer)


def _best_known(case: Case, key: Key, removed: bool) -> Point | None:
    """Return the best plan found without a module, or with it."""
    return case.best_found(lambda point: (key in taken(point)) is not removed)


def _at_most(case: Case, programme: str, known: Point | None) -> _Loss:
    """Return what a plan that is known loses: without more time, no more is."""
    if known is None:
        return _Loss(Effect.UNKNOWN)
    return _loss(case, programme, Answer(Outcome.STOPPED_WITH_PLAN, known))


def _near(case: Case, programme: str, change: Change) -> None:
    """Plan one programme anew beside the others as the best plan has them: quick, and often enough."""
    best, left = case.best_point, case.resolver.watch.left_s
    others = {
        column: (float(round(best.values[column])),) * 2
        for (name, _), columns in case.resolver.starts.items()
        if name != programme
        for column in columns.values()
    }
    if left > 0:
        answer = case.resolver.solve(
            case.objectives,
            replace(change, columns={**others, **change.columns}),
            start=best,
            known=case.known_above(),
            enough={"closure": case.closure - case.tolerance},
            limit_s=min(QUESTION_LIMIT_S, left),
        )
        case.keep(answer.point)


def _start(case: Case, known: Point | None) -> Point:
    if known is not None and known.values:
        return known
    return max(startable(case.found), key=lambda point: point.measures["closure"])


def _loss(case: Case, programme: str, answer: Answer) -> _Loss:
    if answer.point is None:
        return _Loss(Effect.IMPOSSIBLE)
    point = answer.point
    lost = case.closure - point.measures["closure"]
    before = case.programme_closures(case.best_point.selection)[programme]
    after = case.programme_closures(point.selection)[programme]
    bound = min(case.bound, answer.bounds.get("closure", case.bound))
    margin = case.margin + max(0.0, bound - point.measures["closure"])
    effect = Effect.LOSES if lost > case.tolerance else Effect.NOTHING
    if not case.as_good_above(point):
        effect = Effect.HARMS
    kept = lost if effect is not Effect.NOTHING else max(0.0, lost)
    return _Loss(effect, kept, before - after, margin, answer.is_proven, point)


def _more_money(case: Case, key: Key, loss: _Loss, until: float) -> int | None:
    """Return the new money that the plan with a module forced in costs more, None where not proven."""
    objectives = up_to_cost(case.problem.limits.settings.objectives)
    limit = min(QUESTION_LIMIT_S, case.resolver.watch.left_s - until)
    if loss.point is None or not objectives or limit <= 0:
        return None
    before = objectives[: [choice.name for choice in objectives].index("closure") + 1]
    answer = case.resolver.solve(
        objectives,
        case.resolver.within(key),
        start=_start(case, loss.point),
        known={choice.name: loss.point.measures[choice.name] for choice in before},
        limit_s=limit,
    )
    case.keep(answer.point)
    if answer.point is None or answer.outcome is not Outcome.OPTIMAL:
        return None
    cost = case.measured(case.selection).measures["cost"]
    return round(answer.point.measures["cost"] - cost)
