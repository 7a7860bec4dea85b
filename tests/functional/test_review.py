"""The review round-trip: a workbook goes out, decisions come back, a new plan obeys them or says why not."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

import curriplan
from curricula.formats import as_ods, as_xls
from curriplan.api import reading
from curriplan.api.results import PlanResult
from curriplan.api.review.versions import versions_of
from curriplan.base.errors import CurriplanError, InfeasibleError
from curriplan.catalog.records import Catalog, ModuleOutcome, Programme
from curriplan.cli.app import main
from curriplan.plan.carried import carried_data, carried_lines, is_carried
from curriplan.plan.plan import plan_sha256
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.review import Choice, PlanChoice
from curriplan.problem.settings import Settings
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from formulation.instances import base, of_programme
from functional.report.workbooks import poisoned
from functional.reviews import (
    PLAN,
    SHEETS_READ,
    Filled,
    Review,
    ask,
    fill,
    opened,
    packed_by_zlib,
    reading_once,
    saved_by_libreoffice,
)
from instances.bare import bare_plans
from instances.random_catalogs import random_instance, settings_choices

PHISH, SEC1, SEC2, BASE = (("TECH", name) for name in ("PHISH", "SEC1", "SEC2", "BASE"))
OLDEST = Path(__file__).parent / "version_0_1_0"
MINI = Path(__file__).parents[2] / "catalogs" / "mini"


def word(choice: Choice | PlanChoice, language: str = "en") -> str:
    return Words(language)(f"review_choice.{choice}")


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, mini_result: PlanResult) -> dict[str, Path]:
    """The plan of `mini` as it goes out to a review, in each language."""
    folder = tmp_path_factory.mktemp("sent")
    return {code: mini_result.to_excel(folder / f"plan_{code}.xlsx", code) for code in LANGUAGES}


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Let the library and the command, given the same file in turn, read its cells once."""
    with mock.patch(SHEETS_READ, reading_once(2)):
        yield


@pytest.fixture(scope="module")
def proposal(sent: dict[str, Path]) -> Review:
    """What was sent in English, opened to look up its addresses."""
    return opened(sent["en"], "en")


def starts(result: PlanResult) -> dict[tuple[str, str], int]:
    return {(one.programme, one.module): one.term for one in result.plan.selection.starts}


def replanned(path: Path, **choices: Any) -> PlanResult:
    return curriplan.optimize(review=path, **choices)


# --- decisions are obeyed


def test_a_workbook_whose_copy_was_packed_by_zlib_is_still_read(
    mini_result: PlanResult, tmp_path: Path
) -> None:
    """The first workbooks that went out were packed so; what is locked in them is compared as ever."""
    with mock.patch("curriplan.report.carried.carried_lines", packed_by_zlib):
        sent = mini_result.to_excel(tmp_path / "old.xlsx", "en")
    filled = fill(sent, tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}})
    assert SEC2 not in starts(replanned(filled))


def test_a_workbook_of_version_0_1_0_comes_back(tmp_path: Path) -> None:
    """It was written by the first commit that reads reviews, and filled in from the lists that it offered.

    Since then headers and the word that pins have changed («семестрге бекіту» stood in its list).
    """
    path = OLDEST / "plan-back.xlsx"
    assert path.stat().st_size < 60_000
    result = curriplan.optimize(OLDEST / "catalog", review=path)
    assert starts(result) == {("TECH", "BASE"): 1, ("TECH", "DATA3"): 2}
    record = result.plan.review
    assert record is not None
    assert [(line.module, line.decision, line.term, line.comment) for line in record.lines] == [
        ("DATA3", "pin", 2, "кейінірек керек"),
        ("DATA4", "reject", None, ""),
    ]
    assert [(one.number, one.closure) for one in result.plan.versions] == [(1, 1.0), (2, 0.375)]
    # And its answer goes out again.
    again = fill(
        result.to_excel(tmp_path / "2.xlsx"), tmp_path / "r.xlsx", {PLAN: {"decision": "бекіту"}}, "kk"
    )
    assert curriplan.optimize(OLDEST / "catalog", review=again).plan.modules == result.plan.modules


def test_an_edit_of_a_workbook_of_version_0_1_0_is_found(tmp_path: Path) -> None:
    """Its locked cells are compared as those of any other."""
    content = (OLDEST / "plan-back.xlsx").read_bytes()
    path = tmp_path / "edited.xlsx"
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace("Деректер практикумы".encode(), "Деректер практикум".encode()))
    with pytest.raises(CurriplanError, match="review-cell-changed"):
        curriplan.optimize(OLDEST / "catalog", review=path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed_in", LANGUAGES)
def test_decisions_typed_in_any_language(
    sent: dict[str, Path], mini_result: PlanResult, tmp_path: Path, language: str, typed_in: str
) -> None:
    assert starts(mini_result)[SEC2] == 3
    filled: Filled = {
        SEC2: {"decision": word(Choice.REJECT, typed_in).upper()},
        PHISH: {"decision": f" {word(Choice.PIN, typed_in)}", "semester": "2027-1"},
        BASE: {"decision": word(Choice.ACCEPT, typed_in)},
    }
    result = replanned(fill(sent[language], tmp_path / "r.xlsx", filled, language))
    found = starts(result)
    assert (found[PHISH], found[BASE]) == (3, 1)
    assert SEC2 not in found
    assert [(one.module, one.choice, one.term) for one in result.limits.settings.review] == [
        ("BASE", "accept", 1),
        ("PHISH", "pin", 3),
        ("SEC2", "reject", None),
    ]
    assert result.plan.review is not None and result.plan.review.planned_anew


def test_the_new_plan_verifies_and_says_what_it_obeyed(sent: dict[str, Path], tmp_path: Path) -> None:
    filled: Filled = {
        SEC2: {"decision": "reject", "comment": "no laboratory", "reviewer": "A. A.", "date": "2026-11-24"},
        BASE: {"comment": "why?"},
        PLAN: {"decision": "return", "comment": "please rework"},
    }
    path = fill(sent["en"], tmp_path / "r.xlsx", filled)
    new = tmp_path / "new.json"
    result = invoke("optimize", "--review", path, "-o", new, "-o", tmp_path / "new.xlsx", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "decisions obeyed: 1, comments: 3" in result.output
    assert "given anew: none" in result.output
    verified = invoke("verify", new, "--lang", "en")
    assert verified.exit_code == 0
    assert "1 decisions" in verified.output
    data = json.loads(new.read_text(encoding="utf-8"))
    assert data["limits"]["review"] == [
        {"programme": "TECH", "module": "SEC2", "decision": "reject", "term": None}
    ]
    assert data["review"]["lines"][0]["decision"] == "return"
    by_module = {line["module"]: line for line in data["review"]["lines"]}
    assert by_module["SEC2"]["reviewer"] == "A. A."
    assert by_module["SEC2"]["cell"] == f"Review!{opened(path, 'en').address(SEC2, 'decision')}"
    texts = sheet_texts(tmp_path / "new.xlsx", "Changes")
    assert "done: taken out of the plan" in texts
    assert any(text.startswith("noted; the plan is unchanged in this point, because: ") for text in texts)
    assert {"no laboratory", "why?", "please rework", "A. A., 2026-11-24"} <= set(texts)
    sure = data["figures"]["if_estimates_err"]["plan"]
    new_range = f"{100 * sure['closure_low']:.1f}–{100 * sure['closure_high']:.1f}%"
    assert {"34.1–68.1%", new_range} <= set(texts)  # of the plan under review, and of the new one


def sheet_texts(path: Path, name: str) -> list[str]:
    sheet = openpyxl.load_workbook(path, data_only=True)[name]
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_a_plan_that_disobeys_is_refused_by_verify(sent: dict[str, Path], tmp_path: Path) -> None:
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}})
    replanned(path).to_json(tmp_path / "new.json")
    data = json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))
    for value, exit_code in ((data["limits"]["review"][0]["term"], 0), (3, 6)):
        data["limits"]["review"][0]["term"] = value
        (tmp_path / "spoiled.json").write_text(json.dumps(data), encoding="utf-8")
        found = invoke("verify", tmp_path / "spoiled.json", "--lang", "en")
        assert found.exit_code == exit_code
        assert ("SEC2" in found.output) is bool(exit_code)


