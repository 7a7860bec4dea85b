"""Cells of a sheet that get another format, and the comments beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from curriplan.xlsx.marking.document import RELATIONS, Document, Node

Cell = tuple[int, int]
"""Row and column, from 1."""
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
AFTER_LEGACY = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "AlternateContent", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""What stands behind the drawing of the comments."""
TRUE = ("1", "true")
USUAL_WIDTH = 8.43
PIXELS_A_CHARACTER, PIXELS_BESIDE = 7, 5


def column_number(letters: str) -> int:
    """Return the number of a column, from 1.

    >>> column_number("A"), column_number("AA")
    (1, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column.

    >>> column_letters(1), column_letters(27)
    ('A', 'AA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def name_of(cell: Cell) -> str:
    """Return what Excel calls a cell."""
    return f"{column_letters(cell[1])}{cell[0]}"


def cell_named(name: str) -> Cell:
    """Return row and column of a cell that Excel calls so.

    Raises
    ------
    ValueError
        If it is no name of a cell.
    """
    found = REFERENCE.fullmatch(name)
    if found is None:
        raise ValueError(name)
    return int(found[2]), column_number(found[1])


@dataclass(frozen=True)
class _NumberedRow:
    number: int
    node: Node


class SheetPart:
    """The XML of a sheet on its way to coloured cells."""

    def __init__(self, data: bytes, rows: Collection[int]) -> None:
        """Parse a sheet; only of `rows` the cells are looked at."""
        self._wanted = rows
        self._row = 0
        self.document = Document(data, self._keep)
        self.root = self.document.root
        self._data = self.root.find("sheetData")
        if self._data is None:
            raise ValueError("no cells")
        self._rows = list(_numbered(self._data.children))

    def _keep(self, parent: Node, name: str, attributes: Mapping[str, str]) -> bool:
        if parent.name == "sheetData":
            self._row = int(attributes.get("r") or self._row + 1)
            return True
        if parent.name == "row":
            return name == "c" and self._row in self._wanted
        return parent.name != "c"

    @property
    def drawing_id(self) -> str | None:
        """The relation to the drawing that the comments have, where there is one."""
        node = self.root.find("legacyDrawing")
        return None if node is None else node.attributes.get("r:id")

    def refer_to_drawing(self, relation: str) -> None:
        """Name the drawing of the comments."""
        tag = self.root.tag("legacyDrawing")
        text = f'<{tag} xmlns:r="{RELATIONS}" r:id="{relation}"/>'
        names = [child.name for child in self.root.children]
        later = names[names.index("sheetData") :]
        self.document.put_before(self.root, [name for name in AFTER_LEGACY if name in later], text)

    def shown_cell(self, cell: Cell) -> Cell:
        """Return the cell that people see: of merged cells the first."""
        for (top, left), (bottom, right) in self._merged():
            if top <= cell[0] <= bottom and left <= cell[1] <= right:
                return top, left
        return cell

    def _merged(self) -> Iterator[tuple[Cell, Cell]]:
        block = self.root.find("mergeCells")
        for node in block.children if block else ():
            first, _, last = node.attributes.get("ref", "").partition(":")
            try:
                yield cell_named(first), cell_named(last or first)
            except ValueError:
                continue

    def is_hidden(self, cell: Cell) -> bool:
        """Say whether the row or the column of a cell is hidden."""
        row = next((row.node for row in self._rows if row.number == cell[0]), None)
        around = (row, self._column(cell[1]))
        return any(node is not None and node.attributes.get("hidden") in TRUE for node in around)

    def width_px(self, column: int) -> int:
        """Return about how wide a column is."""
        found = self._column(column)
        width = float(found.attributes.get("width", USUAL_WIDTH)) if found else USUAL_WIDTH
        return round(width * PIXELS_A_CHARACTER) + PIXELS_BESIDE

    def _column(self, column: int) -> Node | None:
        block = self.root.find("cols")
        for node in block.children if block else ():
            if int(node.attributes.get("min", 0)) <= column <= int(node.attributes.get("max", 0)):
                return node
        return None

    def restyle(self, cells: Iterable[Cell], style: Callable[[Cell, int], int]) -> None:
        """Give cells another format, also such as are not there.

        Parameters
        ----------
        style : callable
            Returns the number of the new format of a cell from that of the old one.
        """
        by_row: dict[int, list[int]] = {}
        for row, column in sorted({*cells}):
            by_row.setdefault(row, []).append(column)
        rows = {row.number: row for row in self._rows}
        for number, columns in by_row.items():
            if number in rows:
                self._restyle_row(rows[number], columns, style)
            else:
                made = "".join(self._new((number, column), 0, style) for column in columns)
                self._add_row(number, made)

    def _restyle_row(self, row: _NumberedRow, columns: list[int], style: Callable[[Cell, int], int]) -> None:
        known = dict(_in_columns(row.node.children))
        new: dict[int, str] = {}
        for column in columns:
            node = known.get(column)
            if node is None:
                own = row.node.attributes.get("s") if row.node.attributes.get("customFormat") else None
                new[column] = self._new((row.number, column), int(own or 0), style)
            else:
                old = int(node.attributes.get("s", 0))
                self.document.set(node, s=style((row.number, column), old))
        behind = sorted(known)
        for column, text in sorted(new.items()):
            following = next((one for one in behind if one > column), None)
            if following is not None:
                self.document.insert(known[following].start, text)
        last = [text for column, text in sorted(new.items()) if not behind or column > behind[-1]]
        if last:
            self.document.append(row.node, "".join(last))

    def _new(self, cell: Cell, of_row: int, style: Callable[[Cell, int], int]) -> str:
        assert self._data is not None
        column = self._column(cell[1])
        old = of_row or int(column.attributes.get("style", 0) if column else 0)
        return f'<{self._data.tag("c")} r="{name_of(cell)}" s="{style(cell, old)}"/>'

    def _add_row(self, number: int, cells: str) -> None:
        assert self._data is not None
        tag = self._data.tag("row")
        text = f'<{tag} r="{number}">{cells}</{tag}>'
        below = next((row for row in self._rows if row.number > number), None)
        if below is None:
            self.document.append(self._data, text)
        else:
            self.document.insert(below.node.start, text)


def _numbered(nodes: Iterable[Node]) -> Iterator[_NumberedRow]:
    """Yield the rows with their numbers, which a file may leave out."""
    number = 0
    for node in nodes:
        number = int(node.attributes.get("r") or number + 1)
        yield _NumberedRow(number, node)


def _in_columns(nodes: Iterable[Node]) -> Iterator[tuple[int, Node]]:
    column = 0
    for node in nodes:
        name = node.attributes.get("r")
        column = cell_named(name)[1] if name else column + 1
        yield column, node
