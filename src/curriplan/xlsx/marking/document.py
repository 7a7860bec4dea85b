"""An XML part as bytes, and where its elements stand in them: changed here and there, never written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

TAG = re.compile(rb"""<(?:[^"'<>]|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")
DECLARED = re.compile(r"""^(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
APART = "\n"


@dataclass
class Node:
    """An element: its names, its attributes, and where it stands."""

    name: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    tag_end: int
    close: int = 0
    """Where its closing tag begins; at `tag_end` where it has none."""
    end: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is one tag that closes itself."""
        return self.end == self.tag_end

    def find(self, name: str) -> Node | None:
        """Return the first child of a name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Node]:
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)

    def tag(self, name: str) -> str:
        """Return the name of a tag beside or within this one."""
        return f"{self.prefix}:{name}" if self.prefix else name


Keep = Callable[[Node, str, Mapping[str, str]], bool]
"""Whether an element is of interest: its parent, its name, its attributes."""


class Document:
    """A part, parsed once, and the changes to it.

    Parameters
    ----------
    keep : callable, optional
        Which elements are noted; by default all. Of others the children are not noted either.

    Raises
    ------
    ValueError
        If it is no XML that is well-formed and without entities.
    """

    def __init__(self, data: bytes, keep: Keep | None = None) -> None:
        self.data = _in_utf8(data)
        self.root = _parsed(self.data, keep or (lambda *_: True))
        self._edits: list[tuple[int, int, bytes]] = []

    def changed(self) -> bytes:
        """Return the part with all changes."""
        pieces: list[bytes] = []
        at = 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            pieces += [self.data[at:start], text]
            at = end
        return b"".join([*pieces, self.data[at:]])

    def text_of(self, node: Node) -> bytes:
        """Return an element as it stands in the part."""
        return self.data[node.start : node.end]

    def insert(self, at: int, text: str) -> None:
        """Put text at a place."""
        self._edits.append((at, at, text.encode()))

    def set(self, node: Node, **values: object) -> None:
        """Set attributes of an element, in one change for each element."""
        tag = self.data[node.start : node.tag_end]
        self._edits.append((node.start, node.tag_end, with_attributes(tag, **values)))

    def append(self, node: Node, text: str) -> None:
        """Put text before the end of an element."""
        if not node.is_empty_tag:
            self.insert(node.close, text)
            return
        tag = self.data[node.start : node.tag_end]
        name = TAG_NAME.match(tag)
        assert name is not None
        opened = tag[: tag.rindex(b"/")].rstrip() + b">"
        self._edits.append((node.start, node.tag_end, opened + text.encode() + b"</" + name[1] + b">"))

    def put_before(self, node: Node, names: Sequence[str], text: str) -> None:
        """Put text into an element before the first child of any of some names, else at its end."""
        child = next((child for child in node.children if child.name in names), None)
        if child is None:
            self.append(node, text)
        else:
            self.insert(child.start, text)


TAG_NAME = re.compile(rb"<([^\s/>]+)")


def with_attributes(tag: bytes, **values: object) -> bytes:
    """Return a start tag with other attributes; None removes one.

    >>> with_attributes(b'<c r="A1" s="3"/>', s=4, t=None), with_attributes(b"<c>", s=1)
    (b'<c r="A1" s="4"/>', b'<c s="1">')
    """
    name = TAG_NAME.match(tag)
    assert name is not None
    kept = {found[1].decode(): found[2] for found in ATTRIBUTE.finditer(tag, name.end())}
    for key, value in values.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = f'"{value}"'.encode()
    closing = b"/>" if tag.endswith(b"/>") else b">"
    return b"".join([name[0], *(b" %s=%s" % (key.encode(), text) for key, text in kept.items()), closing])


def _in_utf8(data: bytes) -> bytes:
    """Return a part in the encoding in which it is changed."""
    if not data.startswith(UTF16):
        return data
    return DECLARED.sub(r"\1", data.decode("utf-16")).encode()


def _parsed(data: bytes, keep: Keep) -> Node:
    builder = _Builder(data, keep)
    parser = expat.ParserCreate(None, APART)
    parser.namespace_prefixes = True
    parser.ordered_attributes = False
    parser.StartElementHandler = lambda name, found: builder.begin(name, found, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda _: builder.end(parser.CurrentByteIndex)
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    if builder.root is None:
        raise ValueError("no element")
    return builder.root


def _refuse(*_: object) -> int:
    raise ValueError("entities")


class _Builder:
    def __init__(self, data: bytes, keep: Keep) -> None:
        self.data, self.keep = data, keep
        self.root: Node | None = None
        self.open: list[Node | None] = []

    def begin(self, name: str, found: Mapping[str, str], at: int) -> None:
        """Note an element where it begins."""
        parent = self.open[-1] if self.open else None
        parts = name.split(APART)
        local = parts[1] if len(parts) > 1 else parts[0]
        attributes = {_attribute(key): value for key, value in found.items()}
        if self.open and (parent is None or not self.keep(parent, local, attributes)):
            self.open.append(None)
            return
        tag = TAG.match(self.data, at)
        if tag is None:
            raise ValueError("encoding")
        node = Node(local, parts[2] if len(parts) > 2 else "", attributes, at, tag.end())
        if parent is None:
            self.root = node
        else:
            parent.children.append(node)
        self.open.append(node)

    def end(self, at: int) -> None:
        """Note where an element ends."""
        node = self.open.pop()
        if node is None:
            return
        closes_itself = self.data[node.tag_end - 2 : node.tag_end] == b"/>"
        closing = None if closes_itself else TAG.match(self.data, at)
        node.close = at if closing else node.tag_end
        node.end = closing.end() if closing else node.tag_end


def _attribute(name: str) -> str:
    """Return the name of an attribute; that of a relation as ``r:id`` whatever its prefix."""
    parts = name.split(APART)
    if len(parts) == 1:
        return name
    return f"r:{parts[1]}" if parts[0] == RELATIONS else f"{parts[0]}:{parts[1]}"
