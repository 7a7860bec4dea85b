"""A working curriculum that is given for a catalog: it must be imported first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.base.files import kind_of

NO_CATALOG = ("not-a-catalog", "not-a-workbook", "old-workbook", "open-document")
"""What is said of a file that is no catalog, whatever it is; the workbook of a plan is told by itself."""
LEAST_TABLES = 3
"""Sheets called like tables of a catalog, from which on a file is one: saved in another format than .xlsx."""


def may_be_curriculum(issues: Iterable[Issue]) -> bool:
    """Say whether a file of which these problems were found can be a working curriculum."""
    return any(issue.code in NO_CATALOG for issue in issues)


def curriculum_issue(path: Path) -> Issue | None:
    """Return the problem that a file is a working curriculum, or a plan; None for others and the unreadable.

    Only asked of what is no catalog. One that was saved as .xls or .ods is told by its sheets: its tables
    have headings like those of curricula.
    """
    from curriplan.catalog.reading.names import table_names
    from curriplan.catalog.reading.sheets import ALL_ENDINGS
    from curriplan.catalog.reading.workbook import is_of_a_plan
    from curriplan.importing.rup.grid import read_book
    from curriplan.importing.rup.headings import find_layout

    try:
        if kind_of(path) not in ALL_ENDINGS or not path.is_file():
            return None
        sheets = read_book(path)
        names = {sheet.name for sheet in sheets}
        if is_of_a_plan(names):
            return Issue("workbook-of-plan", Place(str(path)))
        if sum(table_names().find(name) is not None for name in names) >= LEAST_TABLES:
            return None
        if not any(find_layout(sheet) for sheet in sheets):
            return None
    except (CatalogError, OSError):
        return None
    return Issue("catalog-is-curriculum", Place(str(path)), {"path": str(path)})
