"""XML from anywhere, parsed fast: no entity of it is ever expanded.

defusedxml refuses entities too, but parses in Python. Here a bare parser sees every byte first and refuses
what declares an entity or refers outside; only then the same bytes go to the parser of `xml.etree`, in C.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError
from xml.etree.ElementTree import iterparse as parsed_in_c
from xml.parsers import expat

from defusedxml.common import EntitiesForbidden, ExternalReferenceForbidden

BLOCK_BYTES = 1 << 21
"""What is handed to the parsers at once, where fewer bytes are asked for: expat looks at a text that does not
end, a comment say, from its beginning with each block."""


def iterparse(stream: IO[bytes]) -> Iterator[Element]:
    """Return the elements of a document as they end, one after the other.

    Raises
    ------
    DefusedXmlException
        If the document declares an entity or refers to something outside.
    ParseError
        If it is not well-formed.
    """
    return map(itemgetter(1), parsed_in_c(_Watched(stream)))  # noqa: S314


def beginnings_and_ends(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Return the elements of a document as they begin (``start``) and as they end (``end``).

    Raises
    ------
    DefusedXmlException, ParseError
        As `iterparse` does.
    """
    return parsed_in_c(_Watched(stream), ("start", "end"))  # noqa: S314


class _Watched:
    """A stream out of which nothing is read that a second parser has not seen."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._parser = expat.ParserCreate()
        self._parser.EntityDeclHandler = _forbid_entity
        self._parser.UnparsedEntityDeclHandler = _forbid_entity
        self._parser.ExternalEntityRefHandler = _forbid_reference

    def read(self, size: int = -1) -> bytes:
        """Read bytes, and raise where they hold what is forbidden."""
        data = self._stream.read(max(size, BLOCK_BYTES))
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError as error:
            raise ParseError(str(error)) from error
        return data


def _forbid_entity(name: str, *_: Any) -> None:
    raise EntitiesForbidden(name, None, None, None, None, None)


def _forbid_reference(context: str, base: str | None, system: str | None, public: str | None) -> int:
    raise ExternalReferenceForbidden(context, base, system, public)
