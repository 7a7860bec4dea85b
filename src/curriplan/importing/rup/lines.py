"""The rows of the table: their texts and numbers, before and after it is known what each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.reading.raw import REFUSED, refused_issue
from curriplan.catalog.records import Section
from curriplan.importing.rup.amounts import AmountError, amount_of
from curriplan.importing.rup.beside import target, unit_cells
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import Layout
from curriplan.importing.rup.roles import AMOUNT_ROLES, HeadedColumn, leaf_of
from curriplan.importing.rup.vocabulary import folded

MAX_LINES = 1500
"""Filled rows of a table; the longest curricula have a fifth of it."""
OUTCOME_INDEX = re.compile(r"(РО|ОН|RO|ON|LO)\b|\d+\.\d", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d")
NAME_ROLES = ("name", "name:kk", "name:ru", "name:en")
WORD_ROLES = (*NAME_ROLES, "index", "section", "assessment", "term")
"""Columns in which no formula results in 0."""


class LineKind(StrEnum):
    """What a row of a working curriculum is."""

    SECTION = "section"
    HEADER = "header"
    OUTCOME = "outcome"
    MODULE = "module"
    CONTINUED = "continued"
    FIXED = "fixed"
    CONSULTATION = "consultation"
    TOTAL = "total"
    HEADING = "heading"
    SIGNATURE = "signature"
    NOTE = "note"
    OUTSIDE = "outside"
    HIDDEN = "hidden"
    SKIP = "skip"
    UNKNOWN = "unknown"


LEAVES = (LineKind.MODULE, LineKind.OUTCOME)
"""Rows that become modules which can be taken."""


@dataclass
class RupLine:
    """One filled row.

    Parameters
    ----------
    index, name : str
        As they stand; `name` is the first of the columns of names that is filled.
    values : dict of int to float
        Numbers by column, of the columns that hold amounts.
    units : dict of int to str
        The units that cells say beside their numbers, by column.
    module : str
        The module of an outcome, where modules have a column of their own.
    whole : bool
        Whether the row is a module although it stands below a header.
    asked : bool
        Whether a question about several rows is about this one.
    counted : str
        What the column says that tells whether a row counts.
    """

    row: int
    index: str = ""
    name: str = ""
    names: dict[str, str] = field(default_factory=dict)
    section_text: str = ""
    term_text: str = ""
    term_column: int | None = None
    marks: dict[str, str] = field(default_factory=dict)
    assessment: str = ""
    values: dict[int, float] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    counted: str = ""
    module: str = ""
    whole: bool = False
    faults: list[Issue] = field(default_factory=list)
    kind: LineKind | None = None
    section: Section | None = None
    id: str = ""
    parent: str = ""
    part: int = 0
    given_terms: tuple[int, ...] = ()
    asked: bool = False
    remarks: list[Issue] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the row says of itself."""
        return " ".join(part for part in (" ".join(self.index.split()), " ".join(self.name.split())) if part)


@dataclass
class RupTable:
    """The table of a working curriculum."""

    sheet: RupSheet
    layout: Layout
    lines: list[RupLine]

    def place(self, line: RupLine, column: int | None = None) -> Place:
        """Return the place of a row, or of its cell in a column."""
        return self.sheet.place(line.row, column)

    def columns(self, name: str, unit: str | None = None) -> Iterator[HeadedColumn]:
        """Yield the columns of a role, of semesters those of one unit."""
        return (
            one
            for one in self.layout.having(name)
            if unit is None or (one.role is not None and one.role.unit == unit)
        )

    def amount(self, line: RupLine, name: str) -> float | None:
        """Return the sum of the columns of a role in a row, None where all are empty."""
        found = [line.values[one.index] for one in self.columns(name) if one.index in line.values]
        return sum(found) if found else None

    def in_all(self, line: RupLine, kind: str) -> float | None:
        """Return the hours of a kind in all semesters, None where all columns of its totals are empty.

        Totals may count a part: with a total of Контроль alone, that is answered to be theory, lectures
        stand only within the semesters. What stands there under headings that no total has comes on top.
        """
        total = self.amount(line, kind)
        if total is None:
            return None
        totals = {leaf_of(one) for one in self.columns(kind)}
        within = list(self.columns("semester", kind))
        if not totals <= set(map(leaf_of, within)):
            return total
        rest = (line.values.get(one.index, 0.0) for one in within if leaf_of(one) not in totals)
        return total + sum(rest)

    def by_term(self, line: RupLine, unit: str) -> dict[int, float]:
        """Return what a row has in each semester, in one unit."""
        found: dict[int, float] = {}
        for one in self.columns("semester", unit):
            if one.index in line.values and one.role is not None:
                found[one.role.term] = found.get(one.role.term, 0.0) + line.values[one.index]
        return {term: value for term, value in sorted(found.items()) if value}

    def leaves(self) -> list[RupLine]:
        """Return the rows that become modules."""
        return [line for line in self.lines if line.kind in LEAVES]

    def outcomes_of(self, header: RupLine) -> list[RupLine]:
        """Return the outcomes of a header."""
        return [one for one in self.lines if one.kind is LineKind.OUTCOME and one.parent == header.id]


