"""Read the Review sheet of a workbook back, and refuse whatever is not as the program wrote it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from curriplan.api.plan_file import plan_of
from curriplan.api.review.compare import (
    CellEdit,
    ReviewDifferences,
    WrittenSheet,
    compare_sheet,
    paired_sheets,
    written_sheet,
)
from curriplan.api.review.hidden import hidden_cells, hidden_sheets
from curriplan.base import semesters
from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.base.progress import tell_language
from curriplan.catalog.reading.archive import has_notes
from curriplan.catalog.reading.grids import GridCell, SheetGrid, read_sheets
from curriplan.catalog.reading.raw import REFUSED, number_text
from curriplan.catalog.records import Programme
from curriplan.plan.carried import DamagedError, carried_data, is_carried
from curriplan.plan.plan import Plan
from curriplan.problem.review import Choice, PlanChoice
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase, Words, texts_of

FURTHER_WORDS: Mapping[Choice | PlanChoice, str] = {
    Choice.ACCEPT: "accepted agreed принято принят принимаю согласен согласна согласовано "
    "қабылданды қабылдаймын келісемін келісілді",
    Choice.REJECT: "rejected declined отклонено отклонён отклоняю қабылданбады қабылданбайды қабылдамаймын",
    Choice.PIN: "pinned fixed закреплено закреплён закрепляю бекіту бекітілді бекітемін",
    PlanChoice.APPROVE: "approved accept принять утверждено утверждён утверждаю согласовано "
    "бекітілді бекітемін қабылдау келісілді мақұлдау",
    PlanChoice.RETURN: "returned reject возвращено возвращён возвращаю отклонить доработать "
    "қайтарылды қайтарамын қабылдамау",
}
"""Other words, beside those that the workbook offers; on the row of the plan some mean something else."""
LOOKALIKES = str.maketrans(
    # Latin letters as the Cyrillic ones they look like; Kazakh letters as keyboards without them have it.
    "aceopxykmtbhiәғқңөұүһі–—",
    "асеорхукмтвнiагкноуухi--",
)
_TERM = re.compile(r"\D*?(\d{1,2})(?:[.,]0+)?\D*")
_SEMESTER = re.compile(r"\D*(\d{4})\s*-\s*0?([12])(?:-01)?\D*")


def folded(text: str) -> str:
    """Return a text as it is compared: no matter the case, the spaces, the keyboard, a final stop.

    >>> folded("  ҚАБЫЛДАУ. ") == folded("кабылдау")
    True
    """
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return text.strip(" .!;:«»\"'").replace("ё", "е").translate(LOOKALIKES)


@cache
def _choices() -> tuple[Mapping[str, Choice], Mapping[str, PlanChoice]]:
    """Return the meanings of words, of a module and of the whole plan."""

    def words(choice: Choice | PlanChoice) -> Iterable[str]:
        offered = (texts_of("report")[f"review_choice.{choice}"][code] for code in LANGUAGES)
        return map(folded, (*offered, *FURTHER_WORDS[choice].split()))

    modules = {word: choice for choice in Choice for word in words(choice)}
    plans = {word: choice for choice in PlanChoice for word in words(choice)}
    return modules, plans


def choice_of(text: str) -> Choice | None:
    """Return what a word means for a module, None where it means nothing."""
    return _choices()[0].get(folded(text))


def plan_choice_of(text: str) -> PlanChoice | None:
    """Return what a word means for the whole plan, None where it means nothing."""
    return _choices()[1].get(folded(text))


def known_words(choices: Iterable[Choice | PlanChoice]) -> str:
    """Return the words that the workbook offers, in all languages, to name them in an issue."""
    offered = (texts_of("report")[f"review_choice.{choice}"] for choice in choices)
    return "; ".join(" / ".join(entry[code] for code in LANGUAGES) for entry in offered)


def term_of(text: str, programme: Programme) -> int | None:
    """Return the term of a programme that a text names, None where it names none.

    A number of the programme's semesters, with words or without, a calendar semester such as
    ``2027-1`` (also as the date that Excel makes of it), or its words as the sheet shows them.
    """
    found = _SEMESTER.fullmatch(text.strip())
    terms = range(1, programme.terms + 1)
    if found is not None:
        wanted = f"{found[1]}-{found[2]}"
        return next((t for t in terms if semesters.of_term(programme.start, t) == wanted), None)
    for term in terms:
        if folded(text) in _semester_words(semesters.of_term(programme.start, term)):
            return term
    number = _TERM.fullmatch(text.strip())
    return int(number[1]) if number is not None and int(number[1]) in terms else None


@cache
def _semester_words(semester: str) -> frozenset[str]:
    return frozenset(folded(Words(code).semester(semester)) for code in LANGUAGES)


@cache
def header_names() -> Mapping[str, str]:
    """Return the columns of the Review sheet that are read, by their header in any language."""
    names = ("programme", "index", "review_decision", "pinned_term", "comment", "reviewer", "review_date")
    return {
        folded(texts_of("report")[f"column.{name}"][code]): name
        for name in (*names, "review_key")
        for code in LANGUAGES
    }


YELLOW = ("review_decision", "pinned_term", "comment", "reviewer", "review_date")
Known = tuple[str, str, str, int | None]
"""Programme, module, proposal and proposed term of a row."""
FEWEST_HEADERS = 4
"""A row with so many of the headers is the header of the Review sheet."""


@dataclass(frozen=True)
class WrittenRow:
    """A row of the Review sheet as somebody filled it in.

    Parameters
    ----------
    programme, module : str
        Empty for the whole plan; as typed in a row that asks for a module.
    proposal : str
        A value of `curriplan.plan.plan.Decision`, or ``left_out``; empty for the plan and where a module is
        asked for.
    term : int or None
        The proposed term.
    """

    programme: str
    module: str
    proposal: str
    term: int | None
    decision: str
    semester: str
    comment: str
    reviewer: str
    date: str
    places: Mapping[str, Place]

    @property
    def is_plan(self) -> bool:
        """Whether it is about the whole plan."""
        return not self.module

    def cell(self, name: str) -> str:
        """Return the address of one of its cells within the workbook."""
        place = self.places[name]
        return f"{place.sheet}!{place.column}{place.row}"


@dataclass(frozen=True)
class ReadReview:
    """A review as it was read: the plan that it is about, its rows, and everything wrong with it."""

    path: Path
    plan: Plan
    plan_sha256: str
    keys: Mapping[str, Known]
    rows: tuple[WrittenRow, ...]
    issues: tuple[Issue, ...]
    plan_place: Place
    """Where the workbook carries its plan."""
    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What the catalog said of each module, as `curriplan.catalog.marks.row_marks` has it."""
    warnings: tuple[Issue, ...] = ()


