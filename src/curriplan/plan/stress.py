"""What a plan loses when a partner leaves, and what each source's money is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.notebook import frame_of, notebook_html
from curriplan.plan.plan import Decision, Response
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.promised import Promised

if TYPE_CHECKING:
    import pandas as pd

STRESS_SCHEMA = "curriplan-stress/1"


@dataclass(frozen=True)
class ModuleLeft:
    """A module of which something changes when a partner leaves.

    Parameters
    ----------
    change : str
        ``falls``: the plan takes it, what is left does not; ``returns``: it is taught again as today;
        ``site``: it moves to other resources.
    decision : Decision
        What the plan does with it.
    before, after : tuple of str
        The resources that it uses in the plan, and then; only of ``site``.
    """

    programme: str
    module: str
    term: int
    change: str
    decision: Decision
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourcePays:
    """What a source pays in the plan, and what it pays once a partner has left; KZT."""

    source: str
    plan_kzt: int
    left_kzt: int


@dataclass(frozen=True)
class ChallengeLoss:
    """What closes of a challenge in the plan, and once a partner has left; shares of 1."""

    challenge: str
    plan: float | None
    left: float | None

    @property
    def loss(self) -> float | None:
        """How much less of it closes; below 0 where more does."""
        return None if self.plan is None or self.left is None else self.plan - self.left


@dataclass(frozen=True)
class BrokenRule:
    """A rule that nothing that is left of the plan keeps, or that the plan itself breaks then.

    Parameters
    ----------
    is_needed : bool
        Whether something would be left without this aspect of the rule; what is shown is what that breaks.
    """

    check: RuleCheck
    is_needed: bool = False


@dataclass(frozen=True)
class PartnerLoss:
    """What a plan loses when one partner leaves.

    Parameters
    ----------
    status : str
        ``unused``: the plan takes nothing of it; ``kept``: the plan stands as it is, others pay;
        ``shown``: what is left is one that a plan shows, and better may be;
        ``optimal``: what is left is proven to be the best; ``feasible``: the time did not suffice for that;
        ``no_plan``: nothing that keeps the rules is left; ``unknown``: nothing was found in time.
    pays_kzt : int
        What it pays in the plan.
    sunk_kzt : int
        What of it is paid before it leaves.
    resources : tuple of str
        Those of its resources that the plan uses.
    closure : float or None
        Of what is left; None where there is nothing, or nothing was found.
    loss_least, loss_most : float or None
        Between what the loss of closure lies, shares of 1; equal where that is proven; None of a loss that
        nothing bounds.
    cost_kzt : int or None
        New money of what is left.
    """

    source: str
    status: str
    pays_kzt: int
    sunk_kzt: int
    resources: tuple[str, ...]
    closure: float | None = None
    loss_least: float | None = None
    loss_most: float | None = None
    cost_kzt: int | None = None
    modules: tuple[ModuleLeft, ...] = ()
    payers: tuple[SourcePays, ...] = ()
    challenges: tuple[ChallengeLoss, ...] = ()
    broken: tuple[BrokenRule, ...] = ()
    response: Response | None = None

    @property
    def is_proven(self) -> bool:
        """Whether the loss is a figure and no range."""
        return self.status in ("unused", "kept", "optimal", "no_plan")

    def of(self, change: str) -> tuple[ModuleLeft, ...]:
        """Return the modules that change so."""
        return tuple(row for row in self.modules if row.change == change)


@dataclass(frozen=True)
class Coalition:
    """The best closure with the money of some sources only.

    Parameters
    ----------
    status : str
        ``optimal``, ``feasible``, ``no_plan`` (no plan keeps the rules) or ``unknown`` (none found in time).
    closure_most : float or None
        What no plan beats; None where that is not known.
    """

    sources: tuple[str, ...]
    status: str
    closure: float | None = None
    closure_most: float | None = None


@dataclass(frozen=True)
class ShapleyShare:
    """The part of the closure that all money buys which is due to the money of a source, a share of 1.

    Parameters
    ----------
    least, most : float
        Between what it lies, as far as the closures are proven.
    """

    source: str
    share: float
    least: float
    most: float


@dataclass(frozen=True)
class Shares:
    """What the money of each source is worth: the closure of each coalition, and the shares."""

    coalitions: tuple[Coalition, ...]
    shares: tuple[ShapleyShare, ...]
    """None where a coalition has no plan, or none was found."""


@dataclass(frozen=True)
class Stress:
    """What a plan loses when a partner leaves, partner by partner.

    Parameters
    ----------
    closure : float
        Of the plan.
    leaves_year : int or None
        The partner leaves in this calendar year; None: before anything is paid.
    """

    closure: float
    leaves_year: int | None
    partners: tuple[PartnerLoss, ...]
    shares: Shares | None = None
    is_complete: Annotated[bool, "False after Ctrl-C."] = True
    tolerance: Annotated[float, "How much closure the plan may give away for later objectives."] = 0.0
    weighs_outlooks: Annotated[bool, "Whether the plan was made for all outlooks: nothing here is."] = False
    promised: Annotated[
        tuple[Promised, ...],
        "What sources still owe to earlier intakes (from the year in which the partner leaves on): "
        "not taken off the budgets.",
    ] = ()

    @property
    def best_closure(self) -> float | None:
        """The best closure with all money, None where it was not asked for or not found."""
        table = self.shares.coalitions if self.shares is not None else ()
        return max(table, key=lambda one: len(one.sources)).closure if table else None

    def __repr__(self) -> str:
        losses = (
            f"{one.source} {one.status if one.loss_most is None else f'-{100 * one.loss_most:.1f}'}"
            for one in self.partners
        )
        return f"<Stress {100 * self.closure:.1f} %: {', '.join(losses)}>"

    def _repr_html_(self) -> str:
        return notebook_html(self, self.frame[["source", "status", "closure", "loss_least", "loss_most"]])

    @property
    def frame(self) -> pd.DataFrame:
        """A row a partner."""
        names = [one.name for one in fields(PartnerLoss) if one.type in _PLAIN]
        rows = ([getattr(one, name) for name in names] for one in self.partners)
        return frame_of(rows, *names)

    @property
    def modules(self) -> pd.DataFrame:
        """A row a module that falls, returns or moves, by partner."""
        names = [one.name for one in fields(ModuleLeft)]
        rows = (
            (one.source, *(getattr(row, name) for name in names))
            for one in self.partners
            for row in one.modules
        )
        return frame_of(rows, "source", *names)

    @property
    def payers(self) -> pd.DataFrame:
        """A row a source that pays in the plan or then, by partner that leaves."""
        rows = (
            (one.source, row.source, row.plan_kzt, row.left_kzt)
            for one in self.partners
            for row in one.payers
        )
        return frame_of(rows, "leaves", "source", "plan_kzt", "left_kzt")

    @property
    def shapley(self) -> pd.DataFrame:
        """A row a source with its share; empty where there are no shares."""
        rows = self.shares.shares if self.shares is not None else ()
        return frame_of(
            ((row.source, row.share, row.least, row.most) for row in rows), "source", "share", "least", "most"
        )

    @property
    def coalitions(self) -> pd.DataFrame:
        """A row a set of sources with the best closure of their money."""
        rows = self.shares.coalitions if self.shares is not None else ()
        return frame_of(
            ((" ".join(row.sources), row.status, row.closure, row.closure_most) for row in rows),
            *("sources", "status", "closure", "closure_most"),
        )

    def challenge_losses(self, challenge: str) -> Mapping[str, float]:
        """Return how much less of a challenge closes, by the partner that leaves, the dearest first.

        Partners without whom nothing is left, and those that cost it nothing, are not in it.
        """
        found = {
            one.source: row.loss
            for one in self.partners
            for row in one.challenges
            if row.challenge == challenge and row.loss is not None and row.loss > 1e-9
        }
        return dict(sorted(found.items(), key=lambda row: (-row[1], row[0])))

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, ready for JSON."""
        return {"schema": STRESS_SCHEMA, **asdict(self)}


_PLAIN = ("str", "int", "float | None", "int | None", "tuple[str, ...]")
