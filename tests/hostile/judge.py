"""Run a hostile case in a process of its own, and say what is wrong with what came of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from hostile.cases import Case

RUNNER = Path(__file__).with_name("runner.py")
MOST_CHARACTERS = 1_500
"""Of one line of a message."""


class Session:
    """A process that has imported curriplan once and runs each command in a fork."""

    def __enter__(self) -> Session:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, str(RUNNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait()
        self.process.stdout.close()  # type: ignore[union-attr]

    def command(self, arguments: list[str], folder: Path, nobody: bool = False) -> dict[str, Any]:
        """Run one command in a folder."""
        request = {"arguments": arguments, "folder": str(folder), "nobody": nobody}
        self.process.stdin.write(json.dumps(request) + "\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        return self._answer()

    def run(self, case: Case, folder: Path) -> dict[str, Any]:
        """Make the file of a case and read it, in a folder that must stay empty."""
        made, empty = folder / "made", folder / "empty"
        made.mkdir()
        empty.mkdir()
        path = str(case.make(made))
        before = _listing(made)
        arguments = [path if word == "{}" else word for word in case.arguments]
        answer = self.command(arguments, empty, case.nobody)
        return {**answer, "left": _listing(empty), "changed": _listing(made) != before}

    def _answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        return dict(json.loads(line))


def _listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.lstat().st_size) for path in folder.rglob("*"))


def faults(case: Case, answer: dict[str, Any]) -> list[str]:
    """Return what is wrong with an answer."""
    text = answer["out"] + answer["err"]
    lines = text.splitlines()
    said = set(re.findall(r"(?:^|[\s:])([a-z]+(?:-[a-z]+)+): ", text))
    found = []
    if answer["code"] != case.exit_code and not (case.exit_code == -1 and answer["code"] in {0, 3}):
        found.append(f"exit {answer['code']}, not {case.exit_code}")
    if "Traceback" in text or "FORBIDDEN" in text:
        found.append("a traceback, or something forbidden")
    if case.codes and not said & set(case.codes):
        found.append(f"said {sorted(said)}, not {case.codes}")
    if len(lines) > case.most_lines or max(map(len, lines), default=0) > MOST_CHARACTERS:
        found.append(f"{len(lines)} lines, the longest of {max(map(len, lines))} characters")
    if any(not (char.isprintable() or char == "\n") for char in text):
        found.append(f"control characters: {sorted({hex(ord(c)) for c in text if not c.isprintable()})}")
    if answer["left"] or answer["changed"]:
        found.append("files were written or changed")
    return found + ([text[-700:]] if found else [])
