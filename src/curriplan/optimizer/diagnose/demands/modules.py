"""Which modules a programme takes, when, and after what: §1 and §3 to §5."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from curriplan.catalog.records import ProgrammeModule, Record, Standing
from curriplan.optimizer.diagnose.demands.case import Case, Meaning, demand_of, programme_of, subject_of
from curriplan.optimizer.diagnose.levers import Edits, Lever, Rank, one_choice, rows_out
from curriplan.optimizer.model.variables import Entity
from curriplan.plan.plan import Selection
from curriplan.problem.edits import edit_of


def _standing_row(case: Case, entity: Entity) -> ProgrammeModule:
    row = case.known("programme_modules", programme_of(entity), subject_of(entity))
    assert isinstance(row, ProgrammeModule)
    return row


def mandatory(case: Case, entity: Entity) -> Meaning:
    """§1: the programme must take the module."""
    row = _standing_row(case, entity)
    optional = Standing.CANDIDATE if row.current_term is None else Standing.EXISTING
    demand = demand_of(entity, row.place("status"), module=row.module)
    return Meaning(demand, (one_choice(row, "status", optional),))


def forbidden(case: Case, entity: Entity) -> Meaning:
    """§1: the programme may not take the module."""
    row = _standing_row(case, entity)
    lever = one_choice(row, "status", Standing.CANDIDATE)
    return Meaning(demand_of(entity, row.place("status"), module=row.module), (lever,))


def allowed_terms(case: Case, entity: Entity) -> Meaning:
    """§1: the module may start in some terms only."""
    row = _standing_row(case, entity)
    column = "allowed_terms" if row.pinned_term is None else "pinned_term"

    terms = row.allowed_terms if row.pinned_term is None else (row.pinned_term,)

    def far(term: int) -> tuple[int, int]:
        return (min((abs(term - one) for one in terms), default=0), term)

    def choices(selection: Selection) -> Iterator[Edits]:
        for start in selection.starts:
            if (start.programme, start.module) == (row.programme, row.module):
                last = case.programmes[row.programme].programme.terms
                others = sorted({*range(1, last + 1)}.difference(terms), key=far)
                # Nearer terms are tried first; the one that a plan takes is sure to do.
                for term in others[: others.index(start.term) + 1] if start.term in others else ():
                    yield _moved_start(row, term)

    lever = Lever((row.table, row.key_values(), column), Rank.LIMIT, choices=choices)
    return Meaning(demand_of(entity, row.place(column), module=row.module, terms=terms), (lever,))


def _moved_start(row: ProgrammeModule, term: int) -> Edits:
    """Return the edits that let a module start in another term too, or pin it to that one."""
    terms = tuple(sorted({*row.allowed_terms, term}))
    wider = edit_of(row, "allowed_terms", terms)
    if row.pinned_term is None:
        return (wider,)
    pinned = edit_of(row, "pinned_term", term)
    return (pinned, wider) if row.allowed_terms and terms != row.allowed_terms else (pinned,)


def entry_levels(case: Case, entity: Entity) -> Meaning:
    """§3: the module needs a level before it starts."""
    module, _, competency = subject_of(entity).partition(":")
    baseline = case.programmes[programme_of(entity)].gaps.baseline
    entries = [
        entry
        for entry in case.catalog.teaching.entries(module, baseline)
        if competency in ("", entry.competency)
    ]
    entry = entries[0]
    row: Record = entry.row if entry.via is None else entry.via
    column = "entry_level" if entry.via is None else "level"
    held = baseline.get(entry.competency, 0)

    def choices(_selection: Selection) -> Iterator[Edits]:
        for level in range(entry.level - 1, max(held, 1) - 1, -1):
            yield (edit_of(row, column, level),)
        yield (edit_of(row, column, 0) if entry.via is None else edit_of(row, None),)

    lever = Lever((row.table, row.key_values(), column), Rank.CONTENT, choices=choices)
    demand = demand_of(
        entity,
        row.place(column),
        limit=float(entry.level),
        unit="level",
        module=module,
        competency=entry.competency,
    )
    return Meaning(demand, (lever,))


def requisites(case: Case, entity: Entity) -> Meaning:
    """§4: the module needs one of some others before it, by then, or in the same term."""
    module, _, names = subject_of(entity).partition(":")
    kind = entity.aspect.removesuffix("s")
    groups = [rows for rows in case.requisite_rows[module] if rows[0].kind.value == kind]
    fitting = [rows for rows in groups if names in ("", "|".join(row.requires for row in rows))]
    rows = fitting[0]
    places = [row.place("requires") for row in rows]
    modules = tuple(row.requires for row in rows)
    return Meaning(demand_of(entity, *places, module=module, modules=modules), (rows_out(rows),))


def exclusive_groups(case: Case, entity: Entity) -> Meaning:
    """§5: at most one module of the group."""
    group, programme = subject_of(entity), case.programmes[programme_of(entity)]
    rows = [o.module for o in programme.options if o.module.exclusive_group == group]

    def choices(selection: Selection) -> Iterator[Edits]:
        taken = {s.module for s in selection.starts if s.programme == programme.id}
        both = [row for row in rows if row.id in taken]
        for some in combinations(both, max(0, len(both) - 1)):
            yield tuple(edit_of(row, "exclusive_group", None) for row in some)

    places = [row.place("exclusive_group") for row in rows]
    demand = demand_of(entity, *places, modules=tuple(row.id for row in rows), group=group)
    return Meaning(demand, (Lever(("modules", group), Rank.CONTENT, choices=choices),))
