"""Every kind of workbook and CSV file that the program writes, made by its public functions.

A checker that runs over these covers sheets that are added later. `test_kinds` fails where the report
gets a kind of workbook that is not made here.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import curriplan
from curriplan.api.analyses import (
    catalog_gaps,
    with_frontier,
    write_comparison,
    write_frontier,
    write_gaps,
    write_occupation_gaps,
    write_scenarios,
)
from curriplan.api.design import write_design
from curriplan.api.explain import write_explanation
from curriplan.api.network.files import write_network_as
from curriplan.api.optimize import optimize_catalog
from curriplan.api.retrain import write_retraining
from curriplan.api.stress import write_stress
from curriplan.catalog.records import (
    Catalog,
    Demand,
    Exposure,
    FundingBudget,
    FundingSource,
    ProfileEntry,
    Scenario,
    Target,
)
from curriplan.catalog.records.policy import ENTRY_BASES
from curriplan.catalog.saving.save import init_catalog, save_catalog
from curriplan.report.view import PlanView
from curriplan.report.write import write_plan_workbook
from curriplan.xlsx.sheet import Sheet
from curriplan.xlsx.term import Term
from unit.report.nation import named_after, national_plan
from unit.report.rich import replanned_view
from workbooks.hostile import holdable

PARTNER = {"name_kk": "Серіктес", "name_ru": "Партнёр", "name_en": "Partner", "kind": "employer"}
LESS_MONEY_KZT = 1_100_000
"""With so little money `mini` gets another plan, to compare the first one with."""


def with_two_outlooks(catalog: Catalog) -> Catalog:
    """Add an outlook by openings, in which every second occupation grows, and one by rows of targets."""
    names = {f"name_{language}": "" for language in ("kk", "ru", "en")}
    titles = {"ahead": ("Өсу", "Рост", "Growth"), "other": ("Басқа", "Иное", "Another")}
    scenarios = (
        Scenario(id=name, probability=part, **dict(zip(names, titles[name], strict=True)))
        for name, part in (("ahead", 0.6), ("other", 0.4))
    )
    wanted = sorted({row.occupation for row in catalog.targets})
    demand = [Demand(occupation=name, year=2030, openings=40) for name in wanted]
    grown = [
        row.model_copy(update={"scenario": "ahead", "openings": 80 if place % 2 else 30})
        for place, row in enumerate(demand)
    ]
    given = [
        Target(programme=one.id, occupation=wanted[place % len(wanted)], share=1, scenario="other")
        for place, one in enumerate(catalog.programmes)
    ]
    return catalog.replace(
        scenarios=tuple(scenarios), demand=(*demand, *grown), targets=(*catalog.targets, *given)
    )


@dataclass(frozen=True)
class Case:
    """A catalog with everything that the commands make of it."""

    catalog: Catalog

    @cached_property
    def plan(self) -> Any:
        """The plan, with its stability and its frontier."""
        return with_frontier(optimize_catalog(self.ahead, stability=2), 3)

    @cached_property
    def explanation(self) -> Any:
        return curriplan.explain(self.plan, self.ahead)

    @cached_property
    def explained(self) -> Any:
        """The plan with the reasons of planning anew."""
        return replace(self.plan, explanation=self.explanation)

    @cached_property
    def later(self) -> Any:
        """The plan of a year later, with the intakes that run; two modules change."""
        with tempfile.TemporaryDirectory() as folder:
            last = Path(folder) / "plan.json"
            self.plan.write([last])
            return curriplan.replan(last, self.ahead, last_catalog=self.ahead, max_changes=2)

    @cached_property
    def frontier(self) -> Any:
        return curriplan.find_frontier(self.catalog, points=4)

    @cached_property
    def ahead(self) -> Catalog:
        """The catalog, with two outlooks where it has none."""
        return self.catalog if self.catalog.scenarios else with_two_outlooks(self.catalog)

    @cached_property
    def scenarios(self) -> Any:
        return curriplan.scenarios(self.ahead)

    @cached_property
    def between(self) -> Any:
        """What the first occupation lacks for the last."""
        ends = sorted({row.occupation for row in self.catalog.occupation_requirements})
        return curriplan.occupation_gaps(self.catalog, ends[0], ends[-1])

    @cached_property
    def design(self) -> Any:
        """A qualification for all occupations that ask for something, after the schooling of the first."""
        occupations = sorted({row.occupation for row in self.catalog.occupation_requirements})
        first = self.catalog.programmes[0]
        base = first.entry_base if first.entry_base in ENTRY_BASES else ENTRY_BASES[0]
        # More norm than there are modules for, and a step that nobody teaches: everything is said.
        need = self.catalog.occupation_requirements[-1]
        catalog = self.catalog.replace(
            programmes=(first.model_copy(update={"entry_base": base}), *self.catalog.programmes[1:]),
            profile=(
                *self.catalog.profile,
                ProfileEntry(key=f"total_credits_4S_{base}", value="18"),
            ),
            occupation_requirements=(
                *self.catalog.occupation_requirements[:-1],
                need.model_copy(update={"level": 8}),
            ),
        )
        return curriplan.design(catalog, occupations, base, first.terms, hour_kzt=1000)

    @cached_property
    def retraining(self) -> Any:
        """From the two occupations that are exposed most to all others, with a matrix."""
        names = sorted({row.occupation for row in self.catalog.occupation_requirements})
        scores = tuple(
            Exposure(occupation=name, source="a source", score=place, rank=place / len(names))
            for place, name in enumerate(names)
        )
        scored = self.catalog.replace(exposure=self.catalog.exposure or scores)
        return curriplan.retrain(scored, matrix=2, top=3, hour_kzt=1000)

    @cached_property
    def consortium(self) -> Catalog:
        """The catalog with two partners that have all the money; without the first nothing is left."""
        money = (("FIRST", 1_000_000), ("SECOND", 600_000))
        return self.catalog.replace(
            funding_sources=tuple(FundingSource(**{**PARTNER, "id": name}) for name, _ in money),
            funding_budgets=tuple(FundingBudget(source=name, budget_kzt=kzt) for name, kzt in money),
            funding_limits=(),
            challenge_links=(),
            floors=(),
            programmes=tuple(row.model_copy(update={"min_credits": 6}) for row in self.catalog.programmes),
            resources=tuple(row.model_copy(update={"source": "FIRST"}) for row in self.catalog.resources),
        )

    @cached_property
    def stress(self) -> Any:
        """What a plan loses when one of two partners leaves."""
        return curriplan.stress(optimize_catalog(self.consortium), shares=True, workers=1)

    @cached_property
    def comparison(self) -> Any:
        other = curriplan.optimize(self.ahead, budget_kzt=LESS_MONEY_KZT)
        return curriplan.compare(self.plan, other)

    @cached_property
    def network(self) -> Any:
        """A national plan whose things have the names that modules and programmes have here."""
        return named_after(national_plan(), (*self.catalog.programmes, *self.catalog.modules))

    def write(self, kind: str, path: Path, language: str) -> None:
        """Write one kind of result to a path, in the format that its ending says."""
        catalog = self.catalog
        problem, gaps = catalog_gaps(catalog)
        writers: Mapping[str, Callable[[], None]] = {
            "plan": lambda: self.plan.write([path], language),
            "explained plan": lambda: self.explained.write([path], language),
            "later plan": lambda: self.later.write([path], language),
            "gaps": lambda: write_gaps(problem, gaps, [path], language),
            "occupation gaps": lambda: write_occupation_gaps(catalog, self.between, [path], language),
            "retraining": lambda: write_retraining(catalog, self.retraining, [path], language),
            "frontier": lambda: write_frontier(catalog, self.frontier, [path], language),
            "stress": lambda: write_stress(self.consortium, self.stress, [path], language),
            "design": lambda: write_design(self.design, [path], language),
            "scenarios": lambda: write_scenarios(self.ahead, self.scenarios, [path], language),
            "comparison": lambda: write_comparison(self.ahead, self.comparison, [path], language),
            "network": lambda: write_network_as(self.network, [path], language),
            "explanation": lambda: write_explanation(self.ahead, self.explanation, [path], language),
            "catalog": lambda: save_catalog(holdable(catalog), path, language=language, force=True),
            "empty catalog": lambda: init_catalog(path, empty=True, language=language, force=True),
        }
        writers[kind]()


KINDS = {
    "plan": "write_plan_workbook",
    "explained plan": "write_plan_workbook",
    "later plan": "write_plan_workbook",
    "gaps": "write_gap_workbook",
    "occupation gaps": "write_occupation_gap_workbook",
    "retraining": "write_retraining_workbook",
    "frontier": "write_frontier_workbook",
    "stress": "write_stress_workbook",
    "scenarios": "write_scenarios_workbook",
    "comparison": "write_comparison_workbook",
    "design": "write_design_workbook",
    "network": "write_network_workbook",
    "explanation": "write_explanation_workbook",
    "catalog": "write_catalog_workbook",
    "empty catalog": "write_catalog_workbook",
}
"""The kinds of workbooks, with the function of the report that writes each."""
CSV_KINDS = (
    "gaps",
    "occupation gaps",
    "retraining",
    "frontier",
    "scenarios",
    "stress",
    "comparison",
    "network",
    "explanation",
)


@cache
def mini_case() -> Case:
    """Return `mini`, which has one row of almost everything."""
    return Case(curriplan.read_catalog("mini").require())


def written(case: Case, kind: str, language: str) -> bytes:
    """Return one workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        case.write(kind, path, language)
        return path.read_bytes()


