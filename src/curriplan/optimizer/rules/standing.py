"""What a programme may take, and what it reaches by it: §1, §2 and §5."""

from __future__ import annotations

from collections.abc import Iterable

from curriplan.catalog.records import Standing
from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Entity, PlanModel
from curriplan.optimizer.rules.parts import Rules, minus
from curriplan.problem.curriculum import Option


def standing(model: PlanModel) -> None:
    """§1: Σ_t x[p,m,t] ≤ 1, = 1 if mandatory; ≤ open[m] where p adds m and its set-up is new money.

    Forbidden modules, headers and impossible terms have no x. In a relaxed model they have, and rows
    keep them at 0.
    """
    for one in model.problem.programmes:
        for option in one.options:
            _taken_once(model, option)
            opened = model.opened.get(option.module.id)
            if opened is not None and model.problem.is_added(option):
                model.require("§1", [*model.taken(option), (opened, -1.0)], "<=", 0)
            if model.problem.relaxed:
                _only_allowed(model, one, option)


def _taken_once(model: PlanModel, option: Option) -> None:
    """Require Σ_t x ≤ 1 or = 1; in a relaxed model ≥ 1 is a row of its own, which may give way."""
    entity = Entity("§1", "mandatory_modules", *option.key)
    mandatory = option.standing is Standing.MANDATORY
    if mandatory and not model.problem.relaxed:
        model.require("§1", model.taken(option), "=", 1, entity=entity)
        return
    model.require("§1", model.taken(option), "<=", 1)
    if mandatory:
        model.require("§1", model.taken(option), ">=", 1, entity=entity)


def _only_allowed(model: PlanModel, one: ProgrammeProblem, option: Option) -> None:
    """Require Σ x ≤ 0 over the terms that `pinned_term` and `allowed_terms` rule out, or over all."""
    allowed = one.curriculum.options[option.module.id].starts
    others = [term for term in option.starts if term not in allowed]
    forbidden = option.standing is Standing.FORBIDDEN
    aspect = "forbidden_modules" if forbidden else "allowed_terms"
    if others:
        entity = Entity("§1", aspect, *option.key)
        model.require("§1", model.taken(option, others), "<=", 0, entity=entity)


def reach(model: PlanModel) -> None:
    """§2: reach[p,c,l] ≤ Σ_{m teaches c to ≥ l} Σ_t x[p,m,t], transfers included."""
    for one in model.problem.programmes:
        for step in one.gaps.steps:
            variable = model.reach[one.id, step.competency, step.level]
            reach_row(model, "§2", one, (variable, step.competency, step.level))


def reach_row(model: PlanModel, rule: str, one: ProgrammeProblem, reached: tuple[object, str, int]) -> None:
    """Require reach ≤ the modules that teach it, for one (variable, competency, level)."""
    variable, competency, level = reached
    teachers = model.problem.teachers(one, competency, level)
    parts = [(variable, 1.0), *minus(part for option in teachers for part in model.taken(option))]
    model.require(rule, parts, "<=", 0)


def define_wider_reach(
    model: PlanModel, rule: str, one: ProgrammeProblem, steps: Iterable[tuple[str, int]]
) -> None:
    """Add the variables, with their rows, of levels that no target occupation of a programme asks for."""
    for step in steps:
        key = (one.id, *step)
        if key not in model.reach and key not in model.wider_reach:
            variable = model.add(model.wider_reach, "wider", key, integer=False)
            reach_row(model, rule, one, (variable, *step))


def exclusive_groups(model: PlanModel) -> None:
    """§5: Σ_{m in the group} Σ_t x[p,m,t] ≤ 1."""
    for one in model.problem.programmes:
        groups: dict[str, list[Option]] = {}
        for option in one.options:
            if option.module.exclusive_group is not None:
                groups.setdefault(option.module.exclusive_group, []).append(option)
        for group, options in groups.items():
            parts = [part for option in options for part in model.taken(option)]
            entity = Entity("§5", "exclusive_groups", one.id, group)
            model.require("§5", parts, "<=", 1, entity=entity)


RULES: Rules = (("§1", standing), ("§2", reach), ("§5", exclusive_groups))
