"""What comes after what: §3 and §4."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from curriplan.catalog.records import RequisiteKind
from curriplan.optimizer.model.variables import Entity, Parts, PlanModel
from curriplan.optimizer.rules.parts import Rules, minus
from curriplan.problem.curriculum import Option


def entry(model: PlanModel) -> None:
    """§3: Σ_{u≤t} x[p,m,u] ≤ Σ_{m' teaches c to ≥ n} Σ_{u+S(m')−1≤t−1} x[p,m',u], for each entry level.

    Entry levels (c, n) of m are those of its rows and those that `requires` implies, where n > b[p,c].
    The left side sums over u ≤ t, which is as true as x[p,m,t] alone and tighter. A current module
    at its current term t may also lean on current modules of t with an earlier position: their
    x[p,m',t] is added on the right of the row of t. Where such a module spans several terms, x[p,m,t]
    is left out of the later rows, for it need not have ended by then.
    """
    for one in model.problem.programmes:
        for option in one.options:
            for need in model.problem.entries(one, option):
                givers = model.problem.teachers(one, need.competency, need.level)
                subject = f"{option.module.id}:{need.competency}"
                _lean(model, Entity("§3", "entry_levels", one.id, subject), option, givers)


def requisites(model: PlanModel) -> None:
    """§4: a module starts after one of its prerequisites, no earlier than a corequisite, with a strict one.

    Over the alternatives a of each requisite of m:
    prerequisite Σ_{u≤t} x[p,m,u] ≤ Σ_a Σ_{u+S(a)−1≤t−1} x[p,a,u], exception as in §3;
    corequisite Σ_{u≤t} x[p,m,u] ≤ Σ_a Σ_{u≤t} x[p,a,u];
    strict corequisite x[p,m,t] ≤ Σ_a x[p,a,t];
    order Σ_{u≤t} x[p,m,u] + Σ_{u>t} x[p,a,u] ≤ 1.
    """
    for one in model.problem.programmes:
        open_options = {option.module.id: option for option in one.options}
        for option in one.options:
            for requisite in model.problem.curricula.requisites.get(option.module.id, ()):
                found = [open_options[name] for name in requisite.alternatives if name in open_options]
                aspect, write = _REQUISITE_ROWS[requisite.kind]
                subject = f"{option.module.id}:{'|'.join(requisite.alternatives)}"
                write(model, Entity("§4", aspect, one.id, subject), option, found)


def _corequisite(model: PlanModel, entity: Entity, option: Option, alternatives: Iterable[Option]) -> None:
    for term in option.starts:
        by_then = minus(part for other in alternatives for part in model.taken_by(other, term))
        model.require("§4", [*model.taken_by(option, term), *by_then], "<=", 0, entity=entity)


def _strict_corequisite(
    model: PlanModel, entity: Entity, option: Option, alternatives: Iterable[Option]
) -> None:
    for term in option.starts:
        beside = minus(part for other in alternatives for part in model.taken(other, [term]))
        model.require("§4", [*model.taken(option, [term]), *beside], "<=", 0, entity=entity)


def _in_order(model: PlanModel, entity: Entity, option: Option, others: Iterable[Option]) -> None:
    for other in others:
        for term in option.starts:
            later = model.taken(other, [start for start in other.starts if start > term])
            if later and other.key != option.key:
                model.require("§4", [*model.taken_by(option, term), *later], "<=", 1, entity=entity)


def _lean(model: PlanModel, entity: Entity, option: Option, givers: Iterable[Option]) -> None:
    """Let `option` start only after (or, by the exception, beside) one of `givers`."""
    others = [giver for giver in givers if giver.key != option.key]
    for term in option.starts:
        before = [part for giver in others for part in model.ended_by(giver, term - 1)]
        beside = [
            part for giver in others if option.may_lean_on(giver, term) for part in model.taken(giver, [term])
        ]
        started = _started_after_all(model, option, others, term)
        model.require(entity.rule, [*started, *minus([*before, *beside])], "<=", 0, entity=entity)


def _started_after_all(model: PlanModel, option: Option, givers: Iterable[Option], term: int) -> Parts:
    """Return Σ_{u≤t} x[p,m,u], less what leaned in an earlier term on a module that runs longer."""
    current = option.current_term
    leaning = any(giver.span > 1 and option.may_lean_on(giver, giver.current_term or 0) for giver in givers)
    starts = [start for start in option.starts if start <= term]
    if leaning and current is not None and term > current:
        starts = [start for start in starts if start != current]
    return model.taken(option, starts)


_Rows = Callable[[PlanModel, Entity, Option, Iterable[Option]], None]
_REQUISITE_ROWS: Mapping[RequisiteKind, tuple[str, _Rows]] = {
    RequisiteKind.PREREQUISITE: ("prerequisites", _lean),
    RequisiteKind.COREQUISITE: ("corequisites", _corequisite),
    RequisiteKind.STRICT_COREQUISITE: ("strict_corequisites", _strict_corequisite),
    RequisiteKind.ORDER: ("orders", _in_order),
}


RULES: Rules = (("§3", entry), ("§4", requisites))
