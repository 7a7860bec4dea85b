"""A folder is replaced whole or not at all, and only if it holds nothing but a catalog."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from curriplan.base.errors import CurriplanError
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog
from curriplan.catalog.saving.save import convert_catalog, save_catalog

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def catalog() -> Catalog:
    return read_catalog("mini").require()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_force_replaces_a_catalog_and_leaves_no_old_table(catalog: Catalog, tmp_path: Path) -> None:
    convert_catalog("kz-digital-college", tmp_path / "college")
    save_catalog(catalog, tmp_path / "college", force=True)
    assert read_catalog(tmp_path / "college").require().sha256 == catalog.sha256
    assert not (tmp_path / "college" / "labour_functions.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["college"]


def test_without_force_nothing_is_replaced(catalog: Catalog, tmp_path: Path, mini: Path) -> None:
    before = content(mini)
    with pytest.raises(CurriplanError, match="output-exists"):
        save_catalog(catalog, mini)
    assert content(mini) == before


@pytest.mark.parametrize("other", ["notes.txt", "plan.xlsx", ".~lock.modules.csv#", "MODULES.CSV", "sub/x"])
def test_a_folder_with_anything_else_is_never_replaced(other: str, catalog: Catalog, mini: Path) -> None:
    path = mini / other
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    before = content(mini)
    with pytest.raises(CurriplanError, match="folder-not-a-catalog"):
        save_catalog(catalog, mini, force=True)
    assert content(mini) == before
    assert path.read_text(encoding="utf-8") == "mine"


def test_tables_without_catalog_toml_are_somebody_elses(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "modules.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(CurriplanError, match="folder-not-a-catalog"):
        save_catalog(catalog, tmp_path, force=True)
    assert content(tmp_path) == {"modules.csv": b"mine"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_among_the_tables_is_not_replaced(catalog: Catalog, mini: Path, tmp_path: Path) -> None:
    (tmp_path / "precious.csv").write_text("mine", encoding="utf-8")
    (mini / "scenarios.csv").symlink_to(tmp_path / "precious.csv")
    with pytest.raises(CurriplanError, match="folder-not-a-catalog"):
        save_catalog(catalog, mini, force=True)
    assert (tmp_path / "precious.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_the_folder_stays_a_link(catalog: Catalog, mini: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(mini, target_is_directory=True)
    convert_catalog("kz-digital-college", link, force=True)
    assert link.is_symlink()
    assert read_catalog(mini).require().info.id == "kz-digital-college"


def test_an_empty_folder_is_filled(catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    save_catalog(catalog, ".")
    assert read_catalog(".").require().sha256 == catalog.sha256
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_the_folder_one_works_in_is_not_replaced(
    catalog: Catalog, mini: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mini)
    before = content(mini)
    with pytest.raises(CurriplanError, match="folder-in-use"):
        save_catalog(catalog, ".", force=True)
    assert content(mini) == before


def test_a_file_is_no_folder(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "college").write_text("mine", encoding="utf-8")
    with pytest.raises(CurriplanError, match="output-not-writable"):
        save_catalog(catalog, tmp_path / "college", force=True)


def test_the_folder_that_is_read_is_not_written(mini: Path) -> None:
    before = content(mini)
    with pytest.raises(CurriplanError, match="output-is-input"):
        convert_catalog(mini, mini, force=True)
    assert content(mini) == before


@pytest.mark.parametrize("name", ["no/such/folder", "x" * 300])
def test_a_place_that_is_none(name: str, catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(CurriplanError, match=r"output-folder-missing|output-not-writable"):
        save_catalog(catalog, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(AS_ROOT or os.name == "nt", reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(catalog: Catalog, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(CurriplanError, match="output-not-writable"):
            save_catalog(catalog, tmp_path / "college")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("step", ["write", "rename old", "rename new"])
def test_a_failure_leaves_the_old_catalog_whole(
    step: str, catalog: Catalog, mini: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, or another program holds a file, at each step."""
    before = content(mini)
    original = Path.rename

    def rename(self: Path, target: Path) -> Path:
        is_new = Path(target) == mini and not self.name.endswith(".old")
        if (step == "rename old" and self == mini) or (step == "rename new" and is_new):
            raise PermissionError(13, "held")
        return original(self, target)

    def write(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr("curriplan.base.replacing._exchange", lambda *_: False)  # as on Windows
    if step == "write":
        monkeypatch.setattr("curriplan.catalog.saving.save.write_folder", write)
    with pytest.raises(CurriplanError, match=r"output-locked|output-not-writable"):
        save_catalog(catalog, mini, force=True)
    assert content(mini) == before
    assert [path.name for path in mini.parent.iterdir()] == ["mini"]


def test_a_file_that_comes_meanwhile_is_not_removed(
    catalog: Catalog, mini: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from curriplan.catalog.saving import save

    def write(*arguments: object, **options: object) -> None:
        original(*arguments, **options)
        (mini / "late.txt").write_text("mine", encoding="utf-8")

    original = save.write_folder
    monkeypatch.setattr(save, "write_folder", write)
    with pytest.raises(CurriplanError):
        save_catalog(catalog, mini, force=True)
    assert [p.read_text(encoding="utf-8") for p in mini.parent.rglob("late.txt")] == ["mine"]
