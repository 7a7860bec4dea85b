"""The map: what stands in the file against the catalog and the plan, computed a second time."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from curriplan import read_catalog
from curriplan.api.map import MOST_HELD, map_source
from curriplan.base.errors import CurriplanError
from curriplan.catalog.records import Catalog, CatalogInfo, Competency
from curriplan.cli.app import main
from curriplan.evaluation.evaluate import evaluate
from curriplan.plan.plan import Selection, Start
from curriplan.problem.problem import Problem
from curriplan.report.map.data import MapSource, map_data
from curriplan.report.map.layout import crossings, ordered
from curriplan.report.map.nodes import MOST_LETTERS
from curriplan.report.map.page import as_script_data, map_html, page_script
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import texts_of
from instances.random_catalogs import random_instance

HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>\u2028&amp;'\"{data}{script}"


@pytest.fixture(scope="module")
def mini_data() -> dict[str, Any]:
    return map_data(map_source(read_catalog("mini").require()), "en")


@pytest.fixture(scope="module")
def bundled_data(bundled_result: Any) -> dict[str, Any]:
    return map_data(MapSource(bundled_result.problem, bundled_result.plan.selection), "ru")


def names(data: dict[str, Any], numbers: list[int]) -> set[str]:
    return {data["nodes"][number]["id"] for number in numbers}


def rows(repository: Path, table: str) -> list[dict[str, str]]:
    with (repository / "catalogs" / "mini" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_ties_are_the_rows_of_the_catalog(mini_data: dict[str, Any], repository: Path) -> None:
    """mini has no transfers and no mappings, so that what modules teach is what stands in its files."""
    ids = [node["id"] for node in mini_data["nodes"]]
    assert {(ids[m], ids[c], low, high) for m, c, low, high, *_ in mini_data["teaches"]} == {
        (row["module"], row["competency"], int(row["entry_level"] or 0), int(row["exit_level"]))
        for row in rows(repository, "module_outcomes")
    }
    assert {(ids[o], ids[c], level, bool(must)) for o, c, level, must, _ in mini_data["needs"]} == {
        (row["occupation"], row["competency"], int(row["level"]), row["essential"] == "yes")
        for row in rows(repository, "occupation_requirements")
    }
    assert [(ids[m], kind, [ids[one] for one in others]) for m, kind, others in mini_data["requisites"]] == [
        (row["module"], "prerequisite", [row["requires"]]) for row in rows(repository, "module_requisites")
    ]


def test_today_stands_in_its_terms(mini_data: dict[str, Any], repository: Path) -> None:
    (view,) = mini_data["views"]
    competencies, *terms, rest, occupations = view["states"]["today"]["columns"]
    by_term = defaultdict(set)
    for row in rows(repository, "programme_modules"):
        by_term[row["current_term"]].add(row["module"])
    assert [names(mini_data, column) for column in terms] == [by_term[str(term)] for term in (1, 2, 3)]
    assert names(mini_data, rest) == by_term[""]
    assert names(mini_data, competencies) == {row["id"] for row in rows(repository, "competencies")}
    assert names(mini_data, occupations) == {row["occupation"] for row in rows(repository, "targets")}
    assert mini_data["when"] == ["today"]


def test_the_plan_stands_as_it_was_decided(bundled_data: dict[str, Any], bundled_result: Any) -> None:
    plan = bundled_result.plan
    for view in bundled_data["views"]:
        of_plan = [row for row in plan.modules if row.programme == view["id"]]
        _, *terms, rest, _ = view["states"]["plan"]["columns"]
        for term, column in enumerate(terms, start=1):
            taken = {row.module for row in of_plan if row.term == term and row.decision != "dropped"}
            assert names(bundled_data, column) == taken
        assert {row.module for row in of_plan if row.decision == "dropped"} <= names(bundled_data, rest)
        said = {
            bundled_data["nodes"][int(number)]["id"]: one["decision"]
            for number, one in view["modules"].items()
            if "decision" in one
        }
        assert said == {row.module: row.decision for row in of_plan}


def test_levels_are_those_of_the_plan(bundled_data: dict[str, Any], bundled_result: Any) -> None:
    """And the steps that modules close, of those taken, reach what the plan says is reached."""
    for view in bundled_data["views"]:
        gaps = {row.competency: row for row in bundled_result.plan.gaps if row.programme == view["id"]}
        reached: dict[int, int] = defaultdict(int)
        for number, closes in view["closes"].items():
            for competency, _, high in closes if "plan" in view["modules"][number] else ():
                reached[competency] = max(reached[competency], high)
        for number, levels in view["levels"].items():
            row = gaps.pop(bundled_data["nodes"][int(number)]["id"], None)
            assert (row is None) == (levels["asked"] == 0)
            if row is not None:
                shown = (levels["asked"], levels["today"], levels["plan"])
                assert shown == (row.required, row.before, row.after)
                held = max(levels["brought"], reached[int(number)])
                assert min(held, row.required) == min(row.after, row.required)
        assert gaps == {}


def test_closure_and_its_range_are_those_of_the_plan(
    bundled_data: dict[str, Any], bundled_result: Any
) -> None:
    measures = bundled_result.plan.measures["programmes"]
    drawn = {row.programme: row for row in bundled_result.plan.figures.if_estimates_err.programmes}
    for view in bundled_data["views"]:
        row, one = measures[view["id"]], drawn[view["id"]]
        shares = (row["closure_after"], one.closure_low, one.closure_high)
        after, low, high = (f"{100 * share:.1f}".replace(".", ",") for share in shares)
        assert view["states"]["plan"]["closure"] == f"{after} ({low}–{high})"
        before = f"{100 * row['closure_before']:.1f}".replace(".", ",")
        assert view["states"]["today"]["closure"].split()[0] == before


def test_credits_of_a_term_are_those_of_its_modules(
    bundled_data: dict[str, Any], bundled_result: Any
) -> None:
    """The bundled college has no fixed load, so they are the credits of the evaluation."""
    assert bundled_result.catalog.programme_fixed_hours == ()
    by_name = {one.programme: one for one in bundled_result.after.programmes}
    for view in bundled_data["views"]:
        shown = [float(text.replace(",", ".")) for text in view["states"]["plan"]["credits"]]
        assert shown == pytest.approx(by_name[view["id"]].term_credits, abs=0.006)


@pytest.mark.parametrize("seed", range(16))
def test_levels_and_closure_of_random_catalogs_are_those_of_the_evaluation(seed: int) -> None:
    """With transfers, requirements, alternatives and fixed load; of today, and of a choice at random."""
    catalog, _, _ = random_instance(seed)
    problem, random = Problem.of(catalog), Random(seed)
    chosen = {
        Start(name, option.module.id, random.choice(option.starts))
        for name in problem.limits.planned
        for option in problem.curricula.by_programme[name].open_options
        if option.starts and random.random() < 0.5
    }
    found = evaluate(problem, Selection(tuple(sorted(chosen))))
    measures = {one.programme: one for one in found.programmes}
    data = map_data(MapSource(problem, Selection(tuple(sorted(chosen)))), "en")
    for view in data["views"]:
        worth = measures[view["id"]]
        ids = {data["nodes"][int(number)]["id"]: levels for number, levels in view["levels"].items()}
        for when, levels, closure in (
            ("today", found.levels_before, worth.closure_before),
            ("plan", found.levels_after, worth.closure_after),
        ):
            own = {name: level for name, level in levels[view["id"]].items() if name in ids}
            assert {name: row[when] for name, row in ids.items() if row[when]} == {
                name: level for name, level in own.items() if level
            }
            shown = view["states"][when]["closure"]
            assert shown is None if closure is None else shown.split()[0] == f"{100 * closure:.1f}"
        terms = {
            data["nodes"][number]["id"]: term
            for term, column in enumerate(view["states"]["plan"]["columns"][1:-2], start=1)
            for number in column
        }
        assert terms == {start.module: start.term for start in chosen if start.programme == view["id"]}


def test_a_map_holds_the_planned_programmes_and_names_the_others(mini: Path) -> None:
    catalog = read_catalog("kz-digital-college").require()
    kept = frozenset({"programme:WD", "module:DG-PHISH"})
    data = map_data(MapSource(map_source(catalog).problem, kept=kept, chosen="module:DG-PHISH"), "en")
    assert [view["id"] for view in data["views"]] == ["WD"]
    assert len(data["unplanned"]) == 8
    assert [data["nodes"][number]["id"] for number in [data["chosen"]]] == ["DG-PHISH"]


def slow_crossings(columns: list[list[int]], lines: list[tuple[int, int]]) -> int:
    place = {node: (x, y) for x, column in enumerate(columns) for y, node in enumerate(column)}
    ends = [sorted((place[first], place[second])) for first, second in lines]
    count = 0
    for at, (a, b) in enumerate(ends):
        for c, d in ends[:at]:
            same = a[0] == c[0] and b[0] == d[0]
            count += same and (a[1] - c[1]) * (b[1] - d[1]) < 0
    return count


@pytest.mark.parametrize("seed", range(12))
def test_an_order_crosses_fewer_lines_and_is_the_same_each_time(seed: int) -> None:
    random = Random(seed)
    nodes = list(range(24))
    columns = [nodes[at : at + 6] for at in range(0, 24, 6)]
    lines = [(a, b) for a in nodes for b in nodes if a // 6 < b // 6 and random.random() < 0.12]
    found = ordered(columns, lines)
    assert [sorted(column) for column in found] == columns
    assert crossings(columns, lines) == slow_crossings(columns, lines)
    assert crossings(found, lines) == slow_crossings(found, lines) <= slow_crossings(columns, lines)
    assert found == ordered(columns, list(lines))


def test_a_hundred_crossings_are_undone() -> None:
    """Ten lines from a column to the same column upside down: 10 · 9 / 2 = 45 crossings, none is needed."""
    columns = [list(range(10)), list(range(10, 20))]
    lines = [(node, 19 - node) for node in range(10)]
    assert crossings(columns, lines) == 45
    assert crossings(ordered(columns, lines), lines) == 0


class Elements(HTMLParser):
    """What elements a page has, and what stands in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.started: list[str] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.started.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href", "style")]
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.started and self.started[-1] == "script" and self.scripts:
            self.scripts[-1] += data
        else:
            self.texts.append(data)


