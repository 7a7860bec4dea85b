"""An irreducible set of demands that clash: without any one of them the others can be met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from curriplan.optimizer.diagnose.feasibility import Answer, Feasibility
from curriplan.optimizer.model.variables import Entity


@dataclass(frozen=True)
class FoundClash:
    """Demands that cannot be met together.

    Parameters
    ----------
    entities : tuple of Entity
        The demands.
    is_minimal : bool
        Whether it is proven that without any one of them the others can be met.
    """

    entities: tuple[Entity, ...]
    is_minimal: bool = True


def find_clash(feasibility: Feasibility, candidates: Sequence[Entity]) -> FoundClash | None:
    """Return an irreducible clash among `candidates`, None where they can be met together.

    The earlier a candidate stands, the rather it is named. When the time is over, what is known to
    clash is returned as it is, marked as perhaps not minimal; a question without an answer counts
    as *can be met*, with the same mark.
    """
    ordered = _narrowed(feasibility, candidates)
    return None if ordered is None else _ClashSearch(feasibility).run(ordered)


def _narrowed(feasibility: Feasibility, candidates: Sequence[Entity]) -> list[Entity] | None:
    """Return fewer candidates that still clash: a proof's, else one programme's, else all."""
    whole = feasibility.ask(candidates)
    if whole.feasible:
        return None
    if whole.core is not None:
        return _kept(candidates, whole)
    for programme in dict.fromkeys(entity.programme for entity in candidates if entity.programme):
        own = [entity for entity in candidates if entity.programme == programme]
        answer = feasibility.ask(own)
        if answer.feasible is False:
            return _kept(own, answer)
    return list(candidates)


def _kept(candidates: Sequence[Entity], answer: Answer) -> list[Entity]:
    """Return the candidates that an answer of no still needs."""
    return [entity for entity in candidates if answer.core is None or entity in answer.core]


@dataclass
class _ClashSearch:
    """The state of one search: `needed` and the candidates clash throughout."""

    feasibility: Feasibility
    is_minimal: bool = True

    def run(self, candidates: list[Entity]) -> FoundClash:
        needed: list[Entity] = []
        while not self.feasibility.watch.is_over:
            candidates = self._shortest_prefix(needed, candidates)
            if not candidates:
                return FoundClash(tuple(needed), self.is_minimal)
            needed.append(candidates.pop())
        return FoundClash((*needed, *candidates), False)

    def _shortest_prefix(self, needed: list[Entity], candidates: list[Entity]) -> list[Entity]:
        """Return the first candidates, as few as clash with `needed`."""
        low = 0
        while low < len(candidates) and not self.feasibility.watch.is_over:
            middle = (low + len(candidates)) // 2
            answer = self.feasibility.ask([*needed, *candidates[:middle]])
            if answer.feasible is False:
                # What the proof does without goes; of the first low - 1 it is known that they do not clash.
                kept = _kept(candidates[:middle], answer)
                low = len(set(kept).intersection(candidates[: low - 1])) + 1 if low else 0
                candidates = kept
            else:
                self.is_minimal &= answer.feasible is not None
                low = middle + 1
        return candidates
