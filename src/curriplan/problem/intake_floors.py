"""Floors (§11) of a catalog with running intakes: what came after an intake began is not asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from curriplan.catalog.records import Catalog, Floor, Programme


def floors_with_intakes(
    floors: Sequence[Floor], programmes: Sequence[Programme], before: Catalog | None
) -> tuple[Floor, ...]:
    """Return the floors with rows for running intakes.

    A running intake is asked the lesser of what the floors of its programme ask now and of what `before`,
    the catalog of the plan in force, asked of it; without `before` all that they ask now, but for rows
    that say `since` and begin after it. Its own rows stay. A row that names nobody becomes one for each
    programme where it would ask more of an intake.
    """
    known = {row.id for row in programmes}
    rows: dict[str, dict[str | None, Floor]] = {}
    for row in floors:
        if row.programme is None or row.programme in known:
            rows.setdefault(row.competency, {})[row.programme] = row
    return tuple(one for name in sorted(rows) for one in _of_competency(rows[name], programmes, before))


def _of_competency(
    rows: dict[str | None, Floor], programmes: Sequence[Programme], before: Catalog | None
) -> Iterator[Floor]:
    every = rows.pop(None, None)
    open_intakes = [row for row in programmes if row.intake_of is not None and row.id not in rows]
    asked = {row.id: _asked(row, [every, rows.get(row.intake_of)], before) for row in open_intakes}
    if every is not None and any(every.binds(row) and every.level > asked[row.id][0] for row in open_intakes):
        for row in programmes:
            if row.intake_of is None and (row.id not in rows or rows[row.id].level < every.level):
                rows[row.id] = every.model_copy(update={"programme": row.id})
        every = None
    for row in open_intakes:
        level, source = asked[row.id]
        bound = every.level if every is not None and every.binds(row) else 0
        if source is not None and level > bound:
            update = {"programme": row.id, "level": level, "since": None, "origin": None}
            rows[row.id] = source.model_copy(update=update)
    if every is not None:
        yield every
    yield from rows.values()


def _asked(
    intake: Programme, floors: Sequence[Floor | None], before: Catalog | None
) -> tuple[int, Floor | None]:
    """Return the level that is asked of a running intake, and the row that asks it."""
    rows = [row for row in floors if row is not None]
    if before is None:
        rows = [row for row in rows if row.since is None or intake.start >= row.since]
    source = max(rows, key=lambda row: row.level, default=None)
    if source is None:
        return 0, None
    if before is None:
        return source.level, source
    whose = intake.id if intake.id in before.programme_by_id else str(intake.intake_of)
    old = max(
        (row.level for row in before.floors_of(whose) if row.competency == source.competency), default=0
    )
    return min(source.level, old), source