def test_what_was_decided_stands_on_the_next_review_sheet(
    sent: dict[str, Path], mini_result: PlanResult, tmp_path: Path
) -> None:
    filled: Filled = {SEC2: {"decision": "reject"}, PHISH: {"decision": "pin", "semester": 3}}
    first = replanned(fill(sent["en"], tmp_path / "r.xlsx", filled))
    again = first.to_excel(tmp_path / "again.xlsx", "en")
    review = opened(again, "en")
    # What was rejected is out now, which is accepted; a pin stays a pin.
    assert review.cell(SEC2, "decision").value == "accept"
    assert (review.cell(PHISH, "decision").value, review.cell(PHISH, "semester").value) == ("pin", "3")
    with pytest.raises(CurriplanError, match="review-nothing-decided"):
        replanned(again)
    # A decision that is taken out frees the module: the plan under review is near at hand and stands, and
    # the best one made anew is the first one.
    freed = fill(again, tmp_path / "freed.xlsx", {SEC2: {"decision": None}, PHISH: dict.fromkeys(
        ("decision", "semester"))})  # fmt: skip
    second = fill(freed, tmp_path / "freed2.xlsx", {PLAN: {"decision": "return"}})
    assert starts(replanned(second)) == starts(first)
    assert starts(replanned(second, replan="best")) == starts(mini_result)
    # One that is rejected again needs a semester, since nobody teaches it today.
    with pytest.raises(CurriplanError, match="review-semester-missing"):
        replanned(fill(again, tmp_path / "back.xlsx", {SEC2: {"decision": "reject"}}))
    back = fill(again, tmp_path / "back.xlsx", {SEC2: {"decision": "reject", "semester": "semester 3"}})
    assert starts(replanned(back))[SEC2] == 3


def test_who_decided_and_why_goes_on_to_the_next_review_sheet(sent: dict[str, Path], tmp_path: Path) -> None:
    """Three rounds: what stood beside a decision stands there again, is no remark anew, and is kept."""
    beside = {"comment": "no room in autumn", "reviewer": "A. A.", "date": "2026-11-24"}
    filled: Filled = {SEC2: {"decision": "reject", **beside}, BASE: {"comment": "a question"}}
    path = fill(sent["en"], tmp_path / "r.xlsx", filled)
    for name in ("second", "third"):
        result = replanned(path)
        assert result.plan.review is not None
        line = next(one for one in result.plan.review.lines if one.module == "SEC2")
        assert (line.comment, line.reviewer, line.date) == tuple(beside.values())
        again = result.to_excel(tmp_path / f"{name}.xlsx", "en")
        review = opened(again, "en")
        assert {column: review.cell(SEC2, column).value for column in beside} == beside
        # A question was answered: it holds nothing, and does not come again.
        assert review.cell(BASE, "comment").value is None
        with pytest.raises(CurriplanError, match="review-nothing-decided"):
            replanned(again)
        changed = fill(again, tmp_path / "changed.xlsx", {SEC2: {"comment": "still no room"}})
        assert replanned(changed).plan.modules == result.plan.modules
        path = fill(again, tmp_path / "next.xlsx", {PLAN: {"decision": "return"}})


@pytest.mark.parametrize(
    ("typed", "kept"), [(46000, "2025-12-09"), ("46000", "2025-12-09"), (2026, "2026"), ("24.11", "24.11")]
)
def test_a_day_that_was_pasted_as_a_number_is_a_day(
    sent: dict[str, Path], tmp_path: Path, typed: object, kept: str
) -> None:
    """46,000 days after 30 December 1899; a year is no day, and what cannot be one stays as it is."""
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject", "date": typed}})
    record = replanned(path).plan.review
    assert record is not None and [one.date for one in record.lines] == [kept]


def test_a_module_that_the_plan_leaves_out_can_be_asked_for(
    sent: dict[str, Path], mini_result: PlanResult, tmp_path: Path
) -> None:
    left_out = "DATA4"
    assert ("TECH", left_out) not in starts(mini_result)
    asked = {"programme": "TECH", "index": left_out.lower(), "decision": "pin", "semester": 3, "comment": "!"}
    path = fill(sent["en"], tmp_path / "r.xlsx", {}, change=lambda review: ask(review, **asked))
    result = replanned(path)
    assert starts(result)["TECH", left_out] == 3


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"programme": "TECH", "index": "NONE", "decision": "pin", "semester": 2}, "review-module-unknown"),
        ({"programme": "X", "index": "DATA4", "decision": "pin", "semester": 2}, "review-module-unknown"),
        ({"decision": "pin", "semester": 2}, "review-module-unknown"),
        ({"programme": "TECH", "index": "SEC2", "decision": "pin", "semester": 2}, "review-module-has-row"),
        ({"programme": "TECH", "index": "DATA4", "decision": "accept"}, "review-word-unknown"),
        ({"programme": "TECH", "index": "DATA4", "decision": "pin"}, "review-semester-missing"),
        ({"programme": "TECH", "index": "DATA4", "semester": 2}, "review-semester-unasked"),
        ({"programme": "TECH", "index": "DATA4"}, "review-module-undecided"),
        ({"programme": "TECH"}, "review-module-unknown"),
        ({"programme": "TECH", "comment": "data, please"}, "review-module-unknown"),
        ({"index": "DATA4", "reviewer": "A. A."}, "review-module-unknown"),
    ],
)
def test_asking_amiss(sent: dict[str, Path], tmp_path: Path, values: dict[str, Any], code: str) -> None:
    """A wrong wish for a module is refused at the row in which it was typed."""
    rows: list[int] = []
    path = fill(sent["en"], tmp_path / "r.xlsx", {}, change=lambda r: rows.append(ask(r, **values)))
    (issue,) = issues_of(path)
    assert issue.code == code
    assert issue.place is not None
    assert (issue.place.sheet, issue.place.row) == ("Review", rows[0])


def test_a_dropped_module_is_accepted_rejected_or_pinned(tmp_path: Path) -> None:
    # Room for one module in each of two terms: B, which teaches more, pushes A out of term 1; A would be
    # worth nothing beside B.
    catalog = base(
        module_outcomes=(
            ModuleOutcome(module="A", competency="C", exit_level=1),
            ModuleOutcome(module="B", competency="C", exit_level=2),
        ),
        programmes=(Programme(id="P", start="2026-1", terms=2, learners=30, max_credits=3),),
        programme_modules=of_programme(
            ("A", {"status": "existing", "current_term": 1}), ("B", {"status": "candidate"})
        ),
    )
    first = curriplan.optimize(catalog)
    assert [(row.module, row.decision) for row in first.plan.modules] == [("A", "dropped"), ("B", "added")]
    sent = first.to_excel(tmp_path / "plan.xlsx", "en")
    wanted = {("accept", None): None, ("reject", None): 1, ("reject", 2): 2, ("pin", 2): 2}
    for number, ((decision, semester), term) in enumerate(wanted.items()):
        filled: Filled = {("P", "A"): {"decision": decision, "semester": semester}}
        path = fill(sent, tmp_path / f"r{number}.xlsx", filled)
        found = starts(curriplan.optimize(catalog, review=path))
        assert found.get(("P", "A")) == term
        assert (("P", "B") in found) is (term is None)


