"""Issues and errors: a code, a place, what was found and what to do, in three languages.

The texts live in ``texts/issues.toml``, one table per code, so that a translator needs no Python.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import IntEnum, StrEnum
from functools import cache
from pathlib import PurePath
from typing import Any

from curriplan.texts.naming import with_column, with_table, with_titles, with_word
from curriplan.texts.words import Phrase, Words, read_texts


class Severity(StrEnum):
    """An error stops the work; a warning does not, unless ``--strict``."""

    ERROR = "error"
    WARNING = "warning"


class ExitCode(IntEnum):
    """What the command line returns to the shell."""

    DONE = 0
    BUG = 1
    USAGE = 2
    FILE = 3
    INFEASIBLE = 4
    NO_PLAN = 5
    BROKEN_RULE = 6
    SOLVER = 7


@dataclass(frozen=True)
class Place:
    """A file, a sheet, a row (1 is the header) and a column (header text or letter)."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        cell = f"{self.column or ''}{self.row or ''}"
        if self.sheet is not None:
            return f"{self.file} [{self.sheet}]" + (f" {cell}" if cell else "")
        row = f":{self.row}" if self.row else ""
        return f"{self.file}{row}" + (f" ({self.column})" if self.column else "")

    def sort_key(self) -> tuple[str, str, int, str]:
        """Sort by file, sheet, row, column; the letters of a sheet as they stand there, AA after Z."""
        column = self.column or ""
        return (self.file, self.sheet or "", self.row or 0, column.rjust(3) if self.sheet else column)


@dataclass(frozen=True)
class IssueText:
    """The texts of a code: severity, title, what was found and what to do, by language."""

    code: str
    severity: Severity
    found: Mapping[str, str]
    advice: Mapping[str, str]


@cache
def issue_texts() -> Mapping[str, IssueText]:
    """Read the texts of all codes."""
    return {
        code: IssueText(code, Severity(entry["severity"]), entry["found"], entry["advice"])
        for code, entry in read_texts("issues").items()
    }


@dataclass(frozen=True)
class Issue:
    """One problem: its code, its place, and the values that fill its texts."""

    code: str
    place: Place | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in issue_texts():
            raise KeyError(f"no text for the issue code {self.code!r}")

    @property
    def severity(self) -> Severity:
        """Error or warning."""
        return issue_texts()[self.code].severity

    def found(self, language: str = "en") -> str:
        """Say what was found."""
        return self._said("found", language)

    def advice(self, language: str = "en") -> str:
        """Say what to do."""
        return self._said("advice", language)

    def _said(self, part: str, language: str) -> str:
        """Return a text, without the hint at the nearest name where there is none like it."""
        key, words, values = f"{self.code}.{part}", Words(language, "issues"), self.values
        template = words.template(key)
        if values.get("nearest") == NONE_NEAR and (hint := HINT.search(template)):
            template = HINT.sub("" if hint[0].startswith(" (") else ".", template, count=1)
        if not self.code.startswith(OTHER_FILES):
            template = with_titles(template, language)
            template = with_table(template, str(values.get("table")), language)
            template = with_column(template, str(values.get("column")), self._sheet, language)
        return words.filled(template, **{name: with_word(one, language) for name, one in values.items()})

    @property
    def _sheet(self) -> str:
        """The sheet of the place, or the table of its file."""
        place = self.place or Place("")
        return place.sheet or PurePath(place.file).stem

    def line(self, language: str = "en") -> str:
        """Return place, code, what was found and what to do, for a terminal."""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.code}: {self.found(language)} {self.advice(language)}"

    def sort_key(self) -> tuple[tuple[str, str, int, str], str, _Found]:
        """Sort by place, then code, then text."""
        place = self.place.sort_key() if self.place else ("", "", 0, "")
        return (place, self.code, _Found(self))


