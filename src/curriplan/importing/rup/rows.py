"""Tell what each row is: a section, a module header, an outcome, a total, a signature, ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from curriplan.base.errors import Issue
from curriplan.catalog.records import Section
from curriplan.importing.rup.headings import Layout, is_numbering
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable
from curriplan.importing.rup.own import only_name
from curriplan.importing.rup.vocabulary import (
    CONSULTATION,
    CONSULTATION_LETTERS,
    FIXED_LOAD,
    INDEX_SECTIONS,
    NOTE,
    OUTCOME_LETTERS,
    PART,
    SIGNATURE,
    TOTAL,
    TRAINING_LETTERS,
    WHOLE_PRACTICE,
    folded,
    section_of,
    skeleton,
    transliterated,
)

INDEX = re.compile(r"(?P<letters>[^\W\d_]{1,5})?[ .\-–№]*(?P<numbers>[0-9]{1,3}(?:[.\-][0-9]{1,3})*)?\.?")
IN_NAME = re.compile(
    r"(?P<index>[^\W\d_]{1,4}[ .\-–№]*[0-9]{1,3}(?:\.[0-9]{1,3})*|[0-9]{1,3}(?:\.[0-9]{1,3})+)[.):]?\s+"
    r"(?P<name>\S.*)",
    re.DOTALL,
)
"""An index that stands before the name, in the same cell."""
MOST_ID = 60
"""Letters of an id out of an index; those of its outcomes, and of what is numbered, are longer."""
CATALOG_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
TITLED = (Section.GENERAL, Section.BASIC, Section.PROFESSIONAL)
"""Sections of which no row is all there is."""
HEADED = (Section.BASIC, Section.PROFESSIONAL)
"""Sections whose modules may have outcomes."""
REPEATED = 3
"""Cells of a heading that a row must repeat to be one itself."""


@dataclass(frozen=True)
class Index:
    """An index taken apart: its letters as Latin look-alikes, and its numbers."""

    letters: str
    numbers: tuple[str, ...]

    @property
    def section(self) -> Section | None:
        """The section that its letters name."""
        return INDEX_SECTIONS.get(self.letters)


def index_of(text: str) -> Index | None:
    """Take an index apart; None where a text is none.

    >>> index_of("ПМ 01"), index_of("РО 1.2"), index_of("Физика")
    (Index(letters='ПM', numbers=('01',)), Index(letters='PO', numbers=('1', '2')), None)
    """
    found = INDEX.fullmatch(" ".join(text.split()))
    if not text or found is None:
        return None
    numbers = tuple(re.split(r"[.\-]", found["numbers"])) if found["numbers"] else ()
    letters = skeleton(found["letters"] or "")
    if not numbers and letters not in {*INDEX_SECTIONS, *CONSULTATION_LETTERS, *TRAINING_LETTERS}:
        return None
    return Index(letters, numbers)


def classify(table: RupTable) -> None:
    """Write into each row what it is, its section, its id and its header."""
    _Classifier(table).run()


class _Classifier:
    """Goes through the rows from the top; what is set already (by a mapping) stays."""

    def __init__(self, table: RupTable) -> None:
        self.table = table
        self.section: Section | None = None
        self.header: RupLine | None = None
        self.ended = False
        self.own = {"section", "decision"} <= {one.role.name for one in table.layout.columns if one.role}
        self.last_row = table.layout.bottom
        self.ids: set[str] = {line.id for line in table.lines if line.id}

    def run(self) -> None:
        for place, line in enumerate(self.table.lines):
            if self.own:
                only_name(line)
            _split_index(line)
            if line.kind is None:
                line.kind = self._kind(line, self.table.lines[place + 1 :])
            self._follow(line)
            self.last_row = line.row
        if self.own:
            _trim_groups(self.table)
        _headers_without_outcomes(self.table)
        self._name()

    def _kind(self, line: RupLine, following: Sequence[RupLine]) -> LineKind:
        if line.row in self.table.sheet.hidden_rows:
            return LineKind.HIDDEN
        if self.own and line.row > self.last_row + 1 and self.last_row > self.table.layout.bottom:
            self.ended = True
        if self.ended:
            return LineKind.OUTSIDE
        edge = self._edge(line)
        if edge is not None:
            return edge
        section = section_of(line.section_text) if line.section_text else None
        if self.own:
            return self._own_kind(line, section)
        index = index_of(line.index)
        if section is not None:
            line.section = section
        known = self._by_index(line, index, following) if index is not None else None
        return known or self._by_words(line, following)

    def _edge(self, line: RupLine) -> LineKind | None:
        """Return what a row is that stands at the edge of a table: a total, a signature, a heading."""
        text = folded(line.text)
        if _repeats_heading(self.table, line) or is_numbering(self.table.sheet, line.row):
            return LineKind.HEADING
        if TOTAL.search(text) or TOTAL.search(folded(line.name)):
            return LineKind.TOTAL
        if FIXED_LOAD.search(text):
            line.section = section_of(line.section_text) or self.section
            return LineKind.FIXED
        if not line.values and SIGNATURE.search(text):
            return LineKind.SIGNATURE
        return LineKind.NOTE if not line.values and NOTE.search(text) else None

    def _own_kind(self, line: RupLine, section: Section | None) -> LineKind:
        """Tell a row of the plan's own workbook: bands have no section, headers no semester."""
        if section is not None and line.term_text:
            line.section = section
            return LineKind.OUTCOME if self.header is not None else LineKind.MODULE
        if line.index:
            return LineKind.HEADER
        if section_of(line.name) is not None:
            line.section = section_of(line.name)
            return LineKind.SECTION
        return LineKind.UNKNOWN

    def _by_index(self, line: RupLine, index: Index, following: Sequence[RupLine]) -> LineKind | None:
        """Tell a row by its index, None where that says nothing."""
        if index.letters in CONSULTATION_LETTERS and CONSULTATION.search(folded(line.name) or "консультац"):
            return LineKind.CONSULTATION
        if index.letters in TRAINING_LETTERS:
            line.section = line.section or Section.PRACTICE
            return LineKind.MODULE if line.values else LineKind.NOTE
        if index.numbers and (index.letters in OUTCOME_LETTERS or self._stands_under(index)):
            return self._outcome(line)
        if index.section is None:
            return None
        line.section = index.section
        if not index.numbers:
            return self._section_or_module(line, index.section, following)
        return LineKind.HEADER if index.section in HEADED else LineKind.MODULE

    def _stands_under(self, index: Index) -> bool:
        above = index_of(self.header.index) if self.header is not None else None
        return (
            above is not None and above.letters == index.letters and _same(above.numbers, index.numbers[:-1])
        )

    def _outcome(self, line: RupLine) -> LineKind:
        line.section = self.section
        if self.header is None:
            line.remarks.append(Issue("rup-outcome-alone", self.table.place(line), {"text": line.text[:80]}))
            return LineKind.UNKNOWN
        return LineKind.OUTCOME

    def _section_or_module(self, line: RupLine, section: Section, following: Sequence[RupLine]) -> LineKind:
        """Tell whether a row that names a section is its title, or all there is of it."""
        if not line.values:
            return LineKind.SECTION
        if section is Section.ELECTIVE and self._lacks_credits(line):
            return LineKind.CONSULTATION
        inside = self._inside(section, following)
        if not inside or (section is Section.PRACTICE and not WHOLE_PRACTICE.search(folded(line.name))):
            return LineKind.MODULE
        sure = section in TITLED or (section is Section.PRACTICE and section_of(inside[0].name) is section)
        indexed = index_of(inside[0].index)
        sure = sure or (indexed is not None and indexed.section is section)
        return LineKind.SECTION if sure or _sums_up(line, inside) else LineKind.MODULE

    def _inside(self, section: Section, following: Sequence[RupLine]) -> list[RupLine]:
        """Return the next rows as far as they can lie in a section."""
        found: list[RupLine] = []
        for line in (one for one in following if one.values or one.index or one.name):
            if not self._lies_in(line, section):
                break
            found.append(line)
        return found

    def _lacks_credits(self, line: RupLine) -> bool:
        """Say whether hours stand beside the credits: the table has credits, and the row none."""
        counted = any(self.table.columns("credits")) or any(self.table.columns("semester", "credits"))
        return (
            counted and self.table.amount(line, "credits") is None and not self.table.by_term(line, "credits")
        )

    def _lies_in(self, line: RupLine, section: Section) -> bool:
        text = folded(line.text)
        if TOTAL.search(text) or CONSULTATION.search(text) or SIGNATURE.search(text):
            return False
        index = index_of(line.index)
        if index is not None and index.letters:
            known = index.section or section
            return index.letters in OUTCOME_LETTERS or (bool(index.numbers) and known is section)
        return section_of(line.name) in {None, section}

    def _by_words(self, line: RupLine, following: Sequence[RupLine]) -> LineKind:
        text = folded(line.name)
        if CONSULTATION.search(text):
            return LineKind.CONSULTATION
        section = section_of(line.name)
        if section is not None and not line.index:
            line.section = section
            return self._section_or_module(line, section, following)
        if not line.values and not line.term_text:
            return LineKind.UNKNOWN
        line.section = line.section or self.section
        if self.header is not None and line.section is self.header.section:
            return LineKind.OUTCOME
        if line.section is None:
            line.remarks.append(
                Issue("rup-section-unknown", self.table.place(line), {"text": line.text[:80]})
            )
            return LineKind.UNKNOWN
        return LineKind.MODULE

    def _follow(self, line: RupLine) -> None:
        """Remember under which section and header the next rows stand."""
        if line.kind is LineKind.SECTION:
            self.section, self.header = line.section, None
        elif line.kind is LineKind.HEADER:
            self.section = line.section = line.section or self.section
            self.header = line
            self._give_id(line)
        elif line.kind is LineKind.MODULE:
            self.section = line.section = line.section or self.section
            self.header = None
        elif line.kind is LineKind.OUTCOME and self.header is not None:
            line.section, line.parent = self.header.section, self.header.id
        elif line.kind is LineKind.SIGNATURE and not self.own:
            self.ended = self.ended or self._nothing_more(line)
        elif line.kind is LineKind.TOTAL:
            self.header = None

    def _nothing_more(self, line: RupLine) -> bool:
        rest = [one for one in self.table.lines if one.row > line.row]
        return not any(one.values and one.index for one in rest)

    def _name(self) -> None:
        """Give the modules their ids, in the order of the rows."""
        for line in self.table.leaves():
            if not self.own or line.id == "":
                self._give_id(line)

    def _give_id(self, line: RupLine) -> None:
        if line.id:
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

    def _ordinal(self, line: RupLine) -> int:
        """Return which of the rows of its header, or of its section, a row is."""
        if line.kind is LineKind.OUTCOME:
            mates = [one for one in self.table.lines if one.kind is line.kind and one.parent == line.parent]
        else:
            mates = [one for one in self.table.leaves() if not one.parent and one.section is line.section]
        return next((place for place, one in enumerate(mates, 1) if one is line), len(mates) + 1)


