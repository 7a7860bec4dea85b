"""Why a plan closes nothing of a challenge: what is not linked, not asked for, not taught or not taken."""

from __future__ import annotations

from collections.abc import Collection

from curriplan.plan.challenges import ChallengeAnswer
from curriplan.problem.challenges import AnsweredBy
from curriplan.report.context import Context
from curriplan.report.view import PlanView

MOST_NAMED = 3
"""Programmes and modules that are named; of the others the number is told."""
MANY = 2 / 3
"""Share of the learners asked from which on those who lack a level are spoken of."""
MOST_LACKED = 2
"""Competencies that are named of those that learners lack."""


def unanswered_said(context: Context, answers: AnsweredBy, found: ChallengeAnswer) -> str:
    """Say that the plan closes nothing of a challenge and why; nothing where it does, or did before."""
    if found.closure_before or found.closure_after:
        return ""
    view, texts = context.view, context.texts
    said = {"number": found.challenge}
    if not answers.competencies:
        has_other_answer = answers.occupations or answers.sources or answers.challenge.practice
        return "" if has_other_answer else texts("unanswered.no_link", **said)
    asking = _asking(view, answers)
    if not asking:
        return texts("unanswered.nobody_asks", **said)
    offered = {name: _raising(view, name, answers.competencies) for name in asking}
    if any(row.module in offered[name] for name in asking for row in view.chosen(name)):
        return ""  # some level of it is reached, if not one that was asked for
    modules = sorted({module for some in offered.values() for module in some})
    said |= {"programmes": _named(context, asking), "modules": _named(context, modules)}
    reason = texts(f"unanswered.{'not_taken' if modules else 'no_module'}", **said)
    return f"{reason} {texts('unanswered.elsewhere')}" if found.modules else reason


def core_open_said(context: Context, found: ChallengeAnswer) -> str:
    """Say that gaps close while most learners lack a level, and which; nothing where fewer do.

    Closure counts every step, those below the level asked for too: it does not tell who reaches that level.
    """
    lacked = [one for one in found.competencies if one.learners_open_after]
    asked = max((one.learners for one in found.competencies), default=0)
    if not found.closure_after or found.learners_open_after < MANY * asked or not lacked:
        return ""
    lacked.sort(key=lambda one: (one.learners_open_after < one.learners, -one.learners_open_after))
    texts = context.texts
    which = "; ".join(
        texts(
            "phrase.lacked",
            competency=context.labels.competency(one.competency),
            learners=one.learners_open_after,
            all=one.learners,
        )
        for one in lacked[:MOST_LACKED]
    )
    closed = texts.percent(found.closure_after)
    return texts(
        "unanswered.core_open",
        number=found.challenge,
        closed=closed,
        learners=found.learners_open_after,
        which=which,
    )


def _asking(view: PlanView, answers: AnsweredBy) -> list[str]:
    """Return the programmes of which a competency of the challenge is asked above what learners bring."""
    found = []
    for name, gaps in view.problem.gaps.items():
        floors = answers.floors_of(name)
        asked = {one: max(gaps.required.get(one, 0), floors.get(one, 0)) for one in answers.competencies}
        if any(level > gaps.baseline.get(one, 0) for one, level in asked.items()):
            found.append(name)
    return found


def _raising(view: PlanView, programme: str, competencies: Collection[str]) -> list[str]:
    """Return the modules that a programme may take and that lift a competency above what is brought."""
    gaps = view.problem.gaps[programme]
    return [
        option.module.id
        for option in view.curricula.by_programme[programme].open_options
        if any(
            row.competency in competencies and row.exit_level > gaps.baseline.get(row.competency, 0)
            for row in view.catalog.teaching.of(option.module.id)
        )
    ]


def _named(context: Context, names: Collection[str]) -> str:
    """Return the first names, and how many there are beside them."""
    shown = ", ".join([*names][:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return context.texts("phrase.and_more", first=shown, count=more) if more > 0 else shown
