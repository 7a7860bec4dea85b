"""What an import asks of a planner: one question a column or a pattern of rows.

A question is an entry of the mapping that is still open. What may be answered stands in `answers`;
`question_book` writes questions into a workbook and reads them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curriplan.base.errors import Issue, Severity
from curriplan.catalog.reading.raw import listed
from curriplan.catalog.records import Section
from curriplan.importing.rup.answers import list_of, said
from curriplan.importing.rup.doubts import GROUPED, PLACED
from curriplan.importing.rup.mapping import OPEN, RowNote, RupMapping
from curriplan.importing.rup.noting import ASKED, COLUMNS_IN_DOUBT, names_in_doubt
from curriplan.importing.rup.programme import ASKED as ASKED_OF_PROGRAMME
from curriplan.importing.rup.reading import RupReading
from curriplan.importing.rup.roles import PARTS, WORKPLACE
from curriplan.importing.rup.vocabulary import folded

ISSUES_OF_PROGRAMME = {
    "start": "rup-start-missing",
    "learners": "rup-learners-missing",
    "entry_base": "rup-entry-bases",
}
"""The issue that asks for what a programme needs."""
SINGLES = {"study": "rup-study-unknown", "hours_per_week": "rup-weeks-in-hours"}
"""Answers that a file has once, with the issue that asks."""


@dataclass(frozen=True)
class RupQuestion:
    """A question.

    Attributes
    ----------
    key : str
        What it is about: ``programme.start``, ``column.E``, ``rows.5,7``; empty where it cannot be answered
        in the mapping.
    where, text : tuple of str and mapping, str
        The text of `texts/questions.toml` that says where it stands, with its values; and what stands there.
    ask : tuple of str and mapping
        The text that asks.
    guess : tuple of str
        Words of the mapping that it may be.
    issue : Issue, optional
        What cannot be answered here.
    """

    key: str
    where: tuple[str, Mapping[str, Any]]
    text: str
    ask: tuple[str, Mapping[str, Any]]
    guess: tuple[str, ...] = ()
    issue: Issue | None = None

    @property
    def list_name(self) -> str:
        """The list from which it is answered; empty where there is none."""
        return list_of(self.key)


def questions_of(reading: RupReading) -> Iterator[RupQuestion]:
    """Yield what is still open of a curriculum."""
    mapping, covered = reading.mapping, set[int]()
    for question, ids in _of_programme(reading):
        covered |= ids
        yield question
    unit = [issue for issue in reading.issues if issue.code == "rup-semester-unit"]
    if unit:
        covered |= set(map(id, unit))
        heading = str(unit[0].values.get("heading", ""))
        yield RupQuestion("semesters", ("about.semesters", {}), heading, ("ask.semesters", {}))
    for key, code in SINGLES.items():
        if key in mapping.asked:
            about = [issue for issue in reading.issues if issue.code == code]
            covered |= set(map(id, about))
            text = str(about[0].values.get("value", "")) if about else ""
            yield RupQuestion(key, ("about.file", {}), text, (f"ask.{key}", {}))
    for section in (name for name, shares in mapping.hours.items() if not shares):
        covered |= _ids(reading, "rup-hours-kind-unknown")
        yield _hours(reading, section)
    asked: dict[str, set[Any]] = {}
    for make in (_headings, _sections, _columns, _rows):
        for question, ids in make(reading, asked):
            covered |= ids
            yield question
    if names_in_doubt(reading.issues):  # the rows are read anew, and asked about then
        headings = [mapping.heading] if mapping.heading else mapping.course_headings
        bottom = max((last for _, last in headings), default=0)
        places = ((id(one), one.place) for one in reading.issues if one.code not in COLUMNS_IN_DOUBT)
        covered |= {key for key, place in places if place is not None and (place.row or 0) > bottom}
        covered |= set[int]().union(*(_ids(reading, code) for code in ASKED))
    yield from _others(reading, covered)


def _of_programme(reading: RupReading) -> Iterator[tuple[RupQuestion, set[int]]]:
    """Yield what is not known of the programme: which one it is where a file holds several, and its year."""
    for issue in (one for one in reading.issues if one.code == "rup-programme-unnamed"):
        where = ("about.block", {"block": issue.values["block"]})
        yield RupQuestion("programme.id", where, str(issue.values["text"]), ("ask.id", {})), {id(issue)}
    for key in ASKED_OF_PROGRAMME:
        if reading.mapping.programme.get(key) == OPEN:
            question = RupQuestion(f"programme.{key}", ("about.file", {}), "", (f"ask.{key}", {}))
            yield question, _ids(reading, ISSUES_OF_PROGRAMME.get(key, ""))


def _hours(reading: RupReading, section: str) -> RupQuestion:
    """Return the question about hours without a kind, with the rows that it is about."""
    about = (one for one in reading.issues if one.code == "rup-hours-kind-unknown")
    issue = next((one for one in about if one.values["section"] == section), None)
    key = "ask.hours_attestation" if section == Section.ATTESTATION else "ask.hours"
    if issue is None:
        return RupQuestion(f"hours.{section}", ("about.section", {"section": section}), "", (key, {}))
    texts = issue.values["texts"]
    assert isinstance(texts, tuple)
    where = ("about.section_rows", {"section": section, "rows": issue.values["rows"]})
    return RupQuestion(f"hours.{section}", where, "; ".join(map(str, texts)), (key, {}))


def _ids(reading: RupReading, code: str) -> set[int]:
    return {id(issue) for issue in reading.issues if issue.code == code}


def _headings(reading: RupReading, asked: dict[str, set[Any]]) -> Iterator[tuple[RupQuestion, set[int]]]:
    """Yield one question for each heading that stands over a column of every semester."""
    done = asked.setdefault("headings", set())
    for leaf in (name for name, answer in reading.mapping.headings.items() if answer is None):
        about = [
            issue
            for issue in reading.issues
            if issue.code == "rup-column-ambiguous" and folded(str(issue.values["heading"])) == leaf
        ]
        if about:
            done |= set(map(id, about))
            letters = ", ".join(dict.fromkeys(str(issue.values["column"]) for issue in about))
            guess = tuple(str(about[0].values["choices"]).split(", "))
            where = ("about.column", {"column": letters})
            text = str(about[0].values["heading"])
            yield (
                RupQuestion(f"headings.{leaf}", where, text, (_ask_of(guess), {}), guess),
                set(map(id, about)),
            )


def _sections(reading: RupReading, asked: dict[str, set[Any]]) -> Iterator[tuple[RupQuestion, set[int]]]:
    """Yield one question for each letters of indexes of which nobody knows the section."""
    done = asked.setdefault("rows", set())
    for letters in (name for name, section in reading.mapping.sections.items() if section is None):
        found = [row for row in reading.rows if row.letters == letters]
        rows = [(row.sheet, row.row) for row in found]
        if rows:
            done |= set(rows)
            about = {
                id(one) for one in reading.issues if _stands(one, rows) and one.code == "rup-section-unknown"
            }
            where = ("about.rows", {"rows": _listed(reading, rows)})
            yield RupQuestion(f"sections.{letters}", where, found[0].text, ("ask.sections", {})), about


def _columns(reading: RupReading, asked: dict[str, set[Any]]) -> Iterator[tuple[RupQuestion, set[int]]]:
    """Yield a question for each column that is in doubt, and one for each that is missing."""
    mapping = reading.mapping
    notes = {(note.column, note.sheet): note for note in mapping.columns}
    found: dict[tuple[str, str], list[Issue]] = {}
    lacking: dict[str, list[Issue]] = {}
    for issue in reading.issues:
        if id(issue) in asked["headings"]:
            continue
        if issue.code.startswith("rup-column-") and issue.place is not None and issue.place.column:
            for letter in str(issue.values.get("column", issue.place.column)).split(", "):
                own = (letter, str(issue.place.sheet))
                found.setdefault(own if own in notes else (letter, ""), []).append(issue)
        elif issue.code == "rup-column-missing":
            lacking.setdefault(str(issue.values["role"]), []).append(issue)
    for role_name, issues in lacking.items():
        yield from _lacking(mapping, role_name, issues)
    for (letter, sheet), issues in sorted(found.items(), key=lambda one: (len(one[0][0]), one[0])):
        if (letter, sheet) in notes:
            choices = [_choices(issue) for issue in issues if "choices" in issue.values]
            role = notes[letter, sheet].role
            guess = choices[0] if choices else (str(role),) if role else ()
            where = ("about.column", {"column": f"{sheet}!{letter}" if sheet else letter})
            text = notes[letter, sheet].heading or ""
            key = f"column.{letter}.{sheet}" if sheet else f"column.{letter}"
            yield RupQuestion(key, where, text, (_ask_of(guess), {}), guess), set(map(id, issues))


def _lacking(
    mapping: RupMapping, role: str, issues: Sequence[Issue]
) -> Iterator[tuple[RupQuestion, set[int]]]:
    """Yield one question for a column that lacks; one for each sheet where not all sheets lack it."""
    ask = ("ask.role", {"role": role})
    if len(issues) == max(len(mapping.courses), 1):
        yield RupQuestion(f"role.{role}", ("about.file", {}), "", ask), set(map(id, issues))
        return
    for issue in issues:
        sheet = str(issue.place.sheet if issue.place is not None else "")
        where = ("about.sheet", {"sheet": sheet})
        yield RupQuestion(f"role.{role}.{sheet}", where, "", ask), {id(issue)}


def _stands(issue: Issue, rows: Sequence[tuple[str, int]]) -> bool:
    """Say whether an issue is about one of some rows."""
    return issue.place is not None and (issue.place.sheet, issue.place.row) in rows


def _listed(reading: RupReading, rows: Iterable[tuple[str, int]]) -> str:
    """Return row numbers as text, where there are several sheets those of each behind its name."""
    if not reading.mapping.courses:
        return listed(row for _, row in rows)
    by_sheet: dict[str, list[int]] = {}
    for sheet, row in rows:
        by_sheet.setdefault(sheet, []).append(row)
    return "; ".join(f"{sheet}: {listed(found)}" for sheet, found in by_sheet.items())


def _ask_of(guess: tuple[str, ...]) -> str:
    """Return the text that asks what a column is, of training and practice together with what follows."""
    return "ask.workplace" if any(word.endswith(WORKPLACE) for word in guess) else "ask.column"


def _choices(issue: Issue) -> tuple[str, ...]:
    """Return what a column may be; what it may hold of its semester, where it is a semester's."""
    words, term = str(issue.values["choices"]).split(", "), issue.values.get("term")
    return tuple(f"semester:{term}:{word}" if term and word in PARTS else word for word in words)


