# ruff: noqa: E501 - cells of sheets
"""Random working curricula, and random layouts of different make.

The data are the oracle: what an import must give back follows from them alone, never from the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from curricula.furniture import ABOVE, BELOW, Piece
from curricula.model import (
    KINDS,
    Curriculum,
    Group,
    Item,
    Make,
    Module,
    Style,
    Written,
    course_of,
    expected,
    questions,
)
from curricula.writer import write

__all__ = [
    "KINDS",
    "Curriculum",
    "Make",
    "Module",
    "Style",
    "Written",
    "curricula",
    "expected",
    "files",
    "questions",
    "styles",
    "write",
]

NAMES = {
    "ru": ("Физика", "Основы алгоритмизации", "Верстать веб-страницы", "Сети и системы", "Право", "Вести проект"),
    "kk": ("Қазақ тілі", "Алгоритмдеу негіздері", "Веб-беттер әзірлеу", "Желілер мен жүйелер", "Құқық", "Жобаны жүргізу"),
}  # fmt: skip


SELDOM = st.sampled_from([False, False, False, True])


@st.composite
def items(draw: Any, language: str, number: int, first: int, last: int, kinds: Sequence[str]) -> Item:
    """An item whose hours by kind and by semester both sum to its credits × 24."""
    amount = draw(st.integers(1, 16)) / 2
    hours = amount * 24
    cut = draw(st.integers(0, int(hours)))
    split = {kinds[0]: hours} if len(kinds) == 1 else {kinds[0]: float(cut), kinds[-1]: hours - cut}
    start = draw(st.integers(first, last))
    end = min(last, start + draw(st.sampled_from([0, 0, 0, 1, 2])))
    if end == start or amount < 2:
        terms = {start: hours}
    else:
        part = draw(st.integers(1, int(amount) - 1)) * 24.0
        terms = {start: part, end: hours - part}
    name = f"{draw(st.sampled_from(NAMES[language]))} {draw(st.sampled_from('абвгд'))}"
    form = draw(st.sampled_from(["exam", "pass", "differentiated_pass"]))
    return Item(number, name, amount, {kind: value for kind, value in split.items() if value}, terms, form)


TEACHING = (("theory", "laboratory_practical"), ("theory", "self_study"), ("laboratory_practical",), ("theory", "production_training"), ("self_study_guided", "theory"))  # fmt: skip


@st.composite
def curricula(draw: Any, language: str = "ru") -> Curriculum:
    """A small curriculum: some of each section."""
    last = draw(st.integers(2, 8))

    def some(low: int, high: int, kinds: Sequence[Sequence[str]]) -> tuple[Item, ...]:
        count = draw(st.integers(low, high))
        return tuple(
            draw(items(language, number, 1, last, draw(st.sampled_from(kinds))))
            for number in range(1, count + 1)
        )

    def groups(high: int) -> tuple[Group, ...]:
        count = draw(st.integers(1, high))
        return tuple(
            Group(number, f"{NAMES[language][number % 6]} {number}", some(1, 4, TEACHING))
            for number in range(1, count + 1)
        )

    weeks = {term: draw(st.sampled_from([17.0, 18.0, 20.5, 22.0])) for term in range(1, last + 1)}
    return Curriculum(
        some(1, 4, TEACHING[:3]),
        groups(2),
        groups(3),
        some(1, 3, [("professional_practice",)]),
        some(0, 1, [("theory",)]),
        weeks,
    )


@st.composite
def styles(draw: Any, plain: bool = False) -> Style:
    """A layout of any make; a plain one is of no program and no college's own habits."""
    terms = draw(st.sampled_from(["hours", "credits", "column", *([] if plain else ["kinds"])]))
    boolean = st.booleans()
    courses = draw(boolean) and terms != "column"
    style = Style(
        language=draw(st.sampled_from(["ru", "kk"])),
        terms=terms,
        unit_said=draw(boolean),
        forms=draw(st.sampled_from(["marks", "words", "none"])),
        merged=draw(boolean),
        courses=courses,
        restart=courses and draw(boolean),
        weeks=draw(boolean) and terms != "column",
        numbering=draw(boolean),
        ordinal=draw(boolean),
        total_hours=draw(boolean),
        workplace=draw(boolean),
        outcomes=draw(st.sampled_from(["RO", "none", "running"])),
        section_numbers=draw(boolean),
        headers_filled=draw(boolean),
        totals=draw(boolean),
        blank_rows=draw(boolean),
        text_numbers=draw(boolean),
        title_rows=draw(st.integers(0, 8)),
        base=draw(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, *([] if plain else [8, 9])])),
        signatures=draw(boolean),
        repeat_heading=draw(boolean),
        zeros=draw(boolean),
    )
    return style if plain else _fitting(replace(style, make=draw(makes())))


@st.composite
def files(draw: Any, divided: Any = SELDOM) -> tuple[Curriculum, Style]:
    """A curriculum and a layout that can say it; some have a sheet for each course."""
    style = replace(draw(styles()), **draw(furnished()))
    if not draw(divided):
        return shaped(draw(curricula(style.language)), style), style
    style = replace(style, divided=True, restart=draw(st.booleans()))
    curriculum = shaped(draw(curricula(style.language)), style)
    taught = {course_of(term) for item in curriculum.items() for term in item.terms}
    assume(taught == {*range(1, max(taught) + 1)} and len(taught) > 1)
    return curriculum, style


