"""A network beside its catalogs: handmade facts, and the bundled example from the first word to its plans."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from textwrap import dedent

import pytest
from click.testing import CliRunner

import curriplan
from curriplan.api.check_network import NetworkReading
from curriplan.base.codec import from_data, to_data
from curriplan.base.errors import Issue, Place
from curriplan.catalog.network.against import issues_against
from curriplan.catalog.network.describe import format_page
from curriplan.catalog.network.facts import CollegeFacts
from curriplan.catalog.network.records import Centre, College, Network, Places, Region, SharedBudget
from curriplan.catalog.network.toml import HEAD_KEYS, KEYS
from curriplan.catalog.reading.read import read_catalog
from curriplan.cli.app import main
from curriplan.cli.console.catalog import show_network_problems
from curriplan.cli.console.terminal import Terminal
from curriplan.problem.facts import facts_of
from curriplan.problem.problem import Problem
from instances.seeds import drawn

FACTS = CollegeFacts("a", "a" * 64, ("STATE",), {"LAB": "lab"}, ("LAB",), {"SD": 3}, 75, (2027,), ("2027-1",))
NETWORK = Network(
    path=Path("network.toml"),
    names={},
    regions=(Region("n", {}), Region("s", {})),
    colleges=(College("a", Path("a"), "n"), College("b", Path("b"), "s")),
    budgets=(SharedBudget("STATE", None, {2027: 5}),),
    centres=(Centre("LAB", {"2027-1": 9.0}),),
)


def facts(college: str, **changes: object) -> CollegeFacts:
    """Return the facts of a college, its catalog another than every other."""
    return replace(FACTS, college=college, catalog_sha256=college * 64, **changes)  # type: ignore[arg-type]


def codes(network: Network, *of: CollegeFacts) -> list[str]:
    """Return the codes of what is said."""
    return sorted(one.code for one in issues_against(network, of))


def test_a_network_that_fits_its_catalogs_is_sound() -> None:
    assert codes(NETWORK, facts("a"), facts("b")) == []


def test_what_only_an_unread_catalog_may_have_is_no_error() -> None:
    other = replace(NETWORK, budgets=(SharedBudget("REGION", None, {2027: 5}),))
    assert codes(other, facts("a"), facts("b")) == ["network-id-nowhere"]
    assert codes(other, facts("a")) == ["network-id-unseen"]


def test_money_of_a_region_is_for_its_colleges() -> None:
    """`b` has the source, but no row of its region: it keeps its own money, and the ministry is told."""
    regional = replace(NETWORK, budgets=(SharedBudget("STATE", "n", {2027: 5}),), centres=())
    unshared = "network-college-shares-nothing"
    assert codes(regional, facts("a"), facts("b")) == [unshared, "network-shared-elsewhere"]
    without = facts("a", sources=("OWN",))
    found = [unshared, unshared, "network-id-nowhere", "network-shared-elsewhere"]
    assert codes(regional, without, facts("b")) == found
    both = (*regional.budgets, SharedBudget("STATE", "s", {2027: 5}))
    assert codes(replace(regional, budgets=both), facts("a"), facts("b")) == []


def test_times_are_those_that_colleges_with_the_source_need() -> None:
    later = facts("b", years=(2027, 2028), semesters=("2027-1", "2027-2"))
    assert codes(NETWORK, facts("a"), later) == ["network-times-unnamed", "network-times-unnamed"]
    assert codes(NETWORK, facts("a"), replace(later, sources=(), used=())) == []
    total = replace(NETWORK, budgets=(SharedBudget("STATE", None, {}, 5),))
    assert codes(total, facts("a"), facts("b", years=(2028,))) == [], "all years together have no gaps"


def of_choices(*places: Places) -> Network:
    """Return the network with choices, both colleges in one region."""
    colleges = tuple(replace(one, region="n") for one in NETWORK.colleges)
    return replace(NETWORK, colleges=colleges, places=places)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"SD": 3}, ["network-choice-today"]),
        ({"SD": 5}, ["network-choice-unbalanced"]),
        ({"SD": 6}, ["network-choice-far", "network-choice-unbalanced"]),
        ({"SB": 3}, ["network-choice-programme"]),
    ],
)
def test_a_choice_is_near_the_groups_of_today(choice: dict[str, int], said: list[str]) -> None:
    assert codes(of_choices(Places("a", (choice,))), facts("a"), facts("b")) == said


@pytest.mark.parametrize("seed", drawn(range(30)))
def test_a_choice_is_told_exactly_where_no_others_balance_it(seed: int) -> None:
    """Every combination of choices is tried: a college may stay as it is, and groups add up to no change."""
    random = Random(seed)
    names = "abcd"[: random.randint(1, 4)]
    steps = {name: [random.choice((-2, -1, 1, 2)) for _ in range(random.randint(0, 2))] for name in names}
    network = replace(
        NETWORK,
        colleges=tuple(College(name, Path(name), "n") for name in names),
        places=tuple(
            Places(name, tuple({"SD": 3 + step} for step in own)) for name, own in steps.items() if own
        ),
    )
    kept = [
        chosen
        for chosen in product(*([(0, 0), *enumerate(own, start=1)] for own in steps.values()))
        if sum(step for _, step in chosen) == 0
    ]
    balanced = {(name, number) for one in kept for name, (number, _) in zip(names, one, strict=True)}
    wanted = {
        (name, number)
        for name, own in steps.items()
        for number in range(1, len(own) + 1)
        if (name, number) not in balanced
    }
    found = issues_against(network, [facts(name) for name in names])
    told = [one.values for one in found if one.code == "network-choice-unbalanced"]
    assert {(one["college"], one["number"]) for one in told} == wanted


@pytest.mark.parametrize(
    ("own", "shared", "is_told"),
    [
        ((300, 700), 10, False),
        ((300, 701), 10, True),
        ((10, 0), 1000, False),
        ((9, 0), 1000, True),
        ((0, 0), 9, False),
    ],
)
def test_money_that_may_be_in_thousands_is_told(own: tuple[int, int], shared: int, is_told: bool) -> None:
    """The colleges together have a hundred times as much, or as little, and no more."""
    network = replace(NETWORK, budgets=(SharedBudget("STATE", None, {2027: shared}),))
    found = [facts(name, own_kzt={"STATE": kzt}) for name, kzt in zip("ab", own, strict=True)]
    assert codes(network, *found) == ["network-money-unlike"] * is_told


# ------------------------------------------------------------------------------- the bundled example


def test_facts_are_those_of_the_catalog_and_go_into_a_file() -> None:
    """The programme of `mini` runs in three terms from the autumn of 2026, with one group of 25."""
    catalog = read_catalog("mini").require()
    found = facts_of("m", Problem.of(catalog))
    assert found == CollegeFacts(
        "m",
        catalog.sha256,
        ("COLLEGE",),
        {"LAB": "security-laboratory", "TEACHER": "teacher-security"},
        ("LAB", "TEACHER"),
        {"TECH": 1},
        25,
        (2026, 2027),
        ("2026-1", "2026-2", "2027-1"),
        {"COLLEGE": 1_600_000},
    )
    assert from_data(CollegeFacts, json.loads(json.dumps(to_data(found)))) == found


def run(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it said."""
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, done.output


