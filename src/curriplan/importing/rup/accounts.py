"""What became of every row of a working curriculum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from curriplan.base.errors import CurriplanError, Issue, Severity, errors_in
from curriplan.catalog.reading.raw import number_text
from curriplan.catalog.records import Catalog
from curriplan.importing.rup.build import Build, Unit
from curriplan.importing.rup.index import letters_of
from curriplan.importing.rup.lines import LEAVES, LineKind, RupTable
from curriplan.importing.rup.mapping import RupMapping
from curriplan.importing.rup.noting import row_text
from curriplan.importing.rup.sums import SUM_CODES


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
    letters: str = ""
    """Of its index, where nobody knows what section they mean."""
    sheet: str = ""


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


def row_reports(table: RupTable, build: Build, issues: tuple[Issue, ...]) -> Iterator[RowReport]:
    """Yield what became of each row below the heading."""
    units: dict[int, Unit] = {id(unit.line): unit for unit in build.parts}
    by_row: dict[int, list[Issue]] = {}
    for issue in issues:
        if issue.place is not None and issue.place.sheet == table.sheet.name and issue.place.row:
            by_row.setdefault(issue.place.row, []).append(issue)
    for line in table.lines:
        unit = units.get(id(line))
        yield RowReport(
            line.row,
            str(line.kind),
            line.text or row_text(table.sheet, line.row),
            line.id if line.kind in {*LEAVES, LineKind.HEADER} else "",
            str(line.section or ""),
            unit.load.credits if unit else table.amount(line, "credits"),
            unit.load.total if unit else table.amount(line, "hours"),
            unit.terms if unit else line.given_terms,
            unit.load.by_share if unit else False,
            tuple(by_row.get(line.row, ())),
            letters_of(line.index) if line.asked else "",
            table.sheet.name,
        )


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
            "sheet": row.sheet or reading.sheet,
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
        sheet = issue.place.sheet if issue.place is not None else None
        values = {"file": reading.mapping.file, "sheet": sheet or reading.sheet}
        values["remarks"] = issue.line(language)
        yield {**values, "row": issue.place.row if issue.place is not None else None}


def _amount(value: float | None) -> str:
    return "" if value is None else number_text(value)
