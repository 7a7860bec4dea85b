"""What must be known beside a response lag: what carries that of a challenge, what it counts a year later."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.plan.lag import ResponseLag
from curriplan.problem.challenges import answers_of
from curriplan.report.context import Context
from curriplan.report.view import PlanView

MOST_NAMED = 3
"""Of the competencies that carry a lag so many are named, the weightiest."""


def is_of_later_year(view: PlanView) -> bool:
    """Say whether intakes may have graduated before the new one begins: the lag knows nothing of these."""
    limits = view.limits
    starts = [view.catalog.programme_by_id[name].start for name in limits.planned]
    return limits.settings.taught_until is not None and not all(map(limits.is_over, starts))


def lag_notes(context: Context, found: ResponseLag) -> str:
    """Say by what the lags of the challenges come about, and how a year later they are counted."""
    said = [*_carried(context, found)]
    until = context.view.limits.settings.taught_until
    if until is not None and is_of_later_year(context.view):
        horizon = context.labels.semester(found.horizon)
        values = {"until": context.labels.semester(until), "horizon": horizon}
        said.append(context.texts("phrase.lag_a_year_later", **values))
    return " ".join(said)


def _carried(context: Context, found: ResponseLag) -> Iterator[str]:
    """Say of challenges which competencies are newly asked: those with the same ones have the same lag."""
    texts, labels = context.texts, context.labels
    programmes = context.view.catalog.programme_by_id
    worth: dict[str, float] = {}
    for step in found.steps:
        added = step.weight * programmes[step.programme].learners
        worth[step.competency] = worth.get(step.competency, 0.0) + added
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in answers_of(context.view.catalog):
        newly = tuple(name for name in one.competencies if name in worth)
        if newly:
            groups.setdefault(newly, []).append(one.challenge.id)
    for competencies, challenges in groups.items():
        weightiest = sorted(competencies, key=lambda name: (-worth[name], name))
        named = "; ".join(labels.competency(name) for name in weightiest[:MOST_NAMED])
        if len(weightiest) > MOST_NAMED:
            named = texts("phrase.and_more", first=named, count=len(weightiest) - MOST_NAMED)
        key = "phrase.lag_carried" if len(challenges) == 1 else "phrase.lag_carried_alike"
        yield texts(key, challenges=", ".join(challenges), competencies=named)
