"""Hostile files, made by code: each case writes one and says what must come of reading it."""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import curriplan
from hostile import mutate
from hostile.targets import mini_parts, mini_plan, mini_review, mini_workbook

Make = Callable[[Path], Path]
MB = 1_000_000


@dataclass(frozen=True)
class Case:
    """A hostile file and what must come of it.

    Parameters
    ----------
    make : callable
        Writes into a folder and returns what to read.
    codes : tuple of str
        Codes of issues, one of which must be said; empty where the file is understood.
    exit_code : int
        Of the command.
    arguments : tuple of str
        The command; ``{}`` is the file.
    heavy : bool
        Whether it takes too long for the suite.
    most_lines : int
        Of the message.
    """

    make: Make
    codes: tuple[str, ...]
    exit_code: int = 3
    arguments: tuple[str, ...] = ("check", "{}", "--lang", "en")
    heavy: bool = False
    most_lines: int = 12
    nobody: bool = False


REVIEW = ("optimize", "--review", "{}", "--lang", "en")
PROFILE = ("optimize", "mini", "--profile", "{}", "--lang", "en")
VERIFY = ("verify", "{}", "mini", "--lang", "en")
PREVIOUS = ("optimize", "mini", "--previous", "{}", "--lang", "en")
SHEET = "xl/worksheets/sheet1.xml"
"""The first sheet of the workbook of `mini`: the table baseline."""
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
CASES: dict[str, Case] = {}


def _add(name: str, make: Make, *codes: str, **settings: object) -> None:
    CASES[name] = Case(make, codes, **settings)  # type: ignore[arg-type]


@cache
def _mini_book() -> dict[str, bytes]:
    return mutate.unpacked(mini_workbook())


@cache
def _review_book() -> dict[str, bytes]:
    return mutate.unpacked(mini_review())


def _saved(folder: Path, data: bytes, name: str = "book.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _book(parts: dict[str, bytes], base: Callable[[], dict[str, bytes]] = _mini_book) -> Make:
    def make(folder: Path) -> Path:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in {**base(), **parts}.items():
                archive.writestr(name, data)
        return _saved(folder, content.getvalue())

    return make


def _lazy(parts: Callable[[], dict[str, bytes]], base: Callable[[], dict[str, bytes]] = _mini_book) -> Make:
    return lambda folder: _book(parts(), base)(folder)


def _sheet(rows: Callable[[], bytes], before: bytes = b"", after: bytes = b"") -> Make:
    """Write the workbook of mini with other rows on its first sheet."""
    head, tail = HEAD.replace(b"<sheetData>", before + b"<sheetData>"), TAIL.replace(b"</w", after + b"</w")
    return _lazy(lambda: {SHEET: head + rows() + tail})


def _replaced(name: str, old: bytes, new: bytes) -> Make:
    def parts() -> dict[str, bytes]:
        data = _mini_book()[name]
        assert old in data, name
        return {name: data.replace(old, new, 1)}

    return _lazy(parts)


def _folder(**files: bytes) -> Make:
    """Write mini as a folder, with other files; two underscores in a name are a dot."""

    def make(folder: Path) -> Path:
        path = folder / "catalog"
        path.mkdir()
        for name, data in {**mini_parts(), **{n.replace("__", "."): d for n, d in files.items()}}.items():
            (path / name).write_bytes(data)
        return path

    return make


def _lazy_folder(**files: Callable[[], bytes]) -> Make:
    return lambda folder: _folder(**{name: make() for name, make in files.items()})(folder)


def _file(name: str, data: Callable[[], bytes]) -> Make:
    return lambda folder: _saved(folder, data(), name)


def _in_info(line: str | Callable[[], str]) -> Make:
    """Write `mini` with a further line in its catalog.toml; a long one is made only when it is written."""

    def content() -> bytes:
        added = line if isinstance(line, str) else line()
        return mini_parts()["catalog.toml"] + added.encode("utf-8", "surrogatepass")

    return _lazy_folder(catalog__toml=content)


# ------------------------------------------------------------------ archives


def _flat_bomb(folder: Path) -> Path:
    return _saved(folder, _flat_bomb_content())


@cache
def _flat_bomb_content() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with archive.open(SHEET, "w") as part:
            for _ in range(400):
                part.write(bytes(MB))
    return content.getvalue()


def _many_parts(folder: Path) -> Path:
    path = folder / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(300):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(MB))
        archive.writestr("xl/workbook.xml", "<x/>")
    return path


def _hundred_thousand_parts(folder: Path) -> Path:
    path = folder / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"x{number}"), b"")
    return path


