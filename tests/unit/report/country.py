"""A national plan as large as a country's: nothing of it was planned, and all its sums are right.

Regions have the names of the country's, so that sheets are as wide as they will be. All that a national plan
may have is there: weights, lists of groups, floors, colleges without a plan, sources of the country and of
regions, of years and of all years, centres. The same numbers give the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from curriplan.plan.network import (
    ChallengeBrief,
    CollegePlan,
    CollegeResult,
    CompetencyBrief,
    Failed,
    Failure,
    FurtherMoney,
    ModuleBrief,
    National,
    NetworkPlan,
    ProgrammeBrief,
    RegionResult,
    Round,
    SemesterHours,
    SharedKind,
    SharedRow,
    YearMoney,
)
from curriplan.plan.plan import Status
from unit.report.nation import named

REGIONS = (
    ("Абай облысы", "область Абай", "Abai region"),
    ("Ақмола облысы", "Акмолинская область", "Akmola region"),
    ("Ақтөбе облысы", "Актюбинская область", "Aktobe region"),
    ("Алматы облысы", "Алматинская область", "Almaty region"),
    ("Атырау облысы", "Атырауская область", "Atyrau region"),
    ("Батыс Қазақстан облысы", "Западно-Казахстанская область", "West Kazakhstan region"),
    ("Жамбыл облысы", "Жамбылская область", "Zhambyl region"),
    ("Жетісу облысы", "область Жетісу", "Zhetisu region"),
    ("Қарағанды облысы", "Карагандинская область", "Karaganda region"),
    ("Қостанай облысы", "Костанайская область", "Kostanay region"),
    ("Қызылорда облысы", "Кызылординская область", "Kyzylorda region"),
    ("Маңғыстау облысы", "Мангистауская область", "Mangystau region"),
    ("Павлодар облысы", "Павлодарская область", "Pavlodar region"),
    ("Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "North Kazakhstan region"),
    ("Түркістан облысы", "Туркестанская область", "Turkistan region"),
    ("Ұлытау облысы", "область Ұлытау", "Ulytau region"),
    ("Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan region"),
    ("Астана қаласы", "город Астана", "Astana city"),
    ("Алматы қаласы", "город Алматы", "Almaty city"),
    ("Шымкент қаласы", "город Шымкент", "Shymkent city"),
)
SHARED = {
    "REPUBLIC": named("Республикалық бюджет", "Республиканский бюджет", "Republican budget"),
    "LOCAL": named("Жергілікті бюджет", "Местный бюджет", "Local budget"),
    "EMPLOYERS": named("Жұмыс берушілер қоры", "Фонд работодателей", "Fund of employers"),
    "ROBOTS": named("Робототехника орталығы", "Центр робототехники", "Centre of robotics"),
    "CYBER": named("Киберқауіпсіздік орталығы", "Центр кибербезопасности", "Centre of cyber security"),
}
REPUBLIC, LOCAL, EMPLOYERS = "REPUBLIC", "LOCAL", "EMPLOYERS"
YEARS = range(2027, 2031)
SEMESTERS = tuple(f"{year}-{half}" for year in range(2027, 2030) for half in (1, 2))
MILLION, STEP = 1_000_000, 100_000
GROUP, OTHER_GROUP, SPECIALTIES, COMPETENCIES = 25, 20, 180, 4_000
EVERY_FAILED, EVERY_HEAVY, EVERY_LISTED, MOVING = 15, 7, 10, 5
"""Of so many colleges one has no plan, counts more, has a list of groups; whose group goes to another one."""
FAILURES = (Failed.BROKEN, Failed.INFEASIBLE, Failed.TIME, Failed.LOST)


@dataclass(frozen=True)
class Country:
    """How large it is."""

    colleges: int
    regions: int = 20
    programmes: int = 3
    competencies: int = 6
    modules: int = 5

    @cached_property
    def plan(self) -> NetworkPlan:
        """The plan of all."""
        draw = Random(self.colleges)
        colleges = tuple(self._college(draw, number) for number in range(self.colleges))
        there = [one for one in colleges if one.failure is None]
        national, before = (_of_all(there, name) for name in ("closure", "closure_before"))
        assert national > before
        bound = national * 1.0062
        rounds = tuple(
            Round(one, self.colleges * 3, self.colleges, bound, bound + 0.01 / one, bound + 0.01 / one, 0.02)
            for one in range(1, 9)
        )
        return NetworkPlan(
            names=named("Елдің шартты желісі", "Условная сеть страны", "An illustrative country"),
            network_sha256="e" * 64,
            settings={"stage_gap": 0.0001, "solver": "highs"},
            colleges=colleges,
            regions=tuple(self._regions(colleges)),
            shared=tuple(self._shared(there)),
            national=National(
                national, national - 1e-6, bound, bound / national - 1, rounds, True, "exhausted"
            ),
            further=tuple(
                FurtherMoney(
                    f"r{one}", MILLION, 1e-5, 1.1e-5, 0.0004, REPUBLIC, 2028, f"c{one + self.regions}", 2e-5
                )
                for one in range(self.regions)
                if one + self.regions < self.colleges
            ),
            shared_names=SHARED,
        )

    def _college(self, draw: Random, number: int) -> CollegeResult:
        groups = {f"P{one}": draw.randint(2, 4) for one in range(self.programmes)}
        size = OTHER_GROUP if number == MOVING + self.regions else GROUP
        planned = self._planned_groups(number, groups)
        failure = self._failure(number)
        today = {one: count * size for one, count in groups.items()}
        later = {one: count * size for one, count in (planned or groups).items()}
        before = {one: draw.uniform(0.05, 0.25) for one in groups}
        alone = {one: value + draw.uniform(0.1, 0.4) for one, value in before.items()}
        whole = {one: max(before[one], value + draw.uniform(-0.05, 0.2)) for one, value in alone.items()}
        found = CollegeResult(
            id=f"c{number}",
            region=f"r{number % self.regions}",
            names=_college_names(number),
            weight=1.5 if number % EVERY_HEAVY == 0 else 1.0,
            learners=0 if failure is not None and failure.kind is Failed.BROKEN else sum(today.values()),
            groups=groups,
            alone=self._plan(draw, number, today, before, alone),
            national=self._plan(draw, number, later, before, whole),
            planned_groups=planned,
            catalog_sha256="b" * 64,
            workbook=f"colleges/c{number}/plan.xlsx",
        )
        if failure is None:
            return found
        return replace(found, alone=None, national=None, planned_groups=None, failure=failure)

    def _planned_groups(self, number: int, groups: dict[str, int]) -> dict[str, int] | None:
        """Return groups by which a programme gives one to another, or a college to the next of its region."""
        names = list(groups)
        first, last = names[0], names[-1]
        if number == MOVING:
            return groups | {last: groups[last] - 1}
        if number == MOVING + self.regions:
            return groups | {last: groups[last] + 1}
        if number % EVERY_LISTED == 3 and first != last:
            return groups | {first: groups[first] - 1, last: groups[last] + 1}
        return None

    def _failure(self, number: int) -> Failure | None:
        if number % EVERY_FAILED != EVERY_FAILED - 1:
            return None
        kind = FAILURES[number // EVERY_FAILED % len(FAILURES)]
        text = named(
            f"programmes.csv, {number}-жол: оқыту тілі белгісіз",
            f"programmes.csv, строка {number}: неизвестный язык обучения",
            f"programmes.csv, row {number}: unknown language",
        )
        issues = ({"code": "wrong-word", "text": text},) * 7 if kind is Failed.BROKEN else ()
        return Failure(kind, "read" if kind is Failed.BROKEN else "alone", issues)

    def _plan(
        self,
        draw: Random,
        number: int,
        learners: dict[str, int],
        before: dict[str, float],
        after: dict[str, float],
    ) -> CollegePlan:
        count = sum(learners.values())
        money = tuple(
            YearMoney(source, year, draw.randint(0, 200) * STEP)
            for source in (EMPLOYERS, LOCAL, REPUBLIC)
            for year in YEARS
        )
        centre = "ROBOTS" if number % 2 else "CYBER"
        return CollegePlan(
            plan_sha256="a" * 64,
            status=Status.OPTIMAL,
            learners=count,
            closure_before=_mean((learners[one], before[one]) for one in learners),
            closure=_mean((learners[one], after[one]) for one in learners),
            cost_kzt=sum(one.kzt for one in money) + draw.randint(0, 30) * STEP,
            cost_all_intakes_kzt=None,
            gap=0.0 if number % 3 else 0.0042,
            money=money,
            hours=tuple(SemesterHours(centre, one, float(draw.randint(1, 99))) for one in SEMESTERS),
            programmes=tuple(self._programmes(number, learners, before, after)),
            competencies=tuple(self._competencies(draw, number, count)),
            challenges=tuple(
                ChallengeBrief(str(one), _numbered("Сын-қатер", "Вызов", "Challenge", one), 0.1, 0.4, 10.0)
                for one in range(1, 7)
            ),
            added=tuple(
                ModuleBrief(
                    f"M{one}",
                    _numbered("Өнеркәсіптік деректер модулі", "Модуль промышленных данных", "Module", one),
                    ("P0",), STEP * one, 2, draw.random() / 10, GROUP,
                )
                for one in range(self.modules)
            ),
            dropped=("OLD",),
        )  # fmt: skip

    def _programmes(
        self, number: int, learners: dict[str, int], before: dict[str, float], after: dict[str, float]
    ) -> Iterator[ProgrammeBrief]:
        for place, one in enumerate(learners):
            code = (number * 7 + place * 13) % SPECIALTIES
            names = _numbered("Мехатроника технигі", "Техник-мехатроник", "Technician of mechatronics", code)
            yield ProgrammeBrief(
                one, names, f"{6_000_000 + code:08}", f"4S{6_000_000 + code:08}",
                learners[one], float(learners[one]), before[one], after[one], 3, 1,
            )  # fmt: skip

    def _competencies(self, draw: Random, number: int, learners: int) -> Iterator[CompetencyBrief]:
        first = (number * 37) % max(1, COMPETENCIES - self.competencies)
        for one in range(first, first + self.competencies):
            names = _numbered("Құзырет", "Компетенция", "Competency", one)
            left = draw.randint(0, learners)
            yield CompetencyBrief(f"C{one}", names, learners, learners, left, 4)

    def _regions(self, colleges: Sequence[CollegeResult]) -> Iterator[RegionResult]:
        for one in range(self.regions):
            mine = [each for each in colleges if each.region == f"r{one}"]
            plans = [(each.alone, each.national) for each in mine]
            there = [(alone, whole) for alone, whole in plans if alone is not None and whole is not None]
            closures = [whole.closure for _, whole in there]
            closure = _mean((whole.learners, whole.closure) for _, whole in there) if there else None
            kk, ru, en = REGIONS[one % len(REGIONS)]
            yield RegionResult(
                id=f"r{one}",
                names=named(kk, ru, en),
                floor=round(closure - 0.02, 2) if closure is not None and one % 2 else None,
                colleges=len(mine),
                failed=len(mine) - len(there),
                learners=sum(whole.learners for _, whole in there),
                closure_before=_mean((alone.learners, alone.closure_before) for alone, _ in there)
                if there
                else None,
                closure_alone=_mean((alone.learners, alone.closure) for alone, _ in there) if there else None,
                closure=closure,
                lowest=min(closures, default=None),
                highest=max(closures, default=None),
                floor_price=0.012 if one % 4 == 1 else 0.0,
            )

    def _shared(self, colleges: Sequence[CollegeResult]) -> Iterator[SharedRow]:
        years = tuple(map(str, YEARS))
        for source, whens in ((EMPLOYERS, ("",)), (REPUBLIC, ("", *years))):
            for when in whens:
                yield _money_row(colleges, source, None, when)
        for one in range(self.regions):
            for when in years:
                yield _money_row(colleges, LOCAL, f"r{one}", when)
        for centre, region in (("CYBER", None), ("ROBOTS", "r0")):
            yield from (_hours_row(colleges, centre, region, semester) for semester in SEMESTERS)


def _money_row(colleges: Sequence[CollegeResult], source: str, region: str | None, when: str) -> SharedRow:
    """Return a limit that the plans by themselves may pass, and the national ones keep."""
    mine = [one for one in colleges if region in (None, one.region)]

    def used(name: str) -> int:
        rows = (row for one in mine for row in getattr(one, name).money)
        return sum(row.kzt for row in rows if row.source == source and when in ("", str(row.year)))

    price = 1.2e-11 if source == REPUBLIC else 0.0
    limit = used("national") + 3 * MILLION
    return SharedRow(SharedKind.MONEY, source, region, when, limit, used("alone"), used("national"), price)


def _hours_row(
    colleges: Sequence[CollegeResult], centre: str, region: str | None, semester: str
) -> SharedRow:
    """Return a limit that all colleges share, wherever the centre stands."""

    def used(name: str) -> float:
        rows = (row for one in colleges for row in getattr(one, name).hours)
        return sum(row.hours for row in rows if (row.centre, row.semester) == (centre, semester))

    return SharedRow(
        SharedKind.HOURS,
        centre,
        region,
        semester,
        used("national") + 40,
        used("alone"),
        used("national"),
        1e-6,
    )


def _mean(pairs: Iterable[tuple[float, float]]) -> float:
    known = list(pairs)
    whole = sum(weight for weight, _ in known)
    return sum(weight * value for weight, value in known) / whole if whole else 0.0


def _of_all(colleges: Sequence[CollegeResult], name: str) -> float:
    """Return Σ weight · learners · closure of a kind of plan over Σ weight · learners of today."""
    pairs = [(one, one.alone, one.national) for one in colleges]
    whole = sum(one.weight * alone.learners for one, alone, _ in pairs if alone is not None)
    return (
        sum(
            one.weight * plan.learners * getattr(plan, name)
            for one, alone, national in pairs
            if (plan := alone if name == "closure_before" else national) is not None
        )
        / whole
    )


def _numbered(kk: str, ru: str, en: str, number: int) -> dict[str, str]:
    return named(f"{kk} {number}", f"{ru} {number}", f"{en} {number}")


def _college_names(number: int) -> dict[str, str]:
    return named(
        f"№ {number} жоғары көпсалалы политехникалық колледжі",
        f"Высший многопрофильный политехнический колледж № {number}",
        f"Higher polytechnic college No. {number}",
    )
