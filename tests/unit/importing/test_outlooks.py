"""Outlooks out of scores, of snapshots, and with new professions: by hand, and what holds at any size."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import curriplan
from curriplan.base.errors import CatalogError, CurriplanError, UsageError
from curriplan.catalog.records import (
    Catalog,
    CatalogInfo,
    Demand,
    Exposure,
    Occupation,
    Programme,
    Scenario,
    Target,
)
from curriplan.catalog.records.competencies import Competency, OccupationRequirement
from curriplan.importing.outlooks.exposure import read_scores, unit_group
from curriplan.importing.outlooks.snapshots import (
    Snapshot,
    changes_between,
    ratio_of,
    read_snapshot,
    shrinkage,
)
from curriplan.report.made_outlooks import made_rows
from curriplan.texts.languages import LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("CURRIPLAN_DATA") or ROOT.parent / "shared" / "data") / "exposure"
ILO, NESTA = DATA / "ilo_genai_exposure_isco08_2025.csv", DATA / "mcc_risk_ISCO_4digit.csv"
needs_data = pytest.mark.skipif(
    not (ILO.is_file() and NESTA.is_file()), reason="no exposure in $CURRIPLAN_DATA nor in ../shared/data"
)
COUNT = st.integers(0, 10_000)


def college(new: Sequence[str] = ("NEW",), wanted: Mapping[str, float] | None = None) -> Catalog:
    """A clerk, a welder and a new profession, of two programmes, one of which trains for all three."""
    openings = {"CLERK": 100.0, "WELDER": 50.0, "NEW": 10.0} if wanted is None else wanted
    codes = {"CLERK": {"isco08": "4132"}, "WELDER": {"nkz_code": "7212-1"}, "NEW": {"isco08": "2511"}}
    programme = {"start": "2026-1", "terms": 2, "learners": 25, "entry_base": "grade11"}
    return Catalog(
        CatalogInfo(id="college"),
        occupations=tuple(
            Occupation(id=name, **code, new=name in new or None) for name, code in codes.items()
        ),
        programmes=(Programme(id="P", **programme), Programme(id="Q", **programme)),
        targets=(
            Target(programme="P", occupation="CLERK", share=0.5),
            Target(programme="P", occupation="WELDER", share=0.3),
            Target(programme="P", occupation="NEW", share=0.2),
            Target(programme="Q", occupation="WELDER", share=1),
        ),
        demand=tuple(
            Demand(occupation=name, year=2030, openings=count) for name, count in openings.items() if count
        ),
    )


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Five groups: the ranks of 7212, 2511 and 4132 are 0.25, 0.5 and 1."""
    text = "isco08,score\n9111,1\n7212,2\n2511,30\n3333,31\n4132,99\n"
    return written(tmp_path, "scores.csv", text)


def openings(catalog: Catalog, outlook: str) -> dict[str, float]:
    return {row.occupation: row.openings for row in catalog.demand if row.scenario == outlook}


def shares(catalog: Catalog, programme: str, outlook: str) -> dict[str, float]:
    rows = (row for row in catalog.targets if (row.programme, row.scenario) == (programme, outlook))
    return {row.occupation: row.share for row in rows}


def codes(made: curriplan.MadeOutlooks) -> list[str]:
    return [issue.code for issue in made.issues]


def test_demand_falls_by_beta_times_the_rank(scores: Path) -> None:
    made = curriplan.make_outlooks(college(), exposure={"trial": scores}, beta=0.4)
    # 100·(1 − 0.4·1), 50·(1 − 0.4·0.25), 10·(1 − 0.4·0.5)
    assert openings(made.catalog, "exposure-trial") == {"CLERK": 60, "WELDER": 45, "NEW": 8}
    assert openings(made.catalog, "as-today") == {"CLERK": 100, "WELDER": 50, "NEW": 10}
    assert {row.id: row.probability for row in made.catalog.scenarios} == {
        "as-today": 0.5,
        "exposure-trial": 0.5,
    }
    assert {(row.occupation, row.score, row.rank, row.isco08) for row in made.catalog.exposure} == {
        ("CLERK", 99, 1, "4132"),
        ("WELDER", 2, 0.25, "7212"),
        ("NEW", 30, 0.5, "2511"),
    }
    assert made.issues == ()
    said = next(row.source for row in made.catalog.demand if row.scenario and row.openings == 45)
    assert said == "estimate: base × (1 − 0.4 × 0.25); trial: score 2, rank 0.25 (ISCO-08 7212)"


