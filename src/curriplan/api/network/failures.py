"""Why a college has no plan: what stands in the result, and what may be tried again."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
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
            values = {"path": _from(home, str(error.filename or "-")), "reason": reason_of(error)}
            kind, issues = Failed.DISK, [Issue("output-not-writable", values=values)]
        case MemoryError():
            kind, issues = Failed.ERROR, [Issue("out-of-memory")]
        case _:
            kind, issues = Failed.ERROR, [_fault(error, stage, college, out)]
    data = [issue_data(one, home) for one in issues]
    if getattr(error, "diagnosis", None) is not None:
        data[0]["why"] = _why(error)
    return Failure(kind, stage, tuple(data))


def lost(stage: str, tries: int) -> Failure:
    """Return the failure of a college whose job ended its worker, again and again."""
    data = issue_data(Issue("network-worker-lost", values={"count": tries}), Path())
    return Failure(Failed.LOST, stage, (data,))


def issue_data(issue: Issue, home: Path) -> dict[str, Any]:
    """Return an issue as JSON has it; files are named from the folder of the network."""
    place = issue.place and replace(issue.place, file=_from(home, issue.place.file))
    where = f"{place}: " if place else ""
    text = {code: with_plain_spaces(f"{where}{issue.found(code)} {issue.advice(code)}") for code in LANGUAGES}
    return {"code": issue.code, "text": text}


def _why(error: Any) -> Mapping[str, str]:
    """Return the first clash and the first repair, by language."""
    from curriplan.report.diagnosis import diagnosis_lines

    first = error.diagnosis.first
    return {code: with_plain_spaces("\n".join(diagnosis_lines(first, code))) for code in LANGUAGES}


def _from(home: Path, name: str) -> str:
    path = Path(name)
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else name


def _fault(error: Exception, stage: str, college: str, out: Path) -> Issue:
    """Keep the traceback of a bug, and say where."""
    path = Path(FAULTS) / f"{college}-{stage}.txt"
    with suppress(OSError):
        (out / FAULTS).mkdir(exist_ok=True)
        (out / path).write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return Issue("network-fault", values={"what": type(error).__name__, "path": path.as_posix()})
