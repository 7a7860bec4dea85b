"""What is wrong with a catalog, and what its graduates lack."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from curriplan.base.errors import Issue, Severity
from curriplan.base.version import __version__
from curriplan.cli.console.in_force import show_in_force
from curriplan.cli.console.problems import alike, unchecked_text
from curriplan.cli.console.terminal import Terminal
from curriplan.texts.words import with_plain_spaces

if TYPE_CHECKING:
    from curriplan.api.check_network import NetworkReading
    from curriplan.api.reading import Reading
    from curriplan.catalog.records import Catalog
    from curriplan.plan.figures import Today
    from curriplan.problem.checks.careful import Unchecked
    from curriplan.problem.gaps import Gap
    from curriplan.problem.occupations import OccupationGaps
    from curriplan.problem.problem import Problem

CHECK_SCHEMA = "curriplan-check/1"


def show_problems(terminal: Terminal, reading: Reading) -> None:
    """Show what is in force, every issue of a catalog, what could not be checked, and how many there are."""
    if reading.found is not None:
        from curriplan.catalog.reading.read import UNREADABLE
        from curriplan.problem.limits import effective_limits

        lacking = {table for one in reading.unchecked for table in one.tables}
        lacking |= {"profile"} if reading.found.info.id == UNREADABLE else set()
        show_in_force(terminal, reading.found, effective_limits(reading.found), lacking)
    terminal.problems(reading.issues)
    unchecked = unchecked_text(reading.unchecked, terminal.language)
    if unchecked is not None:
        terminal.say_wrapped(unchecked, hanging=2)
    if not reading.issues:
        terminal.say(terminal.text("message.clean", catalog=reading.source))
        return
    errors = len(reading.errors)
    counts = {"errors": errors, "warnings": len(reading.issues) - errors}
    terminal.say(terminal.text("message.counts", catalog=reading.source, **counts))


MOST_PROBLEMS = 40
"""Lines of problems of a network that are shown in full: what hundreds of catalogs warn of is counted."""


def show_network_problems(terminal: Terminal, reading: NetworkReading) -> None:
    """Show every issue of a network and its catalogs; where they are many, warnings of catalogs by code."""
    terminal.say(terminal.text("network_check.read", count=len(reading.by_catalog)))
    if len(alike(reading.issues)) <= MOST_PROBLEMS:
        show_problems(terminal, reading)
        return
    shown = dict.fromkeys(id(one) for one in (*reading.errors, *reading.own))
    terminal.problems(one for one in reading.issues if id(one) in shown)
    found: dict[str, dict[str, int]] = {}
    for catalog, issues in reading.by_catalog:
        for one in (one for one in issues if one.severity is Severity.WARNING):
            counts = found.setdefault(one.code, {})
            counts[catalog] = counts.get(catalog, 0) + 1
    terminal.say_wrapped(terminal.text("network_check.warnings"))
    for code, counts in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        most = max(counts, key=lambda name: (counts[name], name))
        values = {"code": code, "count": sum(counts.values()), "catalogs": len(counts), "most": most}
        terminal.say_wrapped(terminal.text("network_check.code", **values), hanging=2)
    counts_of = {"errors": len(reading.errors), "warnings": len(reading.issues) - len(reading.errors)}
    terminal.say(terminal.text("message.counts", catalog=reading.source, **counts_of))


def problems_json(terminal: Terminal, reading: Reading) -> str:
    """Return every issue of a catalog as JSON (``schemas/check-1.json``), in letters that stdout can show."""
    data = {
        "schema": CHECK_SCHEMA,
        "tool": f"curriplan {__version__}",
        "catalog": reading.source,
        "errors": len(reading.errors),
        "warnings": len(reading.issues) - len(reading.errors),
        "problems": [_problem_data(issue, terminal.language) for issue in reading.issues],
        "notes": [_problem_data(issue, terminal.language) for issue in reading.notes],
        "not_checked": [_unchecked_data(one) for one in reading.unchecked],
    }
    # A console of another encoding would put question marks into the texts.
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(data, ensure_ascii=not unicode, indent=1)


def _unchecked_data(one: Unchecked) -> dict[str, Any]:
    cells = [{name: getattr(cell, name) for name in ("file", "sheet", "row", "column")} for cell in one.cells]
    return {"theme": one.theme, "whole": one.whole, "cells": cells, "tables": list(one.tables)}


def _problem_data(issue: Issue, language: str) -> dict[str, Any]:
    place = issue.place
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "file": place.file if place else None,
        "sheet": place.sheet if place else None,
        "row": place.row if place else None,
        "column": place.column if place else None,
        "found": with_plain_spaces(issue.found(language)),
        "advice": with_plain_spaces(issue.advice(language)),
    }


def show_gaps(terminal: Terminal, problem: Problem, gaps: Sequence[Gap], today: Today) -> None:
    """Show what is in force and the gaps: what is asked, taught today and teachable, and what that weighs.

    Below it stands what the existing curricula close, and how sure that is.
    """
    from curriplan.report.figures import today_said
    from curriplan.report.gaps import gap_table
    from curriplan.report.labels import Labels
    from curriplan.texts.words import Words

    show_in_force(terminal, problem.catalog, problem.limits)
    table = gap_table(Labels(problem.catalog, Words(terminal.language)), gaps)
    terminal.rows_of(table, [gap for gap in gaps if gap.before < gap.required])
    terminal.say_wrapped(today_said(Words(terminal.language), today))


def show_occupation_gaps(terminal: Terminal, catalog: Catalog, gaps: OccupationGaps) -> None:
    """Show what one occupation lacks for another: the totals, then every competency that is missing."""
    from curriplan.report.labels import Labels
    from curriplan.report.occupation_gaps import occupation_gap_table
    from curriplan.texts.words import Words

    ends = {"source": gaps.source.name(terminal.language), "target": gaps.target.name(terminal.language)}
    terminal.say_wrapped(terminal.text("occupation_gaps.ends", **ends).replace("→", terminal.arrow))
    met, essentials = gaps.essentials_met
    totals = {"cover": terminal.percent(gaps.cover), "met": met, "essentials": essentials}
    terminal.say_wrapped(terminal.text("occupation_gaps.cover", **totals))
    if gaps.estimated:
        counts = {"estimated": gaps.estimated, "all": len(gaps.rows)}
        terminal.say_wrapped(terminal.text("occupation_gaps.estimated", **counts))
    missing = [row for row in gaps.rows if row.missing]
    if not missing:
        terminal.say_wrapped(terminal.text("occupation_gaps.nothing"))
        return
    terminal.say()
    table = occupation_gap_table(Labels(catalog, Words(terminal.language)), gaps)
    terminal.rows_of(table, missing)
