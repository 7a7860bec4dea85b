"""The programmes at a glance: what is known of each without looking at single modules."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.report.tables.labels import Labels
from curriplan.report.view import PlanView


@dataclass(frozen=True)
class ProgrammeRow:
    """One programme of the summary."""

    programme: str
    name: str
    learners: int
    weight: float
    """Weight in the closure of the plan; 0 where nothing is missing, so that it does not count."""


def held_to(view: PlanView, labels: Labels) -> str:
    """Say what the plan was held to beside the rules of the catalog, or nothing."""
    texts, settings = labels.texts, view.limits.settings
    said = []
    if settings.max_changes is not None:
        said.append(texts("phrase.held_changes", changes=settings.max_changes))
    if settings.taught_until is not None:
        said.append(texts("phrase.held_taught", semester=labels.semester(settings.taught_until)))
    if settings.review:
        said.append(texts("phrase.held_review", decisions=len(settings.review)))
    if settings.equity is not None:
        said.append(texts("phrase.held_equity", share=labels.number(100 * settings.equity)))
    return texts("phrase.held_to", limits="; ".join(said)) if said else ""


def programme_table(view: PlanView, labels: Labels) -> tuple[ProgrammeRow, ...]:
    """Return the planned programmes in the order of the catalog."""
    return tuple(
        ProgrammeRow(
            programme=row.programme,
            name=labels.programme(row.programme),
            learners=view.catalog.programme_by_id[row.programme].learners,
            weight=row.weight,
        )
        for row in view.after.programmes
    )
