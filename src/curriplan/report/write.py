"""Write a workbook: every sheet in its place, filled in the order in which formulas need them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from curriplan.base.version import TOOL
from curriplan.catalog.footer import footer_of
from curriplan.catalog.records import Catalog
from curriplan.plan.comparison import Comparison
from curriplan.plan.explanation import Explanation
from curriplan.plan.frontier import Frontier
from curriplan.problem.gaps import Gap
from curriplan.problem.limits import Limits
from curriplan.problem.occupations import OccupationGaps
from curriplan.report.budget import add_budget_sheet, add_use_sheet, write_budget, write_uses
from curriplan.report.carried import add_carried_sheet, write_carried
from curriplan.report.changes import add_changes_sheet, write_changes
from curriplan.report.comparison import write_comparison
from curriplan.report.compliance import add_compliance_sheet, write_compliance
from curriplan.report.context import Context, PlanCells
from curriplan.report.curriculum import add_curriculum_sheet, write_curriculum
from curriplan.report.explanation import (
    LimitRow,
    ReasonRow,
    limit_rows,
    reason_rows,
    write_limits,
    write_reasons,
)
from curriplan.report.frontier import write_frontier
from curriplan.report.gap_rows import gap_table
from curriplan.report.gaps import GAP_COLUMNS, add_gap_sheet, write_gaps, write_plain_gaps
from curriplan.report.labels import Labels
from curriplan.report.ministry import add_ministry_sheet, write_ministry
from curriplan.report.not_selected import add_not_selected_sheet, write_not_selected
from curriplan.report.occupation_gaps import OCCUPATION_GAP_COLUMNS, write_occupation_gaps
from curriplan.report.occupations import add_occupation_sheet, write_occupations
from curriplan.report.payments import add_payment_sheet, write_payments
from curriplan.report.provenance import add_provenance_sheet, write_provenance
from curriplan.report.review import add_review_sheet, write_review
from curriplan.report.stability import write_stability
from curriplan.report.summary import add_summary_sheet, write_summary
from curriplan.report.swaps import write_swaps
from curriplan.report.view import PlanView
from curriplan.texts.words import Texts
from curriplan.xlsx.workbook import Book, Sheet

Target = Path | str | IO[bytes]


def write_plan_workbook(view: PlanView, target: Target, language: str) -> None:
    """Write the plan to a path or a binary stream.

    Parameters
    ----------
    view : PlanView
        The plan with its evaluation.
    target : path or binary stream
        Written as it is: replacing an old file safely is the caller's business.
    language : str
        ``kk``, ``ru`` or ``en``.
    """
    texts = Texts(language)
    labels = Labels(view.catalog, texts)
    title = texts("title.summary", catalog=view.catalog.info.title(language))
    footer = footer_of(texts, view.tool, view.catalog, view.plan.catalog.sha256)
    book = Book(target, texts, footer, title, view.plan.catalog.sha256)
    _write_sheets(Context(book, view, texts, labels))
    book.close()


def _write_sheets(context: Context) -> None:
    """Add the sheets in the order of the tabs, then fill them in the order of the references."""
    summary = add_summary_sheet(context)
    ministry = add_ministry_sheet(context)
    record = context.view.plan.review
    changes = None if record is None else add_changes_sheet(context)
    curricula = {name: add_curriculum_sheet(context, name) for name in context.view.limits.planned}
    gaps = add_gap_sheet(context)
    occupations = add_occupation_sheet(context)
    budget = add_budget_sheet(context)
    payments = add_payment_sheet(context)
    compliance = add_compliance_sheet(context)
    not_selected = add_not_selected_sheet(context)
    review = add_review_sheet(context)
    if context.view.swaps:
        write_swaps(context)
    if context.view.plan.stability is not None:
        write_stability(context, context.view.plan.stability)
    uses = add_use_sheet(context)
    provenance = add_provenance_sheet(context)
    filled = {name: write_curriculum(context, sheet, name) for name, sheet in curricula.items()}
    used, paid = write_uses(context, uses), write_payments(context, payments)
    cells = PlanCells(
        curricula=filled,
        gaps=write_gaps(context, gaps),
        occupations=write_occupations(context, occupations),
        budget=write_budget(context, budget, used, paid, filled),
    )
    checked = write_compliance(context, compliance, cells)
    write_not_selected(context, not_selected)
    rows = write_review(context, review)
    write_provenance(context, provenance)
    links: tuple[tuple[Sheet, str], ...] = (
        (ministry, "link.ministry"),
        (gaps, "link.gaps"),
        (occupations, "link.occupations"),
        (budget, "link.budget"),
        (payments, "link.payments"),
        (compliance, "link.compliance"),
        (not_selected, "link.not_selected"),
        (review, "link.review"),
        (uses, "link.uses"),
        (provenance, "link.provenance"),
    )
    if record is not None and changes is not None:
        write_changes(context, changes, record)
        links = ((changes, "link.changes"), *links)
    figures = write_summary(context, summary, cells, checked, links)
    write_ministry(context, ministry, cells, figures, used, paid)
    # What a review is compared with is written last: it holds all the other cells.
    write_carried(context, add_carried_sheet(context), review, rows)


def write_gap_workbook(
    catalog: Catalog,
    limits: Limits,
    gaps: Sequence[Gap],
    target: Target,
    language: str,
    tool: str = TOOL,
) -> None:
    """Write the gaps before any plan to a path or a binary stream.

    Parameters
    ----------
    gaps : sequence of Gap
        As `curriplan.problem.gaps.find_gaps` returns them.
    """
    texts = Texts(language)
    labels = Labels(catalog, texts)
    footer = footer_of(texts, tool, catalog, catalog.sha256)
    book = Book(target, texts, footer, texts("title.gaps"), catalog.sha256)
    sheet = book.sheet(texts("sheet.gaps"), [column.width for column in GAP_COLUMNS])
    write_plain_gaps(labels, limits, sheet, gap_table(catalog, gaps, labels))
    book.close()


def write_occupation_gap_workbook(
    catalog: Catalog, gaps: OccupationGaps, target: Target, language: str
) -> None:
    """Write what a holder of one occupation lacks for another to a path or a binary stream."""
    texts = Texts(language)
    footer = footer_of(texts, TOOL, catalog, catalog.sha256)
    book = Book(target, texts, footer, texts("occupation_gaps.title"), catalog.sha256)
    sheet = book.sheet(texts("sheet.gaps"), [column.width for column in OCCUPATION_GAP_COLUMNS])
    write_occupation_gaps(Labels(catalog, texts), sheet, gaps)
    book.close()


def write_frontier_workbook(catalog: Catalog, frontier: Frontier, target: Target, language: str) -> None:
    """Write closure against budget to a path or a binary stream."""
    texts = Texts(language)
    footer = footer_of(texts, TOOL, catalog, catalog.sha256)
    book = Book(target, texts, footer, texts("title.frontier"), catalog.sha256)
    write_frontier(Labels(catalog, texts), book, frontier)
    book.close()


def write_comparison_workbook(
    catalog: Catalog, comparison: Comparison, target: Target, language: str
) -> None:
    """Write what changed between two plans to a path or a binary stream; `catalog` gives the names."""
    texts = Texts(language)
    sha256 = comparison.second.catalog.sha256
    footer = footer_of(texts, TOOL, catalog, sha256)
    book = Book(target, texts, footer, texts("title.compare_measures"), sha256)
    write_comparison(Labels(catalog, texts), book, comparison)
    book.close()


def write_explanation_workbook(
    catalog: Catalog, explanation: Explanation, target: Target, language: str
) -> None:
    """Write why a plan is as it is to a path or a binary stream."""
    texts = Texts(language)
    footer = footer_of(texts, TOOL, catalog, catalog.sha256)
    book = Book(target, texts, footer, texts("title.reasons"), catalog.sha256)
    labels = Labels(catalog, texts)
    write_reasons(labels, book, explanation)
    if explanation.limits:
        write_limits(labels, book, explanation)
    book.close()


def explanation_rows(catalog: Catalog, explanation: Explanation, language: str) -> tuple[ReasonRow, ...]:
    """Return the reasons of the modules in words."""
    return reason_rows(explanation, Labels(catalog, Texts(language)))


def explanation_limits(catalog: Catalog, explanation: Explanation, language: str) -> tuple[LimitRow, ...]:
    """Return the limits in words."""
    return limit_rows(explanation, Labels(catalog, Texts(language)))
