"""Ways from one occupation to others: which modules lead there, what they cost, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.codec import document_schema, to_data
from curriplan.base.fields import Amount, Count, EntityId, LevelReached, PartOfOne, TermNumber
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.base.version import TOOL
from curriplan.plan.plan import CatalogReference

if TYPE_CHECKING:
    import pandas as pd

RETRAIN_SCHEMA = "curriplan-retrain/1"


class RouteOutcome(StrEnum):
    """What was found of a target."""

    HELD = "held"
    """Nothing is missing for it."""
    PROVEN = "proven"
    """The cheapest route, proven."""
    FOUND = "found"
    """A route that is not proven to be the cheapest: time ran out."""
    DEARER = "dearer"
    """Not solved: no route costs less than the K-th of those that cost least."""
    NOT_TAUGHT = "not_taught"
    """Some of what is missing no module teaches."""
    NO_ROUTE = "no_route"
    """Modules teach all that is missing, but no choice of them keeps the rules."""
    NOT_ASKED = "not_asked"
    """Time ran out before it was asked about."""


@dataclass(frozen=True)
class Level:
    """A level of a competency."""

    competency: EntityId
    level: LevelReached


class Reason(StrEnum):
    """Why a module stands in a route."""

    GIVES = "gives"
    """It gives a level that has to be reached."""
    REQUISITE = "requisite"
    """Another module of the route requires it (§4)."""
    ENTRY = "entry"
    """It gives an entry level of another module of the route (§3)."""


@dataclass(frozen=True)
class Why:
    """A reason for a module.

    Parameters
    ----------
    subject : str
        The competency that it gives, or the module that needs it.
    """

    reason: Reason
    subject: EntityId
    level: LevelReached | None = None


@dataclass(frozen=True)
class RouteModule:
    """A module of a route, in the order in which they are taken.

    Parameters
    ----------
    term : int
        In which it starts.
    hours : float
        All its hours, of one learner.
    has_cost : bool
        Whether the catalog says what starting or teaching it costs; else its cost is 0, or is reckoned by
        the hour where that was asked for.
    """

    module: EntityId
    term: TermNumber
    hours: Amount
    setup_kzt: Count
    delivery_kzt: Count
    fees_kzt: Count
    travel_kzt: Count
    has_cost: Annotated[bool, "Whether the catalog says what starting or teaching it costs."]
    why: tuple[Why, ...]

    @property
    def cost_kzt(self) -> int:
        """What it costs in all."""
        return self.setup_kzt + self.delivery_kzt + self.fees_kzt + self.travel_kzt


@dataclass(frozen=True)
class RouteGap:
    """A competency that the target asks for: what is held before and after the route."""

    competency: EntityId
    required: LevelReached
    is_essential: Annotated[bool, "Whether a route has to reach it."]
    held: LevelReached
    after: LevelReached
    teachable: Annotated[LevelReached, "The highest level that any module teaches, or what is held."]

    @property
    def missing(self) -> int:
        """Levels that are missing before the route."""
        return max(0, self.required - self.held)


@dataclass(frozen=True)
class Route:
    """The cheapest modules that lead to a target.

    Parameters
    ----------
    source : str or None
        The occupation that people come from; None where their levels stand in a file, or nothing is held.
    target : str or None
        The occupation; None for the safety floors.
    least_kzt : int or None
        No route costs less; None for the safety floors, where hours come first.
    terms : int
        The fewest terms among the routes of this cost and these hours.
    cover_before, cover_after : float or None
        Σ importance·min(level, required) / Σ importance·required; None for the safety floors.
    """

    source: EntityId | None
    target: EntityId | None
    outcome: Annotated[RouteOutcome, "held, proven or found."]
    cost_kzt: Count
    least_kzt: Count | None
    hours: Amount
    terms: Count
    cover_before: PartOfOne | None
    cover_after: PartOfOne | None
    modules: tuple[RouteModule, ...]
    gaps: tuple[RouteGap, ...]

    @property
    def essentials(self) -> tuple[int, int, int]:
        """How many essential requirements there are, are met before, and after the route."""
        rows = [gap for gap in self.gaps if gap.is_essential]
        before = sum(gap.held >= gap.required for gap in rows)
        return len(rows), before, sum(gap.after >= gap.required for gap in rows)

    @property
    def without_cost(self) -> int:
        """How many of its modules have no cost in the catalog."""
        return sum(not one.has_cost for one in self.modules)

    @property
    def priced_kzt(self) -> int:
        """What these cost by the price of an hour; 0 where none was given."""
        return sum(one.delivery_kzt for one in self.modules if not one.has_cost)

    @property
    def open_needs(self) -> int:
        """How many requirements of the target it leaves open."""
        return sum(gap.after < gap.required for gap in self.gaps)


@dataclass(frozen=True)
class TargetFound:
    """An occupation that one might retrain for.

    Parameters
    ----------
    least_kzt : int or None
        No route costs less, so of a proven one what it costs; None where no module teaches what is missing.
    terms : int or None
        The fewest; None where that was not found in time.
    cover_after : float or None
        With the route, or where none is needed as it is.
    missing : tuple of Level
        What no module teaches.
    safer_by : tuple of str
        The sources by whose scores it is less exposed than the origin.
    not_safer_by : tuple of str
        Those that do not say so.
    """

    source: EntityId | None
    target: EntityId
    outcome: RouteOutcome
    least_kzt: Count | None
    cost_kzt: Count | None = None
    hours: Amount | None = None
    terms: Count | None = None
    modules: Count | None = None
    without_cost: Annotated[Count | None, "Modules of the route that have no cost in the catalog."] = None
    priced_kzt: Annotated[Count | None, "What these cost by the price of an hour; 0 without one."] = None
    cover_before: PartOfOne | None = None
    cover_after: PartOfOne | None = None
    open_needs: Annotated[
        Count | None, "Requirements that the route leaves open; essential ones too by cover."
    ] = None
    missing: tuple[Level, ...] = ()
    safer_by: tuple[str, ...] = ()
    not_safer_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Retraining:
    """What was asked, and the routes that were found.

    Attributes
    ----------
    brought : tuple of Level
        What people hold who come, before transfers; of several origins nothing, for each has its own.
    learners : int
        Of one course.
    start : str
        Calendar semester of the first term.
    cover : float or None
        The least cover; None where all essential requirements have to be met.
    hour_kzt : int or None
        What an hour of a group costs where a module's own cost is not recorded.
    not_safer : tuple of str
        Targets that were left out because not every source says that they are less exposed, or none does.
    is_complete : bool
        Whether all was asked that should be: not where time ran out, or after Ctrl-C.
    """

    catalog: CatalogReference
    origins: tuple[EntityId, ...]
    to: Annotated[str, "An occupation, any or floors."]
    brought: tuple[Level, ...]
    learners: Count
    most_terms: TermNumber
    start: str
    within: Annotated[bool, "Whether rooms and money of the college limit the route."]
    cover: PartOfOne | None
    hour_kzt: Count | None
    top: Count | None
    safer: bool
    routes: tuple[Route, ...]
    targets: tuple[TargetFound, ...]
    not_safer: Annotated[tuple[EntityId, ...], "Targets that --safer left out."] = ()
    is_complete: bool = True

    def __repr__(self) -> str:
        ends = f"{', '.join(self.origins) or 'levels of a file'} → {self.to}"
        routes = [f"{one.target or 'floors'} {one.cost_kzt:,} KZT {one.hours:g} h" for one in self.routes]
        return f"<Retraining {ends}: {', '.join(routes[:5])}{', ...' if len(routes) > 5 else ''}>"

    def _repr_html_(self) -> str:
        return notebook_html(self, self.routes_frame)

    @property
    def routes_frame(self) -> pd.DataFrame:
        """One row a route: what it costs, how long it takes."""
        names = ("source", "target", "outcome", "cost_kzt", "hours", "terms", "cover_before", "cover_after")
        rows = ([*(getattr(one, name) for name in names), len(one.modules)] for one in self.routes)
        return frame_of(rows, *names, "modules")

    @property
    def modules(self) -> pd.DataFrame:
        """One row a module of a route, in the order in which they are taken."""
        names = ("module", "term", "hours", "cost_kzt", *(f"{one}_kzt" for one in _PARTS), "has_cost")
        return frame_of(
            (
                [route.source, route.target, *(getattr(one, name) for name in names)]
                for route in self.routes
                for one in route.modules
            ),
            "source",
            "target",
            *names,
        )

    @property
    def gaps(self) -> pd.DataFrame:
        """One row a competency that the target of a route asks for."""
        names = ("competency", "required", "is_essential", "held", "after", "teachable", "missing")
        return frame_of(
            (
                [route.source, route.target, *(getattr(one, name) for name in names)]
                for route in self.routes
                for one in route.gaps
            ),
            "source",
            "target",
            *names,
        )

    @property
    def targets_frame(self) -> pd.DataFrame:
        """One row a target: what was found of it."""
        names = tuple(TargetFound.__dataclass_fields__)
        return frame_of(([getattr(one, name) for name in names] for one in self.targets), *names)

    @property
    def matrix(self) -> pd.DataFrame:
        """What each target costs from each origin, KZT; empty where no route was found."""
        costs = {(one.source, one.target): one.cost_kzt for one in self.targets}
        names = list(dict.fromkeys(t.target for t in self.targets if t.cost_kzt is not None))
        rows = ([source, *(costs.get((source, name)) for name in names)] for source in self.origins)
        return frame_of(rows, "source", *names)

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it (``schemas/retrain-1.json``)."""
        return {"schema": RETRAIN_SCHEMA, "tool": TOOL, **to_data(self)}


_PARTS = ("setup", "delivery", "fees", "travel")


@cache
def retrain_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `curriplan retrain` writes."""
    return document_schema(
        Retraining, "curriplan-retrain-1", "Ways to other occupations, schema 1", RETRAIN_SCHEMA
    )
