"""What an import understood, and what it asks, as the mapping of the next run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from curriplan.base.errors import Issue
from curriplan.catalog.reading.raw import column_letter
from curriplan.catalog.records import Section
from curriplan.importing.rup.doubts import PLACED
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.index import letters_of
from curriplan.importing.rup.layout import column_index
from curriplan.importing.rup.lines import LEAVES, LineKind, RupTable
from curriplan.importing.rup.mapping import STATUSES, ColumnNote, RowNote, RupMapping
from curriplan.importing.rup.roles import WORKPLACE, Role, is_open, leaf_of, open_kind

ASKED = {
    "rup-weeks-in-hours": "hours_per_week",
    "rup-study-unknown": "study",
    "rup-semester-unit": "semesters",
}
"""Keys of the mapping file that answer a question, by the code of its issue."""

COLUMNS_IN_DOUBT = ("rup-column-ambiguous", "rup-column-twice", "rup-column-missing", "rup-mapping-heading")
"""Questions about columns on whose answers it depends what the rows are."""


def names_in_doubt(issues: Iterable[Issue]) -> bool:
    """Say whether it is not known which column is the index or the name of the rows.

    What was read of the rows is then worth nothing: not their kinds, their ids or their sections.
    """
    doubts = (one for one in issues if one.code in {"rup-column-twice", "rup-column-missing"})
    return any(str(one.values["role"]).partition(":")[0] in {"index", "name", "section"} for one in doubts)


def _known_role(role: Role | None, asked: bool) -> Role | None:
    """Return a role as a mapping file has it, None where it is a question."""
    if role is None or asked:
        return None
    if open_kind(role) == f"{WORKPLACE}?":  # used by rows of practice alone
        return replace(role, unit=WORKPLACE) if role.name == "semester" else Role(WORKPLACE)
    return None if is_open(role) else role


def row_text(sheet: RupSheet, row: int) -> str:
    """Return the words of a row, by which it is found again when rows have moved."""
    texts = (sheet.text(row, column) for column in sorted(sheet.grid.rows[row]))
    words = [" ".join(text.split()) for text in texts if re.search(r"[^\W\d_]", text)]
    numbers = [sheet.text(row, column) for column in sorted(sheet.grid.rows[row])]
    return " | ".join(words or numbers)[:300]


@dataclass(frozen=True)
class Noting:
    """The account of one import, out of which its mapping is made."""

    file: str
    table: RupTable
    language: str
    issues: tuple[Issue, ...]

    def mapping(self, given: RupMapping, layout: Layout, told: Sequence[int]) -> RupMapping:
        """Return the mapping of a file, what was given in it as it was given.

        Parameters
        ----------
        told : sequence of int
            Rows whose semesters were given.
        """
        table = self.table
        sections = sorted({str(line.section) for line in table.leaves() if line.section})
        unread = names_in_doubt(self.issues)
        asked: dict[str, dict[str, float]] = {
            str(issue.values["section"]): {}
            for issue in self.issues
            if issue.code == "rup-hours-kind-unknown" and not unread
        }
        asked_at = self._asked_columns()
        columns = tuple(
            ColumnNote(
                column_letter(one.index), one.heading.text, _known_role(one.role, one.index in asked_at)
            )
            for one in layout.columns
        )
        return replace(
            given,
            file=self.file,
            sheet=table.sheet.name,
            language=self.language,
            headings={**self._asked_headings(layout), **given.headings},
            sections={**({} if unread else self._asked_sections()), **given.sections},
            asked=frozenset(ASKED[one.code] for one in self.issues if one.code in ASKED and not unread),
            heading=(layout.top, layout.bottom),
            hours={**asked, **given.hours},
            status={name: given.status.get(name, STATUSES[name]) for name in sections},
            columns=columns,
            rows=self._rows(given, told),
        )

    def _rows(self, given: RupMapping, told: Sequence[int]) -> tuple[RowNote, ...]:
        """Return what is noted of the rows: while columns are in doubt no guess, since answers change them.

        Rows that were read while it was not known which column is their index or name are not asked about.
        """
        if names_in_doubt(self.issues):
            return given.rows
        noted = {note.row for note in given.rows if note.kind is not None or note.id}
        notes = (replace(one, guessed=one.guessed and one.row not in noted) for one in self.notes(told))
        doubtful = any(one.code in COLUMNS_IN_DOUBT for one in self.issues)
        return tuple(note for note in notes if not (doubtful and note.guessed))

    def _asked_columns(self) -> set[int]:
        asked = (one for one in self.issues if one.code == "rup-column-ambiguous")
        return {column_index(part) for one in asked for part in str(one.values["column"]).split(", ")}

    def _asked_headings(self, layout: Layout) -> dict[str, str | None]:
        """Return the headings that stand over a column of each semester and leave open what it holds."""
        asked = self._asked_columns()
        found = Counter(leaf_of(one) for one in layout.columns if one.index in asked)
        return {leaf: None for leaf, count in found.items() if count > 1 and leaf}

    def _asked_sections(self) -> dict[str, Section | None]:
        """Return the letters of indexes whose section is asked, and those whose section was understood."""
        asked = {letters_of(line.index): None for line in self.table.lines if line.asked}
        said = (one.values for one in self.issues if one.code == "rup-section-understood")
        found = {str(one["letters"]): Section(str(one["section"])) for one in said}
        return {letters: one for letters, one in {**asked, **found}.items() if letters}

    def notes(self, told: Sequence[int] = ()) -> Iterator[RowNote]:
        """Yield what each row was taken for."""
        for line in self.table.lines:
            known = None if line.kind is LineKind.UNKNOWN else line.kind
            placed = line.kind in {LineKind.SECTION, LineKind.HEADER, LineKind.MODULE, LineKind.FIXED}
            yield RowNote(
                line.row,
                row_text(self.table.sheet, line.row),
                known,
                line.section if placed else None,
                line.id if line.kind in {*LEAVES, LineKind.HEADER} else "",
                line.given_terms if line.row in told else (),
                guessed=known is not None and not (line.kind in PLACED and line.section is None),
            )
