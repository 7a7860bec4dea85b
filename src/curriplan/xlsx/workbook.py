"""A thin layer over XlsxWriter: every cell of the workbook is written through it.

Catalog text only goes through `Sheet.text`, formulas only through `Sheet.formula`, which also
writes the value. Each sheet remembers its values, so that formulas can be built from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from curriplan.texts.words import Words
from curriplan.xlsx.charts import Cells, Figure, draw
from curriplan.xlsx.formula import Range, Scalar, Term, cell, quoted
from curriplan.xlsx.measure import PIXELS_PER_POINT, column_pixels, lines_needed, row_points
from curriplan.xlsx.styles import HEAT, STYLES, properties

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as DrawnChart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""A fixed date of creation: the same plan gives the same bytes on any day."""

INPUT_PROPERTY = "curriplan input SHA-256"
"""Custom property that tells which catalog a workbook was made from."""

MAX_TEXT = 32_767
CUT_MARK = " […]"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MAX_SHEET_NAME = 31
MAX_LIST = 255
"""Characters of a list to choose from."""
ALLOWED = (
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_columns",
    "insert_rows",
    "sort",
    "autofilter",
)
"""What a reader may do on a protected sheet."""
MAX_ROW_POINTS = 409
DEFAULT_ROW_POINTS = 15.0
PAPER_A4 = 9
PAGE_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
"""Inches; the footer stands in the lower one."""


@dataclass(frozen=True)
class Page:
    """What A4 leaves for the cells, in points: a little less in height, for the rounding of rows."""

    width: float
    height: float


LANDSCAPE = Page((11.69 - 0.8) * 72, (8.27 - 1.1) * 72 * 0.98)
PORTRAIT = Page((8.27 - 0.8) * 72, (11.69 - 1.1) * 72 * 0.98)
DETAIL_TAB = "#9AA5B1"
"""Tabs of sheets that are not printed."""


CHART_POINTS, LEAST_CHART_POINTS, MOST_CHART_POINTS = 7.0, 8.0, 13.0
"""Letters of charts on paper, and the smallest and largest on a screen."""
CHART_ROW_POINTS = 15.5
"""Height of rows that only carry a chart: said, since programs differ in what they take for usual."""
CHART_MARGIN = 4
"""Pixels between a chart and the edges of its cells."""


def clean_text(text: str) -> str:
    """Return text that a cell can hold: no control characters, no more than Excel allows."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Excel counts UTF-16 units: a letter beyond the basic plane is two of them.
    if len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
        return text
    room = (MAX_TEXT - len(CUT_MARK)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT_MARK


def unique_sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a legal sheet name that differs from those taken, letter case apart."""
    base = _NOT_IN_NAMES.sub(" ", clean_text(wanted)).strip("' ") or "-"
    used = {name.casefold() for name in taken} | {"history"}
    name, count = base[:MAX_SHEET_NAME].strip("' "), 1
    while name.casefold() in used:
        count += 1
        tail = f" ({count})"
        name = base[: MAX_SHEET_NAME - len(tail)].rstrip("' ") + tail
    return name


def page_breaks(
    blocks: Iterable[tuple[int, int]],
    heights: Mapping[int, float],
    page: float,
    repeated: tuple[int, int] | None = None,
) -> list[int]:
    """Return the rows with which pages begin, so that no block is torn.

    Pages are filled row by row as a printer does. Every page is said, not only those that a block
    moves: programs differ a little in how much a page holds, and the blocks after would be torn.
    A block longer than a page is left alone; of several blocks that begin in one row, the longest that
    fits on a page counts.
    """
    ends: dict[int, list[int]] = {}
    for first, end in sorted(blocks):
        ends.setdefault(first, []).insert(0, end)
    last = max([*heights, *(one for found in ends.values() for one in found)], default=-1)
    size = [heights.get(row, DEFAULT_ROW_POINTS) for row in range(last + 1)]
    head = sum(size[repeated[0] : repeated[1] + 1]) if repeated else 0.0
    breaks, used = [], 0.0
    for row in range(last + 1):
        fresh = head if repeated and row > repeated[1] else 0.0
        blocks_here = (sum(size[row : end + 1]) for end in ends.get(row, ()))
        whole = next((height for height in blocks_here if fresh + height <= page), 0.0)
        full = used + size[row] > page
        torn = used + whole > page
        if full or torn:
            breaks.append(row)
            used = fresh
        used += size[row]
    return breaks


