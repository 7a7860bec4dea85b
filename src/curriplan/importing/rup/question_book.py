"""The workbook in which the questions of an import are answered, and the mappings that it gives back.

It carries the mapping of each file on a sheet of its own, line by line as the mapping file has them; the
answers are written into these before they are read, by the same reader.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.base.refusals import toml_reason
from curriplan.base.version import TOOL
from curriplan.catalog.reading.grids import SheetGrid
from curriplan.catalog.reading.sheets import ALL_ENDINGS, read_any_sheets
from curriplan.importing.rup.answers import (
    LISTS,
    choices_of,
    example_of_shares,
    expected,
    said,
    take,
)
from curriplan.importing.rup.mapping import OPEN, RupMapping, mapping_of, read_mapping
from curriplan.importing.rup.mapping_text import mapping_text
from curriplan.importing.rup.questions import SINGLES, RupQuestion, questions_of, shown_guess
from curriplan.importing.rup.reading import RupReading
from curriplan.importing.rup.roles import WORKPLACE
from curriplan.texts.words import Words
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.workbook import Book

MARK = "curriplan-questions/1"
"""In the first cell of the sheet that carries the mappings."""
KEY = "curriplan-key"
"""Over the hidden column that says which question a row is."""
MAPPING_SHEET = "mapping"
COLUMNS = ("number", "file", "about", "text", "question", "guess", "answer")
WIDTHS = (5.0, 18.0, 16.0, 40.0, 46.0, 26.0, 34.0, 12.0)
ANSWER, KEY_COLUMN = 6, 7
HEADER_ROW = 2
PIECE = 30_000
"""Letters of a line of a mapping that one cell carries."""
EDGE = "|"
"""Around each piece, so that no blank at its ends is lost and none begins like a formula."""
MESSAGE = 250


@dataclass(frozen=True)
class _Asked:
    """A question, the number of its programme from 1, and what was read of that."""

    number: int
    reading: RupReading
    question: RupQuestion

    @property
    def key(self) -> str:
        return f"{self.number}:{self.question.key}" if self.question.key else ""


def has_questions(readings: Sequence[RupReading | None]) -> bool:
    """Say whether anything is still open."""
    return any(True for one in readings if one is not None for _ in questions_of(one))


def write_questions(readings: Sequence[RupReading | None], path: Path, language: str) -> None:
    """Write the open questions of working curricula as a workbook."""
    read = [one for one in readings if one is not None]
    asked = [
        _Asked(number, one, question)
        for number, one in enumerate(read, start=1)
        for question in questions_of(one)
    ]
    texts = Words(language, "questions")
    lines = [
        (number, line)
        for number, one in enumerate(read, start=1)
        for line in mapping_text(_without_guesses(one.mapping), {}).splitlines()
    ]
    title = texts("book.title", files=", ".join(one.mapping.file for one in read))
    digest = _digest([(one.key, "") for one in asked if one.key], lines)
    book = Book(path, Words(language), f"&L{TOOL}", title, digest)
    sheet = book.sheet(texts("book.sheet"), WIDTHS)
    sheet.across(0, title, "title", 0, ANSWER)
    sheet.across(1, texts("book.how"), "plain", 0, ANSWER)
    for column, name in enumerate(COLUMNS):
        sheet.text(HEADER_ROW, column, texts(f"head.{name}"), "header")
    sheet.text(HEADER_ROW, KEY_COLUMN, KEY, "data")
    letters = {number: _letters(one.mapping) for number, one in enumerate(read, start=1)}
    for place, one in enumerate(asked):
        _write_question(sheet, HEADER_ROW + 1 + place, place + 1, one, texts, letters[one.number])
    sheet.hide_column(KEY_COLUMN)
    sheet.freeze(HEADER_ROW + 1)
    sheet.repeat(HEADER_ROW, HEADER_ROW)
    _write_lists(book, texts)
    _write_mappings(book, lines, digest)
    book.close()


def _without_guesses(mapping: RupMapping) -> RupMapping:
    """Return a mapping without the rows of which nobody said what they are: an answer may change them."""
    return replace(mapping, rows=tuple(note for note in mapping.rows if not note.guessed))


def _write_question(
    sheet: Sheet, row: int, number: int, asked: _Asked, texts: Words, letters: Sequence[str]
) -> None:
    question = asked.question
    cells = (
        asked.reading.mapping.file,
        _where(question, asked.reading, texts),
        question.text,
        _ask(question, texts),
        shown_guess(question, texts.language),
    )
    sheet.number(row, 0, number, "text")
    for column, text in enumerate(cells, start=1):
        sheet.text(row, column, text, "text")
    sheet.text(row, KEY_COLUMN, asked.key, "data")
    if not asked.key:
        sheet.text(row, ANSWER, "", "text")
        return
    sheet.open(row, ANSWER, "", "open_code")
    rule: dict[str, Any] = {"validate": "any"}
    if question.list_name:
        kind = "warning" if question.list_name in {"hours", "column"} else "stop"
        rule = {"validate": "list", "source": f"=answers_{question.list_name}", "error_type": kind}
    if any(word.startswith("semester:") for word in question.guess):
        offered = [said(word, texts.language) for word in dict.fromkeys((*question.guess, "ignore"))]
        if len(",".join(offered)) <= MESSAGE and not any("," in word for word in offered):
            rule = {"validate": "list", "source": offered, "error_type": "warning"}
    elif question.key.startswith("role.") and len(",".join(letters)) <= MESSAGE:
        rule = {"validate": "list", "source": list(letters), "error_type": "warning"}
    sheet.rule(row, row, ANSWER, rule)


def _letters(mapping: RupMapping) -> list[str]:
    return [note.column for note in mapping.columns]


def _where(question: RupQuestion, reading: RupReading, texts: Words) -> str:
    """Say what a question is about, and of which of several programmes in a file."""
    key, values = question.where
    if reading.mapping.part and key == "about.file":
        return _part(reading, texts)
    shown = dict(values)
    if "section" in shown:
        shown["section"] = Words(texts.language)(f"section.{shown['section']}")
    said_of = texts(key, **shown)
    if not reading.mapping.part or "sheet" in shown:
        return said_of
    return f"{texts('about.sheet', sheet=reading.sheet)}, {said_of}"


def _part(reading: RupReading, texts: Words) -> str:
    """Name one of several programmes: its sheet, its name where that is known, its rows and columns."""
    rows = [row.row for row in reading.rows]
    columns = sorted((note.column for note in reading.mapping.columns), key=lambda one: (len(one), one))
    known = reading.mapping.programme
    name = " ".join(str(known[key]) for key in ("id", "title") if known.get(key, OPEN) != OPEN)
    parts = [
        texts("about.sheet", sheet=reading.sheet),
        texts("about.programme", programme=name) if name else "",
        texts("about.rows", rows=f"{min(rows)}–{max(rows)}") if rows else "",
        texts("about.columns", columns=f"{columns[0]}–{columns[-1]}") if columns else "",
    ]
    return ", ".join(one for one in parts if one)


def _ask(question: RupQuestion, texts: Words) -> str:
    key, values = question.ask
    language = texts.language
    if question.issue is not None:
        advice = texts(key, advice=question.issue.advice(language))
        return f"{question.issue.found(language)} {advice}"
    words = {
        "ignore": said("ignore", language),
        "workplace": said(WORKPLACE, language),
        "skip": _skip(language),
        "example": example_of_shares(language),
    }
    shown = {name: said(str(value), language) for name, value in values.items()}
    return texts(key, **{**words, **shown})


def _skip(language: str) -> str:
    place = LISTS["rows"].index("skip")
    return choices_of("rows", language)[place]


def _write_lists(book: Book, texts: Words) -> None:
    """Write what may be answered, where the lists of the cells find it."""
    sheet = book.sheet(texts("book.lists"), [34.0] * len(LISTS))
    for column, name in enumerate(LISTS):
        words = choices_of(name, texts.language)
        for row, word in enumerate(words):
            sheet.cell(row, column, word, "text")
        book.fixed_list(f"answers_{name}", sheet.name, column, 0, len(words) - 1)
    sheet.hide()


def _write_mappings(book: Book, lines: Sequence[tuple[int, str]], digest: str) -> None:
    sheet = book.sheet(MAPPING_SHEET, (8.0, 80.0))
    sheet.cell(0, 0, MARK, "data")
    sheet.cell(0, 1, digest, "data")
    for row, (number, line) in enumerate(lines, start=1):
        sheet.cell(row, 0, number, "data")
        for place, at in enumerate(range(0, len(line) or 1, PIECE), start=1):
            sheet.cell(row, place, f"{EDGE}{line[at : at + PIECE]}{EDGE}", "data")
    sheet.hide()


def _digest(answers: Sequence[tuple[str, str]], lines: Sequence[tuple[int, str]]) -> str:
    return hashlib.sha256(repr((list(answers), list(lines))).encode()).hexdigest()[:32]


# Reading it back.


class _GivenAnswer(NamedTuple):
    key: str
    text: str
    place: Place


class _Carried(NamedTuple):
    lines: list[tuple[int, str]]
    digest: str
    answers: list[_GivenAnswer]


def read_mappings(path: Path) -> list[RupMapping]:
    """Return the mappings of a file: one of TOML, or those of a workbook with answers (.xlsx, .xls, .ods).

    Raises
    ------
    CurriplanError
        As `read_mapping` and `read_questions` do.
    """
    return read_questions(path) if path.suffix.casefold() in ALL_ENDINGS else [read_mapping(path)]


def read_questions(path: Path) -> list[RupMapping]:
    """Return the mapping of each file that a workbook with answers is about.

    Raises
    ------
    CurriplanError
        If it is no such workbook or damaged, or with every answer that nobody can understand.
    """
    place = Place(str(path))
    carried = _carried(path, place)
    texts: dict[int, list[str]] = {}
    for number, line in carried.lines:
        texts.setdefault(number, []).append(line)
    try:
        tables: dict[int, Any] = {number: tomllib.loads("\n".join(one)) for number, one in texts.items()}
    except (ValueError, RecursionError) as error:
        raise CurriplanError.of("rup-mapping-unreadable", place, reason=toml_reason(error)) from error
    issues = [issue for answer in carried.answers if (issue := _taken(tables, answer)) is not None]
    if issues:
        raise CurriplanError(issues)
    return [mapping_of(tables[number], place) for number in sorted(tables)]


def is_untouched_book(path: Path) -> bool:
    """Say whether nobody has answered or changed anything in a workbook of questions.

    Raises
    ------
    CurriplanError
        ``rup-not-questions`` for a workbook of anything else.
    """
    carried = _carried(path, Place(str(path)))
    return carried.digest == _digest([(one.key, one.text) for one in carried.answers], carried.lines)


def _taken(tables: Mapping[int, Any], answer: _GivenAnswer) -> Issue | None:
    """Write an answer into the mapping of its file; return what is wrong with it."""
    number, _, key = answer.key.partition(":")
    data = tables.get(int(number)) if number.isascii() and number.isdecimal() and len(number) < 6 else None
    heads = {*LISTS, *SINGLES, "programme", "role"} - {"entry_base"}
    if data is None or not key or key.partition(".")[0] not in heads:
        return Issue("rup-question-unknown", answer.place, {"value": answer.key[:80]})
    if not answer.text:
        return None
    # Into tables of another shape nothing is written: `mapping_of` names what is wrong with them.
    if not _takes_answers(data) or take(data, key, answer.text):
        return None
    shown = {"value": answer.text[:80], "expected": expected(key)}
    return Issue("rup-answer-unknown", answer.place, shown)


def _takes_answers(data: Mapping[str, Any]) -> bool:
    """Say whether the parts of a mapping that hold answers are tables, and lists of tables."""
    lists = [data.get(name, []) for name in ("column", "row")]
    tables = [data.get(name, {}) for name in ("programme", "hours", "headings", "sections")]
    if not all(isinstance(one, list) for one in lists):
        return False
    return all(isinstance(one, dict) for one in (*tables, *(row for rows in lists for row in rows)))


def _carried(path: Path, place: Place) -> _Carried:
    sheets = read_any_sheets(path)
    carrying = [one for one in sheets if _text(one, 1, 0) == MARK]
    asking = [(one, row, at) for one in sheets for row, at in _cells(one, KEY)]
    if len(carrying) != 1 or len(asking) != 1:
        raise CurriplanError.of("rup-not-questions", place)
    lines = [_line(carrying[0], row) for row in sorted(carrying[0].rows) if row > 1]
    sheet, header, column = asking[0]
    answers = list(_answers(sheet, header, column, place.file))
    if any(line is None for line in lines):
        raise CurriplanError.of("rup-not-questions", place)
    return _Carried([line for line in lines if line is not None], _text(carrying[0], 1, 1), answers)


def _answers(sheet: SheetGrid, header: int, column: int, file: str) -> Iterator[_GivenAnswer]:
    issues = []
    for row in sorted(sheet.rows):
        key = _text(sheet, row, column)
        if row <= header or not key:
            continue
        cell = sheet.rows[row].get(column - 1)
        place = sheet.place(file, row, column - 1)
        if cell is not None and cell.problem is not None:
            issues.append(Issue(cell.problem, place, {"value": cell.text}))
        yield _GivenAnswer(key, "" if cell is None else cell.text, place)
    if issues:
        raise CurriplanError(issues)


def _line(sheet: SheetGrid, row: int) -> tuple[int, str] | None:
    number = _text(sheet, row, 0)
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        return None
    pieces = [_text(sheet, row, at) for at in sorted(sheet.rows[row]) if at > 0]
    if any(len(one) < 2 or one[0] != EDGE or one[-1] != EDGE for one in pieces):
        return None
    return int(number), "".join(one[1:-1] for one in pieces)


def _text(sheet: SheetGrid, row: int, column: int) -> str:
    cell = sheet.rows.get(row, {}).get(column)
    return "" if cell is None else cell.text


def _cells(sheet: SheetGrid, text: str) -> Iterator[tuple[int, int]]:
    for row, cells in sheet.rows.items():
        for at, cell in cells.items():
            if cell.text == text:
                yield row, at
