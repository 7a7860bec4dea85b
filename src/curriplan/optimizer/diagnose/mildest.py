"""How far levers must move: values are tried on the changed catalog until the mildest is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from curriplan.base.errors import CurriplanError, errors_in
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.diagnose.case import Case
from curriplan.optimizer.diagnose.feasibility import Amount, Answer, Feasibility
from curriplan.optimizer.diagnose.levers import Lever, MovableNumber
from curriplan.optimizer.model.variables import PlanModel
from curriplan.optimizer.solve.alone import with_closure_alone
from curriplan.optimizer.solve.decisions import read_selection
from curriplan.optimizer.solve.stages import build_model
from curriplan.optimizer.solve.watch import Watch
from curriplan.problem.checks import check_catalog
from curriplan.problem.origins import Edits
from curriplan.problem.problem import Problem

MOST_COMBINATIONS = 12
"""Of choices none of which is the strongest, so many combinations are tried."""
MOST_ROUNDS = 6
"""A share is improved so many times at most."""
IMPROVING_SHARE = 0.7
"""Of the time left, what the search for the best value of one lever may take."""
SHARE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class RepairTrial:
    """A changed catalog, and whether it has a plan."""

    case: Case
    model: PlanModel
    feasibility: Feasibility
    answer: Answer


@dataclass
class MildestEdits:
    """The search for the mildest edits of given levers.

    Attributes
    ----------
    is_complete : bool
        False once the time ran out, or a question found no answer.
    is_least : bool
        Whether no edits milder than those found last are known to suffice.
    """

    case: Case
    model: PlanModel
    feasibility: Feasibility
    watch: Watch
    is_complete: bool = True
    is_least: bool = True
    _plan: dict[str, float] = field(default_factory=dict)
    """A plan that was found last: what a changed catalog is tried with first."""

    def __post_init__(self) -> None:
        self._known_errors = _errors(self.case.problem)

    def edits_of(self, levers: Sequence[Lever], answer: Answer) -> Edits | None:
        """Return the mildest edits of these levers with which a plan exists, None where none do.

        `answer` says how far those that are linear give way.
        """
        self.is_least = answer.is_least
        if len(levers) > 1:
            answer = self._tightened(levers, answer)
        self._plan = answer.values
        selection = read_selection(self.model, answer.values)
        evaluation = evaluate(self.case.problem, selection)
        slacks = iter(answer.slacks)
        choices: list[list[Edits]] = []
        for lever in levers:
            if lever.number is None:
                assert lever.choices is not None
                choices.append(list(lever.choices(selection)))
            else:
                slack = next(slacks) if lever.number.rates else 0.0
                choices.append(self._number_edits(lever.number, slack, evaluation, alone=len(levers) == 1))
        return self._settled(choices)

    def _tightened(self, levers: Sequence[Lever], answer: Answer) -> Answer:
        """Let each number in turn give way as little as the others, rounded as they will be, leave it."""
        numbers = [lever.number for lever in levers if lever.number is not None and lever.number.rates]
        given = frozenset(entity for lever in levers for entity in lever.entities)
        others = [entity for entity in self.feasibility.entities if entity not in given]
        slacks = [abs(n.moved(slack) - n.was) for n, slack in zip(numbers, answer.slacks, strict=True)]
        for place in range(len(numbers)):
            amounts = [
                Amount(n.rates) if at == place else Amount(n.rates, 0.0, most=slacks[at])
                for at, n in enumerate(numbers)
            ]
            less = self.feasibility.least_slack(others, amounts)
            if less.feasible:
                number = numbers[place]
                slacks[place] = abs(number.moved(less.slacks[place]) - number.was)
                answer = replace(less, slacks=tuple(slacks))
        return answer

    def _settled(self, choices: Sequence[Sequence[Edits]]) -> Edits | None:
        """Choose for each lever the mildest of its choices (the last is the strongest) that suffices."""
        if not all(choices):
            return None
        picks = [0] * len(choices)
        if self._works(_picked(choices, picks)):
            return _picked(choices, picks)
        picks = [len(options) - 1 for options in choices]
        if not self._works(_picked(choices, picks)):
            some = islice(product(*choices), MOST_COMBINATIONS)
            return next((edits for edits in map(_joined, some) if self._works(edits)), None)
        for place in range(len(choices)):
            low = 0
            while low < picks[place]:
                middle = (low + picks[place]) // 2
                milder = [*picks[:place], middle, *picks[place + 1 :]]
                if self._works(_picked(choices, milder)):
                    picks = milder
                else:
                    low = middle + 1
        return _picked(choices, picks)

    def _number_edits(
        self, number: MovableNumber, slack: float, evaluation: Evaluation, *, alone: bool
    ) -> list[Edits]:
        if number.reached is not None:
            value = number.rounded(number.reached(evaluation))
            if alone:
                with self.watch.within(IMPROVING_SHARE):
                    value = self._best_share(number, value)
            return [number.edits(value)]
        if not number.rates:
            found: float | None = number.extreme
            if alone:
                with self.watch.within(IMPROVING_SHARE):
                    found = self._searched(number)
            return [] if found is None else [number.edits(found)]
        value = number.moved(slack)
        if value == number.was:
            return [()]
        # Where hours are promised beyond what there is, raising them helps only after that.
        further = (1, 2, 4) if number.raises else (1,)
        return [number.edits(number.rounded(number.was + (value - number.was) * times)) for times in further]

    def _best_share(self, number: MovableNumber, value: float) -> float:
        """Return the share nearest to what it was that some plan keeps, from one that a plan keeps.

        Dinkelbach: at a share, the plan with the most room above it has a better share, until there is
        no room. Where the time is over, it is the best share so far.
        """
        self.is_least = False
        for _ in range(MOST_ROUNDS):
            trial = self._try(number.edits(value))
            if trial is None or not trial.answer.feasible:
                break
            ruled = {e: 1.0 for e in number.rates if e in trial.feasibility.rows}
            if not ruled:  # the profile does without the share
                self.is_least = True
                break
            others = [e for e in trial.feasibility.entities if e not in ruled]
            answer = trial.feasibility.least_slack(others, [Amount(ruled, below_zero=True)])
            if not (answer.feasible and answer.is_least):
                self.is_complete = False
            self.is_least = bool(answer.feasible) and answer.is_least
            if not answer.feasible or answer.slacks[0] > -SHARE_TOLERANCE:
                break
            selection = read_selection(trial.model, answer.values)
            assert number.reached is not None
            better = number.rounded(number.reached(evaluate(trial.case.problem, selection)))
            if abs(better - number.was) >= abs(value - number.was):
                break
            value, self._plan = better, answer.values
        return value

    def _searched(self, number: MovableNumber) -> float | None:
        """Return the value nearest to what it was with which a plan exists, by halving."""
        if not self._works(number.edits(number.extreme)):
            return None
        good, bad = number.extreme, number.was
        while abs(good - bad) > number.step * 1.5:
            if self.watch.is_over:
                self.is_complete = self.is_least = False
                break
            middle = number.rounded((good + bad) / 2)
            if self._works(number.edits(middle)):
                good = middle
            else:
                bad = middle
        return good

    def _works(self, edits: Edits) -> bool:
        if self.watch.is_over:
            return False
        trial = self._try(edits)
        return trial is not None and bool(trial.answer.feasible)

    def _try(self, edits: Edits) -> RepairTrial | None:
        """Solve the changed catalog; None where its own checks refuse it."""
        if not edits:
            return None
        try:
            problem = self.case.problem.edited(edits)
            if not _errors(problem) <= self._known_errors:
                return None
            # Objectives are no demands: `fairness` alone needs no such solves here.
            if problem.limits.settings.equity is not None:
                problem = with_closure_alone(problem, time_limit_s=self.watch.left_s)
        except CurriplanError:
            return None
        case = Case(problem)
        model = build_model(problem, relaxed=True)
        feasibility = Feasibility(model, self.watch)
        answer = feasibility.ask(feasibility.entities, self._plan)
        if answer.feasible is None:
            self.is_complete = False
        if answer.feasible:
            self._plan = answer.values
        return RepairTrial(case, model, feasibility, answer)


def _picked(choices: Sequence[Sequence[Edits]], picks: Sequence[int]) -> Edits:
    """Return one choice of each lever, joined."""
    return _joined(options[pick] for options, pick in zip(choices, picks, strict=True))


def _joined(parts: Iterable[Edits]) -> Edits:
    return tuple(edit for part in parts for edit in part)


def _errors(problem: Problem) -> frozenset[str]:
    """Return what the checks refuse: a repair must not add to it."""
    issues = check_catalog(problem.catalog, problem.limits, problem=problem)
    return frozenset(issue.line() for issue in errors_in(issues))
