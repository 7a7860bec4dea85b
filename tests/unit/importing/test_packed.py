# ruff: noqa: E501 - one case a line
"""Releases as they were downloaded, in a .zip: the same catalog as unpacked, or refused with what to do."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from curriplan.base.errors import CatalogError
from curriplan.importing.esco.catalog import import_esco
from curriplan.importing.onet.catalog import import_onet
from unit.importing.releases import esco_tables, onet_tables, skill, write_esco, write_onet

Files = dict[str, bytes]


def esco_files(folder: Path) -> Files:
    write_esco(folder, esco_tables())
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def packed(path: Path, files: Files, inside: str = "", how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(f"{inside}{name}", data)
    return path


def codes_of(path: Path) -> set[tuple[str, str]]:
    """What an import is refused for, with the names of the files."""
    with pytest.raises(CatalogError) as caught:
        import_esco(path)
    places = [issue.place for issue in caught.value.issues]
    assert all(place is not None for place in places)
    return {(i.code, Path(i.place.file).name if i.place else "") for i in caught.value.issues}


@pytest.mark.parametrize(
    "inside", ["", "ESCO v1.1.1/csv/", "Жіктеуіш/", "../../../tmp/", "/etc/", "C:\\data\\", "a\\..\\"]
)
def test_a_release_is_read_where_it_lies(inside: str, tmp_path: Path) -> None:
    """No path in the archive is used, and nothing is written."""
    files = esco_files(tmp_path / "esco-1.1.1")
    expected = import_esco(tmp_path / "esco-1.1.1", collection="digital")
    path = packed(tmp_path / "esco-1.1.1.zip", {**files, "__MACOSX/._skills_en.csv": b"\0"}, inside)
    before = sorted(tmp_path.rglob("*"))
    found = import_esco(path, collection="digital")
    assert found.catalog.sha256 == expected.catalog.sha256
    assert found.tallies == expected.tallies
    assert found.issues == expected.issues == ()
    assert sorted(tmp_path.rglob("*")) == before


def test_names_of_folders_in_the_code_page_of_an_old_windows(tmp_path: Path) -> None:
    """cp866 without the flag of UTF-8, as Windows packs: the names of the tables themselves are plain."""
    files = esco_files(tmp_path / "esco-1.1.1")
    expected = import_esco(tmp_path / "esco-1.1.1").catalog.sha256
    path = packed(tmp_path / "esco-1.1.1.zip", files, "XXXXXX/")
    path.write_bytes(path.read_bytes().replace(b"XXXXXX/", "Выпуск/".encode("cp866")))
    assert import_esco(path).catalog.sha256 == expected


def test_text_files_of_onet(tmp_path: Path) -> None:
    folder = write_onet(tmp_path / "db_29_2_text", onet_tables())
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = import_onet(packed(tmp_path / "db_29_2_text.zip", files, "db_29_2_text/"))
    assert found.catalog.info.id == "onet-29.2"
    assert found.catalog.sha256 == import_onet(folder).catalog.sha256


def test_workbooks_of_onet_are_to_be_unpacked(tmp_path: Path) -> None:
    """Also where only one of its files is a workbook."""
    folder = write_onet(tmp_path / "onet-29.2", onet_tables())
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    one = next(name for name in files if name.startswith("Knowledge"))
    files["Knowledge.xlsx"] = files.pop(one)
    with pytest.raises(CatalogError, match="import-packed"):
        import_onet(packed(tmp_path / "onet-29.2.zip", files))


def test_rows_of_it_have_their_places(tmp_path: Path) -> None:
    tables = esco_tables()
    tables["skills"].append(skill("old", status="obsolete"))
    folder = write_esco(tmp_path / "esco-1.1.1", tables)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    (issue,) = import_esco(packed(tmp_path / "esco-1.1.1.zip", files)).issues
    assert issue.place is not None
    assert (issue.place.file, issue.place.row) == (str(tmp_path / "esco-1.1.1.zip" / "skills_en.csv"), 7)


def _with(name: str, data: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, name: data}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda files: {n: d for n, d in files.items() if n[:6] != "skills"}, ("import-file-missing", "e.zip")),
        (lambda files: {n: d for n, d in files.items() if n[:2] != "sk"}, ("import-file-missing", "e.zip")),
        (lambda files: {f"{n[:-4]}.xlsx": d for n, d in files.items()}, ("import-packed", "e.zip")),
        (lambda _: {"inner.zip": b"PK"}, ("import-packed", "e.zip")),
        (lambda _: {"readme.txt": b"read"}, ("import-packed", "e.zip")),
        (lambda _: {}, ("import-packed", "e.zip")),
        (_with("other/skills_en.csv", b"conceptUri\n"), ("import-packed", "e.zip")),
        (_with("skills_en.csv", b"conceptUri\n"), ("missing-column", "skills_en.csv")),
        (_with("skills_en.csv", "ә".encode("cp1251", "replace") + b"\xff"), ("wrong-encoding", "skills_en.csv")),
        (_with("skills_en.csv", b"a\0"), ("nul-byte", "skills_en.csv")),
        (_with("skills_en.csv", b""), ("missing-header", "skills_en.csv")),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_right(
    change: Callable[[Files], Files], expected: tuple[str, str], tmp_path: Path
) -> None:
    files = change(esco_files(tmp_path / "esco"))
    assert codes_of(packed(tmp_path / "e.zip", files)) == {expected}


def _directory(data: bytes, name: bytes) -> int:
    """Return where the directory of an archive speaks of a file."""
    at = data.index(b"PK\x01\x02")
    while name not in data[at : at + 46 + len(name)]:
        at = data.index(b"PK\x01\x02", at + 1)
    return at


def _patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda data, _: data[:-30], ("import-archive-damaged", "e.zip")),
        (lambda *_: b"not a zip", ("import-archive-damaged", "e.zip")),
        (lambda *_: b"", ("import-archive-damaged", "e.zip")),
        (lambda data, at: _patched(data, at + 16, b"\1\2\3\4"), ("import-archive-damaged", "skills_en.csv")),
        (lambda data, at: _patched(data, at + 24, struct.pack("<I", 9)), ("import-archive-damaged", "skills_en.csv")),
        (lambda data, at: _patched(data, at + 42, struct.pack("<I", 5)), ("import-archive-damaged", "skills_en.csv")),
        (lambda data, at: _patched(data, at + 24, struct.pack("<I", 10**9)), ("file-too-large", "skills_en.csv")),
        (lambda data, at: _patched(data, at + 8, b"\1\0"), ("import-packed", "e.zip")),
        (lambda data, at: _patched(data, at + 10, b"\x63\0"), ("import-packed", "e.zip")),
    ],
)  # fmt: skip
def test_what_is_damaged_hostile_or_locked(
    spoil: Callable[[bytes, int], bytes], expected: tuple[str, str], tmp_path: Path
) -> None:
    """Cut off, of another kind, a wrong sum, sizes and places that lie, a password, an unknown packing."""
    path = packed(tmp_path / "e.zip", esco_files(tmp_path / "esco"))
    data = path.read_bytes()
    path.write_bytes(spoil(data, _directory(data, b"skills_en.csv")))
    assert codes_of(path) == {expected}


def test_other_packings_need_memory_that_nobody_can_foresee(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.zip", esco_files(tmp_path / "esco"), how=zipfile.ZIP_LZMA)
    assert codes_of(path) == {("import-packed", "e.zip")}


def test_a_bomb_is_known_by_what_it_says_of_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kB that unpack to 2 MB; what says less than it holds is not read further than that."""
    path = packed(tmp_path / "e.zip", {**esco_files(tmp_path / "esco"), "skills_en.csv": bytes(2_000_000)})
    assert path.stat().st_size < 9_000
    monkeypatch.setattr("curriplan.importing.packed.MAX_CSV_MB", 1)
    assert codes_of(path) == {("file-too-large", "skills_en.csv")}


def test_an_archive_with_too_many_parts_is_to_be_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed(tmp_path / "e.zip", esco_files(tmp_path / "esco"))
    monkeypatch.setattr("curriplan.importing.packed.MAX_PARTS", 3)
    assert codes_of(path) == {("import-packed", "e.zip")}
    monkeypatch.setattr("curriplan.importing.packed.MAX_FILE_MB", 0.0001)
    assert codes_of(path) == {("file-too-large", "e.zip")}


def test_an_archive_is_never_replaced_by_what_is_made_of_it(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from curriplan.cli.app import main

    path = packed(tmp_path / "esco-1.1.1.zip", esco_files(tmp_path / "esco-1.1.1"))
    before = path.read_bytes()
    result = CliRunner().invoke(main, ["import", "esco", str(path), str(path), "--force", "-q"])
    assert result.exit_code and path.read_bytes() == before
    done = CliRunner().invoke(main, ["import", "esco", str(path), str(tmp_path / "out.xlsx"), "-q"])
    assert done.exit_code == 0, done.output
