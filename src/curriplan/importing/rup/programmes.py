"""Several programmes in one workbook: on sheets of their own, side by side or below one another on one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from curriplan.base.errors import Issue
from curriplan.catalog.reading.grids import GridCell
from curriplan.catalog.reading.raw import MAX_ROWS, column_letter
from curriplan.importing.rup.grid import RupSheet
from curriplan.importing.rup.headings import (
    Layout,
    find_layout,
    is_numbering,
    layout_at,
    name_runs,
    tables_of,
)
from curriplan.importing.rup.index import index_of
from curriplan.importing.rup.layout import names_by_language, nearest_best
from curriplan.importing.rup.masks import Mask, masked
from curriplan.importing.rup.own import is_own, without_forms
from curriplan.importing.rup.roles import AMOUNT_ROLES, PAIR, HeadedColumn, read_heading, role_of
from curriplan.importing.rup.title import qualification_of, title_texts, title_values
from curriplan.importing.rup.vocabulary import OUTCOME_LETTERS, PART_SHEET, folded

Sheets = tuple[RupSheet, ...]
NOTHING = frozenset({"", "0", "-", "–", "—"})
"""What a cell says where a module is none of a programme."""
NO_PROGRAMME = re.compile(
    r"план\b|факт|всего|итого|част|компонент|вариатив|обязат|\bкурс|сем|полугод|недел|апта|час|сағат|кредит"
    r"|жалпы|барлығы|бюджет|ауд|очн|заочн|\d ?(г|ж)\."
)
"""What divides the amounts of one programme: plan and fact, obligatory and other parts, years."""
MOST_ROWS_ABOVE = 3
OWN = ("qualification", "title", "learners", "terms")
"""What is said of one of several programmes alone."""
ALL_ROWS = range(MAX_ROWS + 2)


def programmes_of(sheets: Sheets, name: str | None = None) -> list[Sheets]:
    """Return the sheets of a workbook as each of its programmes sees them; one where it holds one.

    Parameters
    ----------
    name : str, optional
        The sheet that is read, where it was chosen.
    """
    wanted = [one for one in sheets if one.name.strip().casefold() == (name or "").strip().casefold()]
    looked = wanted if name else [one for one in sheets if not one.hidden]
    found = without_forms([(sheet, one) for sheet in looked if (one := find_layout(sheet)) is not None])
    apart = _on_own_sheets(found)
    seen: list[Sheets] = []
    for sheet in apart or [sheet for sheet, _ in found]:
        rest = [one for one in sheets if one is not sheet and not (apart and one in apart)]
        views = _on_one_sheet(sheet) if apart or len(_candidates(found)) == 1 else [sheet]
        if len(views) > 1 or apart:
            seen += [(view, *rest) for view in views]
    return seen if len(seen) > 1 else [sheets]


def _candidates(found: Sequence[tuple[RupSheet, Layout]]) -> list[RupSheet]:
    return [sheet for sheet, _ in nearest_best([*found])] if found else []


def _on_own_sheets(found: Sequence[tuple[RupSheet, Layout]]) -> list[RupSheet]:
    """Return sheets each of which says the code of another qualification above its table, else none."""
    codes = [
        (sheet, title_values(title_texts(sheet, one.top, ())).get("qualification")) for sheet, one in found
    ]
    coded = [(sheet, code) for sheet, code in codes if code]
    if len({code for _, code in coded}) < 2 or len({code for _, code in coded}) < len(coded):
        return []
    homeless = [one for one in _candidates(found) if not any(one is sheet for sheet, _ in coded)]
    if any(not PART_SHEET.search(folded(one.name)) for one in homeless):
        return []
    return [sheet for sheet, _ in coded]


def _on_one_sheet(sheet: RupSheet) -> list[RupSheet]:
    """Return a sheet as each of its programmes sees it."""
    side = _beside(sheet)
    parts = [part for view in side for part in _below(view)]
    return parts if len(parts) > 1 else _headed(sheet)


def own_titles(sheet: RupSheet, top: int, others: Sequence[RupSheet]) -> dict[str, Any]:
    """Return what stands above the table of one of several programmes; its name and learners are its own."""
    over = list(title_texts(sheet, top, ()))
    own = title_values([sheet.said] if sheet.said else over)
    if sheet.said:
        own.setdefault("title", " ".join(sheet.said.split())[:200])
    common = title_values(title_texts(sheet, top, others))
    return {**{key: value for key, value in common.items() if key not in OWN}, **own}


# Whole tables beside one another.


def _beside(sheet: RupSheet) -> list[RupSheet]:
    """Return a sheet cut before each column where another whole table begins."""
    starts = sorted(name_runs(sheet))
    cuts: list[int] = starts[:1]
    for start in starts[1:]:
        left = _columns(sheet, cuts[-1] if len(cuts) > 1 else 0, start)
        if _is_whole(left) and _is_whole(_columns(sheet, start, None)):
            cuts.append(start)
    if len(cuts) < 2:
        return [sheet]
    return [_columns(sheet, low, high) for low, high in zip([0, *cuts[1:]], [*cuts[1:], None], strict=True)]


def _columns(sheet: RupSheet, low: int, high: int | None) -> RupSheet:
    view = masked(sheet, Mask(ALL_ROWS, lambda column: low <= column and (high is None or column < high)))
    last = max((at for cells in view.grid.rows.values() for at in cells), default=low)
    return replace(view, block=f"{column_letter(low)}–{column_letter(last)}")


def _is_whole(sheet: RupSheet) -> bool:
    """Say whether a sheet holds a table with names, semesters and amounts, and rows with both."""
    layout = find_layout(sheet)
    if layout is None or not any(layout.having("semester", "term")):
        return False
    names = [one.index for one in layout.columns if one.role is not None and one.role.name.startswith("name")]
    amounts = [one.index for one in layout.having(*AMOUNT_ROLES, PAIR)]
    rows = (row for row in sheet.grid.rows if row > layout.bottom)
    return any(
        any(sheet.text(row, at) for at in names) and any(sheet.text(row, at) for at in amounts)
        for row in rows
    )


# Tables below one another.


def _below(sheet: RupSheet) -> list[RupSheet]:
    """Return a sheet cut before each table of another qualification.

    The code of a further one above a heading that only goes on on the next page begins none: there the
    heading is the same, and the modules are numbered on.
    """
    tables = tables_of(sheet)
    if len(tables) < 2:
        return [sheet]
    cuts, code = [0], _code(sheet, 0, tables[0].top)
    for before, table in pairwise(tables):
        last = _last_row(sheet, before, table.top)
        other = _code(sheet, last + 1, table.top)
        mine = [one for one in tables if cuts[-1] < one.top < table.top]
        anew = not _same_heading(sheet, before, table) or repeats(sheet, mine, table)
        if other and other != code and anew:
            cuts.append(last + 1)
            code = other
    if len(cuts) < 2:
        return [sheet]
    return [_rows(sheet, low, high) for low, high in zip(cuts, [*cuts[1:], None], strict=True)]


def _rows(sheet: RupSheet, low: int, high: int | None) -> RupSheet:
    view = masked(sheet, Mask(range(low, high or ALL_ROWS.stop)))
    rows = sorted(view.grid.rows) or [low]
    block = f"{rows[0]}–{rows[-1]}"
    return replace(view, block=f"{sheet.block}, {block}" if sheet.block else block)


def _code(sheet: RupSheet, low: int, high: int) -> str:
    """Return the last code of a qualification in some rows."""
    texts = [text for row in sorted(sheet.grid.rows) if low <= row < high for text in _texts(sheet, row)]
    codes = [code for text in texts if (code := qualification_of(text))]
    return codes[-1] if codes else ""


def _texts(sheet: RupSheet, row: int) -> list[str]:
    return [sheet.text(row, at) for at in sorted(sheet.grid.rows[row])]


def _last_row(sheet: RupSheet, table: Layout, top: int) -> int:
    """Return the last row of a table before another one: the last with an amount."""
    amounts = [one.index for one in table.having(*AMOUNT_ROLES, PAIR, "term")]
    rows = (row for row in sheet.grid.rows if table.bottom < row < top)
    # A number alone, such as a year above the next table, is no row of this one.
    filled = (row for row in rows if sum(bool(text) for text in _texts(sheet, row)) > 1)
    numbered = (row for row in filled if any(re.search(r"^\d", sheet.text(row, at)) for at in amounts))
    return max(numbered, default=table.bottom)


def repeats(sheet: RupSheet, tables: Sequence[Layout], table: Layout) -> int:
    """Return how many modules of a table have an index that one of the tables before it has."""
    ends = [one.top for one in tables[1:]] + [table.top]
    known = {text for one, end in zip(tables, ends, strict=True) for text in _indexes(sheet, one, end)}
    return sum(text in known for text in _indexes(sheet, table, None))


def _indexes(sheet: RupSheet, table: Layout, end: int | None) -> Iterator[str]:
    """Yield the numbered indexes of a table but those of outcomes, which every module may number anew."""
    columns = [one.index for one in table.having("index")] or [
        one.index for one in table.columns if one.role is not None and one.role.name.startswith("name")
    ]
    for row in (row for row in sorted(sheet.grid.rows) if table.bottom < row < (end or row + 1)):
        for text in (sheet.text(row, at) for at in columns[:1]):
            index = index_of(" ".join(text.split()[:2]))
            if index is not None and index.numbers and index.letters and index.letters not in OUTCOME_LETTERS:
                yield f"{index.letters} {'.'.join(str(int(one)) for one in index.numbers if one.isdecimal())}"


# Columns of each programme beside common names.


def _headed(sheet: RupSheet) -> list[RupSheet]:
    """Return a sheet with common names as each programme sees it, which is named over its columns."""
    layout = find_layout(sheet)
    if layout is None:
        return [sheet]
    for top in range(layout.top, max(layout.top - MOST_ROWS_ABOVE, 1) - 1, -1):
        table = layout if top == layout.top else layout_at(sheet, top, layout.bottom)
        groups = _coded(table) or _alike(table)
        if len(groups) > 1:
            return [_group(sheet, table, title, list(groups.values())) for title in groups]
    return [sheet]


Groups = dict[str, list[int]]
"""Columns by what stands over them."""


def _coded(table: Layout) -> Groups:
    """Return the columns over which the code of a qualification stands."""
    found: dict[str, tuple[str, list[int]]] = {}
    for column in table.columns:
        for text in column.heading.path:
            if code := qualification_of(text):
                found.setdefault(code, (text, []))[1].append(column.index)
                break
    amounts = {one.index for one in table.having(*AMOUNT_ROLES, PAIR, "term")}
    whole = all(amounts & {*columns} for _, columns in found.values())
    return dict(found.values()) if len(found) > 1 and whole else {}


def _alike(table: Layout) -> Groups:
    """Return columns that are the same under headings which say neither amounts nor semesters."""
    columns = list(table.having(*AMOUNT_ROLES, PAIR, "term"))
    for level in range(max((len(one.heading.path) for one in columns), default=0)):
        groups: dict[str, list[HeadedColumn]] = {}
        for one in columns:
            if level < len(one.heading.path) - 1:
                groups.setdefault(one.heading.path[level], []).append(one)
        named = {text: found for text, found in groups.items() if _may_be_programme(text)}
        kinds = [{(str(one.role), one.heading.path[:level], one.heading.path[level + 1 :]) for one in found}
                 for found in named.values()]  # fmt: skip
        shared = set.intersection(*kinds) if len(kinds) > 1 else set()
        if shared and len(shared) * 2 >= max(map(len, kinds)):
            return {
                text: [one.index for one in table.columns if one.heading.path[level : level + 1] == (text,)]
                for text in named
            }
    return {}


def _may_be_programme(text: str) -> bool:
    words = re.search(r"[^\W\d_]{2}", text)
    return bool(words) and role_of(read_heading((text,))) is None and not NO_PROGRAMME.search(folded(text))


def _group(sheet: RupSheet, table: Layout, title: str, groups: Sequence[list[int]]) -> RupSheet:
    """Return a sheet without the columns of other programmes, and without the rows that only these fill."""
    mine = next(group for group in groups if title in _over(table, group[0]))
    others = {at for group in groups for at in group} - {*mine}
    rows = sorted(row for row in sheet.grid.rows if row > table.bottom and not is_numbering(sheet, row))
    filled = {row: [any(_says(sheet, row, at) for at in some) for some in (mine, others)] for row in rows}
    gone = {row for row, (here, there) in filled.items() if there and not here}
    bare = [row for row in rows if not any(filled[row])]
    for row, end in pairwise([*bare, max(rows, default=0) + 1]):
        inside = [one for one in rows if row < one < end]
        if inside and gone.issuperset(inside) and _is_module(sheet, table, row):
            gone.add(row)
    seen = _with_modules(sheet, table, gone)
    view = masked(seen, Mask(ALL_ROWS, lambda at: at not in others, table.top, frozenset(gone)))
    return replace(view, said=title, block=f"{column_letter(min(mine))}–{column_letter(max(mine))}")


def _with_modules(sheet: RupSheet, table: Layout, gone: set[int]) -> RupSheet:
    """Return a sheet on which a module that stands beside its first outcome stands beside the first kept."""
    modules = [one.index for one in names_by_language(sheet, table).having("name:module")]
    if not modules:
        return sheet
    columns = [*modules, *(one.index for one in table.having("index"))]
    rows = {row: dict(cells) for row, cells in sheet.grid.rows.items()}
    carried: dict[int, GridCell] = {}
    for row in sorted(row for row in rows if row > table.bottom):
        if any(sheet.text(row, at) for at in modules):
            carried = {at: cell for at in columns if (cell := sheet.cell(row, at)) is not None}
        if row not in gone:
            rows[row] = {**carried, **rows[row]}
            carried = {}
    return replace(sheet, grid=replace(sheet.grid, rows=rows))


def _over(table: Layout, column: int) -> Sequence[str]:
    return next(one.heading.path for one in table.columns if one.index == column)


def _says(sheet: RupSheet, row: int, column: int) -> bool:
    return sheet.text(row, column).strip() not in NOTHING


def _is_module(sheet: RupSheet, table: Layout, row: int) -> bool:
    """Say whether a row names a module, and no section."""
    index = next((index_of(sheet.text(row, one.index)) for one in table.having("index")), None)
    return index is not None and bool(index.numbers) and index.letters not in OUTCOME_LETTERS


def second_table(sheet: RupSheet, layout: Layout, taken: Sequence[int]) -> Issue | None:
    """Return that a sheet holds a further table whose rows must not be read as those of this one.

    A heading that is repeated on each printed page begins none, unless the modules are numbered anew.

    Parameters
    ----------
    taken : sequence of int
        The rows of which something is taken.
    """
    tables = tables_of(sheet)
    before = [layout]
    for one in tables:
        if one.bottom < layout.top and any(_indexes(sheet, one, layout.top)):
            return _second(sheet, one)
        again = sum(1 for _ in _indexes(sheet, one, None))
        is_taken = any(row > one.bottom for row in taken)
        if one.top <= layout.bottom or not (is_taken or again) or is_own(layout):
            continue
        if not is_taken:  # such as below signatures: modules that would be left out without a word
            return _second(sheet, one)
        if not _same_heading(sheet, layout, one) or 0 < again <= 2 * repeats(sheet, before, one):
            return _second(sheet, one)
        before.append(one)
    return None


def _second(sheet: RupSheet, table: Layout) -> Issue:
    text = next((text for text in _texts(sheet, table.top) if text), "")
    return Issue("rup-second-table", sheet.place(table.top), {"text": text[:80] or "–", "row": table.top})


def _same_heading(sheet: RupSheet, layout: Layout, other: Layout) -> bool:
    """Say whether a heading repeats another one: each of its texts stands over the same column there."""
    rows = range(layout.top, layout.bottom + 1)
    for column in other.columns:
        first = next((one for one in layout.columns if one.index == column.index), None)
        path = [*(first.heading.path if first is not None else ())]
        known = {folded(text) for text in (*path, *(sheet.text(row, column.index) for row in rows))}
        if folded(column.heading.path[-1]) not in known:
            return False
    return True
