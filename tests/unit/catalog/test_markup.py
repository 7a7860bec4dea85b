"""Parts of a workbook are measured in bytes before a parser sees them."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from curriplan.catalog.reading.markup import MOST_ATTRIBUTES, MOST_TAG_BYTES, is_within_bounds, plain
from curriplan.catalog.reading.read import read_catalog

LONG = b"x" * MOST_TAG_BYTES
MANY = b"".join(b' a%d="1"' % number for number in range(MOST_ATTRIBUTES + 1))
REFUSED = {
    "an attribute": b'<a b="' + LONG + b'"/>',
    "an attribute that holds ends": b"<a b='" + b">" * MOST_TAG_BYTES + b"'/>",
    "an attribute that holds the other quote": b"<a b='\"" + LONG + b"'/>",
    "a name": b"<" + LONG + b"/>",
    "an end": b"<a></a" + b" " * MOST_TAG_BYTES + b">",
    "blanks between attributes": b'<a b="1"' + b" " * MOST_TAG_BYTES + b'c="1"/>',
    "a tag that does not end": b"<a " + LONG,
    "many attributes": b"<a" + MANY + b"/>",
    "many attributes after other tags": b"<a><b/>" + b"<c/>" * 9_000 + b"<a" + MANY + b"/></a>",
    "a comment": b"<a><!--" + LONG + b"--></a>",
    "a comment that holds tags": b"<a><!--" + b"<b/>" * (MOST_TAG_BYTES // 4) + b"--></a>",
    "an instruction": b"<a><?b " + LONG + b"?></a>",
    "another encoding": b"<?xml version='1.0' encoding='cp037'?>" + "<a/>".encode("cp037"),
    "another encoding far behind": b"<?xml version='1.0'" + b" " * 9_000 + b'encoding = "utf-7"?><a/>',
}
LET_THROUGH = {
    "a text": b"<a>" + LONG * 2 + b"</a>",
    "a tag before a text": b'<a b="1">' + LONG * 2 + b"</a>",
    "many tags": b'<a b="1">' + b'<b c="2"/>' * 100_000 + b"</a>",
    "some attributes": b"<a" + MANY.replace(b' a0="1"', b"") + b"/>",
    "a good comment": b"<a>" + b"<!-- <b -->" * 50_000 + b"</a>",
    "an encoding": b"<?xml version='1.0' encoding='Windows-1251'?><a/>",
    "no XML": b"\x89PNG<" + LONG + b"<?" + LONG,
    "nothing": b"",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("name", [*REFUSED, *LET_THROUGH])
def test_what_is_within_bounds(name: str, encoding: str) -> None:
    part = {**REFUSED, **LET_THROUGH}[name]
    if "encoding" not in name and name != "no XML":
        part = part.decode().encode(encoding)
    assert is_within_bounds(plain(part)) is (name in LET_THROUGH)


def test_letters_that_look_like_brackets_in_utf_16_hide_no_tag() -> None:
    """The bytes of U+3C3C are two brackets: between them no tag would be long."""
    assert not is_within_bounds(plain(('<a b="' + "\u3c3c" * MOST_TAG_BYTES + '"/>').encode("utf-16")))


def _reading_s(path: Path, megabytes: int) -> float:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b'<a b="' + b"x" * megabytes * 1_000_000 + b'"/>')
    began = time.process_time()
    result = read_catalog(path)
    seconds = time.process_time() - began
    assert [issue.code for issue in result.issues] == ["xml-too-long"]
    return seconds


def test_twice_the_attribute_takes_twice_the_time(tmp_path: Path) -> None:
    """Of 16 and 32 MB it took 18 and 70 s."""
    path = tmp_path / "long.xlsx"
    first, twice = (min(_reading_s(path, megabytes) for _ in range(2)) for megabytes in (16, 32))
    assert twice < 3 * first + 0.1
