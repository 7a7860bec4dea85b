"""Nothing that was read is ever written, and what is written is whole, whatever comes between."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import curriplan.api.analyses
from curriplan.api.results import PlanResult
from curriplan.base import leftovers
from curriplan.base import replacing as module
from curriplan.base.errors import CurriplanError
from curriplan.base.leftovers import clear_up
from curriplan.base.replacing import replacing
from curriplan.base.touched import claim, note_read, one_command
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.saving.folder import fill_order, replacing_folder
from curriplan.cli.app import main
from curriplan.cli.console import terminal

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes nor links of this kind")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux exchanges two names in one step")


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, code: str) -> bool:
    assert "Traceback" not in result.output
    return result.exit_code == 3 and code in result.stderr


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@pytest.fixture
def extending(mini: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A catalog without rows of its own over one that is a workbook."""
    base = tmp_path / "base.xlsx"
    assert invoke("convert", mini, base).exit_code == 0
    top = tmp_path / "top"
    top.mkdir()
    (top / "catalog.toml").write_text(
        'schema = 1\nid = "top"\nversion = "1.0"\nlanguage = "en"\nextends = ["./../base.xlsx"]\n'
        'title_kk = "T"\ntitle_ru = "T"\ntitle_en = "T"\n',
        encoding="utf-8",
    )
    return top, base


@pytest.mark.parametrize("command", ["optimize", "gaps"])
def test_a_base_of_extends_is_not_replaced(command: str, extending: tuple[Path, Path]) -> None:
    top, base = extending
    assert invoke("check", top).exit_code == 0, invoke("check", top).output
    before = base.read_bytes()
    assert refused(invoke(command, top, "--force", "-o", base), "output-is-input")
    assert refused(invoke("convert", top, base, "--force"), "output-is-input")
    assert base.read_bytes() == before


def test_a_table_of_the_catalog_is_not_replaced(mini: Path) -> None:
    before = content(mini)
    assert refused(invoke("gaps", mini, "--force", "-o", mini / "modules.csv"), "output-is-input")
    assert content(mini) == before


def test_a_folder_that_holds_what_is_read_is_not_replaced(mini: Path, tmp_path: Path) -> None:
    """`convert TOP BASE --force`, where TOP extends BASE."""
    top = tmp_path / "top"
    top.mkdir()
    text = (mini / "catalog.toml").read_text(encoding="utf-8")
    (top / "catalog.toml").write_text(text + 'extends = ["./../mini"]\n', encoding="utf-8")
    before = content(mini)
    assert refused(invoke("convert", top, mini, "--force"), "output-is-input")
    assert content(mini) == before


def test_the_catalog_that_a_plan_names_is_not_replaced(mini: Path, tmp_path: Path) -> None:
    catalog, plan = tmp_path / "college.xlsx", tmp_path / "plan.json"
    assert invoke("convert", mini, catalog).exit_code == 0
    assert invoke("optimize", catalog, "-q", "-o", plan, "-o", tmp_path / "plan.xlsx").exit_code == 0
    before = catalog.read_bytes()
    assert refused(invoke("explain", plan, "--force", "-o", catalog), "output-is-input")
    review = tmp_path / "plan.xlsx"
    assert refused(invoke("optimize", "--review", review, "--force", "-o", catalog), "output-is-input")
    assert catalog.read_bytes() == before


def test_the_library_keeps_the_catalog_too(mini: Path, tmp_path: Path) -> None:
    catalog = tmp_path / "college.xlsx"
    assert invoke("convert", mini, catalog).exit_code == 0
    before = catalog.read_bytes()
    result = curriplan.optimize(catalog)
    with pytest.raises(CurriplanError) as caught:
        result.to_excel(catalog, force=True)
    assert caught.value.issues[0].code == "output-is-input"
    assert catalog.read_bytes() == before


def test_read_and_claimed_in_either_order(tmp_path: Path) -> None:
    path, other = tmp_path / "a.csv", tmp_path / "b.toml"
    with one_command():
        claim(path, must_be_new=False)
        claim(other, must_be_new=False, may_be_read=True)
        note_read(other)
        with pytest.raises(CurriplanError):
            note_read(path)
    with one_command():
        note_read(path)
        with pytest.raises(CurriplanError):
            claim(path, must_be_new=False)
        with pytest.raises(CurriplanError):
            claim(tmp_path, must_be_new=False)
        with pytest.raises(CurriplanError), replacing(path):
            pass
        claim(tmp_path / "a.csv.txt", must_be_new=False)  # another file, though its name begins alike
    claim(path, must_be_new=False)  # nothing is noted between two commands
    assert not path.exists()


