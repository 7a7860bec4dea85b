"""Write a catalog as a folder of CSV tables, losing nothing: reading it gives the same hash."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from curriplan.base import replacing
from curriplan.base.arguments import PATH, taking
from curriplan.base.errors import CatalogError, CurriplanError
from curriplan.base.files import guarded
from curriplan.base.leftovers import clear_up
from curriplan.base.refusals import NO_ORDINARY_FILE, system_reason
from curriplan.base.touched import claim, is_same, real
from curriplan.catalog.reading.folder import INFO_FILE
from curriplan.catalog.reading.norms import own_rows
from curriplan.catalog.records import (
    CATALOG_READ,
    CLASSIFICATION_TABLES,
    RECORD_OF_TABLE,
    REQUIRED_TABLES,
    TABLES,
    Catalog,
    CatalogInfo,
    ProfileEntry,
    Record,
)
from curriplan.catalog.saving.texts import cell_of, check_texts


@taking({"catalog": CATALOG_READ, "folder": PATH})
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
        If the folder has files already, or texts would not come back from it.
    """
    check_texts(catalog)
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise CatalogError.of("output-exists", path=str(path))
    path.mkdir(parents=True, exist_ok=True)
    with (path / INFO_FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_info_lines(catalog.info))
    required = CLASSIFICATION_TABLES if catalog.info.classification else REQUIRED_TABLES
    for table in TABLES:
        rows = rows_to_write(catalog, table)
        if rows or every_column or table in required:
            lines = table_texts(RECORD_OF_TABLE[table], rows, every_column=every_column)
            _write_table(path / f"{table}.csv", lines)
    return path


def rows_to_write(catalog: Catalog, table: str) -> tuple[Record, ...]:
    """Return the rows of a table; of a profile that the catalog names, only what differs from it."""
    if table == ProfileEntry.table:
        return own_rows(catalog.info.profile, catalog.profile)
    return catalog.table(table)


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
        csv.writer(file, lineterminator="\n").writerows(map(_guarded, line) for line in lines)


def _guarded(text: str) -> str:
    """Return a cell that no spreadsheet runs; a number below zero stays one."""
    return text if NEGATIVE.fullmatch(text) else guarded(text)


def _info_lines(info: CatalogInfo) -> Iterator[str]:
    for key, value in info.model_dump(mode="json", by_alias=True, exclude_none=True).items():
        if value != []:
            yield f"{key} = {toml_string(value)}\n"


def toml_string(value: object) -> str:
    """Return a text, a list of texts, or a table of these, as TOML: JSON has texts so, but for DEL."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_string(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")
CATALOG_FILES = frozenset({INFO_FILE, *(f"{table}.csv" for table in TABLES)})


def check_folder(path: Path, *, force: bool, source: Path | None = None) -> None:
    """Refuse a folder that cannot or must not be written.

    Raises
    ------
    CurriplanError
        For a missing parent, a file in the way, a folder that is read, in use, or filled; with `force`
        for one that holds anything but a catalog.
    """
    try:
        clear_up(path)
        _check(path, force, source)
        claim(path, must_be_new=not force)
    except OSError as error:  # a name that the file system cannot hold
        raise replacing.not_writable(path, error) from error


def _check(path: Path, force: bool, source: Path | None) -> None:
    if not path.parent.is_dir():
        raise CurriplanError.of("output-folder-missing", path=str(path.parent))
    if source is not None and is_same(path, source):
        raise CurriplanError.of("output-is-input", path=str(path))
    if path.exists() and not path.is_dir():
        reason = system_reason(errno.ENOTDIR) if path.is_file() else NO_ORDINARY_FILE
        raise CurriplanError.of("output-not-writable", path=str(path), reason=reason)
    if not os.access(path if replacing.is_filled_from_within(path) else real(path).parent, os.W_OK):
        raise CurriplanError.of("output-not-writable", path=str(path), reason=system_reason(errno.EACCES))
    if path.exists() and not replacing.is_empty_folder(path):
        _check_filled(path, force)


def _check_filled(path: Path, force: bool) -> None:
    if not force:
        raise CurriplanError.of("output-exists", path=str(path))
    other = foreign_in(path)
    if other is not None:
        raise CurriplanError.of("folder-not-a-catalog", path=str(path), value=other)
    if replacing.is_worked_in(path):
        raise CurriplanError.of("folder-in-use", path=str(path))


def foreign_in(path: Path) -> str | None:
    """Return the first name in a filled folder that is none of a catalog; a dash where it holds none."""
    other = next((item.name for item in sorted(path.iterdir()) if not _is_of_catalog(item)), None)
    return "-" if other is None and not (path / INFO_FILE).is_file() else other


def _is_of_catalog(item: Path) -> bool:
    return item.name in CATALOG_FILES and item.is_file() and not item.is_symlink()


def fill_order(item: Path) -> tuple[bool, str]:
    """Return by what the files of a catalog are sorted: those without which there is none come last."""
    required = {f"{table}.csv" for table in (*REQUIRED_TABLES, *CLASSIFICATION_TABLES)}
    return item.name in required, item.name


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder beside `path`, which takes its place when the block ends without an error.

    Raises
    ------
    CurriplanError
        ``output-locked`` if the old folder cannot be replaced, ``output-is-input`` if something in it was
        read, ``output-not-writable`` for anything else.
    """
    with replacing.replacing_folder(path, _is_of_catalog, fill_order) as new:
        yield new
