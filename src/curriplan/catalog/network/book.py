"""The sheets of ``network.xlsx``."""

from __future__ import annotations

from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place, nearest
from curriplan.catalog.network.toml import NetworkTables
from curriplan.catalog.reading.archive import inspect, lost_sheets
from curriplan.catalog.reading.book import opened
from curriplan.catalog.reading.names import network_table_names
from curriplan.catalog.reading.workbook import HELP_SHEETS, table_of
from curriplan.catalog.records.network import NETWORK_TABLES


def read_book(found: NetworkTables, path: Path, file: str) -> None:
    """Read the sheets of a workbook that are tables of a network.

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
