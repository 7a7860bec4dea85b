"""Wrong usage that click finds, said in the language of the session.

click speaks English, and it refuses an unknown option before it reads ``--lang``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import IO, Any

import click

from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase

LANGUAGE_KEY = "curriplan.language"
"""Where a session keeps its language, and from when a command has one its terminal."""
EXTRA_ARGUMENTS = re.compile(r"extra arguments? \((.*)\)", re.DOTALL)

NEVER_SUGGESTED = ("--force",)
"""What overwrites a file is asked for by whoever knows it, not by whoever follows a hint."""


def language_asked_for(arguments: Sequence[str]) -> str | None:
    """Return the language of ``--lang`` or ``CURRIPLAN_LANG``, None where neither names one."""
    given = [after for word, after in pairwise(arguments) if word == "--lang"]
    given += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    given.append(os.environ.get("CURRIPLAN_LANG", ""))
    return next((word.lower() for word in given if word.lower() in LANGUAGES), None)


def with_near_options(error: click.UsageError) -> click.UsageError:
    """Return an unknown option with those only that are near and harmless.

    click compares the dashes, too, so that any two short options are alike to it.
    """
    if not isinstance(error, click.NoSuchOption) or not error.possibilities:
        return error
    from difflib import get_close_matches

    names = {option.lstrip("-"): option for option in error.possibilities if option not in NEVER_SUGGESTED}
    near = [names[name] for name in get_close_matches(error.option_name.lstrip("-"), names)]
    return click.NoSuchOption(error.option_name, error.message, near, error.ctx)


class UsageFault(click.UsageError):
    """Wrong usage that click does not find, or says of the wrong word.

    Parameters
    ----------
    key : str
        The phrase that says what is wrong.
    ctx : click.Context
        The command.
    values
        What fills its placeholders.
    """

    def __init__(self, key: str, ctx: click.Context, /, **values: object) -> None:
        self.reason = Phrase(key, values)
        super().__init__(self.reason.said("en"), ctx)


def check_values(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Refuse an option whose value is missing, so that click takes the next option for it.

    Raises
    ------
    UsageFault
        With both options.
    """
    options = [one for one in ctx.command.get_params(ctx) if isinstance(one, click.Option)]
    names = {name for one in options for name in (*one.opts, *one.secondary_opts)}
    # The value of some may be left out (click keeps that to itself): another option ends them.
    needing = [one for one in options if not (one.is_flag or one.count or one._flag_needs_value)]
    takers = {name for one in needing for name in one.opts}
    before = ""
    for word in takewhile(lambda one: one != "--", arguments):
        if before in takers and word.partition("=")[0] in names:
            raise UsageFault("usage.option_for_value", ctx, option=before, next=word.partition("=")[0])
        before = "" if before in takers else word


class SaidUsageError(click.UsageError):
    """A usage error in another language than English; exit code and usage line are click's.

    Parameters
    ----------
    error : click.UsageError
        What click found.
    language : str
        kk, ru or en.
    """

    def __init__(self, error: click.UsageError, language: str) -> None:
        super().__init__(error.message, error.ctx)
        self.reason = usage_reason(error)
        self.language = language

    def format_message(self) -> str:
        """Return what is wrong."""
        return self.reason.said(self.language)

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the usage of the command, where help is, and what is wrong."""
        if self.ctx is not None:
            usage = self.ctx.make_formatter()
            pieces = " ".join(self.ctx.command.collect_usage_pieces(self.ctx))
            usage.write_usage(self.ctx.command_path, pieces, self._said("usage.usage") + ": ")
            help_line = self._said("usage.help", command=self.ctx.command_path)
            click.echo(f"{usage.getvalue()}{help_line}\n", file=file, err=True)
        click.echo(self._said("usage.error", reason=self.reason), file=file, err=True)

    def _said(self, key: str, **values: object) -> str:
        return Phrase(key, values).said(self.language)


def usage_reason(error: click.UsageError) -> Phrase:
    """Return what is wrong with a command line, taken from the type of the error."""
    if isinstance(error, UsageFault):
        return error.reason
    extra = EXTRA_ARGUMENTS.search(error.message)
    command = getattr(error, "command_name", None)  # of NoSuchCommand, which click has from 8.4 on
    what: str = "other"
    values: dict[str, str] = {}
    match error:
        case click.NoSuchOption():
            what, values = _unknown("option", error.option_name, error.possibilities)
        case _ if command is not None:
            what, values = _unknown("command", command, getattr(error, "possibilities", None))
        case click.BadOptionUsage():
            what = "needs_value" if "requires" in error.message else "takes_no_value"
            values = {"option": error.option_name}
        case click.MissingParameter():
            what = "missing_option" if isinstance(error.param, click.Option) else "missing_argument"
            values = {"name": _name(error)}
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices))):
            what, values = "not_a_choice", {"name": _name(error), "known": ", ".join(choices)}
        case click.BadParameter():
            what, values = "bad_value", {"name": _name(error)}
        case _ if extra is not None:
            what, values = "extra", {"value": extra[1]}
    return Phrase(f"usage.{what}", values)


def _unknown(what: str, name: str, possibilities: Sequence[str] | None) -> tuple[str, dict[str, str]]:
    if not possibilities:
        return f"no_such_{what}", {"name": name}
    return f"no_such_{what}_but", {"name": name, "known": ", ".join(sorted(possibilities))}


def _name(error: click.BadParameter) -> str:
    """Return an option as it is typed, an argument as the usage line names it."""
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.make_metavar(error.ctx) if error.param is not None and error.ctx else "?"
