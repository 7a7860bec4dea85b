"""What an import came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curriplan.base.errors import Issue
from curriplan.base.files import write_csv
from curriplan.base.replacing import replacing
from curriplan.catalog.records import Catalog


@dataclass(frozen=True)
class Tally:
    """What became of the rows of one kind.

    Attributes
    ----------
    kind : str
        What a row is: a key ``import_kind.*`` of ``texts/cli.toml``.
    read, taken, left_out, unused : int
        Rows that the file has; that are in the catalog; that are not, because something is wrong with
        them; and that were not asked for or have no place in a catalog. The last three sum to the first.
    """

    kind: str
    read: int
    taken: int
    left_out: int
    unused: int


@dataclass(frozen=True)
class Imported:
    """A catalog out of somebody else's files, and an account of what became of every row of them.

    Attributes
    ----------
    catalog : Catalog
        What was understood.
    issues : tuple of Issue
        What was left out or is doubtful, each with its file and row.
    tallies : tuple of Tally
        What became of the rows, by kind.
    """

    catalog: Catalog
    issues: tuple[Issue, ...] = ()
    tallies: tuple[Tally, ...] = ()


COLUMNS = ("code", "file", "row", "column", "found", "advice")


def write_issues(issues: Iterable[Issue], path: Path, language: str) -> None:
    """Write one row for each issue, as CSV."""
    rows = (
        {
            "code": issue.code,
            "file": issue.place.file if issue.place else "",
            "row": issue.place.row if issue.place and issue.place.row else "",
            "column": (issue.place.column or "") if issue.place else "",
            "found": issue.found(language),
            "advice": issue.advice(language),
        }
        for issue in issues
    )
    with replacing(path) as (new,):
        write_csv(new, COLUMNS, rows)
