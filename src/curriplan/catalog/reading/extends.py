"""Find the catalogs that a catalog extends, and those that these extend: only on this computer.

A name under ``extends`` is a path from the folder of the catalog that names it, or a bundled catalog.
Which row wins is decided in `curriplan.catalog.reading.merge`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

from curriplan.base.errors import NONE_NEAR, Issue, Place, Severity, nearest
from curriplan.base.progress import keeping_objects, step
from curriplan.catalog.reading.bundled import PROFILE_CATALOGS, bundled_folder, bundled_names
from curriplan.catalog.reading.folder import INFO_FILE
from curriplan.catalog.reading.info import parse_info, says_classification
from curriplan.catalog.reading.norms import named_norms, with_overrides
from curriplan.catalog.reading.parse import parse_table
from curriplan.catalog.reading.raw import RawCatalog, shorten
from curriplan.catalog.records import RECORD_OF_TABLE, TABLES, CatalogInfo, ProfileEntry, Record
from curriplan.catalog.records.unread import is_read, is_unread


@dataclass(frozen=True)
class Layer:
    """The rows of one folder or workbook, and what is wrong with them.

    Parameters
    ----------
    tables : mapping of str to tuple of Record
        The rows that could be read of each table that is there.
    incomplete : frozenset of str
        The tables that lack rows because of faults.
    """

    raw: RawCatalog
    info: CatalogInfo | None
    tables: Mapping[str, tuple[Record, ...]]
    incomplete: frozenset[str]
    issues: tuple[Issue, ...]

    @property
    def name(self) -> str:
        """What messages call it: its id, else the place that it was read from."""
        return self.info.id if self.info else self.raw.place.file

    @property
    def is_classification(self) -> bool:
        """Whether it holds competencies and occupations only."""
        return says_classification(self.raw.info)

    @property
    def extends_nobody_knows_what(self) -> bool:
        """Whether what it extends is no list of names: then nobody can say what is missing."""
        found = self.raw.info.values.get("extends", []) if self.raw.info else []
        return not isinstance(found, list)

    def names_of(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list in its information, as far as they are texts."""
        found = self.raw.info.values.get(key) if self.raw.info else None
        return tuple(text for text in found if isinstance(text, str)) if isinstance(found, list) else ()


@keeping_objects()
def parse_layer(raw: RawCatalog) -> Layer:
    """Parse every table that was found, and the information about the catalog."""
    issues = list(raw.issues)
    incomplete = set(raw.broken)
    tables: dict[str, tuple[Record, ...]] = {}
    alike: list[tuple[str, Issue]] = []
    for place, name in enumerate(TABLES, start=len(TABLES)):
        step("reading", place, 2 * len(TABLES))
        if name in raw.tables:
            parsed = parse_table(raw.tables[name])
            tables[name] = parsed.records
            issues += [issue for issue in parsed.issues if issue.code != "cyrillic-id"]
            alike += [(name, issue) for issue in parsed.issues if issue.code == "cyrillic-id"]
            incomplete |= set() if parsed.complete else {name}
    issues += [_with_target(name, issue, tables) for name, issue in alike]
    info = _info(raw, issues)
    # Norms are named whatever else is wrong with the information.
    profile = raw.info.values.get("profile") if info is None and raw.info else info and info.profile
    if isinstance(profile, str) and profile:
        tables["profile"] = _with_named_profile(raw, profile, tables.get("profile", ()), issues)
    return Layer(raw, info, tables, frozenset(incomplete), tuple(issues))


def _with_target(table: str, issue: Issue, tables: Mapping[str, tuple[Record, ...]]) -> Issue:
    """Name the cell of the id that a look-alike refers to, where there is one."""
    column = str(issue.values["column"])
    wanted = RECORD_OF_TABLE[table].column_info(column)["references"]
    rows = tables.get(wanted, ()) if wanted else ()
    target = next((row for row in rows if row.key_values() == (issue.values["understood"],)), None)
    if target is None:
        return issue
    return Issue(issue.code, issue.place, {**issue.values, "target": str(target.place("id"))})


def _info(raw: RawCatalog, issues: list[Issue]) -> CatalogInfo | None:
    if raw.info is not None:
        info, found = parse_info(raw.info)
        issues += found
        return info
    if not raw.info_broken and not raw.nothing_found():
        issues.append(Issue("missing-info", raw.place, {"name": INFO_FILE}))
    return None


