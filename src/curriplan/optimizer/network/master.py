"""One offer a college within what is shared: relaxed, for prices, and whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import highspy
import pulp

from curriplan.base.errors import Issue, SolverError
from curriplan.optimizer.network.records import Offer
from curriplan.optimizer.network.rows import Country, Row
from curriplan.optimizer.solve.session import HighsSession
from curriplan.optimizer.solve.solver import UNKNOWN, run_highs
from curriplan.texts.words import Phrase

BREACH = 1000.0
"""What it costs to break a limit by all of it, in national closure: more than any limit is worth."""
KEPT = 1e-9
"""A breach that is none, as a share of the limit."""
LEAST_SCALE = 1e-6
TRIES = 5
LEAST_NODES, NODES_AND_COLUMNS = 5, 30_000
"""How many nodes the search of the choice has at least, and how many times its columns: of few columns it
comes to the end. Of a hundred colleges the first node is within half a percent, and a tenth of one far away.
"""
SLACK = 1e-7
"""What a choice may be above a limit: a tenth of a tenge, a ten-millionth of an hour."""
ENDED_EARLY = (highspy.HighsModelStatus.kSolutionLimit, highspy.HighsModelStatus.kObjectiveTarget)

Offers = Mapping[str, Sequence[Offer]]
"""What each college offers, in a fixed order."""


@dataclass(frozen=True)
class Relaxed:
    """The relaxation over known offers.

    Parameters
    ----------
    value : float
        National closure, less what breaches cost.
    breaches : mapping of Row to float
        How far limits cannot be kept, in their units; none where they can.
    prices : tuple of float
        Of each row of the country, in national closure a unit.
    """

    value: float
    breaches: Mapping[Row, float]
    prices: tuple[float, ...]


@dataclass(frozen=True)
class MasterChoice:
    """One offer a college, and what they come to."""

    offers: Mapping[str, Offer]
    value: float


class _Master:
    """The choice of one offer a college: Σ_k z[c,k] = 1, and Σ use · z ≤ limit of every row.

    Relaxed, a row has breaches, each of which costs more than it can be worth.
    """

    def __init__(
        self, country: Country, offers: Offers, more: Mapping[Row, float], *, is_whole: bool
    ) -> None:
        self.country = country
        self.lp = pulp.LpProblem("network", pulp.LpMinimize)
        self.costs: dict[Any, float] = {}
        self.columns: list[tuple[Any, str, Offer]] = []
        self.breaches: dict[Any, tuple[Row, float]] = {}
        category, most = (pulp.LpBinary, 1) if is_whole else (pulp.LpContinuous, None)
        used: list[dict[Any, float]] = [{} for _ in country.rows]
        one_each: list[dict[Any, float]] = []
        for at, (name, of_college) in enumerate(sorted(offers.items())):
            member = country.member[name]
            one_each.append({})
            for number, offer in enumerate(of_college):
                variable = self.lp.add_variable(f"z_{at}_{number}", 0, most, category)
                self.columns.append((variable, name, offer))
                self.costs[variable] = -country.worth(member, offer)
                one_each[-1][variable] = 1.0
                for place, use in country.uses(member, offer).items():
                    used[place][variable] = use
        for at, (row, parts) in enumerate(zip(country.rows, used, strict=True)):
            if not is_whole:
                self._add_breaches(at, row, parts)
            sense = pulp.LpConstraintEQ if row.is_equal else pulp.LpConstraintLE
            limit = row.limit + more.get(row, 0.0)
            self._require(f"row_{at}", parts, sense, limit)
        for at, parts in enumerate(one_each):
            self._require(f"college_{at}", parts, pulp.LpConstraintEQ, 1.0)
        self.lp.setObjective(pulp.LpAffineExpression(self.costs))

    def _require(self, name: str, parts: Mapping[Any, float], sense: int, limit: float) -> None:
        self.lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(parts), sense, name, limit))

    def _add_breaches(self, at: int, row: Row, parts: dict[Any, float]) -> None:
        """Let Σ use exceed a limit; of groups also fall short of it."""
        scale = max(LEAST_SCALE, abs(row.limit), max(map(abs, parts.values()), default=0.0))
        for sign in (-1.0, 1.0) if row.is_equal else (-1.0,):
            breach = self.lp.add_variable(f"breach_{at}_{'over' if sign < 0 else 'under'}", 0)
            parts[breach] = sign * scale
            self.costs[breach] = BREACH
            self.breaches[breach] = row, scale

    def solved(self, gap: float, enough: float = inf) -> tuple[Mapping[str, float], Any] | None:
        """Return values by name, and HiGHS; None where no choice keeps the limits, or none is found."""
        highs = HighsSession.of(self.lp).highs
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("mip_max_nodes", max(LEAST_NODES, NODES_AND_COLUMNS // len(self.columns)))
        if isfinite(enough):
            highs.setOptionValue("objective_target", -enough)
        run_highs(highs)
        status, known = highs.getModelStatus(), highs.getInfo().primal_solution_status
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status in ENDED_EARLY:
            if known != highspy.SolutionStatus.kSolutionStatusFeasible:
                return None
        elif status != highspy.HighsModelStatus.kOptimal:
            raise SolverError([Issue("solver-failed", values={"reason": UNKNOWN})])
        names = [one.name for one in self.lp.variables()]
        return dict(zip(names, highs.getSolution().col_value, strict=True)), highs


def relaxed(country: Country, offers: Offers) -> Relaxed:
    """Solve the relaxation over known offers, in which a college may take parts of several.

    Raises
    ------
    SolverError
        If the solver failed.
    """
    master = _Master(country, offers, {}, is_whole=False)
    solved = master.solved(0.0)
    assert solved is not None
    values, highs = solved
    duals = list(highs.getSolution().row_dual)[: len(country.rows)]
    # HiGHS minimises −closure: the price of a limit is what closure gains where it grows.
    prices = tuple(-d if row.is_equal else max(0.0, -d) for row, d in zip(country.rows, duals, strict=True))
    breaches = {
        row: values[v.name] * scale for v, (row, scale) in master.breaches.items() if values[v.name] > KEPT
    }
    value = -sum(cost * values[v.name] for v, cost in master.costs.items())
    return Relaxed(value, breaches, prices)


def chosen(country: Country, offers: Offers, gap: float, enough: float = inf) -> MasterChoice | None:
    """Choose one offer a college; None where no choice keeps all limits, or none is found.

    Parameters
    ----------
    enough : float
        A national closure with which the search may end.

    Raises
    ------
    SolverError
        If the solver failed, or its choice does not keep the limits.
    """
    tighter: dict[Row, float] = {}
    for _ in range(TRIES):
        master = _Master(country, offers, tighter, is_whole=True)
        solved = master.solved(gap, enough)
        if solved is None:
            return None
        taken = {name: offer for v, name, offer in master.columns if solved[0][v.name] > 0.5}
        used = zip(country.rows, country.used(taken), strict=True)
        # A z of 0.9999999 is 1, and what it uses may be a little more than the solver saw.
        over = {row: use - row.limit for row, use in used if abs(use - row.limit) > SLACK}
        over = {row: more for row, more in over.items() if more > 0 or row.is_equal}
        if not over:
            worth = (country.worth(country.member[name], offer) for name, offer in sorted(taken.items()))
            return MasterChoice(taken, sum(worth))
        tighter |= {row: tighter.get(row, 0.0) - 2 * more for row, more in over.items() if not row.is_equal}
    raise SolverError([Issue("solver-failed", values={"reason": Phrase("solver.numbers")})])
