"""The log of a plan's versions, as the sheet Changes shows it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from curriplan.plan.versions import PlanVersion
from curriplan.report.view import PlanView
from curriplan.texts.words import Words
from curriplan.xlsx.table import Column, Table

HASH_LETTERS = 12


def version_table(view: PlanView, texts: Words) -> Table[PlanVersion]:
    """Return the table of the versions; its columns are those of the answers below it."""
    edited = _edited(view.plan.versions)

    def asked(row: PlanVersion) -> str:
        if row.file is None:
            return ""
        counts = texts("phrase.version_counts", decisions=row.decisions, comments=row.comments)
        return f"{texts('phrase.version_approved')}; {counts}" if row.is_approved else counts

    def changed(row: PlanVersion) -> str:
        if row.file is None:
            return ""
        counts = {"taken": row.taken, "left_out": row.left_out, "moved": row.moved}
        key = "phrase.version_changes" if any(counts.values()) else "phrase.version_unchanged"
        return texts(key, **counts) + (texts("phrase.version_edited") if edited[row.number] else "")

    return Table(
        Column("column.version", "term", value=lambda row: row.number),
        Column("column.review_date", "code", value=lambda row: row.date),
        Column("column.version_from", value=lambda row: row.file or texts("phrase.first_plan")),
        Column("column.version_decided", value=asked),
        Column("column.version_changed", value=changed),
        Column("column.version_closure", "share", value=lambda row: row.closure),
        Column("column.version_cost", "money", value=lambda row: row.cost_kzt),
        Column(
            "column.version_hash",
            "code",
            value=lambda row: (row.plan_sha256 or view.plan_sha256)[:HASH_LETTERS],
        ),
    )


def _edited(versions: tuple[PlanVersion, ...]) -> Mapping[int, bool]:
    """Return whether each version was made from another catalog than the one before."""
    edits = {
        after.number: None not in (before.catalog_sha256, after.catalog_sha256)
        and before.catalog_sha256 != after.catalog_sha256
        for before, after in pairwise(versions)
    }
    return {row.number: edits.get(row.number, False) for row in versions}
