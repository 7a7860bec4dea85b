"""Cells of a sheet and what stands in them: each is written through here.

Catalog text only goes through `Grid.text`, formulas only through `Grid.formula`, which also
writes the value. Each sheet remembers its values, so that formulas can be built from them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Protocol

from curriplan.xlsx.legal import clean_text
from curriplan.xlsx.measure import column_pixels, lines_needed, row_points, text_pixels
from curriplan.xlsx.paper import DEFAULT_ROW_POINTS, MAX_ROW_POINTS
from curriplan.xlsx.shared import Shared
from curriplan.xlsx.styles import properties
from curriplan.xlsx.term import Range, Scalar, Term, cell, in_cell, quoted

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


MARGIN = 12
"""Pixels between a line of text and the edges of its cells."""
SEEN_WHEN_EMPTY = ("bg_color", "bottom", "locked")
"""Properties for which an empty cell is written; lines around it are drawn by a rule."""


def _for_value(style: str, value: Scalar) -> str:
    """Show whole hours without decimals: a pattern that hides zeros leaves a bare decimal mark.

    Parts of a module, such as thirds, are added up to 287.99999999999994 hours.
    """
    if isinstance(value, str) or value is None or math.isclose(value, round(value), abs_tol=1e-6):
        return style
    return style.replace("hours", "half_hours")


def _runs(filled: Set[int], lined: Set[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of the columns that stand side by side, where any of them is lined."""
    columns = sorted(filled | lined)
    for _, found in groupby(enumerate(columns), key=lambda one: one[1] - one[0]):
        run = [column for _, column in found]
        if not lined.isdisjoint(run):
            yield run[0], run[-1]


class Headed(Protocol):
    """What heads a column: the key of its text, and how many columns of the sheet it takes."""

    @property
    def key(self) -> str:
        """The key of its text."""

    @property
    def span(self) -> int:
        """How many columns of the sheet it takes."""


