"""How long each newly asked step waits for graduates who hold it, recomputed from the decisions of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from curriplan.base import semesters
from curriplan.evaluation.state import PlanState
from curriplan.problem.asked import graduation
from curriplan.problem.response import AskedStep, AskedSteps


@dataclass(frozen=True)
class Wait:
    """A newly asked step of a plan.

    Parameters
    ----------
    first : str or None
        The semester from which graduates hold it; None where none does by H.
    semesters : int
        Semesters from `since` to H in which none holds it.
    """

    step: AskedStep
    learners: int
    first: str | None
    semesters: int

    @property
    def worth(self) -> float:
        """W · learners."""
        return self.step.weight * self.learners


def waits_of(plan: PlanState) -> tuple[Wait, ...]:
    """Return every newly asked step with how long it waits."""
    response = plan.basis.problem.derived(AskedSteps)
    return tuple(_wait(plan, response, step) for step in response.steps)


def _wait(plan: PlanState, response: AskedSteps, step: AskedStep) -> Wait:
    end = semesters.advance(response.horizon, 1)
    first = min((one for one in _holders(plan, response, step) if one < end), default=None)
    until = end if first is None else max(first, step.since)
    waiting = max(0, semesters.ordinal(until) - semesters.ordinal(step.since))
    learners = plan.states[step.programme].of.programme.learners
    return Wait(step, learners, None if first is None else until, waiting)


def _holders(plan: PlanState, response: AskedSteps, step: AskedStep) -> Iterator[str]:
    """Yield the semesters from which an intake that holds a step has graduated; "" is before all."""
    own = plan.states[step.programme].of
    if own.programme.repeats and own.levels_before.get(step.competency, 0) >= step.level:
        yield ""
    for row in response.intakes[step.programme]:
        if _held_by(plan, row.id, step.competency) >= step.level:
            yield graduation(row)


def _held_by(plan: PlanState, programme: str, competency: str) -> int:
    """Return the level of an intake's graduates; of one that is not planned, with its curriculum of today."""
    if programme in plan.states:
        return plan.states[programme].levels_after.get(competency, 0)
    curriculum, teaching = plan.basis.curricula.by_programme[programme], plan.basis.catalog.teaching
    taught = (row for item in curriculum.current for row in teaching.of(item.module.id))
    levels = (row.exit_level for row in taught if row.competency == competency)
    return max((teaching.baseline(programme).get(competency, 0), *levels))
