"""What the import contracts of pyproject.toml cannot say of the house."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

SOURCES = Path(str(files("curriplan")))
ROOMS = sorted(path.name for path in SOURCES.iterdir() if (path / "__init__.py").is_file())


def test_nothing_is_loose_at_the_top() -> None:
    """Beside the rooms stand the public face, `python -m curriplan`, the marker of types and the schemas."""
    beside = {path.name for path in SOURCES.iterdir()} - {*ROOMS, "__pycache__"}
    assert beside == {"__init__.py", "__main__.py", "py.typed", "schemas"}
    assert len(ROOMS) == 12


def test_a_room_says_what_it_is_for_and_imports_nothing() -> None:
    """To import a record must not load what reads workbooks."""
    for room in ROOMS:
        (docstring,) = ast.parse((SOURCES / room / "__init__.py").read_text(encoding="utf-8")).body
        assert isinstance(docstring, ast.Expr), room
        text = ast.literal_eval(docstring.value)
        assert text.count(".\n") == 2, f"{room}: one sentence on its purpose, one on its imports"
        assert "imports" in text, room


def test_a_class_name_means_one_thing() -> None:
    """Two classes of one name would have to be told apart by their files."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(str(path.relative_to(SOURCES)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_what_follows_from_a_problem_is_made_in_one_place() -> None:
    """Curricula, capacity, money and gaps come from the run's `Problem`.

    A review is read before it is; so are intakes that run, of which its catalog is made. An outlook has gaps
    of its own.
    """
    made: dict[str, set[str]] = defaultdict(set)
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                made[node.func.id].add(str(path.relative_to(SOURCES)))
    assert made["Curricula"] == {"problem/problem.py", "api/review/resolve.py", "problem/intakes.py"}
    assert made["Capacity"] == made["Money"] == {"problem/problem.py"}
    assert made["ProgrammeGaps"] == {"problem/problem.py", "problem/outlooks.py"}


@pytest.mark.parametrize("what", ["rule", "setting", "sheet", "command", "table"])
def test_the_pages_on_adding_something_name_files_that_are_there(what: str, repository: Path) -> None:
    """A page that leads to a file which has moved would be worse than none."""
    text = (repository / "docs" / f"add-a-{what}.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+(?:[A-Za-z_-]+\.\w+)?)`", text))
    beginnings = (repository, SOURCES)
    old = {path for path in named if "NAME" not in path}
    assert old
    assert {path for path in old if not any((one / path).exists() for one in beginnings)} == set()