def test_the_example_is_made_checked_and_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "net", "--network", "--lang", "en")[0] == 0
    assert run("check", "net", "--strict", "--lang", "en")[0] == 0
    assert run("check", "mini-network", "--strict", "--lang", "kk")[0] == 0
    code, output = run("init", "net", "--network", "--lang", "en")
    assert (code, "net exists already" in output, "file" in output) == (3, True, False)
    assert run("init", "net", "--network", "--force", "--lang", "en")[0] == 3, "a network is never replaced"
    for source in ("net", "net/network.toml"):
        code, output = run("optimize", source, "-o", "x.xlsx", "--lang", "en")
        assert (code, f"curriplan network {source} -o" in output) == (3, True)
    for other in ("--empty", "--from=mini", "--launcher", "--free-order"):
        code, output = run("init", "new", "--network", other, "--lang", "en")
        assert (code, "options-exclude" in output) == (2, True), other
    file = tmp_path / "net" / "network.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"STATE"', '"STAT"'), encoding="utf-8")
    broken = tmp_path / "net" / "south-1" / "programmes.csv"
    broken.write_text(broken.read_text(encoding="utf-8").replace(",25,", ",0,"), encoding="utf-8")
    code, output = run("check", "net", "--lang", "en")
    assert code == 3
    assert re.search(r"network\.toml:\d+ \(source\): network-id-unseen: .*nearest is STATE", output)
    assert "south-1" in output
    assert "out-of-range" in output
    file.unlink()
    code, output = run("check", "net", "--lang", "en")
    assert (code, "network-not-found" in output) == (3, True)


