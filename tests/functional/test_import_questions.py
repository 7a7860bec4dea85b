"""The questions of an import answered in a workbook: the mapping is the same as if written by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curricula import colleges
from curricula.formats import as_ods, as_xls
from curriplan.base.errors import CurriplanError
from curriplan.importing.rup.answers import take
from curriplan.importing.rup.mapping import read_mapping
from curriplan.importing.rup.question_book import EDGE, MARK, read_questions

SHEET = """
Индекс|Наименование модулей|Семестр|Кредиты|Всего часов|Практика|Столбец X
|Дела 1|2|1|24||
|Дела 2|2|1|24||
ООД 01|Физика|1|3|72||2|
ПМ 01|Сайты|2|5|120|1|4|
"""
ANSWERS = {
    "programme.start": "2026-1",
    "programme.learners": "25",
    "hours.general": "теория",
    "hours.professional": "теория 40 %; лабораторные и практические занятия 60 %",
    "column.F": "не нужен",
    "column.G": "Не Нужен",
    "rows": "Не нужна, не берётся",
}
BY_HAND = (
    ('start = "?"', 'start = "2026-1"'),
    ('learners = "?"', "learners = 25"),
    ('general = "?"', 'general = "theory"'),
    ('professional = "?"', "professional = { theory = 0.4, laboratory_practical = 0.6 }"),
)


def call(*arguments: object, language: str = "ru") -> Result:
    from curriplan.cli.app import main

    return CliRunner().invoke(main, ["import", "rup", *map(str, arguments), "--lang", language])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    colleges.book(("План", SHEET, ())).save(path)
    return path


def asked(path: Path) -> dict[str, tuple[int, list[Any]]]:
    """The questions of a workbook: row and cells by key."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [(row[0].row, [cell.value for cell in row]) for row in sheet.iter_rows(min_row=4)]
    return {str(cells[7]): (row, cells) for row, cells in rows if cells[7]}


def answer(path: Path, answers: dict[str, Any], change: Callable[[Any], None] = lambda _: None) -> None:
    """Answer as a planner does in Excel; rows are named by the beginning of their key."""
    book = openpyxl.load_workbook(path)
    for key, (row, _) in asked(path).items():
        name = key.partition(":")[2]
        book.worksheets[0].cell(row, 7).value = answers.get(name, answers.get(name.partition(".")[0]))
    change(book)
    book.save(path)


def test_answers_give_the_same_mapping_as_writing_it_by_hand(plan: Path, tmp_path: Path) -> None:
    questions, noted = tmp_path / "q.xlsx", tmp_path / "out.mapping.toml"
    refused = call(plan, tmp_path / "out", "--questions", questions)
    assert refused.exit_code == 3 and str(questions) in refused.stderr
    found = asked(questions)
    assert {key.partition(":")[2].partition(".")[0] for key in found} == {
        "programme", "hours", "column", "rows",
    }  # fmt: skip
    _, cells = found["1:column.F"]
    assert cells[1:4] == ["plan.xlsx", "столбец F", "Практика"] and cells[5] == (
        "лабораторные и практические занятия / профессиональная практика / "
        "производственное обучение и практика вместе"
    )
    assert found["1:rows.2,3"][1][2:4] == ["строки: 2-3", "Дела 1"]
    answer(questions, ANSWERS)
    text = noted.read_text(encoding="utf-8")
    for old, new in BY_HAND:
        assert old in text
        text = text.replace(old, new)
    head, column, rest = text.partition("[[column]]")
    columns, row_mark, rows = rest.partition("[[row]]")
    columns, rows = columns.replace('is = "?"', 'is = "ignore"'), rows.replace('is = "?"', 'is = "skip"')
    noted.write_text(head + column + columns + row_mark + rows, encoding="utf-8")
    (mapping,) = read_questions(questions)
    assert mapping == read_mapping(noted)
    done = call(plan, tmp_path / "out", "--mapping", questions, "--questions", questions, "--force")
    assert done.exit_code == 0, done.stderr
    catalog = curriplan.read_catalog(tmp_path / "out").partial
    assert catalog is not None
    assert {one.id: (one.theory_hours, one.laboratory_practical_hours) for one in catalog.modules} == {
        "OOD01": (72.0, 0.0),
        "PM01": (48.0, 72.0),
    }


