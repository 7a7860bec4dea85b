"""Which module of the plan serves which labour function (§15)."""

from __future__ import annotations

from dataclasses import dataclass

from curriplan.model import Section
from curriplan.plan import PlannedModule
from curriplan.report.tables.labels import Labels
from curriplan.report.view import PlanView


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
    occupations = {row.occupation for row in view.catalog.targets if row.programme == programme}
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
