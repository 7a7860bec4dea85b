"""Files that may come from anywhere: only those that end are opened."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def regular_size(path: Path) -> int:
    """Return the bytes of a file.

    Raises
    ------
    OSError
        If it cannot be looked at, or is a folder, or a device or a pipe that may never end.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        number = errno.EISDIR if stat.S_ISDIR(found.st_mode) else errno.EINVAL
        raise OSError(number, os.strerror(number))
    return found.st_size


def reason_of(error: OSError) -> str:
    """Return the reason of a failed file operation, without the path that the place shows."""
    return error.strerror or type(error).__name__
