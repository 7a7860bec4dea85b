"""Read a workbook whose sheets are the tables of a catalog, as text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from curriplan.base.errors import CatalogError, Issue, Place, nearest
from curriplan.catalog.reading.archive import DAMAGE, damage, inspect, lost_sheets
from curriplan.catalog.reading.book import OpenWorkbook, opened
from curriplan.catalog.reading.cells import Cell, cell_text
from curriplan.catalog.reading.layout import FilledSheet, Row, find_header, lay_out
from curriplan.catalog.reading.names import info_keys, table_names
from curriplan.catalog.reading.raw import (
    INFO_HEADER,
    MAX_COLUMNS,
    MAX_ROWS,
    Cells,
    RawCatalog,
    RawInfo,
    RawTable,
    column_letter,
)
from curriplan.catalog.reading.understand import DAY_COLUMNS
from curriplan.catalog.reading.wording import words_of
from curriplan.catalog.records import TABLES
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import INFO_TABLE, help_sheet_title
from curriplan.texts.words import texts_of

INFO_SHEET = INFO_TABLE
LIST_KEYS = ("attribution", "extends", "languages", "without")
"""Keys that stand once for each of their values."""
HELP_SHEETS = frozenset(help_sheet_title(code) for code in LANGUAGES)
"""Sheets that a template has for people; nothing is read from them."""
PLAN_SHEETS = ("summary", "carried")
"""Sheets that the workbook of each plan has."""


def read_workbook(path: Path, label: str | None = None) -> RawCatalog:
    """Read every sheet of a workbook that is a table of a catalog.

    Parameters
    ----------
    path : Path
        An existing file.
    label : str, optional
        What places call the file; by default the path as given.
    """
    raw = RawCatalog(Place(label if label is not None else str(path)))
    try:
        inspect(path, raw.place)
        with opened(path) as book:
            _read_sheets(raw, path, book)
    except CatalogError as error:
        raw.issues.extend(error.issues)
        raw.broken.update(TABLES)
        raw.info_broken = True
    return raw


def is_of_a_plan(titles: Collection[str]) -> bool:
    """Say whether sheets are those of a plan, in one language, and no table of a catalog among them."""
    sheets = [texts_of("report")[f"sheet.{name}"] for name in PLAN_SHEETS]
    of_plan = any(all(sheet[code] in titles for sheet in sheets) for code in LANGUAGES)
    return of_plan and not {*titles} & {*TABLES, INFO_SHEET}


def _read_sheets(raw: RawCatalog, path: Path, book: OpenWorkbook) -> None:
    if is_of_a_plan(book.workbook.sheetnames):
        raise CatalogError.of("workbook-of-plan", raw.place)
    for worksheet in book.workbook.worksheets:
        _read_sheet(raw, book, worksheet.title, worksheet.sheet_state == "visible")
    for chart in book.workbook.chartsheets:
        raw.issues.append(_unknown_sheet(raw.place.file, chart.title))
    for title in lost_sheets(path, book.workbook.sheetnames):
        raw.issues.append(Issue("damaged-workbook", Place(raw.place.file, title)))
        raw.broken.add(title)


def _unknown_sheet(file: str, title: str) -> Issue:
    values = {"value": title, "nearest": nearest(title.strip(), (INFO_SHEET, *TABLES))}
    return Issue("unknown-sheet", Place(file, title), values)


def _read_sheet(raw: RawCatalog, book: OpenWorkbook, title: str, visible: bool) -> None:
    file = raw.place.file
    name = table_names().find(title)
    if not visible:
        raw.issues.append(Issue("hidden-sheet", Place(file, title), {"value": title}))
    elif title in HELP_SHEETS:
        return
    elif name is None:
        raw.issues.append(_unknown_sheet(file, title))
    elif name in {*raw.tables, *raw.broken} or (name == INFO_SHEET and (raw.info or raw.info_broken)):
        raw.issues.append(Issue("table-twice", Place(file, title), {"value": title, "table": name}))
    else:
        if title not in table_names().official:
            values = {"value": title, "table": name}
            raw.issues.append(Issue("table-name-understood", Place(file, title), values))
        (_read_info if name == INFO_SHEET else _read_table)(raw, book, title, name)


def _read_table(raw: RawCatalog, book: OpenWorkbook, title: str, table: str) -> None:
    try:
        raw.tables[table] = table_of(raw.place.file, book, title, table)
    except CatalogError as error:
        raw.broken.add(table)
        raw.issues.extend(error.issues)


def table_of(file: str, book: OpenWorkbook, title: str, table: str) -> RawTable:
    """Return the table of a sheet, all rows of one width.

    Raises
    ------
    CatalogError
        If the sheet is too large, damaged, or has no header.
    """
    grid = _Grid(file, title)
    rows = grid.read(book.rows(title))
    try:
        header = find_header(table, rows)
    except CatalogError as error:
        lost = (issue for issue in grid.faults.values() if issue.code == "text-not-there")
        raise CatalogError((*error.issues, *lost)) from error
    days = {at for at, name in enumerate(header.names) if name in DAY_COLUMNS}
    about = book.beside(title)
    sheet = FilledSheet(
        table,
        file,
        title,
        grid.with_days(rows, days),
        [(row, issue) for (row, index), issue in grid.faults.items() if not grid.is_day(row, index, days)],
        about.merged,
        about.hidden_rows,
        about.hidden_columns,
    )
    found = lay_out(sheet, header)
    width = max([len(found.header), *(len(cells) for _, cells in found.rows)])
    padded = tuple((number, _padded(cells, width)) for number, cells in found.rows)
    written = _padded(found.written, width) if found.written else ()
    return replace(found, header=_padded(found.header, width), written=written, rows=padded)


class _Grid:
    """A sheet on its way to text: bounded, and with a problem for each cell that has no value."""

    def __init__(self, file: str, sheet: str) -> None:
        self.file, self.sheet = file, sheet
        self.faults: dict[tuple[int, int], Issue] = {}

    def read(self, rows: Iterator[tuple[int, list[Cell]]]) -> list[Row]:
        """Return the filled rows.

        Raises
        ------
        CatalogError
            If the sheet is too large or the file is damaged.
        """
        filled: list[Row] = []
        try:
            for number, row in rows:
                self._check_size(len(filled))
                cells = self._texts(number, row)
                if any(cell != "" for cell in cells):
                    filled.append((number, cells))
        except DAMAGE as error:
            raise damage(error, Place(self.file, self.sheet)) from error
        return filled

    def with_days(self, rows: list[Row], days: Collection[int]) -> list[Row]:
        """Return the rows with the dates of the columns in which a date is meant."""
        texts = {
            at: str(issue.values["value"]) for at, issue in self.faults.items() if self.is_day(*at, days)
        }
        if not texts:
            return rows
        return [
            (number, tuple(texts.get((number, at), cell) for at, cell in enumerate(cells)))
            for number, cells in rows
        ]

    def is_day(self, row: int, index: int, days: Collection[int]) -> bool:
        """Say whether the problem of a cell is a date where a date is meant."""
        return index in days and self.faults[row, index].code == "date-in-cell"

    def _check_size(self, filled: int) -> None:
        if filled > MAX_ROWS:
            raise CatalogError.of("too-many-rows", Place(self.file, self.sheet), limit=MAX_ROWS)

    def _texts(self, number: int, row: Sequence[Cell]) -> Cells:
        """Return the texts of a row up to its last filled cell."""
        if len(row) > MAX_COLUMNS:
            raise CatalogError.of("too-many-columns", Place(self.file, self.sheet, number), limit=MAX_COLUMNS)
        return tuple(self._text(number, index, cell) for index, cell in enumerate(row))

    def _text(self, number: int, index: int, cell: Cell) -> str | None:
        text, code = cell_text(cell.value, cell.data_type, cell.formula)
        if code:
            place = Place(self.file, self.sheet, number, column_letter(index))
            self.faults[number, index] = Issue(code, place, {"value": text})
            return None
        return text


def _padded(cells: tuple[Any, ...], width: int) -> tuple[Any, ...]:
    return (*cells, *[""] * (width - len(cells)))


def _read_info(raw: RawCatalog, book: OpenWorkbook, title: str, table: str) -> None:
    try:
        found = table_of(raw.place.file, book, title, table)
    except CatalogError as error:
        raw.info_broken = True
        raw.issues.extend(error.issues)
        return
    place = found.place()
    faults = [
        *(issue for _, issue in found.faults),
        *(Issue("merged-cells", found.place(one.top, one.left), {"range": str(one)}) for one in found.merged),
    ]
    missing = [
        Issue("missing-column", found.place(found.header_row), {"column": name})
        for name in INFO_HEADER
        if name not in found.header
    ]
    raw.issues += [*found.notes, *faults, *missing]
    raw.info_broken = bool(missing or faults)
    if not missing:
        headers = found.written or found.header
        words = words_of(INFO_TABLE, "value", headers[found.header.index("value")], ("yes", "no"))
        raw.info = _info_of(raw, place, _pairs(found.header, found.rows), words)


def _pairs(header: tuple[str, ...], rows: Iterable[Row]) -> Iterator[tuple[str, str, int, str]]:
    """Yield key, value, row and column of the information about the catalog."""
    key, value = (header.index(name) for name in INFO_HEADER)
    names = info_keys()
    for number, cells in rows:
        if cells[key]:
            text = str(cells[key])
            yield names.find(text) or text, cells[value] or "", number, column_letter(value)


def _info_of(
    raw: RawCatalog, place: Place, pairs: Iterable[tuple[str, str, int, str]], words: Mapping[str, str]
) -> RawInfo:
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for key, text, row, column in pairs:
        cell = Place(place.file, place.sheet, row, column)
        if key in LIST_KEYS:
            values[key] = [*values.get(key, ()), *([text] if text else [])]
        elif key in values:
            raw.issues.append(Issue("duplicate-info", cell, {"value": key}))
        else:
            values[key] = _typed(key, words.get(text, text))
        places.setdefault(key, cell)
    return RawInfo(values, places, place)


def _typed(key: str, text: str) -> object:
    """Give a text of the sheet the type that catalog.toml would have."""
    if key in {"illustrative", "classification"}:
        return {"yes": True, "no": False, "true": True, "false": False}.get(text.casefold(), text)
    return int(text) if key == "schema" and text.isascii() and text.isdigit() else text
