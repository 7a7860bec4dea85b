"""The files of an O*NET release: which there are, and which of their rows can be used at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeGuard

import pandas as pd

from curriplan.base.errors import CatalogError, Issue
from curriplan.catalog.reading.grids import GridCell, SheetGrid, first_row, read_sheets
from curriplan.catalog.reading.raw import column_letter
from curriplan.catalog.records import ID_PATTERN
from curriplan.importing.source import (
    ReleaseFile,
    Source,
    find_all_files,
    named,
    read_all,
    read_source,
    version_of,
    without_columns,
)

EMPTY = GridCell(None)


def refuse_sheet_header(path: Path, columns: Sequence[str]) -> None:
    """Refuse a workbook whose row 1 lacks columns, before all of it is read, which takes long.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, too large, or lacks columns.
    """
    sheet = first_row(path)
    header = {cell.text for cell in sheet.rows.get(1, {}).values()}
    issues = [
        Issue("missing-column", sheet.place(str(path), 1), {"column": name})
        for name in columns
        if name not in header
    ]
    if issues:
        raise CatalogError(issues)


def read_sheet_source(
    path: Path, kind: str, columns: Sequence[str], *, optional: Sequence[str] = ()
) -> Source:
    """Read the named columns of the first sheet of a workbook that `refuse_sheet_header` has let through.

    Raises
    ------
    CatalogError
        If it is damaged, too large, or has cells that nobody can read.
    """
    sheet = read_sheets(path, inspected=True)[0]
    header = {cell.text: at for at, cell in sheet.rows.get(1, {}).items()}
    columns = [*columns, *(name for name in optional if name in header)]
    places = {name: header[name] for name in columns}
    _refuse_unreadable(sheet, list(places.values()), str(path))
    numbers = [number for number in sorted(sheet.rows) if number > 1]
    cells = {
        name: [sheet.rows[number].get(header[name], EMPTY).text for number in numbers] for name in columns
    }
    letters = {name: column_letter(header[name]) for name in columns}
    rows = pd.DataFrame(cells, index=numbers, dtype=str)
    return without_columns(Source(kind, str(path), rows, sheet.name, letters), optional)


def _refuse_unreadable(sheet: SheetGrid, columns: Sequence[int], file: str) -> None:
    issues = [
        Issue(cell.problem, sheet.place(file, number, at), {"value": "?"})
        for number, row in sheet.rows.items()
        for at in columns
        if (cell := row.get(at)) is not None and cell.problem is not None
    ]
    if issues:
        raise CatalogError(issues)


CODE, TITLE = "O*NET-SOC Code", "Title"
ELEMENT, ELEMENT_NAME, SCALE, VALUE = "Element ID", "Element Name", "Scale ID", "Data Value"
SUPPRESS, NOT_RELEVANT = "Recommend Suppress", "Not Relevant"
COMMODITY, COMMODITY_TITLE, HOT, IN_DEMAND = (
    "Commodity Code",
    "Commodity Title",
    "Hot Technology",
    "In Demand",
)
TOOL_TYPE = "T2 Type"
RATING_COLUMNS = (CODE, ELEMENT, ELEMENT_NAME, SCALE, VALUE, SUPPRESS, NOT_RELEVANT)
MARKS = (HOT, IN_DEMAND, TOOL_TYPE)
"""Columns that some releases do not have: In Demand came in 2022, Hot Technology in 2016; until then tools
stood among the technologies."""
FILES: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "occupations": ((("Occupation Data",),), (CODE, TITLE)),
    "skill_ratings": ((("Skills",), ("Essential Skills", "Transferable Skills")), RATING_COLUMNS),
    "knowledge_ratings": ((("Knowledge",),), RATING_COLUMNS),
    "technologies": (
        (("Technology Skills",), ("Software Skills",), ("Tools and Technology",)),
        (CODE, COMMODITY, COMMODITY_TITLE),
    ),
}
"""What each file is called without its ending in one release or another (since 30.3 the skills are divided
over two), and the columns that are read."""
RATING = r"[0-9]{1,3}(\.[0-9]{1,15})?"
SCALES = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
"""Lowest and highest rating of importance and of level."""


@dataclass
class OnetRelease:
    """The rows of a release that can be used."""

    occupations: Source
    skill_ratings: tuple[Source, ...]
    knowledge_ratings: Source
    technologies: Source
    version: str | None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables whose rows come into a catalog."""
        return self.occupations, *self.ratings, self.technologies

    @property
    def ratings(self) -> tuple[Source, ...]:
        """The tables of ratings."""
        return *self.skill_ratings, self.knowledge_ratings

    @property
    def issues(self) -> Iterator[Issue]:
        """What was left out or is doubtful, file by file."""
        for source in self.sources:
            yield from source.issues


