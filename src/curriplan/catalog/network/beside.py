"""Tables beside ``network.toml``: CSV files, and sheets of ``network.xlsx``, where rows are many."""

from __future__ import annotations

from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place, nearest
from curriplan.base.refusals import reason_of
from curriplan.catalog.network.toml import NetworkTables
from curriplan.catalog.reading.folder import NETWORK_FILE, read_csv_table
from curriplan.catalog.reading.names import network_table_names
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
            # openpyxl is slow to load, and most networks have no workbook
            from curriplan.catalog.network.book import read_book  # noqa: PLC0415

            try:
                read_book(found, path, file)
            except CatalogError as error:
                found.issues += error.issues
                found.broken.update(NETWORK_TABLES)
        elif is_misnamed(path):
            values = {"value": path.name, "nearest": NETWORK_BOOK}
            found.issues.append(Issue("network-unknown-table", Place(file), values))
    return found


def is_misnamed(path: Path) -> bool:
    """Say whether a file is likely a table of a network that is not read, as ``colleges.xlsx``."""
    if path.name in (NETWORK_FILE, NETWORK_BOOK) or path.suffix.casefold() == ".csv":
        return False
    stem = path.name.split(".")[0]
    is_named = stem.casefold() == Path(NETWORK_FILE).stem or network_table_names().find(stem) is not None
    return is_named and path.is_file()


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
