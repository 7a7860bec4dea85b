"""One broken catalog per issue code: what is spoiled, and the one problem that must be reported.

To add a code: an example here. Each example spoils the base catalog in one place, and the test asserts
the code, the file or sheet, the row, the column, and that nothing else is reported.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from broken_catalogs.base_catalog import Tables
from curriplan.problem.intakes import COPIED

WORKBOOK = "catalog.xlsx"


@dataclass(frozen=True)
class Case:
    """A folder of CSV tables with one fault.

    ``place`` is (file name, row, column); None stands for the folder itself or for no such part.
    """

    name: str
    code: str
    spoil: Callable[[Tables], object]
    place: tuple[str | None, int | None, str | None]
    patch: dict[str, object] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    """Codes that come with it."""


@dataclass(frozen=True)
class WorkbookCase:
    """A workbook with one fault: an edit of the openpyxl workbook, or of the finished file.

    ``place`` is (sheet, row, column letter).
    """

    name: str
    code: str
    place: tuple[str | None, int | None, str | None]
    spoil: Callable[[openpyxl.Workbook], object] = lambda _: None
    spoil_file: Callable[[Path], object] = lambda _: None
    patch: dict[str, object] = field(default_factory=dict)


def cell(table: str, row: int, column: str, value: str) -> Callable[[Tables], None]:
    """Spoil one cell."""
    return lambda tables: tables.set(table, row, column, value)


def only(table: str, **values: str) -> Callable[[Tables], None]:
    """Leave one row of a table."""

    def spoil(tables: Tables) -> None:
        tables.rows[table] = tables.rows[table][:1]
        tables.add(table, **values)

    return spoil


def row(table: str, **values: str) -> Callable[[Tables], None]:
    """Append one row."""
    return lambda tables: tables.add(table, **values) and None


def both(*edits: Callable[[Tables], object]) -> Callable[[Tables], None]:
    """Make several edits."""

    def spoil(tables: Tables) -> None:
        for edit in edits:
            edit(tables)

    return spoil


def running(**changed: str) -> Callable[[Tables], None]:
    """Append an intake of ADM that began a year earlier."""
    values = {"id": "ADM-A", "start": "2025-1", "intake_of": "ADM", **changed}

    def spoil(tables: Tables) -> None:
        for table in (*COPIED, "programmes", "programme_modules"):
            header, *rows = tables.rows[table]
            for like in [dict(zip(header, row, strict=True)) for row in rows if row[0] == "ADM"]:
                own = values if table == "programmes" else {"programme": values["id"]}
                tables.add(table, **{**like, **own})
        tables.set("resource_capacity", 4, "semester", "*-1")

    return spoil


def raw(name: str, data: bytes) -> Callable[[Tables], None]:
    """Write a file as given."""
    return lambda tables: tables.raw.update({name: data})


def raw_table(table: str, change: Callable[[bytes], bytes]) -> Callable[[Tables], None]:
    """Change the bytes of a table's file."""
    return lambda tables: tables.raw.update({f"{table}.csv": change(tables.csv_bytes(table))})


def info(old: str, new: str) -> Callable[[Tables], None]:
    """Edit catalog.toml."""
    return lambda tables: tables.replace_info(old, new)


def drop(table: str) -> Callable[[Tables], object]:
    """Remove a table."""
    return lambda tables: tables.rows.pop(table)


NAMES = {"name_kk": "к", "name_ru": "р", "name_en": "e"}
EXTRA = {"section": "professional", "credits": "1", "theory_hours": "24", **NAMES}


def extra_modules(*names: str) -> Callable[[Tables], None]:
    """Add modules of 1 credit = 24 h, candidates of the programme."""

    def spoil(tables: Tables) -> None:
        for name in names:
            tables.add("modules", id=name, **EXTRA)
            tables.add("programme_modules", programme="ADM", module=name, status="candidate")

    return spoil


def outlook() -> Callable[[Tables], None]:
    """Add a sound outlook: demand of 2030 doubles."""
    return both(
        row("scenarios", id="BOOM", probability="1", **NAMES),
        row("demand", occupation="ADMIN", year="2030", openings="10"),
        row("demand", occupation="ADMIN", year="2030", scenario="BOOM", openings="20"),
    )


LONG = both(cell("modules", 5, "span_terms", "2"), cell("programme_modules", 4, "allowed_terms", "1"))
"""SEC lasts both terms."""


def _deny(path: Path) -> bytes:
    if path.name == "floors.csv":
        raise PermissionError(13, "Permission denied")
    with path.open("rb") as file:
        return file.read()


def _outgrown(tables: Tables) -> None:
    tables.raw["floors.csv"] = tables.csv_bytes("floors") + b"\n" * 3000


