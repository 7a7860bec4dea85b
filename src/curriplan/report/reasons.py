"""Why a module is in the plan, or why it is not, in words.

The words rest on single changes with the rest of the plan unchanged (`curriplan.evaluation.whatif`),
and the column headers say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curriplan.catalog.records import Standing
from curriplan.evaluation.whatif import Addition, Stay
from curriplan.plan.explanation import Obstacle
from curriplan.plan.plan import Decision, PlannedModule
from curriplan.problem.aspects import ASPECTS, RuleCheck
from curriplan.report.explanation import broken_rule, reason_of
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView

LEANING = ("entry_levels", "prerequisites", "corequisites", "strict_corequisites")
"""What breaks where other modules rest on one."""
SMALLEST_SHARE = 0.0005
"""Half of the last digit that percentage points show, as a share of 1."""


def why_chosen(view: PlanView, labels: Labels, planned: PlannedModule) -> str:
    """Say why a module is kept, moved or added, or that it is dropped."""
    texts = labels.texts
    if planned.decision is Decision.DROPPED:
        return _why_dropped(view, labels, planned)
    option = view.curricula.by_programme[planned.programme].options[planned.module]
    parts = []
    if planned.decision is Decision.MOVED:
        moved = texts("why.moved", before=option.current_term, after=planned.term)
        parts.append(_if_it_stayed(labels, view.stays[planned.programme, planned.module], moved))
    resolved = view.resolved.get((planned.programme, planned.module))
    if resolved is not None:
        return "; ".join([*parts, reason_of(resolved, labels)])
    is_mandatory = option.standing is Standing.MANDATORY
    if is_mandatory:
        parts.append(texts("why.mandatory"))
    parts += _why_current(view, labels, planned) if option.current_term is not None else []
    reasons = _why_taken(view, labels, planned, is_last_word=not is_mandatory)
    if not (reasons or is_mandatory):
        reasons.append(texts("why.kept" if option.current_term is not None else "why.together"))
    return _said_alone(view, labels, "; ".join([*parts, *reasons]))


def _why_dropped(view: PlanView, labels: Labels, planned: PlannedModule) -> str:
    """Say what speaks against a module that is taught today, and what stops it in the plan as it is."""
    back = view.additions.get((planned.programme, planned.module))
    if back is None:
        return labels.texts("why.dropped")
    parts = [labels.texts("why.dropped"), labels.texts(f"left_out.{back.obstacle}")]
    stops = "; ".join(_binding(labels, check, more) for check, more in _worst(back.broken))
    parts += [labels.texts("explain.stopped_by", rules=stops)] if stops else []
    return _said_alone(view, labels, "; ".join(parts))


def _why_taken(view: PlanView, labels: Labels, planned: PlannedModule, *, is_last_word: bool) -> list[str]:
    """Return what a module closes, and what rests on it; credits that it helps to fill for want of more."""
    texts = labels.texts
    removal = view.removals[planned.programme, planned.module]
    parts = []
    if removal.closure_lost >= SMALLEST_SHARE:
        parts.append(texts("why.closes", points=_points(labels, removal.closure_lost)))
    elif removal.in_outlook is not None and removal.in_outlook[1] >= SMALLEST_SHARE:
        name, lost = removal.in_outlook
        told = {"points": _points(labels, lost), "outlook": labels.outlook(name)}
        parts.append(texts("why.closes_in_outlook", **told))
    filling = [check for check in removal.broken if ASPECTS[check.aspect].fills]
    parts += _needed_for(labels, [check for check in removal.broken if check not in filling])
    if filling and planned.module in view.filling_of(planned.programme):
        parts.append(texts("why.fills_norm"))
    # In a plan without a credit to spare every module is needed to fill it.
    return parts or (_needed_for(labels, filling) if is_last_word else [])


def _why_current(view: PlanView, labels: Labels, planned: PlannedModule) -> list[str]:
    """Say of a module of today's curriculum that it closes no gap, where that is so."""
    removal = view.removals[planned.programme, planned.module]
    in_outlook = 0.0 if removal.in_outlook is None else removal.in_outlook[1]
    if max(removal.closure_lost, in_outlook) >= SMALLEST_SHARE:
        return []
    if removal.teaches_missing and any(check.aspect in LEANING for check in removal.broken):
        return []  # it closes what the modules that rest on it close
    return [labels.texts("why.no_gap_alone" if removal.teaches_missing else "why.no_gap")]


def _if_it_stayed(labels: Labels, stay: Stay, moved: str) -> str:
    """Add to a move what would break, or get worse and by how much, if a moved module stayed."""
    texts = labels.texts
    found = [texts("why.would_break", rule=broken_rule(labels, check)) for check, _ in _worst(stay.broken)]
    found += [_worse(labels, name, amount) for name, amount in stay.worse.items()]
    if not found:
        return texts("why.stay_free", moved=moved)
    return texts("why.stay", moved=moved, what="; ".join(found))


WITHOUT_PAYER = ("payments",)
"""Of what is added alone nobody has paid yet: what breaks is that nobody could."""
SHARES = ("no_harm", "closure", "adaptability", "fairness", "outlooks")
"""Objectives that are shares of 1: points, in words."""


def _worse(labels: Labels, name: str, amount: float) -> str:
    """Say by how much an objective gets worse, in its unit."""
    texts = labels.texts
    said = texts.percent(amount, 2) if name in SHARES else texts.number(amount, 1, trimmed=True)
    return texts(f"stay.{name}", amount=said)


