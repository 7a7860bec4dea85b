"""A release as it was downloaded: the tables of a .zip, read where they lie.

Nothing is unpacked. A table is known by its name, whatever folder of the archive it lies in: no path of an
archive is ever used as one.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from curriplan.base.errors import CatalogError, Place
from curriplan.base.refusals import reason_of
from curriplan.catalog.reading.archive import DAMAGE, MAX_PARTS, PACKED_AS
from curriplan.catalog.reading.decoding import regular_size
from curriplan.catalog.reading.folder import text_of
from curriplan.catalog.reading.raw import MAX_CSV_MB, MAX_FILE_MB

TABLES = (".csv", ".txt")
"""Endings of what is read out of an archive: a workbook is one itself, and is to be unpacked."""


@dataclass(frozen=True)
class PackedFile:
    """A file in an archive; `repeated` if several of its folders have one of this name."""

    archive: Path
    part: zipfile.ZipInfo
    name: str
    repeated: bool = False

    def __str__(self) -> str:
        return str(self.archive / self.name)

    def read_text(self) -> str:
        """Return its text.

        Raises
        ------
        CatalogError
            If the archive must be unpacked first, or the table is too large, damaged, or no text in UTF-8.
        """
        is_table = self.name.casefold().endswith(TABLES) and not self.repeated
        if not is_table or self.part.flag_bits & 1 or self.part.compress_type not in PACKED_AS:
            raise CatalogError.of("import-packed", Place(str(self.archive)))
        if self.part.file_size > MAX_CSV_MB * 1_000_000:
            raise CatalogError.of("file-too-large", Place(str(self)), limit=MAX_CSV_MB)
        try:
            with zipfile.ZipFile(self.archive) as archive, archive.open(self.part) as stream:
                data = stream.read(self.part.file_size)  # no more than it says that it is
        except DAMAGE as error:
            raise CatalogError.of("import-archive-damaged", Place(str(self))) from error
        return text_of(data, str(self))


def is_packed(path: Path) -> bool:
    """Say whether a path leads to a release that nobody has unpacked."""
    return path.suffix.casefold() == ".zip" and path.is_file()


def packed_files(path: Path) -> dict[str, PackedFile]:
    """Return the files of an archive by name, in small letters; none if there are too many.

    Raises
    ------
    CatalogError
        If it cannot be read, is too large or damaged.
    """
    place = Place(str(path))
    try:
        if regular_size(path) > MAX_FILE_MB * 1_000_000:
            raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except OSError as error:
        raise CatalogError.of("file-unreadable", place, reason=reason_of(error)) from error
    except DAMAGE as error:
        raise CatalogError.of("import-archive-damaged", place) from error
    found: dict[str, PackedFile] = {}
    for part in parts if len(parts) <= MAX_PARTS else ():
        name = re.split(r"[/\\]", part.filename)[-1]
        found[name.casefold()] = PackedFile(path, part, name, repeated=name.casefold() in found)
    return found
