"""One table in every form: cells of a workbook, CSV, JSON, a DataFrame, a terminal.

A column says in one place all that is to be said of it, and formulas find cells by the keys of columns,
never by a number or a letter: a column more is one entry more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic

from curriplan.texts.words import with_plain_spaces
from curriplan.xlsx.charts import Cells
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Range, Scalar, Term

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import TypeVar

    Row = TypeVar("Row", default=Any)
else:  # at run time Python 3.11 knows no defaults, and needs none
    from typing import TypeVar

    Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column of a table.

    Parameters
    ----------
    key : str
        Of the text of its header in a workbook; empty for a column that no workbook shows.
    style : str
        Of its cells.
    width : float
        Characters; 0 where several tables share the columns of a sheet.
    value : callable, optional
        What stands in a row. Yes and no are words in workbooks and on terminals.
    formula : callable, optional
        What stands in a workbook instead, made of other cells of its line.
    varying : callable, optional
        What tells the style of a row's cell, where that differs from row to row.
    late : bool
        Whether the formula looks at whole columns: it is written when the other cells stand.
    is_open : bool
        Whether a reader may write there.
    span : int
        How many columns of the sheet it takes.
    field : str, optional
        Its name in CSV, JSON and a DataFrame; None where those do without it.
    digits : int, optional
        To which it is rounded there.
    console : str, optional
        Key of its header on a terminal, empty for that of a workbook; None where it is not shown there.
    letters : int
        So many letters of a text are shown on a terminal.
    """

    key: str = ""
    style: str = "text"
    width: float = 0
    value: Callable[[Row], Any] | None = None
    formula: Callable[[Line[Row]], Term | Scalar] | None = None
    varying: Callable[[Row], str] | None = None
    late: bool = False
    is_open: bool = False
    span: int = 1
    field: str | None = None
    digits: int | None = None
    console: str | None = None
    letters: int = 80

    def of(self, row: Row) -> Any:
        """Return what stands in a row, None for what only a formula tells."""
        return None if self.value is None else self.value(row)


class Table(Generic[Row]):
    """Columns in their order; the rows are handed to whatever shows them.

    `look` tells a style that all cells of a row have beside their own.
    """

    def __init__(self, *columns: Column[Row], look: Callable[[Row], str] | None = None) -> None:
        self.columns = columns
        self._look = look
        self.shown = tuple(column for column in columns if column.key)
        """Those of a workbook."""
        ends = [sum(column.span for column in self.shown[:place]) for place in range(len(self.shown))]
        self._places = dict(zip((column.key for column in self.shown), ends, strict=True))
        assert len(self._places) == len(self.shown), "two columns of one key"

    def place(self, key: str) -> int:
        """Return the number of a column in a sheet that begins with the table."""
        return self._places[key]

    @property
    def widths(self) -> tuple[float, ...]:
        """The widths of a sheet's columns, in characters."""
        return tuple(column.width for column in self.shown)

    @property
    def last(self) -> int:
        """The number of the last column in the sheet."""
        return sum(column.span for column in self.shown) - 1

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the columns in CSV, JSON and a DataFrame."""
        return tuple(column.field for column in self.columns if column.field is not None)

    def records(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Return plain records for CSV and JSON; their keys are `fields`."""
        named = [(column.field, column) for column in self.columns if column.field is not None]
        return [{name: _plain(column, row) for name, column in named} for row in rows]

    def frame(self, rows: Iterable[Row]) -> pd.DataFrame:
        """Return the records as a DataFrame; without rows it has its columns all the same."""
        import pandas as pd

        return pd.DataFrame(self.records(rows), columns=list(self.fields))

    def style(self, column: Column[Row], row: Row) -> str:
        """Return the style of a cell."""
        own = column.style if column.varying is None else column.varying(row)
        return own if self._look is None else f"{own} {self._look(row)}".strip()

    def write(self, sheet: Sheet, top: int, rows: Sequence[Row]) -> Placed[Row]:
        """Write the header into `top` and the row below it, then the rows."""
        return self.fill(sheet, sheet.header(top, self.shown), rows)

    def fill(self, sheet: Sheet, first: int, rows: Sequence[Row]) -> Placed[Row]:
        """Write the rows, from `first` on."""
        placed = Placed(sheet, self, first, rows)
        lines = [Line(placed, place, row) for place, row in enumerate(rows, start=placed.first)]
        for late in (False, True):
            for line in lines:
                for column in self.shown:
                    if column.late is late:
                        line.write(column)
        return placed