@pytest.mark.parametrize(("ending", "write"), [(".ods", as_ods), (".xls", as_xls)])
def test_answers_saved_in_another_format_are_read(
    ending: str, write: Callable[[Any], bytes], plan: Path, tmp_path: Path
) -> None:
    questions, other = tmp_path / "q.xlsx", tmp_path / f"q{ending}"
    call(plan, tmp_path / "out", "--questions", questions)
    answer(questions, {**ANSWERS, "programme.learners": 25})
    other.write_bytes(write(openpyxl.load_workbook(questions)))
    assert read_questions(other) == read_questions(questions)
    done = call(plan, tmp_path / "out", "--mapping", other)
    assert done.exit_code == 0, done.stderr
    other.write_bytes(write(openpyxl.load_workbook(plan)))
    assert "rup-not-questions" in call(plan, tmp_path / "b", "--mapping", other).stderr
    other.write_bytes(b"x")
    assert "not-a-workbook" in call(plan, tmp_path / "b", "--mapping", other).stderr


@pytest.mark.parametrize("language", ["kk", "en"])
def test_the_lists_are_in_the_language_of_the_planner(language: str, plan: Path, tmp_path: Path) -> None:
    questions = tmp_path / "q.xlsx"
    call(plan, tmp_path / "out", "--questions", questions, language=language)
    book = openpyxl.load_workbook(questions)
    sheet, lists = book.worksheets[:2]
    letter = book.defined_names["answers_column"].attr_text.split("$")[1]
    rules = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    row, _ = asked(questions)["1:column.F"]
    assert rules[f"G{row}"] == "answers_column"
    words = [cell.value for cell in lists[letter]]
    assert ("теория" if language == "kk" else "theory") in words
    assert ("кредиттер" if language == "kk" else "credits") in words
    assert [one.sheet_state for one in book.worksheets] == ["visible", "hidden", "hidden"]
    answer(questions, {"column.F": words[3]})
    assert read_questions(questions)[0].columns[5].role is not None


def test_a_repeated_run_replaces_its_own_questions_and_no_answers(plan: Path, tmp_path: Path) -> None:
    questions = tmp_path / "q.xlsx"
    for _ in range(2):
        assert "output-exists" not in call(plan, tmp_path / "out", "--questions", questions).stderr
    answer(questions, {"programme.learners": 25})
    before = questions.read_bytes()
    refused = call(plan, tmp_path / "out", "--questions", questions)
    assert "output-exists" in refused.stderr and questions.read_bytes() == before
    again = call(plan, tmp_path / "out", "--questions", questions, "--mapping", questions)
    assert again.exit_code == 3 and "1:programme.learners" not in asked(questions)


def test_what_no_answer_settles_is_counted_apart(tmp_path: Path) -> None:
    """A cell that cannot be read is mended in the curriculum; no answer to a question does that."""
    path, questions = tmp_path / "plan.xlsx", tmp_path / "q.xlsx"
    rows = SHEET.replace("|Дела 1|2|1|24||\n|Дела 2|2|1|24||\n", "").replace("|1|4|", "|60|60|")
    rows = rows.replace("Практика|Столбец X", "Теория|ЛПЗ").replace("|72||2|", "|72|сорок|32|")
    colleges.book(("План", rows, ())).save(path)
    known = ("--start", "2026-1", "--entry-base", "grade9", "--qualification", "4S06130103")
    both = call(path, tmp_path / "out", *known, "--questions", questions).stderr
    assert "Вопросы (1)" in both and "Ответом не решить (1)" in both
    none = call(path, tmp_path / "out", *known, "--learners", "25", "--questions", questions).stderr
    assert "Вопросы (" not in none and "Ответом не решить (1)" in none
    bare = call(path, tmp_path / "out", *known, "--learners", "25").stderr
    assert "rup-cell-unreadable" in bare and "можно ответить и в Excel" not in bare


