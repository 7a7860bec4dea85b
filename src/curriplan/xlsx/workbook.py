"""A thin layer over XlsxWriter: a workbook, its sheets, its names and its properties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from curriplan.base.version import TOOL
from curriplan.texts.words import Words
from curriplan.xlsx.legal import clean_text, unique_sheet_name
from curriplan.xlsx.paper import LANDSCAPE, PAGE_MARGINS, PAPER_A4, PORTRAIT
from curriplan.xlsx.shared import Shared
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term, quoted

TOOL_PROPERTY, LANGUAGE_PROPERTY = "curriplan version", "curriplan language"
INPUT_PROPERTY = "curriplan input SHA-256"
"""Custom property that tells which catalog a workbook was made from."""
CELL = re.compile(r"'(?:[^']|'')+'!\$[A-Z]+\$\d+")


class Book(Shared):
    """The workbook under construction."""

    def __init__(
        self,
        target: Path | str | IO[bytes],
        texts: Words,
        footer: str,
        title: str,
        sha256: str,
        *,
        subject: str = "",
        tool: str = TOOL,
        prints_details: bool = False,
        leads_back: bool = False,
    ) -> None:
        from curriplan.xlsx.plain import PlainWorkbook

        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        workbook = PlainWorkbook(str(target) if isinstance(target, Path) else target, options)
        super().__init__(workbook, texts, prints_details=prints_details)
        said = {"title": title, "subject": subject}
        self._workbook.set_properties({key: clean_text(one)[:200] for key, one in said.items() if one})
        self.property(TOOL_PROPERTY, tool)
        self.property(LANGUAGE_PROPERTY, texts.language)
        self.property(INPUT_PROPERTY, sha256)
        self._workbook.set_calc_mode("auto")
        self._sheets: list[Sheet] = []
        self._footer = footer
        self._leads_back = leads_back

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
        sheet.top = int(self._leads_back and bool(self._sheets))
        sheet.set_widths(widths)
        if is_detail:
            sheet.leave_to_screen()
        self._sheets.append(sheet)
        return sheet

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

    def name_cell(self, name: str, term: Term) -> None:
        """Give a cell a name in the workbook; `term` is a reference to it."""
        if CELL.fullmatch(term.text) is None:
            raise ValueError(f"{name}: no reference to a cell: {term.text}")
        self._workbook.define_name(name, f"={term.text}")

    def property(self, name: str, value: str) -> None:
        """Set a custom property of the file."""
        self._workbook.set_custom_property(name, value)

    def close(self) -> None:
        """Set the heights of the rows and write the file."""
        for sheet in self._sheets:
            sheet.finish()
        self._workbook.close()
