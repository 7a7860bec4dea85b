"""The sheets Reasons and Limits: what planning anew says of each module and each limit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import Standing
from curriplan.plan.explanation import Effect, Explanation, LimitGain, LimitStep, ModuleReason, Reach
from curriplan.problem.aspects import ASPECTS, RuleCheck
from curriplan.problem.edits import SETTINGS, Edit
from curriplan.report.labels import Labels
from curriplan.xlsx.workbook import Book, Column

OPTIONS = {
    "budget_kzt": "--budget",
    "practice_share": "--practice-share",
    "max_changes": "--max-changes",
    "equity": "--equity",
}
FEWEST = 3
"""So many rules are named; the others are left to the Compliance sheet."""
SEEN_SHARE = 0.00005
"""Half of the last digit that points show."""


@dataclass(frozen=True)
class ReasonRow:
    """A module with its reason in words."""

    programme: str
    module: str
    name: str
    is_chosen: bool
    term: int | None
    reason: str
    todo: str
    effect: str
    is_proven: bool
    closure_lost: float | None
    closure_lost_least: float | None
    money_kzt: int | None

    @property
    def exactly_lost(self) -> float | None:
        """The loss where it is proven: the most that can be lost is no loss."""
        return self.closure_lost if self.is_proven else None


@dataclass(frozen=True)
class LimitRow:
    """A limit with what more of it brings, in words."""

    limit: str
    state: str
    gains: str
    todo: str
    unit: str
    value: float
    gain_5: float | None
    gain_10: float | None
    smallest: float | None
    smallest_gain: float | None


def reason_rows(explanation: Explanation, labels: Labels) -> tuple[ReasonRow, ...]:
    """Return the reasons of the modules, chosen and left out."""
    standing = {(row.programme, row.module): row.status for row in labels.catalog.programme_modules}
    return tuple(
        ReasonRow(
            one.programme,
            one.module,
            labels.module(one.module),
            one.is_chosen,
            one.term,
            reason_of(one, labels, standing.get((one.programme, one.module))),
            todo_of(one, labels),
            one.effect.value,
            one.is_proven,
            one.closure_lost if one.is_resolved else None,
            one.closure_lost_least if one.is_resolved and one.closure_lost is not None else None,
            one.money_kzt if one.money_kzt is not None else one.money_alone_kzt,
        )
        for one in explanation.modules
    )


def limit_rows(explanation: Explanation, labels: Labels) -> tuple[LimitRow, ...]:
    """Return the limits, those that bring most first."""
    return tuple(_limit_row(one, labels) for one in explanation.limits)


def points(labels: Labels, share: float) -> str:
    """Return a share as percentage points, with two digits: a plan of many programmes moves little."""
    return labels.texts.percent(share, 2)


def lost_between(labels: Labels, one: ModuleReason) -> str:
    """Return a loss in points: one figure where it is proven, else the least and the most of it."""
    lost = one.closure_lost or 0.0
    if one.is_proven:
        return points(labels, lost)
    least = math.floor(one.closure_lost_least * 10_000 + 1e-6) / 10_000
    most = math.ceil(lost * 10_000 - 1e-6) / 10_000
    if most - least < 2 * SEEN_SHARE:
        return points(labels, most)
    return labels.texts("explain.range", least=points(labels, least), most=points(labels, most))


def limit_names(limits: Iterable[LimitGain], labels: Labels) -> list[str]:
    """Name limits, a line a rule: what it is about; of a programme's semesters their numbers."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in limits:
        names = found.setdefault(labels.rule(_check(one)), {})
        if one.programme and one.subject and one.subject.isdigit():
            names.setdefault(one.programme, []).append(one.subject)
        else:
            names.setdefault(_about(labels, one), [])
    return [f"{rule}: {_listed(names)}" if any(names) else rule for rule, names in found.items()]


def _listed(names: Mapping[str, Sequence[str]]) -> str:
    """Return ``ACC (1, 2); CHO (1)``."""
    return "; ".join(f"{name} ({', '.join(terms)})" if terms else name for name, terms in names.items())


