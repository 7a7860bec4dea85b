"""Areas of competencies in the report's language."""

from __future__ import annotations

from curriplan.model import Competency
from curriplan.report.measure import shortened
from curriplan.report.tables.labels import Labels
from curriplan.report.texts import report_texts

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
_BY_ENGLISH = {report_texts()[f"area.{name}"]["en"].casefold(): name for name in KNOWN_AREAS}


def area_name(labels: Labels, competency: Competency | None) -> str:
    """Return the area of a competency, else its framework: what gaps are summed up by."""
    area = competency.area if competency is not None else None
    if not area:
        return shortened(labels.framework(competency), MOST_LETTERS) or labels.texts("phrase.no_area")
    known = _BY_ENGLISH.get(area.casefold())
    return shortened(labels.texts(f"area.{known}") if known else area, MOST_LETTERS)
