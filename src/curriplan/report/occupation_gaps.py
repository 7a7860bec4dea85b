"""What a holder of one occupation lacks for another: the sheet, and the other forms of its table."""

from __future__ import annotations

from collections.abc import Callable

from curriplan.catalog.records import Catalog
from curriplan.problem.occupations import OccupationGap, OccupationGaps
from curriplan.report.areas import area_name
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.gaps import competency_columns, finish_gaps
from curriplan.report.labels import Labels
from curriplan.texts.words import Words
from curriplan.xlsx.formula import Condition, count_if, larger, products_where, ratio, smaller, total
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Table
from curriplan.xlsx.term import Range, Term, constant
from curriplan.xlsx.workbook import Book


def occupation_gap_table(labels: Labels, gaps: OccupationGaps) -> Table[OccupationGap]:
    """Return the table of the gaps, whose rows have the heaviest first."""
    competencies = labels.catalog.competency_by_id
    required, held = "column.required", "occupation_gaps.held"
    return Table(
        *competency_columns(labels, 44, 16),
        Column(
            "column.area",
            "text",
            21,
            lambda gap: area_name(labels, competencies.get(gap.competency)),
            field="area",
        ),
        Column("column.essential", "centre", 11, lambda gap: gap.essential, field="essential"),
        Column("occupation_gaps.importance", "number", 12, lambda gap: gap.importance, field="importance"),
        Column(required, "term", 11, lambda gap: gap.required, field="required", console="required"),
        Column(held, "term", 12, lambda gap: gap.held, field="held", console="held"),
        Column(
            "occupation_gaps.counted", "term", 12, formula=lambda line: smaller(line[held], line[required])
        ),
        Column(
            "column.missing",
            "term",
            11,
            lambda gap: gap.missing,
            lambda line: larger(constant(0), line[required] - line[held]),
            field="missing",
            console="missing",
        ),
        # On a terminal what is essential stands behind the levels.
        Column(value=lambda gap: gap.essential, console="essential"),
        Column("occupation_gaps.share", "share", 12, gaps.share, field="weight", digits=9, console="share"),
        Column("occupation_gaps.via", "text", 26, lambda gap: labels.competency(gap.via) if gap.via else ""),
        Column(value=lambda gap: gap.via or "", field="carried_from"),
        Column("column.need_source", "text", 22, lambda gap: labels.sources([gap.evidence]), field="source"),
    )


def occupation_gap_data(labels: Labels, gaps: OccupationGaps) -> dict[str, object]:
    """Return everything as data for JSON: the two occupations, the totals, the rows."""
    met, essentials = gaps.essentials_met
    ends = {"from": gaps.source, "to": gaps.target}
    return {
        **{
            key: {"id": row.id, "name": row.name(labels.texts.language), "isco08": row.isco08, "uri": row.uri}
            for key, row in ends.items()
        },
        "cover": round(gaps.cover, 9),
        "essentials": essentials,
        "essentials_met": met,
        "competencies": occupation_gap_table(labels, gaps).records(gaps.rows),
    }


TOTALS = 4
"""Rows of totals above the table."""


def write_occupation_gap_workbook(
    catalog: Catalog, gaps: OccupationGaps, target: Target, language: str
) -> None:
    """Write what a holder of one occupation lacks for another to a path or a binary stream."""
    labels = Labels(catalog, Words(language))
    with workbook(labels, target, labels.texts("occupation_gaps.title")) as book:
        _write_sheet(labels, book, gaps)


def _write_sheet(labels: Labels, book: Book, gaps: OccupationGaps) -> None:
    """Write the two occupations, the totals as formulas over the table, and one row a competency."""
    table = occupation_gap_table(labels, gaps)
    sheet = book.sheet(labels.texts("sheet.gaps"), table.widths)
    row = first_heading(labels, sheet, "occupation_gaps.title", "occupation_gaps.how")
    ends = {
        "source": gaps.source.name(labels.texts.language),
        "target": gaps.target.name(labels.texts.language),
    }
    sheet.across(row, labels.texts("occupation_gaps.ends", **ends), "plain")
    top = row + 2
    placed = table.write(sheet, top + TOTALS + 1, gaps.rows)
    finish_gaps(placed, "column.missing")
    _write_totals(labels, sheet, top, placed.range)


def _write_totals(labels: Labels, sheet: Sheet, row: int, column: Callable[[str], Range]) -> None:
    """Write cover, essential needs met, and missing levels, each as a formula."""
    weights, missing = column("occupation_gaps.importance"), column("column.missing")
    of_all = products_where(weights, column("column.required"))
    cover = ratio(products_where(weights, column("occupation_gaps.counted")), of_all)
    essential: Condition = (column("column.essential"), "=", labels.yes_no(True))
    figures: tuple[tuple[str, Term, str], ...] = (
        ("occupation_gaps.cover", cover, "share"),
        ("occupation_gaps.met", count_if(essential, (missing, "=", 0)), "count"),
        ("occupation_gaps.essentials", count_if(essential), "count"),
        ("occupation_gaps.levels", total(missing), "count"),
    )
    for place, (key, term, style) in enumerate(figures, start=row):
        sheet.text(place, 0, labels.texts(key), "text")
        sheet.formula(place, 1, term, style)
