"""What one command has read and what it may write: nothing that was read is ever written.

A command opens a `one_command` block. Within it every file that is opened is noted (`note_read`) and every
output that was checked is claimed (`claim`), whichever comes first: the base that a catalog extends and
the catalog that a plan or a review names are found only on the way. Outside of such a block, as in the
library, nothing is noted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from curriplan.base.errors import CurriplanError


@dataclass(frozen=True)
class _Output:
    path: Path
    must_be_new: bool
    may_be_read: bool


@dataclass
class _Touched:
    """Files by what all their names have in common."""

    read: dict[str, Path] = field(default_factory=dict)
    outputs: dict[str, _Output] = field(default_factory=dict)
    written: list[Path] = field(default_factory=list)


_TOUCHED: ContextVar[_Touched | None] = ContextVar("touched", default=None)


@contextmanager
def one_command() -> Iterator[list[Path]]:
    """Keep what is read within the block from being written within it; yield what has been written so far."""
    touched = _Touched()
    token = _TOUCHED.set(touched)
    try:
        yield touched.written
    finally:
        _TOUCHED.reset(token)


def identity_of(path: Path) -> str:
    """Return what two names of one file or folder have in common.

    Raises
    ------
    CurriplanError
        ``output-folder-missing`` for a relative name where the working folder has been deleted.
    """
    try:
        return os.path.normcase(os.path.realpath(path))
    except FileNotFoundError as error:
        raise CurriplanError.of("output-folder-missing", path=os.environ.get("PWD", ".")) from error


def note_read(path: Path) -> None:
    """Note that a file is about to be read.

    Raises
    ------
    CurriplanError
        ``output-is-input`` if it is to be written, or lies in a folder that is.
    """
    touched = _TOUCHED.get()
    if touched is None:
        return
    name = identity_of(path)
    touched.read[name] = path
    for claimed, output in touched.outputs.items():
        if _is_of(name, claimed) and not output.may_be_read:
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
        ``output-is-input`` if it was read, or holds a file that was.
    """
    touched = _TOUCHED.get()
    if touched is None:
        return
    name = identity_of(path)
    if not may_be_read and any(_is_of(read, name) for read in touched.read):
        raise CurriplanError.of("output-is-input", path=str(path))
    touched.outputs[name] = _Output(path, must_be_new, may_be_read)


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
    name = identity_of(path)
    claimed = touched.outputs.get(name)
    may_be_read = claimed is not None and claimed.may_be_read
    return not may_be_read and any(_is_of(read, name) for read in touched.read)


def must_be_new(path: Path) -> bool:
    """Say whether an output was claimed on the condition that nothing is in its place."""
    touched = _TOUCHED.get()
    claimed = None if touched is None else touched.outputs.get(identity_of(path))
    return claimed is not None and claimed.must_be_new


def _is_of(name: str, folder: str) -> bool:
    """Say whether a file is another one, or lies in it."""
    return name == folder or name.startswith(folder.rstrip(os.sep) + os.sep)
