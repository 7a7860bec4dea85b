"""The commands, by what they are about: where each stands, and what ``curriplan --help`` says of it.

A file of commands is imported only when one of its commands is used.
"""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import click


class Home(NamedTuple):
    """Where a command stands, and the first sentence of its help.

    Parameters
    ----------
    module : str
        The file of this folder that it stands in.
    function : str
        Its name there.
    sentence : str
        The first of its docstring.
    """

    module: str
    function: str
    sentence: str


HOMES = {
    "check": Home("catalogs", "check", "List every problem of a catalog at once."),
    "compare": Home("analyses", "compare", "Show what changed from one plan.json to another."),
    "convert": Home(
        "catalogs",
        "convert",
        "Save a catalog as a workbook (DEST ends in .xlsx) or as a folder, losing nothing.",
    ),
    "design": Home("designing", "design", "Design a new qualification out of the modules that there are."),
    "explain": Home(
        "planning", "explain", "Say why each module is in or out, and what more of each limit would buy."
    ),
    "frontier": Home("analyses", "frontier", "Show how much closure each budget buys at best."),
    "gaps": Home("catalogs", "gaps", "Show what graduates still lack for their occupations."),
    "graph": Home("catalogs", "graph", "Write the graph of what needs, teaches and precedes what."),
    "import": Home("import_rup", "imports", "Make a catalog out of other files."),
    "init": Home(
        "catalogs", "init", "Make a catalog to fill in: a workbook (PATH ends in .xlsx) or a folder."
    ),
    "network": Home("network", "network", "Plan a network of colleges that share money and centres."),
    "optimize": Home("planning", "optimize", "Find the best plan of a catalog and write it as a workbook."),
    "outlooks": Home("outlooks", "outlooks", "Make outlooks on the labour market, in a copy of a catalog."),
    "replan": Home(
        "replanning",
        "replan",
        "Plan the running intakes and the new one together, a year after LAST.json.",
    ),
    "scenarios": Home(
        "analyses", "scenarios", "Show what plans close in each outlook, and what one for all is worth."
    ),
    "retrain": Home(
        "retraining", "retrain", "Show the cheapest modules that lead from one occupation to another."
    ),
    "run": Home("run", "run", "Check the workbook of a catalog, plan it, and open what came of it."),
    "stress": Home(
        "partners",
        "stress",
        "Show what a plan.json loses when a partner leaves, who pays then, and which modules fall.",
    ),
    "try": Home(
        "planning",
        "try_edit",
        "Say what a hand edit of a plan.json breaks, gains and costs, the rest unchanged.",
    ),
    "verify": Home(
        "planning", "verify", "Re-evaluate a plan.json without a solver and say which rules hold."
    ),
}


class CommandsOnDemand(UserDict[str, Any]):
    """The commands by name, each imported when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.data = dict.fromkeys(HOMES)

    def __getitem__(self, name: str) -> click.Command:
        home = HOMES[name]
        command: click.Command = getattr(import_module(f"{__name__}.{home.module}"), home.function)
        return command
