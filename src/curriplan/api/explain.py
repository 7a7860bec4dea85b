"""The use case of `curriplan explain`: why a saved plan is as it is, shown or written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from curriplan.api.reading import Source
from curriplan.api.verify import Verdict, verdict_of, verify_saved_plan
from curriplan.base.errors import Issue, UsageError
from curriplan.base.files import write_each
from curriplan.catalog.records import Catalog
from curriplan.plan.explanation import Explanation
from curriplan.plan.plan import Plan

if TYPE_CHECKING:
    from curriplan.base.progress import Progress

EXPLANATION_ENDINGS = (".xlsx", ".csv", ".json")


def explain_saved(
    path: Path,
    source: Source | None = None,
    *,
    modules: Sequence[str] = (),
    programmes: Sequence[str] = (),
    time_limit_s: float = 900.0,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> tuple[Explanation, Catalog]:
    """Explain a saved plan; its catalog is by default the one that it names.

    Raises
    ------
    UsageError
        If the plan's catalog has no such module or programme.
    CurriplanError
        If the plan or the catalog cannot be read, the plan was made from another one, or breaks rules.
    """
    started = time.monotonic()
    verdict = verify_saved_plan(path, source)
    explanation = explain_verified(
        verdict,
        modules=modules,
        programmes=programmes,
        time_limit_s=time_limit_s - (time.monotonic() - started),
        progress=progress,
        workers=workers,
    )
    return explanation, verdict.catalog


def explain_plan(plan: Plan, catalog: Catalog, **choices: Any) -> Explanation:
    """Explain a plan that was made from a catalog; see `explain_verified`."""
    return explain_verified(verdict_of(plan, catalog), **choices)


def explain_verified(
    verdict: Verdict,
    *,
    modules: Sequence[str] = (),
    programmes: Sequence[str] = (),
    time_limit_s: float = 900.0,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
) -> Explanation:
    """Explain a plan that was re-evaluated; see `curriplan.optimizer.explain.questions.explain`.

    Raises
    ------
    UsageError
        If the catalog has no such module, or the plan no such programme, or it was made for all outlooks.
    CurriplanError
        If the plan breaks rules: there is no telling why it is as it is.
    """
    from curriplan.optimizer.explain.questions import explain

    problem = verdict.problem
    verdict.require_rules()
    issues = [*_unknown("unknown-programme", programmes, problem.limits.planned)]
    issues += [Issue("risk-not-explained")] if problem.limits.settings.risk is not None else []
    issues += _unknown("unknown-module", modules, problem.catalog.module_by_id)
    if issues:
        raise UsageError(issues)
    explanation = explain(
        problem,
        verdict.plan.selection,
        modules=modules,
        programmes=programmes,
        time_limit_s=time_limit_s,
        progress=progress,
        workers=workers,
    )
    return replace(explanation, first_look=problem.limits.settings.quick)


def _unknown(code: str, names: Iterable[str], known: Iterable[str]) -> list[Issue]:
    found = list(known)
    shown = ", ".join(found[:20]) + (", ..." if len(found) > 20 else "")
    return [Issue(code, values={"value": name, "known": shown}) for name in names if name not in found]


def write_explanation(
    catalog: Catalog, explanation: Explanation, paths: Sequence[Path], language: str
) -> None:
    """Write an explanation to each of `paths`, in the kind that its ending says; a CSV holds the modules."""
    from curriplan.report.explanation import reason_table, write_explanation_workbook
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    table = reason_table(Labels(catalog, Words(language)))

    def workbook(stream: IO[bytes]) -> None:
        write_explanation_workbook(catalog, explanation, stream, language)

    records = table.records(explanation.modules)
    write_each(paths, workbook, explanation.to_data(), table.fields, records)
