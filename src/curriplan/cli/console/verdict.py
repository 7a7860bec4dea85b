"""Which rules a saved plan keeps."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from curriplan.cli.console.terminal import Terminal, add_row, can_show, grid, short
from curriplan.texts.words import Texts

if TYPE_CHECKING:
    from curriplan.api.verify import Verdict

DIFFERENCES_SHOWN = 20
VALUE_SHOWN = 200
"""Letters of a value that differs: a whole profile would fill the screen."""


def show_verdict(terminal: Terminal, verdict: Verdict) -> None:
    """Show which rules hold, which do not and where, and which recorded values are wrong."""
    verification = verdict.verification
    checks = Counter(check.rule for check in verification.evaluation.checks)
    broken = Counter(check.rule for check in verification.broken)
    names = ["rule", "checked", "result"]
    rule_texts = Texts(terminal.language, "rules")
    table = grid([(terminal.text(f"column.{n}"), "right" if n == "checked" else "left") for n in names])
    for rule in sorted(checks, key=lambda name: int(name[1:])):
        title = f"{_sign(rule)} {rule_texts(f'rule.{rule}')}"
        count = broken[rule]
        result = terminal.text("verdict.no", count=count) if count else terminal.text("verdict.yes")
        add_row(table, title, checks[rule], result)
    terminal.table(table)
    for check in verification.broken:
        where = " ".join(word for word in (check.programme, check.subject, check.semester) if word)
        figures = f"{check.actual:.12g} {check.operator} {check.limit:.12g} {check.unit}"
        what = " ".join(word for word in (_sign(check.rule), check.aspect, where) if word)
        terminal.say_wrapped(f"{what}: {figures} {', '.join(check.details)}", hanging=2)
    _show_differences(terminal, verdict)
    if verdict.choices:
        choices = (f"{name} = {_choice(value)}" for name, value in verdict.choices.items())
        terminal.say_wrapped(f"{terminal.text('verdict.choices')}: {'; '.join(choices)}", hanging=2)
    terminal.say(terminal.text("verdict.holds" if verdict.holds else "verdict.broken"))


def _choice(value: Any) -> str:
    """Return a setting as text; an objective with the loss that later ones may bring it."""
    from curriplan.problem.settings import ObjectiveChoice

    if isinstance(value, ObjectiveChoice):
        return value.name + (f" (-{value.tolerance:g})" if value.tolerance else "")
    return ", ".join(map(_choice, value)) if isinstance(value, tuple) else str(value)


def _sign(rule: str) -> str:
    """Return a rule's number with a sign that stdout can show."""
    return rule if can_show("§", sys.stdout) else f"rule {rule[1:]}"


def _show_differences(terminal: Terminal, verdict: Verdict) -> None:
    differences = verdict.verification.differences
    for one in differences[:DIFFERENCES_SHOWN]:
        recorded, recomputed = (short(str(value), VALUE_SHOWN) for value in (one.recorded, one.recomputed))
        text = terminal.text("verdict.differs", what=one.what, recorded=recorded, recomputed=recomputed)
        terminal.say_wrapped(text, hanging=2)
    if len(differences) > DIFFERENCES_SHOWN:
        terminal.say(terminal.text("verdict.more", count=len(differences) - DIFFERENCES_SHOWN))