class Grid:
    """The cells of a sheet, and the values written to them so far."""

    def __init__(self, book: Shared, worksheet: Worksheet, name: str) -> None:
        self.book = book
        self.texts = book.texts
        self.name = name
        self.top = 0
        """Its first row; one above it is for the screen only, as a way back to the first sheet."""
        self.has_inputs = False
        """Whether there are yellow cells, in which readers write."""
        self.widths: tuple[float, ...] = ()
        self._worksheet = worksheet
        self._values: dict[tuple[int, int], Scalar] = {}
        self._heights: dict[int, float] = {}
        self._fixed_heights: dict[int, float] = {}
        self._formulas: set[tuple[int, int]] = set()
        self._open: set[tuple[int, int]] = set()
        self._lined: dict[int, set[int]] = {}
        """Columns of the empty cells with lines around them, by row."""
        self._last_row = 0

    def set_widths(self, widths: Sequence[float]) -> None:
        """Set the widths of the columns, in characters, before anything is written."""
        self.widths = tuple(widths)
        for place, width in enumerate(widths):
            self._worksheet.set_column(place, place, width, self.book.format(""))

    # Cells.

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Write any text: it can never become a formula, a link or a number."""
        shown = clean_text(text)
        self._note(row, column, shown)
        if shown:
            self._string(row, column, shown, style)
            self._grow(row, shown, style, column, column)
        else:
            self._blank(row, column, style)

    def _blank(self, row: int, column: int, style: str) -> None:
        """Leave a cell empty; one of which only the lines are seen is not written: see `_lined_areas`."""
        look = properties(style)
        if any(one in look for one in SEEN_WHEN_EMPTY):
            self._worksheet.write_blank(row, column, None, self.book.format(style))
        elif "border" in look:
            self._lined.setdefault(row, set()).add(column)

    def _lined_areas(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield rectangles of the empty cells that were not written, and filled ones between these."""
        filled: dict[int, set[int]] = {}
        for row, column in self._values:
            filled.setdefault(row, set()).add(column)
        began: dict[tuple[int, int], int] = {}
        for row in range(min(self._lined, default=0), max(self._lined, default=-1) + 2):
            runs = set(_runs(filled.get(row, set()), self._lined.get(row, set())))
            runs |= {one for one in began if filled.get(row, set()).issuperset(range(one[0], one[1] + 1))}
            for first, last in sorted(set(began) - runs):
                yield began.pop((first, last)), first, row - 1, last
            for one in runs:
                began.setdefault(one, row)

    def _note(self, row: int, column: int, value: Scalar) -> None:
        self._values[row, column] = value
        self._last_row = max(self._last_row, row)

    def cell(self, row: int, column: int, value: str | float, style: str) -> None:
        """Write a cell of a large table as it is: it is not remembered, nor is room made for it."""
        self._last_row = max(self._last_row, row)
        if isinstance(value, str):
            self._string(row, column, value, style)
        else:
            self._worksheet.write_number(row, column, value, self.book.format(style))

    def _string(self, row: int, column: int, text: str, style: str) -> None:
        look = self.book.format(style)
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would take it for markup of its own and write it as it is; in two parts it does not.
            self._worksheet.write_rich_string(row, column, text[:1], self.book.format(""), text[1:], look)
        else:
            self._worksheet.write_string(row, column, text, look)

    def number(self, row: int, column: int, value: float | None, style: str) -> None:
        """Write a number, or an empty cell."""
        self._note(row, column, value)
        if value is None:
            self._blank(row, column, style)
        else:
            look = self.book.format(_for_value(style, value))
            self._worksheet.write_number(row, column, value, look)

    def formula(self, row: int, column: int, term: Term, style: str) -> Term:
        """Write a formula with its value and return a reference to the cell."""
        value = "" if term.value is None else term.value
        self._note(row, column, value)
        self._formulas.add((row, column))
        text = "=" + in_cell(term.text, self.name, row)
        look = self.book.format(_for_value(style, value))
        self._worksheet.write_formula(row, column, text, look, value)
        return self.ref(row, column)

    def open(self, row: int, column: int, value: Scalar | Term, style: str = "open") -> None:
        """Write a yellow cell, in which a reader may write; empty or with a proposal."""
        self.put(row, column, "" if value is None else value, style)
        self.leave_uncompared(row, column)
        self.has_inputs = True

    def leave_uncompared(self, row: int, column: int) -> None:
        """Let a cell change: a review that comes back is not compared with what stands in it now."""
        self._open.add((row, column))

    def put(self, row: int, column: int, value: Scalar | Term, style: str) -> None:
        """Write a value by its type."""
        if isinstance(value, Term):
            self.formula(row, column, value, style)
        elif isinstance(value, str):
            self.text(row, column, value, style)
        else:
            self.number(row, column, value, style)

    def ref(self, row: int, column: int) -> Term:
        """Return a reference to a cell that was written."""
        return cell(self.name, row, column, self._values[row, column])

    def range(self, column: int, first: int, last: int) -> Range:
        """Return a stretch of a column that was written; first > last is empty."""
        values = tuple(self._values.get((row, column)) for row in range(first, last + 1))
        return Range(self.name, column, first, last, values)

    # Blocks.

    def across(self, row: int, text: str, style: str, first: int = 0, last: int | None = None) -> None:
        """Write text over several columns."""
        last = len(self.widths) - 1 if last is None else last
        shown = clean_text(text)
        self._note(row, first, shown)
        self._merge(row, first, last, style)
        if shown:
            self._string(row, first, shown, style)
        self._grow(row, shown, style, first, last)

    def formula_across(self, row: int, term: Term, style: str, first: int, last: int) -> Term:
        """Write a formula over several columns, the height from its value."""
        self._merge(row, first, last, style)
        reference = self.formula(row, first, term, style)
        self._grow(row, str(term.value), style, first, last)
        return reference

    def to_sign(self, row: int, style: str, first: int, last: int, text: str = "") -> None:
        """Leave cells for a pen, or for whoever fills them in on a screen: a review does not compare them."""
        self.put_across(row, text, f"{style} unlocked", first, last)
        self.leave_uncompared(row, first)

    def put_across(self, row: int, value: Scalar | Term, style: str, first: int, last: int) -> None:
        """Write a value by its type over several columns."""
        if isinstance(value, str) and last > first:
            self.across(row, value, style, first, last)
            return
        if isinstance(value, Term):
            self.formula_across(row, value, style, first, last)
            return
        self._merge(row, first, last, style)
        self.put(row, first, value, style)

    def _merge(self, row: int, first: int, last: int, style: str) -> None:
        if last > first:
            self._worksheet.merge_range(row, first, row, last, "", self.book.format(style))

    def _grow(self, row: int, text: str, style: str, first: int, last: int) -> None:
        """Make a row high enough for a text; what does not wrap takes one line."""
        look = properties(style)
        size, bold, indent = float(look["font_size"]), bool(look.get("bold")), int(look.get("indent", 0))
        pixels = sum(column_pixels(width) for width in self.widths[first : last + 1])
        wraps = look.get("text_wrap")
        lines = lines_needed(text, pixels, size, bold=bold, indent=indent) if wraps else 1
        self._heights[row] = max(self._heights.get(row, 0.0), row_points(lines, size))

    def height(self, row: int, points: float) -> None:
        """Fix a row's height in points."""
        self._fixed_heights[row] = points

    def points(self, first: int, last: int) -> float:
        """Return how high these rows are so far; none is higher than Excel allows."""
        heights = {**self._heights, **self._fixed_heights}
        found = (heights.get(row, DEFAULT_ROW_POINTS) for row in range(first, last + 1))
        return sum(min(one, MAX_ROW_POINTS) for one in found)

    def heading(self, title_key: str, how_key: str, **values: object) -> int:
        """Write the title and the line on how to read the sheet; return the next free row."""
        self.across(self.top, self.texts(title_key), "title")
        self.across(self.top + 1, self.texts(how_key, **values), "how")
        return self.top + 2

    def header(self, row: int, columns: Sequence[Headed], last: int | None = None) -> int:
        """Write the header of a table at `row`; return the row of the first record.

        The last column of the table stretches to the sheet's column `last`, if that is given.
        """
        place = 0
        for column in columns:
            stretched = last is not None and column is columns[-1]
            end = last if stretched else place + column.span - 1
            self.head(row, column.key, place, end)
            place += column.span
        return row + 1

    def head(self, row: int, key: str, first: int, last: int | None = None) -> None:
        """Write one heading of a table over columns: see `header`."""
        self.across(row, self.texts(key), "header", first, first if last is None else last)

    def row_of(self, text: str) -> int:
        """Return the first row that begins with a text, such as a heading; the top where none does."""
        return min(
            (row for (row, column), value in self._values.items() if column == 0 and value == text), default=0
        )

    def columns_for(self, text: str, size: float) -> int:
        """Return the last of the columns from the left that a line of text takes."""
        wanted, room = text_pixels(text, size), 0.0
        for column, width in enumerate(self.widths):
            room += column_pixels(width)
            if room >= wanted + MARGIN:
                return column
        return len(self.widths) - 1

    def link(
        self,
        row: int,
        column: int,
        target: str,
        text: str,
        style: str,
        target_row: int = 0,
        last: int | None = None,
    ) -> None:
        """Write a link to a row of a sheet of this workbook; its text is an id or a sheet's name."""
        last = column if last is None else last
        self._note(row, column, clean_text(text))
        self._merge(row, column, last, style)
        place = f"internal:{quoted(target)}A{target_row + 1}"
        self._worksheet.write_url(row, column, place, self.book.format(style), clean_text(text))
        self._grow(row, clean_text(text), style, column, last)

    def open_cells(self) -> list[tuple[int, int]]:
        """Return row and column of the cells that may change."""
        return sorted(self._open)

    def locked_columns(self) -> list[list[Any]]:
        """Return the filled cells that nobody may change, packed by column since alike stands below alike.

        Each is column, 1 for formulas, how many rows each cell stands below the one before, values.
        """
        found: dict[tuple[int, int], dict[int, Scalar]] = {}
        for (row, column), value in sorted(self._values.items()):
            if (row, column) not in self._open and value not in (None, ""):
                found.setdefault((column, int((row, column) in self._formulas)), {})[row] = value
        return [
            [column, formula, [row - above for above, row in pairwise((0, *cells))], list(cells.values())]
            for (column, formula), cells in sorted(found.items())
        ]
