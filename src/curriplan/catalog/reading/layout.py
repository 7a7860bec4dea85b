"""Find the header of a table among its rows, name its columns, and fill merged cells.

What is understood is said in a warning; a table whose header stands in row 1 with the names of the format
passes through unchanged.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.reading import understand
from curriplan.catalog.reading.names import column_names
from curriplan.catalog.reading.raw import MAX_COLUMNS, Area, Cells, RawTable, column_letter, listed, shorten
from curriplan.catalog.reading.types import ColumnType, required_columns
from curriplan.catalog.records import ID_PATTERN, RECORD_OF_TABLE
from curriplan.texts.titles import INFO_TABLE

HEADER_WITHIN = 30
"""The header is looked for in so many rows."""
SHOWN = 5
"""So many names or rows a warning lists; it counts the rest."""

UNKNOWN = "?"
"""Stands for a header cell that names no column."""

Row = tuple[int, Cells]


@dataclass(frozen=True)
class Header:
    """The header of a table: its rows, its texts as written, and the names of the columns."""

    rows: tuple[int, ...]
    written: tuple[str, ...]
    names: tuple[str, ...]
    above: tuple[str, ...] = ()

    @property
    def row(self) -> int:
        """The last row of the header, for places."""
        return self.rows[-1]

    def found(self) -> int:
        """Return how many columns have a name of the format."""
        return sum(name != "" for name in self.names)


@dataclass
class FilledSheet:
    """Filled rows of text on their way to a table, and what is beside them in a workbook."""

    table: str
    file: str
    sheet: str | None
    rows: list[Row]
    faults: list[tuple[int, Issue]] = field(default_factory=list)
    merged: Sequence[Area] = ()
    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()

    def place(self, row: int | None = None, index: int | None = None) -> Place:
        """Return the place of a cell, of a row or of the whole."""
        return Place(self.file, self.sheet, row, None if index is None else column_letter(index))


def lay_out(sheet: FilledSheet, header: Header, notes: Iterable[Issue] = ()) -> RawTable:
    """Return the table below a header, its merged group columns filled.

    Raises
    ------
    CatalogError
        If its header is empty, or merged ranges overlap.
    """
    if not any(header.written):
        raise CatalogError.of("missing-header", sheet.place(1), known=", ".join(_columns(sheet.table)))
    names = tuple(a or b for a, b in zip(header.names, header.written, strict=True))
    data = [row for row in sheet.rows if row[0] > header.row]
    rows, filled, left = _fill(sheet, names, data, header.row)
    return RawTable(
        sheet.table,
        sheet.file,
        sheet.sheet,
        names,
        tuple(rows),
        header.row,
        header.written if header.written != names else (),
        (*notes, *_header_notes(sheet, header), *filled, *_hidden_notes(sheet, header, data)),
        tuple(fault for fault in sheet.faults if fault[0] > header.row),
        tuple(left),
    )


def find_header(table: str, rows: Sequence[Row]) -> Header:
    """Return the first row among the first thirty that names every required column, else the likeliest."""
    head = [row for row in rows[:HEADER_WITHIN] if row[0] <= HEADER_WITHIN]
    plain = _plain_header(table, head)
    if plain is not None:
        return plain
    candidates = list(_candidates(table, head))
    required = set(_required(table))
    whole = next((header for header in candidates if required <= set(header.names)), None)
    best = whole or max(candidates, key=Header.found, default=None)
    if best is not None and best.found():
        return best
    first = head[0] if head and head[0][0] == 1 else (1, ())
    return Header((first[0],), _texts(first[1]), ("",) * len(first[1]))


def _plain_header(table: str, head: Sequence[Row]) -> Header | None:
    """Return row 1 where it has names of the format only, and all that are required."""
    if not head or head[0][0] != 1:
        return None
    texts = _texts(head[0][1])
    if not set(_required(table)) <= set(texts) <= {*_columns(table), ""}:
        return None
    below = head[1] if len(head) > 1 else None
    return None if below and _is_second(_names_of(table, below[1]), texts) else Header((1,), texts, texts)


def _candidates(table: str, head: Sequence[Row]) -> Iterator[Header]:
    """Yield each row as a header, together with the next where that names the columns it leaves open."""
    named = [_names_of(table, cells) for _, cells in head]
    above: list[str] = []
    for at, row in enumerate(head):
        texts = _texts(row[1])
        if at + 1 < len(head) and any(_known(named[at])) and _is_second(named[at + 1], named[at]):
            yield _joined((row, head[at + 1]), (named[at], named[at + 1]), tuple(above))
        else:
            yield Header((row[0],), texts, _wide(_known(named[at]), len(texts)), tuple(above))
        above += [text for text in texts if text][:1]


def _is_second(below: Sequence[str], above: Sequence[str]) -> bool:
    """Say whether a row names columns and only such as the row above it leaves without a name."""
    filled = [at for at, name in enumerate(below) if name]
    return bool(filled) and UNKNOWN not in below and all(_at(above, at) in ("", UNKNOWN) for at in filled)


def _joined(
    rows: tuple[Row, Row], named: tuple[Sequence[str], Sequence[str]], above: tuple[str, ...]
) -> Header:
    """Return two rows as one header: the lower one tells the columns of a group apart."""
    width = max(len(cells) for _, cells in rows)
    written = _lower_first(*(_wide(_texts(cells), width) for _, cells in rows))
    names = _lower_first(*(_wide(_known(names), width) for names in named))
    return Header((rows[0][0], rows[1][0]), written, names, above)


def _lower_first(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    return tuple(b or a for a, b in zip(upper, lower, strict=True))


def _names_of(table: str, cells: Cells) -> tuple[str, ...]:
    """Return the column that each cell names; another spelling counts where no other cell names it."""
    names = column_names(table)
    texts = _texts(cells)[:MAX_COLUMNS]
    found = [names.find(text) if text else "" for text in texts]
    for at, text in enumerate(texts):
        if found[at] is None:
            guess = names.guess(text)
            found[at] = guess if guess is not None and guess not in found else UNKNOWN
    return tuple(name or "" for name in found)


def _known(names: Sequence[str]) -> tuple[str, ...]:
    return tuple("" if name == UNKNOWN else name for name in names)


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""


def _texts(cells: Cells) -> tuple[str, ...]:
    return tuple(cell or "" for cell in cells)


def _wide(texts: Sequence[str], width: int) -> tuple[str, ...]:
    return (*texts, *[""] * (width - len(texts)))


def _columns(table: str) -> tuple[str, ...]:
    return ("key", "value") if table == INFO_TABLE else RECORD_OF_TABLE[table].columns()


def _required(table: str) -> tuple[str, ...]:
    return _columns(table) if table == INFO_TABLE else required_columns(RECORD_OF_TABLE[table])


def _header_notes(sheet: FilledSheet, header: Header) -> Iterator[Issue]:
    place = sheet.place(header.rows[0])
    if header.rows[0] > 1:
        above = "".join(f"; {text}" for text in header.above[:SHOWN]).replace(";", ":", 1)
        yield Issue("header-not-first", place, {"row": header.rows[0], "above": above})
    if len(header.rows) > 1:
        yield Issue("header-in-two-rows", place, {"rows": listed(header.rows)})
    official = column_names(sheet.table).official
    pairs = [
        f"{written} = {name}"
        for written, name in zip(header.written, header.names, strict=True)
        if name and written not in official
    ]
    if pairs:
        values = {"count": len(pairs), "names": "; ".join(pairs[: 2 * SHOWN])}
        yield Issue("header-understood", sheet.place(header.row), values)


# ------------------------------------------------------------------------------------- merged cells


def _fill(
    sheet: FilledSheet, names: Sequence[str], rows: list[Row], header_row: int
) -> tuple[list[Row], list[Issue], list[Area]]:
    """Repeat the value of merged cells in the rows of their group column; return what is left too."""
    groups = _group_columns(sheet.table)
    cells_of = dict(rows)
    numbers = sorted(cells_of)
    filled: list[Area] = []
    left: list[Area] = []
    for area in sorted(sheet.merged, key=lambda area: (area.left, area.top)):
        if area.bottom <= header_row:
            continue
        if not _text_at(cells_of, area.top, area.left):
            if _covers_text(area, numbers, cells_of):
                left.append(area)
            continue
        apart = not filled or filled[-1].left != area.left or filled[-1].bottom < area.top
        is_group = area.left == area.right and _at(names, area.left) in groups
        done = is_group and apart and _fill_one(area, numbers, cells_of)
        (filled if done else left).append(area)
    left = [area for area in left if area.top < area.bottom or any(names[area.left + 1 : area.right + 1])]
    return [(number, cells_of[number]) for number in numbers], list(_fill_notes(sheet, names, filled)), left


def _covers_text(area: Area, numbers: Sequence[int], cells_of: Mapping[int, Cells]) -> bool:
    """Say whether cells below the header have a text that nobody sees, the first of the range being empty."""
    inside = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
    return any(any(cells_of[number][area.left : area.right + 1]) for number in inside)


def _fill_one(area: Area, numbers: Sequence[int], cells_of: dict[int, Cells]) -> bool:
    """Fill one range of one column; return False, with nothing done, where a covered cell differs."""
    value = _text_at(cells_of, area.top, area.left)
    inside = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
    if any(_text_at(cells_of, number, area.left) not in ("", value) for number in inside):
        return False
    for number in inside:
        cells = [*cells_of[number], *[""] * (area.left + 1 - len(cells_of[number]))]
        cells[area.left] = value
        cells_of[number] = tuple(cells)
    return True


def _text_at(cells_of: dict[int, Cells], row: int, index: int) -> str:
    """Return the text of a cell; that of one that could not be read is empty too."""
    return _at([cell or "" for cell in cells_of.get(row, ())[: index + 1]], index)


def _group_columns(table: str) -> frozenset[str]:
    """Return the columns whose value may stand once for several rows: references, and the section."""
    if table == INFO_TABLE:
        return frozenset()
    record = RECORD_OF_TABLE[table]
    columns = (name for name in record.columns() if name != "key")
    return frozenset(n for n in columns if n == "section" or record.column_info(n)["references"])


def _fill_notes(sheet: FilledSheet, names: Sequence[str], filled: Sequence[Area]) -> Iterator[Issue]:
    for index in sorted({area.left for area in filled}):
        areas = [area for area in filled if area.left == index]
        shown = ", ".join(str(area) for area in areas[:SHOWN]) + (", ..." if len(areas) > SHOWN else "")
        values = {"count": len(areas), "column": names[index], "ranges": shown}
        yield Issue("merged-filled", sheet.place(areas[0].top, index), values)


def _hidden_notes(sheet: FilledSheet, header: Header, rows: Sequence[Row]) -> Iterator[Issue]:
    hidden = [number for number, _ in rows if number in sheet.hidden_rows] if sheet.hidden_rows else []
    if hidden:
        yield Issue("hidden-rows", sheet.place(hidden[0]), {"count": len(hidden), "rows": listed(hidden)})
    columns = [at for at, name in enumerate(header.names) if name and at in sheet.hidden_columns]
    if columns:
        values = {"columns": ", ".join(f"{column_letter(at)} {header.names[at]}" for at in columns)}
        yield Issue("hidden-columns", sheet.place(header.row, columns[0]), values)


FEW = 2


class Skipped:
    """The rows of one table that hold no record, by what they are instead."""

    def __init__(
        self,
        raw: RawTable,
        columns: Mapping[str, int],
        types: Mapping[str, ColumnType],
        required: Collection[str],
    ) -> None:
        self.raw, self.columns, self.types, self.required = raw, columns, types, required
        self.lead = next((columns[name] for name in required if name in columns), None)
        self.names = {name.casefold() for name in column_names(raw.table).official}
        self.found: dict[str, list[tuple[int, str]]] = {}
        self.rows: set[int] = set()

    def take(self, number: int, cells: Cells, *, is_record: bool) -> bool:
        """Say whether a row is no data, and remember it; one that can be read only if it is the header."""
        if is_record and not self._may_be_header(cells):
            return False
        texts = [text for text in cells if text]
        code = self._code(cells, texts, is_record) if texts else None
        if code is None:
            return False
        self.found.setdefault(code, []).append((number, texts[0]))
        self.rows.add(number)
        return True

    def issues(self) -> Iterator[Issue]:
        """Yield one warning for each kind of row."""
        for code, rows in self.found.items():
            first, text = rows[0]
            values = {"count": len(rows), "rows": listed(row for row, _ in rows), "value": shorten(text)}
            yield Issue(code, self.raw.place(first), values)

    def _code(self, cells: Cells, texts: list[str], is_record: bool) -> str | None:
        if self._is_header(cells):
            return "repeated-header"
        if is_record:
            return None
        if any(understand.is_total(text) for text in texts) and not self._has_key(cells):
            return "total-row"
        is_alone = len(texts) == 1 and sum(cell != "" for cell in cells) == 1
        index = next(at for at, text in enumerate(cells) if text)
        return "note-row" if is_alone and self._is_key(index) and understand.is_note(texts[0]) else None

    def _may_be_header(self, cells: Cells) -> bool:
        """Say at once of most rows that they are not the header: its names seldom can be read as data."""
        return self.lead is not None and (cells[self.lead] or "").casefold() in self.names

    def _is_header(self, cells: Cells) -> bool:
        """Say whether every filled cell names its own column, in any language."""
        names = column_names(self.raw.table)
        pairs = [(name, text) for name, text in zip(self.raw.header, cells, strict=True) if text]
        return len(pairs) >= FEW and all(
            name in (names.find(text), names.guess(text)) or not name for name, text in pairs
        )

    def _has_key(self, cells: Cells) -> bool:
        """Say whether any column of the key holds what it should; the word Total alone does not."""
        whole = all(cells[self.columns[name]] for name in self.required if name in self.columns)
        keys = [(name, index) for name, index in self.columns.items() if self._is_key(index)]
        return any(self._fits(name, cells[index] or "", whole) for name, index in keys)

    def _fits(self, name: str, text: str, whole: bool) -> bool:
        kind = self.types[name]
        if kind.is_number:
            return understand.NUMBER.fullmatch(text) is not None
        is_word = understand.is_total(text) and not whole
        return bool(text) and not is_word and understand.matches(text, kind.pattern or "")

    def _is_key(self, index: int) -> bool:
        """Say whether a column identifies its row, or has no header."""
        name = self.raw.header[index]
        record = RECORD_OF_TABLE[self.raw.table]
        keys = {record.model_fields[key].alias or key for key in record.key}
        return name not in self.columns or (name in keys and self._is_strict(name))

    def _is_strict(self, name: str) -> bool:
        kind = self.types[name]
        return kind.is_number or kind.pattern == ID_PATTERN
