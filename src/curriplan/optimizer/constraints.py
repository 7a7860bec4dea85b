"""The rules as linear constraints: one function a rule, registered in `RULES`.

The inequalities are those of ``docs/formulation.md``; to add a rule, see ``docs/add-a-rule.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from curriplan.curriculum import Option
from curriplan.model import HoursByKind, RequisiteKind, Standing
from curriplan.optimizer.variables import PlanModel
from curriplan.problem import ProgrammeProblem

Parts = list[tuple[Any, float]]
KZT_SCALE = 1000.0
"""Money rows are written in thousand KZT, to keep coefficients near those of the other rows."""


def standing(model: PlanModel) -> None:
    """§1: Σ_t x[p,m,t] ≤ 1, = 1 if mandatory; ≤ open[m] where p adds m and its set-up is new money.

    Forbidden modules, headers and impossible terms have no x.
    """
    for one in model.problem.programmes:
        for option in one.options:
            operator = "=" if option.standing is Standing.MANDATORY else "<="
            model.require("§1", model.taken(option), operator, 1)
            opened = model.opened.get(option.module.id)
            if opened is not None and option.current_term is None:
                model.require("§1", [*model.taken(option), (opened, -1.0)], "<=", 0)


def reach(model: PlanModel) -> None:
    """§2: reach[p,c,l] ≤ Σ_{m teaches c to ≥ l} Σ_t x[p,m,t]."""
    for one in model.problem.programmes:
        for step in one.gaps.steps:
            variable = model.reach[one.id, step.competency, step.level]
            teachers = model.problem.teachers(one, step.competency, step.level)
            parts = [(variable, 1.0), *_minus(part for o in teachers for part in model.taken(o))]
            model.require("§2", parts, "<=", 0)


def entry(model: PlanModel) -> None:
    """§3: Σ_{u≤t} x[p,m,u] ≤ Σ_{m' teaches c to ≥ entry} Σ_{u≤t−1} x[p,m',u], for entry > baseline.

    The left side sums over u ≤ t, which is as true as x[p,m,t] alone and tighter. A current module
    at its current term t may also lean on current modules of t with an earlier position: their
    x[p,m',t] is added on the right of the row of t.
    """
    for one in model.problem.programmes:
        for option in one.options:
            for row in model.problem.catalog.outcomes_by_module.get(option.module.id, ()):
                if row.entry_level > one.gaps.baseline.get(row.competency, 0):
                    givers = model.problem.teachers(one, row.competency, row.entry_level)
                    _lean(model, "§3", option, givers)


def requisites(model: PlanModel) -> None:
    """§4: a module starts after one of its prerequisites, no earlier than a corequisite, with a strict one.

    Over the alternatives a of each requisite of m:
    prerequisite Σ_{u≤t} x[p,m,u] ≤ Σ_a Σ_{u≤t−1} x[p,a,u], exception as in §3;
    corequisite Σ_{u≤t} x[p,m,u] ≤ Σ_a Σ_{u≤t} x[p,a,u];
    strict corequisite x[p,m,t] ≤ Σ_a x[p,a,t].
    """
    for one in model.problem.programmes:
        open_options = {option.module.id: option for option in one.options}
        for option in one.options:
            for requisite in model.problem.curricula.requisites.get(option.module.id, ()):
                found = [open_options[name] for name in requisite.alternatives if name in open_options]
                _REQUISITE_ROWS[requisite.kind](model, option, found)


def _prerequisite(model: PlanModel, option: Option, alternatives: list[Option]) -> None:
    _lean(model, "§4", option, alternatives)


def _corequisite(model: PlanModel, option: Option, alternatives: list[Option]) -> None:
    for term in option.starts:
        by_then = _minus(part for other in alternatives for part in model.taken_by(other, term))
        model.require("§4", [*model.taken_by(option, term), *by_then], "<=", 0)


def _strict_corequisite(model: PlanModel, option: Option, alternatives: list[Option]) -> None:
    for term in option.starts:
        beside = _minus(part for other in alternatives for part in model.taken(other, [term]))
        model.require("§4", [*model.taken(option, [term]), *beside], "<=", 0)


_REQUISITE_ROWS: Mapping[RequisiteKind, Callable[[PlanModel, Option, list[Option]], None]] = {
    RequisiteKind.PREREQUISITE: _prerequisite,
    RequisiteKind.COREQUISITE: _corequisite,
    RequisiteKind.STRICT_COREQUISITE: _strict_corequisite,
}


def exclusive_groups(model: PlanModel) -> None:
    """§5: Σ_{m in the group} Σ_t x[p,m,t] ≤ 1."""
    for one in model.problem.programmes:
        groups: dict[str, list[Option]] = {}
        for option in one.options:
            if option.module.exclusive_group is not None:
                groups.setdefault(option.module.exclusive_group, []).append(option)
        for options in groups.values():
            model.require("§5", [part for option in options for part in model.taken(option)], "<=", 1)


def _lean(model: PlanModel, rule: str, option: Option, givers: Iterable[Option]) -> None:
    """Let `option` start only after (or, by the exception, beside) one of `givers`."""
    others = [giver for giver in givers if giver.key != option.key]
    for term in option.starts:
        before = [part for giver in others for part in model.taken_by(giver, term - 1)]
        beside = [
            part for giver in others if option.may_lean_on(giver, term) for part in model.taken(giver, [term])
        ]
        model.require(rule, [*model.taken_by(option, term), *_minus([*before, *beside])], "<=", 0)


def load(model: PlanModel) -> None:
    """§6: credits of the programme and of each term, modules a term, hours a week."""
    for one in model.problem.programmes:
        _programme_credits(model, one)
        for term in sorted(one.terms):
            _term_credits(model, one, term)
            _term_modules(model, one, term)
            _weekly_hours(model, one, term)


def _programme_credits(model: PlanModel, one: ProgrammeProblem) -> None:
    """min_credits ≤ Σ credits·x + fixed ≤ max_credits."""
    parts = [part for term in sorted(one.terms) for part in credit_parts(model, one, term)]
    fixed = sum(model.problem.fixed_credits(one, term) for term in one.terms)
    least = model.problem.limits.min_credits(one.programme)
    _between(model, "§6", parts, fixed, least, one.programme.max_credits)


def _term_credits(model: PlanModel, one: ProgrammeProblem, term: int) -> None:
    """min_credits ≤ load[p,t] ≤ max_credits."""
    row = one.terms[term]
    if row is not None:
        fixed = model.problem.fixed_credits(one, term)
        _between(model, "§6", credit_parts(model, one, term), fixed, row.min_credits, row.max_credits)


def _term_modules(model: PlanModel, one: ProgrammeProblem, term: int) -> None:
    """min_modules ≤ Σ_m x[p,m,t] ≤ max_modules."""
    row = one.terms[term]
    if row is not None:
        parts = [part for option in one.options for part in model.taken(option, [term])]
        _between(model, "§6", parts, 0, row.min_modules, row.max_modules)


def _weekly_hours(model: PlanModel, one: ProgrammeProblem, term: int) -> None:
    """Require counted hours ≤ weekly_hours · weeks, and all hours ≤ weekly_hours_all · weeks."""
    limits, weeks = model.problem.limits, model.problem.weeks(one, term)
    counts_all = limits.weekly_hours_counts_all
    for key, every_hour in (("weekly_hours", counts_all), ("weekly_hours_all", True)):
        weekly = limits.number(key)
        if weekly is not None and weeks is not None:
            fixed = sum(_week_hours(row, every_hour) for row in one.fixed[term])
            parts = [
                (variable, _week_hours(option.module, every_hour))
                for option in one.options
                for variable, _ in model.taken(option, [term])
            ]
            _between(model, "§6", parts, fixed, None, weekly * weeks)


def _week_hours(row: HoursByKind, every_hour: bool) -> float:
    return row.total_hours if every_hour else row.contact_hours


def practice_share(model: PlanModel) -> None:
    """§7: Σ (practice hours − share · all hours)·x + the same of fixed loads ≥ 0.

    Over the sections of the denominator; practice is laboratory-practical, production training and
    professional practice.
    """
    share = model.problem.limits.practice_share_min
    if share is None:
        return
    sections = model.problem.limits.practice_sections
    for one in model.problem.programmes:
        parts = [
            (variable, _surplus(option.module, share))
            for option in one.options
            if option.module.section in sections
            for variable, _ in model.taken(option)
        ]
        rows = (row for rows in one.fixed.values() for row in rows)
        fixed = sum(_surplus(row, share) for row in rows if row.section in sections)
        _between(model, "§7", parts, fixed, 0, None)


def _surplus(row: HoursByKind, share: float) -> float:
    """Return practice hours above the share."""
    return row.practice_hours - share * row.total_hours


def resources(model: PlanModel) -> None:
    """§9: one site a kind (Σ_r use = Σ x); hours used ≤ free hours by resource and semester."""
    _one_site_a_kind(model)
    for (resource, semester), parts in sorted(_hours_by_semester(model).items()):
        model.require("§9", parts, "<=", model.problem.capacity.free_hours[resource, semester])


def _one_site_a_kind(model: PlanModel) -> None:
    for option, kind, group in _needs(model):
        sites = model.problem.capacity.sites.get(kind, ())
        if len(sites) != 1:
            used = [part for site in sites for part in model.use(option, group, site)]
            model.require("§9", [*used, *_minus(model.taken(option, group))], "=", 0)


def _needs(model: PlanModel) -> Iterator[tuple[Option, str, tuple[int, ...]]]:
    """Yield each option, resource kind that it needs, and group of starts."""
    for one in model.problem.programmes:
        for option in one.options:
            for kind in model.problem.capacity.needs.get(option.module.id, {}):
                for group in model.groups(option):
                    yield option, kind, group


def _hours_by_semester(model: PlanModel) -> dict[tuple[str, str], Parts]:
    """Hours that decisions use, by limited resource and calendar semester."""
    capacity, catalog = model.problem.capacity, model.problem.catalog
    found: dict[tuple[str, str], Parts] = {}
    for option, kind, group in _needs(model):
        programme = catalog.programme_by_id[option.programme]
        for site in capacity.sites.get(kind, ()):
            if capacity.is_limited(site.id):
                hours = capacity.hours_used(programme, option.module.id, site)
                parts = [(variable, hours) for variable, _ in model.use(option, group, site)]
                for semester in capacity.semesters_used(programme, group[0]):
                    found.setdefault((site.id, semester), []).extend(parts)
    return found


def money(model: PlanModel) -> None:
    """§10: Σ_m set-up·open[m] + Σ_{p,m added} cost a group · groups(p) · Σ_t x[p,m,t] ≤ budget."""
    budget = model.problem.limits.budget_kzt
    if budget is not None:
        model.require("§10", cost_parts(model), "<=", budget, scale=KZT_SCALE)


def floors(model: PlanModel) -> None:
    """§11: Σ_{m teaches c to ≥ floor} Σ_t x[p,m,t] ≥ 1 where the baseline is below the floor."""
    for row in model.problem.catalog.floors:
        for one in model.problem.programmes:
            concerned = row.programme in (None, one.id)
            if concerned and one.gaps.baseline.get(row.competency, 0) < row.level:
                teachers = model.problem.teachers(one, row.competency, row.level)
                parts = [part for option in teachers for part in model.taken(option)]
                model.require("§11", parts, ">=", 1)


RULES: tuple[tuple[str, Callable[[PlanModel], None]], ...] = (
    ("§1", standing),
    ("§2", reach),
    ("§3", entry),
    ("§4", requisites),
    ("§5", exclusive_groups),
    ("§6", load),
    ("§7", practice_share),
    ("§9", resources),
    ("§10", money),
    ("§11", floors),
)
"""Every rule with the function that writes it, in the order of ``docs/formulation.md``."""


def credit_parts(model: PlanModel, one: ProgrammeProblem, term: int) -> Parts:
    """Return the terms of Σ_m credits(m)·x[p,m,t]."""
    return [
        (variable, model.problem.credits(option))
        for option in one.options
        for variable, _ in model.taken(option, [term])
    ]


def cost_parts(model: PlanModel) -> Parts:
    """Return the terms of the new money: set-up once, delivery by programme; KZT."""
    problem = model.problem
    setup = [(variable, float(problem.setup_cost_kzt(name))) for name, variable in model.opened.items()]
    delivery = [
        (variable, float(problem.delivery_cost_kzt(one, option)))
        for one in problem.programmes
        for option in one.options
        for variable, _ in model.taken(option)
    ]
    return [*setup, *delivery]


def _minus(parts: Iterable[tuple[Any, float]]) -> Parts:
    return [(variable, -coefficient) for variable, coefficient in parts]


def _between(
    model: PlanModel, rule: str, parts: Parts, fixed: float, least: float | None, most: float | None
) -> None:
    """Require least ≤ parts + fixed ≤ most, either side absent."""
    if least is not None:
        model.require(rule, parts, ">=", least - fixed)
    if most is not None:
        model.require(rule, parts, "<=", most - fixed)
