"""ESCO 1.1.1 and O*NET 29.2 themselves, against a plain reading of the same files.

They need the data (``$CURRIPLAN_DATA``, else ``../shared/data`` beside the repository).
"""

from __future__ import annotations

import csv
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock
from xml.etree import ElementTree

import pytest

from curriplan.catalog.records import RelationKind
from curriplan.catalog.saving.folder import write_folder
from curriplan.importing.esco.catalog import import_esco
from curriplan.importing.onet.catalog import import_onet
from curriplan.importing.result import Imported
from curriplan.importing.source import Source, read_source
from unit.importing.releases import Row
from unit.importing.test_esco import ESSENTIAL, OPTIONAL, assert_sound, needs_of

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("CURRIPLAN_DATA") or ROOT.parent / "shared" / "data")
ESCO, ONET = DATA / "esco-1.1.1", DATA / "onet-29.2"
needs_esco = pytest.mark.skipif(
    not ESCO.is_dir(), reason="no esco-1.1.1 in $CURRIPLAN_DATA nor in ../shared/data"
)
needs_onet = pytest.mark.skipif(
    not ONET.is_dir(), reason="no onet-29.2 in $CURRIPLAN_DATA nor in ../shared/data"
)
pytestmark = pytest.mark.slow
Once = Callable[[str, Callable[[], Any]], Any]


