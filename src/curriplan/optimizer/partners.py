"""What a plan loses when a partner leaves, and what each source's money is worth: solved, then evaluated."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from curriplan.base.errors import CurriplanError, InfeasibleError, Issue, SolverError, UsageError
from curriplan.base.progress import Progress
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.objectives import OBJECTIVES as VALUES
from curriplan.evaluation.responses import Departure, broken_rules, with_payments, with_usual_sites
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.state import Basis
from curriplan.optimizer.crew import crew_of, workers_of
from curriplan.optimizer.solve.solver import Interrupt, catch_interrupt
from curriplan.optimizer.solve.stages import Solution, build_model, solve
from curriplan.optimizer.solve.watch import Watch
from curriplan.plan.plan import Selection, Start
from curriplan.plan.stress import BrokenRule, Coalition, PartnerLoss, ShapleyShare, Shares, Stress
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.owners import owned_by, partners_of
from curriplan.problem.partners import leaving_partners, paid_by_only, returning
from curriplan.problem.problem import Problem

MOST_SOURCES = 6
"""Shares of more sources are refused: every one more doubles the solves."""
LEAST_S = 1.0
"""A solve gets so long at least."""
CLOSURE = (ObjectiveChoice("closure"),)
RESPONDING = (*CLOSURE, ObjectiveChoice("changes"), ObjectiveChoice("cost"))
"""Of what is left: the best closure, then the fewest changes of the plan, then the least money."""
REFUTED = ("no-plan-possible",)


def find_stress(
    problem: Problem,
    selection: Selection,
    sources: Sequence[str] = (),
    *,
    leaves_year: int | None = None,
    shares: bool = False,
    time_limit_s: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Stress:
    """Find what a plan loses when each partner leaves.

    Parameters
    ----------
    selection : Selection
        The plan, with its payments.
    sources : sequence of str
        These partners only; empty: all.
    leaves_year : int, optional
        The calendar year in which the partner leaves; by default before anything is paid.
    shares : bool
        Work out the shares of the sources as well.
    time_limit_s : float, optional
        For everything together; by default what the settings say.

    Raises
    ------
    UsageError
        If there are shares to work out of more than six sources.
    """
    asked = tuple(name for name in partners_of(problem.catalog) if name in sources)
    asked = asked or leaving_partners(problem)
    paying = paying_sources(problem) if shares else ()
    if len(paying) > MOST_SOURCES:
        raise UsageError.of("too-many-sources", count=len(paying), most=MOST_SOURCES)
    questions = [_PartnerQuestion(problem, selection, name, leaves_year) for name in asked]
    if shares:
        coalitions = (one for size in range(len(paying) + 1) for one in itertools.combinations(paying, size))
        questions += [_PartnerQuestion(problem, selection, None, None, one) for one in coalitions]
    limit_s = problem.limits.settings.time_limit_s if time_limit_s is None else time_limit_s
    found, is_complete = _answers(questions, workers_of(workers, problem), limit_s, progress)
    losses = [
        one if isinstance(one, PartnerLoss) else _unanswered(question)
        for question, one in zip(questions, found, strict=True)
        if question.source is not None
    ]
    table = [
        one if isinstance(one, Coalition) else Coalition(question.coalition, "unknown")
        for question, one in zip(questions, found, strict=True)
        if question.source is None
    ]
    closure = float(VALUES["closure"](problem.derived(Basis).plan(selection)))
    divided = Shares(tuple(table), shapley_shares(table)) if shares else None
    settings = problem.limits.settings
    given = {choice.name: choice.tolerance for choice in settings.objectives}
    owed = tuple(one for one in settings.promised if leaves_year is None or one.year >= leaves_year)
    return Stress(
        closure,
        leaves_year,
        tuple(losses),
        divided,
        is_complete,
        given.get("closure", 0.0),
        settings.risk is not None,
        owed,
    )


def _answers(
    questions: Sequence[_PartnerQuestion],
    workers: int,
    limit_s: float,
    progress: Callable[[Progress], None] | None,
) -> tuple[Sequence[PartnerLoss | Coalition | None], bool]:
    """Ask side by side, each question with its part of the time; say whether all were asked."""
    begun = itertools.count(1)
    count = min(workers, max(1, len(questions)))
    with catch_interrupt() as interrupt, crew_of(count, _nothing, (), interrupt) as crew:
        watch = Watch(time.monotonic() + limit_s, interrupt)

        def task(question: _PartnerQuestion) -> _PartnerQuestion | None:
            at = next(begun)
            if progress is not None:
                progress(Progress(at, len(questions), "closure", 0.0))
            rounds = max(1.0, (len(questions) - at + 1) / crew.size)
            return (
                None if interrupt.pressed else replace(question, limit_s=max(LEAST_S, watch.left_s / rounds))
            )

        return crew.ask(_answer, questions, task), not interrupt.pressed


def paying_sources(problem: Problem) -> tuple[str, ...]:
    """Return the sources that have money, those of the college among them, in catalog order."""
    budgets = problem.money.budgets
    if budgets is None:
        return problem.money.sources
    return tuple(
        name
        for name in problem.money.sources
        if any(kzt for (source, _), kzt in budgets.items() if source == name)
    )


@dataclass(frozen=True)
class _PartnerQuestion:
    """A partner that leaves, or (without one) some sources that have all the money there is."""

    problem: Problem
    plan: Selection
    source: str | None
    year: int | None
    coalition: tuple[str, ...] = ()
    limit_s: float = math.inf


def _nothing(_interrupt: Interrupt) -> None:
    """Give a worker what it answers with: a question says all."""


def _answer(_own: None, question: _PartnerQuestion) -> PartnerLoss | Coalition:
    if question.source is None:
        return _worth_of(question)
    return _loss_of(question, question.source)


def _unanswered(question: _PartnerQuestion) -> PartnerLoss:
    assert question.source is not None
    return Departure(question.problem, question.plan, question.source, question.year).loss("unknown")


def _loss_of(question: _PartnerQuestion, source: str) -> PartnerLoss:
    """Find what is left when a partner leaves: the whole plan where others can do all, else its best part."""
    known = Departure(question.problem, question.plan, source, question.year)
    as_it_is = with_payments(known.left, question.plan)
    after = evaluate(known.left, as_it_is)
    if not after.broken_rules:
        return known.loss("kept" if known.is_used else "unused", as_it_is, loss_least=0.0, loss_most=0.0)
    within = _within(question)
    try:
        solution = solve(_responding(known.left, question), time_limit_s=question.limit_s, within=within)
    except CurriplanError as error:
        if isinstance(error, SolverError):
            raise
        is_refuted = isinstance(error, InfeasibleError)
        broken = _needed(known.left, within, question, after) if is_refuted else ()
        broken = broken or broken_rules(after)
        return known.loss("no_plan" if is_refuted else "unknown", broken=broken)
    return _proven(known, solution)


def _proven(known: Departure, solution: Solution) -> PartnerLoss:
    """Return the loss of what the solver found, once the evaluation has accepted it."""
    selection = with_payments(known.left, with_usual_sites(known.left, known.plan, solution.selection))
    after = evaluate(known.left, selection)
    if after.broken_rules:
        raise SolverError(
            [Issue("plan-refused-by-evaluation", values={"rules": ", ".join(after.broken_rules)})]
        )
    stage = solution.stages[0]
    most = max(0.0, known.closure - after.objectives["closure"])
    is_proven = stage.bound is not None and stage.is_within(known.left.limits.settings.gap)
    least = most if is_proven else max(0.0, known.closure - (1.0 if stage.bound is None else stage.bound))
    status = "optimal" if is_proven else "feasible"
    return known.loss(status, selection, loss_least=min(least, most), loss_most=most)


def _within(question: _PartnerQuestion) -> Selection:
    """Return all that may be left: what the plan starts, and what it drops, as it is taught today."""
    plan = question.plan
    again = (
        Start(*option.key, option.current_term)
        for option in returning(question.problem, plan.taken, question.year)
        if option.current_term is not None
    )
    return Selection(tuple(sorted((*plan.starts, *again))))


def _responding(left: Problem, question: _PartnerQuestion) -> Problem:
    """Return the problem of what is left, with the plan as what changes are counted against."""
    starts = tuple((one.programme, one.module, one.term) for one in question.plan.starts)
    settings = replace(left.limits.settings, objectives=RESPONDING, reviewed=starts, quick=False)
    return left.with_limits(replace(left.limits, settings=settings))


def _needed(
    left: Problem, within: Selection, question: _PartnerQuestion, as_it_is: Evaluation
) -> tuple[BrokenRule, ...]:
    """Return what breaks in the best part of the plan if one aspect of one rule alone is let go.

    Those of which none suffices alone are not among them; nor those for which there is no time. What the plan
    as it is breaks is tried first.
    """
    until = time.monotonic() + question.limit_s
    problem = _responding(left, question)
    model = build_model(problem, within=within)
    likely = {one.aspect for one in as_it_is.broken}
    aspects = {(one.aspect not in likely, one.rule, one.aspect) for one in model.entities.values()}
    own = owned_by(left.catalog, question.source or "")
    found: list[BrokenRule] = []
    for _, _, aspect in sorted(aspects):
        left_s = until - time.monotonic()
        if left_s <= 0:
            break
        try:
            solution = solve(problem, time_limit_s=left_s, within=within, drop_rules=frozenset((aspect,)))
        except CurriplanError:
            continue
        rows = broken_rules(evaluate(left, solution.selection), is_needed=True)
        found += [row for row in rows if row.check.subject in own] or rows
    return tuple(found)


def _worth_of(question: _PartnerQuestion) -> Coalition:
    """Find the best closure with the money of some sources only."""
    problem = paid_by_only(question.problem, question.coalition)
    settings = replace(problem.limits.settings, objectives=CLOSURE, quick=False)
    problem = problem.with_limits(replace(problem.limits, settings=settings))
    try:
        solution = solve(problem, time_limit_s=question.limit_s)
    except SolverError:
        raise
    except CurriplanError as error:
        is_refuted = isinstance(error, InfeasibleError)
        return Coalition(question.coalition, "no_plan" if is_refuted else "unknown")
    stage = solution.stages[0]
    after = evaluate(problem, solution.selection)
    if after.broken_rules:
        raise SolverError(
            [Issue("plan-refused-by-evaluation", values={"rules": ", ".join(after.broken_rules)})]
        )
    closure = after.objectives["closure"]
    most = None if stage.bound is None else max(closure, min(1.0, stage.bound))
    return Coalition(question.coalition, solution.status.value, closure, most)


def shapley_shares(table: Sequence[Coalition]) -> tuple[ShapleyShare, ...]:
    """Return φ_k = Σ_S |S|!(n − |S| − 1)!/n! · (v(S ∪ k) − v(S)) of each source; none where a v is lacking.

    What lies between a closure and its bound makes each share lie between two figures.
    """
    if any(one.closure is None for one in table):
        return ()
    low = {frozenset(one.sources): one.closure or 0.0 for one in table}
    high = {frozenset(one.sources): 1.0 if one.closure_most is None else one.closure_most for one in table}
    sources = max((one.sources for one in table), key=len)

    def share(
        source: str, joined: Mapping[frozenset[str], float], alone: Mapping[frozenset[str], float]
    ) -> float:
        others = [name for name in sources if name != source]
        return math.fsum(
            math.factorial(size)
            * math.factorial(len(others) - size)
            / math.factorial(len(sources))
            * (joined[frozenset((*some, source))] - alone[frozenset(some)])
            for size in range(len(others) + 1)
            for some in itertools.combinations(others, size)
        )

    return tuple(
        ShapleyShare(name, share(name, low, low), share(name, low, high), share(name, high, low))
        for name in sources
    )