def _with_named_profile(
    raw: RawCatalog, name: str, own: tuple[Record, ...], issues: list[Issue]
) -> tuple[Record, ...]:
    """Return the norms of the bundled profile that a catalog names, under the rows of its own."""
    norms = named_norms(name)
    if norms is None:
        place = raw.info.place_of("profile") if raw.info else raw.place
        values = {"value": name, "known": ", ".join(sorted(PROFILE_CATALOGS))}
        issues.append(Issue("unknown-profile", place, values))
        return own
    return with_overrides(norms, (row for row in own if isinstance(row, ProfileEntry)))


MAX_BASES = 20
"""Catalogs under one catalog, those that they extend in turn included."""
NOT_RELATIVE = re.compile(r"[/\\]|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]+://|~")
"""How a path of the whole computer, a network share, a drive, a web address or a home folder begins."""

Reader = Callable[[Path, str], RawCatalog]
Identity = tuple[int, int]
"""What tells one file or folder from every other, whatever path leads to it."""


@dataclass(frozen=True)
class Layers:
    """A catalog and all that it extends, each once; number 0 is the catalog itself.

    Parameters
    ----------
    all : tuple of Layer
        Each before those that it extends, in the order in which they are named.
    bases : mapping of int to tuple of int
        The layers that each layer names under ``extends``.
    """

    all: tuple[Layer, ...]
    bases: Mapping[int, tuple[int, ...]]

    @cached_property
    def below(self) -> Mapping[int, frozenset[int]]:
        """The layers under each layer, which its rows stand above."""
        found: dict[int, frozenset[int]] = {}
        for number in self._bases_first():
            bases = self.bases.get(number, ())
            found[number] = frozenset(bases).union(*(found[base] for base in bases))
        return found

    @cached_property
    def hidden(self) -> Mapping[int, frozenset[str]]:
        """The tables of each layer that whoever extends it takes nothing of."""
        found: dict[int, frozenset[str]] = {0: frozenset()}
        for number in reversed(self._bases_first()):
            passed_on = found[number] | frozenset(self.all[number].names_of("without"))
            for base in self.bases.get(number, ()):
                found[base] = found.get(base, passed_on) & passed_on
        return found

    def _bases_first(self) -> list[int]:
        return list(
            TopologicalSorter({**dict.fromkeys(range(len(self.all)), ()), **self.bases}).static_order()
        )


def read_layers(raw: RawCatalog, path: Path, read: Reader) -> Layers:
    """Parse a catalog and every catalog that it extends.

    Parameters
    ----------
    raw : RawCatalog
        The catalog, as it was found at `path`.
    read : callable
        Reads what lies at a path as text, under the name that places shall show.
    """
    walk = _Walk(read)
    walk.visit(raw, path, ())
    layers = walk.layers if len(walk.layers) == 1 else map(_without_unclear, walk.layers)
    return Layers(tuple(layers), walk.bases)


def _without_unclear(layer: Layer) -> Layer:
    """Leave out the rows of which nobody knows whose place they take, or what they name of others."""
    unclear = {
        name: [row for row in rows if is_unread(row) and not _is_clear(row)]
        for name, rows in layer.tables.items()
    }
    tables = {
        name: tuple(row for row in rows if not any(row is other for other in unclear[name]))
        if unclear[name]
        else rows
        for name, rows in layer.tables.items()
    }
    lacking = layer.incomplete.union(name for name, rows in unclear.items() if rows)
    return replace(layer, tables=tables, incomplete=lacking)


def _is_clear(row: Record) -> bool:
    naming = (name for name in row.columns() if row.column_info(name)["references"])
    return is_read(row, *row.key, *naming)


