"""Where the catalogs of a network lie: in its own folder, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from curriplan.base.errors import NONE_NEAR, Issue, Place, nearest
from curriplan.catalog.network.beside import NETWORK_BOOK, is_misnamed
from curriplan.catalog.network.records import College
from curriplan.catalog.reading.extends import NOT_RELATIVE
from curriplan.catalog.reading.folder import INFO_FILE
from curriplan.catalog.reading.raw import shorten
from curriplan.catalog.records.network import CollegeRow

BOOK = ".xlsx"
MISSING = "network-catalog-missing"
"""The code of a catalog that is not there: a fault of one college, which the others are planned without."""
LOCK = "~$"
"""Begins the name of the file that Excel keeps beside an open workbook."""
SHOWN = 5
MOST_COMPARED = 20
"""So many names of catalogs that are not there are compared with those that are, to suggest one."""


class Whereabouts:
    """The catalogs in the folder of a network.

    Parameters
    ----------
    file : Path
        The ``network.toml``.
    named : iterable of str
        The catalogs of the colleges, as they are written: none of them is suggested for another college.
    """

    def __init__(self, file: Path, named: Iterable[str] = ()) -> None:
        self.file, self.folder = file, file.parent
        self._named = {_normal(name) for name in named}
        self.issues: list[Issue] = []
        self._missing = 0

    def catalog_of(self, row: CollegeRow) -> Path | None:
        """Return where the catalog of a college lies, with an issue where nothing is there; None outside."""
        path = self._within(row.catalog)
        if path is None:
            self._tell("network-catalog-outside", row)
            return None
        try:
            is_there = path.is_dir() or path.is_file()
        except (OSError, ValueError):  # a name that no file system holds
            is_there = False
        if not is_there:
            self._missing += 1
            free = [name for name in self.known if name not in self._named]
            alike = nearest(row.catalog, free) if self._missing <= MOST_COMPARED else NONE_NEAR
            self._tell(MISSING, row, nearest=alike)
        return path

    def _within(self, name: str) -> Path | None:
        """Return where a path leads within the folder; None where it leads out."""
        if NOT_RELATIVE.match(name):  # before anything is asked of the system: another computer might answer
            return None
        path = self.folder / _normal(name)
        try:
            return path if self._root in path.resolve().parents else None
        except (OSError, ValueError, RuntimeError):  # no name of a file, a circle of links: nothing is there
            return path

    def _tell(self, code: str, row: CollegeRow, **values: object) -> None:
        self.issues.append(Issue(code, row.place("catalog"), {"path": shorten(row.catalog), **values}))

    def tell_unnamed(self, colleges: tuple[College, ...]) -> None:
        """Warn of the catalogs in the folder that no college names."""
        named = {path for one in colleges for path in (one.catalog, *one.catalog.parents)}
        left = [name for name in self.known if self.folder / name not in named]
        if left:
            names = ", ".join(left[:SHOWN]) + (", ..." if len(left) > SHOWN else "")
            values = {"count": len(left), "names": names}
            self.issues.append(Issue("network-catalog-unnamed", Place(str(self.file)), values))

    @cached_property
    def _root(self) -> Path:
        return self.folder.resolve()

    @cached_property
    def known(self) -> list[str]:
        """What lies in the folder and looks like a catalog, sorted."""
        try:
            return [path.name for path in sorted(self.folder.iterdir()) if _is_like_catalog(path)]
        except OSError:
            return []


def _normal(name: str) -> str:
    """Return a path of a catalog in one spelling."""
    return os.path.normpath(name.replace("\\", "/"))


def _is_like_catalog(path: Path) -> bool:
    if (path / INFO_FILE).is_file():
        return True
    is_other = path.name == NETWORK_BOOK or path.name.startswith(LOCK) or is_misnamed(path)
    return path.suffix.casefold() == BOOK and not is_other
