"""Areas of competencies: their names, and closure by area as live sums over the rows of the Gaps sheet."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.catalog.records import Competency
from curriplan.problem.gaps import Gap
from curriplan.report.context import Context, FigureCells
from curriplan.report.labels import Labels
from curriplan.texts.words import texts_of
from curriplan.xlsx.figures import Bars, ChartPlace, bar_chart, bar_header, bar_room, header_cell, limited
from curriplan.xlsx.formula import Match, extreme, name_of_extreme, products_where, ratio
from curriplan.xlsx.measure import shortened
from curriplan.xlsx.sentences import percent, sentence
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Placed
from curriplan.xlsx.term import Range, Term, as_number

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
AREA_LETTERS = 60
_BY_ENGLISH = {texts_of("report")[f"area.{name}"]["en"].casefold(): name for name in KNOWN_AREAS}


def area_name(labels: Labels, competency: Competency | None) -> str:
    """Return the area of a competency, else its framework: what gaps are summed up by."""
    area = competency.area if competency is not None else None
    if not area:
        return shortened(labels.framework(competency), AREA_LETTERS) or labels.texts("phrase.no_area")
    known = _BY_ENGLISH.get(area.casefold())
    return shortened(labels.texts(f"area.{known}") if known else area, AREA_LETTERS)


TWO_LINES = 2.6
"""Letters of a row whose label may wrap: where it does not fit, every other label is left out."""
BARS = Bars(
    "heading.areas",
    "column.area",
    ("column.closure_before", "column.closure_after"),
    "axis.closure",
    TWO_LINES,
)
LABEL, WORTH, BEFORE, AFTER = 0, 2, 3, 4
FEWEST_AREAS = 2
"""One alone is the whole, which stands elsewhere."""


def write_areas(context: Context, sheet: Sheet, row: int, gaps: Placed[Gap], figures: FigureCells) -> int:
    """Write the areas of the gaps with a plan, the least closed first; return the next free row."""
    areas = _areas(gaps)
    if len(areas) < FEWEST_AREAS:
        return row
    place = ChartPlace(label=(LABEL, 1), values=(BEFORE, AFTER), chart=(5, gaps.table.last))
    shown = areas[: bar_room(sheet, row, BARS)]
    first = bar_header(sheet, row, BARS, place)
    header_cell(sheet, row + 1, "column.gap_share", WORTH, WORTH)
    end = first + len(shown)
    for line, area in enumerate(shown, start=first):
        sheet.across(line, area, "text", LABEL, 1)
        _write_sums(sheet, line, gaps, "share", (gaps.range("column.area"), "=", sheet.ref(line, LABEL)))
    sheet.across(end, context.texts("phrase.all_areas"), "text total", LABEL, 1)
    _write_sums(sheet, end, gaps, "share total")

    def message(names: Range, values: Sequence[Range]) -> Term:
        told = {
            "area": name_of_extreme(names, values[1], "MIN"),
            "least": percent(context.texts, extreme(values[1], "MIN")),
            "all": percent(context.texts, sheet.ref(end, AFTER)),
            "range": figures.err_range(context.texts),
        }
        return sentence(context.texts, "sentence.areas", told)

    note = limited(context.texts, len(shown), len(areas))
    return bar_chart(sheet, row, BARS, place, (first, end - 1), message, note, below=end + 1)


def _areas(gaps: Placed[Gap]) -> list[str]:
    """Return the areas in which anything is missing, the least closed by the plan first."""
    names, *shares = (
        gaps.range(f"column.{key}").values for key in ("area", "weight_in_plan", "weight", "open_after")
    )
    worth: dict[str, float] = {}
    left: dict[str, float] = {}
    for name, *figures in zip(names, *shares, strict=True):
        area, (of_programme, weight, still_open) = str(name), map(as_number, figures)
        worth[area] = worth.get(area, 0.0) + of_programme * weight
        left[area] = left.get(area, 0.0) + of_programme * still_open
    missing = [area for area, value in worth.items() if value > 0]
    return sorted(missing, key=lambda area: (-left[area] / worth[area], area))


def _write_sums(sheet: Sheet, row: int, gaps: Placed[Gap], style: str, *matches: Match) -> None:
    """Write the share of the whole gap and what of it is closed, today and by the plan."""
    of_programme, weight = gaps.range("column.weight_in_plan"), gaps.range("column.weight")
    worth = products_where(of_programme, weight, *matches)
    sheet.formula(row, WORTH, ratio(worth, products_where(of_programme, weight)), style)
    for column, key in ((BEFORE, "column.open_before"), (AFTER, "column.open_after")):
        closed = worth - products_where(of_programme, gaps.range(key), *matches)
        sheet.formula(row, column, ratio(closed, worth), style)
