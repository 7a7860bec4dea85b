"""A national plan made by hand: 3 colleges in 2 regions that share two sources and a centre, one more failed.

`Almaty` has two colleges that count and one that failed, `Taraz` one. By themselves they close
(100·0.5 + 50·0.6 + 50·0.2) / 200 = 45 %, in the national plan
(75·0.6 + 75·0.6 + 50·0.4) / 200 = 110 / 200 = 55 %: a group of 25 moves from the first college to the second,
and the region has as many groups as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from typing import Any

from curriplan.catalog.records import Named
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
from curriplan.texts.languages import LANGUAGES


def named(kk: str, ru: str, en: str) -> dict[str, str]:
    return {"kk": kk, "ru": ru, "en": en}


TECHNICIAN = named(
    "Ақпараттық қауіпсіздік технигі", "Техник по информационной безопасности", "Security technician"
)
WELDER = named("Дәнекерлеуші", "Сварщик", "Welder")
DATA = named("Деректермен жұмыс істеу", "Работать с данными", "Work with data")
FRAUD = named("Онлайн-алаяқтықты тану", "Распознавать онлайн-мошенничество", "Recognise online fraud")
CHALLENGE = named("Цифрлық алаяқтық", "Цифровое мошенничество", "Digital fraud")
MODULES = {
    "SEC": named("Қауіпсіздік зертханасы", "Лаборатория безопасности", "Security laboratory"),
    "PHISH": named("Фишингке қарсы жаттығу", "Тренировка по распознаванию фишинга", "Phishing drill"),
}


def programme(name: str, learners: int, closure: float | None, **other: Any) -> ProgrammeBrief:
    is_welder = name == "WELD"
    found = ProgrammeBrief(
        id=name,
        names=WELDER if is_welder else TECHNICIAN,
        specialty="07150500" if is_welder else "06120200",
        qualification="3W07150501" if is_welder else "4S06120202",
        learners=learners,
        weight=float(learners),
        closure_before=None if closure is None else 0.1,
        closure_after=closure,
        added=1,
        dropped=0,
    )
    return replace(found, **other)


def college_plan(
    closure: float,
    programmes: tuple[ProgrammeBrief, ...],
    money: tuple[YearMoney, ...] = (),
    hours: tuple[SemesterHours, ...] = (),
    lacking: int = 0,
    **other: Any,
) -> CollegePlan:
    learners = sum(one.learners for one in programmes)
    found = CollegePlan(
        plan_sha256="a" * 64,
        status=Status.OPTIMAL,
        learners=learners,
        closure_before=0.1,
        closure=closure,
        cost_kzt=sum(one.kzt for one in money) + 100_000,
        cost_all_intakes_kzt=None,
        gap=0.0,
        money=money,
        hours=hours,
        programmes=programmes,
        competencies=(
            CompetencyBrief("DATA", DATA, learners, learners, lacking, 4),
            CompetencyBrief("FRAUD", FRAUD, learners, learners, 0, 2),
        ),
        challenges=(ChallengeBrief("1", CHALLENGE, 0.1, closure, 0.5 * learners),),
        added=(
            ModuleBrief("PHISH", MODULES["PHISH"], ("TECH",), 200_000, 2, 0.08, learners),
            ModuleBrief("SEC", MODULES["SEC"], ("TECH",), 600_000, 0, 0.0, learners),
        ),
        dropped=("OLD",),
    )
    return replace(found, **other)


def _alatau() -> CollegeResult:
    both = (programme("TECH", 75, 0.5), programme("WELD", 25, None))
    return CollegeResult(
        id="alatau",
        region="almaty",
        names=named("Алатау колледжі", "Колледж «Алатау»", "Alatau College"),
        weight=1.0,
        learners=100,
        groups={"TECH": 3, "WELD": 1},
        alone=college_plan(
            0.5,
            both,
            (YearMoney("REPUBLIC", 2027, 3_000_000), YearMoney("REGION", 2027, 500_000)),
            (SemesterHours("CENTRE", "2027-1", 80.0),),
            50,
        ),
        national=college_plan(
            0.6,
            (replace(both[0], learners=50, closure_after=0.6), both[1]),
            (YearMoney("REPUBLIC", 2027, 3_500_000), YearMoney("REPUBLIC", 2028, 250_000)),
            (SemesterHours("CENTRE", "2027-1", 100.0),),
            25,
        ),
        planned_groups={"TECH": 2, "WELD": 1},
        catalog_sha256="b" * 64,
        workbook="colleges/alatau/plan.xlsx",
    )


def _medeu() -> CollegeResult:
    return CollegeResult(
        id="medeu",
        region="almaty",
        names=named("Медеу колледжі", "Колледж «Медеу»", "Medeu College"),
        weight=1.0,
        learners=50,
        groups={"TECH": 2},
        alone=college_plan(
            0.6, (programme("TECH", 50, 0.6),), (YearMoney("REPUBLIC", 2027, 2_000_000),), (), 10, gap=0.004
        ),
        national=college_plan(
            0.6, (programme("TECH", 75, 0.6),), (YearMoney("REPUBLIC", 2027, 1_500_000),), (), 15, gap=0.004
        ),
        planned_groups={"TECH": 3},
        catalog_sha256="c" * 64,
        workbook="colleges/medeu/plan.xlsx",
    )


def _taraz() -> CollegeResult:
    return CollegeResult(
        id="taraz",
        region="zhambyl",
        names=named("Тараз колледжі", "Таразский колледж", "Taraz College"),
        weight=1.0,
        learners=50,
        groups={"WELD": 2},
        alone=college_plan(
            0.2, (programme("WELD", 50, 0.2),), (), (SemesterHours("CENTRE", "2027-1", 60.0),), 40
        ),
        national=college_plan(
            0.4,
            (programme("WELD", 50, 0.4),),
            (YearMoney("REPUBLIC", 2028, 750_000),),
            (SemesterHours("CENTRE", "2027-1", 20.0), SemesterHours("CENTRE", "2027-2", 10.0)),
            30,
        ),
        catalog_sha256="d" * 64,
    )


def _broken() -> CollegeResult:
    text = named(
        "programmes.csv, 3-жол: оқыту тілі белгісіз",
        "programmes.csv, строка 3: неизвестный язык",
        "programmes.csv, row 3: unknown language",
    )
    issues = ({"code": "wrong-word", "text": text},) * 7
    return CollegeResult(
        id="broken",
        region="almaty",
        names=named("Көктем колледжі", "Колледж «Весна»", "Spring College"),
        weight=1.0,
        learners=0,
        groups={},
        alone=None,
        national=None,
        failure=Failure(Failed.BROKEN, "read", issues),
    )


def named_after(plan: NetworkPlan, rows: Sequence[Named]) -> NetworkPlan:
    """Return the plan with the names of these rows, one after the other, in place of its own."""
    names = cycle({code: one.name(code) for code in LANGUAGES} for one in rows)

    def renamed(value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: renamed(getattr(value, one.name)) for one in fields(value)})
        if isinstance(value, tuple):
            return tuple(map(renamed, value))
        if isinstance(value, dict):
            is_name = set(LANGUAGES) <= set(value)
            return next(names) if is_name else {key: renamed(one) for key, one in value.items()}
        return value

    found: NetworkPlan = renamed(plan)
    return found


def national_plan(**other: Any) -> NetworkPlan:
    """Return the plan; `other` are fields that differ."""
    money, hours = SharedKind.MONEY, SharedKind.HOURS
    # Alone Republic 2027: 3.0 + 2.0 = 5.0 mln of 5.0; in the plan 3.5 + 1.5 = 5.0; 2028: 0.25 + 0.75 = 1.0.
    shared = (
        SharedRow(money, "REPUBLIC", None, "2027", 5_000_000, 5_000_000, 5_000_000, 2e-8),
        SharedRow(money, "REPUBLIC", None, "2028", 2_000_000, 0, 1_000_000, 0.0),
        SharedRow(money, "REGION", "almaty", "", 1_000_000, 500_000, 0, 0.0),
        SharedRow(hours, "CENTRE", None, "2027-1", 120.0, 140.0, 120.0, 1e-4),
        SharedRow(hours, "CENTRE", None, "2027-2", 100.0, 0.0, 10.0, 0.0),
    )
    found = NetworkPlan(
        names=named("Шартты желі", "Условная сеть", "An illustrative network"),
        network_sha256="e" * 64,
        settings={"stage_gap": 0.0001, "solver": "highs"},
        colleges=(_alatau(), _medeu(), _broken(), _taraz()),
        regions=(
            RegionResult(
                "almaty", named("Алматы қаласы", "город Алматы", "Almaty city"), None, 2, 1, 150,
                0.1, 80 / 150, 0.6, 0.6, 0.6,
            ),
            RegionResult(
                "zhambyl", named("Жамбыл облысы", "Жамбылская область", "Zhambyl region"), 0.4, 1, 0, 50,
                0.1, 0.2, 0.4, 0.4, 0.4, 0.03,
            ),
        ),
        shared=shared,
        national=National(
            closure=0.55,
            chosen=0.55,
            bound=0.5525,
            gap=0.0025 / 0.55,
            rounds=(
                Round(1, 9, 6, None, 0.60, 0.60, None),
                Round(2, 3, 2, 0.551, 0.5525, 0.5525, 0.0045, "joint"),
            ),
            is_over_list=True,
        ),
        further=(
            FurtherMoney("almaty", 1_000_000, 0.02, 0.015, 0.02, "REPUBLIC", 2027, "medeu", 0.021),
            FurtherMoney("zhambyl", 1_000_000, 0.02, 0.018, 0.08, "REPUBLIC", 2027, "taraz", 0.025),
        ),
        shared_names={
            "REPUBLIC": named("Республикалық бюджет", "Республиканский бюджет", "Republican budget"),
            "REGION": named("Жергілікті бюджет", "Местный бюджет", "Local budget"),
            "CENTRE": named("Құзыреттер орталығы", "Центр компетенций", "Competence centre"),
        },
        warnings=(
            {
                "code": "network-catalogs-same",
                "text": named(
                    "network.toml: екі колледждің каталогы бірдей.",
                    "network.toml: у двух колледжей один каталог.",
                    "network.toml: two colleges have the same catalog.",
                ),
            },
        ),
    )  # fmt: skip
    return replace(found, **other)
