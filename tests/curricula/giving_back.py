"""What an import must give back of a random curriculum, and how a person answers what it asks."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from curricula.model import KINDS, Curriculum, Module, Style, base_of, expected
from curriplan.importing.rup.mapping import ColumnNote, RupMapping
from curriplan.importing.rup.reading import RupReading
from curriplan.importing.rup.roles import Role
from curriplan.importing.rup.vocabulary import folded

ANSWERED_BASE = "grade11"
NAMED = {"ru": "name_ru", "kk": "name_kk"}


def assert_gives_back(
    reading: RupReading, curriculum: Curriculum, style: Style, wanted: Mapping[str, Module] | None = None
) -> None:
    wanted = expected(curriculum, style) if wanted is None else wanted
    assert [issue.line() for issue in reading.errors] == []
    catalog = reading.require()
    known = {"": None, "?": ANSWERED_BASE}
    assert catalog.programmes[0].entry_base == known.get(base_of(style), base_of(style))
    found = {row.id: row for row in catalog.modules if row.id not in catalog.header_ids}
    assert set(found) == set(wanted)
    terms = {row.module: row.current_term for row in catalog.programme_modules}
    for key, want in wanted.items():
        module = found[key]
        kinds = {kind: module.hours(kind) for kind in KINDS if module.hours(kind)}
        assert (module.section, module.parent, module.credits) == (want.section, want.parent, want.credits), (
            key
        )
        assert kinds == pytest.approx(dict(want.kinds)), key
        assert terms[key] == want.current_term, key
        assert module.span_weights == pytest.approx(want.weights), key
        assert module.assessment_form == want.form, key
        assert getattr(module, NAMED[style.language]) == want.name, key
    if style.weeks and len(wanted) == len(expected(curriculum, style)):
        found_weeks = {row.term: row.weeks for row in catalog.programme_terms}
        assert found_weeks == {term: curriculum.weeks[term] for term in range(1, curriculum.last_term + 1)}


def _role(reading: RupReading, letter: str, role: str, sheet: str) -> Role:
    """The role of one column that was asked about, in its semester if it is of one."""
    notes = (one for one in reading.mapping.columns if one.column == letter and one.sheet in {"", sheet})
    heading = next(one.heading or "" for one in notes)
    term = re.search(r"(\d+)[ -]семестр", heading)
    year = re.search(r"(\d) курс", heading) or re.search(r"(\d)[ -]?курс|курс (\d)", sheet.casefold())
    if term is None or role != "workplace":
        return Role(role)
    number = int(term[1])
    first = 2 * (int(year[1] or year[2]) - 1) if year and number <= 2 else 0
    return Role("semester", first + number, role)


def answers(reading: RupReading, style: Style) -> RupMapping:
    """The answers to what was asked of a file, as a person who knows it gives them."""
    columns, headings = [], {}
    for issue in (one for one in reading.errors if one.code == "rup-column-ambiguous"):
        role = (
            "assessment:course_project" if "course_project" in str(issue.values["choices"]) else "workplace"
        )
        letters = str(issue.values["column"]).split(", ")
        if len(letters) == 1:
            sheet = str(issue.place.sheet) if style.divided and issue.place is not None else ""
            columns.append(ColumnNote(letters[0], None, _role(reading, letters[0], role, sheet), sheet))
        else:  # asked once of a column of each semester
            headings[folded(str(issue.values["heading"]))] = role
    weeks = "rup-weeks-in-hours" in {one.code for one in reading.errors}
    return RupMapping(
        programme={"entry_base": ANSWERED_BASE} if base_of(style) == "?" else {},
        courses=reading.mapping.courses,
        columns=tuple(columns),
        headings=headings,
        hours_per_week=36.0 if weeks else None,
        study="correspondence" if style.make.lacking else None,
    )