def test_half_of_what_is_lost_goes_to_the_new_profession(scores: Path) -> None:
    made = curriplan.make_outlooks(
        college(), exposure={"trial": scores}, beta=0.4, new_professions=0.5, as_today=False
    )
    # lost are 40 + 5 + 2 of 160; half of these 47 comes to the 8 that the new one keeps
    assert openings(made.catalog, "new-professions") == {"CLERK": 60, "WELDER": 45, "NEW": 31.5}
    assert {row.id for row in made.catalog.scenarios} == {"exposure-trial", "new-professions"}


def test_two_sources_give_an_outlook_each_and_their_mean_rank_a_third(scores: Path, tmp_path: Path) -> None:
    other = written(tmp_path, "other.csv", "isco08,score\n4132,1\n7212,3\n2511,2\n")
    made = curriplan.make_outlooks(
        college(), exposure={"trial": scores, "other": other}, beta=1, new_professions=1
    )
    # the clerk has the ranks 1 and 0, the welder 0.25 and 1, the new one 0.5 and 0.5: of 100, 50 and 10 are
    # lost 50, 31.25 and 5, and all of these 86.25 come to the 5 left of the new one
    assert openings(made.catalog, "new-professions") == {"CLERK": 50, "WELDER": 18.75, "NEW": 91.25}
    assert openings(made.catalog, "exposure-other") == {"CLERK": 100, "WELDER": 0, "NEW": 5}
    (said,) = [
        row.source
        for row in made.catalog.demand
        if (row.scenario, row.occupation) == ("new-professions", "CLERK")
    ]
    assert said == (
        "estimate: base × (1 − 1 × 0.5); other: score 1, rank 0 (ISCO-08 4132); "
        "trial: score 99, rank 1 (ISCO-08 4132)"
    )


def test_sources_whose_names_look_alike_get_outlooks_of_their_own(scores: Path, tmp_path: Path) -> None:
    other = written(tmp_path, "other.csv", "isco08,score\n4132,1\n7212,3\n2511,2\n")
    for pair in (("Минтруда", "Атамекен"), ("a b", "A-b"), ("scores 2", "scores_2")):
        files = dict(zip(pair, (scores, other), strict=True))
        made = curriplan.make_outlooks(college(), exposure=files, beta=0.5)
        assert len({row.id for row in made.catalog.scenarios}) == 3
        demand = [(row.occupation, row.year, row.scenario) for row in made.catalog.demand]
        assert len({*demand}) == len(demand)
        clerks = {openings(made.catalog, name)["CLERK"] for name in made.outlooks}
        assert clerks == {100, 50}  # the ranks of the clerk are 1 and 0
        again = curriplan.make_outlooks(made.catalog, beta=0.5)
        assert again.catalog.sha256 == made.catalog.sha256


def test_two_names_of_one_source_are_refused(scores: Path, tmp_path: Path) -> None:
    path = written(tmp_path, "ilo.csv", "isco08,mean_score_2025\n4132,1\n7212,3\n2511,2\n")
    with pytest.raises(UsageError) as caught:
        curriplan.make_outlooks(college(), exposure={"ilo": path, "ILO": path}, beta=0.5)
    assert [issue.code for issue in caught.value.issues] == ["bad-value"]


