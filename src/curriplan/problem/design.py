"""A new qualification out of the modules that there are: the rows of its programme, before any plan.

What all programmes after the same schooling teach as general and basic modules is taken over as it stands;
the rest may be chosen among modules for its occupations. See *Design* in ``docs/formulation.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from curriplan.catalog.records import (
    Baseline,
    Catalog,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Record,
    Section,
    Standing,
    Target,
    requisite_groups,
)
from curriplan.problem.limits import Limits

COMMON_SECTIONS = (Section.GENERAL, Section.BASIC)
"""The sections of which a new programme takes over what its models have in common."""
OWN_SECTIONS = (Section.PRACTICE, Section.ATTESTATION)
"""The sections whose modules belong to one specialty: those of other occupations are not borrowed."""


@dataclass(frozen=True)
class Wanted:
    """The qualification that is asked for.

    Parameters
    ----------
    programme : Programme
        Its row: id, names, start, terms, learners, schooling at entry, language of teaching, least credits.
    occupations : mapping
        Share of the graduates by occupation; they sum to 1.
    """

    programme: Programme
    occupations: Mapping[str, float]


class Designed:
    """The rows of a new programme, and the catalog with them.

    Parameters
    ----------
    catalog : Catalog
        The college, without the programme.
    kin : int
        From how many of its `kin` it may take modules that close nothing, to fill its credits.
    """

    def __init__(self, catalog: Catalog, wanted: Wanted, kin: int = 1) -> None:
        self.base = catalog
        self.wanted = wanted
        self.programme = wanted.programme
        self.most_kin = kin
        self._modules: dict[str, list[ProgrammeModule]] = {}
        for row in catalog.programme_modules:
            self._modules.setdefault(row.programme, []).append(row)

    @cached_property
    def models(self) -> tuple[Programme, ...]:
        """The programmes after the same schooling, in the same language of teaching where there are such."""
        own = self.programme
        alike = tuple(row for row in self.base.programmes if row.entry_base == own.entry_base)
        spoken = tuple(row for row in alike if own.language is not None and row.language == own.language)
        return spoken or alike

    @cached_property
    def nearest(self) -> Programme | None:
        """The model whose terms are taken over: as long as the new one, then with the most learners."""
        terms = self.programme.terms
        return min(self.models, key=lambda row: (abs(row.terms - terms), -row.learners, row.id), default=None)

    @cached_property
    def common(self) -> tuple[str, ...]:
        """General and basic modules that every model teaches today, in catalog order."""
        taught = [
            {row.module for row in self._modules.get(model.id, ()) if row.current_term is not None}
            for model in self.models
        ]
        shared = set.intersection(*taught) if taught else set()
        return tuple(
            row.id for row in self.base.modules if row.id in shared and row.section in COMMON_SECTIONS
        )

    def _terms_of(self, module: str) -> tuple[int, ...]:
        """Return the terms in which the models teach a common module, from the first to the last."""
        found = {
            row.current_term
            for model in self.models
            for row in self._modules.get(model.id, ())
            if row.module == module and row.current_term is not None
        }
        last = self.programme.terms - self.base.module_by_id[module].span_terms + 1
        fitting = [term for term in range(min(found), max(found) + 1) if term <= last]
        return tuple(fitting)

    @cached_property
    def brought(self) -> dict[str, int]:
        """What learners bring after this schooling: of each competency the least of all models."""
        rows = [
            {row.competency: row.level for row in self.base.baseline if row.programme == model.id}
            for model in self.models
        ]
        shared = set.intersection(*(set(one) for one in rows)) if rows else set()
        return {name: min(one[name] for one in rows) for name in sorted(shared)}

    @cached_property
    def kin(self) -> tuple[Programme, ...]:
        """The programmes that train for one of its occupations, those that share most graduates first."""
        own: Mapping[str, float] = self.wanted.occupations
        shared: dict[str, float] = {}
        for row in self.base.base_targets:
            if row.occupation in own:
                both = min(row.share, own[row.occupation])
                shared[row.programme] = shared.get(row.programme, 0.0) + both
        names = sorted(shared, key=lambda name: (-round(shared[name], 9), name))
        return tuple(self.base.programme_by_id[name] for name in names)

    @cached_property
    def fitting(self) -> frozenset[str]:
        """The modules that suit it whether they close anything or not.

        They serve a labour function of its occupations, belong to one of the kin, or more than half of the
        models teach them today.
        """
        found = {name for name in self._leaves if self._serves(name)}
        for one in self.kin[: self.most_kin]:
            rows = self._modules.get(one.id, ())
            found |= {row.module for row in rows if row.status is not Standing.FORBIDDEN}
        taught = Counter(
            row.module
            for model in self.models
            for row in self._modules.get(model.id, ())
            if row.current_term is not None
        )
        found |= {name for name, count in taught.items() if 2 * count > len(self.models)}
        return frozenset(name for name in found if name in self._leaves and not self._is_foreign(name))

    @cached_property
    def choice(self) -> frozenset[str]:
        """The modules that it may take beside the common ones.

        Those that fit, those that teach a step (or a floor) that none of these teaches, and what both need.
        """
        return self.with_needs(
            {*self.fitting, *(name for name in self._leaves if self._teaches_what_none_does(name))}
        )

    def with_needs(self, modules: Iterable[str]) -> frozenset[str]:
        """Return modules with all that they require (§4), and what teaches their entry levels (§3)."""
        found = set(modules)
        waiting = sorted(found)
        while waiting:
            needed = self._needed_by(waiting.pop()) - found
            found |= needed
            waiting += sorted(needed)
        return frozenset(found - set(self.common))

    def _teaches_what_none_does(self, module: str) -> bool:
        lacking = self._not_taught_by_fitting
        return not self._is_foreign(module) and any(
            row.competency in lacking and row.exit_level > lacking[row.competency]
            for row in self.base.teaching.of(module)
        )

    @cached_property
    def _not_taught_by_fitting(self) -> dict[str, int]:
        """What is asked for beyond what fitting and common modules teach: the level that they teach."""
        best = dict(self.held)
        for name in sorted({*self.fitting, *self.common}):
            for row in self.base.teaching.of(name):
                best[row.competency] = max(row.exit_level, best.get(row.competency, 0))
        return {name: best.get(name, 0) for name, level in self.asked.items() if best.get(name, 0) < level}

    @cached_property
    def _leaves(self) -> tuple[str, ...]:
        return tuple(row.id for row in self.base.modules if row.id not in self.base.header_ids)

    @cached_property
    def _served(self) -> dict[str, set[str | None]]:
        """The occupations of the functions that each module serves."""
        occupation_of = {row.id: row.occupation for row in self.base.labour_functions}
        found: dict[str, set[str | None]] = {}
        for row in self.base.module_functions:
            found.setdefault(row.module, set()).add(occupation_of.get(row.labour_function))
        return found

    def _serves(self, module: str) -> bool:
        """Say whether a module serves a labour function of its occupations."""
        return bool(self._served.get(module, set()) & set(self.wanted.occupations))

    def _is_foreign(self, module: str) -> bool:
        """Say whether a module is general education, or the practice or attestation of other occupations."""
        section = self.base.module_by_id[module].section
        own = {row.module for one in self.kin for row in self._modules.get(one.id, ())}
        foreign = module in self._served and not self._serves(module) and module not in own
        return section is Section.GENERAL or (section in OWN_SECTIONS and foreign)

    def most_credits(self, choice: Collection[str]) -> float:
        """Return what common modules and some others come to, without what excludes one another (§5)."""
        groups: dict[str, float] = {}
        total = 0.0
        for name in {*self.common, *choice}:
            row = self.base.module_by_id[name]
            if row.exclusive_group is None:
                total += row.credits or 0.0
            else:
                groups[row.exclusive_group] = max(row.credits or 0.0, groups.get(row.exclusive_group, 0.0))
        return total + sum(groups.values())

    def room_for_credits(self, limits: Limits) -> float | None:
        """Return the credits that its terms can hold at most; None where a term has no limit."""
        per_credit, hours = limits.number("hours_per_credit"), limits.number("weekly_hours_all")
        weeks_of_year = limits.number("teaching_weeks_year")
        known = {row.term: row for row in self._terms()}
        total = 0.0
        for term in range(1, self.programme.terms + 1):
            row = known.get(term)
            own = (None, None) if row is None else (row.weeks, row.max_credits)
            weeks = own[0] or (None if weeks_of_year is None else weeks_of_year / 2)
            by_hours = weeks * hours / per_credit if weeks and hours and per_credit else None
            most = [one for one in (by_hours, own[1]) if one is not None]
            if not most:
                return None
            total += min(most)
        return total

    @cached_property
    def held(self) -> dict[str, int]:
        """The levels brought, transfers included."""
        return self._with_rows.teaching.baseline(self.programme.id)

    @cached_property
    def _with_rows(self) -> Catalog:
        """The catalog with the programme and what its learners bring, without its modules."""
        return self.base.replace(
            programmes=(*self.base.programmes, self.programme),
            baseline=(*self.base.baseline, *self._baseline()),
        )

    @cached_property
    def asked(self) -> dict[str, int]:
        """The levels beyond `held` that its occupations, or a floor of everybody, ask for, by competency."""
        found: dict[str, int] = {}
        rows = [
            (row.competency, row.level)
            for row in self.base.occupation_requirements
            if row.occupation in self.wanted.occupations
        ]
        rows += [(row.competency, row.level) for row in self.base.floors if row.programme is None]
        for name, level in rows:
            found[name] = max(level, found.get(name, 0))
        return {name: level for name, level in sorted(found.items()) if level > self.held.get(name, 0)}

    @cached_property
    def _requisites(self) -> Mapping[str, list[set[str]]]:
        groups = requisite_groups(self.base.required_rows)
        return {name: [{row.requires for row in rows} for rows in found] for name, found in groups.items()}

    @cached_property
    def _teachers(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for name in self._leaves:
            for row in self.base.teaching.of(name):
                found.setdefault(row.competency, []).append((row.exit_level, name))
        return found

    def _needed_by(self, module: str) -> set[str]:
        """Return all that a module requires, and what teaches its entry levels."""
        known = set(self._leaves)
        found = {name for names in self._requisites.get(module, ()) for name in names if name in known}
        for entry in self.base.teaching.entries(module, self.held):
            rows = self._teachers.get(entry.competency, ())
            teachers = {name for level, name in rows if level >= entry.level}
            found |= (
                teachers & {*self.fitting, *self.common}
                or {name for name in teachers if not self._is_foreign(name)}
                or teachers
            )
        return found

    def needed_of(self, starts: Mapping[str, int]) -> frozenset[str]:
        """Return which modules of a curriculum, each with its first term, are needed for what is asked.

        Those that teach a step that is asked for beyond what is brought or serve a labour function, and what
        these rest on: requisites (§4), and what gives an entry level in time (§3), one leading to the next.
        Where a common module, or one that is needed itself, already is among the alternatives, the others
        are not needed for that.
        """
        found = {name for name in starts if self._teaches_a_step(name) or self._serves(name)}
        enough = found | set(self.common)
        waiting = sorted(found)
        while waiting:
            for names in self._rests_on(waiting.pop(), starts):
                if enough.isdisjoint(names):
                    waiting += sorted(names - found)
                    found |= names
        return frozenset(found)

    def _teaches_a_step(self, module: str) -> bool:
        """Say whether a module teaches a step that is asked for and not brought, transfers included."""
        return any(
            one.exit_level > self.held.get(one.competency, 0)
            and (one.via is not None or one.row.entry_level < self.asked[one.competency])
            for one in self.base.teaching.of(module)
            if one.competency in self.asked
        )

    def _rests_on(self, module: str, starts: Mapping[str, int]) -> Iterator[set[str]]:
        """Yield what a module of a curriculum rests on, alternatives together."""
        for names in self._requisites.get(module, ()):
            yield names & starts.keys()
        for entry in self.base.teaching.entries(module, self.held):
            rows = self._teachers.get(entry.competency, ())
            yield {
                name
                for level, name in rows
                if level >= entry.level
                and name in starts
                and starts[name] + self.base.module_by_id[name].span_terms <= starts[module]
            }

    def rows(self, choice: Collection[str]) -> dict[str, tuple[Record, ...]]:
        """Return the rows to add, by table; `choice` are the modules beside the common ones."""
        return {
            "programmes": (self.programme,),
            "programme_terms": tuple(self._terms()),
            "programme_fixed_hours": tuple(self._fixed()),
            "programme_modules": tuple(self._programme_modules(choice)),
            "baseline": tuple(self._baseline()),
            "targets": tuple(
                Target(programme=self.programme.id, occupation=name, share=share)
                for name, share in self.wanted.occupations.items()
            ),
        }

    def catalog(
        self, choice: Collection[str], min_credits: float | None, *, is_loose: bool = False
    ) -> Catalog:
        """Return the catalog with the rows, in which nobody is named who pays.

        Where it `is_loose` no term has least credits or modules.

        The budgets of a college are for its plan; what a new qualification costs is the question here.
        """
        rows = self.rows(choice)
        rows["programmes"] = (self.programme.model_copy(update={"min_credits": min_credits}),)
        if is_loose:
            least = {"min_credits": None, "min_modules": None}
            rows["programme_terms"] = tuple(row.model_copy(update=least) for row in rows["programme_terms"])
        tables = {name: (*getattr(self.base, name), *rows) for name, rows in rows.items()}
        return without_payers(self.base).replace(**tables)

    def _terms(self) -> Iterator[ProgrammeTerm]:
        """Yield the terms as those of the nearest model; its last term stays the last."""
        model, own = self.nearest, self.programme
        known = {row.term: row for row in self.base.programme_terms if model and row.programme == model.id}
        if not known or model is None:
            return
        for term in range(1, own.terms + 1):
            like = model.terms if term == own.terms else min(term, max(1, model.terms - 1))
            if like in known:
                yield known[like].model_copy(update={"programme": own.id, "term": term})

    def _fixed(self) -> Iterator[ProgrammeFixedLoad]:
        """Yield the fixed hours of the nearest model, if it is as long, where every model has the same."""
        model, own = self.nearest, self.programme
        if model is None or model.terms != own.terms:
            return
        rows: dict[str, set[tuple[object, ...]]] = {one.id: set() for one in self.models}
        for row in self.base.programme_fixed_hours:
            if row.programme in rows:
                rows[row.programme].add(_bare(row))
        shared = set.intersection(*rows.values())
        for row in self.base.programme_fixed_hours:
            if row.programme == model.id and _bare(row) in shared:
                yield row.model_copy(update={"programme": own.id})

    def _programme_modules(self, choice: Collection[str]) -> Iterator[ProgrammeModule]:
        name = self.programme.id
        for module in self.common:
            yield ProgrammeModule(
                programme=name,
                module=module,
                status=Standing.MANDATORY,
                allowed_terms=self._terms_of(module),
            )
        for module in self._leaves:
            if module in choice:
                terms = self._last_terms(module)
                yield ProgrammeModule(
                    programme=name, module=module, status=Standing.CANDIDATE, allowed_terms=terms
                )

    def _last_terms(self, module: str) -> tuple[int, ...]:
        """Return the terms of a practice (or attestation): not nearer to the beginning than in its kin."""
        row = self.base.module_by_id[module]
        if row.section not in OWN_SECTIONS:
            return ()
        left = [
            one.terms - found.current_term
            for one in self.kin
            for found in self._modules.get(one.id, ())
            if found.module == module and found.current_term is not None
        ]
        last = self.programme.terms
        first = max(1, last - max(left, default=last))
        latest = last - row.span_terms + 1
        return tuple(range(min(first, latest), latest + 1))

    def _baseline(self) -> Iterator[Baseline]:
        for competency, level in self.brought.items():
            yield Baseline(programme=self.programme.id, competency=competency, level=level, source="estimate")


def _bare(row: ProgrammeFixedLoad) -> tuple[object, ...]:
    return tuple(value for key, value in sorted(row.model_dump().items()) if key != "programme")


def without_payers(catalog: Catalog) -> Catalog:
    """Return a catalog of which nobody is named who pays: all new money is `unassigned`, without a limit."""
    return catalog.replace(
        funding_sources=(),
        funding_budgets=(),
        funding_limits=(),
        challenge_links=tuple(row for row in catalog.challenge_links if row.funding_source is None),
        resources=tuple(row.model_copy(update={"source": None}) for row in catalog.resources),
    )
