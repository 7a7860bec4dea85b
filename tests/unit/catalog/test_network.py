"""``network.toml`` and the tables beside it: what is read, what is understood, what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from curriplan.base.errors import CatalogError, Issue
from curriplan.catalog.network.read import find_network, holds_catalogs, is_network, read_network
from curriplan.catalog.network.records import Centre, College, Network, Places, Region, SharedBudget
from instances.seeds import examples

NAMES = {"kk": "С", "ru": "Север", "en": "North"}
NAMED = 'name_kk = "С"\nname_ru = "Север"\nname_en = "North"\n'
WHOLE = f"""schema = 1
{NAMED}language = "kk"
places_within = 3

[[regions]]
id = "north"
{NAMED}floor = 0.6

[[colleges]]
id = "b-10"
catalog = "b"
region = "north"
weight = 2

[[colleges]]
id = "b-2"
catalog = 'deep\\b'
region = "north"
name_ru = "Колледж"

[[budgets]]
source = "STATE"
years = {{ 2028 = 900, 2027 = 1_000 }}
total_kzt = 1500

[[budgets]]
source = "STATE"
region = "north"
total_kzt = 700

[[centres]]
id = "LAB"
{NAMED}[centres.hours]
2027-1 = 90.5
"2027-2" = 8

[[places]]
college = "b-2"
choices = [ {{ SD = 3, WD = 2 }}, {{ SD = 4 }} ]
"""
LEAST = f'schema = 1\n[[regions]]\nid = "n"\n{NAMED}[[colleges]]\nid = "c"\ncatalog = "c"\nregion = "n"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with empty folders where the catalogs would be."""
    for name in ("b", "c", "deep/b"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def write(folder: Path, text: str | bytes) -> Path:
    """Write ``network.toml``."""
    data = text.encode() if isinstance(text, str) else text
    (folder / "network.toml").write_bytes(data)
    return folder


def said(folder: Path, text: str | bytes) -> list[tuple[str, int | None, str | None]]:
    """Return code, line and key of each issue of a file, in the order of its lines."""
    places = [(one.code, one.place) for one in find_network(write(folder, text)).issues]
    return [(code, place.row if place else None, place.column if place else None) for code, place in places]


def codes(folder: Path, text: str | bytes) -> set[str]:
    """Return the codes of all issues of a file."""
    return {one.code for one in find_network(write(folder, text)).issues}


# ------------------------------------------------------------------------------------- what is read


def test_all_that_the_file_says_is_read_sorted_by_id(folder: Path) -> None:
    warnings: list[Issue] = []
    network = read_network(write(folder, WHOLE), warnings)
    assert warnings == []
    assert network == Network(
        path=folder / "network.toml",
        names=NAMES,
        regions=(Region("north", NAMES, 0.6),),
        colleges=(
            College("b-2", folder / "deep" / "b", "north", {"ru": "Колледж"}),
            College("b-10", folder / "b", "north", {}, 2.0),
        ),
        budgets=(
            SharedBudget("STATE", None, {2027: 1000, 2028: 900}, 1500),
            SharedBudget("STATE", "north", {}, 700),
        ),
        centres=(Centre("LAB", {"2027-1": 90.5, "2027-2": 8.0}, NAMES),),
        places=(Places("b-2", ({"SD": 3, "WD": 2}, {"SD": 4})),),
        sha256=network.sha256,
        language="kk",
        places_within=3,
    )
    assert read_network(folder / "network.toml") == network, "the file stands for its folder"
    assert network.place("colleges", "b-2", column="catalog").row == 21, "its block"


def test_the_order_of_blocks_does_not_matter_and_every_value_does(folder: Path) -> None:
    blocks = WHOLE.split("\n\n")
    first = read_network(write(folder, WHOLE))
    other = read_network(write(folder, "\n\n".join([blocks[0], *reversed(blocks[1:])])))
    assert (other, other.sha256) == (first, first.sha256)
    hashes = {first.sha256}
    for old, new in (
        ("0.6", "0.7"),
        ("weight = 2", "weight = 3"),
        ("= 900", "= 901"),
        ("90.5", "91"),
        ("{ SD = 4 }", "{ SD = 5 }"),
        ("within = 3", "within = 4"),
        ("'deep\\b'", "'b'"),
    ):
        assert old in WHOLE
        hashes.add(read_network(write(folder, WHOLE.replace(old, new))).sha256)
    assert len(hashes) == 8


RUSSIAN = {
    "colleges.csv": "Код;Папка;Область;Вес;Название на русском\n"
    "b-10;b;north;2;\nb-2;deep/b;north;;Колледж\nИтого;;;3;\n",
    "Общие средства.csv": "Источник финансирования\tРегион\tГод\tБюджет, тенге\n"
    "STATE\t\t2027\t1 000\nSTATE\t\t2028\t900 тг\nSTATE\t\t\t1500\nSTATE\tnorth\t\t700\n",
    "centre_hours.csv": 'centre,semester,hours\nLAB,2027-1,"90,5"\nLAB,2027-2,8\n',
    "group_choices.csv": "college,choice,programme,groups\nb-2,2,SD,4\nb-2,1,WD,2\nb-2,1,SD,3\n",
}
HEAD_ALONE = f"""schema = 1
{NAMED}language = "kk"
places_within = 3
[[regions]]
id = "north"
{NAMED}floor = 0.6
[[centres]]
id = "LAB"
{NAMED}"""


def test_tables_beside_the_file_say_the_same_as_it_does(folder: Path) -> None:
    whole = read_network(write(folder, WHOLE))
    write(folder, HEAD_ALONE)
    for name, text in RUSSIAN.items():
        encoding = "cp1251" if name == "colleges.csv" else "utf-8-sig"
        (folder / name).write_text(text, encoding=encoding)
    found = find_network(folder)
    assert found.require() == whole
    assert found.require().sha256 == whole.sha256
    understood = {"grouped-number", "number-with-unit", "decimal-comma"}
    assert {one.code for one in found.issues} == {
        "wrong-delimiter",
        "other-encoding",
        "total-row",
        "header-understood",
    } | understood


def test_a_workbook_beside_the_file_says_the_same_as_it_does(folder: Path) -> None:
    whole = read_network(write(folder, WHOLE))
    write(folder, HEAD_ALONE)
    rows = {
        "Колледждер": [
            ["Код", "Каталог", "Өңір", "Салмағы", "Атауы орысша"],
            ["b-10", "b", "north", 2, ""],
            ["b-2", "deep/b", "north", None, "Колледж"],
        ],
        "budgets": [
            ["source", "region", "year", "budget_kzt"],
            ["STATE", "", 2027, 1000],
            ["STATE", "", 2028, 900],
            ["STATE", "", "", 1500],
            ["STATE", "north", "", 700],
        ],
        "centre_hours": [["centre", "semester", "hours"], ["LAB", "2027-1", 90.5], ["LAB", "2027-2", 8]],
        "group_choices": [
            ["college", "choice", "programme", "groups"],
            ["b-2", 2, "SD", 4],
            ["b-2", 1, "WD", 2],
            ["b-2", 1, "SD", 3],
        ],
        "заметки": [["x"]],
    }
    with xlsxwriter.Workbook(str(folder / "network.xlsx")) as book:
        for title, lines in rows.items():
            sheet = book.add_worksheet(title)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    found = find_network(folder)
    assert found.require() == whole
    assert [(one.code, one.place and one.place.sheet) for one in found.issues] == [
        ("network-unknown-table", "заметки")
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + LEAST.encode(),
        LEAST.replace("\n", "\r\n").encode(),
        LEAST.encode("utf-16"),
        LEAST.encode("cp1251"),
    ],
)
def test_a_file_of_any_editor_is_read(folder: Path, data: bytes) -> None:
    if b"\xd1\xe5" in data:
        data = data.replace("С".encode("cp1251"), b"S")
    assert codes(folder, data) <= {"other-encoding"}


