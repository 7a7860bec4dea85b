"""Write the workbook of a plan: every sheet in its place, filled in the order in which formulas need them."""

from __future__ import annotations

from curriplan.base.progress import step
from curriplan.report.book import Target, workbook
from curriplan.report.budget import add_budget_sheet, add_use_sheet, write_budget, write_uses
from curriplan.report.carried import add_carried_sheet, write_carried
from curriplan.report.changes import write_changes
from curriplan.report.compliance import add_compliance_sheet, write_compliance
from curriplan.report.context import Context, PlanCells
from curriplan.report.curriculum import add_curriculum_sheet, write_curriculum
from curriplan.report.figures import write_figures
from curriplan.report.gaps import write_gaps
from curriplan.report.labels import Labels
from curriplan.report.ministry import add_ministry_sheet, write_ministry
from curriplan.report.not_selected import write_not_selected
from curriplan.report.occupations import write_occupations
from curriplan.report.payments import write_payments
from curriplan.report.provenance import add_provenance_sheet, write_provenance
from curriplan.report.review import write_review
from curriplan.report.stability import write_stability
from curriplan.report.summary import add_summary_sheet, write_summary
from curriplan.report.swaps import write_swaps
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.workbook import Sheet

OTHER_STEPS = 4
"""All but the curricula, and putting the file together, is told in so many steps as long as one of them."""


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
    texts = Words(language)
    labels = Labels(view.catalog, texts)
    title = texts("title.summary", catalog=view.catalog.info.title(language))
    with workbook(labels, target, title, view.plan.catalog.sha256, view.tool) as book:
        _write_sheets(Context(book, view, texts, labels))


def _write_sheets(context: Context) -> None:
    """Add the sheets in the order of the tabs, then fill them in the order of the references."""

    def tab(key: str) -> Sheet:
        return context.book.sheet(context.texts(key))

    summary = add_summary_sheet(context)
    ministry = add_ministry_sheet(context)
    record = context.view.plan.review
    changes = None if record is None else tab("sheet.changes")
    curricula = {name: add_curriculum_sheet(context, name) for name in context.view.limits.planned}
    gaps = tab("sheet.gaps")
    occupations = tab("sheet.occupations")
    sure = tab("sheet.figures")
    budget = add_budget_sheet(context)
    payments = tab("sheet.payments")
    compliance = add_compliance_sheet(context)
    not_selected = tab("sheet.not_selected")
    review = tab("sheet.review")
    if context.view.swaps:
        write_swaps(context)
    if context.view.plan.stability is not None:
        write_stability(context, context.view.plan.stability)
    uses = add_use_sheet(context)
    provenance = add_provenance_sheet(context)
    steps = len(curricula) + OTHER_STEPS
    filled = {}
    for place, (name, sheet) in enumerate(curricula.items()):
        step("writing", place, steps)
        filled[name] = write_curriculum(context, sheet, name)
    step("writing", steps - 4, steps)
    used, paid = write_uses(context, uses), write_payments(context, payments)
    served = write_occupations(context, occupations)
    figures = write_figures(context, sure, served)
    cells = PlanCells(
        curricula=filled,
        gaps=write_gaps(context, gaps, figures),
        occupations=served,
        budget=write_budget(context, budget, used, paid, filled),
        figures=figures,
    )
    step("writing", steps - 3, steps)
    checked = write_compliance(context, compliance, cells)
    write_not_selected(context, not_selected)
    rows = write_review(context, review)
    write_provenance(context, provenance)
    links: tuple[tuple[Sheet, str], ...] = (
        (ministry, "link.ministry"),
        (gaps, "link.gaps"),
        (occupations, "link.occupations"),
        (sure, "link.figures"),
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
    summed = write_summary(context, summary, cells, checked, links)
    write_ministry(context, ministry, cells, summed, used, paid)
    # What a review is compared with is written last: it holds all the other cells.
    step("writing", steps - 2, steps)
    write_carried(context, add_carried_sheet(context), review, rows)
    step("writing", steps - 1, steps)
