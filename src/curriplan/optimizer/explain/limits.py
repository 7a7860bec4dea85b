"""What more of each limit would bring: at 5 and 10 per cent, and from where on it changes closure.

Each value is tried as an edit of its cell. Where the changed catalog gives a model that differs in
right sides only, they are put into the kept model; else the changed model is built anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from curriplan.evaluation.evaluate import evaluate
from curriplan.optimizer.crew import Crew
from curriplan.optimizer.explain.levers import MovableLimit, is_tight, levers_of
from curriplan.optimizer.explain.live import INFINITE, Bounds, Columns, QuestionChange, Replanned
from curriplan.optimizer.explain.modules import ModuleQuestion
from curriplan.optimizer.explain.questioned import QuestionedPlan, batches
from curriplan.optimizer.explain.resolver import Resolver
from curriplan.optimizer.solve.solver import Outcome
from curriplan.plan.explanation import LimitGain, LimitStep, Reach
from curriplan.problem.aspects import ASPECTS
from curriplan.problem.concessions import concessions
from curriplan.problem.problem import Problem

SHARES = (0.05, 0.1)
MONEY = "§10"


def limit_questions(case: QuestionedPlan, modules: Iterable[ModuleQuestion]) -> list[LimitQuestion]:
    """Return a question for each limit that may hold the plan back.

    First those of which the plan, or the best one, leaves little; then those that break when a module
    that is left out, and would close more, is added alone: where costs are lumpy, much of a limit that
    binds is left.
    """
    problem = case.problem
    of_plan = evaluate(problem, case.selection).checks
    checks = [*of_plan, *evaluate(problem, case.best_point.selection).checks]
    tight = levers_of(problem, filter(is_tight, checks))
    stopping = [check for one in modules for check in one.stopped_by]
    keys, is_unpaid = {check.key for check in stopping}, any(check.rule == MONEY for check in stopping)
    # What nobody can pay is for no source to say alone: any of them might.
    binding = levers_of(
        problem, (check for check in of_plan if check.key in keys or (is_unpaid and check.rule == MONEY))
    )
    known = {one.key for one in tight}
    return [
        *(LimitQuestion(one) for one in _in_order(tight)),
        *(LimitQuestion(one, is_tight=False) for one in _in_order(binding) if one.key not in known),
    ]


def _in_order(levers: Iterable[MovableLimit]) -> list[MovableLimit]:
    return sorted(levers, key=lambda one: _place(one.checks[0].aspect))


def _place(aspect: str) -> tuple[bool, int]:
    """Return where a kind of limit stands: what a college can buy first, what the law sets last."""
    return not ASPECTS[aspect].bought, ASPECTS[aspect].bought


@dataclass(frozen=True)
class LimitTask:
    """A limit, what is asked of it, and the seconds that it may take."""

    question: LimitQuestion
    ask: str
    limit_s: float


def asked(case: QuestionedPlan, task: LimitTask) -> LimitQuestion:
    """Ask something of a limit, and return what is known of it then."""
    getattr(task.question, task.ask)(case, task.limit_s)
    return task.question


def ask_limits(case: QuestionedPlan, crew: Crew, questions: Sequence[LimitQuestion], until: float) -> None:
    """Ask what each limit brings at 10 per cent and, where that is something, at 5.

    First all of them together; then one by one what can be bought, and all that is tight before the rest.
    """
    _ask_together(case, crew, questions, (case.resolver.watch.left_s + until) / 2)
    for is_tight_now in (True, False):
        alike = [one for one in questions if one.is_tight is is_tight_now]
        bought = [one for one in alike if one.is_bought]
        others = [one for one in alike if not one.is_bought]
        _each(case, crew, bought, 2 * len(bought), until, "ask_far")
        _each(case, crew, others, len(others), until, "ask_far")
    helping = [one for one in questions if one.gain_far > 0.0]
    _each(case, crew, helping, len(helping), until, "ask_near")


def ask_limits_again(case: QuestionedPlan, crew: Crew, questions: Sequence[LimitQuestion]) -> None:
    """Ask what was not answered, then from where on limits help: first those of which 10 per cent do."""
    for ask in ("ask_far", "ask_near"):
        _each(case, crew, questions, len(questions), 0.0, ask)
    helping = [one for one in questions if one.gain_far > 0.0]
    others = [one for one in questions if one.gain_far <= 0.0]
    _each(case, crew, helping, 2 * len(helping), 0.0, "ask_smallest")
    _each(case, crew, others, len(others), 0.0, "ask_smallest")


def _each(
    case: QuestionedPlan,
    crew: Crew,
    questions: Sequence[LimitQuestion],
    waiting: int,
    until: float,
    ask: str,
) -> None:
    unanswered = [one for one in questions if not one.is_answered_by(ask)]
    place = {id(one): at for at, one in enumerate(unanswered)}

    def task(question: LimitQuestion) -> LimitTask | None:
        limit = case.fair_s((waiting - place[id(question)]) / crew.size, until)
        return LimitTask(question, ask, limit) if limit > 0 else None

    def tick(question: LimitQuestion) -> None:
        case.tick(question.lever.key)

    for question, answer in zip(unanswered, crew.ask(asked, unanswered, task, tick), strict=True):
        if answer is not None:
            question.take(answer)


def _ask_together(case: QuestionedPlan, crew: Crew, questions: Sequence[LimitQuestion], until: float) -> None:
    """Find limits that change closure at no value: proven for many of them at once."""
    if not case.is_monotonous:
        return
    groups = list(batches(questions))
    place = {id(group): at for at, group in enumerate(groups)}

    def task(group: Sequence[LimitQuestion]) -> TogetherTask | None:
        rounds = max(1.0, (len(groups) - place[id(group)]) / crew.size)
        limit = (case.resolver.watch.left_s - until) / rounds
        return TogetherTask(tuple(group), limit) if limit > 0 else None

    for group, idle in zip(groups, crew.ask(asked_together, groups, task), strict=True):
        for at in idle or ():
            group[at].take_never(case)


@dataclass(frozen=True)
class TogetherTask:
    """Limits that are asked together, and the seconds that they may take."""

    questions: tuple[LimitQuestion, ...]
    limit_s: float


def asked_together(case: QuestionedPlan, task: TogetherTask) -> list[int]:
    """Return the places of limits that change closure at no value.

    One of them, whichever, gives way as far as it is ever moved: as long as a plan is found with a better
    closure, the one that gave way for it is left out.
    """
    until = time.monotonic() + task.limit_s
    added = {at: one.added(case) for at, one in enumerate(task.questions)}
    asked = {at: columns for at, columns in added.items() if columns is not None}
    while asked and (left_s := until - time.monotonic()) > 0:
        places = list(asked)
        changes = list(asked.values())
        found, is_proven = case.resolver.helpful(changes, case.beyond, case.held_above(), left_s)
        if found is None:
            return places if is_proven else []
        del asked[places[found]]
    return []


def edited_problem(problem: Problem, lever: MovableLimit, value: float) -> Problem:
    """Return the problem of the catalog and settings in which a limit has another value."""
    edited = problem.edited(lever.edits(value))
    # What a programme reaches alone (§13) stays the yardstick that the plan was measured with.
    return edited.with_limits(replace(edited.limits, closure_alone=problem.limits.closure_alone))


@dataclass
class LimitQuestion:
    """One limit, and what is known of it so far."""

    lever: MovableLimit
    is_tight: bool = True
    """Whether little of it is left."""
    steps: dict[float, LimitStep] = field(default_factory=dict)
    """By share of the limit."""
    reach: Reach = Reach.UNKNOWN
    smallest: float | None = None
    smallest_gain: float | None = None

    @property
    def is_bought(self) -> bool:
        """Whether a college moves the limit by itself."""
        return ASPECTS[self.lever.checks[0].aspect].bought > 0

    @property
    def gain_far(self) -> float:
        """What 10 per cent bring, as far as it is known."""
        step = self.steps.get(SHARES[1])
        return 0.0 if step is None else step.gain or 0.0

    def is_answered_by(self, ask: str) -> bool:
        """Say whether asking this would tell no more."""
        if ask == "ask_smallest":
            return self.reach is not Reach.UNKNOWN
        step = self.steps.get(SHARES[ask == "ask_far"])
        return step is not None and step.is_answered

    def take(self, other: LimitQuestion) -> None:
        """Know what was found of the limit elsewhere."""
        self.steps = other.steps
        self.reach, self.smallest, self.smallest_gain = other.reach, other.smallest, other.smallest_gain

    def gained(self, problem: Problem) -> LimitGain:
        """Return what is known of the limit."""
        lever, check = self.lever, self.lever.checks[0]
        far = lever.moved(SHARES[1])
        return LimitGain(
            check.rule,
            check.aspect,
            check.programme if len({one.programme for one in lever.checks}) == 1 else None,
            check.subject if len({one.subject for one in lever.checks}) == 1 else None,
            tuple(sorted({one.semester for one in lever.checks if one.semester})),
            lever.unit,
            lever.value,
            _used(lever),
            lever.raises,
            tuple(self.steps.get(share) or self._unanswered(share) for share in SHARES),
            self.reach,
            self.smallest,
            self.smallest_gain,
            edits := lever.edits(far if self.smallest is None else self.smallest),
            concessions(problem.catalog, problem.limits, edits),
        )

    def _unanswered(self, share: float) -> LimitStep:
        return LimitStep(share, self.lever.moved(share), is_proven=False)

    def take_never(self, case: QuestionedPlan) -> None:
        """Note that no value of the limit is proven to change closure."""
        case.tick(self.lever.key)
        margin = case.beyond - case.closure
        self.steps = {share: LimitStep(share, self.lever.moved(share), 0.0, margin) for share in SHARES}
        self.reach = Reach.NEVER

    def added(self, case: QuestionedPlan) -> Columns | None:
        """Return what a column that is 1 adds to rows to move the limit all the way, None where none can."""
        farthest = edited_problem(case.problem, self.lever, self._moved(self.lever.farthest))
        change = self._change(case, farthest)
        return None if change is None else case.resolver.added(change)

    def ask_far(self, case: QuestionedPlan, limit_s: float) -> None:
        """Try 10 per cent: where it brings nothing, a nearer value cannot either."""
        near, far = SHARES
        self._ask(case, far, self.lever.moved(far), limit_s)
        step = self.steps.get(far)
        if step is None or near in self.steps:
            return
        value = self.lever.moved(near)
        if value == step.value or (step.gain == 0.0 and step.is_proven and case.is_monotonous):
            self.steps[near] = replace(step, share=near, value=value)

    def ask_near(self, case: QuestionedPlan, limit_s: float) -> None:
        """Try 5 per cent."""
        self._ask(case, SHARES[0], self.lever.moved(SHARES[0]), limit_s)

    def _ask(self, case: QuestionedPlan, share: float, value: float, limit_s: float) -> None:
        """Try a value, unless it is answered already."""
        known = self.steps.get(share)
        if known is not None and known.is_answered:
            return
        found = self.gain_at(case, value, limit_s)
        if found is not None and (known is None or found[2] or found[0] >= (known.gain or 0.0)):
            self.steps[share] = LimitStep(share, value, *found)

    def ask_smallest(self, case: QuestionedPlan, limit_s: float) -> None:
        """Look for the nearest value that helps, unless it is known already."""
        if self.reach is Reach.UNKNOWN:
            self.reach, self.smallest, self.smallest_gain = self._smallest(case, limit_s)

    def gain_at(self, case: QuestionedPlan, value: float, limit_s: float) -> tuple[float, float, bool] | None:
        """Return the closure gained at a value, its margin, and whether it is proven."""
        answer = self._solve_at(case, value, limit_s)
        if answer is None or answer.point is None:
            return None
        closure = answer.point.measures["closure"]
        gain = closure - case.closure
        margin = case.margin + max(0.0, answer.bounds.get("closure", closure) - closure)
        if abs(gain) <= case.tolerance:
            gain = 0.0
        return gain, margin, answer.outcome is Outcome.OPTIMAL

    def _solve_at(self, case: QuestionedPlan, value: float, limit_s: float) -> Replanned | None:
        limit = min(limit_s, case.resolver.watch.left_s)
        if limit <= 0:
            return None
        problem = edited_problem(case.problem, self.lever, value)
        change = self._change(case, problem)
        best = case.best_point
        # Where nothing but no_harm stands before closure, and is at 0, it is so within looser limits too.
        known = case.known_above() if case.is_at_best_above else None

        def suffices(found: float, bound: float) -> bool:
            return case.is_close(found - case.closure, bound - case.closure)

        asked: dict[str, Any] = {"known": known, "suffices": suffices, "limit_s": limit}
        if change is not None:
            return case.resolver.solve(case.objectives, change, start=best, **asked)
        other = Resolver(problem, case.objectives, case.resolver.watch)
        same = len(other.column_bounds) == len(best.values)
        return other.solve(case.objectives, start=best if same else None, **asked)

    def _change(self, case: QuestionedPlan, problem: Problem) -> QuestionChange | None:
        """Return the bounds that differ in a changed problem, None where more does."""
        return case.resolver.changed_by(problem, {check.rule for check in self.lever.checks})

    def _smallest(self, case: QuestionedPlan, limit_s: float) -> tuple[Reach, float | None, float | None]:
        """Return the nearest value that changes closure, and what it brings."""
        lever = self.lever
        deadline = time.monotonic() + limit_s
        rates = self._rates(case) if case.is_monotonous else None
        if rates is None:
            return self._searched(case, deadline)
        slack, proven = self._least_slack(case, rates, limit_s)
        if slack is None:
            return (Reach.NEVER if proven else Reach.UNKNOWN), None, None
        value = lever.rounded(lever.value + slack if lever.raises else lever.value - slack)
        found = self.gain_at(case, value, deadline - time.monotonic())
        if found is None or found[0] <= 0.0:
            return Reach.UNKNOWN, None, None
        return (Reach.FOUND if proven else Reach.WITHIN), value, found[0]

    def _rates(self, case: QuestionedPlan) -> dict[int, float] | None:
        """Return by how much each row gives way with one unit of the limit, None if not linear."""
        lever, kept = self.lever, case.resolver.row_bounds
        moves = []
        for part in (0.5, 1.0):
            value = self._moved(part * lever.farthest)
            change = self._change(case, edited_problem(case.problem, lever, value))
            distance = abs(value - lever.value)
            if change is None or change.columns or not distance:
                return None
            moves.append({row: _given(new, kept[row]) / distance for row, new in change.rows.items()})
        first, second = moves
        same = first.keys() == second.keys() and np.allclose(
            [first[row] for row in first], [second[row] for row in first], rtol=1e-6
        )
        return first if same else None

    def _least_slack(
        self, case: QuestionedPlan, rates: dict[int, float], limit_s: float
    ) -> tuple[float | None, bool]:
        """Minimise how far the limit gives way, subject to a closure beyond the best there can be."""
        lever = self.lever
        limit = min(limit_s, case.resolver.watch.left_s)
        return case.resolver.least_slack(rates, lever.farthest, case.beyond, case.held_above(), limit)

    def _searched(self, case: QuestionedPlan, deadline: float) -> tuple[Reach, float | None, float | None]:
        """Find the nearest value by halving, each a fresh solve: the model is not linear in it."""
        lever = self.lever
        far = lever.farthest
        found = self.gain_at(case, self._moved(far), deadline - time.monotonic())
        if found is None:
            return Reach.UNKNOWN, None, None
        if found[0] <= 0.0:
            proven = found[2] and case.is_monotonous
            return (Reach.NEVER if proven else Reach.UNKNOWN), None, None
        low, high, best, sure = 0.0, far, found[0], found[2] and case.is_monotonous
        for step in self.steps.values():
            distance = abs(step.value - lever.value)
            if step.gain and distance < high:
                high, best = distance, step.gain
        while high - low > lever.step * 1.5 and (left_s := deadline - time.monotonic()) > 0:
            middle = abs(self._moved((low + high) / 2) - lever.value)
            tried = self.gain_at(case, self._moved(middle), left_s)
            sure &= tried is not None and tried[2]
            if tried is not None and tried[0] > 0.0:
                high, best = middle, tried[0]
            else:
                low = middle
        done = sure and high - low <= lever.step * 1.5
        return (Reach.FOUND if done else Reach.WITHIN), self._moved(high), best

    def _moved(self, distance: float) -> float:
        """Return the value that is looser by so much."""
        return self.lever.rounded(self.lever.value + (distance if self.lever.raises else -distance))


def _given(new: Bounds, old: Bounds) -> float:
    """Return by how much a row gives way."""
    lower, upper = (0.0 if abs(a) == INFINITE or a == b else b - a for a, b in zip(new, old, strict=True))
    return abs(lower) + abs(upper)


def _used(lever: MovableLimit) -> float | None:
    """Return the most that the plan has of a limit, in the unit of its value."""
    check = min(lever.checks, key=lambda one: abs(one.limit - one.actual) / one.limit)
    if check.limit == lever.value:
        return check.actual
    if check.aspect == "resource_hours":
        return lever.value - (check.limit - check.actual)
    if check.aspect.startswith("weekly_hours"):
        return lever.value * check.actual / check.limit
    return None
