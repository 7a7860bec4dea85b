"""Comments of a sheet, and the drawing of the boxes in which Excel shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Protocol
from xml.sax.saxutils import escape

from curriplan.xlsx.marking.document import Document, Node
from curriplan.xlsx.marking.sheet import Cell, name_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMESPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NO_COMMENTS = f'{HEAD}<comments xmlns="{MAIN}"><authors></authors><commentList></commentList></comments>'
SHAPE_TYPE = (
    f'<v:shapetype {NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
IDS_A_BLOCK = 1024
"""Excel gives each drawing whole blocks of numbers for its shapes."""
LEAST_WIDTH_PX, LETTERS_A_LINE, LINE_PX, ROW_PX, ROWS_AT_MOST = 320, 46, 16, 20, 30
LAST_COLUMN = 16_384
MOST_LETTERS = 32_000
"""Of a comment; a cell holds 32,767."""


class Widths(Protocol):
    """Says how wide a column is."""

    def __call__(self, column: int, /) -> int:
        """Return it in pixels."""


def add_comments(data: bytes | None, texts: Mapping[Cell, str], author: str) -> tuple[bytes, frozenset[Cell]]:
    """Return a part of comments with more of them, and the cells that had none.

    Parameters
    ----------
    data : bytes, optional
        The part; None where the sheet has no comments yet.
    texts : mapping of cell to str
        What is said of each cell; where it has a comment already, it is said below that.
    """
    document = Document(data if data is not None else NO_COMMENTS.encode())
    authors, listed = document.root.find("authors"), document.root.find("commentList")
    if authors is None or listed is None:
        raise ValueError("no comments")
    known = {node.attributes.get("ref", "").replace("$", ""): node for node in listed.children}
    document.append(authors, f"<{authors.tag('author')}>{escape(author)}</{authors.tag('author')}>")
    number = len(authors.children)
    new: list[str] = []
    for cell, text in sorted(texts.items()):
        old = known.get(name_of(cell))
        if old is None:
            new.append(_comment(listed, name_of(cell), number, text))
        else:
            _append_to(document, old, text)
    document.append(listed, "".join(new))
    had_none = frozenset(cell for cell in texts if name_of(cell) not in known)
    return document.changed(), had_none


def _comment(beside: Node, name: str, author: int, text: str) -> str:
    tag = beside.tag
    said = _run(beside, text)
    return (
        f'<{tag("comment")} ref="{name}" authorId="{author}"><{tag("text")}>{said}</{tag("text")}>'
        f"</{tag('comment')}>"
    )


def _run(beside: Node, text: str) -> str:
    run, plain, look, size, font = (beside.tag(name) for name in ("r", "t", "rPr", "sz", "rFont"))
    style = f'<{look}><{size} val="9"/><{font} val="Tahoma"/></{look}>'
    return f'<{run}>{style}<{plain} xml:space="preserve">{escape(text[:MOST_LETTERS])}</{plain}></{run}>'


def _append_to(document: Document, comment: Node, text: str) -> None:
    """Say something below what a comment says already."""
    body = comment.find("text")
    if body is None:
        raise ValueError("a comment without text")
    run = body.tag("r")
    for plain in body.all("t"):  # a text alone becomes a run, as the others are
        document.insert(plain.start, f"<{run}>")
        document.insert(plain.end, f"</{run}>")
    said = _run(body, f"\n\n{text}")
    last = [child for child in body.children if child.name in ("t", "r")]
    if last:
        document.insert(last[-1].end, said)
    else:
        document.put_before(body, ("rPh", "phoneticPr"), said)


class Drawing:
    """The boxes of a sheet's comments."""

    def __init__(self, data: bytes | None, block: int) -> None:
        """Take a drawing, or begin one; `block` is a block of numbers that no drawing has yet."""
        self.data = data
        used = [int(one) for one in SHAPE_ID.findall(data or b"")]
        self.first_block = block
        self._next = max(used, default=block * IDS_A_BLOCK) + 1
        self._shapes: list[str] = []

    def add(self, cells: Iterable[Cell], texts: Mapping[Cell, str], width_px: Widths) -> None:
        """Draw the box of each comment, closed until somebody points at its cell."""
        for cell in sorted(cells):
            self._shapes.append(_shape(self._next, cell, texts[cell], width_px))
            self._next += 1

    @property
    def last_block(self) -> int:
        """The last block of numbers that it needs."""
        return (self._next - 1) // IDS_A_BLOCK

    def changed(self) -> bytes:
        """Return the part.

        Raises
        ------
        ValueError
            If it does not end as a drawing does.
        """
        shapes = SHAPE_TYPE + "".join(self._shapes)
        if self.data is None:
            blocks = ",".join(map(str, range(self.first_block, self.last_block + 1)))
            layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
            return f"<xml {NAMESPACES}>{layout}{shapes}</xml>".encode()
        if b'id="_x0000_t202"' in self.data:
            shapes = "".join(self._shapes)
        end = self.data.rfind(b"</")  # a drawing of Excel need not be XML in all its parts
        if end < 0:
            raise ValueError("no drawing")
        return self.data[:end] + shapes.encode() + self.data[end:]


def _shape(number: int, cell: Cell, text: str, width_px: Widths) -> str:
    row, column = cell
    lines = sum(max(1, ceil(len(line) / LETTERS_A_LINE)) for line in text.split("\n"))
    rows = min(ROWS_AT_MOST, ceil((lines * LINE_PX + LINE_PX) / ROW_PX))
    last, there = column, 0
    while there < LEAST_WIDTH_PX and last < LAST_COLUMN:
        last += 1
        there += width_px(last)
    # left column and pixels into it, top row, then right and bottom; all from 0
    rest = max(0, width_px(last) - (there - LEAST_WIDTH_PX))
    anchor = f"{column}, 12, {max(0, row - 2)}, 4, {last - 1}, {rest}, {max(0, row - 2) + rows}, 4"
    style = "position:absolute;margin-left:0;margin-top:0;width:240pt;"
    style += f"height:{rows * ROW_PX * 3 // 4}pt;z-index:{number};visibility:hidden"
    return (
        f'<v:shape {NAMESPACES} id="_x0000_s{number}" type="#_x0000_t202" style="{style}" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )
