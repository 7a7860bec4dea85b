"""The programme of a curriculum: what was chosen, what a mapping says, what the file says, what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from curriplan.base.errors import Issue, Place
from curriplan.catalog.records import SEMESTER_PATTERN, Programme, is_id
from curriplan.importing.rup.build import MAX_TERM
from curriplan.importing.rup.entry import SEVERAL
from curriplan.importing.rup.mapping import OPEN
from curriplan.importing.rup.title import whole_qualification

DEFAULT_ID = "RUP"
NEEDED = ("start", "learners")
"""Without these there is no programme."""
OF_NORM = ("entry_base", "qualification")
"""By these the norm of total credits is found; without them there is a programme to which none applies."""
ASKED = (*NEEDED, *OF_NORM)


@dataclass(frozen=True)
class RupChoices:
    """What the command line says; it goes before the mapping file, and that before the file itself."""

    sheet: str | None = None
    programme: str | None = None
    start: str | None = None
    learners: int | None = None
    free_order: bool = False
    """Whether to leave out the order of the college's own plan."""
    entry_base: str | None = None
    """``grade9``, ``grade11`` or ``tvet``."""
    qualification: str | None = None


NOTHING_CHOSEN = RupChoices()


def programme_values(
    titles: Mapping[str, Any],
    mapped: Mapping[str, Any],
    choices: RupChoices,
    last_term: int,
    *,
    is_part: bool = False,
) -> dict[str, Any]:
    """Return what is known of a programme; a choice goes before the mapping, that before the file.

    One of several in a file has no id but that of its qualification: a specialty may be that of all.
    """
    given = {
        "start": choices.start,
        "learners": choices.learners,
        "id": choices.programme,
        "entry_base": choices.entry_base,
        "qualification": choices.qualification,
    }
    values = {**titles, **mapped, **{key: value for key, value in given.items() if value is not None}}
    if code := whole_qualification(str(values.get("id", ""))):
        values.setdefault("qualification", code)  # what names the programme was its code
    known = values.get("qualification") or ("" if is_part else values.get("specialty"))
    if known or not is_part:
        values.setdefault("id", known or DEFAULT_ID)
    values["terms"] = max(int(values.get("terms", 0)), last_term) or 1
    return values


def with_questions(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as a mapping has them: what is asked for is open."""
    return {"id": OPEN, **dict.fromkeys(ASKED, OPEN), **values}


def left_open(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return by what of a programme the norm of total credits is found and what is not known."""
    return tuple(key for key in OF_NORM if values.get(key, OPEN) == OPEN)


def programme_issues(place: Place, values: Mapping[str, Any]) -> Iterator[Issue]:
    """Yield what is missing or wrong."""
    for key in NEEDED:
        if key not in values:
            yield Issue(f"rup-{key}-missing", place)
    if values.get("entry_base") == SEVERAL:
        yield Issue("rup-entry-bases", place)
    if "start" in values and not re.fullmatch(SEMESTER_PATTERN, str(values["start"])):
        allowed = "2026-1; 2000-1 ... 2100-2"
        yield Issue("wrong-semester", place, {"value": values["start"], "allowed": allowed})
    if "id" in values and not is_id(str(values["id"])):
        yield Issue("wrong-id", place, {"value": str(values["id"])[:80]})
    if values["terms"] > MAX_TERM:
        yield Issue("rup-too-many-terms", place, {"terms": values["terms"], "limit": MAX_TERM})


def programme_of(values: Mapping[str, Any], language: str) -> Programme:
    """Return the programme, whose title is in the language of the file."""
    known = {key: value for key, value in values.items() if key != "title"}
    named = {f"name_{language}": values["title"]} if values.get("title") else {}
    return Programme.model_validate({**known, **named, "language": language})
