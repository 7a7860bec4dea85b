"""A working curriculum that is given for a catalog: it must be imported first."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.base.files import kind_of

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
"""Of the files that working curricula come in."""
NO_CATALOG = ("not-a-catalog", "not-a-workbook", "old-workbook")
"""What is said of a file that is no catalog, whatever it is; the workbook of a plan is told by itself."""


def may_be_curriculum(issues: Iterable[Issue]) -> bool:
    """Say whether a file of which these problems were found can be a working curriculum."""
    return any(issue.code in NO_CATALOG for issue in issues)


def curriculum_issue(path: Path) -> Issue | None:
    """Return the problem that a file is a working curriculum; None where it is none, or unreadable.

    Only asked of what is no catalog: tables of catalogs have such headings too.
    """
    from curriplan.importing.rup.grid import read_book
    from curriplan.importing.rup.headings import find_layout

    try:
        if kind_of(path) not in ENDINGS or not path.is_file():
            return None
        if not any(find_layout(sheet) for sheet in read_book(path)):
            return None
    except (CatalogError, OSError):
        return None
    return Issue("catalog-is-curriculum", Place(str(path)), {"path": str(path)})
