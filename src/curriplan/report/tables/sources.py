"""Sources in the report's language: those that a catalog writes in one known way, word for word.

A source is free text of the catalog, in one language. Orders are named by number and date, which can
be said in any language, and a few phrases of the bundled regulation profile have words of their own.
Every other source is shown as the catalog writes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from curriplan.report.texts import Texts, report_texts

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDER = r"Order (\d+) of (\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})"
_ORDERS = re.compile(rf"{_ORDER}(?:, as amended by {_ORDER})?( \(replaced\))?")
SOURCE_TEXTS = ("derived", "practice", "in_use", "choice")
"""Whole sources with words of their own."""
OWNERS = ("competence_centre", "university", "engineering_works", "service_company", "it_company")
"""Owners of the bundled catalog's resources, with words of their own."""


def in_words(
    texts: Texts, source: str, family: str = "source_text", names: Sequence[str] = SOURCE_TEXTS
) -> str:
    """Return a source in the language of the texts, or as it is where nothing is known of it."""
    if texts.language == "en":
        return source
    for name in names:
        key = f"{family}.{name}"
        if report_texts()[key]["en"] == source:
            return texts(key)
    found = _ORDERS.fullmatch(source)
    return source if found is None else _orders(texts, found)


def _orders(texts: Texts, found: re.Match[str]) -> str:
    parts: tuple[str | None, ...] = found.groups()
    if any(month is not None and month not in MONTHS for month in (parts[2], parts[6])):
        return found.group(0)
    said = _order(texts, parts[:4])
    if parts[4] is not None:
        said = texts("source_part.amended", order=said, amendment=_order(texts, parts[4:8]))
    if parts[8]:
        said = texts("source_part.replaced", order=said)
    return said[:1].upper() + said[1:]


def _order(texts: Texts, parts: tuple[str | None, ...]) -> str:
    number, day, month, year = parts
    date = f"{int(day or 0):02}.{MONTHS.index(month or '') + 1:02}.{year}"
    return texts("source_part.order", number=number, date=date)


def known_word(texts: Texts, key: str) -> str | None:
    """Return the text of a key that a catalog's word makes, None where there is none."""
    return texts(key) if key in report_texts() else None
