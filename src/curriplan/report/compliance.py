"""The Compliance sheet: what an inspector looks at first of every check, counted by rule and by programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from curriplan.report import checks as every
from curriplan.report.checks import CheckCells
from curriplan.report.context import ComplianceCells, Context, CurriculumCells, YearCells
from curriplan.report.labels import is_replaced
from curriplan.report.norms import norm_name, override_line
from curriplan.xlsx.formula import Match, chained, smaller, sum_where, total_known, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Term, constant

COLUMNS = (
    Column("column.rule", "centre", 14),
    Column("column.norm", "text", 38),
    Column("column.programme", "code", 14),
    Column("column.subject", "text", 34),
    Column("column.limit", "number", 12),
    Column("column.unit", "text", 10),
    Column("column.before", "number", 12),
    Column("column.status_before", "status", 16),
    Column("column.after", "number", 12),
    Column("column.status_after", "status", 16),
)
"""Of the checks that are broken or at their limit; the counts stand in the same columns."""
RULE, NORM, PROGRAMME, SUBJECT, LIMIT, UNIT, BEFORE, STATUS_BEFORE, AFTER, STATUS_AFTER = range(10)
REPEATED: Mapping[int, int] = {
    RULE: every.RULE,
    NORM: every.NORM,
    PROGRAMME: every.PROGRAMME,
    SUBJECT: every.SUBJECT,
    LIMIT: every.LIMIT,
    UNIT: every.UNIT,
    BEFORE: every.BEFORE,
    STATUS_BEFORE: every.STATUS_BEFORE,
    AFTER: every.AFTER,
    STATUS_AFTER: every.STATUS_AFTER,
}
"""Which column of the sheet of every check stands in which of this one."""
COUNTS = {
    RULE: ("column.rule", RULE),
    NORM: ("column.norm", SUBJECT),
    LIMIT: ("column.checks", UNIT),
    BEFORE: ("column.broken_before", STATUS_BEFORE),
    AFTER: ("column.broken_after", AFTER),
    STATUS_AFTER: ("column.at_limit", STATUS_AFTER),
}
"""Columns of the counts, each with the last column that it takes."""
ARITHMETIC = ("hours", "headers", "sums")
"""Faults of the working curricula that count as breaches: one check for each curriculum."""
MOST_REPLACED = 2
"""Norms on a replaced order that are named; of the others the number is told."""
MOST_BROKEN = 40
"""Broken checks that are repeated; the others stand on the sheet of every check."""


def add_compliance_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    return context.book.sheet(context.texts("sheet.compliance"), [column.width for column in COLUMNS])


def write_compliance(
    context: Context, sheet: Sheet, checked: CheckCells, curricula: Mapping[str, CurriculumCells]
) -> ComplianceCells:
    """Write the sheet: how many norms were verified, counts by rule and programme, what needs a look."""
    row = sheet.heading("title.compliance", "how.compliance")
    sheet.across(row, norms_verified(context), "label")
    row = _write_overrides(context, sheet, row + 1)
    cells, row = _write_by_rule(context, sheet, row + 1, checked, curricula)
    row = _write_by_programme(context, sheet, row + 1, checked, curricula)
    _write_broken_or_near(context, sheet, row + 1, checked)
    sheet.freeze(2)
    return cells


def norms_verified(context: Context) -> str:
    """Say how many norms of the profile in force somebody has compared with the text of the order."""
    norms = context.view.limits.profile.values()
    if not norms:
        return context.texts("phrase.no_norms")
    verified = sum(row.verified for row in norms)
    key = "phrase.norms_verified" if verified else "phrase.norms_none_verified"
    if verified == len(norms):
        key = "phrase.norms_all_verified"
    said = context.texts(key, verified=verified, norms=len(norms))
    replaced = [row for row in norms if is_replaced(row.source or "")]
    if not replaced:
        return said
    named = (
        f"{norm_name(context.labels, row.key_name)} – {context.labels.source(row.source or '')}"
        for row in replaced[:MOST_REPLACED]
    )
    more = len(replaced) - MOST_REPLACED
    which = "; ".join(named)
    if more > 0:
        which = context.texts("phrase.and_more", first=which, count=more)
    return f"{said} {context.texts('phrase.norms_replaced', which=which)}"


def _write_overrides(context: Context, sheet: Sheet, row: int) -> int:
    """Write which norms do not hold as the profile says, and what stands in their stead."""
    said = [override_line(context.labels, one) for one in context.view.limits.norm_overrides]
    if not said:
        return row
    sheet.across(row + 1, context.texts("heading.norm_overrides"), "heading")
    for place, line in enumerate(said, start=row + 2):
        sheet.across(place, line, "plain")
    return row + 2 + len(said)


def _put(sheet: Sheet, row: int, column: int, value: str | float | Term | None, style: str) -> Term:
    """Write a cell of the counts over its columns; return a reference to it."""
    sheet.put_across(row, value, style, column, COUNTS[column][1])
    return sheet.ref(row, column)


def _header(context: Context, sheet: Sheet, row: int, title: str, names: Mapping[int, str]) -> int:
    sheet.across(row, context.texts(title), "heading")
    for column, (key, _) in COUNTS.items():
        _put(sheet, row + 1, column, context.texts(names.get(column, key)), "header")
    return row + 2


def _count(
    context: Context,
    sheet: Sheet,
    row: int,
    checked: CheckCells,
    *mine: Match,
    faults: Sequence[Term] = (),
) -> None:
    """Write the number of checks that match, and how many of them are broken or at their limit.

    Each of the `faults` counts as one check more, broken where there are any.
    """
    broken = constant(context.texts("status.broken"))
    near = constant(context.texts("status.at_limit"))
    counts = {
        LIMIT: sum_where(None, *mine),
        **{
            column: sum_where(None, *mine, (checked.columns[statuses], "=", sign))
            for column, statuses, sign in (
                (BEFORE, every.STATUS_BEFORE, broken),
                (AFTER, every.STATUS_AFTER, broken),
                (STATUS_AFTER, every.AT_LIMIT, near),
            )
        },
    }
    if faults:
        counts[LIMIT] = counts[LIMIT] + constant(len(faults))
        counts[AFTER] = counts[AFTER] + _with_faults(faults)
    for column, count in counts.items():
        _put(sheet, row, column, count, "count")


def _with_faults(faults: Sequence[Term]) -> Term:
    """Return how many of some counts of faults are not 0."""
    return total_of([smaller(constant(1), one) for one in faults])


def _write_by_rule(
    context: Context,
    sheet: Sheet,
    row: int,
    checked: CheckCells,
    curricula: Mapping[str, CurriculumCells],
) -> tuple[ComplianceCells, int]:
    """Write how many checks each rule has and how many are broken, before and after.

    Below the rules stands what an inspector re-adds by hand, and then what only warns.
    """
    first = _header(context, sheet, row, "heading.by_rule", {})
    for place, rule in enumerate(checked.rules, start=first):
        _put(sheet, place, RULE, rule, "centre")
        _put(sheet, place, NORM, context.labels.rule_texts(f"rule.{rule}"), "text")
        _count(context, sheet, place, checked, (checked.columns[every.RULE], "=", sheet.ref(place, RULE)))
    end = first + len(checked.rules)
    for name in ARITHMETIC:
        _write_arithmetic(context, sheet, end, name, [one.faults[name] for one in curricula.values()])
        end += 1
    _write_total(context, sheet, first, end)
    cells = [sheet.ref(end, column) for column in (LIMIT, BEFORE, AFTER)]
    _write_years(context, sheet, end + 1, [one.years for one in curricula.values()])
    sheet.colour_positive(first, AFTER, end)
    sheet.keep_together(row, end + 1)
    return ComplianceCells(sheet.name, *cells), end + 2


def _write_total(context: Context, sheet: Sheet, first: int, end: int) -> None:
    _put(sheet, end, RULE, "", "text total")
    _put(sheet, end, NORM, context.texts("phrase.total"), "text total")
    for column in (LIMIT, BEFORE, AFTER, STATUS_AFTER):
        _put(sheet, end, column, total_known(sheet.range(column, first, end - 1)), "count total")


def _write_arithmetic(context: Context, sheet: Sheet, row: int, name: str, faults: Sequence[Term]) -> None:
    """Write how many working curricula have a fault of a kind; today's are not written out."""
    _put(sheet, row, RULE, "Σ", "centre")
    _put(sheet, row, NORM, context.texts(f"arithmetic.{name}"), "text")
    _put(sheet, row, LIMIT, len(faults), "count")
    _put(sheet, row, BEFORE, "–", "count")
    _put(sheet, row, AFTER, _with_faults(faults), "count")
    _put(sheet, row, STATUS_AFTER, "–", "count")


