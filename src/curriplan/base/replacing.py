"""Putting new files and folders in the place of old ones, at one stroke, whatever comes between.

Everything is first written whole beside its destination, is on the disk, and then takes its place. So the
old or the new one is there, complete, at every moment; a failure leaves nothing behind, and what a killed
process has left is cleared away, or put back, by the next one that writes there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from curriplan.base.errors import CurriplanError
from curriplan.base.interrupts import undisturbed
from curriplan.base.refusals import reason_of
from curriplan.base.touched import is_read, must_be_new, note_written

LEFT_OVER_S = 600.0
"""What was written beside a destination so long ago is of a process that is no more."""
RENAME_EXCHANGE = 2
AT_FDCWD = -100


@contextmanager
def replacing(*paths: Path, force: bool = True) -> Iterator[tuple[Path, ...]]:
    """Yield new files beside `paths`, which replace them when the block ends without an error.

    All of them are written before the first one is replaced; where one of them cannot be, the others are
    put back. What was read is never replaced, and what had to be new only where nothing has come up.

    Parameters
    ----------
    force : bool
        Whether files that are there may be replaced.

    Raises
    ------
    CurriplanError
        ``output-locked`` if a file cannot be replaced, ``output-exists`` if one has come up in the
        meantime, ``output-is-input`` if it was read, ``output-not-writable`` for anything else.
    """
    new_only = [not force or must_be_new(path) for path in paths]
    # A link stays a link: what it points to is replaced.
    paths = tuple(path.resolve() if path.is_symlink() else path for path in paths)
    for path in paths:
        if is_read(path):
            raise CurriplanError.of("output-is-input", path=str(path))
        _sweep(path)
    with ExitStack() as stack:
        temporary = tuple(_new_file(path, stack) for path in paths)
        try:
            yield temporary
            for new in temporary:
                _sync(new)
        except OSError as error:
            raise not_writable(paths[0], error) from error
        with undisturbed():
            _put_all(list(zip(temporary, paths, new_only, strict=True)), stack)
            note_written(*paths)


def not_writable(path: Path, error: OSError) -> CurriplanError:
    """Return what is said of an output that the system refuses."""
    return CurriplanError.of("output-not-writable", path=str(path), reason=reason_of(error))


def _beside(path: Path, ending: str = "") -> Path:
    # The ending stays, because writers choose the format by it. Made by hand and not by tempfile,
    # whose files nobody but their owner may read. Of a long name only the beginning fits beside the rest.
    return path.with_name(f".{path.stem[:50]}.{secrets.token_hex(4)}{path.suffix}{ending}")


def _left_beside(path: Path, ending: str = "") -> Iterator[Path]:
    """Yield what `_beside` once named, of this process or of another one."""
    name = re.compile(
        rf"\.{re.escape(path.stem[:50])}\.[0-9a-f]{{8}}{re.escape(path.suffix)}{re.escape(ending)}"
    )
    with suppress(OSError):
        yield from sorted(one for one in path.parent.iterdir() if name.fullmatch(one.name))


def _sweep(path: Path) -> None:
    """Clear away what killed processes have left beside a destination."""
    for ending in ("", ".old"):
        for left in _left_beside(path, ending):
            with suppress(OSError):
                if time.time() - left.lstat().st_mtime < LEFT_OVER_S:
                    continue
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left)
                else:
                    left.unlink()


def _new_file(path: Path, stack: ExitStack) -> Path:
    new = _beside(path)
    try:
        new.open("xb").close()
    except OSError as error:
        raise not_writable(path, error) from error
    stack.callback(_remove, new)
    return new


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything rests on it."""
    if path.is_dir():
        if os.name != "posix":
            return
        number = os.open(path, os.O_RDONLY)
    else:
        number = os.open(path, os.O_RDWR)
    try:
        with suppress(OSError):  # a file system that cannot
            os.fsync(number)
    finally:
        os.close(number)


def _put_all(replacements: list[tuple[Path, Path, bool]], stack: ExitStack) -> None:
    """Put each new file in its place, or none of them."""
    done: list[tuple[Path, Path | None]] = []
    try:
        for new, path, new_only in replacements:
            old = _kept_aside(path, stack) if len(replacements) > 1 else None
            _put_file(new, path, new_only=new_only)
            done.append((path, old))
    except BaseException:
        for path, old in reversed(done):
            with suppress(OSError):
                path.unlink() if old is None else os.replace(old, path)  # noqa: PTH105
        raise
    for folder in {path.parent for _, path, _ in replacements}:
        with suppress(OSError):
            _sync(folder)


def _kept_aside(path: Path, stack: ExitStack) -> Path | None:
    """Keep an old file under another name until all new ones are in place; None where there is none."""
    if not path.is_file():
        return None
    old = _beside(path, ".old")
    stack.callback(_remove, old)
    try:
        os.link(path, old)
    except OSError:  # a file system without links
        try:
            shutil.copy2(path, old)
        except OSError as error:
            raise not_writable(path, error) from error
    return old


