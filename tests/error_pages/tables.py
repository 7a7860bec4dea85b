"""Examples of what a file of tables may not be: .xls and .ods, and formulas that nobody has calculated."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import xlsxwriter
from click.testing import CliRunner

from curricula import colleges
from curricula.formats import as_ods, compound
from curriplan.cli.app import main
from error_pages.example import Example, Stage, command


def _signed(stage: Stage) -> None:
    data = as_ods(colleges.big(), **{"META-INF/documentsignatures.xml": b"<signatures/>"})
    (stage.folder / "plan.ods").write_bytes(data)


def _encrypted(stage: Stage) -> None:
    data = as_ods(colleges.big(), **{"META-INF/manifest.xml": b"<manifest:encryption-data/>"})
    (stage.folder / "plan.ods").write_bytes(data)


def _misnamed(stage: Stage) -> None:
    (stage.folder / "plan.xlsx").write_bytes(as_ods(colleges.big()))


def _saved_as_ods(stage: Stage) -> None:
    CliRunner().invoke(main, ["init", "college.xlsx", "--lang", stage.language])
    (stage.folder / "college.ods").write_bytes(as_ods(openpyxl.load_workbook(stage.folder / "college.xlsx")))


def _oldest(stage: Stage) -> None:
    (stage.folder / "plan.xls").write_bytes(compound(b"\x09\x08\x08\x00\x00\x05\x05\x00", "Book"))


def _page(stage: Stage) -> None:
    (stage.folder / "plan.xls").write_text("<html><table><tr><td>ПМ 01</td></tr></table></html>", "utf-8")


HEAD = ["Индекс", "Наименование модулей", "Семестр", "Кредиты", "Всего часов", "Теория"]


def _two_files(stage: Stage) -> None:
    """Make two files of one programme."""
    for name, module in (("one.xlsx", "Разработка сайтов"), ("two.xlsx", "Базы данных")):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
            sheet = book.add_worksheet("План")
            sheet.write_row(0, 0, ["Квалификация: 4S06130103 – Техник-программист"])
            sheet.write_row(1, 0, HEAD)
            sheet.write_row(2, 0, ["ПМ 01", module, 2, 5, 120, 120])
        (stage.folder / name).write_bytes(content.getvalue())


def _alike(stage: Stage) -> None:
    """Make two files with one module under two indexes."""
    for name, index, code in (("one.xlsx", "БМ 01", "06130103"), ("two.xlsx", "БМ 1", "06120201")):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
            sheet = book.add_worksheet("План")
            sheet.write_row(0, 0, [f"Квалификация: 4S{code} – Техник"])
            sheet.write_row(1, 0, HEAD)
            sheet.write_row(2, 0, [index, "Физическая культура", 2, 5, 120, 120])
        (stage.folder / name).write_bytes(content.getvalue())


def _mapping_of_another(stage: Stage) -> None:
    _two_files(stage)
    (stage.folder / "m.toml").write_text('schema = 1\nfile = "three.xlsx"\n', encoding="utf-8")


def _asked(column: int, value: str) -> Callable[[Stage], None]:
    """Have a workbook of questions with something written into the first of its rows."""

    def prepare(stage: Stage) -> None:
        _uncertain(stage)
        CliRunner().invoke(
            main, f"import rup plan.xlsx out --questions q.xlsx --lang {stage.language}".split()
        )
        book = openpyxl.load_workbook(stage.folder / "q.xlsx")
        book.worksheets[0].cell(4, column).value = value
        book.save(stage.folder / "q.xlsx")

    return prepare


def _beside(stage: Stage) -> None:
    """Make a sheet with two programmes beside common names, of which nothing says the codes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("План")
        amounts = ["Кредиты", "Всего часов", "Теория", "1 семестр", "2 семестр"]
        sheet.write_row(0, 0, ["Индекс", "Наименование модулей", "Повар", *[""] * 4, "Кондитер", *[""] * 4])
        sheet.write_row(1, 0, ["", "", *amounts, *amounts])
        sheet.write_row(2, 0, ["ООД 01", "Физика", 3, 72, 72, 72, "", 3, 72, 72, "", 72])
        sheet.write_row(3, 0, ["ПМ 01", "Горячие блюда", 5, 120, 120, "", 120])
        sheet.write_row(4, 0, ["ПМ 02", "Выпечка", *[""] * 5, 4, 96, 96, 96, ""])
    (stage.folder / "plan.xlsx").write_bytes(content.getvalue())


def _uncertain(stage: Stage) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("План")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["ПМ 01", "Базы данных", 2, 5, 120, 120])
    (stage.folder / "plan.xlsx").write_bytes(content.getvalue())


BOTH = "import rup one.xlsx two.xlsx out --start 2026-1 --learners 25 --entry-base grade9"
TABLES: tuple[Example, ...] = (
    command("signed-document", "a signed .ods", "import rup plan.ods out", _signed),
    command("encrypted-document", "an .ods with a password", "import rup plan.ods out", _encrypted),
    command("open-document", "a catalog saved as .ods", "check college.ods", _saved_as_ods),
    command("document-misnamed", "an .ods under another name", "import rup plan.xlsx out", _misnamed),
    command("very-old-workbook", "a workbook of Excel 95", "import rup plan.xls out", _oldest),
    command("page-as-workbook", "a web page called .xls", "import rup plan.xls out", _page),
    command("rup-programme-twice", "two files of one programme", BOTH, _two_files),
    command(
        "rup-programme-unnamed",
        "two programmes beside common names, without codes",
        "import rup plan.xlsx out --start 2026-1 --learners 25",
        _beside,
    ),
    command("rup-modules-renamed", "two modules under one index", BOTH, _two_files),
    command(
        "rup-norm-left-out",
        "two files that do not say the schooling at entry",
        BOTH.replace(" --entry-base grade9", ""),
        _alike,
    ),
    command("rup-modules-alike", "one module under two indexes", BOTH, _alike),
    command(
        "rup-mapping-of-no-file",
        "a mapping of a file that is not given",
        f"{BOTH} --mapping m.toml",
        _mapping_of_another,
    ),
    command(
        "option-for-each-file",
        "two numbers of learners for three files",
        "import rup one.xlsx two.xlsx two.xlsx out --learners 25 --learners 30",
        _two_files,
    ),
    command(
        "rup-not-questions",
        "the curriculum itself in place of its answers",
        "import rup plan.xlsx out --mapping plan.xlsx",
        _uncertain,
    ),
    command(
        "rup-answer-unknown",
        "words in place of a semester",
        "import rup plan.xlsx out --mapping q.xlsx",
        _asked(7, "autumn"),
    ),
    command(
        "rup-question-unknown",
        "a hidden column that somebody has changed",
        "import rup plan.xlsx out --mapping q.xlsx",
        _asked(8, "5:column.Z"),
    ),
    command(
        "output-no-catalog",
        "two curricula, and no name for the catalog",
        "import rup one.xlsx two.xlsx --force",
        _two_files,
    ),
)
