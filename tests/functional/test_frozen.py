"""What users script: add to it freely, and here; never take away or rename."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator

import click

import curriplan
from curriplan.base.errors import ExitCode
from curriplan.cli.app import main

PUBLIC = {
    "Catalog", "Comparison", "Design", "DesignResult", "design", "CurriculumMetrics", "CurriplanError",
    "Decision", "ExitCode",
    "Explanation", "Frontier", "FrontierPoint", "Issue", "ModuleMetrics", "ObjectiveChoice", "OccupationGap",
    "OccupationGaps", "Plan", "PlanResult", "ReadResult", "Settings", "Severity", "Status", "Verdict",
    "__version__", "build_graph", "bundled_names", "check_catalog", "compare", "curriculum_metrics",
    "explain", "find_frontier", "find_gaps", "occupation_gaps", "optimize", "read_catalog", "replan",
    "save_catalog", "verify", "what_if", "stress", "Stress", "PartnerLoss", "Retraining", "retrain",
    "EditOutcome", "CatalogError", "InfeasibleError", "NoPlanError", "SolverError", "UsageError",
    "write_folder", "write_workbook", "PlanInOutlooks", "Scenarios", "scenarios", "MadeOutlooks",
    "make_outlooks", "network",
}  # fmt: skip

COMMON = {"--lang", "--quiet", "-q", "--verbose", "-v"}
COMMANDS = {
    "design": COMMON
    | {
        "CATALOG", "--occupation", "--entry-base", "--terms", "--learners", "--level", "--start",
        "--language", "--id", "--name-kk", "--name-ru", "--name-en", "--hour-cost", "-o", "--output",
        "--plan", "--rows", "--budget", "--profile", "--time-limit", "--force", "--strict",
    },
    "optimize": COMMON
    | {
        "CATALOG", "--catalog", "-o", "--output", "--programme", "--budget", "--practice-share", "--profile",
        "--objective", "--risk", "--horizon", "--previous", "--max-changes", "--taught-until", "--equity",
        "--keep-within", "--partner", "--time-limit", "--gap", "--solver", "--quick", "--no-quick",
        "--stability", "--with-frontier", "--workers", "--review",
        "--replan", "--prove-last-points", "--no-prove-last-points", "--diagnosis", "--print-details",
        "--force", "--strict",
    },
    "scenarios": COMMON
    | {
        "CATALOG", "-o", "--output", "--risk", "--programme", "--profile", "--time-limit", "--force",
        "--strict",
    },
    "check": COMMON | {"CATALOG", "--force", "--format", "--mark", "--strict"},
    "gaps": COMMON
    | {
        "CATALOG", "-o", "--output", "--programme", "--profile", "--from", "--to", "--force", "--strict",
    },
    "verify": COMMON | {"PLAN", "CATALOG", "--catalog", "--optimality", "--time-limit"},
    "stress": COMMON
    | {
        "PLAN", "CATALOG", "--catalog", "-o", "--output", "--partner", "--leaves", "--shares", "--time-limit",
        "--workers", "--force",
    },
    "explain": COMMON
    | {
        "PLAN", "CATALOG", "--catalog", "-o", "--output", "--module", "--programme", "--time-limit",
        "--workers", "--force",
    },
    "try": COMMON | {"PLAN", "CATALOG", "--catalog", "--add", "--drop", "--move", "--format"},
    "frontier": COMMON
    | {
        "CATALOG", "-o", "--output", "--points", "--programme", "--profile", "--time-limit", "--workers",
        "--force", "--strict",
    },
    "retrain": COMMON
    | {
        "CATALOG", "-o", "--output", "--from", "--baseline", "--to", "--top", "--safer", "--matrix",
        "--cover", "--learners", "--terms", "--start", "--within", "--hour-cost", "--profile",
        "--time-limit", "--force", "--strict",
    },
    "compare": COMMON | {"FIRST", "SECOND", "-o", "--output", "--force"},
    "graph": COMMON | {"CATALOG", "-o", "--output", "--around", "--depth", "--plan", "--force", "--strict"},
    "replan": COMMON
    | {
        "LAST", "CATALOG", "--catalog", "-o", "--output", "--intake", "--last-catalog", "--save-catalog",
        "--programme", "--budget", "--practice-share", "--profile", "--objective", "--horizon",
        "--max-changes", "--replan", "--equity", "--keep-within", "--partner", "--time-limit", "--gap",
        "--solver", "--quick", "--no-quick", "--prove-last-points", "--no-prove-last-points", "--diagnosis",
        "--print-details", "--force", "--strict",
    },
    "network": COMMON
    | {
        "FOLDER", "-o", "--output", "--workers", "--scheduler", "--allow-plain", "--resume", "--no-resume",
        "--shard", "--merge", "--alone", "--network-gap", "--rounds", "--workbooks", "--no-workbooks",
        "--practice-share", "--profile", "--horizon", "--objective", "--equity", "--time-limit", "--gap",
        "--solver", "--quick", "--no-quick", "--prove-last-points", "--no-prove-last-points", "--format",
        "--force", "--strict",
    },
    "run": COMMON | {"WORKBOOK", "--no-open"},
    "init": COMMON | {"PATH", "--from", "--empty", "--network", "--launcher", "--free-order", "--force"},
    "convert": COMMON | {"CATALOG", "DEST", "--force"},
    "outlooks": COMMON
    | {
        "CATALOG", "DEST", "--exposure", "--beta", "--new-professions", "--snapshots", "--shrink",
        "--probability", "--as-today", "--no-as-today", "--as-of", "--force", "--strict",
    },
    "import esco": COMMON
    | {
        "FOLDER", "DESTINATION", "--occupation", "--collection", "--essential-only", "--release", "--report",
        "--force",
    },
    "import onet": COMMON | {"FOLDER", "DESTINATION", "--occupation", "--release", "--report", "--force"},
    "import rup": COMMON
    | {
        "FILE", "DEST", "--mapping", "--programme", "--start", "--learners", "--sheet", "--report",
        "--free-order", "--force", "--questions", "--launcher", "--entry-base", "--qualification",
    },
}  # fmt: skip


def words(parameter: click.Parameter) -> set[str]:
    if isinstance(parameter, click.Argument):
        return {str(parameter.name).upper()}
    return {*parameter.opts, *parameter.secondary_opts}


def test_the_public_library() -> None:
    assert set(curriplan.__all__) == PUBLIC
    assert list(curriplan.__all__) == sorted(curriplan.__all__)
    for name in curriplan.__all__:
        assert getattr(curriplan, name) is not None


def test_no_public_name_is_the_name_of_a_module() -> None:
    """Importing a submodule puts it into the package, in the place of a function of the same name."""
    modules = {module.name for module in pkgutil.iter_modules(curriplan.__path__)}
    assert "api" in modules
    assert modules & PUBLIC == set()


def commands(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its words, those of groups too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in commands(command))
        else:
            yield name, command


def test_the_commands_and_their_options() -> None:
    found = {
        name: {word for parameter in command.params for word in words(parameter)}
        for name, command in commands(main)
    }
    assert found == COMMANDS


def test_the_exit_codes() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0,
        "BUG": 1,
        "USAGE": 2,
        "FILE": 3,
        "INFEASIBLE": 4,
        "NO_PLAN": 5,
        "BROKEN_RULE": 6,
        "SOLVER": 7,
    }


def test_every_command_and_option_has_a_help_text() -> None:
    for name, command in commands(main):
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.opts}"
