"""What a row teaches: its credits, its hours by kind, and its semesters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from curriplan.base.errors import CatalogError, Issue, Place
from curriplan.catalog.records import MAX_CREDITS, MAX_HOURS, HoursKind, Section
from curriplan.importing.rup.amounts import AmountError, terms_of
from curriplan.importing.rup.index import index_of
from curriplan.importing.rup.lines import LineKind, RupLine, RupTable
from curriplan.importing.rup.roles import KINDS, UNITS, WORKPLACE
from curriplan.importing.rup.vocabulary import PRACTICE, TRAINING, TRAINING_LETTERS, folded

TOLERANCE = 0.005
PRACTICAL = {
    str(HoursKind.PRODUCTION_TRAINING), str(HoursKind.PROFESSIONAL_PRACTICE), WORKPLACE, f"{WORKPLACE}?"
}  # fmt: skip
"""Roles of columns that hold training and practice."""


@dataclass(frozen=True)
class Rates:
    """What settles amounts that the file does not say; see `curriplan.importing.rup.mapping`."""

    hours_per_credit: float = 24.0
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rest: str | None = None


@dataclass(frozen=True)
class Load:
    """What a module teaches.

    Parameters
    ----------
    credits : float or None
        None where the row has no amount at all.
    hours : mapping of str to float
        Hours by kind.
    unsplit : float
        Hours whose kind is not known.
    by_term : mapping of int to float
        Its part in each semester, in hours or credits; empty where the row does not say.
    by_share : bool
        Whether the hours by kind are shares of the mapping file, and not the file's own.
    """

    credits: float | None
    total: float | None
    hours: Mapping[str, float]
    unsplit: float
    by_term: Mapping[int, float]
    by_share: bool = False


def equal(one: float, other: float) -> bool:
    """Say whether two amounts are the same as far as people write them."""
    return abs(one - other) <= TOLERANCE


def load_of(table: RupTable, line: RupLine, rates: Rates) -> Load:
    """Return what a row teaches."""
    kinds = kind_hours(table, line)
    by_term = term_amounts(table, line)
    total = table.amount(line, "hours")
    counted = table.amount(line, "credits")
    if counted is None and (in_terms := table.by_term(line, "credits")):
        counted = sum(in_terms.values())
    if total is None:
        in_terms = table.by_term(line, "hours")
        total = sum(kinds.values()) or (sum(in_terms.values()) if in_terms else None)
    if total is None and counted is not None:
        total = counted * rates.hours_per_credit
    if counted is None and total is not None:
        counted = total / rates.hours_per_credit
    _refuse_too_much(table, line, counted or 0.0, MAX_CREDITS)
    _refuse_too_much(table, line, max(total or 0.0, *kinds.values(), 0.0), MAX_HOURS)
    return _split(Load(counted, total, kinds, 0.0, by_term), line, rates)


def _refuse_too_much(table: RupTable, line: RupLine, amount: float, most: int) -> None:
    """Refuse a row with more than a module of a catalog can have."""
    if amount > most:
        place = Place(table.sheet.file, table.sheet.name, line.row)
        raise CatalogError.of("out-of-range", place, value=f"{amount:g}", allowed=f"<= {most}")


def kind_hours(table: RupTable, line: RupLine) -> dict[str, float]:
    """Return the hours of a row by kind, of kinds that have any."""
    found = {kind: _in_all(table, line, kind) for kind in KINDS}
    if _is_practice(line) and not _has_practice(table):
        found[_workplace_kind(line)] += found[HoursKind.LABORATORY_PRACTICAL]
        found[HoursKind.LABORATORY_PRACTICAL] = 0.0
    work = sum(_in_all(table, line, name) for name in (WORKPLACE, f"{WORKPLACE}?"))
    if work:
        found[_workplace_kind(line)] += work
    return {kind: hours for kind, hours in found.items() if hours}


def _has_practice(table: RupTable) -> bool:
    """Say whether practice has columns of its own; else its hours stand among those of practical work."""
    roles = (one.role for one in table.layout.columns if one.role is not None)
    return any({role.name, role.unit} & PRACTICAL for role in roles)


def _in_all(table: RupTable, line: RupLine, kind: str) -> float:
    """Return the hours of a kind: its column, else what its columns of semesters have."""
    return table.in_all(line, kind) or sum(table.by_term(line, kind).values())


def _workplace_kind(line: RupLine) -> str:
    """Return production training or practice, by the row that has hours of the two together."""
    training = line.section is not Section.PRACTICE or is_training(line)
    return str(HoursKind.PRODUCTION_TRAINING if training else HoursKind.PROFESSIONAL_PRACTICE)


def _is_practice(line: RupLine) -> bool:
    """Say whether a row is practice or training by its own words: the section above it proves nothing.

    A diploma project may stand among practices, and be lectures, work in a laboratory or self-study.
    """
    if line.section is not Section.PRACTICE:
        return False
    index = index_of(line.index)
    of_practice = index is not None and index.section is Section.PRACTICE
    return of_practice or is_training(line) or bool(PRACTICE.search(folded(line.name)))


def is_training(line: RupLine) -> bool:
    """Say whether a row is production training by its name or its index, in whatever section it stands."""
    index = index_of(line.index)
    return bool(TRAINING.search(folded(line.name))) or (
        index is not None and index.letters in TRAINING_LETTERS
    )


def term_amounts(table: RupTable, line: RupLine) -> dict[int, float]:
    """Return what a row has in each semester: hours, else credits, else hours of all kinds."""
    for unit in (*UNITS[::-1], ""):
        found = table.by_term(line, unit)
        if found:
            return found
    sums: dict[int, float] = {}
    for kind in (*KINDS, WORKPLACE, f"{WORKPLACE}?"):
        for term, hours in table.by_term(line, kind).items():
            sums[term] = sums.get(term, 0.0) + hours
    return dict(sorted(sums.items()))


def _split(load: Load, line: RupLine, rates: Rates) -> Load:
    """Give hours without a kind the kind that the row or the mapping says."""
    if load.total is None:
        return load
    rest = load.total - sum(load.hours.values())
    if not load.hours and _is_practice(line):
        return replace(load, hours={_workplace_kind(line): load.total})
    if not load.hours and (shares := rates.shares.get(str(line.section))):
        hours = {kind: round(load.total * share, 6) for kind, share in shares.items() if share}
        return replace(load, hours=hours, by_share=True)
    if load.hours and rest > TOLERANCE and rates.rest:
        hours = {**load.hours, rates.rest: load.hours.get(rates.rest, 0.0) + rest}
        return replace(load, hours=hours, by_share=True)
    return replace(load, unsplit=0.0 if load.hours else load.total)


def settle_units(table: RupTable, unit: str | None, rates: Rates) -> tuple[RupTable, list[Issue]]:
    """Find out whether columns of semesters count hours or credits, where no heading says it.

    Returns
    -------
    tuple
        The table with the unit of every such column, and the issue where neither fits.
    """
    open_columns = list(table.columns("semester", ""))
    if not open_columns:
        return table, []
    found = unit or _fitting_unit(table, rates)
    if found is None:
        place = table.sheet.place(table.layout.top, open_columns[0].index)
        return table, [Issue("rup-semester-unit", place, {"heading": open_columns[0].heading.text})]
    columns = tuple(
        replace(one, role=replace(one.role, unit=found)) if one in open_columns and one.role else one
        for one in table.layout.columns
    )
    return replace(table, layout=replace(table.layout, columns=columns)), []


def _fitting_unit(table: RupTable, rates: Rates) -> str | None:
    """Return the unit in which more rows add up to what they say in all; None where as many in both."""
    counts = {"hours": 0, "credits": 0}
    for line in (
        one for one in table.lines if one.kind in {LineKind.MODULE, LineKind.OUTCOME, LineKind.HEADER}
    ):
        in_terms = table.by_term(line, "")
        load = load_of(table, line, rates)
        if in_terms and load.total is not None and load.credits is not None:
            total = sum(in_terms.values())
            counts["hours"] += equal(total, load.total)
            counts["credits"] += equal(total, load.credits)
    if counts["hours"] == counts["credits"]:
        return None
    return max(counts, key=lambda name: counts[name])


def settle_terms(table: RupTable) -> None:
    """Write into each row the semesters that its words name, and as its faults what cannot be read."""
    for line in table.lines:
        if line.term_text and not line.given_terms and line.kind in TIMED:
            try:
                line.given_terms = terms_of(line.term_text)
            except AmountError as error:
                place = table.place(line, line.term_column)
                values = {"value": line.term_text[:60], "heading": "semester"}
                line.faults.append(Issue(str(error), place, values))


TIMED = (LineKind.MODULE, LineKind.OUTCOME, LineKind.HEADER, LineKind.FIXED)


def terms_and_weights(table: RupTable, line: RupLine, load: Load) -> tuple[tuple[int, ...], dict[int, float]]:
    """Return the semesters of a module, and its parts in them where the row says them.

    An outcome that says no semester stands in that of its header, where the header has only one.
    """
    if load.by_term:
        return tuple(load.by_term), dict(load.by_term)
    if line.given_terms:
        return line.given_terms, {}
    header = next((one for one in table.lines if line.parent and one.id == line.parent), None)
    if header is not None:
        terms = tuple(term_amounts(table, header)) or header.given_terms
        if len(terms) == 1:
            return terms, {}
    return (), {}
