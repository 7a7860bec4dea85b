"""The log of a plan's versions, carried on from one review to the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from curriplan.catalog.reading.understand import day
from curriplan.plan.comparison import Change
from curriplan.plan.plan import Plan
from curriplan.plan.versions import PlanVersion
from curriplan.problem.review import PlanChoice, ReviewChange, ReviewRecord


def next_versions(reviewed: Plan, reviewed_sha256: str, plan: Plan) -> tuple[PlanVersion, ...]:
    """Return the versions of a plan that was made after a review, itself the last."""
    earlier = list(versions_of(reviewed))
    earlier[-1] = replace(earlier[-1], plan_sha256=reviewed_sha256)
    return (*earlier, _version(plan, len(earlier) + 1))


def versions_of(plan: Plan) -> tuple[PlanVersion, ...]:
    """Return the versions of a plan; one that was written before there was a log says what it can."""
    if plan.versions:
        return plan.versions
    if plan.review is None:
        return (_version(plan, 1),)
    unknown = _version(replace(plan, review=None), 1)
    first = replace(
        unknown, closure=None, cost_kzt=None, catalog_sha256=None, plan_sha256=plan.review.plan_sha256
    )
    return (first, _version(plan, 2))


def _version(plan: Plan, number: int) -> PlanVersion:
    record = plan.review
    changes = Counter(_change(row) for row in record.changes) if record else Counter[Change]()
    return PlanVersion(
        number=number,
        file=record.file if record else None,
        date=_latest(record) if record else "",
        decisions=len(record.decided) if record else 0,
        comments=len(record.commented) if record else 0,
        is_approved=record is not None and record.plan_decision == PlanChoice.APPROVE,
        taken=changes[Change.TAKEN],
        left_out=changes[Change.LEFT_OUT],
        moved=changes[Change.MOVED],
        **_worth(plan),
        catalog_sha256=plan.catalog.sha256,
        plan_sha256=None,
    )


def _worth(plan: Plan) -> dict[str, Any]:
    return {"closure": plan.measures.get("closure_after"), "cost_kzt": plan.measures.get("cost_kzt")}


def _change(row: ReviewChange) -> Change:
    if row.before is None:
        return Change.TAKEN
    return Change.LEFT_OUT if row.after is None else Change.MOVED


def _latest(record: ReviewRecord) -> str:
    """Return the latest date that reviewers wrote beside what they decided; the first text where none is one.

    The program knows no time of its own: the same review gives the same plan on any day.
    """
    texts = [line.date for line in record.lines if line.date]
    dates = sorted(filter(None, map(_iso, texts)))
    return dates[-1] if dates else next(iter(texts), "")


def _iso(text: str) -> str | None:
    found, _ = day(text)
    if found is not None:
        return found
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
