"""A network as `curriplan check` looks at it: its own file, every catalog, and one beside the others."""

from __future__ import annotations

from pathlib import Path

from curriplan.api.reading import Reading, Source, read
from curriplan.base.errors import Issue, errors_in
from curriplan.base.progress import tell_language
from curriplan.catalog.network.against import issues_against
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.read import find_network, holds_catalogs, is_network
from curriplan.problem.facts import facts_of
from curriplan.problem.problem import Problem


def means_network(source: Source) -> bool:
    """Say whether a source is a network, or a folder of catalogs that lacks its ``network.toml``."""
    return is_network(source) or holds_catalogs(source)


def check_network(source: Source) -> Reading:
    """Read and check a network and the catalogs of all its colleges.

    Parameters
    ----------
    source : str or path
        A folder with a ``network.toml``, that file, or the name of a bundled network.

    Returns
    -------
    Reading
        Every problem; ``found`` is None, as it is no catalog.
    """
    found = find_network(source)
    issues = [*found.issues]
    facts: list[CollegeFacts] = []
    if found.network is not None:
        tell_language(found.network.language)
        for college in found.network.colleges:
            reading = read(college.catalog)
            issues += reading.issues
            if reading.found is not None and not reading.errors:
                facts.append(facts_of(college.id, Problem.of(reading.found)))
        issues += issues_against(found.network, facts, whole=not errors_in(found.issues))
    ordered = tuple(sorted(each_once(issues), key=Issue.sort_key))
    return Reading(None, ordered, str(Path(source)))


def each_once(issues: list[Issue]) -> list[Issue]:
    """Return each issue once: what is wrong with a base is wrong in every catalog that extends it."""
    found = {(one.code, one.place, one.found()): one for one in issues}
    return [*found.values()]
