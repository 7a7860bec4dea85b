"""The page ``docs/catalog-format.md``, written from the declarations of the tables.

Run ``python -m curriplan.catalog.describe > docs/catalog-format.md``; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

from pydantic.fields import FieldInfo

from curriplan.catalog.records import RECORDS, REQUIRED_TABLES, CatalogInfo, Record
from curriplan.catalog.records.policy import NUMBER_KEYS, OFF, TOTAL_CREDITS_PREFIX, WORD_KEYS, WORD_MEANINGS

INTRODUCTION = r"""# The catalog format

A catalog is a folder of CSV files, or one workbook (`.xlsx`) with the same tables as sheets. This page is
written from the declarations in `src/curriplan/catalog/records/`: `python -m curriplan.catalog.describe`.

- CSV: UTF-8 (a BOM is allowed), comma, decimal point, `yes`/`no`, an empty cell is absent, lists as
  `1;2;5`. The first row holds exactly the column names below, in any order.
- A workbook has one sheet a table, named like the table, with the column names in row 1, and a sheet
  `catalog` with two columns, `key` and `value`, in place of `catalog.toml`.
- `curriplan init college.xlsx` writes such a workbook, with lists to choose from and help beside the cells;
  nothing is read from its first sheet (`help`). In Kazakh and Russian its sheets, columns, keys and words
  are those of the language: titles of `src/curriplan/texts/columns.toml`, and under such a header its words
  need no warning. `curriplan convert` turns a folder into a workbook and back, losing
  nothing: the SHA-256 of the catalog stays the same.
- A text that a spreadsheet would run (one that begins with `=`, `+`, `-` or `@`, also behind blanks, or after
  a `;`, a TAB or a line break in it) has an apostrophe before that sign in a CSV file, as all CSV that curriplan
  writes. Reading takes one apostrophe away there, so that nothing is lost; a text that begins with `'=`
  gets a second one. Without it the text is read as it stands. In a workbook it is a text, never a formula.
