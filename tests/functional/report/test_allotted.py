"""The plan of a college in a national plan: it says so, and calls what it was allotted no want of its own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import curriplan
from curriplan.api.optimize import optimize_catalog
from curriplan.api.plan_file import plan_of, plan_text, read_plan
from curriplan.api.results import PlanResult
from curriplan.base.errors import Place
from curriplan.catalog.network.init import EXAMPLE_NETWORK
from curriplan.catalog.reading.bundled import bundled_root
from curriplan.catalog.records import Allotted, Catalog
from curriplan.catalog.saving.save import save_catalog
from curriplan.cli.app import main
from curriplan.plan.explanation import LimitGain, Reach
from curriplan.plan.plan import CatalogReference
from curriplan.problem.checks import check_catalog
from curriplan.problem.edits import Edit
from curriplan.report.allotted import national_said
from curriplan.report.basis import basis
from curriplan.report.diagnosis import Sentences
from curriplan.report.explanation import limit_todo
from curriplan.report.labels import Labels
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import NO_BREAK_SPACE, Words
from functional.network_runs import planned
from functional.report.test_ministry import grid
from functional.report.workbooks import sheet_xml, values

COLLEGE = "south-1"
"""It has 800,000 KZT of STATE and 400,000 of its own, and all of the 80 h of CENTRE that it was given."""
NETWORK = bundled_root() / EXAMPLE_NETWORK


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the bundled example."""
    folder = tmp_path_factory.mktemp("country") / "out"
    planned(NETWORK, folder)
    return folder


@pytest.fixture(scope="module")
def given(out: Path) -> Catalog:
    """The catalog of a college, with what it was allotted."""
    return curriplan.read_catalog(str(out / "colleges" / COLLEGE / "catalog")).require()


@pytest.fixture(scope="module")
def result(given: Catalog) -> PlanResult:
    return optimize_catalog(given)


@pytest.fixture(scope="module")
def book(result: PlanResult) -> bytes:
    return result._workbook(result.plan, "en")


@pytest.fixture(scope="module")
def texts(book: bytes) -> dict[str, list[str]]:
    """Each row of the workbook as a text, by sheet."""
    cells = values(book)
    return {
        sheet: [" | ".join(map(str, row.values())) for _, row in sorted(grid(cells, sheet).items())]
        for sheet in {name for name, _ in cells}
    }


def row_of(rows: list[str], *words: str) -> str:
    return next(row for row in rows if all(word in row for word in words))


def test_plan_and_catalog_say_whose_part_they_are(out: Path, given: Catalog) -> None:
    nation = json.loads((out / "network.json").read_text(encoding="utf-8"))
    own = next(one["catalog_sha256"] for one in nation["colleges"] if one["id"] == COLLEGE)
    assert given.info.allotted == Allotted(nation["names"], own, ("STATE",), ("CENTRE",))
    plan = read_plan(out / "colleges" / COLLEGE / "plan.json")
    assert plan.catalog == CatalogReference.of(given, "./catalog")


@pytest.mark.parametrize("name", ["catalog", "catalog.xlsx"])
def test_a_saved_catalog_keeps_it(given: Catalog, tmp_path: Path, name: str) -> None:
    save_catalog(given, tmp_path / name)
    again = curriplan.read_catalog(str(tmp_path / name)).require()
    assert (again.info, again.sha256) == (given.info, given.sha256)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('{ network = {}, catalog_sha256 = "0", sources = [] }', "wrong-id"),
        ('{ network = {}, catalog_sha256 = "%s", sources = ["two words"] }' % ("0" * 64), "wrong-id"),
        ('{ network = {}, catalog_sha256 = "%s", budget = 1 }' % ("0" * 64), "wrong-text"),
        ('{ sources = ["STATE"] }', "missing-value"),
        ('"%s"' % ("[" * 30_000), "wrong-text"),
    ],
)
def test_what_is_no_such_record_is_refused_with_its_place(
    given: Catalog, tmp_path: Path, said: str, code: str
) -> None:
    save_catalog(given, tmp_path / "catalog")
    path = tmp_path / "catalog" / "catalog.toml"
    *lines, _ = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, f"allotted = {said}"]), encoding="utf-8")
    found = curriplan.read_catalog(str(tmp_path / "catalog"))
    assert {(one.code, one.place.row) for one in found.issues} == {(code, 10)}


