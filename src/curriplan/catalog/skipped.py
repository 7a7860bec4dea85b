"""Rows of a table that are no data: totals, remarks, the header once more. Each is named in a warning."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from curriplan.catalog import understand
from curriplan.catalog.names import column_names
from curriplan.catalog.raw import Cells, RawTable, listed, shorten
from curriplan.catalog.types import ColumnType
from curriplan.errors import Issue
from curriplan.model import ID_PATTERN, RECORD_OF_TABLE

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
