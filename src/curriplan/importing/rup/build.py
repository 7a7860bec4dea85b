"""Turn the understood rows into the records of a catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curriplan.base.errors import Issue
from curriplan.catalog.reading.raw import column_letter
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Module,
    Origin,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Standing,
)
from curriplan.importing.rup.amounts import forms_of
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable
from curriplan.importing.rup.loads import Load, Rates, load_of, terms_and_weights
from curriplan.importing.rup.mapping import STATUSES
from curriplan.importing.rup.vocabulary import PART
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Phrase

PROFILE = "KZ-348-2024"
"""The bundled regulation profile that an imported catalog names."""
MAX_TERM = 20
ROWS_NAMED = 8
"""Rows that an issue about several names."""


@dataclass(frozen=True)
class Unit:
    """A module on its way: its row, what it teaches, and its part in each semester."""

    line: RupLine
    load: Load
    terms: tuple[int, ...]
    weights: Mapping[int, float]
    table: RupTable


@dataclass
class Build:
    """What becomes records, and what is in the way.

    Attributes
    ----------
    parts : list of Unit
        The modules as each sheet has them; in `units` one that stands on several is one.
    """

    tables: Sequence[RupTable]
    rates: Rates
    language: str
    parts: list[Unit] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def gather(self) -> None:
        """Read what each module teaches; rows that are parts of one module are put together."""
        for table in self.tables:
            units: list[Unit] = []
            for line in table.leaves():
                load = load_of(table, line, self.rates)
                terms, weights = terms_and_weights(table, line, load)
                unit = Unit(line, load, terms, weights, table)
                if PART.match(line.name) and units and units[-1].line.id == line.id:
                    units[-1] = _joined(units[-1], unit)
                else:
                    units.append(unit)
            self.issues += self._lacking(table, units)
            self.issues += self._unsplit(table, units)
            self.parts += units
        self.units = _over_sheets(self.parts)

    def _lacking(self, table: RupTable, units: Sequence[Unit]) -> Iterator[Issue]:
        """Yield one issue for all modules without any amount, and one for all without a semester."""
        timed = any(table.layout.having("semester", "term"))
        lines = {
            "rup-no-amount": [one.line for one in units if None in {one.load.credits, one.load.total}],
            "rup-no-term": [one.line for one in units if timed and not one.terms],
        }
        for code, found in lines.items():
            if found:
                values = {"text": found[0].text[:80], "rows": _rows(found)}
                yield Issue(code, table.place(found[0]), values)

    def _unsplit(self, table: RupTable, units: Sequence[Unit]) -> Iterator[Issue]:
        """Yield an issue for each section with rows whose hours have no kind."""
        rows: dict[str, list[RupLine]] = {}
        for unit in units:
            if unit.load.unsplit:
                rows.setdefault(str(unit.line.section), []).append(unit.line)
        for section, lines in sorted(rows.items()):
            texts = tuple(line.text[:80] for line in lines[:ROWS_NAMED])
            values: dict[str, object] = {"section": section, "count": len(lines), "rows": _rows(lines)}
            values["texts"] = texts
            values["said"] = Phrase(f"section.{section}", subject="report")
            yield Issue("rup-hours-kind-unknown", table.place(lines[0]), values)

    def last_term(self) -> int:
        """Return the last semester that anything stands in."""
        fixed = (term for _, line in self._fixed() for term in line.given_terms)
        return max([*(term for unit in self.units for term in unit.terms), *fixed], default=0)

    def _fixed(self) -> list[tuple[RupTable, RupLine]]:
        return [(table, line) for table in self.tables for line in table.lines if line.kind is LineKind.FIXED]

    def catalog(self, programme: Programme, weeks: Mapping[int, float], status: Mapping[str, str]) -> Catalog:
        """Return the catalog of what was understood."""
        named = {f"title_{lang}": programme.name(self.language) for lang in (self.language,)}
        info = CatalogInfo.model_validate(
            {"id": programme.id, "language": self.language, "profile": PROFILE, **named}
        )
        return Catalog(
            info,
            modules=tuple(self._modules()),
            programmes=(programme,),
            programme_terms=tuple(
                ProgrammeTerm(programme=programme.id, term=term, weeks=count)
                for term, count in sorted(weeks.items())
                if term <= programme.terms
            ),
            programme_fixed_hours=tuple(self._fixed_loads(programme.id)),
            programme_modules=tuple(self._standings(programme.id, {**STATUSES, **status})),
        )

    def _modules(self) -> Iterator[Module]:
        headers: dict[str, list[tuple[RupTable, RupLine]]] = {}
        for table in self.tables:
            for line in (one for one in table.lines if one.kind is LineKind.HEADER):
                headers.setdefault(line.id, []).append((table, line))
        for found in headers.values():
            table, line = found[0]
            taught = [(one, row) for one, row in found if one.outcomes_of(row)] or found
            amounts = [one.amount(row, "credits") for one, row in taught]
            counted = None if None in amounts else sum(one or 0.0 for one in amounts)
            form = _forms([row for _, row in found]) or None
            yield self._module(table, line, credits=counted, assessment_form=form)
        for unit in self.units:
            terms = unit.terms
            yield self._module(
                unit.table,
                unit.line,
                credits=unit.load.credits,
                parent=unit.line.parent or None,
                already_open=True,
                span_terms=terms[-1] - terms[0] + 1,
                span_weights=_span_weights(terms, unit.weights),
                assessment_form=forms_of(unit.line.marks, unit.line.assessment),
                **{f"{kind}_hours": hours for kind, hours in unit.load.hours.items()},
            )

    def _module(self, table: RupTable, line: RupLine, **values: Any) -> Module:
        assert line.section is not None
        return Module(
            id=line.id,
            section=line.section,
            index=None if line.index in ("", line.id) else " ".join(line.index.split()),
            origin=self._origin(table, line),
            **_names(line, self.language),
            **values,
        )

    def _origin(self, table: RupTable, line: RupLine) -> Origin:
        sheet = table.sheet
        columns: dict[str, str] = {}
        for column in table.layout.columns:
            role, _, code = (column.role.name if column.role is not None else "").partition(":")
            field = f"name_{code if code in LANGUAGES else self.language}" if role == "name" else role
            columns.setdefault(field, column_letter(column.index))
        return Origin(sheet.file, sheet.name, line.row, columns)

    def _standings(self, programme: str, status: Mapping[str, str]) -> Iterator[ProgrammeModule]:
        places: dict[int, int] = {}
        for unit in self.units:
            term = unit.terms[0]
            places[term] = places.get(term, 0) + 1
            yield ProgrammeModule(
                programme=programme,
                module=unit.line.id,
                status=Standing(status[str(unit.line.section)]),
                current_term=term,
                position=places[term],
            )

    def _fixed_loads(self, programme: str) -> Iterator[ProgrammeFixedLoad]:
        """Yield the fixed loads of the plan's own workbook."""
        for table, line in self._fixed():
            load = load_of(table, line, self.rates)
            assert line.section is not None
            for term in line.given_terms[:1]:
                hours = {f"{kind}_hours": value for kind, value in load.hours.items()}
                yield ProgrammeFixedLoad(programme=programme, term=term, section=line.section, **hours)


