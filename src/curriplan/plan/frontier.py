"""Closure against budget: what each amount of new money would buy, at best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.notebook import notebook_html

if TYPE_CHECKING:
    import pandas as pd

FRONTIER_SCHEMA = "curriplan-frontier/1"
OF_A_PLAN = range(3, 6)
"""How many budgets the frontier of a plan may have: both ends and the present one always stand."""


@dataclass(frozen=True)
class FrontierPoint:
    """The best that a budget buys.

    Parameters
    ----------
    budget_kzt : int
        New money of all sources together.
    status : str
        ``optimal`` where it is proven, ``feasible`` where time ran out, ``infeasible`` where no plan
        keeps the rules within the budget, ``no_plan`` where none was found in time.
    closure : float or None
        Best closure of the plan, a share of 1; this and what follows is None where there is no plan.
    cost_kzt : int or None
        Least new money that reaches it.
    worst_closure : float or None
        Closure of the programme that fares worst.
    essentials_met : int or None
        Essential requirements fully met.
    modules_added : int or None
        Modules added, counted by programme.
    gap : float or None
        The widest gap of its stages, None where a bound is unknown.
    is_current : bool
        Whether this is the budget of the catalog and the settings as they are.
    closure_low, closure_high : float or None
        Closure of this plan if estimates err: 5th and 95th percentile of the draws.
    draws, both_hold : int or None
        How many draws, and in how many of them entry levels and floors still hold.
    occupations_not_met : int or None
        Target occupations, counted by programme, that are not fully met.
    """

    budget_kzt: int
    status: str
    closure: float | None = None
    cost_kzt: int | None = None
    worst_closure: float | None = None
    essentials_met: int | None = None
    modules_added: int | None = None
    gap: float | None = None
    is_current: bool = False
    closure_low: float | None = None
    closure_high: float | None = None
    draws: int | None = None
    both_hold: int | None = None
    occupations_not_met: int | None = None


@dataclass(frozen=True)
class Frontier:
    """Points by budget, ascending.

    Closure never falls along them, unless an objective that stands above it does better.

    Attributes
    ----------
    closure_before : float
        Closure of the existing curricula.
    essentials : int
        Essential requirements in all.
    occupations : int
        Target occupations that ask for anything, counted by programme.
    least_kzt : int or None
        With less new money than this no plan keeps the rules; None where that is not proven.
    is_complete : bool
        Whether every budget was looked at: not after Ctrl-C.
    """

    points: tuple[FrontierPoint, ...]
    closure_before: float
    essentials: int
    least_kzt: int | None = None
    is_complete: bool = True
    occupations: int = 0

    def __repr__(self) -> str:
        points = [
            f"{one.budget_kzt:,} KZT {one.status if one.closure is None else f'{100 * one.closure:.1f} %'}"
            for one in self.points
        ]
        return f"<Frontier {', '.join(points)}>"

    def _repr_html_(self) -> str:
        return notebook_html(self, self.frame[["budget_kzt", "status", "closure", "cost_kzt"]])

    @property
    def first_with_plan_kzt(self) -> int | None:
        """The smallest budget with a plan."""
        return next((point.budget_kzt for point in self.points if point.closure is not None), None)

    @property
    def frame(self) -> pd.DataFrame:
        """The points as a DataFrame."""
        import pandas as pd

        columns = [field.name for field in fields(FrontierPoint)]
        return pd.DataFrame([asdict(point) for point in self.points], columns=columns)

    def to_data(self) -> dict[str, Any]:
        """Return the frontier as plain data, ready for JSON."""
        return {
            "schema": FRONTIER_SCHEMA,
            "closure_before": self.closure_before,
            "essentials": self.essentials,
            "least_kzt": self.least_kzt,
            "is_complete": self.is_complete,
            "occupations": self.occupations,
            "points": [asdict(point) for point in self.points],
        }

    @property
    def of_plan(self) -> PlanFrontier:
        """What a plan keeps of it."""
        return PlanFrontier(self.points, self.least_kzt, self.is_complete)

    def price_of_next(self, index: int) -> float | None:
        """Return KZT for each percentage point gained from the point before, None where none is gained."""
        return price_of_next(self.points, index)


@dataclass(frozen=True)
class PlanFrontier:
    """The frontier that a plan carries: other plans than this one, at other budgets.

    Without points none was found in time.
    """

    points: tuple[FrontierPoint, ...] = ()
    least_kzt: Annotated[
        int | None, "With less new money than this no plan keeps the rules; null where that is not proven."
    ] = None
    is_complete: Annotated[bool, "Whether every budget was looked at: not after Ctrl-C."] = False


def price_of_next(points: Sequence[FrontierPoint], index: int) -> float | None:
    """Return KZT for each percentage point gained from the point before, None where none is gained."""
    if index == 0:
        return None
    gained = _more(points[index - 1].closure, points[index].closure)
    spent = _more(points[index - 1].cost_kzt, points[index].cost_kzt)
    if gained is None or spent is None or gained <= 1e-9:
        return None
    return spent / (gained * 100)


def _more(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def round_step(lowest_kzt: int, highest_kzt: int, points: int) -> int:
    """Return the power of ten to which budgets are rounded: ten of them at least from point to point.

    >>> round_step(27_665_751, 42_784_843, 9)
    100000
    """
    finest = (highest_kzt - lowest_kzt) // (10 * points)
    return max(1, 10 ** (len(str(finest)) - 1)) if finest > 0 else 1


def rounded_up(kzt: int, step_kzt: int) -> int:
    """Return the next multiple of a step.

    >>> rounded_up(27_665_751, 100_000)
    27700000
    """
    return -(-kzt // step_kzt) * step_kzt


def next_budget(known: Mapping[int, float], step_kzt: int, gap: float) -> int | None:
    """Return the budget that tells most: halfway where closure rises much over a wide stretch.

    Parameters
    ----------
    known : mapping
        Closure by budget, 0 where no plan is possible.
    step_kzt : int
        Budgets are multiples of it.
    gap : float
        A rise of no more than that share is none.

    Returns
    -------
    int or None
        None where closure rises nowhere: between equal points there is nothing to learn.

    Examples
    --------
    >>> next_budget({0: 0.5, 40: 0.6, 60: 0.9, 90: 0.9}, 10, 0.001)
    50
    """
    budgets = sorted(known)
    worth = {}
    for low, high in pairwise(budgets):
        rise = known[high] - known[low]
        middle = rounded_up((low + high) // 2, step_kzt)
        if rise > gap * known[high] and low < middle < high:
            worth[middle] = rise * (high - low)
    return max(worth, key=lambda middle: (worth[middle], -middle), default=None)