FOLDER_CASES = [
    # ---- the folder and its files
    Case("no such path", "catalog-not-found", lambda t: t.rows.clear(), (None, None, None)),
    Case(
        "a folder of other things",
        "not-a-catalog",
        lambda t: (t.rows.clear(), t.replace_info(t.info, "")),
        (None, None, None),
    ),
    Case("no catalog.toml", "missing-info", lambda t: t.replace_info(t.info, ""), (None, None, None)),
    Case("a required table missing", "missing-table", drop("modules"), (None, None, None)),
    Case(
        "a required table empty",
        "empty-table",
        lambda t: t.rows["targets"].pop(),
        ("targets.csv", None, None),
    ),
    Case(
        "a misspelt file", "unknown-file", raw("floor.csv", b"competency,level\n"), ("floor.csv", None, None)
    ),
    Case(
        "another case",
        "table-name-understood",
        raw("Demand.CSV", b"occupation,year,openings\n"),
        ("Demand.CSV", None, None),
    ),
    Case(
        "a table under two names",
        "table-twice",
        raw("Минимальные уровни.csv", b""),
        ("Минимальные уровни.csv", None, None),
    ),
    Case(
        "a file that may not be read",
        "file-unreadable",
        lambda _: None,
        ("floors.csv", None, None),
        {"pathlib.Path.read_bytes": _deny},
    ),
    Case(
        "a huge file",
        "file-too-large",
        _outgrown,
        ("floors.csv", None, None),
        {"curriplan.catalog.reading.folder._bytes_of.__defaults__": (0.002,)},
    ),
    Case(
        "a long row",
        "row-too-long",
        raw("level_values.csv", b"level,value\n3," + b"1" * 300),
        ("level_values.csv", 2, None),
        {"curriplan.catalog.reading.folder.MAX_ROW_LENGTH": 200},
    ),
    Case(
        "many rows",
        "too-many-rows",
        raw("level_values.csv", b"level,value\n" + b"3,1\n" * 20),
        ("level_values.csv", None, None),
        {"curriplan.catalog.reading.folder.MAX_ROWS": 15},
    ),
    Case(
        "many columns",
        "too-many-columns",
        raw("level_values.csv", b"level,value" + b",x" * 199 + b"\n"),
        ("level_values.csv", 1, None),
    ),
    # ---- the text of a CSV file
    Case(
        "cp1251",
        "other-encoding",
        raw("floors.csv", "competency,level,reason\nDB,2,сеть\n".encode("cp1251")),
        ("floors.csv", None, None),
    ),
    Case(
        "utf-16",
        "other-encoding",
        raw("floors.csv", "competency,level\nDB,2\n".encode("utf-16")),
        ("floors.csv", None, None),
    ),
    Case(
        "koi8-r",
        "wrong-encoding",
        raw("floors.csv", "competency,level,reason\nDB,2,сеть\n".encode("koi8-r")),
        ("floors.csv", 2, None),
    ),
    Case(
        "utf-8 cut in the middle of a letter",
        "wrong-encoding",
        raw("floors.csv", "competency,level,reason\nDB,2,локальная сеть\n".encode()[:-2]),
        ("floors.csv", 2, None),
    ),
    Case(
        "a NUL byte", "nul-byte", raw("floors.csv", b"competency,level\nDB,\x002\n"), ("floors.csv", 2, None)
    ),
    Case(
        "semicolons",
        "wrong-delimiter",
        raw_table("floors", lambda b: b.replace(b",", b";")),
        ("floors.csv", 1, None),
    ),
    Case(
        "tabs",
        "wrong-delimiter",
        raw_table("floors", lambda b: b.replace(b",", b"\t")),
        ("floors.csv", 1, None),
    ),
    Case(
        "an open quote",
        "malformed-csv",
        raw("floors.csv", b'competency,level,reason\nDB,2,"x\n'),
        ("floors.csv", 2, None),
    ),
    Case(
        "text after a quote",
        "malformed-csv",
        raw("floors.csv", b'competency,level,reason\nDB,2,"x"y\n'),
        ("floors.csv", 2, None),
    ),
    Case(
        "a row too long",
        "ragged-row",
        raw("floors.csv", b"competency,level\nDB,2,safety, too\n"),
        ("floors.csv", 2, None),
    ),
    Case(
        "a row too short",
        "ragged-row",
        raw("floors.csv", b"competency,level,reason\nDB,2\n"),
        ("floors.csv", 2, None),
    ),
    Case("an empty file", "missing-header", raw("floors.csv", b""), ("floors.csv", 1, None)),
    Case(
        "nothing but empty rows",
        "missing-header",
        raw("floors.csv", b",,\n,,\n"),
        ("floors.csv", 1, None),
    ),
    Case(
        "an empty first row",
        "header-not-first",
        raw("floors.csv", b",,\ncompetency,level,reason\n"),
        ("floors.csv", 2, None),
    ),
    Case(
        "a title above",
        "header-not-first",
        raw("floors.csv", "Пороги на 2026 год\n\ncompetency,level\nDB,2\n".encode()),
        ("floors.csv", 3, None),
    ),
    Case(
        "a header in two rows",
        "header-in-two-rows",
        raw("floors.csv", "competency,level,прочее,\n,,reason,challenge\nDB,2,safety,2\n".encode()),
        ("floors.csv", 1, None),
    ),
    Case(
        "column names of another case",
        "header-understood",
        raw("floors.csv", "Competency,МИНИМАЛЬНЫЙ  УРОВЕНЬ,Reason\nDB,2,x\n".encode()),
        ("floors.csv", 1, None),
    ),
    # ---- columns
    Case(
        "a required column missing",
        "missing-column",
        raw("floors.csv", b"competency\nDB\n"),
        ("floors.csv", 1, None),
    ),
    Case(
        "a misspelt column",
        "unknown-column",
        raw("floors.csv", b"competency,level,resaon\nDB,2,x\n"),
        ("floors.csv", 1, "resaon"),
    ),
    Case(
        "a column twice",
        "duplicate-column",
        raw("floors.csv", b"competency,level,level\nDB,2,2\n"),
        ("floors.csv", 1, "level"),
    ),
    Case(
        "a value without a header",
        "unnamed-column",
        raw("floors.csv", b"competency,level,,reason\nDB,2,x,y\n"),
        ("floors.csv", 2, ""),
    ),
    # ---- catalog.toml
    Case("TOML broken", "malformed-toml", info('version = "1"', "version = 1;"), ("catalog.toml", 3, None)),
    Case("an unknown key", "unknown-key", info("language", "lang"), ("catalog.toml", 4, "lang")),
    Case("no id", "missing-value", info('id = "broken-base"\n', ""), ("catalog.toml", None, None)),
    Case("a version that is a number", "wrong-text", info('"1"', "1.0"), ("catalog.toml", 3, "version")),
    Case(
        "an attribution that is no list",
        "not-a-list",
        info("schema = 1", 'schema = 1\nattribution = "Eurostat"'),
        ("catalog.toml", 2, "attribution"),
    ),
    Case("an unknown language", "wrong-word", info('"en"', '"de"'), ("catalog.toml", 4, "language")),
    Case(
        "not true or false",
        "wrong-word",
        info("schema = 1", 'schema = 1\nillustrative = "maybe"'),
        ("catalog.toml", 2, "illustrative"),
    ),
    Case("a later schema", "schema-too-new", info("schema = 1", "schema = 2"), ("catalog.toml", 1, "schema")),
    Case("schema 0", "out-of-range", info("schema = 1", "schema = 0"), ("catalog.toml", 1, "schema")),
    Case("an id with a space", "wrong-id", info('"broken-base"', '"broken base"'), ("catalog.toml", 2, "id")),
    Case(
        "a bell in a title",
        "control-character",
        info("Trial", "\\u0007Trial"),
        ("catalog.toml", 7, "title_en"),
    ),
    Case(
        "a title missing",
        "missing-translation",
        info('title_ru = "Пробный каталог"\n', ""),
        ("catalog.toml", None, None),
    ),
    Case(
        "an unknown profile",
        "unknown-profile",
        both(info("schema = 1", 'schema = 1\nprofile = "KZ-1"'), drop("profile")),
        ("catalog.toml", 2, "profile"),
    ),
    # ---- cells
    Case(
        "a required cell empty", "missing-value", cell("floors", 2, "level", ""), ("floors.csv", 2, "level")
    ),
    Case(
        "a word for a number",
        "wrong-number",
        cell("modules", 5, "theory_hours", "many"),
        ("modules.csv", 5, "theory_hours"),
    ),
    Case(
        "nan", "wrong-number", cell("modules", 5, "theory_hours", "nan"), ("modules.csv", 5, "theory_hours")
    ),
    Case(
        "a decimal comma",
        "decimal-comma",
        cell("modules", 5, "theory_hours", "24,0"),
        ("modules.csv", 5, "theory_hours"),
    ),
    Case(
        "a comma before three digits",
        "ambiguous-number",
        cell("modules", 5, "cost_per_group_kzt", "120,000"),
        ("modules.csv", 5, "cost_per_group_kzt"),
    ),
    Case(
        "a dot before three digits among decimal commas",
        "ambiguous-number",
        both(cell("modules", 4, "theory_hours", "24,0"), cell("modules", 5, "theory_hours", "1.024")),
        ("modules.csv", 5, "theory_hours"),
        beside=("decimal-comma",),
    ),
    Case(
        "thousands apart",
        "grouped-number",
        cell("modules", 5, "cost_per_group_kzt", "120\u00a0000"),
        ("modules.csv", 5, "cost_per_group_kzt"),
    ),
    Case("per cent", "percent-as-share", cell("targets", 2, "share", "100 %"), ("targets.csv", 2, "share")),
    Case(
        "hours with their unit",
        "number-with-unit",
        cell("modules", 5, "theory_hours", "24 ч."),
        ("modules.csv", 5, "theory_hours"),
    ),
    Case(
        "wide digits",
        "odd-characters",
        cell("modules", 5, "theory_hours", "２４"),
        ("modules.csv", 5, "theory_hours"),
    ),
    Case(
        "a dash for a hyphen",
        "odd-characters",
        cell("programmes", 2, "start", "2026–1"),
        ("programmes.csv", 2, "start"),
    ),
    Case(
        "a power for a number",
        "wrong-number",
        cell("modules", 5, "theory_hours", "24²"),
        ("modules.csv", 5, "theory_hours"),
    ),
    Case(
        "the unit of another column",
        "wrong-number",
        cell("modules", 5, "theory_hours", "24 тг"),
        ("modules.csv", 5, "theory_hours"),
    ),
    Case(
        "a word in Russian",
        "word-understood",
        cell("programme_modules", 4, "status", "Обязательный"),
        ("programme_modules.csv", 4, "status"),
    ),
    Case(
        "the day first",
        "date-understood",
        cell("profile", 2, "as_of", "31.05.2026"),
        ("profile.csv", 2, "as_of"),
    ),
    Case("half a level", "wrong-whole-number", cell("floors", 2, "level", "2.5"), ("floors.csv", 2, "level")),
    *(
        Case(
            f"several terms, {text}",
            "several-numbers",
            cell("programme_modules", 2, "current_term", text),
            ("programme_modules.csv", 2, "current_term"),
        )
        for text in ("5-7", "5,6", "5.6", "5;6", "5 и 6", "1, 3")
    ),
    Case(
        "a range of hours",
        "several-numbers",
        cell("modules", 2, "theory_hours", "20–24"),
        ("modules.csv", 2, "theory_hours"),
    ),
    Case(
        "a list with a gap",
        "wrong-list",
        cell("programme_modules", 2, "allowed_terms", "1;;2"),
        ("programme_modules.csv", 2, "allowed_terms"),
    ),
    *(
        Case(
            f"a list written as {text}",
            "wrong-list",
            cell("programme_modules", 2, "allowed_terms", text),
            ("programme_modules.csv", 2, "allowed_terms"),
        )
        for text in ("1-2", "1 – 2", "1.2", "1 и 2", "1;2-3")
    ),
    Case(
        "a list with commas",
        "wrong-list",
        cell("programme_modules", 2, "allowed_terms", "1,2"),
        ("programme_modules.csv", 2, "allowed_terms"),
    ),
    Case(
        "an unknown word",
        "wrong-word",
        cell("programme_modules", 4, "status", "optional"),
        ("programme_modules.csv", 4, "status"),
    ),
    Case(
        "yes as a digit",
        "word-understood",
        cell("programmes", 2, "repeats", "1"),
        ("programmes.csv", 2, "repeats"),
    ),
    Case(
        "a stray truth", "wrong-word", cell("programmes", 2, "repeats", "2"), ("programmes.csv", 2, "repeats")
    ),
    Case(
        "a total",
        "total-row",
        row("module_outcomes", module="Итого:", exit_level="9"),
        ("module_outcomes.csv", 5, None),
    ),
    Case(
        "a remark",
        "note-row",
        row("module_outcomes", module="Утверждено методическим советом"),
        ("module_outcomes.csv", 5, None),
    ),
    Case(
        "the header again",
        "repeated-header",
        row("module_outcomes", module="Модуль", competency="Компетенция", exit_level="exit_level"),
        ("module_outcomes.csv", 5, None),
    ),
    Case(
        "Kazakh letters lost",
        "letters-lost",
        raw("floors.csv", "competency,level,reason\nDB,2,ба?дарлама ?ш\n".encode("cp1251")),
        ("floors.csv", 2, "reason"),
        beside=("other-encoding",),
    ),
    Case(
        "a level of 9",
        "out-of-range",
        cell("module_outcomes", 4, "exit_level", "9"),
        ("module_outcomes.csv", 4, "exit_level"),
    ),
    Case("a level of 0", "out-of-range", cell("floors", 2, "level", "0"), ("floors.csv", 2, "level")),
    Case(
        "importance of 0",
        "out-of-range",
        cell("occupation_requirements", 2, "importance", "0"),
        ("occupation_requirements.csv", 2, "importance"),
    ),
    Case(
        "more than all money",
        "out-of-range",
        cell("modules", 5, "setup_cost_kzt", "1e300"),
        ("modules.csv", 5, "setup_cost_kzt"),
    ),
    Case(
        "a space in an id",
        "wrong-id",
        cell("floors", 2, "competency", "D B"),
        ("floors.csv", 2, "competency"),
    ),
    Case(
        "an id too long",
        "wrong-id",
        cell("floors", 2, "competency", "D" * 81),
        ("floors.csv", 2, "competency"),
    ),
    Case(
        "a Cyrillic letter",
        "cyrillic-id",
        cell("floors", 2, "competency", "DВ"),
        ("floors.csv", 2, "competency"),
    ),
    Case(
        "a date",
        "wrong-semester",
        cell("programmes", 2, "start", "2026-01-01"),
        ("programmes.csv", 2, "start"),
    ),
    Case(
        "a capacity in no semester",
        "wrong-semester",
        cell("resource_capacity", 2, "semester", "*-3"),
        ("resource_capacity.csv", 2, "semester"),
    ),
    Case(
        "five digits",
        "wrong-isco",
        cell("occupations", 2, "isco08", "25220"),
        ("occupations.csv", 2, "isco08"),
    ),
    Case(
        "a control character",
        "control-character",
        cell("floors", 2, "reason", "a\x0bb\x07c"),
        ("floors.csv", 2, "reason"),
    ),
    Case(
        "a name that reads backwards",
        "control-character",
        cell("modules", 4, "name_en", "Order \u202egnidliub"),
        ("modules.csv", 4, "name_en"),
    ),
    Case(
        "a name within an isolate",
        "control-character",
        cell("modules", 4, "name_en", "Order \u2067gnidliub\u2069"),
        ("modules.csv", 4, "name_en"),
    ),
    Case(
        "an endless text",
        "text-too-long",
        cell("floors", 2, "reason", "x" * 32_768),
        ("floors.csv", 2, "reason"),
    ),
    # ---- keys, references, names
    Case(
        "an id twice",
        "duplicate-key",
        row("level_values", level="2", value="1"),
        ("level_values.csv", 4, "level"),
    ),
    Case(
        "a pair twice",
        "duplicate-key",
        row("module_outcomes", module="SEC", competency="DB", entry_level="2", exit_level="3"),
        ("module_outcomes.csv", 5, "module"),
    ),
    Case(
        "a profile key twice",
        "duplicate-key",
        row("profile", key="credit_step", value="1"),
        ("profile.csv", 10, "key"),
    ),
    Case(
        "an unknown competency",
        "unknown-reference",
        row("floors", competency="DBX", level="1"),
        ("floors.csv", 3, "competency"),
    ),
    Case(
        "a partner that nobody named",
        "unknown-reference",
        row(
            "resources",
            id="R2",
            kind="security-lab",
            category="laboratory",
            places="13",
            source="NOBODY",
            **NAMES,
        ),
        ("resources.csv", 4, "source"),
        beside=("capacity-unlimited",),
    ),
    Case(
        "a name missing",
        "missing-translation",
        cell("modules", 5, "name_kk", ""),
        ("modules.csv", 5, "name_kk"),
    ),
    Case(
        "a table without names in Kazakh",
        "untranslated-table",
        cell("modules", 5, "name_kk", ""),
        ("modules.csv", None, None),
        {"curriplan.problem.checks.keys.MOST_NAMED": 0},
    ),
    Case(
        "no web address",
        "wrong-uri",
        cell("competencies", 3, "uri", "esco/123"),
        ("competencies.csv", 3, "uri"),
    ),
    # ---- modules
    Case(
        "learns nothing",
        "exit-not-above-entry",
        cell("module_outcomes", 4, "entry_level", "4"),
        ("module_outcomes.csv", 4, "exit_level"),
    ),
    Case("no credits", "missing-credits", cell("modules", 5, "credits", ""), ("modules.csv", 5, "credits")),
    Case(
        "a third of a credit",
        "credits-off-step",
        both(cell("modules", 5, "credits", "3.25"), cell("modules", 5, "theory_hours", "30")),
        ("modules.csv", 5, "credits"),
    ),
    Case(
        "25 h for a credit",
        "hours-not-credits",
        cell("modules", 5, "theory_hours", "25"),
        ("modules.csv", 5, "credits"),
    ),
    Case(
        "a header of 5", "header-not-sum", cell("modules", 2, "credits", "5"), ("modules.csv", 2, "credits")
    ),
    # self-study beside the credit: 48 + 48 = 4 * 24 h, and 5 h of self-study that no outcome has
    Case(
        "hours of a header",
        "header-hours-not-sum",
        both(
            cell("profile", 8, "value", "no"),
            cell("modules", 2, "theory_hours", "48"),
            cell("modules", 2, "laboratory_practical_hours", "48"),
            cell("modules", 2, "self_study_hours", "5"),
        ),
        ("modules.csv", 2, "self_study_hours"),
    ),
    Case(
        "a header in a header",
        "nested-header",
        both(row("modules", id="PM0", section="professional", **NAMES), cell("modules", 2, "parent", "PM0")),
        ("modules.csv", 2, "parent"),
    ),
    Case(
        "a header in a programme",
        "header-chosen",
        row("programme_modules", programme="ADM", module="PM1", status="candidate"),
        ("programme_modules.csv", 5, "module"),
    ),
    Case(
        "a header required",
        "header-chosen",
        row("module_requisites", module="SEC", requires="PM1"),
        ("module_requisites.csv", 4, "requires"),
    ),
    # ---- requisites
    Case(
        "requires itself",
        "requires-itself",
        row("module_requisites", module="SEC", requires="SEC"),
        ("module_requisites.csv", 4, "requires"),
    ),
    Case(
        "two require each other",
        "requisite-cycle",
        row("module_requisites", module="RO1", requires="RO2"),
        ("module_requisites.csv", 4, "requires"),
    ),
    Case(
        "three in a circle",
        "requisite-cycle",
        both(
            extra_modules("A", "B", "C"),
            row("module_requisites", module="A", requires="B"),
            row("module_requisites", module="B", requires="C"),
            row("module_requisites", module="C", requires="A"),
        ),
        ("module_requisites.csv", 4, "requires"),
    ),
    # ---- resources
    Case(
        "a kind that nobody has",
        "no-resource-of-kind",
        cell("module_resources", 2, "resource_kind", "sec-lab"),
        ("module_resources.csv", 2, "resource_kind"),
    ),
    Case(
        "two rooms at once",
        "hours-share-above-one",
        both(
            row("resources", id="SHOP", kind="workshop", category="workshop", **NAMES),
            row("resource_capacity", resource="SHOP", semester="*-1", hours="9"),
            row("resource_capacity", resource="SHOP", semester="*-2", hours="9"),
            row(
                "module_resources",
                module="SEC",
                resource_kind="workshop",
                hours_kind="laboratory_practical",
                hours_share="0.5",
            ),
        ),
        ("module_resources.csv", 5, "hours_share"),
    ),
    Case(
        "no spring",
        "capacity-missing",
        lambda t: t.remove_row("resource_capacity", 5),
        ("resources.csv", 3, "id"),
    ),
    Case(
        "no hours",
        "capacity-unlimited",
        both(row("resources", id="LAB2", kind="security-lab", category="laboratory", **NAMES)),
        ("resources.csv", 4, "id"),
    ),
    Case(
        "48 h of today's practice in a laboratory with 40 h",
        "today-above-hours",
        both(
            row(
                "module_resources",
                module="RO1",
                resource_kind="security-lab",
                hours_kind="laboratory_practical",
                hours_share="1",
            ),
            cell("resource_capacity", 2, "hours", "60"),
        ),
        ("resources.csv", 2, "kind"),
    ),
    Case(
        "too much promised",
        "committed-above-hours",
        cell("resource_capacity", 2, "committed_hours", "301"),
        ("resource_capacity.csv", 2, "committed_hours"),
    ),
    # ---- running intakes
    Case(
        "an intake of itself",
        "intake-of-intake",
        cell("programmes", 2, "intake_of", "ADM"),
        ("programmes.csv", 2, "intake_of"),
    ),
    Case(
        "an intake that repeats",
        "intake-repeats",
        running(repeats="yes"),
        ("programmes.csv", 3, "repeats"),
    ),
    Case(
        "an intake that begins with the new one",
        "intake-not-running",
        running(start="2026-1"),
        ("programmes.csv", 3, "start"),
    ),
    Case(
        "an intake that stands twice",
        "intake-twice",
        both(running(), running(id="ADM-B")),
        ("programmes.csv", 4, "start"),
    ),
    Case(
        "an intake on another schooling",
        "intake-differs",
        running(entry_base="grade11"),
        ("programmes.csv", 3, "intake_of"),
    ),
    # ---- programmes
    Case(
        "a Cyrillic qualification",
        "wrong-qualification-code",
        cell("programmes", 2, "qualification", "4Ѕ06120102"),
        ("programmes.csv", 2, "qualification"),
    ),
    Case(
        "a zero lost",
        "wrong-specialty-code",
        cell("programmes", 2, "specialty", "6120100"),
        ("programmes.csv", 2, "specialty"),
    ),
    Case(
        "another specialty",
        "specialty-mismatch",
        cell("programmes", 2, "specialty", "06130100"),
        ("programmes.csv", 2, "qualification"),
    ),
    Case("nine tenths", "shares-not-one", cell("targets", 2, "share", "0.9"), ("targets.csv", 2, "share")),
    Case(
        "no occupation",
        "programme-without-targets",
        row("programmes", id="P2", start="2026-1", terms="2", learners="5", entry_base="grade11", **NAMES),
        ("programmes.csv", 3, "id"),
    ),
    Case(
        "nine tenths of an outlook",
        "probabilities-not-one",
        both(outlook(), cell("scenarios", 2, "probability", "0.9")),
        ("scenarios.csv", 2, "probability"),
    ),
    Case(
        "nine tenths in an outlook",
        "outlook-shares-not-one",
        both(outlook(), row("targets", programme="ADM", occupation="ADMIN", share="0.9", scenario="BOOM")),
        ("targets.csv", 3, "share"),
    ),
    Case(
        "an outlook of another year",
        "outlook-without-demand",
        both(outlook(), cell("demand", 3, "year", "2031")),
        ("scenarios.csv", 2, "id"),
    ),
    Case(
        "an outlook on what nobody wants today",
        "outlook-without-shares",
        both(outlook(), cell("demand", 2, "openings", "0")),
        ("targets.csv", 2, "occupation"),
    ),
    Case(
        "openings of an unknown outlook",
        "unknown-reference",
        both(outlook(), row("demand", occupation="ADMIN", year="2030", scenario="BUST", openings="5")),
        ("demand.csv", 4, "scenario"),
    ),
    Case(
        "an occupation that asks nothing",
        "target-without-requirements",
        both(
            row("occupations", id="CLERK", **NAMES),
            cell("targets", 2, "share", "0.5"),
            row("targets", programme="ADM", occupation="CLERK", share="0.5"),
        ),
        ("occupations.csv", 3, "id"),
    ),
    Case(
        "a third term",
        "term-outside-programme",
        row("programme_terms", programme="ADM", term="3"),
        ("programme_terms.csv", 4, "term"),
    ),
    Case(
        "fixed hours of a third term",
        "term-outside-programme",
        row("programme_fixed_hours", programme="ADM", term="3", section="general"),
        ("programme_fixed_hours.csv", 4, "term"),
    ),
    Case(
        "taught in a third term",
        "term-outside-programme",
        cell("programme_modules", 4, "current_term", "3"),
        ("programme_modules.csv", 4, "current_term"),
    ),
    Case(
        "one allowed term too many",
        "term-outside-programme",
        cell("programme_modules", 2, "allowed_terms", "1;3"),
        ("programme_modules.csv", 2, "allowed_terms"),
    ),
    Case(
        "a candidate pinned outside",
        "term-outside-programme",
        both(
            cell("programme_modules", 4, "pinned_term", "3"),
            cell("programme_modules", 4, "allowed_terms", ""),
        ),
        ("programme_modules.csv", 4, "pinned_term"),
    ),
    Case(
        "mandatory and nowhere",
        "mandatory-without-term",
        cell("programme_modules", 2, "allowed_terms", "3;4"),
        ("programme_modules.csv", 2, "allowed_terms"),
    ),
    Case(
        "pinned elsewhere",
        "pinned-not-allowed",
        cell("programme_modules", 4, "pinned_term", "1"),
        ("programme_modules.csv", 4, "pinned_term"),
    ),
    Case(
        "term limits crossed",
        "min-above-max",
        cell("programme_terms", 2, "min_credits", "31"),
        ("programme_terms.csv", 2, "min_credits"),
    ),
    Case(
        "module limits crossed",
        "min-above-max",
        cell("programme_terms", 3, "min_modules", "6"),
        ("programme_terms.csv", 3, "min_modules"),
    ),
    Case(
        "programme limits crossed",
        "min-above-max",
        cell("programmes", 2, "min_credits", "21"),
        ("programmes.csv", 2, "min_credits"),
        beside=("modules-too-few-credits",),
    ),
    # 4 credits of modules + (72 + 120) / 24 = 8 fixed: 12, above 10 + 10 % = 11
    Case(
        "a year too full",
        "year-credits-outside",
        cell("programme_fixed_hours", 3, "theory_hours", "120"),
        ("programmes.csv", 2, "id"),
    ),
    # ---- what can be reached
    Case(
        "a level nobody teaches",
        "step-not-taught",
        cell("occupation_requirements", 3, "level", "3"),
        ("occupation_requirements.csv", 3, "level"),
    ),
    Case(
        "a floor too high", "floor-unreachable", cell("floors", 2, "level", "5"), ("floors.csv", 2, "level")
    ),
    Case(
        "a prerequisite that is not offered",
        "requisite-not-offered",
        both(
            both(
                row("modules", id="A", **EXTRA),
                row("programme_modules", programme="ADM", module="A", status="forbidden"),
            ),
            row("module_requisites", module="SEC", requires="A"),
        ),
        ("module_requisites.csv", 4, "requires"),
    ),
    Case(
        "an entry that nobody teaches",
        "entry-not-taught",
        both(cell("module_outcomes", 4, "entry_level", "3")),
        ("module_outcomes.csv", 4, "entry_level"),
    ),
    Case(
        "existing but taught in no term",
        "existing-without-term",
        cell("programme_modules", 4, "status", "existing"),
        ("programme_modules.csv", 4, "current_term"),
    ),
    # ---- the profile
    # of eight rows one is left: 8 credits in the year are far from 60
    Case(
        "no band for the credits of a year",
        "norm-overridden",
        both(
            info("schema = 1", 'schema = 1\nprofile = "KZ-348-2024"'),
            only("profile", key="year_credits", value="off"),
        ),
        ("profile.csv", 2, "value"),
        beside=("modules-too-few-credits", "semester-begun"),
    ),
    Case(
        "two credits fewer than the norm",
        "credits-below-norm",
        cell("programmes", 2, "min_credits", "6"),
        ("programmes.csv", 2, "min_credits"),
    ),
    Case(
        "a misspelt profile key",
        "unknown-profile-key",
        row("profile", key="group_sise", value="25"),
        ("profile.csv", 10, "key"),
    ),
    Case(
        "a profile number in words",
        "profile-not-number",
        cell("profile", 6, "value", "forty"),
        ("profile.csv", 6, "value"),
    ),
    Case(
        "a profile number with a decimal comma",
        "decimal-comma",
        cell("profile", 6, "value", "0,4"),
        ("profile.csv", 6, "value"),
        beside=("modules-too-little-practice",),
    ),
    Case(
        "a profile number of two meanings",
        "profile-not-number",
        cell("profile", 6, "value", "1,200"),
        ("profile.csv", 6, "value"),
    ),
    Case(
        "a practice share of 40",
        "out-of-range",
        cell("profile", 6, "value", "40"),
        ("profile.csv", 6, "value"),
    ),
    Case(
        "half of the content as 50",
        "out-of-range",
        row("profile", key="change_share_ordinary", value="50"),
        ("profile.csv", 10, "value"),
    ),
    Case("a credit of 0 h", "out-of-range", cell("profile", 9, "value", "0"), ("profile.csv", 9, "value")),
    Case(
        "an unknown denominator",
        "wrong-word",
        cell("profile", 7, "value", "some"),
        ("profile.csv", 7, "value"),
    ),
    # ---- terms that a module spans
    Case(
        "three terms in a programme of two",
        "span-too-long",
        cell("modules", 5, "span_terms", "3"),
        ("programme_modules.csv", 4, "module"),
    ),
    # SEC may start in term 2 only, and would run in 2 and 3
    Case(
        "two terms long, begun in the last",
        "span-outside-programme",
        cell("modules", 5, "span_terms", "2"),
        ("programme_modules.csv", 4, "allowed_terms"),
    ),
    Case(
        "pinned too late for its two terms",
        "span-outside-programme",
        both(
            cell("modules", 5, "span_terms", "2"),
            cell("programme_modules", 4, "pinned_term", "2"),
        ),
        ("programme_modules.csv", 4, "pinned_term"),
    ),
    # 2 credits in terms 2 and 3: the year still has 2 + 1 + 6 = 9 of 10 - 10 %
    Case(
        "taught too late for its two terms",
        "span-outside-programme",
        both(cell("modules", 4, "span_terms", "2"), cell("programme_modules", 3, "current_term", "2")),
        ("programme_modules.csv", 3, "current_term"),
    ),
    Case(
        "weights of one term",
        "span-weights-length",
        both(LONG, cell("modules", 5, "span_weights", "1")),
        ("modules.csv", 5, "span_weights"),
    ),
    Case(
        "weights of 0.9",
        "span-weights-sum",
        both(LONG, cell("modules", 5, "span_weights", "0.5;0.4")),
        ("modules.csv", 5, "span_weights"),
    ),
    Case(
        "a quarter of three credits",
        "span-parts-off-step",
        both(LONG, cell("modules", 5, "span_weights", "0.25;0.75")),
        ("modules.csv", 5, "span_weights"),
    ),
    # ---- ties between competencies
    Case(
        "how much carries over",
        "transfer-without-factor",
        cell("competency_relations", 2, "kind", "transfers"),
        ("competency_relations.csv", 2, "factor"),
    ),
    Case(
        "a factor of broader",
        "relation-column-unread",
        cell("competency_relations", 2, "factor", "0.5"),
        ("competency_relations.csv", 2, "factor"),
    ),
    Case(
        "a level of transfers",
        "relation-column-unread",
        row("competency_relations", source="ICT", target="NET", kind="transfers", factor="0.5", level="2"),
        ("competency_relations.csv", 3, "level"),
    ),
    Case(
        "nothing carries over",
        "relation-without-effect",
        row("competency_relations", source="ICT", target="NET", kind="transfers", factor="0"),
        ("competency_relations.csv", 3, "factor"),
    ),
    Case(
        "part of itself",
        "relation-to-itself",
        cell("competency_relations", 2, "target", "ICT"),
        ("competency_relations.csv", 2, "target"),
    ),
    Case(
        "each requires the other",
        "requirement-cycle",
        both(
            row("competency_relations", source="ICT", target="NET", kind="requires"),
            row("competency_relations", source="NET", target="ICT", kind="requires"),
        ),
        ("competency_relations.csv", 3, "target"),
    ),
    # RO2 lifts NET from 0 to 2, over 1; learners bring level 1 of ICT, and nobody teaches more
    Case(
        "a required level that nobody teaches",
        "required-level-not-taught",
        row("competency_relations", source="NET", target="ICT", kind="requires", level="3"),
        ("competency_relations.csv", 3, "target"),
    ),
    # ---- whole parts divided over several resources
    Case(
        "split over a laboratory and a workshop",
        "split-mixed-categories",
        both(
            row("resources", id="SHOP", kind="security-lab", category="workshop", **NAMES),
            row("resource_capacity", resource="SHOP", semester="*-1", hours="9"),
            row("resource_capacity", resource="SHOP", semester="*-2", hours="9"),
            cell("module_resources", 2, "may_split", "yes"),
        ),
        ("module_resources.csv", 2, "may_split"),
    ),
    Case(
        "theory and laboratory of one post",
        "split-mixed-hours",
        cell("module_resources", 4, "may_split", "yes"),
        ("module_resources.csv", 4, "may_split"),
    ),
    # ---- dual training
    Case(
        "dual by name only",
        "dual-without-share",
        cell("programmes", 2, "dual", "yes"),
        ("programmes.csv", 2, "dual"),
    ),
    Case(
        "dual without an enterprise",
        "dual-without-enterprise",
        both(cell("programmes", 2, "dual", "yes"), row("profile", key="dual_share_min", value="0.6")),
        ("programmes.csv", 2, "dual"),
    ),
    Case(
        "a share for nobody",
        "dual-share-without-programme",
        row("profile", key="dual_share_min", value="0.6"),
        ("profile.csv", 10, "key"),
    ),
    # ---- least learners: there are 25
    Case(
        "one learner too few",
        "too-few-learners",
        cell("modules", 5, "min_learners", "26"),
        ("modules.csv", 5, "min_learners"),
    ),
    # ---- since: the only intake begins in 2026-1 and graduates in 2026-2
    Case(
        "a floor for whoever begins when nobody does",
        "since-after-last-intake",
        cell("floors", 2, "since", "2026-2"),
        ("floors.csv", 2, "since"),
    ),
    Case(
        "a requirement that comes when all have graduated",
        "since-after-last-intake",
        cell("occupation_requirements", 3, "since", "2027-1"),
        ("occupation_requirements.csv", 3, "since"),
    ),
    # ---- labour functions
    Case(
        "a function that no module serves",
        "function-not-served",
        row("labour_functions", id="F1", occupation="ADMIN", **NAMES),
        ("labour_functions.csv", 2, "id"),
    ),
    Case(
        "modules that serve nothing",
        "module-without-function",
        both(
            row("labour_functions", id="F1", occupation="ADMIN", **NAMES),
            row("module_functions", module="SEC", labour_function="F1"),
        ),
        ("modules.csv", 3, "id"),
    ),
    # ---- candidates
    Case(
        "a module that nobody may take",
        "module-of-nobody",
        row("modules", id="SPORT", section="basic", credits="2", theory_hours="48", **NAMES),
        ("modules.csv", 6, "id"),
    ),
    Case(
        "nothing says what follows what today",
        "order-not-said",
        drop("module_requisites"),
        ("programme_modules.csv", 3, "current_term"),
    ),
    Case(
        "too few credits in what belongs to a programme by itself",
        "candidates-too-few-credits",
        both(drop("programme_modules"), cell("programmes", 2, "min_credits", "19")),
        ("programmes.csv", 2, "id"),
    ),
    Case(
        "too few credits in all modules that a programme may take",
        "modules-too-few-credits",
        cell("programmes", 2, "min_credits", "13.5"),
        ("programmes.csv", 2, "min_credits"),
    ),
    Case(
        "too little practice in all modules that a programme may take",
        "modules-too-little-practice",
        cell("profile", 6, "value", "0.9"),
        ("programmes.csv", 2, "id"),
    ),
    Case(
        "a programme without its schooling at entry",
        "credits-norm-left-out",
        cell("programmes", 2, "entry_base", ""),
        ("programmes.csv", 2, "entry_base"),
    ),
    Case(
        "too little practice in what belongs to a programme by itself",
        "candidates-too-little-practice",
        both(drop("programme_modules"), cell("profile", 6, "value", "0.9")),
        ("programmes.csv", 2, "id"),
    ),
    Case(
        "a limit of weekly hours, and no weeks in the second term",
        "term-without-weeks",
        both(row("profile", key="weekly_hours", value="36"), cell("programme_terms", 3, "weeks", "")),
        ("programmes.csv", 2, "id"),
    ),
    Case(
        "no row of the second term",
        "term-without-limits",
        lambda t: t.remove_row("programme_terms", 3),
        ("programmes.csv", 2, "id"),
    ),
    # ---- challenges
    Case(
        "nobody knows when",
        "challenge-date-unclear",
        cell("challenges", 2, "review_by", "next spring"),
        ("challenges.csv", 2, "review_by"),
    ),
    # the programme begins on 1 September 2026: a day later than the figure was to be looked at again
    Case(
        "a figure that has expired",
        "challenge-review-due",
        cell("challenges", 2, "review_by", "2026-08-31"),
        ("challenges.csv", 2, "review_by"),
    ),
    # a figure that was read in December 2026: the programme began in September
    Case(
        "planned when its first semester runs",
        "semester-begun",
        cell("challenges", 2, "as_of", "2026-12-01"),
        ("programmes.csv", 2, "start"),
    ),
    Case(
        "a challenge without an answer",
        "challenge-unlinked",
        row("challenges", id="3", **NAMES),
        ("challenges.csv", 3, "id"),
    ),
    Case(
        "an answer without a name",
        "challenge-link-empty",
        row("challenge_links", challenge="2"),
        ("challenge_links.csv", 5, "challenge"),
    ),
    Case(
        "two answers in a row",
        "challenge-link-several",
        cell("challenge_links", 2, "occupation", "ADMIN"),
        ("challenge_links.csv", 2, "occupation"),
    ),
    Case(
        "a floor for another challenge",
        "unknown-reference",
        cell("floors", 2, "challenge", "3"),
        ("floors.csv", 2, "challenge"),
    ),
    # ---- money
    Case(
        "a source with nothing to give",
        "source-without-budget",
        row("funding_sources", id="STATE", **NAMES),
        ("funding_sources.csv", 3, "id"),
    ),
    # the programme runs from the autumn of 2026 to the spring of 2027
    Case(
        "money after the end",
        "budget-year-outside",
        row("funding_budgets", source="COLLEGE", year="2028", budget_kzt="1"),
        ("funding_budgets.csv", 3, "year"),
    ),
    Case(
        "a limit on a module of another section",
        "limit-without-effect",
        row("funding_limits", source="COLLEGE", module="SEC", section="practice", max_share="0.5"),
        ("funding_limits.csv", 2, "section"),
    ),
    # SEC costs 200 000 to set up, and STATE has no say without a budget of its own
    Case(
        "shares that do not come to one",
        "cost-not-payable",
        both(
            row("funding_sources", id="STATE", **NAMES),
            row("funding_budgets", source="STATE", budget_kzt="1000000"),
            row("funding_limits", source="COLLEGE", section="professional", max_share="0.5"),
            row("funding_limits", source="STATE", module="SEC", max_share="0.4"),
        ),
        ("funding_limits.csv", 2, "max_share"),
    ),
    Case(
        "two musts of which one excludes the other",
        "mandatory-excluded",
        both(
            extra_modules("A", "B"),
            cell("modules", 6, "exclusive_group", "G"),
            cell("modules", 7, "exclusive_group", "G"),
            cell("programme_modules", 5, "status", "mandatory"),
            cell("programme_modules", 6, "status", "mandatory"),
        ),
        ("programme_modules.csv", 6, "status"),
    ),
    Case(
        "broader than each other",
        "broader-cycle",
        both(
            row("competency_relations", source="DB", target="NET", kind="broader"),
            row("competency_relations", source="NET", target="ICT", kind="broader"),
        ),
        ("competency_relations.csv", 3, "target"),
    ),
    Case(
        "one word for rows of two kinds",
        "alternatives-mixed-kinds",
        both(
            row("module_requisites", module="SEC", requires="RO1", kind="prerequisite", any_of="X"),
            row("module_requisites", module="SEC", requires="RO2", kind="corequisite", any_of="X"),
        ),
        ("module_requisites.csv", 5, "any_of"),
    ),
    # ---- read and kept, but not used yet
    Case(
        "a column for later",
        "not-yet-used",
        cell("competencies", 3, "half_life_years", "5"),
        ("competencies.csv", 3, "half_life_years"),
    ),
    Case(
        "after and together",
        "contradictory-requisites",
        row("module_requisites", module="SEC", requires="RO1", kind="strict_corequisite"),
        ("module_requisites.csv", 3, "requires"),
    ),
    Case(
        "before and not after",
        "contradictory-requisites",
        row("module_requisites", module="RO1", requires="SEC", kind="corequisite"),
        ("module_requisites.csv", 3, "requires"),
    ),
]


