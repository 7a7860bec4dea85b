"""Small files beside the workbook of a catalog that plan it on a double click, without a terminal.

They hold no path of the machine that made them: they look for the program in the folder where they stand,
in the one where the guide installs it, and among the known commands; never for one of their own name.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from curriplan.base.errors import CurriplanError, Issue, UsageError
from curriplan.base.files import check_outputs, kind_of
from curriplan.base.replacing import replacing
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words

ENDINGS = (".cmd", ".command", ".sh")
"""For Windows, macOS and Linux."""
WINDOWS = r"""@echo off
chcp 65001 >nul
setlocal DisableDelayedExpansion
set "PYTHONUTF8=1"
set "CURRIPLAN_LANG={language}"
set "BOOK=%~1"
if not defined BOOK set "BOOK=%~dp0{book}"
set "PROGRAM="
if exist "%~dp0.venv\Scripts\curriplan.exe" set "PROGRAM=%~dp0.venv\Scripts\curriplan.exe"
set "USUAL=%USERPROFILE%\Documents\curriplan\.venv\Scripts\curriplan.exe"
if not defined PROGRAM if exist "%USUAL%" set "PROGRAM=%USUAL%"
set "FIND=where $PATH:curriplan.exe"
if not defined PROGRAM for /f "delims=" %%P in ('%FIND% 2^>nul') do if not defined PROGRAM set "PROGRAM=%%P"
if defined PROGRAM ("%PROGRAM%" run "%BOOK%") else (echo {missing})
echo.
pause
"""
OTHERS = """#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
book=${{1:-"$here"/{book}}}
export CURRIPLAN_LANG={language}
program=
usual=$HOME/Documents/curriplan/.venv/bin/curriplan
for found in "$here/.venv/bin/curriplan" "$usual" "$(command -v curriplan)"
do
    if [ -z "$program" ] && [ -x "$found" ]; then program=$found; fi
done
if [ -n "$program" ]; then "$program" run "$book"; else printf '%s\\n' {missing}; fi
if [ -t 0 ]; then printf '\\n%s ' {enter}; read -r _; fi
"""


def launcher_paths(book: Path) -> tuple[Path, ...]:
    """Return where the launchers of a workbook stand.

    Raises
    ------
    UsageError
        For a name that a launcher could not hold as a name: it would be read as something else.
    """
    if '"' in book.name or not book.name.isprintable():
        raise UsageError.of("launcher-name", path=str(book))
    return tuple(book.with_name(f"{book.stem}-start{ending}") for ending in ENDINGS)


def is_workbook(path: Path) -> bool:
    """Say whether a workbook is there that launchers may stand beside."""
    return kind_of(path) == ".xlsx" and path.is_file()


def check_launchers(book: Path, *, force: bool) -> None:
    """Refuse launchers that cannot be written. Those of the same workbook, in any language, may be replaced.

    Raises
    ------
    CurriplanError
        For a file of that name which is none, or a launcher that was changed.
    """
    paths = launcher_paths(book)
    others = [path for path in paths if not (force or not path.exists() or _is_of(book, path))]
    if others and book.exists():  # then `--force` would replace the workbook as well
        raise CurriplanError([Issue("launcher-exists", values={"path": str(path)}) for path in others])
    check_outputs(paths, ENDINGS, force=force or not others)


def _is_of(book: Path, path: Path) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return any(content == launcher(book.name, path.suffix, language) for language in LANGUAGES)


def write_launchers(book: Path, language: str) -> tuple[Path, ...]:
    """Write the launchers of a workbook beside it, and return their paths.

    Parameters
    ----------
    language : str
        ``kk``, ``ru`` or ``en``: what they, and the program that they start, speak.

    Raises
    ------
    CurriplanError
        If one of them cannot be written.
    """
    paths = launcher_paths(book)
    with replacing(*paths) as new_files:
        for new, path in zip(new_files, paths, strict=True):
            new.write_bytes(launcher(book.name, path.suffix, language))
            new.chmod(0o755)
    return paths


def launcher(book: str, ending: str, language: str) -> bytes:
    """Return the launcher of a workbook for one of `ENDINGS`; `book` is its bare name."""
    words = Words(language, "cli")
    missing, enter = words("launcher.missing"), words("launcher.enter")
    if ending == ".cmd":
        # In a batch file a per cent sign is written twice, and these signs have a caret before them.
        said = "".join(f"^{sign}" if sign in "^&|<>()" else sign for sign in missing).replace("%", "%%")
        text = WINDOWS.format(language=language, book=book.replace("%", "%%"), missing=said)
        return text.replace("\n", "\r\n").encode()
    quoted = {"book": shlex.quote(book), "missing": shlex.quote(missing), "enter": shlex.quote(enter)}
    return OTHERS.format(language=language, **quoted).encode()