@cache
def rows(name: str) -> list[Row]:
    csv.field_size_limit(10_000_000)
    with (ESCO / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def last(uri: str) -> str:
    return "isced-f-" * uri.startswith("http://data.europa.eu/esco/isced-f/") + uri.rsplit("/", 1)[1]


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Read each table of ESCO once, however many imports take their rows from it."""

    @cache
    def known(path: Path, kind: str, columns: tuple[str, ...]) -> Source:
        return read_source(path, kind, columns)

    def read(path: Path, kind: str, columns: Sequence[str]) -> Source:
        found = known(path, kind, tuple(columns))
        return Source(found.kind, found.file, found.rows.copy())

    with mock.patch("curriplan.importing.esco.release.read_source", read):
        yield
    rows.cache_clear()


@pytest.fixture(scope="module")
def esco() -> Imported:
    return import_esco(ESCO)


@needs_esco
def test_every_concept_of_esco(esco: Imported) -> None:
    concepts = {last(row["conceptUri"]): row for row in (*rows("skills_en.csv"), *rows("skillGroups_en.csv"))}
    assert {row.id: row.name_en for row in esco.catalog.competencies} == {
        name: row["preferredLabel"].strip() for name, row in concepts.items()
    }
    assert {row.id: (row.uri, row.isco08) for row in esco.catalog.occupations} == {
        last(row["conceptUri"]): (row["conceptUri"], row["iscoGroup"]) for row in rows("occupations_en.csv")
    }
    assert (len(concepts), len(esco.catalog.occupations)) == (13_896 + 640, 3_007)


@needs_esco
def test_every_need_of_esco(esco: Imported) -> None:
    """Every requirement is in the source, and every row of the source is a requirement or dangling."""
    occupations = {row["conceptUri"] for row in rows("occupations_en.csv")}
    source = rows("occupationSkillRelations.csv")
    dangling = [row for row in source if row["occupationUri"] not in occupations]
    assert needs_of(esco.catalog) == {
        (last(row["occupationUri"]), last(row["skillUri"])): ESSENTIAL
        if row["relationType"] == "essential"
        else OPTIONAL
        for row in source
        if row["occupationUri"] in occupations
    }
    assert len({row["occupationUri"] for row in dangling}) == 1
    assert (len(source), len(dangling), len(esco.catalog.occupation_requirements)) == (123_855, 67, 123_788)


@needs_esco
def test_every_relation_of_esco(esco: Imported) -> None:
    found = {kind: set[tuple[str, str]]() for kind in RelationKind}
    for row in esco.catalog.competency_relations:
        found[row.kind].add((row.source, row.target))
    concepts = {row["conceptUri"] for name in ("skills_en", "skillGroups_en") for row in rows(f"{name}.csv")}
    assert found[RelationKind.REQUIRES] == {
        (last(row["originalSkillUri"]), last(row["relatedSkillUri"]))
        for row in rows("skillSkillRelations.csv")
        if row["relationType"] == "essential"
    }
    assert found[RelationKind.BROADER] == {
        (last(row["conceptUri"]), last(row["broaderUri"]))
        for row in rows("broaderRelationsSkillPillar.csv")
        if {row["conceptUri"], row["broaderUri"]} <= concepts
    }
    assert {kind: len(ties) for kind, ties in found.items()} == {
        RelationKind.REQUIRES: 191,
        RelationKind.BROADER: 20_649,
        RelationKind.TRANSFERS: 0,
    }


@needs_esco
def test_what_of_esco_is_listed(esco: Imported, once: Once, shared_folder: Path) -> None:
    assert Counter((i.code, Path(i.place.file).name) for i in esco.issues if i.place) == {
        ("import-unknown-concept", "occupationSkillRelations.csv"): 67,
        ("import-unknown-concept", "broaderRelationsSkillPillar.csv"): 7,
        ("import-blank-type", "occupationSkillRelations.csv"): 5,
        ("import-blank-type", "skills_en.csv"): 6,
        ("import-own-relation", "skillSkillRelations.csv"): 1,
    }
    blank = [n for n, row in enumerate(rows("occupationSkillRelations.csv"), 2) if not row["skillType"]]
    assert blank == [
        i.place.row
        for i in esco.issues
        if i.place and i.place.file.endswith("Relations.csv") and "blank" in i.code
    ]
    # The folder that test_esco_graph reads; whichever test comes first writes it.
    assert_sound(esco, once("esco folder", lambda: write_folder(esco.catalog, shared_folder / "esco")))


@needs_esco
@pytest.mark.parametrize(
    ("collection", "file", "members", "needs"),
    [
        ("digital", "digitalSkillsCollection_en.csv", 1_201, 13_621),
        ("digcomp", "digCompSkillsCollection_en.csv", 26, 125),
        ("transversal", "transversalSkillsCollection_en.csv", 96, 6),
    ],
)
def test_collections_of_esco(collection: str, file: str, members: int, needs: int, tmp_path: Path) -> None:
    found = import_esco(ESCO, collection=collection)
    chosen = {row["conceptUri"] for row in rows(file)}
    known = {row["conceptUri"] for row in rows("occupations_en.csv")}
    expected = {
        (last(row["occupationUri"]), last(row["skillUri"]))
        for row in rows("occupationSkillRelations.csv")
        if row["skillUri"] in chosen and row["occupationUri"] in known
    }
    assert set(needs_of(found.catalog)) == expected
    assert {row.id for row in found.catalog.occupations} == {who for who, _ in expected}
    assert {last(uri) for uri in chosen} <= {row.id for row in found.catalog.competencies}
    assert (len(chosen), len(expected)) == (members, needs)
    assert_sound(found, tmp_path / "catalog")


def cells_of(path: Path, wanted: Sequence[str]) -> list[tuple[str, ...]]:
    """The named columns of a workbook of one sheet, read as its XML stands, without openpyxl.

    The files are no strangers', and there are a million cells.
    """
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as archive:
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        texts = ["".join(one.itertext()) for one in shared.iterfind(f"{main}si")]
        data = archive.read("xl/worksheets/sheet1.xml").decode()
    cell = re.compile(r'<c r="([A-Z]+)[0-9]+"(?: s="[0-9]+")?( t="s")?>\s*<v>([^<]*)</v>')
    found = []
    for row in data.split("<row ")[1:]:
        cells = cell.findall(row)
        assert len(cells) == row.count("<v>"), "no cell is passed over"
        found.append({column: texts[int(v)] if is_text else v for column, is_text, v in cells})
    column_of = {name: column for column, name in found[0].items()}
    columns = [column_of[name] for name in wanted]
    return [tuple(row.get(column, "") for column in columns) for row in found[1:]]


@pytest.fixture(scope="module")
def onet() -> Imported:
    return import_onet(ONET)


@needs_onet
@pytest.mark.parametrize(("file", "number", "elements"), [("Skills", 1, 35), ("Knowledge", 2, 33)])
def test_every_rating_of_onet(onet: Imported, file: str, number: int, elements: int) -> None:
    """A pair of rows with neither mark, an importance above 1 and a level above 0 is a requirement."""
    columns = ("O*NET-SOC Code", "Element ID", "Scale ID", "Data Value", "Recommend Suppress", "Not Relevant")
    values = cells_of(ONET / f"{file}.xlsx", columns)
    pairs: dict[tuple[str, str], dict[str, float]] = {}
    spoiled: Counter[tuple[str, str]] = Counter()
    for code, element, scale, value, *marks in values:
        pairs.setdefault((code, element), {})[scale] = float(value)
        spoiled[code, element] += "Y" in marks
    expected = {
        key: pair for key, pair in pairs.items() if not spoiled[key] and pair["IM"] > 1 and pair["LV"] > 0
    }
    needs = {key: need for key, need in needs_of(onet.catalog).items() if key in pairs}
    assert set(needs) == set(expected)
    for key, (level, importance, essential) in needs.items():
        assert importance == pytest.approx((expected[key]["IM"] - 1) / 4, abs=1e-9)
        assert abs(level - expected[key]["LV"] * 8 / 7) <= 0.5 + 1e-9 or level == 1
        assert essential == (expected[key]["IM"] >= 3)
    tally = onet.tallies[number]
    assert tally.read == len(values)
    assert tally.left_out == 2 * sum(1 for key in pairs if spoiled[key])
    assert tally.taken == 2 * len(expected)
    assert len({element for _, element in pairs}) == elements


@needs_onet
def test_every_technology_of_onet(onet: Imported, tmp_path: Path) -> None:
    with (ONET / "Technology Skills.txt").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    expected = Counter((row["O*NET-SOC Code"], f"unspsc-{row['Commodity Code']}") for row in source)
    found = {
        (row.occupation, row.competency): (row.source or "").split("onet: ")[1].split()[0]
        for row in onet.catalog.occupation_requirements
        if row.competency.startswith("unspsc-")
    }
    assert found == {key: str(count) for key, count in expected.items()}
    assert (len(source), len(onet.catalog.occupations)) == (32_627, 1_016)
    assert_sound(onet, tmp_path / "catalog")
