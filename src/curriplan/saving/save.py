"""Save a catalog as a folder of CSV tables or as a workbook, losing nothing."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from curriplan.catalog import write_folder
from curriplan.errors import UsageError
from curriplan.files import check_outputs, kind_of, replacing
from curriplan.model import Catalog
from curriplan.saving.folders import check_folder, replacing_folder

WORKBOOK = ".xlsx"
OTHER_FILES = {".csv", ".json", ".ods", ".toml", ".txt", ".xls", ".xlsb", ".xlsm", ".xltx", ".zip"}
"""Endings by which nobody means a folder."""


def save_catalog(
    catalog: Catalog,
    path: str | PathLike[str],
    *,
    force: bool = False,
    language: str | None = None,
    every_column: bool = False,
) -> Path:
    """Save a catalog; reading it gives the same hash.

    Parameters
    ----------
    catalog : Catalog
        What to save.
    path : str or path
        A name that ends in ``.xlsx`` makes a workbook with lists to choose from and help beside the
        cells, any other a folder of CSV tables.
    force : bool
        Whether an existing workbook, or a folder that holds nothing but a catalog, may be replaced.
    language : str, optional
        The language of the help in a workbook; by default the catalog's.
    every_column : bool
        Whether a folder has every table with every column, to be filled in, or only what is filled.

    Returns
    -------
    Path
        Where it was saved.

    Raises
    ------
    UsageError
        For an ending such as ``.csv``, which is neither a workbook nor a folder.
    CurriplanError
        For a path that exists already or cannot be written.
    CatalogError
        For texts that a workbook cannot hold.
    """
    path = Path(path)
    check_destination(path, force=force)
    if kind_of(path) == WORKBOOK:
        # XlsxWriter is slow to load, and a folder needs none
        from curriplan.saving.workbook import check_texts, write_workbook  # noqa: PLC0415

        check_texts(catalog)
        with replacing(path) as (new,):
            write_workbook(catalog, new, language or catalog.info.language)
    else:
        with replacing_folder(path) as new:
            write_folder(catalog, new, every_column=every_column)
    return path


def check_destination(path: Path, *, force: bool, source: Path | None = None) -> None:
    """Refuse, before any work, a place where a catalog cannot or must not be saved.

    Parameters
    ----------
    source : Path, optional
        What is read: never replaced, even with `force`.

    Raises
    ------
    UsageError
        For an ending that is neither a workbook's nor a folder's.
    CurriplanError
        For a path that exists already or cannot be written.
    """
    ending = kind_of(path)
    if ending in OTHER_FILES:
        raise UsageError.of("unknown-output-kind", value=path.name, known=f"{WORKBOOK}, FOLDER")
    if ending == WORKBOOK:
        check_outputs([path], [WORKBOOK], force=force, source=source)
    else:
        check_folder(path, force=force, source=source)