def hostile_catalog() -> Catalog:
    """A copy of mini in which everything that has a name has a hostile one."""
    catalog = read_catalog("mini").require()
    info = catalog.info.model_copy(
        update={"title_en": HOSTILE, "attribution": (HOSTILE,), "licence": HOSTILE, "version": HOSTILE}
    )
    tables = ("modules", "competencies", "occupations", "programmes")
    named = {
        name: tuple(row.model_copy(update={"name_en": HOSTILE}) for row in catalog.table(name))
        for name in tables
    }
    sources = tuple(row.model_copy(update={"source": HOSTILE}) for row in catalog.module_outcomes)
    return catalog.replace(info=info, module_outcomes=sources, **named)


def test_a_hostile_name_stays_in_the_data() -> None:
    text = map_html(map_source(hostile_catalog()), "en")
    page, plain = Elements(text), Elements(map_html(map_source(read_catalog("mini").require()), "en"))
    assert page.started == plain.started
    assert page.texts == plain.texts
    data, script = page.scripts
    assert script == plain.scripts[1]
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)["nodes"][0]["name"] == " ".join(HOSTILE.split())


def test_data_of_a_script_is_what_went_in() -> None:
    data = {"a": [HOSTILE, 1, None, True]}
    assert json.loads(as_script_data(data)) == data


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_catalog_gives_the_same_file(language: str) -> None:
    texts = {map_html(map_source(read_catalog("mini").require()), language) for _ in range(2)}
    (text,) = texts
    assert f'<html lang="{language}">' in text
    assert "default-src 'none'" in text
    assert not re.search(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)\w", text)


