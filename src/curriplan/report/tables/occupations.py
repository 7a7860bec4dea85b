"""How well each target occupation is served."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.report.tables.labels import Labels
from curriplan.report.view import PlanView


@dataclass(frozen=True)
class OccupationRow:
    """A target occupation of a programme."""

    programme: str
    occupation: str
    name: str
    codes: str
    share: float
    cover_before: float
    cover_after: float
    essentials: int
    essentials_before: int
    essentials_after: int


def occupation_table(view: PlanView, labels: Labels) -> tuple[OccupationRow, ...]:
    """Return the target occupations by programme, the largest share of graduates first."""
    rows = []
    for measures in view.after.programmes:
        for one in measures.occupations:
            counts = _essentials(view, measures.programme, one.occupation)
            rows.append(
                OccupationRow(
                    programme=measures.programme,
                    occupation=one.occupation,
                    name=labels.occupation(one.occupation),
                    codes=_codes(view, labels, one.occupation),
                    share=one.share,
                    cover_before=one.cover_before,
                    cover_after=one.cover_after,
                    essentials=counts[0],
                    essentials_before=counts[1],
                    essentials_after=counts[2],
                )
            )
    order = {name: place for place, name in enumerate(view.limits.planned)}
    return tuple(sorted(rows, key=lambda row: (order[row.programme], -row.share, row.occupation)))


def _essentials(view: PlanView, programme: str, occupation: str) -> tuple[int, int, int]:
    """Return how many essential requirements there are, are met today, and are met by the plan."""
    needs = [
        row for row in view.catalog.occupation_requirements if row.occupation == occupation and row.essential
    ]
    before = view.after.levels_before[programme]
    after = view.after.levels_after[programme]
    return (
        len(needs),
        sum(before.get(row.competency, 0) >= row.level for row in needs),
        sum(after.get(row.competency, 0) >= row.level for row in needs),
    )


def _codes(view: PlanView, labels: Labels, occupation: str) -> str:
    row = view.catalog.occupation_by_id[occupation]
    codes = (("ISCO-08", row.isco08), (labels.texts("phrase.nkz"), row.nkz_code))
    return ", ".join(f"{name} {code}" for name, code in codes if code)
