"""What a notebook shows of a result: a line, and the first rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 20
"""Of a longer table the first and the last rows stand there, as pandas shows them."""


def notebook_html(shown: object, table: pd.DataFrame) -> str:
    """Return a result as HTML: its ``repr`` without the angle brackets, and a table under it."""
    line = escape(repr(shown).removeprefix("<").removesuffix(">"))
    rows = table.to_html(max_rows=ROWS_SHOWN, index=False, border=0) if len(table) else ""
    return f"<p>{line}</p>\n{rows}"


def frame_of(rows: Iterable[Sequence[Any]], *columns: str) -> pd.DataFrame:
    """Return rows as a DataFrame with columns of these names."""
    import pandas as pd

    return pd.DataFrame([list(row) for row in rows], columns=list(columns))