def test_questions_of_several_files_come_back_to_their_files(plan: Path, tmp_path: Path) -> None:
    second, questions = tmp_path / "second.xlsx", tmp_path / "q.xlsx"
    colleges.book(("План", SHEET.replace("Сайты", "Сети"), ())).save(second)
    given = (plan, second, tmp_path / "out")
    assert call(*given, "--questions", questions, "--programme", "A", "--programme", "B").exit_code == 3
    answer(questions, ANSWERS)
    done = call(*given, "--mapping", questions)
    assert done.exit_code == 0, done.stderr
    catalog = curriplan.read_catalog(tmp_path / "out").partial
    assert catalog is not None
    assert {one.id for one in catalog.modules} == {"OOD01", "A-PM01", "B-PM01"}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("column.F", "нечто", "rup-answer-unknown"),
        ("hours.general", "теория 50 %", "rup-answer-unknown"),
        ("programme.start", "осень", "rup-answer-unknown"),
        ("programme.learners", "-3", "rup-answer-unknown"),
        ("programme.learners", "=1+1", "formula-without-value"),
        ("rows", "теория", "rup-answer-unknown"),
    ],
)
def test_an_answer_that_nobody_understands_is_said_with_its_cell(
    key: str, value: str, code: str, plan: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "q.xlsx"
    call(plan, tmp_path / "out", "--questions", questions)
    answer(questions, {key: value})
    with pytest.raises(CurriplanError) as caught:
        read_questions(questions)
    (issue,) = caught.value.issues
    assert issue.code == code and issue.place is not None and issue.place.column == "G"


def test_a_workbook_of_something_else_is_no_answer(plan: Path, tmp_path: Path) -> None:
    questions = tmp_path / "q.xlsx"
    call(plan, tmp_path / "out", "--questions", questions)

    def damage(book: Any) -> None:
        book["mapping"]["B3"] = "x"

    answer(questions, {}, damage)
    for path in (plan, questions):
        with pytest.raises(CurriplanError, match="rup-not-questions"):
            read_questions(path)


def test_no_other_workbook_is_replaced_by_questions(plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    colleges.book(("План", SHEET, ())).save(other)
    before = other.read_bytes()
    done = call(plan, tmp_path / "out", "--questions", other, "--force")
    assert done.exit_code == 3 and "rup-not-questions" in done.stderr
    assert other.read_bytes() == before


def test_two_outputs_of_one_name_are_refused(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    done = call(plan, out, "--questions", out, "--learners", 25)
    assert done.exit_code == 2 and "output-twice" in done.stderr and not out.exists()


def test_what_semesters_hold_is_one_question(tmp_path: Path) -> None:
    text = """
Индекс|Наименование модулей|Кредиты|Всего часов|Теория|1 семестр|2 семестр
ООД|Общеобразовательные дисциплины|3|72|72||
ООД 01|Физика|3|72|72|1|1
"""
    plan, questions = tmp_path / "plan.xlsx", tmp_path / "q.xlsx"
    colleges.book(("План", text, ())).save(plan)
    call(plan, tmp_path / "out", "--questions", questions)
    _, cells = asked(questions)["1:semesters"]
    assert "часы или кредиты" in cells[4]
    answer(questions, {"semesters": "кредиты"})
    assert read_questions(questions)[0].semesters == "credits"


def test_open_keys_of_any_table_are_asked() -> None:
    """Answers go where the mapping file has its questions, whatever keys it comes to have."""
    data = {"study": "?", "hours_per_week": "?", "sections": {"ЖММ": "?"}, "headings": {"практика": "?"}}
    given = {
        "hours_per_week": ("36,5", 36.5),
        "sections.ЖММ": ("Общеобразовательные дисциплины", "general"),
        "headings.практика": ("Кәсіптік практика", "professional_practice"),
    }
    for key, (words, _) in given.items():
        assert take(data, key, words), key
    assert data["hours_per_week"] == 36.5
    assert data["sections"] == {"ЖММ": "general"} and data["headings"] == {
        "практика": "professional_practice"
    }


@pytest.mark.parametrize(
    "line",
    [
        "programme = 1",
        "hours = [1]",
        "headings = 'x'",
        "sections = []",
        "column = 1",
        "row = [1]",
        "row = {}",
    ],
)
def test_tables_of_another_shape_are_named_whatever_is_answered(
    line: str, plan: Path, tmp_path: Path
) -> None:
    questions = tmp_path / "q.xlsx"
    call(plan, tmp_path / "out", "--questions", questions)

    def change(book: Any) -> None:
        sheet = next(one for one in book.worksheets if one["A1"].value == MARK)
        sheet.delete_rows(3, sheet.max_row)
        sheet.cell(3, 2).value = f"{EDGE}{line}{EDGE}"
        sheet.cell(2, 2).value = f"{EDGE}schema = 1{EDGE}"
        number = next(iter(asked(questions))).partition(":")[0]
        for row in (2, 3):
            sheet.cell(row, 1).value = number

    answer(questions, ANSWERS, change)
    with pytest.raises(CurriplanError) as caught:
        read_questions(questions)
    codes = {issue.code for issue in caught.value.issues}
    assert codes <= {"rup-mapping-key", "rup-mapping-value"}, codes
