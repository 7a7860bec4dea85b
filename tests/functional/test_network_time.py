"""Another limit of time: what the one before did not cut short is not planned again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pulp
import pytest

from curriplan.api.network import bench, jobs
from curriplan.api.network.tasks import Done, JobKind, Task
from curriplan.base.cut_short import note_cut, noting_cuts
from curriplan.base.errors import Issue, NoPlanError
from curriplan.optimizer.solve.session import HighsSession
from curriplan.optimizer.solve.solver import Interrupt, SolveOptions, solve_with_highs
from functional.network_runs import FAST, network_of, planned


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done from now on: kinds of jobs and colleges."""
    perform, found = bench.perform, []

    def noting(task: Task) -> Done:
        found.append(f"{task.kind} {task.college.id}")
        return perform(task)

    monkeypatch.setattr(bench, "perform", noting)
    return found


def within(limit_s: float) -> Any:
    return replace(FAST, time_limit_s=limit_s)


def test_what_ended_by_itself_holds_under_any_limit(tmp_path: Path, done: list[str]) -> None:
    network, out = network_of(tmp_path / "net", 2, 2_200_000), tmp_path / "out"
    planned(network, out, settings=within(60))
    assert done
    for limit_s in (600, 30):
        done.clear()
        planned(network, out, settings=within(limit_s))
        assert done == []


def test_what_was_cut_short_is_made_again_under_a_longer_limit_only(
    tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what follows from it: the plan by itself in the eyes of the master, if there is another one."""
    network, out = network_of(tmp_path / "net", 2, 2_200_000), tmp_path / "out"
    alone = jobs._JOBS[JobKind.ALONE]

    def cut(task: Task) -> dict[str, Any]:
        result = alone(task)
        if task.college.id == "c1":
            note_cut("solve")
            result["plan"] = {**result["plan"], "status": "feasible"}
        return result

    with monkeypatch.context() as patched:
        patched.setitem(jobs._JOBS, JobKind.ALONE, cut)  # type: ignore[arg-type]
        planned(network, out, settings=within(60))
    for limit_s in (60, 30):
        done.clear()
        planned(network, out, settings=within(limit_s))
        assert done == []
    planned(network, out, settings=within(61))
    assert done == ["alone c1", "offered c1"]


def test_a_longer_limit_plans_only_the_colleges_that_had_too_little_time(
    tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, out = network_of(tmp_path / "net", 2, None), tmp_path / "out"
    alone = jobs._JOBS[JobKind.ALONE]

    def slow(task: Task) -> dict[str, Any]:
        if task.college.id == "c1":
            raise NoPlanError([Issue("stopped-before-plan")])
        return alone(task)

    with monkeypatch.context() as patched:
        patched.setitem(jobs._JOBS, JobKind.ALONE, slow)  # type: ignore[arg-type]
        planned(network, out, settings=within(60))
    done.clear()
    planned(network, out, settings=within(600))
    assert done == ["alone c1"]


def test_a_solve_that_time_ends_is_noted() -> None:
    problem = pulp.LpProblem("p", pulp.LpMaximize)
    columns = [problem.add_variable(f"x{at}", cat="Binary") for at in range(30)]
    problem += pulp.lpSum((7 * at % 11 + 1) * one for at, one in enumerate(columns))
    problem += pulp.lpSum((5 * at % 13 + 2) * one for at, one in enumerate(columns)) <= 77
    for limit_s, said in ((0.0, ["solve"]), (60.0, [])):
        with noting_cuts() as cuts:
            solve_with_highs(HighsSession.of(problem), SolveOptions(0.0, limit_s, Interrupt()))
        assert cuts == said