def test_a_network_is_spoken_of_in_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none is asked for: making it and checking it say the same words."""
    monkeypatch.chdir(tmp_path)
    assert "Записано: net" in run("init", "net", "--network")[1]
    assert "Прочитано каталогов колледжей: 3" in run("check", "net")[1]


def test_the_choices_of_the_format_page_are_choices_of_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "net", "--network")
    page = format_page()
    text = dedent(page[page.index("      [[places]]") : page.index("\nThe ids of sources")])
    assert text.count("[[places]]") == 2
    with (tmp_path / "net" / "network.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    assert run("check", "net", "--strict")[0] == 0


def test_a_floor_in_per_cent_is_told_how_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "net", "--network")
    file = tmp_path / "net" / "network.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("floor = 0.6", "floor = 60"), encoding="utf-8")
    assert "(0.6 = 60 %)" in run("check", "net")[1]
    file.write_text(text.replace("floor = 0.6", 'floor = "60 %"'), encoding="utf-8")
    assert run("check", "net")[0] == 0


def test_years_that_a_region_lacks_inside_the_money_of_the_country() -> None:
    """A region's money is a ceiling; without a row of the country it is all there is, and another warning."""
    region = SharedBudget("STATE", "north", {2027: 5})
    country = SharedBudget("STATE", None, {2027: 9, 2028: 9})
    of = facts("a", sources=("STATE",), years=(2027, 2028))
    colleges = (College("a", Path("a"), "north"),)
    alone = Network(Path("network.toml"), {}, (Region("north", {}),), colleges, (region,))
    (issue,) = issues_against(alone, [of])
    assert issue.code == "network-times-unnamed"
    (issue,) = issues_against(replace(alone, budgets=(region, country)), [of])
    assert (issue.code, issue.values["years"]) == ("network-region-years-unnamed", "2028")


def test_warnings_of_many_catalogs_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Fifty catalogs warn of the same twice: errors and the network's own are shown, these are counted."""
    places = [[Place(f"net/c{number:02}/a.csv", None, row) for row in (2, 3)] for number in range(50)]
    mild = [
        [Issue("note-row", place, {"count": 1, "rows": "2", "value": "x"}) for place in two] for two in places
    ]
    own = Issue("network-region-empty", Place("net/network.toml", None, 3), {"region": "n"})
    wrong = Issue("wrong-id", Place("net/c07/b.csv", None, 9), {"value": "x y"})
    by_catalog = tuple(
        (f"net/c{at:02}", (*two, *([wrong] if at == 7 else []))) for at, two in enumerate(mild)
    )
    every = (own, *(issue for _, issues in by_catalog for issue in issues))
    reading = NetworkReading(None, every, "net", own=(own,), by_catalog=by_catalog)
    show_network_problems(Terminal("en"), reading)
    read, *said = capsys.readouterr().out.splitlines()
    assert read == "Catalogs of colleges read: 50"
    assert [line.split(": ")[2] for line in said[:2]] == ["wrong-id", "network-region-empty"]
    assert said[-2:] == [
        "note-row: 100 in all, catalogs 50; most in net/c49",
        "net: errors: 1, warnings: 101.",
    ]


def test_colleges_of_the_example_have_plans_by_themselves() -> None:
    """(75 · 26.3 % + 50 · 73.7 % + 25 · 100 %) / 150 = 54.4 %: the figure beside the national plan's."""
    root = Path(curriplan.__file__).parents[2] / "catalogs" / "mini-network"
    plans = {name: curriplan.optimize(root / name) for name in ("north-1", "north-2", "south-1")}
    closures = {name: round(one.plan.measures["closure_after"], 3) for name, one in plans.items()}
    assert closures == {"north-1": 0.263, "north-2": 0.737, "south-1": 1.0}


def test_the_page_says_what_the_file_may_hold(repository: Path) -> None:
    text = (repository / "docs" / "network-format.md").read_text(encoding="utf-8")
    assert text == format_page()
    for key in {*HEAD_KEYS, *KEYS, *(key for keys in KEYS.values() for key in keys)}:
        assert re.search(rf"`(?:\[\[)?{key}\b", text), key
