"""LibreOffice, started once in each process that runs tests: a start costs more than most conversions.

It runs the macro of ``serve.bas``, which opens a workbook once for all that is asked of it.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_rowcol_to_cell

from functional.report.workbooks import Values, formulas, values
from workbooks.package import Box
from workbooks.tools import needs

SECONDS_TO_START, SECONDS_A_FILE, SECONDS_ALONE = 60, 15, 240
"""How long LibreOffice may take on a busy machine."""
# Without this the first start lays an empty library of macros over what stands there.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Office">
<prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE {0}:{1} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">
"""
LIBRARY = 'xmlns:library="http://openoffice.org/2000/library"'
LIBRARIES = f"""<library:libraries {LIBRARY}>
<library:library library:name="Standard" library:link="false"/>
</library:libraries>"""
STANDARD = f"""<library:library {LIBRARY} library:name="Standard" library:readonly="false">
<library:element library:name="Serve"/>
</library:library>"""
MODULE = """<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Serve"
 script:language="StarBasic">{}</script:module>"""
PRINT_TITLES = re.compile(rb'<definedName name="_xlnm[.]Print_Titles"[^>]*>[^<]*</definedName>')
FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
    "pdf": "calc_pdf_Export",
    "paper": "calc_pdf_Export",
}

COMPUTED = "computed"
"""A kind of file: what formulas come to, and nothing else."""

Step = Sequence[object]
"""A word of ``serve.bas`` and what it needs."""


def _write_profile(profile: Path) -> None:
    """Write settings and macro of a LibreOffice that was never started."""
    standard = profile / "user" / "basic" / "Standard"
    standard.mkdir(parents=True)
    macro = Path(__file__).with_name("serve.bas").read_text(encoding="utf-8")
    for path, text in (
        (profile / "user" / "registrymodifications.xcu", SETTINGS),
        (standard.parent / "script.xlc", HEAD.format("library", "libraries") + LIBRARIES),
        (standard / "script.xlb", HEAD.format("library", "library") + STANDARD),
        (standard / "Serve.xba", HEAD.format("script", "module") + MODULE.format(escape(macro))),
    ):
        path.write_text(text, encoding="utf-8")


