"""Tables of a release: read whole, or refused with the place of what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriplan.base.errors import CatalogError
from curriplan.catalog.reading.raw import clean
from curriplan.importing.source import Source, list_files, read_all, read_source, version_of

COLUMNS = ("uri", "name")
GOOD = b'uri,other,name\r\na,1,"x, ""y""\r\nz"\r\n\r\nb,2,\r\n'

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


def read(folder: Path, data: bytes, **options: bool | str) -> Source:
    path = folder / "table.csv"
    path.write_bytes(data)
    return read_source(path, "skills", COLUMNS, **options)  # type: ignore[arg-type]


def refusal(folder: Path, data: bytes) -> set[tuple[str, int | None, str | None]]:
    with pytest.raises(CatalogError) as caught:
        read(folder, data)
    places = [(issue.code, issue.place) for issue in caught.value.issues]
    assert all(place is not None and place.file == str(folder / "table.csv") for _, place in places)
    return {(code, place.row, place.column) for code, place in places if place}


def test_rows_are_numbered_as_excel_does(tmp_path: Path) -> None:
    source = read(tmp_path, GOOD)
    assert source.rows.to_dict("index") == {
        2: {"uri": "a", "name": 'x, "y"\nz'},
        4: {"uri": "b", "name": ""},
    }
    assert (source.tally.read, source.tally.taken) == (2, 2)


def test_a_byte_order_mark_is_no_letter(tmp_path: Path) -> None:
    assert list(read(tmp_path, b"\xef\xbb\xbf" + GOOD)["uri"]) == ["a", "b"]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda data: data[:0], ("missing-header", 1, None)),
        (lambda data: data[:0] + b"\r\n\r\n", ("missing-header", 1, None)),
        (lambda data: data.replace(b"uri", b"url"), ("missing-column", 1, None)),
        (lambda data: data.replace(b"other", b"name"), ("duplicate-column", 1, None)),
        (lambda data: data.replace(b",", b";"), ("import-wrong-delimiter", 1, None)),
        (lambda data: data + b"c,3", ("ragged-row", 5, None)),
        (lambda data: data + b"c,3,4,5\r\n", ("ragged-row", 5, None)),
        (lambda data: data + b'c,3,"4', ("malformed-csv", 5, None)),
        (lambda data: data + b"c,\0,4\r\n", ("nul-byte", 6, None)),
        (lambda data: data + "в,3,4\r\n".encode("cp1251"), ("wrong-encoding", 6, None)),
        (lambda data: data.decode().encode("utf-16"), ("wrong-encoding", None, None)),
    ],
)
def test_what_is_broken_is_refused(
    tmp_path: Path, spoil: Callable[[bytes], bytes], expected: tuple[str, int | None, str | None]
) -> None:
    assert refusal(tmp_path, spoil(GOOD)) == {expected}


def test_quotes_may_be_letters(tmp_path: Path) -> None:
    source = read(tmp_path, b'uri\tname\r\na\t5" disk\r\n', delimiter="\t", quoted=False)
    assert list(source["name"]) == ['5" disk']


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_every_cell_arrives(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    """The csv module of Python is the oracle; a row of blanks alone is no row."""
    path = tmp_path_factory.mktemp("source") / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("uri", "x", "name"), *rows])
    found = read_source(path, "skills", COLUMNS)
    expected = {
        number: (clean(row[0]), clean(row[2])) for number, row in enumerate(rows, start=2) if any(row)
    }
    assert {n: tuple(row) for n, row in zip(found.rows.index, found.rows.to_numpy(), strict=True)} == expected


def test_all_files_are_complained_of_together(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"uri\n1\n")
    (tmp_path / "b.csv").write_bytes(b"name\n1\n")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"]
    with pytest.raises(CatalogError) as caught:
        read_all([lambda path=path: read_source(path, "skills", COLUMNS) for path in paths])  # type: ignore[misc]
    assert [issue.code for issue in caught.value.issues] == [
        "missing-column",
        "missing-column",
        "file-unreadable",
    ]


@pytest.mark.parametrize("name", ["file", "missing"])
def test_a_folder_is_asked_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError) as caught:
        list_files(tmp_path / name)
    assert [issue.code for issue in caught.value.issues] == ["file-unreadable"]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("esco-1.1.1", "1.1.1"),
        ("ESCO dataset - v1.2.0 - classification - en - csv", "1.2.0"),
        ("db_29_2_text", "29.2"),
        ("release 1", None),
    ],
)
def test_the_folder_tells_the_version(tmp_path: Path, name: str, version: str | None) -> None:
    assert version_of(tmp_path / name) == version
