"""Write a folder whole beside its destination, then put it there at one stroke.

Only a folder that holds nothing but a catalog is ever replaced: whatever else may lie there is not ours.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from curriplan.catalog.folder import INFO_FILE
from curriplan.errors import CurriplanError
from curriplan.files import identity_of
from curriplan.model import TABLES

CATALOG_FILES = frozenset({INFO_FILE, *(f"{table}.csv" for table in TABLES)})


def check_folder(path: Path, *, force: bool, source: Path | None = None) -> None:
    """Refuse a folder that cannot or must not be written.

    Raises
    ------
    CurriplanError
        For a missing parent, a file in the way, a folder that is read, in use, or filled; with `force`
        for one that holds anything but a catalog.
    """
    try:
        _check(path, force, source)
    except OSError as error:  # a name that the file system cannot hold
        raise _not_writable(path, error) from error


def _check(path: Path, force: bool, source: Path | None) -> None:
    if not path.parent.is_dir():
        raise CurriplanError.of("output-folder-missing", path=str(path.parent))
    if source is not None and identity_of(path) == identity_of(source):
        raise CurriplanError.of("output-is-input", path=str(path))
    if path.exists() and not path.is_dir():
        reason = os.strerror(errno.ENOTDIR)
        raise CurriplanError.of("output-not-writable", path=str(path), reason=reason)
    if not os.access(path if _is_empty(path) else path.resolve().parent, os.W_OK):
        raise CurriplanError.of("output-not-writable", path=str(path), reason=os.strerror(errno.EACCES))
    if path.exists() and not _is_empty(path):
        _check_filled(path, force)


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _check_filled(path: Path, force: bool) -> None:
    if not force:
        raise CurriplanError.of("output-exists", path=str(path))
    other = next((item.name for item in sorted(path.iterdir()) if not _is_of_catalog(item)), None)
    if other is None and not (path / INFO_FILE).is_file():
        other = "-"
    if other is not None:
        raise CurriplanError.of("folder-not-a-catalog", path=str(path), value=other)
    whole = path.resolve()
    if whole in (Path.cwd(), *Path.cwd().parents):
        raise CurriplanError.of("folder-in-use", path=str(path))


def _is_of_catalog(item: Path) -> bool:
    return item.name in CATALOG_FILES and item.is_file() and not item.is_symlink()


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder beside `path`, which takes its place when the block ends without an error.

    Raises
    ------
    CurriplanError
        ``output-locked`` if the old folder cannot be replaced, ``output-not-writable`` for anything else.
    """
    whole = path.resolve()
    new = whole.with_name(f".{whole.name[:50]}.{secrets.token_hex(4)}")
    try:
        new.mkdir()
        try:
            yield new
            _put(new, whole)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except PermissionError as error:
        raise CurriplanError.of("output-locked", path=str(path)) from error
    except OSError as error:
        raise _not_writable(path, error) from error


def _put(new: Path, path: Path) -> None:
    if not path.exists():
        new.rename(path)
    elif _is_empty(path):
        _fill(new, path)
    else:
        _swap(new, path)


def _fill(new: Path, path: Path) -> None:
    """Move the files into an empty folder, which may be the one that the user works in."""
    moved = []
    try:
        for item in sorted(new.iterdir()):
            item.rename(path / item.name)
            moved.append(path / item.name)
    except OSError:
        for item in moved:
            item.unlink(missing_ok=True)
        raise


def _swap(new: Path, path: Path) -> None:
    """Put the new folder in the place of the old one; where that fails, the old one stays."""
    with suppress(OSError):
        shutil.copymode(path, new)
    old = path.with_name(new.name + ".old")
    path.rename(old)
    try:
        new.rename(path)
    except OSError:
        old.rename(path)
        raise
    # Somebody may have put a file there in the meantime: only what a catalog has is removed.
    for item in sorted(old.iterdir()):
        if _is_of_catalog(item):
            item.unlink()
    old.rmdir()


def _not_writable(path: Path, error: OSError) -> CurriplanError:
    reason = error.strerror or str(error)
    return CurriplanError.of("output-not-writable", path=str(path), reason=reason)
