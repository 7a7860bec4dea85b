"""Where each competency is built up: a row by programme and competency, a column a semester of study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from curriplan.evaluation.figures.coverage import Coverage
from curriplan.plan.plan import Decision
from curriplan.report.context import Context
from curriplan.texts.words import Words
from curriplan.xlsx.formula import larger, sum_where
from curriplan.xlsx.sentences import sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column
from curriplan.xlsx.term import Range, Term, constant

FIRST = (
    Column("column.programme", "code", 12),
    Column("column.competency", "text", 40),
)
LAST = (
    Column("column.level_asked", "term", 11),
    Column("column.before", "term", 10),
    Column("column.after", "term", 10),
    Column("column.levels_lacking", "term", 11),
    Column("column.terms_since_use", "term", 14),
)
WHOLE_LIST = Column("column.whole_list", "text", 40)
"""Of cells that name some of their modules only; left out where there are none."""
TERM_WIDTH = 15.0
MOST_IN_CELL = 3
"""Modules that a cell names: where there are more, all of them stand in the last column."""
ARROW, NO_HIGHER, GOES_ON, NEW = "→", "=", "…", "+"
"""Before the level with which a module ends, or behind one that ends no higher than others before it; of one
that goes on; before one that the plan adds."""


def write_coverage(context: Context, sheet: Sheet) -> None:
    """Write the sheet: what teaches each competency in each semester, and the level asked and held."""
    view = context.view
    rows = [tuple(some) for _, some in groupby(view.coverage, lambda one: (one.programme, one.competency))]
    terms = max((view.catalog.programme_by_id[name].terms for name in view.limits.planned), default=1)
    is_cut = any(len(some) > MOST_IN_CELL for found in rows for some in _cells(found, terms).values())
    after = (*LAST, WHOLE_LIST) if is_cut else LAST
    first_widths, last_widths = ([column.width for column in some] for some in (FIRST, after))
    sheet.set_widths((*first_widths, *(TERM_WIDTH for _ in range(terms)), *last_widths))
    row = sheet.heading("title.coverage", "how.coverage", most=MOST_IN_CELL)
    ends = len(FIRST) + terms
    first = _write_header(context, sheet, row + 1, terms, after)
    for place, some in enumerate(rows, start=first):
        _write_row(context, sheet, place, some, terms)
    last = first + len(rows) - 1
    sheet.formula_across(row, _said(context.texts, sheet.range(ends + 3, first, last)), "sentence", 0, ends)
    sheet.freeze(first, len(FIRST))
    sheet.repeat(first - 1, first - 1)
    sheet.filter(first - 1, last, ends + len(after) - 1)
    if rows:
        sheet.colour_positive(first, ends + 3, last)


def _write_header(context: Context, sheet: Sheet, row: int, terms: int, after: Sequence[Column]) -> int:
    """Write the headers; return the row of the first record."""
    first = sheet.header(row, FIRST)
    for term in range(1, terms + 1):
        sheet.text(row, len(FIRST) + term - 1, context.texts("phrase.term_number", term=term), "header")
    for place, column in enumerate(after, start=len(FIRST) + terms):
        sheet.head(row, column.key, place)
    return first


def _said(texts: Words, lacking: Range) -> Term:
    """Say how many of the levels that are asked for are reached."""
    values = {
        "met": sum_where(None, (lacking, "=", constant(0))),
        "asked": sum_where(None, (lacking, ">=", constant(0))),
    }
    return sentence(texts, "sentence.coverage", values)


def _write_row(context: Context, sheet: Sheet, row: int, found: Sequence[Coverage], terms: int) -> None:
    one, texts = found[0], context.texts
    sheet.text(row, 0, one.programme, "code")
    sheet.text(row, 1, context.labels.competency(one.competency), "text")
    cells = _cells(found, terms)
    for term, modules in cells.items():
        is_new = any(each.decision is Decision.ADDED for each in modules)
        style = f"text {'new' if is_new else 'taught'}" if modules else "text"
        sheet.text(row, len(FIRST) + term - 1, _cell(texts, modules, term), style)
    ends = len(FIRST) + terms
    for place, level in enumerate((one.asked, one.before, one.after), start=ends):
        sheet.number(row, place, level, "term")
    lacking = larger(constant(0), sheet.ref(row, ends) - sheet.ref(row, ends + 2))
    sheet.formula(row, ends + 3, lacking, "term")
    since = context.view.terms_since_use.get((one.programme, one.competency, one.after))
    if since is None:
        sheet.text(row, ends + 4, "", "term")
    else:
        sheet.number(row, ends + 4, since, "term")
    if whole := _whole_list(texts, cells):
        sheet.text(row, ends + len(LAST), whole, WHOLE_LIST.style)


def _cells(found: Sequence[Coverage], terms: int) -> dict[int, tuple[Coverage, ...]]:
    """Return the modules that run in each term."""
    return {term: tuple(one for one in found if one.runs_in(term)) for term in range(1, terms + 1)}


def _cell(texts: Words, modules: Sequence[Coverage], term: int) -> str:
    """Return the modules of a cell, a line each; of many the first, and how many more there are."""
    lines = [_line(one, term) for one in modules[:MOST_IN_CELL]]
    more = len(modules) - len(lines)
    return "\n".join([*lines, texts("phrase.more_count", count=more)] if more else lines)


def _line(one: Coverage, term: int) -> str:
    """Return ``+ SEC-01 → 3``: added by the plan, ending with level 3."""
    mark = f"{NEW} " if one.decision is Decision.ADDED else ""
    ends = f"{ARROW} {one.level}" if one.raises else NO_HIGHER
    return f"{mark}{one.module} {ends if term == one.last_term else GOES_ON}"


def _whole_list(texts: Words, cells: Mapping[int, Sequence[Coverage]]) -> str:
    """Return all modules of the cells that do not name them all."""
    return "\n".join(
        f"{texts('phrase.term_number', term=term)}: {', '.join(_line(one, term) for one in modules)}"
        for term, modules in cells.items()
        if len(modules) > MOST_IN_CELL
    )