# --- a plan that stands


def approved(sent: dict[str, Path], tmp_path: Path) -> Path:
    filled: Filled = {PLAN: {"decision": "approve", "reviewer": "Minister"}, SEC1: {"decision": "accept"}}
    return fill(sent["en"], tmp_path / "r.xlsx", filled)


def test_an_approved_plan_is_written_again_unchanged(
    sent: dict[str, Path], tmp_path: Path, mini_result: PlanResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curriplan.optimizer.solve.stages.solve", lambda *_, **__: pytest.fail("solved anew"))
    path = approved(sent, tmp_path)
    texts = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        result = invoke("optimize", "--review", path, "-o", folder / "n.json", "-o", folder / "n.xlsx")
        assert result.exit_code == 0, result.output
        assert "the plan is approved as it was" in result.output
        texts.append((folder / "n.json").read_bytes() + (folder / "n.xlsx").read_bytes())
    assert texts[0] == texts[1]
    data = json.loads((tmp_path / "one" / "n.json").read_text(encoding="utf-8"))
    mini_result.to_json(tmp_path / "plan.json")
    before = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    record = data.pop("review")
    first, second = data.pop("versions")
    assert (first["file"], first["plan_sha256"]) == (None, record["plan_sha256"])
    assert (second["number"], second["is_approved"], second["moved"]) == (2, True, 0)
    assert data["limits"].pop("review") == [
        {"programme": "TECH", "module": "SEC1", "decision": "accept", "term": before_term(before, "SEC1")}
    ]
    free = {"programme": "TECH", "module": "SEC1", "closure": 0.0, "cost_kzt": 0}
    assert data.pop("replanning") == {"further": [], "prices": [free]}
    assert data == before
    assert record["lines"][0]["decision"] == "approve"
    assert (record["planned_anew"], record["changes"]) == (False, [])


def before_term(data: dict[str, Any], module: str) -> int:
    return next(row["term"] for row in data["modules"] if row["module"] == module)


def test_comments_alone_change_nothing(
    sent: dict[str, Path], tmp_path: Path, mini_result: PlanResult
) -> None:
    for filled in (
        {SEC1: {"comment": "why?"}},
        {SEC1: {"comment": "why?"}, PLAN: {"decision": "return"}},
        {PHISH: {"decision": "pin", "semester": starts(mini_result)[PHISH]}},
    ):
        result = replanned(fill(sent["en"], tmp_path / "r.xlsx", filled))
        assert result.plan.modules == mini_result.plan.modules
        assert result.plan.review is not None and not result.plan.review.planned_anew


def test_a_plan_without_decisions_is_the_same_whatever_is_asked(
    sent: dict[str, Path], tmp_path: Path, mini_result: PlanResult
) -> None:
    """“Why is it so?” is answered, and every figure stays: the plan differs in its record alone."""
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC1: {"comment": "why is it so?"}})
    one, two = replanned(path), replanned(path)
    assert plan_sha256(one.plan) == plan_sha256(two.plan)
    assert replace(one.plan, review=None, versions=()) == mini_result.plan


def test_who_only_saw_a_row_is_noted_too(sent: dict[str, Path], tmp_path: Path) -> None:
    """A name or a date beside neither decision nor comment is something that somebody wrote."""
    filled: Filled = {
        SEC1: {"reviewer": "A. A."},
        BASE: {"date": "2026-11-24"},
        PLAN: {"reviewer": "B. B."},
        SEC2: {"comment": "challenge 2 lacks a laboratory"},
    }
    path = fill(sent["en"], tmp_path / "r.xlsx", filled)
    result = replanned(path)
    record = result.plan.review
    assert record is not None
    said = [(one.module, one.reviewer or one.date or one.comment) for one in record.lines]
    assert said == [
        (None, "B. B."), ("BASE", "2026-11-24"), ("SEC1", "A. A."), ("SEC2", "challenge 2 lacks a laboratory")
    ]  # fmt: skip
    assert len(record.commented) == 1 and not record.decided
    written = result.to_excel(tmp_path / "new.xlsx", "en")
    texts = sheet_texts(written, "Changes")
    assert texts.count("no decision and no comment: only who saw it is noted") == 3
    # The comment with its text and its cell of the file that came back.
    assert {"challenge 2 lacks a laboratory", opened(path, "en").address(SEC2, "comment")} <= set(texts)
    with pytest.raises(CurriplanError, match="review-nothing-decided"):
        replanned(fill(sent["en"], tmp_path / "n.xlsx", {SEC1: {"reviewer": "A. A."}}))


def test_a_note_below_the_table_asks_for_nothing(sent: dict[str, Path], tmp_path: Path) -> None:
    def note(review: Review) -> None:
        review.sheet.cell(review.free[-1] + 3, review.columns["programme"]).value = "Seen by the council"

    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC1: {"comment": "why?"}}, change=note)
    record = replanned(path).plan.review
    assert record is not None
    assert len(record.lines) == 1


def test_approval_and_a_wish_to_change_contradict(sent: dict[str, Path], tmp_path: Path) -> None:
    filled: Filled = {
        PLAN: {"decision": "approve"},
        SEC2: {"decision": "reject"},
        PHISH: {"decision": "pin", "semester": 3},
        SEC1: {"decision": "accept"},
    }
    path = fill(sent["en"], tmp_path / "r.xlsx", filled)
    found = issues_of(path)
    assert {issue.code for issue in found} == {"review-approve-contradicted"}
    review = opened(path, "en")
    wanted = {review.cell(row, "decision").row for row in (SEC2, PHISH)}
    assert {issue.place.row for issue in found if issue.place} == wanted
    assert all(review.address(PLAN, "decision") in str(issue.values["cell"]) for issue in found)


