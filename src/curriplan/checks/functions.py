"""Checks of labour functions and of the modules that serve them (§15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curriplan.checks.checked import Checked, by_row, first_names
from curriplan.errors import Issue
from curriplan.model import LabourFunction, Section

SERVING = (Section.PROFESSIONAL, Section.PRACTICE)
"""The sections whose modules a professional standard speaks of."""


def unserved_functions(checked: Checked) -> Iterator[Issue]:
    """Find functions of a target occupation that no module of a programme serves: one warning for all."""
    serving = _serving(checked)
    for name, functions in _functions_asked(checked).items():
        unserved = [row for row in functions if not serving.get(row.id, frozenset()) & checked.offered[name]]
        if unserved:
            values = {
                "programme": name,
                "count": len(unserved),
                "functions": first_names(row.id for row in unserved),
            }
            yield Issue("function-not-served", unserved[0].place("id"), values)


def modules_without_function(checked: Checked) -> Iterator[Issue]:
    """Find professional modules and practices that serve no function, where others do: one warning for all.

    Only programmes count whose occupations have functions.
    """
    catalog = checked.catalog
    serving = {row.module for row in catalog.module_functions}
    offered = {module for name in _functions_asked(checked) for module in checked.offered[name]}
    idle = by_row(
        row
        for row in catalog.modules
        if row.id in offered and row.section in SERVING and row.id not in serving
    )
    if serving and idle:
        names = first_names(row.id for row in idle)
        yield Issue("module-without-function", idle[0].place("id"), {"count": len(idle), "modules": names})


def _serving(checked: Checked) -> Mapping[str, frozenset[str]]:
    """Return the modules that serve each function."""
    found: dict[str, set[str]] = {}
    for row in checked.catalog.module_functions:
        found.setdefault(row.labour_function, set()).add(row.module)
    return {name: frozenset(modules) for name, modules in found.items()}


def _functions_asked(checked: Checked) -> dict[str, list[LabourFunction]]:
    """Return the functions of the target occupations of each planned programme that has any."""
    catalog = checked.catalog
    targets = {(row.programme, row.occupation) for row in catalog.targets}
    found = {
        programme.id: [
            row for row in by_row(catalog.labour_functions) if (programme.id, row.occupation) in targets
        ]
        for programme in checked.planned
    }
    return {name: rows for name, rows in found.items() if rows}
