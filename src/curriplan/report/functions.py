"""The labour functions below a working curriculum: each with the modules that serve it."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.catalog.records import Section
from curriplan.plan.plan import PlannedModule
from curriplan.report.context import Context, FunctionCells
from curriplan.report.labels import Labels
from curriplan.report.view import PlanView
from curriplan.xlsx.formula import choose, count_if, holds
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term, constant


@dataclass(frozen=True)
class FunctionRow:
    """A labour function of a target occupation."""

    function: str
    name: str
    occupation: str
    modules: tuple[str, ...]
    """Modules of the plan that serve it, in catalog order."""
    can_be_served: bool
    """Whether some module that the programme may take serves it: only then §15 asks for it."""


@dataclass(frozen=True)
class FunctionTable:
    """The labour functions of a programme's occupations."""

    rows: tuple[FunctionRow, ...]
    untied: tuple[str, ...]
    """Professional modules of the plan that serve no labour function."""


def function_table(view: PlanView, labels: Labels, programme: str) -> FunctionTable:
    """Return the labour functions of the target occupations of a programme, in catalog order."""
    occupations = {row.occupation for row in view.catalog.base_targets if row.programme == programme}
    chosen = {row.module for row in view.chosen(programme)}
    options = {one.module.id for one in view.curricula.by_programme[programme].open_options}
    serving: dict[str, list[str]] = {}
    for row in view.catalog.module_functions:
        serving.setdefault(row.labour_function, []).append(row.module)
    rows = tuple(
        FunctionRow(
            row.id,
            row.name(labels.texts.language),
            labels.occupation(row.occupation or ""),
            tuple(
                name for name in view.catalog.module_by_id if name in chosen & set(serving.get(row.id, ()))
            ),
            not options.isdisjoint(serving.get(row.id, ())),
        )
        for row in view.catalog.labour_functions
        if row.occupation in occupations
    )
    tied = {module for modules in serving.values() for module in modules}
    untied = (
        row.id
        for row in view.catalog.modules
        if row.id in chosen - tied and row.section is Section.PROFESSIONAL
    )
    return FunctionTable(rows, tuple(untied))


def served_modules(view: PlanView, labels: Labels, practice: PlannedModule) -> str:
    """Say which modules of the plan a practice serves: those that share a labour function with it."""
    functions = {
        row.labour_function for row in view.catalog.module_functions if row.module == practice.module
    }
    if not functions:
        return labels.texts("phrase.serves_unknown")
    sharing = {row.module for row in view.catalog.module_functions if row.labour_function in functions}
    chosen = {row.module for row in view.chosen(practice.programme)}
    served = [
        row.id
        for row in view.catalog.modules
        if row.id in sharing & chosen and row.section is not Section.PRACTICE
    ]
    names = ", ".join(row.id for row in view.catalog.labour_functions if row.id in functions)
    if not served:
        return labels.texts("phrase.serves_nothing", functions=names)
    return labels.texts("phrase.serves", modules=", ".join(served), functions=names)


COLUMNS = (
    ("column.index", "code", 1, 1),
    ("column.labour_function", "text", 2, 3),
    ("column.occupation", "text", 4, 8),
    ("column.serving_modules", "text", 9, 13),
    ("column.serving_count", "term", 14, 14),
    ("column.status", "status", 15, 16),
)
"""Header, style, and the first and last of the sheet's columns that it takes: they are narrow."""
FIRST, LAST = COLUMNS[0][2], COLUMNS[-1][3]
COUNT, STATUS = COLUMNS[-2][2], COLUMNS[-1][2]


def write_functions(
    context: Context, sheet: Sheet, programme: str, professional: Term, row: int
) -> tuple[FunctionCells | None, int]:
    """Write the labour functions of the programme's occupations (§15); return the next free row too.

    `professional` counts the professional modules of the plan.
    """
    table = function_table(context.view, context.labels, programme)
    if not table.rows:
        return None, row
    texts = context.texts
    sheet.across(row, texts("heading.labour_functions"), "heading", FIRST, LAST)
    for key, _, first, last in COLUMNS:
        sheet.across(row + 1, texts(key), "header", first, last)
    body = row + 2
    for place, line in enumerate(table.rows, start=body):
        _write_row(context, sheet, place, line)
    end = body + len(table.rows)
    context.colour_status(sheet, body, STATUS, end + 1)
    sheet.keep_together(row, end + 1)
    sheet.keep_together(row, min(end, body + 4))
    statuses = sheet.range(STATUS, body, end - 1)
    covered, uncovered = (
        count_if((statuses, "=", texts(f"status.{one}"))) for one in ("covered", "uncovered")
    )
    tied = _write_ties(context, sheet, end, professional, table.untied)
    return FunctionCells(covered + uncovered, uncovered, *tied), end + 3


def _write_ties(
    context: Context, sheet: Sheet, row: int, professional: Term, untied: tuple[str, ...]
) -> tuple[Term, Term]:
    """Write how many professional modules the plan has, and which of them serve no labour function."""
    texts = context.texts
    names = ", ".join(untied) or texts("phrase.none")
    labels = (texts("phrase.professional_modules"), texts("phrase.untied_modules", modules=names))
    for place, label in enumerate(labels, start=row):
        sheet.across(place, label, "text group", FIRST, COUNT - 1)
    counted = sheet.formula(row, COUNT, professional, "term group")
    sheet.across(row, "", "status group", STATUS, LAST)
    sheet.number(row + 1, COUNT, len(untied), "term group")
    loose = sheet.ref(row + 1, COUNT)
    sheet.formula_across(
        row + 1, context.whether(holds("=", loose, constant(0))), "status group", STATUS, LAST
    )
    return counted, loose


def _write_row(context: Context, sheet: Sheet, row: int, line: FunctionRow) -> None:
    texts = (line.function, line.name, line.occupation, ", ".join(line.modules))
    for (_, style, first, last), text in zip(COLUMNS, texts, strict=False):
        sheet.across(row, text, style, first, last)
    sheet.number(row, COUNT, len(line.modules), "term")
    status = _status(context, sheet, row, line)
    if isinstance(status, str):
        sheet.across(row, status, "status", STATUS, LAST)
    else:
        sheet.formula_across(row, status, "status", STATUS, LAST)


def _status(context: Context, sheet: Sheet, row: int, line: FunctionRow) -> Term | str:
    """Return whether a function is covered; one that no module serves is not asked for."""
    if not line.can_be_served:
        return context.texts("phrase.no_module_serves")
    good, bad = constant(context.texts("status.covered")), constant(context.texts("status.uncovered"))
    return choose(holds(">=", sheet.ref(row, COUNT), constant(1)), good, bad)
