"""What one command has read and what it may write: nothing that was read is ever written.

A command opens a `one_command` block. Within it every file that is opened is noted (`note_read`) and every
output that was checked is claimed (`claim`), whichever comes first: the base that a catalog extends and
the catalog that a plan or a review names are found only on the way. Outside of such a block, as in the
library, nothing is noted. A file is known by where it lies and by what it is: a hard link, or another
spelling of a name, is the same file.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from curriplan.base.errors import CurriplanError, Issue, UsageError

logger = logging.getLogger(__name__)

Key = str | tuple[int, int]


@dataclass(frozen=True)
class _Output:
    path: Path
    keys: frozenset[Key]
    around: frozenset[Key]
    must_be_new: bool
    may_be_read: bool


@dataclass
class _Touched:
    """What was read, the folders in which that lies, and what is to be written."""

    tell: Callable[[Issue], None] | None = None
    read: set[Key] = field(default_factory=set)
    around: set[Key] = field(default_factory=set)
    outputs: list[_Output] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    def is_read(self, keys: frozenset[Key]) -> bool:
        return not keys.isdisjoint(self.read) or not keys.isdisjoint(self.around)

    def claimed(self, keys: frozenset[Key]) -> _Output | None:
        return next((one for one in self.outputs if not keys.isdisjoint(one.keys)), None)


_TOUCHED: ContextVar[_Touched | None] = ContextVar("touched", default=None)
_NOTED: ContextVar[set[Path] | None] = ContextVar("noted", default=None)


@contextmanager
def one_command(tell: Callable[[Issue], None] | None = None) -> Iterator[list[Path]]:
    """Keep what is read within the block from being written within it; yield what has been written so far.

    Parameters
    ----------
    tell : callable, optional
        Told what an earlier, killed run has left.
    """
    touched = _Touched(tell)
    token = _TOUCHED.set(touched)
    try:
        yield touched.written
    finally:
        _TOUCHED.reset(token)


@contextmanager
def noting_files() -> Iterator[set[Path]]:
    """Yield the files that are opened within the block, as far as it has come."""
    noted: set[Path] = set()
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def tell_of(issue: Issue) -> None:
    """Tell what an earlier run has left; in the library a log has it."""
    touched = _TOUCHED.get()
    if touched is None or touched.tell is None:
        logger.warning("%s", issue.line("en"))
    else:
        touched.tell(issue)


def real(path: Path) -> Path:
    """Return where a file or folder lies, links followed; of links in a circle, one of them."""
    return Path(os.path.realpath(path))


def found_as(path: Path) -> list[int] | None:
    """Return what a file or folder is, whatever it is called: its device and number; None for nothing."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return [found.st_dev, found.st_ino]


def keys_of(path: Path) -> frozenset[Key]:
    """Return what all names of one file or folder have in common: where it lies, and what it is.

    Raises
    ------
    CurriplanError
        ``output-folder-missing`` for a relative name where the working folder has been deleted.
    """
    try:
        name = os.path.normcase(real(path))
    except FileNotFoundError as error:
        raise CurriplanError.of("output-folder-missing", path=os.environ.get("PWD", ".")) from error
    found = found_as(path)
    # Some file systems number nothing.
    return frozenset({name} if found is None or not found[1] else {name, (found[0], found[1])})


def is_same(path: Path, other: Path) -> bool:
    """Say whether two names are of one file or folder; `other` may be of something that is none."""
    keys = keys_of(path)
    try:
        return not keys.isdisjoint(keys_of(other))
    except CurriplanError:  # as where the working folder has been deleted: the name of a bundled catalog
        return False


def _around(path: Path) -> frozenset[Key]:
    return frozenset().union(*map(keys_of, real(path).parents))


def note_read(path: Path) -> None:
    """Note that a file is about to be read.

    Raises
    ------
    CurriplanError
        ``output-is-input`` if it is to be written, or lies in a folder that is.
    """
    noted = _NOTED.get()
    if noted is not None:
        noted.add(path)
    touched = _TOUCHED.get()
    if touched is None:
        return
    keys, around = keys_of(path), _around(path)
    touched.read |= keys
    touched.around |= around
    for output in touched.outputs:
        if not output.keys.isdisjoint(keys | around) and not output.may_be_read:
            raise CurriplanError.of("output-is-input", path=str(output.path))


def claim(path: Path, *, must_be_new: bool, may_be_read: bool = False) -> None:
    """Note that a file or folder is to be written.

    Parameters
    ----------
    must_be_new : bool
        Whether nothing may be in its place when it is written.
    may_be_read : bool
        Whether it is rewritten on purpose, as a list of notes that is read and completed.

    Raises
    ------
    CurriplanError
        ``output-is-input`` if it was read, or holds a file that was; ``folder-not-a-catalog`` if it lies
        in a folder that is to be written, or the other way round.
    UsageError
        ``output-twice`` if it is to be written already, by another name.
    """
    touched = _TOUCHED.get()
    if touched is None:
        return
    output = _Output(path, keys_of(path), _around(path), must_be_new, may_be_read)
    if not may_be_read and touched.is_read(output.keys):
        raise CurriplanError.of("output-is-input", path=str(path))
    for other in touched.outputs:
        if not other.keys.isdisjoint(output.keys) and other.path != path:
            raise UsageError.of("output-twice", path=str(path))
        for inner, outer in ((output, other), (other, output)):
            if not inner.around.isdisjoint(outer.keys):
                raise CurriplanError.of("folder-not-a-catalog", path=str(outer.path), value=inner.path.name)
    touched.outputs = [one for one in touched.outputs if one.path != path] + [output]


def note_written(*paths: Path) -> None:
    """Note that files or folders have been written whole."""
    touched = _TOUCHED.get()
    if touched is not None:
        touched.written += paths


def is_read(path: Path) -> bool:
    """Say whether a path was read, or holds what was, and is not one to be rewritten on purpose."""
    touched = _TOUCHED.get()
    if touched is None:
        return False
    keys = keys_of(path)
    claimed = touched.claimed(keys)
    return not (claimed is not None and claimed.may_be_read) and touched.is_read(keys)


def must_be_new(path: Path) -> bool:
    """Say whether an output was claimed on the condition that nothing is in its place."""
    touched = _TOUCHED.get()
    claimed = None if touched is None else touched.claimed(keys_of(path))
    return claimed is not None and claimed.must_be_new
