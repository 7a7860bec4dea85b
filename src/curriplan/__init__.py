"""Plan vocational curricula: which practical modules, in which term, for which occupations.

::

    result = curriplan.optimize("mini")   # a folder, a workbook or a bundled catalog
    result.modules                        # pandas tables: gaps, stages, checks, payments, ...
    result.to_excel("plan.xlsx")

To read: `read_catalog`, `check_catalog`, `bundled_names`. To plan: `optimize` (its named arguments are the
fields of `Settings`), `replan` a year later, `find_frontier`, `scenarios`. To understand a plan: `verify`,
`explain`, `what_if`, `stress`, `compare`. To look at a catalog: `find_gaps`, `occupation_gaps`,
`curriculum_metrics`, `build_graph`. To look ahead: `make_outlooks`, `retrain`, `design`. To plan many
colleges that share money: `network`. To write:
`PlanResult.to_excel`, `PlanResult.to_json`, `write_workbook`, `save_catalog`, `write_folder`. What goes wrong
raises `CurriplanError`, whose ``issues`` say where and what to do. ``help(curriplan.optimize)`` and so on
say the rest.

Everything here is loaded when it is first used, so that ``import curriplan`` is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from curriplan.base.version import __version__

if TYPE_CHECKING:
    from curriplan.api.design import DesignResult
    from curriplan.api.library import (
        compare,
        explain,
        find_frontier,
        find_gaps,
        optimize,
        verify,
        what_if,
        write_workbook,
    )
    from curriplan.api.library_ahead import design, replan, scenarios, stress
    from curriplan.api.made_outlooks import make_outlooks
    from curriplan.api.network.library import network
    from curriplan.api.results import PlanResult
    from curriplan.api.retrain_library import retrain
    from curriplan.api.verify import Verdict
    from curriplan.base.errors import (
        CatalogError,
        CurriplanError,
        ExitCode,
        InfeasibleError,
        Issue,
        NoPlanError,
        Severity,
        SolverError,
        UsageError,
    )
    from curriplan.catalog.graph import build_graph
    from curriplan.catalog.reading.bundled import bundled_names
    from curriplan.catalog.reading.read import ReadResult, read_catalog
    from curriplan.catalog.records import Catalog
    from curriplan.catalog.saving.folder import write_folder
    from curriplan.catalog.saving.save import save_catalog
    from curriplan.importing.outlooks.make import MadeOutlooks
    from curriplan.plan.comparison import Comparison
    from curriplan.plan.design import Design
    from curriplan.plan.explanation import Explanation
    from curriplan.plan.frontier import Frontier, FrontierPoint
    from curriplan.plan.hand_edit import EditOutcome
    from curriplan.plan.plan import Decision, Plan, Status
    from curriplan.plan.retraining import Retraining
    from curriplan.plan.scenarios import PlanInOutlooks, Scenarios
    from curriplan.plan.stress import PartnerLoss, Stress
    from curriplan.problem.checks import check_catalog
    from curriplan.problem.metrics import CurriculumMetrics, ModuleMetrics, curriculum_metrics
    from curriplan.problem.objectives import ObjectiveChoice
    from curriplan.problem.occupations import OccupationGap, OccupationGaps, occupation_gaps
    from curriplan.problem.settings import Settings

_HOMES = {
    "Catalog": "catalog.records",
    "CatalogError": "base.errors",
    "Comparison": "plan.comparison",
    "CurriculumMetrics": "problem.metrics",
    "CurriplanError": "base.errors",
    "Decision": "plan.plan",
    "Design": "plan.design",
    "DesignResult": "api.design",
    "EditOutcome": "plan.hand_edit",
    "ExitCode": "base.errors",
    "Explanation": "plan.explanation",
    "Frontier": "plan.frontier",
    "FrontierPoint": "plan.frontier",
    "InfeasibleError": "base.errors",
    "Issue": "base.errors",
    "MadeOutlooks": "importing.outlooks.make",
    "ModuleMetrics": "problem.metrics",
    "NoPlanError": "base.errors",
    "ObjectiveChoice": "problem.objectives",
    "OccupationGap": "problem.occupations",
    "OccupationGaps": "problem.occupations",
    "PartnerLoss": "plan.stress",
    "Plan": "plan.plan",
    "PlanInOutlooks": "plan.scenarios",
    "PlanResult": "api.results",
    "ReadResult": "catalog.reading.read",
    "Retraining": "plan.retraining",
    "Scenarios": "plan.scenarios",
    "Settings": "problem.settings",
    "Severity": "base.errors",
    "SolverError": "base.errors",
    "Status": "plan.plan",
    "Stress": "plan.stress",
    "UsageError": "base.errors",
    "Verdict": "api.verify",
    "build_graph": "catalog.graph",
    "bundled_names": "catalog.reading.bundled",
    "check_catalog": "problem.checks",
    "compare": "api.library",
    "curriculum_metrics": "problem.metrics",
    "design": "api.library_ahead",
    "explain": "api.library",
    "find_frontier": "api.library",
    "find_gaps": "api.library",
    "make_outlooks": "api.made_outlooks",
    "network": "api.network.library",
    "occupation_gaps": "problem.occupations",
    "optimize": "api.library",
    "replan": "api.library_ahead",
    "read_catalog": "catalog.reading.read",
    "retrain": "api.retrain_library",
    "save_catalog": "catalog.saving.save",
    "scenarios": "api.library_ahead",
    "stress": "api.library_ahead",
    "verify": "api.library",
    "what_if": "api.library",
    "write_folder": "catalog.saving.folder",
    "write_workbook": "api.library",
}

__all__ = [
    "Catalog",
    "CatalogError",
    "Comparison",
    "CurriculumMetrics",
    "CurriplanError",
    "Decision",
    "Design",
    "DesignResult",
    "EditOutcome",
    "ExitCode",
    "Explanation",
    "Frontier",
    "FrontierPoint",
    "InfeasibleError",
    "Issue",
    "MadeOutlooks",
    "ModuleMetrics",
    "NoPlanError",
    "ObjectiveChoice",
    "OccupationGap",
    "OccupationGaps",
    "PartnerLoss",
    "Plan",
    "PlanInOutlooks",
    "PlanResult",
    "ReadResult",
    "Retraining",
    "Scenarios",
    "Settings",
    "Severity",
    "SolverError",
    "Status",
    "Stress",
    "UsageError",
    "Verdict",
    "__version__",
    "build_graph",
    "bundled_names",
    "check_catalog",
    "compare",
    "curriculum_metrics",
    "design",
    "explain",
    "find_frontier",
    "find_gaps",
    "make_outlooks",
    "network",
    "occupation_gaps",
    "optimize",
    "read_catalog",
    "replan",
    "retrain",
    "save_catalog",
    "scenarios",
    "stress",
    "verify",
    "what_if",
    "write_folder",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
