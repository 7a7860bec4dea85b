"""What each demand asks, where the catalog says so, and what could give way.

An aspect whose limit is a number says so in its declaration (`curriplan.problem.aspects`): `limit`
serves it as it is, with what its rows are worth in `RATES`. Here are the words' values of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from curriplan.base import semesters
from curriplan.catalog.records import FundingBudget, ProgrammeModule, Record, ResourceCapacity, Standing
from curriplan.evaluation.result import Evaluation
from curriplan.optimizer.diagnose.case import Case, Meaning, demand_of, programme_of, subject_of
from curriplan.optimizer.diagnose.levers import Lever, number_lever, one_choice, rows_out
from curriplan.optimizer.model.variables import Entity
from curriplan.optimizer.rules.parts import KZT_SCALE
from curriplan.plan.plan import Selection
from curriplan.problem.aspects import ASPECTS, InTable, Rank
from curriplan.problem.edits import SETTINGS, Edit, added_row, edit_of
from curriplan.problem.limits import sources_kzt
from curriplan.problem.origins import About, Edits, Located, in_row, locate

BUDGET = InTable("funding_budgets", "budget_kzt")


def meaning_of(case: Case, entity: Entity) -> Meaning:
    """Say what a demand asks and what could give way."""
    return MEANINGS.get(entity.aspect, limit)(case, entity)


def limit(case: Case, entity: Entity) -> Meaning:
    """Say what an aspect asks whose limit is a number: of a setting, of a norm, or of a cell."""
    at = located(case, entity)
    assert at is not None, entity
    lever = number_lever(entity, at, **_moves(case, entity))
    return Meaning(demand_of(entity, *at.places, limit=at.value, unit=at.unit, **about(entity)), (lever,))


def located(case: Case, entity: Entity) -> Located | None:
    """Return where the limit of a demand stands, None where it is no single number."""
    whose = (entity.programme, entity.subject, entity.semester)
    return locate(About(case.catalog, case.limits, entity.aspect, *whose))


def about(entity: Entity) -> dict[str, Any]:
    """Return the parts of the subject of a demand by the names that its words have for them."""
    subject = ASPECTS[entity.aspect].subject
    if subject is None or entity.subject is None:
        return {}
    found = zip(subject.split(":"), entity.subject.split(":"), strict=False)
    return {name: int(part) if name in ("term", "year") else part for name, part in found}


def _moves(case: Case, entity: Entity) -> dict[str, Any]:
    """Return what one unit of the number is worth in the rows, or how the value of a plan is read."""
    aspect = entity.aspect
    if aspect in ("practice_share", "dual_share"):
        return {"reached": _least_share(aspect)}
    if not ASPECTS[aspect].is_linear:
        return {"rate": None}
    return {"rate": RATES[aspect](case, entity)} if aspect in RATES else {}


def _least_share(aspect: str) -> Callable[[Evaluation], float]:
    """Return what reads the least share of an aspect that all programmes of a plan have."""

    def reached(evaluation: Evaluation) -> float:
        return min((c.actual for c in evaluation.checks if c.aspect == aspect), default=1.0)

    return reached


def _weeks(case: Case, entity: Entity) -> float:
    return case.own.weeks(case.programmes[programme_of(entity)], int(subject_of(entity))) or 0.0


def _current_hours(case: Case, entity: Entity) -> float:
    return sum(one.module.total_hours for one in case.programmes[programme_of(entity)].curriculum.current)


def _kzt(_case: Case, _entity: Entity) -> float:
    return 1 / KZT_SCALE


RATES: Mapping[str, Callable[[Case, Entity], float]] = {
    "weekly_hours": _weeks,
    "weekly_hours_all": _weeks,
    "change_share": _current_hours,
    "budget": _kzt,
    "source_budget": _kzt,
    "equity": lambda case, entity: case.limits.closure_alone[programme_of(entity)],
}
"""By how much the rows of a demand give way with one unit of its limit, where that is not 1."""


def _standing_row(case: Case, entity: Entity) -> ProgrammeModule:
    row = case.known("programme_modules", programme_of(entity), subject_of(entity))
    assert isinstance(row, ProgrammeModule)
    return row


def mandatory(case: Case, entity: Entity) -> Meaning:
    """§1: the programme must take the module."""
    row = _standing_row(case, entity)
    optional = Standing.CANDIDATE if row.current_term is None else Standing.EXISTING
    demand = demand_of(entity, row.place("status"), module=row.module)
    return Meaning(demand, (one_choice(row, "status", optional, Rank.STANDING),))


def forbidden(case: Case, entity: Entity) -> Meaning:
    """§1: the programme may not take the module."""
    row = _standing_row(case, entity)
    lever = one_choice(row, "status", Standing.CANDIDATE, Rank.STANDING)
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


def sites(case: Case, entity: Entity) -> Meaning:
    """§9: the module needs a kind of resource that there is none of."""
    module = subject_of(entity)
    rows = [
        row
        for row in case.catalog.module_resources
        if row.module == module and row.resource_kind not in case.problem.capacity.sites
    ]
    places = [row.place("resource_kind") for row in rows]
    kinds = ", ".join(dict.fromkeys(row.resource_kind for row in rows))
    return Meaning(demand_of(entity, *places, module=module, kind=kinds), (rows_out(rows),))


def resource_hours(case: Case, entity: Entity) -> Meaning:
    """§9: the free hours of a resource in a calendar semester: what its row has, less what is promised."""
    resource, semester = subject_of(entity), str(entity.semester)
    at = located(case, entity)
    places = at.places if at is not None else ()
    if at is None:  # hours in a semester that no row covers
        places = tuple(row.place() for row in case.catalog.resource_capacity if row.resource == resource)
        at = _missing(ResourceCapacity(resource=resource, semester=semester, hours=0.0), "hours")
    free = case.problem.capacity.free_hours[resource, semester]
    demand = demand_of(entity, *places, limit=free, unit=at.unit, resource=resource)
    return Meaning(demand, (number_lever(entity, at),))


def budget(case: Case, entity: Entity) -> Meaning:
    """§10: the cap on all new money: that of this run, or the budgets of all sources together."""
    cap, rows = case.limits.budget_kzt, case.catalog.funding_budgets
    assert cap is not None
    at, total = located(case, entity), sources_kzt(case.catalog)
    if at is None:
        cells = [one for row in rows if (one := in_row(case.catalog, BUDGET, row)) is not None]
        places = [place for one in cells for place in one.places]
        levers = tuple(number_lever(entity, one, rate=1 / KZT_SCALE) for one in cells)
        return Meaning(demand_of(entity, *places, limit=float(cap), unit="KZT"), levers)
    lever = number_lever(entity, at, rate=1 / KZT_SCALE)
    assert lever.number is not None

    def edits(value: float) -> Edits:
        if total is None or value <= total:
            return at.edits(value)
        # More than all sources have together: one of them must give more as well.
        return (*at.edits(value), edit_of(rows[0], "budget_kzt", rows[0].budget_kzt + int(value) - total))

    lever = replace(lever, number=replace(lever.number, edits=edits))
    return Meaning(demand_of(entity, limit=at.value, unit=at.unit), (lever,))


def source_budget(case: Case, entity: Entity) -> Meaning:
    """§10: what a source has in a year, or in any year; nothing in a year without a row."""
    if located(case, entity) is not None:
        return limit(case, entity)
    values = about(entity)
    source, year = values["source"], values["year"]
    rows = [one for one in case.catalog.funding_budgets if one.source == source]
    values["years"] = tuple(str(one.year) for one in rows)
    places = [one.place("year") for one in rows]
    at = _missing(FundingBudget(source=source, year=year, budget_kzt=0), "budget_kzt")
    lever = number_lever(entity, at, rate=1 / KZT_SCALE)
    assert lever.number is not None
    rates = dict(lever.number.rates)
    cap = Entity(entity.rule, "budget")
    if case.limits.budget_kzt is not None and located(case, cap) is None:  # the budgets are the cap
        rates[cap] = 1 / KZT_SCALE
    scale = float(max(row.budget_kzt for row in rows))
    missing = replace(lever, number=replace(lever.number, rates=rates, scale=scale))
    levers = (missing, *(_other_year(case, one, rows) for one in rows))
    return Meaning(demand_of(entity, *places, limit=0.0, unit="KZT", **values), levers)


@dataclass(frozen=True)
class _Missing(Located):
    """A number in a row that is not there yet."""

    def edits(self, value: float) -> Edits:
        """Return the edit that puts the row in, with the number."""
        assert self.row is not None
        number = int(value) if isinstance(self.was, int) else value
        return (added_row(type(self.row)(**{**self.row.model_dump(by_alias=True), self.column: number})),)


def _missing(row: Record, column: str) -> Located:
    """Return the number that a row would have, of which there is none."""
    unit = str(type(row).column_info(column)["unit"])
    return _Missing(InTable(row.table, column), getattr(row, column), 0.0, unit, row)


def _other_year(case: Case, row: FundingBudget, rows: Sequence[FundingBudget]) -> Lever:
    """Return the lever that moves a budget to a year without one, or frees it of its year."""
    taken = {one.year for one in rows}

    def choices(_selection: Selection) -> Iterator[Edits]:
        for year in case.problem.money.years:
            if year not in taken:
                yield (edit_of(row, "year", year),)
        yield (edit_of(row, "year", None),)

    return Lever((row.table, row.key_values(), "year"), Rank.LIMIT, choices=choices)


def floor(case: Case, entity: Entity) -> Meaning:
    """§11: a level that the programme must reach."""
    competency, programme = subject_of(entity), programme_of(entity)
    rows = [row for row in case.catalog.floors_of(programme) if row.competency == competency]
    row = max(rows, key=lambda one: one.level)

    def choices(_selection: Selection) -> Iterator[Edits]:
        for level in range(row.level - 1, 0, -1):
            yield (edit_of(row, "level", level),)
        yield (edit_of(row, None),)

    lever = Lever((row.table, row.key_values(), "level"), Rank.LIMIT, choices=choices)
    demand = demand_of(
        entity, row.place("level"), limit=float(row.level), unit="level", competency=competency
    )
    return Meaning(demand, (lever,))


def labour_functions(case: Case, entity: Entity) -> Meaning:
    """§15: a module that serves the labour function."""
    name = subject_of(entity)
    row = case.known("labour_functions", name)
    return Meaning(demand_of(entity, row.place(), function=name), (one_choice(row, "occupation", None),))


def taught_terms(case: Case, entity: Entity) -> Meaning:
    """§12: terms already taught stay as the earlier plan has them."""
    last = case.settings.taught_until
    assert last is not None
    first = min(row.start for row in case.catalog.programmes)

    def choices(_selection: Selection) -> Iterator[Edits]:
        semester = semesters.advance(last, -1)
        while semester >= first:
            yield (_until(semester, last),)
            semester = semesters.advance(semester, -1)
        yield (_until(None, last),)

    lever = Lever(("settings", "taught_until"), Rank.SETTING, choices=choices)
    return Meaning(demand_of(entity, last=last, **_about(case, entity)), (lever,))


def _until(semester: str | None, was: str) -> Edit:
    return Edit(SETTINGS, (), "taught_until", semester, was)


def _about(case: Case, entity: Entity) -> dict[str, Any]:
    """Return the subject as a term or as a module, whichever it is."""
    subject = subject_of(entity)
    if subject in case.catalog.module_by_id:
        return {"module": subject}
    return {"term": int(subject)} if subject.isdigit() else {}


def review(case: Case, entity: Entity) -> Meaning:
    """§12: what a reviewer decided on a module."""
    key = (programme_of(entity), subject_of(entity))
    decision = next(one for one in case.settings.review if one.key == key)
    lifted = Edit(SETTINGS, key, "review", was=decision.choice.value, place=decision.place)
    lever = Lever(("settings", "review", *key), Rank.SETTING, choices=lambda _selection: ((lifted,),))
    places = [decision.place] if decision.place is not None else []
    return Meaning(demand_of(entity, *places, module=decision.module, term=decision.term), (lever,))


MEANINGS: Mapping[str, Callable[[Case, Entity], Meaning]] = {
    "mandatory_modules": mandatory,
    "forbidden_modules": forbidden,
    "allowed_terms": allowed_terms,
    "entry_levels": entry_levels,
    "prerequisites": requisites,
    "corequisites": requisites,
    "strict_corequisites": requisites,
    "orders": requisites,
    "exclusive_groups": exclusive_groups,
    "sites": sites,
    "resource_hours": resource_hours,
    "budget": budget,
    "source_budget": source_budget,
    "floor": floor,
    "taught_terms": taught_terms,
    "review_starts": review,
    "review_absent": review,
    "labour_functions": labour_functions,
}
"""What a demand says of each aspect that is more than a number; `limit` serves the others."""
