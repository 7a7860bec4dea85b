"""The page ``docs/catalog-format.md``, written from the declarations of the tables.

Run ``python -m curriplan.catalog.describe > docs/catalog-format.md``; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, get_args

from pydantic.fields import FieldInfo

from curriplan.model import RECORDS, REQUIRED_TABLES, CatalogInfo, Record
from curriplan.settings import NUMBER_KEYS, TOTAL_CREDITS_PREFIX, WORD_KEYS

INTRODUCTION = """# The catalog format

A catalog is a folder of CSV files, or one workbook (`.xlsx`) with the same tables as sheets. This page is
written from the declarations in `src/curriplan/model/`: `python -m curriplan.catalog.describe`.

- CSV: UTF-8 (a BOM is allowed), comma, decimal point, `yes`/`no`, an empty cell is absent, lists as
  `1;2;5`. The first row holds exactly the column names below, in any order.
- A workbook has one sheet a table, named like the table, with the column names in row 1, and a sheet
  `catalog` with two columns, `key` and `value`, in place of `catalog.toml`.
- `curriplan init college.xlsx` writes such a workbook, with lists to choose from and help beside the cells;
  nothing is read from its sheet `help`. `curriplan convert` turns a folder into a workbook and back, losing
  nothing: the SHA-256 of the catalog stays the same.
- A text that begins with `=`, `+`, `-` or `@` stays as it is in a CSV file, so that nothing is lost; a
  spreadsheet that opens the file may run it, so open CSV files of strangers as text, or convert them first.
  In a workbook it is a text, never a formula.
- Ids match `^[A-Za-z0-9][A-Za-z0-9._-]*$`, are never reused, and are read as text (`007` stays `007`).
- The order of rows and columns never matters.
- Levels are 1–8, 0 is none. Money is whole KZT, shares are fractions of 1, hours may be halves.
- Hours of a module sum to its credits × 24 (the profile's `hours_per_credit`).
- A table or column marked *not used yet* is read and checked; when it is filled, a warning says so.
"""


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
    yield ""
    if record.table == "profile":
        yield from _profile_keys()


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
    return {str: "text", int: "whole number", float: "number", bool: "yes/no", tuple: "list"}[kind]


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
    yield "Keys of the profile; one that is absent switches its rule off:\n"
    yield "| key | value | meaning |\n|---|---|---|"
    for key, meaning in NUMBER_KEYS.items():
        yield f"| `{key}` | number | {meaning} |"
    yield (
        f"| `{TOTAL_CREDITS_PREFIX}<level>_<entry base>` | number | Least credits of a programme, such as "
        f"`{TOTAL_CREDITS_PREFIX}4S_grade9`. |"
    )
    for key, words in WORD_KEYS.items():
        yield f"| `{key}` | {' / '.join(words)} | |"
    yield ""


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(format_page())