def _said_alone(view: PlanView, labels: Labels, why: str) -> str:
    """Say that a reason takes the rest as unchanged, where the column says that it was planned anew."""
    return why if view.explanation is None else labels.texts("explain.alone", why=why)


def _points(labels: Labels, share: float) -> str:
    """Return a share as percentage points with the language's decimal mark."""
    return labels.texts.percent(share)


def _needed_for(labels: Labels, broken: Iterable[RuleCheck]) -> list[str]:
    """Return what would break without a module, each reason once with all that it is about."""
    found: dict[str, list[RuleCheck]] = {}
    for check in broken:
        if check.aspect != "mandatory_modules":
            found.setdefault(check.aspect, []).append(check)
    groups = ((rows[0], dict.fromkeys(_leaning_on(labels, row) for row in rows)) for rows in found.values())
    return [_words(labels, "needed", check, subject=", ".join(subjects)) for check, subjects in groups]


def _words(labels: Labels, family: str, check: RuleCheck, **values: object) -> str:
    """Return the words of an aspect for what needs or stops a module; where it has none, its rule."""
    texts = labels.rule_texts
    if family == "change" and labels.is_allotted(check) and texts.has(f"ask.{check.aspect}"):
        family = "ask"
    if texts.has(f"{family}.{check.aspect}"):
        return texts(f"{family}.{check.aspect}", **values)
    return texts(f"{family}.other", rule=labels.rule(check))


def _leaning_on(labels: Labels, check: RuleCheck) -> str:
    """Return the modules that need another (the details say ``module:what``), else the subject."""
    if check.details:
        leaning = dict.fromkeys(detail.partition(":")[0] for detail in check.details)
        return ", ".join(map(labels.anything, leaning))
    return labels.subject(check)


@dataclass(frozen=True)
class NotSelectedRow:
    """A module that a programme could take and does not."""

    programme: str
    module: str
    name: str
    credits: float | None
    cost_kzt: int
    """New money if it were added to the plan as it stands."""
    closure_gain: float
    """What the programme's closure would gain, share of 1."""
    was_current: bool
    reason: str
    binding: str
    change: str


def not_selected_table(view: PlanView, labels: Labels) -> tuple[NotSelectedRow, ...]:
    """Return the modules left out, by programme, those that would close most first."""
    rows = [_left_out(view, labels, addition) for addition in view.what_if.additions]
    order = {name: place for place, name in enumerate(view.limits.planned)}
    return tuple(
        sorted(rows, key=lambda row: (order[row.programme], -round(row.closure_gain, 9), row.module))
    )


def _left_out(view: PlanView, labels: Labels, addition: Addition) -> NotSelectedRow:
    module = view.catalog.module_by_id[addition.module]
    option = view.curricula.by_programme[addition.programme].options[addition.module]
    worst = _worst(addition.broken)
    resolved = view.resolved.get((addition.programme, addition.module))
    return NotSelectedRow(
        programme=addition.programme,
        module=addition.module,
        name=labels.module(addition.module),
        credits=module.credits,
        cost_kzt=addition.cost_kzt,
        closure_gain=addition.closure_gained,
        was_current=option.current_term is not None,
        reason=reason_of(resolved, labels)
        if resolved is not None
        else _said_alone(view, labels, labels.texts(f"left_out.{addition.obstacle}")),
        binding="; ".join(_binding(labels, check, more) for check, more in worst),
        change=_what_would_change(labels, addition, worst),
    )


def _worst(broken: Iterable[RuleCheck]) -> list[tuple[RuleCheck, int]]:
    """Return the worst check of each rule and subject, and in how many more semesters it breaks."""
    groups: dict[tuple[str, str], list[RuleCheck]] = {}
    for check in broken:
        groups.setdefault((check.aspect, check.subject or ""), []).append(check)
    return [(max(checks, key=lambda check: check.shortfall), len(checks) - 1) for checks in groups.values()]


def _binding(labels: Labels, check: RuleCheck, more: int) -> str:
    if check.aspect in WITHOUT_PAYER:
        return f"{check.rule} {labels.rule_texts('binding.payments')}"
    where = labels.subject(check)
    if more:
        where = labels.texts("phrase.and_more", first=where, count=more)
    return f"{labels.rule(check)}: {where}" if where else labels.rule(check)


def _what_would_change(labels: Labels, addition: Addition, worst: Iterable[tuple[RuleCheck, int]]) -> str:
    if addition.obstacle is not Obstacle.BREAKS_RULES:
        return labels.texts(f"change.{addition.obstacle}")
    remedies = [
        _words(
            labels,
            "change",
            check,
            amount=_amount(labels, check),
            subject=_lacking(labels, check, addition.module),
        )
        for check, _ in worst
    ]
    return "; ".join(dict.fromkeys(remedies))


def _lacking(labels: Labels, check: RuleCheck, module: str) -> str:
    """Return what is missing first (the details say ``module:what``), else the subject."""
    if not check.details:
        return labels.subject(check)
    found = (detail.rpartition(":")[2].split("|") for detail in check.details)
    wanted = dict.fromkeys("|".join(one for one in names if one != module) for names in found)
    return ", ".join(map(labels.anything, wanted))


def _amount(labels: Labels, check: RuleCheck) -> str:
    """Return by how much a limit is missed, in its unit."""
    return labels.texts.number(check.shortfall, 1, trimmed=True)
