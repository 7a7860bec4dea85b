"""What a hand edit of a plan breaks, gains and costs, the rest of the plan unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from curriplan.base.codec import document_schema, to_data
from curriplan.base.fields import Count, EntityId, LevelReached, PartOfOne, TermNumber
from curriplan.base.notebook import notebook_html
from curriplan.base.version import TOOL
from curriplan.plan.figures import HowSure

if TYPE_CHECKING:
    import pandas as pd

EDIT_SCHEMA = "curriplan-edit/1"


class EditKind(StrEnum):
    """What is done with a module."""

    DROP = "drop"
    MOVE = "move"
    ADD = "add"


@dataclass(frozen=True)
class HandEdit:
    """A module of a programme that is added, dropped or moved by hand; `term` is None where dropped."""

    kind: EditKind
    programme: EntityId
    module: EntityId
    term: Annotated[TermNumber | None, "The term in which it starts then; null: it is dropped."]


@dataclass(frozen=True)
class EditedRule:
    """A rule that the edit breaks, or mends; limit and values in `unit`.

    Parameters
    ----------
    before, after : float
        What the plan has without the edit and with it; a count of breaches where the limit is 0 breaches.
    details : tuple of str
        Modules that break it with the edit.
    """

    rule: str
    aspect: str
    programme: str | None
    subject: str | None
    semester: str | None
    operator: str
    limit: float
    before: Annotated[float | None, "Null where the rule says nothing of the plan as it is."]
    after: float
    unit: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditedProgramme:
    """The closure of a programme that is edited, a share of 1; None where it lacks nothing."""

    programme: EntityId
    before: PartOfOne | None
    after: PartOfOne | None


@dataclass(frozen=True)
class EditedLevel:
    """A level that the graduates of a programme reach, which the edit changes."""

    programme: EntityId
    competency: EntityId
    required: LevelReached
    before: LevelReached
    after: LevelReached


@dataclass(frozen=True)
class EditOutcome:
    """What an edit does to a plan; nothing is planned anew.

    Attributes
    ----------
    broken, mended : tuple of EditedRule
        What the plan misses with the edit and did not before, or by more; and the other way round.
    closure_before, closure_after : float
        Of the plan, shares of 1.
    cost_before_kzt, cost_after_kzt : int
        New money.
    programmes : tuple of EditedProgramme
        Those that are edited.
    levels : tuple of EditedLevel
        Of competencies that their occupations ask for.
    objectives_before, objectives_after : mapping
        Each objective that can be told, in its own unit.
    sure_before, sure_after : HowSure
        What becomes of the closures if estimates err, and the occupations not fully met.
    """

    edits: tuple[HandEdit, ...]
    broken: tuple[EditedRule, ...]
    mended: tuple[EditedRule, ...]
    closure_before: PartOfOne
    closure_after: PartOfOne
    cost_before_kzt: Count
    cost_after_kzt: Count
    programmes: tuple[EditedProgramme, ...]
    levels: tuple[EditedLevel, ...]
    objectives_before: Mapping[str, float]
    objectives_after: Mapping[str, float]
    sure_before: HowSure
    sure_after: HowSure

    def __repr__(self) -> str:
        edits = ", ".join(f"{one.kind} {one.programme}:{one.module}" for one in self.edits)
        closure = f"closure {100 * self.closure_before:.2f} → {100 * self.closure_after:.2f} %"
        money = f"{self.cost_after_kzt - self.cost_before_kzt:+,} KZT"
        rules = f"{len(self.broken)} rules broken, {len(self.mended)} mended"
        return f"<EditOutcome {edits}: {closure}, {money}, {rules}>"

    def _repr_html_(self) -> str:
        return notebook_html(self, self.broken_frame)

    @property
    def holds(self) -> bool:
        """Whether the edit breaks nothing."""
        return not self.broken

    @property
    def broken_frame(self) -> pd.DataFrame:
        """The rules that it breaks, as a DataFrame."""
        import pandas as pd

        names = [*EditedRule.__dataclass_fields__]
        return pd.DataFrame([[getattr(one, name) for name in names] for one in self.broken], columns=names)

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it (``schemas/edit-1.json``)."""
        return {"schema": EDIT_SCHEMA, "tool": TOOL, **to_data(self)}


@cache
def edit_schema() -> dict[str, Any]:
    """Return the JSON Schema of what `curriplan try --format json` writes."""
    return document_schema(EditOutcome, "curriplan-edit-1", "A hand edit of a plan, schema 1", EDIT_SCHEMA)
