"""ESCO into a catalog: small releases whose outcome is worked out by hand, in both namings."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriplan.base.errors import CatalogError, Severity, UsageError, issue_texts
from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.records import Catalog, RelationKind
from curriplan.catalog.saving.folder import write_folder
from curriplan.importing.esco.catalog import import_esco
from curriplan.importing.result import Imported
from curriplan.problem.checks import check_catalog
from curriplan.texts.languages import LANGUAGES
from unit.importing.releases import (
    ISCED,
    OCCUPATION,
    SKILL,
    broader,
    esco_tables,
    group,
    need,
    occupation,
    skill,
    tie,
    write_esco,
)

ESSENTIAL, OPTIONAL = (4, 1.0, True), (3, 0.5, False)


def needs_of(catalog: Catalog) -> dict[tuple[str, str], tuple[int, float, bool]]:
    rows = catalog.occupation_requirements
    return {(row.occupation, row.competency): (row.level, row.importance, row.essential) for row in rows}


def ties_of(catalog: Catalog, kind: RelationKind) -> set[tuple[str, str]]:
    return {(row.source, row.target) for row in catalog.competency_relations if row.kind is kind}


def ids(catalog: Catalog) -> set[str]:
    return {row.id for row in catalog.competencies}


def left_out(found: Imported) -> Counter[tuple[str, str, int | None]]:
    """Return code, file and row of every issue."""
    return Counter(
        (issue.code, Path(issue.place.file).stem, issue.place.row) for issue in found.issues if issue.place
    )


def assert_sound(found: Imported, folder: Path) -> None:
    """Assert that rows add up, every text can be said, and the catalog in a folder is without errors."""
    for tally in found.tallies:
        assert tally.read == tally.taken + tally.left_out + tally.unused
        assert min(tally.taken, tally.left_out, tally.unused) >= 0
    assert all(issue.line(language) for issue in found.issues for language in LANGUAGES)
    result = read_catalog(folder if folder.is_dir() else write_folder(found.catalog, folder))
    assert [issue for issue in result.issues if issue.severity is Severity.ERROR] == []
    catalog = result.require()
    assert catalog.sha256 == found.catalog.sha256
    assert [issue for issue in check_catalog(catalog) if issue.severity is Severity.ERROR] == []


@pytest.mark.parametrize("release", ["1.1", "1.2"])
def test_a_whole_release(tmp_path: Path, release: str) -> None:
    found = import_esco(write_esco(tmp_path / f"esco-{release}.9", esco_tables(), release))
    catalog = found.catalog
    skills = {"sql", "data", "sew", "cut", "talk"}
    assert ids(catalog) == skills | {"pillar", "knowledge", "s5", "s6", "isced-f-061"}
    assert {row.id: row.isco08 for row in catalog.occupations} == {
        "dev": "2512",
        "dba": "2521",
        "tailor": "7531",
    }
    assert needs_of(catalog) == {
        ("dev", "sql"): ESSENTIAL,
        ("dev", "talk"): OPTIONAL,
        ("dba", "sql"): OPTIONAL,
        ("tailor", "sew"): ESSENTIAL,
        ("tailor", "cut"): ESSENTIAL,
    }
    assert {row.source for row in catalog.occupation_requirements} == {
        "estimate: esco:essential",
        "estimate: esco:optional",
    }
    assert ties_of(catalog, RelationKind.REQUIRES) == {("sql", "data")}
    assert len(ties_of(catalog, RelationKind.BROADER)) == 8
    assert (catalog.info.id, catalog.info.version) == (f"esco-{release}.9", f"{release}.9")
    assert {row.framework_version for row in catalog.competencies} == {f"{release}.9"}
    assert found.issues == ()
    assert_sound(found, tmp_path / "catalog")


def test_names_uris_and_areas(tmp_path: Path) -> None:
    catalog = import_esco(write_esco(tmp_path, esco_tables())).catalog
    by_id = catalog.competency_by_id
    assert {name: by_id[name].area for name in ("sql", "data", "cut", "s5", "talk", "pillar")} == {
        "sql": "working with computers",  # a code of the skills pillar comes before ISCED-F
        "data": "information technologies",
        "cut": "handling\nthings",  # through sew
        "s5": "working with computers",
        "talk": None,  # stands nowhere in the hierarchy
        "pillar": None,
    }
    assert by_id["isced-f-061"].uri == ISCED + "061"
    assert by_id["sql"].uri == SKILL + "sql"
    assert (by_id["sql"].name_en, by_id["sql"].name_ru, by_id["sql"].framework) == ("skill sql", None, "ESCO")
    assert catalog.occupation_by_id["dev"].uri == OCCUPATION + "dev"
    assert catalog.info.classification
    assert "uses the ESCO classification of the European Commission" in catalog.info.attribution[0]
    assert "estimates" in catalog.info.attribution[1]


def test_a_collection_with_what_it_leads_to(tmp_path: Path) -> None:
    found = import_esco(write_esco(tmp_path / "esco", esco_tables()), collection="digital")
    assert needs_of(found.catalog) == {("dev", "sql"): ESSENTIAL, ("dba", "sql"): OPTIONAL}
    assert {row.id for row in found.catalog.occupations} == {"dev", "dba"}
    assert ids(found.catalog) == {"sql", "data", "s5", "isced-f-061", "pillar", "knowledge"}
    assert found.catalog.info.id == "esco-digital"
    assert [(tally.kind, tally.taken, tally.unused) for tally in found.tallies] == [
        ("skills", 2, 3),
        ("groups", 4, 1),
        ("occupations", 2, 1),
        ("skill_relations", 1, 1),
        ("broader", 5, 3),
        ("needs", 2, 3),
    ]
    assert_sound(found, tmp_path / "catalog")


@pytest.mark.parametrize("name", ["2512.4", "2512", OCCUPATION + "dev", "dev"])
def test_a_named_occupation_with_what_it_needs(tmp_path: Path, name: str) -> None:
    catalog = import_esco(write_esco(tmp_path, esco_tables()), occupations=[name]).catalog
    assert needs_of(catalog) == {("dev", "sql"): ESSENTIAL, ("dev", "talk"): OPTIONAL}
    assert ids(catalog) == {"sql", "data", "talk", "s5", "isced-f-061", "pillar", "knowledge"}
    assert [row.id for row in catalog.occupations] == ["dev"]


def test_a_named_occupation_within_a_collection(tmp_path: Path) -> None:
    catalog = import_esco(
        write_esco(tmp_path, esco_tables()), occupations=["dev"], collection="digital"
    ).catalog
    assert needs_of(catalog) == {("dev", "sql"): ESSENTIAL}
    assert "talk" not in ids(catalog)


def test_essential_needs_only(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco-1.1", esco_tables())
    found = import_esco(folder, collection="digital", essential_only=True)
    assert needs_of(found.catalog) == {("dev", "sql"): ESSENTIAL}
    assert [row.id for row in found.catalog.occupations] == ["dev"]
    assert found.tallies[-1].unused == 4
    assert_sound(found, tmp_path / "catalog")


def test_nothing_left(tmp_path: Path) -> None:
    folder = write_esco(tmp_path, esco_tables())
    with pytest.raises(CatalogError) as caught:
        import_esco(folder, occupations=["tailor"], collection="digital")
    assert [issue.code for issue in caught.value.issues] == ["import-nothing-left"]


def test_unknown_occupations_are_named_together(tmp_path: Path) -> None:
    folder = write_esco(tmp_path, esco_tables())
    with pytest.raises(UsageError) as caught:
        import_esco(folder, occupations=["2512.44", "dev", "occupation taylor"])
    found = {issue.values["value"]: issue.values["nearest"] for issue in caught.value.issues}
    assert found == {"2512.44": "2512.4", "occupation taylor": "occupation tailor"}


def test_missing_files_are_named_together(tmp_path: Path) -> None:
    folder = write_esco(tmp_path, esco_tables())
    (folder / "skills_en.csv").rename(folder / "skills_de.csv")
    (folder / "digitalSkillsCollection_en.csv").unlink()
    with pytest.raises(CatalogError) as caught:
        import_esco(folder, collection="digital")
    found = {issue.values["name"]: issue.values["others"] for issue in caught.value.issues}
    assert found == {"skills_en.csv": "skills_de.csv", "digitalSkillsCollection_en.csv": "-"}
    assert {issue.code for issue in caught.value.issues} == {"import-file-missing"}


def test_the_digital_skills_of_release_1_1_0_go_by_another_name(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco-1.1.1", esco_tables())
    expected = import_esco(folder, collection="digital").catalog
    (folder / "digitalSkillsCollection_en.csv").rename(folder / "ictSkillsCollection_en.csv")
    assert import_esco(folder, collection="digital").catalog.sha256 == expected.sha256


def test_a_release_in_another_language_is_told_by_its_ending(tmp_path: Path) -> None:
    folder = write_esco(tmp_path, esco_tables())
    for path in folder.glob("*_en.csv"):
        path.rename(folder / path.name.replace("_en", "_fr"))
    with pytest.raises(CatalogError) as caught:
        import_esco(folder)
    (issue,) = caught.value.issues
    assert (issue.code, issue.values["files"]) == ("import-other-language", "skills_fr.csv")


def test_an_archive_in_a_folder_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "esco.zip", "w") as archive:
        archive.writestr("skills_en.csv", "x")
    with pytest.raises(CatalogError) as caught:
        import_esco(tmp_path)
    (issue,) = caught.value.issues
    assert issue.code == "import-packed" and str(issue.place).endswith("esco.zip")


def test_a_folder_within_the_folder_is_named(tmp_path: Path) -> None:
    write_esco(tmp_path / "release", esco_tables())
    with pytest.raises(CatalogError) as caught:
        import_esco(tmp_path)
    found = {str(issue.values["others"]) for issue in caught.value.issues}
    assert "release/skills_en.csv" in found


def test_a_release_without_a_version(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "esco", esco_tables())
    found = import_esco(folder)
    assert [issue.code for issue in found.issues] == ["import-release-unknown"]
    assert found.catalog.competencies[0].framework_version is None
    assert import_esco(folder, release="1.2.0").catalog.info.id == "esco-1.2.0"


def test_every_row_that_is_left_out_is_listed(tmp_path: Path) -> None:
    tables = esco_tables()
    tables["skills"] += [  # from row 7 on
        skill("old", status="obsolete"),
        skill("blank") | {"preferredLabel": "  "},
        skill("bell") | {"preferredLabel": "a\x07"},
        skill("no id!"),
        skill("sql"),
        skill("plain", kind=""),
    ]
    tables["skillGroups"].append(group(SKILL + "sql", "a skill as well", "S7"))
    tables["occupations"].append(occupation("odd", "2519.1", isco="25x"))
    tables["occupationSkillRelations"] += [  # from row 7 on
        need("nobody", "sql"),
        need("dba", "nothing"),
        need("dba", "old"),
        need("dba", "data", "wanted"),
        need("dba", "sql"),
        need("dev", "data", skill_type=""),
    ]
    tables["skillSkillRelations"] += [tie("sql", "sql", "essential"), tie("sql", "data", "essential")]
    tables["broaderRelationsSkillPillar"].append(broader(SKILL + "talk", SKILL + "missing"))
    found = import_esco(write_esco(tmp_path / "esco-1.1", tables))
    assert left_out(found) == Counter(
        [
            ("import-not-released", "skills_en", 7),
            ("import-without-name", "skills_en", 8),
            ("import-without-name", "skills_en", 9),
            ("import-wrong-uri", "skills_en", 10),
            ("import-repeated-row", "skills_en", 11),
            ("import-blank-type", "skills_en", 12),
            ("import-repeated-row", "skillGroups_en", 7),
            ("import-wrong-isco", "occupations_en", 5),
            ("import-unknown-concept", "occupationSkillRelations", 7),
            ("import-unknown-concept", "occupationSkillRelations", 8),
            ("import-unknown-concept", "occupationSkillRelations", 9),
            ("import-unknown-relation", "occupationSkillRelations", 10),
            ("import-repeated-row", "occupationSkillRelations", 4),  # the optional one of two
            ("import-blank-type", "occupationSkillRelations", 12),
            ("import-own-relation", "skillSkillRelations", 4),
            ("import-repeated-row", "skillSkillRelations", 5),
            ("import-unknown-concept", "broaderRelationsSkillPillar", 10),
        ]
    )
    needs = needs_of(found.catalog)
    assert needs["dba", "sql"] == ESSENTIAL
    assert needs["dev", "data"] == ESSENTIAL  # a blank type is no reason to lose a need
    assert found.catalog.occupation_by_id["odd"].isco08 is None
    by_kind = {tally.kind: tally for tally in found.tallies}
    assert (by_kind["skills"].left_out, by_kind["needs"].left_out) == (5, 5)
    assert_sound(found, tmp_path / "catalog")


def test_names_that_a_catalog_cannot_hold_as_they_are(tmp_path: Path) -> None:
    """A lone carriage return would tear the row of the written file; no cell is longer than 32,767."""
    tables = esco_tables()
    tables["skills"][0]["preferredLabel"] = "a\rb"
    tables["occupations"][2]["preferredLabel"] = "x" * 32_768
    found = import_esco(write_esco(tmp_path / "esco-1.1", tables))
    assert found.catalog.competency_by_id["sql"].name_en == "a\nb"
    assert ("import-without-name", "occupations_en", 4) in left_out(found)
    assert_sound(found, tmp_path / "catalog")


@pytest.mark.parametrize("kind", ["requires", "broader"])
def test_circles_are_opened(tmp_path: Path, kind: str) -> None:
    tables = esco_tables()
    if kind == "requires":
        tables["skillSkillRelations"] += [tie("data", "cut", "essential"), tie("cut", "sql", "essential")]
    else:
        tables["broaderRelationsSkillPillar"] += [broader(SKILL + "sew", SKILL + "cut")]
    found = import_esco(write_esco(tmp_path / "esco-1.1", tables))
    assert [issue.code for issue in found.issues] == ["import-circle"]
    assert sum(tally.left_out for tally in found.tallies) == 1
    assert_sound(found, tmp_path / "catalog")


def test_endless_circles_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curriplan.importing.source.MOST_ROUNDS", 1)
    tables = esco_tables()
    tables["skillSkillRelations"].append(tie("data", "sql", "essential"))
    with pytest.raises(CatalogError) as caught:
        import_esco(write_esco(tmp_path, tables))
    assert [issue.code for issue in caught.value.issues] == ["import-circles"]


NAMES = st.sampled_from(["a", "b", "c", "d", "gone"])
KINDS = st.sampled_from(["essential", "optional"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    needs=st.lists(st.tuples(st.sampled_from(["p", "q", "r"]), NAMES, KINDS), min_size=1, max_size=8),
    ties=st.lists(st.tuples(NAMES, NAMES, KINDS), min_size=1, max_size=8),
    above=st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8),
    members=st.lists(NAMES, min_size=1, max_size=4),
    whole=st.booleans(),
)
def test_any_release_gives_a_sound_catalog(
    tmp_path_factory: pytest.TempPathFactory,
    needs: list[tuple[str, str, str]],
    ties: list[tuple[str, str, str]],
    above: list[tuple[str, str]],
    members: list[str],
    whole: bool,
) -> None:
    """Loops, repetitions and dangling ends of every kind: sound, and every need kept or accounted for."""
    tables = {
        "skills": [skill(name) for name in "abcd"],
        "skillGroups": [group(SKILL + "top", "top")],
        "occupations": [occupation("p", "1111.1"), occupation("q", "2222.1")],
        "occupationSkillRelations": [need(*row) for row in needs],
        "skillSkillRelations": [tie(*row) for row in ties],
        "broaderRelationsSkillPillar": [broader(SKILL + low, SKILL + high) for low, high in above],
        "digitalSkillsCollection": [skill(name) for name in members],
    }
    folder = tmp_path_factory.mktemp("esco")
    known = {(who, what) for who, what, _ in needs if who != "r" and what != "gone"}
    expected = known if whole else {(who, what) for who, what in known if what in members}
    write_esco(folder / "1.1", tables)
    collection = None if whole else "digital"
    if not expected:
        with pytest.raises(CatalogError, match="import-nothing-left"):
            import_esco(folder / "1.1", collection=collection)
        return
    found = import_esco(folder / "1.1", collection=collection)
    essential = {(who, what) for who, what, kind in needs if kind == "essential"}
    assert needs_of(found.catalog) == {key: ESSENTIAL if key in essential else OPTIONAL for key in expected}
    assert_sound(found, folder / "catalog")


def test_every_code_of_importing_is_raised_here() -> None:
    """The tests of ESCO, O*NET and their files name every code that begins with ``import-``."""
    files = sorted(Path(__file__).parents[1].rglob("test_*.py"))
    tests = "".join(path.read_text(encoding="utf-8") for path in files)
    assert {
        code for code in issue_texts() if code.startswith("import-") and f'"{code}"' not in tests
    } == set()
