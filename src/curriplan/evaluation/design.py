"""What a new qualification teaches, reaches and costs, and what is missing for it, from its plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from statistics import median
from typing import Any

from curriplan.base.codec import from_data, to_data
from curriplan.catalog.records import Catalog, Competency, CostPart, Record, Section
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures import figures_of
from curriplan.evaluation.measures import plain
from curriplan.evaluation.result import Evaluation
from curriplan.plan.design import (
    Commission,
    Design,
    DesignCost,
    DesignFunction,
    DesignModule,
    DesignNeed,
    KindLacking,
    LeftOut,
    Likeness,
    ModuleRole,
    RowToAdd,
)
from curriplan.plan.plan import CatalogReference, Plan
from curriplan.problem.design import Designed
from curriplan.problem.problem import Problem


def design_of(
    designed: Designed,
    problem: Problem,
    plan: Plan,
    after: Evaluation,
    *,
    level: str | None,
    norm: float | None,
    hour_kzt: int | None,
    source: str | None,
) -> Design:
    """Return all that is said of a new qualification.

    Parameters
    ----------
    designed : Designed
        The programme as it was asked for, over the college without it.
    plan : Plan
        Its plan, in the catalog of `problem`.
    norm : float or None
        The least total of credits of its level after its schooling.
    """
    base, programme = designed.base, designed.programme
    (measures,) = after.programmes
    modules = tuple(_modules(designed, problem, plan, after))
    needs = tuple(_needs(designed, problem, after))
    total = sum(measures.term_credits)
    groups = problem.limits.groups(programme)
    rows = (row for name in ROW_TABLES for row in problem.catalog.table(name) if _is_new(row, programme.id))
    found = Design(
        catalog=CatalogReference.of(base, source),
        programme=programme.id,
        occupations=tuple(designed.wanted.occupations),
        entry_base=programme.entry_base or "",
        level=level,
        terms=programme.terms,
        start=programme.start,
        learners=programme.learners,
        models=tuple(row.id for row in designed.models),
        kin=tuple(row.id for row in designed.kin),
        status=plan.status,
        closure=measures.closure_after,
        essentials=measures.essentials,
        essentials_met=measures.essentials_met_after,
        credits=total,
        credits_norm=norm,
        credits_lacking=max(0.0, (norm or 0.0) - total),
        rules=len(after.checks),
        modules=modules,
        needs=needs,
        commission=tuple(_commission(designed, problem, needs)),
        left_out=tuple(_left_out(base, needs)),
        functions=tuple(_functions(designed, modules)),
        rooms_lacking=tuple(_lacking(designed, problem, plan)),
        groups=groups,
        cost=_cost(modules, groups, programme.learners, hour_kzt),
        rows=tuple(RowToAdd(row.table, row.model_dump(mode="json", exclude_none=True)) for row in rows),
    )
    return from_data(Design, plain(to_data(found)))


ROW_TABLES = (
    "programmes",
    "programme_terms",
    "programme_fixed_hours",
    "programme_modules",
    "baseline",
    "targets",
)
"""The tables that a new programme has rows in."""


def _is_new(row: Record, programme: str) -> bool:
    return bool(programme == getattr(row, "id" if row.table == "programmes" else "programme"))


def _modules(designed: Designed, problem: Problem, plan: Plan, after: Evaluation) -> Iterator[DesignModule]:
    parts: dict[tuple[str, CostPart], int] = {}
    for item in after.cost_items:
        parts[item.module, item.part] = parts.get((item.module, item.part), 0) + item.kzt
    needed = designed.needed_of({row.module: row.term for row in plan.modules})
    for one in sorted(plan.modules, key=lambda row: (row.term, row.module)):
        row = problem.catalog.module_by_id[one.module]
        yield DesignModule(
            module=one.module,
            term=one.term,
            role=_role(designed, one.module, needed),
            credits=row.credits or 0.0,
            hours=row.total_hours,
            setup_kzt=parts.get((one.module, CostPart.SETUP), 0),
            delivery_kzt=parts.get((one.module, CostPart.DELIVERY), 0),
            site_kzt=sum(parts.get((one.module, part), 0) for part in (CostPart.FEES, CostPart.TRAVEL)),
            has_cost=row.setup_cost_kzt > 0 or row.cost_per_group_kzt > 0,
        )


def _role(designed: Designed, module: str, needed: Collection[str]) -> ModuleRole:
    if module in designed.common:
        return ModuleRole.COMMON
    if designed.base.module_by_id[module].section is Section.PRACTICE:
        return ModuleRole.PRACTICE
    return ModuleRole.NEEDED if module in needed else ModuleRole.FILLS


def _needs(designed: Designed, problem: Problem, after: Evaluation) -> Iterator[DesignNeed]:
    name = designed.programme.id
    gaps, levels = problem.gaps[name], after.levels_after[name]
    asked = dict(gaps.required)
    for floor in problem.catalog.floors:
        if floor.programme in (None, name):
            asked[floor.competency] = max(floor.level, asked.get(floor.competency, 0))
    essential = {need.requirement.competency for need in gaps.needs if need.requirement.essential}
    best: dict[str, int] = {}
    for module, rows in problem.catalog.teaching.outcomes.items():
        for row in rows if module not in problem.catalog.header_ids else ():
            best[row.competency] = max(row.exit_level, best.get(row.competency, 0))
    for competency, required in sorted(asked.items()):
        brought = gaps.baseline.get(competency, 0)
        yield DesignNeed(
            competency=competency,
            essential=competency in essential,
            required=required,
            brought=brought,
            reached=levels.get(competency, 0),
            teachable=max(brought, best.get(competency, 0)),
        )


def _commission(designed: Designed, problem: Problem, needs: tuple[DesignNeed, ...]) -> Iterator[Commission]:
    """Yield the steps that no module teaches, the weightiest first."""
    gaps = problem.gaps[designed.programme.id]
    hours = HoursOfSteps(designed.base)
    found = []
    for need in needs:
        if need.to_commission:
            first = need.required - need.to_commission
            weight = sum(
                step.weight
                for step in gaps.steps
                if step.competency == need.competency and step.level > first
            )
            alike, modules, of_step = hours.of(need.competency)
            found.append(
                Commission(
                    competency=need.competency,
                    from_level=first,
                    to_level=need.required,
                    essential=need.essential,
                    worth=weight / gaps.total_weight if gaps.total_weight > 0 else 0.0,
                    alike=alike,
                    modules=modules,
                    hours_of_step=of_step,
                    hours=None if of_step is None else of_step * need.to_commission,
                )
            )
    yield from sorted(found, key=lambda row: (-row.worth, row.competency))


class HoursOfSteps:
    """What a step takes: the median over the modules that teach the like.

    Of a module, its hours over the steps that its own rows teach. The modules that teach the same competency,
    else one of the same area of the framework, else of the framework, else any.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._found: dict[tuple[Likeness, Any], dict[str, float]] = {}
        for module, rows in catalog.outcomes_by_module.items():
            steps = sum(max(0, row.exit_level - row.entry_level) for row in rows)
            hours = catalog.module_by_id[module].total_hours
            if steps and hours and module not in catalog.header_ids:
                for row in rows:
                    for key in self._keys(catalog.competency_by_id[row.competency]):
                        self._found.setdefault(key, {})[module] = hours / steps

    @staticmethod
    def _keys(row: Competency) -> Iterator[tuple[Likeness, Any]]:
        yield Likeness.COMPETENCY, row.id
        if row.framework is not None and row.area is not None:
            yield Likeness.AREA, (row.framework, row.area)
        if row.framework is not None:
            yield Likeness.FRAMEWORK, row.framework
        yield Likeness.CATALOG, None

    def of(self, competency: str) -> tuple[Likeness, int, float | None]:
        """Return what the modules have in common with a competency, how many they are, and their median."""
        for alike, value in self._keys(self.catalog.competency_by_id[competency]):
            if found := self._found.get((alike, value)):
                return alike, len(found), median(found.values())
        return Likeness.CATALOG, 0, None


