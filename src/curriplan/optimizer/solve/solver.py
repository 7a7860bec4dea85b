"""Calling a solver: what it claims is believed only where its own figures prove it.

A time limit or Ctrl-C may leave a solver that reports success without any solution, so HiGHS is
asked for `primal_solution_status` and CBC for the solution file alone.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp
from pulp.apis import coin_api

from curriplan.base.interrupts import Keeper
from curriplan.texts.words import Phrase

FEASIBLE_POINT = 2
"""HiGHS's kSolutionStatusFeasible."""
AGGREGATOR = 1 << 12
"""A rule of HiGHS's presolve, by its bit in ``presolve_rule_off``.

With it HiGHS 1.15.1 loses optima of small models with split sub-groups, and calls feasible models
infeasible; without it, or without presolve, or with CBC, it does not.
"""

_STATUSES = highspy.HighsModelStatus
FAILURES = {
    _STATUSES.kMemoryLimit: Phrase("solver.memory"),
    _STATUSES.kLoadError: Phrase("solver.model"),
    _STATUSES.kModelError: Phrase("solver.model"),
    _STATUSES.kPresolveError: Phrase("solver.numbers"),
    _STATUSES.kSolveError: Phrase("solver.numbers"),
    _STATUSES.kPostsolveError: Phrase("solver.numbers"),
    _STATUSES.kUnbounded: Phrase("solver.unbounded"),
}
"""What a status of HiGHS means for people."""
UNKNOWN = Phrase("solver.unknown")

LEAST_LOOK_S = 0.5
"""And this long even where the time is up."""
SECOND_LOOK_S = 20.0
"""Seconds at most to look for a plan again where HiGHS has called a model infeasible."""


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
    """What the solver says, for logs."""
    reason: Phrase = UNKNOWN
    """Why it failed, for people."""


@dataclass
class Interrupt:
    """Whether Ctrl-C was pressed; set by the signal handler, read by the solver's callback."""

    pressed: bool = False


@dataclass(frozen=True)
class _Catcher:
    """A handler of SIGINT, and the one that it stands in for."""

    interrupt: Interrupt
    outer: _Catcher | None

    def __call__(self, _signal: int, _frame: object) -> None:
        self.interrupt.pressed = True
        if self.outer is not None:
            self.outer(_signal, _frame)


@contextlib.contextmanager
def catch_interrupt() -> Iterator[Interrupt]:
    """Turn Ctrl-C into a flag while solving, so that the best plan so far survives.

    Within another one, that one's flag is set as well: a series of solves ends with the one it stops.
    Where that one's is set already, so is this one's: what follows it ends as soon as it can. So is it in a
    command that was stopped.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    before = signal.getsignal(signal.SIGINT)
    outer = before if isinstance(before, _Catcher) else None
    keeper = before if isinstance(before, Keeper) else None
    if outer is not None:
        interrupt.pressed = outer.interrupt.pressed
    elif keeper is not None:
        interrupt.pressed = keeper.is_stopped
        keeper.search_began()
    handler = _Catcher(interrupt, outer)
    signal.signal(signal.SIGINT, handler)
    try:
        yield interrupt
    finally:
        if keeper is not None:
            keeper.search_ended(is_stopped=interrupt.pressed)
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True)
class SolveOptions:
    """How far and how long to solve: relative gap, seconds, Ctrl-C flag, known solution, presolve."""

    gap: float
    time_limit_s: float
    interrupt: Interrupt
    start: dict[str, float] | None = None
    watch: Callable[[float | None, float | None], None] | None = None
    """Called now and then with the scaled (best value, bound)."""
    presolve: bool = True
    is_near: bool = False
    """Whether the known solution is likely near the best: then RENS (decision 23) does not pay."""


class SilentHighs(highspy.Highs):
    """HiGHS that never prints: 1.16 prints its name when callbacks are enabled, before any option is set."""

    def enableCallbacks(self) -> None:  # noqa: N802 - highspy's name
        """Switch the output off first."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


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
            presolve_rule_off=AGGREGATOR,
            presolve="on" if options.presolve else "off",
            mip_allow_restart=False,  # decision 23: half the time, and less, of hard stages
            mip_heuristic_run_rens=not options.is_near,
        )
        self.wanted = options

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        lp.solverModel = SilentHighs()  # type: ignore[no-untyped-call]
        options = {
            "mip_rel_gap": self.gapRel,
            "mip_abs_gap": self.gapAbs,
            "threads": self.threads,
            "time_limit": float(self.timeLimit),
            **self.optionsDict,
        }
        for name, value in options.items():
            lp.solverModel.setOptionValue(name, value)
        lp.solverModel.cbMipInterrupt += self._stop_if_pressed

    def _stop_if_pressed(self, event: Any) -> None:
        if self.wanted.watch is not None:
            data = event.data_out
            self.wanted.watch(data.mip_primal_bound, data.mip_dual_bound)
        if self.wanted.interrupt.pressed:
            event.interrupt()

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        known = self.wanted.start
        start = None if known is None else [known.get(variable.name, 0.0) for variable in lp.variables()]
        run_highs(lp.solverModel, start)