def _plain(column: Column[Row], row: Row) -> Any:
    value = column.of(row)
    if isinstance(value, str):
        return with_plain_spaces(value)  # files are read by programs too
    return value if column.digits is None else round(value, column.digits)


class Placed(Generic[Row]):
    """A table where it stands in a sheet: its cells by row and key of the column."""

    def __init__(self, sheet: Sheet, table: Table[Row], first: int, rows: Sequence[Row]) -> None:
        self.sheet, self.table, self.first, self.rows = sheet, table, first, rows
        self.last = first + len(rows) - 1
        """Row of the last record; before `first` where there is none."""
        self._ranges: dict[str, Range] = {}

    def place(self, key: str) -> int:
        """Return the number of a column in the sheet."""
        return self.table.place(key)

    def ref(self, row: int, key: str) -> Term:
        """Return a reference to a cell of a row of the sheet."""
        return self.sheet.ref(row, self.place(key))

    def range(self, key: str) -> Range:
        """Return a whole column; ask only when its cells are written."""
        if key not in self._ranges:
            self._ranges[key] = self.sheet.range(self.place(key), self.first, self.last)
        return self._ranges[key]

    def cells(self, key: str, first: int, last: int) -> Cells:
        """Return a stretch of a column, for a chart."""
        place = self.place(key)
        return self.sheet.cells(first, place, last, place)

    def header(self, key: str) -> Cells:
        """Return the header of a column, for a chart."""
        return self.cells(key, self.first - 1, self.first - 1)

    def lines(self) -> list[tuple[int, Row]]:
        """Return each row with its number in the sheet."""
        return list(enumerate(self.rows, start=self.first))

    def page(self, frozen: int = 0, *, filtered: bool = True, name: str = "") -> None:
        """Keep the header in view and on every page, and so many columns in view; offer filters.

        With a name it is a table that can be sorted as well: see `Sheet.sortable`.
        """
        self.sheet.freeze(self.first, frozen)
        self.sheet.repeat(self.first - 1, self.first - 1)
        if name:
            self.sheet.sortable(name, self.first - 1, self.last, self.table.last)
        elif filtered:
            self.sheet.filter(self.first - 1, self.last, self.table.last)


@dataclass(frozen=True)
class Line(Generic[Row]):
    """A row of a table in a sheet: what formulas of its cells are made of."""

    placed: Placed[Row]
    place: int
    """Its row in the sheet."""
    row: Row

    def __getitem__(self, key: str) -> Term:
        return self.placed.ref(self.place, key)

    @property
    def above(self) -> Line[Row] | None:
        """The line above it, None for the first."""
        before = self.place - self.placed.first - 1
        return None if before < 0 else Line(self.placed, self.place - 1, self.placed.rows[before])

    def range(self, key: str) -> Range:
        """Return a whole column, for a formula that is `late`."""
        return self.placed.range(key)

    def write(self, column: Column[Row]) -> None:
        """Write the cell of a column."""
        value = column.of(self.row) if column.formula is None else column.formula(self)
        if isinstance(value, bool):
            value = self.placed.sheet.texts("word.yes" if value else "word.no")
        first = self.placed.place(column.key)
        style = self.placed.table.style(column, self.row)
        if column.is_open:
            self.placed.sheet.open(self.place, first, value, style)
        else:
            self.placed.sheet.put_across(self.place, value, style, first, first + column.span - 1)
