"""What is left of a plan when a partner leaves, told from the decisions alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.figures.challenges import challenges_of
from curriplan.evaluation.objectives import OBJECTIVES
from curriplan.evaluation.payments import divide
from curriplan.evaluation.planned import planned_modules
from curriplan.evaluation.result import Evaluation
from curriplan.evaluation.rules import touched_checks
from curriplan.evaluation.state import Basis
from curriplan.plan.plan import Decision, Response, Selection, Site
from curriplan.plan.stress import BrokenRule, ChallengeLoss, ModuleLeft, PartnerLoss, SourcePays
from curriplan.problem.owners import owned_by
from curriplan.problem.partners import Leaving, left_by
from curriplan.problem.problem import Problem


class Departure:
    """A partner that leaves a plan, and what that means whatever is left.

    Parameters
    ----------
    plan : Selection
        With its payments.
    year : int, optional
        What falls due before it is sunk; None: nothing is.
    """

    def __init__(self, problem: Problem, plan: Selection, source: str, year: int | None = None) -> None:
        self.problem, self.plan, self.source = problem, plan, source
        paid = paid_by_year(plan)
        own = {one: kzt for (name, one), kzt in paid.items() if name == source}
        self.pays_kzt = sum(own.values())
        self.sunk_kzt = sum(kzt for one, kzt in own.items() if year is not None and one < year)
        self.resources = used_of(problem, plan, source)
        self.left = left_by(problem, Leaving(source, year, paid))
        self.closure = float(OBJECTIVES["closure"](problem.derived(Basis).plan(plan)))

    @property
    def is_used(self) -> bool:
        """Whether the plan takes anything of it after it has left."""
        return self.pays_kzt > self.sunk_kzt or bool(self.resources)

    def loss(self, status: str, selection: Selection | None = None, **found: Any) -> PartnerLoss:
        """Return the loss, with all that follows from what is left, which has its payments."""
        if selection is not None:
            after = evaluate(self.left, selection)
            found |= {
                "closure": after.objectives["closure"],
                "cost_kzt": after.cost_kzt,
                "modules": what_changes(self.problem, self.plan, selection),
                "payers": who_pays(self.problem, self.plan, selection),
                "challenges": challenge_losses(self.problem, self.plan, selection),
                "response": in_short(self.left, Response(self.source, selection.starts, selection.sites)),
            }
        return PartnerLoss(self.source, status, self.pays_kzt, self.sunk_kzt, self.resources, **found)


def in_short(problem: Problem, response: Response) -> Response:
    """Return what is left with 0 for the parts of a site that serves all, as files have it."""

    def serves_all(site: Site) -> bool:
        resource = problem.catalog.resource_by_id.get(site.resource)
        return resource is not None and not problem.capacity.is_split(site.module, resource.kind)

    sites = (replace(site, parts=0) if serves_all(site) else site for site in response.sites)
    return replace(response, sites=tuple(sites))


def recorded_losses(problem: Problem, plan: Selection) -> tuple[PartnerLoss, ...]:
    """Return what a plan with ``keep_within`` loses at most, by what it says is left."""
    found = []
    for response in plan.responses:
        gone = Departure(problem, plan, response.source)
        left = with_payments(gone.left, Selection(response.starts, response.sites))
        loss = gone.loss("shown", left)
        found.append(replace(loss, loss_most=max(0.0, gone.closure - (loss.closure or 0.0))))
    return tuple(found)


def with_payments(problem: Problem, selection: Selection) -> Selection:
    """Return decisions with who pays, as far as the sources of the problem can."""
    due = problem.derived(Basis).plan(selection).cost_items
    return replace(selection, payments=divide(problem.money, due), responses=())


def paid_by_year(selection: Selection) -> dict[tuple[str, int], int]:
    """Return what each source pays in each calendar year, KZT."""
    found: Counter[tuple[str, int]] = Counter()
    for row in selection.payments:
        found[row.source, row.year] += row.kzt
    return dict(found)


def used_of(problem: Problem, selection: Selection, source: str) -> tuple[str, ...]:
    """Return the resources of a source that a plan uses, in catalog order."""
    own = owned_by(problem.catalog, source) & {site.resource for site in selection.sites}
    return tuple(row.id for row in problem.catalog.resources if row.id in own)


def with_usual_sites(left: Problem, plan: Selection, response: Selection) -> Selection:
    """Return what is left with its modules at the sites of the plan, wherever the rules let them.

    Solvers choose among sites that are equally good: what need not move does not.
    """
    usual, chosen = _sites_by_need(left, plan.sites), _sites_by_need(left, response.sites)
    other = {key: usual[key] for key in sorted(chosen) if key in usual and usual[key] != chosen[key]}
    if not other:
        return response
    everything = _with_sites(response, chosen | other)
    if _holds(left, everything):
        return everything
    state = left.derived(Basis).plan(replace(response, payments=()))
    for key, sites in other.items():
        rows = [
            site for one, several in chosen.items() if one[:2] == key[:2] and one != key for site in several
        ]
        starts = [start for start in response.starts if (start.programme, start.module) == key[:2]]
        tried = state.changed(key[0], [key[1]], starts, [*rows, *sites])
        if all(check.holds for check in touched_checks(tried)):
            candidate = _with_sites(response, chosen | {key: sites})
            if _holds(left, candidate):
                chosen[key] = sites
                state = left.derived(Basis).plan(candidate)
    return _with_sites(response, chosen)


Need = tuple[str, str, str]
"""Programme, module, kind of resource."""


def _sites_by_need(problem: Problem, sites: Iterable[Site]) -> dict[Need, tuple[Site, ...]]:
    found: dict[Need, tuple[Site, ...]] = {}
    for site in sorted(sites):
        key = (site.programme, site.module, problem.catalog.resource_by_id[site.resource].kind)
        found[key] = (*found.get(key, ()), site)
    return found


def _with_sites(selection: Selection, sites: dict[Need, tuple[Site, ...]]) -> Selection:
    return Selection(selection.starts, tuple(sorted(site for rows in sites.values() for site in rows)))


def _holds(problem: Problem, selection: Selection) -> bool:
    return not evaluate(problem, Selection(selection.starts, selection.sites)).broken_rules


def what_changes(problem: Problem, plan: Selection, left: Selection) -> tuple[ModuleLeft, ...]:
    """Return the modules that fall, return or move to other sites, by programme and module."""
    decisions = {(row.programme, row.module): row for row in planned_modules(problem, plan)}
    kept = {(start.programme, start.module): start for start in left.starts}
    before, after = _resources(plan.sites), _resources(left.sites)
    found = []
    for key, row in decisions.items():
        was_taken = row.decision is not Decision.DROPPED
        if was_taken and key not in kept:
            found.append(ModuleLeft(*key, row.term, "falls", row.decision))
        elif not was_taken and key in kept:
            found.append(ModuleLeft(*key, kept[key].term, "returns", row.decision))
        elif was_taken and before.get(key, ()) != after.get(key, ()):
            sites = (before.get(key, ()), after.get(key, ()))
            found.append(ModuleLeft(*key, row.term, "site", row.decision, *sites))
    order = {"falls": 0, "returns": 1, "site": 2}
    return tuple(sorted(found, key=lambda one: (order[one.change], one.programme, one.term, one.module)))


def _resources(sites: Iterable[Site]) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for site in sorted(sites):
        key = (site.programme, site.module)
        found[key] = (*found.get(key, ()), site.resource)
    return found


def who_pays(problem: Problem, plan: Selection, left: Selection) -> tuple[SourcePays, ...]:
    """Return what each source pays in the plan and then, of those that pay in either, in catalog order."""
    before, after = (_paid(one) for one in (plan, left))
    return tuple(
        SourcePays(name, before[name], after[name])
        for name in problem.money.sources
        if before[name] or after[name]
    )


def _paid(selection: Selection) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in selection.payments:
        found[row.source] += row.kzt
    return found


def challenge_losses(problem: Problem, plan: Selection, left: Selection) -> tuple[ChallengeLoss, ...]:
    """Return what closes of each challenge in the plan and then; nothing where the catalog has none."""
    pairs = zip(challenges_of(problem, plan), challenges_of(problem, left), strict=True)
    return tuple(ChallengeLoss(one.challenge, one.closure_after, two.closure_after) for one, two in pairs)


def broken_rules(evaluation: Evaluation, *, is_needed: bool = False) -> tuple[BrokenRule, ...]:
    """Return what a plan breaks."""
    return tuple(BrokenRule(check, is_needed) for check in evaluation.broken)
