"""Edits of locked cells are found wherever rows and columns went, and nothing else is taken for one."""

from __future__ import annotations

import base64
import lzma
import random
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan.api.review.compare import (
    ReviewDifferences,
    WrittenSheet,
    compare_sheet,
    paired_sheets,
    written_sheet,
)
from curriplan.catalog.reading.grids import GridCell, SheetGrid
from curriplan.plan import carried
from curriplan.plan.carried import CARRIED_SCHEMA, DamagedError, carried_data, carried_lines
from curriplan.texts.words import Words
from curriplan.xlsx.term import constant
from curriplan.xlsx.workbook import Book
from functional.reviews import packed_by_zlib

Table = list[list[str | float]]
TABLE: Table = [
    ["Code", "Name", "Hours", "Total"],
    ["A", "Algebra", 36.0, 40.0],
    ["B", "Biology", 24.0, 28.0],
    ["C", "Chemistry", 36.0, 40.0],
    ["D", "Drawing", 12.0, 16.0],
]
FORMULAS = {(row, 3) for row in range(1, 5)}


def written(table: Table = TABLE) -> WrittenSheet:
    return WrittenSheet(
        "S",
        {
            row: {at: (value, (row, at) in FORMULAS) for at, value in enumerate(cells) if value != ""}
            for row, cells in enumerate(table)
        },
    )


def grid(table: Table, name: str = "S", formula_column: int = 3) -> SheetGrid:
    """Return a sheet as it is read: rows from 1, empty cells left out."""
    rows = {
        number: {
            at: GridCell(value, at == formula_column and isinstance(value, float))
            for at, value in enumerate(cells)
            if value != ""
        }
        for number, cells in enumerate(table, 1)
    }
    return SheetGrid(name, {number: cells for number, cells in rows.items() if cells})


def compared(table: Table, formula_column: int = 3) -> ReviewDifferences:
    return compare_sheet(written(), grid(table, formula_column=formula_column), {})


def edits(found: ReviewDifferences) -> list[tuple[int | None, int | None, str, str]]:
    return [(edit.row, edit.column, edit.was, edit.found) for edit in found.all_edits]


def test_nothing_changed() -> None:
    assert edits(compared(TABLE)) == []


def test_an_edited_cell_is_named_where_it_stands_now() -> None:
    changed = [list(cells) for cells in TABLE]
    changed[2][2] = 25.0
    assert edits(compared(changed)) == [(3, 2, "24", "25")]
    shifted: Table = [[], ["note"], *changed]
    assert edits(compared(shifted)) == [(5, 2, "24", "25")]
    wider: Table = [[cells[0], "", *cells[1:]] for cells in changed]
    assert edits(compared(wider, 4)) == [(3, 3, "24", "25")]


def test_a_single_tenge_is_an_edit_and_the_last_bit_of_a_fraction_is_none() -> None:
    sheet = WrittenSheet("S", {0: {0: (12_345_678_901_234.0, False), 1: (0.1 + 0.2, False)}})
    found = SheetGrid("S", {1: {0: GridCell(12_345_678_901_235.0), 1: GridCell(0.3)}})
    assert edits(compare_sheet(sheet, found, {})) == [(1, 0, "12345678901234", "12345678901235")]


def test_a_cell_that_was_empty_may_not_be_filled() -> None:
    table: Table = [[*cells] for cells in TABLE]
    table[0][3] = ""
    sheet = written(table)
    assert edits(compare_sheet(sheet, grid(TABLE), {})) == [(1, 3, "", "Total")]


def test_notes_beside_the_table_and_between_its_rows_are_no_edits() -> None:
    beside: Table = [[*cells, "my note"] for cells in TABLE]
    between: Table = [TABLE[0], ["", "", "see below"], *TABLE[1:]]
    assert edits(compared(beside)) == []
    assert edits(compared(between)) == []


def test_a_formula_replaced_by_its_value_is_an_edit() -> None:
    found = grid(TABLE)
    found.rows[2][3] = GridCell(40.0)
    assert edits(compare_sheet(written(), found, {})) == [(2, 3, "40", "40")]


def test_another_formula_is_found_by_its_result_unless_an_edit_explains_it() -> None:
    changed = [list(cells) for cells in TABLE]
    changed[1][3] = 41.0
    assert edits(compared(changed)) == [(2, 3, "40", "41")]
    changed[1][2] = 37.0  # the total follows from the hours
    assert edits(compared(changed)) == [(2, 2, "36", "37")]
    resorted = [changed[0], changed[4], *TABLE[1:4]]
    resorted[1][3] = 99.0  # formulas name fixed cells: sorting changes what they give
    assert edits(compared(resorted)) == []


def test_a_formula_without_a_value_says_nothing() -> None:
    found = grid(TABLE)
    found.rows[2][3] = GridCell(None, formula=True, problem="formula-without-value")
    assert edits(compare_sheet(written(), found, {})) == []


def test_a_row_that_is_gone() -> None:
    (edit,) = compared([*TABLE[:2], *TABLE[3:]]).all_edits
    assert (edit.row, edit.was) == (None, "B; Biology; 24")


