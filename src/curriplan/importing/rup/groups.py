"""Headers and the rows under them, once it is known what each row is."""

from __future__ import annotations

from curriplan.importing.rup.lines import LineKind, RupTable


def trim_groups(table: RupTable) -> None:
    """Take from under a header the modules that its sum does not count.

    In the plan's own workbook modules without a header may follow those of one.
    """
    for header in [one for one in table.lines if one.kind is LineKind.HEADER]:
        mine = table.outcomes_of(header)
        declared = table.amount(header, "credits")
        total, count = 0.0, len(mine)
        for place, line in enumerate(mine, 1):
            total += table.amount(line, "credits") or 0.0
            if declared is not None and abs(total - declared) < 1e-6:
                count = place
                break
        for line in mine[count:]:
            line.kind, line.parent = LineKind.MODULE, ""


def headers_without_outcomes(table: RupTable) -> None:
    """Make a module of a header that has no outcomes, or whose outcomes are only named below it."""
    for line in table.lines:
        if line.kind is LineKind.HEADER:
            outcomes = table.outcomes_of(line)
            if line.values and outcomes and not any(one.values for one in outcomes):
                for one in outcomes:
                    one.kind, one.parent = LineKind.NOTE, ""
                outcomes = []
            if not outcomes:
                line.kind = LineKind.MODULE if line.values or line.term_text else LineKind.UNKNOWN
