"""Several colleges as one catalog, solved as one model: what the national plan is measured by.

Each college keeps all that is its own, under ids with its name before them; of a shared source or centre it
has a copy as large as all that there is. The copies are tied together by rows that are added to the model,
written here from the text of the issue: money by year and of all years, hours by semester, floors. Group
vectors are tried one by one. Nothing of `optimizer.network` is used. That a college keeps its own rules is
for the evaluation to say, as ever; that the shared rows are kept is the word of the solver.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any
from unittest import mock

from curriplan.api.optimize import optimize_catalog
from curriplan.base.errors import InfeasibleError, NoPlanError
from curriplan.catalog.network.records import Network, SharedBudget
from curriplan.catalog.records import (
    TABLES,
    Catalog,
    CatalogInfo,
    Floor,
    FundingBudget,
    FundingLimit,
    Record,
    ResourceCapacity,
)
from curriplan.optimizer.model.planning import PlanningProblem
from curriplan.optimizer.rules.parts import programme_closure_parts
from curriplan.optimizer.rules.sites import hours_by_semester
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from instances.bare import bare_plans

OWN_NAMES = ("id", "exclusive_group", "kind", "resource_kind")
"""Columns of an id that is no reference; `kind` where it is one of resources."""
ALIKE = ("profile", "level_values")
"""Tables that must be the same in all colleges."""
LEFT_OUT = ("scenarios", "demand", "exposure", "challenges", "challenge_links", "teaching")
PLENTY_HOURS = 1e5
Choices = Mapping[str, int]
"""Which group vector each college has; 0 is that of today."""


@dataclass(frozen=True)
class Best:
    """The best national plan that one model finds."""

    closure: float
    choices: Choices
    bound: float
    """What the solver proves that no plan passes; with several group vectors the largest of theirs."""


@dataclass(frozen=True)
class Together:
    """Colleges of a network with certain groups, as one catalog.

    Parameters
    ----------
    catalogs : mapping of str to Catalog
        As they are; what they have of shared money and hours does not count.
    """

    network: Network
    catalogs: Mapping[str, Catalog]
    choices: Choices

    @cached_property
    def colleges(self) -> dict[str, Catalog]:
        """The colleges, with their groups."""
        return {name: self._grouped(name) for name in sorted(self.catalogs)}

    def _grouped(self, name: str) -> Catalog:
        catalog = self.catalogs[name]
        choice = self.choices.get(name, 0)
        if not choice:
            return catalog
        (wanted,) = (one.choices[choice - 1] for one in self.network.places if one.college == name)
        size = next(int(row.value) for row in catalog.profile if row.key_name == "group_size")
        changed = (
            row.model_copy(
                update={"learners": row.learners + size * (wanted[row.id] - math.ceil(row.learners / size))}
            )
            if row.id in wanted
            else row
            for row in catalog.programmes
        )
        return catalog.replace(programmes=tuple(changed))

    @cached_property
    def weights(self) -> dict[str, float]:
        """What the closure of each programme counts for the country: Σ over all is that of a college."""
        found = {}
        for name, catalog in self.colleges.items():
            asked = [
                one
                for one in Problem.of(catalog).derived(PlanningProblem).programmes
                if one.gaps.total_weight > 0
            ]
            own = {row.id: row.learners if row.weight is None else row.weight for row in catalog.programmes}
            whole = sum(own[one.id] for one in asked)
            counts = self._weight(name) * sum(row.learners for row in catalog.programmes)
            for row in catalog.programmes:
                is_asked = whole > 0 and row.id in {one.id for one in asked}
                found[_mark(name, row.id)] = counts * own[row.id] / whole if is_asked else 0.0
        return found

    def _weight(self, name: str) -> float:
        return next(one.weight for one in self.network.colleges if one.id == name)

    @cached_property
    def weight_today(self) -> float:
        """Σ weight · learners of today, which the national closure is a part of."""
        return sum(
            self._weight(name) * sum(row.learners for row in catalog.programmes)
            for name, catalog in self.catalogs.items()
        )

    @cached_property
    def semesters(self) -> dict[str, set[str]]:
        """The semesters of the terms of each college: hours of a centre count in these only."""
        return {
            name: {
                _semester(row.start, term) for row in catalog.programmes for term in range(1, row.terms + 1)
            }
            for name, catalog in self.colleges.items()
        }

    def catalog(self) -> Catalog:
        """Return all colleges as one catalog."""
        tables: dict[str, list[Any]] = defaultdict(list)
        for name, catalog in self.colleges.items():
            for table in TABLES:
                if table not in (*ALIKE, *LEFT_OUT, "funding_budgets", "floors", "resource_capacity"):
                    tables[table] += [_marked(name, row) for row in catalog.table(table)]
            tables["floors"] += self._floors(name, catalog)
            tables["resource_capacity"] += self._capacity(name, catalog)
            tables["funding_budgets"] += self._budgets(name, catalog)
            tables["funding_limits"] += self._not_for_others(name, catalog)
        tables["targets"] = [row for row in tables["targets"] if row.scenario is None]
        tables["programmes"] = [
            row.model_copy(update={"weight": self.weights[row.id]}) for row in tables["programmes"]
        ]
        one, *others = self.colleges.values()
        assert all(other.table(table) == one.table(table) for other in others for table in ALIKE)
        return Catalog(
            CatalogInfo(id="together", version="1", language="en", profile=one.info.profile),
            profile=one.profile,
            level_values=one.level_values,
            **{table: tuple(rows) for table, rows in tables.items()},
        )

    @staticmethod
    def _floors(name: str, catalog: Catalog) -> Iterator[Floor]:
        """Yield floors of all programmes as floors of each programme of this college."""
        for row in catalog.floors:
            for programme in [row.programme] if row.programme else [one.id for one in catalog.programmes]:
                yield _marked(name, row.model_copy(update={"programme": programme}))

    def _capacity(self, name: str, catalog: Catalog) -> Iterator[ResourceCapacity]:
        """Yield own hours, plenty in semesters that are no longer the college's, and plenty at centres."""
        centres = {one.id for one in self.network.centres}
        for row in catalog.resource_capacity:
            if row.resource not in centres:
                yield _marked(name, row)
        later = set().union(*self.semesters.values()) - self.semesters[name]
        limited = {row.resource for row in catalog.resource_capacity} - centres
        named = {(row.resource, row.semester) for row in catalog.resource_capacity}
        here = centres & {row.id for row in catalog.resources}
        for resource, semester in (
            *((one, when) for one in limited for when in later if (one, when) not in named),
            *((one, when) for one in here for when in ("*-1", "*-2")),
        ):
            row = ResourceCapacity(resource=resource, semester=semester, hours=PLENTY_HOURS)
            yield _marked(name, row)

    def _budgets(self, name: str, catalog: Catalog) -> Iterator[FundingBudget]:
        shared = {one.source for one in self.network.budgets}
        learners = sum(row.learners for row in catalog.programmes)
        for row in catalog.funding_budgets:
            if row.source not in shared:
                kzt = row.budget_kzt + row.per_learner_kzt * learners
                same = row.model_copy(update={"budget_kzt": kzt, "per_learner_kzt": 0})
                yield _marked(name, same)
        years = {int(one[:4]) + int(one[-1]) - 1 for one in self.semesters[name]}
        years |= {year for one in self.network.budgets for year in one.years_kzt}
        for row in catalog.funding_sources:
            mine = [one for one in self.network.budgets if one.source == row.id]
            reach = sum(_all_kzt(one) for one in mine if self._is_of(one.region, name))
            for year in sorted(years) if row.id in shared else ():
                yield _marked(name, FundingBudget(source=row.id, year=year, budget_kzt=reach))

    def _not_for_others(self, name: str, catalog: Catalog) -> Iterator[FundingLimit]:
        """Let no source pay for a module of another college."""
        for source in catalog.funding_sources:
            for other, theirs in self.colleges.items():
                for module in theirs.modules if other != name else ():
                    yield FundingLimit(
                        source=_mark(name, source.id), module=_mark(other, module.id), max_share=0
                    )

    def _is_of(self, region: str | None, name: str) -> bool:
        return region in (None, self.network.region_of[name])

    # --- what ties them together

    def tie(self, model: Any) -> None:
        """Add the shared rows to the model of the catalog."""
        for budget in self.network.budgets:
            self._limit_money(model, budget)
        hours = hours_by_semester(model)
        for centre in self.network.centres:
            for semester in sorted(set().union(*self.semesters.values())):
                used = [
                    part
                    for name in self.colleges
                    if semester in self.semesters[name]
                    for part in hours.get((_mark(name, centre.id), semester), ())
                ]
                model.require("shared", used, "<=", centre.hours.get(semester, 0.0))
        closures = programme_closure_parts(model)
        for region in self.network.regions:
            inside = [name for name in self.colleges if self._is_of(region.id, name)]
            if region.floor is not None and inside:
                parts, learners = [], 0
                for name in inside:
                    mine = [row.id for row in self.colleges[name].programmes]
                    all_weight = sum(self.weights[_mark(name, one)] for one in mine)
                    own = sum(row.learners for row in self.colleges[name].programmes)
                    learners += own
                    for one in mine:
                        part = self.weights[_mark(name, one)] / all_weight * own if all_weight else 0.0
                        parts += [(v, part * a) for v, a in closures.get(_mark(name, one), ())]
                model.require("shared", parts, ">=", region.floor * learners)

    def _limit_money(self, model: Any, budget: SharedBudget) -> None:
        paid: dict[int, list[tuple[Any, float]]] = defaultdict(list)
        copies = {_mark(name, budget.source) for name in self.colleges if self._is_of(budget.region, name)}
        for (source, _, year), variable in model.pay.items():
            if source in copies:
                paid[year].append((variable, 1.0))
        for year, parts in sorted(paid.items()):
            if budget.years_kzt:
                model.require("shared", parts, "<=", budget.years_kzt.get(year, 0))
        if budget.total_kzt is not None:
            everything = [part for _, parts in sorted(paid.items()) for part in parts]
            model.require("shared", everything, "<=", budget.total_kzt)

    # --- the plan

    def solve(self, gap: float, limit_s: float) -> Best | None:
        """Return the best plan with these groups; None where there is none."""
        from curriplan.optimizer.solve import stages

        objectives = tuple(ObjectiveChoice(name) for name in ("no_harm", "closure"))
        settings = Settings(objectives=objectives, gap=gap, time_limit_s=limit_s)
        rules = (*stages.RULES, ("shared", self.tie))
        with bare_plans(), mock.patch.object(stages, "RULES", rules):
            try:
                result = optimize_catalog(self.catalog(), settings)
            except (InfeasibleError, NoPlanError):  # what has no plan only for what is shared is unconfirmed
                return None
        (stage,) = (one for one in result.plan.stages if one.objective == "closure")
        part = sum(self.weights.values()) / self.weight_today
        bound = stage.value if stage.bound is None else stage.bound
        return Best(stage.value * part, self.choices, bound * part)


