"""The languages that a college keeps names in: of others none is missed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import curriplan
from broken_catalogs.base_catalog import Tables
from curriplan.base.errors import Issue


def _missed(path: Path) -> list[Issue]:
    result = curriplan.read_catalog(path)
    return [
        issue
        for issue in (*result.issues, *curriplan.check_catalog(result.require()))
        if issue.code == "missing-translation"
    ]


def _without_names(code: str) -> Tables:
    tables = Tables()
    tables.set("competencies", 2, f"name_{code}", "")
    return tables


@pytest.mark.parametrize(
    ("said", "missed"),
    [
        ("", ["kk"]),  # all three
        ('languages = ["ru", "kk"]\n', ["kk"]),
        ('languages = ["ru"]\n', []),  # and en, the language of the catalog itself
        ("languages = []\n", ["kk"]),
    ],
)
def test_only_names_in_languages_that_are_kept_are_missed(
    said: str, missed: list[str], tmp_path: Path
) -> None:
    tables = _without_names("kk")
    tables.info += said
    found = _missed(tables.write_folder(tmp_path / "catalog"))
    assert [issue.values["languages"] for issue in found] == missed


def test_the_catalogs_own_language_is_always_kept(tmp_path: Path) -> None:
    tables = _without_names("en")
    tables.info += 'languages = ["ru"]\n'
    found = _missed(tables.write_folder(tmp_path / "catalog"))
    assert [issue.values["languages"] for issue in found] == ["en"]


@pytest.mark.parametrize("cells", [("ru; en",), ("ru", "en"), ("Русский, английский",)])
def test_a_workbook_says_it_in_one_cell_or_several(cells: tuple[str, ...], tmp_path: Path) -> None:
    book = _without_names("kk").workbook()
    for cell in cells:
        book["catalog"].append(["languages", cell])
    path = tmp_path / "catalog.xlsx"
    book.save(path)
    assert curriplan.read_catalog(path).require().info.languages == ("ru", "en")
    assert _missed(path) == []


def test_a_language_that_there_is_not_is_refused_at_its_place(tmp_path: Path) -> None:
    tables = Tables()
    tables.info += 'languages = ["ru", "de"]\n'
    (issue,) = curriplan.read_catalog(tables.write_folder(tmp_path / "catalog")).issues
    assert (issue.code, issue.place and issue.place.row) == ("wrong-word", 8)


def test_it_comes_back_from_both_forms(tmp_path: Path) -> None:
    catalog = curriplan.read_catalog("mini").require()
    kept = catalog.replace(info=catalog.info.model_copy(update={"languages": ("kk", "ru")}))
    for name in ("folder", "book.xlsx"):
        curriplan.save_catalog(kept, tmp_path / name)
        assert curriplan.read_catalog(tmp_path / name).require().sha256 == kept.sha256
    openpyxl.load_workbook(tmp_path / "book.xlsx").close()


def test_without_it_a_catalog_has_the_hash_that_it_always_had() -> None:
    info = curriplan.read_catalog("mini").require().info
    assert "languages" not in info.model_dump(exclude_none=True)