SHORT = {
    Section.GENERAL: "OOD",
    Section.BASIC: "BM",
    Section.PROFESSIONAL: "PM",
    Section.PRACTICE: "PP",
    Section.ATTESTATION: "IA",
    Section.ELECTIVE: "F",
}
"""Letters of the ids of rows without an index."""


def _sums_up(line: RupLine, rows: Sequence[RupLine]) -> bool:
    """Say whether most amounts of a row are the sums of the rows below it."""
    sums = [sum(row.values.get(at, 0.0) for row in rows) for at in line.values]
    same = sum(abs(a - b) < 0.005 for a, b in zip(line.values.values(), sums, strict=True))
    return same * 2 > len(sums)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [int(part) for part in one] == [int(part) for part in other]


def _split_index(line: RupLine) -> None:
    """Take an index off the front of a name where it has no cell of its own."""
    if line.index:
        if index_of(line.index) is None and not line.name:
            found = IN_NAME.fullmatch(line.index)
            if found is None or index_of(found["index"]) is None:
                if not CATALOG_ID.fullmatch(line.index):
                    line.index, line.name = "", line.index
            else:
                line.index, line.name = found["index"], found["name"]
        return
    found = IN_NAME.fullmatch(line.name)
    index = index_of(found["index"]) if found else None
    if found and index is not None and (index.section or index.letters in OUTCOME_LETTERS | {""}):
        line.index, line.name = found["index"], found["name"]
        line.names = {
            key: text.partition(found["index"])[2].lstrip(" .):") or text for key, text in line.names.items()
        }


