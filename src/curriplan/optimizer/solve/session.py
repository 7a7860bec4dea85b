"""A model at a solver: handed over once, then only what is sought, held and allowed changes.

The model is written with PuLP. HiGHS keeps it and is told of each change; CBC reads it anew for every solve,
from the PuLP problem in which the changes are made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import highspy
import pulp

INFINITE = highspy.kHighsInf
AGGREGATOR = 1 << 12
"""A rule of HiGHS's presolve, by its bit in ``presolve_rule_off``.

With it HiGHS 1.15.1 loses optima of small models with split sub-groups, and calls feasible models
infeasible; without it, or without presolve, or with CBC, it does not.
"""
OPTIONS = {
    "mip_abs_gap": 1e-9,
    "threads": 1,
    "mip_feasibility_tolerance": 1e-7,
    "primal_feasibility_tolerance": 1e-8,
    "presolve_rule_off": AGGREGATOR,
    "mip_allow_restart": False,  # decision 23: half the time, and less, of hard stages
}
"""How every solve with HiGHS is set."""

Bounds = tuple[float, float]
Columns = Mapping[int, float]
"""Coefficients by column."""


class Session(ABC):
    """Rows and columns at a solver, counted from 0, and the objectives that are sought in them.

    Attributes
    ----------
    costs : dict
        What is minimised, by objective and column, scaled.
    column_bounds : list
        Bounds of the columns as they are now.
    """

    def __init__(self, column_bounds: list[Bounds]) -> None:
        self.costs: dict[str, Columns] = {}
        self.column_bounds = column_bounds
        self._holding: dict[str, int] = {}

    def hold(self, name: str, limit: float) -> None:
        """Keep an objective at a limit, or at another one than until now: infinite where it is free."""
        if name in self._holding:
            self.change_rows({self._holding[name]: (-INFINITE, limit)})
        else:
            self._holding[name] = self.add_row((-INFINITE, limit), self.costs[name])

    def change_columns(self, columns: Mapping[int, Bounds]) -> None:
        """Give columns other bounds."""
        for column, bounds in columns.items():
            self.column_bounds[column] = bounds
            self._change_column(column, bounds)

    @contextmanager
    def with_columns(self, columns: Mapping[int, Bounds]) -> Iterator[None]:
        """Give columns other bounds for a while."""
        before = {column: self.column_bounds[column] for column in columns}
        self.change_columns(columns)
        try:
            yield
        finally:
            self.change_columns(before)

    @abstractmethod
    def minimise(self, costs: Columns) -> None:
        """Seek the least Σ cost · column from now on."""

    @abstractmethod
    def add_row(self, bounds: Bounds, coefficients: Columns) -> int:
        """Add a row and return where it is."""

    @abstractmethod
    def change_rows(self, rows: Mapping[int, Bounds]) -> None:
        """Give rows other bounds."""

    @abstractmethod
    def _change_column(self, column: int, bounds: Bounds) -> None: ...


class SilentHighs(highspy.Highs):
    """HiGHS that never prints: 1.16 prints its name when callbacks are enabled, before any option is set."""

    def enableCallbacks(self) -> None:  # noqa: N802 - highspy's name
        """Switch the output off first."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class HighsSession(Session):
    """A model that stays in HiGHS.

    Parameters
    ----------
    highs : highspy.Highs
        The model in it, with every option set.
    """

    def __init__(self, highs: Any) -> None:
        lp = highs.getLp()
        super().__init__(list(zip(lp.col_lower_, lp.col_upper_, strict=True)))
        self.highs = highs
        self.is_enough: Callable[[float, float], bool] = lambda _value, _bound: False
        """Asked now and then with the scaled best value and bound: whether to stop there."""
        highs.cbMipInterrupt += self._look

    @classmethod
    def of(cls, problem: pulp.LpProblem) -> HighsSession:
        """Hand a PuLP problem over."""
        if problem.objective is None:
            problem.setObjective(pulp.LpAffineExpression())
        problem.solverModel = SilentHighs()  # type: ignore[no-untyped-call]
        for name, value in OPTIONS.items():
            problem.solverModel.setOptionValue(name, value)
        pulp.HiGHS(msg=False).buildSolverModel(problem)
        return cls(problem.solverModel)

    def minimise(self, costs: Columns) -> None:
        """Seek the least Σ cost · column from now on."""
        count = self.highs.getNumCol()
        self.highs.changeColsCost(count, list(range(count)), [costs.get(at, 0.0) for at in range(count)])

    def add_row(self, bounds: Bounds, coefficients: Columns) -> int:
        """Add a row and return where it is."""
        at = int(self.highs.getNumRow())
        self.highs.addRow(*bounds, len(coefficients), list(coefficients), list(coefficients.values()))
        return at

    def change_rows(self, rows: Mapping[int, Bounds]) -> None:
        """Give rows other bounds."""
        for row, bounds in rows.items():
            self.highs.changeRowBounds(row, *bounds)

    @contextmanager
    def passing_rows(self) -> Iterator[None]:
        """Take away in the end the rows that are added meanwhile, with the objectives that they hold."""
        first, holding = int(self.highs.getNumRow()), dict(self._holding)
        try:
            yield
        finally:
            added = range(first, int(self.highs.getNumRow()))
            self.highs.deleteRows(len(added), list(added))
            self._holding = holding

    def _change_column(self, column: int, bounds: Bounds) -> None:
        self.highs.changeColBounds(column, *bounds)

    def _look(self, event: Any) -> None:
        data = event.data_out
        # HiGHS keeps the wish to stop from one solve to the next: it is taken back here.
        event.data_in.user_interrupt = self.is_enough(data.mip_primal_bound, data.mip_dual_bound)


class PulpSession(Session):
    """A model that is written out for every solve, as CBC needs it."""

    def __init__(self, problem: pulp.LpProblem) -> None:
        self.problem = problem
        self.variables = list(problem.variables())
        super().__init__([as_bounds(one.lowBound, one.upBound) for one in self.variables])
        self._rows = list(problem.constraints())

    def minimise(self, costs: Columns) -> None:
        """Seek the least Σ cost · column from now on."""
        # CBC does not read a column that stands nowhere.
        self.problem.setObjective(self._sum({**dict.fromkeys(range(len(self.variables)), 0.0), **costs}))

    def add_row(self, bounds: Bounds, coefficients: Columns) -> int:
        """Add a row and return where it is; one side of it is free, or both are the same."""
        lower, upper = bounds
        sense = pulp.LpConstraintLE if lower == -INFINITE else pulp.LpConstraintGE
        sense = pulp.LpConstraintEQ if lower == upper else sense
        limit = lower if upper == INFINITE else upper
        self._rows.append(pulp.LpConstraint(self._sum(coefficients), sense, None, limit))
        self.problem.addConstraint(self._rows[-1])
        return len(self._rows) - 1

    def change_rows(self, rows: Mapping[int, Bounds]) -> None:
        """Give rows another limit."""
        for row, (lower, upper) in rows.items():
            self._rows[row].constant = -(lower if upper == INFINITE else upper)

    def _change_column(self, column: int, bounds: Bounds) -> None:
        lower, upper = (None if abs(one) == INFINITE else one for one in bounds)
        self.variables[column].lowBound, self.variables[column].upBound = lower, upper

    def _sum(self, coefficients: Columns) -> pulp.LpAffineExpression:
        return pulp.LpAffineExpression({self.variables[at]: one for at, one in coefficients.items()})


def as_bounds(lower: float | None, upper: float | None) -> Bounds:
    """Return PuLP's bounds as numbers."""
    return (-INFINITE if lower is None else lower, INFINITE if upper is None else upper)
