"""Catalogs and profiles as a user names them: read and checked at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from curriplan.api.curriculum_file import curriculum_issue, may_be_curriculum
from curriplan.api.today import today_issues
from curriplan.base.errors import CatalogError, Issue, Place, errors_in
from curriplan.catalog.reading.folder import read_csv_table
from curriplan.catalog.reading.parse import parse_table
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog, ProfileEntry
from curriplan.problem.checks import find_problems
from curriplan.problem.checks.careful import Unchecked
from curriplan.problem.limits import effective_limits
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

logger = logging.getLogger(__name__)

DEFAULT_CATALOG = "kz-digital-college"
Source = str | PathLike[str]


@dataclass(frozen=True)
class Reading:
    """A catalog as it was read and checked.

    Attributes
    ----------
    found : Catalog or None
        What could be read of it.
    issues : tuple of Issue
        Everything wrong with it, errors and warnings, by place.
    source : str or None
        The name of a bundled catalog, or an absolute path; None for one made in code.
    notes : tuple of Issue
        What is neither an error nor a warning, as `curriplan.catalog.reading.read.ReadResult` has it.
    unchecked : tuple of Unchecked
        What could not be checked, because of cells or rows that could not be read.
    """

    found: Catalog | None
    issues: tuple[Issue, ...]
    source: str | None
    notes: tuple[Issue, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that stop the work."""
        return errors_in(self.issues)

    def require(self) -> Catalog:
        """Return the catalog.

        Raises
        ------
        CatalogError
            With every issue, if any is an error.
        """
        if self.found is None or self.errors:
            raise CatalogError(self.issues)
        return self.found


def read(source: Source | None = None, settings: Settings | None = None) -> Reading:
    """Read and check a catalog, the illustrative one by default.

    Raises
    ------
    UsageError
        If the settings name a programme, an objective or a solver that there is not.
    """
    source = DEFAULT_CATALOG if source is None else source
    result = read_catalog(source)
    issues, unchecked = result.issues, tuple[Unchecked, ...]()
    if result.partial is not None:
        limits = effective_limits(result.partial, settings) if result.catalog is not None else None
        findings = find_problems(result.partial, limits, incomplete=result.incomplete)
        issues += findings.issues
        unchecked = findings.unchecked
        if result.catalog is not None and not errors_in(issues):
            issues += tuple(today_issues(Problem.of(result.catalog, settings)))
    elif may_be_curriculum(issues) and (said := curriculum_issue(Path(source))) is not None:
        issues = (said,)
    logger.info("catalog %s: %d issues", source, len(issues))
    ordered = tuple(sorted(issues, key=Issue.sort_key))
    return Reading(result.partial, ordered, _identified(source), result.notes, unchecked)


def _identified(source: Source) -> str:
    path = Path(source)
    try:
        return str(path.resolve()) if path.exists() else str(source)
    except OSError:  # a name that the file system cannot hold
        return str(source)


def require_programmes(catalog: Catalog) -> None:
    """Refuse a catalog that has nothing to plan.

    Raises
    ------
    CatalogError
        If it is a classification without programmes.
    """
    if catalog.info.classification and not catalog.programmes:
        raise CatalogError.of("nothing-to-plan", Place(catalog.info.id))


def read_profile(path: Path, warnings: list[Issue] | None = None) -> tuple[ProfileEntry, ...]:
    """Read a regulation profile from a CSV file with the columns of the table ``profile``.

    Parameters
    ----------
    warnings : list of Issue, optional
        Takes what was odd in the file and understood.

    Raises
    ------
    CatalogError
        With every problem of the file.
    """
    table = read_csv_table(path, ProfileEntry.table, str(path))
    parsed = parse_table(table)
    if errors_in(parsed.issues):
        raise CatalogError(parsed.issues)
    if warnings is not None:
        warnings.extend(parsed.issues)
    return tuple(row for row in parsed.records if isinstance(row, ProfileEntry))
