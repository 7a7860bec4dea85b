"""What came of importing a working curriculum: rows by kind, wrong sums, rows that were not understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from curriplan.base.errors import Issue, Severity
from curriplan.cli.console.terminal import Terminal, add_row, grid

if TYPE_CHECKING:
    from curriplan.importing.rup.outputs import RupOutputs
    from curriplan.importing.rup.reading import RupReading
    from curriplan.importing.rup.several import RupReadings

SHOWN = 12
"""Issues of one sort that are shown on the terminal; the report has all."""


def show_readings(terminal: Terminal, found: RupReadings, outputs: RupOutputs) -> None:
    """Show what was read of each file and what is in doubt, then what was written and what to do next.

    Errors are not shown here: the command ends with them.
    """
    read = [(noted, one) for noted, one in zip(outputs.noted, found.readings, strict=True) if one is not None]
    for place, (_, reading) in enumerate(read if not terminal.quiet else ()):
        if place:
            terminal.say()
        _show_rows(terminal, reading)
        _show_issues(terminal, "rup.sums_wrong", reading.sums)
        _show_issues(terminal, "rup.doubts", reading.doubts)
    for issue in found.issues:
        if issue.severity is Severity.WARNING:
            terminal.tell(terminal.line(issue))
    if found.catalog is not None:
        written = [outputs.dest, *([outputs.report] if outputs.report else [])]
        terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, written))}")
        for noted, _ in read:
            terminal.tell(terminal.text("rup.mapping", path=noted))
        if not terminal.quiet:
            terminal.say()
            terminal.say_wrapped(terminal.text("rup.next", dest=outputs.dest))
    for noted, reading in read:
        if reading.errors:
            terminal.tell(terminal.text("rup.errors", count=len(reading.errors), mapping=noted))


def _show_rows(terminal: Terminal, reading: RupReading) -> None:
    values = {"file": reading.mapping.file, "sheet": reading.sheet, "rows": len(reading.rows)}
    terminal.say_wrapped(terminal.text("rup.read", **values))
    if reading.other_sheets:
        terminal.say_wrapped(terminal.text("rup.other_sheets", sheets=", ".join(reading.other_sheets)))
    terminal.say()
    table = grid([(terminal.text("rup_column.kind"), "left"), (terminal.text("rup_column.count"), "right")])
    for kind, count in reading.counts.items():
        add_row(table, terminal.text(f"rup_kind.{kind}"), count)
    terminal.table(table)
    terminal.say()
    values = {
        key: str(reading.mapping.programme.get(key, "?")) for key in ("id", "title", "start", "learners")
    }
    terminal.say_wrapped(terminal.text("rup.programme", **values))
    counted, hours = (_amount(terminal, value) for value in reading.totals)
    terminal.say_wrapped(terminal.text("rup.sums", credits=counted, hours=hours, terms=reading.terms))
    if not reading.sums:
        terminal.say_wrapped(terminal.text("rup.sums_right"))


def _amount(terminal: Terminal, value: float) -> str:
    return terminal.number(value, 0 if value == int(value) else 1)


def _show_issues(terminal: Terminal, title: str, issues: Sequence[Issue]) -> None:
    if not issues:
        return
    terminal.say()
    terminal.say_wrapped(terminal.text(title, count=len(issues)))
    for issue in issues[:SHOWN]:
        place = issue.place
        cell = f"{place.column or ''}{place.row or ''}" if place is not None else ""
        terminal.say_wrapped(f"{cell} {issue.found(terminal.language)}".strip(), 2, 2)
    if len(issues) > SHOWN:
        terminal.say_wrapped(terminal.text("rup.more", count=len(issues) - SHOWN), 2)
