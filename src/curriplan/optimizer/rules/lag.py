"""The response lag as a linear expression: who holds a newly asked step from which graduation on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from curriplan.base.semesters import ordinal
from curriplan.optimizer.model.variables import Parts, PlanModel
from curriplan.optimizer.rules.parts import minus, reach_of, times
from curriplan.optimizer.rules.standing import define_wider_reach
from curriplan.problem.asked import graduation
from curriplan.problem.response import AskedStep, AskedSteps


def define_lag(model: PlanModel) -> None:
    """Require held[p,c,l,s] ≤ Σ reach[q,c,l] over the intakes q of p graduated by s, for each graduation s.

    held ≤ 1 is a bound; where one intake alone has graduated, its reach is what is held.
    """
    asked = _LagModel(model)
    for span in asked.spans:
        wanted = (span.step.competency, span.step.level)
        for name in span.graduated:
            if name in asked.programmes and not asked.is_certain(name, span.step):
                define_wider_reach(model, "lag", asked.programmes[name], [wanted])
        if len(span.graduated) > 1 and span.key not in model.held:
            held = model.add(model.held, "held", span.key, integer=False)
            reached = [part for name in span.graduated for part in asked.reach(name, span.step)]
            model.require("lag", [(held, 1.0), *minus(reached)], "<=", 0)


def lag(model: PlanModel) -> tuple[Parts, float]:
    """Σ_i w·learners · (N(i) − Σ_k n(i,k)·held[i,k]) / Σ_i w·learners, semesters.

    N(i) counts the semesters from `since` to H, n(i,k) those of them after the k-th graduation and before
    the next. A step that today's curriculum of a programme that repeats gives is held throughout.
    """
    asked = _LagModel(model)
    total = sum(asked.worth(step) for step in asked.response.steps)
    if total <= 0:
        return [], 0.0
    waiting = sum(asked.worth(step) * max(0, asked.end + 1 - ordinal(step.since)) for step in asked.open)
    parts: Parts = []
    for span in asked.spans:
        worth = asked.worth(span.step) * span.count
        if len(span.graduated) > 1:
            parts.append((model.held[span.key], -worth / total))
        elif asked.is_certain(span.graduated[0], span.step):
            waiting -= worth  # a part on `model.one` would be lost: it carries the constant
        else:
            parts += times(-worth / total, asked.reach(span.graduated[0], span.step))
    return parts, waiting / total


@dataclass(frozen=True)
class _Span:
    """The semesters from one graduation of a programme to the next, in which nothing changes."""

    step: AskedStep
    graduated: tuple[str, ...]
    """The intakes that have graduated by then."""
    begins: str
    """The semester of the graduation."""
    count: int
    """How many of its semesters lie between `since` of the step and H."""

    @property
    def key(self) -> tuple[str, str, int, str]:
        return (self.step.programme, self.step.competency, self.step.level, self.begins)


class _LagModel:
    """The newly asked steps of a model, and what is known of them whatever is decided."""

    def __init__(self, model: PlanModel) -> None:
        self.model = model
        self.response = model.problem.given.derived(AskedSteps)
        self.programmes = {one.id: one for one in model.problem.programmes}
        self.end = ordinal(self.response.horizon)
        self.open = self._not_held_today()
        self.spans = tuple(span for step in self.open for span in self._spans_of(step))

    def worth(self, step: AskedStep) -> float:
        """Return w · learners."""
        return step.weight * self.programmes[step.programme].programme.learners

    def is_certain(self, programme: str, step: AskedStep) -> bool:
        """Say whether an intake holds a step whatever is decided: learners bring it, or it is not planned."""
        if programme in self.programmes:
            levels = self.programmes[programme].gaps.baseline
        else:
            levels = self._today[programme]
        return levels.get(step.competency, 0) >= step.level

    def reach(self, programme: str, step: AskedStep) -> Parts:
        """Return the terms of what an intake reaches: a variable, 1 or nothing."""
        if self.is_certain(programme, step):
            return [(self.model.one, 1.0)]
        if programme not in self.programmes:
            return []
        return [(reach_of(self.model, (programme, step.competency, step.level)), 1.0)]

    @cached_property
    def _today(self) -> dict[str, dict[str, int]]:
        """The levels of the curricula of today, by programme."""
        found: dict[str, dict[str, int]] = {}
        for name in {row.id for rows in self.response.intakes.values() for row in rows}:
            curriculum = self.model.problem.curricula.by_programme[name]
            found[name] = self.model.problem.catalog.teaching.baseline(name)
            for row in self.model.problem.outcomes(option.module.id for option in curriculum.current):
                found[name][row.competency] = max(found[name].get(row.competency, 0), row.exit_level)
        return found

    def _not_held_today(self) -> tuple[AskedStep, ...]:
        """Return the steps but those that older intakes of a programme that repeats hold already."""
        return tuple(
            one
            for one in self.response.steps
            if not self.programmes[one.programme].programme.repeats
            or self._today[one.programme].get(one.competency, 0) < one.level
        )

    def _spans_of(self, step: AskedStep) -> Iterator[_Span]:
        intakes = self.response.intakes[step.programme]
        semesters = sorted({graduation(row) for row in intakes})
        for semester, following in zip(semesters, [*semesters[1:], None], strict=True):
            last = min(self.end, self.end if following is None else ordinal(following) - 1)
            count = last + 1 - max(ordinal(semester), ordinal(step.since))
            if count > 0:
                graduated = tuple(row.id for row in intakes if graduation(row) <= semester)
                yield _Span(step, graduated, semester, count)
