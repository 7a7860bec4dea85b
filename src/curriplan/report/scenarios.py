"""Plans by outlooks: what each closes and misses, and what a plan for all outlooks is worth."""

from __future__ import annotations

from curriplan.catalog.records import Catalog
from curriplan.plan.scenarios import CellRow, MadeFor, PlanRow, Scenarios
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.labels import Labels
from curriplan.report.outlooks import missed
from curriplan.texts.words import Words
from curriplan.xlsx.formula import difference, extreme, products_where, rounded
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Table
from curriplan.xlsx.term import Term

CLOSURE, BEST, BOUND = "column.closure_after", "column.outlook_best", "column.outlook_bound"
REGRET = "column.regret"
PLAN, PROBABILITY = "column.made_for", "column.probability"
EXPECTED, WORST = "column.expected_closure", "column.worst_regret"


def plan_name(labels: Labels, name: str) -> str:
    """Return what a plan was made for, in words."""
    kind, _, outlook = name.partition(":")
    return labels.texts(f"made_for.{kind}", outlook=labels.outlook(outlook) if outlook else "")


def cell_table(labels: Labels) -> Table[CellRow]:
    """Return the table of plans by outlooks."""
    return Table(
        Column(PLAN, "text", 46, lambda row: plan_name(labels, row.plan), console=""),
        Column(value=lambda row: row.plan, field="plan"),
        Column("column.outlook", "text", 0, lambda row: labels.outlook(row.outlook), console=""),
        Column(value=lambda row: row.outlook, field="outlook"),
        Column(PROBABILITY, "share", 0, lambda row: row.probability, field="probability"),
        Column(CLOSURE, "share", 0, lambda row: row.closure, field="closure", console="closure"),
        Column(BEST, "share", 0, lambda row: row.best, field="best"),
        Column(BOUND, "share", 0, lambda row: row.closure + row.regret_at_most),
        Column(
            REGRET, "missed", 0, lambda row: 100 * row.regret, lambda line: missed(line[BEST], line[CLOSURE]),
        ),
        Column(style="share", value=lambda row: row.regret, field="regret", console="regret"),
        Column(value=lambda row: row.regret_at_most, field="regret_at_most"),
        look=lambda row: "total" if row.plan == MadeFor.ALL else "",
    )  # fmt: skip


def plan_table(labels: Labels, cells: Placed[CellRow] | None = None) -> Table[PlanRow]:
    """Return the table of the plans; in a workbook its figures follow from those of the plans by outlooks."""

    def expected(line: Line[PlanRow]) -> Term:
        assert cells is not None
        mine = (cells.range(PLAN), "=", line[PLAN])
        return products_where(cells.range(PROBABILITY), cells.range(CLOSURE), mine)

    def largest(line: Line[PlanRow], key: str) -> Term:
        assert cells is not None
        own = [place for place, row in cells.lines() if row.plan == line.row.plan]
        return extreme(cells.sheet.range(cells.place(key), min(own), max(own)), "MAX")

    def first(line: Line[PlanRow], key: str) -> Term:
        return line.placed.ref(line.placed.first, key)

    return Table(
        Column(PLAN, "text", 46, lambda row: plan_name(labels, row.plan), console=""),
        Column("column.status", "centre", 28, lambda row: labels.texts(f"frontier_status.{row.status}")),
        Column("column.cost_kzt", "money", 18, lambda row: row.cost_kzt, console="cost"),
        Column(EXPECTED, "share", 16, lambda row: row.expected_closure, expected, console="expected"),
        Column(
            WORST, "missed", 16, lambda row: 100 * row.worst_regret, lambda line: largest(line, REGRET),
        ),
        Column(style="share", value=lambda row: row.worst_regret, console="regret"),
        Column(
            "column.expected_gain",
            "points",
            17,
            lambda row: round(100 * row.expected_gain, 1),
            lambda line: rounded(difference(line[EXPECTED], first(line, EXPECTED), times=-100), 1),
        ),
        Column(
            "column.regret_spared",
            "points",
            17,
            lambda row: round(100 * row.regret_spared, 1),
            lambda line: rounded(difference(line[WORST], first(line, WORST)), 1),
        ),
        look=lambda row: "total" if row.plan == MadeFor.ALL else "",
    )  # fmt: skip


def write_scenarios_workbook(catalog: Catalog, found: Scenarios, target: Target, language: str) -> None:
    """Write plans by outlooks to a path or a binary stream."""
    labels = Labels(catalog, Words(language))
    with workbook(labels, target, labels.texts("title.scenarios")) as book:
        _write_sheet(labels, book.sheet(labels.texts("sheet.scenarios"), plan_table(labels).widths), found)


def _write_sheet(labels: Labels, sheet: Sheet, found: Scenarios) -> None:
    """Write the plans, and below them what each closes in each outlook, of which their figures are made."""
    texts = labels.texts
    row = first_heading(labels, sheet, "title.scenarios", "how.scenarios")
    sheet.across(row, texts("phrase.outlooks_assumed"), "note")
    sheet.across(row + 1, texts("phrase.risk_weight", risk=labels.number(found.risk)), "note")
    top = row + 3
    below = top + len(found.rows) + 4
    sheet.across(below - 1, texts("heading.plans_by_outlooks"), "heading")
    cells = cell_table(labels).write(sheet, below, found.cells)
    placed = plan_table(labels, cells).write(sheet, top, found.rows)
    sheet.freeze(placed.first, 1)
