"""The sheets Reasons and Limits: what planning anew says of each module and each limit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from curriplan.catalog.records import Catalog, ProgrammeModule, Standing
from curriplan.plan.explanation import Effect, Explanation, LimitGain, ModuleReason, Reach
from curriplan.problem.aspects import ASPECTS, InProfile, RuleCheck
from curriplan.problem.edits import SETTINGS, Edit
from curriplan.problem.settings import SETTING_OF_NAME
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.figures import range_words, sure_said
from curriplan.report.labels import Labels
from curriplan.report.norms import concession_words
from curriplan.texts.words import Words
from curriplan.xlsx.table import Column, Table

FEWEST = 3
"""So many rules are named; the others are left to the Compliance sheet."""
SEEN_SHARE = 0.00005
"""Half of the last digit that points show."""


def in_points(share: float | None) -> float | None:
    """Return a share as percentage points, as a cell has them."""
    return None if share is None else 100 * share


def points(labels: Labels, share: float) -> str:
    """Return a share as percentage points, with two digits: a plan of many programmes moves little."""
    return labels.texts.percent(share, 2)


def closure_said(labels: Labels, explanation: Explanation) -> str:
    """Say what the plan closes, also if estimates err, what the rules allow at most; a first look first."""
    texts, sure = labels.texts, explanation.sure
    shares = {
        "closure": explanation.closure,
        "best": explanation.best_closure,
        "margin": explanation.margin,
    }
    said = texts("explain.closure", **{name: points(labels, share) for name, share in shares.items()})
    said = " ".join(filter(None, (texts("explain.first_look") if explanation.first_look else "", said)))
    if sure is None:
        return said
    said, best = f"{said} {sure_said(texts, sure)}", explanation.best_sure
    if best is None or best == sure:
        return said
    most = {
        "range": range_words(texts, best.if_estimates_err.plan),
        "both": best.if_estimates_err.plan.both_hold,
        "unmet": best.occupations_not_met,
    }
    return f"{said} {texts('explain.best_err', **most)}"


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
    if one.is_mandatory and one.effect is Effect.NOTHING:
        return labels.texts("explain.mandatory_kept")
    if one.is_mandatory and not one.is_answered:
        return "; ".join([labels.texts("explain.mandatory_open"), *_known_loss(one, labels)])
    if one.is_chosen and (one.is_mandatory or standing is Standing.MANDATORY):
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


def _known_loss(one: ModuleReason, labels: Labels) -> list[str]:
    """Return what is known of a loss that was not answered: alone, or at most."""
    texts, lost = labels.texts, one.closure_lost or 0.0
    if lost < SEEN_SHARE:
        return []
    if one.is_resolved:
        return [texts("explain.at_most", points=points(labels, lost))]
    return [texts("explain.alone", why=texts("explain.points_lost", points=points(labels, lost)))]


def _alone(one: ModuleReason, labels: Labels) -> str:
    """Say what the single change does, the rest unchanged."""
    texts, rules = labels.texts, standing_rules(labels, one)
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
    if one.is_chosen and one.is_mandatory:
        return texts("explain.do_keep_mandatory")
    if not one.is_answered:
        return texts("explain.do_more_time", module=one.module)
    return _todo_chosen(one, labels) if one.is_chosen else _todo_left_out(one, labels)


def _todo_chosen(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    if one.swaps:
        return texts("explain.do_swap", modules=", ".join(map(labels.module, one.swaps)))
    if one.effect is Effect.NOTHING:
        return _if_named(one, labels, texts("explain.do_forbid", **standing_words(labels)))
    if one.effect is Effect.IMPOSSIBLE:
        rules = needed_for(labels, one.rules)
        return (
            texts("explain.do_relax", rules=rules)
            if rules
            else texts("explain.do_clash", **standing_words(labels))
        )
    return texts("explain.do_keep")


def _todo_left_out(one: ModuleReason, labels: Labels) -> str:
    texts = labels.texts
    if one.effect is Effect.CLOSED:
        changes = texts(f"change.{one.obstacle}")
        return texts("explain.do_unlock", changes=changes)
    if one.effect is Effect.IMPOSSIBLE and one.rules:
        return texts("explain.do_unlock", changes=_rules(labels, one.rules))
    if one.effect is not Effect.NOTHING:
        return texts("explain.do_leave")
    return _if_named(one, labels, texts("explain.do_force", **standing_words(labels)))


def standing_words(labels: Labels) -> dict[str, str]:
    """Return what the table and the column of a module's standing are called."""
    table = ProgrammeModule.table
    return {"table": labels.table(table), "column": labels.column(table, "status")}


