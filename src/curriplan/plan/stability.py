"""How often each module is chosen when the judgements and estimates behind a plan are varied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from curriplan.base.codec import Narrowed, OneOf
from curriplan.base.fields import Count, EntityId, PartOfOne, PositiveAmount

NOT_RUN = "not_run"


@dataclass(frozen=True)
class StabilityRun:
    """One of the variations.

    Parameters
    ----------
    meeting_share, essential_factor : float
        θ and κ.
    flat_levels : bool
        Whether every level is worth the same, instead of ``level_values``.
    number : int or None
        Which catalog with perturbed estimates, from 1; None for the catalog as it is.
    status : str
        ``optimal``, ``feasible``, ``infeasible``, ``no_plan``, ``failed`` or, after Ctrl-C or where the
        time was up, ``not_run``.
    """

    meeting_share: PartOfOne
    essential_factor: PositiveAmount
    flat_levels: Annotated[bool, "Every level is worth the same."]
    number: Annotated[
        int | None, Narrowed(minimum=1), "Which perturbed catalog; null for the catalog as it is."
    ]
    status: Annotated[str, OneOf(("optimal", "feasible", "infeasible", "no_plan", "failed", NOT_RUN))]

    @property
    def has_plan(self) -> bool:
        """Whether it came to a plan."""
        return self.status in ("optimal", "feasible")


@dataclass(frozen=True)
class StabilityRow:
    """In how many of the runs with a plan a programme takes a module."""

    programme: EntityId
    module: EntityId
    is_chosen: Annotated[bool, "Whether the plan itself takes it."]
    chosen_in: Annotated[Count, "Runs with a plan that take it."]


@dataclass(frozen=True)
class Stability:
    """The modules that any run takes, and the runs."""

    rows: tuple[StabilityRow, ...]
    runs: tuple[StabilityRun, ...]

    @property
    def counted(self) -> int:
        """Runs that came to a plan: the N of *chosen in n of N*."""
        return sum(run.has_plan for run in self.runs)

    @property
    def left_out(self) -> int:
        """Runs for which there was no time, or that Ctrl-C ended."""
        return sum(run.status == NOT_RUN for run in self.runs)
