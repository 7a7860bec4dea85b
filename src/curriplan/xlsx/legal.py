"""What Excel lets a cell and a tab be called: texts and names that no program refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_TEXT = 32_767
CUT_MARK = " […]"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MAX_SHEET_NAME = 31


def clean_text(text: str) -> str:
    """Return text that a cell can hold: no control characters, no more than Excel allows."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Excel counts UTF-16 units: a letter beyond the basic plane is two of them.
    if len(text.encode("utf-16-le")) // 2 <= MAX_TEXT:
        return text
    room = (MAX_TEXT - len(CUT_MARK)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT_MARK


def unique_sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a legal sheet name that differs from those taken, letter case apart."""
    base = _NOT_IN_NAMES.sub(" ", clean_text(wanted)).strip("' ") or "-"
    used = {name.casefold() for name in taken} | {"history"}
    name, count = base[:MAX_SHEET_NAME].strip("' "), 1
    while name.casefold() in used:
        count += 1
        tail = f" ({count})"
        name = base[: MAX_SHEET_NAME - len(tail)].rstrip("' ") + tail
    return name
