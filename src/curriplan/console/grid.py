"""Tables of plain text: headers, rows, names cut to fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from curriplan.console.terminal import printable

if TYPE_CHECKING:
    from rich.table import Table


def grid(columns: Sequence[tuple[str, str]]) -> Table:
    """Return an empty table with headers; `columns` are (header, ``left`` or ``right``)."""
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for header, justify in columns:
        left = justify == "left"
        table.add_column(
            Text(header),
            justify="left" if left else "right",
            no_wrap=not left,
            overflow="ellipsis" if left else "fold",
        )
    return table


def add_row(table: Table, *cells: object) -> None:
    """Add a row of plain texts."""
    from rich.text import Text

    table.add_row(*(Text(printable(str(cell))) for cell in cells))


def short(text: str, width: int) -> str:
    """Return a text, cut where it is longer than `width`."""
    return text if len(text) <= width else text[: width - 3].rstrip() + "..."
