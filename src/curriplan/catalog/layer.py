"""One catalog as it was parsed, before those that it extends are laid under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriplan.catalog.bundled import PROFILE_CATALOGS, profile_file
from curriplan.catalog.folder import INFO_FILE, read_csv_table
from curriplan.catalog.info import parse_info, says_classification
from curriplan.catalog.parse import parse_table
from curriplan.catalog.raw import RawCatalog
from curriplan.collection import keeping_objects
from curriplan.errors import Issue
from curriplan.model import RECORD_OF_TABLE, TABLES, CatalogInfo, Record
from curriplan.progress import step


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
    if info is not None and info.profile and not _has_profile(raw):
        tables["profile"] = _bundled_profile(raw, info.profile, issues)
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


def _has_profile(raw: RawCatalog) -> bool:
    """Say whether the catalog has a profile of its own; a sheet with nothing but its header is none."""
    table = raw.tables.get("profile")
    return "profile" in raw.broken or (table is not None and bool(table.rows))


def _bundled_profile(raw: RawCatalog, name: str, issues: list[Issue]) -> tuple[Record, ...]:
    """Return the rows of a bundled regulation profile, which the catalog names instead of a table."""
    found = profile_file(name)
    if found is None:
        place = raw.info.place_of("profile") if raw.info else raw.place
        values = {"value": name, "known": ", ".join(sorted(PROFILE_CATALOGS))}
        issues.append(Issue("unknown-profile", place, values))
        return ()
    path, label = found
    return parse_table(read_csv_table(path, "profile", label)).records
