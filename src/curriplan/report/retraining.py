"""Ways to other occupations: routes, their modules in order, gaps, targets, and origins by targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from curriplan.plan.retraining import (
    Reason,
    Retraining,
    Route,
    RouteGap,
    RouteModule,
    TargetFound,
    Why,
)
from curriplan.report.labels import Labels
from curriplan.xlsx.formula import larger, sum_where, total_of
from curriplan.xlsx.table import Column, Line, Table
from curriplan.xlsx.term import Range, Term, constant

MONEY = ("setup", "delivery", "fees", "travel")


@dataclass(frozen=True)
class NumberedRoute:
    """A route with its number, which its modules and its gaps are found by."""

    number: int
    route: Route


@dataclass(frozen=True)
class PlacedModule:
    """A module of a route."""

    placed: NumberedRoute
    module: RouteModule


@dataclass(frozen=True)
class PlacedGap:
    """A competency that the target of a route asks for."""

    placed: NumberedRoute
    gap: RouteGap


class RetrainingTables:
    """The tables of what was found, in every form."""

    def __init__(self, labels: Labels, found: Retraining) -> None:
        self.labels, self.found = labels, found
        self.routes = [NumberedRoute(number, route) for number, route in enumerate(found.routes, start=1)]
        self.modules = [PlacedModule(one, module) for one in self.routes for module in one.route.modules]
        self.gaps = [PlacedGap(one, gap) for one in self.routes for gap in one.route.gaps]
        self.has_origins = len(found.origins) > 1
        self.is_priced = found.hour_kzt is not None

    def target(self, name: str | None) -> str:
        """Return the name of a target."""
        return self.labels.texts("retrain.floors") if name is None else self.labels.occupation(name)

    def origin(self, name: str | None) -> str:
        """Return the name of an origin."""
        return self.labels.texts("retrain.levels") if name is None else self.labels.occupation(name)

    def why(self, module: RouteModule) -> str:
        """Return why a module stands in a route."""
        return "; ".join(map(self._reason, module.why)) or self.labels.texts("retrain.why_none")

    def _reason(self, why: Why) -> str:
        gives = why.reason is Reason.GIVES
        name = self.labels.competency(why.subject) if gives else self.labels.module(why.subject)
        return self.labels.texts(f"retrain_why.{why.reason}", name=name, level=why.level)

    def missing(self, one: TargetFound) -> str:
        """Return what nobody can come to, by name."""
        return "; ".join(f"{self.labels.competency(row.competency)} – {row.level}" for row in one.missing)

    def open_needs(self, cover: float | None, count: int | None) -> str:
        """Say what needs stay open although a route leads there; nothing where none do."""
        if not count:
            return ""
        key = "retrain.stay_open" if self.found.cover is None else "retrain.stay_open_by_cover"
        return self.labels.texts(key, cover=self.labels.texts.percent(cover, 0), count=count)

    def _unpriced(self) -> tuple[str, str]:
        """Return the header and the field of how many modules have no cost in the catalog."""
        if self.is_priced:
            return "retrain.priced", "modules_priced_by_hour"
        return "retrain.without_cost", "modules_without_cost"

    def _ends(self) -> tuple[Column[NumberedRoute], ...]:
        return (
            Column("retrain.route", "term", 7, lambda one: one.number, field="route"),
            Column(value=lambda one: one.route.source or "", field="source"),
            Column("retrain.from", "text", 18, lambda one: self.origin(one.route.source)),
            Column(value=lambda one: one.route.target or "", field="target"),
            Column(
                "retrain.to",
                "text",
                18,
                lambda one: self.target(one.route.target),
                field="name",
                console="",
                letters=34,
            ),
        )

    def route_table(self, modules: Ranges | None = None, gaps: Ranges | None = None) -> Table[NumberedRoute]:
        """Return the table of the routes; in a workbook its figures are sums over the other sheets."""
        texts = self.labels.texts
        return Table(
            *self._ends(),
            Column(
                "retrain.outcome", "centre", 14, lambda one: texts(f"retrain_outcome.{one.route.outcome}")
            ),
            Column(value=lambda one: str(one.route.outcome), field="outcome"),
            *self._sizes(modules),
            *self._essentials(gaps),
            _cover("retrain.cover_before", lambda route: route.cover_before),
            _cover("retrain.cover_after", lambda route: route.cover_after),
            Column(
                "retrain.open",
                "text",
                24,
                lambda one: self.open_needs(one.route.cover_after, one.route.open_needs),
            ),
        )

    def _sizes(self, modules: Ranges | None) -> tuple[Column[NumberedRoute], ...]:
        """Return the columns of what a route costs and how long it takes, summed over its modules."""

        def summed(key: str | None, *more: tuple[str, str]) -> Callable[[Line[NumberedRoute]], Term]:
            return lambda line: _of_route(modules, line, key, *more)

        cost, hours = summed("retrain.cost"), summed("retrain.hours")
        unpriced = ("retrain.has_cost", self.labels.yes_no(False))
        of_hours = Column(
            "retrain.priced_kzt",
            "money",
            14,
            lambda one: one.route.priced_kzt,
            summed("column.delivery", unpriced),
            field="priced_by_hour_kzt",
        )
        key, field = self._unpriced()
        return (
            Column("retrain.cost", "money", 14, lambda one: one.route.cost_kzt, cost, field="cost_kzt"),
            Column("retrain.hours", "hours", 9, lambda one: one.route.hours, hours, field="hours"),
            Column("retrain.terms", "term", 10, lambda one: one.route.terms, field="terms"),
            Column(
                "retrain.modules",
                "term",
                10,
                lambda one: len(one.route.modules),
                summed(None),
                field="modules",
            ),
            Column(key, "term", 13, lambda one: one.route.without_cost, summed(None, unpriced), field=field),
            *((of_hours,) if self.is_priced else ()),
        )

    def _essentials(self, gaps: Ranges | None) -> tuple[Column[NumberedRoute], ...]:
        """Return the columns of the essential needs, counted over the gap of a route."""
        essential = ("column.essential", self.labels.yes_no(True))

        def counted(place: int, key: str, *tests: tuple[str, str | int]) -> Column[NumberedRoute]:
            def formula(line: Line[NumberedRoute]) -> Term:
                return _of_route(gaps, line, None, essential, *tests)

            return Column(key, "term", 12, lambda one: one.route.essentials[place], formula)

        return (
            counted(0, "retrain.essentials"),
            counted(1, "retrain.met_before", ("column.missing", 0)),
            counted(2, "retrain.met_after", ("retrain.left", 0)),
        )

    def module_table(self) -> Table[PlacedModule]:
        """Return the table of the modules of the routes, in the order in which they are taken."""
        labels = self.labels

        def cost(part: str) -> Callable[[PlacedModule], int]:
            return lambda one: getattr(one.module, f"{part}_kzt")

        return Table(
            Column("retrain.route", "term", 8, lambda one: one.placed.number, field="route"),
            Column(value=lambda one: one.placed.route.source or "", field="source"),
            Column(value=lambda one: one.placed.route.target or "", field="target"),
            Column("retrain.to", "text", 20, lambda one: self.target(one.placed.route.target)),
            Column("retrain.term", "term", 9, lambda one: one.module.term, field="term", console=""),
            Column("retrain.code", "code", 13, lambda one: one.module.module, field="module"),
            Column(
                "column.module",
                "text",
                34,
                lambda one: labels.module(one.module.module),
                field="name",
                console="module",
                letters=40,
            ),
            Column("retrain.hours", "hours", 9, lambda one: one.module.hours, field="hours", console=""),
            *(Column(f"column.{part}", "money", 13, cost(part), field=f"{part}_kzt") for part in MONEY),
            Column(
                "retrain.cost",
                "money",
                15,
                lambda one: one.module.cost_kzt,
                lambda line: total_of([line[f"column.{part}"] for part in MONEY]),
                field="cost_kzt",
                console="",
            ),
            Column("retrain.has_cost", "centre", 12, lambda one: one.module.has_cost, field="has_cost"),
            Column("retrain.why", "text", 42, lambda one: self.why(one.module), field="why"),
        )

    def gap_table(self) -> Table[PlacedGap]:
        """Return the table of what the targets of the routes ask for."""
        required, held = "column.required", "occupation_gaps.held"
        return Table(
            Column("retrain.route", "term", 8, lambda one: one.placed.number, field="route"),
            Column("retrain.to", "text", 26, lambda one: self.target(one.placed.route.target)),
            Column("column.competency_code", "code", 13, lambda one: one.gap.competency, field="competency"),
            Column(
                "column.competency",
                "text",
                44,
                lambda one: self.labels.competency(one.gap.competency),
                field="name",
            ),
            Column("column.essential", "centre", 11, lambda one: one.gap.is_essential, field="essential"),
            Column(required, "term", 11, lambda one: one.gap.required, field="required"),
            Column(held, "term", 11, lambda one: one.gap.held, field="held"),
            Column(
                "column.missing",
                "term",
                11,
                lambda one: one.gap.missing,
                lambda line: larger(constant(0), line[required] - line[held]),
                field="missing",
            ),
            Column("retrain.after", "term", 12, lambda one: one.gap.after, field="after"),
            Column(
                "retrain.left",
                "term",
                12,
                lambda one: max(0, one.gap.required - one.gap.after),
                lambda line: larger(constant(0), line[required] - line["retrain.after"]),
                field="left",
            ),
            Column("retrain.teachable", "term", 13, lambda one: one.gap.teachable, field="teachable"),
        )

    def target_table(self) -> Table[TargetFound]:
        """Return the table of all targets, those that cost least first."""
        labels = self.labels
        from_name = self.origin
        origins = (
            Column("retrain.from", "text", 30, lambda one: from_name(one.source), console="from", letters=24),
        )
        return Table(
            Column(value=lambda one: one.source or "", field="source"),
            *(origins if self.has_origins else ()),
            Column("retrain.from_code", "code", 20, lambda one: one.source or ""),
            Column("retrain.to_code", "code", 24, lambda one: one.target, field="target"),
            Column(
                "retrain.to",
                "text",
                34,
                lambda one: labels.occupation(one.target),
                field="name",
                console="",
                letters=34,
            ),
            Column(
                "retrain.outcome",
                "centre",
                18,
                lambda one: labels.texts(f"retrain_outcome.{one.outcome}"),
                console="",
            ),
            Column(value=lambda one: str(one.outcome), field="outcome"),
            *self._target_sizes(),
            Column("retrain.open", "text", 40, lambda one: self.open_needs(one.cover_after, one.open_needs)),
            Column(value=lambda one: one.open_needs, field="open_needs", console="open_needs"),
            Column("retrain.safer_by", "text", 26, lambda one: ", ".join(one.safer_by), field="safer_by"),
            Column(
                "retrain.not_safer_by",
                "text",
                26,
                lambda one: ", ".join(one.not_safer_by),
                field="not_safer_by",
            ),
            Column("retrain.missing", "text", 50, self.missing),
            Column(
                value=lambda one: " ".join(f"{row.competency}:{row.level}" for row in one.missing),
                field="missing",
            ),
        )

    def _target_sizes(self) -> tuple[Column[TargetFound], ...]:
        key, field = self._unpriced()
        of_hours = Column(
            "retrain.priced_kzt", "money", 16, lambda one: one.priced_kzt, field="priced_by_hour_kzt"
        )
        return (
            Column("retrain.cost", "money", 15, lambda one: one.cost_kzt, field="cost_kzt", console=""),
            Column("retrain.least", "money", 15, lambda one: one.least_kzt, field="least_kzt"),
            Column("retrain.hours", "hours", 9, lambda one: one.hours, field="hours", console=""),
            Column("retrain.terms", "term", 10, lambda one: one.terms, field="terms", console=""),
            Column("retrain.modules", "term", 10, lambda one: one.modules, field="modules"),
            Column(
                key,
                "term",
                13,
                lambda one: one.without_cost,
                field=field,
                console="priced" if self.is_priced else "without_cost",
            ),
            *((of_hours,) if self.is_priced else ()),
            Column("retrain.cover_before", "share", 12, lambda one: one.cover_before, field="cover_before"),
            Column("retrain.cover_after", "share", 12, lambda one: one.cover_after, field="cover_after"),
        )

    @property
    def how_targets(self) -> str:
        """The key of what is proven of the list of targets."""
        return "retrain.how_targets" if self.found.is_complete else "retrain.how_targets_open"

    @property
    def conditions(self) -> list[str]:
        """What was asked, in sentences."""
        texts, found = self.labels.texts, self.found
        origin = ", ".join(map(self.labels.occupation, found.origins)) or texts("retrain.levels")
        target = {"any": texts("retrain.any"), "floors": texts("retrain.floors")}.get(
            found.to
        ) or self.labels.occupation(found.to)
        lines = [texts("retrain.ends", source=origin, target=target)]
        if found.brought and found.origins:
            lines.append(texts("retrain.brought", count=len(found.brought)))
        named = {
            "learners": found.learners,
            "terms": found.most_terms,
            "start": self.labels.semester(found.start),
        }
        lines.append(texts("retrain.course", **named))
        lines.append(texts("retrain.within" if found.within else "retrain.without"))
        if found.cover is not None:
            lines.append(texts("retrain.by_cover", cover=texts.percent(found.cover)))
        if found.hour_kzt is not None:
            lines.append(texts("retrain.by_hour", kzt=texts.number(found.hour_kzt)))
        elif any(one.route.without_cost for one in self.routes):
            lines.append(texts("retrain.no_costs"))
        if found.safer:
            lines.append(texts("retrain.safer", count=len(found.not_safer)))
        if found.to != "floors":
            lines.append(texts("retrain.on_paper"))
        if not found.is_complete:
            lines.append(texts("retrain.stopped"))
        return lines


def _cover(key: str, value: Callable[[Route], float | None]) -> Column[NumberedRoute]:
    return Column(key, "share", 12, lambda one: value(one.route))


Ranges = Callable[[str], Range]


def _of_route(
    of: Ranges | None, line: Line[NumberedRoute], key: str | None, *tests: tuple[str, str | int]
) -> Term:
    """Return a sum, or a count, over the rows of another sheet that belong to a route."""
    assert of is not None
    matches = [(of("retrain.route"), "=", line["retrain.route"])]
    matches += [(of(column), "=", constant(wanted)) for column, wanted in tests]
    return sum_where(None if key is None else of(key), *matches)
