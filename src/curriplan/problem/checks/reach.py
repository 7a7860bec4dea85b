"""Checks of what a programme's modules can reach at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from curriplan.base import semesters
from curriplan.base.errors import Issue
from curriplan.catalog.records import (
    CompetencyRelation,
    Entry,
    Floor,
    LabourFunction,
    OccupationRequirement,
    Programme,
    Record,
    Section,
    Taught,
    requisite_groups,
)
from curriplan.problem.asked import last_graduation
from curriplan.problem.checks.checked import Checked, Rule, by_row, first_names


def untaught_steps(checked: Checked) -> Iterator[Issue]:
    """Find levels that a target occupation needs and no module of the programme teaches."""
    wanted: dict[tuple[str, str], tuple[int, Record]] = {}
    targets = {(row.programme, row.occupation) for row in checked.catalog.base_targets}
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
    by_module = requisite_groups(checked.catalog.required_rows)
    for programme in checked.planned:
        offered = checked.offered[programme.id] | checked.catalog.header_ids
        for rows in (group for groups in by_module.values() for group in groups):
            blocked = all(row.requires in known and row.requires not in offered for row in rows)
            if rows[0].module in offered and blocked:
                names = ", ".join(row.requires for row in rows)
                values = {"programme": programme.id, "module": rows[0].module, "requires": names}
                yield Issue("requisite-not-offered", rows[0].place("requires"), values)


def untaught_entries(checked: Checked) -> Iterator[Issue]:
    """Find entry levels (§3) that no other module of a programme teaches."""
    for programme in checked.planned:
        for entry, taught in _entries_too_high(checked, programme):
            if entry.via is None and entry.row.exit_level > entry.row.entry_level:
                values = {
                    "programme": programme.id,
                    "module": entry.module,
                    "competency": entry.competency,
                    "level": entry.level,
                    "taught": taught,
                }
                yield Issue("entry-not-taught", entry.row.place("entry_level"), values)


def untaught_requirements(checked: Checked) -> Iterator[Issue]:
    """Find entry levels that a relation implies (§3) and no other module of a programme teaches."""
    for programme in checked.planned:
        found: dict[tuple[str, ...], tuple[CompetencyRelation, list[tuple[Entry, int]]]] = {}
        for entry, taught in _entries_too_high(checked, programme):
            if entry.via is not None:
                found.setdefault(entry.via.key_values(), (entry.via, []))[1].append((entry, taught))
        for relation, entries in found.values():
            values = {
                "programme": programme.id,
                "source": relation.source,
                "competency": relation.target,
                "level": entries[0][0].level,
                "taught": min(taught for _, taught in entries),
                "modules": first_names(entry.module for entry, _ in entries),
            }
            yield Issue("required-level-not-taught", relation.place("target"), values)


def _entries_too_high(checked: Checked, programme: Programme) -> Iterator[tuple[Entry, int]]:
    """Yield each entry level above what other modules teach, with the level that they do teach."""
    teaching = checked.catalog.teaching
    baseline = teaching.baseline(programme.id)
    teachers = _teachers(checked, programme)
    for module in checked.modules_of(programme.id):
        for entry in teaching.entries(module.id, baseline):
            rows = teachers.get(entry.competency, ())
            best = next((one.exit_level for one in rows if one.module != module.id), 0)
            taught = max(baseline.get(entry.competency, 0), best)
            if entry.level > taught:
                yield entry, taught


def _teachers(checked: Checked, programme: Programme) -> dict[str, list[Taught]]:
    """Return what a programme's modules teach, by competency, the highest first."""
    found: dict[str, list[Taught]] = {}
    for module in checked.modules_of(programme.id):
        for one in checked.catalog.teaching.of(module.id):
            found.setdefault(one.competency, []).append(one)
    for rows in found.values():
        rows.sort(key=lambda one: (-one.exit_level, one.module))
    return found


def reachable_floors(checked: Checked) -> Iterator[Issue]:
    """Find floors (§11) above what any module of a programme teaches."""
    known = checked.catalog.competency_by_id
    for row in (row for row in checked.catalog.floors if row.competency in known):
        below = [
            programme.id
            for programme in checked.planned
            if row.binds(programme) and checked.taught[programme.id].get(row.competency, 0) < row.level
        ]
        if below:
            values = {"competency": row.competency, "level": row.level, "programmes": ", ".join(below)}
            yield Issue("floor-unreachable", row.place("level"), values)


