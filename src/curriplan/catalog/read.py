"""Read a catalog from a folder, a workbook or the bundle, with every problem at once."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from curriplan.catalog.bundled import PROFILE_CATALOGS, bundled_folder, bundled_names, profile_file
from curriplan.catalog.folder import INFO_FILE, read_csv_table, read_folder
from curriplan.catalog.parse import parse_info, parse_table, says_classification
from curriplan.catalog.raw import RawCatalog
from curriplan.errors import CatalogError, Issue, Place, Severity
from curriplan.model import (
    CLASSIFICATION_TABLES,
    RECORD_OF_TABLE,
    REQUIRED_TABLES,
    TABLES,
    Catalog,
    CatalogInfo,
    Record,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadResult:
    """What came of reading a catalog.

    Attributes
    ----------
    catalog : Catalog, optional
        The catalog; None where anything is wrong with it.
    issues : tuple of Issue
        Every problem that reading found, errors and warnings, by place.
    partial : Catalog, optional
        The rows that could be read, so that the checks can say more at once; it equals ``catalog``
        where nothing is wrong, and is None where nothing could be read.
    incomplete : frozenset of str
        The tables of ``partial`` that lack rows; hand it to `curriplan.checks.check_catalog`.
    """

    catalog: Catalog | None
    issues: tuple[Issue, ...]
    partial: Catalog | None = None
    incomplete: frozenset[str] = frozenset()

    def require(self) -> Catalog:
        """Return the catalog.

        Raises
        ------
        CatalogError
            If it has errors.
        """
        if self.catalog is None:
            raise CatalogError(self.issues)
        return self.catalog


def read_catalog(source: str | PathLike[str]) -> ReadResult:
    """Read a catalog.

    Parameters
    ----------
    source : str or path
        A folder of CSV tables, a workbook of the same tables, or the name of a bundled catalog. An
        existing path wins over a bundled name.

    Returns
    -------
    ReadResult
        The catalog and every problem that was found; nothing is raised for a bad file.
    """
    raw = _read_raw(source)
    if raw.nothing_found() and not raw.issues:
        raw.issues.append(Issue("not-a-catalog", raw.place, {"path": raw.place.file}))
        return ReadResult(None, tuple(raw.issues))
    result = _assemble(raw)
    logger.debug("read %s: %d issues", raw.place.file, len(result.issues))
    return result


def _read_raw(source: str | PathLike[str]) -> RawCatalog:
    path = Path(source)
    if str(source) and _exists(path):
        return _read_path(path)
    bundled = bundled_folder(str(source))
    if bundled is not None:
        return read_folder(bundled, label=str(source))
    raw = RawCatalog(Place(str(source)))
    values = {"path": str(source), "known": ", ".join(bundled_names()) or "-"}
    raw.issues.append(Issue("catalog-not-found", None, values))
    return raw


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that the file system cannot hold
        return False


def _read_path(path: Path) -> RawCatalog:
    if path.is_dir():
        return read_folder(path)
    # openpyxl is slow to load, and most catalogs are folders
    from curriplan.catalog.workbook import read_workbook  # noqa: PLC0415

    return read_workbook(path)


def _assemble(raw: RawCatalog) -> ReadResult:
    issues = list(raw.issues)
    incomplete = set(raw.broken)
    tables: dict[str, Any] = {}
    alike: list[tuple[str, Issue]] = []
    for name in TABLES:
        if name in raw.tables:
            parsed = parse_table(raw.tables[name])
            tables[name] = parsed.records
            issues += parsed.issues
            alike += [(name, issue) for issue in parsed.issues if issue.code == "cyrillic-id"]
            incomplete |= set() if parsed.complete else {name}
    issues = [issue for issue in issues if all(issue is not other for _, other in alike)]
    issues += [_with_target(name, issue, tables) for name, issue in alike]
    missing = list(_missing_tables(raw))
    info = _info(raw, issues)
    if info is not None and info.profile and not _has_profile(raw):
        tables["profile"] = _bundled_profile(raw, info.profile, issues)
    issues += [issue for _, issue in missing]
    incomplete |= {name for name, _ in missing}
    if not (tables or info):
        return ReadResult(None, _sorted(issues))
    partial = Catalog(info or CatalogInfo.model_validate({"id": "unreadable"}), **tables)
    wrong = any(issue.severity is Severity.ERROR for issue in issues)
    return ReadResult(None if wrong else partial, _sorted(issues), partial, frozenset(incomplete))


def _with_target(table: str, issue: Issue, tables: Mapping[str, tuple[Record, ...]]) -> Issue:
    """Name the cell of the id that a look-alike refers to, where there is one."""
    column = str(issue.values["column"])
    wanted = RECORD_OF_TABLE[table].column_info(column)["references"]
    rows = tables.get(wanted, ()) if wanted else ()
    target = next((row for row in rows if row.key_values() == (issue.values["understood"],)), None)
    if target is None:
        return issue
    return Issue(issue.code, issue.place, {**issue.values, "target": str(target.place("id"))})


def _has_profile(raw: RawCatalog) -> bool:
    """Say whether the catalog has a profile of its own; a sheet with nothing but its header is none."""
    table = raw.tables.get("profile")
    return "profile" in raw.broken or (table is not None and bool(table.rows))


def _sorted(issues: list[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=Issue.sort_key))


def _missing_tables(raw: RawCatalog) -> Iterator[tuple[str, Issue]]:
    if raw.nothing_found():
        return
    required = CLASSIFICATION_TABLES if says_classification(raw.info) else REQUIRED_TABLES
    for name in required:
        table = raw.tables.get(name)
        if name in raw.broken or (table and table.rows):
            continue
        place = table.place() if table else raw.place
        yield name, Issue("empty-table" if table else "missing-table", place, {"table": name})


def _info(raw: RawCatalog, issues: list[Issue]) -> CatalogInfo | None:
    if raw.info is not None:
        info, found = parse_info(raw.info)
        issues += found
        return info
    if not raw.info_broken and not raw.nothing_found():
        issues.append(Issue("missing-info", raw.place, {"name": INFO_FILE}))
    return None


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
