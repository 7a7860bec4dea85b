"""Checks of modules, their headers and their requisites."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from curriplan.base.errors import Issue
from curriplan.catalog.order import unsaid_order
from curriplan.catalog.records import HoursKind, Module, Record, RequisiteKind, Standing
from curriplan.catalog.records.unread import is_read
from curriplan.problem.checks.checked import TOLERANCE, Checked, Rule, differs, number_text
from curriplan.problem.requisites import RequisiteConflict, contradictory_requisites, find_requisite_cycles
from curriplan.texts.words import Digits


def exit_levels(checked: Checked) -> Iterator[Issue]:
    """Find modules that end no higher than they begin."""
    for row in checked.catalog.module_outcomes:
        if row.exit_level <= row.entry_level:
            values = {"entry": row.entry_level, "exit": row.exit_level}
            yield Issue("exit-not-above-entry", row.place("exit_level"), values)


def missing_credits(checked: Checked) -> Iterator[Issue]:
    """Find modules without credits that are no header."""
    for row in checked.catalog.modules:
        if row.credits is None and row.id not in checked.catalog.header_ids:
            yield Issue("missing-credits", row.place("credits"), {"module": row.id})


def credit_steps(checked: Checked) -> Iterator[Issue]:
    """Find credits off the profile's step."""
    step = checked.limits.number("credit_step")
    if not step or not 0 < step < math.inf:  # said of the profile already
        return
    for row in checked.catalog.modules:
        if row.credits is not None and differs(row.credits / step, round(row.credits / step)):
            values = {"credits": number_text(row.credits), "step": number_text(step)}
            yield Issue("credits-off-step", row.place("credits"), values)


def hours_of_credits(checked: Checked) -> Iterator[Issue]:
    """Find modules whose hours are not their credits times the hours of a credit."""
    per_credit = checked.limits.number("hours_per_credit")
    if not per_credit:
        return
    for row in checked.catalog.modules:
        hours = checked.limits.credit_hours(row)
        empty_header = row.id in checked.catalog.header_ids and hours == 0
        if row.credits is not None and not empty_header and differs(hours, row.credits * per_credit):
            values = {
                "hours": number_text(hours),
                "credits": number_text(row.credits),
                "expected": number_text(row.credits * per_credit),
                "per_credit": number_text(per_credit),
            }
            yield Issue("hours-not-credits", row.place("credits"), values)


def header_sums(checked: Checked) -> Iterator[Issue]:
    """Find headers that say other credits or hours than their outcomes sum to.

    The sum may be that of all outcomes, or of those that stand in an existing curriculum: candidates
    that a plan may add under the header are then not part of what it says.
    """
    standing = {r.module for r in checked.catalog.programme_modules if r.status is not Standing.CANDIDATE}
    children: defaultdict[str, list[Module]] = defaultdict(list)
    for row in checked.catalog.modules:
        children[row.parent or ""].append(row)
    for header in (row for row in checked.catalog.modules if row.id in checked.catalog.header_ids):
        every = children[header.id]
        choices = (every, [row for row in every if row.id in standing])
        yield from _header_credits(header, choices)
        yield from _header_hours(header, choices)


def _header_credits(header: Module, choices: tuple[list[Module], ...]) -> Iterator[Issue]:
    if not all(is_read(row, "credits") for row in (header, *choices[0])):
        return
    sums = [sum(row.credits or 0.0 for row in rows) for rows in choices]
    if header.credits is not None and all(differs(header.credits, value) for value in sums):
        values = {"module": header.id, "credits": number_text(header.credits), "sum": number_text(sums[0])}
        yield Issue("header-not-sum", header.place("credits"), values)


def _header_hours(header: Module, choices: tuple[list[Module], ...]) -> Iterator[Issue]:
    kinds = [f"{kind}_hours" for kind in HoursKind]
    if not all(is_read(row, *kinds) for row in (header, *choices[0])) or header.total_hours == 0:
        return
    for kind in HoursKind:
        sums = [sum(row.hours(kind) for row in rows) for rows in choices]
        if all(differs(header.hours(kind), value) for value in sums):
            values = {
                "module": header.id,
                "hours": number_text(header.hours(kind)),
                "sum": number_text(sums[0]),
            }
            yield Issue("header-hours-not-sum", header.place(f"{kind}_hours"), values)


def nested_headers(checked: Checked) -> Iterator[Issue]:
    """Find headers under a header."""
    for row in checked.catalog.modules:
        if row.parent is not None and row.id in checked.catalog.header_ids:
            yield Issue("nested-header", row.place("parent"), {"module": row.id, "parent": row.parent})


def chosen_headers(checked: Checked) -> Iterator[Issue]:
    """Find headers where only a module that can be taken makes sense."""
    catalog = checked.catalog
    uses: tuple[tuple[Iterable[Record], str], ...] = (
        (catalog.programme_modules, "module"),
        (catalog.module_outcomes, "module"),
        (catalog.module_resources, "module"),
        (catalog.module_requisites, "module"),
        (catalog.module_requisites, "requires"),
    )
    for rows, name in uses:
        for row in rows:
            module = getattr(row, name)
            if module in catalog.header_ids:
                yield Issue("header-chosen", row.place(name), {"module": module})