@dataclass(frozen=True)
class _Found:
    """What was found, put into words only where two issues of one code share a place."""

    issue: Issue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Found) and self.issue.found() == other.issue.found()

    def __lt__(self, other: _Found) -> bool:
        return self.issue.found() < other.issue.found()

    def __hash__(self) -> int:
        return hash(self.issue.found())


def errors_in(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return the issues that stop the work."""
    return tuple(issue for issue in issues if issue.severity is Severity.ERROR)


OTHER_FILES = ("rup-", "import-", "network-")
"""Begin the codes whose texts name keys of a mapping file, of a network, or of files that are imported."""
NONE_NEAR = "-"
"""Stands for the nearest of names of which none is near."""
HINT = re.compile(r" \([^()]*\{nearest\}\)|[;,] [^;,.]*\{nearest\}\.")
"""What a text says of it: in brackets, or a last part of a sentence."""
MOST_COMPARED = 100
"""A longer word is no slip of the pen, and to compare it takes long."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, to suggest it in an issue, or a dash.

    >>> nearest("module_outcome", ["modules", "module_outcomes"])
    'module_outcomes'
    """
    if len(word) > MOST_COMPARED:
        return NONE_NEAR
    folded = {name.casefold(): name for name in known}
    matches = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[matches[0]] if matches else NONE_NEAR


class CurriplanError(Exception):
    """Anything that a user can mend: one or more issues, and the exit code that they mean.

    Attributes
    ----------
    diagnosis : curriplan.plan.diagnosis.Diagnosis or None
        Where there is no plan: which demands clash and what would help, if that was found out.
    more : str
        What is said after the issues: of a diagnosis the first clash and the first repair.
    """

    exit_code: ExitCode = ExitCode.FILE

    def __init__(
        self,
        issues: Iterable[Issue],
        exit_code: ExitCode | None = None,
        diagnosis: Any = None,
        more: str = "",
    ) -> None:
        self.issues = tuple(sorted(issues, key=Issue.sort_key))
        self.diagnosis = diagnosis
        self.more = more
        if exit_code is not None:
            self.exit_code = exit_code
        super().__init__("\n".join([*(issue.line() for issue in self.issues), *([more] if more else [])]))

    def __reduce__(self) -> tuple[type[CurriplanError], tuple[tuple[Issue, ...], ExitCode, Any, str]]:
        """Pickle what it was made of: a worker hands it to the process that asked."""
        return type(self), (self.issues, self.exit_code, self.diagnosis, self.more)

    @classmethod
    def of(
        cls, code: str, place: Place | None = None, exit_code: ExitCode | None = None, **values: object
    ) -> CurriplanError:
        """Build an error of one issue."""
        return cls([Issue(code, place, values)], exit_code)


class CatalogError(CurriplanError):
    """A catalog that cannot be read, or has errors."""


class UsageError(CurriplanError):
    """A wrong option value: an unknown programme, objective, solver, language."""

    exit_code = ExitCode.USAGE

    @classmethod
    def unknown(cls, kind: str, name: str, known: Collection[str]) -> UsageError:
        """Build the error of a name that there is none of, with the nearest that there is.

        Parameters
        ----------
        kind : str
            ``argument``, ``setting`` or ``table``.
        """
        alike = nearest(name, known)
        hint: object = "" if alike == NONE_NEAR else Phrase("named.nearest", {"name": alike})
        values = {"kind": Phrase(f"named.{kind}"), "name": name, "hint": hint, "known": ", ".join(known)}
        return cls([Issue("unknown-name", values=values)])


class InfeasibleError(CurriplanError):
    """No plan can satisfy the rules: two solvers say so."""

    exit_code = ExitCode.INFEASIBLE


class NoPlanError(CurriplanError):
    """Stopped before any plan was found."""

    exit_code = ExitCode.NO_PLAN


class SolverError(CurriplanError):
    """The solver failed, or its plan did not pass the evaluation."""

    exit_code = ExitCode.SOLVER
