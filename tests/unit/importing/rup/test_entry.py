"""The base of the learners: read where a file says it, asked where it does not or says two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curricula.colleges import book
from curriplan.cli.app import main
from curriplan.importing.rup.entry import entry_base_of

SHEET = """{title}
Индекс|Наименование модулей|Семестр|Кредиты|Всего часов|Теория|ЛПЗ
ПМ 01|Разработка сайтов|1|5|120|60|60
"""
WORDINGS: tuple[tuple[str | None, str], ...] = (
    ("grade9", "Форма обучения: очная, на базе основного среднего образования"),
    ("grade9", "на базе 9-ти классов"),
    ("grade9", "База: 9 класс"),
    ("grade9", "на базе 9"),
    ("grade9", "негізгі орта білім базасында"),
    ("grade9", "9 сыныптан кейін"),
    ("grade9", "негізгі орта білім (9 сынып) базасында"),
    ("grade9", "Уровень образования: основное среднее"),
    ("grade9", "на базе основного среднего образования с выдачей аттестата об общем среднем образовании"),
    ("grade9", "негізгі орта білім базасында жалпы орта білім бере отырып"),
    ("grade11", "на базе общего среднего образования"),
    ("grade11", "на базе среднего общего образования"),
    ("grade11", "жалпы орта білім (11 сынып) негізінде"),
    ("grade11", "11 сыныптан кейін"),
    ("tvet", "на базе ТиПО"),
    ("tvet", "на базе послесреднего образования"),
    ("tvet", "техникалық және кәсіптік білім негізінде"),
    ("?", "на базе 9 кл. и 11 кл."),
    ("?", "на базе основного среднего и общего среднего образования"),
    ("?", "негізгі және жалпы орта білім базасында"),
    (None, "Разработан на основе ГОСО технического и профессионального, послесреднего образования"),
    (None, "жалпы орта білім берудің мемлекеттік стандарты негізінде"),
    (None, "План составлен на базе 9-недельного графика"),
    (None, "Общеобразовательные дисциплины 10-11 класса"),
    (None, "на базе лицея №9"),
)


def plan(path: Path, title: str) -> Path:
    book(("План", SHEET.format(title=title), ())).save(path)
    return path


def call(*arguments: object) -> Result:
    given = ("--start", "2026-1", "--learners", "25", "--lang", "en")
    return CliRunner().invoke(main, ["import", "rup", *map(str, arguments), *given])


def programmes(path: Path) -> list[tuple[str | None, str | None]]:
    catalog = curriplan.read_catalog(path).partial
    assert catalog is not None
    return [(one.entry_base, one.qualification) for one in catalog.programmes]


def choose(path: Path, answers: dict[str, str]) -> None:
    found = openpyxl.load_workbook(path)
    cells: list[Any] = [row for row in found.worksheets[0].iter_rows(min_row=4) if row[7].value]
    assert {str(row[7].value) for row in cells} == set(answers)
    for row in cells:
        row[6].value = answers[str(row[7].value)]
    found.save(path)


@pytest.mark.parametrize(("base", "text"), WORDINGS, ids=[text for _, text in WORDINGS])
def test_what_a_text_says_of_the_base(base: str | None, text: str) -> None:
    assert entry_base_of([text]) == base


def test_what_is_called_the_base_goes_before_what_is_mentioned() -> None:
    assert entry_base_of(["общее среднее образование", "на базе 9 классов"]) == "grade9"
    assert entry_base_of(["на базе 9 классов", "на базе 11 классов"]) == "?"
    assert entry_base_of(["основное среднее", "общее среднее"]) is None


def test_what_is_read_is_said_and_what_is_not_is_asked(tmp_path: Path) -> None:
    said = plan(tmp_path / "a.xlsx", "4S06130103 Разработчик, на базе 11 классов")
    done = call(said, tmp_path / "a")
    assert done.exit_code == 0 and "entry base: entry after grade 11." in " ".join(done.stdout.split())
    assert "rup-norm-left-out" not in done.stderr and programmes(tmp_path / "a") == [
        ("grade11", "4S06130103")
    ]
    silent, questions = plan(tmp_path / "b.xlsx", "Рабочий учебный план"), tmp_path / "q.xlsx"
    done = call(silent, tmp_path / "b", "--questions", questions)
    assert done.exit_code == 0 and "does not say: Entry base, Qualification" in " ".join(done.stderr.split())
    assert programmes(tmp_path / "b") == [(None, None)]
    assert "was written all the same" in done.stderr
    choose(
        questions,
        {"1:programme.entry_base": "entry after grade 9", "1:programme.qualification": "4С06130103"},
    )
    done = call(silent, tmp_path / "b", "--mapping", questions, "--force")
    assert done.exit_code == 0 and "rup-norm-left-out" not in done.stderr
    assert programmes(tmp_path / "b") == [("grade9", "4S06130103")]


def test_two_bases_are_refused_until_one_is_chosen(tmp_path: Path) -> None:
    path, questions = plan(tmp_path / "a.xlsx", "4S06130103, на базе 9 и 11 классов"), tmp_path / "q.xlsx"
    done = call(path, tmp_path / "a", "--questions", questions)
    assert done.exit_code == 3 and "rup-entry-bases" in done.stderr and not (tmp_path / "a").exists()
    choose(questions, {"1:programme.entry_base": "на базе 11 классов"})
    assert call(path, tmp_path / "a", "--mapping", questions).exit_code == 0
    assert call(path, tmp_path / "b", "--entry-base", "grade11").exit_code == 0
    assert programmes(tmp_path / "a") == programmes(tmp_path / "b") == [("grade11", "4S06130103")]


@pytest.mark.parametrize(
    ("above", "beside", "base"),
    [
        ("на базе 9 классов", "Планы: на базе 9 классов и на базе 11 классов", "grade9"),
        ("Рабочий учебный план", "на базе 11 классов", "grade11"),
        ("Рабочий учебный план", "на базе 9 и 11 классов", None),
    ],
)
def test_what_stands_above_the_table_goes_before_a_title_sheet(
    above: str, beside: str, base: str | None, tmp_path: Path
) -> None:
    sheets = [("План", SHEET.format(title=f"4S06130103 {above}"), ()), ("Титул", beside, ())]
    book(*sheets).save(tmp_path / "plan.xlsx")
    done = call(tmp_path / "plan.xlsx", tmp_path / "out")
    assert ("rup-entry-bases" in done.stderr) == (base is None)
    assert base is None or programmes(tmp_path / "out") == [(base, "4S06130103")]


def test_of_several_files_each_has_its_own(tmp_path: Path) -> None:
    paths = [plan(tmp_path / f"{name}.xlsx", name) for name in ("4S06130103", "4S07320101")]
    bases = ("--entry-base", "grade9", "--entry-base", "tvet")
    assert call(*paths, tmp_path / "out", *bases).exit_code == 0
    assert programmes(tmp_path / "out") == [("grade9", "4S06130103"), ("tvet", "4S07320101")]
    codes = ("--qualification", "4S06130199", "--qualification", "3W07320199")
    assert call(*paths, tmp_path / "two", *bases, *codes).exit_code == 0
    assert programmes(tmp_path / "two") == [("tvet", "3W07320199"), ("grade9", "4S06130199")]
    wrong = call(*paths, tmp_path / "three", "--qualification", "06130103")
    assert wrong.exit_code == 2 and "4S06130103" in wrong.stderr
