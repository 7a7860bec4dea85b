"""The robustness table: which choices stand when judgements and estimates are varied."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import curriplan
from curriplan.api.plan_file import read_plan
from curriplan.api.results import PlanResult
from curriplan.optimizer import stability as stability_module
from curriplan.optimizer.solve import stages
from curriplan.optimizer.solve.solver import catch_interrupt
from curriplan.problem.limits import effective_limits
from curriplan.problem.perturbed import perturbed_catalog
from unit.optimizer.test_explain import two_modules


def test_a_choice_that_hangs_on_a_judgement_is_told_from_one_that_does_not() -> None:
    # BIG closes 2/3 whatever theta and kappa: no competency is essential, so kappa counts for none, and
    # meeting the requirement is what each module does. All nine judgements and the plan agree.
    result = curriplan.optimize(two_modules(2.0), gap=0.0, stability=0)
    table = result.plan.stability
    assert table is not None
    assert len(table.runs) == table.counted == 9
    assert [(row.module, row.is_chosen, row.chosen_in) for row in table.rows] == [("BIG", True, 9)]


def test_perturbed_catalogs_are_the_same_each_time_and_change_only_what_they_should() -> None:
    catalog = curriplan.read_catalog("mini").catalog
    assert catalog is not None
    first, again, other = (perturbed_catalog(catalog, number) for number in (1, 1, 2))
    assert first.sha256 == again.sha256 != other.sha256
    changed = {
        name
        for name in ("occupation_requirements", "module_outcomes", "modules", "resources", "programmes")
        if catalog.table(name) != first.table(name)
    }
    assert {"occupation_requirements", "modules"} <= changed
    assert "programmes" not in changed
    for before, after in zip(catalog.modules, first.modules, strict=True):
        assert 0.8 * before.setup_cost_kzt - 1 <= after.setup_cost_kzt <= 1.2 * before.setup_cost_kzt + 1
    for row in first.module_outcomes:
        assert row.entry_level < row.exit_level <= 8
    assert all(0 < row.importance <= 1 for row in first.occupation_requirements)
    assert effective_limits(first).numbers == effective_limits(catalog).numbers


def test_shuffled_rows_are_perturbed_alike() -> None:
    catalog = curriplan.read_catalog("mini").catalog
    assert catalog is not None
    shuffled = catalog.replace(modules=tuple(reversed(catalog.modules)))
    costs = {row.id: row.setup_cost_kzt for row in perturbed_catalog(catalog, 3).modules}
    assert {row.id: row.setup_cost_kzt for row in perturbed_catalog(shuffled, 3).modules} == costs


def test_the_table_stands_in_the_plan_file_and_on_its_sheet(tmp_path: Path, mini_result: PlanResult) -> None:
    result = curriplan.optimize("mini", stability=3)
    table = result.plan.stability
    assert table is not None
    path = result.to_json(tmp_path / "plan.json")
    assert read_plan(path).stability == table
    assert len(json.loads(path.read_text(encoding="utf-8"))["stability"]["runs"]) == len(table.runs)
    assert {run.number for run in table.runs} == {None, 1, 2, 3}
    book = openpyxl.load_workbook(result.to_excel(tmp_path / "plan.xlsx", lang="en"))
    cells = [row for row in book["Stability"].values if row[3] is not None]
    assert len(cells) == len(table.rows) + 1  # the header
    plain = mini_result.to_json(tmp_path / "plain.json")
    assert "stability" not in json.loads(plain.read_text(encoding="utf-8"))


def test_the_runs_come_out_alike_whatever_the_number_of_workers(mini_result: PlanResult) -> None:
    given = mini_result.problem, mini_result.plan.selection, 3
    alone, together = (stability_module.find_stability(*given, workers=workers) for workers in (1, 2))
    assert alone.left_out == 0
    assert alone == together


PRESS = pytest.mark.skipif(os.name == "nt", reason="no SIGINT to oneself on Windows")


def _press_before(monkeypatch: pytest.MonkeyPatch, number: int) -> list[int]:
    """Press Ctrl-C before run `number` is solved; return a list that grows with each solve of a run."""
    solved: list[int] = []
    real = stability_module.solve

    def pressing(*args: Any, **kwargs: Any) -> Any:
        solved.append(len(solved) + 1)
        if len(solved) == number:
            signal.raise_signal(signal.SIGINT)
        return real(*args, **kwargs)

    monkeypatch.setattr(stability_module, "solve", pressing)
    return solved


@PRESS
def test_ctrl_c_ends_the_runs_and_keeps_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = _press_before(monkeypatch, 4)
    result = curriplan.optimize(two_modules(2.0), gap=0.0, stability=50)
    table = result.plan.stability
    assert table is not None
    assert len(solved) == 4, "the run that Ctrl-C broke off is the last one"
    # Three runs before it, and the plan itself, which stands for the judgements that it was made with.
    assert (len(table.runs), table.counted, table.left_out) == (59, 4, 55)
    (issue,) = [issue for issue in result.warnings if issue.code == "stability-incomplete"]
    assert (issue.values["done"], issue.values["runs"]) == (4, 59)
    assert {row["code"] for row in result.plan.warnings} >= {"stability-incomplete"}


@PRESS
def test_ctrl_c_between_two_runs_ends_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def press(at: Any) -> None:
        if at.stages == 9 and at.stage == 3:
            signal.raise_signal(signal.SIGINT)

    solved = _press_before(monkeypatch, 0)
    result = curriplan.optimize(two_modules(2.0), gap=0.0, stability=0, progress=press)
    table = result.plan.stability
    assert table is not None
    assert len(solved) == 2
    assert (table.counted, table.left_out) == (3, 6)


@PRESS
def test_ctrl_c_during_the_plan_leaves_no_time_for_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    real = stages.SOLVE["highs"]

    def pressing(*args: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return real(*args)

    monkeypatch.setitem(stages.SOLVE, "highs", pressing)
    solved = _press_before(monkeypatch, 0)
    result = curriplan.optimize(two_modules(2.0), gap=0.0, stability=5)
    assert result.plan.stability is not None
    assert solved == []
    assert result.plan.stability.left_out == 13


@PRESS
def test_what_begins_after_ctrl_c_knows_of_it() -> None:
    with catch_interrupt() as outer:
        signal.raise_signal(signal.SIGINT)
        with catch_interrupt() as inner:
            assert inner.pressed
        assert outer.pressed
    with catch_interrupt() as later:
        assert not later.pressed


def test_all_runs_together_have_as_long_as_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    limits_s: list[float] = []
    now = [0.0]
    monkeypatch.setattr(stability_module.time, "monotonic", lambda: now[0])
    real = stability_module._solved

    def taking_30_s(*args: Any) -> Any:
        limits_s.append(args[-1])
        now[0] += 30
        return "optimal", real(*args[:-1], 60.0)[1]

    monkeypatch.setattr(stability_module, "_solved", taking_30_s)
    result = curriplan.optimize(two_modules(2.0), gap=0.0, time_limit_s=100.0, stability=3)
    table = result.plan.stability
    assert table is not None
    assert limits_s == [60.0, 60.0, 40.0, 10.0]
    assert (len(table.runs), table.left_out) == (12, 12 - 4 - 1)
