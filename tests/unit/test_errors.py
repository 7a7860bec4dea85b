"""Issue texts: complete, alike in three languages, and there for every code in use."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import curriplan
from curriplan.base.errors import (
    CatalogError,
    CurriplanError,
    ExitCode,
    Issue,
    Place,
    Severity,
    UsageError,
    issue_texts,
)
from curriplan.texts.languages import LANGUAGES

SOURCES = Path(curriplan.__file__).parent
CODES = sorted(issue_texts())
KAZAKH_ONLY = set("әғқңөұүһі")


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", CODES)
def test_texts_are_complete_and_alike(code: str) -> None:
    texts = issue_texts()[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    for part in (texts.found, texts.advice):
        assert set(part) == set(LANGUAGES)
        assert all(text.strip() == text and text.endswith(".") for text in part.values())
        assert len({frozenset(_placeholders(text)) for text in part.values()}) == 1
        assert all(name.isidentifier() for text in part.values() for name in _placeholders(text))


@pytest.mark.parametrize("code", CODES)
def test_each_text_is_in_its_language(code: str) -> None:
    texts = issue_texts()[code]
    kk, ru, en = (f"{texts.found[name]} {texts.advice[name]}".casefold() for name in LANGUAGES)
    assert KAZAKH_ONLY & set(kk), "no Kazakh letter"
    assert not KAZAKH_ONLY & set(ru), "a Kazakh letter in Russian"
    assert re.search("[а-я]", ru)
    assert not re.search("[а-я]", en.replace('[\\"а\\", \\"б\\"]', ""))


def test_the_file_has_nothing_else() -> None:
    entries = tomllib.loads((SOURCES / "texts" / "issues.toml").read_text(encoding="utf-8"))
    assert all(set(entry) == {"severity", "found", "advice"} for entry in entries.values())


def test_every_code_in_use_has_texts() -> None:
    pattern = re.compile(r"(?:\bIssue|\.of)\(\s*\"([^\"]+)\"")
    used = {
        code for path in SOURCES.rglob("*.py") for code in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 50
    assert used <= set(CODES)


def test_an_unknown_code_is_a_bug() -> None:
    with pytest.raises(KeyError, match="no text"):
        Issue("no-such-code")


def test_an_issue_says_where_what_and_what_to_do() -> None:
    issue = Issue("exit-not-above-entry", Place("m.csv", None, 4, "exit_level"), {"entry": 3, "exit": 2})
    assert issue.severity is Severity.ERROR
    assert issue.line("en") == (
        "m.csv:4 (exit_level): exit-not-above-entry: The exit level (2) is not above the entry level (3): "
        "the module teaches nothing. Raise the exit level, or lower the entry level."
    )
    assert "Выходной уровень (2)" in issue.line("ru")
    assert "Шығу деңгейі (2)" in issue.line("kk")


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("a.csv"), "a.csv"),
        (Place("a.csv", None, 3), "a.csv:3"),
        (Place("a.csv", None, 3, "level"), "a.csv:3 (level)"),
        (Place("a.xlsx", "modules"), "a.xlsx [modules]"),
        (Place("a.xlsx", "modules", 3, "B"), "a.xlsx [modules] B3"),
    ],
)
def test_places(place: Place, text: str) -> None:
    assert str(place) == text


def test_an_error_sorts_its_issues_by_place() -> None:
    late = Issue("missing-credits", Place("m.csv", None, 10), {"module": "B"})
    early = Issue("missing-credits", Place("m.csv", None, 9), {"module": "A"})
    error = CatalogError([late, early])
    assert error.issues == (early, late)
    assert error.exit_code is ExitCode.FILE
    assert str(error).splitlines() == [early.line(), late.line()]


def test_exit_codes() -> None:
    assert UsageError.of("unknown-solver", value="x", known="highs").exit_code is ExitCode.USAGE
    error = CurriplanError.of("output-exists", exit_code=ExitCode.USAGE, path="p")
    assert error.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_is_like_none_has_no_hint(language: str) -> None:
    """Each text that names the nearest: with a name it is said, with none it ends as a sentence does."""
    for code, texts in issue_texts().items():
        for part in ("found", "advice"):
            template = getattr(texts, part)[language]
            if "{nearest}" not in template:
                continue
            others = dict.fromkeys(re.findall(r"{(\w+)", template), "x")
            said = {
                near: getattr(Issue(code, values={**others, "nearest": near}), part)(language)
                for near in ("NEAR", "-")
            }
            assert "NEAR" in said["NEAR"]
            assert len(said["-"]) < len(said["NEAR"]) and said["-"].endswith("."), code
            assert not re.search(r": -|\((?![a-z_]+\))|-\)|is -", said["-"]), (code, said["-"])
