"""One problem, planned anew after small changes: its model stays in HiGHS, changed and changed back."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

import highspy
import numpy as np
import pulp

from curriplan.evaluation.state import Basis
from curriplan.optimizer.explain.live import INFINITE, Key, LiveModel, Point, QuestionChange
from curriplan.optimizer.model.variables import PlanModel
from curriplan.optimizer.rules import RULES
from curriplan.optimizer.rules.objectives import OBJECTIVES
from curriplan.optimizer.solve.lexicographic import HELD_SLACK, WholePlans
from curriplan.optimizer.solve.session import Columns, HighsSession, as_bounds
from curriplan.optimizer.solve.solver import Outcome, Solved, solve_with_highs
from curriplan.optimizer.solve.stages import build_model
from curriplan.optimizer.solve.watch import Watch
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.problem import Problem


class Resolver(LiveModel):
    """One problem, planned anew as often as it takes."""

    def __init__(self, problem: Problem, objectives: Sequence[ObjectiveChoice], watch: Watch) -> None:
        self.problem = problem
        self.objectives = tuple(objectives)
        self.model = sought_model(problem, objectives)
        whole = WholePlans(self.model, [choice.name for choice in objectives])
        self._whole, self.column = whole, whole.column
        session = whole.session
        assert isinstance(session, HighsSession)
        lp = session.highs.getLp()
        bounds = tuple(
            list(zip(lower, upper, strict=True))
            for lower, upper in ((lp.col_lower_, lp.col_upper_), (lp.row_lower_, lp.row_upper_))
        )
        self.matrix = _matrix(lp)
        """Start of each row, columns and coefficients."""
        self.is_integer = np.array([one == highspy.HighsVarType.kInteger for one in lp.integrality_])
        # Losses are differences of two closures: a fifth of the plan's gap lets them be told from none.
        gap = problem.limits.settings.gap / 5
        super().__init__(session, (bounds[0], bounds[1]), watch, gap)

    @property
    def basis(self) -> Basis:
        """What every plan is measured against."""
        return self._whole.basis

    @cached_property
    def starts(self) -> dict[Key, dict[int, int]]:
        """Columns of x by (programme, module) and term."""
        found: dict[Key, dict[int, int]] = {}
        for (programme, module, term), variable in self.model.start.items():
            found.setdefault((programme, module), {})[term] = self.column[variable.name]
        return found

    @cached_property
    def columns_of(self) -> dict[str, list[int]]:
        """Columns that say what a programme takes, reaches and uses; money and set-up are nobody's."""
        model = self.model
        families: tuple[Mapping[Any, pulp.LpVariable], ...] = (
            model.start,
            model.content,
            model.reach,
            model.site,
            model.split,
        )
        owned = [(key[0], variable) for family in families for key, variable in family.items()]
        found: dict[str, list[int]] = {name: [] for name in self.problem.limits.planned}
        for name, variable in [*owned, *model.shortfall.items()]:
            if variable.name in self.column:  # a variable in no row and no objective is not handed on
                found[name].append(self.column[variable.name])
        return found

    @cached_property
    def _constraints(self) -> list[pulp.LpConstraint]:
        return list(self.model.lp.constraints())

    @cached_property
    def _kept_entries(self) -> list[dict[str, float]]:
        return [_entries(row) for row in self._constraints]

    @cached_property
    def row_at(self) -> dict[str, int]:
        """Rows by their names."""
        return {row.name: at for at, row in enumerate(self._constraints)}

    @cached_property
    def mandatory_rows(self) -> dict[frozenset[int], list[int]]:
        """Rows Σ x = 1 by their columns: those that make a module mandatory."""
        found: dict[frozenset[int], list[int]] = {}
        for row, (lower, upper) in enumerate(self.row_bounds):
            if lower == upper == 1.0:
                _, columns, coefficients = self.highs.getRowEntries(row)
                if all(coefficient == 1.0 for coefficient in coefficients):
                    found.setdefault(frozenset(int(one) for one in columns), []).append(row)
        return found

    def without(self, key: Key) -> QuestionChange:
        """Return the change that forbids a module to a programme, mandatory or not."""
        columns = self.starts.get(key, {}).values()
        taken = self.model.content.get(key)
        own = columns if taken is None else [self.column[taken.name]]
        rows = self.mandatory_rows.get(frozenset(own), ())
        return QuestionChange(dict.fromkeys(columns, (0.0, 0.0)), dict.fromkeys(rows, (0.0, 1.0)))

    def within(self, key: Key) -> QuestionChange:
        """Return the change that makes a module mandatory in a programme."""
        return QuestionChange(force=tuple(self.starts[key].values()))

    def point(self, values: Iterable[float]) -> Point:
        """Round values to decisions and measure them."""
        return self._whole.point(values)

    def changed_by(self, problem: Problem, rules: Collection[str]) -> QuestionChange | None:
        """Return the bounds in which a changed problem differs, None where more does.

        Parameters
        ----------
        problem : Problem
            The problem with a limit changed.
        rules : collection of str
            The rules (``§6``) that speak of this limit: only they are written anew.
        """
        if self.model.responses:
            return None  # limits stand in what is left when partners leave (§16) too
        other = build_model(problem, frozenset(rule for rule, _ in RULES if rule not in rules))
        for choice in self.objectives:
            OBJECTIVES[choice.name].define(other)  # the least total stands in the rows of `peak` too
        kept = self.model
        written = {*rules, *(name for name in kept.counts if not name.startswith("§"))}
        families = ["start", "content", "reach", "site", "split"]
        families += ["pay", "overdraft", "opened_by"] if "§10" in rules else []
        same = all(getattr(other, name).keys() == getattr(kept, name).keys() for name in families)
        if not same or any(other.counts.get(rule) != kept.counts.get(rule) for rule in written):
            return None
        columns = {}
        for variable in other.lp.variables():
            at, bounds = self.column.get(variable.name), as_bounds(variable.lowBound, variable.upBound)
            if at is None:
                return None
            if bounds != self.column_bounds[at]:
                columns[at] = bounds
        rows = {}
        for row in other.lp.constraints():
            at = self.row_at.get(row.name)
            if at is None or _entries(row) != self._kept_entries[at]:
                return None
            bounds = as_bounds(row.getLb(), row.getUb())
            if bounds != self.row_bounds[at]:
                rows[at] = bounds
        return QuestionChange(columns, rows)

    def least_slack(
        self,
        rates: Mapping[int, float],
        farthest: float,
        closure: float,
        known: Mapping[str, float],
        limit_s: float,
    ) -> tuple[float | None, bool]:
        """Find how far a limit must give way at least for a closure.

        Parameters
        ----------
        rates : mapping
            By how much each row gives way with one unit of it.
        farthest : float
            How far it is moved at most.
        closure : float
            What is wanted.
        known : mapping
            Worst values that the objectives before closure may have.

        Returns
        -------
        tuple of (float or None, bool)
            The units, None where no plan reaches it or none was found; and whether that is proven.
        """
        signs = {row: -1.0 if self.row_bounds[row][1] < INFINITE else 1.0 for row in rates}
        entries = {row: signs[row] * rate for row, rate in rates.items()}
        with self._with_columns([entries], farthest) as (column,), self._kept({"closure": closure, **known}):
            solved = self._sought({column: 1.0}, limit_s)
        proven = solved.outcome in (Outcome.OPTIMAL, Outcome.INFEASIBLE)
        return (solved.values[column] if solved.values else None), proven

    def helpful(
        self, changes: Sequence[Columns], closure: float, known: Mapping[str, float], limit_s: float
    ) -> tuple[int | None, bool]:
        """Find one of some changes with which a plan reaches a closure, none or one of them being made.

        Parameters
        ----------
        changes : sequence of mapping
            What each adds to rows, see `added`.
        closure, known
            As of `least_slack`.

        Returns
        -------
        tuple of (int or None, bool)
            Its place; None where there is none or none was found; and whether that is proven.
        """
        objective = OBJECTIVES["closure"]
        target = objective.sense * closure * objective.scale
        with self._with_columns(changes) as columns, self._kept({"closure": closure, **known}):
            one = self.session.add_row((-INFINITE, 1.0), dict.fromkeys(columns, 1.0))
            try:
                solved = self._sought(self.costs["closure"], limit_s, target)
            finally:
                self.highs.deleteRows(1, [one])
        made = [at for at, column in enumerate(columns) if solved.values and solved.values[column] > 0.5]
        return (made[0], True) if made else (None, solved.outcome is Outcome.INFEASIBLE)

    def added(self, change: QuestionChange) -> Columns | None:
        """Return what a column that is 1 must add to rows to change their bounds, None where none can."""
        added = {}
        for row, bounds in change.rows.items():
            pairs = zip(self.row_bounds[row], bounds, strict=True)
            moves = {old - new for old, new in pairs if old != new or abs(old) < INFINITE}
            if len(moves) != 1 or INFINITE in map(abs, moves):
                return None
            added[row] = moves.pop()
        return None if change.columns or change.force else added

    @contextmanager
    def _with_columns(self, entries: Sequence[Columns], most: float | None = None) -> Iterator[list[int]]:
        """Add columns by what they add to rows, for a while: from 0 to `most`, or 0 or 1."""
        first = self.highs.getNumCol()
        for rows in entries:
            self.highs.addCol(0.0, 0.0, most or 1.0, len(rows), list(rows), list(rows.values()))
        columns = list(range(first, first + len(entries)))
        if most is None:
            for column in columns:
                self.highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        try:
            yield columns
        finally:
            self.highs.deleteCols(len(columns), columns)

    @contextmanager
    def _kept(self, limits: Mapping[str, float]) -> Iterator[None]:
        """Hold objectives at these values for a while; all but closure with the solver's slack."""
        for name, value in limits.items():
            objective = OBJECTIVES[name]
            most = objective.sense * value * objective.scale
            self.session.hold(name, most + (HELD_SLACK * abs(most) if name != "closure" else 0.0))
        try:
            yield
        finally:
            self._release(limits)

    def _sought(self, costs: Columns, limit_s: float, target: float = -INFINITE) -> Solved:
        """Minimise Σ cost · column, down to a target at most."""
        self.session.minimise(costs)
        watch = Watch(time.monotonic() + limit_s, self.watch.interrupt)
        return solve_with_highs(self.session, replace(self.options(watch), target=target))


def _matrix(lp: Any) -> tuple[Any, ...]:
    """Return the coefficients row by row, as PuLP hands them on."""
    matrix = lp.a_matrix_
    assert matrix.format_ == highspy.MatrixFormat.kRowwise
    return tuple(np.array(one) for one in (matrix.start_, matrix.index_, matrix.value_))


def sought_model(problem: Problem, objectives: Iterable[ObjectiveChoice]) -> PlanModel:
    """Return the model of a problem, with the rows that these objectives need."""
    model = build_model(problem)
    for choice in objectives:
        OBJECTIVES[choice.name].define(model)
    return model


def _entries(row: pulp.LpConstraint) -> dict[str, float]:
    return {variable.name: coefficient for variable, coefficient in row.items()}