def _repeats_heading(table: RupTable, line: RupLine) -> bool:
    """Say whether a row repeats a row of the heading, as on each printed page: all of it, or much."""
    texts = {one.index: folded(table.sheet.text(line.row, one.index)) for one in table.layout.columns}
    filled = {index: text for index, text in texts.items() if text}
    same = [
        filled[one.index]
        for one in table.layout.columns
        if one.index in filled and filled[one.index] in {folded(part) for part in one.heading.path}
    ]
    worded = sum(not text.isdecimal() for text in same)
    return worded >= REPEATED or (worded > 0 and len(same) == len(filled))


def _trim_groups(table: RupTable) -> None:
    """Take from under a header the modules that its sum does not count.

    In the plan's own workbook modules without a header may follow those of one.
    """
    for header in [one for one in table.lines if one.kind is LineKind.HEADER]:
        mine = table.outcomes_of(header)
        declared = table.amount(header, "credits")
        total, count = 0.0, len(mine)
        for place, line in enumerate(mine, 1):
            total += table.amount(line, "credits") or 0.0
            if declared is not None and abs(total - declared) < 1e-6:
                count = place
                break
        for line in mine[count:]:
            line.kind, line.parent = LineKind.MODULE, ""


def _headers_without_outcomes(table: RupTable) -> None:
    """Make a module of a header that has no outcomes, or whose outcomes are only named below it."""
    for line in table.lines:
        if line.kind is LineKind.HEADER:
            outcomes = table.outcomes_of(line)
            if line.values and outcomes and not any(one.values for one in outcomes):
                for one in outcomes:
                    one.kind, one.parent = LineKind.NOTE, ""
                outcomes = []
            if not outcomes:
                line.kind = LineKind.MODULE if line.values or line.term_text else LineKind.UNKNOWN


def without_hidden(layout: Layout, hidden: frozenset[int]) -> Layout:
    """Return a layout without the hidden columns."""
    return replace(layout, columns=tuple(one for one in layout.columns if one.index not in hidden))
