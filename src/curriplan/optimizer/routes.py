"""The cheapest route to a target, and the targets that cost least: a programme made for each question.

See *Retraining* in ``docs/formulation.md``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from curriplan.base.errors import InfeasibleError, NoPlanError, SolverError
from curriplan.catalog.records import CostPart, RequisiteKind
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.solve.solver import Interrupt
from curriplan.optimizer.solve.stages import Solution, solve
from curriplan.plan.plan import Selection, Start, Status
from curriplan.plan.retraining import Reason, Route, RouteGap, RouteModule, RouteOutcome, Why
from curriplan.problem.gaps import Levels
from curriplan.problem.made_programme import MADE
from curriplan.problem.problem import Problem
from curriplan.problem.retraining import Least, Question, Ways

NO_SELECTION = Selection((), ())


@dataclass
class RouteClock:
    """How long all questions together may take.

    Parameters
    ----------
    limit_s : float
        Seconds from now.
    interrupt : Interrupt
        Set by Ctrl-C.
    """

    limit_s: float
    interrupt: Interrupt = field(default_factory=Interrupt)
    started: float = field(default_factory=time.monotonic)

    @property
    def left_s(self) -> float:
        """Seconds that are left, none after Ctrl-C."""
        return 0.0 if self.interrupt.pressed else self.started + self.limit_s - time.monotonic()


@dataclass(frozen=True)
class Found:
    """What became of a question: a plan of the programme that was made for it, if there is one."""

    outcome: RouteOutcome
    problem: Problem | None = None
    selection: Selection = NO_SELECTION
    evaluation: Evaluation | None = None

    @property
    def has_route(self) -> bool:
        """Whether there is a route."""
        return self.outcome in (RouteOutcome.HELD, RouteOutcome.PROVEN, RouteOutcome.FOUND)

    @property
    def value(self) -> tuple[int, float]:
        """What it costs, KZT, and all its hours."""
        if self.evaluation is None:
            return 0, 0.0
        return self.evaluation.cost_kzt, self.evaluation.objectives["disruption"]

    def levels(self, question: Question) -> Levels:
        """Return what is held with the route."""
        return question.held if self.evaluation is None else self.evaluation.levels_after[MADE]

    @property
    def terms(self) -> int:
        """The last term in which a module runs."""
        if self.problem is None:
            return 0
        options = self.problem.curricula.by_programme[MADE].options
        return max((one.term + options[one.module].span - 1 for one in self.selection.starts), default=0)


def find(ways: Ways, question: Question, clock: RouteClock, terms: int | None = None) -> Found:
    """Return the cheapest route of a question, of these the one of the fewest hours, within so many terms.

    To the safety floors the one of the fewest hours comes first, then the cheapest of these.
    """
    if not question.gap:
        return Found(RouteOutcome.HELD)
    if question.not_taught:
        return Found(RouteOutcome.NOT_TAUGHT)
    problem = ways.problem(question, terms or ways.wish.most_terms)
    if clock.left_s <= 0:
        return Found(RouteOutcome.NOT_ASKED)
    try:
        solution = solve(problem, time_limit_s=clock.left_s)
    except InfeasibleError:
        return Found(RouteOutcome.NO_ROUTE)
    except NoPlanError:
        return Found(RouteOutcome.NOT_ASKED)
    return _judged(problem, solution)


def _judged(problem: Problem, solution: Solution) -> Found:
    """Take a plan from the hands of the evaluation only."""
    evaluation = evaluate(problem, solution.selection)
    if evaluation.broken_rules:
        raise SolverError.of("plan-refused-by-evaluation", rules=", ".join(evaluation.broken_rules))
    outcome = RouteOutcome.PROVEN if solution.status is Status.OPTIMAL else RouteOutcome.FOUND
    return Found(outcome, problem, solution.selection, evaluation)


def in_fewest_terms(ways: Ways, question: Question, found: Found, clock: RouteClock) -> Found:
    """Return a route of the same cost and hours in the fewest terms, each module as early as rules allow.

    Where time runs out before that is proven, the route is no longer called so.
    """
    for terms in range(1, found.terms):
        shorter = find(ways, question, clock, terms)
        if shorter.has_route and shorter.value == found.value:
            return _early(replace(shorter, outcome=found.outcome))
        if shorter.outcome in (RouteOutcome.NOT_ASKED, RouteOutcome.FOUND):
            return _early(replace(found, outcome=RouteOutcome.FOUND))
    return _early(found)


def _early(found: Found) -> Found:
    """Start each module as early as all rules allow, one after the other."""
    problem, selection = found.problem, found.selection
    if problem is None:
        return found
    for start in sorted(selection.starts, key=lambda one: (one.term, one.module)):
        for earlier in _moved(selection, start):
            if not evaluate(problem, earlier).broken_rules:
                selection = earlier
                break
    return replace(found, selection=selection, evaluation=evaluate(problem, selection))


def _moved(selection: Selection, start: Start) -> Iterator[Selection]:
    others = [one for one in selection.starts if one != start]
    for term in range(1, start.term):
        yield replace(selection, starts=tuple(sorted([*others, replace(start, term=term)])))


def route_of(ways: Ways, question: Question, found: Found) -> Route:
    """Return a route as it is told: its modules in order, each with its reasons, and what is gained."""
    levels = found.levels(question)
    cost_kzt, hours = found.value
    to_floors = question.target is None
    least_kzt = cost_kzt if found.outcome is RouteOutcome.PROVEN else ways.least(question).kzt
    starts = sorted(found.selection.starts, key=lambda one: (one.term, one.module))
    return Route(
        question.origin.source,
        question.target,
        found.outcome,
        cost_kzt,
        None if to_floors else least_kzt,
        hours,
        found.terms,
        question.cover(question.held),
        question.cover(levels),
        tuple(_module(ways, question, found, start) for start in starts),
        tuple(_gaps(question, levels)),
    )


def _module(ways: Ways, question: Question, found: Found, start: Start) -> RouteModule:
    assert found.evaluation is not None
    name, paid = start.module, found.evaluation
    of_part = {
        part: sum(one.kzt for one in paid.cost_items if one.module == name and one.part is part)
        for part in CostPart
    }
    return RouteModule(
        name,
        start.term,
        ways.hours[name],
        of_part[CostPart.SETUP],
        of_part[CostPart.DELIVERY],
        of_part[CostPart.FEES],
        of_part[CostPart.TRAVEL],
        ways.modules.has_cost(name),
        tuple(_reasons(ways, question, start, sorted(found.selection.starts))),
    )


def _reasons(ways: Ways, question: Question, own: Start, starts: Sequence[Start]) -> Iterator[Why]:
    """Yield why a module stands in a route: what it gives, and which others need it.

    Of those that begin after it has ended, or of corequisites: what others give later is no reason.
    """
    module, taught = (
        own.module,
        {one.competency: one.exit_level for one in ways.catalog.teaching.of(own.module)},
    )
    for competency, level in sorted(question.gap.items()):
        given = min(level, taught.get(competency, 0))
        whole = question.least_cover is None
        if given > question.held.get(competency, 0) and (given == level or not whole):
            yield Why(Reason.GIVES, competency, given)
    ends = own.term + ways.catalog.module_by_id[module].span_terms - 1
    for other in starts:
        if other.module == module:
            continue
        rows = [row for rows in ways.modules.requisites(other.module, question.held) for row in rows]
        kinds = {row.kind for row in rows if row.requires == module}
        is_before = other.term > ends
        if kinds and (is_before or kinds != {RequisiteKind.PREREQUISITE}):
            yield Why(Reason.REQUISITE, other.module)
        elif is_before:
            entries = ways.modules.entries(other.module, question.held)
            levels = [one.level for one in entries if taught.get(one.competency, 0) >= one.level]
            if levels:
                yield Why(Reason.ENTRY, other.module, max(levels))


def _gaps(question: Question, levels: Levels) -> Iterator[RouteGap]:
    asked = {row.competency: row.level for row in question.needs} or dict(question.must_reach)
    essential = {row.competency for row in question.needs if row.essential} | set(question.must_reach)
    for competency, required in sorted(asked.items()):
        yield RouteGap(
            competency,
            required,
            competency in essential,
            question.held.get(competency, 0),
            levels.get(competency, 0),
            question.origin.reachable.get(competency, 0),
        )


@dataclass
class Ranked:
    """A target, what no route to it can be below, and what was found of it."""

    question: Question
    least: Least | None
    found: Found | None = None

    @property
    def place(self) -> tuple[float, float, float, str]:
        """What to sort by: cost, hours, the more that it asks for the sooner, then its id."""
        kzt, hours = self.found.value if self.found is not None else (0, 0.0)
        return (kzt, hours, -self.question.weight, str(self.question.target))


def rank(
    ways: Ways,
    questions: Sequence[Question],
    top: int,
    clock: RouteClock,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Ranked]:
    """Return all targets of an origin, of which the `top` that cost least are proven to be these.

    They are solved by the rising bound, until no further target can cost less, or as much in fewer hours,
    than the last of the list. Those for which nothing is missing are not among the `top`.
    """
    rows = [Ranked(one, None if one.not_taught else ways.least(one)) for one in questions]
    for row in rows:
        if row.least is None or not row.question.gap:
            row.found = Found(RouteOutcome.NOT_TAUGHT if row.least is None else RouteOutcome.HELD)
    waiting = sorted((row for row in rows if row.found is None), key=_least_of)
    best: list[Ranked] = []
    for done, row in enumerate(waiting):
        told(done, len(waiting))
        if len(best) >= top and _least_of(row)[:2] >= best[top - 1].place[:2]:
            break
        row.found = find(ways, row.question, clock)
        if row.found.has_route:
            best = sorted([*best, row], key=lambda one: one.place)
    return rows


def _least_of(row: Ranked) -> tuple[float, float, str]:
    assert row.least is not None
    return (row.least.kzt, row.least.hours, str(row.question.target))
