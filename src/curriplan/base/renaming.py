"""How a system moves one file or folder, and what it can do in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

RENAME_NOREPLACE = 1
RENAME_EXCHANGE = 2
AT_FDCWD = -100


def sync(path: Path) -> None:
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


def keep_aside(path: Path, old: Path) -> None:
    """Keep an old file under another name until all new ones are in place."""
    try:
        os.link(path, old)
    except OSError:  # a file system without links
        shutil.copy2(path, old)


def put_where_nothing_is(new: Path, path: Path) -> None:
    """Give a new file its name unless another one has it."""
    if os.name == "nt":
        new.rename(path)  # which Windows refuses where a file is in the way
        return
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if rename(new, path, RENAME_NOREPLACE):
            return
        path.open("xb").close()
        os.replace(new, path)  # noqa: PTH105
    else:
        new.unlink()


def rename(new: Path, path: Path, how: int) -> bool:
    """Rename as Linux can, and say whether this system could."""
    try:
        renameat2: Any = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(renameat2(AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(path), how) == 0)
