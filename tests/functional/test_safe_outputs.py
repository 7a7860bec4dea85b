"""What is read is known whatever it is called, outputs appear together, and an end in between undoes them."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from curricula import colleges
from curriplan.base import leftovers, renaming
from curriplan.base import replacing as module
from curriplan.base.errors import CurriplanError
from curriplan.base.replacing import replacing, together
from curriplan.base.touched import one_command
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.saving.folder import replacing_folder
from curriplan.cli.app import main

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, forks and links of POSIX")
RUP = "import rup rup.xlsx college --report rows.csv --learners 20 --start 2026-1".split()  # noqa: SIM905


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, code: str, exit_code: int = 3) -> bool:
    assert "Traceback" not in result.output
    return result.exit_code == exit_code and code in result.stderr


def content(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def inputs(once: Any, mini_result: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file of each kind that commands read, by name."""

    def make() -> dict[str, bytes]:
        folder = tmp_path_factory.mktemp("inputs")
        assert invoke("convert", "mini", folder / "college.xlsx").exit_code == 0
        mini_result.to_json(folder / "plan.json")
        mini_result.to_excel(folder / "plan.xlsx")
        colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES)).save(folder / "rup.xlsx")
        (folder / "map.toml").write_text("schema = 1\n", encoding="utf-8")
        (folder / "norms.csv").write_text("key,value\nhours_per_credit,24\n", encoding="utf-8")
        return content(folder)

    found: dict[str, bytes] = once("inputs of each kind", make)
    return found


# ------------------------------------------------------------------------------- what was read


@pytest.mark.parametrize(
    ("read", "command"),
    [
        ("college.xlsx", "optimize college.xlsx -o {}"),
        ("college.xlsx", "convert college.xlsx {}"),
        ("college.xlsx", "frontier college.xlsx --points 2 -o {}"),
        ("college.xlsx", "init {} --from college.xlsx"),
        ("plan.json", "compare plan.json plan.json -o {}"),
        ("plan.json", "explain plan.json -o {}"),
        ("plan.json", "optimize mini --previous plan.json -o {}"),
        ("plan.xlsx", "optimize --review plan.xlsx -o {}"),
        ("norms.csv", "frontier mini --profile norms.csv --points 2 -o {}"),
        ("rup.xlsx", "import rup rup.xlsx {}"),
        ("map.toml", "import rup rup.xlsx map --mapping map.toml --report {}"),
    ],
)
@posix
def test_another_name_of_what_is_read_is_not_written(
    read: str, command: str, here: Path, inputs: dict[str, bytes]
) -> None:
    for name, data in inputs.items():
        Path(name).write_bytes(data)
    other = f"other{'.csv' if read == 'map.toml' else Path(read).suffix}"
    Path(other).hardlink_to(read)
    before = content(here)
    assert refused(invoke(*command.format(other).split(), "--force"), "output-is-input"), command
    assert content(here) == before


@posix
def test_one_file_by_two_names_is_one_output(here: Path) -> None:
    Path("a.json").write_text("old", encoding="utf-8")
    Path("b.json").hardlink_to("a.json")
    Path("c.json").symlink_to("a.json")
    for other in ("b.json", "c.json"):
        result = invoke("graph", "mini", "--force", "-o", "a.json", "-o", other)
        assert refused(result, "output-twice", 2), result.output
    assert refused(
        invoke("optimize", "mini", "--force", "-o", "a.json", "--diagnosis", "b.json"), "output-twice", 2
    )


def test_a_report_within_the_catalog_that_is_replaced(here: Path) -> None:
    colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES)).save("rup.xlsx")
    assert invoke("convert", "mini", "college").exit_code == 0
    before = content(here)
    result = invoke(*RUP[:5], "college/rows.csv", "--force")
    assert refused(invoke(*RUP[:4], "--report", "college/rows.csv", "--force"), "folder-not-a-catalog"), (
        result
    )
    assert content(here) == before


# ------------------------------------------------------------------------------- together


