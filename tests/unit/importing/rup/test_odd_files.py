# ruff: noqa: E501 - lists of values
"""Odd and hostile workbooks: issues with their cells, never a traceback."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curricula import colleges
from curricula.generated import Style, curricula, write
from curriplan.base.errors import CurriplanError
from curriplan.importing.rup.accounts import report_rows
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.mapping_text import is_untouched, mapping_text
from curriplan.importing.rup.reading import RupChoices, read_rup
from instances.seeds import examples
from workbooks.office import saved_again

CHOICES = RupChoices(start="2025-1", learners=25)
TEXTS = st.one_of(
    st.sampled_from([
        "", "-", "ПМ 01", "РО 1.1", "РО 9", "ООД", "Итого", "Всего", "К", "Ф", "12,5", "1,200", "1 200", "72/3", "=1+1", "1-2",
        "IV", "Директор ____", "1", "0", "-5", "1e999", "nan", "²", "½", "Ⅳ", "PM 1", "№", "Семестр", "Кредиты", "Наименование",
        "\u00ad", "\u200b", "КМ 01 Модуль", "часть 1 из 2", "X (часть 1 из 2, всего 6 кр.)", "2025-01-01", "#REF!", "_x001F_", "9" * 30,
    ]),
    st.text(max_size=12),
)  # fmt: skip
VALUES = st.one_of(TEXTS, st.integers(-10, 10**20), st.floats(), st.booleans(), st.dates(), st.none())


def read_anything(book: Any, folder: Path) -> None:
    """Read a workbook; whatever it holds, there is a result with its texts, or an error of a user."""
    path = folder / "plan.xlsx"
    book.save(path)
    try:
        reading = read_rup(path, CHOICES)
    except CurriplanError:
        return
    assert (reading.catalog is None) == bool(reading.errors)
    for language in ("kk", "ru", "en"):
        assert all(issue.line(language) for issue in reading.issues)
    assert list(report_rows(reading, "ru"))
    noted = folder / "mapping.toml"
    noted.write_text(mapping_text(reading.mapping, {}), encoding="utf-8")
    assert set(_mapping_codes(noted)) <= {"rup-mapping-value"}  # what the file itself says wrongly


def _mapping_codes(path: Path) -> list[str]:
    try:
        read_mapping(path)
    except CurriplanError as error:
        return [issue.code for issue in error.issues]
    return []


def put(sheet: Any, row: int, column: int, value: Any) -> None:
    try:
        cell = sheet.cell(row, column)
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = value
    except (ValueError, openpyxl.utils.exceptions.IllegalCharacterError):
        cell.value = None  # what no workbook can hold


@example([(13, 6, 10_001)])
@example([(13, 1, "KP01" * 30)])
@example([(12, 1, "KP01" * 30)])
@given(st.lists(st.tuples(st.integers(1, 34), st.integers(1, 15), VALUES), min_size=1, max_size=12))
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_cells_changed_in_a_curriculum(changes: list[tuple[int, int, Any]]) -> None:
    book = colleges.book(("РУП", colleges.OLD, colleges.OLD_MERGES))
    for row, column, value in changes:
        put(book["РУП"], row, column, value)
    with TemporaryDirectory() as folder:
        read_anything(book, Path(folder))


@given(st.lists(st.lists(VALUES, max_size=8), max_size=12))
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_sheet(rows: list[list[Any]]) -> None:
    """Whatever stands in the cells of a table is read or refused with issues."""
    book = openpyxl.Workbook()
    for column, text in enumerate(("Индекс", "Наименование", "Семестр", "Кредиты", "Всего", "Теория"), 1):
        book.active.cell(1, column, text)
    for row, values in enumerate(rows, 2):
        for column, value in enumerate(values, 1):
            put(book.active, row, column, value)
    with TemporaryDirectory() as folder:
        read_anything(book, Path(folder))


@given(st.data())
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_merged_ranges(data: st.DataObject) -> None:
    """However cells are merged, a curriculum is read or refused with issues."""
    written = write(data.draw(curricula()), Style(title_rows=data.draw(st.integers(0, 3)), merged=False))
    for _ in range(data.draw(st.integers(1, 4))):
        top, left = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 12))
        bottom, right = top + data.draw(st.integers(0, 500)), left + data.draw(st.integers(0, 200))
        written.sheet.merged_cells.add(
            openpyxl.worksheet.cell_range.CellRange(None, left, top, right, bottom)
        )
    with TemporaryDirectory() as folder:
        read_anything(written.book, Path(folder))


@given(st.dictionaries(
    st.sampled_from(["schema", "sheet", "language", "hours_per_credit", "semesters", "heading", "programme", "weeks", "hours", "status", "column", "row"]),
    st.sampled_from(["1", "[1]", "[1, 2]", '"?"', '"x"', "{}", "[{}]", "{ 1 = 2 }", "true", "1e400", '[{ row = 3, terms = [[1]] }]',
                     '[{ column = "A", is = "semester:99" }]', "{ general = { theory = 0.5 } }", "{ rest = [] }", "{ start = 1 }", "9" * 40]),
))  # fmt: skip
@settings(max_examples=examples(80), deadline=None)
def test_any_mapping(keys: dict[str, str]) -> None:
    """Whatever stands in a mapping file, it is followed or refused with issues."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.toml"
        path.write_text("\n".join(f"{key} = {value}" for key, value in keys.items()), encoding="utf-8")
        book = colleges.book(("РУП", colleges.OLD, colleges.OLD_MERGES))
        book.save(Path(folder) / "plan.xlsx")
        try:
            mapping = read_mapping(path)
            read_rup(Path(folder) / "plan.xlsx", CHOICES, mapping)
        except CurriplanError:
            return


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Индекс;Наименование".encode("cp1251")]
)
def test_what_is_no_workbook(content: bytes, tmp_path: Path) -> None:
    """A file that is no workbook is refused with issues."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    with pytest.raises(CurriplanError):
        read_rup(path, CHOICES)


def test_a_table_of_ten_thousand_rows_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("План")
    sheet.append(["Индекс", "Наименование", "Семестр", "Кредиты", "Всего", "Теория"])
    for number in range(10_000):
        sheet.append([f"ПМ {number}", "Итого", 1, 1, 24, 24])
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(CurriplanError, match="too-many-rows"):
        read_rup(tmp_path / "plan.xlsx", CHOICES)


def test_the_largest_table_that_is_read_is_read_in_time(tmp_path: Path) -> None:
    """Totals in every other row are the worst case: each is compared with what it may sum up."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("План")
    sheet.append(["Индекс", "Наименование", "Семестр", "Кредиты", "Всего", "Теория"])
    for number in range(750):
        sheet.append([f"ООД {number}", "Предмет", 1, 1, 24, 24])
        sheet.append(["", "Итого", None, 1, 24, 24])
    book.save(tmp_path / "plan.xlsx")
    assert read_rup(tmp_path / "plan.xlsx", CHOICES).require().modules[749:]


def test_a_book_saved_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    colleges.big().save(tmp_path / "plan.xlsx")
    again = saved_again({"plan": (tmp_path / "plan.xlsx").read_bytes()})["plan"]
    (tmp_path / "saved" / "plan.xlsx").write_bytes(again)
    before, after = (read_rup(path / "plan.xlsx", CHOICES) for path in (tmp_path, tmp_path / "saved"))
    assert after.require().sha256 == before.require().sha256
    assert (
        [issue.code for issue in after.issues]
        == [issue.code for issue in before.issues]
        == ["rup-column-hidden"]
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such devices on Windows")
@pytest.mark.parametrize("name", ["/dev/zero", "pipe"])
def test_a_mapping_file_that_never_ends_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "pipe":
        os.mkfifo(path)
    with pytest.raises(CurriplanError, match="rup-mapping-unreadable"):
        read_mapping(path)
    assert not is_untouched(path)