def read_lines(sheet: RupSheet, layout: Layout) -> list[RupLine]:
    """Return the filled rows below a heading.

    Raises
    ------
    CatalogError
        If there are more rows than any curriculum has.
    """
    rows = [row for row in sorted(sheet.grid.rows) if row > layout.bottom]
    if len(rows) > MAX_LINES:
        raise CatalogError.of("too-many-rows", sheet.place(), limit=MAX_LINES)
    over = {folded(text) for one in layout.having("name:module") for text in one.heading.path}
    return list(_apart([_line(sheet, layout, row) for row in rows], over))


def _apart(lines: list[RupLine], over: set[str]) -> Iterator[RupLine]:
    """Yield the rows, those of modules that stand beside their first outcome as rows of their own.

    A module without an outcome beside it is all there is of its row; one that is repeated beside each
    of its outcomes is one.
    """
    last = ""
    for line in lines:
        titled = folded(line.module) not in over and re.search(r"[^\W\d_]", line.module)
        module = line.module.strip() if titled else ""
        line.whole = bool(module) and not line.names
        if line.whole:
            line.names, line.name, last = {"name": module}, module, ""
        elif module and module != last:
            of_module = bool(line.index) and not OUTCOME_INDEX.match(line.index)
            head = RupLine(line.row, index=line.index if of_module else "", name=module)
            head.names, head.kind, last = {"name": module}, LineKind.HEADER, module
            line.index = "" if of_module else line.index
            yield head
        yield line


def _line(sheet: RupSheet, layout: Layout, row: int) -> RupLine:
    line = RupLine(row)
    beside = _take_beside(line, sheet, layout)
    for column in layout.columns:
        if column.index in beside:
            continue
        cell = sheet.cell(row, column.index)
        if cell is None or column.role is None or column.index in sheet.hidden_columns:
            continue
        if cell.problem is not None and column.role.name != "ignore":
            values = {"value": cell.said or cell.text[:60], "heading": column.heading.text}
            line.faults.append(Issue(cell.problem, sheet.place(row, column.index), values))
            continue
        if cell.formula and cell.value == 0.0 and column.role.name in WORD_ROLES:
            # What programs store that do not calculate, or that cannot store a text.
            line.faults.append(Issue("formula-without-value", sheet.place(row, column.index), {"value": "0"}))
            continue
        if column.role.name in {"index", "term"} and DATE.fullmatch(cell.text):
            line.faults.append(_date_fault(sheet, row, column))
            continue
        if column.role.name != "ignore" and (found := REFUSED.search(cell.text)):
            line.faults.append(refused_issue(sheet.place(row, column.index), found[0]))
            if column.role.name in AMOUNT_ROLES:
                continue
        _take(line, sheet, column, cell.text)
    line.name = next((line.names[name] for name in NAME_ROLES if line.names.get(name)), "")
    if not line.name and not line.index and not line.values:
        line.name = next((text for at in sorted(sheet.grid.rows[row]) if (text := sheet.text(row, at))), "")
    return line


def _take_beside(line: RupLine, sheet: RupSheet, layout: Layout) -> set[int]:
    """Take the amounts whose units stand in cells of their own; return the columns that this is about."""
    taken: set[int] = set()
    for block, amounts in unit_cells(sheet, layout, line.row):
        taken |= {column.index for column in block}
        wanted = {unit: target(block, unit) for unit in amounts or {}}
        if not amounts or any(column is None for column in wanted.values()):
            filled = next(one for one in block if sheet.text(line.row, one.index))
            values = {"value": sheet.text(line.row, filled.index)[:60], "heading": filled.heading.text}
            line.faults.append(Issue("rup-cell-unreadable", sheet.place(line.row, filled.index), values))
            continue
        for unit in ("credits", "hours", "weeks"):
            column = wanted.get(unit)
            if column is not None and column.index not in line.values:
                line.values[column.index], line.units[column.index] = amounts[unit], unit
    return taken


def _date_fault(sheet: RupSheet, row: int, column: HeadedColumn) -> Issue:
    """Return the issue of an index such as 1.2, or semesters such as 1-2, that became a date."""
    return Issue("date-in-cell", sheet.place(row, column.index), {"value": sheet.text(row, column.index)})


def _take(line: RupLine, sheet: RupSheet, column: HeadedColumn, text: str) -> None:
    """Put what a cell says where it belongs in its row."""
    name = column.role.name if column.role is not None else ""
    if name in AMOUNT_ROLES:
        _take_number(line, sheet, column, text)
    elif name in NAME_ROLES:
        line.names[name] = text
    elif name == "name:outcome":
        line.names["name"] = text
    elif name == "name:module":
        line.module = text
    elif name == "term":
        line.term_text, line.term_column = text, column.index
    elif name.startswith("assessment:"):
        line.marks[name.partition(":")[2]] = text
    elif name in {"assessment", "index", "counted"}:
        setattr(line, name, text)
    elif name == "section":
        line.section_text = text


def _take_number(line: RupLine, sheet: RupSheet, column: HeadedColumn, text: str) -> None:
    try:
        number, unit = amount_of(text)
    except AmountError as error:
        place = sheet.place(line.row, column.index)
        line.faults.append(Issue(str(error), place, {"value": text[:60], "heading": column.heading.text}))
    else:
        if number is not None:
            line.values[column.index] = number
            line.units.update({column.index: unit} if unit else {})
