"""Several plans in all outlooks of a catalog: what each closes, and what a common plan is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from curriplan.base.notebook import frame_of, notebook_html
from curriplan.plan.outlooks import OutlookClosure, PlanOutlooks
from curriplan.plan.plan import Selection, Status

if TYPE_CHECKING:
    import pandas as pd

SCENARIOS_SCHEMA = "curriplan-scenarios/1"


class MadeFor(StrEnum):
    """What a plan was made for."""

    ALL = "all"
    """All outlooks, with the weight of risk: the common plan."""
    TODAY = "today"
    """The shares of today: the plan of `optimize` without ``--risk``."""
    AVERAGE = "average"
    """One outlook whose shares and weights are the average of all, by their probabilities."""
    ONE = "one"
    """One outlook alone."""


@dataclass(frozen=True)
class PlanInOutlooks:
    """A plan, and what it closes and misses in each outlook.

    Attributes
    ----------
    outlook : str or None
        The outlook that it was made for, where it was made for one.
    status : Status
        ``optimal`` where every objective is proven within the gap.
    cost_kzt : int
        New money.
    """

    made_for: MadeFor
    outlook: str | None
    status: Status
    cost_kzt: int
    closures: PlanOutlooks
    selection: Selection

    @property
    def name(self) -> str:
        """A word for it in files: ``all``, ``today``, ``average``, or ``one:ID``."""
        return f"{self.made_for}:{self.outlook}" if self.outlook else self.made_for.value


@dataclass(frozen=True)
class CellRow:
    """A plan in an outlook; closures are shares of 1."""

    plan: str
    outlook: str
    probability: float
    closure: float
    best: float
    regret: float
    regret_at_most: float


@dataclass(frozen=True)
class PlanRow:
    """A plan over all outlooks; closures and differences are shares of 1.

    ``expected_gain`` and ``regret_spared`` say what the common plan is worth against this one: how much more
    it is expected to close, and by how much its worst regret is smaller.
    """

    plan: str
    status: str
    cost_kzt: int
    expected_closure: float
    worst_regret: float
    worst_regret_at_most: float
    expected_gain: float
    regret_spared: float


@dataclass(frozen=True)
class Scenarios:
    """Plans by outlooks, the common plan first; ``cells``, ``rows`` and DataFrames of both.

    Attributes
    ----------
    risk : float
        The weight of the worst regret in the common plan.
    plans : tuple of PlanInOutlooks
        The common plan, that of today's shares, that of the average outlook, then those of one outlook each.
    """

    risk: float
    plans: tuple[PlanInOutlooks, ...]

    def __repr__(self) -> str:
        common = self.common.closures
        outlooks = len(common.rows)
        expected, regret = 100 * common.expected_after, 100 * (common.worst_regret or 0.0)
        return (
            f"<Scenarios {len(self.plans)} plans × {outlooks} outlooks, risk {self.risk:g}: common plan "
            f"{expected:.1f} % expected, worst regret {regret:.1f} points>"
        )

    def _repr_html_(self) -> str:
        return notebook_html(self, self.frame)

    @property
    def common(self) -> PlanInOutlooks:
        """The plan made for all outlooks."""
        return self.plans[0]

    @cached_property
    def cells(self) -> tuple[CellRow, ...]:
        """A row a plan and outlook."""
        return tuple(_cell(one.name, row) for one in self.plans for row in one.closures.rows)

    @cached_property
    def rows(self) -> tuple[PlanRow, ...]:
        """A row a plan."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[PlanRow]:
        common = self.common.closures
        for one in self.plans:
            found = one.closures
            yield PlanRow(
                one.name,
                one.status.value,
                one.cost_kzt,
                found.expected_after,
                _known(found.worst_regret),
                _known(found.worst_regret_at_most),
                round(common.expected_after - found.expected_after, 9),
                round(_known(found.worst_regret) - _known(common.worst_regret), 9),
            )

    @property
    def frame(self) -> pd.DataFrame:
        """The plans as a DataFrame, a row a plan."""
        return _frame(self.rows, PlanRow)

    @property
    def closures(self) -> pd.DataFrame:
        """A row a plan and outlook."""
        return _frame(self.cells, CellRow)

    def to_data(self) -> Mapping[str, Any]:
        """Return everything as plain data, ready for JSON."""
        return {
            "schema": SCENARIOS_SCHEMA,
            "risk": self.risk,
            "plans": [vars(row) for row in self.rows],
            "closures": [vars(row) for row in self.cells],
        }


def _known(regret: float | None) -> float:
    assert regret is not None  # the best of each outlook is known here
    return regret


def _cell(plan: str, row: OutlookClosure) -> CellRow:
    regret = row.regret
    assert regret is not None
    return CellRow(plan, row.outlook, row.probability, row.after, regret.best, regret.least, regret.most)


def _frame(rows: tuple[Any, ...], kind: Any) -> pd.DataFrame:
    names = [field.name for field in fields(kind)]
    return frame_of(([getattr(row, name) for name in names] for row in rows), *names)
