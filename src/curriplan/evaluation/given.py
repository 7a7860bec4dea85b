"""What every plan of a problem is measured against: what does not depend on its decisions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from curriplan.catalog.records import (
    CostPart,
    Entry,
    HoursByKind,
    HoursKind,
    Module,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeTerm,
    Taught,
)
from curriplan.plan.plan import Site
from curriplan.problem.curriculum import Curriculum, Option
from curriplan.problem.gaps import programme_weight
from curriplan.problem.problem import Problem
from curriplan.problem.review import ReviewDecision


@dataclass(frozen=True)
class TermLoad:
    """What one module or one fixed load puts into a term: credits, and hours by the words of §6, §7."""

    section: str
    credits: float
    contact_hours: float
    guided_hours: float
    """Guided self-study."""
    total_hours: float
    practice_hours: float
    workplace_hours: float
    """Production training and professional practice: the hours of which §8 asks a share."""

    def part(self, weight: float) -> TermLoad:
        """Return the part of it that falls into one term."""
        return TermLoad(
            self.section,
            self.credits * weight,
            self.contact_hours * weight,
            self.guided_hours * weight,
            self.total_hours * weight,
            self.practice_hours * weight,
            self.workplace_hours * weight,
        )


class CommonBasis:
    """What a problem gives, whatever is decided: what one module puts into terms, sites and years."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.catalog = problem.catalog
        self.limits = problem.limits
        self.curricula = problem.curricula
        self.capacity = problem.capacity
        self.money = problem.money
        self.loads_of_module = cache(self._loads_of_module)
        self.site_hours = cache(self._site_hours)
        self.semester_shares = cache(self._semester_shares)
        self.site_kzt = cache(self._site_kzt)
        self.by_year = cache(self._by_year)

    @cached_property
    def programmes(self) -> dict[str, ProgrammeBasis]:
        """The basis of each planned programme, in catalog order."""
        return {name: ProgrammeBasis(self, name) for name in self.limits.planned}

    def outcomes(self, module: str) -> tuple[Taught, ...]:
        """Return what a module teaches, transfers included."""
        return self.catalog.teaching.of(module)

    @cached_property
    def free_hours(self) -> dict[str, tuple[tuple[str, float], ...]]:
        """Free hours of each limited resource by calendar semester, in catalog order (§9)."""
        found: dict[str, list[tuple[str, float]]] = {}
        for (resource, semester), hours in self.capacity.free_hours.items():
            found.setdefault(resource, []).append((semester, hours))
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def crowds(self) -> dict[str, int]:
        """Least learners by module that has such a limit (§14)."""
        return {row.id: row.min_learners for row in self.catalog.modules if row.min_learners is not None}

    @cached_property
    def unplanned_learners(self) -> dict[tuple[str, str], int]:
        """Learners by (module, semester) who start it in programmes that are not planned (§14)."""
        found: dict[tuple[str, str], int] = {}
        for name, one in self.curricula.by_programme.items():
            if name not in self.limits.planned:
                for option in one.current:
                    if option.current_term is not None:
                        self.add_learners(found, option, option.current_term)
        return found

    def add_learners(self, found: dict[tuple[str, str], int], option: Option, term: int) -> None:
        """Add the learners who start a module in `term` to those by (module, semester)."""
        if option.module.id in self.crowds:
            programme = self.catalog.programme_by_id[option.programme]
            for semester in self.capacity.start_semesters(programme, term):
                key = (option.module.id, semester)
                found[key] = found.get(key, 0) + programme.learners

    def _loads_of_module(self, module: str) -> tuple[TermLoad, ...]:
        row: Module = self.catalog.module_by_id[module]
        whole = _load(row, row.section, row.credits or 0.0)
        return tuple(whole.part(weight) for weight in row.term_weights)

    def workplace_hours(self, module: str, kind: str) -> float:
        """Return the hours of production training and practice that a module spends at a kind (§8)."""
        needed = self.capacity.needs.get(module, {}).get(kind, {})
        kinds = (HoursKind.PRODUCTION_TRAINING, HoursKind.PROFESSIONAL_PRACTICE)
        return sum(needed.get(hours_kind, 0.0) for hours_kind in kinds)

    def load_of_fixed(self, row: ProgrammeFixedLoad) -> TermLoad:
        """Return the load of fixed hours; their credits are hours / hours_per_credit (§6)."""
        return _load(row, row.section, self.limits.fixed_credits(row))

    def _site_hours(self, programme: str, module: str, resource: str, parts: int) -> float:
        site = self.catalog.resource_by_id.get(resource)
        if site is None:
            return 0.0
        return self.capacity.site_hours(self.catalog.programme_by_id[programme], module, site, parts)

    def _semester_shares(self, programme: str, module: str, term: int) -> tuple[tuple[str, float], ...]:
        option = self.curricula.by_programme[programme].options[module]
        return tuple(self.capacity.semester_shares(option, term).items())

    def _site_kzt(self, programme: str, site: Site) -> tuple[tuple[CostPart, int, int], ...]:
        """Return fees and travel of a site: what each is of one part, and how often it is paid (§10)."""
        resource = self.catalog.resource_by_id.get(site.resource)
        if resource is None or resource.kind not in self.capacity.needs.get(site.module, {}):
            return ()
        option = self.curricula.by_programme[programme].options[site.module]
        split = self.capacity.is_split(site.module, resource.kind)
        times = site.parts if split else 1
        return (
            (CostPart.FEES, self.money.fees_kzt(option, resource, 1), times),
            (CostPart.TRAVEL, self.money.travel_kzt(option, resource, 1), times),
        )

    def _by_year(self, programme: str, module: str, term: int, kzt: int) -> tuple[tuple[int, int], ...]:
        option = self.curricula.by_programme[programme].options[module]
        return tuple(self.money.by_year(option, term, kzt).items())


