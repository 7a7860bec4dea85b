"""Read a working curriculum: from the cells of a workbook to a catalog and an account of every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from curriplan.base.errors import CurriplanError, Issue, Place, Severity, errors_in
from curriplan.catalog.order import with_college_order
from curriplan.catalog.reading.raw import column_letter, number_text
from curriplan.catalog.records import SEMESTER_PATTERN, Catalog, Programme, is_id
from curriplan.importing.rup.build import MAX_TERM, Build, Unit
from curriplan.importing.rup.grid import RupSheet, read_book
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.layout import Chosen, choose, settle_columns
from curriplan.importing.rup.lines import LEAVES, LineKind, RupLine, RupTable, read_lines
from curriplan.importing.rup.loads import Rates, settle_terms, settle_units
from curriplan.importing.rup.mapping import STATUSES, ColumnNote, RowNote, RupMapping, same_text
from curriplan.importing.rup.own import own_weeks
from curriplan.importing.rup.rows import classify, without_hidden
from curriplan.importing.rup.sums import SUM_CODES, sum_issues
from curriplan.importing.rup.title import title_texts, title_values
from curriplan.importing.rup.vocabulary import language_of

UNSEEN = (LineKind.UNKNOWN,)
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


@dataclass(frozen=True)
class RowReport:
    """What became of one row."""

    row: int
    kind: str
    text: str
    id: str = ""
    section: str = ""
    credits: float | None = None
    hours: float | None = None
    terms: tuple[int, ...] = ()
    by_share: bool = False
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class RupReading:
    """What came of reading a working curriculum.

    Attributes
    ----------
    catalog : Catalog or None
        None where something is wrong.
    issues : tuple of Issue
        Every problem, errors and warnings, by place.
    mapping : RupMapping
        What was understood, to correct and to use the next time.
    rows : tuple of RowReport
        What became of every row of the sheet from its heading on.
    """

    catalog: Catalog | None
    issues: tuple[Issue, ...]
    mapping: RupMapping
    rows: tuple[RowReport, ...] = ()
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    totals: tuple[float, float] = (0.0, 0.0)
    terms: int = 0

    @property
    def sums(self) -> tuple[Issue, ...]:
        """The sums that do not add up."""
        return tuple(issue for issue in self.issues if issue.code in SUM_CODES)

    @property
    def doubts(self) -> tuple[Issue, ...]:
        """What was left out or is doubtful, beside sums and errors."""
        return tuple(
            issue
            for issue in self.issues
            if issue.severity is Severity.WARNING and issue.code not in SUM_CODES
        )

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The problems that must be mended first."""
        return errors_in(self.issues)

    def require(self) -> Catalog:
        """Return the catalog.

        Raises
        ------
        CurriplanError
            If anything is wrong.
        """
        if self.catalog is None:
            raise CurriplanError(self.errors)
        return self.catalog


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
    chosen.sheet.refuse_uncalculated()
    return _Reading(path.name, chosen, choices, mapping).run()


