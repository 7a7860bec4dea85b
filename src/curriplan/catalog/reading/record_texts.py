"""Texts in the records of an old workbook, which may go on from one record to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import unpack_from

CONTINUE = 0x003C


def continued(stream: bytes, at: int) -> Iterator[bytes]:
    """Yield the data that goes on in the records which follow."""
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        if kind != CONTINUE:
            return
        yield stream[at + 4 : at + 4 + length]
        at += 4 + length


class RecordTexts:
    """Texts one after the other, which may go on from one record to the next."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = list(parts)
        self._part = self._at = 0

    def text(self, length_bytes: int) -> str:
        """Return the next text, of which the length stands before it."""
        head = self._take(length_bytes + 1)
        count, flags = int.from_bytes(head[:-1], "little"), head[-1]
        runs = int.from_bytes(self._take(2), "little") if flags & 8 else 0
        spoken = int.from_bytes(self._take(4), "little") if flags & 4 else 0
        found = self._characters(count, flags & 1)
        self._skip(4 * runs + spoken)
        return found

    def _rest(self) -> int:
        """Return how many bytes are left in a part, after going on to the next where none is."""
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._part, self._at = self._part + 1, 0
        if self._part >= len(self._parts):
            raise ValueError("text cut off")
        return len(self._parts[self._part]) - self._at

    def _take(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            rest = min(self._rest(), count - len(found))
            found += self._parts[self._part][self._at : self._at + rest]
            self._at += rest
        return found

    def _skip(self, count: int) -> None:
        while count:
            rest = min(self._rest(), count)
            self._at += rest
            count -= rest

    def _characters(self, count: int, wide: int) -> str:
        found: list[str] = []
        while count:
            part = self._part
            rest = self._rest()
            if self._part != part:  # in the next record the flags stand once more
                wide = self._take(1)[0] & 1
                continue
            taken = min(count, rest >> wide)
            if not taken:
                raise ValueError("half a character")
            piece = self._parts[self._part][self._at : self._at + (taken << wide)]
            found.append(piece.decode("utf-16-le" if wide else "latin-1", errors="replace"))
            self._at += taken << wide
            count -= taken
        return "".join(found)
