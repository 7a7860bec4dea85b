"""What a plan's workbook carries of itself, so that a review can be compared with what was written.

The data is JSON, packed and cut into lines that any spreadsheet program keeps as they are: letters,
digits and ``+ / =`` only, each line with its number, the last with the hash of the whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import lzma
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

CARRIED_SCHEMA = "curriplan-review/1"
MOST_CHARACTERS = 30_000
"""Of one cell; Excel holds 32,767."""
MOST_BYTES = 200_000_000
"""Unpacked: more is no workbook of ours."""
MOST_MEMORY = 64_000_000
"""For unpacking: it takes nine million bytes."""
XZ = b"\xfd7zXZ\x00"
"""What lzma begins its files with."""
PRESET = 6 | lzma.PRESET_EXTREME
"""A twelfth smaller for a third of a second more, of the bundled college."""
_LINE = re.compile(rf"{re.escape(CARRIED_SCHEMA)}:(\d{{1,6}})/(\d{{1,6}}):([A-Za-z0-9+/=]+)", re.ASCII)
_HASH = re.compile(rf"{re.escape(CARRIED_SCHEMA)}:sha256:([0-9a-f]{{64}})")


class DamagedError(ValueError):
    """Lines are missing, or are not as they were written."""


def carried_lines(data: Mapping[str, Any]) -> list[str]:
    """Return data as lines of text, the same for the same data."""
    content = json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    packed = base64.b64encode(lzma.compress(content, preset=PRESET)).decode("ascii")
    parts = [packed[at : at + MOST_CHARACTERS] for at in range(0, len(packed), MOST_CHARACTERS)]
    lines = [f"{CARRIED_SCHEMA}:{number}/{len(parts)}:{part}" for number, part in enumerate(parts, 1)]
    return [*lines, f"{CARRIED_SCHEMA}:sha256:{hashlib.sha256(content).hexdigest()}"]


def is_carried(text: str) -> bool:
    """Say whether a text is one of the lines."""
    return _LINE.fullmatch(text) is not None or _HASH.fullmatch(text) is not None


def carried_data(texts: Iterable[str]) -> dict[str, Any]:
    """Return the data of the lines, in whatever order they stand.

    Raises
    ------
    DamagedError
        If they are not all there as they were written.
    """
    parts: dict[int, str] = {}
    count, wanted = 0, ""
    for text in texts:
        if line := _LINE.fullmatch(text):
            parts[int(line[1])], count = line[3], int(line[2])
        elif found := _HASH.fullmatch(text):
            wanted = found[1]
    if not wanted or len(parts) != count or sorted(parts) != list(range(1, count + 1)):
        raise DamagedError
    content = _unpacked("".join(parts[number] for number in sorted(parts)))
    if hashlib.sha256(content).hexdigest() != wanted:
        raise DamagedError
    try:
        data = json.loads(content)
    except (MemoryError, RecursionError, ValueError) as error:
        raise DamagedError from error
    if not isinstance(data, dict) or data.get("schema") != CARRIED_SCHEMA:
        raise DamagedError
    return data


def _unpacked(packed: str) -> bytes:
    """Unpack with bounds; workbooks of version 0.1.0 were packed by zlib, which takes twice the room."""
    try:
        content = base64.b64decode(packed, validate=True)
        is_xz = content.startswith(XZ)
        unpack = lzma.LZMADecompressor(lzma.FORMAT_XZ, MOST_MEMORY) if is_xz else zlib.decompressobj()
        unpacked = unpack.decompress(content, MOST_BYTES)
    except (binascii.Error, lzma.LZMAError, zlib.error) as error:
        raise DamagedError from error
    if not unpack.eof:
        raise DamagedError
    return unpacked
