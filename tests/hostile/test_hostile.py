"""Hostile files: each is understood or refused with one clear message, within its memory and time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile.cases import CASES
from hostile.judge import Session, faults
from hostile.runner import FORBIDDEN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory need Linux")
SLOW = {
    "one tag with a million attributes",
    "1,048,576 empty rows",
    "ten million empty rows",
    "200,000 rows that end at XFD",
    "ten million shared strings",
    "a million merged cells",
    "a million conditional formats",
    "a million data validations",
    "a million defined names",
    "three million filled cells",
    "a shared string of 5 MB in 100,000 cells",
    "one cell of 50 MB",
    "190,000 wrong rows",
    "190,000 unknown references",
    "5,000 unknown references of 5,000 ids",
    "100,000 same keys",
    "200,000 rows of 100 cells",
    "a CSV of three million rows",
    "a plan.json of 40 million numbers",
    "a review with rows that end at XFD",
    "a zip in a zip in a zip",
    "a deep nest in a sheet",
    *(f"truncated at {part}/16" for part in range(1, 16) if part % 4),
}
"""Left to ``python tests/hostile/run.py``, which runs every case."""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session() as running:
        yield running


@pytest.mark.parametrize("name", [name for name in CASES if name not in SLOW])
def test_a_hostile_file_is_understood_or_refused(name: str, session: Session, tmp_path: Path) -> None:
    answer = session.run(CASES[name], tmp_path)
    assert faults(CASES[name], answer) == []


@pytest.mark.parametrize(
    "action",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "open('left', 'w')",
        "import os; os.mkdir('left')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import pathlib; pathlib.Path('left').touch()",
    ],
)
def test_the_guard_sees_what_no_reader_may_do(action: str, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    code += "from hostile.runner import forbid\nsys.addaudithook(forbid)\n" + action
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, list(tmp_path.iterdir())) == (FORBIDDEN, [])


def test_the_guard_is_in_force_where_commands_run(session: Session, tmp_path: Path) -> None:
    answer = session.command(["graph", "mini", "-o", "graph.json"], tmp_path)
    assert (answer["code"], list(tmp_path.iterdir())) == (FORBIDDEN, [])
    assert "FORBIDDEN" in answer["err"]


def test_the_memory_of_a_command_is_limited(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    code += "from hostile.fuzz import limit_memory\nlimit_memory()\nbytes((1 << 30) + (64 << 20))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert b"MemoryError" in done.stderr
