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
from curriplan.api.stress import write_stress
from curriplan.catalog.records import Catalog, Standing
from curriplan.cli.app import main
from curriplan.cli.console.terminal import WIDTH
from curriplan.plan.stress import Stress
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


def stressed(college: Catalog, **asked: Any) -> Stress:
    return curriplan.stress(curriplan.optimize(college, **asked), college, shares=True, workers=1)


def sheets_of(college: Catalog, found: Stress, path: Path, language: str = "en") -> dict[str, list[tuple]]:
    write_stress(college, found, [path], language)
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def texts_of(rows: list[tuple]) -> str:
    return "\n".join(cell for row in rows for cell in row if isinstance(cell, str))


def with_sources(**columns: dict[str, Any]) -> Catalog:
    """The consortium with other names and kinds of its sources."""
    rows = (row.model_copy(update=columns.get(row.id, {})) for row in consortium().funding_sources)
    return consortium(funding_sources=tuple(rows))


def test_the_shares_are_said_by_name(tmp_path: Path) -> None:
    college = with_sources(EMP={"name_en": "Employers"}, COL={"name_en": "Budget"}, R={"name_en": "Centre"})
    found = stressed(college, objectives="closure,cost")
    rows = sheets_of(college, found, tmp_path / "s.xlsx")["Shares of sources"]
    first = [row[0] for row in rows]
    assert {"Employers", "Budget", "Centre", "Budget + Employers", "Budget + Employers + Centre"} <= set(
        first
    )
    assert not {"EMP", "COL", "COL + EMP"} & set(first)


def test_why_all_money_closes_more_than_the_plan(tmp_path: Path) -> None:
    """With 0.1 to give away Z stays: 0.8, which changes less; all money closes 0.9."""
    college = consortium()
    found = stressed(college, objectives="closure:0.1,disruption")
    assert (round(found.closure, 6), found.tolerance) == (0.8, 0.1)
    assert round(found.best_closure or 0, 6) == 0.9
    said = texts_of(sheets_of(college, found, tmp_path / "s.xlsx")["Shares of sources"])
    assert "The plan closes 80.0 %, all money at most 90.0 %" in said
    assert "up to 10 points" in said
    same = stressed(college, objectives="closure,cost")
    assert "all money at most" not in texts_of(
        sheets_of(college, same, tmp_path / "same.xlsx")["Shares of sources"]
    )


def without_a_plan() -> Catalog:
    """A is mandatory and EMP alone has money."""
    rows = tuple(
        row.model_copy(update={"status": Standing.MANDATORY}) if row.module == "A" else row
        for row in consortium().programme_modules
    )
    budgets = tuple(
        row if row.source == "EMP" else row.model_copy(update={"budget_kzt": 0})
        for row in consortium().funding_budgets
    )
    return consortium(programme_modules=rows, funding_budgets=budgets)


def test_where_no_plan_is_left_no_shares_are_promised_and_dashes_stand(tmp_path: Path) -> None:
    college = without_a_plan()
    found = stressed(college, objectives="closure,cost")
    assert found.shares is not None
    assert found.shares.shares == ()
    sheets = sheets_of(college, found, tmp_path / "s.xlsx")
    assert "Shares of sources" not in sheets
    said = texts_of(sheets["Money and closure"])
    assert "How much closure the money of each source gives" not in said
    assert "Shapley" not in said
    assert "There are no shares" in said
    (header,) = [row for row in sheets["Partners"] if "Modules that drop out" in row]
    (row,) = [row for row in sheets["Partners"] if row[0] == "EMP"]
    place = header.index("Modules that drop out")
    assert row[place : place + 4] == ("–",) * 4
    assert None not in row[place - 3 : place]
    (alone,) = [row for row in sheets["Money and closure"] if row[0] == "no money"]
    assert alone[2:4] == ("–", "–")


MONEY_NOT_COME = {
    "kk": ("қаражаты келмесе", "кетсе, түседі"),
    "ru": ("если средства не придут", "Без EMP"),
    "en": ("if its money does not come", "Without EMP"),
}


