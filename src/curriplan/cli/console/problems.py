"""Problems as a person reads them: the worst first, many alike of one column as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from curriplan.base.errors import Issue, Place
from curriplan.base.harm import harm
from curriplan.texts.words import Words

if TYPE_CHECKING:
    from curriplan.problem.checks.careful import Unchecked

CELLS_SHOWN = 12
VALUE_SHOWN = 24
"""Letters of a value beside its cell."""


@dataclass(frozen=True)
class Alike:
    """Problems of one code in one column, in the order of their places."""

    issues: tuple[Issue, ...]

    @property
    def first(self) -> Issue:
        """The one whose words stand for all."""
        return self.issues[0]

    def text(self, language: str) -> str:
        """Return where they are, what was found in the first, and what to do."""
        if len(self.issues) == 1 or self.first.place is None:
            return self.first.line(language)
        said = self.first.found(language)
        if len({issue.found(language) for issue in self.issues}) > 1:
            said = f"{_cell(self.first.place)}: {said}"
        places = self._places(self.first.place, Words(language, "issues"))
        return f"{places}: {self.first.code}: {said} {self.first.advice(language)}"

    def _places(self, place: Place, words: Words) -> str:
        """Return the cells, each with what tells it from the others."""
        name = self._telling()
        cells = [
            _cell(issue.place) + (f" ({_short(words.said(issue.values[name]))})" if name else "")
            for issue in self.issues
            if issue.place is not None
        ]
        more = len(cells) - CELLS_SHOWN
        listed = ", ".join(cells[:CELLS_SHOWN]) + (f", ... (+{more})" if more > 0 else "")
        if place.sheet is not None:
            return f"{place.file} [{place.sheet}] {listed}"
        return f"{place.file}{f' ({place.column})' if place.column else ''}: {listed}"

    def _telling(self) -> str | None:
        """Return the value by which most of them differ, the first of such; None where they are the same."""
        values = [issue.values for issue in self.issues]
        distinct = {name: len({str(one.get(name)) for one in values}) for name in values[0]}
        name = max(distinct, key=lambda name: distinct[name], default=None)
        return name if name is not None and distinct[name] > 1 else None


def alike(issues: Iterable[Issue]) -> list[Alike]:
    """Return problems by harm, those of one code, kind of place and column together."""
    found: dict[tuple[object, ...], list[Issue]] = {}
    for issue in sorted(issues, key=lambda one: (harm(one), one.sort_key())):
        found.setdefault(_group(issue), []).append(issue)
    return [Alike(tuple(group)) for group in found.values()]


def _group(issue: Issue) -> tuple[object, ...]:
    place = issue.place
    if place is None or place.row is None:
        return (issue.code, id(issue))
    return (issue.code, place.file, place.sheet, place.column)


def _cell(place: Place | None) -> str:
    """Return what tells a cell from others of its sheet or its column."""
    assert place is not None
    return f"{place.column or ''}{place.row}" if place.sheet is not None else f"{place.row}"


def _short(text: str) -> str:
    return text if len(text) <= VALUE_SHOWN else f"{text[:VALUE_SHOWN]}..."


def unchecked_text(unchecked: Sequence[Unchecked], language: str) -> str | None:
    """Return what could not be checked, and because of which cells and tables; None where all was."""
    if not unchecked:
        return None
    words = Words(language, "cli")
    silent = {one.theme for one in unchecked if one.whole}
    themes = [
        words(f"unchecked.theme.{theme}") + ("" if theme in silent else f" ({words('unchecked.rows')})")
        for theme in dict.fromkeys(one.theme for one in unchecked)
    ]
    causes = [
        _cause(cell) for cell in sorted({cell for one in unchecked for cell in one.cells}, key=Place.sort_key)
    ]
    causes += sorted({table for one in unchecked for table in one.tables})
    shown = ", ".join(causes[:CELLS_SHOWN]) + (", ..." if len(causes) > CELLS_SHOWN else "")
    return words("unchecked.text", causes=shown, themes="; ".join(themes))


def _cause(place: Place) -> str:
    if place.sheet is not None:
        return f"{place.sheet} {_cell(place)}"
    return f"{PurePath(place.file).name}:{place.row} ({place.column})"
