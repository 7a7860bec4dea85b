"""The norms of the regulation profile, and what stands in the stead of single ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from curriplan.catalog.reading.norms import named_norms
from curriplan.catalog.records import Catalog, ProfileEntry
from curriplan.catalog.records.policy import (
    NUMBER_KEYS,
    OFF,
    TOTAL_CREDITS_PREFIX,
    WORD_KEYS,
    profile_number,
)
from curriplan.problem.settings import SETTINGS, Settings

BY_CATALOG, BY_FILE = "catalog", "file"


@dataclass(frozen=True)
class NormOverride:
    """A norm in whose stead another value holds.

    Parameters
    ----------
    key : str
        A key of the profile.
    norm, value : str
        What the profile says, and what holds instead; ``off`` is no such norm.
    by : str
        ``catalog`` for a row of the table ``profile``, ``file`` for a whole profile in the stead of the
        catalog's (``--profile``), else the name of the setting.
    row : ProfileEntry or None
        The row that holds instead; None for a setting, and for a key that the file lacks.
    """

    key: str
    norm: str
    value: str
    by: str
    row: ProfileEntry | None = None


def is_norm_key(key: str) -> bool:
    """Say whether a key of a profile means anything."""
    return key in NUMBER_KEYS or key in WORD_KEYS or key.startswith(TOTAL_CREDITS_PREFIX)


def norm_overrides(catalog: Catalog, settings: Settings) -> tuple[NormOverride, ...]:
    """Return the norms that do not hold as the profile says, by key.

    The profile is the one that the catalog names, else the rows of its table: then only a file and
    settings stand over it.
    """
    name = catalog.info.profile
    norms = (named_norms(name) if name else None) or {row.key_name: row for row in catalog.profile}
    found = {one.key: one for one in _by_rows(norms, catalog, settings)}
    for one in SETTINGS:
        value = getattr(settings, one.name) if one.norm else None
        if one.norm is not None and value is not None:
            found.pop(one.norm, None)
            override = NormOverride(one.norm, _value(norms, one.norm), f"{value:.10g}", one.name)
            found |= {} if _same(override.norm, override.value) else {one.norm: override}
    return tuple(found[key] for key in sorted(found))


def _by_rows(
    norms: Mapping[str, ProfileEntry], catalog: Catalog, settings: Settings
) -> Iterator[NormOverride]:
    by = BY_CATALOG if settings.profile is None else BY_FILE
    rows = {row.key_name: row for row in (catalog.profile if settings.profile is None else settings.profile)}
    for key in filter(is_norm_key, {**norms, **rows}):
        norm, value = _value(norms, key), _value(rows, key)
        if not _same(norm, value):
            yield NormOverride(key, norm, value, by, rows.get(key))


def _value(rows: Mapping[str, ProfileEntry], key: str) -> str:
    return rows[key].value if key in rows else OFF


def _same(some: str, other: str) -> bool:
    """Say whether two values are one, however they are written."""
    number = profile_number(some)
    return some == other or (number is not None and number == profile_number(other))
