"""The money that intakes after the first one lack: who must decide on it, and by when."""

from __future__ import annotations

from curriplan.report.context import Context
from curriplan.report.ministry_money import IntakeCells
from curriplan.xlsx.formula import chained, choose, holds
from curriplan.xlsx.sentences import money_words, sentence
from curriplan.xlsx.term import Term, constant

STATE, OWN = "state", "college"
"""Kinds of sources on which the ministry, and the director, decides; partners decide on all others."""


def later_intakes_asked(context: Context, cells: IntakeCells | None) -> Term | None:
    """Ask for what all intakes together lack; None where the sources have enough for them."""
    intakes = context.view.figures.intakes
    lacking: dict[int, int] = {}
    for row in intakes.years:
        lacking[row.year] = lacking.get(row.year, 0) + row.over_kzt
    short = [year for year in sorted(lacking) if lacking[year] > 0]
    if cells is None or not short:
        return None
    texts = context.texts
    worst = max(short, key=lambda year: (lacking[year], -year))
    is_steady = intakes.steady_year is not None and worst >= intakes.steady_year
    when = texts(f"later_intakes.{'from_then_on' if is_steady else 'then'}", year=worst)
    needed, missing = cells.by_year[worst]
    values = {
        "who": constant(texts(f"later_intakes.{_deciding(context)}")),
        "first": constant(str(short[0])),
        "when": constant(when),
        "lacking": money_words(texts, missing),
        "asked": money_words(texts, needed),
    }
    said = choose(
        holds(">=", missing, needed),
        sentence(texts, "asked.later_intakes_all", values),
        sentence(texts, "asked.later_intakes", values),
    )
    is_given = any(_is_given(context, row.source) for row in intakes.years if row.over_kzt > 0)
    return chained(said, constant(texts("asked.later_intakes_allotted"))) if is_given else said


def _is_given(context: Context, source: str) -> bool:
    return context.view.catalog.is_allotted("funding_budgets", source)


def _deciding(context: Context) -> str:
    """Return who decides on the sources that have too little, a key of the texts."""
    kinds = {
        row.id: STATE if _is_given(context, row.id) else row.kind
        for row in context.view.catalog.funding_sources
    }
    short = {kinds[row.source] for row in context.view.figures.intakes.years if row.over_kzt > 0}
    others = short - {STATE, OWN}
    if STATE in short:
        return "all" if others else "ministry"
    return "partners" if others else "director"
