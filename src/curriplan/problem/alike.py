"""Programmes like a new one, and what it takes over of them; see *Design* in ``docs/formulation.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from curriplan.catalog.records import (
    Catalog,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Section,
)

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


class AlikeProgrammes:
    """The programmes that a new one is like.

    Parameters
    ----------
    catalog : Catalog
        The college, without the new programme.
    """

    def __init__(self, catalog: Catalog, wanted: Wanted) -> None:
        self.base = catalog
        self.wanted = wanted
        self.programme = wanted.programme
        self.rows: dict[str, list[ProgrammeModule]] = {row.id: [] for row in catalog.programmes}
        """The modules of each programme of the college."""
        for row in catalog.programme_modules:
            self.rows.setdefault(row.programme, []).append(row)

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
    def taught(self) -> tuple[frozenset[str], ...]:
        """The modules that each model teaches today."""
        return tuple(
            frozenset(row.module for row in self.rows[model.id] if row.current_term is not None)
            for model in self.models
        )

    @cached_property
    def common(self) -> tuple[str, ...]:
        """General and basic modules that every model teaches today, in catalog order."""
        shared = frozenset.intersection(*self.taught) if self.taught else frozenset()
        return tuple(
            row.id for row in self.base.modules if row.id in shared and row.section in COMMON_SECTIONS
        )

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

    def terms_of_common(self, module: str) -> tuple[int, ...]:
        """Return the terms in which the models teach a common module, from the first to the last."""
        found = {
            row.current_term
            for model in self.models
            for row in self.rows[model.id]
            if row.module == module and row.current_term is not None
        }
        last = self.programme.terms - self.base.module_by_id[module].span_terms + 1
        return tuple(range(min(found), min(max(found), last) + 1))

    def last_terms(self, module: str) -> tuple[int, ...]:
        """Return the terms of a practice (or attestation): not nearer to the beginning than in its kin."""
        row = self.base.module_by_id[module]
        if row.section not in OWN_SECTIONS:
            return ()
        left = [
            one.terms - found.current_term
            for one in self.kin
            for found in self.rows[one.id]
            if found.module == module and found.current_term is not None
        ]
        last = self.programme.terms
        first = max(1, last - max(left, default=last))
        latest = last - row.span_terms + 1
        return tuple(range(min(first, latest), latest + 1))

    def terms(self) -> Iterator[ProgrammeTerm]:
        """Yield the terms as those of the nearest model; its last term stays the last."""
        model, own = self.nearest, self.programme
        known = {row.term: row for row in self.base.programme_terms if model and row.programme == model.id}
        if not known or model is None:
            return
        for term in range(1, own.terms + 1):
            like = model.terms if term == own.terms else min(term, max(1, model.terms - 1))
            if like in known:
                yield known[like].model_copy(update={"programme": own.id, "term": term})

    def fixed_loads(self) -> Iterator[ProgrammeFixedLoad]:
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


def _bare(row: ProgrammeFixedLoad) -> tuple[object, ...]:
    return tuple(value for key, value in sorted(row.model_dump().items()) if key != "programme")
