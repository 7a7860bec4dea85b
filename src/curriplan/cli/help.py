"""Help in the language of the session: English stands in the code, ``texts/help.toml`` has all three.

A text is found by its English words, as translators are used to; a test holds that each has its entry.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from shutil import get_terminal_size
from typing import Any

import click

from curriplan.cli.usage import LANGUAGE_KEY, check_values
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import read_texts

FIRST_SENTENCE = re.compile(r"(.+?[.!])(?=\s|$)", re.DOTALL)


def help_width() -> int:
    """Return how many columns the help fills: those of the terminal, from 30 to 80, less two.

    click itself never goes below 50, and some consoles break a line that fills theirs.
    """
    return max(30, min(80, get_terminal_size((80, 24)).columns)) - 2


def language_of(ctx: click.Context) -> str:
    """Return the language in which a command line asks for help: English unless it names another."""
    known = ctx.meta.get(LANGUAGE_KEY)
    return known if isinstance(known, str) else "en"


def said(text: str, language: str) -> str:
    """Return a text of the help in a language; one that has no entry stays English.

    The first sentence of a longer text is found as well, in front of it.
    """
    if language == "en":
        return text
    words = _key(text)
    entry = _entries().get(words)
    if entry is not None:
        return entry[language]
    longer = next((one for key, one in _entries().items() if key.startswith(f"{words} ")), None)
    first = FIRST_SENTENCE.match(longer[language]) if longer else None
    return first[1] if first else text


def _key(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


@cache
def _entries() -> Mapping[str, Mapping[str, str]]:
    """Return all texts of the help by their English words."""
    entries: list[Mapping[str, str]] = read_texts("help")["text"]
    return {_key(entry["en"]): entry for entry in entries}


def _with_marks_said(text: str, language: str) -> str:
    """Return a text with what stands in square brackets at its end, such as a default, in a language."""
    head, mark, tail = text.rpartition("[")
    inner, end, rest = tail.partition("]")
    if language == "en" or not (mark and end) or rest:
        return text
    word, colon, value = inner.partition(": ")
    whole = said(inner, language)
    return f"{head}[{said(word, language) + colon + value if whole == inner else whole}]"


class FilledOption(click.Option):
    """An option whose help has places for values, such as the kinds of files that it writes."""

    def __init__(self, *args: Any, values: Mapping[str, object], **kwargs: Any) -> None:
        self.template: str = kwargs["help"]
        self.values = values
        super().__init__(*args, **{**kwargs, "help": self.template.format_map(values)})

    def said(self, language: str) -> str:
        """Return its help in a language."""
        values = {name: _with_marks_said(str(one), language) for name, one in self.values.items()}
        return said(self.template, language).format_map(values)


def said_option(option: click.Option, language: str) -> click.Option:
    """Return an option with its help in a language."""
    found = copy.copy(option)
    if isinstance(option, FilledOption):
        found.help = option.said(language)
    else:
        found.help = said(option.help or "", language)
    return found


class SaidCommand(click.Command):
    """A command whose help is in the language that its command line asks for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the arguments apart; an option is never the value of another."""
        check_values(ctx, args)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, f"{said('Usage:', language_of(ctx))} ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it does."""
        english = self.help
        self.help = said(english or "", language_of(ctx))
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = english

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its options."""
        language = language_of(ctx)
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        records = [said_option(option, language).get_help_record(ctx) for option in options]
        shown = [(names, _with_marks_said(text, language)) for names, text in filter(None, records)]
        with formatter.section(said("Options", language)):
            formatter.write_dl(shown)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class SaidGroup(SaidCommand, click.Group):
    """A group of commands, the same way."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List its commands, each with the first sentence of its help."""
        language = language_of(ctx)
        with formatter.section(said("Commands", language)):
            formatter.write_dl([(name, said(text, language)) for name, text in self.sentences(ctx).items()])

    def sentences(self, ctx: click.Context) -> Mapping[str, str]:
        """Return the commands by name, each with its first sentence in English."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        texts = {name: _key(command.help or "") for name, command in commands.items() if command is not None}
        return {
            name: match[1] if (match := FIRST_SENTENCE.match(text)) else text for name, text in texts.items()
        }


def _remember_language(ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Take the language that stands before the command where none stands behind it."""
    asked = value or (ctx.parent.params.get("lang") if ctx.parent else None)
    ctx.meta[LANGUAGE_KEY] = asked or ctx.meta.get(LANGUAGE_KEY)
    return asked


LANGUAGE = click.option(
    "--lang",
    type=click.Choice(LANGUAGES, case_sensitive=False),
    envvar="CURRIPLAN_LANG",
    is_eager=True,
    callback=_remember_language,
    help="Language of the output [env: CURRIPLAN_LANG; default: the catalog's].",
)
