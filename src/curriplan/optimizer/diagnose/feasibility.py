"""Is there any plan within these demands? One model in HiGHS, its rows switched on and off.

The model is built once; each question only opens the bounds of the rows that it leaves out, so that
hundreds of questions are cheap. A question that the linear relaxation already answers with no comes
with the demands that prove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import highspy

from curriplan.optimizer.model.variables import Entity, PlanModel
from curriplan.optimizer.solve.session import INFINITE, HighsSession, SilentHighs
from curriplan.optimizer.solve.solver import Outcome, SolveOptions, run_highs, solve_with_highs
from curriplan.optimizer.solve.watch import Watch

ANSWER_LIMIT_S = 30.0
"""One question takes no longer than this; without an answer it stays open."""
ANSWER_SHARE = 0.3
"""Nor does it take more than this share of the time that is left, so that others can be asked."""
LEAST_ANSWER_S = 5.0
"""So much a question may take in any case, while there is time at all."""
RAY_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Answer:
    """Whether a plan exists, None where nobody knows.

    Parameters
    ----------
    values : dict
        The plan's values by variable name, where there is one.
    core : frozenset of Entity or None
        Of the demands asked about, some that clash already; None where no smaller set is known.
    slacks : tuple of float
        How far each amount had to give way.
    is_least : bool
        Whether these are proven to be the least amounts.
    """

    feasible: bool | None
    values: dict[str, float] = field(default_factory=dict)
    core: frozenset[Entity] | None = None
    slacks: tuple[float, ...] = ()
    is_least: bool = True


@dataclass(frozen=True)
class Amount:
    """How far a number gives way.

    Parameters
    ----------
    rates : mapping
        By how much the limit of a demand's rows moves with one unit of it.
    below_zero : bool
        Whether it may be negative, to find how much room there is.
    most : float
        How far it may give way.
    """

    rates: Mapping[Entity, float]
    weight: float = 1.0
    below_zero: bool = False
    most: float = INFINITE


class Feasibility:
    """Questions about one model.

    Parameters
    ----------
    model : PlanModel
        A relaxed model: every demand is a row, or several, with an entity.
    watch : Watch
        When to stop.
    """

    def __init__(self, model: PlanModel, watch: Watch) -> None:
        self.watch = watch
        self.names = [variable.name for variable in model.lp.variables()]
        self.rows: dict[Entity, list[int]] = {}
        for index, constraint in enumerate(model.lp.constraints()):
            entity = model.entities.get(constraint.name)
            if entity is not None:
                self.rows.setdefault(entity, []).append(index)
        self._session = HighsSession.of(model.lp)
        self._whole = self._session.highs
        self._linear: Any = SilentHighs()  # type: ignore[no-untyped-call]
        self._linear.setOptionValue("threads", 1)  # HiGHS has one pool of threads a process
        self._linear.passModel(self._whole.getModel())
        columns = len(self.names)
        continuous: Any = [highspy.HighsVarType.kContinuous] * columns
        self._linear.changeColsIntegrality(columns, list(range(columns)), continuous)
        lp = self._whole.getLp()
        self._bounds = list(zip(lp.row_lower_, lp.row_upper_, strict=True))
        self._open: set[Entity] = set()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Every demand, in the order of the model's rows."""
        return tuple(self.rows)

    def ask(self, entities: Iterable[Entity], start: Mapping[str, float] | None = None) -> Answer:
        """Say whether some plan keeps these demands, whatever becomes of the others.

        `start` holds the values of a plan that may do.
        """
        wanted = frozenset(entities)
        self._open_all_but(wanted)
        core = self._linear_core(wanted)
        if core is not None:
            return Answer(False, core=core)
        return self._solve_whole(start=start)

    def least_slack(self, entities: Iterable[Entity], amounts: Sequence[Amount]) -> Answer:
        """Find the least amounts by which some demands must give way for `entities` to hold.

        Parameters
        ----------
        entities : iterable of Entity
            The demands that hold as they stand.
        amounts : sequence of Amount
            What gives way; the sum of weight times amount is least.
        """
        moved = (entity for amount in amounts for entity in amount.rates)
        self._open_all_but(frozenset(entities).union(moved))
        first = len(self.names)
        # A weight below the solver's tolerances would count as none: the least one is 1.
        least_weight = min((amount.weight for amount in amounts if amount.weight > 0), default=1.0)
        for amount in amounts:
            self._add_amount(replace(amount, weight=amount.weight / least_weight))
        answer = self._solve_whole(gap=1e-8)
        if amounts:
            self._whole.deleteCols(len(amounts), list(range(first, first + len(amounts))))
        return answer

    def _add_amount(self, amount: Amount) -> None:
        rows, coefficients = [], []
        for entity, rate in amount.rates.items():
            for row in self.rows.get(entity, ()):
                rows.append(row)
                coefficients.append(rate if self._bounds[row][0] > -INFINITE else -rate)
        least = -INFINITE if amount.below_zero else 0.0
        self._whole.addCol(amount.weight, least, amount.most, len(rows), rows, coefficients)

    def _open_all_but(self, wanted: frozenset[Entity]) -> None:
        for entity, rows in self.rows.items():
            if (entity in wanted) is (entity in self._open):
                for row in rows:
                    lower, upper = self._bounds[row] if entity in wanted else (-INFINITE, INFINITE)
                    self._whole.changeRowBounds(row, lower, upper)
                    self._linear.changeRowBounds(row, lower, upper)
                self._open ^= {entity}

    def _linear_core(self, wanted: frozenset[Entity]) -> frozenset[Entity] | None:
        """Return the demands that no fractional plan keeps together, None where one does.

        HiGHS finds a proof among all demands slowly (seconds on the bundled college, without presolve): so
        it is asked for one among those that the least giving way hangs on, which clash as well.
        """
        if self._linear_status() != highspy.HighsModelStatus.kInfeasible:
            return None
        fewer = self._giving_way(wanted)
        self._open_all_but(fewer)
        if self._linear_status() != highspy.HighsModelStatus.kInfeasible:
            fewer = wanted  # a dual value too small to count was needed after all
            self._open_all_but(wanted)
            self._linear_status()
        _, found, ray = self._linear.getDualRay()
        return self._weighed(fewer, ray) if found else fewer

    def _linear_status(self) -> Any:
        solver = self._linear
        solver.setOptionValue("time_limit", self._limit_s)
        solver.clearSolver()
        run_highs(solver)
        return solver.getModelStatus()

    def _giving_way(self, wanted: frozenset[Entity]) -> frozenset[Entity]:
        """Return those of the demands that hold back a fractional plan that breaks all of them the least.

        Their dual values prove that without any give they cannot be kept; all are returned where that is
        not known in time.
        """
        solver, first = self._linear, len(self.names)
        ends = [
            (row, sign)
            for row in sorted(row for entity in wanted for row in self.rows[entity])
            for sign, end in zip((1.0, -1.0), self._bounds[row], strict=True)
            if abs(end) < INFINITE
        ]
        count = len(ends)
        rows, signs = [row for row, _ in ends], [sign for _, sign in ends]
        most = [INFINITE] * count
        solver.addCols(count, [1.0] * count, [0.0] * count, most, count, list(range(count)), rows, signs)
        is_known = self._linear_status() == highspy.HighsModelStatus.kOptimal
        found = self._weighed(wanted, solver.getSolution().row_dual) if is_known else wanted
        solver.deleteCols(count, list(range(first, first + count)))
        return found

    def _weighed(self, wanted: frozenset[Entity], weights: Sequence[float]) -> frozenset[Entity]:
        """Return the demands one of whose rows has a weight in a proof."""
        return frozenset(
            entity for entity in wanted if any(abs(weights[row]) > RAY_TOLERANCE for row in self.rows[entity])
        )

    @property
    def _limit_s(self) -> float:
        """How long one question may take."""
        left = self.watch.left_s
        return min(ANSWER_LIMIT_S, left, max(LEAST_ANSWER_S, left * ANSWER_SHARE))

    def _solve_whole(self, gap: float = 0.0, start: Mapping[str, float] | None = None) -> Answer:
        known = [start.get(name, 0.0) for name in self.names] if start else None
        interrupt = self.watch.interrupt
        options = SolveOptions(gap, self._limit_s, interrupt, known, self._is_over, looks_twice=False)
        solved = solve_with_highs(self._session, options)
        if solved.outcome is Outcome.INFEASIBLE:
            return Answer(False)
        if not solved.values:
            return Answer(None)
        values = dict(zip(self.names, solved.values, strict=False))
        is_least = solved.outcome is Outcome.OPTIMAL
        return Answer(True, values, slacks=solved.values[len(self.names) :], is_least=is_least)

    def _is_over(self, _value: float, _bound: float) -> bool:
        return self.watch.is_over
