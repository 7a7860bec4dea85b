"""Whatever a file of any layout leaves open is answered in the workbook of its questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from hypothesis import HealthCheck, assume, given, settings

from curricula.generated import files
from curricula.giving_back import ANSWERED_BASE, answers, assert_gives_back
from curricula.model import Curriculum, Style, base_of, questions
from curricula.writer import write
from curriplan.importing.rup.answers import list_of, said
from curriplan.importing.rup.question_book import read_questions, write_questions
from curriplan.importing.rup.questions import questions_of
from curriplan.importing.rup.reading import RupChoices, RupReading, read_rup
from unit.importing.rup.test_layouts import read

KEY, ANSWER = 8, 7


def answered(reading: RupReading, style: Style, path: Path) -> None:
    """Choose from the lists what a person who knows the file chooses, in Excel."""
    known = answers(reading, style)
    chosen = {f"headings.{name}": role for name, role in known.headings.items()}
    chosen |= {f"column.{one.column}": str(one.role) for one in known.columns}
    chosen |= {f"column.{one.column}.{one.sheet}": str(one.role) for one in known.columns}
    chosen |= {"study": known.study, "hours_per_week": "36"}
    chosen["programme.entry_base"] = ANSWERED_BASE if base_of(style) == "?" else ""
    chosen["programme.qualification"] = "4С 06130103"
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=4):
        key = str(row[KEY - 1].value).partition(":")[2]
        word = chosen[key]
        assert word is not None, key
        name = list_of(key)
        row[ANSWER - 1].value = said(word, style.language, name) if name and word else word
    book.save(path)


@given(files())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_in_the_workbook_settle_a_file(file: tuple[Curriculum, Style]) -> None:
    curriculum, style = file[0], replace(file[1], above=(), below=())
    assume(questions(curriculum, style))
    with TemporaryDirectory() as name:
        folder = Path(name)
        reading = read(write(curriculum, style), folder)
        assert [one.issue and one.issue.line() for one in questions_of(reading) if not one.key] == []
        write_questions([reading], folder / "questions.xlsx", style.language)
        answered(reading, style, folder / "questions.xlsx")
        (mapping,) = read_questions(folder / "questions.xlsx")
        again = read_rup(folder / "plan.xlsx", RupChoices(start="2025-1", learners=25), mapping)
        assert_gives_back(again, curriculum, style)
        assert again.require().programmes[0].qualification == "4S06130103"
