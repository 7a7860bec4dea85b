"""The ids of modules, out of their indexes and their places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curriplan.base.errors import Issue
from curriplan.catalog.records import Section
from curriplan.importing.rup.index import CATALOG_ID, index_of
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable
from curriplan.importing.rup.vocabulary import OUTCOME_LETTERS, PART, folded, transliterated

MOST_ID = 60
"""Letters of an id out of an index; those of its outcomes, and of what is numbered, are longer."""
SHORT = {
    Section.GENERAL: "OOD",
    Section.BASIC: "BM",
    Section.PROFESSIONAL: "PM",
    Section.PRACTICE: "PP",
    Section.ATTESTATION: "IA",
    Section.ELECTIVE: "F",
}
"""Letters of the ids of rows without an index."""


class Ids:
    """The ids of a table, each given once.

    Parameters
    ----------
    own : bool
        Whether it is the working curriculum as the workbook of a plan has it, with the ids of a catalog.
    others : sequence of RupTable
        The sheets of other courses: what stands on them under the same index and name has the same id.
    """

    def __init__(self, table: RupTable, own: bool, others: Sequence[RupTable] = ()) -> None:
        self.table, self.own = table, own
        elsewhere = [line for other in others for line in other.lines if line.id]
        self.known: dict[tuple[str, ...], list[str]] = {}
        for line in elsewhere:
            ids = self.known.setdefault(_key(line), [])
            ids += [] if line.id in ids else [line.id]
        self.elsewhere = {line.id: line for line in reversed(elsewhere)}
        self.ids: set[str] = {line.id for line in table.lines if line.id} | {*self.elsewhere}

    def name_leaves(self) -> None:
        """Give the modules their ids, in the order of the rows."""
        for line in self.table.leaves():
            if not self.own or line.id == "":
                self.give(line)

    def give(self, line: RupLine) -> None:
        """Give a row its id, unless it has one."""
        if line.id:
            return
        if self.known and (ids := self.known.get(_key(line))):
            line.id = ids.pop(0)  # a second row of that name is another module
            return
        wanted = self._wanted_id(line)
        if len(wanted) > MOST_ID:
            line.remarks.append(Issue("wrong-id", self.table.place(line), {"value": wanted[:MOST_ID]}))
            wanted = wanted[:MOST_ID].rstrip(".-_")
        parts = self.own and line.kind in LEAVES and PART.match(line.name) is not None
        line.id = wanted
        number = 2
        while line.id in self.ids and not parts:
            line.id, number = f"{wanted}-{number}", number + 1
        if line.id != wanted:
            values = {"index": wanted, "id": line.id}
            line.remarks.append(Issue("rup-id-twice", self.table.place(line), values))
        self.ids.add(line.id)

    def _wanted_id(self, line: RupLine) -> str:
        index = index_of(line.index)
        if line.kind is LineKind.OUTCOME and line.parent:
            if index is not None and index.letters in OUTCOME_LETTERS | {""} and index.numbers:
                return f"{line.parent}.{index.numbers[-1]}"
            if not line.index:
                return f"{line.parent}.{self._ordinal(line)}"
        if line.index and CATALOG_ID.fullmatch(line.index):
            return line.index
        named = transliterated(line.index)
        if index is not None and index.letters and index.numbers:
            letters = re.match(r"[^\W\d_]+", line.index.strip())
            named = transliterated(letters[0] if letters else "") + ".".join(index.numbers)
        if index is not None and not index.letters and line.section is not None:
            return f"{SHORT[line.section]}{named}"
        if named and (index is None or index.numbers or index.section is not None):
            return named
        return f"{SHORT[line.section or Section.GENERAL]}{self._ordinal(line):02d}"

    def _is_elsewhere(self, line: RupLine) -> bool:
        return line.id in self.elsewhere or (bool(self.known) and bool(self.known.get(_key(line))))

    def _ordinal(self, line: RupLine) -> int:
        """Return which of the rows of its header, or of its section, a row is."""
        rows = [
            *self.elsewhere.values(),
            *(one for one in self.table.lines if not self._is_elsewhere(one)),
        ]
        if line.kind is LineKind.OUTCOME:
            mates = [one for one in rows if one.kind is line.kind and one.parent == line.parent]
        else:
            mates = [
                one
                for one in rows
                if one.section is line.section
                and not one.parent
                and (one.kind in LEAVES or (one.kind is LineKind.HEADER and not one.index))
            ]
        return next((place for place, one in enumerate(mates, 1) if one is line), len(mates) + 1)


def _key(line: RupLine) -> tuple[str, ...]:
    """Return by what a module is known again on another sheet: its header, its name, its index."""
    index = index_of(line.index)
    said = (
        (index.letters, *(number.lstrip("0") for number in index.numbers))
        if index is not None
        else (folded(line.index),)
    )
    return (line.parent, folded(line.name), *said)
