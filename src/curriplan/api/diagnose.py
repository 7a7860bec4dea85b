"""Why there is no plan, within the time that is left, and as a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from curriplan.base.errors import CurriplanError, Issue
from curriplan.base.files import to_json
from curriplan.base.replacing import replacing
from curriplan.base.version import __version__
from curriplan.texts.words import with_plain_spaces

if TYPE_CHECKING:
    from curriplan.plan.diagnosis import Diagnosis
    from curriplan.problem.problem import Problem

DIAGNOSIS_ENDINGS = (".json",)
DIAGNOSIS_LIMIT_S = 120.0
"""To say why there is no plan takes no longer than this, unless the time limit is a long one."""
DIAGNOSIS_SHARE = 0.4
"""Of a long time limit it may take this part."""
LEAST_DIAGNOSIS_S = 0.5
"""What is less than this is not worth beginning."""


def why_none(problem: Problem, time_limit_s: float) -> Diagnosis | None:
    """Return what clashes and what would help, as far as the time that is left allows; None without any."""
    from curriplan.optimizer.diagnose.diagnose import diagnose

    most_s = max(DIAGNOSIS_LIMIT_S, DIAGNOSIS_SHARE * problem.limits.settings.time_limit_s)
    limit_s = min(most_s, time_limit_s)
    # Whether there is a plan does not hang on what is sought.
    limits = problem.limits
    problem = problem.with_limits(replace(limits, settings=limits.settings.without_risk()))
    return diagnose(problem, limit_s) if limit_s >= LEAST_DIAGNOSIS_S else None


def with_diagnosis(error: CurriplanError, found: Diagnosis | None, issues: Iterable[Issue]) -> CurriplanError:
    """Return an error of the same kind with its diagnosis, whose first clash and repair its text says."""
    if found is None:
        return type(error)(issues)
    from curriplan.report.diagnosis import diagnosis_lines

    more = with_plain_spaces("\n".join(diagnosis_lines(found.first, "en")))
    return type(error)(issues, diagnosis=found, more=more)


def write_diagnosis(error: CurriplanError, path: Path) -> None:
    """Write why there is no plan as JSON; nothing where it was not found out."""
    if error.diagnosis is not None:
        from curriplan.report.diagnosis import diagnosis_to_data

        data = diagnosis_to_data(error.diagnosis, f"curriplan {__version__}")
        with replacing(path) as (new,):
            new.write_text(to_json(data), encoding="utf-8", newline="\n")
