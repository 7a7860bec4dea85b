"""What comes out of a network: each college's plan in brief, what is shared, and how sure it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.codec import MAY_LACK, WHERE_SET, Members, document_schema, to_data
from curriplan.base.fields import Amount, Count, EntityId, LevelReached, PartOfOne, Sha256
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.base.version import TOOL
from curriplan.plan.plan import Status

if TYPE_CHECKING:
    import pandas as pd

NETWORK_SCHEMA = "curriplan-network/1"
Names = Mapping[str, str]
IssueData = Annotated[Mapping[str, Any], Members({"code": str})]
"""An issue: its ``code``, and ``text`` by language."""


@dataclass(frozen=True, order=True)
class YearMoney:
    """New money of a shared source in a calendar year."""

    source: EntityId
    year: int
    kzt: Count


@dataclass(frozen=True, order=True)
class SemesterHours:
    """Hours of a shared centre in a calendar semester."""

    centre: EntityId
    semester: str
    hours: Amount


@dataclass(frozen=True)
class ProgrammeBrief:
    """A programme in a college's plan."""

    id: EntityId
    names: Names
    specialty: str | None
    qualification: str | None
    learners: Count
    weight: Annotated[Amount, "What it counts in the closure of the college."]
    closure_before: PartOfOne | None
    closure_after: PartOfOne | None
    added: Count
    dropped: Count


@dataclass(frozen=True)
class CompetencyBrief:
    """What learners of a college lack of a competency, today and with the plan."""

    id: EntityId
    names: Names
    learners: Annotated[Count, "Of the programmes whose occupations ask for it."]
    lacking_before: Annotated[Count, "Learners of the programmes that end below the level asked for."]
    lacking_after: Count
    highest_asked: LevelReached


@dataclass(frozen=True)
class ChallengeBrief:
    """What a college's plan answers to a challenge, as its overview says."""

    id: EntityId
    names: Names
    closure_before: PartOfOne | None
    closure_after: PartOfOne | None
    weight: Annotated[Amount, "Weight of the steps of the challenge, learners times importance."]


@dataclass(frozen=True)
class ModuleBrief:
    """A module that the plan of a college adds, and why."""

    id: EntityId
    names: Names
    programmes: tuple[EntityId, ...]
    kzt: Count
    steps: Annotated[Count, "Steps of competencies that only modules like it close in the plan."]
    closure: Annotated[float, "Closure of the college that the plan loses without it, all else unchanged."]
    learners: Annotated[Count, "Of the programmes that take it."]


@dataclass(frozen=True)
class CollegePlan:
    """A plan of a college in brief, recomputed by the evaluation from its decisions."""

    plan_sha256: Sha256
    status: Status
    learners: Annotated[Count, "Of one intake of its planned programmes."]
    closure_before: PartOfOne
    closure: PartOfOne
    cost_kzt: Count
    cost_all_intakes_kzt: Count | None
    gap: Annotated[Amount | None, "The widest gap of its stages."]
    money: tuple[YearMoney, ...]
    hours: tuple[SemesterHours, ...]
    programmes: tuple[ProgrammeBrief, ...]
    competencies: tuple[CompetencyBrief, ...]
    challenges: tuple[ChallengeBrief, ...]
    added: tuple[ModuleBrief, ...]
    dropped: tuple[EntityId, ...]
    warnings: tuple[str, ...] = ()
    source_names: Annotated[Mapping[str, Names], MAY_LACK, "Of shared sources, as its catalog has them."] = (
        field(default_factory=dict)
    )


class Failed(StrEnum):
    """Why a college has no plan."""

    BROKEN = "broken"
    """Its catalog has errors."""
    INFEASIBLE = "infeasible"
    """No plan keeps the rules."""
    TIME = "time"
    """None was found in time."""
    LOST = "lost"
    """Its worker died, again and again."""
    DISK = "disk"
    """Its result could not be written."""
    ERROR = "error"
    """Anything else: a fault of curriplan's own."""


@dataclass(frozen=True)
class Failure:
    """Why a college has no plan; nothing of it is counted anywhere."""

    kind: Failed
    stage: Annotated[str, "read, alone, priced or whole: what was being done."]
    issues: tuple[IssueData, ...] = ()