def test_a_file_is_bounded() -> None:
    long = tuple(
        row.model_copy(update={"name_en": "x" * 10_000, "name_kk": "ы" * 10_000})
        for row in read_catalog("mini").require().modules
    )
    data = map_data(map_source(read_catalog("mini").require().replace(modules=long)), "en")
    assert max(len(node["name"]) for node in data["nodes"]) == MOST_LETTERS
    many = tuple(Competency(id=f"C{number}", name_en="c") for number in range(MOST_HELD + 1))
    info = CatalogInfo(schema=1, id="many", classification=True)
    with pytest.raises(CurriplanError, match="graph-too-large-to-draw"):
        map_source(Catalog(info, competencies=many))
    source = map_source(Catalog(info, competencies=many[:-1]))
    assert len(map_html(source, "en")) < 1_000_000


def test_a_catalog_without_programmes_is_shown_whole() -> None:
    catalog = read_catalog("mini").require()
    tables = ("programmes", "targets", "programme_modules", "programme_terms", "baseline", "demand")
    bare = catalog.replace(
        info=catalog.info.model_copy(update={"classification": True}), **dict.fromkeys(tables, ())
    )
    data = map_data(map_source(bare), "en")
    (view,) = data["views"]
    assert view["terms"] == []
    kinds = [{data["nodes"][one]["kind"] for one in column} for column in view["states"]["today"]["columns"]]
    assert kinds == [{"competency"}, {"module"}, {"occupation"}]


