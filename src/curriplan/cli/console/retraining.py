"""Ways to other occupations, as a terminal shows them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal
from curriplan.plan.retraining import Retraining, Route, RouteOutcome

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.report.retraining import RetrainingTables

SHOWN = 20
"""Targets that a terminal shows; files have all."""


def show_retraining(terminal: Terminal, catalog: Catalog, found: Retraining) -> None:
    """Show what was asked, then the modules of the one route, or the targets that cost least."""
    from curriplan.report.labels import Labels
    from curriplan.report.retraining import RetrainingTables
    from curriplan.texts.words import Words

    tables = RetrainingTables(Labels(catalog, Words(terminal.language)), found)
    for sentence in tables.conditions:
        terminal.say_wrapped(sentence)
    if found.targets:
        counts = Counter(one.outcome for one in found.targets)
        told = {
            "found": counts[RouteOutcome.HELD] + counts[RouteOutcome.PROVEN] + counts[RouteOutcome.FOUND],
            "dearer": counts[RouteOutcome.DEARER],
            "untaught": counts[RouteOutcome.NOT_TAUGHT],
            "barred": counts[RouteOutcome.NO_ROUTE],
        }
        terminal.say_wrapped(terminal.text("retrain.counts", **told))
        if found.is_complete and told["dearer"]:
            terminal.say_wrapped(terminal.text("retrain.order", top=found.top))
        terminal.say()
        routed = [one for one in found.targets if one.cost_kzt is not None]
        terminal.rows_of(tables.target_table(), routed[: max(SHOWN, (found.top or 0) * len(found.origins))])
        if any(one.open_needs for one in routed):
            terminal.say()
            means = "open_means" if found.cover is None else "open_means_by_cover"
            terminal.say_wrapped(terminal.text(f"retrain.{means}"))
        return
    for route in found.routes:
        _show_route(terminal, tables, route)
    if tables.modules:
        terminal.say()
        terminal.rows_of(tables.module_table(), tables.modules)


def _show_route(terminal: Terminal, tables: RetrainingTables, route: Route) -> None:
    if route.outcome is RouteOutcome.HELD:
        terminal.say_wrapped(terminal.text("retrain.held"))
    else:
        _show_size(terminal, route)
    if tables.is_priced and route.without_cost:
        priced = {"count": route.without_cost, "kzt": terminal.number(route.priced_kzt)}
        terminal.say_wrapped(terminal.text("retrain.priced", **priced))
    if said := tables.open_needs(route.cover_after, route.open_needs):
        terminal.say_wrapped(terminal.text("retrain.open", open=said))


def _show_size(terminal: Terminal, route: Route) -> None:
    needed, before, after = route.essentials
    told = {
        "cost": terminal.number(route.cost_kzt),
        "hours": terminal.number(route.hours),
        "terms": route.terms,
        "all": needed,
        "before": before,
        "after": after,
        "cover_before": terminal.percent(route.cover_before),
        "cover_after": terminal.percent(route.cover_after),
    }
    terminal.say_wrapped(terminal.text("retrain.floors" if route.target is None else "retrain.costs", **told))
