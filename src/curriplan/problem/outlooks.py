"""What an outlook on the labour market makes of a catalog: other shares of occupations, other weights.

The formulas stand in ``docs/formulation.md`` under *Outlooks*. Nothing else of the catalog changes: rules,
costs and rooms are those of the base, and so is all that compares with today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from curriplan.catalog.records import Catalog, Scenario, Target
from curriplan.problem.gaps import ProgrammeGaps, base_shares, programme_weight
from curriplan.problem.limits import Limits


@dataclass(frozen=True)
class Outlook:
    """An outlook, and what the planned programmes lack in it."""

    scenario: Scenario
    gaps: Mapping[str, ProgrammeGaps]
    """What each planned programme lacks, by the shares of the outlook."""
    weights: Mapping[str, float]
    """Weight of each planned programme in the closure of the outlook."""

    @property
    def id(self) -> str:
        """The id of the scenario."""
        return self.scenario.id

    @property
    def probability(self) -> float:
        """The probability that the catalog assumes; nobody knows it."""
        return float(self.scenario.probability)

    @property
    def closing(self) -> Mapping[str, float]:
        """Weight of each programme that has anything to close, summing to 1; empty where none counts."""
        raw = {name: self.weights[name] for name, gaps in self.gaps.items() if gaps.total_weight > 0}
        total = sum(raw.values())
        return {name: weight / total for name, weight in raw.items()} if total > 0 else {}


AVERAGE = "average"
"""The id of the outlook that averages all; `average_outlook` never stands among those of a catalog."""


def average_outlook(catalog: Catalog, limits: Limits, outlooks: Sequence[Outlook]) -> Outlook:
    """Return the outlook whose shares and weights are those of all, averaged by their probabilities."""

    def mean(values: Iterable[tuple[float, float]]) -> float:
        return sum(probability * value for probability, value in values)

    gaps = {}
    for name in limits.planned:
        occupations = sorted({occupation for one in outlooks for occupation in one.gaps[name].shares})
        shares = {
            occupation: mean(
                (one.probability, one.gaps[name].shares.get(occupation, 0.0)) for one in outlooks
            )
            for occupation in occupations
        }
        gaps[name] = ProgrammeGaps(catalog, limits, name, {o: s for o, s in shares.items() if s > 0})
    weights = {
        name: mean((one.probability, one.weights[name]) for one in outlooks) for name in limits.planned
    }
    return Outlook(Scenario(id=AVERAGE, probability=1.0), gaps, weights)


class Openings:
    """Openings of occupations in the base and in an outlook, over the years that both of them have."""

    def __init__(self, catalog: Catalog) -> None:
        self._years: dict[tuple[str, str | None], dict[int, float]] = {}
        for row in catalog.demand:
            self._years.setdefault((row.occupation, row.scenario), {})[row.year] = row.openings

    def are_in_base(self, occupation: str) -> bool:
        """Say whether the base has openings of an occupation in any year."""
        return sum(self._years.get((occupation, None), {}).values()) > 0

    def ratio(self, occupation: str, scenario: str) -> float | None:
        """Return d_s / d_0; None where no year of both has openings in the base."""
        base, ahead = (self._years.get((occupation, name), {}) for name in (None, scenario))
        years = sorted(base.keys() & ahead.keys())
        openings = sum(base[year] for year in years)
        return sum(ahead[year] for year in years) / openings if openings > 0 else None


def given_shares(catalog: Catalog) -> Mapping[tuple[str, str], tuple[Target, ...]]:
    """Return the rows of ``targets`` in which outlooks give shares, by programme and outlook."""
    found: dict[tuple[str, str], list[Target]] = {}
    for row in catalog.targets:
        if row.scenario is not None:
            found.setdefault((row.programme, row.scenario), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def outlooks_of(catalog: Catalog, limits: Limits) -> tuple[Outlook, ...]:
    """Return the outlooks of a catalog, in its order."""
    return tuple(_Outlooks(catalog, limits))


class _Outlooks:
    def __init__(self, catalog: Catalog, limits: Limits) -> None:
        self._catalog, self._limits = catalog, limits
        self._given, self._openings = given_shares(catalog), Openings(catalog)

    def __iter__(self) -> Iterator[Outlook]:
        for scenario in self._catalog.scenarios:
            found = {name: self._programme(name, scenario.id) for name in self._limits.planned}
            gaps = {
                name: ProgrammeGaps(self._catalog, self._limits, name, shares)
                for name, (shares, _) in found.items()
            }
            yield Outlook(scenario, gaps, {name: weight for name, (_, weight) in found.items()})

    def _programme(self, programme: str, scenario: str) -> tuple[Mapping[str, float], float]:
        """Return the shares of a programme's occupations in an outlook, and its weight."""
        weight = programme_weight(self._catalog, programme)
        if rows := self._given.get((programme, scenario)):
            return {row.occupation: row.share for row in rows}, weight
        parts = {
            name: share * (self._openings.ratio(name, scenario) or 0.0)
            for name, share in base_shares(self._catalog, programme).items()
        }
        growth = sum(parts.values())
        return {name: part / growth for name, part in parts.items() if part > 0}, weight * growth