def test_a_check_does_not_warn_of_what_the_allotment_made(out: Path) -> None:
    """CENTRE has no hours in autumn 2027, in which the college needs none; it is told whose part it is."""
    done = CliRunner().invoke(main, ["check", str(out / "colleges" / COLLEGE / "catalog"), "--lang", "en"])
    assert "no errors and no warnings" in done.output
    assert "part of the national plan “A small network" in " ".join(done.output.split())


def test_what_it_allots_must_be_there(given: Catalog) -> None:
    assert given.info.allotted is not None
    other = replace(given.info.allotted, sources=("STATE", "NONE"), centres=("CENTER",), programmes=("P",))
    found = check_catalog(given.replace(info=given.info.model_copy(update={"allotted": other})))
    wrong = [one for one in found if one.code == "unknown-reference"]
    said = {(one.code, one.values["value"], one.values["table"]) for one in wrong}
    assert said == {
        ("unknown-reference", "NONE", "funding_sources"),
        ("unknown-reference", "CENTER", "resources"),
        ("unknown-reference", "P", "programmes"),
    }


def test_summary_says_it_and_asks_for_no_money_that_is_allotted(texts: dict[str, list[str]]) -> None:
    summary = texts["Summary"]
    said = row_of(summary, "network.xlsx")
    assert "“A small network of colleges (example)”" in said
    assert "money of State budget; hours of Security competence centre" in said
    director = row_of(summary, "The director").replace(NO_BREAK_SPACE, " ")
    assert "allots 800 000 KZT, and another 400 000 KZT comes from other sources" in director
    assert not any("Security competence centre" in row for row in summary if row != said)


def test_all_of_the_money_may_be_allotted(given: Catalog) -> None:
    """Were the college's own source shared too, nobody would be asked to find anything."""
    assert given.info.allotted is not None
    both = replace(given.info.allotted, sources=("COLLEGE", "STATE"))
    shared = given.replace(info=given.info.model_copy(update={"allotted": both}))
    result = optimize_catalog(shared)
    rows = grid(values(result._workbook(result.plan, "en")), "Summary").values()
    (director,) = (str(row["A"]) for row in rows if "The director:" in str(row.get("A")))
    assert director.endswith("first intake, 1.2 million KZT, is allotted by the national plan.")


def test_later_intakes_of_a_shared_source_are_the_ministrys(given: Catalog) -> None:
    """Whoever gives that money: it is needed again each year, and nothing of that is allotted."""
    again = given.replace(
        programmes=tuple(row.model_copy(update={"repeats": True}) for row in given.programmes),
        funding_sources=tuple(row.model_copy(update={"kind": "employer"}) for row in given.funding_sources),
    )
    assert given.info.allotted is not None
    both = replace(given.info.allotted, sources=("COLLEGE", "STATE"))
    shared = again.replace(info=given.info.model_copy(update={"allotted": both}))
    for catalog, who in (
        (again, "The director, the ministry and the partners that pay"),
        (shared, "The director and the ministry"),
    ):
        result = optimize_catalog(catalog)
        rows = grid(values(result._workbook(result.plan, "en")), "Summary").values()
        (asked,) = (str(row["A"]) for row in rows if "later intakes" in str(row.get("A")))
        assert asked.startswith(f"{who}: decide before the budget of 2028")
        assert asked.endswith("The national plan allots money for one intake only.")


def test_groups_are_named_and_of_many_how_many_more(given: Catalog) -> None:
    many = Allotted({"en": "N"}, "0" * 64, sources=tuple("abcdefgh"), programmes=("TECH",))
    catalog = given.replace(info=given.info.model_copy(update={"allotted": many}))
    said = national_said(Labels(catalog, Words("en")))
    assert (
        "money of a, b, c, d, e, f, 2 more; the number of groups of Information security technician." in said
    )
    alone = replace(many, sources=(), programmes=())
    catalog = given.replace(info=given.info.model_copy(update={"allotted": alone}))
    assert national_said(Labels(catalog, Words("en"))).endswith("“N” (the file network.xlsx).")


def test_provenance_names_both_catalogs(texts: dict[str, list[str]], given: Catalog) -> None:
    assert given.info.allotted is not None
    assert row_of(texts["Provenance"], "whole catalog", given.sha256)
    assert row_of(texts["Provenance"], "as the college gave it", given.info.allotted.catalog_sha256)


