"""The terminal: what the commands say, in the user's language, on any console.

Results go to stdout, everything else to stderr. A console that cannot show a letter gets a question
mark for it, never a crash.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

import click

from curriplan.errors import CurriplanError, Issue, Severity

if TYPE_CHECKING:
    from rich.table import Table

    from curriplan.gaps import Gap
    from curriplan.model import Catalog
    from curriplan.optimizer import Progress
    from curriplan.pipeline import Verdict
    from curriplan.results import PlanResult

WIDTH = 80
WARNINGS_SHOWN = 3
DIFFERENCES_SHOWN = 20
SHARES = ("no_harm", "closure")


def prepare_streams() -> None:
    """Make stdout and stderr replace the letters that their encoding lacks; a closed one takes all."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    text = files("curriplan").joinpath("texts/cli.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    nested = {
        f"{group}.{name}": entry
        for group, entries in data.items()
        for name, entry in entries.items()
        if isinstance(entry, dict)
    }
    return {**nested, "decimal_mark": data["decimal_mark"]}


def can_show(text: str, stream: TextIO) -> bool:
    """Say whether a stream's encoding has every letter of `text`."""
    try:
        text.encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def printable(text: str) -> str:
    """Return text without the control characters by which a file could steer the terminal."""
    return "".join(
        char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text
    )


def _write(text: str, stream: TextIO) -> None:
    # Named, because click would take a plain stdout of ASCII for a mistake and write UTF-8 to it.
    try:
        click.echo(printable(text), file=stream)
    except OSError as error:
        _silence(stream)
        # A reader that went away, as `head` does, has seen enough; stderr has nowhere else to complain.
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            reason = error.strerror or str(error)
            raise CurriplanError.of("output-not-writable", path="stdout", reason=reason) from error


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
    """

    chosen: str | None = None
    quiet: bool = False
    strict: bool = False
    fallback: str = field(default="en")

    @property
    def language(self) -> str:
        """The chosen language, else the catalog's, else English."""
        return self.chosen or self.fallback

    def text(self, key: str, **values: object) -> str:
        """Return a text in the user's language."""
        return _texts()[key][self.language].format_map(values)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with spaces between thousands and the language's decimal mark."""
        text = f"{round(value, digits) + 0.0:,.{digits}f}"
        return text.replace(",", " ").replace(".", _texts()["decimal_mark"][self.language])

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Return a share of 1 as percent, a dash where there is none."""
        return "-" if share is None else self.number(share * 100, digits)

    def say(self, text: str = "") -> None:
        """Write a line of the result to stdout."""
        _write(text, sys.stdout)

    def tell(self, text: str) -> None:
        """Write a message to stderr, unless quiet."""
        if not self.quiet:
            _write(text, sys.stderr)

    def note(self, issue: Issue) -> None:
        """Tell something that is neither an error nor a warning."""
        self.tell(f"{self.text('message.note')}: {issue.found(self.language)} {issue.advice(self.language)}")

    def error(self, issues: Iterable[Issue]) -> None:
        """Write every issue of an error to stderr, quiet or not."""
        for issue in issues:
            _write(self.line(issue), sys.stderr)

    def warn(self, issues: Sequence[Issue]) -> None:
        """Tell the first warnings, and how many more there are."""
        for issue in issues[:WARNINGS_SHOWN]:
            self.tell(self.line(issue))
        if len(issues) > WARNINGS_SHOWN:
            self.tell(self.text("message.more_warnings", count=len(issues) - WARNINGS_SHOWN))

    def line(self, issue: Issue) -> str:
        """Return an issue as one line, with the word for its severity."""
        word = "error" if issue.severity is Severity.ERROR else "warning"
        return f"{self.text(f'message.{word}')}: {issue.line(self.language)}"

    def table(self, table: Table) -> None:
        """Write a table to stdout, at most 80 columns wide."""
        from rich.console import Console

        # Plain text on every console: half of those in colleges show escape codes as they are.
        drawn = StringIO()
        console = Console(file=drawn, width=WIDTH, force_terminal=False, color_system=None)
        console.print(table)
        lines = drawn.getvalue().splitlines()
        _write("\n".join(line.rstrip() for line in lines), sys.stdout)

    @property
    def arrow(self) -> str:
        """An arrow that stdout can show."""
        return "→" if can_show("→", sys.stdout) else "->"

    @contextmanager
    def progress(self) -> Iterator[Callable[[Progress], None] | None]:
        """Draw where the solver is, on a terminal only."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console

        console = Console(stderr=True, markup=False, highlight=False)
        with console.status(self.text("progress.reading"), spinner="line") as status:
            yield lambda at: status.update(self._stage_text(at))

    def _stage_text(self, at: Progress) -> str:
        gap = "?" if at.gap is None or at.gap > 10 else f"{self.percent(at.gap, 2)} %"
        objective = self.text(f"objective.{at.objective}")
        stage = self.text("progress.stage", stage=at.stage, stages=at.stages, objective=objective, gap=gap)
        return f"{stage}, {at.seconds:.0f} s"