def _for_value(style: str, value: Scalar) -> str:
    """Show whole hours without decimals: a pattern that hides zeros leaves a bare decimal mark."""
    if isinstance(value, str) or value is None or float(value).is_integer():
        return style
    return style.replace("hours", "half_hours")


@dataclass(frozen=True)
class Box:
    """The cells that a chart lies over, rows and columns inclusive, and nothing else."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Headed(Protocol):
    """What heads a column: the key of its text, and how many columns of the sheet it takes."""

    @property
    def key(self) -> str:
        """The key of its text."""

    @property
    def span(self) -> int:
        """How many columns of the sheet it takes."""


class Book:
    """The workbook under construction."""

    def __init__(
        self,
        target: Path | str | IO[bytes],
        texts: Words,
        footer: str,
        title: str,
        sha256: str,
        *,
        prints_details: bool = False,
    ) -> None:
        import xlsxwriter

        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.texts = texts
        self._workbook = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        self._workbook.set_properties({"title": clean_text(title)[:200], "created": CREATED})
        self._workbook.set_custom_property(INPUT_PROPERTY, sha256)
        self._workbook.set_calc_mode("auto")
        self._formats: dict[str, Format] = {}
        self._sheets: list[Sheet] = []
        self._footer = footer
        self.prints_details = prints_details
        """Whether the sheets of details are printed as well."""

    def format(self, names: str) -> Format:
        """Return the format of one style or several, made once."""
        if names not in self._formats:
            self._formats[names] = self._workbook.add_format(properties(names))
        return self._formats[names]

    def conditional(self, style: str) -> Format:
        """Return a format for a conditional rule: only what differs from the cell's own."""
        name = f"if:{style}"
        if name not in self._formats:
            self._formats[name] = self._workbook.add_format(dict(STYLES[style]))
        return self._formats[name]

    def sheet(
        self,
        name: str,
        widths: Sequence[float] = (),
        *,
        is_detail: bool = False,
        is_portrait: bool = False,
    ) -> Sheet:
        """Add a sheet with its page set-up.

        Parameters
        ----------
        widths : sequence of float
            In characters, now or by `Sheet.set_widths`.
        is_detail : bool
            Whether it is for the screen: printed only where the book prints details.
        is_portrait : bool
            Whether its pages stand upright.
        """
        from curriplan.xlsx.plain import PlainWorksheet

        legal = unique_sheet_name(name, (sheet.name for sheet in self._sheets))
        worksheet = self._workbook.add_worksheet(legal, PlainWorksheet)
        if not is_portrait:
            worksheet.set_landscape()
        worksheet.set_paper(PAPER_A4)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(**PAGE_MARGINS)
        worksheet.set_footer(self._footer)
        worksheet.hide_gridlines(2)
        sheet = Sheet(self, worksheet, legal, PORTRAIT if is_portrait else LANDSCAPE)
        sheet.is_detail = is_detail
        sheet.set_widths(widths)
        if is_detail:
            sheet.tab(DETAIL_TAB)
        self._sheets.append(sheet)
        return sheet

    def draw(self, figure: Figure, points: float) -> DrawnChart:
        """Return the chart of a figure, its letters so many points high."""
        return draw(self._workbook, figure, points)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets so far, in the order of the tabs."""
        return tuple(self._sheets)

    def growing_list(self, name: str, sheet: str, column: int) -> None:
        """Name the cells of a column below its header, to its last filled one, however many there will be."""
        from xlsxwriter.utility import xl_col_to_name

        letter = xl_col_to_name(column)
        whole = f"{quoted(sheet)}${letter}:${letter}"
        last = f"INDEX({whole},MAX(2,COUNTA({whole})))"
        self._workbook.define_name(name, f"={quoted(sheet)}${letter}$2:{last}")

    def fixed_list(self, name: str, sheet: str, column: int, first: int, last: int) -> None:
        """Name a stretch of a column."""
        from xlsxwriter.utility import xl_range_abs

        cells = xl_range_abs(first, column, last, column)
        self._workbook.define_name(name, f"={quoted(sheet)}{cells}")

    def property(self, name: str, value: str) -> None:
        """Set a custom property of the file."""
        self._workbook.set_custom_property(name, value)

    def close(self) -> None:
        """Set the heights of the rows and write the file."""
        for sheet in self._sheets:
            sheet.finish()
        self._workbook.close()


class Sheet:
    """One sheet, and the values written to it so far."""

    def __init__(self, book: Book, worksheet: Worksheet, name: str, page: Page) -> None:
        self.book = book
        self.texts = book.texts
        self.name = name
        self.is_detail = False
        self._page = page
        self.widths: tuple[float, ...] = ()
        self._worksheet = worksheet
        self._values: dict[tuple[int, int], Scalar] = {}
        self._heights: dict[int, float] = {}
        self._fixed_heights: dict[int, float] = {}
        self._blocks: list[tuple[int, int]] = []
        self._formulas: set[tuple[int, int]] = set()
        self._open: set[tuple[int, int]] = set()
        self._repeated: tuple[int, int] | None = None
        self._charts: list[tuple[Box, Figure]] = []
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
            self._worksheet.write_blank(row, column, None, self.book.format(style))

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
            self._worksheet.write_blank(row, column, None, self.book.format(style))
        else:
            look = self.book.format(_for_value(style, value))
            self._worksheet.write_number(row, column, value, look)

    def formula(self, row: int, column: int, term: Term, style: str) -> Term:
        """Write a formula with its value and return a reference to the cell."""
        value = "" if term.value is None else term.value
        self._note(row, column, value)
        self._formulas.add((row, column))
        text = "=" + term.text.replace(quoted(self.name), "")
        look = self.book.format(_for_value(style, value))
        self._worksheet.write_formula(row, column, text, look, value)
        return self.ref(row, column)

    def open(self, row: int, column: int, value: Scalar | Term, style: str = "open") -> None:
        """Write a yellow cell, in which a reader may write; empty or with a proposal."""
        self.put(row, column, "" if value is None else value, style)
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

    def to_sign(self, row: int, style: str, first: int, last: int) -> None:
        """Leave cells for a pen, or for whoever fills them in on a screen: a review does not compare them."""
        self.put_across(row, "", style, first, last)
        self._open.add((row, first))

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

    def finish(self) -> None:
        """Set the heights of all rows and the page breaks that the blocks ask for."""
        heights = {**self._heights, **self._fixed_heights}
        for row, points in heights.items():
            self._worksheet.set_row(row, min(points, MAX_ROW_POINTS))
        breaks = page_breaks(self._blocks, heights, self._printed_points(), self._repeated)
        if breaks:
            self._worksheet.set_h_pagebreaks(breaks)
        for box, figure in self._charts:
            self._insert(box, figure)
        if self.is_detail and not self.book.prints_details:
            # Programs leave out a page without content, also of a print area (Microsoft's KB 288968).
            empty = self._last_row + 2
            self._worksheet.print_area(empty, 0, empty, 0)

    def _printed_points(self) -> float:
        """Return the points of rows that a page holds: fitting to the width scales the height too."""
        return self._page.height / self._scale()

    def _scale(self) -> float:
        """Return how much a page shrinks the sheet so that its columns fit."""
        wide = sum(column_pixels(width) for width in self.widths) / PIXELS_PER_POINT
        return min(1.0, self._page.width / wide)

    # Charts.

    def cells(self, first_row: int, first_column: int, last_row: int, last_column: int) -> Cells:
        """Return cells that a chart is drawn from."""
        rows, columns = range(first_row, last_row + 1), range(first_column, last_column + 1)
        found = [self._values.get((row, column)) for row in rows for column in columns]
        numbers = tuple(None if one is None or isinstance(one, str) else float(one) for one in found)
        return Cells(self.name, first_row, first_column, last_row, last_column, numbers)

    def points(self, first: int, last: int) -> float:
        """Return how high these rows are so far."""
        heights = {**self._heights, **self._fixed_heights}
        return sum(heights.get(row, DEFAULT_ROW_POINTS) for row in range(first, last + 1))

    def room(self, row: int) -> float:
        """Return the points below a row that is printed on top of a page, under the repeated rows."""
        head = self.points(*self._repeated) if self._repeated else 0.0
        return self._printed_points() - head - self.points(row, row)

    def letters(self) -> float:
        """Return the size of the letters of a chart: large where the page shrinks the sheet."""
        return min(max(round(CHART_POINTS / self._scale()), LEAST_CHART_POINTS), MOST_CHART_POINTS)

    def chart(self, figure: Figure, box: Box) -> None:
        """Lay a chart over empty cells that are kept for it; its size is theirs."""
        for row in range(box.first_row, box.last_row + 1):
            self._heights.setdefault(row, CHART_ROW_POINTS)
        self._charts.append((box, figure))

    def _insert(self, box: Box, figure: Figure) -> None:
        """Insert a chart over its cells, a little smaller than they are."""
        wide = sum(int(column_pixels(one)) for one in self.widths[box.first_column : box.last_column + 1])
        heights = {**self._heights, **self._fixed_heights}
        high = sum(int(heights[row] * PIXELS_PER_POINT) for row in range(box.first_row, box.last_row + 1))
        chart = self.book.draw(figure, self.letters())
        chart.set_size({"width": wide - 2 * CHART_MARGIN, "height": high - 2 * CHART_MARGIN})
        place: dict[str, Any] = {"x_offset": CHART_MARGIN, "y_offset": CHART_MARGIN, "object_position": 2}
        place["description"] = figure.description
        self._worksheet.insert_chart(box.first_row, box.first_column, chart, place)

    def heading(self, title_key: str, how_key: str, **values: object) -> int:
        """Write the title and the line on how to read the sheet; return the next free row."""
        self.across(0, self.texts(title_key), "title")
        self.across(1, self.texts(how_key, **values), "how")
        return 2

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
        self.across(row, self.texts(key), "header", first, last)

    def row_of(self, text: str) -> int:
        """Return the first row that begins with a text, such as a heading; the top where none does."""
        return min(
            (row for (row, column), value in self._values.items() if column == 0 and value == text), default=0
        )

    def link(self, row: int, column: int, target: str, text: str, style: str, target_row: int = 0) -> None:
        """Write a link to a row of a sheet of this workbook; its text is an id or a sheet's name."""
        self._note(row, column, clean_text(text))
        place = f"internal:{quoted(target)}A{target_row + 1}"
        self._worksheet.write_url(row, column, place, self.book.format(style), clean_text(text))
        self._grow(row, clean_text(text), style, column, column)

    # What readers may do.

    def choose_from(self, column: int, first: int, last: int, words: Sequence[str]) -> None:
        """Offer words to choose from; others may be typed after a warning."""
        if last >= first and len(",".join(words)) <= MAX_LIST:
            rule: dict[str, Any] = {"validate": "list", "source": list(words), "error_type": "warning"}
            self._worksheet.data_validation(first, column, last, column, rule)

    def rule(self, first_row: int, last_row: int, column: int, rule: Mapping[str, Any]) -> None:
        """Set what may be written in cells of a column, with the message beside them."""
        self._worksheet.data_validation(first_row, column, last_row, column, dict(rule))

    def column_style(self, column: int, style: str) -> None:
        """Give the empty cells of a column a style, also those of rows that are added."""
        self._worksheet.set_column(column, column, self.widths[column], self.book.format(style))

    def numbers_may_be_texts(self, first_row: int, last_row: int, last_column: int) -> None:
        """Keep Excel from marking texts that look like numbers, such as ids."""
        from xlsxwriter.utility import xl_col_to_name

        area = f"A{first_row + 1}:{xl_col_to_name(last_column)}{last_row + 1}"
        self._worksheet.ignore_errors({"number_stored_as_text": area})

    def tab(self, colour: str) -> None:
        """Colour the tab."""
        self._worksheet.set_tab_color(colour)

    def protect(self) -> None:
        """Lock what is not yellow against accidents: no password, and layout, filters, new rows as ever."""
        self._worksheet.protect("", dict.fromkeys(ALLOWED, True))

    def hide_column(self, column: int) -> None:
        """Hide a column that only the program reads."""
        hidden = {"hidden": True}
        self._worksheet.set_column(column, column, self.widths[column], self.book.format(""), hidden)

    def hide(self) -> None:
        """Hide the sheet, which only the program reads."""
        self._worksheet.hide()

    def print_only(self, last: int) -> None:
        """Print the first rows only."""
        self._worksheet.print_area(0, 0, last, len(self.widths) - 1)

    def print_on_one_page(self, last: int) -> None:
        """Print the first rows only, on one page."""
        self.print_only(last)
        self._worksheet.fit_to_pages(1, 1)

    def open_cells(self) -> list[tuple[int, int]]:
        """Return row and column of the yellow cells."""
        return sorted(self._open)

    def locked_cells(self) -> list[list[Any]]:
        """Return the filled cells that nobody may change: row, then column, value, 1 for a formula."""
        found: dict[int, list[Any]] = {}
        for (row, column), value in sorted(self._values.items()):
            if (row, column) not in self._open and value not in (None, ""):
                formula = int((row, column) in self._formulas)
                found.setdefault(row, []).append([column, value, formula])
        return [[row, cells] for row, cells in found.items()]

    # The page.

    def freeze(self, row: int, column: int = 0) -> None:
        """Keep the rows above and the columns left in view."""
        self._worksheet.freeze_panes(row, column)

    def repeat(self, first: int, last: int) -> None:
        """Print these rows at the top of every page."""
        self._worksheet.repeat_rows(first, last)
        self._repeated = (first, last)

    def filter(self, header_row: int, last_row: int, last_column: int) -> None:
        """Offer filters on a table."""
        if last_row > header_row:
            self._worksheet.autofilter(header_row, 0, last_row, last_column)

    def keep_together(self, first: int, last: int) -> None:
        """Ask that these rows are printed on one page."""
        self._blocks.append((first, last))

    def mark_status(self, row: int, column: int, last_row: int, sign: str, style: str) -> None:
        """Colour the statuses that begin with a sign; sign and word say the same without colour."""
        fill = self.book.conditional(style)
        rule: dict[str, Any] = {"type": "text", "criteria": "begins with", "value": sign, "format": fill}
        self._worksheet.conditional_format(row, column, last_row, column, rule)

    def heat(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Colour shares by how full they say something is: pale at half, strong at all of it."""
        scale = {
            "type": "3_color_scale",
            "min_type": "num",
            "mid_type": "num",
            "max_type": "num",
            "min_value": 0.5,
            "mid_value": 0.85,
            "max_value": 1.0,
            "min_color": HEAT[0],
            "mid_color": HEAT[1],
            "max_color": HEAT[2],
        }
        self._worksheet.conditional_format(first_row, first_column, last_row, last_column, scale)

    def colour_positive(self, row: int, column: int, last_row: int) -> None:
        """Colour the numbers above zero."""
        rule: dict[str, Any] = {
            "type": "cell",
            "criteria": ">",
            "value": 0,
            "format": self.book.conditional("bad"),
        }
        self._worksheet.conditional_format(row, column, last_row, column, rule)