def _load(row: HoursByKind, section: str, credit_points: float) -> TermLoad:
    workplace_hours = row.production_training_hours + row.professional_practice_hours
    return TermLoad(
        section,
        credit_points,
        row.contact_hours,
        row.self_study_guided_hours,
        row.total_hours,
        row.practice_hours,
        workplace_hours,
    )


class ProgrammeBasis:
    """What does not depend on the plan: a programme's options, limits by term, and its *before*."""

    def __init__(self, basis: CommonBasis, name: str) -> None:
        catalog = basis.catalog
        self.basis = basis
        self.programme: Programme = catalog.programme_by_id[name]
        self.curriculum: Curriculum = basis.curricula.by_programme[name]
        self.gaps = basis.problem.gaps[name]
        self.weight = programme_weight(catalog, name)
        self.terms = range(1, self.programme.terms + 1)
        self.term_rows: dict[int, ProgrammeTerm] = {
            row.term: row for row in catalog.programme_terms if row.programme == name
        }
        self.fixed_loads: dict[int, list[TermLoad]] = {}
        for row in catalog.programme_fixed_hours:
            if row.programme == name:
                self.fixed_loads.setdefault(row.term, []).append(basis.load_of_fixed(row))

    @cached_property
    def levels_before(self) -> dict[str, int]:
        """Levels that the existing curriculum reaches, as it stands: no rule is enforced on it."""
        current = (item.module.id for item in self.curriculum.current)
        return self.gaps.levels_after(row for name in current for row in self.basis.outcomes(name))

    @cached_property
    def closure_before(self) -> float | None:
        """Closure of the existing curriculum, None where no step is missing."""
        return self.gaps.closure(self.levels_before)

    @cached_property
    def unteachable_share(self) -> float:
        """Part of the weight W(p) whose steps no module of M(p) teaches."""
        options = (item.module.id for item in self.curriculum.open_options)
        best = self.gaps.levels_after(row for name in options for row in self.basis.outcomes(name))
        closure = self.gaps.closure(best)
        return 0.0 if closure is None else 1.0 - closure

    @cached_property
    def floors(self) -> dict[str, int]:
        """Highest floor by competency (§11)."""
        found: dict[str, int] = {}
        for row in self.basis.catalog.floors_of(self.programme.id):
            found[row.competency] = max(found.get(row.competency, 0), row.level)
        return found

    def delivery_kzt(self, module: str) -> int:
        """Return cost_per_group_kzt · groups (§10)."""
        groups = self.basis.limits.groups(self.programme)
        return self.basis.catalog.module_by_id[module].cost_per_group_kzt * groups

    @cached_property
    def hours_today(self) -> tuple[tuple[str, float], ...]:
        """Total hours of each module of the existing curriculum (§12)."""
        return tuple((one.module.id, one.module.total_hours) for one in self.curriculum.current)

    @cached_property
    def hours_open(self) -> tuple[tuple[str, int | None, float], ...]:
        """Total hours of each module that may be taken, with its term of today."""
        rows = self.curriculum.open_options
        return tuple((one.module.id, one.current_term, one.module.total_hours) for one in rows)

    def leaning_on(self, module: str) -> frozenset[str]:
        """Return the options that may lean on a module (§3, §4), and itself.

        They are those that name it as a requisite, of whatever kind, and those with an entry level of a
        competency that it teaches. What it does not teach and what does not name it, it can neither serve
        nor leave unserved, in whatever term.
        """
        found = self._leaning.get(module)
        if found is None:
            naming, needing = self._asking
            taught = {row.competency for row in self.basis.outcomes(module)}
            serving = (needing.get(name, ()) for name in sorted(taught))
            found = frozenset((module,)).union(naming.get(module, ()), *serving)
            self._leaning[module] = found
        return found

    @cached_property
    def _leaning(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _asking(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Options by the modules that their requisites name, and by the competencies that they need."""
        naming: dict[str, list[str]] = {}
        needing: dict[str, list[str]] = {}
        for name in self.curriculum.options:
            for requisite in self.basis.curricula.requisites.get(name, ()):
                for other in requisite.alternatives:
                    naming.setdefault(other, []).append(name)
            for entry in self.entries(name):
                needing.setdefault(entry.competency, []).append(name)
        return naming, needing

    @cached_property
    def neighbours(self) -> dict[str, tuple[str, ...]]:
        """The modules that §3 and §4 let a module lean on in its own term of today, by module."""
        current = self.curriculum.current
        return {
            one.module.id: tuple(
                other.module.id for other in current if one.may_lean_on(other, one.current_term or 0)
            )
            for one in current
        }

    @cached_property
    def exclusive(self) -> dict[str, tuple[str, ...]]:
        """The options of each exclusive group (§5)."""
        found: dict[str, list[str]] = {}
        for name, option in self.curriculum.options.items():
            if option.module.exclusive_group is not None:
                found.setdefault(option.module.exclusive_group, []).append(name)
        return {group: tuple(names) for group, names in found.items()}

    def entries(self, module: str) -> tuple[Entry, ...]:
        """Return the levels above the baseline that a module needs beforehand (§3)."""
        found = self._entries.get(module)
        if found is None:
            found = self.basis.catalog.teaching.entries(module, self.gaps.baseline)
            self._entries[module] = found
        return found

    @cached_property
    def _entries(self) -> dict[str, tuple[Entry, ...]]:
        return {}

    @cached_property
    def functions(self) -> dict[str, frozenset[str]]:
        """Modules of M(p) that serve each labour function of its occupations; none left out (§15)."""
        catalog = self.basis.catalog
        occupations = {row.occupation for row in catalog.base_targets if row.programme == self.programme.id}
        options = {option.module.id for option in self.curriculum.open_options}
        serving: dict[str, set[str]] = {}
        for row in catalog.module_functions:
            if row.module in options:
                serving.setdefault(row.labour_function, set()).add(row.module)
        return {
            row.id: frozenset(serving[row.id])
            for row in catalog.labour_functions
            if row.occupation in occupations and row.id in serving
        }

    @cached_property
    def previous(self) -> dict[str, int] | None:
        """Terms of the earlier plan by module of M(p); None without an earlier plan (§12)."""
        rows = self.basis.limits.settings.previous
        if rows is None:
            return None
        options = {option.module.id for option in self.curriculum.open_options}
        return {
            module: term for name, module, term in rows if name == self.programme.id and module in options
        }

    @cached_property
    def review(self) -> tuple[ReviewDecision, ...]:
        """What reviewers decided on modules of this programme (§12)."""
        rows = self.basis.limits.settings.review
        return tuple(row for row in rows if row.programme == self.programme.id)

    def weeks(self, term: int) -> float | None:
        """Return the teaching weeks of a term: its own, else half a year's, else None (§6)."""
        row = self.term_rows.get(term)
        if row is not None and row.weeks is not None:
            return row.weeks
        year = self.basis.limits.number("teaching_weeks_year")
        return None if year is None else year / 2
