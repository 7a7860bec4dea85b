"""What a written workbook holds, read from its bytes."""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from io import BytesIO

from xlsxwriter.utility import xl_rowcol_to_cell

from workbooks.package import Cell, Package

SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
CELL = re.compile(r"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
Values = dict[tuple[str, str], object]


def sheet_xml(data: bytes) -> dict[str, str]:
    """Return the XML of each sheet by its part name."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = [name for name in package.namelist() if SHEET.fullmatch(name)]
        return {name: package.read(name).decode() for name in names}


def part_names(data: bytes) -> list[str]:
    """Return the names of the parts of the package."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.namelist()


def relations(data: bytes) -> set[str]:
    """Return the kinds of parts that the sheets refer to: a link out of the file would be one."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = [name for name in package.namelist() if "worksheets/_rels/" in name]
        text = "".join(package.read(name).decode() for name in names)
    return {kind.rsplit("/", 1)[1] for kind in re.findall(r'Type="([^"]*)"', text)}


def formula_cells(data: bytes) -> list[str]:
    """Return the XML of every cell that has a formula."""
    return [cell for xml in sheet_xml(data).values() for cell in CELL.findall(xml) if "<f>" in cell]


@lru_cache(48)
def package_of(data: bytes) -> Package:
    """Return a workbook parsed: what is read of it costs little, to parse it much."""
    return Package(data)


@lru_cache(48)
def _cells(data: bytes) -> dict[tuple[str, str], Cell]:
    """Return the cells by sheet and address."""
    sheets = package_of(data).sheets.values()
    return {(one.name, xl_rowcol_to_cell(*at)): cell for one in sheets for at, cell in one.cells.items()}


def formulas(data: bytes) -> Values:
    """Return every formula by sheet and cell."""
    return {at: f"={cell.formula}" for at, cell in _cells(data).items() if cell.formula is not None}


def values(data: bytes) -> Values:
    """Return every cached value by sheet and cell, empty cells left out."""
    return {at: _value(cell) for at, cell in _cells(data).items() if cell.value}


def _value(cell: Cell) -> object:
    text = cell.value or ""
    if cell.kind == "b":
        return bool(int(text))
    if cell.kind == "s":
        return text.replace("x005F_", "")  # how a text that looks like an escape is written
    if not cell.is_number:
        return text
    return float(text) if set(text) & set(".eE") else int(text)


def differences(one: Values, other: Values, places: Values) -> dict[tuple[str, str], tuple[object, object]]:
    """Return the cells of `places` whose values differ, numbers by more than a billionth."""
    found = {}
    for place in places:
        left, right = (_plain(side.get(place)) for side in (one, other))
        both = isinstance(left, float) and isinstance(right, float)
        same = abs(left - right) <= 1e-9 * max(1.0, abs(left)) if both else left == right  # type: ignore[operator]
        if not same:
            found[place] = (left, right)
    return found


def _plain(value: object) -> object:
    """Compare 3 and 3.0 as equal, and an empty text as an empty cell."""
    if value is None or value == "":
        return None
    return float(value) if isinstance(value, int | float) else value


def poisoned(data: bytes) -> bytes:
    """Return the workbook with the cached value of its first numeric formula changed."""
    out = BytesIO()
    done = False
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            if SHEET.fullmatch(name) and not done:
                text, count = re.subn(r"(</f><v>)(\d)", r"\g<1>9\g<2>", part.decode(), count=1)
                done, part = count == 1, text.encode()
            copy.writestr(name, part)
    assert done
    return out.getvalue()
