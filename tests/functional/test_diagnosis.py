"""What the user of the command line gets where no plan is possible (exit 4)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from broken_catalogs.base_catalog import Tables
from curriplan.api.optimize import optimize_catalog
from curriplan.catalog.reading.read import read_catalog
from curriplan.cli.app import main
from curriplan.optimizer.diagnose.diagnose import diagnose
from curriplan.problem.edits import apply_edits
from curriplan.problem.objectives import objectives_from
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.report.diagnosis import diagnosis_lines


def optimize(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["optimize", "mini", *(str(argument) for argument in arguments)])


@pytest.mark.parametrize(
    ("language", "clash", "repair"),
    [
        ("en", "These demands cannot be met together:", "90 % → 68.5 %"),
        ("ru", "Эти требования нельзя выполнить вместе:", "90 % → 68,5 %"),
        ("kk", "Мына талаптарды бірге орындау мүмкін емес:", "90 % → 68,5 %"),
    ],
)
def test_the_terminal_says_what_clashes_and_what_would_help(
    tmp_path: Path, language: str, clash: str, repair: str
) -> None:
    path = tmp_path / "plan.json"
    result = optimize("--practice-share", 0.9, "-o", path, "--lang", language, "--quiet")
    assert result.exit_code == 4, result.output
    lines = result.stderr.splitlines()
    start = lines.index(clash)
    assert any("TECH" in line for line in lines[start:])
    assert any("programmes.csv:2 (min_credits)" in line for line in lines[start:])
    assert any(repair in line for line in lines[start:])
    assert max(map(len, lines[start:])) <= 80
    assert not path.exists()
    # And what it proposes is true: with the share it names there is a plan, with a little more there is none.
    assert optimize("--practice-share", 0.685, "-o", path).exit_code == 0
    assert optimize("--practice-share", 0.686, "-o", tmp_path / "other.json").exit_code == 4


def test_a_script_gets_the_diagnosis_as_json(tmp_path: Path) -> None:
    path = tmp_path / "why.json"
    arguments = ("--practice-share", 0.9, "-o", tmp_path / "plan.json", "--diagnosis", path)
    assert optimize(*arguments).exit_code == 4
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["schema"] == "curriplan-diagnosis/1"
    assert [edit["value"] for edit in data["repairs"][0]["edits"]] == [0.685]
    before = path.read_bytes()
    refused = optimize(*arguments)
    assert refused.exit_code == 3
    assert "output-exists" in refused.stderr
    assert optimize(*arguments, "--force").exit_code == 4
    assert path.read_bytes() == before  # reproducible


def test_a_norm_of_a_named_profile_says_how_another_stands_in_its_stead(tmp_path: Path) -> None:
    """All that ADM has are 13 credits. The profile is no file of the college: a row of its own is."""
    tables = Tables()
    tables.replace_info("schema = 1", 'schema = 1\nprofile = "KZ-348-2024"')
    tables.set("profile", 6, "value", "0.3")  # of practice, which all together reach
    tables.remove_row("profile", 9)
    tables.set("programmes", 2, "max_credits", "")
    found = diagnose(Problem.of(read_catalog(tables.write_folder(tmp_path / "c")).require()), 20.0)
    assert found is not None
    lines = " ".join(" ".join(diagnosis_lines(found, "en")).split())
    said = re.search(r"table profile of the catalog: key (\w+), value ([\d.]+)", lines)
    assert said is not None and said[1] == "total_credits_4S_grade9", lines
    tables.add("profile", key=said[1], value=said[2])
    plan = optimize_catalog(read_catalog(tables.write_folder(tmp_path / "d")).require()).plan
    assert len({one.module for one in plan.modules}) == 3  # all that there are


def test_no_diagnosis_is_written_beside_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "why.json"
    assert optimize("-o", tmp_path / "plan.json", "--diagnosis", path).exit_code == 0
    assert not path.exists()


def test_the_diagnosis_is_json_only(tmp_path: Path) -> None:
    result = optimize("-o", tmp_path / "plan.json", "--diagnosis", tmp_path / "why.xlsx")
    assert result.exit_code == 2
    assert "unknown-output-kind" in result.stderr


@pytest.mark.slow
def test_the_bundled_catalog_is_diagnosed_in_time(tmp_path: Path) -> None:
    """Hundreds of demands: a floor that nobody reaches is found, and what would do instead."""
    catalog = read_catalog("kz-digital-college").require()
    high = tuple(row.model_copy(update={"level": 8}) for row in catalog.floors[:1])
    catalog = catalog.replace(floors=(*high, *catalog.floors[1:]))
    found = diagnose(Problem.of(catalog), 120.0)
    assert found is not None and found.is_complete
    (clash,) = found.clashes
    assert clash.is_minimal
    assert [(demand.aspect, demand.subject) for demand in clash.demands] == [("floor", high[0].competency)]
    (repair,) = found.repairs
    assert [(edit.table, edit.column) for edit in repair.edits] == [("floors", "level")]
    assert repair.edits[0].value < 8


# The whole college, with all its time, is asked the same two questions by benchmarks/bundled.py.
TWO = ("CHO", "WD")


@pytest.mark.slow
def test_a_budget_just_below_the_least_cost_is_raised_to_it() -> None:
    """The clash is too hard to reduce in time; the repair is known before it is looked for."""
    catalog = read_catalog("kz-digital-college").require()

    def raised(budget_kzt: int) -> int:
        found = diagnose(Problem.of(catalog, Settings(programmes=TWO, budget_kzt=budget_kzt)), 20.0)
        assert found is not None
        assert "budget" in [demand.aspect for demand in found.clashes[0].demands[:15]]
        (edit,) = found.repairs[0].edits
        assert edit.column == "budget_kzt"
        return int(edit.value)

    least_kzt = raised(0)
    assert raised(least_kzt - 1) == least_kzt


def test_a_share_that_no_programme_reaches_is_lowered_for_all() -> None:
    catalog = read_catalog("kz-digital-college").require()
    high = tuple(
        row.model_copy(update={"value": "0.9"}) if row.key_name == "practice_share_min" else row
        for row in catalog.profile
    )
    catalog = catalog.replace(profile=high)
    found = diagnose(Problem.of(catalog, Settings(programmes=TWO)), 120.0)
    assert found is not None and found.repairs
    edits = found.repairs[-1].edits
    assert [(edit.table, edit.key) for edit in edits] == [("profile", ("practice_share_min",))]
    assert 0.35 < float(edits[0].value) < 0.9
    choices = Settings(programmes=TWO, objectives=objectives_from("closure"), gap=0.5)
    changed, settings = apply_edits(catalog, choices, edits)
    optimize_catalog(changed, settings, warnings=())  # raises unless there is a plan
