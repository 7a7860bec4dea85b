"""What a plan loses when a partner leaves, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curriplan.cli.console.terminal import Terminal

if TYPE_CHECKING:
    from curriplan.catalog.records import Catalog
    from curriplan.plan.stress import PartnerLoss, Stress
    from curriplan.report.labels import Labels

MODULES_SHOWN = 12
RULES_SHOWN = 6


def show_stress(terminal: Terminal, stress: Stress, catalog: Catalog) -> None:
    """Show a row a partner, and below what falls, who pays, or what breaks."""
    from curriplan.report.labels import Labels
    from curriplan.report.stress import (
        below_best,
        coalition_table,
        has_state,
        left_when,
        partner_table,
        share_table,
        told_beside,
    )
    from curriplan.texts.words import Words

    labels = Labels(catalog, Words(terminal.language))
    title = "stress.title_with_state" if has_state(labels, stress) else "stress.title"
    terminal.say_wrapped(terminal.text(title, closure=terminal.percent(stress.closure)))
    for said in (left_when(labels, stress), *told_beside(labels, stress)):
        terminal.say_wrapped(said)
    terminal.rows_of(partner_table(labels, stress.closure), stress.partners)
    for one in stress.partners:
        _show_partner(terminal, labels, one)
    if stress.shares is not None:
        terminal.say()
        terminal.say_wrapped(terminal.text("stress.shares"))
        terminal.rows_of(coalition_table(labels), stress.shares.coalitions)
        if said := below_best(labels, stress):
            terminal.say_wrapped(said)
        if stress.shares.shares:
            terminal.rows_of(share_table(labels), stress.shares.shares)
        else:
            terminal.say_wrapped(labels.texts("phrase.no_shares"))
    if not stress.is_complete:
        terminal.tell(terminal.text("stress.stopped"))


def _show_partner(terminal: Terminal, labels: Labels, one: PartnerLoss) -> None:
    from curriplan.report.stress import is_state, worst_rows

    kind = "stress.state_" if is_state(labels, one.source) else "stress."
    for change in ("falls", "returns"):
        rows = [f"{row.programme}/{row.module}" for row in one.of(change)]
        if rows:
            said = _listed(rows, MODULES_SHOWN)
            terminal.say_wrapped(
                terminal.text(f"{kind}{change}", partner=one.source, modules=said), hanging=2
            )
    if one.pays_kzt and one.payers:
        payers = ", ".join(f"{row.source} {terminal.number(row.left_kzt)}" for row in one.payers)
        terminal.say_wrapped(terminal.text(f"{kind}pays", partner=one.source, payers=payers), hanging=2)
    if one.broken:
        found: dict[str, list[str]] = {}
        for row in worst_rows(one.broken):
            words = (row.check.programme, row.check.subject)
            found.setdefault(labels.rule(row.check), []).append(" ".join(word for word in words if word))
        rules = [f"{rule}: {_listed(where, RULES_SHOWN)}".rstrip(": ") for rule, where in found.items()]
        said = "; ".join(rules)
        terminal.say_wrapped(terminal.text(f"{kind}broken", partner=one.source, rules=said), hanging=2)


def _listed(rows: list[str], most: int) -> str:
    more = f", ... (+{len(rows) - most})" if len(rows) > most else ""
    return ", ".join(rows[:most]) + more