def _rows(reading: RupReading, asked: dict[str, set[Any]]) -> Iterator[tuple[RupQuestion, set[int]]]:
    """Yield a question for the rows of each pattern that are not understood, or belong to no section."""
    sectionless = {
        (row.sheet, row.row) for row in reading.rows if row.kind in map(str, PLACED) and not row.section
    }
    patterns: dict[str, list[RowNote]] = {}
    courses = reading.mapping.courses
    for note in reading.mapping.rows:
        at = (note.sheet or reading.sheet, note.row)
        if (note.kind is None or at in sectionless) and at not in asked["rows"]:
            patterns.setdefault(re.sub(r"\d+", "#", folded(note.text or "")), []).append(note)
    for notes in patterns.values():
        rows = [(note.sheet or reading.sheet, note.row) for note in notes]
        about = {
            id(issue)
            for issue in reading.issues
            if (
                issue.code in {"rup-row-unknown", "rup-section-unknown", "rup-outcome-alone"}
                and _stands(issue, rows)
            )
            or _is_inside(issue, rows)
        }
        named = (f"{courses.index(sheet) + 1}!{row}" if courses else str(row) for sheet, row in rows)
        key = f"rows.{','.join(named)}"
        where = ("about.rows", {"rows": _listed(reading, rows)})
        yield RupQuestion(key, where, notes[0].text or "", ("ask.rows", {})), about


