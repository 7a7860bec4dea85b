"""Catalogs that extend others: which row wins, what is taken of a classification, and what is refused."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from pathlib import Path
from random import Random

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import curriplan
from curriplan.base.errors import Issue
from curriplan.catalog.reading.extends import MAX_BASES
from curriplan.catalog.reading.read import ReadResult, read_catalog
from curriplan.catalog.records import CLASSIFICATION_TABLES, TABLES, Catalog
from curriplan.catalog.saving.folder import write_folder
from curriplan.cli.app import main
from curriplan.problem.problem import Problem, find_gaps
from instances.random_catalogs import random_instance

TITLES = 'title_kk = "к"\ntitle_ru = "р"\ntitle_en = "e"\n'
HEADER = "id,name_kk,name_ru,name_en\n"


def write(folder: Path, info: str = "", **tables: str) -> Path:
    """Write a catalog as it is given; its id is the name of its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalog.toml").write_text(f'id = "{folder.name}"\n{TITLES}{info}', encoding="utf-8")
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def extending(*names: str, rest: str = "") -> str:
    return f"extends = [{', '.join(repr(name) for name in names)}]\n{rest}"


def names_of(result: ReadResult) -> dict[str, str | None]:
    assert result.partial is not None
    return {row.id: row.name_en for row in result.partial.competencies}


def codes(issues: Iterable[Issue]) -> list[str]:
    return [issue.code for issue in issues if issue.code not in {"missing-table", "empty-table"}]


def test_a_catalog_without_bases_is_what_it_was(mini: Path) -> None:
    catalog = read_catalog(mini).require()
    assert not {"extends", "without"} & set(catalog.info.model_dump(exclude_none=True))


def test_rows_of_the_catalog_stand_above_those_of_all_its_bases(tmp_path: Path) -> None:
    write(tmp_path / "far", competencies=HEADER + "A,к,р,far\nB,к,р,far\nC,к,р,far\n")
    write(tmp_path / "near", extending("../far"), competencies=HEADER + "A,к,р,near\nB,к,р,near\n")
    own = write(tmp_path / "own", extending("../near", "../far"), competencies=HEADER + "A,к,р,own\n")
    result = read_catalog(own)
    # `near` stands above `far` for B although `own` names both: no clash
    assert names_of(result) == {"A": "own", "B": "near", "C": "far"}
    found = [issue for issue in result.issues if issue.code == "base-rows-replaced"]
    assert [(one.values["count"], one.values["names"]) for one in found] == [(3, "B, A, A")]


@pytest.mark.parametrize("decided", [True, False])
def test_bases_that_disagree_are_refused_unless_the_catalog_decides(tmp_path: Path, decided: bool) -> None:
    write(tmp_path / "a", competencies=HEADER + "A,к,р,one\n")
    write(tmp_path / "b", competencies=HEADER + "A,к,р,two\n")
    tables = {"competencies": HEADER + "A,к,р,three\n"} if decided else {}
    result = read_catalog(write(tmp_path / "own", extending("../a", "../b"), **tables))
    assert codes(result.issues) == ["base-rows-replaced" if decided else "base-clash"]
    if not decided:
        (clash,) = [issue for issue in result.issues if issue.code == "base-clash"]
        assert str(clash.place) == f"{tmp_path / 'b' / 'competencies.csv'}:2 (id)"
        assert clash.values["other"] == f"{tmp_path / 'a' / 'competencies.csv'}:2"


def test_equal_rows_are_one_and_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    write(tmp_path / "a", competencies=HEADER + "A,к,р,e\n")
    write(tmp_path / "b", competencies="name_en,id,name_ru,name_kk\ne,A,р,к\n")
    own = write(tmp_path / "own", extending("../a", "../b"), competencies=HEADER + "A,к,р,e\n")
    result = read_catalog(own)
    assert codes(result.issues) == []
    assert names_of(result) == {"A": "e"}


