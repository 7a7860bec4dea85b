"""A change of one value of a catalog or of the settings: what a repair proposes and a what-if tries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from curriplan.base.errors import Place
from curriplan.catalog.records import RECORD_OF_TABLE, Catalog, ProfileEntry, Record
from curriplan.problem.settings import Settings

SETTINGS = "settings"
"""The name under which a setting is edited as if it were a cell."""


@dataclass(frozen=True)
class Edit:
    """One cell, or one setting, and the value that it gets.

    Parameters
    ----------
    table : str
        A table of the catalog, or ``settings``.
    key : tuple of str
        What `Record.key_values` gives for the row; empty for a setting, but the programme and the module
        of a reviewer's decision, which the edit lifts.
    column : str or None
        The column, or the field of `Settings`; None to take the row out, or to put one in.
    value : Any
        The new value, as the record holds it; the row to put in, if any.
    was : Any
        The old value.
    unit : str or None
        Unit of both.
    place : Place or None
        Where the value stands.
    """

    table: str
    key: tuple[str, ...]
    column: str | None
    value: Any = None
    was: Any = None
    unit: str | None = None
    place: Place | None = None


def edit_of(row: Record, column: str | None, value: Any = None) -> Edit:
    """Return the edit of a cell of a row, or (without a column) the one that takes the row out."""
    if column is None:
        return Edit(row.table, row.key_values(), None, place=row.place())
    field = "key_name" if column == "key" else column
    unit = type(row).column_info(column)["unit"]
    return Edit(row.table, row.key_values(), column, value, getattr(row, field), unit, row.place(column))


def added_row(row: Record) -> Edit:
    """Return the edit that puts a row in."""
    return Edit(row.table, row.key_values(), None, row)


def apply_edits(catalog: Catalog, settings: Settings, edits: Iterable[Edit]) -> tuple[Catalog, Settings]:
    """Return the catalog and the settings as the edits make them.

    Raises
    ------
    KeyError
        If a row or a table is not there.
    """
    for edit in edits:
        if edit.table == SETTINGS and edit.column == "review":
            kept = tuple(one for one in settings.review if one.key != edit.key)
            settings = replace(settings, review=kept)
        elif edit.table == SETTINGS:
            settings = replace(settings, **{str(edit.column): edit.value})
        elif edit.table == ProfileEntry.table and settings.profile is not None:
            # A profile of its own stands in for the catalog's.
            rows = _edited(settings.profile, edit)
            settings = replace(settings, profile=tuple(row for row in rows if isinstance(row, ProfileEntry)))
        else:
            catalog = catalog.replace(**{edit.table: _edited(catalog.table(edit.table), edit)})
    return catalog, settings


def _edited(rows: tuple[Record, ...], edit: Edit) -> tuple[Record, ...]:
    if isinstance(edit.value, Record):
        return (*rows, edit.value)
    at = [index for index, row in enumerate(rows) if row.key_values() == edit.key]
    if not at:
        raise KeyError(f"{RECORD_OF_TABLE[edit.table].table}: {'/'.join(edit.key)}")
    index = at[0]
    if edit.column is None:
        return (*rows[:index], *rows[index + 1 :])
    # Fields only: a copy with `model_copy` would keep what was worked out from the old value.
    field = "key_name" if edit.column == "key" else str(edit.column)
    fields = {name: getattr(rows[index], name) for name in type(rows[index]).model_fields}
    changed = type(rows[index]).model_construct(**{**fields, field: edit.value})
    return (*rows[:index], changed, *rows[index + 1 :])