def _left_out(base: Catalog, needs: tuple[DesignNeed, ...]) -> Iterator[LeftOut]:
    for need in needs:
        if need.left_out > 0:
            first = max(need.brought, min(need.required, need.reached))
            teachers = (
                row.id
                for row in base.modules
                if row.id not in base.header_ids
                and any(
                    one.competency == need.competency and one.exit_level > first
                    for one in base.teaching.of(row.id)
                )
            )
            yield LeftOut(need.competency, first, first + need.left_out, tuple(teachers))


def _lacking(designed: Designed, problem: Problem, plan: Plan) -> Iterator[KindLacking]:
    """Yield the hours of rooms and teachers that are not there, in the semester in which most lack."""
    capacity = designed.base.resource_capacity
    whole = Problem.of(problem.catalog.replace(resource_capacity=capacity), problem.limits.settings)
    found = figures_of(whole, plan.selection, evaluate(whole, plan.selection))
    for is_teacher, rows in ((True, found.teachers), (False, found.rooms)):
        for row in rows:
            if row.existing_hours is not None:
                hours = row.committed_hours + row.kept_hours + row.added_hours - row.existing_hours
                if hours > 1e-6:
                    yield KindLacking(row.kind, is_teacher, row.semester, hours)


def _functions(designed: Designed, modules: tuple[DesignModule, ...]) -> Iterator[DesignFunction]:
    taken = {row.module for row in modules}
    serving: dict[str, list[str]] = {}
    for row in designed.base.module_functions:
        serving.setdefault(row.labour_function, []).append(row.module)
    for function in designed.base.labour_functions:
        if function.occupation in designed.wanted.occupations:
            names = serving.get(function.id, [])
            own = tuple(name for name in names if name in taken)
            yield DesignFunction(function.id, str(function.occupation), own, bool(names))


def _cost(modules: tuple[DesignModule, ...], groups: int, learners: int, hour_kzt: int | None) -> DesignCost:
    intake = sum(row.delivery_kzt + row.site_kzt for row in modules)
    hours = sum((row.hours for row in modules if not row.has_cost), 0.0)
    whole = sum(row.hours for row in modules)
    priced = None if hour_kzt is None else round(hours * groups * hour_kzt)
    return DesignCost(
        setup_kzt=sum(row.setup_kzt for row in modules),
        intake_kzt=intake,
        hours_without_cost=hours,
        known_share=1 - hours / whole if whole else 1.0,
        hour_kzt=hour_kzt,
        priced_kzt=priced,
        learner_kzt=(intake + (priced or 0)) / learners,
    )
