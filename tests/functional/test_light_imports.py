"""Starting is light: heavy libraries are loaded by the commands that use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HEAVY = (
    "pandas",
    "numpy",
    "pulp",
    "highspy",
    "networkx",
    "openpyxl",
    "xlsxwriter",
    "pydantic",
    "rich",
    "jsonschema",
)
SOLVERS = ("pulp", "highspy", "curriplan.optimizer")


def loaded(run: Any, code: str, names: tuple[str, ...], *arguments: str) -> set[str]:
    done = run(
        *arguments, code=f"import sys\n{code}\nprint('LOADED', *sorted({set(names)!r} & set(sys.modules)))"
    )
    assert done.returncode == 0, done.stderr.decode()
    return set(done.stdout.decode().rpartition("LOADED")[2].split())


def test_import_curriplan(run: Any) -> None:
    assert loaded(run, "import curriplan; curriplan.__version__; dir(curriplan)", HEAVY) == set()


def test_the_library_loads_on_demand(run: Any) -> None:
    """The guard against a test that cannot fail: pandas does come when gaps are asked for."""
    assert "pandas" in loaded(run, "import curriplan; curriplan.find_gaps('mini')", HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["optimize", "--help"], ["--version"]])
def test_help(run: Any, arguments: list[str]) -> None:
    code = f"from curriplan.cli.app import main\ntry: main({arguments!r})\nexcept SystemExit: pass"
    assert loaded(run, code, HEAVY) == set()


USED = {
    "check mini": {"pydantic"},
    "gaps mini": {"pydantic", "rich"},
    "graph mini -o g.json": {"pydantic", "networkx"},
    "init folder": {"pydantic"},
    "init book.xlsx": {"pydantic", "xlsxwriter"},
    "optimize mini -q -o p.json": {"pydantic", "pulp", "highspy", "numpy"},
    "convert mini folder": {"pydantic"},
    "convert mini book.xlsx": {"pydantic", "xlsxwriter"},
}
"""What a command loads of `HEAVY`: all that it uses, and no more."""


@pytest.mark.parametrize("words", USED)
def test_a_command_loads_what_it_uses(run: Any, words: str) -> None:
    code = (
        f"from curriplan.cli.app import main\n"
        f"try: main({words.split()!r})\n"
        "except SystemExit as end: assert not end.code"
    )
    assert loaded(run, code, HEAVY) == USED[words]


def test_a_command_that_does_not_exist_imports_none(run: Any) -> None:
    code = "from curriplan.cli.app import main\ntry: main(['chek'])\nexcept SystemExit: pass"
    homes = ("catalogs", "planning", "analyses", "import_rup")
    assert loaded(run, code, (*HEAVY, *(f"curriplan.cli.commands.{home}" for home in homes))) == set()


@pytest.mark.parametrize("command", ["check", "gaps"])
def test_commands_without_a_solver(run: Any, command: str) -> None:
    code = f"from curriplan.cli.app import main\ntry: main([{command!r}, 'mini'])\nexcept SystemExit: pass"
    assert loaded(run, code, (*SOLVERS, "pandas")) == set()


def test_verify_never_loads_a_solver(run: Any, tmp_path: Path, mini_result: Any) -> None:
    mini_result.to_json(tmp_path / "p.json")
    code = (
        "from curriplan.cli.app import main\n"
        "try: main(['verify', 'p.json'])\n"
        "except SystemExit as end: assert not end.code"
    )
    assert loaded(run, code, (*SOLVERS, "pandas", "xlsxwriter")) == set()


def test_a_saved_plan_is_written_as_a_workbook_without_a_solver(run: Any) -> None:
    code = "import curriplan.report, curriplan.api.results, curriplan.api.optimize"
    assert loaded(run, code, SOLVERS) == set()
