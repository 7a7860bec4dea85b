"""O*NET into a catalog: small releases whose outcome is worked out by hand, as text and as workbooks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriplan.base.errors import CatalogError, UsageError
from curriplan.importing.onet.catalog import import_onet, level_of_rating, share_of_importance
from curriplan.importing.result import Imported
from unit.importing.releases import onet_tables, rated, rating, technology, write_onet
from unit.importing.test_esco import assert_sound, left_out, needs_of

FIRST, SECOND = "15-1252.00", "43-1011.00"


@pytest.mark.parametrize("workbooks", [False, True])
def test_a_whole_release(tmp_path: Path, workbooks: bool) -> None:
    found = import_onet(write_onet(tmp_path / "db_29_2", onet_tables(), workbooks=workbooks))
    assert needs_of(found.catalog) == {
        (FIRST, "2.A.1.a"): (5, 0.78, True),  # (4.12 - 1) / 4; 4.62 * 8 / 7 = 5.28
        (FIRST, "2.B.3.e"): (6, 0.875, True),  # 5 * 8 / 7 = 5.71
        (FIRST, "2.C.3.a"): (8, 1.0, True),
        (SECOND, "2.A.1.a"): (4, 0.5, True),  # an importance of 3 is essential
        (FIRST, "unspsc-43232202"): (3, 0.5, False),
        (SECOND, "unspsc-43231513"): (3, 0.5, False),
    }
    assert left_out(found) == Counter(
        [
            ("import-rating-alone", "Skills", 8),
            ("import-not-relevant", "Skills", 9),
            ("import-rating-alone", "Knowledge", 4),
            ("import-suppressed", "Knowledge", 5),
        ]
    )
    assert [(tally.kind, tally.taken, tally.left_out, tally.unused) for tally in found.tallies] == [
        ("occupations", 2, 0, 0),
        ("skill_ratings", 6, 2, 0),
        ("knowledge_ratings", 2, 2, 2),  # an importance of 1 is none
        ("technologies", 3, 0, 0),
    ]
    assert_sound(found, tmp_path / "catalog")


def test_sources_frameworks_and_attribution(tmp_path: Path) -> None:
    catalog = import_onet(write_onet(tmp_path / "onet-29.2", onet_tables())).catalog
    sources = {(row.occupation, row.competency): row.source for row in catalog.occupation_requirements}
    assert sources[FIRST, "2.A.1.a"] == "onet: IM 4.12, LV 4.62"
    assert sources[FIRST, "unspsc-43232202"] == ("estimate: onet: 2 examples, 2 hot, 1 in demand")
    assert {(row.id, row.area) for row in catalog.competencies} == {
        ("2.A.1.a", "Skills"),
        ("2.B.3.e", "Skills"),
        ("2.C.3.a", "Knowledge"),
        ("unspsc-43232202", "Technology Skills"),
        ("unspsc-43231513", "Technology Skills"),
    }
    assert {(row.framework, row.framework_version) for row in catalog.competencies} == {("O*NET", "29.2")}
    assert {row.isco08 for row in catalog.occupations} == {None}  # SOC is not ISCO
    assert "O*NET 29.2 Database" in catalog.info.attribution[0]
    assert "CC BY 4.0" in catalog.info.attribution[0]
    assert catalog.info.classification


@pytest.mark.parametrize("name", ["15-1252.00", "15-1252"])
def test_a_named_occupation(tmp_path: Path, name: str) -> None:
    found = import_onet(write_onet(tmp_path / "onet-29.2", onet_tables()), occupations=[name])
    assert {row.id for row in found.catalog.occupations} == {FIRST}
    assert {who for who, _ in needs_of(found.catalog)} == {FIRST}
    assert {row.id for row in found.catalog.competencies} == {
        "2.A.1.a",
        "2.B.3.e",
        "2.C.3.a",
        "unspsc-43232202",
    }
    assert found.issues == ()  # what is wrong with others was not asked for
    assert_sound(found, tmp_path / "catalog")


def test_an_unknown_occupation(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        import_onet(write_onet(tmp_path, onet_tables()), occupations=["15-1252.01", "15-12"])
    found = {issue.code: issue.values["nearest"] for issue in caught.value.issues}
    assert found == {"import-unknown-occupation": "15-1252.00"}


def test_text_is_preferred_and_missing_files_are_named(tmp_path: Path) -> None:
    folder = write_onet(tmp_path, onet_tables())
    (folder / "Skills.xlsx").write_bytes(b"no workbook at all")
    assert import_onet(folder).catalog.occupations
    (folder / "Knowledge.txt").rename(folder / "Knowledge.sql")
    (folder / "Technology Skills.txt").unlink()
    with pytest.raises(CatalogError) as caught:
        import_onet(folder)
    assert {issue.values["name"]: issue.values["others"] for issue in caught.value.issues} == {
        "Knowledge.txt": "Knowledge.sql",
        "Technology Skills.txt": "-",
    }


def _technologies(folder: Path) -> dict[str, str | None]:
    rows = import_onet(folder).catalog.occupation_requirements
    return {row.competency: row.source for row in rows if row.competency.startswith("unspsc-")}


@pytest.mark.parametrize("workbooks", [False, True])
def test_releases_without_marks_of_demand_count_what_they_have(workbooks: bool, tmp_path: Path) -> None:
    tables = onet_tables()
    for row in tables["Technology Skills"]:
        del row["In Demand"]
    found = _technologies(write_onet(tmp_path / "a", tables, workbooks=workbooks))
    assert found == {
        "unspsc-43232202": "estimate: onet: 2 examples, 2 hot",
        "unspsc-43231513": "estimate: onet: 1 examples, 0 hot",
    }
    for row in tables["Technology Skills"]:
        del row["Hot Technology"]
    found = _technologies(write_onet(tmp_path / "b", tables, workbooks=workbooks))
    assert found["unspsc-43232202"] == "estimate: onet: 2 examples"


def test_tools_of_old_releases_are_no_technologies(tmp_path: Path) -> None:
    tables = onet_tables()
    rows = tables.pop("Technology Skills")
    kinds = ["Technology", "Tools", "Technology"]
    tables["Tools_and_Technology"] = [{**row, "T2 Type": kind} for row, kind in zip(rows, kinds, strict=True)]
    found = _technologies(write_onet(tmp_path, tables))
    assert found["unspsc-43232202"] == "estimate: onet: 1 examples, 1 hot, 0 in demand"
    tally = import_onet(tmp_path).tallies[-1]
    assert (tally.read, tally.taken, tally.unused) == (3, 2, 1)


def test_skills_divided_over_two_files_are_the_same_skills(tmp_path: Path) -> None:
    whole = import_onet(write_onet(tmp_path / "a", onet_tables()), release="30.3").catalog
    tables = onet_tables()
    rows = tables.pop("Skills")
    tables["Essential Skills"] = [row for row in rows if row["Element ID"].startswith("2.A")]
    tables["Transferable Skills"] = [row for row in rows if row["Element ID"].startswith("2.B")]
    divided = import_onet(write_onet(tmp_path / "b", tables), release="30.3")
    assert divided.catalog.sha256 == whole.sha256
    assert [tally.kind for tally in divided.tallies].count("skill_ratings") == 2


def test_missing_columns_of_workbooks_are_named_together_before_any_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = onet_tables()
    for name in ("Skills", "Knowledge"):
        for row in tables[name]:
            del row["Scale ID"]
    folder = write_onet(tmp_path, tables, workbooks=True)
    monkeypatch.setattr("curriplan.importing.onet.release.read_sheets", None)
    with pytest.raises(CatalogError) as caught:
        import_onet(folder)
    found = [(issue.code, issue.place and issue.place.sheet) for issue in caught.value.issues]
    assert found == [("missing-column", "Knowledge"), ("missing-column", "Skills")]


def test_every_row_that_is_left_out_is_listed(tmp_path: Path) -> None:
    tables = onet_tables()
    tables["Occupation Data"].append({"O*NET-SOC Code": "=1+1", "Title": "x", "Description": "d"})
    tables["Skills"] += [  # from row 10 on
        rating(FIRST, "2.B.9.a", "IM", "5.01"),
        rating(FIRST, "2.B.9.a", "LV", "n/a"),
        *rated("99-9999.99", "2.A.1.a", "3", "3"),
        rating(FIRST, "2.A.1.a", "IM", "3"),
        rating(FIRST, "2.A.1.a", "XX", "3"),
        *rated(FIRST, "no id!", "3", "3"),
        *rated(SECOND, "2.B.9.b", "3", "0"),
    ]
    tables["Knowledge"] += rated(FIRST, "2.A.1.a", "4", "4")  # a skill already
    tables["Technology Skills"] += [
        technology(FIRST, "no id!"),
        technology(FIRST, "43") | {"Commodity Title": ""},
    ]
    found = import_onet(write_onet(tmp_path / "onet-29.2", tables))
    plain = left_out(import_onet(write_onet(tmp_path / "plain-29.2", onet_tables())))
    assert left_out(found) - plain == Counter(
        [
            ("import-wrong-code", "Occupation Data", 4),
            ("import-wrong-rating", "Skills", 10),
            ("import-wrong-rating", "Skills", 11),
            ("import-unknown-concept", "Skills", 12),
            ("import-unknown-concept", "Skills", 13),
            ("import-repeated-row", "Skills", 14),
            ("import-wrong-code", "Skills", 16),
            ("import-wrong-code", "Skills", 17),
            ("import-repeated-row", "Knowledge", 8),
            ("import-repeated-row", "Knowledge", 9),
            ("import-wrong-code", "Technology Skills", 5),
            ("import-without-name", "Technology Skills", 6),
        ]
    )
    assert (SECOND, "2.B.9.b") not in needs_of(found.catalog)  # a level of 0 asks for nothing
    assert "2.B.9.b" not in {row.id for row in found.catalog.competencies}
    assert_sound(found, tmp_path / "catalog")


def _spoiled(
    tmp_path: Path, cell: str, value: object
) -> list[tuple[str, str | None, int | None, str | None]]:
    folder = write_onet(tmp_path, onet_tables(), workbooks=True)
    book = openpyxl.load_workbook(folder / "Skills.xlsx")
    book["Skills"][cell] = value
    book.save(folder / "Skills.xlsx")
    with pytest.raises(CatalogError) as caught:
        import_onet(folder)
    places = [(issue.code, issue.place) for issue in caught.value.issues]
    return [(code, place.sheet, place.row, place.column) for code, place in places if place]


def test_a_spoiled_workbook_is_refused_with_its_cell(tmp_path: Path) -> None:
    assert _spoiled(tmp_path / "a", "B1", "Element") == [("missing-column", "Skills", 1, None)]
    assert _spoiled(tmp_path / "b", "E3", "=1+1") == [("formula-without-value", "Skills", 3, "E")]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    folder = write_onet(tmp_path, onet_tables())
    (folder / "Skills.txt").rename(folder / "Skills.xlsx")
    with pytest.raises(CatalogError, match="not-a-workbook"):
        import_onet(folder)


@given(st.integers(0, 700))
def test_levels_follow_the_formula(hundredths: int) -> None:
    """8/7 of the rating, rounded half up, and no level only for no rating."""
    rating_of = Decimal(hundredths) / 100
    exact = floor(Fraction(hundredths, 100) * Fraction(8, 7) + Fraction(1, 2))
    assert level_of_rating(rating_of) == (max(1, exact) if hundredths else 0)


@given(st.integers(100, 500))
def test_importances_follow_the_formula(hundredths: int) -> None:
    share = share_of_importance(Decimal(hundredths) / 100)
    assert share == pytest.approx((hundredths - 100) / 400, abs=1e-12)
    assert 0 <= share <= 1


def test_counts_of_an_import_add_up(tmp_path: Path) -> None:
    found: Imported = import_onet(write_onet(tmp_path / "onet-29.2", onet_tables()))
    listed = Counter(Path(issue.place.file).stem for issue in found.issues if issue.place)
    assert {"Skills": found.tallies[1].left_out, "Knowledge": found.tallies[2].left_out} == listed
