"""The sheets of a working curriculum: cells, merged ranges, and what is hidden."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from curriplan.catalog.raw import MAX_COLUMNS, number_text
from curriplan.catalog.workbook import GridCell, SheetGrid, read_sheets
from curriplan.errors import Place

WORKBOOK_PART = "xl/workbook.xml"
RELATIONS_PART = "xl/_rels/workbook.xml.rels"
MAX_MERGES = 20_000
"""Merged ranges of a sheet that are looked at."""
# The lengths of tags are bounded: a hostile part may hold a million that never end.
MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,300}\bref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]{0,500}>")
ROW = re.compile(rb"<(?:\w+:)?row\b[^>]{0,500}>")
ATTRIBUTE = re.compile(rb"(\w+)=\"([^\"]*)\"")
TRUE = (b"1", b"true")


@dataclass(frozen=True)
class Merge:
    """A merged range: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Say whether a cell lies in the range."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Sheet:
    """A sheet with what a person sees of it."""

    file: str
    grid: SheetGrid
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """The name on its tab."""
        return self.grid.name

    def cell(self, row: int, column: int) -> GridCell | None:
        """Return a filled cell, else None."""
        return self.grid.rows.get(row, {}).get(column)

    def text(self, row: int, column: int) -> str:
        """Return what a cell says, a number as text, an empty cell as an empty text."""
        cell = self.cell(row, column)
        return "" if cell is None else value_text(cell)

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """Return the place of the sheet, a row or a cell."""
        return self.grid.place(self.file, row, column)


def value_text(cell: GridCell) -> str:
    """Return the value of a cell as text."""
    if cell.value is None:
        return ""
    return number_text(cell.value) if isinstance(cell.value, float) else cell.value.strip()


def read_book(path: Path, label: str | None = None) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook that may come from anywhere.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, encrypted, or too large.
    """
    file = label if label is not None else str(path)
    grids = read_sheets(path, label)
    shapes = _shapes(path)
    return tuple(Sheet(file, grid, *shapes.get(grid.name, ())) for grid in grids)


_Shape = tuple[bool, tuple[Merge, ...], frozenset[int], frozenset[int]]


def _shapes(path: Path) -> dict[str, _Shape]:
    """Return whether each sheet is hidden, and what its XML says beside the cells, by name.

    The archive has been guarded before. A part that cannot be read has no merged ranges and nothing
    hidden: the cells were read already.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            targets = dict(_targets(archive.read(RELATIONS_PART)))
            nodes = [node for node in fromstring(archive.read(WORKBOOK_PART)).iter() if _is_sheet(node.tag)]
            return {node.get("name", ""): _shape(archive, targets, node.attrib) for node in nodes}
    except (DefusedXmlException, KeyError, OSError, ParseError, RuntimeError, ValueError, zipfile.BadZipFile):
        return {}


def _is_sheet(tag: object) -> bool:
    return isinstance(tag, str) and tag.endswith("}sheet")


def _shape(archive: zipfile.ZipFile, targets: Mapping[str, str], sheet: Mapping[str, str]) -> _Shape:
    link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
    part = targets.get(link, "")
    content = archive.read(part) if part in archive.NameToInfo else b""
    hidden = sheet.get("state", "visible") != "visible"
    return hidden, tuple(_merges(content)), *_hidden(content)


def _targets(relations: bytes) -> Iterator[tuple[str, str]]:
    for node in fromstring(relations).iter():
        target = node.get("Target", "")
        if target:
            yield node.get("Id", ""), target.lstrip("/") if target[0] == "/" else normpath(f"xl/{target}")


def _merges(part: bytes) -> Iterator[Merge]:
    for count, found in enumerate(MERGE.finditer(part)):
        if count >= MAX_MERGES:
            return
        left, top, right, bottom = found.groups()
        yield Merge(int(top), _column(left), int(bottom), _column(right))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _hidden(part: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Return the hidden rows (from 1) and columns (from 0) of a sheet."""
    columns: set[int] = set()
    for tag in COLUMN.findall(part):
        values = dict(ATTRIBUTE.findall(tag))
        if values.get(b"hidden") in TRUE and values.get(b"min", b"").isdigit():
            last = values.get(b"max", b"")
            end = int(last) if last.isdigit() else int(values[b"min"])
            columns.update(range(int(values[b"min"]) - 1, min(end, MAX_COLUMNS)))
    tags = (dict(ATTRIBUTE.findall(tag)) for tag in ROW.findall(part) if b"hidden" in tag)
    rows = {int(one[b"r"]) for one in tags if one.get(b"hidden") in TRUE and one.get(b"r", b"").isdigit()}
    return frozenset(rows), frozenset(columns)
