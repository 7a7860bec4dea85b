# ruff: noqa: E501 - cells of sheets
"""What a planner found in files of the make of her college: departments, control, notes, equal modules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from curricula.colleges import book
from curriplan.importing.rup.answers import LISTS, said
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.mapping_text import mapping_text
from curriplan.importing.rup.question_book import read_questions, write_questions
from curriplan.importing.rup.questions import questions_of
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup
from curriplan.importing.rup.roles import Role, read_heading, role_of
from curriplan.importing.rup.several import RupSource, read_all_rup
from curriplan.texts.languages import LANGUAGES

CHOICES = RupChoices(
    programme="P", start="2026-1", learners=25, entry_base="grade9", qualification="4S06130103"
)
ROWS = """
Считать в плане|Индекс|Наименование|Кредиты|Всего часов|Лек|Пр|1 семестр|2 семестр|{0}|{1}
Базовые модули|||3|72|24|48|72||
+|БМ.01|Физическая культура|3|72|24|48|72||3|ЦК спорта
Профессиональные модули|||4|96|48|48||96||
+|ПМ.01|Разработка|4|96|48|48||96|5|ЦК информатики
+|РО 1.1|Писать программы|4|96|48|48||96||
"""


def read(rows: str, folder: Path, name: str = "plan.xlsx", **choices: Any) -> RupReading:
    book(("План", rows, ())).save(folder / name)
    return read_rup(folder / name, RupChoices(**{**vars(CHOICES), **choices}))


def answered(reading: RupReading, folder: Path, answers: dict[str, str]) -> RupReading:
    """Answer in the workbook of questions, and read the file again with it."""
    path = folder / "questions.xlsx"
    write_questions([reading], path, "ru")
    found = openpyxl.load_workbook(path)
    for row in found.worksheets[0].iter_rows(min_row=4):
        key = str(row[7].value).partition(":")[2]
        head = key.partition(".")[0]
        word = answers[key]
        row[6].value = said(word, "ru", head) if head in LISTS else word
    found.save(path)
    (mapping,) = read_questions(path)
    return read_rup(folder / "plan.xlsx", CHOICES, mapping)


def ids(reading: RupReading) -> list[tuple[str, str]]:
    return [(row.kind, row.id) for row in reading.rows]


RIGHT = [("section", ""), ("module", "BM01"), ("section", ""), ("header", "PM01"), ("outcome", "PM01.1")]


@pytest.mark.parametrize(
    "group",
    ["Закрепленная кафедра", "Кафедра", "ЦК", "ПЦК", "ЦМК", "Предметно-цикловая комиссия", "Бекітілген кафедра"]
)  # fmt: skip
def test_the_columns_of_a_department_are_no_index_and_no_name(group: str) -> None:
    for leaf in ("Код", "Наименование", "Атауы", "Шифр"):
        assert str(role_of(read_heading((group, leaf)))) == "ignore"
    assert str(role_of(read_heading((f"Код {group}",)))) == "ignore"
    assert str(role_of(read_heading(("Учебный план кафедры информатики", "Код")))) == "index"


def test_a_file_with_departments_asks_nothing_and_has_its_own_ids(tmp_path: Path) -> None:
    reading = read(ROWS.format("Код кафедры", "Наименование кафедры"), tmp_path)
    assert list(questions_of(reading)) == []
    assert ids(reading) == RIGHT


def test_rows_are_read_anew_when_it_is_known_which_column_is_their_index(tmp_path: Path) -> None:
    reading = read(ROWS.format("Код", "Наименование"), tmp_path)
    assert [one.key for one in questions_of(reading)] == ["column.J", "column.K"]
    assert reading.mapping.rows == ()
    again = answered(reading, tmp_path, {"column.J": "ignore", "column.K": "ignore"})
    assert ids(again) == RIGHT
    assert [(row.id, row.name("ru")) for row in again.require().modules] == [
        ("BM01", "Физическая культура"),
        ("PM01", "Разработка"),
        ("PM01.1", "Писать программы"),
    ]


@pytest.mark.parametrize("edited", [False, True])
def test_what_was_read_through_a_column_that_is_corrected_is_read_anew(edited: bool, tmp_path: Path) -> None:
    """The only index that is recognised is a number of the department; ids that a person gave stay."""
    rows = ROWS.format("Код ЦМС", "ЦМС").replace("|Индекс|", "|№ по реестру|")
    wrong = read(rows, tmp_path)
    assert ids(wrong)[1] == ("module", "BM3")
    roles = {"B": Role("index"), "J": Role("ignore")}
    corrected = replace(
        wrong.mapping,
        columns=tuple(replace(one, role=roles.get(one.column, one.role)) for one in wrong.mapping.columns),
    )
    if edited:
        rename = {"BM3": "SPORT"}
        corrected = replace(
            corrected, rows=tuple(replace(one, id=rename.get(one.id, one.id)) for one in corrected.rows)
        )
    (tmp_path / "mapping.toml").write_text(mapping_text(corrected, {}), encoding="utf-8")
    again = read_rup(tmp_path / "plan.xlsx", CHOICES, read_mapping(tmp_path / "mapping.toml"))
    assert ids(again) == [("module", "SPORT") if edited and one == RIGHT[1] else one for one in RIGHT]


def test_the_workbook_of_questions_pins_no_row_that_was_guessed(tmp_path: Path) -> None:
    """A row that is answered to be a header has outcomes, which were modules before."""
    rows = """
