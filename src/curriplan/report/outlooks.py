"""The sheet Outlooks: what the plan closes in each outlook of the catalog, and what it misses there."""

from __future__ import annotations

from curriplan.plan.outlooks import OutlookClosure, PlanOutlooks
from curriplan.report.context import Context
from curriplan.report.labels import Labels
from curriplan.xlsx.formula import difference, greatest, larger, weighted_mean
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Placed, Table
from curriplan.xlsx.term import Term, constant

PROBABILITY, BEFORE, AFTER = "column.probability", "column.closure_before", "column.closure_after"
BEST, BOUND = "column.outlook_best", "column.outlook_bound"
REGRET, AT_MOST = "column.regret", "column.regret_at_most"


def outlook_table(labels: Labels, *, with_regret: bool) -> Table[OutlookClosure]:
    """Return the table of the outlooks; regrets only where the best of each is known."""
    columns: list[Column[OutlookClosure]] = [
        Column("column.outlook", "text", 46, lambda row: labels.outlook(row.outlook)),
        Column(PROBABILITY, "share", 14, lambda row: row.probability),
        Column(BEFORE, "share", 15, lambda row: row.before),
        Column(AFTER, "share", 15, lambda row: row.after),
        Column(
            "column.change_points",
            "points",
            13,
            formula=lambda line: difference(line[AFTER], line[BEFORE], times=100),
        ),
    ]
    if with_regret:
        columns += [
            Column(BEST, "share", 17, lambda row: row.regret.best if row.regret else None),
            Column(BOUND, "share", 17, lambda row: row.after + row.regret.most if row.regret else None),
            Column(REGRET, "missed", 14, formula=lambda line: missed(line[BEST], line[AFTER])),
            Column(AT_MOST, "missed", 14, formula=lambda line: missed(line[BOUND], line[AFTER])),
        ]
    return Table(*columns)


def missed(best: Term, closure: Term) -> Term:
    """Return by how many points a closure is below another, 0 where it is not."""
    return larger(constant(0), difference(best, closure, times=100))


def write_outlooks(context: Context, sheet: Sheet, found: PlanOutlooks) -> None:
    """Write a row an outlook, and below them what is expected and the worst regret."""
    texts, with_regret = context.texts, found.worst_regret is not None
    table = outlook_table(context.labels, with_regret=with_regret)
    sheet.set_widths(table.widths)
    top = sheet.heading("title.outlooks", "how.outlooks")
    sheet.across(top, texts("phrase.outlooks_assumed"), "note")
    placed = table.write(sheet, top + 2, found.rows)
    _write_total(context, placed)
    if not with_regret:
        sheet.across(placed.last + 3, texts("phrase.regret_not_sought"), "note")
    placed.page(1, filtered=False)


def _write_total(context: Context, placed: Placed[OutlookClosure]) -> None:
    """Write what is expected under closures, and the worst under regrets."""
    row, sheet = placed.last + 1, placed.sheet
    for column in placed.table.shown:
        place = placed.place(column.key)
        style = f"{column.style} total"
        if column.key in (BEFORE, AFTER):
            mean = weighted_mean(placed.range(column.key), placed.range(PROBABILITY))
            sheet.formula(row, place, mean, style)
        elif column.key == "column.change_points":
            later, earlier = placed.ref(row, AFTER), placed.ref(row, BEFORE)
            sheet.formula(row, place, difference(later, earlier, times=100), style)
        elif column.key in (REGRET, AT_MOST):
            sheet.formula(row, place, greatest(placed.range(column.key)), style)
        else:
            is_first = column.key == "column.outlook"
            sheet.text(row, place, context.texts("phrase.over_outlooks") if is_first else "", style)
