"""What solving again says of the figures of a saved plan that are the solver's word."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What solving again came to."""

    PROVEN = "proven"
    """Nothing is better by more than the gap."""
    BETTER = "better"
    """There is a plan that is better by more than the gap."""
    OVERSTATED = "overstated"
    """No plan reaches what is recorded."""
    UNSETTLED = "unsettled"
    """There was no time to tell."""
    UNRECORDED = "unrecorded"
    """The plan does not say, as those of earlier versions; it is no worse for that."""


@dataclass(frozen=True)
class Proof:
    """A figure that was proven again, or not.

    Parameters
    ----------
    what : str
        An objective, ``closure_alone/PROGRAMME``, ``cost_at_best_closure_kzt`` (or the same
        at most) or ``filling/PROGRAMME``.
    recorded : float or None
        What the plan says, in the objective's own unit; None where it does not.
    possible : float or None
        What was found in its stead, or bounds it; None where nothing was.
    """

    what: str
    recorded: float | None
    finding: Finding
    possible: float | None = None


@dataclass(frozen=True)
class Optimality:
    """Every figure of a plan that a solver vouches for, solved again, in the order of solving."""

    proofs: tuple[Proof, ...]

    @property
    def is_proven(self) -> bool:
        """Whether no plan is better, and every figure that is recorded is as recorded, within the gap."""
        return all(one.finding in (Finding.PROVEN, Finding.UNRECORDED) for one in self.proofs)

    @property
    def is_refuted(self) -> bool:
        """Whether a plan is better, or a figure is not as recorded."""
        return any(one.finding in (Finding.BETTER, Finding.OVERSTATED) for one in self.proofs)