def run_highs(highs: Any, start: Sequence[float] | None = None) -> None:
    """Run HiGHS from a plan that is known, if any; its values are worth what it says, or it is asked anew.

    HiGHS 1.16.0 may find the optimum and hand back the start under its value.
    """
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        highs.setSolution(solution)
    if highs.run() == highspy.HighsStatus.kError:
        # Somebody else in this process has used HiGHS with another number of threads.
        highs.resetGlobalScheduler(True)
        highs.run()
    if start is not None and not _is_worth_what_it_says(highs):
        highs.clearSolver()
        highs.run()


def _is_worth_what_it_says(highs: Any) -> bool:
    info, lp = highs.getInfo(), highs.getLp()
    if info.primal_solution_status != FEASIBLE_POINT:
        return True
    worth = lp.offset_ + float(np.dot(lp.col_cost_, highs.getSolution().col_value))
    return math.isclose(worth, info.objective_function_value, rel_tol=1e-6, abs_tol=1e-6)


def loaded_highs(lp: pulp.LpProblem, interrupt: Interrupt, *, is_near: bool = False) -> Any:
    """Return HiGHS with a problem in it, set as for every solve, to be changed and run again and again."""
    solver = _Highs(SolveOptions(0.0, highspy.kHighsInf, interrupt, is_near=is_near))
    solver.createAndConfigureSolver(lp)
    solver.buildSolverModel(lp)
    return lp.solverModel


def solve_with_highs(lp: pulp.LpProblem, options: SolveOptions) -> Solved:
    """Solve with HiGHS on one thread (a fixed thread count keeps runs reproducible)."""
    started = time.monotonic()
    lp.solve(_Highs(options))
    left_s = options.time_limit_s - (time.monotonic() - started)
    highs = lp.solverModel
    status, info = highs.getModelStatus(), highs.getInfo()
    word = highs.modelStatusToString(status)
    has_plan = info.primal_solution_status == FEASIBLE_POINT
    values = {variable.name: float(variable.varValue) for variable in lp.variables()} if has_plan else {}
    bound = info.mip_dual_bound if info.mip_node_count >= 0 else info.objective_function_value
    known = None if abs(bound) == highspy.kHighsInf else float(bound)
    if status in (_STATUSES.kInfeasible, _STATUSES.kUnboundedOrInfeasible):
        return _asked_again(lp, options, left_s) if options.presolve else Solved(Outcome.INFEASIBLE)
    if has_plan and status == _STATUSES.kOptimal:
        return Solved(Outcome.OPTIMAL, known, values)
    if status in (_STATUSES.kTimeLimit, _STATUSES.kInterrupt, _STATUSES.kIterationLimit):
        outcome = Outcome.STOPPED_WITH_PLAN if has_plan else Outcome.STOPPED
        return Solved(outcome, known if has_plan else None, values, word)
    if status == _STATUSES.kModelEmpty:
        return Solved(Outcome.OPTIMAL, 0.0, {})
    return Solved(Outcome.FAILED, message=word, reason=FAILURES.get(status, UNKNOWN))


def _asked_again(lp: pulp.LpProblem, options: SolveOptions, left_s: float) -> Solved:
    """Believe "infeasible" only if a solve without presolve finds no plan either: see `AGGREGATOR`."""
    seconds = min(SECOND_LOOK_S, max(LEAST_LOOK_S, left_s))
    again = solve_with_highs(lp, replace(options, presolve=False, time_limit_s=seconds))
    return again if again.values else Solved(Outcome.INFEASIBLE)


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
            return Solved(outcome, message=str(error), reason=Phrase("solver.not_run"))
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
