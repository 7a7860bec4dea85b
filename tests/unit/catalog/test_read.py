"""Finding catalogs, the bundle, the bundled profile, and what reading returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.base.errors import CatalogError, Severity
from curriplan.catalog.reading import bundled as bundled_module
from curriplan.catalog.reading.bundled import bundled_names
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records.unread import is_unread
from curriplan.problem.checks import check_catalog

COLLEGE = "kz-digital-college"


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle of one catalog that carries the profile KZ-348-2024."""
    root = tmp_path / "bundle"
    tables = Tables()
    tables.replace_info("schema = 1", 'schema = 1\nprofile = "KZ-348-2024"')
    tables.write_folder(root / COLLEGE)
    monkeypatch.setattr(bundled_module, "bundled_root", lambda: root)
    return root


@pytest.mark.parametrize("source", ["", "no/such/folder", "x\0y", "ж" * 5000])
def test_what_is_not_there(source: str) -> None:
    result = read_catalog(source)
    assert [issue.code for issue in result.issues] == ["catalog-not-found"]
    assert result.catalog is None
    assert result.partial is None
    with pytest.raises(CatalogError, match="catalog-not-found"):
        result.require()


@pytest.mark.usefixtures("bundle")
def test_a_bundled_name() -> None:
    result = read_catalog(COLLEGE)
    assert result.issues == ()
    assert result.require().programmes[0].place().file == str(Path(COLLEGE) / "programmes.csv")


@pytest.mark.usefixtures("bundle")
def test_an_existing_path_wins_over_a_bundled_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables()
    tables.replace_info("broken-base", "mine")
    tables.write_folder(tmp_path / COLLEGE)
    monkeypatch.chdir(tmp_path)
    assert read_catalog(COLLEGE).require().info.id == "mine"


@pytest.mark.usefixtures("bundle")
def test_a_named_profile_is_taken_from_the_bundle(tmp_path: Path) -> None:
    tables = Tables()
    profile = tables.rows.pop("profile")
    tables.replace_info("schema = 1", 'schema = 1\nprofile = "KZ-348-2024"')
    result = read_catalog(tables.write_folder(tmp_path / "own"))
    assert result.issues == ()
    assert len(result.require().profile) == len(profile) - 1
    # The file that a norm comes from is not the user's: the profile and the key are named.
    norm = result.require().profile[0]
    assert str(norm.place("value")) == f"KZ-348-2024 ({norm.key_name})"


@pytest.mark.usefixtures("bundle")
def test_an_own_profile_wins_over_a_named_one(tmp_path: Path) -> None:
    tables = Tables()
    tables.set("profile", 2, "value", "30")
    tables.replace_info("schema = 1", 'schema = 1\nprofile = "KZ-348-2024"')
    catalog = read_catalog(tables.write_folder(tmp_path / "own")).require()
    values = {row.key_name: row.value for row in catalog.profile}
    assert values["hours_per_credit"] == "30"


def test_the_real_bundle_is_sound() -> None:
    for name in bundled_names():
        result = read_catalog(name)
        catalog = result.require()
        found = (*result.issues, *check_catalog(catalog))
        assert [issue.line() for issue in found if issue.severity is Severity.ERROR] == []


def test_many_faults_are_reported_at_once(tmp_path: Path) -> None:
    tables = Tables()
    tables.set("modules", 5, "theory_hours", "many")  # the module SEC cannot be read ...
    tables.set("occupation_requirements", 2, "level", "9")
    tables.set("targets", 2, "occupation", "NOBODY")
    tables.set("module_outcomes", 2, "entry_level", "2")
    tables.raw["floors.csv"] = b"competency;level\nDB;2\n"
    tables.replace_info('"en"', '"de"')
    result = read_catalog(tables.write_folder(tmp_path))
    assert result.catalog is None
    assert result.partial is not None
    found = (*result.issues, *check_catalog(result.partial, incomplete=result.incomplete))
    # ... but nobody says that SEC is unknown in module_outcomes, or that ADMIN asks for nothing
    assert [issue.code for issue in found] == [
        "wrong-word",
        "wrong-delimiter",
        "wrong-number",
        "out-of-range",
        "exit-not-above-entry",
        "unknown-reference",
    ]
    # The rows of both are there, and know which of their cells could not be read.
    assert result.incomplete == frozenset()
    unread = [row for row in result.partial.records() if is_unread(row)]
    assert [(row.table, *row.origin.unread) for row in unread if row.origin] == [
        ("occupation_requirements", "level"),
        ("modules", "theory_hours"),
    ]


def test_a_warning_leaves_the_catalog(tmp_path: Path) -> None:
    tables = Tables()
    tables.raw["notes.csv"] = b"a,b\n"
    result = read_catalog(tables.write_folder(tmp_path))
    assert [issue.code for issue in result.issues] == ["unknown-file"]
    assert result.catalog is result.partial is not None


def test_each_record_knows_its_row() -> None:
    for row in read_catalog(BASE).require().records():
        assert row.origin is not None
        assert row.origin.row >= 2
        path = Path(row.origin.file)
        assert path.parent == BASE
        assert path.stem == row.table