def test_approval_under_other_settings_is_refused(sent: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(CurriplanError, match="review-approve-with-settings"):
        replanned(approved(sent, tmp_path), budget_kzt=1_000_000)


def test_settings_of_the_plan_apply_again_unless_given_anew(tmp_path: Path) -> None:
    first = curriplan.optimize("mini", budget_kzt=1_100_000, gap=0.0)
    path = first.to_excel(tmp_path / "plan.xlsx", "en")
    decided = fill(path, tmp_path / "r.xlsx", {PHISH: {"decision": "pin", "semester": 3}})
    assert replanned(decided).limits.settings.budget_kzt == 1_100_000
    out = tmp_path / "new.json"
    result = invoke("optimize", "--review", decided, "--budget", "1200000", "-o", out, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "given anew: budget_kzt" in result.output
    limits = json.loads(out.read_text(encoding="utf-8"))["limits"]
    assert (limits["overrides"]["budget_kzt"], limits["gap"]) == (1_200_000, 0.0)
    # Few changes are counted against the plan under review.
    few = replanned(decided, max_changes=1)
    assert few.limits.settings.previous == tuple(sorted((*key, term) for key, term in starts(first).items()))


# --- impossible


def test_a_decision_that_makes_the_plan_impossible_is_explained(
    sent: dict[str, Path], tmp_path: Path
) -> None:
    path = fill(sent["ru"], tmp_path / "r.xlsx", {PHISH: {"decision": "отклонить"}}, "ru")
    why = tmp_path / "why.json"
    out = tmp_path / "new.xlsx"
    result = invoke("optimize", "--review", path, "-o", out, "--diagnosis", why, "--lang", "ru")
    assert result.exit_code == 4
    assert not out.exists()
    cell = opened(path, "ru").cell(PHISH, "decision")
    assert "при согласовании решено, что модуль PHISH" in " ".join(result.output.split())
    assert f"[Согласование] {cell.coordinate}" in result.output
    data = json.loads(why.read_text(encoding="utf-8"))
    demands = {row["aspect"]: row for row in data["clashes"][0]["demands"]}
    assert demands["review_absent"]["places"][0]["row"] == cell.row
    lifted = data["repairs"][0]["edits"][0]
    assert (lifted["table"], lifted["column"], lifted["key"]) == ("settings", "review", list(PHISH))


# --- what reviewers do to workbooks


def sort_rows(review: Review) -> None:
    """Sort the rows of the table backwards, whole rows, as Excel does."""
    numbers = sorted(review.rows.values())
    width = review.sheet.max_column
    contents = [[review.sheet.cell(n, at).value for at in range(1, width + 1)] for n in numbers]
    for number, cells in zip(numbers, reversed(contents), strict=True):
        for at, value in enumerate(cells, 1):
            review.sheet.cell(number, at).value = value


def insert_rows_and_columns(review: Review) -> None:
    """Put in columns before and within the table, and rows above and within it, with notes in them."""
    sheet = review.sheet
    unmerge(sheet)
    sheet.insert_cols(review.columns["decision"], 2)
    sheet.insert_cols(1)
    sheet.insert_rows(review.header + 3, 2)
    sheet.insert_rows(1, 3)
    sheet.cell(2, 2).value = "Draft of the commission"
    sheet.cell(review.header + 6, 1).value = "note"


def unmerge(sheet: Any) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


def rename_sheets(review: Review) -> None:
    names = {sheet.title: f"Sheet {number}" for number, sheet in enumerate(review.book.worksheets)}
    for sheet in review.book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":  # as Excel does, and openpyxl does not
                    for old, new in names.items():
                        cell.value = re.sub(rf"('{old}'|\b{old})!", f"'{new}'!", cell.value)
    for sheet in review.book.worksheets:
        sheet.title = names[sheet.title]


def sort_another_sheet(review: Review) -> None:
    sheet = review.book["Gaps"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Programme") + 1
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=top)]
    rows = rows[: next((place for place, row in enumerate(rows) if row[0] is None), len(rows))]
    for number, cells in enumerate(sorted(rows, key=str, reverse=True), top):
        for at, value in enumerate(cells, 1):
            sheet.cell(number, at).value = value


def sign_on_the_screen(review: Review) -> None:
    """Write name and number of minutes into the lines that are there to be signed."""
    for sheet, role in ((review.book["Summary"], "Director of"), (review.book["Curriculum TECH"], "Drafted")):
        row = next(row[0].row for row in sheet.iter_rows() if str(row[0].value).startswith(role))
        sheet.cell(row, 3).value = "Minutes 7 of 12.06.2026"


HABITS: dict[str, Callable[[Review], object]] = {
    "sorted rows": sort_rows,
    "inserted rows and columns": insert_rows_and_columns,
    "renamed sheets": rename_sheets,
    "another sheet sorted": sort_another_sheet,
    "lines signed on the screen": sign_on_the_screen,
}


@pytest.mark.parametrize("habit", HABITS.values(), ids=list(HABITS))
def test_what_reviewers_do_to_workbooks_is_no_edit(
    sent: dict[str, Path], tmp_path: Path, habit: Callable[[Review], object]
) -> None:
    filled: Filled = {SEC2: {"decision": "reject"}, PHISH: {"decision": "pin", "semester": 3}}
    found = starts(replanned(fill(sent["en"], tmp_path / "r.xlsx", filled, change=habit)))
    assert SEC2 not in found
    assert found[PHISH] == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_save_by_libreoffice_is_no_edit(sent: dict[str, Path], tmp_path: Path, language: str) -> None:
    untouched = saved_by_libreoffice(sent[language], tmp_path / "untouched")
    with pytest.raises(CurriplanError) as caught:
        replanned(untouched)
    assert [issue.code for issue in caught.value.issues] == ["review-nothing-decided"]
    filled: Filled = {SEC2: {"decision": word(Choice.REJECT, language)}}
    path = fill(sent[language], tmp_path / "r.xlsx", filled, language)
    assert SEC2 not in starts(replanned(saved_by_libreoffice(path, tmp_path / "saved")))


@pytest.mark.parametrize("habit", HABITS.values(), ids=list(HABITS))
def test_habits_and_libreoffice_together(
    sent: dict[str, Path], tmp_path: Path, habit: Callable[[Review], object]
) -> None:
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}}, change=habit)
    assert SEC2 not in starts(replanned(saved_by_libreoffice(path, tmp_path / "saved")))


def test_libreoffice_finds_an_edit_too(sent: dict[str, Path], tmp_path: Path) -> None:
    def change(review: Review) -> None:
        review.cell(SEC2, "term").value = 2

    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "accept"}}, change=change)
    address = opened(path, "en").address(SEC2, "term")
    (issue,) = issues_of(saved_by_libreoffice(path, tmp_path / "saved"))
    assert (issue.code, str(issue.place).rpartition(" ")[2]) == ("review-cell-changed", address)
    assert (issue.values["was"], issue.values["found"]) == ("3", "2")


# --- refusals, each with its place


def issues_of(path: Path, **choices: Any) -> tuple[curriplan.Issue, ...]:
    with pytest.raises(CurriplanError) as caught:
        replanned(path, **choices)
    return caught.value.issues


def delete_row(review: Review) -> None:
    unmerge(review.sheet)
    review.sheet.delete_rows(review.rows[SEC1])


def repeat_row(review: Review) -> None:
    for at in range(1, review.sheet.max_column + 1):
        review.sheet.cell(review.free[2], at).value = review.sheet.cell(review.rows[SEC1], at).value


def unknown_key(review: Review) -> None:
    review.sheet.cell(review.free[0], review.columns["key"]).value = "TECH|GONE|0123456789ab"


def outdated_key(review: Review) -> None:
    review.cell(SEC1, "key").value = "TECH|SEC1|0123456789ab"


def edit_a_locked_cell(review: Review) -> None:
    review.cell(SEC1, "term").value = 4


def edit_another_sheet(review: Review) -> None:
    sheet = review.book["Gaps"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == 0)
    cell.value = 1


def delete_another_row(review: Review) -> None:
    sheet = review.book["Gaps"]
    row = next(cell.row for row in sheet.iter_rows() for cell in row if cell.value == "TECH")
    unmerge(sheet)
    sheet.delete_rows(row)


def overwrite_a_formula(review: Review) -> None:
    sheet = review.book["Compliance"]
    next(cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f").value = 1


def delete_a_sheet(review: Review) -> None:
    del review.book["Resource use"]


def delete_the_review(review: Review) -> None:
    del review.book["Review"]


def copy_the_review(review: Review) -> None:
    review.book.copy_worksheet(review.sheet).title = "Review (2)"


def rename_a_header(review: Review) -> None:
    review.sheet.cell(review.header, review.columns["comment"]).value = "Remarks"


def repeat_a_header(review: Review) -> None:
    review.sheet.cell(review.header, review.sheet.max_column + 2).value = "Your decision"


def delete_the_data(review: Review) -> None:
    del review.book["Data for the program"]


def damage_the_data(review: Review) -> None:
    sheet = review.book["Data for the program"]
    cell = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("curriplan-review"))
    cell.value = cell.value.replace("A", "B")


def set_cell(row: tuple[str, str], column: str, value: object) -> Callable[[Review], None]:
    def change(review: Review) -> None:
        review.cell(row, column).value = value

    return change


