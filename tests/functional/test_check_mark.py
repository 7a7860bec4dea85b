"""`check --mark`: what is written, what is not, and what is refused with what to do."""

from __future__ import annotations

import importlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from broken_catalogs.base_catalog import Tables
from curricula import colleges
from curricula.formats import as_ods, as_xls
from curriplan.cli.app import main


def _run(*arguments: object, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", language])


def _book(path: Path, *, faulty: bool = True) -> Path:
    book = Tables().workbook()
    if faulty:
        sheet = book["modules"]
        names = [cell.value for cell in sheet[1]]
        sheet.cell(2, names.index("theory_hours") + 1).value = "many"
    book.save(path)
    return path


def test_the_copy_says_in_the_users_language_what_is_wrong(tmp_path: Path) -> None:
    book, copy = _book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx"
    before = book.read_bytes()
    done = _run("check", book, "--mark", copy, language="ru")
    assert done.exit_code == 3
    assert done.stderr.splitlines()[-1] == f"Записано: {copy} (отмечено ячеек: 1)"
    (cell,) = [cell for row in openpyxl.load_workbook(copy)["modules"] for cell in row if cell.comment]
    assert cell.comment.text.startswith("Ошибка: «many» – не число. Запишите число")
    assert book.read_bytes() == before
    # the copy is a catalog with the same problems, and may be mended and checked in its turn
    again = curriplan.read_catalog(copy).issues
    assert [issue.code for issue in again] == ["wrong-number"]


def test_where_nothing_is_wrong_nothing_is_written(tmp_path: Path) -> None:
    book, copy = _book(tmp_path / "book.xlsx", faulty=False), tmp_path / "copy.xlsx"
    done = _run("check", book, "--mark", copy)
    assert (done.exit_code, copy.exists()) == (0, False)
    assert f"No cell needs a mark, so {copy} was not written." in done.stderr


def test_json_and_marks_go_together(tmp_path: Path) -> None:
    book, copy = _book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx"
    done = _run("check", book, "--mark", copy, "--format", "json")
    assert done.stdout.startswith("{")
    assert done.stdout.rstrip().endswith("}")
    assert copy.exists()


def test_json_has_every_problem_by_itself_in_the_order_of_places(tmp_path: Path) -> None:
    """What a terminal says in one line are three problems there, and warnings stand between errors."""
    book = Tables().workbook()
    sheet = book["modules"]
    names = [cell.value for cell in sheet[1]]
    for row in (2, 3, 5):
        sheet.cell(row, names.index("theory_hours") + 1).value = "many"
    sheet.cell(4, names.index("section") + 1).value = "Кәсіптік"
    book.save(tmp_path / "book.xlsx")
    problems = json.loads(_run("check", tmp_path / "book.xlsx", "--format", "json").stdout)["problems"]
    assert [(one["code"], one["row"]) for one in problems if one["sheet"] == "modules"] == [
        ("wrong-number", 2),
        ("wrong-number", 3),
        ("word-understood", 4),
        ("wrong-number", 5),
    ]
    shown = _run("check", tmp_path / "book.xlsx").stdout
    assert shown.count("wrong-number") == 1
    assert "H2, H3, H5: wrong-number" in shown
    assert shown.index("wrong-number") < shown.index("word-understood")


def test_a_problem_of_no_cell_is_counted(tmp_path: Path) -> None:
    book = Tables().workbook()
    del book["targets"]
    book.save(tmp_path / "book.xlsx")
    done = _run("check", tmp_path / "book.xlsx", "--mark", tmp_path / "copy.xlsx")
    assert "stand in no cell of this workbook: 1;" in done.stderr
    assert not (tmp_path / "copy.xlsx").exists()


def test_nothing_that_is_read_is_ever_written(tmp_path: Path) -> None:
    """Neither the workbook, also by another name, nor a base of it, nor what exists without --force."""
    book = _book(tmp_path / "book.xlsx")
    base = _book(tmp_path / "base.xlsx", faulty=False)
    opened = openpyxl.load_workbook(book)
    opened["catalog"].append(["extends", "base.xlsx"])
    opened.save(book)
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    before = book.read_bytes(), base.read_bytes()
    for copy in (book, link, base):
        done = _run("check", book, "--mark", copy, "--force")
        assert done.exit_code == 3
        assert "output-is-input" in done.stderr
    assert (book.read_bytes(), base.read_bytes()) == before
    other = _book(tmp_path / "other.xlsx")
    assert "output-exists" in _run("check", book, "--mark", other).stderr
    assert _run("check", book, "--mark", other, "--force").exit_code == 3
    assert any(cell.comment for row in openpyxl.load_workbook(other)["modules"] for cell in row)


@pytest.mark.parametrize("name", ["catalog", "old.xls", "old.ods", "mini"])
def test_only_a_workbook_can_be_marked(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Tables().write_folder(tmp_path / "catalog")
    for ending in ("old.xls", "old.ods"):
        Path(ending).write_bytes(b"\xd0\xcf\x11\xe0")
    done = _run("check", name, "--mark", "copy.xlsx")
    assert done.exit_code == 3
    assert "mark-no-workbook" in done.stderr
    assert not Path("copy.xlsx").exists()


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("_xmlsignatures/sig1.xml", "mark-signed"),
        ("xl/threadedComments/threadedComment1.xml", "mark-threads"),
    ],
)
def test_what_a_copy_would_break_is_refused_after_the_list(part: str, code: str, tmp_path: Path) -> None:
    book = _book(tmp_path / "book.xlsx")
    stream = io.BytesIO(book.read_bytes())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(part, "<x/>")
    book.write_bytes(stream.getvalue())
    done = _run("check", book, "--mark", tmp_path / "copy.xlsx")
    assert done.exit_code == 3
    assert "wrong-number" in done.stdout
    assert code in done.stderr
    assert not (tmp_path / "copy.xlsx").exists()


