"""Tables as planners type them: the same content gives the same hash, and nothing odd goes unsaid."""

from __future__ import annotations

import csv
import io
import random
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broken_catalogs.base_catalog import BASE, Tables
from curriplan.api.reading import read
from curriplan.base.errors import Issue, Severity
from curriplan.catalog.reading import understand
from curriplan.catalog.reading.decoding import decode
from curriplan.catalog.reading.names import column_names, info_keys, table_names
from curriplan.catalog.reading.parse import parse_table
from curriplan.catalog.reading.raw import RawTable, column_letter
from curriplan.catalog.reading.read import ReadResult, read_catalog
from curriplan.catalog.reading.types import ColumnType, column_types
from curriplan.catalog.records import ID_PATTERN, RECORD_OF_TABLE, TABLES
from curriplan.texts.languages import LANGUAGES
from curriplan.texts.titles import INFO_TABLE, column_title, table_title, word_title
from instances.seeds import examples

MANY = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPACES = ["\u00a0", "\u202f", "\u2009", " ", "'", "’"]
CYRILLIC_TWINS = dict(zip("ABEKMHOPCTXaeopcyx", "АВЕКМНОРСТХаеорсух", strict=True))
UNITS = {
    "h": ["ч", "ч.", "сағ"],
    "KZT": ["тг", "₸", "теңге"],
    "credits": ["кредита", "кр."],
    "learners": ["чел."],
}
SEEDS = st.integers(0, 2**32)
"""Hypothesis draws a seed, not every choice: a table has hundreds."""


# ------------------------------------------------------------------------------------- how people type


def _odd_number(text: str, unit: str | None, chance: random.Random) -> str:
    """Return a number in another spelling that has one meaning only."""
    whole, _, part = text.partition(".")
    styles: list[Callable[[], str]] = [lambda: "".join(chr(ord(sign) + 0xFEE0) for sign in text)]
    if len(part) != 3:
        styles.append(lambda: f"{whole},{part or 0}")
    if 3 < len(whole) < 7:
        gap = chance.choice(SPACES)
        styles.append(lambda: f"{whole[:-3]}{gap}{whole[-3:]}" + (f",{part}" if part else ""))
    if unit in UNITS:
        styles.append(lambda: f"{text}{chance.choice(['', ' ', chr(160)])}{chance.choice(UNITS[unit or ''])}")
    if unit == "share":
        styles.append(lambda: f"{float(text) * 100:.10g}".replace(".", ",") + chance.choice(["%", " %"]))
    return chance.choice(styles)()


def _odd_id(text: str, chance: random.Random) -> str:
    return "".join(
        CYRILLIC_TWINS.get(sign, "–" if sign == "-" else sign) if chance.random() < 0.7 else sign
        for sign in text
    )


def _odd_word(text: str, chance: random.Random) -> str:
    return chance.choice([str.upper, str.title, str.lower])(chance.choice(sorted(understand.spellings(text))))


def _odd(text: str, kind: ColumnType, chance: random.Random) -> str:
    if kind.many:
        return text
    if kind.words:
        return _odd_word(text, chance)
    if kind.is_number:
        return _odd_number(text, kind.unit, chance)
    return _odd_id(text, chance) if kind.pattern else text


def _odd_header(table: str, name: str, chance: random.Random) -> str:
    title = chance.choice([name, *(column_title(table, name, language) for language in LANGUAGES)])
    return chance.choice([str, str.upper, str.title, lambda text: f"  {text.replace(' ', chr(160) * 2)} "])(
        title
    )