def test_a_profession_that_nobody_wants_yet_gets_shares_of_its_programme(scores: Path) -> None:
    catalog = college(wanted={"CLERK": 100.0, "WELDER": 50.0, "NEW": 0.0})
    made = curriplan.make_outlooks(catalog, exposure={"trial": scores}, beta=0.4, new_professions=1)
    # what P trains for is worth 0.5·0.6 + 0.3·0.9 + 0.2·0.8 = 0.73 then: the 0.27 lost come to the new one
    assert shares(made.catalog, "P", "new-professions") == {"CLERK": 0.3, "WELDER": 0.27, "NEW": 0.43}
    # without a new profession to go to, shares are 0.3, 0.27 and 0.16 of 0.73
    assert shares(made.catalog, "P", "exposure-trial") == pytest.approx(
        {"CLERK": 0.3 / 0.73, "WELDER": 0.27 / 0.73, "NEW": 0.16 / 0.73}, abs=1e-4
    )
    assert shares(made.catalog, "P", "as-today") == {"CLERK": 0.5, "WELDER": 0.3, "NEW": 0.2}
    assert shares(made.catalog, "Q", "new-professions") == {}  # demand says all
    # lost are 40 + 5, which are all that the new one has
    assert openings(made.catalog, "new-professions") == {"CLERK": 60, "WELDER": 45, "NEW": 45}
    assert codes(made) == ["outlook-shares-only"]
    problems = [issue.code for issue in curriplan.check_catalog(made.catalog)]
    assert not {"outlook-without-shares", "outlook-without-demand", "outlook-shares-not-one"} & {*problems}


def test_occupations_without_a_code_are_listed_together_and_keep_their_demand(scores: Path) -> None:
    catalog = college()
    plain = tuple(
        row if row.id == "CLERK" else row.model_copy(update={"isco08": None, "nkz_code": "721"})
        for row in catalog.occupations
    )
    made = curriplan.make_outlooks(
        catalog.replace(occupations=plain), exposure={"trial": scores}, beta=0.4, as_today=False
    )
    (issue,) = made.issues
    assert (issue.code, issue.values["names"], issue.values["codeless"]) == (
        "outlook-unmapped",
        "NEW, WELDER",
        2,
    )
    assert openings(made.catalog, "exposure-trial") == {"CLERK": 60, "WELDER": 50, "NEW": 10}
    sources = {row.occupation: row.source for row in made.catalog.demand if row.scenario}
    assert sources["WELDER"] == "estimate: as in the base"


def test_scores_of_the_catalog_count_where_no_file_is_named(scores: Path) -> None:
    first = curriplan.make_outlooks(college(), exposure={"trial": scores}, beta=0.4).catalog
    again = curriplan.make_outlooks(first, beta=0.4)
    assert again.catalog.sha256 == first.sha256
    assert again.issues == ()
    other = curriplan.make_outlooks(first, beta=0.2)
    assert codes(other) == ["outlook-replaced"]  # it is called otherwise, by another β
    assert openings(other.catalog, "exposure-trial")["CLERK"] == 80


def test_probabilities_of_the_user_are_never_replaced_without_a_word(scores: Path) -> None:
    own = (Scenario(id="up", probability=0.9), Scenario(id="down", probability=0.1))
    catalog, files = college().replace(scenarios=own), {"trial": scores}
    with pytest.raises(UsageError) as caught:
        curriplan.make_outlooks(catalog, exposure=files, beta=0.4)
    (issue,) = caught.value.issues
    assert issue.code == "outlook-probabilities-unsaid"
    assert issue.values["own"] == "down=0.1, up=0.9"
    chosen = {"up": 0.5, "down": 0.1, "as-today": 0.2, "exposure-trial": 0.2}
    made = curriplan.make_outlooks(catalog, exposure=files, beta=0.4, probabilities=chosen)
    assert {row.id: row.probability for row in made.catalog.scenarios} == chosen
    # made anew of the same, they keep what was chosen
    again = curriplan.make_outlooks(made.catalog, exposure=files, beta=0.4)
    assert again.catalog.sha256 == made.catalog.sha256