def test_attribution_and_licence_are_those_of_all(tmp_path: Path) -> None:
    write(tmp_path / "far", 'licence = "CC-BY-4.0"\nattribution = ["ESCO", "DigComp"]\nillustrative = true\n')
    write(tmp_path / "near", extending("../far", rest='licence = "Apache-2.0"\nattribution = ["DigComp"]\n'))
    own = write(
        tmp_path / "own", extending("../near", rest='licence = "CC-BY-4.0"\nattribution = ["College"]\n')
    )
    info = read_catalog(own).partial.info  # type: ignore[union-attr]
    assert info.attribution == ("College", "DigComp", "ESCO")
    assert info.licence == "CC-BY-4.0; Apache-2.0"
    assert (info.id, info.illustrative, info.extends) == ("own", True, None)
    own = write(tmp_path / "own", extending("../near", rest="illustrative = false\n"))
    assert not read_catalog(own).partial.info.illustrative  # type: ignore[union-attr]


def test_whole_tables_can_be_left_out(tmp_path: Path) -> None:
    rows = HEADER + "A,к,р,e\n"
    write(tmp_path / "far", competencies=rows, occupations=rows)
    write(tmp_path / "near", extending("../far", rest='without = ["occupations"]\n'))
    without = write(tmp_path / "own", extending("../near"))
    assert read_catalog(without).partial.occupations == ()  # type: ignore[union-attr]
    both = write(tmp_path / "own", extending("../near", "../far"))  # `far` gives them itself
    assert len(read_catalog(both).partial.occupations) == 1  # type: ignore[union-attr]


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6))
def test_a_catalog_in_pieces_is_the_whole_catalog(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole, _, _ = random_instance(seed)
    rng, folder = Random(seed), tmp_path_factory.mktemp("pieces")
    pieces = [_piece(whole, rng) for _ in range(3)]
    held = {name: [row for piece in pieces for row in piece.table(name)] for name in TABLES}
    rest = {name: [row for row in whole.table(name) if row not in held[name]] for name in TABLES}
    for number, piece in enumerate((*pieces, whole.replace(**rest))):
        written = write_folder(piece, folder / str(number))
        if number:
            with (written / "catalog.toml").open("a", encoding="utf-8") as file:
                file.write(extending(*(f"../{base}" for base in range(number))))
    result = read_catalog(folder / "3")
    assert codes(result.issues) == codes(read_catalog(write_folder(whole, folder / "whole")).issues)
    assert result.partial is not None
    assert result.partial.sha256 == whole.sha256


def _piece(whole: Catalog, rng: Random) -> Catalog:
    rows = {name: [r for r in whole.table(name) if rng.random() < 0.4] for name in TABLES}
    if whole.info.profile:  # a named profile is whole wherever it is named: the last piece names it
        rows["profile"] = []
    return whole.replace(info=whole.info.model_copy(update={"profile": None}), **rows)


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6))
def test_what_is_left_of_a_classification_asks_for_nothing(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole, _, _ = random_instance(seed)
    folder = tmp_path_factory.mktemp("picked")
    of_base = (*CLASSIFICATION_TABLES, "competency_relations")
    info = whole.info.model_copy(update={"classification": True})
    base = whole.replace(info=info, **{name: () for name in TABLES if name not in of_base})
    write_folder(base, folder / "base")
    own = write_folder(whole.replace(**dict.fromkeys(of_base, ())), folder / "own")
    for name in of_base:
        (own / f"{name}.csv").unlink(missing_ok=True)
    with (own / "catalog.toml").open("a", encoding="utf-8") as file:
        file.write(extending("../base"))
    picked = read_catalog(own)
    catalog = picked.partial
    assert catalog is not None
    assert [note.code for note in picked.notes] == ["base-picked"]
    assert _gaps(catalog) == _gaps(whole)
    for programme in whole.programmes:
        baseline = whole.teaching.baseline(programme.id)
        for module in whole.modules:
            entries = catalog.teaching.entries(module.id, catalog.teaching.baseline(programme.id))
            assert _levels(entries) == _levels(whole.teaching.entries(module.id, baseline))


def _gaps(catalog: Catalog) -> object:
    return find_gaps(Problem.of(catalog))


def _levels(entries: Iterable[object]) -> list[tuple[str, int]]:
    return sorted((one.competency, one.level) for one in entries)  # type: ignore[attr-defined]


def test_of_a_classification_only_what_is_named_is_taken(tmp_path: Path) -> None:
    relations = "source,target,kind,level\nA,B,requires,1\nB,C,requires,1\nD,A,requires,1\n"
    needs = "occupation,competency,level,importance,essential\nO,E,3,1,yes\nP,F,3,1,yes\n"
    write(
        tmp_path / "esco",
        "classification = true\n",
        competencies=HEADER + "".join(f"{name},к,р,e\n" for name in "ABCDEFG"),
        occupations=HEADER + "O,к,р,e\nP,к,р,e\n",
        occupation_requirements=needs,
        competency_relations=relations,
    )
    own = write(
        tmp_path / "own",
        extending("../esco"),
        targets="programme,occupation,share\nX,O,1\n",
        floors="competency,level,reason\nA,2,safety\n",
    )
    result = read_catalog(own)
    assert set(names_of(result)) == {"A", "B", "C", "E"}
    assert [row.id for row in result.partial.occupations] == ["O"]  # type: ignore[union-attr]
    (note,) = result.notes
    assert (note.values["competencies"], note.values["all_competencies"]) == (4, 7)
    assert (note.values["occupations"], note.values["all_occupations"]) == (1, 2)


def test_exact_mappings_of_a_classification_are_followed_through_a_third_framework(tmp_path: Path) -> None:
    write(
        tmp_path / "crosswalk",
        "classification = true\n",
        competencies=HEADER + "".join(f"{name},к,р,e\n" for name in "ABCD"),
        competency_mappings="source,target,match\nA,B,exact\nC,B,exact\nA,D,close\n",
    )
    own = write(tmp_path / "own", extending("../crosswalk"), floors="competency,level,reason\nA,2,safety\n")
    catalog = read_catalog(own).partial
    assert catalog is not None
    assert catalog.equal_competencies["A"] == ("A", "B", "C")
    assert {row.id for row in catalog.competencies} == {"A", "B", "C"}
    assert len(catalog.competency_mappings) == 2  # of `close` one end is not taken


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_extends_nothing(name: str, tmp_path: Path) -> None:
    """It is the catalog's own folder, which was called a circle."""
    own = write(tmp_path / "own", f"extends = ['{name}']\n")
    found = [issue for issue in read_catalog(own).issues if str(issue.place).endswith("(extends)")]
    assert [(issue.code, issue.values["column"]) for issue in found] == [("missing-value", "extends")]


def test_a_workbook_extends_and_is_extended(tmp_path: Path) -> None:
    write(tmp_path / "a", competencies=HEADER + "A,к,р,e\n")
    for name, bases in (("b", ["a"]), ("c", ["b.xlsx", "mini"])):
        book = openpyxl.Workbook()
        book.active.title = "catalog"
        for pair in (("key", "value"), ("id", name), *(("extends", base) for base in bases)):
            book.active.append(pair)
        book.save(tmp_path / f"{name}.xlsx")
    result = read_catalog(tmp_path / "c.xlsx")
    assert "A" in names_of(result)
    assert result.partial.programmes  # type: ignore[union-attr] # those of the bundled catalog `mini`


def test_a_plan_is_refused_once_a_base_has_changed(mini: Path, tmp_path: Path) -> None:
    own = write(tmp_path / "own", extending("../mini"))
    plan = tmp_path / "plan.json"
    assert main(["optimize", str(own), "-o", str(plan), "--quiet"], standalone_mode=False) in (0, None)
    assert curriplan.verify(plan).holds
    with (mini / "competencies.csv").open("a", encoding="utf-8") as file:
        file.write("NEW" + "," * len(_header(mini)) + "\n")
    with pytest.raises(curriplan.CurriplanError, match="plan-other-catalog"):
        curriplan.verify(plan)


def _header(folder: Path) -> list[str]:
    return (folder / "competencies.csv").read_text(encoding="utf-8").splitlines()[0].split(",")[1:]


def test_names_of_windows_and_links_are_followed(tmp_path: Path) -> None:
    write(tmp_path / "a" / "base", competencies=HEADER + "A,к,р,e\n")
    own = write(tmp_path / "own", extending("..\\\\a\\\\base").replace("\\\\\\\\", "\\\\"))
    assert set(names_of(read_catalog(own))) == {"A"}
    # behind a link, `..` is the parent of what the link points to
    write(tmp_path / "deep" / "er" / "linked", extending("../base"))
    write(tmp_path / "deep" / "er" / "base", competencies=HEADER + "B,к,р,e\n")
    write(tmp_path / "base", competencies=HEADER + "C,к,р,e\n")
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "er" / "linked")
    assert set(names_of(read_catalog(tmp_path / "link"))) == {"B"}