Where = str | tuple[tuple[str, str], str]
SPOILED: dict[str, tuple[Callable[[Review], object], str, Where]] = {
    "a missing row": (delete_row, "review-row-missing", "[Review]"),
    "a row twice": (repeat_row, "review-row-twice", "[Review] O14"),
    "an unknown row": (unknown_key, "review-row-unknown", "[Review] O12"),
    "another proposal": (outdated_key, "review-proposal-changed", (SEC1, "key")),
    "a locked cell": (edit_a_locked_cell, "review-cell-changed", (SEC1, "term")),
    "another sheet": (edit_another_sheet, "review-cell-changed", "[Gaps] "),
    "a formula": (overwrite_a_formula, "review-cell-changed", "[Compliance] "),
    "a row of another sheet": (delete_another_row, "review-locked-row-missing", "[Gaps]"),
    "a sheet gone": (delete_a_sheet, "review-sheet-lost", ".xlsx"),
    "no review": (delete_the_review, "review-sheet-missing", ".xlsx"),
    "two reviews": (copy_the_review, "review-sheet-twice", ".xlsx"),
    "a header gone": (rename_a_header, "review-column-missing", "[Review] 6"),
    "a header twice": (repeat_a_header, "review-column-twice", "[Review] Q6"),
    "no data": (delete_the_data, "review-without-data", ".xlsx"),
    "damaged data": (damage_the_data, "review-data-damaged", "[Data for the program] A"),
    "a word": (
        set_cell(SEC1, "decision", "perhaps"),
        "review-word-unknown",
        (SEC1, "decision"),
    ),
    "a word for the plan": (set_cell(PLAN, "decision", "pin"), "review-word-unknown", "J7"),
    "a semester": (
        lambda r: (set_cell(SEC1, "decision", "pin")(r), set_cell(SEC1, "semester", 9)(r)),
        "review-semester-unknown",
        (SEC1, "semester"),
    ),
    "a semester in which the module may not start": (
        lambda r: (set_cell(BASE, "decision", "pin")(r), set_cell(BASE, "semester", 3)(r)),
        "review-semester-not-allowed",
        (BASE, "semester"),
    ),
    "to keep what is added": (set_cell(SEC1, "decision", "keep"), "review-word-unknown", (SEC1, "decision")),
    "a pin without semester": (
        set_cell(SEC1, "decision", "pin"),
        "review-semester-missing",
        (SEC1, "semester"),
    ),
    "a semester alone": (
        set_cell(SEC1, "semester", 3),
        "review-semester-unasked",
        (SEC1, "semester"),
    ),
    "a semester of the plan": (set_cell(PLAN, "semester", 3), "review-semester-unasked", "K7"),
    "accept in another semester": (
        lambda r: (set_cell(SEC1, "decision", "accept")(r), set_cell(SEC1, "semester", 1)(r)),
        "review-semester-unasked",
        (SEC1, "semester"),
    ),
    "a comment that reads backwards": (
        set_cell(SEC1, "comment", "keep \u202ereject"),
        "control-character",
        (SEC1, "comment"),
    ),
    "an error for a decision": (
        set_cell(SEC1, "decision", "=1/0"),
        "formula-without-value",
        (SEC1, "decision"),
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_each_fault_is_refused_where_it_stands(
    sent: dict[str, Path], proposal: Review, tmp_path: Path, name: str
) -> None:
    spoil, code, where = SPOILED[name]
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"comment": "no"}}, change=spoil)
    found = issues_of(path)
    # A header is a locked cell, too.
    assert {issue.code for issue in found} - {"review-cell-changed"} == {code} - {"review-cell-changed"}
    assert code in {issue.code for issue in found}
    assert all(str(path) in str(issue.place) for issue in found)
    place = where if isinstance(where, str) else f"[Review] {proposal.address(*where)}"
    assert any(place in str(issue.place) for issue in found)
    for language in LANGUAGES:
        assert not re.search(r"[{}]", found[0].line(language))
    result = invoke("optimize", "--review", path, "-o", tmp_path / "new.xlsx")
    assert result.exit_code == 3
    assert not (tmp_path / "new.xlsx").exists()


def test_every_issue_code_of_reviews_has_an_example() -> None:
    from curriplan.base.errors import issue_texts

    codes = {code for code in issue_texts() if code.startswith("review-")}
    here = Path(__file__).read_text(encoding="utf-8")
    untested = {code for code in codes if f'"{code}"' not in here and f"{code}" not in here}
    assert not untested


def test_everything_wrong_is_reported_at_once(sent: dict[str, Path], tmp_path: Path) -> None:
    def spoil(review: Review) -> None:
        edit_a_locked_cell(review)
        edit_another_sheet(review)
        unknown_key(review)
        set_cell(PHISH, "decision", "perhaps")(review)

    found = issues_of(fill(sent["en"], tmp_path / "r.xlsx", {}, change=spoil))
    assert sorted(issue.code for issue in found) == [
        "review-cell-changed",
        "review-cell-changed",
        "review-row-unknown",
        "review-word-unknown",
    ]


def test_a_poisoned_result_of_a_formula_is_found(sent: dict[str, Path], tmp_path: Path) -> None:
    path = tmp_path / "poisoned.xlsx"
    path.write_bytes(poisoned(sent["en"].read_bytes()))
    found = issues_of(path)
    assert [issue.code for issue in found] == ["review-cell-changed"]


def test_what_is_approved_of_another_catalog_is_refused(
    sent: dict[str, Path], tmp_path: Path, mini: Path
) -> None:
    path = fill(sent["en"], tmp_path / "r.xlsx", {PLAN: {"decision": "approve"}})
    modules = mini / "modules.csv"
    modules.write_text(modules.read_text(encoding="utf-8").replace("Phishing", "Fishing"), encoding="utf-8")
    (issue,) = issues_of(path, catalog=mini)
    assert issue.code == "plan-other-catalog"
    assert issue.place is not None and issue.place.sheet == "Data for the program"
    assert issue.place.row is not None
    assert curriplan.optimize(MINI, review=path).plan.review is not None, "the same tables elsewhere will do"


