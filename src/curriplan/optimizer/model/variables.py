"""The model of one planning problem: its decision variables and the legend of their names.

Variables are named by index (``x_12``), because a solver file mangles ids; `PlanModel.legend`
tells what each one is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pulp

from curriplan.catalog.records import Resource
from curriplan.optimizer.model.planning import PlanningProblem, ProgrammeProblem
from curriplan.problem.curriculum import Option

Expression = pulp.LpAffineExpression

StartKey = tuple[str, str, int]
"""Programme, module, term."""
Parts = list[tuple[Any, float]]
"""The terms of a sum: variable, coefficient."""


@dataclass(frozen=True)
class Entity:
    """What a planner would name as the cause of a row: a floor, a laboratory's hours, a budget, ...

    Parameters
    ----------
    rule : str
        ``§9``.
    aspect : str
        What of the rule, as in `curriplan.problem.aspects.ASPECTS` where one fits.
    programme, subject, semester : str or None
        Whose, which and when; None where the aspect needs none.
    """

    rule: str
    aspect: str
    programme: str | None = None
    subject: str | None = None
    semester: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What to sort by: an absent part comes first."""
        return (self.rule, self.aspect, self.programme or "", self.subject or "", self.semester or "")

    def __lt__(self, other: Entity) -> bool:
        return self.key < other.key


@dataclass(frozen=True)
class Serving:
    """One way in which a resource may serve a module of a programme.

    Parameters
    ----------
    group : tuple of int
        The starts that it stands for: all of one group use the same calendar semesters.
    parts : int
        How many parts one unit of `terms` stands for where the kind is split, else 0.
    terms : Parts
        A sum that is 1 if it is chosen, else 0; where its kind is split over several resources, the
        number of parts that it serves.
    """

    option: Option
    group: tuple[int, ...]
    resource: Resource
    parts: int
    terms: Parts