@pytest.mark.parametrize("name", ["loop", "pipe", "socket", "nothing", "a\0b", "x" * 300, "own/" * 2000])
def test_what_is_no_catalog_is_refused_at_once(name: str, tmp_path: Path) -> None:
    own = write(tmp_path / "own", extending(f"../{name}").replace("\\x00", "\\u0000"))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
    found = codes(read_catalog(own).issues)
    assert "base-not-found" in found
    assert set(found) <= {"base-not-found", "control-character"}


@pytest.mark.parametrize(
    "name", ["/etc", "\\\\srv\\share", "//srv/share", "http://x.org/a", "file:///etc", "c:x", "~root", "\\x"]
)
def test_other_computers_and_absolute_paths_are_refused(name: str, tmp_path: Path) -> None:
    own = write(tmp_path / "own", f"extends = ['{name}']\n")
    assert codes(read_catalog(own).issues) == ["base-not-relative"]


@pytest.mark.parametrize("value", ["7", '"../a"', "[7]", "[[]]", "{a = 1}", "true"])
def test_something_else_than_a_list_of_texts_is_refused(value: str, tmp_path: Path) -> None:
    own = write(tmp_path / "own", f"extends = {value}\n")
    expected = "wrong-text" if value.startswith("[") else "not-a-list"
    assert codes(read_catalog(own).issues) == [expected]


