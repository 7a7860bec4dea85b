"""What a network of colleges came to, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal, add_row, grid
from curriplan.plan.network import NetworkPlan, RegionResult, SharedKind, SharedRow
from curriplan.texts.words import short

if TYPE_CHECKING:
    from rich.table import Table

    from curriplan.report.network.view import NetworkView

WORST_SHOWN = 5
"""Regions or colleges that are shown; the workbook has all."""
LIMITS_SHOWN = 8
NAME_LETTERS = 34
HANGING = 28


def show_national(terminal: Terminal, plan: NetworkPlan, written: Sequence[str]) -> None:
    """Show closure, its gap, money, failures, the worst regions or colleges, and the files."""
    from curriplan.report.network.view import NetworkView
    from curriplan.texts.words import Words

    view = NetworkView(plan, Words(terminal.language))
    terminal.say_wrapped(_heading(terminal, view))
    for name, value in _lines(terminal, view):
        terminal.say_wrapped(f"{terminal.text(f'nation.{name}') + ':':<{HANGING}}{value}", 2, hanging=HANGING)
    for table in (_limits(terminal, view), _worst(terminal, view)):
        if table is not None:
            terminal.say()
            terminal.table(table)
    terminal.say()
    terminal.say_wrapped(f"{terminal.text('line.written')}: {', '.join(written)}")


def _heading(terminal: Terminal, view: NetworkView) -> str:
    told = {"network": view.title, "count": len(view.colleges), "learners": _learners(terminal, view)}
    return terminal.text("nation.heading" if view.is_national else "nation.heading_alone", **told)


def _learners(terminal: Terminal, view: NetworkView) -> str:
    return terminal.number(sum(one.plan.learners for one in view.colleges))


def _lines(terminal: Terminal, view: NetworkView) -> Iterator[tuple[str, str]]:
    """Yield what is told, and what it is."""
    percent, national = terminal.percent, view.plan.national
    if view.colleges:
        alone = view.mean_closure((one.alone, one.alone.closure) for one in view.colleges)
        today = view.mean_closure((one.alone, one.alone.closure_before) for one in view.colleges)
        yield "closure", f"{percent(today)} {terminal.arrow} {percent(alone)} %"
    if national is not None:
        yield "closure_national", f"{percent(national.closure, 2)} %"
        bound = {"bound": percent(national.bound, 2), "gap": percent(national.gap, 2)}
        yield "bound", terminal.text("nation.bound_said", rounds=len(national.rounds), **bound)
        if national.is_over_list:
            yield "groups", terminal.text("nation.over_list")
        if national.stopped is not None:
            yield "stopped", terminal.text(f"nation_stopped.{national.stopped}")
    if view.has_weights:
        yield "weighted", view.by
    yield "money", terminal.number(sum(one.plan.cost_kzt for one in view.colleges))
    if view.failed:
        counts = Counter("none" if one.failure is None else one.failure.kind.value for one in view.failed)
        kinds = (
            f"{terminal.text(f'nation_failed.{kind}')} {count}" for kind, count in sorted(counts.items())
        )
        yield "failed", f"{len(view.failed)} ({', '.join(kinds)})"


def _limits(terminal: Terminal, view: NetworkView) -> Table | None:
    """Return the shared limits that are used most: money, then hours."""
    rows = [*view.shared(SharedKind.MONEY), *view.shared(SharedKind.HOURS)]
    if not rows or not view.is_national:
        return None
    rows = sorted(rows, key=lambda one: -_share(one))[:LIMITS_SHOWN]
    names = ("limit", "alone", "used", "share")
    table = grid(
        [(terminal.text("nation.column_shared"), "left")]
        + [(terminal.text(f"nation.column_{name}"), "right") for name in names]
    )
    labels = [_label(view, one, view.shared_names[one.subject], view.where) for one in rows]
    counts = Counter(labels)
    for one, said in zip(rows, labels, strict=True):
        label = said if counts[said] == 1 else _label(view, one, one.subject, str)
        amounts = (terminal.number(value) for value in (one.limit, one.used_alone, one.used))
        add_row(table, label, *amounts, percent_of(terminal, _share(one)))
    return table


def _label(view: NetworkView, one: SharedRow, name: str, region: Callable[[str], str]) -> str:
    """Return the name of a limit, shortened; those that are then alike have ids instead."""
    when = view.texts.semester(one.when) if one.kind is SharedKind.HOURS else one.when
    name = ", ".join((name, *([] if one.region is None else [region(one.region)])))
    return ", ".join(part for part in (short(name, NAME_LETTERS - len(when) - 2), when) if part)


def percent_of(terminal: Terminal, share: float) -> str:
    """Return a share with its sign."""
    return f"{terminal.percent(share)} %"


def _share(one: SharedRow) -> float:
    return one.used / one.limit if one.limit else 0.0


def _worst(terminal: Terminal, view: NetworkView) -> Table | None:
    """Return the regions that close least, those below their floor first; of one region its colleges."""
    regions = [one for one in view.plan.regions if one.closure is not None]
    if len(regions) > 1:
        return _worst_regions(terminal, view, regions)
    rows = sorted(view.colleges, key=lambda one: (one.plan.closure, one.id))[:WORST_SHOWN]
    if len(rows) < 2:
        return None
    table = grid(
        [
            (terminal.text("nation.column_lowest_college"), "left"),
            (terminal.text("nation.column_before"), "right"),
            (terminal.text("nation.column_closure"), "right"),
        ]
    )
    for one in rows:
        shares = (percent_of(terminal, share) for share in (one.plan.closure_before, one.plan.closure))
        add_row(table, short(one.name, NAME_LETTERS), *shares)
    return table


def _worst_regions(terminal: Terminal, view: NetworkView, regions: Sequence[RegionResult]) -> Table:
    def key(one: RegionResult) -> tuple[bool, float, str]:
        closure = one.closure or 0.0
        return one.floor is None or closure >= one.floor - FLOOR_SLACK, closure, one.id

    table = grid(
        [
            (terminal.text("nation.column_lowest_region"), "left"),
            (terminal.text("nation.column_before"), "right"),
            (terminal.text("nation.column_closure"), "right"),
            (terminal.text("nation.column_floor"), "right"),
        ]
    )
    for one in sorted(regions, key=key)[:WORST_SHOWN]:
        floor = "-" if one.floor is None else percent_of(terminal, one.floor)
        mark = "" if key(one)[0] else " !"
        shares = (percent_of(terminal, share or 0.0) for share in (one.closure_before, one.closure))
        add_row(table, short(view.region_names[one.id], NAME_LETTERS), *shares, floor + mark)
    return table


FLOOR_SLACK = 1e-6
