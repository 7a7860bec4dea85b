"""What more of each limit would bring: at 5 and 10 per cent, and from where on it changes closure.

Each value is tried as an edit of its cell. Where the changed catalog gives a model that differs in
right sides only, they are put into the kept model; else the changed model is built anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from curriplan.edits import apply_edits
from curriplan.evaluation import RuleCheck, evaluate
from curriplan.explanation import LimitGain, LimitStep, Reach
from curriplan.optimizer.explain.case import EXACT, QUESTION_LIMIT_S, Case, startable
from curriplan.optimizer.explain.levers import Edits, Lever, tight_levers
from curriplan.optimizer.explain.resolver import INFINITE, Answer, Bounds, Change, Point, Resolver, load
from curriplan.optimizer.solver import Outcome
from curriplan.problem import PlanningProblem
from curriplan.settings import effective_limits

SHARES = (0.05, 0.1)
BOUGHT = ("resource_hours", "source_budget", "budget", "min_learners", "changes", "equity")
"""Aspects of limits that a college moves by itself: they are asked about first."""
SEARCH_STEPS = 12


def limit_gains(case: Case) -> Iterator[LimitGain]:
    """Yield every limit of which the plan, or the best one, leaves little."""
    problem = case.problem
    checks: list[RuleCheck] = []
    for selection in (case.selection, case.best_point.selection):
        found = evaluate(
            problem.catalog,
            problem.limits,
            selection,
            curricula=problem.curricula,
            capacity=problem.capacity,
        )
        checks += found.checks
    levers = sorted(tight_levers(problem, checks), key=lambda one: _place(one.checks[0].aspect))
    useless = {share: _useless(case, levers, share) for share in (1.0, SHARES[1])}
    for lever in levers:
        case.tick(lever.checks[0].aspect)
        yield _Question(case, lever, lever in useless[SHARES[1]], lever in useless[1.0]).answer()


def _place(aspect: str) -> int:
    """Return where a kind of limit stands: what a college can buy first, what the law sets last."""
    return BOUGHT.index(aspect) if aspect in BOUGHT else len(BOUGHT)


def _useless(case: Case, levers: Sequence[Lever], share: float) -> list[Lever]:
    """Return levers that bring nothing when they are moved so far: proven for many of them at once.

    What limits of one kind do not bring together, none of them brings alone.
    """
    found: list[Lever] = []
    if not case.is_monotonous:
        return found
    kinds: dict[str, list[Lever]] = {}
    for lever in levers:
        kinds.setdefault(lever.checks[0].aspect, []).append(lever)
    waiting = list(kinds.values())
    while waiting:
        group = waiting.pop(0)
        if len(group) < 2:
            continue
        gain = _Question(case, _joined(group)).gain_at(share)
        if gain is not None and gain[0] <= 0.0 and gain[2]:
            found += group
        elif gain is not None:
            waiting += [group[: len(group) // 2], group[len(group) // 2 :]]
    return found


def _joined(levers: Sequence[Lever]) -> Lever:
    """Return a lever that moves several by the same share of each."""

    def edits(share: float) -> Edits:
        return tuple(edit for lever in levers for edit in lever.edits(_at(lever, share)))

    return Lever(tuple(lever.key for lever in levers), "", 0.0, True, 1e-9, edits)


def _at(lever: Lever, share: float) -> float:
    if share < 1.0:
        return lever.moved(share)
    return lever.rounded(lever.value + (lever.farthest if lever.raises else -lever.farthest))


def edited_problem(problem: PlanningProblem, lever: Lever, value: float) -> PlanningProblem:
    """Return the problem of the catalog and settings in which a limit has another value."""
    catalog, settings = apply_edits(problem.catalog, problem.limits.settings, lever.edits(value))
    # What a programme reaches alone (§13) stays the yardstick that the plan was measured with.
    limits = replace(effective_limits(catalog, settings), closure_alone=problem.limits.closure_alone)
    return PlanningProblem(catalog, limits)


@dataclass
class _Question:
    """One limit."""

    case: Case
    lever: Lever
    brings_nothing: bool = False
    """Whether it is proven already that 10 per cent bring nothing."""
    never_brings: bool = False
    """Whether it is proven already that doubling brings nothing."""

    def answer(self) -> LimitGain:
        lever, check = self.lever, self.lever.checks[0]
        gain = LimitGain(
            check.rule,
            check.aspect,
            check.programme if len({one.programme for one in lever.checks}) == 1 else None,
            check.subject if len({one.subject for one in lever.checks}) == 1 else None,
            tuple(sorted({one.semester for one in lever.checks if one.semester})),
            lever.unit,
            lever.value,
            _used(lever),
            lever.raises,
        )
        steps = self._steps()
        gain = replace(gain, steps=steps, edits=lever.edits(steps[-1].value))
        reach, smallest, brings = self._smallest(steps)
        if smallest is not None:
            gain = replace(gain, edits=lever.edits(smallest))
        return replace(gain, reach=reach, smallest=smallest, smallest_gain=brings)

    def _steps(self) -> tuple[LimitStep, ...]:
        """Try the farther value first: where it brings nothing, a nearer one cannot either."""
        if self.brings_nothing or self.never_brings:
            return tuple(LimitStep(share, self.lever.moved(share), 0.0, self.case.margin) for share in SHARES)
        far = self._step(SHARES[1])
        near = LimitStep(SHARES[0], self.lever.moved(SHARES[0]))
        proven = far.gain == 0.0 and far.is_proven and self.case.is_monotonous
        if near.value == far.value or proven:
            return (replace(far, share=SHARES[0], value=near.value), far)
        return (self._step(SHARES[0]), far)

    def _step(self, share: float) -> LimitStep:
        value = self.lever.moved(share)
        found = self.gain_at(value)
        if found is None:
            return LimitStep(share, value, is_proven=False)
        gain, margin, proven = found
        return LimitStep(share, value, gain, margin, proven)

    def gain_at(self, value: float) -> tuple[float, float, bool] | None:
        """Return the closure gained at a value, its margin, and whether it is proven."""
        answer = self._solve_at(value)
        if answer is None or answer.point is None:
            return None
        case, closure = self.case, answer.point.measures["closure"]
        gain = closure - case.closure
        margin = case.margin + max(0.0, answer.bounds.get("closure", closure) - closure)
        if abs(gain) <= case.tolerance:
            gain = 0.0
        return gain, margin, answer.outcome is Outcome.OPTIMAL

    def _solve_at(self, value: float) -> Answer | None:
        limit = min(QUESTION_LIMIT_S, self.case.resolver.watch.left_s)
        if limit <= 0:
            return None
        problem = edited_problem(self.case.problem, self.lever, value)
        change = self._change(problem)
        best = self._start()
        if change is not None:
            return self.case.resolver.solve(self.case.objectives, change, start=best, limit_s=limit)
        other = Resolver(problem, self.case.objectives, self.case.resolver.watch)
        same = len(other.column_bounds) == len(best.values)
        return other.solve(self.case.objectives, start=best if same else None, limit_s=limit)

    def _start(self) -> Point:
        return max(startable(self.case.found), key=lambda point: point.measures["closure"])

    def _change(self, problem: PlanningProblem) -> Change | None:
        """Return the bounds that differ in a changed problem, None where more does."""
        kept = self.case.resolver
        lp = load(problem, kept.objectives, kept.watch.interrupt)[2].getLp()
        same_size = (lp.num_row_, lp.num_col_) == (len(kept.row_bounds), len(kept.column_bounds))
        if not same_size or not kept.has_matrix_of(lp):
            return None
        rows = zip(lp.row_lower_, lp.row_upper_, strict=True)
        columns = zip(lp.col_lower_, lp.col_upper_, strict=True)
        return Change(_differing(columns, kept.column_bounds), _differing(rows, kept.row_bounds))

    def _smallest(self, steps: tuple[LimitStep, ...]) -> tuple[Reach, float | None, float | None]:
        """Return the nearest value that changes closure, and what it brings."""
        lever, case = self.lever, self.case
        if self.never_brings:
            return Reach.NEVER, None, None
        if case.resolver.watch.left_s <= 0:
            return Reach.UNKNOWN, None, None
        rates = self._rates() if case.is_monotonous else None
        if rates is None:
            return self._searched(steps)
        slack, proven = self._least_slack(rates)
        if slack is None:
            return (Reach.NEVER if proven else Reach.UNKNOWN), None, None
        value = lever.rounded(lever.value + slack if lever.raises else lever.value - slack)
        found = self.gain_at(value)
        if found is None or found[0] <= 0.0:
            return Reach.UNKNOWN, None, None
        return (Reach.FOUND if proven else Reach.WITHIN), value, found[0]

    def _rates(self) -> dict[int, float] | None:
        """Return by how much each row gives way with one unit of the limit, None if not linear."""
        lever, kept = self.lever, self.case.resolver.row_bounds
        moves = []
        for part in (0.5, 1.0):
            value = lever.rounded(lever.value + (part if lever.raises else -part) * lever.farthest)
            change = self._change(edited_problem(self.case.problem, lever, value))
            distance = abs(value - lever.value)
            if change is None or change.columns or not distance:
                return None
            moves.append({row: _given(new, kept[row]) / distance for row, new in change.rows.items()})
        first, second = moves
        same = first.keys() == second.keys() and np.allclose(
            [first[row] for row in first], [second[row] for row in first], rtol=1e-6
        )
        return first if same else None

    def _least_slack(self, rates: dict[int, float]) -> tuple[float | None, bool]:
        """Minimise how far the limit gives way, subject to a closure beyond the best there can be."""
        case, lever = self.case, self.lever
        wanted = case.bound + max(EXACT * 100, case.resolver.gap * case.closure)
        limit = min(QUESTION_LIMIT_S, case.resolver.watch.left_s)
        return case.resolver.least_slack(rates, lever.farthest, wanted, case.held_above(), limit)

    def _searched(self, steps: tuple[LimitStep, ...]) -> tuple[Reach, float | None, float | None]:
        """Find the nearest value by halving, each a fresh solve: the model is not linear in it."""
        lever, case = self.lever, self.case
        far = lever.farthest
        found = self.gain_at(lever.rounded(lever.value + far if lever.raises else lever.value - far))
        if found is None:
            return Reach.UNKNOWN, None, None
        if found[0] <= 0.0:
            proven = found[2] and case.is_monotonous
            return (Reach.NEVER if proven else Reach.UNKNOWN), None, None
        low, high, best, sure = 0.0, far, found, found[2] and case.is_monotonous
        for step in steps:
            if step.gain:
                distance = abs(step.value - lever.value)
                if distance < high:
                    high, best = distance, (step.gain, step.margin, step.is_proven)
        for _ in range(SEARCH_STEPS):
            if high - low <= lever.step * 1.5:
                break
            middle = abs(
                lever.rounded(lever.value + (low + high) / 2 * (1 if lever.raises else -1)) - lever.value
            )
            tried = self.gain_at(lever.value + middle if lever.raises else lever.value - middle)
            if tried is None or not tried[2]:
                sure = False
            if tried is not None and tried[0] > 0.0:
                high, best = middle, tried
            else:
                low = middle
        value = lever.rounded(lever.value + high if lever.raises else lever.value - high)
        done = sure and high - low <= lever.step * 1.5
        return (Reach.FOUND if done else Reach.WITHIN), value, best[0]


def _differing(new: Iterable[Bounds], old: Iterable[Bounds]) -> dict[int, Bounds]:
    pairs = enumerate(zip(new, old, strict=True))
    return {at: bounds for at, (bounds, before) in pairs if bounds != before}


def _given(new: Bounds, old: Bounds) -> float:
    """Return by how much a row gives way."""
    lower, upper = (0.0 if abs(a) == INFINITE or a == b else b - a for a, b in zip(new, old, strict=True))
    return abs(lower) + abs(upper)


def _used(lever: Lever) -> float | None:
    """Return the most that the plan has of a limit, in the unit of its value."""
    check = min(lever.checks, key=lambda one: abs(one.limit - one.actual) / one.limit)
    if check.limit == lever.value:
        return check.actual
    if check.aspect == "resource_hours":
        return lever.value - (check.limit - check.actual)
    if check.aspect.startswith("weekly_hours"):
        return lever.value * check.actual / check.limit
    return None