def read_review(path: Path) -> ReadReview:
    """Read a workbook that comes back from a review.

    Raises
    ------
    CurriplanError
        If it cannot be read, or carries no plan to compare with. All other problems are in ``issues``.
    """
    file = str(path)
    sheets = read_sheets(path, with_beside=True)
    data, place = _carried(file, sheets)
    if data.get("language") in LANGUAGES:
        tell_language(str(data["language"]))  # what is wrong with it is said as its readers speak
    plan = plan_of(data.get("plan"), place)
    try:
        written = [written_sheet(one) for one in data["sheets"]]
        name, sha256 = str(data["review_sheet"]), str(data["plan_sha256"])
        reader = _Reader(file, str(data["plan_key"]), _known_rows(data["rows"]))
        marks = {(p, m): str(mark) for p, row in data.get("marks", {}).items() for m, mark in row.items()}
        pairs = paired_sheets(written, [one for one in sheets if one.name != place.sheet])
        expected = pairs[name]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CurriplanError.of("review-data-damaged", place) from error
    _read_rows(reader, sheets, expected)
    _compare(reader, written, pairs, name)
    rows, issues = tuple(reader.rows), tuple(reader.issues)
    notes = (Issue("review-notes-unread", Place(file)),) if has_notes(path) else ()
    warnings = (*notes, *reader.warnings)
    return ReadReview(path, plan, sha256, reader.keys, rows, issues, place, marks, warnings)


def _known_rows(data: Mapping[str, Any]) -> dict[str, Known]:
    return {
        key: (str(programme), str(module), str(proposal), None if term is None else int(term))
        for key, (programme, module, proposal, term) in data.items()
    }


def _carried(file: str, sheets: tuple[SheetGrid, ...]) -> tuple[dict[str, Any], Place]:
    """Return the data that the workbook carries, and where it stands."""
    texts: dict[str, str] = {}
    place = None
    for sheet in sheets:
        for row, cells in sheet.rows.items():
            for column, cell in cells.items():
                if isinstance(cell.value, str) and is_carried(cell.value):
                    texts.setdefault(cell.value, sheet.name)
                    place = place or sheet.place(file, row, column)
    if place is None:
        raise CurriplanError.of("review-without-data", Place(file))
    try:
        return carried_data(texts), place
    except DamagedError as error:
        raise CurriplanError.of("review-data-damaged", place) from error


