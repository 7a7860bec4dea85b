"""A sheet as its readers use it: what they may write and choose, filters, colours that follow the values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curriplan.xlsx.printed import PrintedSheet
from curriplan.xlsx.styles import HEAT

DETAIL_TAB = "#9AA5B1"
"""Tabs of sheets that are not printed."""
MAX_LIST = 255
"""Characters of a list to choose from."""
ALLOWED = (
    "format_cells",
    "objects",
    "format_columns",
    "format_rows",
    "insert_columns",
    "insert_rows",
    "sort",
    "autofilter",
)
"""What a reader may do on a protected sheet; notes beside cells are objects."""


class Sheet(PrintedSheet):
    """One sheet of a workbook."""

    is_sortable = False
    """Whether a table stands on it that readers sort: locked cells could not be sorted."""

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

    def leave_to_screen(self) -> None:
        """Make it a detail: printed only where the book prints details, its tab grey."""
        self.is_detail = True
        self.tab(DETAIL_TAB)

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

    def sortable(self, name: str, header_row: int, last_row: int, last_column: int) -> None:
        """Make a table of rows below a header, once they stand: Excel sorts and filters it as a whole.

        Only where no formula names a single one of its cells, but for those of its own row; `name` is
        one of the whole workbook, for formulas of other people.
        """
        if last_row <= header_row:
            return
        look = self.book.format("header")
        heads = [self._values[header_row, column] for column in range(last_column + 1)]
        columns = [{"header": head, "header_format": look} for head in heads]
        table = {"name": name, "style": None, "banded_rows": False, "columns": columns}
        if self._worksheet.add_table(header_row, 0, last_row, last_column, table) != 0:
            raise ValueError(f"no table can be made of {self.name!r}: {heads}")
        self.is_sortable = True

    def filter(self, header_row: int, last_row: int, last_column: int) -> None:
        """Offer filters on a table."""
        if last_row > header_row:
            self._worksheet.autofilter(header_row, 0, last_row, last_column)

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
