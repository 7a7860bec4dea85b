"""Read a working curriculum: from the cells of a workbook to a catalog and an account of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from curriplan.base.errors import Issue, Place, errors_in
from curriplan.catalog.order import with_college_order
from curriplan.catalog.reading.raw import REFUSED, column_letter, number_text, refused_issue
from curriplan.catalog.records import Programme, is_id
from curriplan.importing.rup.accounts import RupReading, row_reports
from curriplan.importing.rup.build import Build, Unit
from curriplan.importing.rup.courses import (
    contradictions,
    joined_mapping,
    leave_out_untaught,
    number_lines,
    settle_alike,
    title_of_courses,
)
from curriplan.importing.rup.doubts import (
    PLACED,
    formula_issue,
    missing_kinds,
    practice_as_training,
    row_issues,
    study_issue,
    workplace_issues,
)
from curriplan.importing.rup.grid import RupSheet, read_book
from curriplan.importing.rup.headings import Layout, without_hidden
from curriplan.importing.rup.layout import (
    Chosen,
    choose,
    column_index,
    course_issue,
    numbered_through,
    settle_columns,
)
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable, read_lines
from curriplan.importing.rup.loads import Rates, settle_terms
from curriplan.importing.rup.mapping import ColumnNote, RowNote, RupMapping, same_text
from curriplan.importing.rup.noting import Noting, row_text
from curriplan.importing.rup.own import own_weeks
from curriplan.importing.rup.pairs import split_pairs
from curriplan.importing.rup.programme import (
    NOTHING_CHOSEN,
    RupChoices,
    programme_issues,
    programme_of,
    programme_values,
    with_questions,
)
from curriplan.importing.rup.programmes import own_titles, programmes_of, second_table
from curriplan.importing.rup.roles import is_open
from curriplan.importing.rup.rows import classify
from curriplan.importing.rup.sums import sum_issues
from curriplan.importing.rup.title import title_texts
from curriplan.importing.rup.units import settle_cell_units
from curriplan.importing.rup.vocabulary import language_of, skeleton

__all__ = ["RupChoices", "RupReading", "read_rup"]


def read_rup(
    path: Path,
    choices: RupChoices = NOTHING_CHOSEN,
    mapping: RupMapping | None = None,
    sheets: Sequence[RupSheet] | None = None,
) -> RupReading:
    """Read a college's working curriculum out of a workbook.

    Parameters
    ----------
    path : Path
        The workbook.
    choices : RupChoices
        What was chosen by hand.
    mapping : RupMapping, optional
        What guessing cannot settle; see `curriplan.importing.rup.mapping`.
    sheets : sequence of RupSheet, optional
        What a programme sees of the workbook, where that holds several and has been read.

    Raises
    ------
    CurriplanError
        If the file cannot be read, or no table of a working curriculum is found in it; all other
        problems are in the result.
    """
    mapping = mapping or RupMapping()
    if sheets is None:
        sheets = read_book(path)
        parts = programmes_of(sheets, choices.sheet) if mapping.part else []
        sheets = parts[mapping.part - 1] if 0 < mapping.part <= len(parts) else sheets
    chosen = choose(sheets, choices.sheet or mapping.sheet, mapping)
    return _Reading(path.name, chosen, choices, mapping).run()


@dataclass
class _Part:
    """One sheet of an import: what a mapping says of it, its layout before and after pairs are split."""

    chosen: Chosen
    mapping: RupMapping
    layout: Layout
    table: RupTable
    told: list[RupLine] = field(default_factory=list)


class _Reading:
    """One import on its way."""

    def __init__(self, file: str, chosen: Sequence[Chosen], choices: RupChoices, mapping: RupMapping) -> None:
        self.file, self.chosen, self.choices, self.mapping = file, chosen, choices, mapping
        rest = mapping.rest or ("self_study" if mapping.study == "correspondence" else None)
        self.rates = Rates(mapping.hours_per_credit, mapping.hours, rest)
        self.issues: list[Issue] = []
        self.language = mapping.language or "ru"

    def run(self) -> RupReading:
        alone = course_issue(self.chosen[0]) if len(self.chosen) == 1 else None
        self.issues += [alone] if alone is not None else []
        parts = self._parts()
        tables = [part.table for part in parts]
        build = Build(tables, self.rates, self.language)
        build.gather()
        uncalculated = [issue for one in tables if (issue := formula_issue(one)) is not None]
        # Where no formula has a value nobody knows what is lacking.
        self.issues += uncalculated or build.issues
        for part in parts:
            self.issues += self._row_issues(part, build)
            self.issues += sum_issues(part.table, self.rates)
        self.issues += self._study(parts)
        self.issues += contradictions(self.chosen, tables, build.parts)
        programme = self._programme(tables, build)
        weeks = self._weeks(tables)
        catalog = (
            None
            if errors_in(self.issues) or programme is None
            else build.catalog(programme, weeks, self.mapping.status)
        )
        if catalog is not None and not self.choices.free_order:
            catalog = with_college_order(catalog)
        issues = tuple(sorted(self.issues, key=Issue.sort_key))
        return RupReading(
            catalog,
            issues,
            joined_mapping([self._noted(part, weeks) for part in parts], [part.layout for part in parts]),
            tuple(row for table in tables for row in row_reports(table, build, issues)),
            ", ".join(one.sheet.name for one in self.chosen),
            tuple(one.name for one in self.chosen[0].others),
            _counts(tables),
            (
                sum(one.load.credits or 0.0 for one in build.units),
                sum(one.load.total or 0.0 for one in build.units),
            ),
            build.last_term(),
        )

    def _noted(self, part: _Part, weeks: Mapping[int, float]) -> RupMapping:
        """Return what was understood of a sheet."""
        name = part.table.sheet.name
        mine = tuple(one for one in self.issues if one.place is None or one.place.sheet in {None, name})
        return Noting(self.file, part.table, self.language, mine).mapping(
            replace(part.mapping, programme=self.programme_values, weeks=weeks),
            part.layout,
            [line.row for line in part.told],
        )

    def _parts(self) -> list[_Part]:
        """Read the rows of each sheet, and tell what they are; those of several courses know each other."""
        parts = [self._part(one) for one in self.chosen]
        if self.mapping.language is None:
            self.language = language_of([line.name for part in parts for line in part.table.lines])
        for part in parts:
            self._apply_rows(part)
        sections = {skeleton(key): one for key, one in self.mapping.sections.items() if one is not None}
        for part in parts:
            classify(part.table, sections, [one.table for one in parts if one is not part])
        if len(parts) > 1:
            leave_out_untaught([part.table for part in parts])
        tables, found = settle_alike([part.table for part in parts], self.mapping.semesters, self.rates)
        self.issues += found
        for part, table in zip(parts, tables, strict=True):
            part.table = table
            settle_terms(table)
            number_lines(table, part.chosen.course, part.told)
            self.issues += settle_cell_units(table, self.mapping.hours_per_week)
        return parts

    def _said_rows(self, chosen: Chosen, mapping: RupMapping) -> tuple[RowNote, ...]:
        """Return the rows of the mapping but those that are only what was guessed of other columns.

        A mapping whose columns a person has corrected still holds the kinds and ids that were read through
        the wrong ones; what the file gives when it is read through those was never said by anybody.
        """
        rows = mapping.rows
        guess, _ = settle_columns(chosen.sheet, chosen.layout, replace(mapping, columns=()))
        roles = {column_letter(one.index): one.role for one in guess.columns}
        notes = [(one, roles.get(one.column)) for one in mapping.columns]
        same = [note for note, role in notes if role in {None, note.role} or is_open(role)]
        known = [note for note in same if roles.get(note.column) is not None or note.role is None]
        if not rows or len(known) == len(notes):
            return rows
        guessed = {*self._guessed_rows(chosen, mapping, known), *self._guessed_rows(chosen, mapping, same)}
        return tuple(one for one in rows if one not in guessed)

    def _guessed_rows(
        self, chosen: Chosen, mapping: RupMapping, notes: Sequence[ColumnNote]
    ) -> Iterator[RowNote]:
        """Yield what the rows of a sheet are taken for where only these columns are given."""
        less = replace(mapping, columns=tuple(notes), rows=())
        (part,) = _Reading(self.file, (chosen,), self.choices, less)._parts()
        sheet = chosen.sheet.name if mapping.courses else ""
        notes_of_rows = Noting(self.file, part.table, "", ()).notes()
        yield from (replace(one, guessed=False, sheet=sheet) for one in notes_of_rows)

    def _part(self, chosen: Chosen) -> _Part:
        sheet, mapping = chosen.sheet, self.mapping.of_sheet(chosen.sheet.name)
        layout, found = settle_columns(sheet, chosen.layout, mapping)
        self.issues += found
        mapping = replace(mapping, rows=self._said_rows(chosen, mapping))
        layout = numbered_through(layout, chosen.course)
        noted = {note.column for note in mapping.columns if note.role is not None}
        hidden = frozenset(at for at in sheet.hidden_columns if column_letter(at) not in noted)
        seen = without_hidden(layout, hidden)
        split, seen = split_pairs(replace(sheet, hidden_columns=hidden), seen)
        return _Part(chosen, mapping, layout, RupTable(split, seen, read_lines(split, seen)))

    def _apply_rows(self, part: _Part) -> None:
        """Find the rows of the mapping by their text, in their order where a text occurs more than once."""
        table = part.table
        free = list(table.lines)
        texts = {line.row: row_text(table.sheet, line.row) for line in free}
        for note in part.mapping.rows:
            same = [one for one in free if note.text is None or same_text(texts[one.row], note.text)]
            line = next((one for one in same if one.row == note.row), None)
            if line is None and note.text is not None:
                line = same[0] if same else None
            if line is None:
                place = table.sheet.place(note.row)
                self.issues.append(Issue("rup-mapping-row-gone", place, {"text": (note.text or "–")[:80]}))
                continue
            free.remove(line)
            self._note(line, note, part)

    def _note(self, line: RupLine, note: RowNote, part: _Part) -> None:
        line.kind, line.section = note.kind, note.section or line.section
        line.given_terms = note.terms
        part.told += [line] if note.terms else []
        if note.id and not is_id(note.id):
            self.issues.append(Issue("wrong-id", part.table.place(line), {"value": note.id[:80]}))
        elif note.id:
            line.id = note.id

    def _row_issues(self, part: _Part, build: Build) -> Iterator[Issue]:
        table = part.table
        noted = frozenset(column_index(one.column) for one in part.mapping.columns if one.role is not None)
        taken = [line.row for line in table.lines if line.kind in PLACED]
        second = second_table(part.chosen.sheet, part.layout, taken)
        yield from [second] if second is not None else []
        yield from row_issues(table)
        yield from workplace_issues(table)
        yield from practice_as_training(table)
        yield from missing_kinds(table, noted)
        yield from self._doubtful(table, [unit for unit in build.parts if unit.table is table])

    def _study(self, parts: Sequence[_Part]) -> list[Issue]:
        """Ask once how one studies, whatever sheet leaves it open."""
        if self.mapping.study is not None or self.mapping.rest is not None:
            return []
        texts = [
            text
            for part in parts
            for text in title_texts(part.table.sheet, part.table.layout.top, part.chosen.others)
        ]
        found = (study_issue(part.table, texts) for part in parts)
        return [issue for issue in found if issue is not None][:1]

    def _doubtful(self, table: RupTable, units: Sequence[Unit]) -> Iterator[Issue]:
        place = table.sheet.place()
        if not units:
            yield Issue("rup-no-rows", place)
        shared = sum(unit.load.by_share for unit in units)
        if shared:
            yield Issue("rup-hours-by-share", place, {"count": shared})
        derived = sum(_is_derived(table, unit) for unit in units)
        if derived:
            per_credit = number_text(self.rates.hours_per_credit)
            yield Issue("rup-credits-from-hours", place, {"count": derived, "per_credit": per_credit})

    def _programme(self, tables: Sequence[RupTable], build: Build) -> Programme | None:
        first, is_part = self.chosen[0], bool(self.mapping.part)
        titles = (
            own_titles(first.sheet, tables[0].layout.top, first.others)
            if is_part
            else title_of_courses(self.chosen, [one.layout.top for one in tables])
        )
        last_term = build.last_term()
        values = programme_values(titles, self.mapping.programme, self.choices, last_term, is_part=is_part)
        self.programme_values = with_questions(values)
        issues = list(programme_issues(Place(tables[0].sheet.file), values))
        if "id" not in values:
            issues.append(self._unnamed())
        issues += self._refused(str(values.get("title", "")))
        self.issues += issues
        return None if issues else programme_of(values, self.language)

    def _refused(self, title: str) -> Iterator[Issue]:
        """Yield that a cell from which the title was taken has a character that no text may have."""
        if found := REFUSED.search(title):
            sheets = [self.chosen[0].sheet, *self.chosen[0].others]
            cells = (
                one.place(row, at)
                for one in sheets
                for row in sorted(one.grid.rows)
                for at in sorted(one.grid.rows[row])
                if found[0] in one.text(row, at)
            )
            yield refused_issue(next(cells, Place(self.chosen[0].sheet.file)), found[0])

    def _unnamed(self) -> Issue:
        """Return that nothing says which of several programmes this is."""
        sheet = self.chosen[0].sheet
        over = sheet.said or next(iter(title_texts(sheet, self.chosen[0].layout.top, ())), "")
        block = {"block": sheet.block or sheet.name, "text": over[:80] or "–"}
        return Issue("rup-programme-unnamed", sheet.place(), block)

    def _weeks(self, tables: Sequence[RupTable]) -> dict[int, float]:
        if self.mapping.weeks:
            return dict(self.mapping.weeks)
        found: dict[int, float] = {}
        for column in (one for table in tables for one in table.layout.having("semester")):
            if column.role is not None and column.heading.weeks:
                found.setdefault(column.role.term, column.heading.weeks)
        found = found or own_weeks(tables[0])
        return {term: weeks for term, weeks in sorted(found.items()) if 0 < weeks <= 60}


def _is_derived(table: RupTable, unit: Unit) -> bool:
    """Say whether the credits of a module follow from its hours, because the row gives none."""
    given = table.amount(unit.line, "credits") is not None or bool(table.by_term(unit.line, "credits"))
    return not given and unit.load.credits is not None and not unit.line.faults


def _counts(tables: Sequence[RupTable]) -> dict[str, int]:
    """Return how many rows were taken for what, in the order of the kinds."""
    found = Counter(str(line.kind) for table in tables for line in table.lines)
    return {str(kind): found[str(kind)] for kind in LineKind if found[str(kind)]}
