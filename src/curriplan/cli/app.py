"""The command line: options in, pipeline, exit code out. No command decides anything itself.

``--help`` and ``--version`` end before any command is imported; so does a mistyped name.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from curriplan.base.version import __version__
from curriplan.cli.commands import HOMES, CommandsOnDemand
from curriplan.cli.console.streams import prepare_streams
from curriplan.cli.help import LANGUAGE, SaidGroup, help_width
from curriplan.cli.usage import LANGUAGE_KEY, SaidUsageError, language_asked_for, with_near_options

if TYPE_CHECKING:
    from curriplan.cli.console.terminal import Terminal


class Commands(SaidGroup):
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
        extra.setdefault("terminal_width", help_width())
        try:
            ctx = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _said(error, language) from error
        except KeyboardInterrupt:  # click says "Aborted!" in English, and ends as a bug does
            raise click.exceptions.Exit(_tell(_terminal(language), "stopped")) from None
        return ctx

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command; help is in the language that is asked for anywhere."""
        ctx.meta[LANGUAGE_KEY] = language_asked_for(args)
        return super().parse_args(ctx, args)

    def sentences(self, _ctx: click.Context) -> Mapping[str, str]:
        """Return what the help says of each command, without importing it."""
        return {name: home.sentence for name, home in sorted(HOMES.items())}

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a bug keeps its traceback."""
        language = ctx.meta[LANGUAGE_KEY]
        try:
            from curriplan.base.errors import CurriplanError

            with _whatever_follows_ctrl_c():
                return super().invoke(ctx)
        except KeyboardInterrupt as error:
            ctx.exit(_stopped(_terminal_of(ctx), error))
        except click.UsageError as error:
            raise _said(error, language) from error
        except CurriplanError as error:
            terminal = _terminal_of(ctx)
            terminal.error(error.issues)
            terminal.diagnosis(error.diagnosis)
            ctx.exit(error.exit_code)
        except MemoryError:
            pass  # only when this block ends is there memory to speak
        return ctx.exit(_tell(_terminal_of(ctx), "out-of-memory"))


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
    except (click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except Exception as error:
        from curriplan.base.errors import CurriplanError

        if pressed and not isinstance(error, CurriplanError):
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _terminal_of(ctx: click.Context) -> Terminal:
    """Return the terminal of the command, a new one where it has none yet."""
    known: Terminal | str | None = ctx.meta.get(LANGUAGE_KEY)
    return _terminal(known) if known is None or isinstance(known, str) else known


def _terminal(language: str | None) -> Terminal:
    from curriplan.cli.console.terminal import Terminal

    return Terminal(language)


def _stopped(terminal: Terminal, error: KeyboardInterrupt) -> int:
    """Say what Ctrl-C has left, and return the exit code."""
    from curriplan.base.errors import ExitCode, Issue
    from curriplan.base.interrupts import ResultsDropped

    if not terminal.written:
        return _tell(terminal, "stopped-while-writing" if isinstance(error, ResultsDropped) else "stopped")
    paths = ", ".join(map(str, terminal.written))
    terminal.tell(terminal.line(Issue("stopped-after-writing", values={"paths": paths})))
    return ExitCode.DONE


def _tell(terminal: Terminal, code: str) -> int:
    """Say what ended a command, and return its exit code."""
    from curriplan.base.errors import ExitCode, Issue

    terminal.error([Issue(code)])
    return ExitCode.FILE if code == "out-of-memory" else ExitCode.NO_PLAN


@click.group(
    cls=Commands,
    commands=CommandsOnDemand(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@LANGUAGE
@click.version_option(__version__, prog_name="curriplan", message="%(prog)s %(version)s")
def main(lang: str | None) -> None:
    """Plan vocational curricula: which practical modules, in which term.

    CATALOG is a folder of CSV tables, a workbook of the same tables, or the name of a bundled catalog;
    left out, it is the bundled, illustrative one (kz-digital-college).

    Exit codes: 0 done, 1 a bug, 2 wrong usage, 3 something wrong in or about a
    file, 4 no plan can satisfy the rules, 5 stopped before any plan was found,
    6 verify found a broken rule, a wrong value or a better plan, or the edit of try
    breaks a rule, 7 the solver failed.
    """