def _rows(lines: Sequence[RupLine]) -> str:
    """Return the numbers of the first rows."""
    return ", ".join(str(line.row) for line in lines[:ROWS_NAMED]) + (", …" if lines[ROWS_NAMED:] else "")


def _names(line: RupLine, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, text in line.names.items():
        part = PART.match(text)
        code = key.partition(":")[2] or language
        plain = " ".join((part["name"] if part else text).split())
        if plain:
            found.setdefault(f"name_{code}", plain)
    if not found and line.name:
        found[f"name_{language}"] = " ".join(line.name.split())
    return found


def _over_sheets(parts: Sequence[Unit]) -> list[Unit]:
    """Return the modules, those that stand on several sheets put together."""
    found: dict[tuple[str, int], Unit] = {}
    homes: dict[str, tuple[str, int]] = {}
    last: dict[str, RupTable] = {}
    for at, unit in enumerate(parts):
        home = homes.setdefault(unit.line.id, (unit.line.id, at))
        if home in found and last[unit.line.id] is not unit.table:
            found[home] = _joined_courses(found[home], unit)
        else:
            found[unit.line.id, at] = unit
        last[unit.line.id] = unit.table
    return list(found.values())


def _joined_courses(one: Unit, other: Unit) -> Unit:
    """Put what a module has on the sheets of two courses together; the later one says how it ends."""
    weights = _in_hours(one)
    for term, hours in _in_hours(other).items():
        weights[term] = weights.get(term, 0.0) + hours
    line = replace(one.line, marks={}, assessment=_forms([one.line, other.line]))
    return replace(_joined(replace(one, line=line), other), weights=weights)


def _forms(lines: Sequence[RupLine]) -> str:
    """Return the forms of assessment of a module on several sheets, the last one last."""
    found: list[str] = []
    for line in lines:
        words = (forms_of(line.marks, line.assessment) or "").split(", ")
        found = [*(one for one in found if one not in words), *words]
    return ", ".join(one for one in found if one)


def _in_hours(unit: Unit) -> dict[int, float]:
    """Return the part of a module in each semester in hours, whatever its sheet counts them in."""
    shares = unit.weights or dict.fromkeys(unit.terms, 1.0)
    scale = (unit.load.total or 0.0) / (sum(shares.values()) or 1.0)
    return {term: share * scale for term, share in shares.items()}


def _joined(one: Unit, other: Unit) -> Unit:
    """Put two parts of a module together, each of which stands in one semester."""
    hours = dict(one.load.hours)
    for kind, value in other.load.hours.items():
        hours[kind] = hours.get(kind, 0.0) + value
    load = Load(
        _sum(one.load.credits, other.load.credits),
        _sum(one.load.total, other.load.total),
        hours,
        one.load.unsplit + other.load.unsplit,
        {},
        one.load.by_share or other.load.by_share,
    )
    weights = dict(one.weights) or dict.fromkeys(one.terms, one.load.total or 0.0)
    for term in other.terms:
        weights[term] = weights.get(term, 0.0) + (other.load.total or 0.0)
    line = one.line
    if line.assessment.strip() in {"", "–", "-"}:
        line.assessment = other.line.assessment
    return Unit(line, load, tuple(sorted({*one.terms, *other.terms})), weights, one.table)


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _span_weights(terms: tuple[int, ...], weights: Mapping[int, float]) -> tuple[float, ...]:
    """Return the part in each semester from the first to the last; nothing where all are equal.

    Terms without a row between them have no part. Without amounts by semester the parts are equal.
    """
    span = range(terms[0], terms[-1] + 1)
    amounts = [weights.get(term, 0.0) if weights else float(term in terms) for term in span]
    total = sum(amounts)
    if not total or len(set(amounts)) == 1:
        return ()
    return tuple(amount / total for amount in amounts)
