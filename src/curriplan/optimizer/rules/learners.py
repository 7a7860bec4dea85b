"""What learners must get, and how many must come: §11 and §13 to §15."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curriplan.catalog.records import Module
from curriplan.optimizer.model.variables import Entity, Parts, PlanModel
from curriplan.optimizer.rules.parts import Rules, programme_closure_parts, times


def floors(model: PlanModel) -> None:
    """§11: Σ_{m teaches c to ≥ floor} Σ_t x[p,m,t] ≥ 1 where the baseline is below the floor."""
    for row in model.problem.catalog.floors:
        for one in model.problem.programmes:
            if row.binds(one.programme) and one.gaps.baseline.get(row.competency, 0) < row.level:
                teachers = model.problem.teachers(one, row.competency, row.level)
                parts = [part for option in teachers for part in model.taken(option)]
                entity = Entity("§11", "floor", one.id, row.competency)
                model.require("§11", parts, ">=", 1, entity=entity)


def equity(model: PlanModel) -> None:
    """§13: closure(p) ≥ R · alone(p), where alone(p) > 0; shares of 1."""
    least = model.problem.limits.settings.equity
    if least is None:
        return
    for name, parts in programme_closure_parts(model).items():
        alone = model.problem.limits.closure_alone.get(name, 0.0)
        if alone > 0:
            model.require("§13", parts, ">=", least * alone, entity=Entity("§13", "equity", name))


def min_learners(model: PlanModel) -> None:
    """§14: Σ_p learners(p)·x[p,m,t] + fixed ≥ min_learners · begin[m,s], x[p,m,t] ≤ begin[m,s].

    For each calendar semester s over the starts (p, t) of m in s; begin ∈ {0,1} says that some programme
    starts m in s; fixed are the learners of programmes that are not planned.
    """
    begin: dict[tuple[str, str], Any] = {}
    for module in model.problem.catalog.modules:
        if module.min_learners is not None:
            starts = dict(sorted(_starts_by_semester(model, module).items()))
            for semester, by_programme in starts.items():
                started = model.add(begin, "begin", (module.id, semester), integer=True)
                _enough_learners(model, module, semester, by_programme, started)


def _starts_by_semester(model: PlanModel, module: Module) -> dict[str, dict[str, Parts]]:
    """Return the starts of a module that fall in a calendar semester, by programme."""
    found: dict[str, dict[str, Parts]] = {}
    for one in model.problem.programmes:
        for option in one.options:
            for term in option.starts if option.module.id == module.id else ():
                for semester in model.problem.capacity.start_semesters(one.programme, term):
                    parts = found.setdefault(semester, {}).setdefault(one.id, [])
                    parts += model.taken(option, [term])
    return found


def _enough_learners(
    model: PlanModel, module: Module, semester: str, by_programme: dict[str, Parts], started: Any
) -> None:
    learners: Parts = []
    for name, parts in by_programme.items():
        model.require("§14", [*parts, (started, -1.0)], "<=", 0)
        learners += times(model.problem.catalog.programme_by_id[name].learners, parts)
    fixed = sum(_unplanned_learners(model, module.id, semester))
    entity = Entity("§14", "min_learners", None, module.id, semester)
    least = max(0, (module.min_learners or 0) - fixed)
    model.require("§14", [*learners, (started, -float(least))], ">=", 0, entity=entity)


def _unplanned_learners(model: PlanModel, module: str, semester: str) -> Iterator[int]:
    """Yield the learners of each programme that is not planned and starts a module in a semester."""
    problem = model.problem
    for name, curriculum in problem.curricula.by_programme.items():
        option = curriculum.options.get(module)
        if name in problem.limits.planned or option is None or option.current_term is None:
            continue
        if semester in problem.capacity.start_semesters(curriculum.programme, option.current_term):
            yield curriculum.programme.learners


def labour_functions(model: PlanModel) -> None:
    """§15: Σ_{m serves the function} Σ_t x[p,m,t] ≥ 1, where some module of M(p) serves it."""
    catalog = model.problem.catalog
    for one in model.problem.programmes:
        targets = {row.occupation for row in catalog.base_targets if row.programme == one.id}
        open_modules = {option.module.id for option in one.curriculum.open_options}
        for function in catalog.labour_functions:
            rows = (row for row in catalog.module_functions if row.labour_function == function.id)
            serving = {row.module for row in rows} & open_modules
            if function.occupation in targets and serving:
                parts = [
                    part
                    for option in one.options
                    if option.module.id in serving
                    for part in model.taken(option)
                ]
                entity = Entity("§15", "labour_functions", one.id, function.id)
                model.require("§15", parts, ">=", 1, entity=entity)


RULES: Rules = (("§11", floors), ("§13", equity), ("§14", min_learners), ("§15", labour_functions))
