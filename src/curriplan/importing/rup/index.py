"""The index of a row, such as ПМ 01 or РО 1.2: its letters and its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from curriplan.catalog.records import Section
from curriplan.importing.rup.lines import RupLine
from curriplan.importing.rup.vocabulary import (
    CONSULTATION_LETTERS,
    CYCLES,
    INDEX_SECTIONS,
    OUTCOME_LETTERS,
    TRAINING_LETTERS,
    section_of,
    skeleton,
)

INDEX = re.compile(r"(?P<letters>[^\W\d_]{1,5})?[ .\-–№]*(?P<numbers>[0-9]{1,3}(?:[.\-][0-9]{1,3})*)?\.?")
IN_NAME = re.compile(
    r"(?P<index>[^\W\d_]{1,4}[ .\-–№]*[0-9]{1,3}(?:\.[0-9]{1,3})*|[0-9]{1,3}(?:\.[0-9]{1,3})+)[.):]?\s+"
    r"(?P<name>\S.*)",
    re.DOTALL,
)
"""An index that stands before the name, in the same cell."""
TITLED = re.compile(r"(?P<index>[^\W\d_]{1,5})[.:]?[ –—-]+(?P<name>[^\W\d_].*)", re.DOTALL)
"""The letters of a section that stand before its title, in the same cell."""
CATALOG_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Index:
    """An index taken apart: its letters as Latin look-alikes, and its numbers."""

    letters: str
    numbers: tuple[str, ...]

    @property
    def section(self) -> Section | None:
        """The section that its letters name."""
        return INDEX_SECTIONS.get(self.letters)


def index_of(text: str) -> Index | None:
    """Take an index apart; None where a text is none.

    >>> index_of("ПМ 01"), index_of("РО 1.2"), index_of("Физика")
    (Index(letters='ПM', numbers=('01',)), Index(letters='PO', numbers=('1', '2')), None)
    """
    found = INDEX.fullmatch(" ".join(text.split()))
    if not text or found is None:
        return None
    numbers = tuple(re.split(r"[.\-]", found["numbers"])) if found["numbers"] else ()
    letters = skeleton(found["letters"] or "")
    if not numbers and letters not in {*INDEX_SECTIONS, *CYCLES, *CONSULTATION_LETTERS, *TRAINING_LETTERS}:
        return None
    return Index(letters, numbers)


def letters_of(text: str) -> str:
    """Return the letters of an index as they stand.

    >>> letters_of(" ОУД.01")
    'ОУД'
    """
    return re.split(r"[\W\d_]", text.strip(), maxsplit=1)[0]


def split_index(line: RupLine) -> None:
    """Take an index off the front of a name where it has no cell of its own."""
    if line.index:
        if index_of(line.index) is None and not line.name:
            found = IN_NAME.fullmatch(line.index)
            if found is None or index_of(found["index"]) is None:
                if not CATALOG_ID.fullmatch(line.index):
                    line.index, line.name = "", line.index
            else:
                line.index, line.name = found["index"], found["name"]
        return
    titled = TITLED.fullmatch(line.name)
    if titled and skeleton(titled["index"]) in {*INDEX_SECTIONS, *CYCLES} and section_of(titled["name"]):
        line.index, line.name = titled["index"], titled["name"]
        line.names = dict.fromkeys(line.names, titled["name"])
        return
    found = IN_NAME.fullmatch(line.name)
    index = index_of(found["index"]) if found else None
    if found and index is not None and (index.section or index.letters in {*OUTCOME_LETTERS, *CYCLES, ""}):
        line.index, line.name = found["index"], found["name"]
        line.names = {
            key: text.partition(found["index"])[2].lstrip(" .):") or text for key, text in line.names.items()
        }
