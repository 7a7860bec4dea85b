"""Working curricula as data, how colleges lay them out, and what an import must give back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl

from curricula.furniture import Piece
from curricula.words import BASES, CYCLES, LATIN, LETTERS

KINDS = (
    "theory",
    "laboratory_practical",
    "production_training",
    "professional_practice",
    "self_study_guided",
    "self_study",
)


@dataclass(frozen=True)
class Item:
    """A module or an outcome: hours by kind, and hours by semester; both sum to credits × 24."""

    number: int
    name: str
    credits: float
    kinds: Mapping[str, float]
    terms: Mapping[int, float]
    form: str


@dataclass(frozen=True)
class Group:
    """A module header with outcomes."""

    number: int
    name: str
    outcomes: tuple[Item, ...]


@dataclass(frozen=True)
class Curriculum:
    """What is taught, by sections, and the weeks of each semester."""

    general: tuple[Item, ...]
    basic: tuple[Group, ...]
    professional: tuple[Group, ...]
    practice: tuple[Item, ...]
    attestation: tuple[Item, ...]
    weeks: Mapping[int, float]

    def items(self) -> Iterator[Item]:
        yield from self.general
        for group in (*self.basic, *self.professional):
            yield from group.outcomes
        yield from self.practice
        yield from self.attestation

    @property
    def last_term(self) -> int:
        return max(term for item in self.items() for term in item.terms)


@dataclass(frozen=True)
class Make:
    """What the program that wrote a file, or the habits of a college, add to a style."""

    counted: bool = False  # a column says whether a row counts, and holds the titles of sections
    uncounted: bool = False  # a row that does not count
    exam_rows: bool = False  # rows that only say how a module ends
    pairs: str = ""  # hours and credits in one cell: letters (96с-4к), order (96/4), reversed (4/96)
    index_in_name: bool = False
    two_names: bool = False  # modules and outcomes in two columns of names
    zero_sections: bool = False  # ООД 00
    week_rows: bool = False  # rows of weeks and of hours a week under the heading
    repeated: bool = False  # the hours in all once more at the right
    lab_columns: bool = False  # laboratory and practical work apart
    practice_columns: bool = False  # a column for each sort of practice
    wording: int = -1  # which other words for the kinds of hours
    units: bool = False  # 96 ч, 4 кр
    beside: bool = False  # час | 144 | нед | 4 in rows of practice
    practice_weeks: bool = False  # 4 нед in rows of practice
    cycles: bool = False  # letters of older standards
    electives: bool = False  # hours without credits
    projects: str = ""  # one more column of forms: КП, КР, Контр. раб.
    bare_forms: bool = False  # columns of forms without a heading over them
    contents: bool = False  # a sheet of contents before
    broken: bool = False  # headings broken over cells
    lacking: bool = False  # correspondence study: few hours in class, and no column for the others


@dataclass(frozen=True)
class Style:
    """How a college lays its curriculum out."""

    language: str = "ru"
    terms: str = "hours"  # hours, credits, column
    unit_said: bool = True
    forms: str = "marks"  # marks, words, none
    merged: bool = True
    courses: bool = True
    restart: bool = False  # each course begins with semester 1
    weeks: bool = True
    numbering: bool = True
    ordinal: bool = False
    total_hours: bool = True
    workplace: bool = False  # one column for training and practice
    outcomes: str = "RO"  # RO: РО 1.2; none: no index; running: РО 5 after the last of the module before
    letters: bool = True  # an index in every other row
    section_numbers: bool = True  # sums in the rows of sections
    headers_filled: bool = True
    totals: bool = True
    blank_rows: bool = False
    text_numbers: bool = False
    title_rows: int = 0
    base: int = 1  # which wording of the base of the learners; 0: none
    signatures: bool = True
    repeat_heading: bool = False
    zeros: bool = True  # ПМ 01 and not ПМ 1
    divided: bool = False  # a sheet for each course
    above: tuple[Piece, ...] = ()  # what stands above the titles
    below: tuple[Piece, ...] = ()  # what stands below the table
    make: Make = field(default_factory=Make)


@dataclass
class Written:
    """A workbook, and where things stand in it."""

    book: Any
    sheet: Any
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    heading: tuple[int, int] = (0, 0)

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path

    def address(self, row: str, column: str) -> tuple[int, str]:
        return self.rows[row], openpyxl.utils.get_column_letter(self.columns[column])


@dataclass(frozen=True)
class Module:
    """What an import must give back."""

    section: str
    parent: str | None
    credits: float
    kinds: Mapping[str, float]
    current_term: int
    weights: tuple[float, ...]
    form: str | None
    name: str


def expected(curriculum: Curriculum, style: Style) -> dict[str, Module]:
    """The modules by id."""
    found = {}
    for section in ("general", "practice", "attestation"):
        for item in getattr(curriculum, section):
            found[module_id(section, item.number, style)] = _module(section, None, item, style)
    for section in ("basic", "professional"):
        running = 0
        for group in getattr(curriculum, section):
            parent = module_id(section, group.number, style)
            unnumbered = style.outcomes == "none" or style.make.two_names
            if style.divided and unnumbered:  # numbered as they stand, the sheet of the first course first
                order = sorted(group.outcomes, key=lambda one: (min(map(course_of, one.terms)), one.number))
            else:
                order = list(group.outcomes)
            for place, item in enumerate(order, 1):
                running += 1
                number = running if style.outcomes == "running" else place
                found[f"{parent}.{number}"] = _module(section, parent, item, style)
    return found


def course_of(term: int) -> int:
    return (term + 1) // 2


def of_course(curriculum: Curriculum, course: int, style: Style) -> Curriculum:
    """What stands on the sheet of a course: of each item its part, with the form where it ends."""

    def parts(items: tuple[Item, ...]) -> tuple[Item, ...]:
        found = (_part(one, course, style) for one in items)
        return tuple(one for one in found if one is not None)

    def groups(every: tuple[Group, ...]) -> tuple[Group, ...]:
        found = (replace(one, outcomes=parts(one.outcomes)) for one in every)
        return tuple(one for one in found if one.outcomes)

    return Curriculum(
        parts(curriculum.general),
        groups(curriculum.basic),
        groups(curriculum.professional),
        parts(curriculum.practice),
        parts(curriculum.attestation),
        curriculum.weeks,
    )


def _part(item: Item, course: int, style: Style) -> Item | None:
    """The part of an item in a course: hours by kind in their order, or alike in all if few are in class."""
    terms = {term: hours for term, hours in item.terms.items() if course_of(term) == course}
    if not terms:
        return None
    before = sum(hours for term, hours in item.terms.items() if course_of(term) < course)
    hours, whole = sum(terms.values()), sum(item.terms.values())
    kinds: dict[str, float] = {}
    if style.make.lacking and "theory" in item.kinds:
        done, now = (float(int(item.kinds["theory"] * one / whole)) for one in (before, before + hours))
        kinds = {"theory": now - done, "self_study": hours - (now - done)}
    else:
        start = 0.0
        for kind, amount in item.kinds.items():
            inside = min(start + amount, before + hours) - max(start, before)
            kinds |= {kind: inside} if inside > 0 else {}
            start += amount
    form = item.form if course == course_of(max(item.terms)) else ""
    return replace(item, credits=hours / 24, kinds=kinds, terms=terms, form=form)


def module_id(section: str, number: int, style: Style) -> str:
    letters = LATIN[section_letters(section, style)]
    return f"{letters}{number:02d}" if style.zeros else f"{letters}{number}"


def section_letters(section: str, style: Style) -> str:
    """The letters of the index of a section."""
    cycles = CYCLES[style.language] if style.make.cycles else {}
    return cycles.get(section, LETTERS[style.language][section])


def base_of(style: Style) -> str:
    """The base of the learners that a file names: empty for none, ``?`` for two."""
    return BASES[style.language][style.base][1]


def questions(curriculum: Curriculum, style: Style) -> set[str]:
    """The codes of what nobody can tell from the file, so that it must be asked."""
    make, taught = style.make, [one for one in curriculum.items() if one not in curriculum.practice]
    found = {"rup-entry-bases"} if base_of(style) == "?" else set()
    if style.workplace and any("production_training" in one.kinds for one in taught):
        found.add("rup-column-ambiguous")
    if make.practice_weeks and curriculum.practice:
        found.add("rup-weeks-in-hours")
    if make.lacking:
        found.add("rup-study-unknown")
    if make.projects == "КП" and make.bare_forms and style.language == "kk":
        found |= (
            {"rup-column-ambiguous"}
            if any(one.form == "course_project" for one in curriculum.items())
            else set()
        )
    return found


def _module(section: str, parent: str | None, item: Item, style: Style) -> Module:
    span = range(min(item.terms), max(item.terms) + 1)
    amounts = [item.terms.get(term, 0.0) for term in span]
    if style.terms == "column":
        amounts = [1.0] * len(span)
        if style.divided:  # in each course alike, in all of them by the hours of the courses
            by_course = {course_of(term): 0.0 for term in item.terms}
            for term, hours in item.terms.items():
                by_course[course_of(term)] += hours
            inside = {
                course: range(
                    min(one for one in item.terms if course_of(one) == course),
                    max(one for one in item.terms if course_of(one) == course) + 1,
                )
                for course in by_course
            }
            amounts = [
                by_course[course_of(term)] / len(inside[course_of(term)])
                if term in inside.get(course_of(term), ())
                else 0.0
                for term in span
            ]
    weights = () if max(amounts) - min(amounts) < 1e-9 else tuple(one / sum(amounts) for one in amounts)
    form = None if style.forms == "none" else item.form
    return Module(section, parent, item.credits, dict(item.kinds), min(item.terms), weights, form, item.name)