class Office:
    """A running LibreOffice with a profile of its own."""

    def __init__(self, program: str) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="curriplan-office-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        _write_profile(self.folder / "profile")
        self._jobs = self.folder / "jobs"
        self._jobs.mkdir()
        self._numbers = count()
        macro = f'macro:///Standard.Serve.Main("{self._jobs}{os.sep}")'
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        self.process = subprocess.Popen(
            [program, profile, "--headless", "--norestore", macro],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self.run([], SECONDS_TO_START)
        except RuntimeError:
            self.close()
            raise

    def run(self, steps: Sequence[Step], limit_s: float) -> None:
        """Have steps done, and wait for it.

        Raises
        ------
        RuntimeError
            If a step fails, or LibreOffice ends or takes too long.
        """
        job = self._jobs / f"{next(self._numbers)}.job"
        new, done = job.with_suffix(".written"), job.with_suffix(".done")
        lines = ["\t".join(map(str, step)) for step in steps] or ["recalculate\t0"]
        new.write_text("\n".join(lines), encoding="utf-8")
        new.rename(job)
        deadline = time.monotonic() + limit_s
        while not done.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("LibreOffice does not answer")
            time.sleep(0.01)
        if (told := done.read_text(encoding="utf-8")) != "done":
            raise RuntimeError(f"LibreOffice says: {told}")

    @contextlib.contextmanager
    def new_folder(self) -> Iterator[Path]:
        """Make a folder for the files of a job."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield Path(folder)

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


@cache
def office() -> Office:
    """Return the LibreOffice of this process, started where it is not running, else skip the test."""
    started = Office(needs("LibreOffice", "soffice", "libreoffice"))
    _running.callback(started.close)
    return started


def close_all() -> None:
    """End what was started: called when the tests of this process are done."""
    _running.close()
    office.cache_clear()


Saved = dict[str, dict[str, bytes]]
"""By name and kind: each workbook as LibreOffice saves it (``xlsx``) or prints it, each sheet on one
long page (``pdf``) or on the pages of its set-up (``paper``)."""


def _saved(files: Mapping[str, bytes], *kinds: str, recalculates: bool = True) -> Saved:
    """Open each workbook once, and save it in each kind."""
    try:
        return _saved_once(files, kinds, SECONDS_A_FILE * (1 + len(files)), recalculates)
    except (OSError, RuntimeError):
        # One that stays open now and then spins for ever, which says nothing of the workbook: a new one.
        close_all()
        return _saved_once(files, kinds, SECONDS_ALONE, recalculates)


def _saved_once(
    files: Mapping[str, bytes], kinds: Sequence[str], limit_s: float, recalculates: bool
) -> Saved:
    running = office()
    with running.new_folder() as folder:
        paths = {name: folder / f"{place:03}.xlsx" for place, name in enumerate(files)}
        steps: list[Step] = [("recalculate", 0 if recalculates else 1)]
        for name, data in files.items():
            paths[name].write_bytes(data)
            steps.append(("open", paths[name].as_uri()))
            for kind in kinds:  # what is printed comes last: its pages are not those of the workbook
                steps += [("lengthen",)] if kind == "pdf" else []
                place = _as(paths[name], kind)
                store = ("computed", place) if kind == COMPUTED else ("store", FILTERS[kind], place.as_uri())
                steps.append(store)
            steps.append(("close",))
        running.run(steps, limit_s)
        return {name: {kind: _as(path, kind).read_bytes() for kind in kinds} for name, path in paths.items()}


def _as(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.stem} saved.{kind}")


def recalculated_all(files: Mapping[str, bytes]) -> dict[str, Values]:
    """Return the values of each workbook after LibreOffice computed every formula anew."""
    untitled = {name: _without_print_titles(data) for name, data in files.items()}
    found = _saved(untitled, COMPUTED)
    return {name: _with_computed(data, found[name][COMPUTED]) for name, data in files.items()}


def _with_computed(data: bytes, computed: bytes) -> Values:
    """Return the values of a workbook whose formulas come to what a file says."""
    found = values(data)
    found |= dict.fromkeys(formulas(data))  # each at its place, whatever it had
    for line in computed.decode().removesuffix("\n").split("\n"):
        if line:
            sheet, row, column, kind, text = line.split("\t")
            value = {"n": float, "s": _text, "e": "Err:{}".format}[kind](text)
            found[sheet, xl_rowcol_to_cell(int(row), int(column))] = value
    return {place: value for place, value in found.items() if value is not None}


def _text(text: str) -> str:
    return text.replace("\x1e", "\n")


def _without_print_titles(data: bytes) -> bytes:
    """Return a workbook without the rows that are printed on each page.

    No value depends on them, and LibreOffice takes half of the time of opening over them: for each it
    works out the pages of all sheets.
    """
    book = "xl/workbook.xml"
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            copy.writestr(name, PRINT_TITLES.sub(b"", part) if name == book else part)
    return out.getvalue()


def recalculated(data: bytes) -> Values:
    """Return the values of one workbook after LibreOffice computed every formula anew."""
    return recalculated_all({"book": data})["book"]


def saved_again(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return each workbook as somebody saves it who opens it in LibreOffice, cached values kept."""
    return {name: saved["xlsx"] for name, saved in _saved(files, "xlsx", recalculates=False).items()}


def saved_as(data: bytes, *kinds: str) -> dict[str, bytes]:
    """Return a workbook as LibreOffice saves it in each of some kinds, with the values that it computes."""
    return _saved({"book": data}, *kinds)["book"]


def pdf_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the text of each workbook as LibreOffice prints it, each sheet on one long page."""
    return {name: _text_of(saved["pdf"]) for name, saved in _saved(files, "pdf").items()}


def recalculated_and_printed(files: Mapping[str, bytes]) -> dict[str, tuple[Values, str]]:
    """Return the values of each workbook, computed anew, and the text of what is printed of it."""
    saved = _saved(files, COMPUTED, "pdf")
    computed = {name: _with_computed(data, saved[name][COMPUTED]) for name, data in files.items()}
    return {name: (computed[name], _text_of(one["pdf"])) for name, one in saved.items()}


def pages(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the text of each page that LibreOffice prints of each workbook, its cached values kept."""
    saved = _saved(files, "paper", recalculates=False)
    return {name: _text_of(one["paper"]).split("\f")[:-1] for name, one in saved.items()}


def _text_of(data: bytes) -> str:
    command = [needs("poppler-utils", "pdftotext"), "-raw", "-", "-"]
    done = subprocess.run(command, input=data, check=True, capture_output=True, timeout=300)
    return done.stdout.decode("utf-8", errors="replace")


def sorted_by(data: bytes, cells: Sequence[tuple[str, Box, int]]) -> Values:
    """Return the values of a workbook in which rows of some cells are sorted by one of their columns."""
    running = office()
    with running.new_folder() as folder:
        path, saved = folder / "book.xlsx", folder / "sorted.xlsx"
        path.write_bytes(_without_print_titles(data))
        steps: list[Step] = [("recalculate", 0), ("open", path.as_uri())]
        steps += [("sort", sheet, *box, column) for sheet, box, column in cells]
        running.run([*steps, ("store", FILTERS["xlsx"], saved.as_uri()), ("close",)], SECONDS_ALONE)
        return values(saved.read_bytes())


Place = tuple[str, int, int]
"""Sheet, row and column, from 0."""


def shown_after(
    data: bytes, changes: Sequence[Sequence[tuple[Place, float | str]]], watched: Sequence[Place]
) -> list[dict[Place, str]]:
    """Return what cells show after each change of other cells, the changes before it undone.

    LibreOffice computes the open workbook anew, as it does for somebody who types the new values.
    """
    running = office()
    with running.new_folder() as folder:
        path = folder / "book.xlsx"
        path.write_bytes(_without_print_titles(data))
        steps: list[Step] = [("recalculate", 0), ("open", path.as_uri()), ("unlock",)]
        cells = [part for place in watched for part in place]
        for number, change in enumerate(changes):
            for place, new in change:
                steps.append(("set", *place, "s" if isinstance(new, str) else "n", new))
            steps += [("shown", folder / f"{number}.txt", *cells), ("undo",)]
        running.run([*steps, ("close",)], SECONDS_ALONE)
        texts = [(folder / f"{number}.txt").read_text(encoding="utf-8") for number in range(len(changes))]
    return [dict(zip(watched, text.split("\n"), strict=False)) for text in texts]
