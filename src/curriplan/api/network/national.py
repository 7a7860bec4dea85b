"""The national choice: colleges are asked at prices, and each is planned whole within what it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from curriplan.api.network.bench import Bench
from curriplan.api.network.tasks import Allotment, JobKind, Task
from curriplan.base.codec import from_data, to_data
from curriplan.base.errors import Issue, NoPlanError
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.records import College, Network
from curriplan.optimizer.network.records import (
    JointAnswer,
    JointQuestion,
    Offer,
    Priced,
    PriceQuestion,
    Prices,
)
from curriplan.optimizer.network.rounds import NationalChoice, choose
from curriplan.optimizer.network.rows import Member
from curriplan.plan.network import CollegePlan, Failed, Failure, Round

_NO_DECISIONS: Mapping[str, Any] = {"starts": [], "sites": [], "payments": [], "responses": []}


@dataclass(frozen=True)
class AlonePlan:
    """A plan of a college by itself: the name of its result, the plan in brief, and the hash of the whole.

    With more time there may be another plan under the same name.
    """

    key: str
    plan: CollegePlan
    sha256: str


class Desk(Protocol):
    """What a run offers to this step."""

    network: Network
    bench: Bench
    failures: dict[str, Failure]

    def task(self, kind: JobKind, college: College, catalog_sha256: str = "", **more: Any) -> Task:
        """Return a job of a college, and of `others` where there are any."""

    def done(
        self, tasks: Sequence[Task], take: Callable[[Task, Mapping[str, Any]], Any]
    ) -> Sequence[tuple[str, Any]]:
        """Have jobs done, one of each college."""


def choice_of(
    desk: Desk,
    facts: Mapping[str, CollegeFacts],
    alone: Mapping[str, AlonePlan],
    *,
    gap: float,
    most_rounds: int,
) -> NationalChoice:
    """Find the national choice among plans of the colleges that have one by themselves.

    Raises
    ------
    InfeasibleError, NoPlanError, SolverError
        As `curriplan.optimizer.network.rounds.choose`.
    """
    college = {one.id: one for one in desk.network.colleges}
    lost: dict[str, Failure] = {}

    def ask(questions: Sequence[PriceQuestion]) -> list[tuple[Priced, ...] | None]:
        tasks = [
            desk.task(
                JobKind.PRICED,
                college[one.college],
                facts[one.college].catalog_sha256,
                payload=_question_data(one),
                asked=one,
            )
            for one in questions
        ]
        answers: list[tuple[Priced, ...] | None] = []
        results = desk.bench.results(tasks, _priced_in)
        for one, task, found in zip(questions, tasks, results, strict=True):
            if not isinstance(found, Failure):
                answers.append(found)
            elif one.choice and found.kind is Failed.INFEASIBLE:
                answers.append(())  # with today's groups it may have one
            else:
                lost[task.college.id] = found
                answers.append(None)
        return answers

    def ask_together(questions: Sequence[JointQuestion]) -> list[JointAnswer | None]:
        tasks = []
        for one in questions:
            members = [(college[name], facts[name].catalog_sha256) for name in one.colleges]
            (first, sha256), *others = members
            asked = {"payload": to_data(one), "asked": one, "others": tuple(others)}
            tasks.append(desk.task(JobKind.JOINT, first, sha256, **asked))
        found = desk.bench.results(tasks, _joint_in)
        return [None if isinstance(one, Failure) else one for one in found]  # what there is stays

    def tell(done: Round) -> None:
        desk.bench.gap = done.gap

    members = _members(desk, college, facts, alone)
    if not members:
        raise NoPlanError([Issue("network-without-plans")])
    try:
        choice = choose(members, desk.network, ask, ask_together, gap=gap, most_rounds=most_rounds, tell=tell)
    except NoPlanError:
        desk.failures |= lost
        raise
    # Who answered prices and only could not say what more it would do has a plan.
    desk.failures |= {name: lost[name] for name in choice.failed}
    return choice


def whole_plans(
    desk: Desk,
    facts: Mapping[str, CollegeFacts],
    choice: NationalChoice,
    take: Callable[[Any], CollegePlan],
    files: Any,
) -> dict[str, CollegePlan]:
    """Plan each college whole within what the choice gives it."""
    tasks = []
    for one in sorted(desk.network.colleges, key=lambda one: one.id):
        if one.id in choice.offers:
            given = allotment_of(choice.offers[one.id], desk.network.names)
            sha256, payload = facts[one.id].catalog_sha256, _allotment_data(given)
            tasks.append(desk.task(JobKind.WHOLE, one, sha256, payload=payload, asked=given, files=files))
    return dict(desk.done(tasks, lambda _, content: take(content)))


def allotment_of(offer: Offer, names: Mapping[str, str]) -> Allotment:
    """Return what a college is given so that it can keep what it offered."""
    return Allotment(
        choice=offer.choice,
        money={(one.source, one.year): one.kzt for one in offer.money},
        hours={(one.centre, one.semester): one.hours for one in offer.hours},
        closure=offer.closure,
        names=names,
    )


def _members(
    desk: Desk,
    college: Mapping[str, College],
    facts: Mapping[str, CollegeFacts],
    alone: Mapping[str, AlonePlan],
) -> list[Member]:
    """Return those that take part, each with its plan by itself as the master sees it."""
    tasks = []
    for name, one in alone.items():
        payload = {"alone": one.key, "plan": one.sha256}
        tasks.append(desk.task(JobKind.OFFERED, college[name], facts[name].catalog_sha256, payload=payload))

    def member(task: Task, content: Mapping[str, Any]) -> Member:
        offer, one = content["offer"], task.college
        return Member(
            id=one.id,
            region=one.region,
            weight=college[one.id].weight,
            learners=tuple(content["learners"]),
            groups=tuple(content["groups"]),
            start=offer and _offer(offer),
            above=tuple(content["above"]),
        )

    return [one for _, one in desk.done(tasks, member)]


def _priced_in(_task: Task, content: Mapping[str, Any]) -> tuple[Priced, ...]:
    return tuple(Priced(one["most"], one["offer"] and _offer(one["offer"])) for one in content["priced"])


def _joint_in(_task: Task, content: Mapping[str, Any]) -> JointAnswer:
    data = content["joint"]
    return JointAnswer(data["most"], tuple(_offer(one) for one in data["offers"]), data["is_impossible"])


def _offer(data: Mapping[str, Any]) -> Offer:
    """Return an offer without its decisions: the master does not look at them, and they are what is large."""
    return from_data(Offer, {**data, "selection": _NO_DECISIONS})


def _question_data(one: PriceQuestion) -> Any:
    prices = [_prices_data(prices) for prices in one.prices]
    return {"choice": one.choice, "prices": prices, "above": one.above and list(one.above)}


def _prices_data(prices: Prices) -> Any:
    return {
        "closure": prices.closure,
        "money": _rows(prices.money),
        "hours": _rows(prices.hours),
        "most_kzt": prices.most_kzt and _rows(prices.most_kzt),
        "most_hours": prices.most_hours and _rows(prices.most_hours),
    }


def _allotment_data(one: Allotment) -> Any:
    return {
        "choice": one.choice,
        "money": _rows(one.money),
        "hours": _rows(one.hours),
        "closure": one.closure,
        "names": dict(one.names),
    }


def _rows(mapping: Mapping[Any, float]) -> list[list[Any]]:
    return [[*key, value] for key, value in sorted(mapping.items())]
