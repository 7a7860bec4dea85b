"""The broken catalogs of ``tests/broken_catalogs`` as examples, with what spoils each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from broken_catalogs.base_catalog import Tables
from broken_catalogs.cases import FOLDER_CASES, WORKBOOK, WORKBOOK_CASES, Case, WorkbookCase
from curriplan.base.errors import Severity
from curriplan.catalog.reading.raw import column_letter
from curriplan.catalog.reading.read import read_catalog
from curriplan.problem.checks import check_catalog
from error_pages.example import Example, Seen, Stage, code_text

SHOWN = 6


def catalog_examples() -> Iterator[Example]:
    """Yield the first case of each code."""
    seen: set[str] = set()
    for example in catalog_cases():
        if example.code not in seen:
            seen.add(example.code)
            yield example


def catalog_cases() -> Iterator[Example]:
    """Yield every case."""
    for case in (*FOLDER_CASES, *WORKBOOK_CASES):
        yield Example(case.code, case.name, _runner(case))


def _runner(case: Case | WorkbookCase) -> Any:
    def run(stage: Stage) -> Seen:
        path, changes = (_folder if isinstance(case, Case) else _workbook)(case, stage)
        for target, value in case.patch.items():
            stage.monkeypatch.setattr(target, value)
        result = read_catalog(path.name)
        found = [*result.issues, *result.notes]
        if result.partial is not None:
            found += check_catalog(result.partial, incomplete=result.incomplete)
        wrong = any(i.severity is Severity.ERROR for i in found)
        lines = [issue.line() for issue in found if issue.code == case.code]
        assert lines, f"the case {case.name!r} of tests/broken_catalogs does not raise {case.code}"
        is_note = all(note.code == case.code for note in result.notes) and bool(result.notes)
        return Seen("\n".join(lines), 3 if wrong else 0, "\n".join(changes), is_note, issues=tuple(found))

    return run


def _folder(case: Case, stage: Stage) -> tuple[Path, list[str]]:
    tables = Tables()
    case.spoil(tables)
    if case.code != "catalog-not-found":
        tables.write_folder(stage.folder / "catalog")
    return stage.folder / "catalog", _listed(_folder_changes(Tables(), tables))


def _workbook(case: WorkbookCase, stage: Stage) -> tuple[Path, list[str]]:
    book = Tables().workbook()
    case.spoil(book)
    path = stage.folder / WORKBOOK
    changes = _listed(_workbook_changes(Tables().workbook(), book))
    book.save(path)
    case.spoil_file(path)
    return path, changes


def _listed(changes: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(changes))
    more = [f"- … and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [f"- {change}" for change in found[:SHOWN]] + more


def _folder_changes(before: Tables, after: Tables) -> Iterator[str]:
    for line in difflib.ndiff(before.info.splitlines(), after.info.splitlines()):
        if line[0] in "+-":
            yield f"`catalog.toml`: {'without' if line[0] == '-' else ''} {code_text(line[2:])}".replace(
                ":  ", ": "
            )
    for table in sorted({*before.rows, *after.rows}):
        if table not in after.rows:
            yield f"no `{table}.csv`"
        elif f"{table}.csv" not in after.raw:
            yield from _table_changes(f"{table}.csv", before.rows.get(table, []), after.rows[table])
    for name, data in after.raw.items():
        yield f"`{name}` holds {code_text(data[:300].decode('utf-8', 'backslashreplace'))}"


def _table_changes(file: str, before: list[list[str]], after: list[list[str]]) -> Iterator[str]:
    old = [dict(zip(before[0], row, strict=False)) for row in before] if before else []
    new = [dict(zip(after[0], row, strict=False)) for row in after]
    if len(new) < len(old):
        yield from (f"`{file}`: no row {n}" for n, row in enumerate(old, 1) if row not in new)
        return
    for number, (was, row) in enumerate(zip_longest(old, new, fillvalue=None), 1):
        if row is None or row == was:
            continue
        cells = {name: text for name, text in row.items() if was is None or was.get(name, "") != text}
        if number > 1 or was is not None:
            said = ", ".join(f"`{name}` = {code_text(text)}" for name, text in cells.items() if text or was)
            yield f"`{file}`, row {number}: {said}" if said else f"`{file}`, row {number}"


def _workbook_changes(before: Any, after: Any) -> Iterator[str]:
    for title in before.sheetnames:
        if title not in after.sheetnames:
            yield f"no sheet `{title}`"
    for sheet in after.worksheets:
        if sheet.title not in before.sheetnames:
            yield f"a sheet `{sheet.title}`"
        elif sheet.sheet_state != "visible":
            yield f"the sheet `{sheet.title}` is hidden"
        else:
            yield from _sheet_changes(before[sheet.title], sheet)


def _sheet_changes(before: Any, after: Any) -> Iterator[str]:
    rows = range(1, max(before.max_row, after.max_row) + 1)
    width = min(max(before.max_column, after.max_column), 40)
    for row in rows:
        for column in range(1, width + 1):
            value = after.cell(row, column).value
            if before.cell(row, column).value != value:
                shown = "empty" if value is None else code_text(str(value))
                yield f"sheet `{after.title}`, {column_letter(column - 1)}{row}: {shown}"