def test_the_table_has_the_outlooks_that_were_there_as_well(scores: Path) -> None:
    own = (Scenario(id="up", probability=0.9), Scenario(id="shares", probability=0.1))
    catalog = college()
    more = Demand(occupation="CLERK", year=2030, scenario="up", openings=110)
    catalog = catalog.replace(scenarios=own, demand=(*catalog.demand, more))
    chosen = {"up": 0.5, "shares": 0.1, "as-today": 0.2, "exposure-trial": 0.2}
    made = curriplan.make_outlooks(catalog, exposure={"trial": scores}, beta=0.4, probabilities=chosen)
    rows = {row.outlook: row for row in made_rows(made.catalog, chosen)}
    assert (rows["up"].openings, rows["up"].rising) == (110, 1)
    assert rows["up"].change == pytest.approx(0.1)  # 110 clerks of 100: of others it says nothing
    assert (rows["shares"].openings, rows["shares"].change) == (None, None)


def test_probabilities_are_chosen_for_all_or_for_none(scores: Path) -> None:
    files = {"trial": scores}
    chosen = {"as-today": 0.9, "exposure-trial": 0.1}
    made = curriplan.make_outlooks(college(), exposure=files, beta=0.4, probabilities=chosen)
    assert {row.id: row.probability for row in made.catalog.scenarios} == chosen
    for wrong in ({"as-today": 1.0}, {"as-today": 0.8, "exposure-trial": 0.1}):
        with pytest.raises(UsageError) as caught:
            curriplan.make_outlooks(college(), exposure=files, beta=0.4, probabilities=wrong)
        assert caught.value.issues[0].code == "bad-value"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"beta": 0}, "bad-value"),
        ({"beta": 1.1}, "bad-value"),
        ({"beta": 0.5, "new_professions": 0}, "bad-value"),
        ({"snapshots": ("a", "b"), "shrink": 0}, "bad-value"),
        ({"new_professions": 0.5}, "option-needs-other"),
        ({"exposure": {"a": "b"}}, "option-needs-other"),
        ({"shrink": 5}, "option-needs-other"),
        ({}, "outlook-nothing-asked"),
        ({"beta": 0.5}, "outlook-nothing-known"),
        ({"beta": 0.5, "exposure": {"a": "nowhere.csv"}}, "file-unreadable"),
    ],
)
def test_what_is_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(CurriplanError) as caught:
        curriplan.make_outlooks(college(), **given)  # type: ignore[arg-type]
    assert [issue.code for issue in caught.value.issues] == [code]


def test_no_occupation_is_called_new(scores: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        curriplan.make_outlooks(college(new=()), exposure={"a": scores}, beta=0.4, new_professions=1)
    assert [issue.code for issue in caught.value.issues] == ["no-new-professions"]


def test_rows_of_a_file_of_scores_that_cannot_be_ranked_are_left_out_by_name(tmp_path: Path) -> None:
    text = "isco08;score\n4132;0.9\n721;0.5\n7212;high\n4132;0.1\n2511;0.2\n9111;\n1111;inf\n"
    found = read_scores("trial", written(tmp_path, "scores.csv", text))
    assert found.groups == {"2511": (0.2, 0.0), "4132": (0.9, 1.0)}
    assert [(issue.code, issue.place and issue.place.row) for issue in found.issues] == [
        ("import-wrong-group", 3),
        ("import-repeated-row", 5),
        ("import-wrong-score", 4),
        ("import-wrong-score", 7),
        ("import-wrong-score", 8),
    ]


def test_scores_may_have_a_decimal_comma(tmp_path: Path) -> None:
    """A comma is decimal as in catalogs; 1,200 may be a thousand, and is left out by its cell."""
    text = 'isco08,score\n4132,"0,5"\n7212,0.25\n2511,"1,75"\n9111,"1,200"\n9112,1e-1\n'
    found = read_scores("trial", written(tmp_path, "commas.csv", text))
    assert {name: score for name, (score, _) in found.groups.items()} == {
        "4132": 0.5,
        "7212": 0.25,
        "2511": 1.75,
        "9112": 0.1,
    }
    assert [(one.code, one.place and one.place.row) for one in found.issues] == [("import-wrong-score", 5)]
    for language in LANGUAGES:  # what is advised is read
        assert all(one in found.issues[0].advice(language) for one in ("0,35", "0.35", "1.200"))
    found = read_scores("trial", written(tmp_path, "semicolons.csv", "isco08;score\n4132;0,5\n7212;0,25\n"))
    assert found.groups == {"4132": (0.5, 1), "7212": (0.25, 0)}


def test_where_no_score_can_be_read_its_cells_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "words.csv", "isco08,score\n4132,high\n7212,low\n")
    with pytest.raises(CatalogError) as caught:
        curriplan.make_outlooks(college(), exposure={"trial": path}, beta=0.5)
    assert [issue.code for issue in caught.value.issues] == [
        *["import-wrong-score"] * 2,
        "outlook-nothing-known",
    ]