def _is_inside(issue: Issue, rows: Sequence[tuple[str, int]]) -> bool:
    """Say whether cells that cannot be read are all in rows of which nobody knows whether they are taken."""
    cells = str(issue.values.get("cells", "…"))
    if issue.code not in GROUPED or issue.place is None or "…" in cells:
        return False
    numbers = map(int, re.findall(r"[A-Z]+(\d+)", cells))
    return all((str(issue.place.sheet), number) in rows for number in numbers)


def _others(reading: RupReading, covered: set[int]) -> Iterator[RupQuestion]:
    """Yield what no answer here can mend, once for each code."""
    said: dict[str, list[Issue]] = {}
    for issue in reading.issues:
        if issue.severity is Severity.ERROR and id(issue) not in covered:
            said.setdefault(issue.code, []).append(issue)
    for issues in said.values():
        places = [issue.place for issue in issues if issue.place is not None]
        rows = [(str(place.sheet), place.row) for place in places if place.row]
        where = ("about.rows", {"rows": _listed(reading, rows)}) if rows else ("about.file", {})
        yield RupQuestion("", where, "", ("ask.nowhere", {}), (), issues[0])


def shown_guess(question: RupQuestion, language: str) -> str:
    """Return what was guessed, in words."""
    name = question.list_name
    return " / ".join(said(word, language, name) for word in question.guess) if name else ""
