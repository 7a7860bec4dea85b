"""``curriplan import rup`` of several files: one catalog, equal modules once, each message with its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import curriplan
from curricula.formats import as_ods, as_xls
from curriplan.catalog.records import Catalog

HEAD = ["Индекс", "Наименование модулей", "Семестр", "Кредиты", "Всего часов", "Теория", "ЛПЗ"]
PHYSICS = ["ООД 01", "Физика", 1, 3, 72, 48, 24]
SITES = [
    ["ПМ 01", "Разработка сайтов", None, 5, 120, 60, 60],
    ["РО 1.1", "Верстать страницы", 2, 2, 48, 24, 24],
    ["РО 1.2", "Обновлять сайты", 3, 3, 72, 36, 36],
]
BREAD = [["ПМ 01", "Выпечка хлеба", 2, 4, 96, 48, 48], ["ПП 01", "Практика", 3, 2, 48, None, 48]]


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main(), ["import", "rup", *map(str, arguments), "--lang", "en"])


def main() -> Any:
    from curriplan.cli.app import main as command

    return command


def college(code: str, *rows: list[Any], year: int = 2026) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "План"
    for row in ([f"Квалификация: {code} – Техник. {year}-{year + 1} учебный год"], HEAD, *rows):
        sheet.append(row)
    return book


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three programmes in three formats: physics is the same in all, ПМ 01 twice."""
    books = (
        (college("4S06130103", PHYSICS, *SITES), "it.xlsx"),
        (college("4S06130105", PHYSICS, *SITES), "web.ods"),
        (college("3W07210302", PHYSICS, *BREAD), "bread.xls"),
    )
    paths = [tmp_path / name for _, name in books]
    for (book, _), path in zip(books, paths, strict=True):
        if path.suffix == ".xlsx":
            book.save(path)
        else:
            path.write_bytes(as_ods(book) if path.suffix == ".ods" else as_xls(book))
    return paths


def catalog_of(path: Path) -> Catalog:
    found = curriplan.read_catalog(path).partial
    assert found is not None
    return found


def test_modules_keep_the_index_of_the_college(tmp_path: Path) -> None:
    """However an index is spelled, it is one; a module that gets another id keeps its own."""
    spelled = [["ООД01", *PHYSICS[1:]]]
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    college("4S06130103", PHYSICS, *SITES).save(paths[0])
    college("3W07210302", *spelled, *BREAD).save(paths[1])
    done = call(*paths, tmp_path / "both", "--learners", "25", "--entry-base", "grade9")
    assert done.exit_code == 0, done.output
    indexes = {row.id: row.index for row in catalog_of(tmp_path / "both").modules}
    assert indexes == {
        "OOD01": "ООД 01",
        "4S06130103-PM01": "ПМ 01",
        "4S06130103-PM01.1": "РО 1.1",
        "4S06130103-PM01.2": "РО 1.2",
        "3W07210302-PM01": "ПМ 01",
        "PP01": "ПП 01",
    }


def test_equal_modules_stand_once_and_others_begin_with_their_programme(
    files: list[Path], tmp_path: Path
) -> None:
    done = call(*files, tmp_path / "out", "--learners", 25)
    assert done.exit_code == 0, done.stderr
    catalog = catalog_of(tmp_path / "out")
    assert {row.id for row in catalog.programmes} == {"4S06130103", "4S06130105", "3W07210302"}
    assert {row.id for row in catalog.modules} == {
        "OOD01", "PP01", "3W07210302-PM01", "4S06130103-PM01", "4S06130103-PM01.1", "4S06130103-PM01.2",
    }  # fmt: skip
    taken = {(row.programme, row.module, row.current_term) for row in catalog.programme_modules}
    shared = {(one, "OOD01", 1) for one in ("4S06130103", "4S06130105", "3W07210302")}
    assert shared | {("4S06130105", "4S06130103-PM01.2", 3), ("3W07210302", "PP01", 3)} <= taken
    assert len(taken) == 3 + 2 * 2 + 2
    order = {(row.module, row.requires) for row in catalog.module_requisites}
    assert order == {("4S06130103-PM01.2", "4S06130103-PM01.1"), ("PP01", "3W07210302-PM01")}
    assert {path.name for path in tmp_path.glob("*.toml")} == {
        f"out.{name}.mapping.toml" for name in ("it", "web", "bread")
    }


def test_the_order_of_files_changes_no_content(files: list[Path], tmp_path: Path) -> None:
    assert call(*files[1:], tmp_path / "a", "--learners", 25).exit_code == 0
    assert call(*files[:0:-1], tmp_path / "b", "--learners", 25).exit_code == 0
    one, other = catalog_of(tmp_path / "a"), catalog_of(tmp_path / "b")
    for table in ("modules", "programme_modules", "module_requisites"):
        assert [row.model_dump() for row in one.table(table)] == [
            row.model_dump() for row in other.table(table)
        ]


def test_one_programme_twice_gets_a_number_and_is_said(files: list[Path], tmp_path: Path) -> None:
    college("4S06130103", PHYSICS, SITES[0], SITES[1], year=2027).save(tmp_path / "next.xlsx")
    done = call(files[0], tmp_path / "next.xlsx", tmp_path / "out", "--learners", 25, "--learners", 30)
    assert done.exit_code == 0, done.stderr
    assert "next.xlsx: rup-programme-twice" in done.stdout + done.stderr
    found = {(row.id, row.start, row.learners) for row in catalog_of(tmp_path / "out").programmes}
    assert found == {("4S06130103", "2026-1", 25), ("4S06130103-2", "2027-1", 30)}


