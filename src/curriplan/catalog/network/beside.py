"""Tables beside ``network.toml``: CSV files, and sheets of ``network.xlsx``, where rows are many."""

from __future__ import annotations

from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place, nearest
from curriplan.base.refusals import reason_of
from curriplan.catalog.network.toml import NetworkTables
from curriplan.catalog.reading.archive import inspect, lost_sheets
from curriplan.catalog.reading.book import opened
from curriplan.catalog.reading.folder import read_csv_table
from curriplan.catalog.reading.names import network_table_names
from curriplan.catalog.reading.workbook import HELP_SHEETS, table_of
from curriplan.catalog.records.network import NETWORK_TABLES

NETWORK_BOOK = "network.xlsx"


def tables_beside(folder: Path, label: str) -> NetworkTables:
    """Read every table of a network that stands in a folder; places call the folder `label`."""
    found = NetworkTables()
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        found.issues.append(Issue("file-unreadable", Place(label), {"reason": reason_of(error)}))
        return found
    for path in paths:
        file = str(Path(label) / path.name)
        if path.suffix.casefold() == ".csv":
            _read_csv(found, path, file)
        elif path.name.casefold() == NETWORK_BOOK:
            try:
                _read_book(found, path, file)
            except CatalogError as error:
                found.issues += error.issues
                found.broken.update(NETWORK_TABLES)
    return found


def _read_csv(found: NetworkTables, path: Path, file: str) -> None:
    table = network_table_names().find(path.stem)
    if table is None:
        values = {"value": path.name, "nearest": nearest(path.stem, NETWORK_TABLES)}
        found.issues.append(Issue("network-unknown-table", Place(file), values))
        return
    try:
        found.tables.append(read_csv_table(path, table, file))
    except CatalogError as error:
        found.issues += error.issues
        found.broken.add(table)


def _read_book(found: NetworkTables, path: Path, file: str) -> None:
    """Read the sheets of ``network.xlsx``.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, encrypted, or too large.
    """
    inspect(path, Place(file))
    with opened(path) as book:
        for sheet in book.workbook.worksheets:
            table, place = network_table_names().find(sheet.title), Place(file, sheet.title)
            if sheet.title in HELP_SHEETS:
                continue
            if table is None:
                values = {"value": sheet.title, "nearest": nearest(sheet.title, NETWORK_TABLES)}
                found.issues.append(Issue("network-unknown-table", place, values))
            elif sheet.sheet_state != "visible":
                found.issues.append(Issue("hidden-sheet", place, {"value": sheet.title}))
            else:
                try:
                    found.tables.append(table_of(file, book, sheet.title, table))
                except CatalogError as error:
                    found.issues += error.issues
                    found.broken.add(table)
        titles = lost_sheets(path, book.workbook.sheetnames)
    found.issues += [Issue("damaged-workbook", Place(file, title)) for title in titles]
