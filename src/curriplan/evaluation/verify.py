"""Compare a saved plan with what its own decisions are worth."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from math import inf, isfinite
from typing import Any

from curriplan.base.codec import to_data
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures import figures_of
from curriplan.evaluation.figures.challenges import challenges_of
from curriplan.evaluation.figures.doors import adaptability_of
from curriplan.evaluation.figures.lag import lag_of
from curriplan.evaluation.figures.outlooks import outlooks_of_plan
from curriplan.evaluation.filling import recomputed_filling
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.objectives import MAXIMISED
from curriplan.evaluation.payments import divide
from curriplan.evaluation.planned import planned_gaps, planned_intakes, planned_modules, planned_uses
from curriplan.evaluation.responses import in_short
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.vouched import (
    best_closure_cost_kzt,
    money_step_kzt,
    review_rows,
    stability_rows,
    version_rows,
)
from curriplan.plan.challenges import ChallengeAnswer
from curriplan.plan.doors import Adaptability
from curriplan.plan.figures import Figures
from curriplan.plan.lag import ResponseLag
from curriplan.plan.outlooks import PlanOutlooks
from curriplan.plan.plan import Plan, Response, Stage, Status
from curriplan.problem.aspects import RuleCheck
from curriplan.problem.limits import Limits
from curriplan.problem.objectives import ObjectiveChoice, content_stages
from curriplan.problem.partners import leaving_partners
from curriplan.problem.problem import Problem

MONEY = "cost"
"""The objective that is money: whole KZT, although files keep all objectives as numbers of one kind."""
FOLLOWING = ("figures", "challenges", "adaptability", "lag", "outlooks")
Rows = Mapping[str, Any]
"""Values by the words that name them, such as ``uses/SD/M1/LAB/2: hours``."""


@dataclass(frozen=True)
class Difference:
    """A value that the plan records otherwise than it follows; None where one of them has none."""

    what: str
    recorded: Any
    recomputed: Any


@dataclass(frozen=True)
class Verification:
    """What a plan's own decisions are worth, and where the plan says something else."""

    evaluation: Evaluation
    differences: tuple[Difference, ...]

    @property
    def broken(self) -> tuple[RuleCheck, ...]:
        """The rules that do not hold."""
        return self.evaluation.broken

    @property
    def holds(self) -> bool:
        """Whether every rule holds and every value is as recorded."""
        return not self.differences and not self.broken


def verify_plan(problem: Problem, plan: Plan) -> Verification:
    """Recompute a plan from its bare decisions and list every value that differs.

    Whole numbers, money among them, are compared exactly, the gaps of stages within 1e-9 of
    themselves; others may differ by 1e-6 · max(1, |value|).
    `problem` is the one that the plan solves.
    """
    limits, selection = problem.limits, plan.selection
    is_quick = limits.settings.quick  # a first look works neither the filling nor the best closure's cost out
    evaluation = evaluate(problem, selection)
    also = (stability_rows(problem, plan), review_rows(problem, plan), version_rows(plan, evaluation))
    also_recorded, also_found = zip(*also, strict=True)
    recomputed = {
        **_module_rows(planned_modules(problem, selection)),
        **_use_rows(planned_uses(problem, selection)),
        **_payment_rows(divide(problem.money, evaluation.cost_items)),
        **_gap_rows(planned_gaps(problem, evaluation)),
        **_stage_rows(plan.stages, limits, evaluation),
        "status": _status(plan, limits),
        **_cost_at_best_closure(problem, plan, evaluation),
        **_filling_rows(() if is_quick else recomputed_filling(problem, plan, evaluation.broken)),
        **dict(_flat("measures", measures_of(evaluation))),
        f"measures/objectives/{MONEY}": evaluation.cost_kzt,
        **_figures(plan.figures and figures_of(problem, selection, evaluation)),
        **_challenges(challenges_of(problem, selection)),
        **_intake_rows(plan.intakes and planned_intakes(problem)),
        **_adaptability(plan.adaptability and adaptability_of(problem, selection)),
        **_lag(lag_of(problem, selection)),
        "partners": _partners_asked(problem),
        **_left_rows(in_short(problem, row) for row in plan.partners),
        **_outlooks(outlooks_of_plan(problem, selection) if _tells_outlooks(problem, plan) else None),
        **dict(ChainMap(*also_found)),
    }
    recorded = {**_recorded_rows(plan), **dict(ChainMap(*also_recorded))}
    return Verification(evaluation, tuple(_differences(recorded, recomputed)))


