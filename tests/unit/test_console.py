"""console/plan.py: the summary of a plan, its units and its width."""

from __future__ import annotations

from dataclasses import replace

import pytest

import curriplan
from curriplan.api.results import PlanResult
from curriplan.catalog.records import CostPart, FundingSource
from curriplan.cli.console.amounts import beside_limit
from curriplan.cli.console.analyses import show_frontier
from curriplan.cli.console.plan import show_plan
from curriplan.cli.console.terminal import Terminal
from curriplan.evaluation.evaluate import evaluate
from curriplan.evaluation.measures import measures_of
from curriplan.evaluation.planned import existing_selection
from curriplan.plan.frontier import Frontier, FrontierPoint
from curriplan.plan.plan import CatalogReference, Payment, Plan, Stage, Status
from curriplan.problem.limits import limits_to_data
from curriplan.problem.objectives import OBJECTIVE_NAMES
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings
from curriplan.texts.words import Words

LONG = "Қазақстан Республикасының өңірлік кәсіпкерлерінің бірлестігі"
MOST = 10**14


@pytest.fixture(scope="module")
def existing() -> PlanResult:
    """The existing curriculum of mini as a plan: nothing solved, so every figure is chosen here."""
    catalog = curriplan.read_catalog("mini").require()
    problem = Problem.of(catalog)
    after = evaluate(problem, existing_selection(problem))
    plan = Plan(
        catalog=CatalogReference(catalog.info.id, catalog.info.version, catalog.sha256, None),
        limits=limits_to_data(problem.limits),
        status=Status.OPTIMAL,
        stages=tuple(Stage(name, 0.5, 0.5, 0.0) for name in OBJECTIVE_NAMES),
        modules=(),
        uses=(),
        payments=(),
        gaps=(),
        measures=measures_of(after),
    )
    return PlanResult(plan, problem, after, after)


def _shown(result: PlanResult, capsys: pytest.CaptureFixture[str], language: str = "en") -> list[str]:
    show_plan(Terminal(language), result, ["plan.xlsx"])
    return capsys.readouterr().out.splitlines()


