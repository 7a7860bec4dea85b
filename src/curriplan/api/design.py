"""A new qualification out of the modules that there are: a programme made for the question, and planned."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING

from curriplan.api.optimize import optimize_catalog
from curriplan.api.results import PlanResult, known_language
from curriplan.api.time_limit import TimeLimit
from curriplan.base import semesters
from curriplan.base.errors import CatalogError, InfeasibleError, Issue, NoPlanError, UsageError, errors_in
from curriplan.base.files import check_outputs, write_each
from curriplan.catalog.records import ID_PATTERN, MAX_ID_LENGTH, Catalog, Programme
from curriplan.catalog.records.catalog import TABLES as TABLES_OF_CATALOG
from curriplan.catalog.records.policy import TOTAL_CREDITS_PREFIX
from curriplan.problem.alike import Wanted
from curriplan.problem.checks import check_catalog
from curriplan.problem.design import Designed
from curriplan.problem.limits import Limits, effective_limits
from curriplan.problem.objectives import ObjectiveChoice
from curriplan.problem.occupations import find_occupation
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from curriplan.optimizer.solve.stages import Solution
    from curriplan.plan.design import Design

CORE = ("closure", "cost", "disruption")
"""What is needed is found by these objectives; the curriculum is then spread by the last one."""
WHOLE = (*CORE, "balance")
CORE_SHARE, POSSIBLE_SHARE = 0.25, 0.1
"""Of the time that is left, what each of the solves before the last one may take."""
LEAST_LAST_S, LAST_TIMES = 20.0, 4.0
"""The last solve has so many seconds, or so many times what those before it took, whichever is more."""
TRIES = 5
"""Totals of credits that are tried where the norm cannot be filled."""
TABLES = ("modules", "needs", "commission", "left_out", "functions")
DEFAULT_ID, A_YEAR_LATER = "NEW", 3
"""A new qualification opens a year after the first programme of the catalog: in its third term."""


@dataclass(frozen=True)
class DesignWish:
    """What is asked for.

    Parameters
    ----------
    occupations : tuple of str
        Each by its id, its URI, an ISCO-08 code or a name that only one has.
    entry_base : str
        Schooling at entry: grade9, grade11 or tvet.
    level : str or None
        Of the qualification, 3W, 4S or 5AB: with the schooling it has a norm of credits.
    start, language : str, optional
        The first term, by default a year after the first programme begins; and the language of teaching, by
        default that in which most learners are taught.
    id : str, optional
        Of the programme; by default `NEW`, with a number where there is one.
    names : mapping
        Name of the qualification by language; by default that of the first occupation.
    hour_kzt : int, optional
        Price of an hour of a group, of modules of which the catalog has no cost.
    """

    occupations: tuple[str, ...]
    entry_base: str
    terms: int
    learners: int = 25
    level: str | None = "4S"
    start: str | None = None
    language: str | None = None
    id: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    hour_kzt: int | None = None


@dataclass(frozen=True)
class DesignResult:
    """A new qualification with the plan of its programme.

    Attributes
    ----------
    design : Design
        What it teaches, reaches and costs, and what is missing for it.
    plan : PlanResult
        Its curriculum as any other plan; its catalog is the college's with the new rows, without who pays.
    whole : Catalog
        The whole catalog of the college with the new rows: to go on with.

    Each of ``modules``, ``needs``, ``commission``, ``left_out`` and ``functions`` is a `pandas.DataFrame`.
    """

    design: Design
    plan: PlanResult
    whole: Catalog

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table of the design."""
        if name in TABLES:
            return self.design.frame(name)
        raise AttributeError(name)

    @property
    def catalog(self) -> Catalog:
        """The catalog with the new rows, in which nobody is named who pays."""
        return self.plan.catalog

    @property
    def left_out_of_plan(self) -> tuple[str, ...]:
        """The tables (and columns) of the college that the catalog of the plan has not, or not whole."""
        planned, whole = self.catalog.table, self.whole.table
        fewer = [name for name in TABLES_OF_CATALOG if len(planned(name)) < len(whole(name))]
        if any(row.source is not None for row in self.whole.resources):
            fewer.append("resources.source")
        return tuple(fewer)

    def to_excel(self, path: str | PathLike[str], lang: str | None = None, *, force: bool = False) -> Path:
        """Write the design as a workbook and return its path; raises as `PlanResult.to_excel`."""
        return self._write(Path(path), ".xlsx", lang, force)

    def to_json(self, path: str | PathLike[str], *, force: bool = False) -> Path:
        """Write the design as JSON (``schemas/design-1.json``) and return its path."""
        return self._write(Path(path), ".json", None, force)

    def _write(self, path: Path, ending: str, lang: str | None, force: bool) -> Path:
        check_outputs([path], [ending], force=force)
        write_design(self, [path], known_language(lang, self.catalog))
        return path


