"""How wide text is and how many lines it takes: no program fits row heights reliably by itself.

Letter widths are those of Calibri (and of Carlito, its free twin), in twentieths of a digit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

_LETTERS: Mapping[int, str] = {
    9: "ijlі",
    10: " ,.IІ·",
    11: ":;`'|!",
    12: "()-[]f{}",
    13: "Jt",
    14: "rг",
    15: "/\\sтғ",
    16: '"z',
    17: "LcxГзсхэҒ“”",
    18: "?FSZkvyкучұүһ",
    19: "ETYagЕЗТавьяЁқҰҮ",
    20: "#$*+0123456789<=>PX^_e~РХелёә«»–×≥≤§₸",
    21: "BCKRbdhnopquБВКСУЬбийнопрцъөθ",
    22: "VЧЭЯдңҺ",
    23: "AАҚ",
    24: "DЛЪ",
    25: "GHNUДИЙНПЦфӘҢ",
    26: "OОыӨ",
    27: "&Qжм",
    28: "%wФю",
    29: "ш",
    30: "Ыщ✔✘",
    32: "mЖ",
    34: "MМШ",
    35: "@WЩЮ",
    36: "—",
    40: "№",
}
_TWENTIETHS = {letter: width for width, letters in _LETTERS.items() for letter in letters}
_UNKNOWN = 24
_DIGIT_EM = 0.507
"""Width of a digit in font sizes."""
PIXELS_PER_POINT = 96 / 72
COLUMN_PIXELS = 7
"""Pixels of one character of column width, and the margin that Excel adds to a column."""
COLUMN_MARGIN = 5
CELL_MARGIN = 7
INDENT_PIXELS = 9
SAFETY = 1.03
BOLD = 1.05

AT_HYPHENS = re.compile("[^-]*-+|[^-]+")
"""Where a word that is longer than a line is broken first."""

LINE_POINTS = 1.25
"""Height of a line, in font sizes."""


def text_pixels(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of text at a font size in points."""
    return _twentieths(text) / 20 * _DIGIT_EM * size * PIXELS_PER_POINT * (BOLD if bold else 1.0) * SAFETY


@lru_cache(maxsize=20_000)
def _twentieths(text: str) -> int:
    """Return the width of text in twentieths of a digit; words come again and again."""
    return sum(_TWENTIETHS.get(letter, _UNKNOWN) for letter in text)


def column_pixels(width: float) -> float:
    """Return the width of a column of so many characters."""
    return width * COLUMN_PIXELS + COLUMN_MARGIN


def lines_needed(text: str, pixels: float, size: float, *, bold: bool = False, indent: int = 0) -> int:
    """Return the lines that text takes in a cell of so many pixels: words wrap, long ones at hyphens."""
    room = max(pixels - CELL_MARGIN - indent * INDENT_PIXELS, 1.0)
    return sum(_wrapped(part, room, size, bold) for part in text.split("\n"))


def _wrapped(text: str, room: float, size: float, bold: bool) -> int:
    lines, used = 1, 0.0
    space = text_pixels(" ", size, bold=bold)
    for word in text.split(" "):
        gap = space
        for part in [word] if text_pixels(word, size, bold=bold) <= room else AT_HYPHENS.findall(word):
            length = text_pixels(part, size, bold=bold)
            if used and used + gap + length > room:
                lines, used = lines + 1, 0.0
            elif used:
                used += gap
            if length > room:
                more = math.ceil(length / room) - 1
                lines, length = lines + more, length - more * room
            used, gap = used + length, 0.0
    return lines


def row_points(lines: int, size: float) -> float:
    """Return the height of a row that holds some lines, in points."""
    return round(lines * size * LINE_POINTS + 3.0, 2)


def shortened(text: str, most: int) -> str:
    """Return text of at most so many characters, cut at a word where that leaves enough.

    >>> shortened("Information Security Technician", 24)
    'Information Security…'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    word = cut.rsplit(" ", 1)[0] if text[most - 1] != " " else cut
    return (word if len(word) > most // 2 else cut).rstrip(" ,;:–-") + "…"
