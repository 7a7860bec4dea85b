"""Readers under random input: only issues, never a crash; the same content, the same hash."""

from __future__ import annotations

import operator
import random
import string
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.catalog.reading.read import ReadResult, read_catalog
from curriplan.catalog.reading.types import column_types, required_columns
from curriplan.catalog.records import RECORD_OF_TABLE, TABLES, Catalog, CatalogInfo, Record
from curriplan.catalog.saving.folder import table_texts, write_folder
from curriplan.problem.checks import check_catalog
from instances.seeds import examples

QUICK = settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
SLOW = settings(QUICK, max_examples=examples(12))

WORDS = st.text(st.sampled_from(string.ascii_letters + string.digits + " \",;=+-@'＝\n'әҚж№🙂"), max_size=12)
ODD = "NA 007 -1 9 1e9 nan inf 1,5 1;2 ; yes *-1 2026-1 DB ADM"
ODD_CELLS = st.one_of(st.text(max_size=8), st.sampled_from(["", *ODD.split()]))


def _issues(path: Path) -> ReadResult:
    """Read and check, whatever it is, and word every problem in every language."""
    result = read_catalog(path)
    issues = list(result.issues)
    if result.partial is not None:
        issues += check_catalog(result.partial, incomplete=result.incomplete)
    assert all(issue.line(language) for issue in issues for language in ("kk", "ru", "en"))
    assert (result.catalog is None) <= bool(result.issues)
    return result


