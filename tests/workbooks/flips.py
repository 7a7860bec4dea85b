"""Which cells a status rests on, found by following its formula, and which changes may turn it over.

A status is live where what it judges is a formula. Following references alone would do, but a sum that
picks its rows refers to whole columns: so the conditions of sums and counts are read too, by their cached
values, and only rows that meet them are offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_cell_to_rowcol

from workbooks.office import Place
from workbooks.package import Cell, Package

Change = tuple[tuple[Place, float | str], ...]
"""The new values of some cells."""

Area = tuple[list[Place], str, str]
"""The cells of a condition, its sign, and what they are compared with."""

REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'!)?(\$?[A-Z]{1,3}\$?\d+)(?::(\$?[A-Z]{1,3}\$?\d+))?")
CONDITION = re.compile(rf"\(({REFERENCE.pattern})(=|<=|>=|<>)([^()]+)\)")
CALL = re.compile(r"(SUMPRODUCT|SUMIFS|COUNTIFS)\(")
MUCH = 10_000_000.0
"""More than any hour, credit or share stands for, and than the money of a sample."""
FEW = 8
"""So many rows of a sum are tried at most."""


@dataclass
class Book:
    """The cells of a workbook by place."""

    package: Package

    @cached_property
    def cells(self) -> dict[Place, Cell]:
        sheets = self.package.sheets.values()
        return {(one.name, *place): cell for one in sheets for place, cell in one.cells.items()}

    def text(self, place: Place) -> str:
        """Return the value of a cell as text, numbers in one way."""
        cell = self.cells.get(place)
        return _plain(cell.value or "") if cell else ""

    def live(self, words: tuple[str, str]) -> list[Place]:
        """Return the formulas that show one of two words and rest on a formula, such as a sum."""
        return [
            place
            for place, cell in self.cells.items()
            if cell.formula is not None
            and cell.value in words
            and any(self._is_formula(one) for one in self._references(cell.formula, place[0]))
        ]

    def _is_formula(self, place: Place) -> bool:
        cell = self.cells.get(place)
        return cell is not None and cell.formula is not None

    def changes(self, place: Place) -> list[Change]:
        """Return changes of input cells that may turn a status over, the likely ones first."""
        formula = self.cells[place].formula or ""
        own = [one for one in self._references(formula, place[0]) if self._is_formula(one)]
        values: dict[Place, None] = {}
        counts: dict[Change, None] = {}
        for one in own:
            self._follow(one, values, counts, {place})
        found: list[Change] = []
        for new in (lambda old: old + MUCH, lambda _: 0.0, lambda old: old - MUCH):
            found += [((one, new(float(self.text(one)))),) for one in values]
        return [*counts, *found]

    def _follow(
        self, place: Place, values: dict[Place, None], counts: dict[Change, None], seen: set[Place]
    ) -> None:
        """Gather the numbers that a formula rests on."""
        if place in seen:
            return
        seen.add(place)
        cell = self.cells.get(place)
        if cell is None:
            return
        if cell.formula is None:
            if cell.is_number:
                values[place] = None
            return
        rest = cell.formula
        for call, name, inside in list(_calls(cell.formula)):
            rest = rest.replace(call, "")
            for one in self._of_call(name, inside, place[0], counts):
                self._follow(one, values, counts, seen)
        for one in self._references(rest, place[0]):
            self._follow(one, values, counts, seen)

    def _of_call(self, name: str, inside: str, sheet: str, counts: dict[Change, None]) -> list[Place]:
        """Return the cells that a conditional sum adds up; of a count, note how to fill and to empty it."""
        if name == "SUMPRODUCT":
            tests = [(one[1], one[5], one[6]) for one in CONDITION.finditer(inside)]
            summed = CONDITION.sub("", inside)
        else:
            parts = _split(inside)
            summed = parts.pop(0) if name == "SUMIFS" else ""
            tests = [
                (area, *_criterion(wanted)) for area, wanted in zip(parts[::2], parts[1::2], strict=True)
            ]
        areas = [(self._area(area, sheet), sign, wanted) for area, sign, wanted in tests]
        if not REFERENCE.search(summed):
            self._note_count(areas, sheet, counts)
            return []
        cells = self._area(summed, sheet)
        rows = [
            row
            for row in range(len(cells))
            if all(self._meets(area[row], sign, wanted, sheet) for area, sign, wanted in areas)
        ]
        if not rows:
            self._note_row(cells, areas, sheet, counts)
        return [cells[row] for row in rows][:FEW]

    def _note_row(
        self, cells: list[Place], areas: list[Area], sheet: str, counts: dict[Change, None]
    ) -> None:
        """Of a sum that no row is counted in, note how to make one count: the one that lacks least."""

        def lacking(row: int) -> list[tuple[Place, float | str]]:
            return [
                (area[row], _typed(self._wanted(wanted, sheet)))
                for area, sign, wanted in areas
                if not self._meets(area[row], sign, wanted, sheet)
            ]

        known = [row for row, one in enumerate(cells) if one in self.cells]
        if known:
            row = min(known, key=lambda one: len(lacking(one)))
            counts[(*lacking(row), (cells[row], MUCH))] = None

    def _note_count(self, areas: list[Area], sheet: str, counts: dict[Change, None]) -> None:
        for area, sign, wanted in areas:
            cells = [one for one in area if one in self.cells and self.cells[one].is_number]
            target = self._wanted(wanted, sheet)
            if sign == "=" and cells and re.fullmatch(r"-?[\d.]+", target):
                counts[tuple((one, float(target)) for one in cells)] = None
                counts[tuple((one, float(target) + 50) for one in cells)] = None

    def _meets(self, place: Place, sign: str, wanted: str, sheet: str) -> bool:
        left, right = self.text(place), self._wanted(wanted, sheet)
        if sign in ("<=", ">="):
            return (float(left) <= float(right)) if sign == "<=" else (float(left) >= float(right))
        return (left == right) is (sign == "=")

    def _wanted(self, wanted: str, sheet: str) -> str:
        if wanted.startswith('"'):
            return wanted.strip('"')
        found = self._references(wanted, sheet)
        return self.text(found[0]) if found else _plain(wanted)

    def _references(self, formula: str, sheet: str) -> list[Place]:
        """Return the cells that a formula names, one by one."""
        without_texts = re.sub(r'"[^"]*"', '""', formula)
        found = [REFERENCE.match(one[0]) for one in REFERENCE.finditer(without_texts)]
        return [place for one in found if one for place in self._cells_of(one, sheet)]

    def _area(self, text: str, sheet: str) -> list[Place]:
        match = REFERENCE.search(text)
        assert match, text
        return list(self._cells_of(match, sheet))

    def _cells_of(self, match: re.Match[str], sheet: str) -> Iterator[Place]:
        name = match[1].replace("''", "'") if match[1] else sheet
        top, left = xl_cell_to_rowcol(match[2].replace("$", ""))
        bottom, right = xl_cell_to_rowcol((match[3] or match[2]).replace("$", ""))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield name, row, column


def _plain(text: str) -> str:
    return f"{float(text):.12g}" if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) else text


def _typed(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?[\d.]+", text) else text


def _calls(formula: str) -> Iterator[tuple[str, str, str]]:
    """Yield (text, name, arguments) of each conditional sum and count."""
    for match in CALL.finditer(formula):
        depth, end = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(formula[end], 0)
            end += 1
        yield formula[match.start() : end], match[1], formula[match.end() : end - 1]


def _split(arguments: str) -> list[str]:
    """Split at the commas that stand in no text and no sheet's name."""
    return re.findall(r"""(?:[^,'"]|'(?:[^']|'')*'|"(?:[^"]|"")*")+""", arguments)


def _criterion(wanted: str) -> tuple[str, str]:
    match = re.fullmatch(r'"(<>|<=|>=)?(.*)"', wanted)
    return (match[1] or "=", f'"{match[2]}"') if match else ("=", wanted)
