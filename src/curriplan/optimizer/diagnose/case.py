"""A problem with its rows at hand, and what a demand of it means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from curriplan.base.errors import Place
from curriplan.catalog.records import ModuleRequisite, Record, requisite_groups
from curriplan.optimizer.diagnose.levers import Lever
from curriplan.optimizer.model.planning import PlanningProblem, ProgrammeProblem
from curriplan.optimizer.model.variables import Entity
from curriplan.plan.diagnosis import RuleDemand
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class Meaning:
    """A demand and what could give way for it."""

    demand: RuleDemand
    levers: tuple[Lever, ...] = ()


class Case:
    """A problem with its rows at hand."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.own = problem.derived(PlanningProblem)
        self.catalog = problem.catalog
        self.limits = problem.limits
        self.settings = problem.limits.settings

    @cached_property
    def _rows(self) -> dict[tuple[str, tuple[str, ...]], Record]:
        found: dict[tuple[str, tuple[str, ...]], Record] = {}
        for row in self.catalog.records():
            found.setdefault((row.table, row.key_values()), row)
        return found

    def known(self, table: str, *key: object) -> Record:
        """Return a row that must be there."""
        return self._rows[table, tuple(map(str, key))]

    @cached_property
    def programmes(self) -> dict[str, ProgrammeProblem]:
        """The planned programmes by id."""
        return {one.id: one for one in self.own.programmes}

    @cached_property
    def requisite_rows(self) -> dict[str, tuple[tuple[ModuleRequisite, ...], ...]]:
        """Requisites by module, alternatives together."""
        return requisite_groups(self.catalog.module_requisites)


def demand_of(
    entity: Entity,
    *places: Place,
    limit: float | None = None,
    unit: str | None = None,
    **values: Any,
) -> RuleDemand:
    """Return what a demand asks: its limit, where it stands, and the values that its words name."""
    about = {"programme": entity.programme, "semester": entity.semester}
    filled = {name: value for name, value in {**about, **values}.items() if value is not None}
    if limit is not None:
        filled["limit"] = limit
    return RuleDemand(
        entity.rule,
        entity.aspect,
        entity.programme,
        entity.subject,
        entity.semester,
        limit,
        unit,
        filled,
        tuple(places),
    )


def subject_of(entity: Entity) -> str:
    """Return the subject of a demand that must have one."""
    assert entity.subject is not None
    return entity.subject


def programme_of(entity: Entity) -> str:
    """Return the programme of a demand that must have one."""
    assert entity.programme is not None
    return entity.programme
