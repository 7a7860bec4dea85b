"""The response lag of a plan: when graduates hold what is newly asked, and who graduates without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from curriplan.base import semesters
from curriplan.base.codec import from_data, to_data
from curriplan.evaluation.measures import plain
from curriplan.evaluation.objectives import mean
from curriplan.evaluation.planned import existing_selection
from curriplan.evaluation.state import Basis
from curriplan.evaluation.waits import Wait, waits_of
from curriplan.plan.lag import LagSum, ResponseLag, StepLag
from curriplan.plan.plan import Selection
from curriplan.problem.asked import graduation
from curriplan.problem.challenges import answers_of
from curriplan.problem.problem import Problem
from curriplan.problem.response import AskedSteps

TERMS_A_YEAR = 2
Leaving = frozenset[tuple[str, str, int]]
"""Learners who graduate: programme, semester, how many."""


def lag_of(problem: Problem, selection: Selection) -> ResponseLag | None:
    """Return how long what is newly asked waits under a plan, None where nothing is."""
    response = problem.derived(AskedSteps)
    if not response.steps:
        return None
    basis = problem.derived(Basis)
    leaving = {name: frozenset(_graduations(response, name)) for name in response.intakes}
    today = waits_of(basis.plan(existing_selection(problem)))
    rows = [
        _Waiting(before, after, leaving[after.step.programme])
        for before, after in zip(today, waits_of(basis.plan(selection)), strict=True)
    ]
    competencies = [row.after.step.competency for row in rows]
    answered = [(one.challenge.id, frozenset(one.competencies)) for one in answers_of(problem.catalog)]
    found = ResponseLag(
        horizon=response.horizon,
        whole=_summed(problem.catalog.info.id, rows),
        steps=tuple(row.told for row in rows),
        programmes=_sums(rows, response.intakes, lambda row, name: row.after.step.programme == name),
        competencies=_sums(
            rows,
            [name for name in problem.catalog.competency_by_id if name in set(competencies)],
            lambda row, name: row.after.step.competency == name,
        ),
        challenges=_sums(
            rows,
            [name for name, _ in answered],
            lambda row, name: row.after.step.competency in dict(answered)[name],
        ),
    )
    return from_data(ResponseLag, plain(to_data(found)))


@dataclass(frozen=True)
class _Waiting:
    """A step as it waits with the existing curricula and with the plan, and who graduates meanwhile."""

    before: Wait
    after: Wait
    leaving: Leaving

    def without(self, wait: Wait) -> Leaving:
        """Return the learners who graduate while a step waits."""
        end = semesters.advance(wait.step.since, wait.semesters)
        return frozenset(row for row in self.leaving if wait.step.since <= row[1] < end)

    @property
    def told(self) -> StepLag:
        step = self.after.step
        return StepLag(
            programme=step.programme,
            competency=step.competency,
            level=step.level,
            occupation=step.occupation,
            since=step.since,
            weight=step.weight,
            first_before=self.before.first,
            first_after=self.after.first,
            lag_before=self.before.semesters,
            lag_after=self.after.semesters,
            learners_before=_count(self.without(self.before)),
            learners_after=_count(self.without(self.after)),
        )


def _graduations(response: AskedSteps, programme: str) -> Iterator[tuple[str, str, int]]:
    """Yield who graduates of a programme up to H.

    Of one that repeats, every year's intake does: an older one too, unless it is a row of its own.
    """
    rows = response.intakes[programme]
    for row in rows:
        if graduation(row) <= response.horizon:
            yield row.id, graduation(row), row.learners
    own = response.catalog.programme_by_id[programme]
    earliest = min((one.since for one in response.steps if one.programme == programme), default=None)
    if not own.repeats or earliest is None:
        return
    end = semesters.ordinal(graduation(own))
    known = {semesters.ordinal(graduation(row)) for row in rows}
    years = range(semesters.ordinal(earliest), semesters.ordinal(response.horizon) + 1)
    for number in years:
        if (number - end) % TERMS_A_YEAR == 0 and number not in known:
            yield own.id, semesters.of_ordinal(number), own.learners


def _sums(
    rows: Sequence[_Waiting], names: Iterable[str], belongs: Callable[[_Waiting, str], bool]
) -> tuple[LagSum, ...]:
    """Return a sum for each name that any row belongs to."""
    groups = ((name, [row for row in rows if belongs(row, name)]) for name in names)
    return tuple(_summed(name, group) for name, group in groups if group)


def _summed(name: str, rows: Sequence[_Waiting]) -> LagSum:
    firsts = [row.after.first for row in rows]
    return LagSum(
        of=name,
        steps=len(rows),
        held_before=sum(row.before.first is not None for row in rows),
        held_after=sum(first is not None for first in firsts),
        lag_before=mean((row.before.worth, row.before.semesters) for row in rows),
        lag_after=mean((row.after.worth, row.after.semesters) for row in rows),
        first_after=None if None in firsts else max(first for first in firsts if first is not None),
        learners_before=_count(frozenset().union(*(row.without(row.before) for row in rows))),
        learners_after=_count(frozenset().union(*(row.without(row.after) for row in rows))),
    )


def _count(leaving: Leaving) -> int:
    return sum(learners for _, _, learners in leaving)