class _Typed:
    """A table as somebody may type it, with how many odd cells each column has."""

    def __init__(self, table: str, rows: list[list[str]], chance: random.Random) -> None:
        self.table, self.chance = table, chance
        self.odd: Counter[str] = Counter()
        kinds = column_types(RECORD_OF_TABLE[table])
        header = [_odd_header(table, name, chance) for name in rows[0]]
        body = [
            [
                self._cell(name, text, kinds[name], self._words_of(name, over.strip()))
                for name, text, over in zip(rows[0], row, header, strict=True)
            ]
            for row in rows[1:]
        ]
        width = len(header)
        self.titles = [[f"Таблица {number}", *[""] * (width - 1)] for number in range(chance.randint(0, 3))]
        if len(body) > 1 and width > 1 and chance.random() < 0.3:
            body.insert(1, header)
        if chance.random() < 0.3:
            body.append([""] * width)
        if chance.random() < 0.3:
            body.append(
                [chance.choice(["Итого", "Барлығы:", "ВСЕГО по таблице"]), *[""] * (width - 2), "9"][:width]
            )
        self.rows = [*self.titles, header, *body]

    def _words_of(self, name: str, header: str) -> set[str]:
        """Return the words that are not odd under a header in a language: those of a template in it."""
        words = column_types(RECORD_OF_TABLE[self.table])[name].words
        spoken = [code for code in LANGUAGES if column_title(self.table, name, code) == header != name]
        return {word_title(word, code) for word in words for code in spoken}

    def _cell(self, name: str, text: str, kind: ColumnType, words: set[str]) -> str:
        typed = _odd(text, kind, self.chance) if text and self.chance.random() < 0.4 else text
        shown = typed.casefold() if kind.kind == "boolean" else typed
        if shown != text and typed not in words:
            self.odd[name] += 1
        return typed

    def text(self) -> tuple[bytes, bool]:
        """Return the table as a file, and whether its encoding or separator is another."""
        delimiter = self.chance.choice([",", ";", "\t", "|"])
        file = io.StringIO(newline="")
        csv.writer(
            file, lineterminator=self.chance.choice(["\n", "\r\n", "\r"]), delimiter=delimiter
        ).writerows(self.rows)
        text = file.getvalue()
        if self.chance.random() < 0.2:
            text = f"sep={delimiter}\r\n{text}"
        encoding = self.chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1251"])
        return _encoded(text, encoding), delimiter != ","


def _encoded(text: str, encoding: str) -> bytes:
    """Encode a text; in Windows-1251 only what is Russian through and through."""
    if encoding == "cp1251" and (_lossy(text) or not any("а" <= sign <= "я" for sign in text)):
        encoding = "utf-8"
    return text.encode(encoding)


def _lossy(text: str) -> bool:
    data = text.encode("cp1251", errors="replace")
    try:
        return decode(data)[0] != text
    except UnicodeDecodeError:
        return True


def _warned(issues: tuple[Issue, ...], file: str) -> Counter[str]:
    """Return how many odd cells the warnings count, by column."""
    found: Counter[str] = Counter()
    for issue in issues:
        if issue.place and Path(issue.place.file).name == file and "understood" in issue.values:
            found[str(issue.values["column"])] += int(str(issue.values["count"]))
    return found


def _no_errors(result: ReadResult) -> None:
    errors = [issue.line() for issue in result.issues if issue.severity is Severity.ERROR]
    assert errors == []


@MANY
@given(SEEDS)
def test_a_folder_however_it_is_typed(seed: int) -> None:
    chance = random.Random(seed)
    tables = Tables()
    typed = {table: _Typed(table, rows, chance) for table, rows in tables.rows.items()}
    tables.raw = {f"{table}.csv": typed[table].text()[0] for table in typed}
    with TemporaryDirectory() as folder:
        result = read_catalog(tables.write_folder(Path(folder)))
    _no_errors(result)
    assert result.require().sha256 == read_catalog(BASE).require().sha256
    for table, version in typed.items():
        assert _warned(result.issues, f"{table}.csv") == version.odd


@settings(MANY, max_examples=examples(25))
@given(SEEDS)
def test_a_workbook_however_it_is_typed(seed: int) -> None:
    chance = random.Random(seed)
    tables = Tables()
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.create_sheet(chance.choice([INFO_TABLE, "Каталог"]))
    for pair in [("Ключ", "Значение"), *(_info_lines(tables))]:
        book.worksheets[0].append(pair)
    for table, rows in tables.rows.items():
        sheet = book.create_sheet(
            chance.choice([table, *(table_title(table, code)[:31] for code in LANGUAGES)])
        )
        for row in _Typed(table, rows, chance).rows:
            sheet.append([_value(text, chance) for text in row])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.xlsx"
        book.save(path)
        result = read_catalog(path)
    _no_errors(result)
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def _info_lines(tables: Tables) -> list[tuple[str, str]]:
    pairs = [line.split(" = ") for line in tables.info.splitlines()]
    return [(key, value.strip('"')) for key, value in pairs]


