"""What a plan may lose when a partner leaves: §16."""

from __future__ import annotations

from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.parts import Rules, minus, programme_closure_parts, times
from curriplan.problem.curriculum import Option
from curriplan.problem.partners import may_return


def keep_within(model: PlanModel) -> None:
    """§16: for each partner k a plan xᵏ without its money and resources, C(xᵏ) ≥ C(x) − LOSS, a share of 1.

    xᵏ[p,m,t] ≤ x[p,m,t]; of a module m that may return in its current term c:
    xᵏ[p,m,c] + Σ_{t ≠ c} x[p,m,t] ≤ 1. Every rule but this one holds of xᵏ: its rows are written beside.
    What x reaches may not be understated: reach[p,c,l] ≥ Σ_t x[p,m,t] of each m that teaches (c, l).
    """
    most = model.problem.limits.settings.keep_within
    if model.responses:
        _reach_in_full(model)
    for response in model.responses.values():
        for one in response.problem.programmes:
            for option in one.options:
                _within(model, response, option)
        lost = [*_closure(model), *minus(_closure(response))]
        model.require("§16", lost, "<=", most or 0.0, entity=response.demand)


def _reach_in_full(model: PlanModel) -> None:
    """Let no step count as open that a module of the plan teaches: a plan would seem to have less to lose."""
    for one in model.problem.programmes:
        for step in one.gaps.steps:
            reached = model.reach[one.id, step.competency, step.level]
            for option in model.problem.teachers(one, step.competency, step.level):
                if option.starts:
                    model.require("§16", [*model.taken(option), (reached, -1.0)], "<=", 0)


def _within(model: PlanModel, response: PlanModel, option: Option) -> None:
    """Let what is left take no more than the plan does, and what it drops only as it is taught today."""
    for term in option.starts:
        own = response.start[(*option.key, term)]
        if term == option.current_term and may_return(response.problem.given, option):
            others = [one for one in option.starts if one != term]
            model.require("§16", [(own, 1.0), *model.taken(option, others)], "<=", 1)
        else:
            model.require("§16", [(own, 1.0), *minus(model.taken(option, [term]))], "<=", 0)


def _closure(model: PlanModel) -> Parts:
    """Σ_p weight(p) · closure(p) / Σ_p weight(p)."""
    closure = programme_closure_parts(model)
    weights = model.problem.closure_weights
    return [part for name in weights for part in times(weights[name], closure[name])]


RULES: Rules = (("§16", keep_within),)