@dataclass
class _Walk:
    read: Reader
    layers: list[Layer] = field(default_factory=list)
    bases: dict[int, tuple[int, ...]] = field(default_factory=dict)
    seen: dict[Identity, int] = field(default_factory=dict)

    def visit(self, raw: RawCatalog, path: Path, chain: tuple[int, ...]) -> int:
        """Take in a catalog and what it extends; return its number."""
        layer, number = parse_layer(raw), len(self.layers)
        self.layers.append(layer)
        self.seen[_identity(path)] = number
        issues = [*_of_base(layer.issues)] if number else [*layer.issues]
        issues += _unknown_tables(layer)
        found = [
            self._base(layer, path, name, (*chain, number), issues) for name in layer.names_of("extends")
        ]
        self.bases[number] = tuple(dict.fromkeys(base for base in found if base is not None))
        # What a base would have brought cannot be missed while it cannot be read.
        lacking = frozenset(TABLES) if None in found else layer.incomplete
        self.layers[number] = replace(layer, issues=tuple(issues), incomplete=lacking)
        return number

    def _base(
        self, layer: Layer, path: Path, name: str, chain: tuple[int, ...], issues: list[Issue]
    ) -> int | None:
        folder = path if path.is_dir() else path.parent
        place = layer.raw.info.place_of("extends") if layer.raw.info else layer.raw.place
        if not name.strip():  # the folder of the catalog itself
            issues.append(Issue("missing-value", place, {"column": "extends"}))
            return None
        found = _found(name, folder)
        if isinstance(found, Issue):
            issues.append(replace(found, place=place))
            return None
        base, label = found
        known = self.seen.get(_identity(base))
        if known is None:
            return self._new(base, label, place, chain, issues)
        if known in chain:
            issues.append(self._circle(place, chain, known))
        return None if known in chain else known

    def _new(
        self, path: Path, label: str, place: Place, chain: tuple[int, ...], issues: list[Issue]
    ) -> int | None:
        if len(self.layers) > MAX_BASES:
            issues.append(Issue("too-many-bases", place, {"limit": MAX_BASES}))
            return None
        raw = self.read(path, label)
        if raw.nothing_found():
            issues += raw.nothing_issues(place)
            return None
        number = self.visit(raw, path, chain)
        if not (raw.tables or raw.broken or raw.info_broken or self.layers[number].names_of("extends")):
            issues.append(Issue("base-without-tables", place, {"path": label}))
        return number

    def _circle(self, place: Place, chain: tuple[int, ...], known: int) -> Issue:
        numbers = (*chain[chain.index(known) :], known)
        names = " -> ".join(self.layers[number].raw.place.file for number in numbers)
        return Issue("base-circle", place, {"chain": names})


def _of_base(issues: tuple[Issue, ...]) -> Iterator[Issue]:
    """Yield what is wrong with a base; that its title, which nobody sees, lacks a language is not."""
    for issue in issues:
        if issue.severity is Severity.ERROR or issue.code != "missing-translation":
            yield issue


def _unknown_tables(layer: Layer) -> Iterator[Issue]:
    for name in layer.names_of("without"):
        if name not in TABLES and layer.raw.info is not None:
            near = nearest(name, TABLES)
            allowed = ", ".join(TABLES) if near == NONE_NEAR else near
            values = {"value": shorten(name), "allowed": allowed}
            yield Issue("wrong-word", layer.raw.info.place_of("without"), values)


def _found(name: str, folder: Path) -> tuple[Path, str] | Issue:
    """Return where a base lies and what to call it, or why it is not read."""
    if NOT_RELATIVE.match(name):
        return Issue("base-not-relative", values={"path": shorten(name)})
    path = folder / name.replace("\\", "/")
    if _is_readable(path):
        plain = Path(os.path.normpath(path))
        path = plain if _same(plain, path) else path
        return path, str(path)
    bundled = bundled_folder(name)
    if bundled is not None:
        return bundled, name
    values = {"path": shorten(os.path.normpath(path), 200), "known": ", ".join(bundled_names()) or "-"}
    return Issue("base-not-found", values=values)


def _is_readable(path: Path) -> bool:
    """Say whether there is a folder or a file: a pipe or a device might never end."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # nothing there, a loop of links, a name that no file system holds
        return False
    return stat.S_ISDIR(mode) or stat.S_ISREG(mode)


def _same(plain: Path, path: Path) -> bool:
    """Say whether a path means the same without its ``..``: behind a link it does not."""
    try:
        return plain.samefile(path)
    except OSError:
        return False


def _identity(path: Path) -> Identity:
    found = path.stat()
    return found.st_dev, found.st_ino
