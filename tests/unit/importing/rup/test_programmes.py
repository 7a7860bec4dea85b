"""Several programmes in one workbook: each is read as a curriculum of its own, or asked about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from curricula.colleges import fill
from curricula.generated import questions
from curricula.giving_back import answers, assert_gives_back
from curricula.together import Together, together
from curriplan.base.errors import Place
from curriplan.importing.rup.mapping import RupMapping
from curriplan.importing.rup.question_book import read_questions, write_questions
from curriplan.importing.rup.reading import RupChoices
from curriplan.importing.rup.several import (
    RupReadings,
    RupSource,
    each_programme,
    read_all_rup,
    with_mappings,
)
from instances.seeds import examples

CHOICES = RupChoices(start="2025-1", learners=25)
HEAD = "Индекс|Наименование модулей|Семестр|Кредиты|Всего часов|Теория|ЛПЗ"
ROWS = """
ООД 01|Физика|1|3|72|48|24
ПМ 01|{0}||5|120|60|60
РО 1.1|Готовить {0}|2|2|48|24|24
РО 1.2|Подавать {0}|3|3|72|36|36
"""
OTHER = """
Индекс|Наименование|Кредиты|Всего часов|Теория|ЛПЗ|1 семестр|2 семестр|3 семестр
ООД 01|Физика|3|72|48|24|72||
ПМ 01|{0}|5|120|60|60||48|72
РО 1.1|Готовить {0}|2|48|24|24||48|
РО 1.2|Подавать {0}|3|72|36|36|||72
"""
FIRST, SECOND = "3W10130301 – Повар", "3W10130302 – Кондитер"
WANTED = {
    ("3W10130301", "OOD01", 1),
    ("3W10130301", "3W10130301-PM01.1", 2),
    ("3W10130301", "3W10130301-PM01.2", 3),
    ("3W10130302", "OOD01", 1),
    ("3W10130302", "3W10130302-PM01.1", 2),
    ("3W10130302", "3W10130302-PM01.2", 3),
}


def save(path: Path, *pieces: tuple[str, int, int], sheet: Any = None) -> Path:
    """Write pieces of text on one sheet: what stands there, and its first row and column."""
    book = openpyxl.Workbook()
    book.active.title = "План"
    for text, row, column in pieces:
        fill(
            book.active, "\n".join("|" * (column - 1) + line for line in text.strip().splitlines()), first=row
        )
    book.save(path)
    return path


def read(path: Path, mappings: Sequence[RupMapping] = ()) -> RupReadings:
    sources = each_programme([RupSource(path, CHOICES)], mappings)
    return read_all_rup(with_mappings(sources, mappings, Place("answers")) if mappings else sources)


def taken(found: RupReadings) -> set[tuple[str, str, int]]:
    assert [issue.line() for issue in found.errors] == []
    assert found.catalog is not None
    return {(row.programme, row.module, row.current_term or 0) for row in found.catalog.programme_modules}


def table(title: str, what: str, *, other: bool = False) -> str:
    return f"|{title}\n{OTHER.strip() if other else HEAD + ROWS.rstrip()}".format(what)


@pytest.mark.parametrize("other", [False, True], ids=["of one make", "of two makes"])
@pytest.mark.parametrize("where", [(1, 9), (3, 10), (9, 1), (12, 1)], ids=str)
def test_two_tables_on_one_sheet_are_two_programmes(
    tmp_path: Path, where: tuple[int, int], other: bool
) -> None:
    """Below one another they were read as one programme, or the first one was left out."""
    second = (table(SECOND, "торты", other=other), *where)
    path = save(tmp_path / "plan.xlsx", (table(FIRST, "супы"), 1, 1), second)
    assert taken(read(path)) == WANTED


def test_a_sheet_of_another_qualification_is_not_left_out(tmp_path: Path) -> None:
    """Of the second sheet less is understood, so that it was taken for a summary."""
    path = save(tmp_path / "plan.xlsx", (table(FIRST, "супы", other=True), 1, 1))
    book = openpyxl.load_workbook(path)
    small = f"|{SECOND}\nИндекс|Наименование|Семестр|Кредиты|Теория\nПМ 01|Торты|2|3|72"
    fill(book.create_sheet("Кондитер"), small)
    book.save(path)
    found = read(path)
    assert ("3W10130302", "3W10130302-PM01", 2) in taken(found)
    assert ("3W10130301", "3W10130301-PM01.1", 2) in taken(found)


COMMON = """
||{0}|||||{1}||||
Индекс|Наименование|Кредиты|Всего часов|Теория|1 сем.|2 сем.|Кредиты|Всего часов|Теория|1 сем.|2 сем.
ООД 01|Физика|3|72|72|72||3|72|72||72
ООД 02|Химия||||||2|48|48|48|
ПМ 01|Супы|4|96|96|48|48|||||
"""
"""Physics is of both, in other semesters; chemistry of the second, soups of the first alone."""


@pytest.mark.parametrize("shift", [False, True], ids=["above the heading", "in the heading"])
def test_columns_of_each_programme_beside_common_names(tmp_path: Path, shift: bool) -> None:
    lines = COMMON.format(FIRST, SECOND).strip("\n").splitlines()
    if shift:  # the names begin in the row of the qualifications
        lines[0] = lines[0].replace("||", "Индекс|Наименование|", 1)
        lines[1] = lines[1].replace("Индекс|Наименование", "|", 1)
    path = save(tmp_path / "plan.xlsx", ("\n".join(lines), 1, 1))
    assert taken(read(path)) == {
        ("3W10130301", "OOD01", 1),
        ("3W10130301", "PM01", 1),
        ("3W10130302", "OOD01", 2),
        ("3W10130302", "OOD02", 1),
    }


def test_which_programme_a_part_is_is_asked_once_and_answered_in_excel(tmp_path: Path) -> None:
    path = save(tmp_path / "plan.xlsx", (COMMON.format("Повар", "Кондитер"), 1, 1))
    found = read(path)
    assert [issue.code for issue in found.errors] == ["rup-programme-unnamed"] * 2
    asked = tmp_path / "questions.xlsx"
    write_questions(found.readings, asked, "ru")
    book = openpyxl.load_workbook(asked)
    sheet = book.worksheets[0]
    # The schooling at entry and the code of the qualification are asked of each as well.
    rows = {sheet.cell(row, 4).value: row for row in range(4, sheet.max_row + 1)}
    for name, code in (("Повар", "3W10130301"), ("Кондитер", "3W10130302")):
        sheet.cell(rows[name], 7).value = code
    book.save(asked)
    answered = read(path, read_questions(asked))
    assert {one for one, _, _ in taken(answered)} == {"3W10130301", "3W10130302"}
    assert answered.catalog is not None
    assert [one.name_ru for one in answered.catalog.programmes] == ["Повар", "Кондитер"]
    # The code that names a programme is that of its qualification: it need not be said twice.
    assert [one.qualification for one in answered.catalog.programmes] == ["3W10130301", "3W10130302"]


def test_a_heading_on_each_page_begins_no_table(tmp_path: Path) -> None:
    """Neither does the code of a further qualification within one curriculum, as in plans of two levels."""
    text = f"|{FIRST}\n{HEAD}{ROWS}|{SECOND}\n{HEAD}\nПМ 02|Торты|4|3|72|36|36".format("супы")
    found = read(save(tmp_path / "plan.xlsx", (text, 1, 1)))
    assert {(module, term) for _, module, term in taken(found)} == {
        ("OOD01", 1), ("PM01.1", 2), ("PM01.2", 3), ("PM02", 4),
    }  # fmt: skip


@pytest.mark.parametrize("other", [False, True], ids=["the same heading", "another heading"])
def test_a_second_table_without_a_code_is_asked_about(tmp_path: Path, other: bool) -> None:
    """It was read as more of the first, under the heading of that."""
    second = (table("", "торты", other=other), 10, 1)
    found = read(save(tmp_path / "plan.xlsx", (table(FIRST, "супы"), 1, 1), second))
    assert "rup-second-table" in {issue.code for issue in found.errors}


@pytest.mark.parametrize("between", ["2025", ""], ids=["a year", "nothing"])
def test_a_table_below_signatures_is_never_left_out_without_a_word(tmp_path: Path, between: str) -> None:
    """Rows below signatures belong to no module, those of a further table included: it was dropped."""
    signed = ("Директор колледжа ____________\nМетодист ____________", 9, 2)
    title = (f"|{SECOND}", 12, 1)
    second = (HEAD + ROWS.format("торты").rstrip(), 14, 1)
    pieces = (table(FIRST, "супы"), 1, 1), signed, title, (between, 13, 4), second
    found = read(save(tmp_path / "plan.xlsx", *pieces))
    assert taken(found) == WANTED
    pieces = (table(FIRST, "супы"), 1, 1), signed, second
    found = read(save(tmp_path / "plan.xlsx", *pieces))
    assert "rup-second-table" in {issue.code for issue in found.errors}


def check(one: Together, folder: Path) -> str:
    """Read a workbook: it is asked what nobody can tell, and all is right once that is answered."""
    path = folder / "plan.xlsx"
    one.book.save(path)
    sources = each_programme([RupSource(path, CHOICES)])
    found = read_all_rup(sources)
    if len(sources) != len(one.codes):
        assert found.errors
        return "asked for more"
    given = []
    for at, reading in enumerate(found.readings):
        assert reading is not None
        asked = {issue.code for issue in reading.errors}
        unnamed = set() if one.codes[at] else {"rup-programme-unnamed"}
        assert unnamed <= asked
        # Fewer modules may leave open what all of them tell.
        if not asked <= questions(one.curricula[at], one.styles[at]) | unnamed:
            return "asked for more"
        answer = answers(reading, one.styles[at]) if asked else RupMapping()
        programme = {**answer.programme, **({} if one.codes[at] else {"id": f"P{at}"})}
        given.append(RupMapping(**{**vars(answer), "programme": programme, "part": at + 1}))
    found = read_all_rup(with_mappings(sources, given, Place("answers")))
    assert found.catalog is not None, [issue.line() for issue in found.errors]
    for at, reading in enumerate(found.readings):
        assert reading is not None
        assert_gives_back(reading, one.curricula[at], one.styles[at], one.expected(at))
    named = {programme.id for programme in found.catalog.programmes}
    assert named == {code or f"P{at}" for at, code in enumerate(one.codes)}
    return "asked" if any(answer.columns or answer.headings for answer in given) else "read"


@given(together())
@settings(max_examples=examples(16), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_programmes_in_one_workbook_come_back(one: Together) -> None:
    with TemporaryDirectory() as folder:
        check(one, Path(folder))


@pytest.mark.parametrize(
    ("where", "first", "second"),
    [
        ((9, 1), "строки: 3–6, столбцы: A–G", "строки: 11–14, столбцы: A–G"),
        ((1, 9), "строки: 3–6, столбцы: A–G", "строки: 3–6, столбцы: I–O"),
    ],
    ids=["below", "beside"],
)
def test_a_question_says_of_which_programme_of_a_file_it_is_and_where_that_stands(
    where: tuple[int, int], first: str, second: str, tmp_path: Path
) -> None:
    """It said “the whole file” of each of them."""
    path = save(tmp_path / "plan.xlsx", (table(FIRST, "супы"), 1, 1), (table(SECOND, "торты"), *where))
    found = read_all_rup(each_programme([RupSource(path, RupChoices())], []))
    write_questions(found.readings, tmp_path / "questions.xlsx", "ru")
    sheet = openpyxl.load_workbook(tmp_path / "questions.xlsx").worksheets[0]
    about = {row[2].value for row in sheet.iter_rows(min_row=4) if row[7].value}
    assert about == {
        f"лист «План», программа «3W10130301 Повар», {first}",
        f"лист «План», программа «3W10130302 Кондитер», {second}",
    }


def test_questions_about_rows_and_columns_of_one_of_several_programmes_name_its_sheet(tmp_path: Path) -> None:
    path = save(tmp_path / "plan.xlsx", (table(FIRST, "супы"), 1, 1))
    book = openpyxl.load_workbook(path)
    fill(book.create_sheet("Кондитер"), table(SECOND, "торты").replace("ЛПЗ", "Практика"))
    book.save(path)
    found = read(path)
    write_questions(found.readings, tmp_path / "questions.xlsx", "ru")
    sheet = openpyxl.load_workbook(tmp_path / "questions.xlsx").worksheets[0]
    about = {row[7].value.partition(":")[2]: row[2].value for row in sheet.iter_rows(min_row=4)}
    assert about["column.G"] == "лист «Кондитер», столбец G"