def csv_rows(case: Case, kind: str, language: str) -> list[list[str]]:
    """Return the cells of one CSV export."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        case.write(kind, path, language)
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))


def written_view(view: PlanView, language: str, *, prints_details: bool = False) -> bytes:
    """Return the workbook of a plan that was made by hand."""
    target = BytesIO()
    write_plan_workbook(view, target, language, prints_details=prints_details)
    return target.getvalue()


@cache
def every_workbook(language: str) -> Mapping[str, bytes]:
    """Return every kind of workbook of `mini`, and the plan of the rich sample, by name."""
    case = mini_case()
    found = {kind: written(case, kind, language) for kind in KINDS}
    return {**found, "rich plan": written_view(replanned_view(), language)}


Formulas = set[tuple[str, int, int, str]]
"""Sheet, row, column (from 0) and text, without the equals sign."""


@contextmanager
def recorded_formulas() -> Iterator[Formulas]:
    """Record what goes through `Sheet.formula`, the only way by which a formula may get into a file."""
    found: Formulas = set()
    original = Sheet.formula

    def formula(self: Sheet, row: int, column: int, term: Term, style: str) -> Term:
        found.add((self.name, row, column, term.text))
        return original(self, row, column, term, style)

    with mock.patch.object(Sheet, "formula", formula):
        yield found