@QUICK
@given(st.sampled_from(TABLES), st.binary(max_size=300))
def test_random_bytes_in_a_table(table: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        tables = Tables()
        tables.raw[f"{table}.csv"] = data
        _issues(tables.write_folder(Path(folder)))


@QUICK
@given(st.binary(max_size=300))
def test_random_bytes_as_information(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        tables = Tables()
        tables.raw["catalog.toml"] = data
        _issues(tables.write_folder(Path(folder)))


@QUICK
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]))
def test_random_bytes_as_a_workbook(data: bytes, head: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.xlsx"
        path.write_bytes(head + data)
        assert _issues(path).catalog is None


@cache
def _good_workbook() -> bytes:
    """Return the same bytes for every example: a workbook holds the time at which it was saved."""
    stream = BytesIO()
    Tables().workbook().save(stream)
    return stream.getvalue()


@SLOW
@given(st.data())
def test_random_damage_to_a_workbook(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.xlsx"
        content = bytearray(_good_workbook())
        for _ in range(data.draw(st.integers(1, 5))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        _issues(path)


@QUICK
@given(st.data())
def test_random_cells_in_a_good_catalog(data: st.DataObject) -> None:
    tables = Tables()
    for _ in range(data.draw(st.integers(1, 6))):
        table = data.draw(st.sampled_from(sorted(tables.rows)))
        row = data.draw(st.integers(1, len(tables.rows[table])))
        column = data.draw(st.sampled_from(tables.rows[table][0]))
        tables.set(table, row, column, data.draw(ODD_CELLS.filter(_encodable)))
    with TemporaryDirectory() as folder:
        _issues(tables.write_folder(Path(folder)))


def _encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


# ------------------------------------------------------------------------------- random good catalogs


def _field_values(record: type[Record], name: str) -> st.SearchStrategy[Any]:
    kind = column_types(record)[name]
    if kind.words and kind.kind == "boolean":
        value: st.SearchStrategy[Any] = st.booleans()
    elif kind.words:
        value = st.sampled_from(kind.words)
    elif kind.is_number:
        choices: list[float] = [0, 1, 2, 3, 2026] + ([0.5, 0.1, 1e-7, 12.25] if kind.kind == "number" else [])
        value = st.sampled_from([choice for choice in choices if _fits(choice, kind.allowed)])
    elif kind.pattern and "2100" in kind.pattern:  # a semester
        value = st.sampled_from(["2026-1", "2030-2"])
    elif kind.pattern and "[0-9]{1,4}" in kind.pattern:
        value = st.sampled_from(["0110", "2512", "7"])
    elif kind.pattern:
        value = st.sampled_from(["NA", "007", "a.b-c_d", "PM10", "PM2"])
    else:
        value = WORDS.map(str.strip).filter(bool)
    if kind.many:
        return st.lists(value.filter(lambda item: ";" not in str(item)), max_size=3).map(tuple)
    return value


def _fits(value: float, allowed: str) -> bool:
    tests = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
    parts = (part.split() for part in allowed.split(", "))
    return all(tests[sign](value, float(bound)) for sign, bound in parts)


@st.composite
def _records(draw: st.DrawFn, table: str) -> tuple[Record, ...]:
    record = RECORD_OF_TABLE[table]
    required = required_columns(record)
    rows = {}
    for _ in range(draw(st.integers(1, 3))):
        values = {
            name: draw(_field_values(record, name))
            for name in record.columns()
            if name in required or draw(st.booleans())
        }
        row = record.model_validate(values)
        rows[row.key_values()] = row
    return tuple(rows.values())


@st.composite
def _catalogs(draw: st.DrawFn) -> Catalog:
    info = CatalogInfo.model_validate(
        {
            "id": "random",
            "language": draw(st.sampled_from(["kk", "ru", "en"])),
            "title_en": draw(st.none() | WORDS.map(str.strip).filter(bool)),
            "attribution": draw(st.lists(WORDS.map(str.strip).filter(bool), max_size=2)),
            "illustrative": draw(st.booleans()),
        }
    )
    return Catalog(info, **{table: draw(_records(table)) for table in TABLES})


def _good_part(result: ReadResult) -> Catalog:
    """Return what was read, where nothing but a name in a language is missing."""
    assert {issue.code for issue in result.issues} <= {"missing-translation"}
    return result.require()


@SLOW
@given(_catalogs())
def test_what_is_written_is_read(catalog: Catalog) -> None:
    with TemporaryDirectory() as folder:
        again = _good_part(read_catalog(write_folder(catalog, Path(folder) / "copy")))
    assert again.sha256 == catalog.sha256
    assert [row.model_dump() for row in again.records()] == [row.model_dump() for row in catalog.records()]


@SLOW
@given(_catalogs(), st.randoms(use_true_random=False))
def test_folder_and_workbook_agree_whatever_the_order(catalog: Catalog, chance: random.Random) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in chance.sample(TABLES, len(TABLES)):
        _append(book, table, _shuffled(table_texts(RECORD_OF_TABLE[table], catalog.table(table)), chance))
    _append(book, "catalog", [("key", "value"), *_info_pairs(catalog.info)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.xlsx"
        book.save(path)
        assert _good_part(read_catalog(path)).sha256 == catalog.sha256


def _append(book: openpyxl.Workbook, title: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write texts as texts: openpyxl would make a formula of what begins with =."""
    sheet = book.create_sheet(title)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text:
                cell = sheet.cell(number, column, text)
                cell.data_type = "s"


def _info_pairs(info: CatalogInfo) -> list[tuple[str, str]]:
    data = info.model_dump(by_alias=True, exclude_none=True, exclude={"attribution"})
    words = {True: "yes", False: "no"}
    pairs = [(key, words[value] if isinstance(value, bool) else str(value)) for key, value in data.items()]
    return [*pairs, *(("attribution", text) for text in info.attribution)]


def _shuffled(rows: Iterable[tuple[str, ...]], chance: random.Random) -> list[tuple[str, ...]]:
    header, *body = rows
    order = chance.sample(range(len(header)), len(header))
    chance.shuffle(body)
    return [tuple(row[index] for index in order) for row in (header, *body)]


@SLOW
@given(st.randoms(use_true_random=False))
def test_shuffled_rows_and_columns_give_the_same_hash(chance: random.Random) -> None:
    expected = read_catalog(BASE).require()
    tables = Tables()
    for table, rows in tables.rows.items():
        tables.rows[table] = [list(row) for row in _shuffled(map(tuple, rows), chance)]
    with TemporaryDirectory() as folder:
        catalog = read_catalog(tables.write_folder(Path(folder))).require()
    assert catalog.sha256 == expected.sha256
    assert [row.key_values() for row in catalog.records()] == [row.key_values() for row in expected.records()]
