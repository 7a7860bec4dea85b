"""Each broken example gives its one problem, at its place, and nothing else."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import curriplan
from broken_catalogs.base_catalog import BASE, Tables
from broken_catalogs.cases import FOLDER_CASES, WORKBOOK, WORKBOOK_CASES, Case, WorkbookCase
from curriplan.base.errors import Issue, issue_texts
from curriplan.catalog.reading.read import read_catalog
from curriplan.cli.app import main
from curriplan.problem.checks import check_catalog
from curriplan.texts.languages import LANGUAGES

SOURCES = Path(curriplan.__file__).parent
RAISED_ELSEWHERE = {
    "workbook-misnamed",  # of a file of another name: tests/unit/catalog/test_oddities.py
    "catalog-is-network",  # where a network is named: tests/error_pages/network_runs.py
    "output-exists",  # by writing a folder: tests/unit/catalog/test_write.py
    # of .xls and .ods, which no catalog comes in; with their examples: tests/error_pages/tables.py
    *("document-misnamed", "encrypted-document", "open-document", "page-as-workbook", "signed-document"),
    "very-old-workbook",
}


SCHEMA = Draft202012Validator(
    json.loads(files("curriplan").joinpath("schemas/check-1.json").read_text(encoding="utf-8"))
)


def _problems(path: Path) -> list[Issue]:
    found = _found(path)
    output = CliRunner().invoke(main, ["check", str(path), "--format", "json", "--lang", "en"], color=False)
    data = json.loads(output.stdout)
    SCHEMA.validate(data)
    listed = [(one["code"], one["file"], one["row"]) for one in (*data["problems"], *data["notes"])]
    assert sorted(listed, key=str) == sorted(map(_summary, found), key=str)
    assert output.exit_code == (3 if data["errors"] else 0)
    assert (data["errors"], len(data["problems"])) == (
        sum(one["severity"] == "error" for one in data["problems"]),
        data["errors"] + data["warnings"],
    )
    return found


def _summary(issue: Issue) -> tuple[str, str | None, int | None]:
    place = issue.place
    return issue.code, place.file if place else None, place.row if place else None


def _found(path: Path) -> list[Issue]:
    result = read_catalog(path)
    found = [*result.issues, *result.notes]
    if result.partial is not None:
        found += check_catalog(result.partial, incomplete=result.incomplete)
    for issue in found:
        for language in LANGUAGES:
            assert issue.line(language)  # every placeholder has its value
    return found


def _patched(monkeypatch: pytest.MonkeyPatch, case: Case | WorkbookCase) -> None:
    for target, value in case.patch.items():
        monkeypatch.setattr(target, value)


def test_the_base_is_sound(tmp_path: Path) -> None:
    assert _problems(BASE) == []
    book = tmp_path / WORKBOOK
    Tables().workbook().save(book)
    assert _problems(book) == []


@pytest.mark.parametrize("case", FOLDER_CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_folder(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _folder_problems(case, tmp_path, monkeypatch)
    (issue,) = [issue for issue in found if issue.code not in case.beside]
    assert issue.code == case.code
    assert len(found) == 1 + len(case.beside)
    _assert_place(issue, case, tmp_path)


@pytest.mark.parametrize("case", WORKBOOK_CASES, ids=lambda case: f"{case.code}: {case.name}")
def test_workbook(case: WorkbookCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / WORKBOOK
    book = Tables().workbook()
    case.spoil(book)
    book.save(path)
    case.spoil_file(path)
    _patched(monkeypatch, case)
    found = _problems(path)
    assert [issue.code for issue in found] == [case.code]
    place = found[0].place
    assert place is not None
    assert (place.file, place.sheet, place.row, place.column) == (str(path), *case.place)


def test_every_code_of_reading_and_checking_has_an_example() -> None:
    literals = {
        code
        for folder in ("catalog/reading", "catalog/records", "problem/checks")
        for path in sorted((SOURCES / folder).rglob("*.py"))
        for code in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', path.read_text(encoding="utf-8"))
    }
    raised = (literals & set(issue_texts())) - RAISED_ELSEWHERE
    assert len(raised) > 60
    assert raised == {case.code for case in (*FOLDER_CASES, *WORKBOOK_CASES)}


def _folder_problems(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Issue]:
    tables = Tables()
    case.spoil(tables)
    folder = tmp_path / "catalog"
    if case.code != "catalog-not-found":
        tables.write_folder(folder)
    _patched(monkeypatch, case)
    return _problems(folder)


def _assert_place(issue: Issue, case: Case, tmp_path: Path) -> None:
    name, row, column = case.place
    folder = tmp_path / "catalog"
    if case.code == "catalog-not-found":
        assert issue.place is None
        assert issue.values["path"] == str(folder)
        return
    assert issue.place is not None
    expected = str(folder / name) if name else str(folder)
    assert (issue.place.file, issue.place.row, issue.place.column) == (expected, row, column)