@st.composite
def furnished(draw: Any) -> dict[str, tuple[Piece, ...]]:
    """What stands above and below a table; half of all have none."""
    if draw(st.booleans()):
        return {}

    def pieces(names: Sequence[str], most: int) -> tuple[Piece, ...]:
        one = st.builds(Piece, st.sampled_from(names), st.integers(0, 24), st.booleans())
        return tuple(draw(st.lists(one, max_size=most)))

    return {"above": pieces(ABOVE, 2), "below": pieces(BELOW, 3)}


@st.composite
def makes(draw: Any) -> Make:
    """What a program or a college adds: each thing seldom, so that all pairs come and few files have most."""
    seldom = SELDOM
    flags = {
        name: draw(seldom)
        for name in (
            "counted", "uncounted", "exam_rows", "index_in_name", "two_names", "zero_sections", "week_rows", "repeated", "lab_columns",
            "practice_columns", "units", "beside", "practice_weeks", "cycles", "electives", "bare_forms", "contents", "broken", "lacking",
        )
    }  # fmt: skip
    return Make(
        pairs=draw(st.sampled_from(["", "", "", "letters", "order", "reversed"])),
        wording=draw(st.sampled_from([-1, -1, 0, 1, 2])),
        projects=draw(st.sampled_from(["", "", "КП", "КР", "Контр. раб."])),
        **flags,
    )


def _fitting(style: Style) -> Style:
    """Leave out what cannot stand together on one sheet."""
    make = style.make
    two_names = make.two_names and not make.index_in_name and not make.counted
    terms = (
        style.terms if style.total_hours or make.pairs else {"kinds": "hours"}.get(style.terms, style.terms)
    )
    make = replace(
        make,
        two_names=two_names,
        uncounted=make.uncounted and make.counted,
        week_rows=make.week_rows and terms != "column" and not style.weeks,
        repeated=make.repeated and style.total_hours and not make.pairs,
        beside=make.beside and terms == "kinds" and not make.units and not make.practice_weeks,
        practice_weeks=make.practice_weeks and not make.units and not make.pairs,
        cycles=make.cycles
        and style.outcomes != "none"
        and not two_names
        and not make.counted
        and style.letters,
        electives=make.electives and not make.pairs and not make.counted,
        exam_rows=make.exam_rows and not two_names,
        projects=make.projects if style.forms == "marks" else "",
        broken=make.broken and not style.merged and not two_names,
        zero_sections=make.zero_sections and not make.index_in_name,
        lacking=make.lacking and terms != "kinds" and style.total_hours and not make.pairs,
    )
    outcomes = "RO" if two_names else style.outcomes
    return replace(
        style,
        make=make,
        terms=terms,
        outcomes=outcomes,
        repeat_heading=style.repeat_heading and not make.broken,
    )


def shaped(curriculum: Curriculum, style: Style) -> Curriculum:
    """The curriculum as far as a style can say it: practice in whole weeks, few hours in class, other forms."""
    practice, items = curriculum.practice, lambda one: one
    if style.make.practice_weeks or style.make.beside:
        practice = tuple(_in_weeks(one) for one in practice)
    if style.make.lacking:
        items = _thin
    if style.make.projects:
        practice = tuple(_other_form(one, style) for one in practice)
    groups = {
        name: tuple(
            replace(one, outcomes=tuple(map(items, one.outcomes))) for one in getattr(curriculum, name)
        )
        for name in ("basic", "professional")
    }
    if style.divided:  # outcomes that only their names tell apart have different ones
        groups = {
            name: tuple(
                replace(
                    one,
                    outcomes=tuple(
                        replace(item, name=f"{item.name}{item.number * 'э'}") for item in one.outcomes
                    ),
                )
                for one in every
            )
            for name, every in groups.items()
        }
    return replace(
        curriculum,
        general=tuple(items(_other_form(one, style)) for one in curriculum.general),
        attestation=tuple(map(items, curriculum.attestation)),
        practice=practice,
        **groups,
    )


def _other_form(item: Item, style: Style) -> Item:
    if item.number % 2 or not style.make.projects:
        return item
    return replace(item, form="course_project" if style.make.projects == "КП" else "control_work")


def _in_weeks(item: Item) -> Item:
    """As many weeks of 36 hours as the item has credits, at least one in each semester."""
    weeks = {term: max(1, round(hours / 36)) for term, hours in item.terms.items()}
    hours = 36.0 * sum(weeks.values())
    (kind,) = item.kinds
    return replace(
        item,
        credits=hours / 24,
        kinds={kind: hours},
        terms={term: 36.0 * count for term, count in weeks.items()},
    )


def _thin(item: Item) -> Item:
    """A quarter of the hours in class."""
    hours = item.credits * 24
    return replace(item, kinds={"theory": float(int(hours / 4)), "self_study": hours - int(hours / 4)})