def _write_years(context: Context, sheet: Sheet, row: int, years: Sequence[YearCells]) -> None:
    """Write how many years lie outside the band of a year's credits: a warning, in no sum."""
    _put(sheet, row, RULE, "△", "centre")
    _put(sheet, row, NORM, context.texts("phrase.years_outside"), "text")
    _put(sheet, row, LIMIT, total_of([one.judged for one in years]), "count")
    _put(sheet, row, BEFORE, "–", "count")
    _put(sheet, row, AFTER, total_of([one.outside for one in years]), "count")
    _put(sheet, row, STATUS_AFTER, "–", "count")


def _write_by_programme(
    context: Context,
    sheet: Sheet,
    row: int,
    checked: CheckCells,
    curricula: Mapping[str, CurriculumCells],
) -> int:
    """Write the same counts by programme, and those of the college as a whole."""
    names = {RULE: "column.programme", NORM: "column.programme_name"}
    first = _header(context, sheet, row, "heading.checks_by_programme", names)
    programmes = context.view.limits.planned
    for place, name in enumerate(programmes, start=first):
        _put(sheet, place, RULE, name, "code")
        _put(sheet, place, NORM, context.labels.programme(name), "text")
        mine = (checked.columns[every.PROGRAMME], "=", sheet.ref(place, RULE))
        faults = [curricula[name].faults[kind] for kind in ARITHMETIC]
        _count(context, sheet, place, checked, mine, faults=faults)
    end = first + len(programmes)
    _put(sheet, end, RULE, "", "code")
    _put(sheet, end, NORM, context.texts("phrase.whole_college"), "text")
    _count(context, sheet, end, checked, (checked.columns[every.PROGRAMME], "=", constant("")))
    _write_total(context, sheet, first, end + 1)
    sheet.keep_together(row, end + 1)
    return end + 2


