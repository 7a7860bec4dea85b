"""What an import came to."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.errors import Issue
from curriplan.model import Catalog


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
