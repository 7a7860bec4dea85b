"""files.py: outputs are checked first and change at one stroke."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriplan.base.errors import CurriplanError, UsageError
from curriplan.base.files import FORMULA_STARTS, check_outputs, guarded, kind_of, unguarded, write_csv
from curriplan.base.replacing import replacing


def test_all_or_nothing_of_several_files(tmp_path: Path) -> None:
    old, new = tmp_path / "a.json", tmp_path / "b.json"
    old.write_text("old", encoding="utf-8")

    def fail_half_way() -> None:
        with replacing(old, new) as (first, _):
            first.write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert old.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_the_new_file_has_the_ending_of_the_old(tmp_path: Path) -> None:
    with replacing(tmp_path / "plan.xlsx") as (new,):
        assert new.suffix == ".xlsx"
        assert new.parent == tmp_path
        new.write_bytes(b"new")
    assert (tmp_path / "plan.xlsx").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_file_modes_are_those_of_any_new_file_or_of_the_old_one(tmp_path: Path) -> None:
    other, path = tmp_path / "other", tmp_path / "plan.json"
    other.touch()
    with replacing(path):
        pass
    assert path.stat().st_mode == other.stat().st_mode
    path.chmod(0o640)
    with replacing(path):
        pass
    assert path.stat().st_mode & 0o777 == 0o640


def test_every_problem_at_once(tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.touch()
    with pytest.raises(CurriplanError) as caught:
        check_outputs([there, tmp_path / "no" / "x.json"], [".json"], force=False)
    assert {issue.code for issue in caught.value.issues} == {"output-exists", "output-folder-missing"}


def test_the_same_file_by_two_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(UsageError) as caught:
        check_outputs([tmp_path / "a.json", tmp_path / "sub" / ".." / "a.json"], [".json"], force=True)
    assert caught.value.issues[0].code == "output-twice"


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who may not write everywhere"
)
def test_a_read_only_file_is_not_said_to_be_open_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.touch()
    path.chmod(0o444)
    with pytest.raises(CurriplanError) as caught:
        check_outputs([path], [".json"], force=True)
    assert caught.value.issues[0].code == "output-not-writable"


@pytest.mark.parametrize("there", [True, False])
def test_what_may_not_be_written_is_refused_before_any_work(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old file that is read-only, a new one in a folder that is."""
    path = tmp_path / "plan.json"
    if there:
        path.touch()
    refused = path if there else tmp_path
    monkeypatch.setattr(os, "access", lambda asked, _mode: Path(asked) != refused)
    with pytest.raises(CurriplanError) as caught:
        check_outputs([path], [".json"], force=True)
    assert caught.value.issues[0].code == "output-not-writable"


@pytest.mark.parametrize("name", ["x" * 300 + ".json", "x" * 5000 + "/plan.json"])
def test_a_name_that_no_disk_can_hold(name: str, tmp_path: Path) -> None:
    with pytest.raises(CurriplanError) as caught:
        check_outputs([tmp_path / name], [".json"], force=False)
    assert caught.value.issues[0].code in {"output-not-writable", "output-folder-missing"}


def test_the_longest_name_that_a_disk_can_hold(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".json")
    with replacing(path) as (new,):
        new.write_bytes(b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a special right on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_bytes(b"old")
    link.symlink_to("target.json")
    with replacing(link) as (new,):
        new.write_bytes(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_kinds_are_told_in_small_letters() -> None:
    assert kind_of(Path("PLAN.XLSX")) == ".xlsx"
    assert kind_of(Path("plan")) == ""


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0+", "\ufeff=", "\u202e@", "＝"]
)
def test_every_start_of_a_formula_is_guarded(start: str) -> None:
    assert guarded(f"{start}x") == f"'{start}x"
    assert guarded(f"x{start}") == f"x{start}"


def test_texts_of_a_csv_file_are_guarded_and_numbers_are_not(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_csv(path, ["name", "change", "known"], [{"name": "-1", "change": -1.5, "known": False}])
    assert path.read_text(encoding="utf-8-sig").splitlines() == ["name,change,known", "'-1,-1.5,no"]


def test_every_sign_that_a_spreadsheet_may_take_for_another_is_known() -> None:
    alike = {chr(code) for code in range(0x110000) if normalize("NFKC", chr(code))[:1] in {*"=+-@"}}
    assert alike == set(FORMULA_STARTS)


@given(st.text("'=+-@＝;\t\r\n \u00ad,\"ab", max_size=9))
def test_a_guarded_text_comes_back_and_begins_no_cell_with_a_formula(text: str) -> None:
    """Whatever parts the columns: a comma, the ``;`` of Kazakh and Russian Excel, a TAB; a line break too."""
    there = guarded(text)
    assert not there.startswith(("\t", "\r", "\n"))
    assert unguarded(there) == text
    assert not any(re.match(r"[\s\u00ad]*[=+\-@＝]", cell) for cell in re.split(r"[;\t\r\n]", there))
