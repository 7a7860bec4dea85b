"""The settings that no run could be made with: wrong whatever the catalog, or unknown to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from curriplan.base.errors import Issue
from curriplan.base.fields import SEMESTER
from curriplan.catalog.records import Catalog
from curriplan.problem.declaration import Setting
from curriplan.problem.objectives import name_issues
from curriplan.problem.owners import partners_of
from curriplan.problem.settings import SETTINGS, Settings


def setting_issues(catalog: Catalog, settings: Settings) -> Iterator[Issue]:
    """Yield what no run could be made with; the command line refuses most of it before."""
    yield from name_issues([choice.name for choice in settings.objectives])
    for one in SETTINGS:
        value = getattr(settings, one.name)
        if value not in (None, one.default):
            yield from _value_issues(one, value)
    for choice in settings.objectives:
        if not 0 <= choice.tolerance < math.inf:
            yield _bad_value(f"objectives {choice.name}", choice.tolerance, "0 ≤ x")
    yield from _lacking(settings)
    yield from _catalog_issues(catalog, settings)


def _value_issues(one: Setting, value: Any) -> Iterator[Issue]:
    if one.words and value not in one.words:
        yield _unknown(f"unknown-{one.name}", value, one.words)
    if one.range is not None and value not in one.range:
        yield _bad_value(one.name, value, str(one.range))
    if one.option is not None and one.option.reads == "semester" and not SEMESTER.fullmatch(value):
        yield _bad_value(one.name, value, "2026-1")


def _lacking(settings: Settings) -> Iterator[Issue]:
    """Yield the settings without which others mean nothing."""
    if settings.previous is None:
        compared = (one.name for one in SETTINGS if one.needs_previous)
        given = [name for name in compared if getattr(settings, name) is not None]
        yield from (Issue("previous-missing", values={"option": name}) for name in given[:1])
    if settings.seeks("outlooks") is not (settings.risk is not None):
        yield Issue("risk-without-closure" if settings.risk is not None else "outlooks-without-risk")
    if settings.minimises_changes and settings.compared_starts is None:
        yield Issue("previous-missing", values={"option": "--objective changes"})


def _catalog_issues(catalog: Catalog, settings: Settings) -> Iterator[Issue]:
    """Yield programmes, outlooks and partners (§16) that the catalog lacks."""
    for name in settings.programmes:
        if name not in catalog.programme_by_id:
            yield _unknown("unknown-programme", name, catalog.programme_by_id)
    if settings.risk is not None and not catalog.scenarios:
        yield Issue("risk-without-outlooks")
    known = partners_of(catalog)
    for name in settings.partners:
        if name not in known:
            yield _unknown("unknown-partner", name, known or ("–",))
    if settings.keep_within is not None and not known:
        yield Issue("no-partners")


def _unknown(code: str, name: str, known: Iterable[str]) -> Issue:
    return Issue(code, values={"value": name, "known": ", ".join(known)})


def _bad_value(option: str, value: object, expected: str) -> Issue:
    return Issue("bad-value", values={"option": option, "value": value, "expected": expected})
