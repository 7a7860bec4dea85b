"""Putting new files and folders in the place of old ones, at one stroke, whatever comes between.

All outputs of a command are first written whole beside their destinations, are on the disk, and then take
their places. So the old or the new one is there, complete, at every moment; a failure, Ctrl-C and SIGTERM
leave everything as it was, and what a killed process has left is cleared up by the next one that writes
there (`curriplan.base.leftovers`).
"""

from __future__ import annotations

import errno
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from curriplan.base.errors import CurriplanError
from curriplan.base.interrupts import undisturbed, undone_by_signals
from curriplan.base.leftovers import (
    OLD,
    READY,
    beside,
    clear_up,
    journals_of,
    move_up,
    remove,
    write_journal,
)
from curriplan.base.refusals import NoOrdinaryFileError, reason_of
from curriplan.base.renaming import RENAME_EXCHANGE, keep_aside, put_where_nothing_is, rename, sync
from curriplan.base.touched import found_as, is_read, must_be_new, note_written, real


class _Put(ABC):
    """An output: where it is written, and how it takes its place.

    Parameters
    ----------
    named : Path
        As the user named it.
    path : Path
        Where it is to be. A link stays a link: what it points to is replaced.
    new : Path
        Where it is written.
    new_only : bool
        Whether nothing may be in its place.
    """

    def __init__(self, named: Path, path: Path, new: Path, *, new_only: bool) -> None:
        self.named, self.path, self.new, self.new_only = named, path, new, new_only
        self.old = self.new.with_name(self.new.name + OLD)

    @abstractmethod
    def make(self) -> None:
        """Make what is to be written."""

    @abstractmethod
    def sync(self) -> None:
        """Have what was written on the disk."""

    @abstractmethod
    def put(self, *, keep: bool) -> None:
        """Let it take its place; `keep` says whether it may have to be undone."""

    @abstractmethod
    def undo(self) -> None:
        """Put back what was in its place."""

    def was(self) -> list[int] | None:
        """Return what is in its place, which is something else once it has been put."""
        return found_as(self.path)

    def clean(self) -> None:
        """Remove whatever is left beside it."""
        remove(self.new)
        remove(self.old)

    def error(self, error: OSError) -> CurriplanError:
        """Return what is said where the system refuses."""
        if isinstance(error, FileExistsError):
            return CurriplanError.of("output-exists", path=str(self.named))
        if isinstance(error, PermissionError):
            return CurriplanError.of("output-locked", path=str(self.named))
        return not_writable(self.named, error)


class _File(_Put):
    def make(self) -> None:
        self.new.open("xb").close()

    def sync(self) -> None:
        sync(self.new)

    def put(self, *, keep: bool) -> None:
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_file()):
            raise NoOrdinaryFileError
        if self.new_only:
            put_where_nothing_is(self.new, self.path)
            return
        if self.path.exists():
            with suppress(OSError):
                shutil.copymode(self.path, self.new)
            if keep:
                keep_aside(self.path, self.old)
        os.replace(self.new, self.path)  # noqa: PTH105 - tests stand in for it here

    def undo(self) -> None:
        if self.old.exists():
            os.replace(self.old, self.path)  # noqa: PTH105
        else:
            self.path.unlink()