def standing_rules(labels: Labels, one: ModuleReason) -> str:
    """Return the rules that need a module of the plan, or that stop one left out."""
    return needed_for(labels, one.rules) if one.is_chosen else _rules(labels, one.rules)


def reason_of(one: ModuleReason, labels: Labels, standing: Standing | None = None) -> str:
    """Say why a module is taken, or why it is not."""
    said = _why_chosen(one, labels) if one.is_chosen else _why_left_out(one, labels)
    if one.is_chosen and standing is Standing.MANDATORY:
        said = f"{labels.texts('explain.mandatory')}; {said}"
    return said


def _why_chosen(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    lost = points(labels, one.closure_lost or 0.0)
    if one.effect is Effect.UNKNOWN:
        return texts("explain.unchanged", why=_alone(one, labels))
    if one.effect is Effect.IMPOSSIBLE:
        return _because(labels, texts("explain.needed"), needed_for(labels, one.rules))
    if one.effect is Effect.HARMS:
        return texts("explain.harms")
    if one.effect is Effect.NOTHING:
        return texts("explain.replaceable")
    if one.is_between:
        return texts("explain.loses", points=lost_between(labels, one))
    return texts("explain.loses", points=lost) if one.is_proven else texts("explain.at_most", points=lost)


def _alone(one: ModuleReason, labels: Labels) -> str:
    """Say what the single change does, the rest unchanged."""
    texts, rules = labels.texts, _rules(labels, one.rules)
    if rules:
        return texts("explain.rules_break", rules=rules)
    if (one.closure_lost or 0.0) < SEEN_SHARE:
        return texts("explain.nothing_lost")
    return texts("explain.points_lost", points=points(labels, one.closure_lost or 0.0))


def _why_left_out(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    parts = [_forced(one, labels)]
    if one.effect is not Effect.CLOSED:
        parts += _money(one, labels)
    rules = _rules(labels, one.rules)
    if rules and one.effect not in (Effect.CLOSED, Effect.UNKNOWN):
        parts.append(texts("explain.stopped_by", rules=rules))
    elif one.obstacle is not None and one.effect in (Effect.LOSES, Effect.NOTHING):
        parts.append(texts(f"left_out.{one.obstacle}"))
    return "; ".join(parts)


def _forced(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    lost = points(labels, one.closure_lost or 0.0)
    if one.effect is Effect.CLOSED:
        return texts(f"left_out.{one.obstacle}")
    if one.effect is Effect.UNKNOWN:
        return texts("explain.unchanged", why=_alone(one, labels))
    if one.is_between:
        return texts("explain.force_loses", points=lost_between(labels, one))
    if one.effect is Effect.LOSES:
        return texts("explain.force_loses" if one.is_proven else "explain.force_at_most", points=lost)
    keys = {
        Effect.IMPOSSIBLE: "explain.force_impossible",
        Effect.HARMS: "explain.force_harms",
        Effect.NOTHING: "explain.force_free",
    }
    return texts(keys[one.effect])


def _money(one: ModuleReason, labels: Labels) -> list[str]:
    if one.money_kzt is not None:
        return [labels.texts("explain.money", money=labels.texts.number(one.money_kzt, signed=True))]
    if one.money_alone_kzt and one.effect is not Effect.IMPOSSIBLE:
        return [labels.texts("explain.money_alone", money=labels.texts.number(one.money_alone_kzt))]
    return []


def todo_of(one: ModuleReason, labels: Labels) -> str:
    """Say what a planner can do."""
    texts = labels.texts
    if not one.is_answered:
        return texts("explain.do_more_time", module=one.module)
    return _todo_chosen(one, labels) if one.is_chosen else _todo_left_out(one, labels)


def _todo_chosen(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    if one.swaps:
        return texts("explain.do_swap", modules=", ".join(map(labels.module, one.swaps)))
    if one.effect is Effect.NOTHING:
        return texts("explain.do_forbid")
    if one.effect is Effect.IMPOSSIBLE:
        rules = needed_for(labels, one.rules)
        return texts("explain.do_relax", rules=rules) if rules else texts("explain.do_clash")
    return texts("explain.do_keep")


def _todo_left_out(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    if one.effect is Effect.CLOSED:
        return texts("explain.do_unlock", changes=texts(f"change.{one.obstacle}"))
    if one.effect is Effect.IMPOSSIBLE and one.rules:
        return texts("explain.do_unlock", changes=_rules(labels, one.rules))
    return texts("explain.do_force" if one.effect is Effect.NOTHING else "explain.do_leave")


def needed_for(labels: Labels, broken: Iterable[RuleCheck]) -> str:
    """Return what breaks without a module."""
    return _rules(labels, _telling(broken))


def _telling(broken: Iterable[RuleCheck]) -> list[RuleCheck]:
    """Return what only this module meets; credits, which any module helps to fill, for want of more."""
    found = [check for check in broken if check.aspect != "mandatory_modules"]
    return [check for check in found if not ASPECTS[check.aspect].fills] or found


def _because(labels: Labels, what: str, why: str) -> str:
    return labels.texts("explain.because", what=what, why=why) if why else what


def _rules(labels: Labels, broken: Iterable[RuleCheck]) -> str:
    """Return the first rules that break, each once, with what they are about."""
    found: dict[str, dict[str, None]] = {}
    for check in broken:
        details = dict.fromkeys(detail.partition(":")[0] for detail in check.details[:FEWEST])
        about = ", ".join(_function(labels, name) for name in details) or labels.subject(check)
        found.setdefault(labels.rule(check), {}).update({about: None} if about else {})
    names = [f"{rule} ({', '.join(about)})" if about else rule for rule, about in found.items()]
    return "; ".join(names[:FEWEST]) + ("; …" if len(names) > FEWEST else "")


def _function(labels: Labels, name: str) -> str:
    """Return a labour function's name; modules go by their ids."""
    rows = labels.catalog.labour_functions
    return next((row.name(labels.texts.language) for row in rows if row.id == name), name)


def _limit_row(one: LimitGain, labels: Labels) -> LimitRow:
    texts = labels.texts
    state = texts("explain.stands_at", value=_value(labels, one, one.value))
    if one.used is not None and one.raises:
        state = texts(
            "explain.used_of", value=_value(labels, one, one.value), used=_plain(labels, one, one.used)
        )
    steps = {step.share: step for step in one.steps}
    gains = "; ".join(dict.fromkeys(_gain(labels, one, step) for step in one.steps))
    return LimitRow(
        _name(labels, one),
        state,
        gains,
        _todo_limit(labels, one),
        one.unit,
        one.value,
        steps[0.05].gain if 0.05 in steps else None,
        steps[0.1].gain if 0.1 in steps else None,
        one.smallest,
        one.smallest_gain,
    )


def _name(labels: Labels, one: LimitGain) -> str:
    """Return what a limit is of: ``§9 hours of a resource: LAB-SEC Security laboratory, autumn 2026``."""
    check, about = _check(one), _about(labels, one)
    return f"{labels.rule(check)}: {about}" if about else labels.rule(check)


def _check(one: LimitGain) -> RuleCheck:
    return RuleCheck(one.rule, one.aspect, one.programme, one.subject, "<=", 0.0, 0.0, one.unit)


def _about(labels: Labels, one: LimitGain) -> str:
    """Return what a limit is about: programme, semester, resource, competency, source."""
    programme = labels.texts("explain.all_programmes") if one.programme is None else one.programme
    if ASPECTS[one.aspect].is_shared:
        programme = ""
    when = labels.semester(one.semesters[0]) if one.semesters else ""
    if len(one.semesters) > 1:
        when += ", …"
    subject = labels.subject(_check(one))
    # Two norms of one rule for all programmes differ in their values only.
    value = _value(labels, one, one.value) if one.programme is None and not (subject or when) else ""
    return ", ".join(word for word in (programme, subject, when, value) if word)


def _plain(labels: Labels, one: LimitGain, value: float) -> str:
    """Return a number without its unit; a share in per cent."""
    return labels.texts.number(100 * value if one.unit == "share" else value, 1, trimmed=True)


def _value(labels: Labels, one: LimitGain, value: float) -> str:
    """Return a value with its unit, as it stands behind a number."""
    keys = (f"unit_after.{one.unit}", f"unit.{one.unit}")
    words = next((labels.texts(key) for key in keys if labels.texts.has(key)), "")
    return f"{_plain(labels, one, value)} {words}".strip()


def _gain(labels: Labels, one: LimitGain, step: LimitStep) -> str:
    texts, value = labels.texts, _value(labels, one, step.value)
    if step.gain is None or not step.is_answered:
        return texts("explain.gain_unknown", value=value)
    if step.gain <= 0.0:
        return texts("explain.gain_none", value=value)
    return texts("explain.gain", value=value, points=points(labels, step.gain))


def _todo_limit(labels: Labels, one: LimitGain) -> str:
    texts = labels.texts
    if one.reach is Reach.NEVER:
        return texts("explain.never")
    helping = [step for step in one.steps if step.gain]
    if one.smallest is None and not helping:
        return texts("explain.not_known" if not one.is_answered else "explain.none_near")
    value, gain = one.smallest, one.smallest_gain
    if value is None:
        # The edits are those of the farthest value that was tried.
        value, gain = one.steps[-1].value, one.steps[-1].gain
    words = {
        "value": _value(labels, one, value),
        "points": points(labels, gain or 0.0),
        "cell": "; ".join(_cell(labels, edit) for edit in one.edits),
    }
    if one.reach is Reach.FOUND:
        return texts("explain.smallest", **words)
    return texts("explain.smallest_within", **words)


def _cell(labels: Labels, edit: Edit) -> str:
    if edit.table == SETTINGS:
        return labels.texts("explain.option", option=OPTIONS[str(edit.column)], value=edit.value)
    row = " ".join(part for part in edit.key if part)
    return labels.texts("explain.cell", table=edit.table, row=row, column=edit.column, value=edit.value)


REASON_COLUMNS = (
    Column("column.programme", "code", 12),
    Column("column.index", "code", 14),
    Column("column.module", "text", 40),
    Column("column.taken", "centre", 10),
    Column("column.term_number", "centre", 10),
    Column("column.closure_lost", "points", 13),
    Column("column.new_cost_all", "money", 14),
    Column("column.resolved_reason", "text", 70),
    Column("column.todo", "text", 50),
)
LIMIT_COLUMNS = (
    Column("column.limit_name", "text", 60),
    Column("column.state", "text", 32),
    Column("column.gain_5", "points", 13),
    Column("column.gain_10", "points", 13),
    Column("column.todo", "text", 70),
)


def write_reasons(labels: Labels, book: Book, explanation: Explanation) -> None:
    """Write the sheet of the modules."""
    sheet = book.sheet(labels.texts("sheet.reasons"), [column.width for column in REASON_COLUMNS])
    first = sheet.header(sheet.heading("title.reasons", "how.reasons"), REASON_COLUMNS)
    rows = reason_rows(explanation, labels)
    for row, line in enumerate(rows, start=first):
        for place, value in enumerate(_reason_values(labels, line)):
            sheet.put(row, place, value, REASON_COLUMNS[place].style)
    sheet.freeze(first, 3)
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, first + len(rows) - 1, len(REASON_COLUMNS) - 1)


def _reason_values(labels: Labels, line: ReasonRow) -> tuple[str | float | None, ...]:
    return (
        line.programme,
        line.module,
        line.name,
        labels.yes_no(line.is_chosen),
        line.term,
        line.exactly_lost,
        None if line.is_chosen else line.money_kzt,
        line.reason,
        line.todo,
    )


def write_limits(labels: Labels, book: Book, explanation: Explanation) -> None:
    """Write the sheet of the limits."""
    sheet = book.sheet(labels.texts("sheet.limits"), [column.width for column in LIMIT_COLUMNS])
    first = sheet.header(sheet.heading("title.limits", "how.limits"), LIMIT_COLUMNS)
    for row, line in enumerate(limit_rows(explanation, labels), start=first):
        for place, value in enumerate(_limit_values(line)):
            sheet.put(row, place, value, LIMIT_COLUMNS[place].style)
    sheet.freeze(first, 1)
    sheet.repeat(first - 1, first - 1)


def _limit_values(line: LimitRow) -> tuple[str | float | None, ...]:
    return (line.limit, line.state, line.gain_5, line.gain_10, line.todo)
