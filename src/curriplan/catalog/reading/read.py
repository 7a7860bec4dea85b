"""Read a catalog from a folder, a workbook or the bundle, with every problem at once."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from curriplan.base.arguments import PATH, taking
from curriplan.base.errors import CatalogError, Issue, Place, errors_in
from curriplan.base.leftovers import put_back
from curriplan.base.notebook import frame_of, notebook_html
from curriplan.base.progress import keeping_objects, tell_language
from curriplan.catalog.reading.bundled import bundled_folder, bundled_names
from curriplan.catalog.reading.extends import Layer, Layers, read_layers
from curriplan.catalog.reading.folder import NETWORK_FILE, read_folder
from curriplan.catalog.reading.info import language_of
from curriplan.catalog.reading.merge import merge_info, merge_tables
from curriplan.catalog.reading.raw import RawCatalog
from curriplan.catalog.records import (
    CLASSIFICATION_TABLES,
    REQUIRED_TABLES,
    TABLES,
    Catalog,
    CatalogInfo,
    ProfileEntry,
    Record,
)

logger = logging.getLogger(__name__)

UNREADABLE = "unreadable"
"""The id of a catalog of whose own information nothing is known."""


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
        The rows that could be read, some of them in part, so that the checks can say more at once; it
        equals ``catalog`` where nothing is wrong, and is None where nothing could be read.
    incomplete : frozenset of str
        The tables of ``partial`` that lack rows; hand it to `curriplan.problem.checks.check_catalog`.
    notes : tuple of Issue
        What is neither an error nor a warning: how much of each classification under ``extends`` is taken.
    """

    catalog: Catalog | None
    issues: tuple[Issue, ...]
    partial: Catalog | None = None
    incomplete: frozenset[str] = frozenset()
    notes: tuple[Issue, ...] = ()

    def __repr__(self) -> str:
        errors = len(errors_in(self.issues))
        counts = f"{errors} errors, {len(self.issues) - errors} warnings"
        return f"<ReadResult {self.partial.shown if self.partial else 'nothing'}; {counts}>"

    def _repr_html_(self) -> str:
        rows = ((one.severity.value, str(one.place or ""), one.code, one.found()) for one in self.issues)
        return notebook_html(self, frame_of(rows, "severity", "place", "code", "found"))

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


@taking({"source": PATH})
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
        The catalog, laid over those that it extends, and every problem that was found; nothing is
        raised for a bad file.
    """
    found = _located(source)
    if found is None:
        values = {"path": str(source), "known": ", ".join(bundled_names()) or "-"}
        return ReadResult(None, (Issue("catalog-not-found", None, values),))
    path, label = found
    if path.name == NETWORK_FILE:
        return ReadResult(None, (_network_issue(path, label),))
    raw = _read_path(path, label)
    if raw.nothing_found() and (path / NETWORK_FILE).is_file():
        return ReadResult(None, (_network_issue(path, label),))
    if raw.nothing_found():
        return ReadResult(None, _sorted(raw.nothing_issues(raw.place)))
    result = _assemble(read_layers(raw, path, _read_path))
    logger.debug("read %s: %d issues", raw.place.file, len(result.issues))
    return result


def _network_issue(path: Path, label: str) -> Issue:
    """Return what is said of a network, which is no catalog."""
    return Issue("catalog-is-network", Place(label), {"path": str(path)})


def _located(source: str | PathLike[str]) -> tuple[Path, str] | None:
    """Return where a catalog lies, and what places call it."""
    path = Path(source)
    if str(source):
        put_back(path)
    if str(source) and _exists(path):
        return path, str(path)
    bundled = bundled_folder(str(source))
    return None if bundled is None else (bundled, str(source))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that the file system cannot hold
        return False


def _read_path(path: Path, label: str) -> RawCatalog:
    if path.is_dir():
        return read_folder(path, label)
    # openpyxl is slow to load, and most catalogs are folders
    from curriplan.catalog.reading.workbook import read_workbook  # noqa: PLC0415

    return read_workbook(path, label)


@keeping_objects()
def _assemble(layers: Layers) -> ReadResult:
    merged, info = merge_tables(layers), merge_info(layers)
    language = language_of(layers.all[0].raw) if info is None else info.language
    if language is not None:
        tell_language(language)
    issues = [*merged.issues, *(issue for layer in layers.all for issue in layer.issues)]
    incomplete = {
        name for number, layer in enumerate(layers.all) for name in layer.incomplete - layers.hidden[number]
    }
    if layers.all[0].raw.info is None:  # which norms it names is not known
        incomplete |= {ProfileEntry.table}
    if layers.all[0].extends_nobody_knows_what:
        incomplete |= {*TABLES}
    missing = list(_missing_tables(layers.all[0], merged.tables, incomplete))
    issues += [issue for _, issue in missing]
    incomplete |= {name for name, _ in missing}
    if not (merged.tables or info):
        return ReadResult(None, _sorted(issues))
    partial = Catalog(info or CatalogInfo.model_validate({"id": UNREADABLE}), **merged.tables)
    catalog = None if errors_in(issues) else partial
    return ReadResult(catalog, _sorted(issues), partial, frozenset(incomplete), merged.notes)


def _sorted(issues: list[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=Issue.sort_key))


def _missing_tables(
    own: Layer, tables: Mapping[str, Sequence[Record]], incomplete: Container[str]
) -> Iterator[tuple[str, Issue]]:
    """Yield the required tables that have no row in the catalog nor in what it extends."""
    for name in CLASSIFICATION_TABLES if own.is_classification else REQUIRED_TABLES:
        if tables.get(name) or name in incomplete:
            continue
        table = own.raw.tables.get(name)
        place = table.place() if table else own.raw.place
        yield name, Issue("empty-table" if table else "missing-table", place, {"table": name})
