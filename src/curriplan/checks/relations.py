"""Checks of the ties between competencies."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.checks.checked import Checked
from curriplan.errors import Issue
from curriplan.model import CompetencyRelation, RelationKind
from curriplan.requisites import find_broader_cycles, find_requirement_cycles

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
