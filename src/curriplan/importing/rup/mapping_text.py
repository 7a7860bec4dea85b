"""Write a mapping file, and tell whether somebody has changed one, or a report, since it was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from curriplan.catalog.reading.decoding import regular_size
from curriplan.catalog.reading.raw import number_text
from curriplan.catalog.saving.folder import toml_string
from curriplan.importing.rup.mapping import MAX_BYTES, OPEN, SCHEMA, ColumnNote, RowNote, RupMapping

SEAL = "\n# as written: "
"""Before the checksum of a file that nobody has changed since it was written."""
REPORT_SEAL = "\n# report as written: "
"""Before the checksum of the account of every row."""
MAX_REPORT_BYTES = 50_000_000


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
    sheet = list(mapping.courses) or mapping.sheet
    for key, value in (("file", mapping.file), ("sheet", sheet), ("language", mapping.language)):
        yield f"{key} = {_toml(value or OPEN)}"
    yield f"hours_per_credit = {_toml(mapping.hours_per_credit)}"
    singles: Mapping[str, str | float | None] = {
        "part": mapping.part or None,
        "hours_per_week": mapping.hours_per_week,
        "study": mapping.study,
        "semesters": mapping.semesters,
    }
    for key, answer in singles.items():
        if answer or key in mapping.asked:
            yield f"{key} = {_toml(answer or OPEN)}"
    if mapping.heading:
        yield f"heading = {_toml(list(mapping.heading))}"
    if mapping.course_headings:
        yield f"heading = {_toml([list(one) for one in mapping.course_headings])}"
    tables: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("programme", mapping.programme),
        ("weeks", {str(term): weeks for term, weeks in mapping.weeks.items()}),
        ("hours", _hours(mapping)),
        ("headings", {toml_string(key): answer or OPEN for key, answer in mapping.headings.items()}),
        ("sections", {toml_string(key): str(one or OPEN) for key, one in mapping.sections.items()}),
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
    if note.sheet:
        yield f"sheet = {_toml(note.sheet)}"
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
