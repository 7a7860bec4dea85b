"""A new qualification out of the modules that there are: the rows of its programme, before any plan.

What all programmes after the same schooling teach as general and basic modules is taken over as it stands;
the rest may be chosen among modules for its occupations. See *Design* in ``docs/formulation.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from curriplan.catalog.records import (
    Baseline,
    Catalog,
    ProgrammeModule,
    Record,
    Section,
    Standing,
    Target,
    requisite_groups,
)
from curriplan.problem.alike import OWN_SECTIONS, AlikeProgrammes, Wanted
from curriplan.problem.limits import Limits
from curriplan.problem.made_programme import Modules


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
        self._alike = AlikeProgrammes(catalog, wanted)
        self.models, self.kin, self.common = self._alike.models, self._alike.kin, self._alike.common
        self._material = Modules(catalog)

    @cached_property
    def fitting(self) -> frozenset[str]:
        """The modules that suit it whether they close anything or not.

        They serve a labour function of its occupations, belong to one of the kin, or more than half of the
        models teach them today.
        """
        found = set(filter(self._serves, self._material.leaves))
        for one in self.kin[: self.most_kin]:
            found |= {row.module for row in self._alike.rows[one.id] if row.status is not Standing.FORBIDDEN}
        taught = Counter(name for names in self._alike.taught for name in names)
        found |= {name for name, count in taught.items() if 2 * count > len(self.models)}
        return frozenset(name for name in found & self._material.known if not self._is_foreign(name))

    @cached_property
    def choice(self) -> frozenset[str]:
        """The modules that it may take beside the common ones.

        Those that fit, those that teach a step (or a floor) that none of these teaches, and what both need.
        """
        return self.with_needs({*self.fitting, *filter(self._teaches_what_none_does, self._material.leaves)})

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
        foreign = module in self._served and not self._serves(module) and module not in self._of_kin
        return section is Section.GENERAL or (section in OWN_SECTIONS and foreign)

    @cached_property
    def _of_kin(self) -> frozenset[str]:
        """The modules of its kin, taught or not."""
        return frozenset(row.module for one in self.kin for row in self._alike.rows[one.id])

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
        known = {row.term: row for row in self._alike.terms()}
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

    def _teachers_of_entries(self, module: str) -> Iterator[set[str]]:
        """Yield what teaches each entry level of a module beyond what is held (§3)."""
        for entry in self._material.entries(module, self.held):
            yield set(self._material.teachers_of(entry.competency, entry.level))

    def _needed_by(self, module: str) -> set[str]:
        """Return all that a module requires, and what teaches its entry levels."""
        found = set[str]().union(*self._requisites.get(module, ())) & self._material.known
        for teachers in self._teachers_of_entries(module):
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
        spans = self.base.module_by_id
        over = {name for name, start in starts.items() if start + spans[name].span_terms <= starts[module]}
        for teachers in self._teachers_of_entries(module):
            yield teachers & over

    def catalog(
        self, choice: Collection[str], min_credits: float | None, *, is_loose: bool = False
    ) -> Catalog:
        """Return the catalog with the rows, in which nobody is named who pays.

        `choice` are the modules beside the common ones. Where it `is_loose` no term has least credits or
        modules.

        The budgets of a college are for its plan; what a new qualification costs is the question here.
        """
        least = {"min_credits": None, "min_modules": None} if is_loose else {}
        rows: dict[str, Iterable[Record]] = {
            "programmes": [self.programme.model_copy(update={"min_credits": min_credits})],
            "programme_terms": (row.model_copy(update=least) for row in self._alike.terms()),
            "programme_fixed_hours": self._alike.fixed_loads(),
            "programme_modules": self._programme_modules(choice),
            "baseline": self._baseline(),
            "targets": (
                Target(programme=self.programme.id, occupation=name, share=share)
                for name, share in self.wanted.occupations.items()
            ),
        }
        tables = {name: (*getattr(self.base, name), *added) for name, added in rows.items()}
        return without_payers(self.base).replace(**tables)

    def _programme_modules(self, choice: Collection[str]) -> Iterator[ProgrammeModule]:
        name, alike = self.programme.id, self._alike
        places = [(one, Standing.MANDATORY, alike.terms_of_common(one)) for one in self.common]
        places += [
            (one, Standing.CANDIDATE, alike.last_terms(one)) for one in self._material.leaves if one in choice
        ]
        for module, status, terms in places:
            yield ProgrammeModule(programme=name, module=module, status=status, allowed_terms=terms)

    def _baseline(self) -> Iterator[Baseline]:
        for competency, level in self._alike.brought.items():
            yield Baseline(programme=self.programme.id, competency=competency, level=level, source="estimate")


def without_payers(catalog: Catalog) -> Catalog:
    """Return a catalog of which nobody is named who pays: all new money is `unassigned`, without a limit."""
    return catalog.replace(
        funding_sources=(),
        funding_budgets=(),
        funding_limits=(),
        challenge_links=tuple(row for row in catalog.challenge_links if row.funding_source is None),
        resources=tuple(row.model_copy(update={"source": None}) for row in catalog.resources),
    )