def best_together(
    network: Network, catalogs: Mapping[str, Catalog], gap: float = 0.0, limit_s: float = 300.0
) -> Best | None:
    """Return the best plan of a network over all group vectors with equal regional totals, None if none."""
    solved = (Together(network, catalogs, one).solve(gap, limit_s) for one in every_choice(network, catalogs))
    found = [one for one in solved if one is not None]
    if not found:
        return None
    best = max(found, key=lambda one: one.closure)
    return replace(best, bound=max(one.bound for one in found))


def every_choice(network: Network, catalogs: Mapping[str, Catalog]) -> Iterator[Choices]:
    """Yield the group vectors of all colleges that leave each region as many groups as it has today."""
    listed = {one.college: one.choices for one in network.places}
    names = sorted(catalogs)
    for picked in product(*(range(1 + len(listed.get(name, ()))) for name in names)):
        choices = dict(zip(names, picked, strict=True))
        more: dict[str, int] = defaultdict(int)
        for name, choice in choices.items():
            if choice:
                today = {
                    row.id: math.ceil(row.learners / _size(catalogs[name]))
                    for row in catalogs[name].programmes
                }
                wanted = listed[name][choice - 1]
                more[network.region_of[name]] += sum(n - today[one] for one, n in wanted.items())
        if not any(more.values()):
            yield choices


def _size(catalog: Catalog) -> int:
    return next(int(row.value) for row in catalog.profile if row.key_name == "group_size")


def _all_kzt(budget: SharedBudget) -> int:
    return sum(budget.years_kzt.values()) or budget.total_kzt or 0


def _semester(start: str, term: int) -> str:
    number = 2 * int(start[:4]) + int(start[-1]) - 1 + term - 1
    return f"{number // 2}-{number % 2 + 1}"


def _mark(college: str, name: str) -> str:
    return f"{college}-{name}"


def _marked(college: str, row: Any) -> Any:
    """Return a row with the name of its college before all its ids."""
    update = {
        name: _mark(college, value)
        for name in type(row).model_fields
        if name != "origin" and isinstance(value := getattr(row, name), str) and _is_id(type(row), name)
    }
    return row.model_copy(update=update)


def _is_id(record: type[Record], name: str) -> bool:
    if name in OWN_NAMES:
        return name != "kind" or record.table == "resources"
    return bool(record.column_info(name).get("references"))
