"""A plan: what was decided, what the solver claimed of it, and what the evaluation found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from curriplan.catalog.records import CostPart
from curriplan.plan.stability import Stability, stability_from_data
from curriplan.problem.review import ReviewRecord, record_from_data

PLAN_SCHEMA = "curriplan-plan/1"


class Status(StrEnum):
    """How far the optimizer came."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


class Decision(StrEnum):
    """What the plan does with a module."""

    KEPT = "kept"
    MOVED = "moved"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, order=True)
class Start:
    """A programme takes a module in a term."""

    programme: str
    module: str
    term: int


@dataclass(frozen=True, order=True)
class Site:
    """A programme uses a resource for a module: for all hours of its kind, or for some parts.

    Parameters
    ----------
    parts : int
        How many sub-groups (or groups) it serves, where the kind is split over several resources (§9);
        elsewhere it serves all, and 0 says as much.
    """

    programme: str
    module: str
    resource: str
    parts: int = 0


@dataclass(frozen=True, order=True)
class Payment:
    """New money that a source pays for a part of the cost of a module in a calendar year, whole KZT."""

    source: str
    module: str
    part: CostPart
    year: int
    kzt: int


@dataclass(frozen=True)
class Selection:
    """The bare decisions, from which the evaluation recomputes everything."""

    starts: tuple[Start, ...]
    sites: tuple[Site, ...] = ()
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True)
class Stage:
    """An objective's value (recomputed), the solver's bound on it, and the relative gap."""

    objective: str
    value: float
    bound: float | None
    gap: float | None
    """|bound - value| / max(|value|, 1e-9); None where no bound is known."""


@dataclass(frozen=True)
class PlannedModule:
    """A module of the plan; `term` is the planned term, today's for a dropped one."""

    programme: str
    module: str
    term: int
    decision: Decision


@dataclass(frozen=True)
class PlannedUse:
    """Hours of a resource that one intake uses for a module in one term that the module runs in.

    ``parts`` is the number of sub-groups (or groups) that the resource serves.
    """

    programme: str
    module: str
    term: int
    resource: str
    hours: float
    parts: int


@dataclass(frozen=True)
class PlannedGap:
    """Levels of a competency: asked, today, with the plan."""

    programme: str
    competency: str
    required: int
    before: int
    after: int


@dataclass(frozen=True)
class CatalogReference:
    """Which catalog a plan was made from."""

    id: str
    version: str
    sha256: str
    source: str | None


@dataclass(frozen=True)
class Plan:
    """A plan as ``plan.json`` holds it."""

    catalog: CatalogReference
    limits: Mapping[str, Any]
    status: Status
    stages: tuple[Stage, ...]
    modules: tuple[PlannedModule, ...]
    uses: tuple[PlannedUse, ...]
    payments: tuple[Payment, ...]
    gaps: tuple[PlannedGap, ...]
    measures: Mapping[str, Any]
    warnings: tuple[Mapping[str, Any], ...] = field(default=())
    cost_at_best_closure_kzt: int | None = None
    """Least new money of a plan that gives up nothing of the best closure: less the plan's own cost,
    it is what the closure within the tolerance would cost. None where it was not proven."""
    stability: Stability | None = None
    """How often each module is chosen under other judgements, where that was asked for."""
    review: ReviewRecord | None = None
    """The review that led to this plan, and what came of it."""

    def stage_value(self, objective: str) -> float | None:
        """Return what the stage of an objective reached, None where it was no objective."""
        return next((stage.value for stage in self.stages if stage.objective == objective), None)

    @property
    def selection(self) -> Selection:
        """The bare decisions of the plan."""
        starts = (
            Start(row.programme, row.module, row.term)
            for row in self.modules
            if row.decision is not Decision.DROPPED
        )
        sites = {Site(row.programme, row.module, row.resource, row.parts) for row in self.uses}
        return Selection(tuple(sorted(starts)), tuple(sorted(sites)), self.payments)


def plan_to_data(plan: Plan, tool: str) -> dict[str, Any]:
    """Return the plan as the data of ``plan.json``; `tool` is ``curriplan VERSION``."""
    data = asdict(plan)
    for name in ("stability", "review"):
        if data[name] is None:
            del data[name]
    return {"schema": PLAN_SCHEMA, "tool": tool, **data}


def plan_to_json(plan: Plan, tool: str) -> str:
    """Return the text of ``plan.json``, reproducible to the byte."""
    return json.dumps(plan_to_data(plan, tool), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def plan_sha256(plan: Plan) -> str:
    """Return a hash of the plan, wherever it lies: the path of its catalog does not count."""
    bare = replace(plan, catalog=replace(plan.catalog, source=None))
    text = json.dumps(asdict(bare), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def plan_from_data(data: Mapping[str, Any]) -> Plan:
    """Build a plan from data that was checked against the JSON Schema."""
    return Plan(
        catalog=CatalogReference(**data["catalog"]),
        limits=data["limits"],
        status=Status(data["status"]),
        stages=tuple(Stage(**row) for row in data["stages"]),
        modules=tuple(
            PlannedModule(row["programme"], row["module"], row["term"], Decision(row["decision"]))
            for row in data["modules"]
        ),
        uses=tuple(PlannedUse(**row) for row in data["uses"]),
        payments=tuple(Payment(**{**row, "part": CostPart(row["part"])}) for row in data["payments"]),
        gaps=tuple(PlannedGap(**row) for row in data["gaps"]),
        measures=data["measures"],
        warnings=tuple(data["warnings"]),
        cost_at_best_closure_kzt=data.get("cost_at_best_closure_kzt"),
        stability=stability_from_data(data.get("stability")),
        review=record_from_data(data.get("review")),
    )
