"""One time limit for everything together, by a clock that the tests turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import curriplan
from curriplan.api import time_limit as module
from curriplan.api.diagnose import LEAST_DIAGNOSIS_S, why_none
from curriplan.api.optimize import optimize_catalog
from curriplan.api.time_limit import TimeLimit
from curriplan.base.errors import NoPlanError
from curriplan.catalog.records import Catalog
from curriplan.cli.app import main
from curriplan.optimizer.solve import stages
from curriplan.optimizer.solve.alone import closure_alone
from curriplan.optimizer.solve.solver import SOLVE, Solved, SolveOptions
from curriplan.optimizer.solve.stages import solve
from curriplan.plan.plan import Status
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings


@dataclass
class Clock:
    """A wall clock, and a processor that works a part of the time."""

    now: float = 100.0
    worked: float = 7.0

    def passes(self, seconds: float, *, load: float = 1.0) -> None:
        self.now += seconds
        self.worked += seconds / load

    def limit(self, limit_s: float, *, writes_workbook: bool = True) -> TimeLimit:
        return TimeLimit(
            limit_s,
            writes_workbook=writes_workbook,
            clock=lambda: self.now,
            processor=lambda: self.worked,
        )


@pytest.fixture
def mini() -> Catalog:
    return curriplan.read_catalog("mini").require()


def test_solving_gets_what_writing_leaves() -> None:
    """2 s were spent, 0.4375 s of them on building: 20 − 2 − (0.2 + 20 · 0.4375) = 9.05 s."""
    clock = Clock()
    limit = clock.limit(20.0)
    clock.passes(2.0)
    assert limit.for_solving_s(0.4375) == pytest.approx(9.05)
    clock.passes(5.0)
    assert limit.for_solving_s(0.4375) == pytest.approx(4.05)
    data = clock.limit(20.0, writes_workbook=False)
    clock.passes(2.0)
    assert data.for_solving_s(0.4375) == pytest.approx(20 - 2 - (0.1 + 6 * 0.4375))


def test_a_busy_machine_writes_slowly() -> None:
    """Each second of work has lasted two: what is left to do will too."""
    clock = Clock()
    limit = clock.limit(40.0)
    clock.passes(4.0, load=2.0)
    assert limit.load == pytest.approx(2.0)
    assert limit.for_solving_s(0.4375) == pytest.approx(40 - 4 - 2 * 8.95)
    clock.passes(4.0, load=100.0)  # waiting for a disk is not all there is to come
    assert limit.load == pytest.approx(8 / 2.04)
    clock.passes(100.0, load=1000.0)
    assert limit.load == module.MOST_LOAD


def test_nothing_left_for_the_search_is_said_before_it() -> None:
    """3 s, and 8.95 s more for the workbook, leave nothing of 10 s; one more second, in steps of 5: 15."""
    clock = Clock()
    limit = clock.limit(10.0)
    clock.passes(3.0)
    limit.require()
    with pytest.raises(NoPlanError) as caught:
        limit.for_solving_s(0.4375)
    (issue,) = caught.value.issues
    assert (issue.code, issue.values) == ("time-limit-too-short", {"limit": "10", "needed": 15})
    clock.passes(7.0)
    with pytest.raises(NoPlanError):
        limit.require()


def test_a_plan_that_is_known_is_not_lost_when_the_time_runs_out(
    mini: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock jumps past the end after the first stage: the others are not solved, the plan stands."""
    clock, asked = Clock(), []
    solve_with_highs = SOLVE["highs"]

    def slowly(lp: Any, options: SolveOptions) -> Solved:
        asked.append(options.time_limit_s)
        clock.passes(1000.0)
        return solve_with_highs(lp, options)

    monkeypatch.setitem(stages.SOLVE, "highs", slowly)
    result = optimize_catalog(mini, source="mini", time_limit=clock.limit(30.0))
    assert asked[0] < 30.0
    assert max(asked[1:], default=0.5) == 0.5, "each stage asks anew what is left"
    assert result.after.broken_rules == ()


def test_the_search_asks_what_is_left_before_each_stage(mini: Catalog) -> None:
    told: list[float] = []

    def left(building_s: float) -> float:
        told.append(building_s)
        return 20.0

    assert solve(Problem.of(mini, Settings()), time_limit_s=left).status is Status.OPTIMAL
    assert len(told) > len(Settings().objectives)
    assert len(set(told)) == 1


def test_programmes_alone_end_with_the_time(mini: Catalog) -> None:
    with pytest.raises(NoPlanError) as caught:
        closure_alone(Problem.of(mini, Settings(equity=0.5)), time_limit_s=0.0)
    assert caught.value.issues[0].code == "stopped-before-plan"


def test_a_diagnosis_is_not_begun_without_time(mini: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def diagnose(_problem: Problem, limit_s: float) -> None:
        asked.append(limit_s)

    monkeypatch.setattr("curriplan.optimizer.diagnose.diagnose.diagnose", diagnose)
    problem = Problem.of(mini, Settings())
    assert why_none(problem, LEAST_DIAGNOSIS_S / 2) is None
    assert why_none(problem, -3.0) is None
    assert asked == []
    why_none(problem, 3.0)
    assert asked == [3.0]


@pytest.mark.parametrize("options", [(), ("--previous", "p.json")])
def test_a_moment_is_too_short(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = CliRunner().invoke(main, ["optimize", "mini", "-q", "-o", "p.json"])
    assert start.exit_code == 0
    arguments = ["optimize", "mini", "--time-limit", "0.001", "-o", "plan.xlsx", *options]
    result = CliRunner().invoke(main, [*arguments, "--lang", "en"])
    assert result.exit_code == 5, result.output
    assert "time-limit-too-short: The time limit of 0.001 s leaves nothing" in result.stderr
    assert "Give about 5 s or more" in result.stderr
    assert not Path("plan.xlsx").exists()


@pytest.mark.slow
def test_what_is_set_aside_is_about_what_is_needed(bundled_written: Any) -> None:
    """On the bundled college, in processor time: no less than two thirds, no more than half as much again."""
    needed_s = bundled_written.needed_s
    limit = TimeLimit(1e6, writes_workbook=True, clock=lambda: 0.0)
    reserved_s = limit.reserved_s(bundled_written.building_s)
    assert needed_s / 1.5 <= reserved_s <= 1.5 * needed_s, (reserved_s, needed_s)
