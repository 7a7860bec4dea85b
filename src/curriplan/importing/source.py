"""Tables of somebody else's release: read with their row numbers, and an account of every row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Literal, Protocol

import pandas as pd

from curriplan.base.errors import CatalogError, CurriplanError, Issue, Place
from curriplan.base.refusals import reason_of
from curriplan.catalog.reading.folder import DELIMITERS, read_text
from curriplan.catalog.reading.raw import CONTROL, MAX_TEXT, clean
from curriplan.catalog.records import Catalog, CatalogInfo, CompetencyRelation
from curriplan.importing.packed import PackedFile, is_packed, packed_files
from curriplan.importing.result import Imported, Tally
from curriplan.problem.requisites import find_broader_cycles, find_requirement_cycles

VERSION = re.compile(r"\d+[._]\d+(?:[._]\d+)?")
BEYOND = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
UNCLOSED = re.compile(r"starting at row (\d+)")


@dataclass
class Source:
    """A table of a release on its way into a catalog; every row of it is accounted for.

    Attributes
    ----------
    kind : str
        What a row is: a key ``import_kind.*`` of ``texts/cli.toml``.
    file : str
        What places call the file.
    rows : DataFrame
        The rows that are still taken, as stripped text; its index is the row that Excel shows.
    sheet : str, optional
        The sheet of a workbook that they stand on.
    letters : mapping of str to str
        On a sheet, the letter of each column.
    issues : list of Issue
        What was left out or is doubtful.
    absent : frozenset of str
        Columns that the release does not have yet, or no more; their cells are empty.
    """

    kind: str
    file: str
    rows: pd.DataFrame
    sheet: str | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    absent: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._read = len(self.rows)
        self._left_out = 0

    def __getitem__(self, column: str) -> pd.Series[str]:
        return self.rows[column]

    def leave_out(self, wrong: pd.Series[bool], code: str, column: str) -> None:
        """Leave rows out because something is wrong with them, with an issue for each."""
        self.remark(wrong, code, column)
        self._left_out += int(wrong.sum())
        self.rows = self.rows[~wrong]

    def remark(self, doubtful: pd.Series[bool], code: str, column: str) -> None:
        """Take rows, with an issue for each."""
        for row, value in self.rows.loc[doubtful, column].items():
            place = Place(self.file, self.sheet, int(str(row)), self.letters.get(column, column))
            self.issues.append(Issue(code, place, {"value": value}))

    def pass_over(self, unused: pd.Series[bool]) -> None:
        """Pass over rows that were not asked for, or that a catalog has no use for."""
        self.rows = self.rows[~unused]

    def keep_known(self, column: str, known: Iterable[str]) -> None:
        """Leave out rows that name something which the release does not have, or that was left out."""
        self.leave_out(~self[column].isin(set(known)), "import-unknown-concept", column)

    def keep_chosen(self, column: str, chosen: Iterable[str]) -> None:
        """Pass over rows that speak of something that was not asked for."""
        self.pass_over(~self[column].isin(set(chosen)))

    @property
    def tally(self) -> Tally:
        """How many rows were read, are taken, were left out, and were not used."""
        taken = len(self.rows)
        unused = self._read - taken - self._left_out
        return Tally(self.kind, self._read, taken, self._left_out, unused)


ReleaseFile = Path | PackedFile
"""A file of a release: of a folder, or of the archive that was downloaded."""


def read_source(
    path: ReleaseFile,
    kind: str,
    columns: Sequence[str],
    *,
    delimiter: str = ",",
    quoted: bool = True,
    optional: Sequence[str] = (),
) -> Source:
    """Read the named columns of a text table.

    Parameters
    ----------
    path : Path or PackedFile
        The file.
    kind : str
        What a row is.
    columns : sequence of str
        The columns that are needed; others are passed over.
    quoted : bool
        Whether quotes enclose cells; else they are letters like any other.
    optional : sequence of str
        Columns that some releases do not have.

    Raises
    ------
    CatalogError
        With every problem of the file as a whole: encoding, delimiter, columns, ragged rows.
    """
    text = path.read_text() if isinstance(path, PackedFile) else read_text(path, str(path))
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    grid = _grid_of(text, str(path), delimiter, quoting)
    if grid.empty:
        known = ", ".join(columns)
        raise CatalogError.of("missing-header", Place(str(path), None, 1), known=known)
    header = [str(name).strip() for name in grid.iloc[0]]
    _refuse_header(header, columns, str(path), delimiter)
    rows = grid.iloc[1:]
    rows = rows[(rows != "").any(axis=1)]
    if (rows.iloc[:, -1] == "").any():
        usual = csv.field_size_limit(len(text) + 1)
        try:
            lines = StringIO(text, newline="")
            _refuse_short_rows(csv.reader(lines, delimiter=delimiter, quoting=quoting), path, len(header))
        finally:
            csv.field_size_limit(usual)
    there = [*columns, *(name for name in optional if header.count(name) == 1)]
    chosen = rows[[header.index(name) for name in there]]
    chosen = chosen.set_axis(there, axis=1).apply(_cleaned)
    return without_columns(Source(kind, str(path), chosen), optional)


def without_columns(source: Source, optional: Sequence[str]) -> Source:
    """Return a table with empty cells for the optional columns that it does not have."""
    absent = [name for name in optional if name not in source.rows]
    rows = source.rows.assign(**dict.fromkeys(absent, ""))
    return replace(source, rows=rows, absent=frozenset(absent))


def read_all(readers: Sequence[Callable[[], Source]]) -> list[Source]:
    """Read several tables, and report the problems of all of them together.

    Raises
    ------
    CatalogError
        With every problem of every file.
    """
    found: list[Source] = []
    issues: list[Issue] = []
    for reader in readers:
        try:
            found.append(reader())
        except CatalogError as error:
            issues += error.issues
    if issues:
        raise CatalogError(issues)
    return found


def list_files(folder: Path) -> Mapping[str, ReleaseFile]:
    """Return the files of a folder, or of an archive, by name, in small letters.

    Raises
    ------
    CatalogError
        If it is neither, or cannot be read.
    """
    if is_packed(folder):
        return packed_files(folder)
    try:
        return {path.name.casefold(): path for path in sorted(folder.iterdir())}
    except (OSError, ValueError) as error:
        raise CatalogError.of("file-unreadable", Place(str(folder)), reason=reason_of(error)) from error


class ReleaseTables(Protocol):
    """The tables of a release, whatever it is of."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The tables whose rows come into a catalog."""

    @property
    def issues(self) -> Iterator[Issue]:
        """What was left out or is doubtful, file by file."""

    @property
    def version(self) -> str | None:
        """Its version, where that is known."""


