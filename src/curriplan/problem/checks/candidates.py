"""Checks of what the modules that a programme may take come to together, and of what nobody may take."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from curriplan.base.errors import Issue
from curriplan.catalog.records import HoursByKind, Module, Programme, Standing
from curriplan.problem.checks.checked import TOLERANCE, Checked, Rule, by_row, first_names, number_text


def candidates_of_nobody(checked: Checked) -> Iterator[Issue]:
    """Find modules that no programme may take and no row of programme_modules names: one warning for all."""
    nobodys = _of_nobody(checked)
    if nobodys:
        names = first_names(row.id for row in nobodys)
        yield Issue("module-of-nobody", nobodys[0].place("id"), {"count": len(nobodys), "modules": names})


def _of_nobody(checked: Checked) -> list[Module]:
    named = {row.module for row in checked.catalog.programme_modules}
    known = named.union(checked.catalog.header_ids, *checked.offered.values())
    return by_row(row for row in checked.catalog.modules if row.id not in known)


def unreachable_credits(checked: Checked) -> Iterator[Issue]:
    """Find programmes without rows whose candidates together have fewer credits than they need."""
    for programme in _without_rows(checked):
        least = checked.limits.min_credits(programme)
        most = sum(map(_credits, checked.modules_of(programme.id))) + _fixed_credits(checked, programme)
        if least is not None and most < least - TOLERANCE:
            values = {"programme": programme.id, "most": number_text(most), "least": number_text(least)}
            yield Issue("candidates-too-few-credits", programme.place("id"), values)


def unreachable_total(checked: Checked) -> Iterator[Issue]:
    """Find programmes with rows whose modules, all of them taken, have fewer credits than they need."""
    for programme in (row for row in checked.planned if row.id in checked.standings):
        least = checked.limits.min_credits(programme)
        most = _most_credits(checked, programme)
        if least is not None and most < least - TOLERANCE:
            own = programme.min_credits is not None
            values = {
                "programme": programme.id,
                "most": number_text(most),
                "least": number_text(least),
                "norm": "min_credits" if own else checked.limits.total_credits_key(programme),
            }
            yield Issue("modules-too-few-credits", programme.place("min_credits" if own else "id"), values)


def _most_credits(checked: Checked, programme: Programme) -> float:
    """Return the most credits of a plan: of modules that exclude each other (§5) the largest counts."""
    largest: dict[tuple[str, str], float] = {}
    for row in checked.modules_of(programme.id):
        key = ("module", row.id) if row.exclusive_group is None else ("group", row.exclusive_group)
        largest[key] = max(largest.get(key, 0.0), _credits(row))
    return sum(largest.values()) + _fixed_credits(checked, programme)


def unreachable_practice(checked: Checked) -> Iterator[Issue]:
    """Find programmes without rows whose candidates have too little practice, however they are chosen."""
    share = checked.limits.number("practice_share_min")
    for programme in _without_rows(checked) if share else ():
        most = _most_practice_over(checked, programme, share or 0.0)
        if most is not None and most < -TOLERANCE:
            values = {"programme": programme.id, "share": number_text(100 * (share or 0.0))}
            yield Issue("candidates-too-little-practice", programme.place("id"), values)


def unreachable_share(checked: Checked) -> Iterator[Issue]:
    """Find programmes with rows of which no choice has the share of practice and the credits they need."""
    share = checked.limits.number("practice_share_min")
    if not share or share > 1:  # said to be no share
        return
    for programme in (row for row in checked.planned if row.id in checked.standings):
        taken = {row.module for row in checked.standings[programme.id] if row.status is Standing.MANDATORY}
        most = _most_practice_over(checked, programme, share, taken)
        if most is not None and most < -TOLERANCE:
            values = {"programme": programme.id, "share": number_text(100 * share)}
            yield Issue("modules-too-little-practice", programme.place("id"), values)


def _most_practice_over(
    checked: Checked, programme: Programme, share: float, taken: Collection[str] = ()
) -> float | None:
    """Return the most that practice may exceed its share of all hours, hours; None where credits lack.

    A bound: modules that only fill credits are taken by parts, those first that take the least of it.
    Those of `taken` are in every plan.
    """
    fixed = [row for row in checked.catalog.programme_fixed_hours if row.programme == programme.id]
    modules = list(checked.modules_of(programme.id))
    found = sum(_over(checked, row.section, row, share) for row in fixed)
    lacking = (checked.limits.min_credits(programme) or 0.0) - _fixed_credits(checked, programme)
    filling = []
    for row in modules:
        over = _over(checked, row.section, row, share)
        if over >= 0 or row.id in taken:
            found += over
            lacking -= _credits(row)
        elif _credits(row) > 0:
            filling.append((-over / _credits(row), _credits(row)))
    for hours_a_credit, credits_there in sorted(filling):
        part = min(credits_there, max(0.0, lacking))
        found -= hours_a_credit * part
        lacking -= part
    return found if lacking <= TOLERANCE else None


def _over(checked: Checked, section: str, row: HoursByKind, share: float) -> float:
    """Return the practice hours above the share of a row's hours; 0 outside the sections that count (§7)."""
    counts = section in checked.limits.practice_sections
    return row.practice_hours - share * row.total_hours if counts else 0.0


def _credits(row: Module) -> float:
    return row.credits or 0.0


def _fixed_credits(checked: Checked, programme: Programme) -> float:
    rows = (row for row in checked.catalog.programme_fixed_hours if row.programme == programme.id)
    return sum(checked.limits.fixed_credits(row) for row in rows)


def _without_rows(checked: Checked) -> Iterator[Programme]:
    return (row for row in checked.planned if row.id not in checked.standings)


TABLES = (
    "modules",
    "module_outcomes",
    "module_functions",
    "labour_functions",
    "module_requisites",
    "programme_modules",
    "occupation_requirements",
    "targets",
    "floors",
    "baseline",
    "competency_relations",
    "competency_mappings",
)
"""What decides who is a candidate."""

RULES = (
    Rule(candidates_of_nobody, TABLES),
    Rule(unreachable_credits, (*TABLES, "programme_fixed_hours", "profile")),
    Rule(unreachable_total, ("modules", "programme_modules", "programme_fixed_hours", "profile")),
    Rule(unreachable_share, ("modules", "programme_modules", "programme_fixed_hours", "profile")),
    Rule(unreachable_practice, (*TABLES, "programme_fixed_hours", "profile")),
)
