"""What could give way: a cell of the catalog or a setting that rules some demands, and how it moves."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from curriplan.catalog.records import Record
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.model.variables import Entity
from curriplan.plan.plan import Selection
from curriplan.problem.aspects import ASPECTS, Rank
from curriplan.problem.edits import edit_of
from curriplan.problem.origins import Edits, Located


@dataclass(frozen=True)
class MovableNumber:
    """A number that could be raised or lowered.

    Parameters
    ----------
    was : float
        What it is.
    raises : bool
        Whether more of it helps; else less of it.
    step : float
        New values are multiples of this.
    edits : callable
        The edits that set it to a value.
    rates : mapping
        By how much the limit of each demand's rows moves with one unit of it; none where that is not
        linear, and the value is searched for.
    reached : callable, optional
        The value that a plan keeps, where the slack of its rows does not tell (shares).
    extreme : float
        The farthest that it could go.
    scale : float
        What a change is measured against where the number is nothing yet.
    """

    was: float
    raises: bool
    step: float
    edits: Callable[[float], Edits]
    rates: Mapping[Entity, float] = field(default_factory=dict)
    reached: Callable[[Evaluation], float] | None = None
    extreme: float = math.inf
    scale: float = 0.0

    def moved(self, slack: float) -> float:
        """Return the value after it gave way by `slack`."""
        return self.rounded(self.was + slack if self.raises else self.was - slack)

    def rounded(self, value: float) -> float:
        """Return the next multiple of the step on the safe side."""
        steps = value / self.step
        whole = math.ceil(steps - 1e-6) if self.raises else math.floor(steps + 1e-6)
        digits = max(0, -math.floor(math.log10(self.step)))
        return round(whole * self.step, digits)

    def change(self, value: float) -> float:
        """Return how large a change is, as a share of what it was."""
        return abs(value - self.was) / max(abs(self.was), self.scale, 1.0 if self.step >= 0.5 else 0.05)


@dataclass(frozen=True)
class Lever:
    """A cell, a setting or a few rows that rule some demands.

    Parameters
    ----------
    key : hashable
        Tells levers apart.
    entities : frozenset of Entity
        All demands that it rules, also in other programmes and semesters.
    number : Number or None
        How it moves, if it is a number.
    choices : callable, optional
        Else: what could be changed so that a selection that breaks only these demands becomes a plan,
        the mildest first.
    """

    key: Hashable
    rank: Rank
    number: MovableNumber | None = None
    choices: Callable[[Selection], Iterable[Edits]] | None = None
    entities: frozenset[Entity] = frozenset()


def together(levers: Iterable[tuple[Entity, Lever]]) -> dict[Hashable, Lever]:
    """Return levers by key, those of the same key as one with all their demands."""
    found: dict[Hashable, Lever] = {}
    rates: dict[Hashable, dict[Entity, float]] = {}
    entities: dict[Hashable, set[Entity]] = {}
    for entity, lever in levers:
        found.setdefault(lever.key, lever)
        entities.setdefault(lever.key, set()).add(entity)
        if lever.number is not None:
            rates.setdefault(lever.key, {}).update(lever.number.rates)
            entities[lever.key].update(lever.number.rates)
    return {
        key: Lever(
            key,
            lever.rank,
            None if lever.number is None else replace(lever.number, rates=rates[key]),
            lever.choices,
            frozenset(entities[key]),
        )
        for key, lever in found.items()
    }


def number_lever(
    entity: Entity,
    at: Located,
    *,
    rate: float | None = 1.0,
    reached: Callable[[Evaluation], float] | None = None,
) -> Lever:
    """Return the lever of the number that a limit comes from."""
    aspect = ASPECTS[entity.aspect]
    rates = {} if rate is None else {entity: rate}
    number = MovableNumber(
        at.value, aspect.raises, aspect.step, at.edits, rates, reached, extreme=aspect.farthest
    )
    return Lever(at.key, at.origin.rank, number)


def rows_out(rows: Iterable[Record]) -> Lever:
    """Return the lever that takes rows out."""
    edits = tuple(edit_of(row, None) for row in rows)
    key = tuple((edit.table, edit.key) for edit in edits)
    return Lever(key, Rank.CONTENT, choices=lambda _selection: (edits,))


def one_choice(row: Record, column: str, value: object, rank: Rank = Rank.CONTENT) -> Lever:
    """Return the lever of a cell that could have one other value."""
    edits = (edit_of(row, column, value),)
    return Lever((row.table, row.key_values(), column), rank, choices=lambda _selection: (edits,))
