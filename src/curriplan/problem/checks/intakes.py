"""Checks of rows that are running intakes of other programmes."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.base.errors import Issue
from curriplan.catalog.records import Programme
from curriplan.problem.checks.checked import Checked, Rule, by_row, first_names

SAME = ("specialty", "qualification", "terms", "entry_base", "dual")
"""What an intake has like its programme, unless it is known why not."""


def intakes(checked: Checked) -> Iterator[Issue]:
    """Find rows that cannot be running intakes of the programme that they name."""
    programmes = checked.catalog.programme_by_id
    first: dict[tuple[str, str], str] = {}
    for row in by_row(row for row in programmes.values() if row.intake_of is not None):
        whose = programmes.get(row.intake_of or "")
        if whose is None:
            continue  # said of every id
        values = {"intake": row.id, "programme": whose.id}
        if whose.intake_of is not None:
            yield Issue("intake-of-intake", row.place("intake_of"), values)
        elif row.repeats:
            yield Issue("intake-repeats", row.place("repeats"), values)
        elif row.start >= whose.start:
            values |= {"start": row.start, "new": whose.start}
            yield Issue("intake-not-running", row.place("start"), values)
        elif (other := first.setdefault((whose.id, row.start), row.id)) != row.id:
            yield Issue("intake-twice", row.place("start"), {**values, "other": other, "start": row.start})
        else:
            yield from _differences(checked, row, whose)


def _differences(checked: Checked, row: Programme, whose: Programme) -> Iterator[Issue]:
    """Warn of an intake that is asked otherwise than its programme: a slip, mostly."""
    columns = [name for name in SAME if getattr(row, name) != getattr(whose, name)]
    targets: dict[str, dict[str, float]] = {row.id: {}, whose.id: {}}
    for target in checked.catalog.base_targets:
        if target.programme in targets:
            targets[target.programme][target.occupation] = target.share
    columns += ["targets"] if targets[row.id] != targets[whose.id] else []
    if columns:
        values = {"intake": row.id, "programme": whose.id, "columns": first_names(columns)}
        yield Issue("intake-differs", row.place("intake_of"), values)


RULES = (Rule(intakes, ("programmes", "targets")),)