def _if_named(one: ModuleReason, labels: Labels, what: str) -> str:
    """Add to an advice that sets a standing what a programme without rows needs first."""
    if any(row.programme == one.programme for row in labels.catalog.programme_modules):
        return what
    return labels.texts("explain.no_rows", what=what, table=labels.table(ProgrammeModule.table))


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
    for check in sorted(broken, key=lambda one: _is_norm(labels, one)):
        details = dict.fromkeys(detail.partition(":")[0] for detail in check.details[:FEWEST])
        about = ", ".join(map(labels.anything, details)) or labels.subject(check)
        rule = labels.rule(check)
        rule += f", {labels.texts('explain.norm')}" if _is_norm(labels, check) else ""
        found.setdefault(rule, {}).update({about: None} if about else {})
    names = [f"{rule} ({', '.join(about)})" if about else rule for rule, about in found.items()]
    return "; ".join(names[:FEWEST]) + ("; …" if len(names) > FEWEST else "")


def _is_norm(labels: Labels, check: RuleCheck) -> bool:
    """Say whether a rule is one of the profile: nobody at the college changes it as one likes."""
    if check.aspect == "total_credits_min":
        row = labels.catalog.programme_by_id.get(check.programme or "")
        return row is None or row.min_credits is None
    return any(isinstance(origin, InProfile) for origin in ASPECTS[check.aspect].origins)


def broken_rule(labels: Labels, check: RuleCheck) -> str:
    """Return a rule that breaks, what it is about, and by how much it is missed."""
    details = dict.fromkeys(check.details[:FEWEST])
    about = ", ".join(map(labels.detail, details)) or labels.subject(check)
    if check.unit != "breaches":
        key = "why.missed_above" if check.operator == "<=" else "why.missed_below"
        about = labels.texts(key, about=about, amount=measured(labels, check.shortfall, check.unit))
        about = about.removeprefix(", ")
    return f"{labels.rule(check)}: {about}" if about else labels.rule(check)


def limit_state(labels: Labels, one: LimitGain) -> str:
    """Say how a limit stands: its value, and how much of it is used."""
    value = measured(labels, one.value, one.unit)
    if one.used is None or not one.raises:
        return labels.texts("explain.stands_at", value=value)
    return labels.texts("explain.used_of", value=value, used=_plain(labels, one.used, one.unit))


def limit_name(labels: Labels, one: LimitGain) -> str:
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
    value = measured(labels, one.value, one.unit) if one.programme is None and not (subject or when) else ""
    return ", ".join(word for word in (programme, subject, when, value) if word)


def _plain(labels: Labels, value: float, unit: str) -> str:
    """Return a number without its unit; a share in per cent."""
    return labels.texts.number(100 * value if unit == "share" else value, 1, trimmed=True)


def measured(labels: Labels, value: float, unit: str) -> str:
    """Return a value with its unit, as it stands behind a number."""
    keys = (f"unit_after.{unit}", f"unit.{unit}")
    words = next((labels.texts(key) for key in keys if labels.texts.has(key)), "")
    return f"{_plain(labels, value, unit)} {words}".strip()


def limit_todo(labels: Labels, one: LimitGain) -> str:
    """Say what more of a limit brings, and what to write where."""
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
        "value": measured(labels, value, one.unit),
        "points": points(labels, gain or 0.0),
        "cell": "; ".join(_cell(labels, edit) for edit in one.edits),
    }
    key = "explain.smallest" if one.reach is Reach.FOUND else "explain.smallest_within"
    given = (concession_words(labels, some) for some in one.concessions)
    return ". ".join((texts(key, **words), *given))


