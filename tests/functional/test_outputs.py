"""Output files: checked before any work, changed at one stroke, on any path and any console."""

from __future__ import annotations

import csv
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import curriplan.api.reading
import curriplan.base.files
from curriplan.cli.app import main

OLD = b"what was there before"
CYRILLIC = "Менің жоспарым Ғылым"


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail the test if any catalog is read."""

    def read(*_: Any, **__: Any) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr(curriplan.api.reading, "read", read)


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    ("command", "name"),
    [("optimize", "a.xlsx"), ("optimize", "a.json"), ("gaps", "a.csv"), ("graph", "a.graphml")],
)
def test_an_existing_output_is_refused_before_any_work(command: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(OLD)
    result = invoke(command, "mini", "-o", path)
    assert result.exit_code == 3, result.output
    assert "output-exists" in result.stderr
    assert path.read_bytes() == OLD


@pytest.mark.usefixtures("no_work")
def test_the_default_output_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.xlsx").write_bytes(OLD)
    assert invoke("optimize", "mini").exit_code == 3
    assert (tmp_path / "plan.xlsx").read_bytes() == OLD


@pytest.mark.usefixtures("no_work")
def test_a_missing_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    result = invoke("optimize", "mini", "-o", tmp_path / "nowhere" / "plan.xlsx")
    assert result.exit_code == 3
    assert "output-folder-missing" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_work")
def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").mkdir()
    result = invoke("optimize", "mini", "--force", "-o", tmp_path / "plan.xlsx")
    assert result.exit_code == 3
    assert "output-not-writable" in result.stderr


@pytest.mark.usefixtures("no_work")
def test_the_catalog_itself_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "catalog.xlsx"
    path.write_bytes(OLD)
    result = invoke("optimize", path, "--force", "-o", path)
    assert result.exit_code == 3
    assert "output-is-input" in result.stderr
    assert path.read_bytes() == OLD


@pytest.mark.usefixtures("no_work")
def test_the_earlier_plan_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(OLD)
    result = invoke("optimize", "mini", "--force", "--previous", path, "-o", path)
    assert result.exit_code == 3
    assert "output-is-input" in result.stderr
    assert path.read_bytes() == OLD


def test_force_replaces(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(OLD)
    assert invoke("optimize", "mini", "-q", "--force", "-o", path).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["catalog"]["id"] == "mini"
    assert [one.name for one in tmp_path.iterdir()] == ["plan.json"]


def test_several_outputs_at_once(tmp_path: Path) -> None:
    result = invoke("optimize", "mini", "-q", "-o", tmp_path / "plan.XLSX", "-o", tmp_path / "plan.json")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "plan.XLSX").read_bytes()[:2] == b"PK"
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert len(list(tmp_path.iterdir())) == 2


def test_gaps_in_every_kind(tmp_path: Path) -> None:
    """The three gaps of mini: DATA and SEC are essential, FRAUD is not."""
    paths = [tmp_path / name for name in ("g.csv", "g.json", "g.xlsx")]
    options = [word for path in paths for word in ("-o", path)]
    result = invoke("gaps", "mini", "--lang", "kk", *options)
    assert result.exit_code == 0, result.output
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        table = {row["competency"]: row["essential"] for row in csv.DictReader(file)}
    assert table == {"DATA": "yes", "FRAUD": "no", "SEC": "yes"}
    rows = json.loads(paths[1].read_text(encoding="utf-8"))
    assert {row["competency"]: row["essential"] for row in rows} == {
        "DATA": True,
        "FRAUD": False,
        "SEC": True,
    }
    assert paths[2].read_bytes()[:2] == b"PK"
    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Kazakh letters"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_output_open_in_excel(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows a file that Excel holds can be neither replaced nor opened for writing."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(OLD)

    def locked(*_: Any) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(curriplan.base.files.os, "replace", locked)
    result = invoke("optimize", "mini", "--lang", language, "--force", "-o", path)
    assert result.exit_code == 3, result.output
    assert "output-locked" in result.stderr
    assert "Excel" in result.stderr
    assert "Traceback" not in result.output
    assert path.read_bytes() == OLD
    assert [one.name for one in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(OLD)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    result = invoke("optimize", "mini", "--force", "-o", path)
    assert result.exit_code == 3, result.output
    assert "No space left on device" in result.stderr
    assert path.read_bytes() == OLD
    assert [one.name for one in tmp_path.iterdir()] == ["plan.json"]


def test_a_bug_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Path, "write_text", broken)
    result = invoke("optimize", "mini", "-o", tmp_path / "plan.json")
    assert result.exit_code == 1
    assert isinstance(result.exception, RuntimeError)
    assert not list(tmp_path.iterdir())


def test_paths_with_spaces_and_cyrillic_letters(tmp_path: Path, repository: Path, run_all: Any) -> None:
    """The catalog, the working folder, the outputs and the temporary folder all have such names."""
    home = tmp_path / CYRILLIC
    temporary = tmp_path / "Уақытша қалта"
    temporary.mkdir()
    shutil.copytree(repository / "catalogs" / "mini", home / "Менің каталогым")
    names = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    solvers = ("highs", "cbc")
    codes, said = run_all(
        *(
            ("optimize", "Менің каталогым", "--solver", solver, "--lang", "kk",
             "-o", f"Оқу жоспары {solver}.xlsx", "-o", f"Оқу жоспары {solver}.json")
            for solver in solvers
        ),
        cwd=home, env=names,
    )  # fmt: skip
    assert codes == [0, 0], said
    for solver in solvers:
        assert (home / f"Оқу жоспары {solver}.xlsx").read_bytes()[:2] == b"PK"
        plan = json.loads((home / f"Оқу жоспары {solver}.json").read_text(encoding="utf-8"))
        assert plan["catalog"]["source"] == "./Менің каталогым"
    assert not list(temporary.iterdir())
    codes, said = run_all(("verify", f"{CYRILLIC}/Оқу жоспары cbc.json"), env=names)
    assert codes == [0], said


@pytest.mark.parametrize(
    ("encoding", "language"),
    [("cp1251", "kk"), ("cp1251", "ru"), ("cp866", "kk"), ("cp866", "ru"), ("ascii", "kk"), ("utf-8", "kk")],
)
def test_consoles_that_lack_letters(encoding: str, language: str, run_all: Any) -> None:
    """cp1251 and cp866 lack ә ғ қ ң ө ұ ү һ і or some of them, → and §; nothing may crash on that."""
    codes, said = run_all(
        ("optimize", "mini", "-o", f"{language}.json", "--time-limit", "200"),
        ("verify", f"{language}.json"),
        ("gaps", "mini"),
        ("check", "mini"),
        ("check", "no-such-college"),
        encoding=encoding,
        env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "CURRIPLAN_LANG": language},
    )
    assert "Traceback" not in said, said
    assert codes == [0, 0, 0, 0, 3]
    if (encoding, language) == ("cp1251", "ru"):
        assert "Закрытие дефицита" in said
        assert " -> " in said


def test_json_of_check_is_json_on_any_console(run: Any) -> None:
    env = {"PYTHONIOENCODING": "cp866", "PYTHONUTF8": "0", "CURRIPLAN_LANG": "kk"}
    done = run("check", "no-such-college", "--format", "json", env=env)
    assert done.returncode == 3
    problems = json.loads(done.stdout.decode("cp866"))["problems"]
    assert problems[0]["code"] == "catalog-not-found"
    assert "каталог та жоқ" in problems[0]["found"]


def test_results_go_to_stdout_and_messages_to_stderr(run: Any) -> None:
    done = run("optimize", "mini", "--lang", "en", "-o", "p.json")
    assert b"Closure of the gaps" in done.stdout
    assert b"illustration" in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr, "colours or progress without a terminal"
    quiet = run("optimize", "mini", "-q", "-o", "q.json")
    assert (quiet.stdout, quiet.stderr) == (b"", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_progress_is_drawn_on_a_terminal_only(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "curriplan", "optimize", "mini", "--lang", "en", "-o", "p.json"]
    env = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:  # Linux says so when the other end is closed
        pass
    assert process.wait(timeout=600) == 0
    text = said.decode("utf-8")
    # Drawn ten times a second: which of the first steps is seen hangs on how fast they are.
    assert re.search("Reading the catalog|Checking", text)
    assert text.index("First figures: 60.53 % of the gaps closed") < text.index(
        "Objective 3 of 5, gap 0.00 %"
    )
    assert text.index("Objective 5 of 5") < text.index("Plan of mini")
    assert " → " in text[: text.index("Plan of mini")]
    assert "\x1b[" in text
    assert "\x1b" not in text[text.index("Plan of mini") :], "the result itself is plain text"
    assert "\ufffd" not in text


def test_the_summary_fits_80_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for language in ("kk", "ru", "en"):
        result = invoke("optimize", "mini", "--lang", language, "--force", "-o", "p.json")
        assert max(map(len, result.stdout.splitlines())) <= 80, result.stdout


def test_the_illustrative_college_is_called_so(tmp_path: Path) -> None:
    result = invoke("graph", "-o", tmp_path / "graph.json", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "illustration" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process alone")
def test_ctrl_c_keeps_the_plan(tmp_path: Path) -> None:
    """Ctrl-C during the second objective of the large catalog: the plan of the first one is written."""
    process = subprocess.Popen(
        [sys.executable, "-m", "curriplan", "optimize", "-v", "--gap", "0", "--lang", "en", "-o", "p.json"],
        cwd=tmp_path,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if b"stage no_harm: value" in line:
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=600)
    finally:
        process.kill()
    assert process.returncode == 0, err.decode("utf-8", "replace")
    assert err.index(b"Ctrl-C: stopping as soon as possible") < err.index(b"stage disruption: value")
    assert b"feasible, not proven optimal" in out
    assert b"not-proven" in err
    assert b"stopped with Ctrl-C; the best plan so far was written" in err
    plan = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    assert "stopped-early" in [warning["code"] for warning in plan["warnings"]]
    assert plan["status"] == "feasible"
    assert [stage["gap"] is None for stage in plan["stages"]][-1], "an unsolved stage has no gap"
    assert CliRunner().invoke(main, ["verify", str(tmp_path / "p.json")]).exit_code == 0


@pytest.mark.parametrize(("deliberate_s", "kept"), [(3600.0, True), (0.0, False)])
def test_ctrl_c_again_and_again_while_the_plan_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deliberate_s: float, kept: bool
) -> None:
    """A key that is held down drops nothing; one that is pressed again later leaves the old file whole."""
    from curriplan.base import interrupts
    from curriplan.report import write as report

    monkeypatch.setattr(interrupts, "DELIBERATE_S", deliberate_s)
    write = report.write_carried

    def pressed(*arguments: Any) -> None:
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
        write(*arguments)

    monkeypatch.setattr(report, "write_carried", pressed)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"old")
    result = invoke("optimize", "mini", "--lang", "en", "--force", "-o", path)
    assert "the result is being written" in result.stderr
    assert ("stopped-while-writing" in result.stderr) is not kept
    assert result.exit_code == (0 if kept else 5)
    assert (path.read_bytes() == b"old") is not kept
    assert list(tmp_path.iterdir()) == [path]


class PressedAt(logging.Handler):
    """Presses Ctrl-C as the n-th line comes that says something."""

    def __init__(self, said: str, number: int) -> None:
        super().__init__()
        self.said, self.left = said, number

    def emit(self, record: logging.LogRecord) -> None:
        self.left -= self.said in record.getMessage()
        if self.left == 0:
            self.left = -1
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_during_stability_keeps_the_plan(tmp_path: Path) -> None:
    """Pressed as the second run ends; that of the plan itself is the first to say so."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background of a shell
    pressed = PressedAt("stage balance: value", 3)
    logging.getLogger("curriplan").addHandler(pressed)
    try:
        path = tmp_path / "p.json"
        result = invoke("optimize", "mini", "-v", "--stability", "50", "--lang", "ru", "-o", path)
    finally:
        logging.getLogger("curriplan").removeHandler(pressed)
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 0, result.output
    assert "stability-incomplete: Расчёты устойчивости выполнены не все" in result.stderr
    runs = json.loads(path.read_text(encoding="utf-8"))["stability"]["runs"]
    assert len(runs) > 50
    assert [run["status"] != "not_run" for run in runs].count(True) == 2
    assert invoke("verify", path).exit_code == 0
    assert "устойчивост" in result.stdout.lower()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes and pipes stdout")
class TestAStdoutThatTakesNothing:
    """What becomes of the summary is no matter of the plan that was written."""

    def shell(self, command: str, tmp_path: Path) -> tuple[int, str]:
        line = command.replace("curriplan", f"{sys.executable} -m curriplan")
        done = subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, capture_output=True, check=False)
        return done.returncode, done.stderr.decode("utf-8")

    def test_closed(self, tmp_path: Path) -> None:
        code, said = self.shell("curriplan optimize mini -o p.json >&-", tmp_path)
        assert code == 0, said
        assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))

    def test_a_reader_that_went_away(self, tmp_path: Path) -> None:
        _, said = self.shell("(curriplan optimize mini -o p.json; echo $? > code) | true", tmp_path)
        assert (tmp_path / "code").read_text(encoding="utf-8") == "0\n", said
        assert "Exception" not in said

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
    @pytest.mark.parametrize("command", ["optimize mini -o p.json", "gaps mini", "check mini"])
    def test_a_full_disk(self, command: str, tmp_path: Path) -> None:
        code, said = self.shell(f"curriplan {command} --lang en > /dev/full", tmp_path)
        assert code == 3, said
        assert "output-not-writable: The file stdout" in said
        assert "Traceback" not in said
