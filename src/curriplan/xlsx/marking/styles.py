"""Formats that are those of other cells but for the colour behind the text."""

from __future__ import annotations

from curriplan.xlsx.marking.document import Document, Node, with_attributes


class StylesPart:
    """The formats of a workbook on their way to some more."""

    def __init__(self, data: bytes) -> None:
        self.document = Document(data)
        self.root = self.document.root
        fills, formats = self.root.find("fills"), self.root.find("cellXfs")
        if fills is None or formats is None or not formats.children:
            raise ValueError("no formats")
        self._fills, self._formats = fills, formats
        self._colours: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}
        self._texts: list[str] = []

    def coloured(self, style: int, colour: str) -> int:
        """Return the number of a format that is another one with a colour behind, such as ``FFC7CE``."""
        known = self._made.get((style, colour))
        if known is not None:
            return known
        fill = self._colours.setdefault(colour, len(self._fills.children) + len(self._colours))
        formats = self._formats.children
        old = formats[style if style < len(formats) else 0]
        number = len(formats) + len(self._texts)
        self._texts.append(self._copy(old, fill))
        self._made[style, colour] = number
        return number

    def _copy(self, old: Node, fill: int) -> str:
        text = self.document.text_of(old)
        length = old.tag_end - old.start
        return (with_attributes(text[:length], fillId=fill, applyFill=1) + text[length:]).decode()

    def changed(self) -> bytes:
        """Return the part with the new formats."""
        tag = self.root.tag
        fills = "".join(
            f'<{tag("fill")}><{tag("patternFill")} patternType="solid"><{tag("fgColor")} rgb="FF{colour}"/>'
            f'<{tag("bgColor")} indexed="64"/></{tag("patternFill")}></{tag("fill")}>'
            for colour in self._colours
        )
        for node, added, text in (
            (self._fills, len(self._colours), fills),
            (self._formats, len(self._texts), "".join(self._texts)),
        ):
            self.document.set(node, count=len(node.children) + added)
            self.document.append(node, text)
        return self.document.changed()
