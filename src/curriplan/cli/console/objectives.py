"""Objectives on a terminal: what one is worth, and what each stage of a search changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curriplan.texts.titles import objective_title
from curriplan.texts.words import Words

if TYPE_CHECKING:
    from curriplan.base.progress import Progress

SHARES = ("no_harm", "closure", "adaptability", "fairness", "outlooks")
WHOLE = ("cost", "distance", "changes")
"""Objectives in whole units; shares are shown as percent, hours and credits with one decimal."""
FIRST = ("closure", "cost")
"""What whoever waits wants to know first."""


def objective_value(words: Words, name: str, value: float) -> str:
    """Return the value of an objective, a share with its sign."""
    if name in SHARES:
        return f"{words.percent(value, 2)} %"
    return words.number(value, 0 if name in WHOLE else 1)


def gap_text(words: Words, gap: float | None) -> str:
    """Return a gap in per cent, a question mark where it is not known or vast."""
    return f"{words.percent(gap, 2)} %" if gap is not None and gap <= 10 else "?"  # nan is neither


@dataclass
class Findings:
    """What the stages have found so far, each said once.

    Closure and cost are said once closure has been sought (where it is no objective, at once): what a plan
    closes that was made for something else says nothing. From then on each stage says what it changed.
    """

    known: Mapping[str, float] = field(default_factory=dict)
    said_stage: int = 0

    def news(self, at: Progress, words: Words, arrow: str) -> str | None:
        """Return what is new at the end of a stage, None where nothing is to be said."""
        if at.reached is None:
            return None
        before, self.known = self.known, at.reached
        objectives = list(at.reached)[: at.stages]
        if self.said_stage == 0:
            if "closure" in objectives[at.stage :]:
                return None
            self.said_stage = at.stage
            return words("progress.first", **self._shown(words, at.reached, FIRST))
        names = dict.fromkeys((at.objective, *FIRST, *objectives[: at.stage]))
        then, now = self._shown(words, before, names), self._shown(words, at.reached, names)
        is_new, self.said_stage = at.stage != self.said_stage, at.stage
        told = [name for name in names if then[name] != now[name] or (is_new and name == at.objective)]
        if not told:
            return None
        changes = "; ".join(
            f"{objective_title(name, words.language)}: "
            + (f"{then[name]} {arrow} " if then[name] != now[name] else "")
            + now[name]
            for name in told
        )
        gap = gap_text(words, at.gap)
        return words("progress.done", stage=at.stage, stages=at.stages, gap=gap, changes=changes)

    @staticmethod
    def _shown(words: Words, values: Mapping[str, float], names: Iterable[str]) -> dict[str, str]:
        return {name: objective_value(words, name, values[name]) for name in names}
