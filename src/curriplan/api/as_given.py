"""What callers of the library give, in any form: settings by name, plans as results, records or files."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

from curriplan.api.plan_file import check_same_catalog, earlier_starts, read_plan
from curriplan.api.reading import Source, read
from curriplan.api.results import PlanResult
from curriplan.api.verify import read_saved
from curriplan.base.errors import CurriplanError, UsageError
from curriplan.catalog.records import Catalog
from curriplan.plan.plan import Plan
from curriplan.problem.objectives import objectives_from
from curriplan.problem.settings import SETTING_OF_NAME, Replan


def in_settings(choices: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return choices as settings hold them, and the id of the catalog of an earlier plan."""
    for name in sorted(choices.keys() - SETTING_OF_NAME.keys()):
        raise UsageError.unknown("setting", name, SETTING_OF_NAME)
    choices = dict(choices)
    earlier = _earlier_plan(choices.get("previous"))
    if earlier is not None:
        choices["previous"] = earlier_starts(earlier)
    if "objectives" in choices:
        choices["objectives"] = _objectives_of(choices["objectives"])
    return choices, None if earlier is None else earlier.catalog.id


def wish_of(replan: str) -> Replan:
    """Return what is wished for where there is a plan already; raises UsageError for another word."""
    try:
        return Replan(replan)
    except ValueError as error:
        raise UsageError.of("bad-value", option="replan", value=replan, expected=", ".join(Replan)) from error


def _objectives_of(objectives: Any) -> Any:
    """Return objectives, given by name or with their tolerances, as settings hold them."""
    given = [objectives] if isinstance(objectives, str) else objectives
    if not isinstance(given, Iterable):
        return given  # which the settings refuse
    named = (objectives_from(one) if isinstance(one, str) else (one,) for one in given)
    return tuple(choice for choices in named for choice in choices)


def _earlier_plan(previous: Any) -> Plan | None:
    """Return an earlier plan, in whatever form it is given; None where it is none, or its starts alone."""
    if isinstance(previous, PlanResult):
        return previous.plan
    if isinstance(previous, str | PathLike):
        return read_plan(Path(previous))
    return previous if isinstance(previous, Plan) else None


def plan_and_catalog(
    plan: PlanResult | Plan | Source, catalog: Catalog | Source | None
) -> tuple[Plan, Catalog]:
    """Return a plan, read where it is a file, with its catalog: by default the one that it names."""
    if isinstance(plan, PlanResult):
        return plan.plan, plan.catalog
    if not isinstance(plan, Plan):
        if not isinstance(catalog, Catalog):
            return read_saved(Path(plan), catalog)
        plan = read_plan(Path(plan))
    if not isinstance(catalog, Catalog):
        source = catalog or plan.catalog.source
        if source is None:
            raise CurriplanError.of("plan-without-catalog", path="Plan")
        catalog = read(source).require()
    check_same_catalog(plan, catalog.sha256)
    return plan, catalog


def plan_of(plan: PlanResult | Plan | Source) -> Plan:
    """Return a plan, read where it is a file."""
    if isinstance(plan, PlanResult):
        return plan.plan
    return plan if isinstance(plan, Plan) else read_plan(Path(plan))
