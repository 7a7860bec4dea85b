"""An amount beside its limit, in words: of a rule that is broken or kept."""

from __future__ import annotations

from curriplan.cli.console.terminal import Terminal
from curriplan.texts.words import Words

WORDS = {"<=": "at_most", ">=": "at_least", "=": "exactly"}
DIGITS = 6
"""After the mark, at most: shares are shown with all that says something."""


def beside_limit(terminal: Terminal, operator: str, actual: float, limit: float, unit: str) -> str:
    """Return "1152, at most 720 (h)": the sign of a rule that is broken would say what is not so."""
    amounts = {"actual": actual, "limit": limit}
    values = {name: terminal.words.number(value, DIGITS, trimmed=True) for name, value in amounts.items()}
    said = Words(terminal.language)(f"unit.{unit}")
    return terminal.text(f"amount.{WORDS[operator]}", unit=said, **values)
