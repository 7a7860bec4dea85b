"""Modules: what they teach, what they depend on, whom they serve."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, ClassVar

from pydantic import Field

from curriplan.catalog.records.record import HoursByKind, Named, Record
from curriplan.catalog.records.values import (
    Credits,
    Id,
    Kzt,
    Level,
    LevelOrNone,
    RequisiteKind,
    Section,
    Shares,
    Term,
    YesNo,
    column,
)


class Module(HoursByKind, Named):
    """A teachable unit: a learning outcome, or the header that groups outcomes."""

    table: ClassVar[str] = "modules"
    first: ClassVar[tuple[str, ...]] = (
        "id",
        "name_kk",
        "name_ru",
        "name_en",
        "section",
        "parent",
        "credits",
    )
    summary: ClassVar[str] = "a teachable unit (a learning outcome), or the header that groups some"

    section: Section = column("general, basic, professional, practice, attestation or elective.")
    parent: Id | None = column("The professional-module header it belongs to.", None, references="modules")
    credits: Credits | None = column(
        "Credits; empty only on a header, whose credits are then the sum of its outcomes.",
        None,
        unit="credits",
    )
    setup_cost_kzt: Kzt = column("One-off cost of starting it.", 0, unit="KZT")
    cost_per_group_kzt: Kzt = column("Cost of teaching one group once.", 0, unit="KZT")
    already_open: YesNo = column("yes: it already runs, so starting it costs nothing.", False)
    span_terms: Term = column("Terms it lasts.", 1, unit="terms")
    span_weights: Shares = column(
        "Part of its load in each of its terms; list that sums to 1; empty: equal parts. Credits times each "
        "should be in steps of `credit_step`.",
        (),
        unit="share",
    )
    exclusive_group: Id | None = column("At most one module of a group is taken.", None)
    min_learners: Annotated[int, Field(ge=1)] | None = column(
        "Starts in a calendar semester only with this many learners, of all programmes together.",
        None,
        unit="learners",
    )
    assessment_form: str | None = column("exam, pass, ...", None)
    index: str | None = column("Its index in the working curriculum, such as ПМ 01; empty: its id.", None)

    @cached_property
    def term_weights(self) -> tuple[float, ...]:
        """ω[m,k]: the part of the load in each term that the module runs in, summing to 1."""
        return self.span_weights or (1.0 / self.span_terms,) * self.span_terms


class ModuleOutcome(Record):
    """A step that a module teaches."""

    table: ClassVar[str] = "module_outcomes"
    key: ClassVar[tuple[str, ...]] = ("module", "competency")
    summary: ClassVar[str] = "a step of a competency that a module teaches"

    module: Id = column("The module.", references="modules")
    competency: Id = column("The competency.", references="competencies")
    entry_level: LevelOrNone = column("Level a learner must hold before.", 0, unit="level")
    exit_level: Level = column("Level a learner holds after.", unit="level")
    source: str | None = column("Where the row comes from.", None)


class ModuleRequisite(Record):
    """A module that another depends on."""

    table: ClassVar[str] = "module_requisites"
    key: ClassVar[tuple[str, ...]] = ("module", "requires", "kind", "any_of")
    summary: ClassVar[str] = "a module that another depends on"

    module: Id = column("The module that depends.", references="modules")
    requires: Id = column("The module it depends on.", references="modules")
    kind: RequisiteKind = column(
        "prerequisite, corequisite, strict_corequisite or order (starts no earlier where both are taken).",
        RequisiteKind.PREREQUISITE,
    )
    any_of: Id | None = column("Rows of a module with the same word are alternatives.", None)


def requisite_groups(
    rows: Iterable[ModuleRequisite],
) -> dict[str, tuple[tuple[ModuleRequisite, ...], ...]]:
    """Return the requisites of each module: single rows, and rows that are alternatives together.

    Rows of one module and one kind that share an ``any_of`` word are alternatives (§4); what comes in
    order has none.
    """
    found: dict[str, dict[tuple[str, ...], list[ModuleRequisite]]] = {}
    for row in rows:
        joined = row.any_of and row.kind is not RequisiteKind.ORDER
        name = (row.kind.value, row.any_of or "") if joined else (row.kind.value, "", row.requires)
        found.setdefault(row.module, {}).setdefault(name, []).append(row)
    return {module: tuple(tuple(group) for group in groups.values()) for module, groups in found.items()}


class LabourFunction(Named):
    """A function of a professional standard."""

    table: ClassVar[str] = "labour_functions"
    summary: ClassVar[str] = "a labour function of a professional standard"

    occupation: Id | None = column("The occupation.", None, references="occupations")
    standard: str | None = column("The professional standard it comes from.", None)


class ModuleFunction(Record):
    """A labour function that a module serves."""

    table: ClassVar[str] = "module_functions"
    key: ClassVar[tuple[str, ...]] = ("module", "labour_function")
    summary: ClassVar[str] = "a labour function that a module or a practice serves"

    module: Id = column("The module.", references="modules")
    labour_function: Id = column("The labour function.", references="labour_functions")