# ---------------------------------------------------------------------------- where and what is said


def test_each_problem_stands_at_its_line_and_key(folder: Path) -> None:
    text = LEAST.replace('region = "n"', 'region = "m"').replace("[[colleges]]", "floor = 60\n[[colleges]]")
    text += '[[budgets]]\nsource = "S"\nyears = { 2027 = 640.000, 1 = 5, 2028 = -5 }\n'
    text += '[[centres]]\nid = "L"\nnam_ru = "x"\n[centres.hours]\n2027-3 = 5\n'
    assert said(folder, text) == [
        ("network-without-names", None, None),
        ("out-of-range", 7, "floor"),
        ("unknown-reference", 11, "region"),
        ("ambiguous-number", 14, "years"),
        ("out-of-range", 14, "years"),
        ("out-of-range", 14, "years"),
        ("network-unknown-key", 17, "nam_ru"),
        ("wrong-semester", 18, "hours"),
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("nan", "wrong-whole-number"),
        ("inf", "wrong-whole-number"),
        ("1.5", "wrong-whole-number"),
        ("-1", "out-of-range"),
        (f"1{'0' * 30}", "out-of-range"),
        ("0x" + "f" * 5000, "wrong-whole-number"),
        ("1e300", "out-of-range"),
        ("true", "network-wrong-value"),
        ("[1]", "network-wrong-value"),
        ("2027-01-01", "network-wrong-value"),
        ('"много"', "wrong-whole-number"),
        ('"1,200"', "ambiguous-number"),
        ("9" * 5000, "malformed-toml"),
        ("[" * 5000, "malformed-toml"),
    ],
)  # fmt: skip
def test_money_is_whole_tenge(folder: Path, value: str, code: str) -> None:
    found = find_network(write(folder, f'{LEAST}[[budgets]]\nsource = "S"\ntotal_kzt = {value}\n'))
    assert [one.code for one in found.issues if one.code != "network-budget-empty"] == [code]
    with pytest.raises(CatalogError):
        found.require()


