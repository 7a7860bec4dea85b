"""The files of an O*NET release: which there are, and which of their rows can be used at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from curriplan.base.errors import CatalogError, Issue
from curriplan.catalog.reading.grids import GridCell, SheetGrid, read_sheets
from curriplan.catalog.reading.raw import column_letter
from curriplan.catalog.records import ID_PATTERN
from curriplan.importing.source import Source, find_files, named, read_all, read_source, version_of

EMPTY = GridCell(None)


def read_sheet_source(path: Path, kind: str, columns: Sequence[str]) -> Source:
    """Read the named columns of the first sheet of a workbook; row 1 is its header.

    Raises
    ------
    CatalogError
        If it is no workbook, damaged, too large, lacks columns, or has cells that nobody can read.
    """
    sheet = read_sheets(path)[0]
    header = {cell.text: at for at, cell in sheet.rows.get(1, {}).items()}
    issues = [
        Issue("missing-column", sheet.place(str(path), 1), {"column": name})
        for name in columns
        if name not in header
    ]
    if issues:
        raise CatalogError(issues)
    places = {name: header[name] for name in columns}
    _refuse_unreadable(sheet, list(places.values()), str(path))
    numbers = [number for number in sorted(sheet.rows) if number > 1]
    cells = {
        name: [sheet.rows[number].get(header[name], EMPTY).text for number in numbers] for name in columns
    }
    letters = {name: column_letter(header[name]) for name in columns}
    rows = pd.DataFrame(cells, index=numbers, dtype=str)
    return Source(kind, str(path), rows, sheet.name, letters)


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
RATING_COLUMNS = (CODE, ELEMENT, ELEMENT_NAME, SCALE, VALUE, SUPPRESS, NOT_RELEVANT)
FILES = {
    "occupations": ("Occupation Data", (CODE, TITLE)),
    "skill_ratings": ("Skills", RATING_COLUMNS),
    "knowledge_ratings": ("Knowledge", RATING_COLUMNS),
    "technologies": ("Technology Skills", (CODE, COMMODITY, COMMODITY_TITLE, HOT, IN_DEMAND)),
}
"""The name of each file without its ending, and the columns that are read."""
RATING = r"[0-9]{1,3}(\.[0-9]{1,15})?"
SCALES = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
"""Lowest and highest rating of importance and of level."""


@dataclass
class OnetRelease:
    """The rows of a release that can be used."""

    occupations: Source
    skill_ratings: Source
    knowledge_ratings: Source
    technologies: Source
    version: str | None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables whose rows come into a catalog."""
        return self.occupations, *self.ratings, self.technologies

    @property
    def ratings(self) -> tuple[Source, Source]:
        """The tables of ratings."""
        return self.skill_ratings, self.knowledge_ratings

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
    paths = find_files(folder, {kind: (f"{stem}.txt", f"{stem}.xlsx") for kind, (stem, _) in FILES.items()})
    readers = [
        partial(read_sheet_source, paths[kind], kind, columns)
        if paths[kind].suffix.casefold() == ".xlsx"
        else partial(read_source, paths[kind], kind, columns, delimiter="\t", quoted=False)
        for kind, (_, columns) in FILES.items()
    ]
    found = {source.kind: source for source in read_all(readers)}
    _sift_occupations(found["occupations"])
    return OnetRelease(**found, version=version or version_of(folder))


def leave_out_unusable(release: OnetRelease) -> None:
    """Leave out the rows about the occupations of a release that cannot be used."""
    codes = set(release.occupations[CODE])
    for source in release.ratings:
        _sift_ratings(source, codes)
    elements = set(release.skill_ratings[ELEMENT])
    release.knowledge_ratings.leave_out(
        release.knowledge_ratings[ELEMENT].isin(elements), "import-repeated-row", ELEMENT
    )
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
    source.keep_known(CODE, codes)
    source.leave_out(~_fits_id(source[COMMODITY]), "import-wrong-code", COMMODITY)
    source.leave_out(~named(source[COMMODITY_TITLE]), "import-without-name", COMMODITY_TITLE)
