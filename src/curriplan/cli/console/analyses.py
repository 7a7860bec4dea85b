"""What each budget buys, and what two plans differ in."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from curriplan.cli.console.terminal import Terminal, add_row, grid, wrapped
from curriplan.texts.words import NO_NUMBER, short

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.plan.comparison import Comparison
    from curriplan.plan.figures import ErrRange
    from curriplan.plan.frontier import Frontier, FrontierPoint
    from curriplan.plan.scenarios import Scenarios
    from curriplan.report.labels import Labels

CHANGES_SHOWN = 40
LIMIT_LETTERS = 160
"""Of a value of a limit: the order of all objectives has room."""
COMPARED = ("today", "average")
"""The plans by outlooks with which the common one is compared in a sentence."""
MUCH_LARGER = 1.1
"""Rounding alone makes no budget so much larger than the least with which a plan is possible."""


def show_frontier(terminal: Terminal, frontier: Frontier, catalog: Catalog) -> None:
    """Show what each budget buys at best, the present one marked."""
    from curriplan.report.frontier import by_today, frontier_table
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words
    from curriplan.xlsx.table import Column, Table

    def status(point: FrontierPoint) -> str:
        word = terminal.text(f"frontier.{point.status}")
        if point.status == "feasible" and point.gap is not None:
            word += f" ({terminal.percent(point.gap, 2)} %)"
        return f"{word} {terminal.text('frontier.current')}" if point.is_current else word

    columns = frontier_table(Words(terminal.language), frontier.points).columns
    terminal.say_wrapped(terminal.text("frontier.title", before=terminal.percent(frontier.closure_before)))
    for said in by_today(Labels(catalog, Words(terminal.language))):
        terminal.say_wrapped(said)
    terminal.rows_of(Table(*columns, Column(value=status, console="status")), frontier.points)
    unmet = [NO_NUMBER if one.closure is None else str(one.occupations_not_met) for one in frontier.points]
    told = {"occupations": frontier.occupations, "unmet": ", ".join(unmet)}
    terminal.say_wrapped(terminal.text("frontier.unmet", **told))
    if frontier.least_kzt:
        terminal.say_wrapped(terminal.text("frontier.least", least=terminal.number(frontier.least_kzt)))
        if (frontier.first_with_plan_kzt or 0) > MUCH_LARGER * frontier.least_kzt:
            terminal.say_wrapped(terminal.text("frontier.proportion"))
    if not frontier.is_complete:
        terminal.tell(terminal.text("frontier.stopped"))


def show_scenarios(terminal: Terminal, found: Scenarios, catalog: Catalog) -> None:
    """Show the plans, then what each closes in each outlook."""
    from curriplan.report.labels import Labels
    from curriplan.report.scenarios import cell_table, plan_name, plan_table
    from curriplan.texts.words import Words

    labels = Labels(catalog, Words(terminal.language))
    terminal.say_wrapped(labels.texts("phrase.outlooks_assumed"))
    terminal.say_wrapped(labels.texts("phrase.risk_weight", risk=labels.number(found.risk)))
    terminal.rows_of(plan_table(labels), found.rows)
    terminal.rows_of(cell_table(labels), found.cells)
    for row in found.rows:
        if row.plan in COMPARED:
            changes = {"gain": row.expected_gain, "spared": -row.regret_spared}
            told = {name: terminal.words.number(100 * one, 1, signed=True) for name, one in changes.items()}
            name = plan_name(labels, row.plan)
            terminal.say_wrapped(terminal.text("scenarios.worth", plan=name, **told))


def show_comparison(terminal: Terminal, comparison: Comparison, catalog: Catalog) -> None:
    """Show what changed from the first plan to the second: measures, then modules, then limits."""
    from curriplan.plan.comparison import CLOSURES
    from curriplan.report.comparison import module_table, notes
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    labels = Labels(catalog, Words(terminal.language))
    for note in notes(labels, comparison):
        terminal.tell("\n".join(wrapped(note)))
    names = ["what", "first", "second"]
    table = grid([(terminal.text(f"column.{n}"), "left" if n == "what" else "right") for n in names])
    for row in comparison.measured:
        what = labels.measure(row.name)
        label = f"{what}, {row.programme}" if row.programme else what
        values = ((row.first, row.first_range), (row.second, row.second_range))
        is_closure = row.name in CLOSURES
        add_row(table, label, *(_measure(terminal, *value, is_closure=is_closure) for value in values))
    terminal.table(table)
    if any(row.first_range or row.second_range for row in comparison.measured):
        terminal.say_wrapped(terminal.text("compare.err"))
    terminal.say()
    changed = comparison.changed_modules
    counts = Counter(row.change.value for row in comparison.modules)
    words = {word: counts[word] for word in ("taken", "left_out", "moved", "same")}
    terminal.say_wrapped(terminal.text("compare.counts", **words))
    if changed:
        terminal.rows_of(module_table(labels), changed[:CHANGES_SHOWN])
    if len(changed) > CHANGES_SHOWN:
        terminal.say_wrapped(terminal.text("compare.more", count=len(changed) - CHANGES_SHOWN))
    _show_limits(terminal, comparison, labels)


def _show_limits(terminal: Terminal, comparison: Comparison, labels: Labels) -> None:
    """Show the settings and the values of the profile that differ."""
    if not comparison.limits:
        return
    terminal.say()
    terminal.say_wrapped(terminal.text("compare.limits"))
    for limit in comparison.limits:
        first, second = (_limit_text(terminal, labels, value) for value in (limit.first, limit.second))
        terminal.say_wrapped(f"{labels.limit(limit.name)}: {first} {terminal.arrow} {second}", 2, hanging=2)


def _limit_text(terminal: Terminal, labels: Labels, value: Any) -> str:
    from curriplan.report.comparison import limit_words

    if isinstance(value, int) and not isinstance(value, bool):
        return terminal.number(value)
    return short(limit_words(labels, value), LIMIT_LETTERS)


def _measure(terminal: Terminal, value: Any, sure: ErrRange | None, *, is_closure: bool) -> str:
    """Return a measure; a closure with its range if estimates err."""
    if value is None:
        return NO_NUMBER
    if not is_closure:
        return terminal.number(value)
    ends = (None, None) if sure is None else (sure.closure_low, sure.closure_high)
    return f"{terminal.words.ranged(value, *ends)} %"
