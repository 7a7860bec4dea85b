"""A catalog loses nothing on its way into a folder or a workbook and back."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import curriplan
from broken_catalogs.base_catalog import BASE
from curriplan.base.errors import CatalogError, CurriplanError, UsageError
from curriplan.catalog.reading.bundled import bundled_names
from curriplan.catalog.reading.raw import clean
from curriplan.catalog.reading.read import ReadResult, read_catalog
from curriplan.catalog.records import RECORDS, TABLES, Catalog, CatalogInfo, Record
from curriplan.catalog.saving.folder import write_folder
from curriplan.catalog.saving.save import convert_catalog, init_catalog, save_catalog
from instances.seeds import examples
from unit.catalog.test_properties import _catalogs
from workbooks.hostile import PAYLOADS, holdable, text_columns

SLOW = settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
NASTY = [
    *PAYLOADS,
    "007",
    "1e5",
    "2026-1",
    "2026-05-31",
    "12,5",
    "1;2",
    "yes",
    "TRUE",
    "None",
    "'",
    "''0",
    '"',
    '"a","b"',
    "a\nb",
    "a\tb",
    "_x0041_",
    "_x005F_",
    "x0041_",
    "_x0041",
    "_x0041__x0042_",
    "a_x00e9_b_x0041_",
    "<r>",
    "</r>",
    "<r>1</r>",
    "&amp;",
    "\u00a0x\u00a0",
    "  trailing  ",
    "x" * 32_767,
    "🙂" * 16_383,
    "ҰҚЫҢӘҒҮҺ",
]
TEXTS = [text for text in (clean(one) for one in NASTY) if text]
FREE = {record.table: text_columns(record) for record in RECORDS}


def same(first: Catalog, second: Catalog) -> None:
    assert [row.model_dump() for row in second.records()] == [row.model_dump() for row in first.records()]
    assert second.info == first.info
    assert second.sha256 == first.sha256


def good(result: ReadResult) -> Catalog:
    assert {issue.code for issue in result.issues} <= {"missing-translation"}
    return result.require()


@st.composite
def nasty_catalogs(draw: st.DrawFn) -> Catalog:
    """A random catalog of all tables, with a nasty text in every cell that takes any text."""
    catalog = draw(_catalogs())
    texts = itertools.cycle(random.Random(draw(st.integers(0, 10**6))).sample(TEXTS, len(TEXTS)))
    tables = {table: tuple(changed(row, texts) for row in catalog.table(table)) for table in TABLES}
    about = {name: next(texts) for name in text_columns(CatalogInfo)}
    info = catalog.info.model_copy(update={**about, "attribution": (next(texts), next(texts))})
    return holdable(catalog.replace(info=info, **tables))


def changed(row: Record, texts: itertools.cycle[str]) -> Record:
    return row.model_copy(update={name: next(texts) for name in FREE[row.table]})


@SLOW
@given(nasty_catalogs())
def test_folder_workbook_folder(catalog: Catalog) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        save_catalog(catalog, folder / "one")
        convert_catalog(folder / "one", folder / "two.xlsx")
        convert_catalog(folder / "two.xlsx", folder / "three")
        for path in ("one", "two.xlsx", "three"):
            same(catalog, good(read_catalog(folder / path)))
        first, last = ({p.name: p.read_bytes() for p in (folder / one).iterdir()} for one in ("one", "three"))
        assert first == last


@pytest.mark.parametrize("name", ["copy", "copy.xlsx"])
def test_each_nasty_text_stays_what_it_is(name: str, tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    first = catalog.competencies[0]
    rows = [first.model_copy(update={"id": f"N{at}", "area": text}) for at, text in enumerate(TEXTS)]
    catalog = holdable(catalog.replace(competencies=(*catalog.competencies, *rows)))
    save_catalog(catalog, tmp_path / name)
    again = good(read_catalog(tmp_path / name)).competency_by_id
    changed = {one: row.area for one, row in catalog.competency_by_id.items() if again[one].area != row.area}
    assert changed == {}


@pytest.mark.parametrize("importance", [1 / 3, 0.1 + 0.2, 1e-7, 2**-40, 0.123456789012345678])
def test_every_digit_of_a_number_is_kept(importance: float, tmp_path: Path) -> None:
    """XlsxWriter writes 16 digits of a number; some have 17."""
    catalog = read_catalog(BASE).require()
    rows = tuple(row.model_copy(update={"importance": importance}) for row in catalog.occupation_requirements)
    catalog = catalog.replace(occupation_requirements=rows)
    save_catalog(catalog, tmp_path / "copy.xlsx")
    same(catalog, read_catalog(tmp_path / "copy.xlsx").require())


@pytest.mark.parametrize("name", bundled_names())
def test_the_bundled_catalogs_both_ways(name: str, tmp_path: Path) -> None:
    catalog = read_catalog(name).require()
    convert_catalog(name, tmp_path / "book.xlsx")
    convert_catalog(tmp_path / "book.xlsx", tmp_path / "folder")
    for path in ("book.xlsx", "folder"):
        same(catalog, read_catalog(tmp_path / path).require())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_same_bytes_each_time_and_the_same_catalog_in_each_language(
    language: str, tmp_path: Path
) -> None:
    catalog = read_catalog("mini").require()
    one, two = (save_catalog(catalog, tmp_path / name, language=language) for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()
    result = read_catalog(one)
    assert result.issues == ()
    same(catalog, result.require())


def test_a_catalog_that_breaks_rules_is_converted(tmp_path: Path) -> None:
    """A dangling reference is mended most easily in the workbook, whose lists show what there is."""
    catalog = read_catalog(BASE).require()
    row = catalog.targets[0].model_copy(update={"occupation": "nowhere"})
    save_catalog(catalog.replace(targets=(row,)), tmp_path / "broken")
    convert_catalog(tmp_path / "broken", tmp_path / "broken.xlsx")
    assert read_catalog(tmp_path / "broken.xlsx").require().targets[0].occupation == "nowhere"


def test_a_catalog_with_unread_cells_is_not_converted(mini: Path, tmp_path: Path) -> None:
    text = (mini / "modules.csv").read_text(encoding="utf-8")
    (mini / "modules.csv").write_text(text.replace(",basic,,3,", ",basic,,three,"), encoding="utf-8")
    with pytest.raises(CatalogError, match="wrong-number"):
        convert_catalog(mini, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def refuse_to_save(text: str, code: str, way: Callable[..., Path], folder: Path, name: str) -> None:
    """Save a catalog with such a text: it is refused with its place, and nothing is left behind."""
    catalog = read_catalog(BASE).require()
    first, *others = catalog.competencies
    catalog = catalog.replace(competencies=(first.model_copy(update={"area": text}), *others))
    with pytest.raises(CatalogError, match=code) as caught:
        way(catalog, folder / name)
    (issue,) = caught.value.issues
    assert issue.place is not None
    assert (issue.place.file.endswith("competencies.csv"), issue.place.column) == (True, "area")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 32_768, "text-too-long"),
        ("🙂" * 16_384, "text-too-long"),
        ("a\x07b", "control-character"),
        ("a\u202eb", "control-character"),  # what the reader refuses is not written
        ("_x005F_x0041_", "text-of-codes"),
        ("a_x0041_x0042_b", "text-of-codes"),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_with_its_place(text: str, code: str, tmp_path: Path) -> None:
    refuse_to_save(text, code, save_catalog, tmp_path, "copy.xlsx")


@pytest.mark.parametrize(
    ("text", "code"),
    [("a\x07b", "control-character"), ("a\u202eb", "control-character"), ("x" * 32_768, "text-too-long")],
)
@pytest.mark.parametrize("way", [save_catalog, write_folder])
def test_what_no_reader_takes_is_not_written_to_a_folder(
    way: Callable[..., Path], text: str, code: str, tmp_path: Path
) -> None:
    """The reader would refuse the folder that was just written."""
    refuse_to_save(text, code, way, tmp_path, "copy")


def test_a_key_of_the_catalog_that_no_reader_takes(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    info = catalog.info.model_copy(update={"attribution": ("fine", "a\u2066b")})
    with pytest.raises(CatalogError, match=r"catalog \(attribution\): control-character"):
        save_catalog(catalog.replace(info=info), tmp_path / "copy")


def test_a_key_of_the_catalog_that_a_workbook_cannot_hold(tmp_path: Path) -> None:
    catalog = read_catalog(BASE).require()
    info = catalog.info.model_copy(update={"attribution": ("fine", "_x005F_x0041_")})
    with pytest.raises(CatalogError, match=r"catalog \(attribution\): text-of-codes"):
        save_catalog(catalog.replace(info=info), tmp_path / "copy.xlsx")


def test_what_exists_stays_without_force(tmp_path: Path) -> None:
    catalog = read_catalog("mini").require()
    path = tmp_path / "copy.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(CurriplanError, match="output-exists"):
        save_catalog(catalog, path)
    assert path.read_bytes() == b"mine"
    save_catalog(catalog, path, force=True)
    same(catalog, read_catalog(path).require())


@pytest.mark.parametrize("ending", [".csv", ".xls", ".XLSM", ".ods", ".json", ".zip"])
def test_other_endings_make_no_folder(ending: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown-output-kind"):
        convert_catalog("mini", tmp_path / f"college{ending}")
    assert list(tmp_path.iterdir()) == []


def test_a_point_in_the_name_of_a_folder_is_no_ending(tmp_path: Path) -> None:
    convert_catalog("mini", tmp_path / "college-2.0")
    assert (tmp_path / "college-2.0" / "catalog.toml").is_file()


@pytest.mark.parametrize("name", ["new", "new.xlsx"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_example_is_checked_and_planned_as_it_is(name: str, language: str, tmp_path: Path) -> None:
    init_catalog(tmp_path / name, language=language)
    result = read_catalog(tmp_path / name)
    assert result.issues == ()
    catalog = result.require()
    assert [issue for issue in curriplan.check_catalog(catalog) if issue.severity == "error"] == []
    assert (catalog.info.id, catalog.info.language, catalog.info.illustrative) == (
        "my-college",
        language,
        True,
    )
    plan = curriplan.optimize(catalog)
    assert plan.status == "optimal"
    assert len(plan.modules) > 2


def test_the_rows_of_the_example_are_those_of_mini(tmp_path: Path) -> None:
    catalog = init_catalog(tmp_path / "new").require()
    mini = read_catalog("mini").require()
    assert [catalog.table_sha256(table) for table in TABLES] == [mini.table_sha256(table) for table in TABLES]


@pytest.mark.parametrize("name", ["new", "new.xlsx"])
def test_an_empty_catalog_lacks_nothing_but_rows(name: str, tmp_path: Path) -> None:
    init_catalog(tmp_path / name, empty=True)
    result = read_catalog(tmp_path / name)
    assert {issue.code for issue in result.issues} == {"empty-table"}
    assert len(result.issues) == 7
    assert result.partial is not None
    # The table of the profile is there, without rows: the one that the catalog names counts.
    assert {row.key_name for row in result.partial.profile} >= {"hours_per_credit", "weekly_hours"}


def test_a_folder_to_fill_in_has_every_table_and_column(tmp_path: Path) -> None:
    init_catalog(tmp_path / "new")
    for record in RECORDS:
        with (tmp_path / "new" / f"{record.table}.csv").open(encoding="utf-8") as file:
            assert file.readline().rstrip("\n").split(",") == list(record.columns())


def test_a_copy_is_the_same_catalog(tmp_path: Path) -> None:
    init_catalog(tmp_path / "copy.xlsx", source="mini", language="kk")
    same(read_catalog("mini").require(), read_catalog(tmp_path / "copy.xlsx").require())


def test_a_copy_is_not_empty(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="options-exclude"):
        init_catalog(tmp_path / "copy", source="mini", empty=True)
    assert list(tmp_path.iterdir()) == []
