"""Paths as they are typed in a shell, so that a command that is shown can be copied."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

PLAIN = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./:-]*")
PLAIN_ON_WINDOWS = re.compile(r"[A-Za-z0-9_.\\/][A-Za-z0-9_./:\\-]*")


def typed(path: Path | str, *, windows: bool = os.name == "nt") -> str:
    """Return a path as a shell takes it: of Windows, cmd and PowerShell both.

    >>> typed("plan.xlsx"), typed("мой план.xlsx"), typed("C:/a b.xlsx", windows=True)
    ('plan.xlsx', '"мой план.xlsx"', '"C:/a b.xlsx"')
    """
    text = str(path)
    if (PLAIN_ON_WINDOWS if windows else PLAIN).fullmatch(text):
        return text
    if windows or not re.search(r'["$`\\!]', text):
        return f'"{text}"'
    return shlex.quote(text)
