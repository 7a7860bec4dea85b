"""The workbook of a catalog: lists from the other sheets, help beside cells, texts that stay texts."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import openpyxl
import pytest

from curriplan.catalog.reading.read import read_catalog
from curriplan.catalog.reading.types import column_types, required_columns
from curriplan.catalog.reading.understand import fold, word_table
from curriplan.catalog.records import RECORDS, TABLES, Record
from curriplan.catalog.records.policy import NUMBER_KEYS, WORD_KEYS
from curriplan.catalog.saving.save import init_catalog, save_catalog
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import (
    INFO_TABLE,
    column_help,
    column_title,
    help_sheet_title,
    table_title,
    word_title,
)
from workbooks.kinds import mini_case, written
from workbooks.office import saved_again, shown_after
from workbooks.package import MAIN, Package, Sheet

LAST = 1_048_576


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(written(mini_case(), "catalog", "kk"))


def rules(sheet: Sheet) -> dict[str, Element]:
    """Return the rules of a sheet by the cells that they hold for; each area has one."""
    found = {one.get("sqref", ""): one for one in sheet.all("dataValidation")}
    assert len(found) == len(list(sheet.all("dataValidation")))
    return found


def below(record: type[Record], name: str) -> str:
    letter = openpyxl.utils.get_column_letter(record.columns().index(name) + 1)
    return f"{letter}2:{letter}{LAST}"


def test_a_sheet_for_each_table_and_the_names_that_the_reader_knows(package: Package) -> None:
    assert list(package.sheets) == ["help", "catalog", *TABLES]
    for record in RECORDS:
        cells = package.sheets[record.table].cells
        header = [cells[0, place].value for place in range(len(record.columns()))]
        assert header == list(record.columns())


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_stands_beside_every_cell(language: str) -> None:
    book = Package(written(mini_case(), "catalog", language))
    for record in RECORDS:
        found = rules(book.sheets[record.table])
        for place, name in enumerate(record.columns()):
            letter = openpyxl.utils.get_column_letter(place + 1)
            for area in (f"{letter}1", f"{letter}2:{letter}{LAST}"):
                assert found[area].get("prompt") == column_help(record.table, name, language)
                assert found[area].get("showInputMessage") == "1"


def test_references_are_chosen_from_the_other_sheets(package: Package) -> None:
    names = {name for name, _, _ in package.defined_names}
    for record in RECORDS:
        found = rules(package.sheets[record.table])
        for name in record.columns():
            table = record.column_info(name)["references"]
            if table:
                rule = found[below(record, name)]
                assert (rule.get("type"), rule.findtext(f"{MAIN}formula1")) == ("list", f"list_{table}_id")
                # An id that is not there yet may be typed: its row may come later.
                assert rule.get("errorStyle") == "warning"
                assert f"list_{table}_id" in names


def test_words_are_chosen_from_a_list(package: Package) -> None:
    count = 0
    for record in RECORDS:
        found = rules(package.sheets[record.table])
        for name, kind in column_types(record).items():
            if kind.words and not kind.many:
                rule = found[below(record, name)]
                assert rule.findtext(f"{MAIN}formula1") == f'"{",".join(kind.words)}"'
                # The reader knows more spellings than the list: Excel asks, and does not stop.
                assert rule.get("errorStyle") == "warning"
                count += 1
    assert count > 10


def test_the_keys_of_the_profile_are_chosen_from_the_help(package: Package) -> None:
    rule = rules(package.sheets["profile"])[f"A2:A{LAST}"]
    assert rule.findtext(f"{MAIN}formula1") == "list_profile_key"
    area = next(text for name, _, text in package.defined_names if name == "list_profile_key")
    first, last = (int(part.rpartition("$")[2]) for part in area.split("!")[1].split(":"))
    cells = package.sheets["help"].cells
    keys = {cells[row, 0].value for row in range(first - 1, last)}
    assert {*NUMBER_KEYS, *WORD_KEYS} < keys
    catalog = read_catalog("kz-digital-college").require()
    assert {row.key_name for row in catalog.profile} <= keys
    assert all(cells[row, 3].value for row in range(first - 1, last))


def test_numbers_have_the_bounds_of_the_model(package: Package) -> None:
    found = rules(package.sheets["occupation_requirements"])
    level = found[f"C2:C{LAST}"]
    bounds = [level.get("type"), *(level.findtext(f"{MAIN}{tag}") for tag in ("formula1", "formula2"))]
    assert bounds == ["whole", "1", "8"]
    assert found[f"D2:D{LAST}"].get("type") == "decimal"


def test_cells_of_texts_are_texts_also_in_rows_that_are_added(package: Package) -> None:
    """007, 2026-1 and 1e5 stay as they are typed only in a cell of texts."""
    formats = package.formats()
    for record in RECORDS:
        sheet = package.sheets[record.table]
        styles = {}
        for one in sheet.all("col"):
            for place in range(int(one.get("min", "0")) - 1, int(one.get("max", "0"))):
                styles[place] = formats[int(one.get("style", "0"))][0]
        for place, (_, kind) in enumerate(column_types(record).items()):
            assert (styles[place] == "@") == (kind.many or not kind.is_number)


def test_required_columns_are_marked(package: Package) -> None:
    for record in RECORDS:
        cells = package.sheets[record.table].cells
        styles = {name: cells[0, place].style for place, name in enumerate(record.columns())}
        required = required_columns(record)
        marked = {styles[name] for name in required}
        assert not marked & {style for name, style in styles.items() if name not in required}


def test_every_key_of_the_catalog_has_a_row(package: Package) -> None:
    cells = package.sheets["catalog"].cells
    keys = [cell.value for (_, column), cell in cells.items() if column == 0]
    assert keys[:4] == ["key", "schema", "id", "version"]
    assert {"profile", "classification", "attribution", "illustrative"} <= set(keys)
    found = rules(package.sheets["catalog"])
    for row, key in enumerate(keys[1:], start=2):
        rule = found[f"B{row}"]
        assert rule.get("prompt") == column_help("catalog", str(key), "kk")
        words = {"language": "kk,ru,en", "illustrative": "yes,no", "profile": "KZ-348-2024"}.get(str(key))
        assert words is None or rule.findtext(f"{MAIN}formula1") == f'"{words}"'


def test_the_lists_grow_with_the_rows() -> None:
    """LibreOffice says what the lists hold: of the example, of an empty table, of one with new rows."""
    lists = ("modules_id", "scenarios_id", "resources_kind")
    book = openpyxl.load_workbook(BytesIO(written(mini_case(), "catalog", "ru")))
    last = book["modules"].max_row
    probe = book.create_sheet("probe")
    for row, listed in enumerate(lists, start=1):
        probe.cell(row, 1, f"=ROWS(list_{listed})")
        probe.cell(row, 2, f"=INDEX(list_{listed},ROWS(list_{listed}))")
    data = BytesIO()
    book.save(data)
    new_rows = [(("modules", row, 0), f"NEW{row + 1}") for row in (last, last + 1)]
    watched = [("probe", row, column) for row in range(len(lists)) for column in (0, 1)]
    shown = shown_after(data.getvalue(), [[], new_rows], watched)
    modules = [row.id for row in mini_case().catalog.modules]
    before, after = ([one[place] for place in watched] for one in shown)
    resources = len(mini_case().catalog.resources)
    assert (before[:3], before[4]) == ([str(len(modules)), modules[-1], "1"], str(resources))
    assert (after[:3], after[4]) == ([str(len(modules) + 2), f"NEW{len(modules) + 3}", "1"], str(resources))


def test_a_catalog_saved_by_another_program_is_the_same(tmp_path: Path) -> None:
    catalog = mini_case().catalog
    texts = ("007", "=1+1", "2026-1", "1e5", "_x0041_", "'quoted", "a\nb", "<r>1</r>", "TRUE", "12,5", "ң🙂")
    rows = [row.model_copy(update={"area": text}) for row in catalog.competencies[:1] for text in texts]
    rows = [row.model_copy(update={"id": f"00{at}"}) for at, row in enumerate(rows)]
    catalog = catalog.replace(competencies=(*catalog.competencies, *rows))
    save_catalog(catalog, tmp_path / "nasty.xlsx")
    init_catalog(tmp_path / "big.xlsx", source="kz-digital-college")
    files = {name: (tmp_path / f"{name}.xlsx").read_bytes() for name in ("nasty", "big")}
    for name, data in saved_again(files).items():
        again = tmp_path / f"{name}, saved again.xlsx"
        again.write_bytes(data)
        result = read_catalog(again)
        assert result.issues == ()
        assert result.require().sha256 == read_catalog(tmp_path / f"{name}.xlsx").require().sha256
    assert read_catalog(tmp_path / "nasty, saved again.xlsx").require().sha256 == catalog.sha256


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_kept_in_its_language(language: str, tmp_path: Path) -> None:
    """Sheets, headers and words are those of the language; the same comes back, and nothing is odd."""
    paths = {code: tmp_path / f"{code}.xlsx" for code in (language, "en")}
    for code, path in paths.items():
        init_catalog(path, language=code)
    found, plain = (read_catalog(paths[code]) for code in (language, "en"))
    assert [issue.code for issue in found.issues] == []
    for table in TABLES:
        assert found.require().table_sha256(table) == plain.require().table_sha256(table), table
    package = Package(paths[language].read_bytes())
    said = language != "en"
    assert list(package.sheets)[:2] == [
        help_sheet_title(language),
        table_title(INFO_TABLE, language) if said else INFO_TABLE,
    ]
    for record in RECORDS:
        sheet = package.sheets[table_title(record.table, language) if said else record.table]
        header = [sheet.cells[0, place].value for place in range(len(record.columns()))]
        assert header == [
            column_title(record.table, name, language) if said else name for name in record.columns()
        ]
        lists = rules(sheet)
        for name, kind in column_types(record).items():
            if kind.words and not kind.many:
                offered = lists[below(record, name)].findtext(f"{MAIN}formula1") or ""
                assert offered == f'"{",".join(word_title(word, language) for word in kind.words)}"'
                assert len(offered) <= MOST_OF_A_LIST + 2
                told = lists[below(record, name)].get("prompt") or ""
                named = {*re.findall(r"[a-z_]+", told)} & {*kind.words}
                assert named == set() or not said or kind.words == LANGUAGES, told
                assert len(told) <= MOST_OF_A_LIST


MOST_OF_A_LIST = 255
"""Characters that Excel takes as a list of words."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_list_are_understood_anywhere(language: str) -> None:
    for record in RECORDS:
        for kind in column_types(record).values():
            for word in kind.words:
                assert word_table(kind.words).get(fold(word_title(word, language))) == word
            assert len({word_title(word, language) for word in kind.words}) == len(kind.words)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_word_that_is_odd_is_warned_of_as_ever(language: str, tmp_path: Path) -> None:
    path = tmp_path / "college.xlsx"
    init_catalog(path, language=language)
    book = openpyxl.load_workbook(path)
    sheet = book[table_title("modules", language)]
    column = [cell.value for cell in sheet[1]].index(column_title("modules", "section", language)) + 1
    sheet.cell(2, column).value = "Базовые модули"
    sheet.cell(3, column).value = "всякое"
    book.save(path)
    found = read_catalog(path).issues
    assert sorted(issue.code for issue in found) == ["word-understood", "wrong-word"]
