"""Options and fixtures of the whole suite."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer has set in the shell must not change a test."""
    for name in ("CURRIPLAN_LANG", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the bundled catalog `mini` that a test may change."""
    return Path(shutil.copytree(ROOT / "catalogs" / "mini", tmp_path / "mini"))


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `curriplan` in a process of its own, in `tmp_path`, and return what came out as bytes."""

    def call(
        *arguments: Any, cwd: Path | None = None, env: Mapping[str, str] | None = None, code: str = ""
    ) -> subprocess.CompletedProcess[bytes]:
        start = ["-c", code] if code else ["-m", "curriplan"]
        return subprocess.run(
            [sys.executable, *start, *map(str, arguments)],
            cwd=cwd or tmp_path,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
            check=False,
        )

    return call
