"""What the evaluation vouches for in a saved plan, and what it takes on somebody's word.

Every figure of ``plan.json`` either follows from the bare decisions, so that `verify_plan` recomputes it,
or its path stands here. Nothing may be in neither: a test spoils every leaf of the file in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from itertools import pairwise
from math import ceil, gcd
from typing import Any

from curriplan.base.codec import to_data
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.result import Evaluation
from curriplan.plan.frontier import FrontierPoint
from curriplan.plan.plan import Plan
from curriplan.problem.asked import NewlyAsked
from curriplan.problem.problem import Problem
from curriplan.problem.promised import Promised


class Word(StrEnum):
    """Whose word something is that was not recomputed."""

    SOLVER = "solver"
    """Found by solving: that nothing is better, and what follows from other plans than this one."""
    CHOICE = "choice"
    """Chosen for the run: the plan is judged within it, whether it is wise or not."""
    RECORD = "record"
    """Where things came from, and what people wrote."""


NOT_CHECKED: Mapping[str, Word] = {
    "status": Word.SOLVER,
    "stages/*/bound": Word.SOLVER,
    "stages/*/value": Word.SOLVER,  # of all but the last, as far as tolerance and bound leave it open
    "stages/*/content_held": Word.SOLVER,
    "cost_at_best_closure_kzt": Word.SOLVER,
    "cost_at_best_closure_at_most_kzt": Word.SOLVER,
    "limits/closure_alone/*": Word.SOLVER,
    "limits/outlook_best/*/value": Word.SOLVER,
    "limits/outlook_best/*/bound": Word.SOLVER,
    "stability/rows/*/chosen_in": Word.SOLVER,
    "stability/runs/*/meeting_share": Word.SOLVER,
    "stability/runs/*/essential_factor": Word.SOLVER,
    "stability/runs/*/flat_levels": Word.SOLVER,
    "stability/runs/*/number": Word.SOLVER,
    "stability/runs/*/status": Word.SOLVER,
    **{f"frontier/points/*/{one.name}": Word.SOLVER for one in fields(FrontierPoint)},
    "frontier/least_kzt": Word.SOLVER,
    "frontier/is_complete": Word.SOLVER,
    "filling/*/filled": Word.SOLVER,
    "replanning/further/*/more": Word.SOLVER,
    "replanning/further/*/closure": Word.SOLVER,
    "replanning/further/*/cost_kzt": Word.SOLVER,
    "replanning/further/*/lag": Word.SOLVER,
    "replanning/prices/*/programme": Word.SOLVER,
    "replanning/prices/*/module": Word.SOLVER,
    "replanning/prices/*/closure": Word.SOLVER,
    "replanning/prices/*/cost_kzt": Word.SOLVER,
    "limits/objectives/*/tolerance": Word.CHOICE,
    "limits/risk": Word.CHOICE,
    "limits/gap": Word.CHOICE,
    "limits/time_limit_s": Word.CHOICE,
    "limits/solver": Word.CHOICE,
    "limits/quick": Word.CHOICE,
    "limits/prove_last_points": Word.CHOICE,
    "limits/previous/*/programme": Word.CHOICE,
    "limits/previous/*/module": Word.CHOICE,
    "limits/previous/*/term": Word.CHOICE,
    "limits/max_changes": Word.CHOICE,
    "limits/taught_until": Word.CHOICE,
    "limits/equity": Word.CHOICE,
    "limits/horizon": Word.CHOICE,
    **{f"limits/asked/*/{one.name}": Word.CHOICE for one in fields(NewlyAsked)},
    **{f"limits/promised/*/{one.name}": Word.RECORD for one in fields(Promised)},
    "limits/keep_within": Word.CHOICE,
    "limits/partners/*": Word.CHOICE,
    "limits/review/*/programme": Word.CHOICE,
    "limits/review/*/module": Word.CHOICE,
    "limits/review/*/decision": Word.CHOICE,
    "limits/review/*/term": Word.CHOICE,
    "limits/overrides/profile": Word.CHOICE,
    "limits/profile/*/key": Word.CHOICE,
    "limits/profile/*/value": Word.CHOICE,
    "limits/profile/*/source": Word.CHOICE,
    "limits/profile/*/verified": Word.CHOICE,
    "limits/profile/*/as_of": Word.CHOICE,
    "tool": Word.RECORD,
    "catalog/source": Word.RECORD,
    "warnings/*/*": Word.RECORD,
    "review/file": Word.RECORD,
    "review/plan_sha256": Word.RECORD,
    "review/planned_anew": Word.RECORD,
    "review/lines/*/programme": Word.RECORD,
    "review/lines/*/module": Word.RECORD,
    "review/lines/*/decision": Word.RECORD,
    "review/lines/*/term": Word.RECORD,
    "review/lines/*/comment": Word.RECORD,
    "review/lines/*/reviewer": Word.RECORD,
    "review/lines/*/date": Word.RECORD,
    "review/lines/*/cell": Word.RECORD,
    "review/lines/*/is_outdated": Word.RECORD,
    "review/changes/*/before": Word.RECORD,
    "versions/*/number": Word.RECORD,
    "versions/*/file": Word.RECORD,
    "versions/*/date": Word.RECORD,
    "versions/*/decisions": Word.RECORD,
    "versions/*/comments": Word.RECORD,
    "versions/*/is_approved": Word.RECORD,
    "versions/*/taken": Word.RECORD,
    "versions/*/left_out": Word.RECORD,
    "versions/*/moved": Word.RECORD,
    "versions/*/closure": Word.RECORD,  # of all but the last
    "versions/*/cost_kzt": Word.RECORD,
    "versions/*/catalog_sha256": Word.RECORD,
    "versions/*/plan_sha256": Word.RECORD,
}
"""Path in ``plan.json`` (``*`` for a place in a list, and for a key that is no word of the schema) by
whose word it is."""
PROVEN_AGAIN = frozenset(
    {
        "status",
        "stages/*/bound",
        "stages/*/value",
        "stages/*/content_held",
        "cost_at_best_closure_kzt",
        "cost_at_best_closure_at_most_kzt",
        "limits/closure_alone/*",
        "limits/outlook_best/*/value",
        "limits/outlook_best/*/bound",
        "filling/*/filled",
    }
)
"""What solving the plan's own problem again proves of the solver's word."""
CHOSEN_PROFILE = "limits/profile/"
"""Compared with the catalog's profile, unless another one was chosen."""
OPEN_OBJECTS = ("limits/closure_alone", "limits/outlook_best", "warnings/*")
"""Objects whose keys are no words of the schema."""


