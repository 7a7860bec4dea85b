"""The terminal: texts in the user's language, on any console.

Results go to stdout, everything else to stderr. A console that cannot show a letter gets a question
mark for it, never a crash.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import StringIO
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TextIO

import click

from curriplan.base.errors import CurriplanError, Issue, Severity
from curriplan.base.refusals import reason_of
from curriplan.cli.console.problems import Alike, alike
from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words, short, with_plain_spaces

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table as RichTable

    from curriplan.base.interrupts import Acknowledged
    from curriplan.base.progress import Progress
    from curriplan.plan.diagnosis import Diagnosis
    from curriplan.xlsx.table import Column, Row, Table

WIDTH = 80
"""Columns at most, however wide the terminal is: longer lines are hard to read."""
LEAST_WIDTH = 30
"""Columns below which no table can be drawn."""
WARNINGS_SHOWN = 3
MOST_LETTERS = 1_400
"""Of one issue."""


def width() -> int:
    """Return how many columns to fill: those of ``COLUMNS``, else of the terminal, within bounds."""
    return max(LEAST_WIDTH, min(WIDTH, get_terminal_size((WIDTH, 24)).columns))


def can_show(text: str, stream: TextIO) -> bool:
    """Say whether a stream's encoding has every letter of `text`."""
    try:
        text.encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def printable(text: str) -> str:
    """Return text without the control characters by which a file could steer the terminal.

    A space that keeps the digits of an amount in one line has done so by now.
    """
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}"
        for char in with_plain_spaces(text)
    )


def _write(text: str, stream: TextIO) -> None:
    # Named, because click would take a plain stdout of ASCII for a mistake and write UTF-8 to it.
    try:
        click.echo(printable(text), file=stream)
    except OSError as error:
        _silence(stream)
        # A reader that went away, as `head` does, has seen enough; stderr has nowhere else to complain.
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            raise CurriplanError.of("output-not-writable", path="stdout", reason=reason_of(error)) from error


