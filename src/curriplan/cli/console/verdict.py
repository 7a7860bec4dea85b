"""Which rules a saved plan keeps."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from curriplan.base.errors import ExitCode
from curriplan.cli.console.amounts import beside_limit
from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.terminal import Terminal, add_row, can_show, grid
from curriplan.plan.plan import Status
from curriplan.plan.proof import Finding
from curriplan.problem.objectives import OBJECTIVE_NAMES
from curriplan.texts.titles import objective_title, recorded_title
from curriplan.texts.words import Phrase, Words, short

if TYPE_CHECKING:
    from curriplan.api.verify import Verdict

DIFFERENCES_SHOWN = 20
VALUE_SHOWN = 200
"""Letters of a value that differs: a whole profile would fill the screen."""


def show_verdict(terminal: Terminal, verdict: Verdict) -> None:
    """Show which rules hold, which do not and where, and which recorded values are wrong."""
    verification = verdict.verification
    show_in_force(terminal, verdict.problem.catalog, verdict.problem.limits)
    checks = Counter(check.rule for check in verification.evaluation.checks)
    broken = Counter(check.rule for check in verification.broken)
    names = ["rule", "checked", "result"]
    rule_texts = Words(terminal.language, "rules")
    table = grid([(terminal.text(f"column.{n}"), "right" if n == "checked" else "left") for n in names])
    for rule in sorted(checks, key=lambda name: int(name[1:])):
        title = f"{_sign(terminal, rule)} {rule_texts(f'rule.{rule}')}"
        count = broken[rule]
        result = terminal.text("verdict.no", count=count) if count else terminal.text("verdict.yes")
        add_row(table, title, checks[rule], result)
    terminal.table(table)
    for check in verification.broken:
        where = " ".join(word for word in (check.programme, check.subject, check.semester) if word)
        figures = beside_limit(terminal, check.operator, check.actual, check.limit, check.unit)
        aspect = rule_texts(f"aspect.{check.aspect}")
        what = f"{_sign(terminal, check.rule)} {aspect}{where and f' ({where})'}"
        terminal.say_wrapped(f"{what}: {figures} {', '.join(check.details)}", hanging=2)
    _show_differences(terminal, verdict)
    if verdict.choices:
        choices = (
            f"{_choice_title(terminal, name)} = {_choice(terminal, value)}"
            for name, value in verdict.choices.items()
        )
        terminal.say_wrapped(f"{terminal.text('verdict.choices')}: {'; '.join(choices)}", hanging=2)
    _show_proofs(terminal, verdict)
    if verdict.holds:
        _show_not_checked(terminal, verdict)
    claimed = "not_best" if verdict.plan.status is Status.OPTIMAL else "better_exists"
    refuted = claimed if verdict.verification.holds else "broken"
    terminal.say_wrapped(terminal.text("verdict.holds" if verdict.holds else f"verdict.{refuted}"))


def exit_code_of(verdict: Verdict) -> ExitCode:
    """Return what a verdict is to a shell: a proof that was asked for and not finished is no success."""
    if not verdict.holds:
        return ExitCode.BROKEN_RULE
    proven = verdict.optimality is None or verdict.optimality.is_proven
    return ExitCode.DONE if proven else ExitCode.NO_PLAN


def _show_proofs(terminal: Terminal, verdict: Verdict) -> None:
    """Show what solving again said: all of it in one sentence where it is as recorded."""
    if verdict.optimality is None:
        return
    if verdict.optimality.is_proven:
        settings = verdict.problem.limits.settings
        gap = terminal.percent(settings.stage_gap, 2)
        titles = [objective_title(choice.name, terminal.language) for choice in settings.objectives]
        count = len(settings.sought)
        names = {"sought": "; ".join(titles[:count]), "left": "; ".join(titles[count:])}
        what = "first_look" if names["left"] else "proven"
        terminal.say_wrapped(terminal.text(f"verdict.proof.{what}", gap=gap, **names), hanging=2)
        held = [stage.objective for stage in verdict.plan.stages if stage.content_held]
        if held:
            of_content = "; ".join(objective_title(name, terminal.language) for name in held)
            terminal.say_wrapped(terminal.text("verdict.proof.of_content", names=of_content), hanging=2)
    for one in verdict.optimality.proofs:
        if one.finding is Finding.PROVEN:
            continue
        what = one.what
        if what in OBJECTIVE_NAMES:
            what = objective_title(what, terminal.language)
        else:
            part, _, programme = what.partition("/")
            what = recorded_title(part, terminal.language) + (f" ({programme})" if programme else "")
        recorded, possible = (
            "-" if value is None else terminal.words.significant(value, 9)
            for value in (one.recorded, one.possible)
        )
        text = terminal.text(f"verdict.proof.{one.finding}", what=what, recorded=recorded, possible=possible)
        terminal.say_wrapped(text, hanging=2)


def _show_not_checked(terminal: Terminal, verdict: Verdict) -> None:
    """Show what nobody recomputed, by whose word it is."""
    for word, paths in sorted(verdict.not_checked.items(), key=lambda one: one[0] != "solver"):
        titles = dict.fromkeys(recorded_title(path, terminal.language) for path in paths)
        terminal.say_wrapped(f"{terminal.text(f'verdict.word.{word}')}: {'; '.join(titles)}", hanging=2)


def _choice_title(terminal: Terminal, name: str) -> str:
    """Return what a setting is called; of a norm, with its key and column."""
    setting, _, norm = name.partition(" ")
    return f"{recorded_title(f'limits/{setting}', terminal.language)} {norm}".strip()


def _choice(terminal: Terminal, value: Any) -> str:
    """Return a setting as text; an objective with the loss that later ones may bring it."""
    from curriplan.problem.objectives import ObjectiveChoice

    if isinstance(value, ObjectiveChoice):
        lost = terminal.words.significant(value.tolerance)
        return value.name + (f" (-{lost})" if value.tolerance else "")
    if isinstance(value, tuple):
        return ", ".join(_choice(terminal, one) for one in value)
    return _value(terminal, value)


def _value(terminal: Terminal, value: Any) -> str:
    """Return a value as text: yes, no and none in words, long ones cut."""
    if value is None or isinstance(value, bool):
        value = Phrase({None: "value.none", True: "value.yes", False: "value.no"}[value])
    return short(terminal.words.said(value), VALUE_SHOWN)


def _sign(terminal: Terminal, rule: str) -> str:
    """Return a rule's number with a sign that stdout can show."""
    if can_show("§", sys.stdout):
        return rule
    return Phrase("mark.rule", {"number": rule[1:]}).said(terminal.language)


def _show_differences(terminal: Terminal, verdict: Verdict) -> None:
    differences = verdict.verification.differences
    for one in differences[:DIFFERENCES_SHOWN]:
        recorded, recomputed = (_value(terminal, value) for value in (one.recorded, one.recomputed))
        what = f"{recorded_title(one.what, terminal.language)} ({one.what})"
        text = terminal.text("verdict.differs", what=what, recorded=recorded, recomputed=recomputed)
        terminal.say_wrapped(text, hanging=2)
    if len(differences) > DIFFERENCES_SHOWN:
        terminal.say_wrapped(terminal.text("verdict.more", count=len(differences) - DIFFERENCES_SHOWN))
