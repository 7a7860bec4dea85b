"""Outlooks as rows of a catalog: scenarios, demand by year, and shares where demand says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curriplan.base.errors import CatalogError, Issue, Place, UsageError
from curriplan.catalog.records import Catalog, Demand, Exposure, Scenario, Target
from curriplan.importing.outlooks.exposure import Scores, exposure_rows, read_scores
from curriplan.importing.outlooks.futures import (
    Future,
    as_today,
    exposure_ids,
    of_exposure,
    of_new_professions,
    of_snapshots,
    unmapped,
)
from curriplan.importing.outlooks.snapshots import read_snapshot
from curriplan.texts.languages import LANGUAGES

OPENINGS_DIGITS = 2
SHARE_DIGITS = 4
TOLERANCE = 1e-6
"""Within which probabilities sum to 1."""


@dataclass(frozen=True)
class Ingredients:
    """What outlooks are to be made of.

    Parameters
    ----------
    exposure : mapping of str to Path
        Files of scores by the name of their source; without any, those of the catalog count.
    beta : float or None
        How much of the demand for the most exposed occupation goes: above 0, up to 1.
    snapshots : pair of Path, optional
        The older and the newer count of vacancies.
    shrink : float, optional
        k, by which ratios are drawn towards 1; by default estimated.
    moved : float, optional
        The part of the demand lost to exposure that goes to new professions; None: no such outlook.
    probabilities : mapping of str to float
        Of all outlooks that the catalog then has; by default they are equal.
    as_today : bool
        Whether there is an outlook in which demand stays what it is.
    as_of : str, optional
        The date on which the scores were read.
    """

    exposure: Mapping[str, Path]
    beta: float | None = None
    snapshots: tuple[Path, Path] | None = None
    shrink: float | None = None
    moved: float | None = None
    probabilities: Mapping[str, float] | None = None
    as_today: bool = True
    as_of: str | None = None


@dataclass(frozen=True)
class MadeOutlooks:
    """A catalog with outlooks, and what was doubtful on the way.

    Attributes
    ----------
    catalog : Catalog
        With the new outlooks beside those that it had.
    outlooks : tuple of str
        Ids of the new ones.
    k : float or None
        By which ratios of snapshots were drawn towards 1.
    """

    catalog: Catalog
    outlooks: tuple[str, ...]
    issues: tuple[Issue, ...]
    k: float | None = None

    def __repr__(self) -> str:
        return f"<MadeOutlooks {', '.join(self.outlooks)}>"


def outlooks_made(catalog: Catalog, wish: Ingredients) -> MadeOutlooks:
    """Add outlooks to a catalog.

    Raises
    ------
    CatalogError
        If a file cannot be read or says nothing of the catalog, or no profession is called new.
    UsageError
        If nothing was asked for, or the probabilities do not fit.
    """
    issues: list[Issue] = []
    catalog = _with_exposure(catalog, wish, issues)
    futures, k = [as_today()] if wish.as_today else [], None
    if wish.beta is not None:
        futures += _exposed(catalog, wish.beta, wish.moved, issues)
    if wish.snapshots is not None:
        old, new = (read_snapshot(path) for path in wish.snapshots)
        future, changes = of_snapshots(catalog, old, new, wish.shrink)
        issues += filter(None, [unmapped(catalog, changes.said, future.factors)])
        futures, k = [*futures, future], changes.k
    if not any(future.factors for future in futures):
        raise UsageError.of("outlook-nothing-asked")
    made = _with_rows(catalog, futures, wish.probabilities or {}, issues)
    return MadeOutlooks(
        made, tuple(future.id for future in futures), tuple(sorted(issues, key=Issue.sort_key)), k
    )


def _with_exposure(catalog: Catalog, wish: Ingredients, issues: list[Issue]) -> Catalog:
    """Return a catalog with the scores of files in the place of those of the same source, and cite these."""
    if not wish.exposure:
        return catalog
    sources = [read_scores(name, path) for name, path in wish.exposure.items()]
    _refuse_twice(wish.exposure, sources)
    rows = tuple(exposure_rows(catalog, sources, wish.as_of))
    for scores in sources:
        issues += scores.issues
        try:
            unmapped(catalog, scores.source, [row.occupation for row in rows if row.source == scores.source])
        except CatalogError as error:  # what was left out of the file may be why
            raise CatalogError((*scores.issues, *error.issues)) from error
    named = {scores.source for scores in sources}
    kept = (row for row in catalog.exposure if row.source not in named)
    cited = (scores.cited for scores in sources if scores.cited)
    attribution = tuple(dict.fromkeys((*catalog.info.attribution, *cited)))
    info = catalog.info.model_copy(update={"attribution": attribution})
    return catalog.replace(exposure=(*kept, *rows), info=info)


def _refuse_twice(names: Iterable[str], sources: Iterable[Scores]) -> None:
    """Refuse two names of one source, such as `ilo` and `ILO`: an occupation has one score of a source."""
    by_source: dict[str, str] = {}
    for name, scores in zip(names, sources, strict=True):
        other = by_source.setdefault(scores.source, name)
        if other != name:
            expected = f"{other} ≠ {name} ({scores.source})"
            raise UsageError.of("bad-value", option="--exposure", value=name, expected=expected)


def _exposed(catalog: Catalog, beta: float, moved: float | None, issues: list[Issue]) -> Iterator[Future]:
    """Yield an outlook for each source of scores, and the one with new professions."""
    by_source: dict[str, list[Exposure]] = {}
    for row in catalog.exposure:
        by_source.setdefault(row.source, []).append(row)
    if not by_source:
        raise CatalogError.of("outlook-nothing-known", Place("exposure"), source="exposure")
    ids = exposure_ids(by_source)
    for source, rows in sorted(by_source.items()):
        issues += filter(None, [unmapped(catalog, source, [row.occupation for row in rows])])
        yield of_exposure(ids[source], rows, beta)
    if moved is not None:
        if not _new(catalog):
            raise CatalogError.of("no-new-professions", catalog.occupations[0].place("new"))
        yield of_new_professions(catalog.exposure, beta, moved)


def _new(catalog: Catalog) -> tuple[str, ...]:
    return tuple(row.id for row in catalog.occupations if row.new)


def _with_rows(
    catalog: Catalog, futures: Sequence[Future], chosen: Mapping[str, float], issues: list[Issue]
) -> Catalog:
    """Return a catalog with the rows of outlooks in the place of those of the same ids."""
    made = {future.id: _scenario(future) for future in futures}
    replaced = [row for row in catalog.scenarios if row.id in made and not _same(row, made[row.id])]
    if replaced:
        values = {"names": ", ".join(row.id for row in replaced)}
        issues.append(Issue("outlook-replaced", replaced[0].place("id"), values))
    kept = [row for row in catalog.scenarios if row.id not in made]
    named = [*kept, *made.values()]
    odds = _probabilities([row.id for row in named], chosen, catalog.scenarios)
    scenarios = tuple(row.model_copy(update={"probability": odds[row.id]}) for row in named)
    unsaid = _programmes_without_demand(catalog)
    if unsaid:
        place = catalog.programme_by_id[unsaid[0]].place("id")
        issues.append(Issue("outlook-shares-only", place, {"names": ", ".join(unsaid)}))
    return catalog.replace(
        scenarios=scenarios,
        demand=(
            *(row for row in catalog.demand if row.scenario not in made),
            *(row for future in futures for row in _demand(catalog, future)),
        ),
        targets=(
            *(row for row in catalog.targets if row.scenario not in made),
            *(row for future in futures for name in unsaid for row in _targets(catalog, future, name)),
        ),
    )


def _scenario(future: Future) -> Scenario:
    names = {f"name_{language}": future.name.said(language) for language in LANGUAGES}
    return Scenario(id=future.id, probability=0, **names)


def _same(row: Scenario, made: Scenario) -> bool:
    """Say whether an outlook is called as one that is made: it was made of the same."""
    return all(row.name(language) == made.name(language) for language in LANGUAGES)


def _probabilities(
    ids: Sequence[str], chosen: Mapping[str, float], before: Iterable[Scenario]
) -> Mapping[str, float]:
    """Return the probabilities that were chosen, else those of the catalog, else equal ones that sum to 1.

    Those of the catalog are its user's: where there are more outlooks than it has, none is guessed.
    """
    own = {row.id: row.probability for row in before}
    if own and not chosen:
        if {*own} == {*ids}:
            return own
        values = {
            "own": ", ".join(f"{name}={value:g}" for name, value in own.items()),
            "all": " ".join(f"--probability {name}=…" for name in ids),
        }
        raise UsageError([Issue("outlook-probabilities-unsaid", values=values)])
    if not chosen:
        part = round(1 / len(ids), SHARE_DIGITS)
        return dict(zip(ids, [*[part] * (len(ids) - 1), _rest(part, len(ids) - 1)], strict=True))
    if {*chosen} != {*ids} or abs(sum(chosen.values()) - 1) > TOLERANCE:
        shown = ", ".join(f"{name}={value:g}" for name, value in chosen.items())
        raise UsageError.of(
            "bad-value", option="--probability", value=shown, expected=" + ".join([*ids]) + " = 1"
        )
    return chosen


def _rest(part: float, times: int) -> float:
    return round(1 - part * times, SHARE_DIGITS)


def _demand(catalog: Catalog, future: Future) -> Iterator[Demand]:
    """Yield the demand of an outlook, in every year that the base has."""
    by_year: dict[int, dict[str, float]] = {}
    for row in catalog.demand:
        if row.scenario is None:
            by_year.setdefault(row.year, {})[row.occupation] = row.openings
    new = _new(catalog) if future.moved else ()
    for year, base in sorted(by_year.items()):
        lost = sum(openings * (1 - future.factor(name)) for name, openings in base.items())
        gained = future.moved * lost / len(new) if new else 0.0
        for name in sorted({*base, *new}):
            openings = base.get(name, 0.0) * future.factor(name) + (gained if name in new else 0.0)
            source = future.source(name)
            if name in new:
                source += f"; and {gained:.4g} of {lost:.5g} lost by all, in equal parts to new professions"
            yield Demand(
                occupation=name,
                year=year,
                scenario=future.id,
                openings=round(openings, OPENINGS_DIGITS),
                source=source,
            )


def _base_targets(catalog: Catalog, programme: str) -> Mapping[str, float]:
    rows = (row for row in catalog.targets if row.programme == programme and row.scenario is None)
    return {row.occupation: row.share for row in rows}


def _programmes_without_demand(catalog: Catalog) -> tuple[str, ...]:
    """Return the programmes with an occupation that nobody wants in the base: d_s / d_0 is not known."""
    wanted = {row.occupation for row in catalog.demand if row.scenario is None and row.openings > 0}
    ids = (row.id for row in catalog.programmes)
    return tuple(name for name in ids if {*_base_targets(catalog, name)} - wanted)


def _targets(catalog: Catalog, future: Future, programme: str) -> Iterator[Target]:
    """Yield the shares of a programme: what its occupations lose goes to its new ones, in equal parts."""
    shares = _base_targets(catalog, programme)
    parts = {name: share * future.factor(name) for name, share in shares.items()}
    new = [name for name in shares if name in _new(catalog)] if future.moved else []
    gained = future.moved * (sum(shares.values()) - sum(parts.values())) / len(new) if new else 0.0
    parts = {name: part + (gained if name in new else 0.0) for name, part in parts.items()}
    for name, share in (_rounded(parts) or shares).items():
        yield Target(programme=programme, occupation=name, share=share, scenario=future.id)


def _rounded(parts: Mapping[str, float]) -> Mapping[str, float]:
    """Return parts as rounded shares that sum to 1; those that round to nothing are left out."""
    total = sum(parts.values())
    if not total > 0:
        return {}
    shares = {name: round(part / total, SHARE_DIGITS) for name, part in sorted(parts.items())}
    largest = max(shares, key=lambda name: shares[name])
    others: Iterable[float] = (share for name, share in shares.items() if name != largest)
    shares[largest] = round(1 - sum(others), SHARE_DIGITS)
    return {name: share for name, share in shares.items() if share > 0}
