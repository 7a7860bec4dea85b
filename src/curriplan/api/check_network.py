"""A network as `curriplan check` looks at it: its own file, every catalog, and one beside the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from curriplan.api.reading import Reading, Source, read
from curriplan.base.errors import Issue, errors_in
from curriplan.base.progress import listening, step, tell_language
from curriplan.catalog.network.against import issues_against
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.read import find_network, holds_catalogs, is_network
from curriplan.problem.facts import facts_of
from curriplan.problem.problem import Problem


@dataclass(frozen=True)
class NetworkReading(Reading):
    """A network as it was read and checked; ``found`` is None, as it is no catalog.

    Attributes
    ----------
    own : tuple of Issue
        Those of ``issues`` that are of the network itself, by place.
    by_catalog : tuple of (str, tuple of Issue)
        Those of each catalog, in the order of the colleges.
    """

    own: tuple[Issue, ...] = ()
    by_catalog: tuple[tuple[str, tuple[Issue, ...]], ...] = ()


def means_network(source: Source) -> bool:
    """Say whether a source is a network, or a folder of catalogs that lacks its ``network.toml``."""
    return is_network(source) or holds_catalogs(source)


def check_network(source: Source) -> NetworkReading:
    """Read and check a network and the catalogs of all its colleges.

    Parameters
    ----------
    source : str or path
        A folder with a ``network.toml``, that file, or the name of a bundled network.
    """
    found = find_network(source)
    own = [*found.issues]
    by_catalog: list[tuple[str, tuple[Issue, ...]]] = []
    if found.network is not None:
        tell_language(found.network.language)
        facts: list[CollegeFacts] = []
        colleges = found.network.colleges
        for number, college in enumerate(colleges):
            if not college.catalog.exists():
                continue  # said already
            step("checking", number, len(colleges))
            with listening(lambda *_: None):  # one step of many
                reading = read(college.catalog)
            by_catalog.append((str(college.catalog), reading.issues))
            if reading.found is not None and not reading.errors:
                facts.append(facts_of(college.id, Problem.of(reading.found)))
        own += issues_against(found.network, facts, whole=not errors_in(found.issues))
    own.sort(key=Issue.sort_key)
    every = _each_once([*own, *(issue for _, issues in by_catalog for issue in issues)])
    return NetworkReading(None, every, str(Path(source)), own=tuple(own), by_catalog=tuple(by_catalog))


def _each_once(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return issues by place: what is wrong with a base is wrong in every catalog that extends it."""
    found = {(one.code, one.place, one.found()): one for one in issues}
    return tuple(sorted(found.values(), key=Issue.sort_key))