def _recorded_rows(plan: Plan) -> Rows:
    return {
        **_module_rows(plan.modules),
        **_use_rows(plan.uses),
        **_payment_rows(plan.payments),
        **_gap_rows(plan.gaps),
        **_numbered("stages", ((row.objective, row.value, row.gap, row.content_held) for row in plan.stages)),
        "status": plan.status,
        "cost_at_best_closure_kzt": plan.cost_at_best_closure_kzt,
        "cost_at_best_closure_at_most_kzt": plan.cost_at_best_closure_at_most_kzt,
        **_filling_rows(plan.filling),
        **dict(_flat("measures", plan.measures)),
        **_figures(plan.figures),
        **_challenges(plan.challenges),
        **_intake_rows(plan.intakes),
        **_adaptability(plan.adaptability),
        **_lag(plan.lag),
        "partners": ", ".join(sorted(row.source for row in plan.partners)),
        **_left_rows(plan.partners),
        **_outlooks(plan.outlooks),
    }


def _partners_asked(problem: Problem) -> str:
    """Return the partners of which a plan must say what is left: none where nothing is asked (§16)."""
    is_asked = problem.limits.settings.keep_within is not None
    return ", ".join(sorted(leaving_partners(problem))) if is_asked else ""


def _left_rows(rows: Iterable[Response]) -> Rows:
    """Name the parts that each site serves in what is left; that this keeps the rules, a rule says (§16)."""
    keys = ("programme", "module", "resource")
    found: dict[str, Any] = {}
    for row in rows:
        found |= _named(f"partners/{row.source}", row.sites, keys, ("parts",))
    return found


def _figures(figures: Figures | None) -> Rows:
    """Name each figure; files of earlier versions have none."""
    return {} if figures is None else dict(_flat("figures", to_data(figures)))


def _challenges(rows: tuple[ChallengeAnswer, ...]) -> Rows:
    """Name each value; unlike figures they may not lack: no earlier version reads a catalog with them."""
    return {} if not rows else dict(_flat("challenges", [to_data(row) for row in rows]))


def _intake_rows(rows: Iterable[Any]) -> Rows:
    """Name each value; files of earlier versions have none."""
    return _named("intakes", rows, ("programme",), ("start", "intake_of"))


def _adaptability(found: Adaptability | None) -> Rows:
    """Name each value; files of earlier versions have none."""
    return {} if found is None else dict(_flat("adaptability", to_data(found)))


def _lag(found: ResponseLag | None) -> Rows:
    """Name each value; it may not lack either: no earlier version reads a catalog that says `since`."""
    return {} if found is None else dict(_flat("lag", to_data(found)))


def _tells_outlooks(problem: Problem, plan: Plan) -> bool:
    """Say whether a plan must tell of the outlooks: one made for them, or one that does."""
    return plan.outlooks is not None or problem.limits.settings.risk is not None


def _outlooks(found: PlanOutlooks | None) -> Rows:
    """Name each value; earlier versions read catalogs with outlooks, and said nothing of them."""
    return {} if found is None else dict(_flat("outlooks", to_data(found)))


def _module_rows(rows: Iterable[Any]) -> Rows:
    return _named("modules", rows, ("programme", "module", "term"), ("decision",))


def _use_rows(rows: Iterable[Any]) -> Rows:
    return _named("uses", rows, ("programme", "module", "resource", "term"), ("hours", "parts"))


def _payment_rows(rows: Iterable[Any]) -> Rows:
    return _named("payments", rows, ("source", "module", "part", "year"), ("kzt",))


def _filling_rows(rows: Iterable[Any]) -> Rows:
    return _named("filling", rows, ("programme",), ("credits", "filled"))


def _gap_rows(rows: Iterable[Any]) -> Rows:
    return _named("gaps", rows, ("programme", "competency"), ("required", "before", "after"))


def _named(table: str, rows: Iterable[Any], keys: tuple[str, ...], values: tuple[str, ...]) -> Rows:
    """Name each value by table, key and column; a row given twice gets its number behind the key."""
    seen: Counter[Hashable] = Counter()
    found = {}
    for row in rows:
        name = "/".join((table, *(str(getattr(row, key)) for key in keys)))
        seen[name] += 1
        if seen[name] > 1:
            name += f"#{seen[name]}"
        found.update({f"{name}: {value}": getattr(row, value) for value in values})
    return found