@posix
@pytest.mark.parametrize("kind", ["fifo", "device", "link to a device", "link to a fifo", "link to itself"])
def test_what_is_no_file_is_not_replaced_by_one(kind: str, tmp_path: Path) -> None:
    path, fifo = tmp_path / "out.json", tmp_path / "fifo"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/null")
    elif kind == "link to a device":
        path.symlink_to("/dev/null")
    elif kind == "link to itself":
        path.symlink_to(path)
    else:
        os.mkfifo(fifo)
        path.symlink_to(fifo)
    before = path.lstat().st_mode
    name = path if path.suffix else tmp_path / "gone.json"
    result = invoke("gaps", "mini", "--force", "-o", name) if path.suffix else None
    if result is not None:
        assert refused(result, "output-not-writable")
        why = (
            "Too many levels"
            if kind == "link to itself"
            else "it is no ordinary file, but a device or a pipe"
        )
        assert why in " ".join(result.stderr.split())
    with pytest.raises(CurriplanError), replacing(path):
        pass
    assert path.lstat().st_mode == before
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@posix
@pytest.mark.parametrize(
    "command",
    [
        "check a.xlsx",
        "verify a.xlsx",
        "compare a.xlsx a.xlsx",
        "import rup a.xlsx new",
        "gaps mini --profile a.xlsx -o x.csv",
        "optimize mini --previous a.xlsx -o x.json",
        "optimize --review a.xlsx -o x.json",
        "convert mini a.xlsx --force",
        "init a.xlsx --force",
        "convert mini folder --force",
        "init folder --force",
    ],
)
@pytest.mark.parametrize(
    ("language", "word"),
    [("kk", "кәдімгі файл емес"), ("ru", "не обычный файл"), ("en", "no ordinary file")],
    ids=["kk", "ru", "en"],
)
def test_a_pipe_is_named_as_such_wherever_it_stands(
    command: str, language: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing waits for what a pipe may never bring, and what is wrong is said: not "Invalid argument"."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CURRIPLAN_LANG", language)
    for name in ("a.xlsx", "folder"):
        os.mkfifo(name)
    result = invoke(*command.split())
    assert result.exit_code == 3, result.output
    assert word in " ".join(result.output.split())


