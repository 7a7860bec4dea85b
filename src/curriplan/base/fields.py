"""Types of the fields of records: ids, terms, levels, shares, amounts, each with what a file may hold."""

from __future__ import annotations

import re
from typing import Annotated

from curriplan.base.codec import Narrowed

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
MAX_ID_LENGTH = 80
SEMESTER_PATTERN = r"^(20[0-9]{2}|2100)-[12]$"
SEMESTER = re.compile(SEMESTER_PATTERN)

EntityId = Annotated[str, Narrowed("id", pattern=ID_PATTERN, maxLength=MAX_ID_LENGTH)]
TermNumber = Annotated[int, Narrowed("term", minimum=1, maximum=20)]
LevelReached = Annotated[int, Narrowed("level", minimum=0, maximum=8)]
PartOfOne = Annotated[float, Narrowed(minimum=0, maximum=1)]
Amount = Annotated[float, Narrowed(minimum=0)]
PositiveAmount = Annotated[float, Narrowed(exclusiveMinimum=0)]
Count = Annotated[int, Narrowed(minimum=0)]
Sha256 = Annotated[str, Narrowed(pattern="^[0-9a-f]{64}$")]
