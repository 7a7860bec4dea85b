"""What all records share: the place they were read from, names, hours by kind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from curriplan.base.errors import Place
from curriplan.catalog.records.values import PRACTICE_KINDS, SELF_STUDY_KINDS, Hours, HoursKind, Id, column
from curriplan.texts.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: its file, its sheet, its row, and the column of each field.

    ``columns`` maps a field name to the header text (CSV) or to the column letter (workbook); ``unread``
    are the fields whose cells could not be read, and for which something stands in.
    """

    file: str
    sheet: str | None
    row: int | None
    columns: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    def place(self, name: str | None = None) -> Place:
        """Return the place of the field `name`, or of the whole row."""
        return Place(self.file, self.sheet, self.row, self.columns.get(name, name) if name else None)


class Record(BaseModel):
    """One row of a table. Frozen; every value knows its place through `place`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    summary: ClassVar[str]
    used: ClassVar[bool] = True
    first: ClassVar[tuple[str, ...]] = ()

    origin: Origin | None = Field(default=None, exclude=True, repr=False)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the column names, in the order in which the table is written."""
        rest = (name for name in cls.model_fields if name != "origin" and name not in cls.first)
        return (*cls.first, *rest)

    @classmethod
    def column_info(cls, name: str) -> Mapping[str, Any]:
        """Return unit, references and used of a column."""
        extra = cls.model_fields[name].json_schema_extra
        assert isinstance(extra, dict)
        return extra

    def key_values(self) -> tuple[str, ...]:
        """Return the values that identify this row within its table, as text."""
        return tuple("" if (v := getattr(self, n)) is None else str(v) for n in self.key)

    def place(self, name: str | None = None) -> Place:
        """Return the place of the field `name`, or of the whole row."""
        if self.origin is not None:
            return self.origin.place(name)
        return Place(f"{self.table}: {'/'.join(self.key_values())}", None, None, name)


class Named(Record):
    """A record with an id and a name in three languages."""

    key: ClassVar[tuple[str, ...]] = ("id",)

    id: Id = column("Stable identifier; never reused.")
    name_kk: str | None = column("Name in Kazakh.", None)
    name_ru: str | None = column("Name in Russian.", None)
    name_en: str | None = column("Name in English.", None)

    def name(self, language: str) -> str:
        """Return the name in `language`, else the first of kk, ru, en that is there, else the id."""
        names = (getattr(self, f"name_{code}") for code in (language, *LANGUAGES))
        return next((name for name in names if name), self.id)


HOURS_COLUMNS: Mapping[HoursKind | str, str] = {kind: f"{kind}_hours" for kind in HoursKind}
"""The column of each kind of hours; made once, as hours are asked for a hundred thousand times."""


class HoursByKind(Record):
    """The six hour columns shared by modules and fixed loads."""

    theory_hours: Hours = column("Theory.", 0.0, unit="h")
    laboratory_practical_hours: Hours = column("Laboratory and practical work.", 0.0, unit="h")
    production_training_hours: Hours = column("Production training.", 0.0, unit="h")
    professional_practice_hours: Hours = column("Professional practice.", 0.0, unit="h")
    self_study_guided_hours: Hours = column("Self-study with a teacher.", 0.0, unit="h")
    self_study_hours: Hours = column("Self-study without a teacher.", 0.0, unit="h")

    def hours(self, kind: HoursKind | str) -> float:
        """Return the hours of one kind."""
        return float(getattr(self, HOURS_COLUMNS[kind]))

    @property
    def practice_hours(self) -> float:
        """Return laboratory-practical, production-training and practice hours together."""
        return sum(map(self.hours, PRACTICE_KINDS))

    @property
    def self_study_total_hours(self) -> float:
        """Return guided and unguided self-study together."""
        return sum(map(self.hours, SELF_STUDY_KINDS))

    @property
    def contact_hours(self) -> float:
        """Return all hours but self-study."""
        return self.total_hours - self.self_study_total_hours

    @property
    def total_hours(self) -> float:
        """Return the hours of all six kinds."""
        return sum(map(self.hours, HOURS_COLUMNS))


def canonical(data: object) -> bytes:
    """Return data as canonical JSON, for hashing."""
    return _CANONICAL.encode(data).encode()


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that puts PM2 before PM10.

    >>> sorted(["PM10", "PM2", "BM1"], key=natural_key)
    ['BM1', 'PM2', 'PM10']
    """
    parts = _PARTS.findall(text)
    return tuple([(0, int(part), part) if part[0] in "0123456789" else (1, 0, part) for part in parts])


_PARTS = re.compile(r"[0-9]+|[^0-9]+")
