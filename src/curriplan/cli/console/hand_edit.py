"""What a hand edit of a plan does."""

from __future__ import annotations

import json
import sys

from curriplan.catalog.records import Catalog
from curriplan.cli.console.amounts import beside_limit
from curriplan.cli.console.objectives import SHARES, objective_value
from curriplan.cli.console.terminal import Terminal, can_show
from curriplan.plan.figures import HowSure
from curriplan.plan.hand_edit import EditedRule, EditOutcome
from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words, short

NAME_SHOWN = 40
OWN_LINES = ("closure", "cost")
"""Objectives that are shown apart."""


def edit_json(outcome: EditOutcome) -> str:
    """Return the outcome as JSON (``schemas/edit-1.json``), in letters that stdout can show."""
    unicode = can_show("ә", sys.stdout)
    return json.dumps(outcome.to_data(), ensure_ascii=not unicode, indent=1)


def show_edit(terminal: Terminal, outcome: EditOutcome, catalog: Catalog) -> None:
    """Show the edits, what they gain and cost, and what they break and mend."""
    for edit in outcome.edits:
        name = short(catalog.module_by_id[edit.module].name(terminal.language), NAME_SHOWN)
        term = "" if edit.term is None else terminal.text("edit.term", term=edit.term)
        text = f"{terminal.text(f'edit.{edit.kind}')} {edit.programme} {edit.module} {name}{term}"
        terminal.say_wrapped(text, hanging=2)
    _show_worth(terminal, outcome)
    for level in outcome.levels:
        competency = short(catalog.competency_by_id[level.competency].name(terminal.language), NAME_SHOWN)
        change = f"{level.before} {terminal.arrow} {level.after}"
        text = terminal.text("edit.level", change=change, required=level.required)
        terminal.say_wrapped(f"{level.programme} {level.competency} {competency}: {text}", 2, 2)
    for title, rules in (("edit.broken", outcome.broken), ("edit.mended", outcome.mended)):
        if rules:
            terminal.say_wrapped(terminal.text(title, count=len(rules)))
        for rule in rules:
            terminal.say_wrapped(_rule(terminal, rule), 2, 2)
    if outcome.holds:
        terminal.say_wrapped(terminal.text("edit.holds"))
    terminal.say_wrapped(terminal.text("edit.unchanged"))


def _show_worth(terminal: Terminal, outcome: EditOutcome) -> None:
    """Show closure and money before and after, and each other objective that changes."""
    from curriplan.report.figures import sure_changed

    closures: list[tuple[str | None, float, float]] = [(None, outcome.closure_before, outcome.closure_after)]
    closures += [(one.programme, one.before or 0.0, one.after or 0.0) for one in outcome.programmes]
    sures = (outcome.sure_before, outcome.sure_after)
    for name, before, after in closures:
        points = terminal.words.number(100 * (after - before), 2, signed=True)
        ends = zip((before, after), sures, strict=True)
        values = [_ranged(terminal, closure, sure, name) for closure, sure in ends]
        change = f"{values[0]} {terminal.arrow} {values[1]} %"
        points = terminal.text("edit.points", points=points)
        whose = "" if name is None else f" {name}"
        terminal.say_wrapped(f"{terminal.text('line.closure')}{whose}: {change}, {points}", 2, 2)
    terminal.say_wrapped(sure_changed(Words(terminal.language), *sures, terminal.arrow), 2, 2)
    costs = [terminal.number(kzt) for kzt in (outcome.cost_before_kzt, outcome.cost_after_kzt)]
    more = terminal.words.number(outcome.cost_after_kzt - outcome.cost_before_kzt, signed=True)
    terminal.say_wrapped(
        f"{terminal.text('line.cost')}: {costs[0]} {terminal.arrow} {costs[1]} ({more})", 2, 2
    )
    for name, before in outcome.objectives_before.items():
        after = outcome.objectives_after.get(name, before)
        if name not in OWN_LINES and abs(after - before) > 1e-9:
            values = [_objective(terminal, name, value) for value in (before, after)]
            terminal.say_wrapped(
                f"{objective_title(name, terminal.language)}: {values[0]} {terminal.arrow} {values[1]}", 2, 2
            )


def _objective(terminal: Terminal, name: str, value: float) -> str:
    """Return the value of an objective; a share in per cent, as the closures above."""
    words = terminal.words
    return objective_value(words, name, value) if name in SHARES else words.significant(value)


def _ranged(terminal: Terminal, closure: float, sure: HowSure, programme: str | None) -> str:
    """Return a closure with its range if estimates err: ``60.53 (34.1–68.1)``."""
    row = sure.programmes[programme]
    return terminal.words.ranged(closure, row.closure_low, row.closure_high, 2)


def _rule(terminal: Terminal, rule: EditedRule) -> str:
    """Return a rule that is broken or mended in words, with its figures."""
    where = " ".join(word for word in (rule.programme, rule.subject, rule.semester) if word)
    aspect = Words(terminal.language, "rules")(f"aspect.{rule.aspect}")
    figures = beside_limit(terminal, rule.operator, rule.after, rule.limit, rule.unit)
    sign = rule.rule if can_show(rule.rule, sys.stdout) else rule.rule[1:]
    return f"{sign} {aspect}{where and f' ({where})'}: {figures} {', '.join(rule.details)}".rstrip()
