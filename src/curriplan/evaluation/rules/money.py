"""New money, and who pays it: §10."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from curriplan.catalog.records import CostPart
from curriplan.evaluation.payments import Bill, bill_name, bills_of, unpaid_by_anybody
from curriplan.evaluation.rules.common import ProgrammeRules, SharedRules, breaches, check
from curriplan.evaluation.state import PlanState
from curriplan.plan.plan import Payment
from curriplan.problem.aspects import RuleCheck


def budget(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: new money ≤ cap, in KZT; no rule where nothing limits it."""
    limit = plan.basis.limits.budget_kzt
    if limit is not None:
        yield check("budget", "<=", limit, plan.cost_kzt)


def payments(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: Σ_source pay[source,item] = the item, in KZT, pay ≥ 0, set-up no later than it falls due.

    An item is the delivery, fees or travel of a module in one calendar year, or its set-up. A plan
    need not say who pays: then the sources must be able to.
    """
    if plan.payments is None:
        return
    bills = bills_of(plan.basis.money, plan.cost_items)
    if plan.payments:
        yield breaches("payments", None, _wrongly_paid(bills, plan.payments))
    elif bills:
        yield breaches("payments", None, unpaid_by_anybody(plan.basis.money, bills))


def _wrongly_paid(bills: tuple[Bill, ...], paid: tuple[Payment, ...]) -> list[str]:
    """Return the items that are not paid in full, or not in time, and payments for no item."""
    due = {bill.name: bill for bill in bills}
    setup_year = {bill.module: bill.year for bill in bills if bill.part is CostPart.SETUP}
    sums: Counter[str] = Counter()
    wrong = set()
    for row in paid:
        year = row.year
        if row.part is CostPart.SETUP and row.year <= setup_year.get(row.module, 0):
            year = setup_year[row.module]
        name = bill_name(row.module, row.part, year)
        sums[name] += row.kzt
        if row.kzt < 0:
            wrong.add(name)
    unequal = {name for name in {*sums, *due} if sums[name] != (due[name].kzt if name in due else 0)}
    return sorted(wrong | unequal)


def payment_sources(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: only the sources of the catalog pay."""
    if plan.payments:
        unknown = {row.source for row in plan.payments} - set(plan.basis.money.sources)
        yield breaches("payment_sources", None, sorted(unknown))


def source_budget(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: what a source pays beyond its budgets of single years ≤ its budget of any year, in KZT.

    A source without a budget of any year has a row for each year, the others have one row.
    """
    budgets = plan.basis.money.budgets
    if plan.payments and budgets is not None:
        for source in plan.basis.money.sources:
            paid: Counter[int] = Counter()
            for row in plan.payments:
                if row.source == source:
                    paid[row.year] += row.kzt
            yield from _source_checks(source, paid, budgets)


def _source_checks(
    source: str, paid: Mapping[int, int], budgets: Mapping[tuple[str, int | None], int]
) -> Iterator[RuleCheck]:
    yearly = {year: kzt for (name, year), kzt in budgets.items() if name == source and year is not None}
    any_year = budgets.get((source, None))
    if any_year is None and yearly:
        for year in sorted({*yearly, *paid}):
            yield _paid_check(f"{source}:{year}", yearly.get(year, 0), paid.get(year, 0))
    else:
        beyond = sum(max(0, kzt - yearly.get(year, 0)) for year, kzt in paid.items())
        yield _paid_check(source, any_year or 0, beyond)


def _paid_check(subject: str, limit: int, actual: int) -> RuleCheck:
    return check("source_budget", "<=", limit, actual, subject=subject)


def funding_share(plan: PlanState) -> Iterator[RuleCheck]:
    """§10: pay[source,item] ≤ Σ_p ⌊max_share · the programme's amount + 1e-6⌋, in KZT."""
    if not plan.payments or not plan.basis.catalog.funding_limits:
        return
    bills = bills_of(plan.basis.money, plan.cost_items)
    most = {(bill.module, bill.part, bill.paid_in): bill.most_kzt for bill in bills}
    known = set(plan.basis.money.sources)
    paid: Counter[tuple[str, str, CostPart, int]] = Counter()
    for row in plan.payments:
        year = 0 if row.part is CostPart.SETUP else row.year
        if row.source in known:
            paid[row.source, row.module, row.part, year] += row.kzt
    yield breaches(
        "funding_share",
        None,
        (
            f"{source}:{module}:{part}" + (f":{year}" if year else "")
            for (source, module, part, year), kzt in sorted(paid.items())
            if (module, part, year) in most and kzt > most[module, part, year][source]
        ),
    )


PROGRAMME_RULES: ProgrammeRules = ()
SHARED_RULES: SharedRules = (
    ("§10", budget),
    ("§10", payments),
    ("§10", payment_sources),
    ("§10", source_budget),
    ("§10", funding_share),
)