@pytest.mark.parametrize("year", ["1", "99999", "1999", "20xx", "-2027", "2027.5"])
def test_a_year_is_a_calendar_year(folder: Path, year: str) -> None:
    key = f'"{year}"'
    text = f'{LEAST}[[budgets]]\nsource = "S"\nyears = {{ {key} = 5 }}\n'
    assert codes(folder, text) & {"out-of-range", "wrong-whole-number"}


@pytest.mark.parametrize(
    "name", ["../c", "/etc", "C:\\c", "//host/c", "\\\\host\\c", "~/c", ".", "c/../../x", "https://x.kz/c"]
)
def test_a_catalog_lies_within_the_folder(folder: Path, name: str) -> None:
    (folder.parent / "x").mkdir(exist_ok=True)
    assert codes(folder, LEAST.replace('catalog = "c"', f"catalog = '{name}'")) == {"network-catalog-outside"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_out_is_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "c").rmdir()
    (folder / "c").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert codes(folder, LEAST) == {"network-catalog-outside"}
    (folder / "c").unlink()
    (folder / "c").symlink_to("c")
    assert codes(folder, LEAST) == {"network-catalog-missing"}
    (folder / "c").unlink()
    (folder / "c").symlink_to("b")
    assert codes(folder, LEAST) == set()


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("c", "c", {"duplicate-key"}),
        ("c", "C", {"duplicate-key"}),
        ("c", "../x", {"wrong-id"}),
        ("c", "aux", {"network-id-no-file-name"}),
        ("c", "Com1.x", {"network-id-no-file-name"}),
        ("c", "c.", {"network-id-no-file-name"}),
        ("c", "console", set()),
        ("c", "с2", {"cyrillic-id"}),
    ],
)
def test_ids_of_colleges_can_name_files(folder: Path, first: str, second: str, found: set[str]) -> None:
    assert codes(folder, LEAST + f'[[colleges]]\nid = "{second}"\ncatalog = "b"\nregion = "n"\n') == found


def test_a_table_that_cannot_be_read_makes_no_other_row_wrong(folder: Path) -> None:
    """Regions are in a file with ragged rows: nobody knows that the region of the college is none."""
    (folder / "regions.csv").write_text("id,name_ru\nn,а,б,в\n", encoding="utf-8")
    assert codes(folder, LEAST.replace('[[regions]]\nid = "n"\n' + NAMED, "")) == {"ragged-row"}
    (folder / "regions.csv").unlink()
    assert codes(folder, 'schema = 1\ncolleges = "colleges.csv"\n') == {"network-wrong-value"}


@pytest.mark.parametrize(
    ("schema", "found"),
    [("2", "schema-too-new"), ("0", "out-of-range"), ("true", "out-of-range"), ('"1"', "out-of-range")],
)
def test_another_schema_is_refused(folder: Path, schema: str, found: str) -> None:
    assert codes(folder, LEAST.replace("schema = 1", f"schema = {schema}")) == {found}


def test_what_is_no_network_says_what_to_write(folder: Path) -> None:
    for source in (folder, folder / "nothing", "a\0b", "x" * 5000):
        assert [one.code for one in find_network(source).issues] == ["network-not-found"]
        assert not is_network(source)
    assert not holds_catalogs(folder)
    (folder / "b" / "catalog.toml").write_text('id = "b"\n', encoding="utf-8")
    assert holds_catalogs(folder)
    assert not holds_catalogs(folder / "b")
    (folder / "b" / "catalog.toml").rename(folder / "deep" / "b" / "catalog.toml")
    assert holds_catalogs(folder)


