"""Checks of outlooks: their probabilities, and whether shares follow for every programme."""

from __future__ import annotations

import math
from collections.abc import Iterator

from curriplan.base.errors import Issue
from curriplan.catalog.records.unread import is_read
from curriplan.problem.checks.checked import Checked, Rule, differs, number_text
from curriplan.problem.outlooks import Openings, given_shares


def scenario_probabilities(checked: Checked) -> Iterator[Issue]:
    """Find outlooks whose probabilities do not sum to 1."""
    rows = checked.catalog.scenarios
    total = math.fsum(row.probability for row in rows)
    if rows and differs(total, 1):
        yield Issue("probabilities-not-one", rows[0].place("probability"), {"sum": number_text(total)})


def outlook_shares(checked: Checked) -> Iterator[Issue]:
    """Find programmes of which the shares that an outlook gives do not sum to 1."""
    for (programme, scenario), rows in given_shares(checked.catalog).items():
        total = math.fsum(row.share for row in rows)
        if all(is_read(row, "share") for row in rows) and differs(total, 1):
            values = {"programme": programme, "scenario": scenario, "sum": number_text(total)}
            yield Issue("outlook-shares-not-one", rows[0].place("share"), values)


def outlook_demand(checked: Checked) -> Iterator[Issue]:
    """Find target occupations of which an outlook says neither how many will be wanted nor what share."""
    catalog = checked.catalog
    given, openings = given_shares(catalog), Openings(catalog)
    for scenario in catalog.scenarios:
        told = set()
        for row in catalog.base_targets:
            is_given = (row.programme, scenario.id) in given
            if is_given or openings.ratio(row.occupation, scenario.id) is not None:
                continue
            values = {"scenario": scenario.id, "occupation": row.occupation, "programme": row.programme}
            if not openings.are_in_base(row.occupation):
                yield Issue("outlook-without-shares", row.place("occupation"), values)
            elif row.occupation not in told:
                told.add(row.occupation)
                yield Issue("outlook-without-demand", scenario.place("id"), values)


RULES = (
    Rule(scenario_probabilities, ("scenarios",)),
    Rule(outlook_shares, ("targets",)),
    Rule(outlook_demand, ("scenarios", "demand", "targets")),
)