def test_the_problems_of_all_files_are_said_with_their_files(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "page.xls").write_text("<html>", encoding="utf-8")
    done = call(*files[:2], tmp_path / "page.xls", tmp_path / "out")
    assert done.exit_code == 3
    assert not (tmp_path / "out").exists()
    for name, code in (("it.xlsx", "rup-learners-missing"), ("web.ods", "rup-learners-missing")):
        assert f"{tmp_path / name}: {code}" in done.stderr
    assert f"{tmp_path / 'page.xls'}: page-as-workbook" in done.stderr


def test_each_mapping_goes_to_the_file_that_it_names(files: list[Path], tmp_path: Path) -> None:
    assert call(*files, tmp_path / "out").exit_code == 3
    noted = [tmp_path / f"out.{path.stem}.mapping.toml" for path in files]
    for number, path in enumerate(noted):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('learners = "?"', f"learners = {20 + number}"), encoding="utf-8")
    given = [word for path in reversed(noted) for word in ("--mapping", path)]
    assert call(*files, tmp_path / "out", *given).exit_code == 0
    found = {row.id: row.learners for row in catalog_of(tmp_path / "out").programmes}
    assert found == {"4S06130103": 20, "4S06130105": 21, "3W07210302": 22}
    lost = call(*files[:2], tmp_path / "other", "--learners", 25, "--mapping", noted[2])
    assert lost.exit_code == 3 and "rup-mapping-of-no-file" in lost.stderr


def test_two_sheets_of_one_file_are_two_programmes(tmp_path: Path) -> None:
    """Their mappings, and the questions about them, keep to the order of the files."""
    book = college("4S06130103", PHYSICS, *SITES)
    other = book.create_sheet("Второй")
    for row in college("3W07210302", PHYSICS, *BREAD).worksheets[0].iter_rows(values_only=True):
        other.append(row)
    path, questions = tmp_path / "both.xlsx", tmp_path / "q.xlsx"
    book.save(path)
    given = (path, path, tmp_path / "out", "--sheet", "План", "--sheet", "Второй", "--entry-base", "grade9")
    assert call(*given, "--questions", questions).exit_code == 3
    found = openpyxl.load_workbook(questions)
    for row, learners in ((4, "20"), (5, "30")):
        found.worksheets[0].cell(row, 7).value = learners
    found.save(questions)
    done = call(*given, "--mapping", questions)
    assert done.exit_code == 0, done.stderr
    programmes = {row.id: row.learners for row in catalog_of(tmp_path / "out").programmes}
    assert programmes == {"4S06130103": 20, "3W07210302": 30}
    assert (tmp_path / "out.both.xlsx.mapping.toml").exists()
    assert (tmp_path / "out.both.xlsx (2).mapping.toml").exists()


def test_a_curriculum_is_never_replaced_for_want_of_a_destination(files: list[Path], tmp_path: Path) -> None:
    before = files[0].read_bytes()
    done = call(files[1], files[0], "--learners", 25, "--force")
    assert done.exit_code == 3 and "output-no-catalog" in done.stderr and files[0].read_bytes() == before
    out = tmp_path / "out.xlsx"
    for _ in range(2):
        assert call(files[1], out, "--learners", 25, "--force").exit_code == 0


def test_options_stand_once_or_once_for_each_file(files: list[Path], tmp_path: Path) -> None:
    wrong = call(*files, tmp_path / "out", "--learners", 25, "--learners", 30)
    assert wrong.exit_code == 2 and "option-for-each-file" in wrong.stderr


def test_a_repeated_run_replaces_its_own_report_and_no_other(files: list[Path], tmp_path: Path) -> None:
    report = tmp_path / "rows.csv"
    for _ in range(2):
        assert call(*files, tmp_path / "out", "--report", report).exit_code == 3
    text = report.read_text(encoding="utf-8-sig")
    assert all(f"\n{path.name},План," in text for path in files)
    report.write_bytes(report.read_bytes() + b"mine")
    again = call(*files, tmp_path / "out", "--report", report)
    assert again.exit_code == 3 and "output-exists" in again.stderr and str(report) in again.stderr
    assert report.read_bytes().endswith(b"mine")


def test_two_programmes_beside_each_other_take_one_run_and_their_mappings_give_the_same(
    tmp_path: Path,
) -> None:
    """Each has its mapping beside the catalog, which says which part of the file it is of."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for first, code, rows in ((1, "4S06130103", [PHYSICS, *SITES]), (9, "3W07210302", [PHYSICS, *BREAD])):
        for row, cells in enumerate([[f"{code} – Техник. 2026-2027 учебный год"], HEAD, *rows], 1):
            for column, value in enumerate(cells, first):
                sheet.cell(row, column, value)
    book.save(tmp_path / "both.xlsx")
    done = call(tmp_path / "both.xlsx", tmp_path / "out", "--learners", 25, "--learners", 20)
    assert done.exit_code == 0, done.output
    catalog: Any = curriplan.read_catalog(tmp_path / "out").partial
    assert {one.id: one.learners for one in catalog.programmes} == {
        "4S06130103": 25,
        "3W07210302": 20,
    }
    noted = [tmp_path / f"out.both.xlsx{end}.mapping.toml" for end in ("", " (2)")]
    assert ["part = 1" in noted[0].read_text("utf-8"), "part = 2" in noted[1].read_text("utf-8")] == [
        True
    ] * 2
    again = call(tmp_path / "both.xlsx", tmp_path / "again", "--mapping", noted[1], "--mapping", noted[0])
    assert again.exit_code == 0, again.output
    same: Any = curriplan.read_catalog(tmp_path / "again").partial
    assert same.sha256 == catalog.sha256
