"""The archive that a workbook is, looked at before anything in it is parsed.

The file may come from anywhere: its magic bytes come first, then its directory, then a count of tags in
the bytes of each part.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from openpyxl.utils.exceptions import InvalidFileException

from curriplan.base.errors import CatalogError, CurriplanError, Place
from curriplan.base.refusals import reason_of
from curriplan.catalog.reading.contents import OLE_MARK, ZIP_MARK, contents_of, is_word
from curriplan.catalog.reading.decoding import regular_size
from curriplan.catalog.reading.markup import DOCUMENT_TYPE, is_within_bounds, plain
from curriplan.catalog.reading.raw import MAX_CELLS, MAX_FILE_MB

WORKBOOK_PART = "xl/workbook.xml"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
"""The namespace of workbooks in strict Open XML, which openpyxl does not read."""
DOCUMENT_PART, KIND_PART, DOCUMENT_KIND = "content.xml", "mimetype", b".oasis.opendocument.spreadsheet"
"""Of a table of OpenDocument (.ods)."""
MAX_PARTS = 10_000
MAX_SHEETS = 1_000
MAX_OTHERS = 500_000
"""Formats, names, merged ranges, rules and the like, all together."""
CELL = re.compile(rb"<(?:\w+:)?(?:c|si|row)[\s/>]")
SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
INSIDE_CELL = re.compile(rb"<(?:\w+:)?(?:c|v|f|is|si|t|row)[\s/>]")
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How parts of a workbook may be packed; other ways need memory that nobody can foresee."""
ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xltm")
"""Of the names under which openpyxl opens a workbook."""
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
# What openpyxl, zipfile and the XML parser raise on a damaged or hostile file.
DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    DefusedXmlException,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def damage(error: BaseException, place: Place) -> CurriplanError:
    """Return what is said of a workbook that could not be read: that it is damaged, or may do harm."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DefusedXmlException):
            return CatalogError.of("unsafe-xml", place)
        cause = cause.__cause__ or cause.__context__
    return CatalogError.of("damaged-workbook", place)


def inspect(path: Path, place: Place) -> None:
    """Refuse what is no workbook or too large."""
    try:
        size = regular_size(path)
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise CatalogError.of("file-unreadable", place, reason=reason_of(error)) from error
    if size > MAX_FILE_MB * 1_000_000:
        raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
    if head.startswith(OLE_MARK):
        data = path.read_bytes()
        if is_word(data):
            raise CatalogError.of("not-a-workbook", place, contents=contents_of(path))
        encrypted = ENCRYPTED_MARK in data
        raise CatalogError.of("encrypted-workbook" if encrypted else "old-workbook", place)
    if not head.startswith(ZIP_MARK):
        raise CatalogError.of("not-a-workbook", place, contents=contents_of(path))
    _inspect_archive(path, place)


def _inspect_archive(path: Path, place: Place) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_FILE_MB * 1_000_000:
                raise CatalogError.of("file-too-large", place, limit=MAX_FILE_MB)
            if WORKBOOK_PART not in archive.namelist():
                if _is_document(archive):
                    raise CatalogError.of("open-document", place)
                raise CatalogError.of("not-a-workbook", place, contents=contents_of(path))
            if path.suffix.casefold() not in ENDINGS:
                raise CatalogError.of("workbook-misnamed", place, ending=path.suffix or "-")
            if len(parts) > MAX_PARTS or any(part.compress_type not in PACKED_AS for part in parts):
                raise CatalogError.of("damaged-workbook", place)
            _inspect_parts(archive, parts, place)
    except DAMAGE as error:
        raise damage(error, place) from error


def _is_document(archive: zipfile.ZipFile) -> bool:
    """Say whether an archive calls itself a table of OpenDocument; texts of it have the same parts."""
    kind = next((one for one in archive.infolist() if one.filename == KIND_PART), None)
    has_content = DOCUMENT_PART in archive.namelist()
    return has_content and kind is not None and kind.file_size < 100 and DOCUMENT_KIND in archive.read(kind)


def _inspect_parts(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], place: Place) -> None:
    """Refuse more cells or other things than can be read."""
    cells = others = 0
    for one in parts:  # every part, because a sheet may lie anywhere in the archive
        part = archive.read(one)
        if one.filename == WORKBOOK_PART and STRICT in part:
            raise CatalogError.of("strict-workbook", place)
        tags = part.count(b"<")
        part = bounded(part, place)
        inside = part.count(b"</") + sum(1 for _ in INSIDE_CELL.finditer(part))
        cells += sum(1 for _ in CELL.finditer(part))
        others += tags - inside
        if cells > MAX_CELLS:
            raise CatalogError.of("too-many-cells", place, limit=MAX_CELLS)
        if sum(1 for _ in SHEET.finditer(part)) > MAX_SHEETS:
            raise CatalogError.of("too-many-sheets", place, limit=MAX_SHEETS)
        if others > MAX_OTHERS:
            raise CatalogError.of("too-many-formats", place, limit=MAX_OTHERS)


def bounded(part: bytes, place: Place) -> bytes:
    """Return a part of an archive as `plain` does; one that cannot be parsed in due time is refused."""
    if part.count(b"<") > 8 * MAX_CELLS:
        raise CatalogError.of("too-many-cells", place, limit=MAX_CELLS)
    part = plain(part)
    if DOCUMENT_TYPE in part:
        raise CatalogError.of("unsafe-xml", place)
    if not is_within_bounds(part):
        raise CatalogError.of("xml-too-long", place)
    return part


def lost_sheets(path: Path, read: Iterable[str]) -> list[str]:
    """Return the sheets that a workbook lists and openpyxl passed over without a word, or mixed up."""
    try:
        with zipfile.ZipFile(path) as archive:
            root = fromstring(archive.read(WORKBOOK_PART))
    except DAMAGE as error:
        raise damage(error, Place(str(path))) from error
    listed = Counter(node.get("name", "") for node in root.iter() if node.tag.endswith("}sheet"))
    return sorted((listed - Counter(read)) + (listed - Counter(set(listed))))


SHEET_NAME = re.compile(r"<(?:\w+:)?sheet\s[^<>]*?\bname\s*=\s*[\"']([^\"'<>]*)")
MOST_LISTED_BYTES = 1_000_000


def listed_sheets(path: Path) -> list[str]:
    """Return the names of the sheets of a file that is to be replaced; none where it is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(WORKBOOK_PART).file_size > MOST_LISTED_BYTES:
                return []
            text = archive.read(WORKBOOK_PART).decode("utf-8", errors="replace")
    except DAMAGE:
        return []
    return [unescape(name) for name in SHEET_NAME.findall(text)]


def has_notes(path: Path) -> bool:
    """Say whether a workbook that was read has notes or comment threads beside its cells."""
    with zipfile.ZipFile(path) as archive:
        return any(re.search(r"comments?\d*\.xml$", name, re.IGNORECASE) for name in archive.namelist())
