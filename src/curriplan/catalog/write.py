"""Write a catalog as a folder of CSV tables, losing nothing: reading it gives the same hash."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from os import PathLike
from pathlib import Path

from curriplan.catalog.folder import INFO_FILE
from curriplan.catalog.raw import clean, number_text
from curriplan.errors import CatalogError
from curriplan.model import (
    CLASSIFICATION_TABLES,
    RECORD_OF_TABLE,
    REQUIRED_TABLES,
    TABLES,
    Catalog,
    CatalogInfo,
    Record,
)


def write_folder(catalog: Catalog, folder: str | PathLike[str], *, every_column: bool = False) -> Path:
    """Write ``catalog.toml`` and one CSV file per filled table.

    Parameters
    ----------
    catalog : Catalog
        What to write.
    folder : str or path
        A folder that is empty or does not exist yet.
    every_column : bool
        Whether to write every table and every column, to be filled in.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    CatalogError
        If the folder has files already.
    """
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CatalogError.of("output-exists", path=str(path))
    path.mkdir(parents=True, exist_ok=True)
    with (path / INFO_FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_info_lines(catalog.info))
    required = CLASSIFICATION_TABLES if catalog.info.classification else REQUIRED_TABLES
    for table in TABLES:
        rows = catalog.table(table)
        if rows or every_column or table in required:
            lines = table_texts(RECORD_OF_TABLE[table], rows, every_column=every_column)
            _write_table(path / f"{table}.csv", lines)
    return path


def cell_of(value: object) -> str:
    """Return a value as it stands in a CSV cell.

    >>> cell_of(12.0), cell_of(True), cell_of((1, 2)), cell_of(None)
    ('12', 'yes', '1;2', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(cell_of(item) for item in value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        return number_text(value)
    return clean(str(value))  # a lone CR would end the row; readers give line breaks one form anyway


def table_texts(
    record: type[Record], rows: tuple[Record, ...], *, every_column: bool = False
) -> Iterator[tuple[str, ...]]:
    """Yield the header and the rows of a table as text, usually without columns that say nothing."""
    fields = {name: "key_name" if name == "key" else name for name in record.columns()}
    columns = [name for name, field in fields.items() if every_column or _is_filled(record, field, rows)]
    yield tuple(columns)
    for row in rows:
        yield tuple(cell_of(getattr(row, fields[name])) for name in columns)


def _is_filled(record: type[Record], field: str, rows: tuple[Record, ...]) -> bool:
    info = record.model_fields[field]
    return info.is_required() or any(getattr(row, field) != info.default for row in rows)


def _write_table(path: Path, lines: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def _info_lines(info: CatalogInfo) -> Iterator[str]:
    for key, value in info.model_dump(mode="json", by_alias=True, exclude_none=True).items():
        if value != []:
            yield f"{key} = {toml_string(value)}\n"


def toml_string(value: object) -> str:
    """Return a text, or a list of texts, as TOML: it is that of JSON, once DEL is escaped too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
