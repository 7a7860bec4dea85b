# ruff: noqa: E501 - cells of sheets
"""What a planner found in three more files: totals in Kazakh words, sessions of correspondence, plain answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from curricula.colleges import book
from curriplan.importing.rup.amounts import forms_of
from curriplan.importing.rup.answers import choices_of, take
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup
from curriplan.importing.rup.roles import read_heading, role_of
from curriplan.importing.rup.vocabulary import CORRESPONDENCE, FIXED_LOAD, TOTAL_LAST, folded
from curriplan.texts.words import texts_of

CHOICES = RupChoices(programme="P", start="2026-1", learners=25)
TOTALLED = """
Индекс|Наименование|Кредиты|Всего часов|Теория|ЛПР|1 семестр|2 семестр
ЖБП|Жалпы білім беретін пәндер|5|120|72|48|120|
ЖБП.01|Қазақ тілі|3|72|36|36|72|
ЖБП.02|Математика|2|48|36|12|48|
КМ|Кәсіптік модульдер|7|168|84|84|72|96
КМ.01|Тағам дайындау|3|72|36|36|72|
КМ.02|Қызмет көрсету|4|96|48|48||96
|{name}|12|{hours}|156|132|192|96
ҚА|Қорытынды аттестаттау|1|24|24|||24
"""
"""12 credits: 3 + 2 + 3 + 4; 288 hours: 72 + 48 + 72 + 96; by kind 156 + 132, by semester 192 + 96."""


def read(rows: str, folder: Path) -> RupReading:
    book(("План", rows, ())).save(folder / "plan.xlsx")
    return read_rup(folder / "plan.xlsx", CHOICES)


@pytest.mark.parametrize("hours", [288, 287])
@pytest.mark.parametrize("name", ["Міндетті оқытудың жиыны", "Вся обязательная программа", "Ʃ"])
def test_a_row_that_sums_up_all_others_is_a_total_whatever_it_is_called(
    name: str, hours: int, tmp_path: Path
) -> None:
    reading = read(TOTALLED.format(name=name, hours=hours), tmp_path)
    assert [row.kind for row in reading.rows if row.row == 8] == ["total"]
    assert sum(module.credits for module in reading.require().modules) == 13
    assert [issue.code for issue in reading.issues] == (["rup-total-not-sum"] if hours == 287 else [])


def test_a_module_without_an_index_that_is_no_sum_is_taught(tmp_path: Path) -> None:
    rows = TOTALLED.replace("|{name}|12|{hours}|156|132|192|96", "|Жүргізу|4|96|48|48||96")
    reading = read(rows, tmp_path)
    assert [row.kind for row in reading.rows if row.row == 8] != ["total"]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Міндетті оқытудың жиыны", True),
        ("Жалпы білім беру пәндері бойынша барлығы", True),
        ("Құралдар жиынтығы", False),
        ("Модульдік оқыту негіздері", False),
    ],
)
def test_the_noun_of_a_kazakh_total_stands_last(text: str, total: bool) -> None:
    assert bool(TOTAL_LAST.search(folded(text))) is total


SESSIONS = """
Индекс|Наименование|Кредиты|Всего часов|Обзорные лекции|Практические|Самостоятельная работа|1 семестр|2 семестр
ОД 01|Статистика|4|96|14|14|68|28|
ОД 02|Учёт|4|96|16|20|60|16|{last}
"""
"""In class 14 + 14 = 28 and 16 + 20 = 36 = 16 + 20."""


@pytest.mark.parametrize("last", [20, 21])
def test_semesters_may_hold_the_hours_in_class_alone(last: int, tmp_path: Path) -> None:
    asked = read(SESSIONS.format(last=last), tmp_path)
    mapping = replace(asked.mapping, semesters="hours", study="correspondence")
    found = read_rup(tmp_path / "plan.xlsx", CHOICES, mapping).issues
    codes = [] if last == 20 else ["rup-semesters-not-total"]
    assert [one.code for one in found if one.code.endswith("not-total")] == codes


def test_correspondence_is_known_in_english_too() -> None:
    assert CORRESPONDENCE.search("form of study: correspondence")


@pytest.mark.parametrize(
    ("key", "answer", "word"),
    [
        ("semesters", "часы", "hours"),
        ("semesters", "Сағат", "hours"),
        ("semesters", "всего часов", "hours"),
        ("semesters", "кредит", "credits"),
        ("study", "заочное", "correspondence"),
        ("study", "да", "correspondence"),
        ("study", "Жоқ", "full_time"),
        ("study", "очное", "full_time"),
        ("headings.x", "производственное обучение и", "workplace"),
        ("headings.x", "производственное", None),
        ("study", " ", None),
    ],
)
def test_an_answer_may_be_the_plain_word_or_the_beginning_of_one_choice(
    key: str, answer: str, word: str | None
) -> None:
    found: dict[str, object] = {}
    assert take(found, key, answer) is (word is not None)
    head, _, rest = key.partition(".")
    if word is not None:
        said = found[head]
        assert (said[rest] if rest else said) == word  # type: ignore[index]


def test_the_question_of_semesters_offers_its_own_words() -> None:
    assert choices_of("semesters", "ru") == ["кредиты", "часы"]
    assert choices_of("semesters", "kk") == ["кредит", "сағат"]


UNLETTERED = """
{no}|Модуль / результат обучения|Кредиты|Всего часов|Теория|ЛПР|1 семестр|2 семестр
ПМ|Профессиональные модули|12|288|144|144|144|144
1|Выполнение сварочных работ|6|144|72|72|144|
|РО1 Подготовить металл|3|72|36|36|72|
|РО2 Варить швы|3|72|36|36|72|
2|Контроль качества|6|144|72|72||144
|РО3 Проверить швы|6|144|72|72||144
"""


@pytest.mark.parametrize("number", ["№", "Индекс"])
def test_a_row_without_letters_that_sums_up_the_outcomes_below_it_is_their_module(
    number: str, tmp_path: Path
) -> None:
    reading = read(UNLETTERED.format(no=number), tmp_path)
    assert [row.kind for row in reading.rows] == [
        "section",
        *["header", "outcome", "outcome"],
        *["header", "outcome"],
    ]
    parents = {row.name("ru"): row.parent for row in reading.require().modules if row.parent}
    assert len(parents) == 3 and len(set(parents.values())) == 2


def test_an_outcome_without_an_index_stays_one_while_its_module_lacks_it(tmp_path: Path) -> None:
    """«Варить швы» has as much as РО3 below it, but ПМ 1 says 9 credits, of which 3 stand above."""
    rows = """
