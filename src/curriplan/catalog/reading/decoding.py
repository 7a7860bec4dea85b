"""Bytes of a text file as planners' programs write them: UTF-8, UTF-16 of Excel, Windows-1251."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from curriplan.base.refusals import NoOrdinaryFileError
from curriplan.base.touched import note_read

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
CYRILLIC = "А-Яа-яЁёІі"
# What Windows-1251 has beside Russian letters that a planner may type; other signs speak against it.
PLAUSIBLE = re.compile(f"[\\x00-\\x7f{CYRILLIC}«»„“”‘’–—…№•·§°©®±\xa0\xad]*")
LOST = re.compile(
    f'[{CYRILLIC}][?]+[{CYRILLIC}]|(?<![^\\s;,"])[?]+[{CYRILLIC}]{{2}}|[{CYRILLIC}][?]+ +[?]*[а-яёі]'
)
"""A question mark within a word, before one, or after one where the sentence goes on."""
MAYBE_LOST = re.compile(f"[{CYRILLIC}][?]|[?][{CYRILLIC}]|[?]{{2}}")
"""A question mark that may end a question, or be a letter where others are lost already."""
CAMEL = re.compile("[а-яё][А-ЯЁ]")
MIXED = re.compile(f"[a-z][{CYRILLIC}]|[{CYRILLIC}][a-z]")
SMALL = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
JUDGED = 1_000_000
"""Characters by whose words a text is judged."""
WORD = re.compile(f"[{CYRILLIC}]+")
ODD_PART = 0.1
"""Above this part of odd words a text is not Russian in Windows-1251."""


def decode(data: bytes) -> tuple[str, str | None]:
    """Return the text of a file, and its encoding where that is not UTF-8.

    Raises
    ------
    UnicodeDecodeError
        Where it is neither UTF-8, nor UTF-16 with a byte order mark, nor plainly Windows-1251.

    >>> decode("сеть".encode()), decode("сеть".encode("cp1251")), decode("сеть".encode("utf-16"))
    (('сеть', None), ('сеть', 'Windows-1251'), ('сеть', 'UTF-16'))
    """
    if data.startswith(UTF16_MARKS):
        return data.decode("utf-16"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        text = _windows_1251(data)
        if text is None:
            raise
        return text, "Windows-1251"


def _windows_1251(data: bytes) -> str | None:
    """Return the text where it reads as Russian in Windows-1251 and as nothing else."""
    if _is_damaged_utf8(data):
        return None
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError:
        return None
    if _small_letters(text) < _small_letters(data.decode("koi8-r")):  # there small and capital change places
        return None
    head = text[:JUDGED]
    words = len(WORD.findall(head))
    odd = len(CAMEL.findall(head)) + len(MIXED.findall(head))
    return text if words and odd <= ODD_PART * words and PLAUSIBLE.fullmatch(text) else None


def _small_letters(text: str) -> int:
    return sum(text.count(letter) for letter in SMALL)


def _is_damaged_utf8(data: bytes) -> bool:
    """Say whether most letters beyond ASCII are whole in UTF-8: then a few bytes were lost."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return len(text) - len(text.encode("ascii", errors="ignore")) > 2 * broken


def lost_letters(text: str, *, others: bool = False) -> bool:
    """Say whether question marks stand for letters that Windows-1251 does not have.

    Parameters
    ----------
    others : bool
        Whether letters of the same table are lost for sure: then a mark at the end of a word is one, too.

    >>> lost_letters("Ба?дарлама"), lost_letters("??деу"), lost_letters("Цифрлы? сауаттылы?")
    (True, True, True)
    >>> lost_letters("Зачем? Затем"), lost_letters("жарты?"), lost_letters("жарты?", others=True)
    (False, False, True)
    """
    return (MAYBE_LOST if others else LOST).search(text) is not None


def regular_size(path: Path) -> int:
    """Return the bytes of a file that is about to be read.

    Raises
    ------
    OSError
        If it cannot be looked at, or is a folder, or a device or a pipe that may never end.
    """
    note_read(path)
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        raise NoOrdinaryFileError
    return found.st_size