def late_questions(checked: Checked) -> Iterator[Issue]:
    """Find levels that are asked only after the last intake that could answer them.

    A floor (§11) asks of intakes that begin then or later, a requirement of whoever graduates; of a
    programme that repeats, nothing is seen behind the last graduation of all.
    """
    catalog = checked.catalog
    targets = {(row.programme, row.occupation) for row in catalog.base_targets}
    for floor in by_row(row for row in catalog.floors if row.since is not None):
        yield from _late(
            checked, floor, [one for one in checked.planned if floor.programme in {None, one.id}]
        )
    for need in by_row(row for row in catalog.occupation_requirements if row.since is not None):
        asked = [one for one in checked.planned if (one.id, need.occupation) in targets]
        yield from _late(checked, need, asked)


def _late(
    checked: Checked, row: Floor | OccupationRequirement, asked: Sequence[Programme]
) -> Iterator[Issue]:
    horizon = checked.limits.settings.horizon
    ends = {one.id: last_graduation([one], horizon) for one in asked}
    if not asked or row.since is None:
        return
    last = max(asked, key=lambda one: ends[one.id])
    if any(one.repeats for one in asked):
        final = last_graduation(checked.planned, horizon)
    else:
        final = max(one.start for one in asked) if isinstance(row, Floor) else ends[last.id]
    if row.since > final:
        start = semesters.advance(ends[last.id], 1 - last.terms)
        values = {"since": row.since, "start": start, "end": ends[last.id]}
        yield Issue("since-after-last-intake", row.place("since"), values)


SERVING = (Section.PROFESSIONAL, Section.PRACTICE)
"""The sections whose modules a professional standard speaks of."""


def unserved_functions(checked: Checked) -> Iterator[Issue]:
    """Find functions of a target occupation that no module of a programme serves: one warning for all."""
    serving = _serving(checked)
    for name, functions in _functions_asked(checked).items():
        unserved = [row for row in functions if not serving.get(row.id, frozenset()) & checked.offered[name]]
        if unserved:
            values = {
                "programme": name,
                "count": len(unserved),
                "functions": first_names(row.id for row in unserved),
            }
            yield Issue("function-not-served", unserved[0].place("id"), values)


def modules_without_function(checked: Checked) -> Iterator[Issue]:
    """Find professional modules and practices that serve no function, where others do: one warning for all.

    Only programmes count whose occupations have functions.
    """
    catalog = checked.catalog
    serving = {row.module for row in catalog.module_functions}
    offered = {module for name in _functions_asked(checked) for module in checked.offered[name]}
    idle = by_row(
        row
        for row in catalog.modules
        if row.id in offered and row.section in SERVING and row.id not in serving
    )
    if serving and idle:
        names = first_names(row.id for row in idle)
        yield Issue("module-without-function", idle[0].place("id"), {"count": len(idle), "modules": names})


def _serving(checked: Checked) -> Mapping[str, frozenset[str]]:
    """Return the modules that serve each function."""
    found: dict[str, set[str]] = {}
    for row in checked.catalog.module_functions:
        found.setdefault(row.labour_function, set()).add(row.module)
    return {name: frozenset(modules) for name, modules in found.items()}


def _functions_asked(checked: Checked) -> dict[str, list[LabourFunction]]:
    """Return the functions of the target occupations of each planned programme that has any."""
    catalog = checked.catalog
    targets = {(row.programme, row.occupation) for row in catalog.base_targets}
    found = {
        programme.id: [
            row for row in by_row(catalog.labour_functions) if (programme.id, row.occupation) in targets
        ]
        for programme in checked.planned
    }
    return {name: rows for name, rows in found.items() if rows}


TEACHING_TABLES = (
    "competency_relations",
    "competency_mappings",
    "module_outcomes",
    "modules",
    "programme_modules",
    "baseline",
)
"""What decides which levels the modules of a programme teach."""

RULES = (
    Rule(unserved_functions, ("module_functions", "modules", "programme_modules", "targets")),
    Rule(modules_without_function, ("module_functions", "programme_modules", "targets")),
    Rule(untaught_steps, TEACHING_TABLES),
    Rule(unoffered_requisites, ("modules", "programme_modules")),
    Rule(untaught_entries, TEACHING_TABLES),
    Rule(untaught_requirements, TEACHING_TABLES),
    Rule(reachable_floors, TEACHING_TABLES),
    Rule(late_questions, ("programmes", "targets")),
)