def not_checked(plan: Plan) -> dict[Word, tuple[str, ...]]:
    """Return the paths of a plan that hold what nobody recomputes, by whose word they are."""
    found: dict[Word, tuple[str, ...]] = dict.fromkeys(Word, ())
    present = {"tool", *(path for path, _ in paths_of(to_data(plan)))}
    for path, word in NOT_CHECKED.items():
        is_catalogs = path.startswith(CHOSEN_PROFILE) and not plan.limits["overrides"]["profile"]
        if path in present and not is_catalogs:
            found[word] += (path,)
    return {word: names for word, names in found.items() if names}


def paths_of(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each plain value of JSON with its path, as `NOT_CHECKED` writes it."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            name = "*" if path in OPEN_OBJECTS else key
            yield from paths_of(one, f"{path}/{name}" if path else name)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from paths_of(one, f"{path}/*")
    else:
        yield path, value


def most_new_money_kzt(problem: Problem) -> int:
    """Return more new money than any plan can need: all that may be added, at every site at once (§10)."""
    capacity, money = problem.capacity, problem.money
    most_kzt = 0
    for name in problem.limits.planned:
        one = problem.curricula.by_programme[name]
        for option in one.open_options:
            if option.current_term is not None:
                continue
            most_kzt += money.setup_kzt(option.module.id) + money.delivery_kzt(option)
            for kind in capacity.needs.get(option.module.id, {}):
                for site in capacity.sites.get(kind, ()):
                    parts = capacity.parts(one.programme, option.module.id, site)
                    most_kzt += money.fees_kzt(option, site, parts) + money.travel_kzt(option, site, parts)
    budget_kzt = problem.limits.budget_kzt
    return most_kzt if budget_kzt is None else min(most_kzt, budget_kzt)


def money_step_kzt(problem: Problem) -> int:
    """Return what all new money of any plan is a multiple of, KZT (§10); 0 where nothing costs anything."""
    capacity, money, step_kzt = problem.capacity, problem.money, 0
    for name in problem.limits.planned:
        for option in problem.curricula.by_programme[name].open_options:
            module = option.module.id
            step_kzt = gcd(step_kzt, money.setup_kzt(module), money.delivery_kzt(option))
            for kind in capacity.needs.get(module, {}):
                for site in capacity.sites.get(kind, ()):  # where parts are not counted, one stands for all
                    fees_kzt, travel_kzt = (of(option, site, 1) for of in (money.fees_kzt, money.travel_kzt))
                    step_kzt = gcd(step_kzt, fees_kzt, travel_kzt)
    return step_kzt


def best_closure_cost_kzt(problem: Problem, plan: Plan, evaluation: Evaluation) -> tuple[int, int] | None:
    """Return between what amounts the least cost of a plan of the best closure lies, KZT.

    None where closure is no objective. No less than less closure must cost: the bound of a cost stage
    right after closure, which may give the tolerance away. No more than this plan, where it gives nothing
    of the best closure away; and never more than everything together.
    """
    closing = problem.limits.settings.closing
    best = plan.stage_value(closing)
    if best is None:
        return None
    least, most = 0, most_new_money_kzt(problem)
    step_kzt = money_step_kzt(problem) or 1
    for stage, after in pairwise(plan.stages):
        if (stage.objective, after.objective) == (closing, "cost") and after.bound is not None:
            least = max(0, step_kzt * ceil((after.bound - 1e-6 * max(1.0, after.bound)) / step_kzt))
    if evaluation.objectives[closing] >= best - 1e-9:
        most = min(most, evaluation.cost_kzt)
    return least, max(least, most)


def stability_rows(problem: Problem, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a plan says of its stability, and what follows of it from the decisions.

    A module is chosen where the plan takes it, and in no more runs than came to a plan.
    """
    table = plan.stability
    if table is None:
        return {}, {}
    taken = plan.selection.taken
    recorded: dict[str, Any] = {f"stability/{'/'.join(key)}: is_chosen": None for key in sorted(taken)}
    found: dict[str, Any] = dict.fromkeys(recorded, True)
    for row in table.rows:
        key = (row.programme, row.module)
        name = f"stability/{'/'.join(key)}"
        recorded |= {f"{name}: is_chosen": row.is_chosen, f"{name}: chosen_in": row.chosen_in}
        found[f"{name}: is_chosen"] = key in taken if _is_known(problem, *key) else None
        found[f"{name}: chosen_in"] = min(row.chosen_in, table.counted)
    return recorded, found


def review_rows(problem: Problem, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a plan says of what its review changed, and what follows of it from the decisions."""
    if plan.review is None:
        return {}, {}
    terms = {(start.programme, start.module): start.term for start in plan.selection.starts}
    asked_for = {(one["programme"], one["module"]) for one in plan.limits.get("review", ())}
    recorded: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for number, row in enumerate(plan.review.changes, start=1):
        key, name = (row.programme, row.module), f"review/changes/{number}"
        recorded |= {f"{name}: after": row.after, f"{name}: asked_for": row.asked_for}
        is_asked_for = key in asked_for if _is_known(problem, *key) else None
        found |= {f"{name}: after": terms.get(key), f"{name}: asked_for": is_asked_for}
    return recorded, found


def version_rows(plan: Plan, evaluation: Evaluation) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a plan says of its last version, itself, and what follows from the decisions."""
    if not plan.versions:
        return {}, {}
    last = plan.versions[-1]
    worth = measures_of(evaluation)
    recorded = {"closure": last.closure, "cost_kzt": last.cost_kzt}
    found = {"closure": worth["closure_after"], "cost_kzt": worth["cost_kzt"]}
    return _named_last(recorded), _named_last(found)


def _named_last(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"versions/last: {name}": value for name, value in values.items()}


def _is_known(problem: Problem, programme: str, module: str) -> bool:
    return programme in problem.limits.planned and module in problem.catalog.module_by_id
