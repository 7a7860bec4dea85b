"""What the plan in force still has to pay when it is planned again a year later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.codec import Narrowed
from curriplan.base.fields import Count, EntityId

Year = Annotated[int, Narrowed(minimum=1900, maximum=2200)]


@dataclass(frozen=True, order=True)
class Promised:
    """Money that a source owes to earlier intakes, by the plan in force."""

    source: EntityId
    year: Year
    kzt: Count
