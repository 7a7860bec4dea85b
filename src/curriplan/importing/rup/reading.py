"""Read a working curriculum: from the cells of a workbook to a catalog and an account of every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from curriplan.base.errors import Issue, Place, errors_in
from curriplan.catalog.order import with_college_order
from curriplan.catalog.reading.raw import column_letter, number_text
from curriplan.catalog.records import SEMESTER_PATTERN, Programme, is_id
from curriplan.importing.rup.accounts import RupReading, row_reports
from curriplan.importing.rup.build import MAX_TERM, Build, Unit
from curriplan.importing.rup.doubts import (
    formula_issue,
    missing_kinds,
    practice_as_training,
    row_issues,
    study_issue,
    workplace_issues,
)
from curriplan.importing.rup.grid import RupSheet, read_book
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.layout import Chosen, choose, column_index, course_issue, settle_columns
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable, read_lines
from curriplan.importing.rup.loads import Rates, settle_terms, settle_units
from curriplan.importing.rup.mapping import RowNote, RupMapping, same_text
from curriplan.importing.rup.noting import Noting, row_text
from curriplan.importing.rup.own import own_weeks
from curriplan.importing.rup.pairs import split_pairs
from curriplan.importing.rup.rows import classify, without_hidden
from curriplan.importing.rup.sums import sum_issues
from curriplan.importing.rup.title import title_texts, title_values
from curriplan.importing.rup.units import said_unit, settle_cell_units
from curriplan.importing.rup.vocabulary import language_of, skeleton

__all__ = ["RupChoices", "RupReading", "read_rup"]

DEFAULT_ID = "RUP"


@dataclass(frozen=True)
class RupChoices:
    """What the command line says; it goes before the mapping file, and that before the file itself."""

    sheet: str | None = None
    programme: str | None = None
    start: str | None = None
    learners: int | None = None
    free_order: bool = False
    """Whether to leave out the order of the college's own plan."""


def read_rup(path: Path, choices: RupChoices = RupChoices(), mapping: RupMapping | None = None) -> RupReading:
    """Read a college's working curriculum out of a workbook.

    Parameters
    ----------
    path : Path
        The workbook.
    choices : RupChoices
        What was chosen by hand.
    mapping : RupMapping, optional
        What guessing cannot settle; see `curriplan.importing.rup.mapping`.

    Raises
    ------
    CurriplanError
        If the file cannot be read, or no table of a working curriculum is found in it; all other
        problems are in the result.
    """
    mapping = mapping or RupMapping()
    sheets = read_book(path)
    chosen = choose(sheets, choices.sheet or mapping.sheet, mapping)
    return _Reading(path.name, chosen, choices, mapping).run()


