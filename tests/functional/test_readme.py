"""The Quick start of the README: what .ci/run takes from it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest


def blocks(repository: Path, language: str) -> list[str]:
    text = (repository / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("language", ["sh", "powershell"])
def test_two_commands_of_one_line(repository: Path, language: str) -> None:
    found = blocks(repository, language)
    assert len(found) == 2
    assert all(block.count("\n") == 1 and not block.rstrip("\n").endswith("\\") for block in found)


def test_the_first_makes_the_plan_and_the_second_runs_every_test(repository: Path) -> None:
    for language in ("sh", "powershell"):
        plan, tests = blocks(repository, language)
        assert "curriplan optimize --lang en" in plan
        assert ".venv-test" in tests
        assert re.search(r"-m pytest( -n \w+)?\n$", tests), "no test may be left out"
    first, second = blocks(repository, "sh")
    assert first.startswith("python3 -m venv .venv ")
    assert second.startswith("python3 -m venv .venv-test ")


def test_the_library_in_ten_lines_runs(repository: Path, tmp_path: Path, run: Any) -> None:
    (code,) = blocks(repository, "python")
    assert len(code.splitlines()) <= 10
    shutil.copytree(repository / "catalogs" / "mini", tmp_path / "catalogs" / "mini")
    done = run(code=code, env={"PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines()[-1].strip() == "True"
    assert (tmp_path / "mini-plan.xlsx").exists()


def test_every_file_that_is_linked_is_there(repository: Path) -> None:
    pages = [*repository.glob("*.md"), *(repository / "docs").rglob("*.md")]
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
        assert [link for link in links if not (page.parent / link).exists()] == [], page


def test_the_pictures_are_small_and_told_in_words(repository: Path) -> None:
    text = (repository / "README.md").read_text(encoding="utf-8")
    pictures = dict(re.findall(r"!\[([^\]]+)\]\((docs/\w+\.png)\)", text))
    assert sorted(pictures.values()) == ["docs/curriculum.png", "docs/map.png", "docs/summary.png"]
    assert all(len(words) > 30 for words in pictures)
    for picture in pictures.values():
        data = (repository / picture).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert len(data) < 250_000, picture
