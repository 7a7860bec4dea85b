"""The rules of ``docs/formulation.md``, checked on a plan from first principles.

A new rule is one function here, added to `PROGRAMME_RULES` (it looks at one programme) or to
`SHARED_RULES` (it looks at all of them together), and its aspects to `result.ASPECTS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from curriplan.evaluation.result import ASPECTS, RuleCheck
from curriplan.evaluation.state import PlanState, ProgrammeState, Taken
from curriplan.model import RequisiteKind, Standing

ProgrammeRule = Callable[[ProgrammeState], Iterator[RuleCheck]]
SharedRule = Callable[[PlanState], Iterator[RuleCheck]]

UNASSIGNED = "unassigned"
"""The source of all payments in a catalog that names no funding source."""


def _breaches(aspect: str, programme: str | None, found: Iterable[str]) -> RuleCheck:
    """Count the single breaches of a rule over modules; none is allowed."""
    details = tuple(found)
    return RuleCheck(
        ASPECTS[aspect], aspect, programme, None, "<=", 0.0, float(len(details)), "breaches", details=details
    )


def _at_least(
    aspect: str,
    state: ProgrammeState,
    subject: object,
    limit: float | None,
    actual: float,
    unit: str,
    profile_key: str | None = None,
) -> Iterator[RuleCheck]:
    """Yield actual ≥ limit, or nothing where there is no limit."""
    yield from _compare(aspect, state, subject, ">=", limit, actual, unit, profile_key)


def _at_most(
    aspect: str,
    state: ProgrammeState,
    subject: object,
    limit: float | None,
    actual: float,
    unit: str,
    profile_key: str | None = None,
) -> Iterator[RuleCheck]:
    """Yield actual ≤ limit, or nothing where there is no limit."""
    yield from _compare(aspect, state, subject, "<=", limit, actual, unit, profile_key)


def _compare(
    aspect: str,
    state: ProgrammeState,
    subject: object,
    operator: str,
    limit: float | None,
    actual: float,
    unit: str,
    profile_key: str | None,
) -> Iterator[RuleCheck]:
    if limit is not None:
        yield RuleCheck(
            rule=ASPECTS[aspect],
            aspect=aspect,
            programme=state.name,
            subject=None if subject is None else str(subject),
            operator=operator,
            limit=float(limit),
            actual=float(actual),
            unit=unit,
            profile_key=profile_key,
        )


def known_programmes(plan: PlanState) -> Iterator[RuleCheck]:
    """§1: only planned programmes take modules."""
    yield _breaches("known_programmes", None, (f"{row.programme}:{row.module}" for row in plan.stray_starts))


def known_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: x[p,m,t] exists only for m among the programme's modules; a header is none of them."""
    options = state.of.curriculum.options
    yield _breaches(
        "known_modules", state.name, (row.module for row in state.starts if row.module not in options)
    )


def forbidden_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: Σ_t x[p,m,t] = 0 for a forbidden module."""
    yield _breaches(
        "forbidden_modules",
        state.name,
        (row.module for row in state.taken if row.option.standing is Standing.FORBIDDEN),
    )


def allowed_terms(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: x[p,m,t] exists only for t ∈ Starts(p,m); forbidden modules have a check of their own."""
    yield _breaches(
        "allowed_terms",
        state.name,
        (
            row.module
            for row in state.taken
            if row.option.standing is not Standing.FORBIDDEN and row.term not in row.option.starts
        ),
    )


