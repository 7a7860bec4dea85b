"""A working curriculum as .xlsx, .ods and .xls: the same catalog, and the same refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curricula import colleges
from curricula.formats import as_ods, as_xls
from curricula.generated import curricula, styles, write
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup

CHOICES = RupChoices(start="2025-1", learners=25)
HEAD = ["Индекс", "Наименование модулей", "Семестр", "Кредиты", "Всего часов", "Теория"]
ROWS = [
    ["ПМ 01", "Разработка сайтов", 2, 5, "=D2*24", "=E2"],
    ["ПМ 02", "Базы данных", 3, 4, "=D3*24", "=E3"],
]
STORED = {"=D2*24": 120, "=D3*24": 96, "=E2": 120, "=E3": 96}


def written(book: openpyxl.Workbook, ending: str, folder: Path, stored: Any = None) -> Path:
    path = folder / f"plan{ending}"
    if ending == ".xlsx":
        book.save(path)
    else:
        path.write_bytes(as_ods(book, stored) if ending == ".ods" else as_xls(book))
    return path


def told(reading: RupReading) -> tuple[Any, ...]:
    issues = [
        (one.code, one.place and (one.place.row, one.place.column), one.values) for one in reading.issues
    ]
    found = () if reading.catalog is None else reading.catalog.modules  # some makes leave questions
    modules = [module.model_copy(update={"origin": None}) for module in found]
    return (
        issues,
        replace(reading.mapping, file=""),
        reading.rows and [row.kind for row in reading.rows],
        modules,
    )


@pytest.mark.parametrize("ending", [".ods", ".xls"])
def test_one_curriculum_gives_one_catalog(ending: str, tmp_path: Path) -> None:
    expected = told(read_rup(written(colleges.big(), ".xlsx", tmp_path), CHOICES))
    assert told(read_rup(written(colleges.big(), ending, tmp_path), CHOICES)) == expected


@given(st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_curriculum_reads_alike_in_all_formats(data: st.DataObject) -> None:
    style = data.draw(styles())
    book = write(data.draw(curricula(style.language)), style).book
    with TemporaryDirectory() as name:
        xlsx, ods, xls = (
            told(read_rup(written(book, ending, Path(name)), CHOICES)) for ending in (".xlsx", ".ods", ".xls")
        )
    assert ods == xlsx
    assert xls == xlsx


@pytest.mark.parametrize("ending", [".xlsx", ".ods", ".xls"])
def test_formulas_that_nobody_calculated_are_no_zeros(ending: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD, *ROWS):
        book.worksheets[0].append(row)
    for stored in (None, dict.fromkeys(STORED, 0)):
        (issue,) = read_rup(written(book, ending, tmp_path, stored), CHOICES).errors
        assert issue.code == "rup-formulas-not-calculated" and issue.values["count"] == 4
        assert issue.place is not None and str(issue.place.column) + str(issue.place.row) == "E2"


@pytest.mark.parametrize("ending", [".ods", ".xls"])
def test_a_single_formula_that_nobody_calculated_is_no_zero(ending: str, tmp_path: Path) -> None:
    """The total of one module, 120 hours of theory beside it: stored as 0, it cannot be its result."""
    book = openpyxl.Workbook()
    for row in (HEAD, ["ПМ 01", "Разработка сайтов", 2, 5, "=D2*24", 120], ["ПМ 02", "Сети", 3, 4, 96, 96]):
        book.worksheets[0].append(row)
    (issue,) = read_rup(written(book, ending, tmp_path, {"=D2*24": 0}), CHOICES).errors
    assert issue.code == "rup-formulas-not-calculated" and issue.values["count"] == 1


def test_a_single_formula_may_well_be_0(tmp_path: Path) -> None:
    """No module has theory here: 0 is its result."""
    book = openpyxl.Workbook()
    rows = (["ПМ 01", "Практикум", 2, 5, 120, "=0*24", 120], ["ПМ 02", "Сети", 3, 4, 96, None, 96])
    for row in ([*HEAD, "Лабораторно-практические занятия"], *rows):
        book.worksheets[0].append(row)
    reading = read_rup(written(book, ".ods", tmp_path, {"=0*24": 0}), CHOICES)
    assert [one.laboratory_practical_hours for one in reading.require().modules] == [120.0, 96.0]


def test_one_result_that_is_not_0_says_that_they_were_calculated(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD, *ROWS):
        book.worksheets[0].append(row)
    reading = read_rup(written(book, ".ods", tmp_path, STORED), CHOICES)
    assert [module.theory_hours for module in reading.require().modules] == [120.0, 96.0]


def test_digits_of_other_scripts_number_no_module(tmp_path: Path) -> None:
    """A find of the fuzzer: an id may have digits from 0 to 9 only."""
    book = openpyxl.Workbook()
    for row in (HEAD, ["ПМ 01", "Сайты", None, 5, 120, 120], ["РО ٣", "Верстать", 2, 5, 120, 120]):
        book.worksheets[0].append(row)
    reading = read_rup(written(book, ".xlsx", tmp_path), CHOICES)
    assert all(row.id.isascii() for row in reading.rows)


def test_a_name_that_a_formula_makes_is_not_0(tmp_path: Path) -> None:
    """Some programs store 0 for formulas with texts, although they calculated those with numbers."""
    book = openpyxl.Workbook()
    for row in (HEAD, *ROWS, ["ПМ 03", '="Сети"&" и связь"', 3, 4, 96, 96]):
        book.worksheets[0].append(row)
    stored = {**STORED, '="Сети"&" и связь"': 0}
    reading = read_rup(written(book, ".ods", tmp_path, stored), CHOICES)
    assert ("formula-without-value", 4, "B") in {
        (one.code, one.place and one.place.row, one.place and one.place.column) for one in reading.errors
    }