def test_allotted_limits_are_called_so_and_are_at_no_limit(texts: dict[str, list[str]], book: bytes) -> None:
    allotted = "(allotted by the national plan)"
    assert row_of(texts["Budget"], "STATE", f"State budget {allotted}", "2026")
    assert allotted not in row_of(texts["Budget"], "COLLEGE", "2026")
    assert row_of(texts["Hours of rooms & teachers"], f"Security competence centre {allotted}", "80")
    assert row_of(texts["Tables to the answers"], "laboratory", f"Security competence centre {allotted}")
    assert row_of(texts["Tables to the answers"], "CENTRE", "shared centre")
    checks = [row for row in texts["Every check"] if allotted in row or "new money, at most" in row]
    assert len(checks) == 6, "three semesters, two years, all money"
    assert not any("at the limit" in row for row in checks)
    near = row_of(texts["Compliance"], "College budget, any year")
    assert not any(allotted in row or "at the limit as well" in row for row in [near, *texts["Compliance"]])


def test_a_full_centre_has_no_colour_where_it_was_given_its_hours(
    texts: dict[str, list[str]], book: bytes
) -> None:
    """The teacher stands first, though less busy: the colours end there."""
    (place,) = (place for place, row in enumerate(texts["Load map"]) if row.startswith("TEACHER"))
    assert texts["Load map"][place + 1].startswith("CENTRE")
    (xml,) = (one for one in sheet_xml(book).values() if "<colorScale>" in one and "CENTRE" not in one)
    ((top, bottom),) = re.findall(r'<conditionalFormatting sqref="[A-Z]+(\d+):[A-Z]+(\d+)">', xml)
    assert top == bottom


def test_advice_is_to_ask_the_ministry(texts: dict[str, list[str]], given: Catalog) -> None:
    left_out = row_of(texts["Not selected"], "DATA4").replace("\xa0", " ")
    assert "600 000 KZT more: the national plan allots the shared money, the ministry decides" in left_out
    assert "96 more hours of Security competence centre (allotted by the national plan)" in left_out
    edits = {
        name: Edit("funding_budgets", (name, "2027"), "budget_kzt", 7, 5, "KZT")
        for name in ("STATE", "COLLEGE")
    }
    for language, word in zip(LANGUAGES, ("министрлік", "министерство", "ministry"), strict=True):
        labels = Labels(given, Words(language))
        assert [word in note for note in basis(labels, weighs_outlooks=False, promised=())] == [True]
        for name, edit in edits.items():
            gain = LimitGain(
                *("§10", "source_budget", None, f"{name}:2027", (), "KZT", 5.0, 5.0, True),
                reach=Reach.FOUND,
                smallest=7.0,
                smallest_gain=0.1,
                edits=(edit,),
            )
            assert (word in limit_todo(labels, gain)) is (name == "STATE")
            assert (word in Sentences(given, language).edit(edit)) is (name == "STATE")


def test_a_college_by_itself_hears_nothing_of_it(result: PlanResult, given: Catalog) -> None:
    """The same catalog without the record: workbook and plan are as ever."""
    own = given.replace(info=given.info.model_copy(update={"allotted": None}))
    alone = optimize_catalog(own)
    assert alone.plan.modules == result.plan.modules
    data = json.loads(plan_text(alone.plan))
    assert "allotted" not in data["catalog"]
    assert plan_of(data, Place("plan.json")) == alone.plan
    texts = [str(text) for text in values(alone._workbook(alone.plan, "en")).values()]
    assert not any("national plan" in text or "ministry decides" in text for text in texts)
    assert any("within the limit of 1.2 million KZT" in text for text in texts)
    assert any(text.startswith("1. Kinds of rooms without hours to spare: 1 of 1") for text in texts)
    assert any("at the limit as well" in text for text in texts)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_summary_says_it_in_each_language(result: PlanResult, language: str) -> None:
    network = {"kk": "«Колледждердің шағын желісі", "ru": "«Малая сеть колледжей"}[language]
    summary = grid(values(result._workbook(result.plan, language)), Words(language)("sheet.summary"))
    said = next(str(row["A"]) for row in summary.values() if "network.xlsx" in str(row.get("A")))
    assert network in said