NO_LEAVING = {"kk": "Мемлекет кетпейді", "ru": "Государство не уходит", "en": "The state does not leave"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_state_does_not_leave_its_money_does_not_come(language: str, tmp_path: Path) -> None:
    college = with_sources(EMP={"kind": "state"})
    words, leaving = MONEY_NOT_COME[language]
    curriplan.write_folder(college, tmp_path / "college")
    plan, out = tmp_path / "plan.json", tmp_path / "s.xlsx"
    assert invoke("optimize", tmp_path / "college", *QUICK, "-o", plan).exit_code == 0
    shown = invoke("stress", plan, "--lang", language)
    assert shown.exit_code == 0, shown.output
    assert leaving not in shown.stdout
    assert words.split()[-1] in shown.stdout
    assert invoke("stress", plan, "--lang", language, "-q", "-o", out).exit_code == 0
    for sheet in openpyxl.load_workbook(out):
        rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "EMP"]
        assert all(words in row[1] for row in rows)
        if rows:
            text = texts_of(list(sheet.iter_rows(values_only=True)))
            assert NO_LEAVING[language] in text


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


OWED = {
    "kk": "бұрынғы қабылдауларға әлі 1 000 теңге уәде етілген",
    "ru": "прежним наборам ещё обещано 1 000 тенге",
    "en": "still owes 1 000 KZT to earlier intakes (COL",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_promised_to_earlier_intakes_is_told_with_the_losses(language: str, tmp_path: Path) -> None:
    """Last year's plan pays 1000 in 2026 and 1000 in 2027, for A and B: the second is still owed."""
    programme = consortium().programmes[0].model_copy(update={"terms": 4, "repeats": True})
    budgets = (row.model_copy(update={"budget_kzt": 4000}) for row in consortium().funding_budgets)
    college = consortium(programmes=(programme,), funding_budgets=tuple(budgets))
    curriplan.write_folder(college, tmp_path / "college")
    last, later, book = tmp_path / "last.json", tmp_path / "later.json", tmp_path / "book.xlsx"
    assert invoke("optimize", tmp_path / "college", *QUICK, "-o", last).exit_code == 0
    assert invoke("replan", last, *QUICK, "-o", later).exit_code == 0
    shown = invoke("stress", later, "--lang", language)
    assert OWED[language] in " ".join(shown.stdout.split()), shown.output
    assert invoke("stress", later, "--lang", language, "-o", book).exit_code == 0
    cells = (cell for row in openpyxl.load_workbook(book).worksheets[0].values for cell in row)
    assert any(OWED[language] in str(cell).replace("\u00a0", " ") for cell in cells)
    # Once the year is past in which it was due, nothing is owed.
    assert OWED[language] not in " ".join(invoke("stress", later, "--leaves", "2028").stdout.split())
    # The plan before that owes nothing.
    assert OWED[language] not in " ".join(invoke("stress", last, "--lang", language).stdout.split())


def test_partners_are_named_only_where_a_loss_is_limited(plan: Path, tmp_path: Path) -> None:
    for arguments in (("optimize", "mini"), ("replan", plan)):
        out = tmp_path / "out.json"
        result = invoke(*arguments, "--partner", "EMP", "--lang", "en", "-o", out)
        assert (result.exit_code, out.exists()) == (2, False), result.output
        assert "option-needs-other: --partner does not go without --keep-within" in result.stderr


def test_that_no_plan_loses_so_little_ends_with_exit_code_4(tmp_path: Path) -> None:
    """A is mandatory and EMP alone has money: whatever may be lost, nothing is left."""
    curriplan.write_folder(without_a_plan(), tmp_path / "college")
    wish = ("--keep-within", 1, "--lang", "en", "-o", tmp_path / "plan.json")
    result = invoke("optimize", tmp_path / "college", *wish)
    assert result.exit_code == 4, result.output
    assert "If the partner EMP" in " ".join(result.stderr.split())
