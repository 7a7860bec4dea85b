"""New money (§10): what an added module costs, when it falls due, and what each source may carry.

Amounts are whole KZT, of one intake of each programme. Nothing here decides: the optimizer and the
evaluation both lay their decisions over these figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

from curriplan.base import semesters
from curriplan.catalog.records import Catalog, CostPart, FundingLimit, Module, Resource
from curriplan.problem.capacity import Capacity
from curriplan.problem.curriculum import Curricula, Option
from curriplan.problem.limits import Limits

UNASSIGNED = "unassigned"
"""The source of all payments in a catalog that names no funding source."""


class Money:
    """The amounts of §10 for one catalog and its limits."""

    def __init__(self, catalog: Catalog, limits: Limits, curricula: Curricula, capacity: Capacity) -> None:
        self.catalog = catalog
        self.limits = limits
        self.curricula = curricula
        self.capacity = capacity

    def setup_kzt(self, module: str) -> int:
        """Return what it costs to start a module: nothing where it runs already."""
        running = module in self.curricula.running
        return 0 if running else self.catalog.module_by_id[module].setup_cost_kzt

    def delivery_kzt(self, option: Option) -> int:
        """Return what it costs to teach a module to all groups of an intake, added or not."""
        programme = self.catalog.programme_by_id[option.programme]
        return option.module.cost_per_group_kzt * self.limits.groups(programme)

    def fees_kzt(self, option: Option, resource: Resource, parts: int = 0) -> int:
        """Return the fees for the hours of a resource: of so many parts where its kind is split."""
        if self.capacity.is_split(option.module.id, resource.kind):
            hours = self.capacity.part_hours(option.module.id, resource)
            return parts * _ceiling(resource.fee_per_hour_kzt * hours)
        programme = self.catalog.programme_by_id[option.programme]
        hours = self.capacity.hours_used(programme, option.module.id, resource)
        return _ceiling(resource.fee_per_hour_kzt * hours)

    def travel_kzt(self, option: Option, resource: Resource, parts: int = 0) -> int:
        """Return the travel of an intake to a resource: of so many parts where its kind is split."""
        if not self.capacity.is_split(option.module.id, resource.kind):
            programme = self.catalog.programme_by_id[option.programme]
            parts = self.capacity.parts(programme, option.module.id, resource)
        return resource.travel_cost_kzt * parts

    def by_year(self, option: Option, start: int, kzt: int) -> dict[int, int]:
        """Divide an amount over the calendar years in which a module runs, started in `start`."""
        found: dict[int, int] = {}
        paid, share = 0, 0.0
        runs = self.running_years(option, start)
        for place, (year, weight) in enumerate(runs, start=1):
            share += weight
            due = kzt if place == len(runs) else min(kzt, math.floor(kzt * share + 0.5 + 1e-9))
            found[year] = found.get(year, 0) + due - paid
            paid = due
        return found

    def running_years(self, option: Option, start: int) -> tuple[tuple[int, float], ...]:
        """Return, term by term, the calendar year and the share of the load: what is paid when follows."""
        programme = self.catalog.programme_by_id[option.programme]
        return tuple(
            (semesters.calendar_year(semesters.of_term(programme.start, term)), weight)
            for term, weight in option.runs(start)
        )

    def start_year(self, option: Option, start: int) -> int:
        """Return the calendar year of the term in which a module starts."""
        programme = self.catalog.programme_by_id[option.programme]
        return semesters.calendar_year(semesters.of_term(programme.start, start))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Calendar years in which money may be paid: of the planned terms, and of budgets before them.

        What is set up in the first term may be paid from the budget of a year before it.
        """
        found = {
            semesters.calendar_year(semesters.of_term(programme.start, term))
            for name in self.limits.planned
            for programme in (self.catalog.programme_by_id[name],)
            for term in range(1, programme.terms + 1)
        }
        last = max(found, default=0)
        earlier = (row.year for row in self.catalog.funding_budgets if row.year is not None)
        return tuple(sorted(found | {year for year in earlier if year <= last}))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Who pays, in catalog order."""
        return tuple(row.id for row in self.catalog.funding_sources) or (UNASSIGNED,)

    @cached_property
    def budgets(self) -> Mapping[tuple[str, int | None], int] | None:
        """Budget by source and calendar year, None for any year; None where no source has a limit."""
        if not self.catalog.funding_budgets or not self.catalog.funding_sources:
            return None
        learners = self.catalog.learners_of_one_intake
        return {
            (row.source, row.year): row.budget_kzt + row.per_learner_kzt * learners
            for row in self.catalog.funding_budgets
        }

    def max_share(self, source: str, module: Module, part: CostPart) -> float:
        """Return the largest share of a cost part of a module that a source may carry; 1 unless said."""
        key = (source, module.id, part)
        if key not in self._max_shares:
            row = self.limit_row(source, module, part)
            self._max_shares[key] = 1.0 if row is None else row.max_share
        return self._max_shares[key]

    @cached_property
    def _max_shares(self) -> dict[tuple[str, str, CostPart], float]:
        return {}

    def limit_row(self, source: str, module: Module, part: CostPart) -> FundingLimit | None:
        """Return the row of `funding_limits` that fits best, None where none does."""
        rows = self._limits_of.get(source, ())
        fitting = [row for row in rows if row.fits(module.id, module.section, part)]
        return max(fitting, key=lambda row: row.precision, default=None)

    def most_kzt(self, source: str, module: Module, part: CostPart, kzt: int) -> int:
        """Return the most that a source may pay of an amount."""
        return math.floor(self.max_share(source, module, part) * kzt + 1e-6)

    @cached_property
    def _limits_of(self) -> dict[str, list[FundingLimit]]:
        found: dict[str, list[FundingLimit]] = {}
        for row in self.catalog.funding_limits:
            found.setdefault(row.source, []).append(row)
        return found


def _ceiling(kzt: float) -> int:
    """Round up to whole tenge, whatever rounding of floats adds in the last places."""
    return math.ceil(kzt - 1e-6)
