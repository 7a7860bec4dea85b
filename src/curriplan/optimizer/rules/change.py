"""What may change against an earlier plan, or against what is taught today: §12."""

from __future__ import annotations

from collections.abc import Mapping

from curriplan.base import semesters
from curriplan.optimizer.model.planning import ProgrammeProblem
from curriplan.optimizer.model.variables import Entity, Parts, PlanModel
from curriplan.optimizer.rules.parts import Rules, minus, times
from curriplan.problem.curriculum import Option


def changes(model: PlanModel) -> None:
    """§12: changes against the earlier plan ≤ N, frozen terms as in it; else a share of today's hours.

    Changes: Σ_{(p,m) of the earlier plan} (1 − x[p,m,its term]) + Σ_{other (p,m)} Σ_t x[p,m,t].
    Frozen: x[p,m,t] = 1 if the earlier plan starts m in t, else 0, for terms t in a semester ≤ S.
    Review: x[p,m,t] = 1 for a module that it keeps in t, Σ_t x[p,m,t] = 0 for one that it leaves out.
    Without an earlier plan: Σ_{current m} hours(m)·(1 − Σ_t x[p,m,t]) ≤ share · Σ_{current m} hours(m).
    """
    settings = model.problem.limits.settings
    _review(model)
    if settings.previous is None:
        for one in model.problem.programmes:
            _change_share(model, one)
        return
    earlier = {(programme, module): term for programme, module, term in settings.previous}
    if settings.max_changes is not None:
        _max_changes(model, earlier, settings.max_changes)
    if settings.taught_until is not None:
        for one in model.problem.programmes:
            _frozen_terms(model, one, earlier, settings.taught_until)


def _max_changes(model: PlanModel, earlier: dict[tuple[str, str], int], most: int) -> None:
    """Σ_{others} Σ_t x − Σ_{as before} x ≤ N − number of modules of the earlier plan."""
    parts, known = change_parts(model, earlier)
    model.require("§12", parts, "<=", most - known, entity=Entity("§12", "changes"))


def change_parts(model: PlanModel, earlier: Mapping[tuple[str, str], int]) -> tuple[Parts, int]:
    """Return the terms and the constant of the number of changes against an earlier plan."""
    parts: Parts = []
    known = 0
    for one in model.problem.programmes:
        if earlier and not any(option.key in earlier for option in one.curriculum.open_options):
            continue  # it came after the earlier plan
        for option in one.options:
            before = earlier.get(option.key)
            if before is None:
                parts += model.taken(option)
            elif _is_open(one, option):
                known += 1
                parts += minus(model.taken(option, [before]))
    return parts, known


def _is_open(one: ProgrammeProblem, option: Option) -> bool:
    """Say whether a module belongs to M(p): in a relaxed model forbidden ones are options too."""
    return any(item.module.id == option.module.id for item in one.curriculum.open_options)


def _frozen_terms(
    model: PlanModel, one: ProgrammeProblem, earlier: dict[tuple[str, str], int], until: str
) -> None:
    """x[p,m,t] = 1 or 0, as the earlier plan has it: one row a term for those that stay out."""
    for term in sorted(one.terms):
        if semesters.of_term(one.programme.start, term) <= until:
            entity = Entity("§12", "taught_terms", one.id, str(term))
            others: Parts = []
            for option in one.options:
                if earlier.get(option.key) != term:
                    others += model.taken(option, [term])
                elif _is_open(one, option):
                    model.require("§12", model.taken(option, [term]), ">=", 1, entity=entity)
            model.require("§12", others, "<=", 0, entity=entity)


def _change_share(model: PlanModel, one: ProgrammeProblem) -> None:
    """Σ hours·Σ_t x ≥ (1 − share) · Σ hours over the current modules; forbidden ones count as dropped."""
    limits = model.problem.limits
    share = limits.number(limits.change_share_key(one.programme))
    total = sum(option.module.total_hours for option in one.curriculum.current)
    if share is not None and total > 0:
        kept = [
            part
            for option in one.options
            if option.current_term is not None
            for part in times(option.module.total_hours, model.taken(option))
        ]
        entity = Entity("§12", "change_share", one.id)
        model.require("§12", kept, ">=", (1 - share) * total, entity=entity)


def _review(model: PlanModel) -> None:
    """x[p,m,t] ≥ 1 for a decision that keeps m in t, else Σ_t x[p,m,t] ≤ 0; one row a decision."""
    options = {option.key: option for one in model.problem.programmes for option in one.options}
    for one in model.problem.limits.settings.review:
        option = options.get(one.key)
        if one.term is not None:
            parts = [] if option is None else model.taken(option, [one.term])
            model.require("§12", parts, ">=", 1, entity=Entity("§12", "review_starts", *one.key))
        elif option is not None:
            model.require(
                "§12", model.taken(option), "<=", 0, entity=Entity("§12", "review_absent", *one.key)
            )


RULES: Rules = (("§12", changes),)
