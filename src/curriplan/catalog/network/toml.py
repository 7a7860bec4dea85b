"""``network.toml`` as tables of text, so that its values are read as those of every other table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from curriplan.base.errors import Issue, Place, nearest
from curriplan.catalog.reading.folder import decoded_file, line_of_key, toml_values
from curriplan.catalog.reading.raw import SHORT, RawTable, clean, shorten
from curriplan.catalog.records import RECORD_OF_TABLE, SCHEMA
from curriplan.catalog.records.network import (
    BudgetRow,
    CentreHoursRow,
    CentreRow,
    ChoiceRow,
    CollegeRow,
    NetworkHead,
    RegionRow,
)

MAX_NETWORK_MB = 10
KEYS: Mapping[str, tuple[str, ...]] = {
    "regions": RegionRow.columns(),
    "colleges": CollegeRow.columns(),
    "budgets": ("source", "region", "years", "total_kzt"),
    "centres": (*CentreRow.columns(), "hours"),
    "places": ("college", "choices"),
}
"""The arrays of tables of the file, and the keys of each."""
HEAD_KEYS = ("schema", *NetworkHead.columns())
EXAMPLES = {
    "years": "years = { 2027 = 120000000 }",
    "hours": 'hours = { "2027-1" = 400 }',
    "choices": "choices = [ { SD = 3, WD = 2 } ]",
}
"""How a value looks that is more than a text or a number."""
BLOCK = re.compile(r"""[ \t]*\[\[[ \t]*["']?([\w-]+)["']?[ \t]*\]\]""")
KEY = re.compile(r"""[ \t]*(?:\[[ \t]*[\w-]+[ \t]*\.[ \t]*)?["']?([\w-]+)["']?[ \t]*[=.\]]""")
MOST_SHOWN = 50
"""So many faults of the form are reported at once: each is an error, and no person's file has more."""

Row = Mapping[str, str]


@dataclass
class NetworkTables:
    """What stands in a file, table by table, and what is wrong with it as a whole."""

    tables: list[RawTable] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """The tables that are there but could not be read."""
    lines: dict[tuple[int, str], int] = field(default_factory=dict)
    """The line of each key of ``network.toml``, by the line of its block: a row stands at its block."""

    def exact(self, issue: Issue) -> Issue:
        """Return an issue at the line of its key, where it is one of a block."""
        place = issue.place
        line = self.lines.get((place.row or 0, place.column or "")) if place else None
        return issue if place is None or line is None else replace(issue, place=replace(place, row=line))


def read_network_toml(path: Path, file: str) -> NetworkTables:
    """Read ``network.toml`` as text; places call it `file`.

    Raises
    ------
    CatalogError
        If it cannot be read, is too large, or is no TOML.
    """
    text, notes = decoded_file(path, file, MAX_NETWORK_MB)
    # a number keeps its text: 640.000 would be 640
    values = toml_values(text, file, parse_float=lambda written: written.replace("_", ""))
    reading = _NetworkText(text, file)
    reading.read(values)
    return NetworkTables(reading.tables(), [*notes, *reading.issues], reading.broken, reading.lines)


class _NetworkText:
    """One file on its way to tables."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.issues: list[Issue] = []
        self.rows: dict[str, list[tuple[int, Row]]] = {}
        self.lines: dict[tuple[int, str], int] = {}
        self.broken: set[str] = set()

    def read(self, values: Mapping[str, Any]) -> None:
        """Take in all that the file says."""
        head: dict[str, str] = {}
        for key, value in values.items():
            line = line_of_key(self.text, key) if key in KEYS or key in HEAD_KEYS else None
            self.lines[0, key] = line or 1
            if key in KEYS:
                self._blocks(key, value, line or 1)
            elif key not in HEAD_KEYS:
                self._unknown(key, (*HEAD_KEYS, *KEYS))
            elif key == "schema":
                self._schema(value, line)
            else:
                self._take(head, key, value, line or 1)
        self.rows["head"] = [(0, head)]

    def tables(self) -> list[RawTable]:
        """Return the tables that were found."""
        return [
            self._table("head", NetworkHead.table, {}),
            self._table("regions", RegionRow.table, {}),
            self._table("colleges", CollegeRow.table, {}),
            self._table("years", BudgetRow.table, {"year": "years", "budget_kzt": "years"}),
            self._table("total_kzt", BudgetRow.table, {"budget_kzt": "total_kzt"}),
            self._table("centres", CentreRow.table, {}),
            self._table("hours", CentreHoursRow.table, {"centre": "id", "semester": "hours"}),
            self._table("choices", ChoiceRow.table, dict.fromkeys(("programme", "groups"), "choices")),
        ]

    def _table(self, kind: str, table: str, labels: Mapping[str, str]) -> RawTable:
        header = RECORD_OF_TABLE[table].columns()
        rows = tuple(
            (line, tuple(row.get(name, "") for name in header)) for line, row in self.rows.get(kind, ())
        )
        written = tuple(labels.get(name, name) for name in header)
        return RawTable(table, self.file, None, header, rows, 0, written)

    # ----------------------------------------------------------------------------- blocks

    def _blocks(self, name: str, value: Any, line: int) -> None:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self._wrong(name, line, f"[[{name}]]")
            self.broken.add(name)
            return
        starts = self._starts.get(name, [])
        for number, block in enumerate(value):
            start, end = starts[number] if len(starts) == len(value) else (line, line)
            for key, at in self._keys_between(start, end):
                self.lines.setdefault((start, key), at)
            self._block(name, block, start)

    def _block(self, name: str, block: Mapping[str, Any], line: int) -> None:
        row: dict[str, str] = {}
        nested: dict[str, Any] = {}
        for key, value in block.items():
            if key not in KEYS[name]:
                self._unknown(key, KEYS[name], self.lines.get((line, key), line))
            elif key in EXAMPLES:
                nested[key] = value
            else:
                self._take(row, key, value, line)
        if name == "budgets":
            self._budget(row, nested, line)
        elif name == "centres":
            self._add("centres", line, row)
            self._pairs("hours", nested.get("hours", {}), line, {"centre": row.get("id", "")})
        elif name == "places":
            self._choices(row, nested.get("choices", []), line)
        else:
            self._add(name, line, row)

    def _budget(self, row: dict[str, str], nested: Mapping[str, Any], line: int) -> None:
        total = row.pop("total_kzt", "")
        if total:
            self._add("total_kzt", line, {**row, "budget_kzt": total})
        self._pairs("years", nested.get("years", {}), line, row)
        if not total and nested.get("years", {}) == {}:
            values = {"source": row.get("source", "-")}
            self._report(Issue("network-budget-empty", Place(self.file, None, line), values))

    def _pairs(self, key: str, value: Any, line: int, row: Row) -> None:
        """Add a row for each pair of a table within a block: money by year, hours by semester."""
        by, amount = {"years": ("year", "budget_kzt"), "hours": ("semester", "hours")}[key]
        if not isinstance(value, dict):
            self._wrong(key, self.lines.get((line, key), line), EXAMPLES[key])
            return
        for name, found in value.items():
            cell = {**row, by: clean(name)}
            if self._take(cell, amount, found, line, key):
                self._add(key, line, cell)

    def _choices(self, row: Row, value: Any, line: int) -> None:
        at = self.lines.get((line, "choices"), line)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            self._wrong("choices", at, EXAMPLES["choices"])
            return
        for number, groups in enumerate(value, start=1):
            if not groups:
                place = Place(self.file, None, at, "choices")
                self._report(Issue("network-choice-empty", place, {"number": number}))
            for programme, count in groups.items():
                cell = {**row, "choice": str(number), "programme": clean(programme)}
                if self._take(cell, "groups", count, line, "choices"):
                    self._add("choices", line, cell)

    def _add(self, kind: str, line: int, row: Row) -> None:
        self.rows.setdefault(kind, []).append((line, row))

    # ----------------------------------------------------------------------------- values

    def _take(self, row: dict[str, str], name: str, value: Any, line: int, key: str = "") -> bool:
        """Put the text of a value into a row; report what is neither text nor number."""
        key = key or name
        if isinstance(value, bool) or not isinstance(value, str | int):
            self._wrong(key, self.lines.get((line, key), line), EXAMPLES.get(key, f'{key} = "..."'))
            return False
        row[name] = clean(value) if isinstance(value, str) else _digits(value)
        return True

    def _schema(self, value: Any, line: int | None) -> None:
        place = Place(self.file, None, line, "schema")
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            shown = shorten(str(value)) if not isinstance(value, int) else _digits(value)
            self._report(Issue("out-of-range", place, {"value": shown, "allowed": str(SCHEMA)}))
        elif value > SCHEMA:
            values = {"found": shorten(_digits(value)), "known": SCHEMA}
            self._report(Issue("schema-too-new", place, values))

    def _wrong(self, key: str, line: int, example: str) -> None:
        place = Place(self.file, None, line, key)
        self._report(Issue("network-wrong-value", place, {"key": key, "example": example}))

    def _unknown(self, key: str, known: tuple[str, ...], line: int | None = None) -> None:
        if len(self.issues) < MOST_SHOWN:
            line = line or line_of_key(self.text, key[:SHORT])
            values = {"value": shorten(key), "nearest": nearest(key, known), "known": ", ".join(known)}
            self._report(Issue("network-unknown-key", Place(self.file, None, line, shorten(key)), values))

    def _report(self, issue: Issue) -> None:
        if len(self.issues) < MOST_SHOWN:
            self.issues.append(issue)

    # ------------------------------------------------------------------------------ lines

    @cached_property
    def _split(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> Mapping[str, list[tuple[int, int]]]:
        """The first and the last line of each block, by the name of its array."""
        heads = [
            (number, found[1])
            for number, line in enumerate(self._split, start=1)
            if (found := BLOCK.match(line)) is not None
        ]
        ends = [*(number - 1 for number, _ in heads[1:]), len(self._split)]
        spans: dict[str, list[tuple[int, int]]] = {}
        for (start, name), end in zip(heads, ends, strict=True):
            spans.setdefault(name, []).append((start, end))
        return spans

    def _keys_between(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        for number, line in enumerate(self._split[start:end], start=start + 1):
            if (found := KEY.match(line)) is not None:
                yield found[1], number


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # thousands of digits, written in hexadecimal
        return f"{value >> (value.bit_length() - 32):#x}..."
