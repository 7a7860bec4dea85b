"""A new qualification: its curriculum, what it asks for, what is to be commissioned, and the rows to add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from curriplan.catalog.records import RECORD_OF_TABLE, Catalog, Record
from curriplan.catalog.saving.folder import table_texts
from curriplan.plan.design import (
    Commission,
    Design,
    DesignFunction,
    DesignModule,
    DesignNeed,
    LeftOut,
)
from curriplan.report.book import Target, first_heading, workbook
from curriplan.report.labels import Labels
from curriplan.texts.words import Words
from curriplan.xlsx.formula import larger, ratio, smaller, total, total_of
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.table import Column, Line, Placed, Row, Table
from curriplan.xlsx.term import Range, Term, constant
from curriplan.xlsx.workbook import Book

FIGURES = (34, 16, 80)
"""Widths of the first sheet: what, how much, what it says."""
ROW_WIDTH = 18


FIGURE_NAMES = (
    "closure",
    "essentials",
    "steps",
    "taught",
    "to_commission",
    "left_out",
    "functions",
    "credits",
    "credits_norm",
    "credits_lacking",
    "hours_to_commission",
    "setup",
    "intake",
    "priced",
    "learner",
)
SHEETS = ("modules", "needs", "commission", "left_out", "functions", "rows")


class DesignTables:
    """The tables of a new qualification, in every form."""

    def __init__(self, labels: Labels, design: Design) -> None:
        self.labels, self.design = labels, design
        self.texts = labels.texts

    @cached_property
    def _functions(self) -> Mapping[str, str]:
        language = self.texts.language
        return {row.id: row.name(language) for row in self.labels.catalog.labour_functions}

    def _kind(self, kind: str) -> str:
        """Return the name of the first room or teacher of a kind."""
        names = (row.id for row in self.labels.catalog.resources if row.kind == kind)
        return self.labels.resource(next(names, kind))

    def module_names(self, names: tuple[str, ...]) -> str:
        """Return modules by code and name."""
        return "; ".join(f"{name} {self.labels.module(name)}" for name in names)

    def _competency(self, width: int, console: str | None = None) -> tuple[Column[Any], Column[Any]]:
        """Return the columns of a competency: its code and its name."""
        return (
            Column("column.competency_code", "code", 13, lambda row: row.competency, field="competency"),
            Column(
                "column.competency",
                "text",
                width,
                lambda row: self.labels.competency(row.competency),
                field="name",
                console=console,
                letters=width - 2,
            ),
        )

    def module_table(self) -> Table[DesignModule]:
        """Return the table of the curriculum, term by term."""
        texts = self.texts

        def of(name: str) -> Callable[[DesignModule], int]:
            return lambda row: getattr(row, name)

        parts = {
            "column.setup": "setup_kzt",
            "column.delivery": "delivery_kzt",
            "design.site": "site_kzt",
        }
        return Table(
            Column("design.term", "term", 9, lambda row: row.term, field="term", console=""),
            Column("design.code", "code", 13, lambda row: row.module, field="module"),
            Column(
                "column.module",
                "text",
                46,
                lambda row: self.labels.module(row.module),
                field="name",
                console="module",
                letters=44,
            ),
            Column(
                "design.role",
                "text",
                26,
                lambda row: texts(f"design_role.{row.role}"),
                field="why",
                console="",
            ),
            Column(value=lambda row: str(row.role), field="role"),
            Column("column.credits", "credits", 10, lambda row: row.credits, field="credits"),
            Column(value=lambda row: texts.number(row.credits, 1, trimmed=True), console="credits"),
            Column("design.hours", "hours", 10, lambda row: row.hours, field="hours"),
            *(Column(key, "money", 14, of(name), field=name) for key, name in parts.items()),
            Column(
                "design.cost",
                "money",
                15,
                lambda row: row.setup_kzt + row.delivery_kzt + row.site_kzt,
                lambda line: total_of([line[key] for key in parts]),
                field="cost_kzt",
                console="",
            ),
            Column("design.has_cost", "centre", 12, lambda row: row.has_cost, field="has_cost"),
        )

    def need_table(self) -> Table[DesignNeed]:
        """Return the table of what is asked for, and what becomes of each step."""
        required, brought, reached = "column.required", "design.brought", "design.reached"
        teachable, steps, taught = "design.teachable", "design.steps", "design.taught"
        commission = "design.to_commission"

        def untaught(line: Line[DesignNeed]) -> Term:
            held = larger(line[brought], larger(line[reached], line[teachable]))
            return larger(constant(0), line[required] - held)

        return Table(
            *self._competency(50),
            Column("column.essential", "centre", 11, lambda row: row.essential, field="essential"),
            Column(required, "term", 11, lambda row: row.required, field="required"),
            Column(brought, "term", 11, lambda row: row.brought, field="brought"),
            Column(reached, "term", 11, lambda row: row.reached, field="reached"),
            Column(teachable, "term", 12, lambda row: row.teachable, field="teachable"),
            Column(
                steps,
                "term",
                11,
                lambda row: row.steps,
                lambda line: larger(constant(0), line[required] - line[brought]),
                field="steps",
            ),
            Column(
                taught,
                "term",
                11,
                lambda row: row.taught,
                lambda line: larger(constant(0), smaller(line[required], line[reached]) - line[brought]),
                field="taught",
            ),
            Column(commission, "term", 12, lambda row: row.to_commission, untaught, field="to_commission"),
            Column(
                "design.left_out",
                "term",
                12,
                lambda row: row.left_out,
                lambda line: line[steps] - line[taught] - line[commission],
                field="left_out",
            ),
        )

    def commission_table(self) -> Table[Commission]:
        """Return the table of the steps that no module teaches, with the estimates of their hours."""
        texts, of_step = self.texts, "design.hours_of_step"
        first, last = "design.from_level", "design.to_level"
        return Table(
            *self._competency(46, console=""),
            Column("column.essential", "centre", 11, lambda row: row.essential, field="essential"),
            Column(first, "term", 10, lambda row: row.from_level, field="from_level", console=""),
            Column(last, "term", 10, lambda row: row.to_level, field="to_level", console=""),
            Column("design.worth", "share", 13, lambda row: row.worth, field="worth", digits=9),
            Column("design.alike", "text", 34, lambda row: texts(f"design_alike.{row.alike}")),
            Column(value=lambda row: str(row.alike), field="alike"),
            Column("design.like_modules", "term", 12, lambda row: row.modules, field="modules"),
            Column(of_step, "hours", 13, lambda row: row.hours_of_step, field="hours_of_step"),
            Column(
                "design.estimated_hours",
                "hours",
                13,
                lambda row: row.hours,
                lambda line: _estimate(line, line[of_step], line[last] - line[first]),
                field="hours",
                console="",
            ),
        )

    def left_out_table(self) -> Table[LeftOut]:
        """Return the table of the steps that modules teach, and the curriculum does not."""
        return Table(
            *self._competency(46),
            Column("design.from_level", "term", 10, lambda row: row.from_level, field="from_level"),
            Column("design.to_level", "term", 10, lambda row: row.to_level, field="to_level"),
            Column("design.teaching", "text", 80, lambda row: self.module_names(row.modules)),
            Column(value=lambda row: " ".join(row.modules), field="modules"),
        )

    def function_table(self) -> Table[DesignFunction]:
        """Return the table of the labour functions of the occupations."""
        texts = self.texts

        def covered(row: DesignFunction) -> str:
            if row.modules:
                return texts("design.covered")
            return texts("design.not_covered" if row.is_served else "design.no_module")

        return Table(
            Column("design.function_code", "code", 14, lambda row: row.function, field="function"),
            Column(
                "design.function",
                "text",
                50,
                lambda row: self._functions.get(row.function, row.function),
                field="name",
            ),
            Column("column.occupation", "text", 34, lambda row: self.labels.occupation(row.occupation)),
            Column(value=lambda row: row.occupation, field="occupation"),
            Column("design.is_covered", "text", 26, covered),
            Column("design.serving", "text", 80, lambda row: self.module_names(row.modules)),
            Column(value=lambda row: " ".join(row.modules), field="modules"),
        )

    @property
    def conditions(self) -> list[str]:
        """What was asked, where it comes from, and what could not be held, in sentences."""
        texts, one = self.texts, self.design
        names = ", ".join(map(self.labels.occupation, one.occupations))
        lines = [
            texts(
                "design.asked",
                occupations=names,
                base=texts(f"entry_base.{one.entry_base}"),
                terms=one.terms,
                start=self.labels.semester(one.start),
                learners=one.learners,
            ),
            texts("design.models", models=", ".join(one.models), kin=", ".join(one.kin) or "–"),
            texts(
                "design.rules_hold_but" if one.credits_lacking or one.rooms_lacking else "design.rules_hold",
                rules=one.rules,
            ),
        ]
        if one.credits_norm is None:
            lines.append(texts("design.no_norm", level=one.level or "–"))
        elif one.credits_lacking > 0:
            lines.append(
                texts(
                    "design.credits_lack",
                    norm=texts.number(one.credits_norm, 1, trimmed=True),
                    lacking=texts.number(one.credits_lacking, 1, trimmed=True),
                )
            )
        if one.rooms_lacking:
            rows = ", ".join(
                texts(
                    "design.room_lacks",
                    kind=self._kind(row.kind),
                    hours=texts.number(row.hours, 1, trimmed=True),
                    semester=self.labels.semester(row.semester),
                )
                for row in one.rooms_lacking
            )
            lines.append(texts("design.rooms_lack", rows=rows))
        lines.append(texts("design.no_payers"))
        if one.cost.is_least:
            lines.append(texts("design.no_costs", hours=texts.number(one.cost.hours_without_cost)))
        if one.commission:
            lines.append(texts("design.estimates"))
        return lines


def _estimate(line: Line[Commission], of_step: Term, steps: Term) -> Term:
    """Return the hours of a step times the steps; a dash where nothing is like it."""
    if line.row.hours_of_step is None:
        return constant("–")
    return Term(f"{of_step.text}*({steps.text})", of_step.number * steps.number)


def write_design_workbook(catalog: Catalog, design: Design, target: Target, language: str) -> None:
    """Write a design to a path or a binary stream; `catalog` is that with the new rows."""
    tables = DesignTables(Labels(catalog, Words(language)), design)
    texts = tables.texts
    with workbook(tables.labels, target, texts("design.title")) as book:
        first = book.sheet(texts("design.sheet"), FIGURES)
        modules = _sheet(book, tables, "modules", tables.module_table(), design.modules)
        needs = _sheet(book, tables, "needs", tables.need_table(), design.needs)
        commission = _sheet(book, tables, "commission", tables.commission_table(), design.commission)
        if design.left_out:
            _sheet(book, tables, "left_out", tables.left_out_table(), design.left_out)
        _sheet(book, tables, "functions", tables.function_table(), design.functions)
        _write_rows(book, tables, catalog)
        _write_first(tables, first, modules.range, needs.range, commission.range)


def _sheet(
    book: Book, tables: DesignTables, name: str, table: Table[Row], rows: Sequence[Row]
) -> Placed[Row]:
    sheet = book.sheet(tables.texts(f"design_sheet.{name}"), table.widths)
    top = sheet.heading(f"design_title.{name}", f"design_how.{name}")
    placed = table.write(sheet, top, rows)
    placed.page(3)
    return placed


Ranges = Callable[[str], Range]


def _write_first(
    tables: DesignTables, sheet: Sheet, modules: Ranges, needs: Ranges, commission: Ranges
) -> None:
    """Write the figures, most of them sums over the other sheets."""
    texts, one = tables.texts, tables.design
    row = top = first_heading(tables.labels, sheet, "design.title", "design.how")
    for sentence in tables.conditions:
        sheet.across(row, sentence, "plain")
        row += 1
    first = sheet.header(
        row + 1,
        (
            Column("column.indicator", "text"),
            Column("design.value", "count"),
            Column("column.remark", "text"),
        ),
    )
    setup = total(modules("column.setup"))
    intake = total(modules("column.delivery")) + total(modules("design.site"))
    priced = constant(one.cost.priced_kzt or 0)
    figures: list[tuple[Term | float | str, str]] = [
        ("–" if one.closure is None else one.closure, "share"),
        (f"{one.essentials_met} / {one.essentials}", "centre"),
        (total(needs("design.steps")), "count"),
        (total(needs("design.taught")), "count"),
        (total(needs("design.to_commission")), "count"),
        (total(needs("design.left_out")), "count"),
        (f"{sum(bool(row.modules) for row in one.functions)} / {len(one.functions)}", "centre"),
        (total(modules("column.credits")), "credits"),
        ("–" if one.credits_norm is None else one.credits_norm, "credits"),
        (one.credits_lacking, "credits"),
        (total(commission("design.estimated_hours")), "hours"),
        (setup, "money"),
        (intake, "money"),
        ("–" if one.cost.priced_kzt is None else one.cost.priced_kzt, "money"),
        (ratio(intake + priced, constant(one.learners)), "money"),
    ]
    for place, (name, (value, style)) in enumerate(zip(FIGURE_NAMES, figures, strict=True), start=first):
        sheet.text(place, 0, texts(f"design_figure.{name}"), "text")
        sheet.put(place, 1, value, style)
        remark = _learner_remark(tables) if name == "learner" else texts(f"design_remark.{name}")
        sheet.text(place, 2, remark, "text")
    sheet.freeze(top)


def _learner_remark(tables: DesignTables) -> str:
    """Say for what part of the hours the cost of a learner is known, and what it leaves out."""
    texts, cost = tables.texts, tables.design.cost
    if not cost.hours_without_cost:
        return texts("design_remark.learner")
    known = texts("design.known", share=cost.known_percent)
    return f"{known}; {texts('design.learner_least' if cost.is_least else 'design.learner_priced')}"


def _write_rows(book: Book, tables: DesignTables, catalog: Catalog) -> None:
    """Write the rows to add, table by table, as a catalog has them."""
    texts = tables.texts
    found = dict.fromkeys(row.table for row in tables.design.rows)
    own = tables.design.programme
    lines = {name: list(table_texts(RECORD_OF_TABLE[name], _new_rows(catalog, own, name))) for name in found}
    columns = max((len(rows[0]) for rows in lines.values()), default=1)
    sheet = book.sheet(texts("design_sheet.rows"), (ROW_WIDTH,) * max(columns, 6))
    row = sheet.heading("design_title.rows", "design_how.rows")
    for name, rows in lines.items():
        sheet.across(row, name, "heading")
        for place, line in enumerate(rows, start=row + 1):
            for column, text in enumerate(line):
                sheet.text(place, column, text, "header" if place == row + 1 else "code")
        row += len(rows) + 2
    sheet.freeze(2)


def _new_rows(catalog: Catalog, programme: str, table: str) -> tuple[Record, ...]:
    column = "id" if table == "programmes" else "programme"
    return tuple(row for row in catalog.table(table) if getattr(row, column) == programme)
