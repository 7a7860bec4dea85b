"""shell.py: a command that is shown can be copied, on Windows as on other systems."""

from __future__ import annotations

import shlex

import pytest

from curriplan.base.shell import typed

PATHS = [
    "plan.xlsx",
    "мой план.xlsx",
    "жоспар.xlsx",
    "a&b.xlsx",
    "it's.xlsx",
    "a$b.xlsx",
    "a(1).xlsx",
    'x"y.xlsx',
]


@pytest.mark.parametrize("path", PATHS)
def test_a_shell_takes_it_for_one_word(path: str) -> None:
    assert shlex.split(typed(path, windows=False)) == [path]


@pytest.mark.parametrize("path", [one for one in PATHS if '"' not in one])
def test_on_windows_it_is_plain_or_in_double_quotes_which_both_its_shells_know(path: str) -> None:
    assert typed(path, windows=True) in {path if path == "plan.xlsx" else "", f'"{path}"'}
    assert typed(r"C:\\college\\plan.xlsx", windows=True) == r"C:\\college\\plan.xlsx"
