"""Checks of programmes, their terms, targets and existing curricula."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from curriplan.base import semesters
from curriplan.base.errors import Issue
from curriplan.catalog.records import (
    Module,
    Programme,
    ProgrammeFixedLoad,
    ProgrammeModule,
    ProgrammeTerm,
    Record,
    ResourceCategory,
    Standing,
)
from curriplan.catalog.records.policy import QUALIFICATION_LEVELS
from curriplan.catalog.records.unread import is_read
from curriplan.problem.checks.checked import TOLERANCE, Checked, Rule, differs, first_names, number_text
from curriplan.problem.day import read_on, terms_begun
from curriplan.texts.words import Digits

QUALIFICATION = re.compile(rf"({'|'.join(QUALIFICATION_LEVELS)})(\d{{6}})\d{{2}}", re.ASCII)
SPECIALTY = re.compile(r"\d{8}", re.ASCII)
TERMS_A_YEAR = 2


def qualification_codes(checked: Checked) -> Iterator[Issue]:
    """Find malformed codes, and qualifications of another specialty."""
    for row in checked.catalog.programmes:
        code = QUALIFICATION.fullmatch(row.qualification or "")
        if row.qualification is not None and code is None:
            values = {"value": row.qualification}
            yield Issue("wrong-qualification-code", row.place("qualification"), values)
        if row.specialty is not None and not SPECIALTY.fullmatch(row.specialty):
            yield Issue("wrong-specialty-code", row.place("specialty"), {"value": row.specialty})
        elif code and row.specialty is not None and code[2] != row.specialty[:6]:
            values = {"qualification": code[0], "specialty": row.specialty}
            yield Issue("specialty-mismatch", row.place("qualification"), values)


def target_shares(checked: Checked) -> Iterator[Issue]:
    """Find programmes whose shares of occupations do not sum to 1, or that have none."""
    for programme in checked.catalog.programmes:
        rows = [row for row in checked.catalog.base_targets if row.programme == programme.id]
        if not all(is_read(row, "share") for row in rows):
            continue
        total = math.fsum(row.share for row in rows)
        if not rows:
            values = {"programme": programme.id}
            yield Issue("programme-without-targets", programme.place("id"), values)
        elif differs(total, 1):
            values = {"programme": programme.id, "sum": number_text(total)}
            yield Issue("shares-not-one", rows[0].place("share"), values)


def clashing_mandatory_modules(checked: Checked) -> Iterator[Issue]:
    """Find mandatory modules of one programme that exclude each other (§5)."""
    modules = checked.catalog.module_by_id
    for programme, rows in checked.standings.items():
        first: dict[str, str] = {}
        for row in rows:
            module = modules.get(row.module)
            group = module.exclusive_group if module is not None else None
            if row.status is not Standing.MANDATORY or group is None:
                continue
            other = first.setdefault(group, row.module)
            if other != row.module:
                values = {"programme": programme, "module": row.module, "other": other, "group": group}
                yield Issue("mandatory-excluded", row.place("status"), values)


def target_requirements(checked: Checked) -> Iterator[Issue]:
    """Find target occupations that ask for nothing."""
    asked = {row.occupation for row in checked.catalog.occupation_requirements}
    named = {row.occupation for row in checked.catalog.targets}
    for row in checked.catalog.occupations:
        if row.id in named and row.id not in asked:
            yield Issue("target-without-requirements", row.place("id"), {"occupation": row.id})


def terms_in_programme(checked: Checked) -> Iterator[Issue]:
    """Find terms outside their programme."""
    catalog = checked.catalog
    rows: tuple[ProgrammeTerm | ProgrammeFixedLoad, ...] = (
        *catalog.programme_terms,
        *catalog.programme_fixed_hours,
    )
    for row in rows:
        yield from _outside(checked, row, row.programme, "term", (row.term,))
    for standing in catalog.programme_modules:
        terms = (standing.current_term,) if standing.current_term is not None else ()
        yield from _outside(checked, standing, standing.programme, "current_term", terms, standing.module)


def existing_terms(checked: Checked) -> Iterator[Issue]:
    """Find modules that are marked existing but taught in no term."""
    for row in checked.catalog.programme_modules:
        if row.status is Standing.EXISTING and row.current_term is None:
            yield Issue("existing-without-term", row.place("current_term"), {"module": row.module})


def start_terms(checked: Checked) -> Iterator[Issue]:
    """Find pinned and allowed terms that do not fit the programme or each other."""
    for row in checked.catalog.programme_modules:
        if row.pinned_term is not None and row.allowed_terms and row.pinned_term not in row.allowed_terms:
            allowed = ", ".join(map(str, row.allowed_terms))
            values = {"pinned": row.pinned_term, "allowed": allowed}
            yield Issue("pinned-not-allowed", row.place("pinned_term"), values)
            continue
        column = "allowed_terms" if row.pinned_term is None else "pinned_term"
        terms = row.allowed_terms if row.pinned_term is None else (row.pinned_term,)
        outside = list(_outside(checked, row, row.programme, column, terms, row.module))
        nowhere = len(outside) == len(terms) and all(one.code == "term-outside-programme" for one in outside)
        if row.status is Standing.MANDATORY and terms and nowhere:
            values = {**outside[0].values, "module": row.module, "allowed": ", ".join(map(str, terms))}
            yield Issue("mandatory-without-term", row.place(column), values)
        else:
            yield from outside


def long_modules(checked: Checked) -> Iterator[Issue]:
    """Find modules that last longer than a programme that may take or teaches them."""
    catalog = checked.catalog
    for row in catalog.programme_modules:
        programme, module = catalog.programme_by_id.get(row.programme), catalog.module_by_id.get(row.module)
        stands = row.status is not Standing.FORBIDDEN or row.current_term is not None
        if programme and module and stands and module.span_terms > programme.terms:
            values = {
                "module": module.id,
                "span": module.span_terms,
                "programme": programme.id,
                "terms": programme.terms,
            }
            yield Issue("span-too-long", row.place("module"), values)


def _outside(
    checked: Checked,
    row: Record,
    programme: str,
    column: str,
    terms: tuple[int, ...],
    module: str | None = None,
) -> Iterator[Issue]:
    """Yield terms after the last, and starts from which a module does not end within the programme."""
    known = checked.catalog.programme_by_id.get(programme)
    if known is None:
        return
    started = checked.catalog.module_by_id.get(module or "")
    span = started.span_terms if started else 1
    for term in terms:
        values = {"value": term, "programme": programme, "terms": known.terms}
        if term > known.terms:
            yield Issue("term-outside-programme", row.place(column), values)
        elif span <= known.terms < term + span - 1:
            values |= {"module": module, "span": span, "last": known.terms - span + 1}
            yield Issue("span-outside-programme", row.place(column), values)


def limits_in_order(checked: Checked) -> Iterator[Issue]:
    """Find least values above the greatest."""
    for programme in checked.catalog.programmes:
        yield from _in_order(programme, "credits", programme.min_credits, programme.max_credits)
    for term in checked.catalog.programme_terms:
        yield from _in_order(term, "credits", term.min_credits, term.max_credits)
        yield from _in_order(term, "modules", term.min_modules, term.max_modules)


def _in_order(row: Record, what: str, low: float | None, high: float | None) -> Iterator[Issue]:
    if low is not None and high is not None and low > high:
        values = {"low": number_text(low), "high": number_text(high)}
        yield Issue("min-above-max", row.place(f"min_{what}"), values)


WEEKLY_LIMITS = ("weekly_hours", "weekly_hours_all")
TERM_LIMITS = ("min_credits", "max_credits", "min_modules", "max_modules")


def terms_without_weeks(checked: Checked) -> Iterator[Issue]:
    """Find terms of which nobody knows the weeks, so that the limit of weekly hours is off there (§6)."""
    if checked.limits.number("teaching_weeks_year") is not None:
        return
    norms = [key for key in WEEKLY_LIMITS if checked.limits.number(key) is not None]
    for programme, rows in _planned_terms(checked) if norms else ():
        terms = [term for term, row in rows.items() if row is None or row.weeks is None]
        if terms:
            values = {"programme": programme.id, "terms": _numbers(terms), "keys": ", ".join(norms)}
            yield Issue("term-without-weeks", programme.place("id"), values)


def terms_without_limits(checked: Checked) -> Iterator[Issue]:
    """Find terms without a row of which other terms of the programme have limits; an empty cell is a word."""
    for programme, rows in _planned_terms(checked):
        there = [row for row in rows.values() if row is not None]
        limits = [name for name in TERM_LIMITS if any(getattr(row, name) is not None for row in there)]
        terms = [term for term, row in rows.items() if row is None]
        if limits and terms:
            values = {"programme": programme.id, "terms": _numbers(terms), "columns": ", ".join(limits)}
            yield Issue("term-without-limits", programme.place("id"), values)


def _planned_terms(checked: Checked) -> Iterator[tuple[Programme, dict[int, ProgrammeTerm | None]]]:
    """Yield each programme that is planned with the row of each of its terms."""
    rows = {(row.programme, row.term): row for row in checked.catalog.programme_terms}
    for programme in checked.planned:
        terms = range(1, programme.terms + 1)
        yield programme, {term: rows.get((programme.id, term)) for term in terms}


def _numbers(terms: list[int]) -> str:
    return ", ".join(map(str, terms))


def year_credits(checked: Checked) -> Iterator[Issue]:
    """Find existing curricula with a year outside the profile's band; a half year at the end is none."""
    year = checked.limits.number("year_credits")
    tolerance = checked.limits.number("year_credits_tolerance")
    if not year or tolerance is None:
        return
    low, high = year * (1 - tolerance), year * (1 + tolerance)
    for programme in checked.catalog.programmes:
        outside = {
            number: total
            for number, total in sorted(_credits_by_year(checked, programme).items())
            if not low - TOLERANCE <= total <= high + TOLERANCE
        }
        if outside:
            years = ", ".join(f"{number}: {number_text(total)}" for number, total in outside.items())
            values = {
                "programme": programme.id,
                "low": number_text(low),
                "high": number_text(high),
                "years": Digits(years),
            }
            yield Issue("year-credits-outside", programme.place("id"), values)


