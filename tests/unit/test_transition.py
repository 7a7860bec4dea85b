"""transition.py against brute force in plain Python, and against the gap model of programmes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan.base.errors import UsageError
from curriplan.catalog.records import (
    Baseline,
    Catalog,
    CatalogInfo,
    Competency,
    CompetencyRelation,
    LevelValue,
    Occupation,
    OccupationRequirement,
    Programme,
    Target,
)
from curriplan.cli.app import main
from curriplan.problem.occupations import find_occupation, occupation_gaps
from curriplan.problem.problem import Problem
from curriplan.problem.settings import Settings

NAMES = ("A", "B", "C", "D")
LEVELS = st.integers(1, 8)
NEEDS = st.dictionaries(
    st.sampled_from(NAMES),
    st.tuples(LEVELS, st.sampled_from([0.1, 0.25, 0.5, 1.0]), st.booleans()),
    min_size=1,
)
TRANSFERS = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]),
    st.sampled_from([0.0, 0.3, 0.5, 0.75, 1.0]),
    max_size=4,
)
VALUES = st.dictionaries(LEVELS, st.sampled_from([0.0, 0.5, 2.0]), max_size=3)
Needs = dict[str, tuple[int, float, bool]]


def rows_of(occupation: str, needs: Needs) -> list[OccupationRequirement]:
    return [
        OccupationRequirement(
            occupation=occupation, competency=name, level=level, importance=importance, essential=essential
        )
        for name, (level, importance, essential) in needs.items()
    ]


def catalog_of(source: Needs, target: Needs, transfers: Any = (), values: Any = ()) -> Catalog:
    relations = [
        CompetencyRelation(source=a, target=b, kind="transfers", factor=factor)  # type: ignore[arg-type]
        for (a, b), factor in dict(transfers).items()
    ]
    return Catalog(
        CatalogInfo(id="t", classification=True),
        competencies=tuple(Competency(id=name) for name in NAMES),
        competency_relations=tuple(relations),
        occupations=(Occupation(id="X"), Occupation(id="Y")),
        occupation_requirements=(*rows_of("X", source), *rows_of("Y", target)),
        level_values=tuple(LevelValue(level=level, value=value) for level, value in dict(values).items()),
    )


@settings(max_examples=200, deadline=None)
@given(NEEDS, NEEDS, TRANSFERS, VALUES)
def test_against_brute_force(source: Needs, target: Needs, transfers: Any, values: Any) -> None:
    """Levels one by one: which are held, which are needed, what each missing one is worth."""
    found = occupation_gaps(catalog_of(source, target, transfers, values), "X", "Y")
    held = {name: level for name, (level, *_) in source.items()}
    for (a, b), factor in transfers.items():
        if a in source:
            held[b] = max(held.get(b, 0), math.floor(factor * source[a][0] + 1e-9))
    worth = {}
    counted = needed = 0.0
    for name, (level, importance, essential) in target.items():
        worth[name] = 0.0
        for step in range(1, 9):
            if step <= level:
                needed += importance
                if step <= held.get(name, 0):
                    counted += importance
                else:
                    worth[name] += importance * (2 if essential else 1) * values.get(step, 1.0)
    rows = {row.competency: row for row in found.rows}
    assert set(rows) == set(target)
    for name, row in rows.items():
        assert (row.required, row.held) == (target[name][0], held.get(name, 0))
        assert row.missing == len([step for step in range(1, 9) if held.get(name, 0) < step <= row.required])
        assert row.weight == pytest.approx(worth[name])
    assert found.cover == pytest.approx(counted / needed)
    essential = [name for name, need in target.items() if need[2]]
    met = [name for name in essential if held.get(name, 0) >= target[name][0]]
    assert found.essentials_met == (len(met), len(essential))
    assert [row.weight for row in found.rows] == sorted((row.weight for row in found.rows), reverse=True)


@settings(max_examples=60, deadline=None)
@given(NEEDS, NEEDS, TRANSFERS, st.sampled_from([0.0, 0.5, 1.0]))
def test_as_a_programme_whose_learners_bring_the_first_occupation(
    source: Needs, target: Needs, transfers: Any, theta: float
) -> None:
    """The gap model of programmes gives the same weights, whatever θ: a requirement is met or it is not."""
    catalog = catalog_of(source, target, transfers)
    programme = Programme(id="P", start="2026-1", terms=4, learners=10)  # type: ignore[call-arg]
    brought = tuple(Baseline(programme="P", competency=name, level=need[0]) for name, need in source.items())
    planned = catalog.replace(
        programmes=(programme,),
        baseline=brought,
        targets=(Target(programme="P", occupation="Y", share=1.0),),
    )
    gaps = Problem.of(planned, Settings(meeting_share=theta)).gaps["P"]
    found = occupation_gaps(catalog, "X", "Y", Settings(meeting_share=theta))
    for row in found.rows:
        steps = [step.weight for step in gaps.steps if step.competency == row.competency]
        assert row.weight == pytest.approx(sum(steps))
    assert found.cover == pytest.approx(gaps.cover("Y", gaps.baseline))


def test_what_carries_over_is_named() -> None:
    """6 · 0.5 = 3 of B; the holder has nothing of B by itself."""
    catalog = catalog_of({"A": (6, 1.0, True)}, {"B": (4, 1.0, True)}, {("A", "B"): 0.5})
    (row,) = occupation_gaps(catalog, "X", "Y").rows
    assert (row.held, row.missing, row.via) == (3, 1, "A")


def test_an_occupation_covers_itself() -> None:
    needs = {"A": (6, 1.0, True), "B": (2, 0.5, False)}
    found = occupation_gaps(catalog_of(needs, needs), "X", "X")
    assert found.cover == 1.0
    assert found.total_weight == 0.0
    assert [found.share(row) for row in found.rows] == [0.0, 0.0]


OCCUPATIONS = (
    Occupation(id="1111", name_en="Numbered", isco08="2222"),
    Occupation(
        id="a", name_en="Web Developer", name_ru="Веб-разработчик", isco08="2513", uri="http://e.eu/a"
    ),
    Occupation(id="b", name_en="Twin", isco08="1111"),
    Occupation(id="c", name_en="twin", isco08="3333"),
    Occupation(id="d", isco08="3333"),
)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("a", "a"),
        ("http://e.eu/a", "a"),
        ("2513", "a"),
        ("веб-РАЗРАБОТЧИК", "a"),
        ("1111", "1111"),
        (" a ", "a"),
    ],
)
def test_an_occupation_is_found_by_id_uri_code_and_name(word: str, found: str) -> None:
    """An id wins over the ISCO code of another occupation."""
    assert find_occupation(Catalog(CatalogInfo(id="t"), occupations=OCCUPATIONS), word).id == found


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("3333", "ambiguous-occupation"),
        ("TWIN", "ambiguous-occupation"),
        ("web developr", "unknown-occupation"),
        ("", "unknown-occupation"),
    ],
)
def test_what_is_no_single_occupation_is_refused(word: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_occupation(Catalog(CatalogInfo(id="t"), occupations=OCCUPATIONS), word)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_an_occupation_without_requirements_is_refused() -> None:
    catalog = catalog_of({"A": (1, 1.0, True)}, {})
    with pytest.raises(UsageError) as caught:
        occupation_gaps(catalog, "X", "Y")
    assert [issue.code for issue in caught.value.issues] == ["occupation-without-requirements"]


CLASSIFICATION = {
    "catalog.toml": 'schema = 1\nid = "c"\nlanguage = "en"\nclassification = true\n',
    "competencies.csv": "id,name_en\nA,=cmd()\nB,Cutting\n",
    "occupations.csv": "id,name_en,isco08\nX,Cook,5120\nY,Baker,7512\n",
    "occupation_requirements.csv": "occupation,competency,level,importance,essential\n"
    "X,B,3,1,yes\nY,A,4,0.5,no\nY,B,5,1,yes\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "c"
    path.mkdir()
    for name, text in CLASSIFICATION.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_classification_has_gaps_between_occupations(folder: Path, tmp_path: Path) -> None:
    """Cover (0.5·0 + 1·3) / (0.5·4 + 1·5) = 3/7; weights A 0.5·1·4 = 2 and B 1·2·2 = 4."""
    out = tmp_path / "g.json"
    result = CliRunner().invoke(main, ["gaps", str(folder), "--from", "cook", "--to", "7512", "-o", str(out)])
    assert result.exit_code == 0, result.output
    data = json.loads(out.read_text(encoding="utf-8"))
    assert (data["from"]["id"], data["to"]["id"]) == ("X", "Y")
    assert data["cover"] == pytest.approx(3 / 7)
    assert (data["essentials_met"], data["essentials"]) == (0, 1)
    weights = {row["competency"]: row["weight"] for row in data["competencies"]}
    assert weights == pytest.approx({"B": 4 / 6, "A": 2 / 6})


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_terminal_shows_what_is_missing(folder: Path, language: str) -> None:
    result = CliRunner().invoke(main, ["gaps", str(folder), "--from", "X", "--to", "Y", "--lang", language])
    assert result.exit_code == 0, result.output
    assert "Cook" in result.stdout and "Cutting" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(("source", "said"), [("estimate: esco:essential", True), ("standard:1", False)])
def test_estimates_are_called_estimates(folder: Path, source: str, said: bool) -> None:
    text = CLASSIFICATION["occupation_requirements.csv"].replace("essential\n", "essential,source\n")
    rows = text.replace("yes\n", f"yes,{source}\n").replace("no\n", f"no,{source}\n")
    (folder / "occupation_requirements.csv").write_text(rows, encoding="utf-8")
    result = CliRunner().invoke(main, ["gaps", str(folder), "--from", "X", "--to", "Y", "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert ("Of 2 levels needed, 2 are estimates" in result.stdout) is said


def test_csv_is_guarded_against_formulas(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "g.csv"
    result = CliRunner().invoke(main, ["gaps", str(folder), "--from", "X", "--to", "Y", "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "'=cmd()" in out.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--from", "X"], "option-needs-other"),
        (["--to", "X"], "option-needs-other"),
        (["--from", "X", "--to", "Y", "--programme", "P"], "options-exclude"),
        (["--from", "X", "--to", "nobody"], "unknown-occupation"),
    ],
)
def test_wrong_options_are_refused(folder: Path, options: list[str], code: str) -> None:
    result = CliRunner().invoke(main, ["gaps", str(folder), *options])
    assert result.exit_code == 2
    assert code in result.stderr
