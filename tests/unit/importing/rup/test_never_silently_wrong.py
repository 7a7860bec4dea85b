# ruff: noqa: E501 - cells of sheets
"""Wordings and cells that may not be misread: read right, or one question with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from curricula.colleges import book
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.mapping_text import mapping_text
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup

KINDS = (
    "theory",
    "laboratory_practical",
    "production_training",
    "professional_practice",
    "self_study_guided",
    "self_study",
)


def read(
    folder: Path, text: str, mapping: str = "", merges: Sequence[str] = (), sheet: str = "План"
) -> RupReading:
    path, noted = folder / "plan.xlsx", folder / "mapping.toml"
    book((sheet, text, merges)).save(path)
    noted.write_text(mapping, encoding="utf-8")
    return read_rup(path, RupChoices(start="2026-1", learners=25), read_mapping(noted))


def questions(reading: RupReading) -> list[tuple[str, str]]:
    """The errors: code and cell."""
    places = [(one.code, one.place) for one in reading.errors]
    return [(code, f"{place.column or ''}{place.row or ''}" if place else "") for code, place in places]


def found(reading: RupReading) -> dict[str, tuple[Any, ...]]:
    """Id → credits, form, hours by kind that it has."""
    assert questions(reading) == []
    catalog = reading.require()
    return {
        row.id: (
            row.credits,
            row.assessment_form,
            {kind: row.hours(kind) for kind in KINDS if row.hours(kind)},
        )
        for row in catalog.modules
    }


def test_weeks_in_a_column_of_hours_are_asked_about_once_and_turned_into_hours(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Кредиты|Всего часов|Теория|Практ. занятия|Семестр 1|Семестр 2
ПМ|Профессиональные модули
ПМ.01|Монтаж сетей|6|144|44|100|72|72
ПП.01|Производственная практика|6|4 нед||||4 нед
ПП.02|Оқу практикасы|1.5|1 апта||||1 апта
"""
    asked = read(tmp_path, text)
    assert questions(asked) == [("rup-weeks-in-hours", "D4")]
    assert asked.errors[0].values["cells"] == "D4, H4, D5, H5"
    assert 'hours_per_week = "?"' in mapping_text(asked.mapping, {})
    # 4 weeks of 36 hours are 144, one is 36.
    answered = found(read(tmp_path, text, "hours_per_week = 36\n"))
    assert answered["PP01"] == (6, None, {"professional_practice": 144})
    assert answered["PP02"] == (1.5, None, {"professional_practice": 36})


@pytest.mark.parametrize("cell", ["6 кр", "6 кредитов", "6 з.е.", "6к"])
def test_credits_in_a_column_of_hours_are_refused(cell: str, tmp_path: Path) -> None:
    text = f"Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр\nООД 01|Химия|6|{cell}|144|1"
    reading = read(tmp_path, text)
    assert questions(reading) == [("rup-unit-other", "D2")]
    (issue,) = [one for one in reading.errors if one.code == "rup-unit-other"]
    assert "столбец – часы, ячейка – кредиты" in issue.found("ru") and "бағанда сағат" in issue.found("kk")


@pytest.mark.parametrize("cell", ["96 ч", "96 сағат", "96с"])
def test_hours_in_a_column_of_credits_are_refused_and_in_one_of_hours_taken(
    cell: str, tmp_path: Path
) -> None:
    heading = "Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр\n"
    assert questions(read(tmp_path, f"{heading}ООД 01|Химия|{cell}|96|96|1")) == [("rup-unit-other", "C2")]
    assert found(read(tmp_path, f"{heading}ООД 01|Химия|4|{cell}|96|1")) == {
        "OOD01": (4, None, {"theory": 96})
    }


GUIDED = [
    "СРСП", "СРОП", "СОӨЖ", "ОБӨЖ", "Самостоятельная работа студента с педагогом", "Самостоятельная работа под руководством преподавателя",
    "СРС под руководством мастера", "самостоятельная работа обучающегося с преподавателем", "Педагогтің басшылығымен өзіндік жұмыс",
    "Білім алушының педагогпен өзіндік жұмысы", "Оқытушының жетекшілігімен студенттің өзіндік жұмысы", "Студенттің оқытушымен өзіндік жұмысы",
]  # fmt: skip
ALONE = ["СРС", "СРО", "СӨЖ", "БӨЖ", "Самостоятельная работа студента", "Студенттің өзіндік жұмысы", "Самостоятельная работа без преподавателя"]  # fmt: skip


