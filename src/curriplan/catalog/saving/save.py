"""Save a catalog as a folder of CSV tables or as a workbook, losing nothing."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path

from curriplan.base.arguments import PATH, taking
from curriplan.base.errors import UsageError
from curriplan.base.files import check_outputs, kind_of
from curriplan.base.replacing import replacing
from curriplan.catalog.order import with_college_order, without_college_order
from curriplan.catalog.reading.read import ReadResult, read_catalog
from curriplan.catalog.records import CATALOG_READ, REQUIRED_TABLES, TABLES, Catalog, CatalogInfo
from curriplan.catalog.saving.folder import check_folder, replacing_folder, write_folder
from curriplan.catalog.saving.texts import check_texts
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import (
    INFO_TABLE,
    college_title,
    column_title,
    help_sheet_title,
    table_title,
    word_title,
)

WORKBOOK = ".xlsx"
OTHER_FILES = {".csv", ".json", ".ods", ".toml", ".txt", ".xls", ".xlsb", ".xlsm", ".xltx", ".zip"}
"""Endings by which nobody means a folder."""


@taking({"catalog": CATALOG_READ, "path": PATH})
def save_catalog(
    catalog: Catalog,
    path: str | PathLike[str],
    *,
    force: bool = False,
    language: str | None = None,
    every_column: bool = False,
    in_words: bool = False,
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
    in_words : bool
        Whether sheets, columns and words to choose from are called in `language` too, in a workbook.

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
        For texts that do not come back: those that no reader takes, or that a workbook cannot hold.
    """
    path = Path(path)
    check_destination(path, force=force)
    if kind_of(path) == WORKBOOK:
        # XlsxWriter is slow to load, and a folder needs none
        from curriplan.catalog.saving.workbook import write_workbook  # noqa: PLC0415

        check_texts(catalog, in_workbook=True)
        with replacing(path) as (new,):
            write_workbook(catalog, new, language or catalog.info.language, in_words=in_words)
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


EXAMPLE = "mini"
"""The bundled catalog whose rows are the example: a row of almost everything, planned in a second."""
NEW_ID = "my-college"
USUAL_PROFILE = "KZ-348-2024"
"""The bundled regulation profile that an empty catalog names."""
USUAL_LANGUAGE = "ru"

Source = str | PathLike[str]


def init_catalog(
    path: Source,
    *,
    source: Source | None = None,
    empty: bool = False,
    language: str | None = None,
    force: bool = False,
    free_order: bool = False,
) -> ReadResult:
    """Make a catalog to begin with: every table, every column, and the order of its existing curricula.

    Parameters
    ----------
    path : str or path
        A name that ends in ``.xlsx`` makes a workbook, any other a folder.
    source : str or path, optional
        A catalog to copy, in place of the example.
    empty : bool
        Whether there are headers only, no example rows.
    language : str, optional
        Language of the catalog, its sheets, columns and words, and of its help; by default Russian, or
        that of `source`.
    force : bool
        Whether to replace what is there.
    free_order : bool
        Whether to leave out that order, also where `source` has it.

    Returns
    -------
    ReadResult
        The catalog that was saved, and warnings about `source`.

    Raises
    ------
    UsageError
        For both `source` and `empty`, or an ending that is neither a workbook's nor a folder's.
    CurriplanError
        For a path that exists already or cannot be written, or a `source` with errors.
    """
    if source is not None and empty:
        raise UsageError.of("options-exclude", first="--from", second="--empty")
    check_destination(Path(path), force=force, source=None if source is None else Path(source))
    found = read_catalog(source) if source is not None else _new(language or USUAL_LANGUAGE, empty)
    catalog = (without_college_order if free_order else with_college_order)(found.require())
    save_catalog(catalog, path, force=force, language=language, every_column=True, in_words=True)
    return replace(found, catalog=catalog)


def template_names(path: Path, language: str) -> dict[str, str]:
    """Return what sheets, keys and words are called in the catalog that `init_catalog` makes at a path.

    Returns
    -------
    dict of str to str
        ``help``, ``modules`` (the modules of programmes), ``tables`` (the required ones), ``illustrative``
        and ``no``.
    """
    said = language if kind_of(path) == WORKBOOK else "en"
    tables = {name: name if said == "en" else table_title(name, said) for name in TABLES}
    return {
        "help": help_sheet_title(said),
        "modules": tables["programme_modules"],
        "tables": ", ".join(tables[name] for name in REQUIRED_TABLES),
        "illustrative": "illustrative" if said == "en" else column_title(INFO_TABLE, "illustrative", said),
        "no": word_title("no", said),
    }


def convert_catalog(
    source: Source, path: Source, *, language: str | None = None, force: bool = False
) -> ReadResult:
    """Save a catalog in the other form, losing nothing.

    A catalog that breaks rules is converted too, so that it can be mended there; one that could not be
    read whole is not.

    Parameters
    ----------
    source : str or path
        A folder, a workbook, or the name of a bundled catalog.
    path, language, force
        As for `save_catalog`.

    Returns
    -------
    ReadResult
        The catalog, and warnings about what was read.

    Raises
    ------
    UsageError
        For an ending that is neither a workbook's nor a folder's.
    CurriplanError
        For a path that exists already or cannot be written, or a catalog with cells that cannot be read.
    """
    check_destination(Path(path), force=force, source=Path(source))
    found = read_catalog(source)
    save_catalog(found.require(), path, force=force, language=language)
    return found


def _new(language: str, empty: bool) -> ReadResult:
    catalog = _empty_catalog(language) if empty else _example_catalog(language)
    return ReadResult(catalog, ())


def _example_catalog(language: str) -> Catalog:
    info = {**_beginning(language), "illustrative": True}
    rows = read_catalog(EXAMPLE).require()
    return rows.replace(info=CatalogInfo.model_validate(info))


def _empty_catalog(language: str) -> Catalog:
    info = {**_beginning(language), "profile": USUAL_PROFILE}
    return Catalog(CatalogInfo.model_validate(info))


def _beginning(language: str) -> dict[str, object]:
    titles = {f"title_{code}": college_title(code) for code in LANGUAGES}
    return {"id": NEW_ID, "version": "1.0", "language": language, **titles}
