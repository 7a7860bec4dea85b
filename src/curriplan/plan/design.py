"""A new qualification out of the modules that there are, and what is missing for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.codec import document_schema, to_data
from curriplan.base.fields import Amount, Count, EntityId, LevelReached, PartOfOne, TermNumber
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.base.version import TOOL
from curriplan.plan.plan import CatalogReference, Status

if TYPE_CHECKING:
    import pandas as pd

DESIGN_SCHEMA = "curriplan-design/1"


class Likeness(StrEnum):
    """What the modules have in common with a step by which its hours are estimated."""

    COMPETENCY = "competency"
    AREA = "area"
    FRAMEWORK = "framework"
    CATALOG = "catalog"


class ModuleRole(StrEnum):
    """Why a module stands in the new curriculum."""

    COMMON = "common"
    """All programmes after the same schooling teach it."""
    NEEDED = "needed"
    """It teaches a level that is asked for, serves a labour function, or one that does rests on it."""
    PRACTICE = "practice"
    """It is a practice."""
    FILLS = "fills"
    """Nothing that is asked needs it: a module of programmes that are alike, it fills the norm."""


@dataclass(frozen=True)
class DesignModule:
    """A module of the new curriculum, with its money for one intake."""

    module: EntityId
    term: TermNumber
    role: ModuleRole
    credits: Amount
    hours: Annotated[Amount, "All hours of one learner."]
    setup_kzt: Count
    delivery_kzt: Annotated[Count, "Of all groups."]
    site_kzt: Annotated[Count, "Fees and travel."]
    has_cost: Annotated[bool, "Whether the catalog has a cost of it; without one it counts as 0 KZT."]


@dataclass(frozen=True)
class DesignNeed:
    """A competency that the occupations or a floor ask for."""

    competency: EntityId
    essential: bool
    required: LevelReached
    brought: LevelReached
    reached: LevelReached
    teachable: Annotated[LevelReached, "The highest level that a module of the catalog teaches, or brought."]

    @property
    def steps(self) -> int:
        """Levels that are asked for beyond what is brought."""
        return max(0, self.required - self.brought)

    @property
    def taught(self) -> int:
        """Those of them that the curriculum teaches."""
        return max(0, min(self.required, self.reached) - self.brought)

    @property
    def to_commission(self) -> int:
        """Those of them that no module of the catalog teaches."""
        return max(0, self.required - max(self.brought, self.reached, self.teachable))

    @property
    def left_out(self) -> int:
        """Those of them that modules teach, and the curriculum does not."""
        return self.steps - self.taught - self.to_commission


@dataclass(frozen=True)
class Commission:
    """Steps of a competency that no module teaches, with an estimate of their hours."""

    competency: EntityId
    from_level: LevelReached
    to_level: LevelReached
    essential: bool
    worth: Annotated[PartOfOne, "Part of all that the occupations lack."]
    alike: Annotated[Likeness, "What the modules have in common with it that the estimate rests on."]
    modules: Annotated[Count, "How many modules that is."]
    hours_of_step: Annotated[Amount | None, "Their median; null where no module teaches anything."]
    hours: Annotated[Amount | None, "The estimate: hours of a step times steps."]


@dataclass(frozen=True)
class LeftOut:
    """Steps that modules teach, and the curriculum does not."""

    competency: EntityId
    from_level: LevelReached
    to_level: LevelReached
    modules: Annotated[tuple[EntityId, ...], "Those that teach the first of them."]


@dataclass(frozen=True)
class DesignFunction:
    """A labour function of one of the occupations."""

    function: EntityId
    occupation: EntityId
    modules: Annotated[tuple[EntityId, ...], "Those of the curriculum that serve it."]
    is_served: Annotated[bool, "Whether any module of the catalog serves it."]


@dataclass(frozen=True)
class KindLacking:
    """Hours of a kind of room or teacher that are not there: the curriculum was planned without them."""

    kind: EntityId
    is_teacher: bool
    semester: Annotated[str, "That in which most lack, with all intakes running."]
    hours: Amount


@dataclass(frozen=True)
class DesignCost:
    """What the curriculum costs one intake."""

    setup_kzt: Annotated[Count, "Paid once, for modules that do not run anywhere yet."]
    intake_kzt: Annotated[Count, "Paid for every intake: delivery, fees and travel as the catalog has them."]
    hours_without_cost: Annotated[Amount, "Hours of modules without a cost in the catalog, of one group."]
    known_share: Annotated[PartOfOne, "Part of all hours whose modules have a cost in the catalog."]
    hour_kzt: Annotated[Count | None, "Price of such an hour; null where none was given."]
    priced_kzt: Annotated[Count | None, "What these hours cost all groups at that price."]
    learner_kzt: Annotated[Amount, "What a learner costs: all but set-up, over the learners."]

    @property
    def is_least(self) -> bool:
        """Whether teaching costs more than that: some modules have no cost, and no price of an hour."""
        return self.hours_without_cost > 0 and self.hour_kzt is None

    @property
    def known_percent(self) -> int:
        """For how many per cent of the hours a cost is known: 100 only where it is for all of them."""
        return int(100 * self.known_share + 1e-9)


@dataclass(frozen=True)
class RowToAdd:
    """A row to add to a table of the catalog."""

    table: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Design:
    """A new qualification: its curriculum, what it reaches and costs, and what is missing for it."""

    catalog: Annotated[CatalogReference, "The college that it is designed for."]
    programme: EntityId
    occupations: tuple[EntityId, ...]
    entry_base: str
    level: Annotated[str | None, "Of the qualification: 3W, 4S or 5AB; null where none was named."]
    terms: TermNumber
    start: str
    learners: Count
    models: Annotated[tuple[EntityId, ...], "Programmes whose general and basic modules it takes over."]
    kin: Annotated[tuple[EntityId, ...], "Programmes that train for one of the occupations."]
    status: Status
    closure: Annotated[PartOfOne | None, "Null where learners bring all that is asked."]
    essentials: Count
    essentials_met: Count
    credits: Amount
    credits_norm: Annotated[Amount | None, "The least total; null where the profile has none for it."]
    credits_lacking: Annotated[Amount, "What the modules that there are leave of the norm."]
    rules: Annotated[Count, "Limits that were checked; all of them hold."]
    modules: tuple[DesignModule, ...]
    needs: tuple[DesignNeed, ...]
    commission: tuple[Commission, ...]
    left_out: tuple[LeftOut, ...]
    functions: tuple[DesignFunction, ...]
    rooms_lacking: Annotated[
        tuple[KindLacking, ...],
        "Empty where the free hours of rooms and teachers suffice; else they limited nothing.",
    ]
    groups: Count
    cost: DesignCost
    rows: Annotated[tuple[RowToAdd, ...], "What to add to the catalog, by table."]

    def __repr__(self) -> str:
        lacking = sum(row.to_commission for row in self.needs)
        return f"<Design {self.programme}: {len(self.modules)} modules, {lacking} steps to commission>"

    def _repr_html_(self) -> str:
        rows = ((row.module, row.term, row.role.value, row.credits) for row in self.modules)
        return notebook_html(self, frame_of(rows, "module", "term", "role", "credits"))

    @property
    def hours_to_commission(self) -> float:
        """The estimates of all steps that no module teaches."""
        return sum(row.hours or 0.0 for row in self.commission)

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it (``schemas/design-1.json``)."""
        return {"schema": DESIGN_SCHEMA, "tool": TOOL, **to_data(self)}

    def frame(self, name: str) -> pd.DataFrame:
        """Return one of its tables as a DataFrame: modules, needs, commission, left_out or functions."""
        import pandas as pd

        rows = to_data(self)[name]
        return pd.DataFrame(rows)


@cache
def design_schema() -> dict[str, Any]:
    """Return the JSON Schema of a design."""
    return document_schema(Design, "curriplan-design-1", "A new qualification, schema 1", DESIGN_SCHEMA)
