"""Settle which sheet and which columns are read: by what is found, and by the mapping file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.catalog.reading.raw import column_letter
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import (
    Layout,
    find_layout,
    is_numbering,
    layout_at,
    repeated_terms,
)
from curriplan.importing.rup.mapping import RupMapping, same_text
from curriplan.importing.rup.own import without_forms
from curriplan.importing.rup.roles import (
    PAIR,
    PARTS,
    ROMAN,
    SINGLE,
    TWO_NAMES,
    UNSURE,
    WORKPLACE,
    HeadedColumn,
    Heading,
    Role,
    is_open,
    leaf_of,
    open_kind,
    role_phrase,
)
from curriplan.importing.rup.vocabulary import (
    COURSE_SHEET,
    OUTCOME_HEADING,
    PART_SHEET,
    WHOLE_SHEET,
    folded,
    is_kazakh,
)
from curriplan.texts.words import Phrase


@dataclass(frozen=True)
class Chosen:
    """The sheet that is read, the layout of its table, and the other sheets."""

    sheet: RupSheet
    layout: Layout
    others: tuple[RupSheet, ...]
    course: int = 0
    """Which course it is of, where each has a sheet."""


def choose(sheets: Sequence[RupSheet], name: str | None, mapping: RupMapping) -> tuple[Chosen, ...]:
    """Return the sheet with the working curriculum, or those of its courses in their order.

    Raises
    ------
    CurriplanError
        If no sheet has its table, or several have that are no courses of one, or a named one is not there.
    """
    file = sheets[0].file if sheets else mapping.file
    wanted = mapping.courses if name is None else (name,)
    if wanted:
        named = [sheet for one in wanted for sheet in _named(sheets, one, file)]
        found = [(sheet, layout) for sheet in named if (layout := _layout(sheet, mapping))]
    else:
        visible = [sheet for sheet in sheets if not sheet.hidden]
        found = without_forms([(sheet, one) for sheet in visible if (one := _layout(sheet, mapping))])
    if not found:
        names = ", ".join(sheet.name for sheet in sheets if not sheet.hidden)
        raise CurriplanError.of("rup-no-table", Place(file, name), sheets=names)
    main = found if mapping.courses and name is None else _main_plan(nearest_best(found))
    # A sheet of a course that less is known of is no summary.
    courses = [(sheet, layout) for sheet, layout in found if course_of(sheet.name)]
    alike = len({_beside_course(sheet.name) for sheet, _ in courses}) == 1
    if len(courses) > 1 and alike and all(PART_SHEET.search(folded(sheet.name)) for sheet, _ in main):
        return _courses(sheets, courses)
    if len(main) > 1:
        names = ", ".join(sheet.name for sheet, _ in main)
        raise CurriplanError.of("rup-several-tables", Place(file), sheets=names)
    sheet, layout = main[0]
    return (Chosen(sheet, layout, tuple(one for one in sheets if one is not sheet)),)


def _named(sheets: Sequence[RupSheet], name: str, file: str) -> list[RupSheet]:
    named = [sheet for sheet in sheets if sheet.name.strip().casefold() == name.strip().casefold()]
    if not named:
        known = ", ".join(sheet.name for sheet in sheets)
        raise CurriplanError.of("rup-sheet-unknown", Place(file), value=name, known=known)
    return named


def course_of(name: str) -> int:
    """Return the course that a sheet is of by its name, 0 where it names none.

    >>> course_of("2 курс"), course_of("Курс III"), course_of("План")
    (2, 3, 0)
    """
    found = COURSE_SHEET.search(folded(name))
    word = next((group for group in found.groups() if group), "") if found is not None else ""
    return int(word) if word.isdecimal() else ROMAN.get(word, 0)


def _beside_course(name: str) -> str:
    """Return the words beside the course in the name of a sheet: of another group, another programme."""
    return " ".join(re.findall(r"[^\W\d_]+", COURSE_SHEET.sub(" ", folded(name))))


def _courses(sheets: Sequence[RupSheet], found: Sequence[tuple[RupSheet, Layout]]) -> tuple[Chosen, ...]:
    """Return the sheets of the courses in their order: one for each, from the first to the last.

    Raises
    ------
    CurriplanError
        If two are of one course, or one lacks.
    """
    ordered = sorted(found, key=lambda one: course_of(one[0].name))
    courses = [course_of(sheet.name) for sheet, _ in ordered]
    read = [sheet for sheet, _ in ordered]
    others = tuple(one for one in sheets if one not in read)
    wanted = {*range(1, max(courses) + 1), *(course_of(one.name) for one in others)} - {0}
    for (one, _), (other, _) in pairwise(ordered):
        if course_of(one.name) == course_of(other.name):
            reason = Phrase("courses.twice", {"course": course_of(one.name)}, "reasons")
            raise CurriplanError([courses_issue([one, other], other.place(), reason)])
    if wanted - {*courses}:
        reason = Phrase("courses.lacking", {"course": min(wanted - {*courses})}, "reasons")
        raise CurriplanError([courses_issue(read, Place(read[0].file), reason)])
    return tuple(
        Chosen(sheet, numbered_through(layout, course), others, course)
        for (sheet, layout), course in zip(ordered, courses, strict=True)
    )


def courses_issue(sheets: Sequence[RupSheet], place: Place, reason: Phrase) -> Issue:
    """Return why the sheets of courses make no one curriculum."""
    names = ", ".join(sheet.name for sheet in sheets)
    return Issue("rup-sheets-of-courses", place, {"sheets": names, "reason": reason})


def numbered_through(layout: Layout, course: int) -> Layout:
    """Return the layout of the sheet of a course whose semesters are 1 and 2, with those of the programme."""
    semesters = [one for one in layout.having("semester") if one.role is not None]
    terms = {one.role.term for one in semesters if one.role is not None}
    if course < 2 or not terms <= {1, 2} or any(one.heading.year not in {0, course} for one in semesters):
        return layout
    columns = tuple(
        replace(one, role=replace(one.role, term=one.role.term + 2 * (course - 1)))
        if one in semesters and one.role
        else one
        for one in layout.columns
    )
    return replace(layout, columns=columns)


def course_issue(chosen: Chosen) -> Issue | None:
    """Return that the sheet is one course of several, each of which has a sheet of its own."""
    visible = [one for one in chosen.others if not one.hidden and COURSE_SHEET.search(folded(one.name))]
    if not visible or not COURSE_SHEET.search(folded(chosen.sheet.name)):
        return None
    others = ", ".join(one.name for one in visible)
    return Issue("rup-course-alone", chosen.sheet.place(), {"sheets": others})


def _main_plan(found: list[tuple[RupSheet, Layout]]) -> list[tuple[RupSheet, Layout]]:
    """Return the one sheet of the whole plan, where all others are named as its courses or summaries."""
    parts = [one for one in found if PART_SHEET.search(folded(one[0].name))]
    whole = [one for one in found if one not in parts]
    return whole if len(whole) == 1 and WHOLE_SHEET.search(folded(whole[0][0].name)) else found


def nearest_best(found: list[tuple[RupSheet, Layout]]) -> list[tuple[RupSheet, Layout]]:
    """Return the sheets on whose tables about as much is known as on the best: summaries know less."""
    counts = [len({str(one.role) for one in layout.columns if one.role is not None}) for _, layout in found]
    return [one for one, count in zip(found, counts, strict=True) if count * 3 >= max(counts) * 2]


def _layout(sheet: RupSheet, mapping: RupMapping) -> Layout | None:
    """Return the layout at the heading of the mapping where it still stands there, else the one found."""
    mapping = mapping.of_sheet(sheet.name)
    if mapping.heading is not None:
        layout = layout_at(sheet, *mapping.heading)
        texts = {column_letter(one.index): one.heading.text for one in layout.columns}
        noted = [note for note in mapping.columns if note.heading is not None]
        if all(same_text(texts.get(note.column, ""), note.heading or "") for note in noted):
            return layout
    return find_layout(sheet)


def settle_columns(sheet: RupSheet, layout: Layout, mapping: RupMapping) -> tuple[Layout, list[Issue]]:
    """Apply what the mapping says of the columns; return what is still in doubt."""
    issues: list[Issue] = []
    columns = {column.index: column for column in layout.columns}
    for note in mapping.columns:
        index = column_index(note.column)
        column = columns.get(index, HeadedColumn(index, Heading(()), None))
        if note.heading is not None and not same_text(column.heading.text, note.heading):
            values = {
                "column": note.column,
                "was": note.heading[:80],
                "found": column.heading.text[:80] or "–",
            }
            issues.append(Issue("rup-mapping-heading", sheet.place(layout.top, index), values))
        elif note.role is not None:
            columns[index] = replace(column, role=note.role)
    noted = {column_index(note.column) for note in mapping.columns if note.role is not None}
    columns = {at: one if at in noted else _answered(one, mapping) for at, one in columns.items()}
    settled = replace(layout, columns=tuple(columns[index] for index in sorted(columns)))
    settled = _without_copies(sheet, names_by_language(sheet, settled), noted)
    return settled, [*issues, *_column_issues(sheet, settled, mapping)]


def _answered(column: HeadedColumn, mapping: RupMapping) -> HeadedColumn:
    """Return a column with what the mapping says of all columns under such a heading."""
    answer = mapping.headings.get(leaf_of(column))
    if not answer or (column.role is not None and not is_open(column.role)):
        return column
    if column.role is not None and column.role.name == "semester" and answer in PARTS:
        return replace(column, role=replace(column.role, unit=answer))
    return replace(column, role=Role.parse(answer))


def _without_copies(sheet: RupSheet, layout: Layout, noted: set[int]) -> Layout:
    """Ignore a column of totals, or of semesters, that only repeats another cell by cell."""
    copies: set[int] = set()
    for name in ("hours", "credits", "term", PAIR):
        columns = list(layout.having(name))
        best = max(columns, key=lambda one: (_filled(sheet, layout, one), -one.index), default=None)
        copies |= {
            one.index
            for one in columns
            if one is not best and one.index not in noted and best and _repeats(sheet, layout, one, best)
        }
    columns = [replace(one, role=Role("ignore")) if one.index in copies else one for one in layout.columns]
    return replace(layout, columns=tuple(columns))


def _repeats(sheet: RupSheet, layout: Layout, one: HeadedColumn, other: HeadedColumn) -> bool:
    rows = [row for row in sheet.grid.rows if row > layout.bottom and not is_numbering(sheet, row)]
    said = [(sheet.text(row, one.index).strip(), sheet.text(row, other.index).strip()) for row in rows]
    pairs = [(a, b) for a, b in said if a and a not in one.heading.path]  # headings are repeated on pages
    return bool(pairs) and all(a == b for a, b in pairs)


def column_index(letters: str) -> int:
    """Return the number of a column from 0 by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def names_by_language(sheet: RupSheet, layout: Layout) -> Layout:
    """Tell two columns of names apart where one is Kazakh and the other is not."""
    names = list(layout.having("name"))
    if len(names) != 2:
        return layout
    of_outcomes = [bool(OUTCOME_HEADING.search(leaf_of(one))) for one in names]
    if of_outcomes in ([False, True], [True, False]):
        return _with_roles(layout, names, [TWO_NAMES[outcome] for outcome in of_outcomes])
    texts = [_body_texts(sheet, layout, column) for column in names]
    kazakh = [is_kazakh(one) for one in texts]
    if kazakh[0] == kazakh[1] or not all(map(_are_names, texts)):
        return layout
    return _with_roles(layout, names, ["name:kk" if kk else "name:ru" for kk in kazakh])