def span_weights(checked: Checked) -> Iterator[Issue]:
    """Find weights of a module's terms that do not fit."""
    for row in checked.catalog.modules:
        if not row.span_weights:
            continue
        if len(row.span_weights) != row.span_terms:
            values = {"count": len(row.span_weights), "terms": row.span_terms}
            yield Issue("span-weights-length", row.place("span_weights"), values)
        elif differs(math.fsum(row.span_weights), 1):
            total = number_text(math.fsum(row.span_weights))
            yield Issue("span-weights-sum", row.place("span_weights"), {"sum": total})


def span_parts(checked: Checked) -> Iterator[Issue]:
    """Find modules over several terms whose parts are off the step of credits."""
    step = checked.limits.number("credit_step")
    if not step or not 0 < step < math.inf:
        return
    for row in checked.catalog.modules:
        whole = row.credits or 0.0
        fits = len(row.term_weights) == row.span_terms and not differs(math.fsum(row.term_weights), 1)
        if row.span_terms == 1 or not whole or not fits or differs(whole / step, round(whole / step)):
            continue  # said already
        parts = [whole * weight for weight in row.term_weights]
        if any(differs(part / step, round(part / step)) for part in parts):
            stepped = _in_steps(parts, step)
            values = {
                "module": row.id,
                "step": number_text(step),
                "parts": Digits(" + ".join(map(number_text, parts))),
                "stepped": Digits(" + ".join(map(number_text, stepped))),
                "weights": ";".join(number_text(part / whole) for part in stepped),
            }
            yield Issue("span-parts-off-step", row.place("span_weights"), values)


def _in_steps(parts: list[float], step: float) -> list[float]:
    """Return parts of the same sum in whole steps: what is given until each term is rounded."""
    ends = [math.floor(math.fsum(parts[:count]) / step + 0.5 + TOLERANCE) for count in range(len(parts) + 1)]
    return [(end - begin) * step for begin, end in pairwise(ends)]


def own_requisites(checked: Checked) -> Iterator[Issue]:
    """Find modules that require themselves."""
    for row in checked.catalog.module_requisites:
        if row.module == row.requires:
            yield Issue("requires-itself", row.place("requires"), {"module": row.module})


def alternatives_of_several_kinds(checked: Checked) -> Iterator[Issue]:
    """Find rows of a module that share a word in any_of but differ in kind: they are no alternatives."""
    kinds: dict[tuple[str, str], RequisiteKind] = {}
    for row in checked.catalog.module_requisites:
        if row.any_of is not None:
            first = kinds.setdefault((row.module, row.any_of), row.kind)
            if first is not row.kind:
                values = {"module": row.module, "word": row.any_of, "first": first, "kind": row.kind}
                yield Issue("alternatives-mixed-kinds", row.place("any_of"), values)


def requisite_cycles(checked: Checked) -> Iterator[Issue]:
    """Find prerequisites that form a cycle."""
    for conflict in find_requisite_cycles(checked.catalog):
        yield _conflict_issue("requisite-cycle", conflict)


def contradictions(checked: Checked) -> Iterator[Issue]:
    """Find prerequisites and corequisites that contradict each other."""
    for conflict in contradictory_requisites(checked.catalog):
        yield _conflict_issue("contradictory-requisites", conflict)


def _conflict_issue(code: str, conflict: RequisiteConflict) -> Issue:
    rows = ", ".join(str(row.place()) for row in conflict.rows)
    values = {"cycle": " -> ".join(conflict.modules), "rows": rows}
    return Issue(code, conflict.rows[0].place("requires"), values)


HEADER_NEEDS = ("modules.id", "modules.parent", "programme_modules.module", "programme_modules.status")


def order_of_today(checked: Checked) -> Iterator[Issue]:
    """Find outcomes and practices that a plan may put before what they follow today: one warning for all."""
    catalog = checked.catalog
    pairs = unsaid_order(catalog)
    if pairs:
        first, before = pairs[0]
        row = next(row for row in catalog.programme_modules if row.module == first)
        values = {"count": len(pairs), "module": first, "other": before}
        yield Issue("order-not-said", row.place("current_term"), values)


RULES = (
    Rule(exit_levels),
    Rule(missing_credits, ("modules.parent",)),
    Rule(credit_steps, ("profile",)),
    Rule(hours_of_credits, ("profile", "modules.parent")),
    Rule(
        header_sums, ("modules.id", "modules.parent", "programme_modules.module", "programme_modules.status")
    ),
    Rule(nested_headers),
    Rule(chosen_headers),
    Rule(span_weights),
    Rule(span_parts, ("profile",)),
    Rule(own_requisites),
    Rule(alternatives_of_several_kinds),
    Rule(requisite_cycles, ("module_requisites",)),
    Rule(order_of_today, ("programmes", "modules", "module_requisites", "programme_modules")),
    Rule(contradictions, ("module_requisites",)),
)
