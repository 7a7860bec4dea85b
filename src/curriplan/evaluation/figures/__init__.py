"""The figures of a plan beside its rules, as ``docs/formulation.md`` defines them under *Figures*.

One file a theme; `figures_of` puts them together from the bare decisions.
"""

from __future__ import annotations

from curriplan.base.codec import from_data, to_data
from curriplan.evaluation.figures.estimates import if_estimates_err
from curriplan.evaluation.figures.hours import named_hours, post_hours, posts_of, rooms_of, teachers_of
from curriplan.evaluation.figures.intakes import intakes_of
from curriplan.evaluation.figures.worth import kzt_per_point, not_met, programme_figures
from curriplan.evaluation.measures import plain
from curriplan.evaluation.objectives import closure
from curriplan.evaluation.planned import existing_selection
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.state import Basis
from curriplan.plan.figures import Figures, HowSure, Today
from curriplan.plan.plan import Selection
from curriplan.problem.problem import Problem


def figures_of(problem: Problem, selection: Selection, evaluation: Evaluation) -> Figures:
    """Return the figures of a plan.

    Parameters
    ----------
    selection : Selection
        The decisions, with the payments of the plan.
    evaluation : Evaluation
        What they are worth.
    """
    basis = problem.derived(Basis)
    plan, today = basis.plan(selection), basis.plan(existing_selection(problem))
    a_post = post_hours(problem.limits)
    teachers = teachers_of(today, plan)
    programmes = programme_figures(today, plan, evaluation)
    found = Figures(
        post_hours=a_post,
        teachers=teachers,
        posts=posts_of(teachers, a_post),
        rooms=rooms_of(today, plan),
        named_hours=named_hours(today, plan),
        intakes=intakes_of(problem.money, selection.payments, evaluation.cost_items),
        if_estimates_err=if_estimates_err(plan),
        programmes=programmes,
        kzt_per_learner_point=kzt_per_point(programmes),
    )
    return from_data(Figures, plain(to_data(found)))


def today_of(problem: Problem) -> Today:
    """Return what the existing curricula close, as they stand, and how sure that is."""
    selection = existing_selection(problem)
    plan = problem.derived(Basis).plan(selection)
    closures = {name: state.closure for name, state in plan.states.items()}
    return Today(closure(plan), closures, how_sure(problem, selection))


def how_sure(problem: Problem, selection: Selection) -> HowSure:
    """Return what `figures_of` says of how sure the closure of a plan is, without its other figures."""
    plan = problem.derived(Basis).plan(selection)
    found = HowSure(
        if_estimates_err(plan),
        sum(len(state.of.gaps.occupations()) for state in plan.states.values()),
        sum(len(not_met(state, state.levels_after)) for state in plan.states.values()),
    )
    return from_data(HowSure, plain(to_data(found)))
