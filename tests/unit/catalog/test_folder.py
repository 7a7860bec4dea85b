"""CSV folders: text first, places as Excel shows them, byte order marks, line ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.base.errors import Place
from curriplan.catalog.reading.read import ReadResult, read_catalog


def _read(tables: Tables, folder: Path) -> ReadResult:
    return read_catalog(tables.write_folder(folder))


def _sha256(result: ReadResult) -> str:
    assert result.issues == ()
    return result.require().sha256


@pytest.fixture
def base_sha256() -> str:
    return _sha256(read_catalog(BASE))


def test_ids_that_pandas_would_eat_stay_text(tmp_path: Path) -> None:
    tables = Tables()
    for name in ("NA", "007", "1e5", "nan", "True"):
        tables.add("competencies", id=name, name_kk="NULL", name_ru="0012", name_en="N/A")
    catalog = _read(tables, tmp_path).require()
    row = catalog.competency_by_id["007"]
    assert {"NA", "007", "1e5", "nan", "True"} <= set(catalog.competency_by_id)
    assert (row.name_kk, row.name_ru, row.name_en) == ("NULL", "0012", "N/A")


def test_bom_line_ends_and_blank_rows_change_nothing(tmp_path: Path, base_sha256: str) -> None:
    tables = Tables()
    for table in tables.rows:
        text = tables.csv_bytes(table).decode().replace("\n", "\r\n") + "\r\n,,\r\n"
        width = len(tables.rows[table][0])
        text = text.replace(",,\r\n", "," * (width - 1) + "\r\n") if text.endswith("\r\n,,\r\n") else text
        tables.raw[f"{table}.csv"] = b"\xef\xbb\xbf" + text.encode()
    tables.raw["catalog.toml"] = tables.info.replace("\n", "\r\n").encode()
    assert _sha256(_read(tables, tmp_path)) == base_sha256


def test_old_mac_line_ends(tmp_path: Path, base_sha256: str) -> None:
    tables = Tables()
    tables.raw["floors.csv"] = tables.csv_bytes("floors").replace(b"\n", b"\r")
    assert _sha256(_read(tables, tmp_path)) == base_sha256


def test_spaces_around_values_and_trailing_commas_are_dropped(tmp_path: Path, base_sha256: str) -> None:
    tables = Tables()
    tables.raw["floors.csv"] = (
        " competency , level,programme,reason,challenge,,\nDB\u00a0,\t2 ,,safety,2,,\n".encode()
    )
    assert _sha256(_read(tables, tmp_path)) == base_sha256


def test_a_quoted_line_break_is_one_row(tmp_path: Path) -> None:
    tables = Tables()
    tables.set("competencies", 2, "name_en", "Database\r\nsecurity")
    tables.set("competencies", 4, "uri", "nonsense")
    catalog = _read(tables, tmp_path).require()
    assert catalog.competency_by_id["DB"].name_en == "Database\nsecurity"
    # ICT is the third record: row 4 in Excel, though line 5 of the file
    assert catalog.competency_by_id["ICT"].place("uri") == Place(
        str(tmp_path / "competencies.csv"), None, 4, "uri"
    )


def test_rows_count_blank_ones(tmp_path: Path) -> None:
    tables = Tables()
    tables.raw["floors.csv"] = b"competency,level\n\n\nDB,2\n"
    (floor,) = _read(tables, tmp_path).require().floors
    assert floor.place("level").row == 4


def test_a_column_that_is_not_there_is_named_all_the_same(tmp_path: Path) -> None:
    tables = Tables()
    tables.raw["floors.csv"] = b"competency,level\nDB,2\n"
    (floor,) = _read(tables, tmp_path).require().floors
    assert floor.place("reason") == Place(str(tmp_path / "floors.csv"), None, 2, "reason")


def test_the_profile_key_has_its_place(tmp_path: Path) -> None:
    entry = _read(Tables(), tmp_path).require().profile[0]
    assert entry.place("key").column == entry.place("key_name").column == "key"


def test_other_files_are_left_alone(tmp_path: Path, base_sha256: str) -> None:
    tables = Tables()
    tables.raw.update({"README.md": b"# notes", "picture.png": b"\x89PNG", "ORIGIN": b"\xff"})
    (tmp_path / "old").mkdir()
    assert _sha256(_read(tables, tmp_path)) == base_sha256


def test_folders_with_spaces_and_cyrillic_letters(tmp_path: Path, base_sha256: str) -> None:
    folder = tmp_path / "Колледж № 1 (жаңа)" / "мои таблицы"
    result = _read(Tables(), folder)
    assert _sha256(result) == base_sha256
    assert result.require().modules[0].place().file == str(folder / "modules.csv")


@pytest.mark.parametrize("name", ["floors.csv.txt", "floors.xlsx"])
def test_a_table_under_a_wrong_ending_is_not_passed_over_in_silence(name: str, tmp_path: Path) -> None:
    """Windows hides the .txt that an editor adds: the floors would be gone without a word."""
    folder = Tables().write_folder(tmp_path)
    (folder / "floors.csv").rename(folder / name)
    result = read_catalog(folder)
    assert [(issue.code, issue.values["value"]) for issue in result.issues] == [("unknown-file", name)]


def test_a_spare_copy_beside_its_table_is_no_problem(tmp_path: Path) -> None:
    folder = Tables().write_folder(tmp_path)
    (folder / "floors.csv.bak").write_bytes((folder / "floors.csv").read_bytes())
    assert read_catalog(folder).issues == ()


def test_a_folder_in_place_of_a_table(tmp_path: Path) -> None:
    folder = Tables().write_folder(tmp_path)
    (folder / "floors.csv").unlink()
    (folder / "floors.csv").mkdir()
    assert [issue.code for issue in read_catalog(folder).issues] == ["file-unreadable"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a special right on Windows")
@pytest.mark.parametrize("target", ["nowhere.csv", "/dev/zero"])
def test_a_link_to_nothing_or_to_a_device(target: str, tmp_path: Path) -> None:
    folder = Tables().write_folder(tmp_path)
    (folder / "floors.csv").unlink()
    (folder / "floors.csv").symlink_to(target)
    assert [issue.code for issue in read_catalog(folder).issues] == ["file-unreadable"]


@pytest.mark.parametrize("value", ["[" * 5000 + "]" * 5000, "9" * 5000])
def test_a_catalog_toml_that_no_parser_can_hold(value: str, tmp_path: Path) -> None:
    tables = Tables()
    tables.raw["catalog.toml"] = f"{tables.info}\nextra = {value}\n".encode()
    assert "malformed-toml" in [issue.code for issue in _read(tables, tmp_path).issues]