def _put_file(new: Path, path: Path, *, new_only: bool) -> None:
    try:
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if new_only:
            _put_where_nothing_is(new, path)
            return
        if path.exists():
            with suppress(OSError):
                shutil.copymode(path, new)
        os.replace(new, path)  # noqa: PTH105 - tests stand in for it here
    except FileExistsError as error:
        raise CurriplanError.of("output-exists", path=str(path)) from error
    except PermissionError as error:
        raise CurriplanError.of("output-locked", path=str(path)) from error
    except OSError as error:
        raise not_writable(path, error) from error


def _put_where_nothing_is(new: Path, path: Path) -> None:
    """Give a new file its name unless another one has it, in one step wherever the system has one."""
    if os.name == "nt":
        new.rename(path)  # which Windows refuses where a file is in the way
        return
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.replace(new, path)  # noqa: PTH105
    else:
        new.unlink()


@contextmanager
def replacing_folder(
    path: Path, is_own: Callable[[Path], bool], order: Callable[[Path], object]
) -> Iterator[Path]:
    """Yield a new folder beside `path`, which takes its place when the block ends without an error.

    Parameters
    ----------
    is_own : callable
        Whether a file of the old folder may go with it.
    order : callable
        Sorts the files where they can only be moved one by one, into an empty folder that somebody works
        in: those without which the others mean nothing come last.

    Raises
    ------
    CurriplanError
        ``output-locked`` if the old folder cannot be replaced, ``output-is-input`` if something in it was
        read, ``output-not-writable`` for anything else.
    """
    if is_read(path):
        raise CurriplanError.of("output-is-input", path=str(path))
    whole = path.resolve()
    put_back(whole)
    _sweep(whole)
    new = _beside(whole)
    try:
        new.mkdir()
        try:
            yield new
            for item in (*sorted(new.iterdir()), new):
                _sync(item)
            with undisturbed():
                _put_folder(new, whole, is_own, order)
                _sync(whole.parent)
                note_written(path)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except PermissionError as error:
        raise CurriplanError.of("output-locked", path=str(path)) from error
    except OSError as error:
        raise not_writable(path, error) from error


def put_back(path: Path) -> bool:
    """Put an old folder back that a killed process has left aside, where nothing is in its place."""
    with suppress(OSError, ValueError):
        if path.name and not path.exists():
            for old in _left_beside(path, ".old"):
                if old.is_dir():
                    old.rename(path)
                    return True
    return False


def is_empty_folder(path: Path) -> bool:
    """Say whether a path is a folder with nothing in it."""
    return path.is_dir() and not any(path.iterdir())


def is_worked_in(path: Path) -> bool:
    """Say whether this process works in a folder, or below it."""
    whole = path.resolve()
    return whole in (Path.cwd(), *Path.cwd().parents)


def _put_folder(
    new: Path, path: Path, is_own: Callable[[Path], bool], order: Callable[[Path], object]
) -> None:
    if not path.exists():
        new.rename(path)
    elif not is_empty_folder(path):
        _swap(new, path, is_own)
    elif is_worked_in(path) or not _put_over_empty(new, path):
        _fill(new, path, order)


def _put_over_empty(new: Path, path: Path) -> bool:
    """Let a folder take the place of an empty one; say whether the system lets it."""
    with suppress(OSError):
        shutil.copymode(path, new)
    try:
        if os.name == "nt":
            path.rmdir()
        new.rename(path)
    except OSError:  # a mount point, say
        return False
    return True


def _fill(new: Path, path: Path, order: Callable[[Path], object]) -> None:
    """Move the files into an empty folder, which may be the one that the user works in."""
    path.mkdir(exist_ok=True)
    moved = []
    try:
        for item in sorted(new.iterdir(), key=order):  # type: ignore[arg-type]
            moved.append(path / item.name)
            item.rename(path / item.name)
    except BaseException:  # Ctrl-C too
        for item in moved:
            item.unlink(missing_ok=True)
        raise


def _swap(new: Path, path: Path, is_own: Callable[[Path], bool]) -> None:
    """Put the new folder in the place of the old one; where that fails, the old one stays."""
    with suppress(OSError):
        shutil.copymode(path, new)
    old = new.with_name(new.name + ".old")
    if _exchange(new, path):
        new.rename(old)
    else:
        path.rename(old)
        try:
            new.rename(path)
        except BaseException:
            old.rename(path)
            raise
    # Somebody may have put a file there in the meantime: only what may go is removed.
    for item in sorted(old.iterdir()):
        if is_own(item):
            item.unlink()
    old.rmdir()


def _exchange(new: Path, path: Path) -> bool:
    """Let two folders change their names in one step, where the system can (Linux)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    names = os.fsencode(new), os.fsencode(path)
    return bool(rename(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE) == 0)