def test_a_plan_that_does_not_hold_is_not_approved(
    sent: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever rebuilds the data that the workbook carries still has the evaluation before them."""
    from dataclasses import replace

    from curriplan.api.reading import read
    from curriplan.api.review.read import read_review
    from curriplan.api.review.replan import replan, reviewed_settings

    found = read_review(approved(sent, tmp_path))
    modules = tuple(replace(row, term=1) for row in found.plan.modules)
    spoiled = replace(found, plan=replace(found.plan, modules=modules), rows=found.rows[:1], issues=())
    settings = reviewed_settings(spoiled, {})
    with pytest.raises(CurriplanError, match="review-plan-broken"):
        replan(spoiled, read("mini", settings), settings)


@pytest.mark.parametrize(
    ("content", "code"), [(b"a,b\n", "not-a-workbook"), (b"PK\x03\x04junk", "damaged-workbook")]
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, code: str) -> None:
    """A file that is no workbook, and one that is not there, are refused with one issue."""
    (tmp_path / "r.xlsx").write_bytes(content)
    assert [issue.code for issue in issues_of(tmp_path / "r.xlsx")] == [code]
    assert [issue.code for issue in issues_of(tmp_path / "no.xlsx")] == ["file-unreadable"]


def test_notes_attached_to_cells_are_not_read_and_that_is_said(sent: dict[str, Path], tmp_path: Path) -> None:
    def note(review: Review) -> None:
        review.cell(SEC1, "term").comment = Comment("too early", "A. A.")

    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC1: {"comment": "why?"}}, change=note)
    assert "review-notes-unread" in [issue.code for issue in replanned(path).warnings]
    plain = fill(sent["en"], tmp_path / "p.xlsx", {SEC1: {"comment": "why?"}})
    assert "review-notes-unread" not in [issue.code for issue in replanned(plain).warnings]


@pytest.mark.parametrize(
    ("hide", "code"),
    [
        (lambda review: setattr(_row_of(review, SEC1), "hidden", True), "hidden-rows"),
        (lambda review: setattr(_column_of(review, "semester"), "hidden", True), "hidden-columns"),
        (lambda review: setattr(_hidden_copy(review), "sheet_state", "hidden"), "hidden-sheet"),
    ],
    ids=["row", "column", "sheet"],
)
def test_what_is_hidden_on_the_review_sheet_is_said(
    sent: dict[str, Path], tmp_path: Path, hide: Callable[[Review], None], code: str
) -> None:
    """A decision that nobody sees is obeyed with a warning; one on a hidden sheet is not read."""
    from curriplan.api.review.read import read_review

    pinned = {SEC1: {"decision": "pin", "semester": 2}}
    found = read_review(fill(sent["en"], tmp_path / "r.xlsx", pinned, change=hide))
    assert not found.issues
    assert [issue.code for issue in found.warnings] == [code]
    rows = [row.cell("review_decision") for row in found.rows if row.decision]
    assert [cell.split("!")[0] for cell in rows] == ["Review"]


@pytest.mark.parametrize("word", ["accept", "reject", "pin"])
def test_one_decision_in_merged_cells_is_nobodys(sent: dict[str, Path], tmp_path: Path, word: str) -> None:
    """Whoever merges cells means all of the rows; the first one alone had been obeyed without a word."""

    def merge(review: Review) -> None:
        first = review.cell(SEC1, "decision")
        review.sheet.merge_cells(
            start_row=first.row, end_row=first.row + 1, start_column=first.column, end_column=first.column
        )

    path = fill(sent["en"], tmp_path / "merged.xlsx", {SEC1: {"decision": word}}, change=merge)
    merged = [issue for issue in issues_of(path) if issue.code == "merged-cells"]
    assert len(merged) == 1
    assert merged[0].place is not None
    assert merged[0].place.sheet == "Review"


def test_merged_cells_in_which_nothing_is_written_are_nobodys_trouble(
    sent: dict[str, Path], tmp_path: Path
) -> None:
    def merge(review: Review) -> None:
        review.sheet.merge_cells(f"{review.address(SEC1, 'comment')}:{review.address(SEC2, 'comment')}")

    path = fill(sent["en"], tmp_path / "merged.xlsx", {SEC1: {"decision": "accept"}}, change=merge)
    assert replanned(path).plan.review is not None


def test_a_review_sheet_that_is_hidden_is_not_read(sent: dict[str, Path], tmp_path: Path) -> None:
    def hide(review: Review) -> None:
        review.sheet.sheet_state = "hidden"
        review.book.active = 0

    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}}, change=hide)
    assert [issue.code for issue in issues_of(path)] == ["review-sheet-missing", "hidden-sheet"]


def test_what_is_hidden_and_empty_is_not_said(sent: dict[str, Path], tmp_path: Path) -> None:
    """Rows that a filter hid and nobody filled in decide nothing."""
    from curriplan.api.review.read import read_review

    def hide(review: Review) -> None:
        _row_of(review, SEC1).hidden = True

    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}}, change=hide)
    assert read_review(path).warnings == ()


def _row_of(review: Review, row: tuple[str, str]) -> Any:
    return review.sheet.row_dimensions[review.rows[row]]


def _column_of(review: Review, column: str) -> Any:
    return review.sheet.column_dimensions[get_column_letter(review.columns[column])]


def _hidden_copy(review: Review) -> Any:
    copied = review.book.copy_worksheet(review.sheet)
    copied.title = "Review (2)"
    return copied


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_given_as_a_catalog_is_named_as_that(sent: dict[str, Path], language: str) -> None:
    """Not that every table is missing, and every sheet unknown."""
    (issue,) = curriplan.read_catalog(sent[language]).issues
    assert issue.code == "workbook-of-plan"
    assert "--review" in issue.advice(language)


@pytest.mark.parametrize(("ending", "code"), [(".ods", "open-document"), (".xls", "old-workbook")])
def test_a_review_saved_in_another_format_is_told_how_to_save_it(
    ending: str, code: str, sent: dict[str, Path], tmp_path: Path
) -> None:
    """Given as a catalog it is the workbook of a plan in these formats too, and no working curriculum."""
    book = openpyxl.load_workbook(sent["ru"], data_only=True)
    path = tmp_path / f"r{ending}"
    path.write_bytes(as_ods(book) if ending == ".ods" else as_xls(book))
    (issue,) = issues_of(path)
    assert issue.code == code and ".xlsx" in issue.advice("ru")
    done = invoke("check", path, "--lang", "en")
    assert done.exit_code == 3 and "workbook-of-plan" in done.output


def test_the_review_is_never_overwritten(sent: dict[str, Path], tmp_path: Path) -> None:
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}})
    result = invoke("optimize", "--review", path, "-o", path, "--force", "--lang", "en")
    assert result.exit_code == 3
    assert "output-is-input" in result.output


def test_the_workbook_is_protected_without_a_password(sent: dict[str, Path]) -> None:
    with zipfile.ZipFile(sent["en"]) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if "worksheets/sheet" in n]
        custom = package.read("docProps/custom.xml").decode()
    protected = [re.search(r"<sheetProtection[^>]*>", xml) for xml in sheets]
    assert (
        0 < [bool(found) for found in protected].count(False) == sum("<tablePart " in xml for xml in sheets)
    )
    assert not any("password" in found[0] for found in protected if found)
    assert "curriplan plan SHA-256" in custom
    review = opened(sent["en"], "en")
    assert not review.cell(SEC1, "decision").protection.locked
    assert review.cell(SEC1, "term").protection.locked
    assert review.sheet.column_dimensions["O"].hidden


# --- what a row offers


def offered(path: Path, language: str, column: str) -> dict[str, str]:
    """What the cells of a column of the Review sheet offer, by their rows' modules."""
    review = opened(path, language)
    modules = {row: key[1] for key, row in review.rows.items()}
    letter = get_column_letter(review.columns[column])
    return {
        modules.get(number, "asked"): rule.formula1.strip('"')
        for rule in review.sheet.data_validations.dataValidation
        for number in (*modules, *review.free)
        if f"{letter}{number}" in rule.sqref
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_row_offers_what_is_allowed_there(sent: dict[str, Path], language: str) -> None:
    """BASE is taught in semester 1 and may start in no other; the others may start in any of three."""
    texts = Words(language)
    names = ("accept", "drop", "pin")
    modules = {"BASE", *(key[1] for key in (SEC1, SEC2, PHISH))}
    words_of = offered(sent[language], language, "decision")
    assert {words_of[name] for name in modules} == {",".join(texts(f"review_choice.{one}") for one in names)}
    assert words_of[""] == f"{texts('review_choice.approve')},{texts('review_choice.return')}"
    assert words_of["asked"] == texts("review_choice.pin")
    assert offered(sent[language], language, "semester") == {
        **dict.fromkeys(sorted(modules - {"BASE"}), "1,2,3"),
        "BASE": "1",
        "asked": "1,2,3",
    }


def test_every_offer_of_the_bundled_college_is_allowed(
    bundled_workbook: Callable[[str], Path], bundled_result: PlanResult
) -> None:
    """Row by row, no cell offers another semester than the catalog lets the module start in."""
    review = opened(bundled_workbook("en"), "en")
    found: dict[int, str] = {}
    for rule in review.sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            if area.min_col == review.columns["semester"]:
                found |= dict.fromkeys(range(area.min_row, area.max_row + 1), rule.formula1.strip('"'))
    modules = {key: number for key, number in review.rows.items() if key != PLAN}
    assert {number: found.get(number, "") for number in modules.values()} == {
        number: ",".join(map(str, terms_of(bundled_result, key))) for key, number in modules.items()
    }
    assert len(set(found.values())) > 3


# --- versions


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_third_version_shows_all_three(
    sent: dict[str, Path], mini_result: PlanResult, tmp_path: Path, language: str
) -> None:
    """Twice out and back, saved by LibreOffice on the way: each version carries those before it on."""
    texts = Words(language)
    filled: Filled = {
        SEC2: {"decision": texts("review_choice.drop"), "date": "24.11.2026"},
        BASE: {"comment": "why?"},
    }
    second = replanned(
        saved_by_libreoffice(fill(sent[language], tmp_path / "r1.xlsx", filled, language), tmp_path / "1")
    )
    again = second.to_excel(tmp_path / "plan2.xlsx", language)
    filled = {PHISH: {"decision": texts("review_choice.pin"), "semester": 3, "date": "2026-12-05"}}
    back = saved_by_libreoffice(fill(again, tmp_path / "r2.xlsx", filled, language), tmp_path / "2")
    third = replanned(back)
    found = third.plan.versions
    assert [(one.number, one.file, one.date) for one in found] == [
        (1, None, ""),
        (2, "r1.xlsx", "2026-11-24"),
        (3, "r2.xlsx", "2026-12-05"),
    ]
    hashes = [plan_sha256(one.plan) for one in (mini_result, second)]
    assert [one.plan_sha256 for one in found] == [*hashes, None]
    results = (mini_result, second, third)
    worth = [(one.plan.measures["closure_after"], one.plan.measures["cost_kzt"]) for one in results]
    assert [(one.closure, one.cost_kzt) for one in found] == worth
    assert [(one.decisions, one.comments) for one in found] == [(0, 0), (1, 1), (2, 0)]
    for one, result in zip(found[1:], results[1:], strict=True):
        assert result.plan.review is not None
        assert one.taken + one.left_out + one.moved == len(result.plan.review.changes)
    assert list(third.versions["number"]) == [1, 2, 3]
    assert third.versions.equals(replanned(back).versions)
    assert mini_result.plan.versions == () and mini_result.versions.empty
    # In plan.json as well, which verifies, but not with a version that came to something else.
    third.to_json(tmp_path / "3.json")
    assert invoke("verify", tmp_path / "3.json").exit_code == 0
    data = json.loads((tmp_path / "3.json").read_text(encoding="utf-8"))
    assert len(data["versions"]) == 3
    data["versions"][-1]["cost_kzt"] += 1
    (tmp_path / "forged.json").write_text(json.dumps(data), encoding="utf-8")
    assert invoke("verify", tmp_path / "forged.json").exit_code == 6
    shown = sheet_texts(third.to_excel(tmp_path / "plan3.xlsx", language), texts("sheet.changes"))
    named = {texts(key) for key in ("heading.versions", "phrase.first_plan")}
    assert named | {"r1.xlsx", "r2.xlsx", "2026-11-24"} <= set(shown)


def test_a_plan_of_before_the_log_says_what_it_can(sent: dict[str, Path], tmp_path: Path) -> None:
    """A plan that was made after a review, but has no versions: the first is known by its hash alone."""
    second = replanned(fill(sent["en"], tmp_path / "r1.xlsx", {SEC2: {"decision": "drop"}})).plan
    assert second.review is not None
    first, last = versions_of(replace(second, versions=()))
    assert (first.closure, first.cost_kzt, first.plan_sha256) == (None, None, second.review.plan_sha256)
    assert last == second.versions[-1]


# --- any decisions at all


@pytest.mark.parametrize("seed", range(0, 72, 3))
def test_random_decisions_are_obeyed_or_explained(seed: int, tmp_path: Path) -> None:
    """Whatever is decided, the new plan does it, or there is none and a decision is to blame."""
    catalog, options, objectives = random_instance(seed)
    choices = tuple(ObjectiveChoice(name, tolerance) for name, tolerance in objectives)
    settings = Settings(objectives=choices, **settings_choices(options))
    try:
        with bare_plans(but="figures_of"):  # which its workbook shows
            first = curriplan.optimize(catalog, settings)
    except InfeasibleError:
        return
    rng = random.Random(seed)
    path = first.to_excel(tmp_path / "plan.xlsx", "en")
    wanted: dict[tuple[str, str], int | None] = {}
    filled: dict[tuple[str, str], dict[str, object]] = {}
    for row in first.plan.modules:
        key = (row.programme, row.module)
        if rng.random() < 0.4:
            filled[key], wanted[key] = drawn(rng, catalog, row)
    if not filled:
        return
    reviewed = fill(path, tmp_path / "r.xlsx", filled)
    try:
        second = curriplan.optimize(catalog, review=reviewed)
    except InfeasibleError as error:
        clashes = error.diagnosis.clashes if error.diagnosis else ()
        blamed = {one.aspect for clash in clashes for one in clash.demands}
        assert blamed & {"review_starts", "review_absent"}
        return
    except CurriplanError as error:
        amiss = {(issue.place.row, issue.code) for issue in error.issues if issue.place}
        review = opened(path, "en")
        assert amiss == {
            (review.rows[key], "review-semester-not-allowed")
            for key, values in filled.items()
            if values["decision"] == "pin" and wanted[key] not in terms_of(first, key)
        }
        return
    now = starts(second)
    assert {key: now.get(key) for key in wanted} == wanted
    assert curriplan.verify(second).holds


def terms_of(result: PlanResult, key: tuple[str, str]) -> tuple[int, ...]:
    """The semesters in which a module may start by itself."""
    return result.curricula.by_programme[key[0]].options[key[1]].starts


def drawn(rng: random.Random, catalog: Catalog, row: Any) -> tuple[dict[str, object], int | None]:
    """Draw a decision on a row, and the term that it asks for."""
    dropped = row.decision == "dropped"
    choice = rng.choice(["accept", "reject", "pin"])
    if choice == "pin":
        term = rng.randint(1, catalog.programme_by_id[row.programme].terms)
        return {"decision": "pin", "semester": rng.choice([term, str(term), f"semester {term}"])}, term
    stays = (choice == "accept") is not dropped
    return {"decision": choice}, row.term if stays else None


# --- re-planning changes little


def test_the_fewest_modules_change_and_each_decision_has_its_price(
    sent: dict[str, Path], mini_result: PlanResult, tmp_path: Path
) -> None:
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}, BASE: {"decision": "accept"}})
    near, best = replanned(path), replanned(path, replan="best")
    assert near.plan.stages[0].objective == "changes"
    assert near.plan.stages[0].value == near.plan.stages[0].bound
    assert near.plan.review is not None and best.plan.review is not None
    assert near.plan.stages[0].value == len(near.plan.review.changes) <= len(best.plan.review.changes)
    assert near.limits.settings.reviewed == tuple(sorted((*key, t) for key, t in starts(mini_result).items()))
    found = near.plan.replanning
    assert found is not None and found.unanswered == 0
    prices = {one.module: one for one in found.prices}
    # Without the rejection the plan stands as it was: 60.5 % instead of what is left.
    whole = mini_result.plan.stage_value("closure")
    assert whole is not None
    assert prices["SEC2"].closure == pytest.approx(whole - near.after.objectives["closure"])
    assert prices["SEC2"].cost_kzt == mini_result.after.cost_kzt - near.after.cost_kzt
    assert (prices["BASE"].closure, prices["BASE"].cost_kzt) == (0.0, 0)
    assert [one.more for one in found.further] == [2, 5, 10]
    gains = [one.closure or 0.0 for one in found.further]
    assert gains == sorted(gains)
    assert best.plan.stages[0].objective == "no_harm"
    assert best.plan.replanning is not None and best.plan.replanning.further == ()
    texts = sheet_texts(near.to_excel(tmp_path / "new.xlsx", "en"), "Changes")
    assert "Price of the decision" in texts and "What further changes would buy" in texts
    # The plan with the rejection closes less, and for as much money as the evaluation says.
    assert any(
        re.match(r"closure \d+\.\d\d\spoints lower(; [\d\s]+ KZT (cheaper|dearer))?$", one) for one in texts
    )


