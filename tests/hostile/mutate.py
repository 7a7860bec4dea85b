"""Mutations that know the structure of what they spoil: bytes, CSV, TOML, JSON and the XML of a workbook.

Each takes a `random.Random` and a sample, and returns a new one; nothing here knows curriplan.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Parts = Mapping[str, bytes]
"""A sample of several files: a folder, or the parts of a workbook."""

TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "-0",
    "1e308",
    "1e999",
    "1e-999",
    "NaN",
    "inf",
    "-inf",
    "9" * 20,
    "9" * 5000,
    "0x10",
    "1_000",
    "٣",
    "²",
    "½",
    "1,5",
    "1 200,50",
    "1,200",
    "1;2;3",
    ";",
    "yes",
    "TRUE",
    "да",
    "иә",
    "=1+1",
    "=cmd|'/c calc'!A1",
    "@SUM(A1)",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\u202egnp.exe",
    "\u2066\u2069\u200b\ufeff",
    "\x00",
    "\x07",
    "\x7f",
    "\x85",
    "\u2028",
    "\ud7ff\ue000\ufffd",
    "\uffff",
    "\U0001f4a3",
    "{0}",
    "{value}",
    "{reason.__class__}",
    "%s%n",
    "[bold]",
    "[/]",
    "../../etc/passwd",
    "..\\..\\x",
    "C:\\CON",
    "CON",
    "file:///etc/passwd",
    "http://example.org/x",
    "a\nb",
    'a"b',
    "'",
    ",",
    "КМ01",
    "KМ01",
    "DATA",
    "TECH",
    "2026-1",
    "2100-2",
    "*-1",
    "9999-13",
    "2026-02-30",
    "x" * 300,
    "x" * 33_000,
    "ү" * 33_000,
    "_x0000_",
    "_xD800_",
    "_x000D_",
    "#N/A",
    "None",
    "null",
    "[]",
    "{}",
    "__proto__",
    "id",
    "key",
)
"""Values that have broken other programs."""
NUMBERS: tuple[Any, ...] = (
    0,
    -1,
    1,
    2,
    9,
    10**6,
    10**15,
    10**16,
    2**63,
    10**30,
    0.1,
    -0.0,
    1e308,
    1e-308,
    1.5,
)
CODECS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "cp866", "koi8-r", "utf-7")


def spoil_bytes(random: Random, data: bytes) -> bytes:
    """Flip, cut, repeat or overwrite bytes anywhere."""
    at = random.randrange(len(data) + 1)
    length = random.choice((1, 2, 4, 16, 256))
    kind = random.randrange(6)
    if kind == 0 and data:
        at = min(at, len(data) - 1)
        return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + data[at + length :]
    if kind == 3:
        return data[:at] + data[at : at + length] * random.choice((2, 3, 50)) + data[at:]
    if kind == 4:
        return data[:at] + random.randbytes(length) + data[at + length :]
    return (
        data[:at]
        + random.choice((b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"\r", b"<", b"\x1a"))
        + data[at:]
    )


def spoil_encoding(random: Random, data: bytes) -> bytes:
    """Write the same text in another encoding."""
    return data.decode("utf-8", "replace").encode(random.choice(CODECS), "replace")


def spoil_csv(random: Random, data: bytes) -> bytes:
    """Change cells, rows, columns, separators or line ends of a table."""
    text = data.decode("utf-8", "replace")
    rows = [line.split(",") for line in text.splitlines()] or [[""]]
    kind = random.randrange(12)
    row = random.choice(rows)
    if kind < 5:
        row[random.randrange(len(row))] = _quoted(random, random.choice(TEXTS))
    elif kind == 5:
        other = random.choice(rows)
        row[random.randrange(len(row))] = random.choice(other)
    elif kind == 6:
        rows.insert(random.randrange(len(rows) + 1), random.choice((list(row), [""], ["#"], [" "] * 3)))
    elif kind == 7:
        rows.remove(row)
    elif kind == 8:
        row.insert(random.randrange(len(row) + 1), random.choice(TEXTS))
    elif kind == 9:
        at = random.randrange(len(row))
        rows = [one[:at] + one[at + 1 :] for one in rows]
    elif kind == 10:
        random.shuffle(rows)
    sign = random.choice((";", "\t", "|", "\0")) if kind == 11 else ","
    end = random.choice(("\n", "\r\n", "\r", "\n\n", "\u2028")) if random.random() < 0.2 else "\n"
    return end.join(sign.join(one) for one in rows).encode("utf-8", "surrogatepass")


def _quoted(random: Random, text: str) -> str:
    if random.random() < 0.7:
        text = '"' + text.replace('"', '""') + '"'
    return text


TOML_VALUES = (
    *('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in TEXTS if text.isprintable()),
    "0",
    "-1",
    "9" * 5000,
    "1e400",
    "nan",
    "inf",
    "true",
    "[]",
    "{}",
    "[[[[]]]]",
    "{a.b.c = 1}",
    "2026-02-30",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "07:32:00",
    "0x1F",
    "[" * 3000,
    "'''\n'''",
    '["a", 1, true]',
    '{path = "../x", text = "y"}',
    '["../../etc"]',
    '"\\u0000"',
    '"\\u001b[31m"',
)
TOML_KEYS = (
    "id",
    "schema",
    "language",
    "title_kk",
    "profile",
    "attribution",
    "illustrative",
    "classification",
    "extends",
    "licence",
    "version",
    "x" * 40,
    '"a b"',
    "''",
    "a.b.c.d",
    "[table]\nx",
    "[[array]]\ny",
    "kk = 1\nid",
)


def spoil_toml(random: Random, data: bytes) -> bytes:
    """Change keys and values of a TOML file."""
    lines = data.decode("utf-8", "replace").splitlines() or [""]
    at = random.randrange(len(lines))
    kind = random.randrange(5)
    if kind < 2:
        key = lines[at].partition("=")[0] or "id "
        lines[at] = f"{key}= {random.choice(TOML_VALUES)}"
    elif kind == 2:
        lines.insert(at, f"{random.choice(TOML_KEYS)} = {random.choice(TOML_VALUES)}")
    elif kind == 3:
        del lines[at]
    else:
        lines.insert(at, lines[random.randrange(len(lines))])
    return "\n".join(lines).encode("utf-8", "surrogatepass")


JSON_VALUES: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"a": 1}, "", *NUMBERS, *TEXTS[:60])
RAW_JSON = ("NaN", "Infinity", "-Infinity", "1e400", "9" * 5000, "[" * 50_000, '{"a":' * 20_000, '"\\ud800"')


def spoil_tree(random: Random, tree: Any) -> Any:
    """Return JSON data with one node replaced, left out, doubled, or swapped with another."""
    nodes = list(_nodes(tree))
    holder, key = random.choice(nodes)
    kind = random.randrange(6)
    value = holder[key]
    if kind < 2:
        holder[key] = random.choice(JSON_VALUES)
    elif kind == 2:
        del holder[key]
    elif kind == 3:
        other, name = random.choice(nodes)
        holder[key] = json.loads(json.dumps(other[name])) if _has(other, name) else None
    elif kind == 4 and isinstance(holder, list):
        holder.insert(key, json.loads(json.dumps(value)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        holder[key] = random.choice((value + 1, value - 1, -value, value * 1000, float(value), str(value)))
    else:
        _rename(random, holder, key)
    return tree


def _nodes(tree: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            found.append((node, key))
            stack.append(node[key])
    return found or [([tree], 0)]


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _rename(random: Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[random.choice(TEXTS)] = holder.pop(key)
    else:
        holder.append(holder[key])


def spoil_json(random: Random, data: bytes) -> bytes:
    """Change a JSON file by its structure, or by the text of one value."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return spoil_bytes(random, data)
    if random.random() < 0.85:
        return json.dumps(spoil_tree(random, tree), ensure_ascii=random.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
    values = list(re.finditer(rb'(?<=: )(?:[0-9.]+|"[^"\\]*"|null|true|false)', data))
    if not values:
        return spoil_bytes(random, data)
    found = random.choice(values)
    return data[: found.start()] + random.choice(RAW_JSON).encode() + data[found.end() :]


def packed(parts: Parts, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return the bytes of a zip archive of parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, compression)
    return content.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


ADDRESSES = (
    "A1",
    "XFD1048576",
    "A0",
    "A1048577",
    "XFE1",
    "ZZZZ1",
    "1",
    "A",
    "",
    "A" * 300,
    "A" + "9" * 5000,
    "a1",
)
TYPES = ("n", "s", "str", "inlineStr", "b", "e", "d", "x", "")
ATTRIBUTES = (
    "r",
    "t",
    "s",
    "ref",
    "name",
    "sheetId",
    "state",
    "r:id",
    "Id",
    "Target",
    "Type",
    "PartName",
    "count",
)
INNER = (
    b"",
    b"<f>1+1</f>",
    b"<f/><v>1</v>",
    b"<v/>",
    b"<v>1e400</v>",
    b"<v>99999999</v>",
    b"<v>-1</v>",
    b"<v>nan</v>",
    b"<v>2026-02-30</v>",
    b"<is><t>x</t></is>",
    b"<is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is>",
    b"<v>&lt;</v>",
    b"<v>" + b"9" * 5000 + b"</v>",
    b'<f t="shared" si="0"/>',
    b'<f t="array" ref="A1:XFD1048576">1</f>',
    b'<f t="dataTable" ref="A1"/>',
    b"<v>&#0;</v>",
    b"<v><v>1</v></v>",
)
NODES = (
    b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    b'<dimension ref="A1:XFD1048576"/>',
    b'<row r="99999999999"><c r="A1"><v>1</v></c></row>',
    b'<row r="x"/>',
    b'<row r="1.5"/>',
    b'<row r="-5"><c><v>1</v></c></row>',
    b'<row><c r="XFD1" s="1"/></row>',
    b'<cols><col min="0" max="99999999"/></cols>',
    b"<!DOCTYPE x>",
    b'<!DOCTYPE x [<!ENTITY a "b">]>',
    b"<!-- -->",
    b"<?x y?>",
    b"<![CDATA[x]]>",
    b"<conditionalFormatting/>",
    b'<dataValidations><dataValidation type="x" sqref="!"/></dataValidations>',
    b'<hyperlinks><hyperlink ref="?" r:id="rId9"/></hyperlinks>',
    b'<sheetProtection password="zz"/>',
    b'<sheet name="x" sheetId="9" r:id="rId1"/>',
    b'<definedName name="_xlnm.Print_Area" localSheetId="99">x</definedName>',
    b'<workbookPr date1904="x"/>',
    b"<sheetViews><sheetView/></sheetViews>",
    b'<extLst><ext uri="x"/></extLst>',
)


def spoil_xml(random: Random, data: bytes) -> bytes:
    """Change tags, attributes and texts of an XML part."""
    tags = list(re.finditer(rb"<[^<>]+>", data))
    if not tags:
        return spoil_bytes(random, data)
    tag = random.choice(tags)
    kind = random.randrange(9)
    if kind == 0:
        return data[: tag.start()] + data[tag.end() :]
    if kind == 1:
        return data[: tag.end()] + tag[0] + data[tag.end() :]
    if kind == 2:
        return data[: tag.start()] + random.choice(NODES) + data[tag.start() :]
    if kind in {3, 4}:
        return data[: tag.start()] + _spoil_attribute(random, tag[0]) + data[tag.end() :]
    if kind in {5, 6, 7}:
        return _spoil_cell(random, data)
    other = random.choice(tags)
    return data[: tag.start()] + other[0] + data[tag.end() :]


def _spoil_attribute(random: Random, tag: bytes) -> bytes:
    found = list(re.finditer(rb'([\w:]+)="([^"]*)"', tag))
    value = random.choice((*TEXTS, *ADDRESSES, *TYPES, "hidden", "veryHidden"))
    clean = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").encode("utf-8", "replace")
    if not found or random.random() < 0.2:
        name = random.choice(ATTRIBUTES).encode()
        return re.sub(rb"(/?>)$", lambda end: b" " + name + b'="' + clean + b'"' + end[0], tag)
    one = random.choice(found)
    return tag[: one.start(2)] + clean + tag[one.end(2) :]


def _spoil_cell(random: Random, data: bytes) -> bytes:
    cells = list(re.finditer(rb"<c ([^<>]*?)(?:/>|>(.*?)</c>)", data, re.DOTALL))
    if not cells:
        texts = list(re.finditer(rb"(?<=>)[^<>]+(?=<)", data))
        if not texts:
            return spoil_bytes(random, data)
        found = random.choice(texts)
        return data[: found.start()] + _escaped(random.choice(TEXTS)) + data[found.end() :]
    cell = random.choice(cells)
    inner = random.choice((*INNER, b"<is><t>" + _escaped(random.choice(TEXTS)) + b"</t></is>"))
    address = random.choice(ADDRESSES).encode() if random.random() < 0.3 else b""
    r = re.search(rb'r="([^"]*)"', cell[1])
    address = address or (r[1] if r else b"")
    kind = b"inlineStr" if b"<is>" in inner and random.random() < 0.8 else random.choice(TYPES).encode()
    new = b'<c r="%s" t="%s">%s</c>' % (address, kind, inner)
    return data[: cell.start()] + new + data[cell.end() :]


def _escaped(text: str) -> bytes:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.encode("utf-8", "replace")


def spoil_parts(
    random: Random, parts: Parts, ending: str, change: Callable[[Random, bytes], bytes]
) -> dict[str, bytes]:
    """Change one of the parts whose name has the ending."""
    name = random.choice([name for name in sorted(parts) if name.endswith(ending)] or sorted(parts))
    return {**parts, name: change(random, parts[name])}


NAMES = (
    "../x.csv",
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/vbaProject.bin",
    "xl/externalLinks/externalLink1.xml",
    "[Content_Types].xml",
    "/etc/passwd",
    "",
    "a" * 300,
)


def spoil_names(random: Random, parts: Parts) -> dict[str, bytes]:
    """Leave out, rename, swap or repeat parts."""
    names = sorted(parts)
    name = random.choice(names)
    kind = random.randrange(4)
    if kind == 0 and len(names) > 1:
        return {key: value for key, value in parts.items() if key != name}
    if kind == 1:
        other = random.choice(NAMES)
        return {(other if key == name else key): value for key, value in parts.items()}
    if kind == 2:
        other = random.choice(names)
        return {**parts, name: parts[other], other: parts[name]}
    return {**parts, random.choice(NAMES): parts[name]}


RECORD_NUMBERS = (0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF)


def spoil_records(random: Random, stream: bytes) -> bytes:
    """Change records of an old workbook: their kinds, lengths and bytes, or which there are."""
    records = _records(stream)
    if not records:
        return spoil_bytes(random, stream)
    at = random.randrange(len(records))
    kind, data = records[at]
    other, of_other = random.choice(records)
    change = random.randrange(8)
    if change == 0:
        kind = random.choice((other, random.randrange(1 << 16)))
    elif change == 1:
        data = data[: random.randrange(len(data) + 1)]
    elif change == 2 and len(data) > 1:
        place = random.randrange(len(data) - 1)
        data = data[:place] + random.choice(RECORD_NUMBERS).to_bytes(2, "little") + data[place + 2 :]
    elif change == 3:
        data = spoil_bytes(random, data)[:0xFFFF]
    elif change == 4:
        data = of_other
    pieces = [_record(*one) for one in records]
    pieces[at] = _record(kind, data)
    if change == 5:
        pieces.insert(at, _record(other, of_other))
    elif change == 6:
        del pieces[at]
    elif change == 7:  # a length that does not fit
        pieces[at] = kind.to_bytes(2, "little") + random.choice(RECORD_NUMBERS).to_bytes(2, "little") + data
    return b"".join(pieces)


def _records(stream: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, length = (int.from_bytes(stream[at + two : at + two + 2], "little") for two in (0, 2))
        found.append((kind, stream[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def _record(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data
