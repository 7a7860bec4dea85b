"""Checks of the ties between competencies."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.base.errors import Issue
from curriplan.catalog.records import CompetencyMapping, CompetencyRelation, Match, RelationKind
from curriplan.problem.checks.checked import Checked, Rule, first_names
from curriplan.problem.requisites import find_broader_cycles, find_requirement_cycles

FITTING = {
    RelationKind.BROADER: (),
    RelationKind.REQUIRES: ("source_level", "level"),
    RelationKind.TRANSFERS: ("factor",),
}
"""The columns that each kind of relation reads."""


def relation_columns(checked: Checked) -> Iterator[Issue]:
    """Find relations with a column that their kind lacks, does not read, or that makes them void."""
    for row in checked.catalog.competency_relations:
        if row.kind is RelationKind.TRANSFERS and row.factor is None:
            yield Issue("transfer-without-factor", row.place("factor"), _names(row))
        for name in ("source_level", "level", "factor"):
            value = getattr(row, name)
            values = {**_names(row), "column": name}
            if value is not None and name not in FITTING[row.kind]:
                yield Issue("relation-column-unread", row.place(name), values)
            elif value == 0:
                yield Issue("relation-without-effect", row.place(name), values)


def own_relations(checked: Checked) -> Iterator[Issue]:
    """Find competencies that are tied to themselves."""
    for row in checked.catalog.competency_relations:
        if row.source == row.target:
            yield Issue("relation-to-itself", row.place("target"), _names(row))
    for mapping in checked.catalog.competency_mappings:
        if mapping.source == mapping.target:
            values = {"kind": mapping.match, "source": mapping.source}
            yield Issue("relation-to-itself", mapping.place("target"), values)


def contradicted_mappings(checked: Checked) -> Iterator[Issue]:
    """Find rows that tell two competencies apart which exact mappings make one."""
    equals = checked.catalog.equal_competencies
    rows: tuple[CompetencyRelation | CompetencyMapping, ...] = (
        *checked.catalog.competency_relations,
        *(row for row in checked.catalog.competency_mappings if row.match is not Match.EXACT),
    )
    for row in rows:
        if row.source != row.target and row.target in equals.get(row.source, ()):
            kind = row.match if isinstance(row, CompetencyMapping) else row.kind
            values = {"source": row.source, "target": row.target, "kind": kind}
            yield Issue("mapping-contradicted", row.place("target"), values)


def joined_frameworks(checked: Checked) -> Iterator[Issue]:
    """Find competencies of one framework that exact mappings make one, mostly by mistake."""
    competencies = checked.catalog.competency_by_id
    for ids in sorted({*checked.catalog.equal_competencies.values()}):
        seen: dict[tuple[str, str | None], list[str]] = {}
        for row in (competencies[name] for name in ids if name in competencies):
            if row.framework is not None:
                seen.setdefault((row.framework, row.framework_version), []).append(row.id)
        for (framework, _), names in seen.items():
            if len(names) > 1:
                values = {"framework": framework, "names": first_names(names)}
                yield Issue("mapping-joins-framework", _mapping_of(checked, names[-1]).place(), values)


def _mapping_of(checked: Checked, competency: str) -> CompetencyMapping:
    """Return the first exact mapping of a competency that has one."""
    rows = checked.catalog.competency_mappings
    return next(r for r in rows if r.match is Match.EXACT and competency in (r.source, r.target))


def requirement_cycles(checked: Checked) -> Iterator[Issue]:
    """Find competencies that require each other in a circle."""
    for rows in find_requirement_cycles(checked.catalog):
        values = {
            "cycle": " -> ".join([*(row.source for row in rows), rows[-1].target]),
            "rows": ", ".join(str(row.place()) for row in rows),
        }
        yield Issue("requirement-cycle", rows[0].place("target"), values)


def broader_cycles(checked: Checked) -> Iterator[Issue]:
    """Find competencies that are broader than each other in a circle."""
    for rows in find_broader_cycles(checked.catalog):
        values = {
            "cycle": " -> ".join([*(row.source for row in rows), rows[-1].target]),
            "rows": ", ".join(str(row.place()) for row in rows),
        }
        yield Issue("broader-cycle", rows[0].place("target"), values)


def _names(row: CompetencyRelation) -> dict[str, object]:
    return {"kind": row.kind.value, "source": row.source, "target": row.target}


RULES = (
    Rule(relation_columns),
    Rule(own_relations),
    Rule(contradicted_mappings),
    Rule(joined_frameworks),
    Rule(requirement_cycles, ("competency_relations",)),
    Rule(broader_cycles),
)
