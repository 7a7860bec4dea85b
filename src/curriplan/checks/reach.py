"""Checks of what a programme's modules can reach at all."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.checks.checked import Checked
from curriplan.errors import Issue
from curriplan.model import ModuleOutcome, Programme, Record, requisite_groups


def untaught_steps(checked: Checked) -> Iterator[Issue]:
    """Find levels that a target occupation needs and no module of the programme teaches."""
    wanted: dict[tuple[str, str], tuple[int, Record]] = {}
    targets = {(row.programme, row.occupation) for row in checked.catalog.targets}
    for need in checked.catalog.occupation_requirements:
        for programme in checked.planned:
            key = (programme.id, need.competency)
            if (programme.id, need.occupation) in targets and need.level > wanted.get(key, (0, None))[0]:
                wanted[key] = (need.level, need)
    for (name, competency), (level, row) in wanted.items():
        taught = checked.taught[name].get(competency, 0)
        if level > taught and competency in checked.catalog.competency_by_id:
            values = {"programme": name, "competency": competency, "level": level, "taught": taught}
            yield Issue("step-not-taught", row.place("level"), values)


def unoffered_requisites(checked: Checked) -> Iterator[Issue]:
    """Find modules that a programme may take but whose requisite (§4), in no alternative, it may."""
    known = checked.catalog.module_by_id
    by_module = requisite_groups(checked.catalog.module_requisites)
    for programme in checked.planned:
        offered = {module.id for module in checked.modules_of(programme.id)} | checked.catalog.header_ids
        for rows in (group for groups in by_module.values() for group in groups):
            blocked = all(row.requires in known and row.requires not in offered for row in rows)
            if rows[0].module in offered and blocked:
                names = ", ".join(row.requires for row in rows)
                values = {"programme": programme.id, "module": rows[0].module, "requires": names}
                yield Issue("requisite-not-offered", rows[0].place("requires"), values)


def untaught_entries(checked: Checked) -> Iterator[Issue]:
    """Find entry levels (§3) that no other module of a programme teaches."""
    for programme in checked.planned:
        teachers = _teachers(checked, programme)
        for row in (row for rows in teachers.values() for row in rows):
            others = (o.exit_level for o in teachers[row.competency] if o.module != row.module)
            best = next(others, 0)  # the highest stand first
            taught = max(checked.baselines.get((programme.id, row.competency), 0), best)
            if row.exit_level > row.entry_level > taught:
                values = {
                    "programme": programme.id,
                    "module": row.module,
                    "competency": row.competency,
                    "level": row.entry_level,
                    "taught": taught,
                }
                yield Issue("entry-not-taught", row.place("entry_level"), values)


def _teachers(checked: Checked, programme: Programme) -> dict[str, list[ModuleOutcome]]:
    """Return what a programme's modules teach, by competency, the highest first."""
    found: dict[str, list[ModuleOutcome]] = {}
    for module in checked.modules_of(programme.id):
        for row in checked.catalog.outcomes_by_module.get(module.id, ()):
            found.setdefault(row.competency, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (-row.exit_level, row.module))
    return found


def reachable_floors(checked: Checked) -> Iterator[Issue]:
    """Find floors (§11) above what any module of a programme teaches."""
    known = checked.catalog.competency_by_id
    for row in (row for row in checked.catalog.floors if row.competency in known):
        below = [
            programme.id
            for programme in checked.planned
            if row.programme in {None, programme.id}
            and checked.taught[programme.id].get(row.competency, 0) < row.level
        ]
        if below:
            values = {"competency": row.competency, "level": row.level, "programmes": ", ".join(below)}
            yield Issue("floor-unreachable", row.place("level"), values)
