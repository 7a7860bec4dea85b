"""A double click plans a workbook: `run`, and the files that call it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from curriplan.api.launcher import ENDINGS, launcher, launcher_paths
from curriplan.catalog.reading.read import read_catalog
from curriplan.cli.app import main
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words

FOLDER, BOOK = "Құжаттар (оқу жұмыс)", "Колледж & 50 %.xlsx"


@pytest.fixture(scope="module")
def made(once: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What `init --launcher` makes, by name."""

    def make() -> dict[str, bytes]:
        found = tmp_path_factory.mktemp("launcher") / FOLDER
        found.mkdir()
        command = [sys.executable, "-m", "curriplan", "init", str(found / BOOK), "--lang", "ru", "--launcher"]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return {one.name: one.read_bytes() for one in found.iterdir()}

    contents: dict[str, bytes] = once("launcher", make)
    return contents


@pytest.fixture
def folder(tmp_path: Path, made: dict[str, bytes]) -> Path:
    """A folder with spaces and other letters, a workbook in it, and its launchers."""
    found = tmp_path / FOLDER
    found.mkdir()
    for name, content in made.items():
        (found / name).write_bytes(content)
    return found


def test_a_launcher_stands_beside_the_workbook(folder: Path, run_all: Any) -> None:
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        [BOOK, *(path.name for path in launcher_paths(folder / BOOK))]
    )
    (folder / "other-start.cmd").write_text("mine")
    codes, said = run_all(
        ("init", folder / "other.xlsx", "--launcher"), ("init", folder / "other", "--launcher")
    )
    assert codes == [3, 2]
    assert "output-exists" in said
    assert not (folder / "other.xlsx").exists()
    assert not (folder / "other").exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_launcher_has_no_path_of_this_machine(ending: str, language: str, folder: Path) -> None:
    text = launcher(BOOK, ending, language).decode()
    places = {str(folder), sys.prefix, str(Path.home()), os.sep + "work", os.sep + "tmp"}
    assert [place for place in places if place in text] == []
    assert Words(language, "cli")("launcher.missing").split(" (")[0] in text
    assert f"CURRIPLAN_LANG={language}" in text
    assert ("\r\n" in text) == (ending == ".cmd")
    assert re.search(r"[A-Z]:\\", text) is None


@pytest.mark.parametrize("name", ['my"college.xlsx', "a\ntouch PWNED\n.xlsx", "a\tb.xlsx", "a\udcff.xlsx"])
def test_a_name_that_a_launcher_cannot_hold_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be read as a command, or as another name."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["init", name, "--launcher"])
    assert done.exit_code == 2
    assert "launcher-name" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_batch_file_calls_no_launcher() -> None:
    """cmd looks for a command in the folder where it is first: there stands the launcher."""
    text = launcher("curriplan.xlsx", ".cmd", "en").decode()
    assert "where $PATH:curriplan.exe" in text
    assert not [path for path in launcher_paths(Path("curriplan.xlsx")) if path.stem == "curriplan"]
    assert text.index("%USUAL%") < text.index("where ")


def test_a_batch_file_is_written_as_windows_reads_it() -> None:
    lines = launcher(BOOK, ".cmd", "kk").decode().split("\r\n")
    assert not any("\n" in line for line in lines)
    assert lines[:3] == ["@echo off", "chcp 65001 >nul", "setlocal DisableDelayedExpansion"]
    assert 'if not defined BOOK set "BOOK=%~dp0Колледж & 50 %%.xlsx"' in lines
    (said,) = (line for line in lines if "else (echo" in line)
    message = said.partition("else (echo ")[2].removesuffix(")")
    assert re.search(r"(?<!\^)[&|<>()]", message) is None
    assert lines[-2:] == ["pause", ""]


def planned(folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Double-click on the twin for Linux, with the program beside it."""
    program = folder / ".venv" / "bin" / "curriplan"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m curriplan "$@" --no-open\n')
    program.chmod(0o755)
    command = ["/bin/sh", str(folder / f"{Path(BOOK).stem}-start.sh")]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False, cwd="/"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_twin_plans_and_numbers_what_it_writes(folder: Path) -> None:
    done = planned(folder)
    again = CliRunner().invoke(main, ["run", str(folder / BOOK), "--no-open", "--lang", "ru"])
    for number, out, err in (("", done.stdout, done.stderr), ("-2", again.stdout_bytes, again.stderr_bytes)):
        assert b"Traceback" not in err
        plan = folder / f"{Path(BOOK).stem}-plan{number}.xlsx"
        assert plan.exists(), err.decode()
        assert plan.with_suffix(".json").exists()
        assert str(plan) in out.decode()
        assert "Откройте файл" in out.decode()


def spoil(book: Path) -> None:
    """Write a word into the first number of the modules."""
    opened = openpyxl.load_workbook(book)
    (sheet,) = (opened[name] for name in opened.sheetnames if name in ("modules", "Модули"))
    cells = (cell for row in sheet.iter_rows() for cell in row)
    next(cell for cell in cells if isinstance(cell.value, int | float)).value = "три"
    opened.save(book)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_twin_opens_a_marked_copy_where_something_is_wrong(folder: Path) -> None:
    book = folder / BOOK
    spoil(book)
    before = book.read_bytes()
    done = planned(folder)
    copy = folder / f"{Path(BOOK).stem}-marked.xlsx"
    assert copy.exists(), done.stdout.decode() + done.stderr.decode()
    assert str(copy) in done.stdout.decode()
    assert book.read_bytes() == before
    assert not list(folder.glob("*-plan*"))
    assert read_catalog(copy).catalog is None


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_twin_says_where_the_program_belongs(folder: Path) -> None:
    command = ["/bin/sh", str(folder / f"{Path(BOOK).stem}-start.sh")]
    empty = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, env=empty
    )
    assert done.stdout.decode().strip() == Words("ru", "cli")("launcher.missing")


def test_run_refuses_what_is_no_workbook(tmp_path: Path, run_all: Any) -> None:
    codes, said = run_all(*(("run", name, "--no-open") for name in ("mini", "no-such.xlsx")))
    assert set(codes) <= {2, 3}
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def test_a_workbook_that_is_there_gets_launchers_and_stays(folder: Path, run_all: Any) -> None:
    """Whatever is in it: nothing but the files beside it is written, and nobody is told to use --force."""
    for path in launcher_paths(folder / BOOK):
        path.unlink()
    before = (folder / BOOK).read_bytes()
    codes, said = run_all(*2 * [("init", folder / BOOK, "--launcher")])  # again: they are its own
    assert codes == [0, 0] and "--force" not in said
    assert all(path.exists() for path in launcher_paths(folder / BOOK))
    assert (folder / BOOK).read_bytes() == before

    (folder / "other.xlsx").write_bytes(before)
    (folder / "other-start.cmd").write_text("mine")
    codes, said = run_all(("init", folder / "other.xlsx", "--launcher"))
    assert codes == [3] and "launcher-exists" in said and "--force" not in said
    assert (folder / "other-start.cmd").read_text() == "mine"