def _silence(stream: TextIO) -> None:
    """Send a stream that cannot be written to nowhere, with what it still holds."""
    with suppress(OSError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, no path
        os.dup2(nowhere.fileno(), stream.fileno())


@dataclass
class Terminal:
    """Speaks to the user of one command.

    Parameters
    ----------
    chosen : str, optional
        The language of ``--lang`` or ``CURRIPLAN_LANG``.
    quiet : bool
        Say nothing but errors.
    strict : bool
        Take warnings as errors.
    verbose : int
        How much is logged; what is usually cut short is shown whole from 1 on.
    """

    chosen: str | None = None
    quiet: bool = False
    strict: bool = False
    verbose: int = 0
    fallback: str | None = None
    written: tuple[Path, ...] = ()
    """What a command had written when Ctrl-C ended it."""
    _console: Console | None = field(default=None, repr=False)
    """Where something is being drawn at the moment."""

    @property
    def language(self) -> str:
        """The chosen language, else that of the review or the catalog, else English."""
        return self.chosen or self.fallback or "en"

    def hear(self, language: str) -> None:
        """Speak the language of what is read first from now on, where none was chosen.

        That is the catalog, but for a workbook under review: who sent it back reads the answer.
        """
        self.fallback = self.fallback or language

    def work(self, key: str) -> str:
        """Return the name of a work that goes on, none before the language is known."""
        return self.text(key) if self.chosen or self.fallback else ""

    @property
    def words(self) -> Words:
        """The texts of the terminal, and numbers, in that language."""
        return Words(self.language, "cli")

    def text(self, key: str, **values: object) -> str:
        """Return a text in the user's language."""
        return self.words(key, **values)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with spaces between thousands and the language's decimal mark."""
        return self.words.number(value, digits)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Return a share of 1 as percent, a dash where there is none."""
        return self.words.percent(share, digits)

    def say(self, text: str = "") -> None:
        """Write a line of the result to stdout."""
        _write(text, sys.stdout)

    def say_wrapped(self, text: str, indent: int = 0, hanging: int = 0) -> None:
        """Write a sentence to stdout within the width of a terminal; further lines stand `hanging` deeper."""
        for line in wrapped(text, indent, hanging):
            self.say(line)

    def tell(self, text: str) -> None:
        """Write a message to stderr, unless quiet; on a terminal within its width."""
        if not self.quiet:
            _write(_fitting(text, sys.stderr), sys.stderr)

    def note(self, issue: Issue) -> None:
        """Tell something that is neither an error nor a warning."""
        self.tell(f"{self.text('message.note')}: {issue.found(self.language)} {issue.advice(self.language)}")

    def answer(self, said: Acknowledged) -> None:
        """Tell what becomes of Ctrl-C, above what is being drawn."""
        if self.quiet:
            return
        lines = "\n".join(wrapped(self.text(f"interrupt.{said}"), hanging=2))
        if self._console is not None:
            self._console.print(printable(lines))
        else:  # a terminal shows the key where the line ends
            _write(f"\n{lines}" if sys.stderr.isatty() else lines, sys.stderr)

    def error(self, issues: Iterable[Issue]) -> None:
        """Write every issue of an error to stderr, quiet or not: the worst first, many alike as one."""
        for group in alike(issues):
            _write(_fitting(self.line(group), sys.stderr), sys.stderr)

    def diagnosis(self, found: Diagnosis | None) -> None:
        """Write why there is no plan, and what would make one possible, to stderr, quiet or not."""
        if found is None:
            return
        from curriplan.report.diagnosis import diagnosis_lines

        text = "\n".join(["", *diagnosis_lines(found, self.language, width())])
        _write(text if can_show("→", sys.stderr) else text.replace("→", "->"), sys.stderr)

    def warn(self, issues: Sequence[Issue]) -> None:
        """Tell the first warnings, the worst, and how many more there are."""
        groups = alike(issues)
        for group in groups[:WARNINGS_SHOWN]:
            self.tell(self.line(group))
        more = sum(len(group.issues) for group in groups[WARNINGS_SHOWN:])
        if more:
            self.tell(self.text("message.more_warnings", count=more))

    def problems(self, issues: Iterable[Issue]) -> None:
        """Write problems to stdout: the worst first, many alike as one; on a terminal within its width."""
        for group in alike(issues):
            self.say(_fitting(self.line(group), sys.stdout))

    def line(self, found: Issue | Alike) -> str:
        """Return one problem, or several alike, as one line, with the word for its severity."""
        issue = found.first if isinstance(found, Alike) else found
        said = found.text(self.language) if isinstance(found, Alike) else found.line(self.language)
        word = "error" if issue.severity is Severity.ERROR else "warning"
        text = f"{self.text(f'message.{word}')}: {said}"
        if len(text) > MOST_LETTERS:  # a name of a million letters must not bury what to do
            text = f"{text[: MOST_LETTERS // 2]} ... {text[-MOST_LETTERS // 2 :]}"
        return text

    def rows_of(self, table: Table[Row], rows: Iterable[Row]) -> None:
        """Write the columns of a table that stand on a terminal; texts stand left, figures right."""
        columns = [column for column in table.columns if column.console is not None]
        values = [[column.of(row) for column in columns] for row in rows]
        texts = [
            column.style != "share" and any(isinstance(row[place], str) for row in values)
            for place, column in enumerate(columns)
        ]
        headers = [
            self.text(f"column.{one.console}") if one.console else Words(self.language)(one.key)
            for one in columns
        ]
        sides = ["left" if is_text else "right" for is_text in texts]
        drawn = grid(list(zip(headers, sides, strict=True)))
        for row in values:
            add_row(drawn, *map(self._cell, columns, row))
        self.table(drawn)

    def _cell(self, column: Column, value: Any) -> str:
        """Return what a terminal shows of a value: a dash for none, a share as per cent."""
        if value is None:
            return "-"
        if isinstance(value, bool):
            return self.text("word.yes" if value else "word.no")
        if isinstance(value, str):
            return short(value, column.letters)
        return self.percent(value) if column.style == "share" else self.number(value)

    def table(self, table: RichTable) -> None:
        """Write a table to stdout, as wide as the terminal and 80 columns at most."""
        from rich.console import Console

        # Plain text on every console: half of those in colleges show escape codes as they are.
        drawn = StringIO()
        console = Console(file=drawn, width=width(), force_terminal=False, color_system=None)
        console.print(table)
        lines = drawn.getvalue().splitlines()
        _write("\n".join(line.rstrip() for line in lines), sys.stdout)

    @property
    def arrow(self) -> str:
        """An arrow that stdout can show."""
        return self.arrow_on(sys.stdout)

    @staticmethod
    def arrow_on(stream: TextIO) -> str:
        """Return an arrow that a stream can show."""
        return "→" if can_show("→", stream) else "->"

    @contextmanager
    def progress(self, unit: str = "stage") -> Iterator[Callable[[Progress], None] | None]:
        """Draw where the solver is, on a terminal only; `unit` is what it counts: ``stage``, ``budget``.

        Where it counts stages, what they find stands above as soon as it is known.
        """
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console

        from curriplan.base.progress import listening
        from curriplan.cli.console.objectives import Findings

        console = Console(stderr=True, markup=False, highlight=False)
        findings = Findings()
        arrow = self.arrow_on(sys.stderr)  # rich's stand-in says no encoding
        with console.status(self.work("progress.reading"), spinner="line") as status:

            def tell(at: Progress) -> None:
                status.update(self._stage_text(at, unit))
                news = findings.news(at, self.words, arrow) if unit == "stage" else None
                if news is not None:
                    console.print("\n".join(wrapped(printable(news), hanging=2)))

            def show(work: str, done: int, total: int) -> None:
                status.update(self._step_text(work, done, total))

            self._console = console
            try:
                with listening(show):
                    yield tell
            finally:
                self._console = None

    @contextmanager
    def steps(self) -> Iterator[None]:
        """Draw how far reading, checking, building and writing are, on a terminal only."""
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        from curriplan.base.progress import listening
        from curriplan.cli.console.bar import StepBar

        with StepBar(self.work) as bar, listening(bar.show):
            yield

    @contextmanager
    def drawn_line(self) -> Iterator[Callable[[str], None]]:
        """Draw one line that changes, on a terminal only."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _: None
            return
        from rich.console import Console

        console = Console(stderr=True, markup=False, highlight=False)
        with console.status("", spinner="line") as status:
            self._console = console
            try:
                yield lambda text: status.update(printable(text))
            finally:
                self._console = None

    def _step_text(self, work: str, done: int, total: int) -> str:
        """Return what is done besides solving, and how much of it, where that is counted."""
        share = f", {100 * done // total} %" if total > 1 else ""
        return f"{self.work(f'step.{work}')}{share}"

    def _stage_text(self, at: Progress, unit: str) -> str:
        if not (self.chosen or self.fallback):
            return f"{at.stage}/{at.stages}"
        from curriplan.cli.console.objectives import gap_text

        gap = gap_text(self.words, at.gap)
        objective = objective_title(at.objective, self.language)
        stage = self.text(f"progress.{unit}", stage=at.stage, stages=at.stages, objective=objective, gap=gap)
        return f"{stage}, {at.seconds:.0f} s"


def wrapped(text: str, indent: int = 0, hanging: int = 0) -> list[str]:
    """Return the lines of a sentence within the width of a terminal; further ones stand `hanging` deeper."""
    first, further = " " * indent, " " * (indent + hanging)
    return wrap(text, width(), initial_indent=first, subsequent_indent=further, break_on_hyphens=False)


def _fitting(text: str, stream: TextIO) -> str:
    """Return a message within the width of the stream, where that is a terminal; a file keeps its lines."""
    if not stream.isatty():
        return text
    return "\n".join("\n".join(_folded(line)) for line in text.split("\n"))


def _folded(text: str) -> list[str]:
    """Return the lines of a problem; a path is not torn apart, so that it can be copied."""
    folding = {"break_on_hyphens": False, "break_long_words": False, "subsequent_indent": "  "}
    return wrap(text, width(), **folding)  # type: ignore[arg-type]


def grid(columns: Sequence[tuple[str, str]]) -> RichTable:
    """Return an empty table with headers; `columns` are (header, ``left`` or ``right``)."""
    from rich.table import Table as Drawn
    from rich.text import Text

    table = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for header, justify in columns:
        left = justify == "left"
        table.add_column(
            Text(header),
            justify="left" if left else "right",
            no_wrap=not left,
            overflow="ellipsis" if left else "fold",
        )
    return table


def add_row(table: RichTable, *cells: object) -> None:
    """Add a row of plain texts."""
    from rich.text import Text

    table.add_row(*(Text(printable(str(cell))) for cell in cells))
