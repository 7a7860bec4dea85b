"""Plan vocational curricula: which practical modules, in which term, for which occupations.

::

    result = curriplan.optimize("mini")
    print(result.modules)

Everything here is loaded when it is first used, so that ``import curriplan`` is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from curriplan.version import __version__

if TYPE_CHECKING:
    from curriplan.catalog import ReadResult, bundled_names, read_catalog, write_folder
    from curriplan.checks import check_catalog
    from curriplan.comparison import Comparison
    from curriplan.errors import CurriplanError, ExitCode, Issue, Severity
    from curriplan.explanation import Explanation
    from curriplan.frontier import Frontier, FrontierPoint
    from curriplan.graph import build_graph
    from curriplan.library import compare, explain, find_frontier, find_gaps, optimize, verify, write_workbook
    from curriplan.metrics import CurriculumMetrics, ModuleMetrics, curriculum_metrics
    from curriplan.model import Catalog
    from curriplan.pipeline import Verdict
    from curriplan.plan import Decision, Plan, Status
    from curriplan.results import PlanResult
    from curriplan.saving import save_catalog
    from curriplan.settings import ObjectiveChoice, Settings
    from curriplan.transition import OccupationGap, OccupationGaps, occupation_gaps

_HOMES = {
    "Catalog": "model",
    "Comparison": "comparison",
    "CurriculumMetrics": "metrics",
    "CurriplanError": "errors",
    "Decision": "plan",
    "ExitCode": "errors",
    "Explanation": "explanation",
    "Frontier": "frontier",
    "FrontierPoint": "frontier",
    "Issue": "errors",
    "ModuleMetrics": "metrics",
    "ObjectiveChoice": "settings",
    "Plan": "plan",
    "PlanResult": "results",
    "ReadResult": "catalog",
    "Settings": "settings",
    "Severity": "errors",
    "Status": "plan",
    "Verdict": "pipeline",
    "build_graph": "graph",
    "bundled_names": "catalog",
    "check_catalog": "checks",
    "compare": "library",
    "curriculum_metrics": "metrics",
    "explain": "library",
    "find_frontier": "library",
    "find_gaps": "library",
    "occupation_gaps": "transition",
    "OccupationGap": "transition",
    "OccupationGaps": "transition",
    "optimize": "library",
    "read_catalog": "catalog",
    "save_catalog": "saving",
    "verify": "library",
    "write_folder": "catalog",
    "write_workbook": "library",
}

__all__ = [
    "Catalog",
    "Comparison",
    "CurriculumMetrics",
    "CurriplanError",
    "Decision",
    "ExitCode",
    "Explanation",
    "Frontier",
    "FrontierPoint",
    "Issue",
    "ModuleMetrics",
    "ObjectiveChoice",
    "OccupationGap",
    "OccupationGaps",
    "Plan",
    "PlanResult",
    "ReadResult",
    "Settings",
    "Severity",
    "Status",
    "Verdict",
    "__version__",
    "build_graph",
    "bundled_names",
    "check_catalog",
    "compare",
    "curriculum_metrics",
    "explain",
    "find_frontier",
    "find_gaps",
    "occupation_gaps",
    "optimize",
    "read_catalog",
    "save_catalog",
    "verify",
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
