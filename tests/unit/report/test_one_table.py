"""One table in every form: what a column says once stands in cells, records, frames and on terminals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from curriplan.catalog.records import Catalog, CatalogInfo
from curriplan.cli.console.terminal import Terminal
from curriplan.report.book import workbook
from curriplan.report.labels import Labels
from curriplan.texts.words import Words, texts_of
from curriplan.xlsx.formula import total
from curriplan.xlsx.table import Column, Line, Table


@dataclass(frozen=True)
class Course:
    name: str
    hours: float
    is_new: bool = False


COURSES = (Course("Security", 24.0004), Course("Networks", 36, is_new=True))
LABELS = Labels(Catalog(info=CatalogInfo(id="courses")), Words("en"))


def others(line: Line[Course]) -> Any:
    """The hours of all other courses: it can be written only when all of them stand."""
    return total(line.range("column.total_hours")) - line["column.total_hours"]


def table(*more: Column[Course]) -> Table[Course]:
    return Table(
        Column("column.module", "text", 20, lambda row: row.name, field="name"),
        Column(value=lambda row: row.name.upper(), field="code"),
        Column("column.total_hours", "number", 10, lambda row: row.hours, field="hours", digits=2),
        Column("column.weight", "share", 10, formula=others, late=True),
        Column("column.essential", "centre", 10, lambda row: row.is_new, field="is_new"),
        *more,
    )


def cells(one: Table[Course], rows: tuple[Course, ...] = COURSES, top: int = 0) -> dict[str, Any]:
    target = BytesIO()
    with workbook(LABELS, target, "Courses") as book:
        placed = one.write(book.sheet("Courses", one.widths), top, rows)
        placed.page()
    sheet = openpyxl.load_workbook(target)["Courses"]
    return {
        cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def test_a_workbook_shows_the_columns_that_have_a_header() -> None:
    found = cells(table())
    assert [found["A2"], found["B2"], found["D2"]] == ["Security", 24.0004, "no"]
    assert [found["A3"], found["B3"], found["D3"]] == ["Networks", 36, "yes"]
    assert "SECURITY" not in found.values()


def test_a_formula_names_cells_by_the_keys_of_their_columns() -> None:
    assert cells(table())["C3"] == "=SUM($B$2:$B$3)-$B3"


def test_a_column_more_moves_no_formula_to_a_wrong_cell() -> None:
    first = Column[Course]("column.programme", "code", 8, lambda _: "A")
    wider = Table(first, *table().columns)
    assert cells(wider)["D3"] == "=SUM($C$2:$C$3)-$C3"


def test_records_have_the_fields_rounded_and_truth_as_it_is() -> None:
    assert table().records(COURSES) == [
        {"name": "Security", "code": "SECURITY", "hours": 24.0, "is_new": False},
        {"name": "Networks", "code": "NETWORKS", "hours": 36, "is_new": True},
    ]


def test_a_frame_without_rows_has_its_columns_all_the_same() -> None:
    assert list(table().frame(()).columns) == ["name", "code", "hours", "is_new"]


def test_records_have_plain_spaces_where_a_workbook_breaks_no_number() -> None:
    price = Column[Course]("column.new_cost", value=lambda _: "20\xa0000 KZT", field="price")
    one = table(price)
    assert "20\xa0000 KZT" in cells(one).values()
    assert [row["price"] for row in one.records(COURSES)] == ["20 000 KZT"] * 2


def test_two_columns_of_one_key_are_refused() -> None:
    with pytest.raises(AssertionError, match="two columns of one key"):
        Table(Column("column.module"), Column("column.module"))


def test_a_table_without_rows_is_its_header() -> None:
    assert cells(table(), ())["A1"].startswith("Module")


@pytest.mark.parametrize(
    ("language", "header"), [("kk", "Құзырет"), ("ru", "Компетенция"), ("en", "Competency")]
)
def test_a_terminal_takes_the_header_of_the_workbook_where_it_has_no_own(
    language: str, header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`competency` stands under `column` in both; `programme` is the terminal's own, `area` is not shown."""
    shown = Table[Course](
        Column("column.competency", value=lambda row: row.name, console=""),
        Column("column.total_hours", value=lambda row: row.hours, console="programme"),
        Column("column.area", value=lambda row: row.name),
    )
    terminal = Terminal(language)
    terminal.rows_of(shown, COURSES)
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.split() == [header, terminal.text("column.programme")]
    assert second.split() == ["Security", "24"]


def test_every_header_of_a_terminal_has_a_text() -> None:
    """A column that names a header which is not there would end in a traceback, on terminals only."""
    sources = [path.read_text("utf-8") for path in sorted(Path(str(files("curriplan"))).rglob("*.py"))]
    named = set(re.findall(r'console="([a-z_]+)"', "\n".join(sources)))
    assert "teachable" in named
    assert {name for name in named if f"column.{name}" not in texts_of("cli")} == set()