@dataclass(frozen=True)
class CollegeResult:
    """A college: by itself, and in the national plan."""

    id: EntityId
    region: EntityId
    names: Names
    weight: Amount
    learners: Count
    groups: Mapping[str, int]
    alone: Annotated[CollegePlan | None, "Planned with its own budgets and hours."]
    national: Annotated[CollegePlan | None, "Planned with what the national plan allots to it."]
    planned_groups: Annotated[
        Mapping[str, int] | None, WHERE_SET, "Groups by programme, of a state order."
    ] = None
    failure: Annotated[Failure | None, WHERE_SET, "Why it has no plan."] = None
    catalog_sha256: Annotated[Sha256 | None, WHERE_SET, "Of its catalog; absent where that was not read."] = (
        None
    )
    illustrative: Annotated[bool, MAY_LACK, "Whether its catalog says that it is no real college."] = False
    workbook: Annotated[
        str | None, WHERE_SET, "Its own workbook, as it is found from the folder of the results."
    ] = None


@dataclass(frozen=True)
class RegionResult:
    """A region: closure of its colleges that have a plan, by their learners, whatever the colleges weigh."""

    id: EntityId
    names: Names
    floor: PartOfOne | None
    colleges: Count
    failed: Count
    learners: Annotated[Count, "Of the colleges that have a plan."]
    closure_before: PartOfOne | None
    closure_alone: PartOfOne | None
    closure: PartOfOne | None
    lowest: PartOfOne | None
    highest: PartOfOne | None
    floor_price: Annotated[
        Amount, "What the national closure would gain if the floor fell by one: the price of the floor."
    ] = 0.0


class SharedKind(StrEnum):
    """What colleges share."""

    MONEY = "money"
    HOURS = "hours"
    GROUPS = "groups"


@dataclass(frozen=True)
class SharedRow:
    """A limit that colleges share: its use, and its price.

    Parameters
    ----------
    subject : str
        The source, or the centre; empty for groups.
    when : str
        The year, or the semester; empty for all years together.
    price : float
        What a further unit (KZT, hour) would add to the national closure at most, by the relaxation.
    """

    kind: SharedKind
    subject: str
    region: EntityId | None
    when: str
    limit: Amount
    used_alone: Annotated[Amount, "By the plans that colleges make by themselves, of the same colleges."]
    used: Amount
    price: float


@dataclass(frozen=True)
class Round:
    """A round: colleges are asked at prices, with what is left, or a few of them together."""

    number: Count
    asked: Annotated[Count, "Solves of this round."]
    new_columns: Count
    relaxed: Annotated[float | None, "Over the plans known; null where they keep no limits yet."]
    bound: Annotated[
        float | None,
        "What no choice of plans passes, by the prices of this round; null where none was asked for.",
    ]
    best_bound: float | None
    gap: float | None
    kind: Annotated[str, "priced, filled or joint; the bound of a joint round is one of whole plans."] = (
        "priced"
    )


@dataclass(frozen=True)
class FurtherMoney:
    """What further money does in a region, as national closure and as closure of the region."""

    region: EntityId
    kzt: Count
    by_price: Annotated[float, "By the price of money there: what parts of plans gain, an estimate."]
    resolved: Annotated[
        float | None, "What whole plans gain: of the college that does most with it, the others as they are."
    ]
    region_closure: Annotated[float | None, "What the closure of the region gains by that."] = None
    source: Annotated[EntityId | None, "The source whose million has the highest price there."] = None
    year: Annotated[int | None, "In which year; null of all years together."] = None
    college: Annotated[EntityId | None, "The college that does most with it; null where none does."] = None
    at_most: Annotated[float | None, "No choice of plans gains more, by the bound at prices."] = None


@dataclass(frozen=True)
class National:
    """How the national plan was found, and how sure it is.

    All are closures, 0 to 1, weighted by learners times the weight of the college.
    """

    closure: Annotated[float, "Of the plans as they are, summed anew."]
    chosen: Annotated[float, "Of the choice that the optimizer made, before its plans were solved whole."]
    bound: Annotated[float, "What no choice of plans within the shared limits passes."]
    gap: Annotated[float, "(bound - closure) / closure."]
    rounds: tuple[Round, ...]
    is_over_list: Annotated[
        bool, "Whether groups were chosen from lists: then the bound is over these lists only."
    ] = False
    stopped: Annotated[str | None, "Why it ended early: rounds or exhausted."] = None


