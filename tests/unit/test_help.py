"""`--help` speaks three languages: each text of the code has its entry, and none is left over."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from curriplan.cli.app import main
from curriplan.cli.help import FilledOption, said
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import read_texts

ENTRIES = read_texts("help")["text"]
PLACES = re.compile(r"\{\w+\}|--[a-z-]+|\b[A-Z]{2,}\b|\b\d+\b|\.\w{3,}")
"""What a translation must keep: places to fill, options, arguments, numbers, endings."""
SAME = {"Usage:", "Options", "Commands", "default", "required"}


def of_click(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text of the help of a command and of what is in it."""
    context = click.Context(command, info_name=name, help_option_names=["-h", "--help"])
    yield name, inspect.cleandoc(command.help or "")
    for option in command.get_params(context):
        if isinstance(option, click.Option):
            text = option.template if isinstance(option, FilledOption) else option.help
            yield f"{name} {option.opts[-1]}", text or ""
            if isinstance(option, FilledOption):
                yield from _marks(name, option)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from of_click(found, f"{name} {inner}")


def _marks(name: str, option: FilledOption) -> Iterator[tuple[str, str]]:
    """Yield what stands in brackets in the values that fill a text."""
    for value in option.values.values():
        yield from ((f"{name} {option.opts[-1]}", mark) for mark in re.findall(r"\[(.*?)\]", str(value)))


TEXTS = list(of_click(main, "curriplan"))


def on_a_line(text: str) -> str:
    return " ".join(text.split())


def test_each_text_has_an_entry_and_no_entry_is_left_over() -> None:
    entries = [on_a_line(entry["en"]) for entry in ENTRIES]
    assert len(entries) == len(set(entries))
    lacking = {place: text for place, text in TEXTS if on_a_line(text) not in entries}
    assert lacking == {}, "write them in src/curriplan/texts/help.toml"
    assert set(entries) - {on_a_line(text) for _, text in TEXTS} == SAME


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["en"][:40])
def test_a_translation_keeps_what_is_typed(entry: dict[str, str]) -> None:
    assert set(entry) == set(LANGUAGES)
    kept = set(PLACES.findall(entry["en"])) - {"CSV", "TOML", "RUP", "ISCO", "ISO", "URI", "DIR"}
    for language in ("kk", "ru"):
        assert entry[language] != entry["en"]
        lost = {word for word in kept if word.replace("0.4", "0,4") not in entry[language]}
        assert {word for word in lost if not (word == "NET" or word.isdigit())} == set(), language
        assert entry[language].count("\n\n") == entry["en"].count("\n\n")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_help_is_in_the_language_asked_for(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURRIPLAN_LANG", raising=False)
    words = {
        "kk": ("Қолданылуы: ", "Параметрлер", "әдепкі мән"),
        "ru": ("Использование: ", "Параметры", "по умолчанию"),
    }
    asked = (
        (["--lang", language, "optimize", "--help"], {}),
        (["optimize", "--lang", language, "--help"], {}),
        (["optimize", "--help", f"--lang={language}"], {}),
        (["optimize", "--help"], {"CURRIPLAN_LANG": language}),
    )
    shown = [CliRunner().invoke(main, words, env=env, prog_name="curriplan").stdout for words, env in asked]
    assert len(set(shown)) == 1
    for word in words[language]:
        assert word in shown[0]
    for english in ("Usage", "Options", "default", "repeatable"):
        assert english not in shown[0]
    assert max(map(len, shown[0].splitlines())) <= 80


def test_the_language_before_the_command_is_that_of_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURRIPLAN_LANG", raising=False)
    before = CliRunner().invoke(main, ["--lang", "kk", "gaps", "mini"])
    behind = CliRunner().invoke(main, ["gaps", "mini", "--lang", "kk"])
    both = CliRunner().invoke(main, ["--lang", "ru", "gaps", "mini", "--lang", "kk"])
    assert before.stdout == behind.stdout == both.stdout
    assert "Құзырет" in before.stdout
    wrong = CliRunner().invoke(main, ["--lang", "ru", "gaps", "mini", "--nothing"])
    assert wrong.exit_code == 2
    assert "Использование" in wrong.stderr


def test_a_list_of_commands_is_in_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CURRIPLAN_LANG", raising=False)
    for command in ([], ["import"]):
        english = CliRunner().invoke(main, [*command, "--help"], prog_name="curriplan").stdout
        shown = CliRunner().invoke(main, [*command, "--help", "--lang", "ru"], prog_name="curriplan").stdout
        latin = [
            line
            for line in shown.splitlines()
            if line.startswith("  ") and line in english and "kz-" not in line
        ]
        assert [line for line in latin if line.strip() and not line.strip().startswith("-")] == []
    assert said("no such text", "kk") == "no such text"
