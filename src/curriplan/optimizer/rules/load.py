"""Credits, hours and their shares: §6 to §8."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.catalog.records import SELF_STUDY_KINDS, HoursByKind, HoursKind, ResourceCategory
from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Entity, Parts, PlanModel
from curriplan.optimizer.rules.parts import Rules, at_least, at_most, credit_parts, less, times
from curriplan.problem.limits import Limits

WORKPLACE_KINDS = (HoursKind.PRODUCTION_TRAINING, HoursKind.PROFESSIONAL_PRACTICE)
"""The hours that a dual programme spends at an enterprise in part (§8)."""


def load(model: PlanModel) -> None:
    """§6: credits of the programme and of each term, modules a term, hours a week.

    A module that spans puts ω[m,k] of its credits and hours into its k-th term.
    """
    for one in model.problem.programmes:
        _programme_credits(model, one)
        for term in sorted(one.terms):
            _term_credits(model, one, term)
            _term_modules(model, one, term)
            _weekly_hours(model, one, term)


def _programme_credits(model: PlanModel, one: ProgrammeProblem) -> None:
    """min_credits ≤ Σ credits·x + fixed ≤ max_credits."""
    parts = [part for term in sorted(one.terms) for part in credit_parts(model, one, term)]
    fixed = sum(model.problem.fixed_credits(one, term) for term in one.terms)
    least = model.problem.limits.min_credits(one.programme)
    at_least(model, Entity("§6", "total_credits_min", one.id), parts, less(least, fixed))
    at_most(model, Entity("§6", "total_credits_max", one.id), parts, less(one.programme.max_credits, fixed))


def _term_credits(model: PlanModel, one: ProgrammeProblem, term: int) -> None:
    """min_credits ≤ load[p,t] ≤ max_credits."""
    row = one.terms[term]
    if row is not None:
        fixed = model.problem.fixed_credits(one, term)
        parts = credit_parts(model, one, term)
        entity = Entity("§6", "term_credits_min", one.id, str(term))
        at_least(model, entity, parts, less(row.min_credits, fixed))
        entity = Entity("§6", "term_credits_max", one.id, str(term))
        at_most(model, entity, parts, less(row.max_credits, fixed))


def _term_modules(model: PlanModel, one: ProgrammeProblem, term: int) -> None:
    """min_modules ≤ number of modules that run in the term ≤ max_modules."""
    row = one.terms[term]
    if row is not None:
        running = (part for option in one.options for part in model.running(option, term))
        parts = [(variable, 1.0) for variable, _ in running]
        at_least(model, Entity("§6", "term_modules_min", one.id, str(term)), parts, row.min_modules)
        at_most(model, Entity("§6", "term_modules_max", one.id, str(term)), parts, row.max_modules)


def _weekly_hours(model: PlanModel, one: ProgrammeProblem, term: int) -> None:
    """Require counted hours ≤ weekly_hours · weeks, and all hours ≤ weekly_hours_all · weeks."""
    limits, weeks = model.problem.limits, model.problem.weeks(one, term)
    for key, kinds in (("weekly_hours", _weekly_kinds(limits)), ("weekly_hours_all", tuple(HoursKind))):
        weekly = limits.number(key)
        if weekly is not None and weeks is not None:
            fixed = sum(_hours_of(row, kinds) for row in one.fixed[term])
            parts = [
                part
                for option in one.options
                if (running := model.running(option, term))
                for part in times(_hours_of(option.module, kinds), running)
            ]
            at_most(model, Entity("§6", key, one.id, str(term)), parts, weekly * weeks - fixed)


def _weekly_kinds(limits: Limits) -> tuple[HoursKind, ...]:
    """Return the kinds that the week counts: the contact hours, with guided self-study, or all."""
    if limits.weekly_hours_counts_all:
        return tuple(HoursKind)
    guided = (HoursKind.SELF_STUDY_GUIDED,) if limits.weekly_hours_count_guided else ()
    return (*(kind for kind in HoursKind if kind not in SELF_STUDY_KINDS), *guided)


def _hours_of(row: HoursByKind, kinds: Sequence[HoursKind]) -> float:
    return sum(row.hours(kind) for kind in kinds)


def practice_share(model: PlanModel) -> None:
    """§7: Σ (practice hours − share · all hours)·x + the same of fixed loads ≥ 0.

    Over the sections of the denominator; practice is laboratory-practical, production training and
    professional practice.
    """
    share = model.problem.limits.number("practice_share_min")
    if share is None:
        return
    sections = model.problem.limits.practice_sections
    for one in model.problem.programmes:
        parts = [
            (variable, _surplus(option.module, share))
            for option in one.options
            if option.module.section in sections
            for variable, _ in model.taken(option)
        ]
        rows = (row for rows in one.fixed.values() for row in rows)
        fixed = sum(_surplus(row, share) for row in rows if row.section in sections)
        at_least(model, Entity("§7", "practice_share", one.id), parts, -fixed)


def _surplus(row: HoursByKind, share: float) -> float:
    """Return practice hours above the share."""
    return row.practice_hours - share * row.total_hours


def dual_share(model: PlanModel) -> None:
    """§8: Σ hours at an enterprise ≥ share · (Σ production training and practice hours·x + fixed ones).

    Hours of one learner, for dual programmes only. A module's hours of a kind are at an enterprise
    where the site that it uses is one; of a kind that is split, where all its sites are.
    """
    share = model.problem.limits.number("dual_share_min")
    if share is None:
        return
    for one in model.problem.programmes:
        if one.programme.dual:
            asked = [
                (variable, -share * _hours_of(option.module, WORKPLACE_KINDS))
                for option in one.options
                for variable, _ in model.taken(option)
            ]
            fixed = sum(_hours_of(row, WORKPLACE_KINDS) for rows in one.fixed.values() for row in rows)
            parts = [*asked, *_enterprise_parts(model, one)]
            at_least(model, Entity("§8", "dual_share", one.id), parts, share * fixed)


def _enterprise_parts(model: PlanModel, one: ProgrammeProblem) -> Parts:
    """Return the terms of the hours of a learner at an enterprise."""
    capacity = model.problem.capacity
    found: Parts = []
    for serving in model.servings:
        name, kind = serving.option.module.id, serving.resource.kind
        if serving.option.programme != one.id or serving.resource.category is not ResourceCategory.ENTERPRISE:
            continue
        needed = capacity.needs[name][kind]
        hours = sum(needed.get(one_kind, 0.0) for one_kind in WORKPLACE_KINDS)
        if not capacity.is_split(name, kind):
            found += times(hours, serving.terms)
        elif serving.resource.id == capacity.sites[kind][0].id:
            # The resources of a kind that is split are of one category: the hours count once.
            found += times(hours, model.taken(serving.option, serving.group))
    return found


RULES: Rules = (("§6", load), ("§7", practice_share), ("§8", dual_share))
