"""A plan: what was decided, what the solver claimed of it, and what the evaluation found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from curriplan.base.codec import MAY_LACK, WHERE_SET, Members, Narrowed, document_schema, to_data
from curriplan.base.fields import Amount, Count, EntityId, LevelReached, Sha256, TermNumber
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.catalog.records import Allotted, Catalog, CostPart
from curriplan.plan.challenges import ChallengeAnswer
from curriplan.plan.doors import Adaptability
from curriplan.plan.figures import Figures
from curriplan.plan.frontier import PlanFrontier
from curriplan.plan.lag import ResponseLag
from curriplan.plan.outlooks import PlanOutlooks
from curriplan.plan.replanning import Replanning
from curriplan.plan.stability import Stability
from curriplan.plan.versions import PlanVersion
from curriplan.problem.limits import limit_members
from curriplan.problem.review import ReviewRecord
from curriplan.problem.settings import SemesterName

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

    programme: EntityId
    module: EntityId
    term: TermNumber


@dataclass(frozen=True, order=True)
class Site:
    """A programme uses a resource for a module: for all hours of its kind, or for some parts.

    Parameters
    ----------
    parts : int
        How many sub-groups (or groups) it serves, where the kind is split over several resources (§9);
        elsewhere it serves all, and 0 says as much.
    """

    programme: EntityId
    module: EntityId
    resource: EntityId
    parts: Count = 0


@dataclass(frozen=True, order=True)
class Payment:
    """New money that a source pays for a part of the cost of a module in a calendar year, whole KZT."""

    source: EntityId
    module: EntityId
    part: CostPart
    year: Annotated[int, Narrowed(minimum=1900, maximum=2200)]
    kzt: Count


@dataclass(frozen=True)
class Response:
    """What is left of a plan when a partner leaves: its bare decisions (§16)."""

    source: Annotated[EntityId, "The funding source that leaves."]
    starts: tuple[Start, ...]
    sites: tuple[Site, ...]


@dataclass(frozen=True)
class Selection:
    """The bare decisions, from which the evaluation recomputes everything."""

    starts: tuple[Start, ...]
    sites: tuple[Site, ...] = ()
    payments: tuple[Payment, ...] = ()
    responses: tuple[Response, ...] = ()
    """What is left when one partner leaves, with ``keep_within``; empty: nobody asks."""

    @property
    def terms(self) -> tuple[tuple[str, str, int], ...]:
        """What starts when: programme, module, term."""
        return tuple((start.programme, start.module, start.term) for start in self.starts)

    @property
    def taken(self) -> frozenset[tuple[str, str]]:
        """What is taken, by programme and module: the content of the plan."""
        return frozenset((start.programme, start.module) for start in self.starts)


@dataclass(frozen=True)
class Stage:
    """An objective's value (recomputed), the solver's bound on it, and the relative gap."""

    objective: str
    value: float
    bound: float | None
    gap: Amount | None
    """|bound - value| / max(|value|, 1e-9); None where no bound is known."""
    content_held: Annotated[
        bool,
        WHERE_SET,
        "Only the terms and sites of the modules that the stages before had chosen were decided: the value "
        "and the bound are those of this content.",
    ] = False

    def is_within(self, gap: float) -> bool:
        """Say whether the bound, where one is known, is as near as a relative gap asks for.

        Both are rounded, and solvers stop at an absolute gap too: 1e-6 · max(1, |value|) counts as none.
        """
        if self.bound is None:
            return True
        size = abs(self.value)
        return abs(self.bound - self.value) <= gap * size + 1e-6 * max(1.0, size)


@dataclass(frozen=True)
class PlannedModule:
    """A module of the plan; `term` is the planned term, today's for a dropped one."""

    programme: EntityId
    module: EntityId
    term: TermNumber
    decision: Decision


