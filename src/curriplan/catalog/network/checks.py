"""What the rows of a network get wrong among themselves; the catalogs are not opened for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from curriplan.base.errors import NONE_NEAR, Issue, Place, nearest
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
Rows = Mapping[str, Sequence[Record]]


def row_issues(rows: Rows, file: Place, incomplete: Collection[str]) -> Iterator[Issue]:
    """Yield what is wrong with the rows of a network.

    Parameters
    ----------
    rows : mapping of str to sequence of Record
        By table, as they stand in the files.
    file : Place
        The ``network.toml``.
    incomplete : collection of str
        The tables of which rows could not be read: of them nothing is missed.
    """
    for record in NETWORK_RECORDS:
        yield from _twice(rows.get(record.table, ()))
    for record in NETWORK_RECORDS:
        for name in record.columns():
            referred = record.column_info(name)["references"]
            if referred is not None and referred not in incomplete:
                ids = {row.id for row in rows.get(referred, ()) if isinstance(row, Named)}
                yield from _unknown(rows.get(record.table, ()), name, referred, ids)
    if not rows.get(CollegeRow.table) and CollegeRow.table not in incomplete:
        yield Issue("network-without-colleges", file)
    yield from _file_names(rows.get(CollegeRow.table, ()))
    yield from _nameless(rows.get(RegionRow.table, ()), file)
    yield from _nameless(rows.get(CentreRow.table, ()), file)
    if CollegeRow.table not in incomplete:
        yield from _empty_regions(rows)
    if CentreHoursRow.table not in incomplete:
        yield from _hourless(rows)
    yield from _idle_totals(rows.get(BudgetRow.table, ()))
    yield from _choices(rows.get(ChoiceRow.table, ()))


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


def _file_names(rows: Iterable[Record]) -> Iterator[Issue]:
    for row in rows:
        if isinstance(row, CollegeRow) and DEVICE.fullmatch(row.id):
            yield Issue("network-id-no-file-name", row.place("id"), {"value": row.id})


def _nameless(rows: Sequence[Record], file: Place) -> Iterator[Issue]:
    """Find rows without a name in some language: one warning a table; colleges have titles in catalogs."""
    every = (row for row in rows if isinstance(row, Named))
    lacking = [row for row in every if not all(getattr(row, f"name_{code}") for code in LANGUAGES)]
    if lacking:
        values = {"count": len(lacking), "table": rows[0].table, "names": listed(row.id for row in lacking)}
        yield Issue("network-without-names", file, values)


def _empty_regions(rows: Rows) -> Iterator[Issue]:
    used = {row.region for row in rows.get(CollegeRow.table, ()) if isinstance(row, CollegeRow)}
    for row in rows.get(RegionRow.table, ()):
        if isinstance(row, RegionRow) and row.id not in used:
            yield Issue("network-region-empty", row.place("id"), {"region": row.id})


def _hourless(rows: Rows) -> Iterator[Issue]:
    used = {row.centre for row in rows.get(CentreHoursRow.table, ()) if isinstance(row, CentreHoursRow)}
    for row in rows.get(CentreRow.table, ()):
        if isinstance(row, CentreRow) and row.id not in used:
            yield Issue("network-centre-without-hours", row.place("id"), {"centre": row.id})


def _idle_totals(rows: Iterable[Record]) -> Iterator[Issue]:
    """Find totals of all years that their years never reach."""
    budgets = [row for row in rows if isinstance(row, BudgetRow)]
    sums: dict[tuple[str, str | None], int] = {}
    for row in budgets:
        if row.year is not None:
            sums[row.source, row.region] = sums.get((row.source, row.region), 0) + row.budget_kzt
    for row in budgets:
        years = sums.get((row.source, row.region))
        if row.year is None and years is not None and years < row.budget_kzt:
            values = {"source": row.source, "total": row.budget_kzt, "sum": years}
            yield Issue("network-total-idle", row.place("budget_kzt"), values)


def _choices(rows: Iterable[Record]) -> Iterator[Issue]:
    """Find lists of choices that are too long, numbered with gaps, or name a choice twice."""
    by_college: dict[str, dict[int, list[ChoiceRow]]] = {}
    for row in rows:
        if isinstance(row, ChoiceRow):
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
