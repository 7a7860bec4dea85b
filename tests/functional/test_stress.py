"""`curriplan stress` and `optimize --keep-within` as a user meets them, on the consortium of unit tests."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curriplan.cli.app import main
from curriplan.cli.console.terminal import WIDTH
from curriplan.texts.languages import LANGUAGES
from functional.report.workbooks import differences, formulas, values
from unit.consortium import consortium
from workbooks.office import recalculated

QUICK = ("--objective", "closure,cost", "-q")


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan that takes A, B and L."""
    folder = tmp_path_factory.mktemp("consortium")
    curriplan.write_folder(consortium(), folder / "college")
    result = invoke("optimize", folder / "college", *QUICK, "-o", folder / "plan.json")
    assert result.exit_code == 0, result.output
    return folder / "plan.json"


SAID = {
    "kk": ("Жоспардың жабылуы: 90,0 %", "ең жақсы бөлігі, дәлелденген", "EMP кетсе, түседі: P/L, P/B"),
    "ru": ("Закрытие плана: 90,0 %", "лучшая часть, доказано", "Без EMP выпадает: P/L, P/B"),
    "en": ("Closure of the plan: 90.0 %", "its best part, proven", "Without EMP these fall: P/L, P/B"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_terminal(plan: Path, language: str) -> None:
    result = invoke("stress", plan, "--shares", "--lang", language)
    assert result.exit_code == 0, result.output
    assert all(text in result.stdout for text in SAID[language]), result.stdout
    assert max(map(len, result.stdout.splitlines())) <= WIDTH


def test_files_of_every_kind(plan: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"stress.{ending}" for ending in ("xlsx", "csv", "json")]
    outputs = [word for path in paths for word in ("-o", path)]
    result = invoke("stress", plan, "--lang", "en", "--shares", "-q", *outputs)
    assert result.exit_code == 0, result.output
    with paths[1].open(encoding="utf-8-sig", newline="") as file:
        rows = {row["source"]: row for row in csv.DictReader(file)}
    assert rows["EMP"]["status"] == "optimal"
    assert (rows["EMP"]["closure"], rows["EMP"]["loss_most"], rows["EMP"]["falls"]) == ("0.5", "0.4", "2")
    data = json.loads(paths[2].read_text(encoding="utf-8"))
    assert data["schema"] == "curriplan-stress/1"
    assert [one["source"] for one in data["partners"]] == ["EMP", "R"]
    assert {one["source"]: round(one["share"], 6) for one in data["shares"]["shares"]} == {
        "COL": 0.35,
        "EMP": 0.35,
        "R": 0.0,
    }
    names = openpyxl.load_workbook(paths[0]).sheetnames
    assert names == ["Partners", "What changes", "Who pays", "Shares of sources"]


def test_a_partner_and_a_year(plan: Path) -> None:
    """In 2027 the college has paid for A, and L is taught: only B falls."""
    result = invoke("stress", plan, "--lang", "en", "--partner", "EMP", "--leaves", 2027)
    assert result.exit_code == 0, result.output
    assert "The partner leaves in 2027" in result.stdout
    assert "Without EMP these fall: P/B\n" in result.stdout
    assert "\nR " not in result.stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--partner", "NOBODY"), "unknown-partner"),
        (("--leaves", 2050), "leaves-outside-plan"),
        (("--leaves", "soon"), "bad-whole-number"),
    ],
)
def test_what_cannot_be_asked(plan: Path, options: tuple[Any, ...], code: str) -> None:
    result = invoke("stress", plan, *options)
    assert (result.exit_code, code in result.stderr) == (2, True), result.stderr


