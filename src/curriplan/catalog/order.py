"""The order of a college's own plan as data: rows of ``module_requisites`` and ``allowed_terms``.

Of what is taught today, the outcomes of one module follow each other, a practice and an attestation do not
come before the professional modules that they follow, and professional modules not before the terms in
which they are taught. A planner frees an order by deleting its rows, or its terms.
"""

from __future__ import annotations

from itertools import permutations

from curriplan.catalog.records import (
    Catalog,
    Module,
    ModuleRequisite,
    ProgrammeModule,
    RequisiteKind,
    Section,
)

FOLLOWING = (Section.PRACTICE, Section.ATTESTATION)
"""Sections whose modules follow the professional ones."""
Pair = tuple[str, str]
"""A module, and one that it does not start before."""


def with_college_order(catalog: Catalog) -> Catalog:
    """Return a catalog with the order of its existing curricula; what it says already stays."""
    said = {frozenset((row.module, row.requires)) for row in catalog.module_requisites}
    rows = tuple(
        ModuleRequisite(module=module, requires=other, kind=RequisiteKind.ORDER)
        for module, other in _pairs(catalog)
        if frozenset((module, other)) not in said
    )
    return catalog.replace(
        module_requisites=(*catalog.module_requisites, *rows),
        programme_modules=tuple(_not_before(catalog, row) for row in catalog.programme_modules),
    )


def without_college_order(catalog: Catalog) -> Catalog:
    """Return a catalog without the rows of order, and without the terms that `with_college_order` writes."""
    bare = tuple(
        row.model_copy(update={"allowed_terms": ()}) if row.allowed_terms == _terms(catalog, row) else row
        for row in catalog.programme_modules
    )
    return catalog.replace(module_requisites=catalog.required_rows, programme_modules=bare)


def unsaid_order(catalog: Catalog) -> tuple[Pair, ...]:
    """Return what follows what today and may be turned round, where no row of the catalog is of an order.

    Where there are such rows somebody has thought of it: what they leave out is free. A row that names a
    module that there is none of may be the one that would say it.
    """
    rows, known = catalog.module_requisites, catalog.module_by_id
    has_order = len(catalog.required_rows) < len(rows)
    if has_order or any(row.module not in known or row.requires not in known for row in rows):
        return ()
    said = {frozenset((row.module, row.requires)) for row in rows}
    pairs = (pair for pair in _pairs(catalog) if frozenset(pair) not in said)
    return tuple(
        pair for pair in pairs if any(_may_turn(catalog, pair, one.id) for one in catalog.programmes)
    )


def _may_turn(catalog: Catalog, pair: Pair, programme: str) -> bool:
    """Say whether the first of a pair may start before the second in a programme."""
    terms = [
        _possible_terms(catalog, row)
        for name in pair
        for row in catalog.programme_modules
        if (row.programme, row.module) == (programme, name)
    ]
    return len(terms) == len(pair) and min(terms[0]) < max(terms[1])


def _possible_terms(catalog: Catalog, row: ProgrammeModule) -> tuple[int, ...]:
    programme = catalog.programme_by_id.get(row.programme)
    if row.pinned_term is not None:
        return (row.pinned_term,)
    return row.allowed_terms or tuple(range(1, 1 + (programme.terms if programme is not None else 1)))


def _pairs(catalog: Catalog) -> list[Pair]:
    """Return what follows what in each programme that teaches both today, and in none the other way round."""
    follows: set[Pair] = set()
    against: set[Pair] = set()
    for programme in catalog.programmes:
        rows = [row for row in catalog.programme_modules if row.programme == programme.id]
        current = [(row, catalog.module_by_id[row.module]) for row in rows if _is_known(catalog, row)]
        for (row, module), (other, required) in permutations(current, 2):
            if _starts(other) >= _starts(row):
                against.add((row.module, other.module))
            elif _belongs_after(module, required):
                follows.add((row.module, other.module))
    return sorted(follows - against)


def _is_known(catalog: Catalog, row: ProgrammeModule) -> bool:
    return row.current_term is not None and row.module in catalog.module_by_id


def _starts(row: ProgrammeModule) -> tuple[int, float]:
    """Return the place of a module in today's curriculum; without a position it stands last in its term."""
    position = float("inf") if row.position is None else row.position
    return row.current_term or 0, position


def _belongs_after(module: Module, required: Module) -> bool:
    """Say whether one module of a curriculum belongs after another that stands before it."""
    if module.section in FOLLOWING:
        apart = module.parent is not None and module.parent != required.parent
        return required.section is Section.PROFESSIONAL and not apart
    return module.parent is not None and module.parent == required.parent


def _not_before(catalog: Catalog, row: ProgrammeModule) -> ProgrammeModule:
    """Return the row of a professional module with the terms from today's on; other terms stay as said."""
    terms = _terms(catalog, row)
    if not terms or row.allowed_terms or row.pinned_term is not None:
        return row
    return row.model_copy(update={"allowed_terms": terms})


def _terms(catalog: Catalog, row: ProgrammeModule) -> tuple[int, ...]:
    """Return the terms of a professional module from today's on; nothing where these are all terms."""
    programme = catalog.programme_by_id.get(row.programme)
    module = catalog.module_by_id.get(row.module)
    if programme is None or module is None or row.current_term is None or row.current_term <= 1:
        return ()
    if module.section is not Section.PROFESSIONAL:
        return ()
    return tuple(range(row.current_term, programme.terms - module.span_terms + 2))
