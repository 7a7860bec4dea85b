"""What stands beside a destination while it is written, whose it is, and what becomes of it after a kill.

Every name says which process of which computer made it. What a dead process left is cleared away, or put
where it belongs; what a live one writes is left to it.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import re
import secrets
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from curriplan.base.errors import Issue
from curriplan.base.touched import found_as, real, tell_of

OLD = ".old"
"""Ends the name of an old file or folder that makes room for a new one."""
READY = ".ready"
"""Ends the name of a folder whose files are whole, and only have to be moved into the one that it lies in."""
FOREIGN_S = 86_400.0
"""What a process of another computer wrote so long ago is of a process that is no more."""
MOST_LETTERS = 40
"""Of a long name only the beginning fits beside the rest."""
OWNER = re.compile(r"([0-9a-f]{4})([0-9a-f]{8})([0-9a-f]{8})")
ANY_BESIDE = re.compile(rf"\..*\.({OWNER.pattern})(\..*)?")
JOURNAL = "curriplan.journal"
MOST_JOURNAL_BYTES = 1_000_000
STILL_ACTIVE = 259
QUERY_LIMITED_INFORMATION = 0x1000
INVALID_PARAMETER = 87

_ours: set[str] = set()
"""The owners in names that this process has made: after a restart another one may have its number."""


def beside(path: Path, ending: str = "") -> Path:
    """Return a name beside a destination that nobody else has."""
    owner = f"{_computer()}{os.getpid():08x}{secrets.token_hex(4)}"
    _ours.add(owner)
    # The ending stays, because writers choose the format by it. Made by hand and not by tempfile,
    # whose files nobody but their owner may read.
    return path.with_name(f".{path.stem[:MOST_LETTERS]}.{owner}{path.suffix}{ending}")


def _computer() -> str:
    return f"{zlib.crc32(platform.node().encode()) & 0xFFFF:04x}"


def is_beside(name: str) -> bool:
    """Say whether `beside` may have made a name, for whatever file."""
    return ANY_BESIDE.fullmatch(name) is not None


def left_by_the_dead(path: Path, ending: str = "") -> Iterator[Path]:
    """Yield what `beside` once named for a process that is no more."""
    stem, suffix = re.escape(path.stem[:MOST_LETTERS]), re.escape(path.suffix)
    name = re.compile(rf"\.{stem}\.({OWNER.pattern}){suffix}{re.escape(ending)}")
    with suppress(OSError):
        for one in sorted(path.parent.iterdir()):
            found = name.fullmatch(one.name)
            if found is not None and _is_dead(found[1], one):
                yield one


def remove_left_within(folder: Path) -> None:
    """Remove all files in a folder that `beside` once named for a process that is no more."""
    with suppress(OSError):
        for one in sorted(folder.iterdir()):
            found = ANY_BESIDE.fullmatch(one.name)
            if found is not None and _is_dead(found[1], one):
                remove(one)


def _is_dead(owner: str, path: Path) -> bool:
    computer, number, _ = OWNER.fullmatch(owner).groups()  # type: ignore[union-attr]
    if computer != _computer():
        with suppress(OSError):
            return time.time() - path.lstat().st_mtime > FOREIGN_S
        return False
    process = int(number, 16)
    return owner not in _ours if process == os.getpid() else not is_running(process)


def is_running(process: int) -> bool:
    """Say whether there is a process of that number."""
    if os.name == "nt":
        return _is_running_on_windows(process)
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True


def _is_running_on_windows(process: int) -> bool:
    # There os.kill would end it.
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(QUERY_LIMITED_INFORMATION, False, process)
    if not handle:
        return bool(ctypes.get_last_error() != INVALID_PARAMETER)  # type: ignore[attr-defined]
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return not known or code.value == STILL_ACTIVE


def clear_up(path: Path) -> None:
    """Clear up what killed processes left beside a destination; tell of results that came only in part."""
    with suppress(OSError):
        path = real(path)
        put_back(path)
        within = path / path.name
        for left in (*_left_unfinished(path), *(_left_unfinished(within) if path.is_dir() else ())):
            remove(left)
        for journal in left_by_the_dead(path.with_name(JOURNAL)):
            _tell_of(journal)
            remove(journal)


def _left_unfinished(path: Path) -> list[Path]:
    return [left for ending in ("", OLD) for left in left_by_the_dead(path, ending)]


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there and can be."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def put_back(path: Path) -> None:
    """Put a folder in its place that a killed process was putting there, the new one or the old one.

    Where names cannot be exchanged in one step, the old one stands aside for a moment; into an empty
    folder that cannot be replaced the files are moved one by one.
    """
    with suppress(OSError, ValueError):
        path = real(path)
        if not path.exists():
            old = next((one for one in left_by_the_dead(path, OLD) if one.is_dir()), None)
            if old is not None:
                old.rename(path)
        elif path.is_dir():
            for ready in left_by_the_dead(path / path.name, READY):
                move_up(ready)


def move_up(ready: Path, order: Callable[[Path], object] = str, moved: list[Path] | None = None) -> None:
    """Move the files of a folder, in an order, into the one it lies in; note in `moved` where they are."""
    for item in sorted(ready.iterdir(), key=order):  # type: ignore[arg-type]
        place = ready.parent / item.name
        if not place.exists():
            item.rename(place)
            if moved is not None:
                moved.append(place)
    remove(ready)


# ------------------------------------------------------------------------------- several results at once


def journals_of(paths: Iterable[Path]) -> list[Path]:
    """Return the names of journals for results, one in each of their folders."""
    return [beside(folder / JOURNAL) for folder in sorted({path.parent for path in paths})]


def write_journal(journal: Path, outputs: Iterable[tuple[Path, list[int] | None]]) -> None:
    """Note which results are about to take their places, each with what is there now, as `found_as` tells."""
    data = {"outputs": [{"path": str(path), "was": was} for path, was in outputs]}
    with journal.open("x", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(data, file)
        file.flush()
        os.fsync(file.fileno())


def _tell_of(journal: Path) -> None:
    """Tell which results a killed process was putting in their places, unless it put all or none."""
    with suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
        if journal.stat().st_size > MOST_JOURNAL_BYTES:
            return
        text = journal.read_text(encoding="utf-8", errors="surrogateescape")
        outputs = [(Path(one["path"]), one["was"]) for one in json.loads(text)["outputs"]]
        # Only what lies here is looked at: a folder that somebody sent may name any path.
        here = {
            was == found_as(journal.with_name(path.name))
            for path, was in outputs
            if path.parent == journal.parent
        }
        if len(here) == 2 or any(path.parent != journal.parent for path, _ in outputs):
            names = ", ".join(_shown(path) for path, _ in outputs)
            tell_of(Issue("outputs-in-part", None, {"paths": names}))


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