def test_outputs_of_a_block_appear_together(here: Path) -> None:
    Path("a.json").write_text("old", encoding="utf-8")
    with one_command() as written, together():
        with replacing(Path("a.json")) as (new,):
            new.write_text("new", encoding="utf-8")
        with replacing_folder(Path("college")) as folder:
            (folder / "catalog.toml").write_text("new", encoding="utf-8")
        assert Path("a.json").read_text(encoding="utf-8") == "old"
        assert not Path("college").exists()
        assert written == []
    assert content(here) == {"a.json": b"new", "college/catalog.toml": b"new"}
    assert written == [Path("a.json"), Path("college")]


@pytest.mark.parametrize("exchange", [True, False])
def test_where_one_cannot_be_put_all_are_as_they_were(
    exchange: bool, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders that are old, empty, new and to be filled, an old file and a new one; the last fails."""
    assert invoke("convert", "mini", "old").exit_code == 0
    Path("old.json").write_text("old", encoding="utf-8")
    for name in ("empty", "work", "bad"):
        Path(name).mkdir()
    monkeypatch.chdir("work")
    before = content(here)
    if not exchange:
        monkeypatch.setattr(module, "_exchange", lambda *_: False)

    def write() -> None:
        with together():
            for name in ("old", "empty", "new", "work"):
                with replacing_folder(here / name) as folder:
                    (folder / "catalog.toml").write_text("new", encoding="utf-8")
            with replacing(here / "old.json", here / "new.json", here / "bad") as files:
                for new in files:
                    new.write_text("new", encoding="utf-8")

    with pytest.raises(CurriplanError):
        write()
    assert content(here) == before
    assert {one.name for one in here.iterdir()} == {"old", "old.json", "empty", "work", "bad"}
    assert not any(here.rglob(".*"))


def test_an_import_that_cannot_save_its_catalog_leaves_all_as_it_was(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    colleges.book(("РУП", colleges.APART, colleges.OLD_MERGES)).save("rup.xlsx")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("curriplan.catalog.saving.save.write_folder", full)
    assert refused(invoke(*RUP), "output-not-writable")
    assert [one.name for one in here.iterdir()] == ["rup.xlsx"]


def test_an_empty_folder_on_another_disk_is_filled_from_within(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container whose output folder is a mount: nothing beside it can take its place."""
    disk = here / "disk"
    disk.mkdir()
    monkeypatch.setattr(Path, "is_mount", lambda self: self == disk)
    assert invoke("convert", "mini", "disk").exit_code == 0
    assert read_catalog(disk).require().info.id == "mini"
    assert [one.name for one in here.iterdir()] == ["disk"]


@pytest.mark.parametrize("late", ["a file", "a folder"])
def test_a_folder_that_is_filled_in_the_meantime(late: str, here: Path) -> None:
    path = here / "college"
    if late == "a file":
        path.mkdir()

    def write() -> None:
        with replacing_folder(path) as folder:
            (folder / "catalog.toml").write_text("new", encoding="utf-8")
            path.mkdir(exist_ok=True)
            (path / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(CurriplanError):
        write()
    assert content(here) == {"college/mine.txt": b"mine"}


@posix
@pytest.mark.parametrize("late", [True, False])
def test_a_new_file_where_the_system_has_neither_links_nor_renaming_to_nothing(
    late: bool, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", cannot)
    monkeypatch.setattr(renaming, "rename", lambda *_: False)
    path = here / "plan.json"

    def write() -> None:
        with replacing(path, force=False) as (new,):
            new.write_text("new", encoding="utf-8")
            if late:
                path.write_text("mine", encoding="utf-8")

    if late:
        with pytest.raises(CurriplanError) as caught:
            write()
        assert caught.value.issues[0].code == "output-exists"
    else:
        write()
    assert content(here) == {"plan.json": b"mine" if late else b"new"}


def test_a_folder_that_cannot_be_put_back_now_is_by_the_next_command(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where another program holds the place for a while."""
    assert invoke("convert", "mini", "college").exit_code == 0
    before = content(here)
    usual = Path.rename

    def held(self: Path, target: Path) -> Path:
        if Path(target).name == "college":
            raise PermissionError(errno.EACCES, "held")
        return usual(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(module, "_exchange", lambda *_: False)
        patched.setattr(Path, "rename", held)
        assert refused(invoke("init", "college", "--force"), "output-locked")
    monkeypatch.setattr(leftovers, "_ours", set())  # another process
    assert invoke("check", "college").exit_code == 0
    assert content(here) == before


# ------------------------------------------------------------------------------- ends


@posix
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("moment", ["writing", "putting"])
def test_a_signal_undoes_what_is_written_and_lets_be_what_is_put(name: str, moment: str, here: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from curriplan.base.replacing import replacing
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup ignores
usual = os.replace
def replace(*arguments):
    usual(*arguments)
    os.kill(os.getpid(), signal.{name})
if {moment == "putting"}:
    os.replace = replace
with replacing(Path("a.json"), Path("b.json")) as files:
    for new in files:
        new.write_text("new", encoding="utf-8")
    if {moment == "writing"}:
        os.kill(os.getpid(), signal.{name})
"""
    for path in ("a.json", "b.json"):
        Path(path).write_text("old", encoding="utf-8")
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    is_put = moment == "putting"  # which takes no time: Ctrl-C comes too late, the others end the rest
    assert ended.returncode == (0 if is_put and name == "SIGINT" else -getattr(signal, name)), ended.stderr
    assert content(here) == dict.fromkeys(("a.json", "b.json"), b"new" if is_put else b"old")


@pytest.fixture
def terminated() -> Iterator[Callable[[], None]]:
    """A program that has a handler of its own."""

    def handler(*_: Any) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGTERM, handler)
    yield lambda: signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is handler
    signal.signal(signal.SIGTERM, before)


def test_a_handler_of_the_program_around_stays(terminated: Callable[[], None], here: Path) -> None:
    with pytest.raises((InterruptedError, CurriplanError)), replacing(here / "a.json"):
        terminated()
    assert content(here) == {}


@posix
def test_a_command_that_is_killed_leaves_the_old_or_the_new(repository: Path) -> None:
    """At a few operations; at all of them: ``python tests/functional/kills.py --most 0``."""
    tool = repository / "tests" / "functional" / "kills.py"
    only = ("convert over a folder in two steps", "init where one works", "import", "optimize")
    chosen = [word for name in only for word in ("--only", name)]
    arguments = [sys.executable, str(tool), "--most", "8", *chosen]
    ended = subprocess.run(arguments, check=False, capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.endswith(" kills, 0 wrong\n")


def test_names_in_the_journal_of_a_folder_that_somebody_sent_are_not_looked_at(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are told, as they may be true, and nothing is done with them."""
    journal = leftovers.beside(here / leftovers.JOURNAL)
    leftovers.write_journal(journal, [(Path("//host/share/a.json"), None), (here / "b.json", None)])
    journal.rename(str(journal).replace(f"{os.getpid():08x}", "7ffffff0"))
    asked: list[Path] = []
    usual = leftovers.found_as
    monkeypatch.setattr(leftovers, "found_as", lambda path: asked.append(path) or usual(path))
    result = invoke("graph", "mini", "-o", "b.json", "--lang", "en")
    assert result.exit_code == 0
    assert "outputs-in-part" in result.stderr
    assert asked == [here / "b.json"]
    assert [one.name for one in here.iterdir()] == ["b.json"]


@posix
@pytest.mark.parametrize(
    "command",
    [
        "convert mini .",
        "init .",
        "check",
        "frontier mini --points 2",
        "frontier mini --points 2 -o a.csv",
        "optimize mini -o a.json --previous p.json",
        "optimize --review a.xlsx",
        "optimize a.xlsx",
        "try a.json --drop a:b",
        "import rup a.xlsx b",
        "import esco a b",
        "import onet a b.xlsx --report c.csv",
        "gaps",
    ],
)
def test_a_working_folder_that_was_deleted(command: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = here / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    shutil.rmtree(gone)
    result = invoke(*command.split(), "--lang", "en")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in ((0,) if " " not in command or command.endswith("--points 2") else (3,)), (
        result.output
    )


@posix
@pytest.mark.parametrize("dest", ["new", "empty", "plan.json"])
def test_results_elsewhere_come_from_a_working_folder_that_was_deleted(
    dest: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gone", "empty"):
        (here / name).mkdir()
    monkeypatch.chdir(here / "gone")
    (here / "gone").rmdir()
    command = ["graph", "mini", "-o"] if "." in dest else ["convert", "mini"]
    result = invoke(*command, here / dest)
    assert result.exit_code == 0, result.output
    assert (here / dest).stat().st_size
