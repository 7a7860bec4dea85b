"""What changed from one plan to another: modules, levels, money, hours, measures and limits.

Everything is read from the plans themselves, so that two plans can be compared without their catalogs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from curriplan.base.codec import to_data
from curriplan.base.notebook import notebook_html
from curriplan.plan.figures import ErrRange
from curriplan.plan.plan import Decision, Plan
from curriplan.problem.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

MEASURES = (
    "closure_after",
    "closure_after_worst",
    "essentials_met_after",
    "occupations_met_after",
    "cost_kzt",
    "setup_cost_kzt",
    "added_delivery_cost_kzt",
    "fees_kzt",
    "travel_kzt",
    "total_delivery_cost_kzt",
)
"""The measures of the whole plan that a comparison shows, where both plans have them."""
CLOSURES = ("closure_after", "closure_after_worst")
"""Those of them that are shares of 1."""
RANGE = ("closure_low", "closure_high")
"""Closure if estimates err: 5th and 95th percentile, of the plan and of each programme."""


COMPARISON_SCHEMA = "curriplan-comparison/1"


class Change(StrEnum):
    """What happened to a module from the first plan to the second."""

    TAKEN = "taken"
    LEFT_OUT = "left_out"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True)
class ModuleChange:
    """A module of a programme that either plan takes; a term is None where the plan does not take it."""

    programme: str
    module: str
    change: Change
    first_term: int | None
    second_term: int | None


@dataclass(frozen=True)
class LevelChange:
    """A competency whose level after the plan differs."""

    programme: str
    competency: str
    required: int
    first: int
    second: int


@dataclass(frozen=True)
class AmountChange:
    """An amount in both plans: money by source, hours by resource; 0 where a plan has none."""

    name: str
    first: float
    second: float

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.second - self.first


@dataclass(frozen=True)
class ValueChange:
    """A measure or a limit in both plans; None where a plan has none."""

    name: str
    programme: str | None
    first: Any
    second: Any


@dataclass(frozen=True)
class MeasuredValue(ValueChange):
    """A measure in both plans; a closure with what becomes of it if estimates err, where that is known."""

    first_range: ErrRange | None = None
    second_range: ErrRange | None = None


@dataclass(frozen=True)
class Comparison:
    """What changed from the first plan to the second.

    Attributes
    ----------
    same_catalog : bool
        Whether both plans were made from the same catalog.
    modules : tuple of ModuleChange
        Every module that either plan takes, by programme and module.
    levels, money, hours
        Only what differs: levels by programme and competency, KZT by source, hours by resource.
    measures, limits
        Measures of the plan and of each programme in both, closure if estimates err among them where a
        plan has its figures; limits that differ.
    """

    first: Plan
    second: Plan
    same_catalog: bool
    modules: tuple[ModuleChange, ...]
    levels: tuple[LevelChange, ...]
    money: tuple[AmountChange, ...]
    hours: tuple[AmountChange, ...]
    measures: tuple[ValueChange, ...]
    limits: tuple[ValueChange, ...]

    def __repr__(self) -> str:
        changed = f"{len(self.changed_modules)} of {len(self.modules)} modules differ"
        return f"<Comparison {self.first.shown} → {self.second.shown}; {changed}>"

    def _repr_html_(self) -> str:
        modules = self.frame("modules")
        return notebook_html(self, modules[modules["change"] != Change.SAME])

    @property
    def changed_modules(self) -> tuple[ModuleChange, ...]:
        """The modules that are not as they were."""
        return tuple(row for row in self.modules if row.change is not Change.SAME)

    @property
    def measured(self) -> tuple[MeasuredValue, ...]:
        """The measures, each closure with its range: the two ends have no rows of their own here."""
        rows = [row for row in self.measures if row.name not in RANGE]
        ranges = [[_range_of(plan, row) for plan in (self.first, self.second)] for row in rows]
        return tuple(
            MeasuredValue(row.name, row.programme, row.first, row.second, *found)
            for row, found in zip(rows, ranges, strict=True)
        )

    def frame(self, table: str) -> pd.DataFrame:
        """Return one of the tables (``modules``, ``levels``, ...) as a DataFrame."""
        import pandas as pd

        record = _RECORDS[table]
        rows = [asdict(row) for row in getattr(self, table)]
        return pd.DataFrame(rows, columns=[field.name for field in fields(record)])

    def to_data(self) -> dict[str, Any]:
        """Return the comparison as plain data, ready for JSON; modules that stay are left out."""
        return {
            "schema": COMPARISON_SCHEMA,
            "first": _named(self.first),
            "second": _named(self.second),
            "same_catalog": self.same_catalog,
            "modules": [asdict(row) for row in self.changed_modules],
            **{name: [asdict(row) for row in getattr(self, name)] for name in _RECORDS if name != "modules"},
        }


_RECORDS: Mapping[str, type[Any]] = {
    "modules": ModuleChange,
    "levels": LevelChange,
    "money": AmountChange,
    "hours": AmountChange,
    "measures": ValueChange,
    "limits": ValueChange,
}


def compare_plans(first: Plan, second: Plan) -> Comparison:
    """Compare two plans; rows stand in sorted order, so the same two plans give the same comparison."""
    return Comparison(
        first,
        second,
        first.catalog.sha256 == second.catalog.sha256,
        _modules(first, second),
        _levels(first, second),
        _amounts(_paid(first), _paid(second)),
        _amounts(_used(first), _used(second)),
        _measures(first, second),
        _limits(first, second),
    )


def _modules(first: Plan, second: Plan) -> tuple[ModuleChange, ...]:
    earlier, later = _terms(first), _terms(second)
    return tuple(
        ModuleChange(*key, _change(earlier.get(key), later.get(key)), earlier.get(key), later.get(key))
        for key in sorted({*earlier, *later})
    )


def _terms(plan: Plan) -> dict[tuple[str, str], int]:
    taken = (row for row in plan.modules if row.decision is not Decision.DROPPED)
    return _by(taken, lambda row: (row.programme, row.module), lambda row: row.term)


def _change(earlier: int | None, later: int | None) -> Change:
    if earlier is None:
        return Change.TAKEN
    if later is None:
        return Change.LEFT_OUT
    return Change.SAME if earlier == later else Change.MOVED


def _levels(first: Plan, second: Plan) -> tuple[LevelChange, ...]:
    def key(row: Any) -> tuple[str, str]:
        return (row.programme, row.competency)

    earlier, later = _by(first.gaps, key, _itself), _by(second.gaps, key, _itself)
    return tuple(
        LevelChange(programme, competency, new.required, old.after, new.after)
        for programme, competency in sorted({*earlier} & {*later})
        for old, new in ((earlier[programme, competency], later[programme, competency]),)
        if old.after != new.after
    )


def _paid(plan: Plan) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in plan.payments:
        found[row.source] = found.get(row.source, 0) + row.kzt
    return found


def _used(plan: Plan) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in plan.uses:
        found[row.resource] = found.get(row.resource, 0.0) + row.hours
    return found


def _amounts(earlier: Mapping[str, float], later: Mapping[str, float]) -> tuple[AmountChange, ...]:
    rows = (
        AmountChange(name, earlier.get(name, 0), later.get(name, 0)) for name in sorted({*earlier, *later})
    )
    return tuple(row for row in rows if abs(row.difference) > 1e-9)


def _measures(first: Plan, second: Plan) -> tuple[ValueChange, ...]:
    rows = [
        ValueChange(name, None, first.measures.get(name), second.measures.get(name))
        for name in MEASURES
        if name in first.measures or name in second.measures
    ]
    earlier, later = (plan.measures.get("programmes", {}) for plan in (first, second))
    rows += [
        ValueChange("closure_after", name, _closure(earlier, name), _closure(later, name))
        for name in sorted({*earlier, *later})
    ]
    return (*rows, *_figures(first, second))


def _figures(first: Plan, second: Plan) -> Iterator[ValueChange]:
    """Yield how sure the closures are, where a plan has its figures, and the occupations not fully met."""
    if first.figures is None and second.figures is None:
        return
    unmet = (plan.figures and plan.figures.occupations_not_met for plan in (first, second))
    yield ValueChange("occupations_not_met", None, *unmet)
    earlier, later = _ranges(first), _ranges(second)
    for programme in sorted({*earlier, *later}, key=lambda name: name or ""):
        for end in RANGE:
            ends = (getattr(found.get(programme), end, None) for found in (earlier, later))
            yield ValueChange(end, programme, *ends)


def _ranges(plan: Plan) -> dict[str | None, ErrRange]:
    if plan.figures is None:
        return {}
    found = plan.figures.if_estimates_err
    return _by((found.plan, *found.programmes), lambda row: row.programme, _itself)


def _range_of(plan: Plan, row: ValueChange) -> ErrRange | None:
    """Return how sure a closure is, None for what is none."""
    if row.name not in CLOSURES:
        return None
    worst = plan.measures.get("closure_after_worst_programme")
    return _ranges(plan).get(row.programme if row.name == "closure_after" else worst)


def _closure(programmes: Mapping[str, Mapping[str, Any]], name: str) -> Any:
    return programmes.get(name, {}).get("closure_after")


def _limits(first: Plan, second: Plan) -> tuple[ValueChange, ...]:
    earlier, later = _flat_limits(first), _flat_limits(second)
    usual = to_data(Settings())  # of settings that came later than a plan
    rows = (
        ValueChange(name, None, *(found.get(name, usual.get(name)) for found in (earlier, later)))
        for name in sorted({*earlier, *later})
    )
    return tuple(row for row in rows if row.first != row.second)


def value_text(value: Any) -> str:
    """Return a value of a limit as a reader would write it.

    >>> value_text([{"name": "closure", "tolerance": 0.005}, {"name": "cost", "tolerance": 0}])
    'closure:0.005, cost'
    >>> value_text([["P", "A", 1]])
    'P A 1'
    >>> value_text(None)
    '-'
    """
    if value is None or value in ([], {}, ()):
        return "-"
    if isinstance(value, Mapping):
        if {*value} == {"name", "tolerance"}:
            return str(value["name"]) + (f":{value['tolerance']:g}" if value["tolerance"] else "")
        return ", ".join(f"{key} {value_text(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        nested = any(isinstance(one, list | tuple | Mapping) for one in value)
        return (", " if nested else " ").join(map(value_text, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


REPEATED_LIMITS = ("profile", "overrides", "norm_overrides")
"""Limits whose every value stands under a name of its own, too."""


def _flat_limits(plan: Plan) -> dict[str, Any]:
    """Return the limits with each value of the profile by its key, without what only repeats others."""
    found = {name: value for name, value in plan.limits.items() if name not in REPEATED_LIMITS}
    for row in plan.limits.get("profile", ()):
        found[f"profile {row['key']}"] = row["value"]
    return found


def _named(plan: Plan) -> dict[str, Any]:
    return {"catalog": asdict(plan.catalog), "status": plan.status.value}


def _itself(row: Any) -> Any:
    return row


def _by(rows: Iterable[Any], key: Callable[[Any], Hashable], value: Callable[[Any], Any]) -> dict[Any, Any]:
    return {key(row): value(row) for row in rows}
