"""Read a network: ``network.toml`` and the tables beside it, with every problem at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TypeVar

from curriplan.base.errors import NONE_NEAR, CatalogError, Issue, Place, errors_in, nearest
from curriplan.base.progress import keeping_objects
from curriplan.catalog.network.beside import tables_beside
from curriplan.catalog.network.checks import row_issues
from curriplan.catalog.network.records import (
    Centre,
    College,
    Names,
    Network,
    Places,
    Region,
    SharedBudget,
)
from curriplan.catalog.network.rows import Rows
from curriplan.catalog.network.toml import NetworkTables, read_network_toml
from curriplan.catalog.network.whereabouts import MISSING, Whereabouts
from curriplan.catalog.reading.bundled import bundled_root
from curriplan.catalog.reading.folder import INFO_FILE, NETWORK_FILE
from curriplan.catalog.reading.parse import parse_table
from curriplan.catalog.records import Named, Record
from curriplan.catalog.records.network import (
    BudgetRow,
    CentreHoursRow,
    CentreRow,
    ChoiceRow,
    CollegeRow,
    NetworkHead,
    RegionRow,
)
from curriplan.catalog.records.record import canonical, natural_key
from curriplan.texts.languages import LANGUAGES

Source = str | PathLike[str]
Row = TypeVar("Row", bound=Record)


@dataclass(frozen=True)
class FoundNetwork:
    """What came of reading a network.

    Attributes
    ----------
    network : Network or None
        What could be read of it, also where something is wrong with it; None where nothing could.
    issues : tuple of Issue
        Every problem, errors and warnings, by place.
    """

    network: Network | None
    issues: tuple[Issue, ...]

    def require(self) -> Network:
        """Return the network.

        Raises
        ------
        CatalogError
            With every issue, if any is an error. A catalog that is not there is none of the network.
        """
        if self.network is None or any(one.code != MISSING for one in errors_in(self.issues)):
            raise CatalogError(self.issues)
        return self.network


def is_network(source: Source) -> bool:
    """Say whether a source is a folder with a ``network.toml``, that file, or a bundled network."""
    return _file_of(source) is not None


def holds_catalogs(source: Source) -> bool:
    """Say whether a source is a folder of catalogs, and none itself."""
    path = Path(source)
    try:
        is_catalog = (path / INFO_FILE).exists() or any(path.glob("*.csv"))
        within = (one for depth in ("*", "*/*") for one in path.glob(f"{depth}/{INFO_FILE}"))
        return path.is_dir() and not is_catalog and any(within)
    except (OSError, ValueError):  # a name that the file system cannot hold
        return False


def read_network(source: Source, warnings: list[Issue] | None = None) -> Network:
    """Read a network.

    Parameters
    ----------
    source : str or path
        A folder with a ``network.toml``, that file, or the name of a bundled network.
    warnings : list of Issue, optional
        Takes what is odd in it and no error.

    Raises
    ------
    CatalogError
        With every problem of the file and of the tables beside it. The catalogs are not opened: one that is
        not there is found by whoever reads it.
    """
    found = find_network(source)
    network = found.require()
    if warnings is not None:
        warnings.extend(one for one in found.issues if one.code != MISSING)
    return network


@keeping_objects()
def find_network(source: Source) -> FoundNetwork:
    """Read a network as far as it can be read; nothing is raised for a bad file."""
    path = _file_of(source)
    if path is None:
        values = {"path": str(source), "nearest": _like_file(Path(source))}
        return FoundNetwork(None, (Issue("network-not-found", None, values),))
    try:
        stated = read_network_toml(path, str(path))
    except CatalogError as error:
        return FoundNetwork(None, error.issues)
    beside = tables_beside(path.parent, str(path.parent))
    issues = [*stated.issues, *beside.issues]
    rows = _rows(issues, stated, beside)
    issues += row_issues(rows, Place(str(path)))
    where = Whereabouts(path, (row.catalog for row in rows.of(CollegeRow)))
    network = _network(path, rows, where)
    if CollegeRow.table not in rows.incomplete:
        where.tell_unnamed(network.colleges)
    own = str(path)
    every = [*issues, *where.issues]
    every = [stated.exact(one) if one.place and one.place.file == own else one for one in every]
    return FoundNetwork(network, _each_once(every))


def _rows(issues: list[Issue], *files: NetworkTables) -> Rows:
    """Return the rows that could be read; take in the issues of all."""
    found = Rows()
    for name in (name for file in files for name in file.broken):
        found.lose(name)
    for table in (table for file in files for table in file.tables):
        parsed = parse_table(table)
        issues += parsed.issues
        found.take(table.table, parsed)
    return found


def _file_of(source: Source) -> Path | None:
    """Return the ``network.toml`` of a source; a path that exists wins over a bundled name."""
    path = Path(source)
    try:
        places = [path] if path.exists() or not path.name else [bundled_root() / path]
        files = (one if one.name == NETWORK_FILE else one / NETWORK_FILE for one in places)
        return next((one for one in files if one.is_file()), None)
    except (OSError, ValueError):  # a name that the file system cannot hold
        return None


def _like_file(folder: Path) -> str:
    """Return the file of a folder that may be meant, such as ``network.toml.txt``; a dash where none is."""
    try:
        alike = nearest(NETWORK_FILE, [path.name for path in sorted(folder.iterdir()) if path.is_file()])
    except (OSError, ValueError):  # no folder, or a name that the file system cannot hold
        return NONE_NEAR
    return alike if alike.casefold().startswith(Path(NETWORK_FILE).stem) else NONE_NEAR


def _each_once(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return issues by place: what is wrong with a block is wrong with each of its years."""
    found = {(one.code, one.place, one.found()): one for one in issues}
    return tuple(sorted(found.values(), key=Issue.sort_key))