def test_a_plan_that_keeps_within_a_loss_says_and_shows_it(plan: Path, tmp_path: Path) -> None:
    """With at most 0.39 to lose Z stays in the place of L; the workbook shows 0.8 and 0.5."""
    college, kept, book = plan.parent / "college", tmp_path / "kept.json", tmp_path / "kept.xlsx"
    wish = ("--keep-within", "0,39", "--lang", "en")
    result = invoke("optimize", college, *QUICK, *wish, "-o", kept, "-o", book)
    assert result.exit_code == 0, result.output
    assert invoke("verify", kept, college).exit_code == 0
    data = json.loads(kept.read_text(encoding="utf-8"))
    assert data["limits"]["keep_within"] == 0.39
    assert {start["module"] for start in data["partners"][0]["starts"]} == {"A", "Z"}
    sheet = openpyxl.load_workbook(book, data_only=True)["Partners"]
    shown = [row for row in sheet.iter_rows(values_only=True) if row[0] == "EMP"]
    assert len(shown) == 1
    assert [round(value, 6) for value in shown[0] if isinstance(value, float)] == [0.8, 0.5, 30.0]
    written = book.read_bytes()
    assert differences(values(written), recalculated(written), formulas(written)) == {}
    data["partners"][0]["starts"].pop()
    kept.write_text(json.dumps(data), encoding="utf-8")
    assert invoke("verify", kept, college).exit_code == 6


@pytest.mark.parametrize(("loss", "closure"), [("0.05", 0.9), ("0.04", 0.8)])
def test_a_year_later_what_is_taught_is_not_lost(tmp_path: Path, loss: str, closure: float) -> None:
    """P takes 4 terms, so last year's intake runs: its L, taught in the room of EMP, is past.

    Without EMP the new intake teaches Z again in the place of L: 0.1 less for one of two intakes. To lose no
    more than 0.04 the plan lets L go at once, and for the fewest changes takes nothing else: 0.7 beside the
    0.9 of last year's.
    """
    programme = consortium().programmes[0].model_copy(update={"terms": 4, "repeats": True})
    budgets = (row.model_copy(update={"budget_kzt": 2000}) for row in consortium().funding_budgets)
    college = consortium(programmes=(programme,), funding_budgets=tuple(budgets))
    curriplan.write_folder(college, tmp_path / "college")
    last, kept = tmp_path / "last.json", tmp_path / "kept.json"
    assert invoke("optimize", tmp_path / "college", *QUICK, "-o", last).exit_code == 0
    wish = ("--keep-within", loss, "--partner", "EMP", "--lang", "en")
    result = invoke("replan", last, *QUICK, *wish, "-o", kept)
    assert result.exit_code == 0, result.output
    assert invoke("verify", kept).exit_code == 0
    data = json.loads(kept.read_text(encoding="utf-8"))
    assert data["measures"]["closure_after"] == pytest.approx(closure)
    (left,) = data["partners"]
    starts = {(start["programme"], start["module"]) for start in left["starts"]}
    assert left["source"] == "EMP"
    assert ("P-2026-1", "L") in starts
    assert ("P", "L") not in starts


def test_partners_are_named_only_where_a_loss_is_limited(plan: Path, tmp_path: Path) -> None:
    for arguments in (("optimize", "mini"), ("replan", plan)):
        out = tmp_path / "out.json"
        result = invoke(*arguments, "--partner", "EMP", "--lang", "en", "-o", out)
        assert (result.exit_code, out.exists()) == (2, False), result.output
        assert "option-needs-other: --partner does not go without --keep-within" in result.stderr


def test_that_no_plan_loses_so_little_ends_with_exit_code_4(tmp_path: Path) -> None:
    """A is mandatory and EMP alone has money: whatever may be lost, nothing is left."""
    rows = tuple(
        row.model_copy(update={"status": "mandatory"}) if row.module == "A" else row
        for row in consortium().programme_modules
    )
    budgets = tuple(
        row if row.source == "EMP" else row.model_copy(update={"budget_kzt": 0})
        for row in consortium().funding_budgets
    )
    curriplan.write_folder(consortium(programme_modules=rows, funding_budgets=budgets), tmp_path / "college")
    wish = ("--keep-within", 1, "--lang", "en", "-o", tmp_path / "plan.json")
    result = invoke("optimize", tmp_path / "college", *wish)
    assert result.exit_code == 4, result.output
    assert "If the partner EMP" in " ".join(result.stderr.split())
