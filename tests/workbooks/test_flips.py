"""Each live row of the rules turns from "holds" to "broken" when a cell that it rests on is changed.

Hours, credits, money or semesters are changed in the open workbook, LibreOffice computes it anew, and the
status is read. A row that nothing turns over is no live row, whatever it says: the test names it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from curriplan.texts.words import Words
from unit.report.rich import rich_view
from workbooks.flips import Book, Change
from workbooks.kinds import mini_case, written, written_view
from workbooks.office import Place, shown_after
from workbooks.package import Package
from workbooks.test_lint import workbook

ROUNDS = 4
ENGLISH = Words("en")
HOLDS, BROKEN = ENGLISH("status.holds"), ENGLISH("status.broken")


def turned_over(data: bytes) -> tuple[dict[Place, Change], list[Place]]:
    """Return the change that broke each status, and the statuses that no change broke."""
    book = Book(Package(data))
    waiting = {place: book.changes(place) for place in book.live((HOLDS,))}
    found: dict[Place, Change] = {}
    for _ in range(ROUNDS):
        tried = chosen(waiting)
        if not tried:
            break
        for change, shown in zip(tried, shown_after(data, tried, list(waiting)), strict=True):
            found |= {
                place: change for place in waiting if change in waiting[place] and shown[place] == BROKEN
            }
        waiting = {
            place: [one for one in changes if one not in tried]
            for place, changes in waiting.items()
            if place not in found
        }
    return found, sorted(waiting)


def chosen(waiting: dict[Place, list[Change]]) -> list[Change]:
    """Return changes that touch every waiting status: those that most of them share."""
    shared = Counter(change for changes in waiting.values() for change in changes)
    found: list[Change] = []
    for changes in sorted(waiting.values(), key=len):
        if changes and not set(changes) & set(found):
            found.append(max(changes, key=lambda one: shared[one]))
    return found


@pytest.mark.parametrize("name", ["rich", "mini"])
def test_each_live_rule_is_turned_over_by_an_input_cell(name: str) -> None:
    data = written_view(rich_view(), "en") if name == "rich" else written(mini_case(), "plan", "en")
    found, left = turned_over(data)
    assert left == []
    assert len(found) >= {"rich": 30, "mini": 15}[name]


def test_a_status_that_follows_nothing_is_named() -> None:
    def change(_: object, sheet: Any) -> None:
        for row, counted in ((5, "1*B2"), (6, "0*B2")):
            sheet.write_formula(row, 2, f"={counted}", None, 0)
            sheet.write_formula(row, 3, f'=IF($C${row + 1}<=50,"{HOLDS}","{BROKEN}")', None, HOLDS)

    found, left = turned_over(workbook(change))
    assert list(found) == [("Table", 5, 3)]
    assert left == [("Table", 6, 3)]
