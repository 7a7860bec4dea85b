"""The Changes sheet of a plan that is compared with an earlier one: what changes, for which intake."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from curriplan.base import semesters
from curriplan.evaluation.planned import earlier_selection
from curriplan.evaluation.state import Basis
from curriplan.plan.replanning import changes_against
from curriplan.problem.review import ReviewChange, ReviewRecord
from curriplan.report.changes import Answers, change_table, further_table, write_part
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table

WIDTHS = (13, 11, 28, 14, 14, 14, 12, 12, 12, 13, 13)
REASON_SPAN = 5
BOUGHT_SPAN = 5


@dataclass(frozen=True)
class IntakeRow:
    """What changes for an intake; its terms up to `taught` are over."""

    programme: str
    name: str
    start: str
    taught: int
    taken: int
    left_out: int
    moved: int
    closure_before: float | None
    closure_after: float | None


def earlier_changes(view: PlanView) -> tuple[ReviewChange, ...] | None:
    """Return what is otherwise than in the earlier plan; None where there is none, or a review tells."""
    previous = view.limits.settings.previous
    if previous is None or view.plan.review is not None:
        return None
    return changes_against(previous, view.plan.selection.terms)


def intake_rows(view: PlanView, labels: Labels, changes: tuple[ReviewChange, ...]) -> list[IntakeRow]:
    """Return a row for each programme that the earlier plan has, in catalog order."""
    counts = Counter((row.programme, _kind(row)) for row in changes)
    known = {name for name, _, _ in view.limits.settings.previous or ()}
    selection = earlier_selection(view.problem)
    assert selection is not None, "there is an earlier plan"
    before = view.problem.derived(Basis).plan(selection).states
    after = {row.programme: row.closure_after for row in view.after.programmes}
    rows = (view.catalog.programme_by_id[name] for name in view.limits.planned if name in known)
    return [
        IntakeRow(
            row.id,
            labels.programme(row.id),
            row.start,
            sum(view.limits.is_over(semesters.of_term(row.start, n)) for n in range(1, row.terms + 1)),
            counts[row.id, "taken"],
            counts[row.id, "left_out"],
            counts[row.id, "moved"],
            before[row.id].closure,
            after.get(row.id),
        )
        for row in rows
    ]


def _kind(row: ReviewChange) -> str:
    return "taken" if row.before is None else "left_out" if row.after is None else "moved"


def intake_table(labels: Labels) -> Table[IntakeRow]:
    """Return the table of the intakes; all changes of a row are a formula over its other cells."""
    return Table(
        Column("column.programme", "code", value=lambda row: row.programme),
        Column("column.programme_name", value=lambda row: row.name, span=2),
        Column("column.intake_begins", value=lambda row: labels.semester(row.start)),
        Column("column.terms_taught", "count", value=lambda row: row.taught),
        Column("column.added", "count", value=lambda row: row.taken),
        Column("column.dropped", "count", value=lambda row: row.left_out),
        Column("column.moved", "count", value=lambda row: row.moved),
        Column(
            "column.all_changes",
            "count",
            formula=lambda line: line["column.added"] + line["column.dropped"] + line["column.moved"],
        ),
        Column("column.closure_earlier", "share", value=lambda row: row.closure_before),
        Column("column.closure_now", "share", value=lambda row: row.closure_after),
    )


def write_earlier(context: Context, sheet: Sheet, changes: tuple[ReviewChange, ...]) -> None:
    """Write the sheet."""
    view, labels, texts = context.view, context.labels, context.texts
    answers = Answers(view, labels, ReviewRecord("", "", planned_anew=True, lines=(), changes=changes))
    sheet.set_widths(WIDTHS)
    row = sheet.heading("title.changes_earlier", "how.changes_earlier")
    sheet.freeze(row)
    until = view.limits.settings.taught_until
    taught = "" if until is None else texts("phrase.earlier_taught", semester=labels.semester(until))
    sheet.across(row, texts("phrase.earlier_account", changes=len(changes), taught=taught), "label")
    rows = intake_rows(view, labels, changes)
    row = write_part(sheet, row + 2, "heading.intake_changes", intake_table(labels), rows)
    if changes:
        table = change_table(answers, "in_earlier", "in_this", REASON_SPAN)
        row = write_part(sheet, row + 1, "heading.earlier_changes", table, changes)
    else:
        sheet.across(row + 1, texts("phrase.nothing_changes"), "plain")
        row += 2
    if view.plan.replanning is not None and view.plan.replanning.further:
        further = view.plan.replanning.further
        write_part(sheet, row + 1, "heading.further_changes", further_table(answers, BOUGHT_SPAN), further)
