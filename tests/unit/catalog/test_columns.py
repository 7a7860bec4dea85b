"""catalog/columns.py: whole columns at a time give what the row-wise parser gives, fault for fault."""

from __future__ import annotations

import hashlib
import json
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan import read_catalog
from curriplan.catalog.reading import parse
from curriplan.catalog.reading.bundled import bundled_names
from curriplan.catalog.reading.raw import RawTable
from curriplan.catalog.records import RECORD_OF_TABLE, TABLES, Record
from curriplan.catalog.records.record import natural_key
from curriplan.catalog.records.unread import is_unread

TEXTS = (
    "|| |A|b-1|A B|КМ01|1|2|7|9|0|-0|0.5|1,5|1e3|x|yes|No|да|estimate|broader|requires|2026-1|*-2|1;2|1;;2"
    "|0.5;0.5|a\x01|4110|general"
)
CELLS = st.sampled_from(TEXTS.split("|"))
UNREADABLE = st.none()


@st.composite
def tables(draw: st.DrawFn) -> RawTable:
    name = draw(st.sampled_from(TABLES))
    columns = RECORD_OF_TABLE[name].columns()
    header = tuple(draw(st.permutations(columns))[draw(st.integers(0, 2)) :])
    row = st.tuples(*(st.one_of(CELLS, CELLS, CELLS, UNREADABLE) for _ in header))
    rows = draw(st.lists(row, max_size=6))
    return RawTable(
        name, f"{name}.csv", draw(st.sampled_from([None, name])), header, tuple(enumerate(rows, 2))
    )


def row_by_row(raw: RawTable) -> parse.Parsed:
    with patch.object(parse, "plain_records", lambda raw, *_: (None,) * len(raw.rows)):
        return parse.parse_table(raw)


def whole(record: Record) -> tuple[object, ...]:
    """All that a record holds, with the types of its values: 1 is not 1.0, and a word is no plain text."""
    values = [(name, value, type(value)) for name, value in record.__dict__.items()]
    return (type(record), values, record.model_fields_set, record.origin)


@settings(max_examples=400, deadline=None)
@given(tables())
def test_columns_give_what_rows_give(raw: RawTable) -> None:
    quick, slow = parse.parse_table(raw), row_by_row(raw)
    assert [whole(record) for record in quick.records] == [whole(record) for record in slow.records]
    assert quick.issues == slow.issues
    assert quick.complete == slow.complete


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_catalogs_are_read_alike(name: str) -> None:
    quick = read_catalog(name).require()
    with patch.object(parse, "plain_records", lambda raw, *_: (None,) * len(raw.rows)):
        slow = read_catalog(name).require()
    for table in TABLES:
        assert [whole(row) for row in quick.table(table)] == [whole(row) for row in slow.table(table)]


def test_plain_rows_are_not_taken_cell_by_cell() -> None:
    """Of three rows only the faulty one is left to the row-wise parser."""
    header = ("id", "name_en")
    rows = ((2, ("A", "one")), (3, ("B B", "two")), (4, ("C", "")))
    with patch.object(parse, "_Row", side_effect=parse._Row) as taken:
        parsed = parse.parse_table(RawTable("occupations", "o.csv", None, header, rows))
    assert {call.args[1] for call in taken.call_args_list} == {3}
    assert [issue.code for issue in parsed.issues] == ["wrong-id"]
    assert [is_unread(row) for row in parsed.records] == [False, True, False]
    assert [row.model_fields_set for row in parsed.records if not is_unread(row)] == [
        {"id", "name_en", "origin"},
        {"id", "origin"},
    ]


def _content(row: Record) -> bytes:
    data = row.model_dump(mode="json", exclude_none=True)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", bundled_names())
def test_order_and_hash_follow_from_keys_and_contents(name: str) -> None:
    """The hash worked out row by row: sorted by the parts of the key, then by content."""
    catalog = read_catalog(name).require()
    for table in TABLES:
        rows = sorted(
            catalog.table(table),
            key=lambda row: (tuple(natural_key(value) for value in row.key_values()), _content(row)),
        )
        digest = hashlib.sha256(b"".join(_content(row) + b"\n" for row in rows))
        assert catalog.table_sha256(table) == digest.hexdigest()


def test_rows_of_one_key_are_ordered_by_content() -> None:
    catalog = read_catalog("mini").require()
    first = catalog.occupation_requirements[0]
    twin = first.model_copy(update={"level": 8 if first.level < 8 else 1})
    one = catalog.replace(occupation_requirements=(first, twin))
    other = catalog.replace(occupation_requirements=(twin, first))
    assert one.occupation_requirements == other.occupation_requirements
    assert one.sha256 == other.sha256