@pytest.mark.parametrize("place", range(max(len(GUIDED), len(ALONE))))
def test_guided_self_study_in_all_its_wordings(place: int, tmp_path: Path) -> None:
    guided, alone = GUIDED[place % len(GUIDED)], ALONE[place % len(ALONE)]
    text = f"Индекс|Наименование|Кредиты|Всего часов|Теория|{guided}|{alone}|Семестр\nООД 01|Химия|4|96|72|18|6|1"
    assert found(read(tmp_path, text)) == {
        "OOD01": (4, None, {"theory": 72, "self_study_guided": 18, "self_study": 6})
    }


def test_guided_and_alone_under_one_heading_of_self_study(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Кредиты|Всего часов|Теория|Самостоятельная работа||Семестр
|||||с педагогом|без педагога
ООД 01|Химия|4|96|72|18|6|1
"""
    wanted = {"OOD01": (4, None, {"theory": 72, "self_study_guided": 18, "self_study": 6})}
    assert found(read(tmp_path, text, merges=("F1:G1",))) == wanted


def test_the_work_of_a_learner_of_which_no_other_column_tells_how_it_is_meant_is_asked_about(
    tmp_path: Path,
) -> None:
    text = "Индекс|Пәндер атауы|Кредит|Барлығы|Теориялық оқыту|БӨЖ|Семестр\nЖБП 01|Химия|4|96|72|24|1"
    assert questions(read(tmp_path, text)) == [("rup-column-ambiguous", "F1")]


KP = """
Индекс|Наименование|Кредиты|Всего часов|Теория|Практ. занятия|КП|Семестр
ПМ.01|Монтаж сетей|6|144|60|60|24|2
"""


def test_a_course_project_in_russian_is_practice_in_kazakh(tmp_path: Path) -> None:
    assert found(read(tmp_path, KP)) == {"PM01": (6, None, {"theory": 60, "laboratory_practical": 84})}
    kazakh = (
        KP.replace("Наименование", "Модуль атауы")
        .replace("Кредиты", "Кредит")
        .replace("Всего часов", "Барлығы")
    )
    kazakh = kazakh.replace("Теория", "Теориялық оқыту").replace("Практ. занятия", "Зертханалық жұмыстар")
    wanted = {"theory": 60, "laboratory_practical": 60, "professional_practice": 24}
    assert found(read(tmp_path, kazakh)) == {"PM01": (6, None, wanted)}
    both = KP.replace("Наименование", "Атауы / Наименование")
    assert found(read(tmp_path, both)) == {"PM01": (6, None, {"theory": 60, "laboratory_practical": 84})}
    both = KP.replace("Теория", "Теориялық оқыту / теоретическое обучение")
    assert questions(read(tmp_path, both)) == [("rup-column-ambiguous", "G1")]


FORMS = """
Индекс|Наименование|Экзамен|{}|Всего часов|Теория|Практ. занятия|Семестр 1|Семестр 2
ООД.01|Химия|1||96|48|48|96|
ПМ.01|Монтаж сетей|2|{}|144|44|100|72|72
"""


@pytest.mark.parametrize(
    ("heading", "form"),
    [
        ("КР", "control_work, exam"), ("К/Р", "control_work, exam"), ("Контр. работа", "control_work, exam"), ("КП", "course_project, exam"),
        ("Зачет с оц.", "differentiated_pass, exam"), ("Зачет с оценкой", "differentiated_pass, exam"), ("дифзачет", "differentiated_pass, exam"),
        ("Зач.", "exam, pass"), ("З/О", "differentiated_pass, exam"), ("Сараланған сынақ", "differentiated_pass, exam"), ("Зачет", "exam, pass"),
    ],
)  # fmt: skip
def test_columns_of_forms_hold_semesters_never_amounts(heading: str, form: str, tmp_path: Path) -> None:
    modules = found(read(tmp_path, FORMS.format(heading, "2")))
    assert modules["PM01"] == (6, form, {"theory": 44, "laboratory_practical": 100})


def test_kr_is_credits_where_the_hours_say_so(tmp_path: Path) -> None:
    text = FORMS.format("КР", "6").replace("Химия|1||", "Химия|1|4|")
    assert {key: one[:2] for key, one in found(read(tmp_path, text)).items()} == {
        "OOD01": (4, "exam"),
        "PM01": (6, "exam"),
    }


def test_rows_marked_as_not_counted_are_left_out_and_said(tmp_path: Path) -> None:
    text = """
Считать в плане|Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр
+|ООД 01|Химия|4|96|96|1
-|ООД 02|Физика|3|72|72|1
+|ООД 03|Кружок (не учитывается)|1|24|24|1
|Итого||4|96|96|
"""
    reading = read(tmp_path, text)
    assert set(found(reading)) == {"OOD01"}
    said = [(one.code, one.place.row) for one in reading.issues if one.place]
    assert said == [("rup-row-not-counted", 3), ("rup-row-not-counted", 4)]


def test_electives_without_credits_are_not_taken(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр
ООД.01|Химия|4|96|96|1
Ф|Факультативы||96|96|
Ф 01|Шахматы||48|48|1
|Хор||48|48|1
|Итого|4|96|96|
"""
    reading = read(tmp_path, text)
    assert set(found(reading)) == {"OOD01"}
    assert reading.totals == (4, 96)
    assert reading.sums == ()


def formulas(folder: Path, value: float | None) -> Path:
    """A sheet whose totals are formulas with a stored value, as a library leaves them."""
    text = "Индекс|Наименование|Кредиты|Всего часов|Теория|Практ. занятия|Семестр\nООД 01|Химия|4|=1+1|48|48|1\nООД 02|Физика|3|=2+2|36|36|1"
    path = folder / "plan.xlsx"
    found = book(("План", text, ()))
    found.save(path)
    if value is not None:
        written = xlsxwriter.Workbook(str(path))
        sheet = written.add_worksheet("План")
        for row in found["План"].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    sheet.write_formula(cell.row - 1, cell.column - 1, cell.value, None, value)
                elif cell.value is not None:
                    sheet.write(cell.row - 1, cell.column - 1, cell.value)
        written.close()
    return path


@pytest.mark.parametrize("value", [0, None])
def test_formulas_that_were_never_calculated_are_one_message(value: float | None, tmp_path: Path) -> None:
    reading = read_rup(formulas(tmp_path, value), RupChoices(start="2026-1", learners=25))
    assert [code for code, _ in questions(reading)] == ["rup-formulas-not-calculated"]
    assert "Excel" in reading.errors[0].line("ru")


def test_totals_and_semesters_that_are_repeated_are_read_once(tmp_path: Path) -> None:
    text = """
№|Наименование|Семестр|Кредиты|Всего часов|Теория|1 семестр|2 семестр|Всего|Семестр
|Общеобразовательные дисциплины
1|Химия|1|4|96|96|96||96|1
2|Физика|2|3|72|72||72|72|2
"""
    assert found(read(tmp_path, text)) == {
        "OOD01": (4, None, {"theory": 96}),
        "OOD02": (3, None, {"theory": 72}),
    }
    assert ("rup-column-twice", "I1") in questions(
        read(tmp_path, text.replace("|72|72||72|72|2", "|72|72||72|70|2"))
    )


WORK = """
Индекс|Наименование|Кредиты|Всего часов|Теория|{}|Семестр
ПМ 01|Монтаж сетей|6|144|44|100|1
ПП 01|Практика в цехе|3|72||72|2
"""
WORDINGS = ("Производственное обучение / проф. практика", "ПО/ПП", "ПО и ПП", "производственное обучение и профессиональная практика", "ӨО/КП")  # fmt: skip


@pytest.mark.parametrize("heading", WORDINGS)
def test_training_and_practice_in_one_column_is_asked_about(heading: str, tmp_path: Path) -> None:
    text = WORK.format(heading)
    assert questions(read(tmp_path, text)) == [("rup-column-ambiguous", "F1")]
    answered = found(read(tmp_path, text, '[[column]]\ncolumn = "F"\nis = "workplace"\n'))
    assert answered["PM01"][2] == {"theory": 44, "production_training": 100}
    assert answered["PP01"][2] == {"professional_practice": 72}
    # Where rows of practice alone use it, they tell which it is.
    alone = found(read(tmp_path, text.replace("|6|144|44|100|1", "|6|144|144||1")))
    assert alone["PP01"][2] == {"professional_practice": 72}


PAIRS = """
№|Пәндер мен модульдер|{}|Теориялық оқыту|Семестр
|Жалпы білім беретін пәндер
1|Ана тілі|{}|96|1
|Кәсіптік модульдер
2|КМ 01 Бірінші|{}|144|2
"""


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Сағат / кредит", ("96с-4к", "144с-6к")), ("Барлығы", ("96с-4к", "144с-6к")), ("Кредит", ("4 кр. (96 сағ.)", "6 кр. (144 сағ.)")),
        ("Сағат/кредит", ("96/4", "144/6")), ("Кредит/сағат", ("4/96", "6/144")), ("Часы/кредиты", ("96 ч – 4 кр", "144 ч – 6 кр")),
    ],
)  # fmt: skip
def test_hours_and_credits_in_one_cell(heading: str, cells: tuple[str, str], tmp_path: Path) -> None:
    modules = found(read(tmp_path, PAIRS.format(heading, *cells)))
    assert modules == {"OOD01": (4, None, {"theory": 96}), "KM01": (6, None, {"theory": 144})}


