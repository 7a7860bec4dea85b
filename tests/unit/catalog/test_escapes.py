"""Characters that XML cannot hold, as workbooks write them, in every kind of file."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from curricula import colleges
from curricula.formats import as_ods, as_xls
from curriplan.base.errors import CurriplanError, Place
from curriplan.catalog.reading.grids import GridCell
from curriplan.catalog.reading.sheets import read_any_sheets
from curriplan.cli.app import main
from curriplan.importing.rup.amounts import AmountError, terms_of
from curriplan.importing.rup.mapping import mapping_of

TEXTS = {
    "A_x0009_B": "A\tB",
    "_x005F_x0041_": "_x0041_",
    "_xD83D__xDE42_": "\N{SLIGHTLY SMILING FACE}",
}
"""What stands in the XML of an .xlsx, and what it is."""
HALF = """
Индекс|Наименование|Кредиты|Всего часов|Теория|Семестр
ООД 01|_xD800_|3|72|72|1
"""


def read(path: Path, text: str) -> GridCell:
    book = openpyxl.Workbook()
    book.active["A1"].value = text
    if path.suffix == ".xlsx":
        book.save(path)
    else:
        path.write_bytes(as_ods(book) if path.suffix == ".ods" else as_xls(book))
    return read_any_sheets(path)[0].rows[1][0]


@pytest.mark.parametrize(("written", "meant"), TEXTS.items())
def test_only_xlsx_writes_characters_as_numbers(written: str, meant: str, tmp_path: Path) -> None:
    """Two numbers may be one character; in .ods and .xls the same letters are just letters."""
    assert read(tmp_path / "a.xlsx", written).value == meant
    for ending in ("ods", "xls"):
        assert read(tmp_path / f"a.{ending}", written).value == written


def test_half_a_character_is_refused_with_its_cell(tmp_path: Path) -> None:
    """The fuzzer found it: a curriculum with one ended in a traceback."""
    cell = read(tmp_path / "a.xlsx", "B_xD800_")
    assert (cell.value, cell.problem) == (None, "no-value-of-a-cell")
    path = tmp_path / "plan.xlsx"
    colleges.book(("План", HALF, ())).save(path)
    arguments = ["import", "rup", path, tmp_path / "out", "--learners", "25", "--start", "2026-1"]
    result = CliRunner().invoke(main, [str(one) for one in (*arguments, "--lang", "en")])
    assert result.exit_code == 3, result.output
    assert "[План] B2: no-value-of-a-cell" in result.stderr


def test_a_number_of_5000_digits_is_no_semester() -> None:
    """Python does not make a number of so many; the fuzzer found it."""
    with pytest.raises(AmountError):
        terms_of("9" * 5000)
    with pytest.raises(CurriplanError):
        mapping_of({"schema": 1, "weeks": {"9" * 5000: 18}}, Place("m.toml"))