class _Reading:
    """One import on its way."""

    def __init__(self, file: str, chosen: Chosen, choices: RupChoices, mapping: RupMapping) -> None:
        self.file, self.chosen, self.choices, self.mapping = file, chosen, choices, mapping
        self.rates = Rates(mapping.hours_per_credit, mapping.hours, mapping.rest)
        self.issues: list[Issue] = []
        self.language = mapping.language or "ru"
        self.told: list[RupLine] = []

    def run(self) -> RupReading:
        sheet = self.chosen.sheet
        layout, found = settle_columns(sheet, self.chosen.layout, self.mapping)
        self.issues += found
        table = self._table(sheet, layout)
        build = Build(table, self.rates, self.language)
        build.gather()
        self.issues += build.issues
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
            self._mapping(table, layout, weeks),
            tuple(self._reports(table, build, issues)),
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
        lines = read_lines(replace(sheet, hidden_columns=hidden), seen)
        table = RupTable(sheet, seen, lines)
        if self.mapping.language is None:
            self.language = language_of([line.name for line in lines])
        self._apply_rows(table)
        classify(table)
        table, found = settle_units(table, self.mapping.semesters, self.rates)
        self.issues += [*found, *settle_terms(table)]
        return table

    def _apply_rows(self, table: RupTable) -> None:
        """Find the rows of the mapping by their text, in their order where a text occurs more than once."""
        free = list(table.lines)
        texts = {line.row: _row_text(table.sheet, line.row) for line in free}
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
        read = {
            LineKind.HEADER,
            LineKind.FIXED,
            LineKind.SECTION,
            LineKind.TOTAL,
            LineKind.CONSULTATION,
            *LEAVES,
        }
        for line in table.lines:
            if line.kind in read | set(UNSEEN):
                yield from line.faults
            yield from line.remarks
            if line.kind is LineKind.UNKNOWN and not line.remarks:
                yield Issue("rup-row-unknown", table.place(line), {"text": (line.text or "–")[:80]})
            if line.kind is LineKind.HIDDEN:
                yield Issue("rup-row-hidden", table.place(line), {"text": (line.text or "–")[:80]})
            if line.kind in {*LEAVES, LineKind.HEADER, LineKind.FIXED} and line.section is None:
                yield Issue("rup-section-unknown", table.place(line), {"text": line.text[:80]})
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

    def _mapping(self, table: RupTable, layout: Layout, weeks: Mapping[int, float]) -> RupMapping:
        sections = sorted({str(line.section) for line in table.leaves() if line.section})
        asked: dict[str, dict[str, float]] = {
            str(issue.values["section"]): {}
            for issue in self.issues
            if issue.code == "rup-hours-kind-unknown"
        }
        columns = tuple(
            ColumnNote(column_letter(one.index), one.heading.text, _known_role(one.role))
            for one in layout.columns
        )
        return RupMapping(
            file=self.file,
            sheet=table.sheet.name,
            language=self.language,
            hours_per_credit=self.rates.hours_per_credit,
            semesters=self.mapping.semesters,
            heading=(layout.top, layout.bottom),
            programme=self.programme_values,
            weeks=weeks,
            hours={**asked, **self.mapping.hours},
            rest=self.mapping.rest,
            status={name: self.mapping.status.get(name, STATUSES[name]) for name in sections},
            columns=columns,
            rows=tuple(self._row_notes(table)),
        )

    def _row_notes(self, table: RupTable) -> Iterator[RowNote]:
        told = {id(line) for line in self.told}
        for line in table.lines:
            known = None if line.kind is LineKind.UNKNOWN else line.kind
            placed = line.kind in {LineKind.SECTION, LineKind.HEADER, LineKind.MODULE, LineKind.FIXED}
            yield RowNote(
                line.row,
                _row_text(table.sheet, line.row),
                known,
                line.section if placed else None,
                line.id if line.kind in {*LEAVES, LineKind.HEADER} else "",
                line.given_terms if id(line) in told else (),
            )

    def _reports(self, table: RupTable, build: Build, issues: tuple[Issue, ...]) -> Iterator[RowReport]:
        units: dict[int, Unit] = {unit.line.row: unit for unit in build.units}
        by_row: dict[int, list[Issue]] = {}
        for issue in issues:
            if issue.place is not None and issue.place.sheet == table.sheet.name and issue.place.row:
                by_row.setdefault(issue.place.row, []).append(issue)
        for line in table.lines:
            unit = units.get(line.row)
            yield RowReport(
                line.row,
                str(line.kind),
                line.text or _row_text(table.sheet, line.row),
                line.id if line.kind in {*LEAVES, LineKind.HEADER} else "",
                str(line.section or ""),
                unit.load.credits if unit else table.amount(line, "credits"),
                unit.load.total if unit else table.amount(line, "hours"),
                unit.terms if unit else line.given_terms,
                unit.load.by_share if unit else False,
                tuple(by_row.get(line.row, ())),
            )


def _is_derived(table: RupTable, unit: Unit) -> bool:
    """Say whether the credits of a module follow from its hours, because the row gives none."""
    given = table.amount(unit.line, "credits") is not None or bool(table.by_term(unit.line, "credits"))
    return not given and unit.load.credits is not None and not unit.line.faults


def _known_role(role: Any) -> Any:
    return None if role is None or role.name.endswith("?") else role


def _row_text(sheet: RupSheet, row: int) -> str:
    """Return the words of a row, by which it is found again when rows have moved."""
    texts = (sheet.text(row, column) for column in sorted(sheet.grid.rows[row]))
    words = [" ".join(text.split()) for text in texts if re.search(r"[^\W\d_]", text)]
    numbers = [sheet.text(row, column) for column in sorted(sheet.grid.rows[row])]
    return " | ".join(words or numbers)[:300]


def _counts(table: RupTable) -> dict[str, int]:
    """Return how many rows were taken for what, in the order of the kinds."""
    found = Counter(str(line.kind) for line in table.lines)
    return {str(kind): found[str(kind)] for kind in LineKind if found[str(kind)]}


REPORT_COLUMNS = (
    "file", "sheet", "row", "kind", "id", "section", "credits", "hours", "terms", "hours_by_kind", "text",
    "remarks",
)  # fmt: skip


def report_rows(reading: RupReading, language: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each row of the sheet below its heading, then what concerns no single row.

    ``hours_by_kind`` says whether a module's hours by kind are the file's own or shares of the mapping.
    """
    for row in reading.rows:
        taken = row.kind in {"module", "outcome"}
        yield {
            "file": reading.mapping.file,
            "sheet": reading.sheet,
            "row": row.row,
            "kind": row.kind,
            "id": row.id,
            "section": row.section,
            "credits": _amount(row.credits),
            "hours": _amount(row.hours),
            "terms": ";".join(map(str, row.terms)),
            "hours_by_kind": ("mapping" if row.by_share else "file") if taken else "",
            "text": row.text,
            "remarks": " ".join(issue.line(language) for issue in row.issues),
        }
    said = {id(issue) for row in reading.rows for issue in row.issues}
    for issue in (one for one in reading.issues if id(one) not in said):
        values = {"file": reading.mapping.file, "sheet": reading.sheet, "remarks": issue.line(language)}
        yield {**values, "row": issue.place.row if issue.place is not None else None}


def _amount(value: float | None) -> str:
    return "" if value is None else number_text(value)