def test_a_limit_on_changes_comes_before_the_fewest(sent: dict[str, Path], tmp_path: Path) -> None:
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}})
    bounded = replanned(path, max_changes=3)
    assert bounded.plan.stages[0].objective == "no_harm"
    assert bounded.plan.replanning is not None
    assert [one.more for one in bounded.plan.replanning.further] == [2, 5, 10]


def test_figures_that_lack_time_are_said_to_lack(
    sent: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curriplan.optimizer.replanning.MOST_S", 0.0)
    path = fill(sent["en"], tmp_path / "r.xlsx", {SEC2: {"decision": "reject"}})
    result = invoke("optimize", "--review", path, "-o", tmp_path / "n.xlsx", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("not answered in time") == 4
    assert "not answered in time" in sheet_texts(tmp_path / "n.xlsx", "Changes")


def test_after_an_earlier_plan_the_fewest_modules_change(mini_result: PlanResult, mini: Path) -> None:
    again = curriplan.optimize(mini, previous=mini_result)
    assert again.plan.stages[0].value == 0
    assert starts(again) == starts(mini_result)
    assert curriplan.optimize(mini, previous=mini_result, replan="best").plan.stages[0].objective == "no_harm"
    with pytest.raises(curriplan.CurriplanError, match="bad-value"):
        curriplan.optimize(mini, previous=mini_result, replan="worst")
    with pytest.raises(curriplan.CurriplanError, match="previous-missing"):
        curriplan.optimize(mini, objectives="changes,closure")


# --- a catalog that was edited meanwhile, and settings that nobody sees


def edited(mini: Path, table: str, old: str, new: str) -> Path:
    path = mini / table
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return mini


def test_decisions_on_rows_that_are_the_same_hold_and_the_others_are_listed(
    sent: dict[str, Path], mini: Path, tmp_path: Path
) -> None:
    with (mini / "modules.csv").open(encoding="utf-8") as file:
        row = next(line for line in file if line.startswith("SEC1,"))
    edited(mini, "modules.csv", row, row.replace("SEC1,", "SEC1,", 1).rstrip("\n").rsplit(",", 1)[0] + ",x\n")
    filled: Filled = {
        SEC1: {"decision": "accept", "comment": "fine"},
        SEC2: {"decision": "reject"},
    }
    path = fill(sent["en"], tmp_path / "r.xlsx", filled)
    result = curriplan.optimize(mini, review=path)
    assert [one.module for one in result.limits.settings.review] == ["SEC2"]
    record = result.plan.review
    assert record is not None and record.planned_anew
    assert [line.module for line in record.outdated] == ["SEC1"]
    assert [line.module for line in record.decided] == ["SEC2"]
    (said,) = (one for one in result.warnings if one.code == "review-catalog-edited")
    assert said.values == {"held": 1, "names": "TECH SEC1"}
    texts = sheet_texts(result.to_excel(tmp_path / "n.xlsx", "en"), "Changes")
    assert any("look again" in text for text in texts)
    approving = fill(sent["en"], tmp_path / "a.xlsx", {PLAN: {"decision": "approve"}})
    with pytest.raises(CurriplanError, match="plan-other-catalog"):
        curriplan.optimize(mini, review=approving)


def test_settings_that_a_workbook_brings_are_said(mini: Path, tmp_path: Path) -> None:
    """A forged practice share of 0 would else count unseen."""
    first = curriplan.optimize(mini, practice_share=0.0, budget_kzt=1_000_000)
    path = fill(first.to_excel(tmp_path / "p.xlsx", "en"), tmp_path / "r.xlsx", {BASE: {"comment": "why?"}})
    result = invoke("optimize", mini, "--review", path, "-o", tmp_path / "n.json", "--lang", "en")
    assert "budget_kzt = 1000000; practice_share = 0.0" in " ".join(result.output.split())
    kept = replanned(path, catalog=mini, practice_share=0.4)
    (said,) = (one for one in kept.warnings if one.code == "review-settings-kept")
    assert said.values == {"names": "budget_kzt = 1000000"}


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_review_is_answered_in_its_language(sent: dict[str, Path], tmp_path: Path, language: str) -> None:
    """The catalog is in English; who sent the workbook back reads the answer in its own language."""
    filled: Filled = {SEC2: {"decision": word(Choice.REJECT, language)}}
    path = fill(sent[language], tmp_path / "r.xlsx", filled, language)
    result = invoke("optimize", "--review", path, "-o", tmp_path / "new.xlsx")
    assert result.exit_code == 0
    assert {"kk": "Тапшылықтың жабылуы", "ru": "Закрытие дефицита"}[language] in result.stdout
    assert Words(language)("sheet.changes") in openpyxl.load_workbook(tmp_path / "new.xlsx").sheetnames


def test_what_is_wrong_with_a_review_is_said_in_its_language(
    sent: dict[str, Path], mini: Path, tmp_path: Path
) -> None:
    first = curriplan.optimize(mini)
    path = first.to_excel(tmp_path / "p.xlsx", "kk")
    moved = tmp_path / "elsewhere" / "r.xlsx"
    moved.parent.mkdir()
    fill(path, moved, {SEC2: {"comment": "?"}}, "kk")
    result = invoke("optimize", "--review", moved, "-o", tmp_path / "n.json")
    assert result.exit_code == 3
    assert "saved-catalog-missing" in result.stderr
    assert "Оның қазір қайда екенін көрсетіңіз" in result.stderr


def test_a_review_that_names_a_file_elsewhere_opens_nothing(
    sent: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workbook that comes back by mail may name anything as its catalog, and its hash made to fit."""
    opened_paths: list[str] = []
    monkeypatch.setattr(reading, "read_catalog", lambda source, *_, **__: opened_paths.append(str(source)))
    for number, source in enumerate(("/etc/passwd", "//host/share", "../college.xlsx")):
        path = tmp_path / f"{number}.xlsx"
        with zipfile.ZipFile(sent["en"]) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                new.writestr(name, _naming(source, old.read(name)))
        result = invoke("optimize", "--review", path, "-o", tmp_path / "n.json", "--lang", "en")
        assert result.exit_code == 3, result.output
        assert "saved-catalog-elsewhere" in result.stderr
        assert "--catalog" in result.stderr
    assert opened_paths == []


def _naming(source: str, part: bytes) -> bytes:
    """Return a part of a workbook in which the plan that it carries names another catalog."""
    texts = re.compile(rb"(?<=>)curriplan-review/1:[^<>]*(?=<)")
    lines = [one.decode() for one in texts.findall(part)]
    if not any(map(is_carried, lines)):
        return part
    data = json.loads(json.dumps(carried_data(one for one in lines if is_carried(one))))
    data["plan"]["catalog"]["source"] = source
    forged = iter(carried_lines(data))
    return texts.sub(lambda _: next(forged, "curriplan-review/1:").encode(), part)
