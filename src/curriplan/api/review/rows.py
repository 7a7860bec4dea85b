"""The rows of the Review sheet: where they stand, what is written in them, and what is missing or twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from curriplan.api.review.hidden import hidden_cells, hidden_sheets
from curriplan.api.review.words import folded, header_names
from curriplan.base.errors import Issue, Place
from curriplan.catalog.reading.grids import GridCell, SheetGrid
from curriplan.catalog.reading.raw import REFUSED, number_text
from curriplan.texts.words import Phrase

YELLOW = ("review_decision", "pinned_term", "comment", "reviewer", "review_date")
Known = tuple[str, str, str, int | None]
"""Programme, module, proposal and proposed term of a row."""
EPOCH = date(1899, 12, 30)
FIRST_DAY, LAST_DAY = 36526, 73050
"""Days of Excel from 2000 to 2099: a number beyond them is no day of a review."""
FEWEST_HEADERS = 4
"""A row with so many of the headers is the header of the Review sheet."""


@dataclass(frozen=True)
class WrittenRow:
    """A row of the Review sheet as somebody filled it in.

    Parameters
    ----------
    programme, module : str
        Empty for the whole plan; as typed in a row that asks for a module.
    proposal : str
        A value of `curriplan.plan.plan.Decision`, or ``left_out``; empty for the plan and where a module is
        asked for.
    term : int or None
        The proposed term.
    """

    programme: str
    module: str
    proposal: str
    term: int | None
    decision: str
    semester: str
    comment: str
    reviewer: str
    date: str
    places: Mapping[str, Place]

    @property
    def is_plan(self) -> bool:
        """Whether it is about the whole plan."""
        return not self.module

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written into its yellow cells."""
        return not (self.decision or self.semester or self.comment or self.reviewer or self.date)

    def cell(self, name: str) -> str:
        """Return the address of one of its cells within the workbook."""
        place = self.places[name]
        return f"{place.sheet}!{place.column}{place.row}"


