"""No English stands in a Russian or Kazakh session."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest
from click.testing import CliRunner

import curriplan
from curriplan.base.refusals import TOML_FAULTS, system_reason
from curriplan.cli.app import main
from curriplan.cli.console.terminal import Terminal
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import texts_of
from error_pages.catalogs import catalog_cases
from error_pages.commands import COMMANDS
from error_pages.curricula import curriculum_cases
from error_pages.example import Example, Seen, Stage
from error_pages.foreign import foreign_words, typed, without_cells
from error_pages.test_error_pages import EXAMPLES

OTHERS = tuple(language for language in LANGUAGES if language != "en")
SOURCE = Path(curriplan.__file__).parent


def test_english_is_found() -> None:
    """The tests below fail for the messages that once came from elsewhere."""
    for said in (
        "Не удалось открыть: Permission denied.",
        "Файл построен неправильно: $: 'status' is a required property.",
        "План не прочитан: Expecting property name enclosed in double quotes: line 1 column 2 (char 1).",
        "catalog.toml не прочитан: Expected '=' after a key in a key/value pair (at line 3, column 4).",
        "Решатель завершился сбоем: Solve error.",
        "Выбрано вручную: previous = 4 earlier modules",
        "No such option: --foo",
    ):
        assert foreign_words(said, ()), said


def _english(seen: Seen, arguments: str, said: str, stage: Stage) -> dict[str, str]:
    """Return the English in what was said, the values aside that were typed or stand in files."""
    quoted = re.findall(r"`+([^`]*)`+", seen.shown)
    known = typed([arguments, *quoted], stage.folder) | typed((), stage.made)
    return foreign_words(without_cells(said, stage.folder), known)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("code", sorted(code for code, one in EXAMPLES.items() if one.arguments is not None))
def test_commands_fail_in_the_language_of_the_session(code: str, language: str, stage: Stage) -> None:
    """Whatever the command of an example writes, whole."""
    example = EXAMPLES[code]
    stage.language = language
    seen = example.run(stage)
    assert seen.output
    assert _english(seen, example.arguments or "", seen.output, stage) == {}


CASES = (
    *(example for example in COMMANDS if example.arguments is None),
    *catalog_cases(),
    *curriculum_cases(),
)


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}: {one.caption}")
def test_issues_are_said_in_the_language_of_the_session(example: Example, stage: Stage) -> None:
    """Every broken catalog and curriculum of the tests."""
    seen = example.run(stage)
    for language in OTHERS:
        said = "\n".join(issue.line(language) for issue in seen.issues)
        assert said
        assert _english(seen, "", said, stage) == {}


SUCCEEDING = (
    "check mini",
    "check kz-digital-college",
    "gaps mini",
    "gaps mini --from analyst-assistant --to security-assistant",
    "optimize mini --force -o again.json --stability 1",
    "verify plan.json",
    "explain plan.json",
    "explain plan.json --module SEC1",
    "compare plan.json plan.json",
    "frontier mini --points 3",
    "graph mini -o graph.svg",
    "init college",
    "init empty.xlsx --empty",
    "convert mini mini.xlsx",
)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("arguments", SUCCEEDING)
def test_results_are_said_in_the_language_of_the_session(arguments: str, language: str, stage: Stage) -> None:
    stage.take("plan.json")
    known = typed(arguments.split(), stage.folder)
    result = CliRunner().invoke(main, [*arguments.split(), "--lang", language])
    assert result.exit_code == 0, result.output
    assert foreign_words(result.output, known) == {}


def _misused(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield command lines that click itself refuses, for each command and option."""
    if isinstance(command, click.Group):
        yield (*words, "nosuch")
        for name, inner in command.commands.items():
            yield from _misused(inner, (*words, name))
        return
    yield (*words, "--nosuch", "--lang")
    if not any(one.nargs == -1 for one in command.params):  # else as many files as one likes
        yield (*words, *"ABCDEFGH")
    if any(one.required for one in command.params):
        yield words
    for one in command.params:
        name = max(one.opts, key=len)
        if isinstance(one, click.Option) and one.is_flag:
            yield (*words, f"{name}=1")
        elif isinstance(one, click.Option) and one._flag_needs_value:  # its value may be left out
            yield (*words, f"{name}=nosuch")
        elif isinstance(one, click.Option) and not one.count and name != "--lang":
            yield (*words, name)
        if isinstance(one.type, click.Choice) and name != "--lang":
            yield (*words, name, "nosuch")


