# ruff: noqa: E501 - cells of sheets
"""What stands above, below and beside the table of a curriculum: signatures, legends, notes, further tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Cells = Mapping[int, Any]
"""What stands in a row, by columns from the first of its piece, or by names of columns of the table."""


@dataclass(frozen=True)
class Piece:
    """A piece of furniture, and the column of the table where it begins, from 0."""

    name: str
    column: int = 0
    gap: bool = True


TEXTS: Mapping[str, Mapping[str, tuple[tuple[Any, ...], ...]]] = {
    "ru": {
        "director": (("Директор", None, "Иванов И. И."),),
        "agreed": (("Рассмотрено на заседании ЦМК",), ("Протокол № 5 от 12.06.2025",)),
        "name": (("Петрова А. С.",),),
        "initials": (("А. Сейтов",), ("Б. Омаров",)),
        "day": (("12.06.2025",),),
        "written_day": (("«12» июня 2025 г.",),),
        "year": ((2025,),),
        "page": (("стр. 2",),),
        "stamp": (("М.П.",),),
        "legend": (("Условные обозначения:",), ("КП", "– курсовой проект"), ("Э", "экзамен"), ("З", "зачет"), ("КР", "контрольная работа")),
        "legend_line": (("Условные обозначения: Э – экзамен, З – зачет, КП – курсовой проект",),),
        "legend_cells": (("Э – экзамен", "З – зачет", "КП – курсовой проект", "КР – контрольная работа"),),
        "star": (("* по выбору обучающихся",), ("** за счет часов практики",)),
        "note": (("Примечание: факультативы сверх нагрузки",),),
        "numbered": (("Пояснения",), (1, "План составлен на основе ГОСО"), (2, "Практика проводится в 4 семестре")),
        "rooms": (("Перечень кабинетов",), (1, "Кабинет информатики"), (2, "Лаборатория сетей")),
        "practices": (("№", "Наименование практики", "Семестр", "Недель"), (1, "Учебная", 4, 2), (2, "Производственная", 6, 4)),
        "budget": (("Курс", "Теоретическое обучение", "Практика", "Аттестация", "Каникулы", "Всего"), ("1 курс", 36, 2, 2, 11, 51), ("2 курс", 30, 8, 2, 11, 51)),
        "hours_budget": (("Наименование", "Кредиты", "Часы"), ("Обязательная часть", 100, 2400), ("Вариативная часть", 20, 480)),
        "executor": (("Исп.: Жумабаева Г.", None, "тел. 12-34-56"),),
    },
    "kk": {
        "director": (("Директор", None, "Иванов И. И."),),
        "agreed": (("Әдістемелік кеңес отырысында қаралды",), ("2025 ж. 12.06. № 5 хаттама",)),
        "name": (("Петрова А. С.",),),
        "initials": (("А. Сейтов",), ("Б. Омаров",)),
        "day": (("12.06.2025",),),
        "written_day": (("2025 ж. «12» маусым",),),
        "year": ((2025,),),
        "page": (("2-бет",),),
        "stamp": (("М.О.",),),
        "legend": (("Шартты белгілер:",), ("КЖ", "– курстық жұмыс"), ("Е", "емтихан"), ("С", "сынақ"), ("КП", "кәсіптік практика")),
        "legend_line": (("Шартты белгілер: Е – емтихан, С – сынақ, КП – кәсіптік практика",),),
        "legend_cells": (("Е – емтихан", "С – сынақ", "КП – кәсіптік практика", "БЖ – бақылау жұмысы"),),
        "star": (("* білім алушының таңдауы бойынша",), ("** практика сағаттары есебінен",)),
        "note": (("Ескерту: факультативтер жүктемеден тыс",),),
        "numbered": (("Түсіндірме",), (1, "Жоспар МЖМБС негізінде құрылды"), (2, "Практика 4-семестрде өтеді")),
        "rooms": (("Кабинеттер тізімі",), (1, "Информатика кабинеті"), (2, "Желілер зертханасы")),
        "practices": (("№", "Практика атауы", "Семестр", "Апта"), (1, "Оқу", 4, 2), (2, "Өндірістік", 6, 4)),
        "budget": (("Курс", "Теориялық оқыту", "Практика", "Аттестаттау", "Каникул", "Барлығы"), ("1 курс", 36, 2, 2, 11, 51), ("2 курс", 30, 8, 2, 11, 51)),
        "hours_budget": (("Атауы", "Кредиттер", "Сағат"), ("Міндетті бөлік", 100, 2400), ("Таңдау бөлігі", 20, 480)),
        "executor": (("Орынд.: Жұмабаева Г.", None, "тел. 12-34-56"),),
    },
}  # fmt: skip
SUMS: Mapping[str, Mapping[str, tuple[tuple[str, int], ...]]] = {
    "ru": {
        "counts": (
            ("Количество экзаменов", 3),
            ("Количество зачетов", 4),
            ("Количество курсовых проектов", 1),
        ),
        "weekly": (("Часов в неделю", 36),),
        "weekly_load": (("Обязательная учебная нагрузка в неделю", 36),),
        "most": (("Максимальная нагрузка в неделю", 54),),
        "consultations": (("Консультации", 50),),
        "with_electives": (("Всего с факультативами", 900),),
        "in_all": (("ИТОГО по плану", 800),),
        "weeks": (("Количество недель", 18),),
        "exam_weeks": (("Экзаменационная сессия, недель", 1),),
    },
    "kk": {
        "counts": (("Емтихандар саны", 3), ("Сынақтар саны", 4), ("Курстық жобалар саны", 1)),
        "weekly": (("Аптасына сағат", 36),),
        "weekly_load": (("Аптасына міндетті оқу жүктемесі", 36),),
        "most": (("Аптасына ең көп жүктеме", 54),),
        "consultations": (("Консультациялар", 50),),
        "with_electives": (("Факультативтермен барлығы", 900),),
        "in_all": (("Жоспар бойынша БАРЛЫҒЫ", 800),),
        "weeks": (("Апталар саны", 18),),
        "exam_weeks": (("Емтихан сессиясы, апта", 1),),
    },
}
"""Rows below a table that count something in the columns of semesters."""
ALL = ("credits", "hours", "theory", "laboratory_practical", "self_study")
"""Columns that a row may count beside those of semesters."""
ABOVE = ("director", "agreed", "name", "day", "written_day", "year", "page", "stamp", "legend_line", "legend_cells", "legend", "executor")  # fmt: skip
BELOW = (*TEXTS["ru"], *SUMS["ru"])


def put(
    write: Callable[[int, int, Any], Any], row: int, piece: Piece, language: str, columns: Mapping[str, int]
) -> int:
    """Write a piece of furniture from a row on; return the next row."""
    for text, amount in SUMS[language].get(piece.name, ()):
        write(row, columns["name"], text)
        for name, column in columns.items():
            term = name.startswith("term") and name[4:].isdecimal()
            if term or (piece.column % 2 and name in ALL):
                write(row, column, amount)
        row += 1
    for cells in TEXTS[language].get(piece.name, ()):
        for at, value in enumerate(cells):
            if value is not None:
                write(row, 1 + piece.column + at, value)
        row += 1
    return row
