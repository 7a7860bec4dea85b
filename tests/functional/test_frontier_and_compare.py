"""`curriplan frontier` and `curriplan compare` as a user meets them: terminal, files, exit codes."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from curriplan.api.library import compare, find_frontier, optimize
from curriplan.api.reading import read
from curriplan.cli.app import main
from curriplan.cli.console.terminal import WIDTH
from curriplan.optimizer.frontier import with_budget
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.words import Words
from curriplan.xlsx.styles import BAD_INK
from functional.report.workbooks import differences, formula_cells, formulas, values
from workbooks.office import recalculated

BAND = f"FF{BAD_INK.removeprefix('#')}"


def invoke(*arguments: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Plans of a copy of `mini`: with its budget of 1 600 000 KZT, and with 1 100 000."""
    folder = tmp_path_factory.mktemp("plans")
    bundled = Path(__file__).resolve().parents[2] / "catalogs" / "mini"
    shutil.copytree(bundled, folder / "mini")
    first, second = folder / "first.json", folder / "second.json"
    assert invoke("optimize", folder / "mini", "-q", "-o", first).exit_code == 0
    assert invoke("optimize", folder / "mini", "-q", "--budget", 1_100_000, "-o", second).exit_code == 0
    return first, second


@pytest.fixture
def copies(plans: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The same plans where a test may meddle with them and their catalog."""
    folder = Path(shutil.copytree(plans[0].parent, tmp_path / "copies"))
    for plan in plans:
        text = (folder / plan.name).read_text(encoding="utf-8")
        (folder / plan.name).write_text(text.replace(str(plan.parent), str(folder)), encoding="utf-8")
    return folder / "first.json", folder / "second.json"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# --- frontier

SAID = {
    "kk": ("Бюджетке қарай тапшылықтың жабылуы", "дәлелденген (қазіргі)", "ережелерге сай жоспар жоқ"),
    "ru": ("Закрытие дефицита при разном бюджете", "доказано (нынешний)", "правила выполнить нельзя"),
    "en": ("Closure of the gaps by budget", "proven (present)", "no plan keeps the rules"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frontier_on_the_terminal(language: str) -> None:
    result = invoke("frontier", "mini", "--points", 4, "--lang", language)
    assert result.exit_code == 0, result.output
    assert all(text in result.stdout for text in SAID[language]), result.stdout
    assert max(map(len, result.stdout.splitlines())) <= WIDTH
    # docs/mini-worked-example.md: the floors alone cost 1 000 000 KZT, everything 2 300 000.
    assert re.search(r"^ *1 000 000 .* 1 000 000 ", result.stdout, re.MULTILINE)
    assert re.search(r"^ *2 300 000 +100[.,]0 \(72[.,]3–100[.,]0\) +2 300 000 ", result.stdout, re.MULTILINE)
    assert "2, 1, 1, 0." in re.sub(r"\s+", " ", result.stdout)  # occupations not fully met


def test_the_frontier_as_files(tmp_path: Path) -> None:
    """JSON, CSV and a workbook of one frontier agree; their fields are these."""
    names = [tmp_path / f"frontier{ending}" for ending in (".json", ".csv", ".xlsx")]
    outputs = [word for name in names for word in ("-o", name)]
    result = invoke("frontier", "mini", "--points", 4, "-q", *outputs)
    assert result.exit_code == 0, result.output
    assert result.output == ""
    data = json.loads(names[0].read_text(encoding="utf-8"))
    assert list(data) == [
        "schema", "catalog", "closure_before", "essentials", "least_kzt", "is_complete", "occupations",
        "points",
    ]  # fmt: skip
    assert data["schema"] == "curriplan-frontier/1"
    assert data["catalog"]["id"] == "mini"
    assert (data["least_kzt"], data["is_complete"]) == (1_000_000, True)
    expected = find_frontier("mini", points=4)
    assert data["points"] == expected.to_data()["points"]
    assert data["points"] == expected.frame.to_dict("records")
    rows = rows_of(names[1])
    assert [list(row) for row in rows] == [list(point) for point in data["points"]]
    assert [int(row["budget_kzt"]) for row in rows] == [point["budget_kzt"] for point in data["points"]]
    assert [row["is_current"] for row in rows].count("yes") == 1


def test_each_point_has_the_range_of_its_own_plan() -> None:
    """The plan of each budget, made by itself, has the same range, draws and occupations not fully met."""
    catalog = read("mini").require()
    for point in find_frontier(catalog, points=4).points:
        result = optimize(with_budget(catalog, point.budget_kzt), objectives="closure,cost")
        assert result.plan.figures is not None
        found = result.plan.figures.how_sure.to_data()
        occupations = found.pop("occupations")
        assert found == {name: getattr(point, name) for name in found}, point
        assert occupations == 2
    assert {"closure_low", "closure_high", "draws", "both_hold"} < found.keys()


def test_the_workbook_has_the_range_of_each_point(tmp_path: Path) -> None:
    path = tmp_path / "frontier.xlsx"
    assert invoke("frontier", "mini", "--points", 3, "-q", "--lang", "en", "-o", path).exit_code == 0
    rows = list(openpyxl.load_workbook(path, data_only=True).active.iter_rows(values_only=True))
    top = next(place for place, row in enumerate(rows) if "Budget, KZT" in row)
    wanted = ("Closure, 5th percentile", "Closure, 95th percentile", "Occupations not fully met")
    for row, point in zip(rows[top + 1 :], find_frontier("mini", points=3).points, strict=False):
        shown = [row[rows[top].index(name)] for name in wanted]
        assert shown == [point.closure_low, point.closure_high, point.occupations_not_met]


def test_the_same_frontier_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}{ending}" for ending in (".json", ".xlsx") for number in (1, 2)]
    for path in paths:
        assert invoke("frontier", "mini", "--points", 3, "-q", "-o", path).exit_code == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert paths[2].read_bytes() == paths[3].read_bytes()


def test_the_frontier_of_a_catalog_without_any_plan_says_what_clashes(mini: Path) -> None:
    # Without hours in the laboratory no money buys what the floors ask.
    path = mini / "resource_capacity.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = (
            list(reader.fieldnames or []),
            [row | {"hours": "0", "committed_hours": "0"} for row in reader],
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    planned = invoke("optimize", mini, "-o", mini.parent / "plan.json", "--lang", "en")
    result = invoke("frontier", mini, "--lang", "en")
    assert (planned.exit_code, result.exit_code) == (4, 4), result.output
    assert "resource_capacity.csv" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["no-such-catalog"], 3),
        (["mini", "--points", 1], 2),
        (["mini", "--programme", "NOBODY"], 2),
        (["mini", "-o", "frontier.docx"], 2),
    ],
)
def test_wrong_use_of_frontier(arguments: list[Any], code: int) -> None:
    """Wrong options and catalogs end with their exit code."""
    assert invoke("frontier", *arguments).exit_code == code


def test_a_frontier_that_exists_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "frontier.json"
    path.write_text("mine", encoding="utf-8")
    assert invoke("frontier", "mini", "-o", path).exit_code == 3
    assert path.read_text(encoding="utf-8") == "mine"
    assert invoke("frontier", "mini", "--points", 2, "-q", "--force", "-o", path).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["points"]


# --- compare

COMPARED = {
    "kk": ("Модульдер: қосылды", "Шектер мен баптаулардағы айырмашылық"),
    "ru": ("Модули: добавлено", "Различия в пределах и настройках"),
    "en": ("Modules: ", "Limits and settings that differ"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_plans_on_the_terminal(plans: tuple[Path, Path], language: str) -> None:
    result = invoke("compare", *plans, "--lang", language)
    assert result.exit_code == 0, result.output
    assert all(text in result.stdout for text in COMPARED[language]), result.stdout
    assert max(map(len, result.stdout.splitlines())) <= WIDTH
    said = result.stdout.replace(",", ".")
    assert "60.5 (34.1–68.1) %  42.1 (36.0–73.5) %" in said
    assert "±20 %" in said
    assert "1 600 000" in result.stdout.splitlines()[-1]
    assert "1 100 000" in result.stdout.splitlines()[-1]
    assert result.stderr == ""


def test_two_plans_as_files(plans: tuple[Path, Path], tmp_path: Path) -> None:
    """JSON, CSV and a workbook of one comparison; their fields are these."""
    names = [tmp_path / f"compare{ending}" for ending in (".json", ".csv", ".xlsx")]
    outputs = [word for name in names for word in ("-o", name)]
    assert invoke("compare", *plans, "-q", *outputs).exit_code == 0
    data = json.loads(names[0].read_text(encoding="utf-8"))
    assert list(data) == [
        "schema", "first", "second", "same_catalog", "modules", "levels", "money", "hours", "measures",
        "limits",
    ]  # fmt: skip
    assert data["schema"] == "curriplan-comparison/1"
    assert data["same_catalog"] is True
    assert data["modules"]
    assert {"name": "budget_kzt", "programme": None, "first": 1_600_000, "second": 1_100_000} in data[
        "limits"
    ]
    costs = [json.loads(plan.read_text(encoding="utf-8"))["measures"]["cost_kzt"] for plan in plans]
    assert {"name": "cost_kzt", "programme": None, "first": costs[0], "second": costs[1]} in data["measures"]
    paid = sum(row["second"] - row["first"] for row in data["money"])
    assert paid == costs[1] - costs[0]
    measures = {(row["name"], row["programme"]): (row["first"], row["second"]) for row in data["measures"]}
    figures = [json.loads(plan.read_text(encoding="utf-8"))["figures"] for plan in plans]
    for name in ("closure_low", "closure_high"):
        sure = [found["if_estimates_err"] for found in figures]
        assert measures[name, None] == tuple(one["plan"][name] for one in sure)
        assert measures[name, "TECH"] == tuple(one["programmes"][0][name] for one in sure)
    unmet = tuple(found["programmes"][0]["occupations_not_met"] for found in figures)
    assert measures["occupations_not_met", None] == unmet == (1, 2)
    rows = rows_of(names[1])
    assert [row["module"] for row in rows] == [row["module"] for row in data["modules"]]
    assert compare(*plans).to_data() == json.loads(json.dumps(data))


def test_plans_of_earlier_versions_have_no_ranges(copies: tuple[Path, Path]) -> None:
    """Figures that only one plan has stand beside nothing; where both have none, no row speaks of them."""
    for path in copies:
        data = json.loads(path.read_text(encoding="utf-8"))
        del data["figures"]
        path.write_text(json.dumps(data), encoding="utf-8")
        found = compare(*copies)
        rows = {row.name: (row.first, row.second) for row in found.measures if row.programme is None}
        if path == copies[0]:
            assert rows["occupations_not_met"] == (None, 2)
            assert rows["closure_low"][0] is None
            assert "60.5 %  42.1 (36.0–73.5) %" in invoke("compare", *copies, "--lang", "en").stdout
    assert not {"occupations_not_met", "closure_low", "closure_high"} & rows.keys()
    assert "±20 %" not in invoke("compare", *copies, "--lang", "en").stdout


def test_occupations_are_not_called_fully_met_where_essentials_are(plans: tuple[Path, Path]) -> None:
    """`occupations_met_after` counts those with all essentials; the fully met ones are counted apart."""
    words = {"kk": "Толық қамтылған кәсіптер", "ru": "Профессии без пробелов", "en": "Occupations fully met"}
    for language, word in words.items():
        assert word not in invoke("compare", *plans, "--lang", language).stdout


def test_a_plan_and_itself(plans: tuple[Path, Path], tmp_path: Path) -> None:
    """A plan does not differ from itself."""
    path = tmp_path / "same.csv"
    result = invoke("compare", plans[0], plans[0], "--lang", "en", "-o", path)
    assert result.exit_code == 0
    assert "0 added, 0 left out, 0 moved" in result.stdout
    assert "differ" not in result.stdout
    assert path.read_text(encoding="utf-8-sig").strip() == "programme,module,change,first_term,second_term"


def test_a_missing_plan(plans: tuple[Path, Path]) -> None:
    """A plan file that is not there is named."""
    result = invoke("compare", plans[0], plans[0].with_name("nothing.json"), "--lang", "en")
    assert result.exit_code == 3
    assert "nothing.json" in result.output


@pytest.mark.parametrize("number", [0, 1])
def test_no_plan_is_written_over_itself(copies: tuple[Path, Path], number: int) -> None:
    before = copies[number].read_bytes()
    assert invoke("compare", *copies, "--force", "-o", copies[number]).exit_code in (2, 3)
    assert copies[number].read_bytes() == before


def test_a_comparison_that_exists_is_not_replaced(plans: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "compare.csv"
    path.write_text("mine", encoding="utf-8")
    assert invoke("compare", *plans, "-o", path).exit_code == 3
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("schema", ["curriplan-plan/2", "something else"])
def test_a_plan_of_another_schema(copies: tuple[Path, Path], schema: str) -> None:
    data = json.loads(copies[1].read_text(encoding="utf-8"))
    copies[1].write_text(json.dumps(data | {"schema": schema}), encoding="utf-8")
    assert invoke("compare", *copies).exit_code == 3


def test_plans_of_different_catalogs(plans: tuple[Path, Path], copies: tuple[Path, Path]) -> None:
    """They are compared, and it is said that their catalogs differ."""
    data = json.loads(copies[1].read_text(encoding="utf-8"))
    data["catalog"]["sha256"] = "0" * 64
    copies[1].write_text(json.dumps(data), encoding="utf-8")
    book = copies[1].with_suffix(".xlsx")
    result = invoke("compare", plans[0], copies[1], "--lang", "en", "-o", book)
    assert result.exit_code == 0
    assert "different catalogs" in result.stderr
    first = [str(cell.value) for row in openpyxl.load_workbook(book).active.iter_rows() for cell in row]
    assert any("different catalogs" in text for text in first), "whoever gets the file alone must know"
    assert "ids stand for names" not in result.stderr  # the catalog of the first plan has the names


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_has_red_bands_where_other_workbooks_have(
    plans: tuple[Path, Path], copies: tuple[Path, Path], language: str
) -> None:
    """`mini` is an illustration; a plan that is not proven best is named, on the terminal too."""
    texts = Words(language)
    data = json.loads(copies[1].read_text(encoding="utf-8"))
    data["status"] = "feasible"
    copies[1].write_text(json.dumps(data), encoding="utf-8")
    unproven = texts("compare_note.not_proven", plan=texts("column.second_plan"))
    bands = []
    for second in (plans[1], copies[1]):
        book = copies[1].with_suffix(f".{len(bands)}.xlsx")
        result = invoke("compare", plans[0], second, "--lang", language, "-o", book)
        assert result.exit_code == 0, result.output
        rows = openpyxl.load_workbook(book).worksheets[0].iter_rows(max_col=1)
        bands.append([cell.value for (cell,) in rows if cell.font.color and cell.font.color.rgb == BAND])
        assert (unproven in " ".join(result.stderr.split())) is (second is copies[1])
    assert bands[0] == [texts("phrase.illustrative")]
    assert bands[1] == [texts("phrase.illustrative"), unproven]


def test_a_catalog_that_is_gone_leaves_ids(copies: tuple[Path, Path]) -> None:
    shutil.rmtree(copies[0].parent / "mini")
    result = invoke("compare", *copies, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "ids stand for names" in " ".join(result.stderr.split())
    module = compare(*copies).changed_modules[0].module
    assert re.search(rf" {re.escape(module)} +(added|left out|moved)", result.stdout)


def test_ids_that_are_formulas_are_refused(copies: tuple[Path, Path]) -> None:
    data = json.loads(copies[1].read_text(encoding="utf-8"))
    data["modules"][0]["module"] = "=1+1"
    copies[1].write_text(json.dumps(data), encoding="utf-8")
    assert invoke("compare", *copies).exit_code == 3


# --- workbooks

SHEETS = {
    "kk": ["Көрсеткіштер", "Модульдер", "Деңгейлер", "Қаражат және сағаттар", "Шектер мен баптаулар"],
    "ru": ["Показатели", "Модули", "Уровни", "Средства и часы", "Пределы и настройки"],
    "en": ["Measures", "Modules", "Levels", "Money & hours", "Limits & settings"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_workbooks_in_each_language(plans: tuple[Path, Path], tmp_path: Path, language: str) -> None:
    compared, frontier = tmp_path / "compare.xlsx", tmp_path / "frontier.xlsx"
    assert invoke("compare", *plans, "-q", "--lang", language, "-o", compared).exit_code == 0
    arguments = ["mini", "--points", 3, "-q", "--lang", language, "-o", frontier]
    assert invoke("frontier", *arguments).exit_code == 0
    assert openpyxl.load_workbook(compared).sheetnames == SHEETS[language]
    for data in (compared.read_bytes(), frontier.read_bytes()):
        cells = formula_cells(data)
        assert cells
        assert [cell for cell in cells if not re.search(r"</f><v>[^<]+</v>", cell)] == []
        texts = [text for text in values(data).values() if isinstance(text, str)]
        if data == compared.read_bytes():  # formulas write no decimal zero
            assert {text.replace(",", ".").replace(" ", "") for text in texts} >= {"34.1–68.1%", "36–73.5%"}
        assert not [text for text in texts if re.search(r"column\.|measure\.|nan|None|_kzt", text)]


def test_libreoffice_computes_the_same(plans: tuple[Path, Path], tmp_path: Path) -> None:
    compared, frontier = tmp_path / "compare.xlsx", tmp_path / "frontier.xlsx"
    assert invoke("compare", *plans, "-q", "-o", compared).exit_code == 0
    assert invoke("frontier", "mini", "--points", 4, "-q", "-o", frontier).exit_code == 0
    for path in (compared, frontier):
        data = path.read_bytes()
        assert differences(values(data), recalculated(data), formulas(data)) == {}


# --- swaps


def test_a_plan_lists_its_equally_good_swaps(mini: Path, tmp_path: Path) -> None:
    """A twin of every module that the plan adds serves as well; the workbook says so."""
    plan = optimize(mini)
    added = next(row for row in plan.plan.modules if row.decision.value == "added")
    for name in ("modules", "module_outcomes", "module_requisites", "module_resources", "programme_modules"):
        with_twin(mini / f"{name}.csv", added.module)
    result = optimize(mini)
    taken = {(row.programme, row.module) for row in result.plan.modules}
    names = {added.module, f"{added.module}-TWIN"}
    kept = next(module for _, module in sorted(taken) if module in names)
    swaps = result.swaps
    assert list(swaps.columns) == ["programme", "module", "term", "replacement", "replacement_term"]
    pairs = set(zip(swaps.module, swaps.replacement, strict=True))
    assert (kept, (names - {kept}).pop()) in pairs
    path = result.to_excel(tmp_path / "plan.xlsx", "en")
    book = openpyxl.load_workbook(path)
    cells = {cell.value for row in book["Equally good swaps"].iter_rows() for cell in row}
    assert {kept, (names - {kept}).pop()} <= cells


def with_twin(path: Path, module: str) -> None:
    """Give a table, for each row of a module, the same row of its twin."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        rows = list(reader)
    key = "id" if path.stem == "modules" else "module"
    rows += [row | {key: f"{module}-TWIN"} for row in rows if row[key] == module]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
