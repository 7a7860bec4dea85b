"""Files of scores and of vacancies: any separator of columns that Excel writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from curriplan.catalog.reading.folder import DELIMITERS, read_text
from curriplan.importing.source import Source, read_source


def read_rows(path: Path, kind: str, columns: Sequence[str], optional: Sequence[str] = ()) -> Source:
    """Read the named columns of a text table, whose separator is the sign that its first line has most of.

    Raises
    ------
    CatalogError
        If the file cannot be read, or lacks a column.
    """
    head = read_text(path, str(path)).partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    return read_source(path, kind, columns, delimiter=delimiter, optional=optional)