def read_release(folder: Path, version: str | None) -> OnetRelease:
    """Read the files of a release, text or else workbook.

    Raises
    ------
    CatalogError
        With every problem of every file as a whole.
    """
    names = {
        kind: [tuple(f"{one}{ending}" for one in stems) for stems in choices for ending in (".txt", ".xlsx")]
        for kind, (choices, _) in FILES.items()
    }
    paths = [(kind, path) for kind, found in find_all_files(folder, names).items() for path in found]
    _refuse_headers([(path, FILES[kind][1]) for kind, path in paths if _is_workbook(path)])
    sources = read_all([partial(_read_table, path, kind) for kind, path in paths])
    by_kind = {kind: tuple(one for one in sources if one.kind == kind) for kind in FILES}
    (occupations,), (knowledge,), (technologies,) = (
        by_kind[kind] for kind in ("occupations", "knowledge_ratings", "technologies")
    )
    _sift_occupations(occupations)
    skills = by_kind["skill_ratings"]
    return OnetRelease(occupations, skills, knowledge, technologies, version or version_of(folder))


def _is_workbook(path: ReleaseFile) -> TypeGuard[Path]:
    return isinstance(path, Path) and path.suffix.casefold() == ".xlsx"


def _refuse_headers(workbooks: Sequence[tuple[Path, Sequence[str]]]) -> None:
    """Refuse workbooks that lack columns, all of them together and before any is read whole."""
    issues: list[Issue] = []
    for path, columns in workbooks:
        try:
            refuse_sheet_header(path, columns)
        except CatalogError as error:
            issues += error.issues
    if issues:
        raise CatalogError(issues)


def _read_table(path: ReleaseFile, kind: str) -> Source:
    columns = FILES[kind][1]
    optional = MARKS if kind == "technologies" else ()
    if _is_workbook(path):
        return read_sheet_source(path, kind, columns, optional=optional)
    return read_source(path, kind, columns, delimiter="\t", quoted=False, optional=optional)


def leave_out_unusable(release: OnetRelease) -> None:
    """Leave out the rows about the occupations of a release that cannot be used."""
    codes = set(release.occupations[CODE])
    elements: set[str] = set()
    for source in release.ratings:
        _sift_ratings(source, codes)
        # What one table rates another one does not rate again.
        source.leave_out(source[ELEMENT].isin(elements), "import-repeated-row", ELEMENT)
        elements |= set(source[ELEMENT])
    _sift_technologies(release.technologies, codes)


def _sift_occupations(source: Source) -> None:
    source.leave_out(~_fits_id(source[CODE]), "import-wrong-code", CODE)
    source.leave_out(~named(source[TITLE]), "import-without-name", TITLE)
    source.leave_out(source[CODE].duplicated(), "import-repeated-row", CODE)


def _fits_id(codes: pd.Series[str]) -> pd.Series[bool]:
    return codes.map(lambda code: bool(re.fullmatch(ID_PATTERN, code)) and len(code) < 70).astype(bool)


def _sift_ratings(source: Source, codes: set[str]) -> None:
    """Leave only pairs of an importance and a level that O*NET itself takes for reliable and relevant."""
    source.pass_over(~source[SCALE].isin(list(SCALES)))
    source.keep_known(CODE, codes)
    source.leave_out(~_fits_id(source[ELEMENT]), "import-wrong-code", ELEMENT)
    source.leave_out(~named(source[ELEMENT_NAME]), "import-without-name", ELEMENT_NAME)
    source.leave_out(~_in_scale(source), "import-wrong-rating", VALUE)
    source.leave_out(source.rows.duplicated([CODE, ELEMENT, SCALE]), "import-repeated-row", ELEMENT)
    source.leave_out(source[SUPPRESS].eq("Y"), "import-suppressed", ELEMENT_NAME)
    source.leave_out(source[NOT_RELEVANT].eq("Y"), "import-not-relevant", ELEMENT_NAME)
    alone = ~source.rows.duplicated([CODE, ELEMENT], keep=False)
    source.leave_out(alone, "import-rating-alone", ELEMENT_NAME)


def _in_scale(source: Source) -> pd.Series[bool]:
    values = pd.to_numeric(source[VALUE].where(source[VALUE].str.fullmatch(RATING)))
    low = source[SCALE].map({scale: bounds[0] for scale, bounds in SCALES.items()})
    high = source[SCALE].map({scale: bounds[1] for scale, bounds in SCALES.items()})
    return (values >= low) & (values <= high)


def _sift_technologies(source: Source, codes: set[str]) -> None:
    if TOOL_TYPE not in source.absent:
        source.pass_over(source[TOOL_TYPE].str.casefold().eq("tools"))
    source.keep_known(CODE, codes)
    source.leave_out(~_fits_id(source[COMMODITY]), "import-wrong-code", COMMODITY)
    source.leave_out(~named(source[COMMODITY_TITLE]), "import-without-name", COMMODITY_TITLE)
