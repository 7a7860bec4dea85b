"""Writing results: what may be written is checked before any work, and a file changes at one stroke.

How it changes stands in `curriplan.base.replacing`, what a killed process has left of it in
`curriplan.base.leftovers`, what may never be written in `curriplan.base.touched`.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import chain, count
from pathlib import Path
from typing import IO, Any

from curriplan.base.errors import CurriplanError, Issue, UsageError
from curriplan.base.leftovers import clear_up
from curriplan.base.progress import step
from curriplan.base.refusals import NO_ORDINARY_FILE, system_reason
from curriplan.base.replacing import not_writable, replacing
from curriplan.base.touched import Key, claim, is_same, keys_of, real


def to_json(data: Any) -> str:
    """Return data as readable JSON."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def write_json(path: Path, data: Any) -> None:
    """Write what `to_json` returns, piece by piece: the text of a network takes a hundred megabytes."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(data, file, ensure_ascii=False, indent=1, allow_nan=False)
        file.write("\n")


def first_free(path: Path) -> Path:
    """Return a path, or the first one of its numbered names at which nothing is.

    >>> first_free(Path("no-such-folder/plan.xlsx")).name
    'plan.xlsx'
    """
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(one for one in chain([path], numbered) if not os.path.lexists(one))


def check_outputs(
    paths: Sequence[Path],
    endings: Sequence[str],
    *,
    force: bool,
    source: Path | None = None,
    may_be_read: bool = False,
) -> None:
    """Refuse outputs that cannot or must not be written.

    Parameters
    ----------
    paths : sequence of Path
        The files that are to be written.
    endings : sequence of str
        Endings that the command knows, such as ``.xlsx``.
    force : bool
        Whether an existing file may be replaced.
    source : Path, optional
        What is read: never replaced, even with `force`.
    may_be_read : bool
        Whether a file is rewritten on purpose that this command reads.

    Raises
    ------
    UsageError
        For an unknown ending, or a file that is named twice.
    CurriplanError
        For a missing folder, an existing file without `force`, a file that another program holds.
    """
    _refuse_unknown_endings(paths, endings)
    _refuse_twins(paths)
    issues = [issue for path in paths for issue in _output_issues(path, force, source)]
    if issues:
        raise CurriplanError(issues)
    for path in paths:
        claim(path, must_be_new=not force, may_be_read=may_be_read)


def kind_of(path: Path) -> str:
    """Return the ending of a file name in small letters, which decides the kind of output."""
    return path.suffix.lower()


def _refuse_unknown_endings(paths: Sequence[Path], endings: Sequence[str]) -> None:
    known = ", ".join(endings)
    issues = [
        Issue("unknown-output-kind", values={"value": path.name, "known": known})
        for path in paths
        if kind_of(path) not in endings
    ]
    if issues:
        raise UsageError(issues)


def _refuse_twins(paths: Sequence[Path]) -> None:
    seen: set[Key] = set()
    for path in paths:
        keys = keys_of(path)
        if not keys.isdisjoint(seen):
            raise UsageError.of("output-twice", path=str(path))
        seen |= keys


def _output_issues(path: Path, force: bool, source: Path | None) -> list[Issue]:
    try:
        clear_up(path)
        return list(_found_issues(path, force, source))
    except OSError as error:  # a name that the file system cannot hold
        return list(not_writable(path, error).issues)


def _found_issues(path: Path, force: bool, source: Path | None) -> Iterator[Issue]:
    if source is not None and is_same(path, source):
        yield Issue("output-is-input", values={"path": str(path)})
    elif not path.parent.is_dir():
        yield Issue("output-folder-missing", values={"path": str(path.parent)})
    elif path.is_dir():
        yield Issue("output-not-writable", values={"path": str(path), "reason": system_reason(errno.EISDIR)})
    elif real(path).is_symlink():  # links in a circle
        yield Issue("output-not-writable", values={"path": str(path), "reason": system_reason(errno.ELOOP)})
    elif path.exists() and not path.is_file():  # a device or a pipe, which would become a file
        yield Issue("output-not-writable", values={"path": str(path), "reason": NO_ORDINARY_FILE})
    elif path.exists() and not force:
        yield Issue("output-exists", values={"path": str(path)})
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        yield Issue("output-not-writable", values={"path": str(path), "reason": system_reason(errno.EACCES)})
    elif path.exists() and _is_locked(path):
        yield Issue("output-locked", values={"path": str(path)})


def _is_locked(path: Path) -> bool:
    """Say whether another program holds the file, as Excel does on Windows."""
    try:
        with path.open("r+b"):
            return False
    except PermissionError:
        return True
    except OSError:
        return False


FORMULA_STARTS = "=+-@⁺₊﬩﹢＋﹣－⁼₌⩵⩶﹦＝﹫＠"
"""What a spreadsheet may take for the start of a formula, also in the full width of Japanese."""
_UNSEEN = r"(?:[^\S\t\r\n]|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])*"
"""Blanks and marks that nobody sees, and that a spreadsheet may leave out before a formula."""
_GUARD = re.compile(rf"(?<![^;\t\r\n])(?='*{_UNSEEN}[{re.escape(FORMULA_STARTS)}])|^(?='*[\t\r\n])")
"""Where a cell may begin that a spreadsheet runs: where columns are parted by ``;`` within a text, too."""


def guarded(text: str) -> str:
    """Return text that no spreadsheet runs when it opens a CSV file; `unguarded` gives the text back.

    >>> guarded("=1+1"), guarded(" ＝1+1"), guarded("a;=1"), guarded("'=1"), guarded("a=1")
    ("'=1+1", "' ＝1+1", "a;'=1", "''=1", 'a=1')
    """
    return _GUARD.sub("'", text)


def unguarded(text: str) -> str:
    """Return the text that `guarded` has guarded.

    >>> unguarded("'=1+1"), unguarded("=1+1"), unguarded("''=1"), unguarded("'a'")
    ('=1+1', '=1+1', "'=1", "'a'")
    """
    if "'" not in text:
        return text
    added = {found.start() for found in _GUARD.finditer(text)}
    return "".join(char for at, char in enumerate(text) if char != "'" or at not in added)


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV with a header of `names`, as Excel and catalogs read it.

    Words are guarded against being run as formulas; numbers stay numbers.
    """
    # The mark at the start makes Excel read the Kazakh letters as what they are.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=names)
        writer.writeheader()
        writer.writerows({name: _csv_value(value) for name, value in row.items()} for row in rows)


def write_each(
    paths: Sequence[Path],
    workbook: Callable[[IO[bytes]], None],
    data: Any,
    names: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Write results to each of `paths` in the kind that its ending says, replacing old files.

    Parameters
    ----------
    workbook : callable
        Writes them as a workbook to a stream.
    data : any
        What a JSON file holds.
    names, rows : sequence of str, iterable of mapping
        What a CSV file holds.
    """
    with replacing(*paths) as new_files:
        for place, new in enumerate(new_files):
            step("writing", place, len(new_files))
            if kind_of(new) == ".xlsx":
                stream = BytesIO()
                workbook(stream)
                new.write_bytes(stream.getvalue())
            elif kind_of(new) == ".csv":
                write_csv(new, names, rows)
            else:
                write_json(new, data)


def _csv_value(value: Any) -> Any:
    """Write yes and no as catalogs do, and no text that a spreadsheet would run."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guarded(value) if isinstance(value, str) else value
