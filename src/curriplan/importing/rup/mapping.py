"""The mapping file: what guessing cannot settle, read from TOML; `mapping_text` writes it.

An import writes the whole of what it understood, so that a person corrects a line and runs it again. A
``"?"`` is a question that is still open; the program reads it as no answer.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.base.refusals import RefusedError, toml_reason
from curriplan.catalog.reading.decoding import regular_size
from curriplan.catalog.records import Section, Standing
from curriplan.catalog.records.policy import ENTRY_BASES
from curriplan.importing.rup.lines import LineKind
from curriplan.importing.rup.roles import KINDS, PARTS, PLAIN, UNITS, Role
from curriplan.importing.rup.vocabulary import folded
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase

SCHEMA = 1
OPEN = "?"
MAX_PARTS = 200
MAX_BYTES = 5_000_000
MAX_REPORT_BYTES = 50_000_000
SECTIONS = tuple(str(one) for one in Section)
ROW_KINDS = tuple(str(one) for one in LineKind if one is not LineKind.UNKNOWN)
STATUSES = {
    "general": "mandatory",
    "basic": "mandatory",
    "professional": "existing",
    "practice": "mandatory",
    "attestation": "mandatory",
    "elective": "existing",
}
"""The standing of modules in the programme by their section, unless the mapping says otherwise."""
STUDY = ("full_time", "correspondence")
"""Whether few hours by kind beside their total are a correspondence plan's, whose rest is self-study."""
PROGRAMME_KEYS: Mapping[str, Callable[[Any], bool]] = {
    "id": lambda value: isinstance(value, str),
    "title": lambda value: isinstance(value, str),
    "specialty": lambda value: isinstance(value, str),
    "qualification": lambda value: isinstance(value, str),
    "start": lambda value: isinstance(value, str),
    "terms": lambda value: _is_whole(value, 1, 20),
    "learners": lambda value: _is_whole(value, 1, 1_000_000),
    "entry_base": lambda value: value in ENTRY_BASES,
    "dual": lambda value: isinstance(value, bool),
}
EXPECTED = {
    "schema": "1",
    "language": ", ".join(LANGUAGES),
    "hours_per_credit": "> 0",
    "hours_per_week": "> 0",
    "headings": ", ".join(PARTS),
    "study": ", ".join(STUDY),
    "semesters": ", ".join(UNITS),
    "heading": "[11, 14]",
    "weeks": "18, 20.5",
    "hours": f"{', '.join(KINDS)}; {{ theory = 0.6, laboratory_practical = 0.4 }}",
    "status": ", ".join(Standing),
    "terms": "1 ... 20",
    "learners": "1 ... 1000000",
    "entry_base": ", ".join(ENTRY_BASES),
    "dual": "true, false",
    "is": ", ".join(ROW_KINDS),
    "section": ", ".join(SECTIONS),
    "row": "1, 2, ...",
    "part": "1, 2, ...",
}
"""What each key may hold, in signs that need no translation."""
TEXT = Phrase("json_type.string")


@dataclass(frozen=True)
class ColumnNote:
    """What a mapping says of a column: its letter, the heading it had, and what it is."""

    column: str
    heading: str | None
    role: Role | None
    sheet: str = ""
    """The sheet of a course; empty where it is so on all that are read."""


@dataclass(frozen=True)
class RowNote:
    """What a mapping says of a row: its number, its text, and what it is."""

    row: int
    text: str | None
    kind: LineKind | None
    section: Section | None = None
    id: str = ""
    terms: tuple[int, ...] = ()
    sheet: str = ""
    guessed: bool = False
    """Whether it is only what the import took the row for: neither given nor asked."""


@dataclass(frozen=True)
class RupMapping:
    """A mapping file."""

    file: str = ""
    sheet: str | None = None
    language: str | None = None
    hours_per_credit: float = 24.0
    semesters: str | None = None
    heading: tuple[int, int] | None = None
    programme: Mapping[str, Any] = field(default_factory=dict)
    weeks: Mapping[int, float] = field(default_factory=dict)
    hours: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rest: str | None = None
    hours_per_week: float | None = None
    study: str | None = None
    headings: Mapping[str, str | None] = field(default_factory=dict)
    sections: Mapping[str, Section | None] = field(default_factory=dict)
    status: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[ColumnNote, ...] = ()
    rows: tuple[RowNote, ...] = ()
    asked: frozenset[str] = frozenset()
    """Keys of single answers that an import asks for."""
    courses: tuple[str, ...] = ()
    """The sheets of a curriculum that has one for each course."""
    course_headings: tuple[tuple[int, int], ...] = ()
    """The first and last row of the heading of each of them."""
    part: int = 0
    """Which programme of the file it is, from 1; 0 where the file holds one."""

    def of_sheet(self, name: str) -> RupMapping:
        """Return what is said of one of several sheets; what names none is of all, a row of the first."""
        if name not in self.courses:
            return self
        at = self.courses.index(name)
        return replace(
            self,
            heading=self.course_headings[at] if at < len(self.course_headings) else None,
            columns=tuple(one for one in self.columns if one.sheet in {"", name}),
            rows=tuple(one for one in self.rows if (one.sheet or self.courses[0]) == name),
        )


