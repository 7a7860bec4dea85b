"""Why a college has no plan: what stands in the result, and what may be tried again."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from curriplan.base.errors import (
    CatalogError,
    CurriplanError,
    InfeasibleError,
    Issue,
    NoPlanError,
    errors_in,
)
from curriplan.base.refusals import reason_of
from curriplan.plan.network import Failed, Failure
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import with_plain_spaces

FAULTS = "faults"
"""The folder of the tracebacks of our own bugs."""
DISK_CODES = frozenset({"output-not-writable", "output-locked"})
UNFOLDED = 10**6
"""Letters of a line: whoever shows the text folds it."""
LASTING = frozenset({Failed.BROKEN, Failed.INFEASIBLE})
"""What follows from the data: it is kept, and not tried again unless they change."""


class StoppedError(Exception):
    """Ctrl-C came: the job has nothing to keep."""


def failure_of(error: Exception, stage: str, college: str, home: Path, out: Path) -> Failure:
    """Return what stands in the result of a job that raised an error.

    Parameters
    ----------
    home : Path
        The folder of the network, from which files are named.
    out : Path
        The folder of the run; a bug leaves its traceback there.
    """
    issues: Iterable[Issue]
    match error:
        case CatalogError():
            kind, issues = Failed.BROKEN, errors_in(error.issues) or error.issues
        case InfeasibleError():
            kind, issues = Failed.INFEASIBLE, error.issues
        case NoPlanError():
            kind, issues = Failed.TIME, error.issues
        case CurriplanError():
            is_disk = any(one.code in DISK_CODES for one in error.issues)
            kind, issues = Failed.DISK if is_disk else Failed.ERROR, error.issues
        case OSError():
            values = {"path": str(error.filename or "-"), "reason": reason_of(error)}
            kind, issues = Failed.DISK, [Issue("output-not-writable", values=values)]
        case MemoryError():
            kind, issues = Failed.ERROR, [Issue("out-of-memory")]
        case _:
            kind, issues = Failed.ERROR, [_fault(error, stage, college, out)]
    data = [issue_data(one, home) for one in issues]
    if getattr(error, "diagnosis", None) is not None:
        data[0]["why"] = _why(error, home)
    return Failure(kind, stage, tuple(data))


def lost(stage: str, tries: int) -> Failure:
    """Return the failure of a college whose job ended its worker, again and again."""
    data = issue_data(Issue("network-worker-lost", values={"count": tries}), Path())
    return Failure(Failed.LOST, stage, (data,))


def issue_data(issue: Issue, home: Path) -> dict[str, Any]:
    """Return an issue as JSON has it; files are named from the folder of the network."""
    where = f"{issue.place}: " if issue.place else ""
    text = _in_each(lambda code: _said(f"{where}{issue.found(code)} {issue.advice(code)}", home))
    return {"code": issue.code, "text": text}


def _why(error: Any, home: Path) -> Mapping[str, str]:
    """Return the first clash and the first repair, by language."""
    from curriplan.report.diagnosis import diagnosis_lines

    first = error.diagnosis.first
    return _in_each(lambda code: _said("\n".join(diagnosis_lines(first, code, UNFOLDED)), home))


def _in_each(said: Callable[[str], str]) -> dict[str, str]:
    """Return a text by language, in the order of the files of results: read back, it is the same."""
    return {code: said(code) for code in sorted(LANGUAGES)}


def _said(text: str, home: Path) -> str:
    """Return a text as it stands in a file that others open: paths begin at the folder of the network."""
    return with_plain_spaces(text.replace(f"{home}{os.sep}", ""))


def _fault(error: Exception, stage: str, college: str, out: Path) -> Issue:
    """Keep the traceback of a bug, and say where."""
    path = Path(FAULTS) / f"{college}-{stage}.txt"
    with suppress(OSError):
        (out / FAULTS).mkdir(exist_ok=True)
        (out / path).write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return Issue("network-fault", values={"what": type(error).__name__, "path": path.as_posix()})