def _value(text: str, chance: random.Random) -> str | float | None:
    """Type a cell as Excel would, or leave a number as text."""
    if not text:
        return None
    try:
        return float(text) if text.isascii() and chance.random() < 0.5 and len(text) < 8 else text
    except ValueError:
        return text


@MANY
@given(st.data())
def test_an_ambiguous_number_is_refused_with_its_cell(data: st.DataObject) -> None:
    tables = Tables()
    cells = [
        (table, number, name)
        for table, rows in tables.rows.items()
        for number, row in enumerate(rows[1:], start=2)
        for name, text in zip(rows[0], row, strict=True)
        if text
        and column_types(RECORD_OF_TABLE[table])[name].is_number
        and not column_types(RECORD_OF_TABLE[table])[name].many
    ]
    table, row, name = data.draw(st.sampled_from(cells))
    tables.set(table, row, name, f"{data.draw(st.integers(1, 999))},{data.draw(st.integers(0, 999)):03d}")
    with TemporaryDirectory() as folder:
        result = read_catalog(tables.write_folder(Path(folder)))
    (issue,) = result.issues
    assert issue.place is not None
    assert (issue.code, issue.place.row, issue.place.column) == ("ambiguous-number", row, name)
    assert Path(issue.place.file).name == f"{table}.csv"


@pytest.mark.parametrize(
    ("table", "row", "name", "text"),
    [
        ("modules", 2, "setup_cost_kzt", "640.000"),
        ("modules", 2, "cost_per_group_kzt", "15.500"),
        ("programmes", 2, "learners", "15.000"),
        ("modules", 2, "setup_cost_kzt", "640.000 тг"),
    ],
)
def test_a_point_and_three_digits_in_a_column_of_whole_numbers_has_two_meanings(
    table: str, row: int, name: str, text: str, tmp_path: Path
) -> None:
    tables = Tables()
    tables.set(table, row, name, text)
    found = read_catalog(tables.write_folder(tmp_path)).issues
    (issue,) = [one for one in found if one.code == "ambiguous-number"]
    assert issue.place is not None
    assert (issue.place.row, issue.place.column) == (row, name)
    assert issue.values["whole"] == text.partition(" ")[0].replace(".", "")


# --------------------------------------------------------------------------------------- single spellings


@pytest.mark.parametrize(
    ("text", "unit", "value", "code"),
    [
        ("12,5", None, "12.5", "decimal-comma"),
        ("1 200,50", None, "1200.50", "decimal-comma"),
        ("1 200", "h", "1200", "grouped-number"),
        ("1\u202f200\u202f000", "KZT", "1200000", "grouped-number"),
        ("1’200", None, "1200", "grouped-number"),
        ("1.200,50", None, "1200.50", "grouped-number"),
        ("1,200.50", None, "1200.50", "grouped-number"),
        ("1,200,000", None, "1200000", "grouped-number"),
        ("0,125", "share", "0.125", "decimal-comma"),
        ("−5", None, "-5", "odd-characters"),
        ("–5,5", None, "-5.5", "decimal-comma"),
        ("12,5%", "share", "0.125", "percent-as-share"),
        ("₸ 1 200", "KZT", "1200", "number-with-unit"),
        ("1,200", None, None, "ambiguous-number"),
        ("1,200 тг", "KZT", None, "ambiguous-number"),
        ("60%", "h", None, None),
        ("24 ч", "KZT", None, None),
        ("1,2 млн тг", "KZT", None, None),
        ("12 5", None, None, None),
        ("1 20 000", None, None, None),
        ("1 200'000", None, None, None),
        ("24²", None, None, None),
        ("½", None, None, None),
        ("①", None, None, None),
        ("٢٤", None, None, None),
        ("1,2,3", None, None, None),
        ("-", None, None, None),
        ("", None, None, None),
    ],
)
def test_numbers(text: str, unit: str | None, value: str | None, code: str | None) -> None:
    assert understand.number(text, unit) == (value, code)


