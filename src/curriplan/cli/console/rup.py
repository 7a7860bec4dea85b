"""What came of importing a working curriculum: rows by kind, wrong sums, rows that were not understood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from curriplan.base.errors import Issue, Severity
from curriplan.base.shell import typed
from curriplan.cli.console.terminal import Terminal, add_row, grid
from curriplan.texts.titles import table_title
from curriplan.texts.words import Phrase

if TYPE_CHECKING:
    from curriplan.importing.rup.outputs import RupOutputs
    from curriplan.importing.rup.reading import RupReading
    from curriplan.importing.rup.several import RupReadings

SHOWN = 12
"""Issues of one sort that are shown on the terminal; the report has all."""

ADDED = {
    "tables": ("competencies", "occupations", "occupation_requirements", "module_outcomes", "targets"),
    "others": ("resources", "funding_sources"),
}
"""What a curriculum does not say and a catalog needs, always or at times."""


def show_readings(terminal: Terminal, found: RupReadings, outputs: RupOutputs) -> None:
    """Show what was read of each file and what is in doubt, then what was written and what to do next.

    Errors are not shown here: the command ends with them.
    """
    noted = [one for one, reading in zip(outputs.noted, found.readings, strict=True) if reading is not None]
    read = [reading for reading in found.readings if reading is not None]
    if not terminal.quiet:
        _show_readings(terminal, read)
    for issue in found.issues:
        if issue.severity is Severity.WARNING:
            terminal.tell(terminal.line(issue))
    if found.catalog is not None:
        _show_written(terminal, outputs, noted)
    for path, reading in zip(noted, read, strict=True):
        if reading.errors:
            terminal.tell(terminal.text("rup.errors", count=len(reading.errors), mapping=path))
    if outputs.questions is not None:
        _show_questions(terminal, read, outputs.questions)
        if found.catalog is not None and any(any(_can_be_answered(one)) for one in read):
            terminal.tell(terminal.text("rup.written_already", dest=outputs.dest))
    elif found.errors and any(any(_can_be_answered(one)) for one in read):
        terminal.tell(terminal.text("rup.ask_in_excel"))


def _show_readings(terminal: Terminal, read: Sequence[RupReading]) -> None:
    for place, reading in enumerate(read):
        if place:
            terminal.say()
        _show_rows(terminal, reading)
        if reading.catalog is not None:
            _show_sums(terminal, reading)
        _show_issues(terminal, "rup.doubts", reading.doubts, reading.mapping.courses)


def _show_written(terminal: Terminal, outputs: RupOutputs, noted: Sequence[Path]) -> None:
    written = [outputs.dest, *([outputs.report] if outputs.report else [])]
    terminal.tell(f"{terminal.text('line.written')}: {', '.join(map(str, written))}")
    for path in noted:
        terminal.tell(terminal.text("rup.mapping", path=path, typed=typed(path)))
    if not terminal.quiet:
        terminal.say()
        names = {key: _named(tables, outputs, terminal.language) for key, tables in ADDED.items()}
        terminal.say_wrapped(terminal.text("rup.next", dest=typed(outputs.dest), **names))


def _named(tables: Sequence[str], outputs: RupOutputs, language: str) -> str:
    """Name tables as the sheets of the workbook that was written, or as the files of the folder."""
    in_words = outputs.dest.suffix.casefold() == ".xlsx"
    return ", ".join(table_title(name, language) if in_words else name for name in tables)


def _show_questions(terminal: Terminal, read: Sequence[RupReading], path: Path) -> None:
    asked = [one for reading in read for one in _can_be_answered(reading)]
    count, nowhere = asked.count(True), asked.count(False)
    if count or not nowhere:
        key = "rup.questions" if count else "rup.no_questions"
        terminal.tell(terminal.text(key, count=count, path=path, typed=typed(path)))
    if nowhere:
        terminal.tell(terminal.text("rup.nowhere", count=nowhere, path=path))


def _can_be_answered(reading: RupReading) -> list[bool]:
    """Return for each question of a file whether an answer settles it."""
    from curriplan.importing.rup.questions import questions_of

    return [bool(one.key) for one in questions_of(reading)]


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
    said = reading.mapping.programme
    known = ("id", "title", "specialty", "qualification", "start", "learners")
    base = said.get("entry_base", "?")
    shown = base if base == "?" else Phrase(f"entry_base.{base}", subject="report")
    terminal.say_wrapped(
        terminal.text("rup.programme", **{key: str(said.get(key, "?")) for key in known}, base=shown)
    )


def _show_sums(terminal: Terminal, reading: RupReading) -> None:
    """Show what was taken in all, and what does not add up: only of what is no longer in doubt."""
    counted, hours = (_amount(terminal, value) for value in reading.totals)
    terminal.say_wrapped(terminal.text("rup.sums", credits=counted, hours=hours, terms=reading.terms))
    if not reading.sums:
        terminal.say_wrapped(terminal.text("rup.sums_right"))
    _show_issues(terminal, "rup.sums_wrong", reading.sums, reading.mapping.courses)


def _amount(terminal: Terminal, value: float) -> str:
    return terminal.number(value, 0 if value == int(value) else 1)


def _show_issues(terminal: Terminal, title: str, issues: Sequence[Issue], courses: Sequence[str]) -> None:
    """Show problems with their cells, behind the names of sheets where several are read."""
    if not issues:
        return
    terminal.say()
    terminal.say_wrapped(terminal.text(title, count=len(issues)))
    for issue in issues[:SHOWN]:
        place = issue.place
        cell = f"{place.column or ''}{place.row or ''}" if place is not None else ""
        if place is not None and place.sheet and courses:
            cell = f"{place.sheet}!{cell}" if cell else f"{place.sheet}:"
        terminal.say_wrapped(f"{cell} {issue.found(terminal.language)}".strip(), 2, 2)
    if len(issues) > SHOWN:
        terminal.say_wrapped(terminal.text("rup.more", count=len(issues) - SHOWN), 2)
