"""Writing a folder loses nothing."""

from __future__ import annotations

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
