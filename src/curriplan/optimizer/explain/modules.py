"""A module taken out of a programme, or forced into it, and everything else planned anew.

Each programme is first planned anew by itself, beside the others as they are: that takes a moment, and no
more than it loses can be lost. What loses something then is one solve of the whole, from the best plan
known. It ends as soon as nothing is lost, the loss is known closely enough, or its time is used up: its
bound then says what is lost at least, the best plan found what is lost at most. What takes long waits: each
question has a moment first, and more only once all others had theirs; of mandatory modules, which stay
whatever the answer, it is asked last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from curriplan.catalog.records import Standing
from curriplan.evaluation.whatif import Addition, Removal, Trial, what_if
from curriplan.optimizer.crew import Crew
from curriplan.optimizer.explain.live import Key, Point, QuestionChange, Replanned
from curriplan.optimizer.explain.questioned import (
    QUESTION_LIMIT_S,
    QuestionedPlan,
    batches,
    up_to_cost,
)
from curriplan.optimizer.solve.solver import Outcome
from curriplan.plan.explanation import Effect, ModuleReason, Obstacle
from curriplan.plan.plan import Selection
from curriplan.problem.aspects import RuleCheck

Wanted = Callable[[Key], bool]
NEAR_LIMIT_S = 2.0
"""Planning one programme anew mostly takes a twentieth of a second."""
GLANCE_SHARE = 0.03
"""That the rules allow no plan mostly shows before the search begins, in 0.06 s."""
FIRST_LIMIT_S = 2.0
"""So long a question may take before all others had their turn."""
FURTHER_LIMITS_S = (5.0, 15.0, QUESTION_LIMIT_S)
"""So long it may take in the rounds after that."""
CLOSED = (Obstacle.FORBIDDEN, Obstacle.NO_TERM)


@dataclass
class ModuleQuestion:
    """A module of the plan, or one left out, and what is known of it so far.

    Parameters
    ----------
    is_impossible : bool
        Whether it is proven that the rules allow no plan.
    point : Point or None
        The best plan that was found for it.
    bound : float
        No plan has a better closure.
    """

    change: Removal | Addition
    bound: float
    point: Point | None = None
    is_impossible: bool = False
    is_exact: bool = False

    @property
    def key(self) -> Key:
        """Programme and module."""
        return self.change.programme, self.change.module

    @property
    def is_chosen(self) -> bool:
        """Whether the plan takes the module."""
        return isinstance(self.change, Removal)

    @property
    def stopped_by(self) -> tuple[RuleCheck, ...]:
        """The rules that keep a module out of the plan as it is, though it would close more."""
        addition = None if isinstance(self.change, Removal) else self.change
        stopped = addition is not None and addition.obstacle is Obstacle.BREAKS_RULES
        return self.change.broken if stopped else ()

    def is_open(self, case: QuestionedPlan) -> bool:
        """Say whether there is something to ask: a module that is closed to the programme has no answer."""
        if isinstance(self.change, Removal):
            return True
        return self.change.obstacle not in CLOSED and self.key in case.resolver.starts

    def is_mandatory(self, case: QuestionedPlan) -> bool:
        """Say whether the college declares the module mandatory: no advice hangs on the answer."""
        programme, module = self.key
        option = case.problem.curricula.by_programme[programme].options[module]
        return self.is_chosen and option.standing is Standing.MANDATORY

    def asked(self, case: QuestionedPlan) -> QuestionChange:
        """Return what is changed in the model."""
        return case.resolver.without(self.key) if self.is_chosen else case.resolver.within(self.key)

    def relaxed(self, case: QuestionedPlan) -> Key | None:
        """Return the module where the question lifts a rule that all other plans keep: that it be taken."""
        return self.key if self.asked(case).rows else None

    def fits(self, point: Point) -> bool:
        """Say whether a plan answers the question: without the module, or with it."""
        return (self.key in point.taken) is not self.is_chosen

    def is_answered(self, case: QuestionedPlan, *, exactly: bool) -> bool:
        """Say whether more time would tell no more, or no more than is wanted."""
        if self.is_impossible or self.is_exact:
            return True
        if self.point is None:
            return False
        most = case.closure - self.point.measures["closure"]
        is_nothing = most <= case.tolerance and case.as_good_above(self.point)
        return is_nothing or (not exactly and case.is_close(case.closure - self.bound, most))


def module_questions(case: QuestionedPlan, wanted: Wanted) -> list[ModuleQuestion]:
    """Return a question for each module that is wanted, the chosen ones first."""
    changes = what_if(case.problem, case.selection)
    rows: Sequence[Removal | Addition] = [*changes.removals, *changes.additions]
    return [ModuleQuestion(row, case.bound) for row in rows if wanted((row.programme, row.module))]


@dataclass(frozen=True)
class ModuleTask:
    """A question, the seconds that it may take, and whether it is to be answered exactly."""

    question: ModuleQuestion
    limit_s: float
    exactly: bool = False


def look_near(case: QuestionedPlan, crew: Crew, questions: Sequence[ModuleQuestion], until: float) -> None:
    """Find plans of one programme anew for the questions that no plan found before answers."""
    if case.resolver.watch.left_s > until:
        _keep_lone_removals(case)

    def task(question: ModuleQuestion) -> ModuleTask | None:
        is_time = case.resolver.watch.left_s > until
        return ModuleTask(question, case.seconds(NEAR_LIMIT_S)) if is_time else None

    waiting = sorted((one for one in questions if one.is_open(case)), key=lambda one: one.is_mandatory(case))
    for batch in batches(waiting):
        unanswered = _unanswered(case, batch, exactly=True)
        for question, found in zip(unanswered, crew.ask(near, unanswered, task), strict=True):
            if found is not None:
                case.keep(found.point, question.relaxed(case))
                _take_known(case, question)
                question.is_impossible |= found.outcome is Outcome.INFEASIBLE
        case.share_best(crew)


def ask_modules(
    case: QuestionedPlan, crew: Crew, questions: Sequence[ModuleQuestion], until: float, *, exactly: bool
) -> None:
    """Ask each question for a moment, the closest first."""
    waiting = sorted((one for one in questions if one.is_open(case)), key=lambda one: _place(case, one))
    left = len(waiting)
    for batch in batches(waiting):

        def task(question: ModuleQuestion, left: int = left) -> ModuleTask | None:
            fair = case.fair_s(left / crew.size, until)
            limit = fair if exactly else min(case.seconds(FIRST_LIMIT_S), fair)
            return ModuleTask(question, limit, exactly) if limit > 0 else None

        _ask(case, crew, batch, task, exactly=exactly)
        for question in batch:
            case.tick(question.key)
        left -= len(batch)


def ask_again(
    case: QuestionedPlan, crew: Crew, questions: Sequence[ModuleQuestion], *, exactly: bool
) -> None:
    """Spend what is left of the time on questions that the moment did not suffice for, the closest first."""
    for limit in FURTHER_LIMITS_S:

        def task(question: ModuleQuestion, limit: float = limit) -> ModuleTask | None:
            seconds = case.seconds(limit)
            return ModuleTask(question, seconds, exactly) if seconds > 0 else None

        waiting = (one for one in questions if one.is_open(case))
        for batch in batches(sorted(waiting, key=lambda one: _place(case, one))):
            _ask(case, crew, batch, task, exactly=exactly)


def _ask(
    case: QuestionedPlan,
    crew: Crew,
    batch: Sequence[ModuleQuestion],
    task: Callable[[ModuleQuestion], ModuleTask | None],
    *,
    exactly: bool,
) -> None:
    """Plan the whole anew for what is not answered yet.

    A batch knows the plans found before it, and no others: so it does not matter who answers what first.
    """
    unanswered = _unanswered(case, batch, exactly=exactly)
    for question, answer in zip(unanswered, crew.ask(planned_anew, unanswered, task), strict=True):
        if answer is not None:
            _note(case, question, answer)
    case.share_best(crew)


def _unanswered(
    case: QuestionedPlan, batch: Sequence[ModuleQuestion], *, exactly: bool
) -> list[ModuleQuestion]:
    """Return the questions that no plan found so far answers."""
    for question in batch:
        _take_known(case, question)
    return [one for one in batch if not one.is_answered(case, exactly=exactly)]


def near(case: QuestionedPlan, task: ModuleTask) -> Replanned:
    """Plan one programme anew beside the others as the best plan has them: quick, and often enough.

    Where that is not possible, it mostly is not for the whole either: a glance tells whether it shows.
    """
    question = task.question
    nearby = case.nearby(question.key[0])
    found = nearby.solve(
        case.objectives,
        nearby.own(question.asked(case)),
        known=case.known_above(),
        enough={"closure": case.closure - case.tolerance},
        limit_s=task.limit_s,
    )
    if found.outcome is not Outcome.INFEASIBLE:
        return found
    glance = planned_anew(case, replace(task, limit_s=GLANCE_SHARE * task.limit_s))
    # What else a glance tells hangs on how fast the machine is.
    return glance if glance.outcome is Outcome.INFEASIBLE else Replanned(Outcome.STOPPED)


def _place(case: QuestionedPlan, question: ModuleQuestion) -> tuple[bool, bool, float]:
    """Return where a question stands: mandatory modules last, else those known best first."""
    known = question.point.measures["closure"] if question.point else 0.0
    return question.is_mandatory(case), question.point is None, question.bound - known


def _keep_lone_removals(case: QuestionedPlan) -> None:
    """Remember the best plan without each module that can go alone: rules kept, no closure lost."""
    selection = case.best_point.selection
    for removal in Trial(case.resolver.basis.plan(selection)).removals():
        if not removal.broken and removal.plan_closure_lost <= case.tolerance:
            case.keep(case.measured(_without(selection, (removal.programme, removal.module))))


def _without(selection: Selection, key: Key) -> Selection:
    starts = tuple(row for row in selection.starts if (row.programme, row.module) != key)
    sites = tuple(row for row in selection.sites if (row.programme, row.module) != key)
    return Selection(starts, sites)


def _take_known(case: QuestionedPlan, question: ModuleQuestion) -> None:
    """Take the best plan found so far that answers a question."""
    point, known = question.point, case.best_found(question.key, question.fits)
    if known is None:
        return
    if point is None or not case.as_good_above(point) or _closure(known) > _closure(point):
        question.point = known


def _closure(point: Point) -> float:
    return point.measures["closure"]


def planned_anew(case: QuestionedPlan, task: ModuleTask) -> Replanned:
    """Plan the whole anew."""
    # A plan that is as good as the best before closure proves their best values at once; where nothing
    # but no_harm stands there, which cannot be better than 0, such a plan is looked for first.
    point = task.question.point
    is_held = point is not None and case.as_good_above(point)
    answer = _planned(case, task, is_held or case.is_at_best_above)
    if answer.outcome is Outcome.INFEASIBLE and case.above:
        answer = _planned(case, task, False)
    return answer


def _planned(case: QuestionedPlan, task: ModuleTask, is_held: bool) -> Replanned:
    def suffices(found: float, bound: float) -> bool:
        return case.is_close(case.closure - bound, case.closure - found)

    return case.resolver.solve(
        case.objectives,
        task.question.asked(case),
        start=_start(case, task.question.point),
        known=case.known_above() if is_held else None,
        enough={"closure": case.closure - case.tolerance} if is_held or not case.above else None,
        suffices=None if task.exactly else suffices,
        limit_s=task.limit_s,
    )


def _note(case: QuestionedPlan, question: ModuleQuestion, answer: Replanned) -> None:
    """Remember what a solve came to."""
    if answer.outcome is Outcome.INFEASIBLE:
        question.is_impossible = True
        return
    question.bound = min(question.bound, answer.bounds.get("closure", question.bound))
    question.is_exact = answer.outcome is Outcome.OPTIMAL
    case.keep(answer.point, question.relaxed(case))
    if question.point is None or question.is_exact:
        question.point = answer.point
    _take_known(case, question)


def _start(case: QuestionedPlan, known: Point | None) -> Point:
    return known if known is not None and known.values else case.best_point


def reason_of(case: QuestionedPlan, question: ModuleQuestion, money_kzt: int | None = None) -> ModuleReason:
    """Return what is known of a module; without any answer the figures of the single change."""
    row = question.change
    if isinstance(row, Removal):
        reason = ModuleReason(*question.key, True, Effect.UNKNOWN, row.term, rules=row.broken)
        lost = row.plan_closure_lost, row.closure_lost
    else:
        reason = ModuleReason(
            *question.key, False, Effect.UNKNOWN, None, obstacle=row.obstacle, rules=row.broken
        )
        if not question.is_open(case):
            return replace(reason, effect=Effect.CLOSED)
        reason = replace(reason, money_kzt=money_kzt, money_alone_kzt=row.cost_kzt)
        lost = -row.plan_closure_gained, -row.closure_gained
    if question.is_impossible:
        return replace(reason, effect=Effect.IMPOSSIBLE)
    _take_known(case, question)
    if question.point is None:
        least = max(0.0, case.closure - question.bound)
        return replace(
            reason,
            closure_lost=lost[0],
            programme_closure_lost=lost[1],
            closure_lost_least=least,
            is_proven=False,
        )
    return _with_loss(case, question, question.point, reason)


def _with_loss(
    case: QuestionedPlan, question: ModuleQuestion, point: Point, reason: ModuleReason
) -> ModuleReason:
    """Return the loss of the best plan found for a question, and what is lost at least."""
    lost = case.closure - point.measures["closure"]
    before = case.programme_closures(case.best_point.selection)[reason.programme]
    after = case.programme_closures(point.selection)[reason.programme]
    effect = Effect.LOSES if lost > case.tolerance else Effect.NOTHING
    if not case.as_good_above(point):
        effect = Effect.HARMS
    # A plan that closes as much as the best proves that nothing is lost, whatever its bound.
    is_proven = question.is_exact or effect is Effect.NOTHING
    return replace(
        reason,
        effect=effect,
        closure_lost=lost if effect is not Effect.NOTHING else max(0.0, lost),
        programme_closure_lost=before - after,
        closure_lost_least=max(0.0, case.closure - question.bound),
        margin=case.margin + max(0.0, min(case.bound, question.bound) - point.measures["closure"]),
        is_proven=is_proven,
    )


def more_money(case: QuestionedPlan, crew: Crew, questions: Sequence[ModuleQuestion]) -> list[int | None]:
    """Return the new money that the plan with each module forced in costs more, None where not proven."""

    def task(question: ModuleQuestion) -> ModuleTask | None:
        limit = case.seconds(QUESTION_LIMIT_S)
        is_asked = not question.is_chosen and question.point is not None and limit > 0
        return ModuleTask(question, limit) if is_asked else None

    if not up_to_cost(case.problem.limits.settings.objectives):
        return [None] * len(questions)
    cost_kzt = case.measured(case.selection).measures["cost"]
    found = []
    for answer in crew.ask(least_cost, questions, task):
        point = None if answer is None else answer.point
        case.keep(point)
        is_proven = answer is not None and answer.outcome is Outcome.OPTIMAL
        found.append(round(point.measures["cost"] - cost_kzt) if point is not None and is_proven else None)
    return found


def least_cost(case: QuestionedPlan, task: ModuleTask) -> Replanned:
    """Find the least new money with a module forced in, at the closure found with it."""
    point = task.question.point
    assert point is not None
    objectives = up_to_cost(case.problem.limits.settings.objectives)
    before = objectives[: [choice.name for choice in objectives].index("closure") + 1]
    return case.resolver.solve(
        objectives,
        case.resolver.within(task.question.key),
        start=_start(case, point),
        known={choice.name: point.measures[choice.name] for choice in before},
        limit_s=task.limit_s,
    )