def _set(sheet: str, address: str, value: Any) -> Callable[[openpyxl.Workbook], None]:
    def spoil(book: openpyxl.Workbook) -> None:
        book[sheet][address] = value

    return spoil


def _error(book: openpyxl.Workbook) -> None:
    book["modules"]["H5"] = "#REF!"
    assert book["modules"]["H5"].data_type == "e"


def _hide(book: openpyxl.Workbook) -> None:
    book["floors"].sheet_state = "hidden"


def _rename(book: openpyxl.Workbook) -> None:
    book["floors"].title = "Floorz"


def _merge_credits(book: openpyxl.Workbook) -> None:
    book["modules"].merge_cells("G4:G5")


def _hide_row(book: openpyxl.Workbook) -> None:
    book["modules"].row_dimensions[5].hidden = True


def _hide_column(book: openpyxl.Workbook) -> None:
    book["modules"].column_dimensions["G"].hidden = True


def _info_twice(book: openpyxl.Workbook) -> None:
    book["catalog"].append(["version", "2"])


def _no_sheet(name: str) -> Callable[[openpyxl.Workbook], None]:
    return lambda book: book.remove(book[name])


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def _rewrite(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, change(name, data))


def _with_entity(path: Path) -> None:
    entity = b'<!DOCTYPE workbook [<!ENTITY name "x">]>'
    _rewrite(path, lambda name, data: entity + data if name == "xl/workbook.xml" else data)


