"""The texts of a catalog as they stand in cells, and those that no file gives back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.reading.raw import MAX_TEXT, REFUSED, clean, number_text, refused_issue
from curriplan.catalog.records import Catalog
from curriplan.texts.titles import INFO_TABLE

ESCAPE = re.compile("_x[0-9A-Fa-f]{4}(?=_)")
"""How a workbook writes a character that XML cannot hold."""


def cell_of(value: object) -> str:
    """Return a value as it stands in a cell; a CSV file guards the texts.

    >>> cell_of(12.0), cell_of(True), cell_of((1, 2)), cell_of(None)
    ('12', 'yes', '1;2', '')
    """
    if value is None:
        return ""
    if type(value) is str:
        return clean(value)  # a lone CR would end the row; readers give line breaks one form anyway
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(cell_of(item) for item in value)
    if isinstance(value, float):
        return number_text(value)
    return clean(str(value))


def check_texts(catalog: Catalog, *, in_workbook: bool = False) -> None:
    """Refuse texts that do not come back from the files of a catalog.

    Parameters
    ----------
    in_workbook : bool
        Whether they go into cells of a workbook, which hold less than a folder.

    Raises
    ------
    CatalogError
        With each of them: control characters and those that turn a text, which no reader takes; more than
        32,767 characters in a cell (Excel counts a letter beyond the basic plane as two); in a workbook
        codes of XML that overlap.
    """
    fault = _fault_in_workbook if in_workbook else _fault
    found = [issue for place, text in _texts(catalog) if (issue := fault(place, text)) is not None]
    if found:
        raise CatalogError(found)


def _is_plain(text: str) -> bool:
    """Say whether nothing can be wrong with a text: of nearly all of them, and seen at once.

    What a reader refuses is not printable; no letter counts more than twice; codes begin with ``_x``.
    """
    return text.isprintable() and 2 * len(text) <= MAX_TEXT and "_x" not in text


def _texts(catalog: Catalog) -> Iterator[tuple[Place, str]]:
    """Yield the texts of a catalog with their places, without most of those that are plain."""
    for name, value in catalog.info:
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                yield Place(INFO_TABLE, None, None, name), text
    for row in catalog.records():
        for name, value in row:
            if isinstance(value, str) and _is_plain(value):
                continue
            if isinstance(value, str) or (isinstance(value, tuple) and value):
                yield row.place(name), cell_of(value)


def _fault(place: Place, text: str) -> Issue | None:
    """Return what a reader refuses of a text; the file of the catalog's own texts has no cells."""
    if found := REFUSED.search(text):
        return refused_issue(place, found[0])
    if len(text) > MAX_TEXT and place.file != INFO_TABLE:
        return Issue("text-too-long", place, {"length": len(text), "limit": MAX_TEXT})
    return None


def _fault_in_workbook(place: Place, text: str) -> Issue | None:
    """Return also what a cell of a workbook cannot hold."""
    if issue := _fault(place, text):
        return issue
    length = len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
    if length > MAX_TEXT:
        return Issue("text-too-long", place, {"length": length, "limit": MAX_TEXT})
    codes = [found.span() for found in ESCAPE.finditer(text)] if "_x" in text else []
    for (_, end), (start, last) in pairwise(codes):
        if start == end:
            return Issue("text-of-codes", place, {"value": text[start - 6 : last + 1]})
    return None