def test_the_copy_has_the_ending_of_the_workbook(tmp_path: Path) -> None:
    done = _run("check", _book(tmp_path / "book.xlsx"), "--mark", tmp_path / "copy.xls")
    assert (done.exit_code, "unknown-output-kind" in done.stderr) == (2, True)


def test_strict_marks_warnings_too(tmp_path: Path) -> None:
    book = Tables().workbook()
    sheet = book["modules"]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(2, names.index("section") + 1).value = "Базовый"
    book.save(tmp_path / "book.xlsx")
    copy = tmp_path / "copy.xlsx"
    assert _run("check", tmp_path / "book.xlsx", "--mark", copy).exit_code == 0
    assert not copy.exists()
    assert _run("check", tmp_path / "book.xlsx", "--mark", copy, "--strict").exit_code == 3
    (cell,) = [cell for row in openpyxl.load_workbook(copy)["modules"] for cell in row if cell.comment]
    assert cell.comment.text.startswith("Warning: ")


def test_a_workbook_that_was_saved_meanwhile_is_not_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel saves while `check` reads: the marks would stand beside other cells."""
    book = _book(tmp_path / "book.xlsx")
    marking = importlib.import_module("curriplan.api.marking")
    in_time = marking.write_marked

    def too_late(*arguments: Any, **named: Any) -> Any:
        _book(book, faulty=False)
        return in_time(*arguments, **named)

    monkeypatch.setattr(marking, "write_marked", too_late)
    done = _run("check", book, "--mark", tmp_path / "copy.xlsx")
    assert done.exit_code == 3
    assert "the file was changed while it was checked" in done.stderr
    assert not (tmp_path / "copy.xlsx").exists()


def test_each_cell_that_the_list_names_is_marked_where_there_is_a_copy(tmp_path: Path) -> None:
    """One number that is none, and beside it a word of another language: both are in the list."""
    book = Tables().workbook()
    sheet = book["modules"]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(3, names.index("theory_hours") + 1).value = "many"
    sheet.cell(2, names.index("section") + 1).value = "Базовый"
    book.save(tmp_path / "book.xlsx")
    copy = tmp_path / "copy.xlsx"
    _run("check", tmp_path / "book.xlsx", "--mark", copy)
    marked = [cell for row in openpyxl.load_workbook(copy)["modules"] for cell in row if cell.comment]
    assert [cell.comment.text.split(":")[0] for cell in marked] == ["Warning", "Error"]


@pytest.mark.parametrize(("ending", "code"), [("ods", "open-document"), ("xls", "old-workbook")])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_catalog_saved_in_another_format_is_no_curriculum(
    ending: str, code: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables have headings like those of working curricula."""
    monkeypatch.chdir(tmp_path)  # where no plan.xlsx stands in the way
    _run("init", tmp_path / "college.xlsx", language=language)
    book = openpyxl.load_workbook(tmp_path / "college.xlsx")
    path = tmp_path / f"college.{ending}"
    path.write_bytes(as_ods(book) if ending == "ods" else as_xls(book))
    for command in ("check", "gaps", "optimize", "run"):
        done = _run(command, path)
        assert done.exit_code == 3
        assert code in done.output and "save it as 'Excel Workbook (.xlsx)'" in done.output


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_a_working_curriculum_is_told_from_a_catalog(ending: str, tmp_path: Path) -> None:
    """It names the command that makes a catalog of it; a copy with its first cell marked says nothing."""
    path = tmp_path / f"plan.{ending}"
    if ending == "ods":
        path.write_bytes(as_ods(colleges.big()))
    else:
        colleges.big().save(path)
    for done in (_run("check", path), _run("run", path, "--no-open")):
        assert done.exit_code == 3
        assert "catalog-is-curriculum" in done.output and "import rup" in done.output
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(("language", "said"), [("en", "Unhide"), ("ru", "отобразите"), ("kk", "көрсетіңіз")])
def test_marks_that_nobody_sees_are_said(language: str, said: str, tmp_path: Path) -> None:
    """On a hidden sheet (its warning stands in A1), and in a hidden row and a hidden column of others."""
    path, copy = _book(tmp_path / "book.xlsx"), tmp_path / "copy.xlsx"
    book = openpyxl.load_workbook(path)
    book["floors"].sheet_state = "hidden"
    names = [cell.value for cell in book["modules"][1]]
    column = openpyxl.utils.get_column_letter(names.index("theory_hours") + 1)
    book["modules"].row_dimensions[2].hidden = True
    book["programmes"]["B1"].value = "no_such_column"
    book["programmes"].column_dimensions["B"].hidden = True
    book.save(path)
    done = _run("check", path, "--mark", copy, language=language)
    told = " ".join(done.stderr.split())
    assert said in told, told
    assert f": floors, modules!A2, modules!{column}2, programmes!B1. " in told  # A2 says that rows are hidden
    plain = tmp_path / "plain.xlsx"
    assert said not in _run("check", _book(tmp_path / "b.xlsx"), "--mark", plain, language=language).stderr
