"""The small valid catalog that each broken example spoils in one place."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import openpyxl

BASE = Path(__file__).parent / "base"


class Tables:
    """The base catalog as text, with the edits that spoil it."""

    def __init__(self) -> None:
        self.rows: dict[str, list[list[str]]] = {}
        self.raw: dict[str, bytes] = {}
        self.info = (BASE / "catalog.toml").read_text(encoding="utf-8")
        for path in sorted(BASE.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                self.rows[path.stem] = list(csv.reader(file))

    def set(self, table: str, row: int, column: str, value: str) -> None:
        """Write one cell; the header is row 1, and a column that is not there is added."""
        rows = self.rows[table]
        if column not in rows[0]:
            for line in rows:
                line.append("")
            rows[0][-1] = column
        rows[row - 1][rows[0].index(column)] = value

    def add(self, table: str, **values: str) -> int:
        """Append a row, in a new table if need be, and return its number."""
        rows = self.rows.setdefault(table, [list(values)])
        rows.append([""] * len(rows[0]))
        for column, value in values.items():
            self.set(table, len(rows), column, value)
        return len(rows)

    def remove_row(self, table: str, row: int) -> None:
        """Remove one row."""
        del self.rows[table][row - 1]

    def replace_info(self, old: str, new: str) -> None:
        """Edit catalog.toml."""
        assert old in self.info
        self.info = self.info.replace(old, new)

    def csv_bytes(self, table: str, delimiter: str = ",") -> bytes:
        """Return a table as the bytes of its file."""
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator="\n", delimiter=delimiter).writerows(self.rows[table])
        return file.getvalue().encode()

    def write_folder(self, folder: Path) -> Path:
        """Write the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.info:
            (folder / "catalog.toml").write_text(self.info, encoding="utf-8", newline="\n")
        for table in self.rows:
            (folder / f"{table}.csv").write_bytes(self.csv_bytes(table))
        for name, data in self.raw.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        return folder

    def workbook(self) -> openpyxl.Workbook:
        """Return the same tables as a workbook, numbers as numbers where Excel would make them so."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        sheet = book.create_sheet("catalog")
        sheet.append(["key", "value"])
        for key, value in tomllib.loads(self.info).items():
            sheet.append([key, value])
        for table, rows in self.rows.items():
            sheet = book.create_sheet(table)
            sheet.append(rows[0])
            for row in rows[1:]:
                sheet.append([_typed(column, text) for column, text in zip(rows[0], row, strict=True)])
        return book


def _typed(column: str, text: str) -> Any:
    """Type a cell as a planner in Excel would: codes stay text, empty cells stay empty."""
    if not text:
        return None
    if column in {"specialty", "qualification", "isco08"}:
        return text
    try:
        return float(text)
    except ValueError:
        return text
