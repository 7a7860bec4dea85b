"""One table as LibreOffice saves it in three formats reads alike."""

from __future__ import annotations

from pathlib import Path

from unit.catalog.test_sheets import read, rich, saved, told
from workbooks.office import saved_as


def test_libreoffice_makes_the_same_of_one_table(tmp_path: Path) -> None:
    book = rich()
    sheet = book.worksheets[0]
    sheet["A20"], sheet["B20"], sheet["C20"] = "=A2+B2", "=1/0", "=1-1"
    found = saved_as(saved(book), "xlsx", "ods", "xls")
    xlsx, ods, xls = (told(read(found[kind], tmp_path / f"one.{kind}")) for kind in ("xlsx", "ods", "xls"))
    assert xlsx[0][2][20][0].value == 13.5 and xlsx[0][2][20][1].problem == "error-in-cell"
    assert ods == xlsx
    assert xls == xlsx
