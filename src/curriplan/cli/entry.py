"""Where the program begins: Ctrl-C is caught before anything that takes time is imported."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn


def main() -> None:
    """Run the command line; Ctrl-C while it is still being imported ends it as Ctrl-C later does."""
    try:
        from curriplan.cli.app import main as commands

        commands(prog_name="curriplan")
    except KeyboardInterrupt:
        _stopped()


def _stopped() -> NoReturn:
    """Say so in the language asked for; what was half imported is imported anew, at peace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from curriplan.base.errors import ExitCode, Issue
    from curriplan.cli.console.streams import prepare_streams
    from curriplan.cli.console.terminal import Terminal
    from curriplan.cli.usage import language_asked_for

    prepare_streams()
    Terminal(language_asked_for(sys.argv[1:])).error([Issue("stopped")])
    sys.exit(ExitCode.NO_PLAN)
