"""Rooms, enterprises and teachers: §9."""

from __future__ import annotations

from curriplan.optimizer.model.variables import Entity, PlanModel, Serving
from curriplan.optimizer.rules.parts import Rules, hours_by_semester, minus, times
from curriplan.problem.curriculum import Option


def resources(model: PlanModel) -> None:
    """§9: one site a kind (Σ_r use = Σ x), or enough parts where it is split; hours used ≤ free hours.

    Hours by resource and calendar semester: ω[m,k] of the module's in the semesters of its k-th term.
    """
    _enough_sites(model)
    for (resource, semester), parts in sorted(hours_by_semester(model).items()):
        entity = Entity("§9", "resource_hours", None, resource, semester)
        free = model.problem.capacity.free_hours[resource, semester]
        model.require("§9", parts, "<=", free, entity=entity)


def _enough_sites(model: PlanModel) -> None:
    capacity = model.problem.capacity
    by_need: dict[tuple[str, str, str, int], list[Serving]] = {}
    for one in model.servings:
        key = (*one.option.key, one.resource.kind, one.group[0])
        by_need.setdefault(key, []).append(one)
    for programme in model.problem.programmes:
        for option in programme.options:
            for kind in capacity.needs.get(option.module.id, {}):
                if kind not in capacity.sites:
                    entity = Entity("§9", "sites", *option.key)
                    model.require("§9", model.taken(option), "<=", 0, entity=entity)
                for group in model.groups(option) if len(capacity.sites.get(kind, ())) > 1 else ():
                    servings = by_need[(*option.key, kind, group[0])]
                    write = _split if capacity.is_split(option.module.id, kind) else _one_site
                    write(model, option, group, servings)


def _one_site(model: PlanModel, option: Option, group: tuple[int, ...], servings: list[Serving]) -> None:
    """Σ_r use[p,m,T,r] = Σ_{t in T} x[p,m,t]."""
    used = [part for serving in servings for part in serving.terms]
    model.require("§9", [*used, *minus(model.taken(option, group))], "=", 0)


def _split(model: PlanModel, option: Option, group: tuple[int, ...], servings: list[Serving]) -> None:
    """Σ_r parts[p,m,T,r] · size(r) ≥ learners · Σ_{t in T} x[p,m,t], and parts ≤ most · Σ x.

    Where all sizes are equal, simply Σ_r parts = ⌈learners / size⌉ · Σ x. No row keeps parts from
    being idle: that never pays, and what is idle is taken away afterwards.
    """
    capacity = model.problem.capacity
    programme = model.problem.catalog.programme_by_id[option.programme]
    taken = model.taken(option, group)
    used = [part for serving in servings for part in serving.terms]
    sizes = [capacity.part_size(programme, option.module.id, serving.resource) for serving in servings]
    most = [capacity.parts(programme, option.module.id, serving.resource) for serving in servings]
    if len(set(sizes)) == 1:
        model.require("§9", [*used, *times(-most[0], taken)], "=", 0)
        return
    seats = [part for size, s in zip(sizes, servings, strict=True) for part in times(size, s.terms)]
    model.require("§9", [*seats, *times(-programme.learners, taken)], ">=", 0)
    # At least as many parts as the largest size needs: true, and tighter than the seats alone.
    model.require("§9", [*used, *times(-min(most), taken)], ">=", 0)
    for number, serving in zip(most, servings, strict=True):
        model.require("§9", [*serving.terms, *times(-number, taken)], "<=", 0)


RULES: Rules = (("§9", resources),)