@dataclass(frozen=True)
class NetworkPlan:
    """All of ``network.json``.

    Attributes
    ----------
    colleges : tuple of CollegeResult
        Each with its plan by itself and in the national plan, or why it has none.
    regions : tuple of RegionResult
        Closures of their colleges, weighted by learners; `weight` counts in those of the country only.
    shared : tuple of SharedRow
        Shared limits with their use and their price.
    national : National or None
        How sure the national plan is; None where each college stands alone.

    ``colleges_frame``, ``regions_frame``, ``shared_frame``, ``rounds_frame``, ``money``, ``hours``,
    ``programmes``, ``competencies`` and ``modules`` are `pandas.DataFrame`.
    """

    names: Names
    network_sha256: Sha256
    settings: Annotated[Mapping[str, Any], "What was chosen, as in the plans of the colleges."]
    colleges: tuple[CollegeResult, ...]
    regions: tuple[RegionResult, ...]
    shared: tuple[SharedRow, ...]
    national: Annotated[National | None, "Null where nothing is shared: then each college stands alone."]
    further: tuple[FurtherMoney, ...] = ()
    shared_names: Annotated[Mapping[str, Names], MAY_LACK, "Of shared sources and centres, by id."] = field(
        default_factory=dict
    )
    warnings: Annotated[
        tuple[IssueData, ...],
        MAY_LACK,
        "What is strange in the network beside its catalogs.",
    ] = ()

    def __repr__(self) -> str:
        planned = sum(one.failure is None for one in self.colleges)
        told = "" if self.national is None else f", closure {self.national.closure:.4f}"
        return f"<NetworkPlan: {planned} of {len(self.colleges)} colleges{told}>"

    def _repr_html_(self) -> str:
        return notebook_html(self, self.colleges_frame)

    @property
    def colleges_frame(self) -> pd.DataFrame:
        """One row a college, those without a plan too: closures as shares of 1, money in KZT."""
        return frame_of(
            (
                [
                    one.id,
                    one.region,
                    one.weight,
                    one.learners,
                    *_figures(one.alone, "closure_before", "closure", "cost_kzt"),
                    *_figures(one.national, "learners", "closure", "cost_kzt", "gap"),
                    None if one.failure is None else one.failure.kind.value,
                ]
                for one in self.colleges
            ),
            *("college", "region", "weight", "learners"),
            *("closure_before", "closure_alone", "cost_alone_kzt"),
            *("learners_planned", "closure", "cost_kzt", "gap", "failure"),
        )

    @property
    def regions_frame(self) -> pd.DataFrame:
        """One row a region."""
        return _frame(self.regions, RegionResult, "names")

    @property
    def shared_frame(self) -> pd.DataFrame:
        """One row a shared limit: money in KZT, hours, groups; prices in national closure."""
        return _frame(self.shared, SharedRow)

    @property
    def rounds_frame(self) -> pd.DataFrame:
        """One row a round of pricing."""
        return _frame(() if self.national is None else self.national.rounds, Round)

    @property
    def money(self) -> pd.DataFrame:
        """One row a college, source and year: KZT of shared sources, in each of its plans."""
        return self._of_plans("money", YearMoney)

    @property
    def hours(self) -> pd.DataFrame:
        """One row a college, centre and semester: hours of shared centres, in each of its plans."""
        return self._of_plans("hours", SemesterHours)

    @property
    def programmes(self) -> pd.DataFrame:
        """One row a programme of a college, in each of its plans."""
        return self._of_plans("programmes", ProgrammeBrief, "names")

    @property
    def competencies(self) -> pd.DataFrame:
        """One row a competency of a college, in each of its plans."""
        return self._of_plans("competencies", CompetencyBrief, "names")

    @property
    def modules(self) -> pd.DataFrame:
        """One row a module that a college adds, in each of its plans."""
        return self._of_plans("added", ModuleBrief, "names", "programmes")

    def _of_plans(self, field_name: str, record: type[Any], *without: str) -> pd.DataFrame:
        """Return rows of the plans of all colleges; ``plan`` is alone or national."""
        names = [name for name in record.__dataclass_fields__ if name not in without]
        plans = (
            (one.id, kind, plan)
            for one in self.colleges
            for kind in ("alone", "national")
            if (plan := getattr(one, kind)) is not None
        )
        rows = (
            [college, kind, *(getattr(row, name) for name in names)]
            for college, kind, plan in plans
            for row in getattr(plan, field_name)
        )
        return frame_of(rows, "college", "plan", *names)


def _figures(plan: CollegePlan | None, *names: str) -> list[Any]:
    return [None if plan is None else getattr(plan, name) for name in names]


def _frame(rows: Iterable[Any], record: type[Any], *without: str) -> pd.DataFrame:
    names = [name for name in record.__dataclass_fields__ if name not in without]
    return frame_of(([getattr(row, name) for name in names] for row in rows), *names)


def network_to_data(plan: NetworkPlan) -> dict[str, Any]:
    """Return the data of ``network.json``."""
    return {"schema": NETWORK_SCHEMA, "tool": TOOL, **to_data(plan)}


def network_to_json(plan: NetworkPlan) -> str:
    """Return the text of ``network.json``, reproducible to the byte."""
    return json.dumps(network_to_data(plan), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


@cache
def network_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``network.json``."""
    return document_schema(
        NetworkPlan, "curriplan-network-1", "A plan of a network of colleges", NETWORK_SCHEMA
    )
