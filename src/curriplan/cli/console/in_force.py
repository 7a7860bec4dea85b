"""The head of a result: what limits it, and what does not because nothing is said of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal
from curriplan.texts.words import Words

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.problem.limits import Limits


def show_in_force(
    terminal: Terminal, catalog: Catalog, limits: Limits, incomplete: Collection[str] = ()
) -> None:
    """Say what is in force and what is not; nothing of a catalog that has nothing to plan.

    Nothing is said of what follows from tables that are `incomplete`.
    """
    from curriplan.problem.in_force import in_force
    from curriplan.report.allotted import national_said
    from curriplan.report.in_force import in_force_said, not_in_force_said
    from curriplan.report.labels import Labels

    if terminal.quiet or not catalog.programmes:
        return
    found, words = in_force(catalog, limits, incomplete), Words(terminal.language)
    national = national_said(Labels(catalog, words))
    for text in (national, in_force_said(words, found), not_in_force_said(words, found)):
        if text:
            terminal.say_wrapped(text, hanging=2)
