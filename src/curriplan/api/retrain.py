"""Ways from one occupation to others: to one, to those that cost least, or to the safety floors."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from curriplan.base.errors import (
    CatalogError,
    CurriplanError,
    InfeasibleError,
    Issue,
    NoPlanError,
    Place,
    UsageError,
)
from curriplan.base.files import write_each
from curriplan.base.progress import step
from curriplan.catalog.reading.bundled import bundled_names
from curriplan.catalog.records import Catalog, CostPart
from curriplan.plan.plan import CatalogReference
from curriplan.plan.retraining import Level, Retraining, Route, RouteOutcome, TargetFound
from curriplan.problem.occupations import find_occupation
from curriplan.problem.retraining import CourseWish, HeldLevels, Question, Ways
from curriplan.problem.settings import Settings

if TYPE_CHECKING:
    from curriplan.optimizer.routes import Found, Ranked, RouteClock

ANY, FLOORS = "any", "floors"
"""What stands in the place of an occupation."""
TOP = 10
UNPROVEN = {RouteOutcome.NOT_ASKED, RouteOutcome.FOUND}
MOST_NAMED = 8


@dataclass(frozen=True)
class Asking:
    """What is asked for.

    Parameters
    ----------
    source : str or None
        The occupation that people come from: an id, a URI, a code or a name.
    brought : mapping
        Levels that they hold beside those of the occupation.
    to : str
        An occupation, ``any`` or ``floors``.
    top : int
        How many targets, of those that cost least.
    safer : bool
        Whether only targets count that are less exposed than the origin.
    matrix : int or None
        Ask for so many origins, those that are exposed most, instead of one.
    """

    source: str | None = None
    brought: Mapping[str, int] = field(default_factory=dict)
    to: str = ANY
    wish: CourseWish = field(default_factory=CourseWish)
    top: int = TOP
    safer: bool = False
    matrix: int | None = None


def retrain_catalog(
    catalog: Catalog,
    asking: Asking,
    settings: Settings | None = None,
    *,
    source: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Retraining:
    """Find the routes that are asked for.

    Raises
    ------
    UsageError
        If an occupation is unknown, fits several or asks for nothing, or arguments do not go together.
    CatalogError
        If the catalog has no modules, floors or scores of exposure where they are needed.
    InfeasibleError
        If no route leads to the one target that is asked for; it says what is missing.
    """
    from curriplan.optimizer.routes import RouteClock
    from curriplan.optimizer.solve.solver import catch_interrupt

    settings = settings or Settings()
    if not catalog.modules:
        raise CatalogError.of("nothing-to-plan", Place(catalog.info.id))
    with catch_interrupt() as interrupt:
        run = _Finder(
            catalog, asking, settings, RouteClock(settings.time_limit_s, interrupt), progress or step_told
        )
        found = run.result()
    named = source if source in bundled_names() else None  # a path says nothing elsewhere
    return replace(found, catalog=replace(found.catalog, source=named))


def step_told(done: int, total: int) -> None:
    """Say how many targets were looked at."""
    step("evaluating", done, total)


@dataclass
class _Finder:
    catalog: Catalog
    asking: Asking
    settings: Settings
    clock: RouteClock
    told: Callable[[int, int], None]
    targets: list[TargetFound] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    not_safer: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ways = Ways(self.catalog, self.asking.wish, self.settings)
        self._ranks: dict[str, dict[str, float]] = {}
        for row in self.catalog.exposure:
            self._ranks.setdefault(row.occupation, {})[row.source] = row.rank

    def result(self) -> Retraining:
        asking = self.asking
        if asking.matrix is not None:
            origins = tuple(self._most_exposed(asking.matrix))
        else:
            origins = (self._occupation(asking.source),) if asking.source is not None else ()
        to = asking.to if asking.to in (ANY, FLOORS) else self._occupation(asking.to)
        self._refuse_what_does_not_go_together(origins, to)
        sources: tuple[str | None, ...] = origins or (None,)
        for source in sources:
            self._ask(self._origin(source), to)
        wish = asking.wish
        return Retraining(
            CatalogReference.of(self.catalog, None),
            origins,
            to,
            tuple(Level(one, level) for one, level in sorted(asking.brought.items())),
            wish.learners,
            wish.most_terms,
            self.ways.start,
            wish.within,
            wish.cover,
            wish.hour_kzt,
            asking.top if to == ANY else None,
            asking.safer,
            tuple(self.routes),
            tuple(self.targets),
            tuple(sorted(set(self.not_safer))),
            UNPROVEN.isdisjoint([one.outcome for one in self.targets] + [one.outcome for one in self.routes]),
        )

    def _refuse_what_does_not_go_together(self, origins: tuple[str, ...], to: str) -> None:
        asking = self.asking
        if not (origins or asking.brought) and to != FLOORS:
            raise UsageError.of("option-needs-other", option="--to", other="--from / --baseline")
        for name in origins if asking.safer else ():
            if not self._ranks.get(name):
                raise CatalogError.of("no-exposure", Place("exposure"), occupation=name)
        if asking.safer and not origins:
            raise UsageError.of("option-needs-other", option="--safer", other="--from")
        if asking.safer and to == FLOORS:
            raise UsageError.of("options-exclude", first="--safer", second="--to floors")
        if to == FLOORS and asking.wish.cover is not None:
            raise UsageError.of("options-exclude", first="--cover", second="--to floors")
        if asking.matrix is not None and to != ANY:
            raise UsageError.of("options-exclude", first="--matrix", second=f"--to {to}")
        if asking.safer and to not in (ANY, FLOORS):
            self._refuse_as_exposed(origins[0], to)

    def _refuse_as_exposed(self, source: str, target: str) -> None:
        """Refuse one target that a source does not call less exposed than the origin, or that none scores."""
        yes, no = self._safer(source, target)
        if not yes and not no:
            raise CatalogError.of("no-exposure", Place("exposure"), occupation=target)
        if no:
            own, other = self._ranks[source], self._ranks[target]
            shown = "; ".join(f"{one}: {source} {own[one]:g}, {target} {other[one]:g}" for one in no)
            values = {"source": source, "target": target, "ranks": shown}
            raise UsageError([Issue("target-not-safer", values=values)])

    def _occupation(self, word: str) -> str:
        """Return the id of an occupation that asks for something."""
        row = find_occupation(self.catalog, word)
        if row.id not in self.ways.needs:
            raise UsageError.of("occupation-without-requirements", row.place("id"), occupation=row.id)
        return row.id

    def _origin(self, name: str | None) -> HeldLevels:
        levels = dict(self.asking.brought)
        for competency, level in self.ways.levels_of(name or "").items():
            levels[competency] = max(level, levels.get(competency, 0))
        return self.ways.origin(name, levels)

    def _ask(self, origin: HeldLevels, to: str) -> None:
        if to == ANY:
            self._ask_any(origin)
            return
        question = self.ways.to_floors(origin) if to == FLOORS else self.ways.to_occupation(origin, to)
        if to == FLOORS and not question.must_reach:
            raise CatalogError.of("no-floors", Place("floors"))
        self.routes.append(self._route(question))

    def _route(self, question: Question) -> Route:
        """Return the one route that is asked for, or say why there is none."""
        from curriplan.optimizer.routes import find, in_fewest_terms, route_of

        found = find(self.ways, question, self.clock)
        if not found.has_route:
            raise self._none(question, found)
        return route_of(self.ways, question, in_fewest_terms(self.ways, question, found, self.clock))

    def _none(self, question: Question, found: Found) -> CurriplanError:
        if found.outcome is RouteOutcome.NOT_ASKED:
            return NoPlanError([Issue("stopped-before-plan")])
        target = question.target or FLOORS
        if found.outcome is RouteOutcome.NO_ROUTE:
            values = {"target": target, "terms": self.asking.wish.most_terms}
            return InfeasibleError([Issue("route-clashes", values=values)])
        lacking = self.ways.entries_lacking(question)
        values = {"target": target, "missing": _levels(question.not_taught), "entries": _levels(lacking)}
        code = "route-entries-lacking" if lacking else "route-not-taught"
        return InfeasibleError([Issue(code, values=values)])

    def _ask_any(self, origin: HeldLevels) -> None:
        from curriplan.optimizer.routes import in_fewest_terms, rank, route_of

        names = [name for name in self.catalog.occupation_by_id if name in self.ways.needs]
        safer = {name: self._safer(origin.source, name) for name in names if name != origin.source}
        kept = [name for name, (yes, no) in safer.items() if not self.asking.safer or (yes and not no)]
        self.not_safer += [name for name in safer if name not in kept]
        questions = [self.ways.to_occupation(origin, name) for name in kept]
        rows = rank(self.ways, questions, self.asking.top, self.clock, self.told)
        routed = sorted((row for row in rows if row.found and row.found.has_route), key=lambda row: row.place)
        best = [row for row in routed if row.question.gap][: self.asking.top]
        for row in best:
            assert row.found is not None
            row.found = in_fewest_terms(self.ways, row.question, row.found, self.clock)
            self.routes.append(route_of(self.ways, row.question, row.found))
        timed = {row.question.target for row in best}
        for row in routed:
            if row not in best:
                assert row.found is not None
                shorter = in_fewest_terms(self.ways, row.question, row.found, self.clock)
                if shorter.outcome is row.found.outcome:
                    row.found = shorter
                    timed.add(row.question.target)
        rest = sorted((row for row in rows if row not in routed), key=_of_rest)
        for row in (*routed, *rest):
            self.targets.append(self._target(row, safer[row.question.target or ""], timed))

    def _target(
        self, row: Ranked, safer: tuple[tuple[str, ...], tuple[str, ...]], timed: Container[str | None]
    ) -> TargetFound:
        """Return what was found of a target; `timed` are those of which the fewest terms were found."""
        question, found = row.question, row.found
        assert question.target is not None
        told = TargetFound(
            question.origin.source,
            question.target,
            RouteOutcome.DEARER if found is None else found.outcome,
            None if row.least is None else row.least.kzt,
            cover_before=question.cover(question.held),
            missing=tuple(Level(name, level) for name, level in sorted(question.not_taught.items())),
            safer_by=safer[0],
            not_safer_by=safer[1],
        )
        if found is None or not found.has_route:
            return told
        unpriced = {
            one.module for one in found.selection.starts if not self.ways.modules.has_cost(one.module)
        }
        items = () if found.evaluation is None else found.evaluation.cost_items
        cost_kzt, hours = found.value
        levels = found.levels(question)
        return replace(
            told,
            cost_kzt=cost_kzt,
            hours=hours,
            least_kzt=told.least_kzt if found.outcome is RouteOutcome.FOUND else cost_kzt,
            terms=found.terms if question.target in timed else None,
            modules=len(found.selection.starts),
            without_cost=len(unpriced),
            priced_kzt=sum(
                one.kzt for one in items if one.module in unpriced and one.part is CostPart.DELIVERY
            ),
            cover_after=question.cover(levels),
            open_needs=question.open_needs(levels),
        )

    def _safer(self, source: str | None, target: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the sources by whose scores a target is less exposed than the origin, and the others.

        Only those that score both; nothing, where none does.
        """
        own, other = self._ranks.get(source or "", {}), self._ranks.get(target, {})
        both = sorted(own.keys() & other.keys())
        return (
            tuple(one for one in both if other[one] < own[one]),
            tuple(one for one in both if other[one] >= own[one]),
        )

    def _most_exposed(self, count: int) -> Iterable[str]:
        """Return the occupations whose mean rank over all sources is the highest."""
        ranks = {name: rows for name, rows in self._ranks.items() if name in self.ways.needs}
        if not ranks:
            raise CatalogError.of("no-exposure", Place("exposure"), occupation=self.catalog.info.id)
        return sorted(ranks, key=lambda name: (-sum(ranks[name].values()) / len(ranks[name]), name))[:count]