def design_catalog(
    catalog: Catalog,
    asked: DesignWish,
    settings: Settings | None = None,
    *,
    source: str | None = None,
    time_limit: TimeLimit | None = None,
) -> DesignResult:
    """Design a qualification.

    Raises
    ------
    UsageError
        If an occupation is unknown or asks for nothing, nobody comes after that schooling, the terms are
        too few for the norm, or the id is none or that of another programme.
    CatalogError
        If the catalog, with the new programme, has errors.
    InfeasibleError, NoPlanError
        If there is no curriculum even without the norm of credits, or none was found in time.
    """
    from curriplan.evaluation.design import ROW_TABLES, design_of

    settings = settings or Settings()
    if settings.profile is not None:
        catalog = catalog.replace(profile=settings.profile)
    settings = replace(settings, profile=None)
    limits = effective_limits(catalog, replace(settings, programmes=()))
    wanted, norm = wanted_of(catalog, asked, limits)
    run = _Designing(catalog, wanted, norm, settings, limits, time_limit or TimeLimit(settings.time_limit_s))
    result = run.result()
    design = design_of(
        run.designed,
        result.problem,
        result.plan,
        result.after,
        level=asked.level,
        norm=norm,
        hour_kzt=asked.hour_kzt,
        source=source,
    )
    whole = catalog.replace(**{name: result.catalog.table(name) for name in ROW_TABLES})
    return DesignResult(design, result, whole)


def wanted_of(catalog: Catalog, asked: DesignWish, limits: Limits) -> tuple[Wanted, float | None]:
    """Return the programme that is asked for, and the norm of its credits; raises as `design_catalog`."""
    occupations = [find_occupation(catalog, word) for word in asked.occupations]
    if not occupations:
        raise UsageError.of("option-needs-other", option="design", other="--occupation")
    needing = {row.occupation for row in catalog.occupation_requirements}
    for row in occupations:
        if row.id not in needing:
            raise UsageError.of("occupation-without-requirements", row.place("id"), occupation=row.id)
    alike = [row for row in catalog.programmes if row.entry_base == asked.entry_base]
    if not alike:
        known = sorted({row.entry_base for row in catalog.programmes if row.entry_base is not None})
        values = {"value": asked.entry_base, "known": ", ".join(known) or "–"}
        raise UsageError([Issue("design-unknown-entry-base", values=values)])
    norm = limits.number(f"{TOTAL_CREDITS_PREFIX}{asked.level}_{asked.entry_base}")
    programme = Programme(
        id=_free_id(catalog) if asked.id is None else _fitting_id(catalog, asked.id),
        **{f"name_{code}": asked.names.get(code) or occupations[0].name(code) for code in ("kk", "ru", "en")},
        start=asked.start or semesters.of_term(min(row.start for row in catalog.programmes), A_YEAR_LATER),
        terms=asked.terms,
        repeats=all(row.repeats for row in alike),
        learners=asked.learners,
        entry_base=asked.entry_base,
        language=asked.language or _spoken(alike),
        min_credits=norm,
    )
    return Wanted(programme, _shares_of(row.id for row in occupations)), norm


def _shares_of(occupations: Iterable[str]) -> dict[str, float]:
    """Return equal shares of the graduates, which sum to 1."""
    names = tuple(dict.fromkeys(occupations))
    return {name: 1 / len(names) for name in names}


def _free_id(catalog: Catalog) -> str:
    """Return an id that no programme has: the usual one, or with a number."""
    found, number = DEFAULT_ID, 1
    while found in catalog.programme_by_id:
        number += 1
        found = f"{DEFAULT_ID}-{number}"
    return found


def _fitting_id(catalog: Catalog, wanted: str) -> str:
    """Return the id that is wanted; refuse what is no id, and that of another programme."""
    if len(wanted) > MAX_ID_LENGTH or not re.fullmatch(ID_PATTERN, wanted):
        raise UsageError([Issue("wrong-id", values={"value": wanted})])
    if wanted in catalog.programme_by_id:
        first = catalog.programme_by_id[wanted].place("id")
        raise UsageError([Issue("duplicate-key", values={"key": wanted, "first": str(first)})])
    return wanted


def _spoken(programmes: list[Programme]) -> str | None:
    """Return the language in which most learners are taught."""
    learners: dict[str, int] = {}
    for row in programmes:
        if row.language is not None:
            learners[row.language] = learners.get(row.language, 0) + row.learners
    return min(learners, key=lambda code: (-learners[code], code), default=None)


