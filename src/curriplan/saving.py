"""Save a catalog where a user wants it, in the form that the name asks for."""

from __future__ import annotations

from pathlib import Path

from curriplan.catalog import write_folder
from curriplan.model import Catalog


def save_catalog(catalog: Catalog, path: Path) -> Path:
    """Write a catalog as a folder of CSV tables.

    Raises
    ------
    CatalogError
        If there is something at `path` already.
    """
    return write_folder(catalog, path)
