"""Lay catalogs over each other: which row wins, what of a classification is taken.

The rules stand in ``docs/extends.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from curriplan.base.errors import Issue
from curriplan.catalog.reading.extends import Layer, Layers
from curriplan.catalog.records import (
    TABLES,
    CatalogInfo,
    CompetencyMapping,
    CompetencyRelation,
    Match,
    OccupationRequirement,
    Record,
    RelationKind,
)

Rows = tuple[Record, ...]
Key = tuple[str, ...]
PICKED = ("competencies", "occupations")
"""The tables of which a classification gives only what is named."""
NAMES_SHOWN = 5


@dataclass(frozen=True)
class Merged:
    """The rows of all layers as one, what clashed, and what is only worth a note."""

    tables: Mapping[str, Any]
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]


def merge_tables(layers: Layers) -> Merged:
    """Return one set of rows: those of a catalog stand in place of those that it extends."""
    seen = [_visible(layers, number) for number in range(len(layers.all))]
    taken = _Taken(layers, seen)
    kept = [taken.of(number) for number in range(len(layers.all))]
    tables: dict[str, Rows] = {}
    issues: list[Issue] = []
    for name in TABLES:
        rows = {number: tables[name] for number, tables in enumerate(kept) if name in tables}
        if rows:
            tables[name] = _merged(name, rows, layers, issues)
    return Merged(tables, tuple(issues), tuple(taken.notes(kept)))


def merge_info(layers: Layers) -> CatalogInfo | None:
    """Return the information of the catalog, with the attribution and the licences of all layers."""
    own = layers.all[0].info
    if own is None:
        return None
    infos = [layer.info for layer in layers.all if layer.info is not None]
    licences = (licence for info in infos for licence in (info.licence or "").split("; "))
    illustrative = any(info.illustrative for info in infos)
    changed = {
        "attribution": tuple(dict.fromkeys(text for info in infos for text in info.attribution)),
        "licence": "; ".join(dict.fromkeys(filter(None, licences))) or None,
        "profile": own.profile or _named_profile(layers),
        "illustrative": own.illustrative if "illustrative" in own.model_fields_set else illustrative,
        "extends": None,
        "without": None,
    }
    return own.model_copy(update=changed if len(infos) > 1 else {"extends": None, "without": None})


def _named_profile(layers: Layers) -> str | None:
    """Return the regulation profile that the bases name, where they name one and its norms are taken."""
    shown = (layer for n, layer in enumerate(layers.all) if "profile" not in layers.hidden[n])
    names = {layer.info.profile for layer in shown if layer.info is not None and layer.info.profile}
    return names.pop() if len(names) == 1 else None


def _visible(layers: Layers, number: int) -> dict[str, Rows]:
    hidden = layers.hidden[number]
    return {name: rows for name, rows in layers.all[number].tables.items() if name not in hidden}


@cache
def references(record: type[Record]) -> tuple[tuple[str, str], ...]:
    """Return the columns of a table that name a competency or an occupation, and which of both."""
    found = ((name, record.column_info(name)["references"]) for name in record.columns())
    return tuple((name, table) for name, table in found if table in PICKED)


class _Taken:
    """What the rows of the other layers name of the classifications under them."""

    def __init__(self, layers: Layers, tables: list[dict[str, Rows]]) -> None:
        self._layers, self._tables = layers, tables
        self._ids: dict[str, set[str]] = {table: set() for table in PICKED}
        self._sources = [number for number in range(len(tables)) if self._is_picked_from(number)]
        if self._sources:
            self._find()

    def of(self, number: int) -> dict[str, Rows]:
        """Return the rows that are taken of a layer: all, or of a classification what is named."""
        tables = self._tables[number]
        if number not in self._sources:
            return tables
        return {name: tuple(row for row in rows if self._is_taken(row)) for name, rows in tables.items()}

    def notes(self, kept: list[dict[str, Rows]]) -> Iterator[Issue]:
        """Say how much of each classification is taken."""
        for number in self._sources:
            layer = self._layers.all[number]
            values: dict[str, object] = {"base": layer.name}
            for table in PICKED:
                values[table] = len(kept[number].get(table, ()))
                values[f"all_{table}"] = len(self._tables[number].get(table, ()))
            yield Issue("base-picked", layer.raw.place, values)

    def _is_picked_from(self, number: int) -> bool:
        return number > 0 and self._layers.all[number].is_classification

    def _is_taken(self, row: Record) -> bool:
        if row.table in PICKED:
            return getattr(row, "id", None) in self._ids[row.table]
        named = ((getattr(row, name), table) for name, table in references(type(row)))
        return all(value is None or value in self._ids[table] for value, table in named)

    def _find(self) -> None:
        """Follow what the other layers name: occupations to their needs, competencies to theirs."""
        waiting = [name for number in self._others() for name in self._named(self._tables[number])]
        following = self._following()
        while waiting:
            table, name = waiting.pop()
            if name not in self._ids[table]:
                self._ids[table].add(name)
                waiting += (("competencies", needed) for needed in following.get((table, name), ()))

    def _others(self) -> Iterable[int]:
        return (number for number in range(len(self._tables)) if number not in self._sources)

    @staticmethod
    def _named(tables: Mapping[str, Rows]) -> Iterator[tuple[str, str]]:
        for table in PICKED:
            yield from ((table, str(getattr(row, "id", ""))) for row in tables.get(table, ()))
        for rows in tables.values():
            for row in rows:
                named = ((table, getattr(row, name)) for name, table in references(type(row)))
                yield from ((table, value) for table, value in named if value is not None)

    def _following(self) -> Mapping[tuple[str, str], list[str]]:
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for tables in (self._tables[number] for number in self._sources):
            for row in (row for rows in tables.values() for row in rows):
                if isinstance(row, OccupationRequirement):
                    found["occupations", row.occupation].append(row.competency)
                elif isinstance(row, CompetencyRelation) and row.kind is RelationKind.REQUIRES:
                    found["competencies", row.source].append(row.target)
                elif isinstance(row, CompetencyMapping) and row.match is Match.EXACT:
                    found["competencies", row.source].append(row.target)
                    found["competencies", row.target].append(row.source)
        return found


def _merged(table: str, rows: Mapping[int, Rows], layers: Layers, issues: list[Issue]) -> Rows:
    if len(rows) == 1:
        return next(iter(rows.values()))
    by_key: defaultdict[Key, dict[int, list[Record]]] = defaultdict(dict)
    for number, found in rows.items():
        for row in found:
            by_key[row.key_values()].setdefault(number, []).append(row)
    merged: list[Record] = []
    replaced: list[tuple[Record, Layer]] = []
    for candidates in by_key.values():
        numbers = _on_top(candidates, layers)
        first = candidates[numbers[0]]
        merged += first
        others = [number for number in candidates if not _equal(candidates[number], first)]
        issues += _clashes(candidates, [number for number in others if number in numbers], first)
        replaced += [(first[0], layers.all[number]) for number in others if number not in numbers]
    issues += _replacements(table, replaced)
    return tuple(merged)


def _on_top(candidates: Iterable[int], layers: Layers) -> list[int]:
    """Return the layers whose rows stand above all others of the same key, none above another."""
    return [one for one in candidates if not any(one in layers.below[other] for other in candidates)]


def _equal(some: list[Record], others: list[Record]) -> bool:
    def content(rows: list[Record]) -> list[str]:
        return sorted(row.model_dump_json() for row in rows)

    return len(some) == len(others) and content(some) == content(others)


def _clashes(
    candidates: Mapping[int, list[Record]], numbers: list[int], first: list[Record]
) -> Iterator[Issue]:
    for number in numbers:
        row = candidates[number][0]
        key = "/".join(filter(None, row.key_values()))
        yield Issue("base-clash", row.place(_key_column(row)), {"key": key, "other": str(first[0].place())})


def _replacements(table: str, replaced: list[tuple[Record, Layer]]) -> Iterator[Issue]:
    """Yield one warning for all rows of a table that stand in place of others."""
    if not replaced:
        return
    ordered = sorted(replaced, key=lambda one: one[0].place().sort_key())
    names = ["/".join(filter(None, row.key_values())) for row, _ in ordered]
    values = {
        "table": table,
        "count": len(names),
        "names": ", ".join(names[:NAMES_SHOWN]) + (", ..." if len(names) > NAMES_SHOWN else ""),
        "bases": ", ".join(sorted({layer.name for _, layer in ordered})),
    }
    yield Issue("base-rows-replaced", ordered[0][0].place(), values)


def _key_column(row: Record) -> str:
    return "key" if row.key == ("key_name",) else row.key[0]