def test_a_column_of_hours_and_credits_with_one_number_is_asked_about_once(tmp_path: Path) -> None:
    assert questions(read(tmp_path, PAIRS.format("Сағат / кредит", "96", "144"))) == [
        ("rup-column-ambiguous", "C1")
    ]
    assert questions(read(tmp_path, PAIRS.format("Сағат / кредит", "96с-4к", "144"))) == [
        ("rup-cell-unreadable", "C5")
    ]


@pytest.mark.parametrize("cell", ["1.200", "1,200", "15.000", "640.000"])
def test_a_number_with_one_separator_and_three_digits_is_refused(cell: str, tmp_path: Path) -> None:
    text = f"Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр\nООД 01|Химия|4|{cell}|96|1\n"
    path = tmp_path / "plan.xlsx"
    found = book(("План", text, ()), numbers=False)
    found.save(path)
    reading = read_rup(path, RupChoices(start="2026-1", learners=25))
    assert questions(reading) == [("rup-number-ambiguous", "D2")]


def test_the_message_names_the_error_of_a_cell(tmp_path: Path) -> None:
    text = "Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр\nООД 01|Химия|4|#REF!|96|1\n"
    reading = read(tmp_path, text)
    assert questions(reading) == [("error-in-cell", "D2")]
    assert "#REF!" in reading.errors[0].line("en")