def _credits_by_year(checked: Checked, programme: Programme) -> dict[int, float]:
    """Return the credits of the existing curriculum by full year; empty where there is none."""
    catalog = checked.catalog
    rows = [row for row in checked.standings.get(programme.id, ()) if row.current_term is not None]
    if not rows:
        return {}
    found = dict.fromkeys(range(1, programme.terms // TERMS_A_YEAR + 1), 0.0)
    loads = [
        (term, weight * (module.credits or 0.0))
        for row in rows
        if (module := catalog.module_by_id.get(row.module))
        for term, weight in enumerate(module.term_weights, row.current_term or 0)
    ]
    loads += [
        (fixed.term, checked.limits.fixed_credits(fixed))
        for fixed in catalog.programme_fixed_hours
        if fixed.programme == programme.id
    ]
    for term, load in loads:
        if _year_of(term) in found:
            found[_year_of(term)] += load
    return found


def _year_of(term: int) -> int:
    return (term + TERMS_A_YEAR - 1) // TERMS_A_YEAR


SHARE = "dual_share_min"


def dual_programmes(checked: Checked) -> Iterator[Issue]:
    """Find dual programmes without a least share of dual training, or without any enterprise."""
    share = checked.limits.number(SHARE)
    enterprises = any(row.category is ResourceCategory.ENTERPRISE for row in checked.catalog.resources)
    for programme in (row for row in checked.catalog.programmes if row.dual):
        values = {"programme": programme.id}
        if share is None:
            yield Issue("dual-without-share", programme.place("dual"), values)
        elif share > 0 and not enterprises:
            yield Issue("dual-without-enterprise", programme.place("dual"), values)


def needless_dual_share(checked: Checked) -> Iterator[Issue]:
    """Find a least share of dual training in a catalog's own profile where no programme is dual."""
    own = checked.catalog.info.profile is None and checked.limits.settings.profile is None
    if own and not any(row.dual for row in checked.catalog.programmes):
        for row in (row for row in checked.profile if row.key_name == SHARE):
            yield Issue("dual-share-without-programme", row.place("key"))


def too_few_learners(checked: Checked) -> Iterator[Issue]:
    """Find modules that can never open: too few learners could start them in any one semester."""
    for module in checked.catalog.modules:
        offered = any(module.id in checked.offered[row.id] for row in checked.planned)
        if module.min_learners is None or not offered:
            continue
        most = max(_learners_by_semester(checked, module).values(), default=0)
        if most < module.min_learners:
            values = {"module": module.id, "least": module.min_learners, "most": most}
            yield Issue("too-few-learners", module.place("min_learners"), values)


def _learners_by_semester(checked: Checked, module: Module) -> Counter[str]:
    """Return the learners of all programmes that could start a module in each semester."""
    found: Counter[str] = Counter()
    for programme in checked.catalog.programmes:
        terms = _possible_terms(checked, programme, module)
        for semester in {name for term in terms for name in _start_semesters(checked, programme, term)}:
            found[semester] += programme.learners
    return found


def _possible_terms(checked: Checked, programme: Programme, module: Module) -> set[int]:
    """Return the terms in which a programme could start a module; today's where it is not planned."""
    rows = checked.standings.get(programme.id)
    row = None if rows is None else next((row for row in rows if row.module == module.id), None)
    if programme.id not in checked.limits.planned:
        return {row.current_term} if row is not None and row.current_term is not None else set()
    if module.id not in checked.offered[programme.id]:
        return set()
    return _startable(programme, module, row)


def _startable(programme: Programme, module: Module, row: ProgrammeModule | None) -> set[int]:
    wanted: tuple[int, ...] = tuple(range(1, programme.terms + 1))
    if row is not None and row.status is not Standing.FORBIDDEN:
        wanted = (row.pinned_term,) if row.pinned_term is not None else row.allowed_terms or wanted
    return {term for term in wanted if term + module.span_terms - 1 <= programme.terms}


def _start_semesters(checked: Checked, programme: Programme, term: int) -> tuple[str, ...]:
    """Return the semesters in which an intake starts a module of `term`: of every year if it repeats."""
    own = semesters.of_term(programme.start, term)
    if not programme.repeats:
        return (own,)
    season = semesters.season(own)
    return tuple(name for name in checked.semesters if name >= own and semesters.season(name) == season)


def begun_semesters(checked: Checked) -> Iterator[Issue]:
    """Find semesters that have begun by the day that the catalog tells, and are yet planned."""
    settings, read = checked.limits.settings, read_on(checked.catalog)
    found: dict[tuple[str, str], list[Programme]] = {}
    for row in sorted(checked.planned, key=lambda row: row.id):
        if terms := terms_begun(checked.catalog, settings, row):
            found.setdefault((row.start, semesters.of_term(row.start, terms[-1])), []).append(row)
    for (start, last), rows in sorted(found.items()):
        values = {"programmes": first_names(row.id for row in rows), "start": start, "last": last}
        yield Issue("semester-begun", rows[0].place("start"), {**values, "day": str(read)})


RULES = (
    Rule(qualification_codes),
    Rule(target_shares, ("targets.programme",)),
    Rule(clashing_mandatory_modules, ("modules", "programme_modules")),
    Rule(target_requirements, ("occupation_requirements",)),
    Rule(terms_in_programme),
    Rule(long_modules),
    Rule(existing_terms),
    Rule(start_terms),
    Rule(limits_in_order),
    Rule(terms_without_weeks, ("programmes", "programme_terms", "profile")),
    Rule(terms_without_limits, ("programmes", "programme_terms")),
    Rule(year_credits, ("profile", "modules", "programme_modules", "programme_fixed_hours")),
    Rule(dual_programmes, ("profile", "resources")),
    Rule(needless_dual_share, ("programmes",)),
    Rule(begun_semesters, ("programmes", "challenges", "profile")),
    Rule(too_few_learners, ("programmes", "programme_modules")),
)
