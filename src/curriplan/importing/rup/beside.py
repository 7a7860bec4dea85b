"""Rows that say units in cells of their own beside the numbers: час | 144 | нед | 4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curriplan.importing.rup.amounts import unit_word
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.roles import AMOUNT_ROLES, HeadedColumn


def unit_cells(
    sheet: RupSheet, layout: Layout, row: int
) -> Iterator[tuple[list[HeadedColumn], dict[str, float] | None]]:
    """Yield the blocks of a row in which units stand in cells of their own beside the numbers.

    Yields
    ------
    tuple
        The columns of the block, and its amounts by unit, None where numbers and units do not pair.
    """
    for block in _blocks(layout):
        texts = [(one, sheet.text(row, one.index)) for one in block]
        words = [unit_word(text) for _, text in texts if text]
        if any(words):
            filled = [text for _, text in texts if text]
            yield block, _paired(filled, words)


def _blocks(layout: Layout) -> Iterator[list[HeadedColumn]]:
    """Yield the columns of each semester, and those of all semesters together."""
    blocks: dict[int, list[HeadedColumn]] = {}
    for column in layout.having(*AMOUNT_ROLES):
        if column.role is not None:
            blocks.setdefault(column.role.term, []).append(column)
    yield from (blocks[term] for term in sorted(blocks))


def _paired(texts: Sequence[str], words: Sequence[str]) -> dict[str, float] | None:
    """Return numbers by the unit beside each: all units before their numbers, or all after them."""
    first = 0 if words[0] else 1
    if len(texts) % 2 or any(bool(word) != (place % 2 == first) for place, word in enumerate(words)):
        return None
    found: dict[str, float] = {}
    for place in range(0, len(texts), 2):
        unit, text = words[place + first], texts[place + 1 - first]
        if unit in found or not text.replace(".", "", 1).replace(",", "", 1).isdecimal():
            return None
        found[unit] = float(text.replace(",", "."))
    return found


def target(block: Sequence[HeadedColumn], unit: str) -> HeadedColumn | None:
    """Return the column of a block that counts a unit in all, None where it has none."""
    wanted = {"credits"} if unit == "credits" else {"hours", ""}
    for one in block:
        role = one.role
        if role is not None and (role.unit if role.name == "semester" else role.name) in wanted:
            return one
    return None