def _write_broken_or_near(context: Context, sheet: Sheet, row: int, checked: CheckCells) -> None:
    """Repeat the checks that the plan breaks, and of each kind the one that is nearest to its limit."""
    shown, more = _needing_a_look(context, checked)
    sheet.across(row, context.texts("heading.broken_or_near"), "heading")
    if not shown:
        sheet.across(row + 1, context.texts("phrase.none_broken_or_near"), "plain")
        return
    first = sheet.header(row + 1, COLUMNS)
    sheet.keep_together(row, first + 1)
    for place, (line, others) in enumerate(shown, start=first):
        style = every.UNIT_STYLES[checked.rows[line].check.unit]
        for column, source in REPEATED.items():
            term = checked.sheet.ref(checked.first + line, source)
            if column == SUBJECT and others:
                more_near = context.texts("phrase.and_others_near", count=others)
                term = chained(term, constant(f" {more_near}")) if term.value else constant(more_near)
            look = style if column in (LIMIT, BEFORE, AFTER) else COLUMNS[column].style
            if term.value in (None, ""):  # of an empty cell a formula would make 0
                sheet.text(place, column, "", look)
            else:
                sheet.formula_across(place, term, look, column, column)
    last = first + len(shown) - 1
    for column in (STATUS_BEFORE, STATUS_AFTER):
        context.colour_status(sheet, first, column, last)
    if more:
        text = context.texts("phrase.more_broken", count=more, sheet=checked.sheet.name)
        sheet.across(last + 1, text, "note")


def _needing_a_look(context: Context, checked: CheckCells) -> tuple[list[tuple[int, int]], int]:
    """Return the rows to repeat, each with how many like it are at their limit, and how many are left out.

    A whole college keeps a hundred weekly loads narrowly: of what holds, one row an aspect is enough.
    """
    near = context.texts("status.at_limit")
    broken = [place for place, row in enumerate(checked.rows) if not row.check.holds]
    kinds: dict[str, list[int]] = {}
    for place, row in enumerate(checked.rows):
        if checked.columns[every.AT_LIMIT].values[place] == near:
            kinds.setdefault(row.check.aspect, []).append(place)

    def room_left(place: int) -> tuple[float, int]:
        check = checked.rows[place].check
        return abs(check.actual - check.limit) / check.limit, place

    nearest = [(min(places, key=room_left), len(places) - 1) for places in kinds.values()]
    shown = [(place, 0) for place in broken[:MOST_BROKEN]]
    return shown + sorted(nearest), len(broken) - len(shown)
