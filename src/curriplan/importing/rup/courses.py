"""A curriculum with a sheet for each course: its semesters, what only some sheets teach, what must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from curriplan.base.errors import Issue
from curriplan.catalog.reading.raw import column_letter
from curriplan.importing.rup.build import Unit
from curriplan.importing.rup.entry import SEVERAL
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.layout import Chosen, courses_issue
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable
from curriplan.importing.rup.loads import Rates, equal, settle_units
from curriplan.importing.rup.mapping import RupMapping
from curriplan.importing.rup.own import is_own
from curriplan.importing.rup.roles import UNITS
from curriplan.importing.rup.title import title_texts, title_values
from curriplan.importing.rup.units import said_unit
from curriplan.texts.words import Phrase

OF_PROGRAMME = ("qualification", "specialty", "entry_base")
"""What the titles of all courses must say alike."""


def settle_alike(
    tables: Sequence[RupTable], unit: str | None, rates: Rates
) -> tuple[list[RupTable], list[Issue]]:
    """Find out what the columns of semesters count; a sheet that does not tell it counts as the others."""
    settled = [settle_units(one, unit or said_unit(one), rates) for one in tables]
    told = {
        column.role.unit
        for one, (table, issues) in zip(tables, settled, strict=True)
        for column in table.layout.columns
        if column.role is not None and not issues and column not in one.layout.columns
    }
    if len(told) == 1:
        (common,) = told
        settled = [
            settle_units(one, common, rates) if done[1] else done
            for one, done in zip(tables, settled, strict=True)
        ]
    issues = [issue for _, found in settled for issue in found]
    return [table for table, _ in settled], issues[:1]


def number_lines(table: RupTable, course: int, told: Sequence[RupLine]) -> None:
    """Count the semesters that rows name from the first of the programme, where each course begins with 1."""
    given = {id(line) for line in told}
    lines = [one for one in table.lines if one.term_text and one.given_terms and id(one) not in given]
    if course > 1 and {term for line in lines for term in line.given_terms} <= {1, 2}:
        for line in lines:
            line.given_terms = tuple(term + 2 * (course - 1) for term in line.given_terms)


def leave_out_untaught(tables: Sequence[RupTable]) -> None:
    """Make a note of a row that says nothing on its sheet, where another one says what its module teaches."""
    taught: dict[str, set[str]] = {}
    for table in tables:
        for line in table.lines:
            if line.kind is LineKind.HEADER or (line.kind in LEAVES and _says(line)):
                taught.setdefault(line.id, set()).add(table.sheet.name)
    for table in tables:
        for line in table.lines:
            bare = line.kind in {*LEAVES, LineKind.UNKNOWN} and line.id and not _says(line)
            if bare and not line.faults and taught.get(line.id, set()) - {table.sheet.name}:
                line.kind = LineKind.NOTE


def _says(line: RupLine) -> bool:
    return any(line.values.values()) or bool(line.term_text or line.given_terms)


def contradictions(
    chosen: Sequence[Chosen], tables: Sequence[RupTable], units: Sequence[Unit]
) -> Iterator[Issue]:
    """Yield in what the sheets of courses contradict each other: then they are no one curriculum."""
    if len(tables) > 1:
        yield from _other_programmes(chosen, tables)
        yield from _other_semesters(chosen, tables, units)
        yield from _other_modules(tables)
        yield from _totals_of_all(units)


def _other_programmes(chosen: Sequence[Chosen], tables: Sequence[RupTable]) -> Iterator[Issue]:
    first: dict[str, tuple[RupTable, Any]] = {}
    for one, table in zip(chosen, tables, strict=True):
        values = title_values(title_texts(one.sheet, table.layout.top, ()))
        for key in OF_PROGRAMME:
            if values.get(key, SEVERAL) != SEVERAL:
                home, was = first.setdefault(key, (table, values[key]))
                if was != values[key]:
                    reason = Phrase("courses.programme", {"one": was, "other": values[key]}, "reasons")
                    yield courses_issue([home.sheet, table.sheet], table.sheet.place(), reason)


def _other_semesters(
    chosen: Sequence[Chosen], tables: Sequence[RupTable], units: Sequence[Unit]
) -> Iterator[Issue]:
    """Yield the semesters of a sheet that are not of its course; so no two sheets have one in common."""
    homes = {one.course: table for one, table in zip(chosen, tables, strict=True)}
    for course, table in homes.items():
        found: dict[int, RupLine] = {}
        for unit in (one for one in units if one.table is table):
            for term in unit.terms:
                found.setdefault((term + 1) // 2, unit.line)
        for other, line in sorted(found.items()):
            if other != course:
                reason = Phrase("courses.semester", {"course": other, "row": line.row}, "reasons")
                sheets = [table.sheet, *([homes[other].sheet] if other in homes else [])]
                yield courses_issue(sheets, table.place(line), reason)


def _other_modules(tables: Sequence[RupTable]) -> Iterator[Issue]:
    """Yield the rows that are a module on one sheet and a header on another, or of two sections."""
    first: dict[str, tuple[RupTable, RupLine]] = {}
    for table in tables:
        for line in table.lines:
            if line.kind not in {*LEAVES, LineKind.HEADER}:
                continue
            home, was = first.setdefault(line.id, (table, line))
            apart = (was.kind is LineKind.HEADER) != (line.kind is LineKind.HEADER)
            if home is not table and (apart or was.section is not line.section):
                reason = Phrase("courses.module", {"text": line.text[:80]}, "reasons")
                yield courses_issue([home.sheet, table.sheet], table.place(line), reason)


def _totals_of_all(units: Sequence[Unit]) -> Iterator[Issue]:
    """Yield the modules whose sheets each give what they have in all courses, which is not to be summed."""
    parts: dict[str, list[Unit]] = {}
    for unit in units:
        parts.setdefault(unit.line.id, []).append(unit)
    for found in (one for one in parts.values() if len({id(part.table) for part in one}) > 1):
        for name in UNITS:
            totals = [part.table.amount(part.line, name) or 0.0 for part in found]
            terms = [sum(part.table.by_term(part.line, name).values()) for part in found]
            alike = totals[0] > 0 and all(equal(totals[0], one) for one in totals)
            if alike and equal(totals[0], sum(terms)) and not equal(terms[0], totals[0]):
                first, last = found[0], found[-1]
                reason = Phrase("courses.totals", {"text": last.line.text[:80]}, "reasons")
                sheets = [first.table.sheet, last.table.sheet]
                yield courses_issue(sheets, last.table.place(last.line), reason)
                break


def title_of_courses(chosen: Sequence[Chosen], tops: Sequence[int]) -> dict[str, Any]:
    """Return what stands above the tables; the year and the learners of later courses are their own.

    The base that stands above a table goes before those of title sheets; the other sheets of the workbook of
    a plan are about all its programmes.
    """
    found: dict[str, Any] = {}
    for at, (one, top) in enumerate(zip(chosen, tops, strict=True)):
        beside = () if at or is_own(one.layout) else one.others
        above = title_values(title_texts(one.sheet, top, ()))
        values = title_values(title_texts(one.sheet, top, beside))
        values |= {key: above[key] for key in ("entry_base",) if key in above}
        own = {"start", "learners"} if at else set()
        found = {**{key: value for key, value in values.items() if key not in own}, **found}
        if values.get("entry_base") == SEVERAL:
            found["entry_base"] = SEVERAL
    return found


def joined_mapping(mappings: Sequence[RupMapping], layouts: Sequence[Layout]) -> RupMapping:
    """Return the one mapping of all sheets; a column that is the same on all of them stands there once."""
    first = mappings[0]
    if len(mappings) == 1:
        return replace(first, courses=(), course_headings=())
    roles = [{column_letter(one.index): one.role for one in layout.columns} for layout in layouts]
    common = [
        note
        for note in first.columns
        if all(note in one.columns for one in mappings)
        and (note.role is not None or all(one[note.column] == roles[0][note.column] for one in roles))
    ]
    own = [
        replace(note, sheet=str(one.sheet)) for one in mappings for note in one.columns if note not in common
    ]
    return replace(
        first,
        sheet=None,
        courses=tuple(str(one.sheet) for one in mappings),
        heading=None,
        course_headings=tuple(one.heading or (1, 1) for one in mappings),
        headings=_all(one.headings for one in mappings),
        sections=_all(one.sections for one in mappings),
        asked=frozenset().union(*(one.asked for one in mappings)),
        hours=_all(one.hours for one in mappings),
        status=_all(one.status for one in mappings),
        columns=(*common, *own),
        rows=tuple(replace(note, sheet=str(one.sheet)) for one in mappings for note in one.rows),
    )


def _all(tables: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return tables of a mapping together; what one leaves open another one may say."""
    found: dict[str, Any] = {}
    for table in tables:
        for key, value in table.items():
            found[key] = found.get(key) or value
    return found