Индекс|Наименование|Кредиты|Теория|1 семестр
ПМ|Профессиональные модули|||
|Сварка труб|||
|Резать трубы|2|48|48
|Варить трубы|2|48|48
"""
    reading = read(rows, tmp_path)
    (question,) = (one for one in questions_of(reading) if one.key.startswith("rows."))
    again = answered(reading, tmp_path, {question.key: "header"})
    assert [row.kind for row in again.rows] == ["section", "header", "outcome", "outcome"]


CONTROL = """
Индекс|Наименование|Итого|Итого|Итого|1 семестр|1 семестр|1 семестр|2 семестр|2 семестр|2 семестр
||По плану|СР|Контроль|Лек|СР|Контроль|Лек|СР|Контроль
ПМ|Профессиональные модули|144|36|12|48|18|6|48|18|6
ПМ.01|Разработка|144|36|12|48|18|6|48|18|6
"""


@pytest.mark.parametrize(("answer", "self_study"), [("self_study", 48), ("theory", 36), ("ignore", 36)])
def test_one_answer_is_for_all_columns_under_its_heading(
    answer: str, self_study: int, tmp_path: Path
) -> None:
    reading = read(CONTROL, tmp_path)
    assert [one.key for one in questions_of(reading)] == ["headings.контроль"]
    again = answered(reading, tmp_path, {"headings.контроль": answer})
    (module,) = again.require().modules
    assert (module.hours("self_study"), module.hours("theory")) == (
        self_study, 96 + (12 if answer == "theory" else 0)
    )  # fmt: skip
    assert [one.code for one in again.sums] == (["rup-kinds-not-total"] if answer == "ignore" else [])


def test_control_without_a_group_is_hours_where_its_numbers_are_no_semesters(tmp_path: Path) -> None:
    rows = "Индекс|Наименование|Всего часов|Теория|Контроль|1 семестр\nПМ.01|Разработка|96|60|{0}|96"
    assert [one.key for one in questions_of(read(rows.format(36), tmp_path))] == ["column.E"]
    assert list(questions_of(read(rows.format("зачёт").replace("|60|", "|96|"), tmp_path))) == []


NOTES = """
Индекс|Наименование|Кредиты|Всего часов|Теория|1 семестр
ООД|Общеобразовательные дисциплины|3|72|72|72
ООД 01|Физика|3|72|72|72
{0}
"""


@pytest.mark.parametrize(
    "note", ["не более 100 часов на учебный год", "до 100 ч", "не более 100", "по желанию"]
)
@pytest.mark.parametrize("name", ["Консультации", "Факультативы"])
def test_a_sentence_beside_consultations_stops_nothing(name: str, note: str, tmp_path: Path) -> None:
    reading = read(NOTES.format(f"|{name}||{note}||"), tmp_path)
    assert [one.id for one in reading.require().modules] == ["OOD01"]
    faulty = read(NOTES.format(f"ООД 02|Химия||{note}||"), tmp_path)
    assert "rup-cell-unreadable" in {one.code for one in faulty.errors}


def test_a_question_about_hours_names_its_rows(tmp_path: Path) -> None:
    reading = read(NOTES.format("ПА|Промежуточная аттестация|1|24||24"), tmp_path)
    (question,) = questions_of(reading)
    assert question.where == ("about.section_rows", {"section": "attestation", "rows": "4"})
    assert question.text == "ПА Промежуточная аттестация"
    assert question.ask[0] == "ask.hours_attestation"


def test_training_and_practice_in_one_column_explains_its_choices(tmp_path: Path) -> None:
    rows = """