class RowReader:
    """Reads the rows of the Review sheet, and everything wrong with them.

    Parameters
    ----------
    plan_key : str
        The key of the row of the whole plan.
    keys : mapping
        What the program wrote into the other rows, by their keys.
    """

    def __init__(self, file: str, plan_key: str, keys: Mapping[str, Known]) -> None:
        self.file, self.plan_key, self.keys = file, plan_key, keys
        self.rows: list[WrittenRow] = []
        self.issues: list[Issue] = []
        self.warnings: list[Issue] = []
        self.key_rows: dict[str, int] = {}
        """Where each key was found."""
        self._outdated: set[str] = set()
        """Keys of modules whose row is of another version of the plan."""
        self._columns: dict[str, int] = {}
        self._header = 0
        self._sheet: SheetGrid

    def say(self, code: str, place: Place, **values: object) -> None:
        """Note something that is wrong."""
        self.issues.append(Issue(code, place, values))

    def is_key(self, text: str) -> bool:
        """Say whether a text is the key of a row."""
        return text in self.keys or text == self.plan_key

    def read(self, sheets: tuple[SheetGrid, ...], expected: SheetGrid | None) -> None:
        """Find the sheet among those of the workbook, where it is `expected`, and read its rows."""
        all_found = [sheet for sheet in sheets if _header_row(sheet) is not None]
        hidden = tuple(hidden_sheets(self.file, all_found))
        found = [sheet for sheet in all_found if not sheet.hidden]
        if not found:
            self.issues.extend(hidden)
            self.say("review-sheet-missing", Place(self.file))
            return
        self.warnings.extend(hidden)
        if len(found) > 1:
            names = ", ".join(sheet.name for sheet in found)
            self.say("review-sheet-twice", Place(self.file), names=names)
            return
        self._sheet = found[0]
        if self._find_columns():
            for row in sorted(self._sheet.rows):
                if row > self._header:
                    self._read_row(row)
            self._report_missing()
            self._report_merged()
            self._warn_of_hidden()
        if expected is not None and expected is not self._sheet:
            self.say("review-sheet-missing", Place(self.file))

    def _find_columns(self) -> bool:
        """Find each column by its header; say whether none is missing or there twice."""
        self._header = _header_row(self._sheet) or 0
        for name, column in _headers(self._sheet.rows[self._header]):
            if name in self._columns:
                place = self._sheet.place(self.file, self._header, column)
                self.say("review-column-twice", place, column=_title(name))
                return False
            self._columns[name] = column
        missing = sorted(set(header_names().values()) - set(self._columns))
        for name in missing:
            place = self._sheet.place(self.file, self._header)
            self.say("review-column-missing", place, column=_title(name))
        return not missing

    def _read_row(self, row: int) -> None:
        key = self._text(row, "review_key")
        if not key:
            self._read_asked(row)
        elif key in self.key_rows:
            self.say("review-row-twice", self._place(row, "review_key"), first=self.key_rows[key])
        elif key == self.plan_key:
            self.key_rows[key] = row
            self._add(row, ("", "", "", None))
        elif key in self.keys:
            self.key_rows[key] = row
            self._add(row, self.keys[key])
        else:
            self._report_unknown(row, key)

    def _report_merged(self) -> None:
        """Say where one value stands in yellow cells of several rows or columns: nobody knows whose it is."""
        yellow = {self._columns[name] for name in YELLOW}
        for area in self._sheet.beside.merged:
            columns = yellow & {*range(area.left, area.right + 1)}
            is_written = area.left in self._sheet.rows.get(area.top, {})
            if (
                columns
                and is_written
                and area.bottom > self._header
                and (area.top < area.bottom or len(columns) > 1)
            ):
                place = self._sheet.place(self.file, area.top, area.left)
                self.say("merged-cells", place, range=str(area))

    def _report_unknown(self, row: int, key: str) -> None:
        """Say that a row is of another workbook: of another version of the plan, or of no module of it."""
        known = {one.rpartition("|")[0]: one for one in self.keys}
        head = key.rpartition("|")[0]
        place = self._place(row, "review_key")
        if head in known:
            self._outdated.add(known[head])
            programme, module = self.keys[known[head]][:2]
            self.say("review-proposal-changed", place, programme=programme, module=module)
        else:
            self.say("review-row-unknown", place, key=key[:60])

    def _read_asked(self, row: int) -> None:
        """Read a row that the program did not write: a module asked for, or a remark on the whole plan."""
        filled = [name for name in YELLOW if self._text(row, name)]
        programme, module = (self._text(row, name) for name in ("programme", "index"))
        if programme or module or {*filled} & {*YELLOW[:2]}:
            self._add(row, (programme, module or "?", "", None))
        elif filled:
            self._add(row, ("", "", "", None))

    def _add(self, row: int, known: Known) -> None:
        """Add a row; a cell of it that cannot be read is reported here, once."""
        decision, semester, comment, reviewer, date = (self._text(row, name, report=True) for name in YELLOW)
        date = day_of_number(date)
        places = {name: self._place(row, name) for name in self._columns}
        self.rows.append(WrittenRow(*known, decision, semester, comment, reviewer, date, places))

    def _place(self, row: int, name: str) -> Place:
        return self._sheet.place(self.file, row, self._columns[name])

    def _text(self, row: int, name: str, *, report: bool = False) -> str:
        """Return the text of a cell, empty where it cannot be read."""
        cell = self._sheet.rows[row].get(self._columns[name], GridCell(""))
        if cell.problem is not None and report:
            self.say(cell.problem, self._place(row, name), value="")
        if cell.value is None:
            return ""
        if report and isinstance(cell.value, str) and (found := REFUSED.search(cell.value)):
            self.say("control-character", self._place(row, name), value=f"U+{ord(found[0]):04X}")
        return cell.value.strip() if isinstance(cell.value, str) else number_text(cell.value)

    def _report_missing(self) -> None:
        place = self._sheet.place(self.file)
        if self.plan_key not in self.key_rows:
            self.say("review-row-missing", place, programme="", module="")
        for key, (programme, module, _, _) in sorted(self.keys.items()):
            if key not in self.key_rows and key not in self._outdated:
                self.say("review-row-missing", place, programme=programme, module=module)

    def _warn_of_hidden(self) -> None:
        """Warn of what is obeyed although whoever opens the workbook does not see it."""
        headers = self._sheet.rows[self._header]
        titles = {column: headers[column].text for column in self._columns.values()}
        yellow = [self._columns[name] for name in YELLOW]
        filled = (
            (row, column)
            for row, cells in self._sheet.rows.items()
            for column in yellow
            if row > self._header and column in cells
        )
        self.warnings.extend(hidden_cells(self.file, self._sheet, filled, titles))


def day_of_number(text: str) -> str:
    """Return the day that Excel counts so, of a date in a cell without its format; else the text as it is.

    >>> day_of_number("46000"), day_of_number("2026"), day_of_number("31.05.2026")
    ('2025-12-09', '2026', '31.05.2026')
    """
    number = text.partition(".")[0]
    if not (text.replace(".", "", 1).isdecimal() and FIRST_DAY <= int(number or "0") <= LAST_DAY):
        return text
    return (EPOCH + timedelta(days=int(number))).isoformat()


def _headers(cells: Mapping[int, GridCell]) -> Iterator[tuple[str, int]]:
    for column, cell in sorted(cells.items()):
        name = header_names().get(folded(cell.value)) if isinstance(cell.value, str) else None
        if name is not None:
            yield name, column


def _header_row(sheet: SheetGrid) -> int | None:
    """Return the row with the headers of the Review sheet."""
    for row in sorted(sheet.rows):
        names = {name for name, _ in _headers(sheet.rows[row])}
        if len(names) >= FEWEST_HEADERS and names & {*YELLOW[:2], "review_key"}:
            return row
    return None


def _title(column: str) -> Phrase:
    return Phrase(f"column.{column}", subject="report")