def _network(path: Path, rows: Rows, where: Whereabouts) -> Network:
    """Return the network of the rows that could be read, each key once."""
    head = next(iter(_of(NetworkHead, rows)), NetworkHead())
    colleges = [
        College(row.id, catalog, row.region, _names(row), row.weight)
        for row in _of(CollegeRow, rows)
        if (catalog := where.catalog_of(row)) is not None
    ]
    network = Network(
        path=path,
        names={code: name for code in LANGUAGES if (name := getattr(head, f"name_{code}"))},
        regions=tuple(Region(row.id, _names(row), row.floor) for row in _of(RegionRow, rows)),
        colleges=tuple(colleges),
        budgets=tuple(_budgets(rows)),
        centres=tuple(_centres(rows)),
        places=tuple(_places(rows)),
        language=head.language,
        places_within=head.places_within,
        origins={(row.table, *row.key_values()): row.origin for row in rows.all() if row.origin and row.key},
    )
    return replace(network, sha256=_sha256(network))


def _of(kind: type[Row], rows: Rows) -> list[Row]:
    """Return the rows of a table by key, each key once."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows.of(kind):
        found.setdefault(row.key_values(), row)
    return [found[key] for key in sorted(found, key=lambda key: [natural_key(part) for part in key])]


def _names(row: Named) -> Names:
    return {code: name for code in LANGUAGES if (name := getattr(row, f"name_{code}"))}


def _budgets(rows: Rows) -> Iterator[SharedBudget]:
    found: dict[tuple[str, str], list[BudgetRow]] = {}
    for row in _of(BudgetRow, rows):
        found.setdefault((row.source, row.region or ""), []).append(row)
    for (source, region), own in found.items():
        years = {row.year: row.budget_kzt for row in own if row.year is not None}
        total = next((row.budget_kzt for row in own if row.year is None), None)
        yield SharedBudget(source, region or None, years, total)


def _centres(rows: Rows) -> Iterator[Centre]:
    hours: dict[str, dict[str, float]] = {}
    for row in _of(CentreHoursRow, rows):
        hours.setdefault(row.centre, {})[row.semester] = row.hours
    for one in _of(CentreRow, rows):
        yield Centre(one.id, hours.get(one.id, {}), _names(one), one.region)


def _places(rows: Rows) -> Iterator[Places]:
    found: dict[str, dict[int, dict[str, int]]] = {}
    for row in _of(ChoiceRow, rows):
        found.setdefault(row.college, {}).setdefault(row.choice, {})[row.programme] = row.groups
    for college, choices in found.items():
        yield Places(college, tuple(choices[number] for number in sorted(choices)))


def _sha256(network: Network) -> str:
    """Return the hash of all that a network says, whatever the order of its rows and where they stand."""
    folder = network.path.parent
    said = asdict(replace(network, path=Path(), origins={}))
    for college, one in zip(said["colleges"], network.colleges, strict=True):
        college["catalog"] = one.catalog.relative_to(folder).as_posix()
    for budget in said["budgets"]:
        budget["years_kzt"] = {str(year): kzt for year, kzt in budget["years_kzt"].items()}
    return hashlib.sha256(canonical({**said, "path": ""})).hexdigest()
