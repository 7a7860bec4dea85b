"""The guides say the same in three languages, and name only what there is."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import click
import pytest

from curriplan.api.results import PlanResult
from curriplan.base.errors import issue_texts
from curriplan.catalog.records import REQUIRED_TABLES, TABLES
from curriplan.cli.app import main
from curriplan.cli.console.plan import show_plan
from curriplan.cli.console.terminal import Terminal
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words, texts_of

GUIDES = ("guide", "ministry")
OTHER_WORDS = {"curriplan", "rup", "mini", "help", "catalog", "illustrative", "no", "powershell"}
OTHER_WORDS |= {"gaps", "optimize"}
"""What stands in code and is no table: names of commands, sheets and catalogs that are checked elsewhere."""
BLOCK = re.compile(r"```text\n(.*?)```", re.DOTALL)


def text_of(repository: Path, name: str, language: str) -> str:
    return (repository / "docs" / f"{name}.{language}.md").read_text(encoding="utf-8")


def readme(repository: Path, language: str) -> str:
    name = "README.md" if language == "en" else f"README.{language}.md"
    return (repository / name).read_text(encoding="utf-8")


def every_page(repository: Path) -> dict[str, str]:
    pages = {f"{name}.{code}": text_of(repository, name, code) for name in GUIDES for code in LANGUAGES}
    return pages | {f"README.{code}": readme(repository, code) for code in LANGUAGES}


def code_in(text: str) -> list[str]:
    """Return the lines of code of a page: of blocks, and within sentences."""
    blocks = re.findall(r"```(?:powershell|sh)\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in re.split(r"[\n;]|&&", block)]
    return [line.strip() for line in (*lines, *re.findall(r"`([^`\n]+)`", text)) if line.strip()]


def command_of(line: str) -> tuple[click.Command, list[str]] | None:
    """Return the command that a line calls, and the words behind it; None where it calls none."""
    words = line.split()
    if not words or not re.fullmatch(r"(?:\.venv[\\/]\S+[\\/])?curriplan", words[0]):
        return None
    command: click.Command = main
    rest = words[1:]
    while rest and isinstance(command, click.Group) and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, line
        command, rest = found, rest[1:]
    return command, rest


def test_commands_and_options_are_there(repository: Path) -> None:
    called = 0
    for page, text in every_page(repository).items():
        for line in code_in(text):
            found = command_of(line)
            if found is None:
                continue
            command, words = found
            called += 1
            options = (*command.params, *main.params)
            known = {name for one in options for name in (*one.opts, *one.secondary_opts)}
            asked = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
            assert asked <= known | {"--help"}, (page, line)
            assert not isinstance(command, click.Group) or not words or asked & {"--help"}, (page, line)
    assert called > 60


def test_options_in_sentences_are_there(repository: Path) -> None:
    commands = [main.commands[name] for name in ("optimize", "init", "check")]
    commands.append(main.commands["import"].commands["rup"])
    known = {name for command in commands for one in command.params for name in one.opts}
    for code in LANGUAGES:
        alone = [line for line in code_in(text_of(repository, "guide", code)) if line.startswith("--")]
        assert {line.split()[0] for line in alone} <= known
        assert {"--budget", "--practice-share", "--programme", "--quick", "--force"} <= {
            line.split()[0] for line in alone
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_tables_and_codes_are_there(repository: Path, language: str) -> None:
    words = Words(language)
    titles = Words(language, "columns")
    tables = {name: titles(f"tables.{name}.title") for name in TABLES}
    sheets = {words(key) for key in texts_of("report") if key.startswith(("sheet.", "nation_sheet."))}
    sheets |= {titles("help_sheet"), titles("tables.catalog.title"), *tables.values()}
    for name in GUIDES:
        text = text_of(repository, name, language)
        assert set(re.findall(r"\*\*([^*]+)\*\*", text)) <= sheets, name
        assert len(re.findall(r"\*\*([^*]+)\*\*", text)) >= 10
    guide = text_of(repository, "guide", language)
    named = set(re.findall(r"`([a-z][a-z_-]*)`", guide)) - OTHER_WORDS
    assert named <= set(TABLES) | set(issue_texts())
    rows = re.findall(r"^\| (?:`([a-z_]+)`|\*\*([^*]+)\*\*) \|", guide, re.MULTILINE)
    called = {name if language == "en" else tables[name] for name in REQUIRED_TABLES}
    assert {"".join(row) for row in rows} == called, "a template is in its language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decisions_are_the_words_of_the_review(repository: Path, language: str) -> None:
    known = {entry[language] for key, entry in texts_of("report").items() if key.startswith("review_choice.")}
    steps = re.findall(r"^[23]\. (.*)$", text_of(repository, "ministry", language), re.MULTILINE)
    named = [word for step in steps for word in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", step)]
    assert len(named) == 6
    assert set(named) <= known


def test_the_languages_say_the_same(repository: Path) -> None:
    for name in GUIDES:
        shapes = set()
        for code in LANGUAGES:
            text = text_of(repository, name, code)
            headings = re.findall(r"^#+", text, re.MULTILINE)
            called = [line for line in code_in(text) if line.startswith("curriplan ")]
            commands = [re.sub(r"plan-\w+\.xlsx|\b(kk|ru|en)\b", "-", line) for line in called]
            rows = len(re.findall(r"^\|", text, re.MULTILINE))
            shapes.add((tuple(headings), rows, tuple(sorted(commands))))
        assert len(shapes) == 1, name


def test_figures_are_those_of_the_readme(repository: Path) -> None:
    """One run gave them all."""

    def numbers(text: str) -> list[str]:
        block = BLOCK.findall(text)[0].replace("\N{NO-BREAK SPACE}", " ")
        plain = re.sub(r"(\d),(\d)", r"\1.\2", re.sub(r"(?<=\d) (?=\d{3}\b)", "", block))
        return sorted(re.findall(r"\d+(?:\.\d+)?", plain))

    expected = numbers(readme(repository, "en"))
    assert len(expected) > 100
    for code in LANGUAGES:
        assert numbers(readme(repository, code)) == expected, code
        assert numbers(text_of(repository, "guide", code)) == expected, code
    seconds = {
        re.findall(r"(?:за|в|занимает|процессордың|takes) (\d+) ?(?:с|s|секунд)", text)[0]
        for page, text in every_page(repository).items()
        if not page.startswith(("ministry", "README.en"))
    }
    assert len(seconds) == 1


def test_pages_lead_to_each_other(repository: Path) -> None:
    for name in GUIDES:
        for code in LANGUAGES:
            text = text_of(repository, name, code)
            others = {f"({name}.{other}.md)" for other in LANGUAGES if other != code}
            assert all(link in text for link in others)
    english = readme(repository, "en")
    assert "(README.kk.md)" in english
    assert "(README.ru.md)" in english
    assert "(docs/guide.en.md)" in english


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_results_are_those_of_a_real_run(
    language: str,
    repository: Path,
    bundled_result: PlanResult,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Letter by letter, but for another HiGHS than the one named, which may find another plan as good."""
    version = re.findall(r"HiGHS (\d+\.\d+\.\d+)", readme(repository, "en"))[0]
    if metadata.version("highspy") != version:
        pytest.skip(f"the pages show the plan of HiGHS {version}")
    monkeypatch.setenv("COLUMNS", "80")
    show_plan(Terminal(language), bundled_result, ["plan.xlsx"])
    said = capsys.readouterr().out.rpartition("\n\n")[0].replace("\N{NO-BREAK SPACE}", " ")
    for text in (readme(repository, language), text_of(repository, "guide", language)):
        block = BLOCK.findall(text)[0].replace("\N{NO-BREAK SPACE}", " ")
        assert block.strip() == said.strip()