@dataclass
class PlanModel:
    """A PuLP problem together with its variables by what they mean.

    Attributes
    ----------
    without : frozenset of str
        Rules that are left out.
    entities : dict
        What each row stands for, by the row's name. Rows that only define variables have none.
    start : dict
        x[p,m,t] ∈ {0,1} by (programme, module, start term).
    content : dict
        taken[p,m] = Σ_t x[p,m,t] ∈ {0,1} by (programme, module) of several starts. It stands in every row in
        which all of them count alike: a search decides by it what a programme takes, before when.
    reach : dict
        reach[p,c,l] ∈ [0,1] at the end of the programme by (programme, competency, level).
    wider_reach : dict
        The same of levels that only other occupations ask for (adaptability, outlooks).
    opened : dict
        open[m] ∈ {0,1} for modules whose set-up is new money; integer only so that the solver may see
        that the cost moves in steps.
    opened_by : dict
        openby[m,y] ∈ [0,1]: m is set up for a start up to the end of year y, by (module, year).
    site : dict
        use[p,m,T,r] ∈ {0,1} by (programme, module, first term of the group T, resource), where a kind
        has several sites. T groups the starts that use the same calendar semesters: all autumns of a
        programme that repeats.
    split : dict
        parts[p,m,T,r] whole, instead of use, where the kind is split over several sites.
    servings : list
        Every `Serving`, in catalog order.
    pay : dict
        What a source pays for an item in a year, KZT, by (source, item, year).
    overdraft : dict
        What a source pays in a year beyond the budget of that year, KZT, by (source, year).
    shortfall : dict
        max(0, before(p) − closure(p)) by programme.
    difference : dict
        |load[p,t] − load[p,u]| in credits by (programme, t, u), t < u.
    peak : dict
        The largest load, in steps of credits, under the key ``peak``.
    apart : dict
        ∈ [0,1]: m starts after term u and what it requires by then, by (programme, m, required, u).
    held : dict
        held[p,c,l,s] ∈ [0,1]: some intake of p that graduated by semester s reaches (c, l), by (programme,
        competency, level, semester).
    fairness : dict
        The smallest closure(p) / alone(p), under the key ``fairness``.
    responses : dict
        What is left of the plan when a partner leaves (§16), by partner: a model in the same PuLP problem.
    mark : str
        Ends the names of its variables and rows, where it is one of several models in a PuLP problem.
    demand : Entity or None
        What all its rows stand for, where it is such a response.
    regret : dict
        The largest C*_s − C_s over the outlooks, under the key ``regret``; below 0 where a plan is better
        than the best known.
    """

    problem: PlanningProblem
    lp: pulp.LpProblem
    without: frozenset[str] = frozenset()
    mark: str = ""
    demand: Entity | None = None
    responses: dict[str, PlanModel] = field(default_factory=dict)
    legend: dict[str, str] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    start: dict[StartKey, pulp.LpVariable] = field(default_factory=dict)
    content: dict[tuple[str, str], pulp.LpVariable] = field(default_factory=dict)
    reach: dict[tuple[str, str, int], pulp.LpVariable] = field(default_factory=dict)
    wider_reach: dict[tuple[str, str, int], pulp.LpVariable] = field(default_factory=dict)
    opened: dict[str, pulp.LpVariable] = field(default_factory=dict)
    opened_by: dict[tuple[str, int], pulp.LpVariable] = field(default_factory=dict)
    site: dict[tuple[str, str, int, str], pulp.LpVariable] = field(default_factory=dict)
    split: dict[tuple[str, str, int, str], pulp.LpVariable] = field(default_factory=dict)
    servings: list[Serving] = field(default_factory=list)
    pay: dict[tuple[str, str, int], pulp.LpVariable] = field(default_factory=dict)
    overdraft: dict[tuple[str, int], pulp.LpVariable] = field(default_factory=dict)
    shortfall: dict[str, pulp.LpVariable] = field(default_factory=dict)
    difference: dict[tuple[str, int, int], pulp.LpVariable] = field(default_factory=dict)
    peak: dict[str, pulp.LpVariable] = field(default_factory=dict)
    apart: dict[tuple[str, str, str, int], pulp.LpVariable] = field(default_factory=dict)
    fairness: dict[str, pulp.LpVariable] = field(default_factory=dict)
    held: dict[tuple[str, str, int, str], pulp.LpVariable] = field(default_factory=dict)
    regret: dict[str, pulp.LpVariable] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    _groups: dict[tuple[str, str], tuple[tuple[int, ...], ...]] = field(default_factory=dict)
    _running: dict[tuple[str, str], dict[int, Parts]] = field(default_factory=dict)
    _defined: set[str] = field(default_factory=set)
    _starts_of: dict[pulp.LpVariable, tuple[tuple[str, str], Parts]] = field(default_factory=dict)
    """Of the first start of a module that has several: whose it is, and all of them."""

    @cached_property
    def one(self) -> pulp.LpVariable:
        """A variable that is 1, to carry constants."""
        return self.lp.add_variable(f"one{self.mark}", 1, 1)

    def add(
        self,
        family: dict[Any, pulp.LpVariable],
        letter: str,
        key: Any,
        *,
        integer: bool,
        upper: float | None = 1,
        lower: float = 0,
    ) -> pulp.LpVariable:
        """Add one variable to `family`, named by its index within it."""
        name = f"{letter}_{len(family)}{self.mark}"
        category = pulp.LpInteger if integer else pulp.LpContinuous
        family[key] = self.lp.add_variable(name, lower, upper, category)
        said = " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
        self.legend[name] = f"{said} (left by {self.demand.subject})" if self.demand else said
        return family[key]

    def taken(self, option: Option, terms: Iterable[int] | None = None) -> Parts:
        """Return the terms of Σ_t x[p,m,t] over the starts in `terms` (all its starts by default)."""
        wanted = set(option.starts if terms is None else terms)
        return [(self.start[(*option.key, term)], 1.0) for term in option.starts if term in wanted]

    def taken_by(self, option: Option, term: int) -> Parts:
        """Return the terms of Σ_{u ≤ term} x[p,m,u]."""
        return self.taken(option, [start for start in option.starts if start <= term])

    def ended_by(self, option: Option, term: int) -> Parts:
        """Return the terms of Σ_{u + S − 1 ≤ term} x[p,m,u]."""
        return self.taken_by(option, term - option.span + 1)

    def running(self, option: Option, term: int) -> Parts:
        """Return the terms of Σ_u ω[m,term−u]·x[p,m,u]: the part of the load that falls in a term."""
        if option.key not in self._running:
            found: dict[int, Parts] = {}
            for start in option.starts:
                for run, weight in option.runs(start):
                    found.setdefault(run, []).append((self.start[(*option.key, start)], weight))
            self._running[option.key] = found
        return self._running[option.key].get(term, [])

    def groups(self, option: Option) -> tuple[tuple[int, ...], ...]:
        """Group the starts of an option by the calendar semesters in which it would use its sites.

        Where it matters in which years fees and travel fall due, starts that pay otherwise stand apart.
        """
        if option.key in self._groups:
            return self._groups[option.key]
        by_year = self.problem.needs_payers and self.problem.has_site_costs(option)
        found: dict[Any, list[int]] = {}
        for term in option.starts:
            shares = self.problem.capacity.semester_shares(option, term)
            used = tuple(sorted((name, round(share, 9)) for name, share in shares.items()))
            years = self.problem.money.running_years(option, term) if by_year else ()
            found.setdefault((used, years), []).append(term)
        self._groups[option.key] = tuple(tuple(terms) for terms in found.values())
        return self._groups[option.key]

    def require(
        self,
        rule: str,
        parts: Iterable[tuple[Any, float]],
        operator: str,
        limit: float,
        scale: float = 1.0,
        entity: Entity | None = None,
    ) -> None:
        """Add Σ coefficient · variable (≤, ≥ or =) limit, named after its rule.

        `scale` divides both sides, to keep coefficients near 1. `entity` is what a planner would hold
        responsible for the row; without one the row only defines variables. Rows of an aspect that is
        left out are not added.
        """
        if entity is not None and entity.aspect in self.without:
            return
        summed: dict[Any, float] = {}
        for variable, coefficient in parts:
            summed[variable] = summed.get(variable, 0.0) + coefficient / scale
        sense = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "=": pulp.LpConstraintEQ}[operator]
        number = self.counts[rule] = self.counts.get(rule, -1) + 1
        name = f"{rule.replace('§', 'rule_')}_{number}{self.mark}"
        if entity is not None:
            self.entities[name] = self.demand or entity
        self.lp.addConstraint(pulp.LpConstraint(self.by_content(summed), sense, name, limit / scale))

    def by_content(self, summed: Mapping[Any, float]) -> Any:
        """Return a sum in which taken[p,m] stands for Σ_t x[p,m,t] where all starts count alike."""
        found = dict(summed)
        for first in summed:
            if first in self._starts_of:
                key, starts = self._starts_of[first]
                if all(found.get(variable) == summed[first] for variable, _ in starts):
                    for variable, _ in starts:
                        del found[variable]
                    found[self._taken(key, starts)] = summed[first]
        return Expression(found)

    def _taken(self, key: tuple[str, str], starts: Parts) -> pulp.LpVariable:
        """Return taken[p,m]; its row, Σ_t x[p,m,t] = taken[p,m], is written with the first use."""
        taken = self.content[key]
        if taken.name not in self._defined:
            self._defined.add(taken.name)
            row = Expression(dict([*starts, (taken, -1.0)]))
            self.lp.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintEQ, f"define_{taken.name}", 0))
        return taken