def _with_roles(layout: Layout, columns: Sequence[HeadedColumn], names: Sequence[str]) -> Layout:
    """Return a layout in which some columns have other roles."""
    roles = {one.index: Role(name) for one, name in zip(columns, names, strict=True)}
    changed = tuple(replace(one, role=roles.get(one.index, one.role)) for one in layout.columns)
    return replace(layout, columns=changed)


def _are_names(texts: list[str]) -> bool:
    """Say whether most texts are words of a language, and not codes."""
    worded = sum(bool(re.search(r"[^\W\d_]{5}", text)) for text in texts)
    return worded * 2 > sum(map(bool, texts))


def _body_texts(sheet: RupSheet, layout: Layout, column: HeadedColumn) -> list[str]:
    return [sheet.text(row, column.index) for row in sheet.grid.rows if row > layout.bottom]


def _column_issues(sheet: RupSheet, layout: Layout, mapping: RupMapping) -> Iterator[Issue]:
    noted = {column_index(note.column) for note in mapping.columns if note.role is not None}
    by_role: defaultdict[str, list[HeadedColumn]] = defaultdict(list)
    unsure: dict[tuple[str, str], list[HeadedColumn]] = {}
    for column in layout.columns:
        place = sheet.place(layout.top, column.index)
        values = {"column": column_letter(column.index), "heading": column.heading.text[:80] or "–"}
        filled = _filled(sheet, layout, column)
        if column.index in sheet.hidden_columns and column.index not in noted:
            if filled:
                yield Issue("rup-column-hidden", place, {**values, "count": filled})
        elif column.role is None:
            if filled:
                yield Issue("rup-column-unknown", place, {**values, "count": filled})
        elif is_open(column.role):
            if filled and open_kind(column.role) != f"{WORKPLACE}?":
                unsure.setdefault((leaf_of(column), open_kind(column.role)), []).append(column)
        elif column.role.name in SINGLE:
            by_role[column.role.name].append(column)
    yield from (ambiguous(sheet, layout, columns) for columns in unsure.values())
    yield from _twice(sheet, layout, by_role)
    yield from _semesters_twice(sheet, layout)
    yield from _missing(sheet, layout)