def taken_once(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: Σ_t x[p,m,t] ≤ 1."""
    yield _breaches(
        "taken_once", state.name, (name for name, terms in state.terms_of.items() if len(terms) > 1)
    )


def mandatory_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§1: Σ_t x[p,m,t] = 1 for a mandatory module (that it is not 2, `taken_once` says)."""
    yield _breaches(
        "mandatory_modules",
        state.name,
        (
            name
            for name, option in state.of.curriculum.options.items()
            if option.standing is Standing.MANDATORY and name not in state.terms_of
        ),
    )


def entry_levels(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§2, §3: m in term t with entry level n > b[p,c] needs c at n from the terms before t.

    x[p,m,t] ≤ reach[p,c,n,t−1]; a module in its current term may also lean on the modules that
    stand before it in the same current term.
    """
    yield _breaches("entry_levels", state.name, _unmet_entries(state))


def _unmet_entries(state: ProgrammeState) -> Iterator[str]:
    for row in state.taken:
        held = state.levels_at_start[row.term]
        for outcome in state.of.basis.outcomes(row.module):
            competency, level = outcome.competency, outcome.entry_level
            if held.get(competency, 0) < level and not _neighbour_teaches(state, row, competency, level):
                yield f"{row.module}:{competency}"


def _neighbour_teaches(state: ProgrammeState, row: Taken, competency: str, level: int) -> bool:
    """Say whether a module that `row` may lean on in its own term teaches `competency` to `level`."""
    return any(
        outcome.competency == competency and outcome.exit_level >= level
        for other in state.taken_in[row.term]
        if row.option.may_lean_on(other.option, row.term)
        for outcome in state.of.basis.outcomes(other.module)
    )


def prerequisites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: x[p,m,t] ≤ Σ_{u ≤ t−1} x[p,a,u] over the alternatives a of a prerequisite; exception of §3."""

    def met(row: Taken, name: str) -> bool:
        return any(term < row.term for term in state.terms_of.get(name, ())) or any(
            other.module == name and row.option.may_lean_on(other.option, row.term)
            for other in state.taken_in[row.term]
        )

    yield _requisites("prerequisites", state, RequisiteKind.PREREQUISITE, met)


def corequisites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: x[p,m,t] ≤ Σ_{u ≤ t} x[p,a,u] over the alternatives a of a corequisite."""

    def met(row: Taken, name: str) -> bool:
        return any(term <= row.term for term in state.terms_of.get(name, ()))

    yield _requisites("corequisites", state, RequisiteKind.COREQUISITE, met)


def strict_corequisites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§4: x[p,m,t] ≤ Σ_a x[p,a,t] over the alternatives a of a strict corequisite."""

    def met(row: Taken, name: str) -> bool:
        return row.term in state.terms_of.get(name, ())

    yield _requisites("strict_corequisites", state, RequisiteKind.STRICT_COREQUISITE, met)


def _requisites(
    aspect: str, state: ProgrammeState, kind: RequisiteKind, met: Callable[[Taken, str], bool]
) -> RuleCheck:
    curricula = state.of.basis.curricula
    unmet = (
        f"{row.module}:{'|'.join(alternatives)}"
        for row in state.taken
        for alternatives in curricula.requisites_of(row.module, kind)
        if not any(met(row, name) for name in alternatives)
    )
    return _breaches(aspect, state.name, unmet)


def exclusive_groups(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§5: Σ_{m in the group} Σ_t x[p,m,t] ≤ 1."""
    taken: dict[str, set[str]] = {}
    for row in state.taken:
        group = row.option.module.exclusive_group
        if group is not None:
            taken.setdefault(group, set()).add(row.module)
    crowded = (f"{group}:{'|'.join(sorted(names))}" for group, names in taken.items() if len(names) > 1)
    yield _breaches("exclusive_groups", state.name, crowded)


def total_credits(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: min_credits ≤ Σ_t load[p,t] ≤ max_credits of the programme, in credits."""
    limits, programme = state.of.basis.limits, state.of.programme
    total, least = sum(state.term_credits), limits.min_credits(programme)
    key = limits.total_credits_key(programme) if programme.min_credits is None else None
    yield from _at_least("total_credits_min", state, None, least, total, "credits", key)
    yield from _at_most("total_credits_max", state, None, programme.max_credits, total, "credits")


def term_credits(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: min_credits ≤ load[p,t] ≤ max_credits of the term, in credits, fixed load included."""
    for term, load in zip(state.of.terms, state.term_credits, strict=True):
        row = state.of.term_rows.get(term)
        if row is not None:
            yield from _at_least("term_credits_min", state, term, row.min_credits, load, "credits")
            yield from _at_most("term_credits_max", state, term, row.max_credits, load, "credits")


def term_modules(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: min_modules ≤ Σ_m x[p,m,t] ≤ max_modules of the term; fixed load is no module."""
    for term in state.of.terms:
        row = state.of.term_rows.get(term)
        if row is not None:
            count = len(state.taken_in.get(term, ()))
            yield from _at_least("term_modules_min", state, term, row.min_modules, count, "modules")
            yield from _at_most("term_modules_max", state, term, row.max_modules, count, "modules")


def weekly_hours(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§6: hours of term t that count by the week ≤ weekly_hours · weeks, and all hours likewise.

    Off where the profile has no such number, or the weeks are unknown. Hours of the whole term.
    """
    limits = state.of.basis.limits
    for term, loads in state.loads.items():
        total = sum(load.total_hours for load in loads)
        contact = sum(load.contact_hours for load in loads)
        counted = total if limits.weekly_hours_counts_all else contact
        for key, hours in (("weekly_hours", counted), ("weekly_hours_all", total)):
            a_week, weeks = limits.number(key), state.of.weeks(term)
            if a_week is not None and weeks is not None:
                yield from _at_most(key, state, term, a_week * weeks, hours, "h", key)


def practice_share(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§7: practice hours ≥ share · total hours, over the sections of the denominator.

    Shown as a share of 1; where those sections have no hours, the rule asks nothing.
    """
    limits = state.of.basis.limits
    sections = limits.practice_sections
    loads = [load for one in state.loads.values() for load in one if load.section in sections]
    total = sum(load.total_hours for load in loads)
    if total > 0:
        share = sum(load.practice_hours for load in loads) / total
        key = "practice_share_min" if limits.settings.practice_share is None else None
        yield from _at_least("practice_share", state, None, limits.practice_share_min, share, "share", key)


def sites(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§9: for each kind that a module taken needs, exactly one site; and no site that serves nothing.

    Needless is a site of an unknown resource, of a kind that the module does not need, or of a
    module that is not taken.
    """
    needs = state.of.basis.capacity.needs
    if not needs and not state.sites:
        return
    by_id = state.of.basis.catalog.resource_by_id
    given: Counter[tuple[str, str]] = Counter()
    needless = []
    for site in state.sites:
        kind = by_id[site.resource].kind if site.resource in by_id else ""
        if site.module in state.terms_of and kind in needs.get(site.module, {}):
            given[site.module, kind] += 1
        else:
            needless.append(f"{site.module}:{site.resource}")
    asked = ((name, kind) for name in state.terms_of for kind in needs.get(name, {}))
    wrong = (f"{name}:{kind}" for name, kind in asked if given[name, kind] != 1)
    yield _breaches("sites", state.name, wrong)
    yield _breaches("needless_sites", state.name, needless)


def stray_sites(plan: PlanState) -> Iterator[RuleCheck]:
    """§9: only planned programmes use sites."""
    if plan.stray_sites:
        yield _breaches(
            "needless_sites", None, (f"{row.programme}:{row.resource}" for row in plan.stray_sites)
        )


def resource_hours(plan: PlanState) -> Iterator[RuleCheck]:
    """§9: Σ_p hours used of r in the calendar semester s ≤ its hours − those committed, in hours.

    Committed too are the existing curricula of programmes that are not planned. Intakes that
    repeat meet: each uses r in every semester of the season.
    """
    for (resource, semester), free in plan.basis.capacity.free_hours.items():
        yield _hours_check(resource, semester, free, plan.uses.get((resource, semester), 0.0))


@lru_cache(maxsize=20_000)
def _hours_check(resource: str, semester: str, free: float, used: float) -> RuleCheck:
    """Make the row once: a what-if changes a few of hundreds."""
    return RuleCheck("§9", "resource_hours", None, resource, "<=", free, used, "h", semester)


def budget(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: new money ≤ budget, in KZT; no rule where nothing limits it."""
    limit = plan.basis.limits.budget_kzt
    if limit is not None:
        cost = float(plan.cost_kzt)
        yield RuleCheck("§10", "budget", None, None, "<=", float(limit), cost, "KZT")


def payments(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: Σ_source pay[source,m] = new money for m, pay ≥ 0, from known sources.

    Only where payments are given: a plan need not say who pays.
    """
    if not plan.payments:
        return
    paid: Counter[str] = Counter()
    for row in plan.payments:
        paid[row.module] += row.kzt
    due = plan.new_money_kzt
    wrong = {name for name in {*paid, *due} if paid[name] != due.get(name, 0)}
    negative = {row.module for row in plan.payments if row.kzt < 0}
    yield _breaches("payments", None, sorted(wrong | negative))
    known = {row.id for row in plan.basis.catalog.funding_sources} or {UNASSIGNED}
    yield _breaches("payment_sources", None, sorted({row.source for row in plan.payments} - known))


def floors(state: ProgrammeState) -> Iterator[RuleCheck]:
    """§11: b[p,c] ≥ level, or Σ_{m teaches (c, level)} Σ_t x[p,m,t] ≥ 1: the level held at the end."""
    for competency, level in state.of.floors.items():
        held = state.levels_after.get(competency, 0)
        yield from _at_least("floor", state, competency, level, held, "level")


PROGRAMME_RULES: tuple[ProgrammeRule, ...] = (
    known_modules,
    forbidden_modules,
    allowed_terms,
    taken_once,
    mandatory_modules,
    entry_levels,
    prerequisites,
    corequisites,
    strict_corequisites,
    exclusive_groups,
    total_credits,
    term_credits,
    term_modules,
    weekly_hours,
    practice_share,
    sites,
    floors,
)
SHARED_RULES: tuple[SharedRule, ...] = (
    known_programmes,
    stray_sites,
    resource_hours,
    budget,
    payments,
)


def programme_checks(state: ProgrammeState) -> tuple[RuleCheck, ...]:
    """Check one programme against every rule that looks at it alone."""
    return tuple(check for rule in PROGRAMME_RULES for check in rule(state))


def shared_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check the plan against every rule that programmes share."""
    return tuple(check for rule in SHARED_RULES for check in rule(plan))


def all_checks(plan: PlanState) -> tuple[RuleCheck, ...]:
    """Check every rule: programme by programme in catalog order, then the shared ones."""
    single = (check for state in plan.states.values() for check in programme_checks(state))
    return (*single, *shared_checks(plan))
