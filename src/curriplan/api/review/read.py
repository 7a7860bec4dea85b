"""Read a workbook that comes back from a review, and refuse whatever is not as the program wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curriplan.api.plan_file import plan_of
from curriplan.api.review.compare import (
    CellEdit,
    ReviewDifferences,
    WrittenSheet,
    compare_sheet,
    paired_sheets,
    written_sheet,
)
from curriplan.api.review.rows import Known, RowReader, WrittenRow
from curriplan.base.errors import CurriplanError, Issue, Place
from curriplan.base.progress import tell_language
from curriplan.catalog.reading.archive import has_notes
from curriplan.catalog.reading.grids import SheetGrid, read_sheets
from curriplan.plan.carried import DamagedError, carried_data, is_carried
from curriplan.plan.plan import Plan
from curriplan.texts.languages import LANGUAGES


@dataclass(frozen=True)
class ReadReview:
    """A review as it was read: the plan that it is about, its rows, and everything wrong with it."""

    path: Path
    plan: Plan
    plan_sha256: str
    keys: Mapping[str, Known]
    rows: tuple[WrittenRow, ...]
    issues: tuple[Issue, ...]
    plan_place: Place
    """Where the workbook carries its plan."""
    marks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What the catalog said of each module, as `curriplan.catalog.marks.row_marks` has it."""
    warnings: tuple[Issue, ...] = ()


def read_review(path: Path) -> ReadReview:
    """Read a workbook that comes back from a review.

    Raises
    ------
    CurriplanError
        If it cannot be read, or carries no plan to compare with. All other problems are in ``issues``.
    """
    file = str(path)
    sheets = read_sheets(path, with_beside=True)
    data, place = _carried(file, sheets)
    if data.get("language") in LANGUAGES:
        tell_language(str(data["language"]))  # what is wrong with it is said as its readers speak
    plan = plan_of(data.get("plan"), place)
    try:
        written = [written_sheet(one) for one in data["sheets"]]
        name, sha256 = str(data["review_sheet"]), str(data["plan_sha256"])
        reader = RowReader(file, str(data["plan_key"]), _known_rows(data["rows"]))
        marks = {(p, m): str(mark) for p, row in data.get("marks", {}).items() for m, mark in row.items()}
        pairs = paired_sheets(written, [one for one in sheets if one.name != place.sheet])
        expected = pairs[name]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CurriplanError.of("review-data-damaged", place) from error
    reader.read(sheets, expected)
    _compare(reader, written, pairs, name)
    rows, issues = tuple(reader.rows), tuple(reader.issues)
    notes = (Issue("review-notes-unread", Place(file)),) if has_notes(path) else ()
    warnings = (*notes, *reader.warnings)
    return ReadReview(path, plan, sha256, reader.keys, rows, issues, place, marks, warnings)


def _known_rows(data: Mapping[str, Any]) -> dict[str, Known]:
    return {
        key: (str(programme), str(module), str(proposal), None if term is None else int(term))
        for key, (programme, module, proposal, term) in data.items()
    }


def _carried(file: str, sheets: tuple[SheetGrid, ...]) -> tuple[dict[str, Any], Place]:
    """Return the data that the workbook carries, and where it stands."""
    texts: dict[str, str] = {}
    place = None
    for sheet in sheets:
        for row, cells in sheet.rows.items():
            for column, cell in cells.items():
                if isinstance(cell.value, str) and is_carried(cell.value):
                    texts.setdefault(cell.value, sheet.name)
                    place = place or sheet.place(file, row, column)
    if place is None:
        raise CurriplanError.of("review-without-data", Place(file))
    try:
        return carried_data(texts), place
    except DamagedError as error:
        raise CurriplanError.of("review-data-damaged", place) from error


def _compare(
    reader: RowReader, written: list[WrittenSheet], pairs: Mapping[str, SheetGrid | None], review: str
) -> None:
    result = ReviewDifferences()
    for one in written:
        grid = pairs[one.name]
        if grid is None:
            if one.name != review:
                reader.say("review-sheet-lost", Place(reader.file), name=one.name)
            continue
        keyed = _keyed_rows(reader, one) if one.name == review else {}
        result.take(compare_sheet(one, grid, keyed))
    for edit in result.all_edits:
        _report(reader, edit)


def _keyed_rows(reader: RowReader, written: WrittenSheet) -> dict[int, int | None]:
    """Return where each row of the Review sheet stands now, by its key.

    None for a row whose absence is reported already, and for those in which modules are asked for.
    """
    texts = ((value, row) for row, cells in written.rows.items() for value, _ in cells.values())
    wanted = {value: row for value, row in texts if isinstance(value, str) and reader.is_key(value)}
    first = min(wanted.values(), default=0)
    asked = {row: None for row in written.rows if row > first}
    return {**asked, **{row: reader.key_rows.get(key) for key, row in wanted.items()}}


def _report(reader: RowReader, edit: CellEdit) -> None:
    if edit.row is None:
        reader.say("review-locked-row-missing", edit.sheet.place(reader.file), text=edit.was[:200])
        return
    place = edit.sheet.place(reader.file, edit.row, edit.column)
    reader.say("review-cell-changed", place, was=edit.was[:200] or "–", found=edit.found[:200] or "–")
