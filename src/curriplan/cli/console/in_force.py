"""The head of a result: what limits it, and what does not because nothing is said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal
from curriplan.texts.words import thousands

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.problem.in_force import InForce
    from curriplan.problem.limits import Limits


def show_in_force(
    terminal: Terminal, catalog: Catalog, limits: Limits, incomplete: Collection[str] = ()
) -> None:
    """Say what is in force and what is not; nothing of a catalog that has nothing to plan.

    Nothing is said of what follows from tables that are `incomplete`.
    """
    from curriplan.problem.in_force import in_force

    if not catalog.programmes:
        return
    found = in_force(catalog, limits, incomplete)
    for head, parts in (("is", _in_force(terminal, found)), ("is_not", _not_in_force(terminal, found))):
        if shown := "; ".join(parts):
            terminal.say_wrapped(terminal.text(f"in_force.{head}", parts=shown), hanging=2)


def _in_force(terminal: Terminal, found: InForce) -> Iterator[str]:
    text = terminal.text
    named = "own" if found.profile is None else "profile"
    changed = text("in_force.changed", count=found.changed) if found.changed else ""
    norms = text(f"in_force.{named}", profile=found.profile, count=found.norms) + changed
    said = {
        "norms": norms if found.norms else None,
        "budget": found.budget_kzt is not None and text("in_force.budget", kzt=thousands(found.budget_kzt)),
        "floors": found.floors and text("in_force.floors", count=found.floors),
    }
    for name in ("rooms", "teachers"):
        count, limited = getattr(found, name)
        said[name] = limited and text(f"in_force.{name}", count=count, limited=limited)
    yield from (str(part) for name, part in said.items() if part and name not in found.unknown)


def _not_in_force(terminal: Terminal, found: InForce) -> Iterator[str]:
    lacking = {
        "norms": not found.norms,
        "budget": found.budget_kzt is None,
        "floors": not found.floors,
        "rooms": not found.rooms[1],
        "teachers": not found.teachers[1],
    }
    for name, is_so in lacking.items():
        if is_so and name not in found.unknown:
            yield terminal.text(f"in_force.no_{name}")
