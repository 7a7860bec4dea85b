"""The rows of a network that could be read, and what is known of those that could not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from curriplan.catalog.reading.parse import Parsed
from curriplan.catalog.records import Named, Record
from curriplan.catalog.records.unread import is_read, is_unread

Row = TypeVar("Row", bound=Record)


@dataclass
class Rows:
    """Rows by table, in the order of their files.

    Attributes
    ----------
    read : dict of str to list of Record
        Those of which every cell could be read.
    ids : dict of str to set of str
        The ids of a table, also of rows of which other cells could not be read.
    incomplete : set of str
        Tables of which any row is not in `read`: of them nothing is missed.
    lost : set of str
        Tables of which not all ids are known.
    """

    read: dict[str, list[Record]] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def take(self, table: str, parsed: Parsed) -> None:
        """Take in the rows of a table, or of a part of it."""
        for row in parsed.records:
            if isinstance(row, Named) and is_read(row, "id"):
                self.ids.setdefault(table, set()).add(row.id)
            elif isinstance(row, Named):
                self.lost.add(table)
            if is_unread(row):
                self.incomplete.add(table)
            else:
                self.read.setdefault(table, []).append(row)
        if not parsed.complete:
            self.lose(table)

    def lose(self, table: str) -> None:
        """Note that rows of a table could not be read at all."""
        self.incomplete.add(table)
        self.lost.add(table)

    def of(self, kind: type[Row]) -> list[Row]:
        """Return the rows of a table."""
        return [row for row in self.read.get(kind.table, ()) if isinstance(row, kind)]

    def all(self) -> Iterator[Record]:
        """Yield every row."""
        for own in self.read.values():
            yield from own
