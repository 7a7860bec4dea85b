"""What the rows of a network get wrong among themselves; the catalogs are not opened for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from curriplan.base.errors import NONE_NEAR, Issue, Place, nearest
from curriplan.catalog.network.rows import Rows
from curriplan.catalog.records import Named, Record
from curriplan.catalog.records.network import (
    NETWORK_RECORDS,
    BudgetRow,
    CentreHoursRow,
    CentreRow,
    ChoiceRow,
    CollegeRow,
    RegionRow,
)
from curriplan.texts.languages import LANGUAGES

MOST_CHOICES = 20
"""Of groups, listed for a college."""
SHOWN = 5
MOST_COMPARED = 50
"""So many unknown ids are compared with those that there are, to suggest one."""
DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?|.*\.", re.IGNORECASE)
"""A name that Windows keeps for a device, or would cut: no file can be called so."""


def row_issues(rows: Rows, file: Place) -> Iterator[Issue]:
    """Yield what is wrong with the rows of a network.

    Parameters
    ----------
    file : Place
        The ``network.toml``.
    """
    for record in NETWORK_RECORDS:
        yield from _twice(rows.of(record))
        for name in record.columns():
            referred = record.column_info(name)["references"]
            if referred is not None and referred not in rows.lost:
                yield from _unknown(rows.of(record), name, referred, rows.ids.get(referred, set()))
    yield from _file_names(rows.of(CollegeRow))
    yield from _nameless(rows.of(RegionRow), file)
    yield from _nameless(rows.of(CentreRow), file)
    if CollegeRow.table not in rows.incomplete:
        yield from _without_colleges(rows, file)
    if CentreHoursRow.table not in rows.incomplete:
        yield from _without_hours(rows)
    if BudgetRow.table not in rows.incomplete:
        yield from _idle_totals(rows.of(BudgetRow))
    if ChoiceRow.table not in rows.incomplete:
        yield from _choices(rows.of(ChoiceRow))


def _without_colleges(rows: Rows, file: Place) -> Iterator[Issue]:
    used = {row.region for row in rows.of(CollegeRow)}
    if not used:
        yield Issue("network-without-colleges", file)
        return
    for region in rows.of(RegionRow):
        if region.id not in used:
            yield Issue("network-region-empty", region.place("id"), {"region": region.id})


def _without_hours(rows: Rows) -> Iterator[Issue]:
    used = {row.centre for row in rows.of(CentreHoursRow)}
    for centre in rows.of(CentreRow):
        if centre.id not in used:
            yield Issue("network-centre-without-hours", centre.place("id"), {"centre": centre.id})


def _twice(rows: Iterable[Record]) -> Iterator[Issue]:
    """Find rows of one key; ids of colleges name files, and Windows takes A and a for one name."""
    first: dict[tuple[str, ...], Record] = {}
    for row in rows:
        if not row.key:
            continue
        key = row.key_values()
        known = first.setdefault(tuple(map(str.casefold, key)) if isinstance(row, CollegeRow) else key, row)
        if known is not row:
            values = {"key": "/".join(part for part in key if part), "first": str(known.place())}
            yield Issue("duplicate-key", row.place(row.key[0]), values)


def _unknown(rows: Iterable[Record], name: str, table: str, known: Collection[str]) -> Iterator[Issue]:
    """Find ids in a column that the table it refers to does not have."""
    unknown = [row for row in rows if (value := getattr(row, name)) is not None and value not in known]
    for number, row in enumerate(unknown):
        value = getattr(row, name)
        alike = nearest(value, sorted(known)) if number < MOST_COMPARED else NONE_NEAR
        yield Issue("unknown-reference", row.place(name), {"value": value, "table": table, "nearest": alike})


def _file_names(rows: Iterable[CollegeRow]) -> Iterator[Issue]:
    for row in rows:
        if DEVICE.fullmatch(row.id):
            yield Issue("network-id-no-file-name", row.place("id"), {"value": row.id})


def _nameless(rows: Sequence[Named], file: Place) -> Iterator[Issue]:
    """Find rows without a name in some language: one warning a table; colleges have titles in catalogs."""
    lacking = [row for row in rows if not all(getattr(row, f"name_{code}") for code in LANGUAGES)]
    if lacking:
        values = {"count": len(lacking), "table": rows[0].table, "names": listed(row.id for row in lacking)}
        yield Issue("network-without-names", file, values)


def _idle_totals(budgets: Sequence[BudgetRow]) -> Iterator[Issue]:
    """Find totals of all years that their years never reach."""
    sums: dict[tuple[str, str | None], int] = {}
    for row in budgets:
        if row.year is not None:
            sums[row.source, row.region] = sums.get((row.source, row.region), 0) + row.budget_kzt
    for row in budgets:
        years = sums.get((row.source, row.region))
        if row.year is None and years is not None and years < row.budget_kzt:
            values = {"source": row.source, "total": row.budget_kzt, "sum": years}
            yield Issue("network-total-idle", row.place("budget_kzt"), values)


def _choices(rows: Iterable[ChoiceRow]) -> Iterator[Issue]:
    """Find lists of choices that are too long, numbered with gaps, or name a choice twice."""
    by_college: dict[str, dict[int, list[ChoiceRow]]] = {}
    for row in rows:
        by_college.setdefault(row.college, {}).setdefault(row.choice, []).append(row)
    for college, choices in by_college.items():
        first = next(iter(choices.values()))[0]
        if len(choices) > MOST_CHOICES:
            values = {"college": college, "count": len(choices), "limit": MOST_CHOICES}
            yield Issue("network-too-many-choices", first.place("choice"), values)
        if sorted(choices) != [*range(1, len(choices) + 1)]:
            values = {"college": college, "numbers": listed(map(str, sorted(choices)))}
            yield Issue("network-choices-not-counted", first.place("choice"), values)
        known: dict[tuple[tuple[str, int], ...], int] = {}
        for number, own in sorted(choices.items()):
            groups = tuple(sorted((row.programme, row.groups) for row in own))
            if known.setdefault(groups, number) != number:
                values = {"college": college, "number": number, "other": known[groups]}
                yield Issue("network-choice-twice", own[0].place("choice"), values)


def listed(names: Iterable[str]) -> str:
    """Return the first of some names, so that a message stays readable."""
    every = [*names]
    return ", ".join(every[:SHOWN]) + (", ..." if len(every) > SHOWN else "")