def _grid(columns: Sequence[tuple[str, str]]) -> Table:
    """Return an empty table with headers; `columns` are (header, ``left`` or ``right``)."""
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for header, justify in columns:
        left = justify == "left"
        table.add_column(
            Text(header),
            justify="left" if left else "right",
            no_wrap=not left,
            overflow="ellipsis" if left else "fold",
        )
    return table


def _add(table: Table, *cells: object) -> None:
    from rich.text import Text

    table.add_row(*(Text(printable(str(cell))) for cell in cells))


def show_plan(terminal: Terminal, result: PlanResult, written: Sequence[str]) -> None:
    """Show what a plan came to: status, closure, cost, each stage, each programme, the files."""
    info = result.catalog.info
    gap = terminal.number(result.limits.settings.gap * 100, 3).rstrip("0").rstrip(".,")
    status = terminal.text(f"status.{result.status.value}", gap=gap)
    terminal.say(f"{terminal.text('line.plan', catalog=f'{info.id} {info.version}')}: {status}")
    for name, value in _plan_lines(terminal, result):
        terminal.say(f"  {name + ':':<28}{value}")
    terminal.say()
    terminal.table(_stage_table(terminal, result))
    terminal.say()
    terminal.table(_programme_table(terminal, result))
    terminal.say()
    terminal.say(f"{terminal.text('line.written')}: {', '.join(written)}")