def test_every_text_is_there_and_said() -> None:
    """In three languages with the same places to fill; none that the script or a fact never says."""
    script = page_script()
    said = set(re.findall(r'(?:say|list)\((?:panel, )?"(\w+)"', script)) | set(re.findall(r'"(\w+)"', script))
    built = {f"legend_{name}" for name in ("module", "candidate", "moved", "added", "dropped")}
    built |= {"legend_competency", "legend_occupation", "level_asked", "level_brought"}
    built |= {f"{start}{end}" for start in ("today", "plan") for end in ("_term", "_none")}
    built |= {"level_today", "level_plan", "today"}
    entries = texts_of("map")
    page = {key.removeprefix("page.") for key in entries if key.startswith("page.")}
    assert page - said == built
    assert set(re.findall(r'say\("(\w+)"', script)) <= page
    for key, entry in entries.items():
        assert set(entry) == set(LANGUAGES), key
        places = {tuple(sorted(re.findall(r"\{(\w+)\}", entry[language]))) for language in LANGUAGES}
        assert len(places) == 1, key
        assert len(set(entry.values())) > 1 or key in ("page.module",), key


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["graph", *arguments, "--lang", "en"])
    return result.exit_code, " ".join(result.output.split())


def test_a_plan_needs_a_map(tmp_path: Path) -> None:
    code, said = run("mini", "--plan", "plan.json", "-o", str(tmp_path / "g.svg"))
    assert code == 2
    assert "option-needs-other" in said


def test_a_plan_that_breaks_rules_is_not_shown(tmp_path: Path, once: Any) -> None:
    import curriplan
    from curriplan.plan.plan import plan_to_data

    result = once("mini plan", lambda: curriplan.optimize("mini"))
    data = plan_to_data(result.plan, "test")
    path, out = tmp_path / "plan.json", tmp_path / "map.html"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert run("--plan", str(path), "-o", str(out))[0] == 0
    assert '"when":["today","plan"]' in out.read_text(encoding="utf-8")
    moved = [row for row in data["modules"] if row["module"] == "SEC2"] or data["modules"][-1:]
    moved[0]["term"] = 1
    path.write_text(json.dumps(data), encoding="utf-8")
    code, said = run("--plan", str(path), "-o", str(out), "--force")
    assert (code, "plan-breaks-rules" in said) == (6, True), said
    data["catalog"]["sha256"] = "0" * 64
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "plan-other-catalog" in run("mini", "--plan", str(path), "-o", str(out), "--force")[1]
