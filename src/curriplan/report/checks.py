"""The sheet of every check: each rule before and after, live where a formula can follow the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from curriplan.catalog.records import CostPart, ProfileEntry
from curriplan.problem.aspects import ASPECTS, InSettings, RuleCheck, Said
from curriplan.problem.limits import Limits
from curriplan.problem.origins import About, locate
from curriplan.report.context import Context, CurriculumCells, GapCells, PlanCells
from curriplan.report.curriculum_totals import contact_hours
from curriplan.report.labels import Labels, limit_of
from curriplan.report.norms import instead_of, norm_source
from curriplan.report.view import PlanView
from curriplan.xlsx.formula import all_of, choose, holds, ratio, sum_where
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import NOTHING, Range, Term, constant

SAID_BY = {
    Said.USER: "phrase.from_user",
    Said.CATALOG: "phrase.from_catalog",
    Said.MODEL: "phrase.from_model",
}

COST_ASPECTS = ("payments", "funding_share")
"""Their details name parts of costs."""


@dataclass(frozen=True)
class ComplianceRow:
    """A check of the plan, with the same check of the existing curriculum."""

    check: RuleCheck
    rule: str
    norm: str
    subject: str
    unit: str
    before: float | None
    before_holds: bool | None
    source: str
    verified: str


def compliance_table(view: PlanView, labels: Labels) -> tuple[ComplianceRow, ...]:
    """Return the checks by rule, programme, subject.

    Checks that count breaches have one row for all programmes: most of them count none.
    """
    before = {check.key: check for check in _gathered(labels, view.before.checks)}
    checks = _gathered(labels, view.after.checks)
    order = {name: place for place, name in enumerate(view.limits.planned)}
    aspects: dict[str, int] = {}
    for check in checks:
        aspects.setdefault(check.aspect, len(aspects))

    def place(check: RuleCheck) -> tuple[int, int, int, tuple[int, str], str]:
        subject = check.subject or ""
        number = (int(subject), "") if subject.isdigit() else (0, subject)
        rule = int(check.rule.strip("§"))
        programme = order.get(check.programme or "", -1)
        return (rule, aspects[check.aspect], programme, number, check.semester or "")

    return tuple(_row(view, labels, c, before.get(c.key)) for c in sorted(checks, key=place))


def _gathered(labels: Labels, checks: Iterable[RuleCheck]) -> list[RuleCheck]:
    """Add up the breaches of an aspect over the programmes, and name the programme in the details."""
    found: list[RuleCheck] = []
    places: dict[str, int] = {}
    for check in checks:
        if check.unit != "breaches":
            found.append(check)
            continue
        prefix = f"{check.programme}: " if check.programme else ""
        named = check.details if check.aspect in COST_ASPECTS else map(labels.detail, check.details)
        details = (prefix + ", ".join(named),) if check.details else ()
        alone = replace(check, programme=None, details=details)
        if check.aspect in places:
            sum_so_far = found[places[check.aspect]]
            found[places[check.aspect]] = replace(
                alone,
                actual=sum_so_far.actual + check.actual,
                details=sum_so_far.details + details,
            )
        else:
            places[check.aspect] = len(found)
            found.append(alone)
    return found


def _row(view: PlanView, labels: Labels, check: RuleCheck, before: RuleCheck | None) -> ComplianceRow:
    source, verified = _norm_source(view, labels, check)
    return ComplianceRow(
        check=check,
        rule=check.rule,
        norm=_norm(view, labels, check),
        subject=_subject(labels, check, before),
        unit=labels.texts(f"unit.{check.unit}"),
        before=before.actual if before else None,
        before_holds=before.holds if before else None,
        source=source,
        verified=verified,
    )


def _subject(labels: Labels, check: RuleCheck, before: RuleCheck | None) -> str:
    """Return what is checked, and which modules break it, of today's curriculum or of the plan."""
    # A resource or a module of a semester goes by its code: the names stand in other sheets.
    place = f"{check.subject}, {labels.semester(check.semester)}" if check.semester else ""
    parts = [labels.allotted(*limit_of(check), place) if place else labels.subject(check)]
    if before is not None and before.details:
        parts.append(labels.texts("phrase.breaks_before", modules=_details(labels, before)))
    if check.details:
        parts.append(labels.texts("phrase.breaks_after", modules=_details(labels, check)))
    return "; ".join(part for part in parts if part)


def _details(labels: Labels, check: RuleCheck) -> str:
    """Return what breaks a rule; of money, by code, the part of the cost in words."""
    details = check.details
    if check.aspect in COST_ASPECTS:
        parts = {str(part): labels.texts(f"cost_part.{part}") for part in CostPart}
        details = tuple(":".join(parts.get(word, word) for word in one.split(":")) for one in details)
    return "; ".join(details)