def new_model(
    problem: PlanningProblem,
    without: frozenset[str] = frozenset(),
    lp: pulp.LpProblem | None = None,
    mark: str = "",
) -> PlanModel:
    """Make the variables of a problem, in catalog order; in `lp`, beside those of other problems, marked."""
    if lp is None:
        lp = pulp.LpProblem("curriplan", pulp.LpMinimize)
    model = PlanModel(problem, lp, without, mark)
    add_variables(model)
    return model


def add_response(model: PlanModel, source: str, problem: PlanningProblem, demand: Entity) -> PlanModel:
    """Add to a model that of what is left when a partner leaves: variables of their own, in the same rows."""
    number = len(model.responses) + 1
    response = PlanModel(problem, model.lp, model.without, f"{model.mark}_left{number}", demand)
    response.legend, response.entities = model.legend, model.entities
    add_variables(response)
    model.responses[source] = response
    return response


def add_variables(model: PlanModel) -> None:
    """Make the variables of a model, in catalog order."""
    problem = model.problem
    for one in problem.programmes:
        _add_programme(model, one)
    for module in problem.catalog.modules:
        if problem.money.setup_kzt(module.id) > 0:
            model.add(model.opened, "open", module.id, integer=True)


def _add_programme(model: PlanModel, one: ProgrammeProblem) -> None:
    for option in one.options:
        for term in option.starts:
            model.add(model.start, "x", (*option.key, term), integer=True)
        if len(option.starts) > 1:
            starts = model.taken(option)
            model.add(model.content, "taken", option.key, integer=True)
            model._starts_of[starts[0][0]] = option.key, starts
        model.servings += _servings(model, one, option)
    for step in one.gaps.steps:
        model.add(model.reach, "reach", (one.id, step.competency, step.level), integer=False)
    if one.closure_before is not None:
        model.add(model.shortfall, "short", one.id, integer=False)
    terms = sorted(one.terms)
    for first in terms:
        for second in terms:
            if first < second:
                model.add(model.difference, "diff", (one.id, first, second), integer=False, upper=None)


def _servings(model: PlanModel, one: ProgrammeProblem, option: Option) -> Iterator[Serving]:
    """Yield each way to serve an option: the only site of a kind is used whenever it is taken."""
    capacity = model.problem.capacity
    for kind in capacity.needs.get(option.module.id, {}):
        sites = capacity.sites.get(kind, ())
        split = capacity.is_split(option.module.id, kind)
        for group in model.groups(option):
            for site in sites:
                most = capacity.parts(one.programme, option.module.id, site)
                key = (*option.key, group[0], site.id)
                if len(sites) == 1:
                    yield Serving(option, group, site, most if split else 0, model.taken(option, group))
                elif split:
                    number = model.add(model.split, "parts", key, integer=True, upper=most)
                    yield Serving(option, group, site, 1, [(number, 1.0)])
                else:
                    used = model.add(model.site, "use", key, integer=True)
                    yield Serving(option, group, site, 0, [(used, 1.0)])
