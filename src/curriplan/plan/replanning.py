"""What further changes would buy after a plan was made anew, and what each decision of a review costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from curriplan.base.codec import WHERE_SET
from curriplan.base.fields import Count, EntityId
from curriplan.problem.review import ReviewChange

Difference = Annotated[
    float | None,
    "Closure of the plan, a share of 1, less that of the plan compared with; null: not answered in time.",
]
DifferenceKzt = Annotated[
    int | None, "New money, KZT, less that of the plan compared with; null: not answered in time."
]


@dataclass(frozen=True)
class FurtherChanges:
    """What so many changes more would buy: the best plan then, less the best with as many as there are."""

    more: Annotated[Count, "Further changed modules that are allowed."]
    closure: Difference = None
    cost_kzt: DifferenceKzt = None
    lag: Annotated[
        float | None,
        WHERE_SET,
        "Response lag, semesters, less that of the plan compared with; absent where closure and money come "
        "before it.",
    ] = None


@dataclass(frozen=True)
class DecisionPrice:
    """What a decision of a review costs: the best plan without it, less the best with all decisions."""

    programme: EntityId
    module: EntityId
    closure: Difference = None
    cost_kzt: DifferenceKzt = None


@dataclass(frozen=True)
class Replanning:
    """Figures of a plan that was made anew; each is planned in the order of the run, without tolerance."""

    further: tuple[FurtherChanges, ...] = ()
    prices: tuple[DecisionPrice, ...] = ()

    @property
    def unanswered(self) -> int:
        """How many questions were not answered in time."""
        found = [*(one.closure for one in self.further), *(one.closure for one in self.prices)]
        return sum(closure is None for closure in found)

    def price_of(self, programme: str | None, module: str | None) -> DecisionPrice | None:
        """Return the price of the decision on a module, None where there is none."""
        found = (one for one in self.prices if (one.programme, one.module) == (programme, module))
        return next(found, None)


def changes_against(
    earlier: Iterable[tuple[str, str, int]], now: Iterable[tuple[str, str, int]]
) -> tuple[ReviewChange, ...]:
    """Return the modules that only one of two plans takes, or both in different terms (§12), sorted.

    Of programmes of which the earlier plan has nothing there are none.
    """
    before = {(programme, module): term for programme, module, term in earlier}
    known = {programme for programme, _ in before}
    after = {(programme, module): term for programme, module, term in now if programme in known}
    return tuple(
        ReviewChange(*key, False, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    )
