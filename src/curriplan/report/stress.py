"""What a plan loses when a partner leaves: sheets of `curriplan stress`, and one of a plan's workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from curriplan.catalog.records import Catalog
from curriplan.evaluation.responses import recorded_losses
from curriplan.plan.stress import (
    BrokenRule,
    Coalition,
    PartnerLoss,
    ShapleyShare,
    Shares,
    Stress,
)
from curriplan.report.basis import basis
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.texts.words import NO_NUMBER, Words
from curriplan.xlsx.formula import difference, larger
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Table
from curriplan.xlsx.term import NOTHING, Term, constant
from curriplan.xlsx.workbook import Book

LOST = "column.loss_most"
SLACK = 1e-9
LOSS = "lost"
"""The style of points without a sign."""
CLOSURE, LEFT = "column.closure_in_plan", "column.closure_left"


@dataclass(frozen=True)
class Told:
    """A row of a partner: what changes, who pays, what breaks or what a challenge loses when it leaves."""

    partner: str
    row: Any
    """A `ModuleLeft`, `SourcePays`, `BrokenRule` or `ChallengeLoss`."""


def partner_table(labels: Labels, closure: float) -> Table[PartnerLoss]:
    """Return the table of the partners; the loss is a formula over the closures."""
    texts = labels.texts
    return Table(
        Column("column.partner_code", "code", 11, lambda one: one.source, field="source", console="partner"),
        Column("column.partner", "text", 25, lambda one: without(labels, one.source)),
        Column(
            "column.pays_in_plan", "money", 14, lambda one: one.pays_kzt, field="pays_kzt", console="pays"
        ),
        Column("column.sunk_kzt", "money", 14, lambda one: one.sunk_kzt, field="sunk_kzt"),
        Column("column.their_resources", "text", 26, lambda one: _resources(labels, one.resources)),
        Column(value=lambda one: " ".join(one.resources), field="resources"),
        Column(
            "column.partner_status",
            "text",
            22,
            lambda one: texts(f"partner_status.{one.status}"),
            console="what_is_left",
        ),
        Column(value=lambda one: one.status, field="status"),
        Column(CLOSURE, "share", 12, lambda _: closure),
        Column(LEFT, "share", 12, formula=lambda line: _or_dash(line.row.closure)),
        Column("column.loss_least", LOSS, 12, formula=lambda line: _or_dash(_points(line.row.loss_least))),
        Column(LOST, LOSS, 12, formula=_lost),
        Column(value=lambda one: _loss(texts, one), style="number", console="loss"),
        Column(value=lambda one: _rounded(one.closure), field="closure"),
        Column(value=lambda one: _rounded(one.loss_least), field="loss_least"),
        Column(value=lambda one: _rounded(one.loss_most), field="loss_most"),
        *(
            _dashed(key, "count", width, partial(_count, change=change), field, console)
            for key, width, change, field, console in (
                ("column.falls", 10, "falls", "falls", "falls"),
                ("column.returns", 11, "returns", "returns", None),
                ("column.sites_change", 11, "site", "sites", None),
            )
        ),
        _dashed("column.cost_left", "money", 14, lambda one: one.cost_kzt, "cost_kzt"),
    )


def _dashed(
    key: str,
    style: str,
    width: float,
    value: Callable[[PartnerLoss], int | None],
    field: str,
    console: str | None = None,
) -> Column[PartnerLoss]:
    """Return a column with a dash in a workbook where there is nothing."""
    return Column(
        key, style, width, value, lambda line: _or_dash(value(line.row)), field=field, console=console
    )


def _or_dash(value: float | None) -> float | str:
    return NOTHING if value is None else value


def is_state(labels: Labels, source: str) -> bool:
    """Say whether a source is the state, which does not leave: its money may not come."""
    return any(row.id == source and row.kind == "state" for row in labels.catalog.funding_sources)


def without(labels: Labels, source: str) -> str:
    """Return who leaves, of the state that its money does not come."""
    name = labels.funding_source(source)
    return labels.texts("phrase.money_not_come", source=name) if is_state(labels, source) else name


def _resources(labels: Labels, names: Iterable[str]) -> str:
    return "; ".join(map(labels.resource, names))


def _points(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 9)


def _count(one: PartnerLoss, change: str) -> int | None:
    return None if one.closure is None else len(one.of(change))


def _lost(line: Line[PartnerLoss]) -> Term | str:
    """Return the closure that is lost at most, in points; a dash where nothing is left."""
    if line.row.closure is None:
        return NOTHING
    return larger(constant(0), difference(line[CLOSURE], line[LEFT], times=100))


def _loss(texts: Words, one: PartnerLoss) -> str:
    """Return the loss in points as a terminal has it: a range where it is not proven."""
    if one.loss_most is None:
        return NO_NUMBER
    most = texts.number(100 * one.loss_most, 1)
    if one.loss_least is None or one.is_proven:
        return most
    return f"{texts.number(100 * one.loss_least, 1)}–{most}"


def _partner_columns(labels: Labels) -> tuple[Column[Told], Column[Told]]:
    return (
        Column("column.leaves_code", "code", 14, lambda one: one.partner),
        Column("column.leaves", "text", 28, lambda one: without(labels, one.partner)),
    )


def _module_table(labels: Labels) -> Table[Told]:
    return Table(
        *_partner_columns(labels),
        Column("column.change", "text", 22, lambda one: labels.texts(f"partner_change.{one.row.change}")),
        Column("column.programme", "code", 12, lambda one: one.row.programme),
        Column("column.index", "code", 13, lambda one: one.row.module),
        Column("column.module", "text", 46, lambda one: labels.module(one.row.module)),
        Column("column.term_number", "term", 11, lambda one: one.row.term),
        Column("column.sites_before", "text", 28, lambda one: _resources(labels, one.row.before)),
        Column("column.sites_after", "text", 28, lambda one: _resources(labels, one.row.after)),
    )


def _money_table(labels: Labels) -> Table[Told]:
    before, after = "column.pays_in_plan", "column.pays_then"
    return Table(
        *_partner_columns(labels),
        Column("column.source_code", "code", 14, lambda one: one.row.source),
        Column("column.funding_source", "text", 36, lambda one: labels.funding_source(one.row.source)),
        Column(before, "money", 18, lambda one: one.row.plan_kzt),
        Column(after, "money", 18, lambda one: one.row.left_kzt),
        Column("column.pays_more", "money", 18, formula=lambda line: line[after] - line[before]),
    )


def _rule_table(labels: Labels) -> Table[Told]:
    return Table(
        *_partner_columns(labels),
        Column("column.broken_rule", "text", 46, lambda one: labels.rule(one.row.check)),
        Column("column.broken_where", "text", 50, lambda one: _where(labels, one.row)),
        Column("column.limit", "number", 14, lambda one: round(one.row.check.limit, 6)),
        Column("column.actual", "number", 14, lambda one: round(one.row.check.actual, 6)),
        Column("column.broken_alone", "centre", 16, lambda one: one.row.is_needed),
    )


def _where(labels: Labels, one: BrokenRule) -> str:
    check = one.check
    words = [labels.programme(check.programme)] if check.programme else []
    words += [labels.subject(check)] if check.subject else []
    words += [labels.detail(detail) for detail in check.details[:DETAILS_SHOWN]]
    more = len(check.details) - DETAILS_SHOWN
    return "; ".join(words) + (f"; … (+{more})" if more > 0 else "")


DETAILS_SHOWN = 5


def _challenge_table(labels: Labels) -> Table[Told]:
    return Table(
        *_partner_columns(labels),
        Column("column.challenge_number", "code", 8, lambda one: one.row.challenge),
        Column("column.challenge_name", "text", 60, lambda one: labels.challenge(one.row.challenge)),
        Column(CLOSURE, "share", 14, formula=lambda line: _or_dash(line.row.row.plan)),
        Column(LEFT, "share", 14, formula=lambda line: _or_dash(line.row.row.left)),
        Column("column.closure_change", "points", 14, formula=_changed),
    )


def _changed(line: Line[Told]) -> Term | str:
    if line.row.row.plan is None or line.row.row.left is None:
        return NOTHING
    return difference(line[LEFT], line[CLOSURE], times=100)


def worst_rows(broken: Sequence[BrokenRule]) -> Iterator[BrokenRule]:
    """Yield of each rule and subject the row that misses most: semesters and years are mostly alike."""
    found: dict[tuple[str, str | None, str | None], BrokenRule] = {}
    for one in broken:
        key = (one.check.aspect, one.check.programme, one.check.subject)
        known = found.get(key)
        if known is None or one.check.shortfall > known.check.shortfall:
            found[key] = one
    yield from found.values()


def coalition_table(labels: Labels) -> Table[Coalition]:
    """Return the table of the best closures with the money of some sources only."""
    texts = labels.texts
    return Table(
        Column("column.coalition", "text", 60, lambda one: _coalition(labels, one, labels.funding_source)),
        Column(value=lambda one: _coalition(labels, one, str), console="money_of"),
        Column("column.status", "text", 28, lambda one: texts(f"coalition_status.{one.status}")),
        Column(
            "column.best_closure",
            "share",
            16,
            lambda one: one.closure,
            lambda line: _or_dash(line.row.closure),
            console="closure",
        ),
        Column("column.closure_bound", "share", 16, formula=lambda line: _or_dash(line.row.closure_most)),
    )


def _coalition(labels: Labels, one: Coalition, name: Callable[[str], str]) -> str:
    return " + ".join(map(name, one.sources)) or labels.texts("phrase.no_money")


def share_table(labels: Labels) -> Table[ShapleyShare]:
    """Return the table of the shares of the sources, in points of closure."""
    return Table(
        Column("column.funding_source", "text", 60, lambda one: labels.funding_source(one.source)),
        Column("column.source_code", "text", 28, lambda one: one.source, console="source"),
        Column("column.shapley", LOSS, 16, lambda one: 100 * one.share),
        Column(value=lambda one: labels.texts.number(100 * one.share, 1), style="number", console="brings"),
        Column("column.shapley_least", LOSS, 16, lambda one: 100 * one.least),
        Column("column.shapley_most", LOSS, 16, lambda one: 100 * one.most),
    )


def write_stress_workbook(catalog: Catalog, stress: Stress, target: Target, language: str) -> None:
    """Write what a plan loses when each partner leaves to a path or a binary stream."""
    labels = Labels(catalog, Words(language))
    with workbook(labels, target, labels.texts("title.partners")) as book:
        table = partner_table(labels, stress.closure)
        sheet = book.sheet(labels.texts("sheet.partners"), table.widths)
        title = "title.partners_or_state" if has_state(labels, stress) else "title.partners"
        row = first_heading(labels, sheet, title, "how.partners")
        sheet.across(row, left_when(labels, stress), "plain")
        for said in told_beside(labels, stress):
            row += 1
            sheet.across(row, said, "note")
        table.write(sheet, row + 2, stress.partners).page(2)
        _write_rows(labels, book, stress)
        if stress.shares is not None:
            _write_shares(labels, book, stress, stress.shares)


def told_beside(labels: Labels, stress: Stress) -> Iterator[str]:
    """Yield what the figures leave out that the plan knows."""
    return basis(labels, weighs_outlooks=stress.weighs_outlooks, promised=stress.promised)


def has_state(labels: Labels, stress: Stress) -> bool:
    """Say whether the money of the state is among what may be gone."""
    return any(is_state(labels, one.source) for one in stress.partners)


def left_when(labels: Labels, stress: Stress) -> str:
    """Say when the partner leaves, and that the state does not: its money does not come."""
    texts, year = labels.texts, stress.leaves_year
    states = [one.source for one in stress.partners if is_state(labels, one.source)]
    said: list[str] = []
    if len(states) < len(stress.partners) or not states:
        said.append(
            texts("phrase.leaves_before") if year is None else texts("phrase.leaves_in", year=str(year))
        )
    return " ".join([*said, *_of_state(labels, stress, states)])


def _of_state(labels: Labels, stress: Stress, names: Iterable[str]) -> Iterator[str]:
    """Say of each source that is the state what its rows are about."""
    key = "phrase.state_before" if stress.leaves_year is None else "phrase.state_in"
    for name in names:
        values = {"source": labels.funding_source(name), "year": str(stress.leaves_year)}
        if is_state(labels, name):
            yield labels.texts(key, **values)


def below_best(labels: Labels, stress: Stress) -> str:
    """Say why all money closes more than the plan does; nothing where it does not."""
    best = stress.best_closure
    texts = labels.texts
    if best is None or texts.percent(best) == texts.percent(stress.closure) or best < stress.closure:
        return ""
    is_within = best - stress.closure <= stress.tolerance + SLACK
    return texts(
        "phrase.below_best" if is_within else "phrase.below_best_otherwise",
        plan=texts.percent(stress.closure),
        best=texts.percent(best),
        points=labels.number(100 * stress.tolerance),
    )


def _write_rows(labels: Labels, book: Book, stress: Stress) -> None:
    """Write a sheet each of what changes, who pays, what breaks, what challenges lose; none empty."""
    tables = (
        ("partner_modules", _module_table(labels), lambda one: one.modules),
        ("partner_money", _money_table(labels), lambda one: one.payers),
        ("partner_challenges", _challenge_table(labels), lambda one: one.challenges),
        ("partner_rules", _rule_table(labels), lambda one: worst_rows(one.broken)),
    )
    for name, table, of in tables:
        rows = [Told(one.source, row) for one in stress.partners for row in of(one)]
        if rows:
            sheet = book.sheet(labels.texts(f"sheet.{name}"), table.widths)
            top = sheet.heading(f"title.{name}", f"how.{name}")
            for sentence in _of_state(labels, stress, dict.fromkeys(row.partner for row in rows)):
                sheet.across(top, sentence, "note")
                top += 1
            table.write(sheet, top, rows).page(2)


def _write_shares(labels: Labels, book: Book, stress: Stress, shares: Shares) -> None:
    """Write the shares, where there are any, and the closures that they are made of."""
    table = coalition_table(labels)
    name = "shares" if shares.shares else "coalitions"
    sheet = book.sheet(labels.texts(f"sheet.{name}"), share_table(labels).widths)
    row = sheet.heading(f"title.{name}", f"how.{name}")
    sheet.freeze(row)
    if said := below_best(labels, stress):
        sheet.across(row, said, "note")
        row += 1
    if shares.shares:
        sheet.across(row, labels.texts("heading.shapley"), "heading")
        row = share_table(labels).write(sheet, row + 1, shares.shares).last + 2
    else:
        sheet.across(row, labels.texts("phrase.no_shares"), "note")
        row += 2
    if shares.shares:
        sheet.across(row, labels.texts("heading.coalitions"), "heading")
    table.write(sheet, row + 1, shares.coalitions)


def write_plan_partners(context: Context, sheet: Sheet) -> None:
    """Write what the plan loses at most whichever one partner leaves, as it was asked to show (§16)."""
    view, labels = context.view, context.labels
    closure = view.after.objectives["closure"]
    table = partner_table(labels, closure)
    sheet.set_widths(table.widths)
    row = sheet.heading("title.partners", "how.plan_partners")
    most = view.limits.settings.keep_within or 0.0
    sheet.across(row, labels.texts("phrase.kept_within", points=labels.number(100 * most)), "plain")
    settings = view.limits.settings
    for said in basis(labels, weighs_outlooks=settings.risk is not None, promised=settings.promised):
        row += 1
        sheet.across(row, said, "note")
    table.write(sheet, row + 2, recorded_losses(view.problem, view.plan.selection)).page(2)