def _norm(view: PlanView, labels: Labels, check: RuleCheck) -> str:
    text = labels.rule_texts(f"aspect.{check.aspect}")
    if check.aspect == "practice_share":
        sections = labels.sections(view.limits.practice_sections)
        return f"{text} ({labels.texts('phrase.denominator', sections=sections)})"
    return text


def _norm_source(view: PlanView, labels: Labels, check: RuleCheck) -> tuple[str, str]:
    """Return where a norm comes from and whether it was verified in the primary text."""
    if check.aspect == "floor":
        return _floor_source(view, labels, check), ""
    if check.subject and labels.is_allotted(check):
        return labels.texts("provenance.national"), ""
    whose = (check.programme, check.subject, check.semester)
    at = locate(About(view.catalog, view.limits, check.aspect, *whose))
    if at is not None and isinstance(at.row, ProfileEntry):
        return norm_source(labels, view.limits, at.row), labels.verified(at.row)
    if at is not None and isinstance(at.origin, InSettings):
        own = next((one for one in view.limits.norm_overrides if one.by == at.origin.name), None)
        return labels.texts(SAID_BY[Said.USER]) + ("" if own is None else f"; {instead_of(labels, own)}"), ""
    asked_by = ASPECTS[check.aspect].asked_by if at is None else at.origin.said
    return labels.texts(SAID_BY[asked_by]), ""


def _floor_source(view: PlanView, labels: Labels, check: RuleCheck) -> str:
    """Return the challenge that a floor answers, in words; else its reason as the catalog writes it."""
    said: list[str] = []
    for row in view.catalog.floors_of(str(check.programme)):
        if row.competency != check.subject or row.level != check.limit:
            continue
        if row.challenge is not None:
            title = labels.challenge(str(row.challenge))
            said.append(labels.texts("phrase.challenge", number=row.challenge, title=title))
        elif row.reason:
            said.append(row.reason)
    parts = (labels.texts("phrase.from_catalog"), *dict.fromkeys(said))
    return "; ".join(parts)


COLUMNS = (
    Column("column.rule", "centre", 7),
    Column("column.norm", "text", 38),
    Column("column.programme", "code", 12),
    Column("column.subject", "text", 28),
    Column("column.operator", "centre", 6),
    Column("column.limit", "number", 12),
    Column("column.unit", "text", 12),
    Column("column.before", "number", 12),
    Column("column.status_before", "status", 17),
    Column("column.after", "number", 12),
    Column("column.status_after", "status", 17),
    Column("column.at_limit", "status", 12),
    Column("column.checked_by", "text", 23),
    Column("column.source", "text", 38),
    Column("column.verified", "text", 23),
)
RULE, NORM, PROGRAMME, SUBJECT, OPERATOR, LIMIT, UNIT, BEFORE, STATUS_BEFORE = range(9)
AFTER, STATUS_AFTER, AT_LIMIT, CHECKED_BY, SOURCE, VERIFIED = range(9, 15)

UNIT_STYLES: Mapping[str, str] = {
    "credits": "credits",
    "h": "hours",
    "share": "share",
    "KZT": "money",
    "level": "count",
    "modules": "count",
    "learners": "count",
    "changes": "count",
    "breaches": "count",
}
SIGNS = {">=": "≥", "<=": "≤", "=": "="}
NEAR = 0.05
"""Share of a limit within which a value that keeps it is at the limit."""
MEASURED = ("credits", "h", "share", "KZT")
"""Units of what may be nearly used up; levels and counts meet their limits without being scarce."""


def live_value(limits: Limits, cells: PlanCells, check: RuleCheck, programme: Term) -> Term | None:
    """Return the actual value as a formula over the other sheets; `programme` is the cell with its code.

    None where only the program can tell: levels and prerequisites depend on the order of modules.
    """
    if check.aspect == "budget":
        return cells.expenses.new_money
    if check.aspect == "source_budget":
        return cells.budget.sources.get(check.subject or "")
    if check.aspect == "equity":
        return _closure(cells.gaps, programme)
    if check.aspect == "resource_hours":
        return cells.hours.used[check.subject or "", check.semester or ""]
    curriculum = cells.curricula.get(check.programme or "")
    return None if curriculum is None else _of_curriculum(limits, curriculum, check)


def _closure(gaps: GapCells, programme: Term) -> Term:
    """Return the closure of a programme with the plan, from the rows of the Gaps sheet."""
    mine = (gaps.programme, "=", programme)
    worth = sum_where(gaps.weight, mine)
    return ratio(worth - sum_where(gaps.open_after, mine), worth)