@dataclass
class _Designing:
    """The solves: first what is needed, then with what fills the norm, of the nearest programmes first."""

    base: Catalog
    wanted: Wanted
    norm: float | None
    settings: Settings
    limits: Limits
    time_limit: TimeLimit

    def __post_init__(self) -> None:
        self.designed = Designed(self.base, self.wanted)
        self._refuse_too_few_terms()

    def _refuse_too_few_terms(self) -> None:
        room = self.designed.room_for_credits(self.limits)
        least = max(self.norm or 0.0, self.designed.most_credits(()))
        if room is not None and least > room:
            terms = self.wanted.programme.terms
            needed = -int(-least * terms // room)
            values = {"terms": terms, "credits": f"{least:g}", "room": f"{room:g}", "needed": needed}
            raise UsageError([Issue("design-too-few-terms", values=values)])

    def result(self) -> PlanResult:
        """Return the plan of the new programme, with as much as can be held.

        Within the free hours of rooms and with the norm of credits, of the nearest programme first; then
        without the hours, then without the norm, then without both.
        """
        cores = {in_rooms: self._core(in_rooms) for in_rooms in (True, False)}
        for in_rooms, core in cores.items():
            if core is None:
                continue
            for kin in sorted({1, max(1, len(self.designed.kin))}):
                self.designed = Designed(self.base, self.wanted, kin)
                choice = self._choice(core)
                made = _Made(choice, self.norm, in_rooms)
                if self.designed.most_credits(choice) >= (self.norm or 0.0) and self._is_possible(made):
                    return self._planned(made)
        for in_rooms, core in cores.items():
            if core is not None:
                return self._planned(self._without_norm(core, in_rooms))
        # The diagnosis of the whole run says why there is none.
        return self._planned(_Made(self.designed.choice, 0.0, False, is_loose=True))

    def _core(self, in_rooms: bool) -> frozenset[str] | None:
        """Return the modules of a curriculum that only has to reach what is asked, in the fewest hours."""
        made = _Made(self.designed.choice, 0.0, in_rooms, is_loose=True)
        problem = self._problem(made, CORE)
        issues = check_catalog(problem.catalog, problem.limits, problem=problem)
        if errors_in(issues):
            raise CatalogError(issues)
        found = self._solved(problem, CORE_SHARE)
        return None if found is None else frozenset(one.module for one in found.selection.starts)

    def _choice(self, core: Collection[str]) -> frozenset[str]:
        """Return what is needed, and all that fits."""
        return self.designed.with_needs({*self.designed.fitting, *(set(core) - set(self.designed.common))})

    def _problem(self, made: _Made, objectives: tuple[str, ...], *, quick: bool = False) -> Problem:
        catalog = self.designed.catalog(made.choice, made.least, is_loose=made.is_loose)
        if not made.in_rooms:
            catalog = catalog.replace(resource_capacity=())
        choices = tuple(ObjectiveChoice(name) for name in objectives)
        own = (self.wanted.programme.id,)
        return Problem.of(catalog, replace(self.settings, programmes=own, objectives=choices, quick=quick))

    def _solved(self, problem: Problem, share: float) -> Solution | None:
        from curriplan.optimizer.solve.stages import solve

        self.time_limit.require()
        try:
            return solve(problem, time_limit_s=max(1.0, share * self.time_limit.left_s))
        except (InfeasibleError, NoPlanError):
            return None

    def _is_possible(self, made: _Made) -> bool:
        problem = self._problem(made, ("closure",), quick=True)
        if errors_in(check_catalog(problem.catalog, problem.limits, problem=problem)):
            return False
        return self._solved(problem, POSSIBLE_SHARE) is not None

    def _planned(self, made: _Made) -> PlanResult:
        """Return the plan; evening out its terms takes no longer than all before, if that is long enough."""
        problem = self._problem(made, WHOLE)
        used_s = self.time_limit.limit_s - self.time_limit.left_s
        limit = TimeLimit(min(self.time_limit.left_s, max(LEAST_LAST_S, LAST_TIMES * used_s)))
        return optimize_catalog(problem.catalog, problem.limits.settings, time_limit=limit)

    def _without_norm(self, core: Collection[str], in_rooms: bool) -> _Made:
        """Return what has as many credits as the modules that fit can give: the norm cannot be held."""
        choice = self._choice(core)
        by_id = self.base.module_by_id
        least = sum(by_id[name].credits or 0.0 for name in core)
        most = max(least, min(self.norm or 0.0, self.designed.most_credits(choice)))
        for total in _between(least, most):
            made = _Made(choice, total, in_rooms, is_loose=True)
            if self._is_possible(made):
                return made
        return _Made(choice, 0.0, in_rooms, is_loose=True)


@dataclass(frozen=True)
class _Made:
    """What one solve is asked.

    Parameters
    ----------
    choice : frozenset of str
        The modules beside the common ones.
    least : float or None
        Credits in all; None where there is no norm.
    in_rooms : bool
        Whether the free hours of rooms and teachers limit it.
    is_loose : bool
        Whether the terms have no least credits and modules.
    """

    choice: frozenset[str]
    least: float | None
    in_rooms: bool
    is_loose: bool = False


def _between(least: float, most: float) -> Iterator[float]:
    """Yield the most, then less by equal steps down to the least; whole credits."""
    step = (most - least) / (TRIES - 1)
    for number in range(TRIES):
        yield float(int(most - number * step)) if number else most


def write_design(result: DesignResult, paths: Sequence[Path], language: str) -> None:
    """Write a design to each of `paths`: a workbook, JSON, or as CSV its curriculum."""
    from curriplan.report.design import DesignTables, write_design_workbook
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    catalog, design = result.catalog, result.design
    table = DesignTables(Labels(catalog, Words(language)), design).module_table()

    def workbook(stream: IO[bytes]) -> None:
        write_design_workbook(catalog, design, stream, language)

    write_each(paths, workbook, design.to_data(), table.fields, table.records(design.modules))
