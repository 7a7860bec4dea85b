# ruff: noqa: E501 - cells of sheets
"""A curriculum with a sheet for each course is one curriculum; sheets that contradict each other are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from curricula.colleges import book
from curriplan.base.errors import CurriplanError
from curriplan.cli.app import main
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.mapping_text import mapping_text
from curriplan.importing.rup.question_book import read_questions, write_questions
from curriplan.importing.rup.questions import questions_of
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup

HEAD = """Учебный план {course} курса, квалификация 4S06130103 «Разработчик»
Индекс|Наименование модулей|Кредиты|Всего часов|Теория|ЛПЗ|{first} семестр|{second} семестр|Экзамен
"""
FIRST = """ООД|Общеобразовательные дисциплины|6|144|96|48|72|72|
ООД 01|Физика|3|72|48|24|24|48|
ООД 02|Химия|3|72|48|24|48|24|2
ПМ|Профессиональные модули|2|48|24|24||48|
ПМ 01|Разработка сайтов|2|48|24|24||48|
РО 1.1|Верстать страницы|2|48|24|24||48|
|Итого|8|192|120|72|72|120|
"""
SECOND = """ООД|Общеобразовательные дисциплины|2|48|24|24||48|
ООД 01|Физика|2|48|24|24||48|{second}
ПМ|Профессиональные модули|4|96|48|48|72|24|
ПМ 01|Разработка сайтов|4|96|48|48|72|24|
РО 1.1|Верстать страницы|1|24|12|12|24||{first}
РО 1.2|Обновлять сайты|3|72|36|36|48|24|{second}
|Итого|6|144|72|72|72|72|
"""


def sheet(body: str, course: int, first: int) -> str:
    values = {"course": course, "first": first, "second": first + 1}
    return HEAD.format(**values) + body.format(**values)


def courses(first: int = 1, second: int = 1) -> list[tuple[str, str]]:
    return [("1 курс", sheet(FIRST, 1, first)), ("2 курс", sheet(SECOND, 2, second))]


def path_of(folder: Path, sheets: Any) -> Path:
    path = folder / "plan.xlsx"
    book(*((name, text, ()) for name, text in sheets)).save(path)
    return path


def import_of(folder: Path, sheets: Any, mapping: Any = None, **choices: Any) -> RupReading:
    wanted = RupChoices(**{"start": "2025-1", "learners": 25, "entry_base": "grade9", **choices})
    return read_rup(path_of(folder, sheets), wanted, mapping)


def refusal(folder: Path, sheets: Any) -> list[str]:
    try:
        reading = import_of(folder, sheets)
    except CurriplanError as error:
        return [issue.line() for issue in error.issues]
    assert reading.catalog is None
    return [issue.line() for issue in reading.errors]


@pytest.mark.parametrize("second", [1, 3])
def test_the_sheets_of_courses_are_one_curriculum(second: int, tmp_path: Path) -> None:
    reading = import_of(tmp_path, courses(second=second))
    assert [issue.line() for issue in reading.issues] == []
    catalog = reading.require()
    modules = {one.id: one for one in catalog.modules}
    terms = {row.module: row.current_term for row in catalog.programme_modules}
    assert set(modules) == {"OOD01", "OOD02", "PM01", "PM01.1", "PM01.2"}
    physics = modules["OOD01"]
    assert (physics.credits, physics.hours("theory"), physics.hours("laboratory_practical")) == (5, 72, 48)
    assert (terms["OOD01"], physics.span_terms, physics.assessment_form) == (1, 4, "exam")
    assert physics.span_weights == pytest.approx((24 / 120, 48 / 120, 0, 48 / 120))
    assert modules["PM01"].credits == 6
    assert (terms["PM01.1"], modules["PM01.1"].credits, modules["PM01.1"].span_terms) == (2, 3, 2)
    assert modules["PM01.1"].span_weights == pytest.approx((2 / 3, 1 / 3))
    assert (terms["PM01.2"], modules["PM01.2"].span_terms) == (3, 2)
    assert catalog.programmes[0].terms == 4
    assert (reading.sheet, reading.totals) == ("1 курс, 2 курс", (14, 336))


def test_each_sum_is_checked_on_its_sheet(tmp_path: Path) -> None:
    wrong = SECOND.replace("|Итого|6|144|", "|Итого|6|145|")
    reading = import_of(tmp_path, [courses()[0], ("2 курс", sheet(wrong, 2, 1))])
    places = [
        (one.code, one.place.sheet, one.place.row, one.place.column) for one in reading.issues if one.place
    ]
    assert places == [("rup-total-not-sum", "2 курс", 9, "D")]
    assert [row.sheet for row in reading.rows if row.issues] == ["2 курс"]


def test_what_a_sheet_lists_and_does_not_teach_is_taught_elsewhere(tmp_path: Path) -> None:
    first = FIRST.replace("|Итого", "РО 1.2|Обновлять сайты\nПМ 02|Сети\nРО 2.1|Чинить сети\n|Итого")
    second = SECOND.replace(
        "|Итого|6|144|72|72|72|72|", "ПМ 02|Сети|1|24|12|12||24|\nРО 2.1|Чинить сети|1|24|12|12||24|"
    )
    plain = second.replace("96|48|48|72|24|\nПМ 01", "120|60|60|72|48|\nПМ 01").replace(
        "модули|4|", "модули|5|"
    )
    reading = import_of(tmp_path, [("1 курс", sheet(first, 1, 1)), ("2 курс", sheet(plain, 2, 1))])
    assert [issue.line() for issue in reading.issues] == []
    assert {one.id for one in reading.require().modules} == {
        "OOD01",
        "OOD02",
        "PM01",
        "PM01.1",
        "PM01.2",
        "PM02",
        "PM02.1",
    }
    assert [row.text for row in reading.rows if row.kind == "note"] == [
        "РО 1.2 Обновлять сайты",
        "РО 2.1 Чинить сети",
    ]
    assert {one.id: one.credits for one in reading.require().modules}["PM02"] == 1


def test_a_summary_beside_the_courses_is_named_and_not_read(tmp_path: Path) -> None:
    reading = import_of(tmp_path, [*courses(), ("Свод", sheet(FIRST, 1, 1))])
    assert (reading.errors, reading.other_sheets) == ((), ("Свод",))
    assert reading.totals == (14, 336)


def test_one_course_may_still_be_read_alone(tmp_path: Path) -> None:
    reading = import_of(tmp_path, courses(), sheet="2 курс")
    assert [issue.code for issue in reading.issues] == ["rup-course-alone"]
    assert reading.totals == (6, 144)


def _changed(at: int, old: str, new: str) -> list[tuple[str, str]]:
    found = courses()
    assert old in found[at][1]
    found[at] = (found[at][0], found[at][1].replace(old, new))
    return found


CONTRADICTIONS = {
    "another programme": (_changed(1, "4S06130103", "4S06130105"), "one says 4S06130103, the other 4S06130105"),
    "a course twice": ([*courses(), ("Курс 2", courses()[1][1])], "(2 курс, Курс 2): both are of course 2"),
    "no third course": ([*courses(), ("4 курс", courses()[1][1])], "there is no sheet with the plan of course 3"),
    "semesters of another course": (courses(second=5), "(2 курс): the semester in row 4 is of course 3"),
    "semesters of the other sheet": (courses(first=3, second=3), "(1 курс, 2 курс): the semester in row 4 is of course 2"),
    "a header and a module": (
        _changed(1, "РО 1.1|Верстать страницы|1|24|12|12|24||1\nРО 1.2|Обновлять сайты|3|72|36|36|48|24|2\n", ""),
        "“ПМ 01 Разработка сайтов” is a module on one",
    ),
    "totals of all courses": (
        [
            ("1 курс", courses()[0][1].replace("Физика|3|72|48|24|", "Физика|5|120|72|48|")),
            ("2 курс", courses()[1][1].replace("Физика|2|48|24|24|", "Физика|5|120|72|48|")),
        ],
        "“ООД 01 Физика” has on each sheet what it has in all courses",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=str)
def test_sheets_that_contradict_each_other_are_refused(case: str, tmp_path: Path) -> None:
    sheets, said = CONTRADICTIONS[case]
    found = refusal(tmp_path, sheets)
    assert any("rup-sheets-of-courses" in line and said in line for line in found), found


def test_a_hidden_course_is_no_course_less(tmp_path: Path) -> None:
    path = path_of(tmp_path, [*courses(), ("3 курс", courses()[1][1])])
    found = openpyxl.load_workbook(path)
    found["3 курс"].sheet_state = "hidden"
    found.save(path)
    with pytest.raises(CurriplanError, match="no sheet with the plan of course 3"):
        read_rup(path, RupChoices(start="2025-1", learners=25))


def _asked(folder: Path, sheets: Any, answer: str) -> tuple[list[str], RupReading]:
    """The questions of a curriculum, and what comes of one answer to all of them."""
    reading = import_of(folder, sheets)
    keys = [one.key for one in questions_of(reading)]
    write_questions([reading], folder / "questions.xlsx", "ru")
    written = openpyxl.load_workbook(folder / "questions.xlsx")
    for row in range(4, 4 + len(keys)):
        written.worksheets[0].cell(row, 7, answer)
    written.save(folder / "questions.xlsx")
    (mapping,) = read_questions(folder / "questions.xlsx")
    return keys, import_of(folder, sheets, mapping)


def test_a_column_that_all_sheets_have_is_asked_once(tmp_path: Path) -> None:
    sheets = [(name, text.replace("|ЛПЗ|", "|Практика|")) for name, text in courses()]
    keys, reading = _asked(tmp_path, sheets, "laboratory_practical")
    assert keys == ["column.F"]
    assert (reading.errors, reading.totals) == ((), (14, 336))


def test_a_column_of_one_sheet_is_asked_with_its_sheet(tmp_path: Path) -> None:
    keys, reading = _asked(tmp_path, _changed(1, "|ЛПЗ|", "|Практика|"), "laboratory_practical")
    assert keys == ["column.F.2 курс"]
    assert (reading.errors, reading.totals) == ((), (14, 336))


def test_rows_of_several_sheets_that_read_alike_are_asked_once(tmp_path: Path) -> None:
    sheets = [(name, text.replace("|Итого", "|Особая строка {}\n|Итого")) for name, text in courses()]
    keys, reading = _asked(tmp_path, sheets, "skip")
    assert keys == ["rows.1!9,2!9"]
    assert (reading.errors, reading.totals) == ((), (14, 336))


def test_courses_of_other_groups_are_other_tables(tmp_path: Path) -> None:
    sheets = [
        (f"{name} {group}", text) for (name, text), group in zip(courses(), ("повар", "сварщик"), strict=True)
    ]
    assert "rup-several-tables" in refusal(tmp_path, sheets)[0]


def test_a_mapping_of_all_courses_serves_one_of_them(tmp_path: Path) -> None:
    noted = tmp_path / "mapping.toml"
    noted.write_text(mapping_text(import_of(tmp_path, courses()).mapping, {}), encoding="utf-8")
    alone = import_of(tmp_path, courses(), read_mapping(noted), sheet="2 курс")
    assert [issue.code for issue in alone.issues] == ["rup-course-alone"]
    noted.write_text(mapping_text(alone.mapping, {}), encoding="utf-8")
    again = import_of(tmp_path, courses(), read_mapping(noted))
    assert (again.sheet, again.totals) == ("2 курс", (6, 144))


def test_rows_of_one_name_on_each_sheet_stay_two_modules(tmp_path: Path) -> None:
    twice = [
        (name, text.replace("ООД 01|Физика", "ООД 01|Химия").replace("ООД 02|", "ООД 01|"))
        for name, text in courses()
    ]
    twice[1] = (
        twice[1][0],
        twice[1][1].replace(
            "|Химия|2|48|24|24||48|2\n", "|Химия|1|24|12|12||24|\nООД 01|Химия|1|24|12|12||24|2\n"
        ),
    )
    reading = import_of(tmp_path, twice)
    modules = {one.id: one.credits for one in reading.require().modules if one.id.startswith("OOD")}
    assert modules == {"OOD01": 4, "OOD01-2": 4}
    assert {one.origin.sheet for one in reading.require().modules if one.id == "OOD01" and one.origin} == {
        "1 курс"
    }


def test_the_year_of_a_later_course_is_not_that_of_the_first(tmp_path: Path) -> None:
    reading = import_of(
        tmp_path,
        _changed(1, "Учебный план", "2026-2027 учебный год, контингент 20. План"),
        start=None,
        learners=None,
    )
    assert [issue.code for issue in reading.errors] == ["rup-learners-missing", "rup-start-missing"]


def test_the_terminal_names_the_sheet_of_a_sum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = path_of(tmp_path, _changed(1, "|Итого|6|144|", "|Итого|6|145|"))
    dest = str(tmp_path / "out")
    with pytest.raises(SystemExit) as ended:
        main(["import", "rup", str(path), dest, "--start", "2025-1", "--learners", "25", "--lang", "en"])
    assert ended.value.code == 0
    assert "2 курс!D9 Итого: “Всего часов” is 145, the rows sum to 144." in capsys.readouterr().out
