"""Writing a folder loses nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from broken_catalogs.base_catalog import BASE
from curriplan.base.errors import CatalogError
from curriplan.catalog.reading.bundled import bundled_names
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.saving.folder import write_folder


def test_round_trip(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    again = read_catalog(write_folder(catalog, tmp_path / "copy"))
    assert again.issues == ()
    rows = [row.model_dump() for row in catalog.records()]
    assert [row.model_dump() for row in again.require().records()] == rows
    assert again.require().sha256 == catalog.sha256


@pytest.mark.parametrize("name", bundled_names())
def test_round_trip_of_the_bundle(name: str, tmp_path: Path) -> None:
    catalog = read_catalog(name).require()
    again = read_catalog(write_folder(catalog, tmp_path / "copy")).require()
    assert again.sha256 == catalog.sha256


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    one, two = (write_folder(catalog, tmp_path / name) for name in ("one", "two"))
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}
    assert b"\r" not in (one / "modules.csv").read_bytes()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    (tmp_path / "modules.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(CatalogError, match="output-exists"):
        write_folder(catalog, tmp_path)
    assert (tmp_path / "modules.csv").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    assert read_catalog(write_folder(catalog, tmp_path)).require().sha256 == catalog.sha256


def test_a_lone_carriage_return_does_not_end_a_row(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    first, *rest = catalog.competencies
    torn = first.model_copy(update={"name_en": "one\rtwo"})
    folder = write_folder(catalog.replace(competencies=(torn, *rest)), tmp_path / "copy")
    again = read_catalog(folder).require()
    assert again.competency_by_id[first.id].name_en == "one\ntwo"
    assert len(again.competencies) == len(catalog.competencies)


def test_no_cell_of_a_table_is_a_formula_for_excel_and_nothing_is_lost(tmp_path: Path) -> None:
    """Also where Kazakh and Russian Excel part columns at a ``;``; a workbook has the text as it is."""
    catalog = read_catalog(BASE).require()
    first, second, *rest = catalog.competencies
    evil = first.model_copy(update={"name_kk": "=1+1", "name_ru": "'=1+1", "name_en": "a;@SUM(A1)\n＝2"})
    risky = second.model_copy(update={"name_kk": "-5", "name_ru": "+7 701", "name_en": "x = 1; 'y'"})
    catalog = catalog.replace(competencies=(evil, risky, *rest))
    again = read_catalog(write_folder(catalog, tmp_path / "copy"))
    with (tmp_path / "copy" / "competencies.csv").open(encoding="utf-8", newline="") as file:
        names = [[row[f"name_{lang}"] for lang in ("kk", "ru", "en")] for row in csv.DictReader(file)]
    assert names[:2] == [["'=1+1", "''=1+1", "a;'@SUM(A1)\n'＝2"], ["-5", "'+7 701", "x = 1; 'y'"]]
    assert again.require().sha256 == catalog.sha256
    assert [row.model_dump() for row in again.require().competencies] == [
        row.model_dump() for row in catalog.competencies
    ]


def test_what_looks_like_a_formula_without_an_apostrophe_is_read_as_it_stands(tmp_path: Path) -> None:
    folder = write_folder(read_catalog(BASE).require(), tmp_path / "copy")
    path = folder / "competencies.csv"
    name = read_catalog(BASE).require().competencies[0].name_en or ""
    path.write_text(path.read_text(encoding="utf-8").replace(name, "=1+1", 1), encoding="utf-8")
    assert "=1+1" in {one.name_en for one in read_catalog(folder).require().competencies}
