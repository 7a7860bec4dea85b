"""The model of one planning problem: its decision variables and the legend of their names.

Variables are named by index (``x_12``), because a solver file mangles ids; `PlanModel.legend`
tells what each one is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pulp

from curriplan.curriculum import Option
from curriplan.model import Resource
from curriplan.problem import PlanningProblem, ProgrammeProblem

Expression = pulp.LpAffineExpression

StartKey = tuple[str, str, int]
"""Programme, module, term."""


@dataclass
class PlanModel:
    """A PuLP problem together with its variables by what they mean.

    Attributes
    ----------
    start : dict
        x[p,m,t] ∈ {0,1} by (programme, module, term).
    reach : dict
        reach[p,c,l] ∈ [0,1] at the end of the programme by (programme, competency, level).
    opened : dict
        open[m] ∈ {0,1} for modules whose set-up is new money; integer only so that the solver may see
        that the cost moves in steps.
    site : dict
        use[p,m,T,r] ∈ {0,1} by (programme, module, first term of the group T, resource), where a kind
        has several sites. T groups the starts that use the same calendar semesters: all autumns of a
        programme that repeats.
    shortfall : dict
        max(0, before(p) − closure(p)) by programme.
    difference : dict
        |load[p,t] − load[p,u]| in credits by (programme, t, u), t < u.
    """

    problem: PlanningProblem
    lp: pulp.LpProblem
    legend: dict[str, str] = field(default_factory=dict)
    start: dict[StartKey, pulp.LpVariable] = field(default_factory=dict)
    reach: dict[tuple[str, str, int], pulp.LpVariable] = field(default_factory=dict)
    opened: dict[str, pulp.LpVariable] = field(default_factory=dict)
    site: dict[tuple[str, str, int, str], pulp.LpVariable] = field(default_factory=dict)
    shortfall: dict[str, pulp.LpVariable] = field(default_factory=dict)
    difference: dict[tuple[str, int, int], pulp.LpVariable] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @cached_property
    def one(self) -> pulp.LpVariable:
        """A variable that is 1, to carry constants."""
        return self.lp.add_variable("one", 1, 1)

    def add(
        self,
        family: dict[Any, pulp.LpVariable],
        letter: str,
        key: Any,
        *,
        integer: bool,
        upper: float | None = 1,
    ) -> None:
        """Add one variable to `family`, named by its index within it."""
        name = f"{letter}_{len(family)}"
        category = pulp.LpInteger if integer else pulp.LpContinuous
        family[key] = self.lp.add_variable(name, 0, upper, category)
        self.legend[name] = " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)

    def taken(self, option: Option, terms: Iterable[int] | None = None) -> list[tuple[Any, float]]:
        """Return the terms of Σ_t x[p,m,t] over `terms` (all its starts by default)."""
        wanted = option.starts if terms is None else [t for t in option.starts if t in set(terms)]
        return [(self.start[(*option.key, term)], 1.0) for term in wanted]

    def taken_by(self, option: Option, term: int) -> list[tuple[Any, float]]:
        """Return the terms of Σ_{u ≤ term} x[p,m,u]."""
        return self.taken(option, [start for start in option.starts if start <= term])

    def groups(self, option: Option) -> tuple[tuple[int, ...], ...]:
        """Group the starts of an option by the calendar semesters in which it would use its sites."""
        programme = self.problem.catalog.programme_by_id[option.programme]
        found: dict[tuple[str, ...], list[int]] = {}
        for term in option.starts:
            found.setdefault(self.problem.capacity.semesters_used(programme, term), []).append(term)
        return tuple(tuple(terms) for terms in found.values())

    def use(self, option: Option, group: tuple[int, ...], resource: Resource) -> list[tuple[Any, float]]:
        """Return the terms that say whether p uses a resource for m, started in a term of `group`.

        Where the kind has one site only, that is Σ x[p,m,t] over the group.
        """
        variable = self.site.get((*option.key, group[0], resource.id))
        return self.taken(option, group) if variable is None else [(variable, 1.0)]

    def require(
        self, rule: str, parts: Iterable[tuple[Any, float]], operator: str, limit: float, scale: float = 1.0
    ) -> None:
        """Add Σ coefficient · variable (≤, ≥ or =) limit, named after its rule.

        `scale` divides both sides, to keep coefficients near 1.
        """
        summed: dict[Any, float] = {}
        for variable, coefficient in parts:
            summed[variable] = summed.get(variable, 0.0) + coefficient / scale
        sense = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}[operator]
        number = self.counts[rule] = self.counts.get(rule, -1) + 1
        name = f"{rule.replace('§', 'rule_')}_{number}"
        self.lp.addConstraint(pulp.LpConstraint(Expression(summed), sense, name, limit / scale))


def new_model(problem: PlanningProblem, name: str = "curriplan") -> PlanModel:
    """Make the variables of a problem, in catalog order."""
    model = PlanModel(problem, pulp.LpProblem(name, pulp.LpMinimize))
    for one in problem.programmes:
        _add_programme(model, one)
    for module in problem.catalog.modules:
        if problem.setup_cost_kzt(module.id) > 0:
            model.add(model.opened, "open", module.id, integer=True)
    return model


def _add_programme(model: PlanModel, one: ProgrammeProblem) -> None:
    for option in one.options:
        for term in option.starts:
            model.add(model.start, "x", (*option.key, term), integer=True)
        _add_sites(model, option)
    for step in one.gaps.steps:
        model.add(model.reach, "reach", (one.id, step.competency, step.level), integer=False)
    if one.closure_before is not None:
        model.add(model.shortfall, "short", one.id, integer=False)
    terms = sorted(one.terms)
    for first in terms:
        for second in terms:
            if first < second:
                model.add(model.difference, "diff", (one.id, first, second), integer=False, upper=None)


def _add_sites(model: PlanModel, option: Option) -> None:
    for kind in model.problem.capacity.needs.get(option.module.id, {}):
        sites = model.problem.capacity.sites.get(kind, ())
        for group in model.groups(option) if len(sites) > 1 else ():
            for resource in sites:
                model.add(model.site, "use", (*option.key, group[0], resource.id), integer=True)
