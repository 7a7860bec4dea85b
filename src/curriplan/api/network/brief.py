"""A college's plan in brief: the few figures that the country needs of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from curriplan.api.results import PlanResult
from curriplan.catalog.network.records import Network
from curriplan.catalog.records import Named
from curriplan.evaluation.figures.shared import shared_hours, shared_money
from curriplan.evaluation.measures import plain
from curriplan.evaluation.objectives import closure
from curriplan.evaluation.state import Basis, PlanState
from curriplan.plan.network import (
    ChallengeBrief,
    CollegePlan,
    CompetencyBrief,
    ModuleBrief,
    ProgrammeBrief,
)
from curriplan.plan.plan import Decision
from curriplan.texts.languages import LANGUAGES


def college_plan(result: PlanResult, network: Network) -> CollegePlan:
    """Return a plan in brief; all figures are those of the evaluation.

    Money and hours are those of the sources and centres that the network shares, whichever region's.
    """
    view, plan, after = result.view, result.plan, result.after
    gaps = [one.gap for one in plan.stages]
    known = [one for one in gaps if one is not None]
    state = result.problem.derived(Basis).plan(plan.selection)
    figures = view.figures
    return CollegePlan(
        plan_sha256=view.plan_sha256,
        status=plan.status,
        learners=sum(one.learners for one in after.programmes),
        closure_before=plain(after.closure_before),
        closure=plain(after.objectives["closure"]),
        cost_kzt=after.cost_kzt,
        cost_all_intakes_kzt=sum(one.all_intakes_kzt for one in figures.intakes.years) or None,
        gap=max(known, default=None) if len(known) == len(gaps) else None,
        money=shared_money(plan.payments, (one.source for one in network.budgets)),
        hours=shared_hours(state.uses, (one.id for one in network.centres)),
        programmes=tuple(_programmes(result)),
        competencies=tuple(_competencies(result)),
        challenges=tuple(_challenges(result)),
        added=tuple(_added(result, state)),
        dropped=tuple(sorted({one.module for one in plan.modules if one.decision is Decision.DROPPED})),
        warnings=tuple(sorted({one.code for one in result.warnings})),
        source_names={
            one.id: names_of(one)
            for one in result.catalog.funding_sources
            if one.id in {budget.source for budget in network.budgets}
        },
    )


def names_of(row: Named) -> dict[str, str]:
    """Return a name in each language; one that lacks is said in another, as everywhere."""
    return {language: row.name(language) for language in LANGUAGES}


def _programmes(result: PlanResult) -> Iterator[ProgrammeBrief]:
    counts = Counter((one.programme, one.decision) for one in result.plan.modules)
    for one in result.after.programmes:
        row = result.catalog.programme_by_id[one.programme]
        yield ProgrammeBrief(
            id=row.id,
            names=names_of(row),
            specialty=row.specialty,
            qualification=row.qualification,
            learners=one.learners,
            weight=one.weight,
            closure_before=plain(one.closure_before),
            closure_after=plain(one.closure_after),
            added=counts[row.id, Decision.ADDED],
            dropped=counts[row.id, Decision.DROPPED],
        )


def _competencies(result: PlanResult) -> Iterator[CompetencyBrief]:
    """Yield each competency that occupations of some planned programme ask for, by id."""
    asking: dict[str, list[str]] = {}
    for programme, gaps in sorted(result.problem.gaps.items()):
        for name in gaps.required:
            asking.setdefault(name, []).append(programme)
    by_id, gaps_of = result.catalog.programme_by_id, result.problem.gaps
    for name, programmes in sorted(asking.items()):
        learners = {one: by_id[one].learners for one in programmes}
        asked = {one: gaps_of[one].required[name] for one in programmes}
        before, after = (
            sum(learners[one] for one in asked if levels[one].get(name, 0) < asked[one])
            for levels in (result.after.levels_before, result.after.levels_after)
        )
        yield CompetencyBrief(
            id=name,
            names=names_of(result.catalog.competency_by_id[name]),
            learners=sum(learners.values()),
            lacking_before=before,
            lacking_after=after,
            highest_asked=max(asked.values()),
        )


def _challenges(result: PlanResult) -> Iterator[ChallengeBrief]:
    """Yield each challenge; what it weighs among the colleges is its part of the gap times the learners."""
    learners = sum(one.learners for one in result.after.programmes)
    rows = {row.id: row for row in result.catalog.challenges}
    for one in result.view.challenges:
        yield ChallengeBrief(
            id=one.challenge,
            names=names_of(rows[one.challenge]),
            closure_before=one.closure_before,
            closure_after=one.closure_after,
            weight=plain(one.worth * learners),
        )


def _added(result: PlanResult, state: PlanState) -> Iterator[ModuleBrief]:
    """Yield each module that some programme adds: its money, and what the plan would lose without it."""
    kzt: Counter[str] = Counter()
    for item in result.after.cost_items:
        kzt[item.module] += item.kzt
    adding: dict[str, list[str]] = {}
    for row in result.plan.modules:
        if row.decision is Decision.ADDED:
            adding.setdefault(row.module, []).append(row.programme)
    for module, programmes in sorted(adding.items()):
        without = [state.changed(programme, (module,)) for programme in programmes]
        yield ModuleBrief(
            id=module,
            names=names_of(result.catalog.module_by_id[module]),
            programmes=tuple(sorted(programmes)),
            kzt=kzt[module],
            steps=sum(map(_steps_lost, programmes, [state] * len(without), without)),
            closure=plain(sum(closure(state) - closure(one) for one in without)),
            learners=sum(result.catalog.programme_by_id[one].learners for one in programmes),
        )


def _steps_lost(programme: str, plan: PlanState, without: PlanState) -> int:
    """Return how many missing steps of a programme one plan closes and another leaves open."""
    held, left = (one.states[programme].levels_after for one in (plan, without))
    steps = plan.states[programme].of.gaps.steps
    return sum(left.get(one.competency, 0) < one.level <= held.get(one.competency, 0) for one in steps)
