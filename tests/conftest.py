"""Options and fixtures of the whole suite."""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from workbooks.tools import REQUIRE, refuses_skip

ROOT = Path(__file__).resolve().parents[1]
BUNDLED_LIMIT_S = 600


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that lacks a program where all of them must be there."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and refuses_skip(report.longrepr[2]):
        report.outcome = "failed"
        report.longrepr = f"{report.longrepr[2]}, and {REQUIRE} is set"
    return report


def pytest_sessionfinish() -> None:
    """End the LibreOffice that the tests of this process shared."""
    from workbooks.office import close_all

    close_all()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer has set in the shell must not change a test."""
    for name in ("CURRIPLAN_LANG", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def quiet_logger() -> Generator[None, None, None]:
    """What one test logs with ``-v`` must not make the tests after it log."""
    yield
    logging.getLogger("curriplan").setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the bundled catalog `mini` that a test may change."""
    return Path(shutil.copytree(ROOT / "catalogs" / "mini", tmp_path / "mini"))


@pytest.fixture(scope="session")
def bundled_result(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Any:
    """The plan of the bundled catalog, solved once however many processes run the tests."""
    import curriplan

    folder = tmp_path_factory.getbasetemp()
    shared = (folder if worker_id == "master" else folder.parent) / "bundled"
    saved, failed = shared / "result.pickle", shared / "failed"
    try:
        shared.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + BUNDLED_LIMIT_S
        while not saved.exists() and not failed.exists() and time.monotonic() < deadline:
            time.sleep(0.5)
        return pickle.loads(saved.read_bytes())
    try:
        result = curriplan.optimize("kz-digital-college")
        new = saved.with_suffix(".new")
        new.write_bytes(pickle.dumps(result))
        new.replace(saved)
    except BaseException:
        failed.touch()
        raise
    return result


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
