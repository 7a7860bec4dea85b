"""`curriplan init` and `curriplan convert` as a planner runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from curriplan.catalog.reading.read import read_catalog
from curriplan.cli.app import main


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `curriplan` in `tmp_path`, in this process: what a start adds is tested below and elsewhere."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)

    return call


def test_the_first_five_minutes(run: Any, tmp_path: Path) -> None:
    """A template, a look at it, an edit in a spreadsheet, a plan."""
    made = run("init", "my college.xlsx", "--lang", "kk")
    assert made.returncode == 0
    assert 'curriplan check "my college.xlsx"' in made.stderr.decode()
    assert run("check", "my college.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "my college.xlsx")
    book["Бағдарламалар"]["K2"] = 24
    book.save(tmp_path / "my college.xlsx")
    assert read_catalog(tmp_path / "my college.xlsx").require().programmes[0].learners == 24
    assert run("optimize", "my college.xlsx", "-o", "plan.xlsx", "-q").returncode == 0
    assert (tmp_path / "plan.xlsx").exists()


@pytest.mark.parametrize(("lang", "word"), [("kk", "Жазылды"), ("ru", "Записано"), ("en", "Written")])
def test_messages_are_in_the_language_and_on_stderr(run: Any, lang: str, word: str) -> None:
    done = run("init", "new", "--empty", "--lang", lang)
    assert (done.returncode, done.stdout) == (0, b"")
    assert word in done.stderr.decode()
    assert "KZ-348-2024" in done.stderr.decode()


def test_quiet_says_nothing(run: Any) -> None:
    for arguments in (("init", "new", "-q"), ("convert", "new", "new.xlsx", "-q")):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_to_a_workbook_and_back(said: Any, tmp_path: Path) -> None:
    assert said("convert", "kz-digital-college", "college.xlsx").exit_code == 0
    assert said("convert", "college.xlsx", "college").exit_code == 0
    first = read_catalog("kz-digital-college").require().sha256
    assert read_catalog(tmp_path / "college").require().sha256 == first
    assert read_catalog(tmp_path / "college.xlsx").issues == ()


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("convert", "mini", "there"), 3, "output-exists"),
        (("convert", "mini", "there", "--force"), 3, "folder-not-a-catalog"),
        (("convert", "nowhere", "new.xlsx"), 3, "catalog-not-found"),
        (("convert", "mini", "no/new.xlsx"), 3, "output-folder-missing"),
        (("convert", "mini", "new.csv"), 2, "unknown-output-kind"),
        (("init", "there"), 3, "output-exists"),
        (("init", "new", "--from", "nowhere"), 3, "catalog-not-found"),
        (("init", "new", "--from", "mini", "--empty"), 2, "options-exclude"),
        (("init",), 2, "PATH"),
        (("convert", "mini"), 2, "DEST"),
    ],
)
def test_mistakes_end_with_their_code_and_write_nothing(
    said: Any, arguments: tuple[str, ...], code: int, word: str, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine", encoding="utf-8")
    done = said(*arguments)
    assert done.exit_code == code
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "notes.txt"]


def test_what_is_read_is_never_replaced(said: Any, mini: Path) -> None:
    before = {path.name: path.read_bytes() for path in mini.iterdir()}
    for command in (("convert", "mini", "mini/"), ("init", "mini", "--from", "mini")):
        done = said(*command, "--force")
        assert (done.exit_code, "output-is-input" in done.stderr) == (3, True)
    assert {path.name: path.read_bytes() for path in mini.iterdir()} == before


def test_force_replaces_a_catalog(said: Any, tmp_path: Path) -> None:
    assert said("init", "new").exit_code == 0
    assert said("convert", "kz-digital-college", "new", "--force").exit_code == 0
    assert read_catalog(tmp_path / "new").require().info.id == "kz-digital-college"
