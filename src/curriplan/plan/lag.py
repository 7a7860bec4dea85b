"""How fast a plan answers what is newly asked: the response lag, step by step and in sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.fields import Amount, Count, EntityId, LevelReached
from curriplan.problem.asked import SemesterName


@dataclass(frozen=True)
class StepLag:
    """A step that is newly asked of a programme; learners are those of all its intakes."""

    programme: EntityId
    competency: EntityId
    level: LevelReached
    occupation: Annotated[EntityId | None, "The occupation that asks; null: a floor does."]
    since: SemesterName
    weight: Annotated[Amount, "What the row that asks gives to the weight of the step; w of the formulation."]
    first_before: Annotated[
        SemesterName | None,
        "The first semester in which graduates hold it if the curricula stay; null: none.",
    ]
    first_after: Annotated[SemesterName | None, "The same with the plan."]
    lag_before: Annotated[Count, "Semesters from `since` to the horizon without graduates who hold it."]
    lag_after: Count
    learners_before: Annotated[Count, "Learners who graduate in these semesters, without it."]
    learners_after: Count


@dataclass(frozen=True)
class LagSum:
    """The newly asked steps of a programme, a competency or a challenge together.

    A learner who lacks several of them counts once.
    """

    of: Annotated[EntityId, "The programme, the competency or the challenge; of all steps the catalog."]
    steps: Count
    held_before: Annotated[Count, "Steps that graduates hold by the horizon."]
    held_after: Count
    lag_before: Annotated[Amount, "Mean, weighted by w · learners; semesters."]
    lag_after: Amount
    first_after: Annotated[
        SemesterName | None, "The semester from which graduates hold all of them with the plan; null: never."
    ]
    learners_before: Annotated[Count, "Learners who graduate without one of them or more."]
    learners_after: Count


@dataclass(frozen=True)
class ResponseLag:
    """How long what is newly asked waits for graduates who hold it, in semesters."""

    horizon: Annotated[SemesterName, "H: the last graduation that is looked at."]
    whole: Annotated[LagSum, "All steps together; its `lag_after` is the objective `lag`."]
    steps: tuple[StepLag, ...]
    programmes: tuple[LagSum, ...]
    competencies: tuple[LagSum, ...]
    challenges: tuple[LagSum, ...] = ()