class _Reading:
    """One import on its way."""

    def __init__(self, file: str, chosen: Chosen, choices: RupChoices, mapping: RupMapping) -> None:
        self.file, self.chosen, self.choices, self.mapping = file, chosen, choices, mapping
        rest = mapping.rest or ("self_study" if mapping.study == "correspondence" else None)
        self.rates = Rates(mapping.hours_per_credit, mapping.hours, rest)
        self.issues: list[Issue] = []
        self.language = mapping.language or "ru"
        self.told: list[RupLine] = []

    def run(self) -> RupReading:
        sheet = self.chosen.sheet
        alone = course_issue(self.chosen)
        self.issues += [alone] if alone is not None else []
        layout, found = settle_columns(sheet, self.chosen.layout, self.mapping)
        self.issues += found
        table = self._table(sheet, layout)
        build = Build(table, self.rates, self.language)
        build.gather()
        uncalculated = formula_issue(table)
        # Where no formula has a value nobody knows what is lacking.
        self.issues += [uncalculated] if uncalculated is not None else build.issues
        self.issues += self._row_issues(table, build)
        self.issues += sum_issues(table, self.rates)
        programme = self._programme(table, build)
        weeks = self._weeks(table)
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
            Noting(self.file, table, self.language, tuple(self.issues)).mapping(
                replace(self.mapping, programme=self.programme_values, weeks=weeks),
                layout,
                [line.row for line in self.told],
            ),
            tuple(row_reports(table, build, issues)),
            sheet.name,
            tuple(one.name for one in self.chosen.others),
            _counts(table),
            (
                sum(one.load.credits or 0.0 for one in build.units),
                sum(one.load.total or 0.0 for one in build.units),
            ),
            build.last_term(),
        )

    def _table(self, sheet: RupSheet, layout: Layout) -> RupTable:
        noted = {note.column for note in self.mapping.columns if note.role is not None}
        hidden = frozenset(at for at in sheet.hidden_columns if column_letter(at) not in noted)
        seen = without_hidden(layout, hidden)
        split, seen = split_pairs(replace(sheet, hidden_columns=hidden), seen)
        lines = read_lines(split, seen)
        table = RupTable(split, seen, lines)
        if self.mapping.language is None:
            self.language = language_of([line.name for line in lines])
        self._apply_rows(table)
        classify(table, {skeleton(key): one for key, one in self.mapping.sections.items() if one is not None})
        table, found = settle_units(table, self.mapping.semesters or said_unit(table), self.rates)
        settle_terms(table)
        self.issues += [*found, *settle_cell_units(table, self.mapping.hours_per_week)]
        return table

    def _apply_rows(self, table: RupTable) -> None:
        """Find the rows of the mapping by their text, in their order where a text occurs more than once."""
        free = list(table.lines)
        texts = {line.row: row_text(table.sheet, line.row) for line in free}
        for note in self.mapping.rows:
            same = [one for one in free if note.text is None or same_text(texts[one.row], note.text)]
            line = next((one for one in same if one.row == note.row), None)
            if line is None and note.text is not None:
                line = same[0] if same else None
            if line is None:
                place = table.sheet.place(note.row)
                self.issues.append(Issue("rup-mapping-row-gone", place, {"text": (note.text or "–")[:80]}))
                continue
            free.remove(line)
            self._note(line, note, table)

    def _note(self, line: RupLine, note: RowNote, table: RupTable) -> None:
        line.kind, line.section = note.kind, note.section or line.section
        line.given_terms = note.terms
        self.told += [line] if note.terms else []
        if note.id and not is_id(note.id):
            self.issues.append(Issue("wrong-id", table.place(line), {"value": note.id[:80]}))
        elif note.id:
            line.id = note.id

    def _row_issues(self, table: RupTable, build: Build) -> Iterator[Issue]:
        noted = frozenset(column_index(one.column) for one in self.mapping.columns if one.role is not None)
        yield from row_issues(table)
        yield from workplace_issues(table)
        yield from practice_as_training(table)
        yield from missing_kinds(table, noted)
        if self.mapping.study is None and self.mapping.rest is None:
            texts = list(title_texts(table.sheet, table.layout.top, self.chosen.others))
            study = study_issue(table, texts)
            yield from [study] if study is not None else []
        yield from self._doubtful(table, build)

    def _doubtful(self, table: RupTable, build: Build) -> Iterator[Issue]:
        place = table.sheet.place()
        if not build.units:
            yield Issue("rup-no-rows", place)
        shared = sum(unit.load.by_share for unit in build.units)
        if shared:
            yield Issue("rup-hours-by-share", place, {"count": shared})
        derived = sum(_is_derived(table, unit) for unit in build.units)
        if derived:
            per_credit = number_text(self.rates.hours_per_credit)
            yield Issue("rup-credits-from-hours", place, {"count": derived, "per_credit": per_credit})

    def _programme(self, table: RupTable, build: Build) -> Programme | None:
        texts = title_texts(table.sheet, table.layout.top, self.chosen.others)
        given = {"start": self.choices.start, "learners": self.choices.learners, "id": self.choices.programme}
        values = {**title_values(texts), **self.mapping.programme}
        values |= {key: value for key, value in given.items() if value is not None}
        values.setdefault("id", values.get("qualification") or values.get("specialty") or DEFAULT_ID)
        values["terms"] = max(int(values.get("terms", 0)), build.last_term()) or 1
        self.programme_values: dict[str, Any] = {"start": "?", "learners": "?", **values}
        issues = list(self._programme_issues(table, values))
        self.issues += issues
        if issues:
            return None
        title = values.pop("title", None)
        named = {f"name_{self.language}": title} if title else {}
        return Programme.model_validate({**values, **named, "language": self.language})

    def _programme_issues(self, table: RupTable, values: Mapping[str, Any]) -> Iterator[Issue]:
        place = Place(table.sheet.file)
        for key in ("start", "learners"):
            if key not in values:
                yield Issue(f"rup-{key}-missing", place)
        if "start" in values and not re.fullmatch(SEMESTER_PATTERN, str(values["start"])):
            allowed = "2026-1; 2000-1 ... 2100-2"
            yield Issue("wrong-semester", place, {"value": values["start"], "allowed": allowed})
        if not is_id(str(values["id"])):
            yield Issue("wrong-id", place, {"value": str(values["id"])[:80]})
        if values["terms"] > MAX_TERM:
            yield Issue("rup-too-many-terms", place, {"terms": values["terms"], "limit": MAX_TERM})

    def _weeks(self, table: RupTable) -> dict[int, float]:
        if self.mapping.weeks:
            return dict(self.mapping.weeks)
        found: dict[int, float] = {}
        for column in table.layout.having("semester"):
            if column.role is not None and column.heading.weeks:
                found.setdefault(column.role.term, column.heading.weeks)
        return {term: weeks for term, weeks in sorted((found or own_weeks(table)).items()) if 0 < weeks <= 60}


def _is_derived(table: RupTable, unit: Unit) -> bool:
    """Say whether the credits of a module follow from its hours, because the row gives none."""
    given = table.amount(unit.line, "credits") is not None or bool(table.by_term(unit.line, "credits"))
    return not given and unit.load.credits is not None and not unit.line.faults


def _counts(table: RupTable) -> dict[str, int]:
    """Return how many rows were taken for what, in the order of the kinds."""
    found = Counter(str(line.kind) for line in table.lines)
    return {str(kind): found[str(kind)] for kind in LineKind if found[str(kind)]}
