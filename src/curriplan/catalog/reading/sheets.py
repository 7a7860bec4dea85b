"""Every cell of every sheet of a file that a college may have: .xlsx, .xls or .ods.

Which of them it is its first bytes say, and the ending of its name must agree: what is called a workbook and
is something else is refused with what to do.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from curriplan.base.errors import CatalogError, Place
from curriplan.base.progress import keeping_objects
from curriplan.base.refusals import reason_of
from curriplan.catalog.reading.archive import DOCUMENT_PART, ENCRYPTED_MARK, ENDINGS, WORKBOOK_PART
from curriplan.catalog.reading.contents import OLE_MARK, ZIP_MARK
from curriplan.catalog.reading.decoding import regular_size
from curriplan.catalog.reading.grids import SheetGrid, read_sheets
from curriplan.catalog.reading.ods import read_ods
from curriplan.catalog.reading.raw import MAX_FILE_MB
from curriplan.catalog.reading.xls import read_xls

XLS_ENDINGS = (".xls", ".xlt")
ODS_ENDINGS = (".ods", ".ots")
ALL_ENDINGS = (*ENDINGS, *XLS_ENDINGS, *ODS_ENDINGS)
"""Of the names of files that `read_any_sheets` opens."""
HEAD_BYTES = 4096
MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|html|head|body|table|meta|style|div|!--)", re.IGNORECASE)
OLDEST_MARKS = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
"""How a workbook of Excel 2 to 5 begins that lies in no compound file."""


def read_any_sheets(path: Path, label: str | None = None) -> tuple[SheetGrid, ...]:
    """Read every cell, and merged ranges and hidden rows and columns beside them.

    Parameters
    ----------
    label : str, optional
        What places call the file; by default the path as given.

    Raises
    ------
    CatalogError
        If it is none of these files or not called so, damaged, encrypted, signed, or too large.
    """
    place = Place(label if label is not None else str(path))
    try:
        size = regular_size(path)
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise CatalogError.of("file-unreadable", place, reason=reason_of(error)) from error
    ending = path.suffix.casefold()
    if size > MAX_FILE_MB * 1_000_000:
        raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
    if head.startswith(OLE_MARK) and ending in XLS_ENDINGS:
        if ENCRYPTED_MARK in path.read_bytes():
            raise CatalogError.of("encrypted-workbook", place)
        with keeping_objects():
            return read_xls(path, place)
    if head.startswith(ZIP_MARK) and _is_document(path):
        if ending not in ODS_ENDINGS:
            raise CatalogError.of("document-misnamed", place, ending=path.suffix or "-")
        with keeping_objects():
            return read_ods(path, place)
    _refuse_text(head, place)
    return read_sheets(path, label, with_beside=True)


def _is_document(path: Path) -> bool:
    """Say whether an archive holds a table of OpenDocument, and not a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False
    return DOCUMENT_PART in names and WORKBOOK_PART not in names


def _refuse_text(head: bytes, place: Place) -> None:
    """Refuse a page or other text that is called a workbook, and the oldest workbooks."""
    if head.startswith(OLDEST_MARKS):
        raise CatalogError.of("very-old-workbook", place)
    text = head.replace(b"\0", b"").decode("utf-8", errors="replace").lstrip("\ufeff\ufffd")
    if MARKUP.match(text):
        raise CatalogError.of("page-as-workbook", place)