def accounted(catalog: Catalog, release: ReleaseTables, folder: Path) -> Imported:
    """Return a catalog with what became of every row of the release in `folder`."""
    issues = [*release.issues]
    if release.version is None:
        issues.append(Issue("import-release-unknown", Place(str(folder))))
    tallies = tuple(source.tally for source in release.sources)
    return Imported(catalog, tuple(sorted(issues, key=Issue.sort_key)), tallies)


Names = Sequence[str] | Sequence[tuple[str, ...]]
"""What a file may be called, the usual name first; or the names of files that together stand for it."""


def find_files(folder: Path, wanted: Mapping[str, Names]) -> dict[str, ReleaseFile]:
    """Return the file of each kind: the first that is there of the names that it may have.

    Case, blanks, dashes and underlines of names do not count.

    Raises
    ------
    CatalogError
        With every file that is missing, and with others that look like it; or if the release must be
        unpacked first.
    """
    found = find_all_files(folder, wanted)
    return {kind: paths[0] for kind, paths in found.items()}


def find_all_files(folder: Path, wanted: Mapping[str, Names]) -> dict[str, tuple[ReleaseFile, ...]]:
    """Return the files of each kind, where several may stand for one; as `find_files` does.

    Raises
    ------
    CatalogError
        As `find_files` does.
    """
    files = list_files(folder)
    plain = {_plain_name(name): path for name, path in files.items()}
    found: dict[str, tuple[ReleaseFile, ...]] = {}
    lacking: list[str] = []
    for kind, names in wanted.items():
        choices = [(one,) if isinstance(one, str) else one for one in names]
        there = [tuple(plain.get(_plain_name(name)) for name in choice) for choice in choices]
        whole = next((paths for paths in there if all(paths)), None)
        if whole is None:
            lacking.append(choices[0][0])
        else:
            found[kind] = tuple(path for path in whole if path is not None)
    if len(lacking) == len(wanted):
        for path in (folder, *files.values()):
            if isinstance(path, Path) and is_packed(path):
                raise CatalogError.of("import-packed", Place(str(path)))
    if lacking:
        raise CatalogError(_missing(folder, name, files) for name in lacking)
    return found


def _plain_name(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())


MOST_FOLDERS = 50


