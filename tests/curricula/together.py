"""Several programmes in one workbook: on sheets, side by side, below one another, or beside common names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import openpyxl
from hypothesis import assume
from hypothesis import strategies as st

from curricula.generated import curricula, furnished, items, shaped, styles
from curricula.model import Curriculum, Group, Item, Module, Style, Written, expected
from curricula.writer import write

CODES = ("4S06130103", "4S06130105", "3W07210302")
NAMED = {"ru": "Квалификация: {} – Техник", "kk": "Біліктілігі: {} – Техник"}
COMMON = ("counted", "ordinal", "index", "name", "outcome", "form")
"""Columns that stand once beside those of each programme."""


@dataclass(frozen=True)
class Together:
    """A workbook, and what an import must give back of each programme in it."""

    layout: str  # sheets, beside, below, headed
    book: Any
    codes: tuple[str, ...]  # of qualifications; an empty one where the programme is not named
    curricula: tuple[Curriculum, ...]
    styles: tuple[Style, ...]
    taken: tuple[frozenset[str], ...]
    """The modules of each."""

    def expected(self, at: int) -> Mapping[str, Module]:
        """The modules of one by id."""
        every = expected(self.curricula[at], self.styles[at])
        found = {key: one for key, one in every.items() if key in self.taken[at]}
        if not self.styles[at].make.two_names:
            return found
        # Outcomes without an index are numbered as they stand.
        beside: dict[str | None, list[str]] = {}
        for key, one in found.items():
            beside.setdefault(one.parent, []).append(key)
        return {
            key if one.parent is None else f"{one.parent}.{beside[one.parent].index(key) + 1}": one
            for key, one in found.items()
        }


@st.composite
def together(draw: Any) -> Together:
    """Two or three programmes in one workbook, each of which mostly says its code."""
    layout = draw(st.sampled_from(["sheets", "beside", "below", "headed"]))
    if layout == "headed":
        return draw(headed())
    count = draw(st.integers(2, 3))
    made = tuple(_plain(draw(styles())) for _ in range(count))
    if layout == "below" and draw(st.booleans()):  # of one make
        made = (made[0],) * count
    if layout != "beside":
        made = tuple(replace(one, **draw(furnished())) for one in made)
    every = tuple(shaped(draw(curricula(one.language)), one) for one in made)
    book, sheet = openpyxl.Workbook(), None
    row, column = 0, 0
    for at, (curriculum, style) in enumerate(zip(every, made, strict=True)):
        written = write(curriculum, style)
        if sheet is None or layout == "sheets":
            sheet = book.active if sheet is None else book.create_sheet()
            sheet.title = f"План {at}" if layout == "sheets" else "План"
        down = 2 + (draw(st.integers(0, 3)) if layout == "beside" else 0)
        sheet.cell(row + 1, column + 1 + draw(st.integers(0, 3)), NAMED[style.language].format(CODES[at]))
        _copy(written.sheet, sheet, row + down, column)
        if layout == "below":
            row += written.sheet.max_row + down + draw(st.integers(1, 3))
        elif layout == "beside":
            column += max(written.sheet.max_column, 4) + draw(st.integers(0, 2))
    taken = tuple(frozenset(expected(*one)) for one in zip(every, made, strict=True))
    return Together(layout, book, CODES[:count], every, made, taken)


def _plain(style: Style) -> Style:
    """A style without what would name the programme, and without further sheets."""
    return replace(style, title_rows=min(style.title_rows, 3), make=replace(style.make, contents=False))


def _copy(source: Any, target: Any, down: int, right: int, columns: Sequence[int] | None = None) -> None:
    """Copy cells and merged ranges; of some columns, each beside the one before."""
    places = {one: one for one in range(1, source.max_column + 1)}
    if columns is not None:
        places = {one: at for at, one in enumerate(columns, 1)}
    for line in source.iter_rows():
        for cell in line:
            if cell.value is not None and cell.column in places:
                target.cell(cell.row + down, places[cell.column] + right, cell.value)
    for area in source.merged_cells.ranges:
        if area.min_col in places and area.max_col in places:
            target.merge_cells(
                start_row=area.min_row + down,
                end_row=area.max_row + down,
                start_column=places[area.min_col] + right,
                end_column=places[area.max_col] + right,
            )


@st.composite
def headed(draw: Any) -> Together:
    """Two programmes with common names: over the columns of each stands its qualification."""
    style = _plain(draw(styles()))
    make = replace(style.make, projects="", electives=False, uncounted=False)
    style = replace(
        style,
        terms="hours" if style.terms == "column" else style.terms,
        outcomes="RO",
        headers_filled=False,
        totals=False,
        section_numbers=False,
        signatures=False,
        repeat_heading=False,
        title_rows=0,
        make=make,
    )
    first = shaped(draw(curricula(style.language)), style)
    every = (first, shaped(draw(_other(first, style)), style))
    keys = sorted(expected(first, style))
    mine, others = (draw(st.sets(st.sampled_from(keys), min_size=1)) for _ in range(2))
    taken = (frozenset(mine), frozenset({*keys} - mine | others))  # each module is of one at least
    codes = CODES[:2] if draw(st.booleans()) else ("", "")
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "План"
    right = 0
    for at, (curriculum, code) in enumerate(zip(every, codes, strict=True)):
        written = write(curriculum, style)
        _empty(written, set(expected(curriculum, style)) - taken[at])
        own = [column for name, column in written.columns.items() if name not in COMMON]
        common = [column for name, column in written.columns.items() if name in COMMON]
        if not at:
            _copy(written.sheet, sheet, 1, 0, common)
            right = len(common)
        top = written.heading[0]
        sheet.cell(top, right + 1, f"{code} – Техник" if code else f"Техник-{'АБ'[at]}")
        if style.merged and len(own) > 1:
            sheet.merge_cells(start_row=top, end_row=top, start_column=right + 1, end_column=right + len(own))
        _copy(written.sheet, sheet, 1, right, own)
        right += len(own)
    return Together("headed", book, codes, every, (style, style), taken)


@st.composite
def _other(draw: Any, curriculum: Curriculum, style: Style) -> Curriculum:
    """The same modules with other amounts in as many semesters."""
    last = curriculum.last_term

    def again(item: Item) -> Item:
        kinds = sorted(item.kinds)
        new = draw(items(style.language, item.number, 1, last, kinds))
        return replace(new, name=item.name, form=item.form)

    def groups(every: Sequence[Group]) -> tuple[Group, ...]:
        return tuple(replace(one, outcomes=tuple(map(again, one.outcomes))) for one in every)

    made = Curriculum(
        tuple(map(again, curriculum.general)),
        groups(curriculum.basic),
        groups(curriculum.professional),
        tuple(map(again, curriculum.practice)),
        tuple(map(again, curriculum.attestation)),
        curriculum.weeks,
    )
    assume(made.last_term == last)
    return made


def _empty(written: Written, keys: set[str]) -> None:
    """Take away the amounts of modules that are none of a programme."""
    for key in keys:
        for name, column in written.columns.items():
            if name not in COMMON:
                written.sheet.cell(written.rows[key], column).value = None
