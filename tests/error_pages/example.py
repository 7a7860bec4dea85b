"""A broken example of an issue code: what is made, what is run on it, and what is seen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from curriplan.base.errors import CurriplanError, Issue
from curriplan.cli.app import main
from curriplan.texts.words import Words

LENGTH = 100
MINI = Path(__file__).parents[2] / "catalogs" / "mini"


@dataclass
class Stage:
    """A folder to work in, which is the current one.

    ``made`` holds a plan of the catalog `mini` as ``plan.json`` and ``plan.xlsx``, solved once;
    ``language`` is that of the session.
    """

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    made: Path
    language: str = "en"

    def college(self) -> Path:
        """Copy the catalog `mini` to the folder ``college``."""
        return Path(shutil.copytree(MINI, self.folder / "college"))

    def take(self, name: str) -> Path:
        """Copy ``plan.json`` or ``plan.xlsx`` here."""
        return Path(shutil.copy(self.made / name, self.folder / name))

    def edit(self, path: Path, old: str, new: str) -> None:
        """Replace a text in a file, which must have it."""
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Seen:
    """What an example showed: the lines that name the code, and the exit code."""

    message: str
    exit_code: int
    shown: str
    """What was run or made, in Markdown."""
    is_note: bool = False
    """Neither an error nor a warning, even with ``--strict``."""
    output: str = ""
    """What the command line wrote."""
    issues: tuple[Issue, ...] = ()
    """What was found, where no command line was run."""


@dataclass(frozen=True)
class Example:
    """A broken example of one code; ``caption`` says in English what is wrong."""

    code: str
    caption: str
    run: Callable[[Stage], Seen]
    arguments: str | None = None
    """What follows ``curriplan``, where a command line is run."""


def code_text(text: str) -> str:
    """Return a text as code in Markdown, cut where it is long."""
    text = text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
    plain = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
    return f"`` {plain} ``" if "`" in plain else f"`{plain}`" if plain else "empty"


def nothing(stage: Stage) -> None:
    """Prepare nothing."""


def command(
    code: str,
    caption: str,
    arguments: str,
    prepare: Callable[[Stage], object] = nothing,
    marker: str | None = None,
) -> Example:
    """Build an example of a command line.

    Parameters
    ----------
    arguments : str
        What follows ``curriplan``, words between spaces.
    prepare : callable, optional
        Makes the files that are needed in ``stage.folder``.
    marker : str, optional
        The key of the text with which the line begins that shows the issue, where it does not show the code.
    """

    def run(stage: Stage) -> Seen:
        prepare(stage)
        files = _small_files(stage.folder)
        result = CliRunner().invoke(main, [*arguments.split(" "), "--lang", stage.language])
        lines = (result.stderr + result.stdout).splitlines()
        wanted = f"{code if marker is None else Words(stage.language, 'cli')(marker)}: "
        found = list(dict.fromkeys(line for line in lines if wanted in line))
        assert found, f"curriplan {arguments} does not show {code}:\n{result.output}\n{result.exception!r}"
        shown = "\n".join([*files, f"```sh\ncurriplan {arguments}\n```"])
        return Seen("\n".join(found), result.exit_code, shown, marker is not None, result.output)

    return Example(code, caption, run, arguments)


def _small_files(folder: Path) -> list[str]:
    """Say what stands in the files that are short enough to be shown."""
    paths = [path for path in sorted(folder.iterdir()) if path.is_file() and path.stat().st_size <= LENGTH]
    lines = [f"- `{path.name}` holds {code_text(path.read_text(encoding='utf-8'))}" for path in paths]
    return [*lines, ""] if lines else []


def call(
    code: str, caption: str, python: str, prepare: Callable[[Stage], object] = nothing, **names: Any
) -> Example:
    """Build an example of the library: lines of Python that raise `CurriplanError`."""

    def run(stage: Stage) -> Seen:
        prepare(stage)
        with pytest.raises(CurriplanError) as caught:
            exec(python, dict(names))
        found = [issue.line() for issue in caught.value.issues if issue.code == code]
        assert found, f"{python} does not raise {code}: {caught.value}"
        shown = f"```python\n{python}\n```"
        return Seen("\n".join(found), int(caught.value.exit_code), shown, issues=caught.value.issues)

    return Example(code, caption, run)
