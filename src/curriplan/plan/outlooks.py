"""What a plan closes in each outlook of its catalog, and what a plan made for that outlook alone could."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.codec import WHERE_SET
from curriplan.base.fields import EntityId, PartOfOne


@dataclass(frozen=True)
class Regret:
    """What a plan closes less in an outlook than the best plan made for that outlook alone."""

    best: Annotated[PartOfOne, "Closure of the best plan known for this outlook: the solver's word."]
    least: Annotated[PartOfOne, "That closure less the plan's; 0 where the plan closes as much."]
    most: Annotated[PartOfOne, "What no plan can close more in this outlook; above `least` if not proven."]


@dataclass(frozen=True)
class OutlookClosure:
    """The closure in one outlook, with its shares and weights (``docs/formulation.md``, *Outlooks*)."""

    outlook: EntityId
    probability: Annotated[PartOfOne, "As the catalog assumes it."]
    before: Annotated[PartOfOne, "Closure of the existing curricula."]
    after: Annotated[PartOfOne, "Closure of the plan."]
    regret: Annotated[Regret | None, WHERE_SET, "With --risk."] = None


@dataclass(frozen=True)
class PlanOutlooks:
    """A plan in all outlooks of its catalog."""

    rows: Annotated[tuple[OutlookClosure, ...], "In the order of the catalog."]
    expected_before: Annotated[PartOfOne, "Closure weighted by the probabilities."]
    expected_after: PartOfOne
    worst_regret: Annotated[PartOfOne | None, WHERE_SET, "The largest `least` of all outlooks."] = None
    worst_regret_at_most: Annotated[PartOfOne | None, WHERE_SET, "The largest `most`."] = None
