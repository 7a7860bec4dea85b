"""From a folder of catalogs to the plan of the country: read, plan alone, price, plan whole, sum up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from curriplan.api.network.bench import Bench
from curriplan.api.network.folder import RunFolder
from curriplan.api.network.jobs import COLLEGES
from curriplan.api.network.national import AlonePlan, choice_of, whole_plans
from curriplan.api.network.summing import Planned, network_plan
from curriplan.api.network.tasks import JobKind, PlanFiles, Task, part_of, sha256_of
from curriplan.base.codec import from_data
from curriplan.base.errors import CatalogError, InfeasibleError, Issue, NoPlanError, errors_in
from curriplan.catalog.network.against import issues_against
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.records import College, Names, Network
from curriplan.optimizer.network.rounds import NationalChoice
from curriplan.plan.network import CollegePlan, Failure, NetworkPlan
from curriplan.problem.settings import Settings


@dataclass(frozen=True)
class NetworkChoices:
    """What a run of a network may be told, beside the settings of the colleges' plans.

    Parameters
    ----------
    gap : float
        The relative gap at which the national plan is near enough.
    rounds : int
        How many rounds of pricing at most.
    alone_only : bool
        Whether it ends with the colleges by themselves.
    shard : tuple of (int, int) or None
        Which part of the colleges is done, of how many, from 1; it ends with the colleges by themselves.
    language : str or None
        Of the colleges' workbooks; None for that of each catalog.
    workbooks : bool
        Whether each college has a workbook.
    strict : bool
        Whether warnings of a catalog count as errors.
    """

    gap: float = 0.01
    rounds: int = 40
    alone_only: bool = False
    shard: tuple[int, int] | None = None
    language: str | None = None
    workbooks: bool = True
    strict: bool = False


@dataclass
class NetworkRun:
    """A run of a network.

    Parameters
    ----------
    network : Network
        With absolute paths.
    """

    network: Network
    settings: Settings
    choices: NetworkChoices
    folder: RunFolder
    bench: Bench
    warnings: Sequence[Issue] = ()
    """What reading the network has warned of."""
    failures: dict[str, Failure] = field(default_factory=dict)
    illustrative: set[str] = field(default_factory=set)
    titles: dict[str, Names] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    """The files that colleges were given, with what is in them, by their places in the folder."""

    @cached_property
    def colleges(self) -> tuple[College, ...]:
        """The colleges of this run: those of the shard, by id."""
        ordered = sorted(self.network.colleges, key=lambda one: one.id)
        part, parts = self.choices.shard or (1, 1)
        return tuple(ordered[part - 1 :: parts])

    @property
    def is_national(self) -> bool:
        """Whether there is a national plan beyond the colleges by themselves."""
        return self.network.shares_anything and not self.choices.alone_only and self.choices.shard is None

    def plan(self) -> NetworkPlan:
        """Do everything that is not done yet, and sum up.

        Raises
        ------
        CurriplanError
            If the network does not fit its catalogs, the run was stopped, or the plans break what is shared.
        """
        facts = self.read()
        issues = issues_against(self.network, facts.values(), whole=self.choices.shard is None)
        if errors_in(issues):
            raise CatalogError(issues)
        for issue in issues:
            self.bench.remark(issue)
        warnings = (*self.warnings, *issues)
        alone = self.alone(facts)
        choice, whole = self._national(facts, alone) if self.is_national else (None, None)
        planned = Planned(
            facts=facts,
            alone={name: one.plan for name, one in alone.items()},
            whole=whole,
            choice=choice,
            failures=self.failures,
            illustrative=frozenset(self.illustrative),
            titles=self.titles,
            has_workbooks=self.choices.workbooks,
            warnings=warnings,
        )
        result = network_plan(self.network, self.settings, self.colleges, planned)
        if self.choices.shard is None:  # else those of other parts stand there
            self.folder.clear_colleges({one.id for one in result.colleges if one.failure is None})
        return result

    def _national(
        self, facts: Mapping[str, CollegeFacts], alone: Mapping[str, AlonePlan]
    ) -> tuple[NationalChoice | None, Mapping[str, CollegePlan] | None]:
        """Choose, and plan whole; anew without whoever fails at that, whose share the others may have."""
        choice = self._choice(facts, alone)
        whole = self._whole(facts, choice)
        while choice is not None and whole is not None and len(whole) < len(choice.offers):
            there = {name: one for name, one in alone.items() if name not in self.failures}
            try:
                choice = self._choice(facts, there)
            except InfeasibleError:  # a floor counts on whom is lacking: what there is stands, and says so
                break
            whole = self._whole(facts, choice)
        return choice, whole

    def _whole(
        self, facts: Mapping[str, CollegeFacts], choice: NationalChoice | None
    ) -> Mapping[str, CollegePlan] | None:
        if choice is None:
            return None
        self.folder.forget(COLLEGES)
        return whole_plans(self, facts, choice, self.plan_in, self.files)

    def _choice(
        self, facts: Mapping[str, CollegeFacts], alone: Mapping[str, AlonePlan]
    ) -> NationalChoice | None:
        """Return the national choice; None where every college has failed, each for a reason of its own."""
        try:
            return choice_of(self, facts, alone, gap=self.choices.gap, most_rounds=self.choices.rounds)
        except NoPlanError:
            if len(self.failures) < len(self.colleges):
                raise
            return None

    def read(self) -> dict[str, CollegeFacts]:
        """Read and check all catalogs."""
        payload = {"strict": self.choices.strict}
        tasks = [self.task(JobKind.READ, one, payload=payload) for one in self.colleges]

        def facts(task: Task, content: Mapping[str, Any]) -> CollegeFacts:
            if content["illustrative"]:
                self.illustrative.add(task.college.id)
            self.titles[task.college.id] = content["title"]
            return from_data(CollegeFacts, content["facts"])

        return dict(self.done(tasks, facts))

    def alone(self, facts: Mapping[str, CollegeFacts]) -> dict[str, AlonePlan]:
        """Plan each college by itself."""
        files = None if self.network.shares_anything and not self.choices.alone_only else self.files
        if files is not None:
            self.folder.forget(COLLEGES)
        tasks = [
            self.task(JobKind.ALONE, one, facts[one.id].catalog_sha256, files=files)
            for one in self.colleges
            if one.id in facts
        ]

        def plan(task: Task, content: Mapping[str, Any]) -> AlonePlan:
            return AlonePlan(task.key, self.plan_in(content), sha256_of(content["plan"]))

        return dict(self.done(tasks, plan))

    def plan_in(self, content: Mapping[str, Any]) -> CollegePlan:
        """Return the plan in brief that a result holds; its files are noted."""
        self.written |= (content["files"] or {}).get("seen", {})
        return from_data(CollegePlan, content["brief"])

    @property
    def files(self) -> PlanFiles:
        """What is written of each college's plan."""
        return PlanFiles(self.choices.language, self.choices.workbooks)

    def task(self, kind: JobKind, college: College, catalog_sha256: str = "", **more: Any) -> Task:
        """Return a job of a college, and of `others` where there are any."""
        part = part_of(self.network, college, *(one for one, _ in more.get("others", ())))
        return Task(kind, college, part, self.settings, self.folder.path, catalog_sha256, **more)

    def done(
        self, tasks: Sequence[Task], take: Callable[[Task, Mapping[str, Any]], Any]
    ) -> list[tuple[str, Any]]:
        """Have jobs done, one of each college; return its id and what `take` makes of its result.

        A failure is noted, and the college left out from then on.
        """
        results = []
        for task, found in zip(tasks, self.bench.results(tasks, take), strict=True):
            if isinstance(found, Failure):
                self.failures[task.college.id] = found
            else:
                results.append((task.college.id, found))
        return results


def with_absolute_paths(network: Network) -> Network:
    """Return the network as workers find its catalogs, whichever folder they work in."""
    return replace(
        network,
        path=network.path.absolute(),
        colleges=tuple(replace(one, catalog=one.catalog.absolute()) for one in network.colleges),
    )
