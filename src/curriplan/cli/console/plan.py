"""What a plan came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curriplan.api.overview import Overview
from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.objectives import objective_value
from curriplan.cli.console.terminal import Terminal, add_row, grid
from curriplan.texts.titles import objective_title
from curriplan.texts.words import NO_NUMBER, Words, short

if TYPE_CHECKING:
    from rich.table import Table

    from curriplan.api.results import PlanResult

DECISIONS = ("kept", "moved", "added", "dropped")


def show_plan(terminal: Terminal, result: PlanResult, written: Sequence[str]) -> None:
    """Show what a plan came to: status, closure, cost, each stage, each programme, the files."""
    overview = Overview(result.view, terminal.language, terminal.arrow)
    terminal.say_wrapped(overview.heading)
    show_in_force(terminal, result.catalog, result.limits)
    for name, value in overview.lines():
        terminal.say_wrapped(f"{name + ':':<28}{value}", 2, hanging=28)
    terminal.say()
    terminal.table(_stage_table(terminal, result))
    terminal.say()
    terminal.table(_programme_table(terminal, result))
    _show_stability(terminal, result)
    terminal.say()
    terminal.say(f"{terminal.text('line.written')}: {', '.join(written)}")


def _show_stability(terminal: Terminal, result: PlanResult) -> None:
    """Say how firm the choice is under other judgements, where that was asked for."""
    table = result.plan.stability
    if table is None:
        return
    chosen = [row for row in table.rows if row.is_chosen]
    firm = sum(row.chosen_in >= 0.9 * table.counted for row in chosen)
    weak = sum(row.chosen_in < 0.5 * table.counted for row in chosen)
    rivals = sum(not row.is_chosen and row.chosen_in >= 0.5 * table.counted for row in table.rows)
    terminal.say()
    counts = {"plans": table.counted, "runs": len(table.runs), "modules": len(chosen)}
    text = terminal.text("stability.summary", firm=firm, weak=weak, rivals=rivals, **counts)
    terminal.say_wrapped(text)
    if cut := sum(run.status == "no_plan" for run in table.runs):
        terminal.say_wrapped(terminal.text("stability.cut", count=cut))


def _stage_table(terminal: Terminal, result: PlanResult) -> Table:
    table = grid(
        [
            (terminal.text("column.objective"), "left"),
            (terminal.text("column.value"), "right"),
            (terminal.text("column.gap"), "right"),
        ]
    )
    for stage in result.plan.stages:
        name = stage.objective
        value = objective_value(terminal.words, name, stage.value)
        gap = "?" if stage.gap is None else f"{terminal.percent(stage.gap, 3)} %"
        title = objective_title(name, terminal.language)
        if stage.content_held:
            title = Words(terminal.language)("phrase.of_chosen_modules", objective=title)
        add_row(table, title, value, gap)
    return table


def _programme_table(terminal: Terminal, result: PlanResult) -> Table:
    names = ["programme", "closure", "if_err", *DECISIONS]
    table = grid([(terminal.text(f"column.{n}"), "left" if n == "programme" else "right") for n in names])
    counts = Counter((row.programme, row.decision.value) for row in result.plan.modules)
    figures = result.plan.figures
    rows = () if figures is None else figures.if_estimates_err.programmes
    ranges = {row.programme: terminal.words.percent_range(row.closure_low, row.closure_high) for row in rows}
    for one in result.after.programmes:
        row = result.catalog.programme_by_id[one.programme]
        before, after = terminal.percent(one.closure_before), terminal.percent(one.closure_after)
        decisions = [counts[one.programme, word] for word in DECISIONS]
        label = f"{one.programme} {row.name(terminal.language)}"
        sure = ranges.get(one.programme, NO_NUMBER)
        add_row(table, short(label, 64), f"{before} {terminal.arrow} {after}", sure, *decisions)
    return table