- Ids match `^[A-Za-z0-9][A-Za-z0-9._-]*$`, are never reused, and are read as text (`007` stays `007`).
- The order of rows and columns never matters.
- Levels are 1–8, 0 is none. Money is whole KZT, shares are fractions of 1, hours may be halves.
- Hours of a module sum to its credits × 24 (the profile's `hours_per_credit`).
- A table or column marked *not used yet* is read and checked; when it is filled, a warning says so.

## What is understood

Tables may also stand as planners have them. Titles of tables and columns in Kazakh, Russian or English
(`src/curriplan/texts/columns.toml`) are as good as their names. Whatever else differs is read with a
warning that names the first cell, what stood there and what it was read as; what can be read in two ways
is refused with its cell. The same content gives the same hash however it was typed.

| what | read with a warning as | refused |
|---|---|---|
| header | in the first 30 rows, titles above; over two rows; names of another case or spelling (`Теория`) | none found; a required column missing |
| rows | totals (`Итого`, `Барлығы`), remarks alone in the first column and repeated headers are skipped | a row without its key otherwise |
| numbers | `12,5`, `1 200,50`, `1.200,50`, `1 200` with any space or apostrophe, `２４`, `−5`; `60 %` in a share; the unit of the column (`24 ч`, `1200 тг`) | `1,200` (1200 or 1.2); `1.200` beside decimal commas in a text file; `640.000` in a column of whole numbers; another unit; `10²`; several in a cell of one (`5-7`, `5;6`, `5,6` or `5.6` of whole numbers) |
| words | Russian and Kazakh words (`src/curriplan/texts/understood.toml`), another case; `да`, `иә`, `true`, `1`, `+` | any other word |
| ids, semesters | Cyrillic letters that look like Latin ones (`КМ01` is `KM01`), other dashes, invisible characters | other letters, spaces |
| dates | a date of Excel or `31.05.2026` in `as_of` or `review_by` (a date of Excel there needs no warning) | a date elsewhere: Excel makes one of `2026-1` |
| merged cells | in a column that refers to another table, or `section`: the value holds for all rows of the range | elsewhere |
| hidden | rows and columns that are hidden or filtered out are read, hidden sheets are not | |
| text files | UTF-16 with its mark, plain Windows-1251 (it has no Kazakh letters); `;`, TAB, `\|`, a first line `sep=;` | other encodings; rows of another length than the header |

Names and other texts for people keep every character; only white space around them is dropped.
"""  # noqa: E501

NOTES = {
    "programme_modules": """\
A programme with rows here may take the modules of its rows and no others, less the forbidden ones. One
without any row may take what belongs to it by itself: the modules that teach a level which its target
occupations or a floor ask for beyond the baseline, or serve a labour function of these occupations; and,
until nothing is added, whatever these require (`module_requisites`, all alternatives) and whatever teaches
an entry level that they need. A module with rows in `module_functions`, none of them for the programme's
occupations, comes in only as required. With the objective `adaptability`, what teaches levels of other
occupations is a candidate too. So general and basic modules and practices, which teach and serve nothing
that an occupation asks for, are to be named here, with the other modules of the programme;
`curriplan check` lists the modules that no programme may take.
"""
}
"""What is to be known of a table before its columns."""


def format_page() -> str:
    """Return the text of the page."""
    return "\n".join([INTRODUCTION, *_info(), *(line for record in RECORDS for line in _table(record))])


def _info() -> Iterator[str]:
    yield "## catalog.toml\n"
    yield "| key | value | default | meaning |\n|---|---|---|---|"
    for name, field in CatalogInfo.model_fields.items():
        key = field.alias or name
        yield f"| `{key}` | {_type(field)} | {_default(field)} | {field.description} |"
    yield ""


def _table(record: type[Record]) -> Iterator[str]:
    need = "required" if record.table in REQUIRED_TABLES else "optional"
    unused = "" if record.used else "; *not used yet*"
    yield f"## {record.table}\n"
    yield f"One row is {record.summary} ({need}{unused}). Key: {', '.join(_keys(record))}.\n"
    if record.table in NOTES:
        yield NOTES[record.table]
    yield from columns_of(record)
    yield ""
    if record.table == "profile":
        yield from _profile_keys()


def columns_of(record: type[Record]) -> Iterator[str]:
    """Yield a table of the columns of a record: what each holds, its unit, its default, its meaning."""
    yield "| column | value | unit | default | meaning |\n|---|---|---|---|---|"
    for name in record.columns():
        field = _field(record, name)
        extra = record.column_info(name)
        meaning = str(field.description)
        if extra["references"]:
            meaning += f" An id of `{extra['references']}`."
        if not extra["used"]:
            meaning += " *Not used yet.*"
        yield f"| `{name}` | {_type(field)} | {extra['unit'] or ''} | {_default(field)} | {meaning} |"


def _keys(record: type[Record]) -> list[str]:
    return [f"`{record.model_fields[name].alias or name}`" for name in record.key]


def _field(record: type[Record], name: str) -> FieldInfo:
    fields = record.model_fields
    return fields[name] if name in fields else next(f for f in fields.values() if f.alias == name)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    if field.default is None or field.default == ():
        return ""
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return str(field.default)


def _type(field: FieldInfo) -> str:
    kinds = [kind for kind in _flat(field.annotation) if kind is not type(None)]
    words = [kind for kind in kinds if isinstance(kind, str)]
    if words:
        return " / ".join(words)
    kind = kinds[0]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "word"
    names = {str: "text", int: "whole number", float: "number", bool: "yes/no", tuple: "list"}
    return names.get(kind, "table")


def _flat(annotation: Any) -> Iterator[Any]:
    """Yield the plain types and literal words of an annotation."""
    if getattr(annotation, "__origin__", None) is tuple:
        yield tuple
    elif args := get_args(annotation):
        for part in args:
            if isinstance(part, (str, type)) or get_args(part):
                yield from (part,) if isinstance(part, str) else _flat(part)
    else:
        yield annotation


def _profile_keys() -> Iterator[str]:
    yield 'Where `catalog.toml` names a bundled profile (`profile = "KZ-348-2024"`), its norms hold, and a'
    yield "row here stands in the stead of the norm with its key alone: `check` says each whose value is"
    yield "another (`norm-overridden`), with both values; Compliance, Provenance and `plan.json`"
    yield "(`norm_overrides` of `limits`) show it with what it stands in for. A norm is dropped by the value"
    yield f"`{OFF}`. `convert` writes the name, and only the rows that differ from the norm in any column."
    yield "Without a named profile the rows here are the whole profile. `min_credits` of a programme that is"
    yield "below its norm is said too (`credits-below-norm`).\n"
    yield f"Keys of the profile; one that is absent, or `{OFF}`, switches its rule off:\n"
    yield "| key | value | meaning |\n|---|---|---|"
    for key, meaning in NUMBER_KEYS.items():
        yield f"| `{key}` | number | {meaning} |"
    yield (
        f"| `{TOTAL_CREDITS_PREFIX}<level>_<entry base>` | number | Least credits of a programme, such as "
        f"`{TOTAL_CREDITS_PREFIX}4S_grade9`. |"
    )
    for key, words in WORD_KEYS.items():
        yield f"| `{key}` | {' / '.join(words)} | {WORD_MEANINGS[key]} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(format_page())
