"""A marked copy of a workbook: its parts as they are, but for those that a mark must change."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from curriplan.xlsx.marking.comments import Drawing, add_comments
from curriplan.xlsx.marking.document import RELATIONS, Document
from curriplan.xlsx.marking.sheet import Cell, SheetPart, name_of
from curriplan.xlsx.marking.styles import StylesPart

BOOK = "xl/workbook.xml"
TYPES = "[Content_Types].xml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
NO_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Relationships xmlns="{PACKAGE}"></Relationships>'
)
SIGNATURES = re.compile(r"_xmlsignatures/", re.IGNORECASE)
THREADS = re.compile(r"threadedcomment", re.IGNORECASE)


@dataclass(frozen=True)
class CellMark:
    """A cell to be coloured, and what is said of it.

    Parameters
    ----------
    sheet : str
        Its title.
    cell : tuple of int
        Row and column, from 1.
    colour : str
        Behind its text, such as ``FFC7CE``.
    text : str
        What its comment says.
    """

    sheet: str
    cell: Cell
    colour: str
    text: str


def is_signed(data: bytes) -> bool:
    """Say whether a workbook has a digital signature, which no copy would keep."""
    return any(SIGNATURES.match(name) for name in _names(data))


def has_threads(data: bytes) -> bool:
    """Say whether a workbook has comment threads, which are more than comments."""
    return any(THREADS.search(name) for name in _names(data))


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.namelist()


@dataclass(frozen=True)
class Marked:
    """A copy of a workbook with marks.

    Parameters
    ----------
    data : bytes
        The copy.
    cells : int
        How many cells are coloured.
    left_out : tuple of CellMark
        Those of sheets that have no cells, or none that can be changed.
    hidden : tuple of str
        Where marks are that nobody sees, in the order of sheets: hidden sheets, and of others the cells in
        hidden rows and columns, such as ``modules!C7``.
    """

    data: bytes
    cells: int
    left_out: tuple[CellMark, ...]
    hidden: tuple[str, ...] = ()


def marked(data: bytes, marks: Sequence[CellMark], author: str) -> Marked:
    """Return a copy of a workbook with marks in it.

    Only the sheets with marks, the formats, and the comments of these sheets with their drawings, relations
    and types change; every other part has the same bytes in the same place.

    Parameters
    ----------
    marks : sequence of CellMark
        At most one of a cell.
    author : str
        Whose comments they are.

    Raises
    ------
    ValueError
        If the workbook itself is not as Excel, LibreOffice and others write it.
    """
    return _Package(data, author).marked(marks)


class _Package:
    def __init__(self, data: bytes, author: str) -> None:
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._author = author
        self._order = self._archive.infolist()
        self._parts = {one.filename: b"" for one in self._order}
        """All names; of the parts that change, what they are now."""
        self._cells = 0
        self._hidden: list[str] = []
        self._block = 1 + max(map(self._last_block, self._order), default=0)

    def _last_block(self, part: zipfile.ZipInfo) -> int:
        if not part.filename.lower().endswith(".vml"):
            return 0
        used = re.findall(rb"\bdata=[\"']([\d,]+)[\"']", self._archive.read(part))
        return max((int(number) for text in used for number in text.split(b",") if number), default=0)

    def marked(self, marks: Sequence[CellMark]) -> Marked:
        """Return the workbook with the marks."""
        by_sheet: dict[str, list[CellMark]] = {}
        for mark in marks:
            by_sheet.setdefault(mark.sheet, []).append(mark)
        sheets = Document(self._read(BOOK)).root.find("sheets")
        targets = self._targets(BOOK)
        styles_part = next((name for kind, name in targets.values() if kind == "styles"), None)
        if sheets is None or styles_part is None:
            raise ValueError("no sheets or no formats")
        styles = StylesPart(self._read(styles_part))
        for node in sheets.children:
            found = by_sheet.get(node.attributes.get("name", ""))
            kind, part = targets.get(node.attributes.get("r:id", ""), ("", ""))
            if found and kind == "worksheet" and self._is_marked(part, found, styles):
                del by_sheet[found[0].sheet]
                if node.attributes.get("state", "visible") != "visible":
                    self._hidden = [one for one in self._hidden if one.rpartition("!")[0] != found[0].sheet]
                    self._hidden.append(found[0].sheet)
        self._parts[styles_part] = styles.changed()
        left_out = tuple(mark for found in by_sheet.values() for mark in found)
        return Marked(self._written(), self._cells, left_out, tuple(self._hidden))

    def _is_marked(self, part: str, marks: Sequence[CellMark], styles: StylesPart) -> bool:
        """CellMark a sheet, or leave all of it as it is."""
        before = dict(self._parts)
        try:
            self._mark_sheet(part, marks, styles)
        except ValueError:
            self._parts = before
            return False
        return True

    def _mark_sheet(self, part: str, marks: Sequence[CellMark], styles: StylesPart) -> None:
        sheet = SheetPart(self._read(part), {mark.cell[0] for mark in marks})
        texts: dict[Cell, str] = {}
        colours: dict[Cell, str] = {}
        for mark in marks:
            cell = sheet.shown_cell(mark.cell)
            texts[cell] = f"{texts[cell]}\n\n{mark.text}" if cell in texts else mark.text
            colours.setdefault(cell, mark.colour)
        sheet.restyle(texts, lambda cell, old: styles.coloured(old, colours[cell]))
        had_none = self._comment(part, texts)
        self._draw(part, sheet, texts, had_none)
        self._parts[part] = sheet.document.changed()
        self._cells += len(texts)
        title = marks[0].sheet
        self._hidden += [f"{title}!{name_of(cell)}" for cell in sorted(texts) if sheet.is_hidden(cell)]

    def _comment(self, part: str, texts: Mapping[Cell, str]) -> frozenset[Cell]:
        name = next((name for kind, name in self._targets(part).values() if kind == "comments"), None)
        old = None if name is None else self._read(name)
        new, had_none = add_comments(old, texts, self._author)
        if name is None:
            name = self._free("xl/comments{}.xml")
            self._relate(part, "comments", name)
            self._say_type("Override", "PartName", f"/{name}", COMMENTS_TYPE)
        self._parts[name] = new
        return had_none

    def _draw(
        self, part: str, sheet: SheetPart, texts: Mapping[Cell, str], had_none: frozenset[Cell]
    ) -> None:
        targets = self._targets(part)
        relation = sheet.drawing_id
        name = targets[relation][1] if relation in targets else None
        drawing = Drawing(None if name is None else self._read(name), self._block)
        drawing.add(had_none if name else texts, texts, sheet.width_px)
        self._block = max(self._block, drawing.last_block) + 1
        if name is None:
            name = self._free("xl/drawings/vmlDrawing{}.vml")
            sheet.refer_to_drawing(self._relate(part, "vmlDrawing", name))
            self._say_type("Default", "Extension", "vml", DRAWING_TYPE)
        self._parts[name] = drawing.changed()

    def _read(self, name: str) -> bytes:
        return self._parts.get(name) or self._archive.read(name)

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Return kind and name of each part that a part refers to, by the name of the relation."""
        relations = _relations_of(part)
        if relations not in self._parts:
            return {}
        found = {}
        for node in Document(self._read(relations)).root.children:
            if node.attributes.get("TargetMode") != "External":
                kind = node.attributes.get("Type", "").rpartition("/")[2]
                target = posixpath.join("/", posixpath.dirname(part), node.attributes.get("Target", ""))
                found[node.attributes.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))
        return found

    def _relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another one, and return the name of the relation."""
        name = _relations_of(part)
        document = Document(self._read(name) if name in self._parts else NO_RELATIONS.encode())
        used = {node.attributes.get("Id") for node in document.root.children}
        relation = next(one for one in (f"rId{n}" for n in range(1, len(used) + 2)) if one not in used)
        path = posixpath.relpath(target, posixpath.dirname(part))
        tag = document.root.tag("Relationship")
        document.append(
            document.root, f'<{tag} Id="{relation}" Type="{RELATIONS}/{kind}" Target={quoteattr(path)}/>'
        )
        self._parts[name] = document.changed()
        return relation

    def _say_type(self, element: str, key: str, value: str, kind: str) -> None:
        document = Document(self._read(TYPES))
        root = document.root
        known = (node.attributes.get(key, "").casefold() for node in root.all(element))
        if value.casefold() not in known:
            text = f'<{root.tag(element)} {key}="{escape(value)}" ContentType="{kind}"/>'
            document.put_before(root, ("Override",) if element == "Default" else (), text)
            self._parts[TYPES] = document.changed()

    def _free(self, pattern: str) -> str:
        used = {name.casefold() for name in self._parts}
        numbers = range(1, len(used) + 2)
        return next(name for name in map(pattern.format, numbers) if name.casefold() not in used)

    def _written(self) -> bytes:
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
            new.comment = self._archive.comment
            for one in self._order:
                data = self._parts[one.filename] or self._archive.read(one)
                new.writestr(_like(one), data)
            old = {one.filename for one in self._order}
            for name, data in self._parts.items():
                if name not in old:
                    new.writestr(_like(zipfile.ZipInfo(name)), data)
        return stream.getvalue()


def _like(one: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return a directory entry of the same name, time and kind of packing."""
    new = zipfile.ZipInfo(one.filename, one.date_time)
    new.compress_type = zipfile.ZIP_STORED if one.is_dir() else one.compress_type or zipfile.ZIP_DEFLATED
    new.external_attr, new.create_system, new.comment = one.external_attr, one.create_system, one.comment
    return new


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"
