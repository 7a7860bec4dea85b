"""The colleges of a network as a CSV has them, those without a plan too."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.plan.network import CollegeResult
from curriplan.report.network.view import CollegeSeen, NetworkView


def college_records(view: NetworkView) -> tuple[Sequence[str], list[dict[str, object]]]:
    """Return fields and rows of the colleges as a CSV holds them, those without a plan too."""
    seen = {one.id: one for one in view.colleges}
    rows = [_record(view, one, seen.get(one.id)) for one in view.plan.colleges]
    return FIELDS, rows


FIELDS = (
    "college",
    "name",
    "region",
    "weight",
    "learners_today",
    "learners",
    "closure_before",
    "closure_alone",
    "closure",
    "shared_alone_kzt",
    "shared_kzt",
    "cost_kzt",
    "modules_added",
    "gap",
    "failure",
)


def _record(view: NetworkView, one: CollegeResult, seen: CollegeSeen | None) -> dict[str, object]:
    head = {"college": one.id, "name": view.college_names[one.id], "region": one.region, "weight": one.weight}
    if seen is None:
        found: dict[str, object] = dict.fromkeys(FIELDS)
        failure = "" if one.failure is None else one.failure.kind.value
        return found | head | {"learners_today": one.learners, "failure": failure}
    alone, planned = (view.shared_kzt(plan, one.region) for plan in (seen.alone, seen.plan))
    return {
        **head,
        "learners_today": seen.alone.learners,
        "learners": seen.plan.learners,
        "closure_before": seen.alone.closure_before,
        "closure_alone": seen.alone.closure,
        "closure": seen.plan.closure,
        "shared_alone_kzt": alone,
        "shared_kzt": planned,
        "cost_kzt": seen.plan.cost_kzt,
        "modules_added": len(seen.plan.added),
        "gap": seen.plan.gap,
        "failure": "",
    }
