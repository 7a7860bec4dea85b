"""The robustness table: which choices stand when judgements and estimates are varied."""

from __future__ import annotations

import json
import signal
from itertools import count
from pathlib import Path

import openpyxl
import pytest

import curriplan
from curriplan.optimizer import stability
from curriplan.optimizer.stability import perturbed_catalog
from curriplan.plan import Selection
from curriplan.plan_file import read_plan
from curriplan.settings import Settings, effective_limits
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


def test_the_table_stands_in_the_plan_file_and_on_its_sheet(tmp_path: Path) -> None:
    result = curriplan.optimize("mini", stability=3)
    table = result.plan.stability
    assert table is not None
    path = result.to_json(tmp_path / "plan.json")
    assert read_plan(path).stability == table
    assert len(json.loads(path.read_text(encoding="utf-8"))["stability"]["runs"]) == len(table.runs)
    assert {run.number for run in table.runs} == {None, 1, 2, 3}
    book = openpyxl.load_workbook(result.to_excel(tmp_path / "plan.xlsx", lang="en"))
    cells = [row for row in book["Stability"].values if row[1] is not None]
    assert len(cells) == len(table.rows) + 2  # the header has two rows
    plain = curriplan.optimize("mini").to_json(tmp_path / "plain.json")
    assert "stability" not in json.loads(plain.read_text(encoding="utf-8"))


def test_what_there_is_no_time_for_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of each look is 40 s further: of 100 s, two runs have some time left."""
    clock = count(0.0, 40.0)
    monkeypatch.setattr(stability.time, "monotonic", lambda: next(clock))
    asked: list[float] = []

    def solved(*_: object) -> tuple[str, None]:
        asked.append(float(str(_[3])))
        return "infeasible", None

    monkeypatch.setattr(stability, "_solved", solved)
    catalog = two_modules(2.0)
    limits = effective_limits(catalog, Settings(time_limit_s=100.0))
    table = stability.find_stability(catalog, limits, Selection((), ()), 3)
    assert asked == [60.0, 20.0]
    assert [run.status for run in table.runs].count("no_plan") == len(table.runs) - 3
    assert table.counted == 1, "the plan itself"


def test_ctrl_c_ends_the_runs_and_keeps_those_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def solved(*_: object) -> tuple[str, Selection]:
        if len(done) == 2:
            signal.raise_signal(signal.SIGINT)
        done.append(1)
        return "optimal", Selection((), ())

    done: list[int] = []
    monkeypatch.setattr(stability, "_solved", solved)
    catalog = two_modules(2.0)
    table = stability.find_stability(catalog, effective_limits(catalog, Settings()), Selection((), ()), 5)
    assert len(done) == 3, "no run begins after Ctrl-C"
    assert table.counted == 3, "two runs and the plan itself; that in which Ctrl-C came is left out"
