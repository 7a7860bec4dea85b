"""What the fuzzer and the hostile files have found, each made small."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import time
import zlib
from pathlib import Path

import openpyxl
import pytest

from broken_catalogs.base_catalog import Tables
from curriplan.api.plan_file import read_plan
from curriplan.api.review.compare import written_sheet
from curriplan.base.errors import CurriplanError, nearest
from curriplan.catalog.reading.grids import read_sheets
from curriplan.catalog.reading.read import read_catalog
from curriplan.plan.carried import DamagedError, carried_data
from hostile import mutate
from hostile.targets import mini_plan


def _lines(content: bytes) -> list[str]:
    packed = base64.b64encode(zlib.compress(content)).decode()
    return [
        f"curriplan-review/1:1/1:{packed}",
        f"curriplan-review/1:sha256:{hashlib.sha256(content).hexdigest()}",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        _lines(b"[" * 100_000),
        _lines(b"{"),
        _lines(b"9" * 5000),
        ["curriplan-review/1:1/1000000000:AAAA", f"curriplan-review/1:sha256:{'0' * 64}"],
        [f"curriplan-review/1:{'9' * 5000}/1:AAAA", f"curriplan-review/1:sha256:{'0' * 64}"],
    ],
    ids=["nest", "half", "digits", "promise", "number"],
)
def test_carried_data_that_is_no_data_is_damaged(lines: list[str]) -> None:
    with pytest.raises(DamagedError):
        carried_data(lines)


@pytest.mark.parametrize(
    "cells",
    [
        [[1, [[0, [], False]]]],
        [[1, [[0, None, False]]]],
        [[1, [[1e308, "x", False]]]],
        [[10**30, [[0, "x", False]]]],
        [[1, [[-1, "x", False]]]],
        [[True, [[0, "x", False]]]],
    ],
)
def test_carried_cells_that_no_sheet_has_are_refused(cells: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        written_sheet({"name": "x", "cells": cells, "open": []})


@pytest.mark.parametrize(
    "columns",
    [
        [[0, 0, [1], [[]]]],
        [[0, 0, [1], [None]]],
        [[0, 0, [1, 1], ["x"]]],
        [[0, 0, [10**30], ["x"]]],
        [[0, 0, [10**6, 10**6], ["x", "y"]]],
        [[-1, 0, [1], ["x"]]],
        [[0, 0, [-1], ["x"]]],
        [[0, 0, [True], ["x"]]],
        [[0, 0, 1, ["x"]]],
    ],
)
def test_carried_columns_that_no_sheet_has_are_refused(columns: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        written_sheet({"name": "x", "columns": columns, "open": []})


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"schema": "curriplan-plan/1", "gap": 1, "gap": 2}', encoding="utf-8")
    with pytest.raises(CurriplanError, match="'gap' stands twice"):
        read_plan(path)


def test_a_long_word_is_not_compared() -> None:
    assert nearest("x" * 1_000_000, ["x" * 999_999]) == "-"


@pytest.mark.parametrize("row", [b"x" * 1_100_000, b'"' + b'\n","' * 300_000])
def test_a_long_row_is_refused_before_it_becomes_cells(row: bytes, tmp_path: Path) -> None:
    folder = Tables().write_folder(tmp_path / "catalog")
    (folder / "floors.csv").write_bytes(b"competency,level\n" + row)
    assert [issue.code for issue in read_catalog(folder).issues] == ["row-too-long"]


def test_keys_as_deep_as_the_sea_are_refused_at_once(tmp_path: Path) -> None:
    folder = Tables().write_folder(tmp_path / "catalog")
    with (folder / "catalog.toml").open("a", encoding="utf-8") as file:
        file.write("\nx" + ".x" * 50_000 + " = 1\n")
    started = time.process_time()
    assert "malformed-toml" in [issue.code for issue in read_catalog(folder).issues]
    assert time.process_time() - started < 5


def test_a_term_with_a_point_is_no_whole_number(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    data = json.loads(mini_plan())
    data["modules"][0]["term"] = float(data["modules"][0]["term"])
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CurriplanError, match="plan-invalid"):
        read_plan(path)


def test_names_of_printed_rows_are_not_looked_at(tmp_path: Path) -> None:
    """openpyxl looks for ranges in a name from each of its letters on to its end: 8,000 take 0.26 s."""
    book = openpyxl.Workbook()
    book.worksheets[0].print_title_rows = "1:1"
    content = io.BytesIO()
    book.save(content)
    parts = mutate.unpacked(content.getvalue())
    titles = b"'Sheet'!$1:$1"
    assert titles in parts["xl/workbook.xml"]
    hostile = ("ү" * 200_000).encode()
    parts = {**parts, "xl/workbook.xml": parts["xl/workbook.xml"].replace(titles, hostile)}
    path = tmp_path / "book.xlsx"
    path.write_bytes(mutate.packed(parts))
    started = time.process_time()
    assert read_sheets(path)
    assert time.process_time() - started < 5
