"""XML parts of a workbook measured in bytes, before any parser sees them.

A parser that gets a document in blocks looks at what has not ended yet from its beginning with each block
(expat before 2.6): one tag of 32 MB takes four times as long as one of 16. So nothing between two angle
brackets may be long, and the bytes must be what they look like.
"""

from __future__ import annotations

import re

MOST_TAG_BYTES = 256_000
MOST_ATTRIBUTES = 1_000
LEAST_ATTRIBUTE_BYTES = 5
"""Of a="" and the blank before it."""
ENCODINGS = re.compile(
    rb"utf-?8|utf-?16(le|be)?|(us-)?ascii|iso-8859-\d{1,2}|(windows-|cp)125\d", re.IGNORECASE
)
"""Encodings in which an angle bracket, and nothing else, is the byte that ASCII has for it."""
LONG_GAP = re.compile(rb"<[^<]{%d}" % (LEAST_ATTRIBUTE_BYTES * MOST_ATTRIBUTES))
"""Where a bracket is so long alone that there may be a tag as long: none holds another bracket."""
QUOTE_OR_END = re.compile(rb"[\"'>]")
BEFORE_MARKUP = b"\xef\xbb\xbf \t\r\n"
DECLARED = re.compile(rb"<\?xml\s[^<>]*?\bencoding\s*=\s*[\"']([^\"'<>]*)")
DOCUMENT_TYPE = b"<!DOCTYPE"
"""What the format of workbooks forbids: it may declare entities."""


def plain(part: bytes) -> bytes:
    """Return a part of a workbook, in UTF-8 where it is in UTF-16, in which any byte may look like a bracket.

    >>> plain("<a/>".encode("utf-16")), plain("<a/>".encode("utf-16-be")), plain(b"<a/>")
    (b'<a/>', b'<a/>', b'<a/>')
    """
    if b"\0" not in part[:4]:
        return part
    marked = part.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if marked else "utf-16-le" if part[1:2] == b"\0" else "utf-16-be"
    return part.decode(encoding, errors="replace").encode()


def is_within_bounds(part: bytes) -> bool:
    """Say whether a part, as `plain` returns it, can be parsed in a time that grows as its length.

    What is no XML, such as a picture, can: no parser gets beyond its beginning.

    >>> is_within_bounds(b'<a b="1"/>'), is_within_bounds(b'<a b="' + b">" * 300_000 + b'"/>')
    (True, False)
    """
    head = part[: 2 * len(BEFORE_MARKUP)].lstrip(BEFORE_MARKUP) or part.lstrip(BEFORE_MARKUP)
    if not head.startswith(b"<"):
        return True
    declared = DECLARED.match(part, part.find(b"<"))
    if declared is not None and not ENCODINGS.fullmatch(declared[1]):
        return False
    if not (_are_short(part, b"<!--", b"-->") and _are_short(part, b"<?", b"?>")):
        return False
    return all(_is_good_tag(part, found.start()) for found in LONG_GAP.finditer(part))


def _are_short(part: bytes, start: bytes, end: bytes) -> bool:
    """Say whether nothing that begins and ends so is long."""
    at = part.find(start)
    while at >= 0:
        ended = part.find(end, at, at + MOST_TAG_BYTES)
        if ended < 0:
            return len(part) - at <= MOST_TAG_BYTES
        at = part.find(start, ended)
    return True


def _is_good_tag(part: bytes, start: int) -> bool:
    """Say whether the tag that starts there is short, and has few attributes."""
    attributes, at, limit = 0, start + 1, start + MOST_TAG_BYTES
    while found := QUOTE_OR_END.search(part, at, limit):
        if found[0] == b">":
            return attributes <= MOST_ATTRIBUTES
        attributes += 1
        at = part.find(found[0], found.end(), limit) + 1
        if not at:
            break
    return len(part) <= limit and attributes <= MOST_ATTRIBUTES