@pytest.mark.parametrize("name", ["base", "base.xlsx"])
def test_warnings_do_not_hide_that_a_base_is_no_catalog(name: str, tmp_path: Path) -> None:
    base = tmp_path / name
    if base.suffix:
        openpyxl.Workbook().save(base)
    else:
        base.mkdir()
        (base / "floors.txt").write_text("competency,level\n", encoding="utf-8")
    own = write(tmp_path / "own", extending(f"../{name}"))
    assert "not-a-catalog" in codes(read_catalog(own).issues)
    assert "not-a-catalog" in codes(read_catalog(base).issues)


def test_circles_are_refused_with_their_chain(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "b")):
        write(tmp_path / name, extending(f"../{base}"))
    (issue,) = [issue for issue in read_catalog(tmp_path / "a").issues if issue.code == "base-circle"]
    assert issue.values["chain"] == " -> ".join(str(tmp_path / name) for name in "bcb")
    assert str(issue.place) == f"{tmp_path / 'c' / 'catalog.toml'}:5 (extends)"


def test_a_chain_may_be_long_but_not_endless(tmp_path: Path) -> None:
    for number in range(MAX_BASES + 5):
        write(tmp_path / str(number), extending(f"../{number + 1}"))
    write(tmp_path / str(MAX_BASES + 5), floors="competency,level\n")
    assert codes(read_catalog(tmp_path / "0").issues) == ["too-many-bases"]
    assert codes(read_catalog(tmp_path / "4").issues) == ["too-many-bases"]
    assert codes(read_catalog(tmp_path / "5").issues) == []


def test_a_base_that_cannot_be_read_does_not_make_its_rows_missing(tmp_path: Path) -> None:
    own = write(
        tmp_path / "own",
        extending("../nothing"),
        baseline="programme,competency,level\nX,A,1\n",
    )
    issues = curriplan.read_catalog(own).issues
    assert [issue.code for issue in issues] == ["base-not-found"]


@pytest.mark.parametrize("value", ["'mini'", "5"])
def test_a_base_that_is_no_list_is_said_once(value: str, tmp_path: Path) -> None:
    """What the base has was called missing, and the name «no text», to be put in quotes."""
    own = write(tmp_path / "own", f"extends = {value}\n")
    found = read_catalog(own).issues
    assert [issue.code for issue in found] == ["not-a-list"]
    assert 'extends = ["' in found[0].advice("en")