def test_each_objective_in_its_unit(existing: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _shown(existing, capsys)
    start = next(number for number, line in enumerate(lines) if line.startswith("Objective"))
    values = [
        line[: -len("0.000 %")].rsplit("  ", 2)[-2].strip()
        for line in lines[start + 1 :][: len(OBJECTIVE_NAMES)]
    ]
    assert dict(zip(OBJECTIVE_NAMES, values, strict=True)) == {
        "no_harm": "50.00 %",
        "closure": "50.00 %",
        "cost": "0",  # half a tenge, rounded to even
        "disruption": "0.5",
        "balance": "0.5",
        "peak": "0.5",
        "distance": "0",
        "adaptability": "50.00 %",
        "fairness": "50.00 %",
        "changes": "0",
        "lag": "0.5",
        "outlooks": "50.00 %",
    }


def _with_money(result: PlanResult, *payments: Payment) -> PlanResult:
    sources = tuple(
        FundingSource(id=name, name_kk=LONG, name_ru=LONG, name_en=LONG) for name in ("COLLEGE", "STATE")
    )
    catalog = result.catalog.replace(funding_sources=sources)
    problem = Problem(catalog, result.limits)
    return replace(result, problem=problem, plan=replace(result.plan, payments=payments))


def test_one_payer_of_one_thing_needs_no_lines(
    existing: PlanResult, capsys: pytest.CaptureFixture[str]
) -> None:
    one = _with_money(existing, Payment("COLLEGE", "SEC2", CostPart.SETUP, 2026, 5))
    assert not [line for line in _shown(one, capsys) if "of it" in line or "paid by" in line]


def test_what_the_money_is_for_and_who_pays(existing: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    plan = _with_money(
        existing,
        Payment("COLLEGE", "SEC2", CostPart.SETUP, 2026, 1_000_000),
        Payment("STATE", "SEC2", CostPart.SETUP, 2027, 500_000),
        Payment("STATE", "DATA4", CostPart.TRAVEL, 2026, 40_000),
        Payment("STATE", "DATA4", CostPart.TRAVEL, 2027, 2_000),
    )
    lines = [" ".join(line.split()) for line in _shown(plan, capsys)]
    assert "of it set-up: 1 500 000" in lines
    assert "of it travel: 42 000" in lines
    assert not [line for line in lines if "delivery" in line or "fees" in line]
    assert any(line.startswith("paid by: 1 000 000 COLLEGE ") for line in lines)
    assert any(line.startswith("paid by: 542 000 STATE ") for line in lines)


def test_changes_against_the_earlier_plan(existing: PlanResult, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan starts nothing: each of the three starts of the earlier plan is a change."""
    previous = (("TECH", "BASE", 1), ("TECH", "SEC2", 2), ("TECH", "DATA4", 2))

    def line(settings: Settings) -> str:
        problem = existing.problem.with_settings(settings)
        found = _shown(replace(existing, problem=problem), capsys)
        return next((" ".join(one.split()) for one in found if "Changes" in one), "")

    assert line(Settings()) == ""
    assert line(Settings(previous=previous)) == "Changes of earlier plan: 3"
    assert line(Settings(previous=previous, max_changes=4)) == "Changes of earlier plan: 3, at most 4"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_largest_figures_fit_80_columns(
    existing: PlanResult, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    payments = (
        Payment(source, "SEC2", part, 2026, MOST) for part in CostPart for source in ("COLLEGE", "STATE")
    )
    settings = Settings(previous=(), max_changes=10**6)
    plan = _with_money(existing, *payments)
    limits = replace(plan.limits, settings=settings, budget_kzt=10**15)
    plan = replace(plan, problem=plan.problem.with_limits(limits))
    stages = tuple(replace(stage, value=float(MOST), gap=None) for stage in plan.plan.stages)
    plan = replace(plan, plan=replace(plan.plan, stages=stages))
    lines = _shown(plan, capsys, language)
    assert max(map(len, lines)) <= 80, lines
    head = Words(language, "cli")("line.closure")  # above it stands what is in force, a sentence
    begin = next(place for place, line in enumerate(lines) if line.startswith(f"  {head}"))
    assert lines[1].startswith(Words(language)("in_force.is", parts="").rstrip(" ."))
    labels = lines[begin : lines.index("")]
    assert len(labels) == 11, "closure, two counts, the money with its four parts and two payers, changes"
    assert all(": " in line for line in labels), "a label that is too long touches its value"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_names_of_programmes_can_be_read(
    existing: PlanResult, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Long headers left fourteen columns to them in Russian: ``информацион…``."""
    text = "\n".join(_shown(existing, capsys, language))
    assert "…" not in text and "..." not in text, text


@pytest.mark.parametrize("width", range(50, 80))
def test_no_line_breaks_within_an_amount(width: int, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal("ru")
    terminal.say_wrapped(f"{'x' * width} 200 -> {terminal.number(1_234_020)} y")
    out = capsys.readouterr().out
    assert "1 234 020" in out, "an amount stands in one line, with spaces that every console has"


@pytest.mark.parametrize(("first_kzt", "said"), [(1_050, False), (2_000, True)])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_why_the_first_budget_is_larger_than_the_least_money(
    first_kzt: int, said: bool, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    points = (
        FrontierPoint(500, "infeasible"),
        FrontierPoint(first_kzt, "optimal", 0.5, 1_000, 0.5, 1, 1, 0.0),
    )
    catalog = curriplan.read_catalog("mini").require()
    show_frontier(Terminal(language), Frontier(points, 0.1, 3, least_kzt=1_000), catalog)
    out = " ".join(capsys.readouterr().out.split())
    words = {"kk": "бірдей пропорциямен", "ru": "в одной пропорции", "en": "in proportion"}
    assert (words[language] in out) is said
    assert ("KZT" in out) is (language == "en")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_money_of_a_broken_rule_is_grouped(language: str) -> None:
    said = beside_limit(Terminal(language), "<=", 1_500_000, 1_200_000.5, "KZT")
    assert "1 500 000" in said.replace("\xa0", " ")
    mark = "." if language == "en" else ","
    assert f"1 200 000{mark}5" in said.replace("\xa0", " ")
