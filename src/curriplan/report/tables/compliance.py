"""Every rule of the plan: norm, limit, value before and after, where the norm comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from curriplan.evaluation.result import RuleCheck
from curriplan.model import CostPart
from curriplan.report.tables.labels import Labels
from curriplan.report.view import PlanView

CHOSEN = ("practice_share", "changes", "taught_terms", "equity", "review_starts", "review_absent")
"""Aspects whose limit the user gives; a practice share from the profile names its key."""
LISTED = ("labour_functions", "funding_share", "exclusive_groups", "corequisites", "strict_corequisites")
"""Counts of breaches of what the catalog's own tables ask for."""


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
    before = {check.key: check for check in _gathered(view.before.checks)}
    checks = _gathered(view.after.checks)
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


def _gathered(checks: Iterable[RuleCheck]) -> list[RuleCheck]:
    """Add up the breaches of an aspect over the programmes, and name the programme in the details."""
    found: list[RuleCheck] = []
    places: dict[str, int] = {}
    for check in checks:
        if check.unit != "breaches":
            found.append(check)
            continue
        prefix = f"{check.programme}: " if check.programme else ""
        details = (prefix + ", ".join(check.details),) if check.details else ()
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
    parts = [place or labels.subject(check)]
    if before is not None and before.details:
        parts.append(labels.texts("phrase.breaks_before", modules=_details(labels, before)))
    if check.details:
        parts.append(labels.texts("phrase.breaks_after", modules=_details(labels, check)))
    return "; ".join(part for part in parts if part)


def _details(labels: Labels, check: RuleCheck) -> str:
    """Return what breaks a rule, by code; of money, the part of the cost in words."""
    details = check.details
    if check.aspect in ("payments", "funding_share"):
        parts = {str(part): labels.texts(f"cost_part.{part}") for part in CostPart}
        details = tuple(":".join(parts.get(word, word) for word in one.split(":")) for one in details)
    return "; ".join(details)


def _norm(view: PlanView, labels: Labels, check: RuleCheck) -> str:
    text = labels.texts(f"aspect.{check.aspect}")
    if check.aspect == "practice_share":
        sections = ", ".join(labels.texts(f"section_short.{name}") for name in view.limits.practice_sections)
        return f"{text} ({labels.texts('phrase.denominator', sections=sections)})"
    return text


def _norm_source(view: PlanView, labels: Labels, check: RuleCheck) -> tuple[str, str]:
    """Return where a norm comes from and whether it was verified in the primary text."""
    entry = view.limits.profile.get(check.profile_key or "")
    if entry is not None:
        return labels.source(entry.source or ""), labels.verified(entry)
    if check.aspect == "floor":
        return _floor_source(view, labels, check), ""
    if check.aspect in CHOSEN:
        return labels.texts("phrase.from_user"), ""
    if check.aspect == "budget":
        chosen = view.limits.settings.budget_kzt is not None
        return labels.texts("phrase.from_user" if chosen else "phrase.from_catalog"), ""
    if check.unit == "breaches" and check.aspect not in LISTED:
        return labels.texts("phrase.from_model"), ""
    return labels.texts("phrase.from_catalog"), ""


def _floor_source(view: PlanView, labels: Labels, check: RuleCheck) -> str:
    """Return the challenge that a floor answers, in words; else its reason as the catalog writes it."""
    said: list[str] = []
    for row in view.catalog.floors:
        binds = row.programme in (None, check.programme) and row.level == check.limit
        if row.competency != check.subject or not binds:
            continue
        if row.challenge is not None:
            title = labels.texts(f"challenge.{row.challenge}")
            said.append(labels.texts("phrase.challenge", number=row.challenge, title=title))
        elif row.reason:
            said.append(row.reason)
    parts = (labels.texts("phrase.from_catalog"), *dict.fromkeys(said))
    return "; ".join(parts)