def test_the_decimal_mark_of_another_region_is_no_edit() -> None:
    sheet = WrittenSheet("S", {0: {0: ("24.3 % closed", True)}})
    found = SheetGrid("S", {1: {0: GridCell("24,3 % closed", True)}})
    assert edits(compare_sheet(sheet, found, {})) == []


def test_renamed_sheets_are_found_by_what_stands_on_them() -> None:
    other: Table = [["x", "y"], ["z", 1.0]]
    sheets = [written(), WrittenSheet("T", {0: {0: ("x", False), 1: ("y", False)}, 1: {0: ("z", False)}})]
    found = [grid(other, "renamed"), grid([["p", "q"]], "new"), grid(TABLE, "also renamed")]
    pairs = paired_sheets(sheets, found)
    assert {name: sheet and sheet.name for name, sheet in pairs.items()} == {
        "S": "also renamed",
        "T": "renamed",
    }
    assert paired_sheets(sheets, found[1:])["T"] is None


@given(st.randoms(use_true_random=False), st.booleans())
def test_moved_rows_and_new_columns_hide_no_edit(rng: random.Random, edited: bool) -> None:
    """Shuffle rows, put in empty rows and columns, change one cell or none: exactly that is reported."""
    table = [list(cells) for cells in TABLE]
    target = rng.randrange(1, 5)
    if edited:
        table[target][2] = 99.0
    rows = list(range(1, 5))
    rng.shuffle(rows)
    places = rng.sample(range(6), 4)
    shuffled: Table = [[] for _ in range(rng.randrange(3))]
    for row in [0, *rows]:
        cells: list[str | float] = [""] * 6
        for place, value in zip(sorted(places), table[row], strict=True):
            cells[place] = value
        shuffled.append(cells)
        shuffled += [[] for _ in range(rng.randrange(2))]
    found = edits(compared(shuffled, sorted(places)[3]))
    if not edited:
        assert found == []
    else:
        at = next(n for n, cells in enumerate(shuffled, 1) if TABLE[target][0] in cells)
        assert found == [(at, sorted(places)[2], f"{TABLE[target][2]:g}", "99")]


def test_cells_are_carried_by_column_and_once_were_by_row() -> None:
    """Row 2: A and a formula 3; row 5: B and a yellow cell; row 6: 7 under the formula."""
    book = Book(BytesIO(), Words("en"), "", "", "")
    sheet = book.sheet("S", [10, 10])
    sheet.text(2, 0, "A")
    sheet.formula(2, 1, constant(3), "count")
    sheet.text(5, 0, "B")
    sheet.open(5, 1, "yes")
    sheet.number(6, 1, 7, "count")
    columns = sheet.locked_columns()
    assert columns == [[0, 0, [2, 3], ["A", "B"]], [1, 0, [6], [7]], [1, 1, [2], [3]]]
    rows = [[2, [[0, "A", 0], [1, 3, 1]]], [5, [[0, "B", 0]]], [6, [[1, 7, 0]]]]
    found, once = (
        written_sheet({"name": "S", "open": sheet.open_cells(), **cells})
        for cells in ({"columns": columns}, {"cells": rows})
    )
    assert found == once
    assert found.rows[2] == {0: ("A", False), 1: (3.0, True)}
    assert found.open_cells == {(5, 1)}


@settings(deadline=None)  # packing is what takes its time, and says nothing
@given(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False) | st.none()), st.integers(0, 99))
def test_what_is_carried_comes_back(values: dict[str, object], seed: int) -> None:
    rng = random.Random(seed)
    data = {"schema": "curriplan-review/1", "values": values, "filler": [rng.random() for _ in range(3000)]}
    lines = carried_lines(data)
    assert len(lines) >= 3
    assert all(len(line) < 32_000 and line.isascii() for line in lines)
    rng.shuffle(lines)
    assert carried_data(["other text", *lines]) == data
    for spoiled in (lines[1:], [], [lines[0][:-2] + "AA", *lines[1:]]):
        try:
            assert carried_data(spoiled) == data  # the last letters may happen to be these
        except DamagedError:
            continue


def test_a_workbook_packed_by_an_earlier_version_is_still_read() -> None:
    """Version 0.1.0 packed by zlib, as here; what is packed now is another format."""
    data = {"schema": CARRIED_SCHEMA, "cells": [["A", 1, "Ә"]] * 5_000}
    old = packed_by_zlib(data)
    assert carried_data(old) == carried_data(carried_lines(data)) == data
    assert old != carried_lines(data)
    with pytest.raises(DamagedError):
        carried_data([old[0][:-8], *old[1:]])


def test_what_unpacks_to_more_than_a_workbook_of_ours_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb of either format ends where its size is too large, not where memory ends."""
    monkeypatch.setattr(carried, "MOST_BYTES", 100_000)
    content = b" " * 100_001
    for packed in (lzma.compress(content, preset=0), zlib.compress(content, 1)):
        line = f"{CARRIED_SCHEMA}:1/1:{base64.b64encode(packed).decode('ascii')}"
        with pytest.raises(DamagedError):
            carried_data([line, f"{CARRIED_SCHEMA}:sha256:{'0' * 64}"])
