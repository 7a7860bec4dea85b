"""The paper: A4, what it leaves for the cells, and the rows with which its pages begin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

MAX_ROW_POINTS = 409
DEFAULT_ROW_POINTS = 15.0
PAPER_A4 = 9
PAGE_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.6}
"""Inches; the footer stands in the lower one."""


@dataclass(frozen=True)
class Page:
    """What A4 leaves for the cells, in points: a little less in height, for the rounding of rows."""

    width: float
    height: float


LANDSCAPE = Page((11.69 - 0.8) * 72, (8.27 - 1.1) * 72 * 0.98)
PORTRAIT = Page((8.27 - 0.8) * 72, (11.69 - 1.1) * 72 * 0.98)


def page_breaks(
    blocks: Iterable[tuple[int, int]],
    heights: Mapping[int, float],
    page: float,
    repeated: tuple[int, int] | None = None,
    starts: Collection[int] = (),
) -> list[int]:
    """Return the rows with which pages begin, so that no block is torn; with `starts` a page begins anyway.

    Pages are filled row by row as a printer does. Every page is said, not only those that a block
    moves: programs differ a little in how much a page holds, and the blocks after would be torn.
    A block longer than a page is left alone; of several blocks that begin in one row, the longest that
    fits on a page counts.
    """
    ends: dict[int, list[int]] = {}
    for first, end in sorted(blocks):
        ends.setdefault(first, []).insert(0, end)
    last = max([*heights, *(one for found in ends.values() for one in found)], default=-1)
    size = [heights.get(row, DEFAULT_ROW_POINTS) for row in range(last + 1)]
    head = sum(size[repeated[0] : repeated[1] + 1]) if repeated else 0.0
    breaks, used = [], 0.0
    for row in range(last + 1):
        fresh = head if repeated and row > repeated[1] else 0.0
        blocks_here = (sum(size[row : end + 1]) for end in ends.get(row, ()))
        whole = next((height for height in blocks_here if fresh + height <= page), 0.0)
        full = used + size[row] > page
        torn = used + whole > page
        if full or torn or row in starts:
            breaks.append(row)
            used = fresh
        used += size[row]
    return breaks