def test_every_spelling_of_a_word_has_one_meaning() -> None:
    for table in TABLES:
        for name, kind in column_types(RECORD_OF_TABLE[table]).items():
            texts = [(text, word) for word in kind.words for text in understand.spellings(word)]
            assert len(dict(texts)) == len(set(texts)), (table, name)
            assert all(understand.word(text, kind.words)[0] == word for text, word in texts)


def test_every_word_of_the_format_has_a_russian_and_a_kazakh_spelling() -> None:
    for table in TABLES:
        for kind in column_types(RECORD_OF_TABLE[table]).values():
            for word in kind.words:
                spelt = list(understand.spellings(word))
                assert sum(any("а" <= sign <= "я" for sign in text) for text in spelt) >= 2, word


def test_titles_are_names_of_their_columns_only() -> None:
    for table in (*TABLES, INFO_TABLE):
        names = column_names(table)
        columns = ("key", "value") if table == INFO_TABLE else RECORD_OF_TABLE[table].columns()
        for name in columns:
            for title in (name, *(column_title(table, name, language) for language in LANGUAGES)):
                assert names.find(title) == names.find(title.upper()) == name
        assert not set(names.loose) & {
            text for text in names.folded if names.loose.get(text) != names.folded[text]
        }
    assert {table_names().find(table_title(table, "kk")) for table in TABLES} == set(TABLES)
    assert info_keys().find("Язык") == "language"


@given(st.text(max_size=30))
def test_plain_is_plain_already(text: str) -> None:
    once = understand.plain(text)
    assert understand.plain(once) == once
    assert understand.fold(understand.fold(text)) == understand.fold(text)
    if text.isascii():
        assert once == " ".join(text.split())


@given(st.text(max_size=12))
def test_an_identifier_is_only_ever_understood_as_one_that_looks_like_it(text: str) -> None:
    value, code = understand.identifier(text, ID_PATTERN)
    if value is None:
        assert code is None
        return
    twins = understand.LOOK_ALIKES
    kept = [sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf"]
    shown = "".join(kept).translate(twins).translate(understand.DASHES).strip()
    assert value == shown


# ----------------------------------------------------------------------------------------- whole files


def _read(tables: Tables, folder: Path) -> ReadResult:
    return read_catalog(tables.write_folder(folder))


def _codes(result: ReadResult) -> list[str]:
    return [issue.code for issue in result.issues]


def test_a_look_alike_names_both_cells(tmp_path: Path) -> None:
    tables = Tables()
    tables.set("module_outcomes", 4, "module", "SЕС")  # two Cyrillic letters
    (issue,) = _read(tables, tmp_path).issues
    assert (issue.code, issue.values["understood"]) == ("cyrillic-id", "SEC")
    assert f"{tmp_path / 'modules.csv'}:5 (id)" in issue.line()
    assert f"{tmp_path / 'module_outcomes.csv'}:4 (module)" in issue.line()


def test_two_ids_that_look_alike_are_one_id_twice(tmp_path: Path) -> None:
    tables = Tables()
    tables.add("competencies", id="DВ", name_kk="к", name_ru="р", name_en="e")
    result = _read(tables, tmp_path)
    assert result.catalog is not None  # the checks name both rows: duplicate-key
    assert [row.id for row in result.catalog.competencies].count("DB") == 2


def test_a_place_is_called_as_the_file_calls_it(tmp_path: Path) -> None:
    tables = Tables()
    text = "Құзырет;Ең төменгі деңгей\r\nDB;9\r\n"
    tables.raw["floors.csv"] = text.encode("utf-8-sig")
    (issue,) = [issue for issue in _read(tables, tmp_path).issues if issue.code == "out-of-range"]
    assert issue.place is not None
    assert (issue.place.row, issue.place.column) == (2, "Ең төменгі деңгей")


def test_rows_are_counted_as_excel_counts_them(tmp_path: Path) -> None:
    tables = Tables()
    tables.raw["floors.csv"] = b"sep=;\r\nFloors;\r\n\r\ncompetency;level\r\n\r\nDB;9\r\n"
    (issue,) = [issue for issue in _read(tables, tmp_path).issues if issue.code == "out-of-range"]
    assert issue.place is not None
    assert issue.place.row == 5


def test_only_a_total_is_passed_over(tmp_path: Path) -> None:
    """A row that has a key is data, whatever its texts begin with."""
    tables = Tables()
    tables.add("modules", id="X1", name_ru="Итого", section="general", credits="many")
    assert "wrong-number" in _codes(_read(tables, tmp_path))


def test_a_row_without_a_key_is_no_remark(tmp_path: Path) -> None:
    tables = Tables()
    tables.add("modules", name_ru="Основы безопасности сетей")
    assert _codes(_read(tables, tmp_path)) == ["missing-value"] * 2


def test_the_header_again_is_no_competency(tmp_path: Path) -> None:
    tables = Tables()
    tables.add(
        "competencies", id="Code", name_kk="Name in Kazakh", name_ru="name_ru", name_en="NAME IN ENGLISH"
    )
    result = _read(tables, tmp_path)
    assert _codes(result) == ["repeated-header"]
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_a_list_with_decimal_commas(tmp_path: Path) -> None:
    tables = Tables()
    tables.set("modules", 5, "span_weights", "0,25;0,75")
    tables.set("modules", 5, "span_terms", "2")
    result = _read(tables, tmp_path)
    assert _codes(result) == ["decimal-comma"]
    assert result.require().module_by_id["SEC"].span_weights == (0.25, 0.75)


@pytest.mark.parametrize(("text", "value"), [("да", True), ("ЖОҚ", False), ("истина", True), ("0", False)])
def test_information_in_words(text: str, value: bool, tmp_path: Path) -> None:
    tables = Tables()
    tables.info += f'illustrative = "{text}"\n'
    tables.replace_info('language = "en"', 'language = "Казахский"')
    result = _read(tables, tmp_path)
    assert _codes(result) == ["word-understood"] * 2
    assert (result.require().info.illustrative, result.require().info.language) == (value, "kk")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("koi8-r", "Сети и базы данных"),
        ("cp866", "Сети и базы данных"),
        ("utf-32", "Сети и базы данных"),
        ("kz1048", "Қазақ тілі, ғылым"),
        ("latin-1", "Café réseau"),
        ("cp1252", "“Café réseau”"),
    ],
)
def test_other_encodings_are_refused(encoding: str, text: str, tmp_path: Path) -> None:
    tables = Tables()
    tables.raw["floors.csv"] = f'competency,level,reason\nDB,2,"{text}"\n'.encode(encoding)
    assert _codes(_read(tables, tmp_path)) in (["wrong-encoding"], ["nul-byte"])


