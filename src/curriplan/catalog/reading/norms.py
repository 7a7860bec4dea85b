"""The regulation profile that a catalog names, and the rows of its own that stand over single norms of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from curriplan.catalog.reading.bundled import profile_file
from curriplan.catalog.reading.folder import read_csv_table
from curriplan.catalog.reading.parse import parse_table
from curriplan.catalog.records import ProfileEntry
from curriplan.catalog.records.record import Origin


def named_norms(name: str) -> Mapping[str, ProfileEntry] | None:
    """Return the norms of a bundled regulation profile by key; None where there is none of that name.

    Their place is the profile and the key: the file that they come from is not the user's.
    """
    path = profile_file(name)
    return None if path is None else _norms_in(path, name)


@cache
def _norms_in(path: Path, name: str) -> Mapping[str, ProfileEntry]:
    rows = parse_table(read_csv_table(path, ProfileEntry.table, name)).records
    norms = (row for row in rows if isinstance(row, ProfileEntry))
    return {row.key_name: row.model_copy(update={"origin": _origin(name, row)}) for row in norms}


def _origin(name: str, row: ProfileEntry) -> Origin:
    return Origin(name, None, None, dict.fromkeys(ProfileEntry.model_fields, row.key_name))


def with_overrides(
    norms: Mapping[str, ProfileEntry], own: Iterable[ProfileEntry]
) -> tuple[ProfileEntry, ...]:
    """Return the norms of a named profile with a catalog's own rows in the stead of single ones."""
    rows = tuple(own)
    replaced = {row.key_name for row in rows}
    return (*(row for key, row in norms.items() if key not in replaced), *rows)


def own_rows(name: str | None, rows: Iterable[ProfileEntry]) -> tuple[ProfileEntry, ...]:
    """Return the rows that differ in anything from the norms of a named profile; without one, all."""
    norms = (named_norms(name) if name else None) or {}
    return tuple(row for row in rows if not _same(row, norms.get(row.key_name)))


def _same(row: ProfileEntry, norm: ProfileEntry | None) -> bool:
    """Say whether a row says the same as a norm, wherever both stand."""
    return norm is not None and row.model_dump() == norm.model_dump()
