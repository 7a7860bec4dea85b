"""The compound file that a workbook of Excel 97 is: one named stream out of it, in linear time.

No chain of sectors is followed in a circle, and the directory is looked at once: other readers walk it as a
tree, for which a small file can ask longer than anybody waits.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from struct import unpack_from
from sys import byteorder

from curriplan.catalog.reading.contents import OLE_MARK

HEADER_BYTES = 512
ENTRY_BYTES = 128
SHORT_BYTES = 64
IN_HEADER = 109
"""Sectors of the allocation table that the header itself lists."""
LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are marks: free, end of chain, and the like."""
SHIFTS = (9, 12)
"""Sectors have 512 or 4,096 bytes."""
STREAM = 2


class CompoundFile:
    """A compound file.

    Raises
    ------
    ValueError
        If it is damaged; so do its methods.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) < HEADER_BYTES or not data.startswith(OLE_MARK):
            raise ValueError("no compound file")
        self._data = data
        (self._shift,) = unpack_from("<H", data, 30)
        if self._shift not in SHIFTS:
            raise ValueError("sectors of another size")
        first_directory, _, self._least, first_short, _, first_list, _ = unpack_from("<7I", data, 48)
        self._table = self._allocation(first_list)
        self._directory = b"".join(self._sectors(first_directory))
        root = self._entry(0)
        self._short_table = _numbers(b"".join(self._sectors(first_short)))
        self._short = b"".join(self._sectors(root[3])) if root[3] < LAST_SECTOR else b""

    def top(self) -> dict[str, int]:
        """Return the numbers of the streams that lie in no folder of the file, by name."""
        found: dict[str, int] = {}
        seen: set[int] = set()
        waiting = [unpack_from("<I", self._directory, 76)[0]]
        while waiting:
            number = waiting.pop()
            if number >= LAST_SECTOR:
                continue
            if number in seen:
                raise ValueError("directory in a circle")
            seen.add(number)
            name, kind, _, _ = self._entry(number)
            waiting += unpack_from("<2I", self._directory, number * ENTRY_BYTES + 68)
            if kind == STREAM:
                found[name] = number
        return found

    def stream(self, number: int) -> bytes:
        """Return the bytes of a stream."""
        _, _, size, first = self._entry(number)
        if size >= self._least:
            found = b"".join(self._sectors(first))
        else:
            chain = _chain(first, self._short_table)
            found = b"".join(self._short[at * SHORT_BYTES : (at + 1) * SHORT_BYTES] for at in chain)
        if len(found) < size:
            raise ValueError("stream cut off")
        return found[:size]

    def _entry(self, number: int) -> tuple[str, int, int, int]:
        """Return name, kind, size and first sector of an entry of the directory."""
        at = number * ENTRY_BYTES
        entry = self._directory[at : at + ENTRY_BYTES]
        if len(entry) < ENTRY_BYTES:
            raise ValueError("directory cut off")
        (length,) = unpack_from("<H", entry, 64)
        name = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
        first, size = unpack_from("<2I", entry, 116)
        return name, entry[66], size, first

    def _sector(self, number: int) -> bytes:
        at = (number + 1) << self._shift
        if at >= len(self._data):
            raise ValueError("sector beyond the file")
        return self._data[at : at + (1 << self._shift)]

    def _sectors(self, first: int) -> Iterator[bytes]:
        return map(self._sector, _chain(first, self._table))

    def _allocation(self, first_list: int) -> array[int]:
        """Return the sector that follows each sector."""
        listed = [*unpack_from(f"<{IN_HEADER}I", self._data, 76)]
        most = len(self._data) >> self._shift
        for _ in range(most + 1):
            if first_list >= LAST_SECTOR:
                break
            *more, first_list = _numbers(self._sector(first_list))
            listed += more
        used = [number for number in listed if number < LAST_SECTOR]
        if first_list < LAST_SECTOR or len(used) != len(set(used)):
            raise ValueError("allocation table in a circle")
        return _numbers(b"".join(map(self._sector, used)))


def _numbers(data: bytes) -> array[int]:
    found = array("I")
    found.frombytes(data[: len(data) // 4 * 4])
    if byteorder == "big":
        found.byteswap()
    return found


def _chain(first: int, table: array[int]) -> Iterator[int]:
    """Yield the numbers of a chain.

    Raises
    ------
    ValueError
        If it leaves the table or is longer than it.
    """
    number = first
    for _ in range(len(table) + 1):
        if number >= LAST_SECTOR:
            return
        if number >= len(table):
            raise ValueError("chain beyond the table")
        yield number
        number = table[number]
    raise ValueError("chain in a circle")
