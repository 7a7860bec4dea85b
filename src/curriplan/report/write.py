"""Write the workbook of a plan: every sheet in its place, filled in the order in which formulas need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from curriplan.base.progress import step
from curriplan.report.book import Target, workbook
from curriplan.report.budget import add_budget_sheet, write_budget
from curriplan.report.carried import add_carried_sheet, write_carried
from curriplan.report.challenges import add_challenges_sheet, write_challenges
from curriplan.report.changes import write_changes
from curriplan.report.checks import add_checks_sheet, write_checks
from curriplan.report.closure import write_closure
from curriplan.report.compliance import add_compliance_sheet, write_compliance
from curriplan.report.context import Context, PlanCells
from curriplan.report.coverage import write_coverage
from curriplan.report.curriculum import add_decisions_sheet, write_curriculum
from curriplan.report.curriculum_rows import curriculum_table
from curriplan.report.doors import write_doors
from curriplan.report.earlier import earlier_changes, write_earlier
from curriplan.report.expenses import add_expenses_sheet, write_expenses
from curriplan.report.figures import write_figures
from curriplan.report.form import add_form_sheet, write_form
from curriplan.report.gaps import write_gaps
from curriplan.report.guide import write_guides
from curriplan.report.hours import add_hours_sheet, add_uses_sheet, write_hours, write_uses
from curriplan.report.labels import Labels
from curriplan.report.lag import write_lag
from curriplan.report.loads import add_loads_sheet, write_loads
from curriplan.report.ministry import add_ministry_sheet, add_ministry_tables_sheet, write_ministry
from curriplan.report.names import named_figures
from curriplan.report.not_selected import write_not_selected
from curriplan.report.occupations import write_occupations
from curriplan.report.outlooks import write_outlooks
from curriplan.report.payments import write_payments
from curriplan.report.plan_frontier import write_plan_frontier
from curriplan.report.programmes import add_programmes_sheet, write_programmes
from curriplan.report.provenance import add_provenance_sheet, write_provenance
from curriplan.report.review import write_review
from curriplan.report.stability import write_stability
from curriplan.report.stress import write_plan_partners
from curriplan.report.summary import NoteCells, add_summary_sheet, write_summary
from curriplan.report.swaps import write_swaps
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.sheet import Sheet

OTHER_STEPS = 4
"""All but the curricula, and putting the file together, is told in so many steps as long as one of them."""


def write_plan_workbook(
    view: PlanView, target: Target, language: str, *, prints_details: bool = False
) -> None:
    """Write the plan to a path or a binary stream.

    Parameters
    ----------
    view : PlanView
        The plan with its evaluation.
    target : path or binary stream
        Written as it is: replacing an old file safely is the caller's business.
    language : str
        ``kk``, ``ru`` or ``en``.
    prints_details : bool
        Whether all sheets are printed, not only those that decide.
    """
    texts = Words(language)
    labels = Labels(view.catalog, texts)
    title = texts("title.summary", catalog=view.catalog.info.title(language))
    made_from = view.plan.catalog.sha256
    with workbook(
        labels,
        target,
        title,
        made_from,
        view.tool,
        programmes=view.limits.planned,
        prints_details=prints_details,
        leads_back=True,
    ) as book:
        _write_sheets(Context(book, view, texts, labels))


def _write_sheets(context: Context) -> None:
    """Add the sheets in the order of the tabs, then fill them in the order of the references."""
    tabs = _add_sheets(context)
    steps = len(tabs.curricula) + OTHER_STEPS
    filled = {}
    for place, (name, sheet) in enumerate(tabs.curricula.items()):
        step("writing", place, steps)
        table = curriculum_table(context.view, context.labels, name)
        filled[name] = write_curriculum(context, tabs.decisions[name], table, sheet.name)
        write_form(context, sheet, table, filled[name])
    step("writing", steps - 4, steps)
    used, paid = write_uses(context, tabs.uses), write_payments(context, tabs.payments)
    served = write_occupations(context, tabs.occupations)
    figures = write_figures(context, tabs.figures, served)
    hours = write_hours(context, tabs.hours, used)
    expenses = write_expenses(context, tabs.expenses, paid)
    write_loads(context, tabs.loads, hours.loads)
    cells = PlanCells(
        curricula=filled,
        gaps=write_gaps(context, tabs.gaps, figures),
        occupations=served,
        expenses=expenses,
        budget=write_budget(context, tabs.budget, paid, expenses.new_money, filled),
        hours=hours,
        figures=figures,
    )
    step("writing", steps - 3, steps)
    checked = write_compliance(
        context, tabs.compliance, write_checks(context, tabs.every_check, cells), filled
    )
    write_not_selected(context, tabs.not_selected)
    rows = write_review(context, tabs.review)
    _write_changes(context, tabs.changes)
    overview = write_programmes(context, tabs.programmes, cells)
    judgements = write_closure(context, tabs.closure, overview)
    write_coverage(context, tabs.coverage)
    doors = None
    if tabs.doors is not None and context.view.adaptability is not None:
        doors = write_doors(context, tabs.doors, context.view.adaptability)
    if tabs.frontier is not None and context.view.plan.frontier is not None:
        write_plan_frontier(context, tabs.frontier, context.view.plan.frontier, overview, expenses.new_money)
    if tabs.outlooks is not None and context.view.plan.outlooks is not None:
        write_outlooks(context, tabs.outlooks, context.view.plan.outlooks)
    if tabs.partners is not None:
        write_plan_partners(context, tabs.partners)
    if tabs.challenges is not None:
        write_challenges(context, tabs.challenges, cells, overview, paid)
    intakes = write_ministry(context, tabs.ministry, tabs.ministry_tables, cells, overview, used, paid)
    lag = None
    if tabs.lag is not None and context.view.lag is not None:
        lag = write_lag(context, tabs.lag, context.view.lag)
    note = NoteCells(cells, overview, checked, paid, doors, lag, intakes)
    money = write_summary(context, tabs.summary, note, tabs.linked())
    write_provenance(context, tabs.provenance, named_figures(note, money, judgements))
    carried = add_carried_sheet(context)
    write_guides(context, tabs.summary, tabs.review)
    # What a review is compared with is written last: it holds all the other cells.
    step("writing", steps - 2, steps)
    write_carried(context, carried, tabs.review, rows)
    step("writing", steps - 1, steps)


def _write_changes(context: Context, sheet: Sheet | None) -> None:
    """Say what came of a review, or what is otherwise than in the earlier plan."""
    if sheet is not None and context.view.plan.review is not None:
        write_changes(context, sheet, context.view.plan.review)
    elif sheet is not None and (changes := earlier_changes(context.view)) is not None:
        write_earlier(context, sheet, changes)


@dataclass(frozen=True)
class _Tabs:
    """The sheets in the order of their tabs: first what is printed, then the details."""

    summary: Sheet
    programmes: Sheet
    challenges: Sheet | None
    ministry: Sheet
    changes: Sheet | None
    curricula: Mapping[str, Sheet]
    """In the state form."""
    budget: Sheet
    loads: Sheet
    compliance: Sheet
    review: Sheet
    decisions: Mapping[str, Sheet]
    """The working sheet of each programme."""
    frontier: Sheet | None
    outlooks: Sheet | None
    partners: Sheet | None
    gaps: Sheet
    coverage: Sheet
    closure: Sheet
    occupations: Sheet
    doors: Sheet | None
    lag: Sheet | None
    figures: Sheet
    not_selected: Sheet
    expenses: Sheet
    payments: Sheet
    hours: Sheet
    uses: Sheet
    every_check: Sheet
    ministry_tables: Sheet
    provenance: Sheet

    def linked(self) -> list[tuple[Sheet, str]]:
        """Return the sheets that the first one links to, each with the key of its line."""
        found = ((one.name, getattr(self, one.name)) for one in fields(self))
        return [
            (tab, f"link.{name}") for name, tab in found if isinstance(tab, Sheet) and tab is not self.summary
        ]


def _add_sheets(context: Context) -> _Tabs:
    """Add the sheets, still empty, in the order of the tabs."""

    def tab(key: str, *, is_detail: bool = True) -> Sheet:
        return context.book.sheet(context.texts(key), is_detail=is_detail)

    summary, programmes = add_summary_sheet(context), add_programmes_sheet(context)
    challenges, ministry = add_challenges_sheet(context), add_ministry_sheet(context)
    is_compared = context.view.plan.review is not None or earlier_changes(context.view) is not None
    changes = tab("sheet.changes", is_detail=False) if is_compared else None
    planned = context.view.limits.planned
    curricula = {name: add_form_sheet(context, name) for name in planned}
    budget, loads = add_budget_sheet(context), add_loads_sheet(context)
    compliance, review = add_compliance_sheet(context), tab("sheet.review")
    decisions = {name: add_decisions_sheet(context, name) for name in planned}
    if context.view.swaps:
        write_swaps(context)
    if context.view.plan.stability is not None:
        write_stability(context, context.view.plan.stability)
    return _Tabs(
        summary=summary,
        programmes=programmes,
        challenges=challenges,
        ministry=ministry,
        changes=changes,
        curricula=curricula,
        budget=budget,
        loads=loads,
        compliance=compliance,
        review=review,
        decisions=decisions,
        frontier=None if context.view.plan.frontier is None else tab("sheet.frontier"),
        outlooks=None if context.view.plan.outlooks is None else tab("sheet.outlooks"),
        partners=tab("sheet.partners") if context.view.plan.partners else None,
        gaps=tab("sheet.gaps"),
        coverage=tab("sheet.coverage"),
        closure=tab("sheet.closure"),
        occupations=tab("sheet.occupations"),
        doors=None if context.view.adaptability is None else tab("sheet.doors"),
        lag=None if context.view.lag is None else tab("sheet.lag"),
        figures=tab("sheet.figures"),
        not_selected=tab("sheet.not_selected"),
        expenses=add_expenses_sheet(context),
        payments=tab("sheet.payments"),
        hours=add_hours_sheet(context),
        uses=add_uses_sheet(context),
        every_check=add_checks_sheet(context),
        ministry_tables=add_ministry_tables_sheet(context),
        provenance=add_provenance_sheet(context),
    )
