"""What a file is by its first bytes, whatever it is called: for whoever gave the wrong one."""

from __future__ import annotations

import zipfile
from pathlib import Path

from curriplan.texts.words import Phrase

MARKS = (
    (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"II*\0", "picture"), (b"MM\0*", "picture"), (b"{\\rtf", "word"), (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"),
)  # fmt: skip
OLE_MARK, ZIP_MARK = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "slides"),
    ("Workbook", "old_workbook"),
)
ZIP_PARTS = (
    ("word/", "word"),
    ("ppt/", "slides"),
    ("xl/", "workbook"),
    ("content.xml", "document"),
)
HEAD, MOST = 512, 20_000_000
"""Bytes that are looked at: the first; of a file of Office, the names of what it holds."""


def contents_of(path: Path) -> Phrase:
    """Return what a file is, as people call it."""
    return Phrase(f"contents.{_kind(path)}")


def is_word(data: bytes) -> bool:
    """Say whether a file of an old Office is a text document."""
    return _stream_kind(data) == "word"


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST)
    except OSError:
        return "other"
    known = next((kind for mark, kind in MARKS if data.startswith(mark)), "")
    if known:
        return known
    if data.startswith(OLE_MARK):
        return _stream_kind(data)
    if data.startswith(ZIP_MARK):
        return _part_kind(path)
    return _text_kind(data[:HEAD])


def _stream_kind(data: bytes) -> str:
    return next((kind for name, kind in OLE_STREAMS if name.encode("utf-16-le") in data), "other")


def _part_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return "archive"
    found = (kind for part, kind in ZIP_PARTS if any(name.startswith(part) for name in names))
    return next(found, "archive")


def _text_kind(head: bytes) -> str:
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "other"
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t").casefold()
    if text.startswith(("<!doctype html", "<html", "<table")):
        return "page"
    return "text" if text else "empty"