def test_the_readmes_of_planners_say_the_same(repository: Path) -> None:
    """None of the commands of the English one is missing, and sheets go by their names."""
    shapes = set()
    english = {line.split()[1] for line in code_in(readme(repository, "en")) if line.startswith("curriplan ")}
    for code in ("kk", "ru"):
        text = readme(repository, code)
        called = [line for line in code_in(text) if line.startswith("curriplan ")]
        assert {line.split()[1] for line in called} >= english - {"--help"}, code
        shapes.add(
            (
                len(re.findall(r"^## ", text, re.MULTILINE)),
                tuple(re.sub(r"\b(kk|ru)\b", "", one) for one in called),
            )
        )
        titles = {Words(code, "columns")(f"tables.{name}.title") for name in (*TABLES, "catalog")}
        sheets = titles | {
            entry[code] for key, entry in texts_of("report").items() if key.startswith("sheet.")
        }
        steps = re.findall(r"^\d\. .*$", text, re.MULTILINE)
        words = re.findall("«([^»]+)»", " ".join(step for step in steps if step[0] in "38"))
        assert len(words) == 5
        assert len([word for word in words if word in sheets]) == 3, words
        assert set(re.findall(r"\((docs/[\w-]+\.png)\)", text)) == {
            f"docs/summary-{code}.png", f"docs/curriculum-{code}.png",
        }  # fmt: skip
    assert len(shapes) == 1
