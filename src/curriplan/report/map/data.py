"""What a map holds: nodes, ties and, by programme, what stands in which column today and in the plan."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curriplan.base import semesters
from curriplan.catalog.records import Catalog, Programme
from curriplan.evaluation.figures import how_sure, today_of
from curriplan.evaluation.planned import planned_modules
from curriplan.plan.figures import ErrRange
from curriplan.plan.plan import Decision, Selection
from curriplan.problem.curriculum import Curriculum
from curriplan.problem.gaps import Levels, ProgrammeGaps
from curriplan.problem.problem import Problem
from curriplan.report.map.layout import ordered
from curriplan.report.map.nodes import Key, Nodes, held

MOST_DRAWN = 300
"""Nodes that are drawn at once; of more, what lies around the chosen one."""
TODAY, PLAN = "today", "plan"


@dataclass(frozen=True)
class MapSource:
    """What a map is drawn of.

    Parameters
    ----------
    problem : Problem
        The catalog, within the limits of the plan where there is one.
    selection : Selection, optional
        The decisions of a plan whose rules hold.
    kept : container of str, optional
        Nodes of the graph (``module:ID``) beyond which nothing is shown.
    chosen : str, optional
        The node that is chosen when the map is opened.
    """

    problem: Problem
    selection: Selection | None = None
    kept: Container[str] | None = None
    chosen: str | None = None

    @property
    def catalog(self) -> Catalog:
        """The catalog that is shown."""
        return self.problem.catalog

    def keeps(self, kind: str, name: str) -> bool:
        """Say whether a node is shown."""
        return self.kept is None or f"{kind}:{name}" in self.kept


@dataclass(frozen=True)
class Shown:
    """A programme as the map shows it: its modules with their terms, its competencies, its occupations."""

    programme: Programme
    gaps: ProgrammeGaps
    today: Mapping[str, int]
    plan: Mapping[str, int] | None
    decisions: Mapping[str, Decision]
    modules: tuple[str, ...]
    competencies: tuple[str, ...]
    occupations: tuple[str, ...]

    @property
    def keys(self) -> Iterator[Key]:
        """The nodes of the programme."""
        yield from (("module", name) for name in self.modules)
        yield from (("competency", name) for name in self.competencies)
        yield from (("occupation", name) for name in self.occupations)


def map_data(source: MapSource, language: str) -> dict[str, Any]:
    """Return nodes, ties and views of a map as plain data, the same for the same catalog and plan.

    ``views`` has one entry a planned programme; of a catalog without programmes one for the whole.
    """
    catalog = source.catalog
    shown = tuple(_shown(source))
    nodes = Nodes(catalog, _keys(source, shown), language)
    when = [TODAY] if source.selection is None else [TODAY, PLAN]
    ranges = _ranges(source) if shown else {}
    views = [_view(one, nodes, when, ranges) for one in shown] or [_whole(catalog, nodes)]
    chosen = None if source.chosen is None else nodes.number.get(_key(source.chosen))
    found = {"most": MOST_DRAWN, "when": when, "chosen": chosen, "views": views, **nodes.to_data()}
    return {**found, "unplanned": _unplanned(source, language)}


def keys_of(source: MapSource) -> frozenset[Key]:
    """Return the nodes that a map holds."""
    return _keys(source, tuple(_shown(source)))


def _keys(source: MapSource, shown: Iterable[Shown]) -> frozenset[Key]:
    of_programmes = frozenset(key for one in shown for key in one.keys)
    return of_programmes or frozenset(_all_keys(source))


def _key(node: str) -> Key:
    kind, _, name = node.partition(":")
    return kind, name


def _all_keys(source: MapSource) -> Iterator[Key]:
    catalog = source.catalog
    for kind, rows in (
        ("module", catalog.modules),
        ("competency", catalog.competencies),
        ("occupation", catalog.occupations),
    ):
        yield from ((kind, row.id) for row in rows if source.keeps(kind, row.id))


def _unplanned(source: MapSource, language: str) -> list[str]:
    """Return the names of the programmes that the map leaves out."""
    planned = {*source.problem.limits.planned}
    rows = source.catalog.programmes
    out = [row for row in rows if row.id not in planned or not source.keeps("programme", row.id)]
    return [held(row.name(language)) for row in out]


def _shown(source: MapSource) -> Iterator[Shown]:
    catalog, problem = source.catalog, source.problem
    rows = () if source.selection is None else planned_modules(problem, source.selection)
    for name in problem.limits.planned:
        if not source.keeps("programme", name):
            continue
        own, gaps = problem.curricula.by_programme[name], problem.gaps[name]
        decisions = {row.module: row.decision for row in rows if row.programme == name}
        plan = {
            row.module: row.term
            for row in rows
            if row.programme == name and row.decision is not Decision.DROPPED
        }
        modules = tuple(one for one in _modules(own, plan) if source.keeps("module", one))
        taught = {row.competency for module in modules for row in catalog.teaching.of(module)}
        competencies = sorted({*gaps.required, *taught})
        targets = sorted(row.occupation for row in catalog.base_targets if row.programme == name)
        yield Shown(
            programme=catalog.programme_by_id[name],
            gaps=gaps,
            today={one.module.id: one.current_term for one in own.current if one.current_term is not None},
            plan=None if source.selection is None else plan,
            decisions=decisions,
            modules=modules,
            competencies=tuple(one for one in competencies if source.keeps("competency", one)),
            occupations=tuple(one for one in targets if source.keeps("occupation", one)),
        )


def _modules(own: Curriculum, plan: Iterable[str]) -> list[str]:
    """Return what a programme teaches today, may take, or takes in the plan."""
    options = (*own.current, *own.open_options)
    return sorted({*(one.module.id for one in options), *plan})


def _ranges(source: MapSource) -> dict[str, Mapping[str | None, ErrRange]]:
    """Return what becomes of each closure if estimates err."""
    found: dict[str, Mapping[str | None, ErrRange]] = {TODAY: today_of(source.problem).sure.programmes}
    if source.selection is not None:
        found[PLAN] = how_sure(source.problem, source.selection).programmes
    return found


def _view(
    one: Shown, nodes: Nodes, when: list[str], ranges: Mapping[str, Mapping[str | None, ErrRange]]
) -> dict[str, Any]:
    programme, terms = one.programme, {TODAY: one.today, PLAN: one.plan or {}}
    levels = {time: _levels(one, nodes.catalog, terms[time]) for time in when}
    modules = {nodes.number["module", name]: name for name in one.modules}
    return {
        "id": programme.id,
        "name": held(programme.name(nodes.words.language)),
        "terms": [
            nodes.words.semester(semesters.of_term(programme.start, term))
            for term in range(1, programme.terms + 1)
        ],
        "states": {
            time: {
                "columns": _columns(one, nodes, terms[time]),
                "credits": _credits(one, nodes, terms[time]),
                "closure": _closure(one, nodes, levels[time], ranges[time]),
            }
            for time in when
        },
        "modules": {
            str(number): {
                **({} if name not in one.today else {TODAY: one.today[name]}),
                **({} if name not in terms[PLAN] else {PLAN: terms[PLAN][name]}),
                **({} if name not in one.decisions else {"decision": one.decisions[name].value}),
            }
            for number, name in modules.items()
        },
        "levels": {
            str(nodes.number["competency", name]): {
                "asked": one.gaps.required.get(name, 0),
                "brought": one.gaps.baseline.get(name, 0),
                **{time: levels[time].get(name, 0) for time in when},
            }
            for name in one.competencies
        },
        "entries": {str(number): _entries(one, nodes, name) for number, name in modules.items()},
        "closes": {str(number): _closes(one, nodes, name) for number, name in modules.items()},
    }


def _levels(one: Shown, catalog: Catalog, taken: Iterable[str]) -> Levels:
    return one.gaps.levels_after(row for module in sorted(taken) for row in catalog.teaching.of(module))


def _closure(one: Shown, nodes: Nodes, levels: Levels, ranges: Mapping[str | None, ErrRange]) -> str | None:
    """Return the closure of the programme with its range, in per cent; None where nothing is missing."""
    share, drawn = one.gaps.closure(levels), ranges.get(one.programme.id)
    if share is None:
        return None
    low, high = (None, None) if drawn is None else (drawn.closure_low, drawn.closure_high)
    return nodes.words.ranged(share, low, high)


def _columns(one: Shown, nodes: Nodes, terms: Mapping[str, int]) -> list[list[int]]:
    """Return competencies, the modules of each term, those of no term, and occupations."""
    by_term = [
        [name for name in one.modules if terms.get(name) == term]
        for term in range(1, one.programme.terms + 1)
    ]
    rest = [name for name in one.modules if name not in terms]
    return ordered(
        [
            nodes.numbers("competency", one.competencies),
            *(nodes.numbers("module", names) for names in (*by_term, rest)),
            nodes.numbers("occupation", one.occupations),
        ],
        _lines(nodes),
    )


def _lines(nodes: Nodes) -> list[tuple[int, int]]:
    ties = [(row[0], row[1]) for row in (*nodes.teaches, *nodes.needs)]
    return ties + [(row[0], other) for row in nodes.requisites for other in row[2]]


def _credits(one: Shown, nodes: Nodes, terms: Mapping[str, int]) -> list[str]:
    """Return the credits of the modules that run in each term, as people read them."""
    found = [0.0] * one.programme.terms
    for name, start in sorted(terms.items()):
        module = nodes.catalog.module_by_id[name]
        for term, weight in enumerate(module.term_weights, start):
            if 1 <= term <= len(found):
                found[term - 1] += (module.credits or 0.0) * weight
    return [nodes.words.number(amount, 2, trimmed=True) for amount in found]


def _entries(one: Shown, nodes: Nodes, module: str) -> list[list[int]]:
    """Return the levels above those that learners bring which a module needs: competency, level."""
    entries = nodes.catalog.teaching.entries(module, one.gaps.baseline)
    known = ((nodes.number.get(("competency", row.competency)), row.level) for row in entries)
    return sorted([number, level] for number, level in known if number is not None)


def _closes(one: Shown, nodes: Nodes, module: str) -> list[list[int]]:
    """Return the missing steps that a module teaches: competency, from, to."""
    found = []
    for row in nodes.catalog.teaching.of(module):
        number = nodes.number.get(("competency", row.competency))
        entry = 0 if row.via else row.row.entry_level
        low = max(entry, one.gaps.baseline.get(row.competency, 0))
        high = min(row.exit_level, one.gaps.required.get(row.competency, 0))
        if number is not None and high > low:
            found.append([number, low, high])
    return sorted(found)


def _whole(catalog: Catalog, nodes: Nodes) -> dict[str, Any]:
    """Return the only view of a catalog without programmes: all that is kept of it, in three columns."""
    columns = [
        nodes.numbers(kind, (name for one, name in nodes.number if one == kind))
        for kind in ("competency", "module", "occupation")
    ]
    state = {"columns": ordered(columns, _lines(nodes)), "credits": [], "closure": None}
    empty: dict[str, Any] = {name: {} for name in ("modules", "levels", "entries", "closes")}
    return {"id": "", "name": catalog.info.id, "terms": [], "states": {TODAY: state}, **empty}