def _of_curriculum(limits: Limits, curriculum: CurriculumCells, check: RuleCheck) -> Term | None:
    whole = {
        "total_credits_min": curriculum.total["credits"],
        "total_credits_max": curriculum.total["credits"],
        "practice_share": curriculum.practice_share,
        "dual_share": curriculum.dual_share,
    }
    term = int(check.subject) if check.subject and check.subject.isdigit() else 0
    if term not in curriculum.by_term:
        return whole.get(check.aspect)
    sums = curriculum.by_term[term]
    contact = contact_hours(sums, limits)
    return {
        "term_modules_min": curriculum.modules_by_term[term],
        "term_modules_max": curriculum.modules_by_term[term],
        "term_credits_min": sums["credits"],
        "term_credits_max": sums["credits"],
        "weekly_hours": sums["total"] if limits.weekly_hours_counts_all else contact,
        "weekly_hours_all": sums["total"],
    }.get(check.aspect)


@dataclass(frozen=True)
class CheckCells:
    """The rows of the sheet of every check, and its columns that others count or repeat."""

    rows: tuple[ComplianceRow, ...]
    first: int
    columns: Mapping[int, Range]
    sheet: Sheet

    @property
    def rules(self) -> list[str]:
        """Return the rules in their order."""
        return sorted({row.rule for row in self.rows}, key=lambda rule: int(rule.strip("§")))


def add_checks_sheet(context: Context) -> Sheet:
    """Add the empty sheet."""
    widths = [column.width for column in COLUMNS]
    return context.book.sheet(context.texts("sheet.every_check"), widths, is_detail=True)


def write_checks(context: Context, sheet: Sheet, cells: PlanCells) -> CheckCells:
    """Write every check; return where the columns stand that the sheet of compliance counts."""
    rows = compliance_table(context.view, context.labels)
    first = sheet.header(sheet.heading("title.every_check", "how.every_check"), COLUMNS)
    last = first + len(rows) - 1
    for row, line in enumerate(rows, start=first):
        _write_row(context, sheet, row, line, cells)
    sheet.filter(first - 1, last, len(COLUMNS) - 1)
    sheet.freeze(first, NORM + 1)
    sheet.repeat(first - 1, first - 1)
    for column in (STATUS_BEFORE, STATUS_AFTER):
        context.colour_status(sheet, first, column, max(first, last))
    columns = {place: sheet.range(place, first, last) for place in range(len(COLUMNS))}
    return CheckCells(rows, first, columns, sheet)


def _write_row(context: Context, sheet: Sheet, row: int, line: ComplianceRow, cells: PlanCells) -> None:
    check = line.check
    style = UNIT_STYLES[check.unit]
    sheet.text(row, PROGRAMME, check.programme or "", COLUMNS[PROGRAMME].style)
    live = live_value(context.view.limits, cells, check, sheet.ref(row, PROGRAMME))
    texts = {
        RULE: line.rule,
        NORM: line.norm,
        SUBJECT: line.subject,
        OPERATOR: SIGNS[check.operator],
        UNIT: line.unit,
        CHECKED_BY: context.texts("phrase.live" if live else "phrase.by_program"),
        SOURCE: line.source,
        VERIFIED: line.verified,
    }
    for place, text in texts.items():
        sheet.text(row, place, text, COLUMNS[place].style)
    sheet.number(row, LIMIT, check.limit, style)
    sheet.number(row, BEFORE, line.before, style)
    sheet.put(row, AFTER, live or check.actual, style)
    _write_status(context, sheet, row, STATUS_AFTER, AFTER, check.operator)
    sheet.put(row, AT_LIMIT, _at_limit(context, sheet, row, check), "status")
    if line.before is None:
        sheet.text(row, STATUS_BEFORE, context.texts("status.unknown"), "status")
    else:
        _write_status(context, sheet, row, STATUS_BEFORE, BEFORE, check.operator)


def _write_status(context: Context, sheet: Sheet, row: int, column: int, actual: int, operator: str) -> None:
    term = context.status(operator, sheet.ref(row, actual), sheet.ref(row, LIMIT))
    sheet.formula(row, column, term, "status")


def _at_limit(context: Context, sheet: Sheet, row: int, check: RuleCheck) -> Term | str:
    """Return a sign where the plan keeps a limit narrowly, a dash elsewhere."""
    if check.unit not in MEASURED or check.operator == "=" or check.limit <= 0:
        return NOTHING
    if context.labels.is_allotted(check):
        return NOTHING  # it was allotted just what it uses
    actual, limit = sheet.ref(row, AFTER), sheet.ref(row, LIMIT)
    is_lower = check.operator == ">="
    near = limit * constant(1 + NEAR if is_lower else 1 - NEAR)
    narrow = all_of(holds(check.operator, actual, limit), holds("<=" if is_lower else ">=", actual, near))
    return choose(narrow, constant(context.texts("status.at_limit")), constant(NOTHING))