def ambiguous(sheet: RupSheet, layout: Layout, columns: Sequence[HeadedColumn]) -> Issue:
    """Return the one question about all columns that stand under the same heading in each semester."""
    first = columns[0]
    assert first.role is not None
    letters = ", ".join(column_letter(one.index) for one in columns)
    text = first.heading.text if len(columns) == 1 else " ".join(first.heading.path[-1].split())
    values: dict[str, object] = {
        "column": letters,
        "heading": text[:80] or "–",
        "choices": UNSURE[open_kind(first.role)],
        "said": tuple(map(role_phrase, UNSURE[open_kind(first.role)].split(", "))),
    }
    if first.role is not None and first.role.name == "semester" and len(columns) == 1:
        values["term"] = first.role.term
    return Issue("rup-column-ambiguous", sheet.place(layout.top, first.index), values)


def _filled(sheet: RupSheet, layout: Layout, column: HeadedColumn) -> int:
    return sum(row > layout.bottom and column.index in cells for row, cells in sheet.grid.rows.items())


def _twice(sheet: RupSheet, layout: Layout, by_role: dict[str, list[HeadedColumn]]) -> Iterator[Issue]:
    for role, columns in sorted(by_role.items()):
        if len(columns) > 1:
            letters = ", ".join(column_letter(one.index) for one in columns)
            place = sheet.place(layout.top, columns[1].index)
            yield Issue(
                "rup-column-twice", place, {"role": role, "said": role_phrase(role), "columns": letters}
            )


def _semesters_twice(sheet: RupSheet, layout: Layout) -> Iterator[Issue]:
    for column in repeated_terms(layout)[1:2]:
        letters = ", ".join(column_letter(one.index) for one in repeated_terms(layout))
        place = sheet.place(layout.top, column.index)
        values = {"role": str(column.role), "said": role_phrase(str(column.role)), "columns": letters}
        yield Issue("rup-column-twice", place, values)


def _missing(sheet: RupSheet, layout: Layout) -> Iterator[Issue]:
    names = {one.role.name for one in layout.columns if one.role and one.index not in sheet.hidden_columns}
    place = sheet.place(layout.top)
    if not any(name.startswith("name") for name in names):
        yield _lacking(place, "name")
    if not names & {"credits", "hours", PAIR, "pair?"} and not any(
        one.role.unit for one in layout.having("semester") if one.role
    ):
        yield _lacking(place, "credits")
    if not names & {"semester", "term"}:
        yield _lacking(place, "term")


def _lacking(place: Place, role: str) -> Issue:
    return Issue(
        "rup-column-missing", place, {"role": role, "said": Phrase(f"lacking.{role}", subject="questions")}
    )
