"""Faults planted in a catalog: `check` says all of them at once, and a marked copy marks exactly their cells.

The oracle is `check` itself of a catalog with one fault alone: what it says there is said whatever else is
wrong, unless it is named among what could not be checked.
"""

from __future__ import annotations

import csv
import random
import shutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils import get_column_letter

import curriplan
from curriplan.api.reading import Reading, read
from curriplan.catalog.reading.bundled import bundled_folder
from curriplan.catalog.reading.types import column_types, required_columns
from curriplan.catalog.records import RECORD_OF_TABLE
from curriplan.cli.app import main

Said = tuple[str, str, int, str]
"""Code, table, row and column."""


@dataclass(frozen=True)
class Fault:
    """A cell and what is written in it; the header is row 1."""

    table: str
    row: int
    column: str
    text: str


@cache
def _source() -> Path:
    folder = bundled_folder("kz-digital-college")
    assert folder is not None
    return folder


@cache
def _rows(table: str) -> tuple[tuple[str, ...], ...]:
    with (_source() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(tuple(row) for row in csv.reader(file))


def _draw(chance: random.Random) -> Fault:
    """Return a fault that is one for certain: a cell of a type that it has not, empty, or of nobody."""
    tables = sorted({path.stem for path in _source().glob("*.csv")} - {"profile"})
    while True:
        table = chance.choice(tables)
        record = RECORD_OF_TABLE[table]
        column = chance.choice(_rows(table)[0])
        kind = column_types(record)[column]
        texts = ["abc", "-7", "5-7"] if kind.is_number else []
        texts += ["zzz"] if kind.words else ["b d!"] if kind.pattern else []
        texts += ["NOBODY"] if record.column_info(column)["references"] else []
        texts += [""] if column in required_columns(record) else []
        if texts and not kind.many:
            return Fault(table, chance.randrange(2, len(_rows(table)) + 1), column, chance.choice(texts))


def _draw_all(chance: random.Random, count: int) -> list[Fault]:
    """Return faults of rows that differ."""
    found: dict[tuple[str, int], Fault] = {}
    while len(found) < count:
        fault = _draw(chance)
        found.setdefault((fault.table, fault.row), fault)
    return list(found.values())


def _checked(faults: list[Fault], folder: Path) -> tuple[set[Said], Reading]:
    """Return what is said of the bundled catalog with some faults."""
    target = folder / "catalog"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_source(), target)
    for table in {fault.table for fault in faults}:
        rows = [list(row) for row in _rows(table)]
        for fault in (fault for fault in faults if fault.table == table):
            rows[fault.row - 1][rows[0].index(fault.column)] = fault.text
        with (target / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    reading = read(target)
    said = {
        (issue.code, Path(issue.place.file).stem, issue.place.row or 0, issue.place.column or "")
        for issue in reading.errors
        if issue.place
    }
    return said, reading


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_said_of_one_fault_is_said_of_many(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    alone = {fault: _checked([fault], tmp_path)[0] for fault in _draw_all(chance, 12)}
    for fault, said in alone.items():
        assert (fault.table, fault.row, fault.column) in {one[1:] for one in said}, fault
    for count in (2, 5, 12):
        faults = chance.sample(sorted(alone, key=repr), count)
        together, reading = _checked(faults, tmp_path)
        wanted = set().union(*(alone[fault] for fault in faults))
        assert together <= wanted, "nothing is said of rows that are right"
        planted = {(fault.table, fault.row, fault.column) for fault in faults}
        assert planted <= {one[1:] for one in together}
        assert together == wanted or any(one.whole for one in reading.unchecked)


def test_what_is_said_is_true_whatever_the_bad_cell_should_be(tmp_path: Path) -> None:
    """Mended with what stands in other rows of its column: nothing that was said is taken back."""
    chance = random.Random(5)
    for fault in (one for one in _draw_all(chance, 9) if one.text != "NOBODY"):
        said = _issues(_checked([fault], tmp_path)[1], fault)
        column = _rows(fault.table)[0].index(fault.column)
        others = sorted({row[column] for row in _rows(fault.table)[1:]} - {""})
        for text in chance.sample(others, min(2, len(others))):
            mended = replace(fault, text=text)
            assert said <= _issues(_checked([mended], tmp_path)[1], mended), mended


def _issues(reading: Reading, fault: Fault) -> set[tuple[str, str, str]]:
    """Return everything that is said, but of the cell of a fault."""
    return {
        (issue.code, str(issue.place), issue.found())
        for issue in reading.issues
        if issue.place
        and (Path(issue.place.file).stem, issue.place.row, issue.place.column)
        != (fault.table, fault.row, fault.column)
    }


def test_a_marked_copy_marks_exactly_the_faulty_cells(tmp_path: Path) -> None:
    """All sheets of a workbook with twelve faults: the cells that are coloured are those of the errors."""
    book, copy = tmp_path / "catalog.xlsx", tmp_path / "marked.xlsx"
    curriplan.save_catalog(curriplan.read_catalog("kz-digital-college").require(), book)
    opened = openpyxl.load_workbook(book)
    faults = [fault for fault in _draw_all(random.Random(7), 14) if fault.text]
    headers = {one: [cell.value for cell in opened[one][1]] for one in {fault.table for fault in faults}}
    for fault in faults:
        opened[fault.table].cell(fault.row, headers[fault.table].index(fault.column) + 1).value = fault.text
    opened.save(book)
    planted = {
        (fault.table, f"{get_column_letter(headers[fault.table].index(fault.column) + 1)}{fault.row}")
        for fault in faults
    }

    done = CliRunner().invoke(main, ["check", str(book), "--mark", str(copy), "--lang", "kk"])
    assert done.exit_code == 3
    reading = read(book)
    wrong = {(one.place.sheet, f"{one.place.column}{one.place.row}") for one in reading.errors if one.place}
    assert planted <= wrong
    marked = openpyxl.load_workbook(copy)
    red = {
        (sheet.title, cell.coordinate)
        for sheet in marked
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFC7CE"
    }
    assert red == wrong
    for sheet, cell in wrong:
        assert marked[sheet][cell].comment.text.startswith("Қате: ")