def read_mapping(path: Path) -> RupMapping:
    """Read a mapping file.

    Raises
    ------
    CurriplanError
        If it cannot be read, or with every key and value that nobody knows.
    """
    place = Place(str(path))
    try:
        if regular_size(path) > MAX_BYTES:
            raise RefusedError("file.too_large", limit=MAX_BYTES // 10**6)
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise CurriplanError.of("rup-mapping-unreadable", place, reason=toml_reason(error)) from error
    return mapping_of(data, place)


def mapping_of(data: Mapping[str, Any], place: Place) -> RupMapping:
    """Return the mapping that tables of TOML hold.

    Raises
    ------
    CurriplanError
        With every key and value that nobody knows.
    """
    reader = _MappingReader(place)
    mapping = reader.read(data)
    if reader.issues:
        raise CurriplanError(reader.issues)
    return mapping


class _MappingReader:
    """Takes a mapping apart; what is wrong is collected."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.issues: list[Issue] = []

    def read(self, data: Mapping[str, Any]) -> RupMapping:
        known = ("schema", "file", "sheet", "language", "hours_per_credit", "hours_per_week", "study",
                 "semesters", "heading", "part", "programme", "weeks", "hours", "headings", "sections",
                 "status", "column", "row")  # fmt: skip
        self._known(data, known, "")
        if data.get("schema", SCHEMA) != SCHEMA:
            self._wrong("schema", data["schema"])
        hours = self._table(data, "hours")
        sheet = self._take(data, "sheet", _is_sheet)
        heading = self._take(data, "heading", lambda value: _is_heading(value) or _are_headings(value))
        several = bool(heading) and isinstance(heading[0], list)
        return RupMapping(
            file=str(data.get("file", "")),
            sheet=sheet if isinstance(sheet, str) else None,
            courses=tuple(sheet) if isinstance(sheet, list) else (),
            course_headings=tuple(tuple(one) for one in heading) if several else (),
            language=self._take(data, "language", lambda value: value in LANGUAGES),
            hours_per_credit=float(self._take(data, "hours_per_credit", _is_positive) or 24.0),
            hours_per_week=self._take(data, "hours_per_week", _is_positive),
            study=self._take(data, "study", lambda value: value in STUDY),
            headings=dict(self._headings(self._table(data, "headings"))),
            sections=dict(self._sections(self._table(data, "sections"))),
            part=self._take(data, "part", lambda value: _is_whole(value, 1, MAX_PARTS)) or 0,
            semesters=self._take(data, "semesters", lambda value: value in UNITS),
            heading=tuple(heading) if heading and not several else None,
            programme=self._programme(self._table(data, "programme")),
            weeks=self._weeks(self._table(data, "weeks")),
            hours={name: self._shares(name, hours[name]) for name in SECTIONS if self._answered(hours, name)},
            rest=self._rest(hours),
            status=self._statuses(self._table(data, "status")),
            columns=tuple(self._columns(data.get("column", []))),
            rows=tuple(self._rows(data.get("row", []))),
        )

    def _known(self, data: Mapping[str, Any], known: tuple[str, ...], table: str) -> None:
        for key in data:
            if key not in known:
                values = {"key": f"{table}{key}"[:80], "known": ", ".join(known)}
                self.issues.append(Issue("rup-mapping-key", self.place, values))

    def _wrong(self, key: str, value: object) -> None:
        expected = EXPECTED.get(key.rpartition(".")[2], EXPECTED.get(key.partition(".")[0], TEXT))
        values = {"key": key, "value": str(value)[:80], "expected": expected}
        self.issues.append(Issue("rup-mapping-value", self.place, values))

    def _answered(self, data: Mapping[str, Any], key: str) -> bool:
        return key in data and data[key] != OPEN

    def _take(self, data: Mapping[str, Any], key: str, fits: Callable[[Any], bool], label: str = "") -> Any:
        if not self._answered(data, key):
            return None
        if _safely(fits, data[key]):
            return data[key]
        self._wrong(label or key, data[key])
        return None

    def _table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = self._take(data, key, lambda value: isinstance(value, dict))
        return found or {}

    def _programme(self, data: Mapping[str, Any]) -> dict[str, Any]:
        self._known(data, tuple(PROGRAMME_KEYS), "programme.")
        taken = {key: self._take(data, key, fits, f"programme.{key}") for key, fits in PROGRAMME_KEYS.items()}
        return {key: value for key, value in taken.items() if value is not None}

    def _weeks(self, data: Mapping[str, Any]) -> dict[int, float]:
        found = {}
        for key, value in data.items():
            if not (key.isdecimal() and len(key) < 4 and 1 <= int(key) <= 20 and _is_positive(value)):
                self._wrong(f"weeks.{key}", value)
            else:
                found[int(key)] = float(value)
        return found

    def _rest(self, hours: Mapping[str, Any]) -> str | None:
        self._known(hours, (*SECTIONS, "rest"), "hours.")
        rest = self._take(hours, "rest", lambda value: value in KINDS, "hours.rest")
        return str(rest) if rest else None

    def _headings(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for key in data:
            fits = lambda value: value in PARTS or Role.parse(value) is not None  # noqa: E731
            if answer := self._take(data, key, fits, "headings"):
                yield folded(key), str(answer)

    def _sections(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Section]]:
        for key in data:
            if answer := self._take(data, key, lambda value: value in SECTIONS, "sections.section"):
                yield key, Section(answer)

    def _shares(self, section: str, value: Any) -> dict[str, float]:
        if isinstance(value, str) and value in KINDS:
            return {value: 1.0}
        if isinstance(value, dict) and _is_split(value):
            return {kind: float(share) for kind, share in value.items()}
        self._wrong(f"hours.{section}", value)
        return {}

    def _statuses(self, data: Mapping[str, Any]) -> dict[str, str]:
        self._known(data, SECTIONS, "status.")
        known = {str(one) for one in Standing}
        taken = {
            key: self._take(data, key, lambda value: value in known, f"status.{key}") for key in SECTIONS
        }
        return {key: str(value) for key, value in taken.items() if value is not None}

    def _columns(self, data: Any) -> Iterator[ColumnNote]:
        for one in self._list(data, "column", ("sheet", "column", "heading", "is")):
            letter = one.get("column")
            if not (isinstance(letter, str) and letter.isascii() and letter.isalpha() and len(letter) <= 3):
                self._wrong("column.column", letter)
                continue
            word = one.get("is", OPEN)
            role = Role.parse(str(word))
            if role is None and word != OPEN:
                values = {
                    "key": "column.is",
                    "value": str(word)[:80],
                    "expected": ", ".join((*PLAIN, "semester:1")),
                }
                self.issues.append(Issue("rup-mapping-value", self.place, values))
            heading = one.get("heading")
            sheet = str(one.get("sheet", ""))
            yield ColumnNote(letter.upper(), None if heading is None else str(heading), role, sheet)

    def _rows(self, data: Any) -> Iterator[RowNote]:
        for one in self._list(data, "row", ("sheet", "row", "text", "is", "section", "id", "terms")):
            row = self._take(one, "row", lambda value: _is_whole(value, 1, 1_048_576), "row.row")
            if row is None:
                if "row" not in one:
                    self._wrong("row.row", OPEN)
                continue
            kind = self._take(one, "is", lambda value: value in ROW_KINDS, "row.is")
            section = self._take(one, "section", lambda value: value in SECTIONS, "row.section")
            terms = self._take(one, "terms", _is_terms, "row.terms") or ()
            yield RowNote(
                int(row),
                str(one["text"]) if "text" in one else None,
                LineKind(kind) if kind else None,
                Section(section) if section else None,
                str(one.get("id", "")),
                tuple(sorted({terms} if isinstance(terms, int) else set(terms))),
                str(one.get("sheet", "")),
            )

    def _list(self, data: Any, key: str, known: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
        if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
            self._wrong(key, data)
            return
        for one in data:
            self._known(one, known, f"{key}.")
            yield one


def _safely(fits: Callable[[Any], bool], value: Any) -> bool:
    try:
        return fits(value)
    except TypeError:  # a list or a table where a word is looked up
        return False


def _is_whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1000


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_split(value: Mapping[str, Any]) -> bool:
    """Say whether shares of kinds of hours sum to 1."""
    known = set(value) <= set(KINDS) and all(map(_is_share, value.values()))
    return known and abs(sum(value.values()) - 1) < 1e-9


def _is_heading(value: Any) -> bool:
    rows = isinstance(value, list) and len(value) == 2 and all(_is_whole(row, 1, 1_048_576) for row in value)
    return bool(rows) and value[0] <= value[1] <= value[0] + 50


def _are_headings(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_heading, value))


def _is_sheet(value: Any) -> bool:
    """Say whether this is the name of a sheet, or those of several."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value) and len(set(value)) == len(value)
    return isinstance(value, str)


def _is_terms(value: Any) -> bool:
    if _is_whole(value, 1, 20):
        return True
    return isinstance(value, list) and bool(value) and all(_is_whole(term, 1, 20) for term in value)


def same_text(one: str, other: str) -> bool:
    """Say whether two texts are the same but for case, spaces and look-alikes."""
    return folded(one) == folded(other)
