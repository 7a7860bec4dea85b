"""Models of our own that HiGHS gets wrong: they tell when a change brings the wrong answers back.

All come from random catalogs that brute force had solved otherwise. Two are wrong in 1.15.1 with one rule
of its presolve, which stays off in `curriplan.optimizer.solve.session`; with the third 1.16.0 hands back
the plan that it began from, under the value of the optimum.
"""

from __future__ import annotations

import operator
import subprocess
import sys
from pathlib import Path

import highspy
import pulp
import pytest

from curriplan.optimizer.solve import session, solver
from curriplan.optimizer.solve.session import AGGREGATOR, OPTIONS, HighsSession
from curriplan.optimizer.solve.solver import Interrupt, Outcome, SolveOptions, solve_with_highs

MODELS = Path(__file__).parent / "presolve"


def solved(name: str, **options: object) -> highspy.Highs:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.readModel(str(MODELS / name))
    for key, value in options.items():
        assert highs.setOptionValue(key, value) == highspy.HighsStatus.kOk
    highs.run()
    return highs


@pytest.mark.parametrize("name", ["split_balance.mps", "split_feasible.mps"])
def test_our_presolve_finds_what_no_presolve_finds(name: str) -> None:
    ours, plain = solved(name, presolve_rule_off=AGGREGATOR), solved(name, presolve="off")
    assert ours.getModelStatus() == plain.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert ours.getInfo().objective_function_value == pytest.approx(plain.getInfo().objective_function_value)


def test_the_balance_of_the_first_model_is_three() -> None:
    """Enumerated by the oracle: one module in term 2 and 3, the other moved to term 1."""
    assert solved("split_balance.mps", presolve_rule_off=AGGREGATOR).getInfo().objective_function_value == 3


def test_infeasible_is_believed_only_without_presolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rule on, HiGHS calls the second model infeasible; the second look finds its optimum."""
    monkeypatch.setitem(OPTIONS, "presolve_rule_off", 0)
    _, problem = pulp.LpProblem.fromMPS(str(MODELS / "split_feasible.mps"))
    found = solve_with_highs(HighsSession.of(problem), SolveOptions(0.0, 60, Interrupt()))
    assert found.outcome is Outcome.OPTIMAL
    assert found.values


def test_what_is_infeasible_stays_so() -> None:
    problem = pulp.LpProblem("nothing", pulp.LpMinimize)
    x = problem.add_variable("x", 0, 1, pulp.LpInteger)
    problem.addConstraint(2 * x >= 3)
    assert (
        solve_with_highs(HighsSession.of(problem), SolveOptions(0.0, 60, Interrupt())).outcome
        is Outcome.INFEASIBLE
    )


def test_a_known_plan_is_not_handed_back_as_the_optimum() -> None:
    """The plan to begin from changes 48 hours, the best one 24."""
    highs = session.SilentHighs()
    highs.readModel(str(MODELS / "start_is_not_the_optimum.mps"))
    highs.setOptionValue("presolve_rule_off", AGGREGATOR)
    known = {0: 1, 1: 2, 2: 2, 4: 1, 5: 1, 7: 160_000, 8: 40_000, 21: 27_000, 25: 130_000}
    known |= {35: 40_000, 36: 10_000, 45: 1, 46: 1, 52: 37 / 203, 60: 1, 62: 1}
    start = [float(known.get(column, 0)) for column in range(highs.getNumCol())]
    costs = highs.getLp().col_cost_
    assert sum(map(operator.mul, costs, start)) == 48
    solver.run_highs(highs, start)
    assert sum(map(operator.mul, costs, highs.getSolution().col_value)) == pytest.approx(24)


def test_others_may_have_used_other_threads() -> None:
    """HiGHS has one pool of threads a process and fails where an option contradicts it."""
    highspy.Highs.resetGlobalScheduler(True)
    assert solved("split_balance.mps", threads=2).getModelStatus() == highspy.HighsModelStatus.kOptimal
    highs = session.SilentHighs()
    highs.readModel(str(MODELS / "split_balance.mps"))
    highs.setOptionValue("threads", 1)
    solver.run_highs(highs)
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    highspy.Highs.resetGlobalScheduler(True)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS 1.16.0 prints its name once a process, before it can be told not to."""
    code = "from curriplan.optimizer.solve.session import SilentHighs; SilentHighs().run()"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert capfd.readouterr() == ("", "")
