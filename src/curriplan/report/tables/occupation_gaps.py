"""What one occupation needs beside another, in words."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.model import Catalog
from curriplan.report.tables.areas import area_name
from curriplan.report.tables.labels import Labels
from curriplan.report.texts import Texts
from curriplan.transition import OccupationGap, OccupationGaps


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