class _Folder(_Put):
    """A folder in the place of an old one, of an empty one, or of nothing."""

    def __init__(
        self, named: Path, path: Path, new: Path, *, new_only: bool, is_own: Callable[[Path], bool]
    ) -> None:
        super().__init__(named, path, new, new_only=new_only)
        self._is_own = is_own
        self._was_empty = self._is_undone = False

    def make(self) -> None:
        self.new.mkdir()

    def sync(self) -> None:
        for item in (*sorted(self.new.iterdir()), self.new):
            sync(item)

    def put(self, *, keep: bool) -> None:  # noqa: ARG002 - the old one stands aside anyway
        with suppress(OSError):
            shutil.copymode(self.path, self.new)
        self._was_empty = is_empty_folder(self.path)
        if self._was_empty or not self.path.exists():
            self.new.rename(self.path)
        elif self.new_only:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        else:
            self._swap()

    def _swap(self) -> None:
        foreign = next((item.name for item in sorted(self.path.iterdir()) if not self._is_own(item)), None)
        if foreign is not None:
            raise CurriplanError.of("folder-not-a-catalog", path=str(self.named), value=foreign)
        if _exchange(self.new, self.path):
            self.new.rename(self.old)
            return
        self.path.rename(self.old)
        try:
            self.new.rename(self.path)
        except BaseException:
            self.old.rename(self.path)
            raise

    def undo(self) -> None:
        self._is_undone = True
        if not self.old.exists():
            self.path.rename(self.new)
            if self._was_empty:
                self.path.mkdir()
        elif not _exchange(self.old, self.path):
            self.path.rename(self.new)
            self.old.rename(self.path)

    def clean(self) -> None:
        remove(self.new)
        if self.old.exists() and not self.path.exists():
            return  # it could not be put back now: the next command does so
        if not self._is_undone:
            _keep_foreign(self.old, self.path, self._is_own)
        remove(self.old)


class _Filling(_Folder):
    """Files for an empty folder whose place no other can take: one that somebody works in, or a disk."""

    def __init__(self, *put: Path, order: Callable[[Path], object], **options: Any) -> None:
        super().__init__(*put, **options)
        self._order = order
        self._ready = self.new.with_name(self.new.name + READY)
        self._moved: list[Path] = []

    def put(self, *, keep: bool) -> None:  # noqa: ARG002 - nothing is in its place
        if any(one != self.new for one in self.path.iterdir()):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        self.new.rename(self._ready)
        sync(self.path)
        try:
            move_up(self._ready, self._order, self._moved)
        except BaseException:
            self.undo()
            raise

    def was(self) -> list[int] | None:
        return []  # it stays the same folder, and what a killed process has begun is completed

    def undo(self) -> None:
        for item in self._moved:
            remove(item)

    def clean(self) -> None:
        super().clean()
        remove(self._ready)


class _Outputs:
    """All outputs that appear together."""

    def __init__(self) -> None:
        self._puts: list[_Put] = []

    def stage(self, put: _Put) -> _Put:
        """Make what an output is written to; return the output."""
        self._puts.append(put)
        try:
            put.make()
        except OSError as error:
            raise put.error(error) from error
        return put

    def put_all(self) -> None:
        """Let each output take its place, or none of them."""
        # What is completed after a kill comes first.
        puts = sorted(self._puts, key=lambda put: not isinstance(put, _Filling))
        journals = journals_of(put.path for put in puts) if len(puts) > 1 else []
        done: list[_Put] = []
        try:
            for journal in journals:
                _write_journal(journal, puts)
            for put in puts:
                try:
                    put.put(keep=bool(journals))
                except OSError as error:
                    raise put.error(error) from error
                done.append(put)
        except BaseException:
            for put in reversed(done):
                try:
                    put.undo()
                except OSError:  # the next command tells of it
                    journals.clear()
            raise
        finally:
            for folder in sorted({put.path.parent for put in puts}):
                with suppress(OSError):
                    sync(folder)
            for journal in journals:
                remove(journal)
        note_written(*(put.named for put in self._puts))

    def clean(self) -> None:
        """Remove what is left beside them."""
        for put in self._puts:
            put.clean()


def _write_journal(journal: Path, puts: Iterable[_Put]) -> None:
    try:
        write_journal(journal, [(put.path, put.was()) for put in puts])
        sync(journal.parent)
    except OSError as error:
        raise not_writable(journal, error) from error


