"""The state of a run: how one of its stages is solved, and what is held after it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from curriplan.base.cut_short import note_cut
from curriplan.base.progress import Progress
from curriplan.evaluation.objectives import OBJECTIVES as VALUES
from curriplan.evaluation.state import Basis
from curriplan.optimizer.model.variables import PlanModel
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.lexicographic import Clock, Held, Lexicographic, Point, WholePlans
from curriplan.optimizer.solve.solver import Interrupt, Outcome, Solved, SolveOptions
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.settings import Settings

logger = logging.getLogger(__name__)

LEAST_S = 0.5
"""Each solve has as long at least: what was spent before it shall not have been in vain."""


@dataclass(frozen=True)
class StageClock:
    """When the stages end: so many seconds after the start, or as the caller says."""

    limit_s: float
    started: float
    by_caller_s: Callable[[], float] | None = None

    @property
    def left_s(self) -> float:
        """Seconds that are left."""
        if self.by_caller_s is not None:
            left_s = self.by_caller_s()
        else:
            left_s = self.started + self.limit_s - time.monotonic()
        if left_s <= 0:
            note_cut("stage")
        return left_s


@dataclass(frozen=True)
class Loose:
    """The closure held with a tolerance, and the bound of its stage."""

    held: Held
    bound: float | None


@dataclass
class Run(Lexicographic):
    """The lexicographic solve of a whole problem, as its settings say."""

    plans: WholePlans
    settings: Settings = field(default_factory=Settings)
    """What the user chose."""
    is_as_written: bool = True
    """Whether the rows at the solver are those of the model: "no plan" is confirmed on these."""
    interrupt: Interrupt = field(default_factory=Interrupt)
    progress: Callable[[Progress], None] | None = None
    started: float = field(default_factory=time.monotonic)
    stopped: bool = False
    """Whether a stage was not solved to its end: later ones take what is at hand."""
    is_bounded_apart: bool = False
    """Whether rows say what each programme has of `balance` at least."""
    at_best: Point | None = None
    """Where a tolerance lets later stages worsen the closure: the cheapest plan seen of the best one."""
    at_best_is_least: bool = False
    """Whether no plan of the best closure is cheaper, within the gap."""
    loose_closure: Loose | None = None
    """The closure where a tolerance lets later stages worsen it."""

    @classmethod
    def of(
        cls,
        model: PlanModel,
        clock: Clock,
        interrupt: Interrupt,
        progress: Callable[[Progress], None] | None = None,
    ) -> Run:
        """Hand a model over in which the objectives are defined."""
        settings = model.problem.limits.settings
        names = dict.fromkeys([*(choice.name for choice in settings.sought), "cost"])
        plans = WholePlans(model, names, settings.solver)
        return cls(
            plans, clock, settings.solver, LEAST_S, settings=settings, interrupt=interrupt, progress=progress
        )

    @property
    def choices(self) -> tuple[ObjectiveChoice, ...]:
        """The objectives that are sought, in their order."""
        return self.settings.sought

    @property
    def closing(self) -> str:
        """The objective that asks how much is closed."""
        return self.settings.closing

    def number_of(self, name: str) -> int:
        """Return the place of an objective in the order."""
        return next(number for number, choice in enumerate(self.choices) if choice.name == name)

    def value(self, name: str) -> float:
        """Return what the plan at hand is worth, recomputed without the solver."""
        assert self.best is not None
        return self.best.measures[name]


def relative_gap(bound: float, value: float) -> float:
    """Return |bound − value| / max(|value|, 1e-9); a difference below 1e-9 is none."""
    difference = abs(bound - value)
    return 0.0 if difference < 1e-9 else difference / max(abs(value), 1e-9)


def solve_stage(
    run: Run, number: int, improve: Callable[[Run, str, SolveOptions], Solved] = Run.improve
) -> Solved:
    """Solve for one objective, from the plan at hand to the next; not where no plan can be better."""
    name = run.choices[number].name
    least = OBJECTIVES[name].least
    if run.best is not None and run.value(name) <= least:
        return Solved(Outcome.OPTIMAL, least * OBJECTIVES[name].scale, run.best.values)
    solved = improve(run, name, options_of(run, number))
    logger.debug("stage %s: %s %s", name, solved.outcome.value, solved.message)
    run.stopped |= solved.outcome is not Outcome.OPTIMAL
    return solved


def options_of(run: Run, number: int) -> SolveOptions:
    """Return how a stage is solved: from the plan at hand, in the time that is left, telling its progress."""

    def watch(value: float | None, bound: float | None) -> None:
        if run.progress is not None:
            gap = None if value is None or bound is None else relative_gap(bound, value)
            elapsed = time.monotonic() - run.started
            run.progress(Progress(number + 1, len(run.choices), run.choices[number].name, elapsed, gap))

    watch(None, None)
    start = None if run.best is None else run.best.values
    left_s = run.clock.left_s
    return SolveOptions(run.settings.stage_gap, left_s, run.interrupt, start, watch, is_near=run.is_held)


def tell_reached(run: Run, number: int, gap: float | None) -> None:
    """Tell what the plan at hand is worth, now that a stage is done."""
    if run.progress is None:
        return
    assert run.best is not None
    plan = run.plans.model.problem.given.derived(Basis).plan(run.best.selection)
    names = dict.fromkeys([*(choice.name for choice in run.choices), "closure", "cost"])
    reached = {name: float(VALUES[name](plan)) for name in names}
    elapsed = time.monotonic() - run.started
    run.progress(Progress(number + 1, len(run.choices), run.choices[number].name, elapsed, gap, reached))


def hold(
    run: Run,
    held: Held,
    tolerance: float,
    bound: float | None,
    price_last_points: Callable[[], None],
    most_closure: Callable[[Loose, Held], float] | None,
) -> None:
    """Keep an objective at its value, then let the later stages worsen it by its tolerance.

    What the tolerance of closure (or of all outlooks) saves is money only: `price_last_points` finds what the
    best one costs, and once cost is held, closure is held at the most that `most_closure` finds.
    """
    name, loosely = held.objective.name, replace(held, tolerance=tolerance)
    if not held.objective.lazy:
        run.hold(held)
    if name == run.closing and tolerance > 0 and not (run.stopped or run.settings.quick):
        price_last_points()
    loose = run.loose_closure
    if name == "cost" and loose is not None and most_closure is not None and not run.stopped:
        run.hold(Held(loose.held.objective, most_closure(loose, held)))
    run.hold(loosely)
    if name == run.closing and tolerance > 0:
        run.loose_closure = Loose(loosely, bound)


def hold_content(run: Run, taken: Collection[tuple[str, str]]) -> None:
    """Leave only the terms and sites of these modules of programmes to decide.

    Σ_t x[p,m,t] = 1 for what is taken, 0 for all else.
    """
    model, column, session = run.plans.model, run.plans.column, run.plans.session
    for one in model.problem.programmes:
        for option in one.options:
            starts = [column[variable.name] for variable, _ in model.taken(option)]
            if option.key in taken:
                session.add_row((1.0, 1.0), dict.fromkeys(starts, 1.0))
            else:
                session.change_columns(dict.fromkeys(starts, (0.0, 0.0)))


def most_closure(run: Run, loose: Loose, cost: Held) -> float:
    """Find the most closure among plans of the least cost."""
    # A plan of the best closure, unless a stage in between holds what it may break.
    follows = run.number_of("cost") == run.number_of(run.closing) + 1
    if follows and run.at_best is not None and cost.is_kept_by(run.at_best.measures["cost"]):
        run.best = run.at_best
    if loose.bound is None or relative_gap(loose.bound, run.value(run.closing)) > run.settings.stage_gap:
        solve_stage(run, run.number_of(run.closing))
    return run.value(run.closing)


def price_last_points(run: Run, is_least_sought: bool, enough_kzt: float | None = None) -> None:
    """Find what the best closure costs: as much as the plan at hand, or the least, or no more than enough."""
    run.at_best, left_s = run.best, run.clock.left_s / 4
    if not is_least_sought or run.best is None or left_s <= 0:
        return
    at_hand = run.best
    options = SolveOptions(run.settings.stage_gap, left_s, run.interrupt, at_hand.values, is_near=True)
    if enough_kzt is not None:
        options = replace(options, gap=0.0, target=(enough_kzt + 0.5) * OBJECTIVES["cost"].scale)
    solved = run.improve("cost", options)
    run.at_best, run.best = run.best, at_hand
    run.at_best_is_least = solved.outcome is Outcome.OPTIMAL