def _lying_size(folder: Path) -> Path:
    """Say of a part of 400 MB that it has 100 bytes."""
    data = bytearray(_flat_bomb_content())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 100)
    return _saved(folder, bytes(data))


def _overlapping(folder: Path) -> Path:
    """Let a hundred entries of the directory share one packed part, as the zip bombs of 2019 do."""
    packed = zlib.compress(bytes(10 * MB), 9)[2:-4]
    name, crc = b"xl/workbook.xml", zlib.crc32(bytes(10 * MB))
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, crc, len(packed), 10 * MB, len(name), 0)
    local = b"PK\x03\x04" + fields + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 100, 100, len(entry) * 100, len(local), 0)
    return _saved(folder, local + entry * 100 + end)


def _nested(folder: Path) -> Path:
    """Put archives into archives, as 42.zip does; nobody is to unpack what nobody reads."""
    data = mutate.packed({"0": bytes(10 * MB)}, zipfile.ZIP_DEFLATED)
    for _ in range(5):
        data = mutate.packed({f"{number}.zip": data for number in range(16)}, zipfile.ZIP_DEFLATED)
    return _book({f"xl/media/{number}.zip": data for number in range(16)})(folder)


def _packed_otherwise(method: int) -> Make:
    return lambda folder: _saved(folder, mutate.packed(_mini_book(), method))


def _greedy_lzma(folder: Path) -> Path:
    """Ask for a dictionary of nearly 4 GiB before the first byte is unpacked."""
    data = bytearray(mutate.packed({"xl/workbook.xml": b"<x/>" * 1000}, zipfile.ZIP_LZMA))
    at = data.index(b"workbook.xml") + len(b"workbook.xml") + 4
    data[at + 1 : at + 5] = b"\xff\xff\xff\xf0"
    return _saved(folder, bytes(data))


