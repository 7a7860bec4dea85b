"""New money and who pays it: §10."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from curriplan.catalog.records import CostPart, Module
from curriplan.optimizer.model.variables import Entity, Parts, PlanModel
from curriplan.optimizer.rules.parts import CAP, KZT_SCALE, Rules, budget_of, cost_parts, minus, times
from curriplan.problem.curriculum import Option


def money(model: PlanModel) -> None:
    """§10: new money ≤ cap; and where it matters who pays when, Σ_source pay = each item; KZT.

    New money: Σ_m set-up·open[m] + Σ_{p,m added} (delivery + fees + travel)·x (of the sites used).
    Items due in a year: Σ_s pay[s,item,y] ≥ Σ amount·x. Set-up, payable earlier:
    Σ_s Σ_{y'≤y} pay[s,item,y'] ≥ Σ_m set-up·openby[m,y] with openby[m,y] ≥ Σ_{t in a year ≤ y} x[p,m,t].
    Shares: pay[s,item,y] ≤ ⌊max_share · amount⌋·x. Budgets: Σ_item pay[s,item,y] − over[s,y] ≤ the
    source's budget of the year, Σ_y over[s,y] ≤ its budget of any year.
    Items that the same sources may pay in full stand together: nothing depends on which is which.
    """
    budget = model.problem.limits.budget_kzt
    if budget is not None:
        model.require("§10", cost_parts(model), "<=", budget, scale=KZT_SCALE, entity=CAP)
    if model.problem.needs_payers:
        _payers(model)


@dataclass(frozen=True)
class _Charge:
    """An amount for one unit of `terms`: so many times `kzt`, of a module started in `start`."""

    part: CostPart
    option: Option
    start: int
    kzt: int
    count: int
    kind: str | None
    terms: Parts


@dataclass
class _Item:
    """What the same sources may pay, under one label.

    Parameters
    ----------
    shares : mapping
        The largest share that each source may pay.
    module : Module or None
        Whose item it is; None where several stand together, of which each source may pay all or none.
    due : dict
        Terms of the amount by year; of set-up, of all that is due by the end of the year.
    most : dict
        Terms of the most that a source may pay, by source and year, rounded down amount by amount.
    kinds : set
        Resource kinds that it is for. Several amounts of one unit add up before they are rounded down.
    """

    part: CostPart
    shares: Mapping[str, float]
    module: Module | None = None
    due: dict[int, Parts] = field(default_factory=dict)
    most: dict[tuple[str, int], Parts] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    adds_up: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """Who may pay; of an item of its own everybody, for there a row says how much."""
        return tuple(name for name, share in self.shares.items() if share > 0 or self.module is not None)


def _payers(model: PlanModel) -> None:
    """Write items, shares and budgets."""
    paid: dict[tuple[str, int], Parts] = {}
    for label, item in {**_setup_items(model), **_yearly_items(model)}.items():
        write = _pay_setup if item.part is CostPart.SETUP else _pay_by_year
        for (source, year), parts in write(model, label, item).items():
            paid.setdefault((source, year), []).extend(parts)
    _source_budgets(model, paid)


def _item_of(
    model: PlanModel, items: dict[str, _Item], programme: str, module: Module, part: CostPart
) -> _Item | None:
    """Return the item that an amount belongs to; None where some source can always pay it all."""
    money = model.problem.money
    budgets = money.budgets
    with_budget = None if budgets is None else {source for source, _ in budgets}
    sources = [name for name in money.sources if with_budget is None or name in with_budget]
    shares = {name: money.max_share(name, module, part) for name in sources}
    if budgets is None and any(share >= 1 for share in shares.values()):
        return None
    together = all(share == 1 or (share == 0 and not model.problem.relaxed) for share in shares.values())
    if together:
        what = "setup" if part is CostPart.SETUP else "due"
        label = f"{what} by {'+'.join(name for name, share in shares.items() if share)}"
        return items.setdefault(label, _Item(part, shares))
    label = " ".join(word for word in (programme, module.id, part) if word)
    return items.setdefault(label, _Item(part, shares, module))


def _charges(model: PlanModel) -> Iterator[_Charge]:
    """Yield delivery, fees and travel of what may be added."""
    problem, money = model.problem, model.problem.money
    for one in problem.programmes:
        for option in one.options:
            for term in option.starts if problem.is_added(option) else ():
                kzt = money.delivery_kzt(option)
                yield _Charge(CostPart.DELIVERY, option, term, kzt, 1, None, model.taken(option, [term]))
    for serving in model.servings:
        if problem.is_added(serving.option):
            one_part, count = min(serving.parts, 1), max(serving.parts, 1)
            of = (serving.option, serving.resource, one_part)
            kind = serving.resource.kind
            for part, kzt in ((CostPart.FEES, money.fees_kzt(*of)), (CostPart.TRAVEL, money.travel_kzt(*of))):
                yield _Charge(part, serving.option, serving.group[0], kzt, count, kind, serving.terms)


def _yearly_items(model: PlanModel) -> dict[str, _Item]:
    """Return what falls due in the years in which modules run."""
    money = model.problem.money
    items: dict[str, _Item] = {}
    for charge in _charges(model):
        option = charge.option
        if charge.kzt > 0 and charge.terms:
            item = _item_of(model, items, option.programme, option.module, charge.part)
            for year, kzt in money.by_year(option, charge.start, charge.kzt).items() if item else ():
                assert item is not None
                amount = kzt * charge.count
                item.due.setdefault(year, []).extend(times(amount, charge.terms))
                for source in item.sources if item.module else ():
                    most = money.most_kzt(source, option.module, charge.part, amount)
                    item.most.setdefault((source, year), []).extend(times(most, charge.terms))
            if item is not None and charge.kind is not None:
                item.kinds.add(charge.kind)
                split = model.problem.capacity.is_split(option.module.id, charge.kind)
                item.adds_up = item.adds_up or split or len(item.kinds) > 1
    return items


def _pay_by_year(model: PlanModel, label: str, item: _Item) -> dict[tuple[str, int], Parts]:
    """Σ_s pay[s,item,y] ≥ Σ amount·x, and pay[s,item,y] ≤ ⌊max_share · amount⌋·x.

    Where several amounts add up before rounding down, pay is whole and ≤ max_share · Σ amount·x.
    """
    paid: dict[tuple[str, int], Parts] = {}
    for year, due in sorted(item.due.items()):
        for source in item.sources:
            if _may_pay(model, source, year):
                whole = item.adds_up and item.module is not None
                variable = model.add(model.pay, "pay", (source, label, year), integer=whole, upper=None)
                paid[source, year] = [(variable, 1.0)]
                share = item.shares[source]
                if item.module is not None and share < 1:
                    most = times(share, due) if whole else item.most[source, year]
                    slack_kzt = 1e-6 if whole else 0.0
                    _share_row(model, item, source, [*paid[source, year], *minus(most)], slack_kzt)
        parts = [part for (_, one), terms in paid.items() if one == year for part in terms]
        model.require("§10", [*parts, *minus(due)], ">=", 0, scale=KZT_SCALE)
    return paid


def _share_row(model: PlanModel, item: _Item, source: str, parts: Parts, slack_kzt: float = 0.0) -> None:
    assert item.module is not None
    entity = Entity("§10", "funding_share", None, f"{source}:{item.module.id}:{item.part}")
    model.require("§10", parts, "<=", slack_kzt, scale=KZT_SCALE, entity=entity)


def _may_pay(model: PlanModel, source: str, year: int) -> bool:
    """Say whether a source has money in a year; in a relaxed model a row says how much."""
    budgets = model.problem.money.budgets
    if budgets is None or model.problem.relaxed:
        return True
    return (source, year) in budgets or (source, None) in budgets


def _setup_items(model: PlanModel) -> dict[str, _Item]:
    """Return the set-up that is due by the end of each year."""
    items: dict[str, _Item] = {}
    for name, opened in model.opened.items():
        module = model.problem.catalog.module_by_id[name]
        starts = _starts_by_year(model, name)
        item = _item_of(model, items, "", module, CostPart.SETUP) if starts else None
        if item is not None:
            kzt = float(model.problem.money.setup_kzt(name))
            for year in (y for y in model.problem.money.years if y >= min(starts)):
                variable = opened
                if year < max(starts):
                    variable = model.add(model.opened_by, "openby", (name, year), integer=False)
                    for parts in _started_by(starts, year):
                        model.require("§10", [*parts, (variable, -1.0)], "<=", 0)
                item.due.setdefault(year, []).append((variable, kzt))
    return items


def _starts_by_year(model: PlanModel, module: str) -> dict[int, dict[str, Parts]]:
    """Return the starts that would add a module, by calendar year and programme."""
    found: dict[int, dict[str, Parts]] = {}
    for one in model.problem.programmes:
        for option in one.options:
            if option.module.id == module and model.problem.is_added(option):
                for term in option.starts:
                    year = model.problem.money.start_year(option, term)
                    found.setdefault(year, {}).setdefault(one.id, []).extend(model.taken(option, [term]))
    return found


def _started_by(starts: dict[int, dict[str, Parts]], year: int) -> Iterator[Parts]:
    """Yield Σ_{t in a year ≤ y} x[p,m,t] of each programme."""
    by_programme: dict[str, Parts] = {}
    for _, programmes in sorted((one, rows) for one, rows in starts.items() if one <= year):
        for name, parts in programmes.items():
            by_programme.setdefault(name, []).extend(parts)
    yield from by_programme.values()


def _pay_setup(model: PlanModel, label: str, item: _Item) -> dict[tuple[str, int], Parts]:
    """Σ_s Σ_{y'≤y} pay[s,item,y'] ≥ Σ set-up·openby[m,y]; Σ_y pay ≤ ⌊max_share · set-up⌋·open[m]."""
    paid: dict[tuple[str, int], Parts] = {}
    so_far: Parts = []
    for year in model.problem.money.years:
        for source in item.sources:
            if _may_pay(model, source, year):
                variable = model.add(model.pay, "pay", (source, label, year), integer=False, upper=None)
                paid[source, year] = [(variable, 1.0)]
                so_far.append((variable, 1.0))
        if year in item.due:
            model.require("§10", [*so_far, *minus(item.due[year])], ">=", 0, scale=KZT_SCALE)
    limited = [source for source in item.sources if item.shares[source] < 1]
    for source in limited if item.module is not None else ():
        money, module = model.problem.money, item.module
        assert module is not None
        most = money.most_kzt(source, module, CostPart.SETUP, money.setup_kzt(module.id))
        parts = [part for (one, _), terms in paid.items() if one == source for part in terms]
        _share_row(model, item, source, [*parts, (model.opened[module.id], -float(most))])
    return paid


def _source_budgets(model: PlanModel, paid: dict[tuple[str, int], Parts]) -> None:
    """Σ pay[s,·,y] − over[s,y] ≤ budget of s for y; Σ_y over[s,y] ≤ budget of s for any year."""
    budgets = model.problem.money.budgets
    if budgets is None:
        return
    beyond: dict[str, Parts] = {}
    for (source, year), parts in sorted(paid.items()):
        any_year, of_year = budgets.get((source, None)), budgets.get((source, year))
        if any_year is not None and of_year is None:
            beyond.setdefault(source, []).extend(parts)
            continue
        over: Parts = []
        if any_year is not None:
            over = [(model.add(model.overdraft, "over", (source, year), integer=False, upper=None), 1.0)]
            beyond.setdefault(source, []).extend(over)
        entity = budget_of(source, year)
        model.require("§10", [*parts, *minus(over)], "<=", of_year or 0, scale=KZT_SCALE, entity=entity)
    for source, parts in beyond.items():
        entity, limit = budget_of(source, None), budgets[source, None]
        model.require("§10", parts, "<=", limit, scale=KZT_SCALE, entity=entity)


RULES: Rules = (("§10", money),)
