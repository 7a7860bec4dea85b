"""After a plan was made anew: what further changes would buy, and what each decision of a review costs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from curriplan.base.progress import Progress
from curriplan.optimizer.explain.live import INFINITE, QuestionChange
from curriplan.optimizer.explain.resolver import Resolver
from curriplan.optimizer.model.variables import Entity
from curriplan.optimizer.solve.solver import Outcome, catch_interrupt
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.replanning import DecisionPrice, FurtherChanges, Replanning
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.review import ReviewDecision
from curriplan.problem.settings import Settings

logger = logging.getLogger(__name__)

Differences = tuple[float, int, float | None]
"""Of closure, money and, where it does not come after both, the response lag."""
FURTHER = (2, 5, 10)
"""So many changes more are asked about."""
MOST_S = 120.0
"""All questions together take no longer."""
FAIR_SHARES = 2.0
"""A question takes at most so many equal shares of the time that is left."""


def without_tolerance(objectives: Sequence[ObjectiveChoice]) -> tuple[ObjectiveChoice, ...]:
    """Return the objectives in their order up to closure and cost, one that lacks at the end."""
    names = [choice.name for choice in objectives]
    names += [name for name in ("closure", "cost") if name not in names]
    last = max(names.index("closure"), names.index("cost"))
    return tuple(ObjectiveChoice(name) for name in names[: last + 1])


def _counts_first(settings: Settings) -> bool:
    """Say whether closure or money give way to fewer changes."""
    return any(choice.name == "changes" for choice in without_tolerance(settings.objectives))


def find_replanning(
    problem: Problem,
    *,
    time_limit_s: float,
    progress: Callable[[Progress], None] | None = None,
) -> Replanning:
    """Plan anew with more changes, and without each decision of the review in turn.

    Parameters
    ----------
    problem : Problem
        What was planned, with a plan to compare with or with decisions of a review.
    time_limit_s : float
        What is not answered by then, or at Ctrl-C, has no figures.
    """
    settings = problem.limits.settings
    further = FURTHER if _counts_first(settings) or settings.max_changes is not None else ()
    if not (further or settings.review):
        return Replanning()
    started = time.monotonic()
    with catch_interrupt() as interrupt:
        watch = Watch(started + min(MOST_S, time_limit_s), interrupt)
        questions = _Questions(problem, watch)
        asked = [
            *(partial(questions.without, one) for one in settings.review),
            *(partial(questions.with_more, count) for count in further),
        ]
        answers = []
        for at, question in enumerate(asked):
            if progress is not None:
                progress(Progress(at + 1, len(asked), "changes", time.monotonic() - started))
            answers.append(question(FAIR_SHARES * watch.left_s / (len(asked) - at)) or (None, None, None))
    logger.info("%d questions after re-planning in %.1f s", len(asked), time.monotonic() - started)
    prices, bought = answers[: len(settings.review)], answers[len(settings.review) :]
    return Replanning(
        tuple(FurtherChanges(more, *found) for more, found in zip(further, bought, strict=True)),
        tuple(
            DecisionPrice(*one.key, *found[:2]) for one, found in zip(settings.review, prices, strict=True)
        ),
    )


class _Questions:
    """One model of the problem, asked again and again; the plan with all decisions comes first."""

    def __init__(self, problem: Problem, watch: Watch) -> None:
        self.settings = problem.limits.settings
        self.order = without_tolerance(self.settings.objectives)
        self.watch = watch
        self.resolver = Resolver(problem, self.order, watch)
        if _counts_first(self.settings):
            self.resolver.gap = 0.0  # little is open where changes are held, and a loss is a difference
        self.rows: dict[Entity, list[int]] = {}
        for index, constraint in enumerate(self.resolver.model.lp.constraints()):
            entity = self.resolver.model.entities.get(constraint.name)
            if entity is not None:
                self.rows.setdefault(entity, []).append(index)
        self.whole = self.resolver.solve(self.order, limit_s=watch.left_s / 2)

    def without(self, decision: ReviewDecision, limit_s: float) -> Differences | None:
        """Return closure, money and lag without a decision, less those with all."""
        aspect = "review_absent" if decision.term is None else "review_starts"
        rows = self.rows.get(Entity("§12", aspect, *decision.key), ())
        change = QuestionChange(rows=dict.fromkeys(rows, (-INFINITE, INFINITE)))
        return self._difference(self.order, change, {}, limit_s)

    def with_more(self, more: int, limit_s: float) -> Differences | None:
        """Return closure, money and lag with so many changes more, less those without."""
        if not _counts_first(self.settings):
            rows = self.rows.get(Entity("§12", "changes"), ())
            looser = {row: self.resolver.row_bounds[row] for row in rows}
            change = QuestionChange(rows={row: (low, most + more) for row, (low, most) in looser.items()})
            return self._difference(self.order, change, {}, limit_s)
        if self.whole.point is None:
            return None
        least = {"changes": self.whole.point.measures["changes"]}
        order = [replace(one, tolerance=float(more)) if one.name == "changes" else one for one in self.order]
        return self._difference(order, QuestionChange(), least, limit_s)

    def _difference(
        self,
        order: Sequence[ObjectiveChoice],
        change: QuestionChange,
        known: Mapping[str, float],
        limit_s: float,
    ) -> Differences | None:
        """Return the differences to the plan with all decisions, None unless both plans are proven."""
        with_all = self.whole.point
        if with_all is None or self.whole.outcome is not Outcome.OPTIMAL or self.watch.is_over:
            return None
        anew = self.resolver.solve(order, change, start=with_all, known=known, limit_s=limit_s)
        if anew.point is None or anew.outcome is not Outcome.OPTIMAL:
            return None
        measures = anew.point.measures
        closure = measures["closure"] - with_all.measures["closure"]
        cost_kzt = round(measures["cost"] - with_all.measures["cost"])
        # What only rounding tells apart is no difference, nor is what the gap leaves open.
        lag = None
        if "lag" in measures and "lag" in with_all.measures:
            lag = measures["lag"] - with_all.measures["lag"]
            lag = lag if abs(lag) > self.margin else 0.0
        return (closure if abs(closure) > self.margin else 0.0), cost_kzt, lag

    @property
    def margin(self) -> float:
        """Closures that are nearer to each other than this count as the same."""
        return max(1e-9, self.resolver.gap)
