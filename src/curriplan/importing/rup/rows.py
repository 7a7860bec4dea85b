"""Tell what each row is: a section, a module header, an outcome, a total, a signature, ..."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from curriplan.base.errors import Issue
from curriplan.catalog.records import Section
from curriplan.importing.rup.continued import kind_of_words, take_rest
from curriplan.importing.rup.groups import headers_without_outcomes, trim_groups
from curriplan.importing.rup.headings import is_numbering
from curriplan.importing.rup.ids import Ids
from curriplan.importing.rup.index import Index, index_of, letters_of, split_index
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable
from curriplan.importing.rup.own import is_own, only_name
from curriplan.importing.rup.repeats import repeats_heading
from curriplan.importing.rup.totals import sums_up, sums_up_all
from curriplan.importing.rup.vocabulary import (
    CONSULTATION,
    CONSULTATION_LETTERS,
    COUNTED,
    CYCLES,
    FIXED_LOAD,
    INSIDE_LETTERS,
    NOT_COUNTED,
    NOT_COUNTED_NAME,
    NOTE,
    OUTCOME_LETTERS,
    SIGNATURE,
    SUMMARY,
    TOTAL,
    TOTAL_LAST,
    TRAINING_LETTERS,
    WHOLE_PRACTICE,
    folded,
    section_of,
)

TITLED = (Section.GENERAL, Section.BASIC, Section.PROFESSIONAL)
"""Sections of which no row is all there is."""
HEADED = (Section.BASIC, Section.PROFESSIONAL)
"""Sections whose modules may have outcomes."""
ROWS_NAMED = 8
"""Rows that an issue about several names."""


def classify(
    table: RupTable, sections: Mapping[str, Section] | None = None, others: Sequence[RupTable] = ()
) -> None:
    """Write into each row what it is, its section, its id and its header.

    Parameters
    ----------
    sections : mapping of str to Section, optional
        What the letters of an index mean, where a mapping file says it.
    others : sequence of RupTable
        The sheets of other courses.
    """
    _Classifier(table, sections or {}, others).run()


class _Classifier:
    """Goes through the rows from the top; what is set already (by a mapping) stays."""

    def __init__(self, table: RupTable, sections: Mapping[str, Section], others: Sequence[RupTable]) -> None:
        self.table, self.sections = table, sections
        self.cycles: set[str] = set()
        self.homeless: dict[str, list[RupLine]] = {}
        self.section: Section | None = None
        self.header: RupLine | None = None
        self.named: RupLine | None = None  # whose name the next row may go on with
        self.ended = False
        self.indexed: dict[bool, bool] = {}
        """Whether all outcomes so far have an index, and whether all modules and headers have."""
        self.own = is_own(table.layout)
        self.last_row = table.layout.bottom
        self.ids = Ids(table, self.own, others)

    def run(self) -> None:
        for line in self.table.lines:
            if self.own:
                only_name(line)
            self._take_band(line)
            split_index(line)
        for place, line in enumerate(self.table.lines):
            if line.kind is None:
                line.kind = self._kind(line, self.table.lines[place + 1 :])
                _forget_words(line)
            self._follow(line)
            self.last_row = line.row
        if self.own:
            trim_groups(self.table)
        headers_without_outcomes(self.table)
        self._ask_sections()
        self.ids.name_leaves()

    def _kind(self, line: RupLine, following: Sequence[RupLine]) -> LineKind:
        if line.row in self.table.sheet.hidden_rows:
            return LineKind.HIDDEN
        if self.own and line.row > self.last_row + 1 and self.last_row > self.table.layout.bottom:
            self.ended = True
        if self.ended:
            return LineKind.OUTSIDE
        if self._is_uncounted(line):
            line.remarks.append(
                Issue("rup-row-not-counted", self.table.place(line), {"text": line.text[:80]})
            )
            return LineKind.SKIP
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
        known = known or self._by_words(line, following)
        taught = known in {LineKind.MODULE, LineKind.OUTCOME, LineKind.UNKNOWN}
        return LineKind.TOTAL if taught and sums_up_all(self.table, line) else known

    def _take_band(self, line: RupLine) -> None:
        """Take the title of a section that stands in the column which tells whether a row counts."""
        words = folded(line.counted)
        if line.counted and not (line.index or line.name) and words not in COUNTED | NOT_COUNTED:
            line.name = line.counted

    def _is_uncounted(self, line: RupLine) -> bool:
        if folded(line.counted) in NOT_COUNTED and (line.values or line.index):
            return True
        return bool(line.values and NOT_COUNTED_NAME.search(folded(line.name)))

    def _edge(self, line: RupLine) -> LineKind | None:
        """Return what a row is that stands at the edge of a table: a total, a signature, a heading."""
        text = folded(line.text)
        if repeats_heading(self.table, line) or is_numbering(self.table.sheet, line.row):
            return LineKind.HEADING
        if TOTAL.search(text) or TOTAL.search(folded(line.name)):
            return LineKind.TOTAL
        if not line.index and line.values and TOTAL_LAST.search(text):
            return LineKind.TOTAL
        if FIXED_LOAD.search(text):
            line.section = section_of(line.section_text) or self.section
            return LineKind.FIXED
        if not line.values and SIGNATURE.search(text):
            return LineKind.SIGNATURE
        note = (SUMMARY if not line.index else None) if line.values else NOTE
        return LineKind.NOTE if note is not None and note.search(text) else None

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
        if index.numbers and all(re.fullmatch("00+", number) for number in index.numbers):
            return self._zero(line, index)
        if index.letters in TRAINING_LETTERS:
            line.section = line.section or Section.PRACTICE
            return LineKind.MODULE if line.values else LineKind.NOTE
        if index.numbers and (index.letters in OUTCOME_LETTERS or self._stands_under(index)):
            return self._outcome(line)
        if self._belongs_inside(index):
            line.section = Section.PRACTICE if index.section is Section.PRACTICE else None
            return LineKind.OUTCOME
        return self._by_section(line, index, following)

    def _by_section(self, line: RupLine, index: Index, following: Sequence[RupLine]) -> LineKind | None:
        """Tell a row by the section that its index means, None where it means none."""
        section = self._section_of(line, index)
        if section is None:
            return None
        line.section = section
        if not index.numbers:
            return self._section_or_module(line, section, following)
        if section is Section.ELECTIVE and line.values and self._lacks_credits(line):
            return LineKind.CONSULTATION
        if index.section is None or index.letters in INSIDE_LETTERS:
            return LineKind.HEADER if _outcome_next(following) else LineKind.MODULE
        return LineKind.HEADER if section in HEADED else LineKind.MODULE

    def _zero(self, line: RupLine, index: Index) -> LineKind:
        """Return what a row is whose index is 00: the section of the modules that follow."""
        line.section = section_of(line.name) or self._section_of(line, index)
        return LineKind.SECTION

    def _section_of(self, line: RupLine, index: Index) -> Section | None:
        """Return the section that an index means; of a cycle of older standards the nearest, and say it."""
        if index.letters in self.sections:
            return self.sections[index.letters]
        if index.section is not None or index.letters not in CYCLES:
            return index.section
        found = section_of(line.name) if not index.numbers else None
        found = found or (self.section if index.numbers and index.letters in self.cycles else None)
        found = found or CYCLES[index.letters]
        if index.letters not in self.cycles:
            self.cycles.add(index.letters)
            values = {"letters": letters_of(line.index), "section": str(found)}
            line.remarks.append(Issue("rup-section-understood", self.table.place(line), values))
        return found

    def _belongs_inside(self, index: Index) -> bool:
        """Say whether a course or a practice is of the module above it: ПМ.01, then МДК.01.01, УП.01.01."""
        above = index_of(self.header.index) if self.header is not None else None
        inside = index.letters in INSIDE_LETTERS or index.section is Section.PRACTICE
        if above is None or not above.numbers or not inside or len(index.numbers) < 2:
            return False
        return _same(index.numbers[:1], above.numbers[-1:])

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
        inside = self._inside(section, following)
        if section is Section.ELECTIVE and inside and sums_up(line, inside):
            return LineKind.SECTION
        if section is Section.ELECTIVE and self._lacks_credits(line):
            return LineKind.CONSULTATION
        if not inside or (section is Section.PRACTICE and not WHOLE_PRACTICE.search(folded(line.name))):
            return LineKind.MODULE
        sure = section in TITLED or (section is Section.PRACTICE and section_of(inside[0].name) is section)
        indexed = index_of(inside[0].index)
        sure = sure or (indexed is not None and indexed.section is section)
        return LineKind.SECTION if sure or sums_up(line, inside) else LineKind.MODULE

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
        section = section_of(line.name)
        if CONSULTATION.search(folded(line.name)):
            return LineKind.CONSULTATION
        if section is not None and not line.index:
            line.section = section
            return self._section_or_module(line, section, following)
        if line.counted and line.counted == line.name:
            line.section = section_of(line.name.partition(".")[2])
            return LineKind.SECTION
        if not line.values and not line.term_text:
            return kind_of_words(line, self.named if line.row == self.last_row + 1 else None, following)
        return self._by_place(line, following)

    def _by_place(self, line: RupLine, following: Sequence[RupLine]) -> LineKind:
        """Tell a row of amounts by the section and the header that it stands under, and what it sums up."""
        if not re.search(r"[^\W\d_]", line.text) and self._nothing_more(line):
            return LineKind.UNKNOWN  # numbers below the table
        line.section = line.section or self.section
        if line.section in HEADED and self._heads(line, following):
            return LineKind.HEADER
        if line.section is Section.ELECTIVE and line.values and self._lacks_credits(line):
            return LineKind.CONSULTATION
        inside = self.header is not None and line.section is self.header.section and not line.whole
        if self._stands_apart(line, inside=inside):
            line.section = None
        elif inside:
            return LineKind.OUTCOME
        if line.section is None:
            index = index_of(line.index)
            self.homeless.setdefault(index.letters if index is not None else "", []).append(line)
            return LineKind.UNKNOWN
        return LineKind.MODULE

    def _heads(self, line: RupLine, following: Sequence[RupLine]) -> bool:
        """Say whether a row sums up the outcomes right below it, and the module above lacks none of them."""
        outcomes = list(takewhile(_is_outcome, following))
        above = self.header
        whole = above is None or (bool(above.values) and sums_up(above, self.table.outcomes_of(above)))
        return whole and bool(line.values and outcomes) and sums_up(line, outcomes)

    def _stands_apart(self, line: RupLine, *, inside: bool) -> bool:
        """Say whether a row is none of the modules above it, though it has amounts.

        It has no name; or no index where all of them have one, and none that has one follows: what stands
        below a table counts something over it. Outcomes have none at times, but no empty row before them.
        """
        if not re.search(r"[^\W\d_]", line.text):
            return True
        if index_of(line.index) is not None or not self._nothing_more(line):
            return False
        return self.indexed.get(inside, False) or (inside and line.row > self.last_row + 1)

    def _follow(self, line: RupLine) -> None:
        """Remember under which section and header the next rows stand."""
        if line.kind is LineKind.CONTINUED and self.named is not None:
            take_rest(self.table, self.named, line)
            return
        self.named = line if line.kind in {*LEAVES, LineKind.HEADER} else None
        if self.named is not None:
            inside = line.kind is LineKind.OUTCOME
            self.indexed[inside] = index_of(line.index) is not None and self.indexed.get(inside, True)
        if line.kind is LineKind.SECTION:
            self.section, self.header = line.section, None
        elif line.kind is LineKind.HEADER:
            index = index_of(line.index)
            line.section = line.section or (index.section if index is not None else None)
            self.section = line.section = line.section or self.section
            self.header = line
            self.ids.give(line)
        elif line.kind is LineKind.MODULE:
            self.section = line.section = line.section or self.section
            self.header = None
        elif line.kind is LineKind.OUTCOME and self.header is not None:
            line.parent = self.header.id
            line.section = line.section or self.header.section
        elif line.kind is LineKind.SIGNATURE and not self.own:
            self.ended = self.ended or self._nothing_more(line)
        elif line.kind is LineKind.TOTAL:
            self.header = None

    def _ask_sections(self) -> None:
        """Ask once for all rows whose index has the same letters which section they belong to."""
        for lines in self.homeless.values():
            unknown = [line for line in lines if line.kind is LineKind.UNKNOWN]
            if unknown:
                unknown[0].remarks.append(section_unknown(self.table, unknown))
            for line in unknown:
                line.asked = True

    def _nothing_more(self, line: RupLine) -> bool:
        rest = [one for one in self.table.lines if one.row > line.row]
        return not any(one.values and one.index for one in rest)


def _forget_words(line: RupLine) -> None:
    """Take from a row with nothing in its columns of names what its words are no amounts: a note, a date."""
    if line.kind is LineKind.UNKNOWN and not (line.index or any(line.names.values()) or line.asked):
        line.faults = [one for one in line.faults if one.code != "rup-cell-unreadable"]


def section_unknown(table: RupTable, lines: Sequence[RupLine]) -> Issue:
    """Return the one question about rows that belong to no section."""
    rows = ", ".join(str(line.row) for line in lines[:ROWS_NAMED]) + (
        ", …" if len(lines) > ROWS_NAMED else ""
    )
    return Issue("rup-section-unknown", table.place(lines[0]), {"text": lines[0].text[:80], "rows": rows})


def _outcome_next(following: Sequence[RupLine]) -> bool:
    return bool(following) and _is_outcome(following[0])


def _is_outcome(line: RupLine) -> bool:
    index = index_of(line.index)
    return index is not None and index.letters in OUTCOME_LETTERS


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [part.lstrip("0") for part in one] == [part.lstrip("0") for part in other]