def test_rows_of_weeks_under_the_heading_are_no_modules(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Кредиты|Всего часов|Теория|Практ. занятия|1 семестр|2 семестр
1|2|3|4|5|6|7|8
|количество учебных недель|||||16|22
|итого в неделю|||||36|36
ООД.01|Химия|4|96|96||96|
ПМ.01|Монтаж|6|144|60|84||144
"""
    reading = read(tmp_path, text)
    assert {key: one[0] for key, one in found(reading).items()} == {"OOD01": 4, "PM01": 6}
    assert {row.term: row.weeks for row in reading.require().programme_terms} == {1: 16, 2: 22}


def test_a_mapping_may_give_two_columns_of_a_semester_to_one_kind(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Всего часов|Семестр 1|||Семестр 2
|||Лек|Лаб|Пр|Лек|Лаб|Пр
ООД.01|Химия|96|40|20|36
ПМ.01|Монтаж|144||||44|50|50
"""
    merges = ("A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:I1")
    kinds = {"E": "Лаб", "F": "Пр"}
    mapping = "".join(
        f'[[column]]\ncolumn = "{letter}"\nheading = "Семестр 1 / {text}"\nis = "semester:1:laboratory_practical"\n'
        for letter, text in kinds.items()
    )
    for answers in ("", mapping):
        modules = found(read(tmp_path, text, answers, merges))
        assert modules["OOD01"][2] == {"theory": 40, "laboratory_practical": 56}


def test_a_column_of_hours_that_nobody_knows_but_the_totals_need_is_asked_about(tmp_path: Path) -> None:
    text = "Индекс|Наименование|Кредиты|Всего часов|Теория|Тренажёр|Семестр\nООД 01|Химия|4|96|72|24|1\nООД 02|Физика|3|72|60|12|1"
    reading = read(tmp_path, text)
    assert questions(reading) == [("rup-column-ambiguous", "F1")]


def test_weeks_in_a_heading_are_no_hours(tmp_path: Path) -> None:
    text = "Индекс|Наименование|Всего недель|Кредиты|Теория|Семестр\nООД 01|Химия|4|4|96|1"
    assert found(read(tmp_path, text)) == {"OOD01": (4, None, {"theory": 96})}


CORRESPONDENCE = """
Индекс|Наименование|Кредиты|Всего часов|Лекции|Практ. занятия|Семестр
ООД 01|Химия|4|96|8|4|1
ПМ 01|Монтаж|6|144|10|12|2
"""


def test_a_plan_for_correspondence_study_is_told_by_one_question(tmp_path: Path) -> None:
    asked = read(tmp_path, CORRESPONDENCE)
    assert questions(asked) == [("rup-study-unknown", "")]
    assert 'study = "?"' in mapping_text(asked.mapping, {})
    answered = found(read(tmp_path, CORRESPONDENCE, 'study = "correspondence"\n'))
    assert answered["PM01"][2] == {"theory": 10, "laboratory_practical": 12, "self_study": 122}
    full = read(tmp_path, CORRESPONDENCE, 'study = "full_time"\n')
    assert found(full)["PM01"][2] == {"theory": 10, "laboratory_practical": 12}
    assert {one.code for one in full.sums} == {"rup-kinds-not-total"}


def test_rows_of_no_section_are_one_question_for_the_letters_of_their_indexes(tmp_path: Path) -> None:
    text = "Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр\nЯЯ 01|Химия|4|96|96|1\nЯЯ 02|Физика|3|72|72|1"
    asked = read(tmp_path, text)
    assert sorted(questions(asked)) == [("rup-no-rows", ""), ("rup-section-unknown", "2")]
    assert [one.values["rows"] for one in asked.errors if one.code == "rup-section-unknown"] == ["2, 3"]
    answered = read(tmp_path, text, '[sections]\n"ЯЯ" = "general"\n')
    assert {str(row.section) for row in answered.require().modules} == {"general"}


TWO = """
Индекс|Модуль|Результат обучения|Кредиты|Всего часов|Теория|Семестр
|Общеобразовательные дисциплины
ООД 01|Химия||4|96|96|1
|Профессиональные модули
ПМ 01|Монтаж сетей|Прокладывать кабель|2|48|48|1
||Настраивать узлы|3|72|72|2
ПМ 02|Ремонт|Искать неисправности|2|48|48|2
ПМ 03|Проектирование||1|24|24|2
"""


@pytest.mark.parametrize("repeated", [False, True])
def test_modules_and_their_outcomes_in_two_columns_of_names(repeated: bool, tmp_path: Path) -> None:
    text = TWO.replace("||Настраивать", "|Монтаж сетей|Настраивать") if repeated else TWO
    reading = read(tmp_path, text)
    assert questions(reading) == []
    catalog = reading.require()
    assert {row.id: (row.parent, row.name_ru, row.credits) for row in catalog.modules} == {
        "OOD01": (None, "Химия", 4), "PM01": (None, "Монтаж сетей", None), "PM01.1": ("PM01", "Прокладывать кабель", 2),
        "PM01.2": ("PM01", "Настраивать узлы", 3), "PM02": (None, "Ремонт", None), "PM02.1": ("PM02", "Искать неисправности", 2),
        "PM03": (None, "Проектирование", 1),
    }  # fmt: skip
    noted = tmp_path / "again.toml"
    noted.write_text(mapping_text(reading.mapping, {}), encoding="utf-8")
    again = read_rup(tmp_path / "plan.xlsx", mapping=read_mapping(noted))
    assert again.require().sha256 == catalog.sha256


@pytest.mark.parametrize(
    "label", ["Итого", "Всего по плану", "Общий итог", "Подытог", "Сумма", "Барлығы", "Жинағы", "Қорытынды"]
)
def test_a_total_in_other_words_is_no_module(label: str, tmp_path: Path) -> None:
    text = (
        f"Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр\nООД 01|Химия|4|96|96|1\n|{label}|4|96|96|\n"
    )
    assert set(found(read(tmp_path, text))) == {"OOD01"}


@pytest.mark.parametrize(
    "label",
    [
        "Количество экзаменов",
        "Кол-во зачетов",
        "Часов в неделю",
        "Недельная нагрузка",
        "Емтихан саны",
        "Аптасына сағат",
    ],
)
def test_rows_that_count_over_all_modules_are_none(label: str, tmp_path: Path) -> None:
    text = f"""
Индекс|Наименование|Кредиты|Всего часов|Теория|ПП|1 семестр|2 семестр
ООД 01|Химия|4|96|96||96|
ПП 01|Практика в цехе|3|72||72||72
|Всего|7|168|96|72|96|72
|{label}|||||3|4
"""
    assert set(found(read(tmp_path, text))) == {"OOD01", "PP01"}


def test_a_form_of_assessment_that_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Форма контроля||Кредиты|Всего часов|Теория|Семестр
||Экз.|Др.
ООД 01|Химия|1||4|96|96|1
ООД 02|Физика||2|3|72|72|2
"""
    asked = read(tmp_path, text, merges=("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2", "G1:G2", "H1:H2"))
    assert questions(asked) == [("rup-column-ambiguous", "D1")]
    words = read(
        tmp_path, text.replace("Др.", "Вид").replace("Физика||2", "Физика||зачет"), merges=("C1:D1",)
    )
    assert {key: one[1] for key, one in found(words).items()} == {"OOD01": "exam", "OOD02": "pass"}


@pytest.mark.parametrize("cells", [("48с-2к", "144с-6к"), ("48/2", "144/6"), ("2/48", "6/144")])
def test_hours_and_credits_in_one_cell_of_each_semester(cells: tuple[str, str], tmp_path: Path) -> None:
    one, other = cells
    text = f"""
Индекс|Наименование|Теория|ЛПЗ|1 семестр|2 семестр
ООД 01|Химия|72|24|{one}|{one}
ПМ 01|Сварка|72|72||{other}
"""
    modules = found(read(tmp_path, text))
    assert {key: row[0] for key, row in modules.items()} == {"OOD01": 4, "PM01": 6}


def test_cycles_of_older_standards_and_columns_of_practice(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Экзамен|Зачет|Кредиты|Всего часов|Лек|Лаб|Пр|Учебная практика|Преддипломная практика|1 семестр|2 семестр
ОГД|Общегуманитарные дисциплины
ОГД.01|Философия||1|3|72|72|||||72|
СЭД|Социально-экономические дисциплины
СЭД 01|Экономика|1||3|72|48||24|||72|
ЕН.01|Математика|1||3|72|48||24|||72|
ЖММ 01|История|1||3|72|72|||||72|
ОГСЭ.01|Этика|1||3|72|72|||||72|
ОПД|Общепрофессиональные дисциплины
ОПД 01|Черчение||2|3|72|24|24|24||||72
ОП.01|Материалы||2|3|72|24|24|24||||72
СД|Специальные дисциплины
СД 01|Сварка|2||3|72|24|24|24||||72
ПП|Профессиональная практика
УП 01|Учебная практика||2|3|72||||72|||72
ПДП|Преддипломная практика||2|3|72|||||72||72
"""
    reading = read(tmp_path, text)
    modules = found(reading)
    sections = {row.id: str(row.section) for row in reading.require().modules}
    assert {key for key, section in sections.items() if section == "basic"} == {
        "OGD01",
        "SED01",
        "EN01",
        "ZHMM01",
        "OGSE01",
    }
    assert {key for key, section in sections.items() if section == "professional"} == {
        "OPD01",
        "OP01",
        "SD01",
    }
    assert modules["OPD01"][2] == {"theory": 24, "laboratory_practical": 48}
    assert modules["UP01"][2] == modules["PDP"][2] == {"professional_practice": 72}
    said = [str(one.values["letters"]) for one in reading.doubts if one.code == "rup-section-understood"]
    assert said == ["ОГД", "СЭД", "ЕН", "ЖММ", "ОГСЭ", "ОПД", "ОП", "СД"]


@pytest.mark.parametrize(
    "below", ["", "\n||Методист ____________", "\n||Әдіскер ____________\n||Примечание: КП"]
)
def test_what_stands_below_the_table_does_not_say_what_a_column_is(below: str, tmp_path: Path) -> None:
    """КП is a course project or practice in Kazakh: semesters leave it open, whoever signs below them."""
    text = """
Модульдердің атауы|емтихан|КП|сынақ|Кредиттер саны|теориялық оқыту|зертханалық-практикалық жұмыстар|1-семестр|2-семестр
ЖБП 1 Қазақ тілі|1|||1||24|24|
ЖБП 2 Тарих||1||1||24|24|
"""
    assert questions(read(tmp_path, text.rstrip() + below)) == [("rup-column-ambiguous", "C1")]


BELOW = """
Индекс|Наименование модулей|Экзамен|КП|Кредиты|Всего часов|Теория|СРС|1 сем.|2 сем.
ООД 01|Физика|1||3|72|60|12|72|
ПМ 01|Супы|2|2|4|96|90|6||96
ПП 01|Учебная практика|||2|48|48|||48
"""


@pytest.mark.parametrize(
    "below",
    [
        "|||2025",  # a year in the column КП, which was then a kind of hours
        "|||||||||12.06.2025",
        "|||||Исп.: Жумабаева Г.||тел. 12-34-56",
        "|Аптасына міндетті оқу жүктемесі|||||||36|36",
        "|Жоспар бойынша БАРЛЫҒЫ|||||||120|96",
        "|Экзаменационная сессия, недель|||||||1|1",
        "||||9|216|150|18|120|96",  # sums without a name
        "||||||||Кабинет|2",
    ],
)
def test_what_stands_below_a_table_is_no_module(tmp_path: Path, below: str) -> None:
    """Each of these became a module of practice, an error, or made a form of assessment a kind of hours."""
    reading = read(tmp_path, f"{BELOW.strip()}\n\n{below}")
    assert questions(reading) == []
    forms = {one.id: one.assessment_form for one in reading.require().modules}
    assert forms == {"OOD01": "exam", "PM01": "course_project, exam", "PP01": None}


def test_a_row_below_all_indexes_is_asked_about(tmp_path: Path) -> None:
    """Nobody knows these words: a sum of some kind, or a module whose index was forgotten."""
    reading = read(tmp_path, f"{BELOW.strip()}\n|Сверх плана на группу|||4|96|96||48|48")
    assert questions(reading) == [("rup-section-unknown", "5")]


def test_the_last_outcome_of_a_module_that_alone_is_taught_in_a_semester_is_no_total(tmp_path: Path) -> None:
    """Its cells are the sums of all modules in that semester, because the others have nothing there."""
    text = """
Индекс|Наименование|Всего часов / кредиты|Семестр 1|||Семестр 2||
|||Итого|Теория|Практ. занятия|Итого|Теория|Практ. занятия
ООД|Общеобразовательные дисциплины
ООД 1|Физика|24с-1к|24|12|12
ООД 2|Химия|24с-1к|24|12|12
БМ|Базовые модули
БМ 1|Право|24с-1к|24|12|12
ПМ|Профессиональные модули
ПМ 1|Сварка|24с-1к||||24|1|23
|Варить швы|24с-1к||||24|1|23
"""
    assert set(found(read(tmp_path, text))) == {"OOD1", "OOD2", "BM1", "PM1", "PM1.1"}


@pytest.mark.parametrize(
    "name",
    [
        "ДП.01|Выполнение дипломной работы",
        "04|Подготовка к демонстрационному экзамену",
        "4|Дипломдық жұмысты жазу",
    ],
)
def test_hours_without_a_kind_among_practices_are_no_practice_unless_the_row_says_so(
    name: str, tmp_path: Path
) -> None:
    text = f"""
Индекс|Наименование|Кредиты|Всего часов|Теория|Проф. практика|Семестр
ПП|Профессиональная практика
УП.01|Слесарная|1|24|||1
01|Учебная|1|24|||1
02|Оқу практикасы|1|24|||1
03|Производственная (по профилю специальности)|1|24|||1
{name}|2|48|||2
"""
    asked = read(tmp_path, text)
    assert questions(asked) == [("rup-hours-kind-unknown", "7")]
    assert asked.errors[0].values["rows"] == "7"
    answered = found(read(tmp_path, text, '[hours]\npractice = "self_study"\n'))
    assert [one[2] for one in answered.values() if one[0] == 1] == [{"professional_practice": 24}] * 4
    assert [one[2] for one in answered.values() if one[0] == 2] == [{"self_study": 48}]


def test_practical_work_among_practices_is_no_practice_unless_the_row_says_so(tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Кредиты|Всего часов|Теория|ЛПЗ|Семестр
ПП|Профессиональная практика
ПП.01|Учебная практика|1|24||24|1
ДП.01|Выполнение дипломной работы|2|48||48|2
"""
    answered = found(read(tmp_path, text))
    assert [one[2] for one in answered.values()] == [
        {"laboratory_practical": 48},
        {"professional_practice": 24},
    ]


def test_a_control_character_is_told_with_its_cell_wherever_it_is_taken_from(tmp_path: Path) -> None:
    """A bell, or a sign that turns the text: in a name, an amount, an index, and in the title above."""
    text = """
Квалификация: 4S06130103 – Разра_x0007_ботчик
Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр|Примечание
ООД 01|Химия_x0007_|3|72|72|1
ООД 02|Физика|3|7_x0002_2|72|1
ООД\u202e03|История|3|72|72|1
ООД 04|Язык|3|72|72|1|_x0007_
Примечание: отпечатано_x0007_ в двух экземплярах
"""
    reading = read(tmp_path, text, '[[column]]\ncolumn = "G"\nis = "ignore"\n')
    asked = [one for one in questions(reading) if one[0] == "control-character"]
    assert asked == [("control-character", cell) for cell in ("A1", "B3", "D4", "A5")]


@pytest.mark.parametrize(("lang", "column"), [("ru", "B"), ("kk", "C")])
def test_what_a_name_gets_wrong_later_is_told_with_its_cell(lang: str, column: str, tmp_path: Path) -> None:
    text = """
Индекс|Наименование|Атауы|Кредиты|Всего часов|Теория|Семестр
ООД 01|Химия|Қазақстан тарихы әңгімесі|3|72|72|1
"""
    (module,) = read(tmp_path, text).require().modules
    assert (module.place(f"name_{lang}").column, module.place("credits").column) == (column, "D")
    assert module.place(f"name_{lang}").row == 2


def named(folder: Path, rows: str, mapping: str = "") -> list[tuple[str, str]]:
    """Read rows of a table of modules; return the kind and the text of each."""
    text = f"\nИндекс|Наименование|Кредиты|Всего часов|Теория|Семестр\n{rows}"
    reading = read(folder, text, mapping)
    assert {one.code for one in reading.issues} <= {"rup-name-continued", "rup-row-unknown"}
    return [(row.kind, row.text) for row in reading.rows]


@pytest.mark.parametrize(
    ("first", "rest", "whole"),
    [
        ("Основы права и", "Предпринимательства", "Основы права и Предпринимательства"),
        ("Сети (монтаж,", "Наладка)", "Сети (монтаж, Наладка)"),
        ("Развитие информа-", "ционных систем", "Развитие информационных систем"),
        ("Санитарно-", "гигиенические нормы", "Санитарно-гигиенические нормы"),
        ("Подготовка", "рабочего места", "Подготовка рабочего места"),
        ("Еңбекті қорғау және", "Экология", "Еңбекті қорғау және Экология"),
        ("Ақпараттық технологияларды", "қолдану", "Ақпараттық технологияларды қолдану"),
    ],
)
def test_a_name_goes_on_in_the_next_row_where_that_is_certain(
    first: str, rest: str, whole: str, tmp_path: Path
) -> None:
    rows = named(tmp_path, f"ПМ 01|{first}|3|72|72|1\n|{rest}\nПМ 02|Химия|3|72|72|1")
    assert rows == [("module", f"ПМ 01 {whole}"), ("continued", rest), ("module", "ПМ 02 Химия")]


def test_a_name_may_go_on_over_three_rows(tmp_path: Path) -> None:
    rows = named(tmp_path, "ПМ 01|Монтаж,|3|72|72|1\n|Наладка и\n|Ремонт\nПМ 02|Химия|3|72|72|1")
    assert rows[0] == ("module", "ПМ 01 Монтаж, Наладка и Ремонт")


@pytest.mark.parametrize(
    "rest", ["Прочее", "в том числе", "выполнять монтаж", "из них:", "первое\n|второе", "ПРАКТИЧЕСКИЕ РАБОТЫ"]
)
def test_words_alone_are_asked_about_where_they_may_be_something_else(rest: str, tmp_path: Path) -> None:
    rows = named(tmp_path, f"ПМ 01|Сварка|3|72|72|1\n|{rest}\nПМ 02|Химия|3|72|72|1")
    assert rows[0] == ("module", "ПМ 01 Сварка")
    assert {kind for kind, _ in rows[1:-1]} == {"unknown"}


def test_an_answer_says_whether_a_row_goes_on_with_a_name(tmp_path: Path) -> None:
    rows = "ПМ 01|Сварка|3|72|72|1\n|Прочее\nПМ 02|Монтаж и|3|72|72|1\n|Наладка"
    answers = '[[row]]\nrow = 3\nis = "continued"\n[[row]]\nrow = 5\nis = "note"\n'
    assert named(tmp_path, rows, answers) == [
        ("module", "ПМ 01 Сварка Прочее"),
        ("continued", "Прочее"),
        ("module", "ПМ 02 Монтаж и"),
        ("note", "Наладка"),
    ]


def test_headings_of_one_letter_are_read_where_others_tell_and_asked_about_else(tmp_path: Path) -> None:
    rows = "ООД 01|Физика|3|72|48|24|1\nООД 02|Химия|2|48|48||1"
    wanted = {
        "OOD01": (3, None, {"theory": 48, "laboratory_practical": 24}),
        "OOD02": (2, None, {"theory": 48}),
    }
    assert found(read(tmp_path, f"Индекс|Наименование|Кр|ч|Т|ЛПЗ|Сем\n{rows}")) == wanted
    assert found(read(tmp_path, f"Инд.|Наименование|Кр.|Ч.|Т.|Пр|Сем.\n{rows}")) == wanted
    asked = read(tmp_path, f"Индекс|Наименование|Кр|ч|Т|П|Сем\n{rows}")
    assert questions(asked)[:1] == [("rup-column-ambiguous", "F1")]
    asked = read(tmp_path, f"Индекс|Атауы|Кредит|Сағ|Т|П|Семестр\n{rows}")
    assert questions(asked)[:2] == [("rup-column-ambiguous", "E1"), ("rup-column-ambiguous", "F1")]