def test_a_file_without_the_column_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "scores.csv", "isco08,value\n4132,1\n")
    for name, columns in (
        ("trial", ["score"]),
        ("ilo", ["mean_score_2025"]),
        ("nesta", ["isco_code", "risk"]),
    ):
        with pytest.raises(CatalogError) as caught:
            read_scores(name, path)
        found = [(issue.code, issue.values["column"]) for issue in caught.value.issues]
        assert found == [("missing-column", column) for column in columns]


def test_a_unit_group_is_of_four_digits() -> None:
    assert unit_group(Occupation(id="A", isco08="4132", nkz_code="7212-1")) == "4132"
    assert unit_group(Occupation(id="A", isco08="413", nkz_code="7212-1")) == "7212"
    for code in (None, "", "721", "72123", "IT-7212"):
        assert unit_group(Occupation(id="A", nkz_code=code)) is None


SNAPSHOT = "period,region,occupation code,vacancies,resumes,source,retrieved_on\n"


def snapshot(folder: Path, name: str, *rows: str) -> Path:
    lines = (f"2026-1,KZ-75,{row},,enbek.kz,2026-01-10\n" for row in rows)
    return written(folder, name, SNAPSHOT + "".join(lines))


def test_shares_of_vacancies_by_hand(tmp_path: Path) -> None:
    files = (
        snapshot(tmp_path, "old.csv", "4132-1,100", "4132-9,60", "7212-1,40", "9111,200"),
        snapshot(tmp_path, "new.csv", "4132,80", "7212-1,60", "9111,260"),
    )
    made = curriplan.make_outlooks(college(), snapshots=files, shrink=20)
    # 400 vacancies in each, so a = 1/2: clerks (80/2 + 20) / (160/2 + 20), welders (60/2 + 20) / (40/2 + 20)
    assert openings(made.catalog, "snapshots") == {"CLERK": 60, "WELDER": 62.5, "NEW": 10}
    assert (made.k, codes(made)) == (20, ["outlook-unmapped"])
    (said,) = [row.source for row in made.catalog.demand if row.openings == 62.5]
    assert said is not None
    assert said.startswith(
        "estimate: base × 1.25; vacancies 40 → 60, k = 20; old.csv, enbek.kz, 2026-01-10 →"
    )