@dataclass
class _Reader:
    """What is read so far."""

    file: str
    plan_key: str
    keys: dict[str, Known]
    rows: list[WrittenRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    key_rows: dict[str, int] = field(default_factory=dict)
    outdated: set[str] = field(default_factory=set)
    """Keys of modules whose row is of another version of the plan."""
    columns: dict[str, int] = field(default_factory=dict)
    header: int = 0

    def say(self, code: str, place: Place, **values: object) -> None:
        self.issues.append(Issue(code, place, values))


def _read_rows(reader: _Reader, sheets: tuple[SheetGrid, ...], expected: SheetGrid | None) -> None:
    all_found = [sheet for sheet in sheets if _header_row(sheet) is not None]
    hidden = tuple(hidden_sheets(reader.file, all_found))
    found = [sheet for sheet in all_found if not sheet.hidden]
    if not found:
        reader.issues.extend(hidden)
        reader.say("review-sheet-missing", Place(reader.file))
        return
    reader.warnings.extend(hidden)
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet in found)
        reader.say("review-sheet-twice", Place(reader.file), names=names)
        return
    sheet = found[0]
    if _find_columns(reader, sheet):
        for row in sorted(sheet.rows):
            if row > reader.header:
                _read_row(reader, sheet, row)
        _report_missing(reader, sheet)
        _warn_of_hidden(reader, sheet)
    if expected is not None and expected is not sheet:
        reader.say("review-sheet-missing", Place(reader.file))


def _warn_of_hidden(reader: _Reader, sheet: SheetGrid) -> None:
    """Warn of what is obeyed although whoever opens the workbook does not see it."""
    headers = sheet.rows[reader.header]
    titles = {column: headers[column].text for column in reader.columns.values()}
    yellow = [reader.columns[name] for name in YELLOW]
    filled = (
        (row, column)
        for row, cells in sheet.rows.items()
        for column in yellow
        if row > reader.header and column in cells
    )
    reader.warnings.extend(hidden_cells(reader.file, sheet, filled, titles))


def _headers(cells: Mapping[int, GridCell]) -> Iterator[tuple[str, int]]:
    for column, cell in sorted(cells.items()):
        name = header_names().get(folded(cell.value)) if isinstance(cell.value, str) else None
        if name is not None:
            yield name, column


def _header_row(sheet: SheetGrid) -> int | None:
    """Return the row with the headers of the Review sheet."""
    for row in sorted(sheet.rows):
        names = {name for name, _ in _headers(sheet.rows[row])}
        if len(names) >= FEWEST_HEADERS and names & {*YELLOW[:2], "review_key"}:
            return row
    return None


def _title(column: str) -> Phrase:
    return Phrase(f"column.{column}", subject="report")


def _find_columns(reader: _Reader, sheet: SheetGrid) -> bool:
    reader.header = _header_row(sheet) or 0
    for name, column in _headers(sheet.rows[reader.header]):
        if name in reader.columns:
            reader.say(
                "review-column-twice", sheet.place(reader.file, reader.header, column), column=_title(name)
            )
            return False
        reader.columns[name] = column
    missing = sorted(set(header_names().values()) - set(reader.columns))
    for name in missing:
        reader.say("review-column-missing", sheet.place(reader.file, reader.header), column=_title(name))
    return not missing


def _read_row(reader: _Reader, sheet: SheetGrid, row: int) -> None:
    key = _text(reader, sheet, row, "review_key")
    if not key:
        _read_asked(reader, sheet, row)
    elif key in reader.key_rows:
        first = reader.key_rows[key]
        reader.say("review-row-twice", _place(reader, sheet, row, "review_key"), first=first)
    elif key == reader.plan_key:
        reader.key_rows[key] = row
        _add(reader, sheet, row, "", "", "", None)
    elif key in reader.keys:
        reader.key_rows[key] = row
        _add(reader, sheet, row, *reader.keys[key])
    else:
        _report_unknown(reader, sheet, row, key)


