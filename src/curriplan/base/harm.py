"""How soon a problem must be read: before others, after them, or never mind."""

from __future__ import annotations

from enum import IntEnum

from curriplan.base.errors import Issue, Severity


class Harm(IntEnum):
    """What comes of a problem that stays, the worst first."""

    STOPS = 0
    """An error."""
    MISLEADS = 1
    """The catalog says something that is likely wrong, or lacks something."""
    UNDERSTOOD = 2
    """Something was written otherwise than the format has it, and read all the same."""
    UNTRANSLATED = 3
    """A name in another language is shown."""


UNDERSTOOD = frozenset(
    {
        "cyrillic-id", "date-understood", "decimal-comma", "grouped-number", "header-in-two-rows",
        "header-not-first", "header-understood", "merged-filled", "note-row", "number-with-unit",
        "odd-characters", "other-encoding", "percent-as-share", "repeated-header",
        "table-name-understood", "total-row", "word-understood", "wrong-delimiter",
    }
)  # fmt: skip
TRANSLATIONS = frozenset({"missing-translation", "untranslated-table"})


def harm(issue: Issue) -> Harm:
    """Return what comes of a problem that stays."""
    if issue.severity is Severity.ERROR:
        return Harm.STOPS
    if issue.code in TRANSLATIONS:
        return Harm.UNTRANSLATED
    return Harm.UNDERSTOOD if issue.code in UNDERSTOOD else Harm.MISLEADS