def test_the_ratio_of_a_competency_reaches_occupations_through_what_they_require(tmp_path: Path) -> None:
    needs = (("CLERK", "SQL", 1.0), ("CLERK", "TYPING", 0.5), ("WELDER", "ARC", 1.0))
    catalog = college().replace(
        competencies=tuple(Competency(id=name) for name in ("ARC", "SQL", "TYPING")),
        occupation_requirements=tuple(
            OccupationRequirement(
                occupation=occupation, competency=name, level=1, importance=weight, essential=True
            )
            for occupation, name, weight in needs
        ),
    )
    head = "competency,vacancies\n"
    files = (
        written(tmp_path, "old.csv", f"{head}SQL,100\nOTHER,100\n"),
        written(tmp_path, "new.csv", f"{head}SQL,150\nOTHER,50\n"),
    )
    made = curriplan.make_outlooks(catalog, snapshots=files, shrink=50)
    # SQL: (150/2 + 50) / (100/2 + 50) = 1.25; of the clerk's 1 + 0.5 it is 1: (1.25 + 0.5·1) / 1.5 = 7/6
    assert openings(made.catalog, "snapshots") == {"CLERK": 116.67, "WELDER": 50, "NEW": 10}
    assert [issue.values["names"] for issue in made.issues] == ["NEW, WELDER"]


def test_snapshots_that_know_nothing_of_the_catalog_are_refused_each(tmp_path: Path) -> None:
    known = snapshot(tmp_path, "known.csv", "4132-1,100", "9111,60")
    foreign = snapshot(tmp_path, "foreign.csv", "9111,80", "5111,10")
    need = OccupationRequirement(occupation="CLERK", competency="SQL", level=1, importance=1, essential=True)
    catalog = college().replace(competencies=(Competency(id="SQL"),), occupation_requirements=(need,))
    head = "competency,vacancies\n"
    sql, other = (written(tmp_path, f"{name}.csv", f"{head}{name},10\n") for name in ("SQL", "OTHER"))
    for files in ((known, foreign), (foreign, known), (sql, other), (other, sql)):
        with pytest.raises(CatalogError) as caught:
            curriplan.make_outlooks(catalog, snapshots=files)
        (issue,) = caught.value.issues
        assert issue.code == "outlook-nothing-known"
        assert str(issue.values["source"]).startswith(("foreign.csv", "OTHER.csv"))
    # a code of the catalog that nobody wants any more is known
    gone = snapshot(tmp_path, "gone.csv", "4132-1,0", "9111,60")
    curriplan.make_outlooks(catalog, snapshots=(known, gone))


@given(COUNT, COUNT, st.floats(0.05, 0.95), st.floats(0.01, 1e4))
def test_a_ratio_lies_between_one_and_the_ratio_of_shares(old: int, new: int, a: float, k: float) -> None:
    found = ratio_of(old, new, a, k)
    raw = (new * a) / (old * (1 - a)) if old else math.inf if new else 1.0
    assert min(1.0, raw) - 1e-9 <= found <= max(1.0, raw) + 1e-9
    assert ratio_of(new, old, 1 - a, k) == pytest.approx(1 / found)  # looked at from the other end
    assert ratio_of(old, new, a, math.inf) == 1
    assert ratio_of(0, 0, a, k) == 1
    if old:
        many = 1e9
        assert ratio_of(many * old, many * new, a, k) == pytest.approx(raw, rel=1e-3, abs=1e-3)


def test_what_chance_may_do_leaves_every_ratio_at_one() -> None:
    """d² is 25 and 25, while chance gives c = 100·¼ = 25 for each: nothing is beyond it."""
    assert shrinkage([(45, 55), (55, 45)], 0.5) == math.inf
    # d = ±15: Σ (225 − 25) / Σ 625 = 0.32
    assert shrinkage([(35, 65), (65, 35)], 0.5) == pytest.approx(1 / 0.32)
    old, new = (
        Snapshot("occupation", {"A": 45, "B": 55}, ""),
        Snapshot("occupation", {"A": 55, "B": 45}, ""),
    )
    assert {one.ratio for one in changes_between(old, new).by_code.values()} == {1.0}


