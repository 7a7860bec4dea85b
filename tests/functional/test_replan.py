"""`curriplan replan`: from a plan.json to the plan of a year later, which is verified and planned again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curriplan.base.errors import ExitCode
from curriplan.catalog.records import Catalog
from curriplan.cli.app import main


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have `mini` planned, and planned again a year later."""
    path = tmp_path_factory.mktemp("college")
    curriplan.optimize("mini").to_json(path / "plan.json")
    result = invoke(
        "replan",
        path / "plan.json",
        "mini",
        "-o",
        path / "next.xlsx",
        "-o",
        path / "next.json",
        "--max-changes",
        2,
    )
    assert result.exit_code == ExitCode.DONE, result.output
    return path


@pytest.fixture(scope="module")
def college() -> Catalog:
    return curriplan.read_catalog("mini").require()


def data(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_plan_names_the_catalog_that_lies_beside_it(folder: Path) -> None:
    plan = data(folder / "next.json")
    assert plan["catalog"]["source"] == "./next-catalog.xlsx"
    assert plan["intakes"] == [
        {"programme": "TECH", "start": "2027-1"},
        {"programme": "TECH-2026-1", "start": "2026-1", "intake_of": "TECH"},
    ]
    assert (plan["limits"]["taught_until"], plan["limits"]["max_changes"]) == ("2026-2", 2)
    verified = invoke("verify", folder / "next.json")
    assert verified.exit_code == ExitCode.DONE, verified.output
    # Of the running intake, which was taught two of three terms, nothing is otherwise.
    taught = {(one["module"], one["term"]) for one in plan["modules"] if one["programme"] == "TECH-2026-1"}
    last = {(one["module"], one["term"]) for one in data(folder / "plan.json")["modules"]}
    assert taught == last


def test_the_catalog_is_none_but_its_own(folder: Path) -> None:
    assert invoke("verify", folder / "next.json", "mini").exit_code == ExitCode.FILE


def test_the_sheet_says_what_changes_for_which_intake(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "next.xlsx")["Changes"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    texts = [row[0] for row in rows if row]
    assert any(str(text).startswith("Modules changed against the earlier plan: 2.") for text in texts)
    names = {row[0]: row[1] for row in rows if len(row) > 7}
    assert names["TECH-2026-1"] == "Information security technician, intake of 2026"
    assert names["TECH"] == "Information security technician, intake of 2027"
    changed = {row[1]: row[3] for row in rows if len(row) == 7 and row[0] == "TECH"}
    assert changed == {"DATA3": "added", "DATA4": "added"}


def test_the_year_after_follows_from_what_was_written(folder: Path) -> None:
    """TECH has three terms: in autumn 2028 the intake of 2026 has gone, that of 2027 has one term left."""
    result = invoke("replan", folder / "next.json", "-o", folder / "after.json")
    assert result.exit_code == ExitCode.DONE, result.output
    assert [(one["programme"], one["start"]) for one in data(folder / "after.json")["intakes"]] == [
        ("TECH", "2028-1"),
        ("TECH-2027-1", "2027-1"),
    ]
    assert invoke("verify", folder / "after.json").exit_code == ExitCode.DONE


def test_nothing_new_changes_nothing(folder: Path) -> None:
    later = curriplan.replan(folder / "plan.json", "mini")
    assert later.plan.stages[0].objective == "changes"
    assert later.plan.stages[0].value == 0
    assert later.plan.lag is None
    assert [one.more for one in later.plan.replanning.further] == [2, 5, 10]


def test_what_is_newly_asked_is_answered_the_sooner_the_more_may_change(
    folder: Path, college: Catalog
) -> None:
    """DATA is asked at 4 of the assistant from 2027 on; in the catalog of the plan at 1 only."""
    asked = next(row for row in college.occupation_requirements if row.competency == "DATA")
    old = asked.model_copy(update={"level": 1})
    before = college.replace(
        occupation_requirements=tuple(old if row is asked else row for row in college.occupation_requirements)
    )
    last = curriplan.optimize(before)
    last.to_json(folder / "before.json", force=True)
    lags = []
    for most in (0, 2, 4):
        later = curriplan.replan(
            folder / "before.json",
            college,
            last_catalog=before,
            max_changes=most,
            objectives="lag,closure,cost",
        )
        assert later.limits.settings.asked
        lags.append(later.plan.lag.whole.lag_after)
    assert lags == sorted(lags, reverse=True)
    assert lags[-1] < lags[0]


def test_other_ids_give_the_same_plan(folder: Path, college: Catalog) -> None:
    """Nothing hangs on what a programme is called."""
    text = (folder / "plan.json").read_text(encoding="utf-8").replace('"TECH"', '"ZUG"')
    renamed = college.replace(
        programmes=tuple(row.model_copy(update={"id": "ZUG"}) for row in college.programmes),
        **{
            table: tuple(row.model_copy(update={"programme": "ZUG"}) for row in college.table(table))
            for table in ("programme_modules", "programme_terms", "baseline", "targets")
        },
    )
    (folder / "zug.json").write_text(text, encoding="utf-8")
    other = curriplan.replan(folder / "zug.json", renamed, max_changes=2)
    same = curriplan.replan(folder / "plan.json", college, max_changes=2)
    assert [stage.value for stage in other.plan.stages] == [stage.value for stage in same.plan.stages]
    starts = [
        (one.programme.replace("ZUG", "TECH"), one.module, one.term) for one in other.plan.selection.starts
    ]
    assert starts == list(same.plan.selection.terms)


def test_outputs_are_not_replaced_unasked(folder: Path) -> None:
    refused = invoke(
        "replan",
        folder / "plan.json",
        "mini",
        "-o",
        folder / "new.json",
        "--save-catalog",
        folder / "next-catalog.xlsx",
    )
    assert refused.exit_code == ExitCode.FILE
    assert "output-exists" in refused.stderr
    assert not (folder / "new.json").exists()
