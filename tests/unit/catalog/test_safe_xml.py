"""The fast parser refuses what defusedxml refuses, and reads what that reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

import pytest
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from curriplan.catalog.reading.safe_xml import iterparse

LONG = "<r>" + "<c a='1'>text</c>" * 20_000
"""More than is read at once."""
DOCUMENTS = {
    "plain": "<r><c a='1'>x &amp; &#1240;</c><!-- no --></r>",
    "namespaces": "<r xmlns='u:1' xmlns:p='u:2'><p:c p:a='1'/></r>",
    "long": LONG + "</r>",
    "a document type": "<!DOCTYPE r><r/>",
    "a document type elsewhere": "<!DOCTYPE r SYSTEM 'http://localhost/r.dtd'><r/>",
    "an entity": "<!DOCTYPE r [<!ENTITY e 'x'>]><r/>",
    "an entity that is used": "<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>",
    "entities of entities": "<!DOCTYPE r [<!ENTITY a 'xx'><!ENTITY b '&a;&a;'>]><r>&b;</r>",
    "an entity of the document type": "<!DOCTYPE r [<!ENTITY % e 'x'>]><r/>",
    "a file": "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>",
    "an unparsed entity": "<!DOCTYPE r [<!NOTATION n SYSTEM 'n'><!ENTITY e SYSTEM 'e' NDATA n>]><r/>",
    "an entity after much else": f"<!DOCTYPE r [<!--{'x' * 100_000}--><!ENTITY e 'x'>]><r>&e;</r>",
    "an unknown entity": "<r>&e;</r>",
    "an unknown entity of another document type": "<!DOCTYPE r SYSTEM 'r.dtd'><r>&e;</r>",
    "no end": "<r><c></r>",
    "cut off": LONG,
    "an unknown prefix": "<r><p:c/></r>",
    "two roots": "<r/><r/>",
    "nothing": "",
}


def outcome(parsed: Callable[[], Iterator[Any]]) -> object:
    try:
        return [(one.tag, one.attrib, one.text, one.tail) for one in list(parsed())]
    except DefusedXmlException:
        return DefusedXmlException
    except ParseError:
        return ParseError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_reads_and_refuses_as_defusedxml_does(name: str, encoding: str) -> None:
    data = DOCUMENTS[name].encode(encoding)
    found = outcome(lambda: iterparse(BytesIO(data)))
    assert found == outcome(lambda: (one for _, one in ElementTree.iterparse(BytesIO(data))))
    if "an entity" in name or "entities" in name or name == "a file":
        assert found is DefusedXmlException


def test_a_text_that_does_not_end_is_not_read_again_and_again() -> None:
    """A long comment takes as long, byte by byte, as a short one: expat begins anew with each block."""

    class Counted(BytesIO):
        blocks = 0

        def read(self, size: int | None = -1) -> bytes:
            self.blocks += 1
            return super().read(size)

    stream = Counted(b"<a><!--" + b"x" * 10_000_000 + b"--></a>")
    assert [one.tag for one in iterparse(stream)] == ["a"]
    assert stream.blocks <= 8
