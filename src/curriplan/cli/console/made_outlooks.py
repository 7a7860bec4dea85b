"""What outlooks were made of a catalog, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal

if TYPE_CHECKING:
    from curriplan.importing.outlooks.make import MadeOutlooks


def show_made(terminal: Terminal, made: MadeOutlooks) -> None:
    """Show each outlook, new or not: its probability, what becomes of openings, and what to think of it."""
    from curriplan.report.labels import Labels
    from curriplan.report.made_outlooks import made_rows, made_table
    from curriplan.texts.words import Words

    table = made_table(Labels(made.catalog, Words(terminal.language)))
    terminal.rows_of(table, made_rows(made.catalog, [row.id for row in made.catalog.scenarios]))
    if made.k is not None:
        terminal.say_wrapped(terminal.text("outlooks.k", k=terminal.words.significant(made.k, 4)))
    terminal.say_wrapped(terminal.text("outlooks.assumed"))
