"""What the values of a solver decide: modules, terms, sites."""

from __future__ import annotations

from collections.abc import Iterator

from curriplan.optimizer.model.variables import PlanModel, Serving
from curriplan.plan.plan import Selection, Site, Start


def read_selection(model: PlanModel, values: dict[str, float]) -> Selection:
    """Round the solver's values to decisions; parts that would be idle are taken away."""
    taken = [key for key, variable in model.start.items() if values.get(variable.name, 0.0) > 0.5]
    started = {(programme, module): term for programme, module, term in taken}
    used: dict[tuple[str, str, str], list[tuple[Serving, int]]] = {}
    for serving in model.servings:
        key = serving.option.key
        count = round(sum(values.get(variable.name, 0.0) for variable, _ in serving.terms))
        if started.get(key) in serving.group and count > 0:
            used.setdefault((*key, serving.resource.kind), []).append((serving, count))
    sites = [site for servings in used.values() for site in _sites(model, servings)]
    starts = (Start(programme, module, term) for programme, module, term in taken)
    return Selection(tuple(sorted(starts)), tuple(sorted(sites)))


def _sites(model: PlanModel, servings: list[tuple[Serving, int]]) -> Iterator[Site]:
    """Yield the sites that serve one need, and how many parts each, where the kind is split."""
    servings = [(serving, count * serving.parts) for serving, count in servings]
    for serving, parts in _without_idle(model, servings):
        yield Site(*serving.option.key, serving.resource.id, parts)


def _without_idle(model: PlanModel, servings: list[tuple[Serving, int]]) -> Iterator[tuple[Serving, int]]:
    """Take away parts that the others make needless, the costliest first, then those of later sites."""
    problem = model.problem
    capacity, money = problem.capacity, problem.money

    def size(serving: Serving) -> float:
        programme = problem.catalog.programme_by_id[serving.option.programme]
        return capacity.part_size(programme, serving.option.module.id, serving.resource)

    def cost_kzt(serving: Serving) -> int:
        of = (serving.option, serving.resource, 1)
        return money.fees_kzt(*of) + money.travel_kzt(*of)

    places = sum(parts * size(serving) for serving, parts in servings)
    left = {place: parts for place, (_, parts) in enumerate(servings)}
    for place in sorted(left, key=lambda place: (-cost_kzt(servings[place][0]), -place)):
        serving, parts = servings[place]
        learners = problem.catalog.programme_by_id[serving.option.programme].learners
        while left[place] > 0 and places - size(serving) >= learners:
            left[place] -= 1
            places -= size(serving)
        if parts == 0 or left[place] > 0:
            yield serving, left[place]