@dataclass(frozen=True)
class PlannedUse:
    """Hours of a resource that one intake uses for a module in one term that the module runs in."""

    programme: EntityId
    module: EntityId
    term: TermNumber
    resource: EntityId
    hours: Annotated[Amount, "Of all parts, in this term."]
    parts: Annotated[Count, "Sub-groups (or groups) that it serves."]


@dataclass(frozen=True)
class PlannedGap:
    """Levels of a competency: asked, today, with the plan."""

    programme: EntityId
    competency: EntityId
    required: LevelReached
    before: LevelReached
    after: LevelReached


@dataclass(frozen=True)
class Filling:
    """Credits of a programme that nothing but its least credits asks for."""

    programme: EntityId
    credits: Annotated[Amount, "Credits of the plan in all, fixed load included."]
    filled: Annotated[
        Amount | None,
        "Credits less the fewest of a subset of the content with the same steps and all rules but the least "
        "credits; null where it was not proven in time.",
    ]
    modules: Annotated[tuple[EntityId, ...], "What such a subset leaves out."] = ()


@dataclass(frozen=True)
class Intake:
    """When a planned programme begins: what a re-plan of a later year counts from."""

    programme: EntityId
    start: Annotated[SemesterName, "Calendar semester of its first term."]
    intake_of: Annotated[
        EntityId | None, WHERE_SET, "Of an intake that ran already when the plan was made: its programme."
    ] = None


@dataclass(frozen=True)
class CatalogReference:
    """Which catalog a plan was made from."""

    id: str
    version: str
    sha256: Sha256
    source: Annotated[
        str | None, "Bare name of a bundled catalog, or a path from this file's folder (begins with a dot)."
    ]
    allotted: Annotated[
        Allotted | None, WHERE_SET, "What of it a national plan allotted; absent of a college by itself."
    ] = None

    @classmethod
    def of(cls, catalog: Catalog, source: str | None) -> CatalogReference:
        """Return the reference of a catalog that lies at `source`."""
        info = catalog.info
        return cls(info.id, info.version, catalog.sha256, source, info.allotted)


