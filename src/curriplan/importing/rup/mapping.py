"""The mapping file: what guessing cannot settle, read from TOML; `mapping_file` writes it.

An import writes the whole of what it understood, so that a person corrects a line and runs it again. A
``"?"`` is a question that is still open; the program reads it as no answer.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.base.refusals import RefusedError, toml_reason
from curriplan.catalog.reading.decoding import regular_size
from curriplan.catalog.reading.raw import number_text
from curriplan.catalog.records import Section, Standing
from curriplan.catalog.saving.folder import toml_string
from curriplan.importing.rup.lines import LineKind
from curriplan.importing.rup.roles import KINDS, PLAIN, UNITS, Role
from curriplan.importing.rup.vocabulary import folded
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase

SCHEMA = 1
OPEN = "?"
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
PROGRAMME_KEYS: Mapping[str, Callable[[Any], bool]] = {
    "id": lambda value: isinstance(value, str),
    "title": lambda value: isinstance(value, str),
    "specialty": lambda value: isinstance(value, str),
    "qualification": lambda value: isinstance(value, str),
    "start": lambda value: isinstance(value, str),
    "terms": lambda value: _is_whole(value, 1, 20),
    "learners": lambda value: _is_whole(value, 1, 1_000_000),
    "entry_base": lambda value: value in {"grade9", "grade11"},
    "dual": lambda value: isinstance(value, bool),
}
EXPECTED = {
    "schema": "1",
    "language": ", ".join(LANGUAGES),
    "hours_per_credit": "> 0",
    "semesters": ", ".join(UNITS),
    "heading": "[11, 14]",
    "weeks": "18, 20.5",
    "hours": f"{', '.join(KINDS)}; {{ theory = 0.6, laboratory_practical = 0.4 }}",
    "status": ", ".join(Standing),
    "terms": "1 ... 20",
    "learners": "1 ... 1000000",
    "entry_base": "grade9, grade11",
    "dual": "true, false",
    "is": ", ".join(ROW_KINDS),
    "section": ", ".join(SECTIONS),
    "row": "1, 2, ...",
}
"""What each key may hold, in signs that need no translation."""
TEXT = Phrase("json_type.string")


@dataclass(frozen=True)
class ColumnNote:
    """What a mapping says of a column: its letter, the heading it had, and what it is."""

    column: str
    heading: str | None
    role: Role | None


@dataclass(frozen=True)
class RowNote:
    """What a mapping says of a row: its number, its text, and what it is."""

    row: int
    text: str | None
    kind: LineKind | None
    section: Section | None = None
    id: str = ""
    terms: tuple[int, ...] = ()


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
    status: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[ColumnNote, ...] = ()
    rows: tuple[RowNote, ...] = ()


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
        known = ("schema", "file", "sheet", "language", "hours_per_credit", "semesters", "heading",
                 "programme", "weeks", "hours", "status", "column", "row")  # fmt: skip
        self._known(data, known, "")
        if data.get("schema", SCHEMA) != SCHEMA:
            self._wrong("schema", data["schema"])
        hours = self._table(data, "hours")
        heading = self._take(data, "heading", _is_heading)
        return RupMapping(
            file=str(data.get("file", "")),
            sheet=self._take(data, "sheet", lambda value: isinstance(value, str)),
            language=self._take(data, "language", lambda value: value in LANGUAGES),
            hours_per_credit=float(self._take(data, "hours_per_credit", _is_positive) or 24.0),
            semesters=self._take(data, "semesters", lambda value: value in UNITS),
            heading=tuple(heading) if heading else None,
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
            if not (key.isdecimal() and 1 <= int(key) <= 20 and _is_positive(value)):
                self._wrong(f"weeks.{key}", value)
            else:
                found[int(key)] = float(value)
        return found

    def _rest(self, hours: Mapping[str, Any]) -> str | None:
        self._known(hours, (*SECTIONS, "rest"), "hours.")
        rest = self._take(hours, "rest", lambda value: value in KINDS, "hours.rest")
        return str(rest) if rest else None

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
        for one in self._list(data, "column", ("column", "heading", "is")):
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
            yield ColumnNote(letter.upper(), None if heading is None else str(heading), role)

    def _rows(self, data: Any) -> Iterator[RowNote]:
        for one in self._list(data, "row", ("row", "text", "is", "section", "id", "terms")):
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


def _is_terms(value: Any) -> bool:
    if _is_whole(value, 1, 20):
        return True
    return isinstance(value, list) and bool(value) and all(_is_whole(term, 1, 20) for term in value)


def same_text(one: str, other: str) -> bool:
    """Say whether two texts are the same but for case, spaces and look-alikes."""
    return folded(one) == folded(other)


SEAL = "\n# as written: "
"""Before the checksum of a file that nobody has changed since it was written."""
REPORT_SEAL = "\n# report as written: "
"""Before the checksum of the account of every row."""


def mapping_text(mapping: RupMapping, comments: Mapping[str, str], report: bytes | None = None) -> str:
    """Return a mapping as TOML, the same bytes for the same mapping.

    Parameters
    ----------
    comments : mapping of str to str
        Lines that explain the file and its tables, by ``""`` or the name of the table.
    report : bytes, optional
        The account of every row that is written beside it: known again by its checksum.
    """
    text = "\n".join(_lines(mapping, comments)) + "\n"
    text += f"{REPORT_SEAL}{_seal_of(report)}\n" if report is not None else ""
    return f"{text}{SEAL}{_seal_of(text.encode())}\n"


def is_untouched(path: Path) -> bool:
    """Say whether a mapping file is as an import left it, so that nothing of a person's is lost with it."""
    try:
        if regular_size(path) > MAX_BYTES:
            return False
        text, found, seal = path.read_text(encoding="utf-8").rpartition(SEAL)
    except (OSError, ValueError):
        return False
    return bool(found) and seal.strip() == _seal_of(text.encode())


