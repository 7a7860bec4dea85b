"""The workbook of ways to other occupations: a sheet a table, and origins by targets."""

from __future__ import annotations

from collections.abc import Sequence

from curriplan.catalog.records import Catalog
from curriplan.plan.retraining import Retraining, RouteOutcome, TargetFound
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.labels import Labels
from curriplan.report.retraining import Ranges, RetrainingTables
from curriplan.texts.words import Words
from curriplan.xlsx.formula import sum_where
from curriplan.xlsx.sheet import Sheet

MATRIX_CODE, MATRIX_NAME, MATRIX_COST = 24, 36, 18
"""Widths of the columns of the matrix."""


def write_retraining_workbook(catalog: Catalog, found: Retraining, target: Target, language: str) -> None:
    """Write the routes that were found to a path or a binary stream."""
    labels = Labels(catalog, Words(language))
    tables = RetrainingTables(labels, found)
    module_table, gap_table, target_table = tables.module_table(), tables.gap_table(), tables.target_table()
    with workbook(labels, target, labels.texts("retrain.title")) as book:
        texts = labels.texts
        first = book.sheet(texts("retrain.sheet_routes"), tables.route_table().widths)
        modules = book.sheet(texts("retrain.sheet_modules"), module_table.widths)
        gaps = book.sheet(texts("retrain.sheet_gaps"), gap_table.widths)
        placed_modules = module_table.write(
            modules, modules.heading("retrain.title_modules", "retrain.how_modules"), tables.modules
        )
        placed_modules.page(7, filtered=True)
        placed_gaps = gap_table.write(
            gaps, gaps.heading("retrain.title_gaps", "retrain.how_gaps"), tables.gaps
        )
        placed_gaps.page(4, filtered=True)
        row = first_heading(labels, first, "retrain.title", "retrain.how")
        for sentence in tables.conditions:
            first.across(row, sentence, "plain")
            row += 1
        tables.route_table(placed_modules.range, placed_gaps.range).write(first, row + 1, tables.routes).page(
            5
        )
        if found.targets:
            sheet = book.sheet(texts("retrain.sheet_targets"), target_table.widths, is_detail=True)
            top = sheet.heading("retrain.title_targets", tables.how_targets, top=found.top)
            sheet.across(top, texts("retrain.on_paper"), "note")
            placed = target_table.write(sheet, top + 1, found.targets)
            placed.page(4)
            if len(found.origins) > 1:
                widths = (MATRIX_CODE, MATRIX_NAME, *(MATRIX_COST for _ in found.origins))
                _write_matrix(tables, book.sheet(texts("retrain.sheet_matrix"), widths), placed.range)


def _write_matrix(tables: RetrainingTables, sheet: Sheet, targets: Ranges) -> None:
    """Write what each target costs from each origin, looked up in the sheet of the targets."""
    found, labels = tables.found, tables.labels
    top = sheet.heading("retrain.title_matrix", "retrain.how_matrix") + 1
    sheet.head(top, "retrain.to_code", 0)
    sheet.head(top, "retrain.to", 1)
    origins = list(enumerate(found.origins, start=2))
    for place, source in origins:
        sheet.text(top - 1, place, source, "code")
        sheet.text(top, place, labels.occupation(source), "header")
    outcomes = {(one.source, one.target): one for one in found.targets}
    names = _reached(found)
    for row, name in enumerate(names, start=top + 1):
        sheet.text(row, 0, name, "code")
        sheet.text(row, 1, labels.occupation(name), "text")
        for place, source in origins:
            one = outcomes.get((source, name))
            if one is not None and one.cost_kzt is not None:
                ends = (
                    (targets("retrain.from_code"), "=", sheet.ref(top - 1, place)),
                    (targets("retrain.to_code"), "=", sheet.ref(row, 0)),
                )
                sheet.formula(row, place, sum_where(targets("retrain.cost"), *ends), "money")
            else:
                sheet.text(row, place, _no_cost(labels, one, source == name), "centre")
    sheet.freeze(top + 1, 2)
    sheet.repeat(top, top)


def _no_cost(labels: Labels, one: TargetFound | None, is_origin: bool) -> str:
    if one is None:
        return "" if is_origin else labels.texts("retrain_outcome.not_safer")
    return labels.texts(f"retrain_outcome.{one.outcome}")


def _reached(found: Retraining) -> Sequence[str]:
    """Return the targets to which a route was found, those that most origins reach first."""
    counts: dict[str, int] = {}
    for one in found.targets:
        if one.outcome in (RouteOutcome.HELD, RouteOutcome.PROVEN, RouteOutcome.FOUND):
            counts[one.target] = counts.get(one.target, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))
