"""A catalog as `speed.py` takes it: tables of texts, as its files are.

So the same bytes go to any commit, whatever its records are called.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def read_tables(folder: Path) -> Tables:
    """Return the tables of a catalog that is a folder of CSV files."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def write_tables(tables: Tables, folder: Path) -> None:
    """Write each table as a file; the columns are all that any of its rows has."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
