"""A folder to work in, and a plan of `mini` that is solved once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curriplan.api.results import PlanResult
from error_pages.example import Stage
from functional.reviews import SHEETS_READ, reading_once


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, mini_result: PlanResult) -> Path:
    """A folder with the plan of `mini` as plan.json and plan.xlsx."""
    folder = tmp_path_factory.mktemp("made")
    mini_result.to_excel(folder / "plan.xlsx", "en")
    mini_result.to_json(folder / "plan.json")
    return folder


@pytest.fixture(scope="session")
def reader() -> Callable[..., Any]:
    """What reads the review of an example once, in whatever languages the example is shown."""
    return reading_once(64)


@pytest.fixture
def stage(tmp_path: Path, made: Path, reader: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(SHEETS_READ, reader)
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path, monkeypatch, made)