def _text_from_the_end(path: Path) -> None:
    """Have the first name of a module be number -1 of the shared texts, which Python takes for the last."""
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>x</t></si></sst>'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'

    def change(name: str, data: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return data.replace(b"</Types>", part)
        if b"<t>setup_cost_kzt</t>" not in data:
            return data
        return re.sub(rb'(<c r="B2" )t="inlineStr">.*?</c>', rb'\1t="s"><v>-1</v></c>', data, count=1)

    _rewrite(path, change)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", texts)


def _python_number(path: Path) -> None:
    """Have a module cost 1_0 000 credits, which Python takes for a number."""

    def change(_: str, data: bytes) -> bytes:
        if b"<t>setup_cost_kzt</t>" not in data:
            return data
        return re.sub(rb'(<c r="G2"[^>]*>)<v>[^<]*</v>', rb"\1<v>1_0</v>", data, count=1)

    _rewrite(path, change)


def _long_attribute(path: Path) -> None:
    """Put a million letters into a tag of the first sheet."""
    _rewrite(path, lambda _, data: data.replace(b"<sheetData", b'<sheetData a="' + b"x" * 1_000_000 + b'"'))


def _strict(path: Path) -> None:
    """Give a workbook the namespaces of strict Open XML, as Excel saves it where one asks for that."""
    namespaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def change(_: str, data: bytes) -> bytes:
        for old, new in namespaces.items():
            data = data.replace(old, new)
        return data

    _rewrite(path, change)


def _encrypt(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    )


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")


def _sheets_of_a_plan(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        book.remove(sheet)
    book.create_sheet("Summary")
    book.create_sheet("Data for the program")


WORKBOOK_CASES = [
    WorkbookCase("a plan", "workbook-of-plan", (None, None, None), _sheets_of_a_plan),
    WorkbookCase(
        "a CSV renamed",
        "not-a-workbook",
        (None, None, None),
        spoil_file=lambda path: path.write_bytes(b"id,name\n1,x\n"),
    ),
    WorkbookCase("another zip", "not-a-workbook", (None, None, None), spoil_file=_other_zip),
    WorkbookCase(
        "an .xls",
        "old-workbook",
        (None, None, None),
        spoil_file=lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    ),
    WorkbookCase("a password", "encrypted-workbook", (None, None, None), spoil_file=_encrypt),
    WorkbookCase("truncated", "damaged-workbook", (None, None, None), spoil_file=_truncate),
    WorkbookCase("strict Open XML", "strict-workbook", (None, None, None), spoil_file=_strict),
    WorkbookCase("an entity", "unsafe-xml", (None, None, None), spoil_file=_with_entity),
    WorkbookCase("a tag of 1 MB", "xml-too-long", (None, None, None), spoil_file=_long_attribute),
    WorkbookCase(
        "unpacks to too much",
        "file-too-large",
        (None, None, None),
        patch={"curriplan.catalog.reading.archive.MAX_FILE_MB": 0.02},
    ),
    WorkbookCase(
        "many cells",
        "too-many-cells",
        (None, None, None),
        patch={"curriplan.catalog.reading.archive.MAX_CELLS": 100},
    ),
    WorkbookCase(
        "many formats",
        "too-many-formats",
        (None, None, None),
        patch={"curriplan.catalog.reading.archive.MAX_OTHERS": 100},
    ),
    WorkbookCase(
        "many sheets",
        "too-many-sheets",
        (None, None, None),
        patch={"curriplan.catalog.reading.archive.MAX_SHEETS": 3},
    ),
    WorkbookCase(
        "many rows",
        "too-many-rows",
        ("modules", None, None),
        patch={"curriplan.catalog.reading.workbook.MAX_ROWS": 20},
        spoil=lambda book: [book["modules"].append(["X"]) for _ in range(20)],
    ),
    WorkbookCase(
        "a cell at the far end", "too-many-columns", ("floors", 1, None), _set("floors", "XFD1", "x")
    ),
    WorkbookCase(
        "a formula never calculated",
        "formula-without-value",
        ("modules", 5, "H"),
        _set("modules", "H5", "=12+12"),
    ),
    WorkbookCase("an error", "error-in-cell", ("modules", 5, "H"), _error),
    WorkbookCase(
        "a text that is not there",
        "text-not-there",
        ("modules", 2, "B"),
        spoil_file=_text_from_the_end,
    ),
    WorkbookCase("a number of Python", "no-value-of-a-cell", ("modules", 2, "G"), spoil_file=_python_number),
    WorkbookCase(
        "a semester as a date",
        "date-in-cell",
        ("programmes", 2, "G"),
        _set("programmes", "G2", date(2026, 1, 1)),
    ),
    WorkbookCase("a value without a header", "unnamed-column", ("floors", 2, "H"), _set("floors", "H2", "x")),
    WorkbookCase("a hidden sheet", "hidden-sheet", ("floors", None, None), _hide),
    WorkbookCase("a misspelt sheet", "unknown-sheet", ("Floorz", None, None), _rename),
    WorkbookCase("no sheet catalog", "missing-info", (None, None, None), _no_sheet("catalog")),
    WorkbookCase("a required sheet missing", "missing-table", (None, None, None), _no_sheet("modules")),
    WorkbookCase("a key twice", "duplicate-info", ("catalog", 9, "B"), _info_twice),
    WorkbookCase("no column value", "missing-column", ("catalog", 1, None), _set("catalog", "B1", "values")),
    WorkbookCase("an unknown key", "unknown-key", ("catalog", 5, "B"), _set("catalog", "A5", "lang")),
    WorkbookCase(
        "a level of 9", "out-of-range", ("module_outcomes", 4, "D"), _set("module_outcomes", "D4", 9)
    ),
    WorkbookCase(
        "a half level", "wrong-whole-number", ("module_outcomes", 4, "D"), _set("module_outcomes", "D4", 3.5)
    ),
    WorkbookCase("an unknown id", "unknown-reference", ("targets", 2, "B"), _set("targets", "B2", "ADMINX")),
    WorkbookCase(
        "an empty first row",
        "header-not-first",
        ("floors", 2, None),
        lambda book: book["floors"].insert_rows(1),
    ),
    WorkbookCase(
        "no header",
        "missing-header",
        ("floors", 1, None),
        lambda book: book["floors"].delete_rows(1, 2),
    ),
    WorkbookCase(
        "a sheet twice",
        "table-twice",
        ("Floors ", None, None),
        lambda book: book.create_sheet("Floors ").append(["competency", "level"]),
    ),
    WorkbookCase(
        "merged cells of a group",
        "merged-filled",
        ("programme_modules", 2, "A"),
        lambda book: book["programme_modules"].merge_cells("A2:A4"),
    ),
    WorkbookCase("merged cells of credits", "merged-cells", ("modules", 4, "G"), _merge_credits),
    WorkbookCase("a hidden row", "hidden-rows", ("modules", 5, None), _hide_row),
    WorkbookCase("a hidden column", "hidden-columns", ("modules", 1, "G"), _hide_column),
]


def extends(*names: str, **bases: str) -> Callable[[Tables], None]:
    """Name catalogs under extends, and write the given text into files of folders below the catalog."""

    def spoil(tables: Tables) -> None:
        listed = ", ".join(f'"{name}"' for name in names)
        tables.info += f"extends = [{listed}]\n"
        for path, text in bases.items():
            tables.raw[path.replace("__", "/")] = text.encode()

    return spoil


def _base(name: str, **tables: str) -> dict[str, str]:
    info = f'id = "{name}"\n' + tables.pop("info", "")
    files = {f"{name}__{table}.csv": text for table, text in tables.items()}
    return {f"{name}__catalog.toml": info, **files}


def _one_competency(name: str) -> str:
    return f"id,name_kk,name_ru,name_en\nBASE-1,к,р,{name}\n"


FOLDER_CASES += [
    Case(
        "a mapping to itself",
        "relation-to-itself",
        row("competency_mappings", source="NET", target="NET", match="close"),
        ("competency_mappings.csv", 2, "target"),
    ),
    Case(
        "the same, and yet only close",
        "mapping-contradicted",
        both(
            row("competency_mappings", source="NET", target="ICT", match="exact"),
            row("competency_mappings", source="ICT", target="NET", match="close"),
        ),
        ("competency_mappings.csv", 3, "target"),
    ),
    Case(
        "two competencies of a framework made one",
        "mapping-joins-framework",
        both(
            row("competency_mappings", source="NET", target="DB", match="exact"),
        ),
        ("competency_mappings.csv", 2, None),
    ),
    Case(
        "an unknown match",
        "wrong-word",
        row("competency_mappings", source="NET", target="ICT", match="same"),
        ("competency_mappings.csv", 2, "match"),
    ),
]
# Catalogs that extend others; every base lies below the catalog.
FOLDER_CASES += [
    Case("no such base", "base-not-found", extends("../esko"), ("catalog.toml", 8, "extends")),
    *(
        Case(f"a base at {name}", "base-not-relative", extends(name), ("catalog.toml", 8, "extends"))
        for name in ("/etc", "//server/share", "https://example.org/esco", "C:/esco", "~/esco")
    ),
    Case(
        "a share of a network",
        "base-not-relative",
        lambda t: t.replace_info("schema = 1", "extends = ['\\\\server\\share\\esco']"),
        ("catalog.toml", 1, "extends"),
    ),
    Case("itself", "base-circle", extends("."), ("catalog.toml", 8, "extends")),
    Case(
        "a circle of two",
        "base-circle",
        extends("a", **_base("a", info='extends = ["../../catalog"]\n')),
        ("a/catalog.toml", 2, "extends"),
    ),
    Case(
        "a base too many",
        "too-many-bases",
        extends(
            "a", "b", **_base("a", floors="competency,level\n"), **_base("b", floors="competency,level\n")
        ),
        ("catalog.toml", 8, "extends"),
        {"curriplan.catalog.reading.extends.MAX_BASES": 1},
    ),
    Case(
        "two bases that disagree",
        "base-clash",
        extends(
            "a",
            "b",
            **_base("a", competencies=_one_competency("one")),
            **_base("b", competencies=_one_competency("two")),
        ),
        ("b/competencies.csv", 2, "id"),
    ),
    Case(
        "a row of a base replaced",
        "base-rows-replaced",
        extends("a", **_base("a", floors="programme,competency,level\n,DB,1\n")),
        ("floors.csv", 2, None),
    ),
    Case(
        "a base that is no catalog",
        "not-a-catalog",
        extends("a", a__notes="nothing"),
        ("catalog.toml", 8, "extends"),
    ),
    Case(
        "a base without tables",
        "base-without-tables",
        extends("a", **_base("a")),
        ("catalog.toml", 8, "extends"),
    ),
    Case(
        "a faulty row of a base",
        "wrong-whole-number",
        extends("a", **_base("a", baseline="programme,competency,level\nADM,ICT,x\n")),
        ("a/baseline.csv", 2, "level"),
    ),
    Case(
        "a table to leave out that there is not",
        "wrong-word",
        lambda t: t.replace_info("schema = 1", 'without = ["target"]'),
        ("catalog.toml", 1, "without"),
    ),
    Case(
        "of a classification only what is named",
        "base-picked",
        extends(
            "a",
            **_base("a", info="classification = true\n", competencies=_one_competency("one")),
        ),
        ("a", None, None),
    ),
]
