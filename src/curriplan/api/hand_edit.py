"""The use case of `curriplan try`: what a hand edit of a saved plan does, without a new plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from curriplan.api.reading import Source
from curriplan.api.verify import problem_of, read_saved
from curriplan.base.errors import UsageError
from curriplan.catalog.records import Catalog
from curriplan.evaluation.hand_edit import try_edits
from curriplan.plan.hand_edit import EditKind, EditOutcome, HandEdit
from curriplan.plan.plan import Plan

EditWords = str | Sequence[str | int]
"""``P:M:T`` or ``P:M``, or its parts."""


def edits_of(
    add: Iterable[EditWords] = (), drop: Iterable[EditWords] = (), move: Iterable[EditWords] = ()
) -> tuple[HandEdit, ...]:
    """Read edits; raises UsageError where one is none, or there is none at all."""
    given = ((EditKind.ADD, add), (EditKind.DROP, drop), (EditKind.MOVE, move))
    edits = tuple(_edit_of(kind, words) for kind, many in given for words in many)
    if not edits:
        raise UsageError.of("edit-missing")
    return edits


def _edit_of(kind: EditKind, words: EditWords) -> HandEdit:
    parts = words.split(":") if isinstance(words, str) else [str(part) for part in words]
    parts = [part.strip() for part in parts]
    expected = "PROGRAMME:MODULE" + ("" if kind is EditKind.DROP else ":TERM")
    fits = len(parts) == len(expected.split(":")) and all(parts)
    if not fits or (kind is not EditKind.DROP and not (parts[2].isdecimal() and len(parts[2]) <= 2)):
        raise UsageError.of("bad-value", option=f"--{kind}", value=":".join(parts)[:60], expected=expected)
    return HandEdit(kind, parts[0], parts[1], None if kind is EditKind.DROP else int(parts[2]))


def edit_saved(path: Path, source: Source | None, edits: Iterable[HandEdit]) -> tuple[EditOutcome, Catalog]:
    """Try edits on a saved plan; its catalog is by default the one that it names.

    Raises
    ------
    UsageError
        If an edit does not fit the plan.
    CurriplanError
        If the plan or the catalog cannot be read, or the plan was made from another one.
    """
    plan, catalog = read_saved(path, source)
    return edit_plan(plan, catalog, edits), catalog


def edit_plan(plan: Plan, catalog: Catalog, edits: Iterable[HandEdit]) -> EditOutcome:
    """Try edits on a plan of this catalog; raises UsageError where one does not fit it."""
    return try_edits(problem_of(plan, catalog), plan.selection, edits)