_TOGETHER: ContextVar[_Outputs | None] = ContextVar("together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Let all outputs that are written in the block take their places when it ends without an error.

    Raises
    ------
    CurriplanError
        ``output-locked`` if an old one cannot be replaced, ``output-exists`` if one has come up in the
        meantime, ``output-not-writable`` for anything else; then none of them is new.
    """
    with _outputs():
        yield


@contextmanager
def _outputs() -> Iterator[_Outputs]:
    outer = _TOGETHER.get()
    if outer is not None:
        yield outer
        return
    outputs = _Outputs()
    token = _TOGETHER.set(outputs)
    with undone_by_signals():
        try:
            yield outputs
            with undisturbed():
                outputs.put_all()
        finally:
            _TOGETHER.reset(token)
            with undisturbed():
                outputs.clean()


@contextmanager
def replacing(*paths: Path, force: bool = True) -> Iterator[tuple[Path, ...]]:
    """Yield new files beside `paths`, which replace them when the block ends without an error.

    All of them are written before the first one is replaced; where one of them cannot be, the others are
    put back. What was read is never replaced, and what had to be new only where nothing has come up.
    Within `together` they wait for the other outputs.

    Parameters
    ----------
    force : bool
        Whether files that are there may be replaced.

    Raises
    ------
    CurriplanError
        As `together`, and ``output-is-input`` if one was read.
    """
    with _outputs() as outputs:
        try:
            puts = [outputs.stage(_file(path, force)) for path in paths]
            yield tuple(put.new for put in puts)
            for put in puts:
                put.sync()
        except OSError as error:
            raise not_writable(paths[0], error) from error


def _file(named: Path, force: bool) -> _Put:
    _refuse_what_was_read(named)
    clear_up(named)
    path = real(named) if named.is_symlink() else real(named.parent) / named.name
    return _File(named, path, beside(path), new_only=not force or must_be_new(named))


@contextmanager
def replacing_folder(
    path: Path, is_own: Callable[[Path], bool], order: Callable[[Path], object]
) -> Iterator[Path]:
    """Yield a new folder beside `path`, which takes its place when the block ends without an error.

    Within `together` it waits for the other outputs.

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
        As `together`, and ``output-is-input`` if something in the folder was read.
    """
    with _outputs() as outputs:
        put = _folder(path, is_own, order)
        try:
            yield outputs.stage(put).new
            put.sync()
        except OSError as error:
            raise put.error(error) from error


def _folder(named: Path, is_own: Callable[[Path], bool], order: Callable[[Path], object]) -> _Put:
    _refuse_what_was_read(named)
    clear_up(named)
    path, new_only = real(named), must_be_new(named)
    if is_filled_from_within(path):
        new = beside(path / path.name)
        return _Filling(named, path, new, new_only=new_only, is_own=is_own, order=order)
    return _Folder(named, path, beside(path), new_only=new_only, is_own=is_own)


def _refuse_what_was_read(path: Path) -> None:
    if is_read(path):
        raise CurriplanError.of("output-is-input", path=str(path))


def not_writable(path: Path, error: OSError) -> CurriplanError:
    """Return what is said of an output that the system refuses."""
    return CurriplanError.of("output-not-writable", path=str(path), reason=reason_of(error))


def is_empty_folder(path: Path) -> bool:
    """Say whether a path is a folder with nothing in it."""
    return path.is_dir() and not any(path.iterdir())


def is_worked_in(path: Path) -> bool:
    """Say whether this process works in a folder, or below it."""
    with suppress(FileNotFoundError):  # it may have been deleted
        return real(path) in (Path.cwd(), *Path.cwd().parents)
    return False


def is_filled_from_within(path: Path) -> bool:
    """Say whether a folder is empty, and no other can take its place in one step."""
    if not is_empty_folder(path):
        return False
    return os.name == "nt" or is_worked_in(path) or path.is_mount() or not os.access(path.parent, os.W_OK)


def _keep_foreign(old: Path, path: Path, is_own: Callable[[Path], bool]) -> None:
    """Take along what somebody has put into an old folder in the meantime: only what may go is removed."""
    with suppress(OSError):
        for item in sorted(old.iterdir()):
            if not is_own(item) and not (path / item.name).exists():
                item.rename(path / item.name)


def _exchange(new: Path, path: Path) -> bool:
    """Let two folders change their names in one step; say whether the system can (Linux)."""
    return rename(new, path, RENAME_EXCHANGE)