@posix
@pytest.mark.parametrize(
    "command",
    ["optimize mini", "optimize mini -o a.json", "gaps mini -o a.csv", "init a", "convert mini a.xlsx",
     "check .", "verify a.json", "explain a.json", "graph mini -o a.json", "compare a.json b.json"],
)  # fmt: skip
def test_a_working_folder_that_was_deleted(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    monkeypatch.setenv("PWD", str(gone))
    gone.rmdir()
    result = invoke(*command.split(), "--lang", "en")
    assert result.exit_code == 3, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


DEAD = 0x7FFFFFF0
"""The number of a process that there is none of: no system counts so far."""


def owner(process: int) -> str:
    """What stands in a name beside an output, of a process of this computer."""
    computer = leftovers.beside(Path("x")).name.split(".")[-1][:4]
    return f"{computer}{process:08x}0123abcd"


class Killed(BaseException):
    """Stands for a process that ends at once."""


def saved(path: Path, version: str, *, folder: Callable[[Path], Any] = replacing_folder) -> None:
    with folder(path) as new:
        for name in ("catalog.toml", "modules.csv"):
            (new / name).write_text(version, encoding="utf-8")


@linux
def test_a_folder_is_there_at_every_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "college"
    saved(path, "old")

    def killed(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(Killed):
        saved(path, "new")
    assert set(content(path).values()) == {b"new"}


def test_a_folder_left_aside_is_put_back(mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where names cannot be exchanged, a process may be killed when the old folder has gone aside."""
    before = content(mini)
    aside = tmp_path / f".mini.{owner(DEAD)}.old"
    mini.rename(aside)
    result = invoke("check", mini)
    assert result.exit_code == 0, result.output
    assert content(mini) == before
    mini.rename(aside)
    assert refused(invoke("convert", "mini", mini), "output-exists")
    monkeypatch.setattr(module, "_exchange", lambda *_: False)
    assert invoke("convert", "kz-digital-college", mini, "--force").exit_code == 0
    assert read_catalog(mini).require().info.id == "kz-digital-college"
    assert [path.name for path in tmp_path.iterdir()] == ["mini"]


def test_a_catalog_that_was_half_made_is_refused(mini: Path, tmp_path: Path) -> None:
    """In the folder that the user works in files can only be moved one by one."""
    files = sorted(mini.iterdir(), key=fill_order)
    for count in range(1, len(files)):
        half = tmp_path / f"half {count}"
        half.mkdir()
        for path in files[:count]:
            shutil.copy(path, half)
        assert read_catalog(half).catalog is None, files[count - 1].name


def test_init_that_is_stopped_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    usual, count = Path.rename, 0

    def stopped(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count > 3:
            raise KeyboardInterrupt
        return usual(self, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        saved(tmp_path, "new", folder=_four_files)
    assert not list(tmp_path.iterdir())


def _four_files(path: Path) -> Any:
    @module.contextmanager
    def folder() -> Any:
        with replacing_folder(path) as new:
            for name in ("a.csv", "b.csv"):
                (new / name).touch()
            yield new

    return folder()


def test_an_empty_folder_is_replaced_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "empty"
    path.mkdir()
    monkeypatch.setattr(leftovers, "move_up", None)
    monkeypatch.setattr(module, "move_up", None)
    saved(path, "new")
    assert set(content(path)) == {"catalog.toml", "modules.csv"}


def test_what_dead_processes_left_is_cleared_away(tmp_path: Path) -> None:
    plan, folder = tmp_path / "plan.json", tmp_path / "college"
    foreign = f"{(int(owner(DEAD)[:4], 16) + 1) & 0xFFFF:04x}{owner(DEAD)[4:]}"
    restarted = owner(os.getpid())  # as a container has it, whose processes have one number
    left = [
        f".plan.{owner(DEAD)}.json",
        f".plan.{owner(DEAD)}.json.old",
        f".plan.{restarted}.json",
        f".plan.{foreign}.json",
        f".college.{owner(DEAD)}",
        f".curriplan.{owner(DEAD)}.journal",
    ]
    live = [f".plan.{owner(os.getppid())}.json", f".plan.{foreign[:-1]}f.json"]
    kept = [f".other.{owner(DEAD)}.json", f".plan.{owner(DEAD)}.xlsx", ".plan.json"]
    for name in (*left, *live, *kept):
        path = tmp_path / name
        path.mkdir() if "college" in name else path.touch()
        if name not in live:
            long_ago = time.time() - leftovers.FOREIGN_S - 60
            os.utime(path, (long_ago, long_ago))
    with replacing(plan) as (new,):
        new.write_text("x", encoding="utf-8")
        clear_up(plan)  # another thread of this process
        assert new.exists()
    saved(folder, "new")
    assert {path.name for path in tmp_path.iterdir()} == {*live, *kept, "plan.json", "college"}


def test_which_processes_are_running() -> None:
    assert leftovers.is_running(os.getpid())
    assert not leftovers.is_running(DEAD)


def test_of_two_outputs_none_is_new_where_one_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel holds the second one."""
    paths = [tmp_path / name for name in ("new.csv", "plan.json", "plan.xlsx")]
    for path in paths[1:]:
        path.write_text("old", encoding="utf-8")
    usual = os.replace

    def replace(new: Any, path: Path) -> None:
        if path == paths[2]:
            raise PermissionError(13, "held")
        usual(new, path)

    monkeypatch.setattr(os, "replace", replace)

    def write() -> None:
        with replacing(*paths) as files:
            for new in files:
                new.write_text("new", encoding="utf-8")

    with pytest.raises(CurriplanError) as caught:
        write()
    assert caught.value.issues[0].code == "output-locked"
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "plan.json": "old",
        "plan.xlsx": "old",
    }


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_comes_up_in_the_meantime(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gaps.csv"
    usual = curriplan.api.analyses.catalog_gaps

    def slowly(*arguments: Any) -> Any:
        path.write_text("of another program", encoding="utf-8")
        return usual(*arguments)

    def no_links(*_: Any) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(curriplan.api.analyses, "catalog_gaps", slowly)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    assert refused(invoke("gaps", "mini", "-o", path), "output-exists")
    assert path.read_text(encoding="utf-8") == "of another program"
    assert [one.name for one in tmp_path.iterdir()] == ["gaps.csv"]
    assert invoke("gaps", "mini", "--force", "-o", path).exit_code == 0
    path.unlink()
    monkeypatch.setattr(curriplan.api.analyses, "catalog_gaps", usual)
    assert invoke("gaps", "mini", "-o", path).exit_code == 0


def test_results_are_on_the_disk_before_they_take_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_result: PlanResult
) -> None:
    done: list[str] = []
    usual, usual_fsync = os.replace, os.fsync

    def fsync(number: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        usual_fsync(number)

    def replace(*arguments: Any) -> None:
        done.append("replaced")
        usual(*arguments)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    mini_result.to_json(tmp_path / "plan.json", force=True)
    expected = ["file", "replaced", "folder"] if os.name == "posix" else ["file", "replaced"]
    assert done == expected
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "command",
    [
        "gaps mini",
        "optimize mini -o p.json",
        "verify p.json",
        "frontier mini --points 2",
        "compare p.json p.json",
        "explain p.json",
        "gaps mini --from analyst-assistant --to security-assistant",
    ],
)
def test_a_narrow_terminal(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("optimize", "mini", "-q", "-o", "p.json").exit_code == 0
    monkeypatch.setenv("COLUMNS", "40")
    words = command.split()
    result = invoke(*words, "--lang", "en", *(["--force"] if "-o" in words else []))
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines()), default=0) <= 40, result.stdout


@pytest.mark.parametrize(("columns", "width"), [("40", 40), ("200", 80), ("3", 30), ("x", 80), ("0", 80)])
def test_how_wide_a_terminal_is(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal.width() == width
