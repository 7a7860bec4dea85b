"""One programme of a plan, planned anew while the others stay as they are: a model a fifth of the whole.

What the others take, reach and use is put in as numbers; rows without any column left are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from curriplan.optimizer.explain.live import Bounds, Columns, LiveModel, Point, QuestionChange
from curriplan.optimizer.explain.resolver import Resolver
from curriplan.optimizer.solve.session import HighsSession, SilentHighs


class Nearby(LiveModel):
    """One programme, beside the others as a plan has them.

    Parameters
    ----------
    whole : Resolver
        The model of all programmes.
    plan : Point
        A plan of it, with the solver's values.
    """

    def __init__(self, whole: Resolver, programme: str, plan: Point) -> None:
        self.whole = whole
        others = [at for name, found in whole.columns_of.items() if name != programme for at in found]
        is_free = np.ones(len(whole.column_bounds), dtype=bool)
        is_free[others] = False
        given = np.array(plan.values)
        self._values = np.where(whole.is_integer, np.round(given), given)
        self._free = np.flatnonzero(is_free)
        self._column = {int(at): place for place, at in enumerate(self._free)}
        rows, fixed = self._rows(is_free)
        self._row = {int(at): place for place, at in enumerate(rows)}
        columns = [whole.column_bounds[int(at)] for at in self._free]
        less = [(whole.row_bounds[int(at)], float(fixed[at])) for at in rows]
        bounds = [(lower - one, upper - one) for (lower, upper), one in less]
        session = HighsSession(self._loaded(columns, bounds))
        session.costs = {name: self._costs(one) for name, one in whole.costs.items()}
        super().__init__(session, (columns, bounds), whole.watch, whole.gap)

    def _rows(self, is_free: npt.NDArray[np.bool_]) -> tuple[Any, Any]:
        """Return the rows that have a free column, and of each row what the others put into it."""
        start, index, value = self.whole.matrix
        count = len(start) - 1
        row_of = np.repeat(np.arange(count), np.diff(start))
        kept = is_free[index]
        fixed = np.bincount(row_of[~kept], weights=value[~kept] * self._values[index[~kept]], minlength=count)
        self._entries = row_of[kept], index[kept], value[kept]
        return np.flatnonzero(np.bincount(row_of[kept], minlength=count)), fixed

    def _loaded(self, columns: list[Bounds], rows: list[Bounds]) -> Any:
        """Return HiGHS with the rows and columns, set as that of the whole."""
        row_of, index, value = self._entries
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(columns), len(rows)
        lp.col_cost_ = np.zeros(len(columns))
        lp.col_lower_, lp.col_upper_ = np.array(columns).T
        lp.row_lower_, lp.row_upper_ = np.array(rows).reshape(-1, 2).T
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        lp.integrality_ = [kinds[bool(self.whole.is_integer[at])] for at in self._free]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        counts = np.bincount([self._row[int(at)] for at in row_of], minlength=len(rows))
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([self._column[int(at)] for at in index], dtype=np.int32)
        lp.a_matrix_.value_ = value
        highs = SilentHighs()  # type: ignore[no-untyped-call]
        highs.passOptions(self.whole.highs.getOptions())
        highs.passModel(lp)
        return highs

    def _costs(self, of_whole: Columns) -> Mapping[int, float]:
        """Return what is minimised; what the others cost stands on the column that is 1, as constants do."""
        one = self.whole.column["one"]
        found = {self._column[at]: cost for at, cost in of_whole.items() if at in self._column}
        fixed = sum(cost * self._values[at] for at, cost in of_whole.items() if at not in self._column)
        found[self._column[one]] = found.get(self._column[one], 0.0) + float(fixed)
        return found

    def point(self, values: Iterable[float]) -> Point:
        """Return the plan of all programmes."""
        whole = self._values.copy()
        whole[self._free] = list(values)
        return self.whole.point(whole.tolist())

    def values_of(self, start: Point) -> list[float]:
        """Return the values of a plan in the columns of this programme."""
        return [start.values[at] for at in self._free]

    def own(self, change: QuestionChange) -> QuestionChange:
        """Return a change of the whole in the rows and columns of this model; it must lie within them."""
        return QuestionChange(
            {self._column[at]: bounds for at, bounds in change.columns.items()},
            {self._row[at]: bounds for at, bounds in change.rows.items()},
            tuple(self._column[at] for at in change.force),
        )
