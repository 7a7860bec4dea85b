"""Rows of which a cell could not be read: they take part in all checks that do not ask for that cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from broken_catalogs.base_catalog import Tables
from curriplan.api.reading import Reading, read
from curriplan.catalog.records import Module
from curriplan.catalog.records.unread import is_read, is_unread, watching

Check = Callable[[Callable[[Tables], object]], Reading]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Read and check the base catalog after an edit."""

    def run(edit: Callable[[Tables], object]) -> Reading:
        tables = Tables()
        edit(tables)
        return read(tables.write_folder(tmp_path / "catalog"))

    return run


def _said(reading: Reading) -> set[tuple[str, int | None, str | None]]:
    return {(one.code, one.place.row, one.place.column) for one in reading.errors if one.place}


def _silent(reading: Reading) -> set[str]:
    return {one.theme for one in reading.unchecked if one.whole}


def test_two_faults_of_a_row_are_said_at_once(check: Check) -> None:
    """A module without section and credits: the second once came up only when the first was mended."""

    def spoil(tables: Tables) -> None:
        tables.set("modules", 5, "section", "")
        tables.set("modules", 5, "credits", "")
        tables.set("modules", 3, "theory_hours", "1")

    reading = check(spoil)
    assert _said(reading) == {
        ("missing-value", 5, "section"),
        ("missing-credits", 5, "credits"),
        ("hours-not-credits", 3, "credits"),
    }


def test_what_asks_for_the_cell_says_nothing_of_its_row(check: Check) -> None:
    """Credits that are no number: of other modules hours and credits are compared all the same."""

    def spoil(tables: Tables) -> None:
        tables.set("modules", 2, "credits", "five")
        tables.set("modules", 3, "theory_hours", "1")

    reading = check(spoil)
    assert _said(reading) == {("wrong-number", 2, "credits"), ("hours-not-credits", 3, "credits")}
    (told,) = [one for one in reading.unchecked if one.theme == "modules" and not one.whole][:1]
    assert [(cell.row, cell.column) for cell in told.cells] == [(2, "credits")]


def test_a_sum_waits_for_its_own_cells_only(check: Check) -> None:
    """Two programmes: of one a share is no number and the sum not known, that of the other is wrong."""

    def spoil(tables: Tables) -> None:
        tables.set("targets", 2, "share", "half")
        names = tables.rows["programmes"][0]
        second = dict(zip(names, tables.rows["programmes"][1], strict=True)) | {"id": "TWO"}
        tables.add("programmes", **second)
        occupation = tables.rows["targets"][1][tables.rows["targets"][0].index("occupation")]
        tables.add("targets", programme="TWO", occupation=occupation, share="0.4")

    reading = check(spoil)
    assert {code for code, _, _ in _said(reading)} == {"wrong-number", "shares-not-one"}
    assert "programmes" in {one.theme for one in reading.unchecked}


def test_an_id_that_cannot_be_read_makes_no_reference_unknown(check: Check) -> None:
    """Nobody says that a module is missing whose id is the very cell that cannot be read."""
    reading = check(lambda tables: tables.set("modules", 2, "id", "Б 1"))
    assert _said(reading) == {("wrong-id", 2, "id")}
    assert "keys" in _silent(reading)


def test_of_other_ids_references_are_looked_up_all_the_same(check: Check) -> None:
    def spoil(tables: Tables) -> None:
        tables.set("modules", 2, "id", "Б 1")
        tables.set("targets", 2, "occupation", "NOBODY")

    assert ("unknown-reference", 2, "occupation") in _said(check(spoil))


def test_a_table_that_cannot_be_read_is_named(check: Check) -> None:
    def spoil(tables: Tables) -> None:
        tables.raw["module_outcomes.csv"] = b"\xff\xfe\x00\xd8"
        del tables.rows["module_outcomes"]

    reading = check(spoil)
    assert "reach" in _silent(reading)
    assert {table for one in reading.unchecked for table in one.tables} == {"module_outcomes"}


def test_nothing_is_unchecked_where_all_can_be_read(check: Check) -> None:
    assert check(lambda tables: tables.set("modules", 3, "theory_hours", "1")).unchecked == ()


def test_a_row_of_a_layer_whose_key_is_not_known_is_left_out(tmp_path: Path) -> None:
    """It might stand in the place of any row of the base: the table counts as incomplete."""
    Tables().write_folder(tmp_path / "base")
    own = tmp_path / "own"
    own.mkdir()
    (own / "catalog.toml").write_text('schema = 1\nid = "own"\nextends = ["../base"]\n', encoding="utf-8")
    (own / "floors.csv").write_text("competency,level\nb d,2\n", encoding="utf-8")
    reading = read(own)
    assert [issue.code for issue in reading.errors] == ["wrong-id"]
    assert reading.found is not None
    assert not [row for row in reading.found.records() if is_unread(row)]


def test_who_looks_at_a_cell_is_noted(check: Check) -> None:
    reading = check(lambda tables: tables.set("modules", 2, "theory_hours", "many"))
    assert reading.found is not None
    (row,) = [row for row in reading.found.modules if is_unread(row)]
    assert isinstance(row, Module)
    with watching() as watched:
        assert row.credits is not None
        assert is_read(row, "credits")
    assert not watched.used
    assert not watched.passed
    with watching() as watched:
        assert row.total_hours >= 0  # asks for all hours
        assert not is_read(row, "credits", "theory_hours")
    assert [name for _, name in watched.used] == ["theory_hours"]
    assert [name for _, name in watched.passed] == ["theory_hours"]