def _truncated(sixteenths: int) -> Make:
    def make(folder: Path) -> Path:
        data = mutate.packed(_mini_book(), zipfile.ZIP_DEFLATED)
        return _saved(folder, data[: len(data) * sixteenths // 16])

    return make


def _password_zip(folder: Path) -> Path:
    data = bytearray(mutate.packed(_mini_book()))
    at = -1
    while (at := data.find(b"PK\x03\x04", at + 1)) >= 0:
        data[at + 6] |= 1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return _saved(folder, bytes(data))


_add("zip bomb, one part", _flat_bomb, "file-too-large")
_add("zip bomb, many parts", _many_parts, "file-too-large")
_add("zip with 100,000 parts", _hundred_thousand_parts, "file-too-large", "damaged-workbook")
_add("zip whose directory lies about a size", _lying_size, "damaged-workbook")
_add("zip with overlapping entries", _overlapping, "file-too-large", "damaged-workbook")
_add("zip in zip in zip", _nested, exit_code=0)
_add("zip packed by bzip2", _packed_otherwise(zipfile.ZIP_BZIP2), "damaged-workbook")
_add("zip packed by lzma", _packed_otherwise(zipfile.ZIP_LZMA), "damaged-workbook")
_add("zip that asks for 4 GiB of dictionary", _greedy_lzma, "damaged-workbook")
_add("zip with a password", _password_zip, "damaged-workbook", "encrypted-workbook")
for _part in range(1, 16):
    _add(f"truncated at {_part}/16", _truncated(_part), "damaged-workbook")
_add("an empty file", _file("book.xlsx", lambda: b""), "not-a-workbook")
_add("csv renamed to xlsx", _file("book.xlsx", lambda: mini_parts()["modules.csv"]), "not-a-workbook")
_add("xlsx renamed to csv", _lazy_folder(modules__csv=mini_workbook), "nul-byte", "wrong-encoding")
_add(
    "a workbook without the right ending",
    _file("book.bin", mini_workbook),
    "workbook-misnamed",
    "not-a-workbook",
)
_add("xls", _file("book.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)), "old-workbook")
_add(
    "encrypted",
    _file(
        "book.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
    ),
    "encrypted-workbook",
)
_add(
    "ods",
    lambda folder: _saved(
        folder,
        mutate.packed(
            {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}
        ),
        "book.ods",
    ),
    "open-document",
)

# ------------------------------------------------------------------ XML in a workbook

_BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
_add(
    "billion laughs in a sheet",
    _lazy(lambda: {SHEET: _BOMB + b"]>" + HEAD + b"<row><c><v>&a9;</v></c></row>" + TAIL}),
    "unsafe-xml",
)
_add(
    "external entity in a sheet",
    _lazy(
        lambda: {
            SHEET: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            + HEAD
            + b"<row><c><v>&a;</v></c></row>"
            + TAIL
        }
    ),
    "unsafe-xml",
)
for _name in (
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
):
    _add(
        f"billion laughs in {_name}",
        _lazy(
            lambda name=_name: {
                name: _BOMB + b"]>" + _mini_book()[name].partition(b"?>")[2]
                if _mini_book()[name].startswith(b"<?xml")
                else _BOMB + b"]>" + _mini_book()[name]
            }
        ),  # type: ignore[misc]
        "unsafe-xml",
    )
_add(
    "a deep nest in a sheet",
    _sheet(lambda: b"<row>" * 1_000_000),
    "damaged-workbook",
    "file-too-large",
    "too-many-formats",
    "missing-header",
)
_add(
    "a deep nest in the workbook",
    _lazy(lambda: {"xl/workbook.xml": b"<a>" * 200_000 + b"</a>" * 200_000}),
    "damaged-workbook",
    "too-many-formats",
    "not-a-catalog",
)
_add(
    "ten million shared strings",
    _lazy(
        lambda: {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + b"<si/>" * 10_000_000
            + b"</sst>"
        }
    ),
    "too-many-cells",
)
_add(
    "one tag with a million attributes",
    _sheet(lambda: b"<row " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>"),
    "xml-too-long",
)
_add(
    "a cell at XFD1048576",
    _sheet(lambda: b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "too-many-columns",
)
_add(
    "200,000 rows that end at XFD",
    _sheet(lambda: b"".join(b'<row r="%d"><c r="XFD%d" s="1"/></row>' % (n, n) for n in range(1, 200_000))),
    "missing-header",
    most_lines=30,
)
_add("1,048,576 empty rows", _sheet(lambda: b"<row/>" * 1_048_576), "missing-header")
_add("ten million empty rows", _sheet(lambda: b"<row/>" * 10_000_000), "too-many-cells")
_add(
    "three million empty cells",
    _sheet(lambda: (b"<row>" + b"<c/>" * 30 + b"</row>") * 100_000),
    "too-many-cells",
)
_add(
    "three million filled cells",
    _sheet(lambda: (b"<row>" + b"<c><v>1</v></c>" * 30 + b"</row>") * 100_000),
    "too-many-cells",
)
_add(
    "columns beyond the sheet",
    _sheet(lambda: b'<row r="1"><c r="XFE1"><v>1</v></c></row>'),
    "too-many-columns",
    "damaged-workbook",
)
_add(
    "columns of four letters",
    _sheet(lambda: b'<row r="1"><c r="ZZZZ1"><v>1</v></c></row>'),
    "damaged-workbook",
)
_add(
    "row 99999999999",
    _sheet(lambda: b'<row r="99999999999"><c><v>1</v></c></row>'),
    "missing-header",
    "damaged-workbook",
)
_add(
    "a row number of 10,000 digits", _sheet(lambda: b'<row r="' + b"9" * 10_000 + b'"/>'), "damaged-workbook"
)
_add("row -5", _sheet(lambda: b'<row r="-5"><c><v>1</v></c></row>'), "damaged-workbook")
_add(
    "a lying small dimension",
    _replaced(SHEET, b"<dimension ref=", b'<dimension ref="A1:A1"/><x y='),
    exit_code=0,
)
_add(
    "a lying large dimension",
    _replaced(SHEET, b"<dimension ref=", b'<dimension ref="A1:XFD1048576"/><x y='),
    exit_code=0,
)
_add(
    "a million merged cells",
    _sheet(lambda: b"", after=b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 1_000_000 + b"</mergeCells>"),
    "too-many-formats",
)
_add(
    "a million conditional formats",
    _sheet(
        lambda: b"",
        after=b'<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>1</formula></cfRule></conditionalFormatting>'
        * 300_000,
    ),
    "too-many-formats",
)
_add(
    "a million data validations",
    _sheet(
        lambda: b"",
        after=b"<dataValidations>"
        + b'<dataValidation sqref="A1"><formula1>1</formula1></dataValidation>' * 300_000
        + b"</dataValidations>",
    ),
    "too-many-formats",
)
_add(
    "a million styles",
    _replaced("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="0"/>' * 1_000_000 + b"</cellXfs>"),
    "too-many-formats",
)
_add(
    "a million defined names",
    _lazy(
        lambda: {
            "xl/workbook.xml": _mini_book()["xl/workbook.xml"].replace(
                b"</sheets>",
                b"</sheets><definedNames>"
                + b"".join(b'<definedName name="n%d">1</definedName>' % n for n in range(600_000))
                + b"</definedNames>",
                1,
            )
        }
    ),
    "too-many-formats",
)
_add(
    "the same sheet 100,000 times",
    _lazy(
        lambda: {
            "xl/workbook.xml": _mini_book()["xl/workbook.xml"].replace(
                b"<sheets>",
                b"<sheets>"
                + b"".join(
                    b'<sheet name="s%d" sheetId="%d" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
                    % (n, n + 100)
                    for n in range(100_000)
                ),
                1,
            )
        }
    ),
    "too-many-sheets",
    "damaged-workbook",
)
_add(
    "rows out of order",
    _sheet(lambda: b'<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'),
    "damaged-workbook",
)
_add(
    "cells out of order",
    _sheet(lambda: b'<row r="1"><c r="C1"><v>1</v></c><c r="B1"><v>1</v></c></row>'),
    "damaged-workbook",
)
_add(
    "a shared string beyond the list",
    _sheet(lambda: b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'),
    "missing-header",
    "text-not-there",
)
_add(
    "a shared string of 5 MB in 100,000 cells",
    _lazy(
        lambda: {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
            + b"x " * (5 * MB // 2)
            + b"</t></si></sst>",
            SHEET: HEAD + b'<row><c t="s"><v>0</v></c></row>' * 100_000 + TAIL,
        }
    ),
    "text-too-long",
    "missing-column",
    "out-of-memory",
    "missing-header",
    "unknown-column",
    most_lines=40,
)
_add(
    "a text of 30,000 letters in 100,000 cells",
    _lazy(
        lambda: {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
            + b"x" * 30_000
            + b" </t></si></sst>",
            SHEET: HEAD + b'<row><c t="s"><v>0</v></c></row>' * 100_000 + TAIL,
        }
    ),
    "out-of-memory",
    "missing-column",
    "missing-header",
    "unknown-column",
    most_lines=40,
)
_add(
    "one cell of 50 MB",
    _sheet(lambda: b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * 50 * MB + b"</t></is></c></row>"),
    "unknown-column",
    "missing-header",
    "out-of-memory",
    "missing-column",
)
_add(
    "wrong content types",
    _lazy(
        lambda: {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        }
    ),
    "damaged-workbook",
)
_add(
    "no relationships",
    _lazy(
        lambda: {
            "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
        }
    ),
    "damaged-workbook",
    most_lines=40,
)
_add(
    "a sheet at ../../etc/passwd",
    _replaced("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"../../../../../../etc/passwd"),
    "damaged-workbook",
)
_add(
    "a sheet outside of the file",
    _replaced("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"http://example.org/sheet1.xml"),
    "damaged-workbook",
)
_add("a part named ../../x", _book({"../../x": b"x", "/etc/x": b"x", "C:\\x": b"x"}), exit_code=0)
_add(
    "macros, links, OLE and DDE",
    _book(
        {
            "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(512),
            "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" Target="http://example.org/x.xlsx" TargetMode="External"/></Relationships>',
            "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + bytes(512),
        }
    ),
    exit_code=0,
)
_add(
    "UTF-16 parts",
    _lazy(
        lambda: {
            SHEET: _mini_book()[SHEET].decode("utf-8").partition("?>")[2].encode("utf-16")
            if _mini_book()[SHEET].startswith(b"<?xml")
            else _mini_book()[SHEET].decode("utf-8").encode("utf-16")
        }
    ),
    exit_code=0,
)
_add(
    "escape codes in a cell",
    _sheet(lambda: b'<row r="1"><c r="A1" t="inlineStr"><is><t>_x001B_[31m_x0007_</t></is></c></row>'),
    "unknown-column",
    most_lines=30,
)

# ------------------------------------------------------------------ CSV


def _baseline(rows: Iterable[bytes]) -> bytes:
    return b"programme,competency,level,source\n" + b"".join(rows)


_add(
    "a CSV of three million rows",
    _lazy_folder(baseline__csv=lambda: _baseline([b"TECH,DATA,1,x\n" * 3_000_000])),
    "too-many-rows",
)
_add(
    "a CSV of 90 million empty rows",
    _lazy_folder(baseline__csv=lambda: _baseline([b"\n" * 90_000_000])),
    "too-many-rows",
)
_add(
    "a CSV of 250 MB",
    _lazy_folder(
        baseline__csv=lambda: _baseline([b"TECH,DATA,1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" * 5_200_000])
    ),
    "file-too-large",
)
_add(
    "a CSV of 95 MB with one emoji",
    _lazy_folder(
        baseline__csv=lambda: _baseline(
            ["\U0001f4a3".encode(), b"TECH,DATA,1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" * 2_000_000]
        )
    ),
    "file-too-large",
    "too-many-rows",
)
_add(
    "one row of 50 MB",
    _lazy_folder(baseline__csv=lambda: _baseline([b"," * (50 * MB)])),
    "row-too-long",
    "too-many-columns",
    "malformed-csv",
)
_add(
    "one row of 95 MB",
    _lazy_folder(baseline__csv=lambda: _baseline([b"," * (95 * MB)])),
    "row-too-long",
    "too-many-columns",
    "malformed-csv",
    "file-too-large",
)
_add(
    "one quoted row of 50 MB on many lines",
    _lazy_folder(baseline__csv=lambda: _baseline([b'"', b'\n","' * (12 * MB)])),
    "row-too-long",
    "too-many-columns",
    "malformed-csv",
)
_add(
    "one cell of 50 MB in a CSV",
    _lazy_folder(baseline__csv=lambda: _baseline([b"x" * (50 * MB)])),
    "row-too-long",
    "malformed-csv",
)
_add(
    "a header of 100,000 columns",
    _lazy_folder(baseline__csv=lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n"),
    "too-many-columns",
)
_add(
    "200,000 rows of 100 cells",
    _lazy_folder(baseline__csv=lambda: _baseline([(b"x," * 99 + b"x\n") * 190_000])),
    "too-many-cells",
    "ragged-row",
)
_add(
    "190,000 wrong rows",
    _lazy_folder(baseline__csv=lambda: _baseline(b"A%d,B%d,x,y\n" % (n, n) for n in range(190_000))),
    "wrong-whole-number",
    most_lines=10**6,
)
_add(
    "190,000 unknown references",
    _lazy_folder(baseline__csv=lambda: _baseline(b"TECH,B%d,1,y\n" % n for n in range(190_000))),
    "unknown-reference",
    most_lines=10**6,
)
_add(
    "5,000 unknown references of 5,000 ids",
    _lazy_folder(
        competencies__csv=lambda: (
            mini_parts()["competencies.csv"]
            + b"".join(b"CASE-NUMBER-%05d,a,b,c,occupational,1,data,,\n" % n for n in range(5_000))
        ),
        baseline__csv=lambda: _baseline(b"TECH,CASE-NUMBER-%05d,1,y\n" % n for n in range(5_000, 10_000)),
    ),
    "unknown-reference",
    most_lines=10**6,
)
_add(
    "100,000 same keys",
    _lazy_folder(baseline__csv=lambda: _baseline([b"TECH,DATA,1,x\n" * 100_000])),
    "duplicate-key",
    most_lines=10**6,
)
_add(
    "a quote that never closes",
    _lazy_folder(baseline__csv=lambda: _baseline([b'"TECH,DATA,1,x\n' + b"TECH,DATA,1,x\n" * 100_000])),
    "malformed-csv",
    "row-too-long",
)
for _codec in ("utf-16-le", "utf-32", "cp866", "koi8-r"):
    _add(
        f"CSV in {_codec}",
        _lazy_folder(
            modules__csv=lambda codec=_codec: mini_parts()["modules.csv"].decode().encode(codec, "replace")
        ),
        "wrong-encoding",
        "nul-byte",
    )
for _codec in ("utf-16", "cp1251"):
    _add(
        f"CSV in {_codec}",
        _lazy_folder(
            modules__csv=lambda codec=_codec: mini_parts()["modules.csv"].decode().encode(codec, "replace")  # type: ignore[misc]
        ),
        "other-encoding",
        exit_code=0,
    )
_add(
    "CSV in UTF-8 with BOM",
    _lazy_folder(modules__csv=lambda: b"\xef\xbb\xbf" + mini_parts()["modules.csv"]),
    exit_code=0,
)
_add(
    "CSV with ;",
    _lazy_folder(modules__csv=lambda: mini_parts()["modules.csv"].replace(b",", b";")),
    "wrong-delimiter",
    exit_code=0,
)
_add(
    "CSV with CR only",
    _lazy_folder(modules__csv=lambda: mini_parts()["modules.csv"].replace(b"\n", b"\r")),
    exit_code=0,
)
_add(
    "NUL bytes in a CSV",
    _lazy_folder(modules__csv=lambda: mini_parts()["modules.csv"].replace(b"BASE", b"BA\0SE")),
    "nul-byte",
)
_add(
    "escape codes in a CSV",
    _lazy_folder(baseline__csv=lambda: _baseline([b"\x1b]0;owned\x07,\x1b[31mDATA,1,x\n"])),
    "control-character",
)
_add(
    "bidi overrides in a CSV",
    _lazy_folder(baseline__csv=lambda: _baseline(["\u202eHCET,\u2066DATA,1,x\n".encode()])),
    "wrong-id",
    "odd-characters",
)
_add(
    "escape codes in a header",
    _lazy_folder(baseline__csv=lambda: b"programme,competency,level,source,\x1b[2J\n"),
    "unknown-column",
    most_lines=30,
)

# ------------------------------------------------------------------ catalog.toml

_add("a million digits", _in_info("schema2 = " + "9" * 900_000), "malformed-toml")
_add("deep nesting in TOML", _in_info("x = " + "[" * 900_000), "malformed-toml")
_add(
    "deep dotted keys in TOML",
    _in_info("x" + ".x" * 100_000 + " = 1"),
    "malformed-toml",
    "unknown-key",
    "file-too-large",
)
_add(
    "a key of 5 MB in TOML",
    _in_info(lambda: "x" * 5 * MB + " = 1"),
    "unknown-key",
    "malformed-toml",
    "file-too-large",
)
_add(
    "a million keys in TOML",
    _in_info(lambda: "\n".join(f"k{n} = 1" for n in range(300_000))),
    "unknown-key",
    "malformed-toml",
    "file-too-large",
    most_lines=10**6,
)
_add("a catalog.toml of 100 MB", _in_info(lambda: "# " + "x" * 100 * MB), "file-too-large")
_add(
    "dates in TOML",
    _lazy_folder(catalog__toml=lambda: b"id = 2026-01-01\nschema = 07:32:00\n"),
    "wrong-text",
    "wrong-word",
    "out-of-range",
)
_add(
    "escape codes in TOML",
    _in_info('"\\u001b[31m" = "\\u001b]0;x\\u0007"'),
    "unknown-key",
    "control-character",
)
for _path in ("../../etc/passwd", "/etc/passwd", "http://example.org/x", "..\\\\x", "CON", "x" * 10_000):
    _add(
        f"profile {_path[:20]}",
        lambda folder, path=_path: _without_profile(folder, path),
        "unknown-profile",
        "wrong-id",
        "wrong-text",
    )


def _without_profile(folder: Path, name: str) -> Path:
    path = _in_info(f'\nprofile = "{name}"')(folder)
    (path / "profile.csv").unlink()
    return path


for _id in ("../x", "CON", "con.csv", "a/b", "a\\\\b", ".", "..", "x" * 10_000):
    _codes = () if _id in {"CON", "con.csv"} else ("wrong-id",)
    _add(
        f"the id {_id[:12]}",
        _lazy_folder(
            catalog__toml=lambda name=_id: mini_parts()["catalog.toml"].replace(
                b'"mini"', b'"' + name.encode() + b'"'
            )
        ),
        *_codes,
        exit_code=3 if _codes else 0,
    )

# ------------------------------------------------------------------ files that are none


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "x.xlsx")
    return folder / "x.xlsx"


def _fifo_in_folder(folder: Path) -> Path:
    path = _folder()(folder)
    (path / "baseline.csv").unlink()
    os.mkfifo(path / "baseline.csv")
    return path


def _link_to(target: str, name: str = "book.xlsx") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).symlink_to(target)
        return folder / name

    return make


def _linked_table(target: str) -> Make:
    def make(folder: Path) -> Path:
        path = _folder()(folder)
        (path / "baseline.csv").unlink()
        (path / "baseline.csv").symlink_to(target)
        return path

    return make


def _others_may_read(path: Path) -> bool:
    """Say whether a user who is nobody gets to a file: CI has the package in a folder of its own."""
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in path.parents)


def _unreadable(folder: Path) -> Path:
    path = _folder()(folder)
    (path / "baseline.csv").chmod(0)
    return path


def _directory_named_like_a_book(folder: Path) -> Path:
    (folder / "x.xlsx").mkdir()
    return folder / "x.xlsx"


def _directory_named_like_a_table(folder: Path) -> Path:
    path = _folder()(folder)
    (path / "floors.csv").unlink()
    (path / "floors.csv").mkdir()
    return path


def _named(name: bytes) -> Make:
    """Put a file of that name beside the tables."""

    def make(folder: Path) -> Path:
        path = _folder()(folder)
        with open(os.fsencode(path) + b"/" + name, "wb") as file:  # noqa: PTH123 - no text has such a name
            file.write(b"x")
        return path

    return make


_add("a folder named x.xlsx", _directory_named_like_a_book, "not-a-catalog")
_add("a folder named floors.csv", _directory_named_like_a_table, "file-unreadable")
_add("a FIFO", _fifo, "file-unreadable", "not-a-workbook")
_add("a FIFO for a table", _fifo_in_folder, "file-unreadable")
_add("/dev/zero", lambda _: Path("/dev/zero"), "file-unreadable", "not-a-workbook")
_add("/dev/zero for a table", _linked_table("/dev/zero"), "file-unreadable")
_add("/etc/passwd for a table", _linked_table("/etc/passwd"), "ragged-row", most_lines=30)
_add("a link to itself", _link_to("book.xlsx"), "catalog-not-found", "file-unreadable")
_add("a table that links to itself", _linked_table("baseline.csv"), "file-unreadable")
if os.getuid() or _others_may_read(Path(curriplan.__file__)):
    _add("an unreadable table", _unreadable, "file-unreadable", "catalog-not-found", nobody=True)
for _name in (
    b"line\nbreak.csv",
    b"\x1b[31mred.csv",
    b"\xff\xfe.csv",
    b"x" * 250 + b".csv",
    "\u202evsc.csv".encode(),
    b"{value}.csv",
):
    _add(f"a table named {_name[:12]!r}", _named(_name), "unknown-file", exit_code=-1, most_lines=8)
_add("a path of 1,000 letters", lambda _: Path("x" * 1_000), "catalog-not-found")

# ------------------------------------------------------------------ plan.json


def _plan(change: Callable[[bytes], bytes]) -> Make:
    return _file("plan.json", lambda: change(mini_plan()))


def _plan_tree(change: Callable[[dict[str, object]], object]) -> Make:
    def changed(data: bytes) -> bytes:
        tree = json.loads(data)
        change(tree)
        return json.dumps(tree).encode()

    return _plan(changed)


_add(
    "deep nesting in plan.json",
    _file("plan.json", lambda: b"[" * 10_000_000),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "10^400 in plan.json",
    _plan(lambda data: data.replace(b'"gap": 0.001', b'"gap": 1' + b"0" * 400, 1)),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "a million digits in plan.json",
    _plan(lambda data: data.replace(b'"gap": 0.001', b'"gap": ' + b"9" * MB, 1)),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "NaN in plan.json",
    _plan(lambda data: data.replace(b'"gap": 0.001', b'"gap": NaN', 1)),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "the same key twice in plan.json",
    _plan(lambda data: data.replace(b'"gap": 0.001', b'"gap": 0.5, "gap": 0.001', 1)),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "an unknown key in plan.json", _plan_tree(lambda tree: tree.update(x=1)), "plan-invalid", arguments=VERIFY
)
_add(
    "wrong types in plan.json",
    _plan_tree(lambda tree: tree.update(limits=[])),
    "plan-invalid",
    arguments=VERIFY,
)
_add(
    "a plan.json of 200 MB",
    _plan(lambda data: data.rstrip()[:-1] + b" " * (200 * MB) + b"}"),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "a plan.json of 40 million numbers",
    _file("plan.json", lambda: b'{"schema":"curriplan-plan/1","x":[' + b"1," * 40_000_000 + b"1]}"),
    "plan-invalid",
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "a plan.json of 30 million lists",
    _file("plan.json", lambda: b"[" + b"[]," * 30_000_000 + b"1]"),
    "plan-unreadable",
    arguments=VERIFY,
)
_add("an empty plan.json", _file("plan.json", lambda: b""), "plan-unreadable", arguments=VERIFY)
_add(
    "a plan.json in CP1251",
    _file("plan.json", lambda: '{"я": 1}'.encode("cp1251")),
    "plan-unreadable",
    arguments=VERIFY,
)
_add(
    "a plan that names /etc/passwd",
    _plan_tree(lambda tree: tree["catalog"].update(source="/etc/passwd")),
    "saved-catalog-elsewhere",
    arguments=("verify", "{}", "--lang", "en"),
)  # type: ignore[attr-defined]
_add(
    "a plan that names an address",
    _plan_tree(lambda tree: tree["catalog"].update(source="//example.org/x")),
    "saved-catalog-elsewhere",
    arguments=("verify", "{}", "--lang", "en"),
)  # type: ignore[attr-defined]
_add(
    "deep nesting in --previous",
    _file("plan.json", lambda: b"[" * 10_000_000),
    "plan-unreadable",
    arguments=PREVIOUS,
)
_add("/dev/zero as --previous", lambda _: Path("/dev/zero"), "plan-unreadable", arguments=PREVIOUS)
_add("a FIFO as plan.json", _fifo, "plan-unreadable", arguments=VERIFY)

# ------------------------------------------------------------------ --review and --profile


def _carried(texts: Iterable[str]) -> Make:
    """Write a workbook whose first sheet carries these texts."""
    cells = "".join(f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in texts)
    return _sheet(lambda: cells.encode())


def _compressed(block: bytes, times: int) -> bytes:
    """Return what unpacks to a block many times over, having packed it once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(times):
        checksum = zlib.adler32(block, checksum)
    return b"\x78\xda" + packed * times + packer.flush() + checksum.to_bytes(4, "big")


def _packed_bomb() -> list[str]:
    import base64
    import hashlib

    packed = base64.b64encode(_compressed(b" " * MB, 900)).decode()
    parts = [packed[at : at + 30_000] for at in range(0, len(packed), 30_000)]
    lines = [f"curriplan-review/1:{n}/{len(parts)}:{part}" for n, part in enumerate(parts, 1)]
    return [*lines, "curriplan-review/1:sha256:" + hashlib.sha256(b"").hexdigest()]


def _deep_data() -> list[str]:
    import base64
    import hashlib

    content = b"[" * 5_000_000
    packed = base64.b64encode(zlib.compress(content, 9)).decode()
    parts = [packed[at : at + 30_000] for at in range(0, len(packed), 30_000)]
    lines = [f"curriplan-review/1:{n}/{len(parts)}:{part}" for n, part in enumerate(parts, 1)]
    return [*lines, "curriplan-review/1:sha256:" + hashlib.sha256(content).hexdigest()]


_add(
    "a review as it was sent",
    lambda folder: _saved(folder, mini_review()),
    "review-nothing-decided",
    arguments=("optimize", "mini", *REVIEW[1:]),
)
_add("a plan as it was written", _plan(lambda data: data), exit_code=0, arguments=VERIFY, most_lines=60)
_add("zip bomb as a review", _flat_bomb, "file-too-large", arguments=REVIEW)
_add(
    "a catalog as a review",
    lambda folder: _saved(folder, mini_workbook()),
    "review-without-data",
    arguments=REVIEW,
)
_add(
    "a bomb in the data that a review carries",
    lambda folder: _carried(_packed_bomb())(folder),
    "review-data-damaged",
    arguments=REVIEW,
)
_add(
    "deep nesting in the data that a review carries",
    lambda folder: _carried(_deep_data())(folder),
    "review-data-damaged",
    arguments=REVIEW,
)
_add(
    "a billion lines promised by a review",
    _carried(["curriplan-review/1:1/1000000000:AAAA", "curriplan-review/1:sha256:" + "0" * 64]),
    "review-data-damaged",
    arguments=REVIEW,
)
_add(
    "a line number of 5,000 digits in a review",
    _carried([f"curriplan-review/1:{'9' * 5000}/1:AAAA", "curriplan-review/1:sha256:" + "0" * 64]),
    "review-data-damaged",
    arguments=REVIEW,
)
_add(
    "a review cut short",
    lambda folder: _saved(folder, mini_review()[:20_000]),
    "damaged-workbook",
    arguments=REVIEW,
)
_add(
    "a review with rows that end at XFD",
    lambda folder: _sheet(
        lambda: b"".join(b'<row r="%d"><c r="XFD%d" s="1"/></row>' % (n, n) for n in range(1, 100_000))
    )(folder),
    "review-without-data",
    arguments=REVIEW,
)
_add(
    "/dev/zero as a review",
    lambda _: Path("/dev/zero"),
    "file-unreadable",
    "not-a-workbook",
    arguments=REVIEW,
)
_add("/dev/zero as a profile", lambda _: Path("/dev/zero"), "file-unreadable", arguments=PROFILE)
_add("a profile with NUL bytes", _file("p.csv", lambda: b"key,value\0\n"), "nul-byte", arguments=PROFILE)
_add(
    "a profile of inf and NaN",
    _file(
        "p.csv",
        lambda: (
            b"key,value,source,verified,as_of\nhours_per_credit,inf,x,no,2026-01-01\ncredit_step,nan,x,no,2026-01-01\nweekly_hours,1e999,x,no,2026-01-01\n"
        ),
    ),
    "profile-not-number",
    "out-of-range",
    arguments=PROFILE,
)
_add(
    "a profile of one row of 50 MB",
    _file("p.csv", lambda: b"key,value\n" + b"," * 50 * MB),
    "row-too-long",
    "malformed-csv",
    arguments=PROFILE,
)


def unfit(case: Case) -> bool:
    """Say whether a case cannot be made on this system."""
    return sys.platform == "win32"