def _stage_rows(stages: tuple[Stage, ...], limits: Limits, evaluation: Evaluation) -> Rows:
    """Return the stages as they follow: in the order of the limits, which may have gone further.

    The last stage stands as it was solved. After an earlier one the plan may have lost as much as
    its tolerance allows, and gained what its bound left open.
    """
    rows = []
    sought = limits.settings.sought
    for number, (choice, stage) in enumerate(zip_longest(sought[: len(stages)], stages)):
        value = evaluation.objectives.get(stage.objective)
        if value is not None and stage is not stages[-1] and _may_follow(stage, choice, value):
            value = stage.value
        if value is not None and isfinite(value) and stage.objective == MONEY:
            value = round(value)
        held = stage.content_held and number >= content_stages(limits.settings.objectives)
        rows.append((choice.name if choice else None, value, _gap(stage), held))
    # Every run has all of them, solved or not.
    lacking = enumerate(sought[len(stages) :], start=len(stages) + 1)
    return _numbered("stages", rows) | {f"stages/{place}: objective": one.name for place, one in lacking}


def _status(plan: Plan, limits: Limits) -> Status:
    """Return the status as recorded, unless a stage that it needs is missing or was never proven.

    CBC proves an objective without telling its bound.
    """
    settings = limits.settings
    whole = len(plan.stages) >= len(settings.objectives)
    bounded = settings.solver == "cbc" or all(stage.bound is not None for stage in plan.stages)
    proven = all(stage.is_within(settings.stage_gap) for stage in plan.stages)
    return plan.status if whole and bounded and proven else Status.FEASIBLE


def _cost_at_best_closure(problem: Problem, plan: Plan, evaluation: Evaluation) -> Rows:
    """Return what the best closure costs as recorded, the least or at most, within what is possible.

    It is a whole number of steps of money.
    """
    least_kzt, most_kzt = plan.cost_at_best_closure_kzt, plan.cost_at_best_closure_at_most_kzt
    possible = best_closure_cost_kzt(problem, plan, evaluation)
    step_kzt = money_step_kzt(problem) or 1

    def near(recorded: int | None) -> int | None:
        if recorded is None or possible is None or problem.limits.settings.quick:
            return None
        within = min(max(recorded, possible[0]), possible[1])
        return within - within % step_kzt

    least_kzt = near(least_kzt)
    most_kzt = near(most_kzt) if least_kzt is None else None
    return {"cost_at_best_closure_kzt": least_kzt, "cost_at_best_closure_at_most_kzt": most_kzt}


def _may_follow(stage: Stage, choice: ObjectiveChoice | None, value: float) -> bool:
    """Say whether a plan of `value` may come out after `stage`."""
    gained = (value - stage.value) * (1 if stage.objective in MAXIMISED else -1)
    tolerance = choice.tolerance if choice else 0.0
    open_to_gain = inf if stage.bound is None else abs(stage.bound - stage.value)
    slack = 0.0 if stage.objective == MONEY else 1e-6 * max(1.0, abs(stage.value))
    return -tolerance - slack <= gained <= open_to_gain + slack


def _numbered(table: str, rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Name each value by table, number of the row and column."""
    return {
        f"{table}/{index}: {column}": value
        for index, row in enumerate(rows, start=1)
        for column, value in zip(("objective", "value", "gap", "content_held"), row, strict=True)
    }


def _gap(stage: Stage) -> float | None:
    """Return the gap between a stage's bound and its value; a difference below 1e-9 is none."""
    if stage.bound is None:
        return None
    difference = abs(stage.bound - stage.value)
    return 0.0 if difference < 1e-9 else difference / max(abs(stage.value), 1e-9)


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each plain value below `value` with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(f"{name}/{key}", item)
    elif isinstance(value, list | tuple):
        yield f"{name}: count", len(value)
        for index, item in enumerate(value, start=1):
            yield from _flat(f"{name}/{index}", item)
    else:
        yield name, value


def _differences(recorded: Rows, recomputed: Rows) -> Iterator[Difference]:
    """Yield what differs; a row that only one side has differs, even if its value is None.

    Figures, challenges, adaptability, lag and outlooks come last: they follow from all the rest.
    """
    for what in sorted({*recorded, *recomputed}, key=lambda name: (name.startswith(FOLLOWING), name)):
        both = what in recorded and what in recomputed
        is_gap = what.endswith(": gap")  # a tenge of millions is a gap below 1e-6
        if not (both and _same(recorded[what], recomputed[what], is_gap=is_gap)):
            yield Difference(what, recorded.get(what), recomputed.get(what))


def _same(recorded: Any, recomputed: Any, *, is_gap: bool = False) -> bool:
    if isinstance(recomputed, float) and _is_number(recorded):
        # The tolerance of an infinite value would take in every other one.
        slack = 1e-9 * abs(recomputed) if is_gap else 1e-6 * max(1.0, abs(recomputed))
        return isfinite(recomputed) and abs(recorded - recomputed) <= slack
    return isinstance(recorded, bool) is isinstance(recomputed, bool) and bool(recorded == recomputed)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