def _plan_lines(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    measures = result.plan.measures
    closure = f"{terminal.percent(result.after.closure_before)} {terminal.arrow} "
    closure += f"{terminal.percent(result.after.objectives['closure'])} %"
    worst = measures["closure_after_worst_programme"]
    if worst is not None:
        value = f"{terminal.percent(measures['closure_after_worst'])} %"
        closure += f"  ({terminal.text('line.worst', programme=worst, value=value)})"
    yield terminal.text("line.closure"), closure
    for name in ("essentials", "occupations"):
        total = terminal.text("line.of", total=measures[name])
        change = f"{measures[f'{name}_met_before']} {terminal.arrow} {measures[f'{name}_met_after']}"
        yield terminal.text(f"line.{name}"), f"{change}, {total}"
    budget = result.limits.budget_kzt
    limit = (
        terminal.text("line.no_budget")
        if budget is None
        else terminal.text("line.of_budget", budget=terminal.number(budget))
    )
    yield terminal.text("line.cost"), f"{terminal.number(result.after.cost_kzt)}, {limit}"
    yield from _last_points_line(terminal, result)


def _last_points_line(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say what the closure that the tolerance gives away would cost, where that is proven."""
    best_cost = result.plan.cost_at_best_closure_kzt
    best = result.plan.stage_value("closure")
    if best_cost is None or best is None or best_cost <= result.after.cost_kzt:
        return
    points = terminal.number(100 * (best - result.after.objectives["closure"]), 2)
    more = terminal.number(best_cost - result.after.cost_kzt)
    yield terminal.text("line.last_points"), terminal.text("line.last_points_cost", points=points, cost=more)


def _stage_table(terminal: Terminal, result: PlanResult) -> Table:
    table = _grid(
        [
            (terminal.text("column.objective"), "left"),
            (terminal.text("column.value"), "right"),
            (terminal.text("column.gap"), "right"),
        ]
    )
    for stage in result.plan.stages:
        name = stage.objective
        digits = 0 if name == "cost" else 1
        value = (
            f"{terminal.percent(stage.value, 2)} %"
            if name in SHARES
            else terminal.number(stage.value, digits)
        )
        gap = "?" if stage.gap is None else f"{terminal.percent(stage.gap, 3)} %"
        _add(table, terminal.text(f"objective.{name}"), value, gap)
    return table


DECISIONS = ("kept", "moved", "added", "dropped")


def _programme_table(terminal: Terminal, result: PlanResult) -> Table:
    names = ["programme", "closure", *DECISIONS]
    table = _grid([(terminal.text(f"column.{n}"), "left" if n == "programme" else "right") for n in names])
    counts = Counter((row.programme, row.decision.value) for row in result.plan.modules)
    for one in result.after.programmes:
        row = result.catalog.programme_by_id[one.programme]
        before, after = terminal.percent(one.closure_before), terminal.percent(one.closure_after)
        decisions = [counts[one.programme, word] for word in DECISIONS]
        label = f"{one.programme} {row.name(terminal.language)}"
        _add(table, _short(label, 64), f"{before} {terminal.arrow} {after}", *decisions)
    return table


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."


def show_gaps(terminal: Terminal, catalog: Catalog, gaps: Sequence[Gap]) -> None:
    """Show the gap table: what is asked, taught today and teachable, and what the open part weighs."""
    totals: dict[str, float] = {}
    for gap in gaps:
        totals[gap.programme] = totals.get(gap.programme, 0.0) + gap.weight
    names = ["programme", "competency", "required", "before", "teachable", "weight"]
    left = ("programme", "competency")
    table = _grid([(terminal.text(f"column.{n}"), "left" if n in left else "right") for n in names])
    for gap in gaps:
        if gap.before < gap.required:
            total = totals[gap.programme]
            label = catalog.competency_by_id[gap.competency].name(terminal.language)
            weight = terminal.percent(gap.open_weight / total if total else 0.0)
            _add(table, gap.programme, _short(label, 34), gap.required, gap.before, gap.teachable, weight)
    terminal.table(table)


def show_verdict(terminal: Terminal, verdict: Verdict) -> None:
    """Show which rules hold, which do not and where, and which recorded values are wrong."""
    verification = verdict.verification
    checks = Counter(check.rule for check in verification.evaluation.checks)
    broken = Counter(check.rule for check in verification.broken)
    names = ["rule", "checked", "result"]
    table = _grid([(terminal.text(f"column.{n}"), "right" if n == "checked" else "left") for n in names])
    for rule in sorted(checks, key=lambda name: int(name[1:])):
        title = f"{_sign(rule)} {terminal.text(f'rule.{rule}')}"
        count = broken[rule]
        result = terminal.text("verdict.no", count=count) if count else terminal.text("verdict.yes")
        _add(table, title, checks[rule], result)
    terminal.table(table)
    for check in verification.broken:
        where = " ".join(word for word in (check.programme, check.subject, check.semester) if word)
        figures = f"{check.actual:g} {check.operator} {check.limit:g} {check.unit}"
        line = f"{_sign(check.rule)} {check.aspect} {where}: {figures} {', '.join(check.details)}"
        terminal.say(line.rstrip())
    _show_differences(terminal, verdict)
    if verdict.choices:
        choices = (f"{name} = {_choice(value)}" for name, value in verdict.choices.items())
        terminal.say(f"{terminal.text('verdict.choices')}: {'; '.join(choices)}")
    terminal.say(terminal.text("verdict.holds" if verdict.holds else "verdict.broken"))


def _choice(value: Any) -> str:
    """Return a setting as text; an objective with the loss that later ones may bring it."""
    from curriplan.settings import ObjectiveChoice

    if isinstance(value, ObjectiveChoice):
        return value.name + (f" (-{value.tolerance:g})" if value.tolerance else "")
    return ", ".join(map(_choice, value)) if isinstance(value, tuple) else str(value)


def _sign(rule: str) -> str:
    """Return a rule's number with a sign that stdout can show."""
    return rule if can_show("§", sys.stdout) else f"rule {rule[1:]}"


def _show_differences(terminal: Terminal, verdict: Verdict) -> None:
    differences = verdict.verification.differences
    for one in differences[:DIFFERENCES_SHOWN]:
        terminal.say(
            terminal.text("verdict.differs", what=one.what, recorded=one.recorded, recomputed=one.recomputed)
        )
    if len(differences) > DIFFERENCES_SHOWN:
        terminal.say(terminal.text("verdict.more", count=len(differences) - DIFFERENCES_SHOWN))
