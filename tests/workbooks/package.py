"""A workbook as the parts of its package, parsed; nothing here knows what the sheets are about."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from xlsxwriter.utility import xl_cell_to_rowcol

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"


class Cell(NamedTuple):
    """A cell as it stands in the file."""

    row: int
    column: int
    style: int
    kind: str
    formula: str | None
    value: str | None
    """The cached or written value; of a shared string, its text."""

    @property
    def is_number(self) -> bool:
        return self.kind in ("", "n") and self.value is not None


Box = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


def box_of(reference: str) -> Box:
    """Return the corners of a reference such as ``A1:C3``."""
    first, _, last = reference.replace("$", "").partition(":")
    top, bottom = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last or first)
    return (*top, *bottom)


def overlap(one: Box, other: Box) -> bool:
    """Say whether two boxes share a cell."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


@cache
def _column_of(letters: str) -> int:
    return xl_cell_to_rowcol(f"{letters}1")[1]


def _place_of(address: str) -> tuple[int, int]:
    """Return row and column of a cell, from 0; there are thousands of cells, and few columns."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, _column_of(letters)


@dataclass
class Package:
    """The parts of a workbook."""

    data: bytes
    parts: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(BytesIO(self.data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}

    def xml(self, name: str) -> Element:
        """Return a part, parsed."""
        root: Element = ElementTree.fromstring(self.parts[name])
        return root

    def targets(self, name: str) -> dict[str, str]:
        """Return the parts that a part refers to, by relationship id; external ones as they are."""
        folder, _, file = name.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        if relations not in self.parts:
            return {}
        found = {}
        for one in self.xml(relations):
            target = one.get("Target", "")
            outside = one.get("TargetMode") == "External"
            inside = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            found[one.get("Id", "")] = target if outside or target.startswith("#") else inside
        return found

    @cached_property
    def book(self) -> Element:
        return self.xml("xl/workbook.xml")

    @cached_property
    def sheet_parts(self) -> dict[str, str]:
        """The part of each sheet by its name, in the order of the tabs."""
        targets = self.targets("xl/workbook.xml")
        return {one.get("name", ""): targets[one.get(LINKED, "")] for one in self.book.iter(f"{MAIN}sheet")}

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The worksheets by name."""
        named = {name: part for name, part in self.sheet_parts.items() if "/worksheets/" in part}
        return {name: Sheet(self, name, part) for name, part in named.items()}

    @cached_property
    def defined_names(self) -> list[tuple[str, str | None, str]]:
        """Name, sheet (None: the whole workbook) and text of each defined name."""
        tabs = list(self.sheet_parts)
        found = []
        for one in self.book.iter(f"{MAIN}definedName"):
            local = one.get("localSheetId")
            sheet = tabs[int(local)] if local is not None else None
            found.append((one.get("name", ""), sheet, one.text or ""))
        return found

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        if "xl/sharedStrings.xml" not in self.parts:
            return []
        root = self.xml("xl/sharedStrings.xml")
        return ["".join(text.text or "" for text in one.iter(f"{MAIN}t")) for one in root]

    @cached_property
    def styles(self) -> Element:
        return self.xml("xl/styles.xml")

    def formats(self) -> list[tuple[str, dict[str, str]]]:
        """Return the number format and the font of each cell style, in the order of their numbers."""
        own = {one.get("numFmtId"): one.get("formatCode", "") for one in self.styles.iter(f"{MAIN}numFmt")}
        block = self.styles.find(f"{MAIN}fonts")
        fonts = [_font(one) for one in block] if block is not None else []
        styles = self.styles.find(f"{MAIN}cellXfs")
        assert styles is not None
        built_in = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"}
        found = []
        for one in styles:
            number = one.get("numFmtId", "0")
            code = own.get(number) or built_in.get(number, "General")
            font = fonts[int(one.get("fontId", "0"))]
            found.append((code, {**font, "header": "1" if _is_header(one, font) else "0"}))
        return found


def _is_header(style: Element, font: dict[str, str]) -> bool:
    """Say whether a style is that of the header of a table: bold, wrapped, in the middle of its column."""
    align = style.find(f"{MAIN}alignment")
    return (
        font["bold"] == "1"
        and align is not None
        and align.get("horizontal") == "center"
        and align.get("wrapText") == "1"
        and align.get("textRotation", "0") == "0"
    )


def _font(font: Element) -> dict[str, str]:
    found = {one.tag.removeprefix(MAIN): one.get("val", "1") for one in font}
    return {"name": found.get("name", ""), "size": found.get("sz", "11"), "bold": found.get("b", "0")}


@dataclass
class Sheet:
    """A worksheet."""

    package: Package
    name: str
    part: str

    @cached_property
    def root(self) -> Element:
        return self.package.xml(self.part)

    def find(self, tag: str) -> Element | None:
        return self.root.find(f".//{MAIN}{tag}")

    def all(self, tag: str) -> Iterator[Element]:
        return self.root.iter(f"{MAIN}{tag}")

    @cached_property
    def cells(self) -> dict[tuple[int, int], Cell]:
        """The cells that hold something, by row and column."""
        found = {}
        for one in self.all("c"):
            row, column = _place_of(one.get("r", ""))
            formula, value = one.find(f"{MAIN}f"), one.find(f"{MAIN}v")
            if formula is None and value is None and one.find(f"{MAIN}is") is None:
                continue
            text = value.text if value is not None else None
            kind = one.get("t", "")
            if kind == "s" and text is not None:
                text = self.package.strings[int(text)]
            wanted = formula.text or "" if formula is not None else None
            found[row, column] = Cell(row, column, int(one.get("s", "0")), kind, wanted, text)
        return found

    @cached_property
    def merged(self) -> list[Box]:
        return [box_of(one.get("ref", "")) for one in self.all("mergeCell")]

    @cached_property
    def tables(self) -> list[Element]:
        parts = [part for part in self.package.targets(self.part).values() if "/tables/" in part]
        return [self.package.xml(part) for part in parts]

    def widths(self) -> dict[int, float]:
        """Return the width of each column in characters."""
        found = {}
        for one in self.all("col"):
            for column in range(int(one.get("min", "1")) - 1, min(int(one.get("max", "1")), 200)):
                found[column] = 0.0 if one.get("hidden") == "1" else float(one.get("width", "8.43"))
        return found

    def anchors(self) -> list[tuple[tuple[int, int, int, int], tuple[int, int, int, int]]]:
        """Return each drawing's corners: (row, offset, column, offset) from and to."""
        found = []
        for part in self.package.targets(self.part).values():
            if "/drawings/drawing" in part:
                for anchor in self.package.xml(part):
                    ends = [anchor.find(f"{DRAWING}{end}") for end in ("from", "to")]
                    if None not in ends:
                        found.append((_corner(ends[0]), _corner(ends[1])))
        return found


def _corner(place: Element | None) -> tuple[int, int, int, int]:
    assert place is not None
    names = ("row", "rowOff", "col", "colOff")
    row, down, column, right = (int(place.findtext(f"{DRAWING}{name}", "0")) for name in names)
    return row, down, column, right


def formula_texts(package: Package) -> Iterator[tuple[str, str]]:
    """Yield (where, text) of everything in the file that is read as a formula or as a reference."""
    for name in sorted(package.parts):
        if not name.endswith(".xml") or not name.startswith("xl/"):
            continue
        for one in package.xml(name).iter():
            tag = one.tag.rpartition("}")[2]
            if tag in ("f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"):
                yield f"{name} {tag}", one.text or ""
