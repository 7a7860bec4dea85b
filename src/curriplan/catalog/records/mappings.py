"""Competencies of several frameworks that are one ability (``docs/formulation.md``, *Sets and words*)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from curriplan.catalog.records.competencies import CompetencyMapping, CompetencyRelation
from curriplan.catalog.records.modules import ModuleOutcome
from curriplan.catalog.records.values import Match, RelationKind

Equals = Mapping[str, tuple[str, ...]]
"""All ids of an ability, by each of them; an id that is alone may be missing."""


def equal_competencies(mappings: Iterable[CompetencyMapping]) -> dict[str, tuple[str, ...]]:
    """Return the ids that exact mappings make one, directly or through others, by each id."""
    found: dict[str, tuple[str, ...]] = {}
    for row in mappings:
        if row.match is Match.EXACT:
            ids = {*found.get(row.source, (row.source,)), *found.get(row.target, (row.target,))}
            found |= dict.fromkeys(ids, tuple(sorted(ids)))
    return {name: ids for name, ids in found.items() if len(ids) > 1}


def with_equal_outcomes(rows: tuple[ModuleOutcome, ...], equals: Equals) -> tuple[ModuleOutcome, ...]:
    """Return the rows of a module, each also as a row of every competency that is the same.

    Where a module has rows of several competencies that are one, the highest entry and exit level count.
    """
    own = {row.competency: row for row in rows}
    names = {name for competency in own for name in equals.get(competency, (competency,))}
    if names.isdisjoint(equals):
        return rows
    same = {name: [own[one] for one in equals.get(name, (name,)) if one in own] for name in sorted(names)}
    return tuple(_joined(name, found) for name, found in same.items())


def _joined(competency: str, rows: list[ModuleOutcome]) -> ModuleOutcome:
    best = max(rows, key=lambda row: (row.exit_level, row.competency == competency))
    entry = max(row.entry_level for row in rows)
    return best.model_copy(update={"competency": competency, "entry_level": entry})


def with_equal_targets(
    relations: Iterable[CompetencyRelation], equals: Equals
) -> tuple[CompetencyRelation, ...]:
    """Return the relations, each transfer also to every competency that is the same as its target."""
    return tuple(
        row if name == row.target else row.model_copy(update={"target": name})
        for row in relations
        for name in (equals.get(row.target, (row.target,)) if _carries(row) else (row.target,))
    )


def _carries(row: CompetencyRelation) -> bool:
    return row.kind is RelationKind.TRANSFERS
