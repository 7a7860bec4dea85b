"""Checks of keys, references and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from curriplan.base.errors import Issue, Place, nearest
from curriplan.catalog.records import RECORDS, TABLES, Competency, Named, Occupation, Record
from curriplan.problem.checks.checked import Check, Checked, Rule, by_row

MOST_COMPARED = 50_000
"""Pairs of names that are compared, in one column, to suggest what an unknown id may have meant: with
thousands of names a comparison takes long, and a column full of unknown ids is no slip of the pen."""
URI = re.compile(r"https?://[^\s/<>\"{}|\\^`]+\.[^\s<>\"{}|\\^`]+")

REFERRING = tuple(
    (record.table, name, table)
    for record in RECORDS
    for name in record.columns()
    if (table := record.column_info(name)["references"]) is not None
)
"""Each column that refers to a table: its own table, its name, and the table that it refers to."""
REFERRED = tuple(sorted({table for *_, table in REFERRING}))
"""The tables that others refer to."""
ALLOTTED = {"funding_sources": "sources", "resources": "centres", "programmes": "programmes"}
"""What `Allotted` names of each table."""
MOST_NAMED = 10
"""From more rows on, a file is not one with forgotten names but an untranslated one."""


def duplicate_keys(checked: Checked) -> Iterator[Issue]:
    """Find rows of a table with the same key."""
    for table in TABLES:
        first: dict[tuple[str, ...], Record] = {}
        for row in by_row(_twins(checked.catalog.table(table))):
            known = first.setdefault(row.key_values(), row)
            if known is not row:
                key = "/".join(value for value in row.key_values() if value)
                column = "key" if row.key == ("key_name",) else row.key[0]
                yield Issue("duplicate-key", row.place(column), {"key": key, "first": str(known.place())})


def _twins(rows: Sequence[Record]) -> Iterator[Record]:
    """Yield the rows whose key another one has; in a catalog such rows stand side by side."""
    keys = [row.key_values() for row in rows]
    for place, row in enumerate(rows):
        if keys[place] in (keys[place - 1 : place] + keys[place + 1 : place + 2]):
            yield row


def _references_to(table: str) -> Check:
    """Return the rule that finds ids which a table does not have."""
    columns = [(referring, name) for referring, name, referred in REFERRING if referred == table]

    def check(checked: Checked) -> Iterator[Issue]:
        ids = {row.id for row in checked.catalog.table(table) if isinstance(row, Named)}
        for referring, name in columns:
            yield from unknown_ids(checked.catalog.table(referring), name, table, ids)

    check.__name__ = f"unknown_{table}"
    check.__doc__ = f"Find ids that the table {table} does not have."
    return check


def unknown_ids(rows: Iterable[Record], name: str, table: str, known: set[str]) -> Iterator[Issue]:
    """Find ids in a column that a table does not have."""
    suggestions: dict[str, str] = {}
    names = sorted(known)
    for row in rows:
        value = getattr(row, name)
        if value is None or value in known:
            continue
        if value not in suggestions:
            affordable = len(suggestions) * len(names) < MOST_COMPARED
            suggestions[value] = nearest(value, names) if affordable else "-"
        values = {"value": value, "table": table, "nearest": suggestions[value]}
        yield Issue("unknown-reference", row.place(name), values)


def unknown_allotted(checked: Checked) -> Iterator[Issue]:
    """Find what a national plan is said to have allotted that the catalog does not have."""
    found = checked.catalog.info.allotted
    if found is None:
        return
    for table, names in ALLOTTED.items():
        known = sorted(row.id for row in checked.catalog.table(table) if isinstance(row, Named))
        for value in getattr(found, names):
            if value not in known:
                values = {"value": value, "table": table, "nearest": nearest(value, known)}
                yield Issue("unknown-reference", Place("catalog.toml", column="allotted"), values)


def missing_translations(checked: Checked) -> Iterator[Issue]:
    """Find records without a name in a language that the college keeps; many of one file are told at once."""
    for table in TABLES:
        by_file: dict[tuple[str, str | None], list[Named]] = {}
        for row in checked.catalog.table(table):
            if isinstance(row, Named):
                place = row.place() if row.origin else Place(table)
                by_file.setdefault((place.file, place.sheet), []).append(row)
        for (file, sheet), rows in by_file.items():
            yield from _missing_names(rows, Place(file, sheet), checked.catalog.info.kept_languages)


def _missing_names(rows: Sequence[Named], place: Place, kept: Sequence[str]) -> Iterator[Issue]:
    lacking: dict[tuple[str, ...], list[Named]] = {}
    for row in rows:
        missing = tuple(code for code in kept if not getattr(row, f"name_{code}"))
        lacking.setdefault(missing, []).append(row)
    for missing, found in lacking.items():
        languages = ", ".join(missing)
        if missing and len(found) > MOST_NAMED:
            values = {"count": len(found), "of": len(rows), "languages": languages}
            yield Issue("untranslated-table", place, values)
        elif missing:
            for row in found:
                values = {"id": row.id, "languages": languages}
                yield Issue("missing-translation", row.place(f"name_{missing[0]}"), values)


def wrong_uris(checked: Checked) -> Iterator[Issue]:
    """Find URIs that are no web address."""
    rows: tuple[Competency | Occupation, ...] = (*checked.catalog.competencies, *checked.catalog.occupations)
    for row in rows:
        if row.uri and not URI.fullmatch(row.uri):
            yield Issue("wrong-uri", row.place("uri"), {"value": row.uri})


def not_yet_used(checked: Checked) -> Iterator[Issue]:
    """Find tables, columns and words that no rule uses yet: one warning each."""
    for record in RECORDS:
        rows = checked.catalog.table(record.table)
        if not record.used:
            yield from _unused(rows, "*", None)
            continue
        for name in record.columns():
            if not record.column_info(name)["used"]:
                default = record.model_fields[name].default
                yield from _unused((row for row in rows if getattr(row, name) != default), name, name)


def _unused(rows: Iterable[Record], what: str, column: str | None) -> Iterator[Issue]:
    found = by_row(rows)
    if found:
        values = {"table": found[0].table, "column": what, "rows": len(found)}
        yield Issue("not-yet-used", found[0].place(column), values)


RULES = (
    Rule(duplicate_keys),
    *(Rule(_references_to(table), (f"{table}.id",)) for table in REFERRED),
    Rule(unknown_allotted, tuple(f"{table}.id" for table in ALLOTTED)),
    Rule(missing_translations),
    Rule(wrong_uris),
    Rule(not_yet_used),
)