@dataclass(frozen=True)
class Plan:
    """A plan as ``plan.json`` holds it."""

    catalog: Annotated[CatalogReference, "The catalog that the plan was made from."]
    limits: Annotated[
        Mapping[str, Any],
        Members(limit_members()),
        "Every effective value of the run, and which of them were chosen by hand.",
    ]
    status: Status
    stages: Annotated[
        tuple[Stage, ...],
        "Objectives in the order of solving; value and bound in the objective's own unit.",
    ]
    modules: tuple[PlannedModule, ...]
    uses: tuple[PlannedUse, ...]
    payments: tuple[Payment, ...]
    gaps: tuple[PlannedGap, ...]
    measures: Annotated[Mapping[str, Any], "What the evaluation recomputed from the decisions."]
    warnings: tuple[Annotated[Mapping[str, Any], Members({"code": str})], ...] = ()
    cost_at_best_closure_kzt: Annotated[
        Count | None,
        MAY_LACK,
        "Least new money of a plan at the best closure, null where it was not proven; less the plan's cost, "
        "it is the price of the last points.",
    ] = None
    cost_at_best_closure_at_most_kzt: Annotated[
        Count | None,
        MAY_LACK,
        "Where that is null, new money of a plan at the best closure that was seen: the least is no more.",
    ] = None
    filling: Annotated[
        tuple[Filling, ...],
        MAY_LACK,
        "By programme, the credits that are filled only because the norm asks for them.",
    ] = ()
    intakes: Annotated[
        tuple[Intake, ...],
        WHERE_SET,
        "When each planned programme begins, in the order of the catalog; absent in earlier files.",
    ] = ()
    figures: Annotated[
        Figures | None,
        WHERE_SET,
        "Teachers, rooms, money of all intakes, closure if estimates err, credits; absent in earlier files.",
    ] = None
    challenges: Annotated[
        tuple[ChallengeAnswer, ...],
        WHERE_SET,
        "What the plan answers to each challenge of the catalog; absent where its catalog has none.",
    ] = ()
    adaptability: Annotated[
        Adaptability | None,
        WHERE_SET,
        "Cover of occupations that are no target, and the doors that the plan opens; absent in earlier "
        "files, and where there are no other occupations.",
    ] = None
    lag: Annotated[
        ResponseLag | None,
        WHERE_SET,
        "How long what is newly asked waits for graduates who hold it; absent where nothing is.",
    ] = None
    outlooks: Annotated[
        PlanOutlooks | None,
        WHERE_SET,
        "What the plan closes in each outlook of the catalog; absent where its catalog has none.",
    ] = None
    stability: Annotated[
        Stability | None,
        WHERE_SET,
        "With --stability N: how often each module is chosen when judgements and estimates are varied.",
    ] = None
    frontier: Annotated[
        PlanFrontier | None,
        WHERE_SET,
        "With --with-frontier: what other budgets would buy at best. The solver's word.",
    ] = None
    partners: Annotated[
        tuple[Response, ...],
        WHERE_SET,
        "With --keep-within: by partner, what is left of the plan when it leaves.",
    ] = ()
    replanning: Annotated[
        Replanning | None,
        WHERE_SET,
        "Of a plan that was made anew: what further changes would buy, and what each decision of its review "
        "costs. The solver's word: nothing recomputes it.",
    ] = None
    review: Annotated[
        ReviewRecord | None,
        WHERE_SET,
        "The review that led to this plan, and what came of it; absent without one.",
    ] = None
    versions: Annotated[
        tuple[PlanVersion, ...],
        WHERE_SET,
        "The versions of a plan that was made anew after reviews, itself the last; absent without a review.",
    ] = ()

    def __repr__(self) -> str:
        return f"<Plan {self.shown}>"

    def _repr_html_(self) -> str:
        rows = ((row.programme, row.module, row.term, row.decision.value) for row in self.modules)
        return notebook_html(self, frame_of(rows, "programme", "module", "term", "decision"))

    @property
    def shown(self) -> str:
        """The plan in a line: ``mini 1.0: optimal, closure 60.5 %, 1,200,000 KZT, 4 modules``."""
        taken = sum(row.decision is not Decision.DROPPED for row in self.modules)
        closure, kzt = (self.measures.get(name) for name in ("closure_after", "cost_kzt"))
        worth = "" if closure is None or kzt is None else f", closure {100 * closure:.1f} %, {kzt:,} KZT"
        return f"{self.catalog.id} {self.catalog.version}: {self.status}{worth}, {taken} modules"

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
        return Selection(tuple(sorted(starts)), tuple(sorted(sites)), self.payments, self.partners)


def plan_to_data(plan: Plan, tool: str) -> dict[str, Any]:
    """Return the plan as the data of ``plan.json``; `tool` is ``curriplan VERSION``."""
    return {"schema": PLAN_SCHEMA, "tool": tool, **to_data(plan)}


def plan_to_json(plan: Plan, tool: str) -> str:
    """Return the text of ``plan.json``, reproducible to the byte."""
    return json.dumps(plan_to_data(plan, tool), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def plan_sha256(plan: Plan) -> str:
    """Return a hash of the plan, wherever it lies: the path of its catalog does not count."""
    bare = asdict(replace(plan, catalog=replace(plan.catalog, source=None)))
    del bare["catalog"]["allotted"]  # the hash of the catalog is over it
    del bare["frontier"]  # it tells of other plans, and this one is the same without it
    for name in ("challenges", "versions", "adaptability", "lag", "partners", "intakes", "outlooks"):
        if not bare[name]:
            del bare[name]  # a plan without them keeps the hash that it always had
    text = json.dumps(bare, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@cache
def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``plan.json``."""
    return document_schema(Plan, "curriplan-plan-1", "A curriplan plan, schema 1", PLAN_SCHEMA)