Индекс|Наименование|Кредиты|Всего часов|Теория|ПО/ПП|1 семестр
ПМ 01|Сварка|2|48|24|24|48
ПП 01|Производственная практика|2|48||48|48
"""
    reading = read(rows, tmp_path)
    (question,) = questions_of(reading)
    assert question.ask[0] == "ask.workplace"
    again = answered(reading, tmp_path, {question.key: "workplace"})
    hours = {
        one.id: (one.hours("production_training"), one.hours("professional_practice"))
        for one in again.require().modules
    }
    assert hours == {"PM01": (24, 0), "PP01": (0, 48)}
    assert again.issues == ()
    training = answered(reading, tmp_path, {question.key: "production_training"})
    assert [(one.code, one.place and one.place.row) for one in training.issues] == [
        ("rup-practice-as-training", 3)
    ]


def test_a_specialty_needs_no_label(tmp_path: Path) -> None:
    top = "06120200 - Системы информационной безопасности и сети\nКвалификация: 4S06120201 Техник"
    reading = read(f"\n{top}{NOTES.format('')}", tmp_path, qualification=None, entry_base=None)
    programme = reading.require().programmes[0]
    assert (programme.specialty, programme.qualification) == ("06120200", "4S06120201")


MODULES = """
Индекс|Наименование|Кредиты|Теория|1 семестр
{0}|{1}|3|72|72
ПМ 01|{2}|{3}|{4}|{4}
"""


def test_modules_that_look_equal_and_those_renamed_are_said(tmp_path: Path) -> None:
    files = {
        "one": ("БМ.01", "Физическая культура", "Разработка", 4, 96),
        "two": ("БМ 1", "Физическая  культура.", "Сварка", 5, 120),
        "three": ("БМ 01", "Дене тәрбиесі", "Аспаздық қызмет көрсету", 5, 120),
    }
    for name, cells in files.items():
        book(("План", MODULES.format(*cells), ())).save(tmp_path / f"{name}.xlsx")
    sources = [
        RupSource(tmp_path / f"{name}.xlsx", replace(CHOICES, programme=name.upper())) for name in files
    ]
    found = read_all_rup(sources)
    assert found.catalog is not None
    said_of = {(one.code, Path(one.place.file).stem): one.values for one in found.issues if one.place}
    assert said_of["rup-modules-renamed", "one"]["renamed"] == ("BM01 → ONE-BM01", "PM01 → ONE-PM01")
    assert said_of["rup-modules-alike", "two"]["alike"] == ("ONE-BM01 (one.xlsx)",)
    assert said_of["rup-modules-alike", "three"]["alike"] == ("ONE-BM01 (one.xlsx)", "BM1 (two.xlsx)")
    assert len(said_of) == 3 + 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_every_word_of_a_list_is_said_in_the_language_of_the_planner(name: str, language: str) -> None:
    words = [said(word, language, name) for word in LISTS[name]]
    assert [word for word in words if "_" in word or ":" in word.replace(": ", "")] == []
    assert [word for word in words if "соответств" in word] == []


def test_modules_with_their_names_in_both_languages_are_shared(tmp_path: Path) -> None:
    """What the advice of `rup-modules-alike` says of a Kazakh and a Russian curriculum."""
    rows = MODULES.replace(
        "|Наименование|", "|Наименование на казахском языке|Наименование на русском языке|"
    )
    for name, title in (("one", "Разработка"), ("two", "Сварка")):
        cells = ("БМ.01", "Дене тәрбиесі|Физическая культура", f"{title}|{title}", 5, 120)
        book(("План", rows.format(*cells), ())).save(tmp_path / f"{name}.xlsx")
    sources = [
        RupSource(tmp_path / f"{name}.xlsx", replace(CHOICES, programme=name.upper()))
        for name in ("one", "two")
    ]
    found = read_all_rup(sources)
    assert found.catalog is not None
    (shared,) = [one for one in found.catalog.modules if one.id == "BM01"]
    assert (shared.name_kk, shared.name_ru) == ("Дене тәрбиесі", "Физическая культура")
    assert {row.programme for row in found.catalog.programme_modules if row.module == "BM01"} == {
        "ONE",
        "TWO",
    }


UNKNOWN_ROW = """
Индекс|Наименование|Кредиты|Всего часов|Теория|1 семестр|2 семестр
ООД 01|Физика|3|72|72|72|
|Воспитательная работа||не более 40 часов в год|||
|Итого|3|72|72|72|
"""


def test_a_sentence_in_a_row_that_nobody_knows_is_settled_with_the_row(tmp_path: Path) -> None:
    """While it is not known whether the row is taken its cell is no question of its own; as a module it is."""
    reading = read(UNKNOWN_ROW, tmp_path)
    assert {one.code for one in reading.errors} == {"rup-cell-unreadable"}
    assert [(one.key, one.issue) for one in questions_of(reading)] == [("rows.3", None)]
    again = answered(reading, tmp_path, {"rows.3": "skip"})
    assert again.require().module_by_id.keys() == {"OOD01"}
    taken = answered(reading, tmp_path, {"rows.3": "module general"})
    codes = {one.issue.code for one in questions_of(taken) if one.issue}
    assert codes == {"rup-cell-unreadable", "rup-no-amount", "rup-no-term"}  # all its cells but the name