def _cell(labels: Labels, edit: Edit) -> str:
    if edit.table == SETTINGS:
        option = SETTING_OF_NAME[str(edit.column)].option
        assert option is not None
        return labels.texts("explain.option", option=option.name, value=edit.value)
    assert edit.column is not None
    return labels.texts(
        "explain.ask" if labels.catalog.is_allotted(edit.table, edit.key[0]) else "explain.cell",
        table=labels.table(edit.table),
        row=labels.row(edit.table, edit.key),
        column=labels.column(edit.table, edit.column),
        value=_entered(labels, edit.value),
    )


def _entered(labels: Labels, value: object) -> str:
    """Return a value as one writes it into a cell."""
    return labels.texts.number(value, 3, trimmed=True) if isinstance(value, int | float) else str(value)


def reason_table(labels: Labels) -> Table[ModuleReason]:
    """Return the table of the modules, chosen and left out; CSV has every figure."""
    standing = {(row.programme, row.module): row.status for row in labels.catalog.programme_modules}

    def why(one: ModuleReason) -> str:
        return reason_of(one, labels, standing.get((one.programme, one.module)))

    def lost(one: ModuleReason) -> float | None:
        return one.closure_lost if one.is_resolved else None

    def least(one: ModuleReason) -> float | None:
        return None if lost(one) is None else one.closure_lost_least

    def money(one: ModuleReason) -> int | None:
        return one.money_alone_kzt if one.money_kzt is None else one.money_kzt

    return Table(
        Column("column.programme", "code", 12, lambda one: one.programme, field="programme"),
        Column("column.index", "code", 14, lambda one: one.module, field="module"),
        Column("column.module", "text", 40, lambda one: labels.module(one.module), field="name"),
        Column("column.taken", "centre", 10, lambda one: one.is_chosen, field="is_chosen"),
        Column("column.term_number", "centre", 10, lambda one: one.term, field="term"),
        # The loss where it is proven: the most that can be lost is no loss.
        Column(
            "column.closure_lost", "points", 13, lambda one: in_points(lost(one)) if one.is_proven else None
        ),
        Column("column.new_cost_all", "money", 14, lambda one: None if one.is_chosen else money(one)),
        Column("column.resolved_reason", "text", 60, why, field="reason"),
        Column("column.todo", "text", 46, lambda one: todo_of(one, labels), field="todo"),
        Column(value=lambda one: one.effect.value, field="effect"),
        Column(value=lambda one: one.is_proven, field="is_proven"),
        Column(value=lost, field="closure_lost"),
        Column(value=least, field="closure_lost_least"),
        Column(value=money, field="money_kzt"),
    )


def limit_table(labels: Labels) -> Table[LimitGain]:
    """Return the table of the limits, those that bring most first."""

    def gain(one: LimitGain, share: float) -> float | None:
        return next((step.gain for step in one.steps if step.share == share), None)

    return Table(
        Column("column.limit_name", "text", 60, lambda one: limit_name(labels, one)),
        Column("column.state", "text", 32, lambda one: limit_state(labels, one)),
        Column("column.gain_5", "points", 13, lambda one: in_points(gain(one, 0.05))),
        Column("column.gain_10", "points", 13, lambda one: in_points(gain(one, 0.1))),
        Column("column.todo", "text", 70, lambda one: limit_todo(labels, one)),
    )


def write_explanation_workbook(
    catalog: Catalog, explanation: Explanation, target: Target, language: str
) -> None:
    """Write why a plan is as it is to a path or a binary stream: the modules, then the limits."""
    labels = Labels(catalog, Words(language))
    with workbook(labels, target, labels.texts("title.reasons")) as book:
        reasons = reason_table(labels)
        sheet = book.sheet(labels.texts("sheet.reasons"), reasons.widths)
        top = first_heading(labels, sheet, "title.reasons", "how.reasons")
        sheet.across(top, closure_said(labels, explanation), "note")
        reasons.write(sheet, top + 1, explanation.modules).page(3, name="reasons")
        if explanation.limits:
            limits = limit_table(labels)
            sheet = book.sheet(labels.texts("sheet.limits"), limits.widths)
            top = sheet.heading("title.limits", "how.limits")
            limits.write(sheet, top, explanation.limits).page(1, name="limits")