def test_a_file_under_another_name_is_told(folder: Path) -> None:
    (folder / "network.toml.txt").write_text(LEAST, encoding="utf-8")
    (found,) = find_network(folder).issues
    assert "network.toml.txt" in found.found("ru")
    (folder / "network.toml.txt").unlink()
    (folder / "colleges").mkdir()
    for name in ("colleges.xlsx", "Network.xls", "орталық.docx"):
        (folder / name).write_bytes(b"")
    issues = find_network(write(folder, LEAST)).issues
    assert [(one.code, one.values["value"]) for one in issues] == [
        ("network-unknown-table", "Network.xls"),
        ("network-unknown-table", "colleges.xlsx"),
    ]


def test_hundreds_of_faults_are_told_at_once_and_soon(folder: Path) -> None:
    lines = [
        f'[[colleges]]\nid = "c{number}"\ncatalog = "x{number}"\nregion = "m{number}"\n'
        for number in range(800)
    ]
    found = [one.code for one in find_network(write(folder, "".join(lines))).issues]
    assert found.count("network-catalog-missing") == found.count("unknown-reference") == 800
    many = "".join(f"k{number} = 1\n" for number in range(5000))
    assert said(folder, many + LEAST).count(("network-unknown-key", 7, "k6")) == 1


# ------------------------------------------------------------------------------- drawn at random

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9._-]{0,8}[A-Za-z0-9]", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
MONEY = st.integers(0, 10**15)
SEMESTERS = st.builds("{}-{}".format, st.integers(2000, 2100), st.integers(1, 2))


@st.composite
def networks(draw: st.DrawFn) -> dict[str, object]:
    """Draw what a network says, as its file would have it."""
    regions = draw(st.lists(IDS, min_size=1, max_size=3, unique=True))
    region = st.sampled_from(regions)
    budgets = draw(st.lists(st.tuples(IDS, st.none() | region), max_size=3, unique=True))
    return {
        "regions": {one: (draw(TEXTS), draw(st.none() | st.floats(0, 1))) for one in regions},
        "colleges": {f"c{number}": draw(region) for number in range(draw(st.integers(1, 4)))},
        "budgets": {
            one: draw(st.dictionaries(st.integers(2000, 2100), MONEY, min_size=1, max_size=3))
            for one in budgets
        },
        "centres": {
            one: draw(st.dictionaries(SEMESTERS, st.floats(0, 1e6), min_size=1, max_size=3))
            for one in draw(st.lists(IDS, max_size=2, unique=True))
        },
    }


def as_toml(drawn: dict[str, dict]) -> str:  # type: ignore[type-arg]
    """Write what was drawn, each text as TOML has it."""
    lines = ["schema = 1"]
    for name, (title, floor) in drawn["regions"].items():
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["[[regions]]", f'id = "{name}"', f'name_ru = "{quoted}"']
        lines += [] if floor is None else [f"floor = {floor!r}"]
    for name, region in drawn["colleges"].items():
        lines += ["[[colleges]]", f'id = "{name}"', 'catalog = "c"', f'region = "{region}"']
    for (source, region), years in drawn["budgets"].items():
        lines += ["[[budgets]]", f'source = "{source}"', *([f'region = "{region}"'] if region else [])]
        lines += ["[budgets.years]", *(f"{year} = {kzt}" for year, kzt in years.items())]
    for name, hours in drawn["centres"].items():
        inline = ", ".join(f'"{semester}" = {number!r}' for semester, number in hours.items())
        lines += ["[[centres]]", f"id = '{name}'", f"hours = {{ {inline} }}"]
    return "\n".join(lines)


@given(networks())
@settings(max_examples=examples(60))
def test_what_a_file_says_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, drawn: dict) -> None:  # type: ignore[type-arg]
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "c").mkdir()
    network = read_network(write(folder, as_toml(drawn)))
    assert {one.id: (one.names["ru"], one.floor) for one in network.regions} == drawn["regions"]
    assert {one.id: one.region for one in network.colleges} == drawn["colleges"]
    assert {(one.source, one.region): dict(one.years_kzt) for one in network.budgets} == drawn["budgets"]
    assert {one.id: dict(one.hours) for one in network.centres} == drawn["centres"]


@given(
    st.lists(
        st.sampled_from([*WHOLE.splitlines(keepends=True), "[[colleges]]\n", "id = [\n", '"', "]\n", "\0"]),
        max_size=40,
    )
)
@settings(max_examples=examples(80))
def test_no_file_is_a_bug(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    found = find_network(write(tmp_path_factory.mktemp("spoiled"), "".join(lines)))
    assert found.network is not None or found.issues
    for issue in found.issues:
        assert all(issue.line(language) for language in ("kk", "ru", "en"))
