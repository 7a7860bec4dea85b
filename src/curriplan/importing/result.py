"""What an import came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from curriplan.errors import Issue
from curriplan.model import Catalog


@dataclass(frozen=True)
class Imported:
    """A catalog out of somebody else's files, and an account of what became of every row of them.

    Attributes
    ----------
    catalog : Catalog
        What was understood.
    counts : mapping of str to int
        How many rows of which kind were read, taken, and left out for which reason; the keys are keys of
        ``texts/cli.toml``, in the order in which they are shown.
    issues : tuple of Issue
        What was left out or is doubtful, each with its file and row.
    """

    catalog: Catalog
    counts: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
