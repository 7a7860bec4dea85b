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
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp
from pulp.apis import coin_api

from curriplan.base.cut_short import note_cut
from curriplan.base.interrupts import Keeper
from curriplan.optimizer.solve.session import INFINITE, HighsSession, PulpSession, Session
from curriplan.texts.words import Phrase

FEASIBLE_POINT = 2
"""HiGHS's kSolutionStatusFeasible."""

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
STOPS = (
    _STATUSES.kTimeLimit,
    _STATUSES.kInterrupt,
    _STATUSES.kIterationLimit,
    _STATUSES.kSolutionLimit,
)
"""What HiGHS calls a search that was cut short."""

MOST_NODES = highspy.kHighsIInf
"""Nodes of a search that no number of them ends."""
LEAST_LOOK_S = 0.5
"""A second look takes this long even where the time is up."""
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
    """The outcome of one solve, the bound in the scaled objective, and the values by column."""

    outcome: Outcome
    bound: float | None = None
    values: tuple[float, ...] = ()
    """Those of a plan; none where none was found."""
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
    """How far and how long to solve: relative gap, seconds, Ctrl-C flag, known solution by column."""

    gap: float
    time_limit_s: float
    interrupt: Interrupt
    start: Sequence[float] | None = None
    watch: Callable[[float, float], bool | None] | None = None
    """Called now and then with the scaled best value and bound; says whether to stop there."""
    is_near: bool = False
    """Whether the known solution is likely near the best: then RENS (decision 23) does not pay."""
    target: float = -INFINITE
    """A scaled value that need not be improved."""
    most_nodes: int | None = None
    """Nodes after which a search ends, where HiGHS makes it; None for as many as it takes."""
    looks_twice: bool = True
    """Whether "infeasible" is believed only of two looks (decision 13)."""

    def is_enough(self, value: float, bound: float) -> bool:
        """Tell who watches, and say whether to stop."""
        return bool(self.watch is not None and self.watch(value, bound)) or self.interrupt.pressed


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


def solve_with_highs(session: HighsSession, options: SolveOptions) -> Solved:
    """Solve with HiGHS on one thread (a fixed thread count keeps runs reproducible)."""
    until = time.monotonic() + options.time_limit_s
    highs = session.highs
    session.is_enough = options.is_enough
    highs.setOptionValue("mip_rel_gap", options.gap)
    highs.setOptionValue("objective_target", options.target)
    highs.setOptionValue("mip_max_nodes", MOST_NODES if options.most_nodes is None else options.most_nodes)
    highs.setOptionValue("mip_heuristic_run_rens", not options.is_near)
    solved = _looked_at(highs, options, options.time_limit_s)
    if solved.outcome is not Outcome.INFEASIBLE or not options.looks_twice:
        return solved
    _, presolve = highs.getOptionValue("presolve")
    highs.setOptionValue("presolve", "off")
    left_s = min(SECOND_LOOK_S, max(LEAST_LOOK_S, until - time.monotonic()))
    again = _looked_at(highs, options, left_s)
    highs.setOptionValue("presolve", presolve)
    return again if again.values else solved


def _looked_at(highs: Any, options: SolveOptions, limit_s: float) -> Solved:
    """Solve, and return what HiGHS came to as far as its figures prove it."""
    highs.clearSolver()
    highs.setOptionValue("time_limit", limit_s)
    run_highs(highs, options.start)
    status, info = highs.getModelStatus(), highs.getInfo()
    word = highs.modelStatusToString(status)
    if status in (_STATUSES.kInfeasible, _STATUSES.kUnboundedOrInfeasible):
        return Solved(Outcome.INFEASIBLE)
    is_mip, has_plan = info.mip_node_count >= 0, info.primal_solution_status == FEASIBLE_POINT
    bound = info.mip_dual_bound if is_mip else info.objective_function_value
    known = None if abs(bound) == INFINITE or not (is_mip or has_plan) else float(bound)
    values = tuple(highs.getSolution().col_value) if has_plan else ()
    if has_plan and status in (_STATUSES.kOptimal, _STATUSES.kObjectiveTarget):
        return Solved(Outcome.OPTIMAL, known, values)
    if status == _STATUSES.kTimeLimit:
        note_cut("solve")
    if status in STOPS:
        outcome = Outcome.STOPPED_WITH_PLAN if has_plan else Outcome.STOPPED
        return Solved(outcome, known, values, word)
    return Solved(Outcome.FAILED, message=word, reason=FAILURES.get(status, UNKNOWN))


def solve_with_cbc(session: PulpSession, options: SolveOptions) -> Solved:
    """Solve with the CBC that PuLP carries; its bound is never known."""
    path = str(coin_api.pulp_cbc_path)
    solver = pulp.COIN_CMD(
        path=path, msg=False, gapRel=options.gap, timeLimit=max(1.0, options.time_limit_s), threads=1
    )
    lp = session.problem
    with _folder_without_spaces() as folder:
        solver.tmpDir = folder
        try:
            lp.solve(solver)
        except pulp.PulpSolverError as error:
            # Ctrl-C reaches CBC too, which may then leave without a solution file.
            outcome = Outcome.STOPPED if options.interrupt.pressed else Outcome.FAILED
            return Solved(outcome, message=str(error), reason=Phrase("solver.not_run"))
    if lp.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        values = tuple(float(one.varValue or 0.0) for one in session.variables)
        proven = lp.sol_status == pulp.LpSolutionOptimal and not options.interrupt.pressed
        if not proven:
            note_cut("solve")
        return Solved(Outcome.OPTIMAL if proven else Outcome.STOPPED_WITH_PLAN, None, values)
    if lp.status == pulp.LpStatusInfeasible:
        return Solved(Outcome.INFEASIBLE)
    note_cut("solve")
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


SOLVE: dict[str, Callable[[Any, SolveOptions], Solved]] = {"highs": solve_with_highs, "cbc": solve_with_cbc}
"""The solvers by name."""
OPEN: dict[str, Callable[[pulp.LpProblem], Session]] = {"highs": HighsSession.of, "cbc": PulpSession}
"""What each of them is given a PuLP problem in."""
