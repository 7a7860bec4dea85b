"""What a plan came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.objectives import objective_value
from curriplan.cli.console.terminal import Terminal, add_row, grid, short
from curriplan.plan.plan import Status
from curriplan.problem.review import PlanChoice
from curriplan.texts.titles import objective_title
from curriplan.texts.words import NO_NUMBER, Words

if TYPE_CHECKING:
    from rich.table import Table

    from curriplan.api.results import PlanResult

PARTS = ("setup", "delivery", "fees", "travel")
DECISIONS = ("kept", "moved", "added", "dropped")


def show_plan(terminal: Terminal, result: PlanResult, written: Sequence[str]) -> None:
    """Show what a plan came to: status, closure, cost, each stage, each programme, the files."""
    info = result.catalog.info
    settings = result.limits.settings
    gap = terminal.number(settings.stage_gap * 100, 3).rstrip("0").rstrip(".,")
    is_first_look = settings.quick and result.status is not Status.OPTIMAL
    status = terminal.text("status.first_look" if is_first_look else f"status.{result.status.value}", gap=gap)
    terminal.say_wrapped(f"{terminal.text('line.plan', catalog=f'{info.id} {info.version}')}: {status}")
    show_in_force(terminal, result.catalog, result.limits)
    for name, value in _plan_lines(terminal, result):
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


def _plan_lines(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    measures = result.plan.measures
    closure = f"{terminal.percent(result.after.closure_before)} {terminal.arrow} "
    closure += f"{terminal.percent(result.after.objectives['closure'])} %"
    worst = measures["closure_after_worst_programme"]
    if worst is not None:
        value = f"{terminal.percent(measures['closure_after_worst'])} %"
        closure += f"  ({terminal.text('line.worst', programme=worst, value=value)})"
    yield terminal.text("line.closure"), closure
    yield from _err_lines(terminal, result)
    for name in ("essentials", "occupations"):
        total = terminal.text("line.of", total=measures[name])
        change = f"{measures[f'{name}_met_before']} {terminal.arrow} {measures[f'{name}_met_after']}, {total}"
        if name == "occupations" and result.plan.figures is not None:
            change += "; " + terminal.text("line.not_met", count=result.plan.figures.occupations_not_met)
        yield terminal.text(f"line.{name}"), change
    budget = result.limits.budget_kzt
    limit = (
        terminal.text("line.no_budget")
        if budget is None
        else terminal.text("line.of_budget", budget=terminal.number(budget))
    )
    yield terminal.text("line.cost"), f"{terminal.number(result.after.cost_kzt)}, {limit}"
    yield from _money_lines(terminal, result)
    yield from _last_points_line(terminal, result)
    yield from _changes_line(terminal, result)
    yield from _review_lines(terminal, result)
    yield from _replanning_lines(terminal, result)


def _err_lines(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say what becomes of closure, entry levels and floors if estimates err."""
    figures = result.plan.figures
    if figures is None:
        return
    sure = figures.if_estimates_err
    if sure.plan.closure_low is not None:
        shown = terminal.words.percent_range(sure.plan.closure_low, sure.plan.closure_high)
        counts = {"both": sure.plan.both_hold, "draws": sure.draws}
        yield terminal.text("line.err"), terminal.text("line.err_range", range=shown, **counts)


def _money_lines(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say what the new money is for and who pays it, where that is more than one thing or payer."""
    parts: Counter[str] = Counter()
    payers: Counter[str] = Counter()
    for row in result.plan.payments:
        parts[row.part.value] += row.kzt
        payers[row.source] += row.kzt
    if len(parts) > 1:
        for part in (name for name in PARTS if parts[name]):
            yield f"  {terminal.text(f'line.{part}')}", terminal.number(parts[part])
    if len(payers) > 1:
        names = {row.id: row.name(terminal.language) for row in result.catalog.funding_sources}
        for source in (name for name in names if payers[name]):
            payer = short(f"{source} {names[source]}", 26)
            yield f"  {terminal.text('line.payer')}", f"{terminal.number(payers[source])}  {payer}"


def _changes_line(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say how many modules differ from the earlier plan (§12), and from the plan under review."""
    settings = result.limits.settings
    if settings.reviewed:
        yield terminal.text("line.changes_reviewed"), terminal.number(_changes(result, settings.reviewed))
    if settings.previous is None:
        return
    changes = terminal.number(_changes(result, settings.previous))
    if settings.max_changes is not None:
        changes += f", {terminal.text('line.at_most', limit=terminal.number(settings.max_changes))}"
    yield terminal.text("line.changes"), changes


def _changes(result: PlanResult, starts: Sequence[tuple[str, str, int]]) -> int:
    """Count the modules that only one of two plans takes, or in other terms: a move counts once."""
    now = {(row.programme, row.module): row.term for row in result.plan.selection.starts}
    then = {(programme, module): term for programme, module, term in starts}
    return sum(now.get(key) != then.get(key) for key in {**now, **then})


def _review_lines(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say what came of a review: the answers themselves stand on the Changes sheet."""
    record = result.plan.review
    if record is None:
        return
    if record.plan_decision == PlanChoice.APPROVE:
        yield terminal.text("line.review"), terminal.text("line.review_approved")
    counts = {
        "decisions": len(record.decided),
        "comments": len(record.commented),
        "others": sum(not row.asked_for for row in record.changes),
    }
    yield terminal.text("line.review"), terminal.text("line.review_account", **counts)
    if record.outdated:
        names = ", ".join(f"{line.programme} {line.module}" for line in record.outdated)
        yield terminal.text("line.review"), terminal.text("line.review_outdated", names=names)


def _replanning_lines(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say what further changes would buy, and which decisions of a review cost what."""
    found = result.plan.replanning
    if found is None:
        return
    for more in found.further:
        difference = _difference(terminal, more.closure, more.cost_kzt)
        yield terminal.text("line.further", more=more.more), difference
    free = 0
    for price in found.prices:
        if price.closure == 0 and price.cost_kzt == 0:
            free += 1
        else:
            difference = _difference(terminal, price.closure, price.cost_kzt)
            yield terminal.text("line.price"), f"{price.programme} {price.module}: {difference}"
    if free:
        yield terminal.text("line.price"), terminal.text("line.price_none", count=free)


def _difference(terminal: Terminal, closure: float | None, cost_kzt: int | None) -> str:
    """Return a difference of closure and money, or that it was not found in time."""
    if closure is None or cost_kzt is None:
        return terminal.text("line.not_answered")
    points = terminal.words.number(100 * closure, 2, signed=True)
    return terminal.text("line.difference", points=points, cost=terminal.words.number(cost_kzt, signed=True))


def _last_points_line(terminal: Terminal, result: PlanResult) -> Iterator[tuple[str, str]]:
    """Say what the closure that the tolerance gives away would cost, or cost at most."""
    least = result.plan.cost_at_best_closure_kzt
    best_cost = result.plan.cost_at_best_closure_at_most_kzt if least is None else least
    best = result.plan.stage_value("closure")
    if best_cost is None or best is None or best_cost <= result.after.cost_kzt:
        return
    points = terminal.number(100 * (best - result.after.objectives["closure"]), 2)
    more = terminal.number(best_cost - result.after.cost_kzt)
    line = "line.last_points_cost_at_most" if least is None else "line.last_points_cost"
    yield terminal.text("line.last_points"), terminal.text(line, points=points, cost=more)


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
