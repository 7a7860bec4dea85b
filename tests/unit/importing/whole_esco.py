"""ESCO 1.1.1 imported, saved and read back once for all files of tests that look at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from curriplan.catalog.reading.read import ReadResult, read_catalog
from curriplan.catalog.saving.folder import write_folder
from curriplan.importing.esco.catalog import import_esco
from curriplan.importing.result import Imported


class Whole(NamedTuple):
    """A release that no test may change."""

    imported: Imported
    folder: Path
    """Where its catalog is saved."""
    read: ReadResult
    """What was read from there."""


def whole_esco(release: Path, once: Callable[[str, Callable[[], Any]], Any], shared_folder: Path) -> Whole:
    """Return all of a release; whoever asks first imports it."""

    def work() -> Whole:
        imported = import_esco(release)
        folder = write_folder(imported.catalog, shared_folder / "esco")
        return Whole(imported, folder, read_catalog(folder))

    found: Whole = once("esco", work)
    return found
