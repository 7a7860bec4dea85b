"""cli.py and console: numbers, texts, and what a hostile catalog could do to a terminal."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from string import Formatter
from typing import Any

import click
import pytest
from click.testing import CliRunner

from curriplan.base.errors import UsageError
from curriplan.base.progress import Progress
from curriplan.catalog.records import Catalog, CatalogInfo
from curriplan.cli import commands
from curriplan.cli.app import main
from curriplan.cli.console.terminal import Terminal, printable
from curriplan.cli.options import Number, Semester, objective_choices
from curriplan.plan.plan import Stage
from curriplan.problem.objectives import OBJECTIVE_NAMES, ObjectiveChoice
from curriplan.report.labels import Labels
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words, texts_of


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0.0), ("0.5", 0.5), ("1", 1.0), (" .25 ", 0.25), ("1e-3", 0.001)]
)
def test_numbers_within_bounds(text: str, value: float) -> None:
    assert Number(0, 1).convert(text, None, None) == value


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "-0.1", "1.1", "1 000"])
def test_numbers_out_of_bounds(text: str) -> None:
    with pytest.raises(UsageError):
        Number(0, 1).convert(text, None, None)


def test_whole_numbers() -> None:
    money = Number(0, 10**15, whole=True)
    assert money.convert("50000000", None, None) == 50_000_000
    for text in ("1.5", "1e6", "-1", str(10**15 + 1)):
        with pytest.raises(UsageError):
            money.convert(text, None, None)


def test_a_bound_that_is_refused_itself() -> None:
    with pytest.raises(UsageError):
        Number(0, 10, above=True).convert("0", None, None)


def test_semesters() -> None:
    assert Semester().convert("2026-2", None, None) == "2026-2"
    for text in ("", "2026", "2026-3", "2026-1\n", "*-1", "26-1"):
        with pytest.raises(UsageError):
            Semester().convert(text, None, None)


OBJECTIVE: Any = next(one for one in main.commands["optimize"].params if one.name == "objectives")
CONTEXT: Any = None


def test_objectives_with_and_without_a_tolerance() -> None:
    assert objective_choices(CONTEXT, OBJECTIVE, None) is None
    assert objective_choices(CONTEXT, OBJECTIVE, "closure, cost:50000 ,peak:0.5,fairness") == (
        ObjectiveChoice("closure", 0.005),  # its usual tolerance
        ObjectiveChoice("cost", 50_000.0),
        ObjectiveChoice("peak", 0.5),
        ObjectiveChoice("fairness", 0.0),
    )
    assert objective_choices(CONTEXT, OBJECTIVE, "closure:0") == (ObjectiveChoice("closure", 0.0),)


@pytest.mark.parametrize(
    "text", ["closure:", "closure:x", "closure:-1", "closure:nan", "closure:inf", "a:1", ":1"]
)
def test_objectives_that_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        objective_choices(CONTEXT, OBJECTIVE, text)


def test_the_help_names_every_objective() -> None:
    assert all(name in OBJECTIVE.help for name in OBJECTIVE_NAMES)


def test_numbers_in_words_of_the_language() -> None:
    assert Terminal("en").number(1234567.891, 1) == "1\xa0234\xa0567.9"
    assert Terminal("ru").number(1234567.891, 1) == "1\xa0234\xa0567,9"
    assert Terminal("kk").percent(0.12345) == "12,3"
    assert Terminal("en").percent(None) == "-"
    assert Terminal("en").number(-0.0001, 1) == "0.0"


def test_counts_of_one_need_no_plural() -> None:
    terminal = Terminal("en")
    assert terminal.text("message.counts", catalog="c", errors=1, warnings=1) == "c: errors: 1, warnings: 1."
    assert terminal.text("message.more_warnings", count=1).startswith("More warnings: 1;")


def test_the_language_is_the_chosen_one_then_the_catalogs() -> None:
    terminal = Terminal(None)
    assert terminal.language == "en"
    terminal.fallback = "kk"
    assert terminal.language == "kk"
    terminal.chosen = "ru"
    assert terminal.language == "ru"


def test_a_catalog_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b]0;title\x07b\rc\nd") == "a\ufffd]0;title\ufffdb\ufffdc\nd"
    assert printable("Ғылым → 5 %") == "Ғылым → 5 %"


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_text_is_there_in_three_languages_with_the_same_fields() -> None:
    for key, entry in texts_of("cli").items():
        assert set(entry) == {"kk", "ru", "en"}, key
        assert all(entry.values()), key
        assert fields(entry["kk"]) == fields(entry["ru"]) == fields(entry["en"]), key


def test_every_objective_has_a_text() -> None:
    known = [key for key in texts_of("rules") if key.startswith("objective.")]
    assert sorted(known) == sorted(f"objective.{name}" for name in OBJECTIVE_NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_objective_has_one_name_on_the_terminal_and_in_the_workbook(language: str) -> None:
    """The workbook had «новые средства (тенге)», the terminal «затраты, тенге»."""
    for subject in ("cli", "report"):
        assert not [key for key in texts_of(subject) if key.startswith("objective.")]
    stage = Stage("cost", 1_200_000.0, None, None)
    labels = Labels(Catalog(CatalogInfo(id="x")), Words(language))
    assert labels.stage(stage) == objective_title("cost", language)
    told = Terminal(language)._stage_text(Progress(1, 1, "cost", 0.0), "stage")
    assert objective_title("cost", language) in told


def test_every_command_can_be_given() -> None:
    """A command that `HOMES` does not name would be one that nobody can call."""
    homes = [import_module(f"{commands.__name__}.{one.name}") for one in iter_modules(commands.__path__)]
    written = {one for home in homes for one in vars(home).values() if isinstance(one, click.Command)}
    groups = [one for one in (main, *main.commands.values()) if isinstance(one, click.Group)]
    assert written == {one for group in groups for one in group.commands.values()}


def test_the_help_of_all_says_what_each_command_says_first() -> None:
    """`curriplan --help` imports no command, so that its list stands by itself."""
    for name, home in commands.HOMES.items():
        help_text = main.commands[name].help
        assert help_text is not None
        assert " ".join(help_text.split("\n\n")[0].split()).startswith(home.sentence), name
        assert home.sentence.endswith("."), name


@pytest.mark.parametrize(("typed", "read"), [("0,5", 0.5), ("50%", 0.5), ("50 %", 0.5), ("0.5", 0.5)])
def test_a_share_is_typed_as_in_a_cell(typed: str, read: float) -> None:
    assert Number(0, 1).convert(typed, None, None) == read


@pytest.mark.parametrize("typed", ["60", "1,5", "150%", "0.5.", "half", "nan", ""])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        Number(0, 1).convert(typed, None, None)


def test_money_may_be_grouped() -> None:
    assert Number(0, 1e15, whole=True).convert("1 500 000", None, None) == 1_500_000


def _commands(group: click.Group, *words: str) -> list[tuple[tuple[str, ...], click.Command]]:
    ctx = click.Context(group)
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            found += _commands(command, *words, name)
        elif command is not None:
            found.append(((*words, name), command))
    return found


@pytest.mark.parametrize(("words", "command"), _commands(main), ids=str)
def test_no_option_is_taken_for_the_value_of_another(words: tuple[str, ...], command: click.Command) -> None:
    """``graph --plan -o map.html`` looked for a plan called -o, and for a catalog called map.html."""
    valued = [
        one
        for one in command.params
        if isinstance(one, click.Option) and not (one.is_flag or one.count or one.opts == ["--lang"])
    ]
    takers = [one.opts[-1] for one in valued if not one._flag_needs_value]
    for one in valued:
        if one._flag_needs_value:  # ``--with-frontier -o plan.xlsx``: its value may be left out
            unknown = CliRunner().invoke(main, [*words, one.opts[-1], "--lang", "en", "--nosuch"])
            assert "No such option" in unknown.stderr and "--nosuch" in unknown.stderr
    for option in takers:
        for language, said in (("ru", "на его месте стоит параметр"), ("en", "stands in its place")):
            refused = CliRunner().invoke(main, [*words, option, "--lang", language])
            assert refused.exit_code == 2
            assert said in refused.stderr and option in refused.stderr, refused.stderr
    with_end = CliRunner().invoke(main, [*words, "--lang", "en", "--", "-o", "-o"])
    assert "stands in its place" not in with_end.output
