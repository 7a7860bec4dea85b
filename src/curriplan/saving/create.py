"""Where catalogs begin: an example to write over, an empty one, a copy of another."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from curriplan.catalog import ReadResult, read_catalog
from curriplan.catalog.titles import college_title
from curriplan.errors import UsageError
from curriplan.model import LANGUAGES, Catalog, CatalogInfo
from curriplan.saving.save import check_destination, save_catalog

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
) -> ReadResult:
    """Make a catalog to begin with: every table, every column.

    Parameters
    ----------
    path : str or path
        A name that ends in ``.xlsx`` makes a workbook, any other a folder.
    source : str or path, optional
        A catalog to copy, in place of the example.
    empty : bool
        Whether there are headers only, no example rows.
    language : str, optional
        Language of the catalog and of its help; by default Russian, or that of `source`.
    force : bool
        Whether to replace what is there.

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
    save_catalog(found.require(), path, force=force, language=language, every_column=True)
    return found


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
    info = {"id": NEW_ID, "language": language, "illustrative": True, **_titles()}
    rows = read_catalog(EXAMPLE).require()
    return rows.replace(info=CatalogInfo.model_validate(info))


def _empty_catalog(language: str) -> Catalog:
    info = {"id": NEW_ID, "language": language, "profile": USUAL_PROFILE, **_titles()}
    return Catalog(CatalogInfo.model_validate(info))


def _titles() -> dict[str, str]:
    return {f"title_{language}": college_title(language) for language in LANGUAGES}
