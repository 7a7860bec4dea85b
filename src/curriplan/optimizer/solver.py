"""Calling a solver: what it claims is believed only where its own figures prove it.

A time limit or Ctrl-C may leave a solver that reports success without any solution, so HiGHS is
asked for `primal_solution_status` and CBC for the solution file alone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import highspy
import pulp
from pulp.apis import coin_api

FEASIBLE_POINT = 2
"""HiGHS's kSolutionStatusFeasible."""


class Outcome(Enum):
    """What a solve came to."""

    OPTIMAL = "optimal"
    STOPPED_WITH_PLAN = "stopped with a plan"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


@dataclass(frozen=True)
class Solved:
    """The outcome of one solve, the bound in the scaled objective, and the values by name."""

    outcome: Outcome
    bound: float | None = None
    values: dict[str, float] = field(default_factory=dict)
    message: str = ""


@dataclass
class Interrupt:
    """Whether Ctrl-C was pressed; set by the signal handler, read by the solver's callback."""

    pressed: bool = False


@contextlib.contextmanager
def catch_interrupt() -> Iterator[Interrupt]:
    """Turn Ctrl-C into a flag while solving, so that the best plan so far survives."""
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before = signal.getsignal(signal.SIGINT)

    def handler(_signal: int, _frame: object) -> None:
        interrupt.pressed = True

    signal.signal(signal.SIGINT, handler)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True)
class SolveOptions:
    """How far and how long to solve: relative gap, seconds, Ctrl-C flag, known solution."""

    gap: float
    time_limit_s: float
    interrupt: Interrupt
    start: dict[str, float] | None = None
    watch: Callable[[float | None, float | None], None] | None = None
    """Called now and then with the scaled (best value, bound)."""


class _Highs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS with a starting solution, which PuLP silently ignores."""

    def __init__(self, options: SolveOptions) -> None:
        super().__init__(
            msg=False,
            gapRel=options.gap,
            gapAbs=1e-9,
            threads=1,
            timeLimit=options.time_limit_s,
            mip_feasibility_tolerance=1e-7,
            primal_feasibility_tolerance=1e-8,
        )
        self.wanted = options

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        super().createAndConfigureSolver(lp)
        lp.solverModel.cbMipInterrupt += self._stop_if_pressed

    def _stop_if_pressed(self, event: Any) -> None:
        if self.wanted.watch is not None:
            data = event.data_out
            self.wanted.watch(data.mip_primal_bound, data.mip_dual_bound)
        if self.wanted.interrupt.pressed:
            event.interrupt()

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        if self.wanted.start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = [self.wanted.start.get(v.name, 0.0) for v in lp.variables()]
            lp.solverModel.setSolution(solution)
        lp.solverModel.run()


def solve_with_highs(lp: pulp.LpProblem, options: SolveOptions) -> Solved:
    """Solve with HiGHS on one thread (a fixed thread count keeps runs reproducible)."""
    lp.solve(_Highs(options))
    highs = lp.solverModel
    status, info = highs.getModelStatus(), highs.getInfo()
    word = highs.modelStatusToString(status)
    has_plan = info.primal_solution_status == FEASIBLE_POINT
    values = {variable.name: float(variable.varValue) for variable in lp.variables()} if has_plan else {}
    bound = info.mip_dual_bound if info.mip_node_count >= 0 else info.objective_function_value
    known = None if abs(bound) == highspy.kHighsInf else float(bound)
    statuses = highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        return Solved(Outcome.INFEASIBLE)
    if has_plan and status == statuses.kOptimal:
        return Solved(Outcome.OPTIMAL, known, values)
    if status in (statuses.kTimeLimit, statuses.kInterrupt, statuses.kIterationLimit):
        outcome = Outcome.STOPPED_WITH_PLAN if has_plan else Outcome.STOPPED
        return Solved(outcome, known if has_plan else None, values, word)
    if status == statuses.kModelEmpty:
        return Solved(Outcome.OPTIMAL, 0.0, {})
    return Solved(Outcome.FAILED, message=word)


def solve_with_cbc(lp: pulp.LpProblem, options: SolveOptions) -> Solved:
    """Solve with the CBC that PuLP carries; its bound is never known."""
    path = str(coin_api.pulp_cbc_path)
    solver = pulp.COIN_CMD(
        path=path, msg=False, gapRel=options.gap, timeLimit=max(1.0, options.time_limit_s), threads=1
    )
    with _folder_without_spaces() as folder:
        solver.tmpDir = folder
        try:
            lp.solve(solver)
        except pulp.PulpSolverError as error:
            # Ctrl-C reaches CBC too, which may then leave without a solution file.
            outcome = Outcome.STOPPED if options.interrupt.pressed else Outcome.FAILED
            return Solved(outcome, message=str(error))
    if lp.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        values = {v.name: float(v.varValue or 0.0) for v in lp.variables()}
        proven = lp.sol_status == pulp.LpSolutionOptimal and not options.interrupt.pressed
        return Solved(Outcome.OPTIMAL if proven else Outcome.STOPPED_WITH_PLAN, None, values)
    if lp.status == pulp.LpStatusInfeasible:
        return Solved(Outcome.INFEASIBLE)
    return Solved(Outcome.STOPPED, message=str(pulp.LpStatus[lp.status]))


@contextlib.contextmanager
def _folder_without_spaces() -> Iterator[str]:
    """Give CBC a temporary folder: it splits its own command line at spaces."""
    with tempfile.TemporaryDirectory(prefix="curriplan-") as folder:
        if " " not in folder:
            yield folder
            return
    roots = [Path(os.environ.get("SYSTEMDRIVE", "") + os.sep), Path.cwd()]
    for root in roots:
        with contextlib.suppress(OSError), tempfile.TemporaryDirectory(dir=root) as folder:
            yield folder
            return
    raise pulp.PulpSolverError("CBC needs a temporary folder whose path has no space")


SOLVE: dict[str, Callable[[pulp.LpProblem, SolveOptions], Solved]] = {
    "highs": solve_with_highs,
    "cbc": solve_with_cbc,
}
"""The solvers by name."""
