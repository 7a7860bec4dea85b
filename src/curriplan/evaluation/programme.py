"""One programme with its decisions, and all that follows from them for it alone.

A state may be changed in some modules: then those terms, resources and modules of it are new that
`curriplan.evaluation.touched` names, and the others are shared, with all that was computed of them.
Each figure of a part is the same function of the same decisions in the same order, whether everything is
new or one part of it: so what is evaluated by difference is what a whole evaluation finds, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from curriplan.catalog.records import CostPart, ResourceCategory
from curriplan.evaluation.given import ProgrammeBasis
from curriplan.evaluation.parts import Taken, TermState, Use
from curriplan.evaluation.result import CostItem
from curriplan.evaluation.touched import Asked, Decided, everything, touched
from curriplan.plan.plan import Site, Start

Figure = TypeVar("Figure")
Due = tuple[CostPart, int, int]
"""A part of new money, an amount in KZT, and how often that amount is paid (§10)."""


class ProgrammeState:
    """One programme with its decisions.

    Parameters
    ----------
    asked : Asked
        What of it is looked at: everything, or what a change touches.
    before : ProgrammeState, optional
        The state from which this one was changed.
    """

    def __init__(self, of: ProgrammeBasis, asked: Asked, before: ProgrammeState | None = None) -> None:
        self.of = of
        self.asked = asked
        self.before = before

    @classmethod
    def of_rows(cls, of: ProgrammeBasis, starts: Iterable[Start], sites: Iterable[Site]) -> ProgrammeState:
        """Return the state of these decisions, in any order."""
        return cls(of, everything(of, (tuple(sorted(starts)), tuple(sorted(sites)))))

    def changed(
        self, modules: Iterable[str], starts: Iterable[Start] = (), sites: Iterable[Site] = ()
    ) -> ProgrammeState:
        """Return the state in which these starts and sites are all that is decided about some modules."""
        names = tuple(sorted(set(modules)))
        gone = [self.about(name) for name in names]
        now = tuple(sorted(starts)), tuple(sorted(sites))
        return ProgrammeState(self.of, touched(self.of, names, gone, now), self)

    @property
    def whole(self) -> ProgrammeState:
        """The same decisions, of which everything is asked."""
        return self if self.before is None else ProgrammeState.of_rows(self.of, self.starts, self.sites)

    @cached_property
    def decided(self) -> dict[str, Decided]:
        """The starts and sites of each module that is decided about."""
        starts: dict[str, list[Start]] = {}
        sites: dict[str, list[Site]] = {}
        for start in self.asked.starts:
            starts.setdefault(start.module, []).append(start)
        for site in self.asked.sites:
            sites.setdefault(site.module, []).append(site)
        new = {
            name: (tuple(starts.get(name, ())), tuple(sites.get(name, ())))
            for name in sorted({*starts, *sites})
        }
        return self._by_module("decided", new)

    def about(self, module: str) -> Decided:
        """Return the starts and sites of a module."""
        return self.decided.get(module, ((), ()))

    @cached_property
    def starts(self) -> tuple[Start, ...]:
        """All starts, sorted."""
        return tuple(row for name in sorted(self.decided) for row in self.decided[name][0])

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """All sites, sorted."""
        return tuple(row for name in sorted(self.decided) for row in self.decided[name][1])

    def _before(self, table: str) -> Mapping[Any, Any]:
        """Return a table as it was before the change; an empty one where all is new."""
        return {} if self.before is None else getattr(self.before, table)

    def _by_module(self, table: str, new: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table by module: as it was before the change, but for the modules decided anew."""
        found = dict(self._before(table))
        for name in self.asked.modules:
            found.pop(name, None)
        return {**found, **new}

    def once(self, figure: Callable[[ProgrammeState], Figure]) -> Figure:
        """Return a figure of this state, worked out at the first call."""
        if figure not in self._figures:
            self._figures[figure] = figure(self)
        found: Figure = self._figures[figure]
        return found

    @cached_property
    def _figures(self) -> dict[Callable[[ProgrammeState], Any], Any]:
        return {}

    @property
    def name(self) -> str:
        """The programme's id."""
        return self.of.programme.id

    @cached_property
    def terms_of(self) -> dict[str, tuple[int, ...]]:
        """Terms by module that is taken; more than one breaks §1."""
        new: dict[str, tuple[int, ...]] = {}
        for row in self.asked.taken:
            new[row.module] = (*new.get(row.module, ()), row.term)
        return self._by_module("terms_of", new)

    @cached_property
    def leaning(self) -> tuple[Taken, ...]:
        """What is taken and may lean on what is decided anew (§3, §4), by term and module."""
        if self.before is None:
            return self.asked.taken
        options, terms_of = self.of.curriculum.options, self.terms_of
        names = {one for name in self.asked.modules for one in self.of.leaning_on(name) if one in terms_of}
        rows = (Taken(options[name], term) for name in names for term in terms_of[name])
        return tuple(sorted(rows, key=lambda row: (row.term, row.module)))

    @cached_property
    def terms(self) -> dict[int, TermState]:
        """The terms of the programme, and others in which something runs, in order."""
        asked, before = self.asked, self._before("terms")
        running: dict[int, list[Taken]] = {number: [] for number in asked.terms}
        for number in asked.terms:
            if number in before:
                running[number] += (row for row in before[number].running if row.module not in asked.modules)
        for row in asked.taken:
            for number in row.terms:
                running[number].append(row)
        new = {number: TermState.of_rows(self.of, number, rows) for number, rows in running.items()}
        return dict(sorted({**before, **new}.items()))

    @cached_property
    def used(self) -> dict[str, Use]:
        """The resources that the programme uses (§9)."""
        asked, before = self.asked, self._before("used")
        rows: dict[str, list[tuple[Site, tuple[int, ...]]]] = {name: [] for name in asked.resources}
        for name in asked.resources:
            if name in before:
                rows[name] += (row for row in before[name].rows if row[0].module not in asked.modules)
        for site in asked.sites:
            rows[site.resource].append((site, self.terms_of.get(site.module, ())))
        return {**before, **{name: Use.of_rows(self.of, some) for name, some in rows.items()}}

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], float]:
        """Hours by (resource, calendar semester), repeats included (§9)."""
        return {
            (name, semester): hours
            for name, use in self.used.items()
            for semester, hours in use.hours.items()
        }

    @cached_property
    def levels_at_start(self) -> dict[int, Mapping[str, int]]:
        """Levels held when a term starts: what the modules that ended before taught (§2)."""
        levels: Mapping[str, int] = self.of.gaps.baseline
        found = {}
        for number, term in self.terms.items():
            found[number] = levels
            levels = _raised(levels, term.taught)
        return found

    @cached_property
    def levels_by_term(self) -> tuple[Mapping[str, int], ...]:
        """Levels held at the end of each term of the programme."""
        return tuple(_raised(self.levels_at_start[one], self.terms[one].taught) for one in self.of.terms)

    @cached_property
    def levels_after(self) -> Mapping[str, int]:
        """Levels held at the end."""
        last = max(self.terms)
        return _raised(self.levels_at_start[last], self.terms[last].taught)

    @cached_property
    def closure(self) -> float | None:
        """Closure of the programme with the plan, None where no step is missing."""
        return self.of.gaps.closure(self.levels_after)

    @cached_property
    def term_credits(self) -> tuple[float, ...]:
        """load[p,t]: credits by term, fixed load included (§6)."""
        return tuple(self.terms[number].credits for number in self.of.terms)

    @cached_property
    def dual_share(self) -> float | None:
        """Hours at an enterprise / hours of production training and practice; None without such (§8)."""
        total = sum(self.terms[number].workplace_hours for number in self.of.terms)
        if total <= 0:
            return None
        basis = self.of.basis
        at_enterprise = {
            (site.module, resource.kind)
            for site in self.sites
            if (resource := basis.catalog.resource_by_id.get(site.resource)) is not None
            and resource.category is ResourceCategory.ENTERPRISE
        }
        hours = sum(
            basis.workplace_hours(module, kind) * len(self.terms_of.get(module, ()))
            for module, kind in sorted(at_enterprise)
        )
        return hours / total

    @cached_property
    def closure_alone(self) -> float | None:
        """Best closure when planned alone (§13), None where there is none; 1 while it is not known."""
        if self.of.gaps.total_weight <= 0:
            return None
        return self.of.basis.limits.closure_alone.get(self.name, 1.0) or None

    @cached_property
    def uncovered_functions(self) -> tuple[str, ...]:
        """Labour functions that a module could serve and none that is taken does (§15)."""
        taken = self.terms_of
        return tuple(
            name for name, serving in self.of.functions.items() if not any(one in taken for one in serving)
        )

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Modules taken that are not current, sorted by id."""
        return tuple(sorted(self.due))

    def delivery_cost_kzt(self, modules: Iterable[str]) -> dict[str, int]:
        """Return cost_per_group_kzt · groups by module."""
        return {name: self.of.delivery_kzt(name) for name in modules}

    @cached_property
    def due(self) -> dict[str, tuple[Due, ...]]:
        """New money but set-up by module that is added; nothing is due for one that costs nothing (§10)."""
        new: dict[str, list[Due]] = {
            row.module: [(CostPart.DELIVERY, self.of.delivery_kzt(row.module), 1)]
            for row in self.asked.taken
            if row.option.current_term is None
        }
        for site in self.asked.sites:
            if site.module in new:
                new[site.module] += self.of.basis.site_kzt(self.name, site)
        paid = {name: tuple(row for row in rows if row[1] * row[2] > 0) for name, rows in new.items()}
        return self._by_module("due", paid)

    @cached_property
    def cost_kzt(self) -> int:
        """New money of this programme alone, without set-up."""
        modules, before = self.asked.modules, self.before
        kept = 0 if before is None else before.cost_kzt - _kzt(before.due, modules)
        return kept + _kzt(self.due, modules)

    def items_of(self, module: str) -> tuple[CostItem, ...]:
        """Return the new money for a module, without set-up, by part and year."""
        found: dict[tuple[CostPart, int], int] = {}
        for part, kzt, times in self.due.get(module, ()):
            for year, due in self.of.basis.by_year(self.name, module, self.terms_of[module][0], kzt):
                found[part, year] = found.get((part, year), 0) + due * times
        return tuple(
            CostItem(module, part, self.name, year, kzt)
            for (part, year), kzt in sorted(found.items())
            if kzt > 0
        )

    @cached_property
    def cost_items(self) -> tuple[CostItem, ...]:
        """New money of this programme alone, without set-up, by module, part and year."""
        return tuple(item for module in sorted(self.due) for item in self.items_of(module))


def _raised(levels: Mapping[str, int], taught: Mapping[str, int]) -> Mapping[str, int]:
    """Return the levels held after what is taught."""
    higher = {name: level for name, level in taught.items() if level > levels.get(name, 0)}
    return {**levels, **higher} if higher else levels


def _kzt(due: Mapping[str, tuple[Due, ...]], modules: Iterable[str]) -> int:
    return sum(kzt * times for name in modules for _, kzt, times in due.get(name, ()))