def _of_rest(row: Ranked) -> tuple[bool, float, str]:
    """Put those that may have a route by what they cost at least, before those that have none."""
    return (row.least is None, row.least.kzt if row.least else 0, str(row.question.target))


def _levels(levels: Mapping[str, int]) -> str:
    shown = [f"{name} {level}" for name, level in sorted(levels.items())]
    more = [f"... ({len(shown)})"] if len(shown) > MOST_NAMED else []
    return ", ".join(shown[:MOST_NAMED] + more)


def write_retraining(catalog: Catalog, found: Retraining, paths: Sequence[Path], language: str) -> None:
    """Write the routes to each of `paths`; a CSV holds the targets, or of one target the modules."""
    from curriplan.report.labels import Labels
    from curriplan.report.retraining import RetrainingTables
    from curriplan.report.retraining_book import write_retraining_workbook
    from curriplan.texts.words import Words

    tables = RetrainingTables(Labels(catalog, Words(language)), found)
    modules, targets = tables.module_table(), tables.target_table()
    names = targets.fields if found.targets else modules.fields
    rows = targets.records(found.targets) if found.targets else modules.records(tables.modules)

    def workbook(stream: IO[bytes]) -> None:
        write_retraining_workbook(catalog, found, stream, language)

    write_each(paths, workbook, found.to_data(), names, rows)
