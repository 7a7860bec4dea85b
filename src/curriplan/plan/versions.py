"""The versions of a plan: one for the first, and one for each review that it was made anew after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.fields import Count, PartOfOne, Sha256


@dataclass(frozen=True)
class PlanVersion:
    """A version: what it was made from, what was asked of it, what it came to."""

    number: Annotated[Count, "1 for the first plan."]
    file: Annotated[str | None, "The workbook that came back from the review; null for the first plan."]
    date: Annotated[str, "The latest date of decision in it; empty where no reviewer wrote one."]
    decisions: Annotated[Count, "Decisions on modules."]
    comments: Count
    is_approved: Annotated[bool, "Whether the review approved the plan as it was."]
    taken: Annotated[Count, "Modules that the version before did not take."]
    left_out: Annotated[Count, "Modules of the version before that it does not take."]
    moved: Annotated[Count, "Modules that start in another term."]
    closure: Annotated[PartOfOne | None, "Of the whole plan, a share of 1; null where it is not known."]
    cost_kzt: Annotated[Count | None, "New money, KZT; null where it is not known."]
    catalog_sha256: Annotated[Sha256 | None, "The catalog that it was made from."]
    plan_sha256: Annotated[
        Sha256 | None, "Hash of the version, as its workbook shows it; null for the last, which is this plan."
    ]
