"""A new qualification, as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal

if TYPE_CHECKING:
    from curriplan.api.design import DesignResult


def show_design(terminal: Terminal, result: DesignResult) -> None:
    """Show what was asked, what it comes to, its curriculum, and what is to be commissioned."""
    from curriplan.report.design import DesignTables
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    design = result.design
    tables = DesignTables(Labels(result.catalog, Words(terminal.language)), design)
    for sentence in tables.conditions:
        terminal.say_wrapped(sentence)
    cost = design.cost
    told = {
        "closure": "–" if design.closure is None else terminal.percent(design.closure),
        "met": design.essentials_met,
        "all": design.essentials,
        "credits": terminal.number(design.credits),
        "steps": sum(row.steps for row in design.needs),
        "taught": sum(row.taught for row in design.needs),
        "commission": sum(row.to_commission for row in design.needs),
        "left": sum(row.left_out for row in design.needs),
        "covered": sum(bool(row.modules) for row in design.functions),
        "functions": len(design.functions),
        "setup": terminal.number(cost.setup_kzt),
        "intake": terminal.number(cost.intake_kzt + (cost.priced_kzt or 0)),
        "known": cost.known_percent,
        "learner": terminal.number(round(cost.learner_kzt)),
    }
    terminal.say()
    costs = "costs"
    if cost.hours_without_cost:
        costs = "costs_least" if cost.is_least else "costs_priced"
    for name in ("reaches", "functions", costs):
        terminal.say_wrapped(terminal.text(f"design.{name}", **told))
    terminal.say()
    terminal.rows_of(tables.module_table(), design.modules)
    if design.commission:
        terminal.say()
        terminal.say_wrapped(tables.texts("design_title.commission"))
        terminal.rows_of(tables.commission_table(), design.commission)
