"""The terminal: what the commands say, in the user's language, on any console."""

from curriplan.console.analyses import show_comparison, show_frontier
from curriplan.console.catalog import problems_json, show_gaps, show_occupation_gaps, show_problems
from curriplan.console.imports import show_imported
from curriplan.console.plan import show_plan
from curriplan.console.terminal import WIDTH, Terminal, prepare_streams, printable
from curriplan.console.verdict import show_verdict

__all__ = [
    "WIDTH",
    "Terminal",
    "prepare_streams",
    "printable",
    "problems_json",
    "show_comparison",
    "show_frontier",
    "show_gaps",
    "show_imported",
    "show_occupation_gaps",
    "show_plan",
    "show_problems",
    "show_verdict",
]
