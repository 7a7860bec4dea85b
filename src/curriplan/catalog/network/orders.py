"""Groups that colleges may be given (state order), beside the groups that they have today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from curriplan.base.errors import Issue, nearest
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.records import Network, Places
from curriplan.catalog.records.network import ChoiceRow


def order_issues(network: Network, facts: Mapping[str, CollegeFacts]) -> Iterator[Issue]:
    """Yield what is wrong with the choices of colleges beside their groups of today."""
    steps: dict[str, dict[str, dict[int, int]]] = {}
    for places in network.places:
        one = facts.get(places.college)
        region = network.region_of.get(places.college)
        if one is None or region is None:
            continue
        known = True
        for number, choice in enumerate(places.choices, start=1):
            found = [*_of_choice(network, places, number, one)]
            known = known and not any(issue.code == "network-choice-programme" for issue in found)
            yield from found
            change = sum(groups - one.groups.get(name, 0) for name, groups in choice.items())
            steps.setdefault(region, {}).setdefault(places.college, {})[number] = change
        if not known:
            steps.get(region, {}).pop(places.college, None)
    for by_college in steps.values():
        yield from _unbalanced(network, by_college)


def _of_choice(network: Network, places: Places, number: int, facts: CollegeFacts) -> Iterator[Issue]:
    """Yield programmes that there are none of, groups far from today, and a choice that is today."""
    choice = places.choices[number - 1]
    for name, groups in sorted(choice.items()):
        place = network.place(ChoiceRow.table, places.college, str(number), name, column="programme")
        values = {"college": places.college, "number": number, "programme": name}
        today = facts.groups.get(name)
        if today is None:
            near = nearest(name, sorted(facts.groups))
            yield Issue("network-choice-programme", place, {**values, "nearest": near})
        elif abs(groups - today) > network.places_within:
            far = {"groups": groups, "today": today, "within": network.places_within}
            yield Issue("network-choice-far", place, {**values, **far})
    if choice and all(facts.groups.get(name) == groups for name, groups in choice.items()):
        first = min(choice)
        place = network.place(ChoiceRow.table, places.college, str(number), first, column="choice")
        yield Issue("network-choice-today", place, {"college": places.college, "number": number})


def _unbalanced(network: Network, steps: Mapping[str, Mapping[int, int]]) -> Iterator[Issue]:
    """Find choices of the colleges of a region with which its groups never add up to those of today.

    Parameters
    ----------
    steps : mapping of str to mapping of int to int
        How many groups more than today each choice of each college has, by number.
    """
    colleges = sorted(steps)
    before = _sums([steps[name] for name in colleges])
    after = [*reversed(_sums([steps[name] for name in reversed(colleges)]))]
    for at, college in enumerate(colleges):
        for number, change in sorted(steps[college].items()):
            if not any(-change - other in after[at + 1] for other in before[at]):
                choice = next(one for one in network.places if one.college == college).choices[number - 1]
                place = network.place(ChoiceRow.table, college, str(number), min(choice), column="choice")
                values = {"college": college, "number": number, "change": f"{change:+d}"}
                yield Issue("network-choice-unbalanced", place, values)


def _sums(steps: Sequence[Mapping[int, int]]) -> list[set[int]]:
    """Return what the first n colleges can change together, for each n; each may stay as it is today."""
    found = [{0}]
    for own in steps:
        found.append({known + change for known in found[-1] for change in (0, *own.values())})
    return found
