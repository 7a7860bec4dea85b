"""Find the table of a working curriculum on a sheet, and what its columns are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from curriplan.catalog.reading.raw import Area
from curriplan.importing.rup.context import in_context
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.roles import PAIR, REPEATABLE, WEEKLY, HeadedColumn, Role, read_heading, role_of
from curriplan.importing.rup.vocabulary import WEEKS, folded, section_of

MAX_HEADING_ROWS = 12
MAX_ROWS_BEFORE = 300
"""Filled rows above the table that are looked through."""
MAX_ROWS_BELOW = 1500
"""Filled rows below the first table in which others are looked for."""
FEWEST_ROLES = 3
MOST_ROWS_ABOVE = 3
FEWEST_GROUPS = 2
MAX_HEADING = 200
LONGEST_SIGN = 4
NUMBER = re.compile(r"\d{1,2}([.,]\d)?")
MOST_WEEKLY = 60
"""Weeks of a semester, or hours of a week, that a row under a heading says at most."""
GROUP = re.compile(r"семестр|\bкурс\b|контрол|бақылау|час|сағат|semester|распредел")
"""What stands over several columns of a heading."""


@dataclass(frozen=True)
class Layout:
    """The heading of a table: its rows from 1, and its columns."""

    top: int
    bottom: int
    columns: tuple[HeadedColumn, ...]

    def score(self) -> tuple[int, int]:
        """Return how many columns and roles are known, then of how many columns the year is."""
        roles = [str(column.role) for column in self.columns if column.role is not None]
        return len(roles) + len(set(roles)), sum(column.heading.year > 0 for column in self.columns)

    def having(self, *names: str) -> Iterator[HeadedColumn]:
        """Yield the columns of some roles."""
        return (one for one in self.columns if one.role is not None and one.role.name in names)

    def is_table(self) -> bool:
        """Say whether this can be the heading of a working curriculum: names, and amounts of them."""
        names = {one.role.name for one in self.columns if one.role is not None}
        named = any(name.startswith("name") for name in names)
        return (
            named
            and bool(names & {"credits", "hours", "semester", PAIR, "pair?"})
            and len(names) >= FEWEST_ROLES
        )


def find_layout(sheet: RupSheet) -> Layout | None:
    """Return the heading of the table on a sheet that most is known of, the first of equals."""
    best: Layout | None = None
    for row in sorted(sheet.grid.rows)[:MAX_ROWS_BEFORE]:
        if not _may_start(sheet, row):
            continue
        bottom = _bottom(sheet, row)
        for top in _tops(sheet, row):
            layout = layout_at(sheet, top, bottom)
            if layout.is_table() and (best is None or layout.score() > best.score()):
                best = layout
    return best


def tables_of(sheet: RupSheet) -> list[Layout]:
    """Return the headings of all tables with semesters of a sheet in their order, repeated ones too."""
    found: list[Layout] = []
    for row in sorted(sheet.grid.rows)[: MAX_ROWS_BEFORE + MAX_ROWS_BELOW]:
        last = found[-1].bottom if found else 0
        if row <= last or not _may_start(sheet, row):
            continue
        layouts = [layout_at(sheet, top, _bottom(sheet, row)) for top in _tops(sheet, row) if top > last]
        tables = [one for one in layouts if one.is_table() and any(one.having("semester", "term"))]
        found += [max(tables, key=Layout.score)] if tables else []
    return found


def name_runs(sheet: RupSheet) -> set[int]:
    """Return the columns where headings of names, with those of indexes and numbers beside them, begin."""
    found: set[int] = set()
    for row in sorted(sheet.grid.rows)[:MAX_ROWS_BEFORE]:
        if not _may_start(sheet, row):
            continue
        texts = {at: sheet.text(row, at) for at in sheet.grid.rows[row]}
        roles = {at: _role_alone(text) for at, text in texts.items() if 0 < len(text) < MAX_HEADING}
        start = -1
        for at in sorted(at for at, role in roles.items() if _says_rows(role)):
            role = roles[at]
            start = start if _says_rows(roles.get(at - 1)) else at
            found |= {start} if role is not None and role.name.startswith("name") else set()
    return found


def _says_rows(role: Role | None) -> bool:
    name = role.name.partition(":")[0] if role is not None else ""
    return name in {"ordinal", "index", "counted", "section", "name"}


def _tops(sheet: RupSheet, row: int) -> Iterator[int]:
    """Yield the first rows that a heading may have whose names stand in a row: groups may stand above."""
    yield row
    for top in range(row - 1, max(row - 1 - MOST_ROWS_ABOVE, 0), -1):
        texts = [sheet.text(top, column) for column in sheet.grid.rows.get(top, {})]
        if sum(bool(GROUP.search(folded(text))) for text in texts if len(text) < MAX_HEADING) < FEWEST_GROUPS:
            return
        yield top


def layout_at(sheet: RupSheet, top: int, bottom: int) -> Layout:
    """Return the columns under a heading whose rows are known."""
    rows = [row for row in range(top, bottom + 1) if not (is_numbering(sheet, row) or _is_weekly(sheet, row))]
    merges = [one for one in sheet.merges if one.top <= bottom and one.bottom >= top]
    filled = {column for row in rows for column in sheet.grid.rows.get(row, {})}
    width = max((*filled, *(one.right for one in merges if one.left in filled)), default=-1) + 1
    lines = [_line(sheet, row, min(width, 200), merges) for row in rows]
    _fill_right(rows, lines, merges)
    columns = []
    for column in range(min(width, 200)):
        path = _path(line[column] for line in lines)
        heading = read_heading(path)
        columns.append(HeadedColumn(column, heading, role_of(heading) if path else None))
    headed = [one for one in _with_terms(columns) if one.heading.path]
    return Layout(top, bottom, tuple(in_context(sheet, headed, bottom)))


LEFT_OUT = 3
"""Columns of one row of a heading, to the left of its numbers, from which they number no columns."""


def is_numbering(sheet: RupSheet, row: int) -> bool:
    """Say whether a row only numbers the columns: 1, 2, 3, ... from the first or second of them.

    The numbers of semesters below their courses begin further to the right.
    """
    texts = [sheet.text(row, column).strip() for column in sorted(sheet.grid.rows.get(row, {}))]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 4]
    first = numbers[0] if numbers else 0
    if len(texts) < 3 or numbers != list(range(first, first + len(texts))) or first not in {1, 2}:
        return False
    begin = min(sheet.grid.rows[row])
    left = (sum(at < begin for at in sheet.grid.rows.get(one, ())) for one in range(row - 4, row))
    return max(left) < LEFT_OUT


def _may_start(sheet: RupSheet, row: int) -> bool:
    texts = [sheet.text(row, column) for column in sheet.grid.rows[row]]
    roles = [_role_alone(text) for text in texts if 0 < len(text) < 200]
    names = {role.name for role in roles if role is not None}
    return len(names) >= 2 and any(name.startswith("name") or name == "index" for name in names)


@lru_cache(4096)
def _role_alone(text: str) -> Role | None:
    """Return what a column with this one text over it is."""
    return role_of(read_heading((text,)))


def _bottom(sheet: RupSheet, top: int) -> int:
    """Return the last row of a heading: as far as its cells are merged down, and no row has a name."""
    bottom, grown = top, True
    while grown:
        reach = max([bottom, *(one.bottom for one in sheet.merges if top <= one.top <= bottom)])
        grown = bottom < reach <= top + MAX_HEADING_ROWS
        bottom = reach if grown else bottom
    named = _named_columns(sheet, top, bottom)
    for row in sorted(row for row in sheet.grid.rows if bottom < row <= top + MAX_HEADING_ROWS):
        if row > bottom + 2 or not (is_numbering(sheet, row) or _continues(sheet, row, named)):
            break
        bottom = row
    return bottom


def _named_columns(sheet: RupSheet, top: int, bottom: int) -> list[int]:
    found = []
    for column in sorted({one for row in range(top, bottom + 1) for one in sheet.grid.rows.get(row, {})}):
        roles = [
            _role_alone(text)
            for row in range(top, bottom + 1)
            if (text := sheet.text(row, column)[:MAX_HEADING])
        ]
        if any(role is not None and (role.name.startswith("name") or role.name == "index") for role in roles):
            found.append(column)
    return found


def is_labelled(sheet: RupSheet, row: int) -> bool:
    """Say whether a row under a heading counts weeks, or hours a week: a label, and numbers beside it."""
    texts = [folded(sheet.text(row, column)) for column in sheet.grid.rows.get(row, {})]
    label = any((WEEKS.search(text) or WEEKLY.search(text)) and not re.search(r"\d", text) for text in texts)
    return label and any(NUMBER.fullmatch(text) for text in texts)


def _is_weekly(sheet: RupSheet, row: int) -> bool:
    """Say whether a row under a heading counts hours a week."""
    texts = (folded(sheet.text(row, column)) for column in sheet.grid.rows.get(row, {}))
    return is_labelled(sheet, row) and any(WEEKLY.search(text) for text in texts)


def _continues(sheet: RupSheet, row: int, named: Sequence[int]) -> bool:
    """Say whether a row below a heading still belongs to it: it names no module."""
    over = [one for one in sheet.merges if one.top <= row <= one.bottom]
    texts = [_merged_text(sheet, row, column, over) for column in named]
    if any(texts) and not WEEKS.search(folded(" ".join(texts))):
        return _is_broken(sheet, row, named)
    cells = [cell.value for cell in sheet.grid.rows[row].values()]
    if any(isinstance(value, float) and value > MOST_WEEKLY for value in cells) or _is_band(
        sheet, row, named
    ):
        return False
    return any(column not in named and sheet.text(row, column) for column in sheet.grid.rows[row])


def _is_broken(sheet: RupSheet, row: int, named: Sequence[int]) -> bool:
    """Say whether a row goes on with names that are broken over cells: no numbers, but headings."""
    texts = {column: sheet.text(row, column)[:MAX_HEADING] for column in sheet.grid.rows[row]}
    if any(re.fullmatch(r"[\d.,]+", text) for text in texts.values()):
        return False
    parts = [column for column in texts if column in named]
    if parts and all(texts[column][:1].islower() and sheet.text(row - 1, column) for column in parts):
        return True
    roles = [_role_alone(text) for column, text in texts.items() if column not in named and text]
    said = [_spoken(text) for column, text in texts.items() if column not in named]
    return sum(role is not None for role in roles) + sum(said) >= FEWEST_GROUPS


def _spoken(text: str) -> bool:
    heading = read_heading((text,))
    return bool(heading.half or heading.year)


def _merged_text(sheet: RupSheet, row: int, column: int, merges: Sequence[Area]) -> str:
    over = next((one for one in merges if one.holds(row, column)), None)
    return sheet.text(row, column) if over is None else sheet.text(over.top, over.left)


def _is_band(sheet: RupSheet, row: int, named: Sequence[int]) -> bool:
    """Say whether a row with no name has words before the columns of names: the title of a section."""
    before = [sheet.text(row, column) for column in sheet.grid.rows[row] if column < min(named, default=0)]
    return any(len(re.findall(r"[^\W\d_]", text)) > LONGEST_SIGN and _is_title(text) for text in before)


def _is_title(text: str) -> bool:
    return section_of(text.partition(".")[2] or text) is not None or _role_alone(text) is None


def _line(sheet: RupSheet, row: int, width: int, merges: Sequence[Area]) -> list[str]:
    """Return the texts of a heading row, merged cells filled; the label of a row of weeks is no heading."""
    texts = [sheet.text(row, column) for column in range(width)]
    if is_labelled(sheet, row):
        return [text if re.search(r"\d", text) else "" for text in texts]
    for one in merges:
        if one.top <= row <= one.bottom:
            text = sheet.text(one.top, one.left)
            for column in range(one.left, min(one.right + 1, width)):
                texts[column] = texts[column] or text
    return texts


def _fill_right(rows: Sequence[int], lines: list[list[str]], merges: Sequence[Area]) -> None:
    """Let a text that stands over several columns without being merged reach to the next one."""
    for place, line in enumerate(lines[:-1]):
        below = lines[place + 1 :]
        last = ""
        for column, text in enumerate(line):
            deeper = any(one[column] and one[column] != text for one in below)
            merged = any(one.holds(rows[place], column) for one in merges)
            if text:
                last = text if deeper and not merged else ""
            elif last and deeper and not merged:
                line[column] = last
            else:
                last = ""


def _path(texts: Iterable[str]) -> tuple[str, ...]:
    path: list[str] = []
    for text in texts:
        if text.strip("-–— ") and (not path or path[-1] != text):
            path.append(text)
    return tuple(path)


def _with_terms(columns: list[HeadedColumn]) -> list[HeadedColumn]:
    """Return columns with their semesters numbered through, where each course begins with 1 again."""
    semesters = [one for one in columns if one.role is not None and one.role.name == "semester"]
    years = [(one.heading.year, one.heading.half) for one in semesters]
    if not years or not all(year for year, _ in years):
        return columns
    if any(half not in {2 * year - 1, 2 * year} for year, half in years) and all(
        h in {1, 2} for _, h in years
    ):
        return [_numbered(one) for one in columns]
    return columns


def _numbered(column: HeadedColumn) -> HeadedColumn:
    if column.role is None or column.role.name != "semester":
        return column
    return replace(
        column, role=replace(column.role, term=2 * (column.heading.year - 1) + column.heading.half)
    )


def repeated_terms(layout: Layout) -> list[HeadedColumn]:
    """Return the semester columns that say the same semester and unit as another; a kind may have several."""
    semesters = [one for one in layout.having("semester") if one.role and one.role.unit not in REPEATABLE]
    counts = Counter(str(one.role) for one in semesters)
    return [one for one in semesters if counts[str(one.role)] > 1]


def without_hidden(layout: Layout, hidden: frozenset[int]) -> Layout:
    """Return a layout without the hidden columns."""
    return replace(layout, columns=tuple(one for one in layout.columns if one.index not in hidden))