Индекс|Наименование|Кредиты|Всего часов|Теория|ЛПР|1 семестр|2 семестр
ПМ|Профессиональные модули|9|216|108|108|144|72
ПМ 1|Выполнение сварочных работ|9|216|108|108|144|72
РО1|Подготовить металл|3|72|36|36|72|
|Варить швы|3|72|36|36|72|
РО3|Резать|3|72|36|36||72
"""
    assert [row.kind for row in read(rows, tmp_path).rows] == ["section", "header", *["outcome"] * 3]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("экз. (2 сем.)", "exam"),
        ("зачёт (1, 3 сем.), экз. 4 семестр", "pass, exam"),
        ("2-семестр емтихан", "exam"),
        ("дифференцированный зачет 3-4 сем.", "differentiated_pass"),
        ("Демонстрационный (семейный) показ", "Демонстрационный (семейный) показ"),
    ],
)
def test_semesters_said_in_words_beside_a_form_are_no_form(text: str, forms: str) -> None:
    assert forms_of({}, text) == forms


COURSES = """
Индекс|Наименование|Кредиты|Всего|Теория|ЛПР|УП|ПП|{top}
{above}||||||||{numbers}
ООД 01|История|3|72|36|36|||72|||
ПМ 01|Ремонт|10|240|60|60|48|72||120|120|
УП 01|Учебная практика|2|48|||48|||48||
"""


@pytest.mark.parametrize("numbers", ["1|2|3|4", "1|2|1|2", "I|II|III|IV"])
@pytest.mark.parametrize(
    ("top", "above", "merges"),
    [
        ("1 курс||2 курс|", "", ("I1:J1", "K1:L1")),
        ("Распределение по семестрам|||", "||||||||1 курс||2 курс|\n", ("I1:L1", "I2:J2", "K2:L2")),
    ],
)
def test_numbers_below_courses_are_semesters_and_number_no_columns(
    top: str, above: str, merges: tuple[str, ...], numbers: str, tmp_path: Path
) -> None:
    rows = COURSES.format(top=top, above=above, numbers=numbers)
    book(("План", rows, merges)).save(tmp_path / "plan.xlsx")
    catalog = read_rup(tmp_path / "plan.xlsx", CHOICES).require()
    terms = {row.module: row.current_term for row in catalog.programme_modules}
    assert terms == {"OOD01": 1, "PM01": 2, "UP01": 2}
    assert {row.id: row.span_terms for row in catalog.modules} == {"OOD01": 1, "PM01": 2, "UP01": 1}


@pytest.mark.parametrize(
    "forms",
    ["Экзамен|Зачет|Курсовая работа", "экзаменов|зачётов|курсовых проектов", "Емтихан|Сынақ|Курстық жұмыс"],
)
def test_semesters_of_course_works_beside_exams_are_no_hours(forms: str, tmp_path: Path) -> None:
    rows = f"""
Индекс|Наименование|{forms}|Кредиты|Всего|Теория|ЛПР|1 сем|2 сем|3 сем
ООД 01|История||1||3|72|36|36|72||
ПМ 01|Сварка|3|2|3|10|240|100|140||120|120
"""
    reading = read(rows, tmp_path)
    assert reading.issues == ()
    (_, module) = reading.require().modules
    assert (module.laboratory_practical_hours, module.assessment_form) == (140, "pass, course_project, exam")


def test_small_hours_of_course_works_that_make_up_the_total_are_hours(tmp_path: Path) -> None:
    """100 + 132 + 8 = 240."""
    rows = """
Индекс|Наименование|Кредиты|Всего|Теория|ЛПР|Курсовая работа|Экзамен|Зачет|1 сем|2 сем|3 сем
ООД 01|История|3|72|36|36|||1|72||
ПМ 01|Сварка|10|240|100|132|8|3|2||120|120
"""
    (_, module) = read(rows, tmp_path).require().modules
    assert (module.laboratory_practical_hours, module.assessment_form) == (140, "pass, exam")


@pytest.mark.parametrize(
    "heading", ["Семестр изучения", "Семестры обучения", "Оқытылатын семестрі", "Семестр"]
)
def test_a_column_of_semesters_of_study_holds_their_numbers(heading: str) -> None:
    assert str(role_of(read_heading((heading,)))) == "term"


@pytest.mark.parametrize("said", [*texts_of("report")["phrase.fixed_load"].values(), "Бекітілген жүктеме"])
def test_the_fixed_load_of_a_plans_workbook_is_known(said: str) -> None:
    """As the workbook has it now, and as earlier ones had it."""
    assert FIXED_LOAD.search(folded(said))