@pytest.mark.parametrize("language", OTHERS)
def test_wrong_usage_is_said_in_the_language_of_the_session(language: str) -> None:
    """In place of click's own sentences, with its exit code."""
    misused = sorted(set(_misused(main)))
    assert len(misused) > 60
    for words in misused:
        arguments = list(words[:-1]) if words[-1:] == ("--lang",) else list(words)
        result = CliRunner().invoke(main, arguments, prog_name="curriplan", env={"CURRIPLAN_LANG": language})
        assert result.exit_code == 2, words
        assert foreign_words(result.output, {"nosuch"}) == {}, words


def test_english_usage_errors_are_clicks_own() -> None:
    result = CliRunner().invoke(main, ["check", "--nosuch"])
    assert result.exit_code == 2
    assert "Error: No such option '--nosuch'" in result.output.replace(": --nosuch", " '--nosuch'")


def test_the_language_of_a_catalog_is_spoken_before_its_errors(stage: Stage) -> None:
    """The bundled catalog is in Russian; without --lang, errors were told in English."""
    result = CliRunner().invoke(main, ["graph", "kz-digital-college", "-o", "g.svg", "--around", "nobody"])
    assert result.exit_code == 2
    assert "Ошибка: unknown-node: В графе нет узла «nobody»" in result.stderr


def test_before_the_language_is_known_progress_has_no_words() -> None:
    from curriplan.base.progress import Progress

    terminal = Terminal()
    at = Progress(2, 5, "closure", 3.0, float("nan"))
    assert terminal.work("step.reading") == ""
    assert terminal._stage_text(at, "stage") == "2/5"
    terminal.hear("ru")
    assert terminal.work("step.reading") == "Чтение каталога"
    assert terminal._stage_text(at, "stage") == "Цель 2 из 5: закрытие дефицита, отклонение ?, 3 s"


def test_reasons_have_one_set_of_placeholders() -> None:
    for key, entry in texts_of("reasons").items():
        assert set(entry) == set(LANGUAGES), key
        names = {
            language: {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            for language, text in entry.items()
        }
        assert names["kk"] == names["ru"] == names["en"], key


def test_each_reason_is_there_and_none_is_unused() -> None:
    """A key stands whole in the code, or its end does beside the beginning that builds it."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    keys = set(texts_of("reasons"))
    written = set(re.findall(r'(?:Phrase|RefusedError|_said)\(\s*"([a-z_]+\.\w+)"', code))
    assert written <= keys, written - keys
    known = {*errno.errorcode.values(), "array", "boolean", "integer", "null", "number", "object", "string"}
    for key in keys:
        section, _, name = key.partition(".")
        built = f'f"{section}.{{' in code and (f'"{name}"' in code or name in known)
        start, _, end = name.partition("_")  # of `network.lacking_hours` too
        built |= f'f"{section}.{start}_{{' in code and f'"{end}"' in code
        assert f'"{key}"' in code or built or _is_unknown(key, code), key


def _is_unknown(key: str, code: str) -> bool:
    """Say whether a key is of the errors of usage that are built of two parts."""
    part = re.fullmatch(r"usage\.no_such_(option|command)(_but)?", key)
    return part is not None and f'_unknown("{part[1]}"' in code


def test_reasons_of_the_system_are_in_three_languages() -> None:
    """English as Linux says them; what is unknown has its code."""
    assert str(system_reason(errno.EACCES)) == os.strerror(errno.EACCES)
    assert system_reason(errno.EISDIR).said("ru") == "это папка, а не файл"
    assert system_reason(errno.ENOTTY).said("ru") == "ошибка операционной системы (код ENOTTY)"
    assert {f"toml.{key}" for _, key in TOML_FAULTS} < set(texts_of("reasons"))