def _report_unknown(reader: _Reader, sheet: SheetGrid, row: int, key: str) -> None:
    """Say that a row is of another workbook: of another version of the plan, or of no module of it."""
    known = {one.rpartition("|")[0]: one for one in reader.keys}
    head = key.rpartition("|")[0]
    place = _place(reader, sheet, row, "review_key")
    if head in known:
        reader.outdated.add(known[head])
        programme, module = reader.keys[known[head]][:2]
        reader.say("review-proposal-changed", place, programme=programme, module=module)
    else:
        reader.say("review-row-unknown", place, key=key[:60])


def _read_asked(reader: _Reader, sheet: SheetGrid, row: int) -> None:
    """Read a row that the program did not write: a module asked for, or a remark on the whole plan."""
    filled = [name for name in YELLOW if _text(reader, sheet, row, name)]
    programme, module = (_text(reader, sheet, row, name) for name in ("programme", "index"))
    if (programme and module and filled) or {*filled} & {*YELLOW[:2]}:
        _add(reader, sheet, row, programme, module or "?", "", None)
    elif "comment" in filled:
        _add(reader, sheet, row, "", "", "", None)


def _add(
    reader: _Reader,
    sheet: SheetGrid,
    row: int,
    programme: str,
    module: str,
    proposal: str,
    term: int | None,
) -> None:
    decision, semester, comment, reviewer, date = (
        _text(reader, sheet, row, name, report=True) for name in YELLOW
    )
    places = {name: _place(reader, sheet, row, name) for name in reader.columns}
    reader.rows.append(
        WrittenRow(programme, module, proposal, term, decision, semester, comment, reviewer, date, places)
    )


def _place(reader: _Reader, sheet: SheetGrid, row: int, name: str) -> Place:
    return sheet.place(reader.file, row, reader.columns[name])


def _text(reader: _Reader, sheet: SheetGrid, row: int, name: str, *, report: bool = False) -> str:
    """Return the text of a cell; a cell that cannot be read is empty, and reported once."""
    cell = sheet.rows[row].get(reader.columns[name], GridCell(""))
    if cell.problem is not None and report:
        reader.say(cell.problem, _place(reader, sheet, row, name), value="")
    if cell.value is None:
        return ""
    if report and isinstance(cell.value, str) and (found := REFUSED.search(cell.value)):
        value = f"U+{ord(found[0]):04X}"
        reader.say("control-character", _place(reader, sheet, row, name), value=value)
    return cell.value.strip() if isinstance(cell.value, str) else number_text(cell.value)


def _report_missing(reader: _Reader, sheet: SheetGrid) -> None:
    if reader.plan_key not in reader.key_rows:
        reader.say("review-row-missing", sheet.place(reader.file), programme="", module="")
    for key, (programme, module, _, _) in sorted(reader.keys.items()):
        if key not in reader.key_rows and key not in reader.outdated:
            reader.say("review-row-missing", sheet.place(reader.file), programme=programme, module=module)


def _compare(
    reader: _Reader, written: list[WrittenSheet], pairs: Mapping[str, SheetGrid | None], review: str
) -> None:
    result = ReviewDifferences()
    for one in written:
        grid = pairs[one.name]
        if grid is None:
            if one.name != review:
                reader.say("review-sheet-lost", Place(reader.file), name=one.name)
            continue
        keyed = _keyed_rows(reader, one) if one.name == review else {}
        result.take(compare_sheet(one, grid, keyed))
    for edit in result.all_edits:
        _report(reader, edit)


def _keyed_rows(reader: _Reader, written: WrittenSheet) -> dict[int, int | None]:
    """Return where each row of the Review sheet stands now, by its key.

    None for a row whose absence is reported already, and for those in which modules are asked for.
    """
    texts = ((value, row) for row, cells in written.rows.items() for value, _ in cells.values())
    wanted = {value: row for value, row in texts if isinstance(value, str) and _is_key(reader, value)}
    first = min(wanted.values(), default=0)
    asked = {row: None for row in written.rows if row > first}
    return {**asked, **{row: reader.key_rows.get(key) for key, row in wanted.items()}}


def _is_key(reader: _Reader, text: str) -> bool:
    return text in reader.keys or text == reader.plan_key


def _report(reader: _Reader, edit: CellEdit) -> None:
    if edit.row is None:
        reader.say("review-locked-row-missing", edit.sheet.place(reader.file), text=edit.was[:200])
        return
    place = edit.sheet.place(reader.file, edit.row, edit.column)
    reader.say("review-cell-changed", place, was=edit.was[:200] or "–", found=edit.found[:200] or "–")
