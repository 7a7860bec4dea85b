"""Evaluate bare decisions against a problem alone, without any solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from curriplan.evaluation.objectives import mean, objectives_of
from curriplan.evaluation.programme import ProgrammeState
from curriplan.evaluation.result import Evaluation, OccupationMeasures, ProgrammeMeasures
from curriplan.evaluation.rules import all_checks
from curriplan.evaluation.state import Basis, Left
from curriplan.plan.plan import Response, Selection, Start
from curriplan.problem.partners import Leaving, left_by
from curriplan.problem.problem import Problem


def evaluate(problem: Problem, selection: Selection) -> Evaluation:
    """Recompute reach, every rule and every objective of a plan from its bare decisions.

    Parameters
    ----------
    selection : Selection
        Starts, sites and payments in any order; they may name what the catalog does not know.
    """
    plan = problem.derived(Basis).plan(selection)
    if selection.responses:
        left = {one.source: _left(problem, selection, one) for one in selection.responses}
        plan = replace(plan, left=left)
    states = plan.states
    bases = plan.basis.programmes.values()
    before = ((one.weight, one.closure_before) for one in bases if one.closure_before is not None)
    return Evaluation(
        checks=all_checks(plan),
        objectives=objectives_of(plan),
        programmes=tuple(_measures(state) for state in states.values()),
        closure_before=mean(before),
        levels_before={name: state.of.levels_before for name, state in states.items()},
        levels_after={name: state.levels_after for name, state in states.items()},
        setup_cost_kzt=plan.setup_cost_kzt,
        added_cost_kzt=plan.added_cost_kzt,
        levels_by_term={name: state.levels_by_term for name, state in states.items()},
        cost_items=plan.cost_items,
    )


def _left(problem: Problem, selection: Selection, response: Response) -> Left:
    """Evaluate what is left when a partner leaves, as a plan without its money and resources (§16)."""
    after = evaluate(left_by(problem, Leaving(response.source)), Selection(response.starts, response.sites))
    more = sorted(f"{one.programme}/{one.module}" for one in not_left(problem, selection, response))
    return Left(after.objectives["closure"], (*after.broken_rules, *more))


def not_left(problem: Problem, selection: Selection, response: Response) -> Iterator[Start]:
    """Yield what a response starts though it may not: neither as the plan does, nor again as today."""
    planned, taken = set(selection.starts), selection.taken
    for start in response.starts:
        curriculum = problem.curricula.by_programme.get(start.programme)
        option = None if curriculum is None else curriculum.options.get(start.module)
        is_today = option is not None and option.current_term == start.term
        if start not in planned and not (is_today and (start.programme, start.module) not in taken):
            yield start


def _measures(state: ProgrammeState) -> ProgrammeMeasures:
    gaps = state.of.gaps
    met_before, essentials = gaps.essentials_met(state.of.levels_before)
    met_after, _ = gaps.essentials_met(state.levels_after)
    return ProgrammeMeasures(
        programme=state.name,
        weight=state.of.weight,
        closure_before=state.of.closure_before,
        closure_after=state.closure,
        essentials=essentials,
        essentials_met_before=met_before,
        essentials_met_after=met_after,
        occupations=_occupations(state),
        term_credits=state.term_credits,
        delivery_cost_kzt=sum(state.delivery_cost_kzt(tuple(state.terms_of)).values()),
        unteachable_share=state.of.unteachable_share,
        learners=state.of.programme.learners,
        dual_share=state.dual_share,
        labour_functions=len(state.of.functions),
        uncovered_functions=state.uncovered_functions,
    )


def _occupations(state: ProgrammeState) -> tuple[OccupationMeasures, ...]:
    gaps, before, after = state.of.gaps, state.of.levels_before, state.levels_after
    shares = {need.requirement.occupation: need.share for need in gaps.needs}
    return tuple(
        OccupationMeasures(
            occupation=name,
            share=shares[name],
            cover_before=gaps.cover(name, before),
            cover_after=gaps.cover(name, after),
            essentials_met_before=gaps.essentials_of_occupation_met(name, before),
            essentials_met_after=gaps.essentials_of_occupation_met(name, after),
        )
        for name in gaps.occupations()
    )
