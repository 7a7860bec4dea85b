"""LibreOffice, started once in each process that runs tests: a start costs more than most conversions."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import openpyxl

from functional.report.workbooks import Values, values
from workbooks.tools import needs

SECONDS_TO_START, SECONDS_TO_ANSWER, SECONDS_A_FILE, SECONDS_ALONE = 60, 10, 15, 240
"""How long LibreOffice may take on a busy machine."""
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def command_of(program: str, folder: Path, *, recalculates: bool) -> list[str]:
    """Return the command of a LibreOffice with a profile of its own in a folder."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    if recalculates:
        settings = profile / "user" / "registrymodifications.xcu"
        settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    return [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]


def converted(
    office_command: list[str], folder: Path, files: Mapping[str, bytes], kind: str, limit_s: float
) -> dict[str, bytes]:
    """Return each workbook as LibreOffice saves it (``xlsx``) or prints it (``pdf``)."""
    source, target = folder / "in", folder / "out"
    source.mkdir()
    paths = {name: source / f"{place:03}.xlsx" for place, name in enumerate(files)}
    for name, data in files.items():
        paths[name].write_bytes(data)
    command = [*office_command, "--convert-to", kind, "--outdir", str(target)]
    subprocess.run([*command, *map(str, paths.values())], check=True, capture_output=True, timeout=limit_s)
    return {name: (target / f"{path.stem}.{kind}").read_bytes() for name, path in paths.items()}


class Office:
    """A running LibreOffice with a profile of its own.

    It keeps cached values unless told to compute all formulas anew. A second start with the same profile
    hands its files to the first, which converts them; an open workbook keeps that one from ending then.
    """

    def __init__(self, program: str, *, recalculates: bool) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="curriplan-office-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self._command = command_of(program, self.folder, recalculates=recalculates)
        kept_open = self.folder / "open.xlsx"
        openpyxl.Workbook().save(kept_open)
        self.process = subprocess.Popen(
            [*self._command, str(kept_open)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_it_converts(kept_open)

    def _wait_until_it_converts(self, kept_open: Path) -> None:
        """Wait until LibreOffice takes files: what comes before is lost, and its sender waits for ever."""
        deadline = time.monotonic() + SECONDS_TO_START
        lock, small = self.folder / f".~lock.{kept_open.name}#", kept_open.read_bytes()
        while self.process.poll() is None and time.monotonic() < deadline:
            if lock.exists():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.converted({"small": small}, "xlsx", SECONDS_TO_ANSWER)
                    return
            time.sleep(0.02)
        self.close()
        raise RuntimeError("LibreOffice does not start")

    def converted(
        self, files: Mapping[str, bytes], kind: str, limit_s: float | None = None
    ) -> dict[str, bytes]:
        """Return each workbook as LibreOffice saves it (``xlsx``) or prints it (``pdf``)."""
        limit_s = limit_s or SECONDS_TO_START / 4 + SECONDS_A_FILE * len(files)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            return converted(self._command, Path(folder), files, kind, limit_s)

    def close(self) -> None:
        """End the program, and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()
        self._temporary.cleanup()


_running = contextlib.ExitStack()
_hung: set[bool] = set()


@cache
def office(*, recalculates: bool) -> Office:
    """Return the LibreOffice of this process, started where it is not running, else skip the test."""
    program = needs("LibreOffice", "soffice", "libreoffice")
    started = Office(program, recalculates=recalculates)
    _running.callback(started.close)
    return started


def close_all() -> None:
    """End what was started: called when the tests of this process are done."""
    _running.close()
    office.cache_clear()


def _converted(files: Mapping[str, bytes], kind: str, *, recalculates: bool = True) -> dict[str, bytes]:
    if recalculates not in _hung:
        try:
            return office(recalculates=recalculates).converted(files, kind)
        except (OSError, RuntimeError, subprocess.SubprocessError):
            _hung.add(recalculates)
            close_all()
    # One that stays open now and then spins for ever, which says nothing of the workbook: one more, alone.
    with tempfile.TemporaryDirectory(prefix="curriplan-office-", ignore_cleanup_errors=True) as folder:
        program = needs("LibreOffice", "soffice", "libreoffice")
        command = command_of(program, Path(folder), recalculates=recalculates)
        return converted(command, Path(folder), files, kind, SECONDS_ALONE)


def recalculated_all(files: Mapping[str, bytes]) -> dict[str, Values]:
    """Return the values of each workbook after LibreOffice computed every formula anew."""
    return {name: values(data) for name, data in _converted(files, "xlsx").items()}


def recalculated(data: bytes) -> Values:
    """Return the values of one workbook after LibreOffice computed every formula anew."""
    return recalculated_all({"book": data})["book"]


def saved_again(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return each workbook as somebody saves it who opens it in LibreOffice, cached values kept."""
    return _converted(files, "xlsx", recalculates=False)


def pdf_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the text of each workbook as LibreOffice prints it."""
    pdftotext = needs("poppler-utils", "pdftotext")
    return {name: _text_of(pdftotext, data) for name, data in _converted(files, "pdf").items()}


def _text_of(pdftotext: str, data: bytes) -> str:
    command = [pdftotext, "-layout", "-", "-"]
    done = subprocess.run(command, input=data, check=True, capture_output=True, timeout=300)
    return done.stdout.decode("utf-8", errors="replace")