def is_own_report(report: Path, mappings: Iterable[Path]) -> bool:
    """Say whether a report is as an import left it that wrote one of these mapping files beside it."""
    try:
        # An output is not noted as read.
        if not report.is_file() or report.stat().st_size > MAX_REPORT_BYTES:
            return False
        line = f"{REPORT_SEAL}{_seal_of(report.read_bytes())}\n"
        texts = [one.read_text(encoding="utf-8") for one in mappings if regular_size(one) <= MAX_BYTES]
    except (OSError, ValueError):
        return False
    return any(line in text for text in texts)


def _seal_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _lines(mapping: RupMapping, comments: Mapping[str, str]) -> Iterator[str]:
    yield from _comment(comments, "")
    yield f"schema = {SCHEMA}"
    for key, value in (("file", mapping.file), ("sheet", mapping.sheet), ("language", mapping.language)):
        yield f"{key} = {_toml(value or OPEN)}"
    yield f"hours_per_credit = {_toml(mapping.hours_per_credit)}"
    if mapping.semesters:
        yield f"semesters = {_toml(mapping.semesters)}"
    if mapping.heading:
        yield f"heading = {_toml(list(mapping.heading))}"
    tables: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("programme", mapping.programme),
        ("weeks", {str(term): weeks for term, weeks in mapping.weeks.items()}),
        ("hours", _hours(mapping)),
        ("status", mapping.status),
    )
    for name, table in tables:
        if table:
            yield from ("", *_comment(comments, name), f"[{name}]")
            yield from (f"{key} = {_toml(value)}" for key, value in table.items())
    for name, notes in (("column", mapping.columns), ("row", mapping.rows)):
        yield from ("", *_comment(comments, name)) if notes else ()
        for note in notes:
            yield from ("", f"[[{name}]]", *_note(note))


def _hours(mapping: RupMapping) -> dict[str, Any]:
    """Return the table of hours: a kind, shares, or a question by section, and the rest."""
    found: dict[str, Any] = {}
    for section, shares in mapping.hours.items():
        whole = [kind for kind, share in shares.items() if share == 1]
        found[section] = whole[0] if whole else (shares or OPEN)
    return {**found, **({"rest": mapping.rest} if mapping.rest else {})}


def _note(note: ColumnNote | RowNote) -> Iterator[str]:
    if isinstance(note, ColumnNote):
        yield f"column = {_toml(note.column)}"
        yield f"heading = {_toml(note.heading or '')}"
        yield f"is = {_toml(str(note.role) if note.role else OPEN)}"
        return
    yield f"row = {note.row}"
    yield f"text = {_toml(note.text or '')}"
    yield f"is = {_toml(str(note.kind) if note.kind else OPEN)}"
    if note.section:
        yield f"section = {_toml(str(note.section))}"
    if note.id:
        yield f"id = {_toml(note.id)}"
    if note.terms:
        yield f"terms = {_toml(list(note.terms))}"


def _comment(comments: Mapping[str, str], name: str) -> Iterator[str]:
    yield from (f"# {line}".rstrip() for line in comments.get(name, "").splitlines())


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value))
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return toml_string(str(value))