def test_k_grows_as_shares_differ_less() -> None:
    ks = [shrinkage([(100 - d, 100 + d), (100 + d, 100 - d)], 0.5) for d in (90, 60, 30, 12)]
    assert ks == sorted(ks)


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        (SNAPSHOT, "snapshot-no-counts", None),
        (SNAPSHOT + "2026-1,KZ-75,4132,0,1,x,y\n", "snapshot-no-counts", None),
        (SNAPSHOT + "2026-1,KZ-75,4132,,1,x,y\n", "snapshot-wrong-count", 2),
        (SNAPSHOT + "2026-1,KZ-75,4132,-1,1,x,y\n", "snapshot-wrong-count", 2),
        (SNAPSHOT + '2026-1,KZ-75,4132,"1,200",1,x,y\n', "snapshot-wrong-count", 2),
        (SNAPSHOT + "2026-1,KZ-75,4132,1e-200,1,x,y\n", "snapshot-wrong-count", 2),
        (SNAPSHOT + "2026-1,KZ-75,4132,1e200,1,x,y\n", "snapshot-wrong-count", 2),
        ("occupation code,resumes\n4132,5\n", "missing-column", 1),
        ("code,vacancies\n4132,5\n", "missing-column", 1),
        ("occupation,competency,vacancies\n4132,SQL,5\n", "duplicate-column", 1),
    ],
)
def test_a_snapshot_that_cannot_be_read(tmp_path: Path, text: str, code: str, row: int | None) -> None:
    with pytest.raises(CatalogError) as caught:
        read_snapshot(written(tmp_path, "snapshot.csv", text))
    assert [(issue.code, issue.place and issue.place.row) for issue in caught.value.issues] == [(code, row)]


def test_snapshots_of_different_things_are_refused(tmp_path: Path) -> None:
    files = (
        written(tmp_path, "old.csv", "competency,vacancies\nSQL,5\n"),
        written(tmp_path, "new.csv", "occupation,vacancies\n4132,5\n"),
    )
    with pytest.raises(CatalogError) as caught:
        curriplan.make_outlooks(college(), snapshots=files)
    assert [issue.code for issue in caught.value.issues] == ["missing-column"]


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from(["4132", "4132-9", "7212-1", "NEW", "x"]), COUNT), min_size=1, max_size=8
    )
)
def test_vacancies_are_summed_whatever_separates_the_columns(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    assume(any(count for _, count in rows))
    folder = tmp_path_factory.mktemp("snapshots")
    for sign in ",;\t|":
        lines = (f"KZ-75{sign}{code}{sign}{count}\n" for code, count in rows)
        path = written(folder, "s.csv", f"region{sign}occupation{sign}vacancies\n{''.join(lines)}")
        found = read_snapshot(path)
        assert found.total == sum(count for _, count in rows)
        assert found.counts == {code: sum(n for one, n in rows if one == code) for code, _ in rows}


@needs_data
def test_the_bundled_scores_are_those_of_the_sources() -> None:
    catalog = curriplan.read_catalog("kz-digital-college").require()
    made = curriplan.make_outlooks(
        catalog, exposure={"ilo": ILO, "nesta": NESTA}, beta=0.5, new_professions=1, as_of="2026-11-30"
    )
    assert made.catalog.sha256 == catalog.sha256


def test_the_bundled_outlooks_are_made_of_the_bundled_scores() -> None:
    catalog = curriplan.read_catalog("kz-digital-college").require()
    bare = catalog.replace(scenarios=(), demand=tuple(row for row in catalog.demand if row.scenario is None))
    made = curriplan.make_outlooks(bare, beta=0.5, new_professions=1)
    assert made.catalog.sha256 == catalog.sha256
    assert made.outlooks == ("as-today", "exposure-ilo-2025", "exposure-nesta-2020", "new-professions")
    assert made.issues == ()


def test_a_rank_of_a_catalog_is_taken_as_it_stands() -> None:
    rows = (Exposure(occupation="CLERK", source="own", score=7, rank=0.3),)
    made = curriplan.make_outlooks(college().replace(exposure=rows), beta=0.5)
    assert openings(made.catalog, "exposure-own") == {"CLERK": 85, "WELDER": 50, "NEW": 10}
    assert codes(made) == ["outlook-unmapped"]
