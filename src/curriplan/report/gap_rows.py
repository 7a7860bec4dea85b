"""What each programme's occupations ask, what is taught today, and what the plan reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import Catalog, Competency, Taught
from curriplan.problem.gaps import Gap, ProgrammeGaps
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.texts.words import Texts, texts_of
from curriplan.xlsx.measure import shortened

KNOWN_AREAS = (
    "information",
    "communication",
    "content",
    "safety",
    "problems",
    "security",
    "systems",
    "software",
    "data",
    "web",
    "hardware",
    "mechanics",
    "finance",
)
"""Areas with words of their own: those of DigComp 3.0 and of the bundled catalog."""
MOST_LETTERS = 60
_BY_ENGLISH = {texts_of("report")[f"area.{name}"]["en"].casefold(): name for name in KNOWN_AREAS}


def area_name(labels: Labels, competency: Competency | None) -> str:
    """Return the area of a competency, else its framework: what gaps are summed up by."""
    area = competency.area if competency is not None else None
    if not area:
        return shortened(labels.framework(competency), MOST_LETTERS) or labels.texts("phrase.no_area")
    known = _BY_ENGLISH.get(area.casefold())
    return shortened(labels.texts(f"area.{known}") if known else area, MOST_LETTERS)


@dataclass(frozen=True)
class GapRow:
    """One competency of one programme, before any plan."""

    programme: str
    competency: str
    name: str
    framework: str
    area: str
    essential: bool
    required: int
    baseline: int
    before: int
    teachable: int
    weight: float
    """Worth of the missing steps, as a share of the programme's whole worth."""
    open_before: float
    """The part of it that the existing curriculum leaves open."""
    source: str


@dataclass(frozen=True)
class PlannedGapRow:
    """The same with what the plan reaches."""

    gap: GapRow
    programme_weight: float
    """Weight of its programme in the closure of the plan."""
    after: int
    open_after: float
    modules: str
    """Modules of the plan that teach it, with the level each reaches; a transfer names what it is of."""
    remark: str


def gap_table(catalog: Catalog, gaps: Sequence[Gap], labels: Labels) -> tuple[GapRow, ...]:
    """Return the gaps in words, by programme and competency."""
    totals: dict[str, float] = {}
    for gap in gaps:
        totals[gap.programme] = totals.get(gap.programme, 0.0) + gap.weight
    sources = _sources(catalog)
    return tuple(
        GapRow(
            programme=gap.programme,
            competency=gap.competency,
            name=labels.competency(gap.competency),
            framework=labels.framework(catalog.competency_by_id.get(gap.competency)),
            area=area_name(labels, catalog.competency_by_id.get(gap.competency)),
            essential=gap.essential,
            required=gap.required,
            baseline=gap.baseline,
            before=gap.before,
            teachable=gap.teachable,
            weight=_share(gap.weight, totals[gap.programme]),
            open_before=_share(gap.open_weight, totals[gap.programme]),
            source=labels.sources(sources.get((gap.programme, gap.competency), ())),
        )
        for gap in gaps
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _sources(catalog: Catalog) -> Mapping[tuple[str, str], list[str | None]]:
    """Gather the sources of the requirement rows behind each gap."""
    programmes: dict[str, list[str]] = {}
    for target in catalog.targets:
        programmes.setdefault(target.occupation, []).append(target.programme)
    found: dict[tuple[str, str], list[str | None]] = {}
    for row in catalog.occupation_requirements:
        for programme in programmes.get(row.occupation, ()):
            found.setdefault((programme, row.competency), []).append(row.source)
    return found


def planned_gap_table(view: PlanView, labels: Labels) -> tuple[PlannedGapRow, ...]:
    """Return the gaps with what the plan reaches."""
    rows = gap_table(view.catalog, view.gaps, labels)
    weights = {row.programme: row.weight for row in view.after.programmes}
    return tuple(_planned(view, labels, row, weights[row.programme]) for row in rows)


def _planned(view: PlanView, labels: Labels, row: GapRow, weight: float) -> PlannedGapRow:
    gaps = view.programme_gaps[row.programme]
    after = view.after.levels_after[row.programme].get(row.competency, 0)
    return PlannedGapRow(
        gap=row,
        programme_weight=weight,
        after=after,
        open_after=_open_share(gaps, row.competency, after),
        modules=", ".join(_contributions(view, labels, row)),
        remark=_remark(labels.texts, row),
    )


def _open_share(gaps: ProgrammeGaps, competency: str, level: int) -> float:
    left = sum(s.weight for s in gaps.steps if s.competency == competency and s.level > level)
    return _share(left, gaps.total_weight)


def _contributions(view: PlanView, labels: Labels, row: GapRow) -> Iterable[str]:
    """Yield ``SEC-01 (4)`` for each chosen module that lifts learners above what they bring."""
    for planned in view.chosen(row.programme):
        for taught in view.catalog.teaching.of(planned.module):
            if taught.competency == row.competency and taught.exit_level > row.baseline:
                yield f"{planned.module} ({_level(labels, taught)})"


def _level(labels: Labels, taught: Taught) -> str:
    """Return the level that a module leaves, and of which competency it is carried over, if so."""
    if taught.via is None:
        return str(taught.exit_level)
    source = labels.competency(taught.via.source)
    return labels.texts("phrase.transferred", level=taught.exit_level, competency=source)


def _remark(texts: Texts, row: GapRow) -> str:
    if row.teachable >= row.required:
        return ""
    if row.teachable <= row.baseline:
        return texts("phrase.not_taught")
    return texts("phrase.taught_up_to", level=row.teachable)


GAP_FIELDS = (
    "programme",
    "competency",
    "name",
    "framework",
    "essential",
    "required",
    "baseline",
    "before",
    "missing",
    "teachable",
    "weight",
    "open_weight",
    "source",
)


def gap_rows(catalog: Catalog, gaps: Sequence[Gap], language: str) -> list[dict[str, object]]:
    """Return the gap table as plain records for CSV, JSON or a terminal; keys are `GAP_FIELDS`."""
    rows = gap_table(catalog, gaps, Labels(catalog, Texts(language)))
    return [_record(row) for row in rows]


def _record(row: GapRow) -> dict[str, object]:
    return {
        "programme": row.programme,
        "competency": row.competency,
        "name": row.name,
        "framework": row.framework,
        "essential": row.essential,
        "required": row.required,
        "baseline": row.baseline,
        "before": row.before,
        "missing": max(0, row.required - row.before),
        "teachable": row.teachable,
        "weight": round(row.weight, 9),
        "open_weight": round(row.open_before, 9),
        "source": row.source,
    }
