"""A copy of the workbook of a catalog in which each faulty cell is coloured, with what is wrong beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from curriplan.api.reading import Reading
from curriplan.base.errors import CurriplanError, Issue, Place, Severity
from curriplan.base.files import check_outputs, kind_of
from curriplan.base.harm import Harm, harm
from curriplan.base.replacing import replacing
from curriplan.base.version import TOOL
from curriplan.texts.words import Phrase, Words, with_plain_spaces
from curriplan.xlsx.marking.package import CellMark, has_threads, is_signed, marked
from curriplan.xlsx.marking.sheet import column_number

ENDINGS = (".xlsx", ".xlsm")
"""Of the workbooks that can be marked."""
COLOURS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C"}
NO_CATALOG = ("not-a-catalog", "catalog-is-curriculum")
"""Of a workbook in which no cell is at fault."""
LETTERS = re.compile("[A-Z]{1,3}")


@dataclass(frozen=True)
class MarkedCopy:
    """What became of a marked copy.

    Attributes
    ----------
    path : Path or None
        Where it is; None where no problem stands in a cell, and nothing was written.
    cells : int
        How many cells are marked.
    elsewhere : int
        How many of the problems that would be marked stand in no cell of the workbook.
    hidden : tuple of str
        Hidden sheets, and cells in hidden rows and columns (``modules!C7``), where marks are.
    """

    path: Path | None
    cells: int
    elsewhere: int
    hidden: tuple[str, ...] = ()


State = tuple[int, int] | None
"""When a file was changed last, and its size; None where there is none."""


def check_marking(source: Path, copy: Path, *, force: bool) -> State:
    """Refuse, before any work, a catalog that cannot be marked, or a place for the copy.

    Returns
    -------
    (int, int) or None
        What the workbook is like before it is read.

    Raises
    ------
    UsageError
        For a copy with another ending than the workbook's.
    CurriplanError
        For a catalog that is no such workbook, or a copy that exists already or cannot be written.
    """
    if source.is_dir() or kind_of(source) not in ENDINGS:
        raise CurriplanError.of("mark-no-workbook", path=str(source))
    check_outputs([copy], [kind_of(source)], force=force, source=source)
    return _state_of(source)


def _state_of(source: Path) -> State:
    try:
        found = source.stat()
    except (OSError, ValueError):  # reading says what is wrong
        return None
    return found.st_mtime_ns, found.st_size


def write_marked(
    reading: Reading, source: Path, copy: Path, language: str, *, strict: bool, state: State
) -> MarkedCopy:
    """Write the copy, where anything in it is to be marked.

    Errors call for a copy, and warnings of what is likely wrong; then what was written otherwise than the
    format has it is marked too. With `strict` all warnings are. Every part of the workbook that a mark need
    not change keeps its bytes.

    Parameters
    ----------
    reading : Reading
        What was found in the workbook.
    source : Path
        The workbook.
    copy : Path
        Checked by `check_marking`.
    language : str
        ``kk``, ``ru`` or ``en``: of the comments.
    state : (int, int) or None
        What `check_marking` returned: marks would stand beside other cells where it is no longer so.

    Raises
    ------
    CurriplanError
        For a workbook that was changed meanwhile, is signed or has comment threads, or a copy that cannot
        be written.
    """
    worst = Harm.UNTRANSLATED if strict else Harm.UNDERSTOOD
    issues = [issue for issue in reading.issues if harm(issue) <= worst]
    here = [(issue, issue.place) for issue in issues if issue.place and _is_in(issue.place, source)]
    calls_for_one = [issue for issue, _ in here if strict or harm(issue) <= Harm.MISLEADS]
    if not calls_for_one or any(issue.code in NO_CATALOG for issue in issues):
        return MarkedCopy(None, 0, sum(strict or harm(issue) <= Harm.MISLEADS for issue in issues))
    data = source.read_bytes()
    if _state_of(source) != state:
        raise CurriplanError.of("file-unreadable", Place(str(source)), reason=Phrase("file.changed"))
    for is_so, code in ((is_signed, "mark-signed"), (has_threads, "mark-threads")):
        if is_so(data):
            raise CurriplanError.of(code, Place(str(source)))
    marks = [_mark(issue, place, language) for issue, place in sorted(here, key=lambda one: harm(one[0]))]
    try:
        found = marked(data, marks, TOOL)
    except ValueError as error:
        raise CurriplanError.of("damaged-workbook", Place(str(source))) from error
    elsewhere = len(issues) - len(marks) + len(found.left_out)
    if not found.cells:
        return MarkedCopy(None, 0, elsewhere)
    with replacing(copy) as (new,):
        new.write_bytes(found.data)
    return MarkedCopy(copy, found.cells, elsewhere, found.hidden)


def _is_in(place: Place, source: Path) -> bool:
    """Say whether a place is in a sheet of the workbook itself, and not in a catalog that it extends."""
    return place.sheet is not None and place.file == str(source)


def _mark(issue: Issue, place: Place, language: str) -> CellMark:
    """Return the mark of an issue; what is wrong with a row or a sheet stands in its first cell."""
    column = place.column if place.column and LETTERS.fullmatch(place.column) else "A"
    word = Words(language, "cli")(f"message.{issue.severity}")
    text = with_plain_spaces(f"{word}: {issue.found(language)} {issue.advice(language)}")
    cell = (place.row or 1, column_number(column))
    return CellMark(place.sheet or "", cell, COLOURS[issue.severity], _writable(text))


def _writable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text
    )
