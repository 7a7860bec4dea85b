"""The sheet of what a holder of one occupation lacks for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import Catalog
from curriplan.problem.occupations import OccupationGap, OccupationGaps
from curriplan.report.gap_rows import area_name
from curriplan.report.gaps import finish_table, write_texts
from curriplan.report.labels import Labels
from curriplan.texts.words import Texts
from curriplan.xlsx.formula import (
    Range,
    Term,
    constant,
    count_if,
    larger,
    products_where,
    ratio,
    smaller,
    total,
)
from curriplan.xlsx.table import Column
from curriplan.xlsx.workbook import Sheet


@dataclass(frozen=True)
class OccupationGapRow:
    """One competency that the other occupation needs."""

    gap: OccupationGap
    name: str
    framework: str
    area: str
    share: float
    """Weight of its missing steps, as a share of everything that is missing."""
    via: str
    source: str


def occupation_gap_table(gaps: OccupationGaps, labels: Labels) -> tuple[OccupationGapRow, ...]:
    """Return the gaps in words, the heaviest first."""
    return tuple(_row(gaps, gap, labels) for gap in gaps.rows)


def _row(gaps: OccupationGaps, gap: OccupationGap, labels: Labels) -> OccupationGapRow:
    competency = labels.catalog.competency_by_id.get(gap.competency)
    return OccupationGapRow(
        gap=gap,
        name=labels.competency(gap.competency),
        framework=labels.framework(competency),
        area=area_name(labels, competency),
        share=gaps.share(gap),
        via=labels.competency(gap.via) if gap.via else "",
        source=labels.sources([gap.evidence]),
    )


OCCUPATION_GAP_FIELDS = (
    "competency",
    "name",
    "framework",
    "area",
    "essential",
    "importance",
    "required",
    "held",
    "missing",
    "weight",
    "carried_from",
    "source",
)


def occupation_gap_rows(catalog: Catalog, gaps: OccupationGaps, language: str) -> list[dict[str, object]]:
    """Return plain records for CSV, JSON or a terminal; keys are `OCCUPATION_GAP_FIELDS`."""
    rows = occupation_gap_table(gaps, Labels(catalog, Texts(language)))
    return [_record(row) for row in rows]


def _record(row: OccupationGapRow) -> dict[str, object]:
    return {
        "competency": row.gap.competency,
        "name": row.name,
        "framework": row.framework,
        "area": row.area,
        "essential": row.gap.essential,
        "importance": row.gap.importance,
        "required": row.gap.required,
        "held": row.gap.held,
        "missing": row.gap.missing,
        "weight": round(row.share, 9),
        "carried_from": row.gap.via or "",
        "source": row.source,
    }


def occupation_gap_data(catalog: Catalog, gaps: OccupationGaps, language: str) -> dict[str, object]:
    """Return everything as data for JSON: the two occupations, the totals, the rows."""
    met, essentials = gaps.essentials_met
    ends = {"from": gaps.source, "to": gaps.target}
    return {
        **{
            key: {"id": row.id, "name": row.name(language), "isco08": row.isco08, "uri": row.uri}
            for key, row in ends.items()
        },
        "cover": round(gaps.cover, 9),
        "essentials": essentials,
        "essentials_met": met,
        "competencies": occupation_gap_rows(catalog, gaps, language),
    }


OCCUPATION_GAP_COLUMNS: Sequence[Column] = (
    Column("column.competency", "text", 44),
    Column("column.framework", "text", 16),
    Column("column.area", "text", 21),
    Column("column.essential", "centre", 11),
    Column("occupation_gaps.importance", "number", 12),
    Column("column.required", "term", 11),
    Column("occupation_gaps.held", "term", 12),
    Column("occupation_gaps.counted", "term", 12),
    Column("column.missing", "term", 11),
    Column("occupation_gaps.share", "share", 12),
    Column("occupation_gaps.via", "text", 26),
    Column("column.need_source", "text", 22),
)
NAME, FRAMEWORK, AREA, ESSENTIAL, IMPORTANCE, REQUIRED, HELD, COUNTED, MISSING, SHARE, VIA, SOURCE = range(12)
Columns = Callable[[int], Range]
TOTALS = 4
"""Rows of totals above the table."""


def write_occupation_gaps(labels: Labels, sheet: Sheet, gaps: OccupationGaps) -> None:
    """Write the two occupations, the totals as formulas over the table, and one row a competency."""
    rows = occupation_gap_table(gaps, labels)
    row = sheet.heading("occupation_gaps.title", "occupation_gaps.how")
    ends = {
        "source": gaps.source.name(labels.texts.language),
        "target": gaps.target.name(labels.texts.language),
    }
    sheet.across(row, labels.texts("occupation_gaps.ends", **ends), "plain")
    top = row + 2
    first = sheet.header(top + TOTALS + 1, OCCUPATION_GAP_COLUMNS)
    for place, line in enumerate(rows, start=first):
        _write_row(labels, sheet, place, line)
    last = first + len(rows) - 1
    finish_table(sheet, first, last, len(OCCUPATION_GAP_COLUMNS), MISSING)
    _write_totals(labels, sheet, top, lambda column: sheet.range(column, first, last))


def _write_row(labels: Labels, sheet: Sheet, row: int, line: OccupationGapRow) -> None:
    gap = line.gap
    write_texts(sheet, row, {NAME: line.name, FRAMEWORK: line.framework, AREA: line.area})
    sheet.text(row, ESSENTIAL, labels.yes_no(gap.essential), "centre")
    sheet.number(row, IMPORTANCE, gap.importance, "number")
    sheet.number(row, REQUIRED, gap.required, "term")
    sheet.number(row, HELD, gap.held, "term")
    required, held = sheet.ref(row, REQUIRED), sheet.ref(row, HELD)
    sheet.formula(row, COUNTED, smaller(held, required), "term")
    sheet.formula(row, MISSING, larger(constant(0), required - held), "term")
    sheet.number(row, SHARE, line.share, "share")
    write_texts(sheet, row, {VIA: line.via, SOURCE: line.source})


def _write_totals(labels: Labels, sheet: Sheet, row: int, column: Columns) -> None:
    """Write cover, essential needs met, and missing levels, each as a formula."""
    yes = labels.yes_no(True)
    weights = column(IMPORTANCE)
    cover = ratio(products_where(weights, column(COUNTED)), products_where(weights, column(REQUIRED)))
    figures: tuple[tuple[str, Term, str], ...] = (
        ("occupation_gaps.cover", cover, "share"),
        ("occupation_gaps.met", count_if((column(ESSENTIAL), "=", yes), (column(MISSING), "=", 0)), "count"),
        ("occupation_gaps.essentials", count_if((column(ESSENTIAL), "=", yes)), "count"),
        ("occupation_gaps.levels", total(column(MISSING)), "count"),
    )
    for place, (key, term, style) in enumerate(figures, start=row):
        sheet.text(place, NAME, labels.texts(key), "text")
        sheet.formula(place, FRAMEWORK, term, style)
