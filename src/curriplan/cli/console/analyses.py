"""What each budget buys, and what two plans differ in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from curriplan.cli.console.terminal import Terminal, add_row, grid, short

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.plan.comparison import Comparison
    from curriplan.plan.frontier import Frontier, FrontierPoint

CHANGES_SHOWN = 40
MUCH_LARGER = 1.1
"""Rounding alone makes no budget so much larger than the least with which a plan is possible."""
SHARE_MEASURES = ("closure_after", "closure_after_worst")


def show_frontier(terminal: Terminal, frontier: Frontier) -> None:
    """Show what each budget buys at best, the present one marked."""
    from curriplan.report.frontier import frontier_table
    from curriplan.texts.words import Words
    from curriplan.xlsx.table import Column, Table

    def status(point: FrontierPoint) -> str:
        word = terminal.text(f"frontier.{point.status}")
        if point.status == "feasible" and point.gap is not None:
            word += f" ({terminal.percent(point.gap, 2)} %)"
        return f"{word} {terminal.text('frontier.current')}" if point.is_current else word

    columns = frontier_table(Words(terminal.language), frontier).columns
    terminal.say_wrapped(terminal.text("frontier.title", before=terminal.percent(frontier.closure_before)))
    terminal.rows_of(Table(*columns, Column(value=status, console="status")), frontier.points)
    if frontier.least_kzt:
        terminal.say_wrapped(terminal.text("frontier.least", least=terminal.number(frontier.least_kzt)))
        if (frontier.first_with_plan_kzt or 0) > MUCH_LARGER * frontier.least_kzt:
            terminal.say_wrapped(terminal.text("frontier.proportion"))
    if not frontier.is_complete:
        terminal.tell(terminal.text("frontier.stopped"))


def show_comparison(terminal: Terminal, comparison: Comparison, catalog: Catalog) -> None:
    """Show what changed from the first plan to the second: measures, then modules, then limits."""
    from curriplan.report.comparison import module_table
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    if not comparison.same_catalog:
        terminal.tell(terminal.text("compare.other_catalog"))
    if not catalog.modules:
        terminal.tell(terminal.text("compare.names_missing"))
    names = ["what", "first", "second"]
    table = grid([(terminal.text(f"column.{n}"), "left" if n == "what" else "right") for n in names])
    for row in comparison.measures:
        share = row.name in SHARE_MEASURES
        what = terminal.text(f"measure.{row.name}")
        label = f"{what}, {row.programme}" if row.programme else what
        add_row(table, label, *(_measure(terminal, value, share) for value in (row.first, row.second)))
    terminal.table(table)
    terminal.say()
    changed = comparison.changed_modules
    counts = Counter(row.change.value for row in comparison.modules)
    words = {word: counts[word] for word in ("taken", "left_out", "moved", "same")}
    terminal.say_wrapped(terminal.text("compare.counts", **words))
    if changed:
        labels = Labels(catalog, Words(terminal.language))
        terminal.rows_of(module_table(labels), changed[:CHANGES_SHOWN])
    if len(changed) > CHANGES_SHOWN:
        terminal.say(terminal.text("compare.more", count=len(changed) - CHANGES_SHOWN))
    _show_limits(terminal, comparison, catalog)


def _show_limits(terminal: Terminal, comparison: Comparison, catalog: Catalog) -> None:
    """Show the settings and the values of the profile that differ."""
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    if not comparison.limits:
        return
    labels = Labels(catalog, Words(terminal.language))
    terminal.say()
    terminal.say(terminal.text("compare.limits"))
    for limit in comparison.limits:
        first, second = (_limit_text(terminal, value) for value in (limit.first, limit.second))
        terminal.say_wrapped(f"{labels.limit(limit.name)}: {first} {terminal.arrow} {second}", 2, hanging=2)


def _limit_text(terminal: Terminal, value: Any) -> str:
    from curriplan.plan.comparison import value_text

    if isinstance(value, bool):
        return terminal.text("word.yes" if value else "word.no")
    if isinstance(value, int):
        return terminal.number(value)
    return short(value_text(value), 60)


def _measure(terminal: Terminal, value: Any, share: bool) -> str:
    if value is None:
        return "-"
    return f"{terminal.percent(value)} %" if share else terminal.number(value)