def _missing(folder: Path, name: str, files: Mapping[str, ReleaseFile]) -> Issue:
    stem = re.sub(r"(_[a-z]{2})?\.\w+$", "", name).casefold()
    others = [path.name for key, path in files.items() if key.startswith((f"{stem}_", f"{stem}."))]
    inner = [path for path in files.values() if isinstance(path, Path) and path.is_dir()][:MOST_FOLDERS]
    others += [f"{path.name}/{name}" for path in inner if (path / name).is_file()]
    values = {"name": name, "others": ", ".join(others[:3]) or "-"}
    return Issue("import-file-missing", Place(str(folder)), values)


def version_of(folder: Path) -> str | None:
    """Return the version that the name of the folder or archive tells: no file of a release does."""
    found = VERSION.search(folder.resolve().name)
    return found[0].replace("_", ".") if found else None


def named(names: pd.Series[str]) -> pd.Series[bool]:
    """Say which names are there, can be shown, and fit into a cell."""
    return names.map(lambda text: 0 < len(text) <= MAX_TEXT and not CONTROL.search(text)).astype(bool)


def _cleaned(cells: pd.Series[str]) -> pd.Series[str]:
    """Strip cells and give their line breaks one form, as those of a catalog have it."""
    return pd.Series([clean(text) for text in cells.tolist()], cells.index, cells.dtype, cells.name)


def _grid_of(text: str, file: str, delimiter: str, quoting: Literal[0, 3]) -> pd.DataFrame:
    """Return all cells as text, an absent one as an empty one; row n of the file has the index n."""
    try:
        grid = pd.read_csv(
            StringIO(text),
            header=None,
            dtype=str,
            na_filter=False,
            engine="c",
            sep=delimiter,
            quoting=quoting,
            skip_blank_lines=False,
        )
    except pd.errors.EmptyDataError:
        return pd.DataFrame()
    except pd.errors.ParserError as error:
        raise _malformed(str(error), file) from error
    return grid.set_axis(range(1, len(grid) + 1), axis=0)


def _malformed(message: str, file: str) -> CurriplanError:
    beyond, unclosed = BEYOND.search(message), UNCLOSED.search(message)
    if beyond is not None:
        expected, row, found = (int(part) for part in beyond.groups())
        return CatalogError.of("ragged-row", Place(file, None, row), found=found, expected=expected)
    row_of = int(unclosed[1]) + 1 if unclosed is not None else None
    return CatalogError.of("malformed-csv", Place(file, None, row_of))


def _refuse_header(header: list[str], columns: Sequence[str], file: str, delimiter: str) -> None:
    place = Place(file, None, 1)
    others = [sign for sign in DELIMITERS if sign != delimiter and sign in header[0]]
    if len(header) == 1 and others:
        raise CatalogError.of("import-wrong-delimiter", place, delimiter=DELIMITERS[others[0]])
    issues = [Issue("missing-column", place, {"column": name}) for name in columns if name not in header]
    issues += [Issue("duplicate-column", place, {"value": n}) for n in columns if header.count(n) > 1]
    if issues:
        raise CatalogError(issues)


def _refuse_short_rows(records: Iterator[list[str]], path: ReleaseFile, expected: int) -> None:
    """Refuse rows with fewer cells than the header, which pandas fills up: their values may have slipped."""
    try:
        found = [(row, len(cells)) for row, cells in enumerate(records, start=1) if any(cells)]
    except csv.Error as error:
        raise CatalogError.of("malformed-csv", Place(str(path))) from error
    issues = [
        Issue("ragged-row", Place(str(path), None, row), {"found": cells, "expected": expected})
        for row, cells in found
        if cells < expected
    ]
    if issues:
        raise CatalogError(issues)


MOST_ROUNDS = 50
"""Circles are left out one by one; a file with so many of them is no classification."""


def without_circles(
    relations: tuple[CompetencyRelation, ...], sources: Iterable[Source]
) -> tuple[CompetencyRelation, ...]:
    """Return relations without those that close a circle, which their source leaves out.

    Raises
    ------
    CatalogError
        If there are too many circles.
    """
    by_file = {source.file: source for source in sources}
    for _ in range(MOST_ROUNDS):
        catalog = Catalog(CatalogInfo(id="relations"), competency_relations=relations)
        closing = [
            circle[-1] for circle in (*find_requirement_cycles(catalog), *find_broader_cycles(catalog))
        ]
        if not closing:
            return relations
        for row in closing:
            place = row.place("target")
            source = by_file[place.file]
            source.leave_out(source.rows.index.to_series() == place.row, "import-circle", str(place.column))
        lost = {row.key_values() for row in closing}
        relations = tuple(row for row in relations if row.key_values() not in lost)
    raise CatalogError.of("import-circles", Place(", ".join(sorted(by_file))))
