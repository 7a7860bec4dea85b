"""The command line: options in, pipeline, exit code out. No command decides anything itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from curriplan.base.errors import CurriplanError, ExitCode, Issue
from curriplan.base.version import __version__
from curriplan.cli.commands import analyses, catalogs, import_rup, planning
from curriplan.cli.console.terminal import Terminal, prepare_streams
from curriplan.cli.options import LANGUAGE_KEY
from curriplan.cli.usage import SaidUsageError, language_asked_for, with_near_options


class Commands(click.Group):
    """The commands; turns errors that a user can mend into one clear message and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command on a console of any encoding."""
        prepare_streams()
        return super().main(*args, **kwargs)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Begin to read a command line, in the language that it asks for anywhere."""
        language = language_asked_for(args)
        try:
            ctx = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _said(error, language) from error
        except KeyboardInterrupt:  # click says "Aborted!" in English, and ends as a bug does
            Terminal(language).error([Issue("stopped")])
            raise click.exceptions.Exit(ExitCode.NO_PLAN) from None
        ctx.meta[LANGUAGE_KEY] = language
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a bug keeps its traceback."""
        language = ctx.meta[LANGUAGE_KEY]
        try:
            with _whatever_follows_ctrl_c():
                return super().invoke(ctx)
        except click.UsageError as error:
            raise _said(error, language) from error
        except CurriplanError as error:
            _terminal(ctx).error(error.issues)
            if error.diagnosis is not None:
                _terminal(ctx).diagnosis(error.diagnosis)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            _terminal(ctx).error([Issue("stopped")])
            ctx.exit(ExitCode.NO_PLAN)
        except MemoryError:
            pass  # only when this block ends is there memory to speak
        _terminal(ctx).error([Issue("out-of-memory")])
        return ctx.exit(ExitCode.FILE)


def _said(error: click.UsageError, language: str | None) -> click.UsageError:
    """Return a usage error in a language; English, and help in place of an error, as click has them."""
    error = with_near_options(error)
    is_help = isinstance(error, click.exceptions.NoArgsIsHelpError)
    return error if is_help or language in (None, "en") else SaidUsageError(error, language)


@contextmanager
def _whatever_follows_ctrl_c() -> Iterator[None]:
    """Take an error that follows from Ctrl-C for Ctrl-C itself.

    PuLP swallows it while it imports the solver, and then complains that it has none; NumPy does not
    bear to be imported a second time.
    """
    pressed = []

    def press(number: int, frame: Any) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, press)
    try:
        yield
    except (CurriplanError, click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except Exception as error:
        if pressed:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _terminal(ctx: click.Context) -> Terminal:
    language: Terminal | str | None = ctx.meta.get(LANGUAGE_KEY)
    return language if isinstance(language, Terminal) else Terminal(language)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="curriplan", message="%(prog)s %(version)s")
def main() -> None:
    """Plan vocational curricula: which practical modules, in which term.

    CATALOG is a folder of CSV tables, a workbook of the same tables, or the name of a bundled catalog;
    left out, it is the bundled, illustrative one (kz-digital-college).

    Exit codes: 0 done, 1 a bug, 2 wrong usage, 3 something wrong in or about a
    file, 4 no plan can satisfy the rules, 5 stopped before any plan was found,
    6 verify found a broken rule, a wrong value or a better plan, 7 the solver failed.
    """


for _module in (analyses, catalogs, import_rup, planning):
    for _command in _module.COMMANDS:
        main.add_command(_command)
