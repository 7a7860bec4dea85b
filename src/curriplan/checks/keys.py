"""Checks of keys, references and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from curriplan.checks.checked import Checked, by_row
from curriplan.errors import Issue, nearest
from curriplan.model import LANGUAGES, RECORDS, TABLES, Competency, Named, Occupation, Record

MOST_SUGGESTED = 50
"""So many unknown ids of a column get a suggestion: each is compared with every known one."""
URI = re.compile(r"https?://[^\s/<>\"{}|\\^`]+\.[^\s<>\"{}|\\^`]+")


def duplicate_keys(checked: Checked) -> Iterator[Issue]:
    """Find rows of a table with the same key."""
    for table in TABLES:
        first: dict[tuple[str, ...], Record] = {}
        for row in by_row(checked.catalog.table(table)):
            known = first.setdefault(row.key_values(), row)
            if known is not row:
                key = "/".join(value for value in row.key_values() if value)
                column = "key" if row.key == ("key_name",) else row.key[0]
                yield Issue("duplicate-key", row.place(column), {"key": key, "first": str(known.place())})


def unknown_references(checked: Checked) -> Iterator[Issue]:
    """Find ids that their table does not have."""
    ids = {r.table: {getattr(x, "id", None) for x in checked.catalog.table(r.table)} for r in RECORDS}
    for record in RECORDS:
        for name in record.columns():
            table = record.column_info(name)["references"]
            if table and table not in checked.incomplete:
                yield from _unknown(checked.catalog.table(record.table), name, table, ids[table])


def _unknown(rows: Iterable[Record], name: str, table: str, known: set[str | None]) -> Iterator[Issue]:
    ids = sorted(filter(None, known))
    suggested: dict[str, str] = {}
    for row in rows:
        value = getattr(row, name)
        if value is not None and value not in known:
            if value not in suggested and len(suggested) < MOST_SUGGESTED:
                suggested[value] = nearest(value, ids)
            near = suggested.get(value, "-")
            yield Issue(
                "unknown-reference", row.place(name), {"value": value, "table": table, "nearest": near}
            )


def missing_translations(checked: Checked) -> Iterator[Issue]:
    """Find records without a name in one of the languages."""
    for row in checked.catalog.records():
        if isinstance(row, Named):
            missing = [code for code in LANGUAGES if not getattr(row, f"name_{code}")]
            if missing:
                values = {"id": row.id, "languages": ", ".join(missing)}
                yield Issue("missing-translation", row.place(f"name_{missing[0]}"), values)


def wrong_uris(checked: Checked) -> Iterator[Issue]:
    """Find URIs that are no web address."""
    rows: tuple[Competency | Occupation, ...] = (*checked.catalog.competencies, *checked.catalog.occupations)
    for row in rows:
        if row.uri and not URI.fullmatch(row.uri):
            yield Issue("wrong-uri", row.place("uri"), {"value": row.uri})
