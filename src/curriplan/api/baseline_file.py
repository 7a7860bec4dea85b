"""The levels that people hold who come: those of a file, or of the learners of a programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, errors_in
from curriplan.catalog.reading.folder import read_csv_table
from curriplan.catalog.reading.parse import parse_table
from curriplan.catalog.records import Baseline, Catalog
from curriplan.problem.checks.keys import unknown_ids
from curriplan.problem.made_programme import MADE


def read_baseline(
    catalog: Catalog, named: Mapping[str, int] | str | PathLike[str], warnings: list[Issue] | None = None
) -> dict[str, int]:
    """Return levels by competency.

    Parameters
    ----------
    named : mapping, str or path
        The levels; a CSV file with the columns competency and level; or a programme of the catalog whose
        learners bring the same.
    warnings : list of Issue, optional
        Takes what was odd in the file and understood.

    Raises
    ------
    CatalogError
        With every problem of the file, such as a competency that is there twice, or not in the catalog.
    """
    issues: list[Issue] = []
    if isinstance(named, Mapping):
        rows = [Baseline(programme=MADE, competency=one, level=level) for one, level in named.items()]
    elif not Path(named).exists() and str(named) in catalog.programme_by_id:
        rows = [row for row in catalog.baseline if row.programme == str(named)]
    else:
        rows, issues = _of_file(Path(named))
        issues += _twice(rows)
    issues += unknown_ids(rows, "competency", "competencies", set(catalog.competency_by_id))
    if errors_in(issues):
        raise CatalogError(issues)
    if warnings is not None:
        warnings.extend(issues)
    found: dict[str, int] = {}
    for row in rows:
        found[row.competency] = max(row.level, found.get(row.competency, 0))
    return found


def _twice(rows: Iterable[Baseline]) -> Iterator[Issue]:
    """Yield the rows of a file whose competency another row has: nothing says which of the levels holds."""
    first: dict[str, Baseline] = {}
    for row in rows:
        known = first.setdefault(row.competency, row)
        if known is not row:
            values = {"key": row.competency, "first": str(known.place())}
            yield Issue("duplicate-key", row.place("competency"), values)


def _of_file(path: Path) -> tuple[list[Baseline], list[Issue]]:
    """Read a table `baseline` that need not name a programme."""
    table = read_csv_table(path, Baseline.table, str(path))
    if "programme" not in table.header:
        filled = tuple((at, (*row, MADE)) for at, row in table.rows)
        table = replace(table, header=(*table.header, "programme"), rows=filled)
    parsed = parse_table(table)
    return [row for row in parsed.records if isinstance(row, Baseline)], list(parsed.issues)