# ------------------------------------------------------------------------------------------- workbooks


def _workbook(path: Path, edit: Callable[[openpyxl.Workbook], object]) -> ReadResult:
    book = Tables().workbook()
    edit(book)
    book.save(path / "catalog.xlsx")
    return read_catalog(path / "catalog.xlsx")


def test_titles_above_with_dates_and_formulas_are_no_problem(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["floors"].insert_rows(1, 3)
        book["floors"]["A1"] = "=TODAY()"
        book["floors"]["A2"] = "Уровни"
        book["floors"].merge_cells("A2:E2")

    result = _workbook(tmp_path, edit)
    assert _codes(result) == ["header-not-first"]
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_a_total_of_formulas_never_calculated_is_a_total(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["modules"].append(["Итого", None, None, None, None, None, "=SUM(G2:G5)"])
        book["modules"].merge_cells("A6:F6")

    result = _workbook(tmp_path, edit)
    assert _codes(result) == ["total-row"]
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_a_group_is_filled_only_where_it_is_one(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["programme_modules"].merge_cells("A2:A4")
        book["modules"].merge_cells("E3:E5")

    result = _workbook(tmp_path, edit)
    assert _codes(result) == ["merged-filled"] * 2
    assert result.require().sha256 == read_catalog(BASE).require().sha256


def test_a_value_under_merged_cells_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "catalog.xlsx"
    book = Tables().workbook()
    book["programme_modules"]["A4"] = "OTHER"
    merged = openpyxl.worksheet.cell_range.CellRange("A2:A4")
    book["programme_modules"].merged_cells.ranges.add(merged)  # as some programs do, with all values kept
    book.save(path)
    assert _codes(read_catalog(path)) == ["merged-cells"]


def test_filtered_rows_are_read_and_said(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["modules"].auto_filter.ref = "A1:J5"
        for row in (3, 4):
            book["modules"].row_dimensions[row].hidden = True

    (issue,) = _workbook(tmp_path, edit).issues
    assert (issue.code, issue.values["rows"]) == ("hidden-rows", "3-4")


def test_a_very_hidden_sheet_is_named(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["floors"].sheet_state = "veryHidden"

    assert _codes(_workbook(tmp_path, edit)) == ["hidden-sheet"]


def test_a_thousand_odd_numbers_are_one_warning(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        for number in range(1000):
            book["resource_capacity"].append([f"R{number}", "2026-1", "12,5"])

    found = _workbook(tmp_path, edit).issues
    (issue,) = [issue for issue in found if issue.code == "decimal-comma"]
    assert issue.values["count"] == 1000
    assert issue.place is not None
    assert (issue.place.row, issue.place.column) == (6, column_letter(2))


def test_full_width_digits_of_a_code_are_read_as_digits_with_a_warning(tmp_path: Path) -> None:
    raw = RawTable(
        "occupations", "o.csv", None, ("id", "name_en", "isco08"), ((2, ("A", "one", "２５１２")),)
    )
    parsed = parse_table(raw)
    codes = [issue.code for issue in parsed.issues]
    assert codes, "never silently"
    assert not parsed.records or parsed.records[0].model_dump()["isco08"] == "2512"


@pytest.mark.parametrize(
    ("above", "said"), [("", "were not read."), ("Floors of 2026", "were not read: Floors of 2026.")]
)
def test_what_stands_above_a_header_is_quoted_where_there_is_something(
    above: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "floors.csv").write_text(f"{above},\ncompetency,level\nDB,2\n", encoding="utf-8")
    (issue,) = [one for one in read_catalog(tmp_path).issues if one.code == "header-not-first"]
    assert issue.found("en").endswith(said)


MODULES_OF_MINI = Path(__file__).parents[3] / "catalogs" / "mini" / "modules.csv"


def test_every_row_with_letters_lost_is_named(tmp_path: Path) -> None:
    """At the end of a word and twice at its beginning, too: whatever Windows-1251 cannot hold is lost."""
    text = MODULES_OF_MINI.read_text(encoding="utf-8")
    (tmp_path / "modules.csv").write_bytes(text.encode("cp1251", errors="replace"))
    found = [issue for issue in read_catalog(tmp_path).issues if issue.code == "letters-lost"]
    expected = {}
    table = list(csv.reader(io.StringIO(text)))
    for column, name in enumerate(table[0]):
        rows = [n for n, row in enumerate(table[1:], start=2) if _lossy(row[column])]
        expected |= {name: len(rows)} if rows else {}
    assert {issue.values["column"]: issue.values["count"] for issue in found} == expected
    assert expected["name_kk"] > 5


def test_a_question_is_no_lost_letter(tmp_path: Path) -> None:
    text = "competency,level,reason\nDB,2,Зачем это? Затем что нужно\nNET,2,Зачем?\n"
    (tmp_path / "floors.csv").write_bytes(text.encode("cp1251"))
    assert "letters-lost" not in [issue.code for issue in read_catalog(tmp_path).issues]


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".XLS", ".ods"])
def test_a_workbook_under_another_name_is_to_be_renamed(ending: str, tmp_path: Path) -> None:
    """It is whole: "damaged" sent people to look for another copy."""
    path = tmp_path / f"college{ending}"
    openpyxl.Workbook().save(path.with_suffix(".xlsx"))
    path.with_suffix(".xlsx").rename(path)
    (issue,) = read_catalog(path).issues
    assert (issue.code, issue.values["ending"]) == ("workbook-misnamed", ending)


def test_a_column_renamed_is_one_error(tmp_path: Path) -> None:
    """Without its credits each module would be told to lack them."""
    folder = shutil.copytree(MODULES_OF_MINI.parent, tmp_path / "mini")
    path = folder / "modules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",credits,", ",credit,", 1), encoding="utf-8")
    assert [issue.code for issue in read(folder).issues if issue.severity is Severity.ERROR] == [
        "unknown-column"
    ]
