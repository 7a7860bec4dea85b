"""What each programme may take, and what it teaches today: the sets of ``docs/formulation.md``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from curriplan.catalog.records import (
    Catalog,
    Module,
    Programme,
    ProgrammeModule,
    RequisiteKind,
    Standing,
    requisite_groups,
)
from curriplan.problem.candidates import Candidates


@dataclass(frozen=True)
class Option:
    """A module that a programme may take, or teaches today.

    Parameters
    ----------
    starts : tuple of int
        Terms in which it may start; empty for a forbidden module.
    current_term : int or None
        The term in which it is taught today.
    """

    programme: str
    module: Module
    standing: Standing
    starts: tuple[int, ...]
    current_term: int | None = None
    position: int | None = None

    @property
    def span(self) -> int:
        """S(m): how many terms it lasts."""
        return self.module.span_terms

    def runs(self, start: int) -> Iterator[tuple[int, float]]:
        """Yield each term in which it runs when started in `start`, with the part of its load."""
        yield from enumerate(self.module.term_weights, start)

    @property
    def key(self) -> tuple[str, str]:
        """Programme and module id."""
        return (self.programme, self.module.id)

    def may_lean_on(self, other: Option, term: int) -> bool:
        """Say whether §3 and §4 let this module lean on `other` of the same term.

        Both must be taught in `term` today, the other at an earlier position.
        """
        return (
            self.current_term == other.current_term == term
            and self.position is not None
            and other.position is not None
            and other.position < self.position
        )


@dataclass(frozen=True)
class Curriculum:
    """The options of one programme, by module id in catalog order."""

    programme: Programme
    options: dict[str, Option]

    @property
    def open_options(self) -> tuple[Option, ...]:
        """Options that a plan may take: M(p)."""
        return tuple(item for item in self.options.values() if item.standing is not Standing.FORBIDDEN)

    @property
    def current(self) -> tuple[Option, ...]:
        """Options of the existing curriculum, forbidden ones included."""
        return tuple(item for item in self.options.values() if item.current_term is not None)


@dataclass(frozen=True)
class Requisite:
    """What a module depends on: one of several modules suffices."""

    kind: RequisiteKind
    alternatives: tuple[str, ...]


class Curricula:
    """The curricula of all programmes of a catalog, and what follows from them together.

    Parameters
    ----------
    with_others : bool
        Whether programmes without rows may take what teaches steps of other occupations, see
        `Candidates`.
    """

    def __init__(self, catalog: Catalog, *, with_others: bool = False) -> None:
        self.catalog = catalog
        self.with_others = with_others
        candidates = Candidates(catalog, with_others=with_others)
        rows: dict[str, list[ProgrammeModule]] = {}
        for row in catalog.programme_modules:
            rows.setdefault(row.programme, []).append(row)
        self.by_programme = {
            programme.id: _curriculum(catalog, programme, rows[programme.id])
            if programme.id in rows
            else _open_curriculum(catalog, programme, candidates.of(programme.id))
            for programme in catalog.programmes
        }

    @cached_property
    def running(self) -> frozenset[str]:
        """Modules whose set-up costs nothing: already open, or current in some programme."""
        already_open = (row.id for row in self.catalog.modules if row.already_open)
        current = (item.module.id for one in self.by_programme.values() for item in one.current)
        return frozenset((*already_open, *current))

    @cached_property
    def requisites(self) -> dict[str, tuple[Requisite, ...]]:
        """Requisites by module id (§4), rows that share ``any_of`` taken together."""
        return {
            module: tuple(Requisite(rows[0].kind, tuple(row.requires for row in rows)) for rows in groups)
            for module, groups in requisite_groups(self.catalog.module_requisites).items()
        }

    def requisites_of(self, module: str, kind: RequisiteKind) -> tuple[tuple[str, ...], ...]:
        """Return the alternatives of each requisite of one kind that a module has."""
        return tuple(one.alternatives for one in self.requisites.get(module, ()) if one.kind is kind)

    def options(self) -> Iterator[Option]:
        """Yield every option of every programme."""
        for one in self.by_programme.values():
            yield from one.options.values()


def _open_curriculum(catalog: Catalog, programme: Programme, candidates: frozenset[str]) -> Curriculum:
    """Return the curriculum of a programme without rows: its candidates, in any term."""
    every_term = tuple(range(1, programme.terms + 1))
    return Curriculum(
        programme,
        {
            m.id: Option(programme.id, m, Standing.CANDIDATE, _fitting(m, every_term, programme))
            for m in catalog.modules
            if m.id in candidates
        },
    )


def _curriculum(catalog: Catalog, programme: Programme, rows: list[ProgrammeModule]) -> Curriculum:
    every_term = tuple(range(1, programme.terms + 1))
    options = {}
    for row in rows:
        module = catalog.module_by_id.get(row.module)
        if module is None or module.id in catalog.header_ids:
            continue
        options[module.id] = Option(
            programme.id,
            module,
            _standing(row),
            _fitting(module, _wanted_terms(row, every_term), programme),
            row.current_term,
            row.position,
        )
    return Curriculum(programme, options)


def _standing(row: ProgrammeModule) -> Standing:
    """Return the standing; an existing module that is taught in no term is a mere candidate."""
    if row.status is Standing.EXISTING and row.current_term is None:
        return Standing.CANDIDATE
    return row.status


def _wanted_terms(row: ProgrammeModule, every_term: tuple[int, ...]) -> tuple[int, ...]:
    if row.status is Standing.FORBIDDEN:
        return ()
    return (row.pinned_term,) if row.pinned_term is not None else row.allowed_terms or every_term


def _fitting(module: Module, wanted: tuple[int, ...], programme: Programme) -> tuple[int, ...]:
    """Return the terms from which the module ends within the programme."""
    last = programme.terms - module.span_terms + 1
    return tuple(sorted({term for term in wanted if 1 <= term <= last}))
